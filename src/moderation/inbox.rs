//! What members asked and did not get, grouped by what it is about, with what the FAQ says to it by now.
//!
//! Pure. Which questions are open is told by the journal; what is done with a group is left to the shell.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::answering::analyzer::Key;
use crate::answering::explanation::explain;
use crate::answering::{Outcome, Policy, Question, Reason};
use crate::faq::{EntryId, Kind, comparable};
use crate::journal::{KeptAt, Missing};
use crate::knowledge::Knowledge;

/// Questions with so many of their terms in common are about the same (Jaccard).
const ALIKE: f32 = 0.6;
/// Entries among which a moderator looks for the one that is meant: Discord's limit for a menu.
pub const NEAREST: usize = 25;

/// Questions about the same.
#[derive(Clone, Debug)]
pub struct Group {
    /// Oldest first.
    pub questions: Vec<Missing>,
    /// Distinct people who asked.
    pub people: usize,
    /// What the FAQ says to the newest by now.
    pub now: Now,
}

/// What the FAQ says to a question by now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Now {
    /// Nothing.
    Declined,
    /// It offers these.
    Offered(Vec<EntryId>),
    /// It answers with what was marked as wrong.
    Wrong(EntryId),
}

impl Group {
    /// The question that stands for all: the newest.
    pub fn shown(&self) -> &Missing {
        self.questions.last().expect("a group is of at least one question")
    }

    /// A sentence that so many people asked, in nearly the same words.
    pub fn asked_by(&self, people: usize) -> Option<&str> {
        let who = |text: &str| {
            let same = self.questions.iter().filter(|one| comparable(&one.text) == comparable(text));
            same.map(|one| one.person).collect::<HashSet<_>>().len()
        };
        self.questions.iter().rev().map(|one| one.text.as_str()).find(|text| who(text) >= people)
    }

    /// Whether a question is in it.
    pub fn holds(&self, kept: KeptAt) -> bool {
        self.questions.iter().any(|one| one.kept == kept)
    }
}

/// The open questions in groups, those of most people first, then the newest. What the FAQ answers by now is not open, unless just that answer was
/// marked as wrong; nor is what is no question, or for people rather than for a FAQ.
pub fn groups(knowledge: &Knowledge, missing: Vec<Missing>, policy: &Policy) -> Vec<Group> {
    let mut groups: Vec<(HashSet<Key>, Group)> = Vec::new();
    // By what it is about, and by its words: only groups that share one are compared.
    let (mut about, mut said): (HashMap<Key, Vec<usize>>, HashMap<String, usize>) = (HashMap::new(), HashMap::new());
    for one in missing {
        let Some(now) = now(knowledge, &one, policy) else { continue };
        let terms = knowledge.judge().analyzer.terms(&one.text).list;
        let terms: HashSet<Key> = terms.into_iter().map(|term| term.key).collect();
        let near: BTreeSet<usize> = terms.iter().filter_map(|term| about.get(term)).flatten().copied().collect();
        let alike = said.get(&one.text).copied().or_else(|| near.into_iter().find(|at| is_alike(&groups[*at].0, &terms)));
        let at = alike.unwrap_or(groups.len());
        said.insert(one.text.clone(), at);
        if let Some((_, group)) = groups.get_mut(at) {
            group.now = now;
            group.questions.push(one);
        } else {
            for term in &terms {
                about.entry(term.clone()).or_default().push(at);
            }
            groups.push((terms, Group { questions: vec![one], people: 0, now }));
        }
    }
    let mut groups: Vec<Group> = groups.into_iter().map(|(_, group)| group).collect();
    for group in &mut groups {
        group.people = group.questions.iter().map(|one| one.person).collect::<HashSet<_>>().len();
    }
    groups.sort_by_key(|group| std::cmp::Reverse((group.people, group.shown().at)));
    groups
}

fn is_alike(one: &HashSet<Key>, other: &HashSet<Key>) -> bool {
    let shared = one.intersection(other).count();
    let all = one.len() + other.len() - shared;
    all > 0 && shared as f32 >= ALIKE * all as f32
}

/// What the FAQ says to an open question; `None` where it is open no longer.
fn now(knowledge: &Knowledge, one: &Missing, policy: &Policy) -> Option<Now> {
    let decision = knowledge.decide(&Question::new(&one.text, one.lang), policy).decision;
    let ids = || decision.entries.iter().map(|entry| knowledge.faq.entries[*entry].id.clone());
    match decision.outcome {
        Outcome::Care | Outcome::Silence => None,
        Outcome::Answer => ids().find(|id| one.wrong.contains(id)).map(Now::Wrong),
        Outcome::Decline if decision.reason == Reason::Signpost => ids().find(|id| one.wrong.contains(id)).map(Now::Wrong),
        Outcome::Decline => Some(Now::Declined),
        Outcome::Offer => Some(Now::Offered(ids().collect())),
    }
}

/// The entries that a question may mean, nearest first: what its words are near to, then the rest.
pub fn nearest(knowledge: &Knowledge, one: &Missing, policy: &Policy) -> Vec<usize> {
    let ranking = knowledge.decide(&Question::new(&one.text, one.lang), policy).ranking;
    let mut seen = HashSet::new();
    let all = ranking.into_iter().map(|found| found.entry).chain(knowledge.suggest("", None));
    let askable = |entry: &usize| knowledge.faq.entries[*entry].kind != Kind::Care;
    all.filter(|entry| askable(entry) && seen.insert(*entry)).take(NEAREST).collect()
}

/// The words of a question that no entry has.
pub fn unknown_words(knowledge: &Knowledge, one: &Missing, policy: &Policy) -> Vec<String> {
    let verdict = knowledge.decide(&Question::new(&one.text, one.lang), policy);
    explain(&knowledge.faq, &knowledge.vocabulary, knowledge.judge(), &verdict, policy, one.lang).unknown
}
