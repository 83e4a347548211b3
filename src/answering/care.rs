//! Finds messages of people who need somebody, not a FAQ: before everything else, by the care entries' own patterns.
//!
//! What is said to them stands in the FAQ's care entries; that their words are kept nowhere is for the shells to honour.

use regex::{RegexSet, RegexSetBuilder};

use super::normalize::pattern_text;
use crate::faq::{Faq, Kind, Pattern, Vocabulary, load::MAX_PATTERN_BYTES};

/// The care entries' patterns and the turns of phrase that only look like them.
#[derive(Debug)]
pub struct Care {
    patterns: RegexSet,
    owners: Vec<usize>,
    harmless: Vec<Pattern>,
}

impl Care {
    /// Takes the patterns of all care entries of the FAQ.
    pub fn new(faq: &Faq, vocabulary: &Vocabulary) -> Self {
        let (patterns, owners) = patterns_of(faq, |kind| kind == Kind::Care);
        Care { patterns, owners, harmless: vocabulary.harmless.clone() }
    }

    /// The care entry a text calls for, if any; of several the first in the FAQ.
    pub fn entry(&self, text: &str) -> Option<usize> {
        let mut text = pattern_text(text);
        for harmless in &self.harmless {
            // Replaced by a mark, not by nothing: what stood around it must not grow together.
            if let std::borrow::Cow::Owned(without) = harmless.regex.replace_all(&text, "※") {
                text = without;
            }
        }
        self.patterns.matches(&text).into_iter().map(|pattern| self.owners[pattern]).min()
    }
}

/// All patterns of the entries of some kinds as one set, and the entry each belongs to.
pub fn patterns_of(faq: &Faq, wanted: impl Fn(Kind) -> bool) -> (RegexSet, Vec<usize>) {
    let entries = faq.entries.iter().enumerate().filter(|(_, entry)| wanted(entry.kind));
    let (owners, texts): (Vec<usize>, Vec<&str>) =
        entries.flat_map(|(at, entry)| entry.patterns.iter().map(move |pattern| (at, pattern.regex.as_str()))).unzip();
    let set = RegexSetBuilder::new(&texts)
        .size_limit(MAX_PATTERN_BYTES * (texts.len() + 1))
        .build()
        .expect("each pattern was compiled within its own limit when it was loaded");
    (set, owners)
}
