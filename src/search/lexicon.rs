//! Texts, each once, numbered in the order in which they came.

use std::ops::Range;

use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

/// Texts with their numbers. All stand in one piece of memory, as there are hundreds for each page.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    text: String,
    /// Where each text ends in `text`.
    ends: Vec<u32>,
    table: HashTable<Entry>,
}

/// A text's number with what finds it.
#[derive(Debug, Clone, Copy)]
struct Entry {
    key: Key,
    number: u32,
}

/// What tells texts apart: of one of at most 16 bytes, as nearly all words are, those bytes and their number, so that
/// looking for it need not look at any text; of a longer one, a hash and its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    low: u64,
    high: u64,
    length: u32,
}

/// A text of at most so many bytes is its own key.
const SHORT: usize = 16;

impl Key {
    /// The key of a text.
    #[inline]
    pub fn of(text: &str) -> Key {
        let bytes = text.as_bytes();
        let length = bytes.len() as u32;
        if bytes.len() > SHORT {
            return Key { low: xxh3_64(bytes), high: 0, length };
        }
        let mut short = [0; SHORT];
        short[..bytes.len()].copy_from_slice(bytes);
        Key::short(u128::from_le_bytes(short), bytes.len())
    }

    /// The key of `text[range]` in lower case, when that is ASCII letters and digits and at most 16 bytes.
    #[inline]
    pub fn of_lower(text: &[u8], range: Range<usize>) -> Option<Key> {
        let length = range.len();
        if length == 0 || length > SHORT {
            return None;
        }
        let bytes = match text.get(range.start..range.start + SHORT).and_then(|bytes| bytes.first_chunk::<SHORT>()) {
            Some(bytes) => u128::from_le_bytes(*bytes) & (u128::MAX >> (8 * (SHORT - length))),
            None => {
                let mut bytes = [0; SHORT];
                bytes[..length].copy_from_slice(&text[range]);
                u128::from_le_bytes(bytes)
            }
        };
        // This bit makes a capital letter a small one, and small letters and digits have it.
        const SMALL: u128 = u128::from_le_bytes([0x20; SHORT]);
        Some(Key::short(bytes | SMALL & (u128::MAX >> (8 * (SHORT - length))), length))
    }

    #[inline]
    fn short(bytes: u128, length: usize) -> Key {
        Key { low: bytes as u64, high: (bytes >> 64) as u64, length: length as u32 }
    }

    /// The bytes of a short text.
    fn bytes(&self) -> [u8; SHORT] {
        (u128::from(self.low) | u128::from(self.high) << 64).to_le_bytes()
    }

    /// Only ever compared within one run of the program.
    #[inline]
    fn hash(&self) -> u64 {
        // Both halves are multiplied with each other, and the upper and the lower part of that put together: each bit
        // of the text reaches all of them. The constants are digits of pi.
        let low = self.low ^ 0x243F_6A88_85A3_08D3;
        let high = self.high ^ 0x1319_8A2E_0370_7344 ^ u64::from(self.length);
        let product = u128::from(low) * u128::from(high);
        (product as u64) ^ (product >> 64) as u64
    }
}

impl Lexicon {
    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A text by its number.
    pub fn get(&self, number: u32) -> &str {
        slice(&self.text, &self.ends, number)
    }

    /// The number of a text, if it is there.
    pub fn find(&self, wanted: &str) -> Option<u32> {
        self.at(&Key::of(wanted), wanted.as_bytes())
    }

    #[inline]
    fn at(&self, key: &Key, wanted: &[u8]) -> Option<u32> {
        let is_it = |entry: &Entry| {
            let is_short = key.length as usize <= SHORT;
            entry.key == *key && (is_short || &self.text.as_bytes()[range(&self.ends, entry.number)] == wanted)
        };
        self.table.find(key.hash(), is_it).map(|entry| entry.number)
    }

    /// The number of a text, which is added unless it is there.
    pub fn number(&mut self, wanted: &str) -> u32 {
        let key = Key::of(wanted);
        self.at(&key, wanted.as_bytes()).unwrap_or_else(|| self.add(key, wanted))
    }

    /// The same of the short text with this key.
    #[inline]
    pub fn number_of_key(&mut self, key: Key) -> u32 {
        self.at(&key, &[]).unwrap_or_else(|| {
            let bytes = key.bytes();
            let text = String::from_utf8_lossy(&bytes[..key.length as usize]);
            self.add(key, &text)
        })
    }

    fn add(&mut self, key: Key, text: &str) -> u32 {
        let number = self.ends.len() as u32;
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        self.table.insert_unique(key.hash(), Entry { key, number }, |entry| entry.key.hash());
        number
    }
}

/// One of the texts that stand in `text` one after the other.
pub fn slice<'t>(text: &'t str, ends: &[u32], number: u32) -> &'t str {
    &text[range(ends, number)]
}

#[inline]
fn range(ends: &[u32], number: u32) -> Range<usize> {
    let start = number.checked_sub(1).map_or(0, |before| ends[before as usize]);
    start as usize..ends[number as usize] as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_one_number_each() {
        let mut lexicon = Lexicon::default();
        let words: Vec<String> = (0..500).map(|n| format!("w{}", n % 100)).collect();
        let numbers: Vec<u32> = words.iter().map(|word| lexicon.number(word)).collect();
        assert!(numbers.iter().enumerate().all(|(n, &number)| number == n as u32 % 100));
        assert_eq!(
            (lexicon.len(), lexicon.get(7), lexicon.find("w99"), lexicon.find("x")),
            (100, "w7", Some(99), None)
        );
    }

    #[test]
    fn texts_of_any_length_are_told_apart() {
        let mut lexicon = Lexicon::default();
        let long = "a".repeat(40);
        let texts: Vec<&str> =
            (0..=40).map(|length| &long[..length]).chain(["a\0", "é", "aaaaaaaaaaaaaaaaé"]).collect();
        let numbers: Vec<u32> = texts.iter().map(|text| lexicon.number(text)).collect();
        assert!(numbers.iter().enumerate().all(|(n, &number)| number == n as u32));
        assert!(texts.iter().enumerate().all(|(n, text)| lexicon.find(text) == Some(n as u32)));
        assert!(texts.iter().enumerate().all(|(n, text)| lexicon.get(n as u32) == *text));
    }

    #[test]
    fn keys_in_lower_case_are_those_of_the_text_in_lower_case() {
        let text = "Ab9 HELLOworldHELLO0 z12345678901234567";
        for (start, end) in [(0, 3), (4, 20), (4, 19), (21, 37), (38, 39), (34, 39)] {
            let key = Key::of_lower(text.as_bytes(), start..end);
            assert_eq!(key, Some(Key::of(&text[start..end].to_lowercase())), "{}", &text[start..end]);
        }
        assert_eq!((Key::of_lower(text.as_bytes(), 21..38), Key::of_lower(text.as_bytes(), 3..3)), (None, None));
        let mut lexicon = Lexicon::default();
        let number = lexicon.number_of_key(Key::of_lower(text.as_bytes(), 4..20).unwrap());
        assert_eq!((lexicon.get(number), lexicon.find("helloworldhello0")), ("helloworldhello0", Some(number)));
    }
}
