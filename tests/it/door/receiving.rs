//! The inbox: what members asked in vain becomes a wording, an entry or a word, and the next asker gets the answer.
//!
//! How questions are grouped stands in `it/moderating.rs`.

use std::time::Duration;

use medse_bot::faq::Lang;
use medse_bot::settings::Home;
use standin::{Member, Seen};

use super::memory::{bytes, holds};
use super::moderation::{Kept, kept, kept_with, strs, texts, with};
use super::until;

const ASKED: &str = "宿直室の布団は清潔ですか";

impl Kept {
    /// Somebody asks in public, and the journal has it.
    pub async fn asked_by(&self, name: &str, question: &str) -> Seen {
        self.asks(&self.bot.discord.member(name), question).await
    }

    pub async fn asks(&self, member: &Member, question: &str) -> Seen {
        let answer = self.bot.ask(member, question).await;
        self.bot.bot.journal.flush().await;
        answer
    }

    pub async fn inbox(&self, moderator: &Member) -> Seen {
        moderator.uses(self.general(), "faq-manage inbox", &[]).await.message()
    }

    /// The page of a question in the inbox.
    async fn opened(&self, moderator: &Member, question: &str) -> Seen {
        let inbox = self.inbox(moderator).await;
        moderator.picks(&inbox, question).await.updated()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_declined_question_becomes_an_answer_in_three_taps() {
    let kept = kept().await;
    let hana = kept.moderator("花");
    kept.asked_by("葵", ASKED).await;
    kept.asked_by("空", "宿直室の布団は清潔？").await;
    let inbox = kept.inbox(&hana).await;
    assert!(inbox.text.contains("2人"), "{}", inbox.shown());
    let group = hana.picks(&inbox, "宿直室の布団は清潔？").await.updated();
    let mut seen = format!("{}\n", group.shown());
    // One: the entry. Two: the wording, looked at first. Three: published.
    let form = hana.picks(&group, "院内SEに夜勤はある？").await.modal();
    seen.push_str(&form.shown());
    let decision = kept.sends(&hana, &form, &["宿直室の布団は清潔？"]).await;
    kept.publishes(&hana, &decision).await;
    assert!(kept.file("nights.yaml").contains(", 宿直室の布団は清潔？]"), "{}", kept.file("nights.yaml"));
    kept.bot.discord.next_message(kept.log).await;
    let answer = kept.asked_by("凛", ASKED).await;
    assert!(answer.text.contains("院内SEに夜勤はある？"), "{}", answer.shown());
    assert!(kept.inbox(&hana).await.text.starts_with("未回答はありません"));
    insta::assert_snapshot!(seen.replace(|c: char| c.is_ascii_digit(), "0"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_gets_an_entry_of_its_own_and_its_asker_is_told() {
    let kept = kept().await;
    let (hana, aoi) = (kept.moderator("花"), kept.bot.discord.member("葵"));
    let declined = kept.asks(&aoi, ASKED).await;
    let handing = aoi.clicks(&declined, "FAQ係に届ける").await.modal();
    aoi.submits(&handing, &[ASKED]).await.message();
    let group = kept.opened(&hana, ASKED).await;
    let form = hana.clicks(&group, "新しい項目").await.modal();
    assert_eq!(texts(&form)[0], ASKED);
    let decision = kept.sends(&hana, &form, &strs(&with(&form, 2, "毎週替えます。"))).await;
    // It goes where the moderator says.
    let moved = kept.decision(hana.picks(&decision, "資格").await).await;
    kept.publishes(&hana, &moved).await;
    assert!(kept.file("qualifications.yaml").contains("毎週替えます。"));
    kept.bot.discord.next_message(kept.log).await;
    assert!(kept.asked_by("空", ASKED).await.text.contains("毎週替えます。"));
    assert!(kept.inbox(&hana).await.text.starts_with("未回答はありません"));
    // Whoever handed it on hears of it once what was saved has settled: a minute in life, and in this test at the next start.
    let Kept { bot, folder, settings, .. } = kept;
    let discord = bot.discord.clone();
    let mut bot = bot;
    bot.stop().await.unwrap();
    drop(bot);
    let bot = super::moderation::at_work(discord, &settings, folder.path()).await;
    let told = bot.discord.next_message(bot.discord.general()).await;
    assert!(told.text.starts_with("お待たせしました。"), "{}", told.shown());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_word_of_a_question_joins_a_concept_and_leaves_it_again() {
    let kept = kept().await;
    let hana = kept.moderator("花");
    kept.asked_by("葵", "ネンネ当番はありますか").await;
    let group = kept.opened(&hana, "ネンネ当番").await;
    let form = hana.clicks(&group, "同じ意味の言葉").await.modal();
    let unknown = hana.submits(&form, &["ネンネ当番", "ありもしない言葉"]).await.message();
    assert!(unknown.text.contains("ありもしない言葉") && unknown.text.contains("ネンネ当番"), "{}", unknown.shown());
    let form = hana.clicks(&group, "同じ意味の言葉").await.modal();
    let decision = kept.sends(&hana, &form, &["ネンネ当番", "夜勤"]).await;
    assert!(decision.text.contains("答えが変わる質問：1件"), "{}", decision.shown());
    kept.publishes(&hana, &decision).await;
    assert!(kept.file("vocabulary.yaml").contains("ネンネ当番"));
    let log = kept.bot.discord.next_message(kept.log).await;
    assert!(kept.asked_by("空", "ネンネ当番はありますか").await.text.contains("夜勤のある病院は少なく"));
    // It is no entry that somebody took out of a file.
    kept.bot.bot.note_saved().await;
    assert_eq!(kept.bot.bot.journal.changes(None, 0, 9).await.unwrap().len(), 1);
    let decision = kept.decision(hana.clicks(&log, "元に戻す").await).await;
    kept.publishes(&hana, &decision).await;
    assert!(!kept.file("vocabulary.yaml").contains("ネンネ当番"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_ours_stays_away_and_what_was_wrong_comes_in() {
    let kept = kept().await;
    let (hana, aoi) = (kept.moderator("花"), kept.bot.discord.member("葵"));
    kept.asked_by("空", ASKED).await;
    let group = kept.opened(&hana, ASKED).await;
    let inbox = hana.clicks(&group, "対象外").await.updated();
    assert!(inbox.text.starts_with("未回答はありません"), "{}", inbox.shown());
    let answer = kept.asks(&aoi, "夜勤はありますか").await;
    aoi.clicks(&answer, "ちがう").await.message();
    kept.bot.bot.journal.flush().await;
    let group = kept.opened(&hana, "夜勤はありますか").await;
    assert!(group.text.contains("「ちがう」と言われた答え：院内SEに夜勤はある？"), "{}", group.shown());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_its_author_takes_back_is_nowhere() {
    let kept = kept().await;
    let (hana, aoi, sora) = (kept.moderator("花"), kept.bot.discord.member("葵"), kept.bot.discord.member("空"));
    let message = aoi.says(kept.general(), &format!("<@BOT> {ASKED}")).await;
    kept.bot.discord.next_message(kept.general()).await;
    kept.bot.bot.journal.flush().await;
    // A draft that began with it, too.
    let group = kept.opened(&hana, ASKED).await;
    let form = hana.clicks(&group, "新しい項目").await.modal();
    let decision = kept.sends(&hana, &form, &strs(&with(&form, 2, "毎週替えます。"))).await;
    // And one that has nothing to do with it.
    let form = kept.edits(&hana, "night-shift").await;
    let other = kept.sends(&hana, &form, &strs(&with(&form, 2, "花の文です。"))).await;
    aoi.deletes(message).await;
    let data = kept.folder.path().join("data");
    let journal = kept.bot.bot.journal.clone();
    let is_gone = || !journal_holds(&data);
    for _ in 0..100 {
        journal.flush().await;
        // Old pages of the log go with its next emptying.
        journal.retain(super::moderation::now(), 90).await.unwrap();
        if is_gone() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(is_gone());
    assert!(kept.inbox(&hana).await.text.starts_with("未回答はありません"));
    let told = hana.clicks(&group, "新しい項目").await.message();
    assert!(told.text.contains("もう受信箱にありません"), "{}", told.shown());
    // What the moderator wrote is not gone with it.
    let form = hana.clicks(&decision, "編集に戻る").await.modal();
    assert_eq!((texts(&form)[0].as_str(), texts(&form)[2].as_str()), ("", "毎週替えます。"));
    let form = hana.clicks(&other, "編集に戻る").await.modal();
    assert_eq!(texts(&form)[2], "花の文です。");
    // Changed instead of deleted: only the new words are there.
    let message = sora.says(kept.general(), &format!("<@BOT> {ASKED}")).await;
    kept.bot.discord.next_message(kept.general()).await;
    sora.edits(message, "<@BOT> 更衣室のロッカーは広いですか").await;
    for _ in 0..100 {
        journal.flush().await;
        if kept.inbox(&hana).await.text.contains("更衣室") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let inbox = kept.inbox(&hana).await;
    assert!(inbox.text.contains("更衣室") && !inbox.text.contains("布団"), "{}", inbox.shown());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_deleted_takes_no_draft_along_that_says_the_same() {
    let kept = kept().await;
    let (hana, aoi) = (kept.moderator("花"), kept.bot.discord.member("葵"));
    let form = kept.edits(&hana, "night-shift").await;
    let question = texts(&form)[0].clone();
    let decision = kept.sends(&hana, &form, &strs(&with(&form, 2, "花の文です。"))).await;
    for text in [question.as_str(), "花の文です。"] {
        let message = aoi.says(kept.general(), &format!("<@BOT> {text}")).await;
        kept.bot.discord.next_message(kept.general()).await;
        kept.bot.bot.journal.flush().await;
        aoi.deletes(message).await;
        until("its answer is gone", Duration::from_secs(20), || kept.bot.discord.standing(kept.general()).is_empty()).await;
    }
    kept.bot.bot.journal.flush().await;
    kept.publishes(&hana, &decision).await;
    assert!(kept.file("nights.yaml").contains("花の文です。") && kept.file("nights.yaml").contains(&question));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_members_words_are_read_by_moderators_as_written_and_never_drawn() {
    const MARKUP: &str = "宿直室の布団は清潔ですか **@everyone** [公式サイト](https://example.com/phish) <@&1> `";
    let kept = kept().await;
    let (hana, aoi) = (kept.moderator("花"), kept.bot.discord.member("葵"));
    let declined = kept.asks(&aoi, ASKED).await;
    let handing = aoi.clicks(&declined, "FAQ係に届ける").await.modal();
    aoi.submits(&handing, &[MARKUP]).await.message();
    kept.bot.bot.journal.flush().await;
    let inbox = kept.inbox(&hana).await;
    let group = hana.picks(&inbox, "宿直室の布団は清潔ですか **").await.updated();
    for page in [&inbox, &group] {
        assert!(page.text.contains("\\*\\*@\u{200b}everyone\\*\\* \\[公式サイト\\](https\\://"), "{}", page.shown());
    }
    assert!(group.text.contains("\\<@\u{200b}&1\\> \\`"), "{}", group.shown());
    // Whoever takes them for a wording sees what was written.
    let form = hana.picks(&group, "院内SEに夜勤はある？").await.modal();
    assert_eq!(texts(&form)[0], MARKUP);
    assert_eq!(kept.bot.discord.pings(), []);
}

fn journal_holds(data: &std::path::Path) -> bool {
    holds(&bytes(data), ASKED.as_bytes())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_faq_kept_in_files_gets_a_patch() {
    let kept = kept_with(|settings| {
        settings.faq.home = Home::Files;
        settings.language = Lang::Ja;
    })
    .await;
    let hana = kept.moderator("花");
    kept.asked_by("葵", ASKED).await;
    let group = kept.opened(&hana, ASKED).await;
    let form = hana.picks(&group, "院内SEに夜勤はある？").await.modal();
    let decision = kept.sends(&hana, &form, &[ASKED]).await;
    assert_eq!(decision.buttons(), ["編集に戻る", "英語も書く", "やめる"]);
    let url = decision.raw["attachments"][0]["url"].as_str().unwrap();
    let patch = String::from_utf8(kept.bot.discord.file(url).unwrap()).unwrap();
    std::fs::write(kept.folder.path().join("faq.patch"), &patch).unwrap();
    let applied = std::process::Command::new("patch")
        .args(["-p1", "-i", "../faq.patch"])
        .current_dir(kept.folder.path().join("faq"))
        .output();
    if let Ok(applied) = applied {
        assert!(applied.status.success(), "{patch}");
        assert!(kept.file("nights.yaml").contains(ASKED));
    }
    insta::assert_snapshot!(patch);
}
