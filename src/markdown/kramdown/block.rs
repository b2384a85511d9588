//! The blocks of a page before their text is read.
//!
//! kramdown decides much by looking back: at the last block, at a blank line before it, at what an attribute list left
//! behind. These traces are blocks of their own here, and vanish when the tree is built.

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use crate::diagnostic::Span;
use crate::markdown::kramdown::attributes::AttributeList;
use crate::markdown::kramdown::piece::Piece;
use crate::markdown::kramdown::tag::Model;
use crate::markdown::tree::{Align, Attributes};

/// A block's place among a page's blocks.
pub type BlockId = usize;

/// One block.
#[derive(Debug, Clone)]
pub struct Block<'t> {
    /// What it is.
    pub kind: BlockKind<'t>,
    /// The attribute list that stands at it.
    pub list: Option<Box<AttributeList<'t>>>,
    /// The attributes that it has of itself.
    pub attributes: Option<Box<Attributes<'t>>>,
    /// What is in it.
    pub children: Vec<BlockId>,
    /// Its text, still to be read.
    pub leaf: Option<Leaf<'t>>,
    /// The box that its text begins with, and whether it is checked.
    pub task: Option<bool>,
    /// Where it begins in the file, and where it ends as far as that is known.
    pub span: Span,
}

/// What a block is.
#[derive(Debug, Clone, PartialEq)]
pub enum BlockKind<'t> {
    /// The page, a footnote's text, or what an item holds while it is read.
    Container,
    /// Blank lines.
    Blank {
        /// Exactly one empty line.
        single: bool,
    },
    /// The trace of something that ends a block.
    End(End),
    /// A paragraph. A transparent one is written without its tags.
    Paragraph {
        /// Without `<p>`.
        transparent: bool,
    },
    /// A heading.
    Heading {
        /// 1 to 6.
        level: u8,
    },
    /// A quote.
    Quote,
    /// Code.
    Code(Cow<'t, str>),
    /// A list.
    List {
        /// With numbers.
        ordered: bool,
    },
    /// An item of a list.
    Item,
    /// A definition list.
    Definitions,
    /// A term of one.
    Term,
    /// A term's meaning.
    Definition {
        /// Its first paragraph keeps its tags.
        first_as_paragraph: bool,
    },
    /// A rule.
    Rule,
    /// A table, with its columns' alignments.
    Table(Vec<Align>),
    /// A table's head.
    Head,
    /// One of its bodies.
    Body,
    /// Its foot.
    Foot,
    /// A row.
    Row,
    /// A cell.
    Cell,
    /// An HTML element.
    Html {
        /// Its name.
        tag: Cow<'t, str>,
        /// How its content was read.
        model: Model,
        /// Whether its start tag was its end.
        closed: bool,
    },
    /// HTML that is passed on: a comment, or what `{::nomarkdown}` holds.
    Raw(Cow<'t, str>),
    /// The text of an element that holds HTML: no markup, but character references.
    HtmlText,
    /// Text outside any paragraph.
    Text,
    /// A formula.
    Math(Cow<'t, str>),
}

/// What left the trace of an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// A line with `^`.
    Marker,
    /// An attribute list.
    List,
    /// A definition of an attribute list, or an extension.
    Other,
    /// A definition that takes attributes itself: of a link, an abbreviation or a footnote.
    Definition,
}

/// A text to read for inline markup.
#[derive(Debug, Clone)]
pub enum Leaf<'t> {
    /// A range of a text that more than this leaf uses.
    Slice(Rc<Piece<'t>>, Range<usize>),
    /// A text put together for this leaf.
    Own(Box<Piece<'t>>),
}

impl<'t> Leaf<'t> {
    /// The text.
    pub fn text(&self) -> &str {
        match self {
            Leaf::Slice(piece, range) => &piece.text[range.clone()],
            Leaf::Own(piece) => &piece.text,
        }
    }

    /// The piece and the range in it.
    pub fn parts(&self) -> (&Piece<'t>, Range<usize>) {
        match self {
            Leaf::Slice(piece, range) => (piece, range.clone()),
            Leaf::Own(piece) => (piece, 0..piece.text.len()),
        }
    }

    /// Takes bytes off the beginning.
    pub fn cut_start(&mut self, length: usize) {
        match self {
            Leaf::Slice(_, range) => range.start += length,
            Leaf::Own(own) => {
                let piece = std::mem::replace(&mut **own, Piece::empty(""));
                let range = length..piece.text.len();
                *self = Leaf::Slice(Rc::new(piece), range);
            }
        }
    }

    /// Adds a line end.
    pub fn push_line_end(&mut self, source: &'t str) {
        match self {
            Leaf::Slice(piece, range) if piece.text.as_bytes().get(range.end) == Some(&b'\n') => range.end += 1,
            _ => {
                let own = self.own(|| Piece::empty(source));
                let end = own.span(own.text.len().saturating_sub(1)..own.text.len()).end;
                own.push_made("\n", end as usize);
            }
        }
    }

    /// The text as a piece that can be added to.
    pub fn own(&mut self, empty: impl FnOnce() -> Piece<'t>) -> &mut Piece<'t> {
        if let Leaf::Slice(piece, range) = self {
            let mut own = empty();
            own.push(piece, range.clone());
            *self = Leaf::Own(Box::new(own));
        }
        match self {
            Leaf::Own(piece) => piece,
            Leaf::Slice(..) => unreachable!("a slice was made its own above"),
        }
    }
}

impl<'t> Block<'t> {
    /// A block without anything.
    pub fn new(kind: BlockKind<'t>, span: Span) -> Block<'t> {
        Block { kind, list: None, attributes: None, children: Vec::new(), leaf: None, task: None, span }
    }
}
