//! The FAQ taken along as a file, edited elsewhere and brought back, while others go on here.
//!
//! What is refused of a file is told before it is read; what it would change is a draft like any other.

use std::io::{Cursor, Read, Write};

use standin::{Member, Response};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::moderation::{Kept, NIGHTS, QUALIFICATIONS, kept, strs, with};

type Files = Vec<(String, Vec<u8>)>;

impl Kept {
    async fn downloaded(&self, moderator: &Member) -> Files {
        let seen = moderator.uses(self.general(), "faq-manage download", &[]).await.message();
        let packed = self.bot.discord.file(seen.raw["attachments"][0]["url"].as_str().unwrap()).unwrap();
        let mut zip = ZipArchive::new(Cursor::new(packed)).unwrap();
        let mut unpacked = |nth| {
            let mut file = zip.by_index(nth).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            (file.name().to_owned(), content)
        };
        (0..3).map(&mut unpacked).collect()
    }

    async fn uploads(&self, moderator: &Member, packed: &[u8]) -> Response {
        moderator.uploads(self.general(), "faq-manage upload", "file", ("faq.zip", packed)).await
    }

    async fn is_told(&self, moderator: &Member, packed: &[u8]) -> String {
        self.uploads(moderator, packed).await.message().text
    }
}

fn packed(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in files {
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn edited(files: &Files, name: &str, from: &str, to: &str) -> Files {
    let change = |(known, content): &(String, Vec<u8>)| {
        let text = String::from_utf8(content.clone()).unwrap();
        let text = if known.ends_with(name) { text.replace(from, to) } else { text };
        (known.clone(), text.into_bytes())
    };
    files.iter().map(change).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_faq_is_taken_along_edited_and_brought_back() {
    let kept = kept().await;
    let hana = kept.moderator("花");
    let files = kept.downloaded(&hana).await;
    assert_eq!(
        files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["version.txt", "nights.yaml", "qualifications.yaml"]
    );
    assert_eq!(files[1].1, NIGHTS.as_bytes());
    // Packed again in a folder, as some systems do; meanwhile somebody changes another entry, and the same one.
    let away = edited(&files, "nights.yaml", "夜勤のある病院は少なく", "夜勤のある病院は減り");
    let away = edited(&away, "nights.yaml", "休日でも呼ばれることがあります", "休日も呼ばれます");
    let away: Files = away.into_iter().map(|(name, content)| (format!("faq/{name}"), content)).collect();
    let form = kept.edits(&hana, "on-call").await;
    let page = kept.sends(&hana, &form, &strs(&with(&form, 2, "呼ばれません。"))).await;
    kept.publishes(&hana, &page).await;
    kept.bot.discord.next_message(kept.log).await;
    let page = kept.decision(kept.uploads(&hana, &packed(&away)).await).await;
    assert!(page.text.contains("どちらでも変わった項目 1") && page.text.contains("`on-call`"), "{}", page.shown());
    let seen = page.shown();
    kept.publishes(&hana, &page).await;
    let file = kept.file("nights.yaml");
    assert!(file.contains("夜勤のある病院は減り") && file.contains("呼ばれません。"), "{file}");
    kept.bot.discord.next_message(kept.log).await;
    // Once more the same: only the conflict is left of it.
    let again = kept.is_told(&hana, &packed(&away)).await;
    assert!(again.starts_with("今の内容と同じ") && again.contains("`on-call`"), "{again}");
    insta::assert_snapshot!(seen);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entries_come_and_go_and_other_files_stay_away() {
    let kept = kept().await;
    let hana = kept.moderator("花");
    let mut files = kept.downloaded(&hana).await;
    let without = NIGHTS.split("  - id: on-call").next().unwrap().replace("    related: [on-call]\n", "");
    let new = "  - id: canteen\n    question: 食堂は夜も開いている？\n    answer: 22時までです。\n";
    files[1].1 = format!("{without}{new}").into_bytes();
    files.push(("more.yaml".to_owned(), b"format: 1\ntopic: more\ntitle: more\nentries: []\n".to_vec()));
    files.push(("__MACOSX/nights.yaml".to_owned(), vec![0xff]));
    files.push(("../../etc/passwd".to_owned(), b"root".to_vec()));
    let page = kept.decision(kept.uploads(&hana, &packed(&files)).await).await;
    assert!(page.text.contains("取り込まないもの：more.yaml"), "{}", page.shown());
    kept.publishes(&hana, &page).await;
    assert_eq!(kept.file("nights.yaml"), format!("{without}{new}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_taken_in_is_told_and_changes_nothing() {
    let kept = kept().await;
    let hana = kept.moderator("花");
    let files = kept.downloaded(&hana).await;
    let with = |name: &str, content: &[u8]| {
        let mut files = files.clone();
        files.retain(|(known, _)| known != name);
        files.push((name.to_owned(), content.to_vec()));
        packed(&files)
    };
    // A bomb of a few kilobytes that says nothing of its size.
    let bomb = with("bomb.yaml", &vec![b' '; 6_000_000]);
    assert!(bomb.len() < 100_000);
    let many: Files = (0..300).map(|nth| (format!("{nth}.yaml"), Vec::new())).collect();
    let twice: Files = files.iter().cloned().chain([("old/nights.yaml".to_owned(), NIGHTS.as_bytes().to_vec())]).collect();
    let cases: [(&[u8], &str); 11] = [
        (b"format: 1", "zip ファイルではありません"),
        (&packed(&files[1..]), "version.txt がない"),
        (&with("version.txt", b"-3 0"), "version.txt がない"),
        (&with("version.txt", b"3"), "version.txt がない"),
        (&with("version.txt", b"57 1795000000"), "ここの履歴にない版"),
        (&packed(&twice), "nights.yaml という名前のファイルが、zip に二つあります"),
        (&with("nights.yaml", &[0x93, 0xfa, 0x96, 0x7b]), "nights.yaml は UTF-8 ではありません"),
        (&with("nights.yaml", "format: 1\nentries: [".as_bytes()), "nights.yaml が YAML として読めません"),
        (&bomb, "大きすぎます"),
        (&packed(&many), "大きすぎます"),
        (&vec![0; 5_000_001], "大きすぎます"),
    ];
    for (packed, wanted) in cases {
        let told = kept.is_told(&hana, packed).await;
        assert!(told.contains(wanted), "{wanted}: {told}");
    }
    // An error of the FAQ itself: as with a form.
    let page = kept.uploads(&hana, &packed(&edited(&files, "nights.yaml", "    answer:", "    anser:"))).await.message();
    assert!(page.text.starts_with("このままでは公開できません"), "{}", page.shown());
    assert_eq!(kept.file("nights.yaml"), NIGHTS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_that_was_moved_to_another_file_is_moved_and_not_lost() {
    let kept = kept().await;
    let hana = kept.moderator("花");
    let files = kept.downloaded(&hana).await;
    let (head, on_call) = NIGHTS.split_at(NIGHTS.find("  - id: on-call").unwrap());
    for (text, into) in [(on_call, "qualifications.yaml"), (&on_call.replace("休日でも", "休日も"), "more.yaml")] {
        let mut away = edited(&files, "nights.yaml", on_call, "");
        match away.iter_mut().find(|(name, _)| name == into) {
            Some((_, content)) => content.extend(text.as_bytes()),
            None => away.push((into.to_owned(), format!("format: 1\ntopic: more\ntitle: more\nentries:\n{text}").into_bytes())),
        }
        let page = kept.uploads(&hana, &packed(&away)).await;
        if into == "more.yaml" {
            // A file that is not taken in takes no entry along.
            let told = page.message();
            assert!(told.text.contains("more.yaml"), "{}", told.shown());
            continue;
        }
        let page = kept.decision(page).await;
        kept.publishes(&hana, &page).await;
        assert_eq!((kept.file("nights.yaml").as_str(), kept.file(into)), (head, format!("{QUALIFICATIONS}{on_call}")));
        kept.write("nights.yaml", NIGHTS);
        kept.write(into, QUALIFICATIONS);
        kept.bot.bot.note_saved().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_on_one_line_is_named_and_left() {
    let kept = kept().await;
    let hana = kept.moderator("花");
    let mut files = kept.downloaded(&hana).await;
    let head = NIGHTS.split("  - id: on-call").next().unwrap().replace("    related: [on-call]\n", "");
    files[1].1 = format!("{head}  - {{ id: on-call, question: 休日も？, answer: はい。 }}\n").into_bytes();
    let page = kept.decision(kept.uploads(&hana, &packed(&files)).await).await;
    assert!(page.text.contains("取り込まないもの：on-call"), "{}", page.shown());
    kept.publishes(&hana, &page).await;
    assert!(kept.file("nights.yaml").contains("  - id: on-call\n"));
}
