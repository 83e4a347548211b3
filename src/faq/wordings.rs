//! Which wording stands where first, while a FAQ is loaded: the same on two entries finds neither for certain.
//!
//! What is said about it is left to `load.rs`. There are thousands of wordings, so little is kept of each.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use super::load::comparable;

/// The wordings read so far.
#[derive(Default)]
pub struct Wordings {
    first: HashMap<u128, First>,
}

/// Where a wording stands first.
#[derive(Clone)]
pub struct First {
    /// Its entry's position among those whose wordings were read.
    pub owner: usize,
    /// Its file's position.
    pub source: usize,
    /// Its bytes there.
    pub bytes: Range<usize>,
}

impl Wordings {
    /// Notes where a wording stands, or says where the same stands already.
    pub fn claim(&mut self, wording: &str, here: First) -> Option<First> {
        let spelling = fingerprint(&comparable(wording));
        let known = self.first.get(&spelling).cloned();
        if known.is_none() {
            self.first.insert(spelling, here);
        }
        known
    }
}

/// So many bits that no two texts have the same by chance.
fn fingerprint(text: &str) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, text).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}
