//! For each feature, the places where it stands: all in one piece, feature by feature, so that a search walks forward through memory.
//!
//! What a feature and a place are is left to `index.rs` and `bayes.rs`.

/// A feature stands at a place.
#[derive(Clone, Copy, Debug)]
pub struct Posting {
    /// A wording or an entry.
    pub place: u32,
    /// How much.
    pub weight: f32,
}

/// The postings of every feature.
#[derive(Debug)]
pub struct Postings {
    /// Where each feature's postings begin, and behind the last where they end.
    starts: Vec<u32>,
    all: Vec<Posting>,
}

impl Postings {
    /// Gathers what was found, each feature's in the order in which it was found.
    pub fn new(features: usize, found: &[(u32, Posting)]) -> Self {
        let mut starts = vec![0_u32; features + 1];
        for (feature, _) in found {
            starts[*feature as usize + 1] += 1;
        }
        for feature in 0..features {
            starts[feature + 1] += starts[feature];
        }
        let mut next = starts.clone();
        let mut all = vec![Posting { place: 0, weight: 0.0 }; found.len()];
        for (feature, posting) in found {
            let next = &mut next[*feature as usize];
            all[*next as usize] = *posting;
            *next += 1;
        }
        Postings { starts, all }
    }

    /// The postings of one feature.
    pub fn of(&self, feature: u32) -> &[Posting] {
        &self.all[self.starts[feature as usize] as usize..self.starts[feature as usize + 1] as usize]
    }
}

/// A piece of so many bytes goes back to the system when it is no longer needed; giving back a smaller one teaches glibc's allocator to
/// keep such pieces, and as much again, from then on. On Linux what is never written to takes no memory.
const GIVEN_BACK_FROM: usize = (1 << 25) + 1;

/// A list that is only needed while the FAQ is read.
pub fn passing<T>() -> Vec<T> {
    let mut list = Vec::new();
    // Where so much cannot be had, it grows as any other list.
    let _ = list.try_reserve_exact(GIVEN_BACK_FROM / size_of::<T>() + 1);
    list
}

/// A text that is only needed while the FAQ is read.
pub fn passing_text() -> String {
    let mut text = String::new();
    let _ = text.try_reserve_exact(GIVEN_BACK_FROM);
    text
}

/// A number of wordings, features or characters as what long lists hold.
pub fn small(number: usize) -> u32 {
    u32::try_from(number).expect("files of a bounded size hold fewer than 2³² characters")
}
