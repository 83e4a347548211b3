//! The command line: what can be asked of the program, and which room does it. Knows where settings and FAQ come from.
//!
//! Exit codes: 0 fine, 1 errors found or a floor missed, 2 usage, settings or refused by Discord (starting again will not help), 3 failed
//! at run time.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::Context;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::answering::{Policy, phrases};
use crate::evaluation::{self, Figures};
use crate::faq::{self, Diagnostic, Lang, Level, Source};
use crate::knowledge::{Built, Change, Knowledge, Library, Reloader};
use crate::settings::{Settings, TokenError, masked};
use crate::terminal;

mod check;
mod connect;
mod copies;
mod diff;
mod init;
mod links;
mod review;
mod words;

use check::{CheckArguments, Format};
use init::{init, pretty};
use words::{miss, no_folder, no_yaml, nothing_usable, shipped_note, table};

/// Answers career questions about medical-systems engineers in Japan (医療系SE, 院内SE) from a FAQ.
///
/// Without a command: in Discord where there is a token, otherwise in the terminal.
#[derive(Debug, Parser)]
#[command(
    name = "medse-bot",
    version,
    after_help = "Exit codes: 0 fine, 1 errors found or a floor missed, 2 usage, settings or refused by Discord, 3 failed at run time."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    shared: Shared,
}

#[derive(Debug, Args)]
struct Shared {
    /// Settings file [default: config.toml in the working folder, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder of the FAQ [default: the settings', else ./faq, else the copy inside the program]
    #[arg(long, global = true, value_name = "DIR")]
    faq: Option<PathBuf>,
    /// Language of replies and messages [default: each question's own]
    #[arg(long, global = true, value_name = "LANG")]
    lang: Option<LangName>,
}

/// A language on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum LangName {
    Ja,
    En,
}

impl From<LangName> for Lang {
    fn from(name: LangName) -> Lang {
        match name {
            LangName::Ja => Lang::Ja,
            LangName::En => Lang::En,
        }
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer in Discord; the token comes from `DISCORD_TOKEN` or from `discord.token_file`
    Run,
    /// Ask Discord what is wrong before it hurts: token, portal, permissions; shows the invite link
    Doctor,
    /// Talk in the terminal; choose by number, ask on, Ctrl+D ends
    Chat,
    /// Answer one question, or one a line from standard input
    Ask {
        /// Write one JSON object a line
        #[arg(long, conflicts_with = "explain")]
        json: bool,
        /// Say why it was answered so
        #[arg(long)]
        explain: bool,
        /// The question
        question: Vec<String>,
    },
    /// Check a FAQ folder, or one of its files: errors, warnings, hints
    Check(CheckArguments),
    /// Show what differs from the shipped FAQ, entry by entry, and who changed it; take over entries of a new version
    ///
    /// What was copied is noted in `.shipped.json` beside the FAQ. Differences do not change the exit code.
    Diff {
        /// The folder [default: the FAQ in use]
        #[arg(value_name = "DIR")]
        path: Option<PathBuf>,
        /// Put these shipped entries into the files, in the place of one's own or behind the last of their topic. Comments
        /// inside a replaced entry go; every other byte stays. Nothing is written if the result has an error
        #[arg(long, value_name = "ID", num_args = 1..)]
        take: Vec<String>,
        /// Keep one's own of these entries, and do not show the shipped ones as new again
        #[arg(long, value_name = "ID", num_args = 1..)]
        leave: Vec<String>,
    },
    /// Ask the questions of tables and count what comes out
    ///
    /// Figures, in percent: of the questions that an entry answers (`accept` names one), top1 and top3 say how often an accepted entry ranks
    /// first, or among three; direct how often it is answered rightly; helped the same, or offered; declined how often nothing is. wrong says of
    /// all questions how often another entry is answered. auroc says how well the score tells questions in scope from others: 50 is chance.
    Eval {
        /// Tables in JSON Lines: {"question", "accept": [ids], "lang"}
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Write the figures as JSON
        #[arg(long)]
        json: bool,
        /// List the questions that were not answered rightly
        #[arg(long)]
        misses: bool,
        /// Fail if a figure is worse, in percent, e.g. top1=85; of wrong and declined, if it is more, e.g. wrong=5
        #[arg(long = "floor", value_name = "FIGURE=PERCENT")]
        floors: Vec<String>,
        /// As where nobody addressed the bot: only the surest answers
        #[arg(long)]
        unaddressed: bool,
    },
    /// Print the JSON Schema of a FAQ file, for editors
    Schema {
        /// Of vocabulary.yaml instead
        #[arg(long)]
        vocabulary: bool,
    },
    /// Make a folder with settings, an editable copy of the FAQ, schemas and editor settings
    Init {
        /// The folder
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
    /// Copy the journal into a file, with its key beside it; the bot may run
    Backup {
        /// The file, which must not exist
        file: PathBuf,
    },
    /// Put a backup into the data folder, where there is no journal yet
    Restore {
        /// The file of the backup; its key is beside it
        file: PathBuf,
    },
}

/// Why the program ends: what to say, and with which code.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    error: anyhow::Error,
}

/// Settings, usage or FAQ are such that starting again will not help.
fn unusable(error: impl Into<anyhow::Error>) -> Failure {
    Failure { code: 2, error: error.into() }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure { code: 3, error: error.into() }
    }
}

const FINE: ExitCode = ExitCode::SUCCESS;

/// Does what the command line says; says in one sentence what went wrong.
pub fn main(cli: Cli) -> ExitCode {
    let named = cli.shared.lang.map(Lang::from);
    let (lang, done) = match Settings::load(cli.shared.config.as_deref()) {
        Ok(settings) => (named.unwrap_or(settings.language), run(cli, settings)),
        Err(error) => (Lang::default(), Err(unusable(anyhow::Error::msg(words::settings(&error, named))))),
    };
    match done {
        Ok(code) => code,
        Err(failure) if is_closed_pipe(&failure.error) => FINE,
        Err(failure) => {
            // Writing may fail too, when standard error is closed; there is nobody left to tell.
            let _ = writeln!(anstream::stderr(), "medse-bot: {}", words::chain(failure.error.as_ref(), lang));
            ExitCode::from(failure.code)
        }
    }
}

/// Help where it was asked for, else what is wrong with the command line; a token among the arguments is not repeated.
pub fn usage(error: &clap::Error) -> ExitCode {
    let text = error.render().ansi().to_string();
    let (written, code) = if error.use_stderr() {
        let above = if usage_lang() == Lang::Ja { words::above_usage(error) + "\n" } else { String::new() };
        (write!(anstream::stderr(), "{}", masked(&(above + &text))), ExitCode::from(2))
    } else {
        (write!(anstream::stdout(), "{}", masked(&text)), FINE)
    };
    // Nobody is left to tell that the terminal is closed.
    drop(written);
    code
}

/// The language of whoever wrote a command line that cannot be read: as `--lang` says, else as the settings say.
fn usage_lang() -> Lang {
    let arguments: Vec<String> = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let said = |lang: Lang| {
        let is_said = |two: &[String]| two[0] == "--lang" && two[1] == lang.code();
        arguments.windows(2).any(is_said) || arguments.contains(&format!("--lang={lang}"))
    };
    let settings = || Settings::load(None).map_or_else(|_| Lang::default(), |settings| settings.language);
    Lang::ALL.into_iter().find(|lang| said(*lang)).unwrap_or_else(settings)
}

/// `medse-bot ask … | head` is no failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>()).any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

fn run(cli: Cli, settings: Settings) -> Result<ExitCode, Failure> {
    let house = House { lang: cli.shared.lang.map(Lang::from), folder: cli.shared.faq, settings };
    match cli.command {
        None => match house.settings.discord.token() {
            Err(TokenError::Missing) => {
                if io::stdin().is_terminal() {
                    writeln!(anstream::stderr(), "{}", words::no_token_chat(house.message_lang()))?;
                }
                house.chat()
            }
            _ => house.run(),
        },
        Some(Command::Run) => house.run(),
        Some(Command::Doctor) => house.doctor(),
        Some(Command::Chat) => house.chat(),
        Some(Command::Ask { json, explain, question }) => house.ask(json, explain, &question),
        Some(Command::Check(arguments)) => house.check(arguments),
        Some(Command::Diff { path, take, leave }) => house.diff(path, &take, &leave),
        Some(Command::Eval { files, json, misses, floors, unaddressed }) => {
            let policy = if unaddressed { house.settings.answering.unaddressed() } else { house.settings.answering };
            house.eval(&files, json, misses, &floors, &policy)
        }
        Some(Command::Schema { vocabulary }) => {
            let schema = if vocabulary { faq::vocabulary_schema() } else { faq::schema() };
            writeln!(io::stdout(), "{}", pretty(&schema))?;
            Ok(FINE)
        }
        Some(Command::Init { folder }) => init(&folder, house.message_lang()),
        Some(Command::Backup { file }) => house.backup(&file),
        Some(Command::Restore { file }) => house.restore(&file),
    }
}

/// The FAQ to answer from.
struct Opened {
    knowledge: Knowledge,
    /// Who looks whether its folder changes; the copy inside the program does not.
    reloader: Option<Reloader>,
    left_out: Vec<Diagnostic>,
}

/// What every command needs: the settings, and what the command line says over them.
struct House {
    lang: Option<Lang>,
    folder: Option<PathBuf>,
    settings: Settings,
}

impl House {
    fn message_lang(&self) -> Lang {
        self.lang.unwrap_or(self.settings.language)
    }

    fn library(&self) -> Library {
        let named = self.folder.clone().or_else(|| self.settings.faq.folder.clone());
        let beside = || Some(PathBuf::from("faq")).filter(|folder| folder.is_dir());
        named.or_else(beside).map_or(Library::Shipped, Library::Folder)
    }

    fn sources(&self, library: &Library) -> Result<Vec<Source>, Failure> {
        library.sources().with_context(|| no_folder(library, self.message_lang())).map_err(unusable)
    }

    fn build(&self, library: &Library) -> Result<(Vec<Source>, Built), Failure> {
        let sources = self.sources(library)?;
        if sources.is_empty() {
            return Err(unusable(anyhow::Error::msg(no_yaml(library, self.message_lang()))));
        }
        let built = Knowledge::build(&sources, self.settings.language);
        Ok((sources, built))
    }

    /// The FAQ to answer from. Faulty entries are left out and told on standard error; nothing usable is a failure.
    fn knowledge(&self) -> Result<Knowledge, Failure> {
        self.opened().map(|opened| opened.knowledge)
    }

    /// The same, to be followed where it is a folder.
    fn opened(&self) -> Result<Opened, Failure> {
        let library = self.library();
        let (sources, mut built) = self.build(&library)?;
        let lang = self.message_lang();
        let mut err = anstream::stderr();
        if library == Library::Shipped && io::stdin().is_terminal() {
            writeln!(err, "{}", shipped_note(lang))?;
        }
        built.diagnostics.retain(|diagnostic| diagnostic.problem.level() == Level::Error);
        for diagnostic in &built.diagnostics {
            writeln!(err, "{}", diagnostic.summary(lang))?;
        }
        let knowledge = built.knowledge.ok_or_else(|| unusable(anyhow::Error::msg(nothing_usable(&library, lang))))?;
        let left_out = built.diagnostics;
        let reloader = match library {
            Library::Folder(folder) => Some(Reloader::new(folder, self.settings.language, &sources, left_out.is_empty())),
            Library::Shipped => None,
        };
        Ok(Opened { knowledge, reloader, left_out })
    }

    fn chat(&self) -> Result<ExitCode, Failure> {
        let Opened { knowledge, mut reloader, left_out } = self.opened()?;
        let (lang, mut is_faulty) = (self.message_lang(), !left_out.is_empty());
        let newest = || {
            let change = reloader.as_mut()?.reread()?;
            let told: Vec<String> = match &change {
                Change::Faulty(faults) => {
                    let faults = faults.iter().map(|fault| fault.summary(lang));
                    std::iter::once(phrases::FAQ_FAULTY.get(lang).to_owned()).chain(faults).collect()
                }
                Change::Sound(_) | Change::Restored if is_faulty => vec![phrases::FAQ_MENDED.get(lang).to_owned()],
                Change::Sound(_) | Change::Restored => Vec::new(),
            };
            is_faulty = matches!(change, Change::Faulty(_));
            for line in told {
                // Nobody is left to tell that the terminal is closed.
                let _ = writeln!(anstream::stderr(), "{line}");
            }
            if let Change::Sound(knowledge) = change { Some(knowledge) } else { None }
        };
        terminal::chat(Arc::new(knowledge), newest, &self.settings.answering, self.lang, self.settings.language)?;
        Ok(FINE)
    }

    fn ask(&self, json: bool, explain: bool, question: &[String]) -> Result<ExitCode, Failure> {
        let knowledge = self.knowledge()?;
        let policy = &self.settings.answering;
        let reply = |raw: &str| {
            let question = terminal::asked(raw, self.lang, self.settings.language);
            let verdict = knowledge.decide(&question, policy);
            if json {
                return terminal::json_line(&knowledge, raw, question.lang, &verdict);
            }
            let reply = terminal::rendered(&knowledge.put(&question, &verdict), question.lang);
            if explain {
                format!("{reply}\n\n{}", terminal::explained(&knowledge, &verdict, policy, question.lang))
            } else {
                reply
            }
        };
        // JSON goes out as it is: a filter for colours would take control characters out of quoted questions.
        match (json, question) {
            (true, []) => terminal::ask_lines(io::stdin().lock(), io::stdout(), reply)?,
            (false, []) => terminal::ask_lines(io::stdin().lock(), anstream::stdout(), reply)?,
            (true, words) => writeln!(io::stdout(), "{}", reply(&words.join(" ")))?,
            (false, words) => writeln!(anstream::stdout(), "{}", reply(&words.join(" ")))?,
        }
        Ok(FINE)
    }

    fn eval(&self, files: &[PathBuf], json: bool, misses: bool, floors: &[String], policy: &Policy) -> Result<ExitCode, Failure> {
        let lang = self.message_lang();
        let floor =
            |written: &String| parse_floor(written).ok_or_else(|| unusable(anyhow::Error::msg(words::no_floor(written, lang))));
        let floors = floors.iter().map(floor).collect::<Result<Vec<_>, _>>()?;
        let knowledge = self.knowledge()?;
        let mut judged = Vec::new();
        for file in files {
            let text = std::fs::read_to_string(file).with_context(|| file.display().to_string()).map_err(unusable)?;
            let cases = evaluation::read_table(&text, &knowledge);
            let cases = cases.map_err(|error| unusable(anyhow::Error::msg(words::table_error(file, &error, lang))))?;
            judged.extend(evaluation::judge(&knowledge, cases, policy));
        }
        let figures = evaluation::figures(&judged);
        let mut out = anstream::stdout();
        if misses {
            for judged in judged.iter().filter(|judged| judged.is_miss()) {
                writeln!(out, "{}", miss(judged, lang))?;
            }
        }
        if json {
            writeln!(out, "{}", serde_json::to_string(&figures)?)?;
        } else {
            writeln!(out, "{}", table(&judged, &figures, lang))?;
        }
        let mut is_below = false;
        for (name, percent) in floors {
            let value = figures.percent(&name);
            // A figure that is no number (no question to measure it on) reaches no floor.
            let is_reached = if name == "wrong" || name == "declined" { value <= percent } else { value >= percent };
            if !is_reached {
                writeln!(anstream::stderr(), "{}", words::below_floor(&name, value, percent, lang))?;
                is_below = true;
            }
        }
        Ok(if is_below { ExitCode::from(1) } else { FINE })
    }
}

/// The clock, in seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// One of the figures with a number from 0 to 100.
fn parse_floor(text: &str) -> Option<(String, f64)> {
    let (name, percent) = text.split_once('=').filter(|(name, _)| Figures::NAMES.contains(name))?;
    let percent = percent.parse().ok().filter(|percent| (0.0..=100.0).contains(percent))?;
    Some((name.to_owned(), percent))
}
