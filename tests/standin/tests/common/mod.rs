//! A bot's two connections by hand: REST calls with their status and body, and gateway frames. Leaves all judgement to the tests.

#![allow(dead_code)]

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use standin::Standin;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// GUILDS, GUILD_MESSAGES, reactions, DIRECT_MESSAGES.
pub const INTENTS: u64 = 1 | 1 << 9 | 1 << 10 | 1 << 12 | 1 << 13;

pub struct Bot {
    pub client: reqwest::Client,
    pub token: String,
    pub application: u64,
}

impl Bot {
    pub fn of(standin: &Standin) -> Self {
        let root = reqwest::Certificate::from_pem(standin.ca_pem().as_bytes()).unwrap();
        let client = reqwest::Client::builder().add_root_certificate(root).resolve("discord.com", standin.address()).no_proxy();
        Self { client: client.build().unwrap(), token: standin.token(), application: standin.application_id() }
    }

    pub fn request(&self, method: &str, path: &str, body: &Value) -> reqwest::RequestBuilder {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.client.request(method, format!("https://discord.com/api/v10{path}"));
        let request = request.header("authorization", format!("Bot {}", self.token));
        if body.is_null() { request } else { request.json(body) }
    }

    /// Status and body; null where there is none.
    pub async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let answer = self.request(method, path, &body).send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// Status and Discord's code.
    pub async fn refused(&self, method: &str, path: &str, body: Value) -> (u16, u64) {
        let (status, body) = self.call(method, path, body).await;
        (status, body["code"].as_u64().unwrap_or(0))
    }

    pub async fn posts(&self, channel: u64, body: Value) -> u64 {
        let (status, message) = self.call("POST", &format!("/channels/{channel}/messages"), body).await;
        assert_eq!(status, 200, "{message}");
        message["id"].as_str().unwrap().parse().unwrap()
    }

    pub async fn responds(&self, event: &Value, response: Value) -> (u16, Value) {
        self.call("POST", &format!("/interactions/{}/{}/callback", text(&event["id"]), text(&event["token"])), response).await
    }

    /// The path below the webhook of an interaction.
    pub fn webhook(&self, event: &Value, rest: &str) -> String {
        format!("/webhooks/{}/{}{rest}", self.application, text(&event["token"]))
    }
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub struct Socket(pub WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What a socket brings.
#[derive(Debug, PartialEq)]
pub enum Got {
    Frame(Value),
    Closed(u16),
    Nothing,
}

impl Got {
    pub fn frame(self) -> Value {
        match self {
            Self::Frame(frame) => frame,
            other => panic!("a frame was expected, not {other:?}"),
        }
    }
}

impl Socket {
    /// Connected, HELLO read.
    pub async fn open(standin: &Standin) -> Self {
        Self::open_at(standin, "/?v=10&encoding=json").await
    }

    pub async fn open_at(standin: &Standin, path: &str) -> Self {
        let (socket, _) = tokio_tungstenite::connect_async(format!("{}{path}", standin.gateway_url())).await.unwrap();
        let mut socket = Self(socket);
        assert_eq!(socket.next().await.frame()["op"], 10);
        socket
    }

    /// Connected and READY with these intents; every GUILD_CREATE read.
    pub async fn ready(standin: &Standin, intents: u64) -> (Self, Value) {
        let mut socket = Self::open(standin).await;
        socket.send(identify(&standin.token(), intents)).await;
        let ready = socket.event("READY").await;
        if intents & 1 != 0 {
            for _ in ready["guilds"].as_array().unwrap() {
                socket.event("GUILD_CREATE").await;
            }
        }
        (socket, ready)
    }

    pub async fn send(&mut self, frame: Value) {
        self.send_text(&frame.to_string()).await;
    }

    pub async fn send_text(&mut self, text: &str) {
        self.0.send(Message::Text(text.into())).await.unwrap();
    }

    pub async fn next(&mut self) -> Got {
        self.next_within(Duration::from_secs(5)).await
    }

    pub async fn next_within(&mut self, time: Duration) -> Got {
        loop {
            return match tokio::time::timeout(time, self.0.next()).await {
                Err(_) => Got::Nothing,
                Ok(Some(Ok(Message::Text(text)))) => Got::Frame(serde_json::from_str(&text).unwrap()),
                Ok(Some(Ok(Message::Close(Some(frame))))) => Got::Closed(frame.code.into()),
                Ok(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => continue,
                Ok(_) => Got::Closed(0),
            };
        }
    }

    /// The data of the next frame, which must be this event.
    pub async fn event(&mut self, name: &str) -> Value {
        let mut frame = self.next().await.frame();
        assert_eq!(frame["t"], name, "{frame}");
        frame["d"].take()
    }

    pub async fn silent(&mut self) -> bool {
        self.next_within(Duration::from_millis(100)).await == Got::Nothing
    }
}

pub fn identify(token: &str, intents: u64) -> Value {
    json!({"op": 2, "d": {"token": token, "intents": intents, "properties": {"os": "linux", "browser": "test",
    "device": "test"}}})
}
