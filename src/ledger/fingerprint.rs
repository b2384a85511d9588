//! Short fingerprints of texts: near for texts that are nearly the same.
//!
//! A simhash (Charikar, *Similarity estimation techniques from rounding algorithms*, 2002) over pairs of neighbouring
//! words. Each bit is the vote of all pairs, so that a few changed words change a few bits, while two unrelated texts
//! differ in about half of the 64. Words are letters and digits only: markup, punctuation and case do not count.
//! Scripts without spaces count each letter as a word.

use std::fmt;

use xxhash_rust::xxh3::xxh3_64;

use crate::markdown::Document;

/// A fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Print(pub u64);

impl Print {
    /// Reads one as it is written: sixteen hexadecimal digits.
    pub fn parse(text: &str) -> Option<Print> {
        let is_print = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_print.then(|| u64::from_str_radix(text, 16).ok().map(Print))?
    }

    /// How many bits differ, of 64.
    pub fn distance(self, other: Print) -> u32 {
        (self.0 ^ other.0).count_ones()
    }

    /// The fingerprint of a text.
    pub fn of(text: &str) -> Option<Print> {
        let mut votes = Votes::default();
        words(text, |word| votes.word(word));
        votes.print()
    }
}

impl fmt::Display for Print {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The fingerprints of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prints {
    /// Of its whole text.
    pub page: Option<Print>,
    /// Of the section below each heading, in the order of the page: all up to the next heading that is not deeper, without
    /// the heading's own words.
    pub sections: Vec<(String, Print)>,
}

impl Prints {
    /// Of a document.
    pub fn of(document: &Document) -> Prints {
        let mut page = Votes::default();
        // The headings whose sections are open, with the place of each in `sections`.
        let mut open: Vec<(u8, usize, Votes)> = Vec::new();
        let mut sections: Vec<(String, Option<Print>)> = Vec::new();
        let mut waiting: Option<(u8, String)> = None;
        let close = |open: &mut Vec<(u8, usize, Votes)>, level: u8, sections: &mut Vec<(String, Option<Print>)>| {
            while open.last().is_some_and(|(other, ..)| *other >= level) {
                if let Some((_, at, votes)) = open.pop() {
                    sections[at].1 = votes.print();
                }
            }
        };
        pieces(&document.body.html, |piece| match piece {
            Piece::Text(text) => words(text, |word| {
                page.word(word);
                open.iter_mut().for_each(|(.., votes)| votes.word(word));
            }),
            Piece::Heading(level, id) => {
                close(&mut open, level, &mut sections);
                waiting = Some((level, id));
            }
            Piece::EndOfHeading => {
                if let Some((level, id)) = waiting.take() {
                    open.push((level, sections.len(), Votes::default()));
                    sections.push((id, None));
                }
            }
        });
        close(&mut open, 0, &mut sections);
        let sections = sections.into_iter().filter_map(|(id, print)| Some((id, print?))).collect();
        Prints { page: page.print(), sections }
    }

    /// Of the section that a heading begins.
    pub fn section(&self, id: &str) -> Option<Print> {
        self.sections.iter().find(|(other, _)| other == id).map(|(_, print)| *print)
    }
}

/// The votes of all pairs of words for each bit.
struct Votes {
    bits: [i32; 64],
    before: u64,
    any: bool,
}

impl Default for Votes {
    fn default() -> Votes {
        Votes { bits: [0; 64], before: 0, any: false }
    }
}

impl Votes {
    fn word(&mut self, word: u64) {
        // A pair's hash, which depends on the order of the two.
        let pair = (self.before.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let pair = pair ^ (pair >> 32);
        for (n, votes) in self.bits.iter_mut().enumerate() {
            *votes += ((pair >> n & 1) as i32) * 2 - 1;
        }
        self.before = word;
        self.any = true;
    }

    fn print(&self) -> Option<Print> {
        let bit = |(n, votes): (usize, &i32)| u64::from(*votes > 0) << n;
        self.any.then(|| Print(self.bits.iter().enumerate().map(bit).sum()))
    }
}

/// Calls `take` with the hash of each word.
fn words(text: &str, mut take: impl FnMut(u64)) {
    let mut word = String::new();
    for c in text.chars() {
        // Scripts that put no spaces between words, from CJK's radicals on.
        let is_alone = c >= '\u{2E80}' && c.is_alphanumeric();
        if !word.is_empty() && (is_alone || !c.is_alphanumeric()) {
            take(xxh3_64(word.as_bytes()));
            word.clear();
        }
        if is_alone {
            take(xxh3_64(c.encode_utf8(&mut [0; 4]).as_bytes()));
        } else if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        take(xxh3_64(word.as_bytes()));
    }
}

enum Piece<'a> {
    Text(&'a str),
    Heading(u8, String),
    EndOfHeading,
}

/// Calls `take` with the texts and headings of the HTML that we wrote.
fn pieces(html: &str, mut take: impl FnMut(Piece<'_>)) {
    let mut at = 0;
    while let Some(offset) = html[at..].find('<') {
        let start = at + offset;
        take(Piece::Text(&html[at..start]));
        let end = tag_end(html, start);
        let tag = &html[start..end];
        at = end;
        let name = tag.trim_start_matches(['<', '/']);
        let level = match name.as_bytes() {
            [b'h' | b'H', level @ b'1'..=b'6', after, ..] if !after.is_ascii_alphanumeric() => level - b'0',
            _ => continue,
        };
        match (tag.starts_with("</"), tag.split_once(" id=\"").and_then(|(_, id)| id.split('"').next())) {
            (true, _) => take(Piece::EndOfHeading),
            (false, Some(id)) => take(Piece::Heading(level, crate::markdown::unescape(id).into_owned())),
            (false, None) => {}
        }
    }
    take(Piece::Text(&html[at..]));
}

/// Where the tag or comment that begins here ends.
fn tag_end(html: &str, start: usize) -> usize {
    let rest = &html[start..];
    if rest.starts_with("<!--") {
        return rest.find("-->").map_or(html.len(), |end| start + end + 3);
    }
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate() {
        match (byte, quote) {
            (b'"' | b'\'', None) => quote = Some(byte),
            (b'>', None) => return start + at + 1,
            (byte, Some(open)) if byte == open => quote = None,
            _ => {}
        }
    }
    html.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Options, read};

    fn text(n_words: usize, seed: usize) -> String {
        (0..n_words).map(|n| format!("word{} ", (n * 7919 + seed * 104_729) % 977)).collect()
    }

    #[test]
    fn nearly_the_same_texts_are_near_and_others_far() {
        let page = text(400, 1);
        let edited = page.replacen("word", "changed", 6);
        let of = |text: &str| Print::of(text).unwrap();
        assert!(of(&page).distance(of(&edited)) <= 8, "{}", of(&page).distance(of(&edited)));
        assert!(of(&page).distance(of(&text(400, 2))) >= 20);
        assert_eq!(of("A, b!"), of("*a* B"));
        assert_ne!(of("a b"), of("b a"));
        assert_eq!(Print::of(" – "), None);
        assert!(of("評価と昇進の仕組みについて説明します").distance(of("評価と昇進の仕組みについて述べます")) <= 24);
    }

    #[test]
    fn a_section_holds_what_is_below_its_heading_and_not_its_words() {
        let prints = |text: &str| Prints::of(&read(text, 0, None, &Options::default()));
        let page = prints("## A\n\none two\n\n### B\n\nthree\n\n## C\n\nfour <b title=\"x>y\">five</b>\n\n## D\n");
        let ids: Vec<&str> = page.sections.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["a", "b", "c"]);
        assert_eq!(page.section("a"), Print::of("one two B three"));
        assert_eq!(page.section("c"), Print::of("four five"));
        assert_eq!(page.section("b"), prints("## Other\n\nthree").sections.first().map(|(_, print)| *print));
    }

    #[test]
    fn prints_are_written_and_read() {
        let print = Print(0x00ab_cdef);
        assert_eq!(Print::parse(&print.to_string()), Some(print));
        assert_eq!(Print::parse("+000000000000000"), None);
    }
}
