//! Backup and restore: the journal with its key in two files, taken while the bot runs and put back where there is none.

use std::fs;
use std::path::Path;

use super::JournalError;
use super::files::{self, DATABASE, KEY, file_error, with_suffix};
use super::schema::read_only;

/// Copies the journal of `folder` into `file`, and its key into `file` with `.key` after it. The bot may run; what it wrote up to now
/// is in the copy. Both files are for their owner only; both together tell who asked what.
///
/// # Errors
/// There is no journal, one of the files exists, or the disk does not take them; then nothing is left behind.
pub fn backup(folder: &Path, file: &Path) -> Result<(), JournalError> {
    let database = existing(folder.join(DATABASE))?;
    let connection = read_only(&database)?;
    let key = files::read_key(&folder.join(KEY))?;
    both(&key, &with_suffix(file, ".key"), || files::copy(&connection, file))
}

/// Puts a backup and its key into `folder`, which is made if need be.
///
/// # Errors
/// The backup or its key is not there or not sound, or a journal is in the folder already.
pub fn restore(file: &Path, folder: &Path) -> Result<(), JournalError> {
    let file = existing(file.to_path_buf())?;
    let connection = read_only(&file)?;
    let key = files::read_key(&with_suffix(&file, ".key"))?;
    if let Some(path) = files::found_in(folder) {
        return Err(JournalError::Taken { path });
    }
    fs::create_dir_all(folder).map_err(file_error(folder))?;
    let database = folder.join(DATABASE);
    let unfinished = with_suffix(&database, ".part");
    drop(fs::remove_file(&unfinished));
    both(&key, &folder.join(KEY), || {
        files::copy(&connection, &unfinished)?;
        fs::rename(&unfinished, &database).map_err(file_error(&database))
    })
}

/// The key first, since a database without it is of no use; neither where one fails.
fn both(key: &[u8], key_file: &Path, copy: impl FnOnce() -> Result<(), JournalError>) -> Result<(), JournalError> {
    files::write_key(key_file, key)?;
    let copied = copy();
    if copied.is_err() {
        drop(fs::remove_file(key_file));
    }
    copied
}

fn existing(path: std::path::PathBuf) -> Result<std::path::PathBuf, JournalError> {
    if path.is_file() { Ok(path) } else { Err(JournalError::NoJournal { path }) }
}
