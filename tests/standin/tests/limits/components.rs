//! Rows, buttons, selects and modals, and what answers an interaction.

use serde_json::{Value, json};

use super::*;

#[test]
fn components_beyond_the_limits_are_refused() {
    const FIRST: &str = "components.0.components.0";
    let at = |rest: &str| format!("{FIRST}.{rest}");
    let cases = vec![
        (
            "six rows",
            rows(&[0, 1, 2, 3, 4, 5].map(|row| vec![button(&row.to_string())])),
            "components BASE_TYPE_MAX_LENGTH".to_owned(),
        ),
        (
            "six buttons",
            rows(&[(0..6).map(|column| button(&column.to_string())).collect()]),
            "components.0.components BASE_TYPE_BAD_LENGTH".into(),
        ),
        ("empty row", rows(&[vec![]]), "components.0.components BASE_TYPE_BAD_LENGTH".into()),
        (
            "select beside a button",
            rows(&[vec![button("a"), select(2)]]),
            "components.0.components.1 COMPONENT_LAYOUT_WIDTH_EXCEEDED".into(),
        ),
        ("button outside a row", json!({ "components": [button("a")] }), "components.0.type UNION_TYPE_CHOICES".into()),
        ("row in a row", rows(&[vec![json!({ "type": 1, "components": [] })]]), at("type UNION_TYPE_CHOICES")),
        ("text input in a message", piece(json!({ "type": 4, "custom_id": "a" })), at("type UNION_TYPE_CHOICES")),
        ("no type", piece(json!({ "custom_id": "a" })), at("type BASE_TYPE_REQUIRED")),
        (
            "twice the same id",
            rows(&[vec![button("a")], vec![button("b"), button("a")]]),
            "components.1.components.1.custom_id COMPONENT_CUSTOM_ID_DUPLICATED".into(),
        ),
        ("label", piece_with(button("a"), "/label", json!(long(81))), at("label BASE_TYPE_MAX_LENGTH")),
        ("blank label", piece_with(button("a"), "/label", json!("　")), at("label BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED")),
        ("custom id", piece(button(&long(101))), at("custom_id BASE_TYPE_BAD_LENGTH")),
        ("empty custom id", piece(button("")), at("custom_id BASE_TYPE_BAD_LENGTH")),
        ("no custom id", piece(without(button("a"), "/custom_id")), at("custom_id BUTTON_COMPONENT_CUSTOM_ID_REQUIRED")),
        (
            "button with url",
            piece_with(button("a"), "/url", json!("https://example.com")),
            at("url BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE"),
        ),
        (
            "link with id",
            piece_with(link(), "/custom_id", json!("a")),
            at("custom_id BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE"),
        ),
        ("link to nowhere", piece(without(link(), "/url")), at("url BUTTON_COMPONENT_URL_REQUIRED")),
        (
            "long link",
            piece_with(link(), "/url", json!(format!("https://e.jp/{}", "a".repeat(500)))),
            at("url BASE_TYPE_MAX_LENGTH"),
        ),
        ("link by mail", piece_with(link(), "/url", json!("mailto://a@example.com")), at("url URL_TYPE_INVALID_SCHEME")),
        ("link with a space", piece_with(link(), "/url", json!("https://example.com/医療 SE")), at("url URL_TYPE_INVALID_URL")),
        ("link without a host", piece_with(link(), "/url", json!("https:///path")), at("url URL_TYPE_INVALID_URL")),
        ("style", piece_with(button("a"), "/style", json!(7)), at("style BASE_TYPE_CHOICES")),
        ("no style", piece(without(button("a"), "/style")), at("style BASE_TYPE_REQUIRED")),
        ("sku", piece_with(button("a"), "/sku_id", json!("1")), at("sku_id STANDIN_IGNORED_FIELD")),
        ("premium without sku", piece(json!({ "type": 2, "style": 6 })), at("sku_id BASE_TYPE_REQUIRED")),
        (
            "word as emoji",
            piece_with(button("a"), "/emoji", json!({ "name": "thumbsup" })),
            at("emoji.name BUTTON_COMPONENT_INVALID_EMOJI"),
        ),
        (
            "kana as emoji",
            piece_with(button("a"), "/emoji", json!({ "name": "あ" })),
            at("emoji.name BUTTON_COMPONENT_INVALID_EMOJI"),
        ),
        ("emoji as text", piece_with(button("a"), "/emoji", json!("💼")), at("emoji DICT_TYPE_CONVERT")),
        ("misspelt", piece_with(button("a"), "/customid", json!("a")), at("customid STANDIN_UNKNOWN_FIELD")),
        ("26 options", piece(select(26)), at("options BASE_TYPE_BAD_LENGTH")),
        ("no option", piece(select(0)), at("options BASE_TYPE_BAD_LENGTH")),
        ("placeholder", piece_with(select(2), "/placeholder", json!(long(151))), at("placeholder BASE_TYPE_MAX_LENGTH")),
        ("select without id", piece(without(select(2), "/custom_id")), at("custom_id BASE_TYPE_REQUIRED")),
        ("min", piece_with(select(2), "/min_values", json!(-1)), at("min_values NUMBER_TYPE_MIN")),
        (
            "max",
            piece_with(select(2), "/max_values", json!(0)),
            format!("{}, {}", at("max_values NUMBER_TYPE_MIN"), at("min_values SELECT_COMPONENT_INVALID_VALUE_RANGE")),
        ),
        (
            "max above options",
            piece_with(select(2), "/max_values", json!(3)),
            at("max_values SELECT_COMPONENT_INVALID_VALUE_RANGE"),
        ),
        ("option label", piece_with(select(2), "/options/0/label", json!(long(101))), at("options.0.label BASE_TYPE_BAD_LENGTH")),
        ("option value", piece_with(select(2), "/options/0/value", json!(long(101))), at("options.0.value BASE_TYPE_BAD_LENGTH")),
        (
            "option description",
            piece_with(select(2), "/options/0/description", json!(long(101))),
            at("options.0.description BASE_TYPE_MAX_LENGTH"),
        ),
        ("option without label", piece(without(select(2), "/options/0/label")), at("options.0.label BASE_TYPE_REQUIRED")),
        (
            "value twice",
            piece_with(select(2), "/options/1/value", json!("0")),
            at("options.1.value SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"),
        ),
        (
            "two defaults",
            piece(with(with(select(2), "/options/0/default", json!(true)), "/options/1/default", json!(true))),
            at("options SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES"),
        ),
        ("required in a message", piece_with(select(2), "/required", json!(true)), at("required STANDIN_UNKNOWN_FIELD")),
        (
            "channel types of users",
            piece(json!({ "type": 5, "custom_id": "u", "channel_types": [0] })),
            at("channel_types STANDIN_IGNORED_FIELD"),
        ),
        (
            "role among users",
            piece(json!({ "type": 5, "custom_id": "u", "default_values": [{ "type": "role", "id": "1" }] })),
            at("default_values.0.type BASE_TYPE_CHOICES"),
        ),
    ];
    for (name, body, expected) in &cases {
        refused(vec![(name, MESSAGE, body.clone(), expected)]);
        refused(vec![(name, EDIT, body.clone(), expected)]);
        let inside: Vec<String> = expected.split(", ").map(|path| format!("data.{path}")).collect();
        refused(vec![(name, RESPONSE, json!({ "type": 7, "data": body }), &inside.join(", "))]);
    }
}

#[test]
fn responses_of_the_wrong_shape_are_refused() {
    let choice = |name: &str, value: Value| choices(json!([{ "name": name, "value": value }]));
    refused(vec![
        ("type", RESPONSE, json!({ "type": 3 }), "type BASE_TYPE_CHOICES"),
        ("no type", RESPONSE, json!({}), "type BASE_TYPE_REQUIRED"),
        ("misspelt", RESPONSE, json!({ "type": 6, "dat": null }), "dat STANDIN_UNKNOWN_FIELD"),
        ("long", RESPONSE, json!({ "type": 4, "data": { "content": long(2001) } }), "data.content BASE_TYPE_MAX_LENGTH"),
        (
            "text in a deferred",
            RESPONSE,
            json!({ "type": 5, "data": { "content": "はい" } }),
            "data.content STANDIN_IGNORED_FIELD",
        ),
        ("flags in a deferred", RESPONSE, json!({ "type": 5, "data": { "flags": 68 } }), "data.flags STANDIN_IGNORED_FLAG"),
        ("text in a type 6", RESPONSE, json!({ "type": 6, "data": { "content": "はい" } }), "data STANDIN_IGNORED_FIELD"),
        ("spoken update", RESPONSE, json!({ "type": 7, "data": { "tts": true } }), "data.tts STANDIN_UNKNOWN_FIELD"),
        ("no choices at all", RESPONSE, json!({ "type": 8, "data": {} }), "data.choices BASE_TYPE_REQUIRED"),
        ("no data", RESPONSE, json!({ "type": 8 }), "data BASE_TYPE_REQUIRED"),
        (
            "26 choices",
            RESPONSE,
            choices(many(26, |number| json!({ "name": number.to_string(), "value": "a" }))),
            "data.choices BASE_TYPE_MAX_LENGTH",
        ),
        (
            "label twice",
            RESPONSE,
            choices(json!([{ "name": "資格", "value": "a" }, { "name": "資格", "value": "b" }])),
            "data.choices.1.name APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS",
        ),
        ("long label", RESPONSE, choice(&long(101), json!("a")), "data.choices.0.name BASE_TYPE_BAD_LENGTH"),
        ("empty label", RESPONSE, choice("", json!("a")), "data.choices.0.name BASE_TYPE_REQUIRED"),
        ("long value", RESPONSE, choice("資格", json!(long(101))), "data.choices.0.value BASE_TYPE_BAD_LENGTH"),
        ("no value", RESPONSE, choice("資格", json!(null)), "data.choices.0.value BASE_TYPE_REQUIRED"),
        ("great number", RESPONSE, choice("資格", json!(1_u64 << 60)), "data.choices.0.value NUMBER_TYPE_MAX"),
        (
            "text and number",
            RESPONSE,
            choices(json!([{ "name": "資格", "value": "a" }, { "name": "仕事", "value": 1 }])),
            "data.choices STANDIN_MIXED_CHOICES",
        ),
    ]);
}

#[test]
fn modals_beyond_the_limits_are_refused() {
    const INPUT: &str = "data.components.0.components.0";
    let at = |rest: &str| format!("{INPUT}.{rest}");
    let row = |custom_id: String| json!({ "type": 1, "components": [{ "type": 4, "custom_id": custom_id, "style": 1, "label": "質問" }] });
    let six = with(modal(), "/data/components", many(6, |number| row(number.to_string())));
    let two = with(modal(), "/data/components/0/components/-", row("b".into())["components"][0].clone());
    let same = with(modal(), "/data/components", many(2, |_| row("同じ".into())));
    let label = with(modal(), "/data/components", json!([{ "type": 18, "label": "質問", "component": {} }]));
    let cases = vec![
        ("title", with(modal(), "/data/title", json!(long(46))), "data.title BASE_TYPE_BAD_LENGTH".to_owned()),
        ("no title", without(modal(), "/data/title"), "data.title BASE_TYPE_REQUIRED".into()),
        ("custom id", with(modal(), "/data/custom_id", json!(long(101))), "data.custom_id BASE_TYPE_BAD_LENGTH".into()),
        ("no custom id", without(modal(), "/data/custom_id"), "data.custom_id BASE_TYPE_REQUIRED".into()),
        ("no rows", with(modal(), "/data/components", json!([])), "data.components BASE_TYPE_BAD_LENGTH".into()),
        ("six rows", six, "data.components BASE_TYPE_BAD_LENGTH".into()),
        ("two inputs in a row", two, "data.components.0.components BASE_TYPE_BAD_LENGTH".into()),
        ("button", with(modal(), "/data/components/0/components", json!([button("a")])), at("type UNION_TYPE_CHOICES")),
        ("newer component", label, "data.components.0.type UNION_TYPE_CHOICES".into()),
        ("the same id", same, "data.components.1.components.0.custom_id COMPONENT_CUSTOM_ID_DUPLICATED".into()),
        ("flags", with(modal(), "/data/flags", json!(64)), "data.flags STANDIN_UNKNOWN_FIELD".into()),
        ("label", input("/label", json!(long(46))), at("label BASE_TYPE_BAD_LENGTH")),
        ("null label", input("/label", json!(null)), at("label BASE_TYPE_REQUIRED")),
        ("style", input("/style", json!(3)), at("style BASE_TYPE_CHOICES")),
        ("placeholder", input("/placeholder", json!(long(101))), at("placeholder BASE_TYPE_MAX_LENGTH")),
        ("min", input("/min_length", json!(201)), at("min_length TEXT_INPUT_INVALID_LENGTH_RANGE")),
        ("negative min", input("/min_length", json!(-1)), at("min_length NUMBER_TYPE_MIN")),
        ("max", input("/max_length", json!(4001)), at("max_length NUMBER_TYPE_MAX")),
        ("value beyond its own limit", input("/value", json!(long(201))), at("value BASE_TYPE_MAX_LENGTH")),
        (
            "value",
            without(input("/value", json!(long(4001))), "/data/components/0/components/0/max_length"),
            at("value BASE_TYPE_MAX_LENGTH"),
        ),
        ("required", input("/required", json!(1)), at("required BOOLEAN_TYPE_CONVERT")),
        ("misspelt", input("/title", json!("質問")), at("title STANDIN_UNKNOWN_FIELD")),
    ];
    for (name, body, expected) in &cases {
        refused(vec![(name, RESPONSE, body.clone(), expected)]);
    }
}
