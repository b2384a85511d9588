//! Numbers in as few bits as they need: the coding of the postings.

/// Writes bits, the highest of each byte first.
#[derive(Debug, Default)]
pub struct BitWriter {
    bytes: Vec<u8>,
    /// Bits that are not among the bytes yet, fewer than 32, at the low end.
    open: u64,
    n_open: u32,
}

impl BitWriter {
    /// Adds the `n` low bits of a value; at most 32.
    #[inline]
    pub fn bits(&mut self, value: u32, n: u32) {
        if n == 0 {
            return;
        }
        self.open = (self.open << n) | u64::from(value);
        self.n_open += n;
        if self.n_open >= 32 {
            self.n_open -= 32;
            self.bytes.extend(((self.open >> self.n_open) as u32).to_be_bytes());
            self.open &= (1 << self.n_open) - 1;
        }
    }

    /// A number from 1 on.
    pub fn gamma(&mut self, value: u32) {
        let k = value.ilog2();
        self.bits(0, k);
        self.bits(value, k + 1);
    }

    /// A number below `count`.
    #[inline]
    pub fn below(&mut self, value: u32, count: u32) {
        let k = count.ilog2();
        let short = ((2u64 << k) - u64::from(count)) as u32;
        if value < short {
            self.bits(value, k);
        } else {
            self.bits(value + short, k + 1);
        }
    }

    /// Numbers in rising order, each once, from `low` to `high`.
    pub fn rising(&mut self, numbers: &[u32], low: u32, high: u32) {
        let n = numbers.len() as u32;
        if n == 0 || high - low + 1 == n {
            return;
        }
        let mid = numbers.len() / 2;
        let value = numbers[mid];
        let lowest = low + mid as u32;
        self.below(value - lowest, high - low + 2 - n);
        if mid > 0 {
            self.rising(&numbers[..mid], low, value - 1);
        }
        if mid + 1 < numbers.len() {
            self.rising(&numbers[mid + 1..], value + 1, high);
        }
    }

    /// All that was written; the last byte is filled with zeros.
    pub fn finish(mut self) -> Vec<u8> {
        let last = self.open << (64 - self.n_open.max(1));
        self.bytes.extend(&last.to_be_bytes()[..self.n_open.div_ceil(8) as usize]);
        self.bytes
    }
}

/// Reads what a [`BitWriter`] wrote. Beyond the end there are zeros.
#[derive(Debug)]
pub struct BitReader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> BitReader<'b> {
    /// From the first bit.
    pub fn new(bytes: &'b [u8]) -> BitReader<'b> {
        BitReader { bytes, at: 0 }
    }

    /// Whether more was read than there is.
    pub fn is_past_end(&self) -> bool {
        self.at > self.bytes.len() * 8
    }

    /// The next `n` bits.
    pub fn bits(&mut self, n: u32) -> u32 {
        let mut value = 0;
        for _ in 0..n {
            let byte = self.bytes.get(self.at / 8).copied().unwrap_or(0);
            value = (value << 1) | u32::from((byte >> (7 - self.at % 8)) & 1);
            self.at += 1;
        }
        value
    }

    /// A number from 1 on.
    pub fn gamma(&mut self) -> u32 {
        let mut k = 0;
        while k < 31 && !self.is_past_end() && self.bits(1) == 0 {
            k += 1;
        }
        (1 << k) | self.bits(k)
    }

    /// A number below `count`.
    pub fn below(&mut self, count: u32) -> u32 {
        let k = count.max(1).ilog2();
        let short = ((2u64 << k) - u64::from(count)) as u32;
        let value = self.bits(k);
        if value < short { value } else { ((value << 1) | self.bits(1)) - short }
    }

    /// `n` numbers in rising order, from `low` to `high`.
    pub fn rising(&mut self, out: &mut Vec<u32>, n: u32, low: u32, high: u32) {
        if n == 0 || high < low || high - low + 1 < n || self.is_past_end() {
            return;
        }
        if high - low + 1 == n {
            out.extend(low..=high);
            return;
        }
        let mid = n / 2;
        let value = low + mid + self.below(high - low + 2 - n);
        // Room for the left part, which is read before its right neighbours.
        if mid > 0 {
            self.rising(out, mid, low, value - 1);
        }
        out.push(value);
        if mid + 1 < n {
            self.rising(out, n - mid - 1, value + 1, high);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(numbers: &[u32], high: u32) -> usize {
        let mut writer = BitWriter::default();
        writer.gamma(numbers.len() as u32 + 1);
        writer.rising(numbers, 0, high);
        let bytes = writer.finish();
        let mut reader = BitReader::new(&bytes);
        let n = reader.gamma() - 1;
        let mut out = Vec::new();
        reader.rising(&mut out, n, 0, high);
        assert_eq!(out, numbers);
        bytes.len()
    }

    #[test]
    fn rising_numbers_come_back() {
        check(&[], 0);
        check(&[0], 0);
        check(&[7], 7);
        check(&[0, 1, 2, 3], 3);
        check(&[0, 3, 4, 90, 91, 4_000_000_000], 4_000_000_001);
        let thirds: Vec<u32> = (0..1000).map(|n| n * 3 + n % 2).collect();
        assert!(check(&thirds, 3000) < 500, "less than four bits each");
        assert_eq!(check(&(0..1000).collect::<Vec<_>>(), 999), 3, "a full range costs its length alone");
    }

    #[test]
    fn numbers_below_a_bound_come_back() {
        for count in 1..70 {
            let mut writer = BitWriter::default();
            (0..count).for_each(|value| writer.below(value, count));
            let bytes = writer.finish();
            let mut reader = BitReader::new(&bytes);
            assert!((0..count).all(|value| reader.below(count) == value), "{count}");
        }
    }

    #[test]
    fn broken_bytes_end() {
        let mut out = Vec::new();
        let mut reader = BitReader::new(&[0, 0]);
        let n = reader.gamma();
        reader.rising(&mut out, n, 0, 10);
        assert!(out.len() <= 16);
    }
}
