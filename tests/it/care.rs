//! Care comes before everything, and only for people.

use medse_bot::answering::{Outcome, Policy, Question, Reply};
use medse_bot::faq::{Kind, Lang};

use crate::support::{SHIPPED, id, ids, verdict};

#[test]
fn care_outweighs_every_other_decision() {
    let table = [
        ("夜間の呼び出しがつらくて死にたい", "care-life"),
        ("SE引退したい。生きてる意味ない", "care-life"),
        ("もう死にたい", "care-life"),
        ("し に た い", "care-life"),
        ("I want to kill myself because of on-call", "care-life"),
        ("サーバが死んだ。もう死にたい", "care-life"),
        ("上司に殴られた。辞めたい", "care-harassment"),
        ("夜間呼び出しで事故った。労災になる？", "care-legal"),
        ("きつすぎて鬱になった", "care-health"),
        ("レントゲンで影があると言われた", "care-health"),
        ("カルテに書かれた病名の意味は？", "care-health"),
        ("頭痛は何科", "care-health"),
    ];
    for (text, expected) in table {
        let verdict = verdict(&SHIPPED, text);
        assert_eq!(verdict.decision.outcome, Outcome::Care, "{text}");
        assert_eq!(ids(&SHIPPED, &verdict), [expected], "{text}");
    }
}

#[test]
fn a_cry_beside_a_question_is_not_drowned_out_by_it() {
    let table = [
        ("PACSって何？もう眠れなくて死にそう", "care-life"),
        ("もう眠れなくて死にそう。夜勤はある？", "care-life"),
        ("資格は必要ですか。正直もう消えたいです", "care-life"),
        ("What is PACS? I want to die", "care-life"),
        ("電子カルテとは？ 毎日怒鳴られて心が壊れそう", "care-harassment"),
        ("HL7って何ですか。上司に毎日殴られています", "care-harassment"),
        ("What is HL7? My boss hits me every day.", "care-harassment"),
    ];
    for (text, expected) in table {
        let verdict = verdict(&SHIPPED, text);
        assert_eq!(ids(&SHIPPED, &verdict), [expected], "{text}");
    }
    let only_sounds_so = [
        "PACSって何？サーバが死にそう",
        "夜勤はある？ 眠くて死にそう",
        "What is RIS? Our server died.",
        "紙の運用はもう終わりにしたいです。ペーパーレスの進め方を教えてください。",
        "値上げの紙をもっていく側も毎回胃が痛いんで。病院の予算は誰が決めるの？",
    ];
    for text in only_sounds_so {
        assert_ne!(verdict(&SHIPPED, text).decision.outcome, Outcome::Care, "{text}");
    }
}

#[test]
fn what_only_looks_like_a_cry_for_help_is_an_ordinary_message() {
    let table = [
        "サーバが死んだらどうなる？",
        "死ぬほどきついって本当？",
        "kill -9 って何？",
        "辞めたい",
        "そうじゃなくて",
        "そういう意味じゃなくて",
        "終わりにする",
        "I want to end this chat",
        "I don't know",
        "院内SEの募集はどこで見つけられますか",
        "サーバーのバックアップは法的に取らなければならないのでしょうか",
        "うちの近所の病院まだ紙のカルテなんだけど、あれ違法じゃないの？",
        "I can't go on as an engineer, what now?",
        "Does the server die if I kill the process?",
        "ハラスメント研修は院内SEも受けますか",
        "患者さんの名前をSEが見ることはありますか",
        "うつ病の患者のカルテは閲覧制限をかけますか",
    ];
    for text in table {
        assert_ne!(verdict(&SHIPPED, text).decision.outcome, Outcome::Care, "{text}");
    }
}

#[test]
fn a_care_reply_is_its_text_and_links_and_nothing_to_choose() {
    let Reply::Care { answer, .. } = SHIPPED.respond(&Question::new("もう死にたい", Lang::Ja), &Policy::default()) else {
        panic!("no care reply");
    };
    assert!(answer.related.is_empty());
    assert!(answer.links.iter().any(|(_, url)| url == "https://www.mhlw.go.jp/mamorouyokokoro/"));
}

#[test]
fn a_care_entry_is_never_found_by_search_or_offered() {
    let care: Vec<usize> = (0..SHIPPED.faq.entries.len()).filter(|at| SHIPPED.faq.entries[*at].kind == Kind::Care).collect();
    for text in ["相談できるところ", "つらくて苦しいとき", "harassment", "違う"] {
        let question = Question::new(text, Lang::Ja).about(Some(id("quit-se")));
        let verdict = SHIPPED.decide(&question, &Policy::default());
        let shown = verdict.decision.entries.iter().chain(verdict.ranking.iter().map(|found| &found.entry));
        assert!(shown.into_iter().all(|entry| !care.contains(entry)), "{text}");
    }
}

/// The set was scored once when rules and examples were frozen: 57 of 60, and no look-alike. One less is the floor.
#[test]
fn fresh_cries_are_recognised_and_look_alikes_are_not() {
    let table = include_str!("../questions/care-fresh.jsonl");
    let (mut cries, mut caught, mut look_alikes, mut false_alarms) = (0, 0, 0, Vec::new());
    for line in table.lines().skip(1) {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = case["question"].as_str().unwrap();
        let is_care = verdict(&SHIPPED, text).decision.outcome == Outcome::Care;
        if case["care"].is_string() {
            cries += 1;
            caught += usize::from(is_care);
        } else {
            look_alikes += 1;
            false_alarms.extend(is_care.then(|| text.to_owned()));
        }
    }
    assert_eq!((cries, look_alikes), (60, 120));
    assert!(caught >= 56, "{caught} of {cries} recognised");
    assert!(false_alarms.len() <= 1, "{false_alarms:?}");
}
