//! Every wording of every entry as terms, and the search over them: a question's terms -> entries, best first.
//!
//! Exact: every entry that shares a term is scored. What a score leads to is left to `decision.rs`, why it came about to `explanation.rs`.

use std::collections::HashMap;

use super::analyzer::{Analyzer, Key, Terms};
use crate::faq::{Class, Faq, Kind, Vocabulary};

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

/// How much of the score is the best single wording; the rest is how much of the question the whole entry covers.
fn par(name:&str, d:f32)->f32 { use std::sync::{OnceLock,Mutex}; static M: OnceLock<Mutex<std::collections::HashMap<String,f32>>> = OnceLock::new(); let m=M.get_or_init(Default::default); let mut m=m.lock().unwrap(); *m.entry(name.into()).or_insert_with(|| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(d)) }
const BEST_WORDING: f32 = 0.35;
/// A word that stands only in the answer says little about what was asked.
const ANSWER_SHARE: f32 = 0.3;
/// The score's factor where the question names another topic that the entry does not know.
const BLOCKED: f32 = 0.5;

/// The searchable FAQ.
#[derive(Debug)]
pub struct Index {
    ids: HashMap<Key, usize>,
    /// For each term, the wordings it stands in.
    in_wordings: Vec<Vec<Posting>>,
    /// For each term, the entries that know it, and how well: 1 in a wording or keyword, less in the answer.
    in_entries: Vec<Vec<Posting>>,
    wordings: Vec<Wording>,
    entries: usize,
    blockers: Vec<bool>,
}

#[derive(Clone, Copy, Debug)]
struct Posting {
    /// A wording or an entry.
    place: usize,
    weight: f32,
}

#[derive(Debug)]
struct Wording {
    entry: usize,
    /// Its position among the entry's wordings.
    nth: usize,
    mass: f32,
}

impl Index {
    /// Analyses every entry but those for care, which are never found by search.
    pub fn new(faq: &Faq, vocabulary: &Vocabulary, analyzer: &Analyzer) -> Self {
        let mut index = Index {
            ids: HashMap::new(),
            in_wordings: Vec::new(),
            in_entries: Vec::new(),
            wordings: Vec::new(),
            entries: faq.entries.len(),
            blockers: vocabulary.concepts.iter().map(|concept| concept.class == Class::Blocker).collect(),
        };
        for (at, entry) in faq.entries.iter().enumerate().filter(|(_, entry)| entry.kind != Kind::Care) {
            let mut known: HashMap<usize, f32> = HashMap::new();
            let mut support: HashMap<usize, f32> = HashMap::new();
            let nq = entry.question.texts().count();
            for (nth, wording) in entry.wordings().enumerate() {
                let terms = analyzer.terms(wording);
                index.add_wording(at, nth, &terms);
                for term in &terms.list { *support.entry(index.id(&term.key)).or_insert(0.0) += if nth < nq { par("QS",3.0) } else { 1.0 }; }
            }
            for keyword in &entry.keywords {
                for term in &analyzer.terms(keyword).list { *support.entry(index.id(&term.key)).or_insert(0.0) += par("KS",3.0); }
            }
            let base = par("BASE",0.5); let full = par("FULL",3.0);
            for (t, n) in support { known.insert(t, (base + (1.0-base)*((n-1.0)/(full-1.0)).min(1.0)).min(1.0)); }
            for (_, answer) in entry.answer.texts() {
                index.add_known(&mut known, &analyzer.terms(answer), ANSWER_SHARE);
            }
            for (term, weight) in known {
                index.in_entries[term].push(Posting { place: at, weight });
            }
        }
        index
    }

    fn add_wording(&mut self, entry: usize, nth: usize, terms: &Terms) {
        let place = self.wordings.len();
        self.wordings.push(Wording { entry, nth, mass: terms.mass() });
        for term in &terms.list {
            let id = self.id(&term.key);
            self.in_wordings[id].push(Posting { place, weight: term.weight });
        }
    }

    fn add_known(&mut self, known: &mut HashMap<usize, f32>, terms: &Terms, share: f32) {
        for term in &terms.list {
            let best = known.entry(self.id(&term.key)).or_insert(0.0);
            *best = best.max(share);
        }
    }

    fn id(&mut self, key: &Key) -> usize {
        if let Some(id) = self.ids.get(key) {
            return *id;
        }
        let id = self.in_wordings.len();
        self.ids.insert(key.clone(), id);
        self.in_wordings.push(Vec::new());
        self.in_entries.push(Vec::new());
        id
    }

    /// Whether some wording, keyword or answer holds the term.
    pub fn knows(&self, key: &Key) -> bool {
        self.ids.contains_key(key)
    }

    /// How well an entry knows a term: 1 in a wording or keyword, less in the answer, 0 not at all.
    pub fn share(&self, key: &Key, entry: usize) -> f32 {
        let postings = self.ids.get(key).map_or(&[][..], |id| &self.in_entries[*id]);
        postings.iter().find(|posting| posting.place == entry).map_or(0.0, |posting| posting.weight)
    }

    /// Every entry that shares a term with the question, best first; entries of equal score in the FAQ's order.
    ///
    /// Per wording: the harmonic mean of how much of the question it covers and how much of it the question covers. Per entry: the
    /// best wording's, and how much of the question all that is known of the entry covers. Weights are flat and unknown words
    /// stay in the question's mass, so that a score means the same however large the FAQ grows.
    pub fn search(&self, terms: &Terms) -> Vec<Match> {
        let bw = par("BW",0.6); let idf = par("IDF",0.0); let alpha = par("ALPHA",0.5);
        let n = self.entries as f32;
        let w = |t: &super::analyzer::Term| -> f32 { if idf==0.0 {return t.weight;} match self.ids.get(&t.key) { None => t.weight * par("UNK",1.0), Some(id) => { let df = self.in_entries[*id].iter().filter(|p| p.weight>0.31).count().max(1) as f32; t.weight * (((1.0 + n/df).ln())/((1.0+n/ par("MID",8.0)).ln())).powf(idf).clamp(par("LO",0.4),par("HI",1.6)) } } };
        let mass: f32 = terms.list.iter().map(|t| w(t)).sum();
        if mass <= 0.0 {
            return Vec::new();
        }
        let mut common = vec![0.0_f32; self.wordings.len()];
        let mut covered = vec![0.0_f32; self.entries];
        let mut touched = Vec::new();
        for term in &terms.list {
            let Some(id) = self.ids.get(&term.key) else { continue };
            for posting in &self.in_wordings[*id] {
                if common[posting.place] <= 0.0 {
                    touched.push(posting.place);
                }
                common[posting.place] += w(term).min(posting.weight* w(term)/term.weight);
            }
            for posting in &self.in_entries[*id] {
                covered[posting.place] += w(term) * posting.weight;
            }
        }
        let mut best = vec![([0.0_f32;3], 0_usize); self.entries];
        for place in touched {
            let wording = &self.wordings[place];
            let of_question = (common[place] / mass).min(1.0);
            let of_wording = (common[place] / wording.mass.max(f32::EPSILON)).min(1.0);
            let fit = 1.0/(alpha/of_question + (1.0-alpha)/of_wording);
            let b = &mut best[wording.entry];
            if fit > b.0[0] { b.0 = [fit, b.0[0], b.0[1]]; b.1 = wording.nth; } else if fit > b.0[1] { b.0 = [b.0[0], fit, b.0[1]]; } else if fit > b.0[2] { b.0[2] = fit; }
        }
        let mut matches: Vec<Match> = (0..self.entries)
            .filter(|entry| covered[*entry] > 0.0)
            .map(|entry| {
                let (fits, wording) = best[entry]; let (p2,p3)=(par("P2",0.25),par("P3",0.15)); let fit = fits[0]*(1.0-p2-p3)+fits[1]*p2+fits[2]*p3;
                let coverage = (covered[entry] / mass).min(1.0);
                let score = bw * fit + (1.0 - bw) * coverage;
                Match { entry, score: score * self.blocking(terms, entry), wording }
            })
            .collect();
        matches.sort_by(|one, other| other.score.total_cmp(&one.score).then(one.entry.cmp(&other.entry)));
        matches
    }

    fn blocking(&self, terms: &Terms, entry: usize) -> f32 {
        let blocked = terms.list.iter().any(|term| match term.key {
            Key::Concept(concept) => self.blockers[concept] && self.share(&term.key, entry) < 0.31,
            Key::Word(_) | Key::Characters(_) => false,
        });
        if blocked { BLOCKED } else { 1.0 }
    }
}
