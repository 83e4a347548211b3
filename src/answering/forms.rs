//! A set of phrases, and where they stand in a text: sorted and in one piece. An automaton takes
//! more memory, and while it is built several times that.
//!
//! What a phrase means is left to whoever gathered them.

use std::ops::Range;

use super::postings::small;

/// Phrases, each once, by the number under which they were given.
#[derive(Debug)]
pub struct Forms {
    /// All texts, one behind the other.
    text: String,
    sorted: Vec<Form>,
    /// For each remainder of a first character, where its forms begin; behind the last, the end.
    starts: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Form {
    start: u32,
    end: u32,
    /// The number under which it was given.
    given: u32,
    /// The longest other form that it begins with, or itself.
    beginning: u32,
}

/// A phrase found in a text, by the text's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it stands.
    pub range: Range<usize>,
    /// The number under which it was given.
    pub form: usize,
}

/// Kana and the common kanji fall on different ones, mostly.
const PLACES: usize = 1 << 11;

impl Forms {
    /// Gathers phrases. Empty ones are never found; of equal ones the first counts.
    pub fn new<'a>(given: impl IntoIterator<Item = &'a str>) -> Self {
        let mut text = String::new();
        let mut sorted = Vec::new();
        for (number, form) in (0_u32..).zip(given) {
            let start = small(text.len());
            text.push_str(form);
            if !form.is_empty() {
                sorted.push(Form { start, end: small(text.len()), given: number, beginning: 0 });
            }
        }
        text.shrink_to_fit();
        let mut forms = Forms { text, sorted: Vec::new(), starts: vec![0; PLACES + 1] };
        sorted.sort_by(|one: &Form, other: &Form| {
            let (one_text, other_text) = (forms.text(one), forms.text(other));
            (place(one_text), one_text, one.given).cmp(&(place(other_text), other_text, other.given))
        });
        sorted.dedup_by(|next, kept| forms.text(next) == forms.text(kept));
        sorted.shrink_to_fit();
        for form in &sorted {
            let place = place(forms.text(form));
            forms.starts[place + 1] += 1;
        }
        for place in 0..PLACES {
            forms.starts[place + 1] += forms.starts[place];
        }
        forms.sorted = sorted;
        for at in 0..forms.sorted.len() {
            forms.sorted[at].beginning = small(forms.beginning_of(at));
        }
        forms
    }

    /// What a form before `at` that it begins with begins with, too: so the way from the one before leads past the longest.
    fn beginning_of(&self, at: usize) -> usize {
        let form = self.text(&self.sorted[at]);
        let mut candidate = at;
        while let Some(before) = if candidate == at { at.checked_sub(1) } else { self.shorter(candidate) } {
            if form.starts_with(self.text(&self.sorted[before])) {
                return before;
            }
            candidate = before;
        }
        at
    }

    fn shorter(&self, at: usize) -> Option<usize> {
        Some(self.sorted[at].beginning as usize).filter(|beginning| *beginning != at)
    }

    fn text(&self, form: &Form) -> &str {
        self.text.get(form.start as usize..form.end as usize).unwrap_or_default()
    }

    /// The forms that `text` begins with, the longest first: number and length.
    fn beginnings<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
        let place = if text.is_empty() { 0..0 } else { place(text)..place(text) + 1 };
        let (from, to) = (self.starts[place.start] as usize, self.starts[place.end] as usize);
        let before = self.sorted[from..to].partition_point(|form| self.text(form) <= text);
        // All that `text` begins with, the one before it begins with, too.
        let mut next = before.checked_sub(1).map(|last| from + last);
        std::iter::from_fn(move || {
            let at = next?;
            next = self.shorter(at);
            Some(&self.sorted[at])
        })
        .filter(|form| text.starts_with(self.text(form)))
        .map(|form| (form.given as usize, (form.end - form.start) as usize))
    }

    /// The forms in a text that are accepted: leftmost first, the longest where several begin at one place, without overlaps.
    pub fn find<'a>(&'a self, text: &'a str, accepts: impl Fn(&Found) -> bool + 'a) -> impl Iterator<Item = Found> + 'a {
        let mut free_from = 0;
        text.char_indices().filter_map(move |(at, _)| {
            if at < free_from {
                return None;
            }
            let begun = self.beginnings(text.get(at..)?);
            let found = begun.map(|(form, length)| Found { range: at..at + length, form }).find(&accepts)?;
            free_from = found.range.end;
            Some(found)
        })
    }
}

fn place(text: &str) -> usize {
    text.chars().next().map_or(0, |first| first as usize % PLACES)
}
