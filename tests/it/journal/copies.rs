//! `backup` and `restore`, as operators run them.

use std::fs;
use std::path::Path;

use medse_bot::journal::{Journal, Place, Record};

use super::{HANDED, MEMBER, NOW, OTHER, TEXT, asked, database, handed_on};
use crate::support::{run, stderr, stdout};

fn running(folder: &Path) -> Journal {
    let journal = Journal::open(&folder.join("data"), NOW).unwrap();
    journal.enter(asked(NOW, MEMBER, Place::Home, TEXT));
    journal.enter(handed_on(NOW, OTHER, HANDED));
    journal
}

#[tokio::test]
async fn a_backup_of_a_running_bot_is_restored_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let journal = running(path);
    journal.flush().await;
    let output = run(path, &["backup", "写し.db"], "");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("「写し.db」と「写し.db.key」に写しました"), "{}", stdout(&output));
    journal.enter(Record::Told { id: 1 });
    journal.flush().await;
    #[cfg(unix)]
    for file in ["写し.db", "写し.db.key"] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(path.join(file)).unwrap().permissions().mode() & 0o777, 0o600);
    }
    fs::create_dir(path.join("elsewhere")).unwrap();
    let output = run(&path.join("elsewhere"), &["--lang", "en", "restore", "../写し.db"], "");
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), "restored into data\n"), "{}", stderr(&output));
    let restored = Journal::open(&path.join("elsewhere/data"), NOW).unwrap();
    assert_eq!(restored.kept(MEMBER).await.unwrap().with_text, 1, "the key came with it");
    assert_eq!(restored.waiting().await.unwrap().len(), 1, "as it was when it was copied");
}

#[tokio::test]
async fn what_cannot_be_copied_is_told_and_nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let journal = running(path);
    journal.flush().await;
    assert_eq!(run(path, &["backup", "good.db"], "").status.code(), Some(0));
    fs::write(path.join("taken.db"), "x").unwrap();
    fs::write(path.join("half.db.key"), "x").unwrap();
    for lonely in ["keyless.db", "malformed.db", "newer.db"] {
        fs::copy(path.join("good.db"), path.join(lonely)).unwrap();
    }
    fs::write(path.join("malformed.db.key"), "鍵").unwrap();
    rusqlite::Connection::open(path.join("newer.db")).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    fs::write(path.join("broken.db"), "壊れた".repeat(999)).unwrap();
    fs::create_dir(path.join("empty")).unwrap();
    let (here, empty) = (path.to_path_buf(), path.join("empty"));
    let table: [(&Path, &[&str], i32, &str); 13] = [
        (&empty, &["backup", "a.db"], 2, "記録「data/journal.db」がありません。"),
        (&empty, &["--lang", "en", "backup", "a.db"], 2, "there is no journal data/journal.db"),
        (&here, &["backup", "taken.db"], 2, "「taken.db」はもうあります。上書きはしません。"),
        (&here, &["backup", "half.db"], 2, "「half.db.key」はもうあります"),
        (&here, &["backup", "nowhere/a.db"], 3, "を読み書きできません"),
        (&here, &["backup"], 2, "<FILE>"),
        (&here, &["restore", "good.db"], 2, "「data/journal.db」はもうあります"),
        (&here, &["--lang", "en", "restore", "good.db"], 2, "data/journal.db is there already"),
        (&empty, &["restore", "../nothing.db"], 2, "記録「../nothing.db」がありません"),
        (&empty, &["restore", "../keyless.db"], 2, "鍵「../keyless.db.key」がありません"),
        (&empty, &["restore", "../malformed.db"], 2, "32バイトの鍵ではありません"),
        (&empty, &["restore", "../newer.db"], 2, "版 99、このプログラムは 4 まで"),
        (&empty, &["restore", "../broken.db"], 2, "「../broken.db」は壊れています"),
    ];
    for (folder, arguments, code, sentence) in table {
        let output = run(folder, arguments, "");
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(sentence), "{arguments:?}: {said}");
        assert!(!said.contains("panicked"), "{arguments:?}: {said}");
    }
    assert_eq!(fs::read_dir(&empty).unwrap().count(), 0, "nothing is left behind");
    assert!(!path.join("half.db").exists() && !path.join("taken.db.key").exists());
    let rows: i64 = database(&path.join("data")).query_row("SELECT count(*) FROM asked", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 1);
}
