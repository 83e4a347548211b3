//! What the journal writes and reads, as SQL. When, and on which thread, is left to `writer.rs`.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use ring::hmac;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::desk::DRAFT_LIVES;
use super::files::{BEFORE, BROKEN};
use super::inbox;
use super::schema::checkpoint;
use super::{Kept, Place, Record, StandingAnswer, Waiting, redaction};
use crate::faq::{EntryId, Lang};

pub const DAY: i64 = 24 * 60 * 60;
/// Bytes of a member's hash: enough that no two members meet.
pub const HASH_LENGTH: usize = 16;

/// The open database with the key of its hashes.
pub struct Store {
    pub connection: Connection,
    pub key: hmac::Key,
    pub folder: PathBuf,
}

impl Store {
    /// Writes all records or, with an error, none.
    pub fn write(&mut self, records: &[Record]) -> rusqlite::Result<()> {
        let key = &self.key;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for record in records {
            write(&transaction, key, record)?;
        }
        transaction.commit()
    }

    pub fn answers(&self, since: i64) -> rusqlite::Result<Vec<StandingAnswer>> {
        let sql = "SELECT question, channel, answer, at FROM answers WHERE at >= ?1 ORDER BY at, question";
        let mut statement = self.connection.prepare(sql)?;
        let rows = statement.query_map([since], |row| {
            Ok(StandingAnswer { question: id(row, 0)?, channel: id(row, 1)?, answer: id(row, 2)?, at: row.get(3)? })
        })?;
        rows.collect()
    }

    pub fn waiting(&self) -> rusqlite::Result<Vec<Waiting>> {
        let sql = "SELECT id, member, text, lang, channel, message, at, wrong FROM handed_on
                   WHERE member IS NOT NULL AND channel IS NOT NULL ORDER BY at, id";
        let mut statement = self.connection.prepare(sql)?;
        let rows = statement.query_map([], |row| {
            let (code, message, wrong): (String, Option<i64>, Option<String>) = (row.get(3)?, row.get(5)?, row.get(7)?);
            Ok(Waiting {
                id: row.get(0)?,
                member: id(row, 1)?,
                text: row.get(2)?,
                lang: Lang::ALL.into_iter().find(|lang| lang.code() == code).unwrap_or_default(),
                channel: id(row, 4)?,
                message: message.map(i64::cast_unsigned),
                wrong: wrong.iter().flat_map(|ids| ids.split(' ')).filter_map(EntryId::new).collect(),
                at: row.get(6)?,
            })
        })?;
        rows.collect()
    }

    pub fn kept(&self, member: u64) -> rusqlite::Result<Kept> {
        kept(&self.connection, &hash(&self.key, member), member)
    }

    /// Rows go first, for good; then what is left of them in the files. Where only the second fails, asking again does it.
    pub fn forget(&mut self, member: u64) -> rusqlite::Result<Kept> {
        let hash = hash(&self.key, member);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let kept = kept(&transaction, &hash, member)?;
        inbox::clear_drafts(&transaction, &inbox::texts_of(&transaction, &hash, member)?)?;
        transaction.execute("DELETE FROM asked WHERE member = ?1", [hash])?;
        transaction.execute("DELETE FROM answers WHERE member = ?1", [hash])?;
        transaction.execute("DELETE FROM handed_on WHERE member = ?1", [member.cast_signed()])?;
        transaction.commit()?;
        // The bot runs on the new tables: the copy has done its duty, and would remember the member.
        self.remove_copies(&[BEFORE], None);
        checkpoint(&self.connection)?;
        self.connection.execute_batch("VACUUM")?;
        checkpoint(&self.connection).map(|()| kept)
    }

    pub fn retain(&mut self, now: i64, keep_days: u32) -> rusqlite::Result<()> {
        let oldest = now.saturating_sub(i64::from(keep_days) * DAY);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute("DELETE FROM asked WHERE at < ?1", [oldest])?;
        transaction.execute("DELETE FROM handed_on WHERE at < ?1", [oldest])?;
        transaction.execute("DELETE FROM answers WHERE at < ?1", [now.saturating_sub(DAY)])?;
        transaction.execute("DELETE FROM drafts WHERE at < ?1", [now.saturating_sub(DRAFT_LIVES)])?;
        transaction.commit()?;
        self.remove_copies(&[BEFORE, BROKEN], Some(oldest));
        checkpoint(&self.connection)
    }

    /// Removes older databases set aside in the folder: all that begin so, or those last written before `oldest`.
    fn remove_copies(&self, beginnings: &[&str], oldest: Option<i64>) {
        let oldest = oldest.map(|oldest| SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(oldest).unwrap_or(0)));
        for file in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = file.file_name();
            let is_copy = beginnings.iter().any(|beginning| name.to_string_lossy().starts_with(beginning));
            let written = file.metadata().and_then(|metadata| metadata.modified());
            let is_old = oldest.is_none_or(|oldest| written.is_ok_and(|written| written < oldest));
            if is_copy
                && is_old
                && let Err(error) = fs::remove_file(file.path())
            {
                tracing::warn!(file = %file.path().display(), %error, "an old copy of the journal could not be removed");
            }
        }
    }
}

fn write(connection: &Connection, key: &hmac::Key, record: &Record) -> rusqlite::Result<()> {
    match record {
        Record::Asked { at, member, place, text, lang, outcome, entries, score, message } => {
            if *place == Place::Home {
                let entries: Vec<&str> = entries.iter().map(EntryId::as_str).collect();
                let text = redaction::storable(text);
                let message = message.filter(|_| text.is_some()).map(u64::cast_signed);
                connection.execute(
                    "INSERT INTO asked (at, member, text, lang, outcome, entries, score, message) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    params![
                        at,
                        hash(key, *member),
                        text,
                        lang.code(),
                        outcome,
                        entries.join(" "),
                        f64::from(*score),
                        message
                    ],
                )?;
            }
            connection.execute(
                "INSERT INTO asked_daily VALUES (?1, ?2, ?3, 1)
                 ON CONFLICT (day, place, outcome) DO UPDATE SET count = count + 1",
                params![day(*at), place.code(), outcome],
            )?;
        }
        Record::Answered { question, channel, answer, member, at } => {
            connection.execute(
                "INSERT OR REPLACE INTO answers (question, channel, answer, member, at) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![question.cast_signed(), channel.cast_signed(), answer.cast_signed(), hash(key, *member), at],
            )?;
        }
        Record::Unanswered { question } => {
            connection.execute("DELETE FROM answers WHERE question = ?1", [question.cast_signed()])?;
        }
        Record::Chosen { at, entry, wrong } => count(connection, *at, entry, "chosen", wrong.as_ref())?,
        Record::Solved { at, entry } => count(connection, *at, entry, "solved", None)?,
        Record::Wrong { at, entry } => count(connection, *at, entry, "wrong", None)?,
        Record::HandedOn { at, member, text, lang, channel, message, wrong } => {
            // An id holds no space.
            let wrong = (!wrong.is_empty()).then(|| wrong.iter().map(EntryId::as_str).collect::<Vec<_>>().join(" "));
            let member = member.cast_signed();
            // Who waits for the same already is told once, and not of what they have rejected since.
            let again = "UPDATE handed_on SET wrong = nullif(trim(coalesce(wrong, '') || ' ' || coalesce(?3, '')), '')
                         WHERE member = ?1 AND text = ?2";
            if connection.execute(again, params![member, text, wrong])? == 0 {
                connection.execute(
                    "INSERT INTO handed_on (at, member, text, lang, channel, message, wrong) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    params![at, member, text, lang.code(), channel.cast_signed(), message.map(u64::cast_signed), wrong],
                )?;
            }
        }
        Record::Rejected { member, text, entry } => inbox::reject(connection, &hash(key, *member), text, entry)?,
        Record::Erased { message } => inbox::erase(connection, *message)?,
        Record::Told { id } => {
            connection.execute("DELETE FROM handed_on WHERE id = ?1", [id])?;
        }
    }
    Ok(())
}

fn count(connection: &Connection, at: i64, entry: &EntryId, what: &str, instead_of: Option<&EntryId>) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO entry_daily VALUES (?1, ?2, ?3, ?4, 1)
         ON CONFLICT (day, entry, what, instead_of) DO UPDATE SET count = count + 1",
        params![day(at), entry.as_str(), what, instead_of.map_or("", EntryId::as_str)],
    )?;
    Ok(())
}

fn kept(connection: &Connection, hash: &[u8; HASH_LENGTH], member: u64) -> rusqlite::Result<Kept> {
    let of_asked = "SELECT count(*), count(text) FROM asked WHERE member = ?1";
    let (questions, with_text) = connection.query_row(of_asked, [hash], |row| Ok((id(row, 0)?, id(row, 1)?)))?;
    let of_waiting = "SELECT count(*) FROM handed_on WHERE member = ?1";
    let waiting = connection.query_row(of_waiting, [member.cast_signed()], |row| id(row, 0)).optional()?;
    let answered = connection.query_row("SELECT count(*) FROM answers WHERE member = ?1", [hash], |row| id(row, 0))?;
    Ok(Kept { questions, with_text, waiting: waiting.unwrap_or(0), answered })
}

/// The member as the journal knows them: who has not the key cannot say who it is.
pub fn hash(key: &hmac::Key, member: u64) -> [u8; HASH_LENGTH] {
    let tag = hmac::sign(key, &member.to_le_bytes());
    let first = tag.as_ref().first_chunk();
    *first.expect("SHA-256 gives 32 bytes")
}

/// The day in UTC, counted from 1970.
fn day(at: i64) -> i64 {
    at.div_euclid(DAY)
}

/// An unsigned number as SQLite keeps it: with the same bits.
pub fn id(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get(column).map(i64::cast_unsigned)
}
