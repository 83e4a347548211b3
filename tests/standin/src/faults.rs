//! What tests make go wrong: REST failures, buckets and delays; gateway misbehaviour. Holds the wishes and decides which applies;
//! leaves their effect to `rest` and `gateway`.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Which calls a failure or a bucket is about.
#[derive(Clone, Debug)]
pub struct Matcher {
    /// GET, POST …; empty: any.
    pub method: String,
    /// A part of the path; empty: any.
    pub path_contains: String,
}

impl Matcher {
    /// Calls with this method and this in their path.
    pub fn new(method: &str, path_contains: &str) -> Self {
        Self { method: method.to_owned(), path_contains: path_contains.to_owned() }
    }

    /// Every call.
    pub fn any() -> Self {
        Self::new("", "")
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        (self.method.is_empty() || self.method.eq_ignore_ascii_case(method)) && path.contains(&self.path_contains)
    }
}

/// How a call fails.
#[derive(Clone, Debug)]
pub enum Failure {
    /// This HTTP status and no Discord body.
    Status(u16),
    /// Status and Discord's error code.
    Error(u16, u64),
    /// Waits, then does as usual.
    Hang(Duration),
    /// TCP is closed without an answer, nothing is done.
    Drop,
    /// It is done, then TCP is closed: the caller cannot know.
    Lost,
    /// 429.
    RateLimit {
        /// In seconds.
        retry_after: f64,
        /// For all routes.
        global: bool,
    },
}

struct Bucket {
    limit: u64,
    per: Duration,
    started: Instant,
    used: u64,
}

impl Bucket {
    fn new(limit: u64, per: Duration) -> Self {
        Self { limit, per, started: Instant::now(), used: 0 }
    }

    /// Uses the bucket once: what is left and when it is full again; `None` left: it was empty.
    fn draw(&mut self) -> (Option<u64>, Duration) {
        if self.started.elapsed() >= self.per {
            *self = Self::new(self.limit, self.per);
        }
        let after = self.per.saturating_sub(self.started.elapsed());
        if self.used >= self.limit {
            return (None, after);
        }
        self.used += 1;
        (Some(self.limit - self.used), after)
    }
}

/// The headers of a call's bucket, and the refusal if the bucket was empty.
pub(crate) struct Drawn {
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) limited: Option<Value>,
}

/// Failures that come again and again: at every so-manieth call, one after the other.
struct Regular {
    matcher: Matcher,
    every: usize,
    failures: Vec<Failure>,
    calls: usize,
}

impl Regular {
    /// One call more, and its failure if it is due.
    fn count(&mut self) -> Option<Failure> {
        self.calls += 1;
        let due = self.calls.is_multiple_of(self.every);
        self.failures.get(self.calls / self.every % self.failures.len()).filter(|_| due).cloned()
    }
}

#[derive(Default)]
pub(crate) struct RestFaults {
    pub(crate) failures: Vec<(Matcher, Failure, usize)>,
    regular: Vec<Regular>,
    pub(crate) delay: Duration,
    rules: Vec<(Matcher, u64, Duration)>,
    discord_like: bool,
    buckets: HashMap<String, Bucket>,
    global: Option<Bucket>,
}

impl RestFaults {
    /// The failure that is due for this call, counted down.
    pub(crate) fn take(&mut self, method: &str, path: &str) -> Option<Failure> {
        let Some(index) = self.failures.iter().position(|(matcher, _, _)| matcher.matches(method, path)) else {
            // All of them count the call, whichever is due.
            let matching = self.regular.iter_mut().filter(|regular| regular.matcher.matches(method, path));
            return matching.filter_map(Regular::count).reduce(|first, _| first);
        };
        let (_, failure, times) = &mut self.failures[index];
        let failure = failure.clone();
        *times -= 1;
        if *times == 0 {
            self.failures.remove(index);
        }
        Some(failure)
    }

    fn rule(&self, method: &str, path: &str, route: &str) -> (u64, Duration) {
        let own = self.rules.iter().find(|(matcher, _, _)| matcher.matches(method, path));
        if let Some((_, limit, per)) = own {
            return (*limit, *per);
        }
        match (self.discord_like, method, route) {
            (true, "PUT", route) if route.contains("/reactions/") => (1, Duration::from_millis(250)),
            (true, "POST" | "PATCH", route) if route.starts_with("/channels/") => (5, Duration::from_secs(5)),
            // Generous, but there: a limiter has headers to read.
            _ => (1000, Duration::from_secs(1)),
        }
    }

    /// Takes one call from its bucket. `route` is the path with its minor ids left out.
    pub(crate) fn draw(&mut self, method: &str, path: &str, route: &str, exempt: bool) -> Drawn {
        if self.discord_like && !exempt {
            let global = self.global.get_or_insert_with(|| Bucket::new(50, Duration::from_secs(1)));
            if let (None, after) = global.draw() {
                return limited(after.as_secs_f64(), true);
            }
        }
        let (limit, per) = self.rule(method, path, route);
        let name = format!("{method} {route}");
        let bucket = self.buckets.entry(name.clone()).or_insert_with(|| Bucket::new(limit, per));
        if (bucket.limit, bucket.per) != (limit, per) {
            *bucket = Bucket::new(limit, per);
        }
        let (left, after) = bucket.draw();
        let mut drawn =
            if left.is_none() { limited(after.as_secs_f64(), false) } else { Drawn { headers: Vec::new(), limited: None } };
        let reset = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default() + after;
        drawn.headers.extend([
            ("x-ratelimit-limit", limit.to_string()),
            ("x-ratelimit-remaining", left.unwrap_or(0).to_string()),
            ("x-ratelimit-reset", format!("{:.3}", reset.as_secs_f64())),
            ("x-ratelimit-reset-after", format!("{:.3}", after.as_secs_f64())),
            ("x-ratelimit-bucket", bucket_hash(&name)),
        ]);
        drawn
    }
}

/// A 429, with the headers and the body Discord gives it.
pub(crate) fn limited(retry_after: f64, global: bool) -> Drawn {
    let mut headers = vec![
        ("retry-after", format!("{}", retry_after.ceil())),
        ("x-ratelimit-scope", if global { "global" } else { "user" }.to_owned()),
        ("x-ratelimit-reset-after", format!("{retry_after:.3}")),
    ];
    if global {
        headers.push(("x-ratelimit-global", "true".to_owned()));
    } else {
        headers.retain(|(name, _)| *name != "x-ratelimit-reset-after");
    }
    let body = json!({"message": "You are being rate limited.", "retry_after": retry_after, "global": global});
    Drawn { headers, limited: Some(body) }
}

/// Bucket names are opaque; the same route has the same one.
fn bucket_hash(name: &str) -> String {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

/// How the gateway misbehaves, and what it counted.
pub(crate) struct GatewayFaults {
    pub(crate) heartbeat: Duration,
    pub(crate) stop_acks: bool,
    pub(crate) refuse_resume: bool,
    pub(crate) close_on_identify: Option<u16>,
    pub(crate) silent_on_identify: bool,
    pub(crate) identifies: Vec<(Instant, Value)>,
    pub(crate) resumes: usize,
    pub(crate) remaining: u64,
    pub(crate) shards: u64,
    pub(crate) max_concurrency: u64,
    /// Every MESSAGE_CREATE comes twice.
    pub(crate) repeats: bool,
    /// Events that wait to be sent in the wrong order: for which session, which, and what is in them.
    pub(crate) backwards: Option<Vec<(usize, String, Value)>>,
    /// Messages of whose creation no session was told.
    pub(crate) unheard: Vec<u64>,
}

impl Default for GatewayFaults {
    fn default() -> Self {
        Self {
            heartbeat: Duration::from_millis(41_250),
            stop_acks: false,
            refuse_resume: false,
            close_on_identify: None,
            silent_on_identify: false,
            identifies: Vec::new(),
            resumes: 0,
            remaining: 1000,
            shards: 1,
            max_concurrency: 1,
            repeats: false,
            backwards: None,
            unheard: Vec::new(),
        }
    }
}

/// The REST side, as tests steer it.
pub struct Rest(pub(crate) crate::Standin);

impl Rest {
    /// The next `times` calls that match fail so.
    pub fn fail(&self, matcher: Matcher, failure: Failure, times: usize) {
        if times > 0 {
            self.0.with(|world| world.rest.failures.push((matcher, failure, times)));
        }
    }

    /// Of the calls that match, every so-manieth fails, with one of these after the other.
    pub fn fail_every(&self, every: usize, matcher: Matcher, failures: &[Failure]) {
        assert!(every > 0 && !failures.is_empty(), "something must fail at some time");
        let regular = Regular { matcher, every, failures: failures.to_vec(), calls: 0 };
        self.0.with(|world| world.rest.regular.push(regular));
    }

    /// Every answer comes this much later.
    pub fn delay_all(&self, by: Duration) {
        self.0.with(|world| world.rest.delay = by);
    }

    /// The calls that match share buckets of this size.
    pub fn bucket(&self, matcher: Matcher, limit: u64, per: Duration) {
        self.0.with(|world| world.rest.rules.push((matcher, limit, per)));
    }

    /// Discord's own rates: messages and edits 5 in 5 s per channel, reactions 1 in 0.25 s, 50 calls a second in all.
    pub fn discord_like_buckets(&self) {
        self.0.with(|world| world.rest.discord_like = true);
    }

    /// Nothing fails any more and nothing is late; the rates stay.
    pub fn mend(&self) {
        self.0.with(|world| {
            world.rest.failures.clear();
            world.rest.regular.clear();
            world.rest.delay = Duration::ZERO;
        });
    }

    /// Nothing fails any more, nothing is late, no rates.
    pub fn clear(&self) {
        self.0.with(|world| world.rest = RestFaults::default());
    }
}
