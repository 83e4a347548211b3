//! What one refusal or failure leads to, call by call: how often it is tried, how it is accounted for, what the member sees. The table at
//! the head of `src/discord/queue.rs`, proven.

use std::time::Duration;

use medse_bot::monitoring::Counts;
use standin::{Failure, Matcher, Member, Response, Seen};
use tokio::time::sleep;

use super::{Connected, connected};

const PRIVATE_SENTENCE: &str = "ここには書き込めないので、あなただけに表示しています。";

/// What became of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Sent,
    Refused,
    Failed,
}

/// What was entered into the account since `before`, and nothing beside it.
#[track_caller]
fn fates(bot: &Connected, before: Counts) -> Vec<Fate> {
    let after = bot.bot.queue.account.counts();
    assert_eq!((after.late, after.full), (before.late, before.full));
    let entered = [
        (Fate::Sent, after.sent, before.sent),
        (Fate::Refused, after.refused, before.refused),
        (Fate::Failed, after.failed, before.failed),
    ];
    entered.into_iter().flat_map(|(fate, after, before)| (before..after).map(move |_| fate)).collect()
}

fn counts(bot: &Connected) -> Counts {
    bot.bot.queue.account.counts()
}

/// Until so many messages have been accounted for since `before`.
async fn accounted(bot: &Connected, before: Counts, messages: u64) {
    let total = |counts: Counts| counts.sent + counts.refused + counts.failed;
    for _ in 0..400 {
        if total(counts(bot)) >= total(before) + messages {
            return;
        }
        sleep(Duration::from_millis(25)).await;
    }
    panic!("not accounted for within 10 s: {:?}", counts(bot));
}

/// How many calls there were since the first `skipped`.
fn calls(bot: &Connected, skipped: usize, method: &str, path: &str) -> usize {
    let calls = bot.discord.calls();
    calls.iter().skip(skipped).filter(|call| call.method == method && call.path.contains(path)).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_is_given_up_tried_again_or_said_without_being_a_reply() {
    use Fate::{Failed, Refused, Sent};
    let bot = connected().await;
    // Failures of the first attempts; attempts in all; what became of it.
    let table: [(&[Failure], usize, Fate); 15] = [
        (&[Failure::Error(403, 50001)], 1, Refused),
        (&[Failure::Error(403, 50007)], 1, Refused),
        (&[Failure::Error(404, 10003)], 1, Refused),
        (&[Failure::Error(403, 50013)], 1, Refused),
        (&[Failure::Error(400, 50083)], 1, Refused),
        (&[Failure::Error(403, 160_005)], 1, Refused),
        (&[Failure::Error(400, 200_000)], 1, Refused),
        (&[Failure::Error(429, 30046)], 1, Refused),
        (&[Failure::Error(400, 160_002)], 2, Sent),
        (&[Failure::Error(400, 160_002), Failure::Error(403, 50013)], 2, Refused),
        (&[Failure::Status(500)], 2, Sent),
        (&[Failure::Lost, Failure::Status(502)], 3, Sent),
        (&[Failure::Drop, Failure::Status(503), Failure::Error(500, 0)], 4, Sent),
        (&[Failure::Status(500), Failure::Error(403, 50013)], 2, Refused),
        (&[Failure::Status(500), Failure::Status(502), Failure::Status(503), Failure::Drop], 4, Failed),
    ];
    let before = counts(&bot);
    let mut rows = Vec::new();
    // Side by side, in a channel each: the waits before further attempts take seconds.
    for (failures, attempts, fate) in table {
        let channel = bot.discord.add_channel(bot.discord.guild(), "相談");
        let posts = format!("/channels/{channel}/messages");
        for failure in failures {
            bot.discord.rest().fail(Matcher::new("POST", &posts), failure.clone(), 1);
        }
        let question = format!("{} 資格は必須ですか", bot.mention());
        let asked = bot.discord.member("葵").says(channel, &question).await;
        rows.push((channel, posts, asked, failures, attempts, fate));
    }
    accounted(&bot, before, 15).await;
    let mut expected = Vec::new();
    for (channel, posts, asked, failures, attempts, fate) in rows {
        let said = bot.discord.next_message_or_none(channel, Duration::ZERO).await;
        assert_eq!(said.is_some(), fate == Sent, "{failures:?}");
        assert_eq!(calls(&bot, 0, "POST", &posts), attempts, "{failures:?}");
        let is_reply = !matches!(failures, [Failure::Error(_, 160_002), ..]);
        assert_eq!(said.and_then(|said| said.reply_to), Some(asked).filter(|_| is_reply && fate == Sent), "{failures:?}");
        assert!(bot.discord.next_message_or_none(channel, Duration::ZERO).await.is_none(), "said twice: {failures:?}");
        expected.push(fate);
    }
    expected.sort_by_key(|fate| *fate as u8);
    assert_eq!(fates(&bot, before), expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_is_answered_within_its_three_seconds_or_discord_says_that_it_failed() {
    use Fate::{Failed, Refused, Sent};
    let bot = connected().await;
    let callback = || Matcher::new("POST", "/callback");
    let table: [(&[Failure], usize, Fate); 6] = [
        (&[Failure::Error(404, 10062)], 1, Refused),
        (&[Failure::Error(400, 40060)], 1, Refused),
        (&[Failure::Status(500)], 2, Sent),
        (&[Failure::Drop, Failure::Status(503)], 3, Sent),
        // Done, but the news of it lost: the second attempt is told 40060, and all is well.
        (&[Failure::Lost], 2, Sent),
        (&[Failure::Status(500), Failure::Status(500), Failure::Status(500)], 3, Failed),
    ];
    for (failures, attempts, fate) in table {
        let (before, skipped) = (counts(&bot), bot.discord.calls().len());
        for failure in failures {
            bot.discord.rest().fail(callback(), failure.clone(), 1);
        }
        let aoi = bot.discord.member("葵");
        let shown = aoi.uses(bot.discord.general(), "ask", &[("question", "資格は必須ですか")]).await;
        let is_answered = matches!(&shown, Response::Message(page) if page.text.contains("法律上は"));
        assert_eq!(is_answered, fate == Sent, "{failures:?}: {}", shown.shown());
        assert_eq!(matches!(shown, Response::Failed), fate != Sent, "{failures:?}: {}", shown.shown());
        accounted(&bot, before, 1).await;
        assert_eq!(fates(&bot, before), [fate], "{failures:?}");
        assert_eq!(calls(&bot, skipped, "POST", "/callback"), attempts, "{failures:?}");
    }
}

/// A private answer, and its way to everybody.
async fn private_answer(bot: &Connected) -> (Member, Seen) {
    let aoi = bot.discord.member("葵");
    let private = aoi.uses(bot.discord.general(), "ask", &[("question", "資格は必須ですか")]).await.message();
    (aoi, private)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_shows_an_answer_to_everybody_is_told_why_not_and_keeps_it() {
    const UNSURE: &str = "出せたかどうか分かりません。";
    let bot = connected().await;
    // A follow-up has no nonce: what may have got through is not said again.
    for (failure, said) in [
        (Failure::Error(403, 50013), PRIVATE_SENTENCE),
        (Failure::Error(403, 50001), PRIVATE_SENTENCE),
        (Failure::Error(403, 160_005), PRIVATE_SENTENCE),
        (Failure::Error(400, 50083), PRIVATE_SENTENCE),
        (Failure::Error(400, 200_000), PRIVATE_SENTENCE),
        (Failure::Error(404, 10015), PRIVATE_SENTENCE),
        (Failure::Status(500), UNSURE),
        (Failure::Drop, UNSURE),
    ] {
        let (aoi, private) = private_answer(&bot).await;
        let skipped = bot.discord.calls().len();
        bot.discord.rest().fail(Matcher::new("POST", "/webhooks/"), failure.clone(), 1);
        let told = aoi.clicks(&private, "みんなに見せる").await.updated();
        assert!(told.text.starts_with(said) && told.text.contains("法律上は"), "{failure:?}: {}", told.shown());
        assert_eq!(calls(&bot, skipped, "POST", "/webhooks/"), 1, "{failure:?}");
    }
    bot.is_silent_in(bot.discord.general()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_private_answer_that_cannot_be_changed_stays() {
    use Fate::{Refused, Sent};
    let bot = connected().await;
    for (failures, attempts, fate) in [
        (&[Failure::Error(404, 10015)][..], 1, Refused),
        (&[Failure::Error(401, 50027)], 1, Refused),
        (&[Failure::Error(404, 10008)], 1, Refused),
        (&[Failure::Error(429, 30046)], 1, Refused),
        (&[Failure::Status(500), Failure::Lost], 3, Sent),
    ] {
        let (before, skipped) = (counts(&bot), bot.discord.calls().len());
        let (aoi, private) = private_answer(&bot).await;
        for failure in failures {
            bot.discord.rest().fail(Matcher::new("PATCH", "/webhooks/"), failure.clone(), 1);
        }
        aoi.clicks(&private, "みんなに見せる").await;
        bot.discord.next_message(bot.discord.general()).await;
        // Answered, acknowledged, posted, and the private one changed or not.
        accounted(&bot, before, 4).await;
        assert_eq!(fates(&bot, before), [Sent, Sent, Sent, fate], "{failures:?}");
        assert_eq!(calls(&bot, skipped, "PATCH", "/webhooks/"), attempts, "{failures:?}");
        let now = aoi.fresh(&private).await.unwrap();
        assert_eq!(now.text.contains("法律上は"), fate == Refused, "{failures:?}: {}", now.shown());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_is_gone_is_deleted_and_a_reaction_that_fails_is_nobodys_business() {
    use Fate::{Refused, Sent};
    let bot = connected().await;
    let general = bot.discord.general();
    for (failure, attempts, fate) in [
        (Failure::Error(404, 10008), 1, Sent),
        (Failure::Error(404, 10003), 1, Sent),
        (Failure::Error(403, 50013), 1, Refused),
        (Failure::Status(500), 2, Sent),
        // The second attempt finds nothing to delete, as it should be.
        (Failure::Lost, 2, Sent),
    ] {
        let channel = bot.discord.add_channel(bot.discord.guild(), "相談");
        let aoi = bot.discord.member("葵");
        let (before, skipped) = (counts(&bot), bot.discord.calls().len());
        let answer = bot.ask_in(channel, &aoi, "資格は必須ですか").await;
        bot.discord.rest().fail(Matcher::new("DELETE", "/messages/"), failure.clone(), 1);
        aoi.clicks(&answer, "消す").await;
        // Answered, acknowledged, and deleted or not.
        accounted(&bot, before, 3).await;
        assert_eq!(fates(&bot, before), [Sent, Sent, fate], "{failure:?}");
        assert_eq!(calls(&bot, skipped, "DELETE", "/messages/"), attempts, "{failure:?}");
    }
    for (failure, attempts, fate) in [
        (Failure::Error(404, 10008), 1, Refused),
        (Failure::Error(403, 50013), 1, Refused),
        (Failure::Error(403, 90001), 1, Refused),
        (Failure::Status(502), 2, Sent),
    ] {
        let (before, skipped) = (counts(&bot), bot.discord.calls().len());
        bot.discord.rest().fail(Matcher::new("PUT", "/reactions/"), failure.clone(), 1);
        bot.discord.member("葵").says(general, &format!("{} ありがとう！", bot.mention())).await;
        accounted(&bot, before, 1).await;
        assert_eq!(fates(&bot, before), [fate], "{failure:?}");
        assert_eq!(calls(&bot, skipped, "PUT", "/reactions/"), attempts, "{failure:?}");
    }
    bot.is_silent_in(general).await;
}
