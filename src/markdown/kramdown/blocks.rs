//! Reads a page's lines into blocks.
//!
//! One parser after the other may try its luck on a line, in the order in which kramdown asks them: that order is part
//! of the dialect.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::rc::Rc;

use crate::diagnostic::{Diagnostic, Span};
use crate::markdown::kramdown::attributes::{AttributeList, Definitions};
use crate::markdown::kramdown::block::{Block, BlockId, BlockKind, End, Leaf};
use crate::markdown::kramdown::chars::{line_end, skip_space, trim_end};
use crate::markdown::kramdown::growth::Growth;
use crate::markdown::kramdown::html::Html;
use crate::markdown::kramdown::indented::{code_end, code_text};
use crate::markdown::kramdown::line;
use crate::markdown::kramdown::needle::Misses;
use crate::markdown::kramdown::options::Settings;
use crate::markdown::kramdown::piece::Piece;
use crate::markdown::kramdown::reference::LinkDefinition;

/// Deeper than this, quotes, lists and Markdown in HTML are text. kramdown itself gives up at a few hundred levels.
pub const DEEPEST: usize = 100;

/// A page's blocks, and what its definitions say.
pub struct Blocks<'t> {
    /// The whole file.
    pub source: &'t str,
    /// Every block; the first is the page.
    pub arena: Vec<Block<'t>>,
    /// The options as they are now; a page may set them anywhere.
    pub settings: Settings,
    /// Named attribute lists.
    pub definitions: Definitions<'t>,
    /// Links by name.
    pub links: HashMap<String, LinkDefinition<'t>>,
    /// How long the longest of their names is.
    pub longest_link_name: usize,
    /// Footnotes by name: the text, and the trace that takes attributes.
    pub footnotes: BTreeMap<String, (BlockId, BlockId)>,
    /// Abbreviations: what they mean, and the trace that takes attributes.
    pub abbreviations: HashMap<String, (Cow<'t, str>, BlockId)>,
    /// What was wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// How many containers are open.
    pub depth: usize,
}

/// Where reading stands in a text.
pub struct Cursor<'t> {
    /// The text.
    pub piece: Rc<Piece<'t>>,
    /// The next byte to read; it counts as a line's beginning.
    pub at: usize,
    /// What is known to be missing in the text.
    pub misses: Misses,
    /// The longest closing fence that is known to be left, by its mark; 0 is `` ` ``, 1 is `~`.
    pub fences: [Option<usize>; 2],
}

/// The container that blocks are being read into.
pub struct Frame<'t> {
    /// The container.
    pub tree: BlockId,
    /// An attribute list that waits for the next block.
    pub pending: Option<Box<AttributeList<'t>>>,
}

impl<'t> Cursor<'t> {
    /// At the beginning of a text.
    pub fn new(piece: Piece<'t>) -> Cursor<'t> {
        Cursor { piece: Rc::new(piece), at: 0, misses: Misses::default(), fences: [None; 2] }
    }
}

impl<'t> Blocks<'t> {
    /// Reads a file's text from `body_start` on.
    pub fn read(source: &'t str, body_start: usize, settings: Settings) -> Blocks<'t> {
        let mut blocks = Blocks {
            source,
            arena: vec![Block::new(BlockKind::Container, Span::new(body_start, source.len()))],
            settings,
            definitions: Definitions { lists: HashMap::new(), growth: Growth::of(source.len()) },
            links: HashMap::new(),
            longest_link_name: 0,
            footnotes: BTreeMap::new(),
            abbreviations: HashMap::new(),
            diagnostics: Vec::new(),
            depth: 0,
        };
        // Real pages have a block for every sixty bytes or so; a first guess saves moving them all several times.
        blocks.arena.reserve((source.len() - body_start) / 64);
        let mut cursor = Cursor::new(Piece::whole(source, body_start));
        blocks.container(&mut cursor, 0);
        blocks
    }

    /// Reads blocks into a container, up to the text's end or the container's end tag. `true` for an end tag.
    pub fn container(&mut self, cursor: &mut Cursor<'t>, tree: BlockId) -> bool {
        let mut frame = Frame { tree, pending: None };
        self.depth += 1;
        let mut found = false;
        while !found && cursor.at < cursor.piece.text.len() {
            found = self.block(cursor, &mut frame);
        }
        self.depth -= 1;
        found
    }

    /// Reads one block. `true` when it was the end tag of the container.
    fn block(&mut self, cursor: &mut Cursor<'t>, frame: &mut Frame<'t>) -> bool {
        let piece = Rc::clone(&cursor.piece);
        let text: &str = &piece.text;
        let bytes = text.as_bytes();
        let at = cursor.at;
        if line::is_blank(bytes, at) {
            self.blank(cursor, frame);
            return false;
        }
        if line::indent_end(bytes, at).is_some() {
            self.code(cursor, frame);
            return false;
        }
        let start = line::margin(bytes, at);
        if matches!(bytes[start], b' ' | b'\t') {
            // Neither code nor a paragraph begins with blanks and a tab.
            self.bare_text(cursor, frame);
            return false;
        }
        let gfm = self.settings.gfm;
        let can_nest = self.depth < DEEPEST;
        let done = match bytes[start] {
            b'`' | b'~' => line::is_fence(bytes, at, gfm) && self.fence(cursor, frame),
            b'>' if can_nest => self.quote(cursor, frame),
            b'#' => start == at && self.atx_heading(cursor, frame),
            b'*' | b'-' | b'_' if line::is_rule(bytes, at) => self.rule(cursor, frame),
            b'*' | b'+' | b'-' | b'0'..=b'9' if can_nest => match line::list_start(bytes, at) {
                Some(ordered) => self.list(cursor, frame, ordered),
                None => false,
            },
            b':' if can_nest => line::definition_end(bytes, at, 3).is_some() && self.definition_list(cursor, frame),
            b'<' => match self.html(cursor, frame) {
                Html::None => false,
                Html::Element => true,
                Html::EndOfContainer => return true,
            },
            _ => false,
        };
        if done || self.setext_heading(cursor, frame) {
            return false;
        }
        let done = match bytes[start] {
            b'$' | b'\\' => self.math(cursor, frame),
            _ => false,
        };
        if done || self.table(cursor, frame) {
            return false;
        }
        let done = match bytes[start] {
            b'[' => self.footnote(cursor, frame) || self.link_definition(cursor, frame),
            b'*' => self.abbreviation(cursor, frame),
            b'{' => self.extension(cursor, frame),
            b'^' => self.end_marker(cursor, frame),
            _ => false,
        };
        if !done {
            self.paragraph(cursor, frame);
        }
        false
    }

    /// Makes a block that takes the attribute list that waits, and puts it last into the container.
    pub fn push(&mut self, frame: &mut Frame<'t>, kind: BlockKind<'t>, span: Span) -> BlockId {
        let id = self.create(kind, span);
        self.arena[id].list = frame.pending.take();
        self.arena[frame.tree].children.push(id);
        id
    }

    /// Makes a block that is in no container.
    pub fn create(&mut self, kind: BlockKind<'t>, span: Span) -> BlockId {
        self.arena.push(Block::new(kind, span));
        self.arena.len() - 1
    }

    /// The last block of the container.
    pub fn last(&self, frame: &Frame<'t>) -> Option<&Block<'t>> {
        self.arena[frame.tree].children.last().map(|&id| &self.arena[id])
    }

    /// Whether a block could begin here that needs a boundary before it.
    pub fn is_after_boundary(&self, frame: &Frame<'t>) -> bool {
        frame.pending.is_some()
            || self
                .last(frame)
                .is_none_or(|last| matches!(last.kind, BlockKind::Blank { .. } | BlockKind::End(End::Marker)))
    }

    fn blank(&mut self, cursor: &mut Cursor<'t>, frame: &mut Frame<'t>) {
        let start = cursor.at;
        let end = blank_end(cursor.piece.text.as_bytes(), start);
        cursor.at = end;
        if let Some(&last) = self.arena[frame.tree].children.last()
            && let BlockKind::Blank { single } = &mut self.arena[last].kind
        {
            *single = false;
            return;
        }
        let single = &cursor.piece.text[start..end] == "\n";
        let span = cursor.piece.span(start..end);
        self.push(frame, BlockKind::Blank { single }, span);
    }

    fn bare_text(&mut self, cursor: &mut Cursor<'t>, frame: &mut Frame<'t>) {
        let start = cursor.at;
        cursor.at = line_end(cursor.piece.text.as_bytes(), start);
        if let Some(&last) = self.arena[frame.tree].children.last()
            && self.arena[last].kind == BlockKind::Text
        {
            let source = self.source;
            let leaf = self.arena[last].leaf.as_mut().expect("text blocks have text");
            return leaf.own(|| Piece::empty(source)).push(&cursor.piece, start..cursor.at);
        }
        let text = self.create(BlockKind::Text, cursor.piece.span(start..cursor.at));
        self.arena[text].leaf = Some(Leaf::Slice(Rc::clone(&cursor.piece), start..cursor.at));
        self.arena[frame.tree].children.push(text);
    }

    fn rule(&mut self, cursor: &mut Cursor<'t>, frame: &mut Frame<'t>) -> bool {
        let start = cursor.at;
        cursor.at = line_end(cursor.piece.text.as_bytes(), start);
        self.push(frame, BlockKind::Rule, cursor.piece.span(start..cursor.at));
        true
    }

    fn end_marker(&mut self, cursor: &mut Cursor<'t>, frame: &mut Frame<'t>) -> bool {
        let Some(end) = line::end_marker(cursor.piece.text.as_bytes(), cursor.at) else { return false };
        self.push(frame, BlockKind::End(End::Marker), cursor.piece.span(cursor.at..end));
        cursor.at = end;
        true
    }

    fn quote(&mut self, cursor: &mut Cursor<'t>, frame: &mut Frame<'t>) -> bool {
        let piece = Rc::clone(&cursor.piece);
        let bytes = piece.text.as_bytes();
        let start = cursor.at;
        let mut inner = Piece::empty(self.source);
        loop {
            let from = cursor.at;
            cursor.at = line_end(bytes, from);
            let mark = line::margin(bytes, from);
            let cut = match bytes[mark] {
                b'>' if bytes.get(mark + 1) == Some(&b' ') => mark + 2,
                b'>' => mark + 1,
                _ => from,
            };
            inner.push(&piece, cut..cursor.at);
            if line::ends_lazily(&piece.text, cursor.at, &mut cursor.misses) {
                break;
            }
        }
        let quote = self.push(frame, BlockKind::Quote, piece.span(start..cursor.at));
        self.container(&mut Cursor::new(inner), quote);
        true
    }

    /// Reads a paragraph, or more lines of the one before, when what ended it turned out to be text.
    pub fn paragraph(&mut self, cursor: &mut Cursor<'t>, frame: &mut Frame<'t>) {
        let piece = Rc::clone(&cursor.piece);
        let bytes = piece.text.as_bytes();
        let at = cursor.at;
        let mut next = line_end(bytes, at);
        while !line::ends_paragraph(&piece.text, next, self.settings.gfm_paragraph_end, &mut cursor.misses) {
            next = line_end(bytes, next);
        }
        cursor.at = next;
        let end = trim_end(bytes, at, next);
        if let Some(&last) = self.arena[frame.tree].children.last()
            && matches!(self.arena[last].kind, BlockKind::Paragraph { .. })
        {
            return self.continue_paragraph(&piece, at..end, last);
        }
        let start = skip_space(bytes, at).min(end);
        let id = self.push(frame, BlockKind::Paragraph { transparent: false }, piece.span(start..end));
        self.arena[id].leaf = Some(Leaf::Slice(piece, start..end));
    }

    fn continue_paragraph(&mut self, piece: &Rc<Piece<'t>>, range: Range<usize>, paragraph: BlockId) {
        let bytes = piece.text.as_bytes();
        let at = range.start;
        let joiner = if at >= 3 && &bytes[at - 3..at] == b"  \n" { "  \n" } else { "\n" };
        self.arena[paragraph].span.end = piece.span(range.clone()).end;
        let source = self.source;
        let leaf = self.arena[paragraph].leaf.as_mut().expect("paragraphs have text");
        match leaf {
            Leaf::Slice(own, old) if Rc::ptr_eq(own, piece) && piece.text.get(old.end..at) == Some(joiner) => {
                old.end = range.end;
            }
            _ => {
                let own = leaf.own(|| Piece::empty(source));
                own.push_made(joiner, piece.source_at(at));
                own.push(piece, range);
            }
        }
    }

    fn code(&mut self, cursor: &mut Cursor<'t>, frame: &mut Frame<'t>) {
        let piece = Rc::clone(&cursor.piece);
        let start = cursor.at;
        // A line that is indented by blanks and begins with other white space is no code to the rule, and kramdown never
        // gets past it.
        let line = line_end(piece.text.as_bytes(), start);
        cursor.at = code_end(&piece.text, start, &mut cursor.misses).max(line);
        let text = code_text(&piece.text[start..cursor.at]);
        self.push(frame, BlockKind::Code(Cow::Owned(text)), piece.span(start..cursor.at));
    }

    fn math(&mut self, cursor: &mut Cursor<'t>, frame: &mut Frame<'t>) -> bool {
        let piece = Rc::clone(&cursor.piece);
        let bytes = piece.text.as_bytes();
        let start = line::margin(bytes, cursor.at);
        let escaped = bytes[start] == b'\\';
        let open = start + usize::from(escaped);
        if !bytes[open..].starts_with(b"$$") || !self.is_after_boundary(frame) {
            return false;
        }
        let Some(close) = cursor.misses.find(crate::markdown::kramdown::needle::Needle::Dollars, bytes, open + 2)
        else {
            return false;
        };
        let line = line::blank_rest_end(bytes, close + 2);
        if escaped {
            // The backslash says that this is a line of text, which begins after it.
            if line.is_some() {
                cursor.at = open;
            }
            return false;
        }
        let end = line.unwrap_or(close + 2);
        if !is_before_boundary(&piece.text, end, &mut cursor.misses) {
            return false;
        }
        let from = skip_space(bytes, open + 2).min(close);
        let latex = piece.cow(from..trim_end(bytes, from, close));
        self.push(frame, BlockKind::Math(latex), piece.span(start..end));
        cursor.at = end;
        true
    }
}

/// Whether a block that needs a boundary after it could end here.
pub fn is_before_boundary(text: &str, at: usize, misses: &mut Misses) -> bool {
    let bytes = text.as_bytes();
    at >= bytes.len()
        || line::is_blank(bytes, at)
        || line::end_marker(bytes, at).is_some()
        || line::attribute_list(bytes, at, misses).is_some()
}

/// One past the blank lines that begin here.
pub fn blank_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at;
    while line::is_blank(bytes, end) {
        end = line_end(bytes, end);
    }
    end
}
