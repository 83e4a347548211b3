//! YAML text -> a tree in which every key and value knows its place, or the one fault that stops the parser.
//!
//! Reads the parser's events itself instead of deserialising: that keeps raw scalars (`no` stays text), duplicate keys and exact
//! places, and lets anchors, tags and second documents be refused where they stand. What the tree should contain is left to `shape.rs`.

use std::ops::Range;

use serde_yaml::granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span};

use super::diagnostic::Problem;

/// A YAML value and the bytes it was read from.
#[derive(Debug)]
pub struct Node {
    pub span: Range<usize>,
    pub value: Value,
}

/// What a node holds.
#[derive(Debug)]
pub enum Value {
    /// Text as written; empty when nothing was written.
    Scalar(String),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// A mapping's key.
#[derive(Debug)]
pub struct Key {
    pub span: Range<usize>,
    pub name: String,
}

impl Node {
    /// The value of the first key of that name, where this is a mapping.
    pub fn get(&self, name: &str) -> Option<&Node> {
        match &self.value {
            Value::Map(pairs) => pairs.iter().find(|(key, _)| key.name == name).map(|(_, node)| node),
            Value::List(_) | Value::Scalar(_) => None,
        }
    }

    /// The items, where this is a list; none otherwise.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            Value::Map(_) | Value::Scalar(_) => &[],
        }
    }
}

/// Deeper nesting than the format's own four levels is a mistake or an attack.
const MAX_DEPTH: usize = 16;
/// Stops a file of nothing but values long before its size does.
const MAX_NODES: usize = 500_000;

/// Parses one document.
///
/// # Errors
/// The first place where the text is not the YAML this format allows.
pub fn parse(text: &str) -> Result<Node, Fault> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| Fault::from_scan(text, &error))?;
        builder.accept(event, &bytes(text, span))?;
    }
    builder.document.ok_or(Fault { span: 0..0, problem: Problem::EmptyFile })
}

/// Why a text is no usable document.
#[derive(Debug)]
pub struct Fault {
    pub span: Range<usize>,
    pub problem: Problem,
}

impl Fault {
    /// The scanner's complaint, moved to the character that causes it where that is one people stumble over.
    fn from_scan(text: &str, error: &ScanError) -> Self {
        let at = text.floor_char_boundary(error.marker().byte_offset().unwrap_or(text.len()).min(text.len()));
        let line_start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
        let line = text.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let detail = error.info();
        let first_of = |wanted: char, from: usize| text.get(from..)?.find(wanted).map(|offset| from + offset);
        let (start, problem) = if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
            (at, Problem::TooDeep)
        } else if detail.contains("tab") {
            (first_of('\t', line_start).unwrap_or(at), Problem::Tab)
        } else if let Some(space) = full_width_indentation(text, at) {
            (space, Problem::FullWidthSpace)
        } else if line.contains('：') && !line.contains(": ") {
            (first_of('：', line_start).unwrap_or(at), Problem::FullWidthColon)
        } else {
            (at, Problem::Syntax { detail })
        };
        let end = start + text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        Fault { span: start..end, problem }
    }
}

/// The last full-width space before `at` that indents a line: it looks like two spaces and is none.
fn full_width_indentation(text: &str, at: usize) -> Option<usize> {
    let mut line_start = 0;
    let mut found = None;
    for line in text.split_inclusive('\n') {
        let indentation = line.chars().take_while(|c| c.is_whitespace() && *c != '\n').map(char::len_utf8).sum::<usize>();
        let space = line.get(..indentation).and_then(|indentation| indentation.find('\u{3000}'));
        if line_start > at {
            break;
        }
        found = space.map(|offset| line_start + offset).or(found);
        line_start += line.len();
    }
    found
}

/// A container whose end has not been read yet.
enum Open {
    List(Range<usize>, Vec<Node>),
    Map(Range<usize>, Vec<(Key, Node)>, Option<Key>),
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    document: Option<Node>,
    nodes: usize,
}

impl Builder {
    fn accept(&mut self, event: Event<'_>, span: &Range<usize>) -> Result<(), Fault> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                Self::refuse_anchor_or_tag(anchor, tag.is_some(), span)?;
                let written = if is_nothing(&text, style) { String::new() } else { text.into_owned() };
                self.place(Node { span: span.clone(), value: Value::Scalar(written) })
            }
            Event::SequenceStart(_, anchor, tag) => {
                Self::refuse_anchor_or_tag(anchor, tag.is_some(), span)?;
                self.enter(Open::List(span.clone(), Vec::new()), span)
            }
            Event::MappingStart(_, anchor, tag) => {
                Self::refuse_anchor_or_tag(anchor, tag.is_some(), span)?;
                self.enter(Open::Map(span.clone(), Vec::new(), None), span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.leave(span),
            Event::Alias(_) | Event::UnresolvedAlias(_) => Err(Fault { span: span.clone(), problem: Problem::Alias }),
            Event::DocumentStart(..) if self.document.is_some() => {
                Err(Fault { span: span.clone(), problem: Problem::SecondDocument })
            }
            _ => Ok(()),
        }
    }

    fn refuse_anchor_or_tag(anchor: usize, tagged: bool, span: &Range<usize>) -> Result<(), Fault> {
        match (anchor != 0, tagged) {
            (true, _) => Err(Fault { span: span.clone(), problem: Problem::Alias }),
            (false, true) => Err(Fault { span: span.clone(), problem: Problem::Tag }),
            (false, false) => Ok(()),
        }
    }

    fn enter(&mut self, container: Open, span: &Range<usize>) -> Result<(), Fault> {
        self.open.push(container);
        if self.open.len() > MAX_DEPTH {
            return Err(Fault { span: span.clone(), problem: Problem::TooDeep });
        }
        Ok(())
    }

    fn leave(&mut self, end: &Range<usize>) -> Result<(), Fault> {
        match self.open.pop() {
            Some(Open::List(start, items)) => {
                self.place(Node { span: start.start..end.end.max(start.end), value: Value::List(items) })
            }
            Some(Open::Map(start, pairs, _)) => {
                self.place(Node { span: start.start..end.end.max(start.end), value: Value::Map(pairs) })
            }
            None => Ok(()),
        }
    }

    fn place(&mut self, node: Node) -> Result<(), Fault> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(Fault { span: node.span, problem: Problem::TooManyValues });
        }
        match self.open.last_mut() {
            None => self.document = Some(node),
            Some(Open::List(_, items)) => items.push(node),
            Some(Open::Map(_, pairs, key)) => match key.take() {
                Some(key) => pairs.push((key, node)),
                None => match node.value {
                    Value::Scalar(name) => *key = Some(Key { span: node.span, name }),
                    Value::List(_) | Value::Map(_) => {
                        return Err(Fault { span: node.span, problem: Problem::KeyIsNoText });
                    }
                },
            },
        }
        Ok(())
    }
}

/// Whether YAML reads this scalar as "no value": nobody means the text `~` or `null`.
fn is_nothing(text: &str, style: ScalarStyle) -> bool {
    style == ScalarStyle::Plain && matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// The parser's span in bytes, cut to the text and to whole characters.
fn bytes(text: &str, span: Span) -> Range<usize> {
    let at = |offset: Option<usize>| text.floor_char_boundary(offset.unwrap_or(0).min(text.len()));
    let (start, end) = (at(span.start.byte_offset()), at(span.end.byte_offset()));
    start..end.max(start)
}
