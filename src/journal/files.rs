//! The journal's files: their names, who may read them, the key, and copies of the database.
//!
//! What stands in the database is left to `schema.rs` and `store.rs`.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use rusqlite::Connection;

use super::JournalError;

/// The database in its folder.
pub const DATABASE: &str = "journal.db";
/// The key of the members' hashes, beside it: who has the database alone cannot try ids.
pub const KEY: &str = "journal.key";
/// In bytes: what HMAC-SHA256 makes full use of.
pub const KEY_LENGTH: usize = 32;
/// Begins the name of a copy taken before a migration.
pub const BEFORE: &str = "journal.db.before-";
/// Begins the name of a database that could not be read.
pub const BROKEN: &str = "journal.db.broken-";
/// SQLite keeps a database in these three.
const PARTS: [&str; 3] = ["", "-wal", "-shm"];

/// A path with something after its name.
pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// What the system said about a file.
pub fn file_error(path: &Path) -> impl Fn(io::Error) -> JournalError {
    let path = path.to_path_buf();
    move |source| JournalError::File { path: path.clone(), source }
}

/// What SQLite said about a database.
pub fn database_error(path: &Path) -> impl Fn(rusqlite::Error) -> JournalError {
    let path = path.to_path_buf();
    move |source| JournalError::Database { path: path.clone(), source }
}

/// Makes a file that only its owner reads, where there is none.
pub fn create_private(path: &Path) -> Result<File, JournalError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|source| match source.kind() {
        ErrorKind::AlreadyExists => JournalError::Taken { path: path.to_path_buf() },
        _ => file_error(path)(source),
    })
}

/// Takes a file from everybody but its owner.
pub fn make_private(path: &Path) -> Result<(), JournalError> {
    #[cfg(unix)]
    {
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(path, permissions).map_err(file_error(path))?;
    }
    Ok(())
}

/// The key of a folder; made where there is none and nothing was hashed with one.
pub fn key(folder: &Path, has_hashes: bool) -> Result<hmac::Key, JournalError> {
    let path = folder.join(KEY);
    match read_key(&path) {
        Err(JournalError::KeyMissing { .. }) if !has_hashes => {}
        known => {
            let bytes = known?;
            make_private(&path)?;
            return Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes));
        }
    }
    let mut bytes = [0; KEY_LENGTH];
    let no_randomness = |_| file_error(&path)(io::Error::other("the system gives no random bytes"));
    SystemRandom::new().fill(&mut bytes).map_err(no_randomness)?;
    write_key(&path, &bytes)?;
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
}

/// A key file's bytes.
pub fn read_key(path: &Path) -> Result<Vec<u8>, JournalError> {
    match fs::read(path) {
        Ok(bytes) if bytes.len() == KEY_LENGTH => Ok(bytes),
        Ok(_) => Err(JournalError::KeyMalformed { path: path.to_path_buf() }),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(JournalError::KeyMissing { path: path.to_path_buf() }),
        Err(error) => Err(file_error(path)(error)),
    }
}

/// Writes a key where there is none: whole or, if the machine stops, not at all.
pub fn write_key(path: &Path, bytes: &[u8]) -> Result<(), JournalError> {
    if path.exists() {
        return Err(JournalError::Taken { path: path.to_path_buf() });
    }
    let unfinished = with_suffix(path, ".part");
    drop(fs::remove_file(&unfinished));
    let mut file = create_private(&unfinished)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.and_then(|()| fs::rename(&unfinished, path)).map_err(file_error(path))
}

/// Copies a database into a new private file, whole and without its free pages; nothing is left behind where that fails.
pub fn copy(connection: &Connection, target: &Path) -> Result<(), JournalError> {
    let file = create_private(target)?;
    let copied = vacuum_into(connection, target).and_then(|()| file.sync_all().map_err(file_error(target)));
    if copied.is_err() {
        drop(fs::remove_file(target));
    }
    copied
}

fn vacuum_into(connection: &Connection, target: &Path) -> Result<(), JournalError> {
    // SQLite gives names like ":memory:" a meaning of their own; none of them is absolute.
    let absolute = std::path::absolute(target).map_err(file_error(target))?;
    let not_unicode = || file_error(target)(io::Error::new(ErrorKind::InvalidInput, "the name is not Unicode"));
    let name = absolute.to_str().ok_or_else(not_unicode)?;
    connection.execute("VACUUM INTO ?1", [name]).map_err(database_error(target))?;
    Ok(())
}

/// Moves a database that cannot be read out of the way; gives its new name.
pub fn set_aside(database: &Path, folder: &Path, now: i64) -> Result<PathBuf, JournalError> {
    let mut aside = folder.join(format!("{BROKEN}{now}"));
    let mut again = 1;
    while aside.exists() {
        again += 1;
        aside = folder.join(format!("{BROKEN}{now}.{again}"));
    }
    for part in PARTS {
        let from = with_suffix(database, part);
        match fs::rename(&from, with_suffix(&aside, part)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(file_error(&from)(error)),
            _ => {}
        }
    }
    Ok(aside)
}

/// The first file of a journal that stands in a folder.
pub fn found_in(folder: &Path) -> Option<PathBuf> {
    let database = folder.join(DATABASE);
    PARTS.iter().map(|part| with_suffix(&database, part)).chain([folder.join(KEY)]).find(|path| path.exists())
}
