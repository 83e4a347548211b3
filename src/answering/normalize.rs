//! One spelling for what people spell in many ways: width, case, long vowels, English endings, punctuation. Every character
//! remembers the stretch of the original it came from, so that explanations can quote the asker.
//!
//! The FAQ and the questions pass through here alike; which words mean something is left to `analyzer.rs`.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text in its one spelling.
#[derive(Clone, Debug, Default)]
pub struct Normalized {
    /// Words separated by single spaces, lower case.
    pub text: String,
    /// For each character of `text`, the bytes of the original it stands for.
    units: Vec<Unit>,
    /// For each character of `text`, where it begins there.
    starts: Vec<usize>,
    /// Whether the original held a kanji. Without one, words may be spelt in either kana.
    pub has_kanji: bool,
}

#[derive(Clone, Debug)]
struct Unit {
    c: char,
    origin: Range<usize>,
}

impl Normalized {
    /// The bytes of the original from which the bytes `range` of [`Normalized::text`] came.
    pub fn origin(&self, range: &Range<usize>) -> Range<usize> {
        let characters_before = |end: usize| self.starts.partition_point(|start| *start < end);
        match self.units.get(characters_before(range.start)..characters_before(range.end)) {
            Some([only]) => only.origin.clone(),
            Some([first, .., last]) => first.origin.start..last.origin.end,
            Some([]) | None => 0..0,
        }
    }

    /// The same text in hiragana only and without long vowel marks, so that both kana spellings of a word are one.
    #[must_use]
    pub fn folded(&self) -> Normalized {
        let kept = self.units.iter().filter(|unit| unit.c != 'ー');
        let units = kept.map(|unit| Unit { c: hiragana(unit.c), origin: unit.origin.clone() }).collect();
        Normalized::from_units(units, self.has_kanji)
    }

    fn from_units(units: Vec<Unit>, has_kanji: bool) -> Normalized {
        let text: String = units.iter().map(|unit| unit.c).collect();
        let starts = text.char_indices().map(|(at, _)| at).collect();
        Normalized { text, units, starts, has_kanji }
    }
}

/// Compatibility forms and case evened out, spaces between Japanese characters left out: what patterns see.
pub fn pattern_text(text: &str) -> String {
    let even: String =
        if text.chars().all(is_plain) { text.to_ascii_lowercase() } else { text.nfkc().flat_map(char::to_lowercase).collect() };
    let mut joined = String::with_capacity(even.len());
    let mut characters = even.chars().peekable();
    while let Some(c) = characters.next() {
        if !c.is_whitespace() {
            joined.push(c);
            continue;
        }
        while characters.next_if(|next| next.is_whitespace()).is_some() {}
        // Spaces between Japanese characters only hide words ("死 に た い"); between Latin words they are the words' edges.
        let between_japanese =
            joined.chars().next_back().is_some_and(is_japanese) && characters.peek().copied().is_some_and(is_japanese);
        if !between_japanese {
            joined.push(' ');
        }
    }
    joined
}

/// The text in its one spelling.
pub fn normalize(text: &str) -> Normalized {
    let units = compose(text);
    let units = even_long_vowels(units);
    let units = even_words(units);
    let units = even_spaces(units);
    let has_kanji = units.iter().any(|unit| is_kanji(unit.c));
    Normalized::from_units(units, has_kanji)
}

/// NFKC and lower case, cluster by cluster, so that each result keeps its origin.
fn compose(text: &str) -> Vec<Unit> {
    let mut units = Vec::with_capacity(text.len());
    let mut characters = text.char_indices().peekable();
    while let Some((start, first)) = characters.next() {
        let mut end = start + first.len_utf8();
        let joins = |c: char| !is_plain(c) && (is_combining_mark(c) || matches!(c, '\u{ff9e}' | '\u{ff9f}'));
        while let Some((at, mark)) = characters.next_if(|(_, c)| joins(*c)) {
            end = at + mark.len_utf8();
        }
        if is_plain(first) && end == start + first.len_utf8() {
            units.push(Unit { c: first.to_ascii_lowercase(), origin: start..end });
            continue;
        }
        let cluster = text.get(start..end).unwrap_or_default();
        units.extend(cluster.nfkc().flat_map(char::to_lowercase).map(|c| Unit { c, origin: start..end }));
    }
    units
}

/// Characters that NFKC leaves as they are, whatever stands beside them, and that have no lower case but ASCII's: nearly all of most
/// messages. Marks that would join the one before are none of them.
fn is_plain(c: char) -> bool {
    c.is_ascii() || is_hiragana(c) || is_katakana(c) || matches!(c, '\u{4e00}'..='\u{9fff}' | 'ー' | '。' | '、' | '「' | '」')
}

/// サーバー = サーバ; すごーーい, すご〜い = すごい; hyphens between katakana are long vowel marks.
fn even_long_vowels(units: Vec<Unit>) -> Vec<Unit> {
    let mut even: Vec<Unit> = Vec::with_capacity(units.len());
    for mut unit in units {
        let before = even.last().map(|unit| unit.c);
        if is_long_mark(unit.c) {
            if before.is_some_and(is_katakana) {
                unit.c = 'ー';
            } else if before.is_some_and(is_hiragana) || before == Some('ー') {
                continue;
            }
        } else {
            trim_final_long_vowel(&mut even, unit.c);
        }
        even.push(unit);
    }
    trim_final_long_vowel(&mut even, ' ');
    even
}

/// Drops a ー that ends a katakana word of three characters or more: both spellings are common (サーバー, サーバ), カー has only one.
fn trim_final_long_vowel(units: &mut Vec<Unit>, next: char) {
    if is_katakana(next) || units.last().map(|unit| unit.c) != Some('ー') {
        return;
    }
    let word = units.iter().rev().take_while(|unit| is_katakana(unit.c) || unit.c == 'ー').count();
    if word >= 3 {
        units.pop();
    }
}

/// Latin words lose possessives and endings; punctuation and symbols become spaces.
fn even_words(units: Vec<Unit>) -> Vec<Unit> {
    let mut even = Vec::with_capacity(units.len());
    let mut word: Vec<Unit> = Vec::new();
    for unit in units {
        if unit.c.is_ascii_alphabetic() || (matches!(unit.c, '\'' | '’') && !word.is_empty()) {
            word.push(unit);
            continue;
        }
        stem_into(&mut word, &mut even);
        let c = if is_japanese(unit.c) || unit.c.is_alphanumeric() { unit.c } else { ' ' };
        even.push(Unit { c, origin: unit.origin });
    }
    stem_into(&mut word, &mut even);
    even
}

fn stem_into(word: &mut Vec<Unit>, even: &mut Vec<Unit>) {
    if word.is_empty() {
        return;
    }
    let origin = word[0].origin.start..word[word.len() - 1].origin.end;
    let letters: String = word.drain(..).map(|unit| unit.c).collect();
    even.extend(stem(&letters).chars().map(|c| Unit { c, origin: origin.clone() }));
}

/// A light English stem: plural, -ing, -ed, -ly and possessives go; number words become digits.
fn stem(word: &str) -> String {
    /// Shorter than this, an ending is mostly part of the word (bed, king, this).
    const MIN_STEM: usize = 3;
    let word = word.trim_end_matches(['\'', '’']);
    let letters = |word: &str| word.chars().filter(char::is_ascii_alphabetic).collect::<String>();
    if let Some(question) = contraction(&letters(word)) {
        return question.to_owned();
    }
    let mut word = letters(word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word));
    if let Some(digits) = number(&word) {
        return digits.to_owned();
    }
    if word == "ses" {
        return "se".to_owned();
    }
    if word.len() <= MIN_STEM {
        return word;
    }
    if let Some(root) = word.strip_suffix("ies").filter(|root| root.len() >= 2) {
        return format!("{root}y");
    }
    for ending in ["ing", "ed", "es", "s", "ly"] {
        let Some(root) = word.strip_suffix(ending) else { continue };
        let is_plural_like = ending == "s" && (word.ends_with("ss") || word.ends_with("us") || word.ends_with("is"));
        if root.len() < MIN_STEM || is_plural_like || (ending == "es" && word.ends_with("sses") && root.len() < 4) {
            continue;
        }
        let doubled = matches!(ending, "ing" | "ed") && root.len() > MIN_STEM && ends_doubled(root);
        word = root.chars().take(root.len() - usize::from(doubled)).collect();
        break;
    }
    if word.len() > 4 && word.ends_with('e') {
        word.pop();
    }
    word
}

fn ends_doubled(root: &str) -> bool {
    let mut from_end = root.chars().rev();
    let last = from_end.next();
    last.is_some() && last == from_end.next() && last != Some('l') && last != Some('s')
}

/// "what's" asks what something is; as a possessive it would be "what", which asks nothing in particular.
fn contraction(letters: &str) -> Option<&'static str> {
    match letters {
        "whats" => Some("what is"),
        "whos" => Some("who is"),
        "wheres" => Some("where is"),
        _ => None,
    }
}

fn number(word: &str) -> Option<&'static str> {
    const WORDS: [&str; 11] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    const DIGITS: [&str; 11] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
    WORDS.iter().position(|known| *known == word).map(|at| DIGITS[at])
}

/// Single spaces between words; none between a Japanese and a Latin character, where writers set them at will (院内 SE, 院内SE).
fn even_spaces(units: Vec<Unit>) -> Vec<Unit> {
    let mut even: Vec<Unit> = Vec::with_capacity(units.len());
    let mut space: Option<Unit> = None;
    for unit in units {
        if unit.c == ' ' {
            space.get_or_insert(unit);
            continue;
        }
        if let (Some(space), Some(before)) = (space.take(), even.last())
            && is_japanese(before.c) == is_japanese(unit.c)
        {
            even.push(space);
        }
        even.push(unit);
    }
    even
}

fn is_long_mark(c: char) -> bool {
    matches!(c, 'ー' | '〜' | '~' | '―' | '—' | '–' | '‐' | '−' | '─' | '-')
}

/// Kanji, kana and the marks that belong to them.
pub fn is_japanese(c: char) -> bool {
    is_hiragana(c) || is_katakana(c) || is_kanji(c) || c == 'ー'
}

/// One of ぁ–ゖ.
pub fn is_hiragana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ゝ' | 'ゞ')
}

/// One of ァ–ヺ, without the long vowel mark.
pub fn is_katakana(c: char) -> bool {
    matches!(c, 'ァ'..='ヺ')
}

/// A Han character.
pub fn is_kanji(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '々')
}

/// A katakana as its hiragana; anything else as it is.
pub fn hiragana(c: char) -> char {
    match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        _ => c,
    }
}
