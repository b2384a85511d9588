//! What the text of blocks gives besides nodes.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Span};
use crate::markdown::tree::NodeId;

/// What a leaf gives besides nodes.
#[derive(Debug, Default)]
pub struct Notes<'t> {
    /// What was wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// Options that the text sets for the rest of the page, and where.
    pub options: Vec<(Cow<'t, str>, Cow<'t, str>, Span)>,
    /// The footnotes that the text refers to, perhaps more than once.
    pub footnotes: Vec<String>,
    /// The names of definitions that links of the text use.
    pub links: HashSet<String>,
    /// Elements that are not read as Markdown although their kind would be.
    pub raw: Marked,
    /// Images that stand for themselves, with a caption.
    pub standalone: Marked,
}

impl Notes<'_> {
    /// Forgets what was noted of nodes that were not among the first `n_nodes` of the tree: others will have their
    /// numbers.
    pub fn forget_nodes(&mut self, n_nodes: usize) {
        self.raw.forget(n_nodes);
        self.standalone.forget(n_nodes);
    }
}

/// Some nodes, in the order in which they were made.
#[derive(Debug, Default)]
pub struct Marked(Vec<NodeId>);

impl Marked {
    /// Whether a node is one of them.
    pub fn contains(&self, node: NodeId) -> bool {
        self.0.binary_search(&node).is_ok()
    }

    /// Adds a node.
    pub fn insert(&mut self, node: NodeId) {
        if let Err(place) = self.0.binary_search(&node) {
            self.0.insert(place, node);
        }
    }

    fn forget(&mut self, n_nodes: usize) {
        while self.0.last().is_some_and(|last| last.index() >= n_nodes) {
            self.0.pop();
        }
    }
}
