//! Definitions of links, abbreviations and footnotes.

use std::borrow::Cow;
use std::collections::HashSet;
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::markdown::definition;
use crate::markdown::kramdown::block::{BlockId, BlockKind, End};
use crate::markdown::kramdown::blocks::{Blocks, Cursor, DEEPEST, Frame};
use crate::markdown::kramdown::chars::{line_end, name_end, skip_blanks, skip_space, trim_end};
use crate::markdown::kramdown::indented::code_end;
use crate::markdown::kramdown::line;
use crate::markdown::kramdown::piece::Piece;

/// What `[name]: target "title"` defines.
#[derive(Debug, Clone)]
pub struct LinkDefinition<'t> {
    /// As the author wrote it.
    pub target: Cow<'t, str>,
    /// Empty when there is none.
    pub title: Cow<'t, str>,
    /// The trace that takes attributes.
    pub block: BlockId,
    /// Where the definition stands.
    pub span: Span,
    /// Whether it was said already that there are several; once is enough for each name.
    pub is_reported: bool,
}

/// A link's name as names are compared: case does not matter, nor how much white space parts the words.
pub fn link_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut in_space = false;
    for c in name.chars() {
        let space = c.is_ascii_whitespace() || c == '\u{b}';
        if !space {
            out.extend(c.to_lowercase());
        } else if !in_space {
            out.push(' ');
        }
        in_space = space;
    }
    out
}

impl<'t> Blocks<'t> {
    pub(super) fn link_definition(&mut self, cursor: &mut Cursor<'t>, frame: &mut Frame<'t>) -> bool {
        let piece = Rc::clone(&cursor.piece);
        let bytes = piece.text.as_bytes();
        let open = line::margin(bytes, cursor.at);
        let Some(parts) = definition_parts(bytes, open) else { return false };
        let name = link_name(&piece.text[parts.name.clone()]);
        let span = piece.span(open..trim_end(bytes, open, parts.end));
        let before = self.links.get(&name);
        if let Some(before) = before.filter(|before| !before.is_reported) {
            let place = line_number(self.source, before.span.start as usize);
            self.diagnostics.push(
                Diagnostic::new(Code::LinkDefinition, format!("`[{name}]` is defined twice"))
                    .at(span)
                    .help(format!("this definition wins over the one on line {place}; remove one of them")),
            );
        }
        let is_reported = before.is_some();
        let block = self.push(frame, BlockKind::End(End::Definition), span);
        let target = piece.cow(parts.target);
        let title = parts.title.map_or(Cow::Borrowed(""), |title| piece.cow(title));
        self.longest_link_name = self.longest_link_name.max(name.len());
        self.links.insert(name, LinkDefinition { target, title, block, span, is_reported });
        cursor.at = parts.end;
        true
    }

    /// What is to be said of definitions once all is read: that they were used too much, or not at all.
    pub(super) fn problems_of_definitions(&self, used: &HashSet<String>) -> Vec<Diagnostic> {
        // What was then left as it is written may use what seems unused.
        if self.definitions.growth.is_spent() {
            let message = "this page uses its definitions, or pads its tables, until it is many times as large; the rest is left as written";
            let help = "shorten what is defined, or split the page";
            return vec![Diagnostic::new(Code::LinkDefinition, message).help(help)];
        }
        let links = self.links.iter().filter(|(name, _)| !used.contains(*name));
        let unused = links.filter_map(|(name, found)| definition::unused(name, &found.target, found.span));
        let mut unused: Vec<Diagnostic> = unused.collect();
        unused.sort_by_key(|problem| problem.span);
        unused
    }

    pub(super) fn abbreviation(&mut self, cursor: &mut Cursor<'t>, frame: &mut Frame<'t>) -> bool {
        let piece = Rc::clone(&cursor.piece);
        let bytes = piece.text.as_bytes();
        let open = line::margin(bytes, cursor.at);
        let end = line_end(bytes, open);
        let line = &piece.text[open..end - 1];
        if !line.starts_with("*[") {
            return false;
        }
        // The name has at least one character, which may be a bracket.
        let Some(close) = line.char_indices().skip(3).find(|&(i, _)| line[i..].starts_with("]:")) else { return false };
        let name = line[2..close.0].to_string();
        let text = open + close.0 + 2;
        let meaning = skip_space(&bytes[..end - 1], text);
        let meaning = piece.cow(meaning..trim_end(bytes, meaning, end - 1));
        let block = self.push(frame, BlockKind::End(End::Definition), piece.span(open..end));
        self.abbreviations.insert(name, (meaning, block));
        cursor.at = end;
        true
    }

    pub(super) fn footnote(&mut self, cursor: &mut Cursor<'t>, frame: &mut Frame<'t>) -> bool {
        let piece = Rc::clone(&cursor.piece);
        let bytes = piece.text.as_bytes();
        let open = line::margin(bytes, cursor.at);
        if self.depth >= DEEPEST || !bytes[open..].starts_with(b"[^") {
            return false;
        }
        let Some(name) = name_end(bytes, open + 2) else { return false };
        if !bytes[name..].starts_with(b"]:") {
            return false;
        }
        let end = code_end(&piece.text, line_end(bytes, open), &mut cursor.misses);
        let mut text = Piece::empty(self.source);
        let mut at = name + 2;
        while at < end {
            let next = line_end(bytes, at);
            text.push(&piece, line::indent_end(bytes, at).unwrap_or(at)..next);
            at = next;
        }
        let span = piece.span(open..trim_end(bytes, open, end));
        let footnote = self.create(BlockKind::Container, span);
        self.container(&mut Cursor::new(text), footnote);
        let mut shown = self.arena[footnote].children.iter().rev().map(|&id| &self.arena[id].kind);
        if shown
            .find(|kind| !matches!(kind, BlockKind::End(_)))
            .is_some_and(|last| matches!(last, BlockKind::Blank { .. }))
        {
            // Something that shows nothing stood after the last blank line, an attribute list for one. The way back does
            // not go into the paragraph before it.
            let nothing = self.create(BlockKind::Raw(Cow::Borrowed("")), span);
            self.arena[footnote].children.push(nothing);
        }
        let trace = self.push(frame, BlockKind::End(End::Definition), span);
        self.footnotes.insert(piece.text[open + 2..name].to_string(), (footnote, trace));
        cursor.at = end;
        true
    }
}

fn line_number(source: &str, at: usize) -> usize {
    source.as_bytes()[..at].iter().filter(|&&b| b == b'\n').count() + 1
}

/// The parts of `[name]: target "title"`.
struct Parts {
    name: std::ops::Range<usize>,
    target: std::ops::Range<usize>,
    title: Option<std::ops::Range<usize>>,
    end: usize,
}

fn definition_parts(bytes: &[u8], open: usize) -> Option<Parts> {
    if bytes[open] != b'[' {
        return None;
    }
    let length = bytes[open + 1..].iter().position(|&b| b == b']' || b == b'\n')?;
    let name = open + 1..open + 1 + length;
    if length == 0 || !bytes[name.end..].starts_with(b"]:") {
        return None;
    }
    let start = skip_blanks(bytes, name.end + 2);
    let line = line_end(bytes, start) - 1;
    if bytes[start] == b'<' {
        let mut from = start + 1;
        while let Some(i) = memchr::memchr(b'>', &bytes[from..line]) {
            let close = from + i;
            if let Some((title, end)) = title_and_end(bytes, close + 1, line) {
                return Some(Parts { name, target: start + 1..close, title, end });
            }
            from = close + 1;
        }
    }
    if start >= line {
        return None;
    }
    let trimmed = start + bytes[start..line].iter().rposition(|&b| b != b' ' && b != b'\t')? + 1;
    let mut title = None;
    let mut target = start..trimmed;
    // A title on the same line ends where the line does, and begins at the first quote that allows that.
    let quote = bytes[trimmed - 1];
    if matches!(quote, b'"' | b'\'') {
        let found = (start + 1..trimmed - 2)
            .find(|&at| bytes[at] == quote && matches!(bytes[at - 1], b' ' | b'\t') && at - 1 > start);
        if let Some(at) = found {
            target = start..trim_blanks(bytes, start, at);
            title = Some(at + 1..trimmed - 1);
        }
    }
    let mut end = line + 1;
    if title.is_none()
        && let Some((below, after)) = title_below(bytes, line + 1)
    {
        title = Some(below);
        end = after;
    }
    // What looks like a title that is not one makes the whole line no definition.
    let unfinished = |i: usize| matches!(bytes[i], b' ' | b'\t') && matches!(bytes[i + 1], b'"' | b'\'');
    if (target.start..target.end.saturating_sub(1)).any(unfinished) {
        return None;
    }
    Some(Parts { name, target, title, end })
}

fn trim_blanks(bytes: &[u8], start: usize, end: usize) -> usize {
    end - bytes[start..end].iter().rev().take_while(|&&b| b == b' ' || b == b'\t').count()
}

/// The title that may follow at `at`, on this line or the next, and one past the last line.
fn title_and_end(bytes: &[u8], at: usize, line: usize) -> Option<(Option<std::ops::Range<usize>>, usize)> {
    let start = skip_blanks(bytes, at);
    if start == line {
        return Some(title_below(bytes, line + 1).map_or((None, line + 1), |(title, end)| (Some(title), end)));
    }
    if start == at {
        return None;
    }
    title_at(bytes, start, line).map(|title| (Some(title), line + 1))
}

/// A title that is all there is on a line.
fn title_below(bytes: &[u8], at: usize) -> Option<(std::ops::Range<usize>, usize)> {
    if at >= bytes.len() {
        return None;
    }
    let end = line_end(bytes, at);
    let line = end - usize::from(bytes[end - 1] == b'\n');
    Some((title_at(bytes, skip_blanks(bytes, at), line)?, end))
}

fn title_at(bytes: &[u8], start: usize, line: usize) -> Option<std::ops::Range<usize>> {
    if start >= line || !matches!(bytes[start], b'"' | b'\'') {
        return None;
    }
    let end = trim_blanks(bytes, start, line);
    (end > start + 2 && bytes[end - 1] == bytes[start]).then_some(start + 1..end - 1)
}
