//! How long a question takes, at 50 to 100,000 entries, how long suggestions to somebody who is typing, and how long a FAQ takes to
//! build. Figures of one run are comparable with each other only: quote ratios.

use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use medse_bot::answering::{Policy, Question};
use medse_bot::faq::{Kind, Lang, Source};
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
    let words: Vec<&str> = shipped.vocabulary.concepts.iter().flat_map(|concept| concept.forms.iter()).collect();
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut word = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        words[usize::try_from(state % words.len() as u64).expect("the remainder is below the number of words")]
    };
    let mut sources = Vec::new();
    let mut text = String::new();
    for nth in 0..entries {
        if nth % ENTRIES_A_FILE == 0 {
            write!(text, "format: 1\ntopic: made-up-{nth}\ntitle: 作りもの\nentries:\n").expect("a string takes all");
        }
        write!(text, "  - id: e-{nth}\n    question: \"{} {} {} {nth}\"\n    also_asked:\n", word(), word(), word())
            .expect("a string takes all");
        for _ in 0..5 {
            writeln!(text, "      - \"{} {} {} {}\"", word(), word(), word(), word()).expect("a string takes all");
        }
        writeln!(text, "    answer: \"{}\"", word()).expect("a string takes all");
        if (nth + 1) % ENTRIES_A_FILE == 0 || nth + 1 == entries {
            sources.push(Source {
                name: format!("made-up-{nth:06}.yaml"),
                content: Ok(std::mem::take(&mut text).into_bytes().into()),
            });
        }
    }
    sources
}

/// Below the limit for one file.
const ENTRIES_A_FILE: usize = 5_000;

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

/// One line a size: what a build takes, and of the questions, one by one, the middle and the slowest in a hundred; and whether an entry's own
/// question still finds it among look-alikes.
fn scale(_: &mut Criterion) {
    let policy = Policy::default();
    for entries in [50, 1_000, 10_000, 100_000] {
        let sources = made_up(entries);
        let began = Instant::now();
        let knowledge = knowledge(&sources);
        let built = began.elapsed();
        let mut waits = Vec::new();
        for text in QUESTIONS.iter().cycle().take(800) {
            let question = Question::new(text, Lang::Ja);
            let began = Instant::now();
            black_box(knowledge.respond(&question, &policy));
            waits.push(began.elapsed());
        }
        waits.sort_unstable();
        let own =
            knowledge.faq.entries.iter().enumerate().filter(|(_, entry)| entry.kind != Kind::Care).step_by(entries.div_ceil(500));
        let (mut asked, mut first) = (0, 0);
        for (at, entry) in own {
            // Two of the question's three words, without its number, as somebody would ask who does not know the wording.
            let (_, question) = entry.question.texts().next().expect("every entry has a question");
            let half: Vec<&str> = question.split(' ').take(2).collect();
            let verdict = knowledge.decide(&Question::new(&half.join(" "), Lang::Ja), &policy);
            asked += 1;
            first += usize::from(verdict.ranking.first().is_some_and(|found| found.entry == at));
        }
        println!(
            "{entries} entries: built in {built:?}, a question p50 {:?}, p99 {:?}; {first} of {asked} found first by two of their words",
            waits[400], waits[792]
        );
    }
}

criterion_group!(benches, scale, search, suggest, build, longest_message);
criterion_main!(benches);
