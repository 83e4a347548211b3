//! A list of short texts in one piece: a FAQ has ten thousand wordings, and each for itself would take more room around it than in it.

use std::fmt;

/// Texts that are read, one after the other, and never changed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Texts {
    all: Box<str>,
    /// Where each ends, in bytes. A file is far smaller than 4 GiB.
    ends: Box<[u32]>,
}

impl Texts {
    /// In the order in which they were given.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let mut from = 0;
        self.ends.iter().filter_map(move |end| {
            let to = *end as usize;
            self.all.get(std::mem::replace(&mut from, to)..to)
        })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

impl<T: AsRef<str>> FromIterator<T> for Texts {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        let mut all = String::new();
        let mut ends = Vec::new();
        for text in texts {
            all.push_str(text.as_ref());
            ends.push(u32::try_from(all.len()).expect("files of a bounded size hold fewer than 2³² bytes"));
        }
        Texts { all: all.into(), ends: ends.into() }
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}
