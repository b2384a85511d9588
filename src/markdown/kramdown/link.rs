//! Links, images, automatic links and references to footnotes.

use std::borrow::Cow;
use std::ops::Range;

use crate::markdown::definition;
use crate::markdown::kramdown::chars::{is_alnum, is_space, name_end, skip_space, trim_end};
use crate::markdown::kramdown::entity::decode;
use crate::markdown::kramdown::inline::{Found, Scanner, Stop};
use crate::markdown::kramdown::inside::Inside;
use crate::markdown::kramdown::memory::place;
use crate::markdown::kramdown::needle::Needle;
use crate::markdown::kramdown::reference::link_name;
use crate::markdown::tree::{Kind, NodeId};

/// Where a link leads, as it stands after its text.
enum Tail {
    /// `(target "title")`
    Inline { target: Range<usize>, title: Option<Range<usize>>, end: usize },
    /// `[name]`, or nothing when the text is the name.
    Reference { name: String, end: usize },
}

impl<'t> Scanner<'_, 't> {
    /// A footnote's reference, a link or an image.
    pub(super) fn bracket(&mut self, parent: NodeId, inside: Inside) -> Found {
        let bytes = self.text.as_bytes();
        let at = self.at;
        let is_image = bytes[at] == b'!';
        if bytes.get(at + 1) == Some(&b'^') && !is_image {
            return self.footnote_reference(parent, inside);
        }
        let text = at + 1 + usize::from(is_image);
        if bytes.get(text).is_none_or(|&b| b == b'^') {
            return Found::Text(1);
        }
        let length = text - at;
        if !is_image && inside.has(Inside::LINK) || !self.may_try() {
            return Found::Text(length);
        }
        let within = inside.with(Inside::LINK).with(Inside::TRIAL);
        let key = (text - 1, within);
        let known = place(text - 1, within, 0);
        if self.memory.unmatched.contains(&known) {
            return Found::Text(length);
        }
        if let Some(&close) = self.memory.matched.get(&key)
            && self.tail(text..close).is_none()
        {
            return Found::Text(length);
        }
        let run = self.run;
        let (n_nodes, n_diagnostics) = (self.tree.nodes.len(), self.notes.diagnostics.len());
        let node = self.tree.create(Kind::Document, self.span(at..text));
        self.at = text;
        self.seen = text;
        let closed = self.spans(node, Stop::Bracket, within);
        let close = self.at;
        let tail = if closed { self.tail(text..close) } else { None };
        self.run = run;
        let Some(tail) = tail else {
            if closed && inside.has(Inside::TRIAL) {
                self.memory.matched.insert(key, close);
            }
            self.forget(n_nodes, n_diagnostics);
            if closed {
                self.warn_undefined(text..close);
            }
            self.at = at;
            return Found::Text(length);
        };
        self.finish_link(node, is_image, at..text, close, tail);
        let end = self.at;
        self.flush(parent, at, inside);
        self.at = end;
        self.tree.append(parent, node);
        Found::Node
    }

    fn finish_link(&mut self, node: NodeId, is_image: bool, open: Range<usize>, close: usize, tail: Tail) {
        let alternative = open.end..close;
        let (target, title, end) = match tail {
            Tail::Inline { target, title, end } => {
                let title = title.map_or(Cow::Borrowed(""), |title| self.piece.cow(title));
                (self.piece.cow(target), title, end)
            }
            Tail::Reference { name, end } => {
                let page = self.page;
                let definition = &page.links[&name];
                if let Some(list) = &page.arena[definition.block].list {
                    self.apply(node, list);
                }
                let (target, mut title) = (definition.target.clone(), definition.title.clone());
                if let Some(attributes) = &mut self.tree.node_mut(node).attributes {
                    // What the definition says itself wins over its list.
                    let own = if is_image { "src" } else { "href" };
                    attributes.others.retain_mut(|(name, value)| {
                        if name == "title" && title.is_empty() {
                            title = std::mem::take(value);
                        }
                        name != "title" && name != own
                    });
                }
                self.notes.links.insert(name);
                (target, title, end)
            }
        };
        let (target, title) = (decode(target), decode(title));
        self.at = end;
        let span = self.span(open.start..end);
        if is_image {
            // An image's text is not read as markup: what was read only showed where it ends.
            self.tree.clear_newest(node);
            self.notes.forget_nodes(self.tree.nodes.len());
            let text = unescape(self.piece.cow(alternative.clone()));
            let text_span = self.span(alternative);
            if !text.is_empty() {
                self.tree.push(node, Kind::Text(decode(text)), text_span);
            }
            self.tree.node_mut(node).kind = Kind::Image { target, title };
        } else {
            self.tree.node_mut(node).kind = Kind::Link { target, title };
        }
        self.tree.node_mut(node).span = span;
    }

    /// What stands after a link's text.
    fn tail(&mut self, text: Range<usize>) -> Option<Tail> {
        let bytes = self.text.as_bytes();
        let after = text.end + 1;
        let open = skip_space(bytes, after);
        if bytes.get(open) == Some(&b'[')
            && let Some(length) = memchr::memchr(b']', &bytes[open + 1..])
        {
            self.pay(length / 16);
            let end = open + 1 + length + 1;
            let name = if length > 0 { open + 1..end - 1 } else { text };
            return self.reference_tail(name, length > 0, end);
        }
        if bytes.get(after) == Some(&b'(') {
            return self.inline_tail(after);
        }
        self.reference_tail(text, false, after)
    }

    fn reference_tail(&mut self, name: Range<usize>, is_own: bool, end: usize) -> Option<Tail> {
        let longest = self.page.longest_link_name;
        let text = &self.text[name];
        // White space counts once, so a name may be longer here than where it is defined, but hardly this much.
        if self.page.links.is_empty() || text.len() > 4 * longest + 64 {
            return None;
        }
        let name = if is_own { link_name(text) } else { link_name(&unescape(Cow::Borrowed(text))) };
        let definition = self.page.links.get(&name)?;
        let list = self.page.arena[definition.block].list.as_ref().map_or(0, |list| list.size());
        let length = definition.target.len() + definition.title.len() + list;
        self.page.definitions.growth.take(length).then_some(Tail::Reference { name, end })
    }

    fn inline_tail(&mut self, open: usize) -> Option<Tail> {
        let bytes = self.text.as_bytes();
        if bytes.get(open + 1) == Some(&b'<') {
            let line = memchr::memchr(b'\n', &bytes[open..]).map_or(bytes.len(), |i| open + i);
            if let Some(close) = memchr::memchr(b'>', &bytes[open + 2..line]).map(|i| open + 2 + i) {
                let target = open + 2..close;
                if bytes.get(close + 1) == Some(&b')') {
                    return Some(Tail::Inline { target, title: None, end: close + 2 });
                }
                let (title, end) = self.title(close + 1)?;
                return Some(Tail::Inline { target, title: Some(title), end });
            }
        }
        if self.memory.parentheses.contains(&open) {
            return None;
        }
        let mut depth = 0;
        let mut at = open;
        while at < bytes.len() {
            match bytes[at] {
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        let start = skip_space(bytes, open + 1).min(at);
                        let target = start..trim_end(bytes, start, at);
                        return Some(Tail::Inline { target, title: None, end: at + 1 });
                    }
                }
                b if is_space(b) && matches!(bytes.get(at + 1), Some(b'"' | b'\'')) => {
                    self.pay(at - open);
                    let start = skip_space(bytes, open + 1).min(at);
                    let target = start..trim_end(bytes, start, at);
                    let (title, end) = self.title(at + 1)?;
                    return Some(Tail::Inline { target, title: Some(title), end });
                }
                _ => {}
            }
            at += 1;
        }
        self.pay(at - open);
        self.forget_parentheses(open);
        None
    }

    /// Remembers which parentheses nothing closes, so that links there need not look.
    fn forget_parentheses(&mut self, from: usize) {
        let mut open = Vec::new();
        for (at, byte) in self.text.bytes().enumerate().skip(from) {
            match byte {
                b'(' => open.push(at),
                b')' => drop(open.pop()),
                _ => {}
            }
        }
        self.memory.parentheses.extend(open);
    }

    /// The title at `at`, and one past the `)` after it.
    fn title(&mut self, at: usize) -> Option<(Range<usize>, usize)> {
        let bytes = self.text.as_bytes();
        let open = skip_space(bytes, at);
        let quote = bytes.get(open).copied().filter(|b| matches!(b, b'"' | b'\''))?;
        let slot = usize::from(quote == b'"');
        if self.memory.titles[slot].is_some_and(|from| open >= from) {
            return None;
        }
        for close in memchr::memchr_iter(quote, bytes.get(open + 2..)?).map(|i| open + 2 + i) {
            let end = skip_space(bytes, close + 1);
            if bytes.get(end) == Some(&b')') {
                return Some((open + 1..close, end + 1));
            }
        }
        self.memory.titles[slot] = Some(open);
        None
    }

    fn footnote_reference(&mut self, parent: NodeId, inside: Inside) -> Found {
        let at = self.at;
        let bytes = self.text.as_bytes();
        let Some(end) = name_end(bytes, at + 2).filter(|&end| bytes.get(end) == Some(&b']')) else {
            return Found::Text(1);
        };
        let name = &self.text[at + 2..end];
        if !self.page.footnotes.contains_key(name) {
            let problem = definition::missing_footnote(name, self.span(at..end + 1));
            self.notes.diagnostics.push(problem);
            return Found::Text(end + 1 - at);
        }
        self.notes.footnotes.push(name.to_string());
        self.add(parent, inside, Kind::FootnoteReference(self.piece.cow(at + 2..end)), at..end + 1);
        Found::Node
    }

    /// `<…>`: an address, inline HTML, or `<<`.
    pub(super) fn angle(&mut self, parent: NodeId, inside: Inside) -> Found {
        let at = self.at;
        if let Some((end, is_mail)) = self.autolink_end(at) {
            let address = at + 1..end - 1;
            let text = self.piece.cow(address.clone());
            let target = if is_mail { Cow::Owned(format!("mailto:{text}")) } else { text.clone() };
            let shown = match text.strip_prefix("mailto:") {
                Some(_) => self.piece.cow(address.start + "mailto:".len()..address.end),
                None => text,
            };
            let kind = Kind::Link { target: decode(target), title: Cow::Borrowed("") };
            let node = self.add(parent, inside, kind, at..end);
            let span = self.span(address);
            self.tree.push(node, Kind::Text(decode(shown)), span);
            return Found::Node;
        }
        match self.text.as_bytes().get(at + 1) {
            Some(b'<') => self.symbol(parent, inside),
            _ => self.span_html(parent, inside),
        }
    }

    /// One past an automatic link, and whether it is a mail address without `mailto:`.
    fn autolink_end(&mut self, at: usize) -> Option<(usize, bool)> {
        let rest = &self.text[at + 1..];
        if ["mailto:", "http:", "https:", "ftp:", "ftps:"].iter().any(|scheme| rest.starts_with(scheme)) {
            let colon = at + 1 + rest.find(':')?;
            let close = self.misses.find(Needle::Angle, self.text.as_bytes(), colon + 2)?;
            if !self.text[at..close].contains('\n') {
                return Some((close + 1, false));
            }
        }
        let is_part = |c: char| is_alnum(c) || matches!(c, '-' | '_' | '.');
        let name = rest.find(|c| !is_part(c))?;
        let host = rest[name..].strip_prefix('@')?;
        let length = host.find(|c| !is_part(c))?;
        let closes = host[length..].starts_with('>') && name > 0 && length > 0;
        closes.then_some((at + 1 + name + 1 + length + 1, true))
    }

    /// A bracketed text with a name in brackets after it was meant as a link.
    fn warn_undefined(&mut self, text: Range<usize>) {
        let bytes = self.text.as_bytes();
        let open = text.end + 1;
        if bytes.get(open) != Some(&b'[') {
            return;
        }
        let Some(length) = memchr::memchr(b']', &bytes[open + 1..]) else { return };
        let name = &self.text[open + 1..open + 1 + length];
        let is_plain = !name.is_empty() && !name.contains(['\n', '[', '`', '^']) && length < 100;
        let mentions = !self.text[text.clone()].contains(['\n', '[']);
        if is_plain && mentions {
            let span = self.span(text.start - 1..open + length + 2);
            self.notes.diagnostics.push(definition::missing(name, span));
        }
    }
}

/// A text without the backslashes that escape something.
fn unescape(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains('\\') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(&next) if c == '\\' && "\\.*_+`<>()[]{}#!:|\"'$=-".contains(next) => {
                out.push(next);
                chars.next();
            }
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}
