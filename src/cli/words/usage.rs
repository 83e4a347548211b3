//! What is said about a command line that cannot be done, and about tables of questions that cannot be used.
//!
//! The command line's reader speaks English only; it is given one Japanese sentence to stand above its own, not a translation.

use std::path::Path;

use clap::error::{ContextKind, ErrorKind};

use super::say;
use crate::evaluation::{Figures, TableError};
use crate::faq::Lang;

/// A sentence for those who do not read what follows it.
pub fn above_usage(error: &clap::Error) -> String {
    let named = |kind: ContextKind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let what = match error.kind() {
        ErrorKind::InvalidSubcommand => format!("「{}」というコマンドはありません。", named(ContextKind::InvalidSubcommand)),
        ErrorKind::UnknownArgument => format!("「{}」という指定はありません。", named(ContextKind::InvalidArg)),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let (argument, value) = (named(ContextKind::InvalidArg), named(ContextKind::InvalidValue));
            let value = if value.is_empty() { "空の値".to_owned() } else { format!("「{value}」") };
            format!("「{argument}」に{value}は使えません。")
        }
        ErrorKind::MissingRequiredArgument => format!("「{}」がありません。", named(ContextKind::InvalidArg)),
        ErrorKind::ArgumentConflict => {
            format!("「{}」と「{}」は一緒に使えません。", named(ContextKind::InvalidArg), named(ContextKind::PriorArg))
        }
        _ => "コマンドの書き方が正しくありません。".to_owned(),
    };
    format!("{what}書き方（英語）は「medse-bot --help」と「medse-bot コマンド --help」で出ます。")
}

/// Why a table cannot be used.
pub fn table_error(file: &Path, error: &TableError, lang: Lang) -> String {
    let file = file.display();
    match error {
        TableError::Line { line, source } => {
            let form = "{\"question\": \"夜勤はある？\", \"accept\": [\"night-shift\"], \"lang\": \"ja\"}";
            let ja = format!("{file}:{line}: 表の行の形ではありません。一行に一つ、{form} のように書いてください（{source}）");
            say(lang, ja, format!("{file}:{line}: this is no line of a table; write one question a line, like {form} ({source})"))
        }
        TableError::UnknownEntry { line, id } => {
            let ja = format!("{file}:{line}: FAQに「{id}」という項目はありません。id を確かめてください。");
            say(lang, ja, format!("{file}:{line}: the FAQ has no entry `{id}`; check the id"))
        }
        TableError::Leak { line, question, id } => {
            let ja = format!(
                "{file}:{line}: 「{question}」は項目「{id}」の聞き方そのものなので、見つかるかどうかを測れません。どちらかから消してください。"
            );
            let en =
                format!("{file}:{line}: `{question}` is a wording of the entry `{id}`: a leak, remove it from one of the two");
            say(lang, ja, en)
        }
        TableError::Empty => {
            say(lang, format!("{file}: 質問が一つもありません。"), format!("{file}: there is no question in it"))
        }
    }
}

/// What a floor looks like, to somebody who wrote something else.
pub fn no_floor(written: &str, lang: Lang) -> String {
    let names = Figures::NAMES.join(", ");
    let ja = format!("--floor {written}: 「top1=85」のように、{names} のどれかと、0 から 100 までの数を書いてください。");
    say(lang, ja, format!("--floor {written}: write one of {names} and a number between 0 and 100, like `top1=85`"))
}
