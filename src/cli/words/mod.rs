//! What the command line says to moderators and operators, in each language: summaries, findings, tables, remedies.
//!
//! Which of it is said when is left to the commands.

use std::error::Error;
use std::path::Path;

use textwrap::core::display_width;

use crate::discord::Stopped;
use crate::discord::connection::watchdog::PATIENCE;
use crate::evaluation::{self, Figures, Judged};
use crate::faq::{Diagnostic, Entry, Lang, Level, Source, system_words};
use crate::journal::JournalError;
use crate::knowledge::{Built, Library};
use crate::links::Report;
use crate::settings::{TOKEN_VARIABLE, TokenError};

mod diff;
pub mod doctor;
mod settings;
mod usage;

pub use diff::*;
pub use settings::settings;
pub use usage::{above_usage, no_floor, table_error};

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
    let (folder, overlooked) = (folder_of(library), library.overlooked().join(", "));
    if !overlooked.is_empty() {
        let ja = format!(
            "フォルダー「{folder}」に .yaml で終わるファイルがありません。名前の終わりを .yaml に変えてください：{overlooked}"
        );
        return say(lang, ja, format!("no file in the folder `{folder}` ends in .yaml; rename what should: {overlooked}"));
    }
    match lang {
        Lang::Ja => format!(
            "フォルダー「{folder}」に YAML ファイル（.yaml）がありません。場所を確かめるか、「medse-bot init 新しいフォルダー」で手本のある faq フォルダーを作ってください。"
        ),
        Lang::En => format!(
            "there is no YAML file (.yaml) in the folder `{folder}`; check the place, or make a faq folder to begin with: medse-bot init NEW_FOLDER"
        ),
    }
}

/// What should be checked is not there, or not to be looked at; `inside` is such a file of the FAQ in use.
pub fn nothing_there(path: &Path, error: &std::io::Error, inside: Option<&Path>, lang: Lang) -> String {
    let is_file = path.file_name().is_some_and(|name| Library::reads(&name.to_string_lossy()));
    let (path, error) = (path.display(), chain(error, lang));
    let guess = |inside: &Path| {
        let inside = inside.display();
        say(lang, format!("。「medse-bot check {inside}」のことですか？"), format!("; did you mean `medse-bot check {inside}`?"))
    };
    let guess = inside.map(guess).unwrap_or_default();
    match (lang, is_file) {
        (Lang::Ja, true) => format!("ファイル「{path}」を読めません：{error}{guess}"),
        (Lang::Ja, false) => format!("フォルダー「{path}」を読めません：{error}{guess}"),
        (Lang::En, true) => format!("the file `{path}` cannot be read: {error}{guess}"),
        (Lang::En, false) => format!("the folder `{path}` cannot be read: {error}{guess}"),
    }
}

/// What stands behind `--today` is no day.
pub fn no_day(written: &str, lang: Lang) -> String {
    let ja = format!("--today {written}: 日付として読めません。2026-11-22 のように、年-月-日を半角の数字で書いてください。");
    say(lang, ja, format!("--today {written}: this is no day; write year-month-day, like 2026-11-22"))
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

/// A number of things in English.
fn many(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// A diagnostic with its line and carets.
pub fn drawn(diagnostic: &Diagnostic, sources: &[Source], lang: Lang) -> String {
    let source = sources.iter().find(|source| source.name == diagnostic.place.file);
    let text = source.and_then(Source::text);
    diagnostic.render(text, lang, true)
}

/// The first line of a check of links.
pub fn links_summary(report: &Report, dead: usize, moved: usize, unreachable: usize, lang: Lang) -> String {
    let (links, from_cache) = (report.verdicts.len(), report.from_cache);
    match lang {
        Lang::Ja => {
            format!(
                "リンク {links}：切れている {dead}、移った {moved}、確かめられない {unreachable}（一日以内の結果から {from_cache}）"
            )
        }
        Lang::En => {
            let links = many(links, "link", "links");
            format!("{links}: {dead} dead, {moved} moved, {unreachable} not checked ({from_cache} known from the last day)")
        }
    }
}

/// Instead of one line a link, where none was reached.
pub fn offline(lang: Lang) -> String {
    let ja = "どのリンクのサーバーからも返事がありません。ネットワークにつながっているか確かめてください（プロキシー越しには確かめられません）。";
    say(lang, ja, "no link's server answers: is there a network? Links cannot be checked through a proxy")
}

/// The results of a check of links are lost when it ends.
pub fn links_not_kept(file: &Path, error: &std::io::Error, lang: Lang) -> String {
    let (file, error) = (file.display(), system_words(&error.to_string(), lang));
    match lang {
        Lang::Ja => format!("リンクの結果を「{file}」に書けません。次は全部を確かめ直します：{error}"),
        Lang::En => {
            format!("the results for links cannot be kept in {file}, so the next check asks for all of them again: {error}")
        }
    }
}

/// How far a check of links is: drawn over itself, gone at the end.
pub fn progress(done: usize, all: usize) -> String {
    const WIDTH: usize = 30;
    let full = done * WIDTH / all.max(1);
    let bar = format!("\r[{:<WIDTH$}] {done}/{all}", "#".repeat(full));
    if done < all { bar } else { format!("\r{:width$}\r", "", width = bar.len()) }
}

/// A question that was not answered rightly.
pub fn miss(judged: &Judged, lang: Lang) -> String {
    let wanted = match (&judged.case.accept[..], &judged.case.signpost) {
        ([], Some(signpost)) => format!("({signpost})"),
        ([], None) => "-".to_owned(),
        (accept, _) => accept.join(" "),
    };
    let found: Vec<String> = judged.ranking.iter().take(3).map(|(id, score)| format!("{id} {score:.2}")).collect();
    let (outcome, question, found) = (judged.outcome, &judged.case.question, found.join(", "));
    match lang {
        Lang::Ja => format!("{outcome:?}\t{question}\t期待 {wanted}\t結果 {found}"),
        Lang::En => format!("{outcome:?}\t{question}\twanted {wanted}\tfound {found}"),
    }
}

/// The figures of an evaluation; `-` where there is no question to measure one on.
pub fn table(judged: &[Judged], all: &Figures, lang: Lang) -> String {
    let headings = match lang {
        Lang::Ja => ["質問数", "1位", "3位以内", "正答", "正答か候補", "辞退", "誤答", "AUROC"],
        Lang::En => ["questions", "top-1", "top-3", "direct", "helped", "declined", "wrong", "AUROC"],
    };
    let line = |name: &str, cells: &[String]| {
        let padding = |text: &str, width: usize| " ".repeat(width.saturating_sub(display_width(text)));
        let cells = cells.iter().zip(headings);
        let cells = cells.map(|(cell, heading)| format!("  {}{cell}", padding(cell, display_width(heading).max(5))));
        format!("{name}{}{}", padding(name, 10), cells.collect::<String>())
    };
    let mut lines = vec![line("", &headings.map(str::to_owned))];
    let mut row = |name: &str, figures: &Figures| {
        let shares = [figures.top1, figures.top3, figures.direct, figures.helped, figures.declined, figures.wrong];
        let mut cells = vec![figures.questions.to_string()];
        cells.extend(shares.map(|share| measured(share * 100.0, 1)));
        cells.push(measured(figures.auroc, 3));
        lines.push(line(name, &cells));
    };
    row(if lang == Lang::Ja { "全体" } else { "all" }, all);
    for of in Lang::ALL {
        let of_lang: Vec<&Judged> = judged.iter().filter(|judged| judged.case.lang == Some(of)).collect();
        if !of_lang.is_empty() && of_lang.len() < judged.len() {
            row(of.code(), &evaluation::figures(of_lang));
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

fn measured(value: f64, digits: usize) -> String {
    if value.is_nan() { "-".to_owned() } else { format!("{value:.digits$}") }
}

/// A figure is worse than it may be.
pub fn below_floor(name: &str, value: f64, floor: f64, lang: Lang) -> String {
    match (lang, value.is_nan()) {
        (Lang::Ja, true) => format!("{name} は、測れる質問が表にありません。下限は {floor} % です"),
        (Lang::Ja, false) => format!("{name} は {value:.1} %、下限（wrong と declined は上限）は {floor} % です"),
        (Lang::En, true) => format!("there is no question to measure {name} on; its floor is {floor} %"),
        (Lang::En, false) => format!("{name} is {value:.1} %, the floor is {floor} %"),
    }
}

/// One of two sentences.
fn say(lang: Lang, ja: impl Into<String>, en: impl Into<String>) -> String {
    match lang {
        Lang::Ja => ja.into(),
        Lang::En => en.into(),
    }
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
        (TokenError::Unreadable { path, source }, Lang::Ja) => format!("トークンのファイル「{path}」を読めません：{}", chain(source, lang)),
        (TokenError::Unreadable { path, source }, Lang::En) => format!("the token file {path} cannot be read: {}", chain(source, lang)),
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
            let cause = chain(source.as_ref(), lang);
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
            chain(stopped, lang)
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
        (_, Lang::En) => chain(error, lang),
        (JournalError::File { path, source }, Lang::Ja) => {
            format!("「{}」を読み書きできません：{}", path.display(), chain(source, lang))
        }
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

/// An error with what led to it; what a cause only repeats is left out, and what the system says is said in other words, too.
pub fn chain(error: &dyn Error, lang: Lang) -> String {
    let (mut chain, mut cause) = (String::new(), Some(error));
    while let Some(error) = cause {
        let text = error.to_string();
        if !chain.contains(&text) {
            let separator = if chain.is_empty() { "" } else { ": " };
            chain = format!("{chain}{separator}{}", system_words(&text, lang));
        }
        cause = error.source();
    }
    chain
}
