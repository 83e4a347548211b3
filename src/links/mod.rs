//! Do the FAQ's links still lead anywhere? Asks their servers, gently, and only in the open internet; remembers for a day what is settled.
//!
//! What the verdicts are called stands in `verdict.rs`, one link's way in `visit.rs`, where it may lead in `network.rs`. Which links
//! there are, what time it is and what is done about dead ones is left to the command line.

mod cache;
mod network;
mod sentences;
mod verdict;
mod visit;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex};

use reqwest::Url;
use reqwest::redirect::Policy;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

pub use cache::Cache;
pub use network::{Bounds, is_public};
pub use verdict::{Cause, Verdict};

use network::Guard;

/// What came of a check.
#[derive(Debug, Default)]
pub struct Report {
    /// By address.
    pub verdicts: BTreeMap<String, Verdict>,
    /// How many of them were known from the last day.
    pub from_cache: usize,
}

impl Report {
    /// How many are `wanted`.
    pub fn count(&self, wanted: impl Fn(&Verdict) -> bool) -> usize {
        self.verdicts.values().filter(|verdict| wanted(verdict)).count()
    }
}

/// Asks servers for pages; keeps count of what it asks of each.
pub struct Checker {
    client: reqwest::Client,
    bounds: Bounds,
    /// Requests at once, over all hosts.
    everywhere: Semaphore,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
}

/// What one server is asked at the moment.
struct Host {
    permits: Semaphore,
    /// Requests in a row that were not answered.
    silences: AtomicUsize,
    /// It said that it is asked too much.
    has_enough: AtomicBool,
}

impl Checker {
    /// A checker that stays within `bounds`.
    ///
    /// Proxies of the environment are not used: a proxy would look names up by itself, and nobody could say where a link leads.
    ///
    /// # Errors
    /// TLS cannot be set up.
    pub fn new(bounds: Bounds) -> Result<Arc<Self>, reqwest::Error> {
        let client = reqwest::Client::builder()
            .user_agent(concat!("medse-bot/", env!("CARGO_PKG_VERSION"), " (link check)"))
            .no_proxy()
            .referer(false)
            .redirect(Policy::none())
            .dns_resolver(Arc::new(Guard(bounds)))
            .build()?;
        let (everywhere, hosts) = (Semaphore::new(bounds.at_once), Mutex::default());
        Ok(Arc::new(Checker { client, bounds, everywhere, hosts }))
    }

    /// The verdicts on all addresses: from the cache where it knows them `now` (seconds since 1970), else from their servers; what is
    /// settled goes into the cache. `progress` is told how many of how many requests are done.
    pub async fn check(
        self: &Arc<Self>,
        urls: &BTreeSet<&str>,
        cache: &mut Cache,
        now: u64,
        progress: impl Fn(usize, usize),
    ) -> Report {
        let known = urls.iter().filter_map(|url| Some(((*url).to_owned(), cache.get(url, now)?.clone())));
        let mut verdicts: BTreeMap<_, _> = known.collect();
        let from_cache = verdicts.len();
        let mut visits = JoinSet::new();
        for url in urls.iter().filter(|url| !verdicts.contains_key(**url)) {
            let (checker, url) = (Arc::clone(self), (*url).to_owned());
            visits.spawn(async move {
                let verdict = checker.visit(&url).await;
                (url, verdict)
            });
        }
        let all = visits.len();
        let mut nameless = Vec::new();
        progress(0, all);
        while let Some(visited) = visits.join_next().await {
            let (url, verdict) = visited.expect("a visit neither panics nor is cancelled");
            if verdict == Verdict::Dead(Cause::NoSuchHost) {
                nameless.push(url);
            } else {
                cache.put(&url, &verdict, now);
                verdicts.insert(url, verdict);
            }
            progress(all - visits.len(), all);
        }
        if !nameless.is_empty() {
            let cause = if self.finds_names(&verdicts).await { Cause::NoSuchHost } else { Cause::NoNames };
            for url in nameless {
                let verdict = cause.clone().verdict();
                cache.put(&url, &verdict, now);
                verdicts.insert(url, verdict);
            }
        }
        Report { verdicts, from_cache }
    }

    /// Whether the name of any other link is found here. Behind some proxies none is, and "no such host" then says nothing about a link.
    async fn finds_names(&self, verdicts: &BTreeMap<String, Verdict>) -> bool {
        /// Of so many servers one would be found.
        const WITNESSES: usize = 5;
        // An address is found without asking anybody.
        let host = |url: &String| Some(Url::parse(url).ok()?.domain()?.to_owned());
        let hosts: BTreeSet<String> = verdicts.keys().filter_map(host).collect();
        let lookup = self.bounds.lookup;
        let found = move || hosts.iter().take(WITNESSES).any(|host| lookup(host).is_ok());
        tokio::task::spawn_blocking(found).await.unwrap_or(false)
    }
}
