//! Lines that begin with `{:`: attribute lists, their definitions, and extensions.

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::markdown::kramdown::attributes::{AttributeList, closing_brace};
use crate::markdown::kramdown::block::{BlockKind, End};
use crate::markdown::kramdown::blocks::{Blocks, Cursor, Frame};
use crate::markdown::kramdown::chars::{is_ascii_word, is_space, line_end, name_end};
use crate::markdown::kramdown::line;
use crate::markdown::kramdown::needle::{Misses, Needle};
use crate::markdown::kramdown::piece::Piece;

/// The start tag of an extension: `{::name attributes}` or, without a body, `{::name attributes /}`.
pub struct Extension {
    /// Its name.
    pub name: Range<usize>,
    /// Its attributes.
    pub list: Range<usize>,
    /// Whether it has no body.
    pub closed: bool,
    /// One past `}`.
    pub end: usize,
}

/// The extension whose start tag begins at `at`.
pub fn extension_start(bytes: &[u8], at: usize, misses: &mut Misses) -> Option<Extension> {
    if !bytes[at..].starts_with(b"{::") {
        return None;
    }
    let name = at + 3;
    let name_end = name + bytes[name..].iter().take_while(|&&b| is_ascii_word(b)).count();
    if name_end == name {
        return None;
    }
    let next = *bytes.get(name_end)?;
    let close = match next {
        b'}' => name_end,
        b'/' if bytes.get(name_end + 1) == Some(&b'}') => name_end + 1,
        _ if is_space(next) => closing_brace(bytes, name_end + 1, misses)?,
        _ => return None,
    };
    let closed = close > name_end && bytes[close - 1] == b'/';
    let list_end = if closed { close - 1 } else { close };
    let list = (name_end + 1).min(list_end)..list_end;
    Some(Extension { name: name..name_end, list, closed, end: close + 1 })
}

/// One past an extension's end tag at `at`: `{:/}` or `{:/name}`. Without a name to match, any will do.
pub fn extension_end(bytes: &[u8], at: usize, name: Option<&[u8]>) -> Option<usize> {
    if !bytes[at..].starts_with(b"{:/") {
        return None;
    }
    let start = at + 3;
    let end = match name {
        _ if bytes.get(start) == Some(&b'}') => start,
        Some(name) if bytes[start..].starts_with(name) => start + name.len(),
        Some(_) => return None,
        None => name_end(bytes, start)?,
    };
    (bytes.get(end) == Some(&b'}')).then_some(end + 1)
}

impl<'t> Blocks<'t> {
    pub(super) fn extension(&mut self, cursor: &mut Cursor<'t>, frame: &mut Frame<'t>) -> bool {
        let piece = Rc::clone(&cursor.piece);
        let bytes = piece.text.as_bytes();
        let at = cursor.at;
        if let Some((name, inside, end)) = line::attribute_definition(bytes, at, &mut cursor.misses) {
            if !self.definitions.lists.entry(piece.text[name].to_string()).or_default().read(&piece, inside.clone()) {
                self.warn_about_list(&piece, inside);
            }
            self.push(frame, BlockKind::End(End::Other), piece.span(at..end));
            cursor.at = end;
            return true;
        }
        let start = line::margin(bytes, at);
        if let Some(tag) = extension_start(bytes, start, &mut cursor.misses)
            && let Some(end) = line::blank_rest_end(bytes, tag.end)
        {
            return self.block_extension(cursor, frame, &tag, end);
        }
        if let Some((inside, end)) = line::attribute_list(bytes, at, &mut cursor.misses) {
            cursor.at = end;
            self.attribute_list(cursor, frame, &piece, inside);
            return true;
        }
        false
    }

    fn attribute_list(
        &mut self,
        cursor: &mut Cursor<'t>,
        frame: &mut Frame<'t>,
        piece: &Piece<'t>,
        inside: Range<usize>,
    ) {
        let span = piece.span(inside.start - 2..inside.end + 1);
        let last = self.arena[frame.tree].children.last().copied();
        let target = last.filter(|&last| {
            matches!(&self.arena[last].kind, BlockKind::End(End::Definition))
                || !matches!(&self.arena[last].kind, BlockKind::Blank { .. } | BlockKind::End(_))
        });
        // Into the list that is there already: `class="…"` takes the place of all classes before it.
        let list = match target {
            Some(target) => self.arena[target].list.get_or_insert_default(),
            None => frame.pending.get_or_insert_default(),
        };
        if !list.read(piece, inside.clone()) {
            self.warn_about_list(piece, inside);
        }
        let next = cursor.at;
        if target.is_some() && line::attribute_list(cursor.piece.text.as_bytes(), next, &mut cursor.misses).is_none() {
            self.push(frame, BlockKind::End(End::List), span);
        }
    }

    fn block_extension(
        &mut self,
        cursor: &mut Cursor<'t>,
        frame: &mut Frame<'t>,
        tag: &Extension,
        next: usize,
    ) -> bool {
        let piece = Rc::clone(&cursor.piece);
        let bytes = piece.text.as_bytes();
        let name = &piece.text[tag.name.clone()];
        let start = cursor.at;
        let (body, end) = if tag.closed {
            (None, next)
        } else {
            let Some((body_end, end)) = block_extension_end(bytes, next, name.as_bytes(), &mut cursor.misses) else {
                self.warn_about_extension(&piece, tag, "has no end tag");
                return false;
            };
            let body_end = body_end - usize::from(body_end > next && bytes[body_end - 1] == b'\n');
            (Some(next..body_end), end)
        };
        let span = piece.span(start..end);
        match (name, body) {
            ("comment" | "nomarkdown", None) => {}
            ("comment", Some(body)) => {
                let text = format!("<!-- {} -->\n", &piece.text[body]);
                self.add_raw(frame, Cow::Owned(text), span);
            }
            ("nomarkdown", Some(body)) => {
                if is_for_html(&piece, tag) && !body.is_empty() {
                    self.add_raw(frame, piece.cow(body.start..(body.end + 1).min(end)), span);
                } else {
                    self.add_raw(frame, Cow::Borrowed(""), span);
                }
            }
            ("options", _) => {
                self.set_options(&piece, tag.list.clone());
                self.push(frame, BlockKind::End(End::Other), span);
            }
            _ => {
                self.warn_about_extension(&piece, tag, "is not known");
                return false;
            }
        }
        cursor.at = end;
        true
    }

    /// Adds HTML that takes no attribute list.
    pub(super) fn add_raw(&mut self, frame: &Frame<'t>, html: Cow<'t, str>, span: Span) {
        let block = self.create(BlockKind::Raw(html), span);
        self.arena[frame.tree].children.push(block);
    }

    /// Sets the options that an `{::options …}` names.
    pub fn set_options(&mut self, piece: &Piece<'t>, range: Range<usize>) {
        let mut list = AttributeList::default();
        list.read(piece, range.clone());
        for (name, value) in &list.attributes.others {
            self.set_option(name, value, piece.span(range.clone()));
        }
    }

    /// Sets one option, which a page names at this place.
    pub fn set_option(&mut self, name: &str, value: &str, span: Span) {
        if !self.settings.set(name, value) {
            let message = format!("kramdown has no option `{name}` that a page can set");
            self.diagnostics.push(Diagnostic::new(Code::AttributeList, message).at(span));
        }
    }

    pub(super) fn warn_about_list(&mut self, piece: &Piece<'t>, inside: Range<usize>) {
        let text = piece.text[inside.clone()].trim();
        let message = format!("`{{:{text}}}` holds no attribute");
        let span = piece.span(inside.start.saturating_sub(2)..inside.end + 1);
        self.diagnostics.push(
            Diagnostic::new(Code::AttributeList, message)
                .at(span)
                .help("write `.class`, `#id` or `key=\"value\"`, parted by blanks"),
        );
    }

    fn warn_about_extension(&mut self, piece: &Piece<'t>, tag: &Extension, what: &str) {
        let name = &piece.text[tag.name.clone()];
        let message = format!("the extension `{name}` {what}");
        self.diagnostics
            .push(Diagnostic::new(Code::AttributeList, message).at(piece.span(tag.name.start - 3..tag.end)));
    }
}

/// Whether a `{::nomarkdown}` is meant for HTML, and not for another format alone.
pub fn is_for_html(piece: &Piece<'_>, tag: &Extension) -> bool {
    let mut list = AttributeList::default();
    list.read(piece, tag.list.clone());
    let kind = list.attributes.others.iter().find(|(name, _)| name == "type").map(|(_, value)| value);
    kind.is_none_or(|kind| kind.trim().is_empty() || kind.split_ascii_whitespace().any(|word| word == "html"))
}

/// Where an extension's body ends, and one past the line of its end tag.
fn block_extension_end(bytes: &[u8], from: usize, name: &[u8], misses: &mut Misses) -> Option<(usize, usize)> {
    let mut at = from;
    loop {
        let found = misses.find(Needle::ExtensionEnd, bytes, at)?;
        let line = bytes[from..found].iter().rposition(|&b| b == b'\n').map_or(from, |i| from + i + 1);
        if line::margin(bytes, line) == found
            && let Some(end) = extension_end(bytes, found, Some(name))
            && let Some(next) = line::blank_rest_end(bytes, end)
        {
            return Some((line, next));
        }
        at = line_end(bytes, found);
    }
}
