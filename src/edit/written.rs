//! How YAML and TOML write the little that we add to them, and where lines of theirs begin and end.

use crate::diagnostic::{Edit, Span};

/// What a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    Yaml,
    Toml,
}

impl Notation {
    /// A text, as a value or a key. Quotes are those of JSON, which both understand.
    pub(super) fn text(self, text: &str) -> String {
        let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '~' | '#');
        let begins_plain = text.starts_with(|c: char| c.is_alphabetic() || c == '/');
        let is_word = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word));
        match self {
            Notation::Yaml if begins_plain && !is_word && text.chars().all(is_plain) => text.to_string(),
            _ => serde_json::Value::from(text).to_string(),
        }
    }

    /// What stands between a key and its value.
    pub(super) fn assign(self) -> &'static str {
        match self {
            Notation::Yaml => ": ",
            Notation::Toml => " = ",
        }
    }
}

/// The edit that puts text at a place, without a file.
pub(super) fn insert(at: usize, text: impl Into<String>) -> Edit {
    Edit { file: String::new(), span: Span::new(at, at), replacement: text.into() }
}

/// Where the line after this place begins.
pub(super) fn after_line(text: &str, at: usize) -> usize {
    // A place behind a line break is still of the line before.
    let at = if at > 0 && text[..at].ends_with('\n') { at - 1 } else { at };
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

/// The blanks that the line of this place begins with.
pub(super) fn column(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |line| line + 1);
    let line = &text[start..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}
