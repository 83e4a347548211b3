//! 「ちがう」: what else may have been meant, and putting what its asker picks in the place of the wrong answer that everybody sees.
//!
//! All that must outlive a restart stands in custom ids: the page with the other entries names the wrong one and our public message
//! ([`Action::Again`]). Only the question itself is remembered, for a while. Which press leads here stands in `presses.rs`.

use std::sync::Arc;

use serenity::builder::CreateInteractionResponse;
use serenity::model::application::{ComponentInteraction, MessageInteractionMetadata};
use serenity::model::channel::Message;
use serenity::model::id::MessageId;
use tokio::time::Instant;
use tracing::warn;

use super::bot::Bot;
use super::page::{self, Frame, Page, Surface};
use super::presses::{Press, may_change, tickets};
use super::queue::{Loss, code};
use super::sending::Pressed;
use super::ticket::{Action, Ticket};
use crate::answering::{Choice, Reply, phrases, reply};
use crate::conversation::Asked;
use crate::faq::{EntryId, Lang};

/// An entry that is to stand where a wrong one stands.
#[derive(Debug)]
pub struct Instead {
    picked: EntryId,
    wrong: EntryId,
    answer: MessageId,
    lang: Lang,
    /// What its picker sees where it cannot.
    private: Page,
}

impl Instead {
    /// `None` where nothing wrong stands in public.
    pub fn new(picked: &EntryId, again: Ticket, private: Page) -> Option<Self> {
        let (wrong, answer) = (again.entry?, MessageId::new(again.extra?));
        Some(Instead { picked: picked.clone(), wrong, answer, lang: again.lang, private })
    }
}

/// Under a page of other entries: the ticket that names the wrong one.
pub fn corrected(message: &Message) -> Option<Ticket> {
    tickets(message).find(|ticket| ticket.action == Action::Again)
}

impl Bot {
    /// The presser's own question that the pressed message is about, if it was asked lately and since the start.
    pub fn question_of(&self, press: &ComponentInteraction) -> Option<Arc<Asked>> {
        self.asked_with(press).map(|(_, asked)| asked)
    }

    /// The same, with what it was asked or carried on with. Our reply may be pressed before we hear that it stands: what it replies to, it
    /// says itself; without the right to read the history it replies to nothing.
    fn asked_with(&self, press: &ComponentInteraction) -> Option<(u64, Arc<Asked>)> {
        let message = &press.message;
        let replied_to = message.message_reference.as_ref().and_then(|reference| reference.message_id);
        let messages = replied_to.into_iter().chain(self.lanes.question_of(message.id)).map(MessageId::get);
        let mut keys = messages.chain(made_by(message));
        keys.find_map(|with| Some((with, self.conversation().question(with, press.user.id.get(), self.now())?)))
    }

    /// What comes of a press is about the same question as the message that was pressed.
    pub fn carry_on(&self, asked: Option<Arc<Asked>>, press: u64) {
        if let Some(asked) = asked {
            self.conversation().note_question(press, &asked);
        }
    }

    /// What else may have been meant: by the question where it is known, else by the entry that was shown.
    pub(super) fn others(&self, press: &Press<'_>, mine: &Frame) -> Page {
        let faq = &self.knowledge.faq;
        let Some(id) = &press.ticket.entry else { return self.gone(press, mine) };
        let Some(entry) = faq.position(id) else { return self.gone(press, mine) };
        let asked = self.rejecting(press.interaction, id);
        if let Some(asked) = &asked {
            self.note_rejected(asked, id);
        }
        let by_question = asked.iter().flat_map(|asked| self.knowledge.others_to(&asked.question, &asked.rejected, &self.policy));
        let mut others: Vec<Choice> = by_question.map(|entry| reply::choice(&faq.entries[entry], mine.lang)).collect();
        if others.is_empty()
            && let Reply::Offer { choices, .. } = self.knowledge.others(entry, mine.lang)
        {
            let is_rejected = |choice: &Choice| asked.as_ref().is_some_and(|asked| asked.rejected.contains(&choice.id));
            others = choices.into_iter().filter(|choice| !is_rejected(choice)).collect();
        }
        let standing = (press.surface == Surface::Public).then(|| press.interaction.message.id.get());
        page::corrected(&others, id, standing, mine)
    }

    /// The question, if it is known, from now on without this entry: also under the answer, where it may be said of the next one, too.
    fn rejecting(&self, press: &ComponentInteraction, wrong: &EntryId) -> Option<Arc<Asked>> {
        let (with, asked) = self.asked_with(press)?;
        let mut asked = Asked::clone(&asked);
        if !asked.rejected.contains(wrong) {
            asked.rejected.push(wrong.clone());
        }
        let asked = Arc::new(asked);
        for with in [with, press.id.get()] {
            self.conversation().note_question(with, &asked);
        }
        Some(asked)
    }

    /// What was picked takes the place of the wrong answer; whoever cannot be served so has it alone, and is told why.
    pub(super) async fn replace(&self, press: &ComponentInteraction, at: Pressed<'_>, instead: &Instead) -> Result<(), Loss> {
        self.respond(at, &CreateInteractionResponse::Acknowledge).await?;
        let private = || instead.private.clone();
        let told = match self.put_in_place(press, instead).await {
            Ok(true) => page::sentence(phrases::REPLACED.get(instead.lang)),
            Ok(false) => private(),
            Err(loss) if loss.code() == Some(code::UNKNOWN_MESSAGE) => private(),
            Err(loss) => {
                let (shown_code, channel) = (at.code(), at.channel.get());
                warn!(shown_code, channel, reason = loss.reason(), code = loss.code(), "not replaced: {loss}");
                let why = match loss {
                    Loss::Refused { .. } => phrases::CANNOT_POST.get(instead.lang).to_owned(),
                    _ => format!("{}{shown_code}", phrases::ERROR.get(instead.lang)),
                };
                page::after(&why, private())
            }
        };
        self.edit_response(at, &told).await.map(drop)
    }

    /// Whether the wrong answer still stood there. Whose it is, and who posted it for whom, is read from the message itself: it may be older
    /// than this process, and may have changed.
    async fn put_in_place(&self, press: &ComponentInteraction, instead: &Instead) -> Result<bool, Loss> {
        let asked = Instant::now();
        let floor = self.floor(press.channel_id, asked).await?;
        let standing = self.standing(&floor, instead.answer, asked).await?;
        let ticket = |action| tickets(&standing).find(|ticket| ticket.action == action);
        let is_it = |ticket: &Ticket| ticket.entry.as_ref() == Some(&instead.wrong) && may_change(press, ticket.asker);
        let Some(Ticket { lang, asker, .. }) = ticket(Action::Wrong).filter(is_it) else { return Ok(false) };
        let helped = ticket(Action::Delete).and_then(|ticket| ticket.extra);
        let frame = Frame { helped, ..self.frame(lang, asker, Surface::Public) };
        let shown = self.knowledge.faq.position(&instead.picked).map(|entry| self.knowledge.show(entry, lang));
        let Some(page) = shown.and_then(|reply| page::page(&reply, &frame)) else { return Ok(false) };
        let shown_by = asker.filter(|asker| standing.content.ends_with(&page::shown_line(*asker, lang)));
        let page = match shown_by {
            Some(member) => page::shown_by(member, page, &frame),
            None => page,
        };
        // Whatever comes of the call: it may stand there although its answer was lost.
        self.conversation().forget(instead.answer.get());
        self.change(&floor, instead.answer, &page, asked).await?;
        self.stands(press.channel_id, &page, instead.answer);
        Ok(true)
    }
}

/// The interaction that a message of ours was the answer to.
fn made_by(message: &Message) -> Option<u64> {
    match message.interaction_metadata.as_deref()? {
        MessageInteractionMetadata::Command(made) => Some(made.id.get()),
        MessageInteractionMetadata::Component(made) => Some(made.id.get()),
        MessageInteractionMetadata::ModalSubmit(made) => Some(made.id.get()),
        _ => None,
    }
}
