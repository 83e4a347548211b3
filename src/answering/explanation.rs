//! Says in a moderator's words why a question was decided as it was: which of the asker's words counted, which wording won, what was
//! unknown, why not the next entry, and what a moderator would change.
//!
//! Computed on demand from the verdict; deciding itself is left to `decision.rs`.

use std::ops::Range;

use super::analyzer::{Key, Term};
use super::decision::{Judge, Outcome, Policy, Reason, Verdict};
use super::index::Match;
use super::phrases;
use crate::faq::{Class, Faq, Lang, Vocabulary};

/// Why a question was decided as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The part of the question that decided.
    pub decisive: String,
    /// The asker's words that counted, in their own spelling, the weightiest first.
    pub counted: Vec<String>,
    /// Words that no entry of the FAQ holds.
    pub unknown: Vec<String>,
    /// Words that name another topic than the FAQ's.
    pub foreign: Vec<String>,
    /// The best entries.
    pub candidates: Vec<Candidate>,
    /// The decision and its reason in one sentence.
    pub because: String,
    /// Why the first entry stands before the second, if there are two.
    pub why_not_second: Option<String>,
    /// What a moderator would change to have it decided otherwise.
    pub remedy: String,
}

impl Explanation {
    /// As text, a line for each of what there is to say.
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let mut lines = vec![self.because.clone()];
        let mut list = |title: phrases::Phrase, words: &[String]| {
            if !words.is_empty() {
                lines.push(format!("{}{}", title.get(lang), quoted(words)));
            }
        };
        list(phrases::COUNTED, &self.counted);
        list(phrases::UNKNOWN, &self.unknown);
        list(phrases::FOREIGN, &self.foreign);
        lines.extend(candidates(self, lang));
        lines.extend(self.why_not_second.clone());
        lines.push(self.remedy.clone());
        lines
    }
}

/// An entry that was considered.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The entry's id.
    pub id: String,
    /// How well it fits, in percent.
    pub percent: u32,
    /// Its wording nearest to the question.
    pub wording: String,
    /// The asker's words it does not know.
    pub lacks: Vec<String>,
}

/// As many candidates as an offer has choices.
const MAX_CANDIDATES: usize = 3;

/// Explains a verdict in a language.
pub fn explain(faq: &Faq, vocabulary: &Vocabulary, judge: &Judge, verdict: &Verdict, policy: &Policy, lang: Lang) -> Explanation {
    let mut terms = judge.analyzer.terms(&verdict.decisive).list;
    terms.sort_by(|one, other| other.weight.total_cmp(&one.weight));
    let spelt = |counts: &dyn Fn(&Term) -> bool| words(&verdict.decisive, &terms, counts);
    let known = spelt(&|term| judge.index.knows(&term.key));
    let unknown = spelt(&|term| !judge.index.knows(&term.key));
    let foreign = spelt(&|term| matches!(term.key, Key::Concept(at) if vocabulary.concepts[at].class == Class::Blocker));
    let candidate = |found: &Match| {
        let entry = &faq.entries[found.entry];
        Candidate {
            id: entry.id.to_string(),
            percent: percent(found.score),
            wording: entry.wordings().nth(found.wording).unwrap_or_default().to_owned(),
            lacks: spelt(&|term| judge.index.share(&term.key, found.entry) <= 0.0),
        }
    };
    let candidates: Vec<Candidate> = verdict.ranking.iter().take(MAX_CANDIDATES).map(candidate).collect();
    let only_first_knows = match candidates.as_slice() {
        [first, second, ..] => second.lacks.iter().filter(|word| !first.lacks.contains(word)).cloned().collect(),
        _ => Vec::new(),
    };
    Explanation {
        decisive: verdict.decisive.clone(),
        counted: known,
        foreign,
        because: because(verdict, policy, lang),
        why_not_second: is_ranked(verdict).then(|| why_not_second(&candidates, &only_first_knows, lang)).flatten(),
        remedy: remedy(verdict, &candidates, &unknown, lang),
        unknown,
        candidates,
    }
}

/// Whether points decided between the first and the second.
fn is_ranked(verdict: &Verdict) -> bool {
    let by_points =
        [Reason::Clear, Reason::Close, Reason::Weak, Reason::Unasked, Reason::FollowUp, Reason::Unknown, Reason::Signpost];
    by_points.contains(&verdict.decision.reason)
}

fn why_not_second(candidates: &[Candidate], only_first_knows: &[String], lang: Lang) -> Option<String> {
    let [first, second, ..] = candidates else { return None };
    let (id, first) = (&second.id, &first.wording);
    let words = only_first_knows.join("」「");
    Some(match (lang, only_first_knows.is_empty()) {
        (Lang::Ja, false) => format!("2位の {id} でないわけ：1位にある言葉「{words}」が、2位のどこにもありません。"),
        (Lang::Ja, true) => {
            format!("2位の {id} でないわけ：1位だけが知る言葉はなく、聞き方全体が 1位（「{first}」など）に近いからです。")
        }
        (Lang::En, false) => format!("Why not {id}: the first knows 「{words}」, the second does not."),
        (Lang::En, true) => {
            format!(
                "Why not {id}: the first knows no word that the second lacks; as a whole this is nearer to the first (「{first}」)."
            )
        }
    })
}

/// What to do where this was decided wrongly: the nearest lever of the README's table.
fn remedy(verdict: &Verdict, candidates: &[Candidate], unknown: &[String], lang: Lang) -> String {
    let (outcome, reason) = (verdict.decision.outcome, verdict.decision.reason);
    let asked = &verdict.decisive;
    let first = candidates.first().map_or("", |first| first.id.as_str());
    let synonym = unknown.first().map(|word| match lang {
        Lang::Ja => format!("「{word}」がほかの言葉の言いかえなら、vocabulary.yaml の concepts にも足します。"),
        Lang::En => format!(" If 「{word}」 is another word for something known, add it to concepts in vocabulary.yaml, too."),
    });
    let synonym = synonym.unwrap_or_default();
    match lang {
        Lang::Ja => match (outcome, reason) {
            (Outcome::Care, _) => "つらい人の言葉でないなら：care.yaml の not_about に、この文を例として足します。".to_owned(),
            (Outcome::Silence, _) | (_, Reason::Unasked) => {
                "質問なら：尋ねている言葉を vocabulary.yaml の asking に足します。".to_owned()
            }
            (_, Reason::TwoQuestions | Reason::ManyQuestions) => "一つの質問なら：一文で聞き直してもらいます。".to_owned(),
            (_, Reason::Pattern) => "違う項目なら：その patterns の範囲を狭くします。".to_owned(),
            (_, Reason::Signpost) => format!("答えが書けるなら：{first} に答えを書き、kind: signpost を消します。"),
            (Outcome::Answer, _) => "違う項目なら：正しい項目の also_asked に「{}」を足します。".replace("{}", asked),
            (Outcome::Offer, _) => {
                format!("答えたい項目の also_asked に「{asked}」を足すと、その項目に近づきます。{synonym}")
            }
            (Outcome::Decline, _) => format!("答えがある項目なら、その also_asked に「{asked}」を足します。{synonym}"),
        },
        Lang::En => match (outcome, reason) {
            (Outcome::Care, _) => "If nobody is in need: add this text to not_about in care.yaml, as an example.".to_owned(),
            (Outcome::Silence, _) | (_, Reason::Unasked) => {
                "If it is a question: add the word that asks to asking in vocabulary.yaml.".to_owned()
            }
            (_, Reason::TwoQuestions | Reason::ManyQuestions) => {
                "If it was one question: it is understood best in one sentence.".to_owned()
            }
            (_, Reason::Pattern) => "If it is the wrong entry: narrow its patterns.".to_owned(),
            (_, Reason::Signpost) => format!("If there is an answer: write it into {first} and take out kind: signpost."),
            (Outcome::Answer, _) => format!("If it is the wrong entry: add 「{asked}」 to also_asked of the right one."),
            (Outcome::Offer, _) => {
                format!("Add 「{asked}」 to also_asked of the entry meant: that brings it nearer.{synonym}")
            }
            (Outcome::Decline, _) => format!("If an entry has the answer, add 「{asked}」 to its also_asked.{synonym}"),
        },
    }
}

/// The asker's words that `counts`, in their own spelling. Overlapping pairs of characters are one word, which counts if most of it does.
fn words(text: &str, terms: &[Term], counts: &dyn Fn(&Term) -> bool) -> Vec<String> {
    let mut found: Vec<(Range<usize>, f32)> = Vec::new();
    for term in terms {
        let is_part = matches!(term.key, Key::Characters(..));
        let says = if counts(term) { term.weight } else { -term.weight };
        match found.iter_mut().find(|(range, _)| is_part && range.start < term.origin.end && term.origin.start < range.end) {
            Some((range, sum)) => {
                *range = range.start.min(term.origin.start)..range.end.max(term.origin.end);
                *sum += says;
            }
            None => found.push((term.origin.clone(), says)),
        }
    }
    let mut words: Vec<String> = Vec::new();
    for (range, _) in found.into_iter().filter(|(_, sum)| *sum > 0.0) {
        let word = text.get(range).unwrap_or_default().trim().to_owned();
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

fn percent(score: f32) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0–100 before")]
    let percent = (score * 100.0).floor().clamp(0.0, 100.0) as u32;
    percent
}

fn because(verdict: &Verdict, policy: &Policy, lang: Lang) -> String {
    let best = percent(verdict.ranking.first().map_or(0.0, |found| found.score));
    let second = percent(verdict.ranking.get(1).map_or(0.0, |found| found.score));
    let lead = match verdict.ranking.as_slice() {
        [first, second, ..] => percent(first.score - second.score),
        _ => best,
    };
    let (answer_at, offer_at, margin) = (percent(policy.answer_at), percent(policy.offer_at), percent(policy.margin));
    match lang {
        Lang::Ja => match (verdict.decision.outcome, verdict.decision.reason) {
            (Outcome::Care, _) => "つらさや危険を知らせる言葉があるので、ほかの何より先に案内します。".to_owned(),
            (Outcome::Offer, Reason::Pattern) => "いくつかの項目の patterns に当てはまるので、選んでもらいます。".to_owned(),
            (_, Reason::Pattern) => "項目の patterns に当てはまるので、点数を見ずに答えます。".to_owned(),
            (_, Reason::ManyQuestions) => "三つ以上の文が、それぞれ別の項目にはっきり合うので、選んでもらいます。".to_owned(),
            (_, Reason::TwoQuestions) => "二つの文が、それぞれ別の項目にはっきり合います。".to_owned(),
            (_, Reason::FollowUp) => "直前の答えとあわせて読むと、一つの項目にはっきり合います。".to_owned(),
            (_, Reason::Correction) => "違うという返事なので、次の候補を見せます。".to_owned(),
            (_, Reason::Signpost) => "話題は分かりますが、FAQには答えがない項目なので、ほかの場所を案内します。".to_owned(),
            (Outcome::Answer, _) => {
                format!("1位が {best} 点（{answer_at} 点以上）で、2位の {second} 点より {margin} 点以上高いので答えます。")
            }
            (Outcome::Offer, Reason::Unasked) => {
                format!("1位が {best} 点ですが、尋ねる言葉がない文なので、答えずに選んでもらいます。")
            }
            (Outcome::Offer, Reason::Close) => {
                format!("1位 {best} 点と2位の差が {lead} 点で、{margin} 点に足りないので、選んでもらいます。")
            }
            (Outcome::Offer, _) => {
                format!("1位が {best} 点で、答えるには {answer_at} 点が要りますが、{offer_at} 点はあるので、選んでもらいます。")
            }
            (Outcome::Decline, _) => format!("1位でも {best} 点で、候補を見せる {offer_at} 点に届きません。"),
            (Outcome::Silence, reason) => format!("質問ではないと判断しました（{}）。", silence_ja(reason)),
        },
        Lang::En => match (verdict.decision.outcome, verdict.decision.reason) {
            (Outcome::Care, _) => "Words of distress or danger come before everything else.".to_owned(),
            (Outcome::Offer, Reason::Pattern) => "Patterns of several entries match, so the asker chooses.".to_owned(),
            (_, Reason::Pattern) => "A pattern of the entry matches, so the points do not matter.".to_owned(),
            (_, Reason::ManyQuestions) => {
                "More than two sentences each clearly fit an entry of their own, so the asker chooses.".to_owned()
            }
            (_, Reason::TwoQuestions) => "Two sentences each clearly fit an entry of their own.".to_owned(),
            (_, Reason::FollowUp) => "Read together with the last answer, one entry clearly fits.".to_owned(),
            (_, Reason::Correction) => "The last answer was called wrong, so the next candidates are shown.".to_owned(),
            (_, Reason::Signpost) => "The topic is known, but the FAQ has no answer to it and says where to look.".to_owned(),
            (Outcome::Answer, _) => {
                format!(
                    "The first has {best} points ({answer_at} are needed) and leads the second ({second}) by at least {margin}."
                )
            }
            (Outcome::Offer, Reason::Unasked) => {
                format!("The first has {best} points, but the sentence asks nothing, so the asker chooses.")
            }
            (Outcome::Offer, Reason::Close) => {
                format!(
                    "The first ({best} points) leads the second by {lead}, which is less than {margin}, so the asker chooses."
                )
            }
            (Outcome::Offer, _) => {
                format!("The first has {best} points; an answer needs {answer_at}, an offer {offer_at}, so the asker chooses.")
            }
            (Outcome::Decline, _) => format!("Even the first has only {best} points; an offer needs {offer_at}."),
            (Outcome::Silence, reason) => format!("This does not look like a question ({}).", silence_en(reason)),
        },
    }
}

fn silence_ja(reason: Reason) -> &'static str {
    match reason {
        Reason::Empty => "言葉がない",
        Reason::Greeting => "あいさつ",
        Reason::Thanks => "お礼",
        Reason::Acknowledgement => "相づち",
        _ => "感想や報告",
    }
}

fn silence_en(reason: Reason) -> &'static str {
    match reason {
        Reason::Empty => "no words",
        Reason::Greeting => "a greeting",
        Reason::Thanks => "thanks",
        Reason::Acknowledgement => "a nod",
        _ => "a remark",
    }
}

fn quoted(words: &[String]) -> String {
    format!("「{}」", words.join("」「"))
}

fn candidates(explanation: &Explanation, lang: Lang) -> Vec<String> {
    let describe = |(nth, candidate): (usize, &Candidate)| {
        let (rank, id, percent, wording) = (nth + 1, &candidate.id, candidate.percent, &candidate.wording);
        let lacks = if candidate.lacks.is_empty() { None } else { Some(quoted(&candidate.lacks)) };
        match (lang, lacks) {
            (Lang::Ja, None) => format!("{rank}位 {id}（{percent}点）：近い言い回し「{wording}」"),
            (Lang::Ja, Some(lacks)) => {
                format!("{rank}位 {id}（{percent}点）：近い言い回し「{wording}」、この項目にない言葉{lacks}")
            }
            (Lang::En, None) => format!("{rank}. {id} ({percent} points): nearest wording 「{wording}」"),
            (Lang::En, Some(lacks)) => {
                format!("{rank}. {id} ({percent} points): nearest wording 「{wording}」, does not know {lacks}")
            }
        }
    };
    explanation.candidates.iter().enumerate().map(describe).collect()
}
