//! What earlier tries to find an inline mark's partner found out, so that no text is tried twice.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use crate::markdown::kramdown::inside::Inside;

/// Places in the text together with what surrounds them, as one number each.
pub(super) type PlaceSet = HashSet<u64, BuildHasherDefault<PlaceHasher>>;

/// Spreads places over a set. They are small numbers that an author cannot choose freely, so this need not be strong.
#[derive(Debug, Default)]
pub(super) struct PlaceHasher(u64);

impl Hasher for PlaceHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(u64::from(byte)));
    }

    fn write_u64(&mut self, place: u64) {
        self.0 = (self.0 ^ place).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(26);
    }
}

/// A place as one number; `mark` tells apart what is tried there.
pub(super) fn place(at: usize, inside: Inside, mark: u8) -> u64 {
    (at as u64) << 16 | u64::from(mark) << 8 | u64::from(inside.0)
}

/// What earlier tries found out.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Places from which no partner comes, by mark and surroundings.
    pub dead: PlaceSet,
    /// Brackets that nothing closes.
    pub unmatched: PlaceSet,
    /// Brackets and what closes them.
    pub matched: HashMap<(usize, Inside), usize>,
    /// Elements that go on to the end.
    pub unclosed: PlaceSet,
    /// Parentheses that nothing closes.
    pub parentheses: HashSet<usize>,
    /// From where on no title ends, by quote.
    pub titles: [Option<usize>; 2],
    /// From where on nothing ends what is struck through.
    pub tildes: Option<usize>,
    /// The shortest run of backticks that nothing closes, and from where on.
    pub ticks: Option<(usize, usize)>,
}
