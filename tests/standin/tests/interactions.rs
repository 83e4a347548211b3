//! Interactions by hand: which first response fits, when it is too late, ephemeral messages, deferring, followups; and what
//! members see and may press.

mod common;

use std::time::Duration;

use common::{Bot, INTENTS, Socket, text};
use serde_json::{Value, json};
use standin::permissions::MANAGE_GUILD;
use standin::{Member, Response, Seen, Standin};
use tokio::task::JoinHandle;

struct Stage {
    standin: Standin,
    bot: Bot,
    socket: Socket,
    aoi: Member,
}

impl Stage {
    async fn new() -> Self {
        let standin = Standin::start().await;
        let bot = Bot::of(&standin);
        let (socket, _) = Socket::ready(&standin, INTENTS & !(1 << 9)).await;
        let aoi = standin.member("葵");
        let topic = json!({"type": 3, "name": "topic", "description": "話題", "choices": [{"name": "資格", "value": "q"}]});
        let question = json!({"type": 3, "name": "question", "description": "質問", "required": true, "autocomplete": true,
        "max_length": 10});
        let manage = json!([
            {"type": 1, "name": "inbox", "description": "届いた質問"},
            {"type": 1, "name": "upload", "description": "差しかえ", "options":
                [{"type": 11, "name": "file", "description": "YAML", "required": true}]},
        ]);
        let commands = json!([
            {"name": "ask", "description": "質問する", "options": [question, topic]},
            {"name": "faq-manage", "description": "FAQを直す", "options": manage, "contexts": [0],
             "default_member_permissions": MANAGE_GUILD.to_string()},
            {"name": "Answer", "type": 3, "name_localizations": {"ja": "FAQで答える"}},
        ]);
        let (status, body) = bot.call("PUT", &format!("/applications/{}/commands", bot.application), commands).await;
        assert_eq!(status, 200, "{body}");
        Self { standin, bot, socket, aoi }
    }

    /// A message of the bot with buttons and a menu.
    async fn posted(&self) -> Seen {
        let rows = json!([
            {"type": 1, "components": [
                {"type": 2, "style": 1, "label": "解決した", "custom_id": "solved"},
                {"type": 2, "style": 2, "label": "ちがう", "custom_id": "wrong", "emoji": {"name": "🔁"}},
                {"type": 2, "style": 2, "label": "消す", "custom_id": "delete", "disabled": true},
                {"type": 2, "style": 5, "label": "公式", "url": "https://www.hcit.or.jp/"}]},
            {"type": 1, "components": [{"type": 3, "custom_id": "topic", "placeholder": "話題を選ぶ", "options":
                [{"label": "資格", "value": "q"}, {"label": "仕事", "value": "w"}]}]},
        ]);
        let id = self.bot.posts(self.standin.general(), json!({"content": "答え", "components": rows, "flags": 4})).await;
        self.standin.message(id).unwrap()
    }

    fn clicks(&self, seen: &Seen, label: &'static str) -> JoinHandle<Response> {
        let (aoi, seen) = (self.aoi.clone(), seen.clone());
        tokio::spawn(async move { aoi.clicks(&seen, label).await })
    }

    fn asks(&self, channel: u64) -> JoinHandle<Response> {
        let aoi = self.aoi.clone();
        tokio::spawn(async move { aoi.uses(channel, "ask", &[("question", "資格は？")]).await })
    }

    async fn event(&mut self) -> Value {
        self.socket.event("INTERACTION_CREATE").await
    }
}

fn message(content: &str, flags: u64) -> Value {
    json!({"type": 4, "data": {"content": content, "flags": flags, "allowed_mentions": {"parse": []}}})
}

#[tokio::test]
async fn messages_are_shown_as_people_see_them() {
    let stage = Stage::new().await;
    let seen = stage.posted().await;
    assert_eq!(seen.shown(), "答え\n[解決した] [🔁 ちがう] (消す) [公式 ↗ https://www.hcit.or.jp/]\n[話題を選ぶ ▾ 資格 | 仕事]");
    assert!(seen.embeds_suppressed && !seen.ephemeral && seen.author == "medse-bot");
    assert_eq!(seen.buttons(), ["解決した", "🔁 ちがう", "消す"]);
}

#[tokio::test]
async fn a_click_carries_everything() {
    let mut stage = Stage::new().await;
    let seen = stage.posted().await;
    let click = stage.clicks(&seen, "ちがう");
    let event = stage.event().await;
    assert_eq!(event["data"], json!({"component_type": 2, "custom_id": "wrong", "id": 3}));
    assert_eq!(
        (&event["message"]["content"], &event["locale"], &event["guild_locale"]),
        (&json!("答え"), &json!("ja"), &json!("ja"))
    );
    assert_eq!((&event["context"], &event["member"]["user"]["global_name"]), (&json!(0), &json!("葵")));
    for field in ["app_permissions", "channel", "authorizing_integration_owners", "guild_id", "token", "entitlements"] {
        assert!(event.get(field).is_some(), "{field}");
    }
    assert!(event["member"]["permissions"].is_string() && event.get("user").is_none());
    assert_eq!(stage.bot.responds(&event, json!({"type": 7, "data": {"content": "次の答え", "components": []}})).await.0, 204);
    let updated = click.await.unwrap().updated();
    assert_eq!((updated.id, updated.shown().as_str()), (seen.id, "次の答え"));
    assert_eq!(stage.standin.message(seen.id).unwrap().text, "次の答え");
}

#[tokio::test]
async fn first_responses_must_fit_the_interaction() {
    let mut stage = Stage::new().await;
    let modal = json!({"type": 9, "data": {"custom_id": "m", "title": "質問する", "components": [
        {"type": 1, "components": [{"type": 4, "custom_id": "q", "label": "質問", "style": 2}]}]}});
    let choices = json!({"type": 8, "data": {"choices": []}});
    let general = stage.standin.general();
    stage.standin.tolerate_violations();
    for (of, fits) in [("command", [true, true, false, false, false, true]), ("click", [true, true, true, true, false, true])] {
        for (index, response) in [
            message("はい", 0),
            json!({"type": 5}),
            json!({"type": 6}),
            json!({"type": 7, "data": {"content": "はい"}}),
            choices.clone(),
            modal.clone(),
        ]
        .into_iter()
        .enumerate()
        {
            let seen = stage.posted().await;
            let press = if of == "command" { stage.asks(general) } else { stage.clicks(&seen, "ちがう") };
            let event = stage.event().await;
            let (status, _) = stage.bot.responds(&event, response.clone()).await;
            assert_eq!(status == 204, fits[index], "{of}: {response}");
            press.abort();
        }
    }
    let types = tokio::spawn({
        let aoi = stage.aoi.clone();
        async move { aoi.types(general, "ask", "question", "し").await }
    });
    let event = stage.event().await;
    assert_eq!(event["data"]["options"], json!([{"type": 3, "name": "question", "value": "し", "focused": true}]));
    assert_eq!(stage.bot.responds(&event, message("はい", 0)).await.0, 400);
    let offered = json!({"type": 8, "data": {"choices": [{"name": "資格は必要？", "value": "q1"}]}});
    assert_eq!(stage.bot.responds(&event, offered).await.0, 204);
    assert_eq!(types.await.unwrap(), [("資格は必要？".to_owned(), "q1".to_owned())]);
}

#[tokio::test]
async fn forms_open_and_are_sent() {
    let mut stage = Stage::new().await;
    let seen = stage.posted().await;
    let click = stage.clicks(&seen, "解決した");
    let event = stage.event().await;
    let form = json!({"type": 9, "data": {"custom_id": "m1", "title": "質問する", "components": [
        {"type": 1, "components": [{"type": 4, "custom_id": "q", "label": "質問", "style": 2, "placeholder": "例",
        "max_length": 5}]},
        {"type": 1, "components": [{"type": 4, "custom_id": "w", "label": "補足", "style": 1, "required": false,
        "value": "なし"}]}]}});
    stage.bot.responds(&event, form.clone()).await;
    let modal = click.await.unwrap().modal();
    let input =
        |label: &str, hint: &str, value: &str, needed: bool| (label.to_owned(), hint.to_owned(), value.to_owned(), needed);
    assert_eq!(modal.inputs, [input("質問", "例", "", true), input("補足", "", "なし", false)]);
    let aoi = stage.aoi.clone();
    let sent = tokio::spawn({
        let (aoi, modal) = (aoi.clone(), modal.clone());
        async move { aoi.submits(&modal, &["残業は？", ""]).await }
    });
    let event = stage.event().await;
    assert_eq!((&event["type"], &event["data"]["components"][0]["components"][0]["value"]), (&json!(5), &json!("残業は？")));
    assert_eq!(event["message"]["id"], json!(seen.id.to_string()), "it was opened by a button");
    assert_eq!(stage.bot.responds(&event, form).await.0, 400, "no form after a form");
    stage.bot.responds(&event, json!({"type": 7, "data": {"content": "受け取りました", "components": []}})).await;
    assert_eq!(sent.await.unwrap().updated().text, "受け取りました");
    for texts in [["", ""], ["長すぎる質問です", ""]] {
        let (aoi, modal) = (aoi.clone(), modal.clone());
        assert!(
            tokio::spawn(async move { aoi.submits(&modal, &texts).await }).await.is_err(),
            "the client would not send {texts:?}"
        );
    }
    stage.standin.tolerate_violations();
}

#[tokio::test]
async fn too_late_twice_or_unknown() {
    let mut stage = Stage::new().await;
    let general = stage.standin.general();
    let press = stage.asks(general);
    let event = stage.event().await;
    assert_eq!(stage.bot.call("POST", &stage.bot.webhook(&event, ""), json!({"content": "早い"})).await.0, 404);
    assert_eq!(stage.bot.responds(&event, message("はい", 0)).await.0, 204);
    assert_eq!(stage.bot.responds(&event, message("はい", 0)).await.1["code"], 40060);
    press.await.unwrap().message();

    let press = stage.asks(general);
    let event = stage.event().await;
    stage.standin.advance(Duration::from_millis(3100));
    assert_eq!(stage.bot.responds(&event, message("遅い", 0)).await.1["code"], 10062);
    assert!(matches!(press.await.unwrap(), Response::Failed));
    let unknown = json!({"id": "1", "token": "x"});
    assert_eq!(stage.bot.responds(&unknown, message("だれ", 0)).await.1["code"], 10062);
    assert!(stage.standin.transcript().contains("失敗しました"));
}

#[tokio::test]
async fn ephemeral_messages_are_for_one_person() {
    let mut stage = Stage::new().await;
    let general = stage.standin.general();
    let press = stage.asks(general);
    let event = stage.event().await;
    let mut answer = message("あなたへ", 64);
    answer["data"]["components"] =
        json!([{"type": 1, "components": [{"type": 2, "style": 1, "label": "みんなに見せる", "custom_id": "show"}]}]);
    stage.bot.responds(&event, answer).await;
    let seen = press.await.unwrap().message();
    assert!(seen.ephemeral && seen.owner == Some(stage.aoi.id()));
    assert_eq!(seen.shown(), "（あなただけに見えています）\nあなたへ\n[みんなに見せる]");
    assert!(stage.standin.message(seen.id).is_none(), "nobody else sees it");
    assert!(stage.standin.next_message_or_none(general, Duration::from_millis(50)).await.is_none());
    let path = format!("/channels/{general}/messages/{}", seen.id);
    for method in ["GET", "PATCH", "DELETE"] {
        let body = if method == "PATCH" { json!({"content": "直す"}) } else { Value::Null };
        assert_eq!(stage.bot.refused(method, &path, body).await, (404, 10008), "{method}");
    }
    let reply = json!({"content": "はい", "message_reference": {"message_id": seen.id.to_string()}});
    assert_eq!(stage.bot.refused("POST", &format!("/channels/{general}/messages"), reply).await, (400, 50035));
    let other = stage.standin.member("蓮");
    assert!(other.fresh(&seen).await.is_none());
    let stolen = seen.clone();
    assert!(tokio::spawn(async move { other.clicks(&stolen, "みんな").await }).await.is_err());
    let replied = stage.aoi.clone();
    assert!(tokio::spawn(async move { replied.replies(seen.id, "ありがとう").await }).await.is_err());
    let edited = stage.bot.call("PATCH", &stage.bot.webhook(&event, "/messages/@original"), json!({"content": "直した"})).await;
    assert_eq!((edited.0, &edited.1["content"]), (200, &json!("直した")));
    stage.standin.advance(Duration::from_secs(16 * 60));
    let late = stage.bot.refused("PATCH", &stage.bot.webhook(&event, "/messages/@original"), json!({"content": "遅い"})).await;
    assert_eq!(late, (401, 50027));
    assert_eq!(
        stage.bot.refused("POST", &format!("/webhooks/{}/x", stage.bot.application), json!({"content": "だれ"})).await,
        (404, 10015)
    );
}

#[tokio::test]
async fn deferred_responses_become_messages() {
    let mut stage = Stage::new().await;
    let general = stage.standin.general();
    for (flags, by_followup) in [(64, false), (0, false), (64, true)] {
        let press = stage.asks(general);
        let event = stage.event().await;
        stage.bot.responds(&event, json!({"type": 5, "data": {"flags": flags}})).await;
        let body = json!({"content": "考えました", "allowed_mentions": {"parse": []}});
        let (method, rest) = if by_followup { ("POST", "") } else { ("PATCH", "/messages/@original") };
        assert_eq!(stage.bot.call(method, &stage.bot.webhook(&event, rest), body).await.0, 200);
        let response = press.await.unwrap();
        let more = json!({"content": "もうひとつ", "flags": 64});
        let (_, followup) = stage.bot.call("POST", &stage.bot.webhook(&event, ""), more).await;
        assert!(stage.standin.next_followup(&response).await.ephemeral);
        let seen = response.message();
        assert_eq!((seen.ephemeral, seen.text.as_str(), seen.edited), (flags == 64, "考えました", false));
        let path = stage.bot.webhook(&event, &format!("/messages/{}", text(&followup["id"])));
        assert_eq!(stage.bot.call("GET", &path, Value::Null).await.1["content"], "もうひとつ");
        assert_eq!(stage.bot.call("DELETE", &path, Value::Null).await.0, 204);
        assert_eq!(stage.bot.refused("GET", &path, Value::Null).await, (404, 10008));
    }
}

#[tokio::test]
async fn acknowledged_clicks_may_bring_an_edit() {
    let mut stage = Stage::new().await;
    let seen = stage.posted().await;
    for edit in [true, false] {
        let click = stage.clicks(&seen, "解決した");
        let event = stage.event().await;
        stage.bot.responds(&event, json!({"type": 6})).await;
        if edit {
            let body = json!({"content": "解決しました"});
            stage.bot.call("PATCH", &stage.bot.webhook(&event, "/messages/@original"), body).await;
            assert_eq!(click.await.unwrap().updated().text, "解決しました");
        } else {
            assert!(matches!(click.await.unwrap(), Response::Acknowledged));
        }
    }
}

#[tokio::test]
async fn message_commands_carry_their_target_in_full() {
    let mut stage = Stage::new().await;
    let question = stage.aoi.says(stage.standin.general(), "資格って取るべき？").await;
    let used = tokio::spawn({
        let aoi = stage.aoi.clone();
        async move { aoi.uses_on(question, "FAQで答える").await }
    });
    let event = stage.event().await;
    assert_eq!((&event["data"]["name"], &event["data"]["type"]), (&json!("Answer"), &json!(3)));
    assert_eq!(event["data"]["resolved"]["messages"][question.to_string()]["content"], "資格って取るべき？");
    let (status, whole) = stage
        .bot
        .call(
            "POST",
            &format!("/interactions/{}/{}/callback?with_response=true", text(&event["id"]), text(&event["token"])),
            message("答え", 0),
        )
        .await;
    assert_eq!((status, &whole["resource"]["message"]["content"]), (200, &json!("答え")));
    let seen = used.await.unwrap().message();
    assert_eq!(seen.shown(), "↩ 葵:\n答え");
}

#[tokio::test]
async fn clients_offer_only_what_is_allowed() {
    let mut stage = Stage::new().await;
    let general = stage.standin.general();
    assert!(!stage.aoi.may_use(general, "faq-manage"));
    let aoi = stage.aoi.clone();
    let moderator = stage.standin.member("凛").moderator();
    assert!(moderator.may_use(general, "faq-manage"));
    let dm = moderator.dm_channel();
    assert!(!moderator.may_use(dm, "faq-manage") && moderator.may_use(dm, "ask"));
    let none: Vec<(&str, &str)> = Vec::new();
    for (command, options) in [
        ("faq-manage inbox", none.clone()),
        ("nothing", none.clone()),
        ("ask", none),
        ("ask", vec![("question", "長すぎる質問なので送れません")]),
        ("ask", vec![("question", "資格は？"), ("topic", "ない話題")]),
        ("ask", vec![("question", "資格は？"), ("typo", "x")]),
    ] {
        let aoi = aoi.clone();
        let told = format!("{command} {options:?}");
        assert!(tokio::spawn(async move { aoi.uses(general, command, &options).await }).await.is_err(), "{told}");
    }
    let seen = stage.posted().await;
    for label in ["消す", "公式", "ない"] {
        let (aoi, seen) = (aoi.clone(), seen.clone());
        assert!(tokio::spawn(async move { aoi.clicks(&seen, label).await }).await.is_err(), "{label}");
    }
    let upload = tokio::spawn(async move {
        moderator.uploads(general, "faq-manage upload", "file", ("file.yaml", "topic: 資格".as_bytes())).await
    });
    let event = stage.event().await;
    assert_eq!(event["data"]["options"][0]["options"], json!([{"type": 11, "name": "file", "value": "1"}]));
    let file = &event["data"]["resolved"]["attachments"]["1"];
    assert_eq!(stage.standin.file(text(&file["url"])).as_deref(), Some("topic: 資格".as_bytes()));
    stage.bot.responds(&event, message("はい", 64)).await;
    upload.await.unwrap().message();
    let picked = tokio::spawn({
        let (aoi, seen) = (aoi.clone(), seen.clone());
        async move { aoi.picks(&seen, "仕事").await }
    });
    let event = stage.event().await;
    assert_eq!((&event["data"]["component_type"], &event["data"]["values"]), (&json!(3), &json!(["w"])));
    stage.bot.responds(&event, message("はい", 64)).await;
    picked.await.unwrap().message();
    let in_dm = stage.asks(aoi.dm_channel());
    let event = stage.event().await;
    assert_eq!((&event["context"], event.get("member"), &event["user"]["global_name"]), (&json!(1), None, &json!("葵")));
    stage.bot.responds(&event, message("はい", 0)).await;
    in_dm.await.unwrap().message();
}

#[tokio::test]
async fn the_transcript_tells_what_everybody_saw() {
    let mut stage = Stage::new().await;
    let general = stage.standin.general();
    let question = stage.aoi.says(general, "<@BOT> 資格は必要？").await;
    let reply = json!({"content": "**医療情報技師の資格は必要？**\nなくても働けます。", "message_reference": {"message_id": question.to_string()},
        "allowed_mentions": {"parse": []}, "components": [{"type": 1, "components": [
            {"type": 2, "style": 5, "label": "公式", "url": "https://www.hcit.or.jp/"},
            {"type": 2, "style": 2, "label": "ちがう", "custom_id": "wrong"}]}]});
    stage.bot.posts(general, reply).await;
    let seen = stage.standin.next_message(general).await;
    let click = stage.clicks(&seen, "ちがう");
    let event = stage.event().await;
    stage.bot.responds(&event, message("これですか？", 64)).await;
    click.await.unwrap().message();
    stage.aoi.edits(question, "<@BOT> 残業は？\nあと資格は？").await;
    let path = format!("/channels/{general}/messages/{}", seen.id);
    stage.bot.call("PATCH", &path, json!({"content": "直しました", "components": []})).await;
    let thanks = stage.aoi.replies(seen.id, "ありがとう").await;
    stage.bot.call("PUT", &format!("/channels/{general}/messages/{thanks}/reactions/%F0%9F%99%8F/@me"), Value::Null).await;
    stage.bot.call("DELETE", &path, Value::Null).await;
    let thread = stage.standin.add_thread(general, "相談");
    stage.aoi.says(thread, "ここで").await;
    stage.aoi.dm("こっそり").await;
    let expected = "\
#general  葵: @medse-bot 資格は必要？
#general  medse-bot ↩ 葵:
            **医療情報技師の資格は必要？**
            なくても働けます。
            [公式 ↗ https://www.hcit.or.jp/] [ちがう]
#general  葵 [ちがう] → （葵だけに見える） medse-bot:
            これですか？
#general  葵 （編集）:
            @medse-bot 残業は？
            あと資格は？
#general  medse-bot （編集） ↩ 葵:
            直しました
#general  葵 ↩ medse-bot: ありがとう
#general  medse-bot 🙏 → 葵: ありがとう
#general  medse-bot （削除） ↩ 葵:
            直しました
#general › 相談  葵: ここで
DM 葵  葵: こっそり";
    assert_eq!(stage.standin.transcript(), expected);
}
