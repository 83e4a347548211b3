//! The thread that owns the database: what was entered is written in batches, questions are answered in their turn.
//!
//! What a record or a question means is left to `store.rs`.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use tokio::sync::mpsc::UnboundedReceiver;

use super::store::Store;
use super::{Record, WAITING_AT_MOST};

/// The same trouble is told once in this time, in seconds of the records' own.
const TOLD_ONCE_IN: i64 = 60;

/// What comes to the thread, in order.
pub enum Message {
    /// To be written.
    Record(Record),
    /// To be answered when everything before it is written.
    Question(Question),
}

/// Reads or changes the store and sends its answer off.
pub type Question = Box<dyn FnOnce(&mut Store) + Send>;

/// What the thread tells those who enter.
#[derive(Debug, Default)]
pub struct Shared {
    /// Entered and not yet written.
    pub waiting: AtomicUsize,
    /// Never written.
    pub lost: AtomicU64,
}

pub struct Writer {
    pub store: Store,
    pub inbox: UnboundedReceiver<Message>,
    pub shared: Arc<Shared>,
    pub troubles: Troubles,
}

impl Writer {
    /// Works until nobody can enter anything any more, and everything is written.
    pub fn run(mut self) {
        let mut batch = Vec::new();
        while let Some(first) = self.inbox.blocking_recv() {
            let mut question = None;
            let mut next = Some(first);
            while let Some(message) = next.take() {
                match message {
                    Message::Record(record) => batch.push(record),
                    Message::Question(asked) => question = Some(asked),
                }
                if question.is_none() && batch.len() < WAITING_AT_MOST {
                    next = self.inbox.try_recv().ok();
                }
            }
            self.write(&batch);
            batch.clear();
            if let Some(question) = question {
                question(&mut self.store);
            }
        }
    }

    fn write(&mut self, batch: &[Record]) {
        if batch.is_empty() {
            return;
        }
        if let Err(error) = self.store.write(batch) {
            self.shared.lost.fetch_add(batch.len() as u64, Ordering::Relaxed);
            let now = batch.iter().filter_map(Record::at).max();
            if self.troubles.is_news(error.sqlite_error().map(|error| error.extended_code), now) {
                let records = batch.len();
                tracing::error!(%error, records, "the journal cannot be written: what was to be noted is lost, the bot goes on");
            }
        }
        // Only now: what waits and what is being written are bounded together.
        self.shared.waiting.fetch_sub(batch.len(), Ordering::Relaxed);
    }
}

/// When which kind of trouble, by SQLite's number, was told last.
#[derive(Default)]
pub struct Troubles(HashMap<Option<i32>, i64>);

impl Troubles {
    /// Whether a kind of trouble has not been told for a while. Records without a time count as written when it was told last.
    fn is_news(&mut self, kind: Option<i32>, now: Option<i64>) -> bool {
        let told = self.0.get(&kind).copied();
        let now = now.or(told).unwrap_or(i64::MIN);
        let is_news = told.is_none_or(|told| now.saturating_sub(told) >= TOLD_ONCE_IN);
        if is_news {
            self.0.insert(kind, now);
        }
        is_news
    }
}
