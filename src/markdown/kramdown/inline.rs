//! Reads a leaf's text for inline markup.
//!
//! Marks that need a partner are tried: what lies between is read into nodes, and thrown away when no partner comes.
//! Each try remembers where it failed, so that a later one does not walk the same way; what is left over pays with
//! fuel, and a text without fuel is plain text. Both keep the cost in step with the length of the text.

use std::ops::Range;

use crate::diagnostic::Span;
use crate::markdown::kramdown::attributes::AttributeList;
use crate::markdown::kramdown::blocks::Blocks;
use crate::markdown::kramdown::inside::Inside;
use crate::markdown::kramdown::memory::{Memory, place};
use crate::markdown::kramdown::needle::Misses;
use crate::markdown::kramdown::notes::Notes;
use crate::markdown::kramdown::piece::Piece;
use crate::markdown::kramdown::span_html::push_html_text;
use crate::markdown::tree::{Kind, Node, NodeId, Tree};

/// Deeper than this, inline marks are text.
const DEEPEST: usize = 100;

/// What ends the text that is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop<'n> {
    /// Nothing but its end.
    End,
    /// One or two `*` or `_`.
    Mark(u8, usize),
    /// The `]` of a link.
    Bracket,
    /// An end tag of this name.
    Tag(&'n str),
}

/// What a mark turned out to be.
pub(super) enum Found {
    /// As many bytes of text.
    Text(usize),
    /// Something that is written already; reading goes on at `at`.
    Node,
}

/// Reads one text.
pub(super) struct Scanner<'a, 't> {
    pub piece: &'a Piece<'t>,
    /// The text up to the end of what is read.
    pub text: &'a str,
    /// Where what is read begins.
    pub start: usize,
    /// The next byte to read.
    pub at: usize,
    /// Where text begins that no node has yet.
    pub run: usize,
    pub tree: &'a mut Tree<'t>,
    pub page: &'a Blocks<'t>,
    pub notes: &'a mut Notes<'t>,
    pub misses: Misses,
    /// Text up to here was looked at by a parser, so that a quote cannot look back at it.
    pub seen: usize,
    /// One past the last character that came from a symbol, a reference or a task's box: no text, but no node either.
    pub symbol_end: usize,
    /// A box stands before the text.
    pub follows_box: bool,
    /// One past the last line break that is text to an attribute list.
    pub text_break_end: usize,
    pub memory: Memory,
    pub depth: usize,
    fuel: usize,
}

/// What stands before and around a text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Before {
    /// The box of a task, so that the text does not begin the block.
    pub follows_box: bool,
    /// That box is no node before the text.
    pub is_box: bool,
    /// HTML, or a footnote, surrounds the block.
    pub in_html: bool,
}

/// Reads a range of a piece into nodes below `parent`.
pub fn read<'t>(
    piece: &Piece<'t>,
    range: Range<usize>,
    parent: NodeId,
    tree: &mut Tree<'t>,
    page: &Blocks<'t>,
    notes: &mut Notes<'t>,
    before: Before,
) {
    let mut scanner = Scanner::new(piece, range, tree, page, notes);
    if before.is_box {
        scanner.symbol_end = scanner.start;
    }
    scanner.follows_box = before.follows_box;
    let inside = if before.in_html { Inside::HTML } else { Inside::default() };
    scanner.spans(parent, Stop::End, inside);
}

impl<'a, 't> Scanner<'a, 't> {
    pub fn new(
        piece: &'a Piece<'t>,
        range: Range<usize>,
        tree: &'a mut Tree<'t>,
        page: &'a Blocks<'t>,
        notes: &'a mut Notes<'t>,
    ) -> Scanner<'a, 't> {
        const FUEL_PER_BYTE: usize = 30;
        Scanner {
            piece,
            text: &piece.text[..range.end],
            start: range.start,
            at: range.start,
            run: range.start,
            tree,
            page,
            notes,
            misses: Misses::default(),
            seen: range.start,
            symbol_end: usize::MAX,
            follows_box: false,
            text_break_end: usize::MAX,
            memory: Memory::default(),
            depth: 0,
            fuel: FUEL_PER_BYTE * range.len() + 10_000,
        }
    }

    /// Reads on below `parent` up to what stops it, which is left to be read. `false` when the end came first.
    pub fn spans(&mut self, parent: NodeId, stop: Stop<'_>, inside: Inside) -> bool {
        self.depth += 1;
        let found = match stop {
            Stop::Bracket => self.spans_in_brackets(parent, inside),
            _ => self.spans_up_to(parent, stop, inside),
        };
        self.depth -= 1;
        found
    }

    fn spans_up_to(&mut self, parent: NodeId, stop: Stop<'_>, inside: Inside) -> bool {
        let bytes = self.text.as_bytes();
        self.run = self.at;
        let mut visited: Vec<u64> = Vec::new();
        let found = loop {
            self.skip_plain(inside);
            if self.at >= bytes.len() {
                break false;
            }
            match stop {
                Stop::Mark(mark, length) => {
                    if self.stops_at_mark(parent, mark, length) {
                        break true;
                    }
                    // What an attribute list is depends on what stands before it, which no place knows.
                    if !bytes[self.at..].starts_with(b"{:") {
                        // `*` and `_` differ in more than the lowest bit, which is free for the length.
                        let place = place(self.at, inside, mark << 2 | length as u8);
                        if !self.memory.dead.is_empty() && self.memory.dead.contains(&place) {
                            self.at = bytes.len();
                            break false;
                        }
                        visited.push(place);
                    }
                }
                Stop::Tag(name) if bytes[self.at] == b'<' && self.end_tag(self.at, name).is_some() => break true,
                _ => {}
            }
            self.step(parent, inside);
        };
        if let (false, Stop::Mark(..)) = (found, stop) {
            self.memory.dead.extend(visited);
            return false;
        }
        self.flush(parent, self.at, inside);
        found
    }

    fn spans_in_brackets(&mut self, parent: NodeId, inside: Inside) -> bool {
        let bytes = self.text.as_bytes();
        self.run = self.at;
        let own = self.at - 1;
        // The brackets that are open inside it.
        let mut open: Vec<usize> = Vec::new();
        loop {
            self.skip_plain(inside);
            let Some(&byte) = bytes.get(self.at) else { break };
            let at = self.at;
            match byte {
                b']' => {
                    let Some(opened) = open.pop() else {
                        self.flush(parent, at, inside);
                        return true;
                    };
                    self.memory.matched.insert((opened, inside), at);
                    self.at += 1;
                }
                b'[' => {
                    open.push(at);
                    self.step(parent, inside);
                    if self.memory.unmatched.contains(&place(at, inside, 0)) {
                        break;
                    }
                }
                b'!' if bytes.get(at + 1) == Some(&b'[') => {
                    open.push(at + 1);
                    let last = self.tree.node(parent).last;
                    self.step(parent, inside);
                    let new = self.tree.node(parent).last.filter(|_| self.tree.node(parent).last != last);
                    if new.is_some_and(|new| matches!(self.tree.node(new).kind, Kind::Image { .. })) {
                        open.pop();
                    } else if self.memory.unmatched.contains(&place(at + 1, inside, 0)) {
                        // What nothing closes inside, nothing closes outside.
                        break;
                    }
                }
                _ => self.step(parent, inside),
            }
        }
        self.memory.unmatched.insert(place(own, inside, 0));
        self.memory.unmatched.extend(open.into_iter().map(|at| place(at, inside, 0)));
        self.at = bytes.len();
        false
    }

    /// Goes on to the next byte that may mean something.
    fn skip_plain(&mut self, inside: Inside) {
        let rest = &self.text.as_bytes()[self.at.min(self.text.len())..];
        let length = if inside.has(Inside::RAW) {
            memchr::memchr(b'<', rest)
        } else {
            rest.iter().position(|&b| MARKS[b as usize])
        };
        self.at += length.unwrap_or(rest.len());
    }

    /// Reads what stands at a mark.
    fn step(&mut self, parent: NodeId, inside: Inside) {
        let found = self.found(parent, inside);
        match found {
            Found::Text(length) => {
                let byte = self.text.as_bytes()[self.at];
                self.at += length;
                // A single mark that means nothing here is any character to a quote, unless it was tried.
                if length > 1 || matches!(byte, b'*' | b'_' | b'`' | b'[') {
                    self.seen = self.at;
                }
            }
            Found::Node => {
                self.run = self.at;
                self.seen = self.at;
            }
        }
    }

    fn found(&mut self, parent: NodeId, inside: Inside) -> Found {
        let bytes = self.text.as_bytes();
        let at = self.at;
        if self.fuel == 0 {
            return Found::Text(1);
        }
        let byte = bytes[at];
        let next = bytes.get(at + 1).copied();
        if inside.has(Inside::RAW) {
            return self.span_html(parent, inside);
        }
        if inside.has(Inside::TABLE) {
            return match byte {
                b'`' => self.code(parent, inside),
                b'<' => self.span_html(parent, inside),
                _ => Found::Text(1),
            };
        }
        match byte {
            b'*' | b'_' => self.emphasis(parent, inside),
            b'`' => self.code(parent, inside),
            b'<' => self.angle(parent, inside),
            b'[' => self.bracket(parent, inside),
            b'!' if next == Some(b'[') => self.bracket(parent, inside),
            b'\'' | b'"' => self.quote(parent, inside),
            b'$' if next == Some(b'$') => self.math(parent, inside),
            b'{' if next == Some(b':') => self.extension(parent, inside),
            b'&' => self.reference(parent, inside),
            b'-' if next == Some(b'-') => self.symbol(parent, inside),
            b'.' if next == Some(b'.') => self.symbol(parent, inside),
            b'>' if next == Some(b'>') => self.symbol(parent, inside),
            b'\\' => self.backslash(parent, inside),
            b'\n' => self.line_end(parent, inside),
            b'~' if next == Some(b'~') && self.page.settings.gfm => self.strikethrough(parent, inside),
            _ => Found::Text(1),
        }
    }

    /// Whether another try may be made; each costs fuel in step with what it may look at.
    pub fn may_try(&mut self) -> bool {
        self.fuel = self.fuel.saturating_sub(8);
        self.fuel > 0 && self.depth < DEEPEST
    }

    /// Pays for bytes that were looked at in vain.
    pub fn pay(&mut self, length: usize) {
        self.fuel = self.fuel.saturating_sub(length);
    }

    /// Puts the text up to `end` into nodes.
    pub fn flush(&mut self, parent: NodeId, end: usize, inside: Inside) {
        let run = self.run..end;
        if run.start < run.end {
            if inside.has(Inside::RAW) {
                push_html_text(self.tree, self.piece, run, parent);
            } else {
                for part in self.piece.parts(run) {
                    let span = self.piece.span(part.clone());
                    self.tree.push(parent, Kind::Text(self.piece.cow(part)), span);
                }
            }
        }
        self.run = end;
    }

    /// Puts the text up to here and then a node below `parent`; reading goes on at `end`.
    pub fn add(&mut self, parent: NodeId, inside: Inside, kind: Kind<'t>, range: Range<usize>) -> NodeId {
        self.flush(parent, range.start, inside);
        self.at = range.end;
        self.tree.push(parent, kind, self.span(range))
    }

    /// Where a range of the text stands in the file.
    pub fn span(&self, range: Range<usize>) -> Span {
        self.piece.span(range)
    }

    /// The character before a place; `None` at the beginning.
    pub fn before(&self, at: usize) -> Option<char> {
        self.text[self.start..at].chars().next_back()
    }

    /// The character at a place; `None` at the end.
    pub fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// Sets an attribute list on a node.
    pub fn apply(&mut self, node: NodeId, list: &AttributeList<'t>) {
        if list.refers_to("standalone") {
            self.notes.standalone.insert(node);
        }
        list.apply(self.tree.attributes_mut(node), &self.page.definitions);
        self.take_over(node);
    }

    /// Puts what an attribute list says of a link or an image in the place of what it says itself: no attribute is
    /// there twice.
    fn take_over(&mut self, node: NodeId) {
        let Node { kind, attributes: Some(attributes), .. } = self.tree.node_mut(node) else { return };
        let (address, target, title) = match kind {
            Kind::Link { target, title } => ("href", target, title),
            Kind::Image { target, title } => ("src", target, title),
            _ => return,
        };
        let is_image = address == "src";
        let mut text = None;
        attributes.others.retain_mut(|(name, value)| {
            match &**name {
                "title" => *title = std::mem::take(value),
                "alt" if is_image => text = Some(std::mem::take(value)),
                name if name == address => *target = std::mem::take(value),
                _ => return true,
            }
            false
        });
        if let Some(text) = text {
            let node_span = self.tree.node(node).span;
            let node_mut = self.tree.node_mut(node);
            (node_mut.first, node_mut.last) = (None, None);
            self.tree.push(node, Kind::Text(text), node_span);
        }
    }

    /// Forgets the nodes made since, none of which has a place in the tree yet.
    pub fn forget(&mut self, n_nodes: usize, n_diagnostics: usize) {
        self.tree.nodes.truncate(n_nodes);
        self.notes.diagnostics.truncate(n_diagnostics);
        self.notes.forget_nodes(n_nodes);
    }
}

/// The bytes that may mean something.
const MARKS: [bool; 256] = {
    let mut table = [false; 256];
    let marks = b"*_`<[]!'\"$&{-.>\\\n~";
    let mut i = 0;
    while i < marks.len() {
        table[marks[i] as usize] = true;
        i += 1;
    }
    table
};
