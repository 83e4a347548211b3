//! 「ちがう」 and what follows: other entries, the pick that takes the place of a wrong answer, the way to the moderators, and who may take
//! away what was posted for somebody.

use std::fmt::Write;
use std::path::Path;

use standin::{Failure, Matcher, Member, Standin};
use tempfile::TempDir;

use super::memory::{restarted, with_journal};
use super::{connected, small};

/// What the journal counted: what was done, with which entry, instead of which.
fn counted(folder: &Path) -> Vec<String> {
    let database = rusqlite::Connection::open(folder.join("journal.db")).unwrap();
    let sql = "SELECT concat_ws('|', what, entry, instead_of, count) FROM entry_daily ORDER BY what, entry, instead_of";
    let mut statement = database.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_asker_picks_takes_the_place_of_a_wrong_answer_ja() {
    let folder = TempDir::new().unwrap();
    let bot = with_journal(Standin::start().await, small(), folder.path()).await;
    let general = bot.discord.general();
    let aoi = bot.discord.member("葵");
    let answer = bot.ask(&aoi, "資格は必須ですか").await;
    let others = aoi.clicks(&answer, "ちがう").await.message();
    // The form holds the question, and asking again begins anew.
    let form = aoi.clicks(&others, "FAQ係に届ける").await.modal();
    let mut seen = format!("{}\n", form.shown());
    seen.push_str(&aoi.clicks(&others, "質問する").await.modal().shown());
    let first = others.buttons()[0].clone();
    let done = aoi.clicks(&others, &first).await.updated();
    assert_eq!(done.text, "答えを入れ替えました。");
    let replaced = bot.discord.message(answer.id).unwrap();
    assert_eq!(replaced.reply_to, answer.reply_to);
    // What stands there now is pointed at, what stood there before is not.
    let question = replaced.text.lines().next().unwrap().trim_matches('*').to_owned();
    let again = bot.ask(&bot.discord.member("空"), &question).await;
    assert!(again.text.starts_with("すぐ上で答えています"), "{}", again.shown());
    // What was rejected before is not offered again.
    let others = aoi.clicks(&replaced, "ちがう").await.message();
    assert!(!others.text.contains("資格は必要？"), "{}", others.shown());
    bot.bot.journal.flush().await;
    let rows = counted(folder.path());
    assert!(rows.iter().any(|row| row.starts_with("chosen|") && row.ends_with("|licence-needed|1")), "{rows:?}");
    assert!(rows.contains(&"wrong|licence-needed||1".to_owned()), "{rows:?}");
    bot.is_silent_in(general).await;
    write!(seen, "\n{}", bot.discord.transcript()).unwrap();
    insta::assert_snapshot!(seen);
    assert_eq!(bot.discord.pings(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_asker_picks_takes_the_place_of_a_wrong_answer_en() {
    let folder = TempDir::new().unwrap();
    let bot = with_journal(Standin::start().await, small(), folder.path()).await;
    let amy = bot.discord.member("Amy").speaking("en-US");
    let answer = bot.ask(&amy, "How should I prepare for the certificate exam?").await;
    let others = amy.clicks(&answer, "Not this").await.message();
    let form = amy.clicks(&others, "Pass it on").await.modal();
    let mut seen = format!("{}\n", form.shown());
    amy.submits(&form, &["How should I prepare for the certificate exam?"]).await.message();
    let first = others.buttons()[0].clone();
    amy.clicks(&others, &first).await.updated();
    // In private, too: in place, and counted.
    let private = amy.uses(bot.discord.general(), "ask", &[("question", "Do you work at night?")]).await.message();
    let others = amy.clicks(&private, "Not this").await.updated();
    let form = amy.clicks(&others, "Pass it on").await.modal();
    writeln!(seen, "{}", form.shown()).unwrap();
    let picked = amy.clicks(&others, "1").await.updated();
    assert_eq!(picked.id, private.id);
    bot.bot.journal.flush().await;
    let rows = counted(folder.path());
    assert!(rows.contains(&"chosen|on-call|night-shift|1".to_owned()), "{rows:?}");
    seen.push_str(&bot.discord.transcript());
    insta::assert_snapshot!(seen);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_entries_are_those_of_the_question_while_it_is_known_and_later_those_near_the_answer() {
    const STUDY: &str = "1 医療情報技師の勉強はどうする？";
    const RENEWAL: &str = "医療情報技師の更新はいつ？";
    let folder = TempDir::new().unwrap();
    let bot = with_journal(Standin::start().await, small(), folder.path()).await;
    let aoi = bot.discord.member("葵");
    let answer = bot.ask(&aoi, "資格は必須ですか").await;
    let known = aoi.clicks(&answer, "ちがう").await.message();
    assert_eq!(known.buttons(), [&format!("1 {RENEWAL}"), "FAQ係に届ける", "質問する"]);
    let bot = restarted(bot, small(), folder.path()).await;
    let unknown = aoi.clicks(&answer, "ちがう").await.message();
    assert_eq!(unknown.buttons(), [STUDY, &format!("2 {RENEWAL}"), "FAQ係に届ける", "質問する"]);
    let form = aoi.clicks(&unknown, "FAQ係に届ける").await.modal();
    assert_eq!(form.inputs[0].2, "", "what was forgotten is written again");
    // An edit asks something else.
    let asked = aoi.says(bot.discord.help(), "<@BOT> 夜勤はありますか").await;
    let answer = bot.discord.next_message(bot.discord.help()).await;
    aoi.edits(asked, "<@BOT> 資格は必須ですか").await;
    let changed = bot.discord.changed(answer.id).await.unwrap();
    let others = aoi.clicks(&changed, "ちがう").await.message();
    assert_eq!(others.buttons(), known.buttons());
    assert_eq!(aoi.clicks(&others, "FAQ係に届ける").await.modal().inputs[0].2, "資格は必須ですか");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pick_outlives_the_process() {
    let folder = TempDir::new().unwrap();
    let bot = with_journal(Standin::start().await, small(), folder.path()).await;
    let (aoi, kakari) = (bot.discord.member("葵"), bot.discord.member("係").moderator());
    let answer = bot.ask(&aoi, "資格は必須ですか").await;
    let others = aoi.clicks(&answer, "ちがう").await.message();
    let bot = restarted(bot, small(), folder.path()).await;
    aoi.clicks(&others, "1").await.updated();
    let replaced = bot.discord.message(answer.id).unwrap();
    assert!(replaced.text.contains("5年ごと"), "{}", replaced.shown());
    // A moderator corrects what stays its asker's.
    let others = kakari.clicks(&replaced, "ちがう").await.message();
    let form = kakari.clicks(&others, "FAQ係に届ける").await.modal();
    assert_eq!(form.inputs[0].2, "", "somebody else's question is not theirs to hand on");
    kakari.clicks(&others, "1").await.updated();
    let corrected = bot.discord.message(answer.id).unwrap();
    assert_ne!(corrected.text, replaced.text);
    let settled = aoi.clicks(&corrected, "解決した").await.updated();
    assert_eq!(settled.id, answer.id);
    bot.bot.journal.flush().await;
    let rows = counted(folder.path());
    assert!(rows.contains(&"chosen|licence-renewal|licence-needed|1".to_owned()), "{rows:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pick_that_cannot_take_the_place_is_shown_to_its_picker() {
    const VIEW_AND_SEND: u64 = 1 << 10 | 1 << 11;
    let bot = connected().await;
    let general = bot.discord.general();
    let aoi = bot.discord.member("葵");
    let ask_and_reject = async || {
        let answer = bot.ask(&aoi, "資格は必須ですか").await;
        let others = aoi.clicks(&answer, "ちがう").await.message();
        (answer, others)
    };
    // The answer helped after all, in another window.
    let (answer, others) = ask_and_reject().await;
    aoi.clicks(&answer, "解決した").await.updated();
    let alone = aoi.clicks(&others, "1").await.updated();
    assert!(alone.text.starts_with("**") && alone.ephemeral, "{}", alone.shown());
    assert!(bot.discord.message(answer.id).unwrap().text.contains("法律上は"));
    // It is gone.
    let aoi_elsewhere = bot.ask_in(bot.discord.help(), &aoi, "資格は必須ですか").await;
    let others = aoi.clicks(&aoi_elsewhere, "ちがう").await.message();
    aoi.clicks(&aoi_elsewhere, "消す").await;
    let alone = aoi.clicks(&others, "1").await.updated();
    assert!(alone.text.starts_with("**"), "{}", alone.shown());
    // Discord fails; and the bot may not read its own answer any more.
    let answer = bot.ask_in(bot.discord.help(), &aoi, "夜勤はありますか").await;
    let others = aoi.clicks(&answer, "ちがう").await.message();
    bot.discord.rest().fail(Matcher::new("PATCH", "/messages/"), Failure::Error(403, 50001), 1);
    let alone = aoi.clicks(&others, "1").await.updated();
    assert!(alone.text.starts_with("ここには書き込めないので、あなただけに表示しています。\n\n**"), "{}", alone.shown());
    let others = aoi.clicks(&answer, "ちがう").await.message();
    bot.discord.set_bot_permissions(bot.discord.help(), VIEW_AND_SEND);
    let alone = aoi.clicks(&others, "1").await.updated();
    assert!(alone.text.starts_with("ここには書き込めないので、あなただけに表示しています。\n\n**"), "{}", alone.shown());
    assert!(bot.discord.message(answer.id).unwrap().text.contains("電話を受ける"));
    bot.is_silent_in(general).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_helped_may_take_away_what_was_posted_for_them() {
    let bot = connected().await;
    let general = bot.discord.general();
    let (aoi, sora, mio) = (bot.discord.member("葵"), bot.discord.member("空"), bot.discord.member("Mio").speaking("en-US"));
    let kakari = bot.discord.member("係").moderator();
    let post = async |helper: &Member| {
        let asked = aoi.says(general, "転職したいけど資格は必須ですか").await;
        let private = helper.uses_on(asked, "FAQで答える").await.message();
        let others = helper.clicks(&private, "ちがう").await.updated();
        let picked = helper.clicks(&others, "1").await.updated();
        helper.clicks(&picked, "返信として出す").await.updated();
        bot.discord.next_message(general).await
    };
    for (who, may) in [(&sora, true), (&aoi, true), (&kakari, true), (&mio, false)] {
        let helper = if who.id() == sora.id() { &sora } else { &bot.discord.member("凛") };
        let public = post(helper).await;
        who.clicks(&public, "消す").await;
        assert_eq!(bot.discord.message(public.id).is_none(), may, "{}", who.name());
    }
    // Taking it away is all they may; and it stays so when who posted it puts something else there.
    let public = post(&sora).await;
    let copy = aoi.clicks(&public, "解決した").await.message();
    assert!(copy.ephemeral, "{}", copy.shown());
    let others = sora.clicks(&public, "ちがう").await.message();
    sora.clicks(&others, "1").await.updated();
    let replaced = bot.discord.message(public.id).unwrap();
    assert!(replaced.text.ends_with("@空 さんが出しました"), "{}", replaced.shown());
    aoi.clicks(&replaced, "消す").await;
    assert!(bot.discord.message(public.id).is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_was_shown_still_says_by_whom_after_a_correction() {
    let bot = connected().await;
    let amy = bot.discord.member("Amy").speaking("en-US");
    let private = amy.uses(bot.discord.general(), "ask", &[("question", "Must I be certified?")]).await.message();
    let shared = amy.clicks(&private, "Show everyone").await;
    let public = bot.discord.next_followup(&shared).await;
    let others = amy.clicks(&public, "Not this").await.message();
    amy.clicks(&others, "1").await.updated();
    let replaced = bot.discord.message(public.id).unwrap();
    assert_ne!(replaced.text, public.text);
    assert!(replaced.text.ends_with("Shown by @Amy"), "{}", replaced.shown());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn none_of_these_hands_on_the_question_it_was_offered_for() {
    let folder = TempDir::new().unwrap();
    let bot = with_journal(Standin::start().await, small(), folder.path()).await;
    let (aoi, amy) = (bot.discord.member("葵"), bot.discord.member("Amy").speaking("en-US"));
    let offer = bot.ask(&aoi, "医療情報技師について教えて").await;
    let declined = aoi.clicks(&offer, "どれもちがう").await.updated();
    // Another question meanwhile, which the FAQ does not answer either.
    let other = aoi.uses(bot.discord.general(), "ask", &[("question", "食堂のカレーはおいしい？")]).await.message();
    let form = aoi.clicks(&declined, "FAQ係に届ける").await.modal();
    assert_eq!(form.inputs[0].2, "医療情報技師について教えて");
    assert_eq!(aoi.clicks(&other, "FAQ係に届ける").await.modal().inputs[0].2, "食堂のカレーはおいしい？");
    aoi.submits(&form, &["医療情報技師について教えて"]).await.message();
    let private = amy.uses(bot.discord.general(), "ask", &[("question", "how about the licence")]).await.message();
    let declined = amy.clicks(&private, "None of these").await.updated();
    let form = amy.clicks(&declined, "Pass it on").await.modal();
    assert_eq!(form.inputs[0].2, "how about the licence");
    // What the form held is told where it was asked; of what is forgotten the form knows nothing.
    let waiting = bot.bot.journal.waiting().await.unwrap();
    assert_eq!(waiting.iter().map(|one| one.message).collect::<Vec<_>>(), [offer.reply_to]);
    let page = amy.uses(bot.discord.general(), "privacy", &[]).await.message();
    assert_eq!(page.text, "Nothing is kept about you.");
    amy.clicks_id(&page, "v1:wipe:en:-:-:-").await.updated();
    assert_eq!(amy.clicks(&declined, "Pass it on").await.modal().inputs[0].2, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_answer_is_not_told_as_the_answer() {
    let folder = TempDir::new().unwrap();
    let bot = with_journal(Standin::start().await, small(), folder.path()).await;
    let aoi = bot.discord.member("葵");
    let answer = bot.ask(&aoi, "資格は必須ですか").await;
    let others = aoi.clicks(&answer, "ちがう").await.message();
    let form = aoi.clicks(&others, "FAQ係に届ける").await.modal();
    aoi.submits(&form, &["資格は必須ですか"]).await.message();
    let bot = restarted(bot, small(), folder.path()).await;
    bot.is_silent_in(bot.discord.general()).await;
    let waiting = bot.bot.journal.waiting().await.unwrap();
    assert_eq!(waiting.iter().map(|one| one.wrong[0].as_str()).collect::<Vec<_>>(), ["licence-needed"]);
    assert_eq!(waiting[0].message, answer.reply_to);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_wrong_answers_the_first_is_not_told_as_the_answer_either() {
    let folder = TempDir::new().unwrap();
    let bot = with_journal(Standin::start().await, small(), folder.path()).await;
    let aoi = bot.discord.member("葵");
    let answer = bot.ask(&aoi, "資格は必須ですか").await;
    let others = aoi.clicks(&answer, "ちがう").await.message();
    aoi.clicks(&others, &others.buttons()[0]).await.updated();
    let second = bot.discord.message(answer.id).unwrap();
    let others = aoi.clicks(&second, "ちがう").await.message();
    for _ in 0..2 {
        let form = aoi.clicks(&others, "FAQ係に届ける").await.modal();
        aoi.submits(&form, &["資格は必須ですか"]).await.message();
    }
    let bot = restarted(bot, small(), folder.path()).await;
    bot.is_silent_in(bot.discord.general()).await;
    let waiting = bot.bot.journal.waiting().await.unwrap();
    let [only] = &waiting[..] else { panic!("handed on once: {waiting:?}") };
    assert!(only.wrong.iter().any(|id| id.as_str() == "licence-needed"), "{only:?}");
}
