//! `config.toml` -> [`Settings`]. Unknown keys are refused with a suggestion; every key has a default and stands in `config.example.toml`.
//!
//! What the settings mean is left to the rooms that use them.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::answering::Policy;
use crate::faq::Lang;

/// Everything an operator can set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The language of the bot where a question shows none, and of FAQ texts that name none.
    pub language: Lang,
    /// Where the FAQ is.
    pub faq: FaqSettings,
    /// When to answer, when to offer.
    pub answering: Policy,
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
        let shares = [("answer_at", policy.answer_at), ("margin", policy.margin), ("offer_at", policy.offer_at)];
        for (name, value) in shares {
            if !(0.0..=1.0).contains(&value) {
                return Err(invalid(format!("answering.{name} is {value}, but must be between 0 and 1")));
            }
        }
        if policy.offer_at > policy.answer_at {
            return Err(invalid("answering.offer_at must not be above answering.answer_at".to_owned()));
        }
        Ok(settings)
    }
}

/// The TOML reader's message, with a suggestion for a misspelt key.
fn described(error: &toml::de::Error) -> String {
    let message = error.to_string();
    let mut quoted = error.message().split('`').skip(1).step_by(2);
    let suggestion = match (error.message().starts_with("unknown field"), quoted.next()) {
        (true, Some(unknown)) => crate::faq::nearest(unknown, quoted),
        _ => None,
    };
    let message = message.trim_end();
    suggestion.map_or_else(|| message.to_owned(), |name| format!("{message}\ndid you mean `{name}`?"))
}
