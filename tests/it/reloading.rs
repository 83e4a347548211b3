//! Ways in which editors and tools save: each is found, once it is whole, and nothing half done is ever answered from.
//!
//! What the bot does with a change stands in `door/reloading.rs`.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use medse_bot::faq::{Diagnostic, Lang, Level};
use medse_bot::knowledge::{Change, Knowledge, LOOK_EVERY, Library, Reloader};
use tempfile::TempDir;

use crate::loading::broken;

/// What was not found by then is never found: long enough for a debug build on a busy machine. How fast it is, no test says.
const FOUND_WITHIN: Duration = Duration::from_secs(10);
/// For what looks half done.
const PATIENCE: Duration = Duration::from_secs(2);

/// A topic of so many entries; each answers with its version.
fn topic(name: &str, entries: usize, version: &str) -> String {
    let entry = |nth: usize| {
        format!("  - id: {name}-{nth}\n    question: {name} の質問その {nth} は？\n    answer: {version}版の答え {nth}。\n")
    };
    format!("format: 1\ntopic: {name}\ntitle: 話題 {name}\nentries:\n{}", (0..entries).map(entry).collect::<String>())
}

/// The version every entry of a file is of, if they are of one, and how many there are.
fn version(knowledge: &Knowledge, name: &str) -> (String, usize) {
    let is_of = |entry: &&medse_bot::faq::Entry| entry.id.as_str().starts_with(name);
    let versions: Vec<&str> = knowledge
        .faq
        .entries
        .iter()
        .filter(is_of)
        .map(|entry| entry.answer.get(Lang::Ja).unwrap().split('版').next().unwrap())
        .collect();
    assert!(versions.windows(2).all(|two| two[0] == two[1]), "half of one version, half of another: {versions:?}");
    (versions.first().map_or_else(String::new, |version| (*version).to_owned()), versions.len())
}

const ENTRIES: usize = 40;

/// A folder with two files, followed.
struct Desk {
    folder: TempDir,
    reloader: Reloader,
}

impl Desk {
    fn new() -> Desk {
        let folder = TempDir::new().unwrap();
        for name in ["night", "day"] {
            fs::write(folder.path().join(format!("{name}.yaml")), topic(name, ENTRIES, "初")).unwrap();
        }
        Desk::at(folder.path().to_owned(), folder)
    }

    fn at(followed: PathBuf, folder: TempDir) -> Desk {
        let sources = Library::Folder(followed.clone()).sources().unwrap();
        assert!(!Knowledge::build(&sources, Lang::Ja).has_errors());
        Desk { folder, reloader: Reloader::new(followed, Lang::Ja, &sources, true) }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What happens next.
    fn next(&mut self) -> Option<Change> {
        let began = Instant::now();
        while began.elapsed() < FOUND_WITHIN {
            if let Some(change) = self.reloader.look(Instant::now()) {
                return Some(change);
            }
            sleep(LOOK_EVERY);
        }
        None
    }

    /// Nothing happens for as long as half done things are believed in.
    fn is_quiet(&mut self) {
        let began = Instant::now();
        while began.elapsed() < PATIENCE + Duration::from_millis(800) {
            let change = self.reloader.look(Instant::now());
            assert!(change.is_none(), "{change:?}");
            sleep(LOOK_EVERY);
        }
    }
}

fn sound(change: Change) -> std::sync::Arc<Knowledge> {
    match change {
        Change::Sound(knowledge) => knowledge,
        other => panic!("{other:?}"),
    }
}

/// Saves a text as a file.
type Save = fn(&Path, &str);

/// Each takes its time.
const WAYS: [(&str, Save); 12] = [
    ("in place", |file, text| fs::write(file, text).unwrap()),
    ("another file, renamed over it", |file, text| {
        let other = file.with_extension("tmp");
        fs::write(&other, text).unwrap();
        fs::rename(other, file).unwrap();
    }),
    ("the old one renamed to a backup, a new one written", |file, text| {
        fs::rename(file, file.with_extension("yaml~")).unwrap();
        sleep(Duration::from_millis(50));
        fs::write(file, text).unwrap();
    }),
    ("deleted, written anew", |file, text| {
        fs::remove_file(file).unwrap();
        sleep(Duration::from_millis(100));
        fs::write(file, text).unwrap();
    }),
    ("emptied, written in pieces", |file, text| {
        let mut open = File::create(file).unwrap();
        for piece in text.as_bytes().chunks(text.len() / 6) {
            sleep(Duration::from_millis(120));
            open.write_all(piece).unwrap();
            open.sync_all().unwrap();
        }
    }),
    ("emptied, and written only after a while", |file, text| {
        drop(File::create(file).unwrap());
        sleep(Duration::from_millis(900));
        fs::write(file, text).unwrap();
    }),
    ("cut off in the middle for a while", |file, text| {
        let (first, second) = text.split_at(text.floor_char_boundary(text.len() * 2 / 3 + 5));
        fs::write(file, first).unwrap();
        sleep(Duration::from_millis(900));
        OpenOptions::new().append(true).open(file).unwrap().write_all(second.as_bytes()).unwrap();
    }),
    ("saved by itself at each keystroke", |file, text| {
        for nth in 0..6 {
            fs::write(file, text.replacen("の質問", &"の質".repeat(nth), 1)).unwrap();
            sleep(Duration::from_millis(90));
        }
        fs::write(file, text).unwrap();
    }),
    ("with the old file's time put back", |file, text| {
        let before = fs::metadata(file).unwrap().modified().unwrap();
        fs::write(file, text).unwrap();
        File::options().write(true).open(file).unwrap().set_modified(before).unwrap();
    }),
    ("with a lock, a swap file and a backup beside it", |file, text| {
        let folder = file.parent().unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("葵@pc.1234", folder.join(".#night.yaml")).unwrap();
        fs::write(folder.join(".night.yaml.swp"), "b0VIM").unwrap();
        fs::write(folder.join("#night.yaml#"), "format: だめ").unwrap();
        fs::write(folder.join("4913"), "").unwrap();
        fs::write(file, text).unwrap();
    }),
    ("with Windows' line ends and a byte order mark", |file, text| {
        fs::write(file, format!("\u{feff}{}", text.replace('\n', "\r\n"))).unwrap();
    }),
    ("without a last line end, if the text before had none", |file, text| {
        fs::write(file, text.trim_end()).unwrap();
        // An editor that leaves it away looks as if it were still writing, the first time.
        sleep(PATIENCE);
    }),
];

#[test]
fn every_way_to_save_is_found_once_it_is_whole() {
    for (way, save) in WAYS {
        let mut desk = Desk::new();
        assert!(desk.reloader.look(Instant::now()).is_none());
        let file = desk.file("night.yaml");
        let writer = std::thread::spawn(move || save(&file, &topic("night", ENTRIES, "新")));
        let Some(change) = desk.next() else { panic!("{way}: never found") };
        let knowledge = sound(change);
        assert_eq!(version(&knowledge, "night"), ("新".to_owned(), ENTRIES), "{way}");
        assert_eq!(version(&knowledge, "day"), ("初".to_owned(), ENTRIES), "{way}");
        writer.join().unwrap();
        assert!(desk.reloader.look(Instant::now()).is_none(), "{way}: twice");
    }
}

/// On a clock that is told, so that the machine's other work does not count; to it comes the time to build the FAQ.
#[test]
fn what_is_saved_at_once_is_read_within_half_a_second() {
    let at_once = [
        "in place",
        "another file, renamed over it",
        "with the old file's time put back",
        "with Windows' line ends and a byte order mark",
    ];
    for (way, save) in WAYS.into_iter().filter(|(way, _)| at_once.contains(way)) {
        let mut desk = Desk::new();
        let mut clock = Instant::now();
        assert!(desk.reloader.look(clock).is_none());
        save(&desk.file("night.yaml"), &topic("night", ENTRIES, "新"));
        let saved = clock;
        sound(soon(&mut desk.reloader, &mut clock).unwrap_or_else(|| panic!("{way}: never read")));
        assert!(clock - saved <= Duration::from_millis(500), "{way}: read after {:?}", clock - saved);
    }
}

/// As configuration is put into containers: files are links through a link that is exchanged.
#[cfg(unix)]
#[test]
fn a_folder_exchanged_through_a_link_is_found_whole() {
    use std::os::unix::fs::symlink;
    let folder = TempDir::new().unwrap();
    for number in ["first", "second"] {
        fs::create_dir(folder.path().join(number)).unwrap();
        for name in ["night", "day"] {
            let text = topic(name, ENTRIES, if number == "first" { "初" } else { "新" });
            fs::write(folder.path().join(number).join(format!("{name}.yaml")), text).unwrap();
        }
    }
    let exchange = |link: &str| {
        symlink("second", folder.path().join("next")).unwrap();
        fs::rename(folder.path().join("next"), folder.path().join(link)).unwrap();
    };
    // The folder itself is a link …
    symlink("first", folder.path().join("current")).unwrap();
    // … or its files lead through one.
    let mounted = folder.path().join("mounted");
    fs::create_dir(&mounted).unwrap();
    symlink("../first", mounted.join("..data")).unwrap();
    for name in ["night.yaml", "day.yaml"] {
        symlink(format!("..data/{name}"), mounted.join(name)).unwrap();
    }
    for (followed, link) in [("current", "current"), ("mounted", "mounted/..data")] {
        let mut desk = Desk::at(folder.path().join(followed), TempDir::new().unwrap());
        assert!(desk.reloader.look(Instant::now()).is_none());
        if link == "mounted/..data" {
            symlink("../second", mounted.join("..data_tmp")).unwrap();
            fs::rename(mounted.join("..data_tmp"), mounted.join("..data")).unwrap();
        } else {
            exchange(link);
        }
        let knowledge = sound(desk.next().unwrap());
        for name in ["night", "day"] {
            assert_eq!(version(&knowledge, name), ("新".to_owned(), ENTRIES), "{followed}");
        }
    }
}

#[test]
fn files_come_and_go_and_the_folder_with_them() {
    let mut desk = Desk::new();
    fs::write(desk.file("canteen.yml"), topic("canteen", 1, "初")).unwrap();
    assert_eq!(version(&sound(desk.next().unwrap()), "canteen").1, 1);
    // Gone, and back before anybody believes it.
    let away = desk.folder.path().with_extension("away");
    fs::rename(desk.folder.path(), &away).unwrap();
    sleep(Duration::from_millis(300));
    assert!(desk.reloader.look(Instant::now()).is_none());
    fs::rename(&away, desk.folder.path()).unwrap();
    desk.is_quiet();
    // Gone for good: what was answered from stays, and is told once.
    fs::rename(desk.folder.path(), &away).unwrap();
    let Some(Change::Faulty(faults)) = desk.next() else { panic!("nobody was told") };
    assert_eq!(faults[0].problem.code(), "unreadable");
    desk.is_quiet();
    fs::rename(&away, desk.folder.path()).unwrap();
    assert!(matches!(desk.next(), Some(Change::Restored)));
    // A file less is believed after a while.
    fs::remove_file(desk.file("canteen.yml")).unwrap();
    assert_eq!(version(&sound(desk.next().unwrap()), "canteen").1, 0);
    // None at all answers nothing: what was answered from stays.
    fs::remove_file(desk.file("night.yaml")).unwrap();
    fs::remove_file(desk.file("day.yaml")).unwrap();
    assert!(matches!(desk.next(), Some(Change::Faulty(faults)) if !faults.is_empty()));
}

#[test]
fn faults_are_all_told_and_nothing_of_a_faulty_text_is_used() {
    let mut desk = Desk::new();
    let misspelt = topic("night", ENTRIES, "新").replacen("    answer:", "    anwser:", 2);
    fs::write(desk.file("night.yaml"), &misspelt).unwrap();
    let Some(Change::Faulty(faults)) = desk.next() else { panic!("faults were taken for none") };
    let lines: Vec<usize> = faults.iter().filter(|one| one.problem.code() == "unknown-field").map(|one| one.place.line).collect();
    assert_eq!(lines, [7, 10], "{faults:?}");
    // The same saved again says nothing new.
    fs::write(desk.file("night.yaml"), &misspelt).unwrap();
    desk.is_quiet();
    // As it was.
    fs::write(desk.file("night.yaml"), topic("night", ENTRIES, "初")).unwrap();
    assert!(matches!(desk.next(), Some(Change::Restored)));
}

#[test]
fn a_faulty_start_is_mended_by_a_sound_text_and_not_by_the_same_faults() {
    let folder = TempDir::new().unwrap();
    let faulty = topic("night", 3, "初").replacen("    answer:", "    anwser:", 1);
    fs::write(folder.path().join("night.yaml"), &faulty).unwrap();
    let sources = Library::Folder(folder.path().to_owned()).sources().unwrap();
    let reloader = Reloader::new(folder.path().to_owned(), Lang::Ja, &sources, false);
    let mut desk = Desk { folder, reloader };
    fs::write(desk.file("night.yaml"), faulty.replacen("質問", "問い", 1)).unwrap();
    assert!(matches!(desk.next(), Some(Change::Faulty(_))));
    fs::write(desk.file("night.yaml"), &faulty).unwrap();
    assert!(matches!(desk.next(), Some(Change::Faulty(_))));
    fs::write(desk.file("night.yaml"), topic("night", 3, "新")).unwrap();
    assert_eq!(version(&sound(desk.next().unwrap()), "night"), ("新".to_owned(), 3));
}

/// In a terminal, who saves and then asks wants the answer from what was saved, and nothing waited for.
#[test]
fn who_asks_after_saving_is_answered_from_what_was_saved() {
    let mut desk = Desk::new();
    assert!(desk.reloader.reread().is_none());
    fs::write(desk.file("night.yaml"), topic("night", ENTRIES, "新")).unwrap();
    assert_eq!(version(&sound(desk.reloader.reread().unwrap()), "night").0, "新");
    assert!(desk.reloader.reread().is_none());
    fs::write(desk.file("night.yaml"), "だめ").unwrap();
    assert!(matches!(desk.reloader.reread(), Some(Change::Faulty(_))));
}

/// Time is told, not waited for: what happens within some seconds.
fn soon(reloader: &mut Reloader, clock: &mut Instant) -> Option<Change> {
    (0..50).find_map(|_| {
        *clock += LOOK_EVERY;
        reloader.look(*clock)
    })
}

#[test]
fn whatever_is_wrong_with_a_file_that_arrives_what_was_answered_from_stays() {
    let mut desk = Desk::new();
    let (mut clock, mut refused, mut taken) = (Instant::now(), 0, 0);
    assert!(soon(&mut desk.reloader, &mut clock).is_none());
    for (name, text) in broken() {
        fs::write(desk.file("faq.yaml"), &text).unwrap();
        let sources = Library::Folder(desk.folder.path().to_owned()).sources().unwrap();
        let is_error = |fault: &&Diagnostic| fault.problem.level() == Level::Error;
        let built = Knowledge::build(&sources, Lang::Ja);
        let errors: Vec<&Diagnostic> = built.diagnostics.iter().filter(is_error).collect();
        match soon(&mut desk.reloader, &mut clock) {
            Some(Change::Faulty(faults)) => {
                assert_eq!(faults.iter().collect::<Vec<_>>(), errors, "{name}");
                refused += 1;
            }
            // Hints and warnings keep nobody from being answered.
            Some(Change::Sound(knowledge)) if errors.is_empty() => {
                assert!(knowledge.faq.entries.len() > ENTRIES * 2, "{name}");
                taken += 1;
            }
            other => panic!("{name}: {other:?} with {errors:?}"),
        }
        fs::remove_file(desk.file("faq.yaml")).unwrap();
        let back = soon(&mut desk.reloader, &mut clock);
        let is_as_before =
            if errors.is_empty() { matches!(back, Some(Change::Sound(_))) } else { matches!(back, Some(Change::Restored)) };
        assert!(is_as_before, "{name}: {back:?}");
    }
    println!("{refused} files were refused, {taken} had only warnings");
    assert!(refused > 30);
}
