//! `config.toml` -> [`Settings`]. Unknown keys are refused with a suggestion; every key has a default and stands in `config.example.toml`.
//!
//! What the settings mean is left to the rooms that use them.

use std::fmt;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use crate::answering::Policy;
use crate::faq::Lang;

/// Everything an operator can set.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The language of the bot where a question shows none, and of FAQ texts that name none.
    pub language: Lang,
    /// The folder for what the bot must remember from start to start.
    pub data_folder: PathBuf,
    /// Where the FAQ is.
    pub faq: FaqSettings,
    /// When to answer, when to offer.
    pub answering: Policy,
    /// What to remember of questions.
    pub journal: JournalSettings,
    /// How to be in Discord.
    pub discord: DiscordSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            language: Lang::default(),
            data_folder: PathBuf::from("data"),
            faq: FaqSettings::default(),
            answering: Policy::default(),
            journal: JournalSettings::default(),
            discord: DiscordSettings::default(),
        }
    }
}

/// What to remember of questions, and how long.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JournalSettings {
    /// `false`: nothing is written, and nothing known.
    pub enabled: bool,
    /// Texts and hashes of members are deleted after so many days.
    pub keep_days: u32,
}

impl Default for JournalSettings {
    fn default() -> Self {
        JournalSettings { enabled: true, keep_days: 90 }
    }
}

/// Ten years: longer is not "for a while".
const KEEP_DAYS_AT_MOST: u32 = 3_650;

/// How to be in Discord.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DiscordSettings {
    /// A file that holds the token, where the environment does not.
    pub token_file: Option<PathBuf>,
    /// The server whose members keep this FAQ: of questions asked publicly there the journal keeps the text.
    pub home_guild: Option<NonZero<u64>>,
    /// The channel where people help, named where the FAQ has no answer.
    pub help_channel: Option<NonZero<u64>>,
    /// The channel where moderators are told what is wrong with the FAQ.
    pub log_channel: Option<NonZero<u64>>,
    /// Members with one of these roles are not answered.
    pub ignored_roles: Vec<u64>,
    /// Channels and forums where questions are answered that nobody addressed to the bot.
    pub watched_channels: Vec<NonZero<u64>>,
    /// Seconds that people there have to answer first.
    pub watch_wait: u64,
    /// Calls a second over all channels that Discord allows; the queue leaves a tenth of them unused.
    pub rest_per_second: u32,
    /// A stand-in for Discord on this machine, for tests.
    pub test_server: Option<TestServer>,
}

impl Default for DiscordSettings {
    fn default() -> Self {
        DiscordSettings {
            token_file: None,
            home_guild: None,
            help_channel: None,
            log_channel: None,
            ignored_roles: Vec::new(),
            watched_channels: Vec::new(),
            watch_wait: 30,
            rest_per_second: MAX_PER_SECOND,
            test_server: None,
        }
    }
}

/// After ten minutes nobody waits for an answer any more.
const WATCH_WAIT_AT_MOST: u64 = 600;

/// Discord's limit over all channels: 50 calls a second (documentation of 2026-08).
const MAX_PER_SECOND: u32 = 50;

/// A stand-in for Discord.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestServer {
    /// Where its REST calls are answered: an address of this machine only.
    pub address: SocketAddr,
    /// The certificate it is trusted by, in PEM.
    pub ca_file: PathBuf,
}

/// The name of the environment variable that holds the token.
pub const TOKEN_VARIABLE: &str = "DISCORD_TOKEN";

/// The bot's password with Discord. Never shown, whatever prints it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

/// Why there is no token to use.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Neither the environment nor the settings name one.
    #[error("no token")]
    Missing,
    /// The file that should hold it cannot be read.
    #[error("{path}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// What is there has not the form of a token.
    #[error("not the form of a token")]
    Malformed,
}

impl Token {
    /// Reads a token as people paste it: with quotes, spaces or "Bot " around it.
    ///
    /// # Errors
    /// It is empty, or not three parts of letters, digits, `-` and `_`, padded with `=` at most, with dots between them.
    pub fn parse(text: &str) -> Result<Token, TokenError> {
        // Some editors begin a file with a byte order mark.
        let unquoted = text.trim_start_matches('\u{feff}').trim().trim_matches(['"', '\'']).trim();
        let bare = unquoted.strip_prefix("Bot ").unwrap_or(unquoted).trim();
        // Base64 may end with padding; elsewhere a "=" is that of a line like `DISCORD_TOKEN=…`.
        let is_part = |part: &str| {
            let unpadded = part.trim_end_matches('=');
            !unpadded.is_empty() && unpadded.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        };
        if bare.is_empty() {
            return Err(TokenError::Missing);
        }
        let parts: Vec<&str> = bare.split('.').collect();
        let is_token = parts.len() == 3 && parts.iter().all(|part| is_part(part)) && bare.len() >= 50;
        if is_token { Ok(Token(bare.to_owned())) } else { Err(TokenError::Malformed) }
    }

    /// The token itself; only for the one who sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// A text without anything that has the form of a token: people put it where it does not belong.
pub fn masked(text: &str) -> String {
    static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"[A-Za-z0-9_-]{18,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{20,}").expect("a constant expression")
    });
    TOKEN.replace_all(text, "***").into_owned()
}

impl DiscordSettings {
    /// The token of the environment, else of `token_file`.
    ///
    /// # Errors
    /// There is none, its file cannot be read, or it has not the form of one.
    pub fn token(&self) -> Result<Token, TokenError> {
        let from_environment = std::env::var(TOKEN_VARIABLE).ok().filter(|token| !token.trim().is_empty());
        match (from_environment, &self.token_file) {
            (Some(token), _) => Token::parse(&token),
            (None, Some(path)) => {
                let unreadable = |source| TokenError::Unreadable { path: masked(&path.display().to_string()), source };
                Token::parse(&std::fs::read_to_string(path).map_err(unreadable)?)
            }
            (None, None) => Err(TokenError::Missing),
        }
    }
}

/// Where the FAQ is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FaqSettings {
    /// The folder of YAML files. `None`: `./faq` if it is there, else the copy inside the binary.
    pub folder: Option<PathBuf>,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file named on the command line is not there, or cannot be read.
    #[error("{path}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("{path}: {message}")]
    Invalid {
        /// The file.
        path: String,
        /// Line, column and what is wrong there, with a suggestion where one is near.
        message: String,
    },
}

/// The name of the settings file in the working folder.
pub const DEFAULT_FILE: &str = "config.toml";

impl Settings {
    /// Reads the named file; without a name `config.toml` of the working folder if it is there, else the defaults.
    ///
    /// # Errors
    /// The file cannot be read, is not TOML, or has a key or value that does not exist.
    pub fn load(named: Option<&Path>) -> Result<Settings, SettingsError> {
        let path = named.unwrap_or(Path::new(DEFAULT_FILE));
        match std::fs::read_to_string(path) {
            Ok(text) => Settings::parse(&text, &path.display().to_string()),
            Err(error) if named.is_none() && error.kind() == ErrorKind::NotFound => Ok(Settings::default()),
            Err(source) => Err(SettingsError::Unreadable { path: path.display().to_string(), source }),
        }
    }

    /// Reads settings from text; `path` is named in errors.
    ///
    /// # Errors
    /// The text is not TOML, has an unknown key, or a value out of bounds.
    pub fn parse(text: &str, path: &str) -> Result<Settings, SettingsError> {
        let invalid = |message: String| SettingsError::Invalid { path: path.to_owned(), message };
        let settings: Settings = toml::from_str(text).map_err(|error| invalid(described(&error)))?;
        let policy = &settings.answering;
        let shares = [
            ("answer_at", policy.answer_at),
            ("margin", policy.margin),
            ("offer_at", policy.offer_at),
            ("watch_answer_at", policy.watch_answer_at),
        ];
        for (name, value) in shares {
            if !(0.0..=1.0).contains(&value) {
                return Err(invalid(format!("answering.{name} is {value}, but must be between 0 and 1")));
            }
        }
        let keep_days = settings.journal.keep_days;
        if !(1..=KEEP_DAYS_AT_MOST).contains(&keep_days) {
            return Err(invalid(format!("journal.keep_days is {keep_days}, but must be between 1 and {KEEP_DAYS_AT_MOST}")));
        }
        let discord = &settings.discord;
        if !(1..=MAX_PER_SECOND).contains(&discord.rest_per_second) {
            let given = discord.rest_per_second;
            return Err(invalid(format!("discord.rest_per_second is {given}, but must be between 1 and {MAX_PER_SECOND}")));
        }
        if let Some(server) = discord.test_server.as_ref().filter(|server| !server.address.ip().is_loopback()) {
            return Err(invalid(format!(
                "discord.test_server.address is {}, but must be an address of this machine",
                server.address
            )));
        }
        if policy.offer_at > policy.answer_at {
            return Err(invalid("answering.offer_at must not be above answering.answer_at".to_owned()));
        }
        if !discord.watched_channels.is_empty() && policy.answer_at > policy.watch_answer_at {
            return Err(invalid("answering.answer_at must not be above answering.watch_answer_at".to_owned()));
        }
        if discord.watch_wait > WATCH_WAIT_AT_MOST {
            let given = discord.watch_wait;
            return Err(invalid(format!(
                "discord.watch_wait is {given}, but must be between 0 and {WATCH_WAIT_AT_MOST} (seconds)"
            )));
        }
        Ok(settings)
    }
}

/// The TOML reader's message, with a suggestion for a misspelt key.
fn described(error: &toml::de::Error) -> String {
    if error.message().starts_with("unknown field `token`") {
        return format!(
            "the token never stands in this file: put it into the environment variable {TOKEN_VARIABLE} or into a file of its own, named by discord.token_file"
        );
    }
    let message = error.to_string();
    let mut quoted = error.message().split('`').skip(1).step_by(2);
    let suggestion = match (error.message().starts_with("unknown field"), quoted.next()) {
        (true, Some(unknown)) => crate::faq::nearest(unknown, quoted),
        _ => None,
    };
    let message = masked(message.trim_end());
    suggestion.map_or_else(|| message.clone(), |name| format!("{message}\ndid you mean `{name}`?"))
}
