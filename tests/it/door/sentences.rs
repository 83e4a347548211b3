//! The rest of what the bot says: one story in each language through the corners the other conversations leave out, and the proof that
//! every sentence stands in some committed conversation.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use medse_bot::answering::phrases;
use medse_bot::faq::Lang;
use standin::{Failure, Matcher, Member, Standin};

use super::{Connected, connect, settings, small};
use crate::support::faq_of;

/// A language's words for one story.
struct Words {
    locale: &'static str,
    member: &'static str,
    question: &'static str,
    unclear: &'static str,
    form: &'static str,
    share: &'static str,
    post: &'static str,
    wrong: &'static str,
    solved: &'static str,
    delete: &'static str,
    next: &'static str,
    thanks: &'static str,
    life: &'static str,
    two: &'static str,
    /// A FAQ of one entry that lacks this language, and 30 of the same kind.
    foreign: fn(usize) -> String,
}

const JA: Words = Words {
    locale: "ja",
    member: "葵",
    question: "夜勤はありますか",
    unclear: "今日のお昼は何を食べた？",
    form: "質問する",
    share: "みんなに見せる",
    post: "返信として出す",
    wrong: "ちがう",
    solved: "解決した",
    delete: "消す",
    next: "つづき",
    thanks: "ありがとう",
    life: "もう死にたい",
    two: "資格は必須ですか？夜勤はありますか？",
    foreign: |nth| {
        format!("  - id: nth-{nth}\n    question: {{ en: \"Question {nth}?\" }}\n    answer: {{ en: Answer {nth}. }}\n")
    },
};

const EN: Words = Words {
    locale: "en-GB",
    member: "Amy",
    question: "Are there night shifts?",
    unclear: "What did you have for lunch?",
    form: "Ask",
    share: "Show everyone",
    post: "Post as reply",
    wrong: "Not this",
    solved: "Solved",
    delete: "Delete",
    next: "More",
    thanks: "thank you",
    life: "I want to die",
    two: "Must I be certified? Are there night shifts?",
    foreign: |nth| format!("  - id: nth-{nth}\n    question: {nth}番めの質問は？\n    answer: {nth}番めの答えです。\n"),
};

/// A world whose server speaks the language.
struct World {
    bot: Connected,
    channel: u64,
    asker: Member,
    other: Member,
}

async fn world(words: &Words, knowledge: Arc<medse_bot::knowledge::Knowledge>) -> World {
    let discord = Standin::start().await;
    let guild = discord.add_guild("もう一つの広場", words.locale);
    let channel = discord.add_channel(guild, "talk");
    let settings = settings(&discord);
    let asker = discord.member(words.member).speaking(words.locale).moderator();
    let other = discord.member("空").speaking(words.locale);
    World { bot: connect(discord, &settings, knowledge).await, channel, asker, other }
}

async fn corners(words: &Words) -> String {
    let World { bot, channel, asker, other } = world(words, small()).await;
    let discord = &bot.discord;
    // Above; not yours; two answers; the role instead of the bot.
    let answer = bot.ask_in(channel, &asker, words.question).await;
    bot.ask_in(channel, &other, words.question).await;
    other.clicks(&answer, words.solved).await.message();
    other.clicks(&answer, words.delete).await.message();
    other.says(channel, "<@&1>").await;
    bot.ask_in(channel, &asker, words.two).await;
    let lost = asker.says(channel, words.question).await;
    other.replies(lost, &bot.mention()).await;
    discord.next_message(channel).await;
    // The panel and its form.
    asker.uses(channel, "faq-panel", &[]).await.message();
    let panel = discord.next_message(channel).await;
    let form = other.clicks(&panel, words.form).await.modal();
    let mut seen = format!("{}\n", form.shown());
    other.submits(&form, &[words.unclear]).await.message();
    // Too fast, where one is alone with the bot.
    for question in [words.thanks, words.life, words.question, words.unclear] {
        other.dm(question).await;
        discord.next_message(other.dm_channel()).await;
    }
    // On somebody's message: unsure; found and posted; found and refused.
    let unclear = other.says(channel, words.unclear).await;
    let name = if words.locale == "ja" { "FAQで答える" } else { "Answer from the FAQ" };
    asker.uses_on(unclear, name).await.message();
    let found = asker.uses_on(lost, name).await.message();
    asker.clicks(&found, words.post).await.updated();
    discord.next_message(channel).await;
    let sharer = discord.member("凛").speaking(words.locale);
    let private = sharer.uses(channel, "ask", &[("question", words.question)]).await.message();
    discord.rest().fail(Matcher::new("POST", "/webhooks/"), Failure::Status(500), 1);
    let failed = sharer.clicks(&private, words.share).await.updated();
    let code = failed.text.lines().next().unwrap().rsplit(' ').next().unwrap().to_owned();
    assert!(code.len() == 4 && code.chars().all(|c| c.is_ascii_hexdigit()), "{}", failed.shown());
    let failure = phrases::ERROR.get(if words.locale == "ja" { Lang::Ja } else { Lang::En });
    let helper = discord.member("澪").speaking(words.locale);
    let cry = other.says(channel, words.life).await;
    helper.uses_on(cry, name).await.message();
    let found = helper.uses_on(lost, name).await.message();
    // Failed for good, it may be tried again: were it there after all, it would be the same post.
    discord.rest().fail(Matcher::new("POST", "/messages"), Failure::Status(500), 4);
    helper.clicks(&found, words.post).await;
    let again = async {
        loop {
            let now = helper.fresh(&found).await.expect("a private answer stays");
            if now.text.starts_with(failure) {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let again = tokio::time::timeout(Duration::from_secs(20), again).await.expect("told within its attempts");
    let second_code = again.text.lines().next().unwrap().rsplit(' ').next().unwrap().to_owned();
    discord.set_bot_permissions(channel, 1 << 10);
    helper.clicks(&again, words.post).await.updated();
    // A button of another version.
    asker.clicks_id(&answer, "v0:pick").await.message();
    write!(seen, "{}", discord.transcript().replace(&code, "0A3F").replace(&second_code, "0A40")).unwrap();
    seen
}

async fn one_language(words: &Words) -> String {
    let faq = |entries: usize| {
        let entries: String = (1..=entries).map(words.foreign).collect();
        let title = if words.locale == "ja" { "Many" } else { "たくさん" };
        format!("format: 1\ntopic: many\ntitle: {title}\nentries:\n{entries}")
    };
    let World { bot, channel, asker, .. } = world(words, Arc::new(faq_of(&faq(1)).knowledge.unwrap())).await;
    let only = asker.uses(channel, "faq", &[("entry", "nth-1")]).await.message();
    let mut seen = format!("{}\n", only.shown());
    let asked = asker.uses(channel, "ask", &[("question", "nth-1")]).await.message();
    asker.clicks(&asked, words.wrong).await.updated();
    write!(seen, "{}", bot.discord.transcript()).unwrap();
    drop(bot);
    let World { bot, channel, asker, .. } = world(words, Arc::new(faq_of(&faq(30)).knowledge.unwrap())).await;
    let page = asker.uses(channel, "faq", &[("topic", "many")]).await.message();
    asker.clicks(&page, words.next).await.updated();
    write!(seen, "\n{}", bot.discord.transcript()).unwrap();
    drop(bot);
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn corners_ja() {
    insta::assert_snapshot!(corners(&JA).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn corners_en() {
    insta::assert_snapshot!(corners(&EN).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_language_missing_ja() {
    insta::assert_snapshot!(one_language(&JA).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_language_missing_en() {
    insta::assert_snapshot!(one_language(&EN).await);
}

#[test]
fn every_sentence_stands_in_a_conversation() {
    const OF_THE_TERMINAL: [&str; 7] =
        ["CHAT_WELCOME", "CHOOSE", "COUNTED", "UNKNOWN", "FOREIGN", "NO_SUCH_CHOICE", "NOTHING_ASKED"];
    /// Said by chance: two taps at once, which the conversation of a double tap does not write down.
    /// Or an editor that saves in the very moment of publishing.
    const BY_CHANCE: [&str; 2] = ["ON_ITS_WAY", "SAVED_MEANWHILE"];
    const BUTTONS: [&str; 14] = [
        "FORGET",
        "ASK",
        "NEXT_PAGE",
        "ALL_TOPICS",
        "SOLVED",
        "WRONG",
        "DELETE",
        "NONE",
        "MORE",
        "SHARE",
        "POST",
        "READ_ON",
        "PICK_TOPIC",
        "PICK_QUESTION",
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/door/snapshots");
    let files = fs::read_dir(folder).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    let mut conversations: String = files.collect();
    // Two sentences whose tests compare them themselves.
    conversations += include_str!("commands.rs");
    let mut unsaid = Vec::new();
    for (name, phrase) in phrases::ALL {
        if OF_THE_TERMINAL.contains(name) || BY_CHANCE.contains(name) {
            continue;
        }
        for lang in Lang::ALL {
            let sentence = phrase.get(lang).trim();
            let is_said = if BUTTONS.contains(name) {
                conversations.contains(&format!("[{sentence}]")) || conversations.contains(&format!("[{sentence} ▾"))
            } else {
                // Where numbers go, they stand in between, and a plural or none.
                sentence.split("{}").flat_map(|piece| piece.split("(s)")).all(|piece| conversations.contains(piece.trim()))
            };
            if !is_said {
                unsaid.push(format!("{name} ({lang})"));
            }
        }
    }
    assert!(unsaid.is_empty(), "no conversation shows {}", unsaid.join(", "));
}
