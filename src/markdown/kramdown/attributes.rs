//! Attribute lists: what stands in `{: … }`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use crate::markdown::kramdown::chars::{is_ascii_word, is_space, name_end};
use crate::markdown::kramdown::entity::decode;
use crate::markdown::kramdown::growth::Growth;
use crate::markdown::kramdown::needle::{Braces, Misses, Needle};
use crate::markdown::kramdown::piece::Piece;
use crate::markdown::tree::Attributes;

/// An attribute list as written: attributes, and names of definitions or of special lists such as `toc`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AttributeList<'t> {
    /// The names.
    pub refs: Vec<Cow<'t, str>>,
    /// The attributes.
    pub attributes: Attributes<'t>,
}

/// The lists that `{:name: …}` defined.
#[derive(Debug)]
pub struct Definitions<'t> {
    /// By name.
    pub lists: HashMap<String, AttributeList<'t>>,
    /// What using definitions of any kind may still add to the page.
    pub growth: Growth,
}

impl<'t> AttributeList<'t> {
    /// Whether the list names this definition or special list.
    pub fn refers_to(&self, name: &str) -> bool {
        self.refs.iter().any(|r| r == name)
    }

    /// Adds what another list says; its id and values win.
    pub fn join(&mut self, other: AttributeList<'t>) {
        self.refs.extend(other.refs);
        self.attributes.merge(other.attributes);
    }

    /// Sets the attributes of the list, and of the definitions it names, on `target`.
    pub fn apply(&self, target: &mut Attributes<'t>, definitions: &Definitions<'t>) {
        self.apply_at(target, definitions, 0);
    }

    fn apply_at(&self, target: &mut Attributes<'t>, definitions: &Definitions<'t>, depth: usize) {
        // Definitions that name each other in a circle would never end.
        const DEEPEST: usize = 8;
        for name in &self.refs {
            if let Some(definition) = definitions.lists.get(&**name).filter(|_| depth < DEEPEST)
                && definitions.growth.take(definition.size())
            {
                definition.apply_at(target, definitions, depth + 1);
            }
        }
        target.merge(self.attributes.clone());
    }

    /// What one more use of the list costs, in bytes.
    pub fn size(&self) -> usize {
        const OVERHEAD: usize = 16;
        OVERHEAD + self.attributes.size() + self.refs.iter().map(|name| name.len()).sum::<usize>()
    }

    /// Reads the text between `{:` and `}` into the list. `false` when it has no attribute at all.
    pub fn read(&mut self, piece: &Piece<'t>, range: Range<usize>) -> bool {
        let bytes = piece.text.as_bytes();
        let text = &piece.text[range.clone()];
        if text.trim().is_empty() || text.trim() == ":" {
            return true;
        }
        let mut found = false;
        let mut at = range.start;
        while at < range.end {
            // An attribute begins at the start or after one white space character.
            let start = if at == range.start && !is_space(bytes[at]) {
                at
            } else if is_space(bytes[at]) {
                at + 1
            } else {
                at += 1;
                continue;
            };
            match self.read_one(piece, start, range.end) {
                Some(end) => {
                    found = true;
                    at = end;
                }
                None => at += 1,
            }
        }
        found
    }

    /// Reads one attribute that begins at `start`, and returns where it ends.
    fn read_one(&mut self, piece: &Piece<'t>, start: usize, end: usize) -> Option<usize> {
        let bytes = piece.text.as_bytes();
        let stops = |at: usize| at >= end || is_space(bytes[at]);
        if let Some(name) = name_end(&bytes[..end], start) {
            if stops(name) {
                self.refs.push(piece.cow(start..name));
                return Some(name);
            }
            if bytes[name] != b'=' {
                return None;
            }
            let quote = bytes.get(name + 1).copied().filter(|&q| q == b'"' || q == b'\'')?;
            let value = name + 2;
            // A quote behind a backslash is part of the value, unless no other one ends it.
            let mut closes = (value..end).filter(|&at| bytes[at] == quote && stops(at + 1));
            let mut escaped = None;
            let close = closes
                .find(|&at| {
                    bytes[at - 1] != b'\\' || {
                        escaped = Some(at);
                        false
                    }
                })
                .or(escaped)?;
            self.set(piece.cow(start..name), decode(unescape(piece.cow(value..close), quote)));
            return Some(close + 1);
        }
        let shorthand = shorthand_end(&bytes[..end], start)?;
        if !stops(shorthand) {
            return None;
        }
        let mut at = start;
        while at < shorthand {
            let next = shorthand_part(&bytes[..end], at)?;
            match bytes[at] {
                b'#' => self.attributes.id = Some(piece.cow(at + 1..next)),
                _ => self.attributes.add_class(decode(piece.cow(at + 1..next))),
            }
            at = next;
        }
        Some(shorthand)
    }

    fn set(&mut self, name: Cow<'t, str>, value: Cow<'t, str>) {
        match &*name {
            "id" => self.attributes.id = Some(value),
            "class" => {
                self.attributes.classes.clear();
                add_classes(&mut self.attributes, value);
            }
            _ => self.attributes.set(name, value),
        }
    }
}

/// Adds the classes of a `class="…"` value.
pub fn add_classes<'t>(attributes: &mut Attributes<'t>, value: Cow<'t, str>) {
    match value {
        Cow::Borrowed(value) => value.split_ascii_whitespace().for_each(|class| attributes.add_class(class)),
        Cow::Owned(value) => {
            value.split_ascii_whitespace().for_each(|class| attributes.add_class(class.to_string()));
        }
    }
}

fn unescape(value: Cow<'_, str>, quote: u8) -> Cow<'_, str> {
    if !value.contains('\\') {
        return value;
    }
    let quote = quote as char;
    Cow::Owned(value.replace("\\}", "}").replace(&format!("\\{quote}"), &quote.to_string()))
}

/// Where a run of `#id` and `.class` ends.
fn shorthand_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = shorthand_part(bytes, start)?;
    while let Some(next) = shorthand_part(bytes, at) {
        at = next;
    }
    Some(at)
}

fn shorthand_part(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at + 1..)?;
    let length = match bytes[at] {
        b'#' if rest.first()?.is_ascii_alphabetic() => {
            rest.iter().position(|&b| !is_ascii_word(b) && b != b':' && b != b'-').unwrap_or(rest.len())
        }
        b'.' => rest.iter().position(|&b| is_space(b) || b == b'.' || b == b'#').unwrap_or(rest.len()),
        _ => 0,
    };
    (length > 0).then_some(at + 1 + length)
}

/// Where the `}` stands that ends a list which begins at `from`, inside its braces; `\}` only ends it when no other does.
pub fn closing_brace(bytes: &[u8], from: usize, misses: &mut Misses) -> Option<usize> {
    if bytes.get(from) == Some(&b'}') {
        return Some(from);
    }
    let known = misses.1.filter(|known| from >= known.from && known.plain.is_none_or(|plain| from <= plain));
    let braces = known.unwrap_or_else(|| {
        let mut braces = Braces { from, plain: None, escaped: None };
        let mut at = from;
        while let Some(found) = misses.find(Needle::Brace, bytes, at) {
            if bytes[found - 1] != b'\\' {
                braces.plain = Some(found);
                break;
            }
            braces.escaped = Some(found);
            at = found + 1;
        }
        misses.1 = Some(braces);
        braces
    });
    braces.plain.or(braces.escaped.filter(|&escaped| escaped > from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (AttributeList<'_>, bool) {
        let mut list = AttributeList::default();
        let found = list.read(&Piece::whole(text, 0), 0..text.len());
        (list, found)
    }

    #[test]
    fn every_kind_of_attribute_is_read() {
        let (list, found) = read(" .a.b#i toc k=\"v w\" l='\\'' ");
        assert!(found);
        assert_eq!(list.refs, ["toc"]);
        assert_eq!(list.attributes.id.as_deref(), Some("i"));
        assert_eq!(list.attributes.classes, ["a", "b"]);
        assert_eq!(list.attributes.others, [("k".into(), "v w".into()), ("l".into(), "'".into())]);
    }

    #[test]
    fn what_is_no_attribute_is_left_out() {
        let (list, found) = read("a=b %");
        assert!(!found);
        assert_eq!(list, AttributeList::default());
    }
}
