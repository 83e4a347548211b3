//! The JSON Schemas, as an editor uses them: every shipped file conforms, what is wrong in shape does not, and each field explains itself.

use boon::{Compiler, SchemaIndex, Schemas};
use medse_bot::faq;
use medse_bot::knowledge::Library;
use serde_json::Value;

use crate::loading::broken;

/// A file as an editor's YAML reader sees it: numbers and truth values typed.
fn as_json(text: &str) -> Option<Value> {
    serde_yaml::from_str(text).ok()
}

/// The schemas of topics and of the vocabulary, compiled by a validator that is not ours.
fn compiled() -> (Schemas, SchemaIndex, SchemaIndex) {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    let mut compile = |name: &str, schema: Value| {
        compiler.add_resource(name, schema).unwrap();
        compiler.compile(name, &mut schemas).unwrap()
    };
    let topics = compile("http://localhost/faq.schema.json", faq::schema());
    let vocabulary = compile("http://localhost/vocabulary.schema.json", faq::vocabulary_schema());
    (schemas, topics, vocabulary)
}

#[test]
fn every_shipped_file_conforms_to_its_schema() {
    let (schemas, topics, vocabulary) = compiled();
    for (name, content) in Library::shipped_files() {
        let json = as_json(std::str::from_utf8(content).unwrap()).unwrap();
        let schema = if name == "vocabulary.yaml" { vocabulary } else { topics };
        assert!(schemas.validate(&json, schema).is_ok(), "{name}: {:#}", schemas.validate(&json, schema).unwrap_err());
    }
}

#[test]
fn what_is_wrong_in_shape_does_not_conform() {
    let by_shape = [
        "unknown-field",
        "missing-field",
        "wrong-type",
        "empty",
        "not-one-of",
        "flow-map-with-comma",
        "unknown-format",
        "bad-id",
        "bad-topic",
        "bad-url",
        "bad-date",
        "empty-language",
        "text-for-a-map",
        "unknown-field-without-suggestion",
        "misspelt-with-faulty-value",
        "id-in-capitals",
        "missing-id",
        "topic-with-faulty-head",
        "colon-without-space-in-id",
        "full-width-colon-everywhere",
        "full-width-space",
    ];
    let (schemas, topics, _) = compiled();
    let files = broken();
    for name in by_shape {
        let (_, text) = files.iter().find(|(broken, _)| *broken == name).unwrap();
        // What is no YAML at all an editor underlines without a schema.
        let conforms = as_json(text).is_some_and(|json| schemas.validate(&json, topics).is_ok());
        assert!(!conforms, "{name} conforms:\n{text}");
    }
}

#[test]
fn every_field_is_described_in_japanese() {
    let is_japanese =
        |part: &Value| part["description"].as_str().is_some_and(|text| text.chars().any(|c| ('ぁ'..='龥').contains(&c)));
    for schema in [faq::schema(), faq::vocabulary_schema()] {
        let definitions = schema["$defs"].as_object().cloned().unwrap_or_default();
        for part in definitions.values().chain([&schema]) {
            for (name, field) in part["properties"].as_object().into_iter().flatten() {
                assert!(is_japanese(field), "{name}: {field}");
            }
            for choice in part["oneOf"].as_array().into_iter().flatten() {
                assert!(is_japanese(choice), "{choice}");
            }
        }
    }
}
