//! Every number of the ranking, in one place. They travel to the browser in the manifest, so that its script has none
//! of its own.
//!
//! Chosen on titles, headings, extracts and misspelt titles of one sample of `benches/search_relevance.rs`, whose reports
//! are of another; and on every other question of its two lists, with a look at the rest.

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
    /// Of how many words that has to be, as the places of two are as in the query by accident now and then.
    pub phrase_from: usize,
    /// How near words of one passage are, from 0 to 1.
    pub same_passage: f64,
    /// The weight of the page as a whole beside that of its best section.
    pub page: f64,
    /// How soon more of a word on a page counts no more.
    pub k_page: f64,
    /// How far long pages count less, from 0 to 1.
    pub b_page: f64,
    /// What a word in a heading counts for the page as a whole, where one in the text counts 1.
    pub page_heading: f64,
    /// The same for the title.
    pub page_title: f64,
    /// The same for what the page says about itself.
    pub page_meta: f64,
    /// How much it matters that a page has all words.
    pub cover_page: f64,
    /// The weight of words that say little, such as `how` and `my`, beside others.
    pub stop: f64,
    /// For how much of the heading is asked for: the words of the query in it, by the root of its length. A heading of one
    /// word that is in the query says what the section is about.
    pub about: f64,
    /// The same for the title.
    pub about_page: f64,
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
    /// How many words that say something make the others superfluous…
    pub rare_enough: usize,
    /// …in a query of more words than these.
    pub short_query: usize,
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
            k1: 2.5,
            title: 7.0,
            meta: 1.5,
            heading: 2.1,
            body: 1.0,
            other: 0.27,
            b_title: 0.5,
            b_heading: 0.55,
            b_body: 0.5,
            other_cover: 0.5,
            cover: 1.0,
            near: 0.7,
            phrase: 2.0,
            phrase_from: 3,
            same_passage: 0.3,
            page: 0.7,
            k_page: 8.4,
            b_page: 0.93,
            page_heading: 3.0,
            page_title: 0.9,
            page_meta: 1.0,
            cover_page: 1.0,
            stop: 0.06,
            about: 0.95,
            about_page: 1.05,
            exact_title: 3.0,
            exact_heading: 1.2,
            acronym: 1.5,
            prefix: 0.6,
            prefix_from: 2,
            prefix_shards: 3,
            prefix_groups: 64,
            rare_enough: 2,
            short_query: 4,
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
