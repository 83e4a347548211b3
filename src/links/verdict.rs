//! What can be said about a link, and how bad it is.
//!
//! How it is found out is left to `visit.rs`, what is said of it to `sentences.rs`, where it is shown to the command line.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::faq::Level;

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// To a page.
    Fine,
    /// To a page that says it lives elsewhere for good.
    Moved {
        /// The last address that permanent redirects alone lead to and the FAQ can hold.
        to: String,
    },
    /// Nowhere, for certain.
    Dead(Cause),
    /// Nobody knows: it may be a bad day, or a server that does not like to be checked.
    Unreachable(Cause),
}

/// Why there is no page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The server says so.
    Status(u16),
    /// Nobody has the name.
    NoSuchHost,
    /// No name at all is found here.
    NoNames,
    /// Nothing came in time.
    Timeout,
    /// No connection, or a broken one; what the system says.
    NoAnswer(String),
    /// Its server has not answered for other links.
    Silent,
    /// It leads into somebody's own network.
    NotPublic(IpAddr),
    /// It leads round and round.
    TooManyRedirects,
    /// It leads to something that is no web page's address.
    BadAddress(String),
}

impl Cause {
    /// Only a server that says so, or that does not exist, proves a link dead.
    pub fn verdict(self) -> Verdict {
        match self {
            Cause::Status(404 | 410) | Cause::NoSuchHost => Verdict::Dead(self),
            _ => Verdict::Unreachable(self),
        }
    }
}

impl Verdict {
    /// How bad it is; `None` for a link that is fine.
    pub fn level(&self) -> Option<Level> {
        match self {
            Verdict::Fine => None,
            Verdict::Moved { .. } | Verdict::Dead(_) => Some(Level::Warning),
            Verdict::Unreachable(_) => Some(Level::Hint),
        }
    }

    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Verdict::Fine => "link-fine",
            Verdict::Moved { .. } => "link-moved",
            Verdict::Dead(_) => "link-dead",
            Verdict::Unreachable(_) => "link-unreachable",
        }
    }
}
