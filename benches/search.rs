//! How long a question takes, at 50, 1,000 and 10,000 entries, how long suggestions to somebody who is typing, and how long a FAQ takes to
//! build. Figures of one run are comparable with each other only: quote ratios.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use medse_bot::answering::{Policy, Question};
use medse_bot::faq::{Lang, Source};
use medse_bot::knowledge::{Knowledge, Library};

/// Questions of every kind: clear, vague, foreign, long, English, misspelt.
const QUESTIONS: [&str; 8] = [
    "医療系SEと院内SEの違いは？",
    "夜中に呼び出されることってある？",
    "おすすめのラーメン屋を教えて",
    "転職して三年になります。夜勤もあって疲れました。医療情報技師の資格は取ったほうがいいでしょうか？",
    "Is the certificate required for a job at a vendor?",
    "医療情報技帥って何",
    "でんしかるてってなに",
    "資格",
];

/// What stands in the field at one keystroke or another: nothing yet, kana halfway, a beginning, a whole question, English, nothing known.
const TYPED: [&str; 8] = [
    "",
    "い",
    "いりょうけい",
    "医療系SEと",
    "夜中に呼び出されることってある？",
    "資格は必",
    "Is the cert",
    "おすすめのラーメン屋",
];

/// A FAQ of `entries` entries of six wordings each, made of the shipped vocabulary's own words: every word stands in many entries.
fn made_up(entries: usize) -> Vec<Source> {
    let shipped = knowledge(&Library::Shipped.sources().expect("the shipped files are in the binary"));
    let words: Vec<&str> =
        shipped.vocabulary.concepts.iter().flat_map(|concept| concept.forms.iter().map(String::as_str)).collect();
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut word = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        words[usize::try_from(state % words.len() as u64).expect("the remainder is below the number of words")]
    };
    let mut text = "format: 1\ntopic: made-up\ntitle: 作りもの\nentries:\n".to_owned();
    for nth in 0..entries {
        write!(text, "  - id: e-{nth}\n    question: \"{} {} {} {nth}\"\n    also_asked:\n", word(), word(), word())
            .expect("a string takes all");
        for _ in 0..5 {
            writeln!(text, "      - \"{} {} {} {}\"", word(), word(), word(), word()).expect("a string takes all");
        }
        writeln!(text, "    answer: \"{}\"", word()).expect("a string takes all");
    }
    vec![Source { name: "made-up.yaml".to_owned(), content: Ok(text.into_bytes()) }]
}

fn knowledge(sources: &[Source]) -> Knowledge {
    let built = Knowledge::build(sources, Lang::Ja);
    let first = built.diagnostics.first().map(|one| one.summary(Lang::En));
    built.knowledge.unwrap_or_else(|| panic!("every entry is sound, but {first:?}"))
}

fn ask_all(knowledge: &Knowledge, policy: &Policy) {
    for question in QUESTIONS {
        black_box(knowledge.respond(&Question::new(black_box(question), Lang::Ja), policy));
    }
}

fn search(criterion: &mut Criterion) {
    let policy = Policy::default();
    let mut group = criterion.benchmark_group("eight questions");
    let shipped = knowledge(&Library::Shipped.sources().expect("the shipped files are in the binary"));
    group.bench_function("shipped FAQ", |bencher| bencher.iter(|| ask_all(&shipped, &policy)));
    for entries in [50, 1_000, 10_000] {
        let made_up = knowledge(&made_up(entries));
        group.bench_function(BenchmarkId::new("made-up FAQ", entries), |bencher| bencher.iter(|| ask_all(&made_up, &policy)));
    }
    group.finish();
}

fn type_all(knowledge: &Knowledge) {
    for typed in TYPED {
        black_box(knowledge.suggest(black_box(typed), None));
    }
}

fn suggest(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("eight keystrokes");
    let shipped = knowledge(&Library::Shipped.sources().expect("the shipped files are in the binary"));
    group.bench_function("shipped FAQ", |bencher| bencher.iter(|| type_all(&shipped)));
    for entries in [50, 1_000, 10_000] {
        let made_up = knowledge(&made_up(entries));
        group.bench_function(BenchmarkId::new("made-up FAQ", entries), |bencher| bencher.iter(|| type_all(&made_up)));
    }
    group.finish();
}

fn build(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("build");
    group.sample_size(10);
    for entries in [50, 1_000, 10_000] {
        let sources = made_up(entries);
        group.bench_function(BenchmarkId::new("made-up FAQ", entries), |bencher| bencher.iter(|| knowledge(&sources)));
    }
    group.finish();
}

fn longest_message(criterion: &mut Criterion) {
    let shipped = knowledge(&Library::Shipped.sources().expect("the shipped files are in the binary"));
    let policy = Policy::default();
    let mut group = criterion.benchmark_group("length");
    for sentences in [1, 10, 100] {
        let text = "夜間の呼び出しがつらいのですが、院内SEに転職すると楽になりますか。よく分からないので教えてほしいです。"
            .repeat(sentences);
        group.bench_function(BenchmarkId::new("characters", text.chars().count()), |bencher| {
            bencher.iter(|| black_box(shipped.respond(&Question::new(black_box(&text), Lang::Ja), &policy)));
        });
    }
    group.finish();
}

criterion_group!(benches, search, suggest, build, longest_message);
criterion_main!(benches);
