//! What is settled about links, in a file: for a day nobody has to ask again.
//!
//! The folder and the time come from the caller.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Verdict;

/// Another version's file is as none.
const VERSION: u32 = 1;
/// Seconds for which a verdict holds.
const DAY: u64 = 24 * 60 * 60;

/// Verdicts of the last day.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Cache {
    version: u32,
    links: BTreeMap<String, Known>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Known {
    /// Seconds since 1970.
    at: u64,
    verdict: Verdict,
}

impl Default for Cache {
    fn default() -> Self {
        Cache { version: VERSION, links: BTreeMap::new() }
    }
}

impl Cache {
    /// The file's name in the data folder.
    pub const FILE: &str = "links.json";

    /// Reads the cache of a data folder; one that cannot be read is as none.
    pub fn read(folder: &Path) -> Self {
        let read = fs::read(folder.join(Self::FILE)).ok();
        let cache: Option<Cache> = read.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        cache.filter(|cache| cache.version == VERSION).unwrap_or_default()
    }

    /// What is known of an address `now`, in seconds since 1970; `None` also for what a clock that went back dates in the future.
    pub fn get(&self, url: &str, now: u64) -> Option<&Verdict> {
        self.links.get(url).filter(|known| known.holds(now)).map(|known| &known.verdict)
    }

    /// Keeps a verdict that is settled.
    pub fn put(&mut self, url: &str, verdict: &Verdict, now: u64) {
        if !matches!(verdict, Verdict::Unreachable(_)) {
            self.links.insert(url.to_owned(), Known { at: now, verdict: verdict.clone() });
        }
    }

    /// Writes what still holds: the whole file or, if the machine stops, the one before.
    ///
    /// # Errors
    /// The folder or the file cannot be written.
    pub fn write(mut self, folder: &Path, now: u64) -> io::Result<()> {
        self.links.retain(|_, known| known.holds(now));
        fs::create_dir_all(folder)?;
        let unfinished = folder.join(format!("{}.part", Self::FILE));
        let mut file = File::create(&unfinished)?;
        file.write_all(&serde_json::to_vec(&self)?)?;
        file.sync_all()?;
        fs::rename(&unfinished, folder.join(Self::FILE))
    }
}

impl Known {
    fn holds(&self, now: u64) -> bool {
        now.checked_sub(self.at).is_some_and(|age| age < DAY)
    }
}
