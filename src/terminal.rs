//! The bot in a terminal: conversation, single questions, JSON lines. Lays replies out by the width of Japanese characters.
//!
//! What is said is decided in [`crate::answering`]; which command runs, and where the FAQ comes from, in `cli.rs`.

use std::io::{self, BufRead, IsTerminal, Write};
use std::num::NonZero;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;

use anstyle::{AnsiColor, Style};
use rustyline::error::ReadlineError;
use serde::Serialize;
use textwrap::{Options, WordSeparator, WordSplitter};

use crate::answering::explanation::explain;
use crate::answering::normalize::pattern_text;
use crate::answering::question::MAX_CHARACTERS;
use crate::answering::{Answer, Choice, Outcome, Policy, Question, Reason, Reply, Verdict};
use crate::answering::{phrases, reply};
use crate::faq::{EntryId, Lang};
use crate::knowledge::Knowledge;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const LINK: Style = AnsiColor::Cyan.on_default().underline();

/// Lines longer than this are hard to read, however wide the window.
const MAX_WIDTH: usize = 100;

/// Talks until the input ends: with line editing on a terminal, plainly where input is piped. `newest` is asked before each reply for a FAQ
/// that was saved meanwhile.
///
/// # Errors
/// The terminal or the output fails.
pub fn chat(
    knowledge: Arc<Knowledge>,
    newest: impl FnMut() -> Option<Arc<Knowledge>>,
    policy: &Policy,
    lang: Option<Lang>,
    fallback: Lang,
) -> anyhow::Result<()> {
    let mut conversation = Conversation { knowledge, newest, policy, lang, fallback, choices: Vec::new(), about: None };
    let mut out = anstream::stdout();
    if !io::stdin().is_terminal() {
        for line in Lines::of(io::stdin().lock()) {
            let line = line?;
            match command(&line) {
                Some(Command::Leave) => break,
                _ if line.trim().is_empty() => {}
                command => writeln!(out, "{}\n", conversation.reply(command, &line))?,
            }
        }
        return Ok(());
    }
    let spoken = lang.unwrap_or(fallback);
    let greeting = reply::greeting(&conversation.knowledge.faq, spoken);
    writeln!(out, "{}\n{DIM}{}{DIM:#}\n", wrapped(&greeting, ""), wrapped(phrases::CHAT_WELCOME.get(spoken), ""))?;
    let mut editor = rustyline::DefaultEditor::new()?;
    loop {
        match editor.readline("> ") {
            Ok(line) if line.trim().is_empty() => {}
            Ok(line) => {
                editor.add_history_entry(&line)?;
                match command(&line) {
                    Some(Command::Leave) => return Ok(()),
                    command => writeln!(out, "\n{}\n", conversation.reply(command, &line))?,
                }
            }
            Err(ReadlineError::Eof | ReadlineError::Interrupted) => return Ok(()),
            // Bytes that are no UTF-8, from a terminal set to another encoding: nothing was asked yet.
            Err(ReadlineError::Io(error)) if error.kind() == io::ErrorKind::InvalidData => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// What newcomers type at a prompt, and what is no question about the FAQ.
#[derive(Clone, Copy)]
enum Command {
    Leave,
    Help,
}

fn command(line: &str) -> Option<Command> {
    match pattern_text(line.trim()).trim_start_matches(['/', ':']) {
        "exit" | "quit" | "q" | "bye" | "終了" => Some(Command::Leave),
        "help" | "h" | "?" | "ヘルプ" => Some(Command::Help),
        _ => None,
    }
}

/// What a conversation remembers: the last choices and the last entry answered.
struct Conversation<'a, N> {
    knowledge: Arc<Knowledge>,
    newest: N,
    policy: &'a Policy,
    lang: Option<Lang>,
    fallback: Lang,
    choices: Vec<EntryId>,
    about: Option<EntryId>,
}

impl<N: FnMut() -> Option<Arc<Knowledge>>> Conversation<'_, N> {
    fn reply(&mut self, command: Option<Command>, line: &str) -> String {
        if let Some(newest) = (self.newest)() {
            self.knowledge = newest;
        }
        match command {
            None => self.turn(line),
            Some(_) => wrapped(&reply::greeting(&self.knowledge.faq, self.lang.unwrap_or(self.fallback)), ""),
        }
    }

    fn turn(&mut self, line: &str) -> String {
        let mut question = asked(line, self.lang, self.fallback).about(self.about.clone());
        let number = number(line);
        if number.is_some() {
            // A number is in no language.
            question.lang = self.lang.unwrap_or(self.fallback);
        }
        let reply = match number {
            Some(number) => match self.chosen(number) {
                Some(entry) => self.knowledge.show(entry, question.lang),
                None => return phrases::NO_SUCH_CHOICE.get(question.lang).to_owned(),
            },
            None => self.knowledge.respond(&question, self.policy),
        };
        if matches!(reply, Reply::Silence { text: None }) && self.rejects_choices(&question) {
            return phrases::NOTHING_NEARER.get(question.lang).to_owned();
        }
        self.fallback = question.lang;
        self.remember(&reply);
        rendered(&reply, question.lang)
    }

    /// Whether it says that none of the choices is meant, as it would say it of the first one alone.
    fn rejects_choices(&self, said: &Question) -> bool {
        let Some(first) = self.choices.first() else { return false };
        let said = said.clone().about(Some(first.clone()));
        self.knowledge.decide(&said, self.policy).decision.reason == Reason::Correction
    }

    /// The entry of a choice, if there is such a choice, and still such an entry: the FAQ may have been saved since.
    fn chosen(&self, number: usize) -> Option<usize> {
        self.knowledge.faq.position(self.choices.get(number.checked_sub(1)?)?)
    }

    fn remember(&mut self, reply: &Reply) {
        let ids = |choices: &[Choice]| choices.iter().map(|choice| choice.id.clone()).collect();
        match reply {
            Reply::Answer { answers, .. } => {
                self.choices = answers.first().map(|answer| ids(&answer.related)).unwrap_or_default();
                self.about = answers.first().map(|answer| answer.id.clone());
            }
            Reply::Offer { choices, .. } => (self.choices, self.about) = (ids(choices), None),
            Reply::Decline { signpost: Some(answer), .. } => {
                (self.choices, self.about) = (ids(&answer.related), Some(answer.id.clone()));
            }
            Reply::Decline { nearby, .. } => (self.choices, self.about) = (ids(nearby), None),
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

/// A message that is nothing but a number, in any width and with what people put behind it: 2, ２番, ②, "2.".
fn number(line: &str) -> Option<usize> {
    let spelling = pattern_text(line.trim());
    let digits = spelling.trim_start_matches(['(', '#']).trim_end_matches(['.', '番', 'つ', '目', 'で', ')', '、', '。']);
    let is_number = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
    // A number too large to count is still none of the choices.
    is_number.then(|| digits.parse().unwrap_or(usize::MAX))
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
        lines.push(format!("{DIM}{}{DIM:#}", wrapped(&origin.join(phrases::SEPARATOR.get(lang)), "")));
    }
    if !answer.related.is_empty() {
        lines.push(format!("{}\n{}", phrases::RELATED.get(lang), numbered_by(&answer.related, Choice::short)));
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

fn links(answer: &Answer) -> String {
    let link = |(title, url): &(String, String)| format!("{}\n  {LINK}{url}{LINK:#}", wrapped_with(title, "→ ", "  "));
    let lines: Vec<String> = answer.links.iter().map(link).collect();
    lines.join("\n")
}

fn numbered(choices: &[Choice]) -> String {
    numbered_by(choices, |choice| &choice.question)
}

fn numbered_by(choices: &[Choice], text: impl Fn(&Choice) -> &str) -> String {
    let lines = choices.iter().enumerate().map(|(nth, choice)| {
        let number = format!("{}. ", nth + 1);
        wrapped_with(text(choice), &format!("  {number}"), "     ")
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

/// How many lines may wait for each worker, and how many replies for the writer.
const LINES_AHEAD: usize = 64;

/// Reads questions, one a line, and writes a reply to each: in order, each as soon as it and those before it are ready.
///
/// # Errors
/// Input or output fails.
pub fn ask_lines(input: impl BufRead, mut output: impl Write + Send, reply: impl Fn(&str) -> String + Sync) -> io::Result<()> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let (questions, replies): (Vec<_>, Vec<_>) = (0..workers)
            .map(|_| {
                let (ask, asked) = sync_channel::<String>(LINES_AHEAD);
                let (answer, answered) = sync_channel::<String>(LINES_AHEAD);
                let reply = &reply;
                scope.spawn(move || asked.into_iter().map(|line| reply(&line)).try_for_each(|text| answer.send(text)));
                (ask, answered)
            })
            .unzip();
        let writer = scope.spawn(move || {
            // The lines were dealt out in turn, so one from each worker in turn is their order. A worker without one was the last.
            for text in replies.iter().cycle().map_while(|answered| answered.recv().ok()) {
                writeln!(output, "{text}")?;
                output.flush()?;
            }
            Ok(())
        });
        for (nth, line) in Lines::of(input).enumerate() {
            if questions[nth % workers].send(line?).is_err() {
                break;
            }
        }
        drop(questions);
        writer.join().expect("writing lines does not panic")
    })
}

/// Lines of any input: bytes that are no UTF-8 are replaced, and what is beyond the longest question is dropped.
struct Lines<Input>(Input);

impl<Input: BufRead> Lines<Input> {
    fn of(input: Input) -> Self {
        Lines(input)
    }

    /// One line into `line`, at most so much of it; whether there was one.
    fn read(&mut self, line: &mut Vec<u8>) -> io::Result<bool> {
        let mut any = false;
        loop {
            let buffer = self.0.fill_buf()?;
            if buffer.is_empty() {
                return Ok(any);
            }
            any = true;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let (content, used) = end.map_or((buffer, buffer.len()), |end| (&buffer[..end], end + 1));
            let room = MAX_LINE_BYTES - line.len();
            line.extend_from_slice(&content[..content.len().min(room)]);
            self.0.consume(used);
            if end.is_some() {
                return Ok(true);
            }
        }
    }
}

/// The longest question is cut at [`MAX_CHARACTERS`]; no character has more than four bytes, and markup may be cut out of a line.
const MAX_LINE_BYTES: usize = 16 * MAX_CHARACTERS;

impl<Input: BufRead> Iterator for Lines<Input> {
    type Item = io::Result<String>;

    fn next(&mut self) -> Option<io::Result<String>> {
        let mut bytes = Vec::new();
        match self.read(&mut bytes) {
            Ok(false) => None,
            Ok(true) => {
                let line = String::from_utf8_lossy(&bytes);
                Some(Ok(line.strip_suffix('\r').unwrap_or(&line).to_owned()))
            }
            Err(error) => Some(Err(error)),
        }
    }
}

/// The explanation of a verdict as text for a moderator.
pub fn explained(knowledge: &Knowledge, verdict: &Verdict, policy: &Policy, lang: Lang) -> String {
    let explanation = explain(&knowledge.faq, &knowledge.vocabulary, knowledge.judge(), verdict, policy, lang);
    format!("{DIM}{}{DIM:#}", explanation.lines(lang).join("\n"))
}
