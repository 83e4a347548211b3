//! Tells thanks, greetings, nods, corrections and remarks from questions, so that the bot knows when to say nothing.
//!
//! Conservative: whatever might be a question is treated as one. The words themselves stand in the vocabulary.

use super::forms::{Forms, Found};
use super::normalize::{is_hiragana, normalize};
use crate::faq::Vocabulary;

/// What a message that asks nothing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chatter {
    /// No words at all.
    Empty,
    /// こんにちは
    Greeting,
    /// ありがとう
    Thanks,
    /// なるほど、了解
    Acknowledgement,
    /// ちがう、そうじゃない
    Correction,
    /// A remark, report or announcement.
    Statement,
}

/// Knows the vocabulary's chatter.
#[derive(Debug)]
pub struct Listener {
    phrases: Forms,
    kinds: Vec<Chatter>,
    asking: Forms,
    endings: Vec<String>,
    openings: Vec<String>,
}

/// Up to this many letters may be left beside the phrases: a particle, a name's honorific.
const MAX_LEFT_OVER: usize = 3;

impl Listener {
    /// Takes the chatter of a vocabulary.
    pub fn new(vocabulary: &Vocabulary) -> Self {
        let groups = [
            (&vocabulary.corrections, Chatter::Correction),
            (&vocabulary.thanks, Chatter::Thanks),
            (&vocabulary.acknowledgements, Chatter::Acknowledgement),
            (&vocabulary.greetings, Chatter::Greeting),
        ];
        let (texts, kinds): (Vec<String>, Vec<Chatter>) = groups
            .into_iter()
            .flat_map(|(phrases, kind)| phrases.iter().map(move |phrase| (normalize(phrase).text, kind)))
            .filter(|(text, _)| !text.is_empty())
            .unzip();
        let asking_forms = spellings(&vocabulary.asking);
        let gathered = |texts: &[String]| Forms::new(texts.iter().map(String::as_str));
        Listener {
            phrases: gathered(&texts),
            kinds,
            asking: gathered(&asking_forms),
            openings: spellings(&vocabulary.statement_openings),
            endings: spellings(&vocabulary.statement_endings),
        }
    }

    /// What the message is, if it asks nothing.
    pub fn chatter(&self, text: &str) -> Option<Chatter> {
        let normalized = normalize(text).text;
        let words = words(&normalized);
        let letters = letters(&words);
        if letters == 0 {
            return Some(Chatter::Empty);
        }
        let is_word = |hit: &Found| is_whole_word(&words, hit.range.start, hit.range.end);
        let found: Vec<Found> = self.phrases.find(&words, is_word).collect();
        let kind = found.iter().map(|hit| self.kinds[hit.form]).min_by_key(|kind| rank(*kind));
        if let Some(kind) = kind {
            let said: usize = found.iter().map(|hit| words.get(hit.range.clone()).map_or(0, self::letters)).sum();
            let left_over = letters - said.min(letters);
            if left_over == 0 || (left_over <= MAX_LEFT_OVER && !self.asks_in(text, &normalized)) {
                return Some(kind);
            }
        }
        if self.asks_in(text, &normalized) {
            return None;
        }
        match kind {
            Some(Chatter::Thanks) => kind,
            Some(Chatter::Acknowledgement) if self.is_remark(&words) => kind,
            _ => self.is_remark(&words).then_some(Chatter::Statement),
        }
    }

    /// Whether a text asks: by its punctuation, its ending or a word that asks.
    pub fn asks(&self, text: &str) -> bool {
        self.asks_in(text, &normalize(text).text)
    }

    /// Whether a text tells something instead of asking: a whole sentence without a question in it. Words alone (院内SE 夜勤) ask.
    pub fn tells(&self, text: &str) -> bool {
        let normalized = normalize(text).text;
        if self.asks_in(text, &normalized) {
            return false;
        }
        let words = words(&normalized);
        let is_sentence = words.chars().next_back().is_some_and(|last| ENDS_A_SENTENCE.contains(last));
        let tells = is_sentence || words.split(' ').any(|word| TELLERS.contains(&word));
        tells && letters(&words) >= FEWEST_LETTERS_TOLD
    }

    fn asks_in(&self, text: &str, normalized: &str) -> bool {
        if text.contains(['?', '？', '⁇', '❓']) {
            return true;
        }
        let is_word = |hit: &Found| is_whole_word(normalized, hit.range.start, hit.range.end);
        let has_word = self.asking.find(normalized, is_word).next().is_some();
        has_word || super::question::sentences(text).iter().any(|sentence| ends_in_a_question(sentence))
    }

    fn is_remark(&self, words: &str) -> bool {
        let ends =
            |ending: &String| words.ends_with(ending.as_str()) && is_whole_word(words, words.len() - ending.len(), words.len());
        let opens = |opening: &String| words.starts_with(opening.as_str()) && is_whole_word(words, 0, opening.len());
        self.endings.iter().any(ends) || self.openings.iter().any(opens)
    }
}

/// How a Japanese sentence ends that is more than its words.
const ENDS_A_SENTENCE: &str = "たるいよねなうくすわぞさだん";
/// Shorter ones are searched with: 院内SEきつい, 資格いらない.
const FEWEST_LETTERS_TOLD: usize = 16;
/// Who speaks of themselves or of others in English.
const TELLERS: [&str; 8] = ["i", "im", "my", "we", "our", "he", "she", "me"];

/// A correction outweighs thanks, thanks a nod, a nod a greeting.
fn rank(kind: Chatter) -> usize {
    match kind {
        Chatter::Correction => 0,
        Chatter::Thanks => 1,
        Chatter::Acknowledgement => 2,
        Chatter::Greeting => 3,
        Chatter::Empty | Chatter::Statement => 4,
    }
}

/// The words of a normalised text without laughter (www, 笑).
fn words(normalized: &str) -> String {
    let words: Vec<&str> = normalized.split(' ').filter(|word| !word.chars().all(|c| c == 'w') && *word != "lol").collect();
    let words = words.join(" ");
    // wwww behind Japanese is laughter; behind Latin letters it ends a word (know).
    let without = words.trim_end_matches(['w', '笑', '草']);
    let is_laughter = !without.ends_with(|c: char| c.is_ascii_alphabetic());
    if is_laughter { without.trim_end().to_owned() } else { words }
}

/// Phrases in their one spelling; one that spells nothing would stand everywhere.
fn spellings(phrases: &[String]) -> Vec<String> {
    phrases.iter().map(|phrase| normalize(phrase).text).filter(|spelling| !spelling.is_empty()).collect()
}

fn letters(words: &str) -> usize {
    words.chars().filter(|c| *c != ' ').count()
}

fn ends_in_a_question(sentence: &str) -> bool {
    let words: String = normalize(sentence).text;
    let ending = words.trim_end();
    let asks = ["か", "かな", "かね", "のん", "っけ", "かしら", "のかい", "だろ", "だろう", "でしょう", "んや", "ますの"];
    asks.iter().any(|question| ending.ends_with(question))
        && ending.chars().any(|c| !is_hiragana(c) || ending.chars().count() > 2)
}

/// Whether no Latin letter or digit goes on before or behind; Japanese words have no such edges.
pub fn is_whole_word(text: &str, start: usize, end: usize) -> bool {
    let first = text.get(start..end).and_then(|word| word.chars().next());
    if !first.is_some_and(|c| c.is_ascii_alphanumeric()) {
        return true;
    }
    let before = text.get(..start).and_then(|before| before.chars().next_back());
    let after = text.get(end..).and_then(|after| after.chars().next());
    !before.is_some_and(|c| c.is_ascii_alphanumeric()) && !after.is_some_and(|c| c.is_ascii_alphanumeric())
}
