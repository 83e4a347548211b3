//! The words the bot knows beside the entries: groups of words with one meaning, words that mark a question, chatter.
//!
//! What the words do in a search is decided in [`crate::answering`]; how the file is written stands in `file.rs`.

use super::{Pattern, Texts};

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
