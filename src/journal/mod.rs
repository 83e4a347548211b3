//! What the bot remembers of questions: SQLite in the data folder, written by one thread, so that nobody who answers waits for a disk.
//!
//! Times are seconds since 1970 and come from the caller. What may be stored of a text stands in `redaction.rs`; what is done with what
//! is stored is left to the rooms that ask.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use crate::faq::{EntryId, Lang};

mod copies;
mod desk;
mod files;
mod inbox;
mod names;
pub mod redaction;
mod schema;
mod store;
mod writer;

pub use copies::{backup, restore};
pub use desk::{Change, Draft, KnownEntry, Via};
pub use inbox::{EntryNumbers, KeptAt, Missing, Numbers};
use store::Store;
use writer::{Message, Shared, Troubles, Writer};

/// As many records wait for the disk at most; the next ones are lost, and counted.
pub const WAITING_AT_MOST: usize = 4_096;

/// Where a question was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Publicly, in the home guild.
    Home,
    /// Publicly, in another guild.
    Elsewhere,
    /// In a direct message, or answered privately.
    Private,
}

impl Place {
    const fn code(self) -> &'static str {
        match self {
            Place::Home => "home",
            Place::Elsewhere => "elsewhere",
            Place::Private => "private",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// A question got its reply. Only of [`Place::Home`] more than a number is kept: the text if nothing in it had to be masked, and a
    /// keyed hash of the member.
    Asked {
        /// When.
        at: i64,
        /// By whom.
        member: u64,
        /// Where.
        place: Place,
        /// The question as it was written.
        text: String,
        /// Its language.
        lang: Lang,
        /// What came of it, e.g. `answer`.
        outcome: String,
        /// The entries found, best first.
        entries: Vec<EntryId>,
        /// The best one's score.
        score: f32,
        /// The message it was asked with, so that its text goes with it.
        message: Option<u64>,
    },
    /// An entry was no answer to what its asker had asked, word for word.
    Rejected {
        /// By whom.
        member: u64,
        /// The question.
        text: String,
        /// Which entry.
        entry: EntryId,
    },
    /// A message was deleted or changed: its text is kept no longer, nor what was drafted from it.
    Erased {
        /// Which.
        message: u64,
    },
    /// A message of ours answers a message; kept for a day, with a keyed hash of the member, so that edits and deletions are followed after a start, too.
    Answered {
        /// The message with the question.
        question: u64,
        /// The channel of both.
        channel: u64,
        /// Our message.
        answer: u64,
        /// Who asked.
        member: u64,
        /// When.
        at: i64,
    },
    /// That answer is gone.
    Unanswered {
        /// The message with the question.
        question: u64,
    },
    /// Somebody chose an entry, maybe after being shown a wrong one. Counted by day, without the member, as are the next two.
    Chosen {
        /// When.
        at: i64,
        /// What was chosen.
        entry: EntryId,
        /// What was shown first.
        wrong: Option<EntryId>,
    },
    /// Somebody said that an entry helped.
    Solved {
        /// When.
        at: i64,
        /// Which.
        entry: EntryId,
    },
    /// Somebody said that an entry was not what they asked for.
    Wrong {
        /// When.
        at: i64,
        /// Which.
        entry: EntryId,
    },
    /// A member hands a question on to the moderators: the text as they sent it, and where to tell them.
    HandedOn {
        /// When.
        at: i64,
        /// By whom; kept until they are told.
        member: u64,
        /// The question, exactly.
        text: String,
        /// Its language.
        lang: Lang,
        /// Where to tell them.
        channel: u64,
        /// The message to reply to.
        message: Option<u64>,
        /// The entries they were shown and did not mean.
        wrong: Vec<EntryId>,
    },
    /// The member who handed a question on was told, or need not be: the way back to them is deleted.
    Told {
        /// [`Waiting::id`].
        id: i64,
    },
}

impl Record {
    fn at(&self) -> Option<i64> {
        match self {
            Record::Asked { at, .. }
            | Record::Answered { at, .. }
            | Record::Chosen { at, .. }
            | Record::Solved { at, .. }
            | Record::Wrong { at, .. }
            | Record::HandedOn { at, .. } => Some(*at),
            Record::Unanswered { .. } | Record::Told { .. } | Record::Rejected { .. } | Record::Erased { .. } => None,
        }
    }
}

/// A message of ours that answers a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandingAnswer {
    /// The message with the question.
    pub question: u64,
    /// The channel of both.
    pub channel: u64,
    /// Our message.
    pub answer: u64,
    /// When it was given.
    pub at: i64,
}

/// A question handed on whose member was not told yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its number, never used again.
    pub id: i64,
    /// Who handed it on.
    pub member: u64,
    /// What they wrote.
    pub text: String,
    /// In which language.
    pub lang: Lang,
    /// Where to tell them.
    pub channel: u64,
    /// The message to reply to.
    pub message: Option<u64>,
    /// The entries they were shown and did not mean.
    pub wrong: Vec<EntryId>,
    /// When.
    pub at: i64,
}

/// How much the journal keeps of a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Questions asked.
    pub questions: u64,
    /// Of these, how many with their text.
    pub with_text: u64,
    /// Questions handed on and not told yet.
    pub waiting: u64,
    /// Messages of theirs under which an answer stands, for a day.
    pub answered: u64,
}

/// Why the journal cannot be used, or a question to it not be answered.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A file or folder cannot be read or written.
    #[error("{path}", path = path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The database does not do what it should.
    #[error("{path}", path = path.display())]
    Database {
        /// Which.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// A newer program wrote it.
    #[error("{path} was written by a newer medse-bot (version {found}, this one knows {known}); use that one", path = path.display())]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest version known here.
        known: i64,
    },
    /// The database is damaged; only a backup's own is told so, a journal's is set aside.
    #[error("{path} is damaged", path = path.display())]
    Broken {
        /// The database.
        path: PathBuf,
    },
    /// There are members' hashes, but not the key they were made with.
    #[error("{path} is missing: put it back from the backup, or move the database beside it away to begin a new journal", path = path.display())]
    KeyMissing {
        /// The key file.
        path: PathBuf,
    },
    /// The key file is not 32 bytes long.
    #[error("{path} is not a key of 32 bytes: put it back from the backup", path = path.display())]
    KeyMalformed {
        /// The key file.
        path: PathBuf,
    },
    /// There is something already where something is to be written; nothing is overwritten.
    #[error("{path} is there already", path = path.display())]
    Taken {
        /// What is there.
        path: PathBuf,
    },
    /// There is nothing to back up or to restore.
    #[error("there is no journal {path}", path = path.display())]
    NoJournal {
        /// What was looked for.
        path: PathBuf,
    },
    /// The thread that writes has ended.
    #[error("the journal has stopped")]
    Stopped,
}

/// A handle on the journal, cheap to clone. The last one to go waits until everything entered is written: a few seconds at most.
#[derive(Clone, Debug)]
pub struct Journal {
    thread: Option<Arc<Thread>>,
}

#[derive(Debug)]
struct Thread {
    /// `None` only while the last handle goes.
    sender: Option<mpsc::UnboundedSender<Message>>,
    handle: Option<JoinHandle<()>>,
    shared: Arc<Shared>,
    database: PathBuf,
    was_broken: bool,
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.sender = None;
        if self.handle.take().is_some_and(|handle| handle.join().is_err()) {
            tracing::error!("the journal's thread had panicked");
        }
    }
}

impl Journal {
    /// Opens the journal of a folder, or begins one; a database that cannot be read is set aside ([`Journal::was_broken`]).
    ///
    /// # Errors
    /// The folder cannot be written, another process holds the database, a newer program wrote it, or its key is missing or malformed.
    pub fn open(folder: &Path, now: i64) -> Result<Journal, JournalError> {
        let opened = schema::open(folder, now)?;
        let shared = Arc::new(Shared::default());
        let (sender, inbox) = mpsc::unbounded_channel();
        let store = Store { connection: opened.connection, key: opened.key, folder: folder.to_path_buf() };
        let writer = Writer { store, inbox, shared: Arc::clone(&shared), troubles: Troubles::default() };
        let named = std::thread::Builder::new().name("journal".to_owned());
        let handle = named.spawn(move || writer.run()).map_err(files::file_error(folder))?;
        let database = folder.join(files::DATABASE);
        let thread = Thread { sender: Some(sender), handle: Some(handle), shared, database, was_broken: opened.was_broken };
        Ok(Journal { thread: Some(Arc::new(thread)) })
    }

    /// A journal that keeps nothing and knows nothing.
    pub const fn off() -> Journal {
        Journal { thread: None }
    }

    /// Whether it keeps anything at all.
    pub fn is_on(&self) -> bool {
        self.thread.is_some()
    }

    /// Whether the database found at the start could not be read and was set aside.
    pub fn was_broken(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| thread.was_broken)
    }

    /// How many records were lost: because [`WAITING_AT_MOST`] waited already, or because they could not be written.
    pub fn lost(&self) -> u64 {
        self.thread.as_ref().map_or(0, |thread| thread.shared.lost.load(Ordering::Relaxed))
    }

    /// Notes what happened. Returns at once, whatever the disk does.
    pub fn enter(&self, record: Record) {
        let Some(thread) = &self.thread else { return };
        let Shared { waiting, lost } = &*thread.shared;
        let one_more = |waiting| (waiting < WAITING_AT_MOST).then_some(waiting + 1);
        let has_room = waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).is_ok();
        if !has_room || !thread.send(Message::Record(record)) {
            lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until everything entered before is on disk, or is counted as lost.
    pub async fn flush(&self) {
        // A thread that has ended has nothing to wait for.
        drop(self.ask(|_| Ok(())).await);
    }

    /// The answers given since then, oldest first.
    ///
    /// # Errors
    /// As every question: the database fails, or the thread has ended.
    pub async fn answers(&self, since: i64) -> Result<Vec<StandingAnswer>, JournalError> {
        self.ask(move |store| store.answers(since)).await
    }

    /// What was handed on and not told yet, oldest first.
    pub async fn waiting(&self) -> Result<Vec<Waiting>, JournalError> {
        self.ask(|store| store.waiting()).await
    }

    /// How much is kept of a member.
    pub async fn kept(&self, member: u64) -> Result<Kept, JournalError> {
        self.ask(move |store| store.kept(member)).await
    }

    /// Deletes what is kept of a member, also from the database's free pages, its log and the copy taken before a migration; gives what
    /// was deleted. Numbers without the member stay, as do backups and a database set aside as broken.
    ///
    /// # Errors
    /// As every question; also where another process reads the database just then. Asking again finishes the work.
    pub async fn forget(&self, member: u64) -> Result<Kept, JournalError> {
        self.ask(move |store| store.forget(member)).await
    }

    /// Deletes what is older than `keep_days` (answers: than a day), and databases set aside longer ago. Numbers by day stay.
    pub async fn retain(&self, now: i64, keep_days: u32) -> Result<(), JournalError> {
        self.ask(move |store| store.retain(now, keep_days)).await
    }

    async fn ask<T: Default + Send + 'static>(
        &self,
        question: impl FnOnce(&mut Store) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, JournalError> {
        let Some(thread) = &self.thread else { return Ok(T::default()) };
        let (sender, answer) = oneshot::channel();
        let question = Box::new(move |store: &mut Store| {
            // Who asked may have stopped waiting.
            drop(sender.send(question(store)));
        });
        if !thread.send(Message::Question(question)) {
            return Err(JournalError::Stopped);
        }
        let answered = answer.await.map_err(|_| JournalError::Stopped)?;
        answered.map_err(files::database_error(&thread.database))
    }
}

impl Thread {
    fn send(&self, message: Message) -> bool {
        self.sender.as_ref().is_some_and(|sender| sender.send(message).is_ok())
    }
}
