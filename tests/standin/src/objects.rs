//! The JSON of everything, complete as Discord sends it (libraries silently drop what lacks a field), and the withholding of
//! message content. Leaves to `sessions` who gets which of it.

use serde_json::{Value, json};

use crate::clock::{iso, made};
use crate::world::{Channel, ChannelKind, Guild, Interaction, InteractionKind, Message, Role, User, World};

impl World {
    pub(crate) fn user_json(&self, id: u64) -> Value {
        self.users.get(&id).map_or(Value::Null, user_json)
    }

    /// A guild member, with its user.
    pub(crate) fn member_json(&self, id: u64, guild: u64) -> Value {
        let mut member = self.partial_member_json(id, guild);
        member["user"] = self.user_json(id);
        member
    }

    fn partial_member_json(&self, id: u64, guild: u64) -> Value {
        let mut roles: Vec<String> =
            self.users.get(&id).map(|user| user.roles.iter().map(u64::to_string).collect()).unwrap_or_default();
        if id == self.bot {
            roles.extend(self.bot_role(guild).map(|role| role.to_string()));
        }
        json!({
            "nick": null, "avatar": null, "banner": null, "roles": roles, "joined_at": iso(made(id)), "premium_since": null,
            "deaf": false, "mute": false, "flags": 0, "pending": false, "communication_disabled_until": null,
            "unusual_dm_activity_until": null, "avatar_decoration_data": null,
        })
    }

    /// The `member` of a message event: only for people and bots of the guild, not for webhooks.
    pub(crate) fn member_of_author(&self, message: u64, guild: u64) -> Option<Value> {
        let message = self.messages.get(&message)?;
        (message.webhook.is_none()).then(|| self.partial_member_json(message.author, guild))
    }

    pub(crate) fn channel_json(&self, channel: &Channel) -> Value {
        let last_message = channel.last_message.map(|id| id.to_string());
        let mut object = json!({"id": channel.id.to_string(), "last_message_id": last_message, "flags": 0});
        let fields = match channel.kind {
            ChannelKind::Dm(user) => json!({"type": 1, "recipients": [self.user_json(user)]}),
            ChannelKind::Text | ChannelKind::Forum => json!({
                "type": if channel.kind == ChannelKind::Forum { 15 } else { 0 },
                "guild_id": channel.guild.map(|id| id.to_string()),
                "name": channel.name, "topic": null, "position": 0, "nsfw": false, "rate_limit_per_user": 0, "parent_id": null,
                "permission_overwrites": self.overwrites(channel), "default_auto_archive_duration": 1440,
            }),
            ChannelKind::Thread => json!({
                "type": 11, "guild_id": channel.guild.map(|id| id.to_string()), "name": channel.name,
                "parent_id": channel.parent.map(|id| id.to_string()), "owner_id": self.bot.to_string(), "rate_limit_per_user": 0,
                "message_count": 0, "member_count": 1, "total_message_sent": 0, "thread_metadata": thread_metadata(channel),
            }),
        };
        merge(&mut object, fields);
        object
    }

    /// What the bot may do here and not elsewhere, as an overwrite for the bot: a client that reckons comes to the same bits.
    fn overwrites(&self, channel: &Channel) -> Value {
        match channel.bot_permissions {
            Some(bits) => {
                json!([{"id": self.bot.to_string(), "type": 1, "allow": bits.to_string(),
                "deny": (!bits & 0x3_ffff_ffff_ffff).to_string()}])
            }
            None => json!([]),
        }
    }

    /// What GET /guilds/{id} tells.
    pub(crate) fn guild_json(&self, guild: &Guild) -> Value {
        json!({
            "id": guild.id.to_string(), "name": guild.name, "icon": null, "icon_hash": null, "splash": null,
            "discovery_splash": null,
            "owner_id": guild.owner.to_string(), "region": "deprecated", "afk_channel_id": null, "afk_timeout": 300,
            "widget_enabled": false, "widget_channel_id": null, "verification_level": 1, "default_message_notifications": 1,
            "explicit_content_filter": 0, "roles": guild.roles.iter().map(role_json).collect::<Vec<_>>(), "emojis": [],
            "features": [],
            "mfa_level": 0, "application_id": null, "system_channel_id": null, "system_channel_flags": 0,
            "rules_channel_id": null,
            "max_presences": null, "max_members": 500_000, "vanity_url_code": null, "description": null, "banner": null,
            "premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": guild.locale,
            "public_updates_channel_id": null,
            "max_video_channel_users": 25, "max_stage_video_channel_users": 50, "nsfw_level": 0, "stickers": [], "nsfw": false,
            "premium_progress_bar_enabled": false, "safety_alerts_channel_id": null, "incidents_data": null, "hub_type": null,
            "home_header": null, "latest_onboarding_question_id": null, "inventory_settings": null,
        })
    }

    pub(crate) fn guild_create_json(&self, guild: &Guild) -> Value {
        let mut object = self.guild_json(guild);
        let channels = |threads: bool| -> Vec<Value> {
            let here = self.channels.values().filter(|channel| channel.guild == Some(guild.id) && !channel.deleted);
            let kind = here.filter(|channel| (channel.kind == ChannelKind::Thread) == threads && !channel.archived);
            kind.map(|channel| self.channel_json(channel)).collect()
        };
        merge(
            &mut object,
            json!({
                "joined_at": iso(made(self.bot)), "large": false, "unavailable": false, "member_count": guild.members.len() + 1 + guild.others,
                "voice_states": [], "members": [self.member_json(self.bot, guild.id)], "channels": channels(false),
                "threads": channels(true),
                "presences": [], "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [], "version": 1,
            }),
        );
        object
    }

    /// A message with everything in it, as its author sees it. `outer`: with the message it refers to.
    pub(crate) fn message_json(&self, id: u64, outer: bool) -> Value {
        let Some(message) = self.messages.get(&id) else { return Value::Null };
        let mut object = json!({
            "id": id.to_string(), "channel_id": message.channel.to_string(), "author": self.author_json(message),
            "content": message.content, "timestamp": iso(made(id)), "edited_timestamp": message.edited.map(iso), "tts": false,
            "mention_everyone": message.mention_everyone,
            "mentions": message.mentions.iter().map(|id| self.user_json(*id)).collect::<Vec<_>>(),
            "mention_roles": message.mention_roles.iter().map(u64::to_string).collect::<Vec<_>>(),
            "attachments": list(&message.attachments),
            "embeds": list(&message.embeds), "components": list(&message.components), "pinned": false, "type": message.kind,
            "flags": message.flags,
        });
        if !message.nonce.is_null() {
            object["nonce"] = message.nonce.clone();
        }
        if !message.reactions.is_empty() {
            object["reactions"] = self.reactions_json(message);
        }
        if message.webhook.is_some() {
            object["webhook_id"] = json!(message.author.to_string());
        }
        if let Some(interaction) = message.interaction.and_then(|id| self.interactions.get(&id)) {
            object["webhook_id"] = json!(self.bot.to_string());
            object["application_id"] = json!(self.bot.to_string());
            merge(&mut object, self.interaction_metadata(interaction, id));
        }
        if let Some(to) = message.reply_to {
            let channel = self.channels.get(&message.channel).and_then(|channel| channel.guild);
            object["message_reference"] =
                json!({"type": 0, "channel_id": message.channel.to_string(), "message_id": to.to_string()});
            if let Some(guild) = channel {
                object["message_reference"]["guild_id"] = json!(guild.to_string());
            }
            if outer {
                // Null says "was deleted", and is not the same as absent.
                let there = self.messages.get(&to).is_some_and(|message| !message.deleted);
                object["referenced_message"] = if there { self.message_json(to, false) } else { Value::Null };
            }
        }
        object
    }

    fn author_json(&self, message: &Message) -> Value {
        match &message.webhook {
            Some(name) => json!({
                "id": message.author.to_string(), "username": name, "discriminator": "0000", "global_name": null, "avatar": null,
                "bot": true, "public_flags": 0, "flags": 0,
            }),
            None => self.user_json(message.author),
        }
    }

    fn reactions_json(&self, message: &Message) -> Value {
        let mut emoji: Vec<&str> = message.reactions.iter().map(|(emoji, _)| emoji.as_str()).collect();
        emoji.sort_unstable();
        emoji.dedup();
        emoji
            .iter()
            .map(|emoji| {
                let by: Vec<u64> = message.reactions.iter().filter(|(known, _)| known == emoji).map(|(_, user)| *user).collect();
                json!({
                    "emoji": {"id": null, "name": emoji}, "count": by.len(), "count_details": {"burst": 0, "normal": by.len()},
                    "me": by.contains(&self.bot), "me_burst": false, "burst_me": false, "burst_count": 0, "burst_colors": [],
                })
            })
            .collect()
    }

    fn interaction_metadata(&self, interaction: &Interaction, message: u64) -> Value {
        let mut metadata = json!({
            "id": interaction.id.to_string(), "user": self.user_json(interaction.user),
            "type": if interaction.kind == InteractionKind::Autocomplete { 2 } else { interaction.kind as u8 },
            "authorizing_integration_owners": self.integration_owners(interaction.channel),
        });
        // A followup names the first answer; the first answer has nothing to name.
        if let Some(original) = interaction.original.filter(|_| interaction.followups.contains(&message)) {
            metadata["original_response_message_id"] = json!(original.to_string());
        }
        let mut fields = json!({});
        match interaction.kind {
            InteractionKind::Component => {
                metadata["interacted_message_id"] = json!(interaction.source.map(|id| id.to_string()));
            }
            InteractionKind::Modal => {
                let mut opener = json!({
                    "id": interaction.id.to_string(), "type": 2, "user": self.user_json(interaction.user),
                    "authorizing_integration_owners": self.integration_owners(interaction.channel),
                });
                if let Some(source) = interaction.source {
                    merge(&mut opener, json!({"type": 3, "interacted_message_id": source.to_string()}));
                }
                metadata["triggering_interaction_metadata"] = opener;
            }
            _ => {
                metadata["name"] = json!(interaction.name);
                if let Some(target) = interaction.target {
                    metadata["target_message_id"] = json!(target.to_string());
                }
                fields["interaction"] = json!({
                    "id": interaction.id.to_string(), "type": 2, "name": interaction.name,
                    "user": self.user_json(interaction.user),
                });
            }
        }
        fields["interaction_metadata"] = metadata;
        fields
    }

    pub(crate) fn integration_owners(&self, channel: u64) -> Value {
        let guild = self.channels.get(&channel).and_then(|channel| channel.guild);
        json!({"0": guild.map_or_else(|| "0".to_owned(), |guild| guild.to_string())})
    }

    /// Empties what an application without MESSAGE_CONTENT does not get, in the message and in the one it refers to, each judged
    /// by itself.
    pub(crate) fn withhold(&self, message: &mut Value, guild: Option<u64>) {
        let bot = self.bot.to_string();
        let own = message["author"]["id"] == json!(bot);
        let mentioned = message["mentions"].as_array().is_some_and(|users| users.iter().any(|user| user["id"] == json!(bot)));
        if guild.is_some() && !own && !mentioned {
            message["content"] = json!("");
            for field in ["embeds", "attachments", "components"] {
                message[field] = json!([]);
            }
        }
        if message["referenced_message"].is_object() {
            let mut referenced = message["referenced_message"].take();
            self.withhold(&mut referenced, guild);
            message["referenced_message"] = referenced;
        }
    }

    /// The application, with every field; flags tell which privileged intents the portal allows.
    pub(crate) fn application_json(&self) -> Value {
        let mut application = json!({
            "id": self.bot.to_string(), "name": "medse-bot", "icon": null, "description": "", "rpc_origins": [],
            "bot_public": true,
            "bot_require_code_grant": false, "owner": self.owner_json(),
            "verify_key": "0".repeat(64), "team": null, "flags": self.application_flags(), "tags": [], "hook": true,
            "summary": "",
            "approximate_guild_count": self.guilds.len(), "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0, "redirect_uris": [], "interactions_endpoint_url": null,
            "role_connections_verification_url": null, "event_webhooks_url": null, "event_webhooks_status": 1, "type": null,
            "integration_types_config": {"0": {"oauth2_install_params": {"scopes": ["applications.commands", "bot"],
            "permissions": "0"}}},
            "is_monetized": false, "is_verified": false, "is_discoverable": false, "bot": self.user_json(self.bot),
            "flags_new": self.application_flags().to_string(), "explicit_content_filter": 0, "eligible_oauth2_scopes": [],
        });
        merge(&mut application, self.portal.clone());
        application
    }

    fn owner_json(&self) -> Value {
        self.guilds.get(&self.guild).map_or(Value::Null, |guild| self.user_json(guild.owner))
    }

    /// Bit 19: MESSAGE_CONTENT allowed for an application in fewer than 100 guilds.
    pub(crate) fn application_flags(&self) -> u64 {
        if self.message_content { 1 << 19 } else { 0 }
    }
}

fn user_json(user: &User) -> Value {
    // People have a display name beside their user name; bots have only the latter.
    let (username, global) =
        if user.bot { (user.name.clone(), Value::Null) } else { (format!("member{}", user.id % 100_000), json!(user.name)) };
    let mut object = json!({
        "id": user.id.to_string(), "username": username, "discriminator": if user.bot { "4242" } else { "0" },
        "global_name": global,
        "avatar": null, "banner": null, "accent_color": null, "public_flags": 0, "flags": 0, "avatar_decoration_data": null,
        "collectibles": null, "primary_guild": null, "system": false,
    });
    // Absent for people, as on the wire.
    if user.bot {
        object["bot"] = json!(true);
    }
    object
}

fn role_json(role: &Role) -> Value {
    let mut object = json!({
        "id": role.id.to_string(), "name": role.name, "description": null, "color": 0, "hoist": false, "icon": null,
        "unicode_emoji": null,
        "colors": {"primary_color": 0, "secondary_color": null, "tertiary_color": null},
        "position": i32::from(role.bot.is_some()),
        "permissions": role.permissions.to_string(), "managed": role.bot.is_some(), "mentionable": false, "flags": 0,
    });
    if let Some(bot) = role.bot {
        object["tags"] = json!({"bot_id": bot.to_string()});
    }
    object
}

pub(crate) fn thread_metadata(channel: &Channel) -> Value {
    json!({
        "archived": channel.archived, "archive_timestamp": iso(made(channel.id)), "auto_archive_duration": 1440,
        "locked": channel.locked, "create_timestamp": iso(made(channel.id)),
    })
}

/// Lists are never absent from a message.
fn list(value: &Value) -> Value {
    if value.is_array() { value.clone() } else { json!([]) }
}

pub(crate) fn merge(into: &mut Value, fields: Value) {
    if let (Some(into), Value::Object(fields)) = (into.as_object_mut(), fields) {
        into.extend(fields);
    }
}
