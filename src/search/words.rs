//! Text to words: what a word is, and how it is written in the index.
//!
//! The browser's script does the same to what a reader types, so a change here is a change of the format.

use std::ops::Range;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// A word of a query, folded, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// As the index writes it.
    pub form: String,
    /// Counts from 0; words that are left out take no place.
    pub at: u32,
}

/// The words of a query or a title.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    for run in runs(text) {
        let folded = fold(&text[run.range]);
        for part in parts(&folded) {
            let mut push = |form: &str| {
                tokens.push(Token { form: form.to_string(), at });
                at += 1;
            };
            match part {
                Part::Word(word) => push(word),
                Part::Unspaced(text) => pairs(text, false).for_each(push),
            }
        }
    }
    tokens
}

/// A run of letters, digits and marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its place in the text.
    pub range: Range<usize>,
    /// Whether all of them are ASCII.
    pub is_ascii: bool,
}

/// The runs of letters, digits and marks, as typed. The `s` of a possessive is left out.
pub fn runs(text: &str) -> impl Iterator<Item = Run> {
    let mut at = 0;
    let mut end_before = usize::MAX;
    std::iter::from_fn(move || {
        loop {
            let (start, _) = end_of(text, at, Class::Other);
            if start == text.len() {
                return None;
            }
            let (end, is_ascii) = end_of(text, start, Class::Word);
            at = end;
            let is_possessive = end - start == 1
                && matches!(text.as_bytes()[start], b's' | b'S')
                && matches!(text.get(end_before..start), Some("'" | "\u{2019}"));
            end_before = end;
            if !is_possessive {
                return Some(Run { range: start..end, is_ascii });
            }
        }
    })
}

/// What a byte says about the character that it is of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Not of a word.
    Other,
    /// A letter or digit.
    Word,
    /// Not ASCII: only the character can tell.
    Unknown,
}

static CLASSES: [Class; 256] = {
    let mut classes = [Class::Unknown; 256];
    let mut byte = 0;
    while byte < 128 {
        classes[byte] = if (byte as u8).is_ascii_alphanumeric() { Class::Word } else { Class::Other };
        byte += 1;
    }
    classes
};

/// How many of these bytes, from the lowest on, are letters and digits of ASCII. All eight are looked at together: in
/// each, the highest bit is the answer of a comparison.
#[inline]
fn n_of_word(bytes: u64) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHEST: u64 = ONES * 0x80;
    let low = bytes & !HIGHEST;
    let from = |bytes: u64, first: u8| bytes + ONES * u64::from(0x80 - first);
    // This bit makes a capital letter a small one.
    let small = low | (ONES * 0x20);
    let letters = from(small, b'a') & !from(small, b'z' + 1);
    let digits = from(low, b'0') & !from(low, b'9' + 1);
    let others = !((letters | digits) & !bytes) & HIGHEST;
    others.trailing_zeros() as usize / 8
}

/// Where characters of a class end, and whether all of them were ASCII. ASCII is looked at as bytes, and letters eight at
/// once, as this is most of the work.
#[inline]
fn end_of(text: &str, start: usize, class: Class) -> (usize, bool) {
    let bytes = text.as_bytes();
    let mut at = start;
    let mut is_ascii = true;
    loop {
        if class == Class::Word {
            while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
                let n = n_of_word(u64::from_le_bytes(*eight));
                at += n;
                if n < 8 {
                    break;
                }
            }
        }
        while let Some(&byte) = bytes.get(at)
            && CLASSES[usize::from(byte)] == class
        {
            at += 1;
        }
        let is_unknown = bytes.get(at).is_some_and(|byte| !byte.is_ascii());
        let Some(c) = text[at..].chars().next().filter(|_| is_unknown) else { return (at, is_ascii) };
        if is_of_word(c) != (class == Class::Word) {
            return (at, is_ascii);
        }
        is_ascii = false;
        at += c.len_utf8();
    }
}

/// Whether a character is a letter of the Chinese, Japanese or Korean scripts that has one form alone and no case. Texts in
/// these scripts hold hardly any others, and to know that takes less than to look it up.
#[inline]
fn is_plain(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}' | '\u{4e00}'..='\u{9ffc}' | '\u{ac00}'..='\u{d7a3}')
}

fn is_of_word(c: char) -> bool {
    is_plain(c) || c.is_alphanumeric() || c.general_category_group() == GeneralCategoryGroup::Mark
}

/// A part of a folded run.
pub enum Part<'t> {
    /// A word.
    Word(&'t str),
    /// Text in a script that puts no spaces between words.
    Unspaced(&'t str),
}

/// The parts of a folded run.
pub fn parts(folded: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = folded;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        if rest.is_ascii() {
            return Some(Part::Word(std::mem::take(&mut rest)));
        }
        let unspaced = is_unspaced(first);
        let end = rest.find(|c| is_unspaced(c) != unspaced).unwrap_or(rest.len());
        let part = &rest[..end];
        rest = &rest[end..];
        Some(if unspaced { Part::Unspaced(part) } else { Part::Word(part) })
    })
}

/// The pairs of neighbouring characters. `with_last` adds the last character alone, so that it is the beginning of
/// something too.
pub fn pairs(text: &str, with_last: bool) -> impl Iterator<Item = &str> {
    let starts = text.char_indices().map(|(at, c)| (at, at + c.len_utf8()));
    starts.filter_map(move |(start, end)| match text[end..].chars().next() {
        Some(next) => Some(&text[start..end + next.len_utf8()]),
        None if with_last || start == 0 => Some(&text[start..]),
        None => None,
    })
}

/// Whether a character belongs to a script that puts no spaces between words, or whose words are best found by pairs.
pub fn is_unspaced(c: char) -> bool {
    matches!(c as u32,
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1100..=0x11FF | 0x1780..=0x17FF | 0x2E80..=0x2FDF | 0x3005..=0x3007
        | 0x3021..=0x3029 | 0x3031..=0x3035 | 0x3038..=0x303B | 0x3041..=0x30FA | 0x30FC..=0x30FF | 0x3130..=0x318F
        | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xA960..=0xA97F | 0xAC00..=0xD7FF | 0xF900..=0xFAFF
        | 0x20000..=0x3FFFF)
}

/// A run in lower case and in one of its Unicode forms, with its accents: what stemmers want. Written to `out`.
#[inline]
pub fn lower(out: &mut String, run: &str) {
    out.clear();
    if run.is_ascii() || run.chars().all(|c| c.is_ascii() || is_plain(c)) {
        out.push_str(run);
        out.make_ascii_lowercase();
    } else if is_nfkc_quick(run.chars()) == IsNormalized::Yes {
        out.extend(run.chars().flat_map(char::to_lowercase));
    } else {
        out.extend(run.nfkc().flat_map(char::to_lowercase));
    }
}

/// A run as the index writes it: lower case, without accents, in one of its Unicode forms.
pub fn fold(run: &str) -> String {
    if run.is_ascii() {
        return run.to_ascii_lowercase();
    }
    let plain = run.nfkd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}'));
    let mut out = String::with_capacity(run.len());
    for c in plain.nfc().flat_map(char::to_lowercase) {
        match c {
            'ς' => out.push('σ'),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'đ' => out.push('d'),
            'ł' => out.push('l'),
            'ı' => out.push('i'),
            '\u{300}'..='\u{36f}' => {}
            c => out.push(c),
        }
    }
    out
}

/// The parts of a name in code: `getUserName` holds `get`, `User` and `Name`. Empty when it has only one.
pub fn humps(run: &str) -> Vec<&str> {
    let bytes = run.as_bytes();
    let is_start = |at: usize| {
        let next_is_lower = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
        bytes[at].is_ascii_uppercase() && (!bytes[at - 1].is_ascii_uppercase() || next_is_lower)
    };
    if !run.is_ascii() {
        return Vec::new();
    }
    let mut starts: Vec<usize> = (1..bytes.len()).filter(|&at| is_start(at)).collect();
    if starts.is_empty() {
        return Vec::new();
    }
    starts.insert(0, 0);
    let ends = starts.iter().skip(1).copied().chain([run.len()]);
    starts.iter().zip(ends).map(|(&start, end)| &run[start..end]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found: Vec<String> = tokens(text).into_iter().map(|token| token.form).collect();
        assert_eq!(found.join(" "), expected, "{text}");
    }

    #[test]
    fn words_are_folded() {
        check("Café CAFE\u{301} ﬁne ＡＢＣ Straße İstanbul ΣΊΣΥΦΟΣ", "cafe cafe fine abc strasse istanbul σισυφοσ");
        check("Åse Łódź Đorđe œuvre", "ase lodz dorde oeuvre");
    }

    #[test]
    fn signs_part_words_and_possessives_go() {
        check(
            "the team's time-off (15.4) snake_case l’équipe don't",
            "the team time off 15 4 snake case l equipe don t",
        );
        check("'s s ’s a ’ s", "s s s a s");
    }

    #[test]
    fn scripts_without_spaces_become_pairs() {
        check("評価と昇進", "評価 価と と昇 昇進");
        check("犬", "犬");
        check("GitLabの評価 2026年版", "gitlab の評 評価 2026 年版");
        check("がくせい", "がく くせ せい");
        check("휴가 신청", "휴가 신청");
        check("ｶﾞｽ料金", "ガス ス料 料金");
        assert_eq!(pairs("評価", true).collect::<Vec<_>>(), ["評価", "価"]);
        assert_eq!(pairs("評", true).collect::<Vec<_>>(), ["評"]);
    }

    #[test]
    fn eight_bytes_are_looked_at_as_each_by_itself() {
        for (byte, place) in (0..=255u8).flat_map(|byte| (0..8).map(move |place| (byte, place))) {
            for around in *b"aZ09" {
                let mut eight = [around; 8];
                eight[place] = byte;
                let expected = if byte.is_ascii_alphanumeric() { 8 } else { place };
                assert_eq!(n_of_word(u64::from_le_bytes(eight)), expected, "{byte} at {place} in {around}");
            }
        }
        check("abcdefgh ijklmnop-qrstuvwxyz012 a1234567é b", "abcdefgh ijklmnop qrstuvwxyz012 a1234567e b");
    }

    #[test]
    fn plain_letters_have_one_form() {
        let plain: Vec<char> = ('\u{80}'..='\u{ffff}').filter(|c| is_plain(*c)).collect();
        assert!(plain.len() > 32_000);
        for c in plain {
            let text = c.to_string();
            assert!(c.is_alphanumeric() && text.nfkc().eq([c]) && c.to_lowercase().eq([c]), "{c}");
        }
        check("か\u{3099} ｱﾊﾟｰﾄ", "が アパ パー ート");
    }

    #[test]
    fn names_in_code_fall_into_parts() {
        assert_eq!(humps("getUserName"), ["get", "User", "Name"]);
        assert_eq!(humps("HTTPServer2Go"), ["HTTP", "Server2", "Go"]);
        assert!(
            humps("plain").is_empty() && humps("ALL").is_empty() && humps("").is_empty() && humps("Été").is_empty()
        );
    }
}
