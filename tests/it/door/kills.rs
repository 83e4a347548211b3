//! The program killed in a burst of questions, again and again: what it answered before is followed after the next start.
//!
//! `MEDSE_KILLS=200 cargo test --test it door::kills -- --nocapture` does it more often. That no record is torn or missing stands in
//! `journal/trouble.rs`.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use standin::Standin;
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::process::{Program, folder};

const KILLS: usize = 4;
/// Worlds in which this goes on at once.
const WORLDS: usize = 2;
const CHANNELS: usize = 40;
/// A little more than Discord's pace: when it is killed, something is always under way.
const BETWEEN: Duration = Duration::from_millis(20);
const QUESTIONS_A_MEMBER: usize = 5;
/// What is older when the program is killed must be on disk.
const SURVIVES: Duration = Duration::from_secs(1);
const LIMIT: Duration = Duration::from_secs(30);
const TEXTS: [&str; 4] = ["資格は必須ですか", "夜勤はありますか", "Must I be certified?", "Do you work at night?"];

struct World {
    discord: Standin,
    folder: Arc<TempDir>,
    channels: Vec<u64>,
    asked: usize,
}

/// An answer: under which question, in which message, and when it was first seen.
type Answered = (u64, u64, Instant);

impl World {
    async fn new() -> World {
        let discord = Standin::start().await;
        let folder = Arc::new(folder(&discord, ""));
        let channels = (0..CHANNELS).map(|nth| discord.add_channel(discord.guild(), &format!("相談-{nth}"))).collect();
        World { discord, folder, channels, asked: 0 }
    }

    async fn started(&self) -> Program {
        // Many starts within the hour wait; these are wanted.
        let _ = fs::remove_file(self.folder.path().join("data/starts.txt"));
        let program = Program::start(Arc::clone(&self.folder), Some(&self.discord.token()), &["run"], None);
        program.logs("commands registered").await;
        program
    }

    /// What was answered since this was last asked.
    async fn seen(&self) -> Vec<Answered> {
        let mut answered = Vec::new();
        for channel in &self.channels {
            while let Some(said) = self.discord.next_message_or_none(*channel, Duration::ZERO).await {
                answered.push((said.reply_to.unwrap(), said.id, Instant::now()));
            }
        }
        answered
    }

    /// Asks for `time`; what was answered meanwhile.
    async fn burst(&mut self, time: Duration) -> Vec<Answered> {
        // What the life before said at its very end belongs to nobody.
        self.seen().await;
        let (began, mut answered) = (Instant::now(), Vec::new());
        let mut member = self.discord.member("葵");
        while began.elapsed() < time {
            if self.asked.is_multiple_of(QUESTIONS_A_MEMBER) {
                member = self.discord.member("空");
            }
            let channel = self.channels[self.asked % CHANNELS];
            member.says(channel, &format!("<@BOT> {}", TEXTS[self.asked / CHANNELS % TEXTS.len()])).await;
            self.asked += 1;
            sleep(BETWEEN).await;
            let looks = self.asked.is_multiple_of(QUESTIONS_A_MEMBER);
            if looks {
                answered.extend(self.seen().await);
            }
        }
        answered
    }

    /// One life and its end; the answers that were old enough then, each of which the next life has to follow.
    async fn killed(&mut self, program: &mut Program, after: Duration) -> Vec<Answered> {
        let mut answered = self.burst(after).await;
        let killed = Instant::now();
        program.child.kill().unwrap();
        program.child.wait().unwrap();
        while self.discord.gateway().is_connected() {
            sleep(Duration::from_millis(5)).await;
        }
        answered.retain(|(_, _, at)| killed.duration_since(*at) >= SURVIVES);
        let database = Connection::open(self.folder.path().join("data/journal.db")).unwrap();
        let sound: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok");
        let is_kept = |(_, answer, _): &&Answered| {
            let sql = "SELECT count(*) FROM answers WHERE answer = ?";
            database.query_row(sql, [answer.cast_signed()], |row| row.get::<_, i64>(0)).unwrap() == 1
        };
        let kept = answered.iter().filter(is_kept).count();
        assert_eq!(kept, answered.len(), "answers older than a second are not on disk");
        answered
    }

    /// Questions that are deleted now take their answers with them.
    async fn are_followed(&self, answered: &[Answered]) {
        let moderator = self.discord.member("管理").moderator();
        for (question, _, _) in answered {
            moderator.deletes(*question).await;
        }
        let began = Instant::now();
        let left = || answered.iter().filter(|(_, answer, _)| self.discord.message(*answer).is_some()).count();
        while left() > 0 {
            let (left, all, log) = (left(), answered.len(), self.folder.path().join("err"));
            assert!(
                began.elapsed() < LIMIT,
                "{left} of {all} answers stay without their questions: {}",
                fs::read_to_string(log).unwrap()
            );
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// So many lives; how many answers were followed into the next.
    async fn lives(mut self, kills: usize) -> usize {
        let mut program = self.started().await;
        let mut followed = 0;
        for nth in 0..kills {
            let after = SURVIVES + Duration::from_millis(300 + (nth * 67 % 400) as u64);
            let answered = self.killed(&mut program, after).await;
            assert!(!answered.is_empty(), "nothing was answered in time");
            program = self.started().await;
            assert!(!program.said("err").contains("ERROR"), "{}", program.said("err"));
            self.are_followed(&answered).await;
            followed += answered.len();
        }
        let broken = fs::read_dir(self.folder.path().join("data")).unwrap();
        let names: Vec<String> = broken.map(|file| file.unwrap().file_name().to_string_lossy().into_owned()).collect();
        assert!(!names.iter().any(|name| name.contains("broken")), "a journal was set aside: {names:?}");
        followed
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_older_than_a_second_are_followed_after_a_kill() {
    let kills: usize = std::env::var("MEDSE_KILLS").map_or(KILLS, |number| number.parse().unwrap());
    let mut worlds = JoinSet::new();
    for _ in 0..WORLDS {
        worlds.spawn(async move { World::new().await.lives(kills / WORLDS).await });
    }
    let followed: usize = worlds.join_all().await.into_iter().sum();
    println!("killed {} times, {followed} answers followed", kills / WORLDS * WORLDS);
}
