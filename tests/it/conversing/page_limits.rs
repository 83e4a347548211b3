//! Discord's limits: every page of every entry, for every reader, in both languages; and pages of the longest texts a FAQ may hold.

use std::collections::HashSet;
use std::fmt::Write;

use medse_bot::answering::{Answer, Choice, Reply, phrases, reply};
use medse_bot::discord::page::{self, Frame, Page, Surface};
use medse_bot::discord::ticket::Ticket;
use medse_bot::faq::Lang;
use medse_bot::knowledge::Knowledge;
use serde_json::{Value, json};

use super::pages::{AUTHOR, MESSAGE, answer, frame};
use crate::support::{SHIPPED, faq_of};

/// The page as it is sent, if Discord takes it.
pub fn checked(page: &Page, what: &str) -> Value {
    let body = json!({ "content": page.text, "components": page.rows, "allowed_mentions": { "parse": [] } });
    if let Err(refusal) = standin::limits::message(&body, false) {
        panic!("{what}: {refusal:?}\n{body:#}");
    }
    let rows = body["components"].as_array().unwrap();
    let units = |text: &Value| text.as_str().unwrap().encode_utf16().count();
    assert!(units(&body["content"]) <= 2_000 && rows.len() <= 2, "{what}: {body:#}");
    let mut ids = HashSet::new();
    for row in rows {
        let pieces = row["components"].as_array().unwrap();
        assert!((1..=5).contains(&pieces.len()), "{what}: {row:#}");
        for piece in pieces {
            assert!(piece["label"].is_null() || (1..=80).contains(&units(&piece["label"])), "{what}: {piece:#}");
            if let Some(id) = piece["custom_id"].as_str() {
                assert!(id.len() <= 100 && ids.insert(id.to_owned()), "{what}: {id}");
                assert!(id.parse::<Ticket>().is_ok(), "{what}: {id}");
            }
        }
    }
    body
}

const SURFACES: [Surface; 4] =
    [Surface::Public, Surface::Private, Surface::Direct, Surface::ForPost { message: MESSAGE, author: Some(AUTHOR) }];

/// Every frame a page may have.
fn frames() -> Vec<Frame> {
    let all = Lang::ALL.into_iter().flat_map(|lang| SURFACES.map(|surface| frame(lang, surface)));
    let variants = |frame: Frame| {
        [frame, Frame { is_browsed: true, helped: Some(AUTHOR), ..frame }, Frame { asker: None, help_channel: None, ..frame }]
    };
    all.flat_map(variants).collect()
}

fn answer_in(reply: &Reply) -> Option<&Answer> {
    match reply {
        Reply::Answer { answers, .. } => answers.first(),
        Reply::Decline { signpost, .. } => signpost.as_ref(),
        _ => None,
    }
}

/// Every page that a FAQ can lead to.
fn check_all(knowledge: &Knowledge) {
    let faq = &knowledge.faq;
    for frame in frames() {
        let what = format!("{frame:?}");
        let lang = frame.lang;
        checked(&page::greeting(faq, &frame), &what);
        checked(&page::panel(faq, &frame), &what);
        let greeting = Reply::Silence { text: Some(reply::greeting(faq, lang)) };
        checked(&page::page(&greeting, &frame).unwrap(), &what);
        for topic in 0..faq.topics.len() {
            for number in 0.. {
                let Some(page) = page::topic(knowledge, topic, number, &frame) else { break };
                checked(&page, &what);
            }
        }
        let choices: Vec<Choice> = knowledge.askable().map(|(_, entry)| reply::choice(entry, lang)).collect();
        for three in choices.chunks(3).chain(choices.chunks(1).take(1)) {
            let offer = Reply::Offer { lead: phrases::CORRECTED.get(lang), choices: three.to_vec() };
            let decline = Reply::Decline { text: Some(phrases::DECLINE.get(lang)), signpost: None, nearby: three.to_vec() };
            for choice in three {
                checked(&page::corrected(three, &choice.id, Some(MESSAGE), &frame), &what);
                checked(&page::corrected(&[], &choice.id, None, &frame), &what);
            }
            for reply in [offer, decline] {
                let page = page::page(&reply, &frame).unwrap();
                checked(&page, &what);
                let copy = page::choosing(&page.text, three, &frame);
                checked(&page::after(phrases::NOT_YOURS.get(lang), copy), &what);
            }
            checked(&page::gone(three, &frame), &what);
        }
        let mut before = None;
        for entry in 0..faq.entries.len() {
            let what = format!("{} in {what}", faq.entries[entry].id);
            let reply = knowledge.show(entry, lang);
            let page = page::page(&reply, &frame).unwrap();
            checked(&page, &what);
            for lead in [phrases::NOT_YOURS, phrases::FOR_POST, phrases::CANNOT_POST, phrases::ERROR] {
                checked(&page::after(lead.get(lang), page.clone()), &what);
            }
            let Some(answer) = answer_in(&reply) else { continue };
            if !answer.related.is_empty() {
                checked(&page::read_on(answer, &frame), &what);
            }
            if let Some(before) = before.replace(answer.clone()) {
                let lead = Some(phrases::TWO_ANSWERS.get(lang));
                checked(&page::page(&Reply::Answer { lead, answers: vec![before, answer.clone()] }, &frame).unwrap(), &what);
            }
        }
    }
}

/// A FAQ with everything as long as the loader takes it, and an entry for each length of answers.
fn longest(answer_units: &[usize]) -> Knowledge {
    let link = |nth: usize| format!("{{ title: {}, url: \"https://example.com/{}\" }}", "題".repeat(200), pad(nth, 492));
    let links = (0..10).map(link).collect::<Vec<_>>().join(", ");
    let mut text = format!("format: 1\ntopic: {}\ntitle: {}\nentries:\n", "t".repeat(48), "話".repeat(200));
    for (nth, units) in answer_units.iter().enumerate() {
        let related = (1..4).map(|next| pad((nth + next) % answer_units.len(), 48)).collect::<Vec<_>>().join(", ");
        write!(text, "  - id: {}\n    question: {}{}\n", pad(nth, 48), pad(nth, 3), "問".repeat(197)).unwrap();
        write!(text, "    answer: {}終\n    links: [{links}]\n    related: [{related}]\n", "答".repeat(units - 1)).unwrap();
        write!(text, "    source: {}\n    reviewed: 2026-11-22\n", "源".repeat(200)).unwrap();
    }
    let built = faq_of(&text);
    assert!(!built.has_errors(), "{:?}", built.diagnostics.first());
    built.knowledge.unwrap()
}

/// A number as long as that.
fn pad(nth: usize, width: usize) -> String {
    let digits = nth.to_string();
    format!("{}{digits}", "e".repeat(width - digits.len()))
}

#[test]
fn every_page_of_the_shipped_faq_is_within_discords_limits() {
    check_all(&SHIPPED);
}

#[test]
fn pages_of_the_longest_texts_are_within_discords_limits() {
    // One question more than a menu holds.
    check_all(&longest(&[1_900; 26]));
}

#[test]
fn beside_a_long_answer_the_rest_gives_way_and_the_answer_stands_whole() {
    // (units of the answer, whether the question is whole, whether the origin stands)
    let table = [(1_500, true, true), (1_795, true, false), (1_796, false, false), (1_900, false, false)];
    let knowledge = longest(&table.map(|(units, ..)| units));
    for (entry, (units, is_question_whole, has_origin)) in table.into_iter().enumerate() {
        for lang in Lang::ALL {
            let reply = knowledge.show(entry, lang);
            let text = page::page(&reply, &frame(lang, Surface::Public)).unwrap().text;
            let question = &answer_in(&reply).unwrap().question;
            assert_eq!(text.contains(question.as_str()), is_question_whole, "{units}");
            assert_eq!(text.contains("2026-11-22"), has_origin, "{units}");
            assert!(text.contains(&format!("\n{}終", "答".repeat(units - 1))), "{units}: {text}");
        }
    }
}

#[test]
fn two_answers_too_long_for_one_message_are_offered() {
    let long = |id: &str, units: usize| Answer { text: "答".repeat(units), ..answer(id) };
    let taken = "****\n".len() + answer("a").question.encode_utf16().count();
    let lead = "2つ質問があったので、順に答えます。";
    let room = 2_000 - lead.encode_utf16().count() - 2 * ("\n\n".len() + taken);
    for (over, is_offered) in [(0, false), (1, true), (1_900, true)] {
        let answers = vec![long("a", room / 2 + over), long("b", room - room / 2)];
        let page = page::page(&Reply::Answer { lead: Some(lead), answers }, &frame(Lang::Ja, Surface::Public)).unwrap();
        let body = checked(&page, "two answers");
        assert_eq!(page.text.starts_with(lead), !is_offered, "{over}");
        let first = body["components"][0]["components"][0]["label"].as_str().unwrap().to_owned();
        assert_eq!(first, if is_offered { "1 院内SEに夜勤はある？" } else { "解決した" });
        assert!(is_offered || page.text.encode_utf16().count() == 2_000, "one unit more would not fit");
    }
}

#[test]
fn more_topics_than_a_message_can_name_are_within_the_limits() {
    let topic = |nth: usize| {
        let text = format!(
            "format: 1\ntopic: topic-{nth}\ntitle: {nth}{}\nentries:\n  - id: e-{nth}\n    question: 夜勤{nth}は？\n    answer: ある\n",
            "話".repeat(190)
        );
        crate::support::source(&format!("{nth:02}.yaml"), &text)
    };
    let built = Knowledge::build(&(0..40).map(topic).collect::<Vec<_>>(), Lang::Ja);
    check_all(&built.knowledge.unwrap());
}

#[test]
fn a_faq_for_people_in_need_alone_has_no_empty_menu() {
    let care = "format: 1\ntopic: care\ntitle: 相談\nentries:\n  - id: care-life\n    kind: care\n    question: 死にたい\n    patterns: [死にたい]\n    answer: つらいですね。\n";
    let knowledge = faq_of(care).knowledge.unwrap();
    assert_eq!(knowledge.askable().count(), 0);
    check_all(&knowledge);
}

#[test]
fn a_settled_answer_keeps_its_text_and_links() {
    let links = [("医療情報技師育成部会", "https://www.hcit.or.jp/about_us/greeting"); 5];
    let body = checked(&page::settled("**資格は？**\n要りません。", links.into_iter()), "settled");
    assert_eq!(body["content"], "**資格は？**\n要りません。");
    assert_eq!(body["components"][0]["components"].as_array().unwrap().len(), 5);
    assert_eq!(checked(&page::settled("a", [].into_iter()), "settled")["components"], json!([]));
}

#[test]
fn the_form_is_within_discords_limits_and_its_id_is_new_each_time() {
    let longest = crate::support::id(&"a".repeat(48));
    for (about, lang) in [None, Some(&longest)].into_iter().flat_map(|about| Lang::ALL.map(|lang| (about, lang))) {
        let form = |fresh| serde_json::to_value(page::form(about, lang, fresh)).unwrap();
        let (one, other) = (form(u64::MAX), form(1));
        assert_ne!(one["custom_id"], other["custom_id"]);
        let refused = standin::limits::interaction_response(&json!({ "type": 9, "data": one }));
        assert!(refused.is_ok(), "{refused:?}");
    }
}
