//! Random trouble of many kinds, several at once, by seed: what became of every question, and for what reason.
//!
//! `MEDSE_QUESTIONS=10000 cargo test --test it door::faults -- --nocapture` asks more of them; `MEDSE_SEED=7` makes other trouble. One kind of
//! trouble at a time stands in `trouble.rs`.

use std::collections::{HashMap, VecDeque};
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use medse_bot::discord::queue::TOO_LATE;
use serde_json::json;
use standin::{Failure, Matcher, Member, Seen, Standin};
use tokio::time::{Instant, sleep, sleep_until};
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use super::{Connected, connect, settings, small};

/// Enough for every kind of trouble, few enough for every day.
const QUESTIONS: usize = 280;
/// With this one so few questions meet all of it.
const SEED: u64 = 20_261_125;
/// Trouble changes after so many questions.
const A_STRETCH: usize = 40;
/// A little below what Discord takes of a bot.
const A_SECOND: u32 = 40;
/// More than a channel takes at that speed: 5 in 5 s each.
const CHANNELS: usize = 60;
/// Below what one member may ask in a minute.
const QUESTIONS_A_MEMBER: usize = 5;
/// Of one who does not stop.
const SPAM: usize = 15;
/// Of so many questions one may meet with 429: two in each stretch with a limit are of our making, where answers are slow or lost so is the news
/// of the limit, and what a slow Discord takes up late falls together with what it takes up at once when it is quick again. Discord bans for
/// a while after 10,000 within ten minutes; this is far from it.
const FEW: usize = 20;
const HEARTBEAT: Duration = Duration::from_secs(1);
/// By then the bot has noticed that heartbeats stay unanswered, or has tried to resume.
const NOTICED: Duration = Duration::from_secs(6);
/// What is asked, and a part of its answer in the small FAQ.
const TEXTS: [(&str, &str); 10] = [
    ("資格は必須ですか", "法律上は"),
    ("夜勤はありますか", "夜勤のある病院は少なく"),
    ("更新は何年ごと？", "5年ごと"),
    ("試験の対策は？", "公式の教科書"),
    ("呼び出しは多い？", "休日でも呼ばれる"),
    ("Must I be certified?", "By law it is not"),
    ("Do you work at night?", "Few hospitals have them"),
    ("How often must it be renewed?", "Every five years"),
    ("今年の試験日程は？", "試験日は年ごとに変わる"),
    ("Will they call me on weekends?", "For a large outage"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    RouteLimit,
    GlobalLimit,
    ServerErrors,
    Slow,
    AnswerLost,
    SocketLost,
    ResumeRefused,
    NoHeartbeatAcks,
    MalformedFrame,
    UnknownEvent,
    ToldTwice,
    OutOfOrder,
    ClockJump,
    Spam,
}

impl Fault {
    const ALL: [Fault; 14] = [
        Fault::RouteLimit,
        Fault::GlobalLimit,
        Fault::ServerErrors,
        Fault::Slow,
        Fault::AnswerLost,
        Fault::SocketLost,
        Fault::ResumeRefused,
        Fault::NoHeartbeatAcks,
        Fault::MalformedFrame,
        Fault::UnknownEvent,
        Fault::ToldTwice,
        Fault::OutOfOrder,
        Fault::ClockJump,
        Fault::Spam,
    ];

    /// As a stretch begins.
    fn begin(self, discord: &Standin, dice: &mut Dice) {
        let posts = Matcher::new("POST", "/messages");
        match self {
            Fault::RouteLimit | Fault::GlobalLimit => {
                let seconds = [0.3, 0.7, 1.1, 1.6][dice.below(4)];
                discord.rest().fail(posts, Failure::RateLimit { retry_after: seconds, global: self == Fault::GlobalLimit }, 2);
            }
            Fault::ServerErrors => {
                discord.rest().fail_every(2 + dice.below(3), posts, &[500, 502, 503].map(Failure::Status));
            }
            Fault::Slow => discord.rest().delay_all(Duration::from_millis(2_000 + dice.below(3_000) as u64)),
            Fault::AnswerLost => discord.rest().fail_every(2 + dice.below(3), posts, &[Failure::Lost]),
            Fault::NoHeartbeatAcks => discord.gateway().stop_acks(true),
            Fault::ResumeRefused => discord.gateway().refuse_resume(true),
            Fault::ToldTwice => discord.gateway().repeat_messages(true),
            _ => {}
        }
    }

    /// Somewhere within it.
    fn strike(self, discord: &Standin, dice: &mut Dice) {
        match self {
            Fault::SocketLost | Fault::ResumeRefused => discord.gateway().drop_socket(),
            Fault::MalformedFrame => {
                let frames =
                    ["{\"op\":0,\"t\":\"MESSAGE_CREATE\"", "null", "だめ", "{\"op\":0,\"t\":\"MESSAGE_CREATE\",\"d\":[]}"];
                discord.gateway().send_raw(frames[dice.below(frames.len())]);
                discord.gateway().dispatch_raw("MESSAGE_CREATE", json!({"id": 5, "content": "夜勤は？"}));
            }
            Fault::UnknownEvent => discord.gateway().dispatch_raw("HOSPITAL_CREATE", json!({"名前": "新しい病院"})),
            Fault::ClockJump => discord.advance(Duration::from_secs(1 + dice.below(60) as u64)),
            _ => {}
        }
    }

    /// Whether the bot has met with it; most it meets with at once.
    fn is_noticed(self, discord: &Standin, (started, resumed): (usize, usize)) -> bool {
        let gateway = discord.gateway();
        match self {
            // It may be back before anybody sees that it was gone.
            Fault::NoHeartbeatAcks => {
                !gateway.is_connected() || gateway.identifies().len() > started || gateway.resumes() > resumed
            }
            Fault::ResumeRefused => gateway.resumes() > resumed,
            _ => true,
        }
    }

    fn end_all(discord: &Standin) {
        discord.rest().mend();
        discord.gateway().stop_acks(false);
        discord.gateway().refuse_resume(false);
        discord.gateway().repeat_messages(false);
    }
}

/// Xorshift: the same numbers for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    /// One to three kinds of trouble from a deck in which each is once, so that all have their turn.
    fn deal(&mut self, deck: &mut Vec<Fault>) -> Vec<Fault> {
        let mut dealt = Vec::new();
        for _ in 0..=self.below(3) {
            if deck.is_empty() {
                deck.extend(Fault::ALL);
            }
            let fault = deck.swap_remove(self.below(deck.len()));
            if !dealt.contains(&fault) {
                dealt.push(fault);
            }
        }
        dealt
    }
}

/// What the bot writes in its log of questions it does not answer.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Noted>>);

#[derive(Default)]
struct Noted {
    /// By question.
    reasons: HashMap<u64, String>,
    /// Losses in all.
    losses: u64,
    /// How often a member was too fast.
    too_fast: HashMap<u64, usize>,
}

/// The fields of a line.
#[derive(Default)]
struct Line {
    numbers: HashMap<&'static str, u64>,
    words: HashMap<&'static str, String>,
}

impl Visit for Line {
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.numbers.insert(field.name(), value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.words.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.words.insert(field.name(), format!("{value:?}"));
    }
}

impl<S: tracing::Subscriber> Layer<S> for Log {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if !event.metadata().target().starts_with("medse_bot::discord") {
            return;
        }
        let mut line = Line::default();
        event.record(&mut line);
        let mut noted = self.0.lock().unwrap();
        if let Some(reason) = line.words.remove("reason").filter(|_| line.numbers.contains_key("channel")) {
            noted.losses += 1;
            if let Some(question) = line.numbers.get("question") {
                noted.reasons.insert(*question, reason);
            }
        }
        if let (Some("TooFast"), Some(member)) = (line.words.get("why").map(String::as_str), line.numbers.get("member")) {
            *noted.too_fast.entry(*member).or_default() += 1;
        }
    }
}

struct Asked {
    question: u64,
    channel: u64,
    /// Into [`TEXTS`].
    text: usize,
    member: u64,
    is_spam: bool,
    at: Duration,
    faults: Vec<Fault>,
}

/// Everything that was asked, and what came.
struct Run {
    bot: Connected,
    log: Log,
    channels: Vec<u64>,
    asked: Vec<Asked>,
    /// When each kind of trouble began.
    stretches: Vec<(Instant, Vec<Fault>)>,
    /// By question: the bot's messages under it.
    answers: HashMap<u64, Vec<Seen>>,
}

impl Run {
    async fn begin() -> (Run, tracing::subscriber::DefaultGuard) {
        let log = Log::default();
        // Of this thread; the bot has no other.
        let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(log.clone()));
        let discord = Standin::start().await;
        discord.gateway().heartbeat_interval(HEARTBEAT);
        discord.rest().discord_like_buckets();
        let settings = settings(&discord);
        let bot = connect(discord, &settings, small()).await;
        let channels = (0..CHANNELS).map(|nth| bot.discord.add_channel(bot.discord.guild(), &format!("相談-{nth}"))).collect();
        (Run { bot, log, channels, asked: Vec::new(), stretches: Vec::new(), answers: HashMap::new() }, guard)
    }

    async fn ask(&mut self, member: &Member, faults: &[Fault], is_spam: bool, started: Instant, dice: &mut Dice) {
        let (channel, text) = (self.channels[dice.below(CHANNELS)], dice.below(TEXTS.len()));
        let words = |text: usize| format!("<@BOT> {}", TEXTS[text].0);
        let mut asked =
            Asked { question: 0, channel, text, member: member.id(), is_spam, at: started.elapsed(), faults: faults.to_vec() };
        if faults.contains(&Fault::OutOfOrder) && dice.below(2) == 0 {
            asked.text = dice.below(TEXTS.len());
            asked.question = member.says_and_edits_out_of_order(channel, &words(text), &words(asked.text)).await;
        } else {
            asked.question = member.says(channel, &words(text)).await;
        }
        self.asked.push(asked);
    }

    /// Begins when the bot is connected: who asks while nobody can hear of it does so in the stretch in which the connection went.
    async fn stretch(&mut self, faults: &[Fault], questions: usize, started: Instant, dice: &mut Dice) {
        let discord = self.bot.discord.clone();
        let began = loop {
            let now = Instant::now();
            if discord.gateway().is_connected() {
                break now;
            }
            sleep(Duration::from_millis(20)).await;
        };
        self.stretches.push((began, faults.to_vec()));
        let before = (discord.gateway().identifies().len(), discord.gateway().resumes());
        for fault in faults {
            fault.begin(&discord, dice);
        }
        let strikes: Vec<(usize, Fault)> = faults.iter().map(|fault| (dice.below(questions), *fault)).collect();
        let mut member = discord.member("葵");
        for nth in 0..questions {
            sleep_until(began + Duration::from_secs(1) * u32::try_from(nth).unwrap() / A_SECOND).await;
            if nth % QUESTIONS_A_MEMBER == 0 {
                member = discord.member(&format!("{nth}人め"));
            }
            self.ask(&member, faults, false, started, dice).await;
            for (_, fault) in strikes.iter().filter(|(at, _)| *at == nth) {
                fault.strike(&discord, dice);
                if *fault == Fault::Spam {
                    let spammer = discord.member("連投さん");
                    for _ in 0..SPAM {
                        self.ask(&spammer, faults, true, started, dice).await;
                    }
                }
            }
        }
        while faults.iter().any(|fault| !fault.is_noticed(&discord, before)) && began.elapsed() < NOTICED {
            sleep(Duration::from_millis(20)).await;
        }
        Fault::end_all(&discord);
    }

    /// Takes what the bot has said since.
    async fn collect(&mut self) {
        for channel in &self.channels {
            while let Some(said) = self.bot.discord.next_message_or_none(*channel, Duration::ZERO).await {
                let question = said.reply_to.expect("in these channels everything is a reply");
                self.answers.entry(question).or_default().push(said);
            }
        }
    }

    /// Until something became of every question, and a little longer: nothing more may come.
    async fn settled(&mut self) {
        let limit = Instant::now() + TOO_LATE + Duration::from_secs(15);
        loop {
            self.collect().await;
            let unheard = self.bot.discord.gateway().unheard();
            let is_open = |asked: &Asked| !asked.is_spam && self.fate(asked, &unheard) == Fate::Unexplained;
            if !self.asked.iter().any(is_open) || Instant::now() > limit {
                break;
            }
            sleep(Duration::from_millis(200)).await;
        }
        sleep(Duration::from_secs(1)).await;
        self.collect().await;
    }

    fn fate(&self, asked: &Asked, unheard: &[u64]) -> Fate {
        let noted = self.log.0.lock().unwrap();
        if self.answers.contains_key(&asked.question) {
            return Fate::Answered;
        }
        match noted.reasons.get(&asked.question) {
            Some(reason) => Fate::Lost(reason.clone()),
            None if unheard.contains(&asked.question) => Fate::Unheard,
            None => Fate::Unexplained,
        }
    }

    /// Whether the bot's message answers what was asked: itself, or by pointing at an answer above in the same channel.
    fn is_right(&self, asked: &Asked, said: &Seen) -> bool {
        let expected = TEXTS[asked.text].1;
        let Some(now) = self.bot.discord.message(said.id) else { return false };
        let link = format!("https://discord.com/channels/{}/{}/", self.bot.discord.guild(), asked.channel);
        let above = now.text.split_once(&link).and_then(|(_, id)| self.bot.discord.message(id.trim().parse().ok()?));
        let stands = above.map_or(now.text.clone(), |above| above.text);
        said.channel == asked.channel && stands.contains(expected)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fate {
    Answered,
    /// With the bot's own reason.
    Lost(String),
    /// Discord told nobody.
    Unheard,
    /// A spammer's, which must be silence.
    TooFast,
    Unexplained,
}

/// What a sender who knew everything could answer within Discord's own pace: 5 in 5 s in a channel, 50 a second in all, none late.
fn ceiling(asked: &[Asked]) -> Vec<bool> {
    let mut sent: VecDeque<Duration> = VecDeque::new();
    let mut by_channel: HashMap<u64, VecDeque<Duration>> = HashMap::new();
    let turn = |sent: &VecDeque<Duration>, limit: usize, per: u64| {
        sent.len().checked_sub(limit).map_or(Duration::ZERO, |nth| sent[nth] + Duration::from_secs(per))
    };
    let answered = |asked: &Asked| {
        let channel = by_channel.entry(asked.channel).or_default();
        let at = asked.at.max(turn(channel, 5, 5)).max(turn(&sent, 50, 1));
        let in_time = at <= asked.at + TOO_LATE;
        if in_time {
            channel.push_back(at);
            // Later ones of other channels may go before this one; among themselves they are in order.
            let place = sent.partition_point(|other| *other <= at);
            sent.insert(place, at);
        }
        in_time
    };
    asked.iter().map(answered).collect()
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |number| number.parse().unwrap())
}

#[tokio::test]
async fn whatever_goes_wrong_every_question_is_answered_once_or_has_a_reason() {
    let questions = usize::try_from(number("MEDSE_QUESTIONS", QUESTIONS as u64)).unwrap();
    let seed = number("MEDSE_SEED", SEED).max(1);
    println!("MEDSE_SEED={seed} MEDSE_QUESTIONS={questions}");
    let (mut dice, mut deck) = (Dice(seed), Vec::new());
    let plan: Vec<Vec<Fault>> = (0..questions.div_ceil(A_STRETCH)).map(|_| dice.deal(&mut deck)).collect();
    let (mut run, _guard) = Run::begin().await;
    let started = Instant::now();
    for (nth, faults) in plan.iter().enumerate() {
        run.stretch(faults, A_STRETCH.min(questions - nth * A_STRETCH), started, &mut dice).await;
    }
    run.settled().await;
    let seconds = started.elapsed().as_secs_f32();

    let unheard = run.bot.discord.gateway().unheard();
    let mut too_fast = run.log.0.lock().unwrap().too_fast.clone();
    let mut fates: Vec<Fate> = run.asked.iter().map(|asked| run.fate(asked, &unheard)).collect();
    for (asked, fate) in run.asked.iter().zip(&mut fates).filter(|(asked, _)| asked.is_spam) {
        let silences = too_fast.entry(asked.member).or_default();
        if *fate == Fate::Unexplained && *silences > 0 {
            *silences -= 1;
            *fate = Fate::TooFast;
        }
    }
    let possible = ceiling(&run.asked);
    let calls = run.bot.discord.calls();
    // By the trouble in which they came.
    let limited: Vec<&[Fault]> = calls
        .iter()
        .filter(|call| call.status == 429)
        .filter_map(|call| run.stretches.iter().rfind(|(began, _)| began.into_std() <= call.at))
        .map(|(_, faults)| &faults[..])
        .collect();
    let row = |name: &str, is_in: &dyn Fn(&[Fault]) -> bool| {
        let chosen: Vec<usize> = (0..run.asked.len()).filter(|nth| is_in(&run.asked[*nth].faults)).collect();
        let count = |fate: &Fate| chosen.iter().filter(|nth| fates[**nth] == *fate).count();
        let lost = |reason: &str| count(&Fate::Lost(reason.to_owned()));
        let possible =
            chosen.iter().filter(|nth| possible[**nth] && !matches!(fates[**nth], Fate::Unheard | Fate::TooFast)).count();
        println!(
            "{name:<16} | {:>6} | {:>8} | {possible:>8} | {:>5} | {:>5} | {:>8} | {:>7} | {:>9} | {:>3}",
            chosen.len(),
            count(&Fate::Answered),
            lost("late"),
            lost("failed"),
            count(&Fate::TooFast),
            count(&Fate::Unheard),
            count(&Fate::Unexplained),
            limited.iter().filter(|faults| is_in(faults)).count()
        );
        chosen.len()
    };
    println!("{:<16} |  asked | answered | possible |  late | failed | too fast | unheard | no reason | 429", "while");
    for fault in Fault::ALL {
        let met = row(&format!("{fault:?}"), &|faults| faults.contains(&fault));
        assert!(met > 0 || (questions, seed) != (QUESTIONS, SEED), "{fault:?} was never met");
    }
    row("all", &|_| true);

    let counts = run.bot.bot.queue.account.counts();
    let limited = limited.len();
    let gateway = run.bot.discord.gateway();
    println!("{seconds:.0} s, {counts:?}, 429: {limited}, resumed {}, started {}", gateway.resumes(), gateway.identifies().len());
    let of = |asked: &Asked| run.answers.get(&asked.question).map_or(&[][..], Vec::as_slice);
    let twice: Vec<&[Seen]> = run.asked.iter().map(of).filter(|answers| answers.len() > 1).collect();
    assert!(twice.is_empty(), "answered twice: {twice:?}");
    let known: usize = run.asked.iter().map(|asked| of(asked).len()).sum();
    assert_eq!(known, run.answers.values().map(Vec::len).sum::<usize>(), "something was said under what nobody asked");
    // Where the change of an answer was lost, and said to be, the old one stands.
    let noted = run.log.0.lock().unwrap();
    let is_wrong =
        |asked: &&Asked| !noted.reasons.contains_key(&asked.question) && of(asked).iter().any(|said| !run.is_right(asked, said));
    let wrong: Vec<String> =
        run.asked.iter().filter(is_wrong).map(|asked| format!("{}: {}", TEXTS[asked.text].0, of(asked)[0].shown())).collect();
    assert!(wrong.is_empty(), "answered in a wrong place or with something else:\n{}", wrong.join("\n"));
    let open: Vec<(u64, &[Fault])> = (0..fates.len())
        .filter(|nth| fates[*nth] == Fate::Unexplained)
        .map(|nth| (run.asked[nth].question, &run.asked[nth].faults[..]))
        .collect();
    assert!(open.is_empty(), "neither answered nor with a reason: {open:?}");
    assert_eq!(noted.losses, counts.late + counts.full + counts.refused + counts.failed, "the log says what the account says");
    assert_eq!((counts.full, counts.refused), (0, 0));
    assert!(limited <= run.asked.len() / FEW, "{limited} answers 429");
    // Elsewhere it resumes; one start more is forgiven to a machine that was busy for a whole heartbeat.
    let starts_anew =
        |faults: &&Vec<Fault>| faults.iter().any(|fault| [Fault::ResumeRefused, Fault::NoHeartbeatAcks].contains(fault));
    let may_start = 2 + plan.iter().filter(starts_anew).count();
    assert!(gateway.identifies().len() <= may_start, "{} sessions were started, not {may_start}", gateway.identifies().len());
}
