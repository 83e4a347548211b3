//! The ways to send: what Discord is told, each call with what keeps it from being done twice, and nobody pinged by any of them.
//!
//! When it goes out, and what a failure leads to, is left to `queue.rs`; what it says, to `page.rs`.

use std::future::Future;
use std::sync::Arc;
use std::time::SystemTime;

use serenity::builder::{
    CreateAllowedMentions, CreateAttachment, CreateInteractionResponse, CreateInteractionResponseFollowup,
    CreateInteractionResponseMessage, CreateMessage, EditInteractionResponse, EditMessage,
};
use serenity::http::{Ratelimit, Route};
use serenity::model::application::InteractionResponseFlags;
use serenity::model::channel::{Message, MessageFlags, MessageReference, MessageReferenceKind, Nonce, ReactionType};
use serenity::model::id::{ApplicationId, ChannelId, InteractionId, MessageId};
use tokio::time::Instant;

use super::bot::Shared;
use super::lanes::Standing;
use super::page::Page;
use super::queue::{Errand, Floor, Loss, Repeat, code};

/// An interaction, as far as answering it needs.
#[derive(Clone, Copy, Debug)]
pub struct Pressed<'a> {
    /// The interaction.
    pub id: InteractionId,
    /// Its token: never logged.
    pub token: &'a str,
    /// Where it happened.
    pub channel: ChannelId,
}

impl Pressed<'_> {
    /// What somebody is told when something fails, and the log says too.
    pub fn code(&self) -> String {
        format!("{:04X}", self.id.get() >> 22 & 0xffff)
    }
}

impl Shared {
    /// Waits until nobody else of us speaks in a channel: then every answer posted there before is known. Presses change what stands
    /// there without waiting.
    ///
    /// # Errors
    /// It would be too late, or too much is waiting.
    pub async fn floor(&self, channel: ChannelId, asked: Instant) -> Result<Floor<'_>, Loss> {
        self.queue.floor(channel, asked).await
    }

    /// Posts in a channel, as a reply where there is something to reply to. The nonce keeps a repeated call from posting twice.
    ///
    /// # Errors
    /// Discord refused or failed, or it would have come too late.
    pub async fn post(
        &self,
        floor: &Floor<'_>,
        reply_to: Option<MessageId>,
        nonce: &str,
        page: &Page,
        asked: Instant,
    ) -> Result<MessageId, Loss> {
        let channel = floor.channel();
        let send = |reply_to: Option<MessageId>| async move {
            let mut message = posting(page, nonce);
            if let Some(reply_to) = reply_to {
                let reference = MessageReference::new(MessageReferenceKind::Default, channel);
                message = message.reference_message(reference.message_id(reply_to).fail_if_not_exists(false));
            }
            self.http().send_message(channel, Vec::new(), &message).await
        };
        let call = || async move {
            match send(reply_to).await {
                // Without the right to read the history nothing can be a reply; the answer itself may still stand.
                Err(error) if reply_to.is_some() && code::of(&error) == Some(code::CANNOT_REPLY) => send(None).await,
                posted => posted,
            }
        };
        let route = Route::ChannelMessages { channel_id: channel };
        let posted = floor.send(self.http(), Errand { channel, route, asked, repeat: Repeat::Safe }, call).await?;
        Ok(posted.id)
    }

    /// Posts in reply to a message, or not at all: elsewhere, and alone, nobody would know for whom it is.
    ///
    /// # Errors
    /// As for [`Shared::post`]; also where the message is gone.
    pub async fn post_under(&self, floor: &Floor<'_>, question: MessageId, nonce: &str, page: &Page) -> Result<(), Loss> {
        let channel = floor.channel();
        let reference = MessageReference::new(MessageReferenceKind::Default, channel).message_id(question);
        let message = posting(page, nonce).reference_message(reference.fail_if_not_exists(true));
        let call = || self.http().send_message(channel, Vec::new(), &message);
        let route = Route::ChannelMessages { channel_id: channel };
        floor.send(self.http(), Errand { channel, route, asked: Instant::now(), repeat: Repeat::Safe }, call).await.map(drop)
    }

    /// A message of ours as it stands now.
    ///
    /// # Errors
    /// As for [`Shared::post`]; also without the right to read the history.
    pub async fn standing(&self, floor: &Floor<'_>, answer: MessageId, asked: Instant) -> Result<Message, Loss> {
        let channel = floor.channel();
        let call = || self.http().get_message(channel, answer);
        let route = Route::ChannelMessage { channel_id: channel, message_id: answer };
        floor.send(self.http(), Errand { channel, route, asked, repeat: Repeat::Safe }, call).await
    }

    /// Posts in a channel whatever was said there before.
    ///
    /// # Errors
    /// As for [`Shared::post`].
    pub async fn post_alone(
        &self,
        channel: ChannelId,
        reply_to: Option<MessageId>,
        nonce: &str,
        page: &Page,
    ) -> Result<(), Loss> {
        let asked = Instant::now();
        let floor = self.floor(channel, asked).await?;
        let posted = self.post(&floor, reply_to, nonce, page, asked).await?;
        self.stands(channel, page, posted);
        Ok(())
    }

    /// An answer stands in a channel from now on, and may be pointed at.
    pub fn stands(&self, channel: ChannelId, page: &Page, message: MessageId) {
        if let Some((entry, lang)) = &page.answer {
            self.conversation().answered(channel.get(), entry, *lang, message.get(), self.now());
        }
    }

    /// The channel in which a member and the bot are alone.
    ///
    /// # Errors
    /// As for [`Shared::post`].
    pub async fn direct_channel(&self, member: u64) -> Result<ChannelId, Loss> {
        let recipient = serde_json::json!({ "recipient_id": member.to_string() });
        let call = || self.http().create_private_channel(&recipient);
        let place = ChannelId::new(member);
        self.send(Route::UserMeDmChannels, place, Instant::now(), Repeat::Safe, call).await.map(|channel| channel.id)
    }

    /// Changes what a message of ours says. Nobody is pinged by the change either.
    ///
    /// # Errors
    /// As for [`Shared::post`].
    pub async fn change(&self, floor: &Floor<'_>, answer: MessageId, page: &Page, asked: Instant) -> Result<(), Loss> {
        let channel = floor.channel();
        let edit = EditMessage::new()
            .content(&page.text)
            .components(page.rows.clone())
            .allowed_mentions(no_pings())
            .flags(MessageFlags::SUPPRESS_EMBEDS);
        let call = || self.http().edit_message(channel, answer, &edit, Vec::new());
        let route = Route::ChannelMessage { channel_id: channel, message_id: answer };
        floor.send(self.http(), Errand { channel, route, asked, repeat: Repeat::Safe }, call).await.map(drop)
    }

    /// Takes away a message of ours. One that is gone already is no failure.
    ///
    /// # Errors
    /// As for [`Shared::post`].
    pub async fn delete_message(&self, Standing { channel, answer }: Standing) -> Result<(), Loss> {
        let call = || async move { gone_is_deleted(self.http().delete_message(channel, answer, None).await) };
        let route = Route::ChannelMessage { channel_id: channel, message_id: answer };
        self.send(route, channel, Instant::now(), Repeat::Safe, call).await
    }

    /// Puts a reaction on a message.
    ///
    /// # Errors
    /// As for [`Shared::post`].
    pub async fn react(&self, message: &Message, emoji: &str, asked: Instant) -> Result<(), Loss> {
        let (channel, message_id) = (message.channel_id, message.id);
        let reaction = ReactionType::Unicode(emoji.to_owned());
        let route = Route::ChannelMessageReactionMe { channel_id: channel, message_id, reaction: emoji };
        let call = || self.http().create_reaction(channel, message_id, &reaction);
        self.send(route, channel, asked, Repeat::Safe, call).await
    }

    /// Takes away the message that was pressed. Through the press it needs no right to see the channel. One that is gone already is no failure.
    ///
    /// # Errors
    /// As for [`Shared::post`].
    pub async fn delete(&self, press: Pressed<'_>) -> Result<(), Loss> {
        let call = || async move { gone_is_deleted(self.http().delete_original_interaction_response(press.token).await) };
        let route = Route::WebhookOriginalInteractionResponse { application_id: self.application(), token: press.token };
        let deleted = self.send(route, press.channel, Instant::now(), Repeat::Safe, call).await;
        self.forget_limit(route).await;
        deleted
    }

    /// Answers an interaction.
    ///
    /// # Errors
    /// Discord refused, or no answer got through within its 3 s.
    pub async fn respond(&self, press: Pressed<'_>, response: &CreateInteractionResponse) -> Result<(), Loss> {
        let call = || self.http().create_interaction_response(press.id, press.token, response, Vec::new());
        let result = self.queue.press(call).await;
        self.forget_limit(Route::InteractionResponse { interaction_id: press.id, token: press.token }).await;
        result
    }

    /// Changes the private answer to an interaction.
    ///
    /// # Errors
    /// As for [`Shared::post`]; also when its 15 minutes are over.
    pub async fn edit_response(&self, press: Pressed<'_>, page: &Page) -> Result<Message, Loss> {
        self.edit_response_with(press, page, Vec::new()).await
    }

    /// The same, with files.
    ///
    /// # Errors
    /// As for [`Shared::edit_response`].
    pub async fn edit_response_with(
        &self,
        press: Pressed<'_>,
        page: &Page,
        files: Vec<CreateAttachment>,
    ) -> Result<Message, Loss> {
        let edit = EditInteractionResponse::new()
            .content(&page.text)
            .components(page.rows.clone())
            .allowed_mentions(no_pings())
            .flags(MessageFlags::SUPPRESS_EMBEDS);
        let edit = files.iter().cloned().fold(edit, EditInteractionResponse::new_attachment);
        let call = || self.http().edit_original_interaction_response(press.token, &edit, files.clone());
        let route = Route::WebhookOriginalInteractionResponse { application_id: self.application(), token: press.token };
        let edited = self.send(route, press.channel, Instant::now(), Repeat::Safe, call).await;
        self.forget_limit(route).await;
        edited
    }

    /// Posts an answer that everybody sees, on behalf of somebody who pressed a button.
    ///
    /// # Errors
    /// As for [`Shared::edit_response`].
    pub async fn follow_up(&self, press: Pressed<'_>, page: &Page) -> Result<(), Loss> {
        let message = CreateInteractionResponseFollowup::new()
            .content(&page.text)
            .components(page.rows.clone())
            .allowed_mentions(no_pings())
            .flags(MessageFlags::SUPPRESS_EMBEDS);
        let call = || self.http().create_followup_message(press.token, &message, Vec::new());
        let route = Route::WebhookFollowupMessages { application_id: self.application(), token: press.token };
        let (channel, asked) = (press.channel, Instant::now());
        let floor = self.floor(channel, asked).await?;
        let posted = floor.send(self.http(), Errand { channel, route, asked, repeat: Repeat::Never }, call).await;
        self.forget_limit(route).await;
        posted.map(|posted| self.stands(channel, page, posted.id))
    }

    /// Adds a message to the answer of an interaction that only its member sees.
    ///
    /// # Errors
    /// As for [`Shared::edit_response`].
    pub async fn add_private(&self, press: Pressed<'_>, page: &Page, file: Option<CreateAttachment>) -> Result<(), Loss> {
        let message = CreateInteractionResponseFollowup::new()
            .content(&page.text)
            .components(page.rows.clone())
            .allowed_mentions(no_pings())
            .flags(MessageFlags::SUPPRESS_EMBEDS | MessageFlags::EPHEMERAL);
        let message = file.iter().cloned().fold(message, CreateInteractionResponseFollowup::add_file);
        let files: Vec<CreateAttachment> = file.into_iter().collect();
        let call = || self.http().create_followup_message(press.token, &message, files.clone());
        let route = Route::WebhookFollowupMessages { application_id: self.application(), token: press.token };
        let added = self.send(route, press.channel, Instant::now(), Repeat::Never, call).await;
        self.forget_limit(route).await;
        added.map(drop)
    }

    async fn send<T, F>(
        &self,
        route: Route<'_>,
        channel: ChannelId,
        asked: Instant,
        repeat: Repeat,
        call: impl Fn() -> F,
    ) -> Result<T, Loss>
    where
        F: Future<Output = serenity::Result<T>>,
    {
        self.queue.send(self.http(), Errand { channel, route, asked, repeat }, call).await
    }

    /// Of old bots the number is another than the user's.
    fn application(&self) -> ApplicationId {
        self.http().application_id().unwrap_or_else(|| self.me().into())
    }

    /// Forgets serenity's memory of an interaction's limit. Discord has one for each token; serenity keeps one for each interaction, for
    /// ever, or takes those of all interactions for one.
    async fn forget_limit(&self, route: Route<'_>) {
        if let Some(limiter) = &self.http().ratelimiter {
            limiter.routes().write().await.remove(&route.ratelimiting_bucket());
        }
    }

    /// Forgets the limits that serenity remembers of channels for ever, where their time is over: one that is met again is learned again.
    pub async fn forget_past_limits(&self) {
        let Some(limiter) = &self.http().ratelimiter else { return };
        let now = SystemTime::now();
        // Whoever is about to call, or waits for an answer that brings the limit, holds it.
        let is_needed = |limit: &Arc<tokio::sync::Mutex<Ratelimit>>| {
            let is_past = |limit: &Ratelimit| limit.reset().is_some_and(|reset| reset < now);
            Arc::strong_count(limit) > 1 || !limit.try_lock().is_ok_and(|limit| is_past(&limit))
        };
        limiter.routes().write().await.retain(|_, limit| is_needed(limit));
    }
}

/// A page as a message of its own.
fn posting(page: &Page, nonce: &str) -> CreateMessage {
    CreateMessage::new()
        .content(&page.text)
        .components(page.rows.clone())
        .allowed_mentions(no_pings())
        .flags(MessageFlags::SUPPRESS_EMBEDS)
        .nonce(Nonce::String(nonce.to_owned()))
        .enforce_nonce(true)
}

/// A page as the content of a response.
pub fn body(page: &Page, is_private: bool) -> CreateInteractionResponseMessage {
    let mut flags = InteractionResponseFlags::SUPPRESS_EMBEDS;
    flags.set(InteractionResponseFlags::EPHEMERAL, is_private);
    CreateInteractionResponseMessage::new()
        .content(&page.text)
        .components(page.rows.clone())
        .allowed_mentions(no_pings())
        .flags(flags)
}

#[expect(clippy::result_large_err, reason = "serenity's own result, handed on")]
fn gone_is_deleted(deleted: serenity::Result<()>) -> serenity::Result<()> {
    match deleted {
        Err(error) if matches!(code::of(&error), Some(code::UNKNOWN_MESSAGE | code::UNKNOWN_CHANNEL)) => Ok(()),
        deleted => deleted,
    }
}

/// Nobody is pinged, whatever a text says.
fn no_pings() -> CreateAllowedMentions {
    CreateAllowedMentions::new().replied_user(false)
}
