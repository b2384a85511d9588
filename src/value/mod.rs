//! What people write in YAML and TOML, as one kind of value that knows its place in the file.
//!
//! Front matter and `site.toml` are both read from this, so that a wrong value is described in the same words
//! everywhere and every message points at the author's own text.

pub mod date;
mod explain;
pub mod reader;
pub mod toml;
pub mod write;
pub mod yaml;

use crate::diagnostic::Span;

/// A value and where it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place in the file.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// The value at this place.
    pub fn new(value: T, span: Span) -> Spanned<T> {
        Spanned { value, span }
    }
}

/// A value of any kind, as the author wrote it.
pub type Node = Spanned<Value>;

/// The kinds of value that YAML and TOML have in common.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// YAML's `null`, `~`, or nothing at all after the colon.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number, with its spelling: a title such as `1.10` must not become `1.1`.
    Number {
        /// What it means.
        number: serde_json::Number,
        /// How it was written.
        written: String,
    },
    /// Any text. YAML's dates are text too.
    Text(String),
    /// One of TOML's dates and times, as it was written.
    Date(String),
    /// A list.
    List(Vec<Node>),
    /// Keys with values, in the order of the file. A key can be there twice.
    Table(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Spanned<String>,
    /// Its value.
    pub value: Node,
}

impl Value {
    /// The same value for templates; of a key that is there twice, the last one counts.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Value::Null => serde_json::Value::Null,
            Value::Flag(flag) => (*flag).into(),
            Value::Number { number, .. } => number.clone().into(),
            Value::Text(text) | Value::Date(text) => text.as_str().into(),
            Value::List(nodes) => nodes.iter().map(|node| node.value.to_json()).collect(),
            Value::Table(entries) => serde_json::Value::Object(
                entries.iter().map(|entry| (entry.key.value.clone(), entry.value.value.to_json())).collect(),
            ),
        }
    }

    /// The value in words, for messages.
    pub fn describe(&self) -> String {
        match self {
            Value::Null => "nothing".to_owned(),
            Value::Flag(flag) => format!("`{flag}`"),
            Value::Number { written, .. } => format!("the number `{written}`"),
            Value::Text(text) if text.is_empty() => "empty text".to_owned(),
            Value::Text(text) => format!("the text `{}`", shortened(text)),
            Value::Date(text) => format!("the date `{text}`"),
            Value::List(nodes) if nodes.is_empty() => "an empty list".to_owned(),
            Value::List(_) => "a list".to_owned(),
            Value::Table(_) => "a group of keys".to_owned(),
        }
    }
}

/// The text, short enough to stand in a message.
pub fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    match text.char_indices().nth(MOST) {
        Some((cut, _)) => format!("{}…", text[..cut].trim_end()),
        None => text.to_owned(),
    }
}
