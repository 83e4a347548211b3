//! The gateway's WebSocket: HELLO, IDENTIFY, RESUME, heartbeats, and the close codes for those who misbehave. Leaves who hears of
//! which event to `sessions`; `Gateway` is how tests steer and read it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::ws::{CloseFrame, Message as Frame, WebSocket, WebSocketUpgrade};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::sessions::{Connection, Out, Session, intents};
use crate::world::World;
use crate::{Shared, Standin};

/// What a socket does next.
enum Next {
    Stay,
    Close(u16),
}

pub(crate) async fn upgrade(State(shared): State<Arc<Shared>>, RawQuery(query): RawQuery, socket: WebSocketUpgrade) -> Response {
    socket.on_upgrade(move |socket| serve(shared, query.unwrap_or_default(), socket))
}

async fn serve(shared: Arc<Shared>, query: String, mut socket: WebSocket) {
    let (out, mut inbox) = mpsc::unbounded_channel();
    let (id, interval) = shared.with(|world| {
        let id = world.clock.id();
        world.connections.push(Connection { id, out, session: None });
        (id, world.gateway.heartbeat)
    });
    let ended = talk(&shared, id, interval, &query, &mut socket, &mut inbox).await;
    shared.with(|world| world.disconnected(id));
    if let Some(code) = ended {
        let frame = CloseFrame { code, reason: reason(code).into() };
        // Whoever has gone already needs no farewell.
        let _ = socket.send(Frame::Close(Some(frame))).await;
        let _ = tokio::time::timeout(Duration::from_millis(500), async { while let Some(Ok(_)) = socket.recv().await {} }).await;
    }
}

/// Until one side is done: the code to close with, none where TCP simply goes.
async fn talk(
    shared: &Shared,
    id: u64,
    interval: Duration,
    query: &str,
    socket: &mut WebSocket,
    inbox: &mut mpsc::UnboundedReceiver<Out>,
) -> Option<u16> {
    let hello = json!({"op": 10, "t": null, "s": null, "d": {"heartbeat_interval": interval.as_millis(), "_trace": []}});
    socket.send(Frame::Text(hello.to_string().into())).await.ok()?;
    if query.split('&').any(|part| part.strip_prefix("v=").is_some_and(|version| version != "10")) {
        return Some(4012);
    }
    let mut frames: VecDeque<Instant> = VecDeque::new();
    let mut alive = Instant::now();
    loop {
        let deadline = tokio::time::Instant::from_std(alive + interval * 2);
        tokio::select! {
            frame = socket.recv() => {
                let text = match frame {
                    Some(Ok(Frame::Text(text))) => text,
                    Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => continue,
                    Some(Ok(Frame::Binary(_))) => return Some(4002),
                    Some(Ok(Frame::Close(farewell))) => {
                        // These two say "I am not coming back"; any other close may be followed by a RESUME.
                        if farewell.is_none_or(|frame| matches!(frame.code, 1000 | 1001)) {
                            shared.with(|world| world.end_sessions(|session| session.connection == Some(id)));
                        }
                        return None;
                    }
                    Some(Err(_)) | None => return None,
                };
                frames.push_back(Instant::now());
                while frames.front().is_some_and(|first| first.elapsed() > Duration::from_secs(60)) {
                    frames.pop_front();
                }
                if frames.len() > 120 {
                    shared.with(|world| world.violation("gateway: more than 120 frames in a minute"));
                    return Some(4008);
                }
                if text.len() > 4096 {
                    shared.with(|world| world.violation("gateway: a frame of more than 4096 bytes"));
                    return Some(4002);
                }
                let frame: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
                if frame["op"] == 1 {
                    alive = Instant::now();
                }
                if let Next::Close(code) = shared.with(|world| world.hear(id, &frame)) {
                    return Some(code);
                }
            }
            out = inbox.recv() => match out {
                Some(Out::Frame(text)) => socket.send(Frame::Text(text.into())).await.ok()?,
                Some(Out::Close(code)) => return Some(code),
                Some(Out::Drop) | None => return None,
            },
            () = tokio::time::sleep_until(deadline) => return Some(4009),
        }
    }
}

fn reason(code: u16) -> &'static str {
    match code {
        4000 => "Unknown error.",
        4001 => "Unknown opcode.",
        4002 => "Error while decoding payload.",
        4003 => "Not authenticated.",
        4004 => "Authentication failed.",
        4005 => "Already authenticated.",
        4007 => "Invalid seq.",
        4008 => "Rate limited.",
        4009 => "Session timed out.",
        4010 => "Invalid shard.",
        4011 => "Sharding required.",
        4012 => "Invalid API version.",
        4013 => "Invalid intent(s).",
        4014 => "Disallowed intent(s).",
        _ => "",
    }
}

impl World {
    /// One frame of a client.
    fn hear(&mut self, connection: u64, frame: &Value) -> Next {
        let identified = self.connections.iter().any(|known| known.id == connection && known.session.is_some());
        let refused = match frame["op"].as_u64() {
            None => Some(4002),
            Some(1) => {
                self.has_heard(frame["d"].as_u64(), |session| session.connection == Some(connection));
                if !self.gateway.stop_acks {
                    self.send_to(connection, Out::Frame(json!({"op": 11, "t": null, "s": null, "d": null}).to_string()));
                }
                None
            }
            Some(2 | 6) if identified => Some(4005),
            Some(2) => return self.identify(connection, &frame["d"]),
            Some(6) => return self.resume(connection, &frame["d"]),
            Some(3 | 4 | 8 | 31) if !identified => Some(4003),
            Some(3 | 4 | 8 | 31) => None,
            Some(_) => Some(4001),
        };
        match refused {
            Some(code) => self.close_for_fault(code, frame),
            None => Next::Stay,
        }
    }

    /// Closes on a client that no library in order would be.
    fn close_for_fault(&mut self, code: u16, frame: &Value) -> Next {
        let mut told = frame.clone();
        if told["d"]["token"].is_string() {
            told["d"]["token"] = json!("***");
        }
        self.violation(format!("gateway closed with {code} on {told}"));
        Next::Close(code)
    }

    fn identify(&mut self, connection: u64, data: &Value) -> Next {
        let mut known = data.clone();
        known["token"] = json!("***");
        self.gateway.identifies.push((Instant::now(), known));
        if self.gateway.remaining == 0 {
            // Discord resets the token of a bot that starts too many sessions.
            self.violation("gateway: more sessions started than the daily limit allows");
            return Next::Close(4004);
        }
        self.gateway.remaining -= 1;
        if let Some(code) = self.gateway.close_on_identify {
            return Next::Close(code);
        }
        if self.gateway.silent_on_identify {
            return Next::Stay;
        }
        // Wrong tokens and intents are the operator's, not the program's, fault: no violations.
        if data["token"].as_str().map(|token| token.trim_start_matches("Bot ")) != Some(&self.token) {
            return Next::Close(4004);
        }
        let Some(wanted) = data["intents"].as_u64() else { return self.close_for_fault(4013, &json!({"op": 2, "d": data})) };
        if wanted & !intents::ALL != 0 {
            return Next::Close(4013);
        }
        let privileged =
            intents::GUILD_MEMBERS | intents::GUILD_PRESENCES | if self.message_content { 0 } else { intents::MESSAGE_CONTENT };
        if wanted & privileged != 0 {
            return Next::Close(4014);
        }
        let shard = match data.get("shard") {
            None | Some(Value::Null) => (0, 1),
            Some(shard) => (shard[0].as_u64().unwrap_or(u64::MAX), shard[1].as_u64().unwrap_or(0)),
        };
        if shard.0 >= shard.1 {
            return Next::Close(4010);
        }
        if self.guilds.len() > 2500 * usize::try_from(shard.1).unwrap_or(usize::MAX) {
            return Next::Close(4011);
        }
        self.end_sessions(|session| session.connection.is_none() && session.shard == shard);
        let id = format!("{:016x}{:016x}", self.clock.id(), connection);
        let ready = self.ready_json(&id, shard);
        let session = Session {
            id: id.clone(),
            shard,
            intents: wanted,
            seq: 0,
            heard: 0,
            log: VecDeque::new(),
            connection: Some(connection),
            ready: true,
        };
        self.sessions.push(session);
        if let Some(known) = self.connections.iter_mut().find(|known| known.id == connection) {
            known.session = Some(id);
        }
        let index = self.sessions.len() - 1;
        self.dispatch_to(index, "READY", &ready);
        if wanted & intents::GUILDS != 0 {
            let mine = self.guilds.values().filter(|guild| (guild.id >> 22) % shard.1 == shard.0);
            let events: Vec<Value> = mine.map(|guild| self.guild_create_json(guild)).collect();
            for event in events {
                self.dispatch_to(index, "GUILD_CREATE", &event);
            }
        }
        Next::Stay
    }

    fn ready_json(&self, session: &str, shard: (u64, u64)) -> Value {
        let mine = self.guilds.keys().filter(|guild| (*guild >> 22) % shard.1 == shard.0);
        let mut user = self.user_json(self.bot);
        crate::objects::merge(&mut user, json!({"verified": true, "mfa_enabled": false, "email": null}));
        json!({
            "v": 10, "user": user, "user_settings": {}, "private_channels": [], "relationships": [], "presences": [],
            "guilds": mine.map(|id| json!({"id": id.to_string(), "unavailable": true})).collect::<Vec<_>>(),
            "session_id": session, "session_type": "normal", "resume_gateway_url": self.gateway_url, "shard": [shard.0, shard.1],
            "application": {"id": self.bot.to_string(), "flags": self.application_flags()}, "guild_join_requests": [],
            "geo_ordered_rtc_regions": ["japan"], "auth": {}, "_trace": [],
        })
    }

    fn resume(&mut self, connection: u64, data: &Value) -> Next {
        self.gateway.resumes += 1;
        if data["token"].as_str().map(|token| token.trim_start_matches("Bot ")) != Some(&self.token) {
            return Next::Close(4004);
        }
        let is_meant = |session: &Session| Some(session.id.as_str()) == data["session_id"].as_str();
        self.has_heard(data["seq"].as_u64(), is_meant);
        let found = self.sessions.iter().position(is_meant);
        let Some(index) = found.filter(|_| !self.gateway.refuse_resume) else {
            self.send_to(connection, Out::Frame(json!({"op": 9, "t": null, "s": null, "d": false}).to_string()));
            return Next::Stay;
        };
        let Some(seq) = data["seq"].as_u64().filter(|seq| *seq <= self.sessions[index].seq) else { return Next::Close(4007) };
        if let Some(former) = self.sessions[index].connection {
            self.send_to(former, Out::Close(4000));
        }
        self.sessions[index].connection = Some(connection);
        if let Some(known) = self.connections.iter_mut().find(|known| known.id == connection) {
            known.session = Some(self.sessions[index].id.clone());
        }
        self.sessions[index].log.retain(|(number, _)| *number > seq);
        let missed: Vec<String> = self.sessions[index].log.iter().map(|(_, frame)| frame.clone()).collect();
        for frame in missed {
            self.send_to(connection, Out::Frame(frame));
        }
        self.dispatch_to(index, "RESUMED", &json!({"_trace": []}));
        Next::Stay
    }

    /// The bot says up to which event it has got everything of a session.
    fn has_heard(&mut self, seq: Option<u64>, is_meant: impl Fn(&Session) -> bool) {
        for session in self.sessions.iter_mut().filter(|session| is_meant(session)) {
            session.heard = session.heard.max(seq.unwrap_or(0));
        }
    }

    fn disconnected(&mut self, connection: u64) {
        self.connections.retain(|known| known.id != connection);
        for session in self.sessions.iter_mut().filter(|session| session.connection == Some(connection)) {
            session.connection = None;
        }
    }

    /// From this moment on: what is dispatched now goes to whoever resumes.
    fn nobody_connected(&mut self) {
        self.sessions.iter_mut().for_each(|session| session.connection = None);
        self.connections.iter_mut().for_each(|connection| connection.session = None);
    }

    fn to_all(&self, out: impl Fn() -> Out) {
        for connection in &self.connections {
            self.send_to(connection.id, out());
        }
    }
}

/// The gateway, as tests steer and read it. What concerns connections concerns all there are.
pub struct Gateway(pub(crate) Standin);

impl Gateway {
    /// Closes with this code; those that forbid a RESUME end the sessions.
    pub fn close(&self, code: u16) {
        self.0.with(|world| {
            if matches!(code, 4004 | 4007 | 4009..=4014) {
                world.end_sessions(|_| true);
            }
            world.to_all(|| Out::Close(code));
            world.nobody_connected();
        });
    }

    /// TCP away, no close frame.
    pub fn drop_socket(&self) {
        self.0.with(|world| {
            world.to_all(|| Out::Drop);
            world.nobody_connected();
        });
    }

    /// Op 7: please connect again and resume.
    pub fn reconnect(&self) {
        self.0.with(|world| world.to_all(|| Out::Frame(json!({"op": 7, "t": null, "s": null, "d": null}).to_string())));
    }

    /// Op 9: the session is invalid; `resumable`: a RESUME may still succeed.
    pub fn invalidate(&self, resumable: bool) {
        self.0.with(|world| {
            world.to_all(|| Out::Frame(json!({"op": 9, "t": null, "s": null, "d": resumable}).to_string()));
            // On this very socket a new IDENTIFY or RESUME is allowed now.
            world.nobody_connected();
            if !resumable {
                world.end_sessions(|_| true);
            }
        });
    }

    /// Heartbeats stay unanswered.
    pub fn stop_acks(&self, stop: bool) {
        self.0.with(|world| world.gateway.stop_acks = stop);
    }

    /// Every RESUME is answered with op 9.
    pub fn refuse_resume(&self, refuse: bool) {
        self.0.with(|world| world.gateway.refuse_resume = refuse);
    }

    /// Every IDENTIFY is answered with this close code; 0: no more.
    pub fn close_on_identify(&self, code: u16) {
        self.0.with(|world| world.gateway.close_on_identify = (code != 0).then_some(code));
    }

    /// Never READY.
    pub fn silent_on_identify(&self, silent: bool) {
        self.0.with(|world| world.gateway.silent_on_identify = silent);
    }

    /// Every IDENTIFY so far, with `ms_ago`, its age when asked, in milliseconds; the token is not in it.
    pub fn identifies(&self) -> Vec<Value> {
        let known = self.0.with(|world| world.gateway.identifies.clone());
        known
            .into_iter()
            .map(|(at, mut data)| {
                data["ms_ago"] = json!(at.elapsed().as_millis());
                data
            })
            .collect()
    }

    /// How often a RESUME came.
    pub fn resumes(&self) -> usize {
        self.0.with(|world| world.gateway.resumes)
    }

    /// How many sessions may still be started today, as GET /gateway/bot tells.
    pub fn session_limit(&self, remaining: u64) {
        self.0.with(|world| world.gateway.remaining = remaining);
    }

    /// How many shards GET /gateway/bot recommends, and how many may identify at once.
    pub fn recommend_shards(&self, shards: u64, max_concurrency: u64) {
        self.0.with(|world| (world.gateway.shards, world.gateway.max_concurrency) = (shards, max_concurrency));
    }

    /// The interval that HELLO tells from now on.
    pub fn heartbeat_interval(&self, interval: Duration) {
        self.0.with(|world| world.gateway.heartbeat = interval);
    }

    /// An event as it is, to every session.
    pub fn dispatch_raw(&self, event: &str, data: Value) {
        self.0.with(|world| {
            for session in 0..world.sessions.len() {
                world.dispatch_to(session, event, &data);
            }
        });
    }

    /// The last event of this name once more, as Discord sometimes does.
    pub fn repeat(&self, event: &str) {
        self.0.with(|world| {
            for session in 0..world.sessions.len() {
                let frames = world.sessions[session].log.iter().rev();
                let mut frames = frames.filter_map(|(_, frame)| serde_json::from_str::<Value>(frame).ok());
                if let Some(frame) = frames.find(|frame| frame["t"] == event) {
                    world.dispatch_to(session, event, &frame["d"]);
                }
            }
        });
    }

    /// Every new message is told of twice, as Discord sometimes does.
    pub fn repeat_messages(&self, repeat: bool) {
        self.0.with(|world| world.gateway.repeats = repeat);
    }

    /// The messages of whose creation the bot was not told: nobody was connected, and nobody could resume.
    pub fn unheard(&self) -> Vec<u64> {
        self.0.with(|world| world.gateway.unheard.clone())
    }

    /// A frame as it is, to every connection.
    pub fn send_raw(&self, text: &str) {
        self.0.with(|world| world.to_all(|| Out::Frame(text.to_owned())));
    }

    /// Somebody is connected and has got READY.
    pub fn is_connected(&self) -> bool {
        self.0.with(|world| world.sessions.iter().any(|session| session.connection.is_some()))
    }
}
