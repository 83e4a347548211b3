//! Files of YAML -> [`Faq`], [`Vocabulary`] and everything that is wrong with them, with file, line and column.
//!
//! Strict and bounded: whatever the bytes are, loading ends, never panics, and reports. A faulty entry is left out; what to do about
//! faults (refuse, keep the old FAQ) is left to [`crate::knowledge`], as are the checks that need search.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use time::{Date, macros::format_description};
use unicode_normalization::UnicodeNormalization;

use super::diagnostic::{Diagnostic, Place, Problem};
use super::file::{EntryFile, Groups, Text, TopicFile, VocabularyFile, schema_of};
use super::place::File;
use super::shape::{Shape, nearest};
use super::tree::{self, Node, Value};
use super::wordings::{First, Wordings};
use super::{Class, Concept, Entry, EntryId, Faq, Kind, Lang, Link, Localized, Pattern, Topic, Vocabulary};

/// The name of the file that holds the vocabulary; every other file is a topic.
pub const VOCABULARY_FILE: &str = "vocabulary.yaml";

/// A file of the FAQ as found.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name, without the folder.
    pub name: String,
    /// Its bytes, or why they could not be read.
    pub content: Result<Cow<'static, [u8]>, String>,
}

impl Source {
    /// Its text, where it could be read and is one.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(self.content.as_deref().ok()?).ok()
    }
}

/// What loading gives: all that is usable, and all that is wrong.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The usable topics and entries.
    pub faq: Faq,
    /// The vocabulary; `None` where no file is one.
    pub vocabulary: Option<Vocabulary>,
    /// In order of file and place.
    pub diagnostics: Vec<Diagnostic>,
}

/// The largest file read: about 400 entries of the greatest length, thousands of usual ones.
pub const MAX_FILE_BYTES: usize = 5_000_000;
/// Discord's messages hold 2,000 UTF-16 units: this leaves room for a usual question and the source line.
pub const MAX_ANSWER_UNITS: usize = 1_900;
/// A question stands in bold above the answer and in lists of three.
pub const MAX_QUESTION_UNITS: usize = 200;
/// Phones cut a button's label after about 18 full-width characters.
pub const MAX_LABEL_UNITS: usize = 18;
/// Discord's limit for the address of a link button.
pub const MAX_URL_UNITS: usize = 512;
/// Patterns of a whole FAQ: with the bound for one, what bounds their memory.
pub const MAX_PATTERNS: usize = 500;

/// Loads all files. `default` is the language of texts that name none.
pub fn load(sources: &[Source], default: Lang) -> Loaded {
    let mut loader = Loader { sources, default, ..Loader::default() };
    for (nth, source) in sources.iter().enumerate() {
        loader.file(nth, source);
    }
    loader.report_doubled();
    loader.check_references();
    loader.loaded
}

#[derive(Default)]
struct Loader<'a> {
    sources: &'a [Source],
    default: Lang,
    loaded: Loaded,
    ids: HashMap<EntryId, Place>,
    topics: HashMap<String, Place>,
    wordings: Wordings,
    /// Wordings that stand twice: where, which, and where first.
    doubled: Vec<(Place, String, First)>,
    /// Whether a file could not be read at all.
    lost_a_file: bool,
    pattern_count: usize,
    /// How many errors have been reported.
    errors: usize,
    /// Fields that name other entries, checked once all are known.
    references: Vec<(Place, &'static str, String)>,
}

impl Loader<'_> {
    fn file(&mut self, nth: usize, source: &Source) {
        let errors_before = self.errors;
        let entries_before = self.ids.len();
        self.read(nth, source);
        self.lost_a_file |= self.errors > errors_before && self.ids.len() == entries_before;
    }

    fn read(&mut self, nth: usize, source: &Source) {
        let whole_file = Place { file: source.name.clone(), ..Place::default() };
        let bytes = match &source.content {
            Ok(bytes) => bytes,
            Err(detail) => return self.report(whole_file, Problem::Unreadable { detail: detail.clone() }),
        };
        if bytes.len() > MAX_FILE_BYTES {
            return self.report(whole_file, Problem::TooLarge { bytes: bytes.len(), limit: MAX_FILE_BYTES });
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let readable = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
                let place = File::new(nth, &source.name, &readable).place(&(readable.len()..readable.len()));
                return self.report(place, Problem::NotUtf8);
            }
        };
        let file = File::new(nth, &source.name, text);
        if let Some(at) = text.find('\0') {
            return self.report(file.place(&(at..at + 1)), Problem::Nul);
        }
        if text.starts_with('\u{feff}') {
            self.report(file.place(&(0..0)), Problem::Bom);
        }
        match tree::parse(text) {
            Err(fault) => self.report(file.place(&fault.span), fault.problem),
            Ok(document) if !self.has_known_format(&file, &document) => {}
            Ok(document) if source.name == VOCABULARY_FILE => self.vocabulary(&file, &document),
            Ok(document) => self.topic(&file, &document),
        }
    }

    fn report(&mut self, place: Place, problem: Problem) {
        self.errors += usize::from(problem.level() == super::Level::Error);
        self.loaded.diagnostics.push(Diagnostic { place, problem });
    }

    fn report_all(&mut self, file: &File<'_>, shape: Shape<'_>) {
        for (span, problem) in shape.findings {
            self.report(file.place(&span), problem);
        }
    }

    /// A file of another format is refused as a whole: its fields may mean something else.
    fn has_known_format(&mut self, file: &File<'_>, document: &Node) -> bool {
        match document.get("format").map(|node| (&node.value, &node.span)) {
            Some((Value::Scalar(text), span)) if text != "1" && !text.is_empty() => {
                self.report(file.place(span), Problem::UnknownFormat { found: text.clone() });
                false
            }
            _ => true,
        }
    }

    fn topic(&mut self, file: &File<'_>, document: &Node) {
        let schema = schema_of::<TopicFile>();
        let mut shape = Shape::of(&schema);
        let head = shape.conform_except(document, &schema, "entries");
        let entries: Vec<_> = match document.get("entries") {
            Some(Node { value: Value::List(items), .. }) => items
                .iter()
                .map(|item| (item, shape.conform("entries", item, &schema["properties"]["entries"]["items"]).map(typed)))
                .collect(),
            Some(other) => {
                shape.conform("entries", other, &schema["properties"]["entries"]);
                Vec::new()
            }
            None => {
                shape
                    .findings
                    .push((document.span.start..document.span.start, Problem::MissingField { field: "entries".into() }));
                Vec::new()
            }
        };
        self.report_all(file, shape);
        let Some(head) = head.map(typed::<TopicFile>) else { return };
        let place = file.place(&span_of(document, &["topic"]));
        if !is_name(&head.topic) {
            return self.report(place, Problem::BadName { name: head.topic });
        }
        if let Some(first) = self.topics.get(&head.topic).cloned() {
            return self.report(place, Problem::DuplicateTopic { id: head.topic, first });
        }
        self.topics.insert(head.topic.clone(), place);
        let Some(title) = self.localized(file, document, "title", head.title, MAX_QUESTION_UNITS) else { return };
        self.loaded.faq.topics.push(Topic { id: head.topic, title });
        for (node, entry) in entries {
            if let Some(entry) = entry {
                self.entry(file, node, entry);
            }
        }
    }

    fn entry(&mut self, file: &File<'_>, node: &Node, written: EntryFile) {
        let id_place = file.place(&span_of(node, &["id"]));
        let Some(id) = EntryId::new(&written.id) else {
            return self.report(id_place, Problem::BadId { id: written.id });
        };
        if let Some(first) = self.ids.get(&id).cloned() {
            return self.report(id_place, Problem::DuplicateId { id, first });
        }
        self.ids.insert(id.clone(), id_place.clone());
        let errors_before = self.errors;
        let entry = self.checked_entry(file, node, id, id_place, written);
        if self.errors > errors_before {
            return;
        }
        if let Some(entry) = entry {
            self.check_wordings(file, node, &entry);
            self.loaded.faq.entries.push(entry);
        }
    }

    /// Every check of what the fields say; reports all, so that one run shows them all.
    fn checked_entry(&mut self, file: &File<'_>, node: &Node, id: EntryId, place: Place, written: EntryFile) -> Option<Entry> {
        let question = self.localized(file, node, "question", written.question, MAX_QUESTION_UNITS);
        let answer = self.localized(file, node, "answer", written.answer, MAX_ANSWER_UNITS);
        let label = written.label.and_then(|label| self.localized(file, node, "label", label, MAX_LABEL_UNITS));
        let source = written.source.and_then(|text| self.localized(file, node, "source", text, MAX_QUESTION_UNITS));
        let reviewed = written.reviewed.and_then(|text| self.date(file, node, text));
        let patterns = self.patterns(file, node, "patterns", &written.patterns);
        let links = self.links(file, node, written.links);
        let related = self.ids_of(file, node, "related", written.related);
        let formerly = self.ids_of(file, node, "formerly", written.formerly);
        for (nth, id) in related.iter().enumerate() {
            self.references.push((file.place(&span_of_item(node, "related", nth)), "related", id.to_string()));
        }
        for (nth, id) in formerly.iter().enumerate() {
            let place = file.place(&span_of_item(node, "formerly", nth));
            // A former id that is somebody's now would lead old buttons astray.
            match self.ids.get(id).cloned() {
                Some(first) => self.report(place, Problem::DuplicateId { id: id.clone(), first }),
                None => drop(self.ids.insert(id.clone(), place)),
            }
        }
        if written.kind == Kind::Care && written.patterns.is_empty() {
            self.report(place.clone(), Problem::CareWithoutPattern);
        }
        if written.draft {
            return None;
        }
        if written.kind == Kind::Answer && links.is_empty() {
            self.report(place.clone(), Problem::NoLink);
        }
        Some(Entry {
            id,
            topic: self.loaded.faq.topics.len() - 1,
            kind: written.kind,
            question: question?,
            label,
            also_asked: written.also_asked.iter().collect(),
            keywords: written.keywords,
            answer: answer?,
            links,
            related,
            formerly,
            must_find: written.must_find.iter().collect(),
            patterns,
            not_about: written.not_about.iter().collect(),
            source,
            reviewed,
            place,
        })
    }

    /// A text with at least one language, none of them too long.
    fn localized(&mut self, file: &File<'_>, node: &Node, field: &str, text: Text, limit: usize) -> Option<Localized> {
        let localized = text.localized(self.default);
        let place = file.place(&span_of(node, &[field]));
        if localized.texts().next().is_none() {
            self.report(place, Problem::NoLanguage);
            return None;
        }
        for lang in Lang::ALL {
            match localized.get(lang) {
                None if matches!(field, "question" | "answer") => {
                    self.report(place.clone(), Problem::MissingLanguage { lang });
                }
                None => {}
                Some(text) => {
                    let units = shown_units(text, field);
                    if units > limit {
                        let place = file.place(&span_of(node, &[field, lang.code()]));
                        self.report(place, Problem::TooLong { units, limit });
                    }
                }
            }
        }
        Some(localized)
    }

    fn date(&mut self, file: &File<'_>, node: &Node, text: String) -> Option<Date> {
        let date = parse_date(&text).ok();
        if date.is_none() {
            self.report(file.place(&span_of(node, &["reviewed"])), Problem::BadDate { text });
        }
        date
    }

    fn patterns(&mut self, file: &File<'_>, node: &Node, field: &str, written: &[String]) -> Vec<Pattern> {
        let mut patterns = Vec::new();
        for (nth, text) in written.iter().enumerate() {
            self.pattern_count += 1;
            if self.pattern_count > MAX_PATTERNS {
                self.report(file.place(&span_of_item(node, field, nth)), Problem::TooManyPatterns { limit: MAX_PATTERNS });
                break;
            }
            match Pattern::new(text) {
                Ok(pattern) => patterns.push(pattern),
                Err(detail) => self.report(file.place(&span_of_item(node, field, nth)), Problem::BadPattern { detail }),
            }
        }
        patterns
    }

    fn links(&mut self, file: &File<'_>, node: &Node, written: Vec<super::file::LinkFile>) -> Vec<Link> {
        let nodes = node.get("links").map_or(&[][..], Node::items);
        let mut links = Vec::new();
        for (link, node) in written.into_iter().zip(nodes) {
            let place = file.place(&span_of(node, &["url"]));
            if !is_https(&link.url) {
                self.report(place, Problem::BadUrl { url: link.url });
            } else if let Some(title) = self.localized(file, node, "title", link.title, MAX_QUESTION_UNITS) {
                links.push(Link { title, url: link.url, place });
            }
        }
        links
    }

    fn ids_of(&mut self, file: &File<'_>, node: &Node, field: &str, written: Vec<String>) -> Vec<EntryId> {
        let mut ids = Vec::new();
        for (nth, text) in written.into_iter().enumerate() {
            match EntryId::new(&text) {
                Some(id) => ids.push(id),
                None => self.report(file.place(&span_of_item(node, field, nth)), Problem::BadId { id: text }),
            }
        }
        ids
    }

    /// The same wording on two entries finds neither for certain.
    fn check_wordings(&mut self, file: &File<'_>, node: &Node, entry: &Entry) {
        let places = span_of_texts(node);
        let owner = self.loaded.faq.entries.len();
        for (wording, bytes) in entry.wordings().zip(places) {
            if let Some(first) = self.wordings.claim(wording, First { owner, source: file.nth, bytes: bytes.clone() }) {
                self.doubled.push((file.place(&bytes), wording.to_owned(), first));
            }
        }
    }

    fn report_doubled(&mut self) {
        let doubled = std::mem::take(&mut self.doubled);
        for (nth, source) in self.sources.iter().enumerate() {
            let mut firsts = doubled.iter().filter(|(_, _, first)| first.source == nth).peekable();
            if firsts.peek().is_none() {
                continue;
            }
            let file = File::new(nth, &source.name, source.text().unwrap_or_default());
            for (place, wording, first) in firsts {
                let owner = self.loaded.faq.entries[first.owner].id.clone();
                let (wording, first) = (wording.clone(), file.place(&first.bytes));
                self.report(place.clone(), Problem::DuplicateWording { wording, owner, first });
            }
        }
    }

    fn check_references(&mut self) {
        for (place, field, id) in std::mem::take(&mut self.references) {
            let is_known = EntryId::new(&id).is_some_and(|id| self.ids.contains_key(&id));
            // Where a whole file was unreadable, what it held is not unknown but missing: that file's own fault says so.
            if !is_known && !self.lost_a_file {
                let suggestion = nearest(&id, self.ids.keys().map(EntryId::as_str));
                self.report(place, Problem::UnknownEntry { field, id, suggestion });
            }
        }
        Diagnostic::sort(&mut self.loaded.diagnostics);
    }

    fn vocabulary(&mut self, file: &File<'_>, document: &Node) {
        let schema = schema_of::<VocabularyFile>();
        let mut shape = Shape::of(&schema);
        let written = shape.conform("vocabulary", document, &schema);
        self.report_all(file, shape);
        let Some(written) = written.map(typed::<VocabularyFile>) else { return };
        let harmless = self.patterns(file, document, "harmless", &written.harmless);
        let mut concepts = Vec::new();
        let sections: [(&str, Class, Groups); 4] = [
            ("concepts", Class::Core, written.concepts),
            ("generic", Class::Generic, written.generic),
            ("cues", Class::Cue, written.cues),
            ("blockers", Class::Blocker, written.blockers),
        ];
        let mut owners: HashMap<String, String> = HashMap::new();
        for (section, class, groups) in sections {
            for (name, forms) in groups {
                for (nth, form) in forms.iter().enumerate() {
                    let spelling: String = form.nfkc().flat_map(char::to_lowercase).collect();
                    if let Some(owner) = owners.insert(spelling, name.clone()) {
                        let group = document.get(section).and_then(|node| node.get(&name));
                        let span = group.map_or(0..0, |group| group.items()[nth].span.clone());
                        self.report(file.place(&span), Problem::DuplicateForm { form: form.clone(), owner });
                    }
                }
                match class {
                    // Another topic's words are no synonyms: an entry that knows one of them need not know the others.
                    Class::Blocker => {
                        let alone = |form| Concept { name: name.clone(), class, forms: std::iter::once(form).collect() };
                        concepts.extend(forms.iter().map(alone));
                    }
                    Class::Core | Class::Generic | Class::Cue => {
                        concepts.push(Concept { name, class, forms: forms.iter().collect() });
                    }
                }
            }
        }
        self.loaded.vocabulary = Some(Vocabulary {
            concepts,
            stop_phrases: written.stop_phrases,
            stop_words: written.stop_words,
            thanks: written.chatter.thanks,
            greetings: written.chatter.greetings,
            acknowledgements: written.chatter.acknowledgements,
            corrections: written.chatter.corrections,
            asking: written.chatter.asking,
            statement_endings: written.chatter.statement_endings,
            statement_openings: written.chatter.statement_openings,
            harmless,
        });
    }
}

/// A day written as 2026-11-22.
///
/// # Errors
/// The text is written otherwise, or there is no such day.
pub fn parse_date(text: &str) -> Result<Date, time::error::Parse> {
    Date::parse(text, format_description!("[year]-[month]-[day]"))
}

/// What the schema let through is what the types say: both come from the same definition.
fn typed<T: serde::de::DeserializeOwned>(json: serde_json::Value) -> T {
    serde_json::from_value(json).expect("a tree that conforms to the schema derived from a type is of that type")
}

/// The span of the field at the end of the path, as far as the path leads.
fn span_of(node: &Node, path: &[&str]) -> Range<usize> {
    let mut found = node;
    for name in path {
        match found.get(name) {
            Some(field) => found = field,
            None => break,
        }
    }
    found.span.clone()
}

fn span_of_item(node: &Node, field: &str, nth: usize) -> Range<usize> {
    let item = node.get(field).and_then(|list| list.items().get(nth));
    item.map_or_else(|| span_of(node, &[field]), |item| item.span.clone())
}

/// The spans of an entry's wordings, in the order of [`Entry::wordings`].
fn span_of_texts(node: &Node) -> impl Iterator<Item = Range<usize>> {
    let question = node.get("question");
    let languages = Lang::ALL.into_iter().filter_map(move |lang| question?.get(lang.code())).map(|text| text.span.clone());
    let plain = question.filter(|question| matches!(question.value, Value::Scalar(_))).map(|text| text.span.clone());
    let others = node.get("also_asked").map_or(&[][..], Node::items).iter().map(|item| item.span.clone());
    languages.chain(plain).chain(others)
}

/// How long a text is for its reader: UTF-16 units, as Discord may count; for a label the width of full-width characters, as phones cut.
fn shown_units(text: &str, field: &str) -> usize {
    if field == "label" { textwrap::core::display_width(text).div_ceil(2) } else { text.encode_utf16().count() }
}

/// Letters and digits only, in one case and width: two texts that differ in nothing else are the same wording.
pub fn comparable(text: &str) -> String {
    text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn is_name(text: &str) -> bool {
    EntryId::new(text).is_some()
}

/// An address that a Discord link button takes: https, a host with a dot, no spaces or invisible characters.
pub fn is_https(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host_characters = host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':'));
    let sound =
        url.chars().all(|c| (c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"')) || (!c.is_ascii() && c.is_alphanumeric()));
    sound && host_characters && host.contains('.') && !host.starts_with('.') && url.encode_utf16().count() <= MAX_URL_UNITS
}
