//! A strict local Discord for tests: REST over TLS and the gateway's WebSocket on 127.0.0.1, for one bot, in this process. It
//! withholds what Discord withholds, refuses what Discord refuses, and fails the test when the bot calls what it does not know.
//! Nothing leaves the machine.
//!
//! `Standin` is the way in; `Member` is a person; what they see is `Seen`, `Modal`, `Response`. Inside: `world` is what is the
//! case, `speaking` and `interactions` what happens, `rest` → `routes` → `channels` the calls, `gateway` ← `sessions` the events,
//! `limits` the shape of bodies.

#![recursion_limit = "512"]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod channels;
mod clock;
mod faults;
mod gateway;
mod interacting;
mod interactions;
pub mod limits;
mod member;
mod objects;
mod refusal;
mod rest;
mod routes;
mod seen;
mod servers;
mod sessions;
mod speaking;
mod world;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;

pub use faults::{Failure, Matcher, Rest};
pub use gateway::Gateway;
pub use member::Member;
pub use seen::{Modal, Piece, Response, Seen};
use servers::Servers;
pub use world::{Call, permissions};
use world::{ChannelKind, InteractionKind, World};

/// What servers and handles share: the world, and a bell that rings after every change.
pub(crate) struct Shared {
    world: Mutex<World>,
    changed: watch::Sender<u64>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, World> {
        // A test that panicked in here has failed already; the others may go on looking.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the world, and lets those who wait look again.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let result = act(&mut self.lock());
        self.changed.send_modify(|count| *count += 1);
        result
    }
}

/// A local Discord with one server, 「医療系SEの広場」, and one bot in it. Cheap to clone; when the last handle goes, it fails the test
/// if the bot did what no bot may do.
#[derive(Clone)]
pub struct Standin {
    handle: Arc<Handle>,
}

struct Handle {
    shared: Arc<Shared>,
    servers: Servers,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.servers.stop();
        let violations = std::mem::take(&mut self.shared.lock().violations);
        if !std::thread::panicking() {
            assert!(violations.is_empty(), "the stand-in saw what Discord would not stand:\n{}", violations.join("\n"));
        }
    }
}

impl Standin {
    /// A new world on ports of its own.
    pub async fn start() -> Self {
        let shared = Arc::new(Shared { world: Mutex::new(World::new()), changed: watch::Sender::new(0) });
        let servers = Servers::start(&shared).await;
        Self { handle: Arc::new(Handle { shared, servers }) }
    }

    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        self.handle.shared.with(act)
    }

    /// Looks again after every change until `look` finds something, by the real clock, whatever the test does with its own.
    pub(crate) async fn wait_for<T: Send + 'static>(
        &self,
        limit: Duration,
        mut look: impl FnMut(&mut World) -> Option<T> + Send + 'static,
    ) -> Option<T> {
        let shared = Arc::clone(&self.handle.shared);
        let waiting = async move {
            let mut changed = shared.changed.subscribe();
            loop {
                changed.mark_unchanged();
                if let Some(found) = look(&mut shared.lock()) {
                    return Some(found);
                }
                changed.changed().await.ok()?;
            }
        };
        let task = self.handle.servers.runtime().spawn(tokio::time::timeout(limit, waiting));
        task.await.expect("waiting does not panic").ok().flatten()
    }

    pub(crate) async fn wait_or_report<T: Send + 'static>(
        &self,
        what: &str,
        limit: Duration,
        look: impl FnMut(&mut World) -> Option<T> + Send + 'static,
    ) -> T {
        match self.wait_for(limit, look).await {
            Some(found) => found,
            None => panic!("{what} did not come within {limit:?}.\n{}", self.with(|world| world.report())),
        }
    }

    /// Where REST is served, under the name `discord.com`.
    pub fn address(&self) -> SocketAddr {
        self.handle.servers.address
    }

    /// Where the gateway is served.
    pub fn gateway_url(&self) -> String {
        self.with(|world| world.gateway_url.clone())
    }

    /// The root that signed the certificate.
    pub fn ca_pem(&self) -> String {
        self.handle.servers.ca_pem.clone()
    }

    /// The same in a file, which goes with the stand-in.
    pub fn ca_file(&self) -> PathBuf {
        self.handle.servers.ca_file.clone()
    }

    /// The one token that is right.
    pub fn token(&self) -> String {
        self.with(|world| world.token.clone())
    }

    /// The bot's user.
    pub fn bot_id(&self) -> u64 {
        self.with(|world| world.bot)
    }

    /// Its application: as with every newer bot, the same number.
    pub fn application_id(&self) -> u64 {
        self.bot_id()
    }

    /// The role Discord made for the bot in the default guild, with the bot's name.
    pub fn bot_role(&self) -> u64 {
        self.with(|world| world.bot_role(world.guild).expect("every guild has the bot's role"))
    }

    /// The default guild.
    pub fn guild(&self) -> u64 {
        self.with(|world| world.guild)
    }

    /// Its channel #general.
    pub fn general(&self) -> u64 {
        self.with(|world| world.general)
    }

    /// Its channel #help.
    pub fn help(&self) -> u64 {
        self.with(|world| world.help)
    }

    /// One more guild, with the bot and everybody in it.
    pub fn add_guild(&self, name: &str, locale: &str) -> u64 {
        self.with(|world| {
            let id = world.add_guild(name, locale);
            let event = world.guild_create_json(&world.guilds[&id]);
            world.dispatch(Some(id), sessions::intents::GUILDS, "GUILD_CREATE", &event);
            id
        })
    }

    /// Takes the bot out of a guild, as whoever manages it can.
    pub fn remove_bot(&self, guild: u64) {
        self.with(|world| {
            world.guilds.remove(&guild).expect("a guild of this world");
            world.dispatch(Some(guild), sessions::intents::GUILDS, "GUILD_DELETE", &json!({"id": guild.to_string()}));
        });
    }

    /// So many more people are in a guild; Discord tells the bot no more of them than their number.
    pub fn crowd(&self, guild: u64, others: usize) {
        self.with(|world| world.guilds.get_mut(&guild).expect("a guild of this world").others += others);
    }

    fn add(&self, guild: u64, name: &str, kind: ChannelKind, parent: Option<u64>, event: &str) -> u64 {
        self.with(|world| {
            let id = world.add_channel(guild, name, kind, parent);
            world.channel_event(event, id);
            id
        })
    }

    /// One more text channel.
    pub fn add_channel(&self, guild: u64, name: &str) -> u64 {
        self.add(guild, name, ChannelKind::Text, None, "CHANNEL_CREATE")
    }

    /// One more forum.
    pub fn add_forum(&self, guild: u64, name: &str) -> u64 {
        self.add(guild, name, ChannelKind::Forum, None, "CHANNEL_CREATE")
    }

    /// A thread in a channel, or a post in a forum.
    pub fn add_thread(&self, channel: u64, name: &str) -> u64 {
        let guild = self.with(|world| world.channels[&channel].guild.expect("threads are in guilds"));
        self.add(guild, name, ChannelKind::Thread, Some(channel), "THREAD_CREATE")
    }

    /// Takes a channel or thread away.
    pub fn delete_channel(&self, channel: u64) {
        self.with(|world| {
            let kind = world.channels[&channel].kind;
            let event = if kind == ChannelKind::Thread { "THREAD_DELETE" } else { "CHANNEL_DELETE" };
            world.channel_event(event, channel);
            world.channels.get_mut(&channel).expect("a channel of this world").deleted = true;
        });
    }

    /// Deletes several messages at once, as moderators' bots do.
    pub fn bulk_delete(&self, channel: u64, messages: &[u64]) {
        self.with(|world| world.bulk_delete(channel, messages));
    }

    /// What the bot may do in a channel (and in its threads) from now on.
    pub fn set_bot_permissions(&self, channel: u64, bits: u64) {
        self.with(|world| {
            world.channels.get_mut(&channel).expect("a channel of this world").bot_permissions = Some(bits);
            world.channel_event("CHANNEL_UPDATE", channel);
        });
    }

    /// What @everyone and the bot's own role allow in the default guild from now on.
    pub fn set_bot_role_permissions(&self, bits: u64) {
        self.with(|world| {
            let (id, bot) = (world.guild, world.bot);
            let guild = world.guilds.get_mut(&id).expect("the default guild is there");
            for role in guild.roles.iter_mut().filter(|role| role.id == id || role.bot == Some(bot)) {
                role.permissions = bits;
            }
        });
    }

    /// Switches of the portal, by their names in the application's JSON.
    pub fn set_portal(&self, fields: Value) {
        self.with(|world| objects::merge(&mut world.portal, fields));
    }

    /// Closes a thread; whoever may write opens it again by hand.
    pub fn archive(&self, thread: u64) {
        self.close_thread(thread, false);
    }

    /// Closes a thread for good.
    pub fn lock(&self, thread: u64) {
        self.close_thread(thread, true);
    }

    fn close_thread(&self, thread: u64, for_good: bool) {
        self.with(|world| {
            let channel = world.channels.get_mut(&thread).expect("a thread of this world");
            (channel.archived, channel.locked) = (channel.archived || !for_good, channel.locked || for_good);
            world.channel_event("THREAD_UPDATE", thread);
        });
    }

    /// This person takes no DMs from the bot.
    pub fn close_dms_of(&self, user: u64) {
        self.with(|world| world.users.get_mut(&user).expect("a user of this world").dms_closed = true);
    }

    /// The portal's switch for MESSAGE_CONTENT; off at the start.
    pub fn enable_message_content(&self, enabled: bool) {
        self.with(|world| world.message_content = enabled);
    }

    /// AutoMod blocks what contains this word.
    pub fn block_word(&self, word: &str) {
        self.with(|world| world.blocked_words.insert(word.to_owned()));
    }

    /// Time passes: tokens age, nonces are forgotten.
    pub fn advance(&self, by: Duration) {
        self.with(|world| world.clock.advance(by));
    }

    /// A new person in the default guild: Japanese, ordinary permissions.
    pub fn member(&self, name: &str) -> Member {
        let id = self.with(|world| world.add_user(name));
        Member { standin: self.clone(), id }
    }

    /// Until a session has got READY.
    pub async fn connected(&self) {
        let ready = |world: &mut World| world.sessions.iter().any(|session| session.connection.is_some()).then_some(());
        self.wait_or_report("a session", Duration::from_secs(15), ready).await;
        // Commands are registered at about the same time: a bot that does so at all has begun by now or soon will.
        let registered = |world: &mut World| (world.commands_put > 0).then_some(());
        self.wait_for(Duration::from_secs(2), registered).await;
    }

    /// The bot's next message in that channel.
    pub async fn next_message(&self, channel: u64) -> Seen {
        let place = self.with(|world| world.place(channel));
        let what = format!("a message of the bot in {place}");
        self.wait_or_report(&what, Duration::from_secs(10), move |world| world.next_message(channel)).await
    }

    /// The same, if it comes within `wait`.
    pub async fn next_message_or_none(&self, channel: u64, wait: Duration) -> Option<Seen> {
        self.wait_for(wait, move |world| world.next_message(channel)).await
    }

    /// A message as everybody sees it now: none if it is deleted or private.
    pub fn message(&self, id: u64) -> Option<Seen> {
        self.with(|world| world.seen(id).filter(|seen| !seen.ephemeral).and_then(|_| world.look(id)))
    }

    /// The bot's messages that stand in a channel now, oldest first.
    pub fn standing(&self, channel: u64) -> Vec<Seen> {
        self.with(|world| {
            let bot = world.bot;
            let there = |message: &crate::world::Message| {
                message.channel == channel && message.author == bot && !message.deleted && message.owner.is_none()
            };
            let ids: Vec<u64> = world.messages.iter().filter(|(_, message)| there(message)).map(|(id, _)| *id).collect();
            ids.into_iter().filter_map(|id| world.look(id)).collect()
        })
    }

    /// What Discord does to messages by itself, and what people pin: MESSAGE_UPDATE without any edit.
    pub fn touches(&self, message: u64) {
        self.with(|world| world.dispatch_message("MESSAGE_UPDATE", message));
    }

    /// A file by its address, as the bot or a member uploaded it.
    pub fn file(&self, url: &str) -> Option<Vec<u8>> {
        let path = url.strip_prefix("https://cdn.discordapp.com")?.to_owned();
        self.with(|world| world.files.get(&path).cloned())
    }

    /// A new role in the default guild.
    pub fn add_role(&self, name: &str) -> u64 {
        self.with(|world| world.add_role(name))
    }

    /// Until that message is edited, or deleted (`None`), since it was last looked at.
    pub async fn changed(&self, id: u64) -> Option<Seen> {
        let differs = move |world: &mut World| {
            let message = world.messages.get(&id)?;
            (message.looked != message.revision).then(|| world.look(id))
        };
        self.wait_or_report("a change of the message", Duration::from_secs(10), differs).await
    }

    /// The bot's reaction on a message, once there is one.
    pub async fn reaction(&self, message: u64) -> String {
        let reacted = move |world: &mut World| {
            let bot = world.bot;
            world.messages.get(&message)?.reactions.iter().find(|(_, by)| *by == bot).map(|(emoji, _)| emoji.clone())
        };
        self.wait_or_report("a reaction of the bot", Duration::from_secs(10), reacted).await
    }

    /// The next message that follows up this response, not returned before.
    pub async fn next_followup(&self, response: &Response) -> Seen {
        let known = response.interaction();
        let next = move |world: &mut World| {
            let id = known.or_else(|| world.interactions.keys().next_back().copied())?;
            let followups = world.interactions.get(&id)?.followups.clone();
            let new = followups.into_iter().find(|id| world.messages.get(id).is_some_and(|message| !message.taken))?;
            world.look(new)
        };
        self.wait_or_report("a followup", Duration::from_secs(10), next).await
    }

    /// Every REST call so far.
    pub fn calls(&self) -> Vec<Call> {
        self.with(|world| world.calls.clone())
    }

    /// Forgets the calls so far and the completions that were answered: what a run of hours would fill the memory with.
    pub fn forget_calls(&self) {
        self.with(|world| {
            world.calls.clear();
            world.interactions.retain(|_, known| known.kind != InteractionKind::Autocomplete || known.answered.is_none());
        });
    }

    /// The commands as registered.
    pub fn commands(&self) -> Value {
        self.with(|world| json!(world.commands))
    }

    /// The gateway, to steer and read it.
    pub fn gateway(&self) -> Gateway {
        Gateway(self.clone())
    }

    /// The REST side, to steer it.
    pub fn rest(&self) -> Rest {
        Rest(self.clone())
    }

    /// Appends every REST call from now on to this file, one JSON object a line; so does the environment's `STANDIN_RECORD` from
    /// the start.
    pub fn record(&self, file: PathBuf) {
        self.with(|world| world.record = Some(file));
    }

    /// Whom the bot's messages pinged or would have: message and name.
    pub fn pings(&self) -> Vec<(u64, String)> {
        self.with(|world| world.pings.clone())
    }

    /// What no bot in order does.
    pub fn violations(&self) -> Vec<String> {
        self.with(|world| world.violations.clone())
    }

    /// Violations are no longer kept, and those there were are forgotten.
    pub fn tolerate_violations(&self) {
        self.with(|world| {
            world.tolerant = true;
            world.violations.clear();
        });
    }

    /// What happened, in order, as everybody would see it; no ids, no times.
    pub fn transcript(&self) -> String {
        /// What links to messages begin with; ids follow.
        const MESSAGE_LINK: &str = "https://discord.com/channels/";
        let told = self.with(|world| world.transcript.join("\n"));
        let mut parts = told.split(MESSAGE_LINK);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |told, part| {
            told + MESSAGE_LINK + "…" + part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '/')
        })
    }
}
