//! The explanation names the asker's own words, and what the FAQ does not know.

use medse_bot::answering::forms::{Forms, Found};
use medse_bot::answering::{Policy, Question};
use medse_bot::faq::Lang;
use medse_bot::terminal::explained;

use crate::support::SHIPPED;

#[test]
fn an_explanation_quotes_the_asker_and_the_nearest_wording() {
    let table = [
        ("医療系ＳＥって、きつい？", "医療系ＳＥ", "medical-se-hard"),
        ("ﾊﾟｯｸｽとは", "ﾊﾟｯｸｽ", "pacs-what"),
        ("Is the certificate REQUIRED?", "REQUIRED", "hit-required"),
    ];
    for (text, word, id) in table {
        let question = Question::new(text, Lang::Ja);
        let verdict = SHIPPED.decide(&question, &Policy::default());
        let explanation = explained(&SHIPPED, &verdict, &Policy::default(), question.lang);
        assert!(explanation.contains(&format!("「{word}」")), "{explanation}");
        assert!(explanation.contains(id), "{explanation}");
    }
}

/// Asked of the shipped FAQ: every outcome, both languages, words known, unknown and foreign.
const EXPLAINED: [&str; 10] = [
    "夜中に呼び出されることってある？",
    "医療系SEと院内SEって、どう違うん？",
    "おすすめのラーメン屋を教えて",
    "資格",
    "院内SEの年収っていくら？",
    "きのう電カルの研修に行きました",
    "エビデンスの改竄が追える仕組みって入ってますか",
    "No clue about laws. Do I have to memorise all of them to work on charts?",
    "What salary can I expect at a vendor?",
    "best pizza near Osaka",
];

/// Words of those who build search engines, not of those who write FAQs.
const JARGON: [&str; 14] = [
    "スコア",
    "トークン",
    "ベクトル",
    "確率",
    "重み",
    "索引",
    "形態素",
    "閾値",
    "score",
    "token",
    "vector",
    "probabilit",
    "threshold",
    "n-gram",
];

#[test]
fn explanations_are_in_a_moderators_words() {
    let explain = |text: &str| {
        let question = Question::new(text, Lang::Ja);
        let verdict = SHIPPED.decide(&question, &Policy::default());
        let explanation = explained(&SHIPPED, &verdict, &Policy::default(), question.lang);
        let jargon = JARGON.iter().find(|word| explanation.to_lowercase().contains(*word));
        assert_eq!(jargon, None, "{explanation}");
        format!("> {text}\n{}", explanation.replace("\u{1b}[2m", "").replace("\u{1b}[22m", "").replace("\u{1b}[0m", ""))
    };
    insta::assert_snapshot!(EXPLAINED.map(explain).join("\n\n"));
}

#[test]
fn an_explanation_names_what_the_faq_does_not_know() {
    let question = Question::new("院内SEの天気予報は？", Lang::Ja);
    let verdict = SHIPPED.decide(&question, &Policy::default());
    let explanation = explained(&SHIPPED, &verdict, &Policy::default(), Lang::Ja);
    assert!(explanation.contains("ほかの話題の言葉：「天気」"), "{explanation}");
}

#[test]
fn the_longest_form_at_the_leftmost_place_is_found() {
    let forms = ["夜", "夜勤", "夜勤手当", "夜間", "", "勤務", "夜勤", "is", "island", "a"];
    let found = |text: &str| -> Vec<(String, usize)> {
        let found = Forms::new(forms).find(text, |_| true).collect::<Vec<_>>();
        found.into_iter().map(|found| (text.get(found.range).unwrap().to_owned(), found.form)).collect()
    };
    let table: [(&str, &[(&str, usize)]); 6] = [
        ("夜勤手当て", &[("夜勤手当", 2)]),
        ("夜勤手は夜", &[("夜勤", 1), ("夜", 0)]),
        ("深夜勤務", &[("夜勤", 1)]),
        ("今夜間勤務", &[("夜間", 3), ("勤務", 5)]),
        ("an isle", &[("a", 9), ("is", 7)]),
        ("", &[]),
    ];
    for (text, expected) in table {
        let expected: Vec<(String, usize)> = expected.iter().map(|(form, at)| ((*form).to_owned(), *at)).collect();
        assert_eq!(found(text), expected, "{text}");
    }
}

#[test]
fn what_is_not_accepted_leaves_its_place_to_a_shorter_form() {
    let forms = Forms::new(["夜", "夜勤", "夜勤手当"]);
    let short = forms.find("夜勤手当", |found| found.range.len() <= 6).collect::<Vec<_>>();
    assert_eq!(short, [Found { range: 0..6, form: 1 }]);
}
