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
    /// Where each line begins.
    lines: Vec<usize>,
    /// Places within long lines, as byte and column, so that one is near to whatever is looked for.
    marks: Vec<(usize, usize)>,
}

/// So many bytes are gone through at most to count the characters before a place: all places of a file of one line would take hours.
const STEP: usize = 4_096;

impl<'a> File<'a> {
    /// Finds the lines of a text.
    pub fn new(nth: usize, name: &'a str, text: &'a str) -> Self {
        let (mut lines, mut marks) = (Vec::new(), Vec::new());
        let mut start = 0;
        for line in text.split('\n') {
            lines.push(start);
            let (mut at, mut column) = (0, 1);
            while line.len() - at > STEP {
                let next = line.floor_char_boundary(at + STEP);
                column += line.get(at..next).map_or(0, |passed| passed.chars().count());
                at = next;
                marks.push((start + at, column));
            }
            start += line.len() + 1;
        }
        File { nth, name, text, lines, marks }
    }

    /// Where some bytes of the text stand.
    pub fn place(&self, bytes: &Range<usize>) -> Place {
        let start = self.text.floor_char_boundary(bytes.start.min(self.text.len()));
        let line = self.lines.partition_point(|known| *known <= start);
        let line_start = self.lines[line - 1];
        let mark = self.marks[..self.marks.partition_point(|(known, _)| *known <= start)].last();
        let (known, column) = mark.copied().filter(|(known, _)| *known >= line_start).unwrap_or((line_start, 1));
        let column = column + self.text.get(known..start).map_or(0, |before| before.chars().count());
        Place { file: self.name.to_owned(), line, column, bytes: start..bytes.end.max(start) }
    }
}
