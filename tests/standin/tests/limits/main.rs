//! Every limit on request bodies: what is refused, where and with which code, and that what lies at the limit passes.

mod commands;
mod components;
mod messages;

use serde_json::{Value, json};
use standin::limits::{self, FormErrors};

type Check = fn(&Value) -> Result<(), FormErrors>;

const MESSAGE: Check = |body| limits::message(body, false);
const EDIT: Check = |body| limits::message(body, true);
const FOLLOWUP: Check = |body| limits::webhook_message(body, false);
const FOLLOWUP_EDIT: Check = |body| limits::webhook_message(body, true);
const RESPONSE: Check = limits::interaction_response;
const COMMANDS: Check = limits::commands;

/// Texts of exactly this many UTF-16 units.
fn long(units: usize) -> String {
    "あ".repeat(units)
}

fn with(mut base: Value, pointer: &str, value: Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer begins with /");
    let parent = base.pointer_mut(parent).unwrap_or_else(|| panic!("no {parent}"));
    match parent {
        Value::Array(items) => items.push(value),
        parent => parent[key] = value,
    }
    base
}

fn without(mut base: Value, pointer: &str) -> Value {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer begins with /");
    let parent = base.pointer_mut(parent).and_then(Value::as_object_mut).unwrap_or_else(|| panic!("no {parent}"));
    parent.remove(key).expect("was there");
    base
}

fn button(id: &str) -> Value {
    json!({ "type": 2, "style": 2, "custom_id": id, "label": "解決した", "disabled": false })
}

fn link() -> Value {
    json!({ "type": 2, "style": 5, "url": "https://example.com/医療", "label": "公式", "disabled": false })
}

fn select(options: usize) -> Value {
    let option = |number: usize| {
        let (label, value) = (format!("話題{number}"), number.to_string());
        json!({ "label": label, "value": value, "description": "説明", "emoji": { "name": "💼" } })
    };
    let options: Vec<Value> = (0..options).map(option).collect();
    json!({ "type": 3, "custom_id": "v1:topic", "placeholder": "話題を選ぶ", "options": options })
}

fn rows(rows: &[Vec<Value>]) -> Value {
    let rows: Vec<Value> = rows.iter().map(|pieces| json!({ "type": 1, "components": pieces })).collect();
    json!({ "content": "医療情報技師の資格は必要？", "components": rows })
}

fn piece(piece: Value) -> Value {
    rows(&[vec![piece]])
}

fn piece_with(base: Value, pointer: &str, value: Value) -> Value {
    piece(with(base, pointer, value))
}

fn embed(embed: Value) -> Value {
    json!({ "embeds": [embed] })
}

fn modal() -> Value {
    let input = json!({
        "type": 4, "custom_id": "question", "style": 2, "label": "質問", "min_length": 1, "max_length": 200, "required": true,
        "value": "院内SEとは？", "placeholder": "例：資格は必要？",
    });
    let rows = json!([{ "type": 1, "components": [input] }]);
    json!({ "type": 9, "data": { "custom_id": "v1:ask:123", "title": "質問する", "components": rows } })
}

fn input(pointer: &str, value: Value) -> Value {
    with(modal(), &format!("/data/components/0/components/0{pointer}"), value)
}

fn choices(choices: Value) -> Value {
    json!({ "type": 8, "data": { "choices": choices } })
}

/// What serenity sends for an option, meaningless fields included.
fn option(kind: u8, name: &str, required: bool) -> Value {
    json!({
        "type": kind, "name": name, "description": "What to ask", "required": required,
        "description_localizations": { "ja": "聞きたいこと" },
        "choices": [], "options": [], "channel_types": [], "min_value": null, "max_value": null,
        "min_length": null, "max_length": null,
        "autocomplete": false,
    })
}

fn command(name: &str) -> Value {
    json!({
        "name": name, "name_localizations": { "ja": format!("{name}質問") }, "description": "Ask the FAQ",
        "description_localizations": { "ja": "FAQに聞く" }, "options": [option(3, "question", true), option(3, "話題", false)],
        "default_member_permissions": "32", "type": 1, "integration_types": [0], "contexts": [0, 1], "nsfw": false,
    })
}

fn command_with(pointer: &str, value: Value) -> Value {
    json!([with(command("ask"), pointer, value)])
}

fn option_with(kind: u8, pointer: &str, value: Value) -> Value {
    json!([with(command("ask"), "/options", json!([with(option(kind, "question", true), pointer, value)]))])
}

fn context_menu(name: &str) -> Value {
    json!({ "name": name, "name_localizations": {}, "description_localizations": {}, "options": [], "type": 3, "nsfw": false })
}

fn many(count: usize, make: impl Fn(usize) -> Value) -> Value {
    Value::Array((0..count).map(make).collect())
}

/// The faults of a body: path and code of each, or only the code where no field is to blame.
fn found(check: Check, body: &Value) -> Vec<String> {
    match check(body) {
        Ok(()) => Vec::new(),
        Err(errors) if errors.faults().is_empty() => vec![errors.code().to_string()],
        Err(errors) => errors.faults().iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect(),
    }
}

fn refused(cases: Vec<(&str, Check, Value, &str)>) {
    let mut wrong = Vec::new();
    for (name, check, body, expected) in cases {
        let found = found(check, &body).join(", ");
        if found != expected {
            wrong.push(format!("{name}:\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn accepted(cases: Vec<(&str, Check, Value)>) {
    refused(cases.into_iter().map(|(name, check, body)| (name, check, body, "")).collect());
}

#[test]
fn what_lies_at_the_limit_passes() {
    let five = |row: usize| -> Vec<Value> { (0..5).map(|column| button(&format!("v1:{row}:{column}"))).collect() };
    let full = json!({
        "title": long(256), "description": long(3000), "url": "https://example.com",
        "color": 0xff_ffff, "timestamp": "2026-11-23T00:00:00Z",
        "footer": { "text": long(1000), "icon_url": "attachment://a.png" },
        "author": { "name": long(244), "url": "http://example.com" },
        "image": { "url": "https://example.com/a.png", "proxy_url": null, "width": null, "height": null },
        "fields": [{ "name": long(256), "value": long(1024), "inline": true },
            { "name": long(100), "value": long(120), "inline": false }],
    });
    accepted(vec![
        ("content", MESSAGE, json!({ "content": long(2000) })),
        ("embeds of 6000", MESSAGE, embed(full)),
        ("ten embeds", MESSAGE, json!({ "embeds": many(10, |_| json!({ "title": "題" })) })),
        ("only a picture", MESSAGE, embed(json!({ "image": { "url": "https://example.com/a.png" } }))),
        ("25 fields", MESSAGE, embed(json!({ "fields": many(25, |_| json!({ "name": "名", "value": "値", "inline": false })) }))),
        ("25 buttons", MESSAGE, rows(&[five(0), five(1), five(2), five(3), five(4)])),
        ("five selects", MESSAGE, rows(&[0, 1, 2, 3, 4].map(|row| vec![with(select(25), "/custom_id", json!(row.to_string()))]))),
        ("long label", MESSAGE, piece_with(button("a"), "/label", json!(long(80)))),
        ("long custom id", MESSAGE, piece(button(&long(100)))),
        ("long url", MESSAGE, piece_with(link(), "/url", json!(format!("https://e.jp/{}", "a".repeat(499))))),
        ("emoji without a label", MESSAGE, piece(json!({ "type": 2, "style": 1, "custom_id": "a", "emoji": { "name": "ℹ️" } }))),
        ("keycap", MESSAGE, piece_with(button("a"), "/emoji", json!({ "name": "1️⃣" }))),
        ("custom emoji", MESSAGE, piece_with(button("a"), "/emoji", json!({ "animated": false, "id": "1", "name": "faq" }))),
        ("premium", MESSAGE, piece(json!({ "type": 2, "style": 6, "sku_id": "1", "disabled": false }))),
        ("select at its limits", MESSAGE, piece(with(with(select(25), "/max_values", json!(25)), "/min_values", json!(0)))),
        ("users", MESSAGE, piece(json!({ "type": 5, "custom_id": "u", "default_values": [{ "type": "user", "id": "1" }] }))),
        ("channels", MESSAGE, piece(json!({ "type": 8, "custom_id": "c", "channel_types": [0, 11] }))),
        ("nonce", MESSAGE, json!({ "content": "はい", "nonce": long(25), "enforce_nonce": true })),
        ("number as nonce", MESSAGE, json!({ "content": "はい", "nonce": 7 })),
        ("flags", MESSAGE, json!({ "content": "はい", "flags": 4 | 4096 })),
        ("only components", MESSAGE, without(piece(button("a")), "/content")),
        ("an edit need not name everything", EDIT, json!({ "embeds": [] })),
        ("an edit may clear the text", EDIT, json!({ "content": "", "components": [] })),
        ("an edit keeps flags", EDIT, json!({ "content": "はい", "flags": 4 | 32 | 4096, "attachments": [{ "id": "1" }] })),
        ("followup", FOLLOWUP, json!({ "content": "はい", "flags": 64, "embeds": [], "attachments": [], "tts": false })),
        ("edit of the answer", FOLLOWUP_EDIT, json!({ "content": null, "embeds": [], "flags": 4 | 64 })),
        ("answer", RESPONSE, json!({ "type": 4, "data": { "content": "はい", "flags": 68, "attachments": [] } })),
        ("deferred", RESPONSE, json!({ "type": 5, "data": { "flags": 64, "attachments": [] } })),
        ("deferred, bare", RESPONSE, json!({ "type": 5 })),
        ("acknowledged", RESPONSE, json!({ "type": 6, "data": null })),
        ("update", RESPONSE, json!({ "type": 7, "data": { "components": [], "attachments": [] } })),
        ("update to nothing new", RESPONSE, json!({ "type": 7, "data": {} })),
        ("no choices", RESPONSE, choices(json!([]))),
        (
            "25 choices",
            RESPONSE,
            choices(many(25, |number| json!({ "name": format!("{number}{}", long(98)), "value": long(100) }))),
        ),
        ("modal", RESPONSE, modal()),
        ("modal title", RESPONSE, with(modal(), "/data/title", json!(long(45)))),
        ("modal label", RESPONSE, input("/label", json!(long(45)))),
        ("modal value", RESPONSE, without(input("/value", json!(long(200))), "/data/components/0/components/0/placeholder")),
        (
            "commands",
            COMMANDS,
            json!([command("ask"), command("faq-panel"), context_menu("FAQで答える"), context_menu("Report it")]),
        ),
        ("no commands", COMMANDS, json!([])),
        ("Japanese names", COMMANDS, command_with("/name", json!("質問-サーバー"))),
        ("32 letters", COMMANDS, command_with("/name", json!(long(32)))),
        (
            "30 of other kinds",
            COMMANDS,
            many(30, |number| json!({ "name": format!("メニュー {}", number / 2), "type": 2 + number % 2 })),
        ),
        ("subcommands", COMMANDS, {
            let inner = with(option(1, "add", false), "/options", json!([option(3, "text", true)]));
            command_with(
                "/options",
                json!([with(option(2, "entry", false), "/options", json!([inner])), option(1, "list", false)]),
            )
        }),
        (
            "string choices",
            COMMANDS,
            option_with(3, "/choices", json!([{ "name": "資格", "name_localizations": { "en-US": "Exam" }, "value": "a" }])),
        ),
        ("bounds", COMMANDS, option_with(4, "/max_value", json!(5))),
        ("administrators only", COMMANDS, command_with("/default_member_permissions", json!("0"))),
    ]);
}

#[test]
fn errors_are_nested_as_discord_nests_them() {
    let body = rows(&[vec![button("a")], vec![link(), with(button("b"), "/label", json!(long(81)))]]);
    let errors = limits::message(&with(body, "/content", json!(long(2001))), false).unwrap_err();
    assert_eq!(errors.code(), 50035);
    assert_eq!(errors.paths(), ["content", "components.1.components.1.label"]);
    let said = |code: &str, message: &str| json!({ "_errors": [{ "code": code, "message": message }] });
    let label = said("BASE_TYPE_MAX_LENGTH", "Must be 80 or fewer in length.");
    let expected = json!({
        "message": "Invalid Form Body",
        "code": 50035,
        "errors": {
            "content": said("BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length."),
            "components": { "1": { "components": { "1": { "label": label } } } },
        },
    });
    assert_eq!(errors.json(), expected);
    assert!(errors.to_string().contains("components.1.components.1.label: BASE_TYPE_MAX_LENGTH"), "{errors}");
}
