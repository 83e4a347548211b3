//! From a question to what we say: pure, without clock, I/O or chat service, and it cannot fail.
//!
//! [`Question`] (hygiene) → [`care`] (does somebody need people instead?) → [`chatter`] (is it a question at all?) → [`analyzer`] (words
//! to weighted terms) → [`index`] (terms to ranked entries) → [`decision`] (answer, offer, decline, silence, care) → [`reply`] (in words).

pub mod analyzer;
mod bayes;
pub mod care;
pub mod chatter;
mod classifier;
pub mod decision;
mod directory;
pub mod explanation;
pub mod forms;
pub mod index;
mod lexicon;
pub mod normalize;
pub mod phrases;
mod postings;
pub mod question;
pub mod reply;

pub use decision::{Decision, Outcome, Policy, Reason, Verdict};
pub use question::Question;
pub use reply::{Answer, Choice, Reply};
