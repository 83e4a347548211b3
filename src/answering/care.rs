//! Finds messages of people who need somebody, not a FAQ: before everything else, by the care entries' patterns and by what their
//! examples teach.
//!
//! What is said to them stands in the FAQ's care entries; that their words are kept nowhere is for the shells to honour.

use std::borrow::Cow;

use super::analyzer::Terms;
use super::bayes::{self, Bayes, Lessons};
use super::classifier::{Classifier, Examples};
use super::normalize::{hiragana, is_kanji, pattern_text};
use super::question::sentences;
use crate::faq::{Entry, Faq, Kind, Pattern, Vocabulary};

/// What tells cries for help from other messages.
#[derive(Debug)]
pub struct Care {
    /// In the FAQ's order, so that the first that matches decides. Each for itself, not as one set: a pattern alone is skipped by its
    /// first letters, while a set walks every message through all of them (measured: a fourth of the time).
    patterns: Vec<(usize, Pattern)>,
    harmless: Vec<Pattern>,
    /// Learned from the care entries' wordings against their `not_about`, other entries' wordings and chatter.
    classifier: Option<Classifier>,
    /// Learned from the same wordings: which of the entries a cry calls for.
    entries: Vec<usize>,
    which: Bayes,
}

/// From this score on a message is a cry for help. Chosen with [`PATTERN`] on examples the classifier had not learned from (2026-11-23).
const CARE_AT: f32 = 0.4;
/// The same for one sentence of several, which must match a pattern, too. With it none of 2,872 harmless messages is taken for a cry for one
/// sentence's sake, and of 20 cries beside a question all are heard (2026-11-24).
const CARE_AT_OF_A_SENTENCE: f32 = 1.2;
/// What a matching pattern adds to the score: about what the strongest single phrase does.
const PATTERN: f32 = 2.5;

/// Of more ordinary wordings than about so many some are left out: the rest, still more than the shipped FAQ has, teaches well enough
/// what is no cry.
const MOST_ORDINARY: u64 = 12_000;

/// What a text is.
enum Heard {
    /// No cry for help.
    Nothing,
    /// A cry that no pattern knows.
    Cry,
    /// A cry by the pattern of this entry.
    Pattern(usize),
}

impl Care {
    /// Learns from the care entries of the FAQ.
    pub fn new(faq: &Faq, vocabulary: &Vocabulary) -> Self {
        let care = || faq.entries.iter().enumerate().filter(|(_, entry)| entry.kind == Kind::Care);
        let patterns = care().flat_map(|(at, entry)| entry.patterns.iter().map(move |pattern| (at, pattern.clone())));
        let mut lessons = Examples::default();
        for (_, entry) in care() {
            entry.also_asked.iter().for_each(|text| lessons.add(&pattern_text(text), true));
            for text in entry.not_about.iter() {
                lessons.add(&pattern_text(text), false);
                // As its sentences are heard for themselves, so they are learned.
                for sentence in several_sentences(text) {
                    lessons.add(&pattern_text(sentence), false);
                }
            }
        }
        let others = || faq.entries.iter().filter(|entry| entry.kind != Kind::Care).flat_map(Entry::wordings);
        let total = others().count() as u64;
        let chatter = [&vocabulary.thanks, &vocabulary.greetings, &vocabulary.acknowledgements, &vocabulary.corrections];
        let chatter = chatter.into_iter().flatten().map(String::as_str);
        // By chance of their number, not every so-manieth: that could leave out a language.
        let is_kept = |nth: u64| (nth.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) % total < MOST_ORDINARY;
        let ordinary = (0_u64..).zip(others()).filter(|(nth, _)| is_kept(*nth)).map(|(_, text)| text);
        ordinary.chain(chatter).for_each(|text| lessons.add(&pattern_text(text), false));
        let mut examples = Lessons::default();
        for (nth, (_, entry)) in care().enumerate() {
            for text in entry.also_asked.iter() {
                examples.add(nth, [], &bayes::runs(&pattern_text(text)));
            }
        }
        Care {
            which: Bayes::learn(&examples, care().count(), 0),
            entries: care().map(|(at, _)| at).collect(),
            patterns: patterns.collect(),
            harmless: vocabulary.harmless.clone(),
            classifier: care().any(|(_, entry)| !entry.also_asked.is_empty()).then(|| Classifier::learn(&lessons)),
        }
    }

    /// Whether somebody needs people.
    pub fn is_cry(&self, text: &str) -> bool {
        self.entry(text).is_some()
    }

    /// The care entry that a text calls for, if any: the first whose pattern matches, else the likeliest.
    pub fn entry(&self, text: &str) -> Option<usize> {
        let whole = pattern_text(text);
        match self.heard(&whole, CARE_AT) {
            Heard::Nothing => self.beside_a_question(text),
            Heard::Cry => self.likeliest(&whole),
            Heard::Pattern(entry) => Some(entry),
        }
    }

    /// A question beside a cry must not drown it out: each sentence is heard for itself, too. Torn from the rest many a sentence sounds
    /// worse than it is, so that it must say more than a message.
    fn beside_a_question(&self, text: &str) -> Option<usize> {
        several_sentences(text).into_iter().find_map(|sentence| {
            match self.heard(&pattern_text(sentence), CARE_AT_OF_A_SENTENCE) {
                Heard::Pattern(entry) => Some(entry),
                // What was only learned is too little: without a pattern 9 of 2,872 harmless messages were taken for cries (2026-11-24).
                Heard::Nothing | Heard::Cry => None,
            }
        })
    }

    /// The first of the FAQ where several are as likely.
    fn likeliest(&self, text: &str) -> Option<usize> {
        let terms = Terms { list: Vec::new(), runs: bayes::runs(text) };
        let likely = self.entries.iter().copied().zip(self.which.probabilities(&terms, |_| None));
        likely.reduce(|first, next| if next.1 > first.1 { next } else { first }).map(|(entry, _)| entry)
    }

    fn heard(&self, text: &str, at: f32) -> Heard {
        let learned = self.classifier.as_ref().map_or(0.0, |classifier| classifier.score(text));
        // Most messages are so unlike a cry that no pattern could make them one.
        if learned + PATTERN < at {
            return Heard::Nothing;
        }
        let matched = self.matched(text);
        let score = learned + if matched.is_some() { PATTERN } else { 0.0 };
        match matched {
            _ if score < at => Heard::Nothing,
            Some(entry) => Heard::Pattern(entry),
            None => Heard::Cry,
        }
    }

    /// The first care entry with a pattern that matches, in either kana where there is no kanji (モウシニタイ).
    fn matched(&self, text: &str) -> Option<usize> {
        let in_hiragana = || (!text.chars().any(is_kanji)).then(|| text.chars().map(hiragana).collect());
        self.matched_as_written(text.to_owned()).or_else(|| self.matched_as_written(in_hiragana()?))
    }

    fn matched_as_written(&self, mut text: String) -> Option<usize> {
        self.first_match(&text)?;
        for harmless in &self.harmless {
            // Replaced by a mark, not by nothing: what stood around it must not grow together.
            if let Cow::Owned(without) = harmless.regex().replace_all(&text, "※") {
                text = without;
            }
        }
        self.first_match(&text)
    }

    fn first_match(&self, text: &str) -> Option<usize> {
        self.patterns.iter().find(|(_, pattern)| pattern.regex().is_match(text)).map(|(entry, _)| *entry)
    }
}

/// The sentences of a text; none of a text that is one.
fn several_sentences(text: &str) -> Vec<&str> {
    Some(sentences(text)).filter(|sentences| sentences.len() > 1).unwrap_or_default()
}
