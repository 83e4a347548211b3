//! Where the FAQ's files are, and their bytes: a folder, or the copy inside the binary.
//!
//! What stands in them is left to [`crate::faq`].

use std::borrow::Cow;
use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::faq::{Source, load};

/// The FAQ as it was when the binary was built.
static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/faq");

/// Where the FAQ's files are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Library {
    /// A folder of YAML files.
    Folder(PathBuf),
    /// The copy inside the binary.
    Shipped,
}

impl Library {
    /// Every YAML file of the library, in order of name.
    ///
    /// # Errors
    /// The folder cannot be listed. A file that cannot be read is a [`Source`] that says so.
    pub fn sources(&self) -> io::Result<Vec<Source>> {
        match self {
            Library::Shipped => Ok(Self::shipped_files().map(|(name, content)| source(name, content)).collect()),
            Library::Folder(folder) => folder_sources(folder),
        }
    }

    /// Whether a file of this name in a folder is read, in whatever case its ending is. What editors keep for themselves is hidden, or has
    /// another ending.
    pub fn reads(name: &str) -> bool {
        !name.starts_with('.') && is_yaml(Path::new(name))
    }

    /// Files of a folder that are not read, and by their names or first lines seem to be meant to: renamed, or without an ending.
    pub fn overlooked(&self) -> Vec<String> {
        let Library::Folder(folder) = self else { return Vec::new() };
        let is_meant = |name: &str| {
            // Of what editors and people keep beside a file, only what they named themselves.
            let is_own = !name.starts_with(['.', '#', '~']) && !name.ends_with('~');
            let lowered = name.to_lowercase();
            let is_named = lowered.contains(".yaml") || lowered.contains(".yml");
            is_own && !Library::reads(name) && (is_named || begins_like_a_faq(&folder.join(name)))
        };
        let entries = fs::read_dir(folder).into_iter().flatten().flatten().filter(|entry| entry.path().is_file());
        let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.retain(|name| is_meant(name));
        names.sort();
        names
    }

    /// Name and content of each shipped file.
    pub fn shipped_files() -> impl Iterator<Item = (&'static str, &'static [u8])> {
        SHIPPED
            .files()
            .filter_map(|file| Some((file.path().to_str()?, file.contents())))
            .filter(|(name, _)| is_yaml(Path::new(name)))
    }

    /// One shipped file.
    pub(super) fn shipped(wanted: &str) -> Vec<Source> {
        Self::shipped_files().filter(|(name, _)| *name == wanted).map(|(name, content)| source(name, content)).collect()
    }
}

fn source(name: &str, content: &'static [u8]) -> Source {
    Source { name: name.to_owned(), content: Ok(Cow::Borrowed(content)) }
}

fn folder_sources(folder: &Path) -> io::Result<Vec<Source>> {
    let read = |path: &Path| read_bounded(path).map(Cow::Owned).map_err(|error| error.to_string());
    let sources = files(folder)?.into_iter().map(|(name, path)| {
        let name = name.to_string_lossy().into_owned();
        Source { name, content: read(&path) }
    });
    Ok(sources.collect())
}

/// Name and path of each file in a folder that is read, in order of name.
fn files(folder: &Path) -> io::Result<Vec<(OsString, PathBuf)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let (name, path) = entry.map(|entry| (entry.file_name(), entry.path()))?;
        // A link that leads nowhere is a file that cannot be read, and said to be.
        let is_file = fs::metadata(&path).map_or(true, |metadata| metadata.is_file());
        if is_file && Library::reads(&name.to_string_lossy()) {
            files.push((name, path));
        }
    }
    files.sort();
    Ok(files)
}

/// Whether the head of a file has the line under which entries stand.
fn begins_like_a_faq(path: &Path) -> bool {
    /// Format, topic, title and comments.
    const HEAD_BYTES: u64 = 4_096;
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD_BYTES).read_to_end(&mut head));
    read.is_ok() && String::from_utf8_lossy(&head).lines().any(|line| line.starts_with("entries:"))
}

/// Reads one byte more than is allowed, so that the loader can tell a file that is too large without holding all of it.
fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(load::MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml"))
}

/// What the system knows of a folder's files without reading them: another stamp, another text, on all systems that keep times.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Stamp(Vec<(OsString, Option<Mark>)>);

impl Stamp {
    /// Of a folder as it is now; nothing where there is none.
    pub fn of(folder: &Path) -> Self {
        let files = files(folder).unwrap_or_default().into_iter();
        Stamp(files.map(|(name, path)| (name, fs::metadata(path).ok().as_ref().map(mark))).collect())
    }
}

/// Which file it is, how long, and when it was written or exchanged: the last cannot be set back.
#[cfg(unix)]
type Mark = ([u64; 3], [i64; 4]);
#[cfg(not(unix))]
type Mark = (u64, Option<std::time::SystemTime>);

#[cfg(unix)]
fn mark(metadata: &Metadata) -> Mark {
    use std::os::unix::fs::MetadataExt;
    let times = [metadata.mtime(), metadata.mtime_nsec(), metadata.ctime(), metadata.ctime_nsec()];
    ([metadata.dev(), metadata.ino(), metadata.len()], times)
}

#[cfg(not(unix))]
fn mark(metadata: &Metadata) -> Mark {
    (metadata.len(), metadata.modified().ok())
}
