//! What is kept of questions: the doors -> the journal; what members see and delete of it; what is handed on, and told when it is answered.
//!
//! What may be stored of a text is decided in [`crate::journal`]. Nothing is kept of cries for help, nor of what was no question.

use std::collections::HashSet;
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use serenity::builder::{CreateInteractionResponse, CreateInteractionResponseMessage};
use serenity::model::Timestamp;
use serenity::model::application::{CommandInteraction, ModalInteraction};
use serenity::model::id::{ChannelId, GuildId, MessageId};
use tokio::sync::watch::Receiver;
use tokio::time::{Instant, timeout};
use tracing::{info, warn};

use super::bot::{Bot, Shared, lang_of_locale};
use super::lanes::{FOLLOWS_DELETIONS_FOR, Standing};
use super::page::{self, Page, Surface};
use super::queue::Loss;
use super::sending::Pressed;
use super::ticket::{Action, Ticket};
use crate::answering::{Outcome, Question, Reply, Verdict, phrases};
use crate::conversation::Asked;
use crate::faq::{EntryId, Lang};
use crate::journal::{JournalError, Kept, Place, Record, Waiting};

/// The best entries of a ranking that are noted with a question.
const NOTED: usize = 5;

impl Bot {
    /// Seconds since 1970.
    pub(super) fn clock() -> i64 {
        Timestamp::now().unix_timestamp()
    }

    /// What the journal keeps of a question depends on where it was asked. Without a setting the only server is home.
    pub fn place_of(&self, guild: Option<GuildId>) -> Place {
        let Some(guild) = guild.map(GuildId::get) else { return Place::Private };
        let is_home = match self.settings.home_guild.map(NonZero::get) {
            Some(home) => home == guild,
            // Servers are told of one after the other, and how many there are, at the start: the only one is known before it is told of.
            None => match self.servers() {
                0 | 1 if self.guilds().keys().eq([&guild]) => true,
                servers => servers == 1 && self.guilds().is_empty(),
            },
        };
        if is_home { Place::Home } else { Place::Elsewhere }
    }

    /// A question got its reply; `with` is the message or interaction it was asked with, `asked_in` its channel and message where
    /// everybody sees it.
    pub fn note(
        &self,
        question: &Question,
        verdict: &Verdict,
        member: u64,
        place: Place,
        with: u64,
        asked_in: Option<(u64, u64)>,
    ) {
        let decision = &verdict.decision;
        if matches!(decision.outcome, Outcome::Care | Outcome::Silence) {
            return self.conversation().forget_question(with);
        }
        let id = |entry: usize| self.knowledge.faq.entries[entry].id.clone();
        self.journal.enter(Record::Asked {
            at: Self::clock(),
            member,
            place,
            text: question.text.clone(),
            lang: question.lang,
            outcome: decision.outcome.name().to_owned(),
            entries: verdict.ranking.iter().take(NOTED).map(|found| id(found.entry)).collect(),
            score: verdict.ranking.first().map_or(0.0, |best| best.score),
            message: asked_in.map(|(_, message)| message),
        });
        let asked = Asked { at: self.now(), member, question: question.clone(), asked_in, rejected: Vec::new() };
        let mut conversation = self.conversation();
        // What was carried on under another text is asked no more.
        conversation.forget_question(with);
        conversation.note_question(with, &Arc::new(asked));
    }

    /// A message of ours stands under a question.
    pub fn note_answer_to(&self, question: MessageId, member: u64, standing: Standing) {
        let Standing { channel, answer } = standing;
        self.journal.enter(Record::Answered {
            question: question.get(),
            channel: channel.get(),
            answer: answer.get(),
            member,
            at: Self::clock(),
        });
    }

    /// Nothing of ours stands under a question any more.
    pub fn note_unanswered(&self, question: MessageId) {
        self.journal.enter(Record::Unanswered { question: question.get() });
    }

    /// What a message said is kept no longer: it is gone, or says something else.
    pub fn erase(&self, message: MessageId) {
        self.journal.enter(Record::Erased { message: message.get() });
    }

    /// An entry was no answer to what somebody asked.
    pub fn note_rejected(&self, asked: &Asked, entry: &EntryId) {
        let (member, text, entry) = (asked.member, asked.question.text.clone(), entry.clone());
        self.journal.enter(Record::Rejected { member, text, entry });
    }

    /// Somebody said that an entry helped, or was not what they meant, or chose one; `wrong` is what they were shown first.
    pub fn note_press(&self, action: Action, entry: &EntryId, wrong: Option<EntryId>) {
        let (at, entry) = (Self::clock(), entry.clone());
        match action {
            Action::Pick => self.journal.enter(Record::Chosen { at, entry, wrong }),
            Action::Solved => self.journal.enter(Record::Solved { at, entry }),
            Action::Wrong => self.journal.enter(Record::Wrong { at, entry }),
            _ => {}
        }
    }

    /// What an earlier run of the program left: old texts go, answers are followed again.
    pub async fn remember(&self) {
        self.retain().await;
        let day = i64::try_from(FOLLOWS_DELETIONS_FOR.as_secs()).unwrap_or(i64::MAX);
        match self.journal.answers(Self::clock() - day).await {
            Ok(answers) => {
                for known in answers {
                    let standing = Standing { channel: ChannelId::new(known.channel), answer: MessageId::new(known.answer) };
                    self.lanes.recall(MessageId::new(known.question), standing);
                }
            }
            Err(error) => warn!("earlier answers are not followed: {error}"),
        }
    }

    /// Deletes what is older than the operator wants it kept.
    pub async fn retain(&self) {
        if let Err(error) = self.journal.retain(Self::clock(), self.keep_days).await {
            warn!("old questions could not be deleted: {error}");
        }
    }

    /// Shows a member what is kept of them.
    pub async fn show_kept(&self, command: &CommandInteraction, at: Pressed<'_>) -> Result<(), Loss> {
        // The disk may be slower than Discord is patient.
        let defer =
            CreateInteractionResponse::Defer(CreateInteractionResponseMessage::new().ephemeral(command.guild_id.is_some()));
        self.respond(at, &defer).await?;
        let lang = lang_of_locale(&command.locale);
        let member = command.user.id.get();
        let shown = match self.journal.kept(member).await {
            Ok(kept) => page::kept(&kept, self.keep_days, &self.frame(lang, Some(member), Surface::Private)),
            Err(error) => Self::failed(at, lang, &error),
        };
        self.edit_response(at, &shown).await.map(drop)
    }

    /// Deletes what is kept of a member.
    pub async fn forget_member(&self, member: u64, lang: Lang, at: Pressed<'_>) -> Page {
        self.conversation().forget_member(member);
        match self.journal.forget(member).await {
            Ok(Kept { .. }) => page::sentence(phrases::FORGOTTEN.get(lang)),
            Err(error) => Self::failed(at, lang, &error),
        }
    }

    pub(super) fn failed(at: Pressed<'_>, lang: Lang, error: &JournalError) -> Page {
        let shown_code = at.code();
        warn!(shown_code, "the journal does not answer: {error}");
        page::sentence(&format!("{}{shown_code}", phrases::ERROR.get(lang)))
    }

    /// Somebody sent the form that hands their question on.
    pub async fn handed_on(&self, form: &ModalInteraction, ticket: &Ticket, text: &str, at: Pressed<'_>) -> Result<(), Loss> {
        // The disk may be slower than Discord is patient.
        let defer = CreateInteractionResponse::Defer(CreateInteractionResponseMessage::new().ephemeral(form.guild_id.is_some()));
        self.respond(at, &defer).await?;
        let page = self.hand_on(form, ticket, text.trim(), at).await;
        self.edit_response(at, &page).await.map(drop)
    }

    async fn hand_on(&self, form: &ModalInteraction, ticket: &Ticket, text: &str, at: Pressed<'_>) -> Page {
        let (member, lang) = (form.user.id.get(), lang_of_locale(&form.locale));
        let surface = if form.guild_id.is_some() { Surface::Private } else { Surface::Direct };
        if text.is_empty() {
            return page::sentence(phrases::NOT_PASSED_ON.get(lang));
        }
        // Whoever cries for help is met, and their words go nowhere.
        if self.needs_people(text) {
            return self.private_answer(&Question::new(text, lang), member, surface, form.id.get());
        }
        if !self.journal.is_on() {
            return page::asking(phrases::OLD_BUTTON.get(lang), &self.frame(lang, None, surface));
        }
        if !self.conversation().may_ask(member, self.now()) {
            return page::sentence(phrases::TOO_FAST.get(lang));
        }
        let known = ticket.extra.and_then(|opened| self.conversation().question(opened, member, self.now()));
        let mut wrong = known.as_ref().map(|asked| asked.rejected.clone()).unwrap_or_default();
        wrong.extend(ticket.entry.clone().filter(|entry| !wrong.contains(entry)));
        // Told in public is only what was asked there, word for word.
        let asked = known.filter(|asked| page::fitted_for_form(&asked.question.text) == text);
        let (channel, message) = match asked.as_ref().and_then(|asked| asked.asked_in) {
            Some((channel, message)) => (channel, Some(message)),
            None => (0, None),
        };
        let written_in = asked.map_or(lang, |asked| asked.question.lang);
        let lost = self.journal.lost();
        let (now, text) = (Self::clock(), text.to_owned());
        self.journal.enter(Record::HandedOn { at: now, member, text, lang: written_in, channel, message, wrong });
        self.journal.flush().await;
        if self.journal.lost() > lost {
            return Self::failed(at, lang, &JournalError::Stopped);
        }
        info!(code = at.code(), "a question was handed on");
        page::sentence(phrases::PASSED_ON.get(lang))
    }

    /// Tells those who handed a question on that the FAQ answers it now: once, and whoever cannot be told is not told later. `told` is whom
    /// this run of the program has told, should the journal not have kept it.
    async fn tell_answered(&self, told: &mut HashSet<i64>) {
        let waiting = match self.journal.waiting().await {
            Ok(waiting) => waiting,
            Err(error) => return warn!("nobody is told of new answers: {error}"),
        };
        for one in waiting {
            if told.contains(&one.id) {
                continue;
            }
            // Whoever stops the bot waits until it is said, and noted.
            let _busy = self.busy.read().await;
            let question = Question::new(&one.text, one.lang);
            let verdict = self.knowledge.decide(&question, &self.policy);
            if verdict.decision.outcome != Outcome::Answer {
                continue;
            }
            // What was no answer then is none now.
            let is_wrong = |entry: &usize| one.wrong.iter().any(|id| self.knowledge.faq.position(id) == Some(*entry));
            if verdict.decision.entries.iter().any(is_wrong) {
                continue;
            }
            let reply = self.knowledge.put(&question, &verdict);
            match self.tell(&one, &reply).await {
                // Refused: the question or its channel is gone, or the member wants no direct messages.
                Ok(()) | Err(Loss::Refused { .. }) => {
                    told.insert(one.id);
                    self.journal.enter(Record::Told { id: one.id });
                }
                Err(loss) => warn!(reason = loss.reason(), "not told of an answer, the next FAQ or start tries again: {loss}"),
            }
        }
    }

    async fn tell(&self, waiting: &Waiting, reply: &Reply) -> Result<(), Loss> {
        let (surface, channel) = match waiting.message {
            Some(_) => (Surface::Public, ChannelId::new(waiting.channel)),
            None => (Surface::Direct, self.direct_channel(waiting.member).await?),
        };
        let frame = self.frame(waiting.lang, Some(waiting.member), surface);
        let Some(answer) = page::page(reply, &frame) else { return Ok(()) };
        let told = page::after(phrases::TOLD.get(waiting.lang), answer);
        let floor = self.floor(channel, Instant::now()).await?;
        let nonce = format!("told-{}", waiting.id);
        match waiting.message {
            Some(question) => self.post_under(&floor, MessageId::new(question), &nonce, &told).await,
            None => self.post(&floor, None, &nonce, &told, Instant::now()).await.map(drop),
        }
    }
}

impl Shared {
    /// Tells now, and each time the FAQ has changed and then stood for a while: an answer that is still being written is told to nobody.
    pub async fn tell_when_settled(self: &Arc<Self>, mut saved: Receiver<()>, settles_in: Duration) {
        let mut told = HashSet::new();
        loop {
            self.anew().tell_answered(&mut told).await;
            if saved.changed().await.is_err() {
                return;
            }
            while let Ok(Ok(())) = timeout(settles_in, saved.changed()).await {}
        }
    }
}
