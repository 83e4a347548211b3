//! A moderator's pattern -> a compiled expression, bounded in size.
//!
//! When patterns are held against a text, and what follows, is left to [`crate::answering`].

use std::sync::{Arc, OnceLock};

use regex::{Regex, RegexBuilder};

use super::diagnostic::Problem;

/// Compiled size of one pattern: thousands of alternatives fit, a bomb of repetitions does not.
pub const MAX_PATTERN_BYTES: usize = 1 << 20;

/// A regular expression for text after NFKC, in lower case, without spaces between Japanese characters. In it `…` is anything within the
/// sentence and `\b` the edge of a Latin word.
///
/// Compiled when it is first held against a text: the shipped ones take 4 MB then, and most days nobody writes what calls for them.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As in the file.
    pub written: Arc<str>,
    compiled: Arc<OnceLock<Regex>>,
}

impl Pattern {
    /// Makes sure that what a moderator wrote is an expression within [`MAX_PATTERN_BYTES`].
    ///
    /// # Errors
    /// It is no expression, or too big.
    pub fn new(written: &str) -> Result<Self, Problem> {
        match compile(written) {
            Ok(_) => Ok(Pattern { written: written.into(), compiled: Arc::default() }),
            Err(regex::Error::CompiledTooBig(_)) => Err(Problem::PatternTooBig),
            Err(error) => {
                let detail = error.to_string();
                let detail = detail.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                Err(Problem::BadPattern { detail })
            }
        }
    }

    /// The compiled expression.
    pub fn regex(&self) -> &Regex {
        self.compiled.get_or_init(|| compile(&self.written).expect("it was compiled once before"))
    }
}

fn compile(written: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&expanded(written)).size_limit(MAX_PATTERN_BYTES).build()
}

/// What a pattern means in our notation: `…` is anything within the sentence, and `\b` the edge of a Latin word, since the Unicode one
/// would see no edge between the letters of 院内SE.
fn expanded(pattern: &str) -> String {
    let mut expanded = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        match (c, if c == '\\' { characters.next() } else { None }) {
            ('…', _) => expanded.push_str(r"[^。.!?\n]*"),
            ('\\', Some('b')) => expanded.push_str(r"(?-u:\b)"),
            (c, escaped) => expanded.extend([c].into_iter().chain(escaped)),
        }
    }
    expanded
}
