//! What is the case in this Discord: users, guilds, channels, messages, interactions, commands. Plain data and how it comes into
//! being; leaves its JSON to `objects`, what may be done with it to `speaking`, `interactions` and the routes, and who hears of
//! it to `sessions`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::clock::Clock;
use crate::faults::{GatewayFaults, RestFaults};
use crate::sessions::{Connection, Session};

/// Permission bits under Discord's names.
pub mod permissions {
    #![allow(missing_docs)]
    pub const ADD_REACTIONS: u64 = 1 << 6;
    pub const VIEW_CHANNEL: u64 = 1 << 10;
    pub const SEND_MESSAGES: u64 = 1 << 11;
    pub const MANAGE_MESSAGES: u64 = 1 << 13;
    pub const EMBED_LINKS: u64 = 1 << 14;
    pub const ATTACH_FILES: u64 = 1 << 15;
    pub const READ_MESSAGE_HISTORY: u64 = 1 << 16;
    pub const MENTION_EVERYONE: u64 = 1 << 17;
    pub const MANAGE_GUILD: u64 = 1 << 5;
    pub const ADMINISTRATOR: u64 = 1 << 3;
    pub const USE_APPLICATION_COMMANDS: u64 = 1 << 31;
    pub const SEND_MESSAGES_IN_THREADS: u64 = 1 << 38;
    /// What @everyone may do in an ordinary server.
    pub const ORDINARY: u64 = ADD_REACTIONS
        | VIEW_CHANNEL
        | SEND_MESSAGES
        | EMBED_LINKS
        | ATTACH_FILES
        | READ_MESSAGE_HISTORY
        | USE_APPLICATION_COMMANDS
        | SEND_MESSAGES_IN_THREADS;
}

pub(crate) struct User {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) bot: bool,
    pub(crate) locale: String,
    pub(crate) roles: Vec<u64>,
    pub(crate) permissions: u64,
    pub(crate) dms_closed: bool,
    pub(crate) dm: Option<u64>,
}

pub(crate) struct Role {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) permissions: u64,
    /// The bot whose role this is: Discord makes one for each bot, with the bot's name.
    pub(crate) bot: Option<u64>,
}

pub(crate) struct Guild {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) locale: String,
    pub(crate) owner: u64,
    pub(crate) roles: Vec<Role>,
    pub(crate) members: Vec<u64>,
    /// How many more people there are of whom nothing but their number is known.
    pub(crate) others: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChannelKind {
    Text,
    Thread,
    Forum,
    Dm(u64),
}

pub(crate) struct Channel {
    pub(crate) id: u64,
    pub(crate) guild: Option<u64>,
    pub(crate) parent: Option<u64>,
    pub(crate) name: String,
    pub(crate) kind: ChannelKind,
    /// What the bot may do here; none of its own: as in the parent, or the ordinary.
    pub(crate) bot_permissions: Option<u64>,
    /// The newest message that everybody saw there; it may be deleted.
    pub(crate) last_message: Option<u64>,
    pub(crate) archived: bool,
    pub(crate) locked: bool,
    pub(crate) deleted: bool,
}

#[derive(Default)]
pub(crate) struct Message {
    pub(crate) id: u64,
    pub(crate) channel: u64,
    pub(crate) author: u64,
    /// The name a webhook speaks under.
    pub(crate) webhook: Option<String>,
    pub(crate) content: String,
    pub(crate) embeds: Value,
    pub(crate) components: Value,
    pub(crate) attachments: Value,
    pub(crate) flags: u64,
    pub(crate) kind: u8,
    pub(crate) reply_to: Option<u64>,
    pub(crate) mentions: Vec<u64>,
    pub(crate) mention_roles: Vec<u64>,
    pub(crate) mention_everyone: bool,
    pub(crate) nonce: Value,
    /// The interaction whose response or followup this is.
    pub(crate) interaction: Option<u64>,
    /// The only one who sees it: the message is ephemeral.
    pub(crate) owner: Option<u64>,
    pub(crate) reactions: Vec<(String, u64)>,
    pub(crate) edited: Option<u64>,
    pub(crate) edits: Vec<u64>,
    pub(crate) deleted: bool,
    /// Grows with every edit; `looked` is the revision the test has seen.
    pub(crate) revision: u32,
    pub(crate) looked: u32,
    /// A test has been given it.
    pub(crate) taken: bool,
}

pub(crate) const EPHEMERAL: u64 = 1 << 6;
pub(crate) const LOADING: u64 = 1 << 7;
pub(crate) const SUPPRESS_EMBEDS: u64 = 1 << 2;

/// The kinds of interaction, by Discord's numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum InteractionKind {
    Command = 2,
    Component = 3,
    Autocomplete = 4,
    Modal = 5,
}

pub(crate) struct Interaction {
    pub(crate) id: u64,
    pub(crate) token: String,
    pub(crate) kind: InteractionKind,
    pub(crate) user: u64,
    pub(crate) channel: u64,
    pub(crate) created: u64,
    /// The message whose component was used, also for a modal opened by one.
    pub(crate) source: Option<u64>,
    /// Target of a message command.
    pub(crate) target: Option<u64>,
    /// Which command, as the member typed it.
    pub(crate) name: String,
    /// The callback type it was answered with.
    pub(crate) answered: Option<u64>,
    /// Nobody waits any more: the member has seen "This interaction failed".
    pub(crate) failed: bool,
    pub(crate) original: Option<u64>,
    /// The revision of the original when it was acknowledged: an edit after a type 6 shows by it.
    pub(crate) revision: u32,
    pub(crate) choices: Value,
    pub(crate) modal: Value,
    pub(crate) followups: Vec<u64>,
    pub(crate) entry: usize,
}

/// One REST call, as it came and was answered.
#[derive(Clone, Debug)]
pub struct Call {
    /// GET, POST …
    pub method: String,
    /// The path below `/api/v10`, with its query.
    pub path: String,
    /// The JSON body; null where none.
    pub body: Value,
    /// The HTTP status; 0 where the connection was dropped instead.
    pub status: u16,
    /// Discord's own error code, where it refused.
    pub code: Option<u64>,
    /// When it came.
    pub at: Instant,
}

pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) token: String,
    pub(crate) bot: u64,
    pub(crate) message_content: bool,
    pub(crate) guild: u64,
    pub(crate) general: u64,
    pub(crate) help: u64,
    pub(crate) users: BTreeMap<u64, User>,
    pub(crate) guilds: BTreeMap<u64, Guild>,
    pub(crate) channels: BTreeMap<u64, Channel>,
    pub(crate) messages: BTreeMap<u64, Message>,
    /// The bot's public messages that no test has taken yet.
    pub(crate) untaken: BTreeSet<u64>,
    /// The bot's last message with each nonce, by channel.
    pub(crate) nonces: HashMap<(u64, String), u64>,
    pub(crate) interactions: BTreeMap<u64, Interaction>,
    pub(crate) commands: Vec<Value>,
    pub(crate) commands_put: usize,
    pub(crate) blocked_words: BTreeSet<String>,
    /// Files by the path of their address.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    pub(crate) connections: Vec<Connection>,
    pub(crate) sessions: Vec<Session>,
    pub(crate) gateway: GatewayFaults,
    pub(crate) rest: RestFaults,
    pub(crate) gateway_url: String,
    /// What the portal says of the application beyond the ordinary.
    pub(crate) portal: Value,
    pub(crate) calls: Vec<Call>,
    pub(crate) violations: Vec<String>,
    pub(crate) tolerant: bool,
    pub(crate) pings: Vec<(u64, String)>,
    pub(crate) transcript: Vec<String>,
    /// Where every call is recorded, one JSON object a line.
    pub(crate) record: Option<PathBuf>,
}

impl World {
    pub(crate) fn new() -> Self {
        let mut clock = Clock::default();
        let bot = clock.id();
        let token = format!("{}.Gm3dSe.{}", base64(&bot.to_string()), "s7AndIn0TokenOfNoValue2026xyz");
        let mut world = Self {
            clock,
            token,
            bot,
            message_content: false,
            guild: 0,
            general: 0,
            help: 0,
            users: BTreeMap::new(),
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            messages: BTreeMap::new(),
            untaken: BTreeSet::new(),
            nonces: HashMap::new(),
            interactions: BTreeMap::new(),
            commands: Vec::new(),
            commands_put: 0,
            blocked_words: BTreeSet::new(),
            files: BTreeMap::new(),
            connections: Vec::new(),
            sessions: Vec::new(),
            gateway: GatewayFaults::default(),
            rest: RestFaults::default(),
            gateway_url: String::new(),
            portal: json!({}),
            calls: Vec::new(),
            violations: Vec::new(),
            tolerant: false,
            pings: Vec::new(),
            transcript: Vec::new(),
            record: std::env::var_os("STANDIN_RECORD").map(PathBuf::from),
        };
        world.users.insert(bot, User { id: bot, bot: true, ..World::nobody("medse-bot") });
        world.guild = world.add_guild("医療系SEの広場", "ja");
        world.general = world.add_channel(world.guild, "general", ChannelKind::Text, None);
        world.help = world.add_channel(world.guild, "help", ChannelKind::Text, None);
        world
    }

    fn nobody(name: &str) -> User {
        User {
            id: 0,
            name: name.to_owned(),
            bot: false,
            locale: "ja".to_owned(),
            roles: Vec::new(),
            permissions: permissions::ORDINARY,
            dms_closed: false,
            dm: None,
        }
    }

    pub(crate) fn add_user(&mut self, name: &str) -> u64 {
        let id = self.clock.id();
        self.users.insert(id, User { id, ..World::nobody(name) });
        for guild in self.guilds.values_mut() {
            guild.members.push(id);
        }
        id
    }

    pub(crate) fn add_guild(&mut self, name: &str, locale: &str) -> u64 {
        let owner = self.clock.id();
        self.users.insert(owner, User { id: owner, ..World::nobody("管理人") });
        let id = self.clock.id();
        let everyone = Role { id, name: "@everyone".to_owned(), permissions: permissions::ORDINARY, bot: None };
        let managed =
            Role { id: self.clock.id(), name: "medse-bot".to_owned(), permissions: permissions::ORDINARY, bot: Some(self.bot) };
        // Everybody is in every guild: tests ask about guilds, not about who joined which.
        let members: Vec<u64> = self.users.keys().copied().collect();
        let roles = vec![everyone, managed];
        let guild = Guild { id, name: name.to_owned(), locale: locale.to_owned(), owner, roles, members, others: 0 };
        self.guilds.insert(id, guild);
        id
    }

    pub(crate) fn add_role(&mut self, name: &str) -> u64 {
        let id = self.clock.id();
        let role = Role { id, name: name.to_owned(), permissions: 0, bot: None };
        self.guilds.get_mut(&self.guild).expect("the default guild is there").roles.push(role);
        id
    }

    pub(crate) fn add_channel(&mut self, guild: u64, name: &str, kind: ChannelKind, parent: Option<u64>) -> u64 {
        let id = self.clock.id();
        self.channels.insert(
            id,
            Channel {
                id,
                guild: Some(guild),
                parent,
                name: name.to_owned(),
                kind,
                bot_permissions: None,
                last_message: None,
                archived: false,
                locked: false,
                deleted: false,
            },
        );
        id
    }

    /// The DM between the bot and this user; made when first needed.
    pub(crate) fn dm(&mut self, user: u64) -> u64 {
        if let Some(dm) = self.users.get(&user).and_then(|user| user.dm) {
            return dm;
        }
        let id = self.add_channel(0, "", ChannelKind::Dm(user), None);
        self.channels.get_mut(&id).expect("just added").guild = None;
        self.users.get_mut(&user).expect("a DM is with a user of this world").dm = Some(id);
        id
    }

    pub(crate) fn bot_role(&self, guild: u64) -> Option<u64> {
        self.guilds.get(&guild)?.roles.iter().find(|role| role.bot == Some(self.bot)).map(|role| role.id)
    }

    /// The bot's effective permissions in a channel.
    pub(crate) fn bot_permissions(&self, channel: u64) -> u64 {
        let Some(channel) = self.channels.get(&channel) else { return 0 };
        match (channel.bot_permissions, channel.parent) {
            (Some(bits), _) => bits,
            (None, Some(parent)) => self.bot_permissions(parent),
            (None, None) => channel.guild.map_or(permissions::ORDINARY, |guild| self.guild_permissions(guild)),
        }
    }

    /// What the bot's roles allow it in a guild.
    pub(crate) fn guild_permissions(&self, guild: u64) -> u64 {
        let roles = self.guilds.get(&guild).into_iter().flat_map(|guild| &guild.roles);
        roles.filter(|role| role.id == guild || role.bot == Some(self.bot)).fold(0, |all, role| all | role.permissions)
    }

    pub(crate) fn name(&self, user: u64) -> String {
        self.users.get(&user).map_or_else(|| format!("{user}"), |user| user.name.clone())
    }

    /// Who wrote a message, by name.
    pub(crate) fn author(&self, message: &Message) -> String {
        message.webhook.clone().unwrap_or_else(|| self.name(message.author))
    }

    /// Where something happens, as a transcript names it.
    pub(crate) fn place(&self, channel: u64) -> String {
        match self.channels.get(&channel) {
            Some(Channel { kind: ChannelKind::Dm(user), .. }) => format!("DM {}", self.name(*user)),
            Some(Channel { kind: ChannelKind::Thread, parent: Some(parent), name, .. }) => {
                format!("{} › {name}", self.place(*parent))
            }
            Some(channel) => format!("#{}", channel.name),
            None => "#?".to_owned(),
        }
    }

    pub(crate) fn violation(&mut self, what: impl Into<String>) {
        if !self.tolerant {
            self.violations.push(what.into());
        }
    }

    /// What a wait that was in vain has to tell: the calls, what was refused, who is connected.
    pub(crate) fn report(&self) -> String {
        let mut lines = vec![format!("connections: {}, sessions: {}", self.connections.len(), self.sessions.len())];
        for call in &self.calls {
            let code = call.code.map(|code| format!(" ({code})")).unwrap_or_default();
            let body = if call.body.is_null() { String::new() } else { format!(" {}", call.body) };
            lines.push(format!("{} {} → {}{code}{body}", call.method, call.path, call.status));
        }
        lines.extend(self.violations.iter().map(|violation| format!("violation: {violation}")));
        lines.join("\n")
    }

    pub(crate) fn log_call(&mut self, call: Call) {
        if let Some(file) = &self.record {
            let line = json!({"method": call.method, "path": call.path, "body": call.body, "status": call.status});
            let opened = std::fs::OpenOptions::new().create(true).append(true).open(file);
            // One write a line, so that tests running at once do not mix theirs.
            let written = opened.and_then(|mut file| std::io::Write::write_all(&mut file, format!("{line}\n").as_bytes()));
            written.expect("calls are recorded in a file that can be written");
        }
        self.calls.push(call);
    }

    /// How long ago an interaction was made.
    pub(crate) fn age(&self, interaction: &Interaction) -> Duration {
        Duration::from_millis(self.clock.now().saturating_sub(interaction.created))
    }
}

/// Base64 without padding, as the first part of a token is written.
fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut written = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte)) << (8 * (3 - chunk.len()));
        for digit in 0..=chunk.len() {
            written.push(char::from(DIGITS[bits >> (18 - 6 * digit) & 63]));
        }
    }
    written
}
