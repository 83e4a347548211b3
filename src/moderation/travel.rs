//! The FAQ as one file to take along and bring back: packed with its version, unpacked with care, and merged entry by entry with what was changed
//! here meanwhile.
//!
//! The version is the number of the last change: what stood there then is read from the history. What is merged becomes a draft like any other.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::draft::Restored;
use super::plan::written;
use crate::faq::{Source, VOCABULARY_FILE, WrittenFile, load};
use crate::journal::{Change, KnownEntry};
use crate::knowledge::Library;

/// The largest file taken in, packed: Discord's own limit for most members is twice that.
pub const MAX_PACKED: usize = 5_000_000;
/// All files together, unpacked: more than any FAQ has, little for a machine.
const MAX_UNPACKED: u64 = 20_000_000;
/// More files than any FAQ has.
const MAX_FILES: usize = 200;
/// Holds the version.
const VERSION_FILE: &str = "version.txt";

/// Why a file that was brought cannot be taken in.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is no zip.
    #[error("no zip")]
    NoZip,
    /// It has no version, or none of this journal.
    #[error("no version")]
    NoVersion,
    /// Two files in it have the same name.
    #[error("{0} is there twice")]
    Twice(String),
    /// It, or what is in it, is larger than allowed.
    #[error("too large")]
    TooLarge,
    /// A file in it is not UTF-8.
    #[error("{0} is not UTF-8")]
    NotUtf8(String),
    /// A file in it is no YAML of this format.
    #[error("{0} is no FAQ file")]
    NoFaq(String),
}

/// The last change of a history: its number, and when it was, by which another history is told apart. Both are 0 where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Version {
    /// Its number.
    pub change: i64,
    /// When.
    pub at: i64,
}

impl Version {
    /// As it stands in the file.
    fn read(text: &str) -> Option<Self> {
        let (change, at) = text.trim().split_once(' ')?;
        let [change, at] = [change.parse().ok()?, at.trim().parse().ok()?];
        (change >= 0 && at >= 0).then_some(Version { change, at })
    }
}

/// What was brought.
#[derive(Debug, PartialEq, Eq)]
pub struct Brought {
    /// The last change when it was taken along.
    pub version: Version,
    /// Its FAQ files.
    pub files: Vec<(String, String)>,
}

/// What is to be made of what was brought.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Entries that become what was brought.
    pub entries: Vec<Restored>,
    /// Entries that were changed both there and here, differently: they stay as they are here.
    pub conflicts: Vec<Conflict>,
    /// What is not taken in: the vocabulary, files that are not in the folder, and entries on one line.
    pub ignored: Vec<String>,
}

/// An entry that was changed both there and here.
#[derive(Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Its id.
    pub entry: String,
    /// As it was brought; `None`: taken out.
    pub brought: Option<String>,
    /// As it is here.
    pub here: Option<String>,
}

/// The FAQ's files with their version, as a zip.
///
/// # Errors
/// Memory does not take it.
pub fn pack(sources: &[Source], version: Version) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file(VERSION_FILE, options)?;
    zip.write_all(format!("{} {}", version.change, version.at).as_bytes())?;
    for source in sources {
        if let Ok(content) = &source.content {
            zip.start_file(source.name.as_str(), options)?;
            zip.write_all(content)?;
        }
    }
    Ok(zip.finish()?.into_inner())
}

/// What is in a zip that was brought. Whatever it says of itself, no more is unpacked than allowed, and nothing is written anywhere.
///
/// # Errors
/// See [`Unreadable`].
pub fn unpack(packed: &[u8]) -> Result<Brought, Unreadable> {
    if packed.len() > MAX_PACKED {
        return Err(Unreadable::TooLarge);
    }
    let mut zip = ZipArchive::new(Cursor::new(packed)).map_err(|_| Unreadable::NoZip)?;
    if zip.len() > MAX_FILES {
        return Err(Unreadable::TooLarge);
    }
    let (mut version, mut files, mut room) = (None, Vec::new(), MAX_UNPACKED);
    for nth in 0..zip.len() {
        let file = zip.by_index(nth).map_err(|_| Unreadable::NoZip)?;
        // Of a path only the last name counts: systems pack a folder, too, and what they keep for themselves is hidden.
        let name = file.name().rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let is_wanted = file.is_file() && !file.name().contains("__MACOSX") && (name == VERSION_FILE || Library::reads(&name));
        if !is_wanted {
            continue;
        }
        let limit = room.min(load::MAX_FILE_BYTES as u64);
        let mut bytes = Vec::new();
        file.take(limit + 1).read_to_end(&mut bytes).map_err(|_| Unreadable::NoZip)?;
        room = room.checked_sub(bytes.len() as u64).filter(|_| bytes.len() as u64 <= limit).ok_or(Unreadable::TooLarge)?;
        let text = String::from_utf8(bytes).map_err(|_| Unreadable::NotUtf8(name.clone()))?;
        if name == VERSION_FILE {
            version = Version::read(&text);
        } else if files.iter().any(|(known, _)| *known == name) {
            return Err(Unreadable::Twice(name));
        } else {
            files.push((name, text));
        }
    }
    Ok(Brought { version: version.ok_or(Unreadable::NoVersion)?, files })
}

/// What was brought, merged with what stands here; `since` are the changes after its version, oldest first.
///
/// # Errors
/// A file that was brought cannot be read.
pub fn merge(brought: &Brought, here: &[Source], since: &[Change]) -> Result<Merged, Unreadable> {
    let by_id =
        |entries: Vec<KnownEntry>| entries.into_iter().map(|known| (known.entry.clone(), known)).collect::<BTreeMap<_, _>>();
    let now = by_id(written(here));
    // What stood here then: what has changed since, as it was before it first did.
    let mut base: BTreeMap<String, Option<String>> = BTreeMap::new();
    for change in since {
        base.entry(change.entry.clone()).or_insert_with(|| change.before.clone());
    }
    let mut merged = Merged::default();
    let mut theirs: BTreeMap<String, KnownEntry> = BTreeMap::new();
    // Entries that are not taken in, and have not gone: they stand in a file that is not, or on one line, which is no lines to put in.
    let mut left = HashSet::new();
    let mut files = Vec::new();
    for (name, text) in &brought.files {
        let file = WrittenFile::read(name, text).ok_or_else(|| Unreadable::NoFaq(name.clone()))?;
        let known = here.iter().find(|source| source.name == *name);
        if name == VOCABULARY_FILE || known.is_none() {
            if known.is_none_or(|source| source.text() != Some(text)) {
                merged.ignored.push(name.clone());
            }
            left.extend(file.entries.into_iter().map(|entry| entry.id));
            continue;
        }
        let source = Source { name: name.clone(), content: Ok(text.clone().into_bytes().into()) };
        for (entry, known) in file.entries.iter().zip(written(std::slice::from_ref(&source))) {
            if entry.lines.is_some() || now.get(&entry.id).is_some_and(|here| here.text == known.text) {
                theirs.insert(entry.id.clone(), known);
            } else {
                merged.ignored.push(entry.id.clone());
                left.insert(entry.id.clone());
            }
        }
        files.push(name);
    }
    // Those of the files that were brought: as they are there, are here, and were then.
    let is_of_theirs = |file: &String| files.contains(&file);
    let ids = theirs.keys().chain(now.values().filter(|known| is_of_theirs(&known.file)).map(|known| &known.entry));
    let then = since.iter().filter(|change| is_of_theirs(&change.file)).map(|change| &change.entry);
    let ids: BTreeSet<&String> = ids.chain(then).filter(|id| !left.contains(*id)).collect();
    for id in ids {
        let (theirs, ours) = (theirs.get(id), now.get(id));
        let (brought, here) = (theirs.map(|known| known.text.clone()), ours.map(|known| known.text.clone()));
        let base = base.get(id).cloned().unwrap_or_else(|| here.clone());
        let is_moved = here == base && theirs.zip(ours).is_some_and(|(theirs, ours)| theirs.file != ours.file);
        if (brought == base || brought == here) && !is_moved {
            continue;
        }
        if here == base {
            let file = theirs.or(ours).map(|known| known.file.clone()).unwrap_or_default();
            merged.entries.push(Restored { entry: id.clone(), file, from: here, to: brought });
        } else {
            merged.conflicts.push(Conflict { entry: id.clone(), brought, here });
        }
    }
    Ok(merged)
}
