//! Questions that nobody addressed to us, while they wait for a person to answer them: whoever does, spares them our answer.
//!
//! Pure. How long they wait and what is said at the end is left to the shell that overheard them.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// As many wait at once at most; the next ones are left to people.
const WAITING_AT_MOST: usize = 1_000;
/// New texts that came before the messages they belong to: those follow within moments, or waited for nothing.
const EARLY_AT_MOST: usize = 100;
const EARLY_BY: Duration = Duration::from_secs(10);
/// Messages that have waited, so that one delivered twice does not wait again after it was answered.
const SEEN: usize = 4_096;

/// What is waiting.
#[derive(Debug, Default)]
pub struct Overheard {
    /// By message.
    waiting: HashMap<u64, Question>,
    early: VecDeque<Early>,
    seen: VecDeque<u64>,
}

#[derive(Debug)]
struct Question {
    channel: u64,
    member: u64,
    text: String,
}

#[derive(Debug)]
struct Early {
    message: u64,
    text: String,
    at: Duration,
}

/// Somebody wrote something that was not for us.
#[derive(Clone, Copy, Debug)]
pub struct Remark {
    /// Where.
    pub channel: u64,
    /// Who.
    pub member: u64,
    /// The message they reply to.
    pub replies_to: Option<u64>,
    /// Whether it asks something itself.
    pub asks: bool,
}

impl Overheard {
    /// Whether a question waits from now on: one that did before, or is one too many, does not.
    pub fn wait(&mut self, message: u64, channel: u64, member: u64, text: &str) -> bool {
        if self.waiting.len() >= WAITING_AT_MOST || self.seen.contains(&message) {
            return false;
        }
        if self.seen.len() >= SEEN {
            self.seen.pop_front();
        }
        self.seen.push_back(message);
        let newer = self.early.iter().rev().find(|early| early.message == message);
        let text = newer.map_or(text, |early| early.text.as_str()).to_owned();
        self.early.retain(|early| early.message != message);
        self.waiting.insert(message, Question { channel, member, text });
        true
    }

    /// Whether anything waits.
    pub fn is_any(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Somebody spoke: a reply answers what it replies to, a thread the message it was opened on, and what asks nothing answers all that
    /// others asked in the channel. It may have meant something else; then we kept silent once too often, which disturbs nobody.
    pub fn spoke(&mut self, said: Remark) {
        let is_answered = |message: u64, question: &Question| {
            let is_here = question.channel == said.channel && said.replies_to.map_or(!said.asks, |replied| replied == message);
            // Such a thread has the number of its message.
            question.member != said.member && (is_here || said.channel == message)
        };
        self.waiting.retain(|message, question| !is_answered(*message, question));
    }

    /// Its author changed what they wrote.
    pub fn reword(&mut self, message: u64, text: &str, now: Duration) {
        if let Some(question) = self.waiting.get_mut(&message) {
            return text.clone_into(&mut question.text);
        }
        self.tidy(now);
        // What waited and waits no more is decided.
        if self.seen.contains(&message) {
            return;
        }
        if self.early.len() >= EARLY_AT_MOST {
            self.early.pop_front();
        }
        self.early.push_back(Early { message, text: text.to_owned(), at: now });
    }

    /// The wait is over: the text as it is now, if nobody answered and it is still there.
    pub fn take(&mut self, message: u64) -> Option<String> {
        self.early.retain(|early| early.message != message);
        self.waiting.remove(&message).map(|question| question.text)
    }

    /// A member wants nothing of theirs to be remembered.
    pub fn forget_member(&mut self, member: u64) {
        self.waiting.retain(|_, question| question.member != member);
    }

    /// New texts whose messages did not come.
    pub fn tidy(&mut self, now: Duration) {
        self.early.retain(|early| now.saturating_sub(early.at) < EARLY_BY);
    }

    /// How many things are remembered.
    pub fn remembered(&self) -> usize {
        self.waiting.len() + self.early.len() + self.seen.len()
    }
}
