//! Signs of life: figures that are counted as things happen, the state of the moment, and what of both is shown at an address.
//!
//! No text, no name and no id of anybody is a figure: whoever can read the address reads numbers. Who counts what is left to the rooms in
//! which it happens; the address itself, to [`server`].

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

pub mod server;

/// From "at once" to the 30 s after which an answer is not sent any more.
const SECONDS: [f64; 9] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

type Label<T> = [(&'static str, T); 1];

/// What became of something that was to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Discord took it.
    Taken,
    /// Given up: too late.
    Late,
    /// Given up: too much was waiting.
    Full,
    /// Discord refused it, with this error code; 0 where there is none.
    Refused(i64),
    /// Failed however often it was tried.
    Failed,
}

impl Sent {
    const fn name(self) -> &'static str {
        match self {
            Sent::Taken => "sent",
            Sent::Late => "late",
            Sent::Full => "full",
            Sent::Refused(_) => "refused",
            Sent::Failed => "failed",
        }
    }
}

/// What was sent and what was not, at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Sent.
    pub sent: u64,
    /// Given up: too late.
    pub late: u64,
    /// Given up: too much was waiting.
    pub full: u64,
    /// Refused by Discord.
    pub refused: u64,
    /// Failed however often it was tried.
    pub failed: u64,
    /// Attempts that had to be repeated.
    pub repeated: u64,
}

/// What is counted since the start. Its clones count together.
#[derive(Clone, Debug)]
pub struct Figures {
    questions: Family<[(&'static str, &'static str); 2], Counter>,
    calls: Family<Label<&'static str>, Counter>,
    refusals: Family<Label<i64>, Counter>,
    repeated: Counter,
    seconds: Histogram,
}

impl Default for Figures {
    fn default() -> Self {
        Figures {
            questions: Family::default(),
            calls: Family::default(),
            refusals: Family::default(),
            repeated: Counter::default(),
            seconds: Histogram::new(SECONDS),
        }
    }
}

impl Figures {
    /// A question that came this way was decided so. One that is edited is decided again.
    pub fn decided(&self, way: &'static str, outcome: &'static str) {
        self.questions.get_or_create(&[("surface", way), ("outcome", outcome)]).inc();
    }

    /// What became of something to be sent, so long after somebody began to wait for it.
    pub fn sent(&self, sent: Sent, after: Duration) {
        self.calls.get_or_create(&[("result", sent.name())]).inc();
        match sent {
            Sent::Taken => self.seconds.observe(after.as_secs_f64()),
            Sent::Refused(code) => drop(self.refusals.get_or_create(&[("code", code)]).inc()),
            Sent::Late | Sent::Full | Sent::Failed => {}
        }
    }

    /// An attempt had to be repeated.
    pub fn repeated(&self) {
        self.repeated.inc();
    }

    /// What was sent and what was not so far.
    pub fn counts(&self) -> Counts {
        let read = |sent: Sent| self.calls.get(&[("result", sent.name())]).map_or(0, |counter| counter.get());
        Counts {
            sent: read(Sent::Taken),
            late: read(Sent::Late),
            full: read(Sent::Full),
            refused: read(Sent::Refused(0)),
            failed: read(Sent::Failed),
            repeated: self.repeated.get(),
        }
    }

    fn registered(&self, registry: &mut Registry) {
        registry.register("questions", "Questions decided", self.questions.clone());
        registry.register("calls", "What became of what was to be sent to Discord", self.calls.clone());
        registry.register("refusals", "Calls that Discord refused, by its error code", self.refusals.clone());
        registry.register("repeats", "Attempts that had to be repeated", self.repeated.clone());
        let help = "From the event to the moment Discord had taken what was sent";
        registry.register_with_unit("reply", help, Unit::Seconds, self.seconds.clone());
    }
}

/// How things stand. Written by whoever sees a change, read where it is shown.
#[derive(Debug, Default)]
pub struct State {
    shards: Mutex<(usize, usize)>,
    is_registered: AtomicBool,
    faq_faults: AtomicU64,
    lost: AtomicU64,
    faq: Mutex<(String, usize)>,
}

/// Something that is not as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// So many shards are connected, of so many.
    Gateway(usize, usize),
    /// Discord has not taken the commands; those of the last start work.
    Commands,
    /// So many faults keep the FAQ, or entries of it, from being used as saved.
    Faq(u64),
    /// So many records were never written.
    Journal(u64),
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Gateway(up, all) => write!(formatter, "gateway: {up} of {all} shards are connected"),
            Reason::Commands => write!(formatter, "commands: not registered since the start"),
            Reason::Faq(faults) => write!(formatter, "faq: {faults} faults in the files as saved (medse-bot check)"),
            Reason::Journal(lost) => write!(formatter, "journal: {lost} records lost since the start"),
        }
    }
}

impl State {
    /// So many shards are connected, of all that are known.
    pub fn connected(&self, up: usize, all: usize) {
        *self.shards.lock().unwrap_or_else(PoisonError::into_inner) = (up, all);
    }

    /// Whether Discord took the commands.
    pub fn registered(&self, is_registered: bool) {
        self.is_registered.store(is_registered, Ordering::Relaxed);
    }

    /// So many faults are in the FAQ as saved.
    pub fn faq_faults(&self, faults: usize) {
        self.faq_faults.store(faults as u64, Ordering::Relaxed);
    }

    /// So many records of the journal were lost.
    pub fn lost(&self, records: u64) {
        self.lost.store(records, Ordering::Relaxed);
    }

    /// The FAQ that is answered from: its version, and how many entries it has.
    pub fn answers_from(&self, version: &str, entries: usize) {
        *self.faq.lock().unwrap_or_else(PoisonError::into_inner) = (version.to_owned(), entries);
    }

    /// Whether questions are received, on every shard.
    pub fn is_ready(&self) -> bool {
        let (up, all) = *self.shards.lock().unwrap_or_else(PoisonError::into_inner);
        all > 0 && up == all
    }

    /// All that is not as it should be, what matters most first.
    pub fn reasons(&self) -> Vec<Reason> {
        let (up, all) = *self.shards.lock().unwrap_or_else(PoisonError::into_inner);
        let (faults, lost) = (self.faq_faults.load(Ordering::Relaxed), self.lost.load(Ordering::Relaxed));
        let reasons = [
            (!self.is_ready()).then_some(Reason::Gateway(up, all)),
            (!self.is_registered.load(Ordering::Relaxed)).then_some(Reason::Commands),
            (faults > 0).then_some(Reason::Faq(faults)),
            (lost > 0).then_some(Reason::Journal(lost)),
        ];
        reasons.into_iter().flatten().collect()
    }

    /// The FAQ that is answered from: its version, and how many entries it has.
    pub fn faq(&self) -> (String, usize) {
        self.faq.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What is shown of figures and state, in the words of `/healthz` and `/metrics`.
#[derive(Clone, Copy, Debug)]
pub struct Monitor<'a> {
    /// What was counted.
    pub figures: &'a Figures,
    /// How things stand.
    pub state: &'a State,
}

impl Monitor<'_> {
    /// `ready`, `degraded` (it answers, and something is wrong) or `down` (it receives no questions), and a line for each reason.
    pub fn health(&self) -> String {
        let reasons = self.state.reasons();
        let word = match (self.state.is_ready(), reasons.is_empty()) {
            (false, _) => "down",
            (true, false) => "degraded",
            (true, true) => "ready",
        };
        let reasons = reasons.iter().map(|reason| format!("{reason}\n"));
        std::iter::once(format!("{word}\n")).chain(reasons).collect()
    }

    /// All figures, in the text format of `OpenMetrics`.
    pub fn metrics(&self) -> String {
        let mut registry = Registry::with_prefix("medse");
        self.figures.registered(&mut registry);
        let (up, all) = *self.state.shards.lock().unwrap_or_else(PoisonError::into_inner);
        let (version, entries) = self.state.faq();
        let mut gauge = |name: &str, help: &str, value: i64| {
            let gauge: Gauge = Gauge::default();
            gauge.set(value);
            registry.register(name, help, gauge);
        };
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        gauge("gateway_up", "1 where every shard is connected", i64::from(self.state.is_ready()));
        gauge("shards_up", "Shards that are connected", count(up));
        gauge("shards", "Shards there are", count(all));
        gauge("degraded_reasons", "What is not as it should be; /healthz says what", count(self.state.reasons().len()));
        gauge("faq_entries", "Entries that are answered from", count(entries));
        registry.register("faq", "The FAQ that is answered from", Info::new([("version", version)]));
        registry.register("program", "This program", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _ = encode(&mut text, &registry);
        text
    }
}
