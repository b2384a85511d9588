//! The tree that every dialect is parsed into, and the only thing the HTML writer reads.
//!
//! Attribute lists attach to the *previous* node, a table of contents needs headings that come later, a nav bar is
//! a paragraph seen from outside: all of that needs a tree, not a stream of events. Nodes live in one vector and
//! point at each other by index, so that a tree ten thousand levels deep costs no stack.

use std::borrow::Cow;
use std::num::NonZeroU32;

use crate::diagnostic::Span;
pub use crate::markdown::attributes::Attributes;

/// A page's blocks and inlines. `nodes[0]` is the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree<'t> {
    /// Every node, in the order of creation.
    pub nodes: Vec<Node<'t>>,
}

/// A node's place in its tree. Valid only inside the `Tree` that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(NonZeroU32);

/// One block or inline.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<'t> {
    /// What it is.
    pub kind: Kind<'t>,
    /// What an attribute list, or the parser, gave it.
    pub attributes: Option<Box<Attributes<'t>>>,
    /// Where it stands in the whole file.
    pub span: Span,
    /// The node that holds it; `None` for the document and for nodes taken out of the tree.
    pub parent: Option<NodeId>,
    /// Its first child.
    pub first: Option<NodeId>,
    /// Its last child.
    pub last: Option<NodeId>,
    /// The next child of its parent.
    pub next: Option<NodeId>,
    /// The previous child of its parent.
    pub previous: Option<NodeId>,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind<'t> {
    /// The whole page.
    Document,
    /// `<p>`.
    Paragraph,
    /// `<h1>` to `<h6>`.
    Heading {
        /// 1 to 6.
        level: u8,
    },
    /// `<blockquote>`.
    BlockQuote,
    /// A callout such as `> [!NOTE]`.
    Alert(AlertKind),
    /// What stands above a callout's text instead of its kind.
    CalloutTitle,
    /// `<ul>` or `<ol>`; holds `Item`s.
    List {
        /// `Some(first number)` for `<ol>`.
        start: Option<u64>,
    },
    /// `<li>`. Inlines stand directly in it when the list is tight.
    Item {
        /// `Some(checked)` for a task list's item.
        task: Option<bool>,
    },
    /// The place where a page asked for its table of contents; written from the outline.
    Toc {
        /// `<ol>` instead of `<ul>`.
        ordered: bool,
    },
    /// The place where a page wants its footnotes, when that is not its end.
    Footnotes,
    /// `<pre><code>`.
    CodeBlock {
        /// The first word of the info string; empty when there is none.
        lang: Cow<'t, str>,
        /// The code, with its final newline.
        text: Cow<'t, str>,
    },
    /// Formula on lines of its own, as LaTeX.
    MathBlock(Cow<'t, str>),
    /// HTML passed on as it is, as a block.
    HtmlBlock(Cow<'t, str>),
    /// An HTML element whose content is Markdown (kramdown) or that a transform made; its attributes are the node's.
    Element {
        /// The tag's name.
        tag: Cow<'t, str>,
        /// Written on lines of its own.
        block: bool,
        /// Written without an end tag.
        void: bool,
    },
    /// A bar of links to the pages of a section; holds `Item`s with one link each.
    SectionNav,
    /// `<hr>`.
    Rule,
    /// `<table>`; holds at most one `TableHead`, then `TableBody`s, then at most one `TableFoot`.
    Table,
    /// `<thead>`.
    TableHead,
    /// `<tbody>`.
    TableBody,
    /// `<tfoot>`.
    TableFoot,
    /// `<tr>`.
    Row,
    /// `<th>` or `<td>`.
    Cell {
        /// `<th>`.
        header: bool,
        /// The column's alignment.
        align: Align,
    },
    /// `<dl>`.
    DefinitionList,
    /// `<dt>`.
    Term,
    /// `<dd>`.
    Definition,
    /// A footnote's text; written at the end of the page, in the order of the first references.
    Footnote {
        /// Its name, as references write it.
        name: Cow<'t, str>,
    },

    /// Text, to be escaped.
    Text(Cow<'t, str>),
    /// `<code>`.
    Code(Cow<'t, str>),
    /// `<em>`.
    Emphasis,
    /// `<strong>`.
    Strong,
    /// `<del>`.
    Strikethrough,
    /// `<a href>`.
    Link {
        /// As the author wrote it.
        target: Cow<'t, str>,
        /// Empty when there is none.
        title: Cow<'t, str>,
    },
    /// `<img>`; its children are the alternative text.
    Image {
        /// As the author wrote it.
        target: Cow<'t, str>,
        /// Empty when there is none.
        title: Cow<'t, str>,
    },
    /// A formula inside a line, as LaTeX.
    Math(Cow<'t, str>),
    /// HTML passed on as it is, inside a line.
    Html(Cow<'t, str>),
    /// A reference to a footnote.
    FootnoteReference(Cow<'t, str>),
    /// A line's end inside a paragraph.
    SoftBreak,
    /// `<br>`.
    HardBreak,
}

/// The five kinds of callout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertKind {
    /// Useful to know.
    Note,
    /// Makes things easier.
    Tip,
    /// Needed to get it right.
    Important,
    /// Needs care at once.
    Warning,
    /// Has a risk.
    Caution,
}

impl AlertKind {
    /// Its class, and the name of the word that stands above it.
    pub fn name(self) -> &'static str {
        match self {
            AlertKind::Note => "note",
            AlertKind::Tip => "tip",
            AlertKind::Important => "important",
            AlertKind::Warning => "warning",
            AlertKind::Caution => "caution",
        }
    }
}

/// A table column's alignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// Not said.
    #[default]
    None,
    /// `:--`
    Left,
    /// `:-:`
    Center,
    /// `--:`
    Right,
}

impl NodeId {
    /// Its number among the tree's nodes, in the order in which they were made. Ids count from one, so that an absent
    /// one takes no room of its own in a node.
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

impl<'t> Tree<'t> {
    /// The document node's id.
    pub const ROOT: NodeId = NodeId(NonZeroU32::MIN);

    /// A document without content.
    pub fn new() -> Tree<'t> {
        Tree { nodes: vec![Node::new(Kind::Document, Span::default())] }
    }

    /// The node with this id.
    pub fn node(&self, id: NodeId) -> &Node<'t> {
        &self.nodes[id.index()]
    }

    /// The node with this id, to change.
    pub fn node_mut(&mut self, id: NodeId) -> &mut Node<'t> {
        &mut self.nodes[id.index()]
    }

    /// Makes a node that is in no place yet.
    pub fn create(&mut self, kind: Kind<'t>, span: Span) -> NodeId {
        self.nodes.push(Node::new(kind, span));
        let count = u32::try_from(self.nodes.len()).ok().and_then(NonZeroU32::new);
        NodeId(count.expect("a page is at most 4 GiB, so has fewer nodes"))
    }

    /// Puts a node that is in no place after the last child of `parent`.
    pub fn append(&mut self, parent: NodeId, child: NodeId) {
        let last = self.node(parent).last;
        let node = self.node_mut(child);
        node.parent = Some(parent);
        node.previous = last;
        node.next = None;
        match last {
            Some(last) => self.node_mut(last).next = Some(child),
            None => self.node_mut(parent).first = Some(child),
        }
        self.node_mut(parent).last = Some(child);
    }

    /// Puts a node that is in no place directly before `sibling`, which has a parent.
    pub fn insert_before(&mut self, sibling: NodeId, child: NodeId) {
        let parent = self.node(sibling).parent.expect("a sibling has a parent");
        let previous = self.node(sibling).previous;
        let node = self.node_mut(child);
        node.parent = Some(parent);
        node.previous = previous;
        node.next = Some(sibling);
        self.node_mut(sibling).previous = Some(child);
        match previous {
            Some(previous) => self.node_mut(previous).next = Some(child),
            None => self.node_mut(parent).first = Some(child),
        }
    }

    /// Makes a node and puts it after the last child of `parent`.
    pub fn push(&mut self, parent: NodeId, kind: Kind<'t>, span: Span) -> NodeId {
        let id = self.create(kind, span);
        self.append(parent, id);
        id
    }

    /// Takes a node, with all below it, out of its place.
    pub fn detach(&mut self, id: NodeId) {
        let Node { parent, previous, next, .. } = *self.node(id);
        match (previous, parent) {
            (Some(previous), _) => self.node_mut(previous).next = next,
            (None, Some(parent)) => self.node_mut(parent).first = next,
            (None, None) => {}
        }
        match (next, parent) {
            (Some(next), _) => self.node_mut(next).previous = previous,
            (None, Some(parent)) => self.node_mut(parent).last = previous,
            (None, None) => {}
        }
        let node = self.node_mut(id);
        node.parent = None;
        node.previous = None;
        node.next = None;
    }

    /// Takes all below a node away. The node has no place yet, and every node made after it is below it.
    pub fn clear_newest(&mut self, id: NodeId) {
        self.nodes.truncate(id.index() + 1);
        let node = self.node_mut(id);
        node.first = None;
        node.last = None;
    }

    /// The children of a node, in order.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.node(id).first, |&child| self.node(child).next)
    }

    /// The node and all below it, parents before children, without recursion.
    pub fn descendants(&self, top: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(Some(top), move |&id| self.following(top, id))
    }

    /// The next node in reading order below `top`.
    fn following(&self, top: NodeId, id: NodeId) -> Option<NodeId> {
        if let Some(first) = self.node(id).first {
            return Some(first);
        }
        let mut at = id;
        while at != top {
            if let Some(next) = self.node(at).next {
                return Some(next);
            }
            at = self.node(at).parent?;
        }
        None
    }

    /// A node's attributes, made when it has none yet.
    pub fn attributes_mut(&mut self, id: NodeId) -> &mut Attributes<'t> {
        self.node_mut(id).attributes.get_or_insert_default()
    }
}

impl Default for Tree<'_> {
    fn default() -> Self {
        Tree::new()
    }
}

impl<'t> Node<'t> {
    fn new(kind: Kind<'t>, span: Span) -> Node<'t> {
        Node { kind, attributes: None, span, parent: None, first: None, last: None, next: None, previous: None }
    }

    /// Whether its attributes have this class.
    pub fn has_class(&self, class: &str) -> bool {
        self.attributes.as_ref().is_some_and(|attributes| attributes.classes.iter().any(|c| c == class))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(tree: &Tree<'_>) -> Vec<String> {
        tree.descendants(Tree::ROOT)
            .map(|id| match &tree.node(id).kind {
                Kind::Text(text) => text.to_string(),
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn descendants_come_in_reading_order_after_moves() {
        let mut tree = Tree::new();
        let p = tree.push(Tree::ROOT, Kind::Paragraph, Span::default());
        let a = tree.push(p, Kind::Text("a".into()), Span::default());
        let b = tree.push(p, Kind::Text("b".into()), Span::default());
        tree.push(Tree::ROOT, Kind::Rule, Span::default());
        assert_eq!(names(&tree), ["Document", "Paragraph", "a", "b", "Rule"]);
        tree.detach(b);
        tree.insert_before(a, b);
        assert_eq!(names(&tree), ["Document", "Paragraph", "b", "a", "Rule"]);
        tree.detach(p);
        assert_eq!(names(&tree), ["Document", "Rule"]);
    }
}
