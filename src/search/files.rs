//! The index as files: what the browser fetches.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::markdown::outline::slug;
use crate::search::FORMAT;
use crate::search::bits::BitWriter;
use crate::search::bytes::ByteWriter;
use crate::search::index::{Group, Index};
use crate::search::params::Params;
use crate::search::stop::stop_words;

/// The name of the file that names all others.
pub const MANIFEST: &str = "index.json";

/// Stands for the anchor of a heading that has none.
pub const NO_ANCHOR: &str = "#";

/// A group is everywhere when it is in more than one of so many passages…
const EVERYWHERE_SHARE: u32 = 4;
/// …and in more than so many.
const EVERYWHERE_FROM: u32 = 64;

/// What the browser fetches first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the format.
    pub format: u32,
    /// The folder of the other files.
    pub id: String,
    /// The passages of all pages.
    pub n_passages: u32,
    /// The passages of an average section's text.
    pub avg_body: f64,
    /// The words of an average title.
    pub avg_title: f64,
    /// The words of an average heading.
    pub avg_heading: f64,
    /// The passages of an average page.
    pub avg_page: f64,
    /// Words that say little, in the languages of the site.
    pub stop: Vec<String>,
    /// The smallest form of each file of terms.
    pub terms: Vec<String>,
    /// The forms of each file of common words, which come after the others.
    pub common: Vec<Vec<String>>,
    /// The first page of each file of names.
    pub names: Vec<usize>,
    /// The numbers of the ranking.
    pub params: Params,
}

impl Index {
    /// What the browser fetches first.
    pub fn manifest(&self) -> Manifest {
        let shapes = || self.pages.iter().flat_map(|page| &page.words.shapes);
        let titles = || self.pages.iter().filter_map(|page| page.words.shapes.first());
        let headings = || self.pages.iter().flat_map(|page| page.words.shapes.iter().skip(1));
        let (rare, common) = self.shards.split_at(self.n_rare_shards);
        Manifest {
            format: FORMAT,
            id: self.id.clone(),
            n_passages: self.n_passages,
            avg_body: average(shapes().map(|shape| shape.n_body)),
            avg_title: average(titles().map(|shape| shape.n_heading)),
            avg_heading: average(headings().map(|shape| shape.n_heading)),
            avg_page: average(self.pages.iter().map(|page| page.words.n_passages())),
            stop: stop_words(&self.languages),
            terms: rare.iter().map(|shard| self.forms(shard).next().cloned().unwrap_or_default()).collect(),
            common: common.iter().map(|shard| self.forms(shard).cloned().collect()).collect(),
            names: self.names.iter().map(|range| range.start).collect(),
            params: self.params,
        }
    }

    fn forms<'s>(&'s self, shard: &'s [u32]) -> impl Iterator<Item = &'s String> {
        shard.iter().flat_map(|&group| &self.groups[group as usize].forms)
    }

    /// The names of all files.
    pub fn files(&self) -> Vec<String> {
        let own = |name: String| format!("{}/{name}", self.id);
        let names = (0..self.names.len()).map(|index| own(format!("n{index}.bin")));
        let terms = (0..self.shards.len()).map(|index| own(format!("t{index}.bin")));
        [MANIFEST.to_string(), own("head.bin".to_string())].into_iter().chain(names).chain(terms).collect()
    }

    /// A file by its name. `None` when there is no such file.
    pub fn file(&self, name: &str) -> Option<Vec<u8>> {
        if name == MANIFEST {
            return Some(serde_json::to_vec(&self.manifest()).expect("a manifest is plain data"));
        }
        let name = name.strip_prefix(&self.id)?.strip_prefix('/')?.strip_suffix(".bin")?;
        if name == "head" {
            return Some(self.head());
        }
        // Only the name that we would write ourselves.
        let number = |digits: &str| digits.parse::<usize>().ok().filter(|number| number.to_string() == digits);
        match name.split_at_checked(1)? {
            ("n", index) => self.names.get(number(index)?).map(|range| self.names_file(range.clone())),
            ("t", index) => self.shards.get(number(index)?).map(|shard| self.terms_file(shard)),
            _ => None,
        }
    }

    /// All files.
    pub fn all_files(&self) -> Vec<(String, Vec<u8>)> {
        self.files().into_par_iter().filter_map(|name| self.file(&name).map(|bytes| (name, bytes))).collect()
    }

    fn head(&self) -> Vec<u8> {
        let mut out = ByteWriter::default();
        let shapes = || self.pages.iter().flat_map(|page| &page.words.shapes);
        out.number(self.pages.len() as u32);
        self.pages.iter().for_each(|page| out.front(page.url.href("/").trim_start_matches('/')));
        self.pages.iter().for_each(|page| out.text(&page.title));
        self.pages.iter().for_each(|page| out.number(page.boost()));
        self.pages.iter().for_each(|page| out.number(page.words.shapes.len() as u32));
        shapes().for_each(|shape| out.number(shape.n_heading));
        shapes().for_each(|shape| out.number(shape.n_body));
        out.packed()
    }

    fn names_file(&self, pages: std::ops::Range<usize>) -> Vec<u8> {
        let mut out = ByteWriter::default();
        for heading in self.pages[pages].iter().flat_map(|page| page.headings()) {
            out.text(&heading.text);
            out.text(match heading.id.as_str() {
                id if id == slug(&heading.text) => "",
                "" => NO_ANCHOR,
                id => id,
            });
        }
        out.packed()
    }

    fn terms_file(&self, shard: &[u32]) -> Vec<u8> {
        let groups = || shard.iter().map(|&group| &self.groups[group as usize]);
        let mut out = ByteWriter::default();
        out.number(shard.len() as u32);
        for group in groups() {
            out.number(group.forms.len() as u32);
            group.forms.iter().for_each(|form| out.front(form));
        }
        let mut bits = BitWriter::default();
        groups().for_each(|group| self.write_postings(group, &mut bits));
        out.raw(&bits.finish());
        out.packed()
    }

    fn write_postings(&self, group: &Group, bits: &mut BitWriter) {
        let (passages, masks) = self.postings(group);
        let has_many = |mask: u8| mask.count_ones() > 1;
        let many: Vec<u32> = (0..masks.len() as u32).filter(|&index| has_many(masks[index as usize])).collect();
        bits.gamma(passages.len() as u32);
        bits.rising(&passages, 0, self.n_passages - 1);
        // Where a word is nearly everywhere, its places tell nothing and would be a tenth of the index.
        if passages.len() as u32 > EVERYWHERE_FROM.max(self.n_passages / EVERYWHERE_SHARE) {
            bits.gamma(passages.len() as u32 + 2);
            return;
        }
        bits.gamma(many.len() as u32 + 1);
        bits.rising(&many, 0, masks.len() as u32 - 1);
        for &mask in &masks {
            match has_many(mask) {
                true => bits.bits(u32::from(mask), 4),
                false => bits.bits(mask.trailing_zeros(), 2),
            }
        }
    }
}

fn average(numbers: impl Iterator<Item = u32>) -> f64 {
    let (n, sum) = numbers.fold((0u32, 0u64), |(n, sum), number| (n + 1, sum + u64::from(number)));
    // Never zero, since it is divided by; and short, since it travels.
    let average = sum.max(1) as f64 / f64::from(n.max(1));
    (average * 1000.0).round() / 1000.0
}
