//! A FAQ folder of any text: what is usable of it is read, and every fault is told in both languages. The part before a NUL is the vocabulary.
#![no_main]

use libfuzzer_sys::fuzz_target;
use medse_bot::faq::{Lang, Source, VOCABULARY_FILE, load};

fn source(name: &str, text: &str) -> Source {
    Source { name: name.to_owned(), content: Ok(text.as_bytes().to_vec().into()) }
}

// Learning what was read is left to the target `question`, which learns once: here it would take all the time.
fuzz_target!(|text: &str| {
    let (vocabulary, topic) = text.split_once('\0').unwrap_or(("", text));
    let mut sources = vec![source("t.yaml", topic)];
    if !vocabulary.is_empty() {
        sources.push(source(VOCABULARY_FILE, vocabulary));
    }
    let loaded = load(&sources, Lang::Ja);
    for diagnostic in &loaded.diagnostics {
        assert!(!diagnostic.summary(Lang::Ja).is_empty() && !diagnostic.summary(Lang::En).is_empty());
    }
    for entry in &loaded.faq.entries {
        assert!(entry.question.texts().next().is_some() && entry.answer.texts().next().is_some(), "{} says nothing", entry.id);
    }
});
