//! The REST side by hand: tokens, unknown calls, permissions, states, nonces, buckets and wished-for failures. Leaves bodies to
//! `limits` and interactions to `interactions`.

mod common;

use std::time::{Duration, Instant};

use common::Bot;
use serde_json::{Value, json};
use standin::permissions::{ADD_REACTIONS, READ_MESSAGE_HISTORY, SEND_MESSAGES, SEND_MESSAGES_IN_THREADS, VIEW_CHANNEL};
use standin::{Failure, Matcher, Standin};

fn says(text: &str) -> Value {
    json!({"content": text, "allowed_mentions": {"parse": []}})
}

#[tokio::test]
async fn a_wrong_token_is_refused_and_no_violation() {
    let standin = Standin::start().await;
    let bot = Bot { token: "wrong".to_owned(), ..Bot::of(&standin) };
    let (status, body) = bot.call("GET", "/users/@me", Value::Null).await;
    assert_eq!((status, body), (401, json!({"message": "401: Unauthorized", "code": 0})));
    assert_eq!(bot.call("GET", "/gateway", Value::Null).await.1, json!({"url": standin.gateway_url()}));
    assert!(standin.token().starts_with(|first: char| first.is_ascii_alphanumeric()) && standin.token().split('.').count() == 3);
}

#[tokio::test]
async fn unknown_calls_fail_the_test() {
    let standin = Standin::start().await;
    let bot = Bot::of(&standin);
    for (method, path) in
        [("GET", "/guilds/1/audit-logs"), ("DELETE", "/users/@me"), ("GET", "/channels/x"), ("GET", "/oauth2/@me")]
    {
        assert_eq!(bot.refused(method, path, Value::Null).await, (404, 0), "{path}");
    }
    let old = bot.client.get("https://discord.com/api/v9/gateway").send().await.unwrap();
    assert_eq!(old.status(), 404);
    assert_eq!(standin.violations().len(), 5);
    let dropped = tokio::spawn(async move { drop(standin) }).await;
    assert!(dropped.is_err(), "the last handle panics");
}

#[tokio::test]
async fn objects_are_complete() {
    let standin = Standin::start().await;
    let bot = Bot::of(&standin);
    standin.enable_message_content(true);
    for path in ["/applications/@me", "/oauth2/applications/@me"] {
        let (_, application) = bot.call("GET", path, Value::Null).await;
        assert_eq!(application["id"], json!(standin.bot_id().to_string()));
        assert_eq!(application["flags"], 1 << 19);
        assert_eq!((&application["bot_public"], &application["approximate_guild_count"]), (&json!(true), &json!(1)));
    }
    let (_, me) = bot.call("GET", "/users/@me", Value::Null).await;
    assert_eq!((&me["username"], &me["bot"]), (&json!("medse-bot"), &json!(true)));
    let (_, guilds) = bot.call("GET", "/users/@me/guilds", Value::Null).await;
    assert_eq!((&guilds[0]["name"], &guilds[0]["owner"]), (&json!("医療系SEの広場"), &json!(false)));
    assert!(guilds[0]["permissions"].is_string());
    let (_, guild) = bot.call("GET", &format!("/guilds/{}", standin.guild()), Value::Null).await;
    assert_eq!(guild["preferred_locale"], "ja");
    let managed = guild["roles"].as_array().unwrap().iter().find(|role| role["managed"] == true).unwrap();
    assert_eq!((&managed["name"], &managed["tags"]["bot_id"]), (&json!("medse-bot"), &json!(standin.bot_id().to_string())));
    assert_eq!(managed["id"], json!(standin.bot_role().to_string()));
    let (_, start) = bot.call("GET", "/gateway/bot", Value::Null).await;
    assert_eq!(start["session_start_limit"]["max_concurrency"], 1);
    let (_, channel) = bot.call("GET", &format!("/channels/{}", standin.general()), Value::Null).await;
    assert_eq!((&channel["type"], &channel["name"]), (&json!(0), &json!("general")));
    let thread = standin.add_thread(standin.general(), "質問");
    let (_, channel) = bot.call("GET", &format!("/channels/{thread}"), Value::Null).await;
    assert_eq!((&channel["type"], &channel["parent_id"]), (&json!(11), &json!(standin.general().to_string())));
}

#[tokio::test]
async fn permissions_decide_what_the_bot_may_do() {
    let standin = Standin::start().await;
    let bot = Bot::of(&standin);
    let aoi = standin.member("葵");
    let forum = standin.add_forum(standin.guild(), "相談");
    let all = VIEW_CHANNEL | SEND_MESSAGES | READ_MESSAGE_HISTORY | ADD_REACTIONS | SEND_MESSAGES_IN_THREADS;
    assert_eq!(bot.refused("POST", &format!("/channels/{forum}/messages"), says("資格は？")).await, (400, 50008));
    for (without, what, refusal) in [
        (VIEW_CHANNEL, "post", (403, 50001)),
        (VIEW_CHANNEL, "read", (403, 50001)),
        (SEND_MESSAGES, "post", (403, 50013)),
        (SEND_MESSAGES, "thread", (200, 0)),
        (SEND_MESSAGES_IN_THREADS, "thread", (403, 50013)),
        (SEND_MESSAGES_IN_THREADS, "post", (200, 0)),
        (ADD_REACTIONS, "react", (403, 50013)),
        (READ_MESSAGE_HISTORY, "react", (403, 50013)),
        (READ_MESSAGE_HISTORY, "reply", (400, 160_002)),
        (READ_MESSAGE_HISTORY, "post", (200, 0)),
        (0, "reply", (200, 0)),
        (0, "react", (204, 0)),
        (0, "delete", (403, 50013)),
        (0, "edit", (403, 50005)),
    ] {
        let channel = standin.add_channel(standin.guild(), "試し");
        let thread = standin.add_thread(channel, "スレッド");
        let message = aoi.says(channel, "残業は多い？").await;
        standin.set_bot_permissions(channel, all & !without);
        let one = format!("/channels/{channel}/messages/{message}");
        let reply = json!({"content": "はい", "message_reference": {"message_id": message.to_string()},
        "allowed_mentions": {"parse": []}});
        let answer = match what {
            "post" => bot.refused("POST", &format!("/channels/{channel}/messages"), says("はい")).await,
            "reply" => bot.refused("POST", &format!("/channels/{channel}/messages"), reply).await,
            "thread" => bot.refused("POST", &format!("/channels/{thread}/messages"), says("はい")).await,
            "read" => bot.refused("GET", &one, Value::Null).await,
            "react" => bot.refused("PUT", &format!("{one}/reactions/%F0%9F%99%8F/@me"), Value::Null).await,
            "delete" => bot.refused("DELETE", &one, Value::Null).await,
            _ => bot.refused("PATCH", &one, says("直す")).await,
        };
        assert_eq!(answer, refusal, "{what} without {without}");
    }
}

#[tokio::test]
async fn states_refuse_too() {
    let standin = Standin::start().await;
    let bot = Bot::of(&standin);
    let aoi = standin.member("葵");
    let general = standin.general();
    let to = |channel: u64| format!("/channels/{channel}/messages");

    let thread = standin.add_thread(general, "終わった話");
    standin.archive(thread);
    assert_eq!(bot.refused("POST", &to(thread), says("はい")).await, (400, 50083));
    aoi.says(thread, "まだあります").await;
    assert_eq!(bot.refused("POST", &to(thread), says("はい")).await, (200, 0));
    standin.lock(thread);
    assert_eq!(bot.refused("POST", &to(thread), says("はい")).await, (403, 160_005));

    assert_eq!(bot.refused("POST", &to(1), says("はい")).await, (404, 10003));
    assert_eq!(bot.refused("GET", &format!("{}/1", to(general)), Value::Null).await, (404, 10008));
    assert_eq!(bot.refused("POST", "/users/@me/channels", json!({"recipient_id": "1"})).await, (404, 10013));

    let dm = bot.call("POST", "/users/@me/channels", json!({"recipient_id": aoi.id().to_string()})).await.1;
    assert_eq!((&dm["type"], &dm["id"]), (&json!(1), &json!(aoi.dm_channel().to_string())));
    assert_eq!(bot.refused("POST", &to(aoi.dm_channel()), says("届きました")).await, (200, 0));
    standin.close_dms_of(aoi.id());
    assert_eq!(bot.refused("POST", &to(aoi.dm_channel()), says("届きました")).await, (403, 50007));

    standin.block_word("禁句");
    assert_eq!(bot.refused("POST", &to(general), says("これは禁句です")).await, (400, 200_000));

    let question = aoi.says(general, "資格は？").await;
    aoi.deletes(question).await;
    let reply = |strict: bool| {
        json!({"content": "はい", "allowed_mentions": {"parse": []},
        "message_reference": {"message_id": question.to_string(), "fail_if_not_exists": strict}})
    };
    assert_eq!(bot.refused("POST", &to(general), reply(true)).await, (400, 50035));
    assert_eq!(bot.refused("POST", &to(general), reply(false)).await, (200, 0));

    let own = bot.posts(general, says("答え")).await;
    let one = format!("{}/{own}", to(general));
    standin.advance(Duration::from_secs(3700));
    for refusal in [(200, 0), (200, 0), (200, 0), (429, 30046)] {
        assert_eq!(bot.refused("PATCH", &one, says("直した答え")).await, refusal);
    }
    assert_eq!(bot.call("DELETE", &one, Value::Null).await.0, 204);
    assert_eq!(bot.refused("DELETE", &one, Value::Null).await, (404, 10008));
    assert!(standin.violations().is_empty());

    let own = bot.posts(general, says("答え")).await;
    assert_eq!(bot.refused("PATCH", &format!("{}/{own}", to(general)), says("")).await, (400, 50006));
    assert_eq!(bot.refused("PUT", &format!("{}/{own}/reactions/ok/@me", to(general)), Value::Null).await, (400, 10014));
    assert_eq!(bot.refused("POST", &to(general), json!({"content": "あ".repeat(2001)})).await, (400, 50035));
    assert_eq!(standin.violations().len(), 3);
    standin.tolerate_violations();
}

#[tokio::test]
async fn an_enforced_nonce_posts_once() {
    let standin = Standin::start().await;
    let bot = Bot::of(&standin);
    let message = json!({"content": "一度だけ", "nonce": "n1", "enforce_nonce": true, "allowed_mentions": {"parse": []}});
    let first = bot.posts(standin.general(), message.clone()).await;
    assert_eq!(bot.posts(standin.general(), message.clone()).await, first);
    assert_ne!(bot.posts(standin.help(), message.clone()).await, first);
    standin.advance(Duration::from_secs(600));
    assert_ne!(bot.posts(standin.general(), message).await, first);
    let (_, shown) = bot.call("GET", &format!("/channels/{}/messages/{first}", standin.general()), Value::Null).await;
    assert_eq!(shown["nonce"], "n1");
}

#[tokio::test]
async fn content_is_withheld_from_rest_too() {
    let standin = Standin::start().await;
    let bot = Bot::of(&standin);
    let aoi = standin.member("葵");
    let general = standin.general();
    aoi.says(general, "みんな残業ある？").await;
    aoi.says(general, "<@BOT> 残業ある？").await;
    let path = format!("/channels/{general}/messages?limit=2");
    let (_, messages) = bot.call("GET", &path, Value::Null).await;
    assert!(messages[0]["content"].as_str().unwrap().ends_with("残業ある？"));
    assert_eq!(messages[1]["content"], "");
    standin.enable_message_content(true);
    assert_eq!(bot.call("GET", &path, Value::Null).await.1[1]["content"], "みんな残業ある？");
}

#[tokio::test]
async fn whom_messages_would_ping_is_remembered() {
    let standin = Standin::start().await;
    let bot = Bot::of(&standin);
    let aoi = standin.member("葵");
    let general = standin.general();
    let question = aoi.says(general, "資格は？").await;
    let reply = |allowed: Value| {
        let mut body = json!({"content": "はい", "message_reference": {"message_id": question.to_string()}});
        if !allowed.is_null() {
            body["allowed_mentions"] = allowed;
        }
        body
    };
    bot.posts(general, reply(json!({"parse": [], "replied_user": false}))).await;
    assert!(standin.pings().is_empty());
    let loud = bot.posts(general, reply(Value::Null)).await;
    let louder = bot.posts(general, json!({"content": "@everyone どうぞ"})).await;
    let quiet = bot.posts(general, says(&aoi.mention())).await;
    bot.call("PATCH", &format!("/channels/{general}/messages/{quiet}"), json!({"content": aoi.mention()})).await;
    let pinged = [(loud, "@葵"), (louder, "@everyone"), (quiet, "@葵")].map(|(id, whom)| (id, whom.to_owned()));
    assert_eq!(standin.pings(), pinged);
}

#[tokio::test]
async fn failures_come_as_wished_and_then_no_more() {
    let standin = Standin::start().await;
    let bot = Bot::of(&standin);
    let general = standin.general();
    let path = format!("/channels/{general}/messages");
    let posts = || Matcher::new("POST", "/messages");
    standin.rest().fail(posts(), Failure::Status(502), 2);
    standin.rest().fail(posts(), Failure::Error(403, 50013), 1);
    for expected in [(502, 0), (502, 0), (403, 50013), (200, 0)] {
        assert_eq!(bot.refused("POST", &path, says("はい")).await, expected);
    }
    standin.rest().fail(posts(), Failure::Drop, 1);
    assert!(bot.request("POST", &path, &says("消える")).send().await.is_err());
    assert!(standin.next_message_or_none(general, Duration::ZERO).await.is_some_and(|seen| seen.text == "はい"));
    assert!(standin.next_message_or_none(general, Duration::from_millis(50)).await.is_none());
    standin.rest().fail(posts(), Failure::Lost, 1);
    assert!(bot.request("POST", &path, &says("届いた")).send().await.is_err());
    assert_eq!(standin.next_message(general).await.text, "届いた");
    standin.rest().fail(posts(), Failure::RateLimit { retry_after: 0.3, global: true }, 1);
    let limited = bot.request("POST", &path, &says("速い")).send().await.unwrap();
    assert_eq!((limited.status().as_u16(), limited.headers()["x-ratelimit-global"].to_str().unwrap()), (429, "true"));
    assert_eq!(
        limited.json::<Value>().await.unwrap(),
        json!({"message": "You are being rate limited.", "retry_after": 0.3, "global": true})
    );
    standin.rest().fail(posts(), Failure::Hang(Duration::from_millis(120)), 1);
    let begun = Instant::now();
    bot.posts(general, says("遅い")).await;
    assert!(begun.elapsed() >= Duration::from_millis(120));
    standin.rest().delay_all(Duration::from_millis(80));
    let begun = Instant::now();
    bot.call("GET", "/gateway", Value::Null).await;
    assert!(begun.elapsed() >= Duration::from_millis(80));
    standin.rest().clear();
    let statuses: Vec<u16> = standin.calls().iter().map(|call| call.status).collect();
    assert_eq!(statuses, [502, 502, 403, 200, 0, 0, 429, 200, 200]);
    standin.forget_calls();
    assert!(standin.calls().is_empty());
}

#[tokio::test]
async fn failures_that_come_again_and_again_are_counted_each_by_itself_until_mended() {
    let standin = Standin::start().await;
    let bot = Bot::of(&standin);
    let path = format!("/channels/{}/messages", standin.general());
    let posts = || Matcher::new("POST", "/messages");
    standin.rest().bucket(posts(), 5, Duration::from_mins(1));
    standin.rest().fail_every(2, posts(), &[Failure::Status(500)]);
    standin.rest().fail_every(3, posts(), &[Failure::Status(503)]);
    for expected in [200, 500, 503, 500] {
        assert_eq!(bot.call("POST", &path, says("はい")).await.0, expected);
    }
    standin.rest().mend();
    // Of the rate, which stays, one was used before.
    for expected in [200, 200, 200, 200, 429] {
        assert_eq!(bot.call("POST", &path, says("はい")).await.0, expected);
    }
}

#[tokio::test]
async fn a_caller_that_gives_up_undoes_nothing() {
    let standin = Standin::start().await;
    let bot = Bot::of(&standin);
    let general = standin.general();
    standin.rest().fail(Matcher::any(), Failure::Hang(Duration::from_millis(100)), 1);
    let call = bot.request("POST", &format!("/channels/{general}/messages"), &says("届いている"));
    assert!(call.timeout(Duration::from_millis(30)).send().await.is_err());
    assert_eq!(standin.next_message(general).await.text, "届いている");
}

#[tokio::test]
async fn buckets_tell_and_refuse() {
    let standin = Standin::start().await;
    let bot = Bot::of(&standin);
    let general = standin.general();
    let path = format!("/channels/{general}/messages");
    let generous = bot.request("POST", &path, &says("はい")).send().await.unwrap();
    assert_eq!(generous.headers()["x-ratelimit-limit"], "1000");
    standin.rest().bucket(Matcher::new("POST", "/messages"), 2, Duration::from_millis(300));
    for (left, status) in [("1", 200), ("0", 200), ("0", 429)] {
        let answer = bot.request("POST", &path, &says("はい")).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()["x-ratelimit-remaining"].to_str().unwrap()), (status, left));
        assert_eq!(answer.headers().contains_key("retry-after"), status == 429);
        assert!(answer.headers()["x-ratelimit-reset-after"].to_str().unwrap().parse::<f64>().unwrap() <= 0.3);
    }
    // Another channel has a bucket of its own.
    assert_eq!(bot.call("POST", &format!("/channels/{}/messages", standin.help()), says("はい")).await.0, 200);
    tokio::time::sleep(Duration::from_millis(310)).await;
    assert_eq!(bot.call("POST", &path, says("はい")).await.0, 200);

    standin.rest().clear();
    standin.rest().discord_like_buckets();
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(bot.call("POST", &path, says("はい")).await.0);
    }
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429]);
    let mut last = Value::Null;
    for _ in 0..60 {
        last = bot.call("GET", "/users/@me", Value::Null).await.1;
    }
    assert_eq!(last["global"], true, "50 calls a second in all");
    assert_eq!(bot.call("GET", "/gateway", Value::Null).await.0, 200, "calls without a token do not count");
}

#[tokio::test]
async fn commands_are_put_in_bulk_and_keep_their_ids() {
    let standin = Standin::start().await;
    let bot = Bot::of(&standin);
    let path = format!("/applications/{}/commands", standin.application_id());
    let ask = json!({"name": "ask", "description": "質問する", "type": 1});
    let (status, first) = bot.call("PUT", &path, json!([ask])).await;
    assert_eq!(status, 200);
    for field in ["id", "application_id", "version", "type", "description", "default_member_permissions"] {
        assert!(first[0].get(field).is_some(), "{field}");
    }
    let (_, second) = bot.call("PUT", &path, json!([ask, {"name": "FAQで答える", "type": 3}])).await;
    assert_eq!(first[0]["id"], second[0]["id"]);
    assert_eq!(bot.call("GET", &path, Value::Null).await.1, standin.commands());
    let home = format!("/applications/{}/guilds/{}/commands", standin.application_id(), standin.guild());
    let (_, local) = bot.call("PUT", &home, json!([{"name": "faq-manage", "description": "FAQを直す"}])).await;
    assert_eq!(local[0]["guild_id"], json!(standin.guild().to_string()));
    assert_eq!(standin.commands().as_array().unwrap().len(), 3);
    assert_eq!(bot.refused("PUT", &path, json!([{"name": "Ask", "description": ""}])).await, (400, 50035));
    standin.tolerate_violations();
}

#[tokio::test]
async fn files_are_kept_and_served() {
    let standin = Standin::start().await;
    let bot = Bot::of(&standin);
    let form = "--XX\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"faq.yaml\"\r\n\r\ntopic: 資格\r\n--XX\r\n\
                Content-Disposition: form-data; name=\"payload_json\"\r\n\r\n{\"attachments\":[{\"id\":0,\"filename\":\"faq.yaml\"}]}\r\n--XX--\r\n";
    let request = bot.request("POST", &format!("/channels/{}/messages", standin.general()), &Value::Null);
    let answer = request.header("content-type", "multipart/form-data; boundary=XX").body(form).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let seen = standin.next_message(standin.general()).await;
    assert_eq!(seen.shown(), "📎 faq.yaml");
    let url = common::text(&seen.raw["attachments"][0]["url"]).to_owned();
    assert_eq!(standin.file(&url).as_deref(), Some("topic: 資格".as_bytes()));
    let path = url.strip_prefix("https://cdn.discordapp.com").unwrap();
    let served = bot.client.get(format!("https://discord.com{path}")).send().await.unwrap();
    assert_eq!(served.text().await.unwrap(), "topic: 資格");
}

#[tokio::test]
async fn calls_are_recorded_and_reported() {
    let standin = Standin::start().await;
    let bot = Bot::of(&standin);
    let file = standin.ca_file().with_extension("jsonl");
    standin.record(file.clone());
    bot.posts(standin.general(), says("資格は必要？")).await;
    bot.call("GET", &format!("/channels/{}/messages?limit=1", standin.general()), Value::Null).await;
    let lines: Vec<Value> =
        std::fs::read_to_string(&file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    std::fs::remove_file(&file).unwrap();
    let path = format!("/channels/{}/messages", standin.general());
    assert_eq!(lines[0], json!({"method": "POST", "path": path, "body": says("資格は必要？"), "status": 200}));
    assert_eq!(lines[1], json!({"method": "GET", "path": format!("{path}?limit=1"), "body": null, "status": 200}));
    assert_eq!(std::fs::read_to_string(standin.ca_file()).unwrap(), standin.ca_pem());
    let (file, help) = (standin.ca_file(), standin.help());
    standin.next_message(standin.general()).await;
    assert!(standin.next_message_or_none(help, Duration::from_millis(20)).await.is_none());
    drop(standin);
    assert!(!file.exists());
}
