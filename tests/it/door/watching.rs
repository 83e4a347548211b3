//! Watched channels, threads and forums: where nobody addressed the bot it answers what it is sure of, and lets people go first.

use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use medse_bot::discord::Stopped;
use medse_bot::journal::Journal;
use standin::Standin;
use tempfile::TempDir;
use tokio::time::sleep;

use super::memory::{bytes, holds};
use super::{Connected, connect, settings, small, start, start_with};
use crate::support::faq_of;

/// Longer than the second that people have in these tests.
const WAITED: Duration = Duration::from_millis(1_400);
/// Nobody is quicker: events that come at once are handled side by side.
const NOTICED: Duration = Duration::from_millis(200);
const QUESTION: &str = "医療情報技師の資格は必要ですか？";

/// A bot that watches these channels; people have so many seconds.
async fn watching(discord: Standin, channels: &[u64], wait: u64) -> Connected {
    discord.enable_message_content(true);
    let mut settings = settings(&discord);
    settings.discord.watched_channels = channels.iter().filter_map(|id| NonZero::new(*id)).collect();
    settings.discord.watch_wait = wait;
    connect(discord, &settings, small()).await
}

async fn in_general(wait: u64) -> (Connected, u64) {
    let discord = Standin::start().await;
    let general = discord.general();
    (watching(discord, &[general], wait).await, general)
}

impl Connected {
    async fn keeps_silent_in(&self, channel: u64) {
        let came = self.discord.next_message_or_none(channel, WAITED).await;
        assert!(came.is_none(), "said, where silence was wanted: {}", came.unwrap().shown());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_nobody_addressed_is_answered_where_the_bot_listens_along_ja() {
    let (bot, general) = in_general(1).await;
    let (aoi, sora) = (bot.discord.member("葵"), bot.discord.member("空"));
    let question = aoi.says(general, QUESTION).await;
    let answer = bot.discord.next_message(general).await;
    // It belongs to the one who asked, and follows its question, as any answer does.
    sora.clicks(&answer, "ちがう").await.message();
    aoi.edits(question, "院内SEに夜勤はある？").await;
    assert!(bot.discord.changed(answer.id).await.unwrap().text.contains("夜勤のある病院は少なく"));
    aoi.edits(question, "なんでもない").await;
    assert!(bot.discord.changed(answer.id).await.is_none());
    // In a channel that is not watched nothing is heard.
    sora.says(bot.discord.help(), QUESTION).await;
    bot.keeps_silent_in(bot.discord.help()).await;
    insta::assert_snapshot!(bot.discord.transcript());
    assert_eq!(bot.discord.pings(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_nobody_addressed_is_answered_where_the_bot_listens_along_en() {
    let (bot, general) = in_general(0).await;
    let amy = bot.discord.member("Amy").speaking("en-US");
    let question = amy.says(general, "Is the certificate required?").await;
    bot.discord.next_message(general).await;
    amy.says(general, "Must I be certified?").await;
    bot.keeps_silent_in(general).await;
    amy.deletes(question).await;
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_for_people_answers_from_the_newest_faq_and_holds_on_to_no_other() {
    let (bot, general) = in_general(1).await;
    let before = Arc::new(faq_of(include_str!("qualifications.yaml")).knowledge.unwrap());
    bot.bot.answer_from(Arc::clone(&before));
    bot.discord.member("葵").says(general, QUESTION).await;
    sleep(NOTICED).await;
    bot.bot.answer_from(small());
    assert_eq!(Arc::strong_count(&before), 1, "a FAQ that was replaced is kept for a question that waits");
    bot.discord.next_message(general).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_clear_question_to_everybody_is_left_to_people() {
    let (bot, general) = in_general(0).await;
    let (aoi, sora) = (bot.discord.member("葵"), bot.discord.member("空"));
    let said = aoi.says(general, "今日も当直明けです").await;
    for text in [
        "資格",
        "夜間の呼び出しマジきつい",
        "夜勤はありますか、それとも年収は高いですか？",
        "もう死にたい、どうしたらいい？",
        "試験日はいつ？",
        "ありがとう！",
        "おすすめのラーメン屋は？",
    ] {
        sora.says(general, text).await;
    }
    sora.replies(said, QUESTION).await;
    sora.replies_without_ping(said, QUESTION).await;
    sora.says(general, &format!("{} {QUESTION}", aoi.mention())).await;
    bot.discord.member("よその機械").bot().says(general, QUESTION).await;
    sora.webhook_says(general, QUESTION).await;
    // What was said before is changed into a question: nobody asked it, so to speak.
    bot.keeps_silent_in(general).await;
    aoi.edits(said, QUESTION).await;
    bot.keeps_silent_in(general).await;
    sora.says(general, QUESTION).await;
    bot.discord.next_message(general).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_go_first() {
    let discord = Standin::start().await;
    let (general, ignored) = (discord.general(), discord.add_role("先輩"));
    discord.enable_message_content(true);
    let mut settings = settings(&discord);
    settings.discord.watched_channels = NonZero::new(general).into_iter().collect();
    (settings.discord.watch_wait, settings.discord.ignored_roles) = (1, vec![ignored]);
    let bot = connect(discord, &settings, small()).await;
    let (aoi, sora) = (bot.discord.member("葵"), bot.discord.member("空"));
    // Somebody says something, or replies.
    aoi.says(general, QUESTION).await;
    tokio::time::sleep(NOTICED).await;
    sora.says(general, "いらないよ").await;
    bot.keeps_silent_in(general).await;
    let question = aoi.says(general, QUESTION).await;
    tokio::time::sleep(NOTICED).await;
    sora.replies(question, "どうして知りたいの？").await;
    bot.keeps_silent_in(general).await;
    // By somebody whom the bot does not answer.
    aoi.says(general, QUESTION).await;
    tokio::time::sleep(NOTICED).await;
    bot.discord.member("係").with_role(ignored).says(general, "いらないよ").await;
    bot.keeps_silent_in(general).await;
    // Taken back.
    let question = aoi.says(general, QUESTION).await;
    aoi.deletes(question).await;
    bot.keeps_silent_in(general).await;
    // Made another one, or one that is for the bot: once.
    let question = aoi.says(general, QUESTION).await;
    aoi.edits(question, "院内SEに夜勤はある？").await;
    assert!(bot.discord.next_message(general).await.text.contains("夜勤のある病院は少なく"));
    let question = aoi.says(general, QUESTION).await;
    aoi.edits(question, &format!("<@BOT> {QUESTION}")).await;
    bot.discord.next_message(general).await;
    bot.keeps_silent_in(general).await;
    // Two who ask do not answer each other.
    aoi.says(general, "医療情報技師の更新はいつ？").await;
    tokio::time::sleep(NOTICED).await;
    sora.says(general, "休日に呼び出される？").await;
    bot.discord.next_message(general).await;
    bot.discord.next_message(general).await;
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_in_a_forum_is_answered_at_once_by_its_title_and_its_text() {
    let discord = Standin::start().await;
    let (guild, general) = (discord.guild(), discord.general());
    let (forum, elsewhere) = (discord.add_forum(guild, "相談"), discord.add_forum(guild, "雑談"));
    let before = discord.add_thread(general, "前からある話");
    let bot = watching(discord, &[forum, general], 600).await;
    let (aoi, sora) = (bot.discord.member("葵"), bot.discord.member("空"));
    let post = aoi.posts(forum, QUESTION, "来年から病院で働きます。").await;
    let answer = bot.discord.next_message(post).await;
    assert!(answer.text.contains("法律上は必要ありません"), "{}", answer.shown());
    sora.says(post, "院内SEに夜勤はある？").await;
    bot.keeps_silent_in(post).await;
    // The title goes on counting when the text is changed.
    aoi.edits(post, "来年から病院で働きます。よろしくお願いします。").await;
    assert!(bot.discord.changed(answer.id).await.is_some());
    let post = aoi.posts(forum, "はじめまして", "院内SEに夜勤はある？").await;
    bot.discord.next_message(post).await;
    let post = aoi.posts(elsewhere, QUESTION, "どうでしょう？").await;
    bot.keeps_silent_in(post).await;
    // Without a word beside its picture.
    let post = aoi.posts(forum, "医療情報技師の更新はいつ？", "").await;
    bot.discord.next_message(post).await;
    // In threads of a watched channel people have their time.
    aoi.says(before, QUESTION).await;
    bot.keeps_silent_in(before).await;
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threads_of_a_watched_channel_are_watched_open_and_opened_again() {
    let discord = Standin::start().await;
    let general = discord.general();
    let (before, closed) = (discord.add_thread(general, "前からある話"), discord.add_thread(general, "閉じた話"));
    let unwatched = discord.add_thread(discord.help(), "よその話");
    discord.archive(closed);
    let bot = watching(discord, &[general], 0).await;
    let aoi = bot.discord.member("葵");
    let after = bot.discord.add_thread(general, "新しい話");
    for thread in [before, closed, after] {
        aoi.says(thread, QUESTION).await;
        bot.discord.next_message(thread).await;
    }
    aoi.says(unwatched, QUESTION).await;
    bot.keeps_silent_in(unwatched).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portal_that_withholds_texts_ends_a_bot_that_is_to_watch() {
    let discord = Standin::start().await;
    discord.tolerate_violations();
    let mut settings = settings(&discord);
    settings.discord.watched_channels = NonZero::new(discord.general()).into_iter().collect();
    let mut bot = start(discord, &settings, small());
    let ended = bot.ended().await;
    assert!(matches!(ended, Err(Stopped::IntentsDisallowed)), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_what_was_overheard_only_what_was_answered_is_kept() {
    let folder = TempDir::new().unwrap();
    let discord = Standin::start().await;
    let general = discord.general();
    discord.enable_message_content(true);
    let mut settings = settings(&discord);
    (settings.discord.watched_channels, settings.discord.watch_wait) = (NonZero::new(general).into_iter().collect(), 0);
    let bot = start_with(discord, &settings, small(), Journal::open(folder.path(), 1_800_000_000).unwrap());
    bot.discord.connected().await;
    let aoi = bot.discord.member("葵");
    aoi.says(general, "食堂のカレーはおいしいですか？").await;
    aoi.says(general, "院内SEに夜勤はある？").await;
    bot.discord.next_message(general).await;
    // What nobody may say there is not said, and so not kept.
    bot.discord.set_bot_permissions(general, 1 << 10);
    aoi.says(general, QUESTION).await;
    bot.keeps_silent_in(general).await;
    bot.bot.journal.flush().await;
    let kept = bytes(folder.path());
    assert!(holds(&kept, "院内SEに夜勤はある？".as_bytes()));
    assert!(!holds(&kept, "カレー".as_bytes()) && !holds(&kept, "医療情報技師".as_bytes()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_ask_the_same_at_once_get_one_answer_and_no_pointer() {
    let (bot, general) = in_general(0).await;
    bot.discord.rest().delay_all(Duration::from_millis(500));
    let (aoi, sora) = (bot.discord.member("葵"), bot.discord.member("空"));
    aoi.says(general, QUESTION).await;
    sora.says(general, QUESTION).await;
    bot.discord.next_message(general).await;
    bot.keeps_silent_in(general).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_does_not_wait_for_people_to_answer() {
    let (mut bot, general) = in_general(600).await;
    bot.discord.member("葵").says(general, QUESTION).await;
    // The question is heard before anything that is said after it is answered.
    bot.ask(&bot.discord.member("空"), "更新は何年ごと？").await;
    tokio::time::timeout(Duration::from_secs(5), bot.stop()).await.unwrap().unwrap();
}
