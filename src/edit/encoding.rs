//! A file's text together with how it stood on the disk.

use crate::source::text::decode;

/// How a file's text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 with a byte-order mark.
    Utf8WithMark,
    /// UTF-16, low byte first, with a byte-order mark.
    Utf16Le,
    /// UTF-16, high byte first, with a byte-order mark.
    Utf16Be,
}

/// A text that can be written back byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// How it was written.
    pub encoding: Encoding,
    /// The text, without a byte-order mark: the one that spans are in.
    pub text: String,
}

impl Text {
    /// The text of these bytes. `None` when something in them was not text and so would not come back.
    pub fn read(bytes: &[u8]) -> Option<Text> {
        let encoding = match bytes {
            [0xFF, 0xFE, ..] => Encoding::Utf16Le,
            [0xFE, 0xFF, ..] => Encoding::Utf16Be,
            [0xEF, 0xBB, 0xBF, ..] => Encoding::Utf8WithMark,
            _ => Encoding::Utf8,
        };
        let text = Text { encoding, text: decode(bytes.to_vec()).0 };
        (text.bytes() == bytes).then_some(text)
    }

    /// The bytes of this text.
    pub fn bytes(&self) -> Vec<u8> {
        let utf16 =
            |mark: [u8; 2], unit: fn(u16) -> [u8; 2]| mark.into_iter().chain(self.text.encode_utf16().flat_map(unit));
        match self.encoding {
            Encoding::Utf8 => self.text.as_bytes().to_vec(),
            Encoding::Utf8WithMark => [b"\xEF\xBB\xBF", self.text.as_bytes()].concat(),
            Encoding::Utf16Le => utf16([0xFF, 0xFE], u16::to_le_bytes).collect(),
            Encoding::Utf16Be => utf16([0xFE, 0xFF], u16::to_be_bytes).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back_as_it_was() {
        let mut utf16 = b"\xFF\xFE".to_vec();
        utf16.extend("é\r\n".encode_utf16().flat_map(u16::to_le_bytes));
        let mut big = b"\xFE\xFF".to_vec();
        big.extend("\u{1F600}".encode_utf16().flat_map(u16::to_be_bytes));
        for bytes in [b"".as_slice(), "a\r\nb\n\u{FEFF}c".as_bytes(), b"\xEF\xBB\xBFa", &utf16, &big] {
            assert_eq!(Text::read(bytes).unwrap().bytes(), bytes);
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in [b"caf\xE9".as_slice(), b"a\0b", b"\xFF\xFEa", b"\xFF\xFE\0\xD8"] {
            assert_eq!(Text::read(bytes), None, "{bytes:?}");
        }
    }
}
