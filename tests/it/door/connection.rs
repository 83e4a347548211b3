//! The connection inside one process: resumed, refused, lost, never let in.

use super::{settings, small, start};
use standin::Standin;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn experiment() {
    let mut all = Vec::new();
    for code in (4000u16..=4014).chain([1000, 1001, 1006, 9999]) {
        all.push(tokio::spawn(async move {
            let discord = Standin::start().await;
            discord.tolerate_violations();
            if code == 9999 {
                discord.gateway().silent_on_identify(true)
            } else {
                discord.gateway().close_on_identify(code);
            }
            let settings = settings(&discord);
            let mut bot = start(discord, &settings, small());
            let began = Instant::now();
            let ended = tokio::time::timeout(Duration::from_secs(80), bot.ended()).await;
            let n = bot.discord.gateway().identifies();
            let ages: Vec<String> = n.iter().map(|i| i["ms_ago"].to_string()).collect();
            eprintln!(
                "{code}: {:?} after {:.1}s identifies {} resumes {} {ages:?}",
                ended,
                began.elapsed().as_secs_f32(),
                n.len(),
                bot.discord.gateway().resumes()
            );
        }));
    }
    for one in all {
        one.await.unwrap();
    }
}
