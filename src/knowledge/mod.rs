//! One immutable [`Knowledge`]: the FAQ, its vocabulary and everything prepared for questions, built in one gate with all checks.
//!
//! [`Library`] says where the files are: a folder, or the copy inside the binary; [`Reloader`] sees when somebody saved. Answering itself is
//! left to [`crate::answering`].

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use ring::digest;

use crate::answering::decision::Judge;
use crate::answering::explanation::explain;
use crate::answering::normalize::pattern_text;
use crate::answering::{Decision, Outcome, Policy, Question, Reason, Reply, Verdict, reply};
use crate::faq::{
    Class, Diagnostic, Entry, EntryId, Faq, Kind, Lang, Level, Localized, Pattern, Place, Problem, Source, VOCABULARY_FILE,
    Vocabulary, comparable, load,
};

mod library;
mod reload;
mod replace;

pub use library::Library;
pub use reload::{Change, LOOK_EVERY, Reloader};
pub use replace::{Unwritten, replace};

/// The shipped file with the entries for people in need.
const CARE_FILE: &str = "care.yaml";

/// Words that a half-written one may become; more would suggest anything.
const MAX_COMPLETIONS: usize = 3;

/// A FAQ ready for questions. Never changed: a new text makes a new one.
#[derive(Debug)]
pub struct Knowledge {
    /// What moderators wrote.
    pub faq: Faq,
    /// The words they gave the bot.
    pub vocabulary: Vocabulary,
    /// The first eight hexadecimal digits of a SHA-256 of the files it was built from: another text, another version.
    pub version: String,
    judge: Judge,
    /// What somebody who is typing may be about to write; gathered when somebody first does.
    typing: OnceLock<Typing>,
}

/// What may be typed.
#[derive(Debug)]
struct Typing {
    /// For each entry its texts.
    entries: Vec<Typeable>,
    /// The vocabulary's words in the spelling of [`comparable`], in its order: 「やき」 may become 夜勤.
    words: Vec<Box<str>>,
}

/// An entry's texts in the spelling of [`comparable`], a line each: evened out once, not at each keystroke.
#[derive(Debug, Default)]
struct Typeable {
    questions: String,
    labels: String,
    also_asked: String,
}

impl Typeable {
    /// Nothing of an entry for care: nobody is asked whether that is what they are about to write.
    fn new(entry: &Entry) -> Self {
        if entry.kind == Kind::Care {
            return Typeable::default();
        }
        let texts = |localized: &Localized| lines(localized.texts().map(|(_, text)| text));
        Typeable {
            questions: texts(&entry.question),
            labels: entry.label.as_ref().map(texts).unwrap_or_default(),
            also_asked: lines(entry.also_asked.iter()),
        }
    }

    /// How near what was typed is, nearest first: a question begins so, a question holds it, another wording does.
    fn nearness(&self, typed: &str) -> Option<u8> {
        if self.questions.lines().any(|question| question.starts_with(typed)) {
            Some(0)
        } else if self.questions.contains(typed) {
            Some(1)
        } else {
            self.also_asked.contains(typed).then_some(2)
        }
    }

    /// Whether this is its question or its label.
    fn is_called(&self, wanted: &str) -> bool {
        self.questions.lines().chain(self.labels.lines()).any(|name| name == wanted)
    }
}

/// Names and bytes, each with its length, so that no two folders read the same.
fn version(sources: &[Source]) -> String {
    let mut digest = digest::Context::new(&digest::SHA256);
    for bytes in sources.iter().flat_map(|source| [source.name.as_bytes(), source.content.as_deref().unwrap_or_default()]) {
        digest.update(&bytes.len().to_be_bytes());
        digest.update(bytes);
    }
    let finished = digest.finish();
    let first = finished.as_ref().first_chunk().copied().unwrap_or_default();
    format!("{:08x}", u32::from_be_bytes(first))
}

/// The words for what the FAQ is about.
fn subjects(vocabulary: &Vocabulary) -> impl Iterator<Item = &str> {
    vocabulary.concepts.iter().filter(|concept| concept.class == Class::Core).flat_map(|concept| concept.forms.iter())
}

/// One line each; [`comparable`] leaves no line break in a text.
fn lines<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut lines = texts.map(comparable).collect::<Vec<_>>().join("\n");
    lines.shrink_to_fit();
    lines
}

/// The result of building: the knowledge if anything is usable, and all that is wrong.
#[derive(Debug)]
pub struct Built {
    /// `None` where no entry is usable.
    pub knowledge: Option<Knowledge>,
    /// In order of file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// Where the questions of `must_find` stand: for the check only, so that a FAQ in use need not keep it.
    must_find: HashMap<EntryId, Vec<Place>>,
}

impl Built {
    /// Whether something was left out.
    pub fn has_errors(&self) -> bool {
        self.count(Level::Error) > 0
    }

    /// Asks the FAQ its own questions and adds what is wrong with the replies: slower than answering, since every example is asked.
    #[must_use]
    pub fn check_by_searching(mut self) -> Self {
        let places = &self.must_find;
        self.diagnostics.extend(self.knowledge.iter().flat_map(|knowledge| knowledge.search_warnings(places)));
        Diagnostic::sort(&mut self.diagnostics);
        self
    }

    /// How many diagnostics there are of a level.
    pub fn count(&self, level: Level) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.problem.level() == level).count()
    }
}

impl Knowledge {
    /// The one gate: texts in, a checked and searchable FAQ out. Faulty entries are left out and reported.
    /// What only searching can show, [`Built::check_by_searching`] adds: warnings, which keep nobody from answering.
    ///
    /// `default` is the language of texts that name none.
    pub fn build(sources: &[Source], default: Lang) -> Built {
        let mut loaded = load(sources, default);
        if loaded.faq.entries.is_empty() {
            return Built { knowledge: None, diagnostics: loaded.diagnostics, must_find: HashMap::new() };
        }
        // A folder without a usable vocabulary, or without care for people in need, gets the shipped ones: never none.
        let vocabulary = loaded.vocabulary.take().or_else(|| load(&Library::shipped(VOCABULARY_FILE), default).vocabulary);
        let vocabulary = vocabulary.unwrap_or_default();
        if loaded.faq.entries.iter().all(|entry| entry.kind != Kind::Care) {
            let place = Place { file: CARE_FILE.to_owned(), ..Place::default() };
            loaded.diagnostics.push(Diagnostic { place, problem: Problem::NoCare });
            loaded.faq.append(load(&Library::shipped(CARE_FILE), default).faq);
            let faq = &loaded.faq;
            let is_there = |id: &str| EntryId::new(id).is_some_and(|id| faq.entry(&id).is_some());
            loaded.diagnostics.retain(|one| !matches!(&one.problem, Problem::UnknownEntry { id, .. } if is_there(id)));
            Diagnostic::sort(&mut loaded.diagnostics);
        }
        let diagnostics = loaded.diagnostics;
        let judge = Judge::new(&loaded.faq, &vocabulary);
        let knowledge =
            Some(Knowledge { faq: loaded.faq, vocabulary, version: version(sources), judge, typing: OnceLock::new() });
        Built { knowledge, diagnostics, must_find: loaded.must_find }
    }

    /// The verdict on a question: what to do, with the entries that fit.
    pub fn decide(&self, question: &Question, policy: &Policy) -> Verdict {
        self.judge.decide(&self.faq, question, policy)
    }

    /// What we say to a question.
    pub fn respond(&self, question: &Question, policy: &Policy) -> Reply {
        self.put(question, &self.decide(question, policy))
    }

    /// A verdict on a question in words.
    pub fn put(&self, question: &Question, verdict: &Verdict) -> Reply {
        reply::reply(&self.faq, question.lang, verdict)
    }

    /// The reply to somebody who chose an entry.
    pub fn show(&self, entry: usize, lang: Lang) -> Reply {
        let outcome = match self.faq.entries[entry].kind {
            Kind::Answer => Outcome::Answer,
            Kind::Signpost => Outcome::Decline,
            Kind::Care => Outcome::Care,
        };
        let reason = if outcome == Outcome::Decline { Reason::Signpost } else { Reason::Clear };
        let decision = Decision { outcome, reason, entries: vec![entry] };
        reply::reply(&self.faq, lang, &Verdict { decision, ranking: Vec::new(), decisive: String::new() })
    }

    /// What else a question may have asked for whose member was shown these entries and meant none of them; nothing where nothing is near.
    pub fn others_to(&self, question: &Question, wrong: &[EntryId], policy: &Policy) -> Vec<usize> {
        let wrong: Vec<usize> = wrong.iter().filter_map(|id| self.faq.position(id)).collect();
        self.judge.other_candidates(&self.faq, question, &wrong, policy)
    }

    /// What else may have been meant by somebody to whom the answer of an entry was of no use.
    pub fn others(&self, entry: usize, lang: Lang) -> Reply {
        reply::reply(&self.faq, lang, &self.judge.next_candidates(&self.faq, entry, lang))
    }

    /// The entry whose question or label, in any language, is this text.
    pub fn by_question(&self, text: &str) -> Option<usize> {
        let wanted = comparable(text);
        if wanted.is_empty() {
            return None;
        }
        self.askable().map(|(at, _)| at).find(|at| self.typing().entries[*at].is_called(&wanted))
    }

    /// Entries that somebody may be about to ask for, best first; `topic` keeps to one topic. Nothing typed yet: some of each topic.
    pub fn suggest(&self, typed: &str, topic: Option<usize>) -> Vec<usize> {
        let of_topic = |entry: &usize| topic.is_none_or(|topic| self.faq.entries[*entry].topic == topic);
        let wanted = comparable(typed);
        if wanted.is_empty() {
            return self.some_of_each_topic().filter(of_topic).collect();
        }
        // Whoever types a cry for help is not offered a question about night shifts.
        if self.judge.is_cry(typed) {
            return Vec::new();
        }
        let near = self.askable().filter_map(|(at, _)| Some((self.typing().entries[at].nearness(&wanted)?, at)));
        let mut near: Vec<(u8, usize)> = near.collect();
        near.sort_unstable();
        let search = |text: &str| {
            let is_of_topic = |entry| of_topic(&entry);
            self.judge.index.search_among(&self.judge.analyzer.terms(text), is_of_topic)
        };
        let mut found = search(typed);
        if near.is_empty() && found.is_empty() {
            // A word half written is no word yet: any that begins so may be meant. A Latin letter behind kana is half a kana.
            let begun = match wanted.trim_end_matches(|c: char| c.is_ascii_alphabetic()) {
                "" => wanted.as_str(),
                kana => kana,
            };
            let may_become = |spelling: &str| begun.chars().nth(1).is_some() && spelling.starts_with(begun);
            let words = self.typing().words.iter().zip(subjects(&self.vocabulary));
            let words = words.filter(|(spelling, _)| may_become(spelling)).take(MAX_COMPLETIONS);
            found = words.flat_map(|(_, word)| search(word)).collect();
        }
        let all = near.into_iter().map(|(_, at)| at).chain(found.iter().map(|found| found.entry));
        let mut is_new = vec![true; self.faq.entries.len()];
        all.filter(|entry| std::mem::replace(&mut is_new[*entry], false)).filter(of_topic).collect()
    }

    fn typing(&self) -> &Typing {
        self.typing.get_or_init(|| Typing {
            entries: self.faq.entries.iter().map(Typeable::new).collect(),
            words: subjects(&self.vocabulary).map(|form| comparable(form).into()).collect(),
        })
    }

    /// The first entry of each topic, then the second of each, and so on.
    fn some_of_each_topic(&self) -> impl Iterator<Item = usize> {
        let mut counts = vec![0; self.faq.topics.len()];
        let mut ranked: Vec<(usize, usize)> = Vec::new();
        for (at, entry) in self.askable() {
            ranked.push((counts[entry.topic], at));
            counts[entry.topic] += 1;
        }
        ranked.sort_unstable();
        ranked.into_iter().map(|(_, at)| at)
    }

    /// Entries that can be chosen: all but those for people in need, which are never offered.
    pub fn askable(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.faq.entries.iter().enumerate().filter(|(_, entry)| entry.kind != Kind::Care)
    }

    /// What the engine makes of texts; for explanations.
    pub fn judge(&self) -> &Judge {
        &self.judge
    }

    /// Every wording in the spelling of [`comparable`], with its entry.
    pub fn wordings(&self) -> HashMap<String, &EntryId> {
        let wordings = |entry| Entry::wordings(entry).map(move |wording| (comparable(wording), &entry.id));
        self.faq.entries.iter().flat_map(wordings).collect()
    }

    /// The warnings that need the finished index.
    /// What asking the FAQ its own questions shows; places of `must_find` are those of the entry where none are given.
    pub fn search_warnings(&self, must_find: &HashMap<EntryId, Vec<Place>>) -> Vec<Diagnostic> {
        let mut diagnostics = self.greedy_patterns();
        if !diagnostics.is_empty() {
            // Whatever else would be found comes of these.
            return diagnostics;
        }
        let twins = self.near_twins();
        for (at, entry) in self.faq.entries.iter().enumerate() {
            let mut report = |problem| diagnostics.push(Diagnostic { place: Place::clone(&entry.place), problem });
            if entry.kind == Kind::Care {
                for wording in entry.also_asked.iter().filter(|wording| !self.judge.is_cry(wording)) {
                    report(Problem::CareUncaught { wording: (*wording).to_owned() });
                }
                for wording in entry.not_about.iter().filter(|wording| self.judge.is_cry(wording)) {
                    report(Problem::CareFalse { wording: (*wording).to_owned() });
                }
                continue;
            }
            for (lang, question) in entry.question.texts() {
                let are_twins = |by: usize| twins.iter().any(|(one, other, _)| [*one, *other] == [at.max(by), at.min(by)]);
                let verdict = self.decide(&Question::new(question, lang), &Policy::default());
                let question = question.to_owned();
                match first(&verdict) {
                    _ if verdict.decision.reason == Reason::Unasked || verdict.decision.outcome == Outcome::Silence => {
                        report(Problem::NotAsked { question });
                    }
                    Some(by) if by != at && !are_twins(by) => report(Problem::Shadowed { by: self.id(by) }),
                    Some(by) if by == at && verdict.decision.reason == Reason::Weak => {
                        let asked = pattern_text(&question);
                        let pattern = regex::escape(asked.trim_end_matches(['?', '。', '.'])).replace('\'', "''");
                        report(Problem::OnlyOffered { question, pattern });
                    }
                    _ => {}
                }
            }
            for (_, twin, question) in twins.iter().filter(|(later, ..)| *later == at) {
                let place = Box::new(self.faq.entries[*twin].place.clone());
                report(Problem::NearTwin { question: (*question).to_owned(), twin: self.id(*twin), place });
            }
            self.check_patterns(at, entry, &mut report);
            let known: HashSet<String> =
                if entry.must_find.is_empty() { HashSet::new() } else { entry.wordings().map(comparable).collect() };
            for (nth, question) in entry.must_find.iter().enumerate() {
                let place = must_find.get(&entry.id).and_then(|places| places.get(nth)).unwrap_or(&entry.place).clone();
                diagnostics.extend(self.must_find_fault(at, question, &known).map(|problem| Diagnostic { place, problem }));
            }
        }
        diagnostics
    }

    /// Pairs of entries that find each other nearly as well as themselves, the later one first, with its question. The measure is the one
    /// by which questions are answered: asked an entry's own question, the bot is not sure of it where another is less than
    /// [`Policy::margin`] behind. One way alone is no fault (a general question is near to a special one); both ways, no wording of
    /// either tells which is meant. Of the shipped FAQ two questions have another entry so near, and none both ways (2026-11-23).
    fn near_twins(&self) -> Vec<(usize, usize, &str)> {
        let policy = Policy::default();
        let rivals = |at: usize| {
            let questions = self.faq.entries[at].question.texts();
            questions.filter_map(move |(lang, question)| {
                let ranking = self.decide(&Question::new(question, lang), &policy).ranking;
                let own = ranking.iter().find(|found| found.entry == at)?;
                let rival = ranking.iter().find(|found| found.entry != at)?;
                (own.score - rival.score < policy.margin).then_some((rival.entry, question))
            })
        };
        let rivals: Vec<Vec<(usize, &str)>> = (0..self.faq.entries.len()).map(|at| rivals(at).collect()).collect();
        let pairs =
            rivals.iter().enumerate().flat_map(|(at, of)| of.iter().map(move |(rival, question)| (at, *rival, *question)));
        let is_mutual = |at: usize, rival: usize| rivals[rival].iter().any(|(back, _)| *back == at);
        let mut twins: Vec<_> = pairs.filter(|(at, rival, _)| rival < at && is_mutual(*at, *rival)).collect();
        // Near in two languages, a pair is told once.
        twins.dedup_by_key(|(at, twin, _)| (*at, *twin));
        twins
    }

    /// Patterns that take so many other entries' wordings that nothing is found as it would be without them.
    fn greedy_patterns(&self) -> Vec<Diagnostic> {
        /// Of a small FAQ a pattern may well take a fourth.
        const AT_LEAST: usize = 4;
        let most = (self.faq.entries.len() / 4).max(AT_LEAST);
        let is_greedy = |at: usize, pattern: &Pattern| {
            let is_hit = |entry: &Entry| entry.wordings().any(|wording| pattern.regex().is_match(&pattern_text(wording)));
            let others = self.faq.entries.iter().enumerate().filter(|(other, _)| *other != at);
            others.filter(|(_, entry)| is_hit(entry)).nth(most).is_some()
        };
        let entries = self.faq.entries.iter().enumerate();
        let greedy = entries.flat_map(|(at, entry)| {
            let patterns = entry.patterns.iter().filter(move |_| entry.kind != Kind::Care);
            patterns.filter(move |pattern| is_greedy(at, pattern)).map(|pattern| Diagnostic {
                place: entry.place.clone(),
                problem: Problem::PatternTakesAll { pattern: pattern.written.to_string() },
            })
        });
        greedy.collect()
    }

    fn check_patterns(&self, at: usize, entry: &Entry, report: &mut impl FnMut(Problem)) {
        for pattern in &entry.patterns {
            let text = pattern.written.to_string();
            let is_hit = |wording: &&str| pattern.regex().is_match(&pattern_text(wording));
            if entry.wordings().find(is_hit).is_none() {
                report(Problem::PatternUnused { pattern: text.clone() });
            }
            let others = self.faq.entries.iter().enumerate().filter(|(other, entry)| *other != at && entry.kind != Kind::Care);
            let taken = others.into_iter().find_map(|(_, other)| Some((other, other.wordings().find(is_hit)?)));
            if let Some((other, wording)) = taken {
                report(Problem::PatternTakesOther { pattern: text, wording: wording.to_owned(), owner: other.id.clone() });
            }
        }
    }

    /// What is wrong with a question that must find an entry; `known` are its wordings, to be compared.
    fn must_find_fault(&self, at: usize, question: &str, known: &HashSet<String>) -> Option<Problem> {
        let policy = Policy::default();
        let (written, question) = (question, question.to_owned());
        if known.contains(&comparable(written)) {
            return Some(Problem::MustFindKnown { question });
        }
        let verdict = self.decide(&Question::new(written, Lang::Ja), &policy);
        let Some(found) = first(&verdict) else { return Some(Problem::MustFindMissed { question, found: None }) };
        (found != at).then(|| {
            let explanation = explain(&self.faq, &self.vocabulary, &self.judge, &verdict, &policy, Lang::Ja);
            let lacks = explanation.candidates.first().map_or(&[][..], |first| &first.lacks);
            let shared: Vec<String> = explanation.counted.into_iter().filter(|word| !lacks.contains(word)).collect();
            Problem::MustFindMissed { question, found: Some((self.id(found), shared.join("、"))) }
        })
    }

    fn id(&self, entry: usize) -> EntryId {
        self.faq.entries[entry].id.clone()
    }
}

/// The entry a verdict puts first, whatever its score.
fn first(verdict: &Verdict) -> Option<usize> {
    let ranked = verdict.ranking.first().map(|found| found.entry);
    ranked.or_else(|| verdict.decision.entries.first().copied())
}
