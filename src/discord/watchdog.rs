//! Is the connection alive? Serenity tries for ever where Discord will never take it; this counts, and says when it is enough.
//!
//! Times come from the caller; acting on trouble is left to `connection.rs`.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Tries without success before a fresh start has better chances; 1,000 a day cost the token.
pub const TRIES: u32 = 5;
/// Discord is back within a minute, or something is wrong that a fresh start may mend.
pub const PATIENCE: Duration = Duration::from_mins(1);

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

/// Watches every shard, by its number.
#[derive(Debug)]
pub struct Watchdog {
    shards: Mutex<HashMap<u32, Shard>>,
}

impl Watchdog {
    /// A watch that begins now. There is always a first shard, and it is away until it is seen: serenity shows none that has not opened
    /// its socket, however long it tries.
    pub fn new(now: Instant) -> Self {
        let first = Shard { tries: 0, away: Some(now) };
        Watchdog { shards: Mutex::new(HashMap::from([(0, first)])) }
    }

    /// A shard introduces itself to Discord. Events may be handled out of order: this counts only until the shard is next seen connected.
    pub fn tries(&self, shard: u32, now: Instant) {
        self.change(shard, now, |shard| shard.tries += 1);
    }

    /// How a shard was found when somebody looked.
    pub fn found(&self, shard: u32, is_connected: bool, now: Instant) {
        self.change(shard, now, |shard| {
            if is_connected {
                *shard = Shard { tries: 0, away: None };
            } else {
                shard.away = shard.away.or(Some(now));
            }
        });
    }

    /// What is wrong by now.
    pub fn trouble(&self, now: Instant) -> Option<Trouble> {
        let shards = self.shards.lock().unwrap_or_else(PoisonError::into_inner);
        if shards.values().any(|shard| shard.tries >= TRIES && shard.away.is_some()) {
            return Some(Trouble::NeverReady);
        }
        let is_away = |since: Instant| now.saturating_duration_since(since) >= PATIENCE;
        shards.values().any(|shard| shard.away.is_some_and(is_away)).then_some(Trouble::Away)
    }

    fn change(&self, shard: u32, now: Instant, change: impl FnOnce(&mut Shard)) {
        let mut shards = self.shards.lock().unwrap_or_else(PoisonError::into_inner);
        change(shards.entry(shard).or_insert(Shard { tries: 0, away: Some(now) }));
    }
}
