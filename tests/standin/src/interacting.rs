//! What a person does with the bot beyond talking: commands, completion, buttons, menus, forms; with the checks a client makes
//! before it sends anything. Leaves the bot's side to `interactions`.

use std::time::Duration;

use serde_json::{Value, json};

use crate::member::Member;
use crate::seen::{Modal, Piece, Response, Seen};
use crate::world::{ChannelKind, Interaction, InteractionKind, LOADING, World, permissions};

/// How long a client waits for the first response.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long a test waits for what a deferred response becomes.
const DEFERRED: Duration = Duration::from_secs(10);

/// An interaction about to be sent.
struct Press {
    kind: InteractionKind,
    channel: u64,
    data: Value,
    source: Option<u64>,
    target: Option<u64>,
    name: String,
    /// What the person does, for the transcript.
    told: String,
}

impl Member {
    /// Runs a slash command: `ask`, or with its subcommand `faq-manage inbox`. Options by name; what a client would not send panics.
    pub async fn uses(&self, channel: u64, command: &str, options: &[(&str, &str)]) -> Response {
        self.uses_with(channel, command, options, None).await
    }

    /// Runs a slash command with a file, given by its name and content, for its one option that takes one.
    pub async fn uploads(&self, channel: u64, command: &str, option: &str, (name, content): (&str, &[u8])) -> Response {
        self.uses_with(channel, command, &[(option, name)], Some((name, content))).await
    }

    async fn uses_with(&self, channel: u64, command: &str, options: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Response {
        let (registered, path) = self.command(channel, command);
        let last = path.last().unwrap_or(&registered);
        let values = option_values(last, options);
        assert_eq!(values.iter().any(|value| value["type"] == 11), file.is_some(), "a file for an option that takes one");
        let mut data = command_data(&registered, &path, values);
        if let Some((name, content)) = file {
            data["resolved"] = self.standin.with(|world| json!({"attachments": {"1": world.store(name, content.to_vec())}}));
        }
        let given: Vec<String> = options.iter().map(|(name, value)| format!(" {name}:{value}")).collect();
        let told = format!("/{command}{}", given.concat());
        let name = command.to_owned();
        let kind = InteractionKind::Command;
        self.presses(Press { kind, channel, data, source: None, target: None, name, told }).await
    }

    /// Whether the client would offer this person a slash command here.
    pub fn may_use(&self, channel: u64, command: &str) -> bool {
        self.standin.with(|world| world.offered(self.id, channel, 1, command).is_ok())
    }

    /// What completion offers for a partly written option: labels and values.
    pub async fn types(&self, channel: u64, command: &str, option: &str, partial: &str) -> Vec<(String, String)> {
        self.types_with(channel, command, &[], option, partial).await
    }

    /// The same, with other options filled in before.
    pub async fn types_with(
        &self,
        channel: u64,
        command: &str,
        others: &[(&str, &str)],
        option: &str,
        partial: &str,
    ) -> Vec<(String, String)> {
        let (registered, path) = self.command(channel, command);
        let last = path.last().unwrap_or(&registered);
        let known = option_named(last, option);
        assert!(known["autocomplete"] == Value::Bool(true), "the option {option} of /{command} has no completion");
        let mut values: Vec<Value> =
            others.iter().map(|(name, text)| option_value(option_named(last, name), name, text)).collect();
        values.push(json!({"type": known["type"], "name": known["name"], "value": partial, "focused": true}));
        let data = command_data(&registered, &path, values);
        let kind = InteractionKind::Autocomplete;
        let press = Press { kind, channel, data, source: None, target: None, name: command.to_owned(), told: String::new() };
        let id = self.send(press);
        let answered = self.standin.wait_for(PATIENCE, move |world| world.interactions[&id].answered).await;
        if answered.is_none() {
            self.standin.with(|world| world.interactions.get_mut(&id).expect("just sent").failed = true);
        }
        let choices = self.standin.with(|world| world.interactions[&id].choices.clone());
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let label = |choice: &Value| text(choice["name_localizations"].get(self.locale()).unwrap_or(&choice["name"]));
        choices.as_array().into_iter().flatten().map(|choice| (label(choice), text(&choice["value"]))).collect()
    }

    /// Uses a message command, by its name or its name in the person's language.
    pub async fn uses_on(&self, message: u64, command: &str) -> Response {
        let seen = self.standin.with(|world| world.visible(message, self.id));
        let seen = seen.unwrap_or_else(|| panic!("{} does not see that message", self.name()));
        let offered = self.standin.with(|world| world.offered(self.id, seen.channel, 3, command));
        let registered = offered.unwrap_or_else(|why| panic!("{why}"));
        let target = self.standin.with(|world| world.message_json(message, false));
        let data = json!({
            "id": registered["id"], "name": registered["name"], "type": 3, "target_id": message.to_string(),
            "resolved": {"messages": {message.to_string(): target}},
        });
        let name = registered["name"].as_str().unwrap_or_default().to_owned();
        let told = format!("「{command}」 → {}: {}", seen.author, seen.text);
        let kind = InteractionKind::Command;
        self.presses(Press { kind, channel: seen.channel, data, source: None, target: Some(message), name, told }).await
    }

    /// Presses a button by its label or the beginning of it, on the message as it is now.
    pub async fn clicks(&self, message: &Seen, label: &str) -> Response {
        let now = self.sees(message);
        let button = now.pieces().find_map(|piece| match piece {
            Piece::Button { label: known, custom_id, enabled: true, .. } if begins(known, label) => {
                Some((known.clone(), custom_id.clone()))
            }
            _ => None,
        });
        let (known, custom_id) = button.unwrap_or_else(|| panic!("no button 「{label}」 to press on:\n{}", now.shown()));
        self.presses_component(&now, 2, &custom_id, json!({}), format!("[{known}]")).await
    }

    /// Presses what has this custom id, whether it is there or not: an old message that still stands on somebody's screen.
    pub async fn clicks_id(&self, message: &Seen, custom_id: &str) -> Response {
        self.presses_component(&self.sees(message), 2, custom_id, json!({}), format!("[{custom_id}]")).await
    }

    /// Chooses from a menu, by the option's label or the beginning of it.
    pub async fn picks(&self, message: &Seen, option: &str) -> Response {
        let now = self.sees(message);
        let found = now.pieces().find_map(|piece| match piece {
            Piece::Select { custom_id, options, enabled: true, .. } => {
                let (label, value) = options.iter().find(|(label, _)| begins(label, option))?;
                Some((custom_id.clone(), label.clone(), value.clone()))
            }
            _ => None,
        });
        let (custom_id, label, value) = found.unwrap_or_else(|| panic!("no option 「{option}」 to pick on:\n{}", now.shown()));
        self.presses_component(&now, 3, &custom_id, json!({"values": [value]}), format!("[▾ {label}]")).await
    }

    /// Sends a form, one text for each input.
    pub async fn submits(&self, modal: &Modal, texts: &[&str]) -> Response {
        let rows = modal.raw["components"].as_array().cloned().unwrap_or_default();
        assert_eq!(rows.len(), texts.len(), "one text for each input of 「{}」", modal.title);
        let filled = rows.iter().zip(texts).enumerate().map(|(index, (row, text))| {
            let input = &row["components"][0];
            check_input(input, text);
            json!({"type": 1, "id": 2 * index + 1, "components": [
                {"type": 4, "id": 2 * index + 2, "custom_id": input["custom_id"], "value": text}]})
        });
        let data = json!({"custom_id": modal.custom_id, "components": filled.collect::<Vec<_>>()});
        let opened = modal.interaction;
        let (channel, source) = self.standin.with(|world| {
            let opener = &world.interactions[&opened];
            (opener.channel, opener.source)
        });
        let told = format!("【{}】 {}", modal.title, texts.join(" / "));
        let kind = InteractionKind::Modal;
        self.presses(Press { kind, channel, data, source, target: None, name: modal.custom_id.clone(), told }).await
    }

    fn locale(&self) -> String {
        self.standin.with(|world| world.users[&self.id].locale.clone())
    }

    /// The message as it stands on this person's screen.
    fn sees(&self, message: &Seen) -> Seen {
        let seen = self.standin.with(|world| world.visible(message.id, self.id));
        seen.unwrap_or_else(|| panic!("{} does not see (or no longer sees):\n{}", self.name(), message.shown()))
    }

    /// The registered command and the subcommands on the way to what was typed.
    fn command(&self, channel: u64, typed: &str) -> (Value, Vec<Value>) {
        let mut words = typed.split_whitespace();
        let name = words.next().expect("a command has a name");
        let offered = self.standin.with(|world| world.offered(self.id, channel, 1, name));
        let registered = offered.unwrap_or_else(|why| panic!("{why}"));
        let mut path: Vec<Value> = Vec::new();
        for word in words {
            let within = path.last().unwrap_or(&registered);
            let next = option_named(within, word).clone();
            assert!(matches!(next["type"].as_u64(), Some(1 | 2)), "{word} is no subcommand of /{typed}");
            path.push(next);
        }
        let last = path.last().unwrap_or(&registered);
        let unfinished =
            last["options"].as_array().into_iter().flatten().any(|option| matches!(option["type"].as_u64(), Some(1 | 2)));
        assert!(!unfinished, "/{typed} needs a subcommand");
        (registered, path)
    }

    async fn presses_component(&self, on: &Seen, kind: u64, custom_id: &str, more: Value, told: String) -> Response {
        let mut data = json!({"component_type": kind, "custom_id": custom_id, "id": component_number(&on.raw, custom_id)});
        crate::objects::merge(&mut data, more);
        let kind = InteractionKind::Component;
        let (channel, source) = (on.channel, Some(on.id));
        self.presses(Press { kind, channel, data, source, target: None, name: custom_id.to_owned(), told }).await
    }

    fn send(&self, press: Press) -> u64 {
        self.standin.with(|world| world.interact(self.id, press))
    }

    /// Sends it and waits, as a client does, for what comes of it.
    async fn presses(&self, press: Press) -> Response {
        let id = self.send(press);
        let answered = self.standin.wait_for(PATIENCE, move |world| world.interactions[&id].answered).await;
        let Some(kind) = answered else {
            self.standin.with(|world| world.give_up(id));
            return Response::Failed;
        };
        let look = move |world: &mut World| {
            let original = world.interactions[&id].original?;
            let mut seen = world.look(original)?;
            seen.interaction = Some(id);
            Some(seen)
        };
        match kind {
            4 | 7 => {
                // Deleted at once is seen by nobody.
                let Some(seen) = self.standin.with(look) else { return Response::Acknowledged };
                if kind == 4 { Response::Message(seen) } else { Response::Updated(seen) }
            }
            5 => {
                let done = move |world: &mut World| {
                    let message = &world.messages[&world.interactions[&id].original?];
                    if message.deleted {
                        return Some(None);
                    }
                    (message.flags & LOADING == 0).then(|| look(world))
                };
                let done = self.standin.wait_or_report("the end of 「考え中…」", DEFERRED, done).await;
                done.map_or(Response::Acknowledged, Response::Message)
            }
            6 => {
                let edited = move |world: &mut World| {
                    let interaction = &world.interactions[&id];
                    let message = &world.messages[&interaction.original?];
                    (message.revision != interaction.revision).then(|| look(world))
                };
                let edited = self.standin.wait_for(Duration::from_secs(1), edited).await;
                edited.flatten().map_or(Response::Acknowledged, Response::Updated)
            }
            9 => Response::Modal(Modal::of(&self.standin.with(|world| world.interactions[&id].modal.clone()), id)),
            other => panic!("a response of type {other} is none a person sees"),
        }
    }
}

/// A label as a test names it: whole, or its beginning.
fn begins(label: &str, named: &str) -> bool {
    // Without the emoji, too: it is no word.
    label.starts_with(named) || label.split_once(' ').is_some_and(|(_, words)| words.starts_with(named))
}

fn component_number(message: &Value, custom_id: &str) -> Value {
    let rows = message["components"].as_array().into_iter().flatten();
    let mut components = rows.flat_map(|row| row["components"].as_array().into_iter().flatten());
    components.find(|component| component["custom_id"] == json!(custom_id)).map_or(json!(0), |component| component["id"].clone())
}

fn number(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().filter(Value::is_number)
}

fn check_input(input: &Value, text: &str) {
    let length = text.encode_utf16().count() as u64;
    let label = &input["label"];
    let needed = input["required"] != Value::Bool(false);
    assert!(!text.is_empty() || !needed, "the input {label} must be filled in");
    let least = input["min_length"].as_u64().unwrap_or(0);
    assert!(text.is_empty() || length >= least, "the input {label} takes no fewer than {least} characters");
    let most = input["max_length"].as_u64().unwrap_or(4000);
    assert!(length <= most, "the input {label} takes no more than {most} characters");
}

fn option_named<'a>(within: &'a Value, name: &str) -> &'a Value {
    let mut options = within["options"].as_array().into_iter().flatten();
    let localized =
        |option: &Value| option["name_localizations"].as_object().is_some_and(|names| names.values().any(|known| known == name));
    options
        .find(|option| option["name"] == name || localized(option))
        .unwrap_or_else(|| panic!("{} has no option {name}", within["name"].as_str().unwrap_or_default()))
}

fn option_values(command: &Value, given: &[(&str, &str)]) -> Vec<Value> {
    for option in command["options"].as_array().into_iter().flatten() {
        let name = option["name"].as_str().unwrap_or_default();
        let missing = option["required"] == Value::Bool(true) && !given.iter().any(|(known, _)| *known == name);
        assert!(!missing, "the option {name} is required");
    }
    given.iter().map(|(name, text)| option_value(option_named(command, name), name, text)).collect()
}

/// An option as a client sends it; what it would not let the person send panics.
fn option_value(option: &Value, name: &str, text: &str) -> Value {
    let choices = option["choices"].as_array().filter(|choices| !choices.is_empty());
    let value = match (choices, option["type"].as_u64()) {
        (Some(choices), _) => {
            let chosen = choices.iter().find(|choice| {
                choice["name"] == text || choice["value"] == text || Some(&choice["value"]) == number(text).as_ref()
            });
            chosen.unwrap_or_else(|| panic!("{text} is no choice of {name}"))["value"].clone()
        }
        (None, Some(3)) => {
            let length = text.encode_utf16().count() as u64;
            let (least, most) = (option["min_length"].as_u64().unwrap_or(0), option["max_length"].as_u64().unwrap_or(6000));
            assert!((least..=most).contains(&length), "{name} takes {least} to {most} characters, not {length}");
            json!(text)
        }
        (None, Some(4)) => json!(text.parse::<i64>().unwrap_or_else(|_| panic!("{name} takes a whole number"))),
        (None, Some(5)) => json!(text.parse::<bool>().unwrap_or_else(|_| panic!("{name} takes true or false"))),
        (None, Some(10)) => json!(text.parse::<f64>().unwrap_or_else(|_| panic!("{name} takes a number"))),
        // Files travel among the resolved objects; users, channels and roles by id, mentioned or plain.
        (None, Some(11)) => json!("1"),
        _ => json!(text.trim_matches(|c: char| !c.is_ascii_digit())),
    };
    json!({"type": option["type"], "name": option["name"], "value": value})
}

/// The data of a command, with its options below the subcommands they belong to.
fn command_data(command: &Value, path: &[Value], values: Vec<Value>) -> Value {
    let mut options = values;
    for step in path.iter().rev() {
        options = vec![json!({"type": step["type"], "name": step["name"], "options": options})];
    }
    json!({"id": command["id"], "name": command["name"], "type": command["type"], "options": options})
}

impl World {
    /// The registered command of this type and name, if a client would offer it to this person here; otherwise why not.
    fn offered(&self, user: u64, channel: u64, kind: u64, name: &str) -> Result<Value, String> {
        let person = &self.users[&user];
        let named = |command: &&Value| {
            command["type"] == json!(kind)
                && (command["name"] == name || command["name_localizations"][person.locale.as_str()] == name)
        };
        let registered: Vec<&str> = self.commands.iter().filter_map(|command| command["name"].as_str()).collect();
        let command = self.commands.iter().find(named);
        let command = command.ok_or_else(|| format!("no command {name} is registered, only: {}", registered.join(", ")))?;
        let dm = matches!(self.channels[&channel].kind, ChannelKind::Dm(_));
        let contexts = command["contexts"].as_array();
        let here = contexts.is_none_or(|contexts| contexts.contains(&json!(u8::from(dm))));
        if !here {
            return Err(format!("the command {name} is not offered {}", if dm { "in DMs" } else { "in servers" }));
        }
        let needed = command["default_member_permissions"].as_str().and_then(|bits| bits.parse::<u64>().ok());
        let allowed = needed.is_none_or(|bits| {
            let administrator = person.permissions & permissions::ADMINISTRATOR != 0;
            dm || administrator || (bits != 0 && person.permissions & bits == bits)
        });
        if allowed { Ok(command.clone()) } else { Err(format!("the command {name} is not offered to {}", person.name)) }
    }

    /// Makes the interaction and sends it to the bot.
    fn interact(&mut self, user: u64, press: Press) -> u64 {
        let id = self.clock.id();
        // Long and unguessable on the wire; here long is enough.
        let token = format!("{}{id}.{}", crate::interactions::TOKEN, "standin0".repeat(16));
        let entry = self.transcript.len();
        if press.kind != InteractionKind::Autocomplete {
            let told = format!("{}  {} {}", self.place(press.channel), self.name(user), press.told);
            self.transcript.push(told);
        }
        let event = self.interaction_json(id, &token, user, &press);
        self.interactions.insert(
            id,
            Interaction {
                id,
                token,
                kind: press.kind,
                user,
                channel: press.channel,
                created: self.clock.now(),
                source: press.source,
                target: press.target,
                name: press.name,
                answered: None,
                failed: false,
                original: None,
                revision: 0,
                choices: Value::Null,
                modal: Value::Null,
                followups: Vec::new(),
                entry,
            },
        );
        let guild = self.channels[&press.channel].guild;
        self.dispatch(guild, 0, "INTERACTION_CREATE", &event);
        id
    }

    fn interaction_json(&self, id: u64, token: &str, user: u64, press: &Press) -> Value {
        let channel = &self.channels[&press.channel];
        let person = &self.users[&user];
        let mut channel_json = self.channel_json(channel);
        channel_json["permissions"] = json!(person.permissions.to_string());
        let app_permissions = match channel.guild {
            Some(_) => self.bot_permissions(channel.id),
            None => permissions::ORDINARY | permissions::MENTION_EVERYONE,
        };
        let mut event = json!({
            "id": id.to_string(), "application_id": self.bot.to_string(), "type": press.kind as u8, "data": press.data,
            "token": token,
            "version": 1, "channel_id": channel.id.to_string(), "channel": channel_json,
            "app_permissions": app_permissions.to_string(),
            "locale": person.locale, "entitlements": [], "entitlement_sku_ids": [], "context": u8::from(channel.guild.is_none()),
            "authorizing_integration_owners": self.integration_owners(channel.id), "attachment_size_limit": 10_485_760,
        });
        match channel.guild.and_then(|guild| self.guilds.get(&guild)) {
            Some(guild) => {
                let mut member = self.member_json(user, guild.id);
                member["permissions"] = json!(person.permissions.to_string());
                let fields = json!({
                    "guild_id": guild.id.to_string(), "guild_locale": guild.locale, "member": member,
                    "guild": {"id": guild.id.to_string(), "locale": guild.locale, "features": []},
                });
                crate::objects::merge(&mut event, fields);
            }
            None => event["user"] = self.user_json(user),
        }
        if let Some(source) = press.source {
            let mut message = self.message_json(source, true);
            if !self.message_content {
                self.withhold(&mut message, channel.guild);
            }
            event["message"] = message;
        }
        event
    }

    /// The client shows "This interaction failed".
    fn give_up(&mut self, id: u64) {
        let Some(interaction) = self.interactions.get_mut(&id) else { return };
        interaction.failed = true;
        let entry = interaction.entry;
        if let Some(line) = self.transcript.get_mut(entry) {
            line.push_str(" → （インタラクションに失敗しました）");
        }
    }
}
