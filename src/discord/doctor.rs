//! Asks Discord by REST what would hurt later: the token, the portal's switches, starts left, permissions in each server and in each
//! channel that the settings name, the home server and its moderators' roles; makes the invite link, and says what to do next.
//! Connects nothing and changes nothing.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serenity::http::{Http, HttpError};
use serenity::model::Permissions;
use serenity::model::application::{ApplicationFlags, CurrentApplicationInfo};
use serenity::model::channel::{Channel, ChannelType, GuildChannel};
use serenity::model::guild::{Member, PartialGuild};
use serenity::model::id::{ChannelId, GuildId, UserId};

use super::connection::{Stopped, in_time, is_unauthorized};
use crate::settings::Settings;

/// A permission: its bits, Discord's name for it, and what for in each language.
pub type Need = (Permissions, &'static str, &'static str, &'static str);

const SEE: Need = (Permissions::VIEW_CHANNEL, "View Channels", "質問を受け取る", "to receive questions");
const SEND: Need = (Permissions::SEND_MESSAGES, "Send Messages", "答える", "to answer");
const SEND_IN_THREADS: Need =
    (Permissions::SEND_MESSAGES_IN_THREADS, "Send Messages in Threads", "スレッドで答える", "to answer in threads");
const HISTORY: Need = (Permissions::READ_MESSAGE_HISTORY, "Read Message History", "返信の形で答える", "to answer as a reply");
const REACT: Need = (Permissions::ADD_REACTIONS, "Add Reactions", "お礼に🙏を付ける", "to put 🙏 under a thank-you");

/// What the bot needs where it answers, with the reason.
pub const NEEDED: [Need; 5] = [SEE, SEND, SEND_IN_THREADS, HISTORY, REACT];
/// What it needs in the posts of a forum: it opens none.
const NEEDED_IN_FORUMS: [Need; 4] = [SEE, SEND_IN_THREADS, HISTORY, REACT];
/// What it needs where it only tells moderators something.
const NEEDED_TO_TELL: [Need; 1] = [(Permissions::SEND_MESSAGES, SEND.1, "FAQ係に知らせる", "to tell moderators")];
/// The same, where the channel is a thread.
const NEEDED_TO_TELL_IN_THREADS: [Need; 1] =
    [(Permissions::SEND_MESSAGES_IN_THREADS, SEND_IN_THREADS.1, "FAQ係に知らせる", "to tell moderators")];

/// The portal's switch, for bots in more and in fewer than a hundred servers.
const SHOWS_TEXTS: ApplicationFlags =
    ApplicationFlags::GATEWAY_MESSAGE_CONTENT.union(ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED);
/// What the portal may switch on besides, and nothing here uses: Discord would tell the bot who is online, and who joins.
const UNUSED: [(ApplicationFlags, &str); 2] = [
    (ApplicationFlags::GATEWAY_PRESENCE.union(ApplicationFlags::GATEWAY_PRESENCE_LIMITED), "Presence Intent"),
    (ApplicationFlags::GATEWAY_GUILD_MEMBERS.union(ApplicationFlags::GATEWAY_GUILD_MEMBERS_LIMITED), "Server Members Intent"),
];
/// The name of [`SHOWS_TEXTS`] on the portal.
const TEXTS: &str = "Message Content Intent";
/// Starts that should be left for the rest of the day.
const FEW_STARTS: u64 = 100;
/// Servers looked at; Discord tells so many at once.
const MAX_SERVERS: u64 = 200;

/// Something worth knowing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The token works; for this application.
    Known(String),
    /// Anybody can add the bot to their server.
    Public,
    /// Only the owner can.
    Owned,
    /// Interactions go to an address instead of the connection.
    Endpoint(String),
    /// Starts left today, of all.
    Starts(u64, u64),
    /// The bot is in no server.
    NoServer,
    /// A server, with what is missing there.
    Server(String, Vec<Need>),
    /// A channel named by this setting is there; with what is missing in it for what the bot does there.
    Channel(&'static str, String, Vec<Need>),
    /// It cannot be seen.
    NoChannel(&'static str, u64),
    /// The server that keeps the FAQ is there, by its name.
    Home(String),
    /// It is not one of the bot's servers.
    NoHome(u64),
    /// Several servers, and none of them is home: nobody may keep the FAQ from Discord, and no question is remembered.
    HomeUnset,
    /// The home server has no such role for moderators.
    NoRole(u64),
    /// Channels are to be watched, and Discord shows what is written there (or withholds it).
    Texts(bool),
    /// Privileged intents that are switched on for nothing; none.
    Unneeded(Vec<&'static str>),
    /// The address that adds the bot to a server.
    Invite(String),
    /// What to do now.
    Next(Step),
}

/// What to do after reading what the doctor found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Mend what is marked, and ask again.
    Mend,
    /// Open the invite link, and ask again.
    Invite,
    /// Start the bot.
    Start,
}

impl Finding {
    /// Whether something must be changed.
    pub fn is_fault(&self) -> bool {
        match self {
            Finding::Endpoint(_) | Finding::NoChannel(..) | Finding::NoHome(_) | Finding::NoRole(_) | Finding::Texts(false) => {
                true
            }
            Finding::Server(_, missing) | Finding::Channel(_, _, missing) => !missing.is_empty(),
            Finding::Starts(left, _) => *left == 0,
            _ => false,
        }
    }

    /// Whether something should be changed.
    pub fn is_advice(&self) -> bool {
        match self {
            Finding::Public | Finding::NoServer | Finding::HomeUnset => true,
            Finding::Unneeded(intents) => !intents.is_empty(),
            Finding::Starts(left, _) => *left < FEW_STARTS,
            _ => false,
        }
    }
}

/// Asks Discord. Nothing is sent or changed.
///
/// # Errors
/// Discord refuses the token, or does not answer.
pub async fn examine(http: &Http, settings: &Settings) -> Result<Vec<Finding>, Stopped> {
    let application = in_time(http.get_current_application_info()).await.map_err(stopped)?;
    let mut findings = of_the_portal(&application, !settings.discord.watched_channels.is_empty());
    let starts = in_time(http.get_bot_gateway()).await.map_err(stopped)?.session_start_limit;
    findings.push(Finding::Starts(starts.remaining, starts.total));
    let servers = in_time(http.get_guilds(None, Some(MAX_SERVERS))).await.map_err(stopped)?;
    if servers.is_empty() {
        findings.push(Finding::NoServer);
    }
    findings.extend(servers.iter().map(|server| Finding::Server(server.name.clone(), missing(&NEEDED, server.permissions))));
    let me = in_time(http.get_current_user()).await.map_err(stopped)?.id;
    let mut visited = Visited { http, me, servers: HashMap::new() };
    let home = match settings.discord.home_guild {
        Some(home) => Some(home.get()),
        None if servers.len() == 1 => servers.first().map(|server| server.id.get()),
        None => None,
    };
    match home {
        Some(home) => findings.extend(visited.home(home, settings).await?),
        None if servers.is_empty() => {}
        None => findings.push(Finding::HomeUnset),
    }
    let discord = &settings.discord;
    let help = discord.help_channel.map(|id| ("help_channel", id.get()));
    let log = discord.log_channel.map(|id| ("log_channel", id.get()));
    let watched = discord.watched_channels.iter().map(|id| ("watched_channels", id.get()));
    for (key, id) in help.into_iter().chain(log).chain(watched) {
        findings.push(visited.channel(key, id).await?);
    }
    findings.push(Finding::Invite(format!(
        "https://discord.com/oauth2/authorize?client_id={}&scope=bot+applications.commands&permissions={}",
        application.id,
        NEEDED.iter().fold(Permissions::empty(), |all, (permission, ..)| all | *permission).bits()
    )));
    findings.push(Finding::Next(if findings.iter().any(Finding::is_fault) {
        Step::Mend
    } else if servers.is_empty() {
        Step::Invite
    } else {
        Step::Start
    }));
    Ok(findings)
}

/// What the application's page in the portal says.
fn of_the_portal(application: &CurrentApplicationInfo, is_watching: bool) -> Vec<Finding> {
    let mut findings = vec![Finding::Known(application.name.clone())];
    findings.push(if application.bot_public { Finding::Public } else { Finding::Owned });
    findings.extend(application.interactions_endpoint_url.clone().filter(|url| !url.is_empty()).map(Finding::Endpoint));
    let flags = application.flags.unwrap_or_default();
    let mut unneeded: Vec<&str> = UNUSED.iter().filter(|(flag, _)| flags.intersects(*flag)).map(|(_, name)| *name).collect();
    let shows_texts = flags.intersects(SHOWS_TEXTS);
    if is_watching {
        findings.push(Finding::Texts(shows_texts));
    } else if shows_texts {
        unneeded.push(TEXTS);
    }
    findings.push(Finding::Unneeded(unneeded));
    findings
}

/// What of it is not permitted.
fn missing(needed: &[Need], permitted: Permissions) -> Vec<Need> {
    let may = |permission: Permissions| permitted.intersects(permission | Permissions::ADMINISTRATOR);
    needed.iter().filter(|(permission, ..)| !may(*permission)).copied().collect()
}

/// Servers asked for already: settings name several channels of one.
struct Visited<'a> {
    http: &'a Http,
    me: UserId,
    servers: HashMap<GuildId, Option<(PartialGuild, Member)>>,
}

impl Visited<'_> {
    /// The server and the bot as its member; `None`: the bot is not there.
    async fn server(&mut self, id: GuildId) -> Result<Option<&(PartialGuild, Member)>, Stopped> {
        let known = match self.servers.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let found = match found(in_time(self.http.get_guild(id)).await)? {
                    Some(server) => found(in_time(self.http.get_member(id, self.me)).await)?.map(|member| (server, member)),
                    None => None,
                };
                unknown.insert(found)
            }
        };
        Ok(known.as_ref())
    }

    /// The server that keeps the FAQ, and the roles of its moderators.
    async fn home(&mut self, home: u64, settings: &Settings) -> Result<Vec<Finding>, Stopped> {
        let Some((server, _)) = self.server(GuildId::new(home)).await? else { return Ok(vec![Finding::NoHome(home)]) };
        let is_there = |role: u64| server.roles.keys().any(|known| known.get() == role);
        let roles = settings.moderation.roles.iter().map(|role| role.get()).filter(|role| !is_there(*role));
        Ok(std::iter::once(Finding::Home(server.name.clone())).chain(roles.map(Finding::NoRole)).collect())
    }

    /// A channel, with what is missing there. A thread's permissions are those of its channel.
    async fn channel(&mut self, key: &'static str, id: u64) -> Result<Finding, Stopped> {
        let Some(channel) = self.guild_channel(ChannelId::new(id)).await? else { return Ok(Finding::NoChannel(key, id)) };
        let is_thread = channel.thread_metadata.is_some();
        let above = match channel.parent_id.filter(|_| is_thread) {
            Some(parent) => self.guild_channel(parent).await?,
            None => None,
        };
        let Some((server, member)) = self.server(channel.guild_id).await? else { return Ok(Finding::NoChannel(key, id)) };
        let permitted = server.user_permissions_in(above.as_ref().unwrap_or(&channel), member);
        let needed: &[Need] = match key {
            // It is only named there.
            "help_channel" => &[],
            "log_channel" if is_thread => &NEEDED_TO_TELL_IN_THREADS,
            "log_channel" => &NEEDED_TO_TELL,
            _ if channel.kind == ChannelType::Forum || is_thread => &NEEDED_IN_FORUMS,
            _ => &NEEDED,
        };
        Ok(Finding::Channel(key, channel.name, missing(needed, permitted)))
    }

    async fn guild_channel(&self, id: ChannelId) -> Result<Option<GuildChannel>, Stopped> {
        Ok(found(in_time(self.http.get_channel(id)).await)?.and_then(Channel::guild))
    }
}

/// What Discord says is not there, or not for the bot, is `None`.
fn found<T>(asked: Result<T, serenity::Error>) -> Result<Option<T>, Stopped> {
    match asked {
        Ok(found) => Ok(Some(found)),
        Err(serenity::Error::Http(HttpError::UnsuccessfulRequest(response)))
            if matches!(response.status_code.as_u16(), 400 | 403 | 404) =>
        {
            Ok(None)
        }
        Err(error) => Err(stopped(error)),
    }
}

fn stopped(error: serenity::Error) -> Stopped {
    if is_unauthorized(&error) { Stopped::TokenRefused } else { Stopped::Unreachable { attempts: 1, source: Box::new(error) } }
}
