//! Every outcome with its reason, follow-ups, several sentences, precedence of the levers.

use medse_bot::answering::{Outcome, Policy, Question, Reason, Reply};
use medse_bot::faq::Lang;

use crate::support::{SHIPPED, faq_of, id, ids, verdict};

#[test]
fn questions_get_the_outcome_their_askers_would_expect() {
    use Outcome::{Answer, Decline, Offer, Silence};
    let table: [(&str, Outcome, Reason, &str); 22] = [
        ("医療系SEと院内SEの違いは？", Answer, Reason::Clear, "medical-vs-hospital-se"),
        ("医療系ＳＥと院内ＳＥの違いは！？", Answer, Reason::Clear, "medical-vs-hospital-se"),
        ("What is PACS?", Answer, Reason::Clear, "pacs-what"),
        ("でんしかるてってなに？", Answer, Reason::Clear, "emr-what"),
        ("真性性の意味は？", Answer, Reason::Clear, "authenticity"),
        ("医療情報技帥って三種類あるんですか", Answer, Reason::Clear, "hit-levels"),
        ("辞めたい", Answer, Reason::Clear, "quit-se"),
        ("院内SEの年収は？", Decline, Reason::Signpost, "pay"),
        ("在宅で働ける？", Decline, Reason::Signpost, "remote-work"),
        ("ラーメン食べたい", Decline, Reason::Unknown, ""),
        ("東京タワーの高さは？", Decline, Reason::Unknown, ""),
        ("夜中に呼び出されることってある？", Offer, Reason::Close, "oncall-hospital-se"),
        ("ありがとう！助かりました", Silence, Reason::Thanks, ""),
        ("ありがとうございます、資格の件わかりました", Silence, Reason::Thanks, ""),
        ("了解です", Silence, Reason::Acknowledgement, ""),
        ("なるほど、電子カルテって大変なんですね", Silence, Reason::Acknowledgement, ""),
        ("FAQボットを導入しました！医療系SEについて気軽に質問してください", Silence, Reason::Statement, ""),
        ("こんにちは", Silence, Reason::Greeting, ""),
        ("Hello there", Silence, Reason::Greeting, ""),
        ("<@123456789012345678>", Silence, Reason::Empty, ""),
        ("🎉🎉", Silence, Reason::Empty, ""),
        ("違う、そうじゃない", Silence, Reason::Acknowledgement, ""),
    ];
    for (text, outcome, reason, first) in table {
        let verdict = verdict(&SHIPPED, text);
        assert_eq!(
            (verdict.decision.outcome, verdict.decision.reason),
            (outcome, reason),
            "{text}: {:?}",
            ids(&SHIPPED, &verdict)
        );
        // Nearby entries of a decline may change with every wording; of an offer the entry must be among the choices.
        let found = ids(&SHIPPED, &verdict);
        let is_there =
            if outcome == Offer { found.iter().any(|id| id == first) } else { found.first().is_some_and(|id| id == first) };
        assert!(first.is_empty() || is_there, "{text}: {found:?}");
    }
}

#[test]
fn a_short_question_behind_a_greeting_or_nod_is_answered() {
    let table =
        ["こんにちは、残業は？", "なるほど、必須？", "了解、年収は？", "hi, pay?", "Thanks! PACS?", "I want to know PACS"];
    for text in table {
        assert_ne!(verdict(&SHIPPED, text).decision.outcome, Outcome::Silence, "{text}");
    }
}

#[test]
fn questions_that_end_like_remarks_are_not_taken_for_silence() {
    let table = [
        "ぱっくすってなんぞ",
        "do you have on-call duty on holidays",
        "システムエンジニアを退職して別の職に就きたいと考えています",
        "資格について説明してください",
        "病院も個人情報保護とか労務の法律は守るんですよね",
    ];
    for text in table {
        assert_ne!(verdict(&SHIPPED, text).decision.outcome, Outcome::Silence, "{text}");
    }
}

#[test]
fn a_reply_to_an_answer_is_read_together_with_it() {
    let table = [
        ("hit-what", "必須？", "hit-required"),
        ("hit-what", "新卒だと？", "hit-new-graduates"),
        ("hospital-se-what", "求人はどこで探す？", "adverts-search"),
        ("three-principles", "バックアップは？", "backup-duty"),
    ];
    for (about, text, expected) in table {
        let question = Question::new(text, Lang::Ja).about(Some(id(about)));
        let verdict = SHIPPED.decide(&question, &Policy::default());
        assert!(ids(&SHIPPED, &verdict).contains(&expected.to_owned()), "{text} after {about}: {:?}", ids(&SHIPPED, &verdict));
    }
}

#[test]
fn a_correction_brings_the_next_candidates_without_the_wrong_one() {
    let question = Question::new("違う、そうじゃない", Lang::Ja).about(Some(id("hit-what")));
    let verdict = SHIPPED.decide(&question, &Policy::default());
    assert_eq!((verdict.decision.outcome, verdict.decision.reason), (Outcome::Offer, Reason::Correction));
    assert_eq!(verdict.decision.entries.len(), 3);
    assert!(!ids(&SHIPPED, &verdict).contains(&"hit-what".to_owned()));
}

#[test]
fn a_removed_entry_as_context_changes_nothing() {
    let alone = verdict(&SHIPPED, "PACSとは？");
    let question = Question::new("PACSとは？", Lang::Ja).about(Some(id("never-existed")));
    assert_eq!(SHIPPED.decide(&question, &Policy::default()), alone);
}

#[test]
fn two_clear_questions_get_two_answers_and_a_sentence_that_says_so() {
    let table = [
        ("PACSとは何ですか？真正性とは何ですか？", ["pacs-what", "authenticity"]),
        ("What is PACS? What does preservability mean?", ["pacs-what", "preservability"]),
    ];
    for (text, expected) in table {
        let question = Question::new(text, Lang::Ja);
        let verdict = SHIPPED.decide(&question, &Policy::default());
        assert_eq!(verdict.decision.reason, Reason::TwoQuestions, "{text}");
        assert_eq!(ids(&SHIPPED, &verdict), expected, "{text}");
        let Reply::Answer { lead: Some(_), answers } = SHIPPED.respond(&question, &Policy::default()) else {
            panic!("{text}: no lead");
        };
        assert_eq!(answers.len(), 2);
    }
}

#[test]
fn a_clear_question_beside_a_signposts_topic_gets_both() {
    let verdict = verdict(&SHIPPED, "PACSとは何ですか？年収はいくらですか？");
    assert_eq!(verdict.decision.reason, Reason::TwoQuestions);
    assert_eq!(ids(&SHIPPED, &verdict), ["pacs-what", "pay"]);
}

#[test]
fn a_bare_why_is_about_nothing() {
    for text in ["なんで？", "why?", "ok but why", "それって本当？"] {
        assert_ne!(verdict(&SHIPPED, text).decision.outcome, Outcome::Answer, "{text}");
    }
}

#[test]
fn the_same_question_twice_gets_one_answer() {
    let verdict = verdict(&SHIPPED, "PACSとは？PACSって何ですか？");
    assert_eq!(ids(&SHIPPED, &verdict), ["pacs-what"]);
}

/// Where it fails to answer, the story must at least offer the entry.
#[test]
fn a_long_story_is_answered_by_its_asking_sentence() {
    let table = include_str!("stories.jsonl");
    let mut direct = 0;
    let mut stories = 0;
    for line in table.lines() {
        let story: serde_json::Value = serde_json::from_str(line).unwrap();
        let (text, expected) = (story["question"].as_str().unwrap(), story["accept"][0].as_str().unwrap());
        let verdict = verdict(&SHIPPED, text);
        let found = ids(&SHIPPED, &verdict);
        assert!(matches!(verdict.decision.outcome, Outcome::Answer | Outcome::Offer), "{text}");
        assert!(found.iter().any(|found| found == expected), "{expected} is not among {found:?}: {text}");
        stories += 1;
        direct += usize::from(verdict.decision.outcome == Outcome::Answer);
    }
    assert!(stories >= 10 && direct * 2 >= stories, "{direct} of {stories} answered");
}

const LEVERS: &str = "
format: 1
topic: levers
title: レバー
entries:
  - id: night
    question: 夜勤はありますか？
    answer: あります。
    not_about: [看護師]
  - id: parking
    question: 駐車場はありますか？
    answer: あります。
    patterns: ['(車|バイク)通勤']
  - id: canteen
    question: 食堂はありますか？
    answer: あります。
    patterns: ['バイク便', '社食']
  - id: salary
    question: 年収はいくらですか？
    answer: 書いてありません。
    kind: signpost
    patterns: ['手取り.*いくら']
";

#[test]
fn the_levers_of_the_faq_have_their_precedence() {
    use Outcome::{Answer, Decline, Offer};
    let built = faq_of(LEVERS);
    let knowledge = built.knowledge.unwrap();
    let table: [(&str, Outcome, &[&str]); 8] = [
        ("夜勤はありますか", Answer, &["night"]),
        // `not_about` rules an entry out, however well it fits.
        ("看護師の夜勤はありますか", Decline, &[]),
        // A pattern needs no score, in any width and case.
        ("バイク通勤したい", Answer, &["parking"]),
        ("ﾊﾞｲｸ通勤したい", Answer, &["parking"]),
        // A pattern leads to its entry even where the sentence is a remark.
        ("バイク通勤しました", Answer, &["parking"]),
        // Two patterns: the asker chooses.
        ("バイク通勤とバイク便", Offer, &["parking", "canteen"]),
        // A signpost's pattern declines and names it.
        ("手取りっていくら", Decline, &["salary"]),
        ("年収はいくらですか", Decline, &["salary"]),
    ];
    for (text, outcome, expected) in table {
        let verdict = verdict(&knowledge, text);
        assert_eq!(verdict.decision.outcome, outcome, "{text}");
        assert_eq!(ids(&knowledge, &verdict), expected, "{text}");
    }
}

#[test]
fn an_answer_missing_in_the_askers_language_is_shown_with_a_note() {
    let knowledge = faq_of(LEVERS).knowledge.unwrap();
    let mut question = Question::new("夜勤はありますか", Lang::Ja);
    question.lang = Lang::En;
    let Reply::Answer { answers, .. } = knowledge.respond(&question, &Policy::default()) else { panic!() };
    assert_eq!(answers[0].text, "あります。");
    assert!(answers[0].other_language.unwrap().contains("Japanese"));
}

#[test]
fn an_old_id_still_finds_its_entry() {
    let built = faq_of(
        "format: 1\ntopic: t\ntitle: t\nentries:\n  - id: new-name\n    formerly: [old-name]\n    question: 夜勤は？\n    answer: あります。\n",
    );
    let knowledge = built.knowledge.unwrap();
    assert_eq!(knowledge.faq.entry(&id("old-name")).unwrap().id, id("new-name"));
}

#[test]
fn an_insult_after_an_answer_is_no_question_about_it() {
    let about = crate::support::id("hit-required");
    for text in ["しね", "うるせえ", "は？", "それ聞いてない", "役立たず", "全然違うんだけど", "ぬるぽ", "shut up"]
    {
        let question = Question::new(text, Lang::Ja).about(Some(about.clone()));
        let decision = SHIPPED.decide(&question, &Policy::default()).decision;
        let is_calm = matches!(decision.outcome, Outcome::Silence | Outcome::Decline) || decision.reason == Reason::Correction;
        assert!(is_calm, "{text}: {decision:?}");
    }
}
