//! The house's tests: one crate, one module a subject. Tables wherever a case is one line.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]
#![allow(clippy::needless_pass_by_value, reason = "table helpers read better without ampersands")]

mod care;
mod command_line;
mod deciding;
mod evaluating;
mod hygiene;
mod loading;
mod robustness;
mod searching;
mod settings;
mod support;
mod tidy;
