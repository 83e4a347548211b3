//! What happens to a question happens to its answer: edited, deleted, in whatever order the events arrive and however slow Discord is.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use serenity::model::channel::Message;
use serenity::model::event::MessageUpdateEvent;
use serenity::model::id::MessageId;
use standin::Matcher;

use super::{Connected, connected, until};

/// Long enough for every call that is under way.
const SETTLED: Duration = Duration::from_millis(400);
/// What will be so is so by then, however busy the machine.
const LATEST: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_follows_its_question_ja() {
    let bot = connected().await;
    let (aoi, sora) = (bot.discord.member("葵"), bot.discord.member("空"));
    let general = bot.discord.general();
    let question = aoi.says(general, "<@BOT> 資格は必須ですか").await;
    let answer = bot.discord.next_message(general).await;
    aoi.edits(question, "<@BOT> 夜勤はありますか").await;
    let changed = bot.discord.changed(answer.id).await.unwrap();
    assert!(changed.text.contains("夜勤のある病院は少なく"), "{}", changed.shown());
    // Into something that has no answer, and into a word of thanks.
    aoi.edits(question, "<@BOT> おすすめのラーメン屋は？").await;
    assert!(bot.discord.changed(answer.id).await.unwrap().text.contains("まだFAQにありません"));
    aoi.edits(question, "<@BOT> ありがとう！").await;
    assert!(bot.discord.changed(answer.id).await.is_none(), "a word of thanks keeps no answer");
    bot.discord.reaction(question).await;
    // Without the mention it is no question to us; with it, it is one.
    let second = sora.says(general, "<@BOT> 更新は何年ごと？").await;
    let answer = bot.discord.next_message(general).await;
    sora.edits(second, "更新は何年ごと？").await;
    assert!(bot.discord.changed(answer.id).await.is_none());
    sora.edits(second, "<@BOT> 更新は何年ごと？").await;
    let again = bot.discord.next_message(general).await;
    sora.deletes(second).await;
    assert!(bot.discord.changed(again.id).await.is_none());
    insta::assert_snapshot!(bot.discord.transcript());
    assert_eq!(bot.discord.pings(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_follows_its_question_en() {
    let bot = connected().await;
    let amy = bot.discord.member("Amy").speaking("en-US");
    let general = bot.discord.general();
    let question = amy.says(general, "<@BOT> Must I be certified?").await;
    let answer = bot.discord.next_message(general).await;
    amy.edits(question, "<@BOT> Do you work at night?").await;
    assert!(bot.discord.changed(answer.id).await.is_some());
    // A direct message, too.
    let direct = amy.dm("What is the salary?").await;
    let told = bot.discord.next_message(amy.dm_channel()).await;
    amy.edits(direct, "Must I be certified?").await;
    assert!(bot.discord.changed(told.id).await.is_some());
    amy.deletes(direct).await;
    assert!(bot.discord.changed(told.id).await.is_none());
    amy.edits(question, "Do you work at night? (never mind)").await;
    assert!(bot.discord.changed(answer.id).await.is_none());
    insta::assert_snapshot!(bot.discord.transcript());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unfurled_links_and_pins_are_no_edits() {
    let bot = connected().await;
    let aoi = bot.discord.member("葵");
    let general = bot.discord.general();
    let question = aoi.says(general, "<@BOT> 資格は必須ですか https://example.com").await;
    let answer = bot.discord.next_message(general).await;
    aoi.edits(question, "<@BOT> 夜勤はありますか https://example.com").await;
    bot.discord.changed(answer.id).await.expect("it follows its question");
    let calls = bot.discord.calls().len();
    for _ in 0..3 {
        bot.discord.touches(question);
    }
    bot.discord.gateway().repeat("MESSAGE_UPDATE");
    bot.discord.gateway().repeat("MESSAGE_CREATE");
    tokio::time::sleep(SETTLED).await;
    assert_eq!(bot.discord.calls().len(), calls, "nothing was changed, so nothing is said");
    assert_eq!(bot.discord.standing(general).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_messages_deleted_at_once_take_their_answers_along() {
    let bot = connected().await;
    let general = bot.discord.general();
    let mut questions = Vec::new();
    for (name, text) in [("葵", "資格は必須ですか"), ("空", "夜勤はありますか"), ("澪", "更新は何年ごと？")]
    {
        questions.push(bot.discord.member(name).says(general, &format!("<@BOT> {text}")).await);
        bot.discord.next_message(general).await;
    }
    let beside = bot.discord.member("凪").says(general, "<@BOT> 年収はいくら？").await;
    let kept = bot.discord.next_message(general).await;
    bot.discord.bulk_delete(general, &questions);
    let standing = || bot.discord.standing(general).iter().map(|seen| seen.id).collect::<Vec<u64>>();
    until("three answers gone", LATEST, || standing().len() <= 1).await;
    assert_eq!(standing(), [kept.id], "{beside} stands, and so does its answer");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_a_moderator_deleted_stays_away() {
    let bot = connected().await;
    let (aoi, helper) = (bot.discord.member("葵"), bot.discord.member("係").moderator());
    let general = bot.discord.general();
    let question = aoi.says(general, "<@BOT> 資格は必須ですか").await;
    let answer = bot.discord.next_message(general).await;
    helper.deletes(answer.id).await;
    tokio::time::sleep(SETTLED).await;
    aoi.deletes(question).await;
    tokio::time::sleep(SETTLED).await;
    let deletions = bot.discord.calls().iter().filter(|call| call.method == "DELETE").count();
    assert_eq!(deletions, 0, "nothing is there to take away");
    // A thread that goes takes everything along by itself.
    let thread = bot.discord.add_thread(general, "相談");
    aoi.says(thread, "<@BOT> 夜勤はありますか").await;
    let answer = bot.discord.next_message(thread).await;
    // Members see an answer a moment before the bot has noted where it stands and is done with it.
    until("noted", LATEST, || bot.bot.lanes.question_of(answer.id.into()).is_some()).await;
    tokio::time::sleep(SETTLED).await;
    let followed = bot.bot.lanes.followed();
    bot.discord.delete_channel(thread);
    until("forgotten", LATEST, || bot.bot.lanes.followed() == followed - 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_an_hour_old_no_longer_follows_edits() {
    let bot = connected().await;
    let aoi = bot.discord.member("葵");
    let general = bot.discord.general();
    let question = aoi.says(general, "<@BOT> 資格は必須ですか").await;
    let answer = bot.discord.next_message(general).await;
    bot.discord.advance(Duration::from_mins(61));
    aoi.edits(question, "<@BOT> 夜勤はありますか").await;
    tokio::time::sleep(SETTLED).await;
    assert!(bot.discord.message(answer.id).unwrap().text.contains("法律上は必要ありません"));
    aoi.deletes(question).await;
    assert!(bot.discord.changed(answer.id).await.is_none(), "it still goes with its question");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_posted_again_by_a_webhook_leaves_no_orphan() {
    let bot = connected().await;
    bot.discord.rest().delay_all(Duration::from_millis(150));
    let aoi = bot.discord.member("葵");
    let general = bot.discord.general();
    let question = aoi.says(general, "<@BOT> 資格は必須ですか").await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    aoi.deletes(question).await;
    aoi.webhook_says(general, "<@BOT> 資格は必須ですか").await;
    tokio::time::sleep(2 * SETTLED).await;
    assert_eq!(bot.discord.standing(general).len(), 0);
}

/// What can happen to a question.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Event {
    Asked,
    Edited(u8),
    Deleted,
}

const TEXTS: [(&str, &str); 3] = [
    ("資格は必須ですか", "法律上は必要ありません"),
    ("夜勤はありますか", "夜勤のある病院は少なく"),
    ("更新は何年ごと？", "5年ごと"),
];

/// Every order of some events.
fn orders(events: &[Event]) -> Vec<Vec<Event>> {
    if events.is_empty() {
        return vec![Vec::new()];
    }
    let mut orders = Vec::new();
    for (at, first) in events.iter().enumerate() {
        let rest: Vec<Event> = events.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, event)| *event).collect();
        orders.extend(self::orders(&rest).into_iter().map(|mut rest| {
            rest.insert(0, *first);
            rest
        }));
    }
    orders
}

/// Handles one event as the gateway's task for it would.
async fn happens(bot: &Connected, channel: u64, question: u64, asker: u64, event: Event) {
    let (me, guild) = (bot.discord.bot_id(), bot.discord.guild());
    let text = |nth: u8| format!("<@{me}> {}", TEXTS[usize::from(nth)].0);
    let user = |id: u64, name: &str| json!({"id": id.to_string(), "username": name, "discriminator": "0"});
    let object = |nth: u8, edited: serde_json::Value| {
        json!({
            "id": question.to_string(), "channel_id": channel.to_string(), "guild_id": guild.to_string(), "type": 0, "tts": false,
            "author": user(asker, "葵"), "content": text(nth), "timestamp": "2026-01-01T00:00:00Z", "edited_timestamp": edited,
            "mention_everyone": false, "mentions": [user(me, "medse-bot")], "mention_roles": [], "attachments": [], "embeds": [],
            "pinned": false,
        })
    };
    match event {
        Event::Asked => {
            let message: Message = serde_json::from_value(object(0, serde_json::Value::Null)).unwrap();
            bot.bot.hear(&message).await;
        }
        Event::Edited(nth) => {
            let now = serenity::model::Timestamp::now().unix_timestamp() + i64::from(nth);
            let edited = serenity::model::Timestamp::from_unix_timestamp(now).unwrap();
            let update: MessageUpdateEvent = serde_json::from_value(object(nth, json!(edited.to_rfc3339()))).unwrap();
            bot.bot.changed(&update).await;
        }
        Event::Deleted => bot.bot.deleted(&[MessageId::new(question)]).await,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_order_of_events_ends_the_same() {
    use Event::{Asked, Deleted, Edited};
    let bot = Arc::new(connected().await);
    bot.discord.rest().delay_all(Duration::from_millis(20));
    let edited = orders(&[Asked, Edited(1), Edited(2)]);
    let deleted = orders(&[Asked, Edited(1), Edited(2), Deleted]);
    assert_eq!((edited.len(), deleted.len()), (6, 24));
    let mut running = Vec::new();
    for (nth, order) in edited.into_iter().chain(deleted).enumerate() {
        // At once, a little apart, and one after the other.
        for apart in [0, 7, 60] {
            let (bot, order) = (Arc::clone(&bot), order.clone());
            let asker = bot.discord.member(&format!("葵{nth}-{apart}"));
            let channel = bot.discord.add_channel(bot.discord.guild(), &format!("c{nth}-{apart}"));
            let question = asker.says(channel, "（ここはボットに宛てていない）").await;
            running.push(tokio::spawn(async move {
                let events = order.iter().map(|event| {
                    let (bot, event, asker) = (Arc::clone(&bot), *event, asker.id());
                    tokio::spawn(async move { happens(&bot, channel, question, asker, event).await })
                });
                let mut tasks = Vec::new();
                for task in events {
                    tasks.push(task);
                    tokio::time::sleep(Duration::from_millis(apart)).await;
                }
                for task in tasks {
                    task.await.unwrap();
                }
                let standing: Vec<String> = bot.discord.standing(channel).into_iter().map(|seen| seen.text).collect();
                match &standing[..] {
                    [] => assert!(order.contains(&Deleted), "{order:?}, {apart} ms apart: the answer is missing"),
                    [only] => {
                        assert!(!order.contains(&Deleted), "{order:?}, {apart} ms apart: an orphan: {only}");
                        assert!(only.contains(TEXTS[2].1), "{order:?}, {apart} ms apart: not the newest: {only}");
                    }
                    several => panic!("{order:?}, {apart} ms apart: {several:?}"),
                }
            }));
        }
    }
    for task in running {
        task.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_while_the_answer_is_on_its_way_is_applied_after_it() {
    let bot = connected().await;
    let aoi = bot.discord.member("葵");
    let general = bot.discord.general();
    bot.discord.rest().fail(Matcher::new("POST", "/messages"), standin::Failure::Status(502), 1);
    let question = aoi.says(general, "<@BOT> 資格は必須ですか").await;
    aoi.edits(question, "<@BOT> 夜勤はありますか").await;
    bot.discord.next_message(general).await;
    let is_night = || bot.discord.standing(general).iter().any(|seen| seen.text.contains("夜勤のある病院は少なく"));
    until("as the question reads now", LATEST, is_night).await;
    let standing = bot.discord.standing(general);
    assert_eq!(standing.len(), 1);
    assert!(standing[0].text.contains("夜勤のある病院は少なく"), "{}", standing[0].shown());
}
