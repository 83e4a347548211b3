//! Holds a YAML tree against the file format's own schema: unknown, missing, doubled and mistyped fields, and punctuation that only looks
//! right, all at once and with their places.
//!
//! The schema is derived from the types in `file.rs`, so the checks, the editor's completion and the types cannot disagree. What the
//! values mean is left to `load.rs`.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::{Map, Value as Json};
use serde_yaml::granit_parser::ScalarStyle;
use unicode_normalization::UnicodeNormalization;

use super::diagnostic::{Expected, Problem};
use super::punctuation;
use super::suggestion::{address, nearest, translated};
use super::tree::{Key, Node, Value};

/// A finding and the bytes it is about.
pub type Finding = (Range<usize>, Problem);

/// Lists of words rather than sentences: a 、 in one of them was meant to part two.
const WORD_LISTS: [&str; 3] = ["keywords", "related", "formerly"];

/// What members read, so that half of it is worse than none.
const SHOWN: [&str; 4] = ["ja", "en", "question", "answer"];

/// As many of one text as anybody reads at once.
const MAX_SLIPS: usize = 20;

/// Checks nodes against one schema and turns them into JSON for serde. What does not fit is reported and left out, so that everything
/// else can be checked, too: JSON from a shape with error findings is for checking only, and in it an empty text stands for what was
/// reported.
pub struct Shape<'a> {
    definitions: &'a Json,
    text: &'a str,
    pub findings: Vec<Finding>,
}

impl<'a> Shape<'a> {
    /// `schema` is the whole document's schema; its `$defs` are where references lead. `text` is what the nodes were read from.
    pub fn of(schema: &'a Json, text: &'a str) -> Self {
        Shape { definitions: &schema["$defs"], text, findings: Vec::new() }
    }

    /// The node as JSON after reporting everything in it that does not fit `schema`; misspelt fields get their right names in the tree.
    /// `None` where nothing of it fits.
    pub fn conform(&mut self, field: &str, node: &mut Node, schema: &'a Json) -> Option<Json> {
        let schema = self.alternative(node, schema);
        if self.reports_slips(node) {
            return None;
        }
        let expected = expected(schema);
        let span = node.span.clone();
        if expected == Expected::Text && schema["oneOf"].is_null() {
            self.doubt(field, node);
        }
        match (&mut node.value, expected) {
            (Value::Scalar(text), _) if text.is_empty() => {
                let (start, line) = self.line_of(span.start);
                match punctuation::comment(line) {
                    Some((cut, correct)) => self.report(
                        start + cut..start + line.len(),
                        Problem::CommentInText { correct, is_used: false, is_shown: false },
                    ),
                    None => self.report(span, Problem::Empty { field: field.to_owned(), is_required: false }),
                }
            }
            (Value::Map(pairs), Expected::Map) => Some(self.conform_pairs(&span, pairs, schema, None)),
            (Value::List(items), Expected::List) => {
                let schema = &schema["items"];
                let conformed = items.iter_mut().map(|item| self.conform(field, item, schema));
                Some(
                    conformed
                        .collect::<Vec<_>>()
                        .into_iter()
                        .map(|item| item.unwrap_or_else(|| self.placeholder(schema)))
                        .collect(),
                )
            }
            (Value::Scalar(text), Expected::Text) => self.conform_text(field, &span, text, schema),
            (Value::Scalar(text), Expected::Number) if text.parse::<u32>().is_ok() => text.parse::<u32>().ok().map(Json::from),
            (Value::Scalar(text), Expected::TrueOrFalse) if text.parse::<bool>().is_ok() => {
                text.parse::<bool>().ok().map(Json::from)
            }
            _ => self.wrong_type(field, node, expected),
        }
    }

    /// As [`Shape::conform`] for a mapping, but leaves out the field `except`: its items are for the caller to judge one by one.
    pub fn conform_except(&mut self, node: &mut Node, schema: &'a Json, except: &str) -> Option<Json> {
        if self.reports_slips(node) {
            return None;
        }
        let span = node.span.clone();
        match &mut node.value {
            Value::Map(pairs) => Some(self.conform_pairs(&span, pairs, schema, Some(except))),
            Value::List(_) | Value::Scalar(_) => self.wrong_type("FAQ", node, Expected::Map),
        }
    }

    fn conform_pairs(&mut self, span: &Range<usize>, pairs: &mut [(Key, Node)], schema: &'a Json, except: Option<&str>) -> Json {
        let mut map = Map::new();
        let mut seen = BTreeSet::new();
        let first = pairs.first().map(|(key, _)| key.name.clone()).filter(|_| self.is_item(span));
        let written: BTreeSet<String> = pairs.iter().map(|(key, _)| key.name.clone()).collect();
        for (key, value) in pairs {
            let any = schema.get("additionalProperties").filter(|any| any.is_object());
            if schema["properties"].get(&key.name).or(any).is_none() {
                self.rename(key, value, schema, &written, self.text.get(span.start..).is_some_and(|text| text.starts_with('{')));
            }
            let Some(field_schema) = schema["properties"].get(&key.name).or(any) else { continue };
            if seen.contains(&key.name) && first.as_ref() == Some(&key.name) {
                // What begins an item a second time begins the next one: so do the fields below it.
                self.findings.push((key.span.clone(), self.dash(key.span.start)));
                break;
            }
            if !seen.insert(key.name.clone()) {
                self.findings.push((key.span.clone(), Problem::DuplicateKey { key: key.name.clone() }));
            } else if except != Some(&key.name) {
                let json = self.conform(&key.name, value, field_schema);
                match (json, self.findings.last_mut()) {
                    (Some(json), _) => drop(map.insert(key.name.clone(), json)),
                    (None, Some((_, Problem::Empty { field, is_required }))) if *field == key.name => {
                        *is_required = required(schema).any(|required| required == field);
                    }
                    (None, _) => {}
                }
            }
        }
        for required in required(schema) {
            if !seen.contains(required) {
                self.findings.push((span.start..span.start, Problem::MissingField { field: required.to_owned() }));
            }
            if except != Some(required) && !map.contains_key(required) {
                map.insert(required.to_owned(), self.placeholder(&schema["properties"][required]));
            }
        }
        Json::Object(map)
    }

    /// Reports a field that does not exist, and gives it the name that was meant, where that is missing and its value is of that kind.
    fn rename(&mut self, key: &mut Key, value: &Node, schema: &'a Json, written: &BTreeSet<String>, is_in_braces: bool) {
        let fields = || schema["properties"].as_object().into_iter().flat_map(Map::keys).map(String::as_str);
        let trimmed = key.name.trim();
        let (problem, meant) = if trimmed != key.name && punctuation::is_field(trimmed) {
            (Problem::FullWidthSpace, Some(trimmed.to_owned()))
        } else if is_in_braces {
            (Problem::Braces, None)
        } else if let Some((_, slip)) = punctuation::slip(&key.name) {
            (slip, None)
        } else {
            let meant = translated(&key.name).filter(|name| fields().any(|field| field == *name)).map(str::to_owned);
            let meant = meant.or_else(|| nearest(&key.name.nfkc().collect::<String>().to_lowercase(), fields()));
            (Problem::UnknownField { field: key.name.clone(), suggestion: meant.clone() }, meant)
        };
        self.findings.push((key.span.clone(), problem));
        let fits = |meant: &String| {
            !written.contains(meant) && expected(self.alternative(value, &schema["properties"][meant])) == kind(value)
        };
        if let Some(meant) = meant.filter(fits) {
            key.name = meant;
        }
    }

    fn conform_text(&mut self, field: &str, span: &Range<usize>, text: &str, schema: &Json) -> Option<Json> {
        let listed = schema["enum"].as_array().into_iter().flatten();
        let described = schema["oneOf"].as_array().into_iter().flatten().map(|one| &one["const"]);
        let allowed: Vec<&str> = listed.chain(described).filter_map(Json::as_str).collect();
        if allowed.is_empty() || allowed.contains(&text) {
            return Some(Json::from(text));
        }
        let allowed = allowed.into_iter().map(str::to_owned).collect();
        self.report(span.clone(), Problem::NotOneOf { field: field.to_owned(), value: text.to_owned(), allowed })
    }

    /// What looks like a field, a separator or a space in a text without quotes, and is none to YAML. Says whether the text is unusable.
    fn reports_slips(&mut self, node: &Node) -> bool {
        let Value::Scalar(value) = &node.value else { return false };
        let before = self.findings.len();
        let is_bare = node.style == Some(ScalarStyle::Plain);
        if is_bare {
            let lines = self.text.get(node.span.clone()).unwrap_or_default();
            let slips = punctuation::slips(lines, node.span.start).map(|(at, problem)| (at..at + 1, problem)).take(MAX_SLIPS);
            self.findings.extend(slips);
            if value.starts_with('\u{3000}') {
                self.findings.push((node.span.start..node.span.start + '\u{3000}'.len_utf8(), Problem::FullWidthSpace));
            }
            if let sign @ ("｜" | "＞") = lines.lines().next().unwrap_or_default().trim_end() {
                let correct = if sign == "｜" { "|" } else { ">" }.to_owned();
                self.findings.push((node.span.clone(), Problem::FullWidthSign { correct, is_text: false }));
            }
        } else if let Some((at, problem)) = punctuation::slip(value.lines().next().unwrap_or_default())
            && ["ja", "en"].iter().any(|lang| value.starts_with(lang))
            && matches!(node.style, Some(ScalarStyle::Literal | ScalarStyle::Folded))
        {
            // Of a text in several lines only this is no text: `answer: |` with `ja:` below it.
            self.findings.push((node.span.start + at..node.span.start + at + 1, problem));
        }
        self.findings.len() > before
    }

    /// What of a text that can be used is read otherwise than it looks: probably not what was meant.
    fn doubt(&mut self, field: &str, node: &Node) {
        let Value::Scalar(text) = &node.value else { return };
        let Range { start, end } = node.span;
        let written = self.text.get(node.span.clone()).unwrap_or_default().trim_end();
        if let Some((at, title, url)) = punctuation::markdown_link(written).filter(|_| !["patterns", "harmless"].contains(&field))
        {
            let url = address(&url).unwrap_or(url);
            self.findings.push((start + at..end, Problem::MarkdownLink { title, url }));
        }
        if matches!(node.style, Some(ScalarStyle::Literal | ScalarStyle::Folded)) {
            let fields = punctuation::fields_within(written).map(|(at, problem)| (start + at..start + at + 1, problem));
            self.findings.extend(fields.take(MAX_SLIPS));
        }
        if matches!(node.style, Some(ScalarStyle::Literal | ScalarStyle::Folded) | None) {
            return;
        }
        // An empty line keeps paragraphs apart, and in quotes a \ joins what belongs together.
        let is_joined =
            |(line, rest): &(&str, &str)| !rest.trim_start_matches(' ').starts_with(['\r', '\n']) && !line.ends_with('\\');
        if let Some((_, rest)) = written.split_once('\n').filter(is_joined) {
            let next = start + written.len() - rest.trim_start().len();
            let item =
                self.is_item(&node.span).then(|| punctuation::dashed(rest.trim_start().lines().next().unwrap_or_default()));
            self.findings.push((next..end, Problem::Joined { field: field.to_owned(), item }));
        }
        if node.style != Some(ScalarStyle::Plain) {
            return;
        }
        let behind = self.text.get(end..).unwrap_or_default();
        if behind.trim_start_matches(' ').starts_with('#') {
            let (line_start, line) = self.line_of(end);
            if let Some((cut, correct)) = punctuation::comment(line) {
                let is_shown = SHOWN.contains(&field);
                let problem = Problem::CommentInText { correct, is_used: true, is_shown };
                self.findings.push((line_start + cut..line_start + line.len(), problem));
            }
        }
        if punctuation::in_wide_quotes(text).is_some() {
            self.findings.push((node.span.clone(), Problem::FullWidthSign { correct: punctuation::quoted(text), is_text: true }));
        }
        if let Some(words) = punctuation::parted(text).filter(|_| WORD_LISTS.contains(&field)) {
            self.findings.push((node.span.clone(), Problem::WordsInOne { words, in_lines: self.is_item(&node.span) }));
        }
    }

    /// The line of a byte, and where that begins. Of a long one only what is near: a file may be one line.
    fn line_of(&self, byte: usize) -> (usize, &'a str) {
        const NEAR: usize = 1_000;
        let window = self.text.floor_char_boundary(byte.saturating_sub(NEAR));
        let end = self.text.floor_char_boundary(byte.saturating_add(NEAR).min(self.text.len()));
        let start =
            self.text.get(window..byte).and_then(|before| before.rfind('\n')).map_or(window, |newline| window + newline + 1);
        (start, self.text.get(start..end).and_then(|rest| rest.lines().next()).unwrap_or_default())
    }

    /// Whether what begins there is an item after `- `.
    fn is_item(&self, bytes: &Range<usize>) -> bool {
        self.text.get(..bytes.start).is_some_and(|before| before.trim_end_matches(' ').ends_with('-'))
    }

    /// What begins there, to be written with a `- `.
    fn dash(&self, start: usize) -> Problem {
        let (line_start, line) = self.line_of(start);
        Problem::Dash { correct: punctuation::dashed(line.get(start - line_start..).unwrap_or_default()) }
    }

    /// Where a list is wanted, what only looks like one.
    fn lost_list(&mut self, field: &str, node: &Node) -> bool {
        let before = self.findings.len();
        let lines = self.text.get(node.span.clone()).unwrap_or_default();
        match &node.value {
            Value::Scalar(text) if let Some(words) = punctuation::in_wide_brackets(text) => {
                let correct = format!("{field}: [{}]", words.join(", "));
                self.findings.push((node.span.clone(), Problem::FullWidthSign { correct, is_text: false }));
            }
            Value::Scalar(_) if lines.contains('\n') || punctuation::dashed(lines).len() < lines.len() + 2 => {
                let starts = lines.split_inclusive('\n').scan(node.span.start, |at, line| {
                    *at += line.len();
                    Some(*at - line.trim_start().len())
                });
                let undashed = starts.filter(|start| !self.text.get(*start..).is_some_and(|rest| rest.starts_with("- ")));
                let undashed: Vec<Finding> = undashed.take(MAX_SLIPS).map(|start| (start..start + 1, self.dash(start))).collect();
                self.findings.extend(undashed);
            }
            Value::Map(_) if matches!(field, "entries" | "links") => {
                self.findings.push((node.span.start..node.span.start + 1, self.dash(node.span.start)));
            }
            _ => {}
        }
        self.findings.len() > before
    }

    fn wrong_type(&mut self, field: &str, node: &Node, expected: Expected) -> Option<Json> {
        if expected == Expected::List && self.lost_list(field, node) {
            return None;
        }
        let written = self.text.get(node.span.clone()).map(str::trim).filter(|text| !text.contains('\n'));
        let written = written.filter(|_| expected == Expected::Text || matches!(node.value, Value::Scalar(_))).map(|text| {
            let words = punctuation::parted(text).filter(|_| WORD_LISTS.contains(&field));
            // Of a dash too many only the text is meant.
            let words = words.unwrap_or_else(|| vec![text.trim_start_matches("- ").to_owned()]);
            words.iter().map(|word| punctuation::quoted(word)).collect::<Vec<_>>().join(", ")
        });
        let problem = Problem::WrongType { field: field.to_owned(), expected, found: kind(node), written };
        self.report(node.span.clone(), problem)
    }

    fn report(&mut self, span: Range<usize>, problem: Problem) -> Option<Json> {
        self.findings.push((span, problem));
        None
    }

    /// What stands for a value that does not fit, where the type cannot do without one.
    fn placeholder(&self, schema: &Json) -> Json {
        let schema = self.resolved(schema);
        match expected(schema) {
            Expected::Text => Json::from(""),
            Expected::Number => Json::from(0),
            Expected::TrueOrFalse => Json::from(false),
            Expected::List => Json::Array(Vec::new()),
            Expected::Map | Expected::TextOrLanguages | Expected::Nothing => {
                required(schema).map(|name| (name.to_owned(), self.placeholder(&schema["properties"][name]))).collect()
            }
        }
    }

    fn resolved<'s>(&self, schema: &'s Json) -> &'s Json
    where
        'a: 's,
    {
        match schema["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/$defs/")) {
            Some(name) => &self.definitions[name],
            None => schema,
        }
    }

    /// Follows references, and picks of several alternatives the one that is of the node's kind.
    fn alternative(&self, node: &Node, schema: &'a Json) -> &'a Json {
        let schema = self.resolved(schema);
        let Some(alternatives) = schema["anyOf"].as_array() else { return schema };
        let mut resolved = alternatives.iter().map(|one| self.alternative(node, one));
        resolved.find(|one| expected(one) == kind(node)).unwrap_or(schema)
    }
}

fn required(schema: &Json) -> impl Iterator<Item = &str> {
    schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str)
}

/// What a node is.
fn kind(node: &Node) -> Expected {
    match &node.value {
        Value::Scalar(text) if text.is_empty() => Expected::Nothing,
        Value::Scalar(_) => Expected::Text,
        Value::List(_) => Expected::List,
        Value::Map(_) => Expected::Map,
    }
}

/// What a schema asks for.
fn expected(schema: &Json) -> Expected {
    match schema["type"].as_str() {
        Some("object") => Expected::Map,
        Some("array") => Expected::List,
        Some("integer") => Expected::Number,
        Some("boolean") => Expected::TrueOrFalse,
        Some(_) => Expected::Text,
        None if schema["oneOf"].is_array() => Expected::Text,
        None => Expected::TextOrLanguages,
    }
}
