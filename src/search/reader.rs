//! The index as the browser sees it: files, unpacked when they are needed. Whatever searches, searches this, so that the
//! command line cannot differ from the browser.

use std::sync::OnceLock;

use crate::markdown::outline::slug;
use crate::search::bits::BitReader;
use crate::search::bytes::{ByteReader, unpacked};
use crate::search::files::{MANIFEST, Manifest, NO_ANCHOR};

/// The files of an index.
pub struct Files<'f> {
    /// What names the others.
    pub manifest: Manifest,
    /// Pages and the shape of their sections.
    pub head: Head,
    fetch: Box<Fetch<'f>>,
    terms: Vec<OnceLock<Terms>>,
    names: Vec<OnceLock<Vec<Name>>>,
}

/// Gives a file by its name.
type Fetch<'f> = dyn Fn(&str) -> Option<Vec<u8>> + Sync + 'f;

/// What is known of all pages.
#[derive(Debug, Default)]
pub struct Head {
    /// The pages, by number.
    pub pages: Vec<HeadPage>,
    /// The words of each section's heading.
    pub n_heading: Vec<u32>,
    /// The passages of each section's text.
    pub n_body: Vec<u32>,
    /// The first passage of each section, and behind the last one where another would begin.
    pub first_passage: Vec<u32>,
}

/// A page as a result shows it.
#[derive(Debug, Default)]
pub struct HeadPage {
    /// Its address below the site's base path, percent-encoded.
    pub url: String,
    /// Its title.
    pub title: String,
    /// In percent.
    pub boost: u32,
    /// Its first section.
    pub first_section: u32,
    /// How many sections it has; at least one.
    pub n_sections: u32,
}

/// A heading and where it is.
#[derive(Debug, Clone, Default)]
pub struct Name {
    /// The heading.
    pub heading: String,
    /// Its id; empty when it has none.
    pub anchor: String,
}

/// A file of terms.
#[derive(Debug, Default)]
pub struct Terms {
    /// Its groups, in order.
    pub groups: Vec<TermGroup>,
}

/// Words that differ only in their endings, and where they stand.
#[derive(Debug, Default)]
pub struct TermGroup {
    /// The words.
    pub forms: Vec<String>,
    /// The passages, rising.
    pub passages: Vec<u32>,
    /// The places in each of them.
    pub masks: Vec<u8>,
}

impl<'f> Files<'f> {
    /// Opens the index whose files `fetch` gives. `None` when they are not of this version.
    pub fn open(fetch: impl Fn(&str) -> Option<Vec<u8>> + Sync + 'f) -> Option<Files<'f>> {
        let manifest: Manifest = serde_json::from_slice(&fetch(MANIFEST)?).ok()?;
        let head = Head::read(&unpacked(&fetch(&format!("{}/head.bin", manifest.id))?)?);
        let empty = |n| (0..n).map(|_| OnceLock::new()).collect();
        let terms = (0..manifest.terms.len() + manifest.common.len()).map(|_| OnceLock::new()).collect();
        Some(Files { names: empty(manifest.names.len()), terms, head, manifest, fetch: Box::new(fetch) })
    }

    /// A file of terms.
    pub fn terms(&self, index: usize) -> &Terms {
        self.terms[index].get_or_init(|| {
            let bytes = self.fetched(&format!("t{index}.bin"));
            Terms::read(&bytes, self.manifest.n_passages)
        })
    }

    /// The heading of a section. `None` for a page's first one.
    pub fn name(&self, page: usize, section: usize) -> Option<&Name> {
        let file = self.manifest.names.partition_point(|&first| first <= page).checked_sub(1)?;
        let first_page = self.manifest.names[file];
        let end = self.manifest.names.get(file + 1).copied().unwrap_or(self.head.pages.len());
        let names = self.names[file].get_or_init(|| {
            let bytes = self.fetched(&format!("n{file}.bin"));
            let n_names = self.head.pages[first_page..end].iter().map(|page| page.n_sections as usize - 1).sum();
            Name::read(&bytes, n_names)
        });
        let before: usize = self.head.pages[first_page..page].iter().map(|page| page.n_sections as usize - 1).sum();
        names.get(before + section.checked_sub(1)?)
    }

    fn fetched(&self, name: &str) -> Vec<u8> {
        (self.fetch)(&format!("{}/{name}", self.manifest.id)).and_then(|bytes| unpacked(&bytes)).unwrap_or_default()
    }
}

impl Head {
    fn read(bytes: &[u8]) -> Head {
        let mut reader = ByteReader::new(bytes);
        let n_pages = reader.count();
        let mut pages: Vec<HeadPage> =
            (0..n_pages).map(|_| HeadPage { url: reader.front(), ..HeadPage::default() }).collect();
        pages.iter_mut().for_each(|page| page.title = reader.text());
        pages.iter_mut().for_each(|page| page.boost = reader.number());
        let mut n_sections = 0;
        for page in &mut pages {
            page.first_section = n_sections;
            page.n_sections = reader.count().max(1) as u32;
            n_sections += page.n_sections;
        }
        let n_heading: Vec<u32> = (0..n_sections).map(|_| reader.number()).collect();
        let n_body: Vec<u32> = (0..n_sections).map(|_| reader.number()).collect();
        let mut first_passage = Vec::with_capacity(n_sections as usize + 1);
        let mut passage = 0u32;
        for page in &pages {
            for section in 0..page.n_sections {
                first_passage.push(passage);
                let own = if section == 0 { 2 } else { 1 };
                passage = passage.saturating_add(own + n_body[(page.first_section + section) as usize]);
            }
        }
        first_passage.push(passage);
        Head { pages, n_heading, n_body, first_passage }
    }
}

impl Name {
    fn read(bytes: &[u8], n_names: usize) -> Vec<Name> {
        let mut reader = ByteReader::new(bytes);
        let read = |_| {
            let (heading, anchor) = (reader.text(), reader.text());
            let anchor = match anchor.as_str() {
                "" => slug(&heading),
                NO_ANCHOR => String::new(),
                _ => anchor,
            };
            Name { heading, anchor }
        };
        (0..n_names).map(read).collect()
    }
}

impl Terms {
    fn read(bytes: &[u8], n_passages: u32) -> Terms {
        let mut reader = ByteReader::new(bytes);
        let n_groups = reader.count();
        let mut groups = Vec::with_capacity(n_groups);
        for _ in 0..n_groups {
            let n_forms = reader.count();
            let forms = (0..n_forms).map(|_| reader.front()).collect();
            groups.push(TermGroup { forms, ..TermGroup::default() });
        }
        let mut bits = BitReader::new(reader.rest());
        let mut many = Vec::new();
        for group in &mut groups {
            let n = bits.gamma();
            bits.rising(&mut group.passages, n, 0, n_passages.saturating_sub(1));
            let n_many = bits.gamma() - 1;
            if n_many > n {
                group.masks.resize(group.passages.len(), 15);
                continue;
            }
            many.clear();
            bits.rising(&mut many, n_many, 0, group.passages.len().saturating_sub(1) as u32);
            let mut many = many.iter().copied().peekable();
            for index in 0..group.passages.len() as u32 {
                let mask = match many.next_if_eq(&index) {
                    Some(_) => bits.bits(4),
                    None => 1 << bits.bits(2),
                };
                group.masks.push(mask as u8);
            }
        }
        Terms { groups }
    }
}
