//! YAML text -> a tree in which every key and value knows its place, or the one fault that stops the parser.
//!
//! Reads the parser's events itself instead of deserialising: that keeps raw scalars (`no` stays text), duplicate keys and exact
//! places, and lets anchors, tags and second documents be refused where they stand. What the parser's complaints mean is left to
//! `complaint.rs`, what the tree should contain to `shape.rs`.

use std::borrow::Cow;
use std::ops::Range;

use serde_yaml::granit_parser::{Event, Parser, ScalarStyle, Span};

use super::{complaint, diagnostic::Problem};

/// A YAML value and the bytes it was read from.
#[derive(Debug)]
pub struct Node {
    pub span: Range<usize>,
    pub value: Value,
    /// How its text is written; `None` for lists and mappings. Only without quotes may a moderator have meant punctuation that YAML does
    /// not see.
    pub style: Option<ScalarStyle>,
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

    /// As [`Node::get`], to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Node> {
        match &mut self.value {
            Value::Map(pairs) => pairs.iter_mut().find(|(key, _)| key.name == name).map(|(_, node)| node),
            Value::List(_) | Value::Scalar(_) => None,
        }
    }

    /// The bytes of the field at the end of the path, as far as the path leads.
    pub fn span_of(&self, path: &[&str]) -> Range<usize> {
        let mut found = self;
        for name in path {
            match found.get(name) {
                Some(field) => found = field,
                None => break,
            }
        }
        found.span.clone()
    }

    /// The bytes of an item of a field that is a list.
    pub fn span_of_item(&self, field: &str, nth: usize) -> Range<usize> {
        let item = self.get(field).and_then(|list| list.items().get(nth));
        item.map_or_else(|| self.span_of(&[field]), |item| item.span.clone())
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

/// So often a text is read again after a full-width colon: enough for an entry written on a Japanese keyboard, little for an attacker.
const MAX_REPAIRS: usize = 20;

/// Parses one document, with what is wrong in it as YAML. Full-width colons after a field's name are read as what they were meant to be,
/// so that the rest can be checked too; any other fault leaves no document.
pub fn parse(text: &str) -> (Option<Node>, Vec<Fault>) {
    if let Some(fault) = complaint::merge_marker(text) {
        return (None, vec![fault]);
    }
    let mut faults = Vec::new();
    let mut text = Cow::Borrowed(text);
    loop {
        match parse_strictly(&text) {
            Ok(document) => return (Some(document), faults),
            Err(fault) => {
                let colon = fault.span.clone();
                let is_colon = matches!(fault.problem, Problem::FullWidthColon { .. }) && text.get(colon.clone()) == Some("：");
                faults.push(fault);
                if !is_colon || faults.len() > MAX_REPAIRS {
                    return (None, faults);
                }
                // As many bytes as the full-width one: every place stays where it is.
                text.to_mut().replace_range(colon, ":  ");
            }
        }
    }
}

fn parse_strictly(text: &str) -> Result<Node, Fault> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| complaint::fault(text, &error))?;
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
                self.place(Node { span: span.clone(), value: Value::Scalar(written), style: Some(style) })
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
            Some(Open::List(start, items)) => self.place_container(&start, end, Value::List(items)),
            Some(Open::Map(start, pairs, _)) => self.place_container(&start, end, Value::Map(pairs)),
            None => Ok(()),
        }
    }

    fn place_container(&mut self, start: &Range<usize>, end: &Range<usize>, value: Value) -> Result<(), Fault> {
        self.place(Node { span: start.start..end.end.max(start.end), value, style: None })
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
