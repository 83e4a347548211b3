//! What the bot keeps of questions, across starts: answers that are followed, questions handed on and told, what `/privacy` shows and deletes.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use medse_bot::faq::Lang;
use medse_bot::journal::Journal;
use medse_bot::knowledge::Knowledge;
use standin::Standin;
use tempfile::TempDir;

use super::{Connected, settings, small, start_with};
use crate::support::source;

/// The small FAQ with one entry more.
fn grown() -> Arc<Knowledge> {
    let canteen = "format: 1\ntopic: canteen\ntitle: 食堂\nentries:\n  - id: canteen\n    question:\n      ja: 食堂のカレーはおいしい？\n      en: Is the curry in the canteen good?\n    answer:\n      ja: おいしいです。\n      en: It is.\n";
    let files = [
        source("nights.yaml", include_str!("nights.yaml")),
        source("qualifications.yaml", include_str!("qualifications.yaml")),
        source("canteen.yaml", canteen),
    ];
    Arc::new(Knowledge::build(&files, Lang::Ja).knowledge.unwrap())
}

/// A bot with a journal in a folder.
pub async fn with_journal(discord: Standin, knowledge: Arc<Knowledge>, folder: &Path) -> Connected {
    let now = i64::try_from(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()).unwrap();
    let mut settings = settings(&discord);
    settings.discord.help_channel = std::num::NonZero::new(discord.help());
    let bot = start_with(discord, &settings, knowledge, Journal::open(folder, now).unwrap());
    bot.discord.connected().await;
    bot
}

/// The bot stops and another process takes its place.
pub async fn restarted(mut bot: Connected, knowledge: Arc<Knowledge>, folder: &Path) -> Connected {
    bot.stop().await.unwrap();
    let discord = bot.discord.clone();
    drop(bot);
    with_journal(discord, knowledge, folder).await
}

/// Every byte of the journal's files.
pub fn bytes(folder: &Path) -> Vec<u8> {
    fs::read_dir(folder).unwrap().flat_map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
}

pub fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_declined_question_is_handed_on_and_told_once_it_is_answered_ja() {
    let folder = TempDir::new().unwrap();
    let bot = with_journal(Standin::start().await, small(), folder.path()).await;
    let (aoi, sora) = (bot.discord.member("葵"), bot.discord.member("空"));
    // In public, told under the question; in private, told in a direct message.
    let declined = bot.ask(&aoi, "食堂のカレーはおいしい？").await;
    let form = aoi.clicks(&declined, "FAQ係に届ける").await.modal();
    let mut seen = format!("{}\n", form.shown());
    aoi.submits(&form, &[" "]).await.message();
    let form = aoi.clicks(&declined, "FAQ係に届ける").await.modal();
    aoi.submits(&form, &["食堂のカレーはおいしい？"]).await.message();
    let private = sora.uses(bot.discord.general(), "ask", &[("question", "食堂のカレーの味を教えて")]).await.message();
    let form = sora.clicks(&private, "FAQ係に届ける").await.modal();
    sora.submits(&form, &["食堂のカレーはおいしいですか"]).await.message();
    sora.uses(bot.discord.general(), "privacy", &[]).await.message();
    // Nothing changed: nobody is told.
    let bot = restarted(bot, small(), folder.path()).await;
    bot.is_silent_in(bot.discord.general()).await;
    let bot = restarted(bot, grown(), folder.path()).await;
    let told = bot.discord.next_message(bot.discord.general()).await;
    assert!(told.text.starts_with("お待たせしました。"), "{}", told.shown());
    bot.discord.next_message(sora.dm_channel()).await;
    // Once.
    let bot = restarted(bot, grown(), folder.path()).await;
    bot.is_silent_in(bot.discord.general()).await;
    bot.is_silent_in(sora.dm_channel()).await;
    seen.push_str(&bot.discord.transcript());
    insta::assert_snapshot!(seen);
    assert_eq!(bot.discord.pings(), []);
}

/// Until the journal, too, knows that everybody was told: it hears of it a moment after they do.
async fn nobody_waits(bot: &Connected) {
    let limit = std::time::Instant::now() + Duration::from_secs(10);
    while !bot.bot.journal.waiting().await.unwrap().is_empty() {
        assert!(std::time::Instant::now() < limit, "somebody still waits");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_declined_question_is_handed_on_and_told_once_it_is_answered_en() {
    let folder = TempDir::new().unwrap();
    let bot = with_journal(Standin::start().await, small(), folder.path()).await;
    let amy = bot.discord.member("Amy").speaking("en-US");
    amy.dm("Is the curry in the canteen good?").await;
    let declined = bot.discord.next_message(amy.dm_channel()).await;
    let form = amy.clicks(&declined, "Pass it on").await.modal();
    let mut seen = format!("{}\n", form.shown());
    amy.submits(&form, &["   "]).await.message();
    let form = amy.clicks(&declined, "Pass it on").await.modal();
    amy.submits(&form, &["Is the curry in the canteen good?"]).await.message();
    let kept = amy.uses(bot.discord.general(), "privacy", &[]).await.message();
    assert!(kept.text.contains(", 1 notice pending, 1 answered message by number"), "{}", kept.shown());
    let bot = restarted(bot, grown(), folder.path()).await;
    bot.discord.next_message(amy.dm_channel()).await;
    nobody_waits(&bot).await;
    amy.uses(bot.discord.general(), "privacy", &[]).await.message();
    seen.push_str(&bot.discord.transcript());
    insta::assert_snapshot!(seen);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_closed_their_direct_messages_is_not_told() {
    let folder = TempDir::new().unwrap();
    let bot = with_journal(Standin::start().await, small(), folder.path()).await;
    let aoi = bot.discord.member("葵");
    let private = aoi.uses(bot.discord.general(), "ask", &[("question", "食堂のカレーはおいしい？")]).await.message();
    let form = aoi.clicks(&private, "FAQ係に届ける").await.modal();
    aoi.submits(&form, &["食堂のカレーはおいしい？"]).await.message();
    bot.discord.close_dms_of(aoi.id());
    let bot = restarted(bot, grown(), folder.path()).await;
    // It is dropped, not tried for ever.
    nobody_waits(&bot).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_told_in_public_under_a_question_that_is_gone() {
    let folder = TempDir::new().unwrap();
    let bot = with_journal(Standin::start().await, small(), folder.path()).await;
    let (aoi, sora) = (bot.discord.member("葵"), bot.discord.member("空"));
    let general = bot.discord.general();
    let mut questions = Vec::new();
    for asker in [&aoi, &sora] {
        let channel = if asker.id() == aoi.id() { general } else { bot.discord.help() };
        let declined = bot.ask_in(channel, asker, "食堂のカレーはおいしい？").await;
        let form = asker.clicks(&declined, "FAQ係に届ける").await.modal();
        asker.submits(&form, &["食堂のカレーはおいしい？"]).await.message();
        questions.push(declined.reply_to.unwrap());
    }
    // One question is deleted; the other stands where the bot may not write any more.
    aoi.deletes(questions[0]).await;
    bot.discord.set_bot_permissions(bot.discord.help(), 1 << 10);
    let bot = restarted(bot, grown(), folder.path()).await;
    for channel in [general, bot.discord.help(), aoi.dm_channel(), sora.dm_channel()] {
        bot.is_silent_in(channel).await;
    }
    assert_eq!(bot.bot.journal.waiting().await.unwrap(), [], "dropped, not tried for ever");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn privacy_shows_what_is_kept_and_deletes_every_trace() {
    let folder = TempDir::new().unwrap();
    let bot = with_journal(Standin::start().await, small(), folder.path()).await;
    let (aoi, amy) = (bot.discord.member("葵"), bot.discord.member("Amy").speaking("en-US"));
    bot.ask(&aoi, "資格は必須ですか").await;
    bot.ask(&aoi, "食堂のカレーはおいしい？").await;
    // Of what is asked in private only a number is kept; of a cry for help nothing.
    aoi.uses(bot.discord.general(), "ask", &[("question", "夜勤の回数を教えて")]).await.message();
    bot.ask(&aoi, "もう死にたい").await;
    let page = aoi.uses(bot.discord.general(), "privacy", &[]).await.message();
    assert!(
        page.text.contains("質問 2件（文面のあるもの 2件、90日で消えます）、お知らせ待ち 0件、答えのついた投稿の番号 2件"),
        "{}",
        page.shown()
    );
    bot.bot.journal.flush().await;
    let before = bytes(folder.path());
    assert!(holds(&before, "食堂のカレー".as_bytes()));
    for never in ["夜勤の回数", "死にたい"] {
        assert!(!holds(&before, never.as_bytes()), "{never} must not be stored");
    }
    aoi.clicks(&page, "すべて消す").await.updated();
    let after = bytes(folder.path());
    for trace in [
        "食堂のカレー".as_bytes(),
        "資格は必須".as_bytes(),
        aoi.id().to_string().as_bytes(),
        &aoi.id().to_le_bytes(),
        &aoi.id().to_be_bytes(),
    ] {
        assert!(!holds(&after, trace), "a trace of the member is left");
    }
    aoi.uses(bot.discord.general(), "privacy", &[]).await.message();
    bot.ask(&amy, "Must I be certified?").await;
    let page = amy.uses(bot.discord.general(), "privacy", &[]).await.message();
    amy.clicks(&page, "Delete all").await.updated();
    amy.uses(bot.discord.general(), "privacy", &[]).await.message();
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_of_an_earlier_run_are_followed() {
    let folder = TempDir::new().unwrap();
    let bot = with_journal(Standin::start().await, small(), folder.path()).await;
    let (aoi, sora) = (bot.discord.member("葵"), bot.discord.member("空"));
    let general = bot.discord.general();
    let edited = aoi.says(general, "<@BOT> 資格は必須ですか").await;
    let first = bot.discord.next_message(general).await;
    let deleted = sora.says(general, "<@BOT> 夜勤はありますか").await;
    let second = bot.discord.next_message(general).await;
    let bot = restarted(bot, small(), folder.path()).await;
    aoi.edits(edited, "<@BOT> 更新は何年ごと？").await;
    assert!(bot.discord.changed(first.id).await.unwrap().text.contains("5年ごと"));
    sora.deletes(deleted).await;
    assert!(bot.discord.changed(second.id).await.is_none());
    assert_eq!(bot.discord.standing(general).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cry_for_help_in_the_form_is_met_and_kept_nowhere() {
    let folder = TempDir::new().unwrap();
    let bot = with_journal(Standin::start().await, small(), folder.path()).await;
    let aoi = bot.discord.member("葵");
    let private = aoi.uses(bot.discord.general(), "ask", &[("question", "食堂のカレーはおいしい？")]).await.message();
    let form = aoi.clicks(&private, "FAQ係に届ける").await.modal();
    let met = aoi.submits(&form, &["もう死にたい"]).await.message();
    assert!(met.text.contains("つらい気持ち"), "{}", met.shown());
    bot.bot.journal.flush().await;
    assert_eq!(bot.bot.journal.waiting().await.unwrap(), []);
    assert!(!holds(&bytes(folder.path()), "死にたい".as_bytes()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_private_question_is_never_answered_in_public() {
    let folder = TempDir::new().unwrap();
    let bot = with_journal(Standin::start().await, small(), folder.path()).await;
    let aoi = bot.discord.member("葵");
    let private = aoi.uses(bot.discord.general(), "ask", &[("question", "食堂のカレーはおいしい？")]).await.message();
    let form = aoi.clicks(&private, "FAQ係に届ける").await.modal();
    // Meanwhile something else is declined where everybody reads it.
    bot.ask(&aoi, "おすすめのラーメン屋は？").await;
    for _ in 0..2 {
        aoi.submits(&form, &["食堂のカレーはおいしい？"]).await.message();
    }
    let waiting = bot.bot.journal.waiting().await.unwrap();
    let [only] = &waiting[..] else { panic!("handed on once: {waiting:?}") };
    assert_eq!(only.message, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_elses_words_are_not_kept() {
    let folder = TempDir::new().unwrap();
    let bot = with_journal(Standin::start().await, small(), folder.path()).await;
    let (aoi, relay) = (bot.discord.member("葵"), bot.discord.member("中継").bot());
    let general = bot.discord.general();
    let readable = relay.says(general, "<@BOT> 食堂のカレーはおいしい？").await;
    aoi.replies(readable, "<@BOT>").await;
    bot.discord.next_message(general).await;
    bot.bot.journal.flush().await;
    assert!(!holds(&bytes(folder.path()), "カレー".as_bytes()));
}
