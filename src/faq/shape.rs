//! Holds a YAML tree against the file format's own schema: unknown, missing, doubled and mistyped fields, all at once and with their places.
//!
//! The schema is derived from the types in `file.rs`, so the checks, the editor's completion and the types cannot disagree. What the
//! values mean is left to `load.rs`.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::{Map, Value as Json};

use super::diagnostic::{Expected, Problem};
use super::tree::{Key, Node, Value};

/// A finding and the bytes it is about.
pub type Finding = (Range<usize>, Problem);

/// Checks nodes against one schema and turns those that fit into JSON for serde.
pub struct Shape<'a> {
    definitions: &'a Json,
    pub findings: Vec<Finding>,
}

impl<'a> Shape<'a> {
    /// `schema` is the whole document's schema; its `$defs` are where references lead.
    pub fn of(schema: &'a Json) -> Self {
        Shape { definitions: &schema["$defs"], findings: Vec::new() }
    }

    /// The node as JSON, or `None` after reporting everything in it that does not fit `schema`.
    pub fn conform(&mut self, field: &str, node: &Node, schema: &'a Json) -> Option<Json> {
        let schema = self.alternative(node, schema);
        if let Value::Scalar(text) = &node.value
            && text.is_empty()
        {
            return self.report(node, Problem::Empty { field: field.to_owned() });
        }
        match (&node.value, expected(schema)) {
            (Value::Map(pairs), Expected::Map) => self.conform_map(node, pairs, schema),
            (Value::List(items), Expected::List) => {
                let conformed: Vec<_> = items.iter().map(|item| self.conform(field, item, &schema["items"])).collect();
                conformed.into_iter().collect::<Option<Vec<_>>>().map(Json::Array)
            }
            (Value::Scalar(text), Expected::Text) => self.conform_text(node, text, schema),
            (Value::Scalar(text), Expected::Number) => match text.parse::<u32>() {
                Ok(number) => Some(Json::from(number)),
                Err(_) => self.wrong_type(field, node, Expected::Number),
            },
            (Value::Scalar(text), Expected::TrueOrFalse) => match text.parse::<bool>() {
                Ok(truth) => Some(Json::from(truth)),
                Err(_) => self.wrong_type(field, node, Expected::TrueOrFalse),
            },
            (_, expected) => self.wrong_type(field, node, expected),
        }
    }

    /// As [`Shape::conform`] for a mapping, but leaves out the field `except`: its items are for the caller to judge one by one.
    pub fn conform_except(&mut self, node: &Node, schema: &'a Json, except: &str) -> Option<Json> {
        let Value::Map(pairs) = &node.value else {
            return self.wrong_type("FAQ", node, Expected::Map);
        };
        let second = pairs.iter().filter(|(key, _)| key.name == except).nth(1);
        if let Some((key, _)) = second {
            self.findings.push((key.span.clone(), Problem::DuplicateKey { key: key.name.clone() }));
        }
        let kept: Vec<_> = pairs.iter().filter(|(key, _)| key.name != except).collect();
        self.conform_pairs(node, &kept, schema, &[except]).filter(|_| second.is_none())
    }

    fn conform_map(&mut self, node: &Node, pairs: &[(Key, Node)], schema: &'a Json) -> Option<Json> {
        self.conform_pairs(node, &pairs.iter().collect::<Vec<_>>(), schema, &[])
    }

    fn conform_pairs(&mut self, node: &Node, pairs: &[&(Key, Node)], schema: &'a Json, excused: &[&str]) -> Option<Json> {
        let mut map = Map::new();
        let mut seen = BTreeSet::new();
        let mut fits = true;
        for (key, value) in pairs {
            if !seen.insert(key.name.as_str()) {
                self.findings.push((key.span.clone(), Problem::DuplicateKey { key: key.name.clone() }));
                fits = false;
                continue;
            }
            let declared = schema["properties"].get(&key.name);
            let any = schema.get("additionalProperties").filter(|any| any.is_object());
            let Some(field_schema) = declared.or(any) else {
                self.report_unknown(key, schema);
                fits = false;
                continue;
            };
            match self.conform(&key.name, value, field_schema) {
                Some(json) => drop(map.insert(key.name.clone(), json)),
                None => fits = false,
            }
        }
        for required in schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str) {
            if !seen.contains(required) && !excused.contains(&required) {
                let beginning = node.span.start..node.span.start;
                self.findings.push((beginning, Problem::MissingField { field: required.to_owned() }));
                fits = false;
            }
        }
        fits.then_some(Json::Object(map))
    }

    fn conform_text(&mut self, node: &Node, text: &str, schema: &'a Json) -> Option<Json> {
        let listed = schema["enum"].as_array().into_iter().flatten();
        let described = schema["oneOf"].as_array().into_iter().flatten().map(|one| &one["const"]);
        let allowed: Vec<&str> = listed.chain(described).filter_map(Json::as_str).collect();
        if allowed.is_empty() || allowed.contains(&text) {
            return Some(Json::from(text));
        }
        let allowed = allowed.into_iter().map(str::to_owned).collect();
        self.report(node, Problem::NotOneOf { value: text.to_owned(), allowed })
    }

    fn report_unknown(&mut self, key: &Key, schema: &Json) {
        let names = schema["properties"].as_object().into_iter().flat_map(Map::keys).map(String::as_str);
        let suggestion = nearest(&key.name, names);
        self.findings.push((key.span.clone(), Problem::UnknownField { field: key.name.clone(), suggestion }));
    }

    fn wrong_type(&mut self, field: &str, node: &Node, expected: Expected) -> Option<Json> {
        let found = match &node.value {
            Value::Scalar(text) if text.is_empty() => Expected::Nothing,
            Value::Scalar(_) => Expected::Text,
            Value::List(_) => Expected::List,
            Value::Map(_) => Expected::Map,
        };
        self.report(node, Problem::WrongType { field: field.to_owned(), expected, found })
    }

    fn report(&mut self, node: &Node, problem: Problem) -> Option<Json> {
        self.findings.push((node.span.clone(), problem));
        None
    }

    /// Follows references, and picks of several alternatives the one that is of the node's kind.
    fn alternative(&self, node: &Node, schema: &'a Json) -> &'a Json {
        let schema = match schema["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/$defs/")) {
            Some(name) => &self.definitions[name],
            None => schema,
        };
        let Some(alternatives) = schema["anyOf"].as_array() else { return schema };
        let kind = match node.value {
            Value::Scalar(_) => Expected::Text,
            Value::List(_) => Expected::List,
            Value::Map(_) => Expected::Map,
        };
        let resolved = alternatives.iter().map(|one| self.alternative(node, one));
        let possible: Vec<_> = resolved.filter(|one| one["type"] != "null").collect();
        match possible.as_slice() {
            [only] => only,
            several => several.iter().copied().find(|one| expected(one) == kind).unwrap_or(schema),
        }
    }
}

/// What a schema asks for. Optional fields are written `["string", "null"]`: the first type counts.
fn expected(schema: &Json) -> Expected {
    let declared = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match declared {
        Some("object") => Expected::Map,
        Some("array") => Expected::List,
        Some("integer") => Expected::Number,
        Some("boolean") => Expected::TrueOrFalse,
        Some(_) => Expected::Text,
        None if schema["oneOf"].is_array() => Expected::Text,
        None => Expected::TextOrLanguages,
    }
}

/// The name most like a misspelt one, if any is like it at all.
pub fn nearest<'n>(misspelt: &str, names: impl Iterator<Item = &'n str>) -> Option<String> {
    /// Below this two names have little in common (Jaro–Winkler; clap suggests from 0.7 on too).
    const ALIKE: f64 = 0.7;
    names
        .map(|name| (strsim::jaro_winkler(misspelt, name), name))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|(one, name), (other, other_name)| one.total_cmp(other).then(other_name.cmp(name)))
        .map(|(_, name)| name.to_owned())
}
