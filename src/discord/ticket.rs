//! What a button, menu or form carries: a versioned custom id that says all there is to know, so that it works after any restart.
//!
//! `v1:action:lang:entry:asker:extra`, with `-` for what is missing. What pressing leads to is left to `presses.rs`.

use std::fmt;
use std::num::NonZero;
use std::str::FromStr;

use crate::faq::{EntryId, Lang};

/// Custom ids of this form; another form gets another number, and old ones are told to ask again.
const VERSION: &str = "v1";
const NOTHING: &str = "-";

/// What pressing leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Shows an entry that was offered; beside [`Action::Again`], instead of the wrong one.
    Pick,
    /// None of those offered.
    None,
    /// The answer helped.
    Solved,
    /// The answer did not.
    Wrong,
    /// Takes the message away. `extra` is who else may: the author of the message that it answers.
    Delete,
    /// Shows what is worth reading next.
    ReadOn,
    /// Opens the form; about an entry, if one is named.
    Ask,
    /// The form, sent.
    Asked,
    /// Shows a private answer to everybody.
    Share,
    /// Posts a private answer in reply to the message that `extra` names.
    Post,
    /// Lists topics.
    Topics,
    /// A topic was picked; `extra` is the page of its questions.
    Topic,
    /// A question was picked from a topic.
    Browse,
    /// Opens the form after a wrong answer, which it names; `extra` is our public message with that answer.
    Again,
    /// Opens the form that hands a question on; the entry is one that was no answer to it.
    HandOn,
    /// That form, sent; `extra` is the press that opened it.
    Handed,
    /// Deletes what is kept of the presser.
    Forget,
    /// Moderators: opens the form for an entry, or again for the draft `extra`. The language is the form's, here and in the next.
    Edit,
    /// That form, sent; `extra` is the draft.
    Edited,
    /// Publishes the draft `extra`.
    Publish,
    /// Lets the draft `extra` stand over what somebody else wrote meanwhile.
    Mine,
    /// Drops the draft `extra`.
    Drop,
    /// Drafts the way back from the change `extra`.
    Undo,
    /// Drafts the way back from all that the author of the change `extra` did.
    UndoBy,
    /// Drafts the way back to before the change `extra`.
    UndoTo,
    /// Shows the changes; `extra` is the page.
    History,
    /// A change was picked.
    Past,
    /// Lists the questions that are open.
    Inbox,
    /// One of them was picked.
    Open,
    /// An entry was picked that the question `extra` means.
    Same,
    /// The form with the wording for that entry, sent.
    Taught,
    /// Opens the form for an entry that answers the question `extra`.
    NewFor,
    /// Where the new entry of the draft `extra` goes was picked.
    Into,
    /// Opens the form for a word of the question `extra`.
    WordFor,
    /// That form, sent.
    Word,
    /// The question `extra` is not for this FAQ.
    NotOurs,
    /// The entry is still right.
    Right,
}

impl Action {
    /// Whether only moderators may.
    pub fn is_for_moderators(self) -> bool {
        use Action::{Drop, Edit, Edited, History, Mine, Past, Publish, Undo, UndoBy, UndoTo};
        use Action::{Inbox, Into, NewFor, NotOurs, Open, Right, Same, Taught, Word, WordFor};
        matches!(self, Edit | Edited | Publish | Mine | Drop | Undo | UndoBy | UndoTo | History | Past)
            || matches!(self, Inbox | Open | Same | Taught | NewFor | Into | WordFor | Word | NotOurs | Right)
    }
}

/// Each action's name on the wire: at most five letters, so that with the longest id and two snowflakes Discord's 100 characters do.
const NAMES: [(Action, &str); 37] = [
    (Action::Pick, "pick"),
    (Action::None, "none"),
    (Action::Solved, "done"),
    (Action::Wrong, "wrong"),
    (Action::Delete, "del"),
    (Action::ReadOn, "more"),
    (Action::Ask, "ask"),
    (Action::Asked, "asked"),
    (Action::Share, "share"),
    (Action::Post, "post"),
    (Action::Topics, "list"),
    (Action::Topic, "topic"),
    (Action::Browse, "read"),
    (Action::Again, "again"),
    (Action::HandOn, "pass"),
    (Action::Handed, "given"),
    (Action::Forget, "wipe"),
    (Action::Edit, "edit"),
    (Action::Edited, "saved"),
    (Action::Publish, "pub"),
    (Action::Mine, "mine"),
    (Action::Drop, "drop"),
    (Action::Undo, "undo"),
    (Action::UndoBy, "undob"),
    (Action::UndoTo, "undot"),
    (Action::History, "hist"),
    (Action::Past, "past"),
    (Action::Inbox, "inbox"),
    (Action::Open, "open"),
    (Action::Same, "same"),
    (Action::Taught, "teach"),
    (Action::NewFor, "new"),
    (Action::Into, "into"),
    (Action::WordFor, "wordf"),
    (Action::Word, "word"),
    (Action::NotOurs, "notus"),
    (Action::Right, "right"),
];

/// A custom id, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// What pressing leads to.
    pub action: Action,
    /// The language of the message it stands under.
    pub lang: Lang,
    /// The entry it is about.
    pub entry: Option<EntryId>,
    /// To whom the message belongs; nobody's may be used by everybody. Under a private answer for a post: the post's author.
    pub asker: Option<u64>,
    /// A message, a page, a member, or a number that makes the id new.
    pub extra: Option<u64>,
}

impl Ticket {
    /// A ticket about nothing and nobody yet.
    pub fn new(action: Action, lang: Lang) -> Self {
        Ticket { action, lang, entry: None, asker: None, extra: None }
    }

    /// Whether it stands under an answer, and names the entry answered.
    pub fn is_of_an_answer(&self) -> bool {
        self.entry.is_some() && matches!(self.action, Action::Solved | Action::Wrong | Action::ReadOn | Action::Ask)
    }

    /// The same, about an entry.
    #[must_use]
    pub fn about(mut self, entry: &EntryId) -> Self {
        self.entry = Some(entry.clone());
        self
    }

    /// The same, belonging to somebody.
    #[must_use]
    pub fn of(mut self, asker: Option<u64>) -> Self {
        self.asker = asker;
        self
    }

    /// The same, with a number.
    #[must_use]
    pub fn with(mut self, extra: Option<u64>) -> Self {
        self.extra = extra;
        self
    }
}

impl fmt::Display for Ticket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let action = NAMES.iter().find(|(action, _)| *action == self.action).map_or(NOTHING, |(_, name)| name);
        let number = |number: Option<u64>| number.map_or_else(|| NOTHING.to_owned(), |number| number.to_string());
        let entry = self.entry.as_ref().map_or(NOTHING, EntryId::as_str);
        write!(formatter, "{VERSION}:{action}:{}:{entry}:{}:{}", self.lang.code(), number(self.asker), number(self.extra))
    }
}

/// A custom id that is not ours, or of another version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a custom id of this version")]
pub struct UnknownTicket;

impl FromStr for Ticket {
    type Err = UnknownTicket;

    fn from_str(text: &str) -> Result<Self, UnknownTicket> {
        let mut fields = text.split(':');
        let mut field = || fields.next().ok_or(UnknownTicket);
        if field()? != VERSION {
            return Err(UnknownTicket);
        }
        let name = field()?;
        let action = NAMES.iter().find(|(_, known)| *known == name).map(|(action, _)| *action).ok_or(UnknownTicket)?;
        let code = field()?;
        let lang = Lang::ALL.into_iter().find(|lang| lang.code() == code).ok_or(UnknownTicket)?;
        let entry = match field()? {
            NOTHING => None,
            id => Some(EntryId::new(id).ok_or(UnknownTicket)?),
        };
        let number = |text: &str| match text {
            NOTHING => Ok(None),
            // Discord counts from one, and so do pages.
            digits => digits.parse::<NonZero<u64>>().map(|number| Some(number.get())).map_err(|_| UnknownTicket),
        };
        let ticket = Ticket { action, lang, entry, asker: number(field()?)?, extra: number(field()?)? };
        // One spelling each: a number with a plus or a leading zero is not ours, nor is a seventh field.
        if ticket.to_string() == text { Ok(ticket) } else { Err(UnknownTicket) }
    }
}
