//! YAML text to values with places.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::{DuplicateKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Error, Location, Options};

use super::explain::{self, Explanation, is_zero_width};
use super::{Entry, Node, Spanned, Value};
use crate::diagnostic::{Code, Diagnostic, Span};

/// Reads the YAML in `text[start..end]`. A syntax error is reported with `code`; then there is no value.
pub fn parse(text: &str, start: usize, end: usize, code: Code) -> Result<Node, Diagnostic> {
    let source = Source { text: &text[start..end], offset: start };
    match serde_saphyr::from_str_with_options::<Placed>(source.text, options()) {
        Ok(placed) => Ok(source.node(placed)),
        Err(error) => Err(source.explain(&error, code)),
    }
}

/// Reads the YAML in `text[start..end]`, which must be keys with values. Empty text is a table without keys.
pub fn parse_table(text: &str, start: usize, end: usize, code: Code) -> Result<Vec<Entry>, Diagnostic> {
    let node = parse(text, start, end, code)?;
    let found = match node.value {
        Value::Table(entries) => return Ok(entries),
        Value::Null => return Ok(Vec::new()),
        value => value.describe(),
    };
    let source = Source { text: &text[start..end], offset: start };
    if let Some(explanation) = explain::missing_keys(source.text, node.span.range().start - start) {
        return Err(source.diagnostic(explanation, code));
    }
    let help = "write `title: Your title`; if these lines belong to the page, put an empty line after the first `---`";
    Err(Diagnostic::new(code, format!("front matter is lines of `key: value`, found {found}")).at(node.span).help(help))
}

/// YAML 1.2's reading of plain words, and limits that no honest front matter comes near.
fn options() -> Options {
    serde_saphyr::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        reject_unsupported_tags: true,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        with_snippet: false,
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 10_000,
            max_replay_stack_depth: 16,
        },
        budget: serde_saphyr::budget! {
            max_events: 100_000,
            max_nodes: 20_000,
            max_aliases: 1_000,
            max_anchors: 1_000,
            max_depth: 32,
            max_documents: 1,
            max_total_scalar_bytes: 4 << 20,
            max_recorded_anchor_events: 20_000,
            max_recorded_anchor_bytes: 1 << 20,
            max_merge_keys: 100,
        },
    }
}

type Placed = serde_saphyr::Spanned<Raw>;

/// A value as the parser gives it, before its places are turned into ours.
enum Raw {
    Null,
    Flag(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Placed>),
    Table(Vec<(serde_saphyr::Spanned<String>, Placed)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Raw, E> {
        Ok(Raw::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Raw, E> {
        Ok(Raw::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Raw, E> {
        Ok(Raw::Number(number.into()))
    }

    fn visit_i128<E>(self, number: i128) -> Result<Raw, E> {
        Ok(Raw::Text(number.to_string()))
    }

    fn visit_u128<E>(self, number: u128) -> Result<Raw, E> {
        Ok(Raw::Text(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Raw, E> {
        Ok(match serde_json::Number::from_f64(number) {
            Some(number) => Raw::Number(number),
            None => Raw::Text(number.to_string()),
        })
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Raw, E> {
        Ok(Raw::Text(text))
    }

    fn visit_byte_buf<E: serde::de::Error>(self, bytes: Vec<u8>) -> Result<Raw, E> {
        String::from_utf8(bytes).map(Raw::Text).map_err(|_| E::custom("binary data has no place in front matter"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut table = Vec::new();
        while let Some(key) = entries.next_key()? {
            table.push((key, entries.next_value()?));
        }
        Ok(Raw::Table(table))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_enum<A: serde::de::EnumAccess<'de>>(self, _: A) -> Result<Raw, A::Error> {
        Err(A::Error::custom("tags such as `!name` have no place here"))
    }
}

/// The text that is read, and where it begins in the file.
struct Source<'a> {
    text: &'a str,
    offset: usize,
}

impl Source<'_> {
    fn node(&self, placed: Placed) -> Node {
        let mut span = self.span(placed.referenced);
        let value = match placed.value {
            Raw::Null => Value::Null,
            Raw::Flag(flag) => Value::Flag(flag),
            Raw::Number(number) => {
                let written = self.text[self.range(placed.defined)].trim().to_owned();
                Value::Number { written: if written.is_empty() { number.to_string() } else { written }, number }
            }
            Raw::Text(text) => Value::Text(text),
            Raw::List(items) => {
                let items: Vec<Node> = items.into_iter().map(|item| self.node(item)).collect();
                span = self.around(span, items.iter().map(|item| item.span));
                Value::List(items)
            }
            Raw::Table(entries) => {
                let entries: Vec<Entry> = entries.into_iter().map(|(key, value)| self.entry(key, value)).collect();
                span = self.around(span, entries.iter().flat_map(|entry| [entry.key.span, entry.value.span]));
                Value::Table(entries)
            }
        };
        Spanned::new(value, span)
    }

    /// Invisible characters at the ends of a key come from pasting; a key that looks right is right.
    fn entry(&self, key: serde_saphyr::Spanned<String>, value: Placed) -> Entry {
        let span = self.span(key.referenced);
        let name = key.value.trim_matches(|c: char| c.is_whitespace() || is_zero_width(c));
        let key = if name.len() == key.value.len() { key.value } else { name.to_owned() };
        Entry { key: Spanned::new(key, span), value: self.node(value) }
    }

    /// The span of a list or table: the parser gives its first character only.
    fn around(&self, opening: Span, parts: impl Iterator<Item = Span>) -> Span {
        let bracket = self.text.as_bytes().get(opening.range().start - self.offset).copied();
        let mut span = opening;
        for part in parts {
            span = Span { start: span.start.min(part.start), end: span.end.max(part.end) };
        }
        let closing = match bracket {
            Some(b'[') => ']',
            Some(b'{') => '}',
            _ => return span,
        };
        let rest = &self.text[span.end as usize - self.offset..];
        match rest.find(|c: char| !c.is_whitespace() && c != ',') {
            Some(at) if rest[at..].starts_with(closing) => Span { end: span.end + at as u32 + 1, ..span },
            _ => span,
        }
    }

    /// The bytes of a place, within the text and on character boundaries whatever the parser says.
    fn range(&self, location: Location) -> std::ops::Range<usize> {
        let span = location.span();
        let start = span.byte_offset().unwrap_or(0) as usize;
        let end = start.saturating_add(span.byte_len().unwrap_or(0) as usize);
        Span::new(start, end).within(self.text)
    }

    fn span(&self, location: Location) -> Span {
        let range = self.range(location);
        // Blocks and folded texts end where the next thing begins; the line breaks between are nobody's.
        let end = range.start + self.text[range.clone()].trim_end().len();
        Span::new(self.offset + range.start, self.offset + end)
    }

    /// The byte of a line and column, both from 1, where the parser counts characters.
    fn byte(&self, line: u64, column: u64) -> usize {
        let mut rest = self.text;
        for _ in 1..line {
            match rest.find('\n') {
                Some(end) => rest = &rest[end + 1..],
                None => return self.text.len(),
            }
        }
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        let column = line.char_indices().nth(column.saturating_sub(1) as usize).map_or(line.len(), |(at, _)| at);
        self.text.len() - rest.len() + column
    }

    fn explain(&self, error: &Error, code: Code) -> Diagnostic {
        let location = error.location().unwrap_or(Location::UNKNOWN);
        let at = match location.span().byte_offset() {
            Some(_) => self.range(location).start,
            None => self.byte(location.line(), location.column()),
        };
        let mut error = error.without_snippet();
        while let Error::AliasError { error: inner, .. } = error {
            error = inner.without_snippet();
        }
        let explanation = match error {
            Error::Budget { breach: serde_saphyr::budget::BudgetBreach::Depth { .. }, .. } => Explanation::nested(at),
            Error::Budget { .. }
            | Error::AliasReplayLimitExceeded { .. }
            | Error::AliasExpansionLimitExceeded { .. }
            | Error::AliasReplayStackDepthExceeded { .. }
            | Error::AliasReplayCounterOverflow { .. } => Explanation::too_much(at),
            Error::RecursiveReferencesRequireWeakTypes { .. } => Explanation::recursive(self.text, at),
            error => {
                let message = error.to_string();
                let message = message.rfind(" at line ").map_or(message.as_str(), |end| &message[..end]);
                explain::explain(self.text, at, message)
            }
        };
        self.diagnostic(explanation, code)
    }

    fn diagnostic(&self, explanation: Explanation, code: Code) -> Diagnostic {
        let range = explanation.range;
        let diagnostic = Diagnostic::new(code, explanation.message)
            .at(Span::new(self.offset + range.start, self.offset + range.end.max(range.start)));
        match explanation.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}
