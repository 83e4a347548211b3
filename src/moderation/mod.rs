//! The FAQ kept from Discord: what a moderator typed becomes a draft, a draft a plan that was checked, a plan a change in the files that can be
//! taken back.
//!
//! [`form`] (an entry as five fields) → [`draft`] (whose, of what, from which text) → [`plan`] (the files as they would be, or why not) →
//! [`review`] (who would be answered otherwise) → [`publish`] (row, files, row) → [`history`] (what was changed, and back). Buttons, and who
//! may press them, are left to the shell.

pub mod draft;
pub mod form;
pub mod history;
pub mod inbox;
pub mod plan;
pub mod publish;
pub mod review;
pub mod stats;
pub mod travel;

pub use draft::{Draft, Task};
pub use form::Fields;
pub use plan::{Plan, Unplanned, plan};
pub use publish::{Desk, Unpublished};
