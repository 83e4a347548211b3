//! A bot written with serenity, its rate limiter on, against the stand-in: whatever the stand-in sends must reach its handlers,
//! and whatever it answers must be understood. Leaves the rules to the other tests, which speak raw REST and WebSocket.

use std::time::Duration;

use serenity::all::{
    ActionRowComponent, ButtonStyle, Client, Command, CommandOptionType, CommandType, Context, CreateActionRow,
    CreateAllowedMentions, CreateAutocompleteResponse, CreateButton, CreateCommand, CreateCommandOption, CreateInputText,
    CreateInteractionResponse, CreateInteractionResponseFollowup, CreateInteractionResponseMessage, CreateMessage, CreateModal,
    CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption, EditInteractionResponse, EditMessage, EventHandler,
    GatewayIntents, Guild, HttpBuilder, InputTextStyle, Interaction, Message, Ready,
};
use serenity::async_trait;
use serenity::model::event::MessageUpdateEvent;
use standin::{Failure, Matcher, Response, Standin};

struct Bot;

fn buttons() -> Vec<CreateActionRow> {
    vec![
        CreateActionRow::Buttons(vec![
            CreateButton::new("v1:solved").label("解決した"),
            CreateButton::new("v1:more").label("くわしく").emoji('🔎').style(ButtonStyle::Secondary),
            CreateButton::new("v1:form").label("質問する"),
            CreateButton::new("v1:later").label("あとで"),
            CreateButton::new_link("https://www.hcit.or.jp/").label("公式"),
        ]),
        CreateActionRow::SelectMenu(
            CreateSelectMenu::new(
                "v1:topic",
                CreateSelectMenuKind::String {
                    options: vec![CreateSelectMenuOption::new("資格", "q"), CreateSelectMenuOption::new("仕事", "w")],
                },
            )
            .placeholder("話題を選ぶ"),
        ),
    ]
}

fn private(text: impl Into<String>) -> CreateInteractionResponse {
    CreateInteractionResponse::Message(
        CreateInteractionResponseMessage::new().content(text).ephemeral(true).components(buttons()),
    )
}

#[async_trait]
impl EventHandler for Bot {
    async fn ready(&self, context: Context, _: Ready) {
        let option =
            CreateCommandOption::new(CommandOptionType::String, "question", "質問").required(true).set_autocomplete(true);
        let commands = vec![
            CreateCommand::new("ask").description("質問する").add_option(option),
            CreateCommand::new("later").description("考えてから答える"),
            CreateCommand::new("Answer").kind(CommandType::Message).name_localized("ja", "FAQで答える"),
        ];
        Command::set_global_commands(&context.http, commands).await.expect("commands are registered");
    }

    async fn guild_create(&self, _: Context, guild: Guild, _: Option<bool>) {
        assert!(guild.roles.values().any(|role| role.tags.bot_id.is_some()));
    }

    async fn message(&self, context: Context, message: Message) {
        if message.author.bot {
            return;
        }
        if message.content.contains("ありがとう") {
            message.react(&context.http, '🙏').await.expect("the reaction is allowed");
            return;
        }
        if message.content.is_empty() {
            return;
        }
        let answer = CreateMessage::new()
            .content(format!("**答え** {}", message.content))
            .reference_message(&message)
            .allowed_mentions(CreateAllowedMentions::new())
            .components(buttons());
        message.channel_id.send_message(&context.http, answer).await.expect("the answer is allowed");
    }

    async fn message_update(&self, context: Context, _: Option<Message>, _: Option<Message>, event: MessageUpdateEvent) {
        if event.author.is_none_or(|author| author.bot) {
            return;
        }
        let messages =
            event.channel_id.messages(&context.http, serenity::all::GetMessages::new().limit(5)).await.expect("history");
        if let Some(mut own) = messages.into_iter().find(|message| message.author.bot) {
            let text = event.content.unwrap_or_default();
            own.edit(&context.http, EditMessage::new().content(format!("直しました {text}"))).await.expect("the edit is allowed");
        }
    }

    async fn interaction_create(&self, context: Context, interaction: Interaction) {
        let http = &context.http;
        match interaction {
            Interaction::Command(command) if command.data.name == "later" => {
                command.defer_ephemeral(http).await.expect("deferring");
                command.edit_response(http, EditInteractionResponse::new().content("考えました")).await.expect("editing");
                let more = CreateInteractionResponseFollowup::new().content("もうひとつ").ephemeral(true);
                command.create_followup(http, more).await.expect("following up");
            }
            Interaction::Command(command) => {
                let text = match command.data.target() {
                    Some(serenity::all::ResolvedTarget::Message(message)) => format!("対象: {}", message.content),
                    _ => format!("{:?}", command.data.options[0].value.as_str()),
                };
                command.create_response(http, private(text)).await.expect("responding");
            }
            Interaction::Autocomplete(command) => {
                let choices = CreateAutocompleteResponse::new().add_string_choice("資格は必要？", "hit-certificate-needed");
                command.create_response(http, CreateInteractionResponse::Autocomplete(choices)).await.expect("completing");
            }
            Interaction::Component(press) => {
                let response = match press.data.custom_id.as_str() {
                    "v1:solved" => CreateInteractionResponse::UpdateMessage(
                        CreateInteractionResponseMessage::new().content("解決！").components(vec![]),
                    ),
                    "v1:form" => CreateInteractionResponse::Modal(CreateModal::new("v1:ask:1", "質問する").components(vec![
                        CreateActionRow::InputText(
                            CreateInputText::new(InputTextStyle::Paragraph, "質問", "q").placeholder("例: 残業は？"),
                        ),
                    ])),
                    "v1:later" => CreateInteractionResponse::Acknowledge,
                    "v1:topic" => private(format!("{:?}", press.data.kind)),
                    _ => return,
                };
                press.create_response(http, response).await.expect("responding to a press");
                if press.data.custom_id == "v1:later" {
                    press.edit_response(http, EditInteractionResponse::new().content("あとで")).await.expect("editing");
                }
            }
            Interaction::Modal(modal) => {
                let ActionRowComponent::InputText(input) = &modal.data.components[0].components[0] else { panic!("an input") };
                modal
                    .create_response(http, private(format!("受け取りました: {:?}", input.value)))
                    .await
                    .expect("responding to a form");
            }
            _ => {}
        }
    }
}

async fn connect(standin: &Standin) -> tokio::task::JoinHandle<()> {
    let root = reqwest::Certificate::from_pem(standin.ca_pem().as_bytes()).expect("a certificate");
    let client = reqwest::Client::builder()
        .add_root_certificate(root)
        .resolve("discord.com", standin.address())
        .no_proxy()
        .build()
        .expect("a client");
    let http = HttpBuilder::new(standin.token()).client(client).build();
    let url = http.get_gateway().await.expect("the gateway's address").url;
    assert!(url.starts_with("ws://127.0.0.1"));
    let application = http.get_current_application_info().await.expect("the application");
    http.set_application_id(application.id);
    let intents = GatewayIntents::GUILDS | GatewayIntents::GUILD_MESSAGES | GatewayIntents::DIRECT_MESSAGES;
    let mut client = serenity::client::ClientBuilder::new_with_http(http, intents).event_handler(Bot).await.expect("a client");
    let task = tokio::spawn(async move { run(&mut client).await });
    standin.connected().await;
    task
}

async fn run(client: &mut Client) {
    client.start_autosharded().await.expect("the gateway accepts the bot");
}

#[tokio::test]
async fn a_bot_answers_members_end_to_end() {
    let standin = Standin::start().await;
    let bot = connect(&standin).await;
    assert_eq!(standin.commands().as_array().map(Vec::len), Some(3));
    let aoi = standin.member("葵");

    let question = aoi.says(standin.general(), "<@BOT> 資格は必要？").await;
    let answer = standin.next_message(standin.general()).await;
    assert_eq!(
        answer.shown(),
        "↩ 葵:\n**答え** @medse-bot 資格は必要？\n[解決した] [🔎 くわしく] [質問する] [あとで] [公式 ↗ https://www.hcit.or.jp/]\n\
         [話題を選ぶ ▾ 資格 | 仕事]"
    );
    aoi.edits(question, "<@BOT> 資格は？").await;
    assert_eq!(standin.changed(answer.id).await.expect("still there").text, "直しました @medse-bot 資格は？");

    let topic = aoi.picks(&answer, "仕事").await.message();
    assert!(topic.ephemeral && topic.text.contains("\"w\""), "{}", topic.shown());
    let form = aoi.clicks(&answer, "質問する").await.modal();
    assert_eq!(form.shown(), "【質問する】\n質問*: （例: 残業は？）");
    assert!(aoi.submits(&form, &["残業は多い？"]).await.message().text.contains("残業は多い？"));
    assert_eq!(aoi.clicks(&answer, "あとで").await.updated().text, "あとで");
    assert!(matches!(aoi.clicks(&answer, "くわしく").await, Response::Failed));
    assert_eq!(aoi.clicks(&answer, "解決").await.updated().shown(), "↩ 葵:\n解決！");

    let thanks = aoi.says(standin.general(), "<@BOT> ありがとう").await;
    assert_eq!(standin.reaction(thanks).await, "🙏");
    aoi.dm("残業は？").await;
    assert_eq!(standin.next_message(aoi.dm_channel()).await.text, "**答え** 残業は？");
    assert!(standin.pings().is_empty());
    bot.abort();
}

#[tokio::test]
async fn commands_answer_complete_and_follow_up() {
    let standin = Standin::start().await;
    let bot = connect(&standin).await;
    let aoi = standin.member("葵");
    let general = standin.general();

    assert_eq!(
        aoi.types(general, "ask", "question", "しか").await,
        [("資格は必要？".to_owned(), "hit-certificate-needed".to_owned())]
    );
    let answer = aoi.uses(general, "ask", &[("question", "資格は？")]).await.message();
    assert!(answer.ephemeral && answer.text.contains("資格は？"));
    let later = aoi.uses(general, "later", &[]).await;
    assert_eq!(standin.next_followup(&later).await.text, "もうひとつ");
    assert_eq!(later.message().text, "考えました");

    let withheld = aoi.says(general, "院内SEって夜勤ある？").await;
    assert!(standin.next_message_or_none(general, Duration::from_millis(200)).await.is_none());
    let target = aoi.uses_on(withheld, "FAQで答える").await.message();
    assert_eq!(target.text, "対象: 院内SEって夜勤ある？");
    bot.abort();
}

#[tokio::test]
async fn whatever_ends_a_connection_that_may_be_resumed_loses_nothing() {
    let standin = Standin::start().await;
    let bot = connect(&standin).await;
    let aoi = standin.member("葵");
    let gateway = standin.gateway();
    let ends: [(&str, &dyn Fn()); 5] = [
        ("no close frame", &|| gateway.drop_socket()),
        ("4000", &|| gateway.close(4000)),
        ("1001", &|| gateway.close(1001)),
        ("op 7", &|| gateway.reconnect()),
        ("op 9, resumable", &|| gateway.invalidate(true)),
    ];
    for (index, (name, end)) in ends.iter().enumerate() {
        end();
        aoi.says(standin.general(), "<@BOT> 聞こえる？").await;
        assert!(standin.next_message(standin.general()).await.text.contains("聞こえる？"), "{name}");
        // After op 7 the old connection still takes the message, and the new one comes later.
        let resumed = async {
            while gateway.resumes() <= index {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), resumed).await.expect(name);
        assert_eq!((gateway.resumes(), gateway.identifies().len()), (index + 1, 1), "{name}");
    }
    bot.abort();
}

#[tokio::test]
async fn a_session_that_is_gone_begins_anew() {
    let standin = Standin::start().await;
    let bot = connect(&standin).await;
    let aoi = standin.member("葵");
    standin.gateway().refuse_resume(true);
    standin.gateway().close(4000);
    standin.connected().await;
    aoi.says(standin.general(), "<@BOT> 聞こえる？").await;
    assert!(standin.next_message(standin.general()).await.text.contains("聞こえる？"));
    assert_eq!(standin.gateway().identifies().len(), 2);
    bot.abort();
}

#[tokio::test]
async fn the_library_waits_out_a_limit_and_asks_again() {
    let standin = Standin::start().await;
    let bot = connect(&standin).await;
    let aoi = standin.member("葵");
    let posts = Matcher::new("POST", "/messages");
    standin.rest().fail(posts.clone(), Failure::RateLimit { retry_after: 0.5, global: false }, 1);
    aoi.says(standin.general(), "<@BOT> 一つめ").await;
    assert!(standin.next_message(standin.general()).await.text.ends_with("一つめ"));
    standin.rest().bucket(posts, 2, Duration::from_millis(400));
    for text in ["二つめ", "三つめ", "四つめ", "五つめ"] {
        aoi.says(standin.general(), &format!("<@BOT> {text}")).await;
        assert!(standin.next_message(standin.general()).await.text.ends_with(text));
    }
    let limited = standin.calls().iter().filter(|call| call.status == 429).count();
    assert!(limited <= 2, "headers are read: {limited} calls were refused");
    bot.abort();
}
