//! What pressing a button, picking from a menu and sending the form lead to, and who may change what everybody sees.
//!
//! Stateless: everything stands in the custom id ([`Ticket`]). Only the asker and moderators change a public message; anybody else gets a
//! private copy. What is said comes from [`crate::answering`], how it looks from `page.rs`.

use serenity::builder::{CreateInteractionResponse, CreateModal};
use serenity::model::Permissions;
use serenity::model::application::{
    ActionRowComponent, Button, ButtonKind, ComponentInteraction, ComponentInteractionDataKind, ModalInteraction,
};
use serenity::model::channel::{ChannelType, Message, MessageFlags};
use tracing::{debug, warn};

use super::bot::{Bot, lang_of_locale};
use super::corrections::{Instead, corrected};
use super::page::{self, Frame, Page, Surface};
use super::queue::Loss;
use super::sending::{Pressed, body};
use super::ticket::{Action, Ticket};
use crate::answering::{Answer, Choice, Question, Reply, phrases, reply};
use crate::faq::{EntryId, Lang};
use crate::journal::Place;

/// What a press leads to.
enum Effect {
    /// A message only the presser sees.
    Private(Page),
    /// The message itself changes.
    Change(Page),
    /// Only text and links of the message stay.
    Settle(Page),
    /// The form opens.
    Form(CreateModal),
    /// The message goes.
    Delete,
    /// What is kept of the presser goes.
    Forget,
    /// What was picked takes the place of a wrong answer that everybody sees.
    Replace(Box<Instead>),
    /// Everybody sees the page, in reply to a message if one is named; the private one says so, or stays where that fails.
    Publish { public: Box<Page>, private: Box<Page>, target: Option<u64> },
}

/// A press, read.
pub(super) struct Press<'a> {
    pub interaction: &'a ComponentInteraction,
    pub ticket: Ticket,
    /// Of our words to the presser.
    pub lang: Lang,
    pub surface: Surface,
    /// Whether the presser may change the message.
    owns: bool,
}

impl<'a> Press<'a> {
    fn read(press: &'a ComponentInteraction, ticket: Ticket) -> Self {
        let is_ephemeral = press.message.flags.unwrap_or_default().contains(MessageFlags::EPHEMERAL);
        let surface = match (is_ephemeral, press.guild_id, ticket.extra) {
            (true, _, Some(target)) if is_of_post(ticket.action) => Surface::ForPost { message: target, author: ticket.asker },
            (true, Some(_), _) => Surface::Private,
            (_, None, _) => Surface::Direct,
            (false, Some(_), _) => Surface::Public,
        };
        // Whoever was helped need not keep what somebody else posted for them.
        let is_helped = ticket.action == Action::Delete && ticket.extra == Some(press.user.id.get());
        let owns = surface != Surface::Public || is_helped || may_change(press, ticket.asker);
        // A public message keeps its language; what only the presser sees has theirs.
        let lang = if owns { ticket.lang } else { lang_of_locale(&press.locale) };
        Press { interaction: press, ticket, lang, surface, owns }
    }

    /// Where an answer goes that only the presser sees.
    fn private_surface(&self) -> Surface {
        if self.is_private() { self.surface } else { Surface::Private }
    }

    fn member(&self) -> u64 {
        self.interaction.user.id.get()
    }

    /// Whether the message is the presser's alone.
    fn is_private(&self) -> bool {
        self.surface != Surface::Public
    }
}

impl Bot {
    /// Somebody pressed a button or picked from a menu.
    pub async fn pressed(&self, press: &ComponentInteraction) {
        let at = Pressed { id: press.id, token: &press.token, channel: press.channel_id };
        let ticket = press.data.custom_id.parse::<Ticket>();
        if let Some(ticket) = ticket.as_ref().ok().filter(|ticket| ticket.action.is_for_moderators()) {
            if let Err(loss) = self.moderate(press, ticket, picked(press)).await {
                warn!(reason = loss.reason(), code = loss.code(), "a moderator's press was not answered: {loss}");
            }
            return;
        }
        let effect = if let Ok(ticket) = ticket {
            self.effect(&Press::read(press, ticket))
        } else {
            let lang = lang_of_locale(&press.locale);
            Effect::Private(page::asking(phrases::OLD_BUTTON.get(lang), &self.frame(lang, None, Surface::Private)))
        };
        if let Err(loss) = self.carry_out(press, at, effect).await {
            warn!(reason = loss.reason(), code = loss.code(), "a press was not answered: {loss}");
        }
    }

    async fn carry_out(&self, press: &ComponentInteraction, at: Pressed<'_>, effect: Effect) -> Result<(), Loss> {
        let in_server = press.guild_id.is_some();
        match effect {
            Effect::Private(page) => self.respond(at, &CreateInteractionResponse::Message(body(&page, in_server))).await,
            Effect::Change(page) => {
                // Before it is sent: whoever reads it may already ask the same.
                self.note_answer(press, &page);
                let changed = self.respond(at, &CreateInteractionResponse::UpdateMessage(body(&page, false))).await;
                changed.inspect_err(|_| self.conversation().forget(press.message.id.get()))
            }
            Effect::Settle(page) => self.respond(at, &CreateInteractionResponse::UpdateMessage(body(&page, false))).await,
            Effect::Form(form) => self.respond(at, &CreateInteractionResponse::Modal(form)).await,
            Effect::Delete => {
                self.respond(at, &CreateInteractionResponse::Acknowledge).await?;
                self.conversation().forget(press.message.id.get());
                self.delete(at).await
            }
            Effect::Forget => {
                self.respond(at, &CreateInteractionResponse::Acknowledge).await?;
                let page = self.forget_member(press.user.id.get(), lang_of_locale(&press.locale), at).await;
                self.edit_response(at, &page).await.map(drop)
            }
            Effect::Replace(instead) => self.replace(press, at, &instead).await,
            Effect::Publish { public, private, target } => {
                self.respond(at, &CreateInteractionResponse::Acknowledge).await?;
                // The same message pressed twice is the same post: its number is the nonce.
                let nonce = press.message.id.to_string();
                let posted = match target {
                    Some(target) => self.post_alone(press.channel_id, Some(target.into()), &nonce, &public).await,
                    None => self.follow_up(at, &public).await,
                };
                self.tell_posted(press, at, posted, &private, target.is_some()).await
            }
        }
    }

    /// Whoever asked for a public answer is told that it stands there, or why not; then they still have it, and the log the code they were given.
    /// `has_nonce`: pressing again posts no second one.
    async fn tell_posted(
        &self,
        press: &ComponentInteraction,
        at: Pressed<'_>,
        posted: Result<(), Loss>,
        private: &Page,
        has_nonce: bool,
    ) -> Result<(), Loss> {
        let lang = lang_of_locale(&press.locale);
        let told = match posted {
            Ok(()) => page::sentence(phrases::SHOWN.get(lang)),
            Err(loss) => {
                // What failed without a word may stand there after all.
                let may_stand = matches!(loss, Loss::Failed { .. }) && !has_nonce;
                if !may_stand {
                    self.conversation().unpublished(press.message.id.get());
                }
                let shown_code = at.code();
                warn!(shown_code, channel = at.channel.get(), reason = loss.reason(), code = loss.code(), "not posted: {loss}");
                let why = match loss {
                    Loss::Refused { .. } => phrases::CANNOT_POST.get(lang).to_owned(),
                    _ if may_stand => format!("{}{shown_code}", phrases::UNSURE_POSTED.get(lang)),
                    _ => format!("{}{shown_code}", phrases::ERROR.get(lang)),
                };
                page::after(&why, private.clone())
            }
        };
        self.edit_response(at, &told).await.map(drop)
    }

    /// What stands in a public message now may be pointed at; what stood there before, no longer.
    fn note_answer(&self, press: &ComponentInteraction, page: &Page) {
        let is_public = !press.message.flags.unwrap_or_default().contains(MessageFlags::EPHEMERAL);
        if is_public && press.guild_id.is_some() {
            self.conversation().forget(press.message.id.get());
            self.stands(press.channel_id, page, press.message.id);
        }
    }

    fn effect(&self, press: &Press<'_>) -> Effect {
        if let Some(entry) = press.ticket.entry.as_ref().filter(|_| press.owns) {
            self.note_press(press.ticket.action, entry, corrected(&press.interaction.message).and_then(|again| again.entry));
        }
        let owner = press.ticket.asker.filter(|_| press.owns && press.surface == Surface::Public);
        let frame = self.frame(press.lang, owner.or(Some(press.member())), press.surface);
        let mine = Frame { asker: Some(press.member()), surface: press.private_surface(), ..frame };
        // In place where the message is the presser's alone; beside it where others see it too.
        let show = |page: Page| if press.is_private() { Effect::Change(page) } else { Effect::Private(page) };
        let picked = picked(press.interaction);
        match press.ticket.action {
            Action::Ask | Action::Asked => {
                Effect::Form(page::form(press.ticket.entry.as_ref(), press.lang, press.interaction.id.get()))
            }
            Action::HandOn if !self.journal.is_on() => Effect::Private(page::asking(phrases::OLD_BUTTON.get(press.lang), &mine)),
            Action::Again => Effect::Form(page::form(None, press.lang, press.interaction.id.get())),
            Action::HandOn => {
                let (asked, opened) = (self.question_of(press.interaction), press.interaction.id.get());
                let text = asked.as_ref().map_or("", |asked| asked.question.text.as_str());
                let form = page::handing_on(text, press.ticket.entry.as_ref(), press.lang, opened);
                self.carry_on(asked, opened);
                Effect::Form(form)
            }
            Action::Forget => Effect::Forget,
            Action::Topics => show(page::greeting(&self.knowledge.faq, &Frame { asker: None, ..mine })),
            Action::Topic => show(self.topic(press, picked, &Frame { asker: None, ..mine })),
            Action::Browse => match picked.and_then(EntryId::new) {
                Some(id) => show(self.entry(&id, press, &Frame { is_browsed: true, ..mine })),
                None => show(page::asking(phrases::OLD_BUTTON.get(press.lang), &mine)),
            },
            Action::ReadOn => Effect::Private(self.read_on(press, &mine)),
            Action::Share | Action::Post => self.publish(press, &mine),
            Action::Delete if !press.owns => Effect::Private(page::sentence(phrases::NOT_YOURS_TO_DELETE.get(press.lang))),
            Action::Pick | Action::None | Action::Solved | Action::Wrong if !press.owns => {
                Effect::Private(self.copy(press, &mine))
            }
            Action::Pick => match &press.ticket.entry {
                Some(id) if self.knowledge.faq.position(id).is_some() => {
                    let shown = self.entry(id, press, &frame);
                    match corrected(&press.interaction.message).and_then(|again| Instead::new(id, again, shown.clone())) {
                        Some(instead) => Effect::Replace(Box::new(instead)),
                        None => Effect::Change(shown),
                    }
                }
                Some(id) => show(self.entry(id, press, &mine)),
                None => show(page::asking(phrases::OLD_BUTTON.get(press.lang), &mine)),
            },
            Action::None => Effect::Change(nothing(&frame)),
            Action::Solved => {
                let message = &press.interaction.message;
                Effect::Settle(page::settled(&message.content, links(message)))
            }
            Action::Wrong => show(self.others(press, &mine)),
            Action::Delete => Effect::Delete,
            // Of a form, which is no button, and of moderators, who were told apart before.
            _ => Effect::Private(page::asking(phrases::OLD_BUTTON.get(press.lang), &mine)),
        }
    }

    /// An entry, as if it had just been found; or what is near where it is no longer there.
    fn entry(&self, id: &EntryId, press: &Press<'_>, frame: &Frame) -> Page {
        let shown = self.knowledge.faq.position(id).map(|entry| self.knowledge.show(entry, frame.lang));
        shown.and_then(|reply| page::page(&reply, frame)).unwrap_or_else(|| self.gone(press, frame))
    }

    /// An entry that went: its question still stands on the button or in the message, and what is near it may do.
    pub(super) fn gone(&self, press: &Press<'_>, frame: &Frame) -> Page {
        let message = &press.interaction.message;
        let heading = message.content.lines().next().and_then(|line| line.strip_prefix("**")?.strip_suffix("**"));
        let label = || labels(message).find(|(id, _)| *id == press.interaction.data.custom_id).map(|(_, label)| label);
        let words = heading.or_else(label).unwrap_or_default();
        let words = words.trim_start_matches(|c: char| c.is_ascii_digit()).trim();
        let near = self.knowledge.suggest(words, None);
        let near: Vec<Choice> =
            near.iter().take(3).map(|entry| reply::choice(&self.knowledge.faq.entries[*entry], frame.lang)).collect();
        page::gone(if words.is_empty() { &[] } else { &near }, frame)
    }

    fn answer_of(&self, press: &Press<'_>, lang: Lang) -> Option<(Reply, Answer)> {
        let entry = self.knowledge.faq.position(press.ticket.entry.as_ref()?)?;
        let reply = self.knowledge.show(entry, lang);
        let answer = match &reply {
            Reply::Answer { answers, .. } => answers.first(),
            Reply::Decline { signpost, .. } => signpost.as_ref(),
            _ => None,
        };
        let answer = answer.cloned()?;
        Some((reply, answer))
    }

    fn read_on(&self, press: &Press<'_>, mine: &Frame) -> Page {
        match self.answer_of(press, mine.lang) {
            Some((_, answer)) if !answer.related.is_empty() => page::read_on(&answer, mine),
            Some(_) => page::asking(phrases::NOTHING_NEARER.get(mine.lang), mine),
            None => self.gone(press, mine),
        }
    }

    /// A private answer becomes everybody's: in reply to a message if it is for one, once, and only for somebody who may write there.
    fn publish(&self, press: &Press<'_>, mine: &Frame) -> Effect {
        let (target, helped) = match press.surface {
            Surface::ForPost { message, author } => (Some(message), author),
            _ => (None, None),
        };
        let pages = self.answer_of(press, mine.lang).and_then(|(reply, _)| {
            let public = page::page(&reply, &Frame { surface: Surface::Public, helped, ..*mine })?;
            Some((Box::new(page::shown_by(press.member(), public, mine)), Box::new(page::page(&reply, mine)?)))
        });
        let Some((public, private)) = pages else { return Effect::Change(self.gone(press, mine)) };
        if !self.may_write(press.interaction) {
            return Effect::Private(page::sentence(phrases::MAY_NOT_WRITE.get(mine.lang)));
        }
        let mut conversation = self.conversation();
        if !conversation.may_publish(press.interaction.message.id.get(), self.now()) {
            return Effect::Private(page::sentence(phrases::ON_ITS_WAY.get(mine.lang)));
        }
        if !conversation.may_ask(press.member(), self.now()) {
            conversation.unpublished(press.interaction.message.id.get());
            return Effect::Private(page::sentence(phrases::TOO_FAST.get(mine.lang)));
        }
        drop(conversation);
        self.carry_on(self.question_of(press.interaction), press.interaction.id.get());
        Effect::Publish { public, private, target }
    }

    /// Whether a member may write where they pressed; the bot does not speak for those who may not, nor for those it does not answer.
    fn may_write(&self, press: &ComponentInteraction) -> bool {
        let is_thread = press.channel.as_ref().is_some_and(|channel| {
            matches!(channel.kind, ChannelType::PublicThread | ChannelType::PrivateThread | ChannelType::NewsThread)
        });
        let needed = if is_thread { Permissions::SEND_MESSAGES_IN_THREADS } else { Permissions::SEND_MESSAGES };
        press.member.as_ref().is_none_or(|member| {
            let may = member.permissions.unwrap_or_default().intersects(needed | Permissions::ADMINISTRATOR);
            may && !self.is_ignored(&member.roles)
        })
    }

    /// What somebody sees who pressed a button that is not theirs: the same, for them alone.
    fn copy(&self, press: &Press<'_>, mine: &Frame) -> Page {
        let page = if let Some(id) = &press.ticket.entry {
            if self.knowledge.faq.position(id).is_none() {
                return self.gone(press, mine);
            }
            self.entry(id, press, mine)
        } else {
            let offered = tickets(&press.interaction.message).filter(|ticket| ticket.action == Action::Pick);
            let entries = offered.filter_map(|ticket| self.knowledge.faq.entry(&ticket.entry?));
            let mut choices: Vec<Choice> = entries.map(|entry| reply::choice(entry, mine.lang)).collect();
            // Two names may have become one entry since.
            choices.dedup();
            page::choosing(&press.interaction.message.content, &choices, mine)
        };
        page::after(phrases::NOT_YOURS.get(mine.lang), page)
    }

    fn topic(&self, press: &Press<'_>, picked: Option<&str>, frame: &Frame) -> Page {
        let faq = &self.knowledge.faq;
        let named = picked.and_then(|id| faq.topics.iter().position(|topic| topic.id == id));
        let turned = || press.ticket.entry.as_ref().and_then(|id| faq.entry(id)).map(|entry| entry.topic);
        match named.or_else(turned) {
            Some(topic) => self.topic_page(topic, press.ticket.extra.unwrap_or(0), frame),
            None => page::greeting(faq, frame),
        }
    }

    /// A page of a topic's questions; the topics where there is none.
    pub fn topic_page(&self, topic: usize, number: u64, frame: &Frame) -> Page {
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        page::topic(&self.knowledge, topic, number, frame).unwrap_or_else(|| page::greeting(&self.knowledge.faq, frame))
    }

    /// Somebody sent the form.
    pub async fn submitted(&self, form: &ModalInteraction) {
        let at = Pressed { id: form.id, token: &form.token, channel: form.channel_id };
        let fields = form.data.components.iter().flat_map(|row| &row.components).filter_map(|component| match component {
            ActionRowComponent::InputText(field) => Some(field.value.as_deref().unwrap_or_default()),
            _ => None,
        });
        let texts: Vec<&str> = fields.collect();
        let typed = texts.first().copied();
        let ticket = form.data.custom_id.parse::<Ticket>().ok();
        if let Some(ticket) = ticket.as_ref().filter(|ticket| ticket.action.is_for_moderators()) {
            if let Err(loss) = self.receive(form, ticket, &texts).await {
                warn!(reason = loss.reason(), code = loss.code(), "a moderator's form was not answered: {loss}");
            }
            return;
        }
        if let Some(ticket) = ticket.as_ref().filter(|ticket| ticket.action == Action::Handed) {
            if let Err(loss) = self.handed_on(form, ticket, typed.unwrap_or_default(), at).await {
                warn!(reason = loss.reason(), code = loss.code(), "a form was not answered: {loss}");
            }
            return;
        }
        let about = ticket.and_then(|ticket| ticket.entry);
        let question = Question::new(typed.unwrap_or_default(), lang_of_locale(&form.locale)).about(about);
        let surface = if form.guild_id.is_some() { Surface::Private } else { Surface::Direct };
        let page = self.private_answer(&question, form.user.id.get(), surface, form.id.get());
        let response = CreateInteractionResponse::Message(body(&page, form.guild_id.is_some()));
        if let Err(loss) = self.respond(at, &response).await {
            warn!(reason = loss.reason(), code = loss.code(), "a form was not answered: {loss}");
        }
    }

    /// What somebody sees who asked, with this interaction, where only they read the answer: never nothing.
    pub fn private_answer(&self, question: &Question, member: u64, surface: Surface, with: u64) -> Page {
        let lang = question.lang;
        let may_ask = self.conversation().may_ask(member, self.now());
        // Whoever cries for help is never too fast, where nobody else reads the answer.
        if !may_ask && !self.needs_people(&question.text) {
            return page::sentence(phrases::TOO_FAST.get(lang));
        }
        let verdict = self.knowledge.decide(question, &self.policy);
        debug!(reason = ?verdict.decision.reason, outcome = ?verdict.decision.outcome, "decided");
        self.decided(surface, verdict.decision.outcome);
        self.note(question, &verdict, member, Place::Private, with, None);
        let frame = self.frame(lang, Some(member), surface);
        let reply = self.knowledge.put(question, &verdict);
        let greeting = || page::greeting(&self.knowledge.faq, &Frame { asker: None, ..frame });
        match (&reply, verdict.decision.reason) {
            (Reply::Silence { .. }, crate::answering::Reason::Thanks) => page::page(&reply, &frame).unwrap_or_else(greeting),
            (Reply::Silence { .. }, _) => greeting(),
            _ => page::page(&reply, &frame).unwrap_or_else(greeting),
        }
    }
}

/// What was picked from a menu.
fn picked(press: &ComponentInteraction) -> Option<&str> {
    match &press.data.kind {
        ComponentInteractionDataKind::StringSelect { values } => values.first().map(String::as_str),
        _ => None,
    }
}

/// Whether somebody may change a public message that belongs to its asker: they themselves, and moderators.
pub(super) fn may_change(press: &ComponentInteraction, asker: Option<u64>) -> bool {
    let permissions = press.member.as_ref().and_then(|member| member.permissions).unwrap_or_default();
    let is_moderator = permissions.intersects(Permissions::MANAGE_MESSAGES | Permissions::MANAGE_GUILD);
    asker.is_some_and(|asker| asker == press.user.id.get() || is_moderator)
}

/// Actions whose number is the message an answer is for.
fn is_of_post(action: Action) -> bool {
    matches!(action, Action::Pick | Action::Post | Action::Wrong | Action::ReadOn | Action::None)
}

/// That none of the choices was it.
fn nothing(frame: &Frame) -> Page {
    let reply = Reply::Decline { text: Some(phrases::DECLINE.get(frame.lang)), signpost: None, nearby: Vec::new() };
    page::page(&reply, frame).unwrap_or_else(|| page::asking(phrases::DECLINE.get(frame.lang), frame))
}

/// What the buttons under a message carry.
pub fn tickets(message: &Message) -> impl Iterator<Item = Ticket> {
    labels(message).filter_map(|(id, _)| id.parse().ok())
}

/// Label and address of each link under a message.
fn links(message: &Message) -> impl Iterator<Item = (&str, &str)> {
    buttons(message).filter_map(|button| match &button.data {
        ButtonKind::Link { url } => Some((button.label.as_deref().unwrap_or_default(), url.as_str())),
        _ => None,
    })
}

/// Custom id and label of each button under a message that is no link.
fn labels(message: &Message) -> impl Iterator<Item = (&str, &str)> {
    buttons(message).filter_map(|button| match &button.data {
        ButtonKind::NonLink { custom_id, .. } => Some((custom_id.as_str(), button.label.as_deref().unwrap_or_default())),
        _ => None,
    })
}

fn buttons(message: &Message) -> impl Iterator<Item = &Button> {
    message.components.iter().flat_map(|row| &row.components).filter_map(|component| match component {
        ActionRowComponent::Button(button) => Some(button),
        _ => None,
    })
}
