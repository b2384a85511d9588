//! Numbers and texts as bytes, and their compression: what the files of the index are made of.

use std::io::Read;

use adler2::Adler32;
use flate2::read::ZlibDecoder;
use flate2::{Compress, Compression, FlushCompress};

/// A block of bytes that are not packed has at most so many.
const MOST_STORED: usize = 0xffff;

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
    pub fn packed(self, packer: &mut Packer) -> Vec<u8> {
        packer.pack(&self.bytes, &[])
    }

    /// The same, and behind it bytes that no packing makes less.
    pub fn packed_with(self, rest: &[u8], packer: &mut Packer) -> Vec<u8> {
        packer.pack(&self.bytes, rest)
    }
}

/// Packs files, one after the other, with the same memory.
pub struct Packer {
    deflate: Compress,
    /// What a zlib stream begins with, which says how well it is packed.
    header: [u8; 2],
}

impl Default for Packer {
    fn default() -> Packer {
        Packer { deflate: Compress::new(Compression::best(), false), header: [0x78, 0xda] }
    }
}

impl Packer {
    /// One that takes less time and more bytes.
    pub fn quick() -> Packer {
        Packer { deflate: Compress::new(Compression::fast(), false), header: [0x78, 0x01] }
    }

    /// A zlib stream (RFC 1950) of some bytes, packed, and of others that stay as they are.
    fn pack(&mut self, bytes: &[u8], rest: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 8 + rest.len() + 64);
        out.extend(self.header);
        self.deflate.reset();
        // The flush ends with an empty block of bytes as they are, in which the first of the rest are put.
        while self.deflate.total_in() < bytes.len() as u64 || out.len() == out.capacity() {
            out.reserve(64);
            let open = &bytes[self.deflate.total_in() as usize..];
            self.deflate.compress_vec(open, &mut out, FlushCompress::Sync).expect("packing in memory cannot fail");
        }
        if out.ends_with(&[0, 0, 0xff, 0xff]) {
            out.truncate(out.len() - 4);
        } else {
            out.push(0);
        }
        let n_blocks = rest.len().div_ceil(MOST_STORED).max(1);
        for block in 0..n_blocks {
            let part = &rest[block * MOST_STORED..rest.len().min((block + 1) * MOST_STORED)];
            if block > 0 {
                out.push(0);
            }
            out.extend((part.len() as u16).to_le_bytes());
            out.extend((!(part.len() as u16)).to_le_bytes());
            out.extend(part);
        }
        // An empty block, which is the last one.
        out.extend([3, 0]);
        let mut sum = Adler32::new();
        sum.write_slice(bytes);
        sum.write_slice(rest);
        out.extend(sum.checksum().to_be_bytes());
        out
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
        let bytes = unpacked(&writer.packed(&mut Packer::default())).unwrap();
        let mut reader = ByteReader::new(&bytes);
        assert!(numbers.iter().all(|&n| reader.number() == n));
        assert!(texts.iter().all(|text| reader.front() == *text));
        assert!(reader.rest().is_empty());
    }

    #[test]
    fn bytes_that_are_not_packed_come_back() {
        let mut packer = Packer::default();
        for (n_text, n_rest) in [(0, 0), (0, 1), (3, 0), (3, 0xffff), (900, 0x1_0000), (200_000, 0x2_0003)] {
            let text: Vec<u8> = (0..n_text).map(|n: u32| (n % 7 * n % 26) as u8 + b'a').collect();
            let rest: Vec<u8> = (0..n_rest).map(|n: u32| (n.wrapping_mul(0x9E37_79B9) >> 24) as u8).collect();
            let packed = packer.pack(&text, &rest);
            assert!(packed.len() < 32 + n_text as usize / 2 + n_rest as usize + n_rest as usize / 8000, "{n_text}");
            assert_eq!(unpacked(&packed), Some([text, rest].concat()), "{n_text} {n_rest}");
        }
    }

    #[test]
    fn broken_bytes_end() {
        assert_eq!(unpacked(b"not packed"), None);
        let mut reader = ByteReader::new(&[0xff; 40]);
        reader.number();
        assert_eq!((reader.count(), reader.text(), reader.front()), (0, String::new(), String::new()));
    }
}
