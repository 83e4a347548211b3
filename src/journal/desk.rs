//! What moderators are at, and what became of it: drafts for a day, changes to the FAQ for good, each entry as it was seen last.
//!
//! What a draft holds and what a change means is left to [`crate::moderation`]; here they are texts.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::store::{self, DAY, Store};
use super::{Journal, JournalError};
use crate::faq::{Lang, VOCABULARY_FILE};

/// A draft is kept so long after it was last touched, in seconds.
pub const DRAFT_LIVES: i64 = DAY;

/// What a moderator is at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its number, never used again.
    pub id: i64,
    /// Whose it is.
    pub moderator: u64,
    /// Whatever [`crate::moderation`] wrote.
    pub content: String,
}

/// How a change came into the FAQ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// From Discord.
    Discord,
    /// Somebody saved a file.
    File,
    /// Somebody sent files in Discord.
    Upload,
}

impl Via {
    const ALL: [Via; 3] = [Via::Discord, Via::File, Via::Upload];

    const fn code(self) -> &'static str {
        match self {
            Via::Discord => "discord",
            Via::File => "file",
            Via::Upload => "upload",
        }
    }
}

/// An entry that became another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its number, in order of time, never used again; 0 until it has one.
    pub id: i64,
    /// When.
    pub at: i64,
    /// By whom, where that is known.
    pub moderator: Option<u64>,
    /// How.
    pub via: Via,
    /// In which file.
    pub file: String,
    /// Which entry.
    pub entry: String,
    /// Its lines before; `None`: there was none.
    pub before: Option<String>,
    /// Its lines since; `None`: it is gone.
    pub after: Option<String>,
}

/// An entry as it stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownEntry {
    /// Its id.
    pub entry: String,
    /// The file.
    pub file: String,
    /// Its lines.
    pub text: String,
}

impl Journal {
    /// Keeps a draft; gives its number.
    ///
    /// # Errors
    /// As every question to the journal; so with all functions here. Where the journal is off, nothing is kept and the number is 0.
    pub async fn keep_draft(&self, moderator: u64, at: i64, content: String) -> Result<i64, JournalError> {
        self.ask(move |store| {
            let sql = "INSERT INTO drafts (at, moderator, content) VALUES (?1, ?2, ?3)";
            store.connection.execute(sql, params![at, moderator.cast_signed(), content])?;
            Ok(store.connection.last_insert_rowid())
        })
        .await
    }

    /// A draft that is not too old.
    pub async fn draft(&self, id: i64, now: i64) -> Result<Option<Draft>, JournalError> {
        self.ask(move |store| {
            let sql = "SELECT id, moderator, content FROM drafts WHERE id = ?1 AND at >= ?2";
            let draft = |row: &Row<'_>| Ok(Draft { id: row.get(0)?, moderator: store::id(row, 1)?, content: row.get(2)? });
            store.connection.query_row(sql, [id, now.saturating_sub(DRAFT_LIVES)], draft).optional()
        })
        .await
    }

    /// Changes what a draft holds.
    pub async fn change_draft(&self, id: i64, at: i64, content: String) -> Result<(), JournalError> {
        self.ask(move |store| {
            store.connection.execute("UPDATE drafts SET at = ?2, content = ?3 WHERE id = ?1", params![id, at, content]).map(drop)
        })
        .await
    }

    /// Forgets a draft.
    pub async fn drop_draft(&self, id: i64) -> Result<(), JournalError> {
        self.ask(move |store| store.connection.execute("DELETE FROM drafts WHERE id = ?1", [id]).map(drop)).await
    }

    /// Notes changes that are about to be made; gives their numbers. On disk when this returns.
    pub async fn begin_changes(&self, changes: Vec<Change>) -> Result<Vec<i64>, JournalError> {
        self.ask(move |store| {
            let transaction = store.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let ids = changes.iter().map(|change| insert(&transaction, change, false)).collect::<rusqlite::Result<_>>()?;
            transaction.commit().map(|()| ids)
        })
        .await
    }

    /// These changes stand in the files.
    pub async fn finish_changes(&self, ids: Vec<i64>) -> Result<(), JournalError> {
        self.ask(move |store| {
            let transaction = store.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for id in ids {
                transaction.execute("UPDATE changes SET is_done = 1 WHERE id = ?1", [id])?;
                let change = transaction.query_row(&format!("{CHANGES} WHERE id = ?1"), [id], change).optional()?;
                // A word of the vocabulary is no entry: nobody sees it among them.
                if let Some(change) = change.filter(|change| change.entry != VOCABULARY_FILE) {
                    know(&transaction, &change.entry, &change.file, change.after.as_deref())?;
                }
            }
            transaction.commit()
        })
        .await
    }

    /// These changes came to nothing.
    pub async fn abandon_changes(&self, ids: Vec<i64>) -> Result<(), JournalError> {
        self.ask(move |store| {
            let delete = |id: &i64| store.connection.execute("DELETE FROM changes WHERE id = ?1 AND is_done = 0", [id]).map(drop);
            ids.iter().try_for_each(delete)
        })
        .await
    }

    /// Changes of which nobody knows whether they stand in the files: the program ended meanwhile.
    pub async fn unsettled_changes(&self) -> Result<Vec<Change>, JournalError> {
        self.ask(|store| select(&store.connection, "WHERE is_done = 0 ORDER BY id", [])).await
    }

    /// The newest changes, of one entry if one is named, after leaving out so many.
    pub async fn changes(&self, entry: Option<String>, skip: i64, limit: i64) -> Result<Vec<Change>, JournalError> {
        self.ask(move |store| {
            let rest = "WHERE is_done = 1 AND (?1 IS NULL OR entry = ?1) ORDER BY id DESC LIMIT ?3 OFFSET ?2";
            select(&store.connection, rest, params![entry, skip, limit])
        })
        .await
    }

    /// One change.
    pub async fn change(&self, id: i64) -> Result<Option<Change>, JournalError> {
        self.ask(move |store| Ok(select(&store.connection, "WHERE is_done = 1 AND id = ?1", [id])?.pop())).await
    }

    /// Every change from one on, oldest first.
    pub async fn changes_from(&self, id: i64) -> Result<Vec<Change>, JournalError> {
        self.ask(move |store| select(&store.connection, "WHERE is_done = 1 AND id >= ?1 ORDER BY id", [id])).await
    }

    /// Compares the FAQ's entries with how they were seen last, and notes what differs as changes of files. What is seen for the first time
    /// is no change.
    pub async fn see_entries(&self, now: i64, entries: Vec<KnownEntry>) -> Result<Vec<Change>, JournalError> {
        self.ask(move |store| see(store, now, entries)).await
    }

    /// The id of each entry that ever was changed.
    pub async fn changed_entries(&self) -> Result<Vec<String>, JournalError> {
        self.ask(|store| {
            let mut statement = store.connection.prepare("SELECT DISTINCT entry FROM changes")?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect()
        })
        .await
    }

    /// The questions whose text is kept, each once, newest first.
    pub async fn texts(&self, since: i64, limit: usize) -> Result<Vec<(String, Lang)>, JournalError> {
        self.ask(move |store| {
            let sql =
                "SELECT text, lang FROM asked WHERE text IS NOT NULL AND at >= ?1 GROUP BY text ORDER BY max(at) DESC LIMIT ?2";
            let mut statement = store.connection.prepare(sql)?;
            let rows = statement.query_map(params![since, i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
                let code: String = row.get(1)?;
                Ok((row.get(0)?, Lang::ALL.into_iter().find(|lang| lang.code() == code).unwrap_or_default()))
            })?;
            rows.collect()
        })
        .await
    }

    /// When something was done last, by its name.
    pub async fn last_time(&self, what: &'static str) -> Result<Option<i64>, JournalError> {
        self.ask(move |store| {
            store.connection.query_row("SELECT at FROM last_times WHERE what = ?1", [what], |row| row.get(0)).optional()
        })
        .await
    }

    /// Something was done.
    pub async fn note_time(&self, what: &'static str, at: i64) -> Result<(), JournalError> {
        self.ask(move |store| {
            store.connection.execute("INSERT OR REPLACE INTO last_times VALUES (?1, ?2)", params![what, at]).map(drop)
        })
        .await
    }
}

const CHANGES: &str = "SELECT id, at, moderator, via, file, entry, before, after FROM changes";

fn select(connection: &Connection, rest: &str, parameters: impl rusqlite::Params) -> rusqlite::Result<Vec<Change>> {
    let mut statement = connection.prepare(&format!("{CHANGES} {rest}"))?;
    let rows = statement.query_map(parameters, change)?;
    rows.collect()
}

fn change(row: &Row<'_>) -> rusqlite::Result<Change> {
    let via: String = row.get(3)?;
    let moderator: Option<i64> = row.get(2)?;
    Ok(Change {
        id: row.get(0)?,
        at: row.get(1)?,
        moderator: moderator.map(i64::cast_unsigned),
        via: Via::ALL.into_iter().find(|known| known.code() == via).unwrap_or(Via::File),
        file: row.get(4)?,
        entry: row.get(5)?,
        before: row.get(6)?,
        after: row.get(7)?,
    })
}

fn insert(connection: &Connection, change: &Change, is_done: bool) -> rusqlite::Result<i64> {
    let Change { id: _, at, moderator, via, file, entry, before, after } = change;
    connection.execute(
        "INSERT INTO changes (at, moderator, via, file, entry, before, after, is_done) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![at, moderator.map(u64::cast_signed), via.code(), file, entry, before, after, is_done],
    )?;
    Ok(connection.last_insert_rowid())
}

fn know(connection: &Connection, entry: &str, file: &str, text: Option<&str>) -> rusqlite::Result<()> {
    match text {
        Some(text) => connection.execute("INSERT OR REPLACE INTO known_entries VALUES (?1, ?2, ?3)", [entry, file, text]),
        None => connection.execute("DELETE FROM known_entries WHERE entry = ?1", [entry]),
    }
    .map(drop)
}

fn see(store: &mut Store, now: i64, entries: Vec<KnownEntry>) -> rusqlite::Result<Vec<Change>> {
    let transaction = store.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut known = HashMap::new();
    {
        let mut statement = transaction.prepare("SELECT entry, file, text FROM known_entries")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
        for row in rows {
            let (entry, place): (String, (String, String)) = row?;
            known.insert(entry, place);
        }
    }
    let is_first = known.is_empty();
    let mut changes = Vec::new();
    let mut note = |entry: String, file: String, before: Option<String>, after: Option<String>| {
        changes.push(Change { id: 0, at: now, moderator: None, via: Via::File, file, entry, before, after });
    };
    for KnownEntry { entry, file, text } in entries {
        let before = known.remove(&entry);
        if before.as_ref().is_some_and(|(place, before)| *place != file && *before == text) {
            // Moved, which is no change of what it says.
            know(&transaction, &entry, &file, Some(&text))?;
        } else if before.as_ref().is_none_or(|(_, before)| *before != text) {
            note(entry, file, before.map(|(_, text)| text), Some(text));
        }
    }
    for (entry, (file, text)) in known {
        note(entry, file, Some(text), None);
    }
    for change in &mut changes {
        know(&transaction, &change.entry, &change.file, change.after.as_deref())?;
        if !is_first {
            change.id = insert(&transaction, change, true)?;
        }
    }
    transaction.commit()?;
    Ok(if is_first { Vec::new() } else { changes })
}
