//! Code, formulas, symbols, quotes, character references, escapes and line ends.

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::markdown::kramdown::attributes::{AttributeList, closing_brace};
use crate::markdown::kramdown::chars::{is_ascii_word, is_space, is_word, skip_space, trim_end};
use crate::markdown::kramdown::entity;
use crate::markdown::kramdown::extension::{Extension, extension_end, extension_start, is_for_html};
use crate::markdown::kramdown::inline::{Found, Scanner, Stop};
use crate::markdown::kramdown::inside::Inside;
use crate::markdown::kramdown::needle::Needle;
use crate::markdown::tree::{Kind, NodeId};

impl<'t> Scanner<'_, 't> {
    pub(super) fn code(&mut self, parent: NodeId, inside: Inside) -> Found {
        let at = self.at;
        let before = match at > self.start {
            true => Some(self.text.as_bytes()[at - 1]),
            false => self.follows_box.then_some(b'>'),
        };
        match code_span(self.text.as_bytes(), before, at, &mut self.memory.ticks) {
            Ok((code, end)) => {
                self.add(parent, inside, Kind::Code(self.piece.cow(code)), at..end);
                Found::Node
            }
            Err(length) => Found::Text(length),
        }
    }

    pub(super) fn math(&mut self, parent: NodeId, inside: Inside) -> Found {
        let bytes = self.text.as_bytes();
        let at = self.at;
        let Some(close) = self.misses.find(Needle::Dollars, bytes, at + 2) else { return Found::Text(1) };
        let start = skip_space(bytes, at + 2).min(close);
        let latex = self.piece.cow(start..trim_end(bytes, start, close));
        self.add(parent, inside, Kind::Math(latex), at..close + 2);
        Found::Node
    }

    /// `--`, `---`, `...`, `<<` and `>>`.
    pub(super) fn symbol(&mut self, parent: NodeId, inside: Inside) -> Found {
        if !self.page.settings.options.typographic_symbols {
            return Found::Text(1);
        }
        let at = self.at;
        let rest = &self.text[at..];
        let (text, range) = match rest.as_bytes() {
            [b'-', b'-', b'-', ..] => ("—", at..at + 3),
            [b'-', b'-', ..] => ("–", at..at + 2),
            [b'.', b'.', b'.', ..] => ("…", at..at + 3),
            [b'<', b'<', b' ', ..] => ("«\u{a0}", at..at + 3),
            [b'<', b'<', ..] => ("«", at..at + 2),
            [b'>', b'>', ..] if self.seen < at && self.run < at && self.text.as_bytes()[at - 1] == b' ' => {
                ("\u{a0}»", at - 1..at + 2)
            }
            [b'>', b'>', ..] => ("»", at..at + 2),
            _ => return Found::Text(1),
        };
        self.symbol_node(parent, inside, Cow::Borrowed(text), range)
    }

    fn symbol_node(&mut self, parent: NodeId, inside: Inside, text: Cow<'t, str>, range: Range<usize>) -> Found {
        self.symbol_end = range.end;
        self.add(parent, inside, Kind::Text(text), range);
        Found::Node
    }

    pub(super) fn reference(&mut self, parent: NodeId, inside: Inside) -> Found {
        let at = self.at;
        let Some(end) = entity::reference_end(self.text.as_bytes(), at) else { return Found::Text(1) };
        match entity::character(&self.text[at..end]) {
            Some(c) => self.symbol_node(parent, inside, Cow::Owned(c.to_string()), at..end),
            None => Found::Text(end - at),
        }
    }

    pub(super) fn backslash(&mut self, parent: NodeId, inside: Inside) -> Found {
        let at = self.at;
        let rest = &self.text.as_bytes()[at + 1..];
        let settings = &self.page.settings;
        match rest {
            [b'<', b'<', ..] | [b'>', b'>', ..] if settings.options.typographic_symbols => {
                self.flush(parent, at, inside);
                self.run = at + 1;
                self.symbol_end = at + 3;
                Found::Text(3)
            }
            [b'\\', b'\n', ..] if !settings.options.hard_wrap || !settings.gfm => {
                self.add(parent, inside, Kind::HardBreak, at..at + 3);
                self.text_break_end = at + 3;
                Found::Node
            }
            [b'\n', ..] if settings.gfm && !settings.options.hard_wrap && !inside.has(Inside::HTML) => {
                self.add(parent, inside, Kind::HardBreak, at..at + 2);
                self.text_break_end = at + 2;
                Found::Node
            }
            [b, ..] if b"\\.*_+`<>()[]{}#!:|\"'$=-".contains(b) || *b == b'~' && settings.gfm => {
                self.flush(parent, at, inside);
                self.run = at + 1;
                Found::Text(2)
            }
            _ => Found::Text(1),
        }
    }

    pub(super) fn line_end(&mut self, parent: NodeId, inside: Inside) -> Found {
        let at = self.at;
        let settings = &self.page.settings;
        if settings.options.hard_wrap && settings.gfm {
            if !inside.has(Inside::HTML) {
                self.add(parent, inside, Kind::HardBreak, at..at + 1);
                self.text_break_end = at + 1;
                return Found::Node;
            }
            return Found::Text(1);
        }
        let free = self.run.max(self.start);
        if at >= free + 2 && &self.text.as_bytes()[at - 2..at] == b"  " {
            self.add(parent, inside, Kind::HardBreak, at - 2..at + 1);
            self.text_break_end = at + 1;
            return Found::Node;
        }
        Found::Text(1)
    }

    pub(super) fn strikethrough(&mut self, parent: NodeId, inside: Inside) -> Found {
        let at = self.at;
        let bytes = self.text.as_bytes();
        if bytes.get(at + 2).is_none_or(|&b| is_space(b) || b == b'~') || !self.may_try() {
            return Found::Text(1);
        }
        if self.memory.tildes.is_some_and(|from| at >= from) {
            return Found::Text(1);
        }
        let mut from = at + 3;
        let close = loop {
            let Some(close) = self.misses.find(Needle::Tildes, bytes, from) else {
                self.memory.tildes = Some(at);
                return Found::Text(1);
            };
            if !is_space(bytes[close - 1]) && bytes[close - 1] != b'~' {
                break close;
            }
            from = close + 1;
        };
        let node = self.add(parent, inside, Kind::Strikethrough, at..close + 2);
        let mut inner = Scanner::new(self.piece, at + 2..close, self.tree, self.page, self.notes);
        inner.depth = self.depth;
        inner.spans(node, Stop::End, Inside::HTML);
        Found::Node
    }

    /// An attribute list or an extension.
    pub(super) fn extension(&mut self, parent: NodeId, inside: Inside) -> Found {
        let at = self.at;
        let bytes = self.text.as_bytes();
        if let Some(tag) = extension_start(bytes, at, &mut self.misses) {
            return self.span_extension(parent, inside, &tag);
        }
        if extension_end(bytes, at, None).is_some() {
            return Found::Text(1);
        }
        let Some(close) = closing_brace(bytes, at + 2, &mut self.misses).filter(|&close| close > at + 2) else {
            return Found::Text(1);
        };
        let last = self.tree.node(parent).last;
        let follows_symbol = self.follows_symbol(at);
        let follows_text = self.run < at || last.is_none() || self.text_break_end == at;
        if follows_text && !follows_symbol {
            self.warn_list_after_text(at..close + 1);
            return Found::Text(1);
        }
        let mut list = AttributeList::default();
        if !list.read(self.piece, at + 2..close) {
            let message = format!("`{}` holds no attribute", &self.text[at..close + 1]);
            self.notes.diagnostics.push(Diagnostic::new(Code::AttributeList, message).at(self.span(at..close + 1)));
        }
        self.flush(parent, at, inside);
        if let Some(last) = last.filter(|_| !follows_symbol) {
            if matches!(self.tree.node(last).kind, Kind::Text(_)) {
                self.warn_list_after_text(at..close + 1);
                return Found::Text(1);
            }
            self.apply(last, &list);
            self.tree.node_mut(last).span.end = self.span(at..close + 1).end;
        }
        self.at = close + 1;
        if follows_symbol {
            self.symbol_end = self.at;
        }
        Found::Node
    }

    /// Whether a symbol stands right before: it is no text, but no node either.
    fn follows_symbol(&self, at: usize) -> bool {
        self.symbol_end == at || self.run < at && self.is_quote_end(at)
    }

    /// Whether a quote ends the text here that is none of an escape's: it counts as a symbol.
    fn is_quote_end(&self, at: usize) -> bool {
        let bytes = self.text.as_bytes();
        // An escape begins a new run of text; a backslash that is escaped itself does nothing.
        let escaped = self.run == at - 1 && at - 1 > self.start && bytes[at - 2] == b'\\';
        matches!(bytes[at - 1], b'\'' | b'"') && !escaped
    }

    fn warn_list_after_text(&mut self, range: Range<usize>) {
        let text = &self.text[range.clone()];
        // A definition or an extension's tag that came here was meant otherwise, and braces in prose are prose.
        if self.text[range.start..].starts_with("{::") || text.contains('\n') {
            return;
        }
        let message = format!("`{text}` stands after plain text, so it is shown as it is");
        let help = "put it on a line of its own below the block, or right after a link, an image, code or emphasis";
        self.notes.diagnostics.push(Diagnostic::new(Code::AttributeList, message).at(self.span(range)).help(help));
    }

    fn span_extension(&mut self, parent: NodeId, inside: Inside, tag: &Extension) -> Found {
        let at = self.at;
        let name = &self.text[tag.name.clone()];
        let body = if tag.closed {
            None
        } else {
            match self.span_extension_end(tag.end, name.as_bytes()) {
                Some(found) => Some(found),
                None => return Found::Text(1),
            }
        };
        let end = body.as_ref().map_or(tag.end, |(_, end)| *end);
        let follows_symbol = self.follows_symbol(at);
        match (name, body) {
            ("comment" | "nomarkdown", None) => {}
            ("comment", Some((body, _))) => {
                let html = format!("<!-- {} -->", &self.text[body]);
                self.add(parent, inside, Kind::Html(Cow::Owned(html)), at..end);
            }
            ("nomarkdown", Some((body, _))) => {
                let html = if is_for_html(self.piece, tag) { self.piece.cow(body) } else { Cow::Borrowed("") };
                self.add(parent, inside, Kind::Html(html), at..end);
            }
            ("options", _) => {
                let mut list = AttributeList::default();
                list.read(self.piece, tag.list.clone());
                let span = self.span(tag.list.clone());
                let all = list.attributes.others.into_iter();
                self.notes.options.extend(all.map(|(name, value)| (name, value, span)));
            }
            _ => return Found::Text(1),
        }
        self.flush(parent, at, inside);
        self.at = end;
        if follows_symbol {
            self.symbol_end = end;
        }
        // What has no body does not part a list from what stands before.
        if tag.closed && self.text_break_end == at {
            self.text_break_end = end;
        }
        Found::Node
    }

    /// The body of an extension and one past its end tag.
    fn span_extension_end(&mut self, from: usize, name: &[u8]) -> Option<(Range<usize>, usize)> {
        let bytes = self.text.as_bytes();
        let mut at = from;
        loop {
            let found = self.misses.find(Needle::ExtensionEnd, bytes, at)?;
            if let Some(end) = extension_end(bytes, found, Some(name)) {
                return Some((from..found, end));
            }
            at = found + 1;
            self.pay(1);
        }
    }

    /// A quote, which becomes curly when the site wants that.
    pub(super) fn quote(&mut self, parent: NodeId, inside: Inside) -> Found {
        if self.page.settings.has_straight_quotes() {
            return Found::Text(1);
        }
        let at = self.at;
        // The rules look at the character before the quote, unless something else has been made of it.
        let free = if self.text_break_end == at { at - 1 } else { self.run.max(self.seen) };
        let before = self.text[free..at].chars().next_back().filter(|&c| c != '\\');
        let from = at - before.map_or(0, char::len_utf8);
        let Some((range, quotes)) = curl(self.text, from, at) else { return Found::Text(1) };
        let text: String = quotes.iter().map(|&quote| self.page.settings.options.smart_quotes[quote]).collect();
        self.symbol_node(parent, inside, Cow::Owned(text), range)
    }
}

/// The code span that opens at `open`: what is inside, and one past its end; or the length of a run that is none.
///
/// `before` is the byte before it, if any. `missing` is the length of the shortest run that is known to be missing, and from where on.
pub fn code_span(
    bytes: &[u8],
    before: Option<u8>,
    open: usize,
    missing: &mut Option<(usize, usize)>,
) -> Result<(Range<usize>, usize), usize> {
    let length = bytes[open..].iter().take_while(|&&b| b == b'`').count();
    let from = open + length;
    let after_space = before.is_none_or(is_space);
    if length == 1 && after_space && bytes.get(from).copied().is_some_and(is_space) {
        return Err(1);
    }
    if missing.is_some_and(|(shortest, at)| length >= shortest && open >= at) {
        return Err(length);
    }
    let mut run = 0;
    let close = bytes[from..].iter().position(|&b| {
        run = if b == b'`' { run + 1 } else { 0 };
        run == length
    });
    let Some(close) = close.map(|i| from + i + 1) else {
        *missing = Some((length, open));
        return Err(length);
    };
    let mut inside = from..close - length;
    if length > 1 {
        inside.start += usize::from(inside.start < inside.end && bytes[inside.start] == b' ');
        inside.end -= usize::from(inside.start < inside.end && bytes[inside.end - 1] == b' ');
    }
    Ok((inside, close))
}

const LEFT_SINGLE: usize = 0;
const RIGHT_SINGLE: usize = 1;
const LEFT_DOUBLE: usize = 2;
const RIGHT_DOUBLE: usize = 3;

/// What the quote at `at` becomes: the range that is replaced, and the quotes. `from` is the character before it, or
/// the quote itself.
fn curl(text: &str, from: usize, at: usize) -> Option<(Range<usize>, Vec<usize>)> {
    let bytes = text.as_bytes();
    let quote = bytes[at];
    let left = |quote: u8| if quote == b'"' { LEFT_DOUBLE } else { LEFT_SINGLE };
    let right = |quote: u8| if quote == b'"' { RIGHT_DOUBLE } else { RIGHT_SINGLE };
    let byte = |i: usize| bytes.get(i).copied();
    let one = |quote: usize| Some((at..at + 1, vec![quote]));
    let alone = from == at;
    if alone {
        if matches!(byte(at + 1), Some(b'_' | b'*')) && byte(at + 2).is_some_and(|b| !is_space(b)) {
            return one(left(quote));
        }
        if byte(at + 1).is_some_and(|b| b.is_ascii_punctuation() && b != b'&') && !text[at + 2..].starts_with("..") {
            let next = text[at + 2..].chars().next().is_some_and(is_word);
            if next == (bytes[at + 1] == b'_') {
                return one(right(quote));
            }
        }
    }
    let space_before = !alone && is_space(bytes[from]);
    let is_pair = byte(at + 1).is_some_and(|b| matches!(b, b'\'' | b'"') && b != quote);
    if (alone || space_before) && is_pair && byte(at + 2).is_some_and(is_ascii_word) {
        return Some((at..at + 2, vec![left(quote), left(bytes[at + 1])]));
    }
    let digit = |i: usize| byte(i).is_some_and(|b| b.is_ascii_digit());
    if (alone || space_before) && quote == b'\'' && digit(at + 1) && digit(at + 2) && byte(at + 3) == Some(b's') {
        return one(RIGHT_SINGLE);
    }
    if space_before && byte(at + 1).is_some_and(is_ascii_word) {
        return one(left(quote));
    }
    // A quote with another before it counts that one as its neighbour.
    if alone && byte(at + 1).is_some_and(|b| matches!(b, b'\'' | b'"')) {
        return Some((at + 1..at + 2, vec![right(bytes[at + 1])]));
    }
    if !alone && !matches!(bytes[from], b' ' | b'\\' | b'\t' | b'\r' | b'\n' | b'[' | b'{' | b'(' | b'-') {
        return one(right(quote));
    }
    if alone {
        let rest = &text[at + 1..];
        let closes = rest.is_empty()
            || rest.starts_with(|c: char| c.is_ascii_whitespace() || c == '\u{b}')
            || rest.starts_with('s') && !rest[1..].chars().next().is_some_and(is_word);
        if closes {
            return one(right(quote));
        }
    }
    one(left(quote))
}
