//! What a moderator mistypes, and what comes of doing what the diagnostic says: each is told, and gone once its remedy is followed.

use insta::assert_snapshot;
use medse_bot::faq::{Diagnostic, Lang, Level, load};

use crate::loading::{drawn, with_entry};
use crate::support::{built_shipped, faq_of, source};

/// What it is, the lines of an entry as they were typed, and as the remedy has them.
const TYPOS: &[(&str, &str, &str)] = &[
    ("a # that cuts a text", "    source: オフ会 #1 は東京\n", "    source: \"オフ会 #1 は東京\"\n"),
    ("a # that cuts an item", "    also_asked:\n      - 夜勤 #ある？\n", "    also_asked:\n      - \"夜勤 #ある？\"\n"),
    ("a # that leaves nothing", "    source: #夜勤 の話\n", "    source: \"#夜勤 の話\"\n"),
    ("a # that was a comment", "    source: 夜勤の話 #要確認\n", "    source: 夜勤の話 # 要確認\n"),
    (
        "full-width spaces above a long list",
        "　　also_asked:\n      - 夜勤は一回？\n      - 夜勤は二回？\n      - 夜勤は三回？\n      - 夜勤は四回？\n      - 夜勤は五回？\n      - 夜勤は六回？\n      - 夜勤は七回？\n      - 夜勤は八回？\n",
        "    also_asked:\n      - 夜勤は一回？\n      - 夜勤は二回？\n      - 夜勤は三回？\n      - 夜勤は四回？\n      - 夜勤は五回？\n      - 夜勤は六回？\n      - 夜勤は七回？\n      - 夜勤は八回？\n",
    ),
    (
        "a no-break space behind a lonely colon",
        "    source:\u{a0}\n      ja: 東京です。\n",
        "    source:\n      ja: 東京です。\n",
    ),
    ("a full-width |", "    source:\n      ja: ｜\n        東京です。\n", "    source:\n      ja: |\n        東京です。\n"),
    (
        "a lost |",
        "    source:\n      ja: 一階です。\n        夜は閉まります。\n      en: On the first floor.\n",
        "    source:\n      ja: |\n        一階です。\n        夜は閉まります。\n      en: On the first floor.\n",
    ),
    ("a text behind |", "    source:\n      ja: | 東京です。\n", "    source:\n      ja: |\n        東京です。\n"),
    ("a text behind >", "    source: > 東京です。\n", "    source: \"東京です。\"\n"),
    (
        "an item that goes on",
        "    also_asked:\n      - 夜は？\n        昼は？\n",
        "    also_asked:\n      - 夜は？\n      - 昼は？\n",
    ),
    (
        "an item too deep",
        "    also_asked:\n      - 夜は？\n       - 昼は？\n",
        "    also_asked:\n      - 夜は？\n      - 昼は？\n",
    ),
    (
        "words parted by a space",
        "    keywords: [夜勤 当直, on call, 電子 EMR]\n",
        "    keywords: [夜勤, 当直, on call, 電子 EMR]\n",
    ),
    (
        "words parted by ・",
        "    keywords: [夜間・休日, システム・エンジニア]\n",
        "    keywords: [夜間, 休日, システム・エンジニア]\n",
    ),
    ("words parted by 、 in lines", "    keywords:\n      - 夜勤、当直\n", "    keywords:\n      - 夜勤\n      - 当直\n"),
    ("words parted by 、 without a list", "    keywords: 夜勤、当直\n", "    keywords: [\"夜勤\", \"当直\"]\n"),
    ("quotes of a Japanese keyboard", "    keywords: [“夜勤”, 当直]\n", "    keywords: [\"夜勤\", 当直]\n"),
    ("quotes of a Japanese keyboard and a colon", "    source: “夜: 昼”\n", "    source: \"夜: 昼\"\n"),
    ("brackets of a Japanese keyboard", "    keywords: ［夜勤、当直］\n", "    keywords: [夜勤, 当直]\n"),
    ("brackets for headings", "    keywords: 【夜勤, 当直】\n", "    keywords: [夜勤, 当直]\n"),
    (
        "a link in the text",
        "    source: |\n      [夜勤の表](https://example.jp/) です。\n",
        "    source: |\n      夜勤の表 です。\n    links:\n      - title: 夜勤の表\n        url: https://example.jp/\n",
    ),
    ("marks of a merge", "<<<<<<< HEAD\n    label: 夜\n=======\n    label: 夜勤\n>>>>>>> other\n", "    label: 夜勤\n"),
    (
        "marks of a merge in a text",
        "    source: |\n      <<<<<<< HEAD\n      夜\n      =======\n      昼\n      >>>>>>> other\n",
        "    source: |\n      夜\n",
    ),
    (
        "a dash without its space",
        "    also_asked:\n      - 夜は？\n      -昼は？\n",
        "    also_asked:\n      - 夜は？\n      - 昼は？\n",
    ),
    (
        "dashes without spaces",
        "    also_asked:\n      -夜は？\n      -昼は？\n",
        "    also_asked:\n      - 夜は？\n      - 昼は？\n",
    ),
    ("a ・ for a dash", "    also_asked:\n      - 夜は？\n      ・昼は？\n", "    also_asked:\n      - 夜は？\n      - 昼は？\n"),
    ("a ー for a dash", "    also_asked:\n      ー 夜は？\n", "    also_asked:\n      - 夜は？\n"),
    ("a bullet for a dash", "    also_asked:\n      * 夜は？\n", "    also_asked:\n      - 夜は？\n"),
    (
        "a dash deleted",
        "    also_asked:\n      - 夜は？\n      昼は？\n      - 朝は？\n",
        "    also_asked:\n      - 夜は？\n      - 昼は？\n      - 朝は？\n",
    ),
    (
        "an entry's dash deleted",
        "  id: other\n    question: 食堂は？\n    answer: はい。\n",
        "  - id: other\n    question: 食堂は？\n    answer: はい。\n",
    ),
    (
        "an entry's dash overwritten",
        "    id: other\n    question: 食堂は？\n    answer: はい。\n",
        "  - id: other\n    question: 食堂は？\n    answer: はい。\n",
    ),
    (
        "a link's dash deleted",
        "    links:\n      title: 公式\n      url: https://example.jp/\n",
        "    links:\n      - title: 公式\n        url: https://example.jp/\n",
    ),
    (
        "a second link's dash deleted",
        "    links:\n      - title: 甲\n        url: https://example.jp/\n        title: 乙\n        url: https://example.com/\n",
        "    links:\n      - title: 甲\n        url: https://example.jp/\n      - title: 乙\n        url: https://example.com/\n",
    ),
    (
        "a list not closed",
        "    keywords: [夜勤, 当直\n    reviewed: 2026-11-22\n",
        "    keywords: [夜勤, 当直]\n    reviewed: 2026-11-22\n",
    ),
    ("a text that begins with *", "    also_asked:\n      - *夜は？\n", "    also_asked:\n      - \"*夜は？\"\n"),
    ("a text that begins with !", "    also_asked:\n      - !夜は？\n", "    also_asked:\n      - \"!夜は？\"\n"),
    ("a text that begins with @", "    source: @夜勤の会\n", "    source: \"@夜勤の会\"\n"),
    ("a text that begins with ?", "    also_asked:\n      - ? 夜は\n", "    also_asked:\n      - \"? 夜は\"\n"),
    ("a text that begins with a quotation", "    source: \"夜\"の話\n", "    source: '\"夜\"の話'\n"),
    (
        "a quotation not closed above another",
        "    also_asked:\n      - \"夜は？\n      - \"昼は？\"\n",
        "    also_asked:\n      - \"夜は？\"\n      - \"昼は？\"\n",
    ),
    (
        "names in Japanese",
        "  - id: other\n    質問: 食堂は？\n    答え: はい。\n",
        "  - id: other\n    question: 食堂は？\n    answer: はい。\n",
    ),
    ("languages in capitals", "    source:\n      JP: 夜\n      EN: night\n", "    source:\n      ja: 夜\n      en: night\n"),
    (
        "an entry in braces",
        "  - {id: other，question: 食堂は？，answer: はい。}\n",
        "  - id: other\n    question: 食堂は？\n    answer: はい。\n",
    ),
    (
        "a field swallowed by a text",
        "    source: |\n      夜勤の表です。\n      reviewed: 2026-11-22\n",
        "    source: |\n      夜勤の表です。\n    reviewed: 2026-11-22\n",
    ),
    (
        "a language swallowed by another",
        "    source:\n      ja: |\n        夜です。\n        en: |\n          Night.\n",
        "    source:\n      ja: |\n        夜です。\n      en: |\n        Night.\n",
    ),
    (
        "a # that cuts what members read",
        "  - id: other\n    question: 食堂は？\n    answer: 日程は #お知らせ に出ます。\n",
        "  - id: other\n    question: 食堂は？\n    answer: \"日程は #お知らせ に出ます。\"\n",
    ),
    ("a full-width name", "    ｓｏｕｒｃｅ: 夜\n", "    source: 夜\n"),
    ("a dash too many", "    also_asked:\n      - - 夜は？\n", "    also_asked:\n      - \"夜は？\"\n"),
    ("words in brackets of their own", "    keywords: 「夜勤」「当直」\n", "    keywords: [\"夜勤\", \"当直\"]\n"),
    (
        "links that are no list",
        "    links: https://example.jp/\n",
        "    links:\n      - title: 公式\n        url: https://example.jp/\n",
    ),
    (
        "an id without a name",
        "  - id:\n    question: 食堂は？\n    answer: はい。\n",
        "  - id: night-shift\n    question: 食堂は？\n    answer: はい。\n",
    ),
    (
        "a colon below a list that is not indented",
        "    also_asked:\n    - 夜は？\n    source: 注意: 夜勤です。\n",
        "    also_asked:\n    - 夜は？\n    source: \"注意: 夜勤です。\"\n",
    ),
    (
        "a link that is not encrypted in the text",
        "    source: |\n      [表: 夜](http://example.jp/夜_(勤務)) です。\n",
        "    source: |\n      表: 夜 です。\n    links:\n      - title: \"表: 夜\"\n        url: https://example.jp/夜_(勤務)\n",
    ),
    ("no-break spaces", "\u{a0}\u{a0}\u{a0} source: 夜\n", "    source: 夜\n"),
    ("a no-break space after a colon", "    source:\u{a0}夜\n", "    source: 夜\n"),
    ("a full-width colon before a comment", "    source：夜 # 覚え書き\n", "    source: 夜\n"),
];

#[test]
fn what_is_mistyped_is_told_and_gone_once_its_remedy_is_followed() {
    let mut told = String::new();
    for (name, typed, mended) in TYPOS {
        let (typed, mended) = (with_entry(typed), with_entry(mended));
        let [ja, en] = [Lang::Ja, Lang::En].map(|lang| drawn(&typed, lang));
        assert!(!ja.is_empty(), "{name}: nothing is said of it");
        assert_eq!(drawn(&mended, Lang::En), "", "{name}: its remedy does not help");
        told.extend(["== ", name, "\n", &ja, "\n\n", &en, "\n\n"]);
    }
    assert_snapshot!(told);
}

#[test]
fn what_only_looks_mistyped_is_left_alone() {
    let sound = [
        "    source: C#の話 # 覚え書き\n    reviewed: 2026-11-22   # 最後に確認した日\n",
        "    source: \"オフ会 #1\" #覚え書き\n    keywords: [on call, システム・エンジニア, \"夜勤 当直\"]\n",
        "    source: |\n      ・一つ目 #1\n      -二つ目\n      =======\n",
        "    source: >\n      On the first floor,\n      and closed at night.\n    label: 「夜勤」の話\n",
        "    source: \"一つ目の段落。\n\n      二つ目の段落。\"\n",
        "    also_asked:\n      - -5度の部屋は？\n      - ・は何？\n      - 夜勤［やきん］は？\n",
    ];
    for lines in sound {
        assert_eq!(drawn(&with_entry(lines), Lang::En), "", "{lines}");
    }
}

fn told<'a>(diagnostics: &'a [Diagnostic], code: &str) -> Vec<&'a Diagnostic> {
    diagnostics.iter().filter(|one| one.problem.code() == code).collect()
}

#[test]
fn a_copied_file_is_called_a_copy_and_nothing_else() {
    let files = [source("meetup のコピー.yaml", &with_entry("")), source("meetup.yaml", &with_entry("    reviewed: 昨日\n"))];
    let loaded = load(&files, Lang::Ja);
    let told: Vec<String> =
        loaded.diagnostics.iter().filter(|one| one.problem.level() > Level::Hint).map(|one| one.summary(Lang::Ja)).collect();
    assert_eq!(
        told,
        [
            "meetup のコピー.yaml: このファイルは「meetup.yaml」の写しのようです。topic も id も同じです。 二つを見くらべて、残さないほうのファイルを消してください。"
        ]
    );
}

#[test]
fn a_topic_in_two_files_is_no_copy_for_the_sake_of_one_entry() {
    let more = |id: &str| format!("  - id: {id}\n    question: {id}は？\n    answer: はい。\n");
    let (one, other) = (
        with_entry(&more("canteen")),
        format!("format: 1\ntopic: faq\ntitle: 別\nentries:\n{}{}", more("canteen"), more("parking")),
    );
    let topic = one.lines().find(|line| line.starts_with("topic: ")).unwrap();
    let loaded = load(&[source("a.yaml", &one), source("b.yaml", &other.replace("topic: faq", topic))], Lang::Ja);
    for (code, times) in [("copied-file", 0), ("duplicate-topic", 1), ("duplicate-id", 1)] {
        assert_eq!(told(&loaded.diagnostics, code).len(), times, "{code}: {:?}", loaded.diagnostics);
    }
}

#[test]
fn a_vocabulary_in_capitals_is_one() {
    let words = "format: 1\nconcepts:\n  night: [夜勤, 宿直]\n";
    let loaded = load(&[source("faq.yaml", &with_entry("")), source("Vocabulary.YAML", words)], Lang::Ja);
    assert_eq!(loaded.diagnostics.iter().filter(|one| one.problem.level() > Level::Hint).count(), 0, "{:?}", loaded.diagnostics);
    assert_eq!(loaded.vocabulary.unwrap().concepts.len(), 1);
}

#[test]
fn quotes_of_a_japanese_keyboard_around_others_are_a_warning() {
    for text in ["“夜勤”", "“\"夜\"の話”", "“C:\\tmp は？”"] {
        let loaded = load(&[source("faq.yaml", &with_entry(&format!("    source: {text}\n")))], Lang::Ja);
        let [one] = told(&loaded.diagnostics, "full-width-sign")[..] else { panic!("{text}: {:?}", loaded.diagnostics) };
        assert_eq!(one.problem.level(), Level::Warning, "{text}");
    }
}

#[test]
fn a_sentence_with_a_full_width_colon_is_no_field() {
    let text = with_entry("    source:\n      ja: |\n        一階です。\n     注意：夜は閉まります。\n");
    assert!(!drawn(&text, Lang::En).contains("full-width-colon"), "{}", drawn(&text, Lang::En));
}

#[test]
fn two_topics_of_one_title_are_told() {
    let other = "format: 1\ntopic: other\ntitle: 試し\nentries:\n  - id: other\n    question: 食堂は？\n    answer: はい。\n";
    let loaded = load(&[source("a.yaml", &with_entry("")), source("b.yaml", other)], Lang::Ja);
    let [one] = told(&loaded.diagnostics, "duplicate-title")[..] else { panic!("{:?}", loaded.diagnostics) };
    assert_eq!((one.place.file.as_str(), one.place.line, one.place.column), ("b.yaml", 3, 8));
    assert_eq!(loaded.faq.topics.len(), 2);
}

#[test]
fn a_question_that_must_find_an_entry_is_told_where_it_stands_and_who_takes_it() {
    let text = with_entry(
        "    must_find:\n      - 夜勤は、ありますか\n      - 食堂で昼に食べられますか？\n  - id: canteen\n    question: 食堂で昼ごはんを食べられますか？\n    answer: はい。\n",
    );
    let built = faq_of(&text).check_by_searching();
    let [known] = told(&built.diagnostics, "must-find-known")[..] else { panic!("{:?}", built.diagnostics) };
    assert_eq!((known.place.line, known.place.column, known.problem.level()), (9, 9, Level::Hint));
    let [missed] = told(&built.diagnostics, "must-find-missed")[..] else { panic!("{:?}", built.diagnostics) };
    assert_eq!((missed.place.line, missed.place.column), (10, 9));
    assert_snapshot!([Lang::Ja, Lang::En].map(|lang| missed.render(Some(&text), lang, false)).join("\n\n"));
}

#[test]
fn an_entry_whose_own_question_is_only_offered_is_told_and_its_pattern_helps() {
    let checked = |text: &str| {
        let mut sources = medse_bot::knowledge::Library::Shipped.sources().unwrap();
        sources.push(source("meetup.yaml", text));
        medse_bot::knowledge::Knowledge::build(&sources, Lang::Ja).check_by_searching().diagnostics
    };
    let text = "format: 1\ntopic: meetup\ntitle: 集まり\nentries:\n  - id: meetup\n    question:\n      ja: オフ会はありますか？\n      en: Are there meetups?\n    answer: はい。\n";
    let found = checked(text);
    let [offered] = told(&found, "only-offered")[..] else { panic!("{found:?}") };
    assert_eq!((offered.place.file.as_str(), offered.place.line), ("meetup.yaml", 5));
    let remedy = offered.problem.remedy(Lang::En);
    let pattern = remedy.split('`').nth(1).unwrap();
    let mended = checked(&format!("{text}    {pattern}\n"));
    assert_eq!(mended.iter().filter(|one| one.problem.level() > Level::Hint).count(), 0, "{pattern}: {mended:?}");
    assert_eq!(told(&built_shipped().check_by_searching().diagnostics, "only-offered").len(), 0);
}

#[test]
fn a_pattern_that_takes_everything_is_told_and_not_all_that_comes_of_it() {
    let mut sources = medse_bot::knowledge::Library::Shipped.sources().unwrap();
    sources.push(source("meetup.yaml", &with_entry("    patterns: ['.*']\n")));
    let found = medse_bot::knowledge::Knowledge::build(&sources, Lang::Ja).check_by_searching().diagnostics;
    let grave: Vec<&Diagnostic> = found.iter().filter(|one| one.problem.level() > Level::Hint).collect();
    let [one] = grave[..] else { panic!("{grave:?}") };
    assert_eq!((one.problem.code(), one.problem.level()), ("pattern-takes-all", Level::Error));
    assert_snapshot!([Lang::Ja, Lang::En].map(|lang| one.summary(lang)).join("\n"));
}

#[test]
fn a_question_that_asks_nothing_is_told() {
    let table = [("夜勤の表を見ました。", 1), ("夜勤の表を見ました？", 0), ("Thanks!", 1), ("夜勤について", 0)];
    for (question, expected) in table {
        let built = faq_of(&with_entry("").replace("夜勤はありますか？", question)).check_by_searching();
        assert_eq!(told(&built.diagnostics, "not-asked").len(), expected, "{question}");
    }
}

#[test]
fn a_place_far_along_a_line_is_counted_in_characters() {
    let words = (0..3_000).map(|nth| format!("夜{nth}")).collect::<Vec<_>>().join(", ") + ", ";
    let text = with_entry(&format!("    keywords: [{words}夜勤、当直]\n"));
    let loaded = load(&[source("faq.yaml", &text)], Lang::Ja);
    let [one] = told(&loaded.diagnostics, "words-in-one")[..] else { panic!("{:?}", loaded.diagnostics) };
    assert_eq!((one.place.line, one.place.column), (8, "    keywords: [".chars().count() + words.chars().count() + 1));
    assert_eq!(text.get(one.place.bytes.clone()), Some("夜勤、当直"));
}

#[test]
fn a_faulty_vocabulary_hides_no_unknown_entry() {
    let files = [source("a.yaml", &with_entry("    related: [nobody]\n")), source("vocabulary.yaml", "format: 1\nconcept: {}\n")];
    assert_eq!(told(&load(&files, Lang::Ja).diagnostics, "unknown-entry").len(), 1);
}
