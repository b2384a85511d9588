//! Tables.

use std::ops::Range;
use std::rc::Rc;

use crate::markdown::kramdown::block::{BlockId, BlockKind, Leaf};
use crate::markdown::kramdown::blocks::{Blocks, Cursor, Frame, is_before_boundary};
use crate::markdown::kramdown::chars::{is_space, line_end, trim_end};
use crate::markdown::kramdown::line;
use crate::markdown::kramdown::parts::{Part, code_parts, visible_parts};
use crate::markdown::kramdown::piece::Piece;
use crate::markdown::tree::Align;

/// A table while its lines are read.
struct Rows<'t> {
    piece: Rc<Piece<'t>>,
    /// Head, bodies and foot.
    groups: Vec<(BlockKind<'t>, Vec<Vec<Option<Leaf<'t>>>>)>,
    /// The rows since the last of them.
    rows: Vec<Vec<Option<Leaf<'t>>>>,
    align: Vec<Align>,
    has_foot: bool,
    columns: usize,
}

impl<'t> Blocks<'t> {
    pub(super) fn table(&mut self, cursor: &mut Cursor<'t>, frame: &mut Frame<'t>) -> bool {
        let begins = |bytes: &[u8], at| bytes.get(line::margin(bytes, at)).is_some_and(|&b| !is_space(b));
        let bytes = cursor.piece.text.as_bytes();
        if !self.is_after_boundary(frame) || !begins(bytes, cursor.at) || !is_table_line(bytes, cursor.at) {
            return false;
        }
        let piece = Rc::clone(&cursor.piece);
        let bytes = piece.text.as_bytes();
        let start = cursor.at;
        // Even a table that turns out to be none uses up the attribute list that waits.
        let list = frame.pending.take();
        let mut table = Rows {
            piece: Rc::clone(&piece),
            groups: Vec::new(),
            rows: Vec::new(),
            align: Vec::new(),
            has_foot: false,
            columns: 0,
        };
        let end = table.read(start, self.source);
        if !is_before_boundary(&piece.text, end, &mut cursor.misses)
            || !every_line_has_a_bar(&piece, start..end - 1, self)
        {
            return false;
        }
        if !table.rows.is_empty() {
            table.close(if table.has_foot { BlockKind::Foot } else { BlockKind::Body }, false);
        }
        if !table.groups.iter().any(|(kind, _)| *kind == BlockKind::Body) {
            return false;
        }
        table.align.resize(table.columns, Align::None);
        let span = piece.span(start..trim_end(bytes, start, end));
        let id = self.create(BlockKind::Table(table.align), span);
        self.arena[id].list = list;
        for (kind, rows) in table.groups {
            self.table_group(id, kind, rows, table.columns, span);
        }
        self.arena[frame.tree].children.push(id);
        cursor.at = end;
        true
    }

    fn table_group(
        &mut self,
        table: BlockId,
        kind: BlockKind<'t>,
        rows: Vec<Vec<Option<Leaf<'t>>>>,
        columns: usize,
        table_span: crate::diagnostic::Span,
    ) {
        let group = self.create(kind, table_span);
        self.arena[table].children.push(group);
        for cells in rows {
            let row = self.create(BlockKind::Row, table_span);
            self.arena[group].children.push(row);
            const CELL: usize = "<td></td>".len();
            let missing = columns - cells.len();
            let missing = if self.definitions.growth.take(missing * CELL) { missing } else { 0 };
            for leaf in cells.into_iter().chain(std::iter::repeat_n(None, missing)) {
                let span = leaf.as_ref().map_or(table_span, |leaf| {
                    let (piece, range) = leaf.parts();
                    piece.span(range)
                });
                let cell = self.create(BlockKind::Cell, span);
                self.arena[cell].leaf = leaf;
                self.arena[row].children.push(cell);
            }
        }
    }
}

impl<'t> Rows<'t> {
    /// Reads lines as long as they belong to a table; returns where they end.
    fn read(&mut self, start: usize, source: &'t str) -> usize {
        let piece = Rc::clone(&self.piece);
        let bytes = piece.text.as_bytes();
        let leading_bar = bytes[start..].iter().find(|b| !is_space(**b)) == Some(&b'|');
        let mut at = start;
        if is_rule(bytes, at, b'-') {
            at = line_end(bytes, at);
        }
        while at < bytes.len() && is_table_line(bytes, at) {
            let end = line_end(bytes, at);
            if is_rule(bytes, at, b'-') {
                if self.rows.is_empty() {
                    // One rule after another says nothing new.
                } else if self.align.is_empty() && !self.has_foot {
                    self.close(BlockKind::Head, false);
                    self.align = alignments(&piece.text[at..end - 1]);
                } else {
                    self.close(BlockKind::Body, false);
                }
            } else if is_rule(bytes, at, b'=') {
                if !self.rows.is_empty() {
                    self.close(BlockKind::Body, true);
                }
                self.has_foot = true;
            } else {
                let cells = cells(&piece, at..trim_blanks(bytes, at, end - 1), leading_bar, source);
                self.columns = self.columns.max(cells.len());
                self.rows.push(cells);
            }
            at = end;
        }
        at
    }

    fn close(&mut self, kind: BlockKind<'t>, force: bool) {
        if !self.has_foot || kind != BlockKind::Body || force {
            self.groups.push((kind, std::mem::take(&mut self.rows)));
        }
    }
}

fn trim_blanks(bytes: &[u8], start: usize, end: usize) -> usize {
    end - bytes[start..end].iter().rev().take_while(|&&b| b == b' ' || b == b'\t').count()
}

/// Whether a line has a bar that no backslash stands before.
fn is_table_line(bytes: &[u8], at: usize) -> bool {
    has_bar(&bytes[at..line_end(bytes, at)])
}

fn has_bar(line: &[u8]) -> bool {
    memchr::memchr_iter(b'|', line).any(|i| i == 0 || line[i - 1] != b'\\')
}

/// Whether a line consists of nothing but `+`, `|`, `:`, blanks and at least one of `mark`.
fn is_rule(bytes: &[u8], at: usize, mark: u8) -> bool {
    let line = &bytes[at..line_end(bytes, at) - 1];
    line.contains(&mark) && line.iter().all(|&b| b == mark || matches!(b, b'+' | b'|' | b':' | b' ' | b'\t'))
}

/// The alignments that a rule gives its columns.
fn alignments(rule: &str) -> Vec<Align> {
    let bytes = rule.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(offset) = memchr::memchr(b'-', &bytes[at..]) {
        let start = at + offset;
        let end = start + bytes[start..].iter().take_while(|&&b| b == b'-').count();
        let left = start > at && bytes[start - 1] == b':';
        let right = bytes.get(end) == Some(&b':');
        out.push(match (left, right) {
            (false, false) => Align::None,
            (true, false) => Align::Left,
            (false, true) => Align::Right,
            (true, true) => Align::Center,
        });
        at = end + usize::from(right);
        at += usize::from(matches!(bytes.get(at), Some(b' ' | b'\t')));
    }
    out
}

/// The cells of a row. A bar in code does not part cells, nor does one after a backslash.
fn cells<'t>(piece: &Rc<Piece<'t>>, range: Range<usize>, leading_bar: bool, source: &'t str) -> Vec<Option<Leaf<'t>>> {
    let mut cells: Vec<CellText<'t>> = vec![CellText::default()];
    let text = &piece.text;
    let mut at = range.start;
    while at < range.end {
        let element = code_element(&text[..range.end], at);
        let plain = at..element.as_ref().map_or(range.end, |element| element.start);
        for part in code_parts(text, plain) {
            match part {
                Part::Text(part) => split_cells(piece, part, &mut cells, source),
                Part::Code { all, inside } => {
                    cells.last_mut().expect("a row has a cell").push_code(piece, all, inside, source)
                }
            }
        }
        match element {
            Some(element) => {
                at = element.end;
                cells.last_mut().expect("a row has a cell").push(piece, element, source);
            }
            None => break,
        }
    }
    if leading_bar && cells[0].is_blank() {
        cells.remove(0);
    }
    if cells.last().is_some_and(CellText::is_blank) {
        cells.pop();
    }
    cells.into_iter().map(|cell| cell.leaf()).collect()
}

/// The place of the next `<code …>…</code>`.
fn code_element(text: &str, from: usize) -> Option<Range<usize>> {
    let start = from + text[from..].find("<code")?;
    let inside = start + text[start..].find('>')?;
    let end = inside + text[inside..].find("</code>")?;
    Some(start..end + "</code>".len())
}

fn split_cells<'t>(piece: &Rc<Piece<'t>>, range: Range<usize>, cells: &mut Vec<CellText<'t>>, source: &'t str) {
    let bytes = piece.text.as_bytes();
    let mut at = range.start;
    for bar in memchr::memchr_iter(b'|', &bytes[range.clone()]).map(|i| range.start + i) {
        let last = cells.last_mut().expect("a row has a cell");
        if bar > range.start && bytes[bar - 1] == b'\\' {
            // The backslash only kept the bar from parting cells.
            last.push(piece, at..bar - 1, source);
            at = bar;
        } else {
            last.push(piece, at..bar, source);
            cells.push(CellText::default());
            at = bar + 1;
        }
    }
    cells.last_mut().expect("a row has a cell").push(piece, at..range.end, source);
}

/// A cell's text: a range of the table's as long as nothing had to be changed.
#[derive(Default)]
struct CellText<'t>(Option<Leaf<'t>>);

impl<'t> CellText<'t> {
    fn push(&mut self, piece: &Rc<Piece<'t>>, range: Range<usize>, source: &'t str) {
        match &mut self.0 {
            _ if range.is_empty() => {}
            None => self.0 = Some(Leaf::Slice(Rc::clone(piece), range)),
            Some(Leaf::Slice(_, old)) if old.end == range.start => old.end = range.end,
            Some(leaf) => leaf.own(|| Piece::empty(source)).push(piece, range),
        }
    }

    /// Adds code, in as many backticks as it needs.
    fn push_code(&mut self, piece: &Rc<Piece<'t>>, all: Range<usize>, inside: Range<usize>, source: &'t str) {
        let text = &piece.text[inside.clone()];
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let marks = "`".repeat(longest + 1);
        let space = if longest > 0 { " " } else { "" };
        if piece.text[all.clone()].len() == 2 * (marks.len() + space.len()) + text.len()
            && piece.text[all.clone()].starts_with(&format!("{marks}{space}"))
        {
            return self.push(piece, all, source);
        }
        let before = piece.source_at(all.start);
        let leaf = self.0.get_or_insert_with(|| Leaf::Own(Box::new(Piece::empty(source))));
        let own = leaf.own(|| Piece::empty(source));
        own.push_made(&format!("{marks}{space}"), before);
        own.push(piece, inside.clone());
        own.push_made(&format!("{space}{marks}"), piece.span(all).end as usize);
    }

    fn is_blank(&self) -> bool {
        self.0.as_ref().is_none_or(|leaf| leaf.text().bytes().all(is_space))
    }

    fn leaf(self) -> Option<Leaf<'t>> {
        let leaf = self.0?;
        let (piece, range) = match leaf {
            Leaf::Slice(piece, range) => (piece, range),
            Leaf::Own(piece) => {
                let range = 0..piece.text.len();
                (Rc::new(*piece), range)
            }
        };
        let bytes = piece.text.as_bytes();
        let end = trim_end(bytes, range.start, range.end);
        let start = crate::markdown::kramdown::chars::skip_space(&bytes[..end], range.start).min(end);
        (start < end).then_some(Leaf::Slice(piece, start..end))
    }
}

/// Whether each line of a table has a bar outside code and inline HTML; else it is a paragraph.
fn every_line_has_a_bar<'t>(piece: &Rc<Piece<'t>>, range: Range<usize>, blocks: &Blocks<'t>) -> bool {
    let parts = visible_parts(piece, range, blocks);
    let mut bar_on_line = false;
    for (is_code, text) in parts {
        let trimmed = text.trim_end_matches('\n');
        let lines: Vec<&str> = if trimmed.is_empty() { Vec::new() } else { trimmed.split('\n').collect() };
        let first_has = lines.first().is_some_and(|line| has_bar(line.as_bytes()));
        let last_has = lines.last().is_some_and(|line| has_bar(line.as_bytes()));
        if is_code {
            if lines.len() > 2 || lines.len() == 2 && !bar_on_line {
                break;
            }
            bar_on_line &= lines.len() != 2;
        } else {
            if lines.len() > 1 && !bar_on_line && !first_has {
                break;
            }
            bar_on_line = lines.len() <= 1 && bar_on_line || last_has;
        }
    }
    bar_on_line
}
