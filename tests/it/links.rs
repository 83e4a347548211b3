//! Links against servers on this machine: each kind of behaviour with its verdict, how gently servers are asked, and what is remembered.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use medse_bot::faq::{Lang, is_https};
use medse_bot::links::{Bounds, Cache, Cause, Checker, Report, Verdict, is_public};

use crate::support::{run, stderr, stdout};

mod server;
use server::{Act, Server};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const INSIDE: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 7));
const NOON: u64 = 1_800_000_000;
const DAY: u64 = 86_400;

/// Every name is this machine, but for some.
fn lookup(host: &str) -> io::Result<Vec<IpAddr>> {
    static REBINDING: AtomicUsize = AtomicUsize::new(0);
    match host {
        "missing.test" => Err(io::Error::new(io::ErrorKind::NotFound, "Name or service not known")),
        "flaky.test" => Err(io::Error::other("Temporary failure in name resolution")),
        "inside.test" => Ok(vec![INSIDE]),
        "mixed.test" => Ok(vec![HERE, INSIDE]),
        // The judged name changes before the next request.
        "rebinding.test" => Ok(vec![if REBINDING.fetch_add(1, Ordering::Relaxed) == 0 { HERE } else { INSIDE }]),
        _ => Ok(vec![HERE]),
    }
}

/// This machine is the world, and nothing else.
fn bounds() -> Bounds {
    Bounds {
        lookup,
        may_connect: |address| address == HERE,
        may_be_written: |_| true,
        patience: Duration::from_secs(2),
        ..Bounds::default()
    }
}

async fn checked(bounds: Bounds, urls: &[String], cache: &mut Cache, now: u64) -> Report {
    let urls: BTreeSet<&str> = urls.iter().map(String::as_str).collect();
    Checker::new(bounds).unwrap().check(&urls, cache, now, |_, _| {}).await
}

async fn verdict(bounds: Bounds, url: &str) -> Verdict {
    checked(bounds, &[url.to_owned()], &mut Cache::default(), NOON).await.verdicts[url].clone()
}

#[expect(clippy::match_same_arms, reason = "a table, in the order of what it is for")]
fn manners(method: &str, path: &str) -> Act {
    match (method, path) {
        (_, "/fine" | "/a" | "/b" | "/%E8%B3%87%E6%A0%BC") => Act::Say("200"),
        (_, "/late") => Act::SayLate(Duration::from_millis(200), "200"),
        (_, "/moved") => Act::Say("301\nlocation: {here}/fine"),
        (_, "/moved-308") => Act::Say("308\nlocation: /資格"),
        (_, "/moved-twice") => Act::Say("301\nlocation: /moved"),
        (_, "/moved-and-passing") => Act::Say("301\nlocation: /passing"),
        (_, "/moved-and-gone") => Act::Say("301\nlocation: /gone"),
        (_, "/passing") => Act::Say("302\nlocation: /fine"),
        (_, "/passing-and-moved") => Act::Say("307\nlocation: /moved"),
        (_, "/loop") => Act::Say("302\nlocation: /loop"),
        (_, "/to-inside") => Act::Say("302\nlocation: http://10.0.0.7/"),
        (_, "/to-inside-by-name") => Act::Say("301\nlocation: http://inside.test/"),
        (_, "/to-itself-in-six") => Act::Say("302\nlocation: http://[::ffff:7f00:1]/"),
        (_, "/to-mail") => Act::Say("302\nlocation: mailto:a@example.com"),
        (_, "/to-password") => Act::Say("302\nlocation: http://a:b@127.0.0.1/"),
        (_, "/to-nowhere") => Act::Say("302\nlocation: http://missing.test/"),
        (_, "/no-location") => Act::Say("302"),
        ("HEAD", "/no-head") => Act::Say("405"),
        ("HEAD", "/no-head-403") => Act::Say("403"),
        ("HEAD", "/no-head-404") => Act::Say("404"),
        ("HEAD", "/no-head-501") => Act::Say("501"),
        ("HEAD", "/head-hangs") => Act::Hang,
        ("HEAD", "/flood") => Act::Say("405"),
        ("GET", "/no-head" | "/no-head-403" | "/no-head-404" | "/no-head-501" | "/head-hangs") => Act::Say("200"),
        ("GET", "/flood") => Act::Flood,
        (_, "/gone") => Act::Say("410"),
        (_, "/forbidden" | "/rebinding") => Act::Say("403"),
        (_, "/too-many") => Act::Say("429"),
        (_, "/broken") => Act::Say("503"),
        (_, "/hangs") => Act::Hang,
        (_, "/endless-head") => Act::EndlessHead,
        _ => Act::Say("404"),
    }
}

#[tokio::test]
async fn each_behaviour_has_its_verdict() {
    let server = Server::start(manners);
    let here = |path: &str| server.url("127.0.0.1", path);
    let moved = |path: &str| Verdict::Moved { to: here(path) };
    let table: [(&str, Verdict, &str); 27] = [
        ("/fine", Verdict::Fine, "HEAD"),
        ("/fine#資格", Verdict::Fine, "HEAD"),
        ("/資格", Verdict::Fine, "HEAD"),
        ("/%E8%B3%87%E6%A0%BC", Verdict::Fine, "HEAD"),
        ("/late", Verdict::Fine, "HEAD"),
        ("/moved", moved("/fine"), "HEAD HEAD"),
        ("/moved#a", moved("/fine#a"), "HEAD HEAD"),
        ("/moved-308", moved("/%E8%B3%87%E6%A0%BC"), "HEAD HEAD"),
        ("/moved-twice", moved("/fine"), "HEAD HEAD HEAD"),
        ("/moved-and-passing", moved("/passing"), "HEAD HEAD HEAD"),
        ("/moved-and-gone", Verdict::Dead(Cause::Status(410)), "HEAD HEAD GET"),
        ("/passing", Verdict::Fine, "HEAD HEAD"),
        ("/passing-and-moved", Verdict::Fine, "HEAD HEAD HEAD"),
        ("/loop", Verdict::Unreachable(Cause::TooManyRedirects), &["HEAD"; 11].join(" ")),
        ("/to-inside", Verdict::Unreachable(Cause::NotPublic(INSIDE)), "HEAD"),
        ("/to-inside-by-name", Verdict::Unreachable(Cause::NotPublic(INSIDE)), "HEAD"),
        ("/to-itself-in-six", Verdict::Unreachable(Cause::NotPublic("::ffff:127.0.0.1".parse().unwrap())), "HEAD"),
        ("/to-mail", Verdict::Unreachable(Cause::BadAddress("mailto:a@example.com".into())), "HEAD"),
        ("/to-password", Verdict::Unreachable(Cause::BadAddress("http://a:b@127.0.0.1/".into())), "HEAD"),
        ("/no-location", Verdict::Unreachable(Cause::Status(302)), "HEAD GET"),
        ("/no-head", Verdict::Fine, "HEAD GET"),
        ("/no-head-403", Verdict::Fine, "HEAD GET"),
        ("/no-head-404", Verdict::Fine, "HEAD GET"),
        ("/no-head-501", Verdict::Fine, "HEAD GET"),
        ("/消えた", Verdict::Dead(Cause::Status(404)), "HEAD GET"),
        ("/forbidden", Verdict::Unreachable(Cause::Status(403)), "HEAD GET"),
        ("/too-many", Verdict::Unreachable(Cause::Status(429)), "HEAD"),
    ];
    for (path, expected, methods) in table {
        assert_eq!(verdict(bounds(), &here(path)).await, expected, "{path}");
        let asked: Vec<String> = server.requests().iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
        assert_eq!(asked.join(" "), methods, "{path}");
    }
}

#[tokio::test]
async fn what_does_not_answer_is_not_proven_dead() {
    let server = Server::start(manners);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let short = Bounds { patience: Duration::from_secs(1), ..bounds() };
    let here = |path: &str| server.url("127.0.0.1", path);
    assert_eq!(verdict(short, &here("/broken")).await, Verdict::Unreachable(Cause::Status(503)));
    assert_eq!(verdict(short, &here("/hangs")).await, Verdict::Unreachable(Cause::Timeout));
    assert_eq!(verdict(short, &here("/head-hangs")).await, Verdict::Fine);
    let unanswered = [
        format!("http://{closed}/refused"),
        format!("https://{}/no-tls", server.address),
        here("/endless-head"),
        "http://flaky.test/".to_owned(),
    ];
    for url in unanswered {
        let verdict = verdict(bounds(), &url).await;
        assert!(matches!(verdict, Verdict::Unreachable(Cause::NoAnswer(_))), "{url}: {verdict:?}");
    }
}

#[tokio::test]
async fn a_missing_host_is_dead_where_other_names_are_found() {
    let server = Server::start(manners);
    let missing = ["http://missing.test/".to_owned(), server.url("here.test", "/to-nowhere")];
    for url in &missing {
        let urls = [url.clone(), server.url("other.test", "/fine")];
        let report = checked(bounds(), &urls, &mut Cache::default(), NOON).await;
        assert_eq!(report.verdicts[url], Verdict::Dead(Cause::NoSuchHost), "{url}");
    }
    let nameless = Bounds { lookup: |_| lookup("missing.test"), ..bounds() };
    let mut cache = Cache::default();
    let report = checked(nameless, &missing, &mut cache, NOON).await;
    assert_eq!(report.count(|verdict| *verdict == Verdict::Unreachable(Cause::NoNames)), 2, "{report:?}");
    assert_eq!(cache, Cache::default(), "nothing was proven");
    // A link with an address for a name is no witness: nobody looks it up.
    let only_addresses = |host: &str| if host.parse::<IpAddr>().is_ok() { Ok(vec![HERE]) } else { lookup("missing.test") };
    let urls = [missing[0].clone(), server.url("127.0.0.1", "/fine")];
    let report = checked(Bounds { lookup: only_addresses, ..bounds() }, &urls, &mut cache, NOON).await;
    assert_eq!(report.verdicts[&missing[0]], Verdict::Unreachable(Cause::NoNames));
}

#[tokio::test]
async fn a_host_that_has_enough_is_left_alone_and_others_are_asked() {
    let server = Server::start(|_, path| Act::Say(if path == "/資格" || path.starts_with("/%") { "200" } else { "429" }));
    let mut urls: Vec<String> = (0..12).map(|page| server.url("busy.test", &format!("/{page}"))).collect();
    urls.push(server.url("other.test", "/資格"));
    let report = checked(bounds(), &urls, &mut Cache::default(), NOON).await;
    assert_eq!(report.count(|verdict| *verdict == Verdict::Unreachable(Cause::Status(429))), 12, "{report:?}");
    assert_eq!(report.verdicts[&urls[12]], Verdict::Fine);
    let asked = server.requests().iter().filter(|line| !line.contains('%')).count();
    assert!(asked <= 2, "one, and one that was under way with it: {asked}");
}

#[tokio::test]
async fn ports_of_other_services_are_not_knocked_at() {
    let server = Server::start(|_, _| Act::Say("302\nlocation: http://127.0.0.1:22/"));
    for url in [server.url("127.0.0.1", "/資格"), "http://127.0.0.1:25/".to_owned(), "https://127.0.0.1:853/".to_owned()] {
        let verdict = verdict(bounds(), &url).await;
        assert!(matches!(verdict, Verdict::Unreachable(Cause::BadAddress(_))), "{url}: {verdict:?}");
    }
}

#[tokio::test]
async fn nothing_but_judged_addresses_is_connected_to() {
    let server = Server::start(manners);
    let refused = |bounds: Bounds, url: String| async move {
        let verdict = verdict(bounds, &url).await;
        assert!(matches!(verdict, Verdict::Unreachable(Cause::NotPublic(_))), "{url}: {verdict:?}");
    };
    let port = server.address.port();
    for host in ["inside.test", "mixed.test", "[::1]", "127.0.0.2"] {
        refused(bounds(), server.url(host, "/fine")).await;
    }
    // As on the command line: this machine, however it is written.
    let public = Bounds { may_connect: is_public, ..bounds() };
    for host in ["127.0.0.1", "2130706433", "0x7f.1", "１２７.0.0.1", "0", "[::ffff:127.0.0.1]", "localhost", "病院.test"] {
        refused(public, format!("http://{host}:{port}/fine")).await;
    }
    assert_eq!(server.requests(), Vec::<String>::new());
    refused(bounds(), server.url("rebinding.test", "/rebinding")).await;
    assert_eq!(server.requests(), ["HEAD /rebinding"], "the second request is judged anew");
}

#[test]
fn only_the_open_internet_is_public() {
    let public = [
        "1.1.1.1",
        "99.255.255.255",
        "100.128.0.0",
        "172.32.0.1",
        "192.0.1.1",
        "203.0.114.1",
        "2606:4700::1",
        "2400::1",
        "64:ff9b::101:101",
    ];
    let closed = [
        "0.0.0.0",
        "0.1.2.3",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "168.63.129.16",
        "127.0.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:1.1.1.1",
        "::ffff:127.0.0.1",
        "::1.2.3.4",
        "fc00::1",
        "fd12::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2001::1",
        "2001:1ff::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1",
        "5f00::1",
    ];
    for (addresses, expected) in [(&public[..], true), (&closed[..], false)] {
        for address in addresses {
            assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
        }
    }
}

#[tokio::test]
async fn a_new_address_that_the_faq_cannot_hold_is_not_named() {
    let server = Server::start(manners);
    let https = Bounds { may_be_written: is_https, ..bounds() };
    assert_eq!(verdict(https, &server.url("127.0.0.1", "/moved")).await, Verdict::Fine);
}

#[tokio::test]
async fn of_a_huge_page_only_the_head_is_taken() {
    let server = Server::start(manners);
    assert_eq!(verdict(bounds(), &server.url("127.0.0.1", "/flood")).await, Verdict::Fine);
    let poured = server.floods.recv_timeout(Duration::from_secs(10)).unwrap();
    // What the system's buffers hold has left the server.
    assert!(poured < 40_000_000, "{poured} of 400 MB");
}

#[tokio::test]
async fn hosts_are_asked_gently_and_all_at_the_same_time() {
    let server = Server::start(|_, _| Act::SayLate(Duration::from_millis(150), "200"));
    let hosts: Vec<String> = (0..6).map(|nth| format!("host{nth}.test")).collect();
    let urls: Vec<String> = hosts.iter().flat_map(|host| (0..5).map(|page| server.url(host, &format!("/頁{page}")))).collect();
    let report = checked(bounds(), &urls, &mut Cache::default(), NOON).await;
    assert_eq!(report.count(|verdict| *verdict == Verdict::Fine), 30);
    for host in &hosts {
        assert_eq!(server.most_at_once(host), 2, "{host}");
    }
    assert!((5..=8).contains(&server.most_at_once("")), "{}", server.most_at_once(""));
}

#[tokio::test]
async fn a_host_that_does_not_answer_is_left_alone() {
    let server = Server::start(|_, path| if path == "/fine" { Act::Say("200") } else { Act::Hang });
    let mut urls: Vec<String> = (0..12).map(|page| server.url("silent.test", &format!("/{page}"))).collect();
    urls.push(server.url("other.test", "/fine"));
    let short = Bounds { patience: Duration::from_millis(600), ..bounds() };
    let report = checked(short, &urls, &mut Cache::default(), NOON).await;
    let (timeouts, silent) = (Verdict::Unreachable(Cause::Timeout), Verdict::Unreachable(Cause::Silent));
    assert_eq!(report.count(|verdict| *verdict == timeouts || *verdict == silent), 12, "{report:?}");
    assert_eq!(report.verdicts[&urls[12]], Verdict::Fine);
    // Four, and one that was under way with the fourth.
    assert!(server.requests().len() <= 4 + 1 + 1, "and the page of the other host");
}

#[tokio::test]
async fn what_is_settled_is_asked_again_after_a_day() {
    let server = Server::start(manners);
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("新しい").join("data");
    let urls: Vec<String> = ["/資格", "/moved", "/gone", "/broken"].iter().map(|path| server.url("127.0.0.1", path)).collect();
    let again = async |now: u64| {
        let mut cache = Cache::read(&data);
        let report = checked(bounds(), &urls, &mut cache, now).await;
        cache.write(&data, now).unwrap();
        let broken = server.requests().iter().filter(|line| line.ends_with("/broken")).count();
        (report.from_cache, broken, report.verdicts)
    };
    let (from_cache, _, first) = again(NOON).await;
    assert_eq!(from_cache, 0);
    let (from_cache, _, second) = again(NOON + DAY - 1).await;
    assert_eq!((from_cache, &second), (3, &first));
    assert_eq!(fs::read_dir(&data).unwrap().count(), 1, "no unfinished file is left");
    // Reusing did not make it younger; and a clock that went back knows nothing.
    assert_eq!(again(NOON + DAY).await.0, 0);
    assert_eq!(again(NOON).await.0, 0);
    let file = data.join(Cache::FILE);
    let whole = fs::read_to_string(&file).unwrap();
    assert_eq!(again(NOON).await.0, 3);
    let half: String = whole.chars().take(whole.chars().count() / 2).collect();
    for unusable in ["", "[]", "資格", &half, &whole.replace("\"version\":1", "\"version\":2")] {
        fs::write(&file, unusable).unwrap();
        assert_eq!(again(NOON).await, (0, 2, first.clone()), "{unusable}");
    }
}

#[tokio::test]
async fn what_is_known_costs_no_request_and_progress_counts_the_rest() {
    let server = Server::start(manners);
    let urls = [server.url("127.0.0.1", "/a"), server.url("127.0.0.1", "/b")];
    let mut cache = Cache::default();
    checked(bounds(), &urls[..1], &mut cache, NOON).await;
    assert_eq!(server.requests(), ["HEAD /a"]);
    let steps = std::cell::RefCell::new(Vec::new());
    let both: BTreeSet<&str> = urls.iter().map(String::as_str).collect();
    let checker = Checker::new(bounds()).unwrap();
    let report = checker.check(&both, &mut cache, NOON + 1, |done, all| steps.borrow_mut().push((done, all))).await;
    assert_eq!((server.requests(), report.from_cache), (vec!["HEAD /b".to_owned()], 1));
    assert_eq!(steps.into_inner(), [(0, 1), (1, 1)]);
}

#[test]
fn verdicts_are_told_in_both_languages() {
    let causes = [
        Cause::Status(404),
        Cause::Status(503),
        Cause::Status(429),
        Cause::NoSuchHost,
        Cause::NoNames,
        Cause::Timeout,
        Cause::NoAnswer("TLS".into()),
        Cause::Silent,
        Cause::NotPublic(INSIDE),
        Cause::TooManyRedirects,
        Cause::BadAddress("mailto:a@b".into()),
    ];
    let mut told = String::new();
    for verdict in [Verdict::Moved { to: "https://b.example/資格".into() }].into_iter().chain(causes.map(Cause::verdict)) {
        for lang in Lang::ALL {
            writeln!(told, "{} / {}", verdict.message("https://a.example/", lang), verdict.remedy(lang)).unwrap();
        }
    }
    insta::assert_snapshot!("link_verdicts", told);
}

#[test]
fn a_proxy_in_the_environment_is_not_asked() {
    let proxy = Server::start(manners);
    let address = format!("http://{}", proxy.address);
    // The environment belongs to the process: another one does that test again.
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "links::a_new_address_that_the_faq_cannot_hold_is_not_named"])
        .envs(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"].map(|name| (name, &address)))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    assert!(output.status.success() && stdout(&output).contains("1 passed"), "{}", stdout(&output));
    assert_eq!(proxy.requests(), Vec::<String>::new());
}

/// The exit code and the output of `check --links`, in which the server's port is `PORT`.
fn check_links(folder: &Path, server: &Server, arguments: &[&str]) -> (Option<i32>, String) {
    let output = run(folder, &[&["check", "--links", "faq"], arguments].concat(), "");
    assert_eq!(stderr(&output), "", "no bar where nobody looks on");
    (output.status.code(), stdout(&output).replace(&server.address.port().to_string(), "PORT"))
}

#[test]
fn where_nothing_is_reached_it_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("faq")).unwrap();
    // No name is so long: the system says so without asking anybody.
    let host = "あ".repeat(70);
    let text = format!(
        "format: 1\ntopic: t\ntitle: t\nentries:\n  - id: night\n    question: 夜勤はある？\n    answer: あります。\n    \
         links:\n      - {{title: 資格, url: \"https://{host}.example/a\"}}\n      - {{title: 夜, url: \"https://{host}.example/b\"}}\n"
    );
    fs::write(folder.path().join("faq/t.yaml"), text).unwrap();
    for (lang, once) in
        [("ja", "どのリンクのサーバーからも返事がありません。"), ("en", "no link's server answers: is there a network?")]
    {
        let output = run(folder.path(), &["check", "--links", "--lang", lang], "");
        let report = stdout(&output);
        let report = report.rsplit_once("\n\n").unwrap().1;
        assert_eq!(output.status.code(), Some(0));
        assert!(report.lines().count() == 2 && report.lines().nth(1).unwrap().starts_with(once), "{report}");
    }
    let json = stdout(&run(folder.path(), &["check", "--links", "--format", "json"], ""));
    assert_eq!(json.matches("link-unreachable").count(), 2, "{json}");
}

#[test]
fn the_command_shows_findings_where_they_stand_and_fails_for_dead_links_only() {
    let server = Server::start(manners);
    let folder = tempfile::tempdir().unwrap();
    let (path, port) = (folder.path(), server.address.port());
    fs::create_dir(path.join("faq")).unwrap();
    fs::create_dir(path.join("data")).unwrap();
    let text = format!(
        "format: 1\ntopic: t\ntitle: t\nentries:\n  - id: night\n    question: {{ja: 夜勤はある？, en: Are there night shifts?}}\n    answer: {{ja: あります。, en: Yes.}}\n    \
         links:\n      - {{title: 資格, url: \"https://127.0.0.1:{port}/資格\"}}\n      - title: メタデータ\n        url: https://169.254.169.254/latest\n      \
         - {{title: 前の, url: https://old.example/資格}}\n      - title: なし\n        url: https://gone.example/\n  \
         - id: care\n    kind: care\n    question: {{ja: つらい, en: It hurts}}\n    patterns: [つらい, it hurts]\n    answer: {{ja: 聴きます。, en: We listen.}}\n    \
         links:\n      - {{title: 前の, url: https://old.example/資格}}\n"
    );
    fs::write(path.join("faq/t.yaml"), text).unwrap();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let mut cache = Cache::default();
    cache.put("https://old.example/資格", &Verdict::Moved { to: "https://new.example/資格".into() }, now);
    cache.put("https://gone.example/", &Verdict::Fine, now);
    cache.write(&path.join("data"), now).unwrap();
    let (code, japanese) = check_links(path, &server, &[]);
    assert_eq!(code, Some(0), "moved and unreachable links break nothing: {japanese}");
    let mut cache = Cache::read(&path.join("data"));
    cache.put("https://gone.example/", &Verdict::Dead(Cause::Status(404)), now);
    cache.write(&path.join("data"), now).unwrap();
    let (code, english) = check_links(path, &server, &["--lang", "en"]);
    assert_eq!(code, Some(1), "{english}");
    let (code, json) = check_links(path, &server, &["--format", "json"]);
    assert_eq!(code, Some(1), "{json}");
    for line in json.lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).unwrap().is_object());
    }
    assert_eq!(server.requests(), Vec::<String>::new(), "nobody inside is asked");
    insta::assert_snapshot!("check_links", format!("{japanese}\n{english}\n{json}"));
    // Where nothing can be kept: without the names, so that nobody outside is asked.
    let text = fs::read_to_string(path.join("faq/t.yaml")).unwrap();
    let addresses = text.replace("old.example", "10.0.0.7").replace("gone.example", "10.0.0.8");
    fs::write(path.join("faq/t.yaml"), addresses).unwrap();
    fs::remove_dir_all(path.join("data")).unwrap();
    fs::write(path.join("data"), "no folder").unwrap();
    let output = run(path, &["check", "--links", "faq"], "");
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert!(stderr(&output).contains("に書けません"), "{}", stderr(&output));
}
