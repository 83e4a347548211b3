//! Question tables -> figures: how often the right entry is found, offered, missed, or wrongly answered.
//!
//! A table is JSON Lines: `{"question", "accept": [ids], "lang", "tags"}`; `accept` empty where no entry answers. A line without `question`
//! describes the set and is passed over if it is the first. What the figures should be is left to whoever runs it.

use serde::{Deserialize, Serialize};

use crate::answering::{Outcome, Policy, Question, Reason};
use crate::faq::{EntryId, Lang, comparable};
use crate::knowledge::Knowledge;

/// One question with the entries that would content its asker.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    /// As asked.
    pub question: String,
    /// None: no entry answers it; silence, a decline or an offer is right.
    pub accept: Vec<String>,
    /// The language it is in.
    #[serde(default)]
    pub lang: Option<Lang>,
    /// The signpost entry whose topic it is, where it is one's.
    #[serde(default)]
    pub signpost: Option<String>,
    /// The care entry it calls for, where it is somebody in need.
    #[serde(default)]
    pub care: Option<String>,
    /// What is special about it: `kana`, `typo`, `near` …
    #[serde(default)]
    pub tags: Vec<String>,
}

/// What happened to one case.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The case.
    pub case: Case,
    /// What was decided.
    pub outcome: Outcome,
    /// The entries decided on.
    pub entries: Vec<EntryId>,
    /// Every entry that fits, best first.
    pub ranking: Vec<(EntryId, f32)>,
    /// Whether the reply says that the FAQ has no answer and where to look.
    pub is_signposted: bool,
}

impl Judged {
    /// How sure the bot is that the FAQ has an answer: the best score; 0 where nothing fits or was asked, and where a signpost is
    /// shown, since that says that there is none.
    pub fn confidence(&self) -> f32 {
        if self.is_signposted {
            return 0.0;
        }
        self.ranking.first().map_or(0.0, |(_, score)| *score)
    }

    /// Whether the case has an entry that answers it.
    pub fn in_scope(&self) -> bool {
        !self.case.accept.is_empty()
    }

    /// The first accepted entry's rank among the ranked ones, from 0.
    pub fn rank(&self) -> Option<usize> {
        self.ranking.iter().position(|(id, _)| self.accepts(id))
    }

    /// Answered, and with an accepted entry.
    pub fn is_direct(&self) -> bool {
        self.outcome == Outcome::Answer && self.entries.iter().any(|id| self.accepts(id))
    }

    /// Answered, and with no accepted entry.
    pub fn is_wrong(&self) -> bool {
        self.outcome == Outcome::Answer && !self.is_direct()
    }

    /// Answered rightly, or an accepted entry is among those offered.
    pub fn is_helped(&self) -> bool {
        self.is_direct() || (self.outcome == Outcome::Offer && self.entries.iter().any(|id| self.accepts(id)))
    }

    /// In need and not cared for; in scope and not answered rightly; neither, and answered or cared for; a signpost's topic and not shown
    /// the way.
    pub fn is_miss(&self) -> bool {
        let shown_elsewhere = |id: &String| self.entries.first().is_none_or(|shown| shown.as_str() != id);
        let cared = self.outcome == Outcome::Care;
        match (self.in_scope(), &self.case.care) {
            (_, Some(_)) => !cared,
            (true, None) => !self.is_direct(),
            (false, None) => self.is_wrong() || cared || self.case.signpost.as_ref().is_some_and(shown_elsewhere),
        }
    }

    fn accepts(&self, id: &EntryId) -> bool {
        self.case.accept.iter().any(|accepted| accepted == id.as_str())
    }
}

/// Shares of a set, between 0 and 1; not a number, and `null` in JSON, where the set has no question to measure one on.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Figures {
    /// Questions in the set.
    pub questions: usize,
    /// Those an entry answers.
    pub in_scope: usize,
    /// Of in-scope questions: an accepted entry ranks first.
    pub top1: f64,
    /// Of in-scope questions: an accepted entry is among the first three.
    pub top3: f64,
    /// Of in-scope questions: answered, and rightly.
    pub direct: f64,
    /// Of in-scope questions: answered rightly, or offered.
    pub helped: f64,
    /// Of in-scope questions: declined.
    pub declined: f64,
    /// Of all questions: answered, and wrongly.
    pub wrong: f64,
    /// How well the confidence (see [`Judged::confidence`]) tells in-scope questions from others: .5 is chance, 1 is always.
    pub auroc: f64,
}

impl Figures {
    /// The names of the shares.
    pub const NAMES: [&str; 7] = ["top1", "top3", "direct", "helped", "declined", "wrong", "auroc"];

    /// A figure by its name in [`Figures::NAMES`], in percent; the AUROC too. Not a number for other names.
    pub fn percent(&self, name: &str) -> f64 {
        let values = [self.top1, self.top3, self.direct, self.helped, self.declined, self.wrong, self.auroc];
        let at = Self::NAMES.iter().position(|known| *known == name);
        at.map_or(f64::NAN, |at| values[at] * 100.0)
    }
}

/// Why a table cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// A line is not what a table holds.
    #[error("line {line} is not what a table holds")]
    Line {
        /// From 1.
        line: usize,
        /// What the JSON reader says.
        source: serde_json::Error,
    },
    /// An id that the FAQ does not have.
    #[error("line {line}: the FAQ has no entry `{id}`")]
    UnknownEntry {
        /// From 1.
        line: usize,
        /// As written.
        id: String,
    },
    /// A question that the FAQ itself holds measures nothing.
    #[error("line {line}: `{question}` is a wording of the entry `{id}`: a leak, remove it from one of the two")]
    Leak {
        /// From 1.
        line: usize,
        /// As written.
        question: String,
        /// Whose wording it is.
        id: EntryId,
    },
    /// There is nothing to measure.
    #[error("no questions")]
    Empty,
}

/// Reads a table and holds it against the FAQ.
///
/// # Errors
/// A malformed line, an unknown entry, a question that is a wording of the FAQ, or no question at all.
pub fn read_table(text: &str, knowledge: &Knowledge) -> Result<Vec<Case>, TableError> {
    let mut cases = Vec::new();
    let wordings = knowledge.wordings();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (nth, content) in text.lines().enumerate().filter(|(_, content)| !content.trim().is_empty()) {
        let line = nth + 1;
        let value: serde_json::Value = serde_json::from_str(content).map_err(|source| TableError::Line { line, source })?;
        // A list of nothing is a table of nothing, as some programs write it.
        if value.as_array().is_some_and(Vec::is_empty) {
            continue;
        }
        if nth == 0 && value.is_object() && value.get("question").is_none() {
            continue;
        }
        let mut case: Case = serde_json::from_value(value).map_err(|source| TableError::Line { line, source })?;
        for id in case.accept.iter_mut().chain(&mut case.signpost).chain(&mut case.care) {
            match EntryId::new(id).and_then(|id| knowledge.faq.entry(&id)) {
                Some(entry) => *id = entry.id.to_string(),
                None => return Err(TableError::UnknownEntry { line, id: id.clone() }),
            }
        }
        if let Some(owner) = wordings.get(&comparable(&case.question)) {
            return Err(TableError::Leak { line, question: case.question, id: (*owner).clone() });
        }
        cases.push(case);
    }
    if cases.is_empty() { Err(TableError::Empty) } else { Ok(cases) }
}

/// Asks every question of a table.
pub fn judge(knowledge: &Knowledge, cases: Vec<Case>, policy: &Policy) -> Vec<Judged> {
    let id = |entry: usize| knowledge.faq.entries[entry].id.clone();
    cases
        .into_iter()
        .map(|case| {
            let question = Question::new(&case.question, case.lang.unwrap_or(Lang::Ja));
            let verdict = knowledge.decide(&question, policy);
            Judged {
                case,
                outcome: verdict.decision.outcome,
                is_signposted: verdict.decision.reason == Reason::Signpost,
                entries: verdict.decision.entries.iter().map(|entry| id(*entry)).collect(),
                ranking: verdict.ranking.iter().map(|found| (id(found.entry), found.score)).collect(),
            }
        })
        .collect()
}

/// The figures of a judged set.
pub fn figures<'a>(judged: impl IntoIterator<Item = &'a Judged>) -> Figures {
    let judged: Vec<&Judged> = judged.into_iter().collect();
    let (within, outside): (Vec<&Judged>, Vec<&Judged>) = judged.iter().partition(|judged| judged.in_scope());
    let share = |set: &[&Judged], is: &dyn Fn(&Judged) -> bool| {
        // Nothing out of nothing is no number, neither 0 nor 1.
        set.iter().filter(|judged| is(judged)).count() as f64 / set.len() as f64
    };
    Figures {
        questions: judged.len(),
        in_scope: within.len(),
        top1: share(&within, &|judged| judged.rank() == Some(0)),
        top3: share(&within, &|judged| judged.rank().is_some_and(|rank| rank < 3)),
        direct: share(&within, &Judged::is_direct),
        helped: share(&within, &Judged::is_helped),
        declined: share(&within, &|judged| judged.outcome == Outcome::Decline),
        wrong: share(&judged, &Judged::is_wrong),
        auroc: auroc(&within, &outside),
    }
}

/// The probability that an in-scope question scores higher than another one; equal scores count half.
fn auroc(within: &[&Judged], outside: &[&Judged]) -> f64 {
    if within.is_empty() || outside.is_empty() {
        return f64::NAN;
    }
    let mut higher = 0.0;
    for one in within {
        for other in outside {
            higher += match one.confidence().total_cmp(&other.confidence()) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    higher / (within.len() * outside.len()) as f64
}
