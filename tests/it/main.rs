//! The house's tests: one crate, one module a subject. Tables wherever a case is one line.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod care;
mod chatting;
mod command_line;
mod comparing;
mod conversing;
mod deciding;
mod door;
mod editing;
mod evaluating;
mod hostile;
mod hygiene;
mod journal;
mod killing;
mod links;
mod loading;
mod moderating;
mod reloading;
mod robustness;
mod schemas;
mod searching;
mod settings;
mod support;
mod tidy;
mod typos;
