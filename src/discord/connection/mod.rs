//! Connecting and staying connected: the first questions to Discord, the start of the shards, the watch over them, the end.
//!
//! What events lead to is left to `events.rs`. Serenity connects and resumes; here stands what it leaves out: it would take a failing
//! `GET /gateway` for permission to use an address of its own, and it never gives up where Discord will never let it in.

use std::collections::HashMap;
use std::future::{Future, IntoFuture};
use std::io;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use serenity::client::ClientBuilder;
use serenity::gateway::{ConnectionStage, GatewayError, ShardManager};
use serenity::http::{Http, HttpBuilder, HttpError, StatusCode};
use serenity::model::gateway::GatewayIntents;
use serenity::model::id::ShardId;
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

use self::watchdog::{Seen, TRIES, Trouble, Watchdog};
use super::bot::{Bot, Shared};
use super::events::Events;
use super::reloading::{Following, TELL_AFTER};
use crate::moderation::Desk;
use crate::monitoring::server::Monitored;
use crate::settings::{DiscordSettings, Token};

pub mod starts;
pub mod watchdog;

/// What the bot listens to. None of them is privileged: texts come where the bot is addressed. Only where it listens along must it be
/// shown all of them.
fn intents(settings: &DiscordSettings) -> GatewayIntents {
    let ordinary = GatewayIntents::GUILDS | GatewayIntents::GUILD_MESSAGES | GatewayIntents::DIRECT_MESSAGES;
    if settings.watched_channels.is_empty() { ordinary } else { ordinary | GatewayIntents::MESSAGE_CONTENT }
}

/// Waits between the first questions to Discord; after the last one the process ends, and whoever watches it starts it again.
const FIRST_PAUSES: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];
/// Time for one of these answers: serenity would wait for ever.
const ANSWER: Duration = Duration::from_secs(10);
/// How often the shards are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Time for answers under way when the bot is asked to stop; the whole stop takes less than 10 s.
const DRAIN: Duration = Duration::from_secs(6);
/// Texts are kept for days: hours do not matter.
const HOUSEKEEPING: Duration = Duration::from_hours(6);
const DAY: Duration = Duration::from_hours(24);
/// In this time a bot asks in a few hundred channels at most.
const TIDYING: Duration = Duration::from_mins(1);
const CLOSE: Duration = Duration::from_secs(2);
/// Time for what is still to be written down.
const FLUSH: Duration = Duration::from_secs(1);

/// Why the bot is no longer, or was never, connected.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// The certificate of the test server cannot be used.
    #[error("discord.test_server.ca_file {path} is no certificate that can be used")]
    Certificate {
        /// The file.
        path: String,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Discord does not know the token.
    #[error("Discord refused the token (401 or close code 4004)")]
    TokenRefused,
    /// An intent is asked for that the portal has switched off.
    #[error("Discord refused the intents (close code 4014)")]
    IntentsDisallowed,
    /// An intent is asked for that does not exist.
    #[error("Discord does not know the intents (close code 4013)")]
    IntentsInvalid,
    /// Discord did not say where to connect.
    #[error("Discord does not answer (asked {attempts} times)")]
    Unreachable {
        /// How often it was asked.
        attempts: usize,
        /// What happened last.
        source: Box<serenity::Error>,
    },
    /// The gateway's address is not on this machine although a test server is set.
    #[error("the test server names the gateway {0}, which is not on this machine")]
    NotLoopback(String),
    /// Discord lets the bot in no more today.
    #[error("Discord allows no further start for {} min", .0.as_secs() / 60)]
    StartsUsedUp(Duration),
    /// The connection was tried again and again.
    #[error("Discord did not let the bot in")]
    NeverReady,
    /// The connection went and did not come back.
    #[error("not connected for {} s", watchdog::PATIENCE.as_secs())]
    Away,
    /// Serenity gave up.
    #[error("the connection failed")]
    Failed(#[source] Box<serenity::Error>),
}

impl Stopped {
    /// Whether starting again is of no use until somebody changes something.
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Stopped::Certificate { .. }
                | Stopped::TokenRefused
                | Stopped::IntentsDisallowed
                | Stopped::IntentsInvalid
                | Stopped::NotLoopback(_)
        )
    }
}

/// Discord's REST calls, with serenity's rate limiter; to the stand-in where one is set.
///
/// # Errors
/// The stand-in's certificate cannot be used.
pub fn http(token: &Token, settings: &DiscordSettings) -> Result<Http, Stopped> {
    let builder = HttpBuilder::new(token.expose());
    if settings.test_server.is_none() {
        return Ok(builder.build());
    }
    Ok(builder.client(client(settings)?).build())
}

/// A client for Discord's addresses, with no token; to the stand-in where one is set.
///
/// # Errors
/// The stand-in's certificate cannot be used.
pub fn client(settings: &DiscordSettings) -> Result<reqwest::Client, Stopped> {
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let Some(server) = &settings.test_server else {
        return Ok(builder.build().unwrap_or_default());
    };
    let unusable = |source| Stopped::Certificate { path: server.ca_file.display().to_string(), source };
    let certificate = std::fs::read(&server.ca_file).map_err(|error| unusable(error.into()))?;
    if !String::from_utf8_lossy(&certificate).contains("-----BEGIN CERTIFICATE-----") {
        // Read as a certificate it would be an empty one.
        return Err(unusable("it holds no certificate in PEM".into()));
    }
    let certificate = reqwest::Certificate::from_pem(&certificate).map_err(|error| unusable(error.into()))?;
    let builder =
        ["discord.com", "cdn.discordapp.com"].iter().fold(builder, |builder, name| builder.resolve(name, server.address));
    builder.add_root_certificate(certificate).no_proxy().build().map_err(|error| unusable(error.into()))
}

/// Connects and answers until `stop` completes or the connection is lost for good; from a folder, where one is followed.
///
/// # Errors
/// Why it ended other than by `stop`.
pub async fn run(bot: Bot, following: Option<Following>, token: &Token, stop: impl Future<Output = ()>) -> Result<(), Stopped> {
    tokio::pin!(stop);
    // Whoever lives as long as the connection does not keep the FAQ of the start.
    let bot = bot.into_shared();
    let http = http(token, &bot.settings)?;
    let (me, first) = tokio::select! {
        // Events are handled side by side: who we are must be known before the first of them.
        answers = async { Ok((asked(|| http.get_current_user()).await?, asked(|| http.get_bot_gateway()).await?)) } => answers?,
        () = &mut stop => return Ok(()),
    };
    bot.we_are(me.id.get());
    if bot.settings.test_server.is_some() && !is_loopback(&first.url) {
        return Err(Stopped::NotLoopback(first.url));
    }
    // Whoever uses up more than Discord allows loses the token: a start that may fail has all its tries left.
    if first.session_start_limit.remaining < TRIES * u64::from(first.shards) {
        return Err(Stopped::StartsUsedUp(Duration::from_millis(first.session_start_limit.reset_after)));
    }
    let watchdog = Arc::new(Watchdog::new(Instant::now()));
    let events = Events { bot: Arc::clone(&bot), watchdog: Arc::clone(&watchdog), is_registered: AtomicBool::new(false) };
    let builder = ClientBuilder::new_with_http(http, intents(&bot.settings)).event_handler(events);
    let mut client = tokio::select! {
        // It asks for the gateway's address once more.
        client = in_time(builder) => client.map_err(stopped)?,
        () = &mut stop => return Ok(()),
    };
    bot.connect(Arc::clone(&client.http));
    if let Some(following) = &following {
        bot.work_at(Desk::new(following.reloader.folder().to_owned(), bot.default_lang));
        bot.settle_changes().await;
    }
    let starting = bot.anew();
    tokio::select! {
        () = starting.remember() => {}
        () = &mut stop => return Ok(()),
    }
    drop(starting);
    // Had the builder's own question failed, it would connect to an address nobody told it.
    client.ws_url.lock().await.clone_from(&first.url);
    let shards = Arc::clone(&client.shard_manager);
    let _pulse = Pulse::new();
    let ended = tokio::select! {
        // As many as Discord recommends: what serenity's `start_autosharded` would ask for once more.
        result = client.start_shards(first.shards.max(1)) => result.map_err(stopped),
        // Never ends: works beside the shards.
        () = Box::pin(keep_house(&bot, following)) => Ok(()),
        trouble = watch(&shards, &watchdog, &bot) => Err(match trouble {
            Trouble::NeverReady => Stopped::NeverReady,
            Trouble::Away => Stopped::Away,
        }),
        () = &mut stop => Ok(()),
    };
    close(&bot, &shards).await;
    ended
}

/// What is to be done from time to time: whoever waits for an answer is told of it, and what is too old goes.
async fn keep_house(bot: &Arc<Shared>, following: Option<Following>) {
    let texts = async {
        loop {
            sleep(HOUSEKEEPING).await;
            bot.anew().retain().await;
        }
    };
    let limits = async {
        loop {
            sleep(TIDYING).await;
            bot.forget_past_limits().await;
            bot.conversation().tidy(bot.now());
        }
    };
    let (saved, settled) = tokio::sync::watch::channel(());
    let tell_after = following.as_ref().map_or(TELL_AFTER, |following| following.tell_after);
    let follow = async {
        if let Some(following) = following {
            bot.follow_folder(following, saved).await;
        }
    };
    let status = async {
        loop {
            sleep(DAY).await;
            log_status(bot, "status");
        }
    };
    tokio::join!(bot.tell_when_settled(settled, tell_after), follow, bot.tell_weeks(), texts, limits, status);
}

/// How the bot does and has done since its start, in one line: once a day, so that its absence is seen, too, and at the end.
fn log_status(bot: &Shared, what: &str) {
    let monitor = bot.monitored();
    let (faq, entries) = monitor.state.faq();
    let reasons: Vec<String> = monitor.state.reasons().iter().map(ToString::to_string).collect();
    let (up_hours, servers, counts) = (bot.now().as_secs() / 3_600, bot.servers(), bot.queue.account.counts());
    info!(up_hours, servers, faq, entries, ?counts, degraded = reasons.join("; "), "{what}");
}

/// Asks Discord something before connecting: patiently, but not for ever.
async fn asked<T, F>(question: impl Fn() -> F) -> Result<T, Stopped>
where
    F: Future<Output = serenity::Result<T>>,
{
    let mut pauses = FIRST_PAUSES.iter();
    for attempts in 1.. {
        let error = match in_time(question()).await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        if is_unauthorized(&error) {
            return Err(Stopped::TokenRefused);
        }
        match pauses.next() {
            Some(pause) => {
                warn!(attempts, "Discord does not answer: {error}");
                sleep(*pause).await;
            }
            None => return Err(Stopped::Unreachable { attempts, source: Box::new(error) }),
        }
    }
    unreachable!("the loop ends with the pauses")
}

/// An answer, or the error that none came in time.
pub async fn in_time<T>(answer: impl IntoFuture<Output = serenity::Result<T>>) -> serenity::Result<T> {
    if let Ok(answer) = timeout(ANSWER, answer).await {
        return answer;
    }
    let late = format!("no answer within {} s", ANSWER.as_secs());
    Err(io::Error::new(io::ErrorKind::TimedOut, late).into())
}

/// Whether Discord said that it does not know the token.
pub fn is_unauthorized(error: &serenity::Error) -> bool {
    matches!(error, serenity::Error::Http(HttpError::UnsuccessfulRequest(response)) if response.status_code == StatusCode::UNAUTHORIZED)
}

fn stopped(error: serenity::Error) -> Stopped {
    match error {
        serenity::Error::Gateway(GatewayError::InvalidAuthentication) => Stopped::TokenRefused,
        serenity::Error::Gateway(GatewayError::DisallowedGatewayIntents) => Stopped::IntentsDisallowed,
        serenity::Error::Gateway(GatewayError::InvalidGatewayIntents) => Stopped::IntentsInvalid,
        error if is_unauthorized(&error) => Stopped::TokenRefused,
        error => Stopped::Failed(Box::new(error)),
    }
}

fn is_loopback(url: &str) -> bool {
    let host = url.split("://").nth(1).unwrap_or_default();
    let host = host.split(['/', '?']).next().unwrap_or_default();
    host.parse::<std::net::SocketAddr>().is_ok_and(|address| address.ip().is_loopback())
}

/// Completes when the connection is beyond help.
async fn watch(shards: &ShardManager, watchdog: &Watchdog, bot: &Shared) -> Trouble {
    loop {
        sleep(LOOK_EVERY).await;
        let now = Instant::now();
        let stages: HashMap<u32, ConnectionStage> =
            shards.runners.lock().await.iter().map(|(shard, runner)| (shard.0, runner.stage)).collect();
        let up = stages.values().filter(|stage| **stage == ConnectionStage::Connected).count();
        bot.state.connected(up, watchdog.known().len().max(stages.len()));
        for shard in stages.keys().copied().chain(watchdog.known()) {
            let seen = match stages.get(&shard) {
                Some(ConnectionStage::Connected) => Seen::Connected,
                Some(ConnectionStage::Identifying) => Seen::Waiting,
                Some(_) => Seen::Underway,
                None => Seen::Gone,
            };
            watchdog.found(shard, seen, now);
        }
        if let Some(trouble) = watchdog.trouble(now) {
            return trouble;
        }
    }
}

/// Keeps sockets and clocks looked after as long as it lives.
///
/// Some close codes make serenity spin without ever waiting. If that takes the one worker of the runtime that was to look after the timers of
/// all, they stand still, our watch over the connection with them. Work handed in from outside wakes another worker, which looks after them.
struct Pulse {
    /// Closed when the pulse is dropped: then its thread ends.
    _alive: mpsc::Sender<()>,
}

impl Pulse {
    fn new() -> Self {
        let runtime = tokio::runtime::Handle::current();
        let (alive, ended) = mpsc::channel::<()>();
        std::thread::spawn(move || {
            while ended.recv_timeout(LOOK_EVERY) == Err(mpsc::RecvTimeoutError::Timeout) {
                drop(runtime.spawn(async {}));
            }
        });
        Pulse { _alive: alive }
    }
}

/// Takes no more questions, finishes those under way, leaves.
async fn close(bot: &Shared, shards: &ShardManager) {
    let leave = async {
        let ids: Vec<ShardId> = shards.runners.lock().await.keys().copied().collect();
        for id in ids {
            shards.shutdown(id, 1000).await;
        }
    };
    log_status(bot, "status at the end");
    // A shard that does not say goodbye is cut off with the process. Answers under way need no shard.
    let left = timeout(CLOSE, leave).await.is_ok();
    // Held to the end: what comes now would be cut off half done.
    let drained = timeout(DRAIN, bot.busy.write()).await;
    let kept = timeout(FLUSH, bot.journal.flush()).await;
    info!(left, drained = drained.is_ok(), kept = kept.is_ok(), "stopped");
}
