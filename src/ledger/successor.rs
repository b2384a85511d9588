//! What took the place of an address or an anchor that is gone.
//!
//! Only evidence of which there is one piece counts: of two candidates that are equally good, neither is taken.

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;

use crate::ledger::fingerprint::{Print, Prints};
use crate::ledger::record::is_lasting;
use crate::ledger::{Address, Ledger, What};
use crate::site::routes::Route;
use crate::site::{PageId, Site};

/// Fingerprints this near are of one text.
const SAME: u32 = 10;
/// So near they must be when also the name is the same.
const SAME_WITH_NAME: u32 = 20;
/// How much farther the next best must be.
const MARGIN: u32 = 4;

/// The pages that may have taken a place: those that the ledger does not know, and those with anchors that it does not.
pub(super) struct Candidates<'a> {
    site: &'a Site,
    ledger: &'a Ledger,
    /// Files as messages call them, to pages.
    by_file: HashMap<String, PageId>,
    /// Former names of files, each with the present one.
    renames: &'a BTreeMap<String, String>,
    pages: Vec<Candidate>,
    /// Their sections that the ledger does not know, by page.
    sections: Vec<(PageId, String, Print)>,
}

struct Candidate {
    page: PageId,
    prints: Prints,
    /// Whether the ledger does not know its address.
    is_new: bool,
    /// The anchors that the ledger does not know at its address, sorted.
    anchors: Vec<String>,
}

/// How it is known what took the place of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// Its file is the same.
    File,
    /// The repository says that its file was renamed.
    Rename,
    /// The text is the same, or nearly.
    Text,
    /// Most of its sections are there.
    Sections,
}

impl<'a> Candidates<'a> {
    pub(super) fn new(site: &'a Site, ledger: &'a Ledger, renames: &'a BTreeMap<String, String>) -> Candidates<'a> {
        let published = site.routes.entries.par_iter().filter_map(|(url, route)| match route {
            Route::Page(page) => Some((url.as_str(), *page)),
            _ => None,
        });
        let candidate = |(url, page): (&str, PageId)| {
            let document = &site.page(page).document;
            let known = ledger.addresses.get(url);
            let is_new_here =
                |id: &&String| is_lasting(id) && known.is_none_or(|known| !known.anchors.contains_key(*id));
            let anchors: Vec<String> = document.anchors.iter().filter(is_new_here).cloned().collect();
            let is_new = known.is_none();
            (is_new || !anchors.is_empty()).then(|| Candidate { page, prints: Prints::of(document), is_new, anchors })
        };
        let mut pages: Vec<Candidate> = published.filter_map(candidate).collect();
        pages.sort_by_key(|candidate| candidate.page);
        let mut sections = Vec::new();
        for Candidate { page, prints, anchors, .. } in &pages {
            let new = prints.sections.iter().filter(|(id, _)| anchors.binary_search(id).is_ok());
            sections.extend(new.map(|(id, print)| (*page, id.clone(), *print)));
        }
        let by_file =
            (0..).map(PageId).zip(&site.pages).map(|(id, page)| (site.project.file_name(&page.path), id)).collect();
        Candidates { site, ledger, by_file, renames, pages, sections }
    }

    /// The page that took the place of an address where a page was.
    pub(super) fn of_page(&self, url: &str, address: &Address) -> Option<(PageId, Evidence)> {
        let What::Page { print, file } = &address.what else { return None };
        let by_file = self.published(file).map(|page| (page, Evidence::File));
        let by_rename = || {
            let page = self.renamed(file).into_iter().rev().find_map(|file| self.published(file))?;
            Some((page, Evidence::Rename))
        };
        let by_text = || Some((self.with_text(url, (*print)?)?, Evidence::Text));
        let by_anchors = || Some((self.with_anchors(address)?, Evidence::Sections));
        let by_sections = || Some((self.with_sections(address)?, Evidence::Sections));
        by_file.or_else(by_rename).or_else(by_text).or_else(by_anchors).or_else(by_sections)
    }

    /// The page of a file, if it has an address in the site.
    fn published(&self, file: &str) -> Option<PageId> {
        let page = *self.by_file.get(file)?;
        (self.site.routes.at(&self.site.page(page).url) == Some(Route::Page(page))).then_some(page)
    }

    /// The names that a file had afterwards, the latest last. Files that were renamed in a circle end none.
    fn renamed(&self, file: &str) -> Vec<&'a str> {
        let mut seen: HashSet<&str> = HashSet::new();
        let next = |file: &&'a String| self.renames.get(*file);
        let names = std::iter::successors(self.renames.get(file), next).map(String::as_str);
        names.take_while(|name| seen.insert(*name)).collect()
    }

    fn with_text(&self, url: &str, print: Print) -> Option<PageId> {
        let name = last_part(url);
        let new = self.pages.iter().filter(|candidate| candidate.is_new);
        let mut near: Vec<(u32, bool, PageId)> = new
            .filter_map(|candidate| {
                let distance = candidate.prints.page?.distance(print);
                let same_name = last_part(self.site.page(candidate.page).url.as_str()) == name;
                let most = if same_name { SAME_WITH_NAME } else { SAME };
                (distance <= most).then_some((distance, !same_name, candidate.page))
            })
            .collect();
        near.sort_unstable();
        match near[..] {
            [] => None,
            [(.., page)] => Some(page),
            [(best, false, page), (_, true, _), ..] if best <= SAME => Some(page),
            [(best, _, page), (next, ..), ..] => (next >= best + MARGIN).then_some(page),
        }
    }

    /// The one new page that has most of the anchors.
    fn with_anchors(&self, address: &Address) -> Option<PageId> {
        let ids: Vec<&String> = address.anchors.keys().collect();
        if ids.len() < 4 {
            return None;
        }
        let has_most = |candidate: &&Candidate| {
            let has = |id: &&&String| candidate.anchors.binary_search(id).is_ok();
            candidate.is_new && ids.iter().filter(has).count() * 10 >= ids.len() * 7
        };
        only(self.pages.iter().filter(has_most)).map(|candidate| candidate.page)
    }

    /// The page that has most of the sections, wherever they are now.
    fn with_sections(&self, address: &Address) -> Option<PageId> {
        let mut found: BTreeMap<PageId, usize> = BTreeMap::new();
        let sections = address.anchors.iter().filter(|(_, anchor)| anchor.print.is_some());
        let n_sections = sections.clone().count();
        for (id, anchor) in sections {
            if let Some((page, _)) = self.section(id, anchor.print, None) {
                *found.entry(page).or_default() += 1;
            }
        }
        let most = found.values().copied().max()?;
        let best = only(found.into_iter().filter(|(_, n)| *n == most))?;
        (best.1 * 2 >= n_sections).then_some(best.0)
    }

    /// Where a section is now: on this page alone, or else anywhere.
    pub(super) fn section(&self, id: &str, print: Option<Print>, page: Option<PageId>) -> Option<(PageId, String)> {
        if let Some(print) = print {
            let mut near: Vec<(u32, bool, PageId, &String)> = self
                .new_sections(page)
                .iter()
                .map(|(page, other, its)| (its.distance(print), other != id, *page, other))
                .filter(|(distance, other_id, ..)| *distance <= if *other_id { SAME } else { SAME_WITH_NAME })
                .collect();
            near.sort_unstable();
            match near[..] {
                [] => {}
                [(.., page, other)] => return Some((page, other.clone())),
                [(best, false, page, other), (_, true, ..), ..] if best <= SAME => return Some((page, other.clone())),
                [(best, _, page, other), (next, ..), ..] if next >= best + MARGIN => {
                    return Some((page, other.clone()));
                }
                _ => {}
            }
        }
        // Written in another way, on the page itself: `a--b` and `a-b`.
        let page = page?;
        let plain =
            |id: &str| id.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
        let wanted = plain(id);
        let candidate = &self.pages[self.pages.binary_search_by_key(&page, |candidate| candidate.page).ok()?];
        let same = candidate.anchors.iter().filter(|other| plain(other) == wanted && !wanted.is_empty());
        only(same).map(|other| (page, other.clone()))
    }

    /// The sections that the ledger does not know: those of this page, or all.
    fn new_sections(&self, page: Option<PageId>) -> &[(PageId, String, Print)] {
        let Some(page) = page else { return &self.sections };
        let start = self.sections.partition_point(|(other, ..)| *other < page);
        let end = self.sections.partition_point(|(other, ..)| *other <= page);
        &self.sections[start..end]
    }

    /// The address that took the place of a file that readers opened.
    pub(super) fn of_file(&self, url: &str, address: &Address) -> Option<String> {
        let What::File { size, file } = &address.what else { return None };
        let assets = &self.site.assets;
        let by_name = |file: &str| assets.iter().find(|asset| asset.file == file);
        let by_rename = self.renamed(file).into_iter().rev().find_map(by_name);
        let is_same = |asset: &&std::sync::Arc<crate::site::asset::Asset>| {
            asset.is_document()
                && asset.stamp.size == *size
                && extension(asset.url.as_str()) == extension(url)
                && !self.ledger.addresses.contains_key(asset.url.as_str())
        };
        let found = by_rename.or_else(|| only(assets.iter().filter(is_same)));
        found.map(|asset| asset.url.as_str().to_string())
    }
}

/// The item, if there is exactly one.
fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let item = items.next()?;
    items.next().is_none().then_some(item)
}

fn last_part(url: &str) -> &str {
    url.trim_end_matches('/').rsplit('/').next().unwrap_or(url)
}

fn extension(url: &str) -> &str {
    last_part(url).rsplit_once('.').map_or("", |(_, extension)| extension)
}
