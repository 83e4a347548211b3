//! Finds the vocabulary's forms in a normalised text, exactly or with one typing mistake.
//!
//! Only where a form stands is decided here; what it weighs is left to `analyzer.rs`.

use std::ops::Range;

use super::forms::Forms;
use super::normalize::{is_hiragana, is_kanji};
use super::postings::small;

/// The vocabulary's forms in one spelling (as written, or all hiragana).
#[derive(Debug)]
pub struct Lexicon {
    forms: Forms,
    /// All forms' characters, one behind the other, and where each form's end.
    characters: Vec<char>,
    ends: Vec<u32>,
    meanings: Vec<Meaning>,
    /// The pairs of characters of forms worth finding with a typo, each with its form, in order.
    pairs: Vec<(Pair, u32)>,
    /// How many different ones each form has.
    pair_counts: Vec<u8>,
    /// Which places of a small table the known pairs fall on: tells most unknown pairs without a search.
    is_pair: Vec<bool>,
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
        let mut lexicon = Lexicon {
            forms,
            characters: Vec::with_capacity(given.iter().map(|(form, _)| form.chars().count()).sum()),
            ends: Vec::with_capacity(given.len()),
            meanings: given.iter().map(|(_, meaning)| *meaning).collect(),
            pairs: Vec::new(),
            pair_counts: vec![0; given.len()],
            is_pair: vec![false; PAIR_PLACES],
        };
        for (form, _) in given {
            lexicon.characters.extend(form.chars());
            lexicon.ends.push(small(lexicon.characters.len()));
        }
        let correctable = || (0..given.len()).filter(|form| lexicon.is_worth_correcting(*form));
        let mut known = Vec::with_capacity(correctable().map(|form| pairs_of(lexicon.characters(form).len())).sum());
        for form in correctable() {
            known.extend(pairs(lexicon.characters(form)).map(|pair| (pair, small(form))));
        }
        known.sort_unstable();
        known.dedup();
        for (pair, form) in &known {
            lexicon.is_pair[pair_place(*pair)] = true;
            let count = &mut lexicon.pair_counts[*form as usize];
            *count = count.saturating_add(1);
        }
        lexicon.pairs = known;
        lexicon
    }

    /// Non-overlapping forms, leftmost first, the longest where several begin at one place. Latin forms are whole words;
    /// with `long_kana_only`, hiragana forms of one or two characters are left alone, since in a text without kanji they stand everywhere.
    pub fn find(&self, text: &str, long_kana_only: bool) -> Vec<Hit> {
        let hits = self.forms.find(text, |found| self.stands_alone(text, &found.range, found.form, long_kana_only));
        hits.map(|found| Hit { range: found.range, meaning: self.meanings[found.form] }).collect()
    }

    fn characters(&self, form: usize) -> &[char] {
        let start = form.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.characters[start as usize..self.ends[form] as usize]
    }

    fn stands_alone(&self, text: &str, range: &Range<usize>, form: usize, long_kana_only: bool) -> bool {
        let characters = self.characters(form);
        if long_kana_only && characters.len() <= 2 && characters.iter().copied().all(is_hiragana) {
            return false;
        }
        let before = text.get(..range.start).and_then(|before| before.chars().next_back());
        let after = text.get(range.end..).and_then(|after| after.chars().next());
        let (first, last) = (characters.first().copied(), characters.last().copied());
        !continues_word(before, first) && !continues_word(last, after)
    }

    /// Short words are one edit away from too many others, and politeness is not worth correcting.
    fn is_worth_correcting(&self, form: usize) -> bool {
        let characters = self.characters(form);
        let is_latin = characters.iter().all(char::is_ascii_alphabetic);
        let long_enough = match characters.len() {
            3 => characters.iter().copied().all(is_kanji),
            4 => !is_latin,
            length => length > 4,
        };
        matches!(self.meanings[form], Meaning::Concept(_)) && long_enough && !characters.contains(&' ')
    }

    fn forms_with(&self, pair: Pair) -> impl Iterator<Item = usize> + '_ {
        let first = self.pairs.partition_point(|(known, _)| *known < pair);
        self.pairs[first..].iter().take_while(move |(known, _)| *known == pair).map(|(_, form)| *form as usize)
    }

    /// The place in `segment` that is one edit away from a form, and that form's meaning: the longest such form whose place `fits`.
    pub fn find_misspelt(&self, segment: &str, fits: impl Fn(&Range<usize>) -> bool) -> Option<Hit> {
        let characters: Vec<char> = segment.chars().collect();
        let mut shared: Vec<usize> =
            pairs(&characters).filter(|pair| self.is_pair[pair_place(*pair)]).flat_map(|pair| self.forms_with(pair)).collect();
        shared.sort_unstable();
        let enough = |same: &&[usize]| same.len() + MOST_PAIRS_LOST >= usize::from(self.pair_counts[same[0]]);
        let mut candidates: Vec<usize> = shared.chunk_by(usize::eq).filter(enough).map(|same| same[0]).collect();
        candidates.sort_by_key(|form| std::cmp::Reverse(self.characters(*form).len()));
        candidates.into_iter().find_map(|at| {
            let form = self.characters(at);
            let whole_word = form.iter().all(char::is_ascii_alphabetic);
            let bytes = |count: usize| characters.iter().take(count).map(|c| c.len_utf8()).sum::<usize>();
            one_edit_windows(&characters, form, whole_word)
                .map(|window| bytes(window.start)..bytes(window.end))
                .find(&fits)
                .map(|range| Hit { range, meaning: self.meanings[at] })
        })
    }
}

/// A wrong or a missing character takes the four pairs with it that it was in; what was next to it becomes a pair instead. Two swapped
/// characters take three, one too many takes two.
const MOST_PAIRS_LOST: usize = 4;

/// Two characters, mixed to one number. Two pairs may share it: then a form is compared in vain.
type Pair = u32;

/// How many pairs [`pairs`] makes of so many characters.
fn pairs_of(characters: usize) -> usize {
    (2 * characters).saturating_sub(3)
}

/// The shipped vocabulary's four thousand pairs leave seven in eight of these empty.
const PAIR_PLACES: usize = 1 << 15;

fn pair_place(pair: Pair) -> usize {
    pair as usize >> 7 & (PAIR_PLACES - 1)
}

fn pair(one: char, other: char) -> Pair {
    u32::from(one).wrapping_mul(0x9E37_79B1) ^ u32::from(other).wrapping_mul(0x85EB_CA77)
}

/// Each two characters that are neighbours or have one between them: one mistake leaves at least one such pair of any form as it was.
fn pairs(characters: &[char]) -> impl Iterator<Item = Pair> + '_ {
    let neighbours = characters.windows(2).map(|two| pair(two[0], two[1]));
    neighbours.chain(characters.windows(3).map(|three| pair(three[0], three[2])))
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
