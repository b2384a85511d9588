//! What all pages, files and headings are called, to find what somebody meant by a name that is none.
//!
//! Made only when a link leads nowhere, and kept for as long as no address, title or heading changes.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;
use strsim::osa_distance;
use xxhash_rust::xxh3::xxh3_64;

use crate::site::page::Page;
use crate::site::routes::Route;
use crate::site::url::UrlPath;
use crate::site::{PageId, Site};

/// A name shorter than this is near to too many others.
const SHORTEST: usize = 5;
/// A name longer than this is not compared letter by letter.
const LONGEST: usize = 80;

/// The names of a site.
#[derive(Debug, Default)]
pub struct Names {
    /// The page of each heading's id, or `None` when several have it.
    headings: HashMap<u64, Option<PageId>, RandomState>,
    /// The page of each title, or `None` when several have it.
    titles: HashMap<u64, Option<PageId>, RandomState>,
    /// The addresses whose last part has this hash when one of its letters, or none, is left out.
    near: HashMap<u64, Vec<u32>, RandomState>,
}

impl Names {
    /// Collects them.
    pub fn of(site: &Site) -> Names {
        let mut names = Names::default();
        for (index, (url, route)) in site.routes.entries.iter().enumerate() {
            match route {
                Route::Page(id) => {
                    let page = site.page(*id);
                    note(&mut names.titles, hash(&plain(&page.title)), *id);
                    let own: HashSet<u64, RandomState> = headings(page).map(hash).collect();
                    own.into_iter().for_each(|heading| note(&mut names.headings, heading, *id));
                }
                Route::Section(_) | Route::Asset(_) => {}
                _ => continue,
            }
            let name = url.name().to_lowercase();
            if (SHORTEST..=LONGEST).contains(&name.len()) {
                variants(&name, |variant| names.near.entry(variant).or_default().push(index as u32));
            }
        }
        names
    }

    /// The one page that has a heading with this id.
    pub fn page_with_heading(&self, id: &str) -> Option<PageId> {
        self.headings.get(&hash(id)).copied().flatten()
    }

    /// The one page with this title, compared without regard to case and punctuation.
    pub fn page_with_title(&self, title: &str) -> Option<PageId> {
        self.titles.get(&hash(&plain(title))).copied().flatten()
    }

    /// The addresses whose last part differs by a slip or two, nearest first.
    pub fn near<'s>(&self, site: &'s Site, name: &str) -> Vec<(usize, &'s UrlPath)> {
        let name = name.to_lowercase();
        if !(SHORTEST..=LONGEST).contains(&name.len()) {
            return Vec::new();
        }
        let mut found = Vec::new();
        variants(&name, |variant| found.extend(self.near.get(&variant).into_iter().flatten().copied()));
        found.sort_unstable();
        found.dedup();
        let of = |index: &u32| &site.routes.entries[*index as usize].0;
        let mut near: Vec<(usize, &UrlPath)> =
            found.iter().map(of).map(|url| (osa_distance(&name, &url.name().to_lowercase()), url)).collect();
        near.retain(|(distance, _)| *distance <= 2);
        near.sort();
        near
    }
}

/// The ids of a page's headings, as far as they tell pages apart.
fn headings(page: &Page) -> impl Iterator<Item = &str> {
    page.document.outline.iter().map(|heading| heading.id.as_str())
}

fn note(names: &mut HashMap<u64, Option<PageId>, RandomState>, name: u64, page: PageId) {
    names.entry(name).and_modify(|known| *known = known.filter(|known| *known == page)).or_insert(Some(page));
}

/// The hashes of the name itself and of it without each of its letters.
fn variants(name: &str, mut each: impl FnMut(u64)) {
    each(hash(name));
    let mut without = String::with_capacity(name.len());
    for (at, c) in name.char_indices() {
        without.clear();
        without.push_str(&name[..at]);
        without.push_str(&name[at + c.len_utf8()..]);
        each(hash(&without));
    }
}

/// The letters and digits in lower case.
pub fn plain(text: &str) -> String {
    letters(text).collect()
}

/// The same, one by one.
pub fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

fn hash(text: &str) -> u64 {
    xxh3_64(text.as_bytes())
}
