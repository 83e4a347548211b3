//! What members asked and did not get: read for moderators, closed when they are done with it, and gone when its author takes it back; and the
//! numbers of all that was asked.
//!
//! What belongs together, and whether it is answered by now, is left to [`crate::moderation`].

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};
use serde_json::Value;

use super::store::{self, DAY, HASH_LENGTH, Store, hash};
use super::{Journal, JournalError};
use crate::faq::{EntryId, Lang, one_line};

/// Where a question is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptAt {
    /// It was asked publicly.
    Asked(i64),
    /// It was handed on.
    HandedOn(i64),
}

/// A question that was not answered, or not well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Where it is kept, and its number there.
    pub kept: KeptAt,
    /// As asked.
    pub text: String,
    /// Its language.
    pub lang: Lang,
    /// When.
    pub at: i64,
    /// By whom, as a keyed hash: enough to count people.
    pub person: [u8; HASH_LENGTH],
    /// The entries that were no answer to it.
    pub wrong: Vec<EntryId>,
}

/// What was asked, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// How many questions had which outcome, wherever they were asked.
    pub outcomes: BTreeMap<String, u64>,
    /// Of each entry that anything is known of.
    pub entries: BTreeMap<String, EntryNumbers>,
}

/// What is known of an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EntryNumbers {
    /// Public questions of the home guild that it answered.
    pub answered: u64,
    /// How often it was chosen.
    pub chosen: u64,
    /// How often it helped.
    pub solved: u64,
    /// How often it was not what was meant.
    pub wrong: u64,
}

impl Journal {
    /// The open questions since then, oldest first; of more than a thousand that were asked, and as many that were handed on, the newest.
    ///
    /// # Errors
    /// As every question to the journal; so with all functions here.
    pub async fn missing(&self, since: i64) -> Result<Vec<Missing>, JournalError> {
        self.ask(move |store| missing(store, since)).await
    }

    /// Moderators are done with these questions.
    pub async fn close(&self, questions: Vec<KeptAt>) -> Result<(), JournalError> {
        self.ask(move |store| {
            questions.iter().try_for_each(|kept| {
                let (sql, id) = match kept {
                    KeptAt::Asked(id) => ("UPDATE asked SET is_closed = 1 WHERE id = ?1", id),
                    KeptAt::HandedOn(id) => ("UPDATE handed_on SET is_closed = 1 WHERE id = ?1", id),
                };
                store.connection.execute(sql, [id]).map(drop)
            })
        })
        .await
    }

    /// The numbers since then, by days in UTC.
    pub async fn numbers(&self, since: i64) -> Result<Numbers, JournalError> {
        self.ask(move |store| numbers(&store.connection, since)).await
    }
}

/// More than moderators ever look at, and decided anew within a second.
const MOST: i64 = 1_000;

fn missing(store: &Store, since: i64) -> rusqlite::Result<Vec<Missing>> {
    let mut all = Vec::new();
    let sql = "SELECT * FROM (SELECT id, text, lang, at, wrong, member FROM asked
               WHERE text IS NOT NULL AND is_closed IS NULL AND member IS NOT NULL AND at >= ?1
               AND (outcome = 'decline' OR wrong IS NOT NULL) ORDER BY id DESC LIMIT ?2) ORDER BY id";
    let mut statement = store.connection.prepare(sql)?;
    let rows = statement.query_map([since, MOST], |row| {
        let person: Vec<u8> = row.get(5)?;
        read(row, KeptAt::Asked(row.get(0)?), person.try_into().unwrap_or_default())
    })?;
    all.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
    // Whoever was told has their answer.
    let sql = "SELECT * FROM (SELECT id, text, lang, at, wrong, member FROM handed_on
               WHERE member IS NOT NULL AND is_closed IS NULL AND at >= ?1 ORDER BY id DESC LIMIT ?2) ORDER BY id";
    let mut statement = store.connection.prepare(sql)?;
    let rows = statement
        .query_map([since, MOST], |row| read(row, KeptAt::HandedOn(row.get(0)?), hash(&store.key, store::id(row, 5)?)))?;
    all.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
    all.sort_by_key(|one| one.at);
    Ok(all)
}

fn read(row: &Row<'_>, kept: KeptAt, person: [u8; HASH_LENGTH]) -> rusqlite::Result<Missing> {
    let (code, wrong): (String, Option<String>) = (row.get(2)?, row.get(4)?);
    let wrong = wrong.iter().flat_map(|ids| ids.split(' ')).filter_map(EntryId::new).collect();
    let lang = Lang::ALL.into_iter().find(|lang| lang.code() == code).unwrap_or_default();
    Ok(Missing { kept, text: row.get(1)?, lang, at: row.get(3)?, person, wrong })
}

fn numbers(connection: &Connection, since: i64) -> rusqlite::Result<Numbers> {
    let mut numbers = Numbers::default();
    let day = since.div_euclid(DAY);
    let mut statement = connection.prepare("SELECT outcome, sum(count) FROM asked_daily WHERE day >= ?1 GROUP BY outcome")?;
    for row in statement.query_map([day], |row| Ok((row.get(0)?, store::id(row, 1)?)))? {
        let (outcome, count) = row?;
        numbers.outcomes.insert(outcome, count);
    }
    let mut statement =
        connection.prepare("SELECT entry, what, sum(count) FROM entry_daily WHERE day >= ?1 GROUP BY entry, what")?;
    for row in statement.query_map([day], |row| Ok((row.get(0)?, row.get(1)?, store::id(row, 2)?)))? {
        let (entry, what, count): (String, String, u64) = row?;
        let of_entry = numbers.entries.entry(entry).or_default();
        match what.as_str() {
            "chosen" => of_entry.chosen += count,
            "solved" => of_entry.solved += count,
            _ => of_entry.wrong += count,
        }
    }
    let mut statement = connection.prepare("SELECT entries FROM asked WHERE outcome = 'answer' AND at >= ?1")?;
    for row in statement.query_map([since], |row| row.get::<_, String>(0))? {
        if let Some(first) = row?.split(' ').next().filter(|first| !first.is_empty()) {
            numbers.entries.entry(first.to_owned()).or_default().answered += 1;
        }
    }
    Ok(numbers)
}

/// An entry was no answer to what somebody asked.
pub fn reject(connection: &Connection, person: &[u8], text: &str, entry: &EntryId) -> rusqlite::Result<()> {
    connection
        .execute(
            "UPDATE asked SET wrong = trim(coalesce(wrong, '') || ' ' || ?3)
             WHERE id = (SELECT id FROM asked WHERE member = ?1 AND text = ?2 ORDER BY id DESC LIMIT 1)
             AND instr(' ' || coalesce(wrong, '') || ' ', ' ' || ?3 || ' ') = 0",
            params![person, text, entry.as_str()],
        )
        .map(drop)
}

/// A message is gone, or says something else: so is its text, wherever it is.
pub fn erase(connection: &Connection, message: u64) -> rusqlite::Result<()> {
    let message = message.cast_signed();
    let mut texts: Vec<String> = Vec::new();
    for sql in ["SELECT text FROM asked WHERE message = ?1 AND text IS NOT NULL", "SELECT text FROM handed_on WHERE message = ?1"]
    {
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map([message], |row| row.get(0))?;
        texts.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
    }
    if texts.is_empty() {
        return Ok(());
    }
    connection.execute("UPDATE asked SET text = NULL, message = NULL WHERE message = ?1", [message])?;
    connection.execute("DELETE FROM handed_on WHERE message = ?1", [message])?;
    clear_drafts(connection, &texts)
}

/// These texts go out of the drafts that began with them, where they were put: out of the question and the wordings that were typed. What else a
/// moderator wrote there stays, and so does every other draft.
pub fn clear_drafts(connection: &Connection, texts: &[String]) -> rusqlite::Result<()> {
    let texts: Vec<String> = texts.iter().map(|text| one_line(text)).collect();
    let mut statement = connection.prepare("SELECT id, content FROM drafts")?;
    let drafts =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<Vec<(i64, String)>>>()?;
    for (id, content) in drafts {
        let Ok(mut draft) = serde_json::from_str::<Value>(&content) else { continue };
        let Some(quoted) = draft["quoted"].as_str().map(one_line) else { continue };
        if texts.iter().any(|text| is_from(&quoted, text)) {
            clear(&mut draft, &quoted);
            connection.execute("UPDATE drafts SET content = ?2 WHERE id = ?1", params![id, draft.to_string()])?;
        }
    }
    Ok(())
}

/// Takes what was quoted out of a draft.
fn clear(draft: &mut Value, quoted: &str) {
    let holds = |value: &Value| value.as_str().is_some_and(|written| one_line(written).contains(quoted));
    draft["quoted"] = Value::Null;
    for form in draft["forms"].as_array_mut().into_iter().flatten() {
        // What the FAQ itself says is nobody's to take out.
        let shown = form["shown"].clone();
        let typed = &mut form["typed"];
        if holds(&typed["question"]) && typed["question"] != shown["question"] {
            typed["question"] = Value::String(String::new());
        }
        if let Some(wordings) = typed["wordings"].as_array_mut() {
            let is_published = |wording: &Value| shown["wordings"].as_array().is_some_and(|shown| shown.contains(wording));
            wordings.retain(|wording| !holds(wording) || is_published(wording));
        }
    }
}

/// Whether what was quoted is a member's sentence; a form may have had no room for its end.
fn is_from(quoted: &str, text: &str) -> bool {
    quoted == text || quoted.strip_suffix('…').is_some_and(|beginning| text.starts_with(beginning))
}

/// Everything that is kept of what a member wrote.
pub fn texts_of(connection: &Connection, person: &[u8], member: u64) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT text FROM asked WHERE member = ?1 AND text IS NOT NULL UNION SELECT text FROM handed_on WHERE member = ?2";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map(params![person, member.cast_signed()], |row| row.get(0))?;
    rows.collect()
}
