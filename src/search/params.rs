//! Every number of the ranking, in one place. They travel to the browser in the manifest, so that its script has none
//! of its own.
//!
//! Chosen on one half of the questions and extracts of `benches/relevance` and reported on the other.

use serde::{Deserialize, Serialize};

/// What decides the order of results.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// How soon more of a word counts no more.
    pub k1: f64,
    /// The weight of a word in the page's title.
    pub title: f64,
    /// In its description, tags, keywords, aliases and path.
    pub meta: f64,
    /// In the section's heading.
    pub heading: f64,
    /// In the section's text.
    pub body: f64,
    /// In the rest of the page.
    pub other: f64,
    /// How far long titles count less, from 0 to 1.
    pub b_title: f64,
    /// How far long headings count less.
    pub b_heading: f64,
    /// How far long sections count less.
    pub b_body: f64,
    /// How much a word of the rest of the page helps to cover the query.
    pub other_cover: f64,
    /// How much it matters that a section has all words.
    pub cover: f64,
    /// The weight of words that stand as near to each other as in the query.
    pub near: f64,
    /// The weight of all words one after the other as in the query.
    pub phrase: f64,
    /// How near words of one passage are, from 0 to 1.
    pub same_passage: f64,
    /// For the title itself.
    pub exact_title: f64,
    /// For a heading itself.
    pub exact_heading: f64,
    /// For the first letters of a title.
    pub acronym: f64,
    /// The weight of words that only begin with what was typed.
    pub prefix: f64,
    /// From how many characters on the last word may be a beginning.
    pub prefix_from: usize,
    /// In how many shards beginnings are looked for.
    pub prefix_shards: usize,
    /// How many groups of words a beginning may stand for.
    pub prefix_groups: usize,
    /// How many words that are not common make the common ones superfluous.
    pub rare_enough: usize,
    /// From how many characters on a word may have another ending.
    pub ending_from: usize,
    /// The weight of words that differ in their ending.
    pub ending: f64,
    /// From how many characters on a word may have a letter wrong.
    pub typo_from: usize,
    /// From how many characters on a word may have two letters wrong.
    pub typo2_from: usize,
    /// The weight of words with one letter wrong.
    pub typo1: f64,
    /// The weight of words with two letters wrong.
    pub typo2: f64,
    /// What part of the page's best section another one must have to be shown.
    pub section_share: f64,
}

impl Default for Params {
    fn default() -> Params {
        Params {
            k1: 1.2,
            title: 4.0,
            meta: 1.5,
            heading: 3.0,
            body: 1.0,
            other: 0.3,
            b_title: 0.5,
            b_heading: 0.5,
            b_body: 0.5,
            other_cover: 0.5,
            cover: 1.5,
            near: 0.6,
            phrase: 0.5,
            same_passage: 0.3,
            exact_title: 1.5,
            exact_heading: 0.8,
            acronym: 1.5,
            prefix: 0.6,
            prefix_from: 2,
            prefix_shards: 3,
            prefix_groups: 64,
            rare_enough: 4,
            ending_from: 5,
            ending: 0.7,
            typo_from: 4,
            typo2_from: 8,
            typo1: 0.7,
            typo2: 0.5,
            section_share: 0.5,
        }
    }
}
