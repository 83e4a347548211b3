//! What moderators look at in Discord: numbers, explanations, the check, and what the log channel is told each week.
//!
//! How numbers become text stands in `it/moderating.rs`.

use std::fs;
use std::num::NonZero;
use std::time::Duration;

use medse_bot::faq::Lang;
use medse_bot::journal::Journal;
use medse_bot::settings::Settings;
use standin::Standin;

use super::moderation::{Kept, NIGHTS, QUALIFICATIONS, at_work, kept, now, small_folder};
use super::{settings, until};

const WEEK: i64 = 7 * 24 * 60 * 60;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_come_as_bars_and_as_a_table() {
    let kept = kept().await;
    let hana = kept.moderator("花");
    let none = hana.uses(kept.general(), "faq-manage stats", &[("days", "7")]).await.message();
    assert!(none.text.starts_with("**7日間**：質問 0・"), "{}", none.shown());
    for question in ["夜勤はありますか", "夜勤の有無", "オンコールはある？", "宿直室の布団は清潔ですか"]
    {
        kept.asked_by("葵", question).await;
    }
    let seen = hana.uses(kept.general(), "faq-manage stats", &[]).await.message();
    let file = kept.bot.discord.file(seen.raw["attachments"][0]["url"].as_str().unwrap()).unwrap();
    insta::assert_snapshot!(format!("{}\n{}", seen.shown(), String::from_utf8(file).unwrap()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_is_explained_and_the_files_are_checked() {
    let kept = kept().await;
    let (hana, amy) = (kept.moderator("花"), kept.moderator("Amy").speaking("en-US"));
    let mut seen = hana.uses(kept.general(), "faq-manage explain", &[("question", "夜勤は多い？")]).await.message().shown();
    seen += &amy.uses(kept.general(), "faq-manage explain", &[("question", "Do nights pay well?")]).await.message().shown();
    let sound = hana.uses(kept.general(), "faq-manage check", &[]).await.message();
    seen += &sound.shown();
    kept.write("nights.yaml", &NIGHTS.replacen("question:", "質問：", 1));
    seen += &hana.uses(kept.general(), "faq-manage check", &[]).await.message().shown();
    // Looking is no asking: nothing of it is counted.
    assert_eq!(kept.bot.bot.journal.numbers(0).await.unwrap(), medse_bot::journal::Numbers::default());
    insta::assert_snapshot!(seen);
}

/// A bot that starts when a week is over.
async fn after_a_week(askers: u64, change: impl FnOnce(&mut Settings)) -> Kept {
    let (discord, folder) = (Standin::start().await, small_folder());
    let old = NIGHTS.replace("    source: 現役", "    reviewed: 2024-05-01\n    source: 現役");
    fs::write(folder.path().join("faq/nights.yaml"), old).unwrap();
    let log = discord.add_channel(discord.guild(), "faq係");
    let mut settings = settings(&discord);
    settings.discord.log_channel = NonZero::new(log);
    change(&mut settings);
    let journal = Journal::open(&folder.path().join("data"), now()).unwrap();
    journal.note_time("week", now() - 2 * WEEK).await.unwrap();
    let asked = |member, text: &str, outcome: &str| medse_bot::journal::Record::Asked {
        at: now() - 60,
        member,
        place: medse_bot::journal::Place::Home,
        text: text.to_owned(),
        lang: Lang::Ja,
        outcome: outcome.to_owned(),
        entries: Vec::new(),
        score: 0.1,
        message: None,
    };
    for member in 1..=askers {
        journal.enter(asked(member, "宿直室の布団は清潔ですか", "decline"));
    }
    journal.enter(asked(4, "更衣室のロッカーは広いですか", "decline"));
    journal.enter(asked(4, "夜勤はありますか", "answer"));
    journal.flush().await;
    drop(journal);
    let bot = at_work(discord, &settings, folder.path()).await;
    Kept { bot, folder, log, settings }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_week_is_told_once_with_what_is_due() {
    let kept = after_a_week(3, |_| {}).await;
    let hana = kept.moderator("花");
    let week = kept.bot.discord.next_message(kept.log).await;
    let due = kept.bot.discord.next_message(kept.log).await;
    let mut seen = format!("{}\n{}\n", week.shown(), due.shown());
    let inbox = hana.clicks(&week, "受信箱を開く").await.message();
    assert!(inbox.text.starts_with("**未回答 2件**"), "{}", inbox.shown());
    hana.clicks(&due, "まだ正しい").await;
    let told = loop {
        let told = kept.bot.discord.message(due.id).unwrap();
        if told.text != due.text {
            break told;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    seen.push_str(&told.shown());
    let file = kept.file("nights.yaml");
    assert!(!file.contains("2024-05-01") && file.contains("    reviewed: 20"), "{file}");
    insta::assert_snapshot!(seen);
    // Not a second time, and nothing else is said of what was pressed here.
    kept.bot.is_silent_in(kept.log).await;
    let Kept { mut bot, folder, log, settings } = kept;
    bot.stop().await.unwrap();
    let discord = bot.discord.clone();
    drop(bot);
    let bot = at_work(discord, &settings, folder.path()).await;
    bot.is_silent_in(log).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_a_review_cannot_be_noted_its_presser_is_told_and_the_button_stays() {
    let kept = after_a_week(3, |_| {}).await;
    let hana = kept.moderator("花");
    kept.bot.discord.next_message(kept.log).await;
    let due = kept.bot.discord.next_message(kept.log).await;
    kept.write("qualifications.yaml", &QUALIFICATIONS.replacen("question:", "質問：", 1));
    let pressed = hana.clicks(&due, "まだ正しい").await;
    let told = kept.bot.discord.next_followup(&pressed).await;
    assert!(told.ephemeral && told.text.starts_with("このままでは公開できません。"), "{}", told.shown());
    assert_eq!(kept.bot.discord.message(due.id).unwrap().shown(), due.shown());
    kept.write("qualifications.yaml", QUALIFICATIONS);
    hana.clicks(&due, "まだ正しい").await;
    until("it is noted", Duration::from_secs(20), || !kept.file("nights.yaml").contains("2024-05-01")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_week_in_which_few_asked_quotes_nobody_and_is_told_in_the_bots_language() {
    let mut seen = Vec::new();
    for (lang, askers) in [(Lang::Ja, 1), (Lang::En, 1), (Lang::En, 3)] {
        let kept = after_a_week(askers, |settings| settings.language = lang).await;
        for _ in 0..2 {
            let told = kept.bot.discord.next_message(kept.log).await;
            seen.push(told.shown());
            if lang == Lang::En && told.buttons().iter().any(|label| label == "Still right") {
                let amy = kept.moderator("Amy").speaking("en-US");
                seen.push(amy.clicks(&told, "Edit").await.modal().shown());
                amy.clicks(&told, "Still right").await;
                while kept.bot.discord.message(told.id).unwrap().text == told.text {
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                }
                seen.push(kept.bot.discord.message(told.id).unwrap().shown());
            }
        }
    }
    insta::assert_snapshot!(seen.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_wants_no_week_is_told_none() {
    let kept = after_a_week(3, |settings| settings.moderation.weekly = false).await;
    kept.bot.is_silent_in(kept.log).await;
}
