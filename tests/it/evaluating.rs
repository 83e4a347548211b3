//! Tables are refused where they would measure nothing, and the figures are what they say.

use medse_bot::answering::Policy;
use medse_bot::evaluation::{TableError, figures, judge, read_table};

use crate::support::{SHIPPED, faq_of};

#[test]
fn a_table_that_measures_nothing_is_refused_with_its_line() {
    let table = [
        (
            "{\"question\": \"医療系ＳＥと院内ＳＥの違いは\", \"accept\": []}",
            "line 1: `医療系ＳＥと院内ＳＥの違いは` is a wording",
        ),
        ("{\"about\": \"the set\"}\n{\"question\": \"夜は？\", \"accept\": [\"nihgt\"]}", "line 2: the FAQ has no entry `nihgt`"),
        ("{\"question\": ", "line 1 is not what a table holds"),
        ("{\"question\": 5, \"accept\": []}", "line 1 is not what a table holds"),
        ("{\"question\": \"夜は？\"}", "line 1 is not what a table holds"),
        (
            "{\"question\": \"夜は？\", \"accept\": []}\n{\"qestion\": \"昼は？\", \"accept\": []}",
            "line 2 is not what a table holds",
        ),
        ("{\"about\": \"the set\"}\n\n", "no questions"),
    ];
    for (text, expected) in table {
        let error = read_table(text, &SHIPPED).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{text}: {error}");
    }
    assert!(matches!(read_table("", &SHIPPED), Err(TableError::Empty)));
}

const FAQ: &str = "
format: 1
topic: t
title: t
entries:
  - id: night
    question: 夜勤はありますか？
    answer: あります。
  - id: canteen
    question: 食堂はありますか？
    answer: あります。
  - id: salary
    question: 年収はいくらですか？
    answer: 書いてありません。
    kind: signpost
";

#[test]
fn the_figures_are_shares_of_what_they_say() {
    let knowledge = faq_of(FAQ).knowledge.unwrap();
    let table = r#"{"question": "夜勤はありますかね", "accept": ["night"], "lang": "ja"}
{"question": "食堂はあるの", "accept": ["night"], "lang": "ja"}
{"question": "年収っていくら", "accept": [], "signpost": "salary", "lang": "ja"}
{"question": "ラーメン食べたい", "accept": [], "lang": "ja"}"#;
    let judged = judge(&knowledge, read_table(table, &knowledge).unwrap(), &Policy::default());
    let figures = figures(&judged);
    assert_eq!((figures.questions, figures.in_scope), (4, 2));
    let shares = [figures.top1, figures.direct, figures.wrong, figures.declined, figures.auroc];
    let expected = [0.5, 0.5, 0.25, 0.0, 1.0];
    for (share, expected) in shares.into_iter().zip(expected) {
        assert!((share - expected).abs() < 1e-9, "{shares:?}");
    }
    let misses: Vec<bool> = judged.iter().map(medse_bot::evaluation::Judged::is_miss).collect();
    assert_eq!(misses, [false, true, false, false]);
}

/// Where nobody addressed the bot, a member who is talked into is a member lost: at most one message in two hundred.
#[test]
fn chatter_that_nobody_addressed_to_the_bot_is_left_alone() {
    for table in [include_str!("../questions/chatter-1.jsonl"), include_str!("../questions/chatter-2.jsonl")] {
        let cases = read_table(table, &SHIPPED).unwrap();
        let figures = figures(&judge(&SHIPPED, cases, &Policy::default().unaddressed()));
        assert_eq!(figures.questions, 400);
        assert!(figures.wrong <= 0.005, "{}", figures.wrong);
    }
}
