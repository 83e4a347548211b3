//! A FAQ file's text -> the lines on which each entry stands and what is written there; and an entry's lines put into another text.
//!
//! Reads the tree, not the types, so that an entry with faults has its lines, too. What differs between two files is told in
//! `compare.rs`; whether a text is a sound FAQ is left to `load.rs`.

use std::collections::BTreeMap;
use std::ops::Range;

use super::is_vocabulary;
use super::tree::{self, Node, Value};

/// A file as written.
#[derive(Debug)]
pub struct WrittenFile {
    /// Its name, without the folder.
    pub name: String,
    /// The topic it names; empty for the vocabulary.
    pub topic: String,
    /// In the order in which they stand there. The vocabulary is one entry with its file's name.
    pub entries: Vec<Written>,
}

/// An entry as written: two with the same fields say the same, whatever their style.
#[derive(Debug)]
pub struct Written {
    /// As written, valid or not.
    pub id: String,
    /// Each field's content, a line for each line of text.
    pub fields: BTreeMap<String, Vec<String>>,
    /// The bytes from the start of its first line to the end of its last, without the line break; `None` where it is not in block style
    /// or shares a line with something else.
    pub lines: Option<Range<usize>>,
    /// The number of its first line, from 1.
    pub line: usize,
}

impl WrittenFile {
    /// `None` where the text is no YAML that the format allows.
    pub fn read(name: &str, text: &str) -> Option<Self> {
        let (document, faults) = tree::parse(text);
        let document = document.filter(|_| faults.is_empty())?;
        let name = name.to_owned();
        if is_vocabulary(&name) {
            let whole = Written { id: name.clone(), fields: fields(&document), lines: None, line: 1 };
            return Some(WrittenFile { name, topic: String::new(), entries: vec![whole] });
        }
        let entries = document.get("entries").map_or(&[][..], Node::items).iter().map(|node| Written {
            id: scalar(node.get("id")).to_owned(),
            fields: fields(node),
            lines: lines_of(text, node),
            line: text.bytes().take(node.span.start).filter(|byte| *byte == b'\n').count() + 1,
        });
        Some(WrittenFile { topic: scalar(document.get("topic")).to_owned(), entries: entries.collect(), name })
    }

    /// The entry of that id.
    pub fn entry(&self, id: &str) -> Option<&Written> {
        self.entries.iter().find(|entry| entry.id == id)
    }
}

impl Written {
    /// The ids it says it had before.
    pub fn formerly(&self) -> impl Iterator<Item = &str> {
        self.fields.get("formerly").into_iter().flatten().filter_map(|line| line.strip_prefix("- "))
    }
}

/// The text in which the lines of the entry `replaced` are `lines`, or in which they stand behind the last entry. They are indented and
/// end as those they stand for; every other byte stays. A list without entries gets them as its first. `None` where the entry, or the last one,
/// has no lines of its own.
pub fn with_lines(file: &WrittenFile, text: &str, replaced: Option<&str>, lines: &str) -> Option<String> {
    let here = match replaced {
        Some(id) => file.entry(id)?.lines.clone()?,
        None if file.entries.is_empty() => return with_first(text, lines),
        None => file.entries.last()?.lines.clone()?,
    };
    let indent_of = |text: &str| text.len() - text.trim_start_matches(' ').len();
    let given = " ".repeat(indent_of(lines));
    let wanted = " ".repeat(indent_of(text.get(here.clone())?));
    let is_crlf = text.split_once('\n').is_some_and(|(first, _)| first.ends_with('\r'));
    let line_end = if is_crlf { "\r\n" } else { "\n" };
    let indented = |line: &str| match line.strip_prefix(&given) {
        Some(rest) => format!("{wanted}{rest}"),
        None => line.to_owned(),
    };
    let lines = lines.lines().map(indented).collect::<Vec<_>>().join(line_end);
    let mut result = text.to_owned();
    match replaced {
        Some(_) => result.replace_range(here, &lines),
        None => result.insert_str(here.end, &format!("{line_end}{lines}")),
    }
    Some(result)
}

/// The same where there is no entry yet: behind `entries:`, in the place of `[]`.
fn with_first(text: &str, lines: &str) -> Option<String> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let written = line.trim_end_matches(['\n', '\r']);
        if matches!(written.strip_prefix("entries:").map(str::trim), Some("" | "[]")) {
            let line_end = if line.ends_with("\r\n") { "\r\n" } else { "\n" };
            let lines = lines.lines().collect::<Vec<_>>().join(line_end);
            let mut result = text.to_owned();
            result.replace_range(start..start + written.len(), &format!("entries:{line_end}{lines}"));
            return Some(result);
        }
        start += line.len();
    }
    None
}

fn scalar(node: Option<&Node>) -> &str {
    match node.map(|node| &node.value) {
        Some(Value::Scalar(text)) => text,
        _ => "",
    }
}

fn fields(node: &Node) -> BTreeMap<String, Vec<String>> {
    let Value::Map(pairs) = &node.value else { return BTreeMap::new() };
    let outlined = |node: &Node| {
        let mut lines = Vec::new();
        outline(node, "", &mut lines);
        lines
    };
    pairs.iter().map(|(key, value)| (key.name.clone(), outlined(value))).collect()
}

/// Lines that each say where they stand: `- title: ja: 医療情報技師とは`.
fn outline(node: &Node, before: &str, lines: &mut Vec<String>) {
    match &node.value {
        Value::Scalar(text) => lines.extend(text.trim_end().split('\n').map(|line| format!("{before}{line}"))),
        Value::List(items) => items.iter().for_each(|item| outline(item, &format!("{before}- "), lines)),
        Value::Map(pairs) => pairs.iter().for_each(|(key, value)| outline(value, &format!("{before}{}: ", key.name), lines)),
    }
}

fn lines_of(text: &str, node: &Node) -> Option<Range<usize>> {
    let before = text.get(..node.span.start)?;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let is_block = before.get(start..)?.trim_matches(' ') == "-" && !is_flow(text, node);
    let content = text.get(start..last_byte(text, node))?.trim_end();
    let rest_of_line = text.get(start + content.len()..)?.lines().next().unwrap_or("");
    is_block.then(|| start..start + content.len() + rest_of_line.trim_end_matches('\r').len())
}

/// Whether a list or mapping is written with brackets or braces.
pub(super) fn is_flow(text: &str, node: &Node) -> bool {
    let sign = text.as_bytes().get(node.span.start);
    // A list of lines that stand no deeper than what holds them begins with its first item, which may be in brackets.
    match &node.value {
        Value::List(items) => sign == Some(&b'[') && items.first().is_none_or(|item| item.span.start > node.span.start),
        Value::Map(pairs) => sign == Some(&b'{') && pairs.first().is_none_or(|(key, _)| key.span.start > node.span.start),
        Value::Scalar(_) => false,
    }
}

/// Where the last thing written in a node ends. A block's own span goes on to the next thing behind comments.
pub(super) fn last_byte(text: &str, node: &Node) -> usize {
    match &node.value {
        Value::Map(pairs) if !is_flow(text, node) => {
            let of_pair = |(key, value): &(tree::Key, Node)| match &value.value {
                Value::Scalar(written) if written.is_empty() && value.span.is_empty() => key.span.end,
                _ => last_byte(text, value),
            };
            pairs.iter().map(of_pair).max().unwrap_or(node.span.start)
        }
        Value::List(items) if !is_flow(text, node) => {
            items.iter().map(|item| last_byte(text, item)).max().unwrap_or(node.span.start)
        }
        _ => node.span.end,
    }
}
