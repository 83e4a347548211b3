//! The FAQ as the rest of the house knows it: topics, entries, languages. Everything here has passed the loader's checks.
//!
//! How it is written in YAML stands in `file.rs`; which faults it may have in `diagnostic.rs`.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::{Date, Duration};

/// A language the bot speaks. A new one makes every `match` fail to compile that has a sentence to add.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// 日本語, the language of the people this FAQ is for
    #[default]
    Ja,
    /// English
    En,
}

impl Lang {
    /// Every language, the FAQ's first one first.
    pub const ALL: [Lang; 2] = [Lang::Ja, Lang::En];

    /// The two-letter code used in files, JSON and on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::Ja => "ja",
            Lang::En => "en",
        }
    }

    /// The language's name in itself.
    pub const fn name(self) -> &'static str {
        match self {
            Lang::Ja => "日本語",
            Lang::En => "English",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

/// A text in at least one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "言語ごとの文。どれか一つは必要です。")]
pub struct Localized {
    /// Japanese
    #[schemars(with = "String", description = "日本語")]
    #[serde(default)]
    pub ja: Option<String>,
    /// English
    #[schemars(with = "String", description = "英語")]
    #[serde(default)]
    pub en: Option<String>,
}

impl Localized {
    /// A text that exists in one language.
    pub fn only(lang: Lang, text: String) -> Self {
        match lang {
            Lang::Ja => Localized { ja: Some(text), en: None },
            Lang::En => Localized { ja: None, en: Some(text) },
        }
    }

    /// The text in exactly this language.
    pub fn get(&self, lang: Lang) -> Option<&str> {
        match lang {
            Lang::Ja => self.ja.as_deref(),
            Lang::En => self.en.as_deref(),
        }
    }

    /// The text in this language, or else in the first one there is; with the language it is in.
    pub fn nearest(&self, lang: Lang) -> (Lang, &str) {
        self.get(lang).map(|text| (lang, text)).or_else(|| self.texts().next()).unwrap_or((lang, ""))
    }

    /// Each language's text.
    pub fn texts(&self) -> impl Iterator<Item = (Lang, &str)> {
        Lang::ALL.into_iter().filter_map(|lang| self.get(lang).map(|text| (lang, text)))
    }
}

/// An entry's stable name: `[a-z0-9-]{1,48}`, not hyphens alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct EntryId(String);

impl EntryId {
    /// The longest id: with action, asker and version it must fit a Discord custom id of 100 characters.
    pub const MAX_LENGTH: usize = 48;

    /// `None` where the text is not a valid id.
    pub fn new(text: &str) -> Option<Self> {
        let right_length = (1..=Self::MAX_LENGTH).contains(&text.len());
        let right_characters = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        // In a custom id a hyphen alone says that there is none.
        let is_named = text.chars().any(|c| c != '-');
        (right_length && right_characters && is_named).then(|| EntryId(text.to_owned()))
    }

    /// The id as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What finding an entry leads to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(description = "項目の種類。")]
pub enum Kind {
    /// An ordinary entry: its answer is the reply.
    #[default]
    #[schemars(description = "ふつうの項目。")]
    Answer,
    /// A topic everybody asks about and the FAQ has no answer to: the decision is a decline that names this entry and links onward.
    #[schemars(description = "FAQに答えがない話題で、ほかの場所を案内する項目。")]
    Signpost,
    /// Somebody needs people, not a FAQ: found by its patterns and by what its examples teach, before everything else, and never offered.
    #[schemars(description = "つらい人への案内。patterns と also_asked の例から見分けます。")]
    Care,
}

const YEAR: Duration = Duration::days(365);

/// One question with its answer.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Stable name, also after the question is reworded.
    pub id: EntryId,
    /// Index into [`Faq::topics`].
    pub topic: usize,
    /// What finding it leads to.
    pub kind: Kind,
    /// The question as members see it.
    pub question: Localized,
    /// A short form for buttons; at most 18 full-width characters.
    pub label: Option<Localized>,
    /// Other wordings, searched like the question, in any language.
    pub also_asked: super::Texts,
    /// Words that speak for this entry wherever they stand in a question.
    pub keywords: Vec<String>,
    /// The answer, at most 1,900 UTF-16 units a language.
    pub answer: Localized,
    /// Where to read on.
    pub links: Vec<Link>,
    /// Entries worth reading next.
    pub related: Vec<EntryId>,
    /// Ids this entry had before; they still find it.
    pub formerly: Vec<EntryId>,
    /// Questions that must find this entry: asked by the check, never searched.
    pub must_find: super::Texts,
    /// Expressions that find this entry whatever the score says; for a care entry, the only way it is found.
    pub patterns: Vec<super::Pattern>,
    /// Words that rule this entry out; for a care entry, messages that look like its own and are none.
    pub not_about: super::Texts,
    /// Where the answer's facts come from.
    pub source: Option<Localized>,
    /// When somebody last made sure that the answer is right.
    pub reviewed: Option<Date>,
    /// File and line where the entry begins, for diagnostics that need the whole FAQ.
    pub place: super::Place,
}

impl Entry {
    /// Everything that is searched as a way to ask for this entry: the questions, then the other wordings.
    pub fn wordings(&self) -> impl Iterator<Item = &str> {
        let questions = self.question.texts().map(|(_, text)| text);
        questions.chain(self.also_asked.iter())
    }

    /// Whether what was last reviewed on that day should be looked at again: certificates, laws and guidelines change about once a year.
    pub fn is_overdue(reviewed: Date, today: Date) -> bool {
        today - reviewed > YEAR
    }

    /// Whether it should be within the next 30 days: time enough for a few entries a week.
    pub fn is_soon_overdue(reviewed: Date, today: Date) -> bool {
        !Self::is_overdue(reviewed, today) && today - reviewed > YEAR - Duration::days(30)
    }
}

/// A page to read on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What the page is.
    pub title: Localized,
    /// An https address.
    pub url: String,
    /// Where the address stands, for the check of links.
    pub place: super::Place,
}

/// Entries that belong together: one file.
#[derive(Clone, Debug)]
pub struct Topic {
    /// The name used in files and commands.
    pub id: String,
    /// The heading members see.
    pub title: Localized,
}

/// Every topic and entry that is usable. Ids are unique.
#[derive(Clone, Debug, Default)]
pub struct Faq {
    /// In order of file name.
    pub topics: Vec<Topic>,
    /// In order of file and line.
    pub entries: Vec<Entry>,
}

impl Faq {
    /// Adds the topics and entries of another FAQ.
    pub fn append(&mut self, other: Faq) {
        let topics_before = self.topics.len();
        self.topics.extend(other.topics);
        self.entries.extend(other.entries.into_iter().map(|entry| Entry { topic: entry.topic + topics_before, ..entry }));
    }

    /// Topics in which a question can be asked, in order.
    pub fn topics_to_ask(&self) -> impl Iterator<Item = &Topic> {
        let is_asked = |at: usize| self.entries.iter().any(|entry| entry.topic == at && entry.kind != Kind::Care);
        self.topics.iter().enumerate().filter(move |(at, _)| is_asked(*at)).map(|(_, topic)| topic)
    }

    /// The position of the entry that has, or once had, this id.
    pub fn position(&self, id: &EntryId) -> Option<usize> {
        let current = self.entries.iter().position(|entry| entry.id == *id);
        current.or_else(|| self.entries.iter().position(|entry| entry.formerly.contains(id)))
    }

    /// The entry that has, or once had, this id.
    pub fn entry(&self, id: &EntryId) -> Option<&Entry> {
        self.position(id).map(|position| &self.entries[position])
    }
}
