//! What can be wrong in a FAQ file, and how bad it is.
//!
//! What is said about each kind stands in `sentences_ja.rs` and `sentences_en.rs`. Which places have which problem is decided by the
//! loader and by [`crate::knowledge`]; drawing it is left to `drawing.rs`.

use std::fmt;
use std::ops::Range;

use super::{EntryId, Lang, sentences_en, sentences_ja};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The FAQ could be better; nothing is wrong.
    Hint,
    /// Probably not what was meant; the entry is used all the same.
    Warning,
    /// The entry, or the whole file, cannot be used.
    Error,
}

impl Level {
    /// A stable name for scripts.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Hint => "hint",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// A stretch of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file's name, without its folder.
    pub file: String,
    /// Counted from 1; 0 where only the file is meant.
    pub line: usize,
    /// Counted in characters from 1; 0 where only the file is meant.
    pub column: usize,
    /// The bytes meant, for the carets; empty where only a position is known.
    pub bytes: Range<usize>,
}

/// `file:line:column`, or the file alone.
impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => formatter.write_str(&self.file),
            line => write!(formatter, "{}:{line}:{}", self.file, self.column),
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where.
    pub place: Place,
    /// What.
    pub problem: Problem,
}

/// Everything that can be wrong with a FAQ, a row each: how bad it is, its name for scripts, and what is known of it. A new kind needs
/// a row, and a message with its remedy in both languages, or it does not compile.
macro_rules! problems {
    ($($level:ident $code:literal $kind:ident $({ $($field:ident: $type:ty),* })?,)*) => {
        /// What can be wrong.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "`message` says what each kind means, in two languages")]
        pub enum Problem {
            $($kind $({ $($field: $type),* })?,)*
        }

        impl Problem {
            /// How bad it is.
            pub fn level(&self) -> Level {
                match self {
                    // Where nothing is left of a text, there is none.
                    Problem::CommentInText { is_used: false, .. } | Problem::CommentInText { is_shown: true, .. } => Level::Error,
                    // Nobody writes a field's name alone on a line of a text.
                    Problem::FieldInText { is_alone: true, .. } => Level::Error,
                    // In quotes of a Japanese keyboard a text is a text all the same.
                    Problem::FullWidthSign { is_text: true, .. } => Level::Warning,
                    $(Problem::$kind { .. } => Level::$level,)*
                }
            }

            /// A stable name for scripts.
            pub fn code(&self) -> &'static str {
                match self {
                    $(Problem::$kind { .. } => $code,)*
                }
            }
        }
    };
}

problems! {
    // The file as text.
    Error "unreadable" Unreadable { detail: String },
    Error "not-utf8" NotUtf8,
    Warning "bom" Bom,
    Error "too-large" TooLarge { bytes: usize, limit: usize },
    Error "nul" Nul,
    Error "empty-file" EmptyFile,
    // The file as YAML.
    Error "syntax" Syntax { detail: String },
    Error "tab" Tab,
    Error "full-width-colon" FullWidthColon { correct: String },
    Error "colon-without-space" ColonWithoutSpace { correct: String },
    Error "full-width-space" FullWidthSpace,
    Error "full-width-sign" FullWidthSign { correct: String, is_text: bool },
    Warning "words-in-one" WordsInOne { words: Vec<String>, in_lines: bool },
    Error "colon-in-text" ColonInText { correct: String },
    Error "needs-quotes" NeedsQuotes { correct: String },
    Warning "comment-in-text" CommentInText { correct: String, is_used: bool, is_shown: bool },
    Warning "field-in-text" FieldInText { field: String, is_alone: bool },
    Error "text-behind-pipe" TextBehindPipe { header: String },
    Warning "joined" Joined { field: String, item: Option<String> },
    Error "dash" Dash { correct: String },
    Error "unclosed-quote" UnclosedQuote,
    Error "unclosed-bracket" UnclosedBracket,
    Error "merge-markers" MergeMarkers,
    Error "braces" Braces,
    Error "alias" Alias,
    Error "tag" Tag,
    Error "second-document" SecondDocument,
    Error "too-deep" TooDeep,
    Error "too-many-values" TooManyValues,
    Error "key-is-no-text" KeyIsNoText,
    // Fields.
    Error "duplicate-key" DuplicateKey { key: String },
    Error "unknown-field" UnknownField { field: String, suggestion: Option<String> },
    Error "missing-field" MissingField { field: String },
    Error "empty" Empty { field: String, is_required: bool },
    Error "wrong-type" WrongType { field: String, expected: Expected, found: Expected, written: Option<String> },
    Error "not-one-of" NotOneOf { field: String, value: String, allowed: Vec<String> },
    // What the fields say.
    Error "unknown-format" UnknownFormat { found: String },
    Error "bad-id" BadId { id: String, meant: Option<String> },
    Error "duplicate-id" DuplicateId { id: EntryId, first: Place },
    Error "former-id-in-use" FormerIdInUse { id: EntryId, first: Place },
    Error "duplicate-topic" DuplicateTopic { id: String, first: Place },
    Warning "duplicate-title" DuplicateTitle { title: String, first: Place },
    Error "copied-file" CopiedFile { first: String },
    Warning "duplicate-wording" DuplicateWording { wording: String, owner: EntryId, first: Place },
    Error "no-language" NoLanguage,
    Hint "missing-language" MissingLanguage { lang: Lang },
    Error "too-long" TooLong { field: String, units: usize, limit: usize },
    Error "bad-pattern" BadPattern { detail: String },
    Error "pattern-too-big" PatternTooBig,
    Error "too-many-patterns" TooManyPatterns { limit: usize },
    Error "bad-url" BadUrl { url: String, meant: Option<String> },
    Error "bad-date" BadDate { text: String, meant: Option<String> },
    Warning "unknown-entry" UnknownEntry { field: &'static str, id: String, suggestion: Option<String> },
    Hint "no-link" NoLink,
    Warning "markdown-link" MarkdownLink { title: String, url: String },
    Error "care-without-pattern" CareWithoutPattern,
    Warning "duplicate-form" DuplicateForm { form: String, owner: String },
    Error "bad-name" BadName { name: String, meant: Option<String> },
    // What only searching shows.
    Warning "must-find-missed" MustFindMissed { question: String, found: Option<(EntryId, String)> },
    Hint "must-find-known" MustFindKnown { question: String },
    Warning "only-offered" OnlyOffered { question: String, pattern: String },
    Warning "not-asked" NotAsked { question: String },
    Warning "shadowed" Shadowed { by: EntryId },
    Warning "near-twin" NearTwin { question: String, twin: EntryId, place: Box<Place> },
    Warning "pattern-unused" PatternUnused { pattern: String },
    Error "pattern-takes-all" PatternTakesAll { pattern: String },
    Warning "pattern-takes-other" PatternTakesOther { pattern: String, wording: String, owner: EntryId },
    Warning "care-uncaught" CareUncaught { wording: String },
    Warning "care-false" CareFalse { wording: String },
    Warning "no-care" NoCare,
}

/// What a value is, or should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Expected {
    Text,
    TextOrLanguages,
    List,
    Map,
    Number,
    TrueOrFalse,
    Nothing,
}

impl Expected {
    pub(super) fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Expected::Text, Lang::Ja) => "文",
            (Expected::Text, Lang::En) => "text",
            (Expected::TextOrLanguages, Lang::Ja) => "文、または ja: と en: の行",
            (Expected::TextOrLanguages, Lang::En) => "text, or `ja:` and `en:`",
            (Expected::List, Lang::Ja) => "「- 」で始まる行の並び",
            (Expected::List, Lang::En) => "a list of lines that begin with `- `",
            (Expected::Map, Lang::Ja) => "「名前: 値」の行の並び",
            (Expected::Map, Lang::En) => "`name: value` lines",
            (Expected::Number, Lang::Ja) => "数字",
            (Expected::Number, Lang::En) => "a number",
            (Expected::TrueOrFalse, Lang::Ja) => "true か false",
            (Expected::TrueOrFalse, Lang::En) => "true or false",
            (Expected::Nothing, Lang::Ja) => "空",
            (Expected::Nothing, Lang::En) => "nothing",
        }
    }
}

impl Diagnostic {
    /// In order of file and place.
    pub fn sort(diagnostics: &mut [Diagnostic]) {
        let place = |diagnostic: &Diagnostic| (diagnostic.place.file.clone(), diagnostic.place.bytes.start);
        diagnostics.sort_by_cached_key(place);
    }
}

impl Problem {
    /// What is wrong, in one sentence of at most 240 characters.
    pub fn message(&self, lang: Lang) -> String {
        shortened(&self.sentences(lang).0)
    }

    /// What to do about it: what to write where that is known.
    pub fn remedy(&self, lang: Lang) -> String {
        shortened(&self.sentences(lang).1)
    }

    fn sentences(&self, lang: Lang) -> (String, String) {
        match lang {
            Lang::Ja => sentences_ja::sentences(self),
            Lang::En => sentences_en::sentences(self),
        }
    }
}

/// A text on one line, with one space where there was any number of spaces and line breaks.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What fits two lines of a wide terminal or six of a phone; all sentences of ours are shorter, texts of files may not be.
const MAX_SENTENCE_CHARACTERS: usize = 240;
/// Of a longer one its end is kept: in Japanese it says what is wrong.
const KEPT_AT_END: usize = 100;

/// A sentence that neither floods nor steers whatever shows it: cut, without control characters and those that turn text around.
pub fn shortened(sentence: &str) -> String {
    let is_unseen =
        |c: char| c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let shown = |c: char| if is_unseen(c) { '\u{fffd}' } else { c };
    let length = sentence.chars().count();
    if length <= MAX_SENTENCE_CHARACTERS {
        return sentence.chars().map(shown).collect();
    }
    let beginning = sentence.chars().take(MAX_SENTENCE_CHARACTERS - KEPT_AT_END - 1);
    beginning.chain(['…']).chain(sentence.chars().skip(length - KEPT_AT_END)).map(shown).collect()
}

/// A line that could be written where a field is missing; the same in every language.
pub(super) fn example(field: &str) -> String {
    match field {
        "format" => "format: 1".into(),
        "id" => "id: night-shift".into(),
        "topic" => "topic: night-work".into(),
        "url" => "url: https://…".into(),
        "entries" => "entries: []".into(),
        other => format!("{other}: …"),
    }
}
