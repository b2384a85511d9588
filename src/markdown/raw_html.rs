//! The attributes in raw HTML that the site has to know: addresses to resolve and ids to link to.
//!
//! A tolerant scanner, not a parser: it finds tags and their attributes as a browser's tokenizer would
//! (<https://html.spec.whatwg.org/multipage/parsing.html#tokenization>), skips comments and the text of scripts and
//! styles, and never fails.

use std::borrow::Cow;
use std::ops::Range;

/// A character reference that we resolve has no more bytes between `&` and `;`.
const LONGEST_NAME: usize = 16;

/// A start tag and its attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawTag {
    /// The name's place, without `<`.
    pub name: Range<usize>,
    /// Its attributes, in order.
    pub attributes: Vec<RawAttribute>,
}

/// An attribute of a start tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawAttribute {
    /// The name's place.
    pub name: Range<usize>,
    /// The value's place, without quotes; empty when there is none.
    pub value: Range<usize>,
    /// Whether the value stands in quotes.
    pub quoted: bool,
}

/// The first start tag at or after `from`, and where to go on looking. `None` when there is none.
pub fn next_tag(html: &str, from: usize) -> Option<(RawTag, usize)> {
    let bytes = html.as_bytes();
    let mut at = from;
    loop {
        at += html.get(at..)?.find('<')?;
        let rest = &html[at..];
        if rest.starts_with("<!--") {
            at += rest.find("-->").map_or(rest.len(), |end| end + 3);
        } else if bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic) {
            let (tag, end) = tag(html, at + 1);
            return Some((tag.clone(), after_raw_text(html, &html[tag.name], end)));
        } else {
            at += 1;
        }
    }
}

/// Scripts and styles hold no tags up to their own end tag.
fn after_raw_text(html: &str, name: &str, from: usize) -> usize {
    let is_raw = ["script", "style", "textarea", "title"].iter().any(|raw| name.eq_ignore_ascii_case(raw));
    if !is_raw {
        return from;
    }
    let mut at = from;
    while let Some(offset) = html[at..].find("</") {
        at += offset + 2;
        if html.get(at..at + name.len()).is_some_and(|end| end.eq_ignore_ascii_case(name)) {
            return at;
        }
    }
    html.len()
}

fn tag(html: &str, start: usize) -> (RawTag, usize) {
    let bytes = html.as_bytes();
    let is_space = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_whitespace);
    let mut at = start;
    while at < bytes.len() && !is_space(at) && !matches!(bytes[at], b'/' | b'>') {
        at += 1;
    }
    let mut tag = RawTag { name: start..at, attributes: Vec::new() };
    loop {
        while is_space(at) || bytes.get(at) == Some(&b'/') {
            at += 1;
        }
        if at >= bytes.len() {
            return (tag, at);
        }
        if bytes[at] == b'>' {
            return (tag, at + 1);
        }
        let name = at;
        at += 1;
        while at < bytes.len() && !is_space(at) && !matches!(bytes[at], b'=' | b'>' | b'/') {
            at += 1;
        }
        let name = name..at;
        let mut value = at;
        while is_space(value) {
            value += 1;
        }
        if bytes.get(value) != Some(&b'=') {
            tag.attributes.push(RawAttribute { name, value: at..at, quoted: false });
            continue;
        }
        value += 1;
        while is_space(value) {
            value += 1;
        }
        let quote = bytes.get(value).copied().filter(|b| matches!(b, b'"' | b'\''));
        let (value, end) = match quote {
            Some(quote) => {
                let start = value + 1;
                let end = bytes[start..].iter().position(|&b| b == quote).map_or(bytes.len(), |end| start + end);
                (start..end, (end + 1).min(bytes.len()))
            }
            None => {
                let mut end = value;
                while end < bytes.len() && !is_space(end) && bytes[end] != b'>' {
                    end += 1;
                }
                (value..end, end)
            }
        };
        tag.attributes.push(RawAttribute { name, value, quoted: quote.is_some() });
        at = end;
    }
}

/// The images of a `srcset`, each with what says when to take it. An address ends with white space and not with a comma,
/// which it may hold: <https://html.spec.whatwg.org/multipage/images.html#parse-a-srcset-attribute>.
pub fn candidates(value: &str) -> Vec<(&str, &str)> {
    let mut candidates = Vec::new();
    let mut rest = value;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return candidates;
        }
        let (url, after) = rest.split_at(rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len()));
        let bare = url.trim_end_matches(',');
        let end = if bare.len() < url.len() { 0 } else { after.find(',').unwrap_or(after.len()) };
        candidates.push((bare, after[..end].trim()));
        rest = &after[end..];
    }
}

/// Adds the text of HTML without its tags, comments, scripts and styles. Each tag parts words, as most of them do.
pub fn push_text(out: &mut String, html: &str) {
    let mut at = 0;
    while let Some(offset) = html[at..].find('<') {
        let start = at + offset;
        out.push_str(&unescape(&html[at..start]));
        match markup_end(html, start) {
            Some(end) => {
                out.push(' ');
                at = end;
            }
            None => {
                out.push('<');
                at = start + 1;
            }
        }
    }
    out.push_str(&unescape(&html[at..]));
}

/// Where the tag or comment at a `<` ends, with a script's or style's text. `None` when it is an ordinary character.
fn markup_end(html: &str, start: usize) -> Option<usize> {
    let rest = &html[start..];
    match rest.as_bytes().get(1)? {
        b'!' if rest.starts_with("<!--") => Some(start + rest.find("-->").map_or(rest.len(), |end| end + 3)),
        b'!' | b'/' | b'?' => Some(start + rest.find('>').map_or(rest.len(), |end| end + 1)),
        byte if byte.is_ascii_alphabetic() => {
            let (tag, end) = tag(html, start + 1);
            // The end tag's `</` has been read by then, and is a tag of its own here.
            let after = after_raw_text(html, &html[tag.name], end);
            Some(if after > end && after < html.len() { after - 2 } else { after })
        }
        _ => None,
    }
}

/// An attribute's value with its character references resolved, as far as addresses use them.
pub fn unescape(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let name = rest[1..].bytes().take(LONGEST_NAME).position(|byte| byte == b';');
        let reference = name.map(|length| &rest[1..1 + length]);
        let character = reference.and_then(character);
        match (reference, character) {
            (Some(name), Some(character)) => {
                out.push(character);
                rest = &rest[name.len() + 2..];
            }
            _ => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str) {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some((tag, next)) = next_tag(html, at) {
            let attributes: Vec<String> = tag
                .attributes
                .iter()
                .map(|a| format!("{}={}", &html[a.name.clone()], &html[a.value.clone()]))
                .collect();
            found.push(format!("{}[{}]", &html[tag.name.clone()], attributes.join(" ")));
            assert!(next > at, "the scan goes on");
            at = next;
        }
        assert_eq!(found.join(" "), expected);
    }

    #[test]
    fn attributes_are_found_however_they_are_written() {
        check(r#"<a href="x" id=y data-z>t</a><IMG SRC='p q'/>"#, "a[href=x id=y data-z=] IMG[SRC=p q]");
        check("<a\n href = \"x\"\n>", "a[href=x]");
    }

    #[test]
    fn comments_and_scripts_hold_no_tags() {
        check("<!-- <a href=x> --><b>", "b[]");
        check("<script>'<a href=x>'</script><b>", "script[] b[]");
    }

    #[test]
    fn broken_html_neither_panics_nor_loops() {
        for html in
            ["<", "<a", "<a href", "<a href=", "<a href=\"", "<a href='x", "<!--", "<script>", "</", "<a =x>", "<é>"]
        {
            let mut at = 0;
            while let Some((_, next)) = next_tag(html, at) {
                assert!(next > at);
                at = next;
            }
        }
    }

    #[test]
    fn text_is_what_a_reader_sees() {
        let check = |html: &str, expected: &str| {
            let mut out = String::new();
            push_text(&mut out, html);
            assert_eq!(out.split_whitespace().collect::<Vec<_>>().join(" "), expected);
        };
        check("<p class='a>b'>One &amp; two</p><!-- three --><style>four{}</style> 1 < 2 <", "One & two 1 < 2 <");
        check("<br>a<b", "a");
        check("<!-- a", "");
    }

    #[test]
    fn addresses_of_a_srcset_may_hold_commas() {
        assert_eq!(candidates("a.png, b.png 2x"), [("a.png", ""), ("b.png", "2x")]);
        assert_eq!(
            candidates("data:image/png;base64,AA== 1x,b,c.png 2x, "),
            [("data:image/png;base64,AA==", "1x"), ("b,c.png", "2x")]
        );
        assert_eq!(candidates(" , "), []);
    }

    #[test]
    fn character_references_in_addresses_are_resolved() {
        assert_eq!(unescape("/a?b=1&amp;c=2&#x26;d&e=&nope;"), "/a?b=1&c=2&d&e=&nope;");
    }
}
