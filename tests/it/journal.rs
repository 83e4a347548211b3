//! The journal: what each record leaves in the database, what each question gets, what is forgotten. What may be stored of a text,
//! opening, trouble and copies stand in modules of their own.

mod copies;
mod opening;
mod storing;
mod trouble;

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use medse_bot::faq::Lang;
use medse_bot::journal::{Journal, Kept, Place, Record, StandingAnswer, Waiting};
use rusqlite::Connection;

use crate::support::id;

const NOW: i64 = 1_795_000_000;
const DAY: i64 = 86_400;
const MEMBER: u64 = 123_456_789_012_345_678;
/// Its highest bit is set: no number of Discord's, but one that must come back as it went.
const OTHER: u64 = u64::MAX - 5;
const TEXT: &str = "電子カルテの更新は大変ですか？";
const HANDED: &str = "匿名で聞きたいです。夜間のよびだしはつらい？";

fn asked(at: i64, member: u64, place: Place, text: &str) -> Record {
    let (text, outcome, entries) = (text.to_owned(), "answer".to_owned(), vec![id("night-calls"), id("pay")]);
    Record::Asked { at, member, place, text, lang: Lang::Ja, outcome, entries, score: 0.75, message: None }
}

fn answered(question: u64, member: u64, at: i64) -> Record {
    Record::Answered { question, channel: 7, answer: question + 1, member, at }
}

fn handed_on(at: i64, member: u64, text: &str) -> Record {
    Record::HandedOn {
        at,
        member,
        text: text.to_owned(),
        lang: Lang::Ja,
        channel: OTHER,
        message: Some(12),
        wrong: vec![id("on-call"), id("pay")],
    }
}

fn database(folder: &Path) -> Connection {
    Connection::open(folder.join("journal.db")).unwrap()
}

/// Rows of one text column each.
fn rows(folder: &Path, sql: &str) -> Vec<String> {
    let database = database(folder);
    let mut statement = database.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

const ASKED: &str =
    "SELECT concat_ws('|', at, length(member), coalesce(text, '-'), lang, outcome, entries, score) FROM asked ORDER BY id";
const DAILY: &str = "SELECT concat_ws('|', day, place, outcome, count) FROM asked_daily ORDER BY day, place";
const ANSWERS: &str = "SELECT concat_ws('|', question, channel, answer, length(member), at) FROM answers ORDER BY question";
const ENTRIES: &str =
    "SELECT concat_ws('|', day, entry, what, instead_of, count) FROM entry_daily ORDER BY day, entry, what, instead_of";
const HANDED_ON: &str = "SELECT concat_ws('|', id, at, coalesce(member, '-'), text, lang, coalesce(channel, '-'), coalesce(message, '-'), coalesce(wrong, '-')) FROM handed_on";

#[tokio::test]
async fn every_record_leaves_what_it_should_and_no_more() {
    let full_day = NOW.div_euclid(DAY);
    let home = asked(NOW, MEMBER, Place::Home, TEXT);
    let chosen = |wrong| Record::Chosen { at: NOW, entry: id("pay"), wrong };
    let table: Vec<(Vec<Record>, &str, Vec<String>)> = vec![
        (vec![home.clone()], ASKED, vec![format!("{NOW}|16|{TEXT}|ja|answer|night-calls pay|0.75")]),
        (
            vec![asked(NOW, MEMBER, Place::Home, "益子さんは元気？")],
            ASKED,
            vec![format!("{NOW}|16|-|ja|answer|night-calls pay|0.75")],
        ),
        (vec![asked(NOW, MEMBER, Place::Elsewhere, TEXT), asked(NOW, MEMBER, Place::Private, TEXT)], ASKED, vec![]),
        (
            vec![home.clone(), home.clone(), asked(NOW, MEMBER, Place::Private, TEXT), asked(-1, OTHER, Place::Elsewhere, TEXT)],
            DAILY,
            vec!["-1|elsewhere|answer|1".to_owned(), format!("{full_day}|home|answer|2"), format!("{full_day}|private|answer|1")],
        ),
        (vec![answered(5, MEMBER, NOW)], ANSWERS, vec![format!("5|7|6|16|{NOW}")]),
        (vec![answered(5, MEMBER, NOW), answered(5, MEMBER, NOW + 1)], ANSWERS, vec![format!("5|7|6|16|{}", NOW + 1)]),
        (vec![answered(5, MEMBER, NOW), Record::Unanswered { question: 5 }, Record::Unanswered { question: 6 }], ANSWERS, vec![]),
        (
            vec![
                chosen(None),
                chosen(Some(id("night-calls"))),
                chosen(Some(id("night-calls"))),
                Record::Solved { at: NOW, entry: id("pay") },
                Record::Wrong { at: NOW, entry: id("pay") },
            ],
            ENTRIES,
            ["chosen||1", "chosen|night-calls|2", "solved||1", "wrong||1"].map(|rest| format!("{full_day}|pay|{rest}")).to_vec(),
        ),
        (
            vec![handed_on(NOW, MEMBER, " 田中さんに \n聞く？")],
            HANDED_ON,
            vec![format!("1|{NOW}|{MEMBER}| 田中さんに \n聞く？|ja|-6|12|on-call pay")],
        ),
        (vec![handed_on(NOW, MEMBER, HANDED), Record::Told { id: 1 }], HANDED_ON, vec![]),
    ];
    for (records, sql, expected) in table {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path(), NOW).unwrap();
        for record in &records {
            journal.enter(record.clone());
        }
        journal.flush().await;
        assert_eq!(rows(folder.path(), sql), expected, "{records:?}");
        assert_eq!(journal.lost(), 0, "{records:?}");
    }
}

#[tokio::test]
async fn every_question_is_answered_in_its_turn() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("データ"), NOW).unwrap();
    assert_eq!(journal.answers(0).await.unwrap(), []);
    assert_eq!(journal.waiting().await.unwrap(), []);
    assert_eq!(journal.kept(MEMBER).await.unwrap(), Kept::default());
    for record in [
        answered(OTHER, MEMBER, NOW),
        answered(3, OTHER, NOW - 10),
        answered(1, MEMBER, NOW - 20),
        asked(NOW, MEMBER, Place::Home, TEXT),
        asked(NOW, MEMBER, Place::Home, "田中さんは？"),
        asked(NOW, OTHER, Place::Home, TEXT),
        handed_on(NOW, MEMBER, HANDED),
        handed_on(NOW - 1, OTHER, HANDED),
    ] {
        journal.enter(record);
    }
    let answer = |question, at| StandingAnswer { question, channel: 7, answer: question + 1, at };
    assert_eq!(journal.answers(NOW - 10).await.unwrap(), [answer(3, NOW - 10), answer(OTHER, NOW)]);
    let wrong = || vec![id("on-call"), id("pay")];
    let waiting = |id, member, at| Waiting {
        id,
        member,
        text: HANDED.to_owned(),
        lang: Lang::Ja,
        channel: OTHER,
        message: Some(12),
        wrong: wrong(),
        at,
    };
    assert_eq!(journal.waiting().await.unwrap(), [waiting(2, OTHER, NOW - 1), waiting(1, MEMBER, NOW)]);
    let kept = Kept { questions: 2, with_text: 1, waiting: 1, answered: 2 };
    assert_eq!(journal.kept(MEMBER).await.unwrap(), kept);
    journal.enter(Record::Told { id: 2 });
    assert_eq!(journal.waiting().await.unwrap(), [waiting(1, MEMBER, NOW)]);
    assert_eq!(journal.forget(MEMBER).await.unwrap(), kept);
    assert_eq!(journal.forget(MEMBER).await.unwrap(), Kept::default());
    assert_eq!(journal.answers(0).await.unwrap(), [answer(3, NOW - 10)]);
    journal.enter(handed_on(NOW, OTHER, HANDED));
    assert_eq!(journal.waiting().await.unwrap(), [waiting(3, OTHER, NOW)], "a number is never used again");
}

#[tokio::test]
async fn a_journal_that_is_off_keeps_nothing() {
    let journal = Journal::off();
    journal.enter(asked(NOW, MEMBER, Place::Home, TEXT));
    journal.flush().await;
    journal.retain(NOW, 1).await.unwrap();
    assert_eq!(journal.kept(MEMBER).await.unwrap(), Kept::default());
    assert_eq!(journal.forget(MEMBER).await.unwrap(), Kept::default());
    assert_eq!((journal.waiting().await.unwrap(), journal.answers(0).await.unwrap()), (vec![], vec![]));
    assert_eq!((journal.lost(), journal.was_broken()), (0, false));
}

/// Whether some file of the folder holds these bytes.
fn holds(folder: &Path, needle: &[u8]) -> bool {
    fs::read_dir(folder)
        .unwrap()
        .any(|file| fs::read(file.unwrap().path()).unwrap().windows(needle.len()).any(|bytes| bytes == needle))
}

#[tokio::test]
async fn who_is_forgotten_leaves_no_trace_in_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let journal = Journal::open(path, NOW).unwrap();
    for round in 0_u64..50 {
        journal.enter(asked(NOW, MEMBER, Place::Home, TEXT));
        journal.enter(asked(NOW, OTHER, Place::Home, "夜勤はある？"));
        journal.enter(answered(round * 2, MEMBER, NOW));
        journal.enter(handed_on(NOW, MEMBER, &format!("{HANDED}{round}")));
    }
    journal.enter(Record::Unanswered { question: 4 });
    journal.flush().await;
    let hash: Vec<u8> = database(path).query_row("SELECT member FROM asked WHERE text = ?1", [TEXT], |row| row.get(0)).unwrap();
    fs::write(path.join("journal.db.before-v3"), TEXT).unwrap();
    let traces: [&[u8]; 4] = [&MEMBER.to_be_bytes(), &hash, TEXT.as_bytes(), HANDED.as_bytes()];
    assert!(traces.iter().all(|trace| holds(path, trace)), "the search finds what is there");
    assert_eq!(journal.forget(MEMBER).await.unwrap(), Kept { questions: 50, with_text: 50, waiting: 50, answered: 49 });
    for trace in traces {
        assert!(!holds(path, trace), "{trace:?}");
    }
    assert!(holds(path, "夜勤はある？".as_bytes()));
    assert_eq!(rows(path, DAILY), [format!("{}|home|answer|100", NOW.div_euclid(DAY))]);
}

#[tokio::test]
async fn what_is_old_goes_and_its_numbers_stay() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let journal = Journal::open(path, NOW).unwrap();
    let old = NOW - 90 * DAY - 1;
    for record in [
        asked(old, MEMBER, Place::Home, TEXT),
        asked(NOW - 90 * DAY, MEMBER, Place::Home, "夜勤はある？"),
        answered(1, MEMBER, NOW - DAY - 1),
        answered(3, MEMBER, NOW - DAY),
        handed_on(old, MEMBER, HANDED),
        handed_on(NOW - 90 * DAY, OTHER, "残る質問"),
    ] {
        journal.enter(record);
    }
    for (name, age) in [("journal.db.broken-1", 91), ("journal.db.before-v3", 91), ("journal.db.broken-2", 1), ("starts.txt", 91)]
    {
        let written = SystemTime::UNIX_EPOCH + Duration::from_secs((NOW - age * DAY).unsigned_abs());
        fs::File::create(path.join(name)).unwrap().set_modified(written).unwrap();
    }
    journal.retain(NOW, 90).await.unwrap();
    assert_eq!(rows(path, "SELECT text FROM asked"), ["夜勤はある？"]);
    assert_eq!(rows(path, "SELECT text FROM handed_on"), ["残る質問"]);
    assert_eq!(rows(path, "SELECT cast(question AS TEXT) FROM answers"), ["3"]);
    assert_eq!(rows(path, "SELECT cast(sum(count) AS TEXT) FROM asked_daily"), ["2"]);
    assert!(!holds(path, TEXT.as_bytes()) && !holds(path, HANDED.as_bytes()));
    let mut copies: Vec<String> =
        fs::read_dir(path).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    copies.retain(|name| !name.starts_with("journal.db-"));
    copies.sort();
    assert_eq!(copies, ["journal.db", "journal.db.broken-2", "journal.key", "starts.txt"]);
}
