//! The commands: `/ask`, `/faq`, `/faq-panel`, `/privacy`, and 「FAQで答える」 on a message. Their definitions, and what using or typing them leads to.
//!
//! Answers are private first. What is said comes from [`crate::answering`], how it looks from `page.rs`.

use serenity::builder::{
    AutocompleteChoice, CreateAutocompleteResponse, CreateCommand, CreateCommandOption, CreateInteractionResponse,
    CreateInteractionResponseMessage,
};
use serenity::model::Permissions;
use serenity::model::application::{
    CommandInteraction, CommandOptionType, CommandType, InstallationContext, InteractionContext, ResolvedTarget, ResolvedValue,
};
use serenity::model::id::GuildId;
use tracing::warn;

use super::bot::{Bot, lang_of_locale};
use super::moderation::{self, MANAGE};
use super::page::{self, Frame, MAX_OPTION, MAX_OPTIONS, Page, Surface, fitted};
use super::sending::{Pressed, body};
use crate::answering::question::MAX_CHARACTERS;
use crate::answering::{Outcome, Question, Reply, phrases};
use crate::faq::{EntryId, Lang, comparable};
use crate::settings::ModerationSettings;

const ASK: &str = "ask";
const FAQ: &str = "faq";
const PANEL: &str = "faq-panel";
const ANSWER_THIS: &str = "Answer from the FAQ";
const PRIVACY: &str = "privacy";
const QUESTION: &str = "question";
const TOPIC: &str = "topic";
const ENTRY: &str = "entry";

/// Every command, as Discord is told at each start.
pub fn all(moderation: &ModerationSettings) -> Vec<CreateCommand> {
    let limit = u16::try_from(MAX_CHARACTERS).unwrap_or(u16::MAX);
    let option = |name, ja_name, description, ja| {
        CreateCommandOption::new(CommandOptionType::String, name, description)
            .name_localized("ja", ja_name)
            .description_localized("ja", ja)
            .set_autocomplete(true)
    };
    let command = |name: &str| CreateCommand::new(name).integration_types(vec![InstallationContext::Guild]);
    let everywhere = || vec![InteractionContext::Guild, InteractionContext::BotDm];
    vec![
        command(ASK)
            .description("Ask about medical-systems work; only you see the answer")
            .description_localized("ja", "医療系SE・院内SEの仕事について聞く（答えはあなただけに見えます）")
            .contexts(everywhere())
            .add_option(
                option(QUESTION, "質問", "Your question, in your own words", "知りたいことを、ふだんの言葉で")
                    .required(true)
                    .max_length(limit),
            ),
        command(FAQ)
            .description("Browse the FAQ; only you see it")
            .description_localized("ja", "FAQを話題から探す（あなただけに見えます）")
            .contexts(everywhere())
            .add_option(option(TOPIC, "話題", "A topic", "話題"))
            .add_option(option(ENTRY, "項目", "A question of the FAQ", "FAQの質問")),
        command(PANEL)
            .description("Post a lasting message with the topics and a button to ask")
            .description_localized("ja", "話題と「質問する」ボタンのメッセージを、ここに置く")
            .contexts(vec![InteractionContext::Guild])
            .default_member_permissions(Permissions::MANAGE_GUILD),
        command(PRIVACY)
            .description("See what the bot keeps about you, and delete it")
            .description_localized("ja", "ボットがあなたについて残しているものを見る・消す")
            .contexts(everywhere()),
        command(ANSWER_THIS).kind(CommandType::Message).name_localized("ja", "FAQで答える").contexts(everywhere()),
        moderation::command(moderation),
    ]
}

impl Bot {
    /// Somebody used a command.
    pub async fn used(&self, command: &CommandInteraction) {
        let at = Pressed { id: command.id, token: &command.token, channel: command.channel_id };
        let in_server = command.guild_id.is_some();
        let private = |page: Page| CreateInteractionResponse::Message(body(&page, in_server));
        let result = match command.data.name.as_str() {
            ASK => self.respond(at, &private(self.ask(command))).await,
            FAQ => self.respond(at, &private(self.browse(command))).await,
            PANEL => self.place_panel(command, at).await,
            MANAGE => self.manage(command).await,
            PRIVACY => self.show_kept(command, at).await,
            ANSWER_THIS => self.respond(at, &private(self.answer_this(command))).await,
            // Registered by an earlier version and still in somebody's list.
            _ => {
                let lang = lang_of_locale(&command.locale);
                let frame = self.frame(lang, None, Surface::Private);
                self.respond(at, &private(page::asking(phrases::OLD_BUTTON.get(lang), &frame))).await
            }
        };
        if let Err(loss) = result {
            warn!(command = command.data.name, reason = loss.reason(), code = loss.code(), "a command was not answered: {loss}");
        }
    }

    /// Somebody is typing a command's option.
    pub async fn typed(&self, command: &CommandInteraction) {
        let Some(typing) = command.data.autocomplete() else { return };
        let at = Pressed { id: command.id, token: &command.token, channel: command.channel_id };
        let lang = lang_of_locale(&command.locale);
        let choices = match typing.name {
            TOPIC => self.topic_choices(typing.value, lang),
            _ => self.entry_choices(typing.value, option(command, TOPIC).and_then(|topic| self.topic_named(topic)), lang),
        };
        let response = CreateInteractionResponse::Autocomplete(CreateAutocompleteResponse::new().set_choices(choices));
        if let Err(loss) = self.respond(at, &response).await {
            tracing::debug!(reason = loss.reason(), "no suggestions: {loss}");
        }
    }

    fn ask(&self, command: &CommandInteraction) -> Page {
        let asked = option(command, QUESTION).unwrap_or_default();
        let frame = self.command_frame(command, lang_of_locale(&command.locale));
        match self.chosen(asked) {
            Some(entry) => self.shown(entry, &frame),
            None => self.private_command(asked, command, &frame),
        }
    }

    fn private_command(&self, asked: &str, command: &CommandInteraction, frame: &Frame) -> Page {
        self.private_answer(&Question::new(asked, frame.lang), command.user.id.get(), frame.surface, command.id.get())
    }

    fn browse(&self, command: &CommandInteraction) -> Page {
        let frame = self.command_frame(command, lang_of_locale(&command.locale));
        let list = Frame { asker: None, ..frame };
        if let Some(asked) = option(command, ENTRY) {
            return match self.chosen(asked) {
                Some(entry) => self.shown(entry, &Frame { is_browsed: true, ..frame }),
                None => self.private_command(asked, command, &frame),
            };
        }
        match option(command, TOPIC).and_then(|topic| self.topic_named(topic)) {
            Some(topic) => self.topic_page(topic, 0, &list),
            None => page::greeting(&self.knowledge.faq, &list),
        }
    }

    async fn place_panel(&self, command: &CommandInteraction, at: Pressed<'_>) -> Result<(), super::queue::Loss> {
        let lang = lang_of_locale(&command.locale);
        // Of a deferred answer Discord heeds nothing but that it is private.
        let defer = CreateInteractionResponse::Defer(CreateInteractionResponseMessage::new().ephemeral(true));
        self.respond(at, &defer).await?;
        let guild_lang = self.lang_of(command.guild_id.map(GuildId::get));
        let panel = page::panel(&self.knowledge.faq, &self.frame(guild_lang, None, Surface::Public));
        let posted = self.post_alone(command.channel_id, None, &command.id.to_string(), &panel).await;
        let said = match &posted {
            Ok(()) => phrases::PANEL_POSTED.get(lang),
            Err(loss) => {
                warn!(channel = at.channel.get(), reason = loss.reason(), code = loss.code(), "the panel was not posted: {loss}");
                phrases::CANNOT_POST_HERE.get(lang)
            }
        };
        self.edit_response(at, &page::sentence(said)).await.map(drop)
    }

    /// The answer to somebody's message, for the one who wants to help.
    fn answer_this(&self, command: &CommandInteraction) -> Page {
        let lang = lang_of_locale(&command.locale);
        let Some(ResolvedTarget::Message(target)) = command.data.target() else {
            return page::sentence(phrases::POST_UNSURE.get(lang));
        };
        let member = command.user.id.get();
        let may_ask = self.conversation().may_ask(member, self.now());
        if !may_ask && !self.needs_people(&target.content) {
            return page::sentence(phrases::TOO_FAST.get(lang));
        }
        // The answer is for the author of the message, in their language; the sentence above it for the one who asks.
        let question = Question::new(&target.content, lang);
        let verdict = self.knowledge.decide(&question, &self.policy);
        // Alone with the bot there is nobody to post for.
        let for_post = Surface::ForPost { message: target.id.get(), author: Some(target.author.id.get()) };
        let surface = if command.guild_id.is_some() { for_post } else { Surface::Direct };
        self.decided(surface, verdict.decision.outcome);
        let frame = self.frame(question.lang, Some(member), surface);
        let reply = self.knowledge.put(&question, &verdict);
        if let Reply::Care { answer, .. } = &reply {
            return page::helping(answer, phrases::CARE_FOR_POST.get(lang));
        }
        let page = page::page(&reply, &frame).filter(|_| !matches!(reply, Reply::Silence { .. }));
        let is_plain_decline = matches!(&reply, Reply::Decline { signpost: None, .. });
        match page {
            None => page::sentence(phrases::POST_UNSURE.get(lang)),
            Some(_) if is_plain_decline => page::sentence(phrases::POST_UNSURE.get(lang)),
            Some(page) if matches!(verdict.decision.outcome, Outcome::Answer | Outcome::Decline) => {
                page::after(phrases::FOR_POST.get(lang), page)
            }
            Some(page) => page,
        }
    }

    fn command_frame(&self, command: &CommandInteraction, lang: Lang) -> Frame {
        let surface = if command.guild_id.is_some() { Surface::Private } else { Surface::Direct };
        self.frame(lang, Some(command.user.id.get()), surface)
    }

    fn shown(&self, entry: usize, frame: &Frame) -> Page {
        let reply = self.knowledge.show(entry, frame.lang);
        page::page(&reply, frame).unwrap_or_else(|| page::greeting(&self.knowledge.faq, frame))
    }

    /// The entry that was chosen from the suggestions: by its id, or by the label, which some clients send instead.
    pub(super) fn chosen(&self, value: &str) -> Option<usize> {
        let by_id = EntryId::new(value).and_then(|id| self.knowledge.faq.position(&id));
        by_id.or_else(|| self.knowledge.by_question(value)).or_else(|| {
            let is_cut = value.ends_with('…');
            let is_it = |text: &str| fitted(text, MAX_OPTION) == value;
            let mut askable = self.knowledge.askable().filter(|_| is_cut);
            askable.find(|(_, entry)| entry.question.texts().any(|(_, text)| is_it(text))).map(|(at, _)| at)
        })
    }

    pub(super) fn topic_named(&self, value: &str) -> Option<usize> {
        let wanted = comparable(value);
        let topics = &self.knowledge.faq.topics;
        topics.iter().position(|topic| topic.id == value || topic.title.texts().any(|(_, title)| comparable(title) == wanted))
    }

    fn topic_choices(&self, typed: &str, lang: Lang) -> Vec<AutocompleteChoice> {
        let wanted = comparable(typed);
        let topics = self.knowledge.faq.topics_to_ask();
        let near = topics.filter(|topic| topic.title.texts().any(|(_, title)| comparable(title).contains(&wanted)));
        let choice = |topic: &crate::faq::Topic| {
            AutocompleteChoice::new(fitted(topic.title.nearest(lang).1, MAX_OPTION), topic.id.as_str())
        };
        near.take(MAX_OPTIONS).map(choice).collect()
    }

    fn entry_choices(&self, typed: &str, topic: Option<usize>, lang: Lang) -> Vec<AutocompleteChoice> {
        let mut labels: Vec<String> = Vec::new();
        let mut choices = Vec::new();
        for entry in self.knowledge.suggest(typed, topic) {
            let entry = &self.knowledge.faq.entries[entry];
            let label = fitted(entry.question.nearest(lang).1, MAX_OPTION);
            // Discord refuses two choices of one name.
            if !labels.contains(&label) {
                choices.push(AutocompleteChoice::new(label.clone(), entry.id.as_str()));
                labels.push(label);
            }
            if choices.len() == MAX_OPTIONS {
                break;
            }
        }
        choices
    }
}

/// The text given for an option.
fn option<'a>(command: &'a CommandInteraction, name: &str) -> Option<&'a str> {
    command.data.options().into_iter().find(|option| option.name == name).and_then(|option| match option.value {
        ResolvedValue::String(text) => Some(text),
        _ => None,
    })
}
