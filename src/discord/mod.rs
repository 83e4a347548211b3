//! The bot in Discord: the only room that knows serenity.
//!
//! [`connection`] (connect, watch, leave) → [`events`] (what happened) → the doors, [`messages`] (also those [`watching`] overheard),
//! [`commands`] and [`presses`] (with [`corrections`]; moderators' own in [`moderation`]) → [`page`] (how it looks) → [`sending`] → [`queue`] (when it goes out). [`lanes`] keep
//! what happens to one question in order, [`memory`] what is kept of it; [`reloading`] changes the FAQ meanwhile. Custom ids are
//! [`ticket`]s. Whether to speak is decided in [`crate::conversation`], what to say in [`crate::answering`].

pub mod bot;
pub mod commands;
pub mod connection;
pub mod corrections;
pub mod doctor;
pub mod events;
pub mod lanes;
pub mod memory;
pub mod messages;
pub mod moderation;
pub mod page;
pub mod presses;
pub mod queue;
pub mod reloading;
pub mod sending;
pub mod ticket;
pub mod watching;

pub use bot::Bot;
pub use connection::{Stopped, run};

/// What the libraries of this room may log at most, unless they are asked for by name: their lines hold interaction tokens, and the whole
/// text of a message that serenity cannot read.
pub const LIBRARY_LOG: [(&str, &str); 8] = [
    ("serenity", "warn"),
    ("serenity::gateway::ws", "error"),
    ("h2", "warn"),
    ("hyper_util", "warn"),
    ("reqwest", "warn"),
    ("rustls", "warn"),
    ("tokio_tungstenite", "warn"),
    ("tungstenite", "warn"),
];
