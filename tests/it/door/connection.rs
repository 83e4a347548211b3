//! The connection inside one process: resumed, refused, lost, ended. What the program does then, as its operator sees it, stands in
//! `process.rs`.

use std::time::{Duration, Instant};

use medse_bot::discord::Stopped;
use medse_bot::discord::connection::watchdog::{PATIENCE, Seen, Trouble, Watchdog};
use serde_json::json;
use standin::{Gateway, Standin};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::{Connected, connect, connected, settings, small, start, until};

/// How long serenity takes for a new session at most: it waits 5 s for a shard that is gone to say goodbye.
const NEW_SESSION: Duration = Duration::from_secs(25);

/// How the bot comes back.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Back {
    /// In the same session: what was asked meanwhile is answered.
    Resumed,
    /// In a new one: what was asked meanwhile never reaches it.
    Anew,
}

/// A bot whose gateway has its say before anybody connects.
async fn connected_to(prepare: impl FnOnce(Gateway)) -> Connected {
    let discord = Standin::start().await;
    prepare(discord.gateway());
    let settings = settings(&discord);
    connect(discord, &settings, small()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_asked_while_the_connection_was_away_is_answered_once() {
    let bot = connected().await;
    let aoi = bot.discord.member("葵");
    bot.ask(&aoi, "夜勤はありますか").await;
    bot.discord.gateway().drop_socket();
    let answer = bot.ask(&aoi, "資格は必須ですか").await;
    assert!(answer.text.contains("法律上は"), "{}", answer.shown());
    assert_eq!((bot.discord.gateway().resumes(), bot.discord.gateway().identifies().len()), (1, 1));
    // Discord may replay what was delivered before.
    bot.discord.gateway().repeat("MESSAGE_CREATE");
    bot.discord.gateway().drop_socket();
    bot.is_silent_in(bot.discord.general()).await;
    assert_eq!(bot.bot.queue.account.counts().sent, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bot_comes_back_by_itself() {
    let mut cases = JoinSet::new();
    for code in [1000, 1001, 4000, 4001, 4002, 4005, 4008] {
        cases.spawn(comes_back(format!("close {code}"), move |gateway| gateway.close(code), Back::Resumed));
    }
    // 4003 is noticed by the next heartbeat only.
    for code in [4003, 4006, 4007, 4009] {
        cases.spawn(comes_back(format!("close {code}"), move |gateway| gateway.close(code), Back::Anew));
    }
    cases.spawn(comes_back("socket dropped".to_owned(), Gateway::drop_socket, Back::Resumed));
    cases.spawn(comes_back("op 7".to_owned(), Gateway::reconnect, Back::Resumed));
    cases.spawn(comes_back("op 9, resumable".to_owned(), |gateway| gateway.invalidate(true), Back::Resumed));
    cases.spawn(comes_back("op 9".to_owned(), |gateway| gateway.invalidate(false), Back::Anew));
    let refused = |gateway: &Gateway| {
        gateway.refuse_resume(true);
        gateway.drop_socket();
    };
    cases.spawn(comes_back("RESUME refused".to_owned(), refused, Back::Anew));
    cases.spawn(comes_back("heartbeats unanswered".to_owned(), |gateway| gateway.stop_acks(true), Back::Anew));
    while let Some(case) = cases.join_next().await {
        case.unwrap();
    }
}

async fn comes_back(name: String, trouble: impl FnOnce(&Gateway), back: Back) {
    let bot = connected_to(|gateway| gateway.heartbeat_interval(Duration::from_secs(1))).await;
    let gateway = bot.discord.gateway();
    let (aoi, sora) = (bot.discord.member("葵"), bot.discord.member("空"));
    let began = Instant::now();
    trouble(&gateway);
    match back {
        Back::Resumed => {
            let answer = bot.ask(&aoi, "夜勤はありますか").await;
            assert!(answer.text.contains("電話を受ける"), "{name}: {}", answer.shown());
            assert_eq!((gateway.resumes(), gateway.identifies().len()), (1, 1), "{name}");
        }
        Back::Anew => {
            until(&format!("identified anew after {name}"), NEW_SESSION, || gateway.identifies().len() == 2).await;
            gateway.stop_acks(false);
            until(&format!("connected after {name}"), NEW_SESSION, || gateway.is_connected()).await;
        }
    }
    println!("{name}: {back:?} after {:.1} s", began.elapsed().as_secs_f32());
    let answer = bot.ask(&sora, "資格は必須ですか").await;
    assert!(answer.text.contains("法律上は"), "{name}: {}", answer.shown());
    bot.is_silent_in(bot.discord.general()).await;
    // Commands are registered once in a process.
    let registered = bot.discord.calls().iter().filter(|call| call.method == "PUT" && call.path.ends_with("/commands")).count();
    assert_eq!(registered, 1, "{name}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_discord_says_why_the_bot_ends_with_it() {
    for at_the_door in [true, false] {
        for code in [4004, 4013, 4014] {
            let discord = Standin::start().await;
            if at_the_door {
                discord.gateway().close_on_identify(code);
            }
            let settings = settings(&discord);
            let mut bot = start(discord, &settings, small());
            if !at_the_door {
                bot.discord.connected().await;
                bot.discord.gateway().close(code);
            }
            let ended = bot.ended().await.unwrap_err();
            let is_right = match code {
                4004 => matches!(ended, Stopped::TokenRefused),
                4013 => matches!(ended, Stopped::IntentsInvalid),
                _ => matches!(ended, Stopped::IntentsDisallowed),
            };
            assert!(is_right && ended.is_final(), "{code}: {ended:?}");
        }
    }
}

/// Serenity never told of the tries that were counted: it asked for thirteen sessions before the minute was over.
#[test]
fn the_watchdog_knows_when_it_is_enough() {
    use Seen::{Connected as In, Gone, Underway, Waiting};
    /// At which second, which shard, how.
    type Sight = (u64, u32, Seen);
    let patience = PATIENCE.as_secs();
    // What was seen, and what is wrong at which second.
    let table: [(&str, &[Sight], u64, Option<Trouble>); 10] = [
        ("just begun", &[], 0, None),
        ("its socket was never opened", &[(5, 0, Gone), (30, 0, Gone)], patience, Some(Trouble::Away)),
        ("… which is no try", &[(5, 0, Gone), (30, 0, Gone)], patience - 1, None),
        ("refused again and again", &[(0, 0, Waiting), (5, 0, Gone), (15, 0, Waiting)], 20, Some(Trouble::NeverReady)),
        ("one try less", &[(0, 0, Waiting), (5, 0, Gone), (15, 0, Waiting)], 19, None),
        ("let in at last", &[(0, 0, Waiting), (5, 0, Gone), (16, 0, In)], 600, None),
        ("introduced, and never an answer", &[(0, 0, Waiting), (40, 0, Waiting)], patience, Some(Trouble::Away)),
        ("away for a while", &[(0, 0, In), (100, 0, Underway), (130, 0, Underway)], 100 + patience - 1, None),
        ("away for good", &[(0, 0, In), (100, 0, Underway), (130, 0, Underway)], 100 + patience, Some(Trouble::Away)),
        ("one shard of two", &[(0, 0, In), (5, 1, Underway)], 5 + patience, Some(Trouble::Away)),
    ];
    for (name, sights, at, expected) in table {
        let begin = Instant::now();
        let watchdog = Watchdog::new(begin);
        for (second, shard, seen) in sights {
            watchdog.found(*shard, *seen, begin + Duration::from_secs(*second));
        }
        assert_eq!(watchdog.trouble(begin + Duration::from_secs(at)), expected, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_that_cannot_be_read_are_passed_over() {
    let bot = connected().await;
    let gateway = bot.discord.gateway();
    let aoi = bot.discord.member("葵");
    for (event, data) in [
        ("WEATHER_UPDATE", json!({"空": "晴れ"})),
        ("MESSAGE_CREATE", json!({"id": "1", "content": "資格は必須ですか"})),
        ("INTERACTION_CREATE", json!({})),
        ("GUILD_CREATE", json!(null)),
        ("MESSAGE_DELETE", json!({"id": "0"})),
    ] {
        gateway.dispatch_raw(event, data);
    }
    for frame in ["", "{", "[]", "null", r#"{"op":99,"d":null}"#, r#"{"op":0,"t":"MESSAGE_CREATE","s":null,"d":{}}"#] {
        gateway.send_raw(frame);
    }
    for event in ["READY", "GUILD_CREATE"] {
        gateway.repeat(event);
    }
    bot.ask(&aoi, "資格は必須ですか").await;
    // They come once more with a RESUME.
    gateway.drop_socket();
    bot.ask(&aoi, "夜勤はありますか").await;
    bot.is_silent_in(bot.discord.general()).await;
    assert_eq!(gateway.identifies().len(), 1);
}

/// Events are handled side by side: the server's roles were looked at before READY had told who we are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_mention_right_after_connecting_gets_its_hint() {
    for round in 0..5 {
        let discord = Standin::start().await;
        let settings = settings(&discord);
        let bot = start(discord, &settings, small());
        let gateway = bot.discord.gateway();
        until("connected", Duration::from_secs(15), || gateway.is_connected()).await;
        // The server itself may still be on its way to its handler.
        until("in the server", Duration::from_secs(15), || bot.bot.guilds().contains_key(&bot.discord.guild())).await;
        let role = format!("<@&{}> 夜勤はある？", bot.discord.bot_role());
        bot.discord.member("葵").says(bot.discord.general(), &role).await;
        let hint = bot.discord.next_message_or_none(bot.discord.general(), Duration::from_secs(5)).await;
        assert!(hint.is_some(), "no hint in round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_under_way_comes_before_the_end() {
    let mut bot = connected().await;
    let general = bot.discord.general();
    bot.discord.rest().delay_all(Duration::from_secs(2));
    bot.discord.member("葵").says(general, &format!("{} 資格は必須ですか", bot.mention())).await;
    // It has heard the question and is waiting for Discord by now.
    sleep(Duration::from_millis(700)).await;
    let began = Instant::now();
    bot.stop().await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    let answer = bot.discord.next_message_or_none(general, Duration::ZERO).await;
    assert!(answer.is_some_and(|answer| answer.text.contains("法律上は")));
    assert!(!bot.discord.gateway().is_connected());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_does_not_wait_for_a_discord_that_never_answers() {
    let discord = Standin::start().await;
    discord.rest().delay_all(Duration::from_mins(1));
    let settings = settings(&discord);
    let mut bot = start(discord, &settings, small());
    sleep(Duration::from_millis(300)).await;
    let began = Instant::now();
    bot.stop().await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

/// Serenity keeps what it knows of a limit for each interaction, for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suggestions_leave_nothing_behind_in_the_rate_limiter() {
    let bot = connected().await;
    let aoi = bot.discord.member("葵");
    let limiter = bot.bot.http().ratelimiter.as_ref().unwrap().routes();
    aoi.types(bot.discord.general(), "ask", "question", "資格").await;
    let before = limiter.read().await.len();
    for _ in 0..200 {
        let offered = aoi.types(bot.discord.general(), "ask", "question", "資格").await;
        assert!(!offered.is_empty());
    }
    // The last answer's bucket goes a moment after the member has it.
    let began = Instant::now();
    while limiter.read().await.len() > before && began.elapsed() < Duration::from_secs(5) {
        sleep(Duration::from_millis(10)).await;
    }
    let after = limiter.read().await.len();
    assert!(after <= before, "{before} before, {after} after 200 suggestions");
}

/// And of each channel.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_that_are_over_are_forgotten() {
    let bot = connected().await;
    let aoi = bot.discord.member("葵");
    bot.ask(&aoi, "資格は必須ですか").await;
    let limiter = bot.bot.http().ratelimiter.as_ref().unwrap().routes();
    let before = limiter.read().await.len();
    bot.bot.forget_past_limits().await;
    assert_eq!(limiter.read().await.len(), before, "a limit that holds is needed");
    let began = Instant::now();
    while limiter.read().await.len() == before && began.elapsed() < Duration::from_secs(15) {
        sleep(Duration::from_millis(200)).await;
        bot.bot.forget_past_limits().await;
    }
    assert!(limiter.read().await.len() < before);
    bot.ask(&aoi, "夜勤はありますか").await;
}
