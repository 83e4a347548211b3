//! Opens the database: sound or set aside, of a version we know, brought to today's tables with a copy taken first.
//!
//! What is written and read is left to `store.rs`.

use std::fs;
use std::path::Path;
use std::time::Duration;

use ring::hmac;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior, ffi};

use super::JournalError;
use super::files::{self, BEFORE, DATABASE, copy, create_private, database_error, file_error, make_private, with_suffix};

/// Another process, such as a backup, holds the database no longer than this; then what waits is given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// What brings a database from each version to the next; a new one is brought through all of them. `user_version` counts them.
/// Ids of Discord are stored as SQLite's signed numbers with the same bits, days as days since 1970 in UTC.
const STEPS: [&str; 4] = [
    // What was asked, and which message of ours answers which.
    "CREATE TABLE asked (
         id INTEGER PRIMARY KEY,
         at INTEGER NOT NULL,
         member BLOB,
         text TEXT,
         lang TEXT NOT NULL,
         outcome TEXT NOT NULL,
         entries TEXT NOT NULL,
         score REAL
     );
     CREATE INDEX asked_at ON asked (at);
     CREATE INDEX asked_member ON asked (member);
     CREATE TABLE asked_daily (
         day INTEGER NOT NULL,
         place TEXT NOT NULL,
         outcome TEXT NOT NULL,
         count INTEGER NOT NULL,
         PRIMARY KEY (day, place, outcome)
     ) WITHOUT ROWID;
     CREATE TABLE answers (
         question INTEGER PRIMARY KEY,
         channel INTEGER NOT NULL,
         answer INTEGER NOT NULL,
         member BLOB NOT NULL,
         at INTEGER NOT NULL
     );
     CREATE INDEX answers_at ON answers (at);
     CREATE INDEX answers_member ON answers (member);",
    // What members did with answers, and what they handed on. An id is never used twice: a button may still hold it.
    "CREATE TABLE entry_daily (
         day INTEGER NOT NULL,
         entry TEXT NOT NULL,
         what TEXT NOT NULL,
         instead_of TEXT NOT NULL,
         count INTEGER NOT NULL,
         PRIMARY KEY (day, entry, what, instead_of)
     ) WITHOUT ROWID;
     CREATE TABLE handed_on (
         id INTEGER PRIMARY KEY AUTOINCREMENT,
         at INTEGER NOT NULL,
         member INTEGER,
         text TEXT NOT NULL,
         lang TEXT NOT NULL,
         channel INTEGER,
         message INTEGER
     );
     CREATE INDEX handed_on_member ON handed_on (member);",
    // What was shown to those who handed a question on, and was not its answer.
    "ALTER TABLE handed_on ADD COLUMN wrong TEXT;",
    // What moderators are at and did: drafts for a day, changes for good, the entries as they were seen last. And what of questions the inbox needs:
    // the message, so that its text goes with it; the entry that was no answer; that moderators are done with it.
    "CREATE TABLE drafts (
         id INTEGER PRIMARY KEY AUTOINCREMENT,
         at INTEGER NOT NULL,
         moderator INTEGER NOT NULL,
         content TEXT NOT NULL
     );
     CREATE TABLE changes (
         id INTEGER PRIMARY KEY AUTOINCREMENT,
         at INTEGER NOT NULL,
         moderator INTEGER,
         via TEXT NOT NULL,
         file TEXT NOT NULL,
         entry TEXT NOT NULL,
         before TEXT,
         after TEXT,
         is_done INTEGER NOT NULL
     );
     CREATE INDEX changes_entry ON changes (entry);
     CREATE TABLE known_entries (
         entry TEXT PRIMARY KEY,
         file TEXT NOT NULL,
         text TEXT NOT NULL
     ) WITHOUT ROWID;
     CREATE TABLE last_times (
         what TEXT PRIMARY KEY,
         at INTEGER NOT NULL
     ) WITHOUT ROWID;
     ALTER TABLE asked ADD COLUMN message INTEGER;
     ALTER TABLE asked ADD COLUMN wrong TEXT;
     ALTER TABLE asked ADD COLUMN is_closed INTEGER;
     CREATE INDEX asked_message ON asked (message) WHERE message IS NOT NULL;
     ALTER TABLE handed_on ADD COLUMN is_closed INTEGER;
     CREATE INDEX handed_on_message ON handed_on (message) WHERE message IS NOT NULL;",
];

/// The version this program writes.
pub const VERSION: i64 = 4;
const _: () = assert!(VERSION == STEPS.len().cast_signed() as i64);

/// A database ready for use.
pub struct Opened {
    pub connection: Connection,
    pub key: hmac::Key,
    /// What was there before could not be read and was set aside.
    pub was_broken: bool,
}

/// Opens the database of a folder, or begins one.
pub fn open(folder: &Path, now: i64) -> Result<Opened, JournalError> {
    fs::create_dir_all(folder).map_err(file_error(folder))?;
    let path = folder.join(DATABASE);
    let (mut connection, was_broken) = match examined(&path) {
        Err(JournalError::Broken { .. }) => {
            let aside = files::set_aside(&path, folder, now)?;
            tracing::error!(aside = %aside.display(), "the journal could not be read: set aside, and a new one begun");
            (examined(&path)?, true)
        }
        connection => (connection?, false),
    };
    let failed = database_error(&path);
    let version = version(&connection).map_err(&failed)?;
    let key = files::key(folder, version > 0 && has_hashes(&connection).map_err(&failed)?)?;
    if (1..VERSION).contains(&version) {
        copy_before_migration(&connection, folder)?;
    }
    migrate(&mut connection, version).map_err(&failed)?;
    Ok(Opened { connection, key, was_broken })
}

/// A connection for reading only, beside a bot that writes; its database is sound and of a known version.
pub fn read_only(path: &Path) -> Result<Connection, JournalError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(described(path))?;
    connection.busy_timeout(PATIENCE).map_err(described(path))?;
    check(&connection, path)?;
    Ok(connection)
}

/// A connection for writing to a database that is sound and of a known version; before that is certain, nothing is changed.
fn examined(path: &Path) -> Result<Connection, JournalError> {
    if path.exists() {
        make_private(path)?;
    } else {
        // SQLite gives the files beside it the same permissions.
        drop(create_private(path)?);
    }
    let failed = described(path);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(&failed)?;
    connection.busy_timeout(PATIENCE).map_err(&failed)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map_err(&failed)?;
    check(&connection, path)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).map_err(&failed)?;
    prepare(&connection).map_err(&failed)?;
    Ok(connection)
}

fn check(connection: &Connection, path: &Path) -> Result<(), JournalError> {
    let failed = described(path);
    let found = version(connection).map_err(&failed)?;
    if found > VERSION {
        return Err(JournalError::Newer { path: path.to_path_buf(), found, known: VERSION });
    }
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(&failed)?;
    if verdict == "ok" { Ok(()) } else { Err(JournalError::Broken { path: path.to_path_buf() }) }
}

/// SQLite's errors, with a broken file told from everything that passes.
fn described(path: &Path) -> impl Fn(rusqlite::Error) -> JournalError {
    let path = path.to_path_buf();
    move |source| match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => JournalError::Broken { path: path.clone() },
        _ => JournalError::Database { path: path.clone(), source },
    }
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // Records go in batches, so that each batch can be on the disk, not only on its way, when it counts as written.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What is deleted is overwritten.
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    // KiB, where SQLite would take 2,000: records are written once and looked up by their key, the few pages in between are soon read again.
    connection.pragma_update(None, "cache_size", -512)?;
    // VACUUM would otherwise leave members' words in files outside the folder.
    connection.pragma_update(None, "temp_store", "MEMORY")
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn has_hashes(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT EXISTS (SELECT 1 FROM asked WHERE member IS NOT NULL)", [], |row| row.get(0))
}

/// A copy that is whole or not there; of the same step, the newest is the one to keep.
fn copy_before_migration(connection: &Connection, folder: &Path) -> Result<(), JournalError> {
    let target = folder.join(format!("{BEFORE}v{VERSION}"));
    let unfinished = with_suffix(&target, ".part");
    drop(fs::remove_file(&unfinished));
    copy(connection, &unfinished)?;
    fs::rename(&unfinished, &target).map_err(file_error(&target))?;
    tracing::info!(copy = %target.display(), "the journal is brought to a new version: a copy was taken");
    Ok(())
}

fn migrate(connection: &mut Connection, from: i64) -> rusqlite::Result<()> {
    for (step, sql) in (1..).zip(STEPS).filter(|(step, _)| *step > from) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // A second process may have been faster.
        if version(&transaction)? < step {
            transaction.execute_batch(sql)?;
            transaction.pragma_update(None, "user_version", step)?;
        }
        transaction.commit()?;
    }
    Ok(())
}

/// Brings everything from the write-ahead log into the database and empties the log.
pub fn checkpoint(connection: &Connection) -> rusqlite::Result<()> {
    let is_busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if is_busy {
        let busy = ffi::Error::new(ffi::SQLITE_BUSY);
        return Err(rusqlite::Error::SqliteFailure(busy, Some("another process reads the journal".to_owned())));
    }
    Ok(())
}
