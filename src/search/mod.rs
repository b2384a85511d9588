//! Search: an index of the site in small files, and the ranking that reads them.
//!
//! The browser reads the files that [`files`] writes and ranks as [`rank`] does; what stands here is what both keep to.
//! [`Files`] reads the files in Rust, so that the command line searches exactly what was published. A change of the
//! format changes [`FORMAT`]; the numbers of the ranking are in [`params`] alone and travel in the manifest.
//!
//! # Files
//!
//! All are below `assets/search/`. Nothing is fetched before somebody searches.
//!
//! | File | Holds | Fetched |
//! |---|---|---|
//! | `index.json` | the [manifest](files::Manifest), which names the others | at the first key, asking whether it has changed |
//! | `ID/head.bin` | each page's address, title, weight, and the sizes of its sections | at the first key |
//! | `ID/t0.bin`… | terms: words of a part of the alphabet and where they stand; common words come last. Words that are not in the file of their range are listed in the manifest | for the words typed |
//! | `ID/n0.bin`… | names: headings and anchors of a range of pages | to show results |
//!
//! `ID` is a hash of all that the index holds, so a file never changes and may be kept for ever. One that is not there
//! means that the site was published anew: fetch the manifest again. A `.bin` is a zlib stream, which browsers unpack
//! themselves (`DecompressionStream("deflate")`): hosts compress text alone, and some nothing at all.
//!
//! There are no texts in the index: the paragraph around the words is cut out of the result's own page, which is
//! published anyway. That is why the index is 17 % of the text and not half of it (835 kB for a handbook of 585 pages
//! with 5.0 MB of text, counted as `benches/search_index.rs` does). Nearly a quarter of it are the places in the passages:
//! without those of words that are in one passage of eight, it would be half a percent less, and of three or four words
//! remembered from a paragraph, 85 % instead of 89 % would find it among the first three pages. Passages of twice the
//! length would save one percent and a half and cost more than that.
//!
//! # Passages
//!
//! The index knows the *passages* in which a word stands, and its places in them by their remainder of 4: two bits that
//! tell words which follow each other from words that only stand near. Passages are numbered on through all pages, in a
//! page through its sections. A section has one passage for its heading ([`PASSAGE`] words at most; the first section's
//! is the title; the headings above stand behind its own), the first section also one for what the page says about itself (description, keywords, tags, short
//! title, path, aliases), then those of its text, [`PASSAGE`] words each.
//!
//! Words are *folded* ([`words`]) and grouped by their stem in the page's language ([`stem`]). The browser needs no
//! stemmer: a group lists its words, and a word that no page holds is matched by its beginning. Synonyms are added where
//! the others stand, so the browser needs to know of none.
//!
//! # Bytes
//!
//! `u` is an unsigned LEB128 number; `s` a text: `u` length in bytes, UTF-8; `f` a front-coded text: `u` UTF-16 units kept
//! of the text before, `s` the rest.
//!
//! - **head**: `u` pages; for each `f` address (percent-encoded, without the base path and the first `/`); for each `s`
//!   title; for each `u` weight in percent; for each `u` sections; for each section `u` words of its heading; for each
//!   section `u` passages of its text.
//! - **names**: for each page of the range and each of its sections but the first: `s` heading, `s` anchor: empty when it
//!   is the heading's slug, `#` when there is none. In an address its `%` is `%25`.
//! - **terms**: `u` groups; for each `u` words and those as `f`. Then bits, the highest of each byte first; for each group:
//!   `gamma` number of passages, those as `rising` up to the number of all passages; `gamma` one more than how many of
//!   them have several remainders, the places of those in the list as `rising`; for each passage two bits for the
//!   remainder, or four for the set of them (bit *r* is remainder *r*). More than all passages have several when no
//!   remainders follow: then each set holds all four.
//!
//! `gamma`, `rising` (interpolative coding) and `below` (truncated binary) are in [`bits`].
//!
//! # From a query to results
//!
//! 1. The query's words, at most 32, with their places ([`query`]). In a query of more than a few words, those that are
//!    common here or say little ([`stop`]), both of which the manifest lists, are left out when others remain; the
//!    others keep their places. Where words that say little stay, they weigh little.
//! 2. Each word means: the group that has it; for the last word, unless white space follows, also every group with a word
//!    that begins so; if that is nothing, groups that differ in the ending and those that are one or two letters off, among the
//!    words of its own file and of all titles.
//! 3. Each section of each page that holds a word is scored ([`rank`]): BM25 over the sum of the weighted fields, times how
//!    much of the query it covers, plus how near the words stand, plus how much of the heading and of the title is asked for, plus whether it is exactly the title, the heading or
//!    the first letters of the title, plus how much of the words the page has as a whole; all that times the page's own
//!    weight.
//! 4. A page counts as much as its best section. Scores are compared rounded to four decimals, then by the page's number.

pub mod analysis;
pub mod bits;
pub mod bytes;
pub mod files;
pub mod index;
pub mod inventory;
pub mod lexicon;
pub mod params;
pub mod query;
pub mod rank;
pub mod reader;
pub mod stem;
pub mod stop;
pub mod synonyms;
pub mod vocabulary;
pub mod words;

pub use crate::search::index::Index;
pub use crate::search::reader::Files;

use crate::search::rank::Ranked;
use crate::site::page::Page;
use crate::site::routes::{Route, SEARCH_FILES};
use crate::site::url::UrlPath;
use crate::site::{PageId, Site};

/// The version of the format. Changes when a script of the version before would misread the files.
pub const FORMAT: u32 = 1;
/// The words of a passage.
pub const PASSAGE: u32 = 64;

/// A page that answers a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its best section.
    pub best: Answer,
    /// More of its sections, best first.
    pub more: Vec<Answer>,
}

/// A section that answers a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Its address below the site's base path, percent-encoded, with its anchor.
    pub url: String,
    /// Its page's title.
    pub title: String,
    /// Its heading; empty for the beginning of a page.
    pub heading: String,
    /// How well it answers; only comparable within one query.
    pub score: f64,
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Results {
    /// The pages, best first.
    pub pages: Vec<Found>,
    /// How many pages there are in all.
    pub n_pages: usize,
    /// The query in words that are there, when some were not as they were typed.
    pub suggestion: Option<String>,
}

/// More sections of a page than these are not shown.
const MOST_SECTIONS: usize = 3;

/// Searches. Gives the best pages, at most `most`.
pub fn search(files: &Files<'_>, text: &str, most: usize) -> Results {
    let query = query::read(files, text);
    let ranked = rank::rank(files, &query);
    let n_pages = ranked.len();
    let share = files.manifest.params.section_share;
    let found = |page: Vec<Ranked>| {
        let least = page[0].score * share;
        let more = page[1..].iter().take_while(|section| section.score >= least).take(MOST_SECTIONS);
        Found { best: answer(files, &page[0]), more: more.map(|section| answer(files, section)).collect() }
    };
    Results { pages: ranked.into_iter().take(most).map(found).collect(), n_pages, suggestion: query.suggestion }
}

fn answer(files: &Files<'_>, ranked: &Ranked) -> Answer {
    let page = &files.head.pages[ranked.page];
    let name = files.name(ranked.page, ranked.section).cloned().unwrap_or_default();
    // Browsers decode what stands behind the `#` before they look for it.
    let anchor = if name.anchor.is_empty() { String::new() } else { format!("#{}", name.anchor.replace('%', "%25")) };
    Answer {
        url: format!("{}{anchor}", page.url),
        title: page.title.clone(),
        heading: name.heading,
        score: ranked.score,
    }
}

/// Whether a page is in the index: it is published at its address, and neither it nor the settings leave it out.
pub fn is_searched(site: &Site, id: PageId) -> bool {
    let page = site.page(id);
    let is_left_out = page.front.noindex || page.front.search_hidden || !is_open(site, &page.url);
    !is_left_out && site.routes.at(&page.url) == Some(Route::Page(id))
}

/// Whether the settings do not leave out an address.
fn is_open(site: &Site, url: &UrlPath) -> bool {
    // `/team` is not the beginning of `/teams/`.
    let is_below = |folder: &String| {
        let rest = url.as_str().strip_prefix(folder.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    !site.project.config.search.exclude.iter().any(is_below)
}

/// Where a file of the index is published.
pub fn file_url(name: &str) -> UrlPath {
    UrlPath::of_file(&format!("{}/{name}", SEARCH_FILES.trim_start_matches('/')))
}

/// The file of the index that is published at an address.
pub fn file_name(url: &UrlPath) -> Option<&str> {
    url.as_str().strip_prefix(SEARCH_FILES)?.strip_prefix('/')
}

/// A page's own weight, in percent.
pub fn boost(page: &Page) -> u32 {
    page.front.search_boost.map_or(100, |boost| (boost * 100.0).round().clamp(10.0, 1000.0) as u32)
}
