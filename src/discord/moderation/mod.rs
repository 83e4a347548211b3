//! The FAQ kept from Discord: `/faq-manage`, its forms and its buttons, for moderators of the home guild only.
//!
//! Who may is checked on every call, from what Discord says of the member. What is published is decided in [`crate::moderation`]; how it looks
//! stands in `pages.rs`.

use serenity::builder::{CreateCommand, CreateCommandOption, CreateInteractionResponse, CreateInteractionResponseMessage};
use serenity::model::Permissions;
use serenity::model::application::{
    CommandInteraction, CommandOptionType, ComponentInteraction, InstallationContext, InteractionContext, ModalInteraction,
    ResolvedOption, ResolvedValue,
};
use serenity::model::channel::MessageFlags;
use serenity::model::guild::Member;
use serenity::model::id::{ChannelId, GuildId};
use tokio::time::Instant;
use tracing::{info, warn};

use super::bot::{Bot, Shared, lang_of_locale};
use super::page::{self, Page};
use super::queue::Loss;
use super::sending::{Pressed, body};
use super::ticket::{Action, Ticket};
use crate::answering::phrases;
use crate::faq::{EntryId, Lang};
use crate::journal::Place;
use crate::settings::{Home, ModerationSettings};

mod editing;
mod histories;
mod inbox;
mod pages;
mod seeing;
mod travel;

/// The command's name.
pub const MANAGE: &str = "faq-manage";
const ADD: &str = "add";
const EDIT: &str = "edit";
const REMOVE: &str = "remove";
const HISTORY: &str = "history";
const INBOX: &str = "inbox";
const STATS: &str = "stats";
const EXPLAIN: &str = "explain";
const CHECK: &str = "check";
const DOWNLOAD: &str = "download";
const UPLOAD: &str = "upload";
const FILE: &str = "file";
const DAYS: &str = "days";
const QUESTION: &str = "question";
const TOPIC: &str = "topic";
const ENTRY: &str = "entry";
const LANGUAGE: &str = "language";

/// The command as Discord is told. Whom Discord offers it to: everybody, where a role is set that it does not know of; each call is checked.
pub fn command(settings: &ModerationSettings) -> CreateCommand {
    let text = |name, ja_name, description, ja| {
        CreateCommandOption::new(CommandOptionType::String, name, description)
            .name_localized("ja", ja_name)
            .description_localized("ja", ja)
    };
    let entry = || text(ENTRY, "項目", "The entry", "項目").set_autocomplete(true);
    let language = || {
        let option = text(LANGUAGE, "言語", "The form's language", "どの言語の文か");
        Lang::ALL.into_iter().fold(option, |option, lang| option.add_string_choice(lang.name(), lang.code()))
    };
    let sub = |name, ja_name, description, ja| {
        CreateCommandOption::new(CommandOptionType::SubCommand, name, description)
            .name_localized("ja", ja_name)
            .description_localized("ja", ja)
    };
    let command = CreateCommand::new(MANAGE)
        .name_localized("ja", "faq係")
        .description("For moderators: keep the FAQ")
        .description_localized("ja", "FAQ係のための、FAQの編集")
        .integration_types(vec![InstallationContext::Guild])
        .contexts(vec![InteractionContext::Guild])
        .add_option(sub(INBOX, "受信箱", "Questions without an answer", "答えのなかった質問"))
        .add_option(
            sub(ADD, "追加", "Write a new entry", "新しい項目を書く")
                .add_sub_option(text(TOPIC, "話題", "Its topic", "話題").set_autocomplete(true).required(true))
                .add_sub_option(language()),
        )
        .add_option(
            sub(EDIT, "編集", "Change an entry", "項目を変える")
                .add_sub_option(entry().required(true))
                .add_sub_option(language()),
        )
        .add_option(sub(REMOVE, "削除", "Take an entry out", "項目を外す").add_sub_option(entry().required(true)))
        .add_option(sub(HISTORY, "履歴", "What was changed, and back", "変更を見る・戻す").add_sub_option(entry()))
        .add_option(sub(CHECK, "点検", "Check the FAQ", "FAQを点検する"))
        .add_option(
            sub(EXPLAIN, "説明", "Why a question is answered so", "なぜその答えになるか")
                .add_sub_option(text(QUESTION, "質問", "The question", "質問").required(true).max_length(1_000)),
        )
        .add_option(
            sub(STATS, "統計", "What was asked", "聞かれたことの数").add_sub_option(
                CreateCommandOption::new(CommandOptionType::Integer, DAYS, "Days (30)")
                    .name_localized("ja", "日数")
                    .description_localized("ja", "日数（30）")
                    .min_int_value(1)
                    .max_int_value(MAX_DAYS),
            ),
        )
        .add_option(sub(DOWNLOAD, "ダウンロード", "The FAQ's files as a zip", "FAQのファイルを zip で受け取る"))
        .add_option(
            sub(UPLOAD, "アップロード", "Bring the zip back, edited", "編集した zip を戻す").add_sub_option(
                CreateCommandOption::new(CommandOptionType::Attachment, FILE, "The zip")
                    .name_localized("ja", "ファイル")
                    .description_localized("ja", "zip ファイル")
                    .required(true),
            ),
        );
    if settings.roles.is_empty() { command.default_member_permissions(Permissions::MANAGE_GUILD) } else { command }
}

/// As long as numbers are kept: for good; a year is what somebody compares with.
const MAX_DAYS: u64 = 366;

/// A moderator's call: what to answer, and as whom.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub at: Pressed<'a>,
    pub member: u64,
    /// Of our words to them.
    pub lang: Lang,
    /// Whether what they pressed is theirs alone, and may become something else.
    pub is_private: bool,
}

impl Bot {
    /// A moderator used the command.
    pub async fn manage(&self, command: &CommandInteraction) -> Result<(), Loss> {
        let lang = lang_of_locale(&command.locale);
        let call = Call {
            at: Pressed { id: command.id, token: &command.token, channel: command.channel_id },
            member: command.user.id.get(),
            lang,
            is_private: false,
        };
        if let Err(refusal) = self.may_moderate(command.guild_id, command.member.as_deref(), lang) {
            return self.say_privately(call, &page::sentence(&refusal)).await;
        }
        let options = command.data.options();
        let Some(ResolvedOption { name, value: ResolvedValue::SubCommand(given), .. }) = options.first() else { return Ok(()) };
        let text = |wanted: &str| {
            given.iter().find(|option| option.name == wanted).and_then(|option| match option.value {
                ResolvedValue::String(text) => Some(text),
                _ => None,
            })
        };
        let form_lang = text(LANGUAGE).and_then(|code| Lang::ALL.into_iter().find(|lang| lang.code() == code)).unwrap_or(lang);
        match *name {
            ADD => self.open_new(call, text(TOPIC).unwrap_or_default(), form_lang).await,
            EDIT => self.open_entry(call, text(ENTRY).unwrap_or_default(), form_lang).await,
            REMOVE => self.draft_removal(call, text(ENTRY).unwrap_or_default()).await,
            HISTORY => self.show_history(call, text(ENTRY)).await,
            INBOX => self.show_inbox(call).await,
            CHECK => self.show_check(call).await,
            EXPLAIN => self.show_explanation(call, text(QUESTION).unwrap_or_default()).await,
            DOWNLOAD => self.send_files(call).await,
            UPLOAD => {
                let file = given.iter().find_map(|option| match option.value {
                    ResolvedValue::Attachment(file) if option.name == FILE => Some(file),
                    _ => None,
                });
                self.take_files(call, file).await
            }
            STATS => {
                let days = given.iter().find_map(|option| match option.value {
                    ResolvedValue::Integer(days) if option.name == DAYS => Some(days),
                    _ => None,
                });
                self.show_stats(call, days.unwrap_or(30)).await
            }
            // Registered by an earlier version and still in somebody's list.
            _ => self.say_privately(call, &page::sentence(phrases::OLD_BUTTON.get(lang))).await,
        }
    }

    /// A moderator pressed a button.
    pub async fn moderate(&self, press: &ComponentInteraction, ticket: &Ticket, picked: Option<&str>) -> Result<(), Loss> {
        let lang = lang_of_locale(&press.locale);
        let is_private = press.message.flags.unwrap_or_default().contains(MessageFlags::EPHEMERAL);
        let call = Call {
            at: Pressed { id: press.id, token: &press.token, channel: press.channel_id },
            member: press.user.id.get(),
            lang,
            is_private,
        };
        if let Err(refusal) = self.may_moderate(press.guild_id, press.member.as_ref(), lang) {
            return self.say_privately(call, &page::sentence(&refusal)).await;
        }
        let extra = ticket.extra.unwrap_or(0);
        let number = i64::try_from(extra).unwrap_or(0);
        match ticket.action {
            Action::Edit if number > 0 => self.reopen(call, number, ticket.lang).await,
            Action::Edit => self.open_entry(call, ticket.entry.as_ref().map_or("", EntryId::as_str), ticket.lang).await,
            Action::Publish => self.publish_draft(call, number, false).await,
            Action::Mine => self.publish_draft(call, number, true).await,
            Action::Drop => self.drop_draft(call, number).await,
            Action::History => self.show_history_page(call, ticket.entry.as_ref().map(EntryId::as_str), number).await,
            Action::Past => self.show_change(call, picked.and_then(|id| id.parse().ok()).unwrap_or(0)).await,
            Action::Inbox => self.show_inbox(call).await,
            Action::Open => self.show_group(call, picked.and_then(|number| number.parse().ok()).unwrap_or(0)).await,
            Action::Same => self.open_wording(call, extra, picked.unwrap_or_default()).await,
            Action::NewFor => self.open_for(call, extra).await,
            Action::Into => self.move_draft(call, number, picked.unwrap_or_default()).await,
            Action::WordFor => self.open_word(call, extra).await,
            Action::NotOurs => self.close_group(call, extra).await,
            Action::Right => self.still_right(call, ticket.entry.as_ref().map_or("", EntryId::as_str)).await,
            Action::Undo | Action::UndoBy | Action::UndoTo => self.draft_way_back(call, ticket.action, number).await,
            _ => self.say_privately(call, &page::sentence(phrases::OLD_BUTTON.get(lang))).await,
        }
    }

    /// A moderator sent a form.
    pub async fn receive(&self, form: &ModalInteraction, ticket: &Ticket, texts: &[&str]) -> Result<(), Loss> {
        let lang = lang_of_locale(&form.locale);
        let call = Call {
            at: Pressed { id: form.id, token: &form.token, channel: form.channel_id },
            member: form.user.id.get(),
            lang,
            is_private: true,
        };
        if let Err(refusal) = self.may_moderate(form.guild_id, form.member.as_ref(), lang) {
            return self.say_privately(call, &page::sentence(&refusal)).await;
        }
        let number = ticket.extra.and_then(|extra| i64::try_from(extra).ok()).unwrap_or(0);
        let text = |nth: usize| texts.get(nth).copied().unwrap_or_default();
        match ticket.action {
            Action::Taught => self.take_wording(call, number, ticket.lang, text(0)).await,
            Action::Word => self.take_word(call, text(0), text(1)).await,
            _ => self.take_form(call, number, ticket.lang, texts).await,
        }
    }

    /// Whether somebody may keep the FAQ here and now; else what they are told.
    fn may_moderate(&self, guild: Option<GuildId>, member: Option<&Member>, lang: Lang) -> Result<(), String> {
        if self.place_of(guild) != Place::Home {
            let is_unset = self.settings.home_guild.is_none() && self.servers() > 1;
            let why = if is_unset { &phrases::NO_HOME } else { &phrases::WRONG_GUILD };
            return Err(why.get(lang).to_owned());
        }
        let permissions = member.and_then(|member| member.permissions).unwrap_or_default();
        let has_role =
            |member: &Member| member.roles.iter().any(|role| self.moderation.roles.iter().any(|known| known.get() == role.get()));
        if permissions.intersects(Permissions::MANAGE_GUILD | Permissions::ADMINISTRATOR) || member.is_some_and(has_role) {
            return Ok(());
        }
        let roles = self.moderation.roles.iter().map(|role| format!("<@&{role}>")).collect::<Vec<_>>().join(" ");
        Err(if roles.is_empty() {
            phrases::MANAGERS_ONLY.get(lang).to_owned()
        } else {
            phrases::MODERATORS_ONLY.with(lang, &[&roles])
        })
    }

    /// Whether the FAQ can be changed from here; else what moderators are told.
    fn may_edit(&self, lang: Lang) -> Result<(), &'static str> {
        if self.home == Home::Files { Err(phrases::KEPT_IN_FILES.get(lang)) } else { self.may_draft(lang) }
    }

    /// Whether what is to be changed can be written down here, for this FAQ's files or for a patch.
    fn may_draft(&self, lang: Lang) -> Result<(), &'static str> {
        let why = if self.desk().is_none() {
            &phrases::NEEDS_FOLDER
        } else if !self.journal.is_on() {
            &phrases::NEEDS_JOURNAL
        } else {
            return Ok(());
        };
        Err(why.get(lang))
    }

    async fn say_privately(&self, call: Call<'_>, page: &Page) -> Result<(), Loss> {
        self.respond(call.at, &CreateInteractionResponse::Message(body(page, true))).await
    }

    /// In the place of what was pressed, where only its presser sees that; else in a message of its own.
    async fn show_in_place(&self, call: Call<'_>, page: &Page) -> Result<(), Loss> {
        if call.is_private {
            self.respond(call.at, &CreateInteractionResponse::UpdateMessage(body(page, false))).await
        } else {
            self.say_privately(call, page).await
        }
    }

    /// The disk may be slower than Discord is patient.
    async fn think(&self, call: Call<'_>) -> Result<(), Loss> {
        let thinking = CreateInteractionResponseMessage::new().ephemeral(true);
        self.respond(call.at, &CreateInteractionResponse::Defer(thinking)).await
    }

    /// What stands in the log channel of what somebody did.
    async fn log_change(&self, page: &Page) {
        let Some(channel) = self.settings.log_channel else { return };
        let channel = ChannelId::new(channel.get());
        let asked = Instant::now();
        let posted = async {
            let floor = self.floor(channel, asked).await?;
            self.post(&floor, None, &format!("log-{}", self.now().as_nanos()), page, asked).await
        };
        if let Err(loss) = posted.await {
            warn!(
                channel = channel.get(),
                reason = loss.reason(),
                code = loss.code(),
                "a change is not told in the log channel: {loss}"
            );
        }
    }
}

impl Shared {
    /// What was being published when the program ended is settled, and what was saved meanwhile becomes history.
    pub async fn settle_changes(&self) {
        let Some(desk) = self.desk().filter(|_| self.journal.is_on()) else { return };
        if let Err(error) = desk.settle(&self.journal).await {
            warn!("changes that were under way are not settled: {error}");
        }
        self.note_saved().await;
    }

    /// What was saved in the folder becomes history.
    pub async fn note_saved(&self) {
        let Some(desk) = self.desk().filter(|_| self.journal.is_on()) else { return };
        match desk.see_files(Bot::clock(), &self.journal).await {
            Ok(changes) if !changes.is_empty() => info!(changes = changes.len(), "entries were changed in files"),
            Ok(_) => {}
            Err(error) => warn!("what was saved is not in the history: {error}"),
        }
    }
}
