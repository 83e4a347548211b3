//! What moderators type, what members asked in vain, and numbers: as data, without Discord.
//!
//! Conversations stand in `it/door`.

use std::collections::BTreeMap;

use medse_bot::answering::{Policy, phrases};
use medse_bot::faq::edit::Change;
use medse_bot::faq::{Lang, load};
use medse_bot::journal::{EntryNumbers, KeptAt, Missing, Numbers};
use medse_bot::knowledge::Knowledge;
use medse_bot::moderation::inbox::{Group, Now, groups, unknown_words};
use medse_bot::moderation::{Fields, stats};

use crate::support::{SHIPPED, id, source};

const NIGHTS: &str = include_str!("door/nights.yaml");

fn small() -> Knowledge {
    Knowledge::build(&[source("nights.yaml", NIGHTS)], Lang::Ja).knowledge.unwrap()
}

#[test]
fn what_is_typed_is_read_as_it_is_meant() {
    let typed = Fields::typed([
        "  夜勤は\nある？ ",
        "夜も？\n\n 夜も？\n夜も\n",
        "はい。  \n\n",
        "案内｜https://a.jp/x\nhttps://b.jp\n食堂 https://c.jp/a|b\n売店 | c.jp",
        "夜、当直, night\n夜",
    ]);
    assert_eq!(typed.question, "夜勤は ある？");
    // What differs in nothing but signs is the same wording.
    assert_eq!(typed.wordings, ["夜も？"]);
    assert_eq!(typed.answer, "はい。");
    let links: Vec<(&str, &str)> = typed.links.iter().map(|(title, url)| (title.as_str(), url.as_str())).collect();
    let wanted = [("案内", "https://a.jp/x"), ("b.jp", "https://b.jp"), ("食堂", "https://c.jp/a|b"), ("売店", "c.jp")];
    assert_eq!(links, wanted);
    assert_eq!(typed.keywords, ["夜", "当直", "night"]);
    assert_eq!(Fields::typed([]), Fields::default());
}

#[test]
fn what_others_did_meanwhile_stays_in_lists() {
    let faq = load(&[source("nights.yaml", NIGHTS)], Lang::Ja).faq;
    let mut now = faq.entry(&id("night-shift")).unwrap().clone();
    let shown = Fields::of(&now, Lang::Ja);
    assert_eq!(shown.wordings, ["夜勤はありますか", "夜も働く？", "夜勤の有無"]);
    let mut typed = shown.clone();
    typed.wordings = vec!["夜勤はありますか".into(), "夜勤の有無".into(), "当直は？".into()];
    // Somebody else added one, and English ones are not in this form.
    now.also_asked = now.also_asked.iter().map(str::to_owned).chain(["夜間は？".to_owned()]).collect();
    let wanted = ["夜勤はありますか", "夜勤の有無", "Are there night shifts?", "Do you work at night?", "夜間は？", "当直は？"];
    let wanted = wanted.map(str::to_owned).to_vec();
    assert_eq!(typed.changes(&shown, Some(&now), Lang::Ja), [Change::AlsoAsked(wanted)]);
}

#[test]
fn what_others_took_out_meanwhile_stays_out() {
    let text = NIGHTS.replace(
        "    related: [on-call]\n",
        "    links: [{ title: 案内, url: https://a.jp/ }, { title: 次, url: https://b.jp/ }]\n",
    );
    let faq = load(&[source("nights.yaml", &text)], Lang::Ja).faq;
    let entry = faq.entry(&id("night-shift")).unwrap();
    let shown = Fields::of(entry, Lang::Ja);
    let mut typed = shown.clone();
    typed.wordings.push("当直は？".to_owned());
    typed.links[1].0 = "つぎ".to_owned();
    // Somebody else took out a wording, and one link has another address by now.
    let mut now = entry.clone();
    now.also_asked = now.also_asked.iter().filter(|text| *text != "夜も働く？").map(str::to_owned).collect();
    now.links[0].url = "https://a.jp/new".to_owned();
    let changes = typed.changes(&shown, Some(&now), Lang::Ja);
    let [Change::AlsoAsked(wordings), Change::Links(links)] = &changes[..] else { panic!("{changes:?}") };
    assert!(!wordings.contains(&"夜も働く？".to_owned()) && wordings.contains(&"当直は？".to_owned()), "{wordings:?}");
    let links: Vec<(&str, &str)> = links.iter().map(|(title, url)| (title.nearest(Lang::Ja).1, url.as_str())).collect();
    assert_eq!(links, [("つぎ", "https://b.jp/"), ("案内", "https://a.jp/new")]);
}

#[test]
fn what_a_form_cannot_hold_as_it_is_written_is_no_change() {
    let links: Vec<String> =
        (0..90).map(|nth| format!("{{ title: 案内{nth}, url: https://a.jp/{nth}/{} }}", "x".repeat(60))).collect();
    let text = NIGHTS
        .replace("    related: [on-call]\n", &format!("    keywords: ['1,000床']\n    links: [{}]\n", links.join(", ")))
        .replace("夜も働く？", "'夜も  働く？'");
    let faq = load(&[source("nights.yaml", &text)], Lang::Ja).faq;
    let entry = faq.entry(&id("night-shift")).unwrap();
    let shown = Fields::of(entry, Lang::Ja);
    assert!(shown.links.len() < 90 && shown.links.iter().all(|(_, url)| url.ends_with('x')));
    let mut typed = Fields::typed(shown.texts().iter().map(String::as_str));
    assert_eq!(typed.changes(&shown, Some(entry), Lang::Ja), []);
    typed.keywords.push("夜間".to_owned());
    let wanted = Change::Keywords(vec!["1,000床".to_owned(), "夜間".to_owned()]);
    assert_eq!(typed.changes(&shown, Some(entry), Lang::Ja), [wanted]);
}

#[test]
fn every_shipped_entry_goes_through_its_form_unchanged() {
    for entry in &SHIPPED.faq.entries {
        for lang in Lang::ALL {
            let shown = Fields::of(entry, lang);
            let texts = shown.texts();
            assert!(texts.iter().all(|text| text.encode_utf16().count() <= 4_000), "{}", entry.id);
            let typed = Fields::typed(texts.iter().map(String::as_str));
            assert_eq!(typed.changes(&shown, Some(entry), lang), [], "{} {lang}", entry.id);
        }
    }
}

fn missing(nth: i64, person: u8, text: &str, wrong: &[&str]) -> Missing {
    let wrong = wrong.iter().map(|wrong| id(wrong)).collect();
    Missing { kept: KeptAt::Asked(nth), text: text.to_owned(), lang: Lang::Ja, at: nth, person: [person; 16], wrong }
}

#[test]
fn what_is_about_the_same_is_one_group_and_what_is_answered_is_none() {
    let knowledge = small();
    let all = vec![
        missing(1, 1, "宿直室の布団は清潔ですか", &[]),
        missing(2, 2, "更衣室のロッカーは広い？", &[]),
        missing(3, 2, "宿直室の布団は清潔？", &[]),
        missing(4, 2, "宿直室の布団、清潔かな", &[]),
        // Answered by now; answered, and not what was meant; nothing to answer; for people, not for a FAQ.
        missing(5, 3, "夜勤はありますか", &[]),
        missing(6, 3, "夜勤の有無", &["night-shift"]),
        missing(7, 3, "ありがとうございます", &[]),
        missing(8, 3, "もう死にたい", &[]),
    ];
    let groups = groups(&knowledge, all, &Policy::default());
    let told: Vec<(usize, &str, usize)> =
        groups.iter().map(|group| (group.people, group.shown().text.as_str(), group.questions.len())).collect();
    assert_eq!(told, [(2, "宿直室の布団、清潔かな", 3), (1, "夜勤の有無", 1), (1, "更衣室のロッカーは広い？", 1)]);
    assert_eq!(groups[1].now, Now::Wrong(id("night-shift")));
    assert!(groups[0].holds(KeptAt::Asked(1)) && !groups[0].holds(KeptAt::HandedOn(1)));
    assert!(unknown_words(&knowledge, groups[0].shown(), &Policy::default()).iter().any(|word| word.contains("布団")));
}

fn numbers() -> Numbers {
    let outcomes = [("answer", 61), ("decline", 11), ("offer", 12)];
    let of = EntryNumbers { answered: 40, chosen: 3, solved: 2, wrong: 1 };
    Numbers {
        outcomes: outcomes.into_iter().map(|(outcome, count)| (outcome.to_owned(), count)).collect(),
        entries: BTreeMap::from([
            ("night-shift".to_owned(), of),
            ("gone".to_owned(), of),
            ("on-call".to_owned(), EntryNumbers { answered: 5, ..EntryNumbers::default() }),
        ]),
    }
}

#[test]
fn numbers_are_told_in_both_languages() {
    let knowledge = small();
    let reports = Lang::ALL.map(|lang| stats::report(&knowledge, &numbers(), 30, lang));
    let mut seen = format!("{}\n\n", reports.join("\n\n"));
    seen += &stats::table(&knowledge, &numbers(), Lang::Ja);
    insta::assert_snapshot!(seen.replace('\r', "␍"));
}

#[test]
fn a_table_is_no_program() {
    let text = NIGHTS.replace("院内SEに夜勤はある？", "'=HYPERLINK(\"夜\"), \"x\"'");
    let knowledge = Knowledge::build(&[source("nights.yaml", &text)], Lang::Ja).knowledge.unwrap();
    let table = stats::table(&knowledge, &Numbers::default(), Lang::Ja);
    assert!(table.contains("night-shift,\"'=HYPERLINK(\"\"夜\"\"), \"\"x\"\"\",0,0,0,0\r\n"), "{table}");
}

#[test]
fn a_week_without_questions_is_not_told_and_few_askers_are_not_quoted() {
    // Three people, who all say the same, or each something else.
    let group = |texts: [&str; 3]| {
        let questions = (1..).zip(texts).map(|(person, text)| missing(person.into(), person, text, &[])).collect();
        Group { questions, people: 3, now: Now::Declined }
    };
    let same = group(["宿直室の布団は清潔ですか", "宿直室の布団は清潔ですか？", "宿直室の布団は清潔ですか"]);
    let near = group(["宿直室の布団は清潔ですか", "宿直室の布団は清潔？", "宿直室の布団って清潔なの"]);
    assert_eq!(stats::week(&Numbers::default(), std::slice::from_ref(&same), Lang::Ja), None);
    let cases = [
        (
            &same,
            Lang::Ja,
            "今週：質問 84・答えた 61・選ばれた 6・未掲載 11。\nいちばん多い未回答「宿直室の布団は清潔ですか」3人。",
        ),
        (&near, Lang::Ja, "今週：質問 84・答えた 61・選ばれた 6・未掲載 11。\n受信箱に 1件あります。"),
        (&near, Lang::En, "This week: 84 asked, 61 answered, 6 chosen, 11 not in the FAQ.\n1 in the inbox."),
    ];
    for (group, lang, wanted) in cases {
        assert_eq!(stats::week(&numbers(), std::slice::from_ref(group), lang).as_deref(), Some(wanted));
    }
}

#[test]
fn spaces_behind_lines_are_no_change() {
    let text = NIGHTS.replace(
        "      ja: 夜勤のある病院は少なく、当番で電話を受ける所が多いです。\n",
        "      ja: \"夜勤は少なく、  \\n\\n当番が多いです。 \"\n",
    );
    let faq = load(&[source("nights.yaml", &text)], Lang::Ja).faq;
    let entry = faq.entry(&id("night-shift")).unwrap();
    let shown = Fields::of(entry, Lang::Ja);
    assert_eq!(shown.answer, "夜勤は少なく、\n\n当番が多いです。");
    let typed = Fields::typed(shown.texts().iter().map(String::as_str));
    assert_eq!(typed.changes(&shown, Some(entry), Lang::Ja), []);
}

#[test]
fn what_stands_on_moderators_buttons_fits_a_phone() {
    let buttons = [
        phrases::BACK,
        phrases::BACK_TO_INBOX,
        phrases::DROP,
        phrases::EDIT,
        phrases::IN_ENGLISH,
        phrases::IN_JAPANESE,
        phrases::NEW_ENTRY,
        phrases::NEXT_PAGE,
        phrases::NOT_OURS,
        phrases::OPEN_INBOX,
        phrases::PUBLISH,
        phrases::RIGHT,
        phrases::SAME_WORD,
        phrases::TAKE_MINE,
        phrases::UNDO,
        phrases::UNDO_BY,
        phrases::UNDO_TO,
    ];
    for (phrase, lang) in buttons.iter().flat_map(|phrase| Lang::ALL.map(|lang| (phrase, lang))) {
        let label = phrase.get(lang);
        assert!(textwrap::core::display_width(label) <= 20, "{label} is wider than ten full-width characters");
    }
}
