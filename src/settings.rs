//! `config.toml` -> [`Settings`]. Unknown keys are refused with a suggestion; every key has a default and stands in `config.example.toml`.
//!
//! What the settings mean is left to the rooms that use them, what is said of faulty ones to the command line.

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
    /// The version of this format: [`FORMAT`].
    pub format: u32,
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
    /// Who keeps the FAQ from Discord.
    pub moderation: ModerationSettings,
    /// How operators see that it is well.
    pub monitoring: MonitoringSettings,
    /// How to be in Discord.
    pub discord: DiscordSettings,
}

/// The version of `config.toml` that this program reads: the first. A later one would be brought to today's keys here.
pub const FORMAT: u32 = 1;

impl Default for Settings {
    fn default() -> Self {
        Settings {
            format: FORMAT,
            language: Lang::default(),
            data_folder: PathBuf::from("data"),
            faq: FaqSettings::default(),
            answering: Policy::default(),
            journal: JournalSettings::default(),
            moderation: ModerationSettings::default(),
            monitoring: MonitoringSettings::default(),
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

/// Who keeps the FAQ from Discord, and what they are told.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ModerationSettings {
    /// Members of the home guild with one of these roles may, beside those who may manage the server.
    pub roles: Vec<NonZero<u64>>,
    /// Whether the log channel gets a summary each week.
    pub weekly: bool,
}

impl Default for ModerationSettings {
    fn default() -> Self {
        ModerationSettings { roles: Vec::new(), weekly: true }
    }
}

/// How operators see that the bot is well.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MonitoringSettings {
    /// Where `/healthz` and `/metrics` are answered; `None`: nowhere.
    pub address: Option<SocketAddr>,
    /// How the log is written.
    pub log: LogForm,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogForm {
    /// For people: a line each.
    #[default]
    Text,
    /// For programs: an object each, on a line.
    Json,
}

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
    /// Where it is written.
    pub home: Home,
}

/// Where the FAQ is written; read it is always from its folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Home {
    /// In its folder, with an editor and from Discord.
    #[default]
    Discord,
    /// Elsewhere, such as in a repository that is copied into the folder: from Discord nothing is changed.
    Files,
}

/// Why the settings cannot be used. What is said about it is left to the command line.
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
    #[error("{path}:{line}:{column}: {fault:?}")]
    Invalid {
        /// The file.
        path: String,
        /// From 1; 0 where no line can be named.
        line: usize,
        /// In characters, from 1.
        column: usize,
        /// That line, without a token.
        text: String,
        /// What is wrong there.
        fault: Fault,
        /// The language that the file asks for, if it does.
        lang: Option<Lang>,
    },
}

/// What can be wrong with settings.
#[derive(Debug)]
pub enum Fault {
    /// The token stands in this file.
    TokenHere,
    /// No such key.
    UnknownKey {
        /// As written.
        key: String,
        /// What was probably meant.
        meant: Option<String>,
    },
    /// The value is not of the key's kind, or the line no TOML at all.
    WrongForm {
        /// A line as it could be, where there is a key.
        example: Option<String>,
        /// What the TOML reader says of a line that it cannot read.
        detail: Option<String>,
    },
    /// The same key twice.
    Twice,
    /// None of the values there are.
    NotOneOf {
        /// All of them.
        allowed: Vec<String>,
    },
    /// Written for another version of this program.
    OtherFormat(i64),
    /// A number out of bounds.
    OutOfBounds {
        /// The key, with its table.
        key: &'static str,
        /// The lowest and the highest that are possible.
        bounds: (f64, f64),
    },
    /// The first key must not be above the second.
    Above(&'static str, &'static str),
    /// An address of another machine, where only this one may be named.
    NotLoopback,
}

/// The name of the settings file in the working folder.
pub const DEFAULT_FILE: &str = "config.toml";

/// Every key with its default, and what it is for.
pub const EXAMPLE: &str = include_str!("../config.example.toml");

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
        let is_english = text.lines().any(|line| line.replace(' ', "").starts_with("language=\"en\""));
        let invalid = |line: usize, column: usize, fault: Fault| SettingsError::Invalid {
            path: path.to_owned(),
            line,
            column,
            text: masked(text.lines().nth(line.wrapping_sub(1)).unwrap_or_default()),
            fault,
            lang: is_english.then_some(Lang::En),
        };
        let line_of = |name: &str| text.lines().position(|line| key_of(line) == Some(name)).map_or(0, |nth| nth + 1);
        // Before its keys are read: another format may have others.
        let of_format = text.parse::<toml::Table>().ok().and_then(|table| table.get("format")?.as_integer());
        if let Some(other) = of_format.filter(|format| *format != i64::from(FORMAT)) {
            return Err(invalid(line_of("format"), 1, Fault::OtherFormat(other)));
        }
        let settings: Settings = toml::from_str(text).map_err(|error| {
            let (line, column) = position(text, error.span().map_or(0, |span| span.start));
            // A list may have several lines.
            let key = text.lines().take(line).filter_map(key_of).last();
            let is_toml = text.parse::<toml::Table>().is_ok();
            invalid(line, column, fault(error.message(), key.and_then(example_of), is_toml))
        })?;
        let Some((key, fault)) = settings.contradiction() else { return Ok(settings) };
        let name = key.rsplit_once('.').map_or(key, |(_, name)| name);
        Err(invalid(line_of(name), 1, fault))
    }

    /// The first value that is of the right kind and still not possible, by its key.
    fn contradiction(&self) -> Option<(&'static str, Fault)> {
        let (policy, discord) = (&self.answering, &self.discord);
        let bounded = [
            ("answering.answer_at", policy.answer_at.into(), (0.0, 1.0)),
            ("answering.margin", policy.margin.into(), (0.0, 1.0)),
            ("answering.offer_at", policy.offer_at.into(), (0.0, 1.0)),
            ("answering.watch_answer_at", policy.watch_answer_at.into(), (0.0, 1.0)),
            ("journal.keep_days", self.journal.keep_days.into(), (1.0, KEEP_DAYS_AT_MOST.into())),
            ("discord.rest_per_second", discord.rest_per_second.into(), (1.0, MAX_PER_SECOND.into())),
            ("discord.watch_wait", discord.watch_wait as f64, (0.0, WATCH_WAIT_AT_MOST as f64)),
        ];
        let is_outside = |(_, value, (low, high)): &(_, f64, (f64, f64))| !(*low..=*high).contains(value);
        if let Some((key, _, bounds)) = bounded.into_iter().find(is_outside) {
            return Some((key, Fault::OutOfBounds { key, bounds }));
        }
        if discord.test_server.as_ref().is_some_and(|server| !server.address.ip().is_loopback()) {
            return Some(("discord.test_server", Fault::NotLoopback));
        }
        let above = |lower, upper| Some((lower, Fault::Above(lower, upper)));
        if policy.offer_at > policy.answer_at {
            return above("answering.offer_at", "answering.answer_at");
        }
        if !discord.watched_channels.is_empty() && policy.answer_at > policy.watch_answer_at {
            return above("answering.answer_at", "answering.watch_answer_at");
        }
        None
    }
}

/// Line and column of a byte, from 1.
fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let (lines, last) = before.rsplit_once('\n').map_or((0, before), |(lines, last)| (lines.matches('\n').count() + 1, last));
    (lines + 1, last.chars().count() + 1)
}

/// The key that a line begins with, without its table.
fn key_of(line: &str) -> Option<&str> {
    line.split_once('=').and_then(|(key, _)| key.trim().rsplit('.').next())
}

/// The line of the example on which a key stands, without its comment mark.
fn example_of(key: &str) -> Option<String> {
    let mut lines = EXAMPLE.lines().map(|line| line.trim_start_matches("# "));
    let line = lines.find(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(" = ")))?;
    // An empty list does not show what goes into it: numbers of Discord, whatever the list.
    Some(line.replace("[]", "[123456789012345678]"))
}

/// What the TOML reader means, told by the beginnings of what it says.
fn fault(message: &str, example: Option<String>, is_toml: bool) -> Fault {
    let mut quoted = message.split('`').skip(1).step_by(2).map(str::to_owned);
    match message {
        _ if message.starts_with("unknown field `token`") => Fault::TokenHere,
        _ if message.starts_with("unknown field") => {
            let (key, known) = (masked(&quoted.next().unwrap_or_default()), quoted.collect::<Vec<_>>());
            let meant = crate::faq::nearest(&key, known.iter().map(String::as_str));
            Fault::UnknownKey { key, meant }
        }
        _ if message.starts_with("unknown variant") => Fault::NotOneOf { allowed: quoted.skip(1).collect() },
        _ if message.starts_with("duplicate key") => Fault::Twice,
        _ => Fault::WrongForm { example, detail: (!is_toml).then(|| masked(message)) },
    }
}
