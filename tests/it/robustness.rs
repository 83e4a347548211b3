//! Noise never changes the answer, and no input panics.

use medse_bot::answering::forms::Forms;
use medse_bot::answering::normalize::pattern_text;
use medse_bot::answering::{Outcome, Policy, Question};
use medse_bot::faq::{Lang, Source, load};
use medse_bot::terminal::{explained, json_line, rendered};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use crate::support::{SHIPPED, ids, verdict};

/// One clear question for each topic, in both languages.
const QUESTIONS: [&str; 12] = [
    "医療系SEと院内SEの違い",
    "真正性とは",
    "医療情報技師は必要",
    "電子カルテが止まったらどうなる",
    "院内SEの求人の探し方",
    "紙カルテで運用できる",
    "法令に違反するとどうなる",
    "サーバのバックアップは義務",
    "What is PACS",
    "What are the three principles",
    "Is the certificate required",
    "Why are hospital SE job adverts hard to find",
];

#[test]
fn politeness_width_punctuation_and_emoji_never_change_the_entry() {
    let wide = |text: &str| -> String {
        text.chars().map(|c| if c.is_ascii_alphanumeric() { char::from_u32(u32::from(c) + 0xFEE0).unwrap() } else { c }).collect()
    };
    for question in QUESTIONS {
        let plain = ids(&SHIPPED, &verdict(&SHIPPED, question));
        assert!(!plain.is_empty(), "{question}");
        let mut noisy = vec![
            format!("{question}？"),
            format!("{question}？！？！"),
            format!("{question}🙏🙏"),
            format!("　{question}　"),
            question.to_uppercase(),
            format!("<@123456789012345678> {question}?"),
            format!("{question} https://example.com/a"),
        ];
        if question.is_ascii() {
            noisy.extend([format!("{question}, please?"), format!("hi, {question}?"), wide(question).replace(' ', "　")]);
        } else {
            noisy.extend([
                format!("{question}ですか？"),
                format!("すみません、{question}でしょうか。"),
                format!("{question}か教えてください"),
                wide(question),
            ]);
        }
        for text in noisy {
            assert_eq!(ids(&SHIPPED, &verdict(&SHIPPED, &text)).first(), plain.first(), "{text}");
        }
    }
}

#[test]
fn long_vowels_and_their_absence_are_one_spelling() {
    let table = [
        ("サーバーのバックアップは義務？", "サーバのバックアップは義務？"),
        ("ベンダーとは", "ベンダとは"),
        ("ｻｰﾊﾞｰのﾊﾞｯｸｱｯﾌﾟは義務？", "サーバのバックアップは義務？"),
    ];
    for (one, other) in table {
        assert_eq!(verdict(&SHIPPED, one).ranking[0].entry, verdict(&SHIPPED, other).ranking[0].entry, "{one}");
    }
}

#[test]
fn okurigana_may_be_written_or_not() {
    for (long, short) in [
        ("問い合わせ窓口は夜間も休日も？医療系SE", "問合せ窓口は夜間も休日も？医療系SE"),
        ("電子カルテの取り組みは義務ですか", "電子カルテの取組は義務ですか"),
        ("紙カルテへの切り替えはどうやる", "紙カルテへの切替はどうやる"),
    ] {
        let first = |text| verdict(&SHIPPED, text).ranking.first().map(|found| found.entry);
        assert!(first(long).is_some(), "{long}");
        assert_eq!(first(long), first(short), "{short}");
    }
}

/// Every example of the FAQ, once with two neighbouring characters swapped, once with one missing, in the middle.
#[test]
fn one_typing_mistake_rarely_changes_the_entry() {
    let (mut asked, mut same) = (0, 0);
    for question in SHIPPED.faq.entries.iter().flat_map(|entry| entry.must_find.iter()) {
        let characters: Vec<char> = question.chars().collect();
        let middle = characters.len() / 2;
        if middle < 4 {
            continue;
        }
        let mut swapped = characters.clone();
        swapped.swap(middle - 1, middle);
        let mut shortened = characters.clone();
        shortened.remove(middle);
        let first = |text: &str| verdict(&SHIPPED, text).ranking.first().map(|found| found.entry);
        let meant = first(question);
        assert!(meant.is_some(), "{question}");
        for misspelt in [swapped, shortened].into_iter().filter(|misspelt| *misspelt != characters) {
            let misspelt: String = misspelt.iter().collect();
            asked += 1;
            same += usize::from(first(&misspelt) == meant);
        }
    }
    println!("{same} of {asked} misspelt questions find the same entry");
    assert!(asked > 300 && same * 100 >= asked * 90, "{same} of {asked}");
}

#[test]
fn the_longest_message_is_answered_like_any_other() {
    let story = format!("{}真正性とは何ですか？", "きょうも朝から忙しくて、昼ごはんを食べる時間もありませんでした。".repeat(150));
    let verdict = verdict(&SHIPPED, &story);
    assert_eq!((verdict.decision.outcome, ids(&SHIPPED, &verdict)), (Outcome::Answer, vec!["authenticity".to_owned()]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_question_panics(text in "\\PC{0,60}|[ぁ-んァ-ヶ一-鿿ーｦ-ﾟ A-Za-z0-9。？！\u{300}-\u{310}\u{200b}]{0,80}|.{0,40}") {
        let question = Question::new(&text, Lang::Ja);
        let policy = Policy::default();
        let verdict = SHIPPED.decide(&question, &policy);
        prop_assert!(verdict.ranking.windows(2).all(|pair| pair[0].score >= pair[1].score));
        prop_assert!(verdict.ranking.iter().all(|found| (0.0..=1.0).contains(&found.score)));
        let _ = rendered(&SHIPPED.respond(&question, &policy), question.lang);
        let _ = explained(&SHIPPED, &verdict, &policy, Lang::Ja);
        let line = json_line(&SHIPPED, &text, question.lang, &verdict);
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        prop_assert_eq!(value["question"].as_str().unwrap(), text.as_str());
        prop_assert!(!line.contains('\n'));
    }

    #[test]
    fn forms_are_found_as_by_looking_at_every_place(
        forms in proptest::collection::vec("[夜勤間あaアズ]{0,4}", 0..12),
        text in "[夜勤間あaアズ ]{0,24}",
    ) {
        let found: Vec<(usize, usize)> =
            Forms::new(forms.iter().map(String::as_str)).find(&text, |_| true).map(|hit| (hit.range.start, hit.range.end)).collect();
        let (mut expected, mut from) = (Vec::new(), 0);
        for (at, _) in text.char_indices() {
            let rest = text.get(at..).unwrap();
            let longest = forms.iter().filter(|form| !form.is_empty() && rest.starts_with(form.as_str())).map(String::len).max();
            if let (Some(length), true) = (longest, at >= from) {
                expected.push((at, at + length));
                from = at + length;
            }
        }
        prop_assert_eq!(found, expected);
    }

    /// Plain characters are passed over by the normalisation, whatever mark stands behind them.
    #[test]
    fn the_short_way_through_the_spelling_leads_where_the_long_one_does(text in "[a-cA-C夜ガカがかー。 \u{3099}\u{309a}\u{0301}ﾊﾞＡ㌔]{0,12}") {
        let long: String = text.nfkc().flat_map(char::to_lowercase).collect();
        let squeezed = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        prop_assert_eq!(squeezed(&pattern_text(&text)), squeezed(&long));
    }

    #[test]
    fn no_file_panics(text in "(format|topic|entries|id|question|[:：\\-\\[\\]{}&*!|>\"'#\n\t 夜a1]){0,60}", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let sources = [
            Source { name: "a.yaml".into(), content: Ok(text.into_bytes().into()) },
            Source { name: "b.yaml".into(), content: Ok(bytes.clone().into()) },
            Source { name: "vocabulary.yaml".into(), content: Ok(bytes.into()) },
        ];
        for diagnostic in load(&sources, Lang::Ja).diagnostics {
            let source = sources.iter().find(|source| source.name == diagnostic.place.file).unwrap();
            let text = source.content.as_deref().ok().and_then(|bytes| std::str::from_utf8(bytes).ok());
            let _ = diagnostic.render(text, Lang::Ja, true);
        }
    }

    #[test]
    fn a_sound_file_with_a_change_anywhere_never_panics(at in 0usize..2_000, with in "\\PC|\n|\t|\u{feff}|: |- ") {
        let text = include_str!("../../faq/about.yaml");
        let at = text.floor_char_boundary(at);
        let (before, after) = text.split_at(at);
        let changed = format!("{before}{with}{after}");
        let _ = load(&[Source { name: "about.yaml".into(), content: Ok(changed.into_bytes().into()) }], Lang::Ja);
    }
}
