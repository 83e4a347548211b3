//! Counts starts on disk and slows them down: a bot that is restarted again and again would use up the 1,000 a day that Discord allows,
//! and lose its token.
//!
//! Times come from the caller; waiting is left to the command line.

use std::io;
use std::path::Path;
use std::time::Duration;

/// The file in the data folder: one start a line, in seconds since 1970.
pub const FILE: &str = "starts.txt";
/// Starts are remembered this long.
const HOUR: u64 = 60 * 60;
/// So many starts an hour happen when somebody sets the bot up.
const FREE: usize = 5;
/// Up to so many, a little patience; beyond, 144 a day at most, with up to five tries each.
const SLOW: usize = 20;
const SHORT_WAIT: Duration = Duration::from_secs(30);
const LONG_WAIT: Duration = Duration::from_mins(10);

/// Notes a start at `now` (seconds since 1970) and says how long to wait before connecting.
///
/// # Errors
/// The folder or the file cannot be written.
pub fn note(folder: &Path, now: u64) -> io::Result<Duration> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join(FILE);
    let known = match std::fs::read(&path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    // A line that is no number, or a clock that went backwards, is no start of the last hour.
    let recent = known.lines().filter_map(|line| line.trim().parse::<u64>().ok()).filter(|start| now.abs_diff(*start) < HOUR);
    let mut starts: Vec<u64> = recent.collect();
    starts.push(now);
    let lines: Vec<String> = starts.iter().map(u64::to_string).collect();
    std::fs::write(&path, lines.join("\n") + "\n")?;
    Ok(wait(starts.len()))
}

/// How long to wait before the so-manieth start of an hour.
pub fn wait(starts: usize) -> Duration {
    match starts {
        0..=FREE => Duration::ZERO,
        _ if starts <= SLOW => SHORT_WAIT,
        _ => LONG_WAIT,
    }
}
