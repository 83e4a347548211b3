//! The FAQ as data: what moderators write becomes a [`Faq`] and a [`Vocabulary`], with a [`Diagnostic`] for all that is wrong in it.
//!
//! Bytes in, values out. Reading folders is left to [`crate::knowledge`], finding entries to [`crate::answering`].

pub mod compare;
mod complaint;
pub mod diagnostic;
mod drawing;
pub mod edit;
mod file;
pub mod load;
mod model;
mod pattern;
mod place;
mod punctuation;
mod sentences_en;
mod sentences_ja;
mod shape;
mod spelling;
mod suggestion;
mod system;
mod texts;
mod tree;
mod vocabulary;
mod wordings;
mod written;

pub use diagnostic::{Diagnostic, Level, Place, Problem, one_line, shortened};
pub use drawing::inert;
pub use file::{schema, vocabulary_schema};
pub use load::{Loaded, Source, comparable, is_https, load, parse_date};
pub use model::{Entry, EntryId, Faq, Kind, Lang, Link, Localized, Topic};
pub use pattern::Pattern;
pub use suggestion::{id as id_from, nearest};
pub use system::system_words;
pub use texts::Texts;
pub use vocabulary::{Class, Concept, VOCABULARY_FILE, Vocabulary, is_vocabulary};
pub use written::{Written, WrittenFile, with_lines};
