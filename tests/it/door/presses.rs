//! Every button: who may press it, what it does, and what becomes of old ones.

use super::{connect, connected, settings, small};
use crate::support::source;
use medse_bot::faq::Lang;
use medse_bot::knowledge::Knowledge;
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_asker_and_moderators_change_what_everybody_sees() {
    let bot = connected().await;
    let (aoi, sora, kakari) =
        (bot.discord.member("葵"), bot.discord.member("空").speaking("en-US"), bot.discord.member("係").moderator());
    let answer = bot.ask(&aoi, "資格は必須ですか").await;
    for button in ["解決した", "ちがう", "消す"] {
        let copy = sora.clicks(&answer, button).await.message();
        assert!(copy.ephemeral && copy.owner == Some(sora.id()), "{button}: {}", copy.shown());
    }
    // Reading on changes nothing: everybody may.
    let related = sora.clicks(&answer, "あわせて読む").await.message();
    sora.clicks(&related, "2").await.updated();
    aoi.clicks(&answer, "ちがう").await.message();
    let settled = aoi.clicks(&answer, "解決した").await.updated();
    assert_eq!(settled.buttons(), [""; 0], "only the link stays: {}", settled.shown());
    let second = bot.ask_in(bot.discord.help(), &aoi, "夜勤はありますか").await;
    kakari.clicks(&second, "消す").await;
    assert!(bot.discord.message(second.id).is_none());
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn choices_become_the_answer_ja() {
    let bot = connected().await;
    let (aoi, sora) = (bot.discord.member("葵"), bot.discord.member("空"));
    let offer = bot.ask(&aoi, "医療情報技師について教えて").await;
    sora.clicks(&offer, "1").await.message();
    sora.clicks(&offer, "どれもちがう").await.message();
    let answer = aoi.clicks(&offer, "1").await.updated();
    assert_eq!(answer.id, offer.id);
    // What was chosen now stands there, and is pointed at.
    let question = answer.text.lines().next().unwrap().trim_matches('*').to_owned();
    let again = bot.ask(&sora, &question).await;
    assert!(again.text.starts_with("すぐ上で答えています"), "{}", again.shown());
    let offer = bot.ask(&sora, "医療情報技師のことを知りたい").await;
    sora.clicks(&offer, "どれもちがう").await.updated();
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn choices_become_the_answer_en() {
    let bot = connected().await;
    let amy = bot.discord.member("Amy").speaking("en-US");
    let offer = bot.ask(&amy, "how about the licence").await;
    let answer = amy.clicks(&offer, "2").await.updated();
    amy.clicks(&answer, "Not this").await.message();
    amy.clicks(&answer, "Delete").await;
    assert!(bot.discord.message(answer.id).is_none());
    insta::assert_snapshot!(bot.discord.transcript());
}

/// The small FAQ without one of its entries, and with another under a new name.
fn later() -> Arc<Knowledge> {
    let text =
        include_str!("qualifications.yaml").replace("id: licence-needed", "id: licence-must\n    formerly: [licence-needed]");
    let start = text.find("  - id: licence-study").unwrap();
    let end = text.find("  - id: licence-renewal").unwrap();
    let text = text.get(..start).unwrap().to_owned() + text.get(end..).unwrap();
    let text = text.replace("related: [licence-study, licence-renewal]", "related: [licence-renewal]");
    let built = Knowledge::build(&[source("qualifications.yaml", &text)], Lang::Ja);
    assert!(!built.has_errors(), "{:?}", built.diagnostics);
    Arc::new(built.knowledge.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn buttons_outlive_the_process_and_the_entries() {
    let mut bot = connected().await;
    let (aoi, sora) = (bot.discord.member("葵"), bot.discord.member("空").speaking("en-US"));
    let renamed = bot.ask(&aoi, "資格は必須ですか").await;
    let offer = bot.ask(&aoi, "医療情報技師について教えて").await;
    let removed = bot.ask_in(bot.discord.help(), &aoi, "医療情報技師の勉強方法").await;
    bot.stop().await.unwrap();
    let settings = settings(&bot.discord);
    let bot = connect(bot.discord.clone(), &settings, later()).await;
    // Renamed: found under its old name.
    sora.clicks(&renamed, "解決した").await.message();
    // Removed between offer and click: said, with what is near; the offer stays for the other choices.
    let study = offer.buttons().into_iter().find(|label| label.contains("勉強")).unwrap();
    aoi.clicks(&offer, &study).await.message();
    aoi.clicks(&removed, "ちがう").await.message();
    sora.clicks(&removed, "ちがう").await.message();
    aoi.clicks(&removed, "解決した").await.updated();
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_button_of_another_version_asks_to_ask_again() {
    let bot = connected().await;
    let aoi = bot.discord.member("葵");
    let answer = bot.ask(&aoi, "資格は必須ですか").await;
    for id in [
        "v0:pick:licence-needed",
        "v1:pick:ja:Licence:1:-",
        "v2:pick:ja:licence-needed:1:-",
        "何か",
        "v1:pick:ja:licence-needed:0:-",
    ] {
        let said = aoi.clicks_id(&answer, id).await.message();
        assert_eq!(said.text, "このボタンは古くなりました。もう一度聞いてください。", "{id}");
    }
    assert!(Arc::ptr_eq(&bot.bot.knowledge, &small()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_answers_both_stay_when_they_helped() {
    let bot = connected().await;
    let amy = bot.discord.member("Amy").speaking("en-US");
    let both = bot.ask(&amy, "Are there night shifts? And which textbook should I read?").await;
    let settled = amy.clicks(&both, "Solved").await.updated();
    assert_eq!(settled.text, both.text);
    assert!(settled.shown().contains("教科書 ↗"), "{}", settled.shown());
}
