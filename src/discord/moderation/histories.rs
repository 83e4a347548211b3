//! What was changed, and the ways back: each is a draft like any other, shown before it is published.
//!
//! What a way back is, is decided in [`crate::moderation::history`].

use serenity::builder::CreateInteractionResponse;
use tracing::warn;

use super::Call;
use super::pages::{self, SHOWN_CHANGES};
use crate::answering::phrases;
use crate::discord::bot::Bot;
use crate::discord::page::{self, Page};
use crate::discord::queue::Loss;
use crate::discord::sending::body;
use crate::discord::ticket::Action;
use crate::journal::{Change, JournalError};
use crate::moderation::history::{Way, back_before, back_from};
use crate::moderation::plan::written;
use crate::moderation::{Draft, Unpublished};

impl Bot {
    /// Shows the newest changes, of one entry if one is named.
    pub(super) async fn show_history(&self, call: Call<'_>, entry: Option<&str>) -> Result<(), Loss> {
        self.think(call).await?;
        // One that went has a history, too.
        let known = entry.map(|entry| match self.chosen(entry) {
            Some(known) => self.knowledge.faq.entries[known].id.to_string(),
            None => entry.to_owned(),
        });
        let page = self.history_page(call, known.as_deref(), 0).await;
        self.edit_response(call.at, &page).await.map(drop)
    }

    /// Turns the pages of the history.
    pub(super) async fn show_history_page(&self, call: Call<'_>, entry: Option<&str>, number: i64) -> Result<(), Loss> {
        let page = self.history_page(call, entry, number).await;
        self.respond(call.at, &CreateInteractionResponse::UpdateMessage(body(&page, false))).await
    }

    async fn history_page(&self, call: Call<'_>, entry: Option<&str>, number: i64) -> Page {
        let shown = i64::try_from(SHOWN_CHANGES).unwrap_or(i64::MAX);
        match self.journal.changes(entry.map(str::to_owned), number.saturating_mul(shown), shown + 1).await {
            Ok(mut changes) => {
                let has_more = changes.len() > SHOWN_CHANGES;
                changes.truncate(SHOWN_CHANGES);
                pages::history(&changes, number, has_more, entry, &self.knowledge, call.lang)
            }
            Err(error) => Self::failed(call.at, call.lang, &error),
        }
    }

    /// Shows one change with the ways back from it.
    pub(super) async fn show_change(&self, call: Call<'_>, id: i64) -> Result<(), Loss> {
        let page = match self.journal.change(id).await {
            Ok(Some(change)) => pages::change(&change, &self.knowledge, call.lang),
            Ok(None) => page::sentence(phrases::OLD_BUTTON.get(call.lang)),
            Err(error) => Self::failed(call.at, call.lang, &error),
        };
        self.say_privately(call, &page).await
    }

    /// Drafts a way back.
    pub(super) async fn draft_way_back(&self, call: Call<'_>, action: Action, id: i64) -> Result<(), Loss> {
        if let Err(why) = self.may_draft(call.lang) {
            return self.say_privately(call, &page::sentence(why)).await;
        }
        self.think(call).await?;
        let (draft, lead) = match self.way_back(action, id, call).await {
            Ok(Some(found)) => found,
            Ok(None) => {
                let nothing = page::sentence(phrases::NOTHING_TO_UNDO.get(call.lang));
                return self.edit_response(call.at, &nothing).await.map(drop);
            }
            Err(error) => {
                warn!(shown_code = call.at.code(), "no way back was found: {error}");
                return self.edit_response(call.at, &Self::failed(call.at, call.lang, &JournalError::Stopped)).await.map(drop);
            }
        };
        self.show_new_draft(call, draft, &lead).await
    }

    async fn way_back(&self, action: Action, id: i64, call: Call<'_>) -> Result<Option<(Draft, Vec<String>)>, Unpublished> {
        let Some(change) = self.journal.change(id).await? else { return Ok(None) };
        let sources = self.desk().expect("there is one where may_draft says so").sources().await?;
        let now = written(&sources);
        if action == Action::Undo {
            return Ok(match back_from(&change, &now, &sources, self.default_lang) {
                Way::Straight(draft) => Some((draft, Vec::new())),
                Way::Merged(draft) => Some((draft, vec![phrases::MERGED_BACK.get(call.lang).to_owned()])),
                Way::Nothing => None,
            });
        }
        // All of one person's since they began; all of everybody's since this one.
        let of = if action == Action::UndoBy { change.moderator } else { None };
        let from = if of.is_some() { 0 } else { id };
        let changes: Vec<Change> = self.journal.changes_from(from).await?;
        let (draft, kept) = back_before(&changes, of, &now);
        Ok(draft.map(|draft| {
            let count = match &draft.task {
                crate::moderation::Task::Restore(all) => all.len(),
                _ => 1,
            };
            let mut lead = vec![phrases::RESTORES.with(call.lang, &[&count.to_string()])];
            if !kept.is_empty() {
                lead.push(phrases::LEFT_ALONE.with(call.lang, &[&kept.join("、")]));
            }
            (draft, lead)
        }))
    }
}
