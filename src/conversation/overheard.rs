//! Questions that nobody addressed to us, while they wait for a person to answer them: whoever does, spares them our answer.
//!
//! Pure. How long they wait and what is said at the end is left to the shell that overheard them.

use std::collections::{HashMap, VecDeque};

/// As many wait at once at most; of the next ones we heard nothing.
const WAITING_AT_MOST: usize = 1_000;

/// New texts that came before the messages they belong to: those follow within moments, or waited for nothing.
const EARLY_AT_MOST: usize = 100;

/// What is waiting.
#[derive(Debug, Default)]
pub struct Overheard {
    /// By message.
    waiting: HashMap<u64, Question>,
    early: VecDeque<(u64, String)>,
}

#[derive(Debug)]
struct Question {
    channel: u64,
    member: u64,
    text: String,
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
    /// A question waits from now on.
    pub fn wait(&mut self, message: u64, channel: u64, member: u64, text: &str) {
        if self.waiting.len() < WAITING_AT_MOST {
            let newer = self.early.iter().rev().find(|(early, _)| *early == message);
            let text = newer.map_or(text, |(_, text)| text).to_owned();
            self.waiting.insert(message, Question { channel, member, text });
        }
    }

    /// Somebody spoke: a reply answers what it replies to, and what asks nothing answers all that others asked in the channel. It may
    /// have meant something else; then we kept silent once too often, which disturbs nobody.
    pub fn spoke(&mut self, said: Remark) {
        let is_answered = |message: u64, question: &Question| {
            let by_another = question.channel == said.channel && question.member != said.member;
            by_another && said.replies_to.map_or(!said.asks, |replied| replied == message)
        };
        self.waiting.retain(|message, question| !is_answered(*message, question));
    }

    /// Its author changed what they wrote.
    pub fn reword(&mut self, message: u64, text: &str) {
        if let Some(question) = self.waiting.get_mut(&message) {
            return text.clone_into(&mut question.text);
        }
        if self.early.len() >= EARLY_AT_MOST {
            self.early.pop_front();
        }
        self.early.push_back((message, text.to_owned()));
    }

    /// The wait is over: the text as it is now, if nobody answered and it is still there.
    pub fn take(&mut self, message: u64) -> Option<String> {
        self.waiting.remove(&message).map(|question| question.text)
    }
}
