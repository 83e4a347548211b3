//! What the command line says to moderators and operators, in each language: summaries, findings, tables, remedies.
//!
//! Which of it is said when is left to the commands.

use std::error::Error;
use std::path::Path;

use crate::discord::Stopped;
use crate::discord::watchdog::PATIENCE;
use crate::evaluation::{self, Figures, Judged};
use crate::faq::{Diagnostic, Entry, Lang, Level, Source};
use crate::journal::JournalError;
use crate::knowledge::{Built, Library};
use crate::settings::{TOKEN_VARIABLE, TokenError};

fn folder_of(library: &Library) -> String {
    match library {
        Library::Folder(folder) => folder.display().to_string(),
        Library::Shipped => "(shipped)".to_owned(),
    }
}

/// The FAQ folder is not there.
pub fn no_folder(library: &Library, lang: Lang) -> String {
    let folder = folder_of(library);
    match lang {
        Lang::Ja => format!("FAQのフォルダー「{folder}」を読めません"),
        Lang::En => format!("the FAQ folder `{folder}` cannot be read"),
    }
}

/// There is no file to read in it.
pub fn no_yaml(library: &Library, lang: Lang) -> String {
    let folder = folder_of(library);
    match lang {
        Lang::Ja => format!(
            "フォルダー「{folder}」に YAML ファイル（.yaml）がありません。場所を確かめるか、「medse-bot init 新しいフォルダー」で手本のある faq フォルダーを作ってください。"
        ),
        Lang::En => format!(
            "there is no YAML file (.yaml) in the folder `{folder}`; check the place, or make a faq folder to begin with: medse-bot init NEW_FOLDER"
        ),
    }
}

/// What should be checked is a file, but no FAQ.
pub fn not_yaml(file: &str, lang: Lang) -> String {
    match lang {
        Lang::Ja => {
            format!("「{file}」はFAQのファイルではありません。.yaml で終わるファイルか、そのフォルダーを指定してください。")
        }
        Lang::En => format!("`{file}` is no file of a FAQ; name one that ends in .yaml, or its folder"),
    }
}

/// There is no entry to answer from.
pub fn nothing_usable(library: &Library, lang: Lang) -> String {
    let folder = folder_of(library);
    match lang {
        Lang::Ja => format!("「{folder}」に使える項目がありません。「medse-bot check {folder}」で理由が分かります。"),
        Lang::En => format!("there is no usable entry in `{folder}`; `medse-bot check {folder}` says why"),
    }
}

/// Which FAQ is used, where there is no folder.
pub fn shipped_note(lang: Lang) -> &'static str {
    match lang {
        Lang::Ja => "faq フォルダーがないので、同梱のFAQで答えます。",
        Lang::En => "There is no faq folder here, so I answer from the FAQ inside the program.",
    }
}

/// The first line of a check: what was read of these files, and how much is wrong.
pub fn check_summary(built: &Built, sources: &[Source], lang: Lang) -> String {
    let is_read = |entry: &&Entry| sources.iter().any(|source| source.name == entry.place.file);
    let entries = built.knowledge.as_ref().map_or(0, |knowledge| knowledge.faq.entries.iter().filter(is_read).count());
    let (errors, warnings, hints) = (built.count(Level::Error), built.count(Level::Warning), built.count(Level::Hint));
    let files = sources.len();
    let many = |count: usize, one: &str, several: &str| format!("{count} {}", if count == 1 { one } else { several });
    match lang {
        Lang::Ja => format!("ファイル {files}、項目 {entries}：直す所 {errors}、注意 {warnings}、提案 {hints}"),
        Lang::En => format!(
            "{}, {}: {}, {}, {}",
            many(files, "file", "files"),
            many(entries, "entry", "entries"),
            many(errors, "error", "errors"),
            many(warnings, "warning", "warnings"),
            many(hints, "hint", "hints"),
        ),
    }
}

/// A diagnostic with its line and carets.
pub fn drawn(diagnostic: &Diagnostic, sources: &[Source], lang: Lang) -> String {
    let source = sources.iter().find(|source| source.name == diagnostic.place.file);
    let text = source.and_then(Source::text);
    diagnostic.render(text, lang, true)
}

/// An entry to look at again.
pub fn overdue(id: &str, reviewed: time::Date, lang: Lang) -> String {
    match lang {
        Lang::Ja => format!("「{id}」の最後の確認は {reviewed} です。まだ正しいか確かめてください。"),
        Lang::En => format!("`{id}` was last reviewed on {reviewed}; make sure that it is still right"),
    }
}

/// A question that was not answered rightly.
pub fn miss(judged: &Judged) -> String {
    let wanted = match (&judged.case.accept[..], &judged.case.signpost) {
        ([], Some(signpost)) => format!("({signpost})"),
        ([], None) => "-".to_owned(),
        (accept, _) => accept.join(" "),
    };
    let found: Vec<String> = judged.ranking.iter().take(3).map(|(id, score)| format!("{id} {score:.2}")).collect();
    format!("{:?}\t{}\twanted {wanted}\tfound {}", judged.outcome, judged.case.question, found.join(", "))
}

/// The figures of an evaluation.
pub fn table(judged: &[Judged], all: &Figures) -> String {
    let mut lines = vec!["          questions  top-1  top-3  direct  helped  declined  wrong  AUROC".to_owned()];
    let mut row = |name: &str, figures: &Figures| {
        let percent = |share: f64| share * 100.0;
        lines.push(format!(
            "{name:<10}{:>9}  {:>5.1}  {:>5.1}  {:>6.1}  {:>6.1}  {:>8.1}  {:>5.1}  {:>5.3}",
            figures.questions,
            percent(figures.top1),
            percent(figures.top3),
            percent(figures.direct),
            percent(figures.helped),
            percent(figures.declined),
            percent(figures.wrong),
            figures.auroc
        ));
    };
    row("all", all);
    for lang in Lang::ALL {
        let of_lang: Vec<&Judged> = judged.iter().filter(|judged| judged.case.lang == Some(lang)).collect();
        if !of_lang.is_empty() && of_lang.len() < judged.len() {
            row(lang.code(), &evaluation::figures(of_lang));
        }
    }
    let mut tags: Vec<&String> = judged.iter().flat_map(|judged| &judged.case.tags).collect();
    tags.sort_unstable();
    tags.dedup();
    for tag in tags {
        row(tag, &evaluation::figures(judged.iter().filter(|judged| judged.case.tags.contains(tag))));
    }
    lines.join("\n")
}

/// Without a token the bot talks in the terminal.
pub fn no_token_chat(lang: Lang) -> &'static str {
    match lang {
        Lang::Ja => "トークンがないので、ここで会話します。Discordへのつなぎ方は README にあります。",
        Lang::En => "No token, so let's talk here. The README tells how to connect to Discord.",
    }
}

/// There is no token to use: what to do.
pub fn token(error: &TokenError, lang: Lang) -> String {
    match (error, lang) {
        (TokenError::Missing, Lang::Ja) => {
            format!("トークンがありません。環境変数 {TOKEN_VARIABLE} か、設定の discord.token_file に書いたファイルに入れてください。")
        }
        (TokenError::Missing, Lang::En) => {
            format!("there is no token; put it into the environment variable {TOKEN_VARIABLE} or the file named by discord.token_file")
        }
        (TokenError::Unreadable { path, source }, Lang::Ja) => format!("トークンのファイル「{path}」を読めません：{source}"),
        (TokenError::Unreadable { path, source }, Lang::En) => format!("the token file {path} cannot be read: {source}"),
        (TokenError::Malformed, Lang::Ja) => {
            "これはトークンの形ではありません。ポータルの Bot ページの「Reset Token」で出る、点で3つに分かれた文字列です（Client Secret や Public Key ではありません）。".to_owned()
        }
        (TokenError::Malformed, Lang::En) => {
            "this is not the form of a token: it is the text in three parts that \"Reset Token\" shows on the portal's Bot page (not the client secret or the public key)".to_owned()
        }
    }
}

/// Why the bot is not, or no longer, connected: what to do.
pub fn stopped(stopped: &Stopped, lang: Lang) -> String {
    let ja = lang == Lang::Ja;
    match stopped {
        Stopped::TokenRefused if ja => "Discordがトークンを受け付けませんでした。ポータルの Bot ページで「Reset Token」をして、新しいトークンを入れてください。再起動はしません。".to_owned(),
        Stopped::TokenRefused => "Discord refused the token. Press \"Reset Token\" on the portal's Bot page and use the new one. Not restarting.".to_owned(),
        Stopped::IntentsDisallowed if ja => "Message Content Intent がオフのため、Discordに断られました（4014）。ポータルの Bot ページでオンにするか、watched_channels を空にしてください。再起動はしません。".to_owned(),
        Stopped::IntentsDisallowed => "Discord refused the Message Content Intent (4014): turn it on on the portal's Bot page, or empty watched_channels. Not restarting.".to_owned(),
        Stopped::IntentsInvalid if ja => "Discordが Intent を知らないと言っています（4013）。ボットを新しい版にしてください。再起動はしません。".to_owned(),
        Stopped::IntentsInvalid => "Discord does not know the intents (4013): update the bot. Not restarting.".to_owned(),
        Stopped::Unreachable { attempts, source } => {
            let cause = chain(source.as_ref());
            if ja {
                format!("Discordから返事がありません（{attempts}回）。ネットワークと https://discordstatus.com を確かめてください：{cause}")
            } else {
                format!("Discord does not answer (asked {attempts} times); check the network and https://discordstatus.com: {cause}")
            }
        }
        Stopped::StartsUsedUp(wait) if ja => format!("今日つなげる回数を使い切りました。あと{}分待ってください。", wait.as_secs().div_ceil(60)),
        Stopped::StartsUsedUp(wait) => format!("today's starts are used up; wait {} minutes", wait.as_secs().div_ceil(60)),
        Stopped::NeverReady if ja => "つなごうとしましたが、Discordに入れませんでした。起動し直すと直ることがあります。".to_owned(),
        Stopped::NeverReady => "Discord did not let the bot in; a fresh start may help".to_owned(),
        Stopped::Away if ja => format!("{}秒たってもつながりません。起動し直すと直ることがあります。", PATIENCE.as_secs()),
        Stopped::Away => format!("not connected for {} s; a fresh start may help", PATIENCE.as_secs()),
        Stopped::Certificate { .. } | Stopped::NotLoopback(_) | Stopped::Failed(_) => {
            chain(stopped)
        }
    }
}

/// A backup is made: what to do with it.
pub fn backed_up(file: &Path, lang: Lang) -> String {
    let file = file.display();
    match lang {
        Lang::Ja => format!(
            "「{file}」と「{file}.key」に写しました。戻すには両方が要ります。質問した人の記録なので、人に見せないでください。"
        ),
        Lang::En => {
            format!("copied to {file} and {file}.key; a restore needs both. They hold what members asked: keep them to yourself.")
        }
    }
}

/// A backup is put back.
pub fn restored(folder: &Path, lang: Lang) -> String {
    let folder = folder.display();
    match lang {
        Lang::Ja => format!("「{folder}」に戻しました。"),
        Lang::En => format!("restored into {folder}"),
    }
}

/// What is wrong with the journal: what to do.
pub fn journal(error: &JournalError, lang: Lang) -> String {
    match (error, lang) {
        (_, Lang::En) => chain(error),
        (JournalError::File { path, source }, Lang::Ja) => format!("「{}」を読み書きできません：{source}", path.display()),
        (JournalError::Database { path, source }, Lang::Ja) => format!("記録「{}」が使えません：{source}", path.display()),
        (JournalError::Newer { path, found, known }, Lang::Ja) => format!(
            "記録「{}」は新しい medse-bot のものです（版 {found}、このプログラムは {known} まで）。新しいほうを使ってください。",
            path.display()
        ),
        (JournalError::Broken { path }, Lang::Ja) => format!("「{}」は壊れています。", path.display()),
        (JournalError::KeyMissing { path }, Lang::Ja) => format!(
            "鍵「{}」がありません。バックアップから戻すか、横のデータベースを別の場所に移して新しく始めてください。",
            path.display()
        ),
        (JournalError::KeyMalformed { path }, Lang::Ja) => {
            format!("「{}」は32バイトの鍵ではありません。バックアップから戻してください。", path.display())
        }
        (JournalError::Taken { path }, Lang::Ja) => format!("「{}」はもうあります。上書きはしません。", path.display()),
        (JournalError::NoJournal { path }, Lang::Ja) => format!("記録「{}」がありません。", path.display()),
        (JournalError::Stopped, Lang::Ja) => "記録が止まっています。".to_owned(),
    }
}

/// An error with what led to it; what a cause only repeats is left out.
fn chain(error: &dyn Error) -> String {
    let mut chain = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !chain.contains(&text) {
            chain = format!("{chain}: {text}");
        }
        cause = error.source();
    }
    chain
}
