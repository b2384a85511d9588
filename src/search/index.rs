//! All pages' words put together: which groups of words there are, on which pages, and into which files they go.
//!
//! What takes time is done for each page by itself and kept with it. Putting together only counts; the postings of a
//! group are written when its file is asked for.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::markdown::Heading;
use crate::search::analysis::{PageWords, analyse, analyse_list};
use crate::search::params::Params;
use crate::search::stem::{Language, Stems};
use crate::search::synonyms::Synonyms;
use crate::search::words::fold;
use crate::search::{FORMAT, boost, is_open, is_searched};
use crate::site::page::Page;
use crate::site::routes::Route;
use crate::site::url::UrlPath;
use crate::site::{PageId, Site};

/// A file of terms holds about so many bytes.
const SHARD_BYTES: usize = 5 << 10;
/// A file of names holds about so many bytes of headings before they are packed.
const NAMES_BYTES: usize = 4 << 10;
/// A group of words is common when it is in more than one of so many passages…
const COMMON_SHARE: u32 = 8;
/// …and in more than so many.
const COMMON_FROM: u32 = 64;

/// The index of a site.
pub struct Index {
    /// The pages that are searched, in the order of their files.
    pub pages: Vec<Indexed>,
    /// How many of them are pages of the content; the lists of folders without a page come after them.
    n_pages: usize,
    /// Changes with everything that the index holds.
    pub id: String,
    /// The passages of all pages.
    pub n_passages: u32,
    /// All groups, by their first form.
    pub groups: Vec<Group>,
    /// The groups of each file of terms, as places in `groups`; those of common words come last.
    pub shards: Vec<Vec<u32>>,
    /// How many of the shards are of words that are not common.
    pub n_rare_shards: usize,
    /// The pages of each file of names.
    pub names: Vec<Range<usize>>,
    /// The languages of the pages.
    pub languages: Vec<String>,
    /// The numbers of the ranking.
    pub params: Params,
    synonyms: Arc<Synonyms>,
    synonym_groups: Vec<Vec<String>>,
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
    /// Its first passage.
    pub first: u32,
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
}

/// Words that differ only in their endings.
#[derive(Debug, Default)]
pub struct Group {
    /// The words, sorted.
    pub forms: Vec<String>,
    /// Each page with the place of one of the words there, by page.
    pub sources: Vec<(u32, u32)>,
    /// At least the number of passages that hold one of the words.
    pub n_postings: u32,
}

impl Index {
    /// The index of a site. What `before` knows of pages that are the same is taken over.
    pub fn build(site: &Site, before: Option<&Index>) -> Index {
        let config = &site.project.config;
        let kept = before.filter(|before| before.synonym_groups == config.search.synonyms);
        let synonyms =
            kept.map_or_else(|| Arc::new(Synonyms::new(&config.search.synonyms)), |before| before.synonyms.clone());
        let searched: Vec<&Arc<Page>> = (0..site.pages.len())
            .filter(|&index| is_searched(site, PageId(index as u32)))
            .map(|index| &site.pages[index])
            .collect();
        let words: Vec<Arc<PageWords>> = searched
            .par_iter()
            .map(|page| {
                let known = kept.and_then(|before| before.known(page));
                known.unwrap_or_else(|| Arc::new(analyse(page, &synonyms)))
            })
            .collect();
        let of_page = |(page, words): (&Arc<Page>, Arc<PageWords>)| Indexed {
            page: Some(page.clone()),
            url: page.url.clone(),
            title: page.title.clone(),
            words,
            first: 0,
        };
        let mut pages: Vec<Indexed> = searched.into_iter().zip(words).map(of_page).collect();
        let n_pages = pages.len();
        pages.extend(lists(site, &synonyms));
        let mut n_passages = 0;
        for page in &mut pages {
            page.first = n_passages;
            n_passages += page.words.n_passages();
        }
        let params = Params::default();
        let groups = groups(&pages, &config.language);
        let mut languages: Vec<String> = pages.iter().map(|page| page.language(&config.language).to_string()).collect();
        languages.sort_unstable();
        languages.dedup();
        let is_common = |group: &Group| group.n_postings > COMMON_FROM.max(n_passages / COMMON_SHARE);
        let (common, rare): (Vec<u32>, Vec<u32>) =
            (0..groups.len() as u32).partition(|&group| is_common(&groups[group as usize]));
        let mut shards = shards(&groups, &rare);
        let n_rare_shards = shards.len();
        shards.extend(self::shards(&groups, &common));
        let names = names(&pages);
        let of_shards = shards.iter().flat_map(|shard| [shard.len() as u32].into_iter().chain(shard.iter().copied()));
        let cuts: Vec<u32> = of_shards.chain(names.iter().map(|range| range.start as u32)).collect();
        let id = id(&pages, &config.language, &params, &cuts, env!("CARGO_PKG_VERSION"));
        let synonym_groups = config.search.synonyms.clone();
        Index {
            languages,
            pages,
            n_pages,
            id,
            n_passages,
            groups,
            shards,
            n_rare_shards,
            names,
            params,
            synonyms,
            synonym_groups,
        }
    }

    /// The words of a page that is the same in memory.
    fn known(&self, page: &Arc<Page>) -> Option<Arc<PageWords>> {
        let path = |known: &Indexed| known.page.as_ref().map(|page| page.path.clone());
        let pages = &self.pages[..self.n_pages];
        let found = pages.binary_search_by(|known| path(known).as_ref().cmp(&Some(&page.path))).ok()?;
        let is_same = pages[found].page.as_ref().is_some_and(|known| Arc::ptr_eq(known, page));
        is_same.then(|| pages[found].words.clone())
    }

    /// Where a group's words stand: passages in rising order, each with its mask.
    pub fn postings(&self, group: &Group) -> (Vec<u32>, Vec<u8>) {
        let mut all: Vec<(u32, u8)> = Vec::with_capacity(group.n_postings as usize);
        for &(page, word) in &group.sources {
            let page = &self.pages[page as usize];
            let postings = page.words.postings(word as usize).iter();
            all.extend(postings.map(|posting| (page.first + posting.passage(), posting.mask())));
        }
        all.sort_unstable();
        let (mut passages, mut masks) = (Vec::with_capacity(all.len()), Vec::<u8>::with_capacity(all.len()));
        for (passage, mask) in all {
            match (passages.last(), masks.last_mut()) {
                (Some(&last), Some(last_mask)) if last == passage => *last_mask |= mask,
                _ => {
                    passages.push(passage);
                    masks.push(mask);
                }
            }
        }
        (passages, masks)
    }
}

/// The lists of what is in folders without a page of their own: only their titles are searched.
fn lists(site: &Site, synonyms: &Synonyms) -> Vec<Indexed> {
    let lists = site.routes.entries.iter().filter_map(|(url, route)| match route {
        Route::Section(nav) if is_open(site, url) => Some((url, &site.nav.node(*nav).title)),
        _ => None,
    });
    let of_list = |(url, title): (&UrlPath, &String)| Indexed {
        page: None,
        url: url.clone(),
        title: title.clone(),
        words: Arc::new(analyse_list(title, url.as_str(), synonyms)),
        first: 0,
    };
    lists.map(of_list).collect()
}

/// The words of all pages, those with the same stem together.
fn groups(pages: &[Indexed], site_language: &str) -> Vec<Group> {
    let mut stems = Stems::default();
    let mut groups: Vec<Group> = Vec::new();
    let mut by_word: HashMap<(Language, &str), u32> = HashMap::new();
    let mut by_form: HashMap<String, u32> = HashMap::new();
    let mut by_stem: HashMap<String, u32> = HashMap::new();
    for (page_index, indexed) in pages.iter().enumerate() {
        let language = stems.language(indexed.language(site_language));
        for index in 0..indexed.words.len() {
            // What is only remembered for synonyms, such as a word that is too long, stands nowhere.
            if indexed.words.postings(index).is_empty() {
                continue;
            }
            let word = indexed.words.word(index);
            let group = *by_word.entry((language, word)).or_insert_with(|| {
                let form = fold(word);
                *by_form.entry(form).or_insert_with_key(|form| {
                    let stem = fold(&stems.stem(language, word));
                    let group = *by_stem.entry(stem).or_insert_with(|| {
                        groups.push(Group::default());
                        groups.len() as u32 - 1
                    });
                    groups[group as usize].forms.push(form.clone());
                    group
                })
            });
            let group = &mut groups[group as usize];
            group.sources.push((page_index as u32, index as u32));
            group.n_postings += indexed.words.postings(index).len() as u32;
        }
    }
    groups.iter_mut().for_each(|group| group.forms.sort_unstable());
    groups.sort_unstable_by(|a, b| a.forms.cmp(&b.forms));
    groups
}

/// Cuts groups, which are sorted by their first forms, into files, so that all words of a group are in the file in whose
/// range of the alphabet they fall.
fn shards(groups: &[Group], members: &[u32]) -> Vec<Vec<u32>> {
    let mut shards: Vec<Vec<u32>> = Vec::new();
    let mut n_bytes = 0;
    let mut highest = "";
    for &member in members {
        let group = &groups[member as usize];
        let first = group.forms.first().map_or("", String::as_str);
        match shards.last_mut() {
            Some(shard) if n_bytes < SHARD_BYTES || highest >= first => shard.push(member),
            _ => {
                shards.push(vec![member]);
                n_bytes = 0;
            }
        }
        highest = highest.max(group.forms.last().map_or("", String::as_str));
        n_bytes += group.n_postings as usize + group.forms.iter().map(|form| 2 + form.len() / 3).sum::<usize>();
    }
    shards
}

fn names(pages: &[Indexed]) -> Vec<Range<usize>> {
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

/// A hash of all that the files hold. How they are cut and who wrote them is in it, since another version may write the
/// same words into other files, and browsers keep files of the same name for ever.
fn id(pages: &[Indexed], language: &str, params: &Params, cuts: &[u32], version: &str) -> String {
    let mut bytes = format!("{FORMAT} {version} {language} {params:?} {}", cuts.len()).into_bytes();
    bytes.extend(cuts.iter().flat_map(|cut| cut.to_le_bytes()));
    bytes.extend(pages.iter().flat_map(|indexed| indexed.words.hash.to_le_bytes()));
    format!("{:016x}", xxh3_64(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_changes_with_the_program_and_with_the_cuts() {
        let id = |cuts: &[u32], version: &str| id(&[], "en", &Params::default(), cuts, version);
        assert_eq!(id(&[1, 0], "1.0.0"), id(&[1, 0], "1.0.0"));
        assert_ne!(id(&[1, 0], "1.0.0"), id(&[1, 0], "1.0.1"));
        assert_ne!(id(&[2, 0, 1], "1.0.0"), id(&[1, 0, 1, 1], "1.0.0"));
    }
}
