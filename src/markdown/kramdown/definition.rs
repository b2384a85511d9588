//! Definition lists.

use std::ops::Range;
use std::rc::Rc;

use crate::markdown::kramdown::block::{BlockId, BlockKind, Leaf};
use crate::markdown::kramdown::blocks::{Blocks, Cursor, Frame, blank_end};
use crate::markdown::kramdown::chars::line_end;
use crate::markdown::kramdown::line;
use crate::markdown::kramdown::list::{Cut, first_line, is_content, is_lazy};
use crate::markdown::kramdown::piece::Piece;

impl<'t> Blocks<'t> {
    /// Reads the definitions that follow a paragraph, which becomes their terms.
    pub(super) fn definition_list(&mut self, cursor: &mut Cursor<'t>, frame: &mut Frame<'t>) -> bool {
        let Some((terms, after_blank)) = self.terms_before(frame) else { return false };
        let piece = Rc::clone(&cursor.piece);
        let bytes = piece.text.as_bytes();
        let start = cursor.at;
        let list = self.create(BlockKind::Definitions, self.arena[terms].span);
        frame.pending = None;
        self.arena[list].list = self.arena[terms].list.take();
        self.terms(terms, list);

        let mut texts: Vec<(BlockId, Piece<'t>)> = Vec::new();
        let mut first_as_paragraph = after_blank;
        let mut indent = 0;
        let mut margin = 3;
        let mut last_is_blank = false;
        while cursor.at < bytes.len() {
            let at = cursor.at;
            if let Some(mark) = line::definition_end(bytes, at, margin) {
                cursor.at = line_end(bytes, at);
                let kind = BlockKind::Definition { first_as_paragraph };
                let block = self.create(kind, piece.span(at..cursor.at));
                self.arena[list].children.push(block);
                let (width, content) = first_line(bytes, mark, mark - at);
                indent = width;
                margin = (indent - 1).min(3);
                let content = self.item_list(&piece, content..cursor.at, block);
                let mut text = Piece::empty(self.source);
                text.push(&piece, content);
                texts.push((block, text));
                first_as_paragraph = false;
                last_is_blank = false;
                continue;
            }
            if line::end_marker(bytes, at).is_some() {
                break;
            }
            let Some((_, text)) = texts.last_mut() else { break };
            if is_content(bytes, at, indent) || !last_is_blank && is_lazy(&piece.text, at, indent, &mut cursor.misses) {
                cursor.at = line_end(bytes, at);
                Cut::new(bytes, at, indent).push(text, &piece, cursor.at);
                first_as_paragraph = false;
                last_is_blank = false;
            } else if line::is_blank(bytes, at) {
                cursor.at = blank_end(bytes, at);
                text.push(&piece, at..cursor.at);
                first_as_paragraph = true;
                last_is_blank = true;
            } else {
                break;
            }
        }
        self.arena[list].span.end = piece.span(start..cursor.at).end;

        let mut last = None;
        for (block, text) in texts {
            self.container(&mut Cursor::new(text), block);
            last = self.finish_definition(block, last);
        }
        self.append_definitions(frame, list);
        self.arena[frame.tree].children.extend(last);
        true
    }

    /// The paragraph before, when definitions may follow it, taken out of the container; and whether one blank line
    /// stands between.
    fn terms_before(&mut self, frame: &mut Frame<'t>) -> Option<(BlockId, bool)> {
        let children = &self.arena[frame.tree].children;
        let is_paragraph = |id: BlockId| matches!(self.arena[id].kind, BlockKind::Paragraph { .. });
        let last = *children.last()?;
        let after_blank = !is_paragraph(last);
        if after_blank {
            let before = children.len().checked_sub(2).map(|index| children[index])?;
            if self.arena[last].kind != (BlockKind::Blank { single: true }) || !is_paragraph(before) {
                return None;
            }
            self.arena[frame.tree].children.pop();
        }
        let terms = self.arena[frame.tree].children.pop()?;
        Some((terms, after_blank))
    }

    /// Makes each line of a paragraph a term.
    fn terms(&mut self, paragraph: BlockId, list: BlockId) {
        let Some(leaf) = self.arena[paragraph].leaf.take() else { return };
        let (piece, range) = match leaf {
            Leaf::Slice(piece, range) => (piece, range),
            Leaf::Own(piece) => {
                let range = 0..piece.text.len();
                (Rc::new(*piece), range)
            }
        };
        let bytes = piece.text.as_bytes();
        let mut at = range.start;
        while at < range.end {
            let end = line_end(bytes, at).min(range.end);
            let text = at..end - usize::from(bytes[end - 1] == b'\n');
            let term = self.create(BlockKind::Term, piece.span(text.clone()));
            self.arena[list].children.push(term);
            let text: Range<usize> = self.item_list(&piece, text, term);
            self.arena[term].leaf = Some(Leaf::Slice(Rc::clone(&piece), text));
            at = end;
        }
    }

    fn finish_definition(&mut self, block: BlockId, before: Option<BlockId>) -> Option<BlockId> {
        let Some(&end) = self.arena[block].children.last() else { return before };
        let blank = matches!(self.arena[end].kind, BlockKind::Blank { .. });
        if blank {
            self.arena[block].children.pop();
        }
        if let Some(&first) = self.arena[block].children.first()
            && matches!(self.arena[first].kind, BlockKind::Paragraph { .. })
            && self.arena[block].kind == (BlockKind::Definition { first_as_paragraph: false })
        {
            let goes_on = self.arena[block].children.len() > 1;
            self.make_transparent(first, goes_on);
        }
        blank.then_some(end)
    }

    /// Puts the list into the container, or its children into the definition list that stands before it.
    fn append_definitions(&mut self, frame: &mut Frame<'t>, list: BlockId) {
        let children = &self.arena[frame.tree].children;
        let is_list =
            |index: usize| children.get(index).is_some_and(|&id| self.arena[id].kind == BlockKind::Definitions);
        let n = children.len();
        let blank_last =
            n > 1 && children.last().is_some_and(|&id| matches!(self.arena[id].kind, BlockKind::Blank { .. }));
        let before = if n > 0 && is_list(n - 1) {
            Some(children[n - 1])
        } else if blank_last && is_list(n - 2) {
            Some(children[n - 2])
        } else {
            None
        };
        match before {
            Some(before) => {
                if blank_last {
                    self.arena[frame.tree].children.pop();
                }
                let moved = std::mem::take(&mut self.arena[list].children);
                self.arena[before].children.extend(moved);
            }
            None => self.arena[frame.tree].children.push(list),
        }
    }
}
