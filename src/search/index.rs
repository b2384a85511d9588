//! All pages' words put together: which groups of words there are, on which pages, and into which files they go.
//!
//! What takes time is done for each page by itself and kept with it. Putting together only counts; the postings of a
//! group are written when its file is asked for.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::search::analysis::{PageWords, analyse};
use crate::search::params::Params;
use crate::search::stem::{Language, Stems};
use crate::search::synonyms::Synonyms;
use crate::search::words::fold;
use crate::search::{FORMAT, is_searched};
use crate::site::page::Page;
use crate::site::{PageId, Site};

/// A file of terms holds about so many bytes.
const SHARD_BYTES: usize = 16 << 10;
/// A file of names holds about so many bytes of headings before they are packed.
const NAMES_BYTES: usize = 12 << 10;
/// A group of words is common when it is in more than one of so many passages…
const COMMON_SHARE: u32 = 8;
/// …and in more than so many.
const COMMON_FROM: u32 = 64;

/// The index of a site.
pub struct Index {
    /// The pages that are searched, in the order of their files.
    pub pages: Vec<Indexed>,
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
    /// The numbers of the ranking.
    pub params: Params,
    synonyms: Arc<Synonyms>,
    synonym_groups: Vec<Vec<String>>,
}

/// A page of the index.
pub struct Indexed {
    /// The page.
    pub page: Arc<Page>,
    /// Its words.
    pub words: Arc<PageWords>,
    /// Its first passage.
    pub first: u32,
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
        let mut n_passages = 0;
        let mut pages = Vec::with_capacity(searched.len());
        for (page, words) in searched.into_iter().zip(words) {
            let first = n_passages;
            n_passages += words.n_passages();
            pages.push(Indexed { page: page.clone(), words, first });
        }
        let params = Params::default();
        let groups = groups(&pages, &config.language);
        let is_common = |group: &Group| group.n_postings > COMMON_FROM.max(n_passages / COMMON_SHARE);
        let (common, rare): (Vec<u32>, Vec<u32>) =
            (0..groups.len() as u32).partition(|&group| is_common(&groups[group as usize]));
        let mut shards = shards(&groups, &rare);
        let n_rare_shards = shards.len();
        shards.extend(self::shards(&groups, &common));
        let names = names(&pages);
        let id = id(&pages, &config.language, &params);
        let synonym_groups = config.search.synonyms.clone();
        Index { pages, id, n_passages, groups, shards, n_rare_shards, names, params, synonyms, synonym_groups }
    }

    /// The words of a page that is the same in memory.
    fn known(&self, page: &Arc<Page>) -> Option<Arc<PageWords>> {
        let found = self.pages.binary_search_by(|known| known.page.path.cmp(&page.path)).ok()?;
        let known = &self.pages[found];
        Arc::ptr_eq(&known.page, page).then(|| known.words.clone())
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

/// The words of all pages, those with the same stem together.
fn groups(pages: &[Indexed], site_language: &str) -> Vec<Group> {
    let mut stems = Stems::default();
    let mut groups: Vec<Group> = Vec::new();
    let mut by_word: HashMap<(Language, &str), u32> = HashMap::new();
    let mut by_form: HashMap<String, u32> = HashMap::new();
    let mut by_stem: HashMap<String, u32> = HashMap::new();
    for (page_index, indexed) in pages.iter().enumerate() {
        let language = stems.language(indexed.page.front.lang.as_deref().unwrap_or(site_language));
        for index in 0..indexed.words.len() {
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
        n_bytes += indexed.page.document.outline.iter().map(|heading| heading.text.len() + 2).sum::<usize>();
        if n_bytes >= NAMES_BYTES || index + 1 == pages.len() {
            names.push(start..index + 1);
            (start, n_bytes) = (index + 1, 0);
        }
    }
    names
}

fn id(pages: &[Indexed], language: &str, params: &Params) -> String {
    let mut bytes = format!("{FORMAT} {language} {params:?}").into_bytes();
    bytes.extend(pages.iter().flat_map(|indexed| indexed.words.hash.to_le_bytes()));
    format!("{:016x}", xxh3_64(&bytes))
}
