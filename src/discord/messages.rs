//! The doors where somebody writes: a mention, a reply to the bot, a direct message. A message of Discord -> what it is for us -> a reply,
//! which follows its question when that is edited or deleted.
//!
//! Whether to speak is decided in [`crate::conversation`]; what is said, in [`crate::answering`].

use serenity::model::Timestamp;
use serenity::model::channel::{Message, MessageType};
use serenity::model::event::MessageUpdateEvent;
use serenity::model::id::{GuildId, MessageId};
use tokio::time::Instant;
use tracing::{debug, warn};

use super::bot::Bot;
use super::lanes::{AS_POSTED, Held, Standing, follows_deletion, follows_edit};
use super::page::{self, Page, Surface};
use super::presses::tickets;
use super::queue::{Floor, Loss, code};
use super::ticket::Ticket;
use super::watching::is_for_anybody;
use crate::answering::{Outcome, Question, Reason, Verdict, phrases, question};
use crate::conversation::{Author, Call, Heard, Permit, Quiet, Saying, Text, Turn};
use crate::faq::{EntryId, Lang};

/// What we put under a thank-you.
const THANKS: &str = "🙏";
/// An edit is told of within seconds; what is told later with an old time of editing was not edited now.
const JUST_EDITED: i64 = 60;

/// What a message leads to.
enum Wish {
    /// A reply.
    Say(Box<Page>),
    /// A reply, unless the same was just said there.
    SayOnce { page: Box<Page>, outcome: Outcome, lang: Lang },
    /// An answer nobody asked us for, unless it was just said there: then not even where it stands. What is kept of the question, is once it
    /// is said.
    SayUnasked { page: Box<Page>, question: Box<Question>, verdict: Box<Verdict> },
    /// No words.
    Thank,
    /// Nothing; what stands there from before goes.
    Nothing,
    /// Whatever stands there stays.
    Leave,
}

/// Whose words a question is, which decides what is kept of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// Of who asked us.
    Asked,
    /// Of who asked, but not us: nothing is kept unless we speak.
    Overheard,
    /// Of somebody else: nothing is kept.
    Others,
}

impl Bot {
    /// Somebody wrote something.
    pub async fn hear(&self, message: &Message) {
        self.follow(message, AS_POSTED).await;
    }

    /// Somebody changed what they wrote, and what stands under it follows. Discord tells in the same way of links it unfurled and of
    /// messages somebody pinned: those have no new time.
    pub async fn changed(&self, event: &MessageUpdateEvent) {
        let (Some(edited), Some(_), Some(_)) = (event.edited_timestamp, &event.author, &event.content) else { return };
        if Timestamp::now().unix_timestamp() - edited.unix_timestamp() > JUST_EDITED {
            return;
        }
        let mut message = Message::default();
        event.apply_to_message(&mut message);
        (message.id, message.channel_id, message.edited_timestamp) = (event.id, event.channel_id, Some(edited));
        // What it says now is noted anew if it asks.
        self.erase(message.id);
        let heard = self.heard(&message);
        if !self.lanes.follows(message.id) && heard.call == Call::Overheard {
            // What nobody asked us is not answered because it was changed; while people may answer, the new text waits.
            if heard.author == Author::Person {
                self.conversation().overheard.reword(message.id.get(), &message.content, self.now());
            }
            return;
        }
        drop(self.conversation().overheard.take(message.id.get()));
        self.follow(&message, milliseconds(edited)).await;
    }

    /// Messages are gone, and what stands under them goes, too.
    pub async fn deleted(&self, messages: &[MessageId]) {
        for message in messages {
            self.erase(*message);
            self.conversation().forget(message.get());
            drop(self.conversation().overheard.take(message.get()));
            let Some((question, stood)) = self.lanes.gone(*message).await else { continue };
            self.note_unanswered(question);
            if let Some(stood) = stood.filter(|stood| follows_deletion(stood.answer, Timestamp::now())) {
                self.take_away(stood).await;
            }
        }
    }

    async fn follow(&self, message: &Message, text: i64) {
        let asked = Instant::now();
        let heard = Heard { is_edit: text != AS_POSTED, ..self.heard(message) };
        if !self.lanes.follows(message.id) && (heard.author != Author::Person || heard.call == Call::Nobody) {
            return debug!(member = heard.member, "not addressed");
        }
        let Some(mut held) = self.lanes.enter(message.id, text).await else { return };
        if let (Some(standing), Some(edited)) = (held.standing(), message.edited_timestamp) {
            if !follows_edit(standing.answer, edited) {
                return;
            }
            // What it says now is not what may be pointed at.
            self.conversation().forget(standing.answer.get());
        }
        match self.wish(message, &heard) {
            Wish::Say(page) => self.say(&mut held, message, &page, asked).await,
            Wish::SayOnce { page, outcome, lang } => self.say_once(&mut held, message, &page, (outcome, lang), asked).await,
            Wish::SayUnasked { page, question, verdict } => {
                self.say_once(&mut held, message, &page, (Outcome::Silence, question.lang), asked).await;
                if held.standing().is_some() {
                    self.note_asked(message, &question, &verdict);
                }
            }
            Wish::Thank => {
                self.unsay(&mut held, message.id).await;
                if let Err(loss) = self.react(message, THANKS, asked).await {
                    debug!(reason = loss.reason(), "no reaction: {loss}");
                }
            }
            Wish::Nothing => self.unsay(&mut held, message.id).await,
            Wish::Leave => {}
        }
    }

    fn wish(&self, message: &Message, heard: &Heard) -> Wish {
        let turn = self.conversation().hear(heard, self.now());
        // Whoever cries for help is never too fast.
        let is_cut_off = matches!(turn, Turn::AskForPatience | Turn::Silence(Quiet::TooFast));
        let (channel, member) = (message.channel_id.get(), message.author.id.get());
        let may_console = || self.conversation().may_console(channel, member, self.now());
        let is_met = is_cut_off && heard.call != Call::Overheard && self.needs_people(&message.content) && may_console();
        let turn = if is_met { Turn::Answer } else { turn };
        let say = |page: Page| Wish::Say(Box::new(page));
        match turn {
            Turn::Answer if heard.call == Call::Overheard && !self.knows_unasked(message) => Wish::Nothing,
            Turn::Answer if heard.call == Call::Overheard => self.answer(message, &self.words_of(message), Origin::Overheard),
            Turn::Answer => self.answer(message, &message.content, Origin::Asked),
            Turn::AnswerReferenced => {
                let words = message.referenced_message.as_ref().map(|referenced| referenced.content.as_str());
                self.answer(message, words.unwrap_or_default(), Origin::Others)
            }
            Turn::Greet => {
                let lang = self.spoken(message);
                say(page::greeting(&self.knowledge.faq, &self.frame(lang, None, Surface::Public)))
            }
            Turn::Hint => {
                let lang = self.spoken(message);
                say(page::asking(phrases::WITHHELD.get(lang), &self.frame(lang, None, Surface::Public)))
            }
            Turn::AskForPatience => say(page::sentence(phrases::TOO_FAST.get(self.spoken(message)))),
            Turn::Silence(why) => {
                debug!(?why, member, "silent");
                if why == Quiet::TooFast { Wish::Leave } else { Wish::Nothing }
            }
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

    fn answer(&self, message: &Message, words: &str, origin: Origin) -> Wish {
        let fallback = self.lang_of(message.guild_id.map(GuildId::get));
        let question = Question::new(words, fallback).about(self.answered_in(message));
        let policy = if origin == Origin::Overheard { self.policy.unaddressed() } else { self.policy };
        let verdict = self.knowledge.decide(&question, &policy);
        let reply = self.knowledge.put(&question, &verdict);
        let (lang, outcome, reason) = (question.lang, verdict.decision.outcome, verdict.decision.reason);
        debug!(?reason, ?outcome, "decided");
        match origin {
            Origin::Asked => self.note_asked(message, &question, &verdict),
            Origin::Others => self.conversation().forget_question(message.id.get()),
            Origin::Overheard => {}
        }
        if reason == Reason::Thanks && message.guild_id.is_some() {
            return Wish::Thank;
        }
        let surface = if message.guild_id.is_some() { Surface::Public } else { Surface::Direct };
        let frame = self.frame(lang, Some(message.author.id.get()), surface);
        let page = match reason {
            Reason::Greeting | Reason::Empty => {
                Some(page::greeting(&self.knowledge.faq, &self.frame(lang, None, Surface::Public)))
            }
            _ => page::page(&reply, &frame),
        };
        if origin != Origin::Overheard || page.is_some() {
            self.decided(surface, outcome);
        }
        match page {
            Some(page) if origin == Origin::Overheard => {
                Wish::SayUnasked { page: Box::new(page), question: Box::new(question), verdict: Box::new(verdict) }
            }
            Some(page) if message.guild_id.is_some() => Wish::SayOnce { page: Box::new(page), outcome, lang },
            Some(page) => Wish::Say(Box::new(page)),
            None => Wish::Nothing,
        }
    }

    fn note_asked(&self, message: &Message, question: &Question, verdict: &Verdict) {
        let with = message.id.get();
        let asked_in = message.guild_id.map(|_| (message.channel_id.get(), with));
        self.note(question, verdict, message.author.id.get(), self.place_of(message.guild_id), with, asked_in);
    }

    /// Replies to a message, unless the same was just said in the channel: who asked in the same second waits to see.
    async fn say_once(&self, held: &mut Held, message: &Message, page: &Page, (outcome, lang): (Outcome, Lang), asked: Instant) {
        let (channel, member) = (message.channel_id.get(), message.author.id.get());
        let is_decline = page.answer.is_none() && outcome == Outcome::Decline;
        // What is said already is changed, not said once more.
        let is_new = held.standing().is_none();
        if is_decline && is_new && self.conversation().has_declined(channel, member, self.now()) {
            return debug!(why = ?Quiet::DeclinedBefore, member, "silent");
        }
        let floor = match self.floor(message.channel_id, asked).await {
            Ok(floor) => floor,
            Err(loss) => return not_answered(message, &loss),
        };
        let saying = match &page.answer {
            Some((entry, lang)) => Saying::Answer(entry, *lang),
            None if is_decline => Saying::Decline,
            None => Saying::Other,
        };
        let permit = self.conversation().permit(channel, member, saying, self.now());
        match permit {
            // Who did not ask us needs no pointer either.
            Permit::PointTo(_) if outcome == Outcome::Silence => self.unsay(held, message.id).await,
            Permit::PointTo(above) => {
                let guild = message.guild_id.map(GuildId::get).unwrap_or_default();
                let link = format!("{}https://discord.com/channels/{guild}/{channel}/{above}", phrases::ABOVE.get(lang));
                self.say_in(&floor, held, message, &page::sentence(&link), asked).await;
            }
            Permit::Silence(why) if is_new => debug!(?why, member, "silent"),
            Permit::Speak | Permit::Silence(_) => {
                self.say_in(&floor, held, message, page, asked).await;
                if let Some(standing) = held.standing() {
                    self.stands(standing.channel, page, standing.answer);
                }
            }
        }
    }

    /// Replies to a message.
    async fn say(&self, held: &mut Held, message: &Message, page: &Page, asked: Instant) {
        match self.floor(message.channel_id, asked).await {
            Ok(floor) => self.say_in(&floor, held, message, page, asked).await,
            Err(loss) => not_answered(message, &loss),
        }
    }

    async fn say_in(&self, floor: &Floor<'_>, held: &mut Held, message: &Message, page: &Page, asked: Instant) {
        // Whoever changed or deleted the question while it waited is served by those who wait behind.
        if !held.is_current() {
            return;
        }
        let changed = match held.standing() {
            Some(standing) => Some(self.change(floor, standing.answer, page, asked).await),
            None => None,
        };
        let is_gone = |loss: &Loss| loss.code() == Some(code::UNKNOWN_MESSAGE);
        let said = if let Some(changed) = changed.filter(|changed| !changed.as_ref().is_err_and(is_gone)) {
            changed
        } else {
            // Nothing stood there, or somebody took it away while nobody told us.
            self.lanes.stands_no_more(held);
            let posted = self.post(floor, Some(message.id), &held.nonce(message.id), page, asked).await;
            posted.map(|answer| {
                let standing = Standing { channel: message.channel_id, answer };
                self.lanes.stands(held, message.id, standing);
                let is_cry = |words: &str| self.needs_people(words);
                let referenced = message.referenced_message.as_ref().is_some_and(|referenced| is_cry(&referenced.content));
                // Of a cry for help not even a number is kept.
                if !referenced && !is_cry(&message.content) {
                    self.note_answer_to(message.id, message.author.id.get(), standing);
                }
            })
        };
        if let Err(loss) = said {
            self.conversation().unsaid(message.channel_id.get(), message.author.id.get());
            not_answered(message, &loss);
        }
    }

    /// Takes away what stands under a message that asks nothing any more.
    async fn unsay(&self, held: &mut Held, message: MessageId) {
        if let Some(standing) = held.standing() {
            self.lanes.stands_no_more(held);
            self.note_unanswered(message);
            self.take_away(standing).await;
        }
    }

    async fn take_away(&self, standing: Standing) {
        self.conversation().forget(standing.answer.get());
        if let Err(loss) = self.delete_message(standing).await {
            let channel = standing.channel.get();
            warn!(channel, answer = standing.answer.get(), reason = loss.reason(), code = loss.code(), "not taken away: {loss}");
        }
    }

    /// What a message is for us.
    pub fn heard(&self, message: &Message) -> Heard {
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
        } else if self.watched.is_on() && is_for_anybody(message) && self.watched.spot(message).is_some() {
            Call::Overheard
        } else {
            Call::Nobody
        };
        // Where it may listen along Discord shows it everything.
        let is_shown = matches!(call, Call::Direct | Call::Mention) || self.watched.is_on();
        let of_others = referenced.filter(|referenced| referenced.author.id.get() != me);
        Heard {
            message: message.id.get(),
            is_edit: false,
            member: message.author.id.get(),
            author,
            call,
            text: if call == Call::Overheard { Text::Written } else { text(message, is_shown) },
            referenced: of_others.map(|referenced| {
                text(referenced, message.guild_id.is_none() || mentions(referenced, me) || self.watched.is_on())
            }),
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

fn not_answered(message: &Message, loss: &Loss) {
    let channel = message.channel_id.get();
    warn!(channel, question = message.id.get(), reason = loss.reason(), code = loss.code(), "not answered: {loss}");
}

fn milliseconds(time: Timestamp) -> i64 {
    i64::try_from(time.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
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
