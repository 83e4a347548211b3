//! What a message may hold: content, embeds, allowed mentions, reference, attachments, nonce and flags, by the way it is sent.
//! Its components are in `components.rs`; what other calls wrap around a message is in `responses.rs`.

use std::collections::HashSet;

use super::components;
use super::form::{Place, plain, unique, units};

const SUPPRESS_EMBEDS: i64 = 1 << 2;
const HAS_THREAD: i64 = 1 << 5;
const EPHEMERAL: i64 = 1 << 6;
const SUPPRESS_NOTIFICATIONS: i64 = 1 << 12;

const CONTENT: usize = 2000;
const EMBEDS: usize = 10;
const EMBED_TEXT: usize = 6000;
const WEB: &[&str] = &["http", "https"];
const WEB_OR_ATTACHMENT: &[&str] = &["http", "https", "attachment"];

const EVERYWHERE: &[&str] = &["content", "embeds", "allowed_mentions", "components", "attachments", "flags"];

pub(super) fn channel_message(body: &Place, is_edit: bool) {
    if is_edit {
        if body.object(&fields(&["sticker_ids"])) {
            // Flags are replaced as a whole: those the message had come back with an edit.
            contents(body, SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | HAS_THREAD);
        }
        return;
    }
    if !body.object(&fields(&["tts", "nonce", "enforce_nonce", "message_reference", "sticker_ids", "poll"])) {
        return;
    }
    contents(body, SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS);
    body.field("tts").boolean();
    nonce(&body.field("nonce"));
    if body.field("enforce_nonce").boolean() == Some(true) && !body.field("nonce").given() {
        body.field("enforce_nonce").fault("STANDIN_IGNORED_FIELD", "Without a nonce there is nothing to enforce.");
    }
    reference(&body.field("message_reference"));
    for id in body.field("sticker_ids").items(0, 3) {
        id.required().snowflake();
    }
}

pub(super) fn webhook_message(body: &Place, is_edit: bool) {
    if is_edit {
        if body.object(&fields(&["poll"])) {
            contents(body, SUPPRESS_EMBEDS | EPHEMERAL | SUPPRESS_NOTIFICATIONS);
        }
    } else if body.object(&fields(&["tts", "poll"])) {
        contents(body, SUPPRESS_EMBEDS | EPHEMERAL | SUPPRESS_NOTIFICATIONS);
        body.field("tts").boolean();
    }
}

/// The message inside a type 4 response.
pub(super) fn response_message(data: &Place) {
    webhook_message(data, false);
}

/// The message inside a type 7 response.
pub(super) fn response_update(data: &Place) {
    webhook_message(data, true);
}

/// The data of a deferred response: only the ephemeral flag counts, and it can never be changed.
pub(super) fn deferred(data: &Place) {
    if !data.given() || !data.object(&fields(&["tts", "poll"])) {
        return;
    }
    let known = fields(&["tts", "poll"]);
    for name in known.into_iter().filter(|name| *name != "flags") {
        data.field(name).meaningless("A deferred response takes nothing but the EPHEMERAL flag.");
    }
    data.field("flags").flags(EPHEMERAL);
}

fn fields<'a>(more: &[&'a str]) -> Vec<&'a str> {
    EVERYWHERE.iter().chain(more).copied().collect()
}

fn contents(body: &Place, flags: i64) {
    body.field("content").text(0, CONTENT);
    embeds(&body.field("embeds"));
    allowed_mentions(&body.field("allowed_mentions"));
    components::of_message(&body.field("components"));
    attachments(&body.field("attachments"));
    body.field("flags").flags(flags);
    if body.field("poll").given() {
        body.field("poll").fault("STANDIN_NOT_MODELLED", "Polls are not part of this stand-in.");
    }
}

fn nonce(nonce: &Place) {
    match nonce.value().as_str() {
        Some(text) if units(text) > 25 => nonce.fault("NONCE_TYPE_TOO_LONG", "Must be 25 or fewer characters long."),
        Some(_) => {}
        None if nonce.given() && !nonce.value().is_i64() => {
            nonce.fault("NONCE_TYPE_INVALID_TYPE", "This field must be a string or integer.");
        }
        None => {}
    }
}

fn reference(reference: &Place) {
    if !reference.given() || !reference.object(&["type", "message_id", "channel_id", "guild_id", "fail_if_not_exists"]) {
        return;
    }
    let kind = reference.field("type").choice(&[0, 1]);
    reference.field("message_id").required().snowflake();
    reference.field("channel_id").snowflake();
    reference.field("guild_id").snowflake();
    reference.field("fail_if_not_exists").boolean();
    if kind == Some(1) && !reference.field("channel_id").given() {
        reference.field("channel_id").required();
    }
}

fn attachments(attachments: &Place) {
    let items = attachments.items(0, 10);
    for item in &items {
        // What a message had comes back whole with an edit that keeps it.
        if item.object(&[
            "id",
            "filename",
            "description",
            "title",
            "content_type",
            "size",
            "url",
            "proxy_url",
            "width",
            "height",
            "ephemeral",
            "is_spoiler",
        ]) {
            item.field("id").required().snowflake();
            item.field("filename").text(1, 1024);
            item.field("description").text(0, 1024);
            item.field("title").text(0, 1024);
        }
    }
    let ids = items.iter().map(|item| (plain(item.field("id").value()), item.field("id")));
    unique(ids, "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
}

fn allowed_mentions(mentions: &Place) {
    if !mentions.given() || !mentions.object(&["parse", "users", "roles", "replied_user"]) {
        return;
    }
    let parse = mentions.field("parse").items(0, 3);
    let mut parsed = HashSet::new();
    for item in &parse {
        match item.value().as_str() {
            Some(kind @ ("users" | "roles" | "everyone")) => {
                if !parsed.insert(kind) {
                    item.fault("SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
                }
            }
            _ => item.fault("BASE_TYPE_CHOICES", "Value must be one of {'users', 'roles', 'everyone'}."),
        }
    }
    for kind in ["users", "roles"] {
        let ids = mentions.field(kind).items(0, 100);
        if parsed.contains(kind) && !ids.is_empty() {
            let message = format!("parse:[\"{kind}\"] and {kind}: [ids...] are mutually exclusive.");
            mentions.fault("MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message);
        }
        for id in &ids {
            id.clone().required().snowflake();
        }
        let ids = ids.into_iter().map(|id| (plain(id.value()), id));
        unique(ids, "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
    }
    mentions.field("replied_user").boolean();
}

fn embeds(embeds: &Place) {
    let total: usize = embeds.items(0, EMBEDS).iter().map(embed).sum();
    if total > EMBED_TEXT {
        embeds.fault("MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000");
    }
}

/// Checks one embed; its characters that count towards the limit over all embeds.
fn embed(embed: &Place) -> usize {
    let known = [
        "type",
        "title",
        "description",
        "url",
        "timestamp",
        "color",
        "footer",
        "image",
        "thumbnail",
        "video",
        "provider",
        "author",
        "fields",
    ];
    if !embed.object(&known) {
        return 0;
    }
    let mut texts = vec![embed.field("title").text(0, 256), embed.field("description").text(0, 4096)];
    embed.field("url").url(2048, WEB);
    embed.field("color").integer(0, 0xff_ffff);
    timestamp(&embed.field("timestamp"));
    let footer = embed.field("footer");
    if footer.given() && footer.object(&["text", "icon_url", "proxy_icon_url"]) {
        texts.push(footer.field("text").required().text(0, 2048));
        footer.field("icon_url").url(2048, WEB_OR_ATTACHMENT);
    }
    let author = embed.field("author");
    if author.given() && author.object(&["name", "url", "icon_url", "proxy_icon_url"]) {
        texts.push(author.field("name").required().text(0, 256));
        author.field("url").url(2048, WEB);
        author.field("icon_url").url(2048, WEB_OR_ATTACHMENT);
    }
    for picture in ["image", "thumbnail"] {
        let picture = embed.field(picture);
        if picture.given() && picture.object(&["url", "proxy_url", "width", "height", "description"]) {
            picture.field("url").required().url(2048, WEB_OR_ATTACHMENT);
        }
    }
    for theirs in ["video", "provider"] {
        embed.field(theirs).meaningless("Only Discord itself sets this in an embed.");
    }
    for field in embed.field("fields").items(0, 25) {
        if field.object(&["name", "value", "inline"]) {
            texts.push(field.field("name").required().text(0, 256));
            texts.push(field.field("value").required().text(0, 1024));
            field.field("inline").boolean();
        }
    }
    let pictured = ["image", "thumbnail"].into_iter().any(|name| embed.field(name).given());
    let total = texts.into_iter().flatten().map(units).sum();
    if total == 0 && !pictured {
        embed.field("description").fault("BASE_TYPE_REQUIRED", "This field is required");
    }
    total
}

/// Digits where ISO 8601 has digits: enough to see a wrong format, no calendar.
fn timestamp(timestamp: &Place) {
    let Some(text) = timestamp.text(0, 64) else { return };
    let shape: String = text.chars().take(19).map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    if shape != "9999-99-99T99:99:99" {
        timestamp.fault("DATE_TIME_TYPE_PARSE", format!("Could not parse {text}. Should be ISO8601."));
    }
}
