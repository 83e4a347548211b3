//! Learns from examples whether a text is of a kind: logistic regression over the text's short runs of characters, which needs no words and
//! so works alike for Japanese, English, slang and misspellings.
//!
//! Deterministic: the same examples give the same weights. What the kind is, and what follows, is left to `care.rs`.

/// Runs of up to this many characters: six hold a kana word with its ending, and a Latin stem with a part of the next word.
const LONGEST_RUN: usize = 6;
/// Runs are counted by their hash; the shipped examples leave a third of these empty.
const BUCKETS: u32 = 1 << 18;
/// Buckets in a page of what is only needed for learning.
const PAGE: usize = 1 << 14;
/// Passes over the examples. More only learns the examples by heart.
const PASSES: usize = 14;
/// The first step of `AdaGrad`.
const STEP: f32 = 0.3;

/// The weights learned.
#[derive(Debug)]
pub struct Classifier {
    weights: Vec<f32>,
    bias: f32,
}

impl Classifier {
    /// Learns from texts and whether each is of the kind.
    pub fn learn(examples: &[(String, bool)]) -> Self {
        let mut classifier = Classifier { weights: vec![0.0; BUCKETS as usize], bias: 0.0 };
        // In pages: a piece of a megabyte, given back, would teach the allocator to keep two from then on.
        let mut squares = vec![vec![1e-3_f32; PAGE]; BUCKETS as usize / PAGE];
        let read = |(text, is): &(String, bool)| (runs(text), if *is { 1.0 } else { 0.0 });
        let read: Vec<(Vec<u32>, f32)> = examples.iter().map(read).collect();
        let mut order: Vec<usize> = (0..read.len()).collect();
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        for _ in 0..PASSES {
            shuffle(&mut order, &mut state);
            for (runs, is) in order.iter().map(|at| &read[*at]) {
                let score = classifier.score_of(runs);
                let error = 1.0 / (1.0 + (-score).exp()) - is;
                classifier.bias -= 0.02 * error;
                for run in runs.iter().map(|run| *run as usize) {
                    let squares = &mut squares[run / PAGE][run % PAGE];
                    *squares += error * error;
                    classifier.weights[run] -= STEP * error / (squares.sqrt() * (runs.len() as f32).sqrt());
                }
            }
        }
        classifier
    }

    /// The logarithm of the odds that the text is of the kind: 0 is as likely as not.
    pub fn score(&self, text: &str) -> f32 {
        self.score_of(&runs(text))
    }

    fn score_of(&self, runs: &[u32]) -> f32 {
        self.bias + runs.iter().map(|run| self.weights[*run as usize]).sum::<f32>()
    }
}

/// The buckets of a text's runs of one to six characters, each once, in as little memory as they need: there are thousands of examples.
pub fn runs(text: &str) -> Vec<u32> {
    let characters: Vec<char> = std::iter::once(' ').chain(text.chars()).chain(std::iter::once(' ')).collect();
    let mut runs = Vec::with_capacity(characters.len() * LONGEST_RUN);
    for start in 0..characters.len() {
        // FNV-1a: small, and the same on every machine and in every version.
        let mut hash = 0xCBF2_9CE4_8422_2325_u64;
        for c in characters.iter().skip(start).take(LONGEST_RUN) {
            hash = (hash ^ u64::from(u32::from(*c))).wrapping_mul(0x0100_0000_01B3);
            runs.push(u32::try_from((hash >> 20) % u64::from(BUCKETS)).expect("the remainder is below the number of buckets"));
        }
    }
    runs.sort_unstable();
    runs.dedup();
    runs.shrink_to_fit();
    runs
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
