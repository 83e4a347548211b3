//! Broken files: each kind of fault is told where it is and what to write instead, and takes nothing else with it.

use insta::assert_snapshot;
use medse_bot::faq::{Lang, Level, Source, Texts, load};
use medse_bot::knowledge::Knowledge;

use crate::support::{faq_of, id, source};

/// A sound file around one entry's lines.
pub fn with_entry(lines: &str) -> String {
    format!(
        "format: 1\ntopic: test\ntitle: 試し\nentries:\n  - id: sound\n    question: 夜勤はありますか？\n    answer: あります。\n{lines}"
    )
}

/// Every finding of a file that is no hint, drawn as a moderator sees it.
pub fn drawn(text: &str, lang: Lang) -> String {
    let loaded = load(&[source("faq.yaml", text)], Lang::Ja);
    let findings = loaded.diagnostics.iter().filter(|diagnostic| diagnostic.problem.level() > Level::Hint);
    let drawings: Vec<String> = findings.map(|diagnostic| diagnostic.render(Some(text), lang, false)).collect();
    drawings.join("\n\n")
}

/// A broken file for each kind of fault, by name.
pub fn broken() -> Vec<(&'static str, String)> {
    let entry = with_entry;
    vec![
        ("syntax", entry("    source: \"閉じない\n")),
        ("colon-in-text", entry("    source: 注意: 夜間のみ\n")),
        ("tab", entry("\tsource: タブ\n")),
        ("full-width-colon", "format: 1\ntopic：test\n".to_owned()),
        ("full-width-space", entry("　　source: 全角\n")),
        ("alias", entry("    keywords: &words [夜勤]\n")),
        ("tag", entry("    source: !!str 夜勤\n")),
        ("second-document", format!("{}---\nformat: 1\n", entry(""))),
        ("unknown-field", entry("    also_aksed:\n      - 夜は働く？\n")),
        ("missing-field", "format: 1\ntopic: test\ntitle: 試し\nentries:\n  - id: lonely\n    question: 答えは？\n".to_owned()),
        ("wrong-type", entry("    also_asked: 夜は働く？\n")),
        ("empty", entry("    source:\n")),
        ("not-one-of", entry("    kind: anwser\n")),
        ("flow-map-with-comma", entry("    source: { ja: 医療、介護, en: Yes, I do }\n")),
        ("duplicate-key", entry("    source: 一つ\n    source: 二つ\n")),
        ("unknown-format", "format: 2\ntopic: test\n".to_owned()),
        ("bad-id", entry("  - id: 夜勤\n    question: 夜は？\n    answer: はい。\n")),
        ("duplicate-id", entry("  - id: sound\n    question: 夜は？\n    answer: はい。\n")),
        ("duplicate-wording", entry("  - id: other\n    question: 夜勤は、ありますか\n    answer: はい。\n")),
        ("without-entries", "format: 1\ntopic: test\ntitle: 試し\n".to_owned()),
        ("bad-topic", "format: 1\ntopic: 夜\ntitle: 夜\nentries: []\n".to_owned()),
        ("too-long", entry(&format!("    label: {}\n", "長".repeat(19)))),
        ("bad-pattern", entry("    patterns:\n      - '夜(勤'\n")),
        ("too-big-pattern", entry("    patterns:\n      - '(\\w{200}){200}'\n")),
        ("bad-url", entry("    links:\n      - title: 全角の医療ページ\n        url: http://例え.jp/医療\n")),
        ("bad-date", entry("    reviewed: 2026年11月22日\n")),
        ("no-such-day", entry("    reviewed: 2026-02-30\n")),
        ("unknown-entry", entry("    related: [soundd]\n")),
        ("care-without-pattern", entry("    kind: care\n")),
        ("no-language", entry("    source: {}\n")),
        ("empty-language", entry("    source:\n      ja:\n")),
        ("full-width-colon-in-text", entry("    source:\n      ja：医療情報部\n      en：Medical informatics\n")),
        ("full-width-colon-everywhere", entry("  - id：lonely\n    question：夜は？\n    answer： はい。\n    reviewed：昨日\n")),
        ("full-width-colon-in-block", entry("    source: |\n      ja：医療情報部\n")),
        ("colon-without-space", entry("    source:\n      ja:医療情報部\n      en:Medical informatics\n")),
        ("colon-without-space-in-id", entry("  - id:lonely\n    question: 夜は？\n    answer: はい。\n")),
        ("full-width-space-after-colon", entry("    source: 　医療情報部\n    label:　夜勤\n")),
        ("full-width-comma", entry("    keywords: [夜勤、当直]\n")),
        ("full-width-comma-in-braces", entry("    source: { ja: 要る？，en: Yes }\n")),
        ("text-for-a-map", entry("    also_asked:\n      - 注意: 夜は？\n")),
        ("unknown-field-without-suggestion", entry("    備考: 夜勤の話\n")),
        ("misspelt-with-faulty-value", entry("    reviewd: 2026/1/5\n    link:\n      - title: 公式\n        url: http://example.jp\n")),
        ("pattern-without-character", entry("    patterns:\n      - '*夜勤'\n")),
        ("former-id-in-use", entry("  - id: other\n    formerly: [sound]\n    question: 食堂は？\n    answer: はい。\n")),
        ("id-in-capitals", entry("  - id: Night_Shift\n    question: 食堂は？\n    answer: はい。\n")),
        ("missing-id", entry("  - question: 食堂は？\n    answer: はい。\n    reviewed: gestern\n")),
        ("unclosed-list", entry("    keywords: [夜勤, 当直\n")),
        ("bare-percent", entry("    source: '%の話'\n    label: %の話\n")),
        ("wrong-indentation", entry("   source: 三つ下げた\n")),
        ("list-without-dash", entry("    also_asked:\n      - 夜は？\n      昼は？\n")),
        ("topic-with-faulty-head", "format: 1\ntopic: 夜\ntitel: 夜\nentries:\n  - id: a\n    question: 夜は？\n    answer: はい。\n    reviewed: gestern\n    kind: anser\n".to_owned()),
    ]
}

#[test]
fn every_kind_of_fault_is_drawn_under_its_line() {
    for (name, text) in broken() {
        let shown = format!("{text}\n---\n{}\n---\n{}", drawn(&text, Lang::Ja), drawn(&text, Lang::En));
        assert_snapshot!(name, shown);
    }
}

#[test]
fn all_faults_of_a_file_are_told_at_once() {
    let text = with_entry(
        "    lables: 短い\n    keywords: 夜\n    reviewd: 昨日\n    patterns: ['夜(', '昼']\n    links:\n      - title: 公式\n        url: 公式\n    related: [夜]\n  - id: second\n    qestion: 綴り\n    answer: はい。\n    formerly: [sound]\n",
    );
    let found = load(&[source("faq.yaml", &text)], Lang::Ja).diagnostics;
    let errors = found.iter().filter(|one| one.problem.level() == Level::Error);
    let codes: Vec<(usize, &str)> = errors.map(|one| (one.place.line, one.problem.code())).collect();
    let expected = [
        (8, "unknown-field"),
        (9, "wrong-type"),
        (10, "unknown-field"),
        (10, "bad-date"),
        (11, "bad-pattern"),
        (14, "bad-url"),
        (15, "bad-id"),
        (17, "unknown-field"),
        (19, "former-id-in-use"),
    ];
    assert_eq!(codes, expected);
}

#[test]
fn entries_under_a_faulty_head_are_checked_but_not_used() {
    let (_, text) = broken().into_iter().find(|(name, _)| *name == "topic-with-faulty-head").unwrap();
    let loaded = load(&[source("faq.yaml", &text)], Lang::Ja);
    let errors = loaded.diagnostics.iter().filter(|one| one.problem.level() == Level::Error);
    let codes: Vec<&str> = errors.map(|one| one.problem.code()).collect();
    assert_eq!(codes, ["bad-name", "unknown-field", "bad-date", "not-one-of"]);
    assert!(loaded.faq.entries.is_empty() && loaded.faq.topics.is_empty());
}

#[test]
fn what_only_looks_like_a_field_is_text_in_quotes_and_in_paragraphs() {
    let text = with_entry(
        "    source: \"ja：院内の話\"\n    keywords: [\"夜勤、当直\"]\n    also_asked:\n      - 夜勤：ある？\n  - id: after\n    question: 食堂は？\n    answer: |\n      食堂の話です。\n      title：本の題名\n      　字下げした段落\n",
    );
    let loaded = load(&[source("faq.yaml", &text)], Lang::Ja);
    let codes: Vec<&str> =
        loaded.diagnostics.iter().filter(|one| one.problem.level() > Level::Hint).map(|one| one.problem.code()).collect();
    assert!(codes.is_empty(), "{codes:?}");
    assert_eq!(loaded.faq.entries.len(), 2);
}

#[test]
fn a_fault_below_a_paragraph_is_not_blamed_on_its_indentation() {
    let text = with_entry("    source: |\n      　字下げした段落\n    label: \"閉じない\n");
    let codes: Vec<&str> =
        load(&[source("faq.yaml", &text)], Lang::Ja).diagnostics.iter().map(|one| one.problem.code()).collect();
    assert_eq!(codes, ["unclosed-quote"]);
}

#[test]
fn a_line_for_discord_has_no_effect_there() {
    let table = [
        (
            "    reviewed: \"@everyone `*夜*`\\u202E\\u001b[31m\"\n",
            "faq.yaml 8行目 15文字目：「@\u{200b}everyone \\`\\*夜\\*\\`\u{fffd}\u{fffd}\\[31m」は日付として読めません。「reviewed\\: 2026-11-22」のように、年-月-日を半角の数字で書いてください。",
            "faq.yaml, line 8, character 15\\: \\`@\u{200b}everyone",
        ),
        (
            "    related: [night-work]\n    links:\n      - title: 公式\n        url: http://例え.jp/\n",
            "faq.yaml 11行目 14文字目：「http\\://例え.jp/」は https\\:// で始まる正しいアドレスではありません。「url\\: https\\://例え.jp/」で開けるか確かめて、そう書いてください。",
            "faq.yaml, line 11, character 14\\: \\`http\\://例え.jp/\\` is not",
        ),
    ];
    for (lines, ja, en) in table {
        let loaded = load(&[source("faq.yaml", &with_entry(lines))], Lang::Ja);
        let fault = loaded.diagnostics.iter().find(|one| one.problem.level() == Level::Error).unwrap();
        assert_eq!(fault.for_discord(Lang::Ja), ja);
        assert!(fault.for_discord(Lang::En).starts_with(en), "{}", fault.for_discord(Lang::En));
    }
    let long = with_entry(&format!("    reviewed: {}\n", "夜_".repeat(10_000)));
    let loaded = load(&[source("faq.yaml", &long)], Lang::Ja);
    let line = loaded.diagnostics.iter().find(|one| one.problem.code() == "bad-date").unwrap().for_discord(Lang::Ja);
    assert!(line.chars().count() <= 1_100 && line.contains("…") && line.contains("は日付として読めません"), "{line}");
}

#[test]
fn a_file_that_cannot_be_opened_is_told_in_the_readers_language() {
    let denied = Source { name: "faq.yaml".into(), content: Err("Permission denied (os error 13)".into()) };
    let loaded = load(&[denied], Lang::Ja);
    let problem = &loaded.diagnostics[0].problem;
    assert_eq!(problem.message(Lang::Ja), "ファイルを読めません：権限がありません（Permission denied (os error 13)）");
    assert_eq!(problem.message(Lang::En), "the file cannot be read: no permission (Permission denied (os error 13))");
}

#[test]
fn a_faulty_entry_takes_no_other_with_it() {
    let text = with_entry(
        "  - id: faulty\n    qestion: 綴り\n    answer: はい。\n  - id: after\n    question: 食堂は？\n    answer: はい。\n",
    );
    let loaded = load(&[source("faq.yaml", &text)], Lang::Ja);
    let kept: Vec<&str> = loaded.faq.entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(kept, ["sound", "after"]);
}

#[test]
fn a_draft_is_checked_but_not_used() {
    let built = faq_of(&with_entry("    draft: true\n    reviewed: gestern\n"));
    assert!(built.knowledge.is_none());
    assert!(built.diagnostics.iter().any(|one| one.problem.code() == "bad-date"));
}

#[test]
fn texts_kept_in_one_piece_come_back_as_they_were_given() {
    for given in [&[][..], &[""], &["夜勤はありますか？", "", "on call?", "👩‍⚕️", ""]] {
        let texts: Texts = given.iter().collect();
        assert_eq!(texts.iter().collect::<Vec<_>>(), given);
        assert_eq!(texts.is_empty(), given.is_empty());
    }
}

#[test]
fn words_that_yaml_reads_as_something_else_stay_words() {
    let text = with_entry("    also_asked:\n      - no\n      - 1.0\n      - 0x10\n      - yes\n      - 2026-11-22\n");
    let loaded = load(&[source("faq.yaml", &text)], Lang::Ja);
    assert_eq!(loaded.faq.entries[0].also_asked.iter().collect::<Vec<_>>(), ["no", "1.0", "0x10", "yes", "2026-11-22"]);
}

#[test]
fn two_files_cannot_be_the_same_topic() {
    let loaded =
        load(&[source("a.yaml", &with_entry("")), source("b.yaml", &with_entry("").replace("id: sound", "id: other"))], Lang::Ja);
    let fault = loaded.diagnostics.iter().find(|one| one.problem.code() == "duplicate-topic").unwrap();
    assert_eq!((fault.place.file.as_str(), fault.place.line), ("b.yaml", 2));
}

#[test]
fn what_only_searching_shows_is_told_too() {
    let text = with_entry(
        "    must_find: [駐車場はありますか]\n    patterns: ['存在しない', '食堂']\n  - id: canteen\n    question: 食堂はありますか？\n    answer: はい。\n",
    );
    let built = faq_of(&text).check_by_searching();
    let codes: Vec<&str> =
        built.diagnostics.iter().map(|one| one.problem.code()).filter(|code| !code.contains("no-link")).collect();
    for expected in ["must-find-missed", "pattern-unused", "pattern-takes-other", "shadowed"] {
        assert!(codes.contains(&expected), "{expected} is not among {codes:?}");
    }
}

#[test]
fn entries_that_find_each_other_are_told_once() {
    let twins = "  - id: twin\n    question: 夜勤はあるのですか？\n    answer: あります。\n  - id: other\n    question: 駐車場は広いですか？\n    answer: はい。\n";
    let built = faq_of(&with_entry(twins)).check_by_searching();
    let found: Vec<_> = built.diagnostics.iter().filter(|one| one.problem.code() == "near-twin").collect();
    assert_eq!(found.len(), 1, "{:?}", built.diagnostics);
    assert!(built.diagnostics.iter().all(|one| one.problem.code() != "shadowed"), "{:?}", built.diagnostics);
    assert_eq!(found[0].place.line, 8);
    let said = found[0].problem.message(Lang::Ja);
    assert_eq!(
        said,
        "項目「sound」（test.yaml:5:9）と質問がとても近く、「夜勤はあるのですか？」と聞かれても、どちらのことか決められません。"
    );
}

#[test]
fn a_care_wording_that_reads_like_ordinary_ones_is_told() {
    let text = "format: 1\ntopic: care\ntitle: 相談\nentries:\n  - id: care-x\n    kind: care\n    question: つらい？\n    also_asked: [もう消えたい, 誰か]\n    answer: 相談先です。\n    patterns: ['消えたい']\n  - id: who\n    question: 誰か？\n    also_asked: [誰か。, 誰か！, 誰か、誰か]\n    answer: 担当者です。\n";
    let built = faq_of(text).check_by_searching();
    let uncaught = built.diagnostics.iter().filter(|one| one.problem.code() == "care-uncaught");
    let messages: Vec<String> = uncaught.map(|one| one.problem.message(Lang::Ja)).collect();
    assert_eq!(messages, ["also_asked の「誰か」は、careの項目として見つかりません。"]);
}

#[test]
fn a_faq_without_care_gets_the_shipped_care_and_is_told() {
    let built = faq_of(&with_entry(""));
    assert!(built.diagnostics.iter().any(|one| one.problem.code() == "no-care"));
    let verdict = crate::support::verdict(&built.knowledge.unwrap(), "もう死にたい");
    assert_eq!(verdict.decision.outcome, medse_bot::answering::Outcome::Care);
}

#[test]
fn a_second_list_of_entries_is_refused() {
    let text = format!("{}entries:\n  - id: lost\n    question: 昼は？\n    answer: はい。\n", with_entry(""));
    let codes: Vec<&str> =
        load(&[source("faq.yaml", &text)], Lang::Ja).diagnostics.iter().map(|one| one.problem.code()).collect();
    assert!(codes.contains(&"duplicate-key"), "{codes:?}");
}

#[test]
fn what_an_unreadable_file_held_is_not_called_unknown() {
    let broken = source("a.yaml", "format: 1\ntopic：夜\n");
    let sound = source("b.yaml", &with_entry("    related: [in-the-broken-file]\n"));
    let codes: Vec<&str> = load(&[broken, sound], Lang::Ja).diagnostics.iter().map(|one| one.problem.code()).collect();
    assert!(codes.contains(&"full-width-colon") && !codes.contains(&"unknown-entry"), "{codes:?}");
}

#[test]
fn a_folder_without_vocabulary_uses_the_shipped_one_and_a_faulty_one_is_told() {
    let sound = with_entry("");
    let without = Knowledge::build(&[source("a.yaml", &sound)], Lang::Ja).knowledge.unwrap();
    assert!(!without.vocabulary.concepts.is_empty());
    let faulty = source("vocabulary.yaml", "format: 1\nconcepts:\n  Night: [夜間]\n  day: 昼\n");
    let built = Knowledge::build(&[source("a.yaml", &sound), faulty], Lang::Ja);
    assert!(built.has_errors());
    assert!(built.knowledge.is_some());
}

#[test]
fn the_schema_names_every_field_the_loader_knows() {
    let schema = medse_bot::faq::schema();
    let entry = &schema["$defs"]["EntryFile"];
    assert_eq!(entry["additionalProperties"], false);
    let described = entry["properties"].as_object().unwrap();
    assert!(described.values().all(|field| field.get("description").is_some() || field.get("$ref").is_some()));
    let filled: String = described
        .keys()
        .filter(|name| !["id", "question", "answer"].contains(&name.as_str()))
        .map(|name| match name.as_str() {
            "kind" => "    kind: signpost\n".to_owned(),
            "draft" | "pinned" => format!("    {name}: false\n"),
            "label" | "source" => format!("    {name}: 文字\n"),
            "reviewed" => "    reviewed: 2026-11-22\n".to_owned(),
            "related" => "    related: [sound]\n".to_owned(),
            "links" => "    links:\n      - title: 公式\n        url: https://www.mhlw.go.jp/\n".to_owned(),
            "formerly" => "    formerly: [old]\n".to_owned(),
            list => format!("    {list}: [言葉の{list}]\n"),
        })
        .collect();
    let loaded = load(&[source("faq.yaml", &with_entry(&filled))], Lang::Ja);
    let faults: Vec<_> = loaded.diagnostics.iter().filter(|one| one.problem.level() == Level::Error).collect();
    assert!(faults.is_empty(), "{faults:?}");
    assert!(loaded.faq.entry(&id("old")).is_some());
}

#[test]
fn a_doubled_wording_names_the_place_where_it_stands_first() {
    let first = with_entry("    also_asked:\n      - 夜勤は？\n");
    let second =
        "\u{feff}format: 1\ntopic: second\ntitle: 二つ目\nentries:\n  - id: second\n    question: 夜勤は\n    answer: はい。\n";
    let loaded = load(&[source("a.yaml", &first), source("b.yaml", second)], Lang::Ja);
    let found = loaded.diagnostics.iter().find(|one| one.problem.code() == "duplicate-wording").unwrap();
    assert_eq!((found.place.file.as_str(), found.place.line), ("b.yaml", 6));
    let medse_bot::faq::Problem::DuplicateWording { owner, first: place, .. } = &found.problem else { panic!("{found:?}") };
    assert_eq!((owner.as_str(), place.file.as_str()), ("sound", "a.yaml"));
    assert_eq!(first.lines().nth(place.line - 1).unwrap().trim(), "- 夜勤は？");
}
