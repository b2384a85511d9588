//! Numbers and texts as bytes, and their compression: what the files of the index are made of.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

/// No file of an index becomes larger than this when it is unpacked.
const MOST_BYTES: u64 = 256 << 20;

/// Writes numbers and texts.
#[derive(Debug, Default)]
pub struct ByteWriter {
    bytes: Vec<u8>,
    /// The front-coded text before.
    before: String,
}

impl ByteWriter {
    /// A number, seven bits a byte, the lowest first.
    pub fn number(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        self.number(text.len() as u32);
        self.bytes.extend(text.as_bytes());
    }

    /// A text without what it has in common with the beginning of the front-coded one before.
    pub fn front(&mut self, text: &str) {
        let common = self.before.chars().zip(text.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a);
        let (units, bytes) = common.fold((0, 0), |(units, bytes), c| (units + c.len_utf16(), bytes + c.len_utf8()));
        self.number(units as u32);
        self.text(&text[bytes..]);
        self.before.clear();
        self.before.push_str(text);
    }

    /// Bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
    }

    /// All that was written, packed.
    pub fn packed(self) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::with_capacity(self.bytes.len() / 2), Compression::best());
        encoder.write_all(&self.bytes).and_then(|()| encoder.finish()).expect("writing to memory cannot fail")
    }
}

/// Reads what a [`ByteWriter`] wrote. Beyond the end there are zeros and empty texts.
#[derive(Debug)]
pub struct ByteReader<'b> {
    bytes: &'b [u8],
    before: String,
}

/// Unpacks a file. `None` when it is not one of ours.
pub fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    ZlibDecoder::new(bytes).take(MOST_BYTES).read_to_end(&mut out).ok()?;
    Some(out)
}

impl<'b> ByteReader<'b> {
    /// From the first byte.
    pub fn new(bytes: &'b [u8]) -> ByteReader<'b> {
        ByteReader { bytes, before: String::new() }
    }

    /// A number.
    pub fn number(&mut self) -> u32 {
        let mut value = 0;
        let mut shift = 0;
        while let Some((&byte, rest)) = self.bytes.split_first() {
            self.bytes = rest;
            value |= u32::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if byte < 0x80 {
                break;
            }
        }
        value
    }

    /// How many things follow of which each takes at least a byte.
    pub fn count(&mut self) -> usize {
        (self.number() as usize).min(self.bytes.len())
    }

    /// A text.
    pub fn text(&mut self) -> String {
        let length = self.count();
        let (text, rest) = self.bytes.split_at(length);
        self.bytes = rest;
        String::from_utf8_lossy(text).into_owned()
    }

    /// A front-coded text.
    pub fn front(&mut self) -> String {
        let keep = self.number() as usize;
        let mut units = 0;
        let kept = self.before.chars().take_while(|c| {
            units += c.len_utf16();
            units <= keep
        });
        let text = kept.collect::<String>() + &self.text();
        self.before.clone_from(&text);
        text
    }

    /// What was not read yet.
    pub fn rest(&self) -> &'b [u8] {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_come_back() {
        let mut writer = ByteWriter::default();
        let numbers = [0, 1, 127, 128, 300, u32::MAX];
        numbers.iter().for_each(|&n| writer.number(n));
        let texts = ["people/", "people/leave/", "価格", "価値", "𠮷野", "𠮷田", ""];
        texts.iter().for_each(|text| writer.front(text));
        let bytes = unpacked(&writer.packed()).unwrap();
        let mut reader = ByteReader::new(&bytes);
        assert!(numbers.iter().all(|&n| reader.number() == n));
        assert!(texts.iter().all(|text| reader.front() == *text));
        assert!(reader.rest().is_empty());
    }

    #[test]
    fn broken_bytes_end() {
        assert_eq!(unpacked(b"not packed"), None);
        let mut reader = ByteReader::new(&[0xff; 40]);
        reader.number();
        assert_eq!((reader.count(), reader.text(), reader.front()), (0, String::new(), String::new()));
    }
}
