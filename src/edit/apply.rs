//! Edits applied to a text and to the bytes of a file.

use crate::diagnostic::Edit;
use crate::edit::encoding::Text;

/// A file and what it is to become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The file, named as in diagnostics.
    pub file: String,
    /// Its bytes when it was read.
    pub before: Vec<u8>,
    /// Its bytes with the edits made.
    pub after: Vec<u8>,
}

/// Why a file was left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It holds bytes that are no text, which would be lost.
    NotText,
    /// An edit does not fit: the file is another one than that which the edits were made for.
    Changed,
}

impl Refusal {
    /// What to tell people.
    pub fn reason(self) -> &'static str {
        match self {
            Refusal::NotText => "it is not UTF-8; save it as UTF-8 first",
            Refusal::Changed => "it was changed meanwhile; run the command again",
        }
    }
}

/// The file with these edits made, which do not overlap and are in the order of their places.
pub fn changed(file: &str, bytes: &[u8], edits: &[Edit]) -> Result<Changed, Refusal> {
    let text = Text::read(bytes).ok_or(Refusal::NotText)?;
    let after = apply(&text.text, edits).ok_or(Refusal::Changed)?;
    let after = Text { encoding: text.encoding, text: after }.bytes();
    Ok(Changed { file: file.to_string(), before: bytes.to_vec(), after })
}

/// The text with these edits made, which do not overlap and are in the order of their places. `None` when one does not
/// fit the text.
pub fn apply(text: &str, edits: &[Edit]) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        out.push_str(text.get(at..range.start)?);
        text.get(range.clone())?;
        out.push_str(&edit.replacement);
        at = range.end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;

    fn edits(edits: &[(usize, usize, &str)]) -> Vec<Edit> {
        let edit = |&(start, end, text): &(usize, usize, &str)| Edit {
            file: String::new(),
            span: Span::new(start, end),
            replacement: text.to_string(),
        };
        edits.iter().map(edit).collect()
    }

    #[test]
    fn only_the_edited_places_change() {
        let check = |bytes: &[u8], list: &[(usize, usize, &str)], expected: &[u8]| {
            let changed = changed("a.md", bytes, &edits(list)).unwrap();
            assert_eq!((changed.before.as_slice(), changed.after.as_slice()), (bytes, expected));
        };
        check(b"a\r\nb\n\xC3\xBC", &[(3, 4, "c"), (5, 7, "d")], b"a\r\nc\nd");
        check(b"\xEF\xBB\xBFabc", &[(0, 0, "x"), (1, 2, "")], b"\xEF\xBB\xBFxac");
        check(b"abc", &[(3, 3, "\n")], b"abc\n");
        check(b"\xFF\xFEa\0b\0", &[(1, 2, "ü")], b"\xFF\xFEa\0\xFC\0");
    }

    #[test]
    fn edits_for_another_text_are_refused() {
        let refused = |bytes: &[u8], list: &[(usize, usize, &str)]| changed("a.md", bytes, &edits(list)).unwrap_err();
        assert_eq!(refused(b"ab", &[(2, 3, "x")]), Refusal::Changed);
        assert_eq!(refused("ü".as_bytes(), &[(1, 2, "x")]), Refusal::Changed);
        assert_eq!(refused(b"abcd", &[(2, 3, "x"), (0, 1, "y")]), Refusal::Changed);
        assert_eq!(refused(b"caf\xE9", &[(0, 1, "x")]), Refusal::NotText);
    }
}
