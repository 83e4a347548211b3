//! The REST side's door: reads a call, applies what tests wish to go wrong, checks token and body, has `routes` answer, writes
//! everything down.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use crate::Shared;
use crate::faults::{Failure, limited};
use crate::refusal::Refusal;
use crate::routes::{Answer, Uploads, bucket_route, needs_no_token};
use crate::world::{Call, World};

const LARGEST: usize = 25 * 1024 * 1024;

/// A call as it came.
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) body: Value,
    pub(crate) uploads: Uploads,
}

struct Answered {
    status: u16,
    body: Option<Value>,
    headers: Vec<(&'static str, String)>,
}

pub(crate) async fn serve(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let at = Instant::now();
    let (parts, body) = request.into_parts();
    let method = parts.method.as_str().to_owned();
    let whole = parts.uri.path().to_owned();
    if let Some(file) = shared.with(|world| world.files.get(&whole).cloned()) {
        return Response::new(Body::from(file));
    }
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let bytes = to_bytes(body, LARGEST).await.unwrap_or_default();
    let (text, uploads) = Uploads::read(&parts.headers, &bytes);
    let known = whole.strip_prefix("/api/v10").map(str::to_owned);
    let path = known.clone().unwrap_or(whole);
    let parsed = if text.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(&text) };
    let asked = Asked { method, path, query, body: parsed.as_ref().cloned().unwrap_or(Value::Null), uploads };

    // A task of its own: a caller that gives up does not undo what it asked for.
    let doing = tokio::spawn(async move { act(&shared, &asked, &parts.headers, known.is_some(), parsed.is_err(), at).await });
    match doing.await.expect("calls are answered without a panic") {
        Some(answered) => respond(answered),
        None => hang_up(),
    }
}

/// What comes of a call; none: the connection is to be closed.
async fn act(
    shared: &Shared,
    asked: &Asked,
    headers: &HeaderMap,
    known: bool,
    unreadable: bool,
    at: Instant,
) -> Option<Answered> {
    let (failure, delay) = shared.with(|world| (world.rest.take(&asked.method, &asked.path), world.rest.delay));
    // The timer's shortest sleep is a millisecond, also for nothing: ten times what the bot takes.
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let answer = |world: &mut World| world.answer(asked, headers, known, unreadable);
    let (answered, told) = match failure {
        Some(Failure::Drop) => (None, false),
        Some(Failure::Lost) => (Some(shared.with(answer)), false),
        Some(Failure::Status(status)) => (Some(Answered { status, body: None, headers: Vec::new() }), true),
        Some(Failure::Error(status, code)) => {
            (Some(Answered { status, body: Some(json!({"message": "Failure", "code": code})), headers: Vec::new() }), true)
        }
        Some(Failure::RateLimit { retry_after, global }) => {
            let drawn = limited(retry_after, global);
            (Some(Answered { status: 429, body: drawn.limited, headers: drawn.headers }), true)
        }
        Some(Failure::Hang(time)) => {
            tokio::time::sleep(time).await;
            (Some(shared.with(answer)), true)
        }
        None => (Some(shared.with(answer)), true),
    };
    let status = answered.as_ref().filter(|_| told).map_or(0, |answered| answered.status);
    let body = answered.as_ref().and_then(|answered| answered.body.as_ref());
    shared.with(|world| world.write_down(asked, at, status, body));
    answered.filter(|_| told)
}

/// Ends the connection's task without an answer: TCP is closed. Unwinding past the server is the one way to do so from within a
/// handler, and without a panic's message.
fn hang_up() -> ! {
    resume_unwind(Box::new("the test wished this connection closed"))
}

fn respond(answered: Answered) -> Response {
    let mut response =
        Response::builder().status(StatusCode::from_u16(answered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    for (name, value) in answered.headers {
        response = response.header(name, value);
    }
    // Discord's own proxy signs its answers; libraries take a 429 without it for a ban.
    response = response.header("via", "1.1 google");
    let body = match answered.body {
        Some(body) => {
            response = response.header("content-type", "application/json");
            Body::from(body.to_string())
        }
        None => Body::empty(),
    };
    response.body(body).expect("status and headers are of our making")
}

impl World {
    fn answer(&mut self, asked: &Asked, headers: &HeaderMap, known: bool, unreadable: bool) -> Answered {
        let drawn = self.rest.draw(
            &asked.method,
            &asked.path,
            &bucket_route(&asked.method, &asked.path),
            needs_no_token(&asked.method, &asked.path),
        );
        if let Some(body) = drawn.limited {
            return Answered { status: 429, body: Some(body), headers: drawn.headers };
        }
        let result = self.checked(asked, headers, known, unreadable);
        let (status, body) = match result {
            Ok(Answer { status, body }) => (status, body),
            Err(refusal) => {
                if refusal.violation {
                    self.violation(format!(
                        "{} {} → {} {} for {}",
                        asked.method, asked.path, refusal.status, refusal.body, asked.body
                    ));
                }
                (refusal.status, Some(refusal.body))
            }
        };
        Answered { status, body, headers: drawn.headers }
    }

    fn checked(&mut self, asked: &Asked, headers: &HeaderMap, known: bool, unreadable: bool) -> Result<Answer, Refusal> {
        if !known {
            return Err(Refusal::unknown_call());
        }
        if !needs_no_token(&asked.method, &asked.path) {
            let given = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
            if given.strip_prefix("Bot ") != Some(&self.token) {
                return Err(Refusal::unauthorized());
            }
        }
        if unreadable {
            return Err(Refusal { violation: true, ..Refusal::by_code(50109) });
        }
        self.route(asked)
    }

    fn write_down(&mut self, asked: &Asked, at: Instant, status: u16, answer: Option<&Value>) {
        let refused = answer.filter(|_| status >= 400 || status == 0);
        let query = if asked.query.is_empty() { String::new() } else { format!("?{}", asked.query) };
        self.log_call(Call {
            method: asked.method.clone(),
            path: format!("{}{query}", asked.path),
            body: asked.body.clone(),
            status,
            code: refused.and_then(|body| body["code"].as_u64()),
            at,
        });
    }
}
