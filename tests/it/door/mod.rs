//! The bot in the stand-in Discord: what every conversation needs. The conversations themselves stand in the modules, one a subject.

use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use medse_bot::discord::reloading::Following;
use medse_bot::discord::{self, Bot, Stopped};
use medse_bot::faq::Lang;
use medse_bot::journal::Journal;
use medse_bot::knowledge::Knowledge;
use medse_bot::settings::{Settings, TestServer, Token};
use standin::{Member, Seen, Standin};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::support::source;

mod answers;
mod commands;
mod connection;
mod corrections;
mod faults;
mod keeping;
mod kills;
mod lives;
mod memory;
mod moderation;
mod monitoring;
mod presses;
mod process;
mod receiving;
mod refusals;
mod refusing;
mod reloading;
mod restarting;
mod seeing;
mod sentences;
#[cfg(target_os = "linux")]
mod soak;
mod travelling;
mod trouble;
mod undoing;
mod watching;

/// A small FAQ whose texts no moderator changes: its conversations are committed as snapshots.
static SMALL: LazyLock<Arc<Knowledge>> = LazyLock::new(|| {
    let files =
        [source("nights.yaml", include_str!("nights.yaml")), source("qualifications.yaml", include_str!("qualifications.yaml"))];
    let built = Knowledge::build(&files, Lang::Ja);
    assert!(!built.has_errors(), "{:?}", built.diagnostics);
    Arc::new(built.knowledge.unwrap())
});

pub fn small() -> Arc<Knowledge> {
    Arc::clone(&SMALL)
}

/// A bot that is connected to a stand-in.
pub struct Connected {
    pub discord: Standin,
    pub bot: Bot,
    stop: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<Result<(), Stopped>>>,
}

/// Settings that point at a stand-in.
pub fn settings(discord: &Standin) -> Settings {
    let mut settings = Settings::default();
    settings.discord.test_server = Some(TestServer { address: discord.address(), ca_file: discord.ca_file() });
    settings
}

/// The bot with the small FAQ, connected, in a world of its own.
pub async fn connected() -> Connected {
    let discord = Standin::start().await;
    let mut settings = settings(&discord);
    settings.discord.help_channel = std::num::NonZero::new(discord.help());
    connect(discord, &settings, small()).await
}

pub async fn connect(discord: Standin, settings: &Settings, knowledge: Arc<Knowledge>) -> Connected {
    let connected = start(discord, settings, knowledge);
    connected.discord.connected().await;
    connected
}

/// The bot, started but perhaps not connected.
pub fn start(discord: Standin, settings: &Settings, knowledge: Arc<Knowledge>) -> Connected {
    start_with(discord, settings, knowledge, Journal::off())
}

/// The same, with a journal.
pub fn start_with(discord: Standin, settings: &Settings, knowledge: Arc<Knowledge>, journal: Journal) -> Connected {
    follow(discord, settings, knowledge, journal, None)
}

/// The same, from a folder that is followed.
pub fn follow(
    discord: Standin,
    settings: &Settings,
    knowledge: Arc<Knowledge>,
    journal: Journal,
    folder: Option<Following>,
) -> Connected {
    let bot = Bot::new(knowledge, settings, journal);
    let token = Token::parse(&discord.token()).unwrap();
    let (stop, stopped) = oneshot::channel();
    let running = {
        let bot = bot.clone();
        tokio::spawn(async move {
            // A test that ends without saying so stops the bot, too.
            let stop = async move { drop(stopped.await) };
            discord::run(bot, folder, &token, stop).await
        })
    };
    Connected { discord, bot, stop: Some(stop), running: Some(running) }
}

impl Connected {
    /// Asks in #general by mention, and waits for the reply.
    pub async fn ask(&self, member: &Member, question: &str) -> Seen {
        self.ask_in(self.discord.general(), member, question).await
    }

    pub async fn ask_in(&self, channel: u64, member: &Member, question: &str) -> Seen {
        member.says(channel, &format!("{} {question}", self.mention())).await;
        self.discord.next_message(channel).await
    }

    pub fn mention(&self) -> String {
        format!("<@{}>", self.discord.bot_id())
    }

    /// Nothing more is said in a channel: the answer to a question asked last comes first.
    pub async fn is_silent_in(&self, channel: u64) {
        let came = self.discord.next_message_or_none(channel, Duration::from_millis(400)).await;
        assert!(came.is_none(), "said, where silence was wanted: {}", came.unwrap().shown());
    }

    /// Stops the bot and says why it ended.
    pub async fn stop(&mut self) -> Result<(), Stopped> {
        drop(self.stop.take());
        self.ended().await
    }

    /// Waits until the bot ends by itself.
    pub async fn ended(&mut self) -> Result<(), Stopped> {
        self.running.take().expect("a bot ends once").await.unwrap()
    }
}

/// Looks again and again until something is so.
pub async fn until(what: &str, limit: Duration, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < limit, "within {limit:?} not {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
