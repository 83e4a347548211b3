//! A verdict -> what we say: the FAQ's own texts with links, related entries and choices, in the asker's language.
//!
//! No sentence is made here: every one comes from the FAQ or from `phrases.rs`. How it looks is left to the shells.

use time::Date;

use super::decision::{Outcome, Reason, Verdict};
use super::phrases;
use crate::faq::{Entry, EntryId, Faq, Kind, Lang};

/// How many related entries stand under an answer.
const MAX_RELATED: usize = 3;

/// What we say.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// One answer, or two after a sentence that says so.
    Answer {
        /// Said first, where there are two.
        lead: Option<&'static str>,
        /// One or two.
        answers: Vec<Answer>,
    },
    /// A question back.
    Offer {
        /// What is asked.
        lead: &'static str,
        /// One to three.
        choices: Vec<Choice>,
    },
    /// The FAQ has no answer.
    Decline {
        /// That it has none; nothing where a signpost says so itself.
        text: Option<&'static str>,
        /// Says why there is none and where to look.
        signpost: Option<Answer>,
        /// Entries that are near.
        nearby: Vec<Choice>,
    },
    /// Nothing to answer; perhaps a word back.
    Silence {
        /// A greeting for a greeting; `None` is silence.
        text: Option<String>,
    },
    /// One gentle text and where to turn.
    Care {
        /// The care entry.
        answer: Answer,
        /// That nothing was kept.
        note: &'static str,
    },
}

/// An entry as shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The entry.
    pub id: EntryId,
    /// Its question.
    pub question: String,
    /// Its answer.
    pub text: String,
    /// Title and address of each page to read on.
    pub links: Vec<(String, String)>,
    /// Entries worth reading next.
    pub related: Vec<Choice>,
    /// Where the facts come from.
    pub source: Option<String>,
    /// When they were last checked.
    pub reviewed: Option<Date>,
    /// Said where the asker's language is missing.
    pub other_language: Option<&'static str>,
}

/// An entry to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The entry.
    pub id: EntryId,
    /// Its question.
    pub question: String,
    /// A short form of it, where the FAQ has one.
    pub label: Option<String>,
}

impl Choice {
    /// The short form, or the question.
    pub fn short(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.question)
    }
}

/// Puts a verdict into words.
pub fn reply(faq: &Faq, lang: Lang, verdict: &Verdict) -> Reply {
    let decision = &verdict.decision;
    let entries = || decision.entries.iter().map(|entry| &faq.entries[*entry]);
    let answers = || entries().map(|entry| answer(faq, entry, lang));
    let choices = || entries().map(|entry| choice(entry, lang)).collect::<Vec<_>>();
    match (decision.outcome, decision.reason) {
        // Two lists of related entries under two answers would have the same numbers.
        (Outcome::Answer, Reason::TwoQuestions) => Reply::Answer {
            lead: Some(phrases::TWO_ANSWERS.get(lang)),
            answers: answers().map(|answer| Answer { related: Vec::new(), ..answer }).collect(),
        },
        (Outcome::Answer, _) => Reply::Answer { lead: None, answers: answers().collect() },
        (Outcome::Offer, Reason::Correction) => Reply::Offer { lead: phrases::CORRECTED.get(lang), choices: choices() },
        (Outcome::Offer, _) => Reply::Offer { lead: phrases::OFFER.get(lang), choices: choices() },
        (Outcome::Decline, Reason::Signpost) => Reply::Decline { text: None, signpost: answers().next(), nearby: Vec::new() },
        (Outcome::Decline, _) => Reply::Decline { text: Some(phrases::DECLINE.get(lang)), signpost: None, nearby: choices() },
        (Outcome::Silence, Reason::Greeting | Reason::Empty) => Reply::Silence { text: Some(greeting(faq, lang)) },
        (Outcome::Silence, Reason::Thanks) => Reply::Silence { text: Some(phrases::WELCOME.get(lang).to_owned()) },
        (Outcome::Silence, _) => Reply::Silence { text: None },
        (Outcome::Care, _) => match answers().next() {
            Some(answer) => Reply::Care { answer, note: phrases::NOT_RECORDED.get(lang) },
            None => Reply::Silence { text: None },
        },
    }
}

/// Who we are, and the topics one can ask about.
pub fn greeting(faq: &Faq, lang: Lang) -> String {
    let topics: Vec<&str> = faq.topics_to_ask().map(|topic| topic.title.nearest(lang).1).collect();
    format!("{}\n{}{}", phrases::GREETING.get(lang), phrases::TOPICS.get(lang), topics.join(phrases::SEPARATOR.get(lang)))
}

/// An entry as one line to choose.
pub fn choice(entry: &Entry, lang: Lang) -> Choice {
    let label = entry.label.as_ref().and_then(|label| label.get(lang)).map(str::to_owned);
    Choice { id: entry.id.clone(), question: entry.question.nearest(lang).1.to_owned(), label }
}

fn answer(faq: &Faq, entry: &Entry, lang: Lang) -> Answer {
    let (shown, text) = entry.answer.nearest(lang);
    // Two names of one entry are one entry; care is never offered.
    let mut related: Vec<usize> = Vec::new();
    for at in entry.related.iter().filter_map(|id| faq.position(id)) {
        if !related.contains(&at) && faq.entries[at].kind != Kind::Care {
            related.push(at);
        }
    }
    let related = related.into_iter().map(|at| &faq.entries[at]).take(MAX_RELATED);
    let links = entry.links.iter().map(|link| (link.title.nearest(lang).1.to_owned(), link.url.clone()));
    Answer {
        id: entry.id.clone(),
        question: entry.question.nearest(lang).1.to_owned(),
        text: text.trim_end().to_owned(),
        links: links.collect(),
        related: related.map(|entry| choice(entry, lang)).collect(),
        source: entry.source.as_ref().map(|source| source.nearest(lang).1.to_owned()),
        reviewed: entry.reviewed,
        other_language: (shown != lang).then(|| phrases::ONLY_OTHER_LANGUAGE.get(lang)),
    }
}
