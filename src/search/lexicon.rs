//! Texts, each once, numbered in the order in which they came.

use std::hash::{BuildHasher, Hasher};
use std::ops::Range;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// Texts with their numbers. All stand in one piece of memory, as there are hundreds for each page.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    text: String,
    /// Where each text ends in `text`.
    ends: Vec<u32>,
    table: HashTable<u32>,
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
        let is_it = |&number: &u32| bytes(&self.text, &self.ends, number) == wanted.as_bytes();
        self.table.find(hash(wanted.as_bytes()), is_it).copied()
    }

    /// The number of a text, which is added unless it is there.
    pub fn number(&mut self, wanted: &str) -> u32 {
        let own = hash(wanted.as_bytes());
        let (text, ends) = (&self.text, &self.ends);
        if let Some(&number) = self.table.find(own, |&number| bytes(text, ends, number) == wanted.as_bytes()) {
            return number;
        }
        let number = self.ends.len() as u32;
        self.text.push_str(wanted);
        self.ends.push(self.text.len() as u32);
        let (text, ends) = (&self.text, &self.ends);
        self.table.insert_unique(own, number, |&number| hash(bytes(text, ends, number)));
        number
    }

    /// All texts one after the other, and where each ends. None is left.
    pub fn take(&mut self) -> (String, Vec<u32>) {
        self.table.clear();
        // Copied, so that the room is there for the next ones.
        let taken = (self.text.as_str().to_owned(), self.ends.as_slice().to_vec());
        self.text.clear();
        self.ends.clear();
        taken
    }
}

/// One of the texts that stand in `text` one after the other.
pub fn slice<'t>(text: &'t str, ends: &[u32], number: u32) -> &'t str {
    &text[range(ends, number)]
}

#[inline]
fn bytes<'t>(text: &'t str, ends: &[u32], number: u32) -> &'t [u8] {
    &text.as_bytes()[range(ends, number)]
}

#[inline]
fn range(ends: &[u32], number: u32) -> Range<usize> {
    let start = number.checked_sub(1).map_or(0, |before| ends[before as usize]);
    start as usize..ends[number as usize] as usize
}

/// Only ever compared within one run of the program.
#[inline]
fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write(bytes);
    hasher.finish()
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
        let (text, ends) = lexicon.take();
        assert_eq!((slice(&text, &ends, 0), slice(&text, &ends, 99), lexicon.len()), ("w0", "w99", 0));
        assert_eq!((lexicon.find("w7"), lexicon.number("w7")), (None, 0));
    }
}
