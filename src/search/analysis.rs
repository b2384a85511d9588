//! One page to its words: which stand in it, and in which of its passages.
//!
//! Depends on the page and on the synonyms alone, so it is kept as long as both are the same. Endings are left on: what
//! words have in common is found once for each word of the site, not for each page.

use std::ops::Range;

use xxhash_rust::xxh3::Xxh3;

use crate::search::lexicon::{Key, Lexicon, slice};
use crate::search::synonyms::Synonyms;
use crate::search::words::{Part, fold, humps, lower, pairs, parts, runs};
use crate::search::{PASSAGE, boost};
use crate::site::page::Page;

/// Words of more letters are no words: keys, hashes, data. Nobody types them, and they would fill the dictionary.
const LONGEST_WORD: usize = 64;

/// A page's words with their places.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PageWords {
    /// How its sections are cut into passages.
    pub shapes: Vec<Shape>,
    /// Changes with everything that the index holds of the page.
    pub hash: u64,
    /// All words one after the other, in lower case, in the order in which they first stand in the page.
    text: String,
    /// Where each word ends in `text`.
    ends: Vec<u32>,
    /// Where each word's postings end.
    posting_ends: Vec<u32>,
    postings: Vec<Posting>,
}

/// A section's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// The words of its heading; of the first section, those of the title.
    pub n_heading: u32,
    /// The passages of its text.
    pub n_body: u32,
}

/// A passage that holds a word, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting(u32);

impl Posting {
    #[inline]
    fn new(passage: u32, at: u32) -> Posting {
        Posting(passage << 4 | 1 << (at & 3))
    }

    /// The passage, counted from the page's first.
    #[inline]
    pub fn passage(self) -> u32 {
        self.0 >> 4
    }

    /// The same on a site where the page's first passage is this one: the passage, and behind it four bits of places.
    #[inline]
    pub fn on_site(self, first: u32) -> u32 {
        self.0 + (first << 4)
    }

    /// Bit `r` says that the word stands at a place whose remainder by 4 is `r`.
    #[inline]
    pub fn mask(self) -> u8 {
        (self.0 & 15) as u8
    }
}

impl PageWords {
    /// How many words there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A word, in lower case.
    pub fn word(&self, index: usize) -> &str {
        slice(&self.text, &self.ends, index as u32)
    }

    /// Where a word stands, by passage.
    #[inline]
    pub fn postings(&self, index: usize) -> &[Posting] {
        let start = if index == 0 { 0 } else { self.posting_ends[index - 1] };
        &self.postings[start as usize..self.posting_ends[index] as usize]
    }

    /// The passages of the page.
    pub fn n_passages(&self) -> u32 {
        // Each section has one for its heading, and the page one for what is said about it.
        1 + self.shapes.iter().map(|shape| 1 + shape.n_body).sum::<u32>()
    }
}

/// Reads pages, one after the other, with the same memory. It numbers the words of all of them, so that whoever puts the
/// pages together need look for each word of these pages only once.
pub struct Reader<'s> {
    synonyms: &'s Synonyms,
    /// The words of all pages that were read.
    words: Lexicon,
    n_read: u32,
    /// By number: the last page that has the word, counted from 1, and which of the page's words it is.
    last: Vec<(u32, u32)>,
    /// Each word's number with its place, in the order of the passages.
    places: Vec<(u32, Posting)>,
    /// The words of the field at hand, by place; kept only when there are synonyms.
    line: Vec<u32>,
    lower: String,
    /// Where the postings of each word begin, and then where its next one goes.
    next: Vec<u32>,
    sorted: Vec<Posting>,
}

impl<'s> Reader<'s> {
    /// One that adds these synonyms.
    pub fn new(synonyms: &'s Synonyms) -> Reader<'s> {
        Reader {
            synonyms,
            words: Lexicon::default(),
            n_read: 0,
            last: Vec::new(),
            places: Vec::new(),
            line: Vec::new(),
            lower: String::new(),
            next: Vec::new(),
            sorted: Vec::new(),
        }
    }

    /// Reads a page: its words, and the number of each among all that were read.
    pub fn page(&mut self, page: &Page) -> (PageWords, Vec<u32>) {
        let document = &page.document;
        let mut shapes = Vec::with_capacity(document.sections.len());
        let mut passage = 0;
        // The headings above the one at hand, each with its level.
        let mut above: Vec<(u8, &str)> = Vec::new();
        let about = about(page);
        for (index, section) in document.sections.iter().enumerate() {
            let heading = match index {
                0 => page.title.as_str(),
                _ => document.outline.get(index - 1).map_or("", |heading| heading.text.as_str()),
            };
            let n_heading = self.field(heading, &[], passage, true).min(PASSAGE);
            // What a section is about is often said above it: "Laptops", "When it arrives".
            let own = index.checked_sub(1).and_then(|own| document.outline.get(own));
            above.retain(|(level, _)| own.is_some_and(|own| *level < own.level));
            let mut at = n_heading;
            for (_, heading) in &above {
                at += self.field_from(heading, &[], passage, at, true);
            }
            above.extend(own.map(|own| (own.level, own.text.as_str())));
            passage += 1;
            if index == 0 {
                self.field(&about, &[], passage, true);
                passage += 1;
            }
            let n_body = self.field(&section.text, &section.code, passage, false).div_ceil(PASSAGE);
            passage += n_body;
            shapes.push(Shape { n_heading, n_body });
        }
        let (mut words, numbers) = self.finish();
        words.shapes = shapes;
        words.hash = hash_of_page(page, &about, self.synonyms);
        (words, numbers)
    }

    /// Reads the list of what is in a folder: its title and the words of its address.
    pub fn list(&mut self, title: &str, url: &str) -> (PageWords, Vec<u32>) {
        let n_heading = self.field(title, &[], 0, true).min(PASSAGE);
        self.field(url, &[], 1, true);
        let (mut words, numbers) = self.finish();
        words.shapes = vec![Shape { n_heading, n_body: 0 }];
        let mut hash = Hash::new(self.synonyms);
        hash.add(title.as_bytes());
        hash.add(url.as_bytes());
        words.hash = hash.0.digest();
        (words, numbers)
    }

    /// Reads a field whose passages begin with `first`; with `single` only one passage of it. Gives how many places its
    /// words take.
    fn field(&mut self, text: &str, code: &[Range<u32>], first: u32, single: bool) -> u32 {
        self.field_from(text, code, first, 0, single)
    }

    /// The same with the first word at a later place.
    fn field_from(&mut self, text: &str, code: &[Range<u32>], first: u32, from: u32, single: bool) -> u32 {
        let start = self.places.len();
        self.line.clear();
        let mut code = code.iter().peekable();
        let mut at = from;
        for run in runs(text) {
            if code.peek().is_some() {
                let offset = run.range.start;
                while code.next_if(|range| range.end as usize <= offset).is_some() {}
                if code.peek().is_some_and(|range| range.start as usize <= offset) {
                    for (index, hump) in humps(&text[run.range.clone()]).into_iter().enumerate() {
                        self.lower.clear();
                        self.lower.push_str(hump);
                        self.lower.make_ascii_lowercase();
                        self.put(first, at + index as u32, single);
                    }
                }
            }
            // Nearly all words.
            if run.is_ascii
                && let Some(key) = Key::of_lower(text.as_bytes(), run.range.clone())
            {
                if !single || at < PASSAGE {
                    let id = self.words.number_of_key(key);
                    self.places.push((id, Posting::new(first + at / PASSAGE, at)));
                }
                if !self.synonyms.is_empty() {
                    self.line.push(self.words.number_of_key(key));
                }
                at += 1;
                continue;
            }
            lower(&mut self.lower, &text[run.range]);
            if run.is_ascii {
                self.put(first, at, single);
                self.line();
                at += 1;
                continue;
            }
            let whole = std::mem::take(&mut self.lower);
            for part in parts(&whole) {
                let mut put = |word: &str, takes_place: bool| {
                    self.lower.clear();
                    self.lower.push_str(word);
                    self.put(first, at, single);
                    if takes_place {
                        self.line();
                        at += 1;
                    }
                };
                match part {
                    Part::Word(word) => put(word, true),
                    Part::Unspaced(text) => {
                        let n_pairs = text.chars().count().saturating_sub(1).max(1);
                        pairs(text, true).enumerate().for_each(|(index, pair)| put(pair, index < n_pairs));
                    }
                }
            }
            self.lower = whole;
        }
        if !self.synonyms.is_empty() {
            self.add_synonyms(first, from, single);
        }
        // Parts of names and synonyms may stand in a later passage than the words after them.
        let places = &mut self.places[start..];
        if !places.is_sorted_by_key(|(_, posting)| posting.passage()) {
            places.sort_by_key(|(_, posting)| posting.passage());
        }
        at - from
    }

    /// Notes the word in `lower` at a place of the field.
    #[inline]
    fn put(&mut self, first: u32, at: u32, single: bool) {
        let is_long = self.lower.len() > LONGEST_WORD && self.lower.chars().count() > LONGEST_WORD;
        if is_long || single && at >= PASSAGE {
            return;
        }
        let id = self.words.number(&self.lower);
        self.places.push((id, Posting::new(first + at / PASSAGE, at)));
    }

    /// Remembers the word in `lower` for synonyms.
    fn line(&mut self) {
        if !self.synonyms.is_empty() {
            self.line.push(self.words.number(&self.lower));
        }
    }

    fn add_synonyms(&mut self, first: u32, from: u32, single: bool) {
        let forms: Vec<String> = self.line.iter().map(|&id| fold(self.words.get(id))).collect();
        for (at, word) in self.synonyms.of(&forms) {
            self.lower.clear();
            self.lower.push_str(word);
            self.put(first, from + at, single);
        }
    }

    /// The words that were read since the last time.
    fn finish(&mut self) -> (PageWords, Vec<u32>) {
        self.n_read += 1;
        self.last.resize(self.words.len(), (0, 0));
        let mut numbers = Vec::new();
        for (id, _) in &mut self.places {
            let (page, index) = &mut self.last[*id as usize];
            if *page != self.n_read {
                (*page, *index) = (self.n_read, numbers.len() as u32);
                numbers.push(*id);
            }
            *id = *index;
        }
        let n_words = numbers.len();
        let mut words = PageWords::default();
        words.text.reserve_exact(numbers.iter().map(|&number| self.words.get(number).len()).sum());
        words.ends.reserve_exact(n_words);
        for &number in &numbers {
            words.text.push_str(self.words.get(number));
            words.ends.push(words.text.len() as u32);
        }
        self.next.clear();
        self.next.resize(n_words + 1, 0);
        self.places.iter().for_each(|(id, _)| self.next[*id as usize + 1] += 1);
        (0..n_words).for_each(|id| self.next[id + 1] += self.next[id]);
        self.sorted.clear();
        self.sorted.resize(self.places.len(), Posting(0));
        for (id, posting) in self.places.drain(..) {
            let place = &mut self.next[id as usize];
            self.sorted[*place as usize] = posting;
            *place += 1;
        }
        // Each word's postings end now where the next word's begin.
        words.posting_ends.reserve_exact(n_words);
        words.postings.reserve_exact(self.sorted.len());
        let mut start = 0;
        for &end in &self.next[..n_words] {
            let begin = words.postings.len();
            for posting in &self.sorted[start..end as usize] {
                match words.postings[begin..].last_mut() {
                    Some(last) if last.passage() == posting.passage() => last.0 |= posting.0,
                    _ => words.postings.push(*posting),
                }
            }
            words.posting_ends.push(words.postings.len() as u32);
            start = end as usize;
        }
        words.postings.shrink_to_fit();
        (words, numbers)
    }
}

/// What the page says about itself besides its title, and the words of its address.
fn about(page: &Page) -> String {
    let front = &page.front;
    let mut out = front.description.clone().unwrap_or_default();
    let aliases = front.aliases.iter().map(|alias| alias.value.as_str());
    let own = front.nav_title.as_deref().into_iter().chain([page.url.as_str()]);
    for text in front.keywords.iter().chain(&front.tags).map(String::as_str).chain(own).chain(aliases) {
        out.push('\n');
        out.push_str(text);
    }
    out
}

/// A hash of texts, each with its length, so that none runs into the next.
struct Hash(Xxh3);

impl Hash {
    fn new(synonyms: &Synonyms) -> Hash {
        let mut hash = Hash(Xxh3::new());
        hash.add(&synonyms.hash.to_le_bytes());
        hash
    }

    fn add(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }
}

/// A hash of all that the words of a page and its headings are made from.
fn hash_of_page(page: &Page, about: &str, synonyms: &Synonyms) -> u64 {
    let mut hash = Hash::new(synonyms);
    let lang = page.front.lang.as_deref().unwrap_or_default();
    [page.url.as_str(), &page.title, lang, about].iter().for_each(|text| hash.add(text.as_bytes()));
    hash.add(&boost(page).to_le_bytes());
    for heading in &page.document.outline {
        hash.add(heading.text.as_bytes());
        hash.add(heading.id.as_bytes());
        hash.add(&[heading.level]);
    }
    for section in &page.document.sections {
        hash.add(section.text.as_bytes());
        for range in &section.code {
            hash.add(&range.start.to_le_bytes());
            hash.add(&range.end.to_le_bytes());
        }
    }
    hash.0.digest()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Options;
    use crate::markdown::snippets::Snippets;
    use crate::site::page;
    use crate::source::{Kind, Source, SourcePath, Stamp};
    use expect_test::{Expect, expect};

    fn read(text: &str) -> Page {
        let path = SourcePath::new("people/leave.md").unwrap();
        let source = Source { path, stamp: Stamp::default(), text: text.to_string() };
        page::read(&source, Kind::Page, "leave.md", Vec::new(), &Options::default(), &Snippets::default())
    }

    fn check(text: &str, synonyms: &[&[&str]], expected: Expect) {
        let synonyms: Vec<Vec<String>> =
            synonyms.iter().map(|words| words.iter().map(|word| word.to_string()).collect()).collect();
        let words = Reader::new(&Synonyms::new(&synonyms)).page(&read(text)).0;
        let mut out = String::new();
        for shape in &words.shapes {
            out.push_str(&format!("{}+{} ", shape.n_heading, shape.n_body));
        }
        for index in 0..words.len() {
            let places = words.postings(index).iter().map(|p| format!("{}:{:04b}", p.passage(), p.mask()));
            out.push_str(&format!("\n{} {}", words.word(index), places.collect::<Vec<_>>().join(" ")));
        }
        expected.assert_eq(&out);
    }

    #[test]
    fn passages_are_headings_and_parts_of_the_text() {
        check(
            "---\ntitle: Time off\ntags: [pto]\n---\nAsk early, ask often.\n\n## Time to ask\n\nNow.\n",
            &[],
            expect![[r#"
                2+1 3+1 
                time 0:0001 3:0001
                off 0:0010
                pto 1:0001
                people 1:0010
                leave 1:0100
                ask 2:0101 3:0100
                early 2:0010
                often 2:1000
                to 3:0010
                now 4:0001"#]],
        );
    }

    #[test]
    fn code_is_found_by_its_parts_and_synonyms_by_each_other() {
        check(
            "---\ntitle: OKRs\n---\nCall `getName` and key results of time.\n",
            &[&["OKR", "key results"]],
            expect![[r#"
                1+1 
                okrs 0:0001
                key 0:0001 2:1000
                results 0:0010 2:0001
                people 1:0001
                leave 1:0010
                call 2:0001
                get 2:0010
                name 2:0100
                getname 2:0010
                and 2:0100
                of 2:0010
                time 2:0100
                okr 2:1000"#]],
        );
    }

    #[test]
    fn long_texts_have_many_passages() {
        let words = Reader::new(&Synonyms::new(&[])).page(&read(&"word ".repeat(130))).0;
        assert_eq!(words.shapes, [Shape { n_heading: 1, n_body: 3 }]);
        assert_eq!(words.n_passages(), 5);
        let passages: Vec<u32> = words.postings(words.len() - 1).iter().map(|posting| posting.passage()).collect();
        assert_eq!(passages, [2, 3, 4]);
    }

    #[test]
    fn the_hash_changes_with_what_is_shown() {
        let hash = |text: &str| Reader::new(&Synonyms::new(&[])).page(&read(text)).0.hash;
        assert_eq!(hash("## A b"), hash("##  A b"));
        assert_ne!(hash("## A b"), hash("## a b"));
        assert_ne!(hash("x"), hash("---\nsearch_boost: 2\n---\nx"));
    }

    #[test]
    fn the_hash_of_a_list_changes_with_synonyms() {
        let synonyms = Synonyms::new(&[vec!["people".to_string(), "staff".to_string()]]);
        let hash = |synonyms: &Synonyms| Reader::new(synonyms).list("People", "/people/").0.hash;
        assert_ne!(hash(&synonyms), hash(&Synonyms::new(&[])));
    }
}
