//! How long a member waits: from asking to seeing the reply, through gateway, TLS, the pace and serenity's
//! limiter, with the shipped FAQ; and apart from it the bot's own share, deciding and laying out.
//!
//! One question at a time, each from somebody new: nobody is asked for patience and no answer stands above. Twice: by `/ask`, one right after
//! another, since what answers a command is not paced; and in direct messages with more time between them than the pace asks for, so that
//! it is passed, not measured. The second meets threads asleep and caches gone cold, as on a quiet day, and measures that of both sides. And once
//! more by `/ask`, while a thread builds a FAQ of five megabytes again and again, as after each save.

use std::cell::RefCell;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use criterion::{Criterion, SamplingMode, criterion_group, criterion_main};
use medse_bot::answering::{Policy, Question};
use medse_bot::discord::page::{self, Frame, Surface};
use medse_bot::discord::{self, Bot};
use medse_bot::faq::{Lang, Source};
use medse_bot::journal::Journal;
use medse_bot::knowledge::{Knowledge, Library};
use medse_bot::settings::{Settings, TestServer, Token};
use standin::Standin;
use tokio::runtime::{Builder, Runtime};

/// Questions of every kind that is answered with a message.
const QUESTIONS: [&str; 6] = [
    "医療系SEと院内SEの違いは？",
    "夜中に呼び出されることってある？",
    "おすすめのラーメン屋を教えて",
    "転職して三年になります。夜勤もあって疲れました。医療情報技師の資格は取ったほうがいいでしょうか？",
    "Is the certificate required for a job at a vendor?",
    "資格",
];
const REBUILDING: &str = "while a FAQ of 5 MB is rebuilt";
/// The largest file that is read, nearly.
const LARGE: usize = 4_900_000;
/// More than the 22 ms of the pace.
const BETWEEN: Duration = Duration::from_millis(30);

fn shipped() -> Arc<Knowledge> {
    let built = Knowledge::build(&Library::Shipped.sources().expect("the shipped files are in the binary"), Lang::Ja);
    Arc::new(built.knowledge.expect("the shipped FAQ is usable"))
}

/// A FAQ of five megabytes.
fn large() -> Vec<Source> {
    let entry = |nth: usize| {
        let answer = "夜間の障害に備えて、当番が電話を受けます。".repeat(20);
        format!(
            "  - id: e-{nth}\n    question: 病棟{nth}の夜勤と当番の決め方は？\n    also_asked: [病棟{nth}の当番, who is on call in ward {nth}]\n    answer: {answer}\n"
        )
    };
    let entries: String = (0..LARGE / entry(0).len()).map(entry).collect();
    let text = format!("format: 1\ntopic: wards\ntitle: 病棟\nentries:\n{entries}");
    vec![Source { name: "wards.yaml".to_owned(), content: Ok(text.into_bytes().into()) }]
}

/// Builds, and is done with it: the questions are for the shipped one.
fn rebuild(bot: &Bot, sources: &[Source], until: &AtomicBool) -> (usize, Duration) {
    let (shipped, began, mut built) = (shipped(), Instant::now(), 0);
    while !until.load(Ordering::Relaxed) {
        let large = Knowledge::build(sources, Lang::Ja).knowledge.expect("every entry is sound");
        bot.answer_from(Arc::new(large));
        bot.answer_from(Arc::clone(&shipped));
        built += 1;
    }
    (built, began.elapsed())
}

/// The bot on a runtime like the program's, and its stand-in.
fn connected() -> (Runtime, Standin, Bot) {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("one thread");
    let (standin, bot) = runtime.block_on(async {
        let standin = Standin::start().await;
        let mut settings = Settings::default();
        settings.discord.test_server = Some(TestServer { address: standin.address(), ca_file: standin.ca_file() });
        let bot = Bot::new(shipped(), &settings, Journal::off());
        let token = Token::parse(&standin.token()).expect("the stand-in's token looks like one");
        let running = bot.clone();
        tokio::spawn(async move { discord::run(running, None, &token, std::future::pending()).await });
        standin.connected().await;
        (standin, bot)
    });
    (runtime, standin, bot)
}

/// Asks by command and says how long it took until the reply was seen.
async fn by_command(standin: &Standin, text: &str) -> Duration {
    let (member, channel) = (standin.member("葵"), standin.general());
    let sent = Instant::now();
    let response = member.uses(channel, "ask", &[("question", text)]).await;
    let waited = sent.elapsed();
    response.message();
    waited
}

/// Asks in a direct message and says how long it took until the reply was seen.
async fn by_message(standin: &Standin, text: &str) -> Duration {
    tokio::time::sleep(BETWEEN).await;
    let member = standin.member("葵");
    let channel = member.dm_channel();
    let sent = Instant::now();
    member.says(channel, text).await;
    standin.next_message(channel).await;
    sent.elapsed()
}

fn door(criterion: &mut Criterion) {
    let (runtime, standin, bot) = connected();
    let mut group = criterion.benchmark_group("door");
    // By the clock on the wall, most of which passes between the questions.
    group.sampling_mode(SamplingMode::Flat).sample_size(20);
    group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(15));
    for name in ["one after another", "after some quiet", REBUILDING] {
        let is_over = Arc::new(AtomicBool::new(name != REBUILDING));
        let rebuilding = {
            let (bot, is_over) = (bot.clone(), Arc::clone(&is_over));
            std::thread::spawn(move || rebuild(&bot, &large(), &is_over))
        };
        let (waits, mut texts) = (RefCell::new(Vec::new()), QUESTIONS.iter().cycle());
        let mut ask = || {
            let text = texts.next().expect("a cycle has no end");
            runtime.block_on(async {
                if name == "after some quiet" { by_message(&standin, text).await } else { by_command(&standin, text).await }
            })
        };
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|times| {
                let new: Vec<Duration> = (0..times).map(|_| ask()).collect();
                let sum = new.iter().sum();
                waits.borrow_mut().extend(new);
                sum
            });
        });
        let mut waits = waits.into_inner();
        waits.sort_unstable();
        let share = |percent: usize| waits.get(waits.len() * percent / 100).copied().unwrap_or_default();
        println!("question to reply, {name}: {} questions, p50 {:?}, p99 {:?}", waits.len(), share(50), share(99));
        is_over.store(true, Ordering::Relaxed);
        let (built, took) = rebuilding.join().expect("building does not panic");
        if built > 0 {
            println!("built {built} times in {took:?}");
        }
    }
    group.finish();
    runtime.shutdown_background();
}

fn own_share(criterion: &mut Criterion) {
    let (knowledge, policy) = (shipped(), Policy::default());
    let mut texts = QUESTIONS.iter().cycle();
    criterion.bench_function("decide and lay out", |bencher| {
        bencher.iter(|| {
            let question = Question::new(black_box(texts.next().expect("a cycle has no end")), Lang::Ja);
            let reply = knowledge.put(&question, &knowledge.decide(&question, &policy));
            let frame = Frame {
                lang: question.lang,
                asker: Some(1),
                surface: Surface::Public,
                help_channel: None,
                hands_on: false,
                is_browsed: false,
                helped: None,
            };
            page::page(&reply, &frame)
        });
    });
}

criterion_group!(benches, door, own_share);
criterion_main!(benches);
