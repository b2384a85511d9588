//! Characters that no author typed: text that was read in the wrong encoding once, and control characters.

use memchr::{memchr, memmem};

use crate::diagnostic::{Code, Diagnostic, Fix, Span};

/// What the bytes 0x80 to 0x9F are in Windows-1252, where they are something.
const WINDOWS_1252: &[char; 32] = &[
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// More repairs than this are one message: a page that is all broken has one cause.
const MOST: usize = 50;

/// In a run of more characters than this that cannot be meant, what comes before its last control character is not
/// looked at again.
const LONG: usize = 16;

/// What is wrong with a page's characters.
pub fn problems(text: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    mojibake(text, &mut found);
    controls(text, &mut found);
    found.truncate(MOST);
    found
}

/// Text in UTF-8 that was taken for Windows-1252 and saved: `â€™` for `’`.
fn mojibake(text: &str, found: &mut Vec<Diagnostic>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    // Every character that such a sequence begins with, from `Â` to `ô`, begins with this byte in UTF-8.
    while let Some(offset) = memchr(0xC3, &bytes[at..])
        && found.len() < MOST
    {
        let start = at + offset;
        match run(text, start) {
            Ok((end, meant)) => {
                let written = &text[start..end];
                let message = format!("`{written}` was meant to be `{meant}`");
                let help = "the text was read in the wrong encoding once; `handbook check --fix` mends it";
                let place = Span::new(start, end);
                let problem = Diagnostic::new(Code::Mojibake, message).at(place).help(help);
                found.push(problem.fix(Fix::replace(format!("write `{meant}`"), place, meant)));
                at = end;
            }
            Err(next) => at = next,
        }
    }
}

/// The longest run of wrongly read characters that begins here: where it ends, and what was meant. If there is none,
/// where to look next.
fn run(text: &str, start: usize) -> Result<(usize, String), usize> {
    let before = text[..start].chars().next_back();
    let mut meant = String::new();
    let mut end = start;
    let (mut n, mut is_sure) = (0, false);
    let mut control = None;
    while let Some((length, c)) = sequence(&text[end..]) {
        let next = text[end + length..].chars().next();
        is_sure |= is_telling(&text[end..end + length], c, before, next);
        meant.push(c);
        end += length;
        n += 1;
        if c.is_control() {
            control = Some(end);
        }
    }
    // Twice read wrongly: once more.
    let again = if n > 1 { run(&meant, 0).ok() } else { None };
    if let Some((_, again)) = again.filter(|(whole, _)| *whole == meant.len()) {
        return Ok((end, again));
    }
    match control {
        None if n > 0 && (is_sure || n > 2) => Ok((end, meant)),
        // Each later beginning in a long run would read all the rest of it again.
        Some(control) if n > LONG => Err(control),
        _ => Err(start + 1),
    }
}

/// The character whose bytes in UTF-8, read one by one, are at the beginning of the text; and how long that is.
fn sequence(text: &str) -> Option<(usize, char)> {
    let mut bytes = [0; 4];
    let mut length = 0;
    let mut wanted = 1;
    for (n, c) in text.chars().take(4).enumerate() {
        let byte = byte(c)?;
        match n {
            0 => {
                wanted = match byte {
                    0xC2..=0xDF => 2,
                    0xE0..=0xEF => 3,
                    0xF0..=0xF4 => 4,
                    _ => return None,
                }
            }
            _ if !(0x80..=0xBF).contains(&byte) => return None,
            _ => {}
        }
        bytes[n] = byte;
        length += c.len_utf8();
        if n + 1 == wanted {
            let c = std::str::from_utf8(&bytes[..wanted]).ok()?.chars().next()?;
            return Some((length, c));
        }
    }
    None
}

fn byte(c: char) -> Option<u8> {
    match c as u32 {
        code @ 0xA0..=0xFF => Some(code as u8),
        _ => WINDOWS_1252.iter().position(|other| *other == c).map(|at| 0x80 + at as u8),
    }
}

/// Whether a sequence cannot be text by itself. `É…` and `ß”` can: a capital or a small letter before a mark.
fn is_telling(written: &str, meant: char, before: Option<char>, next: Option<char>) -> bool {
    let mut chars = written.chars();
    let (first, second, third) = (chars.next(), chars.next().unwrap_or(' '), chars.next().unwrap_or(' '));
    let is_mark = |c: char| {
        matches!(
            c,
            '‘' | '’'
                | '“'
                | '”'
                | '…'
                | '–'
                | '—'
                | '«'
                | '»'
                | '‹'
                | '›'
                | '„'
                | '‚'
                | '•'
                | '™'
                | '\u{a0}'
        )
    };
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    match first {
        Some('Â') => {
            !is_mark(second) || second == '\u{a0}' && !is_letter(before) || is_letter(before) && is_letter(next)
        }
        Some('Ã') => !is_mark(second) || is_letter(next),
        Some('â') => {
            second == '€' || !(is_mark(second) && is_mark(third)) && ('\u{2000}'..'\u{2C00}').contains(&meant)
        }
        Some('ð') => second == 'Ÿ',
        Some('ã') => matches!(second, '\u{81}' | '‚' | 'ƒ'),
        _ => false,
    }
}

/// Characters that do something and show nothing.
fn controls(text: &str, found: &mut Vec<Diagnostic>) {
    let is_control = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r') || byte == 0x7F;
    let mut places: Vec<usize> = Vec::new();
    // Without stopping at the first one, so that many bytes are looked at in one step.
    if text.as_bytes().iter().fold(false, |any, byte| any | is_control(*byte)) {
        places.extend(text.bytes().enumerate().filter(|(_, byte)| is_control(*byte)).map(|(at, _)| at));
    }
    // A byte-order mark that is not at the beginning.
    places.extend(memmem::find_iter(text.as_bytes(), "\u{FEFF}"));
    places.sort_unstable();
    for at in places {
        let Some(c) = text[at..].chars().next() else { continue };
        let place = Span::new(at, at + c.len_utf8());
        let (name, new) = match c {
            '\u{B}' | '\u{C}' => ("a line or page break of a word processor", " "),
            '\u{FEFF}' => ("a byte-order mark in the middle of the text", ""),
            _ => ("a control character", ""),
        };
        let message = format!("there is {name} here (U+{:04X}), which nobody sees", c as u32);
        let help = if new.is_empty() { "delete it" } else { "write a space instead" };
        let problem = Diagnostic::new(Code::ControlCharacter, message).at(place).help(help);
        found.push(problem.fix(Fix::replace(help, place, new)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text as it is after the fixes.
    fn check(text: &str, expected: &str) {
        let mut mended = text.to_string();
        let found = problems(text);
        for problem in found.iter().rev() {
            let edit = &problem.fix.as_ref().unwrap().edits[0];
            mended.replace_range(edit.span.range(), &edit.replacement);
        }
        assert_eq!(mended, expected, "{text:?}");
        assert_eq!(problems(&mended), [], "a second time: {text:?}");
    }

    #[test]
    fn text_that_was_read_wrongly_is_mended() {
        check("Weâ€™re â€œhereâ€\u{9d} â€“ cafÃ© dâ€™Ã©tÃ©", "We’re “here” – café d’été");
        check("â„¢ â†’ âœ“ Â© Â§5 10Â\u{a0}000", "™ → ✓ © §5 10\u{a0}000");
        check("ðŸ˜€ ã\u{81}“ã‚“ã\u{81}«ã\u{81}¡ã\u{81}¯", "😀 こんにちは");
        check("CafÃƒÂ©", "Café");
    }

    #[test]
    fn text_that_is_right_stays() {
        for text in [
            "Café d’été, naïve, garçon, Ångström, 5 µm, 20 °C, « voilà »",
            "„Spaß“ und “Spaß” … GROẞ",
            "AMANHÃ” IRMÃ… São Paulo, NÃO, ÂNGULO, É… À’",
            "café”… voilà–",
            "日本語 評価と昇進",
            "â, ê, î",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn much_damage_takes_no_longer_than_its_length() {
        // Quadratic, this would take hours.
        assert_eq!(problems(&"Â\u{81}".repeat(250_000)), []);
        assert_eq!(problems(&"Â\u{81}Ã©".repeat(100_000)).len(), 1);
        assert_eq!(problems(&"Ã©. ".repeat(100_000)).len(), MOST);
    }

    #[test]
    fn control_characters_go() {
        check("a\u{8}b\u{B}c\td\r\ne\u{FEFF}f\u{7F}", "ab c\td\r\nef");
    }
}
