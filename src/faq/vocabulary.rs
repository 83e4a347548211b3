//! The words the bot knows beside the entries: groups of words with one meaning, words that mark a question, chatter.
//!
//! Here `vocabulary.yaml` becomes a [`Vocabulary`]. What the words do in a search is decided in [`crate::answering`]; how the file is
//! written stands in `file.rs`.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use super::diagnostic::Problem;
use super::file::{Groups, VocabularyFile, schema_of};
use super::load::{Loader, typed};
use super::place::File;
use super::shape::Shape;
use super::tree::Node;
use super::{Pattern, Texts};

/// The name of the file that holds the vocabulary; every other file is a topic.
pub const VOCABULARY_FILE: &str = "vocabulary.yaml";

/// Whether a file is the vocabulary; endings and names in capitals are read, too.
pub fn is_vocabulary(name: &str) -> bool {
    name.eq_ignore_ascii_case(VOCABULARY_FILE)
}

/// What a concept says about a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// A subject of this FAQ: counts most.
    Core,
    /// Stands in questions of every topic (work, use, have): counts half.
    Generic,
    /// Says how something is asked (why, who, how): counts a third.
    Cue,
    /// Another topic than the FAQ's, unless an entry is about it.
    Blocker,
}

/// A group of words with one meaning.
#[derive(Clone, Debug)]
pub struct Concept {
    /// The group's name in the file.
    pub name: String,
    /// What it says about a question.
    pub class: Class,
    /// The words, as written in the file.
    pub forms: Texts,
}

/// Everything `vocabulary.yaml` says.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Groups of all classes.
    pub concepts: Vec<Concept>,
    /// Phrases without meaning of their own: politeness, particles, endings.
    pub stop_phrases: Vec<String>,
    /// English words without meaning of their own.
    pub stop_words: Vec<String>,
    /// A message of nothing but these is a thank-you.
    pub thanks: Vec<String>,
    /// A message of nothing but these is a greeting.
    pub greetings: Vec<String>,
    /// A message of nothing but these needs no reply.
    pub acknowledgements: Vec<String>,
    /// A message of nothing but these says that the last answer was wrong.
    pub corrections: Vec<String>,
    /// Words that mark a sentence as a question.
    pub asking: Vec<String>,
    /// Sentences that end so are remarks, not questions.
    pub statement_endings: Vec<String>,
    /// Sentences that begin so are remarks, unless something marks them as questions.
    pub statement_openings: Vec<String>,
    /// Turns of phrase that look like a cry for help and are none; cut out before care patterns look.
    pub harmless: Vec<Pattern>,
}

impl Loader<'_> {
    /// Reads the vocabulary. Where its fields are not what they should be, it is checked all the same, but not used.
    pub(super) fn vocabulary(&mut self, file: &File<'_>, mut document: Node) {
        let schema = schema_of::<VocabularyFile>();
        let errors_before = self.errors;
        let mut shape = Shape::of(&schema, file.text);
        let written = shape.conform("vocabulary", &mut document, &schema);
        self.report_all(file, shape);
        let Some(written) = written.map(typed::<VocabularyFile>) else { return };
        let is_sound = self.errors == errors_before && self.repaired.is_empty();
        let harmless = self.patterns(file, &document, "harmless", &written.harmless);
        let mut concepts = Vec::new();
        let sections: [(&str, Class, Groups); 4] = [
            ("concepts", Class::Core, written.concepts),
            ("generic", Class::Generic, written.generic),
            ("cues", Class::Cue, written.cues),
            ("blockers", Class::Blocker, written.blockers),
        ];
        let mut owners: HashMap<String, String> = HashMap::new();
        for (section, class, groups) in sections {
            for (name, forms) in groups {
                for (nth, form) in forms.iter().enumerate().filter(|(_, form)| !form.is_empty()) {
                    let spelling: String = form.nfkc().flat_map(char::to_lowercase).collect();
                    if let Some(owner) = owners.insert(spelling, name.clone()) {
                        let group = document.get(section).and_then(|node| node.get(&name));
                        let span = group.map_or(0..0, |group| group.items()[nth].span.clone());
                        self.report(file.place(&span), Problem::DuplicateForm { form: form.clone(), owner });
                    }
                }
                match class {
                    // Another topic's words are no synonyms: an entry that knows one of them need not know the others.
                    Class::Blocker => {
                        let alone = |form| Concept { name: name.clone(), class, forms: std::iter::once(form).collect() };
                        concepts.extend(forms.iter().map(alone));
                    }
                    Class::Core | Class::Generic | Class::Cue => {
                        concepts.push(Concept { name, class, forms: forms.iter().collect() });
                    }
                }
            }
        }
        let vocabulary = Vocabulary {
            concepts,
            stop_phrases: written.stop_phrases,
            stop_words: written.stop_words,
            thanks: written.chatter.thanks,
            greetings: written.chatter.greetings,
            acknowledgements: written.chatter.acknowledgements,
            corrections: written.chatter.corrections,
            asking: written.chatter.asking,
            statement_endings: written.chatter.statement_endings,
            statement_openings: written.chatter.statement_openings,
            harmless,
        };
        self.loaded.vocabulary = Some(vocabulary).filter(|_| is_sound).or(self.loaded.vocabulary.take());
    }
}
