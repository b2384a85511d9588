//! TOML text to values with places.

use toml::de::{DeTable, DeValue};

use super::{Entry, Node, Spanned, Value};
use crate::diagnostic::{Code, Diagnostic, Span};

/// Reads the TOML in `text[start..end]`. With syntax errors, which are reported with `code`, the table holds what
/// could be understood.
pub fn parse(text: &str, start: usize, end: usize, code: Code) -> (Vec<Entry>, Vec<Diagnostic>) {
    let source = Source { text: &text[start..end], offset: start };
    let (table, errors) = DeTable::parse_recoverable(source.text);
    let entries = source.entries(table.get_ref());
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let mut last_line = None;
    for error in errors {
        let range = error.span().unwrap_or(0..0);
        // One mistake often confuses the parser for the rest of its line; the first message is the useful one.
        let line = source.text.as_bytes()[..range.start.min(source.text.len())].iter().filter(|&&b| b == b'\n').count();
        if last_line.replace(line) == Some(line) {
            continue;
        }
        let (message, help) = explain(error.message(), source.text.get(range.clone()).unwrap_or(""));
        let mut diagnostic = Diagnostic::new(code, message).at(source.span(range));
        diagnostic.help = help;
        diagnostics.push(diagnostic);
    }
    (entries, diagnostics)
}

/// The text that is read, and where it begins in the file.
struct Source<'a> {
    text: &'a str,
    offset: usize,
}

impl Source<'_> {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.offset + range.start, self.offset + range.end)
    }

    fn entries(&self, table: &DeTable<'_>) -> Vec<Entry> {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(key, value)| Entry {
                key: Spanned::new(key.get_ref().to_string(), self.span(key.span())),
                value: self.node(value),
            })
            .collect();
        entries.sort_by_key(|entry| entry.key.span);
        entries
    }

    fn node(&self, node: &toml::Spanned<DeValue<'_>>) -> Node {
        let written = || self.text.get(node.span()).unwrap_or("").to_owned();
        let value = match node.get_ref() {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Boolean(flag) => Value::Flag(*flag),
            DeValue::Datetime(_) => Value::Date(written()),
            DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
                Ok(number) => Value::Number { number: number.into(), written: written() },
                // Beyond what a template could calculate with: its spelling is all that can be kept.
                Err(_) => Value::Text(written()),
            },
            DeValue::Float(float) => match float.as_str().parse().ok().and_then(serde_json::Number::from_f64) {
                Some(number) => Value::Number { number, written: written() },
                None => Value::Text(written()),
            },
            DeValue::Array(nodes) => Value::List(nodes.iter().map(|node| self.node(node)).collect()),
            DeValue::Table(table) => Value::Table(self.entries(table)),
        };
        Spanned::new(value, self.span(node.span()))
    }
}

/// The parser's message in our words, and what to do about it.
fn explain(message: &str, found: &str) -> (String, Option<String>) {
    let found = super::shortened(found);
    let (message, help) = match message {
        m if m.starts_with("duplicate key") => {
            (format!("the key `{found}` is already set above"), "keep one of the two".to_owned())
        }
        m if m.starts_with("string values must be quoted") => (
            "text must stand in quotes".to_owned(),
            if found.is_empty() { "put `\"` before and after it".to_owned() } else { format!("write `\"{found}\"`") },
        ),
        m if m.starts_with("missing assignment") || m.starts_with("key with no value") => {
            ("an `=` is missing after this key".to_owned(), "write `key = value`".to_owned())
        }
        m if m.starts_with("missing value") => {
            ("the value is missing after `=`".to_owned(), "write `key = \"text\"`, or take the key out".to_owned())
        }
        m if m.starts_with("unclosed array") => {
            ("this list is never closed".to_owned(), "add `]` at its end".to_owned())
        }
        m if m.starts_with("unclosed inline table") => {
            ("this group is never closed".to_owned(), "add `}` at its end".to_owned())
        }
        m if m.starts_with("unclosed table") => {
            ("this heading is never closed".to_owned(), "write `[name]` on a line of its own".to_owned())
        }
        m if m.starts_with("missing comma") => {
            ("a comma is missing here".to_owned(), "part the items with `,`".to_owned())
        }
        m if m.contains("max recursion depth") || m.contains("recursion limit") => {
            ("this is nested too deeply".to_owned(), "use fewer levels of lists and groups".to_owned())
        }
        m => return (format!("this is not TOML: {m}"), None),
    };
    (message, Some(help))
}
