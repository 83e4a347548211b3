//! Opening: new, old, newer, damaged databases and keys; who may read the files.

use std::fs;
use std::path::Path;

use medse_bot::faq::EntryId;
use medse_bot::journal::{Journal, JournalError, Kept, KnownEntry, Place};
use rusqlite::Connection;

use super::{ASKED, MEMBER, NOW, TEXT, asked, database, rows};

/// A database as version 1 left it.
const VERSION_1: &str = "
    CREATE TABLE asked (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, member BLOB, text TEXT, lang TEXT NOT NULL,
        outcome TEXT NOT NULL, entries TEXT NOT NULL, score REAL);
    CREATE INDEX asked_at ON asked (at);
    CREATE INDEX asked_member ON asked (member);
    CREATE TABLE asked_daily (day INTEGER NOT NULL, place TEXT NOT NULL, outcome TEXT NOT NULL, count INTEGER NOT NULL,
        PRIMARY KEY (day, place, outcome)) WITHOUT ROWID;
    CREATE TABLE answers (question INTEGER PRIMARY KEY, channel INTEGER NOT NULL, answer INTEGER NOT NULL, member INTEGER NOT NULL,
        at INTEGER NOT NULL);
    CREATE INDEX answers_at ON answers (at);
    CREATE INDEX answers_member ON answers (member);
    INSERT INTO asked VALUES (1, 1795000000, x'00112233445566778899aabbccddeeff', '夜勤はある？', 'ja', 'answer', 'night-calls', 0.5);
    PRAGMA user_version = 1;";

fn version(file: &Path) -> i64 {
    Connection::open(file).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

/// A closed journal with so many questions.
async fn filled(folder: &Path, questions: u64) {
    let journal = Journal::open(folder, NOW).unwrap();
    for _ in 0..questions {
        journal.enter(asked(NOW, MEMBER, Place::Home, TEXT));
    }
    journal.flush().await;
}

fn refused(folder: &Path) -> JournalError {
    Journal::open(folder, NOW).expect_err("should be refused")
}

#[tokio::test]
async fn an_older_database_is_copied_and_brought_to_today() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    database(path).execute_batch(VERSION_1).unwrap();
    fs::write(path.join("journal.key"), [7; 32]).unwrap();
    let journal = Journal::open(path, NOW).unwrap();
    assert!(!journal.was_broken());
    journal.enter(super::handed_on(NOW, MEMBER, TEXT));
    assert_eq!(journal.kept(MEMBER).await.unwrap(), Kept { waiting: 1, ..Kept::default() });
    let row = format!("{NOW}|16|夜勤はある？|ja|answer|night-calls|0.5");
    assert_eq!(rows(path, ASKED), std::slice::from_ref(&row));
    let copy = path.join("journal.db.before-v4");
    assert_eq!((version(&path.join("journal.db")), version(&copy)), (4, 1));
    let copied: String = Connection::open(&copy).unwrap().query_row(ASKED, [], |row| row.get(0)).unwrap();
    assert_eq!(copied, row);
    drop(journal);
    fs::remove_file(&copy).unwrap();
    drop(Journal::open(path, NOW).unwrap());
    assert!(!copy.exists(), "nothing is copied where nothing is changed");
}

/// What versions 2 and 3 made of it, each with a question that was handed on, and the entry that was no answer to it.
const SINCE: [(i64, &str, &[&str]); 2] = [
    (
        2,
        "CREATE TABLE handed_on (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, member INTEGER, text TEXT NOT NULL, lang TEXT NOT NULL,
            channel INTEGER, message INTEGER
        );
        INSERT INTO handed_on (at, member, text, lang, channel, message) VALUES (5, 7, '食堂はある？', 'ja', 8, NULL);
        PRAGMA user_version = 2;",
        &[],
    ),
    (
        3,
        "CREATE TABLE entry_daily (day INTEGER NOT NULL, entry TEXT NOT NULL, what TEXT NOT NULL, instead_of TEXT NOT NULL,
            count INTEGER NOT NULL, PRIMARY KEY (day, entry, what, instead_of)) WITHOUT ROWID;
        CREATE TABLE handed_on (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, member INTEGER, text TEXT NOT NULL, lang TEXT NOT NULL,
            channel INTEGER, message INTEGER, wrong TEXT
        );
        CREATE INDEX handed_on_member ON handed_on (member);
        INSERT INTO handed_on (at, member, text, lang, channel, message, wrong) VALUES (5, 7, '食堂はある？', 'ja', 8, 9, 'night-calls');
        PRAGMA user_version = 3;",
        &["night-calls"],
    ),
];

#[tokio::test]
async fn what_each_version_kept_is_kept() {
    for (former, of_then, wrong) in SINCE {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::write(path.join("journal.key"), [7; 32]).unwrap();
        database(path).execute_batch(VERSION_1).unwrap();
        database(path).execute_batch(of_then).unwrap();
        let journal = Journal::open(path, NOW).unwrap();
        let waiting = journal.waiting().await.unwrap();
        let [only] = &waiting[..] else { panic!("{waiting:?}") };
        let known_wrong: Vec<&str> = only.wrong.iter().map(EntryId::as_str).collect();
        assert_eq!((only.member, only.text.as_str(), &known_wrong[..]), (7, "食堂はある？", wrong));
        assert_eq!(rows(path, ASKED), [format!("{NOW}|16|夜勤はある？|ja|answer|night-calls|0.5")]);
        assert_eq!((version(&path.join("journal.db")), version(&path.join("journal.db.before-v4"))), (4, former));
    }
}

#[test]
fn a_newer_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    database(folder.path()).execute_batch("CREATE TABLE 未来 (a); PRAGMA user_version = 99").unwrap();
    let before = fs::read(folder.path().join("journal.db")).unwrap();
    let error = refused(folder.path());
    assert!(matches!(error, JournalError::Newer { found: 99, known: 4, .. }));
    assert!(error.to_string().contains("written by a newer medse-bot (version 99, this one knows 4)"), "{error}");
    assert_eq!(fs::read(folder.path().join("journal.db")).unwrap(), before);
    assert!(!folder.path().join("journal.key").exists());
}

#[tokio::test]
async fn a_damaged_database_is_set_aside_and_a_new_one_begun() {
    type Damage = fn(&mut Vec<u8>);
    let table: [(&str, Damage); 4] = [
        ("not a database", |bytes| *bytes = "これはデータベースではありません。".repeat(300).into_bytes()),
        ("a head of noise", |bytes| bytes[..100].fill(b'x')),
        ("cut off", |bytes| bytes.truncate(5_000)),
        ("pages of noise", |bytes| bytes[4_096..20_000].fill(0xa5)),
    ];
    for (name, damage) in table {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        filled(path, 300).await;
        let file = path.join("journal.db");
        let mut bytes = fs::read(&file).unwrap();
        damage(&mut bytes);
        fs::write(&file, &bytes).unwrap();
        let journal = Journal::open(path, NOW).unwrap();
        assert!(journal.was_broken(), "{name}");
        assert_eq!(fs::read(path.join(format!("journal.db.broken-{NOW}"))).unwrap(), bytes, "{name}");
        journal.enter(asked(NOW, MEMBER, Place::Home, TEXT));
        assert_eq!(journal.kept(MEMBER).await.unwrap().questions, 1, "{name}");
        drop(journal);
        fs::write(&file, "x".repeat(9_000)).unwrap();
        assert!(Journal::open(path, NOW).unwrap().was_broken(), "{name}");
        assert!(path.join(format!("journal.db.broken-{NOW}.2")).exists(), "{name}: the first is kept, too");
        assert!(!Journal::open(path, NOW).unwrap().was_broken(), "{name}");
    }
}

#[tokio::test]
async fn hashes_without_their_key_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let key = path.join("journal.key");
    filled(path, 0).await;
    let first = fs::read(&key).unwrap();
    assert_eq!(first.len(), 32);
    fs::remove_file(&key).unwrap();
    filled(path, 1).await;
    let second = fs::read(&key).unwrap();
    assert_ne!(first, second, "where nothing was hashed, a new key does no harm");
    for malformed in [&b""[..], &[1; 31], &[1; 33]] {
        fs::write(&key, malformed).unwrap();
        assert!(matches!(refused(path), JournalError::KeyMalformed { .. }));
    }
    fs::remove_file(&key).unwrap();
    let error = refused(path);
    assert!(
        matches!(error, JournalError::KeyMissing { .. }) && error.to_string().contains("put it back from the backup"),
        "{error}"
    );
    fs::write(&key, second).unwrap();
    let journal = Journal::open(path, NOW).unwrap();
    assert_eq!(journal.kept(MEMBER).await.unwrap().questions, 1);
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ファイル");
    fs::write(&file, "").unwrap();
    assert!(matches!(refused(&file.join("data")), JournalError::File { .. }));
}

#[cfg(unix)]
#[tokio::test]
async fn every_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    database(path).execute_batch(VERSION_1).unwrap();
    fs::write(path.join("journal.key"), [7; 32]).unwrap();
    for file in ["journal.db", "journal.key"] {
        fs::set_permissions(path.join(file), fs::Permissions::from_mode(0o644)).unwrap();
    }
    let journal = Journal::open(path, NOW).unwrap();
    journal.enter(asked(NOW, MEMBER, Place::Home, TEXT));
    journal.flush().await;
    let mut names = Vec::new();
    for file in fs::read_dir(path).unwrap() {
        let file = file.unwrap();
        names.push(file.file_name().into_string().unwrap());
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{}", file.path().display());
    }
    names.sort();
    assert_eq!(names, ["journal.db", "journal.db-shm", "journal.db-wal", "journal.db.before-v4", "journal.key"]);
}

#[tokio::test]
async fn an_entry_that_moves_to_another_file_is_known_there() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path(), NOW).unwrap();
    let seen =
        |file: &str, text: &str| vec![KnownEntry { entry: "on-call".to_owned(), file: file.to_owned(), text: text.to_owned() }];
    for (file, text, changes) in
        [("夜.yaml", "- id: on-call", 0), ("休日.yaml", "- id: on-call", 0), ("休日.yaml", "- id: on-call # 呼出", 1)]
    {
        assert_eq!(journal.see_entries(NOW, seen(file, text)).await.unwrap().len(), changes, "{file} {text}");
    }
    let gone = journal.see_entries(NOW, Vec::new()).await.unwrap();
    assert_eq!(gone.iter().map(|change| change.file.as_str()).collect::<Vec<_>>(), ["休日.yaml"]);
}
