//! The FAQ taken along as a file and brought back: what Discord has of it, and what is said about it.
//!
//! Packing, unpacking and merging are done in [`crate::moderation::travel`].

use std::time::Duration;

use serenity::builder::CreateAttachment;
use serenity::model::channel::Attachment;
use tokio::time::timeout;
use tracing::warn;

use super::{Call, pages};
use crate::answering::phrases;
use crate::discord::bot::Bot;
use crate::discord::connection;
use crate::discord::page::{self, MAX_TEXT, fitted};
use crate::discord::queue::Loss;
use crate::faq::compare::changed;
use crate::faq::{Lang, inert};
use crate::journal::JournalError;
use crate::moderation::travel::{Conflict, MAX_PACKED, Unreadable, Version, merge, pack, unpack};
use crate::moderation::{Draft, Task, Unpublished};

/// Where Discord keeps files; nothing is fetched from anywhere else.
const KEPT_AT: &str = "https://cdn.discordapp.com/";
/// A few megabytes take no longer.
const PATIENCE: Duration = Duration::from_secs(20);
/// Conflicts that are shown by both texts.
const SHOWN_CONFLICTS: usize = 3;
/// UTF-16 units of each: what is to be published has to be seen, too.
const SHOWN_OF_A_CONFLICT: usize = 200;

/// Why nothing was made of a file.
enum Unusable {
    Unreadable(Unreadable),
    Unfetched(String),
    Failed(Unpublished),
}

impl From<Unreadable> for Unusable {
    fn from(why: Unreadable) -> Self {
        Unusable::Unreadable(why)
    }
}

impl From<Unpublished> for Unusable {
    fn from(why: Unpublished) -> Self {
        Unusable::Failed(why)
    }
}

impl From<JournalError> for Unusable {
    fn from(why: JournalError) -> Self {
        Unusable::Failed(why.into())
    }
}

impl Bot {
    /// Gives the FAQ as a file.
    pub(super) async fn send_files(&self, call: Call<'_>) -> Result<(), Loss> {
        if let Err(why) = self.may_draft(call.lang) {
            return self.say_privately(call, &page::sentence(why)).await;
        }
        self.think(call).await?;
        match self.packed().await {
            Ok(packed) => {
                let file = CreateAttachment::bytes(packed, "faq.zip");
                let page = page::sentence(phrases::TAKEN_ALONG.get(call.lang));
                self.edit_response_with(call.at, &page, vec![file]).await.map(drop)
            }
            Err(why) => self.say_unusable(call, why).await,
        }
    }

    async fn packed(&self) -> Result<Vec<u8>, Unusable> {
        // What was just saved belongs to the version.
        self.note_saved().await;
        // Before the files are read: what is published in between is in both then, and no conflict.
        let last = self.journal.changes(None, 0, 1).await?.pop();
        let version = last.map_or_else(Version::default, |change| Version { change: change.id, at: change.at });
        let sources = self.desk().expect("there is one where may_draft says so").sources().await?;
        pack(&sources, version).map_err(|error| Unusable::Unfetched(error.to_string()))
    }

    /// Takes in a file that was brought: what it would change is shown as a draft.
    pub(super) async fn take_files(&self, call: Call<'_>, brought: Option<&Attachment>) -> Result<(), Loss> {
        if let Err(why) = self.may_edit(call.lang) {
            return self.say_privately(call, &page::sentence(why)).await;
        }
        let Some(brought) = brought else {
            return self.say_privately(call, &page::sentence(phrases::NO_ZIP.get(call.lang))).await;
        };
        self.think(call).await?;
        match self.merged(brought, call.lang).await {
            Ok((Some(draft), lead)) => self.show_new_draft(call, draft, &lead).await,
            Ok((None, lead)) => {
                let text =
                    std::iter::once(phrases::NO_CHANGE.get(call.lang).to_owned()).chain(lead).collect::<Vec<_>>().join("\n");
                self.edit_response(call.at, &page::sentence(&fitted(&text, MAX_TEXT))).await.map(drop)
            }
            Err(why) => self.say_unusable(call, why).await,
        }
    }

    async fn merged(&self, brought: &Attachment, lang: Lang) -> Result<(Option<Draft>, Vec<String>), Unusable> {
        // Before a byte is fetched.
        if brought.size as usize > MAX_PACKED {
            return Err(Unreadable::TooLarge.into());
        }
        let packed =
            timeout(PATIENCE, self.fetched(&brought.url)).await.map_err(|_| Unusable::Unfetched("too slow".into()))??;
        // Megabytes take a moment.
        let brought = tokio::task::block_in_place(|| unpack(&packed))?;
        self.note_saved().await;
        let sources = self.desk().expect("there is one where may_edit says so").sources().await?;
        let Version { change, at } = brought.version;
        if change > 0 && self.journal.change(change).await?.is_none_or(|known| known.at != at) {
            return Err(Unreadable::NoVersion.into());
        }
        let since = self.journal.changes_from(change + 1).await?;
        let merged = tokio::task::block_in_place(|| merge(&brought, &sources, &since))?;
        let mut lead = Vec::new();
        if !merged.conflicts.is_empty() {
            lead.push(phrases::MERGE_CONFLICTS.with(lang, &[&merged.conflicts.len().to_string()]));
            lead.extend(merged.conflicts.iter().take(SHOWN_CONFLICTS).filter_map(shown));
        }
        if !merged.ignored.is_empty() {
            lead.push(phrases::MERGE_IGNORED.with(lang, &[&inert(&merged.ignored.join("、"))]));
        }
        let draft = (!merged.entries.is_empty()).then(|| Draft::new(Task::Merge(merged.entries)));
        Ok((draft, lead))
    }

    /// A file that Discord keeps, up to the size that is allowed.
    async fn fetched(&self, url: &str) -> Result<Vec<u8>, Unusable> {
        let unfetched = |why: &dyn std::fmt::Display| Unusable::Unfetched(why.to_string());
        if !url.starts_with(KEPT_AT) {
            return Err(unfetched(&"not kept by Discord"));
        }
        // Rarely needed, and not kept: a client takes a megabyte.
        let web = connection::client(&self.settings).map_err(|error| unfetched(&error))?;
        let mut response = web.get(url).send().await.map_err(|error| unfetched(&error.without_url()))?;
        if !response.status().is_success() {
            return Err(unfetched(&response.status()));
        }
        let mut bytes = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| unfetched(&error.without_url()))? {
            bytes.extend_from_slice(&piece);
            if bytes.len() > MAX_PACKED {
                return Err(Unreadable::TooLarge.into());
            }
        }
        Ok(bytes)
    }

    async fn say_unusable(&self, call: Call<'_>, why: Unusable) -> Result<(), Loss> {
        let lang = call.lang;
        let text = match why {
            Unusable::Unreadable(Unreadable::NoZip) => phrases::NO_ZIP.get(lang).to_owned(),
            Unusable::Unreadable(Unreadable::NoVersion) => phrases::NO_VERSION.get(lang).to_owned(),
            Unusable::Unreadable(Unreadable::Twice(name)) => phrases::FILE_TWICE.with(lang, &[&inert(&name)]),
            Unusable::Unreadable(Unreadable::TooLarge) => phrases::TOO_LARGE.get(lang).to_owned(),
            Unusable::Unreadable(Unreadable::NotUtf8(name)) => phrases::NOT_UTF8.with(lang, &[&inert(&name)]),
            Unusable::Unreadable(Unreadable::NoFaq(name)) => phrases::NO_FAQ.with(lang, &[&inert(&name)]),
            Unusable::Unfetched(why) => Self::said_failed(call, &why),
            Unusable::Failed(why) => Self::said_failed(call, &why.to_string()),
        };
        self.edit_response(call.at, &page::sentence(&text)).await.map(drop)
    }

    fn said_failed(call: Call<'_>, why: &str) -> String {
        let shown_code = call.at.code();
        warn!(shown_code, "a file was not packed or taken in: {why}");
        format!("{}{shown_code}", phrases::ERROR.get(call.lang))
    }
}

/// A conflict by what it would change here.
fn shown(conflict: &Conflict) -> Option<String> {
    let changed = changed(conflict.here.as_deref(), conflict.brought.as_deref());
    pages::diff(&changed, SHOWN_OF_A_CONFLICT).map(|diff| format!("`{}`\n{diff}", conflict.entry))
}
