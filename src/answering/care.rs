//! Finds messages of people who need somebody, not a FAQ: before everything else, by the care entries' patterns and by what their
//! examples teach.
//!
//! What is said to them stands in the FAQ's care entries; that their words are kept nowhere is for the shells to honour.

use std::borrow::Cow;

use super::classifier::{Classifier, runs};
use super::normalize::{hiragana, is_kanji, pattern_text};
use crate::faq::{Entry, Faq, Kind, Pattern, Vocabulary};

/// What tells cries for help from other messages.
#[derive(Debug)]
pub struct Care {
    /// In the FAQ's order, so that the first that matches decides. Each for itself, not as one set: a pattern alone is skipped by its
    /// first letters, while a set walks every message through all of them (measured: a fourth of the time).
    patterns: Vec<(usize, Pattern)>,
    harmless: Vec<Pattern>,
    /// Learned from the care entries' wordings against their `not_about`, all other entries' wordings and chatter.
    classifier: Option<Classifier>,
}

/// From this score on a message is a cry for help. Chosen with [`PATTERN`] on examples the classifier had not learned from (2026-11-23).
const CARE_AT: f32 = 0.4;
/// What a matching pattern adds to the score: about what the strongest single phrase does.
const PATTERN: f32 = 2.5;

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
        let cries = care().flat_map(|(_, entry)| entry.also_asked.iter().map(|text| (pattern_text(text), true)));
        let alike = care().flat_map(|(_, entry)| entry.not_about.iter().map(|text| (pattern_text(text), false)));
        let others = faq.entries.iter().filter(|entry| entry.kind != Kind::Care);
        let ordinary = others.flat_map(Entry::wordings).map(|text| (pattern_text(text), false));
        let chatter = [&vocabulary.thanks, &vocabulary.greetings, &vocabulary.acknowledgements, &vocabulary.corrections];
        let chatter = chatter.into_iter().flatten().map(|text| (pattern_text(text), false));
        let lessons: Vec<(String, bool)> = cries.chain(alike).chain(ordinary).chain(chatter).collect();
        Care {
            patterns: patterns.collect(),
            harmless: vocabulary.harmless.clone(),
            classifier: lessons.iter().any(|(_, is_cry)| *is_cry).then(|| Classifier::learn(&lessons)),
        }
    }

    /// Whether somebody needs people.
    pub fn is_cry(&self, text: &str) -> bool {
        !matches!(self.heard(&pattern_text(text)), Heard::Nothing)
    }

    /// The care entry of the FAQ it was made from that a text calls for, if any: the first whose pattern matches, else the nearest.
    pub fn entry(&self, faq: &Faq, text: &str) -> Option<usize> {
        let text = pattern_text(text);
        match self.heard(&text) {
            Heard::Nothing => None,
            Heard::Cry => nearest(faq, &text),
            Heard::Pattern(entry) => Some(entry),
        }
    }

    fn heard(&self, text: &str) -> Heard {
        let learned = self.classifier.as_ref().map_or(0.0, |classifier| classifier.score(text));
        // Most messages are so unlike a cry that no pattern could make them one.
        if learned + PATTERN < CARE_AT {
            return Heard::Nothing;
        }
        let matched = self.matched(text);
        let score = learned + if matched.is_some() { PATTERN } else { 0.0 };
        match matched {
            _ if score < CARE_AT => Heard::Nothing,
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

/// The care entry with the example that shares most with the text; the first in the FAQ where several do. The examples are read anew each
/// time: cries are rare, and ready for comparison they would take more memory than all else that is known of the FAQ.
fn nearest(faq: &Faq, text: &str) -> Option<usize> {
    let asked = runs(text);
    let likeness = |example: &String| {
        let example = runs(&pattern_text(example));
        let shared = example.iter().filter(|run| asked.binary_search(run).is_ok()).count();
        shared as f32 / ((asked.len() * example.len()) as f32).sqrt().max(1.0)
    };
    let care = faq.entries.iter().enumerate().filter(|(_, entry)| entry.kind == Kind::Care);
    let ranked = care.map(|(at, entry)| (entry.also_asked.iter().map(likeness).fold(0.0, f32::max), at));
    ranked.reduce(|first, next| if next.0 > first.0 { next } else { first }).map(|(_, entry)| entry)
}
