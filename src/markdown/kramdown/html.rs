//! HTML elements among blocks.
//!
//! An element's content is read as blocks, as text with markup, or as HTML, by its kind and by `markdown="…"`. Elements
//! in HTML content are kept on a list, not on the stack, so that ten thousand open `<div>`s cost nothing but memory.

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::markdown::kramdown::attributes::{AttributeList, add_classes};
use crate::markdown::kramdown::block::{BlockId, BlockKind, Leaf};
use crate::markdown::kramdown::blocks::{Blocks, Cursor, DEEPEST, Frame};
use crate::markdown::kramdown::chars::skip_blanks;
use crate::markdown::kramdown::entity::decode;
use crate::markdown::kramdown::line;
use crate::markdown::kramdown::needle::{Misses, Needle};
use crate::markdown::kramdown::piece::Piece;
use crate::markdown::kramdown::tag::{self, Model, StartTag};
use crate::markdown::tree::Attributes;

/// What a line that begins with `<` turned out to be.
pub enum Html {
    /// No block of HTML.
    None,
    /// An element or a comment.
    Element,
    /// The end tag of the container.
    EndOfContainer,
}

impl<'t> Blocks<'t> {
    pub(super) fn html(&mut self, cursor: &mut Cursor<'t>, frame: &mut Frame<'t>) -> Html {
        let piece = Rc::clone(&cursor.piece);
        let text: &str = &piece.text;
        let at = cursor.at;
        if let Some(end) = tag::comment_end(text, at, &mut cursor.misses) {
            self.add_raw(frame, piece.cow(at..end), piece.span(at..end));
            cursor.at = end;
            skip_line_end(cursor);
            return Html::Element;
        }
        let start = line::margin(text.as_bytes(), at);
        if let Some(tag) = tag::start_tag(text, start, &mut cursor.misses) {
            if tag::is_span(&text[tag.name.clone()].to_lowercase()) {
                return Html::None;
            }
            cursor.at = tag.end;
            self.element(cursor, frame.tree, &tag, start, &mut frame.pending);
            return Html::Element;
        }
        let Some((name, end)) = tag::end_tag(text, start) else { return Html::None };
        let name = text[name].to_lowercase();
        match &self.arena[frame.tree].kind {
            // An inline element that is read as blocks goes on to the end.
            BlockKind::Html { tag, .. } if *tag == name && !tag::is_span(&name) => {
                cursor.at = end;
                Html::EndOfContainer
            }
            _ => Html::None,
        }
    }

    /// Reads an element whose start tag has just been read, with its content.
    fn element(
        &mut self,
        cursor: &mut Cursor<'t>,
        parent: BlockId,
        tag: &StartTag,
        start: usize,
        pending: &mut Option<Box<AttributeList<'t>>>,
    ) {
        let (id, open) = self.open_element(cursor, parent, tag, start, pending);
        if open {
            self.raw_content(cursor, id);
            self.after_content(cursor, parent);
        }
    }

    /// Makes the element of a start tag, and reads its content unless that is HTML: then the second is true.
    fn open_element(
        &mut self,
        cursor: &mut Cursor<'t>,
        parent: BlockId,
        tag: &StartTag,
        start: usize,
        pending: &mut Option<Box<AttributeList<'t>>>,
    ) -> (BlockId, bool) {
        let piece = Rc::clone(&cursor.piece);
        let name = tag::known_name(piece.cow(tag.name.clone()));
        let (attributes, markdown) = element_attributes(&piece, tag, tag::is_known(&name));
        let in_raw = self.is_raw(parent);
        let mut model =
            if !in_raw && self.settings.options.parse_block_html { tag::default_model(&name) } else { Model::Raw };
        match markdown.as_deref() {
            Some("0") => model = Model::Raw,
            Some("1") => model = tag::default_model(&name),
            Some("span") => model = Model::Span,
            Some("block") => model = Model::Block,
            _ => {}
        }
        if self.depth >= DEEPEST && model == Model::Block {
            model = Model::Raw;
        }
        let span = piece.span(start..tag.end);
        let is_script = name == "script" || name == "style";
        let closed = (tag.closed || tag::is_void(&name)) && !is_script;
        let id = self.create(BlockKind::Html { tag: name.clone(), model, closed }, span);
        self.arena[id].list = pending.take();
        self.arena[id].attributes = attributes.map(Box::new);
        self.arena[parent].children.push(id);
        if is_script {
            self.script(cursor, id, &name);
            if model == Model::Block {
                skip_line_end(cursor);
            }
            return (id, false);
        }
        if model == Model::Block {
            skip_line_end(cursor);
        }
        if closed {
            return (id, false);
        }
        match model {
            Model::Raw => return (id, true),
            Model::Block => {
                if !self.container(cursor, id) {
                    self.warn_unclosed(&name, span);
                }
            }
            Model::Span => self.span_content(cursor, id, &name, span),
        }
        self.after_content(cursor, parent);
        (id, false)
    }

    fn is_raw(&self, parent: BlockId) -> bool {
        matches!(self.arena[parent].kind, BlockKind::Html { model: Model::Raw, .. })
    }

    /// A line end right after an end tag belongs to the element, unless HTML surrounds it.
    fn after_content(&self, cursor: &mut Cursor<'t>, parent: BlockId) {
        if !self.is_raw(parent) {
            skip_line_end(cursor);
        }
    }

    /// Reads text up to the element's end tag.
    fn span_content(&mut self, cursor: &mut Cursor<'t>, id: BlockId, name: &str, span: Span) {
        let piece = Rc::clone(&cursor.piece);
        let start = cursor.at;
        let (end, next) = match tag::find_end_tag(&piece.text, start, name) {
            Some(found) => found,
            None => {
                self.warn_unclosed(name, span);
                (piece.text.len(), piece.text.len())
            }
        };
        cursor.at = next;
        if start < end {
            let text = self.create(BlockKind::Text, piece.span(start..end));
            self.arena[text].leaf = Some(Leaf::Slice(piece, start..end));
            self.arena[id].children.push(text);
        }
    }

    /// Reads a script or style up to its end tag; it stays as it is.
    fn script(&mut self, cursor: &mut Cursor<'t>, id: BlockId, name: &str) {
        let piece = Rc::clone(&cursor.piece);
        let start = cursor.at;
        let (end, next) = match tag::find_end_tag(&piece.text, start, name) {
            Some(found) => found,
            None => {
                self.warn_unclosed(name, self.arena[id].span);
                (piece.text.len(), piece.text.len())
            }
        };
        cursor.at = next;
        if start < end {
            let raw = self.create(BlockKind::Raw(piece.cow(start..end)), piece.span(start..end));
            self.arena[id].children.push(raw);
        }
    }

    /// Reads HTML up to the element's end tag.
    fn raw_content(&mut self, cursor: &mut Cursor<'t>, top: BlockId) {
        let piece = Rc::clone(&cursor.piece);
        let text: &str = &piece.text;
        let bytes = text.as_bytes();
        // The open elements, from `top` to the innermost.
        let mut open = vec![top];
        let mut text_start = cursor.at;
        while let Some(&inner) = open.last() {
            let Some(offset) = memchr::memchr(b'<', &bytes[cursor.at..]) else {
                self.html_text(&piece, inner, text_start..bytes.len());
                cursor.at = bytes.len();
                // One message is enough: whatever else is open is around it.
                if let BlockKind::Html { tag, .. } = &self.arena[inner].kind {
                    let (tag, span) = (tag.to_string(), self.arena[inner].span);
                    self.warn_unclosed(&tag, span);
                }
                return;
            };
            let at = cursor.at + offset;
            if let Some(end) = passed_on(text, at, &mut cursor.misses) {
                self.html_text(&piece, inner, text_start..at);
                let raw = self.create(BlockKind::Raw(piece.cow(at..end)), piece.span(at..end));
                self.arena[inner].children.push(raw);
                cursor.at = end;
            } else if let Some(tag) = tag::start_tag(text, at, &mut cursor.misses) {
                self.html_text(&piece, inner, text_start..at);
                cursor.at = tag.end;
                let (id, is_open) = self.open_element(cursor, inner, &tag, at, &mut None);
                if is_open {
                    open.push(id);
                }
            } else if let Some((name, end)) = tag::end_tag(text, at) {
                cursor.at = end;
                if !self.is_element(inner, &text[name.clone()]) {
                    self.warn_stray(&text[name], piece.span(at..end));
                    continue;
                }
                self.html_text(&piece, inner, text_start..at);
                open.pop();
            } else {
                cursor.at = at + 1;
                continue;
            }
            text_start = cursor.at;
        }
    }

    fn is_element(&self, id: BlockId, name: &str) -> bool {
        let BlockKind::Html { tag, .. } = &self.arena[id].kind else { return false };
        if tag::is_known(tag) { tag.eq_ignore_ascii_case(name) } else { *tag == name }
    }

    fn html_text(&mut self, piece: &Rc<Piece<'t>>, parent: BlockId, range: Range<usize>) {
        if !range.is_empty() {
            let text = self.create(BlockKind::HtmlText, piece.span(range.clone()));
            self.arena[text].leaf = Some(Leaf::Slice(Rc::clone(piece), range));
            self.arena[parent].children.push(text);
        }
    }

    fn warn_unclosed(&mut self, name: &str, span: Span) {
        self.diagnostics.push(unclosed_tag(name, span));
    }

    fn warn_stray(&mut self, name: &str, span: Span) {
        self.diagnostics.push(stray_tag(name, span));
    }
}

/// The warning for an element without an end tag.
pub fn unclosed_tag(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::HtmlTag, format!("`<{name}>` has no end tag, so it goes on to the end of what holds it"))
        .at(span)
        .help(format!("close it with `</{name}>`"))
}

/// The warning for an end tag without an element.
pub fn stray_tag(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::HtmlTag, format!("`</{name}>` closes nothing here, so it is shown as text"))
        .at(span)
        .help("remove it, or open the element in the same block")
}

/// The end of a comment or an instruction at `at`.
fn passed_on(text: &str, at: usize, misses: &mut Misses) -> Option<usize> {
    let bytes = text.as_bytes();
    if bytes[at..].starts_with(b"<?") {
        return misses.find(Needle::InstructionEnd, bytes, at + 2).map(|end| end + 2);
    }
    tag::comment_end(text, at, misses)
}

/// Skips blanks and the line end when nothing else is left of the line.
pub fn skip_line_end(cursor: &mut Cursor<'_>) {
    let bytes = cursor.piece.text.as_bytes();
    let at = skip_blanks(bytes, cursor.at);
    if bytes.get(at) == Some(&b'\n') {
        cursor.at = at + 1;
    }
}

/// An element's attributes, and the value of `markdown`, which is taken out.
pub fn element_attributes<'t>(
    piece: &Piece<'t>,
    tag: &StartTag,
    known: bool,
) -> (Option<Attributes<'t>>, Option<Cow<'t, str>>) {
    if tag.attributes.is_empty() {
        return (None, None);
    }
    let mut attributes = Attributes::default();
    let mut markdown = None;
    for (name, value) in &tag.attributes {
        let name = piece.cow(name.clone());
        let name =
            if known && name.bytes().any(|b| b.is_ascii_uppercase()) { Cow::Owned(name.to_lowercase()) } else { name };
        let value = decode(piece.cow(value.clone()));
        match &*name {
            "markdown" => markdown = Some(value),
            "id" => attributes.id = (!value.trim().is_empty()).then_some(value),
            "class" => {
                attributes.classes.clear();
                add_classes(&mut attributes, value);
            }
            _ => attributes.set(name, value),
        }
    }
    (Some(attributes), markdown)
}
