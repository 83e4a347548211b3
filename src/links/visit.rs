//! One link's way: HEAD, where that does not help GET, redirects hop by hop, and never more of a page than its head.
//!
//! Which addresses may be connected to is decided in `network.rs`, for each hop anew.

use std::error::Error;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use reqwest::header::LOCATION;
use reqwest::{Method, Response, Url};
use tokio::sync::Semaphore;

use super::network::Refusal;
use super::{Cause, Checker, Host, Verdict};

/// After so many requests in a row without an answer (two links, HEAD and GET each) a host is left alone.
const SILENCES: usize = 4;

/// Below, ports belong to services that are no web pages but for these two, and knocking at them looks like an attack.
const FIRST_FREE_PORT: u16 = 1_024;
const WEB_PORTS: [u16; 2] = [80, 443];

/// What a server says about an address.
enum Answer {
    Page,
    Redirect { to: Url, is_permanent: bool },
}

impl Checker {
    /// Follows a link to its page. Plain http is followed as a hop: old sites change to https by way of it, and nothing of ours is sent.
    pub(super) async fn visit(&self, link: &str) -> Verdict {
        let Ok(mut at) = Url::parse(link) else { return Cause::BadAddress(link.to_owned()).verdict() };
        let mut new_address = None;
        let mut is_moved = true;
        for _ in 0..=self.bounds.redirects {
            match self.ask(&at).await {
                Err(cause) => return cause.verdict(),
                Ok(Answer::Page) => return new_address.map_or(Verdict::Fine, |to| Verdict::Moved { to }),
                Ok(Answer::Redirect { to, is_permanent }) => {
                    // What lies behind a temporary redirect may be elsewhere tomorrow.
                    is_moved &= is_permanent;
                    if is_moved && (self.bounds.may_be_written)(to.as_str()) {
                        new_address = Some(to.to_string());
                    }
                    at = to;
                }
            }
        }
        Cause::TooManyRedirects.verdict()
    }

    /// HEAD costs a server least, but some refuse it, answer it wrongly or not at all: then GET decides.
    async fn ask(&self, url: &Url) -> Result<Answer, Cause> {
        match self.request(Method::HEAD, url).await {
            Err(Cause::Status(429)) => Err(Cause::Status(429)),
            Err(Cause::Status(_) | Cause::Timeout | Cause::NoAnswer(_)) => self.request(Method::GET, url).await,
            settled => settled,
        }
    }

    async fn request(&self, method: Method, url: &Url) -> Result<Answer, Cause> {
        let name = url.host_str().unwrap_or_default();
        // The client connects to addresses in links without looking them up, so the guard does not see them.
        if let Ok(address) = name.trim_matches(['[', ']']).parse::<IpAddr>() {
            self.bounds.allow(address)?;
        }
        if url.port().is_some_and(|port| port < FIRST_FREE_PORT && !WEB_PORTS.contains(&port)) {
            return Err(Cause::BadAddress(url.to_string()));
        }
        let host = self.host(name);
        // First the host's turn, then everybody's: who waits for a slow host keeps nobody else waiting.
        let _turn = host.permits.acquire().await.expect("nobody closes it");
        let _place = self.everywhere.acquire().await.expect("nobody closes it");
        if host.silences.load(Ordering::Relaxed) >= SILENCES {
            return Err(Cause::Silent);
        }
        if host.has_enough.load(Ordering::Relaxed) {
            return Err(Cause::Status(429));
        }
        let sent = self.client.request(method, url.clone()).timeout(self.bounds.patience).send().await;
        let answer = sent.map_err(|error| cause(&error)).and_then(|response| read(url, &response));
        match answer {
            Err(Cause::Timeout | Cause::NoAnswer(_)) => drop(host.silences.fetch_add(1, Ordering::Relaxed)),
            // Others may still be asked; this one not again in this check.
            Err(Cause::Status(429)) => host.has_enough.store(true, Ordering::Relaxed),
            _ => host.silences.store(0, Ordering::Relaxed),
        }
        answer
    }

    fn host(&self, name: &str) -> Arc<Host> {
        let mut hosts = self.hosts.lock().expect("nobody panics with the lock");
        let new = || {
            let (permits, silences, has_enough) =
                (Semaphore::new(self.bounds.per_host), AtomicUsize::new(0), AtomicBool::new(false));
            Arc::new(Host { permits, silences, has_enough })
        };
        Arc::clone(hosts.entry(name.to_owned()).or_insert_with(new))
    }
}

/// Reads status and `Location`; the body stays with the server when the response is dropped.
fn read(url: &Url, response: &Response) -> Result<Answer, Cause> {
    let status = response.status().as_u16();
    match (status, response.headers().get(LOCATION)) {
        (200..=299, _) => Ok(Answer::Page),
        (301 | 302 | 303 | 307 | 308, Some(location)) => {
            let written = String::from_utf8_lossy(location.as_bytes());
            let mut to = url.join(&written).map_err(|_| Cause::BadAddress(written.to_string()))?;
            // Other schemes lead out of the web, and a name with a password is no page for everybody.
            if !matches!(to.scheme(), "http" | "https") || !to.username().is_empty() || to.password().is_some() {
                return Err(Cause::BadAddress(written.to_string()));
            }
            if to.fragment().is_none() {
                to.set_fragment(url.fragment());
            }
            Ok(Answer::Redirect { to, is_permanent: matches!(status, 301 | 308) })
        }
        _ => Err(Cause::Status(status)),
    }
}

/// What kept a request from its answer.
fn cause(error: &reqwest::Error) -> Cause {
    if error.is_timeout() {
        return Cause::Timeout;
    }
    let mut deepest: &dyn Error = error;
    while let Some(source) = deepest.source() {
        if let Some(Refusal(cause)) = source.downcast_ref() {
            return cause.clone();
        }
        deepest = source;
    }
    Cause::NoAnswer(deepest.to_string())
}
