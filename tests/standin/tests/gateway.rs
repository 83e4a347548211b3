//! The gateway by hand: the handshake, close codes, sessions and their resumption, shards, intents, and what is withheld from
//! whom.

mod common;

use std::time::Duration;

use common::{Bot, Got, INTENTS, Socket, identify, text};
use serde_json::{Value, json};
use standin::{Member, Standin};

#[tokio::test]
async fn hello_identify_ready_guild_create() {
    let standin = Standin::start().await;
    let thread = standin.add_thread(standin.general(), "質問");
    let mut socket = Socket::open(&standin).await;
    socket.send(json!({"op": 1, "d": null})).await;
    assert_eq!(socket.next().await.frame()["op"], 11);
    socket.send(identify(&standin.token(), INTENTS)).await;
    let ready = socket.event("READY").await;
    assert_eq!(ready["guilds"], json!([{"id": standin.guild().to_string(), "unavailable": true}]));
    assert_eq!((&ready["v"], &ready["user"]["username"]), (&json!(10), &json!("medse-bot")));
    let guild = socket.event("GUILD_CREATE").await;
    assert_eq!((&guild["name"], &guild["preferred_locale"]), (&json!("医療系SEの広場"), &json!("ja")));
    assert_eq!(guild["channels"].as_array().unwrap().len(), 2);
    assert_eq!(guild["threads"][0]["id"], json!(thread.to_string()));
    assert_eq!(guild["members"][0]["roles"], json!([standin.bot_role().to_string()]));
    let identifies = standin.gateway().identifies();
    assert_eq!((identifies.len(), &identifies[0]["token"]), (1, &json!("***")));
    assert!(identifies[0]["ms_ago"].as_u64().unwrap() < 5000);
}

#[tokio::test]
async fn close_codes_for_those_who_misbehave() {
    let standin = Standin::start().await;
    let good = standin.token();
    let sharded = |shard: Value| {
        let mut frame = identify(&good, INTENTS);
        frame["d"]["shard"] = shard;
        frame.to_string()
    };
    for (frames, code) in [
        (vec!["だめ".to_owned()], 4002),
        (vec![json!({"op": 99, "d": null}).to_string()], 4001),
        (vec![json!({"op": 3, "d": {}}).to_string()], 4003),
        (vec![identify("wrong", INTENTS).to_string()], 4004),
        (vec![identify(&good, INTENTS).to_string(), identify(&good, INTENTS).to_string()], 4005),
        (vec![json!({"op": 1, "d": null}).to_string(); 121], 4008),
        (vec![sharded(json!([1, 1]))], 4010),
        (vec![identify(&good, 1 << 30).to_string()], 4013),
        (vec![identify(&good, INTENTS | 1 << 15).to_string()], 4014),
        (vec![identify(&good, INTENTS | 1 << 1).to_string()], 4014),
        (vec![format!("\"{}\"", "長".repeat(2000))], 4002),
    ] {
        let mut socket = Socket::open(&standin).await;
        for frame in &frames {
            socket.send_text(frame).await;
        }
        let closed = loop {
            match socket.next().await {
                Got::Frame(_) => {}
                Got::Closed(code) => break code,
                Got::Nothing => panic!("{code} did not come"),
            }
        };
        assert_eq!(closed, code, "{}", frames[0]);
    }
    let mut socket = Socket::open_at(&standin, "/?v=9").await;
    assert_eq!(socket.next().await, Got::Closed(4012));
    standin.enable_message_content(true);
    Socket::ready(&standin, INTENTS | 1 << 15).await;
    assert!(!standin.violations().is_empty());
    standin.tolerate_violations();
}

#[tokio::test]
async fn heartbeats_are_expected_and_may_stay_unanswered() {
    let standin = Standin::start().await;
    standin.gateway().heartbeat_interval(Duration::from_millis(100));
    let (mut socket, _) = Socket::ready(&standin, INTENTS).await;
    standin.gateway().stop_acks(true);
    socket.send(json!({"op": 1, "d": 2})).await;
    assert_eq!(socket.next().await, Got::Closed(4009), "neither an answer nor patience");
}

#[tokio::test]
async fn what_was_missed_is_replayed() {
    let standin = Standin::start().await;
    let aoi = standin.member("葵");
    let (socket, ready) = Socket::ready(&standin, INTENTS).await;
    standin.gateway().drop_socket();
    assert!(!standin.gateway().is_connected());
    drop(socket);
    aoi.says(standin.general(), "<@BOT> 聞こえる？").await;
    let resume = |seq: u64| json!({"op": 6, "d": {"token": standin.token(), "session_id": ready["session_id"], "seq": seq}});
    let mut socket = Socket::open(&standin).await;
    socket.send(resume(2)).await;
    assert!(text(&socket.event("MESSAGE_CREATE").await["content"]).ends_with("聞こえる？"));
    socket.event("RESUMED").await;
    assert_eq!(standin.gateway().resumes(), 1);

    standin.gateway().invalidate(false);
    assert_eq!(socket.next().await.frame(), json!({"op": 9, "t": null, "s": null, "d": false}));
    socket.send(resume(3)).await;
    assert_eq!(socket.next().await.frame()["op"], 9, "that session is gone");
    socket.send(identify(&standin.token(), INTENTS)).await;
    let ready = socket.event("READY").await;

    standin.gateway().drop_socket();
    let mut socket = Socket::open(&standin).await;
    let ahead = json!({"op": 6, "d": {"token": standin.token(), "session_id": ready["session_id"], "seq": 99}});
    socket.send(ahead).await;
    assert_eq!(socket.next().await, Got::Closed(4007));
}

#[tokio::test]
async fn messages_nobody_hears_of_are_known() {
    let standin = Standin::start().await;
    let (aoi, general) = (standin.member("葵"), standin.general());
    let before = aoi.says(general, "まだ誰もいない？").await;
    let (mut socket, ready) = Socket::ready(&standin, INTENTS).await;
    aoi.says(general, "聞こえる？").await;
    let heard = socket.event("MESSAGE_CREATE").await;
    standin.gateway().refuse_resume(true);
    standin.gateway().drop_socket();
    drop(socket);
    let lost = aoi.says(general, "聞こえない？").await;
    let mut socket = Socket::open(&standin).await;
    let resume = json!({"op": 6, "d": {"token": standin.token(), "session_id": ready["session_id"], "seq": 3}});
    socket.send(resume).await;
    assert_eq!(socket.next().await.frame()["op"], 9);
    let also_lost = aoi.says(general, "まだ聞こえない？").await;
    socket.send(identify(&standin.token(), INTENTS)).await;
    socket.event("READY").await;
    assert_eq!(standin.gateway().unheard(), [before, lost, also_lost], "and not {}", heard["id"]);
    standin.gateway().invalidate(false);
    let last = aoi.says(general, "もういない？").await;
    assert_eq!(standin.gateway().unheard().last(), Some(&last));
}

#[tokio::test]
async fn messages_come_twice_or_after_their_edit_if_a_test_wishes() {
    let standin = Standin::start().await;
    let (aoi, general) = (standin.member("葵"), standin.general());
    let (mut socket, _) = Socket::ready(&standin, INTENTS).await;
    let edited = aoi.says_and_edits_out_of_order(general, "<@BOT> 資格は？", "<@BOT> 夜勤は？").await;
    let (first, second) = (socket.next().await.frame(), socket.next().await.frame());
    assert_eq!((&first["t"], &second["t"]), (&json!("MESSAGE_UPDATE"), &json!("MESSAGE_CREATE")));
    assert!(first["s"].as_u64() < second["s"].as_u64(), "they are numbered as they are sent");
    assert!(text(&first["d"]["content"]).ends_with("夜勤は？") && text(&second["d"]["content"]).ends_with("資格は？"));
    assert_eq!(first["d"]["id"], json!(edited.to_string()));
    standin.gateway().repeat_messages(true);
    aoi.says(general, "<@BOT> 二度？").await;
    let (first, second) = (socket.next().await.frame(), socket.next().await.frame());
    assert_eq!(first["d"], second["d"]);
    standin.gateway().repeat_messages(false);
    aoi.says(general, "<@BOT> 一度？").await;
    socket.event("MESSAGE_CREATE").await;
    assert!(socket.silent().await);
}

#[tokio::test]
async fn a_farewell_of_1000_ends_the_session() {
    let standin = Standin::start().await;
    let (mut socket, ready) = Socket::ready(&standin, INTENTS).await;
    socket.0.close(None).await.unwrap();
    drop(socket);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let mut socket = Socket::open(&standin).await;
    socket.send(json!({"op": 6, "d": {"token": standin.token(), "session_id": ready["session_id"], "seq": 2}})).await;
    assert_eq!(socket.next().await.frame()["op"], 9);
}

#[tokio::test]
async fn tests_can_make_it_misbehave() {
    let standin = Standin::start().await;
    let gateway = standin.gateway();
    let (mut socket, _) = Socket::ready(&standin, INTENTS).await;
    gateway.reconnect();
    assert_eq!(socket.next().await.frame()["op"], 7);
    gateway.dispatch_raw("SOMETHING_NEW", json!({"名前": "新しい"}));
    assert_eq!(socket.event("SOMETHING_NEW").await["名前"], "新しい");
    gateway.repeat("SOMETHING_NEW");
    socket.event("SOMETHING_NEW").await;
    gateway.send_raw("{\"op\":0}");
    assert_eq!(socket.next().await.frame(), json!({"op": 0}));
    gateway.close(4000);
    assert_eq!(socket.next().await, Got::Closed(4000));
    gateway.close_on_identify(4013);
    let mut socket = Socket::open(&standin).await;
    socket.send(identify(&standin.token(), INTENTS)).await;
    assert_eq!(socket.next().await, Got::Closed(4013));
    gateway.close_on_identify(0);
    gateway.silent_on_identify(true);
    let mut socket = Socket::open(&standin).await;
    socket.send(identify(&standin.token(), INTENTS)).await;
    assert!(socket.silent().await);
    gateway.silent_on_identify(false);
    gateway.session_limit(0);
    let (_, limit) = Bot::of(&standin).call("GET", "/gateway/bot", Value::Null).await;
    assert_eq!(limit["session_start_limit"]["remaining"], 0);
    socket.send(identify(&standin.token(), INTENTS)).await;
    assert_eq!(socket.next().await, Got::Closed(4004), "Discord resets the token of a bot that starts too often");
    standin.tolerate_violations();
}

#[tokio::test]
async fn guilds_have_their_shard_and_dms_are_on_shard_0() {
    let standin = Standin::start().await;
    let aoi = standin.member("葵");
    let mut sockets = Vec::new();
    for shard in 0..2 {
        let mut socket = Socket::open(&standin).await;
        let mut frame = identify(&standin.token(), INTENTS & !1);
        frame["d"]["shard"] = json!([shard, 2]);
        socket.send(frame).await;
        assert_eq!(socket.event("READY").await["shard"], json!([shard, 2]));
        sockets.push(socket);
    }
    let mine = usize::try_from((standin.guild() >> 22) % 2).unwrap();
    aoi.says(standin.general(), "<@BOT> 資格は？").await;
    sockets[mine].event("MESSAGE_CREATE").await;
    assert!(sockets[1 - mine].silent().await);
    aoi.dm("残業は？").await;
    sockets[0].event("MESSAGE_CREATE").await;
    assert!(sockets[1].silent().await);
}

#[tokio::test]
async fn events_come_only_for_the_intents_asked_for() {
    let standin = Standin::start().await;
    let aoi = standin.member("葵");
    let (mut socket, _) = Socket::ready(&standin, 1 << 12).await;
    let message = aoi.says(standin.general(), "<@BOT> 資格は？").await;
    aoi.reacts(message, "👍").await;
    standin.add_channel(standin.guild(), "新しい");
    aoi.deletes(message).await;
    assert!(socket.silent().await);
    aoi.dm("残業は？").await;
    let event = socket.event("MESSAGE_CREATE").await;
    assert_eq!((&event["content"], event.get("guild_id")), (&json!("残業は？"), None));
}

/// Says something in some way; the event's content must be there or withheld.
async fn says(standin: &Standin, aoi: &Member, own: u64, response: u64, way: &str) -> u64 {
    let general = standin.general();
    match way {
        "plain" => aoi.says(general, "資格は？").await,
        "mention" => aoi.says(general, "<@BOT> 資格は？").await,
        "role mention" => aoi.says(general, &format!("<@&{}> 資格は？", standin.bot_role())).await,
        "other mention" => aoi.says(general, &format!("{} 資格は？", aoi.mention())).await,
        "reply" => aoi.replies(own, "必須？").await,
        "reply without ping" => aoi.replies_without_ping(own, "必須？").await,
        "reply to a response" => aoi.replies(response, "必須？").await,
        "webhook" => aoi.webhook_says(general, "お知らせ").await,
        "dm" => aoi.dm("資格は？").await,
        "reply in dm" => {
            let first = aoi.dm("資格は？").await;
            aoi.replies(first, "必須？").await
        }
        other => panic!("no way {other}"),
    }
}

#[tokio::test]
async fn content_is_withheld_as_discord_withholds_it() {
    let standin = Standin::start().await;
    standin.enable_message_content(true);
    let aoi = standin.member("葵");
    let bot = Bot::of(&standin);
    let (mut socket, _) = Socket::ready(&standin, INTENTS).await;
    let (mut content, _) = Socket::ready(&standin, INTENTS | 1 << 15).await;
    let commands = json!([{"name": "ask", "description": "質問する"}]);
    bot.call("PUT", &format!("/applications/{}/commands", bot.application), commands).await;
    let own = bot.posts(standin.general(), json!({"content": "答え", "allowed_mentions": {"parse": []}})).await;
    assert_eq!(socket.event("MESSAGE_CREATE").await["content"], "答え", "own messages are dispatched, in full");
    let general = standin.general();
    let used = tokio::spawn({
        let aoi = aoi.clone();
        async move { aoi.uses(general, "ask", &[]).await.message() }
    });
    let press = socket.event("INTERACTION_CREATE").await;
    bot.responds(&press, json!({"type": 4, "data": {"content": "答え", "allowed_mentions": {"parse": []}}})).await;
    let response = used.await.unwrap().id;
    socket.event("MESSAGE_CREATE").await;
    for event in ["MESSAGE_CREATE", "INTERACTION_CREATE", "MESSAGE_CREATE"] {
        content.event(event).await;
    }
    for (way, there) in [
        ("plain", false),
        ("mention", true),
        ("role mention", false),
        ("other mention", false),
        ("reply", true),
        ("reply without ping", false),
        ("reply to a response", false),
        ("webhook", false),
        ("dm", true),
        ("reply in dm", true),
    ] {
        says(&standin, &aoi, own, response, way).await;
        if way == "reply in dm" {
            socket.event("MESSAGE_CREATE").await;
            content.event("MESSAGE_CREATE").await;
        }
        let event = socket.event("MESSAGE_CREATE").await;
        assert_eq!(event["content"] != "", there, "{way}");
        assert_eq!(event["referenced_message"]["content"].is_string(), way.starts_with("reply"), "{way}");
        assert_ne!(event["referenced_message"]["content"], "", "{way}: the bot's own and DMs are never withheld");
        assert_ne!(content.event("MESSAGE_CREATE").await["content"], "", "{way}");
    }
    let others = aoi.says(general, "みんなの話").await;
    aoi.replies(others, "<@BOT> どう思う？").await;
    socket.event("MESSAGE_CREATE").await;
    let event = socket.event("MESSAGE_CREATE").await;
    assert!(text(&event["content"]).ends_with("どう思う？"));
    assert_eq!(event["referenced_message"]["content"], "", "judged by itself");
}

#[tokio::test]
async fn edits_and_deletions_are_told() {
    let standin = Standin::start().await;
    let aoi = standin.member("葵");
    let (mut socket, _) = Socket::ready(&standin, INTENTS).await;
    let message = aoi.says(standin.general(), "<@BOT> 資格は？").await;
    socket.event("MESSAGE_CREATE").await;
    aoi.edits(message, "<@BOT> 残業は？").await;
    let event = socket.event("MESSAGE_UPDATE").await;
    assert!(text(&event["content"]).ends_with("残業は？") && event["edited_timestamp"].is_string());
    aoi.edits(message, "残業は？").await;
    assert_eq!(socket.event("MESSAGE_UPDATE").await["content"], "", "the mention is gone, the text with it");
    standin.touches(message);
    socket.event("MESSAGE_UPDATE").await;
    let reacted = aoi.clone();
    reacted.reacts(message, "👍").await;
    assert_eq!(socket.event("MESSAGE_REACTION_ADD").await["emoji"]["name"], "👍");
    aoi.deletes(message).await;
    assert_eq!(socket.event("MESSAGE_DELETE").await["id"], json!(message.to_string()));
    let thread = standin.add_thread(standin.general(), "質問");
    assert_eq!(socket.event("THREAD_CREATE").await["parent_id"], json!(standin.general().to_string()));
    let in_thread = aoi.says(thread, "<@BOT> ここは？").await;
    socket.event("MESSAGE_CREATE").await;
    standin.bulk_delete(thread, &[in_thread]);
    assert_eq!(socket.event("MESSAGE_DELETE_BULK").await["ids"], json!([in_thread.to_string()]));
    standin.archive(thread);
    assert_eq!(socket.event("THREAD_UPDATE").await["thread_metadata"]["archived"], true);
    standin.delete_channel(thread);
    socket.event("THREAD_DELETE").await;
    standin.set_bot_permissions(standin.general(), 0);
    socket.event("CHANNEL_UPDATE").await;
    aoi.says(standin.general(), "<@BOT> 見える？").await;
    assert!(socket.silent().await, "what the bot cannot see it does not hear of");
    let other = standin.add_guild("別の広場", "en-US");
    assert_eq!(socket.event("GUILD_CREATE").await["preferred_locale"], "en-US");
    standin.crowd(other, 1_000);
    let mut socket = Socket::open(&standin).await;
    socket.send(identify(&standin.token(), INTENTS)).await;
    for event in ["READY", "GUILD_CREATE"] {
        socket.event(event).await;
    }
    assert!(socket.event("GUILD_CREATE").await["member_count"].as_u64().is_some_and(|people| people > 1_000));
}

#[tokio::test]
async fn everyone_is_mentioned_only_by_those_who_may() {
    let standin = Standin::start().await;
    let may = standin::permissions::MENTION_EVERYONE;
    let (mut socket, _) = Socket::ready(&standin, INTENTS).await;
    for (member, mentioned) in [(standin.member("葵"), false), (standin.member("管理").with_permissions(may), true)] {
        member.says(standin.general(), "@everyone お知らせ").await;
        assert_eq!(socket.event("MESSAGE_CREATE").await["mention_everyone"], mentioned);
    }
    let forum = standin.add_forum(standin.guild(), "相談");
    socket.event("CHANNEL_CREATE").await;
    let post = standin.member("葵").posts(forum, "残業は多い？", "<@BOT> 教えて").await;
    socket.event("THREAD_CREATE").await;
    let first = socket.event("MESSAGE_CREATE").await;
    assert_eq!((&first["id"], &first["channel_id"]), (&json!(post.to_string()), &json!(post.to_string())));
}
