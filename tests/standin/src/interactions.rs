//! The life of an interaction on the bot's side: one first response in time, of a type that fits, then the original and followups
//! by token. Leaves the members' side to `interacting`.

use std::time::Duration;

use serde_json::{Value, json};

use crate::channels::well_formed;
use crate::limits;
use crate::refusal::{Refusal, refuse};
use crate::routes::{Answer, Uploads};
use crate::speaking::body_of;
use crate::world::{EPHEMERAL, InteractionKind, LOADING, Message, World};

/// How the token of an interaction begins; its id follows.
pub(crate) const TOKEN: &str = "aW50ZXJhY3Rpb246";

const TO_ACKNOWLEDGE: Duration = Duration::from_secs(3);
const TO_LIVE: Duration = Duration::from_secs(15 * 60);

impl World {
    /// POST /interactions/{id}/{token}/callback
    pub(crate) fn callback(
        &mut self,
        id: u64,
        token: &str,
        body: &Value,
        uploads: &Uploads,
        whole: bool,
    ) -> Result<Answer, Refusal> {
        let Some(interaction) = self.interactions.get(&id).filter(|known| known.token == token) else { return refuse(10062) };
        if interaction.answered.is_some() {
            return refuse(40060);
        }
        if interaction.failed || self.age(interaction) > TO_ACKNOWLEDGE {
            return refuse(10062);
        }
        well_formed(limits::interaction_response(body), uploads)?;
        let kind = body["type"].as_u64().unwrap_or(0);
        let (of, source) = (interaction.kind, interaction.source);
        if !fits(kind, of, source.is_some()) {
            let message = format!("Interaction callback type {kind} does not answer a {of:?}");
            let body = json!({"code": 50035, "message": "Invalid Form Body", "errors":
                {"type": {"_errors": [{"code": "INTERACTION_CALLBACK_TYPE_INVALID", "message": message}]}}});
            return Err(Refusal::form(body));
        }
        let data = &body["data"];
        self.check_words(data)?;
        let original = match kind {
            4 => Some(self.respond(id, data, uploads, 0)),
            5 => Some(self.respond(id, &json!({"flags": data["flags"].as_u64().unwrap_or(0) & EPHEMERAL}), uploads, LOADING)),
            6 => source,
            7 => {
                let message = source.expect("type 7 fits only what has a source");
                let data = self.edited(message, data, uploads)?;
                self.edit_by_bot(message, &data);
                source
            }
            _ => None,
        };
        let revision = original.and_then(|id| self.messages.get(&id)).map_or(0, |message| message.revision);
        let interaction = self.interactions.get_mut(&id).expect("found above");
        interaction.answered = Some(kind);
        interaction.original = original;
        interaction.revision = revision;
        match kind {
            8 => interaction.choices = data["choices"].clone(),
            9 => interaction.modal = data.clone(),
            _ => {}
        }
        self.tell_response(id);
        if !whole {
            return Ok(Answer::empty());
        }
        let message = original.map_or(Value::Null, |id| self.rest_message(id));
        let interaction = &self.interactions[&id];
        let mut resource = json!({"type": kind});
        if matches!(kind, 4 | 5 | 7) {
            resource["message"] = message;
        }
        Ok(Answer::ok(json!({
            "interaction": {
                "id": id.to_string(), "type": interaction.kind as u8,
                "response_message_id": original.filter(|_| kind != 9).map(|id| id.to_string()),
                "response_message_loading": kind == 5,
                "response_message_ephemeral": original.and_then(|id| self.messages.get(&id)).is_some_and(|m| m.owner.is_some()),
            },
            "resource": resource,
        })))
    }

    /// A message that answers an interaction: ephemeral if it says so.
    fn respond(&mut self, id: u64, data: &Value, uploads: &Uploads, flags: u64) -> u64 {
        let attachments = self.attached(data, uploads, &Value::Null)["attachments"].clone();
        let interaction = &self.interactions[&id];
        let ephemeral = data["flags"].as_u64().unwrap_or(0) & EPHEMERAL != 0;
        let first = interaction.original.is_none() && interaction.answered.is_none();
        let kind = match interaction.kind {
            InteractionKind::Command if !first => 0,
            InteractionKind::Command if interaction.target.is_some() => 23,
            InteractionKind::Command => 20,
            _ => 0,
        };
        // The answer to a message command or a press is shown as a reply to that message.
        let reply_to = if first { interaction.target.or(interaction.source) } else { interaction.original };
        let public = |id: &u64| self.messages.get(id).is_some_and(|message| message.owner.is_none());
        let message = Message {
            channel: interaction.channel,
            content: data["content"].as_str().unwrap_or_default().trim().to_owned(),
            embeds: data["embeds"].clone(),
            components: data["components"].clone(),
            attachments,
            flags: data["flags"].as_u64().unwrap_or(0) | flags,
            kind,
            interaction: Some(id),
            owner: ephemeral.then_some(interaction.user),
            reply_to: reply_to.filter(public),
            ..Message::default()
        };
        self.bot_says(message, &data["allowed_mentions"])
    }

    /// Fills in, behind the member's press in the transcript, what came of it.
    fn tell_response(&mut self, id: u64) {
        let interaction = &self.interactions[&id];
        let outcome = match interaction.answered {
            Some(4) => self.told(interaction.original),
            Some(7) => self.told(interaction.original).replacen("medse-bot", "medse-bot （編集）", 1),
            Some(9) => format!("【{}】", interaction.modal["title"].as_str().unwrap_or_default()),
            Some(5) => "…".to_owned(),
            _ => return,
        };
        let entry = interaction.entry;
        if let Some(line) = self.transcript.get_mut(entry) {
            line.push_str(" → ");
            line.push_str(&outcome);
        }
    }

    /// A message of the bot without its place, for behind an arrow.
    fn told(&self, message: Option<u64>) -> String {
        let Some(seen) = message.and_then(|id| self.seen(id)) else { return String::new() };
        let private = seen.owner.map(|owner| format!("（{}だけに見える） ", self.name(owner))).unwrap_or_default();
        format!("{private}{}:{}", seen.author, body_of(&seen, self.bot))
    }

    /// The interaction a webhook token belongs to, while it lives.
    fn by_token(&self, application: u64, token: &str) -> Result<u64, Refusal> {
        if application != self.bot {
            return refuse(10015);
        }
        let id =
            token.strip_prefix(TOKEN).and_then(|rest| rest.split('.').next()).and_then(|id| id.parse().ok()).unwrap_or(0_u64);
        let Some(interaction) = self.interactions.get(&id).filter(|known| known.token == token) else { return refuse(10015) };
        if self.age(interaction) > TO_LIVE {
            return refuse(50027);
        }
        // Before the first response there is no webhook.
        if interaction.answered.is_none() { refuse(10015) } else { Ok(interaction.id) }
    }

    /// POST /webhooks/{application}/{token}
    pub(crate) fn followup(&mut self, application: u64, token: &str, body: &Value, uploads: &Uploads) -> Result<Answer, Refusal> {
        let id = self.by_token(application, token)?;
        well_formed(limits::webhook_message(body, false), uploads)?;
        self.check_words(body)?;
        let waiting = self.interactions[&id].original.filter(|id| self.messages[id].flags & LOADING != 0);
        let message = match waiting {
            // The first followup takes the place of "thinking…", and its visibility.
            Some(original) => {
                let body = self.edited(original, body, uploads)?;
                self.edit_by_bot(original, &body);
                original
            }
            None => {
                let message = self.respond(id, body, uploads, 0);
                self.interactions.get_mut(&id).expect("found by its token").followups.push(message);
                message
            }
        };
        self.tell(message, "");
        Ok(Answer::ok(self.rest_message(message)))
    }

    /// The message that `@original` or an id names below a webhook.
    fn webhook_message(&self, application: u64, token: &str, name: &str) -> Result<u64, Refusal> {
        let id = self.by_token(application, token)?;
        let interaction = &self.interactions[&id];
        let named = if name == "@original" { interaction.original } else { name.parse().ok() };
        let mine = |message: &u64| interaction.original == Some(*message) || interaction.followups.contains(message);
        let there = |message: &u64| self.messages.get(message).is_some_and(|message| !message.deleted);
        named.filter(mine).filter(there).ok_or_else(|| Refusal::by_code(10008))
    }

    /// GET, PATCH and DELETE /webhooks/{application}/{token}/messages/{name}
    pub(crate) fn followup_message(
        &mut self,
        method: &str,
        (application, token, name): (u64, &str, &str),
        body: &Value,
        uploads: &Uploads,
    ) -> Result<Answer, Refusal> {
        let message = self.webhook_message(application, token, name)?;
        match method {
            "PATCH" => {
                well_formed(limits::webhook_message(body, true), uploads)?;
                self.check_words(body)?;
                let was_loading = self.messages[&message].flags & LOADING != 0;
                let body = self.edited(message, body, uploads)?;
                self.edit_by_bot(message, &body);
                self.tell(message, if was_loading { "" } else { "編集" });
            }
            "DELETE" => {
                self.delete(message);
                return Ok(Answer::empty());
            }
            _ => {}
        }
        Ok(Answer::ok(self.rest_message(message)))
    }
}

/// Which first response answers which interaction.
fn fits(kind: u64, of: InteractionKind, from_message: bool) -> bool {
    match of {
        InteractionKind::Autocomplete => kind == 8,
        InteractionKind::Command => matches!(kind, 4 | 5 | 9),
        InteractionKind::Component => matches!(kind, 4..=7 | 9),
        InteractionKind::Modal => matches!(kind, 4 | 5) || (from_message && matches!(kind, 6 | 7)),
    }
}
