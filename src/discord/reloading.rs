//! The FAQ's folder, followed while the bot answers: what is saved there is answered from, what is faulty is told to the moderators.
//!
//! A file that is being written is often faulty for a moment, and an editor that saves by itself writes all the time: the log channel hears
//! of faults that stay, in one message, which is changed until they are mended. What a change is, is decided in [`crate::knowledge`].

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serenity::model::id::{ChannelId, MessageId};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::watch::Sender;
use tokio::time::{Instant, sleep_until};
use tracing::{error, info, warn};

use super::bot::Shared;
use super::page::{self, fitted};
use super::queue::{Loss, code};
use crate::answering::phrases;
use crate::faq::{Diagnostic, Lang};
use crate::knowledge::{Change, LOOK_EVERY, Reloader};

/// The file in the data folder: the message that stands in the log channel, for the next start.
pub const FILE: &str = "notice.json";
/// Faults that were mended by then were being typed.
pub const TELL_AFTER: Duration = Duration::from_mins(1);
/// The message is not changed more often, however often somebody saves.
const CHANGE_AFTER: Duration = Duration::from_secs(5);
/// Why a message may yet be changed: the bot may not look into the channel, or write there, until somebody lets it. Whatever else Discord
/// refuses stays refused: the message is gone, was changed too often, is another bot's, or stands in a closed thread.
const CHANGEABLE_LATER: [isize; 2] = [code::MISSING_ACCESS, code::MISSING_PERMISSIONS];
/// What could not be told is tried again.
const AGAIN_AFTER: Duration = Duration::from_mins(5);
/// Faults that are shown; all of them are in the log, and `check` shows them where they are.
const SHOWN: usize = 5;
/// Characters of one fault: its place and its first sentences.
const SHOWN_CHARACTERS: usize = 300;

/// A folder that is followed.
#[derive(Debug)]
pub struct Following {
    /// Who looks at it.
    pub reloader: Reloader,
    /// What was faulty at the start, and is not answered from.
    pub left_out: Vec<Diagnostic>,
    /// How long faults stay before they are told: [`TELL_AFTER`], but for tests.
    pub tell_after: Duration,
    /// The data folder, in which [`FILE`] is.
    pub data_folder: PathBuf,
}

/// What the moderators are to know, and what they were told.
struct Notice {
    faults: Vec<Diagnostic>,
    /// Whether the faulty entries are left out, as at a start; later nothing of the new text is used.
    is_left_out: bool,
    /// When it is said, at the earliest.
    due: Instant,
    /// What stands in the log channel.
    told: Option<Told>,
}

/// A message in a log channel.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    channel: ChannelId,
    message: MessageId,
    text: String,
}

impl Told {
    /// What was told before the start; what cannot be read is as nothing, and told anew.
    fn read(file: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(file).ok()?).ok()
    }

    fn write(told: Option<&Self>, file: &Path) -> io::Result<()> {
        let Some(told) = told else {
            let removed = std::fs::remove_file(file);
            return removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) });
        };
        std::fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
        let whole = file.with_extension("new");
        std::fs::write(&whole, serde_json::to_vec(told)?)?;
        std::fs::rename(whole, file)
    }
}

impl Notice {
    /// What should stand there; nothing where nobody need know.
    fn wanted(&self, lang: Lang) -> Option<String> {
        if self.faults.is_empty() {
            return self.told.is_some().then(|| phrases::FAQ_MENDED.get(lang).to_owned());
        }
        let head = if self.is_left_out { &phrases::FAQ_LEFT_OUT } else { &phrases::FAQ_FAULTY };
        let shown = |fault: &Diagnostic| format!("- {}", fitted(&fault.for_discord(lang), SHOWN_CHARACTERS));
        let faults = self.faults.iter().take(SHOWN).map(shown);
        let more = (self.faults.len() > SHOWN).then(|| phrases::FAQ_MORE_FAULTS.get(lang).to_owned());
        Some(std::iter::once(head.get(lang).to_owned()).chain(faults).chain(more).collect::<Vec<_>>().join("\n"))
    }

    /// What is to be said now or later, if anything is.
    fn news(&self, lang: Lang) -> Option<String> {
        self.wanted(lang).filter(|wanted| self.told.as_ref().is_none_or(|told| told.text != *wanted))
    }
}

impl Shared {
    /// Follows a folder; never ends. `saved` hears of every FAQ that is answered from.
    pub async fn follow_folder(self: &Arc<Self>, following: Following, saved: Sender<()>) {
        let Following { reloader, left_out, tell_after, data_folder } = following;
        let mut changes = self.looking(reloader, saved);
        let file = data_folder.join(FILE);
        let told = Told::read(&file).filter(|told| self.settings.log_channel.is_some_and(|log| log.get() == told.channel.get()));
        let mut notice = Notice { faults: left_out, is_left_out: true, due: Instant::now() + tell_after, told };
        loop {
            self.state.faq_faults(notice.faults.len());
            let has_news = self.settings.log_channel.is_some() && notice.news(self.default_lang).is_some();
            tokio::select! {
                change = changes.recv() => match change {
                    Some(Some(faults)) => {
                        if notice.faults.is_empty() && notice.told.is_none() {
                            notice.due = Instant::now() + tell_after;
                        }
                        (notice.faults, notice.is_left_out) = (faults, false);
                    }
                    Some(None) => {
                        notice.faults.clear();
                        self.note_saved().await;
                    }
                    None => return std::future::pending().await,
                },
                () = sleep_until(notice.due), if has_news => {
                    let had_told = notice.told.is_some();
                    self.tell_moderators(&mut notice).await;
                    if (had_told || notice.told.is_some()) && let Err(error) = Told::write(notice.told.as_ref(), &file) {
                        warn!("{} is not kept, so after a restart the same is told again: {error}", file.display());
                    }
                }
            }
        }
    }

    /// A thread of its own: a large FAQ takes seconds to build, and others wait for answers. What is faulty in the folder, or nothing.
    fn looking(self: &Arc<Self>, mut reloader: Reloader, saved: Sender<()>) -> UnboundedReceiver<Option<Vec<Diagnostic>>> {
        let (changes, received) = unbounded_channel();
        let shared = Arc::clone(self);
        std::thread::spawn(move || {
            while !changes.is_closed() {
                // A fault of ours in reading one text must not keep the next one from being read.
                let published = shared.published();
                let looked = catch_unwind(AssertUnwindSafe(|| reloader.look(std::time::Instant::now())));
                match looked {
                    Ok(Some(change)) => {
                        let faults = shared.take_over(change, published);
                        // Whoever follows may be gone by now.
                        if faults.is_none() {
                            let _ = saved.send(());
                        }
                        let _ = changes.send(faults);
                    }
                    Ok(None) => {}
                    Err(_) => error!("the FAQ as saved could not be read: this is a fault of the bot, please report it"),
                }
                std::thread::sleep(LOOK_EVERY);
            }
        });
        received
    }

    fn take_over(&self, change: Change, published: u64) -> Option<Vec<Diagnostic>> {
        match change {
            Change::Sound(knowledge) => {
                info!(entries = knowledge.faq.entries.len(), "the FAQ was saved, and is answered from");
                self.answer_from_files(knowledge, published);
                None
            }
            Change::Restored => {
                info!("the FAQ is as it was before it was faulty");
                None
            }
            Change::Faulty(faults) => {
                for fault in &faults {
                    warn!("the FAQ as saved is not used: {}", fault.summary(self.default_lang));
                }
                Some(faults)
            }
        }
    }

    async fn tell_moderators(&self, notice: &mut Notice) {
        let (Some(channel), Some(text)) = (self.settings.log_channel, notice.news(self.default_lang)) else { return };
        let (channel, standing) = (ChannelId::new(channel.get()), notice.told.as_ref().map(|told| told.message));
        match self.say_in_log(channel, standing, &text).await {
            Ok(_) if notice.faults.is_empty() => (notice.told, notice.due) = (None, Instant::now()),
            Ok(message) => {
                (notice.told, notice.due) = (Some(Told { channel, message, text }), Instant::now() + CHANGE_AFTER);
            }
            Err(loss) => {
                let channel = channel.get();
                warn!(channel, reason = loss.reason(), code = loss.code(), "moderators are not told of faults: {loss}");
                // What cannot be changed any more stays as it is; faults are told anew.
                notice.told = notice.told.take().filter(|_| loss.code().is_none_or(|code| CHANGEABLE_LATER.contains(&code)));
                notice.due = Instant::now() + AGAIN_AFTER;
            }
        }
    }

    async fn say_in_log(&self, channel: ChannelId, standing: Option<MessageId>, text: &str) -> Result<MessageId, Loss> {
        let (asked, page) = (Instant::now(), page::sentence(text));
        let floor = self.floor(channel, asked).await?;
        if let Some(message) = standing {
            return self.change(&floor, message, &page, asked).await.map(|()| message);
        }
        let nonce = format!("faq-{}", self.now().as_millis());
        self.post(&floor, None, &nonce, &page, asked).await
    }
}
