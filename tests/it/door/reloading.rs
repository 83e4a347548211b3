//! The FAQ's folder is edited while people ask: what is saved is answered from, what is faulty is told where moderators see it.
//!
//! How files come to be saved stands in `it/reloading.rs`.

use std::fs;
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use medse_bot::discord::reloading::Following;
use medse_bot::faq::{Diagnostic, Lang, Level};
use medse_bot::journal::Journal;
use medse_bot::knowledge::{Knowledge, Library, Reloader};
use medse_bot::settings::Settings;
use standin::Standin;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use super::memory::with_journal;
use super::{Connected, follow, settings, small};

/// Long enough that a fault which is mended at once is not told.
const TELL_AFTER: Duration = Duration::from_secs(2);
/// A save is live within a second; a machine that does other things may take longer.
const LIVE_WITHIN: Duration = Duration::from_secs(20);
const NIGHTS: &str = include_str!("nights.yaml");
const QUALIFICATIONS: &str = include_str!("qualifications.yaml");
const CANTEEN: &str = "format: 1\ntopic: canteen\ntitle: 食堂\nentries:\n  - id: canteen\n    question:\n      ja: 食堂のカレーはおいしい？\n      en: Is the curry in the canteen good?\n    answer:\n      ja: おいしいです。\n      en: It is.\n";

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("nights.yaml"), NIGHTS).unwrap();
    fs::write(folder.path().join("qualifications.yaml"), QUALIFICATIONS).unwrap();
    folder
}

fn settings_with_log(discord: &Standin, lang: Lang) -> (Settings, u64) {
    let log = discord.add_channel(discord.guild(), "faq係");
    let mut settings = settings(discord);
    settings.language = lang;
    settings.discord.log_channel = NonZero::new(log);
    (settings, log)
}

/// A bot that follows a folder, with whatever is in it.
async fn following(discord: Standin, settings: &Settings, folder: &Path, journal: Journal) -> Connected {
    let sources = Library::Folder(folder.to_owned()).sources().unwrap();
    let built = Knowledge::build(&sources, settings.language);
    let is_error = |diagnostic: &Diagnostic| diagnostic.problem.level() == Level::Error;
    let left_out: Vec<Diagnostic> = built.diagnostics.into_iter().filter(is_error).collect();
    let reloader = Reloader::new(folder.to_owned(), settings.language, &sources, left_out.is_empty());
    let following = Following { reloader, left_out, tell_after: TELL_AFTER, data_folder: folder.join("data") };
    let bot = follow(discord, settings, Arc::new(built.knowledge.unwrap()), journal, Some(following));
    bot.discord.connected().await;
    bot
}

/// Until the newest FAQ is another.
async fn taken_over(bot: &Connected, before: &Arc<Knowledge>) -> Arc<Knowledge> {
    let limit = Instant::now() + LIVE_WITHIN;
    loop {
        let newest = bot.bot.anew().knowledge;
        if !Arc::ptr_eq(&newest, before) {
            return newest;
        }
        assert!(Instant::now() < limit, "what was saved was never answered from");
        sleep(Duration::from_millis(20)).await;
    }
}

/// Until a message of the bot says something.
async fn says(bot: &Connected, message: u64, wanted: &str) {
    let limit = Instant::now() + LIVE_WITHIN;
    loop {
        let now = bot.discord.message(message).unwrap().text;
        if now.contains(wanted) {
            return;
        }
        assert!(Instant::now() < limit, "{wanted} is not in {now}");
        sleep(Duration::from_millis(50)).await;
    }
}

async fn faults_are_told_until_they_are_mended(lang: Lang) -> String {
    let discord = Standin::start().await;
    let (folder, (settings, log)) = (folder(), settings_with_log(&discord, lang));
    let file = folder.path().join("nights.yaml");
    // Faulty from the start: its entry is left out.
    fs::write(&file, NIGHTS.replacen("question:", "qestion:", 1)).unwrap();
    let bot = following(discord, &settings, folder.path(), Journal::off()).await;
    let start = Arc::clone(&bot.bot.knowledge);
    let told = bot.discord.next_message(log).await;
    // Another fault, then very many: the same message says so. What was answered from before stays.
    fs::write(&file, NIGHTS.replacen("answer:", "anwser:", 1)).unwrap();
    says(&bot, told.id, "anwser").await;
    let other = folder.path().join("qualifications.yaml");
    fs::write(&other, QUALIFICATIONS.replace("    answer:", "    anwser:").replace("    question:", "    qestion:")).unwrap();
    says(&bot, told.id, "check").await;
    assert!(Arc::ptr_eq(&bot.bot.anew().knowledge, &start));
    fs::write(&file, NIGHTS).unwrap();
    fs::write(&other, QUALIFICATIONS).unwrap();
    taken_over(&bot, &start).await;
    let mended = if lang == Lang::Ja { "直りました" } else { "Fixed" };
    says(&bot, told.id, mended).await;
    bot.is_silent_in(log).await;
    assert_eq!(bot.discord.pings(), []);
    let asker = bot.discord.member("葵");
    bot.ask(&asker, "夜勤はありますか").await;
    bot.discord.transcript()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_are_told_in_one_message_until_they_are_mended_ja() {
    insta::assert_snapshot!(faults_are_told_until_they_are_mended(Lang::Ja).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_are_told_in_one_message_until_they_are_mended_en() {
    insta::assert_snapshot!(faults_are_told_until_they_are_mended(Lang::En).await);
}

/// A restart with the same fault tells nobody anew; the message from before says when it is mended.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notice_is_taken_up_again_after_a_restart() {
    let discord = Standin::start().await;
    let (folder, (settings, log)) = (folder(), settings_with_log(&discord, Lang::Ja));
    let (file, kept) = (folder.path().join("nights.yaml"), folder.path().join("data/notice.json"));
    let until = async |is_kept: bool| {
        let limit = Instant::now() + LIVE_WITHIN;
        while kept.exists() != is_kept {
            assert!(Instant::now() < limit, "{} is wanted: {is_kept}", kept.display());
            sleep(Duration::from_millis(20)).await;
        }
    };
    fs::write(&file, NIGHTS.replacen("question:", "qestion:", 1)).unwrap();
    let mut bot = following(discord.clone(), &settings, folder.path(), Journal::off()).await;
    let told = discord.next_message(log).await;
    until(true).await;
    bot.stop().await.unwrap();
    let mut bot = following(discord.clone(), &settings, folder.path(), Journal::off()).await;
    let again = discord.next_message_or_none(log, TELL_AFTER * 2).await;
    assert!(again.is_none(), "{}", again.unwrap().shown());
    bot.stop().await.unwrap();
    // Mended while the bot was away.
    fs::write(&file, NIGHTS).unwrap();
    let bot = following(discord.clone(), &settings, folder.path(), Journal::off()).await;
    says(&bot, told.id, "直りました").await;
    until(false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_mended_soon_and_what_is_saved_well_is_told_to_nobody() {
    let discord = Standin::start().await;
    let (folder, (settings, log)) = (folder(), settings_with_log(&discord, Lang::Ja));
    let bot = following(discord, &settings, folder.path(), Journal::off()).await;
    let asker = bot.discord.member("葵");
    let start = Arc::clone(&bot.bot.knowledge);
    // Judged after 0.3 s, since nothing looks unfinished.
    fs::write(folder.path().join("nights.yaml"), NIGHTS.replacen("answer:", "anwser:", 1)).unwrap();
    sleep(TELL_AFTER / 2).await;
    fs::write(folder.path().join("nights.yaml"), NIGHTS).unwrap();
    fs::write(folder.path().join("canteen.yaml"), CANTEEN).unwrap();
    taken_over(&bot, &start).await;
    let answer = bot.ask(&asker, "食堂のカレーはおいしい？").await;
    assert!(answer.text.contains("おいしいです。"), "{}", answer.shown());
    sleep(TELL_AFTER).await;
    bot.is_silent_in(log).await;
}

/// A number that was found in one FAQ is never looked up in another: an event keeps the FAQ it began with.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_faq_that_changes_all_the_time_answers_every_question_with_its_own_entry() {
    let discord = Standin::start().await;
    let settings = settings(&discord);
    let bot = super::connect(discord, &settings, small()).await;
    let swapping = {
        let (bot, one, other) = (bot.bot.clone(), small(), crate::support::faq_of(CANTEEN).knowledge.map(Arc::new).unwrap());
        tokio::spawn(async move {
            loop {
                for knowledge in [&other, &one] {
                    bot.answer_from(Arc::clone(knowledge));
                    sleep(Duration::from_millis(1)).await;
                }
            }
        })
    };
    for nth in 0..60 {
        let channel = bot.discord.add_channel(bot.discord.guild(), &format!("相談-{nth}"));
        let said = bot.ask_in(channel, &bot.discord.member("葵"), "夜勤はありますか").await;
        let is_right = said.text.contains("夜勤のある病院は少なく") || said.text.contains("それはまだFAQにありません");
        assert!(is_right, "{}", said.shown());
    }
    swapping.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_reads_otherwise_now_is_given_anew_and_not_pointed_at() {
    let discord = Standin::start().await;
    let settings = settings(&discord);
    let bot = super::connect(discord, &settings, small()).await;
    let answer = bot.ask(&bot.discord.member("葵"), "夜勤はありますか").await;
    let pointer = bot.ask(&bot.discord.member("空"), "夜勤の有無").await;
    assert!(pointer.text.contains(&answer.id.to_string()), "{}", pointer.shown());
    let changed = NIGHTS.replace("夜勤のある病院は少なく", "夜勤はどこの病院にもなく");
    bot.bot.answer_from(crate::support::faq_of(&changed).knowledge.map(Arc::new).unwrap());
    let anew = bot.ask(&bot.discord.member("澪"), "夜も働く？").await;
    assert!(anew.text.contains("夜勤はどこの病院にもなく"), "{}", anew.shown());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_for_an_answer_is_told_when_it_is_saved() {
    let (folder, data) = (folder(), TempDir::new().unwrap());
    let bot = with_journal(Standin::start().await, small(), data.path()).await;
    let asker = bot.discord.member("葵");
    let declined = bot.ask(&asker, "食堂のカレーはおいしい？").await;
    let form = asker.clicks(&declined, "FAQ係に届ける").await.modal();
    asker.submits(&form, &["食堂のカレーはおいしい？"]).await.message();
    let mut bot = bot;
    bot.stop().await.unwrap();
    let discord = bot.discord.clone();
    drop(bot);
    let journal = Journal::open(data.path(), 0).unwrap();
    let bot = following(discord.clone(), &settings(&discord), folder.path(), journal).await;
    bot.is_silent_in(discord.general()).await;
    fs::write(folder.path().join("canteen.yaml"), CANTEEN).unwrap();
    let told = discord.next_message(discord.general()).await;
    assert!(told.text.starts_with("お待たせしました。") && told.text.contains("おいしいです。"), "{}", told.shown());
    // Saved once more: once is enough.
    let before = bot.bot.anew().knowledge;
    fs::write(folder.path().join("canteen.yaml"), CANTEEN.replace("おいしいです", "とてもおいしいです")).unwrap();
    taken_over(&bot, &before).await;
    bot.is_silent_in(discord.general()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_channel_that_cannot_be_written_to_stops_nothing() {
    let discord = Standin::start().await;
    let (folder, (mut settings, _)) = (folder(), settings_with_log(&discord, Lang::Ja));
    // No such channel.
    settings.discord.log_channel = NonZero::new(4_711);
    fs::write(folder.path().join("nights.yaml"), NIGHTS.replacen("question:", "qestion:", 1)).unwrap();
    let bot = following(discord, &settings, folder.path(), Journal::off()).await;
    let start = Arc::clone(&bot.bot.knowledge);
    sleep(TELL_AFTER * 2).await;
    fs::write(folder.path().join("nights.yaml"), NIGHTS).unwrap();
    taken_over(&bot, &start).await;
    let answer = bot.ask(&bot.discord.member("葵"), "夜勤はありますか").await;
    assert!(answer.text.contains("夜勤のある病院は少なく"), "{}", answer.shown());
}
