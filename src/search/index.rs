//! All pages' words put together: which groups of words there are, on which pages, and into which files they go.
//!
//! What takes time is done for each page by itself and kept with it. Putting together only counts; the postings of a
//! group are written when its file is asked for.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::markdown::Heading;
use crate::search::analysis::{PageWords, Reader};
use crate::search::inventory::{self, Inventory, Postings};
use crate::search::params::Params;
use crate::search::synonyms::Synonyms;
use crate::search::{FORMAT, boost, is_open, is_searched};
use crate::site::page::Page;
use crate::site::routes::{Route, Routes};
use crate::site::url::UrlPath;
use crate::site::{PageId, Site};

/// A file of terms holds about so many bytes.
const SHARD_BYTES: usize = 3840;
/// A file of terms as large as this is cut wherever it can be.
const LARGE_SHARD_BYTES: usize = 5376;
/// A file of names holds about so many bytes of headings before they are packed.
const NAMES_BYTES: usize = 3 << 10;
/// So many pages are read one after the other, and what is found out of their words is shared. More would leave processors
/// without work.
const READ_AT_ONCE: usize = 32;
/// A group of words is common when it is in more than one of so many passages…
const COMMON_SHARE: u32 = 8;
/// …and in more than so many.
const COMMON_FROM: u32 = 64;

/// The index of a site.
pub struct Index {
    /// The pages that are searched, in the order of their files.
    pub pages: Vec<Arc<Indexed>>,
    /// The first passage of each page.
    first: Vec<u32>,
    /// How many of the pages are of the content; the lists of folders without a page come after them.
    n_pages: usize,
    /// Changes with everything that the index holds.
    pub id: String,
    /// The passages of all pages.
    pub n_passages: u32,
    /// The groups of each file of terms; those of common words come last.
    pub shards: Vec<Vec<u32>>,
    /// How many of the shards are of words that are not common.
    pub n_rare_shards: usize,
    /// The pages of each file of names.
    pub names: Vec<Range<usize>>,
    /// The languages of the pages.
    pub languages: Vec<String>,
    /// The numbers of the ranking.
    pub params: Params,
    inventory: Inventory,
    synonyms: Arc<Synonyms>,
    /// What of the settings and addresses all this depends on.
    settings: Settings,
    routes: Arc<Routes>,
}

/// The settings that decide what the index holds.
#[derive(Debug, Clone, PartialEq)]
struct Settings {
    language: String,
    synonyms: Vec<Vec<String>>,
    exclude: Vec<String>,
}

/// A page of the index.
pub struct Indexed {
    /// The page; `None` for the list of what is in a folder.
    pub page: Option<Arc<Page>>,
    /// Its address.
    pub url: UrlPath,
    /// Its title.
    pub title: String,
    /// Its words.
    pub words: Arc<PageWords>,
    /// The form of each of its words.
    forms: Vec<u32>,
}

impl Indexed {
    /// Its headings; each begins a section, after the first one.
    pub fn headings(&self) -> &[Heading] {
        self.page.as_ref().map_or(&[], |page| &page.document.outline)
    }

    /// Its language, which is the site's unless it says another.
    fn language<'l>(&'l self, site: &'l str) -> &'l str {
        self.page.as_ref().and_then(|page| page.front.lang.as_deref()).unwrap_or(site)
    }

    /// Its own weight, in percent.
    pub fn boost(&self) -> u32 {
        self.page.as_ref().map_or(100, |page| boost(page))
    }

    /// Its words: their places among its words, and their forms.
    pub fn words(&self) -> impl Iterator<Item = (usize, u32)> {
        self.forms.iter().copied().enumerate()
    }
}

impl Index {
    /// The index of a site. What `before` knows of pages that are the same is taken over.
    pub fn build(site: &Site, before: Option<&Index>) -> Index {
        let config = &site.project.config;
        let settings = Settings {
            language: config.language.clone(),
            synonyms: config.search.synonyms.clone(),
            exclude: config.search.exclude.clone(),
        };
        let kept = before.filter(|before| {
            before.settings.synonyms == settings.synonyms && before.settings.language == settings.language
        });
        let synonyms =
            kept.map_or_else(|| Arc::new(Synonyms::new(&settings.synonyms)), |before| before.synonyms.clone());
        let mut entries = searched(site, kept.filter(|kept| kept.settings == settings), kept);
        let n_pages = entries.len();
        entries.extend(lists(site, kept));
        entries.par_chunks_mut(READ_AT_ONCE).for_each(|entries| {
            let mut reader = Reader::new(&synonyms);
            entries.iter_mut().for_each(|entry| entry.read(&mut reader));
        });
        let (pages, first, inventory) = listed(entries, &settings.language, kept);
        let n_passages = first.last().copied().unwrap_or(0);
        let is_common = |group: &u32| inventory.n_postings(*group) > COMMON_FROM.max(n_passages / COMMON_SHARE);
        let (common, rare): (Vec<u32>, Vec<u32>) = inventory.order.iter().copied().partition(is_common);
        let mut shards = shards(&inventory, &rare);
        let n_rare_shards = shards.len();
        shards.extend(self::shards(&inventory, &common));
        let names = names(&pages);
        let params = Params::default();
        let cuts = cuts(&shards, &names, &inventory);
        Index {
            id: id(&pages, &settings.language, &params, &cuts, env!("CARGO_PKG_VERSION")),
            languages: languages(&pages, &settings.language),
            pages,
            first,
            n_pages,
            n_passages,
            shards,
            n_rare_shards,
            names,
            params,
            inventory,
            synonyms,
            settings,
            routes: site.routes.clone(),
        }
    }

    /// The forms of a group, sorted.
    pub fn forms(&self, group: u32) -> Vec<&str> {
        let mut forms: Vec<&str> = self.inventory.forms_of(group).collect();
        forms.sort_unstable();
        forms
    }

    /// Where a group's words stand.
    pub fn postings(&self, group: u32, out: &mut Postings) {
        self.inventory.postings(group, &self.pages, &self.first, out);
    }
}

/// A page that the index before has, or one that is to be read.
enum Entry {
    Known(Arc<Indexed>),
    /// When it is read, and until the words of all pages are put together, its forms are the numbers that its words have for
    /// their reader.
    New(Indexed),
}

/// The forms of the words that one reader numbered, in one language.
#[derive(Default)]
struct Seen {
    /// Which of the readers it was.
    reader: usize,
    language: String,
    forms: Vec<u32>,
}

impl Seen {
    /// The forms of the words with these numbers, as far as they are known.
    fn forms(&self, numbers: &[u32]) -> Vec<u32> {
        let known = |&number: &u32| self.forms.get(number as usize).copied().unwrap_or(inventory::UNKNOWN);
        numbers.iter().map(known).collect()
    }

    fn note(&mut self, numbers: &[u32], forms: &[u32]) {
        let end = numbers.iter().max().map_or(0, |number| *number as usize + 1);
        self.forms.resize(end.max(self.forms.len()), inventory::UNKNOWN);
        numbers.iter().zip(forms).for_each(|(number, form)| self.forms[*number as usize] = *form);
    }
}

impl Entry {
    fn new(page: Option<&Arc<Page>>, url: &UrlPath, title: &str) -> Entry {
        let (page, url, title) = (page.cloned(), url.clone(), title.to_string());
        Entry::New(Indexed { page, url, title, words: Arc::default(), forms: Vec::new() })
    }

    fn read(&mut self, reader: &mut Reader<'_>) {
        let Entry::New(new) = self else { return };
        let (words, numbers) = match &new.page {
            Some(page) => reader.page(page),
            None => reader.list(&new.title, new.url.as_str()),
        };
        (new.words, new.forms) = (Arc::new(words), numbers);
    }
}

/// The pages of the content that are searched.
fn searched(site: &Site, same: Option<&Index>, kept: Option<&Index>) -> Vec<Entry> {
    let is_same_site = same.is_some_and(|same| Arc::ptr_eq(&same.routes, &site.routes));
    // Both are sorted by the paths of the files.
    let mut known = kept.map_or(&[][..], |kept| &kept.pages[..kept.n_pages]).iter().peekable();
    let mut entries = Vec::with_capacity(site.pages.len());
    for (number, page) in site.pages.iter().enumerate() {
        let is_it = |known: &&Arc<Indexed>| known.page.as_ref().is_some_and(|known| Arc::ptr_eq(known, page));
        let is_before = |known: &&Arc<Indexed>| known.page.as_ref().is_some_and(|known| known.path < page.path);
        let mut same = known.next_if(is_it);
        if same.is_none() {
            while known.next_if(is_before).is_some() {}
            same = known.next_if(is_it);
        }
        match same {
            Some(same) if is_same_site => entries.push(Entry::Known(same.clone())),
            _ if !is_searched(site, PageId(number as u32)) => {}
            Some(same) => entries.push(Entry::Known(same.clone())),
            None => entries.push(Entry::new(Some(page), &page.url, &page.title)),
        }
    }
    entries
}

/// The lists of what is in folders without a page of their own: only their titles are searched.
fn lists(site: &Site, kept: Option<&Index>) -> Vec<Entry> {
    let lists = site.routes.entries.iter().filter_map(|(url, route)| match route {
        Route::Section(nav) if is_open(site, url) => Some((url, &site.nav.node(*nav).title)),
        _ => None,
    });
    let known = kept.map_or(&[][..], |kept| &kept.pages[kept.n_pages..]);
    let of_list = |(number, (url, title)): (usize, (&UrlPath, &String))| {
        let same = known.get(number).filter(|known| known.url == *url && known.title == *title);
        same.map_or_else(|| Entry::new(None, url, title), |same| Entry::Known(same.clone()))
    };
    lists.enumerate().map(of_list).collect()
}

/// All pages, their first passages, and what there is of each word.
fn listed(entries: Vec<Entry>, language: &str, kept: Option<&Index>) -> (Vec<Arc<Indexed>>, Vec<u32>, Inventory) {
    let is_same = |kept: &Index| {
        entries.len() == kept.pages.len() && entries.iter().all(|entry| matches!(entry, Entry::Known(_)))
    };
    // Where there are several languages, the first page that has a word decides to which others it belongs. So all pages are
    // gone through again there when one has changed.
    let is_of = |kept: &Index| {
        let new = entries.iter().filter_map(|entry| match entry {
            Entry::New(new) => Some(new.language(language)),
            Entry::Known(_) => None,
        });
        kept.inventory.is_only_of(new)
    };
    let known = kept.filter(|kept| is_same(kept) || is_of(kept)).map(|kept| kept.inventory.clone());
    let is_known = known.is_some();
    let mut inventory = known.unwrap_or_default();
    let mut seen = Seen::default();
    let pages: Vec<Arc<Indexed>> = entries
        .into_iter()
        .enumerate()
        .map(|(index, entry)| match entry {
            Entry::Known(known) if is_known => known,
            Entry::Known(known) => Arc::new(Indexed {
                page: known.page.clone(),
                url: known.url.clone(),
                title: known.title.clone(),
                words: known.words.clone(),
                forms: {
                    let unknown = vec![inventory::UNKNOWN; known.words.len()];
                    inventory.forms(&known.words, known.language(language), unknown)
                },
            }),
            Entry::New(mut new) => {
                // Another reader has other numbers; in another language, a word may have another form.
                let (reader, own) = (index / READ_AT_ONCE, new.language(language));
                if seen.reader != reader || seen.language != own {
                    seen = Seen { reader, language: own.to_string(), forms: Vec::new() };
                }
                let numbers = std::mem::take(&mut new.forms);
                let forms = inventory.forms(&new.words, &seen.language, seen.forms(&numbers));
                seen.note(&numbers, &forms);
                new.forms = forms;
                Arc::new(new)
            }
        })
        .collect();
    let first = first(&pages);
    let is_replaced = is_known && kept.is_some_and(|kept| inventory.replace(&kept.pages, &pages));
    if !is_replaced {
        inventory.list(&pages, &first);
    }
    (pages, first, inventory)
}

/// The first passage of each page, and behind the last one where another would begin.
fn first(pages: &[Arc<Indexed>]) -> Vec<u32> {
    let mut first = Vec::with_capacity(pages.len() + 1);
    let mut next = 0;
    for page in pages {
        first.push(next);
        next += page.words.n_passages();
    }
    first.push(next);
    first
}

fn languages(pages: &[Arc<Indexed>], language: &str) -> Vec<String> {
    let mut languages: Vec<&str> = pages.iter().map(|page| page.language(language)).collect();
    languages.sort_unstable();
    languages.dedup();
    languages.into_iter().map(str::to_string).collect()
}

/// Cuts groups, which are sorted by their first forms, into files: best where all words before the cut come before those
/// behind it. A group such as `pr` and `prs` would hold together all words between them, so from a certain size on it does
/// not matter.
fn shards(inventory: &Inventory, members: &[u32]) -> Vec<Vec<u32>> {
    let mut shards: Vec<Vec<u32>> = Vec::new();
    let mut n_bytes = 0;
    let mut highest = "";
    for &group in members {
        let is_full = n_bytes >= SHARD_BYTES && highest < inventory.first(group) || n_bytes >= LARGE_SHARD_BYTES;
        match shards.last_mut() {
            Some(shard) if !is_full => shard.push(group),
            _ => {
                shards.push(vec![group]);
                (n_bytes, highest) = (0, "");
            }
        }
        n_bytes += inventory.n_postings(group) as usize;
        for form in inventory.forms_of(group) {
            highest = highest.max(form);
            n_bytes += 2 + form.len() / 3;
        }
    }
    shards
}

fn names(pages: &[Arc<Indexed>]) -> Vec<Range<usize>> {
    let mut names = Vec::new();
    let (mut start, mut n_bytes) = (0, 0);
    for (index, indexed) in pages.iter().enumerate() {
        n_bytes += indexed.headings().iter().map(|heading| heading.text.len() + 2).sum::<usize>();
        if n_bytes >= NAMES_BYTES || index + 1 == pages.len() {
            names.push(start..index + 1);
            (start, n_bytes) = (index + 1, 0);
        }
    }
    names
}

/// Where the files are cut: the first form of each file of terms, with how many groups it has, and the first page of each
/// file of names.
fn cuts(shards: &[Vec<u32>], names: &[Range<usize>], inventory: &Inventory) -> Vec<u8> {
    let mut cuts = Vec::new();
    for shard in shards {
        cuts.extend(shard.first().map_or("", |group| inventory.first(*group)).as_bytes());
        cuts.push(0);
        cuts.extend((shard.len() as u32).to_le_bytes());
    }
    cuts.extend(names.iter().flat_map(|range| (range.start as u32).to_le_bytes()));
    cuts
}

/// A hash of all that the files hold. How they are cut and who wrote them is in it, since another version may write the
/// same words into other files, and browsers keep files of the same name for ever.
fn id(pages: &[Arc<Indexed>], language: &str, params: &Params, cuts: &[u8], version: &str) -> String {
    let mut bytes = format!("{FORMAT} {version} {language} {params:?} {}", cuts.len()).into_bytes();
    bytes.extend(cuts);
    bytes.extend(pages.iter().flat_map(|indexed| indexed.words.hash.to_le_bytes()));
    format!("{:016x}", xxh3_64(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_changes_with_the_program_and_with_the_cuts() {
        let id = |cuts: &[u8], version: &str| id(&[], "en", &Params::default(), cuts, version);
        assert_eq!(id(&[1, 0], "1.0.0"), id(&[1, 0], "1.0.0"));
        assert_ne!(id(&[1, 0], "1.0.0"), id(&[1, 0], "1.0.1"));
        assert_ne!(id(&[2, 0, 1], "1.0.0"), id(&[1, 0, 1, 1], "1.0.0"));
    }
}
