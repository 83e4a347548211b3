//! A moderator's FAQ beside the shipped one, entry by entry: who changed what since the copy was made.
//!
//! Values in, values out; what is taken over is put into the text by `written.rs`, and written by the command line.

use std::collections::BTreeMap;

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use similar::{DiffOp, DiffTag};

use super::written::{Written, WrittenFile};

/// What the shipped entries were when the moderator last copied, took or left them: each id with the fingerprint of its content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Base(BTreeMap<String, String>);

impl Base {
    /// From now on the shipped entry is known as it is.
    pub fn note(&mut self, shipped: &Written) {
        self.0.insert(shipped.id.clone(), fingerprint(shipped));
    }
}

/// Where an entry stands between one's own FAQ and the shipped one; what the program brings comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// The shipped entry is another than the one that was copied; one's own is as copied.
    Renewed,
    /// Both are other than what was copied.
    ChangedByBoth,
    /// Shipped, and never copied.
    New,
    /// They differ, and nothing says what was copied.
    Differs,
    /// Shipped no longer; one's own copy is there.
    Dropped,
    /// One's own is another than what was copied; the shipped one is as it was.
    Edited,
    /// Written by the moderator.
    Added,
    /// Copied, and gone from one's own FAQ.
    Removed,
    /// No difference.
    Same,
}

/// An entry of either FAQ.
#[derive(Debug)]
pub struct Comparison<'a> {
    /// Where it stands.
    pub standing: Standing,
    /// One's own, with the file it is in.
    pub own: Option<(&'a WrittenFile, &'a Written)>,
    /// The shipped one, with its file.
    pub shipped: Option<(&'a WrittenFile, &'a Written)>,
}

impl<'a> Comparison<'a> {
    /// The entry itself: one's own where there is one.
    pub fn entry(&self) -> (&'a WrittenFile, &'a Written) {
        self.own.or(self.shipped).expect("an entry is compared because one of the two FAQs has it")
    }

    /// Each field that differs, with the lines to take out of one's own (`false`) and to put in (`true`), in order.
    pub fn changes(&self) -> Vec<(&'a str, Vec<(bool, &'a str)>)> {
        let (Some((_, own)), Some((_, shipped))) = (self.own, self.shipped) else { return Vec::new() };
        let mut names: Vec<&String> = own.fields.keys().chain(shipped.fields.keys()).collect();
        names.sort_unstable();
        names.dedup();
        let lines = |written: &'a Written, name: &String| written.fields.get(name).map_or(&[][..], Vec::as_slice);
        let changed = names.into_iter().map(|name| (name.as_str(), changed_lines(lines(own, name), lines(shipped, name))));
        changed.filter(|(_, lines)| !lines.is_empty()).collect()
    }
}

/// Every entry of both, those that the program brings first, else in the order of the files. A shipped entry with another id is found by
/// its former one.
pub fn compare<'a>(own: &'a [WrittenFile], shipped: &'a [WrittenFile], base: &Base) -> Vec<Comparison<'a>> {
    let mut compared: Vec<Comparison<'a>> = Vec::new();
    for (file, entry) in all(shipped) {
        let mine = own_of(own, entry);
        let standing = standing(mine.map(|(_, mine)| mine), Some(entry), base);
        compared.push(Comparison { standing, own: mine, shipped: Some((file, entry)) });
    }
    for (file, entry) in all(own) {
        let is_paired = compared.iter().any(|one| one.own.is_some_and(|(_, mine)| std::ptr::eq(mine, entry)));
        if !is_paired {
            compared.push(Comparison { standing: standing(Some(entry), None, base), own: Some((file, entry)), shipped: None });
        }
    }
    compared.sort_by_key(|one| one.standing);
    compared
}

/// One's own version of a shipped entry.
pub fn own_of<'a>(own: &'a [WrittenFile], shipped: &Written) -> Option<(&'a WrittenFile, &'a Written)> {
    let of = |id: &str| all(own).find(|(_, entry)| entry.id == id);
    of(&shipped.id).or_else(|| shipped.formerly().find_map(of))
}

fn all(files: &[WrittenFile]) -> impl Iterator<Item = (&WrittenFile, &Written)> {
    files.iter().flat_map(|file| file.entries.iter().map(move |entry| (file, entry)))
}

fn standing(own: Option<&Written>, shipped: Option<&Written>, base: &Base) -> Standing {
    // Of several former ids nothing says which was the last, so each note counts.
    let copied = |entry: &Written| match base.0.get(&entry.id) {
        Some(note) => vec![note],
        None => entry.formerly().filter_map(|id| base.0.get(id)).collect(),
    };
    match (own, shipped) {
        (Some(own), Some(shipped)) if own.fields == shipped.fields => Standing::Same,
        (Some(own), Some(shipped)) => {
            let notes = copied(shipped);
            let is_noted = |entry: &Written| notes.contains(&&fingerprint(entry));
            match () {
                () if notes.is_empty() => Standing::Differs,
                () if is_noted(shipped) => Standing::Edited,
                () if is_noted(own) => Standing::Renewed,
                () => Standing::ChangedByBoth,
            }
        }
        (None, Some(shipped)) if copied(shipped).is_empty() => Standing::New,
        (None, _) => Standing::Removed,
        (Some(own), None) if !copied(own).is_empty() => Standing::Dropped,
        (Some(_), None) => Standing::Added,
    }
}

/// The same for the same content on every machine and in every version: SHA-256, of which 64 bits tell a few hundred entries apart.
fn fingerprint(entry: &Written) -> String {
    let lines = entry.fields.iter().flat_map(|(name, lines)| lines.iter().map(move |line| format!("{name}\0{line}\n")));
    let digest = digest(&SHA256, lines.collect::<String>().as_bytes());
    let first = digest.as_ref().first_chunk().expect("SHA-256 has 32 bytes");
    format!("{:016x}", u64::from_be_bytes(*first))
}

/// What of an entry's lines goes (`false`) and comes (`true`), without what is before and behind their words.
pub fn changed(before: Option<&str>, after: Option<&str>) -> Vec<(bool, String)> {
    let lines = |text: Option<&str>| text.iter().flat_map(|text| text.lines()).map(str::to_owned).collect::<Vec<_>>();
    let (before, after) = (lines(before), lines(after));
    let changed = changed_lines(&before, &after).into_iter().map(|(is_new, line)| (is_new, line.trim().to_owned()));
    changed.filter(|(_, line)| !line.is_empty()).collect()
}

/// The lines to take out of the first text (`false`) and to put in (`true`) to make it the second, in order.
fn changed_lines<'a>(own: &'a [String], shipped: &'a [String]) -> Vec<(bool, &'a str)> {
    let operations = similar::capture_diff_slices(similar::Algorithm::Patience, own, shipped);
    let changed = operations.iter().filter(|operation| operation.tag() != DiffTag::Equal);
    let of_operation = |operation: &DiffOp| {
        let gone = own[operation.old_range()].iter().map(|line| (false, line.as_str()));
        gone.chain(shipped[operation.new_range()].iter().map(|line| (true, line.as_str())))
    };
    changed.flat_map(of_operation).collect()
}
