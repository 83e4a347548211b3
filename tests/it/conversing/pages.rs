//! What a message shows: texts cut where they must be, labels as wide as a phone's buttons, and the buttons each reader gets.

use medse_bot::answering::{Answer, Choice, Reply, phrases, reply};
use medse_bot::discord::page::{self, Frame, Page, Surface, fitted};
use medse_bot::discord::ticket::{Action, Ticket};
use medse_bot::faq::Lang;
use medse_bot::journal::Kept;
use serde_json::Value;

use super::page_limits::checked;
use crate::support::{SHIPPED, id};

pub const ASKER: u64 = 1_329_000_000_000_000_007;
pub const MESSAGE: u64 = 1_329_000_000_000_000_501;
pub const AUTHOR: u64 = 1_329_000_000_000_000_011;

pub fn frame(lang: Lang, surface: Surface) -> Frame {
    Frame {
        lang,
        asker: Some(ASKER),
        surface,
        help_channel: Some(1_329_000_000_000_000_009),
        hands_on: true,
        is_browsed: false,
        helped: None,
    }
}

pub fn answer(entry: &str) -> Answer {
    Answer {
        id: id(entry),
        question: "院内SEに夜勤はある？".to_owned(),
        text: "夜勤のある病院は少ないです。".to_owned(),
        links: Vec::new(),
        related: Vec::new(),
        source: None,
        reviewed: None,
        other_language: None,
    }
}

pub fn choice(entry: &str, question: &str) -> Choice {
    Choice { id: id(entry), question: question.to_owned(), label: None }
}

/// The pieces of each row of a page that Discord would take.
fn pieces(page: &Page) -> Vec<Vec<Value>> {
    let body = checked(page, "a page");
    let rows = body["components"].as_array().unwrap();
    rows.iter().map(|row| row["components"].as_array().unwrap().clone()).collect()
}

fn labels(page: &Page) -> Vec<Vec<String>> {
    let label = |piece: &Value| piece["label"].as_str().or(piece["placeholder"].as_str()).unwrap().to_owned();
    pieces(page).iter().map(|row| row.iter().map(label).collect()).collect()
}

#[test]
fn a_text_is_cut_between_characters_with_an_ellipsis() {
    let long = |piece: &str, times: usize| piece.repeat(times);
    // (text, UTF-16 units there are, what fits)
    let table = [
        (String::new(), 5, String::new()),
        (String::new(), 0, String::new()),
        ("  夜勤  ".to_owned(), 2, "夜勤".to_owned()),
        ("\u{3000}夜勤\n".to_owned(), 2, "夜勤".to_owned()),
        ("夜勤はある".to_owned(), 5, "夜勤はある".to_owned()),
        ("夜勤はある？".to_owned(), 5, "夜勤はあ…".to_owned()),
        ("夜勤".to_owned(), 1, "…".to_owned()),
        ("night".to_owned(), 4, "nig…".to_owned()),
        // One emoji is two units: it stays whole or goes.
        ("😀😀".to_owned(), 4, "😀😀".to_owned()),
        ("😀😀".to_owned(), 3, "😀…".to_owned()),
        ("😀😀".to_owned(), 2, "…".to_owned()),
        ("a😀b".to_owned(), 4, "a😀b".to_owned()),
        ("a😀bc".to_owned(), 4, "a😀…".to_owned()),
        ("ab😀c".to_owned(), 4, "ab…".to_owned()),
        ("𠮷野家で夜勤".to_owned(), 4, "𠮷野…".to_owned()),
        ("か\u{3099}くせい".to_owned(), 4, "か\u{3099}く…".to_owned()),
        (long("病", 2_000), 2_000, long("病", 2_000)),
        (long("病", 2_001), 2_000, long("病", 1_999) + "…"),
        (long("😀", 1_000), 2_000, long("😀", 1_000)),
        (long("😀", 1_000) + "a", 2_000, long("😀", 999) + "…"),
        ("a".to_owned() + &long("😀", 1_000), 2_000, "a".to_owned() + &long("😀", 999) + "…"),
    ];
    for (text, units, expected) in table {
        let cut = fitted(&text, units);
        assert_eq!(cut, expected, "{} characters in {units}", text.chars().count());
        assert!(cut.encode_utf16().count() <= units);
    }
}

#[test]
fn long_choices_are_cut_to_what_a_phone_shows() {
    // 36 columns are 18 full-width characters; the number and its space take two.
    let seventeen = "あ".repeat(17);
    let table = [
        ("資格は必要？", "1 資格は必要？".to_owned()),
        (&seventeen, format!("1 {seventeen}")),
        (&"あ".repeat(18), format!("1 {}…", "あ".repeat(16))),
        (&"ｱ".repeat(40), format!("1 {}…", "ｱ".repeat(33))),
        (&"a".repeat(34), format!("1 {}", "a".repeat(34))),
        (&"a".repeat(35), format!("1 {}…", "a".repeat(33))),
        ("Is the certificate required to work at a vendor?", "1 Is the certificate required to wo…".to_owned()),
        ("医療情報技師の資格は、院内SEになるために必要ですか？", "1 医療情報技師の資格は、院内SEにな…".to_owned()),
        (&"😀".repeat(20), format!("1 {}…", "😀".repeat(16))),
    ];
    for (question, expected) in table {
        let offer = Reply::Offer { lead: phrases::OFFER.get(Lang::Ja), choices: vec![choice("e", question)] };
        let page = page::page(&offer, &frame(Lang::Ja, Surface::Public)).unwrap();
        assert_eq!(labels(&page), [[expected.as_str(), "どれもちがう"]]);
        assert!(page.text.ends_with(&format!("1. {question}")), "the whole question stands in the text");
    }
    let labelled = Choice {
        label: Some("資格は必要？".to_owned()),
        ..choice("e", "医療情報技師の資格は、院内SEになるために必要ですか？")
    };
    let offer = Reply::Offer { lead: "", choices: vec![labelled] };
    assert_eq!(labels(&page::page(&offer, &frame(Lang::En, Surface::Direct)).unwrap()), [["1 資格は必要？", "None of these"]]);
}

#[test]
fn each_reader_gets_the_buttons_they_can_use() {
    let related = Answer { related: vec![choice("on-call", "休日に呼び出される？")], ..answer("night-shift") };
    let plain = || Reply::Answer { lead: None, answers: vec![answer("night-shift")] };
    let full = Reply::Answer { lead: None, answers: vec![related.clone()] };
    let two = Reply::Answer { lead: None, answers: vec![answer("night-shift"), answer("on-call")] };
    let decline = Reply::Decline { text: Some("ない"), signpost: None, nearby: vec![choice("on-call", "休日")] };
    let care = Reply::Care { answer: answer("care"), note: "" };
    let (public, post) = (Surface::Public, Surface::ForPost { message: MESSAGE, author: Some(AUTHOR) });
    let table: [(&Reply, Surface, &[&str]); 17] = [
        (&plain(), public, &["解決した", "ちがう", "消す"]),
        (&full, public, &["解決した", "ちがう", "あわせて読む", "消す"]),
        (&two, public, &["解決した", "消す"]),
        (&plain(), Surface::Private, &["続けて聞く", "みんなに見せる", "ちがう"]),
        (&full, Surface::Private, &["続けて聞く", "みんなに見せる", "ちがう", "あわせて読む"]),
        (&two, Surface::Private, &["続けて聞く"]),
        (&plain(), Surface::Direct, &["続けて聞く", "ちがう", "消す"]),
        (&plain(), post, &["返信として出す", "ちがう"]),
        (&full, post, &["返信として出す", "ちがう", "あわせて読む"]),
        (
            &Reply::Decline { text: None, signpost: Some(related), nearby: Vec::new() },
            public,
            &["解決した", "ちがう", "あわせて読む", "消す"],
        ),
        (&decline, public, &["1 休日", "消す"]),
        (&decline, Surface::Private, &["1 休日", "質問する"]),
        (&decline, Surface::Direct, &["1 休日", "消す"]),
        (&care, public, &["消す"]),
        (&care, Surface::Private, &[]),
        (&Reply::Silence { text: Some("どういたしまして。".to_owned()) }, public, &[]),
        (&two, post, &[]),
    ];
    for (reply, surface, expected) in table {
        let page = page::page(reply, &frame(Lang::Ja, surface)).unwrap();
        assert_eq!(labels(&page).concat(), expected, "{reply:?} for {surface:?}");
    }
    assert!(page::page(&Reply::Silence { text: None }, &frame(Lang::Ja, public)).is_none());
    let nobody = Frame { asker: None, ..frame(Lang::Ja, public) };
    assert_eq!(
        labels(&page::page(&plain(), &nobody).unwrap()),
        [["解決した", "ちがう"]],
        "nobody's message is taken away by nobody"
    );
    let browsed = Frame { is_browsed: true, ..frame(Lang::Ja, Surface::Private) };
    assert_eq!(labels(&page::page(&plain(), &browsed).unwrap()), [["続けて聞く", "みんなに見せる", "話題の一覧"]]);
}

#[test]
fn every_button_names_its_asker_and_the_message_it_is_for() {
    let reply = Reply::Answer { lead: None, answers: vec![answer("night-shift")] };
    let post = Surface::ForPost { message: MESSAGE, author: Some(AUTHOR) };
    for (surface, asker, extra) in [(Surface::Public, ASKER, None), (post, AUTHOR, Some(MESSAGE))] {
        for piece in pieces(&page::page(&reply, &frame(Lang::Ja, surface)).unwrap()).concat() {
            let ticket: Ticket = piece["custom_id"].as_str().unwrap().parse().unwrap();
            assert_eq!((ticket.asker, ticket.extra, ticket.lang), (Some(asker), extra, Lang::Ja), "{ticket}");
            assert_eq!(ticket.entry, Some(id("night-shift")).filter(|_| ticket.action != Action::Delete), "{ticket}");
        }
    }
}

#[test]
fn whoever_was_helped_is_named_where_the_answer_is_taken_away() {
    let posted = Frame { helped: Some(AUTHOR), ..frame(Lang::Ja, Surface::Public) };
    let reply = Reply::Answer { lead: None, answers: vec![answer("night-shift")] };
    let pieces = pieces(&page::page(&reply, &posted).unwrap()).concat();
    let tickets = pieces.iter().map(|piece| piece["custom_id"].as_str().unwrap().parse::<Ticket>().unwrap());
    for ticket in tickets {
        let expected = (ticket.action == Action::Delete).then_some(AUTHOR);
        assert_eq!((ticket.asker, ticket.extra), (Some(ASKER), expected), "{ticket}");
    }
}

#[test]
fn after_a_wrong_answer_the_ways_on_name_it_and_where_it_stands() {
    let others = [choice("on-call", "休日は？"), choice("day-shift", "日勤は？")];
    let table: [(Surface, bool, &[&str]); 5] = [
        (Surface::Private, true, &["1 休日は？", "2 日勤は？", "FAQ係に届ける", "質問する"]),
        (Surface::Private, false, &["1 休日は？", "2 日勤は？", "質問する"]),
        (Surface::Direct, true, &["1 休日は？", "2 日勤は？", "FAQ係に届ける", "質問する", "消す"]),
        (Surface::Direct, false, &["1 休日は？", "2 日勤は？", "質問する", "消す"]),
        (Surface::ForPost { message: MESSAGE, author: Some(AUTHOR) }, true, &["1 休日は？", "2 日勤は？", "質問する"]),
    ];
    for (surface, hands_on, expected) in table {
        let frame = Frame { hands_on, ..frame(Lang::Ja, surface) };
        let page = page::corrected(&others, &id("night-shift"), Some(MESSAGE), &frame);
        assert_eq!(labels(&page).concat(), expected, "{surface:?}");
        assert_eq!(page.text, "教えてくれてありがとうございます。こちらはどうですか？\n1. 休日は？\n2. 日勤は？");
        let tickets =
            pieces(&page).concat().into_iter().map(|piece| piece["custom_id"].as_str().unwrap().parse::<Ticket>().unwrap());
        for ticket in tickets.filter(|ticket| matches!(ticket.action, Action::HandOn | Action::Again)) {
            assert_eq!((ticket.entry.clone(), ticket.extra), (Some(id("night-shift")), Some(MESSAGE)), "{ticket}");
        }
    }
    let nothing = page::corrected(&[], &id("night-shift"), None, &frame(Lang::En, Surface::Private));
    assert_eq!(nothing.text, phrases::NOTHING_NEARER.get(Lang::En));
    assert_eq!(labels(&nothing), [["Pass it on", "Ask"]]);
}

#[test]
fn one_is_one_and_not_many() {
    let table = [
        (
            (1, 1, 1, 1),
            1,
            "Kept about you: 1 question (1 with text, for 1 day), 1 notice pending, 1 answered message by number (for a day).",
        ),
        (
            (0, 0, 2, 0),
            90,
            "Kept about you: 0 questions (0 with text, for 90 days), 2 notices pending, 0 answered messages by number (for a day).",
        ),
        (
            (21, 11, 0, 101),
            2,
            "Kept about you: 21 questions (11 with text, for 2 days), 0 notices pending, 101 answered messages by number (for a day).",
        ),
    ];
    for ((questions, with_text, waiting, answered), days, expected) in table {
        let kept = Kept { questions, with_text, waiting, answered };
        assert_eq!(page::kept(&kept, days, &frame(Lang::En, Surface::Private)).text, expected);
        let shown = page::kept(&kept, days, &frame(Lang::Ja, Surface::Private)).text;
        assert!(shown.contains(&format!("質問 {questions}件（文面のあるもの {with_text}件、{days}日で消えます）")), "{shown}");
    }
}

#[test]
fn links_stand_once_and_at_most_five_of_them() {
    let link = |nth: usize| (format!("参考{nth}"), format!("https://example.com/{nth}"));
    let with = |links: Vec<(String, String)>| Answer { links, ..answer("night-shift") };
    let shown = |answers: Vec<Answer>| {
        let page = page::page(&Reply::Answer { lead: None, answers }, &frame(Lang::Ja, Surface::Public)).unwrap();
        (
            page.text.clone(),
            pieces(&page)[0].iter().filter_map(|piece| piece["url"].as_str().map(str::to_owned)).collect::<Vec<_>>(),
        )
    };
    let five: Vec<String> = (0..5).map(|nth| link(nth).1).collect();
    assert_eq!(shown(vec![with((0..10).map(link).collect())]).1, five);
    let twice = vec![
        with(vec![link(0), link(1)]),
        Answer { id: id("b"), ..with(vec![link(1), link(2), link(0), link(3), link(4), link(5)]) },
    ];
    assert_eq!(shown(twice).1, five, "a page that two answers name has one button");
    let too_long = format!("https://example.com/{}", "あ".repeat(600));
    let (text, urls) = shown(vec![with(vec![("長い".to_owned(), too_long.clone()), link(0)])]);
    assert_eq!(urls, [link(0).1]);
    assert!(text.contains(&format!("長い: <{too_long}>")), "an address no button takes stands in the text");
}

#[test]
fn where_people_help_is_named_in_a_decline() {
    let decline =
        Reply::Decline { text: Some(phrases::DECLINE.get(Lang::Ja)), signpost: None, nearby: vec![choice("a", "夜勤は？")] };
    let with = page::page(&decline, &frame(Lang::Ja, Surface::Public)).unwrap();
    assert_eq!(with.text, "それはまだFAQにありません。\n人に聞くなら <#1329000000000000009> へどうぞ。\n近い項目：\n1. 夜勤は？");
    let without = Frame { help_channel: None, ..frame(Lang::En, Surface::Public) };
    assert!(!page::page(&decline, &without).unwrap().text.contains("<#"));
    assert_eq!(page::gone(&[], &frame(Lang::En, Surface::Private)).text, "This entry is no longer listed.");
}

#[test]
fn the_topics_of_the_shipped_faq_lead_to_all_its_questions() {
    let faq = &SHIPPED.faq;
    for lang in Lang::ALL {
        let frame = Frame { asker: None, ..frame(lang, Surface::Private) };
        let menu = pieces(&page::greeting(faq, &frame))[0][0].clone();
        assert_eq!(menu["options"].as_array().unwrap().len(), faq.topics_to_ask().count());
        let mut listed = Vec::new();
        for option in menu["options"].as_array().unwrap() {
            let topic = faq.topics.iter().position(|topic| option["value"] == topic.id.as_str()).unwrap();
            let page = page::topic(&SHIPPED, topic, 0, &frame).unwrap();
            assert_eq!(option["label"], page.text.trim_matches('*'));
            let options = pieces(&page)[0][0]["options"].as_array().unwrap().clone();
            listed.extend(options.iter().map(|option| option["value"].as_str().unwrap().to_owned()));
            assert!(
                page::topic(&SHIPPED, topic, 1, &frame).is_none() && page::topic(&SHIPPED, topic, usize::MAX, &frame).is_none()
            );
        }
        listed.sort_unstable();
        let mut askable: Vec<String> = SHIPPED.askable().map(|(_, entry)| entry.id.to_string()).collect();
        askable.sort_unstable();
        assert_eq!(listed, askable);
    }
}

#[test]
fn a_page_knows_whose_answer_it_is() {
    let one = Reply::Answer { lead: None, answers: vec![answer("night-shift")] };
    let two = Reply::Answer { lead: None, answers: vec![answer("night-shift"), answer("on-call")] };
    let offer = Reply::Offer { lead: "どれ？", choices: vec![reply::choice(&SHIPPED.faq.entries[0], Lang::Ja)] };
    for (reply, expected) in [(one, Some(id("night-shift"))), (two, None), (offer, None)] {
        assert_eq!(page::page(&reply, &frame(Lang::Ja, Surface::Public)).unwrap().answer.map(|(entry, _)| entry), expected);
    }
}
