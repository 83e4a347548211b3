//! Signs of life, as an operator's probe and scraper see them: `/healthz`, `/metrics`, the log in JSON. Nothing in them is anybody's text.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::time::{Duration, Instant};

use medse_bot::monitoring::{Figures, Monitor, Sent, State};
use standin::Standin;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::process::{Program, folder};

/// Longer than anything here takes, also on a busy machine.
const LIMIT: Duration = Duration::from_mins(1);

fn watched(discord: &Standin, more: &str) -> TempDir {
    let folder = folder(discord, "");
    let mut settings = OpenOptions::new().append(true).open(folder.path().join("config.toml")).unwrap();
    writeln!(settings, "[monitoring]\n{more}").unwrap();
    folder
}

/// The address it says that it answers at.
async fn address(program: &Program) -> String {
    program.logs("answering /healthz and /metrics").await;
    let said = program.said("err");
    let from = said.split("127.0.0.1:").nth(1).unwrap();
    format!("127.0.0.1:{}", from.chars().take_while(char::is_ascii_digit).collect::<String>())
}

/// Status line, headers and body.
async fn asked(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("{request} HTTP/1.1\r\nHost: bot\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    timeout(LIMIT, stream.read_to_string(&mut answer)).await.expect("an answer").unwrap();
    answer
}

/// An answer that says so, as soon as there is one.
async fn says(address: &str, request: &str, wanted: &str) -> String {
    let began = Instant::now();
    loop {
        let answer = asked(address, request).await;
        if answer.contains(wanted) || began.elapsed() > LIMIT {
            return answer;
        }
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_that_is_watched_says_how_it_is_and_nothing_of_anybody() {
    let discord = Standin::start().await;
    let folder = std::sync::Arc::new(watched(&discord, "address = \"127.0.0.1:0\"\nlog = \"json\""));
    let mut program = Program::start(std::sync::Arc::clone(&folder), Some(&discord.token()), &["run"], None);
    let address = address(&program).await;
    program.logs("commands registered").await;
    let ready = says(&address, "GET /healthz", "ready").await;
    assert!(ready.starts_with("HTTP/1.1 200 ") && ready.ends_with("\r\n\r\nready\n"), "{ready}");

    let aoi = discord.member("葵");
    aoi.says(discord.general(), &format!("<@{}> ゾウリムシ病院の夜勤はありますか", discord.bot_id())).await;
    discord.next_message(discord.general()).await;
    // The member sees the answer before the bot knows that Discord took it.
    let metrics = says(&address, "GET /metrics", "result=\"sent\"").await;
    for line in [
        "content-type: application/openmetrics-text; version=1.0.0; charset=utf-8",
        "medse_questions_total{surface=\"public\",outcome=",
        "medse_calls_total{result=\"sent\"} 1",
        "medse_reply_seconds_bucket{le=\"0.05\"}",
        "medse_gateway_up 1",
        "medse_shards_up 1",
        "medse_faq_entries ",
        "medse_faq_info{version=\"",
        "medse_degraded_reasons 0",
        "# EOF",
    ] {
        assert!(metrics.contains(line), "no «{line}» in: {metrics}");
    }
    for (request, status) in
        [("POST /healthz", 405), ("GET /", 404), ("GET /metrics/../config.toml", 404), ("HEAD /healthz", 200)]
    {
        let answer = asked(&address, request).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{request}: {answer}");
    }

    fs::write(folder.path().join("small/nights.yaml"), "format: 1\ntopic: [").unwrap();
    let degraded = says(&address, "GET /healthz", "degraded").await;
    assert!(degraded.starts_with("HTTP/1.1 200 ") && degraded.contains("degraded\nfaq: "), "{degraded}");

    program.child.kill().unwrap();
    let log = program.said("err");
    for line in log.lines() {
        let object: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(object["level"].is_string() && object["timestamp"].is_string(), "{line}");
    }
    for secret in [discord.token().as_str(), "ゾウリムシ", "葵"] {
        assert!(!log.contains(secret) && !metrics.contains(secret) && !degraded.contains(secret), "{secret} was shown");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_says_nothing_keeps_no_probe_waiting_for_long() {
    let discord = Standin::start().await;
    let program = Program::start(watched(&discord, "address = \"127.0.0.1:0\""), Some(&discord.token()), &["run"], None);
    let address = address(&program).await;
    let mut silent = Vec::new();
    for _ in 0..40 {
        silent.push(TcpStream::connect(&address).await.unwrap());
    }
    // Forty of them, eight at once, five seconds each.
    let answer = asked(&address, "GET /healthz").await;
    assert!(answer.contains("HTTP/1.1 "), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_is_taken_is_told_and_starting_again_may_help() {
    let discord = Standin::start().await;
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = format!("address = \"{}\"", taken.local_addr().unwrap());
    let mut program = Program::start(watched(&discord, &settings), Some(&discord.token()), &["run"], None);
    program.logs("monitoring.address").await;
    assert_eq!(program.child.wait().unwrap().code(), Some(3), "{}", program.said("err"));
    assert!(discord.calls().is_empty());
}

#[test]
fn health_is_told_in_one_word_and_its_reasons() {
    let (figures, state) = (Figures::default(), State::default());
    let health = || Monitor { figures: &figures, state: &state }.health();
    assert_eq!(health(), "down\ngateway: 0 of 0 shards are connected\ncommands: not registered since the start\n");
    state.connected(15, 16);
    state.registered(true);
    assert_eq!(health(), "down\ngateway: 15 of 16 shards are connected\n");
    state.connected(16, 16);
    assert_eq!(health(), "ready\n");
    state.faq_faults(2);
    state.lost(3);
    assert_eq!(
        health(),
        "degraded\nfaq: 2 faults in the files as saved (medse-bot check)\njournal: 3 records lost since the start\n"
    );
}

#[test]
fn refusals_are_counted_by_their_code() {
    let (figures, state) = (Figures::default(), State::default());
    for sent in [Sent::Refused(50001), Sent::Refused(50001), Sent::Refused(10003), Sent::Late, Sent::Taken] {
        figures.sent(sent, Duration::from_millis(120));
    }
    let counts = figures.counts();
    assert_eq!((counts.refused, counts.late, counts.sent), (3, 1, 1));
    let metrics = Monitor { figures: &figures, state: &state }.metrics();
    for line in [
        "medse_refusals_total{code=\"50001\"} 2\n",
        "medse_refusals_total{code=\"10003\"} 1\n",
        "medse_calls_total{result=\"refused\"} 3\n",
        "medse_reply_seconds_bucket{le=\"0.1\"} 0\n",
        "medse_reply_seconds_bucket{le=\"0.25\"} 1\n",
        "medse_gateway_up 0\n",
    ] {
        assert!(metrics.contains(line), "no «{line}» in: {metrics}");
    }
}
