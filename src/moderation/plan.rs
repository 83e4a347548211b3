//! A draft and the files as they are -> the files as they would be, checked by the one gate, or why it cannot be.
//!
//! Pure. Texts are edited by [`crate::faq::edit`]; writing them is left to `publish.rs`.

use std::borrow::Cow;

use super::draft::{Conflict, Draft, Form, Restored, Task};
use super::form::Fields;
use crate::faq::compare::changed;
use crate::faq::edit::{Change as FieldChange, Edit, Unedited, edit};
use crate::faq::{
    Diagnostic, Entry, EntryId, Faq, Lang, Level, Link, Localized, Place, Problem, Source, VOCABULARY_FILE, WrittenFile, id_from,
    load, parse_date, with_lines,
};
use crate::journal::{Change, KnownEntry, Via};
use crate::knowledge::{Knowledge, Library};

/// What publishing a draft would do.
#[derive(Debug)]
pub struct Plan {
    /// The folder's files as they were read.
    pub read: Vec<Source>,
    /// As they would be.
    pub sources: Vec<Source>,
    /// What would change, without time and author.
    pub changes: Vec<Change>,
    /// The FAQ as it would be.
    pub knowledge: Knowledge,
    /// What would be there of warnings that is not there yet.
    pub warnings: Vec<Diagnostic>,
    /// The entry it is about, if it is one that would be there.
    pub entry: Option<EntryId>,
}

/// Why a draft cannot be published as it is.
#[derive(Debug)]
pub enum Unplanned {
    /// What it is about is not there any more.
    Gone,
    /// It would change nothing.
    Same,
    /// The same text was changed by somebody else.
    Conflict(Vec<Conflict>),
    /// These entries are not as they were when it was drafted.
    Changed(Vec<String>),
    /// The FAQ would have errors, or has.
    Faulty(Vec<Diagnostic>),
    /// The file cannot be edited as it is written.
    Unedited(Unedited),
}

/// What publishing a draft would make of these files. `default` is the language of texts that name none; no new entry gets an id of `used`.
///
/// # Errors
/// See [`Unplanned`].
pub fn plan(read: Vec<Source>, default: Lang, draft: &Draft, used: &[String]) -> Result<Plan, Unplanned> {
    let before = load::load(&read, default);
    let mut desk = Files { sources: read.clone(), default, changes: Vec::new() };
    let faq = &before.faq;
    let entry = match &draft.task {
        Task::Change { entry } => Some(desk.change(faq, entry, &draft.forms)?),
        Task::Add { topic } => Some(desk.add(faq, topic, &draft.forms, used)?),
        Task::Remove { entry, text } => {
            let gone = Restored { entry: entry.clone(), file: String::new(), from: Some(text.clone()), to: None };
            desk.restore(std::slice::from_ref(&gone), false)?;
            None
        }
        Task::Restore(restored) | Task::Merge(restored) => {
            desk.restore(restored, matches!(draft.task, Task::Merge(_)))?;
            draft.entry().and_then(EntryId::new)
        }
        Task::Word { concept, form } => {
            desk.word(concept, form)?;
            None
        }
        Task::Reviewed { entry, on } => {
            let entry = known(faq, entry)?;
            let on = parse_date(on).map_err(|_| Unplanned::Same)?;
            Some(desk.edit(&entry.id, &[FieldChange::Reviewed(on)])?)
        }
    };
    if desk.changes.is_empty() {
        return Err(Unplanned::Same);
    }
    let built = Knowledge::build(&desk.sources, default);
    let (errors, others): (Vec<_>, Vec<_>) = built.diagnostics.into_iter().partition(|one| one.problem.level() == Level::Error);
    let Some(knowledge) = built.knowledge.filter(|_| errors.is_empty()) else { return Err(Unplanned::Faulty(errors)) };
    let is_new = |one: &Diagnostic| {
        // Who has no care entries gets the shipped ones, before and after.
        one.problem.level() == Level::Warning
            && one.problem != Problem::NoCare
            && !before.diagnostics.iter().any(|known| known.problem == one.problem)
    };
    let warnings = others.into_iter().filter(is_new).collect();
    let entry = entry.filter(|id| knowledge.faq.entry(id).is_some());
    Ok(Plan { read, sources: desk.sources, changes: desk.changes, knowledge, warnings, entry })
}

impl Plan {
    /// The lines that go (`false`) and come (`true`), without what stays.
    pub fn diff(&self) -> Vec<(bool, String)> {
        self.changes.iter().flat_map(|change| changed(change.before.as_deref(), change.after.as_deref())).collect()
    }

    /// The same as a patch that `git apply` takes, from the folder's parent.
    pub fn patch(&self) -> String {
        let before = |name: &str| self.read.iter().find(|source| source.name == name).and_then(Source::text).unwrap_or_default();
        let files = self.files();
        let patched = files.iter().filter_map(|(name, content)| {
            let after = std::str::from_utf8(content).ok()?;
            let diff = similar::TextDiff::from_lines(before(name), after);
            Some(diff.unified_diff().context_radius(3).header(&format!("a/{name}"), &format!("b/{name}")).to_string())
        });
        patched.collect()
    }

    /// The files that change, with their new content.
    pub fn files(&self) -> Vec<(&str, &[u8])> {
        let is_new = |source: &&Source| self.read.iter().all(|read| read.name != source.name || read.content != source.content);
        let changed = self.sources.iter().filter(is_new);
        changed.map(|source| (source.name.as_str(), source.content.as_deref().unwrap_or_default())).collect()
    }
}

/// The form of a language for an entry as it stands in these files; empty where there is none.
pub fn shown(faq: &Faq, entry: Option<&str>, lang: Lang) -> Fields {
    let entry = entry.and_then(EntryId::new).and_then(|id| faq.entry(&id));
    entry.map(|entry| Fields::of(entry, lang)).unwrap_or_default()
}

/// Every entry of these files as it is written; of one that has no lines of its own, what it says.
pub fn written(sources: &[Source]) -> Vec<KnownEntry> {
    let files = sources.iter().filter(|source| source.name != VOCABULARY_FILE);
    let entries = files.filter_map(|source| {
        let text = source.text()?;
        Some((WrittenFile::read(&source.name, text)?, text))
    });
    entries
        .flat_map(|(file, text)| {
            let known = file.entries.iter().map(|entry| KnownEntry {
                entry: entry.id.clone(),
                file: file.name.clone(),
                text: entry.lines.clone().map_or_else(
                    || {
                        let fields = entry.fields.iter().map(|(name, lines)| format!("{name}: {}", lines.join("\n")));
                        fields.collect::<Vec<_>>().join("\n")
                    },
                    |lines| text.get(lines).unwrap_or_default().replace("\r\n", "\n"),
                ),
            });
            known.collect::<Vec<_>>()
        })
        .collect()
}

fn known<'f>(faq: &'f Faq, entry: &str) -> Result<&'f Entry, Unplanned> {
    EntryId::new(entry).and_then(|id| faq.entry(&id)).ok_or(Unplanned::Gone)
}

fn linked((title, url): &(Localized, String)) -> Link {
    Link { title: title.clone(), url: url.clone(), place: Place::default() }
}

/// The files while they are being edited.
struct Files {
    sources: Vec<Source>,
    default: Lang,
    changes: Vec<Change>,
}

impl Files {
    fn change(&mut self, faq: &Faq, entry: &str, forms: &[Form]) -> Result<EntryId, Unplanned> {
        let entry = known(faq, entry)?;
        let conflicts: Vec<Conflict> = forms.iter().flat_map(|form| conflicts(form, &Fields::of(entry, form.lang))).collect();
        if !conflicts.is_empty() {
            return Err(Unplanned::Conflict(conflicts));
        }
        let mut changes: Vec<FieldChange> = Vec::new();
        for form in forms {
            // Lists hold both languages: the second form's are put into what the first one's made of them.
            let mut made = entry.clone();
            for change in &changes {
                match change {
                    FieldChange::AlsoAsked(texts) => made.also_asked = texts.iter().collect(),
                    FieldChange::Keywords(words) => made.keywords.clone_from(words),
                    FieldChange::Links(links) => made.links = links.iter().map(linked).collect(),
                    _ => {}
                }
            }
            let more = form.typed.changes(&form.shown, Some(&made), form.lang);
            changes.retain(|known| more.iter().all(|more| !is_same_list(known, more)));
            changes.extend(more);
        }
        self.edit(&entry.id, &changes)
    }

    fn add(&mut self, faq: &Faq, topic: &str, forms: &[Form], used: &[String]) -> Result<EntryId, Unplanned> {
        let at = self.sources.iter().position(|source| {
            let file = source.text().and_then(|text| WrittenFile::read(&source.name, text));
            file.is_some_and(|file| file.topic == topic && source.name != VOCABULARY_FILE)
        });
        let at = at.ok_or(Unplanned::Gone)?;
        let mut changes: Vec<FieldChange> = Vec::new();
        for form in forms {
            for change in form.typed.changes(&Fields::default(), None, form.lang) {
                match changes.iter_mut().find(|known| is_same_list(known, &change)) {
                    Some(known) => join(known, change),
                    None => changes.push(change),
                }
            }
        }
        let id = self.new_id(faq, topic, forms, used);
        let read = &self.sources[at];
        let text = edit(&read.name, read.text().unwrap_or_default(), self.default, &Edit::Add(&id, &changes));
        self.put(at, text.map_err(Unplanned::Unedited)?);
        Ok(id)
    }

    /// An id that nobody has or had: of the English question, else of the topic and a number.
    fn new_id(&self, faq: &Faq, topic: &str, forms: &[Form], used: &[String]) -> EntryId {
        let taken: Vec<String> = written(&self.sources).into_iter().map(|known| known.entry).collect();
        let is_free = |id: &EntryId| faq.entry(id).is_none() && taken.iter().chain(used).all(|taken| taken != id.as_str());
        let question = forms.iter().find(|form| form.lang == Lang::En).map(|form| form.typed.question.as_str());
        let words = question.and_then(id_from).unwrap_or_else(|| topic.to_owned());
        // Whole words, and room for a number.
        let mut name = String::new();
        for word in words.split('-').filter(|word| !["a", "an", "the", "is", "are", "do", "does", "i", "to", "of"].contains(word))
        {
            if name.len() + word.len() + 1 > EntryId::MAX_LENGTH - 5 {
                break;
            }
            name = if name.is_empty() { word.to_owned() } else { format!("{name}-{word}") };
        }
        let name = if name.is_empty() { "entry".to_owned() } else { name };
        let plain = question.map(|_| name.clone()).into_iter();
        let mut names = plain.chain((1..).map(|number| format!("{name}-{number}")));
        names.find_map(|name| EntryId::new(&name).filter(is_free)).expect("there are more numbers than entries")
    }

    fn edit(&mut self, id: &EntryId, changes: &[FieldChange]) -> Result<EntryId, Unplanned> {
        let at = self.file_of(id.as_str()).ok_or(Unplanned::Gone)?;
        let read = &self.sources[at];
        let text = edit(&read.name, read.text().unwrap_or_default(), self.default, &Edit::Change(id, changes));
        self.put(at, text.map_err(Unplanned::Unedited)?);
        Ok(id.clone())
    }

    /// `moves`: an entry stands in the file that is named, and no longer in another.
    fn restore(&mut self, restored: &[Restored], moves: bool) -> Result<(), Unplanned> {
        let now = written(&self.sources);
        let text_of = |id: &str| now.iter().find(|known| known.entry == id).map(|known| known.text.as_str());
        let is_other = |one: &&Restored| one.entry != VOCABULARY_FILE && text_of(&one.entry) != one.from.as_deref();
        let others: Vec<String> = restored.iter().filter(is_other).map(|one| one.entry.clone()).collect();
        if !others.is_empty() {
            return Err(Unplanned::Changed(others));
        }
        for one in restored {
            if one.entry == VOCABULARY_FILE {
                if let Some((concept, form)) = one.from.as_deref().and_then(|word| word.split_once('\t')) {
                    self.vocabulary(&Edit::RemoveForm(concept, form))?;
                }
                continue;
            }
            let named = self.sources.iter().position(|source| source.name == one.file);
            let mut stands = self.file_of(&one.entry);
            if let (true, Some(_), Some(from), Some(to)) = (moves, &one.to, stands, named)
                && from != to
            {
                self.take_out(from, &one.entry)?;
                stands = None;
            }
            let at = stands.or(named).ok_or(Unplanned::Gone)?;
            match &one.to {
                Some(lines) => {
                    let read = &self.sources[at];
                    let (name, text) = (read.name.clone(), read.text().unwrap_or_default());
                    let file = WrittenFile::read(&name, text).ok_or(Unplanned::Unedited(Unedited::NotRead))?;
                    let replaced = stands.map(|_| one.entry.as_str());
                    let edited = with_lines(&file, text, replaced, lines).ok_or(Unplanned::Unedited(Unedited::NotPossible))?;
                    self.put(at, edited);
                }
                None if stands.is_some() => self.take_out(at, &one.entry)?,
                None => {}
            }
        }
        Ok(())
    }

    fn take_out(&mut self, at: usize, entry: &str) -> Result<(), Unplanned> {
        let id = EntryId::new(entry).ok_or(Unplanned::Gone)?;
        let read = &self.sources[at];
        let edited = edit(&read.name, read.text().unwrap_or_default(), self.default, &Edit::Remove(&id));
        self.put(at, edited.map_err(Unplanned::Unedited)?);
        Ok(())
    }

    fn word(&mut self, concept: &str, form: &str) -> Result<(), Unplanned> {
        // Who has no vocabulary gets the one that was used for them.
        if !self.sources.iter().any(|source| source.name == VOCABULARY_FILE) {
            let shipped = Library::Shipped.sources().unwrap_or_default();
            self.sources.extend(shipped.into_iter().find(|source| source.name == VOCABULARY_FILE));
        }
        self.vocabulary(&Edit::AddForm(concept, form))?;
        let after = Some(format!("{concept}\t{form}"));
        self.note(VOCABULARY_FILE, VOCABULARY_FILE, None, after);
        Ok(())
    }

    fn vocabulary(&mut self, change: &Edit<'_>) -> Result<(), Unplanned> {
        let read = self.sources.iter_mut().find(|source| source.name == VOCABULARY_FILE).ok_or(Unplanned::Gone)?;
        let text = edit(&read.name, read.text().unwrap_or_default(), self.default, change).map_err(Unplanned::Unedited)?;
        read.content = Ok(Cow::Owned(text.into_bytes()));
        if let Edit::RemoveForm(concept, form) = change {
            self.note(VOCABULARY_FILE, VOCABULARY_FILE, Some(format!("{concept}\t{form}")), None);
        }
        Ok(())
    }

    fn file_of(&self, entry: &str) -> Option<usize> {
        self.sources.iter().position(|source| {
            let file = source.text().and_then(|text| WrittenFile::read(&source.name, text));
            file.is_some_and(|file| file.entry(entry).is_some())
        })
    }

    /// A file's new text, with what differs in its entries.
    fn put(&mut self, at: usize, text: String) {
        let name = self.sources[at].name.clone();
        let of_file = |sources: &[Source]| written(std::slice::from_ref(&sources[at]));
        let before = of_file(&self.sources);
        self.sources[at].content = Ok(Cow::Owned(text.into_bytes()));
        let after = of_file(&self.sources);
        let text_in = |entries: &[KnownEntry], id: &str| entries.iter().find(|one| one.entry == id).map(|one| one.text.clone());
        let ids = before.iter().chain(after.iter().filter(|one| text_in(&before, &one.entry).is_none()));
        for known in ids {
            let (was, is) = (text_in(&before, &known.entry), text_in(&after, &known.entry));
            if was != is {
                self.note(&name, &known.entry, was, is);
            }
        }
    }

    fn note(&mut self, file: &str, entry: &str, before: Option<String>, after: Option<String>) {
        let (file, entry) = (file.to_owned(), entry.to_owned());
        self.changes.push(Change { id: 0, at: 0, moderator: None, via: Via::Discord, file, entry, before, after });
    }
}

/// What the author of a form and somebody else changed differently.
fn conflicts(form: &Form, now: &Fields) -> Vec<Conflict> {
    let texts = |fields: &Fields| [(false, fields.question.clone()), (true, fields.answer.clone())];
    let all = texts(&form.typed).into_iter().zip(texts(&form.shown)).zip(texts(now));
    let differing = all.filter(|(((_, mine), (_, shown)), (_, theirs))| mine != shown && theirs != shown && mine != theirs);
    differing.map(|(((is_answer, mine), _), (_, theirs))| Conflict { lang: form.lang, is_answer, mine, theirs }).collect()
}

fn is_same_list(one: &FieldChange, other: &FieldChange) -> bool {
    let is_list = matches!(one, FieldChange::AlsoAsked(_) | FieldChange::Keywords(_) | FieldChange::Links(_));
    is_list && std::mem::discriminant(one) == std::mem::discriminant(other)
}

/// A list of one form behind that of another.
fn join(known: &mut FieldChange, more: FieldChange) {
    match (known, more) {
        (FieldChange::AlsoAsked(known), FieldChange::AlsoAsked(more))
        | (FieldChange::Keywords(known), FieldChange::Keywords(more)) => {
            known.extend(more);
        }
        (FieldChange::Links(known), FieldChange::Links(more)) => {
            for (title, url) in more {
                match known.iter_mut().find(|(_, address)| *address == url) {
                    Some((known, _)) => {
                        known.ja = known.ja.take().or(title.ja);
                        known.en = known.en.take().or(title.en);
                    }
                    None => known.push((title, url)),
                }
            }
        }
        _ => {}
    }
}
