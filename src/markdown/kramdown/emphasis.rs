//! Emphasis.
//!
//! There is no flanking rule: a mark opens unless white space follows, closes unless white space stands before it, and
//! neither kind nests in itself.

use crate::markdown::kramdown::chars::{is_alnum, is_alpha, is_space};
use crate::markdown::kramdown::inline::{Found, Scanner, Stop};
use crate::markdown::kramdown::inside::Inside;
use crate::markdown::kramdown::tag::space_at;
use crate::markdown::tree::{Kind, NodeId};

impl<'t> Scanner<'_, 't> {
    pub(super) fn emphasis(&mut self, parent: NodeId, inside: Inside) -> Found {
        let at = self.at;
        let bytes = self.text.as_bytes();
        let mark = bytes[at];
        let length = 1 + usize::from(bytes.get(at + 1) == Some(&mark));
        let kind = if length == 2 { Inside::STRONG } else { Inside::EMPHASIS };
        if mark == b'_' && self.is_in_word(at) || space_at(self.text, at + length) || inside.has(kind) {
            return Found::Text(length);
        }
        let run = self.run;
        let mut found = self.try_emphasis(mark, length, inside);
        if found.is_none() && length == 2 && self.tree.node(parent).kind != Kind::Emphasis {
            self.at = at;
            found = self.try_emphasis(mark, 1, inside);
        }
        self.run = run;
        let Some(node) = found else {
            self.at = at;
            return Found::Text(length);
        };
        let end = self.at;
        self.flush(parent, at, inside);
        self.at = end;
        self.tree.append(parent, node);
        Found::Node
    }

    fn is_in_word(&self, at: usize) -> bool {
        match self.before(at) {
            Some('-') => self.before(at - 1).is_some_and(is_alpha),
            Some(c) => is_alpha(c),
            None => false,
        }
    }

    fn try_emphasis(&mut self, mark: u8, length: usize, inside: Inside) -> Option<NodeId> {
        if !self.may_try() {
            return None;
        }
        let at = self.at;
        let (n_nodes, n_diagnostics) = (self.tree.nodes.len(), self.notes.diagnostics.len());
        let (kind, bit) = match length {
            2 => (Kind::Strong, Inside::STRONG),
            _ => (Kind::Emphasis, Inside::EMPHASIS),
        };
        let node = self.tree.create(kind, self.span(at..at + length));
        self.at = at + length;
        self.seen = self.at;
        if !self.spans(node, Stop::Mark(mark, length), inside.with(bit).with(Inside::TRIAL)) {
            self.forget(n_nodes, n_diagnostics);
            return None;
        }
        self.at += length;
        self.tree.node_mut(node).span = self.span(at..self.at);
        Some(node)
    }

    /// Whether emphasis ends here.
    pub(super) fn stops_at_mark(&self, node: NodeId, mark: u8, length: usize) -> bool {
        let at = self.at;
        let rest = &self.text.as_bytes()[at..];
        let marks = rest.iter().take(3).take_while(|&&b| b == mark).count();
        if marks < length || at > self.start && is_space(self.text.as_bytes()[at - 1]) {
            return false;
        }
        // Two marks open or close strong emphasis, so they cannot end the other kind.
        if length == 1 && marks == 2 {
            return false;
        }
        if mark == b'_' && self.char_at(at + length).is_some_and(is_alnum) {
            return false;
        }
        self.run < at || self.tree.node(node).first.is_some()
    }
}
