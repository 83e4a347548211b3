//! Asks Discord by REST what would hurt later: the token, the portal's switches, permissions, the help channel, starts left; and makes
//! the invite link. Connects nothing and changes nothing.

use serenity::http::{Http, HttpError};
use serenity::model::Permissions;
use serenity::model::application::ApplicationFlags;
use serenity::model::id::ChannelId;

use super::connection::{Stopped, in_time, is_unauthorized};
use crate::settings::DiscordSettings;

/// What the bot needs in a channel, with the reason in each language.
pub const NEEDED: [(Permissions, &str, &str, &str); 5] = [
    (Permissions::VIEW_CHANNEL, "View Channels", "質問を受け取る", "to receive questions"),
    (Permissions::SEND_MESSAGES, "Send Messages", "答える", "to answer"),
    (Permissions::SEND_MESSAGES_IN_THREADS, "Send Messages in Threads", "スレッドで答える", "to answer in threads"),
    (Permissions::READ_MESSAGE_HISTORY, "Read Message History", "返信の形で答える", "to answer as a reply"),
    (Permissions::ADD_REACTIONS, "Add Reactions", "お礼に🙏を付ける", "to put 🙏 under a thank-you"),
];

/// The portal's switch, for bots in more and in fewer than a hundred servers.
const SHOWS_TEXTS: ApplicationFlags =
    ApplicationFlags::GATEWAY_MESSAGE_CONTENT.union(ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED);
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
    Server(String, Vec<&'static str>),
    /// A channel named by this setting is there.
    Channel(&'static str, String),
    /// It cannot be seen.
    NoChannel(&'static str, u64),
    /// Channels are to be watched, and Discord would not show what is written there.
    TextsWithheld,
    /// The address that adds the bot to a server.
    Invite(String),
}

impl Finding {
    /// Whether something must be changed.
    pub fn is_fault(&self) -> bool {
        match self {
            Finding::Endpoint(_) | Finding::NoChannel(..) | Finding::TextsWithheld => true,
            Finding::Server(_, missing) => !missing.is_empty(),
            Finding::Starts(left, _) => *left == 0,
            _ => false,
        }
    }

    /// Whether something should be changed.
    pub fn is_advice(&self) -> bool {
        matches!(self, Finding::Public | Finding::NoServer) || matches!(self, Finding::Starts(left, _) if *left < FEW_STARTS)
    }
}

/// Asks Discord. Nothing is sent or changed.
///
/// # Errors
/// Discord refuses the token, or does not answer.
pub async fn examine(http: &Http, settings: &DiscordSettings) -> Result<Vec<Finding>, Stopped> {
    let application = in_time(http.get_current_application_info()).await.map_err(stopped)?;
    let mut findings = vec![Finding::Known(application.name.clone())];
    findings.push(if application.bot_public { Finding::Public } else { Finding::Owned });
    findings.extend(application.interactions_endpoint_url.filter(|url| !url.is_empty()).map(Finding::Endpoint));
    let starts = in_time(http.get_bot_gateway()).await.map_err(stopped)?.session_start_limit;
    findings.push(Finding::Starts(starts.remaining, starts.total));
    let servers = in_time(http.get_guilds(None, Some(MAX_SERVERS))).await.map_err(stopped)?;
    if servers.is_empty() {
        findings.push(Finding::NoServer);
    }
    findings.extend(servers.into_iter().map(|server| {
        let may = |permission: Permissions| server.permissions.intersects(permission | Permissions::ADMINISTRATOR);
        let missing = NEEDED.iter().filter(|(permission, ..)| !may(*permission)).map(|(_, name, ..)| *name);
        Finding::Server(server.name.clone(), missing.collect())
    }));
    let flags = application.flags.unwrap_or_default();
    if !settings.watched_channels.is_empty() && !flags.intersects(SHOWS_TEXTS) {
        findings.push(Finding::TextsWithheld);
    }
    let help = settings.help_channel.map(|id| ("help_channel", id.get()));
    let log = settings.log_channel.map(|id| ("log_channel", id.get()));
    let watched = settings.watched_channels.iter().map(|id| ("watched_channels", id.get()));
    for (key, id) in help.into_iter().chain(log).chain(watched) {
        findings.push(match in_time(http.get_channel(ChannelId::new(id))).await {
            Ok(channel) => Finding::Channel(key, channel.guild().map_or_else(|| id.to_string(), |channel| channel.name)),
            Err(serenity::Error::Http(HttpError::UnsuccessfulRequest(response))) if response.status_code.is_client_error() => {
                Finding::NoChannel(key, id)
            }
            Err(error) => return Err(stopped(error)),
        });
    }
    let permissions = NEEDED.iter().fold(Permissions::empty(), |all, (permission, ..)| all | *permission);
    findings.push(Finding::Invite(format!(
        "https://discord.com/oauth2/authorize?client_id={}&scope=bot+applications.commands&permissions={}",
        application.id,
        permissions.bits()
    )));
    Ok(findings)
}

fn stopped(error: serenity::Error) -> Stopped {
    if is_unauthorized(&error) { Stopped::TokenRefused } else { Stopped::Unreachable { attempts: 1, source: Box::new(error) } }
}
