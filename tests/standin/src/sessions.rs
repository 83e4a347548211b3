//! Who hears of what: gateway sessions, their intents, shards, sequence numbers and the events they missed. Leaves the socket to
//! `gateway`.

use std::collections::VecDeque;

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use crate::world::{ChannelKind, World, permissions};

pub(crate) mod intents {
    pub(crate) const GUILDS: u64 = 1;
    pub(crate) const GUILD_MEMBERS: u64 = 1 << 1;
    pub(crate) const GUILD_PRESENCES: u64 = 1 << 8;
    pub(crate) const GUILD_MESSAGES: u64 = 1 << 9;
    pub(crate) const GUILD_MESSAGE_REACTIONS: u64 = 1 << 10;
    pub(crate) const DIRECT_MESSAGES: u64 = 1 << 12;
    pub(crate) const DIRECT_MESSAGE_REACTIONS: u64 = 1 << 13;
    pub(crate) const MESSAGE_CONTENT: u64 = 1 << 15;
    /// Every bit Discord knows: 0–16, 20, 21, 24, 25.
    pub(crate) const ALL: u64 = 0x1_ffff | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25;
}

/// How many events a session keeps for a RESUME.
const KEPT: usize = 5000;

/// What goes out on a socket.
pub(crate) enum Out {
    Frame(String),
    Close(u16),
    /// TCP away, no close frame.
    Drop,
}

pub(crate) struct Connection {
    pub(crate) id: u64,
    pub(crate) out: UnboundedSender<Out>,
    pub(crate) session: Option<String>,
}

pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) shard: (u64, u64),
    pub(crate) intents: u64,
    pub(crate) seq: u64,
    /// The last event that the bot said it has got, by a heartbeat or a RESUME.
    pub(crate) heard: u64,
    /// What was sent, for a RESUME.
    pub(crate) log: VecDeque<(u64, String)>,
    pub(crate) connection: Option<u64>,
    pub(crate) ready: bool,
}

impl Session {
    /// Gives the event the next number and remembers it; the frame to send if somebody is connected.
    fn number(&mut self, event: &str, data: &Value) -> String {
        self.seq += 1;
        let frame = json!({"op": 0, "t": event, "s": self.seq, "d": data}).to_string();
        self.log.push_back((self.seq, frame.clone()));
        if self.log.len() > KEPT {
            self.log.pop_front();
        }
        frame
    }

    /// The new messages of which the bot, by what it said, has not heard.
    fn unheard(&self) -> impl Iterator<Item = u64> {
        let later = self.log.iter().filter(|(number, _)| *number > self.heard);
        let frames = later.filter_map(|(_, frame)| serde_json::from_str::<Value>(frame).ok());
        let created = frames.filter(|frame| frame["t"] == "MESSAGE_CREATE");
        created.filter_map(|frame| frame["d"]["id"].as_str().and_then(|id| id.parse().ok()))
    }
}

impl World {
    pub(crate) fn send_to(&self, connection: u64, out: Out) {
        if let Some(connection) = self.connections.iter().find(|known| known.id == connection) {
            // A receiver that is gone is a socket that is gone: the session keeps the event for a RESUME.
            let _ = connection.out.send(out);
        }
    }

    /// These sessions are over: what they have not told is told no more.
    pub(crate) fn end_sessions(&mut self, is_over: impl Fn(&Session) -> bool) {
        let over = self.sessions.iter().filter(|session| is_over(session));
        self.gateway.unheard.extend(over.flat_map(Session::unheard));
        self.sessions.retain(|session| !is_over(session));
    }

    /// Whatever `act` leads to is sent last things first.
    pub(crate) fn backwards<T>(&mut self, act: impl FnOnce(&mut World) -> T) -> T {
        self.gateway.backwards = Some(Vec::new());
        let result = act(self);
        for (session, event, data) in self.gateway.backwards.take().into_iter().flatten().rev() {
            self.dispatch_to(session, &event, &data);
        }
        result
    }

    pub(crate) fn dispatch_to(&mut self, session: usize, event: &str, data: &Value) {
        if let Some(backwards) = &mut self.gateway.backwards {
            backwards.push((session, event.to_owned(), data.clone()));
            return;
        }
        let frame = self.sessions[session].number(event, data);
        if let Some(connection) = self.sessions[session].connection {
            self.send_to(connection, Out::Frame(frame));
        }
    }

    /// To every session of the guild's shard (or shard 0) that asked for one of `intents`; 0: to whoever is there.
    pub(crate) fn dispatch(&mut self, guild: Option<u64>, intents: u64, event: &str, data: &Value) {
        for session in self.listeners(guild, intents) {
            self.dispatch_to(session, event, data);
        }
    }

    fn listeners(&self, guild: Option<u64>, intents: u64) -> Vec<usize> {
        let wanted = |session: &Session| {
            let shard = guild.map_or(0, |guild| (guild >> 22) % session.shard.1);
            session.ready && session.shard.0 == shard && (intents == 0 || session.intents & intents != 0)
        };
        (0..self.sessions.len()).filter(|index| wanted(&self.sessions[*index])).collect()
    }

    fn message_intent(&self, channel: u64) -> (Option<u64>, u64, u64) {
        match self.channels.get(&channel) {
            Some(channel) if !matches!(channel.kind, ChannelKind::Dm(_)) => {
                (channel.guild, intents::GUILD_MESSAGES, intents::GUILD_MESSAGE_REACTIONS)
            }
            _ => (None, intents::DIRECT_MESSAGES, intents::DIRECT_MESSAGE_REACTIONS),
        }
    }

    /// `MESSAGE_CREATE` and `MESSAGE_UPDATE`, with the content withheld from those who have no right to it.
    pub(crate) fn dispatch_message(&mut self, event: &str, id: u64) {
        let Some(message) = self.messages.get(&id) else { return };
        let channel = message.channel;
        if message.owner.is_some() || self.bot_permissions(channel) & permissions::VIEW_CHANNEL == 0 {
            return;
        }
        let (guild, intent, _) = self.message_intent(channel);
        let mut full = self.message_json(id, true);
        if let Some(guild) = guild {
            full["guild_id"] = json!(guild.to_string());
            if let Some(member) = self.member_of_author(id, guild) {
                full["member"] = member;
            }
        }
        let mut withheld = full.clone();
        self.withhold(&mut withheld, guild);
        let listeners = self.listeners(guild, intent);
        let is_new = event == "MESSAGE_CREATE";
        if is_new && listeners.is_empty() {
            self.gateway.unheard.push(id);
        }
        for session in listeners {
            let content = self.sessions[session].intents & intents::MESSAGE_CONTENT != 0;
            for _ in 0..1 + usize::from(is_new && self.gateway.repeats) {
                self.dispatch_to(session, event, if content { &full } else { &withheld });
            }
        }
    }

    pub(crate) fn dispatch_deleted(&mut self, channel: u64, id: u64) {
        let (guild, intent, _) = self.message_intent(channel);
        let mut data = json!({"id": id.to_string(), "channel_id": channel.to_string()});
        if let Some(guild) = guild {
            data["guild_id"] = json!(guild.to_string());
        }
        self.dispatch(guild, intent, "MESSAGE_DELETE", &data);
    }

    pub(crate) fn dispatch_reaction(&mut self, event: &str, message: u64, user: u64, emoji: &str) {
        let Some(found) = self.messages.get(&message) else { return };
        let (channel, author) = (found.channel, found.author);
        let (guild, _, intent) = self.message_intent(channel);
        let mut data = json!({
            "user_id": user.to_string(), "channel_id": channel.to_string(), "message_id": message.to_string(),
            "message_author_id": author.to_string(), "emoji": {"id": null, "name": emoji}, "burst": false, "type": 0,
        });
        if let Some(guild) = guild {
            data["guild_id"] = json!(guild.to_string());
            data["member"] = self.member_json(user, guild);
        }
        self.dispatch(guild, intent, event, &data);
    }
}
