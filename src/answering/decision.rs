//! Ranked entries -> what to do: answer, offer, decline, keep silent, or care; always with the reason.
//!
//! What is then said is left to `reply.rs`. Precedence: care, chatter, `not_about`, patterns, remarks, blockers, score.

use std::cell::LazyCell;

use serde::{Deserialize, Serialize};

use super::analyzer::{Analyzer, Key, Terms};
use super::care::Care;
use super::chatter::{Chatter, Listener, is_whole_word};
use super::index::{Index, Match, sort};
use super::normalize::{normalize, pattern_text};
use super::question::{Question, sentences};
use crate::faq::{Faq, Kind, Lang, Pattern, Vocabulary};

/// When to speak. Scores are between 0 and 1.
///
/// The defaults were chosen on 2026-11-23 on all questions in `tests/questions` but those of chatter, as the README tells.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// The best entry is answered from this score on …
    pub answer_at: f32,
    /// … if it leads the second by this much.
    pub margin: f32,
    /// From this score on up to three entries are offered.
    pub offer_at: f32,
    /// Where nobody addressed the bot, the best entry is answered from this score on, and nothing is offered.
    pub watch_answer_at: f32,
}

impl Default for Policy {
    fn default() -> Self {
        Policy { answer_at: 0.6, margin: 0.12, offer_at: 0.3, watch_answer_at: 0.8 }
    }
}

impl Policy {
    /// Where nobody addressed the bot it speaks only for what it is surest of. Chosen on one set of 400 messages that members wrote to
    /// each other, of which it would have answered none; of another 400 it answers two (`tests/questions/chatter-*.jsonl`, 2026-11-23).
    #[must_use]
    pub const fn unaddressed(self) -> Self {
        /// The surest answers leave no doubt between two.
        const MARGIN: f32 = 0.2;
        let margin = if self.margin > MARGIN { self.margin } else { MARGIN };
        Policy { answer_at: self.watch_answer_at, margin, offer_at: self.watch_answer_at, ..self }
    }
}

/// Declines name nearby topics from this score on.
const NEARBY_AT: f32 = 0.2;
/// As many choices as a phone shows beside the message that offers them.
const MAX_CHOICES: usize = 3;
/// A follow-up's own words count fully, those of the answer it replies to by half.
const CONTEXT_SHARE: f32 = 0.5;
/// … if the FAQ knows more than this share of its own words: 「ぬるぽ」 shares two characters with anything.
const OWN_SHARE: f32 = 0.5;
/// Entries that the answered one names as related are likelier to be meant by a follow-up.
const RELATED_BONUS: f32 = 0.1;
/// A text of up to this many sentences is also understood as a whole: what the first says helps the second.
const SHORT_STORY: usize = 3;

/// What happens to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// One entry is clearly meant, or two sentences each mean one.
    Answer,
    /// One of several entries may be meant: the asker chooses.
    Offer,
    /// The FAQ does not say.
    Decline,
    /// Nothing was asked.
    Silence,
    /// Somebody needs people, not a FAQ.
    Care,
}

impl Outcome {
    /// Its name in JSON, in the journal and in figures.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Answer => "answer",
            Outcome::Offer => "offer",
            Outcome::Decline => "decline",
            Outcome::Silence => "silence",
            Outcome::Care => "care",
        }
    }
}

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// One entry fits well and leads the others.
    Clear,
    /// A pattern matches: of one entry, or of several, which are offered.
    Pattern,
    /// Two sentences each fit an entry of their own.
    TwoQuestions,
    /// More than two sentences each fit an entry of their own: they are offered.
    ManyQuestions,
    /// Together with the answer it replies to, one entry fits well.
    FollowUp,
    /// Several entries fit about equally well.
    Close,
    /// Entries fit, but none well.
    Weak,
    /// An entry fits well what was told, but nothing was asked.
    Unasked,
    /// The last answer was wrong; these come next.
    Correction,
    /// The topic is known, the FAQ has no answer to it, and says where to look.
    Signpost,
    /// No entry is near.
    Unknown,
    /// There were no words.
    Empty,
    /// A greeting.
    Greeting,
    /// A thank-you.
    Thanks,
    /// A nod.
    Acknowledgement,
    /// A remark or an announcement.
    Statement,
    /// A care entry's patterns and examples speak for it.
    Care,
}

/// What to do, and with which entries.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// What happens.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// Answer: one, or two for two questions (of which one may be a signpost). Offer: the choices. Decline: the signpost, or nearby entries. Care: its entry.
    pub entries: Vec<usize>,
}

/// A decision with what it was made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What to do.
    pub decision: Decision,
    /// The entries that fit, best first.
    pub ranking: Vec<Match>,
    /// The text that decided: a sentence of the question, or all of it; for a correction the wrong entry's question.
    pub decisive: String,
}

impl Verdict {
    fn new(outcome: Outcome, reason: Reason, entries: Vec<usize>) -> Self {
        Verdict { decision: Decision { outcome, reason, entries }, ranking: Vec::new(), decisive: String::new() }
    }

    fn with(mut self, ranking: Vec<Match>, decisive: &str) -> Self {
        self.ranking = ranking;
        decisive.clone_into(&mut self.decisive);
        self
    }
}

/// Everything a decision needs to know of the FAQ, built once.
#[derive(Debug)]
pub struct Judge {
    /// Reads texts.
    pub analyzer: Analyzer,
    /// Finds entries.
    pub index: Index,
    care: Care,
    listener: Listener,
    patterns: Vec<(usize, Pattern)>,
    /// For each entry, the words that rule it out, in their one spelling.
    not_about: Vec<Vec<String>>,
}

impl Judge {
    /// Whether a text asks something: by its punctuation, its ending or a word that asks.
    pub fn asks(&self, text: &str) -> bool {
        self.listener.asks(text)
    }

    /// Prepares a FAQ for questions.
    pub fn new(faq: &Faq, vocabulary: &Vocabulary) -> Self {
        let (care, (analyzer, index)) = std::thread::scope(|scope| {
            // The two halves of the work know nothing of each other; together they are most of a start.
            let care = scope.spawn(|| Care::new(faq, vocabulary));
            let analyzer = Analyzer::new(vocabulary);
            let index = Index::new(faq, vocabulary, &analyzer);
            (care.join().expect("learning does not panic"), (analyzer, index))
        });
        let spelling = |word: &str| Some(normalize(word).text).filter(|spelling| !spelling.is_empty());
        let not_about = faq.entries.iter().map(|entry| match entry.kind {
            // For care these are messages to learn from, not words.
            Kind::Care => Vec::new(),
            Kind::Answer | Kind::Signpost => entry.not_about.iter().filter_map(spelling).collect(),
        });
        let ordinary = faq.entries.iter().enumerate().filter(|(_, entry)| entry.kind != Kind::Care);
        let patterns = ordinary.flat_map(|(at, entry)| entry.patterns.iter().map(move |pattern| (at, pattern.clone())));
        Judge {
            care,
            listener: Listener::new(vocabulary),
            patterns: patterns.collect(),
            not_about: not_about.collect(),
            analyzer,
            index,
        }
    }

    /// Whether whoever wrote this needs people, not a FAQ.
    pub fn is_cry(&self, text: &str) -> bool {
        self.care.is_cry(text)
    }

    /// Decides. Pure: the same question gets the same verdict.
    pub fn decide(&self, faq: &Faq, question: &Question, policy: &Policy) -> Verdict {
        if let Some(entry) = self.care.entry(&question.text) {
            return Verdict::new(Outcome::Care, Reason::Care, vec![entry]);
        }
        let about = question.about.as_ref().and_then(|id| faq.position(id));
        match self.listener.chatter(&question.text) {
            Some(Chatter::Correction) => match about {
                Some(entry) => self.next_candidates(faq, entry, question.lang),
                None => Verdict::new(Outcome::Silence, Reason::Acknowledgement, Vec::new()),
            },
            // A pattern leads to its entry whatever the sentence ends with.
            Some(Chatter::Statement) if !self.matched(&question.text).is_empty() => self.search(faq, question, about, policy),
            Some(chatter) => Verdict::new(Outcome::Silence, reason_of(chatter), Vec::new()),
            None => self.search(faq, question, about, policy),
        }
    }

    fn search(&self, faq: &Faq, question: &Question, about: Option<usize>, policy: &Policy) -> Verdict {
        let sentences = sentences(&question.text);
        let alone = match sentences.as_slice() {
            [] | [_] => self.judge(faq, &question.text, policy),
            several => self.judge_story(faq, &question.text, several, policy),
        };
        let is_settled =
            alone.decision.outcome == Outcome::Answer || matches!(alone.decision.reason, Reason::Signpost | Reason::Pattern);
        let verdict = match about {
            Some(entry) if !is_settled => {
                let follow_up = self.judge_follow_up(faq, question, entry, policy);
                follow_up.filter(|verdict| verdict.decision.outcome != Outcome::Decline).unwrap_or(alone)
            }
            _ => alone,
        };
        if self.listener.tells(&question.text) { unasked(verdict, policy) } else { verdict }
    }

    /// Several sentences: each that asks may mean an entry; a short text is also understood as a whole.
    fn judge_story(&self, faq: &Faq, text: &str, sentences: &[&str], policy: &Policy) -> Verdict {
        let mut asking: Vec<&str> = sentences.iter().copied().filter(|sentence| self.listener.asks(sentence)).collect();
        if asking.is_empty() {
            asking = sentences.to_vec();
        }
        let judged: Vec<Verdict> = asking.iter().map(|sentence| self.judge(faq, sentence, policy)).collect();
        let mut clear: Vec<&Verdict> = Vec::new();
        let is_clear =
            |verdict: &&Verdict| verdict.decision.outcome == Outcome::Answer || verdict.decision.reason == Reason::Signpost;
        for verdict in judged.iter().filter(is_clear) {
            if clear.iter().all(|known| known.decision.entries != verdict.decision.entries) {
                clear.push(verdict);
            }
        }
        if let [first, second] = clear[..]
            && clear.iter().any(|verdict| verdict.decision.outcome == Outcome::Answer)
        {
            let entries = [first, second].iter().flat_map(|verdict| verdict.decision.entries.clone()).collect();
            let ranking = merged(&first.ranking, &second.ranking);
            let decisive = format!("{} {}", first.decisive, second.decisive);
            return Verdict::new(Outcome::Answer, Reason::TwoQuestions, entries).with(ranking, &decisive);
        }
        if clear.len() > 2 {
            let entries = clear.iter().flat_map(|verdict| verdict.decision.entries.clone()).take(MAX_CHOICES).collect();
            let ranking = clear.iter().fold(Vec::new(), |ranking, verdict| merged(&ranking, &verdict.ranking));
            return Verdict::new(Outcome::Offer, Reason::ManyQuestions, entries).with(ranking, text);
        }
        let whole = (sentences.len() <= SHORT_STORY).then(|| self.judge(faq, text, policy));
        let candidates = judged.into_iter().chain(whole);
        let rank = |verdict: &Verdict| {
            let settled = match verdict.decision.outcome {
                Outcome::Answer => 3,
                Outcome::Decline if verdict.decision.reason == Reason::Signpost => 2,
                Outcome::Offer => 1,
                _ => 0,
            };
            (settled, verdict.ranking.first().map_or(0.0, |best| best.score))
        };
        candidates
            .reduce(|best, next| {
                let ((best_rank, best_score), (next_rank, next_score)) = (rank(&best), rank(&next));
                if (next_rank, next_score) > (best_rank, best_score) { next } else { best }
            })
            .unwrap_or_else(|| Verdict::new(Outcome::Decline, Reason::Unknown, Vec::new()))
    }

    fn judge(&self, faq: &Faq, text: &str, policy: &Policy) -> Verdict {
        let terms = self.analyzer.terms(text);
        let ranking = self.rank(text, &terms);
        if let Some(verdict) = self.judge_patterns(faq, text, &ranking) {
            return verdict;
        }
        weigh(faq, &ranking, policy).with(ranking, text)
    }

    /// The entries that fit, without those that the question's words rule out.
    fn rank(&self, text: &str, terms: &Terms) -> Vec<Match> {
        let spelling = LazyCell::new(|| normalize(text).text);
        self.index.search_among(terms, |entry| self.not_about[entry].is_empty() || !self.is_ruled_out(entry, &spelling))
    }

    fn is_ruled_out(&self, entry: usize, spelling: &str) -> bool {
        let stands = |word: &String| {
            spelling.match_indices(word.as_str()).any(|(at, found)| is_whole_word(spelling, at, at + found.len()))
        };
        self.not_about[entry].iter().any(stands)
    }

    /// The entries whose patterns match and that nothing rules out, in the FAQ's order.
    fn matched(&self, text: &str) -> Vec<usize> {
        if self.patterns.is_empty() {
            return Vec::new();
        }
        let (as_patterns_see_it, spelling) = (pattern_text(text), normalize(text).text);
        let hits = self.patterns.iter().filter(|(_, pattern)| pattern.regex().is_match(&as_patterns_see_it));
        let mut entries: Vec<usize> = hits.map(|(entry, _)| *entry).collect();
        entries.dedup();
        entries.retain(|entry| !self.is_ruled_out(*entry, &spelling));
        entries
    }

    fn judge_patterns(&self, faq: &Faq, text: &str, ranking: &[Match]) -> Option<Verdict> {
        let mut entries = self.matched(text);
        let nearest = |entry: usize| ranking.iter().find(|found| found.entry == entry).map_or(0, |found| found.wording);
        let mut matches: Vec<Match> =
            entries.iter().map(|entry| Match { entry: *entry, score: 1.0, wording: nearest(*entry) }).collect();
        matches.extend(ranking.iter().filter(|found| !entries.contains(&found.entry)));
        let verdict = match entries[..] {
            [] => return None,
            [only] if faq.entries[only].kind == Kind::Signpost => Verdict::new(Outcome::Decline, Reason::Signpost, entries),
            [_] => Verdict::new(Outcome::Answer, Reason::Pattern, entries),
            [..] => {
                entries.truncate(MAX_CHOICES);
                Verdict::new(Outcome::Offer, Reason::Pattern, entries)
            }
        };
        Some(verdict.with(matches, text))
    }

    /// "必須？" in reply to an answer: its words, helped by those of the answered entry.
    ///
    /// `None` where the FAQ knows too little of it: then it would be the old question once more.
    fn judge_follow_up(&self, faq: &Faq, question: &Question, about: usize, policy: &Policy) -> Option<Verdict> {
        let text = question.text.as_str();
        let mut terms = self.analyzer.terms(text);
        let weight = |is_counted: &dyn Fn(&Key) -> bool| -> f32 {
            terms.list.iter().filter(|term| is_counted(&term.key)).map(|term| term.weight).sum()
        };
        if weight(&|key| self.index.knows(key)) <= OWN_SHARE * weight(&|_| true) {
            return None;
        }
        let own: Vec<_> = terms.list.iter().map(|term| term.key.clone()).collect();
        let (_, asked_before) = faq.entries[about].question.nearest(question.lang);
        for mut term in self.analyzer.terms(asked_before).list {
            if !own.contains(&term.key) {
                term.weight *= CONTEXT_SHARE;
                terms.list.push(term);
            }
        }
        let mut ranking = self.rank(text, &terms);
        for found in &mut ranking {
            if faq.entries[about].related.contains(&faq.entries[found.entry].id) {
                found.score = (found.score + RELATED_BONUS).min(1.0);
            }
        }
        // Whoever asks again wants something else than what was just said.
        ranking.retain(|found| found.entry != about);
        sort(&mut ranking);
        let mut verdict = weigh(faq, &ranking, policy).with(ranking, text);
        if verdict.decision.outcome == Outcome::Answer {
            verdict.decision.reason = Reason::FollowUp;
        }
        Some(verdict)
    }

    /// After "that is not what I meant", where the question is known: what else it may have asked for.
    pub fn other_candidates(&self, faq: &Faq, question: &Question, wrong: &[usize], policy: &Policy) -> Vec<usize> {
        let verdict = self.decide(faq, question, policy);
        let is_other = |found: &&Match| {
            found.score >= NEARBY_AT && !wrong.contains(&found.entry) && faq.entries[found.entry].kind != Kind::Care
        };
        verdict.ranking.iter().filter(is_other).map(|found| found.entry).take(MAX_CHOICES).collect()
    }

    /// After "that is not what I meant": what the answered entry calls related, then what is like it.
    pub fn next_candidates(&self, faq: &Faq, wrong: usize, lang: Lang) -> Verdict {
        let entry = &faq.entries[wrong];
        let (_, question) = entry.question.nearest(lang);
        let ranking = self.index.search(&self.analyzer.terms(question));
        let related = entry.related.iter().filter_map(|id| faq.position(id));
        let mut entries: Vec<usize> = Vec::new();
        for candidate in related.chain(ranking.iter().map(|found| found.entry)) {
            if candidate != wrong && faq.entries[candidate].kind != Kind::Care && !entries.contains(&candidate) {
                entries.push(candidate);
            }
        }
        entries.truncate(MAX_CHOICES);
        Verdict::new(Outcome::Offer, Reason::Correction, entries).with(ranking, question)
    }
}

/// What is told, not asked, gets no answer thrown at it: whoever wants one chooses it. A pattern leads to its entry all the same.
fn unasked(mut verdict: Verdict, policy: &Policy) -> Verdict {
    let decision = &mut verdict.decision;
    if decision.outcome == Outcome::Answer && decision.reason != Reason::Pattern {
        for found in verdict.ranking.iter().filter(|found| found.score >= policy.offer_at) {
            if !decision.entries.contains(&found.entry) && decision.entries.len() < MAX_CHOICES {
                decision.entries.push(found.entry);
            }
        }
        decision.outcome = Outcome::Offer;
        decision.reason = Reason::Unasked;
    }
    verdict
}

/// Two rankings as one: each entry with its better match.
fn merged(one: &[Match], other: &[Match]) -> Vec<Match> {
    let mut ranking: Vec<Match> = one.iter().chain(other).copied().collect();
    ranking.sort_by(|one, other| one.entry.cmp(&other.entry).then(other.score.total_cmp(&one.score)));
    ranking.dedup_by_key(|found| found.entry);
    sort(&mut ranking);
    ranking
}

/// Thresholds and margin.
fn weigh(faq: &Faq, ranking: &[Match], policy: &Policy) -> Verdict {
    let Some(best) = ranking.first() else {
        return Verdict::new(Outcome::Decline, Reason::Unknown, Vec::new());
    };
    let second = ranking.get(1).map_or(0.0, |second| second.score);
    let leads = best.score - second >= policy.margin;
    let is_signpost = faq.entries[best.entry].kind == Kind::Signpost;
    let choices = |at_least: f32| -> Vec<usize> {
        ranking.iter().take(MAX_CHOICES).filter(|found| found.score >= at_least).map(|found| found.entry).collect()
    };
    if best.score >= policy.answer_at && leads && is_signpost {
        Verdict::new(Outcome::Decline, Reason::Signpost, vec![best.entry])
    } else if best.score >= policy.answer_at && leads {
        Verdict::new(Outcome::Answer, Reason::Clear, vec![best.entry])
    } else if best.score >= policy.offer_at {
        let reason = if best.score >= policy.answer_at { Reason::Close } else { Reason::Weak };
        Verdict::new(Outcome::Offer, reason, choices(policy.offer_at))
    } else {
        Verdict::new(Outcome::Decline, Reason::Unknown, choices(NEARBY_AT))
    }
}

fn reason_of(chatter: Chatter) -> Reason {
    match chatter {
        Chatter::Empty => Reason::Empty,
        Chatter::Greeting => Reason::Greeting,
        Chatter::Thanks => Reason::Thanks,
        Chatter::Acknowledgement | Chatter::Correction => Reason::Acknowledgement,
        Chatter::Statement => Reason::Statement,
    }
}
