//! What is known of code that was coloured before: colouring is by far the dearest part of reading a page.
//!
//! A value, handed in and handed on; whoever likes keeps its bytes. It never holds code or HTML, only which class the next
//! so many bytes have, so that a pack that somebody has tampered with can colour code wrongly and nothing else.

use std::collections::BTreeMap;

use xxhash_rust::xxh3::{xxh3_64, xxh3_128, xxh3_128_with_seed};

use crate::markdown::highlight;

/// The first bytes of a pack.
const MAGIC: &[u8; 8] = b"hbcode\0\x01";
const HEAD: usize = MAGIC.len() + 8 + 8;
const ENTRY: usize = 16 + 4;
const CHECKSUM: usize = 16;
/// A pack never gets longer than this: what does not fit is coloured again each time.
const LONGEST: usize = 64 << 20;
/// As much as this is kept of code that no page holds any more: it may be on another branch.
const SPARE: usize = 1 << 20;

/// Which code it is: its language, its text, and what colours it.
pub type Key = u128;

/// One piece of code of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// Which code it is.
    pub key: Key,
    /// Its colours, when they were not known before.
    pub fresh: Option<Box<[u8]>>,
}

/// Known colours by their key, as one pack of bytes: head, sorted entries, data, checksum.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippets {
    pack: Vec<u8>,
    n_entries: usize,
}

/// The key of code in a language.
pub fn key(lang: &str, code: &str) -> Key {
    let seed = xxh3_64(lang.as_bytes()) ^ highlight::version();
    xxh3_128_with_seed(code.as_bytes(), seed)
}

impl Snippets {
    /// Reads a pack. `None` when it is not whole, or was made by another version of what colours code.
    pub fn from_bytes(pack: Vec<u8>) -> Option<Snippets> {
        let end = pack.len().checked_sub(CHECKSUM).filter(|end| *end >= HEAD)?;
        let is_ours = pack.starts_with(MAGIC) && number(&pack, MAGIC.len()) == highlight::version();
        if !is_ours || xxh3_128(&pack[..end]).to_le_bytes() != pack[end..] {
            return None;
        }
        let n_entries = usize::try_from(number(&pack, MAGIC.len() + 8)).ok()?;
        let data = n_entries.checked_mul(ENTRY).and_then(|n| n.checked_add(HEAD)).filter(|data| *data <= end)?;
        let snippets = Snippets { pack, n_entries };
        // The checksum tells of accidents; this, that whatever the pack says stays within it.
        let mut ends = (0..n_entries).map(|index| snippets.end(index));
        let is_sound = ends.clone().is_sorted() && ends.next_back().unwrap_or(0) == end - data;
        is_sound.then_some(snippets)
    }

    /// The pack.
    pub fn as_bytes(&self) -> &[u8] {
        &self.pack
    }

    /// How many pieces of code are known.
    pub fn len(&self) -> usize {
        self.n_entries
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.n_entries == 0
    }

    /// The colours of a piece of code.
    pub fn get(&self, key: Key) -> Option<&[u8]> {
        let (mut low, mut high) = (0, self.n_entries);
        while low < high {
            let middle = (low + high) / 2;
            match self.key(middle).cmp(&key) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(self.data(middle)),
            }
        }
        None
    }

    /// These with what was coloured since, in which `used` is all code that the pages hold now. `None` when that is
    /// nothing new.
    pub fn next<'a>(&self, used: impl Iterator<Item = &'a Snippet>) -> Option<Snippets> {
        let mut known: BTreeMap<Key, &[u8]> = BTreeMap::new();
        let mut is_new = false;
        for snippet in used {
            match &snippet.fresh {
                Some(colours) => is_new |= known.insert(snippet.key, colours).is_none(),
                None => drop(self.get(snippet.key).map(|colours| known.insert(snippet.key, colours))),
            }
        }
        if !is_new {
            return None;
        }
        let mut n_bytes: usize = known.values().map(|colours| ENTRY + colours.len()).sum();
        let most = (n_bytes + SPARE).min(LONGEST);
        for index in 0..self.n_entries {
            let colours = self.data(index);
            n_bytes += ENTRY + colours.len();
            if n_bytes > most {
                break;
            }
            known.entry(self.key(index)).or_insert(colours);
        }
        Some(Snippets::of(&known))
    }

    fn of(known: &BTreeMap<Key, &[u8]>) -> Snippets {
        let mut n_bytes = HEAD + CHECKSUM;
        let fits = |(_, colours): &(&Key, &&[u8])| {
            n_bytes += ENTRY + colours.len();
            n_bytes <= LONGEST
        };
        let entries: Vec<(&Key, &&[u8])> = known.iter().take_while(fits).collect();
        let mut pack =
            Vec::with_capacity(HEAD + CHECKSUM + entries.iter().map(|(_, c)| ENTRY + c.len()).sum::<usize>());
        pack.extend_from_slice(MAGIC);
        pack.extend_from_slice(&highlight::version().to_le_bytes());
        pack.extend_from_slice(&(entries.len() as u64).to_le_bytes());
        let mut end = 0;
        for (key, colours) in &entries {
            // Within `LONGEST`, which fits.
            end += colours.len() as u32;
            pack.extend_from_slice(&key.to_le_bytes());
            pack.extend_from_slice(&end.to_le_bytes());
        }
        entries.iter().for_each(|(_, colours)| pack.extend_from_slice(colours));
        let checksum = xxh3_128(&pack);
        pack.extend_from_slice(&checksum.to_le_bytes());
        Snippets { pack, n_entries: entries.len() }
    }

    fn key(&self, index: usize) -> Key {
        let at = HEAD + index * ENTRY;
        Key::from_le_bytes(self.pack[at..at + 16].try_into().expect("sixteen bytes"))
    }

    fn end(&self, index: usize) -> usize {
        let at = HEAD + index * ENTRY + 16;
        u32::from_le_bytes(self.pack[at..at + 4].try_into().expect("four bytes")) as usize
    }

    fn data(&self, index: usize) -> &[u8] {
        let data = HEAD + self.n_entries * ENTRY;
        let start = if index == 0 { 0 } else { self.end(index - 1) };
        &self.pack[data + start..data + self.end(index)]
    }
}

fn number(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snippet(key: Key, colours: &[u8]) -> Snippet {
        Snippet { key, fresh: Some(colours.into()) }
    }

    fn some() -> Snippets {
        Snippets::default().next([snippet(7, b"seven"), snippet(3, b""), snippet(9, b"nine")].iter()).unwrap()
    }

    #[test]
    fn what_was_put_in_is_found_again() {
        let read = Snippets::from_bytes(some().as_bytes().to_vec()).unwrap();
        assert_eq!(read, some());
        for (key, colours) in [(3, &b""[..]), (7, b"seven"), (9, b"nine")] {
            assert_eq!(read.get(key), Some(colours));
        }
        assert_eq!((read.get(8), read.len()), (None, 3));
    }

    #[test]
    fn a_pack_with_any_byte_wrong_or_missing_is_none() {
        let pack = some().as_bytes().to_vec();
        for at in 0..pack.len() {
            let mut broken = pack.clone();
            broken[at] ^= 1;
            assert_eq!(Snippets::from_bytes(broken), None, "byte {at}");
            assert_eq!(Snippets::from_bytes(pack[..at].to_vec()), None, "{at} bytes");
        }
    }

    #[test]
    fn a_pack_that_points_out_of_itself_is_none_though_its_checksum_is_right() {
        let pack = some().as_bytes().to_vec();
        for at in MAGIC.len() + 8..HEAD + 3 * ENTRY {
            let mut forged = pack[..pack.len() - CHECKSUM].to_vec();
            forged[at] ^= 0x80;
            let checksum = xxh3_128(&forged);
            forged.extend_from_slice(&checksum.to_le_bytes());
            // A wrong key finds nothing, or something wrong; nothing else may happen.
            if let Some(read) = Snippets::from_bytes(forged) {
                (0..read.len()).for_each(|index| drop(read.data(index).to_vec()));
            }
        }
    }

    #[test]
    fn there_is_a_next_one_only_when_something_is_new() {
        let known = Snippet { key: 7, fresh: None };
        assert_eq!(some().next([known.clone()].iter()), None);
        let next = some().next([known, snippet(8, b"eight")].iter()).unwrap();
        assert_eq!(
            (next.get(7), next.get(8), next.get(9)),
            (Some(&b"seven"[..]), Some(&b"eight"[..]), Some(&b"nine"[..]))
        );
    }

    #[test]
    fn only_so_much_is_kept_of_what_no_page_holds() {
        let old: Vec<Snippet> = (0..5).map(|key| snippet(key, &vec![0; SPARE / 2])).collect();
        let before = Snippets::default().next(old.iter()).unwrap();
        assert_eq!(before.len(), 5);
        assert_eq!(before.next([snippet(9, b"nine")].iter()).unwrap().len(), 2);
    }

    #[test]
    fn another_language_is_another_key() {
        assert_ne!(key("rust", "let x"), key("bash", "let x"));
    }
}
