//! Conversations in the terminal: numbers, follow-ups, "not this", and a FAQ that is saved meanwhile.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::{run, stderr, stdout};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// A conversation with the FAQ in a folder, a line at a time.
fn talking(folder: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_medse-bot"))
        .args(["chat", "--lang", "ja", "--faq", "."])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn a_conversation_understands_numbers_and_follow_ups() {
    let input = "よなかによびだされる？\n２\n9\n医療情報技師とは\n必須？\n";
    let output = run(folder().path(), &["chat"], input);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!("conversation", text);
}

#[test]
fn a_conversation_is_left_and_helped_by_the_usual_words() {
    let output = run(folder().path(), &["chat"], "help\n99999999999999999999\nexit\nPACSとは\n");
    let text = stdout(&output);
    assert!(text.contains("話題：") && text.contains("その番号はありません。") && !text.contains("レントゲン"), "{text}");
}

#[test]
fn who_says_no_to_all_choices_is_answered() {
    let table = [("資格は必要？\nちがう\nちがう\n", 1), ("ちがう\n", 0), ("資格は必要？\nちがう\nなるほど\n", 0)];
    for (input, expected) in table {
        let text = stdout(&run(folder().path(), &["chat"], input));
        assert_eq!(text.matches("近い項目はほかにありません。").count(), expected, "{input}: {text}");
    }
}

/// What is faulty is said once, however often one asks, and so is that it is mended.
#[test]
fn a_faq_that_is_saved_faulty_during_a_chat_is_told_once_and_so_is_its_mending() {
    let folder = folder();
    let file = folder.path().join("nights.yaml");
    let sound = "format: 1\ntopic: nights\ntitle: 夜\nentries:\n  - id: night\n    question: 夜勤はありますか？\n    answer: あります。\n";
    fs::write(&file, sound).unwrap();
    let mut child = talking(folder.path());
    let (mut input, mut output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    let mut asks = || {
        writeln!(input, "夜勤はありますか？").unwrap();
        let mut line = String::new();
        while !line.contains("あります。") {
            line.clear();
            assert!(output.read_line(&mut line).unwrap() > 0, "it ended");
        }
    };
    asks();
    fs::write(&file, sound.replace("answer:", "anwser:")).unwrap();
    asks();
    asks();
    fs::write(&file, sound).unwrap();
    asks();
    asks();
    drop(input);
    let said = stderr(&child.wait_with_output().unwrap());
    let fault = "nights.yaml:7:5: 「anwser」という名前の項目はありません。 「answer:」と書いてください。";
    let expected = ["FAQに直すところがあります。直るまで、前の内容で答えます。", fault, "直りました。今の内容で答えています。"];
    assert_eq!(said.lines().collect::<Vec<_>>(), expected);
}

/// It was a panic: the choice was of the FAQ before.
#[test]
fn a_choice_that_was_saved_away_meanwhile_is_no_choice() {
    let folder = folder();
    let file = folder.path().join("nights.yaml");
    let entry = |id: &str, question: &str, rest: &str| {
        format!("  - id: {id}\n    question: {question}\n    answer: {id}の答え。\n{rest}")
    };
    let head = "format: 1\ntopic: nights\ntitle: 夜\nentries:\n";
    let (night, day) = (entry("night", "夜勤はありますか？", "    related: [day]\n"), entry("day", "日勤は何時からですか？", ""));
    fs::write(&file, format!("{head}{night}{day}")).unwrap();
    let mut child = talking(folder.path());
    let (mut input, mut output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    let mut replied = |until: &str| {
        let mut line = String::new();
        while !line.contains(until) {
            line.clear();
            assert!(output.read_line(&mut line).unwrap() > 0, "it ended before it said {until}");
        }
    };
    writeln!(input, "夜勤はありますか？").unwrap();
    replied("1. 日勤");
    fs::write(&file, format!("{head}{night}")).unwrap();
    writeln!(input, "1").unwrap();
    replied("その番号はありません");
    drop(input);
    assert!(child.wait().unwrap().success());
}
