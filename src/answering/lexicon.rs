//! Finds the vocabulary's forms in a normalised text, exactly or with one typing mistake.
//!
//! Only where a form stands is decided here; what it weighs is left to `analyzer.rs`.

use std::collections::HashSet;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::normalize::{is_hiragana, is_kanji};

/// The vocabulary's forms in one spelling (as written, or all hiragana).
#[derive(Debug)]
pub struct Lexicon {
    automaton: AhoCorasick,
    forms: Vec<Form>,
    /// The pairs of characters of forms worth finding with a typo, each with its form, in order.
    pairs: Vec<([char; 2], u32)>,
    /// Which places of a small table the known pairs fall on: tells most unknown pairs without a search.
    is_pair: Vec<bool>,
}

#[derive(Debug)]
struct Form {
    characters: Box<[char]>,
    meaning: Meaning,
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
    pub fn new(forms: impl IntoIterator<Item = (String, Meaning)>) -> Self {
        let mut seen = HashSet::new();
        let mut texts = Vec::new();
        let mut known = Vec::new();
        for (text, meaning) in forms {
            if text.is_empty() || !seen.insert(text.clone()) {
                continue;
            }
            known.push(Form { characters: text.chars().collect(), meaning });
            texts.push(text);
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            // A tenth of the memory of the table it would build for few forms.
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&texts)
            .expect("a vocabulary file of at most 5 MB stays far below the automaton's limits");
        let correctable = (0_u32..).zip(&known).filter(|(_, form)| form.is_worth_correcting());
        let mut by_pair: Vec<_> =
            correctable.flat_map(|(at, form)| pairs(&form.characters).map(move |pair| (pair, at))).collect();
        by_pair.sort_unstable();
        by_pair.dedup();
        by_pair.shrink_to_fit();
        let mut is_pair = vec![false; PAIR_PLACES];
        for (pair, _) in &by_pair {
            is_pair[pair_place(*pair)] = true;
        }
        Lexicon { automaton, forms: known, pairs: by_pair, is_pair }
    }

    /// Non-overlapping forms, leftmost first, the longest where several begin at one place. Latin forms are whole words;
    /// with `long_kana_only`, hiragana forms of one or two characters are left alone, since in a text without kanji they stand everywhere.
    pub fn find(&self, text: &str, long_kana_only: bool) -> Vec<Hit> {
        let mut candidates: Vec<_> = self
            .automaton
            .find_overlapping_iter(text)
            .filter(|found| self.stands_alone(text, found.start()..found.end(), found.pattern().as_usize(), long_kana_only))
            .map(|found| Hit { range: found.start()..found.end(), meaning: self.forms[found.pattern().as_usize()].meaning })
            .collect();
        candidates.sort_by_key(|hit| (hit.range.start, std::cmp::Reverse(hit.range.end)));
        let mut free_from = 0;
        candidates.retain(|hit| {
            let is_free = hit.range.start >= free_from;
            if is_free {
                free_from = hit.range.end;
            }
            is_free
        });
        candidates
    }

    fn stands_alone(&self, text: &str, range: Range<usize>, form: usize, long_kana_only: bool) -> bool {
        let characters = &self.forms[form].characters;
        if long_kana_only && characters.len() <= 2 && characters.iter().copied().all(is_hiragana) {
            return false;
        }
        let before = text.get(..range.start).and_then(|before| before.chars().next_back());
        let after = text.get(range.end..).and_then(|after| after.chars().next());
        let (first, last) = (characters.first().copied(), characters.last().copied());
        !continues_word(before, first) && !continues_word(last, after)
    }

    fn forms_with(&self, pair: [char; 2]) -> impl Iterator<Item = usize> + '_ {
        let first = self.pairs.partition_point(|(known, _)| *known < pair);
        self.pairs[first..].iter().take_while(move |(known, _)| *known == pair).map(|(_, form)| *form as usize)
    }

    /// The place in `segment` that is one edit away from a form, and that form's meaning: the longest such form whose place `fits`.
    pub fn find_misspelt(&self, segment: &str, fits: impl Fn(&Range<usize>) -> bool) -> Option<Hit> {
        let characters: Vec<char> = segment.chars().collect();
        let mut shared: Vec<usize> =
            pairs(&characters).filter(|pair| self.is_pair[pair_place(*pair)]).flat_map(|pair| self.forms_with(pair)).collect();
        shared.sort_unstable();
        let enough = |same: &&[usize]| same.len() + MOST_PAIRS_LOST >= self.forms[same[0]].pairs();
        let mut candidates: Vec<usize> = shared.chunk_by(usize::eq).filter(enough).map(|same| same[0]).collect();
        candidates.sort_by_key(|form| std::cmp::Reverse(self.forms[*form].characters.len()));
        candidates.into_iter().find_map(|form| {
            let form = &self.forms[form];
            let whole_word = form.characters.iter().all(char::is_ascii_alphabetic);
            let bytes = |count: usize| characters.iter().take(count).map(|c| c.len_utf8()).sum::<usize>();
            one_edit_windows(&characters, &form.characters, whole_word)
                .map(|window| bytes(window.start)..bytes(window.end))
                .find(&fits)
                .map(|range| Hit { range, meaning: form.meaning })
        })
    }
}

/// Two swapped characters break up to three pairs of neighbours and four of next neighbours; every other mistake fewer.
const MOST_PAIRS_LOST: usize = 7;

impl Form {
    /// How many pairs [`pairs`] makes of it.
    fn pairs(&self) -> usize {
        2 * self.characters.len() - 3
    }

    /// Short words are one edit away from too many others, and politeness is not worth correcting.
    fn is_worth_correcting(&self) -> bool {
        let length = self.characters.len();
        let is_latin = self.characters.iter().all(char::is_ascii_alphabetic);
        let long_enough = match length {
            3 => self.characters.iter().copied().all(is_kanji),
            4 => !is_latin,
            _ => length > 4,
        };
        matches!(self.meaning, Meaning::Concept(_)) && long_enough && !self.characters.contains(&' ')
    }
}

/// The shipped vocabulary's four thousand pairs leave seven in eight of these empty.
const PAIR_PLACES: usize = 1 << 15;

fn pair_place([one, other]: [char; 2]) -> usize {
    (u32::from(one).wrapping_mul(0x9E37_79B1) ^ u32::from(other).wrapping_mul(0x85EB_CA77)) as usize >> 7 & (PAIR_PLACES - 1)
}

/// Each two characters that are neighbours or have one between them: one mistake leaves at least one such pair of any form as it was.
fn pairs(characters: &[char]) -> impl Iterator<Item = [char; 2]> + '_ {
    let neighbours = characters.windows(2).map(|pair| [pair[0], pair[1]]);
    neighbours.chain(characters.windows(3).map(|three| [three[0], three[2]]))
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
        .flat_map(|length| (0..=text.len() - length).map(move |start| start..start + length))
        .filter(|window| is_one_edit(&text[window.clone()], form))
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
