//! Is the connection alive? Serenity tries for ever where Discord will never take it; this counts, and says when it is enough.
//!
//! Times come from the caller; acting on trouble is left to `mod.rs`.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Tries without success before a fresh start has better chances; 1,000 a day cost the token.
pub const TRIES: u64 = 5;
/// Serenity tells nobody that it tries again: it forgets the shard, and this much later introduces it anew.
const BETWEEN_TRIES: Duration = Duration::from_secs(5);
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

/// How a shard is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// At work.
    Connected,
    /// It has introduced itself, and waits to be let in.
    Waiting,
    /// On its way, and not there yet.
    Underway,
    /// Forgotten, to be tried again.
    Gone,
}

#[derive(Clone, Copy, Debug, Default)]
struct Shard {
    /// Since when it is not connected; `None` while it is.
    away: Option<Instant>,
    /// Whether it has introduced itself since.
    has_tried: bool,
    /// Since when it tries anew again and again.
    gone: Option<Instant>,
}

impl Shard {
    fn tries(&self, now: Instant) -> u64 {
        let again = |since: Instant| 1 + now.saturating_duration_since(since).as_secs() / BETWEEN_TRIES.as_secs();
        u64::from(self.has_tried) + self.gone.map_or(0, again)
    }
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
        let first = Shard { away: Some(now), ..Shard::default() };
        Watchdog { shards: Mutex::new(HashMap::from([(0, first)])) }
    }

    /// How a shard was found when somebody looked.
    pub fn found(&self, shard: u32, seen: Seen, now: Instant) {
        let mut shards = self.shards.lock().unwrap_or_else(PoisonError::into_inner);
        let shard = shards.entry(shard).or_default();
        if seen == Seen::Connected {
            *shard = Shard::default();
            return;
        }
        shard.away = shard.away.or(Some(now));
        shard.has_tried |= seen == Seen::Waiting;
        // Where nobody was there to be introduced to, nothing was tried.
        if seen == Seen::Gone && shard.has_tried {
            shard.gone = shard.gone.or(Some(now));
        }
    }

    /// Who is watched.
    pub fn known(&self) -> Vec<u32> {
        self.shards.lock().unwrap_or_else(PoisonError::into_inner).keys().copied().collect()
    }

    /// What is wrong by now.
    pub fn trouble(&self, now: Instant) -> Option<Trouble> {
        let shards = self.shards.lock().unwrap_or_else(PoisonError::into_inner);
        if shards.values().any(|shard| shard.tries(now) >= TRIES) {
            return Some(Trouble::NeverReady);
        }
        let is_away = |since: Instant| now.saturating_duration_since(since) >= PATIENCE;
        shards.values().any(|shard| shard.away.is_some_and(is_away)).then_some(Trouble::Away)
    }
}
