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
use super::file::{EntryFile, Text, TopicFile, schema_of};
use super::place::File;
use super::shape::Shape;
use super::suggestion::{self, nearest};
use super::tree::{self, Node, Value};
use super::wordings::{First, Wordings};
use super::{Entry, EntryId, Faq, Kind, Lang, Link, Localized, Pattern, Topic, Vocabulary, is_vocabulary};

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
    /// Where the questions of `must_find` stand, of each entry that has some.
    pub must_find: HashMap<EntryId, Vec<Place>>,
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
/// Unknown ids for which the nearest known one is looked for: more than anybody mistypes, and thousands would take minutes.
const MAX_SUGGESTIONS: usize = 100;

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

/// What is known while the files are read, one after the other.
#[derive(Default)]
pub(super) struct Loader<'a> {
    sources: &'a [Source],
    default: Lang,
    pub(super) loaded: Loaded,
    ids: HashMap<EntryId, Place>,
    topics: HashMap<String, Place>,
    titles: HashMap<String, Place>,
    wordings: Wordings,
    /// The entries whose wordings were read, also those with faults.
    owners: Vec<EntryId>,
    /// Where the file being read was understood only as it was meant.
    pub(super) repaired: Vec<usize>,
    /// Wordings that stand twice: where, which, and where first.
    doubled: Vec<(Place, String, First)>,
    /// Whether a file with entries could not be read at all.
    lost_a_file: bool,
    pattern_count: usize,
    /// How many errors have been reported.
    pub(super) errors: usize,
    /// Fields that name other entries, checked once all are known.
    references: Vec<(Place, &'static str, String)>,
}

impl Loader<'_> {
    fn file(&mut self, nth: usize, source: &Source) {
        let errors_before = self.errors;
        let entries_before = self.ids.len();
        self.read(nth, source);
        let is_lost = self.errors > errors_before && self.ids.len() == entries_before;
        self.lost_a_file |= is_lost && !is_vocabulary(&source.name);
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
        let (document, faults) = tree::parse(text);
        self.repaired = faults.iter().map(|fault| fault.span.start).collect();
        for fault in faults {
            self.report(file.place(&fault.span), fault.problem);
        }
        match document {
            Some(document) if !self.has_known_format(&file, &document) => {}
            Some(document) if is_vocabulary(&source.name) => self.vocabulary(&file, document),
            Some(document) => self.topic(&file, document),
            None => {}
        }
    }

    pub(super) fn report(&mut self, place: Place, problem: Problem) {
        self.errors += usize::from(problem.level() == super::Level::Error);
        self.loaded.diagnostics.push(Diagnostic { place, problem });
    }

    pub(super) fn report_all(&mut self, file: &File<'_>, shape: Shape<'_>) {
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

    /// Reads a topic. Whatever is wrong with its head, its entries are checked all the same, though none of them can be used.
    fn topic(&mut self, file: &File<'_>, mut document: Node) {
        let schema = schema_of::<TopicFile>();
        let errors_before = self.errors;
        let mut shape = Shape::of(&schema, file.text);
        let head = shape.conform_except(&mut document, &schema, "entries");
        let mut entries = match document.get_mut("entries") {
            Some(Node { value: Value::List(items), .. }) => std::mem::take(items),
            Some(other) => {
                shape.conform("entries", other, &schema["properties"]["entries"]);
                Vec::new()
            }
            // A file of which only the beginning was saved, perhaps; where something else is wrong, that comes first.
            None => {
                if shape.findings.is_empty() && self.repaired.is_empty() {
                    let start = document.span.start;
                    shape.findings.push((start..start, Problem::MissingField { field: "entries".into() }));
                }
                Vec::new()
            }
        };
        self.report_all(file, shape);
        let Some(head) = head.map(typed::<TopicFile>) else { return };
        let place = file.place(&document.span_of(&["topic"]));
        if !head.topic.is_empty() && !is_name(&head.topic) {
            let meant = suggestion::id(&head.topic);
            self.report(place.clone(), Problem::BadName { name: head.topic.clone(), meant });
        }
        if let Some(first) = self.topics.get(&head.topic).cloned() {
            let is_there = |entry: &Node| match entry.get("id").map(|id| &id.value) {
                Some(Value::Scalar(id)) => {
                    EntryId::new(id).and_then(|id| self.ids.get(&id)).is_some_and(|at| at.file == first.file)
                }
                _ => false,
            };
            // One entry that stands in both was perhaps moved; a file of which most do is a copy.
            if entries.iter().filter(|entry| is_there(entry)).count() * 2 > entries.len() {
                let (copy, first) = if suggestion::is_original(&place.file, &first.file) {
                    (first.file, place.file)
                } else {
                    (place.file, first.file)
                };
                return self.report(Place { file: copy, ..Place::default() }, Problem::CopiedFile { first });
            }
            self.report(place.clone(), Problem::DuplicateTopic { id: head.topic.clone(), first });
        }
        let title = self.localized(file, &document, "title", head.title, MAX_QUESTION_UNITS);
        let titles: Vec<String> = title.texts().map(|(_, text)| text.to_owned()).collect();
        let entries_before = self.loaded.faq.entries.len();
        let is_in_entries = |at: &usize| entries.iter().any(|entry| entry.span.contains(at));
        let is_sound = self.errors == errors_before && self.repaired.iter().all(is_in_entries);
        if is_sound {
            self.topics.insert(head.topic.clone(), place);
            self.loaded.faq.topics.push(Topic { id: head.topic, title });
        }
        for node in &mut entries {
            self.entry(file, node, &schema, is_sound);
        }
        // A topic of which nothing is used, such as the template, is shown to nobody.
        for title in titles.iter().filter(|_| self.loaded.faq.entries.len() > entries_before) {
            let title_place = file.place(&document.span_of(&["title"]));
            if let Some(first) = self.titles.get(&comparable(title)).filter(|first| first.file != file.name).cloned() {
                self.report(title_place, Problem::DuplicateTitle { title: title.clone(), first });
                break;
            }
            self.titles.insert(comparable(title), title_place);
        }
    }

    fn entry(&mut self, file: &File<'_>, node: &mut Node, schema: &serde_json::Value, is_usable: bool) {
        let errors_before = self.errors;
        let mut shape = Shape::of(schema, file.text);
        let written = shape.conform("entries", node, &schema["properties"]["entries"]["items"]).map(typed::<EntryFile>);
        self.report_all(file, shape);
        let Some(written) = written else { return };
        let is_draft = written.draft;
        let id = self.id(file, node, &written.id);
        let entry = id.map(|id| self.checked_entry(file, node, id, written));
        let is_sound = self.errors == errors_before && !self.repaired.iter().any(|at| node.span.contains(at));
        if let Some(entry) = entry.filter(|_| !is_draft) {
            self.check_wordings(file, node, &entry);
            if is_sound && is_usable {
                if let Some(questions) = node.get("must_find").filter(|_| !entry.must_find.is_empty()) {
                    let places = questions.items().iter().map(|question| file.place(&question.span)).collect();
                    self.loaded.must_find.insert(entry.id.clone(), places);
                }
                self.loaded.faq.entries.push(entry);
            }
        }
    }

    /// The entry's name. One that cannot be used is told, and stands in for itself while the rest is checked.
    fn id(&mut self, file: &File<'_>, node: &Node, written: &str) -> Option<EntryId> {
        let place = file.place(&node.span_of(&["id"]));
        if !written.is_empty() && EntryId::new(written).is_none() {
            self.report(place.clone(), Problem::BadId { id: written.to_owned(), meant: suggestion::id(written) });
        }
        let Some(id) = EntryId::new(written) else {
            return EntryId::new("unnamed");
        };
        match self.ids.get(&id).cloned() {
            Some(first) => self.report(place, Problem::DuplicateId { id: id.clone(), first }),
            None => drop(self.ids.insert(id.clone(), place)),
        }
        Some(id)
    }

    /// Every check of what the fields say; reports all, so that one run shows them all.
    fn checked_entry(&mut self, file: &File<'_>, node: &Node, id: EntryId, written: EntryFile) -> Entry {
        let place = file.place(&node.span_of(&["id"]));
        let question = self.localized(file, node, "question", written.question, MAX_QUESTION_UNITS);
        let answer = self.localized(file, node, "answer", written.answer, MAX_ANSWER_UNITS);
        let label = written.label.map(|label| self.localized(file, node, "label", label, MAX_LABEL_UNITS));
        let source = written.source.map(|text| self.localized(file, node, "source", text, MAX_QUESTION_UNITS));
        let reviewed = written.reviewed.and_then(|text| self.date(file, node, text));
        let patterns = self.patterns(file, node, "patterns", &written.patterns);
        let links = self.links(file, node, written.links);
        let related = self.ids_of(file, node, "related", written.related);
        let formerly = self.ids_of(file, node, "formerly", written.formerly);
        for (place, id) in &related {
            self.references.push((place.clone(), "related", id.to_string()));
        }
        for (place, id) in &formerly {
            // A former id that is somebody's now would lead old buttons astray.
            match self.ids.get(id).cloned() {
                Some(first) => self.report(place.clone(), Problem::FormerIdInUse { id: id.clone(), first }),
                None => drop(self.ids.insert(id.clone(), place.clone())),
            }
        }
        if written.kind == Kind::Care && node.get("patterns").is_none() {
            self.report(place.clone(), Problem::CareWithoutPattern);
        }
        if written.kind == Kind::Answer && !written.draft && node.get("links").is_none_or(|links| links.items().is_empty()) {
            self.report(place.clone(), Problem::NoLink);
        }
        let ids = |placed: Vec<(Place, EntryId)>| placed.into_iter().map(|(_, id)| id).collect();
        Entry {
            id,
            topic: self.loaded.faq.topics.len().saturating_sub(1),
            kind: written.kind,
            question,
            label,
            also_asked: written.also_asked.iter().collect(),
            keywords: written.keywords,
            answer,
            links,
            related: ids(related),
            formerly: ids(formerly),
            must_find: written.must_find.iter().collect(),
            patterns,
            not_about: written.not_about.iter().collect(),
            source,
            reviewed,
            place,
        }
    }

    /// A text with at least one language, none of them too long. Without any it is an empty map, or the shape has told what it is.
    fn localized(&mut self, file: &File<'_>, node: &Node, field: &str, text: Text, limit: usize) -> Localized {
        let localized = text.localized(self.default);
        let place = file.place(&node.span_of(&[field]));
        let said: Vec<Lang> = localized.texts().filter(|(_, text)| !text.is_empty()).map(|(lang, _)| lang).collect();
        if said.is_empty() {
            if matches!(node.get(field), Some(Node { value: Value::Map(pairs), .. }) if pairs.is_empty()) {
                self.report(place, Problem::NoLanguage);
            }
            return localized;
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
                        let place = file.place(&node.span_of(&[field, lang.code()]));
                        self.report(place, Problem::TooLong { field: field.to_owned(), units, limit });
                    }
                }
            }
        }
        localized
    }

    fn date(&mut self, file: &File<'_>, node: &Node, text: String) -> Option<Date> {
        let date = parse_date(&text).ok();
        if date.is_none() {
            let meant = suggestion::date(&text);
            self.report(file.place(&node.span_of(&["reviewed"])), Problem::BadDate { text, meant });
        }
        date
    }

    pub(super) fn patterns(&mut self, file: &File<'_>, node: &Node, field: &str, written: &[String]) -> Vec<Pattern> {
        let mut patterns = Vec::new();
        for (nth, text) in written.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            self.pattern_count += 1;
            if self.pattern_count > MAX_PATTERNS {
                self.report(file.place(&node.span_of_item(field, nth)), Problem::TooManyPatterns { limit: MAX_PATTERNS });
                break;
            }
            match Pattern::new(text) {
                Ok(pattern) => patterns.push(pattern),
                Err(problem) => self.report(file.place(&node.span_of_item(field, nth)), problem),
            }
        }
        patterns
    }

    fn links(&mut self, file: &File<'_>, node: &Node, written: Vec<super::file::LinkFile>) -> Vec<Link> {
        let nodes = node.get("links").map_or(&[][..], Node::items);
        let mut links = Vec::new();
        for (link, node) in written.into_iter().zip(nodes) {
            let place = file.place(&node.span_of(&["url"]));
            if !link.url.is_empty() && !is_https(&link.url) {
                let meant = suggestion::address(&link.url);
                self.report(place.clone(), Problem::BadUrl { url: link.url.clone(), meant });
            }
            let title = self.localized(file, node, "title", link.title, MAX_QUESTION_UNITS);
            links.push(Link { title, url: link.url, place });
        }
        links
    }

    fn ids_of(&mut self, file: &File<'_>, node: &Node, field: &str, written: Vec<String>) -> Vec<(Place, EntryId)> {
        let mut ids = Vec::new();
        for (nth, text) in written.into_iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            let place = file.place(&node.span_of_item(field, nth));
            match EntryId::new(&text) {
                Some(id) => ids.push((place, id)),
                None => self.report(place, Problem::BadId { meant: suggestion::id(&text), id: text }),
            }
        }
        ids
    }

    /// The same wording on two entries finds neither for certain.
    fn check_wordings(&mut self, file: &File<'_>, node: &Node, entry: &Entry) {
        let places = span_of_texts(node);
        let owner = self.owners.len();
        self.owners.push(entry.id.clone());
        for (wording, bytes) in entry.wordings().zip(places).filter(|(wording, _)| !wording.is_empty()) {
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
                let owner = self.owners[first.owner].clone();
                let (wording, first) = (wording.clone(), file.place(&first.bytes));
                self.report(place.clone(), Problem::DuplicateWording { wording, owner, first });
            }
        }
    }

    fn check_references(&mut self) {
        let mut sought = 0;
        for (place, field, id) in std::mem::take(&mut self.references) {
            let is_known = EntryId::new(&id).is_some_and(|id| self.ids.contains_key(&id));
            // Where a whole file was unreadable, what it held is not unknown but missing: that file's own fault says so.
            if !is_known && !self.lost_a_file {
                sought += 1;
                let suggestion =
                    (sought <= MAX_SUGGESTIONS).then(|| nearest(&id, self.ids.keys().map(EntryId::as_str))).flatten();
                self.report(place, Problem::UnknownEntry { field, id, suggestion });
            }
        }
        Diagnostic::sort(&mut self.loaded.diagnostics);
    }
}

/// A day written as 2026-11-22.
///
/// # Errors
/// The text is written otherwise, or there is no such day.
pub fn parse_date(text: &str) -> Result<Date, time::error::Parse> {
    Date::parse(text, format_description!("[year]-[month]-[day]"))
}

/// What the schema let through, or put in the place of what it reported, is what the types say: both come from the same definition.
pub(super) fn typed<T: serde::de::DeserializeOwned>(json: serde_json::Value) -> T {
    serde_json::from_value(json).expect("a tree that conforms to the schema derived from a type is of that type")
}

/// The spans of an entry's wordings, in the order of [`Entry::wordings`].
fn span_of_texts(node: &Node) -> impl Iterator<Item = Range<usize>> {
    let question = node.get("question");
    let is_text = |node: &&Node| matches!(&node.value, Value::Scalar(text) if !text.is_empty());
    let languages =
        Lang::ALL.into_iter().filter_map(move |lang| question?.get(lang.code())).filter(is_text).map(|text| text.span.clone());
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
