//! TOML text to values with places.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::{Entry, Node, Spanned, Value, shortened};
use crate::diagnostic::{Code, Diagnostic, Span};

/// Beyond this the file is something else than TOML, and more messages help nobody.
const MOST_ERRORS: usize = 50;

/// Reads the TOML in `text[start..end]`. With syntax errors, which are reported with `code`, the table holds what
/// could be understood.
pub fn parse(text: &str, start: usize, end: usize, code: Code) -> (Vec<Entry>, Vec<Diagnostic>) {
    let source = Source { text: &text[start..end], offset: start };
    let (table, errors) = DeTable::parse_recoverable(source.text);
    let entries = source.entries(table.get_ref());
    let mut errors: Vec<_> = errors.iter().map(|error| (error.span().unwrap_or(0..0), error.message())).collect();
    errors.sort_by_key(|(range, _)| (range.start, range.end));
    let mut diagnostics = Vec::new();
    let mut covered = 0;
    for (range, message) in errors {
        // One mistake often confuses the parser for the rest of its line; the first message is the useful one.
        if range.start < covered {
            continue;
        }
        if diagnostics.len() == MOST_ERRORS {
            break;
        }
        let rest = source.text.get(range.start..).unwrap_or("");
        covered = range.start + rest.find('\n').unwrap_or(rest.len()) + 1;
        let (range, message, help) = explain(source.text, range, message);
        let diagnostic = Diagnostic::new(code, message).at(source.span(range));
        diagnostics.push(match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }
    (entries, diagnostics)
}

/// The text that is read, and where it begins in the file.
struct Source<'a> {
    text: &'a str,
    offset: usize,
}

impl Source<'_> {
    fn span(&self, range: Range<usize>) -> Span {
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

/// The parser's message in our words, with the place to look at and what to do about it.
fn explain(text: &str, range: Range<usize>, message: &str) -> (Range<usize>, String, Option<String>) {
    let rest = text.get(range.start..).unwrap_or("");
    let rest = rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())].trim_end();
    let found = shortened(text.get(range.clone()).unwrap_or(""));
    let to_end = range.start..range.start + rest.len();
    let line_start = text[..range.start].rfind('\n').map_or(0, |newline| newline + 1);
    let before = &text[line_start..range.start];
    let (range, message, help) = match message {
        m if m.starts_with("duplicate key") => {
            (range, format!("the key `{found}` is already set above"), "keep one of the two".to_owned())
        }
        // An opening quote that is not closed leaves the place at the line's end.
        m if m.starts_with("invalid basic string") || m.starts_with("invalid literal string") => {
            let quote = if m.contains("basic") { '"' } else { '\'' };
            let start = line_start + before.find(quote).unwrap_or(before.len());
            (start..range.end, "this text is never closed".to_owned(), format!("add `{quote}` at its end"))
        }
        m if ["string values must be quoted", "invalid boolean", "invalid float", "`_` may only"]
            .iter()
            .any(|begin| m.starts_with(begin)) =>
        {
            match rest {
                "" => (
                    range,
                    "the value is missing after `=`".to_owned(),
                    "write `key = \"text\"`, or take the key out".to_owned(),
                ),
                "yes" | "no" | "on" | "off" | "True" | "False" | "TRUE" | "FALSE" => {
                    let meant = matches!(rest, "yes" | "on" | "True" | "TRUE");
                    (to_end, format!("`{rest}` means nothing in TOML"), format!("write `{meant}`"))
                }
                _ => {
                    let quotes = ['“', '”', '„', '‘', '’', '"', '\'', ' '];
                    let rest = rest.split(" #").next().unwrap_or(rest).trim_end();
                    let plain = rest.trim_matches(quotes);
                    let message = match rest.starts_with(['“', '”', '„', '‘', '’']) {
                        true => "text must stand in straight quotes",
                        false => "text must stand in quotes",
                    };
                    let range = range.start..range.start + rest.len();
                    (range, message.to_owned(), format!("write `\"{}\"`", shortened(plain)))
                }
            }
        }
        m if m.starts_with("invalid unquoted key") && found == ":" => {
            (range, "a colon cannot follow a key here".to_owned(), "write `key = value`".to_owned())
        }
        m if m.starts_with("invalid unquoted key") => {
            (range, format!("the key `{found}` must stand in quotes"), format!("write `\"{found}\" = …`"))
        }
        m if m.starts_with("unquoted keys cannot be empty") => {
            (to_end, "a key is missing before `=`".to_owned(), "write `key = value`".to_owned())
        }
        m if m.starts_with("missing assignment") || m.starts_with("key with no value") => {
            (to_end, "an `=` is missing before this".to_owned(), "write `key = value`".to_owned())
        }
        m if m.starts_with("missing value") => {
            (range, "the value is missing".to_owned(), "write `key = \"text\"`, or take the key out".to_owned())
        }
        m if m.starts_with("unexpected key or value") => {
            (to_end, "something stands behind the value".to_owned(), "begin a new line for each key".to_owned())
        }
        m if m.starts_with("unexpected leading zero") => (
            range,
            "a number cannot begin with `0`".to_owned(),
            "leave the zero out, or put the number in quotes".to_owned(),
        ),
        m if m.contains("escape") || m.contains("unicode value") => (
            range,
            "this text has a backslash that means nothing in TOML".to_owned(),
            "write `\\\\` for a backslash, or put the text in single quotes".to_owned(),
        ),
        m if m.starts_with("invalid date") || m.starts_with("invalid time") => {
            let why = m.split_once("expected ").map_or("", |(_, why)| why);
            (
                range,
                format!("`{found}` is not a date or time: expected {why}"),
                "write year, month and day, as in `2024-01-31`".to_owned(),
            )
        }
        m if m.starts_with("unclosed array table") || m.starts_with("unclosed table") => {
            let help = "write `[name]` or `[[name]]` on a line of its own".to_owned();
            (line_start..range.end, "this heading is never closed".to_owned(), help)
        }
        m if m.starts_with("unclosed array") => {
            (range, "this list is never closed".to_owned(), "add `]` at its end".to_owned())
        }
        m if m.starts_with("unclosed inline table") => {
            (range, "this group is never closed".to_owned(), "add `}` at its end".to_owned())
        }
        m if m.starts_with("missing comma") => {
            (to_end, "a comma is missing before this".to_owned(), "part the items with `,`".to_owned())
        }
        m if m.starts_with("invalid key-value pair") || m.starts_with("missing table open") => {
            let to_line = line_start + before.len() - before.trim_start().len()..to_end.end;
            (to_line, "this line is not `key = value`".to_owned(), "begin a comment with `#`".to_owned())
        }
        m if m.contains("inline table element") => {
            (to_end, "this is no part of a group".to_owned(), "write `{ key = \"text\", key = \"text\" }`".to_owned())
        }
        m if m.contains(" in array") => {
            (range, "this is no part of a list".to_owned(), "write `[\"one\", \"two\"]`".to_owned())
        }
        m if m.starts_with("extra `=`") => {
            (to_end, "there is one `=` too many".to_owned(), "write `key = value`".to_owned())
        }
        m if m.starts_with("carriage return") => {
            let help = "save the file with ordinary line breaks".to_owned();
            (range, "a line ends here in a way that TOML does not know".to_owned(), help)
        }
        m if m.starts_with("extra comma") => {
            (range, "there is one comma too many".to_owned(), "take it out".to_owned())
        }
        m if m.starts_with("invalid comment character") => {
            let help = "delete it; it may be easier to type the line again".to_owned();
            (range, "there is an invisible control character in this comment".to_owned(), help)
        }
        m if m.starts_with("missing opening quote") || m.ends_with("expected `[`") || m.ends_with("expected `{`") => {
            (to_end, "a value cannot begin like this".to_owned(), "put text in quotes".to_owned())
        }
        m if ["offset", "fraction", "mantissa", "exponent", "sign", "radix", "integer"]
            .iter()
            .any(|word| m.contains(word)) =>
        {
            (to_end, "this is neither a number nor a date".to_owned(), "put text in quotes".to_owned())
        }
        m if m.contains("max recursion depth") || m.contains("recursion limit") => {
            (range, "this is nested too deeply".to_owned(), "use fewer levels of lists and groups".to_owned())
        }
        m => return (range, format!("this is not TOML: {m}"), None),
    };
    (range, message, Some(help))
}
