//! What the bot does in channels by REST: posting, editing, deleting, reading, reacting, with its permissions and with what only
//! the server can refuse. Leaves the shape of bodies to `limits` and what follows from a message to `speaking`.

use std::time::Duration;

use serde_json::{Value, json};

use crate::limits;
use crate::refusal::{Refusal, refuse};
use crate::routes::{Answer, Uploads};
use crate::speaking::nonce;
use crate::world::{ChannelKind, Message, SUPPRESS_EMBEDS, World, permissions as may};

/// How long a nonce is remembered.
const NONCE_LIVES: Duration = Duration::from_secs(5 * 60);
const HOUR_MS: u64 = 3_600_000;

impl World {
    fn channel_to_see(&self, id: u64) -> Result<(), Refusal> {
        match self.channels.get(&id) {
            Some(channel) if !channel.deleted => {}
            _ => return refuse(10003),
        }
        if self.bot_permissions(id) & may::VIEW_CHANNEL == 0 { refuse(50001) } else { Ok(()) }
    }

    fn needs(&self, channel: u64, bits: u64, code: u64) -> Result<(), Refusal> {
        if self.bot_permissions(channel) & bits == bits { Ok(()) } else { refuse(code) }
    }

    fn not_closed(&self, id: u64) -> Result<(), Refusal> {
        let channel = &self.channels[&id];
        if channel.locked {
            return refuse(160_005);
        }
        if channel.archived { refuse(50083) } else { Ok(()) }
    }

    /// The bot may say something here.
    pub(crate) fn may_write(&self, id: u64) -> Result<(), Refusal> {
        self.channel_to_see(id)?;
        let channel = &self.channels[&id];
        if channel.kind == ChannelKind::Forum {
            return refuse(50008);
        }
        if let ChannelKind::Dm(user) = channel.kind {
            return if self.users[&user].dms_closed || self.users[&user].bot { refuse(50007) } else { Ok(()) };
        }
        let bit = if channel.kind == ChannelKind::Thread { may::SEND_MESSAGES_IN_THREADS } else { may::SEND_MESSAGES };
        self.needs(id, bit, 50013)?;
        self.not_closed(id)
    }

    /// AutoMod looks at what is said, not at who says it.
    pub(crate) fn check_words(&self, body: &Value) -> Result<(), Refusal> {
        let text = body["content"].as_str().unwrap_or_default();
        if self.blocked_words.iter().any(|word| text.contains(word.as_str())) { refuse(200_000) } else { Ok(()) }
    }

    /// A message of this channel that is not private.
    fn public_message(&self, channel: u64, id: u64) -> Result<&Message, Refusal> {
        let there = |message: &&Message| message.channel == channel && !message.deleted && message.owner.is_none();
        self.messages.get(&id).filter(there).ok_or_else(|| Refusal::by_code(10008))
    }

    /// As REST shows it: content is withheld here by what the portal allows.
    pub(crate) fn rest_message(&self, id: u64) -> Value {
        let mut message = self.message_json(id, true);
        let guild = self.channels.get(&self.messages[&id].channel).and_then(|channel| channel.guild);
        if !self.message_content {
            self.withhold(&mut message, guild);
        }
        message
    }

    pub(crate) fn get_channel(&self, id: u64) -> Result<Answer, Refusal> {
        self.channel_to_see(id)?;
        Ok(Answer::ok(self.channel_json(&self.channels[&id])))
    }

    pub(crate) fn get_message(&self, channel: u64, id: u64) -> Result<Answer, Refusal> {
        self.channel_to_see(channel)?;
        self.needs(channel, may::READ_MESSAGE_HISTORY, 50013)?;
        self.public_message(channel, id)?;
        Ok(Answer::ok(self.rest_message(id)))
    }

    /// The newest first; `limit`, `before`, `after` and `around` as Discord takes them.
    pub(crate) fn get_messages(&self, channel: u64, query: &str) -> Result<Answer, Refusal> {
        self.channel_to_see(channel)?;
        let asked = |name: &str| {
            query
                .split('&')
                .filter_map(|part| part.split_once('='))
                .find(|(key, _)| *key == name)
                .and_then(|(_, value)| value.parse::<u64>().ok())
        };
        let limit = usize::try_from(asked("limit").unwrap_or(50)).unwrap_or(usize::MAX);
        if !(1..=100).contains(&limit) {
            return Err(Refusal {
                violation: true,
                ..Refusal::field("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
            });
        }
        // Without the history there is nothing to read, and that is no error.
        let readable = self.bot_permissions(channel) & may::READ_MESSAGE_HISTORY != 0;
        let here = self.messages.values().rev().filter(|message| readable && self.public_message(channel, message.id).is_ok());
        let here = here.filter(|message| {
            asked("before").is_none_or(|id| message.id < id) && asked("after").is_none_or(|id| message.id > id)
        });
        let mut ids: Vec<u64> = here.map(|message| message.id).collect();
        if asked("after").is_some() && ids.len() > limit {
            // The oldest ones after the given, still the newest of them first.
            ids.drain(..ids.len() - limit);
        }
        if let Some(around) = asked("around") {
            ids.sort_by_key(|id| id.abs_diff(around));
            ids.truncate(limit);
            ids.sort_by(|a, b| b.cmp(a));
        }
        Ok(Answer::ok(ids.into_iter().take(limit).map(|id| self.rest_message(id)).collect()))
    }

    pub(crate) fn create_message(&mut self, channel: u64, body: &Value, uploads: &Uploads) -> Result<Answer, Refusal> {
        self.may_write(channel)?;
        well_formed(limits::message(body, false), uploads)?;
        if !uploads.files.is_empty() && !matches!(self.channels[&channel].kind, ChannelKind::Dm(_)) {
            self.needs(channel, may::ATTACH_FILES, 50013)?;
        }
        self.check_words(body)?;
        if let Some(earlier) = self.earlier(channel, body) {
            return Ok(Answer::ok(self.rest_message(earlier)));
        }
        let reply_to = self.referenced(channel, &body["message_reference"])?;
        let attachments = self.attached(body, uploads, &Value::Null)["attachments"].clone();
        let message = Message {
            channel,
            content: body["content"].as_str().unwrap_or_default().trim().to_owned(),
            embeds: body["embeds"].clone(),
            components: body["components"].clone(),
            attachments,
            flags: body["flags"].as_u64().unwrap_or(0) & (SUPPRESS_EMBEDS | 1 << 12),
            kind: if reply_to.is_some() { 19 } else { 0 },
            nonce: body["nonce"].clone(),
            reply_to,
            ..Message::default()
        };
        let id = self.bot_says(message, &body["allowed_mentions"]);
        Ok(Answer::ok(self.rest_message(id)))
    }

    /// The message that an enforced nonce has already made.
    fn earlier(&self, channel: u64, body: &Value) -> Option<u64> {
        if body["enforce_nonce"] != Value::Bool(true) {
            return None;
        }
        let id = *self.nonces.get(&(channel, nonce(&body["nonce"])?))?;
        let age = self.clock.now().saturating_sub(crate::clock::made(id));
        (u128::from(age) <= NONCE_LIVES.as_millis()).then_some(id)
    }

    fn referenced(&self, channel: u64, reference: &Value) -> Result<Option<u64>, Refusal> {
        let id = reference["message_id"].as_str().and_then(|id| id.parse().ok()).or_else(|| reference["message_id"].as_u64());
        let Some(id) = id else { return Ok(None) };
        if self.public_message(channel, id).is_err() {
            if reference["fail_if_not_exists"] == Value::Bool(false) {
                return Ok(None);
            }
            return Err(Refusal::field("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message"));
        }
        self.needs(channel, may::READ_MESSAGE_HISTORY, 160_002)?;
        Ok(Some(id))
    }

    pub(crate) fn edit_message(&mut self, channel: u64, id: u64, body: &Value, uploads: &Uploads) -> Result<Answer, Refusal> {
        self.channel_to_see(channel)?;
        let message = self.public_message(channel, id)?;
        if message.author != self.bot || message.webhook.is_some() {
            return refuse(50005);
        }
        self.not_closed(channel)?;
        let now = self.clock.now();
        let message = self.public_message(channel, id)?;
        let recent = message.edits.iter().filter(|at| now.saturating_sub(**at) < HOUR_MS).count();
        if now.saturating_sub(crate::clock::made(id)) > HOUR_MS && recent >= 3 {
            return refuse(30046);
        }
        well_formed(limits::message(body, true), uploads)?;
        self.check_words(body)?;
        let body = self.edited(id, body, uploads)?;
        self.edit_by_bot(id, &body);
        self.tell(id, "編集");
        Ok(Answer::ok(self.rest_message(id)))
    }

    /// An edit with its files. It may empty a field, not the message.
    pub(crate) fn edited(&mut self, id: u64, body: &Value, uploads: &Uploads) -> Result<Value, Refusal> {
        let known = self.messages[&id].attachments.clone();
        let body = self.attached(body, uploads, &known);
        let message = &self.messages[&id];
        let content = body.get("content").map_or(message.content.as_str(), |content| content.as_str().unwrap_or_default());
        let some = |field: &str, known: &Value| !body.get(field).unwrap_or(known).as_array().is_none_or(Vec::is_empty);
        let left = !content.is_empty()
            || some("embeds", &message.embeds)
            || some("components", &message.components)
            || some("attachments", &message.attachments);
        if left { Ok(body) } else { Err(Refusal { violation: true, ..Refusal::by_code(50006) }) }
    }

    pub(crate) fn delete_message(&mut self, channel: u64, id: u64) -> Result<Answer, Refusal> {
        self.channel_to_see(channel)?;
        if self.public_message(channel, id)?.author != self.bot {
            self.needs(channel, may::MANAGE_MESSAGES, 50013)?;
        }
        self.not_closed(channel)?;
        self.delete(id);
        Ok(Answer::empty())
    }

    pub(crate) fn own_reaction(&mut self, method: &str, channel: u64, id: u64, emoji: &str) -> Result<Answer, Refusal> {
        self.channel_to_see(channel)?;
        self.public_message(channel, id)?;
        // A server's emoji is `name:id`; any other must be an emoji itself.
        if emoji.is_ascii() && !emoji.contains(':') {
            return Err(Refusal { violation: true, ..Refusal::by_code(10014) });
        }
        self.not_closed(channel)?;
        if method == "DELETE" {
            let bot = self.bot;
            let message = self.messages.get_mut(&id).expect("seen above");
            message.reactions.retain(|(known, by)| known != emoji || *by != bot);
            self.dispatch_reaction("MESSAGE_REACTION_REMOVE", id, bot, emoji);
        } else {
            self.needs(channel, may::READ_MESSAGE_HISTORY | may::ADD_REACTIONS, 50013)?;
            self.react(id, self.bot, emoji);
        }
        Ok(Answer::empty())
    }
}

/// A message with files is not empty, whatever its JSON says.
pub(crate) fn well_formed(found: Result<(), limits::FormErrors>, uploads: &Uploads) -> Result<(), Refusal> {
    match found {
        Err(errors) => {
            let body = errors.json();
            if body["code"] == json!(50006) && !uploads.files.is_empty() { Ok(()) } else { Err(Refusal::form(body)) }
        }
        Ok(()) => Ok(()),
    }
}
