//! `check --links`: shows what [`crate::links`] finds about the FAQ's links, each where it stands.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Write};

use anyhow::Context;
use tokio::runtime::Builder;

use super::{Failure, Format, House, now, words};
use crate::faq::{Faq, Lang, Link, Source};
use crate::links::{Bounds, Cache, Cause, Checker, Report, Verdict};

impl House {
    /// Says what is the matter with the links of these files, and whether one is dead. Ctrl+C ends it at once: nobody handles it here.
    pub fn check_links(&self, faq: &Faq, sources: &[Source], format: Format) -> Result<bool, Failure> {
        let (lang, folder, now) = (self.message_lang(), &self.settings.data_folder, now());
        // Not those that the program lends a FAQ without care, and of one file only its own.
        let is_asked = |link: &&Link| sources.iter().any(|source| source.name == link.place.file);
        let links: Vec<&Link> = faq.entries.iter().flat_map(|entry| &entry.links).filter(is_asked).collect();
        let mut cache = Cache::read(folder);
        let report = visited(&links.iter().map(|link| link.url.as_str()).collect(), &mut cache, now)?;
        if let Err(error) = cache.write(folder, now) {
            writeln!(anstream::stderr(), "{}", words::links_not_kept(&folder.join(Cache::FILE), &error, lang))?;
        }
        let (is_dead, is_moved) =
            (|verdict: &_| matches!(verdict, Verdict::Dead(_)), |verdict: &_| matches!(verdict, Verdict::Moved { .. }));
        let (dead, moved) = (report.count(is_dead), report.count(is_moved));
        let unreachable = report.count(|verdict| matches!(verdict, Verdict::Unreachable(_)));
        let is_unreached = |verdict: &Verdict| {
            matches!(verdict, Verdict::Unreachable(Cause::NoNames | Cause::NoAnswer(_) | Cause::Timeout | Cause::Silent))
        };
        let unreached = report.count(is_unreached);
        // Then it is not the links, and once is enough for people to read.
        let is_offline = unreached > 1 && unreached + report.from_cache == report.verdicts.len();
        let summary = words::links_summary(&report, dead, moved, unreachable, lang);
        let mut out = anstream::stdout();
        match format {
            Format::Text if is_offline => writeln!(out, "\n{summary}\n{}", words::offline(lang))?,
            Format::Text => writeln!(out, "\n{summary}")?,
            Format::Json => {
                let numbers = serde_json::json!({
                    "level": "report", "code": "links", "message": summary, "links": report.verdicts.len(),
                    "dead": dead, "moved": moved, "unreachable": unreachable, "from_cache": report.from_cache,
                });
                writeln!(out, "{numbers}")?;
            }
        }
        for link in links {
            let (place, verdict) = (&link.place, &report.verdicts[&link.url]);
            let Some(level) = verdict.level() else { continue };
            let (message, remedy) = (verdict.message(&link.url, lang), verdict.remedy(lang));
            match format {
                Format::Text if is_offline && is_unreached(verdict) => {}
                Format::Text if lang == Lang::Ja => writeln!(out, "{place}: {message}{remedy}")?,
                Format::Text => writeln!(out, "{place}: {message}; {remedy}")?,
                Format::Json => {
                    let finding = serde_json::json!({
                        "file": place.file, "line": place.line, "column": place.column, "level": level.name(), "code": verdict.code(),
                        "message": message, "remedy": remedy, "url": link.url,
                    });
                    writeln!(out, "{finding}")?;
                }
            }
        }
        Ok(dead > 0)
    }
}

/// The report, with a bar meanwhile where somebody looks on.
fn visited(urls: &BTreeSet<&str>, cache: &mut Cache, now: u64) -> Result<Report, Failure> {
    let runtime = Builder::new_current_thread().enable_all().build().context("the runtime")?;
    let is_watched = io::stderr().is_terminal();
    let bar = |done: usize, all: usize| {
        if is_watched {
            // A bar that cannot be drawn is not missed.
            let _ = write!(io::stderr(), "{}", words::progress(done, all));
        }
    };
    let checker = Checker::new(Bounds::default()).context("the client")?;
    let report = runtime.block_on(checker.check(urls, cache, now, bar));
    // The system may still be looking up a name; nothing waits for it.
    runtime.shutdown_background();
    Ok(report)
}
