//! The token as people paste it, and the settings of the bot in Discord.

use std::num::NonZero;

use medse_bot::settings::{Settings, Token, TokenError};

use crate::support::{run, stderr, stdout};

/// The form of a token, and nobody's.
const SOUND: &str = "MTExMTExMTExMTExMTExMTEx.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789-_";

#[test]
fn a_token_is_read_as_people_paste_it() {
    let table = [
        SOUND.to_owned(),
        format!("  {SOUND}\n"),
        format!("{SOUND}\r\n"),
        format!("\t{SOUND}\u{3000}"),
        format!("\"{SOUND}\""),
        format!("'{SOUND}'"),
        format!(" \" {SOUND} \" "),
        format!("Bot {SOUND}"),
        format!("Bot   {SOUND}"),
        format!("\"Bot {SOUND}\"\n"),
        format!("\u{feff}{SOUND}\n"),
    ];
    let padded = SOUND.replace('.', "==.");
    assert!(Token::parse(&padded).is_ok_and(|token| token.expose() == padded));
    for text in table {
        assert_eq!(Token::parse(&text).map(|token| token.expose().to_owned()).ok().as_deref(), Some(SOUND), "{text:?}");
    }
}

#[test]
fn what_has_not_the_form_of_a_token_is_refused() {
    let (first, rest) = SOUND.split_once('.').unwrap();
    let wide: String = SOUND.chars().map(|c| if c == 'M' { 'Ｍ' } else { c }).collect();
    let table = [
        "Bot ".to_owned(),
        "token".to_owned(),
        "トークンをここに".to_owned(),
        "a.b.c".to_owned(),
        SOUND.chars().take(49).collect(),
        format!("{first}{rest}"),
        format!("{SOUND}.more"),
        SOUND.replace('.', ".."),
        SOUND.replace('.', "．"),
        format!("{first}..{}", "a".repeat(60)),
        format!(".{first}.{rest}"),
        format!("{SOUND} {SOUND}"),
        format!("{first}\n.{rest}"),
        format!("{SOUND}夜"),
        format!("「{SOUND}」"),
        format!("DISCORD_TOKEN={SOUND}"),
        wide,
    ];
    for text in table {
        let error = Token::parse(&text).expect_err(&text);
        assert!(matches!(error, TokenError::Malformed), "{text:?}: {error:?}");
        assert_eq!(error.to_string(), "not the form of a token", "the error does not repeat what was pasted");
    }
    for nothing in ["", "\u{3000}\n", "\"\""] {
        assert!(matches!(Token::parse(nothing), Err(TokenError::Missing)), "{nothing:?}");
    }
}

#[test]
fn a_token_where_it_does_not_belong_is_not_repeated() {
    for text in
        [format!("[discord]\ntokn = \"{SOUND}\"\n"), format!("夜勤 = \"{SOUND}\"\n"), format!("[discord]\ntoken = \"{SOUND}\"\n")]
    {
        let error = Settings::parse(&text, "設定.toml").unwrap_err().to_string();
        assert!(!error.contains(SOUND.split('.').next_back().unwrap()), "{error}");
    }
    let folder = tempfile::tempdir().unwrap();
    let secret = SOUND.split('.').next_back().unwrap();
    for (settings, arguments) in [
        ("[discord]\ntoken_file = \"", &["run"][..]),
        ("# \"", &["run", SOUND]),
        ("# \"", &["--token", SOUND]),
        ("# \"", &["ask", "--jsn", SOUND]),
    ] {
        std::fs::write(folder.path().join("config.toml"), format!("{settings}{SOUND}\"\n")).unwrap();
        let output = run(folder.path(), arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!stderr(&output).contains(secret) && !stdout(&output).contains(secret), "{}", stderr(&output));
    }
}

#[test]
fn a_token_is_never_shown() {
    let token = Token::parse(SOUND).unwrap();
    assert_eq!(format!("{token:?} {:?} {:#?}", Some(&token), (&token, 1)), "*** Some(***) (\n    ***,\n    1,\n)");
}

#[test]
fn settings_of_discord_out_of_bounds_are_told_with_a_suggestion() {
    let this_machine = "discord.test_server.address は、この機械のアドレス（127.0.0.1 など）だけです。";
    let server = "「test_server = { address = \"127.0.0.1:8443\", ca_file = \"ca.pem\" }」のように書いてください。";
    let table = [
        ("rest_per_second = 0", "discord.rest_per_second は 1 から 50 までです。"),
        ("rest_per_second = 51", "discord.rest_per_second は 1 から 50 までです。"),
        ("rest_per_second = -1", "「rest_per_second = 50」のように書いてください。"),
        ("rest_per_second = \"五\"", "「rest_per_second = 50」のように書いてください。"),
        ("watch_wait = 601", "discord.watch_wait は 0 から 600 までです。"),
        ("help_channel = 0", "「help_channel = 123456789012345678」のように書いてください。"),
        ("help_channel = \"相談\"", "「help_channel = 123456789012345678」のように書いてください。"),
        ("help_chanel = 1", "「help_channel」ですか？"),
        ("ignored_role = [1]", "「ignored_roles」ですか？"),
        ("ignored_roles = 1", "「ignored_roles = [123456789012345678]」のように書いてください。"),
        ("token = \"x\"", "トークンはこのファイルに書きません。"),
        ("tokenfile = \"x\"", "「token_file」ですか？"),
        ("test_server = { address = \"192.0.2.1:443\", ca_file = \"x\" }", this_machine),
        ("test_server = { address = \"0.0.0.0:443\", ca_file = \"x\" }", this_machine),
        ("test_server = { address = \"[2001:db8::1]:443\", ca_file = \"x\" }", this_machine),
        ("test_server = { address = \"localhost:443\", ca_file = \"x\" }", server),
        ("test_server = { address = \"127.0.0.1:443\" }", server),
        ("test_server = { address = \"127.0.0.1:443\", ca_file = \"x\", cafile = \"y\" }", "「ca_file」ですか？"),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (line, expected) in table {
        std::fs::write(folder.path().join("設定.toml"), format!("[discord]\n{line}\n")).unwrap();
        let output = run(folder.path(), &["--config", "設定.toml", "ask", "x"], "");
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{line}");
        assert!(said.starts_with("medse-bot: 設定.toml:2:") && said.contains(expected), "{line}: {said}");
    }
}

#[test]
fn settings_of_discord_within_bounds_are_taken() {
    for (line, expected) in [("rest_per_second = 1", 1), ("rest_per_second = 50", 50), ("", 50)] {
        assert_eq!(Settings::parse(&format!("[discord]\n{line}\n"), "x").unwrap().discord.rest_per_second, expected);
    }
    let text = r#"
        [discord]
        token_file = "鍵/トークン.txt"
        help_channel = 1329000000000000001
        ignored_roles = [1, 9223372036854775807]
        test_server = { address = "[::1]:8443", ca_file = "root.pem" }
    "#;
    let discord = Settings::parse(text, "x").unwrap().discord;
    assert_eq!(discord.token_file.unwrap().to_str(), Some("鍵/トークン.txt"));
    assert_eq!(discord.help_channel.map(NonZero::get), Some(1_329_000_000_000_000_001));
    assert_eq!(discord.ignored_roles, [1, 9_223_372_036_854_775_807]);
    assert!(discord.test_server.unwrap().address.ip().is_loopback());
}
