//! `diff`: one's own FAQ beside the shipped one, and shipped entries taken into it.
//!
//! Who changed what is told by [`crate::faq::compare`]. Nothing is written unless all that is taken gives a FAQ without an error.

use std::borrow::Cow;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use anyhow::Context;

use super::init::{TEMPLATE, TEMPLATE_FILE};
use super::{FINE, Failure, House, pretty, unusable, words};
use crate::faq::compare::{Base, Comparison, Standing, compare, own_of};
use crate::faq::{Lang, Level, Source, VOCABULARY_FILE, Written, WrittenFile, is_vocabulary, nearest, with_lines};
use crate::knowledge::{Built, Knowledge, Library, Unwritten, replace};

/// Beside the FAQ's files, hidden from the loader: what the shipped entries were when they were copied.
pub const BASE_FILE: &str = ".shipped.json";

const HEADING: Style = Style::new().bold();
const GONE: Style = AnsiColor::Red.on_default();
const NEW: Style = AnsiColor::Green.on_default();

impl House {
    /// Shows what differs, or takes and leaves the entries named.
    pub fn diff(&self, path: Option<PathBuf>, take: &[String], leave: &[String]) -> Result<ExitCode, Failure> {
        let lang = self.message_lang();
        let Library::Folder(folder) = path.map_or_else(|| self.library(), Library::Folder) else {
            return Err(unusable(anyhow::Error::msg(words::nothing_to_compare(lang))));
        };
        let sources = self.sources(&Library::Folder(folder.clone()))?;
        let shipped = Library::Shipped.sources()?;
        let known = read_all(&shipped).expect("a test reads every shipped file");
        let mut base = read_base(&folder.join(BASE_FILE), lang).map_err(unusable)?;
        if take.is_empty() && leave.is_empty() {
            return show_all(&sources, known, &base, lang);
        }
        let read = sources.clone();
        let mut desk = Desk { sources, shipped: &shipped, known: &known, lang, taken: Vec::new(), same: Vec::new() };
        if let Some(both) = take.iter().find(|id| leave.contains(id)) {
            return Err(unusable(anyhow::Error::msg(words::taken_and_left(both, lang))));
        }
        for id in take.iter().chain(leave) {
            base.note(desk.find(id).map_err(unusable)?.1);
        }
        for id in take {
            if let Err(refusal) = desk.take(id)? {
                writeln!(anstream::stderr(), "{}", words::refused(id, &refusal.reason, lang))?;
                writeln!(anstream::stdout(), "{}", refusal.paste)?;
                return Ok(ExitCode::from(1));
            }
        }
        // Leaving changes nothing that could have errors.
        let built = (!take.is_empty()).then(|| Knowledge::build(&desk.sources, self.settings.language));
        if let Some(built) = built.filter(Built::has_errors) {
            writeln!(anstream::stderr(), "{}", words::nothing_written(lang))?;
            for error in built.diagnostics.iter().filter(|diagnostic| diagnostic.problem.level() == Level::Error) {
                writeln!(anstream::stderr(), "\n{}", words::drawn(error, &desk.sources, lang))?;
            }
            return Ok(ExitCode::from(1));
        }
        let base = base_text(&base);
        let is_taken = |source: &&Source| desk.taken.iter().any(|(_, name)| *name == source.name);
        let files = desk.sources.iter().filter(is_taken);
        let files = files.map(|source| (source.name.as_str(), source.content.as_deref().unwrap_or_default()));
        match replace(&folder, &read, &files.chain([(BASE_FILE, base.as_bytes())]).collect::<Vec<_>>()) {
            Ok(()) => {}
            Err(unwritten) => {
                let said = words::unwritten(&unwritten, lang);
                if let Unwritten::File { .. } = unwritten {
                    return Err(anyhow::Error::msg(said).into());
                }
                writeln!(anstream::stderr(), "{said}")?;
                return Ok(ExitCode::from(1));
            }
        }
        let mut out = anstream::stdout();
        for (id, name) in &desk.taken {
            writeln!(out, "{}", words::taken(id, &folder.join(name), lang))?;
        }
        for id in &desk.same {
            writeln!(out, "{}", words::same(id, lang))?;
        }
        for id in leave {
            writeln!(out, "{}", words::left(id, lang))?;
        }
        Ok(FINE)
    }
}

/// Everything that differs, but for what is in use although nobody has it in a file.
fn show_all(sources: &[Source], mut known: Vec<WrittenFile>, base: &Base, lang: Lang) -> Result<ExitCode, Failure> {
    let mut own = read_all(sources).map_err(|file| unusable(anyhow::Error::msg(words::unreadable(file, lang))))?;
    // The example as `init` made it is no entry of anybody's.
    let example = WrittenFile::read(TEMPLATE_FILE, TEMPLATE).expect("a test reads the template");
    let is_example = |entry: &Written| example.entries.iter().any(|example| example.fields == entry.fields);
    for file in &mut own {
        file.entries.retain(|entry| !is_example(entry));
    }
    // Who has no vocabulary, or no care, uses the shipped one.
    let has_vocabulary = own.iter().any(|file| is_vocabulary(&file.name));
    let has_care = own.iter().flat_map(|file| &file.entries).any(is_care);
    known.retain(|file| has_vocabulary || file.name != VOCABULARY_FILE);
    for file in &mut known {
        file.entries.retain(|entry| has_care || !is_care(entry));
    }
    show(&compare(&own, &known, base), lang)?;
    Ok(FINE)
}

/// What is noted in a file, and from now on the shipped entries that have just been copied, as JSON.
pub fn base_with(path: &Path, copied: &[Source], lang: Lang) -> anyhow::Result<String> {
    let mut base = read_base(path, lang)?;
    let files = read_all(copied).expect("a test reads every shipped file");
    files.iter().flat_map(|file| &file.entries).for_each(|entry| base.note(entry));
    Ok(base_text(&base))
}

fn is_care(entry: &Written) -> bool {
    entry.fields.get("kind").is_some_and(|lines| lines.iter().eq(["care"]))
}

fn base_text(base: &Base) -> String {
    pretty(&serde_json::to_value(base).expect("text keys and values are JSON")) + "\n"
}

fn read_base(path: &Path, lang: Lang) -> anyhow::Result<Base> {
    match fs::read_to_string(path) {
        Ok(text) => serde_json::from_str(&text).with_context(|| words::broken_base(path, lang)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Base::default()),
        Err(error) => Err(error).with_context(|| path.display().to_string()),
    }
}

/// Every file as written, or the name of the first that cannot be read.
fn read_all(sources: &[Source]) -> Result<Vec<WrittenFile>, &str> {
    let read = |source: &'_ Source| WrittenFile::read(&source.name, source.text()?);
    sources.iter().map(|source| read(source).ok_or(source.name.as_str())).collect()
}

/// Entries being taken, in memory.
struct Desk<'a> {
    sources: Vec<Source>,
    shipped: &'a [Source],
    known: &'a [WrittenFile],
    lang: Lang,
    /// Each id with the file it went into.
    taken: Vec<(String, String)>,
    /// Ids of which one's own is as the shipped one.
    same: Vec<String>,
}

/// Why an entry is not put into the file, and what to put there by hand.
struct Refusal {
    reason: String,
    paste: String,
}

impl<'a> Desk<'a> {
    fn find(&self, id: &str) -> anyhow::Result<(&'a WrittenFile, &'a Written)> {
        let found = self.known.iter().find_map(|file| Some((file, file.entry(id)?)));
        found.with_context(|| {
            let ids = self.known.iter().flat_map(|file| &file.entries).map(|entry| entry.id.as_str());
            words::not_shipped(id, nearest(id, ids).as_deref(), self.lang)
        })
    }

    /// Puts the shipped entry in the place of one's own, behind the last one of its topic, or into a new file.
    fn take(&mut self, id: &str) -> anyhow::Result<Result<(), Refusal>> {
        let (file, entry) = self.find(id)?;
        let source = self.shipped.iter().find(|source| source.name == file.name).and_then(Source::text);
        let text = source.expect("it has just been read");
        let Some(lines) = entry.lines.clone() else {
            return Ok(Err(Refusal { reason: words::only_by_hand(self.lang), paste: String::new() }));
        };
        let paste = text.get(lines.clone()).unwrap_or_default();
        let refuse = |reason: String| Ok(Err(Refusal { reason, paste: paste.to_owned() }));
        let own = match read_all(&self.sources) {
            Ok(own) => own,
            Err(file) => return refuse(words::unreadable(file, self.lang)),
        };
        let replaced = own_of(&own, entry);
        if replaced.is_some_and(|(_, mine)| mine.fields == entry.fields) {
            self.same.push(id.to_owned());
            return Ok(Ok(()));
        }
        let target = replaced.map(|(file, _)| file).or_else(|| own.iter().find(|one| one.topic == file.topic));
        let name = target.map_or(&file.name, |target| &target.name).clone();
        let old = self.sources.iter().position(|source| source.name == name);
        let new = match (target, old) {
            (Some(target), Some(at)) => {
                let replaced = replaced.map(|(_, entry)| entry.id.as_str());
                let new = with_lines(target, self.sources[at].text().unwrap_or_default(), replaced, paste);
                new.filter(|new| only_took(target, new, replaced, entry))
            }
            // A new file has the shipped one's head: what stands above its first entry.
            (None, None) => {
                let first = file.entries.first().and_then(|first| first.lines.clone());
                let head = first.and_then(|first| text.get(..first.start));
                head.map(|head| format!("{head}{paste}\n"))
            }
            _ => None,
        };
        let Some(new) = new else { return refuse(words::no_lines_of_its_own(&name, self.lang)) };
        let source = Source { name: name.clone(), content: Ok(Cow::Owned(new.into_bytes())) };
        match old {
            Some(at) => self.sources[at] = source,
            None => self.sources.push(source),
        }
        self.taken.push((id.to_owned(), name));
        Ok(Ok(()))
    }
}

/// Whether the new text says of this entry what the shipped one says, and of every other what it said.
fn only_took(before: &WrittenFile, new: &str, replaced: Option<&str>, shipped: &Written) -> bool {
    let Some(after) = WrittenFile::read(&before.name, new) else { return false };
    let others = before.entries.iter().filter(|entry| Some(entry.id.as_str()) != replaced);
    let is_kept = |entry: &Written| after.entry(&entry.id).is_some_and(|now| now.fields == entry.fields);
    let count = before.entries.len() + usize::from(replaced.is_none());
    others.into_iter().all(is_kept) && is_kept(shipped) && after.entries.len() == count && after.topic == before.topic
}

fn question(entry: &Written, lang: Lang) -> &str {
    let lines = entry.fields.get("question").map_or(&[][..], Vec::as_slice);
    let each = |lang: Lang| lines.iter().find_map(move |line| line.strip_prefix(lang.code())?.strip_prefix(": "));
    let plain = || lines.first().map_or("", String::as_str);
    std::iter::once(lang).chain(Lang::ALL).find_map(each).unwrap_or_else(plain)
}

fn show(compared: &[Comparison<'_>], lang: Lang) -> io::Result<()> {
    let mut out = anstream::stdout();
    let count = |standing: Standing| compared.iter().filter(|one| one.standing == standing).count();
    let different = compared.len() - count(Standing::Same);
    writeln!(out, "{}", words::compared(different, count(Standing::Same), lang))?;
    for group in compared.chunk_by(|one, other| one.standing == other.standing) {
        let standing = group[0].standing;
        if standing == Standing::Same {
            continue;
        }
        writeln!(out, "\n{HEADING}{}{HEADING:#}", words::standing(standing, group.len(), lang))?;
        for one in group {
            let (file, entry) = one.entry();
            let question = question(entry, lang);
            match one.own {
                Some(_) => writeln!(out, "  {}:{} {}  {question}", file.name, entry.line, entry.id)?,
                None => writeln!(out, "  {}  {question}", entry.id)?,
            }
            for (field, lines) in one.changes() {
                writeln!(out, "    {field}:")?;
                for (is_new, line) in lines {
                    let (style, sign) = if is_new { (NEW, '+') } else { (GONE, '-') };
                    writeln!(out, "    {style}{sign} {line}{style:#}")?;
                }
            }
        }
    }
    Ok(())
}
