//! Keeping the FAQ from Discord where it is not possible: who may not, what has changed meanwhile, what cannot be published. Whatever was typed
//! is still there, and nothing is lost.
//!
//! The ordinary way stands in `moderation.rs`.

use std::fs;
use std::num::NonZero;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use medse_bot::settings::{Home, Settings};
use standin::{Failure, Matcher, Member, Response, Seen, Standin};
use tokio::time::sleep;

use super::moderation::{Kept, NIGHTS, QUALIFICATIONS, at_work, kept, kept_with, small_folder, strs, texts, with};
use super::{Connected, settings, small, start_with};

const ANSWER: usize = 2;

async fn refused(kept: &Kept, member: &Member) -> String {
    member.uses(kept.general(), "faq-manage edit", &[("entry", "night-shift")]).await.message().text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_no_moderator_is_told_what_it_takes() {
    let discord = Standin::start().await;
    let (role, other) = (discord.add_role("FAQ係"), discord.add_role("看護師"));
    let folder = small_folder();
    let log = discord.add_channel(discord.guild(), "faq係");
    let mut with_role: Settings = settings(&discord);
    with_role.moderation.roles = vec![NonZero::new(role).unwrap()];
    let bot = at_work(discord.clone(), &with_role, folder.path()).await;
    let kept = Kept { bot, folder, log, settings: with_role };
    let aoi = discord.member("葵").with_role(other);
    assert_eq!(refused(&kept, &aoi).await, "これはFAQ係のためのものです。必要なロール：@FAQ係");
    let amy = discord.member("Amy").speaking("en-US");
    assert_eq!(refused(&kept, &amy).await, "This is for FAQ moderators. It needs one of these roles: @FAQ係");
    // With the role, and as somebody who manages the server, one may.
    for member in [discord.member("花").with_role(role), kept.moderator("蘭")] {
        kept.edits(&member, "night-shift").await;
    }
    // Each call is checked: who pressed when they were one and is none any more is refused.
    let hana = kept.moderator("花");
    let form = kept.edits(&hana, "night-shift").await;
    let decision = kept.sends(&hana, &form, &strs(&with(&form, ANSWER, "ありません。"))).await;
    let demoted = hana.without_permissions(u64::MAX);
    let Response::Message(told) = demoted.clicks(&decision, "公開する").await else { panic!() };
    assert!(told.text.starts_with("これはFAQ係のためのものです"), "{}", told.shown());
    assert_eq!(kept.file("nights.yaml"), NIGHTS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_role_set_the_command_is_for_those_who_manage_the_server() {
    let kept = kept().await;
    assert!(!kept.bot.discord.member("葵").may_use(kept.general(), "faq-manage"));
    assert!(kept.moderator("花").may_use(kept.general(), "faq-manage"));
    // Discord's own settings may offer it to others all the same; an old button is one way.
    let hana = kept.moderator("花");
    let page = hana.uses(kept.general(), "faq-manage inbox", &[]).await.message();
    let demoted = hana.without_permissions(u64::MAX);
    let told = demoted.clicks_id(&page, "v1:undo:ja:-:-:1").await.message();
    assert_eq!(told.text, "これはFAQ係のためのものです。「サーバー管理」の権限が必要です。");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_place_where_it_cannot_be_edited_says_why() {
    async fn said(bot: &Connected, guild_channel: u64) -> String {
        let hana = bot.discord.member("花").moderator();
        hana.uses(guild_channel, "faq-manage edit", &[("entry", "night-shift")]).await.message().text
    }
    // Another server than the FAQ's own, and none that is said to be.
    let discord = Standin::start().await;
    let folder = small_folder();
    let mut elsewhere = settings(&discord);
    elsewhere.discord.home_guild = NonZero::new(7);
    let bot = at_work(discord.clone(), &elsewhere, folder.path()).await;
    assert!(said(&bot, discord.general()).await.starts_with("FAQの編集は、このFAQを管理しているサーバーで"));
    let discord = Standin::start().await;
    discord.add_guild("もう一つ", "ja");
    let folder = small_folder();
    let bot = at_work(discord.clone(), &settings(&discord), folder.path()).await;
    assert!(said(&bot, discord.general()).await.contains("home_guild"));
    // The copy in the program.
    let discord = Standin::start().await;
    let folder = small_folder();
    let journal = medse_bot::journal::Journal::open(&folder.path().join("data"), super::moderation::now()).unwrap();
    let bot = start_with(discord.clone(), &settings(&discord), small(), journal);
    discord.connected().await;
    assert!(said(&bot, discord.general()).await.contains("medse-bot init"));
    // Files: nothing is published, not even by an old button.
    let kept = kept_with(|settings| settings.faq.home = Home::Files).await;
    let hana = kept.moderator("花");
    let form = kept.edits(&hana, "night-shift").await;
    let decision = kept.sends(&hana, &form, &strs(&with(&form, ANSWER, "ありません。"))).await;
    let told = hana.clicks_id(&decision, "v1:pub:ja:-:-:1").await.message();
    assert!(told.text.contains("ファイルで管理されている"), "{}", told.shown());
    assert_eq!(kept.file("nights.yaml"), NIGHTS);
}

/// Publishes and gives what is shown then.
async fn after_publishing(kept: &Kept, moderator: &Member, decision: &Seen) -> Seen {
    kept.publishes(moderator, decision).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_moderators_who_change_the_same_text_see_both_and_choose() {
    let kept = kept().await;
    let (hana, ran) = (kept.moderator("花"), kept.moderator("蘭"));
    let (first, second) = (kept.edits(&hana, "night-shift").await, kept.edits(&ran, "night-shift").await);
    let (by_hana, by_ran) = (strs_of(&first, "花の文です。"), strs_of(&second, "蘭の文です。"));
    let first = kept.sends(&hana, &first, &strs(&by_hana)).await;
    let second = kept.sends(&ran, &second, &strs(&by_ran)).await;
    after_publishing(&kept, &hana, &first).await;
    kept.bot.discord.next_message(kept.log).await;
    let conflict = after_publishing(&kept, &ran, &second).await;
    assert!(conflict.text.contains("花の文です。") && conflict.text.contains("蘭の文です。"), "{}", conflict.shown());
    let mut seen = conflict.shown();
    assert!(kept.file("nights.yaml").contains("花の文です。"));
    // Back to editing: one's own text is in the form, and now knows of the other.
    let form = ran.clicks(&conflict, "編集に戻る").await.modal();
    assert_eq!(texts(&form)[ANSWER], "蘭の文です。");
    let decision = kept.sends(&ran, &form, &strs(&with(&form, ANSWER, "二人の文です。"))).await;
    after_publishing(&kept, &ran, &decision).await;
    assert!(kept.file("nights.yaml").contains("二人の文です。"));
    kept.bot.discord.next_message(kept.log).await;
    // Or one's own over the other, knowingly.
    let (first, second) = (kept.edits(&hana, "on-call").await, kept.edits(&ran, "on-call").await);
    let second = kept.sends(&ran, &second, &strs(&strs_of(&second, "蘭の呼び出し。"))).await;
    let first = kept.sends(&hana, &first, &strs(&strs_of(&first, "花の呼び出し。"))).await;
    after_publishing(&kept, &hana, &first).await;
    kept.bot.discord.next_message(kept.log).await;
    let conflict = after_publishing(&kept, &ran, &second).await;
    ran.clicks(&conflict, "自分の文にする").await;
    kept.bot.discord.next_message(kept.log).await;
    assert!(kept.file("nights.yaml").contains("蘭の呼び出し。"));
    seen.push_str(&kept.bot.discord.transcript());
    insta::assert_snapshot!(seen);
}

fn strs_of(form: &standin::Modal, answer: &str) -> Vec<String> {
    with(form, ANSWER, answer)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_moderators_who_change_different_texts_lose_nothing() {
    let kept = kept().await;
    let (hana, ran) = (kept.moderator("花"), kept.moderator("蘭"));
    let (first, second) = (kept.edits(&hana, "night-shift").await, kept.edits(&ran, "night-shift").await);
    let first = kept.sends(&hana, &first, &strs(&strs_of(&first, "花の文です。"))).await;
    let more = format!("{}\n当直はある？", texts(&second)[1]);
    let second = kept.sends(&ran, &second, &strs(&with(&second, 1, &more))).await;
    after_publishing(&kept, &hana, &first).await;
    // Somebody with an editor changes another entry of the file meanwhile.
    kept.write("nights.yaml", &kept.file("nights.yaml").replace("休日でも呼ばれることがあります。", "休日でも呼ばれます。"));
    let told = after_publishing(&kept, &ran, &second).await;
    assert!(told.text.starts_with("公開しました"), "{}", told.shown());
    let file = kept.file("nights.yaml");
    assert!(file.contains("花の文です。") && file.contains(", 当直はある？]") && file.contains("休日でも呼ばれます。"), "{file}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_published_keeps_what_was_typed() {
    let kept = kept().await;
    let hana = kept.moderator("花");
    // An address that leads nowhere.
    let form = kept.edits(&hana, "night-shift").await;
    let page = kept.sends(&hana, &form, &strs(&with(&form, 3, "案内 | http://example.jp"))).await;
    assert!(page.text.contains("このままでは公開できません") && page.text.contains("https"), "{}", page.shown());
    let form = hana.clicks(&page, "編集に戻る").await.modal();
    assert_eq!(texts(&form)[3], "案内 | http://example.jp");
    let fine = kept.sends(&hana, &form, &strs(&with(&form, 3, "案内｜https://example.jp/a"))).await;
    // Another file is broken meanwhile: nothing is published that could not be answered from.
    kept.write("qualifications.yaml", &QUALIFICATIONS.replacen("question:", "qestion:", 1));
    let told = after_publishing(&kept, &hana, &fine).await;
    assert!(told.text.contains("qualifications.yaml"), "{}", told.shown());
    kept.write("qualifications.yaml", QUALIFICATIONS);
    // Nothing was changed.
    let form = kept.edits(&hana, "night-shift").await;
    let same = kept.sends(&hana, &form, &strs(&texts(&form))).await;
    assert!(same.text.starts_with("今の内容と同じ"), "{}", same.shown());
    // The entry is gone.
    let form = kept.edits(&hana, "on-call").await;
    let page = kept.sends(&hana, &form, &strs(&strs_of(&form, "はい。"))).await;
    let without = NIGHTS.split("  - id: on-call").next().unwrap().replace("    related: [on-call]\n", "");
    kept.write("nights.yaml", &without);
    let told = after_publishing(&kept, &hana, &page).await;
    assert!(told.text.starts_with("この項目は、今のFAQにはありません。あなたの文は残っています"), "{}", told.shown());
    // Somebody else's draft, and one that is gone.
    let ran = kept.moderator("蘭");
    let inbox = ran.uses(kept.general(), "faq-manage inbox", &[]).await.message();
    let number = page.raw["components"][0]["components"][0]["custom_id"].as_str().unwrap().rsplit(':').next().unwrap();
    let of_hana = format!("v1:pub:ja:-:-:{number}");
    assert_eq!(ran.clicks_id(&inbox, &of_hana).await.message().text, "これは別の人の下書きです。");
    assert!(ran.clicks_id(&inbox, "v1:pub:ja:-:-:999").await.message().text.starts_with("この下書きはもうありません"));
    let page = hana.clicks(&page, "やめる").await;
    drop(page);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_cannot_be_written_is_told_and_stays() {
    use std::os::unix::fs::PermissionsExt;
    let kept = kept().await;
    let hana = kept.moderator("花");
    let path: PathBuf = kept.folder.path().join("faq/nights.yaml");
    let form = kept.edits(&hana, "night-shift").await;
    let page = kept.sends(&hana, &form, &strs(&strs_of(&form, "少しだけです。"))).await;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let told = after_publishing(&kept, &hana, &page).await;
    assert!(told.text.contains("書き込み禁止"), "{}", told.shown());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    fs::hard_link(&path, kept.folder.path().join("zweitname")).unwrap();
    let told = after_publishing(&kept, &hana, &told).await;
    assert!(told.text.contains("ハードリンク"), "{}", told.shown());
    assert_eq!(kept.file("nights.yaml"), NIGHTS);
    // A folder that takes no new file stands for a full disk.
    fs::remove_file(kept.folder.path().join("zweitname")).unwrap();
    let blocked = path.with_file_name(format!(".nights.yaml.{}.new", std::process::id()));
    fs::create_dir(&blocked).unwrap();
    let told = after_publishing(&kept, &hana, &told).await;
    assert!(told.text.starts_with("ファイルに書けませんでした。FAQは前のままです。"), "{}", told.shown());
    assert_eq!(kept.file("nights.yaml"), NIGHTS);
    fs::remove_dir(blocked).unwrap();
    // The same button, once it can be written; history has it once.
    let told = after_publishing(&kept, &hana, &told).await;
    assert!(told.text.starts_with("公開しました"), "{}", told.shown());
    assert_eq!(kept.bot.bot.journal.changes(None, 0, 10).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_outlives_the_bot() {
    let kept = kept().await;
    let hana = kept.moderator("花");
    let form = kept.edits(&hana, "night-shift").await;
    let page = kept.sends(&hana, &form, &strs(&strs_of(&form, "少しだけです。"))).await;
    let Kept { mut bot, folder, log, settings } = kept;
    bot.stop().await.unwrap();
    let discord = bot.discord.clone();
    drop(bot);
    let bot = at_work(discord, &settings, folder.path()).await;
    let kept = Kept { bot, folder, log, settings };
    let told = after_publishing(&kept, &hana, &page).await;
    assert!(told.text.starts_with("公開しました"), "{}", told.shown());
    // The form that stands open somewhere, too.
    let page = hana.submits(&form, &strs(&strs_of(&form, "ほとんどありません。"))).await.message();
    assert!(page.text.starts_with("この下書きはもうありません") || page.text.contains("ほとんどありません"), "{}", page.shown());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_only_server_is_home_before_discord_tells_of_it() {
    let mut kept = kept().await;
    kept.bot.stop().await.unwrap();
    // As if a press came between READY and what is told of the server.
    kept.bot.bot.guilds().clear();
    let guild = kept.bot.discord.guild().into();
    assert_eq!(kept.bot.bot.place_of(Some(guild)), medse_bot::journal::Place::Home);
    kept.bot.bot.is_in(2);
    assert_eq!(kept.bot.bot.place_of(Some(guild)), medse_bot::journal::Place::Elsewhere);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_goes_back_without_having_seen_the_other_text_is_told_of_it() {
    let kept = kept().await;
    let (hana, ran) = (kept.moderator("花"), kept.moderator("蘭"));
    let form = kept.edits(&ran, "night-shift").await;
    let page = kept.sends(&ran, &form, &strs(&strs_of(&form, "蘭の文です。"))).await;
    let form = kept.edits(&hana, "night-shift").await;
    let by_hana = kept.sends(&hana, &form, &strs(&strs_of(&form, "花の文です。"))).await;
    after_publishing(&kept, &hana, &by_hana).await;
    kept.bot.discord.next_message(kept.log).await;
    // To mend a slip; of what stands there by now nothing was shown.
    let form = ran.clicks(&page, "編集に戻る").await.modal();
    assert_eq!(texts(&form)[ANSWER], "蘭の文です。");
    let again = kept.decision(ran.submits(&form, &strs(&strs_of(&form, "蘭の文です！"))).await).await;
    assert!(again.text.contains("花の文です。") && again.text.contains("蘭の文です！"), "{}", again.shown());
    // What comes between this page and the button is not taken over unseen either.
    let form = kept.edits(&hana, "night-shift").await;
    let by_hana = kept.sends(&hana, &form, &strs(&strs_of(&form, "花の次の文です。"))).await;
    after_publishing(&kept, &hana, &by_hana).await;
    kept.bot.discord.next_message(kept.log).await;
    ran.clicks(&again, "自分の文にする").await;
    let is_new = |seen: &Seen| seen.text.contains("花の次の文です。");
    let conflict = fresh_until(&ran, &again, is_new).await;
    assert!(kept.file("nights.yaml").contains("花の次の文です。"));
    ran.clicks(&conflict, "自分の文にする").await;
    kept.bot.discord.next_message(kept.log).await;
    assert!(kept.file("nights.yaml").contains("蘭の文です！"));
}

/// What a moderator's page says, once it says something else.
async fn fresh_until(moderator: &Member, page: &Seen, is_it: impl Fn(&Seen) -> bool) -> Seen {
    let limit = Instant::now() + Duration::from_secs(20);
    loop {
        let seen = moderator.fresh(page).await.unwrap();
        if is_it(&seen) {
            return seen;
        }
        assert!(Instant::now() < limit, "{}", seen.shown());
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_an_older_page_nothing_is_published_twice() {
    let kept = kept().await;
    let hana = kept.moderator("花");
    let form = hana.uses(kept.general(), "faq-manage add", &[("topic", "夜勤と呼び出し")]).await.modal();
    let older = kept.sends(&hana, &form, &["食堂は夜も開いている？", "", "22時までです。", "", ""]).await;
    let form = hana.clicks(&older, "編集に戻る").await.modal();
    let newer = kept.sends(&hana, &form, &["食堂は夜も開いている？", "", "23時までです。", "", ""]).await;
    after_publishing(&kept, &hana, &newer).await;
    kept.bot.discord.next_message(kept.log).await;
    let told = hana.clicks(&older, "公開する").await.message();
    assert!(told.text.starts_with("この下書きはもうありません"), "{}", told.shown());
    assert_eq!(kept.file("nights.yaml").matches("食堂は夜も").count(), 1);
    // A form that stood open all the while: its text is not lost.
    let told = hana.submits(&form, &["食堂は夜も開いている？", "夜食", "24時までです。", "", ""]).await.message();
    assert!(told.text.starts_with("この下書きはもうありません"), "{}", told.shown());
    let file = kept.bot.discord.file(told.raw["attachments"][0]["url"].as_str().unwrap()).unwrap();
    assert_eq!(String::from_utf8(file).unwrap(), "食堂は夜も開いている？\n\n夜食\n\n24時までです。\n\n\n\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_published_stands_in_the_log_channel_whatever_becomes_of_the_page() {
    let kept = kept().await;
    let hana = kept.moderator("花");
    let form = kept.edits(&hana, "night-shift").await;
    let page = kept.sends(&hana, &form, &strs(&strs_of(&form, "花の文です。"))).await;
    // Dismissed while it is being published.
    kept.bot.discord.rest().fail(Matcher::new("PATCH", "/messages/@original"), Failure::Error(404, 10008), 1);
    hana.clicks(&page, "公開する").await;
    let log = kept.bot.discord.next_message(kept.log).await;
    assert!(log.text.starts_with("公開しました"), "{}", log.shown());
}
