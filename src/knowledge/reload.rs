//! A folder that is edited while somebody answers from it: sees that a file was saved, waits until nobody writes any more, and builds anew.
//!
//! It looks instead of being told: systems tell of changes each in their way, of those on other machines not at all, and editors save in more
//! ways than one. How often it looks, and who hears of it, is left to the shell.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Knowledge;
use super::library::{Library, Stamp};
use crate::faq::{Diagnostic, Lang, Level, Place, Problem, Source};

/// A good time between two looks: with [`QUIET`] and the time to build the shipped FAQ, a saved file is live within a second.
pub const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Nothing may have been written for so long: longer than between two pieces of one file.
const QUIET: Duration = Duration::from_millis(300);
/// What looks half done is believed after so long.
const PATIENCE: Duration = Duration::from_secs(2);
/// Systems that keep no times, and those that tell them late, are not believed for longer.
const REREAD: Duration = Duration::from_secs(5);

/// What saving led to.
#[derive(Debug)]
pub enum Change {
    /// Without errors: to be answered from.
    Sound(Arc<Knowledge>),
    /// With errors, all of which are told: whatever was answered from before stays.
    Faulty(Vec<Diagnostic>),
    /// After errors, what was answered from before stands there again.
    Restored,
}

/// Follows one folder.
#[derive(Debug)]
pub struct Reloader {
    folder: PathBuf,
    default: Lang,
    /// As it was at the last look.
    stamp: Stamp,
    /// Since when there may be something new.
    restless_since: Option<Instant>,
    read_at: Option<Instant>,
    /// What was judged last; nothing where the folder could not be read.
    judged: Option<Vec<Mark>>,
    /// What is answered from; nothing where that is only a part of it.
    served: Option<Vec<Mark>>,
}

impl Reloader {
    /// `sources` is what stood in the folder when it was built, and is answered from; `is_whole`: nothing of it was left out.
    pub fn new(folder: PathBuf, default: Lang, sources: &[Source], is_whole: bool) -> Self {
        let judged = Some(marks(sources));
        let served = judged.clone().filter(|_| is_whole);
        // An empty stamp: what was saved since it was read is found at the first look.
        Reloader { folder, default, stamp: Stamp::default(), restless_since: None, read_at: None, judged, served }
    }

    /// The folder that is followed.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What has changed, once nobody writes any more. Takes as long as reading, and building where there is something new.
    pub fn look(&mut self, now: Instant) -> Option<Change> {
        let since = |then: Instant| now.saturating_duration_since(then);
        let stamp = Stamp::of(&self.folder);
        if stamp != self.stamp {
            (self.stamp, self.restless_since) = (stamp, Some(now));
            return None;
        }
        let is_due = match self.restless_since {
            Some(then) => since(then) >= QUIET,
            None => self.read_at.is_none_or(|then| since(then) >= REREAD),
        };
        if !is_due {
            return None;
        }
        let sources = Library::Folder(self.folder.clone()).sources();
        self.read_at = Some(now);
        let read = sources.as_deref().ok().map(marks);
        if read == self.judged {
            self.restless_since = None;
            return None;
        }
        // Written while it was read, or by somebody who leaves no stamp: half of it may be old.
        let Some(restless_since) = self.restless_since.filter(|_| Stamp::of(&self.folder) == self.stamp) else {
            self.restless_since = Some(now);
            return None;
        };
        if since(restless_since) < PATIENCE && self.looks_unfinished(read.as_deref().unwrap_or_default()) {
            return None;
        }
        self.restless_since = None;
        self.judged = read;
        Some(self.judge(sources))
    }

    /// What has changed by now, for somebody who saves, and asks: whatever is half done is told as it is.
    pub fn reread(&mut self) -> Option<Change> {
        let stamp = Stamp::of(&self.folder);
        if stamp == self.stamp {
            return None;
        }
        self.stamp = stamp;
        let sources = Library::Folder(self.folder.clone()).sources();
        let read = sources.as_deref().ok().map(marks);
        let is_new = read != self.judged;
        self.judged = read;
        is_new.then(|| self.judge(sources))
    }

    /// Whether somebody may be in the middle of it, in spite of the quiet: beside what was read last, and what is answered from, a file is gone,
    /// or has lost its last line end or half of its text; or a new one has no last line end.
    fn looks_unfinished(&self, now: &[Mark]) -> bool {
        let before: Vec<&Mark> = self.judged.iter().chain(&self.served).flatten().collect();
        let is_cut = |before: &&Mark| {
            let now = now.iter().find(|now| now.name == before.name);
            now.is_none_or(|now| now.length < before.length / 2 || (before.ends_a_line && !now.ends_a_line))
        };
        let is_new = |now: &Mark| before.iter().all(|before| before.name != now.name);
        before.iter().any(is_cut) || now.iter().any(|now| !now.ends_a_line && is_new(now))
    }

    fn judge(&mut self, sources: io::Result<Vec<Source>>) -> Change {
        let about_folder = |problem| {
            let place = Place { file: self.folder.display().to_string(), ..Place::default() };
            Change::Faulty(vec![Diagnostic { place, problem }])
        };
        let sources = match sources {
            Ok(_) if self.judged == self.served => return Change::Restored,
            Ok(sources) => sources,
            Err(error) => return about_folder(Problem::Unreadable { detail: error.to_string() }),
        };
        let mut built = Knowledge::build(&sources, self.default);
        built.diagnostics.retain(|diagnostic| diagnostic.problem.level() == Level::Error);
        match built.knowledge {
            Some(knowledge) if built.diagnostics.is_empty() => {
                self.served.clone_from(&self.judged);
                Change::Sound(Arc::new(knowledge))
            }
            None if built.diagnostics.is_empty() => about_folder(Problem::EmptyFile),
            _ => Change::Faulty(built.diagnostics),
        }
    }
}

/// A file as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    name: String,
    hash: u64,
    length: usize,
    ends_a_line: bool,
}

fn marks(sources: &[Source]) -> Vec<Mark> {
    sources.iter().map(Mark::of).collect()
}

impl Mark {
    fn of(source: &Source) -> Self {
        let mut hasher = DefaultHasher::new();
        source.content.hash(&mut hasher);
        let bytes = source.content.as_deref().unwrap_or_default();
        Mark { name: source.name.clone(), hash: hasher.finish(), length: bytes.len(), ends_a_line: bytes.last() == Some(&b'\n') }
    }
}
