//! The index as files: what the browser fetches.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::markdown::outline::slug;
use crate::search::FORMAT;
use crate::search::bits::BitWriter;
use crate::search::bytes::{ByteWriter, Packer};
use crate::search::index::Index;
use crate::search::inventory::Postings;
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
    /// Words that are not in the file in whose range of the alphabet they fall, each with its file.
    pub elsewhere: Vec<(String, usize)>,
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
        let forms = |shard: &Vec<u32>| -> std::vec::IntoIter<String> {
            let forms = shard.iter().flat_map(|&group| self.forms(group)).map(str::to_string);
            forms.collect::<Vec<String>>().into_iter()
        };
        let (rare, common) = self.shards.split_at(self.n_rare_shards);
        let terms: Vec<String> = rare.iter().map(|shard| forms(shard).next().unwrap_or_default()).collect();
        // Only of groups that begin before the next file does and end behind that.
        let elsewhere = rare.iter().zip(terms.iter().skip(1)).enumerate().flat_map(|(shard, (groups, next))| {
            let forms = groups.iter().flat_map(|&group| self.forms(group));
            forms.filter(move |form| *form >= next.as_str()).map(move |form| (form.to_string(), shard))
        });
        Manifest {
            elsewhere: elsewhere.collect(),
            format: FORMAT,
            id: self.id.clone(),
            n_passages: self.n_passages,
            avg_body: average(shapes().map(|shape| shape.n_body)),
            avg_title: average(titles().map(|shape| shape.n_heading)),
            avg_heading: average(headings().map(|shape| shape.n_heading)),
            avg_page: average(self.pages.iter().map(|page| page.words.n_passages())),
            stop: stop_words(&self.languages),
            terms,
            common: common.iter().map(|shard| forms(shard).collect()).collect(),
            names: self.names.iter().map(|range| range.start).collect(),
            params: self.params,
        }
    }

    /// The names of all files.
    pub fn files(&self) -> Vec<String> {
        let own = |name: String| format!("{}/{name}", self.id);
        let names = (0..self.names.len()).map(|index| own(format!("n{index}.bin")));
        let terms = (0..self.shards.len()).map(|index| own(format!("t{index}.bin")));
        [MANIFEST.to_string(), own("head.bin".to_string())].into_iter().chain(names).chain(terms).collect()
    }

    /// A file by its name, for one who is near: quickly packed, and so larger than it is published. `None` when there is no
    /// such file.
    pub fn file(&self, name: &str) -> Option<Vec<u8>> {
        self.packed_file(name, &mut Packer::quick())
    }

    fn packed_file(&self, name: &str, packer: &mut Packer) -> Option<Vec<u8>> {
        if name == MANIFEST {
            return Some(serde_json::to_vec(&self.manifest()).expect("a manifest is plain data"));
        }
        let name = name.strip_prefix(&self.id)?.strip_prefix('/')?.strip_suffix(".bin")?;
        if name == "head" {
            return Some(self.head(packer));
        }
        // Only the name that we would write ourselves.
        let number = |digits: &str| digits.parse::<usize>().ok().filter(|number| number.to_string() == digits);
        match name.split_at_checked(1)? {
            ("n", index) => self.names.get(number(index)?).map(|range| self.names_file(range.clone(), packer)),
            ("t", index) => self.shards.get(number(index)?).map(|shard| self.terms_file(shard, packer)),
            _ => None,
        }
    }

    /// Gives each file, as it is published, to `put`.
    pub fn each_file(&self, put: impl Fn(&str, Vec<u8>) + Sync) {
        self.files().par_iter().for_each_init(Packer::default, |packer, name| {
            if let Some(bytes) = self.packed_file(name, packer) {
                put(name, bytes);
            }
        });
    }

    /// All files, as they are published.
    pub fn all_files(&self) -> Vec<(String, Vec<u8>)> {
        let files = self.files().into_par_iter().map_init(Packer::default, |packer, name| {
            let bytes = self.packed_file(&name, packer);
            bytes.map(|bytes| (name, bytes))
        });
        files.flatten().collect()
    }

    fn head(&self, packer: &mut Packer) -> Vec<u8> {
        let mut out = ByteWriter::default();
        let shapes = || self.pages.iter().flat_map(|page| &page.words.shapes);
        out.number(self.pages.len() as u32);
        self.pages.iter().for_each(|page| out.front(page.url.href("/").trim_start_matches('/')));
        self.pages.iter().for_each(|page| out.text(&page.title));
        self.pages.iter().for_each(|page| out.number(page.boost()));
        self.pages.iter().for_each(|page| out.number(page.words.shapes.len() as u32));
        shapes().for_each(|shape| out.number(shape.n_heading));
        shapes().for_each(|shape| out.number(shape.n_body));
        out.packed(packer)
    }

    fn names_file(&self, pages: std::ops::Range<usize>, packer: &mut Packer) -> Vec<u8> {
        let mut out = ByteWriter::default();
        for heading in self.pages[pages].iter().flat_map(|page| page.headings()) {
            out.text(&heading.text);
            out.text(match heading.id.as_str() {
                id if is_slug(id, &heading.text) => "",
                "" => NO_ANCHOR,
                id => id,
            });
        }
        out.packed(packer)
    }

    fn terms_file(&self, shard: &[u32], packer: &mut Packer) -> Vec<u8> {
        let mut out = ByteWriter::default();
        out.number(shard.len() as u32);
        for &group in shard {
            let forms = self.forms(group);
            out.number(forms.len() as u32);
            forms.iter().for_each(|form| out.front(form));
        }
        let mut bits = BitWriter::default();
        let (mut postings, mut many) = (Postings::default(), Vec::new());
        for &group in shard {
            self.postings(group, &mut postings);
            self.write_postings(&postings, &mut many, &mut bits);
        }
        out.packed_with(&bits.finish(), packer)
    }

    /// Writes where a group's words stand; `many` is room to work in.
    fn write_postings(&self, postings: &Postings, many: &mut Vec<u32>, bits: &mut BitWriter) {
        let Postings { passages, masks, .. } = postings;
        bits.gamma(passages.len() as u32);
        bits.rising(passages, 0, self.n_passages - 1);
        // Where a word is nearly everywhere, its places tell nothing and would be a tenth of the index.
        if passages.len() as u32 > EVERYWHERE_FROM.max(self.n_passages / EVERYWHERE_SHARE) {
            bits.gamma(passages.len() as u32 + 2);
            return;
        }
        let has_many = |mask: u8| mask.count_ones() > 1;
        many.clear();
        many.extend((0..masks.len() as u32).filter(|&index| has_many(masks[index as usize])));
        bits.gamma(many.len() as u32 + 1);
        bits.rising(many, 0, masks.len() as u32 - 1);
        for &mask in masks {
            match has_many(mask) {
                true => bits.bits(u32::from(mask), 4),
                false => bits.bits(mask.trailing_zeros(), 2),
            }
        }
    }
}

/// Whether an id is the slug of a heading, which for most is known without writing the slug.
fn is_slug(id: &str, heading: &str) -> bool {
    if !heading.is_ascii() {
        return id == slug(heading);
    }
    let kept = heading.bytes().filter(|byte| byte.is_ascii_alphanumeric() || b" \t-_".contains(byte));
    kept.map(|byte| if b" \t".contains(&byte) { b'-' } else { byte.to_ascii_lowercase() }).eq(id.bytes())
}

fn average(numbers: impl Iterator<Item = u32>) -> f64 {
    let (n, sum) = numbers.fold((0u32, 0u64), |(n, sum), number| (n + 1, sum + u64::from(number)));
    // Never zero, since it is divided by; and short, since it travels.
    let average = sum.max(1) as f64 / f64::from(n.max(1));
    (average * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_known() {
        for heading in ["When it\tArrives", "a-b_c (2) & ?", "", "-", "Ärger im Büro", "年版 2"] {
            assert!(is_slug(&slug(heading), heading), "{heading}");
            assert!(!is_slug(&format!("{}x", slug(heading)), heading), "{heading}");
        }
    }
}
