//! From a form to the FAQ: forms open with what stands there, what comes back is kept as a draft, shown as it would be, and published.
//!
//! Whatever goes wrong, what was typed is still there. What a draft would make of the files is decided in [`crate::moderation`].

use serenity::builder::{CreateAttachment, CreateInteractionResponse};
use tracing::{info, warn};

use super::{Call, pages};
use crate::answering::{Reply, phrases};
use crate::discord::bot::Bot;
use crate::discord::page::{self, MAX_TEXT, Page, fitted};
use crate::discord::queue::Loss;
use crate::faq::{EntryId, Kind, Lang};
use crate::journal::{Change, Via};
use crate::knowledge::Unwritten;
use crate::moderation::draft::Form;
use crate::moderation::plan::{self, written};
use crate::moderation::publish::Published;
use crate::moderation::review::{moved, newly_wrong};
use crate::moderation::{Draft, Fields, Plan, Task, Unplanned, Unpublished};
use crate::settings::Home;

/// Questions that were asked, of which is said what would answer them.
const REVIEWED: usize = 2_000;
/// Faults that are told: the rest shows when these are mended.
const SHOWN_FAULTS: usize = 4;

impl Bot {
    /// Opens the form for a new entry of a topic.
    pub(super) async fn open_new(&self, call: Call<'_>, topic: &str, lang: Lang) -> Result<(), Loss> {
        let Some(topic) = self.topic_named(topic) else {
            return self.say_privately(call, &page::sentence(phrases::NO_SUCH_TOPIC.get(call.lang))).await;
        };
        let task = Task::Add { topic: self.knowledge.faq.topics[topic].id.clone() };
        self.open(call, Draft::new(task), lang, Fields::default()).await
    }

    /// Opens the form for an entry.
    pub(super) async fn open_entry(&self, call: Call<'_>, entry: &str, lang: Lang) -> Result<(), Loss> {
        let Some(entry) = self.chosen(entry) else {
            return self.say_privately(call, &page::sentence(phrases::NO_SUCH_ENTRY.get(call.lang))).await;
        };
        let id = self.knowledge.faq.entries[entry].id.to_string();
        let shown = plan::shown(&self.knowledge.faq, Some(&id), lang);
        self.open(call, Draft::new(Task::Change { entry: id }), lang, shown).await
    }

    /// Opens a form with these texts; `draft` is a new one.
    pub(super) async fn open(&self, call: Call<'_>, mut draft: Draft, lang: Lang, shown: Fields) -> Result<(), Loss> {
        if let Err(why) = self.may_draft(call.lang) {
            return self.say_privately(call, &page::sentence(why)).await;
        }
        let is_new = matches!(draft.task, Task::Add { .. });
        let typed = draft.form(lang).map_or_else(|| shown.clone(), |form| form.typed.clone());
        draft.fill(Form::new(lang, shown, typed.clone()));
        match self.journal.keep_draft(call.member, Self::clock(), draft.written()).await {
            Ok(number) => {
                let form = pages::form(&typed, is_new, lang, number, call.lang);
                self.respond(call.at, &CreateInteractionResponse::Modal(form)).await
            }
            Err(error) => self.say_privately(call, &Self::failed(call.at, call.lang, &error)).await,
        }
    }

    /// Opens a draft's form again, of one language: as a draft of its own, since phones show what they saw first under a known id.
    pub(super) async fn reopen(&self, call: Call<'_>, number: i64, lang: Lang) -> Result<(), Loss> {
        let mut draft = match self.draft_of(call, number).await {
            Ok(draft) => draft,
            Err(page) => return self.say_privately(call, &page).await,
        };
        let now = match &draft.task {
            Task::Change { entry } => plan::shown(&self.knowledge.faq, Some(entry), lang),
            _ => Fields::default(),
        };
        let (shown, typed) = match draft.form(lang) {
            Some(form) => form.typed.rebased(&now, form.seen.as_ref().unwrap_or(&form.shown)),
            None => (now.clone(), now),
        };
        draft.fill(Form::new(lang, shown.clone(), typed));
        draft.instead_of = Some(number);
        self.open(call, draft, lang, shown).await
    }

    /// A form came back.
    pub(super) async fn take_form(&self, call: Call<'_>, number: i64, lang: Lang, texts: &[&str]) -> Result<(), Loss> {
        self.think(call).await?;
        let mut draft = match self.draft_of(call, number).await {
            Ok(draft) => draft,
            // What was typed goes back to whoever typed it.
            Err(page) => {
                let typed = CreateAttachment::bytes(texts.join("\n\n").into_bytes(), "faq.txt");
                return self.edit_response_with(call.at, &page, vec![typed]).await.map(drop);
            }
        };
        let shown = draft.form(lang).map(|form| form.shown.clone()).unwrap_or_default();
        draft.fill(Form::new(lang, shown, Fields::typed(texts.iter().copied())));
        // One of a kind: under an older page nothing is published any more.
        if let Some(former) = draft.instead_of.take()
            && let Err(error) = self.journal.drop_draft(former).await
        {
            warn!("a draft that has a newer form is kept for a day: {error}");
        }
        if let Err(error) = self.journal.change_draft(number, Self::clock(), draft.written()).await {
            return self.edit_response(call.at, &Self::failed(call.at, call.lang, &error)).await.map(drop);
        }
        self.show_draft(call, number, draft, &[]).await
    }

    /// Drafts that an entry goes.
    pub(super) async fn draft_removal(&self, call: Call<'_>, entry: &str) -> Result<(), Loss> {
        let known = self.chosen(entry).map(|entry| self.knowledge.faq.entries[entry].id.to_string());
        let Some(entry) = known else {
            return self.say_privately(call, &page::sentence(phrases::NO_SUCH_ENTRY.get(call.lang))).await;
        };
        if let Err(why) = self.may_draft(call.lang) {
            return self.say_privately(call, &page::sentence(why)).await;
        }
        self.think(call).await?;
        let text = match self.desk().expect("there is one where may_edit says so").sources().await {
            Ok(sources) => written(&sources).into_iter().find(|known| known.entry == entry).map(|known| known.text),
            Err(error) => return self.say_unpublished(call, 0, &Draft::new(Task::Restore(Vec::new())), &error).await,
        };
        let Some(text) = text else {
            return self.edit_response(call.at, &page::sentence(phrases::NO_SUCH_ENTRY.get(call.lang))).await.map(drop);
        };
        self.show_new_draft(call, Draft::new(Task::Remove { entry, text }), &[]).await
    }

    /// Keeps a draft that needs no form, and shows it.
    pub(super) async fn show_new_draft(&self, call: Call<'_>, draft: Draft, lead: &[String]) -> Result<(), Loss> {
        match self.journal.keep_draft(call.member, Self::clock(), draft.written()).await {
            Ok(number) => self.show_draft(call, number, draft, lead).await,
            Err(error) => self.edit_response(call.at, &Self::failed(call.at, call.lang, &error)).await.map(drop),
        }
    }

    /// Shows what a draft would make of the FAQ: the entry as members would see it, and below it what changes.
    pub(super) async fn show_draft(&self, call: Call<'_>, number: i64, draft: Draft, lead: &[String]) -> Result<(), Loss> {
        let Some(desk) = self.desk() else {
            return self.edit_response(call.at, &page::sentence(phrases::NEEDS_FOLDER.get(call.lang))).await.map(drop);
        };
        let mut plan = match desk.plan(draft.clone(), &self.journal).await {
            Ok(plan) => plan,
            Err(error) => return self.say_unpublished(call, number, &draft, &error).await,
        };
        let moved = self.moved_by(&plan).await;
        plan.warnings.extend(tokio::task::block_in_place(|| newly_wrong(&self.knowledge, &plan.knowledge)));
        let is_published_here = self.home == Home::Discord;
        let decision = pages::decision(&draft, number, &plan, &moved, (lead, is_published_here), call.lang);
        // Whoever publishes sees all of it.
        let is_attached = !is_published_here || pages::is_cut(&plan.diff());
        let patch = is_attached.then(|| CreateAttachment::bytes(plan.patch().into_bytes(), "faq.patch"));
        let lang = draft.forms.last().map_or(call.lang, |form| form.lang);
        match plan.entry.as_ref().and_then(|id| preview(&plan, id, lang)) {
            Some(preview) => {
                self.edit_response(call.at, &preview).await?;
                let added = self.add_private(call.at, &decision, patch.clone()).await;
                // Without its buttons nobody would find the draft again.
                match added {
                    Ok(()) => Ok(()),
                    Err(_) => self.edit_response_with(call.at, &decision, patch.into_iter().collect()).await.map(drop),
                }
            }
            None => self.edit_response_with(call.at, &decision, patch.into_iter().collect()).await.map(drop),
        }
    }

    /// The questions that a plan would have answered otherwise.
    async fn moved_by(&self, plan: &Plan) -> Vec<crate::moderation::review::Moved> {
        let since = Self::clock() - i64::from(self.keep_days) * 24 * 60 * 60;
        let asked = self.journal.texts(since, REVIEWED).await.unwrap_or_else(|error| {
            warn!("questions asked before are not looked at: {error}");
            Vec::new()
        });
        // Milliseconds for a usual FAQ; a large one and many questions take a second.
        tokio::task::block_in_place(|| moved(&self.knowledge, &plan.knowledge, &asked, &self.policy))
    }

    /// Publishes a draft; `takes_over`: also where somebody else changed the same text, which the moderator has seen.
    pub(super) async fn publish_draft(&self, call: Call<'_>, number: i64, takes_over: bool) -> Result<(), Loss> {
        if let Err(why) = self.may_edit(call.lang) {
            return self.say_privately(call, &page::sentence(why)).await;
        }
        let mut draft = match self.draft_of(call, number).await {
            Ok(draft) => draft,
            Err(page) => return self.say_privately(call, &page).await,
        };
        // Tapped twice, it is published once: a new entry would stand there twice.
        let key = number.unsigned_abs();
        if !self.conversation().may_publish(key, self.now()) {
            return self.say_privately(call, &page::sentence(phrases::ON_ITS_WAY.get(call.lang))).await;
        }
        self.respond(call.at, &CreateInteractionResponse::Acknowledge)
            .await
            .inspect_err(|_| self.conversation().unpublished(key))?;
        if takes_over {
            draft.take_over();
        }
        self.publish_now(call, number, draft).await
    }

    /// Publishes, tells the moderator and the log channel, and lets members have it at once.
    pub(super) async fn publish_now(&self, call: Call<'_>, number: i64, draft: Draft) -> Result<(), Loss> {
        let desk = self.desk().expect("there is one where may_edit says so");
        let via = if matches!(draft.task, Task::Merge(_)) { Via::Upload } else { Via::Discord };
        let published = desk.publish(draft.clone(), call.member, via, Self::clock(), &self.journal).await;
        let Published { knowledge, changes, turn } = match published {
            Ok(published) => published,
            Err(error) => {
                self.conversation().unpublished(number.unsigned_abs());
                return self.say_unpublished(call, number, &draft, &error).await;
            }
        };
        info!(changes = changes.len(), "published from Discord");
        let before = self.knowledge.clone();
        self.answer_from(knowledge.clone());
        drop(turn);
        if let Err(error) = self.journal.drop_draft(number).await {
            warn!("a draft that was published is kept for a day: {error}");
        }
        let by = format!("<@{}>", call.member);
        let said = |lang: Lang| {
            let named = |change: &Change| {
                let known = if change.after.is_some() { &knowledge } else { &before };
                pages::name(change, known, lang)
            };
            match (&draft.task, changes.as_slice()) {
                (Task::Word { .. }, [only]) => phrases::WORD_ADDED.with(lang, &[&named(only), &by]),
                (Task::Reviewed { .. }, [only]) => phrases::STILL_RIGHT.with(lang, &[&named(only), &by]),
                (Task::Merge(_), all) => phrases::MERGED.with(lang, &[&all.len().to_string(), &by]),
                (_, [only]) if only.after.is_none() => phrases::REMOVED.with(lang, &[&named(only), &by]),
                (_, [only]) => phrases::PUBLISHED.with(lang, &[&named(only), &by]),
                (_, all) => phrases::RESTORED.with(lang, &[&all.len().to_string(), &by]),
            }
        };
        let back = if let [only] = changes.as_slice() { Some(only.id) } else { None };
        let told = self.edit_response(call.at, &pages::published(&said(call.lang), back, call.lang)).await;
        // What was pressed in the log channel says so itself.
        if call.is_private {
            let lang = self.default_lang;
            self.log_change(&pages::logged(pages::published(&said(lang), back, lang), lang)).await;
        }
        told.map(drop)
    }

    /// Drops a draft.
    pub(super) async fn drop_draft(&self, call: Call<'_>, number: i64) -> Result<(), Loss> {
        if let Err(page) = self.draft_of(call, number).await {
            return self.say_privately(call, &page).await;
        }
        self.respond(call.at, &CreateInteractionResponse::Acknowledge).await?;
        let page = match self.journal.drop_draft(number).await {
            Ok(()) => page::sentence(phrases::DROPPED.get(call.lang)),
            Err(error) => Self::failed(call.at, call.lang, &error),
        };
        self.edit_response(call.at, &page).await.map(drop)
    }

    /// A moderator's own draft, or what they are told instead.
    pub(super) async fn draft_of(&self, call: Call<'_>, number: i64) -> Result<Draft, Page> {
        let kept = self.journal.draft(number, Self::clock()).await;
        let kept = kept.map_err(|error| Self::failed(call.at, call.lang, &error))?;
        let gone = || page::sentence(phrases::NO_DRAFT.get(call.lang));
        let kept = kept.ok_or_else(gone)?;
        if kept.moderator != call.member {
            return Err(page::sentence(phrases::NOT_YOUR_DRAFT.get(call.lang)));
        }
        Draft::read(&kept.content).ok_or_else(gone)
    }

    /// Why nothing was published, with the ways on from there.
    async fn say_unpublished(&self, call: Call<'_>, number: i64, draft: &Draft, error: &Unpublished) -> Result<(), Loss> {
        let lang = call.lang;
        let text = match error {
            Unpublished::Unplanned(Unplanned::Conflict(conflicts)) => {
                let by = self.last_author(draft, lang).await;
                let page = pages::conflict(conflicts, draft, number, &by, lang);
                let mut seen = draft.clone();
                seen.has_seen(conflicts);
                if let Err(error) = self.journal.change_draft(number, Self::clock(), seen.written()).await {
                    return self.edit_response(call.at, &Self::failed(call.at, lang, &error)).await.map(drop);
                }
                return self.edit_response(call.at, &page).await.map(drop);
            }
            Unpublished::Unplanned(Unplanned::Gone) => phrases::EDITED_GONE.get(lang).to_owned(),
            Unpublished::Unplanned(Unplanned::Same) => phrases::NO_CHANGE.get(lang).to_owned(),
            Unpublished::Unplanned(Unplanned::Changed(entries)) => phrases::CHANGED_SINCE.with(lang, &[&entries.join("、")]),
            Unpublished::Unplanned(Unplanned::Faulty(faults)) => {
                let told = faults.iter().take(SHOWN_FAULTS).map(|fault| format!("- {}", fitted(&fault.for_discord(lang), 350)));
                std::iter::once(phrases::WOULD_BE_FAULTY.get(lang).to_owned()).chain(told).collect::<Vec<_>>().join("\n")
            }
            Unpublished::Unplanned(Unplanned::Unedited(_)) => phrases::CANNOT_EDIT.get(lang).to_owned(),
            Unpublished::Unwritten(Unwritten::SavedMeanwhile) => phrases::SAVED_MEANWHILE.get(lang).to_owned(),
            Unpublished::Unwritten(Unwritten::ReadOnly(_)) => phrases::FILE_READ_ONLY.get(lang).to_owned(),
            Unpublished::Unwritten(Unwritten::HardLink(_)) => phrases::FILE_LINKED.get(lang).to_owned(),
            Unpublished::Unread(_)
            | Unpublished::Unwritten(Unwritten::File { .. })
            | Unpublished::Journal(_)
            | Unpublished::Unfinished => phrases::FILE_UNWRITTEN.with(lang, &[&call.at.code()]),
        };
        if !matches!(error, Unpublished::Unplanned(_)) {
            let chain = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
            let chain = chain.map(ToString::to_string).collect::<Vec<_>>().join(": ");
            warn!(shown_code = call.at.code(), "not published: {chain}");
        }
        // Everybody's message with its button stays as it is.
        if matches!(draft.task, Task::Reviewed { .. }) {
            return self.add_private(call.at, &page::sentence(&fitted(&text, MAX_TEXT)), None).await;
        }
        let is_retried = matches!(error, Unpublished::Unwritten(_) | Unpublished::Journal(_)) && number > 0;
        let mut page = pages::refused(draft, number, &text, lang);
        if is_retried && let Some(serenity::builder::CreateActionRow::Buttons(buttons)) = page.rows.first_mut() {
            buttons.insert(0, pages::button(crate::discord::ticket::Action::Publish, number, lang, &phrases::PUBLISH, lang));
        }
        self.edit_response(call.at, &page).await.map(drop)
    }

    /// Who changed a draft's entry last; nobody by name, where somebody did with an editor.
    async fn last_author(&self, draft: &Draft, lang: Lang) -> String {
        let last = async {
            let entry = draft.entry()?;
            let last = self.journal.changes(Some(entry.to_owned()), 0, 1).await.unwrap_or_default().pop()?;
            let sources = self.desk()?.sources().await.ok()?;
            let stands = written(&sources).into_iter().find(|known| known.entry == entry).map(|known| known.text);
            last.moderator.filter(|_| last.after == stands)
        };
        let honorific = if lang == Lang::Ja { " さん" } else { "" };
        let by = last.await.map(|by| format!("<@{by}>{honorific}"));
        by.unwrap_or_else(|| phrases::SOMEBODY.get(lang).to_owned())
    }
}

/// An entry as members would see it.
fn preview(plan: &Plan, id: &EntryId, lang: Lang) -> Option<Page> {
    let entry = plan.knowledge.faq.position(id)?;
    let answer = match plan.knowledge.show(entry, lang) {
        Reply::Answer { answers, .. } => answers.into_iter().next(),
        Reply::Decline { signpost, .. } => signpost,
        Reply::Care { answer, .. } => Some(answer),
        _ => None,
    };
    debug_assert!(answer.is_some() || plan.knowledge.faq.entries[entry].kind == Kind::Care);
    answer.map(|answer| page::preview(&answer, lang))
}
