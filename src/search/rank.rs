//! The order of results: how well each section answers a query.

use crate::search::query::{Hit, Query, Slot};
use crate::search::reader::Files;
use crate::search::words::tokens;

/// A section that answers a query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// Its page's number.
    pub page: usize,
    /// Its number in the page.
    pub section: usize,
    /// How well it answers.
    pub score: f64,
}

/// A page that answers a query: its sections, best first; never none.
pub type RankedPage = Vec<Ranked>;

/// A word's hit in a passage of the page at hand.
#[derive(Clone, Copy)]
struct PageHit {
    slot: usize,
    section: u32,
    kind: Kind,
    hit: Hit,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Title,
    Meta,
    Heading,
    Body,
}

/// Ranks all pages that hold a word of the query, best first.
pub fn rank(files: &Files<'_>, query: &Query) -> Vec<RankedPage> {
    let mut next: Vec<usize> = vec![0; query.slots.len()];
    let mut pages = Vec::new();
    let mut hits: Vec<PageHit> = Vec::new();
    let pairs = pairs(query);
    let head = &files.head;
    // Every slot's hits rise, so the pages do.
    while let Some(passage) = first_of(query, &next) {
        let section = head.first_passage.partition_point(|&first| first <= passage).saturating_sub(1) as u32;
        let page = head.pages.partition_point(|page| page.first_section <= section).saturating_sub(1);
        let end = head.first_passage[(head.pages[page].first_section + head.pages[page].n_sections) as usize];
        hits.clear();
        for (slot, next) in next.iter_mut().enumerate() {
            while let Some(&hit) = query.slots[slot].hits.get(*next).filter(|hit| hit.passage < end) {
                let section = head.first_passage.partition_point(|&first| first <= hit.passage) as u32 - 1;
                let local = section - head.pages[page].first_section;
                let kind = match (local, hit.passage - head.first_passage[section as usize]) {
                    (0, 0) => Kind::Title,
                    (0, 1) => Kind::Meta,
                    (_, 0) => Kind::Heading,
                    _ => Kind::Body,
                };
                hits.push(PageHit { slot, section: local, kind, hit });
                *next += 1;
            }
        }
        if hits.is_empty() {
            break;
        }
        pages.push(rank_page(files, query, page, &hits, &pairs));
    }
    let rounded = |page: &RankedPage| (page[0].score * 1e4).round();
    pages.sort_by(|a, b| rounded(b).total_cmp(&rounded(a)).then(a[0].page.cmp(&b[0].page)));
    pages
}

/// The first passage that is not looked at yet.
fn first_of(query: &Query, next: &[usize]) -> Option<u32> {
    let ahead = query.slots.iter().zip(next).filter_map(|(slot, &next)| slot.hits.get(next));
    ahead.map(|hit| hit.passage).min()
}

fn rank_page(files: &Files<'_>, query: &Query, page: usize, hits: &[PageHit], pairs: &[(usize, usize)]) -> RankedPage {
    let head = &files.head;
    let mut sections: Vec<u32> = hits.iter().map(|hit| hit.section).collect();
    sections.sort_unstable();
    sections.dedup();
    // Words of the title alone are found in any section; the page's beginning stands for them.
    let hits: Vec<&[PageHit]> = (0..query.slots.len())
        .map(|slot| {
            let start = hits.partition_point(|hit| hit.slot < slot);
            &hits[start..start + hits[start..].partition_point(|hit| hit.slot == slot)]
        })
        .collect();
    let whole = whole_page(files, query, page, &hits);
    let scorer = Scorer { files, query, page, hits: &hits, whole, acronym: acronym(files, query, page), pairs };
    let mut ranked: Vec<Ranked> = sections
        .into_iter()
        .map(|section| Ranked { page, section: section as usize, score: scorer.score(section) })
        .collect();
    debug_assert!(ranked.iter().all(|ranked| ranked.section < head.pages[page].n_sections as usize));
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.section.cmp(&b.section)));
    ranked
}

struct Scorer<'a> {
    files: &'a Files<'a>,
    query: &'a Query,
    page: usize,
    /// The hits of each slot.
    hits: &'a [&'a [PageHit]],
    /// How well the page as a whole answers.
    whole: f64,
    acronym: bool,
    pairs: &'a [(usize, usize)],
}

/// The slots that should stand near each other: neighbours, and those with nothing between them but words that say little.
fn pairs(query: &Query) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = (1..query.slots.len()).map(|slot| (slot - 1, slot)).collect();
    let heavy: Vec<usize> = (0..query.slots.len()).filter(|&slot| !query.slots[slot].is_stop).collect();
    pairs.extend(heavy.windows(2).map(|pair| (pair[0], pair[1])).filter(|(a, b)| b - a > 1));
    pairs
}

/// How much of the words a page has, wherever they stand.
fn whole_page(files: &Files<'_>, query: &Query, page: usize, hits: &[&[PageHit]]) -> f64 {
    let (head, params) = (&files.head, &files.manifest.params);
    let (first, n) = (head.pages[page].first_section as usize, head.pages[page].n_sections as usize);
    let length = f64::from(head.first_passage[first + n] - head.first_passage[first]);
    let norm = 1.0 - params.b_page + params.b_page * length / files.manifest.avg_page;
    let (mut text, mut covered, mut all) = (0.0, 0.0, 0.0);
    for (slot, hits) in query.slots.iter().zip(hits) {
        let (mut own, mut mass) = (0.0, 0.0);
        for PageHit { kind, hit, .. } in *hits {
            match kind {
                Kind::Title => own += params.page_title * hit.weight,
                Kind::Meta => own += params.page_meta * hit.weight,
                Kind::Heading => mass += params.page_heading * hit.weight,
                Kind::Body => mass += hit.weight * f64::from(hit.mask.count_ones()),
            }
        }
        let y = mass / norm + own;
        text += slot.idf * y / (y + params.k_page);
        covered += if y > 0.0 { slot.idf } else { 0.0 };
        all += slot.idf;
    }
    if all > 0.0 { text * (covered / all).powf(params.cover_page) } else { 0.0 }
}

impl Scorer<'_> {
    fn score(&self, section: u32) -> f64 {
        let (head, manifest) = (&self.files.head, &self.files.manifest);
        let params = &manifest.params;
        let page = &head.pages[self.page];
        let norm = |b: f64, length: u32, average: f64| 1.0 - b + b * f64::from(length) / average;
        let title_length = head.n_heading[page.first_section as usize];
        let heading_length = head.n_heading[(page.first_section + section) as usize];
        let body_length = head.n_body[(page.first_section + section) as usize];
        let title_norm = norm(params.b_title, title_length, manifest.avg_title);
        let heading_norm = norm(params.b_heading, heading_length, manifest.avg_heading);
        let body_norm = norm(params.b_body, body_length, manifest.avg_body);
        let (mut text, mut covered, mut all) = (0.0, 0.0, 0.0);
        let (mut about_page, mut about) = (0.0, 0.0);
        for (index, slot) in self.query.slots.iter().enumerate() {
            let (mut t, mut m, mut h, mut f, mut o) = (0.0f64, 0.0f64, 0.0f64, 0.0f64, 0.0f64);
            for PageHit { section: own, kind, hit, .. } in self.hits[index] {
                let is_own = *own == section;
                match kind {
                    Kind::Title => {
                        t = hit.weight / title_norm;
                        about_page += slot.idf * hit.weight;
                    }
                    Kind::Meta => m = hit.weight,
                    Kind::Heading if is_own => {
                        h = hit.weight / heading_norm;
                        about += slot.idf * hit.weight;
                    }
                    Kind::Body if is_own => f += hit.weight * f64::from(hit.mask.count_ones()) / body_norm,
                    Kind::Heading | Kind::Body => o = o.max(hit.weight),
                }
            }
            let is_here = t > 0.0 || m > 0.0 || h > 0.0 || f > 0.0;
            let x = params.title * t + params.meta * m + params.heading * h + params.body * f + params.other * o;
            text += slot.idf * x / (x + params.k1);
            covered += slot.idf
                * if is_here {
                    1.0
                } else if o > 0.0 {
                    params.other_cover
                } else {
                    0.0
                };
            all += slot.idf;
        }
        let mut near = 0.0;
        for &(a, b) in self.pairs {
            near += self.query.slots[a].idf.min(self.query.slots[b].idf) * self.nearness(section, a, b);
        }
        let is_all =
            |kind: Kind, section: u32, length: u32| length == self.query.n_tokens && self.is_all_of(kind, section);
        let mut bonus = 0.0;
        if is_all(Kind::Title, 0, title_length) {
            bonus += params.exact_title;
        }
        if section > 0 && is_all(Kind::Heading, section, heading_length) {
            bonus += params.exact_heading;
        }
        if self.acronym {
            bonus += params.acronym;
        }
        if self.is_phrase(section) {
            bonus += params.phrase;
        }
        let covered = if all > 0.0 { covered / all } else { 0.0 };
        let share = |sum: f64, length: u32| sum / f64::from(length.max(1)).sqrt();
        let about = params.about_page * share(about_page, title_length) + params.about * share(about, heading_length);
        let score =
            about + params.page * self.whole + text * covered.powf(params.cover) + params.near * near + bonus * all;
        score * f64::from(page.boost) / 100.0
    }

    /// How near the words of two slots stand to each other, from 0 to 1.
    fn nearness(&self, section: u32, first: usize, second: usize) -> f64 {
        let mut best: f64 = 0.0;
        for a in
            self.hits[first].iter().filter(|hit| hit.section == section || matches!(hit.kind, Kind::Title | Kind::Meta))
        {
            for b in self.hits[second].iter().filter(|b| b.hit.passage == a.hit.passage) {
                let level = match self.follows(first, second, a.hit.mask, b.hit.mask) {
                    true => 1.0,
                    false => self.files.manifest.params.same_passage,
                };
                best = best.max(level);
            }
        }
        best
    }

    /// Whether places of the second word may be as far behind those of the first as in the query.
    fn follows(&self, first: usize, second: usize, a: u8, b: u8) -> bool {
        self.rotated(first, second, a) & b != 0
    }

    /// The places that are as far behind these as the second word is behind the first in the query.
    fn rotated(&self, first: usize, second: usize, mask: u8) -> u8 {
        let slots: &[Slot] = &self.query.slots;
        let distance = (slots[second].at - slots[first].at) % 4;
        ((mask << distance) | (mask >> (4 - distance))) & 15
    }

    /// Whether all words, if they are more than a few, stand in one passage, each as far behind the one before as in the query.
    fn is_phrase(&self, section: u32) -> bool {
        let slots = self.query.slots.len();
        let is_of = |hit: &&PageHit| hit.section == section || matches!(hit.kind, Kind::Title | Kind::Meta);
        slots >= self.files.manifest.params.phrase_from.max(2)
            && self.hits[0].iter().filter(is_of).any(|first| {
                // The places of the word at hand that such a row may have led to.
                let mut mask = first.hit.mask;
                (1..slots).all(|slot| {
                    let next = self.hits[slot].iter().find(|hit| hit.hit.passage == first.hit.passage);
                    mask = next.map_or(0, |next| self.rotated(slot - 1, slot, mask) & next.hit.mask);
                    mask != 0
                })
            })
    }

    /// Whether all words stand in the heading of a section, or in the title, one after the other as in the query.
    fn is_all_of(&self, kind: Kind, section: u32) -> bool {
        let of = |slot: usize| self.hits[slot].iter().find(|hit| hit.kind == kind && hit.section == section);
        let slots = self.query.slots.len();
        // Behind a heading stand those above it, so the first word has to be at the beginning.
        let begins = |hit: &PageHit| hit.hit.mask & (1 << (self.query.slots[0].at % 4)) != 0;
        slots > 0
            && of(0).is_some_and(begins)
            && (0..slots).all(|slot| of(slot).is_some())
            && (1..slots).all(|slot| match (of(slot - 1), of(slot)) {
                (Some(a), Some(b)) => self.follows(slot - 1, slot, a.hit.mask, b.hit.mask),
                _ => false,
            })
    }
}

/// Whether the query is the first letters of a page's title.
fn acronym(files: &Files<'_>, query: &Query, page: usize) -> bool {
    let Some(word) = query.single.as_deref().filter(|word| (2..=6).contains(&word.chars().count())) else {
        return false;
    };
    let words = tokens(&files.head.pages[page].title);
    let is_common = |form: &str| files.manifest.common.iter().flatten().any(|common| common == form);
    let mut all = words.iter().filter_map(|token| token.form.chars().next());
    let mut rare = words.iter().filter(|token| !is_common(&token.form)).filter_map(|token| token.form.chars().next());
    words.len() >= 2 && (all.by_ref().eq(word.chars()) || rare.by_ref().eq(word.chars()))
}
