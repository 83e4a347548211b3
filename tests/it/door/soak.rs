//! Hours of events at speed: what the program keeps of them in memory, in open files, and what a question costs.
//!
//! The program runs by itself, so that neither test nor stand-in is measured with it. `MEDSE_EVENTS=150000 cargo test --test it door::soak --
//! --nocapture` takes long enough to tell what is kept from what is remembered for a while; `MEDSE_PROGRAM` names another build.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use standin::{Member, Seen, Standin};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::process::{Program, folder};

/// Enough to see that everything is let go of, few enough for every day.
const EVENTS: usize = 1_600;
/// As many as Discord gives one shard.
const GUILDS: usize = 2_500;
const MEMBERS_EACH: usize = 1_000;
/// People who are at it at once.
const AT_ONCE: usize = 8;
/// What one round of one of them brings about: ten completions, three `/ask`, two questions, three remarks, an edit, a deletion.
const EVENTS_EACH: usize = 20;
/// Looks at the program's memory in all.
const LOOKS: usize = 20;
/// So many come again and again: each only after minutes, since nobody may ask more than six questions in one.
const PEOPLE: usize = 2_000;
/// What is remembered for a while is full by then: ten thousand questions, two of twenty events. Only what comes later is a slope.
const FILLED: usize = 100_000;
const KIB_AT_MOST: u64 = 45 * 1024;
const TYPED: [&str; 10] = ["", "夜", "夜勤", "資格", "資格は", "医療情報技師", "cert", "on call", "院内SE", "呼び出し"];
const QUESTIONS: [&str; 6] = [
    "医療系SEと院内SEの違いは？",
    "夜中に呼び出されることってある？",
    "資格は必須ですか",
    "転職して三年になります。夜勤もあって疲れました。医療情報技師の資格は取ったほうがいいでしょうか？",
    "Is the certificate required for a job at a vendor?",
    "資格",
];

/// How the program is doing, as the system tells.
#[derive(Clone, Copy, Debug)]
struct Vitals {
    resident_kib: u64,
    files: usize,
    /// In hundredths of a second.
    cpu: u64,
}

impl Vitals {
    fn of(program: &Program) -> Vitals {
        let process = Path::new("/proc").join(program.child.id().to_string());
        let status = fs::read_to_string(process.join("status")).unwrap();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        let stat = fs::read_to_string(process.join("stat")).unwrap();
        // Behind the name, which may hold anything: user's and system's time are the twelfth and thirteenth field.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        Vitals {
            resident_kib: resident.trim().trim_end_matches(" kB").parse().unwrap(),
            files: fs::read_dir(process.join("fd")).unwrap().count(),
            cpu: fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap(),
        }
    }

    fn microseconds_since(&self, before: &Vitals, questions: usize) -> u64 {
        (self.cpu - before.cpu) * 10_000 / questions as u64
    }
}

/// One person's round: everything there is, each step once the one before has had its effect. How long their questions took.
async fn round(world: &World, nth: usize) -> Vec<Duration> {
    let (discord, member) = (&world.discord, &world.people[nth % world.people.len()]);
    let channel = world.channels[nth % world.channels.len()];
    let question = |more: usize| QUESTIONS[(nth + more) % QUESTIONS.len()];
    let mut offered = 0;
    for typed in TYPED {
        offered += member.types(channel, "ask", "question", typed).await.len();
    }
    assert!(offered > 0, "nothing is offered to whoever types");
    let mut took = Vec::new();
    for more in 0..3 {
        let asked = Instant::now();
        member.uses(channel, "ask", &[("question", question(more))]).await.message();
        took.push(asked.elapsed());
        member.says(channel, "おはようございます、今日もよろしくお願いします").await;
    }
    let mut answered: Vec<(u64, Seen)> = Vec::new();
    for more in 3..5 {
        let asked = Instant::now();
        let id = member.says(channel, &format!("<@BOT> {}", question(more))).await;
        let answer = discord.next_message(channel).await;
        took.push(asked.elapsed());
        assert_eq!(answer.reply_to, Some(id));
        answered.push((id, answer));
    }
    let [(edited, first), (deleted, second)] = &answered[..] else { panic!("two questions were asked") };
    member.edits(*edited, &format!("<@BOT> {}", question(5))).await;
    assert!(discord.changed(first.id).await.is_some());
    member.deletes(*deleted).await;
    assert!(discord.changed(second.id).await.is_none());
    took
}

/// So many rounds, several at once, none where another is.
async fn rounds(world: &Arc<World>, number: usize) -> Vec<Duration> {
    let until = world.next.load(Ordering::Relaxed) + number;
    let mut at_once = JoinSet::new();
    for _ in 0..AT_ONCE {
        let world = Arc::clone(world);
        at_once.spawn(async move {
            let mut took = Vec::new();
            loop {
                let nth = world.next.fetch_add(1, Ordering::Relaxed);
                if nth >= until {
                    return took;
                }
                took.extend(round(&world, nth).await);
            }
        });
    }
    let took = at_once.join_all().await.concat();
    world.next.store(until, Ordering::Relaxed);
    world.discord.forget_calls();
    took
}

/// The least-squares line through what was seen: KiB for each event.
fn slope(seen: &[(usize, u64)]) -> f64 {
    let number = seen.len() as f64;
    let (events, kib): (Vec<f64>, Vec<f64>) = seen.iter().map(|(events, kib)| (*events as f64, *kib as f64)).unzip();
    let (mean_events, mean_kib) = (events.iter().sum::<f64>() / number, kib.iter().sum::<f64>() / number);
    let with_kib: f64 = events.iter().zip(&kib).map(|(event, kib)| (event - mean_events) * (kib - mean_kib)).sum();
    let with_itself: f64 = events.iter().map(|event| (event - mean_events).powi(2)).sum();
    with_kib / with_itself
}

/// Many servers, and who is in them.
struct World {
    discord: Standin,
    channels: Vec<u64>,
    people: Vec<Member>,
    next: AtomicUsize,
}

impl World {
    fn new(discord: Standin) -> World {
        let guilds = (1..GUILDS).map(|nth| discord.add_guild(&format!("病院SEの会 {nth}"), "ja"));
        let guilds: Vec<u64> = std::iter::once(discord.guild()).chain(guilds).collect();
        for guild in &guilds {
            discord.crowd(*guild, MEMBERS_EACH);
        }
        let channels = guilds.iter().map(|guild| discord.add_channel(*guild, "相談")).collect();
        let people = (0..PEOPLE).map(|nth| discord.member(&format!("{nth}人め"))).collect();
        World { discord, channels, people, next: AtomicUsize::new(0) }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hours_of_events_leave_nothing_behind() {
    let events: usize = std::env::var("MEDSE_EVENTS").map_or(EVENTS, |number| number.parse().unwrap());
    let discord = Standin::start().await;
    let world = Arc::new(World::new(discord.clone()));
    let folder = folder(&discord, "");
    // The whole FAQ instead of the small one.
    let faq = Path::new(env!("CARGO_MANIFEST_DIR")).join("faq");
    for file in fs::read_dir(faq).unwrap().map(Result::unwrap).filter(|file| file.path().is_file()) {
        fs::copy(file.path(), folder.path().join("small").join(file.file_name())).unwrap();
    }
    for small in ["nights.yaml", "qualifications.yaml"] {
        fs::remove_file(folder.path().join("small").join(small)).unwrap();
    }
    let program = Program::start(folder, Some(&discord.token()), &["run"], None);
    program.logs("commands registered").await;
    // Connections are opened and the first of everything is met.
    rounds(&world, AT_ONCE * 2).await;
    let before = Vitals::of(&program);
    let (each, mut took, mut seen) = ((events / EVENTS_EACH / LOOKS).max(1), Vec::new(), Vec::new());
    for look in 1..=LOOKS {
        took.extend(rounds(&world, each).await);
        let now = Vitals::of(&program);
        seen.push((look * each * EVENTS_EACH, now.resident_kib));
        println!("{} events: {now:?}", look * each * EVENTS_EACH);
    }
    let after = Vitals::of(&program);
    took.sort_unstable();
    let later: Vec<(usize, u64)> = seen.iter().copied().filter(|(events, _)| *events > FILLED).collect();
    let is_telling = later.len() >= LOOKS / 4;
    let kib_each = slope(if is_telling { &later } else { &seen });
    println!(
        "{} events, {} questions: {:.2} MiB more for 100,000 events, {} KiB at the end, files {} → {}, {} µs of CPU an event; \
         question → reply: median {:?}, 99 % {:?}",
        LOOKS * each * EVENTS_EACH,
        took.len(),
        kib_each * 100_000.0 / 1024.0,
        after.resident_kib,
        before.files,
        after.files,
        after.microseconds_since(&before, LOOKS * each * EVENTS_EACH),
        took[took.len() / 2],
        took[took.len() * 99 / 100],
    );
    let questions = 200;
    let asker = discord.member("葵");
    let start = Vitals::of(&program);
    for nth in 0..questions {
        // Five each: below what one member may ask in a minute.
        let member = if nth % 5 == 0 { discord.member("空") } else { asker.clone() };
        member.uses(discord.general(), "ask", &[("question", QUESTIONS[nth % QUESTIONS.len()])]).await.message();
    }
    println!("{} µs of CPU a question by /ask", Vitals::of(&program).microseconds_since(&start, questions));
    assert!(after.resident_kib <= KIB_AT_MOST, "{after:?}");
    assert!(after.files <= before.files + AT_ONCE, "{before:?}, {after:?}");
    assert!(!is_telling || kib_each * 100_000.0 <= 1024.0, "{kib_each} KiB an event: {seen:?}");
}
