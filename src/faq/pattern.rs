//! A moderator's pattern -> a compiled expression, bounded in size.
//!
//! When patterns are held against a text, and what follows, is left to [`crate::answering`].

use regex::{Regex, RegexBuilder};

/// Compiled size of one pattern: thousands of alternatives fit, a bomb of repetitions does not.
pub const MAX_PATTERN_BYTES: usize = 1 << 20;

/// A regular expression for text after NFKC, in lower case, without spaces between Japanese characters. In it `…` is anything within the
/// sentence and `\b` the edge of a Latin word.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As in the file.
    pub written: String,
    /// As compiled, within [`MAX_PATTERN_BYTES`].
    pub regex: Regex,
}

impl Pattern {
    /// Compiles what a moderator wrote.
    ///
    /// # Errors
    /// Why it is no expression, or that it is too big, in one line.
    pub fn new(written: &str) -> Result<Self, String> {
        match RegexBuilder::new(&expanded(written)).size_limit(MAX_PATTERN_BYTES).build() {
            Ok(regex) => Ok(Pattern { written: written.to_owned(), regex }),
            Err(error) => {
                let detail = error.to_string();
                Err(detail.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned())
            }
        }
    }
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
