//! Bytes of a file -> its line and column, as a moderator's editor counts them.
//!
//! What is said about a place is left to `diagnostic.rs`.

use std::ops::Range;

use super::diagnostic::Place;

/// The file being read: turns byte ranges into places.
pub struct File<'a> {
    /// Its position among the files.
    pub nth: usize,
    pub name: &'a str,
    pub text: &'a str,
    line_starts: Vec<usize>,
}

impl<'a> File<'a> {
    /// Finds the lines of a text.
    pub fn new(nth: usize, name: &'a str, text: &'a str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        File { nth, name, text, line_starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// Where some bytes of the text stand.
    pub fn place(&self, bytes: &Range<usize>) -> Place {
        let start = self.text.floor_char_boundary(bytes.start.min(self.text.len()));
        let line = self.line_starts.partition_point(|line_start| *line_start <= start);
        let line_start = self.line_starts[line - 1];
        let column = self.text.get(line_start..start).map_or(0, |before| before.chars().count()) + 1;
        Place { file: self.name.to_owned(), line, column, bytes: start..bytes.end.max(start) }
    }
}
