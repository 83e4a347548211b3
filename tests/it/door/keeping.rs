//! Everything that moderators are told when they keep the FAQ from Discord, in both languages: as one long day with all that can go wrong.
//!
//! What each thing does stands in `moderation.rs`, `refusing.rs`, `undoing.rs`, `receiving.rs`, `seeing.rs` and `travelling.rs`.

use std::fmt::Write;
use std::fs;
use std::io::Cursor;
use std::num::NonZero;

use medse_bot::answering::phrases::{self, Phrase};
use medse_bot::faq::Lang;
use medse_bot::journal::{Journal, Place, Record};
use medse_bot::knowledge::{Knowledge, Library};
use medse_bot::settings::Home;
use standin::{Member, Response, Seen, Standin};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::moderation::{Kept, NIGHTS, QUALIFICATIONS, at_work, kept_with, now, small_folder, strs, with};
use super::{follow, settings, small, start_with};

/// One moderator and what they saw.
struct Day {
    kept: Kept,
    lang: Lang,
    hana: Member,
    seen: String,
}

impl Day {
    async fn new(lang: Lang) -> Day {
        let kept = kept_with(|settings| settings.language = lang).await;
        let hana = speaking(kept.moderator("花"), lang);
        Day { kept, lang, hana, seen: String::new() }
    }

    fn say(&self, phrase: &Phrase) -> &'static str {
        phrase.get(self.lang)
    }

    fn keep(&mut self, seen: &Seen) {
        // More would push what is to be read off a phone.
        assert!(seen.rows.len() <= 2, "{}", seen.shown());
        writeln!(self.seen, "{}\n", hidden(&seen.shown())).unwrap();
    }

    async fn uses(&mut self, subcommand: &str, options: &[(&str, &str)]) -> Seen {
        let seen = self.hana.uses(self.kept.general(), &format!("faq-manage {subcommand}"), options).await.message();
        self.keep(&seen);
        seen
    }

    async fn clicks(&mut self, on: &Seen, label: &Phrase) -> Response {
        let response = self.hana.clicks(on, label.get(self.lang)).await;
        writeln!(self.seen, "{}\n", hidden(&response.shown())).unwrap();
        response
    }

    /// An entry's form with one field changed, sent; the page on which is decided.
    async fn drafts(&mut self, entry: &str, field: usize, text: &str) -> Seen {
        let options = [("entry", entry), ("language", self.lang.code())];
        let form = self.hana.uses(self.kept.general(), "faq-manage edit", &options).await.modal();
        writeln!(self.seen, "{}", form.shown()).unwrap();
        let page = self.kept.sends(&self.hana, &form, &strs(&with(&form, field, text))).await;
        self.keep(&page);
        page
    }

    /// What comes of publishing.
    async fn publishes(&mut self, page: &Seen) -> Seen {
        self.hana.clicks(page, self.lang_label(&phrases::PUBLISH)).await;
        let limit = std::time::Instant::now() + std::time::Duration::from_secs(20);
        let told = loop {
            let seen = self.hana.fresh(page).await.unwrap();
            if seen.text != page.text {
                break seen;
            }
            assert!(std::time::Instant::now() < limit, "{}", page.shown());
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        };
        self.keep(&told);
        told
    }

    fn lang_label(&self, phrase: &Phrase) -> &'static str {
        phrase.get(self.lang)
    }

    /// A change that is live, with its message in the log channel.
    async fn changes(&mut self, entry: &str, field: usize, text: &str) -> Seen {
        let page = self.drafts(entry, field, text).await;
        self.publishes(&page).await;
        self.kept.bot.discord.next_message(self.kept.log).await
    }

    /// Draft and publish a way back.
    async fn goes_back(&mut self, on: &Seen, label: &Phrase) {
        let response = self.hana.clicks(on, label.get(self.lang)).await;
        let page = self.kept.decision(response).await;
        self.keep(&page);
        self.publishes(&page).await;
        self.kept.bot.discord.next_message(self.kept.log).await;
    }
}

fn speaking(member: Member, lang: Lang) -> Member {
    if lang == Lang::En { member.speaking("en-US") } else { member }
}

/// Without times, and with the same digits on every day.
fn hidden(text: &str) -> String {
    let mut shown = String::new();
    for (nth, piece) in text.split("<t:").enumerate() {
        shown += if nth == 0 { piece } else { piece.split_once('>').map_or(piece, |(_, rest)| rest) };
    }
    // What the log says, too, under this number.
    for before in ["番号 ", "Code "] {
        if let Some((head, tail)) = shown.clone().split_once(before) {
            shown = format!("{head}{before}CODE{}", tail.chars().skip(4).collect::<String>());
        }
    }
    shown
}

async fn told(discord: &Standin, member: Member) -> Seen {
    member.uses(discord.general(), "faq-manage edit", &[("entry", "night-shift")]).await.message()
}

/// Who may not, and where it cannot be.
async fn refusals(lang: Lang) -> String {
    let mut seen = String::new();
    let mut keep = |what: &str, told: &Seen| writeln!(seen, "{what}: {}", told.text).unwrap();
    let discord = Standin::start().await;
    let role = discord.add_role("FAQ係");
    let folder = small_folder();
    let mut changed = settings(&discord);
    changed.moderation.roles = vec![NonZero::new(role).unwrap()];
    let bot = at_work(discord.clone(), &changed, folder.path()).await;
    keep("no role", &told(&discord, speaking(discord.member("葵"), lang)).await);
    drop(bot);
    let discord = Standin::start().await;
    let folder = small_folder();
    let bot = at_work(discord.clone(), &settings(&discord), folder.path()).await;
    let hana = speaking(discord.member("花").moderator(), lang);
    let page = hana.uses(discord.general(), "faq-manage inbox", &[]).await.message();
    let demoted = hana.without_permissions(u64::MAX);
    keep("no right", &demoted.clicks_id(&page, "v1:undo:ja:-:-:1").await.message());
    drop(bot);
    let discord = Standin::start().await;
    let folder = small_folder();
    let mut changed = settings(&discord);
    changed.discord.home_guild = NonZero::new(7);
    let bot = at_work(discord.clone(), &changed, folder.path()).await;
    keep("elsewhere", &told(&discord, speaking(discord.member("花").moderator(), lang)).await);
    drop(bot);
    let discord = Standin::start().await;
    discord.add_guild("もう一つ", "ja");
    let folder = small_folder();
    let bot = at_work(discord.clone(), &settings(&discord), folder.path()).await;
    keep("which home", &told(&discord, speaking(discord.member("花").moderator(), lang)).await);
    drop(bot);
    let discord = Standin::start().await;
    let folder = small_folder();
    let journal = Journal::open(&folder.path().join("data"), now()).unwrap();
    let bot = start_with(discord.clone(), &settings(&discord), small(), journal);
    discord.connected().await;
    keep("no folder", &told(&discord, speaking(discord.member("花").moderator(), lang)).await);
    drop(bot);
    let discord = Standin::start().await;
    let folder = small_folder();
    let sources = Library::Folder(folder.path().join("faq")).sources().unwrap();
    let knowledge = std::sync::Arc::new(Knowledge::build(&sources, Lang::Ja).knowledge.unwrap());
    let reloader = medse_bot::knowledge::Reloader::new(folder.path().join("faq"), Lang::Ja, &sources, true);
    let data_folder = folder.path().join("data");
    let tell_after = medse_bot::discord::reloading::TELL_AFTER;
    let following = medse_bot::discord::reloading::Following { reloader, left_out: Vec::new(), tell_after, data_folder };
    let bot = follow(discord.clone(), &settings(&discord), knowledge, Journal::off(), Some(following));
    discord.connected().await;
    keep("no journal", &told(&discord, speaking(discord.member("花").moderator(), lang)).await);
    drop(bot);
    let kept = kept_with(|settings| settings.faq.home = Home::Files).await;
    let hana = speaking(kept.moderator("花"), lang);
    let form = kept.edits(&hana, "night-shift").await;
    let page = kept.sends(&hana, &form, &strs(&with(&form, 2, "ありません。"))).await;
    keep("a patch", &page);
    keep("files", &hana.clicks_id(&page, "v1:pub:ja:-:-:1").await.message());
    seen
}

/// Drafts that cannot be published, and files that cannot be written.
async fn troubles(day: &mut Day) {
    let nights = day.kept.folder.path().join("faq/nights.yaml");
    let hana = day.hana.clone();
    for (subcommand, option) in [("edit", "entry"), ("remove", "entry"), ("add", "topic")] {
        day.uses(subcommand, &[(option, "ありもしない")]).await;
    }
    let page = day.drafts("night-shift", 3, "案内 | http://example.jp").await;
    day.clicks(&page, &phrases::DROP).await;
    let other = if day.lang == Lang::Ja { Lang::En } else { Lang::Ja };
    let options = [("entry", "night-shift"), ("language", other.code())];
    let form = day.hana.uses(day.kept.general(), "faq-manage edit", &options).await.modal();
    let page = day.kept.sends(&hana, &form, &strs(&with(&form, 2, "少し。"))).await;
    day.keep(&page);
    let form = day.kept.edits(&hana, "night-shift").await;
    let same = day.kept.sends(&hana, &form, &strs(&super::moderation::texts(&form))).await;
    day.keep(&same);
    for number in [3, 999] {
        let ran = speaking(day.kept.moderator("蘭"), day.lang);
        let page = ran.uses(day.kept.general(), "faq-manage inbox", &[]).await.message();
        day.keep(&ran.clicks_id(&page, &format!("v1:pub:ja:-:-:{number}")).await.message());
    }
    // Somebody with an editor, whom nobody knows by name, changes the same.
    let page = day.drafts("night-shift", 2, "花の文です。").await;
    let other = if day.lang == Lang::Ja {
        NIGHTS.replace("夜勤のある病院は少なく", "だれかの文で")
    } else {
        NIGHTS.replace("Few hospitals have", "Somebody has")
    };
    fs::write(&nights, other).unwrap();
    day.publishes(&page).await;
    day.restores(&nights).await;
    let page = day.drafts("on-call", 2, "花の文です。").await;
    fs::write(&nights, NIGHTS.split("  - id: on-call").next().unwrap().replace("    related: [on-call]\n", "")).unwrap();
    day.publishes(&page).await;
    day.restores(&nights).await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let page = day.drafts("night-shift", 2, "書けない文です。").await;
        fs::set_permissions(&nights, fs::Permissions::from_mode(0o444)).unwrap();
        let page = day.publishes(&page).await;
        fs::set_permissions(&nights, fs::Permissions::from_mode(0o644)).unwrap();
        let second = day.kept.folder.path().join("second");
        fs::hard_link(&nights, &second).unwrap();
        let page = day.publishes(&page).await;
        fs::remove_file(second).unwrap();
        let blocked = nights.with_file_name(format!(".nights.yaml.{}.new", std::process::id()));
        fs::create_dir(&blocked).unwrap();
        day.publishes(&page).await;
        fs::remove_dir(blocked).unwrap();
    }
}

/// Ways back.
async fn back(day: &mut Day) {
    let nights = day.kept.folder.path().join("faq/nights.yaml");
    day.uses("history", &[]).await;
    let first = day.changes("night-shift", 2, "一度目。").await;
    let more = if day.lang == Lang::Ja {
        "夜勤はありますか\n夜も働く？\n夜勤の有無\n当直はある？"
    } else {
        "Are there night shifts?\nDo you work at night?\nNightly rota?"
    };
    day.changes("night-shift", 1, more).await;
    day.goes_back(&first, &phrases::UNDO).await;
    day.clicks(&first, &phrases::UNDO).await;
    let removal = day.uses("remove", &[("entry", "on-call")]).await;
    day.publishes(&removal).await;
    let gone = day.kept.bot.discord.next_message(day.kept.log).await;
    // What was looked at is changed meanwhile.
    let page = day.kept.decision(day.hana.clicks(&gone, day.say(&phrases::UNDO)).await).await;
    fs::write(&nights, NIGHTS).unwrap();
    day.publishes(&page).await;
    day.noted("on-call", 2).await;
    day.served(|knowledge| knowledge.faq.entry(&crate::support::id("on-call")).is_some()).await;
    day.changes("on-call", 2, "花の文。").await;
    day.changes("night-shift", 2, "花の文。").await;
    fs::write(
        &nights,
        day.kept
            .file("nights.yaml")
            .replace("    question:\n      ja: 休日に", "    keywords: [休日]\n    question:\n      ja: 休日に"),
    )
    .unwrap();
    day.noted("on-call", 4).await;
    let history = day.uses("history", &[]).await;
    let of_hana = day.kept.bot.bot.journal.changes(Some("night-shift".into()), 0, 1).await.unwrap()[0].id;
    let question = if day.lang == Lang::Ja { "院内SEに夜勤はある？" } else { "Do hospital SEs work night shifts?" };
    let change = day.hana.picks(&history, &format!("{} {question}", day.say(&phrases::BECAME))).await.message();
    day.keep(&change);
    let page = day.kept.decision(day.hana.clicks_id(&history, &format!("v1:undob:ja:-:-:{of_hana}")).await).await;
    day.keep(&page);
    let first = day.kept.bot.bot.journal.changes(None, 0, 99).await.unwrap().pop().unwrap().id;
    day.goes_to(first, &history).await;
}

impl Day {
    /// The file is as it was, and whatever was read of it meanwhile is answered from no more.
    async fn restores(&self, nights: &std::path::Path) {
        fs::write(nights, NIGHTS).unwrap();
        // Longer than it takes to read what was saved before.
        tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
        self.served(|knowledge| {
            let texts = knowledge.faq.entries.iter().flat_map(|entry| entry.answer.texts());
            texts.map(|(_, text)| text).filter(|text| NIGHTS.contains(text)).count() == 4
        })
        .await;
    }

    /// Until the history knows so many changes of an entry, and they are answered from.
    async fn noted(&self, entry: &str, changes: usize) {
        for _ in 0..400 {
            if self.kept.bot.bot.journal.changes(Some(entry.into()), 0, 99).await.unwrap().len() >= changes {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the history never knew of {changes} changes of {entry}");
    }

    /// Until members are answered from such a FAQ.
    async fn served(&self, is_it: impl Fn(&Knowledge) -> bool) {
        super::until("answered from", std::time::Duration::from_secs(20), || is_it(&self.kept.bot.bot.anew().knowledge)).await;
    }

    /// Back to before a change.
    async fn goes_to(&mut self, change: i64, on: &Seen) {
        let page = self.kept.decision(self.hana.clicks_id(on, &format!("v1:undot:ja:-:-:{change}")).await).await;
        self.keep(&page);
        self.publishes(&page).await;
        self.kept.bot.discord.next_message(self.kept.log).await;
    }
}

/// The inbox.
async fn inbox(day: &mut Day) {
    let (lang, journal) = (day.lang, day.kept.bot.bot.journal.clone());
    day.uses("inbox", &[]).await;
    let text = |ja: &str, en: &str| if lang == Lang::Ja { ja.to_owned() } else { en.to_owned() };
    let asked = [
        text("宿直室の布団は清潔ですか", "Are the duty room blankets clean?"),
        text("宿直室の布団は清潔？", "duty room blankets clean"),
    ];
    let near = text("医療情報技師について教えて", "certificate valid required");
    let of = |member, text: &str, wrong: bool| Record::Asked {
        at: now(),
        member,
        place: Place::Home,
        text: text.to_owned(),
        lang,
        outcome: if wrong { "answer" } else { "decline" }.to_owned(),
        entries: Vec::new(),
        score: 0.1,
        message: None,
    };
    let wrong = text("夜勤の有無", "Do you work at night?");
    for (member, text, is_wrong) in [(1, &asked[0], false), (2, &asked[1], false), (3, &near, false), (4, &wrong, true)] {
        journal.enter(of(member, text, is_wrong));
    }
    journal.enter(Record::Rejected { member: 4, text: wrong.clone(), entry: crate::support::id("night-shift") });
    journal.flush().await;
    let list = day.uses("inbox", &[]).await;
    let group = day.hana.picks(&list, &asked[1]).await.updated();
    day.keep(&group);
    let form = day.hana.clicks(&group, day.say(&phrases::SAME_WORD)).await.modal();
    writeln!(day.seen, "{}", form.shown()).unwrap();
    let told = day.hana.submits(&form, &["毛布", "ありもしない"]).await.message();
    day.keep(&told);
    let known = if lang == Lang::Ja { "夜勤" } else { "night shift" };
    let form = day.hana.clicks(&group, day.say(&phrases::SAME_WORD)).await.modal();
    let page = day.kept.sends(&day.hana.clone(), &form, &["毛布当番", known]).await;
    day.keep(&page);
    day.publishes(&page).await;
    day.kept.bot.discord.next_message(day.kept.log).await;
    let option = if lang == Lang::Ja { "院内SEに夜勤はある？" } else { "Do hospital SEs work" };
    let form = day.hana.picks(&group, option).await.modal();
    writeln!(day.seen, "{}", form.shown()).unwrap();
    let form = day.hana.clicks(&group, day.say(&phrases::NEW_ENTRY)).await.modal();
    writeln!(day.seen, "{}", form.shown()).unwrap();
    let page = day.kept.sends(&day.hana.clone(), &form, &[asked[0].as_str(), "", "毎週替えます。", "", ""]).await;
    day.keep(&page);
    day.clicks(&group, &phrases::NOT_OURS).await;
    day.keep(&day.hana.clicks_id(&list, "v1:new:ja:-:-:2").await.message().clone());
}

/// What is looked at, and what travels.
async fn rest(day: &mut Day) {
    let faq = day.kept.folder.path().join("faq");
    // A wording that another entry has; a question by which an entry must be found goes elsewhere.
    let with_must = NIGHTS.replace("    related: [on-call]\n", "    related: [on-call]\n    must_find: [待機のある夜]\n");
    fs::write(faq.join("nights.yaml"), with_must).unwrap();
    day.served(|knowledge| knowledge.faq.entries.iter().any(|entry| !entry.must_find.is_empty())).await;
    let wordings = if day.lang == Lang::Ja {
        "休みの日に電話は来る？\n夜勤の有無\n待機のある夜"
    } else {
        "Will they call me on weekends?\nAre there night shifts?\n待機のある夜"
    };
    let page = day.drafts("on-call", 1, wordings).await;
    drop(page);
    day.uses("check", &[]).await;
    let asked = day.kept.bot.discord.member("葵");
    day.kept.asks(&asked, "夜勤はありますか").await;
    day.uses("explain", &[("question", "夜勤は多い？")]).await;
    day.uses("stats", &[]).await;
    for (name, content) in Library::shipped_files().filter(|(name, _)| ["care.yaml", "vocabulary.yaml"].contains(name)) {
        fs::write(faq.join(name), content).unwrap();
    }
    fs::remove_file(faq.join("qualifications.yaml")).unwrap();
    let sound = "format: 1\ntopic: nights\ntitle:\n  ja: 夜\n  en: Nights\nentries:\n  - id: night-shift\n    question:\n      ja: 院内SEに夜勤はある？\n      en: Do hospital SEs work night shifts?\n    answer:\n      ja: 少しあります。\n      en: Some do.\n    links:\n      - title: { ja: 案内, en: Guide }\n        url: https://example.jp/\n";
    fs::write(faq.join("nights.yaml"), sound).unwrap();
    day.uses("check", &[]).await;
    fs::write(faq.join("nights.yaml"), NIGHTS).unwrap();
    fs::write(faq.join("qualifications.yaml"), QUALIFICATIONS).unwrap();
    let seen = day.uses("download", &[]).await;
    drop(seen);
    let last = day.kept.bot.bot.journal.changes(None, 0, 1).await.unwrap();
    let version = last.first().map_or("0 0".to_owned(), |change| format!("{} {}", change.id, change.at));
    let away = |name: &str, content: &[u8], version: &str| {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in [("version.txt", version.as_bytes()), (name, content)] {
            if !content.is_empty() {
                zip.start_file(name, SimpleFileOptions::default()).unwrap();
                std::io::Write::write_all(&mut zip, content).unwrap();
            }
        }
        zip.finish().unwrap().into_inner()
    };
    let two = NIGHTS.replace("夜勤のある病院は少なく", "夜勤は減り").replace("休日でも呼ばれる", "休日も呼ばれる");
    let unusable: [Vec<u8>; 6] = [
        b"no zip".to_vec(),
        away("nights.yaml", NIGHTS.as_bytes(), ""),
        vec![0; 5_000_001],
        away("nights.yaml", &[0x93, 0xfa], "0 0"),
        away("nights.yaml", b"a: [", "0 0"),
        {
            let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
            for name in ["version.txt", "faq/nights.yaml", "old/nights.yaml"] {
                zip.start_file(name, SimpleFileOptions::default()).unwrap();
                std::io::Write::write_all(&mut zip, b"0 0").unwrap();
            }
            zip.finish().unwrap().into_inner()
        },
    ];
    let (hana, general) = (day.hana.clone(), day.kept.general());
    for packed in unusable {
        day.keep(&hana.uploads(general, "faq-manage upload", "file", ("faq.zip", packed.as_slice())).await.message());
    }
    day.changes("on-call", 2, "三度目。").await;
    let packed = away("more.yaml", b"format: 1\ntopic: m\ntitle: m\nentries: []\n", &version);
    day.keep(&hana.uploads(general, "faq-manage upload", "file", ("faq.zip", packed.as_slice())).await.message());
    let packed = away("nights.yaml", two.as_bytes(), &version);
    let page = day.kept.decision(hana.uploads(general, "faq-manage upload", "file", ("faq.zip", packed.as_slice())).await).await;
    day.keep(&page);
    day.publishes(&page).await;
    day.kept.bot.discord.next_message(day.kept.log).await;
    // Flow style: what is written on one line is no lines to put back.
    fs::write(
        faq.join("nights.yaml"),
        "format: 1\ntopic: nights\ntitle: 夜\nentries:\n  - { id: night-shift, question: 夜勤はある？, answer: はい。 }\n",
    )
    .unwrap();
    day.served(|knowledge| knowledge.by_question("夜勤はある？").is_some()).await;
    let log = day.changes("night-shift", 2, "いいえ。").await;
    day.clicks(&log, &phrases::UNDO).await;
}

async fn everything(lang: Lang) -> String {
    let mut seen = refusals(lang).await;
    let mut day = Day::new(lang).await;
    troubles(&mut day).await;
    seen += &std::mem::replace(&mut day, Day::new(lang).await).seen;
    back(&mut day).await;
    seen += &std::mem::replace(&mut day, Day::new(lang).await).seen;
    inbox(&mut day).await;
    seen += &std::mem::replace(&mut day, Day::new(lang).await).seen;
    rest(&mut day).await;
    seen + &day.seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_day_of_a_moderator_ja() {
    insta::assert_snapshot!(everything(Lang::Ja).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_day_of_a_moderator_en() {
    insta::assert_snapshot!(everything(Lang::En).await);
}
