//! What moderators see: forms, drafts with what they would change, conflicts, the history. At most two rows, and words on every button.
//!
//! Pure. What a press leads to is left to `editing.rs` and `histories.rs`.

use serenity::builder::{CreateActionRow, CreateButton, CreateInputText, CreateModal, CreateSelectMenuOption};
use serenity::model::application::{ButtonStyle, InputTextStyle};

use crate::answering::phrases::{self, Phrase};
use crate::discord::page::{self, MAX_OPTION, MAX_OPTIONS, MAX_TEXT, Page, fitted};
use crate::discord::ticket::{Action, Ticket};
use crate::faq::compare::changed;
use crate::faq::{Diagnostic, EntryId, Lang, Topic, VOCABULARY_FILE, inert, load};
use crate::journal::{Change, Via};
use crate::knowledge::Knowledge;
use crate::moderation::draft::Conflict;
use crate::moderation::form::MAX_FIELD;
use crate::moderation::review::Moved;
use crate::moderation::{Draft, Fields, Plan, Task};

/// Changes on a page of the history: as many as a phone shows without scrolling far.
pub const SHOWN_CHANGES: usize = 10;
/// Questions that would be answered otherwise, shown by their words.
const SHOWN_MOVED: usize = 5;
/// UTF-16 units of each line that stands before them.
const SHOWN_LEAD: usize = 300;
/// Warnings that are told.
const SHOWN_NOTICES: usize = 3;
/// UTF-16 units of lines that go and come, and of each of them.
const SHOWN_DIFF: usize = 800;
const SHOWN_LINE: usize = 160;

/// A button that only needs a number.
pub fn button(action: Action, number: i64, lang: Lang, label: &Phrase, said: Lang) -> CreateButton {
    button_of(&Ticket::new(action, lang).with(u64::try_from(number).ok().filter(|number| *number > 0)), label.get(said))
}

/// A button like all others.
pub fn button_of(ticket: &Ticket, label: &str) -> CreateButton {
    CreateButton::new(ticket.to_string()).label(label).style(ButtonStyle::Secondary)
}

/// The form of an entry in one language; `fresh` is the draft that it fills, so that no phone shows an older text.
pub fn form(fields: &Fields, is_new: bool, form_lang: Lang, fresh: i64, said: Lang) -> CreateModal {
    let title = if is_new { &phrases::ADD_FORM } else { &phrases::EDIT_FORM };
    let labels = [
        &phrases::FIELD_QUESTION,
        &phrases::FIELD_WORDINGS,
        &phrases::FIELD_ANSWER,
        &phrases::FIELD_LINKS,
        &phrases::FIELD_KEYWORDS,
    ];
    let limits = [load::MAX_QUESTION_UNITS, MAX_FIELD, load::MAX_ANSWER_UNITS, MAX_FIELD, MAX_FIELD];
    let names = ["question", "wordings", "answer", "links", "keywords"];
    let rows = fields.texts().into_iter().zip(labels).zip(limits).zip(names).map(|(((text, label), limit), name)| {
        let style = if name == "question" { InputTextStyle::Short } else { InputTextStyle::Paragraph };
        let field = CreateInputText::new(style, label.get(said), name)
            .required(matches!(name, "question" | "answer"))
            .max_length(u16::try_from(limit).unwrap_or(u16::MAX));
        let text = fitted(&text, limit);
        CreateActionRow::InputText(if text.is_empty() { field } else { field.value(text) })
    });
    let ticket = Ticket::new(Action::Edited, form_lang).with(u64::try_from(fresh).ok());
    CreateModal::new(ticket.to_string(), title.with(said, &[form_lang.name()])).components(rows.collect())
}

/// What a draft would change, and the buttons to decide.
pub fn decision(
    draft: &Draft,
    number: i64,
    plan: &Plan,
    moved: &[Moved],
    (lead, is_published_here): (&[String], bool),
    said: Lang,
) -> Page {
    let head = if plan.entry.is_some() { &phrases::NOT_PUBLISHED } else { &phrases::NOT_PUBLISHED_YET };
    let mut lines = vec![head.get(said).to_owned()];
    if !is_published_here {
        lines.push(phrases::AS_PATCH.get(said).to_owned());
    }
    lines.extend(lead.iter().map(|line| fitted(line, SHOWN_LEAD)));
    lines.extend(diff(&plan.diff(), SHOWN_DIFF));
    lines.extend(notices(plan, said));
    lines.extend(movements(moved, said));
    let publish = button(Action::Publish, number, said, &phrases::PUBLISH, said).style(ButtonStyle::Primary);
    let mut buttons: Vec<CreateButton> = is_published_here.then_some(publish).into_iter().collect();
    buttons.extend(again(draft, number, said));
    buttons.push(button(Action::Drop, number, said, &phrases::DROP, said));
    let menu = topics(draft, number, &plan.knowledge, said);
    let rows = menu.into_iter().chain([CreateActionRow::Buttons(buttons)]).collect();
    Page { text: fitted(&lines.join("\n"), MAX_TEXT), rows, answer: None }
}

/// Where a new entry goes.
fn topics(draft: &Draft, number: i64, knowledge: &Knowledge, said: Lang) -> Option<CreateActionRow> {
    let Task::Add { topic } = &draft.task else { return None };
    let title = |topic: &Topic| topic.title.nearest(said).1.to_owned();
    let now = knowledge.faq.topics.iter().find(|known| known.id == *topic).map(title).unwrap_or_default();
    let others = knowledge.faq.topics_to_ask().filter(|known| known.id != *topic).take(MAX_OPTIONS);
    let options: Vec<_> =
        others.map(|known| CreateSelectMenuOption::new(fitted(&title(known), MAX_OPTION), known.id.as_str())).collect();
    let ticket = Ticket::new(Action::Into, said).with(u64::try_from(number).ok());
    let placeholder = phrases::INTO_TOPIC.with(said, &[&now]);
    (!options.is_empty()).then(|| page::menu(&ticket, options, &fitted(&placeholder, 150)))
}

/// Why a draft cannot be published, with the ways on from there.
pub fn refused(draft: &Draft, number: i64, text: &str, said: Lang) -> Page {
    let mut buttons = again(draft, number, said);
    buttons.push(button(Action::Drop, number, said, &phrases::DROP, said));
    Page { text: fitted(text, MAX_TEXT), rows: vec![CreateActionRow::Buttons(buttons)], answer: None }
}

/// Both texts of a conflict, whole where they fit.
pub fn conflict(conflicts: &[Conflict], draft: &Draft, number: i64, by: &str, said: Lang) -> Page {
    let mut text = phrases::CONFLICT.with(said, &[by]);
    let room = (MAX_TEXT - units(&text) - 60 * conflicts.len()) / (2 * conflicts.len().max(1));
    for Conflict { mine, theirs, .. } in conflicts {
        for (heading, shown) in [(&phrases::MINE, mine), (&phrases::THEIRS, theirs)] {
            text = format!("{text}\n**{}**\n{}", heading.get(said), fitted(shown, room));
        }
    }
    let mut buttons = vec![button(Action::Mine, number, said, &phrases::TAKE_MINE, said)];
    buttons.extend(again(draft, number, said));
    buttons.push(button(Action::Drop, number, said, &phrases::DROP, said));
    Page { text: fitted(&text, MAX_TEXT), rows: vec![CreateActionRow::Buttons(buttons)], answer: None }
}

/// The ways back to a draft's forms: the one that was filled, and the other language's.
fn again(draft: &Draft, number: i64, said: Lang) -> Vec<CreateButton> {
    if !matches!(draft.task, Task::Change { .. } | Task::Add { .. }) || draft.forms.is_empty() {
        return Vec::new();
    }
    let filled = draft.forms.last().map_or(said, |form| form.lang);
    let other = if filled == Lang::Ja { (Lang::En, &phrases::IN_ENGLISH) } else { (Lang::Ja, &phrases::IN_JAPANESE) };
    vec![button(Action::Edit, number, filled, &phrases::BACK, said), button(Action::Edit, number, other.0, other.1, said)]
}

/// Whether there is more of these lines than a page shows.
pub fn is_cut(lines: &[(bool, String)]) -> bool {
    let sizes = || lines.iter().map(|(_, line)| units(line));
    sizes().any(|size| size > SHOWN_LINE) || sizes().map(|size| size + 3).sum::<usize>() > SHOWN_DIFF
}

/// Lines that go and come, in a block that Discord colours; their signs tell, too. At most so many UTF-16 units of them.
pub fn diff(lines: &[(bool, String)], room: usize) -> Option<String> {
    let mut text = String::new();
    for (is_new, line) in lines {
        let line = format!("{} {}\n", if *is_new { '+' } else { '-' }, fitted(&line.replace('`', "ˋ"), SHOWN_LINE));
        if units(&text) + units(&line) > room {
            text += "…\n";
            break;
        }
        text += &line;
    }
    (!text.is_empty()).then(|| format!("```diff\n{text}```"))
}

fn notices(plan: &Plan, said: Lang) -> Vec<String> {
    // Of another entry than the one that is shown, its name is told.
    let about = |one: &Diagnostic| {
        let entry = plan.knowledge.faq.entries.iter().find(|entry| entry.place == one.place);
        entry.filter(|entry| Some(&entry.id) != plan.entry.as_ref()).map_or_else(String::new, |entry| format!("`{}` ", entry.id))
    };
    let told = plan.warnings.iter().take(SHOWN_NOTICES);
    let line = |one: &Diagnostic| {
        let message = inert(&fitted(&one.problem.message(said), 200));
        format!("{}{}{message}", phrases::NOTICES.get(said), about(one))
    };
    told.map(line).collect()
}

fn movements(moved: &[Moved], said: Lang) -> Vec<String> {
    if moved.is_empty() {
        return vec![phrases::NONE_MOVED.get(said).to_owned()];
    }
    let name = |id: &Option<EntryId>| id.as_ref().map_or(phrases::NOTHING.get(said).to_owned(), |id| format!("`{id}`"));
    let line = |one: &Moved| {
        let must = if one.is_must { phrases::MUST.get(said) } else { "" };
        format!("- 「{}」{must} {} → {}", inert(&fitted(&one.question, 80)), name(&one.before), name(&one.after))
    };
    let head = phrases::MOVED.with(said, &[&moved.len().to_string()]);
    std::iter::once(head).chain(moved.iter().take(SHOWN_MOVED).map(line)).collect()
}

/// That a draft was published, with the way back.
pub fn published(text: &str, change: Option<i64>, said: Lang) -> Page {
    let undo = change.map(|change| button(Action::Undo, change, said, &phrases::UNDO, said));
    let rows = undo.into_iter().map(|undo| CreateActionRow::Buttons(vec![undo])).collect();
    Page { text: fitted(text, MAX_TEXT), rows, answer: None }
}

/// The same for the log channel, from which the inbox is opened, too: nobody need type a command on a phone.
pub fn logged(mut page: Page, said: Lang) -> Page {
    let open = button(Action::Inbox, 0, said, &phrases::OPEN_INBOX, said);
    match page.rows.first_mut() {
        Some(CreateActionRow::Buttons(buttons)) => buttons.push(open),
        _ => page.rows.push(CreateActionRow::Buttons(vec![open])),
    }
    page
}

/// The changes of a page, newest first, with a menu of them.
pub fn history(changes: &[Change], number: i64, has_more: bool, entry: Option<&str>, knowledge: &Knowledge, said: Lang) -> Page {
    if changes.is_empty() {
        return page::sentence(phrases::NO_HISTORY.get(said));
    }
    let line = |change: &Change| {
        format!("- <t:{}:f> {}「{}」{}", change.at, kind(change, said), name(change, knowledge, said), author(change, said))
    };
    let text = std::iter::once(phrases::HISTORY.get(said).to_owned()).chain(changes.iter().map(line));
    let options = changes.iter().map(|change| {
        let label = format!("{} {}", kind(change, said), name(change, knowledge, said));
        CreateSelectMenuOption::new(fitted(&label, MAX_OPTION), change.id.to_string())
    });
    let menu = page::menu(&Ticket::new(Action::Past, said), options.collect(), phrases::PICK_CHANGE.get(said));
    let mut rows = vec![menu];
    if has_more {
        let ticket = Ticket::new(Action::History, said).with(u64::try_from(number + 1).ok());
        let ticket = entry.and_then(EntryId::new).map_or_else(|| ticket.clone(), |entry| ticket.clone().about(&entry));
        let next = CreateButton::new(ticket.to_string()).label(phrases::NEXT_PAGE.get(said)).style(ButtonStyle::Secondary);
        rows.push(CreateActionRow::Buttons(vec![next]));
    }
    Page { text: fitted(&text.collect::<Vec<_>>().join("\n"), MAX_TEXT), rows, answer: None }
}

/// One change, with the ways back.
pub fn change(change: &Change, knowledge: &Knowledge, said: Lang) -> Page {
    let changed = changed(change.before.as_deref(), change.after.as_deref());
    let head = format!("<t:{}:f> {}「{}」{}", change.at, kind(change, said), name(change, knowledge, said), author(change, said));
    let text = std::iter::once(head).chain(diff(&changed, 2 * SHOWN_DIFF)).collect::<Vec<_>>().join("\n");
    let mut buttons = vec![button(Action::Undo, change.id, said, &phrases::UNDO, said)];
    if change.moderator.is_some() {
        buttons.push(button(Action::UndoBy, change.id, said, &phrases::UNDO_BY, said));
    }
    buttons.push(button(Action::UndoTo, change.id, said, &phrases::UNDO_TO, said));
    Page { text: fitted(&text, MAX_TEXT), rows: vec![CreateActionRow::Buttons(buttons)], answer: None }
}

fn kind(change: &Change, said: Lang) -> &'static str {
    let phrase = match (&change.before, &change.after) {
        (None, _) => &phrases::CAME,
        (_, None) => &phrases::WENT,
        _ => &phrases::BECAME,
    };
    phrase.get(said)
}

/// The question of a change's entry, as far as anybody knows it.
pub fn name(change: &Change, knowledge: &Knowledge, said: Lang) -> String {
    if change.entry == VOCABULARY_FILE {
        let word = change.after.as_ref().or(change.before.as_ref());
        return word.and_then(|word| word.split_once('\t')).map_or_else(String::new, |(_, word)| word.to_owned());
    }
    let entry = EntryId::new(&change.entry).and_then(|id| knowledge.faq.entry(&id));
    entry.map_or_else(|| change.entry.clone(), |entry| entry.question.nearest(said).1.to_owned())
}

fn author(change: &Change, said: Lang) -> String {
    match (change.via, change.moderator) {
        (Via::File, _) | (_, None) => phrases::BY_FILE.get(said).to_owned(),
        (_, Some(moderator)) => format!("<@{moderator}>"),
    }
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}
