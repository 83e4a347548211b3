//! A FAQ file's text and what is to be changed -> its new text: only the lines of what changes are written, every other byte stays.
//!
//! Works on the tree of what is written (`tree.rs`), and reads its result again: what would not say exactly what was meant is not given out.
//! How values are spelt is left to `spelling.rs`; whether the FAQ is sound then, to the loader.

use std::ops::Range;

use time::Date;

use super::spelling::{self, Content};
use super::tree::{self, Node, Value};
use super::written::last_byte;
use super::{EntryId, Lang, Localized, is_vocabulary};

/// A field's new value. An empty text or list takes it away.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The question in one language.
    Question(Lang, String),
    /// The answer in one language.
    Answer(Lang, String),
    /// All other wordings.
    AlsoAsked(Vec<String>),
    /// All keywords.
    Keywords(Vec<String>),
    /// Title and address of each link.
    Links(Vec<(Localized, String)>),
    /// The day of the last review.
    Reviewed(Date),
}

/// What is to be done with a file.
#[derive(Clone, Debug)]
pub enum Edit<'a> {
    /// A new entry stands behind the last one.
    Add(&'a EntryId, &'a [Change]),
    /// An entry says something else.
    Change(&'a EntryId, &'a [Change]),
    /// An entry goes.
    Remove(&'a EntryId),
    /// A concept of the vocabulary has one more form.
    AddForm(&'a str, &'a str),
    /// A concept of the vocabulary has one form less.
    RemoveForm(&'a str, &'a str),
}

/// Why a text is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unedited {
    /// It is no YAML of this format.
    #[error("not a FAQ file")]
    NotRead,
    /// There is no such entry, or concept.
    #[error("nothing of that name")]
    Unknown,
    /// There is such an entry already.
    #[error("the name is taken")]
    Taken,
    /// The way it is written does not let that be changed and nothing else.
    #[error("not possible in the way this is written")]
    NotPossible,
}

/// The fields of an entry in the order in which they usually stand.
const ORDER: [&str; 16] = [
    "id",
    "question",
    "label",
    "also_asked",
    "keywords",
    "answer",
    "links",
    "related",
    "formerly",
    "must_find",
    "patterns",
    "not_about",
    "source",
    "reviewed",
    "kind",
    "draft",
];

/// The text in which an edit is done. `default` is the language of texts that name none.
///
/// # Errors
/// See [`Unedited`].
pub fn edit(name: &str, text: &str, default: Lang, edit: &Edit<'_>) -> Result<String, Unedited> {
    let document = read(text).ok_or(Unedited::NotRead)?;
    let wanted = wanted(Content::of(&document), is_vocabulary(name), default, edit)?;
    let mut editor = Editor { text, line_end: if text.contains("\r\n") { "\r\n" } else { "\n" }, splices: Vec::new() };
    editor.patch(&document, &wanted).ok_or(Unedited::NotPossible)?;
    let edited = editor.spliced();
    // What is given out says what was meant, and nothing else.
    let is_meant = read(&edited).is_some_and(|document| Content::of(&document) == wanted);
    if is_meant { Ok(edited) } else { Err(Unedited::NotPossible) }
}

fn read(text: &str) -> Option<Node> {
    let (document, faults) = tree::parse(text);
    document.filter(|_| faults.is_empty())
}

/// What the file is to say.
fn wanted(mut document: Content, is_vocabulary: bool, default: Lang, edit: &Edit<'_>) -> Result<Content, Unedited> {
    if is_vocabulary {
        let (concept, word, is_new) = match edit {
            Edit::AddForm(concept, word) => (concept, word, true),
            Edit::RemoveForm(concept, word) => (concept, word, false),
            _ => return Err(Unedited::Unknown),
        };
        let forms = document.get_mut("concepts").and_then(|concepts| concepts.get_mut(concept));
        let Some(Content::List(forms)) = forms else { return Err(Unedited::Unknown) };
        let word = Content::text(word);
        if is_new {
            forms.push(word);
        } else {
            forms.retain(|known| *known != word);
        }
        return Ok(document);
    }
    let Some(Content::List(entries)) = document.get_mut("entries") else { return Err(Unedited::NotPossible) };
    let position = |id: &EntryId| {
        let id = Content::text(id.as_str());
        entries.iter().position(|entry| entry.get("id") == Some(&id))
    };
    match edit {
        Edit::Add(id, _) if position(id).is_some() => return Err(Unedited::Taken),
        Edit::Add(id, changes) => {
            let mut entry = Content::Map(vec![("id".to_owned(), Content::text(id.as_str()))]);
            changes.iter().for_each(|change| apply(&mut entry, change, default));
            entries.push(entry);
        }
        Edit::Change(id, changes) => {
            let at = position(id).ok_or(Unedited::Unknown)?;
            changes.iter().for_each(|change| apply(&mut entries[at], change, default));
        }
        Edit::Remove(id) => {
            let at = position(id).ok_or(Unedited::Unknown)?;
            entries.remove(at);
        }
        Edit::AddForm(..) | Edit::RemoveForm(..) => return Err(Unedited::Unknown),
    }
    Ok(document)
}

fn apply(entry: &mut Content, change: &Change, default: Lang) {
    let list = |texts: &[String]| Content::List(texts.iter().map(|text| Content::text(text)).collect());
    let (field, value) = match change {
        Change::Question(lang, text) => ("question", in_language(entry.get("question"), *lang, text, default)),
        Change::Answer(lang, text) => ("answer", in_language(entry.get("answer"), *lang, text, default)),
        Change::AlsoAsked(texts) => ("also_asked", list(texts)),
        Change::Keywords(words) => ("keywords", list(words)),
        Change::Links(links) => {
            let known = entry.get("links").cloned();
            let known = known.iter().flat_map(Content::items);
            let linked = |(title, url): &(Localized, String)| {
                // One that says the same stays as it is written.
                let says_so = |link: &&Content| {
                    let known = link.get("title").map(|known| known.localized(default));
                    link.get("url") == Some(&Content::text(url)) && known.as_ref() == Some(title)
                };
                known.clone().find(says_so).cloned().unwrap_or_else(|| {
                    let title = title
                        .texts()
                        .fold(None, |title, (lang, text)| in_language(title.as_ref(), lang, text, default).into_non_empty());
                    let title = title.unwrap_or_else(|| Content::text(""));
                    Content::Map(vec![("title".to_owned(), title), ("url".to_owned(), Content::text(url))])
                })
            };
            ("links", Content::List(links.iter().map(linked).collect()))
        }
        Change::Reviewed(date) => ("reviewed", Content::text(&date.to_string())),
    };
    entry.set(field, value.into_non_empty(), &ORDER);
}

/// A text with one language's part replaced: a plain one stays so, unless it would be of two languages.
fn in_language(now: Option<&Content>, lang: Lang, text: &str, default: Lang) -> Content {
    let code = |lang: Lang| lang.code().to_owned();
    let part = Content::text(text).into_non_empty();
    match now {
        Some(Content::Map(_)) => {
            let mut map = now.cloned().expect("it is one");
            map.set(lang.code(), part, &Lang::ALL.map(Lang::code));
            map
        }
        Some(Content::Text(plain)) if lang != default && !plain.is_empty() => match part {
            Some(part) => Content::Map(vec![(code(default), Content::text(plain)), (code(lang), part)]),
            None => Content::text(plain),
        },
        Some(Content::Text(_)) if lang == default => Content::text(text),
        _ => part.map_or(Content::Map(Vec::new()), |part| Content::Map(vec![(code(lang), part)])),
    }
}

fn is_same_keys(pairs: &[(tree::Key, Node)], wanted: &[(String, Content)]) -> bool {
    pairs.len() == wanted.len() && pairs.iter().zip(wanted).all(|((key, _), (name, _))| key.name == *name)
}

/// The text with the places at which it is to be changed.
struct Editor<'a> {
    text: &'a str,
    line_end: &'static str,
    splices: Vec<(Range<usize>, String)>,
}

impl Editor<'_> {
    /// What was noted, done.
    fn spliced(mut self) -> String {
        self.splices.sort_by_key(|(range, _)| (range.start, range.end));
        let mut text = self.text.to_owned();
        for (range, new) in self.splices.into_iter().rev() {
            text.replace_range(range, &new);
        }
        text
    }

    fn put(&mut self, range: Range<usize>, new: String) {
        self.splices.push((range, new));
    }

    /// Notes what makes a value another. `None` where it is written in a way that this cannot change.
    fn patch(&mut self, node: &Node, wanted: &Content) -> Option<()> {
        if Content::of(node) == *wanted {
            return Some(());
        }
        match (&node.value, wanted) {
            (Value::Map(_), Content::Map(pairs)) if !self.is_flow(node) && !pairs.is_empty() => self.patch_map(node, pairs),
            (Value::List(_), Content::List(items)) if self.is_flow(node) => self.patch_flow_list(node, items),
            (Value::List(_), Content::List(items)) if !items.is_empty() => self.patch_list(node, items),
            (Value::Map(pairs), Content::Map(wanted)) if is_same_keys(pairs, wanted) => {
                for ((_, value), (_, wanted)) in pairs.iter().zip(wanted) {
                    if self.patch(value, wanted).is_none() {
                        self.put(value.span.clone(), spelling::in_flow(wanted));
                    }
                }
                Some(())
            }
            _ if self.is_flow(node) => {
                self.put(node.span.clone(), spelling::in_flow(wanted));
                Some(())
            }
            // Who holds it writes it anew.
            _ => None,
        }
    }

    fn patch_map(&mut self, node: &Node, wanted: &[(String, Content)]) -> Option<()> {
        let Value::Map(pairs) = &node.value else { return None };
        let indent = self.column(pairs.first()?.0.span.start);
        for (nth, (key, value)) in pairs.iter().enumerate() {
            let end = self.end_of(key.span.end, value);
            match wanted.iter().find(|(name, _)| *name == key.name) {
                // A list that is not there yet in two ways: what holds an item of the map is not the map's own line.
                Some((_, wanted)) if Content::of(value) == *wanted => {}
                Some((name, wanted)) => {
                    let before = self.splices.len();
                    if self.patch(value, wanted).is_none() {
                        self.splices.truncate(before);
                        let line = self.end_of_comment(end);
                        self.put(key.span.start..line, spelling::field(name, wanted, indent, self.line_end));
                    }
                }
                None if nth == 0 => {
                    // Its line begins the item: what comes next begins it then.
                    let (next, _) = pairs.get(1)?;
                    self.put(key.span.start..next.span.start, String::new());
                }
                None => self.put(self.line_start(key.span.start)..self.next_line(end), String::new()),
            }
        }
        // What is new stands behind what usually stands before it.
        let mut behind = pairs.first().map(|(key, value)| self.end_of(key.span.end, value))?;
        for (name, content) in wanted {
            if let Some((key, value)) = pairs.iter().find(|(key, _)| key.name == *name) {
                behind = self.end_of(key.span.end, value);
            } else {
                let line = self.end_of_comment(behind);
                let field = spelling::field(name, content, indent, self.line_end);
                self.put(line..line, format!("{}{}{field}", self.line_end, " ".repeat(indent)));
            }
        }
        Some(())
    }

    /// Items are taken out and put in behind the last one that stays; in another order they are not.
    fn patch_list(&mut self, node: &Node, wanted: &[Content]) -> Option<()> {
        let items = node.items();
        let marked = |item: &Node| {
            let dash = self.text.get(..item.span.start)?.trim_end_matches(' ');
            (dash.ends_with('-') && self.line_start(dash.len()) + self.column(dash.len() - 1) == dash.len() - 1)
                .then(|| dash.len() - 1)
        };
        let dashes: Vec<usize> = items.iter().map(marked).collect::<Option<_>>()?;
        let indent = self.column(*dashes.first()?);
        let mut rest = wanted.iter().peekable();
        let mut last_kept = None;
        let mut kept = 0;
        for (nth, item) in items.iter().enumerate() {
            let content = Content::of(item);
            let same_id = |wanted: &Content| content.get("id").is_some() && content.get("id") == wanted.get("id");
            match rest.peek() {
                Some(wanted) if **wanted == content => drop(rest.next()),
                Some(wanted) if same_id(wanted) => {
                    self.patch(item, wanted)?;
                    rest.next();
                }
                _ => {
                    let end = self.end_of(item.span.start, item);
                    self.put(self.line_start(dashes[nth])..self.next_line(end), String::new());
                    continue;
                }
            }
            kept += 1;
            last_kept = Some(nth);
        }
        let new: Vec<&Content> = rest.collect();
        let is_spaced = items.len() > 1 && {
            let end = self.end_of(items[0].span.start, &items[0]);
            self.text.get(self.end_of_comment(end)..dashes[1]).is_some_and(|between| {
                let lines: Vec<&str> = between.split('\n').collect();
                lines.len() > 2 && lines[1..lines.len() - 1].iter().any(|line| line.trim().is_empty())
            })
        };
        if kept == 0 {
            // Nothing to hold on to: whoever holds the list writes it anew.
            return None;
        }
        let behind = last_kept.map(|nth| self.end_of(items[nth].span.start, &items[nth]))?;
        let at = self.end_of_comment(behind);
        let blank = if is_spaced { self.line_end } else { "" };
        let written = new.iter().map(|item| {
            let lines = spelling::item(item, indent, self.line_end);
            format!("{}{blank}{}{lines}", self.line_end, " ".repeat(indent))
        });
        let written: String = written.collect();
        if !written.is_empty() {
            self.put(at..at, written);
        }
        Some(())
    }

    /// In braces what stays is written as it was.
    fn patch_flow_list(&mut self, node: &Node, wanted: &[Content]) -> Option<()> {
        // A list of entries that was empty gets lines of its own.
        if node.items().is_empty() && wanted.iter().any(|item| matches!(item, Content::Map(_))) {
            return None;
        }
        let mut known: Vec<(Content, &str)> =
            node.items().iter().map(|item| (Content::of(item), self.text.get(item.span.clone()).unwrap_or_default())).collect();
        let written = wanted.iter().map(|item| match known.iter().position(|(content, _)| content == item) {
            Some(at) => known.remove(at).1.trim().to_owned(),
            None => spelling::in_flow(item),
        });
        let list = format!("[{}]", written.collect::<Vec<_>>().join(", "));
        self.put(node.span.clone(), list);
        Some(())
    }

    fn is_flow(&self, node: &Node) -> bool {
        super::written::is_flow(self.text, node)
    }

    /// Where what is written of a value ends, without line breaks behind it; at least `from`.
    fn end_of(&self, from: usize, value: &Node) -> usize {
        let written = |end: usize| self.text.get(..end).map_or(end, |text| text.trim_end().len());
        let is_empty = matches!(&value.value, Value::Scalar(text) if text.is_empty() && value.span.is_empty());
        let end = if is_empty { from } else { written(last_byte(self.text, value)) };
        // What ends with a key that has no value ends with its colon.
        let end = end.max(from);
        end + usize::from(self.text.get(end..).is_some_and(|rest| rest.starts_with(':')))
    }

    /// The end of the line, where nothing but a comment stands behind.
    fn end_of_comment(&self, end: usize) -> usize {
        let line = self.text.get(end..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let is_comment = line.trim_start().starts_with('#') || line.trim().is_empty();
        if is_comment { end + line.len() } else { end }
    }

    fn line_start(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
    }

    /// Behind the line break of a line; without one, its end.
    fn next_line(&self, at: usize) -> usize {
        self.text.get(at..).and_then(|rest| rest.find('\n')).map_or(self.text.len(), |newline| at + newline + 1)
    }

    /// Bytes between the line's start and there: spaces and dashes, where a field or an item begins.
    fn column(&self, at: usize) -> usize {
        at - self.line_start(at)
    }
}
