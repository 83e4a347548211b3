//! The inbox: what members asked in vain becomes a wording, an entry or a word in a few taps; or is none of ours.
//!
//! A member's sentence goes through a form before it goes into a draft: never unseen into the FAQ. What belongs together is decided in
//! [`crate::moderation::inbox`].

use serenity::builder::{
    CreateActionRow, CreateButton, CreateInputText, CreateInteractionResponse, CreateModal, CreateSelectMenuOption,
};
use serenity::model::application::{ButtonStyle, InputTextStyle};
use tracing::warn;

use super::{Call, pages};
use crate::answering::phrases::{self, Phrase};
use crate::discord::bot::Bot;
use crate::discord::page::{self, MAX_OPTION, MAX_TEXT, Page, fitted};
use crate::discord::queue::Loss;
use crate::discord::ticket::{Action, Ticket};
use crate::faq::{Class, EntryId, Lang, comparable, inert, load, one_line};
use crate::journal::{JournalError, KeptAt};
use crate::moderation::draft::Form;
use crate::moderation::inbox::{Group, Now, groups, nearest, unknown_words};
use crate::moderation::{Draft, Fields, Task, plan};

/// Groups in the list: as many as a phone shows without scrolling far.
const SHOWN_GROUPS: usize = 10;
/// Other wordings of a group.
const SHOWN_WORDINGS: usize = 5;
/// A word of the vocabulary is no sentence.
const MAX_WORD: u16 = 40;

impl Bot {
    /// The open questions of so many days.
    pub(super) async fn open_groups(&self, days: u32) -> Result<Vec<Group>, JournalError> {
        let since = Self::clock() - i64::from(days) * 24 * 60 * 60;
        let missing = self.journal.missing(since).await?;
        // Each is decided by today's FAQ: thousands take a second.
        Ok(tokio::task::block_in_place(|| groups(&self.knowledge, missing, &self.policy)))
    }

    /// Shows what is open.
    pub(super) async fn show_inbox(&self, call: Call<'_>) -> Result<(), Loss> {
        if !self.journal.is_on() {
            return self.say_privately(call, &page::sentence(phrases::NEEDS_JOURNAL.get(call.lang))).await;
        }
        let page = self.inbox_page(call).await;
        self.show_in_place(call, &page).await
    }

    async fn inbox_page(&self, call: Call<'_>) -> Page {
        match self.open_groups(self.keep_days).await {
            Ok(groups) => self.list(&groups, call.lang),
            Err(error) => Self::failed(call.at, call.lang, &error),
        }
    }

    fn list(&self, groups: &[Group], lang: Lang) -> Page {
        if groups.is_empty() {
            return page::sentence(phrases::INBOX_EMPTY.get(lang));
        }
        let shown = groups.iter().take(SHOWN_GROUPS);
        let line = |(nth, group): (usize, &Group)| {
            let text = inert(&fitted(&one_line(&group.shown().text), 70));
            format!("{}. 「{text}」{}・{}", nth + 1, asked_by(group, lang), fitted(&self.said_now(group, lang), 60))
        };
        let head = phrases::INBOX.with(lang, &[&groups.len().to_string()]);
        let text = std::iter::once(head).chain(shown.clone().enumerate().map(line)).collect::<Vec<_>>().join("\n");
        let options = shown.map(|group| {
            CreateSelectMenuOption::new(
                fitted(&one_line(&group.shown().text), MAX_OPTION),
                number(group.shown().kept).to_string(),
            )
        });
        let menu = page::menu(&Ticket::new(Action::Open, lang), options.collect(), phrases::PICK_OPEN.get(lang));
        Page { text: fitted(&text, MAX_TEXT), rows: vec![menu], answer: None }
    }

    fn said_now(&self, group: &Group, lang: Lang) -> String {
        let question = |id: &EntryId| self.knowledge.faq.entry(id).map_or("", |entry| entry.question.nearest(lang).1).to_owned();
        match &group.now {
            Now::Declined => phrases::NOW_NOTHING.get(lang).to_owned(),
            Now::Offered(ids) => phrases::NOW_OFFERED.with(lang, &[&ids.iter().map(question).collect::<Vec<_>>().join("、")]),
            Now::Wrong(id) => phrases::NOW_WRONG.with(lang, &[&question(id)]),
        }
    }

    /// Shows one group, with what can be done.
    pub(super) async fn show_group(&self, call: Call<'_>, number: u64) -> Result<(), Loss> {
        let page = match self.group_of(number).await {
            Ok(Some(group)) => self.group_page(&group, call.lang),
            Ok(None) => gone(call.lang),
            Err(error) => Self::failed(call.at, call.lang, &error),
        };
        self.show_in_place(call, &page).await
    }

    fn group_page(&self, group: &Group, lang: Lang) -> Page {
        let shown = group.shown();
        let mut lines = vec![
            format!("「{}」", inert(&fitted(&one_line(&shown.text), 400))),
            format!("{}・{}", asked_by(group, lang), self.said_now(group, lang)),
        ];
        let mut others: Vec<String> = group.questions.iter().rev().map(|one| one_line(&one.text)).collect();
        others.dedup();
        others.retain(|text| *text != one_line(&shown.text));
        if !others.is_empty() {
            lines.push(phrases::OTHER_WAYS.get(lang).to_owned());
            lines.extend(others.iter().take(SHOWN_WORDINGS).map(|text| format!("- {}", inert(&fitted(text, 150)))));
        }
        let number = number(shown.kept);
        let options = nearest(&self.knowledge, shown, &self.policy).into_iter().map(|entry| {
            let entry = &self.knowledge.faq.entries[entry];
            CreateSelectMenuOption::new(fitted(entry.question.nearest(lang).1, MAX_OPTION), entry.id.as_str())
        });
        let options: Vec<_> = options.collect();
        // The ticket's language is that of the question, as the form's will be.
        let ticket = Ticket::new(Action::Same, shown.lang).with(Some(number));
        let menu = (!options.is_empty()).then(|| page::menu(&ticket, options, phrases::SAME_AS.get(lang)));
        let ways = [
            (Action::NewFor, &phrases::NEW_ENTRY),
            (Action::WordFor, &phrases::SAME_WORD),
            (Action::NotOurs, &phrases::NOT_OURS),
        ];
        let button = |action: Action, label: &Phrase, number: Option<u64>| {
            let ticket = Ticket::new(action, shown.lang).with(number);
            CreateButton::new(ticket.to_string()).label(label.get(lang)).style(ButtonStyle::Secondary)
        };
        let mut buttons: Vec<CreateButton> =
            ways.into_iter().map(|(action, label)| button(action, label, Some(number))).collect();
        buttons.push(button(Action::Inbox, &phrases::BACK_TO_INBOX, None));
        Page {
            text: fitted(&lines.join("\n"), MAX_TEXT),
            rows: menu.into_iter().chain([CreateActionRow::Buttons(buttons)]).collect(),
            answer: None,
        }
    }

    /// An entry was picked that a question means: the form with the wording opens, since a member's words are looked at first.
    pub(super) async fn open_wording(&self, call: Call<'_>, number: u64, entry: &str) -> Result<(), Loss> {
        let Some(entry) = EntryId::new(entry).filter(|id| self.knowledge.faq.position(id).is_some()) else {
            return self.say_privately(call, &page::sentence(phrases::NO_SUCH_ENTRY.get(call.lang))).await;
        };
        let Some(group) = self.group_or_say(call, number).await? else { return Ok(()) };
        let text = fitted(&one_line(&group.shown().text), load::MAX_QUESTION_UNITS);
        let field = CreateInputText::new(InputTextStyle::Paragraph, phrases::TEACH_FIELD.get(call.lang), "wording")
            .value(text.clone())
            .max_length(1_000);
        let lang = group.shown().lang;
        let shown = plan::shown(&self.knowledge.faq, Some(entry.as_str()), lang);
        let mut draft = Draft::new(Task::Change { entry: entry.to_string() });
        draft.fill(Form::new(lang, shown.clone(), shown));
        draft.quoted = Some(text.clone());
        let number = match self.journal.keep_draft(call.member, Self::clock(), draft.written()).await {
            Ok(number) => number,
            Err(error) => return self.say_privately(call, &Self::failed(call.at, call.lang, &error)).await,
        };
        let ticket = Ticket::new(Action::Taught, lang).with(u64::try_from(number).ok());
        let form = CreateModal::new(ticket.to_string(), phrases::TEACH_FORM.get(call.lang));
        let form = form.components(vec![CreateActionRow::InputText(field)]);
        self.respond(call.at, &CreateInteractionResponse::Modal(form)).await
    }

    /// The form with the wording came back.
    pub(super) async fn take_wording(&self, call: Call<'_>, number: i64, lang: Lang, text: &str) -> Result<(), Loss> {
        self.think(call).await?;
        let mut draft = match self.draft_of(call, number).await {
            Ok(draft) => draft,
            Err(page) => return self.edit_response(call.at, &page).await.map(drop),
        };
        let shown = draft.form(lang).map(|form| form.shown.clone()).unwrap_or_default();
        let mut typed = shown.clone();
        typed.wordings.extend(Fields::typed(["", text]).wordings);
        draft.fill(Form::new(lang, shown, typed));
        match self.journal.change_draft(number, Self::clock(), draft.written()).await {
            Ok(()) => self.show_draft(call, number, draft, &[]).await,
            Err(error) => self.edit_response(call.at, &Self::failed(call.at, call.lang, &error)).await.map(drop),
        }
    }

    /// Opens the form for an entry that answers a question.
    pub(super) async fn open_for(&self, call: Call<'_>, number: u64) -> Result<(), Loss> {
        let Some(group) = self.group_or_say(call, number).await? else { return Ok(()) };
        let shown = group.shown();
        let topic =
            nearest(&self.knowledge, shown, &self.policy).first().map_or(0, |entry| self.knowledge.faq.entries[*entry].topic);
        let Some(topic) = self.knowledge.faq.topics.get(topic) else {
            return self.say_privately(call, &page::sentence(phrases::NO_SUCH_TOPIC.get(call.lang))).await;
        };
        let mut draft = Draft::new(Task::Add { topic: topic.id.clone() });
        let question = fitted(&one_line(&shown.text), load::MAX_QUESTION_UNITS);
        draft.quoted = Some(question.clone());
        draft.fill(Form::new(shown.lang, Fields::default(), Fields { question, ..Fields::default() }));
        self.open(call, draft, shown.lang, Fields::default()).await
    }

    /// Opens the form for a word of a question.
    pub(super) async fn open_word(&self, call: Call<'_>, number: u64) -> Result<(), Loss> {
        let Some(group) = self.group_or_say(call, number).await? else { return Ok(()) };
        let unknown = unknown_words(&self.knowledge, group.shown(), &self.policy).into_iter().next().unwrap_or_default();
        let field = |name: &str, label: &Phrase| {
            CreateInputText::new(InputTextStyle::Short, label.get(call.lang), name).max_length(MAX_WORD)
        };
        let new = field("new", &phrases::WORD_NEW);
        let new = if unknown.is_empty() { new } else { new.value(fitted(&unknown, MAX_WORD.into())) };
        let rows = vec![CreateActionRow::InputText(new), CreateActionRow::InputText(field("known", &phrases::WORD_KNOWN))];
        let ticket = Ticket::new(Action::Word, call.lang).with(Some(call.at.id.get()));
        let form = CreateModal::new(ticket.to_string(), phrases::WORD_FORM.get(call.lang)).components(rows);
        self.respond(call.at, &CreateInteractionResponse::Modal(form)).await
    }

    /// The form with a word came back.
    pub(super) async fn take_word(&self, call: Call<'_>, new: &str, known: &str) -> Result<(), Loss> {
        if let Err(why) = self.may_draft(call.lang) {
            return self.say_privately(call, &page::sentence(why)).await;
        }
        let (new, known) = (one_line(new), one_line(known));
        let mut concepts = self.knowledge.vocabulary.concepts.iter().filter(|concept| concept.class == Class::Core);
        let concept = concepts.find(|concept| concept.forms.iter().any(|form| comparable(form) == comparable(&known)));
        let Some(concept) = concept.filter(|_| !new.is_empty()) else {
            return self
                .say_privately(call, &page::sentence(&phrases::NO_SUCH_WORD.with(call.lang, &[&inert(&known), &inert(&new)])))
                .await;
        };
        self.think(call).await?;
        self.show_new_draft(call, Draft::new(Task::Word { concept: concept.name.clone(), form: new }), &[]).await
    }

    /// A group is none of ours.
    pub(super) async fn close_group(&self, call: Call<'_>, number: u64) -> Result<(), Loss> {
        let closed = match self.group_of(number).await {
            Ok(Some(group)) => self.journal.close(group.questions.iter().map(|one| one.kept).collect()).await,
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        let page = match closed {
            Ok(()) => self.inbox_page(call).await,
            Err(error) => Self::failed(call.at, call.lang, &error),
        };
        self.show_in_place(call, &page).await
    }

    /// Where a new entry goes was picked: the draft is shown anew.
    pub(super) async fn move_draft(&self, call: Call<'_>, number: i64, topic: &str) -> Result<(), Loss> {
        let mut draft = match self.draft_of(call, number).await {
            Ok(draft) => draft,
            Err(page) => return self.say_privately(call, &page).await,
        };
        self.think(call).await?;
        if self.knowledge.faq.topics.iter().any(|known| known.id == topic) {
            draft.task = Task::Add { topic: topic.to_owned() };
        }
        match self.journal.change_draft(number, Self::clock(), draft.written()).await {
            Ok(()) => self.show_draft(call, number, draft, &[]).await,
            Err(error) => self.edit_response(call.at, &Self::failed(call.at, call.lang, &error)).await.map(drop),
        }
    }

    async fn group_of(&self, number: u64) -> Result<Option<Group>, JournalError> {
        let kept = kept(number);
        Ok(self.open_groups(self.keep_days).await?.into_iter().find(|group| group.holds(kept)))
    }

    /// A group; where there is none any more, its moderator is told, and nothing is left to do.
    async fn group_or_say(&self, call: Call<'_>, number: u64) -> Result<Option<Group>, Loss> {
        if let Err(why) = self.may_draft(call.lang) {
            self.say_privately(call, &page::sentence(why)).await?;
            return Ok(None);
        }
        let page = match self.group_of(number).await {
            Ok(Some(group)) => return Ok(Some(group)),
            Ok(None) => gone(call.lang),
            Err(error) => {
                warn!("the inbox cannot be read: {error}");
                Self::failed(call.at, call.lang, &error)
            }
        };
        self.say_privately(call, &page).await.map(|()| None)
    }
}

fn gone(lang: Lang) -> Page {
    let back = pages::button(Action::Inbox, 0, lang, &phrases::BACK_TO_INBOX, lang);
    let rows = vec![CreateActionRow::Buttons(vec![back])];
    Page { text: phrases::NO_LONGER_OPEN.get(lang).to_owned(), rows, answer: None }
}

fn asked_by(group: &Group, lang: Lang) -> String {
    phrases::ASKED_BY.with(lang, &[&group.people.to_string(), &format!("<t:{}:d>", group.shown().at)])
}

/// A question by one number, as a custom id has room for: even for asked ones, odd for those handed on.
fn number(kept: KeptAt) -> u64 {
    match kept {
        KeptAt::Asked(id) => id.unsigned_abs() * 2,
        KeptAt::HandedOn(id) => id.unsigned_abs() * 2 + 1,
    }
}

fn kept(number: u64) -> KeptAt {
    let id = i64::try_from(number / 2).unwrap_or(i64::MAX);
    if number.is_multiple_of(2) { KeptAt::Asked(id) } else { KeptAt::HandedOn(id) }
}
