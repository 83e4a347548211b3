//! The commands: used, typed, sent as clients send them; private answers and what can be made of them.

use super::{connect, connected, settings};
use crate::support::faq_of;
use medse_bot::answering::question::MAX_CHARACTERS;
use standin::Standin;
use std::fmt::Write;
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ask_ja() {
    let bot = connected().await;
    let general = bot.discord.general();
    for (who, question) in [
        ("葵", "資格は必須ですか"),
        ("葵", "医療情報技師について教えて"),
        ("葵", "年収はいくら？"),
        ("葵", "試験日はいつ"),
        ("空", "了解です"),
        ("空", "ありがとう"),
        ("空", "もう死にたい"),
    ] {
        bot.discord.member(who).uses(general, "ask", &[("question", question)]).await.message();
    }
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ask_en() {
    let bot = connected().await;
    let amy = bot.discord.member("Amy").speaking("en-GB");
    let general = bot.discord.general();
    for question in ["Must I be certified?", "tell me about the certificate", "What is the salary?", "I want to die"] {
        amy.uses(general, "ask", &[("question", question)]).await.message();
    }
    // The question's language goes before the client's.
    let answer = amy.uses(general, "ask", &[("question", "更新は何年ごと？")]).await.message();
    assert!(answer.text.contains("5年ごと"), "{}", answer.shown());
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suggestions_while_typing() {
    let bot = connected().await;
    let aoi = bot.discord.member("葵");
    let amy = bot.discord.member("Amy").speaking("en-US");
    let general = bot.discord.general();
    let mut seen = String::new();
    for (who, typed) in [(&aoi, ""), (&aoi, "資格"), (&aoi, "やきん"), (&aoi, "死にたい"), (&amy, "night"), (&amy, "xyzzy")]
    {
        let choices = who.types(general, "ask", "question", typed).await;
        writeln!(
            seen,
            "{typed:?}: {}",
            choices.iter().map(|(label, value)| format!("{label} = {value}")).collect::<Vec<_>>().join(" | ")
        )
        .unwrap();
    }
    for (who, typed) in [(&aoi, ""), (&amy, "nig")] {
        writeln!(seen, "topic {typed:?}: {:?}", who.types(general, "faq", "topic", typed).await).unwrap();
    }
    let within = aoi.types_with(general, "faq", &[("topic", "nights")], "entry", "").await;
    writeln!(seen, "in nights: {within:?}").unwrap();
    insta::assert_snapshot!(seen);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_send_the_label_are_understood() {
    let bot = connected().await;
    let aoi = bot.discord.member("葵");
    let general = bot.discord.general();
    for value in ["licence-renewal", "licence-update", "医療情報技師の更新はいつ？", "When is the certificate renewed?"]
    {
        let answer = aoi.uses(general, "ask", &[("question", value)]).await.message();
        assert!(answer.text.contains("5年ごと"), "{value}: {}", answer.shown());
    }
    let sora = bot.discord.member("空");
    for (option, value) in [
        ("entry", "licence-renewal"),
        ("entry", "医療情報技師の更新はいつ？"),
        ("topic", "資格"),
        ("topic", "qualifications"),
        ("topic", "Qualifications"),
    ] {
        let page = sora.uses(general, "faq", &[(option, value)]).await.message();
        let wanted = if option == "entry" { "5年ごと" } else { "**資格**" };
        assert!(page.text.contains(wanted), "{option} {value}: {}", page.shown());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_of_six_thousand_characters_is_answered() {
    let bot = connected().await;
    let aoi = bot.discord.member("葵");
    let long = format!("夜勤はありますか？{}", "あ".repeat(MAX_CHARACTERS - 9));
    assert_eq!(long.chars().count(), MAX_CHARACTERS);
    let page = aoi.uses(bot.discord.general(), "ask", &[("question", &long)]).await.message();
    assert!(page.text.contains("夜勤"), "{}", page.shown());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn private_answers_go_on_and_can_be_shown_to_everybody() {
    let bot = connected().await;
    let (aoi, sora) = (bot.discord.member("葵"), bot.discord.member("空"));
    let general = bot.discord.general();
    let answer = aoi.uses(general, "ask", &[("question", "資格は必須ですか")]).await.message();
    let form = aoi.clicks(&answer, "続けて聞く").await.modal();
    aoi.submits(&form, &["更新は？"]).await.message();
    let related = aoi.clicks(&answer, "あわせて読む").await.message();
    aoi.clicks(&related, "1").await.updated();
    let other = aoi.clicks(&answer, "ちがう").await.updated();
    let picked = aoi.clicks(&other, "1").await.updated();
    let shared = aoi.clicks(&picked, "みんなに見せる").await;
    let public = bot.discord.next_followup(&shared).await;
    assert!(!public.ephemeral);
    // It belongs to who shared it.
    sora.clicks(&public, "解決した").await.message();
    aoi.clicks(&public, "解決した").await.updated();
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forms_have_a_new_id_each_time() {
    let bot = connected().await;
    let aoi = bot.discord.member("葵");
    let answer = aoi.uses(bot.discord.general(), "ask", &[("question", "資格は必須ですか")]).await.message();
    let (first, second) = (aoi.clicks(&answer, "続けて聞く").await.modal(), aoi.clicks(&answer, "続けて聞く").await.modal());
    assert_ne!(first.custom_id, second.custom_id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn browsing_ja() {
    let bot = connected().await;
    let aoi = bot.discord.member("葵");
    let start = aoi.uses(bot.discord.general(), "faq", &[]).await.message();
    let topic = aoi.picks(&start, "資格").await.updated();
    let answer = aoi.picks(&topic, "医療情報技師の更新はいつ？").await.updated();
    let topics = aoi.clicks(&answer, "話題の一覧").await.updated();
    aoi.picks(&topics, "夜勤").await.updated();
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn browsing_en_in_a_direct_message() {
    let bot = connected().await;
    let amy = bot.discord.member("Amy").speaking("en-US");
    amy.dm("hi").await;
    let greeting = bot.discord.next_message(amy.dm_channel()).await;
    let topic = amy.picks(&greeting, "Nights").await.updated();
    amy.picks(&topic, "Am I called").await.updated();
    let start = amy.uses(amy.dm_channel(), "faq", &[("topic", "Qualifications")]).await.message();
    assert!(!start.ephemeral, "alone with the bot, an answer may stay");
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_topic_of_many_questions_has_pages() {
    let mut text = "format: 1\ntopic: many\ntitle: たくさん\nentries:\n".to_owned();
    for number in 1..=60 {
        writeln!(text, "  - id: nth-{number}\n    question: {number}番めの質問は？\n    answer: {number}番めの答えです。")
            .unwrap();
    }
    let discord = Standin::start().await;
    let settings = settings(&discord);
    let bot = connect(discord, &settings, Arc::new(faq_of(&text).knowledge.unwrap())).await;
    let aoi = bot.discord.member("葵");
    let first = aoi.uses(bot.discord.general(), "faq", &[("topic", "many")]).await.message();
    let second = aoi.clicks(&first, "つづき").await.updated();
    let third = aoi.clicks(&second, "つづき").await.updated();
    assert!(!third.buttons().iter().any(|label| label == "つづき"), "{}", third.shown());
    let answer = aoi.picks(&third, "60番め").await.updated();
    assert!(answer.text.contains("60番めの答え"), "{}", answer.shown());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_panel_serves_everybody_privately() {
    let bot = connected().await;
    let general = bot.discord.general();
    let (mod_, aoi, amy) =
        (bot.discord.member("係").moderator(), bot.discord.member("葵"), bot.discord.member("Amy").speaking("en-US"));
    assert!(!aoi.may_use(general, "faq-panel"));
    mod_.uses(general, "faq-panel", &[]).await.message();
    let panel = bot.discord.next_message(general).await;
    let form = aoi.clicks(&panel, "質問する").await.modal();
    aoi.submits(&form, &["夜勤はありますか"]).await.message();
    let topic = amy.picks(&panel, "資格").await.message();
    amy.picks(&topic, "How do I study").await.updated();
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panel_that_may_not_be_posted_says_so() {
    let bot = connected().await;
    let general = bot.discord.general();
    bot.discord.set_bot_permissions(general, 1 << 10);
    let said = bot.discord.member("係").moderator().uses(general, "faq-panel", &[]).await.message();
    assert_eq!(said.text, "ここには書き込めませんでした。ボットの権限を確かめて、もう一度お願いします。");
    let said = bot.discord.member("Mod").speaking("en-US").moderator().uses(general, "faq-panel", &[]).await.message();
    assert_eq!(said.text, "I could not post here. Please check the bot's permissions and try again.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answering_somebodys_message_is_private_first() {
    let bot = connected().await;
    let general = bot.discord.general();
    let (aoi, sora, amy) = (bot.discord.member("葵"), bot.discord.member("空"), bot.discord.member("Amy").speaking("en-US"));
    let asked = aoi.says(general, "転職したいけど資格は必須ですか").await;
    let private = sora.uses_on(asked, "FAQで答える").await.message();
    sora.clicks(&private, "返信として出す").await.updated();
    let public = bot.discord.next_message(general).await;
    assert_eq!(public.reply_to, Some(asked));
    // It belongs to who posted it.
    sora.clicks(&public, "解決した").await.updated();
    let vague = aoi.says(general, "医療情報技師について").await;
    let choices = amy.uses_on(vague, "Answer from the FAQ").await.message();
    let picked = amy.clicks(&choices, "2").await.updated();
    amy.clicks(&picked, "返信として出す").await.updated();
    bot.discord.next_message(general).await;
    let chatter = aoi.says(general, "おつかれさまです").await;
    sora.uses_on(chatter, "FAQで答える").await.message();
    let unknown = aoi.says(general, "今日のお昼は何を食べた？").await;
    sora.uses_on(unknown, "FAQで答える").await.message();
    let cry = aoi.says(general, "もう死にたい").await;
    let care = sora.uses_on(cry, "FAQで答える").await.message();
    assert!(!care.buttons().iter().any(|label| label == "返信として出す"), "nobody is cared for in public unasked");
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_cannot_be_posted_stays_private() {
    let bot = connected().await;
    let (aoi, sora) = (bot.discord.member("葵"), bot.discord.member("空"));
    let thread = bot.discord.add_thread(bot.discord.general(), "相談");
    let asked = aoi.says(thread, "資格は必須ですか").await;
    let private = sora.uses_on(asked, "FAQで答える").await.message();
    bot.discord.archive(thread);
    bot.discord.lock(thread);
    let said = sora.clicks(&private, "返信として出す").await.updated();
    assert!(said.text.starts_with("ここには書き込めないので"), "{}", said.shown());
    assert!(said.text.contains("法律上は"), "the answer is still there: {}", said.shown());
    // The message it was for is gone: the answer stands alone.
    let gone = aoi.says(bot.discord.general(), "夜勤はありますか").await;
    let private = sora.uses_on(gone, "FAQで答える").await.message();
    aoi.deletes(gone).await;
    sora.clicks(&private, "返信として出す").await.updated();
    assert_eq!(bot.discord.next_message(bot.discord.general()).await.reply_to, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_double_tap_posts_once() {
    let bot = connected().await;
    let general = bot.discord.general();
    let (aoi, sora) = (bot.discord.member("葵"), bot.discord.member("空"));
    let asked = aoi.says(general, "資格は必須ですか").await;
    let for_post = sora.uses_on(asked, "FAQで答える").await.message();
    let private = aoi.uses(general, "ask", &[("question", "夜勤はありますか")]).await.message();
    bot.discord.rest().delay_all(std::time::Duration::from_millis(700));
    let (_, again) = tokio::join!(sora.clicks(&for_post, "返信として出す"), sora.clicks(&for_post, "返信として出す"));
    let (_, shared) = tokio::join!(aoi.clicks(&private, "みんなに見せる"), aoi.clicks(&private, "みんなに見せる"));
    drop((again, shared));
    bot.discord.rest().clear();
    bot.discord.next_message(general).await;
    bot.discord.next_message(general).await;
    bot.is_silent_in(general).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bot_does_not_speak_for_those_who_may_not() {
    const SEND_MESSAGES: u64 = 1 << 11;
    let discord = Standin::start().await;
    let quiet = discord.add_role("静かに");
    let mut settings = settings(&discord);
    settings.discord.ignored_roles = vec![quiet];
    let bot = connect(discord, &settings, super::small()).await;
    let general = bot.discord.general();
    let muted = bot.discord.member("葵").without_permissions(SEND_MESSAGES);
    let ignored = bot.discord.member("Amy").speaking("en-US").with_role(quiet);
    for (who, button, said) in [
        (&muted, "みんなに見せる", "ここに書き込めない人の代わりには出せません。"),
        (&ignored, "Show everyone", "I can't post here for somebody who may not write here."),
    ] {
        let question = if button == "Show everyone" { "Do you work at night?" } else { "夜勤はありますか" };
        let private = who.uses(general, "ask", &[("question", question)]).await.message();
        assert_eq!(who.clicks(&private, button).await.message().text, said);
    }
    bot.is_silent_in(general).await;
}
