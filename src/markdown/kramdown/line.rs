//! What the beginning of a line says about it.

use crate::markdown::kramdown::attributes::closing_brace;
use crate::markdown::kramdown::chars::{is_space, name_end, rest_is_blank, skip_blanks};
use crate::markdown::kramdown::needle::Misses;
use crate::markdown::kramdown::tag;

/// The place after at most three blanks.
pub fn margin(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take(3).take_while(|&&b| b == b' ').count()
}

/// Whether a line is blank.
pub fn is_blank(bytes: &[u8], at: usize) -> bool {
    at < bytes.len() && rest_is_blank(bytes, at)
}

/// Whether a line begins with the margin of indented code: a tab or four blanks.
pub fn indent_end(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at) {
        Some(b'\t') => Some(at + 1),
        Some(b' ') if bytes[at..].starts_with(b"    ") => Some(at + 4),
        _ => None,
    }
}

/// One past a list marker of at most `margin` blanks, `*`, `+` or `-`, or a number and a full stop, when a blank, a tab
/// or a bar follows.
pub fn marker_end(bytes: &[u8], at: usize, ordered: bool, most: usize) -> Option<usize> {
    let start = at + bytes[at..].iter().take(most).take_while(|&&b| b == b' ').count();
    let end = if ordered {
        let digits = bytes[start..].iter().take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 || bytes.get(start + digits) != Some(&b'.') {
            return None;
        }
        start + digits + 1
    } else {
        if !matches!(bytes.get(start), Some(b'*' | b'+' | b'-')) {
            return None;
        }
        start + 1
    };
    is_tail(bytes, end).then_some(end)
}

/// Whether a list begins here: `Some(ordered)`.
pub fn list_start(bytes: &[u8], at: usize) -> Option<bool> {
    if marker_end(bytes, at, false, 3).is_some() { Some(false) } else { marker_end(bytes, at, true, 3).map(|_| true) }
}

/// One past the `:` that begins a definition, of at most `most` blanks before it.
pub fn definition_end(bytes: &[u8], at: usize, most: usize) -> Option<usize> {
    let start = at + bytes[at..].iter().take(most).take_while(|&&b| b == b' ').count();
    (bytes.get(start) == Some(&b':') && is_tail(bytes, start + 1)).then_some(start + 1)
}

fn is_tail(bytes: &[u8], at: usize) -> bool {
    matches!(bytes.get(at), Some(b' ' | b'\t' | b'|'))
}

/// Whether a line is a rule.
pub fn is_rule(bytes: &[u8], at: usize) -> bool {
    let start = margin(bytes, at);
    let Some(&mark @ (b'*' | b'-' | b'_')) = bytes.get(start) else { return false };
    let mut count = 0;
    for &byte in &bytes[start..] {
        match byte {
            b'\n' => return count >= 3,
            b' ' | b'\t' => {}
            _ if byte == mark => count += 1,
            _ => return false,
        }
    }
    false
}

/// The level of an ATX heading and where its text begins. GFM wants white space after the marks; kramdown goes on in the
/// next line when nothing else stands behind them.
pub fn atx(bytes: &[u8], at: usize, gfm: bool) -> Option<(u8, usize)> {
    let marks = bytes[at..].iter().take(6).take_while(|&&b| b == b'#').count();
    if marks == 0 {
        return None;
    }
    let text = skip_blanks(bytes, at + marks);
    (text > at + marks || !gfm && text + 1 < bytes.len()).then_some((marks as u8, text))
}

/// Whether a line begins like a fence.
pub fn is_fence(bytes: &[u8], at: usize, gfm: bool) -> bool {
    let start = if gfm { margin(bytes, at) } else { at };
    let run = bytes[start..].iter().take(3).take_while(|&&b| b == b'~' || gfm && b == b'`').count();
    run == 3
}

/// Whether a line is an end-of-block marker; one past it then.
pub fn end_marker(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes.get(at) != Some(&b'^') {
        return None;
    }
    blank_rest_end(bytes, at + 1)
}

/// One past the line end when only white space stands before it.
pub fn blank_rest_end(bytes: &[u8], at: usize) -> Option<usize> {
    let length = bytes.get(at..)?.iter().position(|&b| b == b'\n' || !is_space(b))?;
    (bytes[at + length] == b'\n').then_some(at + length + 1)
}

/// A line that is an attribute list: the place of what is in it, and one past the line.
pub fn attribute_list(bytes: &[u8], at: usize, misses: &mut Misses) -> Option<(std::ops::Range<usize>, usize)> {
    let start = margin(bytes, at);
    if !bytes[start..].starts_with(b"{:") || matches!(bytes.get(start + 2), Some(b':' | b'/')) {
        return None;
    }
    braced(bytes, start + 2, misses)
}

/// The definition of an attribute list: its name, what is in it, and one past the line.
pub fn attribute_definition(
    bytes: &[u8],
    at: usize,
    misses: &mut Misses,
) -> Option<(std::ops::Range<usize>, std::ops::Range<usize>, usize)> {
    let start = margin(bytes, at);
    if !bytes[start..].starts_with(b"{:") {
        return None;
    }
    let name = name_end(bytes, start + 2)?;
    if bytes.get(name) != Some(&b':') {
        return None;
    }
    let (range, end) = braced(bytes, name + 1, misses)?;
    Some((start + 2..name, range, end))
}

/// What stands from `start` to `}`, when the rest of that line is blank.
fn braced(bytes: &[u8], start: usize, misses: &mut Misses) -> Option<(std::ops::Range<usize>, usize)> {
    // When the one that should end it is followed by something, an escaped one before it may do.
    let close = closing_brace(bytes, start, misses)?;
    let escaped = misses.1.and_then(|braces| braces.escaped);
    [Some(close), escaped].into_iter().flatten().filter(|&close| close > start).find_map(|close| {
        let end = blank_rest_end(bytes, close + 1)?;
        Some((start..close, end))
    })
}

/// Whether a line ends what goes on over lines by itself: a paragraph, a quote, an item.
pub fn ends_lazily(text: &str, at: usize, misses: &mut Misses) -> bool {
    let bytes = text.as_bytes();
    if at >= bytes.len() {
        return true;
    }
    let start = margin(bytes, at);
    match bytes.get(start) {
        Some(b'{') => attribute_list(bytes, at, misses).is_some(),
        Some(b'^') => start == at && end_marker(bytes, at).is_some(),
        Some(b'<') => tag::ends_paragraph(text, start),
        Some(&b) if is_space(b) => is_blank(bytes, start),
        _ => false,
    }
}

/// Whether a line ends a paragraph.
pub fn ends_paragraph(text: &str, at: usize, gfm: bool, misses: &mut Misses) -> bool {
    let bytes = text.as_bytes();
    if ends_lazily(text, at, misses) {
        return true;
    }
    match bytes[margin(bytes, at)] {
        b':' => definition_end(bytes, at, 3).is_some(),
        _ if !gfm => false,
        b'*' | b'+' | b'-' | b'0'..=b'9' => list_start(bytes, at).is_some(),
        b'#' => atx(bytes, at, true).is_some(),
        b'>' => true,
        b'`' | b'~' => is_fence(bytes, at, true),
        _ => false,
    }
}
