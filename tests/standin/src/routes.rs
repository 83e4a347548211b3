//! Every REST call the stand-in knows, and where it leads; files that come with a message. Leaves what channels do to `channels`,
//! interactions to `interactions`; anything not named here is an unknown call.

use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::limits;
use crate::refusal::{Refusal, refuse};
use crate::rest::Asked;
use crate::world::World;

/// What a call is answered with when all is well.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Option<Value>,
}

impl Answer {
    pub(crate) fn ok(body: Value) -> Self {
        Self { status: 200, body: Some(body) }
    }

    pub(crate) fn empty() -> Self {
        Self { status: 204, body: None }
    }
}

/// Calls that carry their own token in the path, or need none.
pub(crate) fn needs_no_token(method: &str, path: &str) -> bool {
    path.starts_with("/interactions/") || path.starts_with("/webhooks/") || (method == "GET" && path == "/gateway")
}

/// The route of a call for its bucket: channel, guild and webhook stay, minor ids do not.
pub(crate) fn bucket_route(_method: &str, path: &str) -> String {
    let mut route = String::new();
    let mut former = "";
    for part in path.split('/').skip(1) {
        let minor = part.parse::<u64>().is_ok() && !matches!(former, "channels" | "guilds" | "webhooks");
        let minor = minor || former == "reactions" || part == "@original";
        route.push('/');
        route.push_str(if minor { ":id" } else { part });
        former = part;
    }
    route
}

impl World {
    pub(crate) fn route(&mut self, asked: &Asked) -> Result<Answer, Refusal> {
        let parts: Vec<&str> = asked.path.split('/').skip(1).collect();
        let id = |text: &str| text.parse::<u64>().ok().filter(|id| *id != 0).ok_or_else(Refusal::unknown_call);
        let body = &asked.body;
        match (asked.method.as_str(), parts.as_slice()) {
            ("GET", ["gateway"]) => Ok(Answer::ok(json!({"url": self.gateway_url}))),
            ("GET", ["gateway", "bot"]) => Ok(Answer::ok(json!({
                "url": self.gateway_url, "shards": self.gateway.shards, "session_start_limit": {
                    "total": 1000, "remaining": self.gateway.remaining, "reset_after": 14_400_000,
                    "max_concurrency": self.gateway.max_concurrency,
                },
            }))),
            ("GET", ["users", "@me"]) => {
                let mut user = self.user_json(self.bot);
                crate::objects::merge(
                    &mut user,
                    json!({"verified": true, "mfa_enabled": false, "locale": "en-US", "premium_type": 0}),
                );
                Ok(Answer::ok(user))
            }
            ("GET", ["users", "@me", "guilds"]) => Ok(Answer::ok(self.my_guilds())),
            ("GET", ["applications", "@me"] | ["oauth2", "applications", "@me"]) => Ok(Answer::ok(self.application_json())),
            (method @ ("GET" | "PUT"), ["applications", application, "commands"]) if id(application)? == self.bot => {
                if method == "PUT" { self.put_commands(body, None) } else { Ok(Answer::ok(self.commands_of(None))) }
            }
            (method @ ("GET" | "PUT"), ["applications", application, "guilds", guild, "commands"])
                if id(application)? == self.bot && self.guilds.contains_key(&id(guild)?) =>
            {
                let guild = Some(id(guild)?);
                if method == "PUT" { self.put_commands(body, guild) } else { Ok(Answer::ok(self.commands_of(guild))) }
            }
            ("GET", ["guilds", guild]) => match self.guilds.get(&id(guild)?) {
                Some(guild) => Ok(Answer::ok(self.guild_json(guild))),
                None => refuse(10004),
            },
            ("GET", ["guilds", guild, "members", member]) => {
                let (guild, member) = (id(guild)?, id(member)?);
                match self.guilds.get(&guild) {
                    Some(known) if member == self.bot || known.members.contains(&member) => {
                        Ok(Answer::ok(self.member_json(member, guild)))
                    }
                    Some(_) => refuse(10007),
                    None => refuse(10004),
                }
            }
            ("POST", ["users", "@me", "channels"]) => {
                limits::private_channel(body).map_err(|errors| Refusal::form(errors.json()))?;
                let recipient =
                    body["recipient_id"].as_str().and_then(|id| id.parse().ok()).or_else(|| body["recipient_id"].as_u64());
                match recipient.filter(|id| self.users.contains_key(id)) {
                    Some(user) => {
                        let dm = self.dm(user);
                        Ok(Answer::ok(self.channel_json(&self.channels[&dm])))
                    }
                    None => refuse(10013),
                }
            }
            ("GET", ["channels", channel]) => self.get_channel(id(channel)?),
            ("POST", ["channels", channel, "messages"]) => self.create_message(id(channel)?, body, &asked.uploads),
            ("GET", ["channels", channel, "messages"]) => self.get_messages(id(channel)?, &asked.query),
            ("GET", ["channels", channel, "messages", message]) => self.get_message(id(channel)?, id(message)?),
            ("PATCH", ["channels", channel, "messages", message]) => {
                self.edit_message(id(channel)?, id(message)?, body, &asked.uploads)
            }
            ("DELETE", ["channels", channel, "messages", message]) => self.delete_message(id(channel)?, id(message)?),
            ("PUT" | "DELETE", ["channels", channel, "messages", message, "reactions", emoji, "@me"]) => {
                self.own_reaction(&asked.method, id(channel)?, id(message)?, &decoded(emoji))
            }
            ("POST", ["channels", channel, "typing"]) => {
                self.may_write(id(channel)?)?;
                Ok(Answer::empty())
            }
            ("POST", ["interactions", interaction, token, "callback"]) => {
                let whole = asked.query.contains("with_response=true");
                self.callback(id(interaction)?, token, body, &asked.uploads, whole)
            }
            ("POST", ["webhooks", application, token]) => self.followup(id(application)?, token, body, &asked.uploads),
            (method @ ("GET" | "PATCH" | "DELETE"), ["webhooks", application, token, "messages", message]) => {
                self.followup_message(method, (id(application)?, token, message), body, &asked.uploads)
            }
            _ => Err(Refusal::unknown_call()),
        }
    }

    fn my_guilds(&self) -> Value {
        let one = |guild: &crate::world::Guild| {
            json!({
                "id": guild.id.to_string(), "name": guild.name, "icon": null, "banner": null, "owner": false,
                "permissions": self.guild_permissions(guild.id).to_string(), "features": [],
                "approximate_member_count": guild.members.len() + 1 + guild.others, "approximate_presence_count": 1,
            })
        };
        self.guilds.values().map(one).collect()
    }

    /// The bulk overwrite: commands of the same type and name keep their id.
    fn put_commands(&mut self, body: &Value, guild: Option<u64>) -> Result<Answer, Refusal> {
        limits::commands(body).map_err(|errors| Refusal::form(errors.json()))?;
        let scope = json!(guild.map(|id| id.to_string()));
        let mut commands = Vec::new();
        for given in body.as_array().into_iter().flatten() {
            let kind = given["type"].as_u64().unwrap_or(1);
            let known = self
                .commands
                .iter()
                .find(|known| known["guild_id"] == scope && known["type"] == json!(kind) && known["name"] == given["name"]);
            let id = known.map_or(Value::Null, |known| known["id"].clone());
            let id = if id.is_null() { json!(self.clock.id().to_string()) } else { id };
            let mut command = json!({
                "id": id, "application_id": self.bot.to_string(), "version": self.clock.id().to_string(), "type": kind,
                "name_localizations": null, "description": "", "description_localizations": null, "options": [],
                "default_member_permissions": null, "dm_permission": true, "nsfw": false, "contexts": null,
                "integration_types": [0],
            });
            crate::objects::merge(&mut command, given.clone());
            if guild.is_some() {
                command["guild_id"] = scope.clone();
            }
            commands.push(command);
        }
        self.commands.retain(|known| known["guild_id"] != scope);
        self.commands.extend(commands);
        self.commands_put += 1;
        Ok(Answer::ok(self.commands_of(guild)))
    }

    /// Global commands, or those of one guild.
    fn commands_of(&self, guild: Option<u64>) -> Value {
        let scope = json!(guild.map(|id| id.to_string()));
        self.commands.iter().filter(|known| known["guild_id"] == scope).cloned().collect()
    }

    /// Keeps a file where its address says it is; the attachment that tells of it.
    pub(crate) fn store(&mut self, name: &str, content: Vec<u8>) -> Value {
        let id = self.clock.id();
        let path = format!("/attachments/{}/{id}/{name}", self.guild);
        let url = format!("https://cdn.discordapp.com{path}");
        let attachment = json!({
            "id": id.to_string(), "filename": name, "size": content.len(), "url": url, "proxy_url": url, "ephemeral": false,
            "content_type": "text/plain; charset=utf-8",
        });
        self.files.insert(path, content);
        attachment
    }

    /// A body whose `attachments` are what people will see: those it keeps of `known`, and the new files.
    pub(crate) fn attached(&mut self, body: &Value, uploads: &Uploads, known: &Value) -> Value {
        let mut body = body.clone();
        if uploads.files.is_empty() && body.get("attachments").is_none() {
            return body;
        }
        let named = body["attachments"].as_array().cloned();
        let keeps = |file: &&Value| named.as_ref().is_none_or(|named| named.iter().any(|entry| entry["id"] == file["id"]));
        let mut attachments: Vec<Value> = known.as_array().into_iter().flatten().filter(keeps).cloned().collect();
        for (name, content) in &uploads.files {
            attachments.push(self.store(name, content.clone()));
        }
        body["attachments"] = json!(attachments);
        body
    }
}

/// A part of a path, its percent signs resolved.
fn decoded(part: &str) -> String {
    let mut bytes = Vec::new();
    let mut pieces = part.split('%');
    bytes.extend(pieces.next().unwrap_or_default().bytes());
    for piece in pieces {
        let byte = piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.extend(byte);
        bytes.extend(piece.chars().skip(2).collect::<String>().bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The files of a multipart call.
#[derive(Default)]
pub(crate) struct Uploads {
    /// Name and content of each.
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

impl Uploads {
    /// The JSON of a call and its files: the whole body, or the parts of a form.
    pub(crate) fn read(headers: &HeaderMap, bytes: &[u8]) -> (Vec<u8>, Self) {
        let kind = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let Some((_, boundary)) = kind.split_once("boundary=").filter(|_| kind.starts_with("multipart/form-data")) else {
            return (bytes.to_vec(), Self::default());
        };
        let mut json = Vec::new();
        let mut uploads = Self::default();
        for part in parts_between(bytes, format!("--{}", boundary.trim_matches('"')).as_bytes()) {
            let Some(gap) = position(part, b"\r\n\r\n") else { continue };
            let (head, content) = part.split_at(gap);
            let content = content.get(4..).unwrap_or_default();
            let content = content.strip_suffix(b"\r\n").unwrap_or(content);
            let head = String::from_utf8_lossy(head);
            match head.split_once("filename=\"").and_then(|(_, rest)| rest.split_once('"')) {
                Some((name, _)) => uploads.files.push((name.to_owned(), content.to_vec())),
                None if head.contains("name=\"payload_json\"") => json = content.to_vec(),
                None => {}
            }
        }
        (json, uploads)
    }
}

fn position(bytes: &[u8], of: &[u8]) -> Option<usize> {
    bytes.windows(of.len()).position(|window| window == of)
}

fn parts_between<'a>(mut bytes: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    while let Some(at) = position(bytes, boundary) {
        let (before, after) = bytes.split_at(at);
        parts.push(before);
        bytes = after.strip_prefix(boundary).unwrap_or_default();
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_decoded_and_routed() {
        for (part, text) in [("%F0%9F%99%8F", "🙏"), ("a%20b", "a b"), ("葵", "葵"), ("100", "100")] {
            assert_eq!(decoded(part), text);
        }
        for (path, route) in [
            ("/channels/12/messages/34", "/channels/12/messages/:id"),
            ("/channels/12/messages/34/reactions/%F0/@me", "/channels/12/messages/:id/reactions/:id/@me"),
            ("/webhooks/1/tok/messages/@original", "/webhooks/1/tok/messages/:id"),
        ] {
            assert_eq!(bucket_route("GET", path), route);
        }
    }

    #[test]
    fn files_come_out_of_a_form() {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", "multipart/form-data; boundary=XX".parse().unwrap());
        let form = "--XX\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"資格.yaml\"\r\n\r\nformat: 1\r\n--XX\r\n\
                    Content-Disposition: form-data; name=\"payload_json\"\r\n\r\n{\"content\":\"はい\"}\r\n--XX--\r\n";
        let (json, uploads) = Uploads::read(&headers, form.as_bytes());
        assert_eq!(String::from_utf8(json).unwrap(), "{\"content\":\"はい\"}");
        assert_eq!(uploads.files, [("資格.yaml".to_owned(), b"format: 1".to_vec())]);
    }
}
