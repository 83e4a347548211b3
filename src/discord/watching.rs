//! Where the bot listens along: watched channels with their threads, and forums. What is written there without addressing the bot is
//! answered where the FAQ is sure, and where no person was faster.
//!
//! Whether a person was is decided in [`crate::conversation`], how sure the FAQ must be in [`crate::answering`]. There is no cache:
//! which thread belongs where is learned from what Discord tells of threads.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serenity::model::channel::{ChannelType, GuildChannel, Message};
use serenity::model::id::{ChannelId, GuildId, MessageId};
use tokio::time::sleep;

use super::bot::Bot;
use crate::answering::{Outcome, Question};
use crate::conversation::{Author, Call, Remark};
use crate::settings::DiscordSettings;

/// Discord tells of a thread that is opened, or opened again, and of the message in it at once, and either may be handled first.
const THREAD_IS_TOLD: Duration = Duration::from_millis(100);
/// That often for a new post: what is told of it may lag.
const NEW_THREAD_IS_TOLD: usize = 20;

/// Which channels are watched.
#[derive(Debug)]
pub struct Watched {
    channels: HashSet<u64>,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// Of the watched channels, those that are forums.
    forums: HashSet<u64>,
    /// Open threads of watched channels: Discord allows a server a thousand.
    threads: HashMap<u64, Thread>,
}

#[derive(Debug)]
struct Thread {
    guild: u64,
    parent: u64,
    title: String,
}

/// What a message in a watched place is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// One of many, in a channel or thread.
    Talk,
    /// The first of a forum's post, which has this title.
    Post(String),
}

impl Watched {
    /// As the operator wants it.
    pub fn new(settings: &DiscordSettings) -> Self {
        Watched { channels: settings.watched_channels.iter().map(|id| id.get()).collect(), known: Mutex::default() }
    }

    /// Whether there is any.
    pub fn is_on(&self) -> bool {
        !self.channels.is_empty()
    }

    /// A channel or an open thread is there, or is called otherwise now.
    pub fn learn(&self, channel: &GuildChannel) {
        let id = channel.id.get();
        if self.channels.contains(&id) && channel.kind == ChannelType::Forum {
            self.known().forums.insert(id);
        }
        let Some(metadata) = channel.thread_metadata else { return };
        let parent = channel.parent_id.map(ChannelId::get).filter(|parent| self.channels.contains(parent));
        match parent.filter(|_| !metadata.archived) {
            Some(parent) => {
                let thread = Thread { guild: channel.guild_id.get(), parent, title: channel.name.clone() };
                self.known().threads.insert(id, thread);
            }
            None => self.forget(channel.id),
        }
    }

    /// A channel or thread is gone, or a thread is closed.
    pub fn forget(&self, channel: ChannelId) {
        let channel = channel.get();
        self.known().threads.retain(|thread, Thread { parent, .. }| *thread != channel && *parent != channel);
    }

    /// A server is gone, or tells anew what there is.
    pub fn forget_guild(&self, gone: GuildId) {
        self.known().threads.retain(|_, Thread { guild, .. }| *guild != gone.get());
    }

    /// What a message is, if it stands in a watched place. In a forum only the first of a post asks the members; what follows are replies.
    pub fn spot(&self, message: &Message) -> Option<Spot> {
        let channel = message.channel_id.get();
        if self.channels.contains(&channel) {
            return Some(Spot::Talk);
        }
        let known = self.known();
        let thread = known.threads.get(&channel)?;
        if !known.forums.contains(&thread.parent) {
            return Some(Spot::Talk);
        }
        is_first_of_post(message).then(|| Spot::Post(thread.title.clone()))
    }

    /// Waits until Discord has told of the thread in which a message stands, if it is one that we should know.
    async fn thread_is_told(&self, message: &Message) {
        let times = if is_first_of_post(message) { NEW_THREAD_IS_TOLD } else { 1 };
        for _ in 0..times {
            if self.spot(message).is_some() {
                return;
            }
            sleep(THREAD_IS_TOLD).await;
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A post in a forum and its first message have the same number; other messages never have their channel's.
fn is_first_of_post(message: &Message) -> bool {
    message.id.get() == message.channel_id.get()
}

/// Whether a message may be for anybody who reads it: no reply, and nobody named.
pub fn is_for_anybody(message: &Message) -> bool {
    let names_nobody = message.mentions.is_empty() && message.mention_roles.is_empty() && !message.mention_everyone;
    message.message_reference.is_none() && names_nobody
}

impl Bot {
    /// Lets people answer first what nobody asked the bot; gives the message as it is then, or nothing if the bot is not needed.
    /// A message that is for the bot, or for nobody, comes back at once.
    pub async fn after_people(self, mut message: Message) -> Option<Message> {
        if !self.watched.is_on() || message.guild_id.is_none() {
            return Some(message);
        }
        let heard = self.heard(&message);
        // Members whom we do not answer may well answer others.
        if !matches!(heard.author, Author::Person | Author::Ignored) || !matches!(heard.call, Call::Nobody | Call::Overheard) {
            return Some(message);
        }
        let (id, channel, member) = (message.id.get(), message.channel_id.get(), message.author.id.get());
        self.watched.thread_is_told(&message).await;
        let is_overheard = heard.author == Author::Person && self.heard(&message).call == Call::Overheard;
        // Before anything is thought about it: people may be quick.
        if is_overheard && !self.conversation().overheard.wait(id, channel, member, &message.content) {
            return None;
        }
        if self.conversation().overheard.is_any() {
            let replies_to = message.message_reference.as_ref().and_then(|replied| replied.message_id).map(MessageId::get);
            let said = Remark { channel, member, replies_to, asks: self.asks(&message) };
            self.conversation().overheard.spoke(said);
        }
        if !is_overheard {
            return Some(message);
        }
        let is_post = matches!(self.watched.spot(&message), Some(Spot::Post(_)));
        let is_waited_for = !is_post && self.knows_unasked(&message);
        // The FAQ may be saved meanwhile: nobody holds on to the one before.
        let shared = self.into_shared();
        if is_waited_for {
            sleep(Duration::from_secs(shared.settings.watch_wait)).await;
        }
        message.content = shared.conversation().overheard.take(id)?;
        // What is heard is followed from then on, whatever it asks.
        shared.anew().knows_unasked(&message).then_some(message)
    }

    /// The words of a message: those of a post begin with its title.
    pub fn words_of(&self, message: &Message) -> String {
        match self.watched.spot(message).filter(|_| self.watched.is_on()) {
            Some(Spot::Post(title)) => format!("{title}\n{}", message.content),
            Some(Spot::Talk) | None => message.content.clone(),
        }
    }

    /// Whether a message asks. Whoever opens a post in a forum wants to know something, however it is worded.
    fn asks(&self, message: &Message) -> bool {
        matches!(self.watched.spot(message), Some(Spot::Post(_))) || self.knowledge.judge().asks(&message.content)
    }

    /// Whether a message that nobody addressed to us asks what the FAQ surely answers, and the answer does not stand above.
    pub fn knows_unasked(&self, message: &Message) -> bool {
        if !self.asks(message) {
            return false;
        }
        let question = Question::new(&self.words_of(message), self.lang_of(message.guild_id.map(GuildId::get)));
        let decision = self.knowledge.decide(&question, &self.policy.unaddressed()).decision;
        let stands_above = |entry: &usize| {
            let entry = &self.knowledge.faq.entries[*entry].id;
            self.conversation().stands_above(message.channel_id.get(), entry, question.lang, self.now())
        };
        decision.outcome == Outcome::Answer && !decision.entries.iter().any(stands_above)
    }
}
