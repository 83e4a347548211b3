//! What moderators look at: numbers, the FAQ's check, why a question is answered as it is; and what the log channel is told each week.
//!
//! Counting is the journal's work, the texts come from [`crate::moderation::stats`].

use std::time::Duration;

use serenity::builder::{CreateActionRow, CreateAttachment, CreateInteractionResponse};
use time::{Date, OffsetDateTime, UtcOffset, Weekday};
use tokio::time::sleep;
use tracing::warn;

use super::{Call, pages};
use crate::answering::explanation::explain;
use crate::answering::{Question, phrases};
use crate::discord::bot::{Bot, Shared};
use crate::discord::page::{self, MAX_TEXT, Page, fitted};
use crate::discord::queue::Loss;
use crate::discord::ticket::{Action, Ticket};
use crate::faq::{Entry, Lang, Level};
use crate::journal::JournalError;
use crate::knowledge::Knowledge;
use crate::moderation::{Draft, Task, stats};

const DAY: i64 = 24 * 60 * 60;
/// How often it is looked whether a week is over.
const LOOK_EVERY: Duration = Duration::from_mins(30);
/// The name under which the journal knows when the week was told last.
const WEEK: &str = "week";
/// Entries due for review that are told a week: as many as somebody gets done.
const DUE: usize = 3;
/// Findings of a check that are shown.
const SHOWN_FINDINGS: usize = 8;

impl Bot {
    /// Shows the numbers of some days, with a table of all entries.
    pub(super) async fn show_stats(&self, call: Call<'_>, days: i64) -> Result<(), Loss> {
        self.think(call).await?;
        if !self.journal.is_on() {
            return self.edit_response(call.at, &page::sentence(phrases::NEEDS_JOURNAL.get(call.lang))).await.map(drop);
        }
        match self.journal.numbers(Self::clock() - days * DAY).await {
            Ok(numbers) => {
                let text = stats::report(&self.knowledge, &numbers, days, call.lang);
                // A spreadsheet takes a file without this mark for one in the machine's own letters.
                let table = format!("\u{feff}{}", stats::table(&self.knowledge, &numbers, call.lang));
                let file = CreateAttachment::bytes(table.into_bytes(), "faq-stats.csv");
                self.edit_response_with(call.at, &page::sentence(&fitted(&text, MAX_TEXT)), vec![file]).await.map(drop)
            }
            Err(error) => self.edit_response(call.at, &Self::failed(call.at, call.lang, &error)).await.map(drop),
        }
    }

    /// Says why a question is answered as it is. It is not noted as asked.
    pub(super) async fn show_explanation(&self, call: Call<'_>, question: &str) -> Result<(), Loss> {
        let question = Question::new(question, call.lang);
        let verdict = self.knowledge.decide(&question, &self.policy);
        let Knowledge { faq, vocabulary, .. } = &*self.knowledge;
        let explanation = explain(faq, vocabulary, self.knowledge.judge(), &verdict, &self.policy, call.lang);
        self.say_privately(call, &page::sentence(&fitted(&explanation.lines(call.lang).join("\n"), MAX_TEXT))).await
    }

    /// Checks the folder's files as they are.
    pub(super) async fn show_check(&self, call: Call<'_>) -> Result<(), Loss> {
        let Some(desk) = self.desk() else {
            return self.say_privately(call, &page::sentence(phrases::NEEDS_FOLDER.get(call.lang))).await;
        };
        self.think(call).await?;
        let (sources, default) = match desk.sources().await {
            Ok(sources) => (sources, self.default_lang),
            Err(error) => {
                warn!(shown_code = call.at.code(), "not checked: {error}");
                return self.edit_response(call.at, &Self::failed(call.at, call.lang, &JournalError::Stopped)).await.map(drop);
            }
        };
        let built = tokio::task::spawn_blocking(move || Knowledge::build(&sources, default).check_by_searching()).await;
        let Ok(built) = built else {
            return self.edit_response(call.at, &Self::failed(call.at, call.lang, &JournalError::Stopped)).await.map(drop);
        };
        let counts = [Level::Error, Level::Warning, Level::Hint].map(|level| built.count(level));
        let text = if counts == [0; 3] {
            let entries = built.knowledge.map_or(0, |knowledge| knowledge.faq.entries.len());
            phrases::SOUND.with(call.lang, &[&entries.to_string()])
        } else {
            let mut findings = built.diagnostics;
            findings.sort_by_key(|one| std::cmp::Reverse(one.problem.level()));
            let told = findings.iter().take(SHOWN_FINDINGS);
            let told = told.map(|one| format!("- {}", fitted(&one.for_discord(call.lang), 220)));
            let head = phrases::FINDINGS.with(call.lang, &counts.map(|count| count.to_string()).each_ref().map(String::as_str));
            std::iter::once(head).chain(told).collect::<Vec<_>>().join("\n")
        };
        self.edit_response(call.at, &page::sentence(&fitted(&text, MAX_TEXT))).await.map(drop)
    }

    /// Somebody made sure that an entry is still right.
    pub(super) async fn still_right(&self, call: Call<'_>, entry: &str) -> Result<(), Loss> {
        if let Err(why) = self.may_edit(call.lang) {
            return self.say_privately(call, &page::sentence(why)).await;
        }
        self.respond(call.at, &CreateInteractionResponse::Acknowledge).await?;
        let on = today(Self::clock()).to_string();
        self.publish_now(call, 0, Draft::new(Task::Reviewed { entry: entry.to_owned(), on })).await
    }

    /// Tells the week, if it is over.
    async fn tell_week(&self) -> Result<(), JournalError> {
        let now = Self::clock();
        let Some(last) = self.journal.last_time(WEEK).await? else { return self.journal.note_time(WEEK, now).await };
        if now < next_week(last) {
            return Ok(());
        }
        // Told at most once, whatever comes of it.
        self.journal.note_time(WEEK, now).await?;
        let lang = self.default_lang;
        let numbers = self.journal.numbers(now - 7 * DAY).await?;
        if let Some(text) = stats::week(&numbers, &self.open_groups(7).await?, lang) {
            let open = pages::button(Action::Inbox, 0, lang, &phrases::OPEN_INBOX, lang);
            self.log_change(&Page { text, rows: vec![CreateActionRow::Buttons(vec![open])], answer: None }).await;
        }
        for entry in due(&self.knowledge, today(now)) {
            self.log_change(&self.due_page(entry, lang)).await;
        }
        Ok(())
    }

    fn due_page(&self, entry: &Entry, lang: Lang) -> Page {
        let reviewed = entry.reviewed.map(|date| date.to_string()).unwrap_or_default();
        let text = phrases::DUE.with(lang, &[entry.question.nearest(lang).1, &reviewed]);
        let button = |action: Action, label: &phrases::Phrase| {
            let ticket = Ticket::new(action, lang).about(&entry.id);
            pages::button_of(&ticket, label.get(lang))
        };
        let mut buttons = vec![button(Action::Edit, &phrases::EDIT)];
        if self.may_edit(lang).is_ok() {
            buttons.insert(0, button(Action::Right, &phrases::RIGHT));
        }
        Page { text: fitted(&text, MAX_TEXT), rows: vec![CreateActionRow::Buttons(buttons)], answer: None }
    }
}

impl Shared {
    /// Tells the log channel what a week was like, each week; never ends.
    pub async fn tell_weeks(self: &std::sync::Arc<Self>) {
        if !self.moderation.weekly || self.settings.log_channel.is_none() || !self.journal.is_on() {
            return std::future::pending().await;
        }
        loop {
            if let Err(error) = self.anew().tell_week().await {
                warn!("the week is not told: {error}");
            }
            sleep(LOOK_EVERY).await;
        }
    }
}

/// The entries that have waited longest for a review.
fn due(knowledge: &Knowledge, today: Date) -> Vec<&Entry> {
    let mut due: Vec<&Entry> = knowledge.askable().map(|(_, entry)| entry).collect();
    due.retain(|entry| entry.reviewed.is_some_and(|reviewed| Entry::is_overdue(reviewed, today)));
    due.sort_by_key(|entry| entry.reviewed);
    due.truncate(DUE);
    due
}

/// The hours of the people this FAQ is for.
fn in_japan(at: i64) -> OffsetDateTime {
    let offset = UtcOffset::from_hms(9, 0, 0).expect("nine hours are an offset");
    OffsetDateTime::from_unix_timestamp(at).unwrap_or(OffsetDateTime::UNIX_EPOCH).to_offset(offset)
}

fn today(at: i64) -> Date {
    in_japan(at).date()
}

/// The first Monday morning, nine o'clock in Japan, after a time.
fn next_week(after: i64) -> i64 {
    const NINE: i64 = 9 * 60 * 60;
    let local = in_japan(after);
    let since_midnight = i64::from(local.hour()) * 3_600 + i64::from(local.minute()) * 60 + i64::from(local.second());
    let midnight = after - since_midnight;
    let days = (0..=7).find(|days| {
        let at = midnight + days * DAY + NINE;
        at > after && in_japan(at).weekday() == Weekday::Monday
    });
    midnight + days.unwrap_or(7) * DAY + NINE
}

#[cfg(test)]
mod tests {
    use super::{DAY, next_week};

    #[test]
    fn weeks_end_on_monday_morning_in_japan() {
        // 2026-11-23 was a Monday; 00:00 UTC is nine o'clock in Japan.
        let monday = 1_795_392_000;
        for (after, wanted) in [
            (monday - 1, monday),
            (monday, monday + 7 * DAY),
            (monday + 3 * DAY + 5_000, monday + 7 * DAY),
            (monday + 7 * DAY - 1, monday + 7 * DAY),
        ] {
            assert_eq!(next_week(after), wanted, "{after}");
        }
    }
}
