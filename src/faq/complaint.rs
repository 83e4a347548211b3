//! The YAML reader's complaint -> what somebody did there: it speaks of tokens and indicators, and often of the line below.
//!
//! A text that is no YAML cannot be read any other way, so lines are looked at one by one here; what YAML reads, but otherwise than meant,
//! is left to `shape.rs`.

use serde_yaml::granit_parser::{ErrorKind, ScanError};

use super::diagnostic::Problem;
use super::punctuation::{self, comment, dashed, quoted, quoted_value, value_of};
use super::tree::Fault;

/// Signs that cannot begin a text without quotes.
const SIGNS: [char; 6] = ['*', '&', '!', '%', '@', '`'];

/// So many lines around the complaint are looked at.
const LINES: usize = 20;

/// What a version control system leaves where two people changed the same lines, at its first mark: also inside a text, where YAML sees
/// nothing wrong.
pub fn merge_marker(text: &str) -> Option<Fault> {
    let marks = ["<<<<<<< ", ">>>>>>> "].into_iter().flat_map(|mark| text.match_indices(mark));
    let begins_line =
        |at: &usize| text.get(..*at).is_some_and(|before| before.trim_end_matches(' ').ends_with(['\n', '\u{feff}']));
    let at = marks.map(|(at, _)| at).filter(|at| *at == 0 || begins_line(at)).min()?;
    Some(Fault { span: at..at + 7, problem: Problem::MergeMarkers })
}

/// The complaint, moved to the character that causes it where that is one people stumble over.
pub fn fault(text: &str, error: &ScanError) -> Fault {
    let at = text.floor_char_boundary(error.marker().byte_offset().unwrap_or(text.len()).min(text.len()));
    let above = text.get(..at).unwrap_or_default();
    let line_start = above.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let (start, problem) = problem(text, at, line_start, line, error);
    let end = start + text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Fault { span: start..end, problem }
}

fn problem(text: &str, at: usize, line_start: usize, line: &str, error: &ScanError) -> (usize, Problem) {
    let detail = error.info();
    let says = |words: &[&str]| words.iter().any(|words| detail.contains(words));
    // Of a text of several lines the place is where it begins.
    let below = text
        .get(line_start..)
        .and_then(|rest| rest.match_indices('\n').nth(LINES).map_or(Some(rest), |(end, _)| rest.get(..end)));
    let place_of = |wanted: char| line.find(wanted).map_or(at, |offset| line_start + offset);
    let (head, value) = value_of(line);
    let value_start = line_start + line.trim_end().len() - value.len();
    let in_quotes = || Problem::NeedsQuotes { correct: format!("{head}{}", quoted(value)) };
    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
        (at, Problem::TooDeep)
    } else if matches!(error.kind(), ErrorKind::UnclosedQuotedScalar) {
        (at, Problem::UnclosedQuote)
    } else if says(&["trailing content"]) && value.starts_with(['"', '\'']) {
        // Where the quotes before it do not come in pairs, the first of them closed a text of a line above.
        let quote = if detail.contains("double") { '"' } else { '\'' };
        let is_open = |line: &str| line.matches(quote).count() % 2 == 1;
        match text.get(line_start..at).is_some_and(is_open).then(|| last_line(text, line_start, is_open)).flatten() {
            Some((start, line)) => (start + line.find(quote).unwrap_or_default(), Problem::UnclosedQuote),
            None => (value_start, in_quotes()),
        }
    } else if says(&["tab"]) {
        (below.and_then(|lines| lines.find('\t')).map_or(at, |offset| line_start + offset), Problem::Tab)
    } else if let Some(slip) = punctuation::slip_near(text, at) {
        slip
    } else if let Some(space) = punctuation::wrong_indentation(text, at) {
        (space, Problem::FullWidthSpace)
    } else if says(&["block scalar, did not find"]) {
        let sign: String = value.chars().take(1).collect();
        (value_start, Problem::TextBehindPipe { header: format!("{head}{sign}") })
    } else if value.starts_with(SIGNS) && !value.starts_with("* ") {
        (value_start, in_quotes())
    } else if says(&["mapping values are not allowed"])
        && let Some(correct) = quoted_value(line)
    {
        (at, Problem::ColonInText { correct })
    } else if let Some(correct) = undashed(text, line_start, line) {
        (line_start + line.len() - line.trim_start().len(), Problem::Dash { correct })
    } else if let Some((name, _)) = line.trim_start().split_once('：')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_ ".contains(c))
    {
        // A name in Japanese is the beginning of a sentence: 注意：…
        (place_of('：'), Problem::FullWidthColon { correct: line.trim().replacen('：', ": ", 1) })
    } else if says(&["flow", "bracket", "placement of ':'"])
        && let Some((start, line)) =
            last_line(text, line_start + line.len(), |line| line.matches('[').count() > line.matches(']').count())
    {
        (start + line.find('[').unwrap_or_default(), Problem::UnclosedBracket)
    } else if line.contains('{') && !says(&["quote"]) {
        (place_of('{'), Problem::Braces)
    } else if let Some((start, above)) = last_line(text, line_start, |line| !line.trim().is_empty())
        && indentation(above) < indentation(line)
        && let Some((cut, correct)) = comment(above)
    {
        (start + cut, Problem::CommentInText { correct, is_used: false, is_shown: false })
    } else {
        (at, Problem::Syntax { detail })
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The last of a few lines before `end` that is as wanted, and where it begins.
fn last_line(text: &str, end: usize, is_wanted: impl Fn(&str) -> bool) -> Option<(usize, &str)> {
    let mut rest = text.get(..text.floor_char_boundary(end))?;
    for _ in 0..LINES {
        let line = rest.trim_end_matches('\n').rsplit('\n').next()?;
        let start = rest.trim_end_matches('\n').len() - line.len();
        if is_wanted(line) {
            return Some((start, line));
        }
        rest = rest.get(..start).filter(|rest| !rest.is_empty())?;
    }
    None
}

/// With its `- ` what stands among a list's items without one, or with something that only looks like it.
fn undashed(text: &str, line_start: usize, line: &str) -> Option<String> {
    let above = text
        .get(..line_start)?
        .lines()
        .rev()
        .find(|above| !above.trim().is_empty() && indentation(above) <= indentation(line))?;
    let is_item =
        indentation(above) == indentation(line) && !line.trim_start().starts_with("- ") && above.trim_start().starts_with("- ");
    (is_item || line.trim_start().starts_with("* ")).then(|| dashed(line))
}
