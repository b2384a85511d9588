//! Lists.
//!
//! A list's items are cut out of the text first, line by line, and read afterwards. Which line belongs to which item
//! depends on the indentation of the item's own text and on what has been seen in the item so far.

use std::ops::Range;
use std::rc::Rc;

use crate::markdown::kramdown::attributes::{AttributeList, closing_brace};
use crate::markdown::kramdown::block::{BlockId, BlockKind};
use crate::markdown::kramdown::blocks::{Blocks, Cursor, Frame, blank_end};
use crate::markdown::kramdown::chars::{line_end, name_end, rest_is_blank, skip_space};
use crate::markdown::kramdown::line;
use crate::markdown::kramdown::needle::Misses;
use crate::markdown::kramdown::piece::Piece;
use crate::markdown::kramdown::tag;

/// An item while its lines are collected.
struct Item<'t> {
    block: BlockId,
    /// Its text. A list inside begins a text of its own, so that it needs no blank line before it.
    texts: Vec<Piece<'t>>,
}

impl<'t> Blocks<'t> {
    pub(super) fn list(&mut self, cursor: &mut Cursor<'t>, frame: &mut Frame<'t>, ordered: bool) -> bool {
        let piece = Rc::clone(&cursor.piece);
        let text: &str = &piece.text;
        let bytes = text.as_bytes();
        let start = cursor.at;
        let list = self.create(BlockKind::List { ordered }, piece.span(start..start));
        self.arena[list].list = frame.pending.take();
        let mut items: Vec<Item<'t>> = Vec::new();
        let mut indent = 0;
        let mut margin = 3;
        let mut ended = false;
        let mut nested = false;
        let mut after_blank = false;
        while cursor.at < bytes.len() {
            let at = cursor.at;
            if after_blank && line::is_rule(bytes, at) {
                break;
            }
            if let Some(end) = line::end_marker(bytes, at) {
                cursor.at = end;
                ended = true;
                break;
            }
            if let Some(marker) = line::marker_end(bytes, at, ordered, margin) {
                cursor.at = line_end(bytes, at);
                let block = self.create(BlockKind::Item, piece.span(at..cursor.at));
                self.arena[list].children.push(block);
                let (width, content) = first_line(bytes, marker, marker - at);
                indent = width;
                margin = (indent - 1).min(3);
                let content = self.item_list(&piece, content..cursor.at, block);
                let mut first = Piece::empty(self.source);
                first.reserve(content.len());
                first.push(&piece, content.clone());
                nested = content.start < bytes.len()
                    && !content.is_empty()
                    && line::list_start(bytes, content.start).is_some();
                after_blank = false;
                items.push(Item { block, texts: vec![first] });
                continue;
            }
            let Some(item) = items.last_mut() else { break };
            if is_content(bytes, at, indent) || !after_blank && is_lazy(text, at, indent, &mut cursor.misses) {
                cursor.at = line_end(bytes, at);
                let cut = Cut::new(bytes, at, indent);
                let begins_list = cut.blanks <= 3 && line::list_start(bytes, cut.text).is_some();
                if begins_list && !nested && cut.found {
                    item.texts.push(Piece::empty(self.source));
                    nested = true;
                }
                let last = item.texts.last_mut().expect("an item has at least one text");
                if begins_list && nested && !cut.found {
                    last.push_made(&" ".repeat(indent + 4), piece.source_at(at));
                }
                cut.push(last, &piece, cursor.at);
                after_blank = false;
            } else if line::is_blank(bytes, at) {
                cursor.at = blank_end(bytes, at);
                nested = true;
                after_blank = true;
                item.texts.last_mut().expect("an item has at least one text").push(&piece, at..cursor.at);
            } else {
                break;
            }
        }
        self.arena[list].span = piece.span(start..cursor.at);
        self.arena[frame.tree].children.push(list);
        let last = self.items(items, ended);
        if let Some(last) = last.filter(|_| !ended) {
            self.arena[frame.tree].children.push(last);
        }
        if self.settings.gfm {
            self.tasks(list);
        }
        true
    }

    /// Reads the attribute list that an item begins with. Returns what is left of the item's first line.
    pub(super) fn item_list(&mut self, piece: &Piece<'t>, line: Range<usize>, block: BlockId) -> Range<usize> {
        let bytes = piece.text.as_bytes();
        let Some((inside, end)) = item_attribute_list(&bytes[..line.end], line.start) else { return line };
        let mut list = AttributeList::default();
        let found = list.read(piece, inside.clone());
        self.arena[block].list.get_or_insert_default().join(list);
        if !found {
            self.warn_about_list(piece, inside);
        }
        end..line.end
    }

    /// Reads the items' texts. Returns the blank lines that the last one ended with.
    fn items(&mut self, items: Vec<Item<'t>>, ended: bool) -> Option<BlockId> {
        let count = items.len();
        let mut last = None;
        // Whether an item before this one does not begin with a paragraph that keeps its tags.
        let mut bare_before = false;
        for (index, item) in items.into_iter().enumerate() {
            for text in item.texts {
                self.container(&mut Cursor::new(text), item.block);
            }
            let is_last = index + 1 == count;
            let decides = !is_last || count == 1 || bare_before;
            self.loosen(item.block, is_last && !ended, decides);
            let children = &self.arena[item.block].children;
            bare_before |= children
                .first()
                .is_none_or(|&first| !matches!(self.arena[first].kind, BlockKind::Paragraph { transparent: false }));
            if let Some(&end) = children.last() {
                let blank = matches!(self.arena[end].kind, BlockKind::Blank { .. });
                last = blank.then_some(end);
                if blank {
                    self.arena[item.block].children.pop();
                }
            }
        }
        last
    }

    /// Lets an item's first paragraph go without its tags unless a blank line follows it.
    fn loosen(&mut self, item: BlockId, trailing_blank_is_nothing: bool, decides: bool) {
        let children = &self.arena[item].children;
        let Some(&first) = children.first() else { return };
        if !matches!(self.arena[first].kind, BlockKind::Paragraph { .. }) {
            return;
        }
        let second = children.get(1).map(|&id| &self.arena[id].kind);
        if self.arena[first].list.is_some() && matches!(second, Some(BlockKind::End(_))) {
            self.arena[item].children.remove(1);
        }
        let children = &self.arena[item].children;
        let second = children.get(1).map(|&id| &self.arena[id].kind);
        let blank = matches!(second, Some(BlockKind::Blank { .. }));
        let ends_with_it = trailing_blank_is_nothing && children.len() == 2;
        if decides && (!blank || ends_with_it) {
            let goes_on = children.len() > 1 && !blank;
            self.make_transparent(first, goes_on);
        }
    }

    /// Takes a paragraph's tags away; a line end then parts its text from what follows.
    pub(super) fn make_transparent(&mut self, paragraph: BlockId, goes_on: bool) {
        let source = self.source;
        let block = &mut self.arena[paragraph];
        block.kind = BlockKind::Paragraph { transparent: true };
        if let (true, Some(leaf)) = (goes_on, &mut block.leaf) {
            leaf.push_line_end(source);
        }
    }

    /// Marks the items that begin with `[ ]` or `[x]`.
    fn tasks(&mut self, list: BlockId) {
        let mut is_task_list = false;
        for index in 0..self.arena[list].children.len() {
            let item = self.arena[list].children[index];
            let first = self.arena[item].children.first().copied();
            let Some(paragraph) = first.filter(|&first| matches!(self.arena[first].kind, BlockKind::Paragraph { .. }))
            else {
                continue;
            };
            if let Some((checked, length)) = self.arena[paragraph].leaf.as_ref().and_then(|leaf| task(leaf.text())) {
                is_task_list = true;
                let block = &mut self.arena[paragraph];
                if let Some(leaf) = &mut block.leaf {
                    leaf.cut_start(length);
                }
                block.task = Some(checked);
            }
            if is_task_list {
                self.arena[item].attributes.get_or_insert_default().add_class("task-list-item");
            }
        }
        if is_task_list {
            self.arena[list].attributes.get_or_insert_default().add_class("task-list");
        }
    }
}

/// Whether a text begins with a box, whether the box is checked, and how long it is with the space after it.
fn task(text: &str) -> Option<(bool, usize)> {
    let bytes = text.as_bytes();
    let open = skip_space(bytes, 0);
    let checked = match bytes.get(open..open + 3)? {
        b"[ ]" => false,
        b"[x]" | b"[X]" => true,
        _ => return None,
    };
    let end = skip_space(bytes, open + 3);
    (end > open + 3).then_some((checked, end))
}

/// The column of an item's text, and where that text begins. `marker` is one past the marker, `width` its column.
pub(super) fn first_line(bytes: &[u8], marker: usize, width: usize) -> (usize, usize) {
    let end = line_end(bytes, marker);
    let text = skip_space(&bytes[..end], marker);
    let list_end = item_attribute_list(&bytes[..end], marker).map_or(marker, |(_, end)| end);
    if list_end >= end || rest_is_blank(bytes, list_end) {
        return (4, text);
    }
    let mut column = width;
    for &byte in &bytes[marker..text] {
        match byte {
            b' ' => column += 1,
            b'\t' => column += 4 - column % 4,
            _ => break,
        }
    }
    (column, text)
}

/// The attribute list that an item's first line begins with: what is in it, and where the space after it ends.
fn item_attribute_list(bytes: &[u8], at: usize) -> Option<(Range<usize>, usize)> {
    let start = skip_space(bytes, at);
    if !bytes[start..].starts_with(b"{:") {
        return None;
    }
    let inside = start + 2;
    let name = name_end(bytes, inside).unwrap_or(inside);
    if bytes.get(name) == Some(&b':') || bytes.get(inside) == Some(&b'/') {
        return None;
    }
    // What this one line lacks the rest of the text may have, so nothing is remembered.
    let close = closing_brace(bytes, inside, &mut Misses::default())?;
    (close > inside).then(|| (inside..close, skip_space(bytes, close + 1)))
}

/// Whether a line is indented as far as the item's text, counted in blanks or in steps of four.
pub(super) fn is_content(bytes: &[u8], at: usize, indent: usize) -> bool {
    let mut steps = 0;
    let mut here = at;
    while steps <= indent / 4 {
        match line::indent_end(bytes, here) {
            Some(next) => here = next,
            None => break,
        }
        steps += 1;
    }
    let reaches = match steps {
        s if s > indent / 4 => true,
        s if s == indent / 4 => bytes[here..].iter().take(indent % 4).filter(|&&b| b == b' ').count() == indent % 4,
        _ => false,
    };
    reaches && !line::is_blank(bytes, at)
}

/// Whether a line goes on with the item although it is not indented.
pub(super) fn is_lazy(text: &str, at: usize, indent: usize, misses: &mut Misses) -> bool {
    let bytes = text.as_bytes();
    if line::is_blank(bytes, at) {
        return false;
    }
    let most = indent.min(3);
    let start = at + bytes[at..].iter().take(most).take_while(|&&b| b == b' ').count();
    match bytes[start] {
        b'{' => line::attribute_list(bytes, at, misses).is_none(),
        b'<' => !tag::ends_paragraph(text, start),
        _ => true,
    }
}

/// A line with the item's indentation taken off.
pub(super) struct Cut {
    /// Whether the line had all of it.
    pub found: bool,
    /// How many blanks are left before the text.
    pub blanks: usize,
    /// Blanks among them that come from tabs.
    made: usize,
    /// Where the line goes on after those.
    rest: usize,
    /// Where its text begins.
    pub text: usize,
}

impl Cut {
    pub(super) fn new(bytes: &[u8], at: usize, indent: usize) -> Cut {
        let tabs = bytes[at..].iter().take_while(|&&b| b == b'\t').count();
        let after = at + tabs;
        let spaces = bytes[after..].iter().take_while(|&&b| b == b' ').count();
        let text = after + spaces;
        let total = 4 * tabs + spaces;
        let found = total >= indent;
        let blanks = if found { total - indent } else { total };
        let real = blanks.min(spaces);
        Cut { found, blanks, made: blanks - real, rest: text - real, text }
    }

    /// Adds the line to an item's text.
    pub(super) fn push<'t>(&self, to: &mut Piece<'t>, from: &Piece<'t>, end: usize) {
        if self.made > 0 {
            to.push_made(&" ".repeat(self.made), from.source_at(self.rest));
        }
        to.push(from, self.rest..end);
    }
}
