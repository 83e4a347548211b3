//! What Discord refuses in a request body: "Invalid Form Body" (50035) with the path of every faulty field, and the empty
//! message (50006).
//!
//! Pure functions on JSON. Whether the bot may do what it asks (permissions, the state of an interaction, mentions that would
//! ping) is for those who hold the world. Stricter than Discord on purpose where Discord keeps quiet: a field or flag it would
//! ignore is a fault here too (codes `STANDIN_…`), for whoever wrote it meant something by it. Lengths count UTF-16 units, the
//! strictest reading of "characters".

mod commands;
mod components;
mod form;
mod messages;
mod responses;

pub use form::{Fault, FormErrors};

use form::Form;
use serde_json::Value;

/// A message of the bot: `POST` (`is_edit` false) or `PATCH` of `/channels/{id}/messages`.
pub fn message(body: &Value, is_edit: bool) -> Result<(), FormErrors> {
    let form = Form::default();
    messages::channel_message(&form.body(body), is_edit);
    form.done()?;
    if is_edit { Ok(()) } else { not_empty(body) }
}

/// A follow-up of an interaction (`POST /webhooks/{application}/{token}`), or with `is_edit` a `PATCH` of one or of `@original`.
pub fn webhook_message(body: &Value, is_edit: bool) -> Result<(), FormErrors> {
    let form = Form::default();
    messages::webhook_message(&form.body(body), is_edit);
    form.done()?;
    if is_edit { Ok(()) } else { not_empty(body) }
}

/// The answer to an interaction: its type and, by type, message, choices or modal. Which types the interaction allows is the
/// caller's to judge.
pub fn interaction_response(body: &Value) -> Result<(), FormErrors> {
    let form = Form::default();
    responses::response(&form.body(body));
    form.done()?;
    if body["type"] == 4 { not_empty(&body["data"]) } else { Ok(()) }
}

/// All global commands of the application, as one array.
pub fn commands(body: &Value) -> Result<(), FormErrors> {
    let form = Form::default();
    commands::all(&form.body(body));
    form.done()
}

/// `POST /users/@me/channels`: whom to open a direct message channel with.
pub fn private_channel(body: &Value) -> Result<(), FormErrors> {
    let form = Form::default();
    let body = form.body(body);
    body.object(&["recipient_id"]);
    body.field("recipient_id").required().snowflake();
    form.done()
}

/// Whether nothing would be shown. An edit leaves untouched what it does not name, so ask this of the message as it would become.
pub fn is_empty_message(message: &Value) -> bool {
    let blank = message["content"].as_str().is_none_or(|text| text.trim().is_empty());
    let none = |field: &str| message[field].as_array().is_none_or(Vec::is_empty);
    blank
        && ["embeds", "components", "attachments", "sticker_ids", "sticker_items"].into_iter().all(none)
        && message["poll"].is_null()
}

fn not_empty(message: &Value) -> Result<(), FormErrors> {
    if is_empty_message(message) { Err(FormErrors::empty_message()) } else { Ok(()) }
}
