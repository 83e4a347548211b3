//! `/healthz` and `/metrics` over HTTP, for whoever watches the bot. Says nothing else, reads no body, and serves few at once.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tracing::debug;

use super::Monitor;

/// A probe and a scraper, and whoever looks by hand.
const AT_ONCE: usize = 8;
/// Time for one connection, from its first byte to our last.
const PATIENCE: Duration = Duration::from_secs(5);
/// Wait after a connection could not be taken, such as for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(500);
/// A request of this size has no business here.
const MAX_HEADERS: usize = 8_192;

/// Who knows the figures and the state of the moment.
pub trait Monitored: Send + Sync + 'static {
    /// Both, as they are now.
    fn monitored(&self) -> Monitor<'_>;
}

/// Answers until it is dropped.
pub async fn serve<M: Monitored>(listener: TcpListener, shown: Arc<M>) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        // Whoever finds no place waits in the system's queue.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                debug!("a connection for /healthz or /metrics was not taken: {error}");
                sleep(PAUSE).await;
                continue;
            }
        };
        let shown = Arc::clone(&shown);
        tokio::spawn(async move {
            let _place = place;
            let service = service_fn(|request: Request<Incoming>| {
                let response = respond(&request, &shown.monitored());
                async { Ok::<_, Infallible>(response) }
            });
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(MAX_HEADERS).keep_alive(false);
            // Whoever hangs up or says no HTTP is nobody's trouble but theirs.
            let _ = timeout(PATIENCE, http.serve_connection(TokioIo::new(stream), service)).await;
        });
    }
}

fn respond(request: &Request<Incoming>, monitor: &Monitor<'_>) -> Response<Full<Bytes>> {
    const PLAIN: &str = "text/plain; charset=utf-8";
    const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let (mut status, mut kind, mut body) = (StatusCode::OK, PLAIN, String::new());
    match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::HEAD, "/healthz") => {
            body = monitor.health();
            if !monitor.state.is_ready() {
                status = StatusCode::SERVICE_UNAVAILABLE;
            }
        }
        (&Method::GET | &Method::HEAD, "/metrics") => {
            kind = OPEN_METRICS;
            body = monitor.metrics();
        }
        (_, "/healthz" | "/metrics") => status = StatusCode::METHOD_NOT_ALLOWED,
        _ => status = StatusCode::NOT_FOUND,
    }
    let mut response = Response::new(Full::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
