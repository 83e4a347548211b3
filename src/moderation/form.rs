//! An entry as a form shows it, in one language: five fields of text; and what came back as an entry's fields.
//!
//! Lists are lines. What somebody took away or put in is told by comparing with what they were shown, so that whatever the form had no room
//! for, and whatever others added meanwhile, stays.

use serde::{Deserialize, Serialize};

use crate::answering::question::language;
use crate::faq::edit::Change;
use crate::faq::{Entry, Lang, Localized, comparable, one_line};

/// Discord's limit for a field of a form, in UTF-16 units.
pub const MAX_FIELD: usize = 4_000;

/// What the form holds, in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fields {
    /// The question as members see it.
    pub question: String,
    /// Other wordings of that language.
    pub wordings: Vec<String>,
    /// The answer.
    pub answer: String,
    /// Title and address of each page to read on.
    pub links: Vec<(String, String)>,
    /// Words of that language that speak for the entry.
    pub keywords: Vec<String>,
}

impl Fields {
    /// How many fields there are, in the order of [`Fields::texts`].
    pub const COUNT: usize = 5;

    /// An entry in one language, as far as the form has room, and as it would come back: what a form cannot hold as it is written is no change.
    pub fn of(entry: &Entry, lang: Lang) -> Self {
        let is_of = |text: &&str| language(text).unwrap_or(lang) == lang;
        let text = |localized: &Localized| localized.get(lang).unwrap_or_default().to_owned();
        let links = entry.links.iter().map(|link| format!("{} | {}", link.title.nearest(lang).1, link.url));
        let texts = [
            text(&entry.question),
            fitting(entry.also_asked.iter().filter(is_of).map(str::to_owned)),
            text(&entry.answer),
            fitting(links),
            fitting(entry.keywords.iter().map(String::as_str).filter(is_of).map(str::to_owned)),
        ];
        Fields::typed(texts.iter().map(String::as_str))
    }

    /// The fields as texts: question, wordings, answer, links, keywords.
    pub fn texts(&self) -> [String; Self::COUNT] {
        let links = self.links.iter().map(|(title, url)| format!("{title} | {url}"));
        [
            self.question.clone(),
            self.wordings.join("\n"),
            self.answer.clone(),
            links.collect::<Vec<_>>().join("\n"),
            self.keywords.join("\n"),
        ]
    }

    /// What came back, in the same order; what is missing is empty. A line of links without a title gets its host's name.
    pub fn typed<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut texts = texts.into_iter();
        let mut next = || texts.next().unwrap_or_default();
        let (question, wordings, answer) = (one_line(next()), lines(next()), next());
        let links = lines(next()).into_iter().map(|line| link(&line)).collect();
        let keywords = next().split(['\n', '、', ',', '，']).map(str::trim).filter(|word| !word.is_empty());
        let mut keywords: Vec<String> = keywords.map(str::to_owned).collect();
        dedup(&mut keywords);
        Fields { question, wordings, answer: tidy(answer), links, keywords }
    }

    /// These fields put onto how things stand `now`, by somebody who started from `base`: whatever is as it was there, or was changed on both
    /// sides, is as it is now.
    #[must_use]
    pub fn onto(&self, now: &Fields, base: &Fields) -> Fields {
        let text = |mine: &String, base: &String, now: &String| if now == base { mine.clone() } else { now.clone() };
        Fields {
            question: text(&self.question, &base.question, &now.question),
            wordings: onto(&self.wordings, &base.wordings, &now.wordings),
            answer: text(&self.answer, &base.answer, &now.answer),
            links: onto(&self.links, &base.links, &now.links),
            keywords: onto(&self.keywords, &base.keywords, &now.keywords),
        }
    }

    /// The same for somebody who goes on typing: what the form is to show now as its beginning, and what as typed. A text that was changed on
    /// both sides stays theirs, and keeps its old beginning: whoever has not seen the other text is told of it when they publish.
    #[must_use]
    pub fn rebased(&self, now: &Fields, base: &Fields) -> (Fields, Fields) {
        let (mut shown, mut typed) = (now.clone(), self.onto(now, base));
        let texts = [
            (&self.question, &base.question, &mut shown.question, &mut typed.question),
            (&self.answer, &base.answer, &mut shown.answer, &mut typed.answer),
        ];
        for (mine, base, shown, typed) in texts {
            if mine != base && *shown != *base && mine != shown {
                shown.clone_from(base);
                typed.clone_from(mine);
            }
        }
        (shown, typed)
    }

    /// What of an entry is to be changed so that it says what was typed, where it stood as it was `shown`. `now` is the entry as it is, `None`
    /// for a new one. What somebody else changed meanwhile stays where the form's author did not.
    pub fn changes(&self, shown: &Fields, now: Option<&Entry>, lang: Lang) -> Vec<Change> {
        let mut changes = Vec::new();
        if self.question != shown.question {
            changes.push(Change::Question(lang, self.question.clone()));
        }
        if self.wordings != shown.wordings {
            let now = now.map_or_else(Vec::new, |entry| entry.also_asked.iter().map(str::to_owned).collect());
            changes.push(Change::AlsoAsked(merged(&now, &shown.wordings, &self.wordings, comparable)));
        }
        if self.keywords != shown.keywords {
            let now = now.map_or(&[][..], |entry| &entry.keywords);
            changes.push(Change::Keywords(merged(now, &shown.keywords, &self.keywords, comparable)));
        }
        if self.answer != shown.answer {
            changes.push(Change::Answer(lang, self.answer.clone()));
        }
        if self.links != shown.links {
            changes.push(Change::Links(self.merged_links(shown, now, lang)));
        }
        changes
    }

    fn merged_links(&self, shown: &Fields, now: Option<&Entry>, lang: Lang) -> Vec<(Localized, String)> {
        let now: Vec<(Localized, String)> =
            now.iter().flat_map(|entry| &entry.links).map(|link| (link.title.clone(), link.url.clone())).collect();
        let titled = |(title, url): &(String, String)| {
            let known = now.iter().find(|(_, known)| known == url).map(|(title, _)| title.clone());
            let is_as_shown = shown.links.iter().any(|(before, known)| (before, known) == (title, url));
            match known {
                Some(known) if is_as_shown => (known, url.clone()),
                Some(known) => (with_text(known, lang, title), url.clone()),
                None => (Localized::only(lang, title.clone()), url.clone()),
            }
        };
        // What somebody else took out meanwhile does not come back.
        let is_gone = |url: &str| shown.links.iter().any(|(_, known)| known == url) && now.iter().all(|(_, known)| known != url);
        let mut links: Vec<_> = self.links.iter().filter(|(_, url)| !is_gone(url)).map(titled).collect();
        // What others put in meanwhile.
        let is_new = |url: &str| shown.links.iter().chain(&self.links).all(|(_, known)| known != url);
        links.extend(now.iter().filter(|(_, url)| is_new(url)).cloned());
        links
    }
}

fn with_text(mut localized: Localized, lang: Lang, text: &str) -> Localized {
    match lang {
        Lang::Ja => localized.ja = Some(text.to_owned()),
        Lang::En => localized.en = Some(text.to_owned()),
    }
    localized
}

/// A list of today with what somebody took out of, and put into, the list that they were shown.
fn merged(now: &[String], shown: &[String], typed: &[String], key: impl Fn(&str) -> String) -> Vec<String> {
    let keys = |texts: &[String]| texts.iter().map(|text| key(text)).collect::<Vec<_>>();
    let (shown, wanted) = (keys(shown), keys(typed));
    let is_kept = |text: &&String| wanted.contains(&key(text)) || !shown.contains(&key(text));
    // One that was only spelt otherwise is as it was typed.
    let spelt = |text: &String| typed.iter().find(|typed| key(typed) == key(text)).unwrap_or(text).clone();
    let mut list: Vec<String> = now.iter().filter(is_kept).map(spelt).collect();
    let kept = keys(&list);
    // What stood there and is gone was taken out by somebody else.
    let is_new = |text: &&String| !kept.contains(&key(text)) && !shown.contains(&key(text));
    list.extend(typed.iter().filter(is_new).cloned());
    list
}

/// A list with what was taken out of, and put into, the one that it began from.
fn onto<T: PartialEq + Clone>(mine: &[T], base: &[T], now: &[T]) -> Vec<T> {
    let kept = now.iter().filter(|one| mine.contains(one) || !base.contains(one));
    let new = mine.iter().filter(|one| !base.contains(one) && !now.contains(one));
    kept.chain(new).cloned().collect()
}

/// As many lines as a field has room for.
fn fitting(texts: impl Iterator<Item = String>) -> String {
    let mut room = MAX_FIELD;
    let fits = |text: &String| {
        let size = text.encode_utf16().count() + 1;
        room = room.saturating_sub(size);
        room > 0
    };
    texts.take_while(fits).collect::<Vec<_>>().join("\n")
}

/// What phones and editors leave behind lines is nothing that anybody meant.
fn tidy(text: &str) -> String {
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().map(one_line).filter(|line| !line.is_empty()).collect();
    dedup(&mut lines);
    lines
}

/// Without what says the same again.
fn dedup(texts: &mut Vec<String>) {
    let mut seen = std::collections::HashSet::new();
    texts.retain(|text| seen.insert(comparable(text)));
}

/// `title | https://…`, with a bar of either width or with none, or an address alone. The first address takes the rest of its line: what it is
/// wrong with is told by the check.
fn link(line: &str) -> (String, String) {
    const BARS: [char; 2] = ['|', '｜'];
    let (title, url) = match line.find("https://") {
        Some(at) => line.split_at(at),
        None => line.rsplit_once(BARS).unwrap_or(("", line)),
    };
    let (title, url) = (title.trim().trim_end_matches(BARS).trim(), url.trim());
    let host = || url.split("://").nth(1).unwrap_or(url).split('/').next().unwrap_or(url).to_owned();
    (if title.is_empty() { host() } else { title.to_owned() }, url.to_owned())
}
