//! Values -> YAML that says exactly them: plain where that is safe, in quotes where it is not, in lines of their own where there are several.
//!
//! Which bytes of a file they take the place of is left to `edit.rs`.

use std::fmt::Write;

use super::tree::{Node, Value};
use super::{Lang, Localized, punctuation};

/// What a part of a file says, without how it is written. Line breaks at the end of a text do not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Text(String),
    List(Vec<Content>),
    Map(Vec<(String, Content)>),
}

impl Content {
    /// What a node says.
    pub fn of(node: &Node) -> Self {
        match &node.value {
            Value::Scalar(text) => Content::text(text),
            Value::List(items) => Content::List(items.iter().map(Content::of).collect()),
            Value::Map(pairs) => Content::Map(pairs.iter().map(|(key, value)| (key.name.clone(), Content::of(value))).collect()),
        }
    }

    pub fn text(text: &str) -> Self {
        Content::Text(text.trim_end_matches('\n').to_owned())
    }

    pub fn get(&self, name: &str) -> Option<&Content> {
        match self {
            Content::Map(pairs) => pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            Content::Text(_) | Content::List(_) => None,
        }
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut Content> {
        match self {
            Content::Map(pairs) => pairs.iter_mut().find(|(key, _)| key == name).map(|(_, value)| value),
            Content::Text(_) | Content::List(_) => None,
        }
    }

    pub fn items(&self) -> &[Content] {
        match self {
            Content::List(items) => items,
            Content::Text(_) | Content::Map(_) => &[],
        }
    }

    /// Gives a field a value, or takes it away; a new one stands behind those that `order` has before it.
    pub fn set(&mut self, name: &str, value: Option<Content>, order: &[&str]) {
        let Content::Map(pairs) = self else { return };
        let at = pairs.iter().position(|(key, _)| key == name);
        match (at, value) {
            (Some(at), Some(value)) => pairs[at].1 = value,
            (Some(at), None) => drop(pairs.remove(at)),
            (None, Some(value)) => {
                let rank = |name: &str| order.iter().position(|known| *known == name).unwrap_or(usize::MAX);
                let before = pairs.iter().rposition(|(key, _)| rank(key) < rank(name));
                pairs.insert(before.map_or(0, |at| at + 1), (name.to_owned(), value));
            }
            (None, None) => {}
        }
    }

    /// Nothing, where it says nothing.
    pub fn into_non_empty(self) -> Option<Self> {
        let is_empty = match &self {
            Content::Text(text) => text.is_empty(),
            Content::List(items) => items.is_empty(),
            Content::Map(pairs) => pairs.is_empty(),
        };
        (!is_empty).then_some(self)
    }

    /// A text in each language.
    pub fn localized(&self, default: Lang) -> Localized {
        let text = |content: &Content| match content {
            Content::Text(text) => Some(text.clone()),
            Content::List(_) | Content::Map(_) => None,
        };
        match self {
            Content::Text(text) => Localized::only(default, text.clone()),
            _ => Localized { ja: self.get("ja").and_then(text), en: self.get("en").and_then(text) },
        }
    }
}

/// `name: value` whose name stands at column `indent`: lines below it are indented, its own is not, and the last has no line break.
pub fn field(name: &str, value: &Content, indent: usize, line_end: &str) -> String {
    let below = format!("{line_end}{}", " ".repeat(indent + 2));
    let name = spelt(name, false);
    match value {
        Content::Text(text) => match block(text) {
            Some(lines) => format!("{name}: |{}", indented(lines, &below, line_end)),
            None => format!("{name}: {}", spelt(text, false)),
        },
        Content::List(items) if items.is_empty() => format!("{name}: []"),
        Content::Map(pairs) if pairs.is_empty() => format!("{name}: {{}}"),
        Content::List(items) => {
            let items = items.iter().map(|one| format!("{below}{}", item(one, indent + 2, line_end)));
            format!("{name}:{}", items.collect::<String>())
        }
        Content::Map(pairs) => {
            let fields = pairs.iter().map(|(name, value)| format!("{below}{}", field(name, value, indent + 2, line_end)));
            format!("{name}:{}", fields.collect::<String>())
        }
    }
}

/// `- value` whose dash stands at column `indent`.
pub fn item(value: &Content, indent: usize, line_end: &str) -> String {
    match value {
        Content::Map(pairs) if !pairs.is_empty() => {
            let fields = pairs.iter().map(|(name, value)| field(name, value, indent + 2, line_end));
            let between = format!("{line_end}{}", " ".repeat(indent + 2));
            format!("- {}", fields.collect::<Vec<_>>().join(&between))
        }
        Content::Text(text) => match block(text) {
            Some(lines) => format!("- |{}", indented(lines, &format!("{line_end}{}", " ".repeat(indent + 2)), line_end)),
            None => format!("- {}", spelt(text, false)),
        },
        other => format!("- {}", in_flow(other)),
    }
}

/// On one line, with brackets and braces.
pub fn in_flow(value: &Content) -> String {
    match value {
        Content::Text(text) => spelt(text, true),
        Content::List(items) => format!("[{}]", items.iter().map(in_flow).collect::<Vec<_>>().join(", ")),
        Content::Map(pairs) => {
            let fields = pairs.iter().map(|(name, value)| format!("{}: {}", spelt(name, true), in_flow(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
    }
}

/// The lines of a text that can stand behind a `|`.
fn block(text: &str) -> Option<&str> {
    let is_line = |line: &str| {
        // A wide space between words, and what joins an emoji, do no harm there.
        let is_seen = line.chars().all(|c| !is_hidden(c) || matches!(c, '\u{3000}' | '\u{200d}'));
        is_seen && !line.starts_with('\u{3000}') && !line.ends_with([' ', '\u{3000}']) && punctuation::slip(line).is_none()
    };
    let may_stand = text.contains('\n')
        && !text.starts_with([' ', '\n'])
        && text.lines().all(is_line)
        && punctuation::fields_within(text).next().is_none();
    may_stand.then_some(text)
}

fn indented(lines: &str, below: &str, line_end: &str) -> String {
    lines.split('\n').map(|line| if line.is_empty() { line_end.to_owned() } else { format!("{below}{line}") }).collect()
}

/// A text on one line.
fn spelt(text: &str, is_in_flow: bool) -> String {
    if is_plain(text, is_in_flow) {
        text.to_owned()
    } else if text.chars().any(is_hidden) {
        escaped(text)
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// Whether a text says itself without quotes, to YAML and to whoever reads it.
fn is_plain(text: &str, is_in_flow: bool) -> bool {
    /// What others read as no text.
    const WORDS: [&str; 10] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan"];
    let is_start = |c: char| c.is_alphanumeric() || matches!(c, '「' | '『' | '（' | '(');
    let is_inside = |c: char| {
        let is_sign = matches!(
            c,
            ' ' | '-'
                | '_'
                | '.'
                | '/'
                | '?'
                | '？'
                | '!'
                | '！'
                | '、'
                | '。'
                | '・'
                | 'ー'
                | '〜'
                | '～'
                | '…'
                | '('
                | ')'
                | '（'
                | '）'
                | '「'
                | '」'
                | '『'
                | '』'
                | '+'
                | '='
                | '%'
                | '~'
                | ';'
                | '\''
                | '"'
        );
        c.is_alphanumeric() || is_sign || (!is_in_flow && c == ',')
    };
    let is_address = || text.starts_with("https://") && text.chars().all(|c| c.is_ascii_graphic() && !"#,[]{}".contains(c));
    let is_number = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | '+' | 'e' | 'E' | 'x' | 'o'))
        && super::load::parse_date(text).is_err();
    let is_words = text.starts_with(is_start) && text.chars().all(is_inside) && !text.ends_with(' ');
    (is_words || (is_address() && !is_in_flow))
        && !is_number
        && !WORDS.contains(&text.to_lowercase().as_str())
        && punctuation::slip(text).is_none()
        && punctuation::slips(text, 0).next().is_none()
        && punctuation::in_wide_quotes(text).is_none()
}

/// Characters that do not show, and line breaks of any kind.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{a0}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{3000}')
}

/// In double quotes, with what does not show by its number.
fn escaped(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\u{3000}' => quoted.push(c),
            c if is_hidden(c) && u32::from(c) <= 0xffff => {
                write!(quoted, "\\u{:04X}", u32::from(c)).expect("a String takes whatever is written");
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
