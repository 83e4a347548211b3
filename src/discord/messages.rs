//! The doors where somebody writes: a mention, a reply to the bot, a direct message. A message of Discord -> what it is for us -> a reply.
//!
//! Whether to speak is decided in [`crate::conversation`]; what is said, in [`crate::answering`].

use serenity::model::channel::{Message, MessageType};
use serenity::model::id::GuildId;
use tokio::time::Instant;
use tracing::{debug, warn};

use super::bot::Bot;
use super::page::{self, Page, Surface};
use super::presses::tickets;
use super::queue::{Floor, Loss};
use super::ticket::Ticket;
use crate::answering::{Outcome, Question, Reason, phrases, question};
use crate::conversation::{Author, Call, Heard, Permit, Quiet, Saying, Text, Turn};
use crate::faq::{EntryId, Lang};

/// What we put under a thank-you.
const THANKS: &str = "🙏";

impl Bot {
    /// Somebody wrote something.
    pub async fn hear(&self, message: &Message) {
        let asked = Instant::now();
        let heard = self.heard(message);
        let turn = self.conversation().hear(&heard, self.now());
        // Whoever cries for help is never too fast.
        let is_cut_off = matches!(turn, Turn::AskForPatience | Turn::Silence(Quiet::TooFast));
        let (channel, member) = (message.channel_id.get(), message.author.id.get());
        let may_console = || self.conversation().may_console(channel, member, self.now());
        let turn = if is_cut_off && self.needs_people(&message.content) && may_console() { Turn::Answer } else { turn };
        match turn {
            Turn::Answer => self.answer(message, &message.content, asked).await,
            Turn::AnswerReferenced => {
                let words = message.referenced_message.as_ref().map(|referenced| referenced.content.as_str());
                self.answer(message, words.unwrap_or_default(), asked).await;
            }
            Turn::Greet => {
                let lang = self.spoken(message);
                let greeting = page::greeting(&self.knowledge.faq, &self.frame(lang, None, Surface::Public));
                self.say(message, &greeting, asked).await;
            }
            Turn::Hint => {
                let lang = self.spoken(message);
                let hint = page::asking(phrases::WITHHELD.get(lang), &self.frame(lang, None, Surface::Public));
                self.say(message, &hint, asked).await;
            }
            Turn::AskForPatience => self.say(message, &page::sentence(phrases::TOO_FAST.get(self.spoken(message))), asked).await,
            Turn::Silence(why) => debug!(?why, member, "silent"),
        }
    }

    /// The language a message is in; where no word of it shows one, what it replies to does.
    fn spoken(&self, message: &Message) -> Lang {
        let shown = question::language(&question::clean(&message.content));
        let replied = || self.ours(message).and_then(|ours| tickets(ours).next()).map(|ticket| ticket.lang);
        shown.or_else(replied).unwrap_or_else(|| self.lang_of(message.guild_id.map(GuildId::get)))
    }

    /// Whether a text is a cry for help.
    pub fn needs_people(&self, text: &str) -> bool {
        self.knowledge.judge().is_cry(&question::clean(text))
    }

    async fn answer(&self, message: &Message, words: &str, asked: Instant) {
        let fallback = self.lang_of(message.guild_id.map(GuildId::get));
        let question = Question::new(words, fallback).about(self.answered_in(message));
        let verdict = self.knowledge.decide(&question, &self.policy);
        let reply = self.knowledge.put(&question, &verdict);
        let (lang, reason) = (question.lang, verdict.decision.reason);
        debug!(?reason, outcome = ?verdict.decision.outcome, "decided");
        let surface = if message.guild_id.is_some() { Surface::Public } else { Surface::Direct };
        let frame = self.frame(lang, Some(message.author.id.get()), surface);
        if reason == Reason::Thanks && message.guild_id.is_some() {
            if let Err(loss) = self.react(message, THANKS, asked).await {
                debug!(reason = loss.reason(), "no reaction: {loss}");
            }
            return;
        }
        let page = match reason {
            Reason::Greeting | Reason::Empty => {
                Some(page::greeting(&self.knowledge.faq, &self.frame(lang, None, Surface::Public)))
            }
            _ => page::page(&reply, &frame),
        };
        let Some(page) = page else { return };
        let saying = match (&page.answer, verdict.decision.outcome) {
            (Some((entry, lang)), _) => Saying::Answer(entry, *lang),
            (None, Outcome::Decline) => Saying::Decline,
            _ => Saying::Other,
        };
        self.say_once(message, saying, lang, &page, asked).await;
    }

    /// Replies to a message, unless the same was just said in the channel: who asked in the same second waits to see.
    async fn say_once(&self, message: &Message, saying: Saying<'_>, lang: Lang, page: &Page, asked: Instant) {
        let Some(guild) = message.guild_id else { return self.say(message, page, asked).await };
        let floor = match self.floor(message.channel_id, asked).await {
            Ok(floor) => floor,
            Err(loss) => return self.unsaid(message, &loss),
        };
        let (channel, member) = (message.channel_id.get(), message.author.id.get());
        let permit = self.conversation().permit(channel, member, saying, self.now());
        match permit {
            Permit::Speak => self.say_in(&floor, message, page, asked).await,
            Permit::PointTo(above) => {
                let link = format!("{}https://discord.com/channels/{guild}/{channel}/{above}", phrases::ABOVE.get(lang));
                self.say_in(&floor, message, &page::sentence(&link), asked).await;
            }
            Permit::Silence(why) => debug!(?why, member, "silent"),
        }
    }

    /// Replies to a message.
    async fn say(&self, message: &Message, page: &Page, asked: Instant) {
        match self.floor(message.channel_id, asked).await {
            Ok(floor) => self.say_in(&floor, message, page, asked).await,
            Err(loss) => self.unsaid(message, &loss),
        }
    }

    async fn say_in(&self, floor: &Floor<'_>, message: &Message, page: &Page, asked: Instant) {
        if let Err(loss) = self.post(floor, message.channel_id, Some(message.id), message.id.get(), page, asked).await {
            self.unsaid(message, &loss);
        }
    }

    fn unsaid(&self, message: &Message, loss: &Loss) {
        let channel = message.channel_id.get();
        self.conversation().unsaid(channel, message.author.id.get());
        warn!(channel, question = message.id.get(), reason = loss.reason(), code = loss.code(), "not answered: {loss}");
    }

    /// What a message is for us.
    fn heard(&self, message: &Message) -> Heard {
        let me = self.me();
        let author = if message.author.id.get() == me {
            Author::Ourselves
        } else if message.webhook_id.is_some() {
            Author::Webhook
        } else if message.author.bot {
            Author::Bot
        } else if !matches!(message.kind, MessageType::Regular | MessageType::InlineReply) {
            Author::Service
        } else if message.member.as_ref().is_some_and(|member| self.is_ignored(&member.roles)) {
            Author::Ignored
        } else {
            Author::Person
        };
        let referenced = message.referenced_message.as_deref();
        let replies_to_us = referenced.is_some_and(|referenced| referenced.author.id.get() == me);
        let our_role = message.guild_id.and_then(|guild| self.guilds().get(&guild.get()).and_then(|guild| guild.our_role));
        let call = if message.guild_id.is_none() {
            Call::Direct
        } else if mentions(message, me) {
            Call::Mention
        } else if our_role.is_some_and(|role| message.mention_roles.iter().any(|mentioned| mentioned.get() == role)) {
            Call::Role
        } else if replies_to_us {
            Call::Reply
        } else {
            Call::Nobody
        };
        let is_shown = matches!(call, Call::Direct | Call::Mention);
        let of_others = referenced.filter(|referenced| referenced.author.id.get() != me);
        Heard {
            message: message.id.get(),
            member: message.author.id.get(),
            author,
            call,
            text: text(message, is_shown),
            referenced: of_others.map(|referenced| text(referenced, message.guild_id.is_none() || mentions(referenced, me))),
        }
    }

    /// The message of ours that a message replies to.
    fn ours<'a>(&self, message: &'a Message) -> Option<&'a Message> {
        message.referenced_message.as_deref().filter(|referenced| referenced.author.id.get() == self.me())
    }

    /// The entry that our message answered, to which this one replies: read from its buttons.
    fn answered_in(&self, message: &Message) -> Option<EntryId> {
        tickets(self.ours(message)?).find(Ticket::is_of_an_answer).and_then(|ticket| ticket.entry)
    }
}

/// What there is to read in a message; `is_shown`: Discord gives us its text whatever we may see.
fn text(message: &Message, is_shown: bool) -> Text {
    if !question::clean(&message.content).is_empty() {
        Text::Written
    } else if is_shown || !message.content.is_empty() || !message.sticker_items.is_empty() {
        Text::Empty
    } else {
        Text::Withheld
    }
}

fn mentions(message: &Message, user: u64) -> bool {
    message.mentions.iter().any(|mentioned| mentioned.id.get() == user)
}

/// The language of a server, as its owner chose it.
pub fn guild_lang(preferred_locale: &str) -> Option<Lang> {
    match preferred_locale {
        // The setting's default says nothing about the server.
        "" | "en-US" => None,
        locale => Some(super::bot::lang_of_locale(locale)),
    }
}
