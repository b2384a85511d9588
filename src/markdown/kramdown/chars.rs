//! The character classes of kramdown's grammar.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// White space is ASCII's only; a no-break space is a letter like any other.
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// A letter of any script.
pub fn is_alpha(c: char) -> bool {
    c.is_alphabetic()
}

/// A letter or a decimal digit of any script.
pub fn is_alnum(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    c.is_alphabetic() || c.general_category() == unicode_properties::GeneralCategory::DecimalNumber
}

/// A letter, mark, decimal digit or connecting punctuation of any script.
pub fn is_word(c: char) -> bool {
    use unicode_properties::GeneralCategory as G;
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    c.is_alphabetic()
        || c.general_category_group() == GeneralCategoryGroup::Mark
        || matches!(c.general_category(), G::DecimalNumber | G::ConnectorPunctuation)
}

/// A letter, digit or `_` of ASCII.
pub fn is_ascii_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where a run of `\w` and `-` that begins with `\w` ends; `None` when there is none. Names of attribute lists,
/// attributes and footnotes are such runs.
pub fn name_end(bytes: &[u8], at: usize) -> Option<usize> {
    if !bytes.get(at).copied().is_some_and(is_ascii_word) {
        return None;
    }
    let rest = &bytes[at + 1..];
    Some(at + 1 + rest.iter().position(|&b| !is_ascii_word(b) && b != b'-').unwrap_or(rest.len()))
}

/// Where the white space that begins here ends.
pub fn skip_space(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at.min(bytes.len())..];
    at + rest.iter().position(|&b| !is_space(b)).unwrap_or(rest.len())
}

/// Where the blanks and tabs that begin here end.
pub fn skip_blanks(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at.min(bytes.len())..];
    at + rest.iter().position(|&b| b != b' ' && b != b'\t').unwrap_or(rest.len())
}

/// Whether nothing but white space stands between here and the line's end.
pub fn rest_is_blank(bytes: &[u8], at: usize) -> bool {
    bytes[at.min(bytes.len())..].iter().take_while(|&&b| b != b'\n').all(|&b| is_space(b))
}

/// One past the line end of the line that holds `at`.
pub fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    at + memchr::memchr(b'\n', rest).map_or(rest.len(), |i| i + 1)
}

/// The end of a range without the white space at its end.
pub fn trim_end(bytes: &[u8], start: usize, end: usize) -> usize {
    end - bytes[start..end].iter().rev().take_while(|&&b| is_space(b)).count()
}
