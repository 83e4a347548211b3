//! One lane a question: what was asked, edited and deleted in whatever order the events are handled ends as the last of it says.
//!
//! What a text leads to is left to `messages.rs`. Discord may hand out the events of one message out of order, and sending takes time:
//! whoever comes later with an older text finds a newer one noted and leaves, whoever waits while the question is deleted says nothing.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serenity::model::Timestamp;
use serenity::model::id::{ChannelId, MessageId};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

/// Discord limits how often older messages are edited (30046); nobody looks for a changed answer that far up.
pub const FOLLOWS_EDITS_FOR: Duration = Duration::from_hours(1);
/// An answer goes with its question for so long.
pub const FOLLOWS_DELETIONS_FOR: Duration = Duration::from_hours(24);
/// Questions followed at once; beyond, the oldest are let go.
const MOST: usize = 10_000;
/// Deletions remembered in case their questions are handled later: many more than come within the seconds that matter.
const MOST_GONE: usize = 1_024;

/// The text of a message as it was posted; edits are numbered by their time, in milliseconds.
pub const AS_POSTED: i64 = 0;

/// What stands under a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The channel of both.
    pub channel: ChannelId,
    /// Our message.
    pub answer: MessageId,
}

/// Every question that is followed.
#[derive(Debug, Default)]
pub struct Lanes {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    lanes: HashMap<MessageId, Arc<Lane>>,
    /// Oldest first.
    order: VecDeque<MessageId>,
    /// Answers to their questions.
    questions: HashMap<MessageId, MessageId>,
    /// Deleted before anything was heard of them, oldest first.
    gone: VecDeque<MessageId>,
}

#[derive(Debug, Default)]
struct Lane {
    /// The newest text heard of.
    newest: AtomicI64,
    is_gone: AtomicBool,
    state: Arc<Turn<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// The text that was last heard out: the same again says nothing new.
    heard: Option<i64>,
    standing: Option<Standing>,
}

/// The right to say something about a question, until it is dropped.
#[derive(Debug)]
pub struct Held {
    lane: Arc<Lane>,
    text: i64,
    state: OwnedMutexGuard<State>,
}

impl Lanes {
    /// Waits until nobody else is about this question. `None` where its text was heard before or is no longer the newest, or it is gone.
    pub async fn enter(&self, question: MessageId, text: i64) -> Option<Held> {
        let lane = self.lane(question)?;
        lane.newest.fetch_max(text, Ordering::SeqCst);
        let mut held = Held { state: Arc::clone(&lane.state).lock_owned().await, lane, text };
        let is_new = held.state.heard.is_none_or(|heard| heard < text) && held.is_current();
        is_new.then(|| {
            held.state.heard = Some(text);
            held
        })
    }

    /// Whether anything was said or heard about this question.
    pub fn follows(&self, question: MessageId) -> bool {
        self.known().lanes.contains_key(&question)
    }

    /// An answer stands under a question since an earlier run of the program.
    pub fn recall(&self, question: MessageId, standing: Standing) {
        if let Some(lane) = self.lane(question)
            && let Ok(mut state) = Arc::clone(&lane.state).try_lock_owned()
        {
            *state = State { heard: Some(AS_POSTED), standing: Some(standing) };
            self.known().questions.insert(standing.answer, question);
        }
    }

    /// Our message stands under the question, if nobody has taken it away since it could be seen.
    pub fn stands(&self, held: &mut Held, question: MessageId, standing: Standing) {
        let mut known = self.known();
        if !known.gone.contains(&standing.answer) {
            held.state.standing = Some(standing);
            known.questions.insert(standing.answer, question);
        }
    }

    /// Nothing of ours stands under the question any more.
    pub fn stands_no_more(&self, held: &mut Held) {
        if let Some(standing) = held.state.standing.take() {
            self.known().questions.remove(&standing.answer);
        }
    }

    /// A message was deleted: a question, or one of our answers. Of a question that is followed: which, and what stood under it if it is to
    /// go, too; once nobody is about it.
    pub async fn gone(&self, message: MessageId) -> Option<(MessageId, Option<Standing>)> {
        let answered = {
            let mut known = self.known();
            let answered = known.questions.remove(&message);
            if answered.is_none() {
                known.note_gone(message);
            }
            answered
        };
        let question = answered.unwrap_or(message);
        let lane = self.known().lanes.get(&question).cloned()?;
        if answered.is_none() {
            lane.is_gone.store(true, Ordering::SeqCst);
        }
        let mut state = Arc::clone(&lane.state).lock_owned().await;
        if answered.is_some() {
            // Somebody took our answer away; its question may still be edited into another.
            state.standing = state.standing.filter(|standing| standing.answer != message);
            return Some((question, None));
        }
        let stood = state.standing.take()?;
        self.known().questions.remove(&stood.answer);
        Some((question, Some(stood)))
    }

    /// A channel or thread was deleted, and all in it.
    pub fn channel_gone(&self, channel: ChannelId) {
        let mut known = self.known();
        let is_there = |lane: &Arc<Lane>| {
            let state = Arc::clone(&lane.state).try_lock_owned();
            state.is_ok_and(|state| state.standing.is_some_and(|standing| standing.channel == channel))
        };
        known.lanes.retain(|_, lane| !is_there(lane));
        let Known { lanes, order, questions, .. } = &mut *known;
        order.retain(|question| lanes.contains_key(question));
        questions.retain(|_, question| lanes.contains_key(question));
    }

    /// The question under which this message of ours stands.
    pub fn question_of(&self, answer: MessageId) -> Option<MessageId> {
        self.known().questions.get(&answer).copied()
    }

    /// How many questions are followed.
    pub fn followed(&self) -> usize {
        self.known().lanes.len()
    }

    /// `None` where the question was deleted before it was heard.
    fn lane(&self, question: MessageId) -> Option<Arc<Lane>> {
        let mut known = self.known();
        if let Some(lane) = known.lanes.get(&question) {
            return Some(Arc::clone(lane));
        }
        if known.gone.contains(&question) {
            return None;
        }
        if known.order.len() >= MOST {
            known.let_oldest_go();
        }
        let lane = Arc::new(Lane::default());
        known.lanes.insert(question, Arc::clone(&lane));
        known.order.push_back(question);
        Some(lane)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn note_gone(&mut self, message: MessageId) {
        if self.gone.len() >= MOST_GONE {
            self.gone.pop_front();
        }
        self.gone.push_back(message);
    }

    fn let_oldest_go(&mut self) {
        if let Some(oldest) = self.order.pop_front() {
            let standing =
                self.lanes.remove(&oldest).and_then(|lane| lane.state.try_lock().ok().and_then(|state| state.standing));
            match standing {
                Some(standing) => drop(self.questions.remove(&standing.answer)),
                // Nothing stands there, or somebody is just at work on it.
                None => self.questions.retain(|_, question| *question != oldest),
            }
        }
    }
}

impl Held {
    /// Whether the text it was entered with is still the newest, and the question is still there.
    pub fn is_current(&self) -> bool {
        self.lane.newest.load(Ordering::SeqCst) == self.text && !self.lane.is_gone.load(Ordering::SeqCst)
    }

    /// What keeps a repeated call from posting twice; another for another text, since Discord would give back a message that was deleted.
    pub fn nonce(&self, question: MessageId) -> String {
        // At most 25 characters: sixteen of the number, and a little more than three days of milliseconds.
        if self.text == AS_POSTED { question.to_string() } else { format!("{:x}-{:x}", question.get(), self.text & 0x0FFF_FFFF) }
    }

    /// What stands under the question.
    pub fn standing(&self) -> Option<Standing> {
        self.state.standing
    }
}

/// Whether an answer is still changed by what happened to its question at this time: by Discord's clock on both sides.
pub fn follows_edit(answer: MessageId, edited: Timestamp) -> bool {
    is_within(answer, edited.unix_timestamp(), FOLLOWS_EDITS_FOR)
}

/// Whether an answer still goes with its question now.
pub fn follows_deletion(answer: MessageId, now: Timestamp) -> bool {
    is_within(answer, now.unix_timestamp(), FOLLOWS_DELETIONS_FOR)
}

fn is_within(answer: MessageId, now: i64, time: Duration) -> bool {
    now - answer.created_at().unix_timestamp() <= i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}
