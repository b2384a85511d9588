//! Bytes to text.

use crate::diagnostic::{Code, Diagnostic, Span};

/// What the bytes 0x80 to 0x9F are in Windows-1252, the encoding that files which are not UTF-8 mostly have.
const WINDOWS_1252: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ";

/// The text of a file, without a byte-order mark. Whatever cannot be read becomes U+FFFD, with one warning for the
/// file that points at the first of them.
pub fn decode(bytes: Vec<u8>) -> (String, Option<Diagnostic>) {
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return utf16(rest, u16::from_be_bytes);
    }
    let start = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let text = match String::from_utf8(bytes) {
        Ok(mut text) => {
            text.drain(..start);
            text
        }
        Err(error) => return lossy(&error.as_bytes()[start..]),
    };
    match text.find('\0') {
        None => (text, None),
        Some(first) => {
            let count = text.matches('\0').count();
            let message = format!("this file holds {}, which no text has", counted(count, "NUL byte"));
            let help = "it may be damaged, or not a text file; open it in an editor and save it as UTF-8";
            let warning = Diagnostic::new(Code::Encoding, message).at(Span::new(first, first + 3)).help(help);
            (text.replace('\0', "\u{FFFD}"), Some(warning))
        }
    }
}

fn lossy(bytes: &[u8]) -> (String, Option<Diagnostic>) {
    let mut at = 0;
    let mut first = None;
    let mut count = 0;
    for chunk in bytes.utf8_chunks() {
        at += chunk.valid().len();
        let invalid = chunk.invalid();
        if let Some(byte) = invalid.first() {
            // Longer ones are cut-off UTF-8, not another encoding.
            first.get_or_insert((at, if invalid.len() == 1 { *byte } else { 0 }));
            count += invalid.len();
        }
        at += invalid.len();
    }
    let text = String::from_utf8_lossy(bytes).replace('\0', "\u{FFFD}");
    let (at, byte) = first.unwrap_or((0, 0));
    // Nothing before the first bad byte was replaced, but for NUL bytes, which are longer now.
    let at = at + 2 * bytes[..at].iter().filter(|byte| **byte == 0).count();
    let likely = match byte {
        0x80..=0x9F => WINDOWS_1252.chars().nth(byte as usize - 0x80).unwrap_or(' '),
        byte => byte as char,
    };
    let help = match likely.is_control() {
        true => "save the file as UTF-8".to_owned(),
        false => format!("save the file as UTF-8; in Windows-1252 the first of them (0x{byte:02X}) is `{likely}`"),
    };
    let message = format!("this file is not UTF-8: {} cannot be read, the first one here", counted(count, "byte"));
    let warning = Diagnostic::new(Code::Encoding, message).at(Span::new(at, at + 3)).help(help);
    (text, Some(warning))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (String, Option<Diagnostic>) {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let mut text: String = char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}')).collect();
    if bytes.len() % 2 == 1 {
        text.push('\u{FFFD}');
    }
    let text = text.replace('\0', "\u{FFFD}");
    let warning = Diagnostic::new(Code::Encoding, "this file is UTF-16, not UTF-8")
        .help("we read it all the same; save it as UTF-8, as many other tools cannot");
    (text, Some(warning))
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::decode;

    fn check(bytes: &[u8], expect: Expect) {
        let (text, warning) = decode(bytes.to_vec());
        let warning = warning.map_or(String::new(), |warning| {
            let at = warning.span.map(|span| &text[span.range()]);
            format!("{} at {at:?}\n{}\n", warning.message, warning.help.unwrap_or_default())
        });
        expect.assert_eq(&format!("{text:?}\n{warning}"));
    }

    #[test]
    fn utf8_is_taken_as_it_is_without_its_mark() {
        check(
            "\u{FEFF}Größe\r\n\tx\u{A0}".as_bytes(),
            expect![[r#"
            "Größe\r\n\tx\u{a0}"
        "#]],
        );
        check(
            b"",
            expect![[r#"
            ""
        "#]],
        );
        check(
            b"\xEF\xBB",
            expect![[r#"
                "�"
                this file is not UTF-8: 2 bytes cannot be read, the first one here at Some("�")
                save the file as UTF-8
            "#]],
        );
    }

    #[test]
    fn other_bytes_become_replacement_characters() {
        check(
            b"caf\xE9 and \x93quotes\x94\n",
            expect![[r#"
            "caf� and �quotes�\n"
            this file is not UTF-8: 3 bytes cannot be read, the first one here at Some("�")
            save the file as UTF-8; in Windows-1252 the first of them (0xE9) is `é`
        "#]],
        );
        check(
            b"\xEF\xBB\xBFab\x00c\x81",
            expect![[r#"
            "ab�c�"
            this file is not UTF-8: 1 byte cannot be read, the first one here at Some("�")
            save the file as UTF-8
        "#]],
        );
        check(
            "日本".as_bytes().split_last().unwrap().1,
            expect![[r#"
                "日�"
                this file is not UTF-8: 2 bytes cannot be read, the first one here at Some("�")
                save the file as UTF-8
            "#]],
        );
    }

    #[test]
    fn nul_bytes_are_replaced() {
        check(
            b"a\0b\0",
            expect![[r#"
            "a�b�"
            this file holds 2 NUL bytes, which no text has at Some("�")
            it may be damaged, or not a text file; open it in an editor and save it as UTF-8
        "#]],
        );
    }

    #[test]
    fn utf16_is_decoded() {
        check(
            b"\xFF\xFEh\0i\0\xE9\0",
            expect![[r#"
            "hié"
            this file is UTF-16, not UTF-8 at None
            we read it all the same; save it as UTF-8, as many other tools cannot
        "#]],
        );
        check(
            b"\xFE\xFF\0h\xD8\x3D\xDE\x00\xD8\x3D\0",
            expect![[r#"
            "h😀��"
            this file is UTF-16, not UTF-8 at None
            we read it all the same; save it as UTF-8, as many other tools cannot
        "#]],
        );
    }
}
