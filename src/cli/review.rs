//! The reports of `check`: what is due for another look, and what the FAQ leaves uncovered.
//!
//! Neither is a finding: the calendar makes no FAQ faulty, and no moderator must write what is not asked. So neither changes the exit code.

use std::collections::HashSet;

use serde_json::json;
use time::Date;

use super::Format;
use crate::answering::analyzer::Key;
use crate::answering::question::language;
use crate::faq::{Class, Entry, Kind, Lang, Source, is_vocabulary};
use crate::knowledge::Knowledge;

/// With fewer wordings in a language people's own words are seldom met; the shipped entries have at least as many. The sentences below say it, too.
const FEW: usize = 5;

/// Entries, or words, of which the same is to be told.
pub struct Group {
    code: &'static str,
    message: String,
    items: Vec<Item>,
}

struct Item {
    /// Of an entry its file, line and id.
    entry: Option<(String, usize, String)>,
    detail: String,
}

impl Group {
    /// As text a heading with its lines, those of which there is no more to say by their ids alone; as JSON an object a line.
    pub fn written(&self, format: Format) -> String {
        if let Format::Json = format {
            let objects = self.items.iter().map(|Item { entry, detail }| {
                let (file, line, id) = entry.clone().map_or((None, None, None), |(file, line, id)| (Some(file), Some(line), Some(id)));
                let (code, message) = (self.code, &self.message);
                json!({"level": "report", "code": code, "file": file, "line": line, "id": id, "message": message, "detail": detail})
            });
            return objects.map(|object| object.to_string()).collect::<Vec<_>>().join("\n");
        }
        let lines = self.items.iter().filter_map(|Item { entry, detail }| match entry {
            Some(_) if detail.is_empty() => None,
            Some((file, line, id)) => Some(format!("\n  {file}:{line} {id}  {detail}")),
            None => Some(format!("\n  {detail}")),
        });
        let ids =
            self.items.iter().filter(|item| item.detail.is_empty()).filter_map(|item| Some(item.entry.as_ref()?.2.as_str()));
        let ids = ids.collect::<Vec<_>>().join(", ");
        let ids = if ids.is_empty() { ids } else { format!("\n  {ids}") };
        format!("\n{} ({}){}{ids}", self.message, self.items.len(), lines.collect::<String>())
    }
}

fn item(entry: &Entry, detail: String) -> Item {
    Item { entry: Some((entry.place.file.clone(), entry.place.line, entry.id.to_string())), detail }
}

/// The group, where it is not empty.
fn group(code: &'static str, items: Vec<Item>, message: &str) -> Option<Group> {
    (!items.is_empty()).then(|| Group { code, message: message.to_owned(), items })
}

/// Entries of these files; what the program adds of its own is none of the moderators' work.
fn entries<'a>(knowledge: &'a Knowledge, sources: &[Source]) -> Vec<&'a Entry> {
    let is_theirs = |entry: &&Entry| sources.iter().any(|source| source.name == entry.place.file);
    knowledge.faq.entries.iter().filter(is_theirs).collect()
}

/// Files beside the FAQ's that are not read: a renamed file is how topics are lost.
pub fn overlooked(names: Vec<String>, lang: Lang) -> Option<Group> {
    let items = names.into_iter().map(|name| Item { entry: None, detail: name }).collect();
    let message = match lang {
        Lang::Ja => "名前のために読まれないファイル（使うなら名前の終わりを .yaml に、使わないなら別のフォルダーへ）",
        Lang::En => "Not read because of their names (to use them let the name end in .yaml, else move them to another folder)",
    };
    group("overlooked-file", items, message)
}

/// What is to be looked at again, the longest unseen first: dated ahead, overdue, soon overdue, and never reviewed.
pub fn freshness(knowledge: &Knowledge, sources: &[Source], today: Date, lang: Lang) -> Vec<Group> {
    let entries = entries(knowledge, sources);
    let mut reviewed: Vec<(Date, &Entry)> = entries.iter().filter_map(|entry| Some((entry.reviewed?, *entry))).collect();
    reviewed.sort_by_key(|(day, _)| *day);
    let of = |wanted: fn(Date, Date) -> bool| {
        let wanted = reviewed.iter().filter(|(day, _)| wanted(*day, today));
        wanted.map(|(day, entry)| item(entry, day.to_string())).collect::<Vec<_>>()
    };
    let never = entries.iter().filter(|entry| entry.reviewed.is_none()).map(|entry| item(entry, String::new())).collect();
    let [ahead, overdue, soon, unseen] = match lang {
        Lang::Ja => [
            "最後の確認（reviewed）がまだ来ていない日の項目（年を確かめてください）",
            "最後の確認から1年を過ぎた項目（まだ正しいか確かめて、reviewed をその日の日付に）",
            "あと30日以内に、最後の確認から1年になる項目",
            "確認した日（reviewed）のない項目",
        ],
        Lang::En => [
            "Reviewed on a day that is yet to come (`reviewed`: check the year)",
            "Last reviewed more than a year ago: make sure that they are still right and set `reviewed` to that day",
            "Last reviewed a year ago within the next 30 days",
            "Without a day of review (`reviewed`)",
        ],
    };
    let groups = [
        group("reviewed-ahead", of(|day, today| day > today), ahead),
        group("overdue", of(Entry::is_overdue), overdue),
        group("soon-overdue", of(Entry::is_soon_overdue), soon),
        group("never-reviewed", never, unseen),
    ];
    groups.into_iter().flatten().collect()
}

/// What the FAQ leaves uncovered: languages, wordings, examples to check, and words of the vocabulary that nobody uses.
pub fn coverage(knowledge: &Knowledge, sources: &[Source], lang: Lang) -> Vec<Group> {
    let entries = entries(knowledge, sources);
    let is_without = |entry: &Entry, lang: Lang| entry.question.get(lang).is_none() && entry.answer.get(lang).is_none();
    let wordings_in = |entry: &Entry, lang: Lang| entry.wordings().filter(|wording| language(wording) == Some(lang)).count();
    let mut groups = Vec::new();
    for of in Lang::ALL {
        let lacking = entries.iter().filter(|entry| is_without(entry, of)).map(|entry| item(entry, String::new())).collect();
        let counted = entries.iter().filter(|entry| !is_without(entry, of)).map(|entry| (entry, wordings_in(entry, of)));
        let few = counted.filter(|(_, count)| *count < FEW).map(|(entry, count)| item(entry, count.to_string())).collect();
        let [without, with_few] = match (lang, of) {
            (Lang::Ja, Lang::Ja) => {
                ["日本語の質問も答えもない項目", "日本語の聞き方（question と also_asked）が5つに満たない項目"]
            }
            (Lang::Ja, Lang::En) => ["英語の質問も答えもない項目", "英語の聞き方（question と also_asked）が5つに満たない項目"],
            (Lang::En, Lang::Ja) => {
                ["Without a Japanese question and answer", "With fewer than 5 Japanese wordings (question, also_asked)"]
            }
            (Lang::En, Lang::En) => {
                ["Without an English question and answer", "With fewer than 5 English wordings (question, also_asked)"]
            }
        };
        groups.extend([group("language-missing", lacking, without), group("few-wordings", few, with_few)]);
    }
    // The examples of a care entry are checked as they are.
    let unchecked = entries.iter().filter(|entry| entry.kind != Kind::Care && entry.must_find.is_empty());
    let unchecked = unchecked.map(|entry| item(entry, String::new())).collect();
    let [no_must_find, unused] = match lang {
        Lang::Ja => [
            "見つかることを確かめる質問（must_find）のない項目",
            "vocabulary.yaml の concepts のうち、どの項目の聞き方にも keywords にも出てこないもの",
        ],
        Lang::En => [
            "Without a question that must find them (`must_find`)",
            "Groups of words (`concepts` in vocabulary.yaml) that no entry uses in its wordings or keywords",
        ],
    };
    groups.push(group("no-must-find", unchecked, no_must_find));
    if sources.iter().any(|source| is_vocabulary(&source.name)) {
        groups.push(group("unused-concept", unused_concepts(knowledge), unused));
    }
    groups.into_iter().flatten().collect()
}

fn unused_concepts(knowledge: &Knowledge) -> Vec<Item> {
    let analyzer = &knowledge.judge().analyzer;
    let texts = knowledge.faq.entries.iter().flat_map(|entry| entry.wordings().chain(entry.keywords.iter().map(String::as_str)));
    let used: HashSet<Key> = texts.flat_map(|text| analyzer.terms(text).list).map(|term| term.key).collect();
    let concepts = knowledge.vocabulary.concepts.iter().enumerate();
    let unused = concepts.filter(|(at, concept)| concept.class == Class::Core && !used.contains(&Key::Concept(*at)));
    unused
        .map(|(_, concept)| {
            let forms: Vec<&str> = concept.forms.iter().take(3).collect();
            Item { entry: None, detail: format!("{}: {}", concept.name, forms.join(", ")) }
        })
        .collect()
}
