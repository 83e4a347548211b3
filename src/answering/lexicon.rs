//! Finds the vocabulary's forms in a normalised text, exactly or with one typing mistake.
//!
//! Only where a form stands is decided here; what it weighs is left to `analyzer.rs`.

use std::ops::Range;

use super::directory::Directory;
use super::forms::Forms;
use super::normalize::{is_hiragana, is_kanji};
use super::postings::{passing, small};

/// The vocabulary's forms in one spelling (as written, or all hiragana).
#[derive(Debug)]
pub struct Lexicon {
    forms: Forms,
    meanings: Vec<Meaning>,
    /// The pieces of forms worth finding with a typing mistake, each with its form, in order.
    pieces: Vec<(Piece, u32)>,
    directory: Directory,
}

/// What a form stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A group of the vocabulary, by its position there.
    Concept(usize),
    /// Nothing: politeness, particles.
    Stop,
}

/// A form found in a text, by the text's bytes.
#[derive(Clone, Debug)]
pub struct Hit {
    pub range: Range<usize>,
    pub meaning: Meaning,
}

impl Lexicon {
    /// The first meaning given for a form counts.
    pub fn new(given: &[(String, Meaning)]) -> Self {
        let forms = Forms::new(given.iter().map(|(form, _)| form.as_str()));
        let mut known = passing();
        for (at, (form, meaning)) in given.iter().enumerate() {
            let characters: Vec<char> = form.chars().collect();
            if matches!(meaning, Meaning::Concept(_)) && is_worth_correcting(&characters) {
                known.extend(pieces(&characters).map(|piece| (piece, small(at))));
            }
        }
        known.sort_unstable();
        known.dedup();
        Lexicon {
            forms,
            meanings: given.iter().map(|(_, meaning)| *meaning).collect(),
            directory: Directory::new(known.iter().map(|(piece, _)| *piece)),
            // Copied, for just the room it takes.
            pieces: known.as_slice().to_vec(),
        }
    }

    /// Non-overlapping forms, leftmost first, the longest where several begin at one place. Latin forms are whole words;
    /// with `long_kana_only`, hiragana forms of one or two characters are left alone, since in a text without kanji they stand everywhere.
    pub fn find(&self, text: &str, long_kana_only: bool) -> Vec<Hit> {
        let hits = self.forms.find(text, |found| stands_alone(text, &found.range, long_kana_only));
        hits.map(|found| Hit { range: found.range, meaning: self.meanings[found.form] }).collect()
    }

    fn forms_with(&self, piece: Piece) -> impl Iterator<Item = usize> + '_ {
        let near = self.pieces[self.directory.near(piece)].iter();
        near.filter(move |(known, _)| *known == piece).map(|(_, form)| *form as usize)
    }

    /// The place in `segment` that is one edit away from a form, and that form's meaning: the longest such form whose place `fits`.
    pub fn find_misspelt(&self, segment: &str, fits: impl Fn(&Range<usize>) -> bool) -> Option<Hit> {
        let characters: Vec<char> = segment.chars().collect();
        let mut candidates: Vec<usize> = Vec::new();
        each_run(&characters, |run| candidates.extend(self.forms_with(run)));
        candidates.sort_unstable();
        candidates.dedup();
        candidates.sort_by_cached_key(|form| std::cmp::Reverse(self.forms.given(*form).chars().count()));
        candidates.into_iter().find_map(|at| {
            let form: Vec<char> = self.forms.given(at).chars().collect();
            let whole_word = form.iter().all(char::is_ascii_alphabetic);
            let bytes = |count: usize| characters.iter().take(count).map(|c| c.len_utf8()).sum::<usize>();
            one_edit_windows(&characters, &form, whole_word)
                .map(|window| bytes(window.start)..bytes(window.end))
                .find(&fits)
                .map(|range| Hit { range, meaning: self.meanings[at] })
        })
    }
}

fn stands_alone(text: &str, range: &Range<usize>, long_kana_only: bool) -> bool {
    let form = || text.get(range.clone()).unwrap_or_default().chars();
    if long_kana_only && form().nth(2).is_none() && form().all(is_hiragana) {
        return false;
    }
    let before = text.get(..range.start).and_then(|before| before.chars().next_back());
    let after = text.get(range.end..).and_then(|after| after.chars().next());
    !continues_word(before, form().next()) && !continues_word(form().next_back(), after)
}

/// Short words are one edit away from too many others.
fn is_worth_correcting(form: &[char]) -> bool {
    let is_latin = form.iter().all(char::is_ascii_alphabetic);
    let long_enough = match form.len() {
        3 => form.iter().copied().all(is_kanji),
        4 => !is_latin,
        length => length > 4,
    };
    long_enough && !form.contains(&' ')
}

/// Some characters, mixed to one number. Two pieces may share it: then a form is compared in vain.
type Piece = u32;

fn mixed(piece: Piece, c: char) -> Piece {
    (piece.rotate_left(5) ^ u32::from(c)).wrapping_mul(0x9E37_79B1)
}

/// A character that stands for any.
const ANY: char = '\0';

/// Of these, one mistake leaves at least one as it was: it falls into one half and the other stays, or it swaps the characters between
/// which the halves meet. Of three characters only the middle one may be wrong.
fn pieces(form: &[char]) -> impl Iterator<Item = Piece> {
    let piece = |characters: &mut dyn Iterator<Item = &char>| characters.fold(0, |piece, c| mixed(piece, *c));
    let (one, other) = form.split_at(form.len() / 2);
    let pieces = match (one, other) {
        ([first], [_, last]) => vec![piece(&mut [*first, ANY, *last].iter())],
        ([start @ .., _], [next, ..]) => {
            vec![piece(&mut one.iter()), piece(&mut other.iter()), piece(&mut start.iter().chain([next]))]
        }
        _ => Vec::new(),
    };
    pieces.into_iter()
}

/// Whatever may be a piece of a form in a text.
fn each_run(text: &[char], mut look: impl FnMut(Piece)) {
    for (start, first) in text.iter().enumerate() {
        let mut run = mixed(0, *first);
        for next in &text[start + 1..] {
            run = mixed(run, *next);
            look(run);
        }
    }
    for three in text.windows(3) {
        look([three[0], ANY, three[2]].into_iter().fold(0, mixed));
    }
}

/// Whether two neighbouring characters belong to one Latin word or one number.
fn continues_word(one: Option<char>, other: Option<char>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => {
            (one.is_ascii_alphabetic() && other.is_ascii_alphabetic()) || (one.is_ascii_digit() && other.is_ascii_digit())
        }
        _ => false,
    }
}

/// The stretches of `text` that differ from `form` by one character substituted, missing or too many, or by two swapped.
/// Words of Latin letters keep their first letter and must be the whole text.
fn one_edit_windows<'t>(text: &'t [char], form: &'t [char], whole_word: bool) -> impl Iterator<Item = Range<usize>> + 't {
    let lengths = [form.len(), form.len() + 1, form.len() - 1].into_iter().filter(|length| *length <= text.len());
    lengths
        .filter(move |length| !whole_word || (*length == text.len() && text[0] == form[0]))
        .flat_map(|length| text.windows(length).enumerate().map(move |(start, window)| (start..start + length, window)))
        // Whatever the mistake, it leaves one of the ends as it was.
        .filter(|(_, window)| window.first() == form.first() || window.last() == form.last())
        .filter(|(_, window)| is_one_edit(window, form))
        .map(|(range, _)| range)
}

fn is_one_edit(written: &[char], form: &[char]) -> bool {
    let same_start = written.iter().zip(form).take_while(|(one, other)| one == other).count();
    let same_end = written.iter().rev().zip(form.iter().rev()).take_while(|(one, other)| one == other).count();
    let shorter = written.len().min(form.len());
    match written.len().abs_diff(form.len()) {
        0 if same_start == shorter => false,
        // Of three kanji only the middle one may be wrong: 真性性 is 真正性, but 医師会 is not 医師法.
        0 if shorter == 3 => same_start == 1 && same_end == 1,
        _ if shorter <= 3 => false,
        0 if same_start + same_end == shorter - 1 => true,
        0 => {
            same_start + same_end + 2 == shorter
                && written[same_start] == form[same_start + 1]
                && written[same_start + 1] == form[same_start]
        }
        // A character too many or too few stands inside: at an edge it is the neighbouring particle, or a shorter word.
        1 => same_start + same_end >= shorter && same_start >= 1 && same_end >= 1,
        _ => false,
    }
}
