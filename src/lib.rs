//! draft
#![allow(missing_docs)]
pub mod answering;
pub mod evaluation;
pub mod faq;
pub mod knowledge;
