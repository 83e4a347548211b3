//! A FAQ file edited: only what changes is written anew, and the file says exactly what was meant, however it is written.
//!
//! What moderators do with it in Discord stands in `it/door`.

use medse_bot::faq::edit::{Change, Edit, Unedited, edit};
use medse_bot::faq::{EntryId, Faq, Lang, Localized, Source, load};
use medse_bot::knowledge::Library;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use crate::support::{id, source};

const PLAIN: &str = "format: 1\ntopic: t\ntitle: 題\nentries:\n  - id: a\n    question: 夜勤は？ # 表示\n    also_asked:\n      - 夜も働く？\n      # 下は英語\n      - Nights?\n    answer: |\n      少しあります。\n\n      病院によります。\n  # 次\n  - id: b\n    question: { ja: 資格は？, en: Licence? }\n    keywords: [資格, 免許]\n    answer: 不要です。\n";

fn edited(text: &str, wanted: &Edit<'_>) -> String {
    edit("t.yaml", text, Lang::Ja, wanted).unwrap()
}

#[test]
fn only_what_changes_is_written() {
    let (a, b) = (id("a"), id("b"));
    let ja = |text: &str| Change::Answer(Lang::Ja, text.to_owned());
    let list = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let link = |ja: &str| (Localized::only(Lang::Ja, ja.to_owned()), "https://example.jp/x".to_owned());
    let cases: [(&EntryId, Vec<Change>, &str, &str); 14] = [
        (&a, vec![ja("ありません。")], "answer: |\n      少しあります。\n\n      病院によります。", "answer: ありません。"),
        (&b, vec![ja("一\n\n二")], "answer: 不要です。", "answer: |\n      一\n\n      二"),
        (&b, vec![ja("一　二\n👩\u{200d}💻 の話")], "answer: 不要です。", "answer: |\n      一　二\n      👩\u{200d}💻 の話"),
        (&b, vec![ja("資格：不要")], "answer: 不要です。", "answer: '資格：不要'"),
        (&b, vec![ja("no")], "answer: 不要です。", "answer: 'no'"),
        (&b, vec![ja("a: b # c")], "answer: 不要です。", "answer: 'a: b # c'"),
        (&b, vec![ja("表\tと\u{85}行")], "answer: 不要です。", "answer: \"表\\tと\\u0085行\""),
        (&b, vec![Change::Answer(Lang::En, "No.".into())], "answer: 不要です。", "answer:\n      ja: 不要です。\n      en: No."),
        (&a, vec![Change::Question(Lang::Ja, "夜は？".into())], "question: 夜勤は？ # 表示", "question: 夜は？"),
        (
            &a,
            vec![Change::AlsoAsked(list(&["Nights?", "夜間は？"]))],
            "      - 夜も働く？\n      # 下は英語\n      - Nights?",
            "      # 下は英語\n      - Nights?\n      - 夜間は？",
        ),
        (&b, vec![Change::Keywords(list(&["資格", "- 免状"]))], "[資格, 免許]", "[資格, '- 免状']"),
        (&b, vec![Change::Question(Lang::En, "Exam?".into())], "{ ja: 資格は？, en: Licence? }", "{ ja: 資格は？, en: Exam? }"),
        (
            &b,
            vec![Change::Links(vec![link("試験")])],
            "answer: 不要です。",
            "answer: 不要です。\n    links:\n      - title:\n          ja: 試験\n        url: https://example.jp/x",
        ),
        (&b, vec![Change::Keywords(Vec::new())], "    keywords: [資格, 免許]\n", ""),
    ];
    for (id, changes, before, after) in cases {
        assert_eq!(edited(PLAIN, &Edit::Change(id, &changes)), PLAIN.replacen(before, after, 1), "{changes:?}");
        // With the line breaks of Windows, and without the last one.
        let windows = PLAIN.replace('\n', "\r\n");
        let windows = windows.trim_end();
        let expected = PLAIN.replacen(before, after, 1).replace('\n', "\r\n");
        assert_eq!(edited(windows, &Edit::Change(id, &changes)), expected.trim_end(), "{changes:?}");
    }
}

#[test]
fn entries_come_and_go_without_a_trace_on_the_others() {
    let (a, b, c) = (id("a"), id("b"), id("c"));
    let changes = [Change::Question(Lang::Ja, "新しい？".into()), Change::Answer(Lang::Ja, "はい。".into())];
    let new = "  - id: c\n    question:\n      ja: 新しい？\n    answer:\n      ja: はい。\n";
    let grown = edited(PLAIN, &Edit::Add(&c, &changes));
    assert_eq!(grown, format!("{PLAIN}{new}"));
    assert_eq!(edited(&grown, &Edit::Remove(&c)), PLAIN);
    let rest = PLAIN.split("  - id: b").next().unwrap();
    let one = edited(PLAIN, &Edit::Remove(&b));
    assert_eq!(one, rest);
    let none = edited(&one, &Edit::Remove(&a));
    assert!(none.starts_with("format: 1\ntopic: t\ntitle: 題\nentries: []\n"), "{none}");
    assert!(edited(&none, &Edit::Add(&c, &changes)).contains(new.trim_end()));
    let flow = "{format: 1, topic: t, title: 題, entries: [{id: a, question: 夜は？, answer: はい}]}\n";
    let more = edited(flow, &Edit::Add(&c, &changes));
    assert!(more.starts_with("{format: 1, topic: t, title: 題, entries: [{id: a, question: 夜は？, answer: はい}, {"), "{more}");
    assert_eq!(edited(&more, &Edit::Remove(&c)), flow);
    assert_eq!(edit("t.yaml", PLAIN, Lang::Ja, &Edit::Add(&a, &changes)), Err(Unedited::Taken));
    assert_eq!(edit("t.yaml", PLAIN, Lang::Ja, &Edit::Remove(&c)), Err(Unedited::Unknown));
    assert_eq!(edit("t.yaml", "a: [", Lang::Ja, &Edit::Remove(&c)), Err(Unedited::NotRead));
}

#[test]
fn a_word_joins_its_concept_and_leaves_it() {
    let text = "format: 1\nconcepts:\n  night: [夜間, 夜中] # 夜\n  day:\n    - 昼\n";
    for (concept, expected) in [("night", "[夜間, 夜中, 深夜帯] # 夜"), ("day", "- 昼\n    - 深夜帯")] {
        let more = edit("vocabulary.yaml", text, Lang::Ja, &Edit::AddForm(concept, "深夜帯")).unwrap();
        assert!(more.contains(expected), "{more}");
        assert_eq!(edit("vocabulary.yaml", &more, Lang::Ja, &Edit::RemoveForm(concept, "深夜帯")).unwrap(), text);
    }
    assert_eq!(edit("vocabulary.yaml", text, Lang::Ja, &Edit::AddForm("dusk", "夕")), Err(Unedited::Unknown));
}

#[test]
fn every_shipped_entry_can_be_changed_and_changed_back() {
    for shipped in Library::Shipped.sources().unwrap() {
        let text = shipped.text().unwrap();
        let faq = load(&[source(&shipped.name, text)], Lang::Ja).faq;
        for entry in &faq.entries {
            let wordings: Vec<String> = entry.also_asked.iter().map(str::to_owned).collect();
            let more: Vec<String> = wordings.iter().cloned().chain(["新しい聞き方？".to_owned()]).collect();
            let answer = entry.answer.get(Lang::Ja).unwrap().to_owned();
            let changed = edit(&shipped.name, text, Lang::Ja, &Edit::Change(&entry.id, &[Change::AlsoAsked(more)])).unwrap();
            assert_eq!(changed.lines().count(), text.lines().count() + 1);
            let back = edit(&shipped.name, &changed, Lang::Ja, &Edit::Change(&entry.id, &[Change::AlsoAsked(wordings)]));
            assert_eq!(back.unwrap(), text);
            let other = [Change::Answer(Lang::Ja, format!("{answer}\n追記"))];
            let changed = edit(&shipped.name, text, Lang::Ja, &Edit::Change(&entry.id, &other)).unwrap();
            // One line more, and the `|` of what was one line.
            let more = changed.lines().count() - text.lines().count();
            assert!((1..=2).contains(&more), "{}: {more}", entry.id);
        }
    }
}

/// A text as people and attackers write it.
fn any_text() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("夜勤"),
        Just("資格は？"),
        Just("no"),
        Just("null"),
        Just("~"),
        Just("- "),
        Just(": "),
        Just("："),
        Just(" # "),
        Just("'"),
        Just("\""),
        Just("\\"),
        Just("{"),
        Just("]"),
        Just(", "),
        Just("|"),
        Just("｜"),
        Just(">"),
        Just("&a"),
        Just("*夜"),
        Just("!x"),
        Just("%"),
        Just("@"),
        Just("`"),
        Just("\n"),
        Just("\n\n"),
        Just("  "),
        Just("\t"),
        Just("\u{3000}"),
        Just("\u{85}"),
        Just("\u{2028}"),
        Just("\u{feff}"),
        Just("\u{a0}"),
        Just("👩‍⚕️"),
        Just("1.5"),
        Just("---"),
        Just("..."),
        Just("ja: x"),
        Just("links:"),
        Just("「夜」"),
        Just("“q”"),
        Just("?"),
        Just("Abc"),
        Just("…")
    ];
    prop::collection::vec(pieces, 1..6).prop_map(|pieces| pieces.concat().trim().to_owned())
}

/// A value as a file may have it: with the text it says, at the indentation of its field.
fn drawn(text: &str, style: u8, indent: usize) -> String {
    let is_simple = text.chars().all(|c| c.is_alphanumeric() || "？。".contains(c)) && !["", "no", "null"].contains(&text);
    let below = " ".repeat(indent + 3);
    let lines = |text: &str| {
        text.split('\n').map(|line| if line.is_empty() { "\n".into() } else { format!("\n{below}{line}") }).collect::<String>()
    };
    let may_be_block = !text.is_empty()
        && !text.starts_with([' ', '\n', '\t'])
        && text.chars().all(|c| c == '\n' || (!c.is_control() && !"\u{2028}\u{feff}\u{85}".contains(c)));
    match style % 4 {
        0 if is_simple => text.to_owned(),
        1 if may_be_block => format!("|{}", lines(text)),
        2 if !text.contains(['\n', '\t', '\u{85}', '\u{2028}', '\u{feff}']) => format!("'{}'", text.replace('\'', "''")),
        _ => serde_json::to_string(text)
            .unwrap()
            .replace('\u{85}', "\\u0085")
            .replace('\u{2028}', "\\u2028")
            .replace('\u{feff}', "\\uFEFF")
            .replace('\u{a0}', "\\u00A0"),
    }
}

#[derive(Clone, Debug)]
struct Drawn {
    texts: Vec<String>,
    styles: Vec<u8>,
}

/// A file of entries in as many styles as people have, without line breaks of its own kind yet.
fn file(entries: &[Drawn], shape: u8) -> String {
    let outer = [0, 2, 4][usize::from(shape) % 3];
    let mut text = vec!["# 先頭\nformat: 1\ntopic: t\ntitle: '題'\nentries:\n".to_owned()];
    for (nth, Drawn { texts, styles }) in entries.iter().enumerate() {
        let (dash, pad) = (" ".repeat(outer), " ".repeat(outer + 2));
        let at = |nth: usize| (texts[nth % texts.len()].as_str(), styles[nth % styles.len()]);
        if styles[0] % 5 == 0 {
            let quoted = |nth: usize| drawn(at(nth).0, 3, 0);
            text.push(format!(
                "{dash}- {{ id: e{nth}, question: {}, also_asked: [{}, {}], answer: {{ ja: {} }} }}\n",
                quoted(0),
                quoted(1),
                quoted(2),
                quoted(3)
            ));
            continue;
        }
        let value = |nth: usize, indent: usize| drawn(at(nth).0, at(nth).1, indent);
        text.push(format!("{dash}- id: e{nth} # 名前\n"));
        if styles[0] % 3 == 0 {
            text.push(format!("{pad}question: {}\n", value(0, outer + 2)));
        } else {
            text.push(format!("{pad}question:\n{pad}  ja: {}\n{pad}  en: {}\n", value(0, outer + 4), value(4, outer + 4)));
        }
        if styles[0] % 2 == 0 {
            text.push(format!(
                "{pad}also_asked:\n{pad}  - {}\n{pad}  # 間\n{pad}  - {}\n",
                value(1, outer + 4),
                value(2, outer + 4)
            ));
        } else {
            text.push(format!("{pad}also_asked: [{}, {}]\n", drawn(at(1).0, 3, 0), drawn(at(2).0, 3, 0)));
        }
        text.push(format!("{pad}# 答え\n{pad}answer: {}\n", value(3, outer + 2)));
        if styles[0] % 7 > 3 {
            text.push(format!("\n{dash}# 区切り\n"));
        }
    }
    text.concat()
}

fn says(faq: &Faq) -> Vec<(String, Vec<String>)> {
    let texts = |entry: &medse_bot::faq::Entry| {
        let all = entry.question.texts().chain(entry.answer.texts()).map(|(_, text)| text.trim_end_matches('\n').to_owned());
        let links = entry.links.iter().flat_map(|link| [link.url.clone(), link.title.nearest(Lang::Ja).1.to_owned()]);
        all.chain(entry.also_asked.iter().map(|text| text.trim_end_matches('\n').to_owned()))
            .chain(entry.keywords.iter().cloned())
            .chain(links)
            .collect()
    };
    faq.entries.iter().map(|entry| (entry.id.to_string(), texts(entry))).collect()
}

fn faq(text: &str) -> Faq {
    let sources: [Source; 1] = [source("t.yaml", text)];
    load(&sources, Lang::Ja).faq
}

/// `MEDSE_EDITS=10000` for more.
#[test]
fn any_edit_of_any_file_changes_its_entry_and_nothing_else() {
    let cases = std::env::var("MEDSE_EDITS").ok().and_then(|cases| cases.parse().ok()).unwrap_or(500);
    let entry = (prop::collection::vec(any_text(), 5), prop::collection::vec(any::<u8>(), 5))
        .prop_map(|(texts, styles)| Drawn { texts, styles });
    let change = prop_oneof![
        any_text().prop_map(|text| Change::Question(Lang::Ja, text)),
        any_text().prop_map(|text| Change::Answer(Lang::En, text)),
        any_text().prop_map(|text| Change::Answer(Lang::Ja, text)),
        prop::collection::vec(any_text(), 0..3).prop_map(Change::AlsoAsked),
        prop::collection::vec(any_text(), 0..3).prop_map(Change::Keywords),
        any_text().prop_map(|title| Change::Links(vec![(Localized::only(Lang::Ja, title), "https://example.jp/x".into())])),
    ];
    let drawn = (
        prop::collection::vec(entry, 1..5),
        any::<u8>(),
        prop::collection::vec(change, 1..4),
        any::<prop::sample::Index>(),
        0u8..8,
    );
    let config = Config { cases, failure_persistence: None, rng_seed: RngSeed::Random, ..Config::default() };
    let usable = std::cell::Cell::new(0);
    TestRunner::new(config)
        .run(&drawn, |(entries, shape, changes, which, kind)| {
            let mut text = file(&entries, shape);
            if shape % 4 == 1 {
                text = text.replace('\n', "\r\n");
            }
            if shape % 5 == 1 {
                text = text.trim_end().to_owned();
            }
            let which = which.index(entries.len());
            let id = id(&format!("e{which}"));
            let new = EntryId::new("new").unwrap();
            let wanted = match kind {
                0 => Edit::Remove(&id),
                1 => Edit::Add(&new, &changes),
                _ => Edit::Change(&id, &changes),
            };
            let result = match edit("t.yaml", &text, Lang::Ja, &wanted) {
                Ok(result) => result,
                // What was drawn may be no file of ours; what is one can be edited.
                Err(Unedited::NotRead) => return Ok(()),
                Err(other) => return Err(TestCaseError::fail(format!("{other}: {wanted:?}\n{text}"))),
            };
            usable.set(usable.get() + 1);
            // Everything above and below the entry is there, byte for byte.
            let begins =
                |text: &str, nth: usize| text.find(&format!("- id: e{nth} ")).or_else(|| text.find(&format!("- {{ id: e{nth},")));
            let start = begins(&text, if kind == 1 { 0 } else { which }).unwrap_or(0);
            prop_assert!(text.get(..start).is_some_and(|head| result.starts_with(head)) || kind == 0, "{}\n{}", text, result);
            if let Some(next) = begins(&text, which + 1).filter(|_| kind > 1) {
                prop_assert!(text.get(next..).is_some_and(|tail| result.ends_with(tail)), "{}\n{}", text, result);
            }
            let (before, after) = (says(&faq(&text)), says(&faq(&result)));
            for (id, texts) in &before {
                if kind == 1 || *id != format!("e{which}") {
                    prop_assert!(after.contains(&(id.clone(), texts.clone())), "{}\n{}", text, result);
                }
            }
            Ok(())
        })
        .unwrap();
    let usable = usable.get();
    assert!(usable > cases / 2, "only {usable} of {cases} files could be read");
}
