//! HTML tags as kramdown's grammar sees them, and what it knows about elements.

use std::borrow::Cow;
use std::ops::Range;

use crate::markdown::kramdown::chars::{is_alnum, is_alpha, is_space, is_word, skip_space};
use crate::markdown::kramdown::needle::{Misses, Needle};

/// A start tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartTag {
    /// The name's place.
    pub name: Range<usize>,
    /// Name and value of each attribute; an attribute without a value has an empty one.
    pub attributes: Vec<(Range<usize>, Range<usize>)>,
    /// Whether it ends in `/>`.
    pub closed: bool,
    /// One past `>`.
    pub end: usize,
}

/// How the content of an element is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// As blocks.
    Block,
    /// As text with inline markup.
    Span,
    /// As HTML.
    Raw,
}

/// Where an XML name ends: letters of any script and `_`, then also digits, `-` and `.`; one prefix with `:` may
/// come before.
pub fn xml_name_end(text: &str, at: usize) -> Option<usize> {
    let first = plain_name_end(text, at)?;
    if text.as_bytes().get(first) == Some(&b':')
        && let Some(second) = plain_name_end(text, first + 1)
    {
        return Some(second);
    }
    Some(first)
}

fn plain_name_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let mut chars = rest.char_indices();
    let (_, first) = chars.next()?;
    if !is_alpha(first) && first != '_' {
        return None;
    }
    let end = chars.find(|&(_, c)| !(is_alnum(c) || matches!(c, '-' | '.' | '_'))).map_or(rest.len(), |(i, _)| i);
    Some(at + end)
}

/// The start tag at `at`, which holds `<`.
pub fn start_tag(text: &str, at: usize, misses: &mut Misses) -> Option<StartTag> {
    let bytes = text.as_bytes();
    let name_end = xml_name_end(text, at + 1)?;
    let mut tag = StartTag { name: at + 1..name_end, attributes: Vec::new(), closed: false, end: name_end };
    let mut at = name_end;
    loop {
        let next = skip_space(bytes, at);
        match bytes.get(next)? {
            b'>' => return Some(StartTag { end: next + 1, ..tag }),
            b'/' if bytes.get(next + 1) == Some(&b'>') => {
                return Some(StartTag { end: next + 2, closed: true, ..tag });
            }
            _ if next == at => return None,
            _ => {}
        }
        let attribute_end = xml_name_end(text, next)?;
        let (value, end) = attribute_value(text, attribute_end, misses).unwrap_or((0..0, attribute_end));
        tag.attributes.push((next..attribute_end, value));
        at = end;
    }
}

/// The value after an attribute's name: `= word`, `= "…"` or `= '…'`.
fn attribute_value(text: &str, at: usize, misses: &mut Misses) -> Option<(Range<usize>, usize)> {
    let bytes = text.as_bytes();
    let equals = skip_space(bytes, at);
    if bytes.get(equals) != Some(&b'=') {
        return None;
    }
    let start = skip_space(bytes, equals + 1);
    match bytes.get(start)? {
        quote @ (b'"' | b'\'') => {
            let needle = if *quote == b'"' { Needle::DoubleQuote } else { Needle::SingleQuote };
            let close = misses.find(needle, bytes, start + 1)?;
            Some((start + 1..close, close + 1))
        }
        _ => {
            let rest = &text[start..];
            let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            (length > 0).then_some((start..start + length, start + length))
        }
    }
}

/// The name of the end tag at `at`, which holds `<`, and one past its `>`.
pub fn end_tag(text: &str, at: usize) -> Option<(Range<usize>, usize)> {
    let bytes = text.as_bytes();
    if bytes.get(at + 1) != Some(&b'/') {
        return None;
    }
    let name = at + 2..xml_name_end(text, at + 2)?;
    let close = skip_space(bytes, name.end);
    (bytes.get(close) == Some(&b'>')).then_some((name, close + 1))
}

/// One past the end of a comment that begins at `at`.
pub fn comment_end(text: &str, at: usize, misses: &mut Misses) -> Option<usize> {
    let bytes = text.as_bytes();
    if !bytes[at..].starts_with(b"<!--") {
        return None;
    }
    misses.find(Needle::CommentEnd, bytes, at + 4).map(|end| end + 3)
}

/// Whether a line that begins like this ends a paragraph: a block element's start or end tag. `at` holds `<`.
///
/// Only the name counts here, in the case it is written in.
pub fn ends_paragraph(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let (start, is_end) = if bytes.get(at + 1) == Some(&b'/') { (at + 2, true) } else { (at + 1, false) };
    if !bytes.get(start).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_' || !b.is_ascii()) {
        return false;
    }
    let rest = &text[start..];
    let word = &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())];
    if is_span(word) || word == "script" {
        return false;
    }
    if is_end { end_tag(text, at).is_some() } else { xml_name_end(text, start).is_some() }
}

/// The name in lower case when HTML knows the element, else as written.
pub fn known_name(name: Cow<'_, str>) -> Cow<'_, str> {
    if !name.bytes().any(|b| b.is_ascii_uppercase()) {
        return name;
    }
    let lower = name.to_lowercase();
    if is_known(&lower) { Cow::Owned(lower) } else { name }
}

/// Whether HTML knows the element.
pub fn is_known(name: &str) -> bool {
    // The names that pages are full of need no search.
    if matches!(name, "a" | "p" | "br" | "td" | "tr" | "th" | "li" | "div" | "img" | "span") {
        return true;
    }
    is_span(name) || is_block(name) || is_void(name) || model_of(name).is_some()
}

/// Whether it is an element of HTML that kramdown does not know. It is read as any other name is.
pub fn is_newer(name: &str) -> bool {
    matches!(
        name,
        "s" | "wbr"
            | "data"
            | "bdi"
            | "picture"
            | "source"
            | "track"
            | "embed"
            | "output"
            | "meter"
            | "progress"
            | "canvas"
            | "svg"
            | "dialog"
            | "template"
            | "slot"
            | "search"
            | "center"
            | "font"
    )
}

/// How the element's content is read when Markdown in HTML is on.
pub fn default_model(name: &str) -> Model {
    model_of(name).unwrap_or(Model::Raw)
}

fn model_of(name: &str) -> Option<Model> {
    let model = match name {
        "address" | "applet" | "article" | "aside" | "blockquote" | "body" | "dd" | "details" | "div" | "dl"
        | "fieldset" | "figure" | "figcaption" | "footer" | "form" | "header" | "hgroup" | "iframe" | "li" | "main"
        | "map" | "menu" | "nav" | "noscript" | "object" | "section" | "summary" | "td" => Model::Block,
        "a" | "abbr" | "acronym" | "b" | "bdo" | "big" | "button" | "cite" | "caption" | "del" | "dfn" | "dt"
        | "em" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "i" | "ins" | "label" | "legend" | "optgroup" | "p"
        | "q" | "rb" | "rbc" | "rp" | "rt" | "rtc" | "ruby" | "select" | "small" | "span" | "strong" | "sub"
        | "sup" | "th" | "tt" => Model::Span,
        "script" | "style" | "math" | "option" | "textarea" | "pre" | "code" | "kbd" | "samp" | "var" => Model::Raw,
        _ => return None,
    };
    Some(model)
}

/// Whether the element stands inside a line of text.
pub fn is_span(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "big"
            | "bdo"
            | "br"
            | "button"
            | "cite"
            | "code"
            | "del"
            | "dfn"
            | "em"
            | "i"
            | "img"
            | "input"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "option"
            | "q"
            | "rb"
            | "rbc"
            | "rp"
            | "rt"
            | "rtc"
            | "ruby"
            | "samp"
            | "select"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "sup"
            | "tt"
            | "u"
            | "var"
    )
}

/// Whether the element cannot stand inside a line of text.
pub fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "applet"
            | "body"
            | "blockquote"
            | "caption"
            | "col"
            | "colgroup"
            | "dd"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "head"
            | "iframe"
            | "legend"
            | "menu"
            | "li"
            | "main"
            | "map"
            | "nav"
            | "ol"
            | "optgroup"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "th"
            | "thead"
            | "tfoot"
            | "tr"
            | "ul"
    )
}

/// Whether the element has no content and no end tag.
pub fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "command"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// The place of `</name` and one past `>` of the first end tag of this name from `from` on, in any case of letters.
pub fn find_end_tag(text: &str, from: usize, name: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        at += memchr::memmem::find(&bytes[at..], b"</")?;
        let after = at + 2 + name.len();
        if text.get(at + 2..after).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            let close = skip_space(bytes, after);
            if bytes.get(close) == Some(&b'>') {
                return Some((at, close + 1));
            }
        }
        at += 2;
    }
}

/// Whether white space stands at `at`.
pub fn space_at(text: &str, at: usize) -> bool {
    text.as_bytes().get(at).copied().is_some_and(is_space)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attribute_values_are_quoted_or_one_word() {
        let tag = start_tag("<a b c=d e = 'f>' />x", 0, &mut Misses::default()).unwrap();
        assert!(tag.closed);
        assert_eq!(tag.end, 20);
        assert_eq!(tag.attributes, [(3..4, 0..0), (5..6, 7..8), (9..10, 14..16)]);
        assert_eq!(start_tag("<a width=100%>", 0, &mut Misses::default()), None);
        assert_eq!(start_tag("<a\"b\">", 0, &mut Misses::default()), None);
    }

    #[test]
    fn only_block_names_end_a_paragraph() {
        assert!(ends_paragraph("<div", 0));
        assert!(ends_paragraph("</div >", 0));
        assert!(!ends_paragraph("<a-b>", 0));
        assert!(ends_paragraph("<abbreviation>", 0));
        assert!(!ends_paragraph("<!--", 0));
    }
}
