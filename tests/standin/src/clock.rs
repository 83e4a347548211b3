//! The stand-in's time: the system's clock, shiftable by tests, and what Discord derives from it (snowflakes, ISO timestamps).
//! Leaves rate limits and heartbeats to real time: those are measured by whoever waits.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Discord's own epoch: the first second of 2015.
const EPOCH_MS: u64 = 1_420_070_400_000;

/// Discord's time in milliseconds, and the last snowflake it gave out.
#[derive(Default)]
pub(crate) struct Clock {
    shift: Duration,
    last: u64,
}

impl Clock {
    pub(crate) fn advance(&mut self, by: Duration) {
        self.shift += by;
    }

    /// Milliseconds since 1970, as everybody in this world sees them.
    pub(crate) fn now(&self) -> u64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + self.shift;
        u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
    }

    /// A snowflake of this moment, greater than every one before.
    pub(crate) fn id(&mut self) -> u64 {
        self.last = ((self.now() - EPOCH_MS) << 22).max(self.last + 1);
        self.last
    }
}

/// The milliseconds in which a snowflake was made.
pub(crate) fn made(id: u64) -> u64 {
    (id >> 22) + EPOCH_MS
}

/// `2026-11-22T07:53:44.123000+00:00`, as Discord writes times.
pub(crate) fn iso(ms: u64) -> String {
    let (days, of_day) = (ms / 86_400_000, ms % 86_400_000);
    // Civil date from a count of days, by eras of 400 years that begin in March.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (seconds, milliseconds) = (of_day / 1000, of_day % 1000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milliseconds:03}000+00:00")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_discord_writes_them() {
        for (ms, written) in [
            (0, "1970-01-01T00:00:00.000000+00:00"),
            (951_782_400_000, "2000-02-29T00:00:00.000000+00:00"),
            (1_735_689_599_999, "2024-12-31T23:59:59.999000+00:00"),
        ] {
            assert_eq!(iso(ms), written);
        }
    }

    #[test]
    fn snowflakes_rise_and_tell_their_time() {
        let mut clock = Clock::default();
        let ids: Vec<u64> = (0..1000).map(|_| clock.id()).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert!(made(ids[999]).abs_diff(clock.now()) < 2000);
        clock.advance(Duration::from_secs(3600));
        assert!(made(clock.id()) - made(ids[999]) >= 3_599_000);
    }
}
