//! Holds a YAML tree against the file format's own schema: unknown, missing, doubled and mistyped fields, and punctuation that only looks
//! right, all at once and with their places.
//!
//! The schema is derived from the types in `file.rs`, so the checks, the editor's completion and the types cannot disagree. What the
//! values mean is left to `load.rs`.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::{Map, Value as Json};
use serde_yaml::granit_parser::ScalarStyle;

use super::diagnostic::{Expected, Problem};
use super::punctuation;
use super::suggestion::nearest;
use super::tree::{Key, Node, Value};

/// A finding and the bytes it is about.
pub type Finding = (Range<usize>, Problem);

/// Lists of words rather than sentences: a 、 in one of them was meant to part two.
const WORD_LISTS: [&str; 3] = ["keywords", "related", "formerly"];

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
        if self.reports_slips(field, node) {
            return None;
        }
        let expected = expected(schema);
        let span = node.span.clone();
        match (&mut node.value, expected) {
            (Value::Scalar(text), _) if text.is_empty() => self.report(span, Problem::Empty { field: field.to_owned() }),
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
        if self.reports_slips("FAQ", node) {
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
        let written: BTreeSet<String> = pairs.iter().map(|(key, _)| key.name.clone()).collect();
        for (key, value) in pairs {
            let any = schema.get("additionalProperties").filter(|any| any.is_object());
            if schema["properties"].get(&key.name).or(any).is_none() {
                self.rename(key, value, schema, &written, self.text.get(span.start..).is_some_and(|text| text.starts_with('{')));
            }
            let Some(field_schema) = schema["properties"].get(&key.name).or(any) else { continue };
            if !seen.insert(key.name.clone()) {
                self.findings.push((key.span.clone(), Problem::DuplicateKey { key: key.name.clone() }));
            } else if except != Some(&key.name)
                && let Some(json) = self.conform(&key.name, value, field_schema)
            {
                map.insert(key.name.clone(), json);
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
            let meant = nearest(&key.name, fields());
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
    fn reports_slips(&mut self, field: &str, node: &Node) -> bool {
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
        } else if let Some((at, problem)) = punctuation::slip(value.lines().next().unwrap_or_default())
            && ["ja", "en"].iter().any(|lang| value.starts_with(lang))
            && matches!(node.style, Some(ScalarStyle::Literal | ScalarStyle::Folded))
        {
            // Of a text in several lines only this is no text: `answer: |` with `ja:` below it.
            self.findings.push((node.span.start + at..node.span.start + at + 1, problem));
        }
        let is_unusable = self.findings.len() > before;
        if is_bare
            && WORD_LISTS.contains(&field)
            && let Some(correct) = punctuation::parted(value)
        {
            self.findings.push((node.span.clone(), Problem::FullWidthComma { correct }));
        }
        is_unusable
    }

    fn wrong_type(&mut self, field: &str, node: &Node, expected: Expected) -> Option<Json> {
        // What holds quotes itself cannot simply be put in quotes.
        let written = match &node.value {
            Value::Scalar(text) => Some(text.clone()),
            Value::Map(pairs) => match pairs.as_slice() {
                [(key, Node { value: Value::Scalar(text), .. })] => Some(format!("{}: {text}", key.name)),
                _ => None,
            },
            Value::List(_) => None,
        };
        let written = written.filter(|text| !text.contains(['"', '\\', '\n']));
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
