//! Gateway events -> doors. The only place that knows which events there are.
//!
//! What an event leads to stands in `messages.rs`, `commands.rs` and `presses.rs`; whether the connection is well, in `connection`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serenity::async_trait;
use serenity::builder::CreateCommand;
use serenity::client::{Context, EventHandler};
use serenity::http::{HttpError, RatelimitInfo};
use serenity::model::application::{Command, Interaction};
use serenity::model::channel::{GuildChannel, Message, PartialGuildChannel};
use serenity::model::event::{MessageUpdateEvent, ResumedEvent, ThreadListSyncEvent};
use serenity::model::gateway::Ready;
use serenity::model::guild::{Guild as FullGuild, PartialGuild, Role, UnavailableGuild};
use serenity::model::id::{ChannelId, GuildId, MessageId, RoleId};
use tracing::{info, warn};

use super::bot::{Guild, Shared};
use super::commands;
use super::connection::in_time;
use super::connection::watchdog::{Seen, Watchdog};
use super::messages::guild_lang;
use super::queue::code;

/// Attempts to register the commands; a start without them still answers mentions.
const REGISTER_ATTEMPTS: u32 = 5;

/// Receives what Discord sends.
pub struct Events {
    /// Who answers.
    pub bot: Arc<Shared>,
    /// Who watches the connection.
    pub watchdog: Arc<Watchdog>,
    /// Whether the commands were registered since the start.
    pub is_registered: AtomicBool,
}

#[async_trait]
impl EventHandler for Events {
    async fn ready(&self, context: Context, ready: Ready) {
        self.watchdog.found(context.shard_id.0, Seen::Connected, Instant::now());
        self.bot.is_in(ready.guilds.len());
        info!(shard = context.shard_id.0, servers = ready.guilds.len(), name = ready.user.name, "connected");
        if !self.is_registered.swap(true, Ordering::Relaxed) && !register(&context, commands::all(&self.bot.moderation)).await {
            // The next READY tries again; until then the commands of the last start work.
            self.is_registered.store(false, Ordering::Relaxed);
        }
        self.bot.state.registered(self.is_registered.load(Ordering::Relaxed));
    }

    async fn resume(&self, context: Context, _: ResumedEvent) {
        self.watchdog.found(context.shard_id.0, Seen::Connected, Instant::now());
        info!(shard = context.shard_id.0, "connected again");
    }

    async fn ratelimit(&self, limit: RatelimitInfo) {
        // No path: it may hold an interaction's token.
        info!(seconds = limit.timeout.as_secs_f32(), global = limit.global, method = ?limit.method, "rate limit");
        if limit.global {
            self.bot.queue.pause(limit.timeout);
        }
    }

    async fn guild_create(&self, _: Context, guild: FullGuild, _: Option<bool>) {
        let me = self.bot.me();
        let our_role = guild.roles.values().find(|role| is_ours(role, me)).map(|role| role.id.get());
        let known = Guild { lang: guild_lang(&guild.preferred_locale), our_role };
        self.bot.guilds().insert(guild.id.get(), known);
        self.bot.watched.forget_guild(guild.id);
        guild.channels.values().chain(&guild.threads).for_each(|channel| self.bot.watched.learn(channel));
    }

    async fn guild_update(&self, _: Context, _: Option<FullGuild>, guild: PartialGuild) {
        self.bot.guilds().entry(guild.id.get()).or_default().lang = guild_lang(&guild.preferred_locale);
    }

    async fn guild_delete(&self, _: Context, guild: UnavailableGuild, _: Option<FullGuild>) {
        if !guild.unavailable {
            self.bot.guilds().remove(&guild.id.get());
            self.bot.watched.forget_guild(guild.id);
        }
    }

    async fn guild_role_create(&self, _: Context, role: Role) {
        if is_ours(&role, self.bot.me()) {
            self.bot.guilds().entry(role.guild_id.get()).or_default().our_role = Some(role.id.get());
        }
    }

    async fn guild_role_delete(&self, _: Context, guild: GuildId, role: RoleId, _: Option<Role>) {
        if let Some(known) = self.bot.guilds().get_mut(&guild.get())
            && known.our_role == Some(role.get())
        {
            known.our_role = None;
        }
    }

    async fn message(&self, _: Context, message: Message) {
        // Whoever stops the bot does not wait for people to answer.
        let Some(message) = self.bot.anew().after_people(message).await else { return };
        let _busy = self.bot.busy.read().await;
        self.bot.anew().hear(&message).await;
    }

    async fn message_update(&self, _: Context, _: Option<Message>, _: Option<Message>, event: MessageUpdateEvent) {
        let _busy = self.bot.busy.read().await;
        self.bot.anew().changed(&event).await;
    }

    async fn message_delete(&self, _: Context, _: ChannelId, message: MessageId, _: Option<GuildId>) {
        let _busy = self.bot.busy.read().await;
        self.bot.anew().deleted(&[message]).await;
    }

    async fn message_delete_bulk(&self, _: Context, _: ChannelId, messages: Vec<MessageId>, _: Option<GuildId>) {
        let _busy = self.bot.busy.read().await;
        self.bot.anew().deleted(&messages).await;
    }

    async fn channel_create(&self, _: Context, channel: GuildChannel) {
        self.bot.watched.learn(&channel);
    }

    async fn thread_create(&self, _: Context, thread: GuildChannel) {
        self.bot.watched.learn(&thread);
    }

    async fn thread_update(&self, _: Context, _: Option<GuildChannel>, thread: GuildChannel) {
        self.bot.watched.learn(&thread);
    }

    async fn thread_list_sync(&self, _: Context, sync: ThreadListSyncEvent) {
        sync.threads.iter().for_each(|thread| self.bot.watched.learn(thread));
    }

    async fn channel_delete(&self, _: Context, channel: GuildChannel, _: Option<Vec<Message>>) {
        self.bot.watched.forget(channel.id);
        self.bot.lanes.channel_gone(channel.id);
    }

    async fn thread_delete(&self, _: Context, thread: PartialGuildChannel, _: Option<GuildChannel>) {
        self.bot.watched.forget(thread.id);
        self.bot.lanes.channel_gone(thread.id);
    }

    async fn interaction_create(&self, _: Context, interaction: Interaction) {
        let _busy = self.bot.busy.read().await;
        match interaction {
            Interaction::Command(command) => self.bot.anew().used(&command).await,
            Interaction::Autocomplete(command) => self.bot.anew().typed(&command).await,
            Interaction::Component(press) => self.bot.anew().pressed(&press).await,
            Interaction::Modal(form) => self.bot.anew().submitted(&form).await,
            // Pings come over HTTP only; what Discord invents next is not for this version.
            _ => {}
        }
    }
}

fn is_ours(role: &Role, me: u64) -> bool {
    role.managed && role.tags.bot_id.is_some_and(|bot| bot.get() == me)
}

/// All commands in one call: only new names count against the daily limit. Whether Discord took them; what it refuses, it refuses again.
async fn register(context: &Context, commands: Vec<CreateCommand>) -> bool {
    for attempt in 1..=REGISTER_ATTEMPTS {
        let error = match in_time(Command::set_global_commands(&context.http, commands.clone())).await {
            Ok(registered) => {
                info!(commands = registered.len(), "commands registered");
                return true;
            }
            Err(error) => error,
        };
        warn!(attempt, "commands not registered: {error}");
        if code::of(&error).is_some() && !is_server_error(&error) {
            return false;
        }
        if attempt < REGISTER_ATTEMPTS {
            tokio::time::sleep(Duration::from_secs(2u64.pow(attempt))).await;
        }
    }
    false
}

fn is_server_error(error: &serenity::Error) -> bool {
    matches!(error, serenity::Error::Http(HttpError::UnsuccessfulRequest(response)) if response.status_code.is_server_error())
}
