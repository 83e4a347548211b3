//! What was changed, and the way back: one change, everything of one person, or all since a moment, as a draft like any other.
//!
//! Which change is meant is left to the shell.

use std::collections::BTreeMap;

use super::draft::{Draft, Form, Restored, Task};
use crate::faq::{Faq, Lang, Source, VOCABULARY_FILE, load};
use crate::journal::{Change, KnownEntry};

/// How a change can be taken back.
#[derive(Debug, PartialEq, Eq)]
pub enum Way {
    /// Its entries stand as it left them: back to how they stood before.
    Straight(Draft),
    /// The entry was changed since: what it took and gave is taken back, whatever else was written since stays.
    Merged(Draft),
    /// Nothing is left of it.
    Nothing,
}

/// The way back from one change; `now` is how the entries stand, `sources` the files they stand in.
pub fn back_from(change: &Change, now: &[KnownEntry], sources: &[Source], default: Lang) -> Way {
    let stands = now.iter().find(|known| known.entry == change.entry).map(|known| known.text.as_str());
    if change.entry == VOCABULARY_FILE || stands == change.after.as_deref() {
        return Way::Straight(Draft::new(Task::Restore(vec![restored(change, change.after.clone())])));
    }
    let (Some(_), Some(before), Some(after)) = (stands, &change.before, &change.after) else { return Way::Nothing };
    let faq = load::load(sources, default).faq;
    let forms = Lang::ALL.into_iter().filter_map(|lang| {
        let [before, after, now] =
            [&alone(before, default), &alone(after, default), &faq].map(|faq| super::plan::shown(faq, Some(&change.entry), lang));
        let typed = before.onto(&now, &after);
        (typed != now).then(|| Form::new(lang, now, typed))
    });
    let forms: Vec<Form> = forms.collect();
    if forms.is_empty() {
        return Way::Nothing;
    }
    let mut draft = Draft::new(Task::Change { entry: change.entry.clone() });
    draft.forms = forms;
    Way::Merged(draft)
}

/// The way back to how everything stood before the first of these changes (oldest first, all that there were since); only what is of one
/// person, if one is named: then up to where somebody else changed the same entry. `None` where nothing would change. Beside it the entries that
/// stay as somebody else left them.
pub fn back_before(changes: &[Change], of: Option<u64>, now: &[KnownEntry]) -> (Option<Draft>, Vec<String>) {
    let mut by_entry: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
    for change in changes.iter().filter(|change| change.entry != VOCABULARY_FILE) {
        by_entry.entry(&change.entry).or_default().push(change);
    }
    let mut kept = Vec::new();
    let mut all = Vec::new();
    for (entry, changes) in by_entry {
        let stands = now.iter().find(|known| known.entry == entry).map(|known| known.text.clone());
        let is_theirs = |change: &&&Change| of.is_none_or(|of| change.moderator == Some(of));
        // From the newest back, as long as it is theirs.
        let run: Vec<&&Change> = changes.iter().rev().take_while(is_theirs).collect();
        let is_meant = changes.iter().any(|change| is_theirs(&change));
        match run.last() {
            Some(first) if run.first().is_some_and(|newest| newest.after == stands) && first.before != stands => {
                all.push(restored(first, stands));
            }
            Some(first) if first.before == stands => {}
            _ if is_meant => kept.push(entry.to_owned()),
            _ => {}
        }
    }
    let draft = (!all.is_empty()).then(|| Draft::new(Task::Restore(all)));
    (draft, kept)
}

fn restored(change: &Change, from: Option<String>) -> Restored {
    Restored { entry: change.entry.clone(), file: change.file.clone(), from, to: change.before.clone() }
}

/// A FAQ of one entry's lines.
fn alone(lines: &str, default: Lang) -> Faq {
    let text = format!("format: 1\ntopic: past\ntitle: past\nentries:\n{lines}\n");
    let source = Source { name: "past.yaml".to_owned(), content: Ok(text.into_bytes().into()) };
    load::load(&[source], default).faq
}
