//! A draft: what a moderator wants, with the text they started from. Kept in the journal as JSON, for a day.
//!
//! What it would make of the files is left to `plan.rs`.

use serde::{Deserialize, Serialize};

use super::form::Fields;
use crate::faq::Lang;

/// What a moderator is at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// What is to be done.
    pub task: Task,
    /// What was typed, a form a language.
    pub forms: Vec<Form>,
}

/// What is to be done with the FAQ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Task {
    /// An entry says something else.
    Change {
        /// Its id.
        entry: String,
    },
    /// There is one more.
    Add {
        /// The topic it belongs to.
        topic: String,
    },
    /// There is one less, which stood so.
    Remove {
        /// Its id.
        entry: String,
        /// Its lines when its removal was shown.
        text: String,
    },
    /// Entries are as they were.
    Restore(Vec<Restored>),
    /// Entries are as they were in a file that was brought.
    Merge(Vec<Restored>),
    /// A concept of the vocabulary has one more form.
    Word {
        /// Its name.
        concept: String,
        /// The new form.
        form: String,
    },
    /// Somebody made sure that an entry is still right.
    Reviewed {
        /// Its id.
        entry: String,
        /// The day, as it is written in a file.
        on: String,
    },
}

/// An entry that is to be as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// Its id.
    pub entry: String,
    /// The file it stood in.
    pub file: String,
    /// Its lines as they stood when it was drafted; `None`: it was gone.
    pub from: Option<String>,
    /// Its lines as they are to be; `None`: it goes.
    pub to: Option<String>,
}

/// One form of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Its language.
    pub lang: Lang,
    /// What it showed.
    pub shown: Fields,
    /// What came back.
    pub typed: Fields,
}

impl Draft {
    /// A draft of a task, with nothing typed yet.
    pub fn new(task: Task) -> Self {
        Draft { task, forms: Vec::new() }
    }

    /// What was kept of it; `None` where another version wrote it.
    pub fn read(content: &str) -> Option<Self> {
        serde_json::from_str(content).ok()
    }

    /// What is to be kept.
    pub fn written(&self) -> String {
        serde_json::to_string(self).expect("texts and lists of them are JSON")
    }

    /// The form of a language.
    pub fn form(&self, lang: Lang) -> Option<&Form> {
        self.forms.iter().find(|form| form.lang == lang)
    }

    /// A form in place of the one of its language.
    pub fn fill(&mut self, form: Form) {
        self.forms.retain(|known| known.lang != form.lang);
        self.forms.push(form);
    }

    /// The entry it is about, where there is one already.
    pub fn entry(&self) -> Option<&str> {
        match &self.task {
            Task::Change { entry } | Task::Remove { entry, .. } | Task::Reviewed { entry, .. } => Some(entry),
            Task::Restore(restored) | Task::Merge(restored) => match restored.as_slice() {
                [only] => Some(&only.entry),
                _ => None,
            },
            Task::Add { .. } | Task::Word { .. } => None,
        }
    }
}
