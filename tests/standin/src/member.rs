//! A person: what they say, edit and delete. Leaves commands, buttons and forms to `interacting`.

use crate::seen::Seen;
use crate::world::{Message, World, permissions};
use crate::{Standin, sessions};

/// A person (or another bot) in the default guild.
#[derive(Clone)]
pub struct Member {
    pub(crate) standin: Standin,
    pub(crate) id: u64,
}

impl Member {
    /// The user's snowflake.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// As text mentions this person.
    pub fn mention(&self) -> String {
        format!("<@{}>", self.id)
    }

    /// The display name.
    pub fn name(&self) -> String {
        self.standin.with(|world| world.name(self.id))
    }

    fn change(self, change: impl FnOnce(&mut crate::world::User)) -> Self {
        self.standin.with(|world| change(world.users.get_mut(&self.id).expect("a member is a user of this world")));
        self
    }

    /// With a client in this language.
    pub fn speaking(self, locale: &str) -> Self {
        self.change(|user| locale.clone_into(&mut user.locale))
    }

    /// With MANAGE_MESSAGES and MANAGE_GUILD.
    pub fn moderator(self) -> Self {
        self.change(|user| user.permissions |= permissions::MANAGE_MESSAGES | permissions::MANAGE_GUILD)
    }

    /// With these permissions besides the ordinary ones.
    pub fn with_permissions(self, bits: u64) -> Self {
        self.change(|user| user.permissions |= bits)
    }

    /// Without these permission bits.
    #[must_use]
    pub fn without_permissions(self, bits: u64) -> Self {
        self.change(|user| user.permissions &= !bits)
    }

    /// With a role.
    pub fn with_role(self, role: u64) -> Self {
        self.change(|user| user.roles.push(role))
    }

    /// A bot account.
    pub fn bot(self) -> Self {
        self.change(|user| user.bot = true)
    }

    fn draft(&self, channel: u64, text: &str) -> Message {
        Message { channel, author: self.id, content: text.replace("<@BOT>", &self.bot_mention()), ..Message::default() }
    }

    fn bot_mention(&self) -> String {
        format!("<@{}>", self.standin.bot_id())
    }

    /// Says something; `<@BOT>` names the bot.
    pub async fn says(&self, channel: u64, text: &str) -> u64 {
        let draft = self.draft(channel, text);
        self.standin.with(|world| world.say(draft, false))
    }

    /// Answers a message, with the ping on, as clients do unless told otherwise.
    pub async fn replies(&self, to: u64, text: &str) -> u64 {
        self.answers(to, text, true)
    }

    /// Answers a message with the ping off.
    pub async fn replies_without_ping(&self, to: u64, text: &str) -> u64 {
        self.answers(to, text, false)
    }

    #[track_caller]
    fn answers(&self, to: u64, text: &str, ping: bool) -> u64 {
        let answered = self.standin.with(|world| world.visible(to, self.id));
        let answered = answered.unwrap_or_else(|| panic!("{} cannot answer a message that is not there", self.name()));
        assert!(answered.owner.is_none(), "ephemeral messages cannot be answered");
        let draft = Message { reply_to: Some(to), ..self.draft(answered.channel, text) };
        self.standin.with(|world| world.say(draft, ping))
    }

    /// Changes an own message.
    pub async fn edits(&self, message: u64, text: &str) {
        let text = text.replace("<@BOT>", &self.bot_mention());
        self.standin.with(|world| world.edit_by_member(message, &text));
    }

    /// Says something and changes it at once; the bot is told of the change first, as it may happen in Discord.
    pub async fn says_and_edits_out_of_order(&self, channel: u64, text: &str, changed: &str) -> u64 {
        let (draft, changed) = (self.draft(channel, text), changed.replace("<@BOT>", &self.bot_mention()));
        let speak = |world: &mut World| {
            let id = world.say(draft, false);
            world.edit_by_member(id, &changed);
            id
        };
        self.standin.with(|world| world.backwards(speak))
    }

    /// Deletes a message.
    pub async fn deletes(&self, message: u64) {
        self.standin.with(|world| world.delete(message));
    }

    /// Puts a reaction on a message.
    pub async fn reacts(&self, message: u64, emoji: &str) {
        self.standin.with(|world| world.react(message, self.id, emoji));
    }

    /// Says something to the bot alone.
    pub async fn dm(&self, text: &str) -> u64 {
        self.says(self.dm_channel(), text).await
    }

    /// The channel between this person and the bot.
    pub fn dm_channel(&self) -> u64 {
        self.standin.with(|world| world.dm(self.id))
    }

    /// Says something through a webhook under this name.
    pub async fn webhook_says(&self, channel: u64, text: &str) -> u64 {
        let mut draft = self.draft(channel, text);
        self.standin.with(|world| {
            draft.webhook = Some(world.name(self.id));
            draft.author = world.clock.id();
            world.say(draft, false)
        })
    }

    /// Opens a post in a forum: a thread, and its first message with the same id as the thread.
    pub async fn posts(&self, forum: u64, title: &str, text: &str) -> u64 {
        let thread = self.standin.add_thread(forum, title);
        let draft = Message { id: thread, ..self.draft(thread, text) };
        self.standin.with(|world| world.say(draft, false))
    }

    /// The message as this person sees it now.
    pub async fn fresh(&self, message: &Seen) -> Option<Seen> {
        self.standin.with(|world| world.visible(message.id, self.id).and_then(|_| world.look(message.id)))
    }
}

impl World {
    /// A message, if this person sees it.
    pub(crate) fn visible(&self, message: u64, user: u64) -> Option<Seen> {
        let seen = self.seen(message)?;
        let mine = seen.owner.is_none_or(|owner| owner == user);
        let dm = match self.channels.get(&seen.channel).map(|channel| channel.kind) {
            Some(crate::world::ChannelKind::Dm(with)) => with == user,
            _ => true,
        };
        (mine && dm).then_some(seen)
    }

    /// The bot's oldest message here that no test has taken, unless it is still being thought about.
    pub(crate) fn next_message(&mut self, channel: u64) -> Option<Seen> {
        let new =
            |message: &&Message| message.channel == channel && !message.deleted && message.flags & crate::world::LOADING == 0;
        let id = self.untaken.iter().filter_map(|id| self.messages.get(id)).find(new)?.id;
        self.look(id)
    }

    pub(crate) fn channel_event(&mut self, event: &str, channel: u64) {
        let Some(known) = self.channels.get(&channel) else { return };
        let guild = known.guild;
        let mut data = self.channel_json(known);
        if event == "THREAD_CREATE" {
            data["newly_created"] = serde_json::json!(true);
        }
        self.dispatch(guild, sessions::intents::GUILDS, event, &data);
    }

    pub(crate) fn bulk_delete(&mut self, channel: u64, messages: &[u64]) {
        for id in messages {
            self.tell(*id, "削除");
            if let Some(message) = self.messages.get_mut(id) {
                message.deleted = true;
                message.revision += 1;
            }
        }
        let guild = self.channels.get(&channel).and_then(|channel| channel.guild);
        let ids: Vec<String> = messages.iter().map(u64::to_string).collect();
        let data = serde_json::json!({"ids": ids, "channel_id": channel.to_string(), "guild_id": guild.map(|id| id.to_string())});
        self.dispatch(guild, sessions::intents::GUILD_MESSAGES, "MESSAGE_DELETE_BULK", &data);
    }
}
