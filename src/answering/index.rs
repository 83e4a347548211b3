//! Every wording of every entry as terms, and the search over them: a question's terms -> entries, best first.
//!
//! Exact: every entry that shares a term is scored. What a score leads to is left to `decision.rs`, why it came about to `explanation.rs`.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::analyzer::{Analyzer, CUE, Key, Terms};
use super::bayes::{Bayes, Lessons};
use super::postings::{Posting, Postings, passing, small};
use crate::faq::{Class, Entry, Faq, Kind, Vocabulary};

/// How well an entry fits a question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// The entry's position in the FAQ.
    pub entry: usize,
    /// Between 0 (nothing in common) and 1 (the same question).
    pub score: f32,
    /// The wording that fits best: its position among the entry's wordings.
    pub wording: usize,
}

/// How much of the score is likeness to the wordings; the rest is how probable it is that just this entry is asked for (`bayes.rs`).
/// Chosen, like the constants below, on the development questions (2026-11-23).
const LIKENESS: f32 = 0.6;
/// A probability says which entry, not whether any: it counts by as much as the likeness, times this, supports it.
const TRUSTED: f32 = 2.0;
/// How much of the likeness is the nearest wordings'; the rest is how much of the question the whole entry covers.
const NEAREST_WORDINGS: f32 = 0.6;
/// The nearest three wordings, weighed: one alone may be near by chance.
const NEAREST: [f32; 3] = [0.4, 0.3, 0.3];
/// A wording of the same terms as the question, and no others, is wholly like it, where the question weighs more than one subject.
const THE_SAME: f32 = 0.999;
const WHOLE_QUESTION: f32 = 2.0;
/// A term that stands in three wordings, in the question itself or among the keywords belongs to the entry; one that stands in a
/// single wording of many is known by half.
const WHOLLY_KNOWN_AT: f32 = 3.0;
const KNOWN_ONCE: f32 = 0.5;
/// A word that stands only in the answer says little about what was asked.
const ANSWER_SHARE: f32 = 0.3;
/// The factor of likeness where an entry shares nothing with the question but how it is asked ("why?" alone is about nothing).
const NO_SUBJECT: f32 = 0.5;
/// The factor of likeness and probability where the question names another topic that the entry does not know.
const BLOCKED: f32 = 0.5;

/// More than anybody looks at: three are offered, 25 suggested.
pub const RANKED: usize = 64;

/// The searchable FAQ.
#[derive(Debug)]
pub struct Index {
    ids: HashMap<Key, u32>,
    /// For each term, the wordings it stands in.
    in_wordings: Postings,
    /// For each term, the entries that know it, and how well: 1 in several wordings or a keyword, least in the answer only.
    in_entries: Postings,
    wordings: Vec<Wording>,
    bayes: Bayes,
    entries: usize,
    blockers: Vec<bool>,
    sums: Spare,
}

#[derive(Debug)]
struct Wording {
    entry: u32,
    /// Its position among the entry's wordings.
    nth: u32,
    mass: f32,
}

/// Gathers postings while the wordings are read.
struct Builder {
    ids: HashMap<Key, u32>,
    in_wordings: Vec<(u32, Posting)>,
    in_entries: Vec<(u32, Posting)>,
    wordings: Vec<Wording>,
    lessons: Lessons,
}

impl Builder {
    fn entry(&mut self, at: usize, entry: &Entry, analyzer: &Analyzer) {
        let mut support: HashMap<u32, f32> = HashMap::new();
        let questions = entry.question.texts().count();
        for (nth, wording) in entry.wordings().enumerate() {
            let terms = analyzer.terms(wording);
            let place = small(self.wordings.len());
            self.wordings.push(Wording { entry: small(at), nth: small(nth), mass: terms.mass() });
            let ids: Vec<(u32, f32)> = terms.list.iter().map(|term| (self.id(&term.key), term.weight)).collect();
            for (id, weight) in &ids {
                self.in_wordings.push((*id, Posting { place, weight: *weight }));
                *support.entry(*id).or_insert(0.0) += if nth < questions { WHOLLY_KNOWN_AT } else { 1.0 };
            }
            self.lessons.add(at, ids, &terms.runs);
        }
        for term in entry.keywords.iter().flat_map(|keyword| analyzer.terms(keyword).list) {
            *support.entry(self.id(&term.key)).or_insert(0.0) += WHOLLY_KNOWN_AT;
        }
        let mut known: HashMap<u32, f32> = support.into_iter().map(|(term, count)| (term, knowledge_of(count))).collect();
        for (_, answer) in entry.answer.texts() {
            for term in &analyzer.terms(answer).list {
                known.entry(self.id(&term.key)).or_insert(ANSWER_SHARE);
            }
        }
        self.in_entries.extend(known.into_iter().map(|(term, weight)| (term, Posting { place: small(at), weight })));
    }

    fn id(&mut self, key: &Key) -> u32 {
        let next = small(self.ids.len());
        *self.ids.entry(key.clone()).or_insert(next)
    }
}

impl Index {
    /// Analyses every entry but those for care, which are never found by search.
    pub fn new(faq: &Faq, vocabulary: &Vocabulary, analyzer: &Analyzer) -> Self {
        let mut builder = Builder {
            ids: HashMap::new(),
            in_wordings: passing(),
            in_entries: passing(),
            wordings: Vec::new(),
            lessons: Lessons::default(),
        };
        for (at, entry) in faq.entries.iter().enumerate().filter(|(_, entry)| entry.kind != Kind::Care) {
            builder.entry(at, entry, analyzer);
        }
        let terms = builder.ids.len();
        Index {
            ids: builder.ids,
            in_wordings: Postings::new(terms, &builder.in_wordings),
            in_entries: Postings::new(terms, &builder.in_entries),
            bayes: Bayes::learn(&builder.lessons, faq.entries.len(), terms),
            wordings: builder.wordings,
            entries: faq.entries.len(),
            blockers: vocabulary.concepts.iter().map(|concept| concept.class == Class::Blocker).collect(),
            sums: Spare::default(),
        }
    }

    /// Whether some wording, keyword or answer holds the term.
    pub fn knows(&self, key: &Key) -> bool {
        self.ids.contains_key(key)
    }

    /// How well an entry knows a term: between 1 (in several wordings or a keyword) and 0 (not at all).
    pub fn share(&self, key: &Key, entry: usize) -> f32 {
        let Some(id) = self.ids.get(key) else { return 0.0 };
        let known = self.in_entries.of(*id).binary_search_by_key(&entry, |posting| posting.place as usize);
        known.map_or(0.0, |at| self.in_entries.of(*id)[at].weight)
    }

    /// The best [`RANKED`] of all entries that share a term with the question, best first; entries of equal score in the FAQ's order.
    ///
    /// Per wording: the harmonic mean of how much of the question it covers and how much of it the question covers. Per entry: the
    /// nearest three wordings', and how much of the question all that is known of the entry covers. Weights are flat and unknown words
    /// stay in the question's mass, so that this likeness means the same however large the FAQ grows. To it comes how probable the entry
    /// is among all.
    pub fn search(&self, terms: &Terms) -> Vec<Match> {
        self.search_among(terms, |_| true)
    }

    /// As [`Index::search`], among the entries that are accepted.
    pub fn search_among(&self, terms: &Terms, accepts: impl Fn(usize) -> bool) -> Vec<Match> {
        let mass = terms.mass();
        if mass <= 0.0 {
            return Vec::new();
        }
        let mut sums = self.sums.take(self.wordings.len(), self.entries);
        let ids: Vec<Option<u32>> = terms.list.iter().map(|term| self.ids.get(&term.key).copied()).collect();
        for (term, id) in terms.list.iter().zip(&ids) {
            let Some(id) = id else { continue };
            for posting in self.in_wordings.of(*id) {
                sums.wording(posting.place, term.weight.min(posting.weight));
            }
            for posting in self.in_entries.of(*id) {
                sums.entry(posting.place, term.weight * posting.weight, term.weight > CUE);
            }
        }
        for place in &sums.wordings {
            let (wording, common) = (&self.wordings[*place as usize], sums.of_wordings[*place as usize]);
            // The harmonic mean of both shares, in one division; what is common is no more than either has.
            let fit = (2.0 * common / (mass + wording.mass)).min(1.0);
            sums.of_entries[wording.entry as usize].nearest.add(fit, wording.nth);
        }
        let probable = self.bayes.probabilities(terms, |at| ids[at]);
        let blockers: Vec<&Key> = terms.list.iter().map(|term| &term.key).filter(|key| self.is_blocker(key)).collect();
        let score = |entry: &u32| {
            let entry = *entry as usize;
            let Sum { covered, shares_subject, nearest } = sums.of_entries[entry];
            let coverage = (covered / mass).min(1.0);
            let alike = if mass >= WHOLE_QUESTION && nearest.fits[0] >= THE_SAME {
                1.0
            } else {
                NEAREST_WORDINGS * nearest.fit() + (1.0 - NEAREST_WORDINGS) * coverage
            };
            let is_blocked = blockers.iter().any(|blocker| self.share(blocker, entry) <= ANSWER_SHARE);
            let blocking = if is_blocked { BLOCKED } else { 1.0 };
            let alike = alike * if shares_subject { 1.0 } else { NO_SUBJECT } * blocking;
            let probable = probable[entry] * blocking * (TRUSTED * alike).min(1.0);
            let score = LIKENESS * alike + (1.0 - LIKENESS) * probable;
            Match { entry, score, wording: nearest.wording as usize }
        };
        let mut matches: Vec<Match> = sums.entries.iter().filter(|entry| accepts(**entry as usize)).map(score).collect();
        self.sums.give_back(sums);
        if matches.len() > RANKED {
            matches.select_nth_unstable_by(RANKED, order);
            matches.truncate(RANKED);
        }
        sort(&mut matches);
        matches
    }

    fn is_blocker(&self, key: &Key) -> bool {
        matches!(key, Key::Concept(concept) if self.blockers[*concept])
    }
}

/// Best first; entries of equal score in the FAQ's order.
pub fn sort(matches: &mut [Match]) {
    matches.sort_unstable_by(order);
}

fn order(one: &Match, other: &Match) -> Ordering {
    other.score.total_cmp(&one.score).then(one.entry.cmp(&other.entry))
}

/// What a question shares with wordings and entries, summed up: all zero between two searches, so that none has to fill it anew.
#[derive(Debug, Default)]
struct Sums {
    of_wordings: Vec<f32>,
    of_entries: Vec<Sum>,
    /// Which are not zero, in the order in which they were met.
    wordings: Vec<u32>,
    entries: Vec<u32>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    /// How much of the question the entry knows.
    covered: f32,
    /// Whether any of that is more than how something is asked.
    shares_subject: bool,
    nearest: Nearest,
}

impl Sums {
    fn wording(&mut self, place: u32, shared: f32) {
        let sum = &mut self.of_wordings[place as usize];
        if *sum <= 0.0 {
            self.wordings.push(place);
        }
        *sum += shared;
    }

    fn entry(&mut self, place: u32, shared: f32, is_subject: bool) {
        let sum = &mut self.of_entries[place as usize];
        if sum.covered <= 0.0 {
            self.entries.push(place);
        }
        sum.covered += shared;
        sum.shares_subject |= is_subject;
    }
}

/// The sums of searches that are over, one for each that ran at once.
#[derive(Debug, Default)]
struct Spare(Mutex<Vec<Sums>>);

impl Spare {
    fn take(&self, wordings: usize, entries: usize) -> Sums {
        let spare = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        spare.unwrap_or_else(|| Sums {
            of_wordings: vec![0.0; wordings],
            of_entries: vec![Sum::default(); entries],
            ..Sums::default()
        })
    }

    fn give_back(&self, mut sums: Sums) {
        for place in sums.wordings.drain(..) {
            sums.of_wordings[place as usize] = 0.0;
        }
        for place in sums.entries.drain(..) {
            sums.of_entries[place as usize] = Sum::default();
        }
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(sums);
    }
}

/// The fits of an entry's three nearest wordings, best first.
#[derive(Clone, Copy, Debug, Default)]
struct Nearest {
    fits: [f32; NEAREST.len()],
    wording: u32,
}

impl Nearest {
    fn add(&mut self, fit: f32, wording: u32) {
        let place = self.fits.iter().position(|known| fit > *known);
        if place == Some(0) {
            self.wording = wording;
        }
        if let Some(place) = place {
            self.fits[place..].rotate_right(1);
            self.fits[place] = fit;
        }
    }

    fn fit(&self) -> f32 {
        self.fits.iter().zip(NEAREST).map(|(fit, weight)| fit * weight).sum()
    }
}

fn knowledge_of(support: f32) -> f32 {
    let share = ((support - 1.0) / (WHOLLY_KNOWN_AT - 1.0)).clamp(0.0, 1.0);
    KNOWN_ONCE + (1.0 - KNOWN_ONCE) * share
}
