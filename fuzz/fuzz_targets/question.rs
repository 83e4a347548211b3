//! Any text asked of the shipped FAQ: always the same reply, and one that can be shown.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use medse_bot::answering::{Policy, Question};
use medse_bot::faq::Lang;
use medse_bot::knowledge::{Knowledge, Library};
use medse_bot::terminal;

static SHIPPED: LazyLock<Knowledge> = LazyLock::new(|| {
    let sources = Library::Shipped.sources().expect("inside the program");
    Knowledge::build(&sources, Lang::Ja).knowledge.expect("the shipped FAQ is sound")
});

fuzz_target!(|text: &str| {
    let policy = Policy::default();
    for default in [Lang::Ja, Lang::En] {
        let question = Question::new(text, default);
        let verdict = SHIPPED.decide(&question, &policy);
        let shown = terminal::rendered(&SHIPPED.put(&question, &verdict), question.lang);
        assert_eq!(terminal::rendered(&SHIPPED.respond(&question, &policy), question.lang), shown);
        let _ = terminal::explained(&SHIPPED, &verdict, &policy, question.lang);
    }
    let _ = SHIPPED.suggest(text, None);
});
