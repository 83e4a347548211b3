//! Files that nobody meant to write: not text, endless, deep, or made to break a reader. Each ends quickly with one clear fault.

use std::process::Command;
use std::time::{Duration, Instant};

use medse_bot::faq::{Lang, Level, Source, load};

use crate::support::source;

/// A sound entry, and what follows it.
fn with_entry(lines: &str) -> String {
    format!(
        "format: 1\ntopic: test\ntitle: 試し\nentries:\n  - id: sound\n    question: 夜勤はありますか？\n    answer: あります。\n{lines}"
    )
}

/// What a file is called, what it holds, and the code of its first fault worth more than a hint.
fn hostile() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let bomb = format!("a: &a [x,x,x,x,x,x,x,x,x]\nb: [{}]\n", "*a,".repeat(20_000));
    let doubled = with_entry(&format!("    also_asked: [{}]\n", "夜勤は？,".repeat(20_000)));
    let staircase = (0..5_000).flat_map(|depth: usize| [" ".repeat(depth.min(300)), "a:\n".to_owned()]).collect::<String>();
    let cut_off = [with_entry("    source: ").as_bytes(), &[0xE5, 0x8C, b'\n']].concat();
    let unknown =
        with_entry(&format!("    related: [{}]\n", (0..20_000).map(|nth| format!("nobody-{nth}")).collect::<Vec<_>>().join(",")));
    let items = |nth: usize| format!("{{id: e{nth}, question: 夜{nth}, answer: , related: [夜], links: {{title: a}}}},");
    let one_line = format!("{{format: 1, topic: t, title: 夜, entries: [{}]}}", (0..10_000).map(items).collect::<String>());
    vec![
        ("20,000 unknown ids", unknown.into_bytes(), "unknown-entry"),
        ("50,000 faults in one line", one_line.into_bytes(), "empty"),
        ("the same wording 20,000 times", doubled.into_bytes(), "duplicate-wording"),
        ("200 KB of brackets", "[".repeat(200_000).into_bytes(), "too-deep"),
        ("alias bomb", bomb.into_bytes(), "alias"),
        ("deep indentation", staircase.into_bytes(), "too-deep"),
        ("50 MB", vec![b'a'; 50_000_000], "too-large"),
        ("a million values", "- 夜\n".repeat(600_000).into_bytes(), "too-many-values"),
        ("50,000 full-width colons", "topic：夜\n".repeat(50_000).into_bytes(), "full-width-colon"),
        ("nothing", Vec::new(), "empty-file"),
        ("only a comment", b"# nothing here\n".to_vec(), "empty-file"),
        ("one long line of kanji", "病".repeat(1_000_000).into_bytes(), "wrong-type"),
        ("a list at the top", b"- format: 1\n".to_vec(), "wrong-type"),
        ("NUL", with_entry("    source: 夜\0勤\n").into_bytes(), "nul"),
        ("a character cut off", cut_off, "not-utf8"),
        ("UTF-16", with_entry("").encode_utf16().flat_map(u16::to_le_bytes).collect(), "not-utf8"),
        ("two documents", with_entry("---\nformat: 1\n").into_bytes(), "second-document"),
        ("byte order mark", format!("\u{feff}{}", with_entry("")).into_bytes(), "bom"),
    ]
}

/// Runs `check` on a folder and watches it: its output, the time it took, and the most memory it was seen with, in KB.
fn checked(folder: &std::path::Path) -> (String, Duration, u64) {
    // Into a file: a pipe that nobody empties would hold the program up.
    let findings = folder.join("findings.jsonl");
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_medse-bot"))
        .args(["check", ".", "--format", "json"])
        .current_dir(folder)
        .stdout(std::fs::File::create(&findings).unwrap())
        .spawn()
        .unwrap();
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        // The highest mark so far only grows; where the system keeps none there is nothing to print.
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let mark = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse().ok());
        peak = peak.max(mark.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(2));
    }
    let elapsed = start.elapsed();
    (std::fs::read_to_string(findings).unwrap(), elapsed, peak)
}

/// Generous bounds, for a slow machine under load: what it took is printed (`cargo test hostile -- --nocapture`).
#[test]
fn hostile_files_end_quickly_with_one_clear_fault() {
    for (name, bytes, code) in hostile() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("faq.yaml"), &bytes).unwrap();
        let (output, elapsed, peak) = checked(folder.path());
        let findings = output.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let first = findings.into_iter().find(|finding| finding["level"] != "hint" && finding["file"] == "faq.yaml").unwrap();
        println!("{name}: {} bytes, {} ms, {} MB, {}", bytes.len(), elapsed.as_millis(), peak / 1_000, first["message"]);
        assert_eq!(first["code"], code, "{name}");
        assert!(elapsed < Duration::from_secs(30), "{name} took {elapsed:?}");
        assert!(peak < 500_000, "{name} took {peak} KB");
    }
}

#[test]
fn windows_line_ends_a_byte_order_mark_and_a_missing_last_line_end_are_fine() {
    let text = format!("\u{feff}{}", with_entry("    source: 一行")).replace('\n', "\r\n");
    let loaded = load(&[source("faq.yaml", &text)], Lang::Ja);
    assert_eq!(loaded.faq.entries.len(), 1);
    let codes: Vec<&str> = loaded.diagnostics.iter().map(|one| one.problem.code()).collect();
    assert_eq!(codes.iter().filter(|code| **code == "bom").count(), 1);
    assert!(loaded.diagnostics.iter().all(|one| one.problem.level() < Level::Error), "{codes:?}");
}

#[test]
fn bytes_that_are_no_text_are_told_where_they_begin() {
    let mut bytes = with_entry("").into_bytes();
    bytes.extend([0xE5, 0x8C, b'\n']);
    let not_utf8 = load(&[Source { name: "faq.yaml".into(), content: Ok(bytes.into()) }], Lang::Ja);
    assert_eq!((not_utf8.diagnostics[0].problem.code(), not_utf8.diagnostics[0].place.line), ("not-utf8", 8));
    let nul = load(&[source("faq.yaml", &with_entry("    source: 夜\0勤\n"))], Lang::Ja);
    assert_eq!((nul.diagnostics[0].problem.code(), nul.diagnostics[0].place.column), ("nul", 14));
}
