//! A set of phrases, and where they stand in a text: sorted and in one piece. An automaton takes
//! more memory, and while it is built several times that.
//!
//! What a phrase means is left to whoever gathered them.

use std::ops::Range;

use super::postings::small;

/// Phrases, each once, by the number under which they were given.
#[derive(Debug)]
pub struct Forms {
    /// All texts in order, one behind the other: neighbours are compared with neighbours.
    text: Box<str>,
    sorted: Vec<Form>,
    /// For each number, the place among the sorted.
    places: Vec<u32>,
    /// For each remainder of a first character, where its forms begin; behind the last, the end.
    starts: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Form {
    /// Where it ends in the text; it begins where the one before ends.
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

/// The place of an empty phrase.
const NONE: u32 = u32::MAX;

/// Kana and the common kanji fall on different ones, mostly.
const PLACES: usize = 1 << 11;

impl Forms {
    /// Gathers phrases. Empty ones are never found; of equal ones the first counts.
    pub fn new<'a>(given: impl IntoIterator<Item = &'a str>) -> Self {
        let mut given: Vec<(&str, u32)> = given.into_iter().zip(0..).collect();
        let mut places = vec![NONE; given.len()];
        given.retain(|(form, _)| !form.is_empty());
        given.sort_by_key(|(form, number)| (place(form), *form, *number));
        let mut text = String::with_capacity(given.iter().map(|(form, _)| form.len()).sum());
        let (mut sorted, mut starts): (Vec<Form>, _) = (Vec::new(), vec![0; PLACES + 1]);
        for same in given.chunk_by(|one, other| one.0 == other.0) {
            let (form, number) = same[0];
            for (_, number) in same {
                places[*number as usize] = small(sorted.len());
            }
            starts[place(form) + 1] += 1;
            text.push_str(form);
            sorted.push(Form { end: small(text.len()), given: number, beginning: 0 });
        }
        for place in 0..PLACES {
            starts[place + 1] += starts[place];
        }
        sorted.shrink_to_fit();
        let mut forms = Forms { text: text.into(), sorted, places, starts };
        for at in 0..forms.sorted.len() {
            forms.sorted[at].beginning = small(forms.beginning_of(at));
        }
        forms
    }

    /// What a form before `at` that it begins with begins with, too: so the way from the one before leads past the longest.
    fn beginning_of(&self, at: usize) -> usize {
        let form = self.text(at);
        let mut candidate = at;
        while let Some(before) = if candidate == at { at.checked_sub(1) } else { self.shorter(candidate) } {
            if form.starts_with(self.text(before)) {
                return before;
            }
            candidate = before;
        }
        at
    }

    fn shorter(&self, at: usize) -> Option<usize> {
        Some(self.sorted[at].beginning as usize).filter(|beginning| *beginning != at)
    }

    fn text(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.sorted[before].end);
        self.text.get(start as usize..self.sorted[at].end as usize).unwrap_or_default()
    }

    /// The phrase that was given under this number.
    pub fn given(&self, number: usize) -> &str {
        Some(self.places[number]).filter(|place| *place != NONE).map_or("", |place| self.text(place as usize))
    }

    /// The forms that `text` begins with, the longest first: number and length.
    fn beginnings<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
        let place = if text.is_empty() { 0..0 } else { place(text)..place(text) + 1 };
        let (from, to) = (self.starts[place.start] as usize, self.starts[place.end] as usize);
        let (mut first_behind, mut end) = (from, to);
        while first_behind < end {
            let middle = usize::midpoint(first_behind, end);
            if self.text(middle) <= text {
                first_behind = middle + 1;
            } else {
                end = middle;
            }
        }
        // All that `text` begins with, the one before it begins with, too.
        let mut next = first_behind.checked_sub(1).filter(|last| *last >= from);
        std::iter::from_fn(move || {
            let at = next?;
            next = self.shorter(at);
            Some(at)
        })
        .filter(|at| text.starts_with(self.text(*at)))
        .map(|at| (self.sorted[at].given as usize, self.text(at).len()))
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
