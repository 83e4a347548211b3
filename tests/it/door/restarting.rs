//! Restarts while people ask, and many shards: what is lost is what was asked while nobody was there, and nothing is answered twice.
//!
//! `MEDSE_RESTARTS=20 cargo test --test it door::restarting -- --nocapture` restarts as often.

use std::collections::HashMap;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use standin::{Member, Standin};
use tokio::time::{interval, sleep};

use super::process::{Program, folder};
use super::{connect, settings, small, until};

/// Enough to see that it works, few enough for every day.
const RESTARTS: usize = 2;
/// Questions a second.
const RATE: u64 = 50;
/// How long it runs between two restarts.
const UP: Duration = Duration::from_secs(2);
/// Channels enough that none is told more than Discord lets it be.
const CHANNELS: usize = 100;
/// Nobody asks more than six questions a minute.
const PEOPLE: usize = 700;
/// Where every answer that will come has come.
const SETTLED: Duration = Duration::from_secs(3);

/// A question: where, its message, and when it was asked.
type Asked = (u64, u64, Instant);

async fn ask(discord: Standin, channels: Vec<u64>, people: Vec<Member>, until: Arc<AtomicBool>) -> Vec<Asked> {
    const QUESTIONS: [&str; 4] = ["夜勤はありますか", "資格は必須ですか", "更新は何年ごと？", "Do you work at night?"];
    let (mut asked, mut pace) = (Vec::new(), interval(Duration::from_millis(1_000 / RATE)));
    while !until.load(Ordering::Relaxed) {
        pace.tick().await;
        let nth = asked.len();
        let channel = channels[nth % channels.len()];
        let text = format!("<@{}> {}", discord.bot_id(), QUESTIONS[nth / channels.len() % QUESTIONS.len()]);
        asked.push((channel, people[nth % people.len()].says(channel, &text).await, Instant::now()));
    }
    asked
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_loses_what_was_asked_meanwhile_and_answers_nothing_twice() {
    let restarts: usize = std::env::var("MEDSE_RESTARTS").map_or(RESTARTS, |number| number.parse().unwrap());
    let discord = Standin::start().await;
    let channels: Vec<u64> = (0..CHANNELS).map(|nth| discord.add_channel(discord.guild(), &format!("相談{nth}"))).collect();
    let people: Vec<Member> = (0..PEOPLE).map(|nth| discord.member(&format!("{nth}人め"))).collect();
    let folder = Arc::new(folder(&discord, ""));
    let start = || Program::start(Arc::clone(&folder), Some(&discord.token()), &["run"], None);
    let mut program = start();
    program.logs("commands registered").await;
    let (is_over, mut away) = (Arc::new(AtomicBool::new(false)), Vec::new());
    let asking = tokio::spawn(ask(discord.clone(), channels.clone(), people, Arc::clone(&is_over)));
    for _ in 0..restarts {
        sleep(UP).await;
        let gone = Instant::now();
        program.terminate();
        let ended = program.ended().await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(gone.elapsed() < Duration::from_secs(10), "{:?}", gone.elapsed());
        assert!(ended.err.contains("drained=true") && ended.err.contains("kept=true"), "{}", ended.err);
        // Here nobody minds how often it is started.
        fs::remove_file(folder.path().join("data/starts.txt")).unwrap();
        program = start();
        program.logs("connected").await;
        away.push((gone, Instant::now()));
    }
    sleep(UP).await;
    is_over.store(true, Ordering::Relaxed);
    let asked = asking.await.unwrap();
    sleep(SETTLED).await;
    let mut answers: HashMap<u64, usize> = HashMap::new();
    for answer in channels.iter().flat_map(|channel| discord.standing(*channel)) {
        *answers.entry(answer.reply_to.expect("every answer is a reply")).or_default() += 1;
    }
    let unanswered = asked.iter().filter(|(_, message, _)| !answers.contains_key(message));
    let is_away = |at: Instant| away.iter().any(|(from, to)| (*from..=*to).contains(&at));
    let (lost, unexplained): (Vec<&Asked>, Vec<&Asked>) = unanswered.partition(|(_, _, at)| is_away(*at));
    let twice = answers.values().filter(|number| **number > 1).count();
    let down: Duration = away.iter().map(|(from, to)| *to - *from).sum();
    println!(
        "{restarts} restarts, {} questions: {} answered, {} lost to {down:?} of being away, {} lost otherwise, {twice} answered twice",
        asked.len(),
        answers.len(),
        lost.len(),
        unexplained.len(),
    );
    assert_eq!((unexplained.len(), twice), (0, 0));
    assert!(answers.len() * 2 > asked.len(), "it was away more than there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_shards_answer_in_one_process() {
    // Serenity starts one in five seconds.
    const SHARDS: u64 = 16;
    let discord = Standin::start().await;
    discord.gateway().recommend_shards(SHARDS, SHARDS);
    let guilds: Vec<u64> = (0..64).map(|nth| discord.add_guild(&format!("病院SEの会{nth}"), "ja")).collect();
    let channels: Vec<u64> = guilds.iter().map(|guild| discord.add_channel(*guild, "相談")).collect();
    let settings = settings(&discord);
    let mut bot = connect(discord, &settings, small()).await;
    let up = || bot.bot.state.is_ready() && bot.discord.gateway().identifies().len() == 16;
    until("sixteen shards are connected", Duration::from_secs(150), up).await;
    for channel in &channels {
        bot.discord.member("葵").says(*channel, &format!("{} 夜勤はありますか", bot.mention())).await;
        let answer = bot.discord.next_message(*channel).await;
        assert!(answer.text.contains("夜勤"), "{}", answer.shown());
    }
    assert_eq!(bot.discord.gateway().identifies().len() as u64, SHARDS, "a shard that works is not started again");
    let asked = Instant::now();
    bot.stop().await.unwrap();
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
}
