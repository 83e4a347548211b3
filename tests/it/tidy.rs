//! The house rules: what a reviewer would otherwise have to say every time.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use medse_bot::faq::{Kind, Lang, Level};

use crate::support::{SHIPPED, built_shipped};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn rust_files(folder: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(ROOT).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push((path.clone(), fs::read_to_string(path).unwrap()));
            }
        }
    }
    assert!(!files.is_empty());
    files
}

#[test]
fn every_file_opens_with_what_it_does() {
    for (path, text) in ["src", "tests", "benches"].into_iter().flat_map(rust_files) {
        let opens = text.starts_with("//! ");
        assert!(opens, "{}: open with `//! ` and say what the file does and what it leaves to whom", path.display());
    }
}

#[test]
fn rooms_know_only_whom_they_may() {
    let may_know: [(&str, &[&str]); 13] = [
        ("faq", &["faq"]),
        ("answering", &["answering", "faq"]),
        ("knowledge", &["answering", "faq"]),
        ("evaluation", &["answering", "faq", "knowledge"]),
        ("settings", &["answering", "faq"]),
        ("monitoring", &[]),
        ("journal", &["faq"]),
        ("links", &["faq"]),
        ("moderation", &["answering", "faq", "journal", "knowledge"]),
        ("terminal", &["answering", "faq", "knowledge"]),
        ("conversation", &["answering", "faq"]),
        (
            "discord",
            &["answering", "conversation", "discord", "faq", "journal", "knowledge", "moderation", "monitoring", "settings"],
        ),
        (
            "cli",
            &[
                "answering",
                "discord",
                "evaluation",
                "faq",
                "journal",
                "knowledge",
                "links",
                "moderation",
                "monitoring",
                "settings",
                "terminal",
            ],
        ),
    ];
    for (path, text) in rust_files("src") {
        let inside = path.strip_prefix(Path::new(ROOT).join("src")).unwrap();
        let room = inside.components().next().unwrap().as_os_str().to_string_lossy().replace(".rs", "");
        let Some((_, allowed)) = may_know.iter().find(|(name, _)| *name == room) else {
            assert!(room == "lib" || room == "main", "{room} is a new room: say here whom it may know");
            continue;
        };
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for named in code.flat_map(|line| line.split("crate::").skip(1)) {
            let named: String = named.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            assert!(allowed.contains(&named.as_str()), "{}: {room} must not know {named}", inside.display());
        }
    }
}

#[test]
fn serenity_stays_in_its_room() {
    for (path, text) in rust_files("src") {
        let inside = path.strip_prefix(Path::new(ROOT).join("src")).unwrap();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let named = code.filter(|line| line.contains("serenity::")).count();
        assert!(named == 0 || inside.starts_with("discord"), "{}: only discord/ may name serenity", inside.display());
    }
}

#[test]
fn no_file_outgrows_its_reader() {
    for (path, text) in ["src", "tests", "benches"].into_iter().flat_map(rust_files) {
        let lines = text.lines().count();
        assert!(lines <= 500, "{} has {lines} lines: a long file is a room asking to be split", path.display());
    }
}

/// What one must know at once is a room, not the house: whoever adds a topic, a button or a language opens one folder and its neighbours'
/// front doors.
#[test]
fn no_room_outgrows_its_maintainer() {
    // What explains the code may be as long as it needs, and a sentence in each language is no code: whoever adds a topic need not know them.
    let is_code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
    let is_said = |path: &Path| {
        let said = ["phrases", "sentences", "sentences_en", "sentences_ja", "words"];
        path.with_extension("").iter().any(|part| said.iter().any(|name| part == *name))
    };
    let mut rooms: HashMap<PathBuf, usize> = HashMap::new();
    for (path, text) in rust_files("src").into_iter().filter(|(path, _)| !is_said(path)) {
        *rooms.entry(path.parent().unwrap().to_owned()).or_default() += text.lines().filter(is_code).count();
    }
    for (room, lines) in rooms {
        assert!(lines <= 3_600, "{} has {lines} lines of code: a room too large to know asks to be two", room.display());
    }
}

#[test]
fn the_shipped_faq_has_no_error_and_no_warning() {
    let built = built_shipped().check_by_searching();
    let faults: Vec<String> = built
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.problem.level() >= Level::Warning)
        .map(|diagnostic| diagnostic.summary(Lang::En))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_shipped_entry_can_be_asked_for_in_both_languages() {
    let faq = &SHIPPED.faq;
    assert!(faq.entries.iter().filter(|entry| entry.kind == Kind::Answer).count() >= 45);
    assert_eq!(faq.entries.iter().filter(|entry| entry.kind == Kind::Care).count(), 6);
    for entry in &faq.entries {
        let id = &entry.id;
        for lang in Lang::ALL {
            assert!(entry.question.get(lang).is_some() && entry.answer.get(lang).is_some(), "{id} lacks {lang}");
            let is_in = |wording: &&str| medse_bot::answering::question::language(wording) == Some(lang);
            let wordings = entry.wordings().filter(is_in).count();
            assert!(wordings >= 5, "{id} has {wordings} wordings in {lang}; write at least five");
        }
        assert!(!entry.links.is_empty(), "{id} has no link");
        assert!(entry.source.is_some() && entry.reviewed.is_some(), "{id} does not say where its facts come from, and when");
    }
}

#[test]
fn the_example_settings_are_the_defaults() {
    let text = fs::read_to_string(Path::new(ROOT).join("config.example.toml")).unwrap();
    let settings = medse_bot::settings::Settings::parse(&text, "config.example.toml").unwrap();
    assert_eq!(settings, medse_bot::settings::Settings::default());
}
