//! Files of a FAQ's folder written anew: all of them or none, as far as systems let us, and nobody's who saved meanwhile.
//!
//! What is written into them, and what is said where that is not possible, is left to the shell.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::library::Library;
use crate::faq::Source;

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Unwritten {
    /// A file is another than the one that was read.
    #[error("saved meanwhile")]
    SavedMeanwhile,
    /// Somebody does not want it to be changed.
    #[error("{0}: read-only")]
    ReadOnly(PathBuf),
    /// The file has other names, which would keep the old text.
    #[error("{0}: has other names")]
    HardLink(PathBuf),
    /// A file cannot be written. Files before it in the list may be, if it could be prepared and not be put in its place.
    #[error("{}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Writes files into a folder, each with its name and content; `read` is what stood in the folder when the contents were made. Each file is the
/// old one or the new one, whatever happens. Permissions and owner stay, and a symbolic link stays one.
///
/// # Errors
/// See [`Unwritten`].
pub fn replace(folder: &Path, read: &[Source], files: &[(&str, &[u8])]) -> Result<(), Unwritten> {
    let prepared = files.iter().map(|(name, content)| Prepared::write(&folder.join(name), content));
    let prepared = prepared.collect::<Result<Vec<_>, _>>()?;
    // As late as can be: whoever saved meanwhile keeps what they wrote.
    let now =
        Library::Folder(folder.to_owned()).sources().map_err(|source| Unwritten::File { path: folder.to_owned(), source })?;
    let is_as_read = |name: &str| {
        let [then, now] = [read, &now].map(|sources| sources.iter().find(|source| source.name == name).map(|one| &one.content));
        then == now
    };
    if !files.iter().all(|(name, _)| is_as_read(name)) {
        return Err(Unwritten::SavedMeanwhile);
    }
    prepared.into_iter().try_for_each(Prepared::put_in_place)?;
    // So that a power cut does not undo what is said to be done. Systems without such a thing keep names as they will.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// A whole file beside the one that it will be; removed if it does not come to that.
struct Prepared {
    beside: PathBuf,
    target: PathBuf,
}

impl Drop for Prepared {
    fn drop(&mut self) {
        // In its place it is not here any more; and what cannot be removed is hidden from the loader.
        let _ = fs::remove_file(&self.beside);
    }
}

impl Prepared {
    fn write(path: &Path, content: &[u8]) -> Result<Self, Unwritten> {
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        // A name that starts with a dot is hidden from the loader; another program that writes at the same time has another number.
        let beside = target.with_file_name(format!(".{name}.{}.new", std::process::id()));
        let prepared = Prepared { beside, target };
        let old = fs::metadata(&prepared.target).ok();
        if old.as_ref().is_some_and(|old| old.permissions().readonly()) {
            return Err(Unwritten::ReadOnly(path.to_owned()));
        }
        #[cfg(unix)]
        if old.as_ref().is_some_and(|old| std::os::unix::fs::MetadataExt::nlink(old) > 1) {
            return Err(Unwritten::HardLink(path.to_owned()));
        }
        let write = || {
            let mut file = File::create(&prepared.beside)?;
            if let Some(old) = old {
                keep_owner(&file, &old)?;
                file.set_permissions(old.permissions())?;
            }
            file.write_all(content)?;
            file.sync_all()
        };
        write().map_err(|source| Unwritten::File { path: path.to_owned(), source })?;
        Ok(prepared)
    }

    fn put_in_place(self) -> Result<(), Unwritten> {
        fs::rename(&self.beside, &self.target).map_err(|source| Unwritten::File { path: self.target.clone(), source })
    }
}

/// Who writes as somebody else (sudo) leaves the file with whom it belongs to; where that is not allowed, it is not written.
#[cfg(unix)]
fn keep_owner(file: &File, old: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let new = file.metadata()?;
    let is_same = (new.uid(), new.gid()) == (old.uid(), old.gid());
    if is_same { Ok(()) } else { fchown(file, Some(old.uid()), Some(old.gid())) }
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}
