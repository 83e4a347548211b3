//! The explanation names the asker's own words, and what the FAQ does not know.

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

#[test]
fn an_explanation_names_what_the_faq_does_not_know() {
    let question = Question::new("院内SEの天気予報は？", Lang::Ja);
    let verdict = SHIPPED.decide(&question, &Policy::default());
    let explanation = explained(&SHIPPED, &verdict, &Policy::default(), Lang::Ja);
    assert!(explanation.contains("ほかの話題の言葉：「天気」"), "{explanation}");
}
