//! The Rust half of the comparison: how long our matcher and tantivy take for each question, and what tantivy ranks.
//!
//! One [`Task`] comes as JSON from standard input, one [`Report`] goes as JSON to standard output. Which FAQ and questions these are,
//! what our matcher ranks (the bot itself is asked) and what the figures say is left to `peers.py`.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::hint::black_box;
use std::io;
use std::time::Instant;

use medse_bot::answering::{Policy, Question};
use medse_bot::faq::{Lang, Source};
use medse_bot::knowledge::Knowledge;
use serde::{Deserialize, Serialize};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{NgramTokenizer, TextAnalyzer};
use tantivy::{Index, IndexWriter, Searcher, Term, doc};

#[derive(Deserialize)]
struct Task {
    /// Our FAQ: the text of each file by its name.
    files: BTreeMap<String, String>,
    /// What tantivy shall search, each on its own.
    indexes: Vec<Texts>,
    /// Each question as written, for us, and with evened spelling, for tantivy.
    questions: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct Texts {
    /// The number of an entry with one of its wordings, or with all of them.
    documents: Vec<(u64, String)>,
    /// The shortest and the longest n-grams of a text.
    grams: (usize, usize),
    /// As many of the best documents decide the ranking of entries.
    candidates: usize,
}

#[derive(Serialize)]
struct Report {
    tantivy_version: &'static str,
    /// For each question.
    our_seconds: Vec<f64>,
    /// For each index.
    tantivy: Vec<Run>,
}

#[derive(Serialize)]
struct Run {
    /// For each question.
    seconds: Vec<f64>,
    /// For each question the entries that fit, best first, with the score of their best document.
    rankings: Vec<Vec<(u64, f32)>>,
}

/// An index in memory.
struct Tantivy {
    searcher: Searcher,
    analyzer: TextAnalyzer,
    text: Field,
    candidates: usize,
}

impl Tantivy {
    fn new(texts: &Texts) -> tantivy::Result<Self> {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default().set_tokenizer("grams").set_index_option(IndexRecordOption::WithFreqs);
        let text = schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
        let entry = schema.add_u64_field("entry", FAST);
        let index = Index::create_in_ram(schema.build());
        let (shortest, longest) = texts.grams;
        let analyzer = TextAnalyzer::from(NgramTokenizer::all_ngrams(shortest, longest)?);
        index.tokenizers().register("grams", analyzer.clone());
        // One thread with much memory makes one segment, the best case for a search.
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 500_000_000)?;
        for (number, words) in &texts.documents {
            writer.add_document(doc!(entry => *number, text => words.as_str()))?;
        }
        writer.commit()?;
        Ok(Tantivy { searcher: index.reader()?.searcher(), analyzer, text, candidates: texts.candidates })
    }

    /// The entries of the documents that share n-grams with the question, best first.
    fn ask(&mut self, question: &str) -> tantivy::Result<Vec<(u64, f32)>> {
        let mut grams = BTreeSet::new();
        self.analyzer.token_stream(question).process(&mut |token| {
            grams.insert(token.text.clone());
        });
        let term = |gram: String| TermQuery::new(Term::from_field_text(self.text, &gram), IndexRecordOption::WithFreqs);
        let any = BooleanQuery::union(grams.into_iter().map(|gram| -> Box<dyn Query> { Box::new(term(gram)) }).collect());
        let mut ranking: Vec<(u64, f32)> = Vec::new();
        for (score, found) in self.searcher.search(&any, &TopDocs::with_limit(self.candidates).order_by_score())? {
            let entries = self.searcher.segment_reader(found.segment_ord).fast_fields().u64("entry")?;
            let entry = entries.first(found.doc_id).expect("every document has an entry");
            if ranking.iter().all(|(ranked, _)| *ranked != entry) {
                ranking.push((entry, score));
            }
        }
        Ok(ranking)
    }
}

/// Each result with the seconds it took: the median of three rounds, so that neither a cold start nor what else the machine does counts.
fn timed<Q, R>(questions: &[Q], mut ask: impl FnMut(&Q) -> R) -> (Vec<f64>, Vec<R>) {
    let mut clocked = |question| {
        let begun = Instant::now();
        let result = black_box(ask(black_box(question)));
        (begun.elapsed().as_secs_f64(), result)
    };
    let mut round = || -> (Vec<f64>, Vec<R>) { questions.iter().map(&mut clocked).unzip() };
    let ((first, _), (second, _), (third, results)) = (round(), round(), round());
    let median = |nth: usize| {
        let mut rounds = [first[nth], second[nth], third[nth]];
        rounds.sort_by(f64::total_cmp);
        rounds[1]
    };
    ((0..questions.len()).map(median).collect(), results)
}

fn main() -> Result<(), Box<dyn Error>> {
    let task: Task = serde_json::from_reader(io::stdin())?;

    let source = |(name, text): (&String, &String)| Source { name: name.clone(), content: Ok(text.clone().into_bytes().into()) };
    let sources: Vec<Source> = task.files.iter().map(source).collect();
    let knowledge = Knowledge::build(&sources, Lang::Ja).knowledge.ok_or("no entry of the FAQ is usable")?;
    let policy = Policy::default();
    let (our_seconds, _) = timed(&task.questions, |(written, _)| knowledge.respond(&Question::new(written, Lang::Ja), &policy));

    let mut tantivy = Vec::new();
    for texts in &task.indexes {
        let mut index = Tantivy::new(texts)?;
        let (seconds, rankings) = timed(&task.questions, |(_, evened)| index.ask(evened));
        tantivy.push(Run { seconds, rankings: rankings.into_iter().collect::<Result<_, _>>()? });
    }

    let report = Report { tantivy_version: tantivy::version_string(), our_seconds, tantivy };
    serde_json::to_writer(io::stdout(), &report)?;
    Ok(())
}
