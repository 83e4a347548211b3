//! `run` and `doctor`: the token, the log, the runtime, paced starts and the signals to stop; then it is [`crate::discord`]'s work.

use std::future::Future;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;
use tracing::{info, warn};
use tracing_subscriber::EnvFilter;

use super::{FINE, Failure, House, Opened, now, unusable, words};
use crate::discord::connection::{self, starts};
use crate::discord::reloading::{Following, TELL_AFTER};
use crate::discord::{self, Bot, Stopped, doctor};
use crate::faq::Lang;
use crate::journal::Journal;
use crate::monitoring::server;
use crate::settings::{LogForm, Token};

/// Work of a bot is waiting, not computing: one thread would do, were it not that serenity can spin on it for ever (see `discord::connection`).
/// The second costs three megabytes for caches of its own.
const THREADS: usize = 2;

impl House {
    /// Connects and answers until it is told to stop.
    pub fn run(&self) -> Result<ExitCode, Failure> {
        let lang = self.message_lang();
        let token = self.token()?;
        log(self.settings.monitoring.log);
        let Opened { knowledge, reloader, left_out } = self.opened()?;
        let following = reloader.map(|reloader| Following {
            reloader,
            left_out,
            tell_after: TELL_AFTER,
            data_folder: self.settings.data_folder.clone(),
        });
        let bot = Bot::new(Arc::new(knowledge), &self.settings, self.journal()?);
        let runtime = runtime()?;
        let result = runtime.block_on(async {
            let mut stop = std::pin::pin!(stopped_by_signal()?);
            // Seen to be starting, while it waits for its time.
            let _answering = self.monitored(&bot).await?;
            tokio::select! {
                () = tokio::time::sleep(self.pause_before_start()) => {}
                () = &mut stop => return Ok(Ok(())),
            }
            anyhow::Ok(discord::run(bot, following, &token, stop).await)
        })?;
        // What still runs had its time; nothing waits for it.
        runtime.shutdown_background();
        match result {
            Ok(()) => Ok(FINE),
            Err(stopped) => Err(failure(&stopped, lang)),
        }
    }

    /// Answers `/healthz` and `/metrics`, where an address is set.
    async fn monitored(&self, bot: &Bot) -> anyhow::Result<JoinSet<()>> {
        let mut answering = JoinSet::new();
        if let Some(address) = self.settings.monitoring.address {
            let listener = TcpListener::bind(address).await.with_context(|| format!("monitoring.address {address}"))?;
            info!(address = %listener.local_addr().unwrap_or(address), "answering /healthz and /metrics");
            answering.spawn(server::serve(listener, bot.clone().into_shared()));
        }
        Ok(answering)
    }

    /// Says what is wrong, asks nothing of the gateway.
    pub fn doctor(&self) -> Result<ExitCode, Failure> {
        let lang = self.message_lang();
        let token = self.token()?;
        let settings = &self.settings;
        let examined =
            runtime()?.block_on(async { doctor::examine(&connection::http(&token, &settings.discord)?, settings).await });
        let findings = examined.map_err(|stopped| failure(&stopped, lang))?;
        let mut out = anstream::stdout();
        for finding in &findings {
            let mark = if finding.is_fault() {
                "✗"
            } else if finding.is_advice() {
                "!"
            } else if matches!(finding, doctor::Finding::Next(_)) {
                "→"
            } else {
                "✓"
            };
            writeln!(out, "{mark} {}", words::doctor::finding(finding, lang))?;
        }
        Ok(if findings.iter().any(doctor::Finding::is_fault) { ExitCode::from(1) } else { FINE })
    }

    /// What cannot be opened is for the operator to mend: without it, what was promised to members would not hold.
    fn journal(&self) -> Result<Journal, Failure> {
        if !self.settings.journal.enabled {
            let database = self.settings.data_folder.join("journal.db");
            if database.exists() {
                warn!("journal.enabled is false, but {} is kept from before: delete it if it is not wanted", database.display());
            }
            return Ok(Journal::off());
        }
        Journal::open(&self.settings.data_folder, i64::try_from(now()).unwrap_or(i64::MAX))
            .map_err(|error| unusable(anyhow::Error::msg(words::journal(&error, self.message_lang()))))
    }

    fn token(&self) -> Result<Token, Failure> {
        self.settings.discord.token().map_err(|error| unusable(anyhow::Error::msg(words::token(&error, self.message_lang()))))
    }

    /// A start that cannot be counted is no reason not to start.
    fn pause_before_start(&self) -> Duration {
        let folder = &self.settings.data_folder;
        match starts::note(folder, now()) {
            Ok(Duration::ZERO) => Duration::ZERO,
            Ok(wait) => {
                info!(seconds = wait.as_secs(), "many starts within the hour: waiting, so that Discord does not reset the token");
                wait
            }
            Err(error) => {
                warn!(
                    "starts are not counted, which protects the token: make {} writable or set data_folder ({error})",
                    folder.display()
                );
                Duration::ZERO
            }
        }
    }
}

fn failure(stopped: &Stopped, lang: Lang) -> Failure {
    let error = anyhow::Error::msg(words::stopped(stopped, lang));
    if stopped.is_final() { unusable(error) } else { Failure::from(error) }
}

fn runtime() -> anyhow::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(THREADS).enable_all().build().context("the runtime")
}

/// Completes on SIGTERM or Ctrl+C.
fn stopped_by_signal() -> anyhow::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).context("SIGTERM")?;
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
        info!("asked to stop");
    })
}

/// The operator's log, on standard error. `RUST_LOG` says how much; what libraries log holds tokens and texts, so each of them has to be
/// asked for by its name.
fn log(form: LogForm) {
    let wanted = std::env::var("RUST_LOG").unwrap_or_else(|_| "info".to_owned());
    let capped = |wanted: &str| {
        let unasked = discord::LIBRARY_LOG.iter().filter(|(target, _)| !wanted.contains(target));
        unasked.fold(wanted.to_owned(), |filter, (target, level)| format!("{filter},{target}={level}"))
    };
    let filter = EnvFilter::try_new(capped(&wanted)).unwrap_or_else(|_| EnvFilter::new(capped("info")));
    let subscriber =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    // A second start in one process keeps the first one's log.
    let _ = match form {
        LogForm::Text => subscriber.try_init(),
        LogForm::Json => subscriber.json().with_ansi(false).try_init(),
    };
}
