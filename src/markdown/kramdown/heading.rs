//! Headings.

use std::rc::Rc;

use crate::markdown::kramdown::block::{BlockKind, Leaf};
use crate::markdown::kramdown::blocks::{Blocks, Cursor, Frame};
use crate::markdown::kramdown::chars::{line_end, trim_end};
use crate::markdown::kramdown::line;
use crate::markdown::kramdown::piece::Piece;

impl<'t> Blocks<'t> {
    pub(super) fn atx_heading(&mut self, cursor: &mut Cursor<'t>, frame: &mut Frame<'t>) -> bool {
        let piece = Rc::clone(&cursor.piece);
        let bytes = piece.text.as_bytes();
        let gfm = self.settings.gfm;
        let Some((level, start)) = line::atx(bytes, cursor.at, gfm) else { return false };
        if !self.settings.gfm_paragraph_end && !self.is_after_boundary(frame) {
            return false;
        }
        let next = match bytes[start] {
            b'\n' if !gfm && start + 1 < bytes.len() => line_end(bytes, start + 1),
            _ => line_end(bytes, cursor.at),
        };
        let (text, id) = heading_text(&piece, start.min(next - 1), next - 1);
        let marks = bytes[text.clone()].iter().rev().take_while(|&&b| b == b'#').count();
        let before = text.end - marks;
        let closes = match self.settings.gfm_paragraph_end {
            true => marks > 0 && before > text.start && matches!(bytes[before - 1], b' ' | b'\t'),
            false => marks > 0 && (before == 0 || bytes[before - 1] != b'\\'),
        };
        let end = if closes { trim_end(bytes, text.start, before) } else { text.end };
        if end <= text.start {
            return false;
        }
        self.heading(cursor, frame, level, text.start..end, id, next);
        true
    }

    pub(super) fn setext_heading(&mut self, cursor: &mut Cursor<'t>, frame: &mut Frame<'t>) -> bool {
        if !self.is_after_boundary(frame) {
            return false;
        }
        let piece = Rc::clone(&cursor.piece);
        let bytes = piece.text.as_bytes();
        let rule = line_end(bytes, cursor.at);
        let level = match bytes.get(rule) {
            Some(b'=') => 1,
            Some(b'-') => 2,
            _ => return false,
        };
        let marks = bytes[rule..].iter().take_while(|b| matches!(b, b'=' | b'-')).count();
        let Some(next) = line::blank_rest_end(bytes, rule + marks) else { return false };
        let (text, id) = heading_text(&piece, line::margin(bytes, cursor.at), rule - 1);
        if text.is_empty() {
            return false;
        }
        self.heading(cursor, frame, level, text, id, next);
        true
    }

    fn heading(
        &mut self,
        cursor: &mut Cursor<'t>,
        frame: &mut Frame<'t>,
        level: u8,
        text: std::ops::Range<usize>,
        id: Option<std::ops::Range<usize>>,
        next: usize,
    ) {
        let piece = Rc::clone(&cursor.piece);
        let block = self.push(frame, BlockKind::Heading { level }, piece.span(cursor.at..next));
        if let Some(id) = id {
            self.arena[block].attributes.get_or_insert_default().id = Some(piece.cow(id));
        }
        self.arena[block].leaf = Some(Leaf::Slice(piece, text));
        cursor.at = next;
    }
}

/// A heading's text, and the id that `{#id}` at its end gives.
fn heading_text(
    piece: &Piece<'_>,
    start: usize,
    end: usize,
) -> (std::ops::Range<usize>, Option<std::ops::Range<usize>>) {
    let text = &piece.text;
    let bytes = text.as_bytes();
    let end = trim_end(bytes, start, end);
    let id = id_start(text, start, end);
    match id {
        Some(id) => (start..trim_end(bytes, start, id - 2), Some(id..end - 1)),
        None => (start..end, None),
    }
}

/// Where the name in a `{#name}` at the end of a text begins.
fn id_start(text: &str, start: usize, end: usize) -> Option<usize> {
    let heading = &text[start..end];
    let inside = heading.strip_suffix('}')?;
    let open = inside.rfind("{#")?;
    let name = &inside[open + 2..];
    let blank_before = open > 0 && matches!(inside.as_bytes()[open - 1], b' ' | b'\t');
    let mut chars = name.chars();
    let is_name = chars.next().is_some_and(is_name_start) && chars.all(is_name_char);
    (blank_before && is_name).then_some(start + open + 2)
}

fn is_name_start(c: char) -> bool {
    matches!(c, ':' | 'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

fn is_name_char(c: char) -> bool {
    is_name_start(c) || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}
