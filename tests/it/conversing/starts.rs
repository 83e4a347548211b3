//! Starts are counted on disk and slowed down, whatever the disk and the clock look like.

use std::fs;
use std::path::Path;
use std::time::Duration;

use medse_bot::discord::connection::starts::{FILE, note, wait};

const NOW: u64 = 1_800_000_000;
const HOUR: u64 = 3_600;
const NONE: Duration = Duration::ZERO;
const SHORT: Duration = Duration::from_secs(30);
const LONG: Duration = Duration::from_mins(10);

fn lines(folder: &Path) -> Vec<String> {
    fs::read_to_string(folder.join(FILE)).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn the_more_starts_an_hour_the_longer_the_wait() {
    let table = [(0, NONE), (1, NONE), (5, NONE), (6, SHORT), (20, SHORT), (21, LONG), (1_000, LONG), (usize::MAX, LONG)];
    for (starts, expected) in table {
        assert_eq!(wait(starts), expected, "start {starts}");
    }
    let folder = tempfile::tempdir().unwrap();
    for start in 1..=25 {
        assert_eq!(note(folder.path(), NOW).unwrap(), wait(start), "start {start}");
    }
}

#[test]
fn a_start_is_forgotten_after_an_hour() {
    let folder = tempfile::tempdir().unwrap();
    let times = [NOW - HOUR - 1, NOW - HOUR, NOW - HOUR + 1, NOW - 1].map(|time| time.to_string());
    fs::write(folder.path().join(FILE), times.join("\n")).unwrap();
    assert_eq!(note(folder.path(), NOW).unwrap(), NONE);
    assert_eq!(lines(folder.path()), [(NOW - HOUR + 1).to_string(), (NOW - 1).to_string(), NOW.to_string()]);
}

#[test]
fn a_clock_that_went_back_locks_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..30 {
        note(folder.path(), NOW + 10 * HOUR).unwrap();
    }
    assert_eq!(note(folder.path(), NOW).unwrap(), NONE, "starts of a time that has not come");
    assert_eq!(lines(folder.path()), [NOW.to_string()]);
    for _ in 0..30 {
        note(folder.path(), NOW + 60).unwrap();
    }
    assert_eq!(note(folder.path(), NOW).unwrap(), LONG, "a clock set right by a minute is no way around the wait");
    assert_eq!(note(folder.path(), 0).unwrap(), NONE);
    assert_eq!(note(folder.path(), u64::MAX).unwrap(), NONE);
}

#[test]
fn a_damaged_file_is_read_as_far_as_it_goes() {
    let known = (NOW - 1).to_string();
    let five = [known.as_str(); 5].join("\n");
    let table: [(&[u8], Duration); 9] = [
        (b"", NONE),
        (b"\n\n\n", NONE),
        ("起動\n昨日\n１８００００００００\n".as_bytes(), NONE),
        (b"-1\n99999999999999999999\n1.5\n", NONE),
        (b"\xff\xfe\x00\x80\n", NONE),
        (five.as_bytes(), SHORT),
        (&[five.as_bytes(), b"\n\xff\xff\n"].concat(), SHORT),
        (&[five.replace('\n', "\r\n  ").as_bytes(), b"\r\n"].concat(), SHORT),
        (&[b"\xef\xbb\xbf\n", five.as_bytes(), b"\n18000"].concat(), SHORT),
    ];
    for (content, expected) in table {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), content).unwrap();
        let shown = String::from_utf8_lossy(content);
        assert_eq!(note(folder.path(), NOW).unwrap(), expected, "{shown:?}");
        assert!(lines(folder.path()).iter().all(|line| line.parse::<u64>().is_ok()), "{shown:?} is mended");
    }
}

#[test]
fn the_folder_is_made_and_a_file_in_its_place_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("データ").join("bot");
    assert_eq!(note(&deep, NOW).unwrap(), NONE);
    assert_eq!(lines(&deep), [NOW.to_string()]);
    let taken = folder.path().join("taken");
    fs::write(&taken, "").unwrap();
    assert!(note(&taken, NOW).is_err());
    fs::create_dir(folder.path().join(FILE)).unwrap();
    assert!(note(folder.path(), NOW).is_err());
}

#[test]
fn a_bot_that_falls_over_at_once_all_day_stays_far_below_a_thousand_starts() {
    let folder = tempfile::tempdir().unwrap();
    let (mut now, mut starts) = (NOW, 0);
    while now < NOW + 24 * HOUR {
        now += note(folder.path(), now).unwrap().as_secs();
        starts += 1;
    }
    assert!(starts < 600, "{starts} starts in a day; Discord resets the token at 1,000");
}
