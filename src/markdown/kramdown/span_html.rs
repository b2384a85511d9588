//! Inline HTML.

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::markdown::kramdown::entity;
use crate::markdown::kramdown::html::{element_attributes, stray_tag, unclosed_tag};
use crate::markdown::kramdown::inline::{Found, Scanner, Stop};
use crate::markdown::kramdown::inside::Inside;
use crate::markdown::kramdown::memory::place;
use crate::markdown::kramdown::piece::Piece;
use crate::markdown::kramdown::tag::{self, Model, StartTag};
use crate::markdown::tree::{Kind, NodeId, Tree};

impl<'t> Scanner<'_, 't> {
    pub(super) fn span_html(&mut self, parent: NodeId, inside: Inside) -> Found {
        let at = self.at;
        if let Some(end) = tag::comment_end(self.text, at, &mut self.misses) {
            self.add(parent, inside, Kind::Html(self.piece.cow(at..end)), at..end);
            return Found::Node;
        }
        if let Some((name, end)) = tag::end_tag(self.text, at) {
            self.notes.diagnostics.push(stray_tag(&self.text[name], self.piece.span(at..end)));
            return match self.text[at..end].contains('\n') {
                true => self.tag_as_text(parent, inside, at..end),
                false => Found::Text(end - at),
            };
        }
        let Some(tag) = tag::start_tag(self.text, at, &mut self.misses) else { return Found::Text(1) };
        let name = tag::known_name(self.piece.cow(tag.name.clone()));
        if tag::is_block(&name) {
            let message = format!("`<{name}>` cannot stand inside a line of text, so it is shown as text");
            let help = "put it at the beginning of a line";
            self.notes.diagnostics.push(Diagnostic::new(Code::HtmlTag, message).at(self.span(at..tag.end)).help(help));
            return self.tag_as_text(parent, inside, at..tag.end);
        }
        self.span_element(parent, inside, &tag, name)
    }

    /// Puts a tag that is shown as text below `parent`. A line may end in it as in other text.
    fn tag_as_text(&mut self, parent: NodeId, inside: Inside, range: Range<usize>) -> Found {
        self.flush(parent, range.start, inside);
        let settings = &self.page.settings;
        let mut from = range.start;
        if settings.gfm && settings.options.hard_wrap && !inside.has(Inside::HTML) {
            while let Some(length) = self.text[from..range.end].find('\n') {
                let end = from + length;
                push_html_text(self.tree, self.piece, from..end, parent);
                self.tree.push(parent, Kind::HardBreak, self.span(end..end + 1));
                from = end + 1;
            }
        }
        push_html_text(self.tree, self.piece, from..range.end, parent);
        self.at = range.end;
        Found::Node
    }

    fn span_element(&mut self, parent: NodeId, inside: Inside, tag: &StartTag, name: Cow<'t, str>) -> Found {
        let at = self.at;
        let key = place(at, inside.without(Inside::TRIAL), 0);
        if inside.has(Inside::TRIAL) && self.memory.unclosed.contains(&key) || !self.may_try() {
            // Whatever is being tried has no partner: this element takes all that is left.
            if inside.has(Inside::TRIAL) && self.memory.unclosed.contains(&key) {
                self.at = self.text.len();
                return Found::Node;
            }
            return Found::Text(tag.end - at);
        }
        let (attributes, markdown) = element_attributes(self.piece, tag, tag::is_known(&name));
        let model = tag::default_model(&name);
        let mut reads = model != Model::Raw && !inside.has(Inside::RAW) && self.page.settings.options.parse_span_html;
        match markdown.as_deref() {
            Some("span") => reads = true,
            Some("1") => reads = model != Model::Raw,
            Some("0") => reads = false,
            _ => {}
        }
        let has_body = !tag.closed && !tag::is_void(&name);
        let kind = Kind::Element { tag: name.clone(), block: false, void: tag::is_void(&name) };
        let node = self.add(parent, inside, kind, at..tag.end);
        if let Some(mut attributes) = attributes {
            for (_, value) in &mut attributes.others {
                if value.contains('\n') {
                    *value = Cow::Owned(without_line_ends(value));
                }
            }
            self.tree.node_mut(node).attributes = Some(Box::new(attributes));
        }
        if !reads && !self.page.abbreviations.is_empty() {
            self.notes.raw.insert(node);
        }
        if has_body {
            let within = inside.without(Inside::RAW.with(Inside::TABLE)).with(Inside::HTML);
            let within = if reads { within } else { within.with(Inside::RAW) };
            if self.spans(node, Stop::Tag(&name), within)
                && let Some(end) = self.end_tag(self.at, &name)
            {
                self.at = end;
            } else {
                self.memory.unclosed.insert(key);
                self.warn_unclosed(&name, at..tag.end);
                self.at = self.text.len();
            }
            self.tree.node_mut(node).span = self.span(at..self.at);
        }
        Found::Node
    }

    /// One past the end tag at `at`, when it has this name.
    pub(super) fn end_tag(&self, at: usize, name: &str) -> Option<usize> {
        let (found, end) = tag::end_tag(self.text, at)?;
        let found = &self.text[found];
        let same = if tag::is_known(name) { found.eq_ignore_ascii_case(name) } else { found == name };
        same.then_some(end)
    }

    fn warn_unclosed(&mut self, name: &str, range: Range<usize>) {
        let span = self.span(range);
        if tag::is_known(name) || tag::is_newer(name) {
            return self.notes.diagnostics.push(unclosed_tag(name, span));
        }
        let message = format!("`<{name}>` is read as an HTML element, so readers do not see it");
        let help = format!("write `\\<{name}>` or `` `<{name}>` `` to show it");
        self.notes.diagnostics.push(Diagnostic::new(Code::Placeholder, message).at(span).help(help));
    }
}

fn without_line_ends(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\n' if out.ends_with('\n') => {}
            _ => out.push(c),
        }
    }
    out.replace('\n', " ")
}

/// Adds the text of an element that is not read as Markdown: character references in it stay as they are.
pub fn push_html_text<'t>(tree: &mut Tree<'t>, piece: &Piece<'t>, range: Range<usize>, parent: NodeId) {
    let bytes = piece.text.as_bytes();
    let mut at = range.start;
    let mut run = at;
    let text = |tree: &mut Tree<'t>, range: Range<usize>| {
        for part in piece.parts(range) {
            let span = piece.span(part.clone());
            tree.push(parent, Kind::Text(piece.cow(part)), span);
        }
    };
    while let Some(offset) = memchr::memchr(b'&', &bytes[at..range.end]) {
        at += offset;
        let Some(end) = entity::reference_end(&bytes[..range.end], at) else {
            at += 1;
            continue;
        };
        text(tree, run..at);
        tree.push(parent, Kind::Html(piece.cow(at..end)), piece.span(at..end));
        at = end;
        run = end;
    }
    text(tree, run..range.end);
}
