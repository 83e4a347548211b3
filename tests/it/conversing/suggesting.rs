//! What is suggested to somebody who is typing, and which entry a whole question names.

use std::collections::HashSet;
use std::sync::LazyLock;

use medse_bot::faq::{Kind, Lang};
use medse_bot::knowledge::Knowledge;

use crate::support::{SHIPPED, source};

/// Two topics that no moderator changes.
static SMALL: LazyLock<Knowledge> = LazyLock::new(|| {
    let files = [
        source("nights.yaml", include_str!("../door/nights.yaml")),
        source("qualifications.yaml", include_str!("../door/qualifications.yaml")),
    ];
    Knowledge::build(&files, Lang::Ja).knowledge.unwrap()
});

fn suggested(knowledge: &Knowledge, typed: &str, topic: Option<&str>) -> Vec<String> {
    let topic = topic.map(|topic| knowledge.faq.topics.iter().position(|known| known.id == topic).unwrap());
    knowledge.suggest(typed, topic).into_iter().map(|entry| knowledge.faq.entries[entry].id.to_string()).collect()
}

#[test]
fn what_is_typed_finds_what_it_may_become() {
    // (typed, the topic chosen, what is suggested, best first)
    // Of each topic the first, then of each the second.
    let all = ["night-shift", "licence-needed", "on-call", "licence-study", "licence-renewal", "exam-dates"];
    let table: [(&str, Option<&str>, &[&str]); 31] = [
        ("", None, &all),
        ("\u{3000}", None, &all),
        ("？！", None, &all),
        ("", Some("nights"), &["night-shift", "on-call"]),
        // A question that begins so, before one that holds it, before a wording that does, before what the search finds.
        ("院内", None, &["night-shift"]),
        ("医療情報技師の", None, &["licence-needed", "licence-study", "licence-renewal"]),
        ("医療情報技師の更", None, &["licence-renewal", "licence-study", "licence-needed"]),
        ("Do hosp", None, &["night-shift"]),
        ("do HOSP", None, &["night-shift"]),
        ("ｄｏ　ｈｏｓｐ", None, &["night-shift"]),
        ("夜勤は", None, &["night-shift"]),
        ("夜も働", None, &["night-shift"]),
        ("休日", None, &["on-call"]),
        ("更新", None, &["licence-renewal"]),
        // Kana before it is turned into kanji, in either script and width.
        ("やきん", None, &["night-shift"]),
        ("ﾔｷﾝ", None, &["night-shift"]),
        ("しかく", None, &["licence-needed", "licence-renewal", "licence-study"]),
        ("シカク", None, &["licence-needed", "licence-renewal", "licence-study"]),
        ("おんこーる", None, &["on-call", "night-shift"]),
        ("ｏｎ－ｃａｌｌ", None, &["on-call", "night-shift"]),
        // A word half written, with half a kana behind it; one character may become anything.
        ("やき", None, &["night-shift"]),
        ("やきn", None, &["night-shift"]),
        ("や", None, &[]),
        // Of the topic chosen, nothing else.
        ("しかく", Some("nights"), &[]),
        ("おんこーる", Some("nights"), &["on-call", "night-shift"]),
        ("更新", Some("qualifications"), &["licence-renewal"]),
        ("ラーメン", None, &[]),
        ("🍜", None, &all),
        ("zzz", None, &[]),
        ("\u{0}", None, &all),
        ("((((", None, &all),
    ];
    for (typed, topic, expected) in table {
        assert_eq!(suggested(&SMALL, typed, topic), expected, "{typed:?} of {topic:?}");
    }
}

#[test]
fn whoever_types_a_cry_for_help_is_suggested_nothing() {
    for typed in [
        "死にたい",
        "もう死にたい",
        "死 に た い",
        "シニタイ",
        "消えてしまいたい",
        "パワハラがつらい",
        "i want to die",
        "Ｉ ＷＡＮＴ ＴＯ ＤＩＥ",
    ] {
        assert_eq!(SHIPPED.suggest(typed, None), [0; 0], "{typed}");
        assert_eq!(SHIPPED.suggest(typed, Some(0)), [0; 0], "{typed}");
    }
}

#[test]
fn nothing_is_suggested_twice_and_nobody_is_suggested_care() {
    let mut seen = 0;
    for entry in &SHIPPED.faq.entries {
        for text in entry.question.texts().map(|(_, text)| text) {
            for length in (0..text.chars().count()).step_by(3) {
                let typed: String = text.chars().take(length).collect();
                let suggested = SHIPPED.suggest(&typed, None);
                let unique: HashSet<usize> = suggested.iter().copied().collect();
                assert_eq!(unique.len(), suggested.len(), "{typed}");
                assert!(suggested.iter().all(|entry| SHIPPED.faq.entries[*entry].kind != Kind::Care), "{typed}");
                seen += 1;
            }
        }
    }
    assert!(seen > 500, "{seen}");
}

#[test]
fn a_question_typed_to_its_end_is_suggested_first() {
    for (at, entry) in SHIPPED.askable() {
        for (lang, text) in entry.question.texts() {
            assert_eq!(SHIPPED.suggest(text, None).first(), Some(&at), "{text}");
            assert_eq!(SHIPPED.suggest(text, Some(entry.topic)).first(), Some(&at), "{text}");
            assert_eq!(SHIPPED.by_question(text), Some(at), "{lang}: {text}");
        }
    }
}

#[test]
fn a_whole_question_or_label_names_its_entry() {
    let table = [
        ("院内SEに夜勤はある？", Some("night-shift")),
        ("  院内ＳＥに夜勤はある?\n", Some("night-shift")),
        ("院内SE に 夜勤はある", Some("night-shift")),
        ("Do hospital SEs work night shifts?", Some("night-shift")),
        ("do hospital ses work night shifts", Some("night-shift")),
        // The label, which some clients send instead of the value.
        ("資格は必要？", Some("licence-needed")),
        ("Required?", Some("licence-needed")),
        ("ｒｅｑｕｉｒｅｄ", Some("licence-needed")),
        ("医療情報技師の資格は必要？", Some("licence-needed")),
        // A beginning, another wording and an id are not it.
        ("院内SEに夜勤", None),
        ("夜勤はありますか", None),
        ("night-shift", None),
        ("ラーメン", None),
        ("", None),
        ("？？？", None),
        ("死にたい", None),
    ];
    for (text, expected) in table {
        let found = SMALL.by_question(text).map(|entry| SMALL.faq.entries[entry].id.as_str());
        assert_eq!(found, expected, "{text:?}");
    }
    let care = SHIPPED.faq.entries.iter().filter(|entry| entry.kind == Kind::Care);
    for text in care.flat_map(|entry| entry.question.texts().map(|(_, text)| text)) {
        assert_eq!(SHIPPED.by_question(text), None, "{text}");
    }
}
