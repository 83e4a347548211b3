//! What a message may hold, apart from its components.

use serde_json::{Value, json};
use standin::limits;

use super::*;

#[test]
fn messages_beyond_the_limits_are_refused() {
    let content = |field: &str, value: Value| with(json!({ "content": "はい" }), &format!("/{field}"), value);
    let mentions = |value: Value| json!({ "content": "はい", "allowed_mentions": value });
    refused(vec![
        ("long", MESSAGE, json!({ "content": long(2001) }), "content BASE_TYPE_MAX_LENGTH"),
        ("counted in UTF-16", MESSAGE, json!({ "content": "🏥".repeat(1001) }), "content BASE_TYPE_MAX_LENGTH"),
        ("long edit", EDIT, json!({ "content": long(2001) }), "content BASE_TYPE_MAX_LENGTH"),
        ("long followup", FOLLOWUP, json!({ "content": long(2001) }), "content BASE_TYPE_MAX_LENGTH"),
        ("long edit of it", FOLLOWUP_EDIT, json!({ "content": long(2001) }), "content BASE_TYPE_MAX_LENGTH"),
        ("not a text", MESSAGE, json!({ "content": 1 }), "content STRING_TYPE_CONVERT"),
        ("not an object", MESSAGE, json!([]), " DICT_TYPE_CONVERT"),
        ("misspelt", MESSAGE, content("alowed_mentions", json!({})), "alowed_mentions STANDIN_UNKNOWN_FIELD"),
        ("nonce in an edit", EDIT, json!({ "nonce": "a" }), "nonce STANDIN_UNKNOWN_FIELD"),
        ("reference in a followup", FOLLOWUP, content("message_reference", json!({})), "message_reference STANDIN_UNKNOWN_FIELD"),
        ("name in a followup", FOLLOWUP, content("username", json!("医療")), "username STANDIN_UNKNOWN_FIELD"),
        ("long nonce", MESSAGE, content("nonce", json!(long(26))), "nonce NONCE_TYPE_TOO_LONG"),
        ("nonce of no kind", MESSAGE, content("nonce", json!(true)), "nonce NONCE_TYPE_INVALID_TYPE"),
        ("no nonce to enforce", MESSAGE, content("enforce_nonce", json!(true)), "enforce_nonce STANDIN_IGNORED_FIELD"),
        ("tts", MESSAGE, content("tts", json!("yes")), "tts BOOLEAN_TYPE_CONVERT"),
        ("four stickers", MESSAGE, content("sticker_ids", json!(["1", "2", "3", "4"])), "sticker_ids BASE_TYPE_MAX_LENGTH"),
        ("poll", MESSAGE, content("poll", json!({})), "poll STANDIN_NOT_MODELLED"),
        ("ephemeral in a channel", MESSAGE, content("flags", json!(64)), "flags STANDIN_IGNORED_FLAG"),
        ("new components", MESSAGE, content("flags", json!(1 << 15)), "flags STANDIN_IGNORED_FLAG"),
        ("flags as text", MESSAGE, content("flags", json!("4")), "flags NUMBER_TYPE_COERCE"),
        (
            "reference to nothing",
            MESSAGE,
            content("message_reference", json!({})),
            "message_reference.message_id BASE_TYPE_REQUIRED",
        ),
        (
            "reference to a word",
            MESSAGE,
            content("message_reference", json!({ "message_id": "最新" })),
            "message_reference.message_id NUMBER_TYPE_COERCE",
        ),
        (
            "reference misspelt",
            MESSAGE,
            content("message_reference", json!({ "message_id": "1", "fail": false })),
            "message_reference.fail STANDIN_UNKNOWN_FIELD",
        ),
        (
            "forward from nowhere",
            MESSAGE,
            content("message_reference", json!({ "type": 1, "message_id": "1" })),
            "message_reference.channel_id BASE_TYPE_REQUIRED",
        ),
        (
            "eleven files",
            MESSAGE,
            content("attachments", many(11, |id| json!({ "id": id, "filename": "a" }))),
            "attachments BASE_TYPE_MAX_LENGTH",
        ),
        (
            "one file twice",
            MESSAGE,
            content("attachments", json!([{ "id": 0 }, { "id": 0 }])),
            "attachments.1.id SET_TYPE_ALREADY_CONTAINS_VALUE",
        ),
        (
            "long file text",
            MESSAGE,
            content("attachments", json!([{ "id": 0, "description": long(1025) }])),
            "attachments.0.description BASE_TYPE_MAX_LENGTH",
        ),
        ("mention kind", MESSAGE, mentions(json!({ "parse": ["user"] })), "allowed_mentions.parse.0 BASE_TYPE_CHOICES"),
        (
            "mention twice",
            MESSAGE,
            mentions(json!({ "parse": ["users", "users"] })),
            "allowed_mentions.parse.1 SET_TYPE_ALREADY_CONTAINS_VALUE",
        ),
        (
            "both ways",
            MESSAGE,
            mentions(json!({ "parse": ["users"], "users": ["1"] })),
            "allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        ),
        (
            "101 users",
            MESSAGE,
            mentions(json!({ "users": many(101, |id| json!(id.to_string())) })),
            "allowed_mentions.users BASE_TYPE_MAX_LENGTH",
        ),
        (
            "101 roles",
            EDIT,
            mentions(json!({ "roles": many(101, |id| json!(id.to_string())) })),
            "allowed_mentions.roles BASE_TYPE_MAX_LENGTH",
        ),
        (
            "user twice",
            FOLLOWUP,
            mentions(json!({ "users": ["1", "1"] })),
            "allowed_mentions.users.1 SET_TYPE_ALREADY_CONTAINS_VALUE",
        ),
        ("user by name", MESSAGE, mentions(json!({ "users": ["葵"] })), "allowed_mentions.users.0 NUMBER_TYPE_COERCE"),
        (
            "replied user",
            MESSAGE,
            mentions(json!({ "replied_user": "no" })),
            "allowed_mentions.replied_user BOOLEAN_TYPE_CONVERT",
        ),
        ("mention misspelt", MESSAGE, mentions(json!({ "replied": false })), "allowed_mentions.replied STANDIN_UNKNOWN_FIELD"),
    ]);
}

#[test]
fn a_message_that_shows_nothing_has_a_code_of_its_own() {
    let nothing = json!({ "content": "", "embeds": [], "components": [], "attachments": [], "sticker_ids": [] });
    refused(vec![
        ("nothing", MESSAGE, json!({}), "50006"),
        ("null", MESSAGE, json!({ "content": null }), "50006"),
        ("all empty", MESSAGE, nothing.clone(), "50006"),
        ("white space, ours and theirs", MESSAGE, json!({ "content": " \n\u{3000}" }), "50006"),
        ("followup", FOLLOWUP, json!({ "flags": 64 }), "50006"),
        ("answer", RESPONSE, json!({ "type": 4, "data": { "flags": 64 } }), "50006"),
        ("answer without data", RESPONSE, json!({ "type": 4 }), "50006"),
    ]);
    assert!(limits::is_empty_message(&nothing));
    let answer = limits::message(&nothing, false).unwrap_err().json();
    assert_eq!(answer, json!({ "message": "Cannot send an empty message", "code": 50006 }));
}

#[test]
fn embeds_beyond_the_limits_are_refused() {
    let field = |name: usize, value: usize| json!({ "fields": [{ "name": long(name), "value": long(value) }] });
    refused(vec![
        ("eleven", MESSAGE, json!({ "embeds": many(11, |_| json!({ "title": "題" })) }), "embeds BASE_TYPE_MAX_LENGTH"),
        (
            "6001 over all",
            MESSAGE,
            json!({ "embeds": [{ "description": long(4096) }, { "description": long(1905) }] }),
            "embeds MAX_EMBED_SIZE_EXCEEDED",
        ),
        ("empty", MESSAGE, embed(json!({})), "embeds.0.description BASE_TYPE_REQUIRED"),
        ("title", MESSAGE, embed(json!({ "title": long(257) })), "embeds.0.title BASE_TYPE_MAX_LENGTH"),
        ("description", MESSAGE, embed(json!({ "description": long(4097) })), "embeds.0.description BASE_TYPE_MAX_LENGTH"),
        ("footer", MESSAGE, embed(json!({ "footer": { "text": long(2049) } })), "embeds.0.footer.text BASE_TYPE_MAX_LENGTH"),
        ("author", MESSAGE, embed(json!({ "author": { "name": long(257) } })), "embeds.0.author.name BASE_TYPE_MAX_LENGTH"),
        (
            "26 fields",
            MESSAGE,
            embed(json!({ "fields": many(26, |_| json!({ "name": "名", "value": "値" })) })),
            "embeds.0.fields BASE_TYPE_MAX_LENGTH",
        ),
        ("field name", MESSAGE, embed(field(257, 1)), "embeds.0.fields.0.name BASE_TYPE_MAX_LENGTH"),
        ("field value", MESSAGE, embed(field(1, 1025)), "embeds.0.fields.0.value BASE_TYPE_MAX_LENGTH"),
        ("field without value", MESSAGE, embed(field(1, 0)), "embeds.0.fields.0.value BASE_TYPE_REQUIRED"),
        (
            "url",
            MESSAGE,
            embed(json!({ "title": "題", "url": format!("https://e.jp/{}", "a".repeat(2036)) })),
            "embeds.0.url BASE_TYPE_MAX_LENGTH",
        ),
        ("url of no kind", MESSAGE, embed(json!({ "title": "題", "url": "example.com" })), "embeds.0.url URL_TYPE_INVALID_URL"),
        (
            "image",
            MESSAGE,
            embed(json!({ "image": { "url": "ftp://example.com" } })),
            "embeds.0.image.url URL_TYPE_INVALID_SCHEME",
        ),
        ("colour", MESSAGE, embed(json!({ "title": "題", "color": 0x100_0000 })), "embeds.0.color NUMBER_TYPE_MAX"),
        ("time", MESSAGE, embed(json!({ "title": "題", "timestamp": "11月23日" })), "embeds.0.timestamp DATE_TIME_TYPE_PARSE"),
        (
            "video",
            MESSAGE,
            embed(json!({ "title": "題", "video": { "url": "https://example.com" } })),
            "embeds.0.video STANDIN_IGNORED_FIELD",
        ),
        ("misspelt", MESSAGE, embed(json!({ "title": "題", "colour": 1 })), "embeds.0.colour STANDIN_UNKNOWN_FIELD"),
    ]);
}

#[test]
fn a_private_channel_needs_its_recipient() {
    let check: Check = limits::private_channel;
    accepted(vec![("id", check, json!({ "recipient_id": "1" }))]);
    refused(vec![
        ("nobody", check, json!({}), "recipient_id BASE_TYPE_REQUIRED"),
        ("by name", check, json!({ "recipient_id": "葵" }), "recipient_id NUMBER_TYPE_COERCE"),
        ("misspelt", check, json!({ "recipient_id": "1", "recipient": "1" }), "recipient STANDIN_UNKNOWN_FIELD"),
    ]);
}
