//! A reply -> what stands in a Discord message: its text, and at most two rows of buttons or a menu.
//!
//! Pure. Where it is sent is left to the doors; which words it has, to the FAQ and `phrases.rs`.

use serenity::builder::{
    CreateActionRow, CreateButton, CreateInputText, CreateModal, CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption,
};
use serenity::model::application::{ButtonStyle, InputTextStyle};

use super::ticket::{Action, Ticket};
use crate::answering::{Answer, Choice, Reply, phrases, reply};
use crate::faq::{EntryId, Faq, Lang};
use crate::journal::Kept;
use crate::knowledge::Knowledge;

/// Discord's limit for a message, in UTF-16 units to be safe.
pub const MAX_TEXT: usize = 2_000;
/// Discord's limit for a button's label, likewise.
const MAX_LABEL: usize = 80;
/// Discord's limit for an option of a menu or an autocomplete.
pub const MAX_OPTION: usize = 100;
/// Discord's limit for a button's address.
const MAX_URL: usize = 512;
/// Buttons in a row.
const MAX_BUTTONS: usize = 5;
/// Options in a menu or an autocomplete.
pub const MAX_OPTIONS: usize = 25;
/// What a phone shows of a choice before it cuts: the width of 18 full-width characters, the number included.
const CHOICE_WIDTH: usize = 36;
/// As long as a question may be in the form: Discord's limit for a field.
const MAX_ASKED: u16 = 4_000;

/// A message's text and what can be pressed under it.
#[derive(Clone, Debug)]
pub struct Page {
    /// In Discord's markup.
    pub text: String,
    /// Buttons and menus.
    pub rows: Vec<CreateActionRow>,
    /// The entry whose answer it is, and in which language.
    pub answer: Option<(EntryId, Lang)>,
}

impl Page {
    fn new(text: String, rows: Vec<CreateActionRow>) -> Self {
        Page { text, rows, answer: None }
    }
}

/// Who sees a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// Everybody in the channel.
    Public,
    /// One member, among others who do not.
    Private,
    /// One member, alone with the bot.
    Direct,
    /// One member, who asked about somebody's message.
    ForPost {
        /// That message.
        message: u64,
        /// Who wrote it; old buttons do not say.
        author: Option<u64>,
    },
}

impl Surface {
    /// Its name in figures.
    pub const fn name(self) -> &'static str {
        match self {
            Surface::Public => "public",
            Surface::Private => "private",
            Surface::Direct => "direct",
            Surface::ForPost { .. } => "for_post",
        }
    }
}

/// For whom a page is made.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// The language of the bot's words.
    pub lang: Lang,
    /// To whom the message belongs.
    pub asker: Option<u64>,
    /// Who sees it.
    pub surface: Surface,
    /// The channel where people help.
    pub help_channel: Option<u64>,
    /// What is declined can be handed on.
    pub hands_on: bool,
    /// The entry was picked from a list, and the list is wanted back.
    pub is_browsed: bool,
    /// Whose message it answers, where somebody else posted it: they may take it away, too.
    pub helped: Option<u64>,
}

impl Frame {
    fn ticket(&self, action: Action) -> Ticket {
        let ticket = Ticket::new(action, self.lang);
        match self.surface {
            Surface::ForPost { message, author } => ticket.of(author).with(Some(message)),
            _ => ticket.of(self.asker),
        }
    }

    fn button(&self, action: Action, entry: Option<&EntryId>, label: &str) -> CreateButton {
        button(&entry.map_or_else(|| self.ticket(action), |entry| self.ticket(action).about(entry)), label)
    }

    fn say(&self, phrase: &phrases::Phrase) -> &'static str {
        phrase.get(self.lang)
    }
}

fn button(ticket: &Ticket, label: &str) -> CreateButton {
    CreateButton::new(ticket.to_string()).label(fitted(label, MAX_LABEL)).style(ButtonStyle::Secondary)
}

/// A reply as a message; `None` where it is silence.
pub fn page(reply: &Reply, frame: &Frame) -> Option<Page> {
    Some(match reply {
        Reply::Answer { answers, lead } => answered(*lead, answers, frame),
        Reply::Offer { lead, choices } => {
            let lead = if matches!(frame.surface, Surface::ForPost { .. }) { frame.say(&phrases::POST_UNSURE) } else { lead };
            offered(lead, choices, frame)
        }
        Reply::Decline { signpost: Some(answer), .. } => answered(None, std::slice::from_ref(answer), frame),
        Reply::Decline { text, nearby, .. } => declined(text.unwrap_or_default(), nearby, frame),
        Reply::Silence { text } => Page::new(fitted(text.as_deref()?, MAX_TEXT), Vec::new()),
        Reply::Care { answer, note } => {
            let text = format!("{}\n-# {note}", answer.text);
            Page::new(text, rows([links(std::slice::from_ref(answer)), deleting(frame)]))
        }
    })
}

/// A message whose asker said that it helped: its text and its links stay as they are.
pub fn settled<'a>(text: &str, links: impl Iterator<Item = (&'a str, &'a str)>) -> Page {
    let links = links.map(|(label, url)| CreateButton::new_link(url).label(label)).collect();
    Page::new(text.to_owned(), rows([links]))
}

/// Who we are, with the topics and the form.
pub fn greeting(faq: &Faq, frame: &Frame) -> Page {
    Page::new(fitted(&reply::greeting(faq, frame.lang), MAX_TEXT), topic_rows(faq, frame))
}

/// The lasting message.
pub fn panel(faq: &Faq, frame: &Frame) -> Page {
    let text = format!("**{}**\n{}", frame.say(&phrases::PANEL_TITLE), frame.say(&phrases::PANEL));
    Page::new(text, topic_rows(faq, frame))
}

/// The same page after a sentence.
pub fn after(lead: &str, page: Page) -> Page {
    let text = roomy(&page.text, units(lead) + 2);
    Page { text: format!("{lead}\n\n{text}"), ..page }
}

/// The same page with the name of who showed it to everybody; nobody is pinged by it.
pub fn shown_by(member: u64, page: Page, frame: &Frame) -> Page {
    let line = shown_line(member, frame.lang);
    let text = roomy(&page.text, units(&line)) + &line;
    Page { text, ..page }
}

/// The line under an answer that names who showed it.
pub fn shown_line(member: u64, lang: Lang) -> String {
    format!("\n-# {}<@{member}>{}", phrases::SHOWN_BY.get(lang), phrases::SHOWN_BY_END.get(lang))
}

/// An answer's text with room for so many units more: its origin gives way first, then its question, at last its end.
fn roomy(mut text: &str, needed: usize) -> String {
    let room = MAX_TEXT.saturating_sub(needed);
    while units(text) > room {
        let Some((before, _)) = text.rsplit_once('\n').filter(|(_, last)| last.starts_with("-# ")) else { break };
        text = before;
    }
    if units(text) > room
        && let Some((_, answer)) = text.split_once('\n').filter(|(question, _)| question.starts_with("**"))
    {
        text = answer;
    }
    fitted(text, room)
}

/// Where somebody turns who wants to help the author of a post.
pub fn helping(care: &Answer, lead: &str) -> Page {
    Page::new(lead.to_owned(), rows([links(std::slice::from_ref(care))]))
}

/// An entry as everybody will see it, without what only matters once it stands there.
pub fn preview(answer: &Answer, lang: Lang) -> Page {
    Page::new(fitted(&shown(answer, lang), MAX_TEXT), rows([links(std::slice::from_ref(answer))]))
}

/// One sentence, with the form below it.
pub fn asking(text: &str, frame: &Frame) -> Page {
    let mut row = vec![asking_button(frame)];
    row.extend(deleting(frame));
    Page::new(text.to_owned(), rows([row]))
}

/// One sentence.
pub fn sentence(text: &str) -> Page {
    Page::new(text.to_owned(), Vec::new())
}

/// A copy of choices that were offered to somebody else, with the form; where there are none, of the text they stood in.
pub fn choosing(text: &str, offered: &[Choice], frame: &Frame) -> Page {
    let text = match offered {
        [] => text.to_owned(),
        offered => format!("{}\n{}", frame.say(&phrases::OFFER), numbered(offered)),
    };
    let mut row = choices(offered, frame);
    row.push(asking_button(frame));
    Page::new(text, rows([row]))
}

/// Other entries for somebody who did not mean this one, with the way to the moderators and the form. Its buttons name the wrong entry and,
/// where that stands in public, our message (`standing`).
pub fn corrected(others: &[Choice], wrong: &EntryId, standing: Option<u64>, frame: &Frame) -> Page {
    let text = match others {
        [] => frame.say(&phrases::NOTHING_NEARER).to_owned(),
        others => format!("{}\n{}", frame.say(&phrases::CORRECTED), numbered(others)),
    };
    let ticket = |action| Ticket::new(action, frame.lang).of(frame.asker).about(wrong).with(standing);
    // Somebody else's question is not theirs to hand on.
    let may_hand_on = frame.hands_on && !matches!(frame.surface, Surface::ForPost { .. });
    let hand_on = may_hand_on.then(|| button(&ticket(Action::HandOn), frame.say(&phrases::HAND_ON)));
    let again = button(&ticket(Action::Again), frame.say(&phrases::ASK)).style(ButtonStyle::Primary);
    let ways = hand_on.into_iter().chain([again]).chain(deleting(frame));
    Page::new(text, rows([choices(others, frame), ways.collect()]))
}

/// An entry that is no longer there, with those that are near.
pub fn gone(nearby: &[Choice], frame: &Frame) -> Page {
    let page = declined(frame.say(&phrases::ENTRY_GONE), nearby, &Frame { help_channel: None, ..*frame });
    if nearby.is_empty() { asking(frame.say(&phrases::ENTRY_GONE), frame) } else { page }
}

/// The entries worth reading after one.
pub fn read_on(answer: &Answer, frame: &Frame) -> Page {
    let text = format!("{}\n{}", frame.say(&phrases::RELATED), numbered(&answer.related));
    Page::new(text, rows([choices(&answer.related, frame)]))
}

/// A topic's questions, one page of them; `None` where there are none.
pub fn topic(knowledge: &Knowledge, topic: usize, number: usize, frame: &Frame) -> Option<Page> {
    let title = knowledge.faq.topics[topic].title.nearest(frame.lang).1;
    let of_topic: Vec<_> = knowledge.askable().filter(|(_, entry)| entry.topic == topic).map(|(_, entry)| entry).collect();
    let shown = of_topic.iter().skip(number.saturating_mul(MAX_OPTIONS)).take(MAX_OPTIONS);
    let options = shown.map(|entry| {
        let question = fitted(entry.question.nearest(frame.lang).1, MAX_OPTION);
        CreateSelectMenuOption::new(question, entry.id.as_str())
    });
    let options: Vec<_> = options.collect();
    if options.is_empty() {
        return None;
    }
    let menu = menu(&frame.ticket(Action::Browse), options, frame.say(&phrases::PICK_QUESTION));
    let mut buttons = vec![frame.button(Action::Topics, None, frame.say(&phrases::ALL_TOPICS)), asking_button(frame)];
    if of_topic.len() > number.saturating_add(1).saturating_mul(MAX_OPTIONS) {
        // The topic is found again by one of its entries: its place in the list may change with any file.
        let next = frame.ticket(Action::Topic).about(&of_topic[0].id).with(Some(number as u64 + 1)).to_string();
        buttons.push(CreateButton::new(next).label(frame.say(&phrases::NEXT_PAGE)).style(ButtonStyle::Secondary));
    }
    Some(Page::new(format!("**{title}**"), vec![menu, CreateActionRow::Buttons(buttons)]))
}

/// The form for a question. `fresh` makes its id new: phones show again what was typed under a known one.
pub fn form(about: Option<&EntryId>, lang: Lang, fresh: u64) -> CreateModal {
    let ticket = Ticket::new(Action::Asked, lang).with(Some(fresh));
    let ticket = about.map_or_else(|| ticket.clone(), |entry| ticket.clone().about(entry));
    let field = CreateInputText::new(InputTextStyle::Paragraph, phrases::ASK_FIELD.get(lang), "question")
        .placeholder(phrases::ASK_EXAMPLE.get(lang))
        .max_length(MAX_ASKED);
    CreateModal::new(ticket.to_string(), phrases::ASK.get(lang)).components(vec![CreateActionRow::InputText(field)])
}

/// The form that hands a question on, as it was asked, with the entry that was no answer to it; its member may change it.
pub fn handing_on(text: &str, wrong: Option<&EntryId>, lang: Lang, fresh: u64) -> CreateModal {
    let ticket = Ticket { entry: wrong.cloned(), ..Ticket::new(Action::Handed, lang).with(Some(fresh)) };
    let field = CreateInputText::new(InputTextStyle::Paragraph, phrases::HAND_ON_FIELD.get(lang), "question")
        .value(fitted_for_form(text))
        .max_length(MAX_ASKED);
    CreateModal::new(ticket.to_string(), phrases::HAND_ON.get(lang)).components(vec![CreateActionRow::InputText(field)])
}

/// A text as the form holds it.
pub fn fitted_for_form(text: &str) -> String {
    fitted(text, usize::from(MAX_ASKED))
}

/// What is kept of a member, and the button that deletes it.
pub fn kept(kept: &Kept, keep_days: u32, frame: &Frame) -> Page {
    if *kept == Kept::default() {
        return sentence(frame.say(&phrases::NOTHING_KEPT));
    }
    let numbers = [kept.questions, kept.with_text, keep_days.into(), kept.waiting, kept.answered];
    let mut pieces = frame.say(&phrases::KEPT).split("{}");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for (number, piece) in numbers.iter().zip(pieces) {
        text += &number.to_string();
        text += &piece.replace("(s)", if *number == 1 { "" } else { "s" });
    }
    Page::new(text, rows([vec![frame.button(Action::Forget, None, frame.say(&phrases::FORGET)).style(ButtonStyle::Danger)]]))
}

/// A text that fits: cut between characters, with an ellipsis.
pub fn fitted(text: &str, max_units: usize) -> String {
    cut(text, max_units, char::len_utf16)
}

fn cut(text: &str, max: usize, size: impl Fn(char) -> usize) -> String {
    let text = text.trim();
    if text.chars().map(&size).sum::<usize>() <= max {
        return text.to_owned();
    }
    let room = max.saturating_sub(size('…'));
    let mut used = 0;
    let kept = text.chars().take_while(|c| {
        used += size(*c);
        used <= room
    });
    kept.chain(['…']).collect()
}

fn answered(lead: Option<&'static str>, answers: &[Answer], frame: &Frame) -> Page {
    let texts: Vec<String> = answers.iter().map(|answer| shown(answer, frame.lang)).collect();
    let text = lead.map(str::to_owned).into_iter().chain(texts).collect::<Vec<_>>().join("\n\n");
    if answers.len() > 1 && units(&text) > MAX_TEXT {
        // Two long answers do not fit one message: the asker reads one after the other.
        let choices: Vec<Choice> = answers.iter().map(choice_of).collect();
        return offered(frame.say(&phrases::OFFER), &choices, frame);
    }
    let answer = if let [only] = answers { Some((only.id.clone(), frame.lang)) } else { None };
    Page { text: fitted(&text, MAX_TEXT), rows: rows([links(answers), actions(answers, frame)]), answer }
}

fn choice_of(answer: &Answer) -> Choice {
    Choice { id: answer.id.clone(), question: answer.question.clone(), label: None }
}

/// An entry's question, answer and origin. The last lines give way where a long answer needs the room.
fn shown(answer: &Answer, lang: Lang) -> String {
    let source = answer.source.as_ref().map(|source| format!("{}{source}", phrases::SOURCE.get(lang)));
    let reviewed = answer.reviewed.map(|date| format!("{}{date}", phrases::REVIEWED.get(lang)));
    let origin = source.into_iter().chain(reviewed).collect::<Vec<_>>().join(phrases::SEPARATOR.get(lang));
    // A button takes an address of a certain length; a longer one stands in the text.
    let long_links = answer.links.iter().filter(|(_, url)| units(url) > MAX_URL).map(|(title, url)| format!("{title}: <{url}>"));
    let notes = answer.other_language.map(str::to_owned).into_iter().chain(Some(origin).filter(|origin| !origin.is_empty()));
    let optional = long_links.chain(notes.map(|note| format!("-# {note}")));
    // The answer is what was asked for: beside a long one its question gives way, too.
    let room = MAX_TEXT.saturating_sub(units(&answer.text) + units("****\n"));
    let mut text = format!("**{}**\n{}", fitted(&answer.question, room), answer.text);
    for line in optional {
        if units(&text) + 1 + units(&line) <= MAX_TEXT {
            text = format!("{text}\n{line}");
        }
    }
    text
}

fn offered(lead: &str, offered: &[Choice], frame: &Frame) -> Page {
    let mut row = choices(offered, frame);
    row.push(frame.button(Action::None, None, frame.say(&phrases::NONE)));
    Page::new(format!("{lead}\n{}", numbered(offered)), rows([row]))
}

fn declined(text: &str, nearby: &[Choice], frame: &Frame) -> Page {
    let help = frame.help_channel.map(|channel| {
        let (before, after) = (frame.say(&phrases::PEOPLE_HELP), frame.say(&phrases::PEOPLE_HELP_END));
        format!("{before}<#{channel}>{after}")
    });
    let near = (!nearby.is_empty()).then(|| format!("{}\n{}", frame.say(&phrases::NEARBY), numbered(nearby)));
    let lines = [Some(text.to_owned()), help, near];
    let hand_on = || frame.button(Action::HandOn, None, frame.say(&phrases::HAND_ON));
    // An entry that went was no question of this member.
    let is_asked =
        text == frame.say(&phrases::DECLINE) && frame.asker.is_some() && !matches!(frame.surface, Surface::ForPost { .. });
    let mut again: Vec<CreateButton> = (frame.hands_on && is_asked).then(hand_on).into_iter().collect();
    again.extend(match frame.surface {
        Surface::Private => vec![asking_button(frame)],
        Surface::Public | Surface::Direct | Surface::ForPost { .. } => deleting(frame),
    });
    let text = lines.into_iter().flatten().collect::<Vec<_>>().join("\n");
    Page::new(text, rows([choices(nearby, frame).into_iter().chain(again).collect()]))
}

fn actions(answers: &[Answer], frame: &Frame) -> Vec<CreateButton> {
    let only = if let [only] = answers { Some(only) } else { None };
    // Of two answers neither is what a button is about.
    let entry = only.map(|answer| &answer.id);
    let mut buttons = match frame.surface {
        Surface::Public => vec![frame.button(Action::Solved, entry, frame.say(&phrases::SOLVED))],
        Surface::Private | Surface::Direct => vec![frame.button(Action::Ask, entry, frame.say(&phrases::MORE))],
        Surface::ForPost { .. } => Vec::new(),
    };
    if entry.is_some() {
        match frame.surface {
            Surface::Private => buttons.push(frame.button(Action::Share, entry, frame.say(&phrases::SHARE))),
            Surface::ForPost { .. } => {
                let post = frame.button(Action::Post, entry, frame.say(&phrases::POST));
                buttons.push(post.style(ButtonStyle::Primary));
            }
            Surface::Public | Surface::Direct => {}
        }
        if !frame.is_browsed {
            buttons.push(frame.button(Action::Wrong, entry, frame.say(&phrases::WRONG)));
        }
    }
    if only.is_some_and(|answer| !answer.related.is_empty()) {
        buttons.push(frame.button(Action::ReadOn, entry, frame.say(&phrases::READ_ON)));
    }
    if frame.is_browsed {
        buttons.push(frame.button(Action::Topics, None, frame.say(&phrases::ALL_TOPICS)));
    }
    buttons.extend(deleting(frame));
    buttons
}

/// Only what everybody sees needs to be taken away: Discord lets members dismiss the rest.
fn deleting(frame: &Frame) -> Vec<CreateButton> {
    let button = || button(&frame.ticket(Action::Delete).with(frame.helped), frame.say(&phrases::DELETE));
    let is_lasting = matches!(frame.surface, Surface::Public | Surface::Direct);
    (is_lasting && frame.asker.is_some()).then(button).into_iter().collect()
}

fn asking_button(frame: &Frame) -> CreateButton {
    frame.button(Action::Ask, None, frame.say(&phrases::ASK)).style(ButtonStyle::Primary)
}

fn choices(choices: &[Choice], frame: &Frame) -> Vec<CreateButton> {
    let button = |(nth, choice): (usize, &Choice)| {
        let label = cut(&format!("{} {}", nth + 1, choice.short()), CHOICE_WIDTH, |c| {
            textwrap::core::display_width(c.encode_utf8(&mut [0; 4]))
        });
        frame.button(Action::Pick, Some(&choice.id), &label)
    };
    choices.iter().enumerate().map(button).collect()
}

fn numbered(choices: &[Choice]) -> String {
    let lines = choices.iter().enumerate().map(|(nth, choice)| format!("{}. {}", nth + 1, choice.question));
    lines.collect::<Vec<_>>().join("\n")
}

fn links(answers: &[Answer]) -> Vec<CreateButton> {
    let all = answers.iter().flat_map(|answer| &answer.links).filter(|(_, url)| units(url) <= MAX_URL);
    let mut shown: Vec<&(String, String)> = Vec::new();
    for link in all {
        if shown.iter().all(|(_, url)| *url != link.1) {
            shown.push(link);
        }
    }
    shown.into_iter().take(MAX_BUTTONS).map(|(title, url)| CreateButton::new_link(url).label(fitted(title, MAX_LABEL))).collect()
}

fn topic_rows(faq: &Faq, frame: &Frame) -> Vec<CreateActionRow> {
    let options = faq.topics_to_ask().take(MAX_OPTIONS).map(|topic| {
        let title = fitted(topic.title.nearest(frame.lang).1, MAX_OPTION);
        CreateSelectMenuOption::new(title, topic.id.as_str())
    });
    let options: Vec<_> = options.collect();
    // A folder of care entries alone has no topic to ask about, and Discord refuses an empty menu.
    let menu = || menu(&frame.ticket(Action::Topic), options.clone(), frame.say(&phrases::PICK_TOPIC));
    let menu = (!options.is_empty()).then(menu);
    menu.into_iter().chain([CreateActionRow::Buttons(vec![asking_button(frame)])]).collect()
}

/// A menu from which one is picked.
pub fn menu(ticket: &Ticket, options: Vec<CreateSelectMenuOption>, placeholder: &str) -> CreateActionRow {
    let menu = CreateSelectMenu::new(ticket.to_string(), CreateSelectMenuKind::String { options });
    CreateActionRow::SelectMenu(menu.placeholder(placeholder))
}

/// Rows that have a button; Discord refuses others.
fn rows<const N: usize>(rows: [Vec<CreateButton>; N]) -> Vec<CreateActionRow> {
    rows.into_iter().filter(|row| !row.is_empty()).map(CreateActionRow::Buttons).collect()
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}
