//! The program itself against the stand-in, as its operator sees it: tokens, close codes, exit codes, signals, the doctor.

use std::fs::{self, File};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use regex::Regex;
use serde_json::json;
use standin::{Failure, Matcher, Standin, permissions};
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Longer than anything here takes, also on a busy machine.
const LIMIT: Duration = Duration::from_secs(90);
/// In the form of a token, but not the one.
const WRONG: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB";

/// A folder with settings that point at a stand-in, and a small FAQ.
pub fn folder(discord: &Standin, more: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let server =
        format!("test_server = {{ address = \"{}\", ca_file = \"{}\" }}", discord.address(), discord.ca_file().display());
    let server = if more.contains("test_server") { String::new() } else { server };
    fs::write(folder.path().join("config.toml"), format!("data_folder = \"data\"\n[discord]\n{more}\n{server}\n")).unwrap();
    let faq = folder.path().join("small");
    fs::create_dir(&faq).unwrap();
    fs::write(faq.join("nights.yaml"), include_str!("nights.yaml")).unwrap();
    fs::write(faq.join("qualifications.yaml"), include_str!("qualifications.yaml")).unwrap();
    folder
}

/// The program, running: this build, or the one that `MEDSE_PROGRAM` names, to measure another.
pub struct Program {
    folder: Arc<TempDir>,
    pub child: Child,
    began: Instant,
}

/// How it ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    after: Duration,
    out: String,
    pub err: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        // One that has ended cannot be killed; one that a failed test leaves behind must be.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    pub fn start(folder: impl Into<Arc<TempDir>>, token: Option<&str>, arguments: &[&str], log: Option<&str>) -> Program {
        let folder = folder.into();
        let file = |name: &str| File::create(folder.path().join(name)).unwrap();
        let program = std::env::var_os("MEDSE_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_medse-bot").into());
        let mut command = Command::new(program);
        command.args(["--faq", "small"]).args(arguments).current_dir(folder.path());
        for variable in ["DISCORD_TOKEN", "RUST_LOG", "RUST_BACKTRACE", "NO_COLOR"] {
            command.env_remove(variable);
        }
        command.envs(token.map(|token| ("DISCORD_TOKEN", token))).envs(log.map(|log| ("RUST_LOG", log)));
        let child = command.stdin(Stdio::null()).stdout(file("out")).stderr(file("err")).spawn().unwrap();
        Program { folder, child, began: Instant::now() }
    }

    /// `run` with the right token.
    fn run(discord: &Standin) -> Program {
        Program::start(folder(discord, ""), Some(&discord.token()), &["run"], None)
    }

    pub fn said(&self, stream: &str) -> String {
        fs::read_to_string(self.folder.path().join(stream)).unwrap()
    }

    /// Asks it to stop, as a supervisor does.
    pub fn terminate(&self) {
        let killed = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(killed.success());
    }

    pub async fn ended(mut self) -> Ended {
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                let (out, err) = (self.said("out"), self.said("err"));
                return Ended { code: status.code(), after: self.began.elapsed(), out, err };
            }
            assert!(self.began.elapsed() < LIMIT, "still running: {}", self.said("err"));
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Until it has logged something.
    pub async fn logs(&self, text: &str) {
        while !self.said("err").contains(text) {
            assert!(self.began.elapsed() < LIMIT, "no «{text}» in: {}", self.said("err"));
            sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Ended {
    /// The last thing it said is this sentence, and nothing that no operator should see was said before.
    #[track_caller]
    fn is(&self, code: i32, sentence: &str) {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert_eq!(self.err.lines().last(), Some(format!("medse-bot: {sentence}").as_str()), "{self:?}");
        for word in ["panicked", "backtrace", "RUST_BACKTRACE"] {
            assert!(!self.err.contains(word), "{self:?}");
        }
    }

    #[track_caller]
    fn keeps_to_itself(&self, secret: &str) {
        assert!(!self.out.contains(secret) && !self.err.contains(secret), "the token was shown");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_keeps_the_bot_from_starting_is_one_sentence() {
    struct Case {
        token: Option<&'static str>,
        settings: &'static str,
        ja: &'static str,
        en: &'static str,
    }
    let discord = Standin::start().await;
    let none = "No such file or directory (os error 2)";
    let table = [
        Case {
            token: None,
            settings: "",
            ja: "トークンがありません。環境変数 DISCORD_TOKEN か、設定の discord.token_file に書いたファイルに入れてください。",
            en: "there is no token; put it into the environment variable DISCORD_TOKEN or the file named by discord.token_file",
        },
        Case {
            token: Some("0123456789abcdef0123456789ABCDEF"),
            settings: "",
            ja: "これはトークンの形ではありません。ポータルの Bot ページの「Reset Token」で出る、点で3つに分かれた文字列です（Client Secret や Public Key ではありません）。",
            en: "this is not the form of a token: it is the text in three parts that \"Reset Token\" shows on the portal's Bot page (not the client secret or the public key)",
        },
        Case {
            token: Some(WRONG),
            settings: "",
            ja: "Discordがトークンを受け付けませんでした。ポータルの Bot ページで「Reset Token」をして、新しいトークンを入れてください。再起動はしません。",
            en: "Discord refused the token. Press \"Reset Token\" on the portal's Bot page and use the new one. Not restarting.",
        },
        Case {
            token: None,
            settings: "token_file = \"鍵.txt\"",
            ja: "トークンのファイル「鍵.txt」を読めません：ありません（{none}）",
            en: "the token file 鍵.txt cannot be read: it is not there ({none})",
        },
        Case {
            token: Some(WRONG),
            settings: "test_server = { address = \"127.0.0.1:9\", ca_file = \"証明書.pem\" }",
            ja: "discord.test_server.ca_file 証明書.pem is no certificate that can be used: ありません（{none}）",
            en: "discord.test_server.ca_file 証明書.pem is no certificate that can be used: it is not there ({none})",
        },
        Case {
            token: Some(WRONG),
            settings: "test_server = { address = \"192.0.2.1:443\", ca_file = \"証明書.pem\" }",
            ja: "config.toml:3:1: 「{line}」：discord.test_server.address は、この機械のアドレス（127.0.0.1 など）だけです。",
            en: "config.toml:3:1: `{line}`: discord.test_server.address must be an address of this machine, such as 127.0.0.1",
        },
    ];
    for Case { token, settings, ja, en } in table {
        for (arguments, sentence) in [(&["run"][..], ja), (&["run", "--lang", "en"], en)] {
            let sentence = sentence.replace("{none}", none).replace("{line}", settings);
            for log in [None, Some("debug")] {
                let ended = Program::start(folder(&discord, settings), token, arguments, log).ended().await;
                ended.is(2, &sentence);
                ended.keeps_to_itself(token.unwrap_or(WRONG));
                assert!(log.is_some() || ended.err.lines().count() == 1, "{ended:?}");
                assert_eq!(ended.out, "");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_taken_as_people_paste_it_and_never_shown() {
    let discord = Standin::start().await;
    let token = discord.token();
    let pasted = [format!("\"{token}\""), format!(" Bot {token}\n"), format!("'Bot {token}'")];
    for (token_given, log) in pasted.iter().zip(["info", "debug", "trace"]) {
        let program = Program::start(folder(&discord, ""), Some(token_given), &["run"], Some(log));
        program.logs("commands registered").await;
        let aoi = discord.member("葵");
        aoi.says(discord.general(), &format!("<@{}> 夜勤はありますか", discord.bot_id())).await;
        discord.next_message(discord.general()).await;
        // What everybody on the machine may read of it.
        let listed = fs::read_to_string(format!("/proc/{}/cmdline", program.child.id())).unwrap_or_default();
        program.terminate();
        let ended = program.ended().await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
        ended.keeps_to_itself(&token);
        assert!(!listed.contains(&token), "the token stands in the process list");
        assert!(!ended.err.contains("夜勤はありますか"), "a question was logged: {}", ended.err);
    }
    // The same from a file, begun as some editors do.
    let folder = folder(&discord, "token_file = \"token.txt\"");
    fs::write(folder.path().join("token.txt"), format!("\u{feff}{token}\r\n")).unwrap();
    let program = Program::start(folder, None, &[], None);
    program.logs("connected").await;
    program.terminate();
    assert_eq!(program.ended().await.code, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_discord_that_fails_at_the_start_is_asked_four_times() {
    let failing = |times| async move {
        let discord = Standin::start().await;
        discord.rest().fail(Matcher::new("GET", "/gateway/bot"), Failure::Status(500), times);
        discord
    };
    let (always, twice) = (failing(1_000).await, failing(2).await);
    let (gone, back) = (Program::run(&always), Program::run(&twice));
    back.logs("commands registered").await;
    back.terminate();
    assert_eq!(back.ended().await.code, Some(0));
    let gone = gone.ended().await;
    assert_eq!(gone.code, Some(3), "{gone:?}");
    let last = gone.err.lines().last().unwrap();
    assert!(last.starts_with("medse-bot: Discordから返事がありません（4回）。ネットワーク"), "{last}");
    assert!(gone.after < Duration::from_secs(25), "{:?}", gone.after);
    assert_eq!(always.gateway().identifies().len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_starts_left_today_is_said_before_one_is_used() {
    let discord = Standin::start().await;
    discord.gateway().session_limit(0);
    let ended = Program::run(&discord).ended().await;
    ended.is(3, "今日つなげる回数を使い切りました。あと240分待ってください。");
    let ended = Program::start(folder(&discord, ""), Some(&discord.token()), &["run", "--lang", "en"], None).ended().await;
    ended.is(3, "today's starts are used up; wait 240 minutes");
    assert_eq!(discord.gateway().identifies().len(), 0);
}

/// What becomes of the program when every IDENTIFY is answered with this close code.
async fn closed_at_the_door(code: u16) -> (u16, Ended, usize) {
    let discord = Standin::start().await;
    // Serenity takes no notice of 4003, 4010 and 4011 until a heartbeat fails; in Discord that is 41 s.
    discord.gateway().heartbeat_interval(Duration::from_secs(1));
    discord.gateway().close_on_identify(code);
    let ended = Program::run(&discord).ended().await;
    (code, ended, discord.gateway().identifies().len())
}

async fn every_close_code() -> Vec<(u16, Ended, usize)> {
    let mut cases = JoinSet::new();
    for code in 4000..=4014 {
        cases.spawn(closed_at_the_door(code));
    }
    let mut ended = cases.join_all().await;
    ended.sort_by_key(|(code, ..)| *code);
    for (code, ended, identifies) in &ended {
        let last = ended.err.lines().last().unwrap_or_default();
        println!("{code} | {} | {:.1} s | {identifies} | {last}", ended.code.unwrap_or(-1), ended.after.as_secs_f32());
    }
    ended
}

const NEVER_READY: &str = "つなごうとしましたが、Discordに入れませんでした。起動し直すと直ることがあります。";

/// With Discord's own heartbeat of 41 s serenity spins after this close, and the clocks of the whole program once stood still.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_close_that_makes_the_library_spin_ends_the_program_too() {
    let discord = Standin::start().await;
    discord.gateway().close_on_identify(4003);
    let ended = Program::run(&discord).ended().await;
    ended.is(3, "60秒たってもつながりません。起動し直すと直ることがあります。");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_close_code_at_the_door_ends_the_program() {
    for (code, ended, identifies) in every_close_code().await {
        match code {
            4004 => ended.is(2, "Discordがトークンを受け付けませんでした。ポータルの Bot ページで「Reset Token」をして、新しいトークンを入れてください。再起動はしません。"),
            4013 => ended.is(2, "Discordが Intent を知らないと言っています（4013）。ボットを新しい版にしてください。再起動はしません。"),
            4014 => ended.is(2, "Message Content Intent がオフのため、Discordに断られました（4014）。ポータルの Bot ページでオンにするか、watched_channels を空にしてください。再起動はしません。"),
            _ => ended.is(3, NEVER_READY),
        }
        assert!(identifies <= 5, "{code}: {identifies} sessions asked for");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asked_to_stop_the_program_ends_in_order() {
    let discord = Standin::start().await;
    let program = Program::run(&discord);
    program.logs("commands registered").await;
    discord.rest().delay_all(Duration::from_secs(2));
    discord.member("葵").says(discord.general(), &format!("<@{}> 資格は必須ですか", discord.bot_id())).await;
    sleep(Duration::from_millis(700)).await;
    let asked = Instant::now();
    program.terminate();
    let ended = program.ended().await;
    assert_eq!((ended.code, ended.out.as_str()), (Some(0), ""), "{ended:?}");
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    let answer = discord.next_message_or_none(discord.general(), Duration::ZERO).await;
    assert!(answer.is_some_and(|answer| answer.text.contains("法律上は")), "the answer under way did not come");
    assert!(ended.err.contains("drained=true"), "{}", ended.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_starts_wait_and_a_waiting_start_can_be_stopped() {
    let discord = Standin::start().await;
    let folder = folder(&discord, "");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let starts: Vec<String> = (0..6).map(|nth| (now - 60 * nth).to_string()).collect();
    fs::create_dir(folder.path().join("data")).unwrap();
    fs::write(folder.path().join("data/starts.txt"), starts.join("\n")).unwrap();
    let program = Program::start(folder, Some(&discord.token()), &["run"], None);
    program.logs("many starts within the hour").await;
    let asked = Instant::now();
    program.terminate();
    let ended = program.ended().await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    assert!(discord.calls().is_empty(), "it asked Discord before its time");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_command_the_token_decides_where_the_bot_talks() {
    let discord = Standin::start().await;
    let program = Program::start(folder(&discord, ""), Some(&discord.token()), &[], None);
    program.logs("connected").await;
    program.terminate();
    assert_eq!(program.ended().await.code, Some(0));
    let folder = folder(&discord, "");
    let output = crate::support::run(folder.path(), &["--faq", "small"], "夜勤はありますか\n");
    let said = crate::support::stdout(&output);
    assert!(output.status.success() && said.contains("電話を受ける"), "{said}");
    assert_eq!(discord.gateway().identifies().len(), 1);
}

/// What the doctor says in a world that `prepare` has made: the settings it returns are `[discord]`'s, and then moderators' roles.
/// Numbers that are new each time are left out.
async fn examined<P: FnOnce(&Standin) -> (String, Vec<u64>)>(title: &str, lang: &str, token: Option<&str>, prepare: P) -> String {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d{17,20}").unwrap());
    let discord = Standin::start().await;
    let (settings, roles) = prepare(&discord);
    let folder = folder(&discord, &settings);
    let config = folder.path().join("config.toml");
    let config_text = fs::read_to_string(&config).unwrap();
    fs::write(&config, format!("{config_text}[moderation]\nroles = {roles:?}\n")).unwrap();
    let token = token.map_or_else(|| discord.token(), str::to_owned);
    let ended = Program::start(folder, Some(&token), &["doctor", "--lang", lang], None).ended().await;
    ended.keeps_to_itself(&token);
    let said = format!("== {title}\n{}{}→ {}\n", ended.out, ended.err, ended.code.unwrap_or(-1));
    NUMBER.replace_all(&said, "[id]").into_owned()
}

async fn all_examined(lang: &str) -> String {
    type Prepare = fn(&Standin) -> (String, Vec<u64>);
    fn owned(discord: &Standin) -> (String, Vec<u64>) {
        discord.set_portal(json!({"bot_public": false}));
        (format!("help_channel = {}", discord.help()), Vec::new())
    }
    fn watching(discord: &Standin, channel: u64) -> (String, Vec<u64>) {
        let (settings, roles) = owned(discord);
        (format!("{settings}\nlog_channel = {}\nwatched_channels = [{channel}]", discord.general()), roles)
    }
    let worlds: [(&str, Prepare); 16] = [
        ("all is well", owned),
        ("anybody can add it", |discord| (format!("help_channel = {}", discord.help()), Vec::new())),
        ("permissions lack", |discord| {
            discord.set_bot_role_permissions(permissions::VIEW_CHANNEL | permissions::SEND_MESSAGES);
            owned(discord)
        }),
        ("the help channel is unknown", |discord| {
            owned(discord);
            (format!("help_channel = {}", discord.help() + 1_000_000), Vec::new())
        }),
        ("the log channel is for reading only, the help channel hidden", |discord| {
            discord.set_bot_permissions(discord.general(), permissions::ORDINARY & !permissions::SEND_MESSAGES);
            discord.set_bot_permissions(discord.help(), 0);
            (format!("{}\nlog_channel = {}", owned(discord).0, discord.general()), Vec::new())
        }),
        ("moderators are told in a thread", |discord| {
            let thread = discord.add_thread(discord.general(), "FAQ係");
            discord.set_bot_permissions(discord.general(), permissions::ORDINARY & !permissions::SEND_MESSAGES_IN_THREADS);
            (format!("{}\nlog_channel = {thread}", owned(discord).0), Vec::new())
        }),
        ("a forum needs less", |discord| {
            discord.enable_message_content(true);
            let forum = discord.add_forum(discord.guild(), "質問箱");
            discord
                .set_bot_permissions(forum, permissions::ORDINARY & !(permissions::SEND_MESSAGES | permissions::ADD_REACTIONS));
            watching(discord, forum)
        }),
        ("interactions go elsewhere", |discord| {
            discord.set_portal(json!({"interactions_endpoint_url": "https://example.com/interactions"}));
            owned(discord)
        }),
        ("few starts are left", |discord| {
            discord.gateway().session_limit(3);
            owned(discord)
        }),
        ("a channel is to be watched, and texts are withheld", |discord| watching(discord, discord.help())),
        ("a channel is watched", |discord| {
            discord.enable_message_content(true);
            watching(discord, discord.help())
        }),
        ("intents are on for nothing", |discord| {
            let settings = owned(discord);
            discord.set_portal(json!({"flags": 1 << 12 | 1 << 15 | 1 << 18}));
            settings
        }),
        ("a role of moderators is there, another is not", |discord| {
            let role = discord.add_role("FAQ係");
            (owned(discord).0, vec![role, role + 1_000_000])
        }),
        ("home is elsewhere", |discord| {
            (format!("{}\nhome_guild = {}", owned(discord).0, discord.guild() + 1_000_000), Vec::new())
        }),
        ("several servers, and none is home", |discord| {
            discord.add_guild("病院SEの会", "ja");
            owned(discord)
        }),
        ("it is in no server", |discord| {
            discord.set_portal(json!({"bot_public": false}));
            discord.remove_bot(discord.guild());
            (String::new(), Vec::new())
        }),
    ];
    let mut said = String::new();
    for (title, prepare) in worlds {
        said += &examined(title, lang, None, prepare).await;
    }
    said + &examined("the token is refused", lang, Some(WRONG), owned).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_says_what_is_wrong_ja() {
    insta::assert_snapshot!(all_examined("ja").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_says_what_is_wrong_en() {
    insta::assert_snapshot!(all_examined("en").await);
}
