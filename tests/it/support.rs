//! What several modules need: the shipped FAQ ready for questions, small FAQs from text, and the program itself.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use medse_bot::answering::{Policy, Question, Verdict};
use medse_bot::faq::{EntryId, Lang, Source};
use medse_bot::knowledge::{Built, Knowledge, Library};

/// The FAQ in the repository.
pub static SHIPPED: LazyLock<Knowledge> = LazyLock::new(|| built_shipped().knowledge.unwrap());

pub fn built_shipped() -> Built {
    Knowledge::build(&Library::Shipped.sources().unwrap(), Lang::Ja)
}

pub fn source(name: &str, text: &str) -> Source {
    Source { name: name.to_owned(), content: Ok(text.as_bytes().to_vec().into()) }
}

/// A FAQ of one file, with the shipped vocabulary.
pub fn faq_of(text: &str) -> Built {
    Knowledge::build(&[source("test.yaml", text)], Lang::Ja)
}

pub fn verdict(knowledge: &Knowledge, text: &str) -> Verdict {
    knowledge.decide(&Question::new(text, Lang::Ja), &Policy::default())
}

pub fn ids(knowledge: &Knowledge, verdict: &Verdict) -> Vec<String> {
    verdict.decision.entries.iter().map(|entry| knowledge.faq.entries[*entry].id.to_string()).collect()
}

pub fn id(text: &str) -> EntryId {
    EntryId::new(text).unwrap()
}

/// Runs the program in `folder` with `input` on standard input.
pub fn run(folder: &Path, arguments: &[&str], input: &str) -> Output {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_medse-bot"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .env_remove("DISCORD_TOKEN")
        .env_remove("RUST_BACKTRACE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its arguments closes the pipe before it has read anything.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
