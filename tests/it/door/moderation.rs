//! The FAQ kept from Discord: an entry written, changed, taken out and taken back by moderators, while members ask.
//!
//! How files are edited stands in `it/editing.rs`; who is refused, and what goes wrong, in `refusing.rs`.

use std::fs;
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use medse_bot::discord::reloading::{Following, TELL_AFTER};
use medse_bot::faq::Lang;
use medse_bot::journal::Journal;
use medse_bot::knowledge::{Knowledge, Library, Reloader};
use medse_bot::settings::Settings;
use standin::{Member, Modal, Response, Seen, Standin};
use tempfile::TempDir;

use super::{Connected, follow, settings, until};

/// A bot whose FAQ is kept from Discord, with the folder it is in.
pub struct Kept {
    pub bot: Connected,
    pub folder: TempDir,
    pub log: u64,
    pub settings: Settings,
}

pub const NIGHTS: &str = include_str!("nights.yaml");
pub const QUALIFICATIONS: &str = include_str!("qualifications.yaml");

pub fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// A folder with the small FAQ.
pub fn small_folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("faq")).unwrap();
    fs::write(folder.path().join("faq/nights.yaml"), NIGHTS).unwrap();
    fs::write(folder.path().join("faq/qualifications.yaml"), QUALIFICATIONS).unwrap();
    folder
}

/// Who answers from the folder `faq` in a folder, with a journal beside it.
pub async fn at_work(discord: Standin, settings: &Settings, folder: &Path) -> Connected {
    let faq = folder.join("faq");
    let sources = Library::Folder(faq.clone()).sources().unwrap();
    let built = Knowledge::build(&sources, settings.language);
    let reloader = Reloader::new(faq, settings.language, &sources, !built.has_errors());
    let data_folder = folder.join("data");
    let journal = Journal::open(&data_folder, now()).unwrap();
    let following = Following { reloader, left_out: Vec::new(), tell_after: TELL_AFTER, data_folder };
    let bot = follow(discord, settings, Arc::new(built.knowledge.unwrap()), journal, Some(following));
    bot.discord.connected().await;
    bot
}

pub async fn kept_with(change: impl FnOnce(&mut Settings)) -> Kept {
    let (discord, folder) = (Standin::start().await, small_folder());
    let log = discord.add_channel(discord.guild(), "faq係");
    let mut settings = settings(&discord);
    settings.discord.log_channel = NonZero::new(log);
    settings.discord.help_channel = NonZero::new(discord.help());
    change(&mut settings);
    let bot = at_work(discord, &settings, folder.path()).await;
    Kept { bot, folder, log, settings }
}

pub async fn kept() -> Kept {
    kept_with(|_| {}).await
}

impl Kept {
    pub fn moderator(&self, name: &str) -> Member {
        self.bot.discord.member(name).moderator()
    }

    pub fn file(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join("faq").join(name)).unwrap()
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join("faq").join(name), text).unwrap();
    }

    pub fn general(&self) -> u64 {
        self.bot.discord.general()
    }

    /// Opens an entry's form.
    pub async fn edits(&self, moderator: &Member, entry: &str) -> Modal {
        moderator.uses(self.general(), "faq-manage edit", &[("entry", entry)]).await.modal()
    }

    /// Sends a form, and gives the page on which is decided.
    pub async fn sends(&self, moderator: &Member, form: &Modal, texts: &[&str]) -> Seen {
        self.decision(moderator.submits(form, texts).await).await
    }

    /// The page with the buttons, which is the one shown or comes after it.
    pub async fn decision(&self, shown: Response) -> Seen {
        let page = shown.message();
        if page.buttons().iter().any(|label| ["やめる", "Discard"].contains(&label.as_str())) {
            return page;
        }
        self.bot.discord.next_followup(&Response::Message(page)).await
    }

    /// Publishes what a page is about; gives the page that says so.
    pub async fn publishes(&self, moderator: &Member, decision: &Seen) -> Seen {
        let told = match moderator.clicks(decision, "公開する").await {
            Response::Updated(seen) => seen,
            // A busy machine takes longer than the click waits to see.
            _ => decision.clone(),
        };
        let limit = Instant::now() + Duration::from_secs(20);
        loop {
            let seen = moderator.fresh(&told).await.unwrap();
            if seen.text != decision.text {
                return seen;
            }
            assert!(Instant::now() < limit, "nothing came of publishing:\n{}", self.bot.discord.transcript());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// What an entry's form shows, as texts.
pub fn texts(form: &Modal) -> Vec<String> {
    let rows = form.raw["components"].as_array().unwrap();
    rows.iter().map(|row| row["components"][0]["value"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The same texts with one of them replaced.
pub fn with(form: &Modal, at: usize, text: &str) -> Vec<String> {
    let mut texts = texts(form);
    text.clone_into(&mut texts[at]);
    texts
}

pub fn strs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_is_edited_shown_published_and_answered_from() {
    let kept = kept().await;
    let (hana, aoi) = (kept.moderator("花"), kept.bot.discord.member("葵"));
    let form = kept.edits(&hana, "night-shift").await;
    let mut seen = format!("{}\n", form.shown());
    let decision = kept.sends(&hana, &form, &strs(&with(&form, 2, "夜勤のある病院は少しだけです。"))).await;
    kept.publishes(&hana, &decision).await;
    // Nothing else of the file is another.
    assert_eq!(
        kept.file("nights.yaml"),
        NIGHTS.replace("夜勤のある病院は少なく、当番で電話を受ける所が多いです。", "夜勤のある病院は少しだけです。")
    );
    let log = kept.bot.discord.next_message(kept.log).await;
    assert!(kept.bot.ask(&aoi, "夜勤はありますか").await.text.contains("少しだけです"));
    let decision = kept.decision(hana.clicks(&log, "元に戻す").await).await;
    kept.publishes(&hana, &decision).await;
    assert_eq!(kept.file("nights.yaml"), NIGHTS);
    seen.push_str(&kept.bot.discord.transcript());
    insta::assert_snapshot!(seen);
    assert_eq!(kept.bot.discord.pings(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_is_written_and_taken_out_en() {
    let kept = kept_with(|settings| settings.language = Lang::En).await;
    let amy = kept.moderator("Amy").speaking("en-US");
    let options = [("topic", "nights"), ("language", "en")];
    let form = amy.uses(kept.general(), "faq-manage add", &options).await.modal();
    let mut seen = format!("{}\n", form.shown());
    let texts = [
        "Is the canteen open at night?",
        "canteen at night\nnight canteen hours",
        "Until ten.",
        "Canteen | https://example.jp/canteen",
        "",
    ];
    let decision = kept.decision(amy.submits(&form, &texts).await).await;
    let again = amy.clicks(&decision, "In Japanese").await.modal();
    let texts = ["夜も食堂は開いている？", "夜の食堂", "22時まで開いています。", "食堂 | https://example.jp/canteen", ""];
    let decision = kept.decision(amy.submits(&again, &texts).await).await;
    amy.clicks(&decision, "Publish").await;
    let entry = "canteen-open-at-night";
    until("in the file", Duration::from_secs(20), || kept.file("nights.yaml").contains(entry)).await;
    seen += &kept.file("nights.yaml");
    assert!(kept.file("nights.yaml").starts_with(NIGHTS));
    kept.bot.discord.next_message(kept.log).await;
    let removal = amy.uses(kept.general(), "faq-manage remove", &[("entry", entry)]).await.message();
    amy.clicks(&removal, "Publish").await;
    until("gone", Duration::from_secs(20), || !kept.file("nights.yaml").contains(entry)).await;
    assert_eq!(kept.file("nights.yaml"), NIGHTS);
    kept.bot.discord.next_message(kept.log).await;
    seen.push_str(&kept.bot.discord.transcript());
    insta::assert_snapshot!(seen);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_asking_shows_is_told_before_publishing() {
    let kept = kept().await;
    let hana = kept.moderator("花");
    for (question, wanted) in [
        ("🍚", "注意：この項目の質問「🍚」は、尋ねる文に見えないので、そのまま聞かれても答えません。"),
        ("院内SEに夜勤はある？", "注意：`night-shift` この項目の質問そのもので聞いても、項目「nights-1」が先に見つかります。"),
    ] {
        let form = hana.uses(kept.general(), "faq-manage add", &[("topic", "夜勤と呼び出し")]).await.modal();
        let decision = kept.sends(&hana, &form, &[question, "", "22時までです。", "", ""]).await;
        assert!(decision.text.contains(wanted), "{}", decision.shown());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_a_page_is_attached_whole() {
    let kept = kept().await;
    let hana = kept.moderator("花");
    for (answer, is_attached) in
        [("少しだけです。".to_owned(), false), (format!("{}終わり。", "長い答えです。".repeat(30)), true)]
    {
        let form = kept.edits(&hana, "night-shift").await;
        let decision = kept.sends(&hana, &form, &strs(&with(&form, 2, &answer))).await;
        let attached = decision.raw["attachments"].as_array().and_then(|files| files.first()?["url"].as_str());
        assert_eq!(attached.is_some(), is_attached, "{}", decision.shown());
        if let Some(url) = attached {
            let patch = String::from_utf8(kept.bot.discord.file(url).unwrap()).unwrap();
            assert!(patch.contains(&format!("+      ja: {answer}\n")), "{patch}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_button_tapped_twice_publishes_once() {
    let kept = kept().await;
    let hana = kept.moderator("花");
    let form = hana.uses(kept.general(), "faq-manage add", &[("topic", "夜勤と呼び出し")]).await.modal();
    let decision = kept.sends(&hana, &form, &["食堂は夜も開いている？", "", "22時までです。", "", ""]).await;
    let (one, other) = tokio::join!(hana.clicks(&decision, "公開する"), hana.clicks_id(&decision, "v1:pub:ja:-:-:1"));
    drop((one, other));
    kept.bot.discord.next_message(kept.log).await;
    kept.bot.is_silent_in(kept.log).await;
    assert_eq!(kept.file("nights.yaml").matches("食堂は夜も").count(), 1);
    assert_eq!(kept.bot.bot.journal.changes(None, 0, 9).await.unwrap().len(), 1);
    // Two people who write one at the same time get two.
    let ran = kept.moderator("蘭");
    let forms = [&hana, &ran].map(|moderator| moderator.uses(kept.general(), "faq-manage add", &[("topic", "夜勤と呼び出し")]));
    let [first, second] = forms;
    let (first, second) = (first.await.modal(), second.await.modal());
    let first = kept.sends(&hana, &first, &["売店は夜も開いている？", "", "閉まります。", "", ""]).await;
    let second = kept.sends(&ran, &second, &["喫茶は夜も開いている？", "", "閉まります。", "", ""]).await;
    kept.publishes(&hana, &first).await;
    kept.publishes(&ran, &second).await;
    let file = kept.file("nights.yaml");
    assert!(["nights-1", "nights-2", "nights-3"].iter().all(|id| file.contains(&format!("- id: {id}\n"))), "{file}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_of_both_forms_are_there() {
    let kept = kept().await;
    let hana = kept.moderator("花");
    let form = kept.edits(&hana, "on-call").await;
    let page = kept.sends(&hana, &form, &strs(&with(&form, 3, "案内 | https://example.jp/ja"))).await;
    let form = hana.clicks(&page, "英語も書く").await.modal();
    let more = format!("{}\nGuide | https://example.jp/en", texts(&form)[3]);
    let page = kept.sends(&hana, &form, &strs(&with(&form, 3, &more))).await;
    kept.publishes(&hana, &page).await;
    let file = kept.file("nights.yaml");
    assert!(file.contains("https://example.jp/ja") && file.contains("https://example.jp/en"), "{file}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_id_that_was_somebodys_is_nobody_elses() {
    let kept = kept().await;
    let hana = kept.moderator("花");
    for (question, id) in [("食堂は夜も開いている？", "nights-1"), ("売店は夜も開いている？", "nights-2")] {
        let form = hana.uses(kept.general(), "faq-manage add", &[("topic", "夜勤と呼び出し")]).await.modal();
        let page = kept.sends(&hana, &form, &[question, "", "22時までです。", "", ""]).await;
        kept.publishes(&hana, &page).await;
        kept.bot.discord.next_message(kept.log).await;
        assert!(kept.file("nights.yaml").contains(&format!("- id: {id}\n")), "{}", kept.file("nights.yaml"));
        let removal = hana.uses(kept.general(), "faq-manage remove", &[("entry", id)]).await.message();
        kept.publishes(&hana, &removal).await;
        kept.bot.discord.next_message(kept.log).await;
    }
}
