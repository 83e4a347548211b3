//! Shows a diagnostic as a compiler would: the line, carets under the right full-width characters, the remedy; or as JSON, or in a line
//! for a log or for Discord.
//!
//! What the sentences say is left to `diagnostic.rs`.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level as Severity, Renderer, Snippet, renderer::DecorStyle};

use super::Lang;
use super::diagnostic::{Diagnostic, Level, Place};

/// Longer names are cut: systems allow 255 characters.
const MAX_FILE_NAME: usize = 60;

/// Somebody's words without effect in Discord: no mention, no markdown, no link. A mention is found by Discord before it looks at backslashes.
pub fn inert(text: &str) -> String {
    let mut inert = String::with_capacity(text.len());
    for (at, c) in text.chars().enumerate() {
        let is_markup = matches!(c, '\\' | '*' | '_' | '~' | '`' | '|' | '<' | '>' | '[' | ']' | '#' | ':')
            || (at == 0 && matches!(c, '-' | '+'));
        inert.extend(is_markup.then_some('\\'));
        inert.push(c);
        inert.extend((c == '@').then_some('\u{200b}'));
    }
    inert
}

impl Diagnostic {
    /// Draws the finding for a terminal: the line, carets under the right characters, what to write instead.
    ///
    /// `source` is the text of the file that `Place::file` names, `None` where it is not at hand.
    pub fn render(&self, source: Option<&str>, lang: Lang, styled: bool) -> String {
        let severity = match (self.problem.level(), lang) {
            (Level::Error, Lang::Ja) => Severity::ERROR.with_name("直す所"),
            (Level::Error, Lang::En) => Severity::ERROR,
            (Level::Warning, Lang::Ja) => Severity::WARNING.with_name("注意"),
            (Level::Warning, Lang::En) => Severity::WARNING,
            (Level::Hint, Lang::Ja) => Severity::HELP.with_name("提案"),
            (Level::Hint, Lang::En) => Severity::HELP.with_name("hint"),
        };
        let help = match lang {
            Lang::Ja => Severity::HELP.with_name("直し方"),
            Lang::En => Severity::HELP,
        };
        let title = severity.primary_title(self.problem.message(lang)).id(self.problem.code());
        let remedy = help.message(self.problem.remedy(lang));
        let group = match source.filter(|_| self.place.line > 0) {
            None => title.element(annotate_snippets::Origin::path(self.place.file.clone())),
            Some(source) => title.element(
                Snippet::source(source)
                    .path(self.place.file.clone())
                    .annotation(AnnotationKind::Primary.span(self.shown_bytes(source))),
            ),
        };
        let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
        renderer.decor_style(DecorStyle::Ascii).render(&[group.element(remedy)])
    }

    /// The bytes to underline: never across the end of a line, never past the text, and at least one character where there is one.
    fn shown_bytes(&self, source: &str) -> Range<usize> {
        let start = source.floor_char_boundary(self.place.bytes.start.min(source.len()));
        let rest_of_line = source.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let first = rest_of_line.chars().next().map_or(0, char::len_utf8);
        let wanted = self.place.bytes.len().clamp(first, rest_of_line.len().max(first));
        start..source.floor_char_boundary(start + wanted)
    }

    /// One JSON object on one line, for editors and scripts.
    pub fn json(&self, lang: Lang) -> String {
        serde_json::json!({
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "level": self.problem.level().name(),
            "code": self.problem.code(),
            "message": self.problem.message(lang),
            "remedy": self.problem.remedy(lang),
        })
        .to_string()
    }

    /// One line for a Discord message: `nights.yaml 7行目 12文字目：…`. Whatever the file holds, it pings nobody, links nowhere and is shown
    /// as it is written. At most 1,100 characters.
    pub fn for_discord(&self, lang: Lang) -> String {
        let Place { file, line, column, .. } = &self.place;
        let file: String = file.chars().take(MAX_FILE_NAME).collect();
        let place = match (line, lang) {
            (0, _) => file,
            (_, Lang::Ja) => format!("{file} {line}行目 {column}文字目"),
            (_, Lang::En) => format!("{file}, line {line}, character {column}"),
        };
        let (message, remedy) = (self.problem.message(lang), self.problem.remedy(lang));
        inert(&match lang {
            Lang::Ja => format!("{place}：{message}{remedy}"),
            Lang::En => format!("{place}: {message}; {remedy}"),
        })
    }

    /// `file:line:column: message remedy`, on one line.
    pub fn summary(&self, lang: Lang) -> String {
        format!("{}: {} {}", self.place, self.problem.message(lang), self.problem.remedy(lang))
    }
}
