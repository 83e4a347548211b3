//! What a change would mean for members: questions asked before, and those the FAQ must find, decided with both FAQs.
//!
//! Which questions were asked is left to the journal.

use std::collections::HashMap;

use crate::answering::{Outcome, Policy, Question};
use crate::faq::{Diagnostic, EntryId, Kind, Lang};
use crate::knowledge::Knowledge;

/// A question that would be answered otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// As asked, or as it stands in `must_find`.
    pub question: String,
    /// What answers it now; `None`: nothing.
    pub before: Option<EntryId>,
    /// What would.
    pub after: Option<EntryId>,
    /// Whether an entry says that it must be found by this.
    pub is_must: bool,
}

/// The questions that would be answered by another entry: those that entries must be found by first, then `asked`, then the entries' own
/// questions, each once.
pub fn moved(before: &Knowledge, after: &Knowledge, asked: &[(String, Lang)], policy: &Policy) -> Vec<Moved> {
    let entries = || before.faq.entries.iter().filter(|entry| entry.kind != Kind::Care);
    let musts = entries().flat_map(|entry| entry.must_find.iter().map(|text| (text, Lang::Ja, true)));
    // What would not be there any more is not asked for.
    let stays = entries().filter(|entry| after.faq.entry(&entry.id).is_some());
    let own = stays.flat_map(|entry| entry.question.texts().map(|(lang, text)| (text, lang, false)));
    let asked = asked.iter().map(|(text, lang)| (text.as_str(), *lang, false));
    let mut seen = std::collections::HashSet::new();
    let questions = musts.chain(asked).chain(own).filter(|(text, ..)| seen.insert(*text));
    questions
        .filter_map(|(text, lang, is_must)| {
            let question = Question::new(text, lang);
            let (before, after) = (answered(before, &question, policy), answered(after, &question, policy));
            (before != after).then(|| Moved { question: text.to_owned(), before, after, is_must })
        })
        .collect()
}

/// What asking the FAQ its own questions shows that it did not show before.
pub fn newly_wrong(before: &Knowledge, after: &Knowledge) -> Vec<Diagnostic> {
    let known = before.search_warnings(&HashMap::new());
    let mut found = after.search_warnings(&HashMap::new());
    found.retain(|one| known.iter().all(|known| known.problem != one.problem));
    found
}

/// The entry that answers a question.
fn answered(knowledge: &Knowledge, question: &Question, policy: &Policy) -> Option<EntryId> {
    let decision = knowledge.decide(question, policy).decision;
    let first = decision.entries.first().filter(|_| decision.outcome == Outcome::Answer)?;
    Some(knowledge.faq.entries[*first].id.clone())
}
