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
    /// The member's sentence that it began with, until its author takes that back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quoted: Option<String>,
    /// The draft whose place it takes once its form comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<i64>,
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
    /// How it stood when its author was shown both texts of a conflict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Fields>,
}

impl Form {
    /// What came back from a form that showed something.
    pub fn new(lang: Lang, shown: Fields, typed: Fields) -> Self {
        Form { lang, shown, typed, seen: None }
    }
}

/// A text that two people changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Its language.
    pub lang: Lang,
    /// Whether it is the answer; else the question.
    pub is_answer: bool,
    /// As the author of the draft wants it.
    pub mine: String,
    /// As it is by now.
    pub theirs: String,
}

impl Draft {
    /// A draft of a task, with nothing typed yet.
    pub fn new(task: Task) -> Self {
        Draft { task, forms: Vec::new(), quoted: None, instead_of: None }
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

    /// Whoever wrote it has seen the other texts of these conflicts.
    pub fn has_seen(&mut self, conflicts: &[Conflict]) {
        for form in &mut self.forms {
            let mut seen = form.shown.clone();
            for conflict in conflicts.iter().filter(|conflict| conflict.lang == form.lang) {
                let text = if conflict.is_answer { &mut seen.answer } else { &mut seen.question };
                text.clone_from(&conflict.theirs);
            }
            form.seen = Some(seen);
        }
    }

    /// Its texts stand over those that its author has seen.
    pub fn take_over(&mut self) {
        for form in &mut self.forms {
            form.shown = form.seen.take().unwrap_or_else(|| form.shown.clone());
        }
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
