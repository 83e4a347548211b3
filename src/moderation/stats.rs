//! The numbers of what was asked, as text with bars, as a table, and as the week's three lines.
//!
//! Pure; counting is the journal's work. No question's text is shown that fewer than three people asked.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::inbox::Group;
use crate::answering::phrases;
use crate::faq::{EntryId, Kind, Lang, inert, one_line};
use crate::journal::{EntryNumbers, Numbers};
use crate::knowledge::Knowledge;

/// Entries shown with a bar.
const SHOWN: usize = 10;
/// Characters of the longest bar: what a phone shows beside a number.
const WIDTH: usize = 10;
/// A question is shown where so many people asked it: then it tells nothing of one.
const PEOPLE: usize = 3;

/// What there is to say of some days.
pub fn report(knowledge: &Knowledge, numbers: &Numbers, days: i64, lang: Lang) -> String {
    let asked: u64 = numbers.outcomes.values().sum();
    let entries = by_entry(knowledge, numbers);
    let sum = |of: fn(&EntryNumbers) -> u64| entries.values().map(of).sum::<u64>();
    let counts = [
        days.unsigned_abs(),
        asked,
        outcome(numbers, "answer"),
        outcome(numbers, "offer"),
        outcome(numbers, "decline"),
        sum(|of| of.chosen),
        sum(|of| of.solved),
        sum(|of| of.wrong),
    ];
    let counts = counts.map(|count| count.to_string());
    let mut lines = vec![phrases::STATS.with(lang, &counts.each_ref().map(String::as_str))];
    let hits = |of: &EntryNumbers| of.answered + of.chosen;
    let mut ranked: Vec<(&EntryId, u64)> = entries.iter().map(|(id, of)| (*id, hits(of))).filter(|(_, hits)| *hits > 0).collect();
    ranked.sort_by_key(|(_, hits)| std::cmp::Reverse(*hits));
    let most = ranked.first().map_or(1, |(_, hits)| *hits);
    let question = |id: &EntryId| knowledge.faq.entry(id).map_or("", |entry| entry.question.nearest(lang).1);
    if !ranked.is_empty() {
        lines.push(phrases::STATS_MOST.get(lang).to_owned());
    }
    for (id, hits) in ranked.iter().take(SHOWN) {
        lines.push(format!("`{}` {hits} {}", bar(*hits, most), shortened(question(id))));
    }
    let askable = knowledge.askable().filter(|(_, entry)| entry.kind == Kind::Answer);
    let never: Vec<&EntryId> =
        askable.map(|(_, entry)| &entry.id).filter(|id| ranked.iter().all(|(known, _)| known != id)).collect();
    if !never.is_empty() && asked > 0 {
        let named = never.iter().take(5).map(|id| shortened(question(id))).collect::<Vec<_>>().join("、");
        lines.push(phrases::STATS_NEVER.with(lang, &[&never.len().to_string(), &named]));
    }
    lines.join("\n")
}

/// A row an entry, with its id, question and numbers.
pub fn table(knowledge: &Knowledge, numbers: &Numbers, lang: Lang) -> String {
    let entries = by_entry(knowledge, numbers);
    let mut table = "id,question,answered,chosen,solved,wrong\r\n".to_owned();
    for (_, entry) in knowledge.askable() {
        let EntryNumbers { answered, chosen, solved, wrong } = entries.get(&entry.id).copied().unwrap_or_default();
        let question = cell(entry.question.nearest(lang).1);
        writeln!(table, "{},{question},{answered},{chosen},{solved},{wrong}\r", entry.id)
            .expect("a String takes whatever is written");
    }
    table
}

/// The week in three lines; `None` where nothing was asked.
pub fn week(numbers: &Numbers, groups: &[Group], lang: Lang) -> Option<String> {
    let asked: u64 = numbers.outcomes.values().sum();
    if asked == 0 {
        return None;
    }
    let chosen: u64 = numbers.entries.values().map(|of| of.chosen).sum();
    let counts = [asked, outcome(numbers, "answer"), chosen, outcome(numbers, "decline")].map(|count| count.to_string());
    let mut text = phrases::WEEK.with(lang, &counts.each_ref().map(String::as_str));
    if let Some(first) = groups.first() {
        let people = first.people.to_string();
        let more = match first.asked_by(PEOPLE) {
            Some(asked) => phrases::WEEK_MOST.with(lang, &[&inert(&shortened(asked)), &people]),
            None => phrases::WEEK_OPEN.with(lang, &[&groups.len().to_string()]),
        };
        text = format!("{text}\n{more}");
    }
    Some(text)
}

fn outcome(numbers: &Numbers, name: &str) -> u64 {
    numbers.outcomes.get(name).copied().unwrap_or(0)
}

/// Of each entry of today; what had another id then is counted with it.
fn by_entry<'k>(knowledge: &'k Knowledge, numbers: &Numbers) -> BTreeMap<&'k EntryId, EntryNumbers> {
    let mut entries: BTreeMap<&EntryId, EntryNumbers> = BTreeMap::new();
    for (id, of) in &numbers.entries {
        let Some(entry) = EntryId::new(id).and_then(|id| knowledge.faq.entry(&id)) else { continue };
        let known = entries.entry(&entry.id).or_default();
        known.answered += of.answered;
        known.chosen += of.chosen;
        known.solved += of.solved;
        known.wrong += of.wrong;
    }
    entries
}

fn bar(value: u64, most: u64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = usize::try_from(value * 8 * WIDTH as u64 / most.max(1)).unwrap_or(0).max(1);
    let bar = "█".repeat(eighths / 8) + EIGHTHS[eighths % 8];
    let missing = WIDTH.saturating_sub(bar.chars().count());
    bar + &"　".repeat(missing)
}

fn shortened(text: &str) -> String {
    const CHARACTERS: usize = 40;
    let line = one_line(text);
    if line.chars().count() <= CHARACTERS { line } else { line.chars().take(CHARACTERS - 1).chain(['…']).collect() }
}

/// As a spreadsheet reads it: whole, and never as a formula.
fn cell(text: &str) -> String {
    let guarded = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if guarded.contains([',', '"', '\n', '\r']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
}
