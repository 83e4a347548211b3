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

/// Everything that can be wrong with a FAQ. A new kind needs a code, and a message with its remedy in both languages, or it does not compile; its level is an error unless `level` says
/// otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "`message` says what each kind means, in two languages")]
pub enum Problem {
    // The file as text.
    Unreadable { detail: String },
    NotUtf8,
    Bom,
    TooLarge { bytes: usize, limit: usize },
    Nul,
    EmptyFile,
    // The file as YAML.
    Syntax { detail: String },
    Tab,
    FullWidthColon { correct: String },
    ColonWithoutSpace { correct: String },
    FullWidthSpace,
    FullWidthComma { correct: String },
    ColonInText { correct: String },
    UnclosedQuote,
    Braces,
    Alias,
    Tag,
    SecondDocument,
    TooDeep,
    TooManyValues,
    KeyIsNoText,
    // Fields.
    DuplicateKey { key: String },
    UnknownField { field: String, suggestion: Option<String> },
    MissingField { field: String },
    Empty { field: String },
    WrongType { field: String, expected: Expected, found: Expected, written: Option<String> },
    NotOneOf { field: String, value: String, allowed: Vec<String> },
    // What the fields say.
    UnknownFormat { found: String },
    BadId { id: String, meant: Option<String> },
    DuplicateId { id: EntryId, first: Place },
    FormerIdInUse { id: EntryId, first: Place },
    DuplicateTopic { id: String, first: Place },
    DuplicateWording { wording: String, owner: EntryId, first: Place },
    NoLanguage,
    MissingLanguage { lang: Lang },
    TooLong { field: String, units: usize, limit: usize },
    BadPattern { detail: String },
    PatternTooBig,
    TooManyPatterns { limit: usize },
    BadUrl { url: String, meant: Option<String> },
    BadDate { text: String, meant: Option<String> },
    UnknownEntry { field: &'static str, id: String, suggestion: Option<String> },
    NoLink,
    CareWithoutPattern,
    DuplicateForm { form: String, owner: String },
    BadName { name: String, meant: Option<String> },
    // What only searching shows.
    MustFindMissed { question: String, found: Option<EntryId> },
    Shadowed { by: EntryId },
    NearTwin { question: String, twin: EntryId, place: Box<Place> },
    PatternUnused { pattern: String },
    PatternTakesOther { pattern: String, wording: String, owner: EntryId },
    CareUncaught { wording: String },
    CareFalse { wording: String },
    NoCare,
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
    /// How bad it is.
    pub fn level(&self) -> Level {
        match self {
            Problem::MissingLanguage { .. } | Problem::NoLink => Level::Hint,
            Problem::Bom
            | Problem::FullWidthComma { .. }
            | Problem::DuplicateWording { .. }
            | Problem::DuplicateForm { .. }
            | Problem::UnknownEntry { .. }
            | Problem::NoCare
            | Problem::CareFalse { .. }
            | Problem::MustFindMissed { .. }
            | Problem::Shadowed { .. }
            | Problem::NearTwin { .. }
            | Problem::PatternUnused { .. }
            | Problem::PatternTakesOther { .. }
            | Problem::CareUncaught { .. } => Level::Warning,
            _ => Level::Error,
        }
    }

    /// A stable name for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Problem::Unreadable { .. } => "unreadable",
            Problem::NotUtf8 => "not-utf8",
            Problem::Bom => "bom",
            Problem::TooLarge { .. } => "too-large",
            Problem::Nul => "nul",
            Problem::EmptyFile => "empty-file",
            Problem::Syntax { .. } => "syntax",
            Problem::Tab => "tab",
            Problem::FullWidthColon { .. } => "full-width-colon",
            Problem::ColonWithoutSpace { .. } => "colon-without-space",
            Problem::FullWidthSpace => "full-width-space",
            Problem::FullWidthComma { .. } => "full-width-comma",
            Problem::ColonInText { .. } => "colon-in-text",
            Problem::UnclosedQuote => "unclosed-quote",
            Problem::Braces => "braces",
            Problem::Alias => "alias",
            Problem::Tag => "tag",
            Problem::SecondDocument => "second-document",
            Problem::TooDeep => "too-deep",
            Problem::TooManyValues => "too-many-values",
            Problem::KeyIsNoText => "key-is-no-text",
            Problem::DuplicateKey { .. } => "duplicate-key",
            Problem::UnknownField { .. } => "unknown-field",
            Problem::MissingField { .. } => "missing-field",
            Problem::Empty { .. } => "empty",
            Problem::WrongType { .. } => "wrong-type",
            Problem::NotOneOf { .. } => "not-one-of",
            Problem::UnknownFormat { .. } => "unknown-format",
            Problem::BadId { .. } => "bad-id",
            Problem::DuplicateId { .. } => "duplicate-id",
            Problem::FormerIdInUse { .. } => "former-id-in-use",
            Problem::DuplicateTopic { .. } => "duplicate-topic",
            Problem::DuplicateWording { .. } => "duplicate-wording",
            Problem::NoLanguage => "no-language",
            Problem::MissingLanguage { .. } => "missing-language",
            Problem::TooLong { .. } => "too-long",
            Problem::BadPattern { .. } => "bad-pattern",
            Problem::PatternTooBig => "pattern-too-big",
            Problem::TooManyPatterns { .. } => "too-many-patterns",
            Problem::BadUrl { .. } => "bad-url",
            Problem::BadDate { .. } => "bad-date",
            Problem::UnknownEntry { .. } => "unknown-entry",
            Problem::NoLink => "no-link",
            Problem::CareWithoutPattern => "care-without-pattern",
            Problem::DuplicateForm { .. } => "duplicate-form",
            Problem::BadName { .. } => "bad-name",
            Problem::MustFindMissed { .. } => "must-find-missed",
            Problem::Shadowed { .. } => "shadowed",
            Problem::NearTwin { .. } => "near-twin",
            Problem::PatternUnused { .. } => "pattern-unused",
            Problem::PatternTakesOther { .. } => "pattern-takes-other",
            Problem::CareUncaught { .. } => "care-uncaught",
            Problem::CareFalse { .. } => "care-false",
            Problem::NoCare => "no-care",
        }
    }

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
