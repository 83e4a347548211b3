//! Is the connection alive? Serenity tries for ever where Discord will never take it; this counts, and says when it is enough.
//!
//! Acting on it is left to `connection.rs`.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serenity::model::id::ShardId;
use tokio::time::Instant;

/// Tries without success before a fresh start has better chances; 1,000 a day cost the token.
pub const TRIES: u32 = 5;
/// Discord is back within a minute, or something is wrong that a fresh start may mend.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What is wrong with the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It was tried [`TRIES`] times without being let in.
    NeverReady,
    /// It has been away for [`PATIENCE`].
    Away,
}

#[derive(Clone, Copy, Debug)]
struct Shard {
    tries: u32,
    /// Since when it is not connected; `None` while it is.
    away: Option<Instant>,
}

/// Watches every shard.
#[derive(Debug, Default)]
pub struct Watchdog {
    shards: Mutex<HashMap<u32, Shard>>,
}

impl Watchdog {
    /// A shard introduces itself to Discord. Events may be handled out of order: this counts only until the shard is next seen connected.
    pub fn tries(&self, shard: ShardId) {
        self.change(shard, |shard| shard.tries += 1);
    }

    /// How a shard was found when somebody looked.
    pub fn found(&self, shard: ShardId, is_connected: bool) {
        self.change(shard, |shard| {
            if is_connected {
                *shard = Shard { tries: 0, away: None };
            } else {
                shard.away = shard.away.or(Some(Instant::now()));
            }
        });
    }

    /// What is wrong by now.
    pub fn trouble(&self) -> Option<Trouble> {
        let shards = self.shards.lock().unwrap_or_else(PoisonError::into_inner);
        if shards.values().any(|shard| shard.tries >= TRIES && shard.away.is_some()) {
            return Some(Trouble::NeverReady);
        }
        shards.values().any(|shard| shard.away.is_some_and(|since| since.elapsed() >= PATIENCE)).then_some(Trouble::Away)
    }

    fn change(&self, shard: ShardId, change: impl FnOnce(&mut Shard)) {
        let mut shards = self.shards.lock().unwrap_or_else(PoisonError::into_inner);
        change(shards.entry(shard.0).or_insert(Shard { tries: 0, away: Some(Instant::now()) }));
    }
}
