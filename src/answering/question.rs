//! A message as typed -> a [`Question`]: without markup, mentions, code, links and invisible characters, in a known language.
//!
//! Spelling is left as it is, since replies and explanations show the asker's own words; evening it out is left to `normalize.rs`.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::char::is_combining_mark;

use super::normalize::{is_hiragana, is_japanese};
use crate::faq::{EntryId, Lang};

/// Discord's limit for a slash command's text, the longest text that can reach us; the rest is cut.
pub const MAX_CHARACTERS: usize = 6_000;
/// Real orthographies stack at most a few marks on a letter; floods of them stack hundreds.
const MAX_MARKS: usize = 3;

/// What somebody asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The text that remains after hygiene, in the asker's spelling.
    pub text: String,
    /// The language to reply in.
    pub lang: Lang,
    /// The entry whose answer this replies to; helps an under-specified question.
    pub about: Option<EntryId>,
}

impl Question {
    /// Cleans `raw`. `fallback` is the language where the text shows none.
    pub fn new(raw: &str, fallback: Lang) -> Self {
        let text = clean(raw);
        let lang = language(&text).unwrap_or(fallback);
        Question { text, lang, about: None }
    }

    /// The same question, asked in reply to the answer of an entry.
    #[must_use]
    pub fn about(mut self, entry: Option<EntryId>) -> Self {
        self.about = entry;
        self
    }
}

/// Code blocks, and the marks of inline code; mentions of people, roles, channels and commands; custom emoji; timestamps; links, which
/// end where Japanese begins. All of it is ASCII to Discord, too; with every script's letters and digits it took two megabytes.
static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xs)
        ```.*?(?:```|\z) | `
        | <@[!&]?[0-9]+> | <\#[0-9]+> | </[^<>:\n]{1,64}:[0-9]+> | <id:[a-z]+> | @(?:everyone|here)(?-u:\b)
        | <a?:[0-9A-Za-z_]{1,32}:[0-9]+> | <t:-?[0-9]+(?::[a-zA-Z])?>
        | <?https?://[!-;=?-~]+>? ",
    )
    .expect("a constant expression, compiled by every test")
});

/// A message as typed, without what is not language.
pub fn clean(raw: &str) -> String {
    let bounded: String = raw.chars().take(MAX_CHARACTERS).collect();
    let without_markup = MARKUP.replace_all(&bounded, " ");
    let mut text = String::with_capacity(without_markup.len());
    let mut marks = 0;
    for c in without_markup.chars() {
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        if marks > MAX_MARKS || is_invisible(c) {
            continue;
        }
        text.push(if c.is_control() && c != '\n' { ' ' } else { c });
    }
    text.trim().to_owned()
}

/// Characters that show nothing or reorder what is shown: zero-width, bidi controls, variation selectors, tags, fillers.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The language a text shows: `None` where it has neither Japanese nor Latin words.
///
/// Names are borrowed, grammar is not: "What is 電子カルテ?" is English, "PACSとは" and "SE 年収" are Japanese.
pub fn language(text: &str) -> Option<Lang> {
    let is_japanese = |c: char| is_japanese(c) || matches!(c, '\u{ff66}'..='\u{ff9f}');
    // Kana is Japanese grammar nearly always: it takes a whole English sentence around a quoted word to outweigh it.
    let english_words_needed = if text.chars().any(is_hiragana) { 3 } else { 1 };
    if text.chars().any(is_japanese) {
        Some(if english_grammar(text) >= english_words_needed { Lang::En } else { Lang::Ja })
    } else {
        // An acronym alone (PACS, RIS？) is asked in either language.
        let shows_english = text.chars().any(|c| c.is_ascii_lowercase()) || english_grammar(text) > 0;
        shows_english.then_some(Lang::En)
    }
}

/// How many words of a text only English grammar has. "a" and "i" are no evidence: A社 and I/F are Japanese.
fn english_grammar(text: &str) -> usize {
    const GRAMMAR: [&str; 16] =
        ["an", "and", "are", "can", "do", "does", "for", "how", "in", "is", "of", "the", "to", "what", "who", "why"];
    let words = text.split(|c: char| !c.is_ascii_alphabetic()).map(str::to_ascii_lowercase);
    words.filter(|word| GRAMMAR.contains(&word.as_str())).count()
}

/// The text's sentences in order; pieces without a letter or digit are left out.
pub fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let ends = match c {
            '。' | '．' | '！' | '？' | '!' | '?' | '\n' | '｡' => {
                !next.is_some_and(|next| "。！？!?）)」』".contains(next))
            }
            '.' => next.is_none_or(char::is_whitespace),
            '」' | '）' | ')' => text.get(start..at).is_some_and(|before| before.ends_with(['。', '！', '？', '!', '?'])),
            _ => false,
        };
        if ends {
            sentences.push(text.get(start..at + c.len_utf8()).unwrap_or_default());
            start = at + c.len_utf8();
        }
    }
    sentences.push(text.get(start..).unwrap_or_default());
    sentences.into_iter().map(str::trim).filter(|sentence| sentence.chars().any(char::is_alphanumeric)).collect()
}
