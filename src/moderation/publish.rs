//! A plan -> the files: noted first, written whole or not at all, noted as done; and at a start, what a program that ended in between left is settled.
//!
//! One at a time: whoever publishes while somebody else does waits, and is planned with what they made of the files. Writing itself is
//! [`crate::knowledge::replace`]'s work.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard};
use tracing::{info, warn};

use super::draft::{Draft, Task};
use super::plan::{Plan, Unplanned, plan, written};
use crate::faq::{Lang, Source};
use crate::journal::{Change, Journal, JournalError, Via};
use crate::knowledge::{Knowledge, Library, Unwritten, replace};

/// Where the FAQ is written.
#[derive(Clone, Debug)]
pub struct Desk {
    folder: PathBuf,
    default: Lang,
    /// Held by whoever changes the files or notes how they are.
    busy: Arc<Mutex<()>>,
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum Unpublished {
    /// The draft cannot be published as it is.
    #[error("not as it is: {0:?}")]
    Unplanned(Unplanned),
    /// The files cannot be read.
    #[error("the FAQ cannot be read")]
    Unread(#[source] io::Error),
    /// The files cannot be written.
    #[error("the FAQ cannot be written")]
    Unwritten(#[source] Unwritten),
    /// The journal does not take it.
    #[error("the journal cannot be written")]
    Journal(#[from] JournalError),
    /// A fault of ours while it was thought about.
    #[error("the plan was not finished")]
    Unfinished,
}

impl From<Unplanned> for Unpublished {
    fn from(why: Unplanned) -> Self {
        Unpublished::Unplanned(why)
    }
}

/// What was published.
#[derive(Debug)]
pub struct Published {
    /// The FAQ from now on.
    pub knowledge: Arc<Knowledge>,
    /// The changes, with their numbers.
    pub changes: Vec<Change>,
    /// Until this is dropped nobody else publishes: what is answered from is taken over in the order of publishing.
    pub turn: OwnedMutexGuard<()>,
}

impl Desk {
    /// A folder whose files are written; `default` is the language of texts that name none.
    pub fn new(folder: PathBuf, default: Lang) -> Self {
        Desk { folder, default, busy: Arc::default() }
    }

    /// The folder's files.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub async fn sources(&self) -> Result<Vec<Source>, Unpublished> {
        let library = Library::Folder(self.folder.clone());
        let read = tokio::task::spawn_blocking(move || library.sources()).await;
        read.map_err(|_| Unpublished::Unfinished)?.map_err(Unpublished::Unread)
    }

    /// What publishing a draft would do, with the files as they are now.
    ///
    /// # Errors
    /// See [`Unplanned`]; also where the folder cannot be read.
    pub async fn plan(&self, draft: Draft, journal: &Journal) -> Result<Plan, Unpublished> {
        let (sources, default) = (self.sources().await?, self.default);
        let used = if matches!(draft.task, Task::Add { .. }) { journal.changed_entries().await? } else { Vec::new() };
        // Building a large FAQ takes a second.
        let planned = tokio::task::spawn_blocking(move || plan(sources, default, &draft, &used)).await;
        Ok(planned.map_err(|_| Unpublished::Unfinished)??)
    }

    /// Publishes a draft: in the files, and in the history.
    ///
    /// # Errors
    /// Nothing was changed; [`Unpublished`] says why.
    pub async fn publish(
        &self,
        draft: Draft,
        moderator: u64,
        via: Via,
        now: i64,
        journal: &Journal,
    ) -> Result<Published, Unpublished> {
        let turn = Arc::clone(&self.busy).lock_owned().await;
        // What was saved until now is not this moderator's.
        self.see(now, journal).await?;
        let mut plan = self.plan(draft, journal).await?;
        for change in &mut plan.changes {
            (change.at, change.moderator, change.via) = (now, Some(moderator), via);
        }
        let ids = journal.begin_changes(plan.changes.clone()).await?;
        for (change, id) in plan.changes.iter_mut().zip(&ids) {
            change.id = *id;
        }
        let folder = self.folder.clone();
        let written = tokio::task::spawn_blocking(move || {
            let written = replace(&folder, &plan.read, &plan.files());
            (plan, written)
        });
        let (plan, written) = written.await.map_err(|_| Unpublished::Unfinished)?;
        if let Err(unwritten) = written {
            // Of several files the first may be there, and the last not.
            self.settle_rows(journal).await?;
            return Err(Unpublished::Unwritten(unwritten));
        }
        if let Err(error) = journal.finish_changes(ids).await {
            // It stands in the files; the next start settles the rows.
            warn!("a change was made and could not be noted as done: {error}");
        }
        Ok(Published { knowledge: Arc::new(plan.knowledge), changes: plan.changes, turn })
    }

    /// Settles what was about to be published when the program ended: done, if the files say so; else it never was.
    ///
    /// # Errors
    /// The folder or the journal cannot be read.
    pub async fn settle(&self, journal: &Journal) -> Result<(), Unpublished> {
        let _busy = self.busy.lock().await;
        self.settle_rows(journal).await
    }

    async fn settle_rows(&self, journal: &Journal) -> Result<(), Unpublished> {
        let unsettled = journal.unsettled_changes().await?;
        if unsettled.is_empty() {
            return Ok(());
        }
        let sources = self.sources().await?;
        let entries = written(&sources);
        let stands = |change: &Change| match entries.iter().find(|known| known.entry == change.entry) {
            _ if is_word(change) => stands_in_vocabulary(&sources, change),
            Some(known) => change.after.as_deref() == Some(&known.text),
            None => change.after.is_none(),
        };
        let (done, never): (Vec<Change>, Vec<Change>) = unsettled.into_iter().partition(stands);
        info!(done = done.len(), never = never.len(), "changes that were under way are settled");
        let ids = |changes: Vec<Change>| changes.into_iter().map(|change| change.id).collect();
        journal.finish_changes(ids(done)).await?;
        Ok(journal.abandon_changes(ids(never)).await?)
    }

    /// Notes what was changed in the files since they were seen last; gives it.
    ///
    /// # Errors
    /// The folder or the journal cannot be read.
    pub async fn see_files(&self, now: i64, journal: &Journal) -> Result<Vec<Change>, Unpublished> {
        let _busy = self.busy.lock().await;
        self.see(now, journal).await
    }

    async fn see(&self, now: i64, journal: &Journal) -> Result<Vec<Change>, Unpublished> {
        let sources = self.sources().await?;
        // What cannot be read is not gone.
        let is_read =
            |source: &Source| source.text().is_some_and(|text| crate::faq::WrittenFile::read(&source.name, text).is_some());
        if !sources.iter().all(is_read) {
            return Ok(Vec::new());
        }
        Ok(journal.see_entries(now, written(&sources)).await?)
    }
}

/// Whether it is a form of the vocabulary that came or went.
fn is_word(change: &Change) -> bool {
    change.entry == crate::faq::VOCABULARY_FILE
}

fn stands_in_vocabulary(sources: &[Source], change: &Change) -> bool {
    let word = change.after.as_ref().or(change.before.as_ref());
    let Some((concept, form)) = word.and_then(|word| word.split_once('\t')) else { return false };
    let vocabulary = crate::faq::load(sources, Lang::default()).vocabulary;
    let mut concepts = vocabulary.iter().flat_map(|vocabulary| &vocabulary.concepts).filter(|known| &*known.name == concept);
    let is_there = concepts.any(|known| known.forms.iter().any(|known| known == form));
    is_there == change.after.is_some()
}
