//! Learns from examples whether a text is of a kind: logistic regression over the text's short runs of characters, which needs no words and
//! so works alike for Japanese, English, slang and misspellings.
//!
//! Deterministic: the same examples give the same weights. What the kind is, and what follows, is left to `care.rs`.

use super::postings::{passing, passing_text};

/// Runs of up to this many characters: six hold a kana word with its ending, and a Latin stem with a part of the next word.
const LONGEST_RUN: usize = 6;
/// Runs are counted by their hash; the shipped examples leave a third of these empty.
const BUCKETS: u32 = 1 << 18;
/// Passes over the examples. More only learns the examples by heart.
const PASSES: usize = 16;
/// What is as good as known teaches next to nothing: it is read again only in every so manieth pass.
const SURE: f32 = 0.01;
const ALL_EVERY: usize = 4;
/// The first step of `AdaGrad`.
const STEP: f32 = 0.3;

/// Texts, one behind the other, and whether each is of the kind.
pub struct Examples {
    text: String,
    /// Where each ends.
    ends: Vec<(usize, bool)>,
}

impl Default for Examples {
    fn default() -> Self {
        Examples { text: passing_text(), ends: passing() }
    }
}

impl Examples {
    /// One more.
    pub fn add(&mut self, text: &str, is_of_the_kind: bool) {
        self.text.push_str(text);
        self.ends.push((self.text.len(), is_of_the_kind));
    }

    fn get(&self, at: usize) -> (&str, bool) {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before].0);
        let (end, is) = self.ends[at];
        (self.text.get(start..end).unwrap_or_default(), is)
    }
}

/// The weights learned.
#[derive(Debug)]
pub struct Classifier {
    /// How many times the unit: in half the memory, and far finer than what one example more would change.
    weights: Vec<i16>,
    unit: f32,
    bias: f32,
}

impl Classifier {
    /// Learns from texts and whether each is of the kind. Each is read anew in each pass: kept, what is read would take ten times the
    /// memory of all that is learned.
    pub fn learn(examples: &Examples) -> Self {
        let (mut weights, mut squares): (Vec<f32>, Vec<f32>) = (passing(), passing());
        weights.resize(BUCKETS as usize, 0.0);
        squares.resize(BUCKETS as usize, 1e-3);
        let mut bias = 0.0;
        let mut order: Vec<usize> = (0..examples.ends.len()).collect();
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut is_sure = vec![false; order.len()];
        let mut runs = Runs::default();
        for pass in 0..PASSES {
            shuffle(&mut order, &mut state);
            let is_due = |at: &&usize| pass % ALL_EVERY == 0 || !is_sure[**at];
            let due: Vec<usize> = order.iter().filter(is_due).copied().collect();
            for at in due {
                let (text, is) = examples.get(at);
                let runs = runs.of(text);
                let error = 1.0 / (1.0 + (-bias - sum(runs, |run| weights[run])).exp()) - if is { 1.0 } else { 0.0 };
                is_sure[at] = error.abs() < SURE;
                bias -= 0.02 * error;
                let step = STEP * error / (runs.len() as f32).sqrt();
                for run in runs.iter().map(|run| *run as usize) {
                    let squares = &mut squares[run];
                    *squares += error * error;
                    weights[run] -= step / squares.sqrt();
                }
            }
        }
        let largest = weights.iter().fold(f32::MIN_POSITIVE, |largest, weight| largest.max(weight.abs()));
        let unit = largest / f32::from(i16::MAX);
        #[expect(clippy::cast_possible_truncation, reason = "none is larger than the largest")]
        let weights = weights.into_iter().map(|weight| (weight / unit).round() as i16).collect();
        Classifier { weights, unit, bias }
    }

    /// The logarithm of the odds that the text is of the kind: 0 is as likely as not.
    pub fn score(&self, text: &str) -> f32 {
        self.bias + self.unit * sum(Runs::default().of(text), |run| f32::from(self.weights[run]))
    }
}

fn sum(runs: &[u32], weight: impl Fn(usize) -> f32) -> f32 {
    runs.iter().map(|run| weight(*run as usize)).sum()
}

/// Reads texts one after the other, in the same memory.
#[derive(Default)]
struct Runs {
    characters: Vec<u32>,
    found: Vec<u32>,
    /// Where a run's bucket falls in a table at most half full; behind its number, so that 0 is free.
    seen: Vec<u32>,
}

impl Runs {
    /// The buckets of a text's runs of one to six characters, each once, in the order in which they stand there.
    fn of(&mut self, text: &str) -> &[u32] {
        self.characters.clear();
        let edged = std::iter::once(' ').chain(text.chars()).chain(std::iter::once(' '));
        self.characters.extend(edged.map(u32::from));
        self.found.clear();
        self.seen.clear();
        let places = (self.characters.len() * LONGEST_RUN * 2).next_power_of_two();
        self.seen.resize(places, 0);
        for start in 0..self.characters.len() {
            // FNV-1a: small, and the same on every machine and in every version.
            let mut hash = 0xCBF2_9CE4_8422_2325_u64;
            for c in self.characters.iter().skip(start).take(LONGEST_RUN) {
                hash = (hash ^ u64::from(*c)).wrapping_mul(0x0100_0000_01B3);
                let run = u32::try_from((hash >> 20) % u64::from(BUCKETS)).expect("the remainder is below the number of buckets");
                let mut place = run as usize % places;
                while self.seen[place] != 0 && self.seen[place] != run + 1 {
                    place = (place + 1) % places;
                }
                if self.seen[place] == 0 {
                    self.seen[place] = run + 1;
                    self.found.push(run);
                }
            }
        }
        &self.found
    }
}

/// Fisher–Yates with a fixed xorshift: the same examples in the same order are always learned alike.
fn shuffle(order: &mut [usize], state: &mut u64) {
    for last in (1..order.len()).rev() {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        let at = usize::try_from(*state % (last as u64 + 1)).expect("the remainder is at most `last`");
        order.swap(last, at);
    }
}
