//! Learns from its wordings how each entry is asked for: naive Bayes over terms and over short runs of characters. Where the index counts
//! what a question shares with a wording, this weighs what tells one entry from the others, and hears turns of phrase no vocabulary knows.
//!
//! One pass over the wordings, no steps and no chance: the same FAQ is always learned alike. What its probability counts beside the rest is
//! left to `index.rs`.

use super::analyzer::Terms;
use super::directory::Directory;
use super::normalize::hiragana;
use super::postings::{Posting, Postings, passing, small};

/// Runs of this many characters: two Japanese ones make a word or an ending, three Latin ones a stem.
const RUN_LENGTHS: [usize; 2] = [2, 3];
/// A run that stands in a single wording teaches nothing about how others ask.
const FEWEST_WORDINGS: usize = 2;
/// What is added to every count, so that a word an entry was never asked with makes it unlikely, not impossible. These and the
/// sharpness were chosen on the development questions (2026-11-23); all around them is level.
const TERM_SMOOTHING: f32 = 0.3;
const RUN_SMOOTHING: f32 = 0.09;
/// Terms and runs tell of the same words twice: taken at their word they would be surer than they are right.
const SHARPNESS: f32 = 0.85;
/// The logarithm of a share that is lost in rounding beside the most probable entry's: most entries of a large FAQ need no exponential.
const IMPOSSIBLE: f32 = -30.0;

/// What the wordings taught.
#[derive(Debug)]
pub struct Bayes {
    terms: Evidence,
    runs: Evidence,
    /// The known runs, in order: a run's place is its feature.
    known_runs: Runs,
}

/// What features of one sort say about entries.
#[derive(Debug)]
struct Evidence {
    /// How much more likely an entry is asked with a feature than if it had never been.
    gains: Postings,
    /// For each entry, what any feature costs it: who is asked for with many words is not likelier by each of them.
    costs: Vec<f32>,
}

/// What wordings teach, gathered in a few long pieces: thousands of short ones would stay with the allocator when they are no longer needed.
pub struct Lessons {
    of: Vec<Lesson>,
    terms: Vec<(u32, f32)>,
    runs: Vec<u32>,
}

/// One wording: the entry it asks for, and where its terms and runs end.
struct Lesson {
    entry: u32,
    terms: u32,
    runs: u32,
}

impl Default for Lessons {
    fn default() -> Self {
        Lessons { of: passing(), terms: passing(), runs: passing() }
    }
}

impl Lessons {
    /// A wording of an entry: its terms as the index numbers them, with their weights, and its runs. Entry by entry.
    pub fn add(&mut self, entry: usize, terms: impl IntoIterator<Item = (u32, f32)>, runs: &[u32]) {
        self.terms.extend(terms);
        self.runs.extend(runs);
        self.of.push(Lesson { entry: small(entry), terms: small(self.terms.len()), runs: small(self.runs.len()) });
    }

    /// Each wording's entry with its part of `all`, which ends where `end` says.
    fn each<'a, T>(&'a self, all: &'a [T], end: impl Fn(&Lesson) -> u32 + 'a) -> impl Iterator<Item = (usize, &'a [T])> {
        let mut from = 0;
        self.of.iter().map(move |lesson| {
            let to = end(lesson) as usize;
            (lesson.entry as usize, &all[std::mem::replace(&mut from, to)..to])
        })
    }
}

impl Bayes {
    /// Learns from all wordings; `entries` and `terms` say how many there are.
    pub fn learn(lessons: &Lessons, entries: usize, terms: usize) -> Self {
        let mut all_runs = passing();
        all_runs.extend(&lessons.runs);
        all_runs.sort_unstable();
        let known = all_runs.chunk_by(|one: &u32, other| one == other).filter(|same| same.len() >= FEWEST_WORDINGS);
        let known_runs = Runs::new(known.map(|same| same[0]).collect());
        drop(all_runs);
        let by_terms = lessons.each(&lessons.terms, |lesson| lesson.terms).map(|(entry, terms)| (entry, terms.to_vec()));
        let by_runs = lessons.each(&lessons.runs, |lesson| lesson.runs).map(|(entry, runs)| (entry, known_runs.features(runs)));
        Bayes {
            terms: Evidence::new(by_terms, entries, terms, TERM_SMOOTHING),
            runs: Evidence::new(by_runs, entries, known_runs.sorted.len(), RUN_SMOOTHING),
            known_runs,
        }
    }

    /// For each entry, how probable it is that the question asks for it, if it asks for any.
    pub fn probabilities(&self, terms: &Terms, id: impl Fn(usize) -> Option<u32>) -> Vec<f32> {
        let mut logs = vec![0.0; self.terms.costs.len()];
        self.terms.add_logarithms(terms.list.iter().enumerate().map(|(at, term)| (id(at), term.weight)), &mut logs);
        let runs = self.known_runs.features(&terms.runs);
        self.runs.add_logarithms(runs.into_iter().map(|(run, weight)| (Some(run), weight)), &mut logs);
        let highest = logs.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        if !highest.is_finite() {
            return vec![0.0; logs.len()];
        }
        let mut sum = 0.0;
        for log in &mut logs {
            let below = (*log - highest) * SHARPNESS;
            *log = if below < IMPOSSIBLE { 0.0 } else { below.exp() };
            sum += *log;
        }
        for share in &mut logs {
            *share /= sum;
        }
        logs
    }
}

impl Evidence {
    /// Lessons come entry by entry; sums are made in one order, so that they are the same each time.
    fn new(lessons: impl Iterator<Item = (usize, Vec<(u32, f32)>)>, entries: usize, features: usize, smoothing: f32) -> Self {
        let mut found = passing();
        // An entry without wordings is never asked for.
        let mut costs = vec![f32::INFINITY; entries];
        let mut learn = |entry: usize, counts: &mut Vec<(u32, f32)>| {
            counts.sort_unstable_by_key(|(feature, _)| *feature);
            let mut mass = 0.0;
            for same in counts.chunk_by(|one, other| one.0 == other.0) {
                let count: f32 = same.iter().map(|(_, weight)| weight).sum();
                mass += count;
                found.push((same[0].0, Posting { place: small(entry), weight: (1.0 + count / smoothing).ln() }));
            }
            costs[entry] = (mass + smoothing * features.max(1) as f32).ln();
            counts.clear();
        };
        let (mut counts, mut current) = (Vec::new(), None);
        for (entry, mut lesson) in lessons {
            if let Some(last) = current.replace(entry).filter(|last| *last != entry) {
                learn(last, &mut counts);
            }
            to_unit_length(&mut lesson);
            counts.append(&mut lesson);
        }
        if let Some(last) = current {
            learn(last, &mut counts);
        }
        Evidence { gains: Postings::new(features, &found), costs }
    }

    /// Adds for each entry the logarithm of how likely it is asked so, but for a constant. A feature without number is known of no entry.
    fn add_logarithms(&self, asked: impl Iterator<Item = (Option<u32>, f32)>, logs: &mut [f32]) {
        let mut asked: Vec<(Option<u32>, f32)> = asked.collect();
        to_unit_length(&mut asked);
        let mass: f32 = asked.iter().map(|(_, weight)| weight).sum();
        // Without any feature an infinite cost would be no number.
        if mass > 0.0 {
            logs.iter_mut().zip(&self.costs).for_each(|(log, cost)| *log -= mass * cost);
        }
        for (feature, weight) in asked {
            for posting in feature.map_or(&[][..], |feature| self.gains.of(feature)) {
                logs[posting.place as usize] += weight * posting.weight;
            }
        }
    }
}

/// Long texts count no more than short ones.
fn to_unit_length<F>(features: &mut [(F, f32)]) {
    let length = features.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
    if length > 0.0 {
        for (_, weight) in features {
            *weight /= length;
        }
    }
}

/// The runs that teach something.
#[derive(Debug)]
struct Runs {
    sorted: Vec<u32>,
    directory: Directory,
}

impl Runs {
    fn new(sorted: Vec<u32>) -> Self {
        Runs { directory: Directory::new(sorted.iter().copied()), sorted }
    }

    /// The known ones of some runs, by their place among all.
    fn features(&self, runs: &[u32]) -> Vec<(u32, f32)> {
        let place = |run: &u32| self.directory.near(*run).find(|place| self.sorted[*place] == *run);
        runs.iter().filter_map(|run| Some((small(place(run)?), 1.0))).collect()
    }
}

/// The runs of a normalised text, in either kana alike, each once and in order; by their hash, since thousands are kept and compared.
pub fn runs(text: &str) -> Vec<u32> {
    let edged: Vec<char> = std::iter::once(' ').chain(text.chars().map(hiragana)).chain(std::iter::once(' ')).collect();
    let mut runs: Vec<u32> = RUN_LENGTHS.iter().flat_map(|length| edged.windows(*length).map(hash)).collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}

/// FNV-1a: small, and the same on every machine and in every version.
fn hash(run: &[char]) -> u32 {
    run.iter().fold(0x811C_9DC5, |hash, c| (hash ^ u32::from(*c)).wrapping_mul(0x0100_0193))
}
