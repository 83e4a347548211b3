//! Messages come, change and go: whom they mention, whom they would ping, who is told. Leaves permissions and limits to the
//! routes, and the bot's JSON to them too.

use serde_json::{Value, json};

use crate::seen::Seen;
use crate::world::{LOADING, Message, World, permissions};

/// What `<…>` in a text refers to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Reference {
    User(u64),
    Role(u64),
    Channel(u64),
}

impl Reference {
    fn parse(inside: &str) -> Option<Self> {
        let id = |text: &str| text.parse().ok();
        if let Some(role) = inside.strip_prefix("@&") {
            return id(role).map(Self::Role);
        }
        if let Some(user) = inside.strip_prefix("@!").or_else(|| inside.strip_prefix('@')) {
            return id(user).map(Self::User);
        }
        inside.strip_prefix('#').and_then(id).map(Self::Channel)
    }
}

pub(crate) fn references(text: &str) -> Vec<Reference> {
    text.split('<').skip(1).filter_map(|part| part.split_once('>')).filter_map(|(inside, _)| Reference::parse(inside)).collect()
}

/// Whom a message mentions.
#[derive(Default)]
pub(crate) struct Mentioned {
    users: Vec<u64>,
    roles: Vec<u64>,
    everyone: bool,
}

fn calls_everyone(text: &str) -> bool {
    text.contains("@everyone") || text.contains("@here")
}

impl World {
    /// The text as people read it, names for ids.
    pub(crate) fn readable(&self, text: &str) -> String {
        let mut parts = text.split('<');
        let mut read = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            match part.split_once('>').and_then(|(inside, rest)| Some((Reference::parse(inside)?, rest))) {
                Some((reference, rest)) => {
                    read.push_str(&self.reference_name(reference));
                    read.push_str(rest);
                }
                None => {
                    read.push('<');
                    read.push_str(part);
                }
            }
        }
        read
    }

    fn reference_name(&self, reference: Reference) -> String {
        match reference {
            Reference::User(id) => format!("@{}", self.name(id)),
            Reference::Role(id) => {
                let role = self.guilds.values().flat_map(|guild| &guild.roles).find(|role| role.id == id);
                format!("@{}", role.map_or("unknown-role", |role| role.name.as_str()))
            }
            Reference::Channel(id) => {
                self.channels.get(&id).map_or("#unknown".to_owned(), |channel| format!("#{}", channel.name))
            }
        }
    }

    /// Whom a member's message mentions: everybody named in it, and the author of the message it answers if the ping is on.
    /// The bot's interaction responses are no messages of the bot in this respect.
    fn mentioned_by_member(&self, author: u64, text: &str, pinged: Option<u64>) -> Mentioned {
        let mut mentioned = Mentioned::default();
        for reference in references(text) {
            match reference {
                Reference::User(id) if self.users.contains_key(&id) && !mentioned.users.contains(&id) => mentioned.users.push(id),
                Reference::Role(id) if !mentioned.roles.contains(&id) => mentioned.roles.push(id),
                _ => {}
            }
        }
        let answered = pinged.and_then(|id| self.messages.get(&id)).filter(|message| message.interaction.is_none());
        if let Some(answered) = answered.filter(|message| message.webhook.is_none() && !mentioned.users.contains(&message.author))
        {
            mentioned.users.push(answered.author);
        }
        let may = self.users.get(&author).is_some_and(|user| user.permissions & permissions::MENTION_EVERYONE != 0);
        mentioned.everyone = may && calls_everyone(text);
        mentioned
    }

    /// Whom the bot's message pings, by its `allowed_mentions`; absent, everything in it pings.
    pub(crate) fn mentioned_by_bot(&self, text: &str, allowed: &Value, reply_to: Option<u64>) -> Mentioned {
        let parse = |kind: &str| {
            allowed.is_null() || allowed["parse"].as_array().is_some_and(|kinds| kinds.iter().any(|known| known == kind))
        };
        let listed = |kind: &str, id: u64| {
            allowed[kind].as_array().is_some_and(|ids| ids.iter().any(|known| known.as_str() == Some(&id.to_string())))
        };
        let mut mentioned = Mentioned::default();
        for reference in references(text) {
            match reference {
                Reference::User(id) if parse("users") || listed("users", id) => mentioned.users.push(id),
                Reference::Role(id) if parse("roles") || listed("roles", id) => mentioned.roles.push(id),
                _ => {}
            }
        }
        mentioned.everyone = parse("everyone") && calls_everyone(text);
        let replied = if allowed.is_null() { true } else { allowed["replied_user"].as_bool().unwrap_or(false) };
        let answered = reply_to.and_then(|id| self.messages.get(&id)).map(|message| message.author);
        if let Some(author) = answered.filter(|author| replied && !mentioned.users.contains(author)) {
            mentioned.users.push(author);
        }
        mentioned
    }

    fn remember_pings(&mut self, message: u64, mentioned: &Mentioned) {
        let users = mentioned.users.iter().filter(|id| **id != self.bot).map(|id| Reference::User(*id));
        let roles = mentioned.roles.iter().map(|id| Reference::Role(*id));
        let mut whom: Vec<String> = users.chain(roles).map(|reference| self.reference_name(reference)).collect();
        if mentioned.everyone {
            whom.push("@everyone".to_owned());
        }
        self.pings.extend(whom.into_iter().map(|whom| (message, whom)));
    }

    fn apply(message: &mut Message, mentioned: Mentioned) {
        message.mentions = mentioned.users;
        message.mention_roles = mentioned.roles;
        message.mention_everyone = mentioned.everyone;
    }

    /// A member, another bot or a webhook says something.
    pub(crate) fn say(&mut self, mut message: Message, ping: bool) -> u64 {
        let pinged = message.reply_to.filter(|_| ping);
        let mentioned = self.mentioned_by_member(message.author, &message.content, pinged);
        Self::apply(&mut message, mentioned);
        if message.reply_to.is_some() {
            message.kind = 19;
        }
        message.taken = true;
        // Whoever speaks in a closed thread opens it, unless it is locked.
        if let Some(thread) = self.channels.get_mut(&message.channel).filter(|channel| channel.archived && !channel.locked) {
            thread.archived = false;
            self.channel_event("THREAD_UPDATE", message.channel);
        }
        self.insert(message)
    }

    /// The bot says something; `allowed` are its allowed mentions. An interaction's answer pings nobody by being an answer.
    pub(crate) fn bot_says(&mut self, mut message: Message, allowed: &Value) -> u64 {
        message.author = self.bot;
        let reply = message.reply_to.filter(|_| message.interaction.is_none());
        let mentioned = self.mentioned_by_bot(&message.content, allowed, reply);
        if message.owner.is_none() {
            message.id = self.clock.id();
            self.remember_pings(message.id, &mentioned);
        }
        Self::apply(&mut message, mentioned);
        self.insert(message)
    }

    fn insert(&mut self, mut message: Message) -> u64 {
        if message.id == 0 {
            message.id = self.clock.id();
        }
        let id = message.id;
        complete(&mut message);
        if message.author == self.bot && message.owner.is_none() {
            self.untaken.insert(id);
            if let Some(nonce) = nonce(&message.nonce) {
                self.nonces.insert((message.channel, nonce), id);
            }
        }
        let told = message.interaction.is_none();
        if let Some(channel) = self.channels.get_mut(&message.channel).filter(|_| message.owner.is_none()) {
            channel.last_message = Some(id);
        }
        self.messages.insert(id, message);
        if told {
            self.tell(id, "");
        }
        self.dispatch_message("MESSAGE_CREATE", id);
        id
    }

    pub(crate) fn edit_by_member(&mut self, id: u64, text: &str) {
        let now = self.clock.now();
        let Some(message) = self.messages.get_mut(&id) else { return };
        text.clone_into(&mut message.content);
        message.edited = Some(now);
        message.revision += 1;
        // What a reply pinged it goes on mentioning; what the text named it may lose.
        let (author, reply) = (message.author, message.reply_to);
        let still = reply.and_then(|to| self.messages.get(&to)).map(|to| to.author);
        let pinged = reply.filter(|_| still.is_some_and(|author| self.messages[&id].mentions.contains(&author)));
        let mentioned = self.mentioned_by_member(author, text, pinged);
        if let Some(message) = self.messages.get_mut(&id) {
            Self::apply(message, mentioned);
        }
        self.tell(id, "編集");
        self.dispatch_message("MESSAGE_UPDATE", id);
    }

    /// The bot edits a message of its own: only the fields given change. A deferred response is no longer loading.
    pub(crate) fn edit_by_bot(&mut self, id: u64, body: &Value) {
        let now = self.clock.now();
        let Some(message) = self.messages.get_mut(&id) else { return };
        let loading = message.flags & LOADING != 0;
        if let Some(content) = body.get("content") {
            content.as_str().unwrap_or_default().trim().clone_into(&mut message.content);
        }
        let fields =
            [("embeds", &mut message.embeds), ("components", &mut message.components), ("attachments", &mut message.attachments)];
        for (field, value) in fields {
            if let Some(given) = body.get(field) {
                *value = given.clone();
            }
        }
        if let Some(flags) = body["flags"].as_u64() {
            const CHANGEABLE: u64 = crate::world::SUPPRESS_EMBEDS;
            message.flags = message.flags & !CHANGEABLE | flags & CHANGEABLE;
        }
        message.flags &= !LOADING;
        if !loading {
            message.edited = Some(now);
            message.edits.push(now);
        }
        message.revision += 1;
        complete(message);
        let (text, private) = (message.content.clone(), message.owner.is_some());
        if body.get("content").is_some() {
            let mentioned = self.mentioned_by_bot(&text, &body["allowed_mentions"], None);
            if !private {
                self.remember_pings(id, &mentioned);
            }
            if let Some(message) = self.messages.get_mut(&id) {
                Self::apply(message, mentioned);
            }
        }
        self.dispatch_message("MESSAGE_UPDATE", id);
    }

    pub(crate) fn delete(&mut self, id: u64) {
        self.tell(id, "削除");
        let Some(message) = self.messages.get_mut(&id) else { return };
        message.deleted = true;
        message.revision += 1;
        let (channel, private) = (message.channel, message.owner.is_some());
        if !private {
            self.dispatch_deleted(channel, id);
        }
    }

    pub(crate) fn react(&mut self, id: u64, user: u64, emoji: &str) {
        let Some(message) = self.messages.get_mut(&id) else { return };
        if message.reactions.iter().any(|(known, by)| known == emoji && *by == user) {
            return;
        }
        message.reactions.push((emoji.to_owned(), user));
        let message = &self.messages[&id];
        let entry = format!(
            "{}  {} {emoji} → {}: {}",
            self.place(message.channel),
            self.name(user),
            self.author(message),
            self.readable(&message.content)
        );
        self.transcript.push(entry);
        self.dispatch_reaction("MESSAGE_REACTION_ADD", id, user, emoji);
    }

    /// Puts a message into the transcript, as everybody sees it; `what` happened to it, if it is not new.
    pub(crate) fn tell(&mut self, id: u64, what: &str) {
        let Some(seen) = self.seen(id) else { return };
        let what = if what.is_empty() { String::new() } else { format!(" （{what}）") };
        let private = seen.owner.map(|owner| format!(" （{}だけに見える）", self.name(owner))).unwrap_or_default();
        let head = format!("{}  {}{what}{private}", self.place(seen.channel), seen.author);
        let reply = seen.reply_name.as_ref().map(|name| format!(" ↩ {name}")).unwrap_or_default();
        self.transcript.push(format!("{head}{reply}:{}", body_of(&seen, self.bot)));
    }
}

/// The body of a transcript's entry: a person's single line stays on the line, everything else is indented below it.
pub(crate) fn body_of(seen: &Seen, bot: u64) -> String {
    let body = seen.body();
    if seen.author_id != bot && !body.contains('\n') {
        return format!(" {body}");
    }
    body.lines().map(|line| format!("\n            {line}").trim_end_matches(' ').to_owned()).collect()
}

/// A nonce is a text or a number.
pub(crate) fn nonce(value: &Value) -> Option<String> {
    (!value.is_null()).then(|| value.to_string())
}

/// What Discord adds to components and embeds that left it out: numbers, how many may be picked, the kind.
fn complete(message: &mut Message) {
    let mut next = 0;
    let mut number = |component: &mut Value| {
        next += 1;
        add(component, "id", json!(next));
        if component["type"] == 3 {
            add(component, "min_values", json!(1));
            add(component, "max_values", json!(1));
        }
    };
    for row in message.components.as_array_mut().into_iter().flatten() {
        number(row);
        for component in row["components"].as_array_mut().into_iter().flatten() {
            number(component);
        }
    }
    for embed in message.embeds.as_array_mut().into_iter().flatten() {
        add(embed, "type", json!("rich"));
    }
}

fn add(object: &mut Value, field: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.entry(field).or_insert(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_in_japanese_text() {
        use Reference::{Channel, Role, User};
        for (text, found) in [
            ("<@12> 資格は必要？", vec![User(12)]),
            ("<@!12>と<@&34>は<#56>へ", vec![User(12), Role(34), Channel(56)]),
            ("<<@1>> a < b > c <@x> 医療系SE", vec![User(1)]),
            ("@medse-bot 残業は？", vec![]),
        ] {
            assert_eq!(references(text), found, "{text}");
        }
    }

    #[test]
    fn pings_follow_allowed_mentions() {
        let mut world = World::new();
        let member = world.add_user("葵");
        let text = format!("<@{member}>さん、<@&5> @everyone どうぞ");
        for (allowed, users, roles, everyone) in [
            (Value::Null, 1, 1, true),
            (json!({"parse": []}), 0, 0, false),
            (json!({"parse": ["users"]}), 1, 0, false),
            (json!({"parse": [], "users": [member.to_string()]}), 1, 0, false),
            (json!({"parse": ["roles", "everyone"]}), 0, 1, true),
        ] {
            let mentioned = world.mentioned_by_bot(&text, &allowed, None);
            assert_eq!((mentioned.users.len(), mentioned.roles.len(), mentioned.everyone), (users, roles, everyone), "{allowed}");
        }
    }
}
