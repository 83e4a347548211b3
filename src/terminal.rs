//! The bot in a terminal: conversation, single questions, JSON lines. Lays replies out by the width of Japanese characters.
//!
//! What is said is decided in [`crate::answering`]; which command runs, and where the FAQ comes from, in `cli.rs`.

use std::io::{self, BufRead, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use rustyline::error::ReadlineError;
use serde::Serialize;
use textwrap::{Options, WordSeparator, WordSplitter};

use crate::answering::explanation::{Explanation, explain};
use crate::answering::phrases;
use crate::answering::{Answer, Choice, Outcome, Policy, Question, Reason, Reply, Verdict};
use crate::faq::{EntryId, Lang};
use crate::knowledge::Knowledge;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const LINK: Style = AnsiColor::Cyan.on_default().underline();

/// Lines longer than this are hard to read, however wide the window.
const MAX_WIDTH: usize = 100;

/// Talks until the input ends: with line editing on a terminal, plainly where input is piped.
///
/// # Errors
/// The terminal or the output fails.
pub fn chat(knowledge: &Knowledge, policy: &Policy, lang: Option<Lang>, fallback: Lang) -> anyhow::Result<()> {
    let mut conversation = Conversation { knowledge, policy, lang, fallback, choices: Vec::new(), about: None };
    let mut out = anstream::stdout();
    if !io::stdin().is_terminal() {
        for line in io::stdin().lock().split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            if !line.trim().is_empty() {
                writeln!(out, "{}\n", conversation.turn(&line))?;
            }
        }
        return Ok(());
    }
    let spoken = lang.unwrap_or(fallback);
    writeln!(out, "{}\n{DIM}{}{DIM:#}\n", wrapped(phrases::GREETING.get(spoken), ""), phrases::CHAT_WELCOME.get(spoken))?;
    let mut editor = rustyline::DefaultEditor::new()?;
    loop {
        match editor.readline("> ") {
            Ok(line) if line.trim().is_empty() => {}
            Ok(line) => {
                editor.add_history_entry(&line)?;
                writeln!(out, "\n{}\n", conversation.turn(&line))?;
            }
            Err(ReadlineError::Eof | ReadlineError::Interrupted) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

/// What a conversation remembers: the last choices and the last entry answered.
struct Conversation<'a> {
    knowledge: &'a Knowledge,
    policy: &'a Policy,
    lang: Option<Lang>,
    fallback: Lang,
    choices: Vec<EntryId>,
    about: Option<EntryId>,
}

impl Conversation<'_> {
    fn turn(&mut self, line: &str) -> String {
        let question = asked(line, self.lang, self.fallback).about(self.about.clone());
        let reply = match (self.choices.is_empty(), number(&question.text)) {
            (false, Some(number)) => match number.checked_sub(1).and_then(|nth| self.choices.get(nth)) {
                Some(id) => self.chosen(&id.clone(), self.lang.unwrap_or(self.fallback)),
                None => return phrases::NO_SUCH_CHOICE.get(question.lang).to_owned(),
            },
            _ => self.knowledge.respond(&question, self.policy),
        };
        self.fallback = question.lang;
        self.remember(&reply);
        rendered(&reply, question.lang)
    }

    fn chosen(&self, id: &EntryId, lang: Lang) -> Reply {
        let position = self.knowledge.faq.position(id).expect("choices come from this FAQ, which does not change");
        self.knowledge.show(position, lang)
    }

    fn remember(&mut self, reply: &Reply) {
        let ids = |choices: &[Choice]| choices.iter().map(|choice| choice.id.clone()).collect();
        match reply {
            Reply::Answer { answers, .. } => {
                self.choices = answers.first().map(|answer| ids(&answer.related)).unwrap_or_default();
                self.about = answers.first().map(|answer| answer.id.clone());
            }
            Reply::Offer { choices, .. } => self.choices = ids(choices),
            Reply::Decline { nearby, signpost, .. } => {
                self.choices = signpost.as_ref().map_or_else(|| ids(nearby), |answer| ids(&answer.related));
            }
            Reply::Silence { .. } => {}
            Reply::Care { .. } => (self.choices, self.about) = (Vec::new(), None),
        }
    }
}

/// A question in the language asked for, or in its own.
pub fn asked(line: &str, lang: Option<Lang>, fallback: Lang) -> Question {
    let mut question = Question::new(line, lang.unwrap_or(fallback));
    question.lang = lang.unwrap_or(question.lang);
    question
}

/// A message that is nothing but a number, in any width.
fn number(text: &str) -> Option<usize> {
    let digits: Option<String> = text
        .trim()
        .chars()
        .map(|c| c.to_digit(10).or_else(|| full_width_digit(c)))
        .map(|digit| digit.and_then(|digit| char::from_digit(digit, 10)))
        .collect();
    digits?.parse().ok()
}

fn full_width_digit(c: char) -> Option<u32> {
    ('０'..='９').contains(&c).then(|| u32::from(c) - u32::from('０'))
}

/// A reply as text for a terminal.
pub fn rendered(reply: &Reply, lang: Lang) -> String {
    match reply {
        Reply::Answer { lead, answers } => {
            let texts: Vec<String> =
                lead.map(str::to_owned).into_iter().chain(answers.iter().map(|answer| shown(answer, lang))).collect();
            texts.join("\n\n")
        }
        Reply::Offer { lead, choices } => format!("{lead}\n{}\n{DIM}{}{DIM:#}", numbered(choices), phrases::CHOOSE.get(lang)),
        Reply::Decline { signpost: Some(answer), .. } => shown(answer, lang),
        Reply::Decline { text, nearby, .. } => {
            let text = text.unwrap_or_default();
            if nearby.is_empty() {
                text.to_owned()
            } else {
                format!("{text}\n{}\n{}", phrases::NEARBY.get(lang), numbered(nearby))
            }
        }
        Reply::Silence { text: Some(text) } => wrapped(text, ""),
        Reply::Silence { text: None } => format!("{DIM}{}{DIM:#}", phrases::NOTHING_ASKED.get(lang)),
        Reply::Care { answer, note } => {
            let links = links(answer);
            format!("{}\n{links}\n{DIM}{note}{DIM:#}", wrapped(&answer.text, ""))
        }
    }
}

fn shown(answer: &Answer, lang: Lang) -> String {
    let mut lines = vec![format!("{BOLD}{}{BOLD:#}", wrapped(&answer.question, "")), wrapped(&answer.text, "")];
    if let Some(note) = answer.other_language {
        lines.push(format!("{DIM}{note}{DIM:#}"));
    }
    lines.push(links(answer));
    let source = answer.source.as_ref().map(|source| format!("{}{source}", phrases::SOURCE.get(lang)));
    let reviewed = answer.reviewed.map(|date| format!("{}{date}", phrases::REVIEWED.get(lang)));
    let origin: Vec<String> = source.into_iter().chain(reviewed).collect();
    if !origin.is_empty() {
        lines.push(format!("{DIM}{}{DIM:#}", origin.join(phrases::SEPARATOR.get(lang))));
    }
    if !answer.related.is_empty() {
        lines.push(format!("{}\n{}", phrases::RELATED.get(lang), numbered(&answer.related)));
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

fn links(answer: &Answer) -> String {
    let lines: Vec<String> = answer.links.iter().map(|(title, url)| format!("→ {title}\n  {LINK}{url}{LINK:#}")).collect();
    lines.join("\n")
}

fn numbered(choices: &[Choice]) -> String {
    let lines = choices.iter().enumerate().map(|(nth, choice)| {
        let number = format!("{}. ", nth + 1);
        wrapped_with(&choice.question, &format!("  {number}"), "     ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn wrapped(text: &str, indent: &str) -> String {
    wrapped_with(text, indent, indent)
}

fn wrapped_with(text: &str, first: &str, others: &str) -> String {
    let options = Options::new(textwrap::termwidth().min(MAX_WIDTH))
        .initial_indent(first)
        .subsequent_indent(others)
        .word_separator(WordSeparator::UnicodeBreakProperties)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}

/// An answer to a program: one JSON object.
#[derive(Serialize)]
struct Line<'a> {
    question: &'a str,
    lang: Lang,
    outcome: Outcome,
    entries: Vec<Scored<'a>>,
    reason: Reason,
}

#[derive(Serialize)]
struct Scored<'a> {
    id: &'a EntryId,
    score: f32,
}

/// As many entries as a program may want to look at.
const MAX_ENTRIES: usize = 5;

/// The verdict as one JSON object on one line: the question as asked, its language, the outcome, up to five entries, the reason.
pub fn json_line(knowledge: &Knowledge, raw: &str, lang: Lang, verdict: &Verdict) -> String {
    let decided = &verdict.decision.entries;
    let score = |entry: usize| verdict.ranking.iter().find(|found| found.entry == entry).map_or(1.0, |found| found.score);
    let ranked = verdict.ranking.iter().map(|found| found.entry).filter(|entry| !decided.contains(entry));
    let mut entries: Vec<usize> = decided.iter().copied().chain(ranked).take(MAX_ENTRIES).collect();
    entries.sort_by(|one, other| score(*other).total_cmp(&score(*one)));
    let line = Line {
        question: raw,
        lang,
        outcome: verdict.decision.outcome,
        entries: entries
            .into_iter()
            .map(|entry| Scored { id: &knowledge.faq.entries[entry].id, score: (score(entry) * 1000.0).round() / 1000.0 })
            .collect(),
        reason: verdict.decision.reason,
    };
    serde_json::to_string(&line).expect("strings, numbers and plain enums always serialise")
}

/// Reads questions, one a line, and writes one reply a line or paragraph, in order and at once.
///
/// # Errors
/// Input or output fails.
pub fn ask_lines(
    knowledge: &Knowledge,
    input: impl BufRead,
    mut output: impl Write,
    mut reply: impl FnMut(&Knowledge, &str) -> String,
) -> io::Result<()> {
    for line in input.split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        let line = line.strip_suffix('\r').unwrap_or(&line);
        writeln!(output, "{}", reply(knowledge, line))?;
        output.flush()?;
    }
    Ok(())
}

/// The explanation of a verdict as text for a moderator.
pub fn explained(knowledge: &Knowledge, verdict: &Verdict, policy: &Policy, lang: Lang) -> String {
    let explanation = explain(&knowledge.faq, &knowledge.vocabulary, knowledge.judge(), verdict, policy, lang);
    let mut lines = vec![explanation.because.clone()];
    let mut list = |ja: &str, en: &str, words: &[String]| {
        if !words.is_empty() {
            let title = if lang == Lang::Ja { ja } else { en };
            lines.push(format!("{title}{}", quoted(words)));
        }
    };
    list("数えた言葉：", "Words that counted: ", &explanation.counted);
    list("FAQのどこにもない言葉：", "Words the FAQ does not have: ", &explanation.unknown);
    list("ほかの話題の言葉：", "Words of another topic: ", &explanation.foreign);
    lines.extend(candidates(&explanation, lang));
    format!("{DIM}{}{DIM:#}", lines.join("\n"))
}

fn quoted(words: &[String]) -> String {
    format!("「{}」", words.join("」「"))
}

fn candidates(explanation: &Explanation, lang: Lang) -> Vec<String> {
    let describe = |(nth, candidate): (usize, &crate::answering::explanation::Candidate)| {
        let (rank, id, percent, wording) = (nth + 1, &candidate.id, candidate.percent, &candidate.wording);
        let lacks = if candidate.lacks.is_empty() { None } else { Some(quoted(&candidate.lacks)) };
        match (lang, lacks) {
            (Lang::Ja, None) => format!("{rank}位 {id}（{percent}点）：近い言い回し「{wording}」"),
            (Lang::Ja, Some(lacks)) => {
                format!("{rank}位 {id}（{percent}点）：近い言い回し「{wording}」、この項目にない言葉{lacks}")
            }
            (Lang::En, None) => format!("{rank}. {id} ({percent} points): nearest wording 「{wording}」"),
            (Lang::En, Some(lacks)) => {
                format!("{rank}. {id} ({percent} points): nearest wording 「{wording}」, does not know {lacks}")
            }
        }
    };
    explanation.candidates.iter().enumerate().map(describe).collect()
}
