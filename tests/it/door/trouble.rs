//! Discord in trouble: limits, failures, slowness, lost sockets. What became of every question; none is answered twice.
//!
//! `MEDSE_QUESTIONS=2000 MEDSE_SECONDS=60 cargo test --test it door::trouble -- --nocapture` asks more of them, for longer, and prints the
//! account of each trouble.
//! What one refusal leads to stands in `refusals.rs`.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use medse_bot::discord::queue::{Errand, Loss, Queue, Repeat, TOO_LATE};
use medse_bot::monitoring::Counts;
use serenity::http::{Http, Route};
use serenity::model::id::ChannelId;
use standin::{Failure, Matcher, Standin};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use super::{Connected, connected};

/// As many as keep the suite short; each trouble shows itself with them.
const QUESTIONS: usize = 200;
/// Five questions in five seconds each: in all, more than Discord takes in a second.
const CHANNELS: usize = 60;
/// Ten times what Discord takes of a bot …
const FAR_TOO_MANY: u32 = 500;
/// … and for so many seconds, where nobody wants more.
const SECONDS: u32 = 4;
/// Below what one member may ask in a minute.
const QUESTIONS_A_MEMBER: usize = 5;
/// Answers 429 within ten minutes after which Discord bans for a while: 10,000. This is far from it.
const FEW: usize = 100;
const TEXTS: [&str; 10] = [
    "資格は必須ですか",
    "夜勤はありますか",
    "更新は何年ごと？",
    "試験の対策は？",
    "呼び出しは多い？",
    "Must I be certified?",
    "Do you work at night?",
    "How often must it be renewed?",
    "今年の試験日程は？",
    "Will they call me on weekends?",
];

fn questions() -> usize {
    std::env::var("MEDSE_QUESTIONS").map_or(QUESTIONS, |number| number.parse().unwrap())
}

fn posts() -> Matcher {
    Matcher::new("POST", "/messages")
}

/// What became of a burst of questions.
#[derive(Debug)]
struct Burst {
    asked: usize,
    /// Questions with an answer on the screen.
    answered: usize,
    /// Questions with more than one.
    twice: usize,
    counts: Counts,
    /// Answers 429.
    limited: usize,
}

impl Burst {
    /// Asks at once what many members ask in many channels, while `meanwhile` makes trouble, and waits for what becomes of each question.
    async fn of(trouble: &str, questions: usize, bot: &Connected, meanwhile: impl AsyncFn(&Standin)) -> Burst {
        Self::at_pace(trouble, questions, Duration::ZERO, bot, meanwhile).await
    }

    /// The same, with some time between two questions.
    async fn at_pace(
        trouble: &str,
        questions: usize,
        between: Duration,
        bot: &Connected,
        meanwhile: impl AsyncFn(&Standin),
    ) -> Burst {
        let discord = &bot.discord;
        let channels: Vec<u64> = (0..CHANNELS).map(|nth| discord.add_channel(discord.guild(), &format!("相談-{nth}"))).collect();
        let started = Instant::now();
        let mut member = discord.member("葵");
        for nth in 0..questions {
            sleep_until(started + between * u32::try_from(nth).unwrap()).await;
            if nth % QUESTIONS_A_MEMBER == 0 {
                member = discord.member(&format!("{nth}人め"));
            }
            let text = format!("{} {}", bot.mention(), TEXTS[nth / CHANNELS % TEXTS.len()]);
            member.says(channels[nth % CHANNELS], &text).await;
        }
        let ((), counts) = tokio::join!(meanwhile(discord), Self::settled(bot, questions));
        let mut answers: HashMap<u64, usize> = HashMap::new();
        for channel in channels {
            while let Some(said) = discord.next_message_or_none(channel, Duration::ZERO).await {
                *answers.entry(said.reply_to.expect("in these channels everything is a reply")).or_default() += 1;
            }
        }
        let limited = discord.calls().iter().filter(|call| call.status == 429).count();
        let twice = answers.values().filter(|answers| **answers > 1).count();
        let burst = Burst { asked: questions, answered: answers.len(), twice, counts, limited };
        let Counts { late, full, refused, failed, repeated, .. } = counts;
        println!(
            "{trouble}: asked {questions}, answered {}, late {late}, full {full}, refused {refused}, failed {failed}, \
             repeated {repeated}, 429 {limited}, twice {twice}, {:.1} s",
            burst.answered,
            started.elapsed().as_secs_f32()
        );
        burst
    }

    /// Until something became of every question, and a little longer: nothing more may come.
    async fn settled(bot: &Connected, questions: usize) -> Counts {
        let limit = Instant::now() + Duration::from_mins(2);
        while total(bot.bot.queue.account.counts()) < questions as u64 && Instant::now() < limit {
            sleep(Duration::from_millis(50)).await;
        }
        sleep(Duration::from_millis(300)).await;
        bot.bot.queue.account.counts()
    }

    /// Every question is accounted for, none was answered twice, and Discord had little to complain of.
    #[track_caller]
    fn is_accounted_for(&self) {
        assert_eq!(total(self.counts), self.asked as u64, "{self:?}");
        assert_eq!(self.twice, 0, "{self:?}");
        assert!(self.limited < FEW, "{self:?}");
        // One that failed may stand there all the same: what got lost was only the news of it.
        let sent = usize::try_from(self.counts.sent).unwrap();
        let failed = usize::try_from(self.counts.failed).unwrap();
        assert!((sent..=sent + failed).contains(&self.answered), "{self:?}");
        assert_eq!(self.counts.refused, 0, "{self:?}");
    }

    /// And all of them found room to wait.
    #[track_caller]
    fn is_in_order(&self) {
        self.is_accounted_for();
        assert_eq!(self.counts.full, 0, "{self:?}");
    }

    /// Where there is time for all of them, all of them are answered.
    #[track_caller]
    fn is_complete(&self) {
        self.is_in_order();
        if self.asked <= QUESTIONS {
            assert_eq!((self.counts.late, self.counts.failed), (0, 0), "{self:?}");
        }
    }
}

fn total(counts: Counts) -> u64 {
    counts.sent + counts.late + counts.full + counts.refused + counts.failed
}

async fn nothing_more(_: &Standin) {}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_is_answered_at_discords_pace() {
    let bot = connected().await;
    bot.discord.rest().discord_like_buckets();
    Burst::of("limits", questions(), &bot, nothing_more).await.is_complete();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn server_errors_and_lost_answers_are_tried_again_without_answering_twice() {
    let bot = connected().await;
    bot.discord.rest().discord_like_buckets();
    let failures = [Failure::Status(500), Failure::Lost, Failure::Status(502), Failure::Status(503)];
    bot.discord.rest().fail_every(3, posts(), &failures);
    let burst = Burst::of("every third post fails", questions(), &bot, nothing_more).await;
    burst.is_in_order();
    assert!(burst.counts.repeated > 0, "{burst:?}");
    assert!(burst.counts.failed * 10 < burst.asked as u64, "{burst:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_discord_is_waited_for() {
    let bot = connected().await;
    bot.discord.rest().discord_like_buckets();
    bot.discord.rest().delay_all(Duration::from_secs(5));
    // Two rounds in each channel.
    let few = questions() * CHANNELS * 2 / QUESTIONS;
    let burst = Burst::of("answers after 5 s", few, &bot, nothing_more).await;
    burst.is_complete();
    assert_eq!(burst.counts.repeated, 0, "{burst:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_sockets_lose_no_question() {
    let bot = connected().await;
    bot.discord.rest().discord_like_buckets();
    bot.discord.rest().fail_every(7, posts(), &[Failure::Drop, Failure::Lost]);
    // The first one goes while questions are on their way.
    bot.discord.gateway().drop_socket();
    let burst = Burst::of("sockets drop", questions(), &bot, async |discord| {
        for _ in 0..3 {
            sleep(Duration::from_millis(400)).await;
            discord.gateway().drop_socket();
        }
    });
    let burst = burst.await;
    burst.is_in_order();
    assert_eq!(burst.counts.late * u64::from(burst.asked <= QUESTIONS), 0, "{burst:?}");
    assert!(bot.discord.gateway().resumes() > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_over_all_channels_stops_all_of_them() {
    let bot = connected().await;
    bot.discord.rest().discord_like_buckets();
    let limit = Failure::RateLimit { retry_after: 1.0, global: true };
    let burst = Burst::of("limit over all channels", questions(), &bot, async |discord| {
        for _ in 0..3 {
            discord.rest().fail(posts(), limit.clone(), 2);
            sleep(Duration::from_millis(1_500)).await;
        }
    });
    let burst = burst.await;
    burst.is_complete();
    assert!(burst.limited > 0, "{burst:?}");
}

/// What is given up is given up at once or when it is late; the others go out at Discord's pace all the while.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_times_too_many_questions_cost_no_answer_that_could_be_given() {
    let seconds = std::env::var("MEDSE_SECONDS").map_or(SECONDS, |number| number.parse().unwrap());
    let bot = connected().await;
    bot.discord.rest().discord_like_buckets();
    let (questions, between) = (FAR_TOO_MANY * seconds, Duration::from_secs(1) / FAR_TOO_MANY);
    let asked = Instant::now();
    let burst = Burst::at_pace("500 a second", questions as usize, between, &bot, nothing_more).await;
    burst.is_accounted_for();
    // A tenth of Discord's fifty a second is left to others.
    let could = usize::try_from(45 * asked.elapsed().as_secs().min(u64::from(seconds) + TOO_LATE.as_secs())).unwrap();
    assert!(burst.answered >= could.min(burst.asked) * 9 / 10, "{could} could be answered: {burst:?}");
}

/// A queue of its own, with calls that go nowhere.
struct Alone {
    queue: Queue,
    http: Http,
}

impl Alone {
    fn new() -> Self {
        Alone { queue: Queue::new(50), http: Http::new("") }
    }

    /// Sends something for somebody who has waited `waited`; sending takes `takes`.
    async fn send(&self, channel: u64, waited: Duration, takes: Duration) -> Result<(), Loss> {
        let channel = ChannelId::new(channel);
        let asked = Instant::now().checked_sub(waited).unwrap();
        let errand = Errand { channel, route: Route::ChannelMessages { channel_id: channel }, asked, repeat: Repeat::Safe };
        let call = || async move {
            sleep(takes).await;
            Ok(())
        };
        self.queue.send(&self.http, errand, call).await
    }
}

#[tokio::test]
async fn what_would_come_too_late_is_given_up() {
    let nearly = TOO_LATE.checked_sub(Duration::from_millis(300)).unwrap();
    let alone = Alone::new();
    // Its turn in the channel does not come in time.
    let (first, second) =
        tokio::join!(alone.send(1, Duration::ZERO, Duration::from_secs(2)), alone.send(1, nearly, Duration::ZERO));
    assert!(matches!((first, second), (Ok(()), Err(Loss::Late))));
    // The limit over all channels does not end in time; who gives up takes no place from others.
    alone.queue.pause(Duration::from_secs(1));
    let started = Instant::now();
    let (late, other) = tokio::join!(alone.send(2, nearly, Duration::ZERO), alone.send(3, Duration::ZERO, Duration::ZERO));
    assert!(matches!((late, other), (Err(Loss::Late), Ok(()))));
    assert!(started.elapsed() >= Duration::from_secs(1));
    let counts = alone.queue.account.counts();
    assert_eq!((counts.sent, counts.late), (2, 2));
}

#[tokio::test]
async fn a_pause_is_for_those_too_who_had_their_place() {
    let alone = Alone::new();
    let started = Instant::now();
    let pause = async {
        sleep(Duration::from_millis(5)).await;
        alone.queue.pause(Duration::from_millis(700));
    };
    // The first goes at once; the others' places come within the pause.
    let message = async |channel| {
        alone.send(channel, Duration::ZERO, Duration::ZERO).await.unwrap();
        started.elapsed()
    };
    let (_, second, third, ()) = tokio::join!(message(1), message(2), message(3), pause);
    assert!(second.min(third) >= Duration::from_millis(700), "{second:?}, {third:?}");
}

#[tokio::test]
async fn what_no_longer_finds_room_is_given_up_at_once() {
    let alone = Arc::new(Alone::new());
    let nearly = TOO_LATE.checked_sub(Duration::from_millis(500)).unwrap();
    let waiting: JoinSet<()> = (0..3_000)
        .map(|_| {
            let alone = Arc::clone(&alone);
            async move { drop(alone.send(1, nearly, Duration::from_secs(1)).await) }
        })
        .collect();
    waiting.join_all().await;
    let counts = alone.queue.account.counts();
    assert_eq!(counts, Counts { sent: 1, late: 2_047, full: 952, ..Counts::default() });
}
