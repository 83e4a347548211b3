//! Publishing, killed at any moment: the file is whole, and the history says what stands in it.
//!
//! What members see when the whole program is killed stands in `door/kills.rs`.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use medse_bot::faq::Lang;
use medse_bot::journal::{Journal, Via};
use medse_bot::knowledge::Library;
use medse_bot::moderation::draft::Form;
use medse_bot::moderation::plan::{shown, written};
use medse_bot::moderation::{Desk, Draft, Task};
use tempfile::TempDir;

/// Names the folder to the process that is killed.
const FOLDER: &str = "MEDSE_KILLED_FOLDER";
const NOW: i64 = 1_795_000_000;
const NIGHTS: &str = include_str!("door/nights.yaml");

/// Where a process was when it was killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Moment {
    /// Nothing was under way.
    Idle,
    /// The row stood in the journal, the file was as before.
    Noted,
    /// The file was the new one, the row not done.
    Renamed,
}

fn draft(folder: &Path, answer: &str) -> Draft {
    let sources = Library::Folder(folder.join("faq")).sources().unwrap();
    let faq = medse_bot::faq::load(&sources, Lang::Ja).faq;
    let now = shown(&faq, Some("night-shift"), Lang::Ja);
    let mut typed = now.clone();
    answer.clone_into(&mut typed.answer);
    {
        let mut draft = Draft::new(Task::Change { entry: "night-shift".to_owned() });
        draft.fill(Form::new(Lang::Ja, now, typed));
        draft
    }
}

/// The process that is killed: publishes one change after the other. Only a test when it is named so.
#[test]
fn publishes_until_it_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let folder = Path::new(&folder);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let journal = Journal::open(&folder.join("data"), NOW).unwrap();
        let desk = Desk::new(folder.join("faq"), Lang::Ja);
        for nth in 0.. {
            let published = desk
                .publish(draft(folder, &format!("夜勤 {}の{nth}回目。", std::process::id())), 7, Via::Discord, NOW, &journal)
                .await;
            published.unwrap();
            println!("published");
        }
    });
}

/// Kills one process, so many milliseconds after it published first, and settles what it left.
fn killed(folder: &Path, after: Duration) -> Moment {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killing::publishes_until_it_is_killed", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("published")), "it never published");
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let stands = || {
            let sources = Library::Folder(folder.join("faq")).sources().unwrap();
            let loaded = medse_bot::faq::load(&sources, Lang::Ja);
            assert_eq!(loaded.faq.entries.len(), 3, "{:?}", loaded.diagnostics);
            written(&sources).into_iter().find(|known| known.entry == "night-shift").unwrap().text
        };
        let before = stands();
        // Every byte but those of the answer is as it always was.
        let file = fs::read_to_string(folder.join("faq/nights.yaml")).unwrap();
        let others = |text: &str| text.lines().filter(|line| !line.contains("ja: 夜勤")).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(others(&file), others(&NIGHTS.replace("夜勤のある病院", "夜勤")));
        let journal = Journal::open(&folder.join("data"), NOW).unwrap();
        let unsettled = journal.unsettled_changes().await.unwrap();
        let moment = match unsettled.as_slice() {
            [] => Moment::Idle,
            [one] if one.after.as_deref() == Some(before.as_str()) => Moment::Renamed,
            [one] => {
                assert_eq!(one.before.as_deref(), Some(before.as_str()), "the file is neither as it was nor as it should be");
                Moment::Noted
            }
            more => panic!("one publishes after the other: {more:?}"),
        };
        Desk::new(folder.join("faq"), Lang::Ja).settle(&journal).await.unwrap();
        assert_eq!(journal.unsettled_changes().await.unwrap(), []);
        let newest = journal.changes(None, 0, 1).await.unwrap().pop().unwrap();
        assert_eq!(newest.after, Some(stands()), "the history ends with something else than what stands there");
        assert_eq!(stands(), before, "settling writes no file");
        moment
    })
}

/// `MEDSE_KILLS=1000` for more.
#[test]
fn a_file_is_whole_and_the_history_right_whenever_publishing_is_killed() {
    let kills: u64 = std::env::var("MEDSE_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(30);
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("faq")).unwrap();
    fs::write(folder.path().join("faq/nights.yaml"), NIGHTS).unwrap();
    // With the shipped ones, nearly all the time would go into thinking.
    fs::write(folder.path().join("faq/vocabulary.yaml"), "format: 1\nconcepts:\n  night: [夜勤, 夜間]\n").unwrap();
    let care = "format: 1\ntopic: care\ntitle: 相談\nentries:\n  - id: care\n    kind: care\n    question: 死にたい\n    patterns: [死にたい]\n    answer: 話を聴いてくれる人がいます。\n";
    fs::write(folder.path().join("faq/care.yaml"), care).unwrap();
    let mut moments: BTreeMap<Moment, u64> = BTreeMap::new();
    // Seeded, so that the same moments are tried again, as far as machines are alike.
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..kills {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let micros = (seed >> 33) % 120_000;
        *moments.entry(killed(folder.path(), Duration::from_micros(micros))).or_default() += 1;
    }
    println!("{moments:?}");
    assert!(moments.values().sum::<u64>() == kills && moments.len() > 1, "{moments:?}");
    let hidden = fs::read_dir(folder.path().join("faq")).unwrap().count();
    // What a killed process left beside the file has its number, and is no file of the FAQ.
    assert!(hidden as u64 <= kills + 3);
}
