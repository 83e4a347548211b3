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
    let text = text.split(" #").next().unwrap_or_default().trim();
    let correct = format!("{name}: {}", if text.contains(": ") { quoted(text) } else { text.to_owned() }).trim_end().to_owned();
    match (colon, next) {
        ('：', _) => Some((at, Problem::FullWidthColon { correct })),
        (':', Some('\u{3000}' | '\u{a0}')) => Some((at + 1, Problem::FullWidthSpace)),
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
    lines.filter_map(|(line_start, line)| {
        slip(line.trim_end_matches([' ', '\r', '\n'])).map(|(at, problem)| (line_start + at, problem))
    })
}

/// Each line of a text in several lines that is a field by its look, and text by its indentation.
pub fn fields_within(text: &str) -> impl Iterator<Item = Slip> {
    let lines = text.split_inclusive('\n').scan(0, |at, line| {
        let line_start = *at;
        *at += line.len();
        Some((line_start, line))
    });
    lines.filter_map(|(line_start, line)| {
        let begun = line.trim_start();
        let (name, value) = begun.trim_end().split_once(':')?;
        let is_alone = matches!(value.trim(), "" | "|" | ">" | "|-" | ">-");
        let looks_so = is_field(name) && (is_alone || value.starts_with(' '));
        let problem = Problem::FieldInText { field: name.to_owned(), is_alone };
        looks_so.then_some((line_start + line.len() - begun.len(), problem))
    })
}

/// The line of `at` and the few above it: a YAML reader notices a fault only in the line below, or where a text of several lines ends.
fn near(text: &str, at: usize) -> Option<(usize, &str)> {
    const LINES_ABOVE: usize = 5;
    let line_end = text.get(at..)?.find('\n').map_or(text.len(), |offset| at + offset);
    let start = text.get(..at)?.rmatch_indices('\n').nth(LINES_ABOVE).map_or(0, |(newline, _)| newline + 1);
    Some((start, text.get(start..line_end)?))
}

/// The slip that a YAML reader stumbled over at `at`.
pub fn slip_near(text: &str, at: usize) -> Option<Slip> {
    let (start, lines) = near(text, at)?;
    slips(lines, start).last()
}

/// The last full-width or no-break space above `at` that indents a field, or nearby an item: it looks like spaces and is none. Lines of text
/// may begin with one, as paragraphs do, and then what looks like an item.
pub fn wrong_indentation(text: &str, at: usize) -> Option<usize> {
    let (nearby, lines) = near(text, at)?;
    let above = text.get(..nearby + lines.len())?;
    let starts = above.split_inclusive('\n').scan(0, |start, line| {
        let line_start = *start;
        *start += line.len();
        Some((line_start, line))
    });
    let wrong = starts.filter_map(|(start, line)| {
        let content = line.trim_start();
        let is_item = start >= nearby && content.starts_with("- ");
        let is_structure = is_item || content.split_once(':').is_some_and(|(name, _)| is_field(name));
        let indentation = line.strip_suffix(content).unwrap_or_default();
        indentation.find(['\u{3000}', '\u{a0}']).filter(|_| is_structure).map(|offset| start + offset)
    });
    wrong.last()
}

/// `name: text` with the text in quotes, where a line is a field with a second `: `.
pub fn quoted_value(line: &str) -> Option<String> {
    let (name, value) = line.trim().trim_start_matches("- ").split_once(": ").filter(|(_, value)| value.contains(": "))?;
    Some(format!("{name}: {}", quoted(value.split(" #").next().unwrap_or_default())))
}

/// A text in YAML's quotes, whatever is in it; a Japanese keyboard's quotes around it become them.
pub fn quoted(text: &str) -> String {
    let text = text.trim();
    let text = in_wide_quotes(text).unwrap_or(text);
    if text.contains(['"', '\\']) { format!("'{}'", text.replace('\'', "''")) } else { format!("\"{text}\"") }
}

/// What stands between quotes that are none to YAML, where all of a text does.
pub fn in_wide_quotes(text: &str) -> Option<&str> {
    const QUOTES: [char; 3] = ['“', '”', '＂'];
    let inside = text.strip_prefix(QUOTES)?.strip_suffix(QUOTES)?;
    (!inside.is_empty() && !inside.contains(QUOTES)).then_some(inside)
}

/// What is not the text of a line, that is its `- ` and its field's name, and the text.
pub fn value_of(line: &str) -> (&str, &str) {
    let line = line.trim();
    let item = line.strip_prefix("- ").unwrap_or(line).trim_start();
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let value = item.split_once(": ").filter(|(name, _)| is_name(name)).map_or(item, |(_, value)| value.trim_start());
    (line.strip_suffix(value).unwrap_or_default(), value)
}

/// Where a line's text is cut off by what YAML takes for a comment, and all of it in quotes. Whoever comments puts a space behind the `#`.
pub fn comment(line: &str) -> Option<(usize, String)> {
    let is_text = |behind: &str| behind.chars().next().is_some_and(|c| !c.is_whitespace() && c != '#');
    let (cut, _) = line.match_indices(" #").find(|(at, _)| line.get(at + 2..).is_some_and(is_text))?;
    Some((cut + 1, quoted(value_of(line).1)))
}

/// A line as an item of a list: with `- ` in place of what only looks like it.
pub fn dashed(line: &str) -> String {
    let bullets = ['-', '－', '‐', '–', '—', '―', 'ー', '・', '•', '*', '+', ' ', '\u{3000}'];
    format!("- {}", line.trim().trim_start_matches(bullets))
}

/// Where a text holds a link in Discord's own notation, what is shown of it, and its address.
pub fn markdown_link(text: &str) -> Option<(usize, String, String)> {
    let (before, address) = text.split_once("](http")?;
    let (front, title) = before.rsplit_once('[')?;
    // Addresses of encyclopedias have parentheses of their own.
    let mut depth = 1;
    let is_end = |c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth == 0
    };
    let end = address.find(is_end)?;
    Some((front.len(), title.to_owned(), format!("http{}", address.get(..end)?)))
}

/// A title as a value: in quotes, where YAML would take it for something else.
pub fn titled(title: &str) -> String {
    let is_plain = !title.contains([':', '#', '"', '\'']) && title.starts_with(char::is_alphanumeric);
    if is_plain { title.to_owned() } else { quoted(title) }
}

/// The words of a list in brackets that YAML does not know.
pub fn in_wide_brackets(text: &str) -> Option<Vec<String>> {
    let inside = text.strip_prefix(['［', '【', '〔'])?.strip_suffix(['］', '】', '〕', ']'])?;
    let words = inside.split(['、', '，', ',']).map(|word| word.trim().to_owned());
    Some(words.filter(|word| !word.is_empty()).collect())
}

/// Words that are written as one and were meant to be several: `夜勤、当直`, and between Japanese words also with a space or ・, which
/// parts the syllables of one word only in katakana.
pub fn parted(written: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut before) = (Vec::new(), String::new(), None);
    let bracketed = written.strip_prefix('「').and_then(|text| text.strip_suffix('」'));
    let text = bracketed.map(|inside| inside.replace("」、「", "、").replace("」「", "、"));
    let text = text.as_deref().unwrap_or(written);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let next = characters.peek().copied();
        let is_between = |is_such: fn(char) -> bool| before.is_some_and(is_such) && next.is_some_and(is_such);
        let parts = match c {
            '、' | '，' => true,
            ' ' | '\u{3000}' => is_between(|c| !c.is_ascii()),
            '・' => is_between(|c| !c.is_ascii()) && !is_between(|c| matches!(c, 'ァ'..='ヿ')),
            _ => false,
        };
        before = Some(c);
        if parts { words.push(std::mem::take(&mut word)) } else { word.push(c) }
    }
    words.push(word);
    let words: Vec<String> = words.iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect();
    (words.len() > 1).then_some(words)
}
