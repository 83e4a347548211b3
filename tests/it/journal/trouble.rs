//! Trouble: a database that is locked, a disk that is full, a process that is killed. Never does anybody wait who only enters.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use medse_bot::journal::{Journal, Place, WAITING_AT_MOST};

use super::{MEMBER, NOW, TEXT, answered, asked, database, handed_on};

/// Names the folder to a child, which is this test binary with one ignored test.
const FOLDER: &str = "MEDSE_TEST_JOURNAL";

fn child(test: &str, folder: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    let name = format!("journal::trouble::{test}");
    command.args([&name, "--exact", "--ignored", "--nocapture"]).env(FOLDER, folder);
    command
}

fn count(folder: &Path, table: &str) -> i64 {
    database(folder).query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_full_queue_drops_and_counts_and_nobody_waits() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path(), NOW).unwrap();
    let lock = database(folder.path());
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let start = Instant::now();
    for _ in 0..10_000 {
        journal.enter(asked(NOW, MEMBER, Place::Home, TEXT));
    }
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert_eq!(journal.lost(), 10_000 - WAITING_AT_MOST as u64);
    lock.execute_batch("COMMIT").unwrap();
    journal.flush().await;
    assert_eq!(count(folder.path(), "asked"), 4_096);
    journal.enter(asked(NOW, MEMBER, Place::Home, TEXT));
    assert_eq!(journal.kept(MEMBER).await.unwrap().questions, 4_097);
    assert_eq!(journal.lost(), 10_000 - WAITING_AT_MOST as u64);
}

#[tokio::test]
async fn a_locked_database_costs_records_and_is_written_again_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path(), NOW).unwrap();
    let lock = database(folder.path());
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    journal.enter(asked(NOW, MEMBER, Place::Home, TEXT));
    journal.flush().await;
    assert_eq!(journal.lost(), 1);
    assert_eq!(journal.kept(MEMBER).await.unwrap().questions, 0, "reading goes on");
    lock.execute_batch("COMMIT").unwrap();
    journal.enter(asked(NOW, MEMBER, Place::Home, TEXT));
    assert_eq!(journal.kept(MEMBER).await.unwrap().questions, 1);
    assert_eq!(journal.lost(), 1);
}

#[test]
fn the_last_handle_writes_what_waits() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path(), NOW).unwrap();
    let handles: Vec<Journal> = (0..4).map(|_| journal.clone()).collect();
    thread::scope(|scope| {
        for handle in handles {
            scope.spawn(move || (0..250).for_each(|number| handle.enter(answered(number, MEMBER, NOW))));
        }
    });
    (0..1_000).for_each(|_| journal.enter(asked(NOW, MEMBER, Place::Home, TEXT)));
    drop(journal);
    assert_eq!((count(folder.path(), "asked"), count(folder.path(), "answers")), (1_000, 250));
    assert!(!folder.path().join("journal.db-wal").exists(), "closed in order");
}

/// As much as a small disk does not take.
fn fill(journal: &Journal) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let text = "長い質問です。".repeat(200);
    for _ in 0..2_000 {
        journal.enter(handed_on(NOW, MEMBER, &text));
        runtime.block_on(journal.flush());
        if journal.lost() > 2 {
            break;
        }
    }
    assert!(journal.lost() > 2, "the disk took everything");
    let waiting = runtime.block_on(journal.waiting()).unwrap().len();
    assert!(waiting > 0, "what was written before is read");
}

#[test]
#[ignore = "only as a child of `a_full_disk_costs_records_and_nothing_else`"]
fn fills_its_disk() {
    let Some(folder) = env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder);
    let ballast = folder.join("ballast");
    let has_ballast = ballast.exists();
    let journal = Journal::open(folder, NOW).unwrap();
    fill(&journal);
    let lost = journal.lost();
    if has_ballast {
        fs::remove_file(ballast).unwrap();
        journal.enter(asked(NOW, MEMBER, Place::Home, TEXT));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!(runtime.block_on(journal.kept(MEMBER)).unwrap().questions, 1, "room again, written again");
        assert_eq!(journal.lost(), lost);
    }
    drop(journal);
    assert!(!Journal::open(folder, NOW).unwrap().was_broken());
}

/// Two disks: a file system of a megabyte, where this machine lets us make one, and a limit on the size of files.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_costs_records_and_nothing_else() {
    let script = "mount -t tmpfs -o size=1m none \"$MEDSE_TEST_JOURNAL\" || exit 77
        dd if=/dev/zero of=\"$MEDSE_TEST_JOURNAL/ballast\" bs=1k count=300 2>/dev/null; exec \"$0\" \"$@\"";
    let small = ["unshare", "-rm", "sh", "-c", script];
    // Who does not hear the signal gets an error instead.
    let limited = ["sh", "-c", "trap '' XFSZ; ulimit -f 400; exec \"$0\" \"$@\""];
    for disk in [&small[..], &limited] {
        let folder = tempfile::tempdir().unwrap();
        let test = child("fills_its_disk", folder.path());
        let mut command = Command::new(disk[0]);
        command.args(&disk[1..]).arg(test.get_program()).args(test.get_args()).env(FOLDER, folder.path());
        let Ok(output) = command.output() else { continue };
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        if disk[0] == "unshare" && (output.status.code() == Some(77) || said.contains("unshare failed")) {
            eprintln!("no file system of our own here: {said}");
            continue;
        }
        assert!(output.status.success() && said.contains("1 passed"), "{disk:?}: {said}");
    }
}

#[test]
#[ignore = "only as a child of `what_is_older_than_a_second_survives_a_kill`"]
fn writes_until_it_is_killed() {
    let Some(folder) = env::var_os(FOLDER) else { return };
    let journal = Journal::open(Path::new(&folder), NOW).unwrap();
    for number in 1_u64.. {
        journal.enter(answered(number, MEMBER, NOW));
        journal.enter(asked(NOW, MEMBER, Place::Home, TEXT));
        println!("{number}");
        thread::sleep(Duration::from_millis(1));
    }
}

/// The numbers a child said it entered, each with the moment it was heard.
fn listen(child: &mut Child) -> Arc<Mutex<Vec<(i64, Instant)>>> {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let (output, numbers) = (child.stdout.take().unwrap(), Arc::clone(&heard));
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Ok(number) = line.trim().parse() {
                numbers.lock().unwrap().push((number, Instant::now()));
            }
        }
    });
    heard
}

fn killed_in_a_burst(after: Duration) {
    let folder = tempfile::tempdir().unwrap();
    let mut child = child("writes_until_it_is_killed", folder.path()).stdout(Stdio::piped()).spawn().unwrap();
    let heard = listen(&mut child);
    while heard.lock().unwrap().is_empty() {
        thread::sleep(Duration::from_millis(5));
    }
    thread::sleep(after);
    let killed = Instant::now();
    child.kill().unwrap();
    child.wait().unwrap();
    let heard = heard.lock().unwrap();
    let old =
        heard.iter().rev().find(|(_, at)| killed.duration_since(*at) >= Duration::from_secs(1)).map_or(0, |(number, _)| *number);
    let journal = Journal::open(folder.path(), NOW).unwrap();
    assert!(!journal.was_broken());
    let (written, last): (i64, i64) = database(folder.path())
        .query_row("SELECT count(*), max(question) FROM answers", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert!(old > 0 && last >= old, "entered a second ago: {old}, found: {last}");
    assert_eq!(written, last, "no gap");
    assert!((last - 1..=last).contains(&count(folder.path(), "asked")));
}

#[test]
fn what_is_older_than_a_second_survives_a_kill() {
    thread::scope(|scope| {
        for lane in 0_u64..4 {
            scope
                .spawn(move || (0..5).for_each(|round| killed_in_a_burst(Duration::from_millis(1_050 + lane * 61 + round * 23))));
        }
    });
}
