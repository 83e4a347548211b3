//! medse-bot answers career questions about medical-systems engineers in Japan (医療系SE, 院内SE) from a FAQ that moderators write.
//!
//! A line of text becomes a [`answering::Question`]; [`knowledge::Knowledge::respond`] finds the entry it asks for, or says that there
//! is none, and gives a [`answering::Reply`]; a shell shows it:
//!
//! ```
//! use medse_bot::{answering::{Policy, Question, Reply}, faq::Lang, knowledge::{Knowledge, Library}};
//!
//! let built = Knowledge::build(&Library::Shipped.sources()?, Lang::Ja);
//! let knowledge = built.knowledge.expect("the shipped FAQ is usable");
//! let question = Question::new("医療系SEと院内SEの違いは？", Lang::Ja);
//! let Reply::Answer { answers, .. } = knowledge.respond(&question, &Policy::default()) else { panic!() };
//! assert_eq!(answers[0].id.as_str(), "medical-vs-hospital-se");
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! The rooms, in reading order. Each knows only those before it, except that `settings` knows no more than `answering`, `journal`
//! and `links` no more than `faq`, and `monitoring` none of them:

/// What moderators write, as data.
pub mod faq;

/// From a question to what we say, without I/O.
pub mod answering;

/// The FAQ made ready for questions.
pub mod knowledge;

/// How often the right entry is found.
pub mod evaluation;

/// Whether to speak, and how often.
pub mod conversation;

/// What the operator set.
pub mod settings;

/// Signs of life: figures, state, and the address that shows them.
pub mod monitoring;

/// What the bot remembers of questions, on disk.
pub mod journal;

/// Whether the FAQ's links still lead anywhere.
pub mod links;

/// The FAQ kept from Discord: drafts, publishing, history.
pub mod moderation;

/// The bot in a terminal.
pub mod terminal;

/// The bot in Discord.
pub mod discord;

/// The command line.
pub mod cli;
