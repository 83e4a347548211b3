//! Finds messages of people who need somebody, not a FAQ: before everything else, by the care entries' own patterns.
//!
//! What is said to them stands in the FAQ's care entries; that their words are kept nowhere is for the shells to honour.

use std::borrow::Cow;

use super::normalize::{hiragana, is_kanji, pattern_text};
use crate::faq::{Faq, Kind, Pattern, Vocabulary};

/// The care entries' patterns and the turns of phrase that only look like them.
#[derive(Debug)]
pub struct Care {
    /// In the FAQ's order, so that the first that matches decides. Each for itself, not as one set: a pattern alone is skipped by its
    /// first letters, while the set walks every message through all of them (measured: a fourth of the time).
    patterns: Vec<(usize, Pattern)>,
    harmless: Vec<Pattern>,
}

impl Care {
    /// Takes the patterns of all care entries of the FAQ.
    pub fn new(faq: &Faq, vocabulary: &Vocabulary) -> Self {
        let care = faq.entries.iter().enumerate().filter(|(_, entry)| entry.kind == Kind::Care);
        let patterns = care.flat_map(|(at, entry)| entry.patterns.iter().map(move |pattern| (at, pattern.clone())));
        Care { patterns: patterns.collect(), harmless: vocabulary.harmless.clone() }
    }

    /// The care entry a text calls for, if any; of several the first in the FAQ.
    pub fn entry(&self, text: &str) -> Option<usize> {
        let text = pattern_text(text);
        // Without a kanji, words may be spelt in either kana (モウシニタイ).
        let in_hiragana = || (!text.chars().any(is_kanji)).then(|| text.chars().map(hiragana).collect());
        self.entry_of(text.clone()).or_else(|| self.entry_of(in_hiragana()?))
    }

    fn entry_of(&self, mut text: String) -> Option<usize> {
        self.first_match(&text)?;
        for harmless in &self.harmless {
            // Replaced by a mark, not by nothing: what stood around it must not grow together.
            if let Cow::Owned(without) = harmless.regex.replace_all(&text, "※") {
                text = without;
            }
        }
        self.first_match(&text)
    }

    fn first_match(&self, text: &str) -> Option<usize> {
        self.patterns.iter().find(|(_, pattern)| pattern.regex.is_match(text)).map(|(entry, _)| *entry)
    }
}
