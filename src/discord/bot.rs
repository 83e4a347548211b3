//! What all doors share: the FAQ of the moment, the conversation so far, what we know of servers.
//!
//! Which event leads to what stands in `messages.rs`, `commands.rs` and `presses.rs`; the ways to send, in `sending.rs`.

use std::collections::HashMap;
use std::num::NonZero;
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use serenity::http::Http;
use serenity::model::id::RoleId;
use tokio::sync::RwLock;
use tokio::time::Instant;

use super::lanes::Lanes;
use super::page::{Frame, Surface};
use super::queue::Queue;
use super::watching::Watched;
use crate::answering::{Outcome, Policy};
use crate::conversation::Conversation;
use crate::faq::Lang;
use crate::journal::Journal;
use crate::knowledge::Knowledge;
use crate::moderation::Desk;
use crate::monitoring::server::Monitored;
use crate::monitoring::{Monitor, State};
use crate::settings::{DiscordSettings, Home, ModerationSettings, Settings};

/// The bot, connected or about to be, as one event finds it: with the FAQ of that moment, which stays the same to the event's end although
/// somebody may save another meanwhile. What it finds by number in one FAQ is never looked up in another.
#[derive(Clone, Debug)]
pub struct Bot {
    /// The FAQ.
    pub knowledge: Arc<Knowledge>,
    shared: Arc<Shared>,
}

impl Deref for Bot {
    type Target = Arc<Shared>;

    fn deref(&self) -> &Arc<Shared> {
        &self.shared
    }
}

/// What all events share.
#[derive(Debug)]
pub struct Shared {
    /// The newest FAQ, and how often one was published from here.
    newest: Mutex<(Arc<Knowledge>, u64)>,
    /// When to answer.
    pub policy: Policy,
    /// The language where nothing else tells it.
    pub default_lang: Lang,
    /// What the operator set.
    pub settings: DiscordSettings,
    /// The way out, and the account of what became of everything.
    pub queue: Queue,
    /// What stands under which question.
    pub lanes: Lanes,
    /// How things stand, for whoever watches the bot.
    pub state: State,
    /// Where we listen along.
    pub watched: Watched,
    /// Who may keep the FAQ from Discord.
    pub moderation: ModerationSettings,
    /// Where the FAQ is written.
    pub home: Home,
    desk: OnceLock<Desk>,
    /// What is kept of questions …
    pub journal: Journal,
    /// … for so many days.
    pub keep_days: u32,
    http: OnceLock<Arc<Http>>,
    conversation: Mutex<Conversation>,
    guilds: Mutex<HashMap<u64, Guild>>,
    me: AtomicU64,
    servers: AtomicUsize,
    /// Held by whoever is at work; taken whole by the one who waits for the end of all work.
    pub busy: RwLock<()>,
    started: Instant,
}

/// What we must know of a server; there is no cache beside it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Guild {
    /// The language its owner chose.
    pub lang: Option<Lang>,
    /// The role that Discord made for the bot, and that people mention by mistake.
    pub our_role: Option<u64>,
}

impl Bot {
    /// A bot that answers from a FAQ.
    pub fn new(knowledge: Arc<Knowledge>, settings: &Settings, journal: Journal) -> Self {
        let shared = Shared {
            newest: Mutex::new((Arc::clone(&knowledge), 0)),
            policy: settings.answering,
            default_lang: settings.language,
            settings: settings.discord.clone(),
            queue: Queue::new(settings.discord.rest_per_second),
            lanes: Lanes::default(),
            state: State::default(),
            watched: Watched::new(&settings.discord),
            moderation: settings.moderation.clone(),
            home: settings.faq.home,
            desk: OnceLock::new(),
            journal,
            keep_days: settings.journal.keep_days,
            http: OnceLock::new(),
            conversation: Mutex::default(),
            guilds: Mutex::default(),
            me: AtomicU64::new(0),
            servers: AtomicUsize::new(0),
            busy: RwLock::new(()),
            started: Instant::now(),
        };
        shared.state.answers_from(&knowledge.version, knowledge.faq.entries.len());
        Bot { knowledge, shared: Arc::new(shared) }
    }
}

impl Bot {
    /// What outlives the event.
    pub fn into_shared(self) -> Arc<Shared> {
        self.shared
    }
}

impl Shared {
    /// The bot with the newest FAQ, for one event. Whoever lives longer keeps what is shared, and no FAQ that was replaced.
    #[must_use]
    pub fn anew(self: &Arc<Self>) -> Bot {
        let newest = self.newest();
        Bot { knowledge: Arc::clone(&newest.0), shared: Arc::clone(self) }
    }

    /// From the next event on, this FAQ is answered from, which was published from here.
    pub fn answer_from(&self, knowledge: Arc<Knowledge>) {
        self.exchange(knowledge, None);
    }

    /// The same of one that was read from files; unless something was published since they were read, when `published` times was known: then they
    /// are older than what is answered from, and will be read again.
    pub fn answer_from_files(&self, knowledge: Arc<Knowledge>, published: u64) {
        self.exchange(knowledge, Some(published));
    }

    /// How often a FAQ was published from here.
    pub fn published(&self) -> u64 {
        self.newest().1
    }

    fn exchange(&self, knowledge: Arc<Knowledge>, only_if: Option<u64>) {
        let mut newest = self.newest();
        if only_if.is_some_and(|published| published != newest.1) {
            return;
        }
        let published = newest.1 + u64::from(only_if.is_none());
        self.state.answers_from(&knowledge.version, knowledge.faq.entries.len());
        let before = std::mem::replace(&mut *newest, (knowledge, published));
        drop(newest);
        // Dropped, if nobody needs it any more, when the lock is free again.
        drop(before);
        self.conversation().forget_answers();
    }

    fn newest(&self) -> MutexGuard<'_, (Arc<Knowledge>, u64)> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The folder that the FAQ is answered from, and may be written to.
    pub fn work_at(&self, desk: Desk) {
        // A bot follows one folder.
        let _ = self.desk.set(desk);
    }

    /// That folder; none where the FAQ is the copy in the program.
    pub fn desk(&self) -> Option<&Desk> {
        self.desk.get()
    }

    /// The connection everything goes through from now on.
    pub fn connect(&self, http: Arc<Http>) {
        // A bot connects once; a second connection would be another bot.
        let _ = self.http.set(http);
    }

    /// Discord's REST calls.
    pub fn http(&self) -> &Arc<Http> {
        self.http.get().expect("events come after the connection that brings them")
    }

    /// A question was decided.
    pub fn decided(&self, surface: Surface, outcome: Outcome) {
        self.queue.account.decided(surface.name(), outcome.name());
    }

    /// Our own user; 0 before connecting.
    pub fn me(&self) -> u64 {
        self.me.load(Ordering::Relaxed)
    }

    /// Discord told who we are.
    pub fn we_are(&self, me: u64) {
        self.me.store(me, Ordering::Relaxed);
    }

    /// How many servers a shard said the bot is in, at most.
    pub fn servers(&self) -> usize {
        self.servers.load(Ordering::Relaxed)
    }

    /// A shard said how many servers the bot is in.
    pub fn is_in(&self, servers: usize) {
        self.servers.fetch_max(servers, Ordering::Relaxed);
    }

    /// Whether the operator wants somebody with these roles not to be answered.
    pub fn is_ignored(&self, roles: &[RoleId]) -> bool {
        roles.iter().any(|role| self.settings.ignored_roles.contains(&role.get()))
    }

    /// Time for the conversation: since the start.
    pub fn now(&self) -> Duration {
        self.started.elapsed()
    }

    /// What was said and heard lately. Never held across an `await`.
    pub fn conversation(&self) -> MutexGuard<'_, Conversation> {
        self.conversation.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What we know of servers. Never held across an `await`.
    pub fn guilds(&self) -> MutexGuard<'_, HashMap<u64, Guild>> {
        self.guilds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The language of a server, or the default.
    pub fn lang_of(&self, guild: Option<u64>) -> Lang {
        let lang = guild.and_then(|guild| self.guilds().get(&guild).and_then(|guild| guild.lang));
        lang.unwrap_or(self.default_lang)
    }

    /// A frame for a message of ours.
    pub fn frame(&self, lang: Lang, asker: Option<u64>, surface: Surface) -> Frame {
        Frame {
            lang,
            asker,
            surface,
            help_channel: self.settings.help_channel.map(NonZero::get),
            hands_on: self.journal.is_on(),
            is_browsed: false,
            helped: None,
        }
    }
}

impl Monitored for Shared {
    fn monitored(&self) -> Monitor<'_> {
        self.state.lost(self.journal.lost());
        Monitor { figures: &self.queue.account, state: &self.state }
    }
}

/// The language of a Discord locale.
pub fn lang_of_locale(locale: &str) -> Lang {
    if locale.starts_with("ja") { Lang::Ja } else { Lang::En }
}
