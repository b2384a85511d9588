//! Searches that remember what they did not find.
//!
//! An opening mark without its closing one makes a scanner look through the whole rest of the text. A page full of such
//! marks would cost the square of its length, so a search that failed once fails at once from then on.

/// What is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needle {
    /// `}`
    Brace,
    /// `"`
    DoubleQuote,
    /// `'`
    SingleQuote,
    /// `-->`
    CommentEnd,
    /// `?>`
    InstructionEnd,
    /// `$$`
    Dollars,
    /// `~~`
    Tildes,
    /// `{:/`
    ExtensionEnd,
    /// `>`
    Angle,
}

impl Needle {
    fn text(self) -> &'static [u8] {
        match self {
            Needle::Brace => b"}",
            Needle::DoubleQuote => b"\"",
            Needle::SingleQuote => b"'",
            Needle::CommentEnd => b"-->",
            Needle::InstructionEnd => b"?>",
            Needle::Dollars => b"$$",
            Needle::Tildes => b"~~",
            Needle::ExtensionEnd => b"{:/",
            Needle::Angle => b">",
        }
    }
}

/// What is known of each needle in one text.
#[derive(Debug, Clone, Default)]
pub struct Misses([Known; 9], pub Option<Braces>);

/// The braces from a place on that could end an attribute list.
#[derive(Debug, Clone, Copy)]
pub struct Braces {
    /// From here…
    pub from: usize,
    /// …the next one without a backslash before it is here, or there is none.
    pub plain: Option<usize>,
    /// The last one with a backslash, when there is none without.
    pub escaped: Option<usize>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    /// From here on it is missing.
    missing: usize,
    /// From here…
    from: usize,
    /// …the next one is here.
    found: usize,
}

impl Default for Known {
    fn default() -> Self {
        Known { missing: usize::MAX, from: 1, found: 0 }
    }
}

impl Misses {
    /// The first place of the needle at or after `from`.
    pub fn find(&mut self, needle: Needle, bytes: &[u8], from: usize) -> Option<usize> {
        let known = &mut self.0[needle as usize];
        if from >= known.missing || from > bytes.len() {
            return None;
        }
        if from >= known.from && from <= known.found {
            return Some(known.found);
        }
        let text = needle.text();
        let found = match text {
            [byte] => memchr::memchr(*byte, &bytes[from..]),
            _ => memchr::memmem::find(&bytes[from..], text),
        };
        match found {
            Some(i) => (known.from, known.found) = (from, from + i),
            None => known.missing = from,
        }
        found.map(|i| from + i)
    }
}
