//! Everything the bot sends: paced, in order within a channel, retried where that is safe, given up where it is too late.
//!
//! What Discord's headers say of a limit is read by serenity, which also waits and repeats after a 429. Here stands what it leaves out:
//! one message at a time in each channel (so that a burst learns a limit from one answer, not from a hundred refusals); the wait for a
//! limit before the place in the pace is taken, not after (channels whose limits end together would go off together); the pace over all
//! channels; server errors; and the account of what became of every message. What a failure means, call by call:
//!
//! | call | repeated after 5xx, time-out, lost answer | safe by | refused with | then |
//! |---|---|---|---|---|
//! | post a message | 3 times | `nonce` + `enforce_nonce` | 160002 | said without being a reply |
//! | | | | 10003, 50001, 50013, 160005, 50083, 200000 | given up; who pressed a button is told, and keeps the private answer |
//! | | | | 50007 | given up: the member wants no direct messages |
//! | tell of a late answer under its question | 3 times | `nonce` + `enforce_nonce` | 50035 (the question is gone), 160002 and others | dropped: not told elsewhere, nor later |
//! | change our message, as its question changed | 3 times | the same result twice | 10008, 30046, 50001 and others | given up: it stays |
//! | read and change our message, as its asker chose | 3 times | the same result twice | 10008 and others | who chose sees it alone, and why |
//! | delete our message | 3 times | the same result twice | 10008, 10003 | done: it is gone |
//! | | | | 10015, 50027 and others | given up: it stays |
//! | react | 3 times | the same result twice | 10008, 50013, 90001 | given up silently |
//! | answer an interaction | 2 times within its 3 s | 40060 after a repeat means done | 10062, 40060 | given up: Discord says «failed» |
//! | change a private answer | 3 times | the same result twice | 10008, 10015, 30046, 50027 | given up: it stays as it was |
//! | show a private answer to everybody | never | has no `nonce` | as for a message; 10015, 50027 | told, and the private answer stays; after a failure that it may stand there |
//! | register commands | 4 times | the whole list at once | 30034 | the old commands stay |
//!
//! What is pressed changes through the press, which needs no right to see the channel; what follows its question, through the channel.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use serenity::http::{Http, HttpError, Route};
use serenity::model::id::ChannelId;
use tokio::sync::{Mutex as Lane, OwnedMutexGuard, Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};

use crate::monitoring::{Figures, Sent};

/// An answer that has not gone out by then finds nobody waiting.
pub const TOO_LATE: Duration = Duration::from_secs(30);
/// Messages waiting at once; more are given up at once rather than late.
const MAX_WAITING: usize = 2_048;
/// One attempt, with whatever serenity waits for a limit.
const ATTEMPT: Duration = Duration::from_secs(15);
/// Waits before each further attempt.
const PAUSES: [Duration; 3] = [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];
/// An interaction is answered within 3 s or never; the last attempt must begin in time.
const PRESS_PATIENCE: Duration = Duration::from_millis(2_700);
const PRESS_PAUSE: Duration = Duration::from_millis(200);
const PRESS_ATTEMPTS: usize = 3;

/// Discord's error codes that mean something to us.
pub mod code {
    use serenity::http::HttpError;

    /// Discord's code in an error, if it is a refusal.
    pub fn of(error: &serenity::Error) -> Option<isize> {
        match error {
            serenity::Error::Http(HttpError::UnsuccessfulRequest(response)) => Some(response.error.code),
            _ => None,
        }
    }

    /// The channel is gone.
    pub const UNKNOWN_CHANNEL: isize = 10003;
    /// The message is gone.
    pub const UNKNOWN_MESSAGE: isize = 10008;
    /// The interaction was answered before.
    pub const ALREADY_ACKNOWLEDGED: isize = 40060;
    /// We may not look into the channel.
    pub const MISSING_ACCESS: isize = 50001;
    /// We may not write in it.
    pub const MISSING_PERMISSIONS: isize = 50013;
    /// A reply where we may not read the history.
    pub const CANNOT_REPLY: isize = 160_002;
}

/// Why something was not sent.
#[derive(Debug, thiserror::Error)]
pub enum Loss {
    /// It would have come too late.
    #[error("late: more than {} s behind", TOO_LATE.as_secs())]
    Late,
    /// Too much was waiting.
    #[error("full: {MAX_WAITING} messages are waiting")]
    Full,
    /// Discord refused it.
    #[error("refused with {code}")]
    Refused {
        /// Discord's error code; 0 where there is none.
        code: isize,
        /// The HTTP status.
        status: u16,
        /// What Discord said.
        source: Box<serenity::Error>,
    },
    /// Discord failed, or did not answer, time after time.
    #[error("failed after {attempts} attempts")]
    Failed {
        /// How often it was tried.
        attempts: usize,
        /// What happened last; nothing where no answer came in time.
        source: Option<Box<serenity::Error>>,
    },
}

impl Loss {
    /// Discord's error code, where it gave one.
    pub fn code(&self) -> Option<isize> {
        if let Loss::Refused { code, .. } = self { Some(*code) } else { None }
    }

    /// One word for logs and counts.
    pub fn reason(&self) -> &'static str {
        match self {
            Loss::Late => "late",
            Loss::Full => "full",
            Loss::Refused { .. } => "refused",
            Loss::Failed { .. } => "failed",
        }
    }
}

/// What a result counts as.
fn counted<T>(result: &Result<T, Loss>) -> Sent {
    match result {
        Ok(_) => Sent::Taken,
        Err(Loss::Late) => Sent::Late,
        Err(Loss::Full) => Sent::Full,
        Err(Loss::Refused { code, .. }) => Sent::Refused(*code as i64),
        Err(Loss::Failed { .. }) => Sent::Failed,
    }
}

/// Whether an attempt that may have got through can be made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Twice has the same result as once.
    Safe,
    /// It could stand there twice.
    Never,
}

/// Something to send: where, and until when it is of use.
#[derive(Clone, Copy, Debug)]
pub struct Errand<'a> {
    /// The channel it is for: one at a time in each.
    pub channel: ChannelId,
    /// The call, by which serenity keeps its limit.
    pub route: Route<'a>,
    /// When somebody began to wait.
    pub asked: Instant,
    /// Whether it may be tried again.
    pub repeat: Repeat,
}

/// The way out.
#[derive(Debug)]
pub struct Queue {
    /// What became of everything.
    pub account: Figures,
    interval: Duration,
    pace: Mutex<Pace>,
    waiting: Semaphore,
    lanes: Mutex<HashMap<ChannelId, Arc<Lane<()>>>>,
}

/// When the next message may go.
#[derive(Clone, Copy, Debug)]
struct Pace {
    next: Instant,
    /// Discord's limit over all channels was met: nothing goes before this, whatever place it had.
    paused_until: Instant,
}

impl Queue {
    /// A queue for a bot that may make so many calls a second.
    pub fn new(per_second: u32) -> Self {
        let now = Instant::now();
        Queue {
            account: Figures::default(),
            // A tenth stays free: calls arrive less evenly than they go, and one too many costs a second of all of them.
            interval: Duration::from_secs(10) / (per_second.max(1) * 9),
            pace: Mutex::new(Pace { next: now, paused_until: now }),
            waiting: Semaphore::new(MAX_WAITING),
            lanes: Mutex::default(),
        }
    }

    /// Everything waits this long: Discord's limit over all channels was met.
    pub fn pause(&self, time: Duration) {
        let mut pace = self.pace();
        pace.paused_until = pace.paused_until.max(Instant::now() + time);
    }

    /// Sends when it is this message's turn. `call` is made anew for each attempt.
    ///
    /// # Errors
    /// What it became instead; also counted.
    pub async fn send<T, F>(&self, http: &Http, errand: Errand<'_>, call: impl Fn() -> F) -> Result<T, Loss>
    where
        F: Future<Output = serenity::Result<T>>,
    {
        let floor = self.floor(errand.channel, errand.asked).await?;
        floor.send(http, errand, call).await
    }

    /// Waits until nobody else speaks in a channel. Whoever must know what stands there before they speak asks when it is their turn.
    ///
    /// # Errors
    /// It would be too late, or too many wait; also counted.
    pub async fn floor(&self, channel: ChannelId, asked: Instant) -> Result<Floor<'_>, Loss> {
        let floor = self.wait(channel, asked).await;
        if floor.is_err() {
            self.account.sent(counted(&floor), asked.elapsed());
        }
        floor
    }

    async fn wait(&self, channel: ChannelId, asked: Instant) -> Result<Floor<'_>, Loss> {
        let place = self.waiting.try_acquire().map_err(|_| Loss::Full)?;
        let lane = Arc::clone(self.lanes().entry(channel).or_default());
        let mut floor = Floor { queue: self, channel, lane: None, _place: place };
        floor.lane = Some(timeout_at(asked + TOO_LATE, lane.lock_owned()).await.map_err(|_| Loss::Late)?);
        Ok(floor)
    }

    async fn attempts<T, F>(&self, http: &Http, errand: Errand<'_>, call: impl Fn() -> F) -> Result<T, Loss>
    where
        F: Future<Output = serenity::Result<T>>,
    {
        let deadline = errand.asked + TOO_LATE;
        let (mut pauses, mut last) = (PAUSES.iter(), None);
        for attempts in 0.. {
            let turn = async {
                limit_of(http, errand.route).await;
                self.place(deadline).await
            };
            if !matches!(timeout_at(deadline, turn).await, Ok(true)) {
                // What was tried may stand there although nobody told us: that is not the same as late.
                return Err(if attempts == 0 { Loss::Late } else { Loss::Failed { attempts, source: last } });
            }
            last = match timeout(ATTEMPT, call()).await {
                Ok(Ok(done)) => return Ok(done),
                Ok(Err(error)) => match judged(error) {
                    Verdict::Refused(loss) => return Err(loss),
                    Verdict::Failed(error) => Some(error),
                },
                Err(_) => None,
            };
            let pause = pauses.next().filter(|_| errand.repeat == Repeat::Safe);
            let Some(pause) = pause else { return Err(Loss::Failed { attempts: attempts + 1, source: last }) };
            self.account.repeated();
            sleep(*pause).await;
        }
        unreachable!("the loop ends with the pauses")
    }

    /// Answers an interaction: not paced, since Discord does not count it and nobody waits longer than 3 s.
    ///
    /// # Errors
    /// It was refused, or no attempt got through in time.
    pub async fn press<F>(&self, call: impl Fn() -> F) -> Result<(), Loss>
    where
        F: Future<Output = serenity::Result<()>>,
    {
        let started = Instant::now();
        let mut result = Err(Loss::Failed { attempts: 0, source: None });
        for attempts in 1..=PRESS_ATTEMPTS {
            let outcome = timeout_at(started + PRESS_PATIENCE, call()).await;
            result = match outcome {
                Ok(Ok(())) => Ok(()),
                Err(_) => Err(Loss::Failed { attempts, source: None }),
                Ok(Err(error)) => match judged(error) {
                    // The attempt before got through although its answer did not.
                    Verdict::Refused(loss) if attempts > 1 && loss.code() == Some(code::ALREADY_ACKNOWLEDGED) => Ok(()),
                    Verdict::Refused(loss) => Err(loss),
                    Verdict::Failed(error) => Err(Loss::Failed { attempts, source: Some(error) }),
                },
            };
            let may_repeat = matches!(result, Err(Loss::Failed { .. })) && started.elapsed() + PRESS_PAUSE < PRESS_PATIENCE;
            if !may_repeat {
                break;
            }
            sleep(PRESS_PAUSE).await;
        }
        self.account.sent(counted(&result), started.elapsed());
        result
    }

    /// Waits for a place in the pace; whether there is one in time. Who would come too late takes none from others.
    async fn place(&self, deadline: Instant) -> bool {
        loop {
            let now = Instant::now();
            let mine = {
                let mut pace = self.pace();
                let mine = pace.next.max(pace.paused_until).max(now);
                if mine > deadline {
                    return false;
                }
                pace.next = mine + self.interval;
                mine
            };
            // The timer's shortest sleep is a millisecond: more than all the rest.
            if mine > now {
                sleep_until(mine).await;
            }
            // A pause that began meanwhile is for those too who had their place.
            if self.pace().paused_until <= mine {
                return true;
            }
        }
    }

    /// Never held across an `await`.
    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lanes(&self) -> MutexGuard<'_, HashMap<ChannelId, Arc<Lane<()>>>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to speak in a channel, until it is dropped.
#[derive(Debug)]
pub struct Floor<'a> {
    queue: &'a Queue,
    channel: ChannelId,
    lane: Option<OwnedMutexGuard<()>>,
    _place: SemaphorePermit<'a>,
}

impl Floor<'_> {
    /// The channel it is the right to speak in.
    pub fn channel(&self) -> ChannelId {
        self.channel
    }

    /// Sends. `call` is made anew for each attempt.
    ///
    /// # Errors
    /// What it became instead; also counted.
    pub async fn send<T, F>(&self, http: &Http, errand: Errand<'_>, call: impl Fn() -> F) -> Result<T, Loss>
    where
        F: Future<Output = serenity::Result<T>>,
    {
        let asked = errand.asked;
        let result = self.queue.attempts(http, errand, call).await;
        self.queue.account.sent(counted(&result), asked.elapsed());
        result
    }
}

impl Drop for Floor<'_> {
    /// A channel in which nobody waits is forgotten.
    fn drop(&mut self) {
        let mut lanes = self.queue.lanes();
        self.lane.take();
        if lanes.get(&self.channel).is_some_and(|lane| Arc::strong_count(lane) == 1) {
            lanes.remove(&self.channel);
        }
    }
}

/// Waits as long as serenity would hold a call back by what Discord said of its limit last.
async fn limit_of(http: &Http, route: Route<'_>) {
    let Some(limiter) = &http.ratelimiter else { return };
    let known = limiter.routes().read().await.get(&route.ratelimiting_bucket()).cloned();
    let Some(known) = known else { return };
    let reset = {
        let limit = known.lock().await;
        limit.reset().filter(|_| limit.remaining() <= 0)
    };
    if let Some(wait) = reset.and_then(|reset| reset.duration_since(SystemTime::now()).ok()) {
        sleep(wait).await;
    }
}

enum Verdict {
    /// Trying again will not help.
    Refused(Loss),
    /// It might.
    Failed(Box<serenity::Error>),
}

fn judged(error: serenity::Error) -> Verdict {
    let refusal = match &error {
        serenity::Error::Http(HttpError::UnsuccessfulRequest(response)) if !response.status_code.is_server_error() => {
            Some((response.error.code, response.status_code.as_u16()))
        }
        // The answer came, but is not what serenity can read: the call itself was done.
        serenity::Error::Json(_) => Some((0, 200)),
        _ => None,
    };
    match refusal {
        Some((code, status)) => Verdict::Refused(Loss::Refused { code, status, source: Box::new(error) }),
        None => Verdict::Failed(Box::new(error)),
    }
}
