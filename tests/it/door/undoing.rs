//! The ways back: from one change, from all of one person, to before a moment; and what somebody else wrote since stays.
//!
//! What a way back is, is decided in `moderation/history.rs`.

use std::time::Duration;

use standin::{Member, Seen};

use super::moderation::{Kept, NIGHTS, kept, strs, texts, with};
use super::until;

const ANSWER: usize = 2;

impl Kept {
    /// Changes one field of an entry; gives what stands in the log channel then.
    async fn changed(&self, moderator: &Member, entry: &str, field: usize, text: &str) -> Seen {
        let form = self.edits(moderator, entry).await;
        let page = self.sends(moderator, &form, &strs(&with(&form, field, text))).await;
        let told = self.publishes(moderator, &page).await;
        assert!(told.text.starts_with("公開しました"), "{}", told.shown());
        self.bot.discord.next_message(self.log).await
    }

    /// What stands in the history, newest first.
    async fn history(&self, moderator: &Member) -> Seen {
        moderator.uses(self.general(), "faq-manage history", &[]).await.message()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_taken_back_and_what_was_written_since_stays() {
    let kept = kept().await;
    let (hana, ran) = (kept.moderator("花"), kept.moderator("蘭"));
    let log = kept.changed(&hana, "night-shift", ANSWER, "まちがいです。").await;
    let form = kept.edits(&ran, "night-shift").await;
    let more = format!("{}\n当直はある？", texts(&form)[1]);
    kept.changed(&ran, "night-shift", 1, &more).await;
    let page = kept.decision(hana.clicks(&log, "元に戻す").await).await;
    assert!(page.text.contains("その後に書かれたことは残し"), "{}", page.shown());
    kept.publishes(&hana, &page).await;
    kept.bot.discord.next_message(kept.log).await;
    assert_eq!(kept.file("nights.yaml"), NIGHTS.replace("Do you work at night?]", "Do you work at night?, 当直はある？]"));
    // Nothing is left of it.
    let told = hana.clicks(&log, "元に戻す").await.message();
    assert!(told.text.starts_with("戻すものは、もう残っていません"), "{}", told.shown());
    // An entry that went comes back, behind the others.
    let removal = hana.uses(kept.general(), "faq-manage remove", &[("entry", "on-call")]).await.message();
    kept.publishes(&hana, &removal).await;
    let log = kept.bot.discord.next_message(kept.log).await;
    assert!(!kept.file("nights.yaml").contains("id: on-call"));
    let page = kept.decision(ran.clicks(&log, "元に戻す").await).await;
    kept.publishes(&ran, &page).await;
    assert_eq!(kept.file("nights.yaml"), NIGHTS.replace("Do you work at night?]", "Do you work at night?, 当直はある？]"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_of_one_person_is_taken_back_but_not_what_others_built_on() {
    let kept = kept().await;
    let (hana, ran) = (kept.moderator("花"), kept.moderator("蘭"));
    kept.changed(&ran, "night-shift", ANSWER, "一度目。").await;
    kept.changed(&ran, "night-shift", ANSWER, "二度目。").await;
    kept.changed(&ran, "on-call", ANSWER, "蘭の文。").await;
    kept.changed(&hana, "on-call", ANSWER, "花の文。").await;
    let history = kept.history(&hana).await;
    let mut seen = history.shown();
    let change = hana.picks(&history, "変更 院内SEに夜勤はある？").await.message();
    seen.push_str(&change.shown());
    let page = kept.decision(hana.clicks(&change, "この人の分を戻す").await).await;
    assert!(page.text.contains("1項目を戻します") && page.text.contains("戻さない項目：on-call"), "{}", page.shown());
    kept.publishes(&hana, &page).await;
    kept.bot.discord.next_message(kept.log).await;
    let file = kept.file("nights.yaml");
    assert!(file.contains("夜勤のある病院は少なく") && file.contains("花の文。"), "{file}");
    // Back to before everything, and back from there.
    let history = kept.history(&hana).await;
    let ids: Vec<i64> = kept.bot.bot.journal.changes(None, 0, 10).await.unwrap().iter().map(|change| change.id).collect();
    let first = ids.iter().min().unwrap();
    let page = kept.decision(hana.clicks_id(&history, &format!("v1:undot:ja:-:-:{first}")).await).await;
    kept.publishes(&hana, &page).await;
    assert_eq!(kept.file("nights.yaml"), NIGHTS);
    let hidden =
        |text: &str| text.split("<t:").map(|piece| piece.split_once(":f>").map_or(piece, |(_, rest)| rest)).collect::<String>();
    insta::assert_snapshot!(hidden(&seen).replace(|c: char| c.is_ascii_digit(), "0"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_saved_with_an_editor_is_in_the_history_and_can_be_taken_back() {
    let kept = kept().await;
    let hana = kept.moderator("花");
    kept.write("nights.yaml", &NIGHTS.replace("夜勤のある病院は少なく", "夜勤のある病院は多く"));
    let journal = kept.bot.bot.journal.clone();
    for _ in 0..200 {
        if !journal.changes(None, 0, 1).await.unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let history = kept.history(&hana).await;
    assert!(history.text.contains("変更「院内SEに夜勤はある？」ファイル"), "{}", history.shown());
    let change = hana.picks(&history, "変更").await.message();
    assert_eq!(change.buttons(), ["元に戻す", "この前まで戻す"]);
    let page = kept.decision(hana.clicks(&change, "元に戻す").await).await;
    kept.publishes(&hana, &page).await;
    assert_eq!(kept.file("nights.yaml"), NIGHTS);
    // What the bot itself wrote is not taken for somebody's with an editor.
    kept.bot.discord.next_message(kept.log).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(journal.changes(None, 0, 10).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_history_has_pages() {
    let kept = kept().await;
    let hana = kept.moderator("花");
    for nth in 0..12 {
        kept.changed(&hana, "on-call", ANSWER, &format!("{nth}回目。")).await;
    }
    let first = kept.history(&hana).await;
    let second = hana.clicks(&first, "つづき").await.updated();
    assert_eq!((first.text.lines().count(), second.text.lines().count()), (11, 3), "{}", second.shown());
    let of_other = hana.uses(kept.general(), "faq-manage history", &[("entry", "night-shift")]).await.message();
    assert_eq!(of_other.text, "まだ変更はありません。");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_only_entry_of_a_file_comes_back() {
    let kept = kept().await;
    let hana = kept.moderator("花");
    let only = "format: 1\r\ntopic: more\r\ntitle: ほか\r\nentries:\r\n  - id: canteen\r\n    question: 食堂は夜も開いている？\r\n    answer: 22時までです。\r\n";
    kept.write("more.yaml", only);
    until("it is there", Duration::from_secs(20), || {
        kept.bot.bot.anew().knowledge.by_question("食堂は夜も開いている？").is_some()
    })
    .await;
    let removal = hana.uses(kept.general(), "faq-manage remove", &[("entry", "canteen")]).await.message();
    kept.publishes(&hana, &removal).await;
    let log = kept.bot.discord.next_message(kept.log).await;
    let page = kept.decision(hana.clicks(&log, "元に戻す").await).await;
    kept.publishes(&hana, &page).await;
    assert_eq!(kept.file("more.yaml"), only);
}
