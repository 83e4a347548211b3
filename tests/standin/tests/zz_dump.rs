//! scratch
mod common;
use common::{Bot, INTENTS, Socket};
use serde_json::{Value, json};
use standin::Standin;
use std::io::Write;
#[tokio::test]
async fn dump() {
    let s = Standin::start().await;
    let bot = Bot::of(&s);
    let (mut socket, _) = Socket::ready(&s, INTENTS & !(1 << 9)).await;
    let aoi = s.member("葵");
    let mut out = std::fs::File::create("/tmp/s-answers.jsonl").unwrap();
    let g = s.general();
    let app = s.application_id();
    let mut put = |op: &str, answer: &Value| writeln!(out, "{}", json!({"op": op, "answer": answer})).unwrap();
    for path in ["/applications/@me", "/oauth2/applications/@me", "/users/@me", "/users/@me/guilds", "/gateway", "/gateway/bot"] {
        put(&format!("get {path}"), &bot.call("GET", path, Value::Null).await.1);
    }
    put("get /guilds/{guild_id}", &bot.call("GET", &format!("/guilds/{}", s.guild()), Value::Null).await.1);
    put("get /channels/{channel_id}", &bot.call("GET", &format!("/channels/{g}"), Value::Null).await.1);
    let t = s.add_thread(g, "x");
    put("get /channels/{channel_id}", &bot.call("GET", &format!("/channels/{t}"), Value::Null).await.1);
    put("post /users/@me/channels", &bot.call("POST", "/users/@me/channels", json!({"recipient_id": aoi.id().to_string()})).await.1);
    put("put /applications/{application_id}/commands", &bot.call("PUT", &format!("/applications/{app}/commands"), json!([{"name":"ask","description":"x"},{"name":"Answer","type":3}])).await.1);
    let q = aoi.says(g, "<@BOT> 資格").await;
    aoi.reacts(q, "👍").await;
    let (_, m) = bot.call("POST", &format!("/channels/{g}/messages"), json!({"content":"a","embeds":[{"title":"x"}],"message_reference":{"message_id":q.to_string()},"allowed_mentions":{"parse":[]},"components":[{"type":1,"components":[{"type":2,"style":1,"label":"a","custom_id":"b"},{"type":2,"style":5,"label":"l","url":"https://a.b/"}]},{"type":1,"components":[{"type":3,"custom_id":"t","options":[{"label":"a","value":"b"}]}]}]})).await;
    put("post /channels/{channel_id}/messages", &m);
    put("get /channels/{channel_id}/messages", &bot.call("GET", &format!("/channels/{g}/messages"), Value::Null).await.1);
    let press = tokio::spawn({ let aoi = aoi.clone(); async move { aoi.uses(g, "ask", &[]).await } });
    let mut event = socket.next().await.frame();
    while event["t"] != "INTERACTION_CREATE" { event = socket.next().await.frame(); }
    let event = event["d"].take();
    let p = format!("/interactions/{}/{}/callback?with_response=true", event["id"].as_str().unwrap(), event["token"].as_str().unwrap());
    put("post /interactions/{interaction_id}/{interaction_token}/callback", &bot.call("POST", &p, json!({"type":4,"data":{"content":"x"}})).await.1);
    press.await.unwrap().message();
    put("get /webhooks/{webhook_id}/{webhook_token}/messages/@original", &bot.call("GET", &bot.webhook(&event, "/messages/@original"), Value::Null).await.1);
    put("post /webhooks/{webhook_id}/{webhook_token}", &bot.call("POST", &bot.webhook(&event, "?wait=true"), json!({"content":"y"})).await.1);
    s.tolerate_violations();
}
