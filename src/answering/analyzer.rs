//! Text -> weighted terms. The same analyzer reads the FAQ and the questions, so that both speak of the same things.
//!
//! A text is covered from left to right with the vocabulary's forms; what is left becomes words (Latin), and pairs of characters
//! (Japanese, where no space says what a word is). How terms become a ranking is left to `index.rs`.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::bayes::runs;
use super::forms::Forms;
use super::lexicon::{Hit, Lexicon, Meaning};
use super::normalize::{Normalized, hiragana, is_hiragana, is_kanji, is_katakana, normalize};
use crate::faq::{Class, Vocabulary};

/// What a text is about, as far as one of its terms says.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// A group of the vocabulary, by its position there.
    Concept(usize),
    /// A Latin word or number that no group knows.
    Word(Box<str>),
    /// Two neighbouring Japanese characters, or one that stands alone.
    Characters(char, Option<char>),
}

/// One term of a text.
#[derive(Clone, Debug)]
pub struct Term {
    /// What it says.
    pub key: Key,
    /// How much it says: 1.5 for a subject, 1 for an unknown word.
    pub weight: f32,
    /// The bytes of the original text it was read from.
    pub origin: Range<usize>,
}

/// The terms of a text, each key once.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// In the order in which they stand in the text.
    pub list: Vec<Term>,
    /// The short runs of characters of what is left without politeness and long names, see [`runs`].
    pub runs: Vec<u32>,
}

impl Terms {
    /// The sum of all weights.
    pub fn mass(&self) -> f32 {
        self.list.iter().map(|term| term.weight).sum()
    }
}

/// Reads texts with one vocabulary.
#[derive(Debug)]
pub struct Analyzer {
    spelt: Lexicon,
    kana: Lexicon,
    stops: Forms,
    stop_words: HashSet<String>,
    weights: Vec<f32>,
}

/// The weight of each class, and of what no class knows; from chosen on the development questions in `tests/questions` (2026-11).
const CORE: f32 = 1.5;
const GENERIC: f32 = 0.75;
/// The weight of a word that only says how something is asked.
pub const CUE: f32 = 0.5;
const WORD: f32 = 1.0;
/// Two characters of a Japanese run: kanji and katakana carry words, hiragana mostly grammar.
const CONTENT_PAIR: f32 = 1.0;
const MIXED_PAIR: f32 = 0.5;
const HIRAGANA_PAIR: f32 = 0.15;
const LONE_CHARACTER: f32 = 0.8;
/// A long unknown run is one word, not as many as it has pairs: its total grows with the pairs' number to the power of 1 − 0.8.
const RUN_DAMPING: f32 = 0.8;
/// A concept read through a typing mistake counts less: it may be another word after all.
const MISSPELT: f32 = 0.8;
/// Stop phrases this long are as good as concepts for cutting a text; shorter ones only cut what is left.
const LONG_STOP: usize = 3;
/// A typing mistake is looked for in runs up to this length; longer unknown runs are other languages or noise.
const LONGEST_CORRECTED: usize = 24;

impl Analyzer {
    /// An analyzer for this vocabulary.
    pub fn new(vocabulary: &Vocabulary) -> Self {
        let stops: Vec<Normalized> = vocabulary.stop_phrases.iter().map(|phrase| normalize(phrase)).collect();
        let long_stops = || stops.iter().filter(|stop| stop.text.chars().count() >= LONG_STOP);
        let (mut spelt, mut others, mut kana) = (Vec::new(), Vec::new(), Vec::new());
        for (at, concept) in vocabulary.concepts.iter().enumerate() {
            let meaning = Meaning::Concept(at);
            for form in concept.forms.iter().map(normalize) {
                others.extend(other_kana(&form).map(|other| (other, meaning)));
                // A text without kanji can hold a form with one, mistyped; with more it cannot.
                let kanji = form.text.chars().filter(|c| is_kanji(*c)).count();
                kana.extend((kanji <= 1).then(|| (form.folded().text, meaning)));
                spelt.push((form.text, meaning));
            }
        }
        spelt.append(&mut others);
        spelt.extend(long_stops().map(|stop| (stop.text.clone(), Meaning::Stop)));
        kana.extend(long_stops().map(|stop| (stop.folded().text, Meaning::Stop)));
        let mut all_stops: Vec<String> = stops.iter().flat_map(|stop| [stop.text.clone(), stop.folded().text]).collect();
        all_stops.retain(|stop| !stop.is_ascii());
        Analyzer {
            spelt: Lexicon::new(&spelt),
            kana: Lexicon::new(&kana),
            stops: Forms::new(all_stops.iter().map(String::as_str)),
            stop_words: vocabulary.stop_words.iter().map(|word| normalize(word).text).collect(),
            weights: vocabulary.concepts.iter().map(|concept| weight_of(concept.class)).collect(),
        }
    }

    /// The terms of a text.
    pub fn terms(&self, text: &str) -> Terms {
        let spelt = normalize(text);
        let (normalized, lexicon) = if spelt.has_kanji { (spelt, &self.spelt) } else { (spelt.folded(), &self.kana) };
        let mut collector = Collector { text: &normalized, original: text, found: HashMap::new() };
        let mut rest_from = 0;
        let hits = lexicon.find(&normalized.text, !normalized.has_kanji);
        let runs = runs(&telling(&normalized.text, &hits));
        for (hit, share) in self.correct(lexicon, &normalized.text, hits) {
            self.rest(&mut collector, rest_from..hit.range.start);
            self.add(&mut collector, &hit, share);
            rest_from = hit.range.end;
        }
        self.rest(&mut collector, rest_from..normalized.text.len());
        collector.terms(runs)
    }

    fn add(&self, collector: &mut Collector<'_>, hit: &Hit, share: f32) {
        if let Meaning::Concept(concept) = hit.meaning {
            collector.add(Key::Concept(concept), self.weights[concept] * share, &hit.range);
        }
    }

    /// Adds the forms that stand in the text with one typing mistake. A mistake leaves a gap between the forms found; what is read instead
    /// must cover something of the gap and no form in part (医療情報技帥 holds 医療 and 情報, but means 医療情報技師).
    fn correct(&self, lexicon: &Lexicon, text: &str, hits: Vec<Hit>) -> Vec<(Hit, f32)> {
        let mut corrections: Vec<Hit> = Vec::new();
        let mut gap_start = 0;
        for at in 0..=hits.len() {
            let gap_end = hits.get(at).map_or(text.len(), |hit| hit.range.start);
            for word in words(text, gap_start..gap_end).into_iter().filter(|word| !self.is_stop(text, word)) {
                corrections.extend(misread(lexicon, text, &word, &hits));
            }
            gap_start = hits.get(at).map_or(text.len(), |hit| hit.range.end);
        }
        let overlap = |one: &Range<usize>, other: &Range<usize>| one.start < other.end && other.start < one.end;
        let kept = hits.into_iter().filter(|hit| !corrections.iter().any(|found| overlap(&found.range, &hit.range)));
        let mut read: Vec<(Hit, f32)> = kept.map(|hit| (hit, 1.0)).collect();
        for found in corrections {
            if !read.iter().any(|(hit, _)| overlap(&hit.range, &found.range)) {
                read.push((found, MISSPELT));
            }
        }
        read.sort_by_key(|(hit, _)| hit.range.start);
        read
    }

    /// Whether a stretch is stop phrases and nothing else.
    fn is_stop(&self, text: &str, range: &Range<usize>) -> bool {
        let Some(word) = text.get(range.clone()) else { return true };
        let read: usize = self.stops.find(word, |_| true).map(|stop| stop.range.len()).sum();
        read == word.len() || self.stop_words.contains(word)
    }

    /// What stands between two forms: cut at stop phrases, spaces and changes of script.
    fn rest(&self, collector: &mut Collector<'_>, range: Range<usize>) {
        let text = collector.text;
        let Some(rest) = text.text.get(range.clone()) else { return };
        let mut from = 0;
        for stop in self.stops.find(rest, |_| true) {
            self.pieces(collector, range.start + from..range.start + stop.range.start);
            from = stop.range.end;
        }
        self.pieces(collector, range.start + from..range.end);
    }

    fn pieces(&self, collector: &mut Collector<'_>, range: Range<usize>) {
        let text = collector.text;
        let Some(rest) = text.text.get(range.clone()) else { return };
        let mut start = 0;
        let mut before: Option<char> = None;
        for (at, c) in rest.char_indices() {
            let cut = c == ' ' || before.is_some_and(|before| before == ' ' || before.is_ascii() != c.is_ascii());
            if cut {
                self.piece(collector, range.start + start..range.start + at);
                start = at;
            }
            before = Some(c);
        }
        self.piece(collector, range.start + start..range.end);
    }

    /// A run of Latin letters and digits, or of other characters.
    fn piece(&self, collector: &mut Collector<'_>, range: Range<usize>) {
        let text = collector.text;
        let Some(piece) = text.text.get(range.clone()) else { return };
        if piece.trim().is_empty() || self.stop_words.contains(piece) {
            return;
        }
        if piece.is_ascii() {
            collector.add(Key::Word(piece.into()), WORD, &range);
        } else {
            collector.add_run(range);
        }
    }
}

/// Longer than the words of a question: "Healthcare Information Technologist".
const LONG_NAME: usize = 16;
/// What makes a stop phrase a polite one.
const POLITE: [&str; 8] = ["です", "ます", "ください", "下さい", "いただ", "でしょう", "願い", "すみません"];

/// A text without polite phrases, which say nothing about what is asked for, and without long names, which would outvote all around them:
/// as terms they count already.
fn telling(text: &str, hits: &[Hit]) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for stop in hits.iter().filter(|hit| is_passed_over(hit, text.get(hit.range.clone()).unwrap_or_default())) {
        kept.extend([text.get(from..stop.range.start).unwrap_or_default().trim(), " "]);
        from = stop.range.end;
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    kept.trim().to_owned()
}

fn is_passed_over(hit: &Hit, phrase: &str) -> bool {
    match hit.meaning {
        Meaning::Stop => POLITE.iter().any(|polite| phrase.contains(polite)),
        Meaning::Concept(_) => phrase.chars().count() >= LONG_NAME,
    }
}

/// The stretches between spaces.
fn words(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = range.start;
    for word in text.get(range).unwrap_or_default().split(' ') {
        if !word.is_empty() {
            words.push(start..start + word.len());
        }
        start += word.len() + 1;
    }
    words
}

/// A misspelt form that covers something of `word`, and of the found forms around it all or nothing.
fn misread(lexicon: &Lexicon, text: &str, word: &Range<usize>, hits: &[Hit]) -> Option<Hit> {
    let characters = text.get(word.clone()).map_or(0, |word| word.chars().count());
    let around = LONGEST_CORRECTED.checked_sub(characters)? / 2;
    let start = text.get(..word.start)?.char_indices().rev().take(around).take_while(|(_, c)| *c != ' ').last();
    let start = start.map_or(word.start, |(at, _)| at);
    let behind = text.get(word.end..)?.chars().take(around).take_while(|c| *c != ' ');
    let end = word.end + behind.map(char::len_utf8).sum::<usize>();
    let first_near = hits.partition_point(|hit| hit.range.end <= start);
    let near = hits[first_near..].iter().take_while(|hit| hit.range.start < end);
    let inside: Vec<&Range<usize>> = near.map(|hit| &hit.range).collect();
    let splits = |at: usize| inside.iter().any(|hit| hit.start < at && at < hit.end);
    let fits = |found: &Range<usize>| {
        let (first, last) = (start + found.start, start + found.end);
        first < word.end && last > word.start && !splits(first) && !splits(last)
    };
    let found = lexicon.find_misspelt(text.get(start..end)?, fits)?;
    Some(Hit { range: start + found.range.start..start + found.range.end, meaning: found.meaning })
}

fn weight_of(class: Class) -> f32 {
    match class {
        Class::Core | Class::Blocker => CORE,
        Class::Generic => GENERIC,
        Class::Cue => CUE,
    }
}

/// A katakana form in hiragana, where it is long enough not to be found inside other words (ハード would be found in は＋どう).
fn other_kana(form: &Normalized) -> Option<String> {
    /// Shorter hiragana words stand by chance across the edges of others.
    const MIN_CHARACTERS: usize = 4;
    let folded = form.folded().text;
    let all_kana = folded.chars().all(is_hiragana);
    (all_kana && folded != form.text && folded.chars().count() >= MIN_CHARACTERS).then_some(folded)
}

/// Gathers terms, keeping each key's highest weight.
struct Collector<'a> {
    text: &'a Normalized,
    /// The original, since folding forgets which characters were katakana: katakana runs are words and hiragana runs are not.
    original: &'a str,
    found: HashMap<Key, Term>,
}

impl Collector<'_> {
    fn add(&mut self, key: Key, weight: f32, range: &Range<usize>) {
        let origin = self.text.origin(range);
        let term = self.found.entry(key.clone()).or_insert(Term { key, weight, origin });
        term.weight = term.weight.max(weight);
    }

    /// The pairs of characters of an unknown Japanese run.
    fn add_run(&mut self, range: Range<usize>) {
        let Some(run) = self.text.text.get(range.clone()) else { return };
        if run.is_ascii() {
            return;
        }
        let characters: Vec<(usize, char)> = run.char_indices().map(|(at, c)| (range.start + at, c)).collect();
        if let [(at, only)] = characters[..] {
            let range = at..at + only.len_utf8();
            if is_kanji(only) || self.is_content(at, only) {
                self.add(Key::Characters(only, None), LONE_CHARACTER, &range);
            }
            return;
        }
        let pairs = characters.len() - 1;
        let damping = if pairs > 2 { (pairs as f32).powf(-RUN_DAMPING) } else { 1.0 };
        for pair in characters.windows(2) {
            let [(at, one), (next, other)] = [pair[0], pair[1]];
            let weight = match (self.is_content(at, one), self.is_content(next, other)) {
                (true, true) => CONTENT_PAIR,
                (false, false) => HIRAGANA_PAIR,
                _ => MIXED_PAIR,
            };
            let key = Key::Characters(hiragana(one), Some(hiragana(other)));
            self.add(key, weight * damping, &(at..next + other.len_utf8()));
        }
    }

    fn is_content(&self, at: usize, c: char) -> bool {
        let written = || self.original.get(self.text.origin(&(at..at + c.len_utf8())))?.chars().next();
        !is_hiragana(c) || written().is_some_and(|c| is_katakana(c) || matches!(c, '\u{ff66}'..='\u{ff9d}'))
    }

    fn terms(self, runs: Vec<u32>) -> Terms {
        let mut list: Vec<Term> = self.found.into_values().collect();
        list.sort_by(|one, other| {
            let place = |term: &Term| (term.origin.start, term.origin.end);
            place(one).cmp(&place(other)).then_with(|| one.key.cmp(&other.key))
        });
        Terms { list, runs }
    }
}
