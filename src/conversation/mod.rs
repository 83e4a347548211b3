//! May we speak? Who is answered, how often, and when the bot keeps silent: pure, with the time as an argument.
//!
//! Which message means what on a chat service is left to the shell that hears it; what is said, to [`crate::answering`].

mod overheard;

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use crate::answering::Question;
use crate::faq::{EntryId, Lang};

pub use overheard::{Overheard, Remark};

/// As many questions in a [`MINUTE`] a member may ask; nobody reads faster.
pub const QUESTIONS_A_MINUTE: usize = 6;
const MINUTE: Duration = Duration::from_mins(1);
/// An answer this young still stands on the screen of whoever asks the same.
pub const STILL_ABOVE: Duration = Duration::from_mins(5);
/// Within this time one decline is enough.
pub const DECLINE_ONCE_IN: Duration = Duration::from_mins(10);
/// A member is told once in this time that a message could not be read.
pub const HINT_ONCE_IN: Duration = Duration::from_hours(24);
/// A private answer's buttons work this long: Discord's limit for an interaction's token.
const STILL_PRESSABLE: Duration = Duration::from_mins(15);
/// Messages heard that are remembered, so that one delivered twice is answered once.
const HEARD: usize = 4_096;
/// What is remembered of each kind, at most; forgetting costs a repeated sentence, no more.
const REMEMBERED: usize = 10_000;
/// Whoever comes back to an answer later than this writes the question again.
pub const QUESTION_KNOWN_FOR: Duration = Duration::from_hours(1);
/// Questions may be long: so many, that all of them together take a few megabytes.
const QUESTIONS: usize = 1_000;

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// Somebody.
    Person,
    /// Somebody with a role that is not to be answered.
    Ignored,
    /// Another program.
    Bot,
    /// A message brought in from elsewhere.
    Webhook,
    /// We.
    Ourselves,
    /// The service itself: joins, pins, boosts.
    Service,
}

/// How a message calls the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Not at all.
    Nobody,
    /// By name.
    Mention,
    /// By the name of its role, which the picker shows beside it.
    Role,
    /// As a reply to one of its messages.
    Reply,
    /// Nobody else is there.
    Direct,
    /// Not at all, but where we listen along.
    Overheard,
}

/// What there is to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// Words.
    Written,
    /// No words: only a mention, a picture, a sticker.
    Empty,
    /// The service does not show it to us.
    Withheld,
}

/// A message, as far as it matters for speaking.
#[derive(Clone, Copy, Debug)]
pub struct Heard {
    /// The message.
    pub message: u64,
    /// Whether its words were changed after it was heard, or might have been.
    pub is_edit: bool,
    /// Who wrote it.
    pub member: u64,
    /// What they are.
    pub author: Author,
    /// How it calls us.
    pub call: Call,
    /// Its own words.
    pub text: Text,
    /// The words of the message of somebody else that it replies to.
    pub referenced: Option<Text>,
}

/// What to do with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Answer its own words.
    Answer,
    /// Answer the words of the message it replies to.
    AnswerReferenced,
    /// Say who we are.
    Greet,
    /// Say that it cannot be read, and where to ask.
    Hint,
    /// Ask for patience.
    AskForPatience,
    /// Keep silent.
    Silence(Quiet),
}

/// Why we keep silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quiet {
    /// No person with a question wrote it.
    NoAsker(Author),
    /// It is not for us.
    NotAddressed,
    /// It was delivered before.
    HeardBefore,
    /// More than [`QUESTIONS_A_MINUTE`].
    TooFast,
    /// It cannot be read, and its author was told so within [`HINT_ONCE_IN`].
    Hinted,
    /// A second decline within [`DECLINE_ONCE_IN`].
    DeclinedBefore,
}

/// What we are about to say in a channel.
#[derive(Clone, Copy, Debug)]
pub enum Saying<'a> {
    /// The answer of an entry, in a language.
    Answer(&'a EntryId, Lang),
    /// That the FAQ has none.
    Decline,
    /// Anything else.
    Other,
}

/// Whether to say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permit {
    /// Say it.
    Speak,
    /// The same stands above, in this message.
    PointTo(u64),
    /// Keep silent.
    Silence(Quiet),
}

/// A question that got its reply, as long as its member may say that this was not it, or hand it on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// When. It is forgotten [`QUESTION_KNOWN_FOR`] later, however often it is carried on.
    pub at: Duration,
    /// Who asked. Nobody else's buttons know it.
    pub member: u64,
    /// As they wrote it.
    pub question: Question,
    /// Where they are told of an answer: channel and message, or nowhere but in a direct message.
    pub asked_in: Option<(u64, u64)>,
    /// Entries they were shown and did not mean.
    pub rejected: Vec<EntryId>,
}

/// What was said and heard lately. Times are since any moment that stays the same.
#[derive(Debug)]
pub struct Conversation {
    heard: VecDeque<u64>,
    asked: HashMap<u64, VecDeque<Duration>>,
    told_to_wait: Recent<u64, ()>,
    hinted: Recent<u64, ()>,
    declined: Recent<(u64, u64), ()>,
    answered: Recent<(u64, Lang, EntryId), u64>,
    consoled: Recent<(u64, u64), ()>,
    published: Recent<u64, ()>,
    questions: Recent<u64, Arc<Asked>>,
    /// What waits for a person's answer.
    pub overheard: Overheard,
}

impl Default for Conversation {
    fn default() -> Self {
        Conversation {
            heard: VecDeque::new(),
            asked: HashMap::new(),
            told_to_wait: Recent::new(MINUTE),
            hinted: Recent::new(HINT_ONCE_IN),
            declined: Recent::new(DECLINE_ONCE_IN),
            answered: Recent::new(STILL_ABOVE),
            consoled: Recent::new(MINUTE),
            published: Recent::new(STILL_PRESSABLE),
            questions: Recent { most: QUESTIONS, ..Recent::new(QUESTION_KNOWN_FOR) },
            overheard: Overheard::default(),
        }
    }
}

impl Conversation {
    /// What to do with a message.
    pub fn hear(&mut self, heard: &Heard, now: Duration) -> Turn {
        if heard.author != Author::Person {
            return Turn::Silence(Quiet::NoAsker(heard.author));
        }
        if heard.call == Call::Nobody {
            return Turn::Silence(Quiet::NotAddressed);
        }
        if self.was_heard(heard.message) && !heard.is_edit {
            return Turn::Silence(Quiet::HeardBefore);
        }
        if !self.may_ask(heard.member, now) {
            // Among others one more sentence disturbs; alone with the bot, silence would look like a fault.
            let is_told = heard.call != Call::Direct || !self.told_to_wait.put_if_new(heard.member, (), now);
            return if is_told { Turn::Silence(Quiet::TooFast) } else { Turn::AskForPatience };
        }
        match (heard.text, heard.referenced) {
            (Text::Written, _) => Turn::Answer,
            // Nobody waits for a word of ours.
            _ if heard.call == Call::Overheard => Turn::Silence(Quiet::NotAddressed),
            (Text::Empty, Some(Text::Written)) => Turn::AnswerReferenced,
            (Text::Withheld, _) | (Text::Empty, Some(Text::Withheld)) => self.hint(heard.member, now),
            (Text::Empty, _) => Turn::Greet,
        }
    }

    /// Whether a member's question is within the limit; counts it.
    pub fn may_ask(&mut self, member: u64, now: Duration) -> bool {
        if self.asked.len() >= REMEMBERED && !self.asked.contains_key(&member) {
            self.asked.retain(|_, times| times.back().is_some_and(|last| now.saturating_sub(*last) < MINUTE));
            if self.asked.len() >= REMEMBERED {
                self.asked.clear();
            }
        }
        let times = self.asked.entry(member).or_default();
        while times.front().is_some_and(|first| now.saturating_sub(*first) >= MINUTE) {
            times.pop_front();
        }
        let may = times.len() < QUESTIONS_A_MINUTE;
        if may {
            times.push_back(now);
        }
        may
    }

    /// The FAQ is another: what was answered may read otherwise now, and is nothing to point at.
    pub fn forget_answers(&mut self) {
        self.answered = Recent::new(STILL_ABOVE);
    }

    /// Whether to say something in a channel to a member, or to point at what was said.
    pub fn permit(&mut self, channel: u64, member: u64, saying: Saying<'_>, now: Duration) -> Permit {
        match saying {
            Saying::Answer(entry, lang) => match self.answered.get(&(channel, lang, entry.clone()), now) {
                Some(message) => Permit::PointTo(message),
                None => Permit::Speak,
            },
            Saying::Decline if self.declined.put_if_new((channel, member), (), now) => Permit::Speak,
            Saying::Decline => Permit::Silence(Quiet::DeclinedBefore),
            Saying::Other => Permit::Speak,
        }
    }

    /// Whether a member was told in a channel, not long ago, that the FAQ has no answer.
    pub fn has_declined(&self, channel: u64, member: u64, now: Duration) -> bool {
        self.declined.get(&(channel, member), now).is_some()
    }

    /// Whether the answer of an entry was given in a channel not long ago.
    pub fn stands_above(&self, channel: u64, entry: &EntryId, lang: Lang, now: Duration) -> bool {
        self.answered.get(&(channel, lang, entry.clone()), now).is_some()
    }

    /// Remembers that an answer stands in a channel.
    pub fn answered(&mut self, channel: u64, entry: &EntryId, lang: Lang, message: u64, now: Duration) {
        self.answered.put((channel, lang, entry.clone()), message, now);
    }

    /// What was to be said to a member in a channel could not be: they have heard neither a decline nor a hint.
    pub fn unsaid(&mut self, channel: u64, member: u64) {
        self.declined.kept.remove(&(channel, member));
        self.hinted.kept.remove(&member);
    }

    /// Whether a cry for help is met although its author is too fast: once a minute in a channel.
    pub fn may_console(&mut self, channel: u64, member: u64, now: Duration) -> bool {
        self.consoled.put_if_new((channel, member), (), now)
    }

    /// Whether a private answer is made public for the first time: a second tap finds it under way.
    pub fn may_publish(&mut self, private: u64, now: Duration) -> bool {
        self.published.put_if_new(private, (), now)
    }

    /// A private answer did not become public after all.
    pub fn unpublished(&mut self, private: u64) {
        self.published.kept.remove(&private);
    }

    /// Remembers a question by what it was asked with, a message or an interaction, and by every press it is carried on with.
    pub fn note_question(&mut self, with: u64, asked: &Arc<Asked>) {
        self.questions.put(with, Arc::clone(asked), asked.at);
    }

    /// A member's own question, by what it was asked or carried on with.
    pub fn question(&self, with: u64, member: u64, now: Duration) -> Option<Arc<Asked>> {
        self.questions.get(&with, now).filter(|asked| asked.member == member)
    }

    /// What was asked with this, and carried on with presses, is no question any more, or one that nobody keeps.
    pub fn forget_question(&mut self, with: u64) {
        let is_of_it = |asked: &Asked| asked.asked_in.is_some_and(|(_, message)| message == with);
        self.questions.kept.retain(|key, (_, asked)| *key != with && !is_of_it(asked));
    }

    /// A member wants nothing of theirs to be remembered.
    pub fn forget_member(&mut self, member: u64) {
        self.questions.kept.retain(|_, (_, asked)| asked.member != member);
        self.overheard.forget_member(member);
    }

    /// Texts are not remembered longer than they are needed, also where nobody writes any more.
    pub fn tidy(&mut self, now: Duration) {
        self.questions.kept.retain(|_, (at, _)| now.saturating_sub(*at) < QUESTION_KNOWN_FOR);
        self.overheard.tidy(now);
    }

    /// A message that is no longer there, or says something else, is not pointed at, and asks nothing.
    pub fn forget(&mut self, message: u64) {
        self.answered.kept.retain(|_, (_, answer)| *answer != message);
        self.forget_question(message);
    }

    /// How many things are remembered of all kinds together: bounded, however many people write.
    pub fn remembered(&self) -> usize {
        let lately = [self.told_to_wait.kept.len(), self.hinted.kept.len(), self.declined.kept.len(), self.answered.kept.len()];
        let rarely =
            [self.consoled.kept.len(), self.published.kept.len(), self.questions.kept.len(), self.overheard.remembered()];
        self.heard.len() + self.asked.len() + lately.iter().chain(&rarely).sum::<usize>()
    }

    fn hint(&mut self, member: u64, now: Duration) -> Turn {
        if self.hinted.put_if_new(member, (), now) { Turn::Hint } else { Turn::Silence(Quiet::Hinted) }
    }

    fn was_heard(&mut self, message: u64) -> bool {
        if self.heard.contains(&message) {
            return true;
        }
        if self.heard.len() >= HEARD {
            self.heard.pop_front();
        }
        self.heard.push_back(message);
        false
    }
}

/// Things remembered for a while.
#[derive(Debug)]
struct Recent<K, V> {
    kept: HashMap<K, (Duration, V)>,
    window: Duration,
    most: usize,
}

impl<K: Eq + Hash, V: Clone> Recent<K, V> {
    fn new(window: Duration) -> Self {
        Recent { kept: HashMap::new(), window, most: REMEMBERED }
    }

    fn get(&self, key: &K, now: Duration) -> Option<V> {
        self.kept.get(key).filter(|(at, _)| now.saturating_sub(*at) < self.window).map(|(_, value)| value.clone())
    }

    fn put(&mut self, key: K, value: V, now: Duration) {
        if self.kept.len() >= self.most {
            self.kept.retain(|_, (at, _)| now.saturating_sub(*at) < self.window);
        }
        if self.kept.len() >= self.most {
            self.kept.clear();
        }
        self.kept.insert(key, (now, value));
    }

    /// Whether it was new.
    fn put_if_new(&mut self, key: K, value: V, now: Duration) -> bool {
        let is_new = self.get(&key, now).is_none();
        if is_new {
            self.put(key, value, now);
        }
        is_new
    }
}
