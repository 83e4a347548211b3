//! Punctuation of a Japanese keyboard where YAML wants its own, and colons without a space: what looks right and is read as text.
//!
//! Where a text may hold such a slip is decided by `tree.rs` and `shape.rs`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::diagnostic::Problem;
use super::file::{schema, vocabulary_schema};

/// A place in a text, in bytes, and what is wrong there.
pub type Slip = (usize, Problem);

/// Whether a field can have this name, wherever it stands.
pub fn is_field(name: &str) -> bool {
    static NAMES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let of_schema = |schema: serde_json::Value| {
            let definitions = schema["$defs"].as_object().cloned().unwrap_or_default();
            let parts = definitions.into_iter().map(|(_, part)| part).chain([schema]);
            let names =
                parts.filter_map(|part| part["properties"].as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>()));
            names.flatten().collect::<Vec<_>>()
        };
        [schema(), vocabulary_schema()].into_iter().flat_map(of_schema).collect()
    });
    NAMES.contains(name)
}

/// Where a line begins like a field, but its colon is full-width or has no space behind it.
pub fn slip(line: &str) -> Option<Slip> {
    let begun = line.trim_start().trim_start_matches(['-', '－']).trim_start();
    let name_end = begun.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).filter(|end| *end > 0)?;
    let (name, behind) = begun.split_at_checked(name_end).filter(|(name, _)| is_field(name))?;
    let colon = behind.trim_start();
    let at = line.len() - colon.len();
    let mut characters = colon.chars();
    let (colon, next) = (characters.next()?, characters.next());
    let rest = characters.as_str();
    let text = [next.map_or_else(String::new, String::from), rest.to_owned()].concat();
    let correct = format!("{name}: {}", text.trim()).trim_end().to_owned();
    match (colon, next) {
        ('：', _) => Some((at, Problem::FullWidthColon { correct })),
        (':', Some('\u{3000}')) => Some((at + 1, Problem::FullWidthSpace)),
        (':', Some(next)) if !next.is_whitespace() => Some((at, Problem::ColonWithoutSpace { correct })),
        _ => None,
    }
}

/// Each line of a text that holds a slip; `start` is where the text begins.
pub fn slips(text: &str, start: usize) -> impl Iterator<Item = Slip> {
    let lines = text.split_inclusive('\n').scan(start, |at, line| {
        let line_start = *at;
        *at += line.len();
        Some((line_start, line))
    });
    lines.filter_map(|(line_start, line)| slip(line.trim_end()).map(|(at, problem)| (line_start + at, problem)))
}

/// The slip that a YAML reader stumbled over at `at`: it notices only in the line below, or where a text of several lines ends.
pub fn slip_near(text: &str, at: usize) -> Option<Slip> {
    const LINES_ABOVE: usize = 5;
    let line_end = text.get(at..)?.find('\n').map_or(text.len(), |offset| at + offset);
    let start = text.get(..at)?.rmatch_indices('\n').nth(LINES_ABOVE).map_or(0, |(newline, _)| newline + 1);
    slips(text.get(start..line_end)?, start).last()
}

/// The last full-width space up to the line of `at` that indents a field or an item: it looks like two spaces and is none. Lines of text
/// may begin with one, as paragraphs do.
pub fn full_width_indentation(text: &str, at: usize) -> Option<usize> {
    let end = text.get(at..)?.find('\n').map_or(text.len(), |offset| at + offset);
    let mut found = None;
    let mut line_start = 0;
    for line in text.get(..end)?.split_inclusive('\n') {
        let content = line.trim_start();
        let is_structure = content.starts_with("- ") || content.split_once(':').is_some_and(|(name, _)| is_field(name));
        let indentation = line.strip_suffix(content).unwrap_or_default();
        if let Some(offset) = indentation.find('\u{3000}').filter(|_| is_structure) {
            found = Some(line_start + offset);
        }
        line_start += line.len();
    }
    found
}

/// `name: text` with the text in quotes, where a line is a field with a second `: `.
pub fn quoted_value(line: &str) -> Option<String> {
    let (name, value) = line.trim().trim_start_matches("- ").split_once(": ").filter(|(_, value)| value.contains(": "))?;
    let value = value.trim();
    Some(if value.contains(['"', '\\']) {
        format!("{name}: '{}'", value.replace('\'', "''"))
    } else {
        format!("{name}: \"{value}\"")
    })
}

/// Words apart that were meant to be: `夜勤、当直` as `夜勤, 当直`.
pub fn parted(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split(['、', '，']).map(str::trim).filter(|word| !word.is_empty()).collect();
    (words.len() > 1).then(|| words.join(", "))
}
