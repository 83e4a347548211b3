//! What is said about settings that cannot be used: where, the line, what is wrong with it and what could stand there, all in one line. What
//! is wrong is found by [`crate::settings`].

use super::say;
use crate::faq::{Lang, shortened, system_words};
use crate::settings::{FORMAT, Fault, SettingsError, TOKEN_VARIABLE};

/// In the language of the command line, else in the file's, else in Japanese.
pub fn settings(error: &SettingsError, lang: Option<Lang>) -> String {
    match error {
        SettingsError::Unreadable { path, source } => {
            let lang = lang.unwrap_or_default();
            let cause = system_words(&source.to_string(), lang);
            let ja = format!("設定ファイル「{path}」を読めません：{cause}。場所と名前を確かめてください。");
            say(lang, ja, format!("the settings file `{path}` cannot be read: {cause}; check its place and name"))
        }
        SettingsError::Invalid { path, line, column, text, fault, lang: of_file } => {
            let lang = lang.or(*of_file).unwrap_or_default();
            let (sentence, text) = (sentence(fault, lang), shortened(text.trim()));
            match line {
                0 => format!("{path}: {sentence}"),
                _ => say(
                    lang,
                    format!("{path}:{line}:{column}: 「{text}」：{sentence}"),
                    format!("{path}:{line}:{column}: `{text}`: {sentence}"),
                ),
            }
        }
    }
}

fn sentence(fault: &Fault, lang: Lang) -> String {
    match fault {
        Fault::TokenHere => {
            let ja = format!(
                "トークンはこのファイルに書きません。環境変数 {TOKEN_VARIABLE} か、別のファイルに入れて、そのファイルの名前を discord.token_file に書いてください。"
            );
            let en = format!(
                "the token never stands in this file: put it into the environment variable {TOKEN_VARIABLE} or into a file of its own, named by discord.token_file"
            );
            say(lang, ja, en)
        }
        Fault::UnknownKey { key, meant: Some(meant) } => {
            let ja = format!("「{key}」という設定はここにはありません。「{meant}」ですか？");
            say(lang, ja, format!("there is no setting `{key}` here; did you mean `{meant}`?"))
        }
        Fault::UnknownKey { key, meant: None } => {
            let ja =
                format!("「{key}」という設定はここにはありません。消すか、config.example.toml と同じ [ ] の下に移してください。");
            let en = format!(
                "there is no setting `{key}` here; delete it, or move it below the [table] where config.example.toml has it"
            );
            say(lang, ja, en)
        }
        Fault::WrongForm { example, detail } => {
            let what = match detail {
                None => say(lang, "この値は使えません。", "this value is not possible"),
                Some(detail) => say(lang, "TOMLの書き方に合いません。", format!("this is no TOML ({detail})")),
            };
            let remedy = match example {
                Some(line) => say(lang, format!("「{line}」のように書いてください。"), format!("; write it like `{line}`")),
                None => say(
                    lang,
                    "「名前 = 値」か「[節の名前]」の形で書き、文は \"…\" で囲んでください。",
                    "; write `name = value` or `[table]`, and texts in \"…\"",
                ),
            };
            what + &remedy
        }
        Fault::Twice => say(
            lang,
            "同じ名前がもう上にあります。一つだけ残してください。",
            "this name stands above already; keep one of the two",
        ),
        Fault::NotOneOf { allowed } => {
            let ja = format!("この値は選べません。「{}」のどれかにしてください。", allowed.join("」「"));
            say(lang, ja, format!("there is no such value; write one of `{}`", allowed.join("`, `")))
        }
        Fault::OtherFormat(found) => say(
            lang,
            format!(
                "このファイルは形式 {found} ですが、このプログラムが知っているのは {FORMAT} です。プログラムを新しくするか、形式 {FORMAT} で書いてください（config.example.toml）。"
            ),
            format!(
                "this file is in format {found}, and this program knows {FORMAT}; update the program, or write the file in format {FORMAT} (config.example.toml)"
            ),
        ),
        Fault::OutOfBounds { key, bounds: (low, high) } => {
            say(lang, format!("{key} は {low} から {high} までです。"), format!("{key} must be between {low} and {high}"))
        }
        Fault::Above(lower, upper) => {
            say(lang, format!("{lower} は {upper} より大きくできません。"), format!("{lower} must not be above {upper}"))
        }
        Fault::NotLoopback => say(
            lang,
            "discord.test_server.address は、この機械のアドレス（127.0.0.1 など）だけです。",
            "discord.test_server.address must be an address of this machine, such as 127.0.0.1",
        ),
    }
}
