//! The lines of a table before they are known to be one: where code and other text stand in them.

use std::ops::Range;

use crate::markdown::kramdown::blocks::Blocks;
use crate::markdown::kramdown::inline::{Scanner, Stop};
use crate::markdown::kramdown::inside::Inside;
use crate::markdown::kramdown::notes::Notes;
use crate::markdown::kramdown::piece::Piece;
use crate::markdown::kramdown::symbol::code_span;
use crate::markdown::tree::{Kind, Tree};

/// A part of a text that may hold code.
pub enum Part {
    /// Text.
    Text(Range<usize>),
    /// A code span: with its backticks, and what is inside.
    Code {
        /// With its backticks.
        all: Range<usize>,
        /// Without them.
        inside: Range<usize>,
    },
}

/// The code spans in a range, and what stands between them.
pub fn code_parts(text: &str, range: Range<usize>) -> Vec<Part> {
    let bytes = &text.as_bytes()[..range.end];
    let mut parts = Vec::new();
    let mut at = range.start;
    let mut run = at;
    let mut missing = None;
    while let Some(offset) = memchr::memchr(b'`', &bytes[at..]) {
        let open = at + offset;
        let before = (open > range.start).then(|| bytes[open - 1]);
        match code_span(bytes, before, open, &mut missing) {
            Ok((inside, end)) => {
                if run < open {
                    parts.push(Part::Text(run..open));
                }
                parts.push(Part::Code { all: open..end, inside });
                at = end;
                run = end;
            }
            Err(length) => at = open + length,
        }
    }
    if run < range.end {
        parts.push(Part::Text(run..range.end));
    }
    parts
}

/// The code and the text of a table's lines as far as they can hold bars: without what stands inside inline elements.
pub fn visible_parts<'t>(piece: &Piece<'t>, range: Range<usize>, page: &Blocks<'t>) -> Vec<(bool, String)> {
    let text = &piece.text;
    if !text[range.clone()].contains('<') {
        return code_parts(text, range)
            .into_iter()
            .map(|part| match part {
                Part::Text(range) => (false, text[range].to_string()),
                Part::Code { inside, .. } => (true, text[inside].to_string()),
            })
            .collect();
    }
    let mut tree = Tree::new();
    let mut notes = Notes::default();
    let mut scanner = Scanner::new(piece, range, &mut tree, page, &mut notes);
    scanner.spans(Tree::ROOT, Stop::End, Inside::TABLE);
    let mut parts: Vec<(bool, String)> = Vec::new();
    for id in tree.children(Tree::ROOT) {
        match &tree.node(id).kind {
            Kind::Code(code) => parts.push((true, code.to_string())),
            Kind::Text(text) => match parts.last_mut() {
                Some((false, last)) => last.push_str(text),
                _ => parts.push((false, text.to_string())),
            },
            Kind::Html(html) => parts.push((false, html.to_string())),
            Kind::Element { tag, .. } => parts.push((false, tag.to_string())),
            _ => {}
        }
    }
    parts
}
