//! What is asked, and what answers it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

/// A page as readers see it.
pub struct SitePage {
    /// Its path.
    pub url: String,
    /// Its language.
    pub language: String,
    /// Its parts, the first one above all headings.
    pub parts: Vec<Part>,
}

/// A heading and what stands below it.
pub struct Part {
    /// The heading's id; empty for the first.
    pub id: String,
    /// Its level, 1 to 6; 0 for the first.
    pub level: u64,
    /// The heading, or the page's title.
    pub heading: String,
    /// Paragraphs, items, cells.
    pub texts: Vec<String>,
}

/// A page, or a part of it: path and id. An empty id is a page as a whole.
pub type Place = (String, String);

/// Something that somebody types.
pub struct Query {
    /// `a` to `e`.
    pub class: char,
    /// The words.
    pub text: String,
    /// Any of these is right.
    pub right: BTreeSet<Place>,
}

/// A page from what the browser says about it.
pub fn page(value: &Value) -> Option<SitePage> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let part = |part: &Value| Part {
        id: text(&part["id"]),
        level: part["level"].as_u64().unwrap_or_default(),
        heading: text(&part["heading"]),
        texts: part["texts"].as_array().into_iter().flatten().map(text).collect(),
    };
    let parts = value["parts"].as_array()?;
    Some(SitePage { url: text(&value["url"]), language: text(&value["lang"]), parts: parts.iter().map(part).collect() })
}

/// Titles, headings, extracts, and titles with a typing error: at most so many of each.
pub fn generated(pages: &[SitePage], most: usize, seed: u64) -> Vec<Query> {
    let mut random = Random(seed ^ 0x9E37_79B9_7F4A_7C15);
    let mut titles: BTreeMap<String, Query> = BTreeMap::new();
    let mut headings: BTreeMap<String, Query> = BTreeMap::new();
    for page in pages {
        for part in &page.parts {
            let class = if part.id.is_empty() { 'a' } else { 'b' };
            let kind = if class == 'a' { &mut titles } else { &mut headings };
            let query = || Query { class, text: part.heading.clone(), right: BTreeSet::new() };
            let key = words(&part.heading).join(" ");
            if !key.is_empty() {
                kind.entry(key).or_insert_with(query).right.insert((page.url.clone(), part.id.clone()));
            }
        }
    }
    for (key, heading) in &mut headings {
        heading.right.extend(titles.get(key).into_iter().flat_map(|title| title.right.iter().cloned()));
    }
    let titles = random.some(titles.into_values().collect(), usize::MAX);
    let misspelt: Vec<Query> = titles.iter().filter_map(|title| random.misspelt(title)).take(most).collect();
    let mut all: Vec<Query> = titles.into_iter().take(most).collect();
    all.extend(random.some(headings.into_values().collect(), most));
    all.extend(extracts(pages, most, &mut random));
    all.extend(misspelt);
    all
}

/// Words in a row, from paragraphs anywhere.
fn extracts(pages: &[SitePage], most: usize, random: &mut Random) -> Vec<Query> {
    let mut texts: Vec<(&SitePage, &Part, &String)> = Vec::new();
    for page in pages {
        texts.extend(page.parts.iter().flat_map(|part| part.texts.iter().map(move |text| (page, part, text))));
    }
    // Each part as one text with its words apart, to find an extract wherever it stands.
    let whole =
        |part: &Part| format!(" {} ", part.texts.iter().flat_map(|text| words(text)).collect::<Vec<_>>().join(" "));
    let haystack: Vec<(Place, String)> = pages
        .iter()
        .flat_map(|page| page.parts.iter().map(|part| ((page.url.clone(), part.id.clone()), whole(part))))
        .collect();
    let (mut found, mut known) = (Vec::new(), BTreeSet::new());
    for (_, _, text) in random.some(texts, usize::MAX) {
        if found.len() == most {
            break;
        }
        let Some(extract) = random.extract(text) else { continue };
        let needle = words(&extract).join(" ");
        // Without spaces between words, an extract begins and ends within what counts as one.
        let needle = if is_spaced(&needle) { format!(" {needle} ") } else { needle };
        if known.insert(needle.clone()) {
            let right =
                haystack.iter().filter(|(_, text)| text.contains(&needle)).map(|(place, _)| place.clone()).collect();
            found.push(Query { class: 'c', text: extract, right });
        }
    }
    found
}

/// The questions of a file, which names the places that answer them. What is not there is an error.
pub fn questions(file: &Path, pages: &[SitePage]) -> Vec<Query> {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut found = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let (question, places) = line.split_once(" | ").unwrap_or_else(|| panic!("no ` | ` in `{line}`"));
        let mut right = BTreeSet::new();
        for place in places.split_whitespace() {
            let (url, id) = place.split_once('#').unwrap_or((place, ""));
            let page = pages.iter().find(|page| page.url == url);
            let parts = page.map_or(&[][..], |page| &page.parts);
            let start = parts.iter().position(|part| part.id == id);
            let start = start.unwrap_or_else(|| panic!("`{place}` is not there"));
            right.insert((url.to_string(), id.to_string()));
            // What stands below the heading belongs to the answer.
            let below = parts[start + 1..].iter().take_while(|part| !id.is_empty() && part.level > parts[start].level);
            right.extend(below.map(|part| (url.to_string(), part.id.clone())));
        }
        found.push(Query { class: 'e', text: question.to_string(), right });
    }
    found
}

/// The words of a text in lower case, without what stands around them.
fn words(text: &str) -> Vec<String> {
    let inner = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    text.split_whitespace().map(inner).filter(|word| !word.is_empty()).collect()
}

/// Whether a text is in a script that puts spaces between words.
fn is_spaced(text: &str) -> bool {
    !text.chars().any(|c| matches!(c, '\u{e00}'..='\u{eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7ff}'))
}

/// Xorshift: the same numbers for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % end.max(1)
    }

    /// So many of these, in any order.
    fn some<T>(&mut self, mut all: Vec<T>, most: usize) -> Vec<T> {
        for end in (1..all.len()).rev() {
            let other = self.below(end + 1);
            all.swap(end, other);
        }
        all.truncate(most);
        all
    }

    /// Three or four words in a row of which the first and the last are not among the shortest, as nobody remembers
    /// those; where words are not spaced, six to ten characters.
    fn extract(&mut self, text: &str) -> Option<String> {
        if !is_spaced(text) {
            let runs: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != 'ー').collect();
            let length = 6 + self.below(5);
            let long: Vec<&&str> = runs.iter().filter(|run| run.chars().count() >= length && !is_spaced(run)).collect();
            let run: Vec<char> = long.get(self.below(long.len()))?.chars().collect();
            let start = self.below(run.len() - length + 1);
            return Some(run[start..start + length].iter().collect());
        }
        let all: Vec<&str> = text.split_whitespace().collect();
        let length = 3 + self.below(2);
        let is_long = |word: &str| word.chars().filter(|c| c.is_alphanumeric()).count() > 3;
        let starts: Vec<usize> = (0..(all.len() + 1).saturating_sub(length))
            .filter(|&at| is_long(all[at]) && is_long(all[at + length - 1]))
            .filter(|&at| all[at..at + length].iter().all(|word| word.chars().any(char::is_alphanumeric)))
            .collect();
        let start = *starts.get(self.below(starts.len()))?;
        Some(all[start..start + length].join(" "))
    }

    /// A title with one letter swapped, left out, doubled or replaced in a word of five letters or more.
    fn misspelt(&mut self, title: &Query) -> Option<Query> {
        let all: Vec<&str> = title.text.split(' ').collect();
        let is_long = |word: &&str| word.len() >= 5 && word.chars().all(|c| c.is_ascii_alphabetic());
        let long: Vec<usize> = (0..all.len()).filter(|&at| is_long(&all[at])).collect();
        let at = *long.get(self.below(long.len()))?;
        let mut letters: Vec<char> = all[at].chars().collect();
        // Hardly anybody gets the first letter wrong.
        let place = 1 + self.below(letters.len() - 2);
        match self.below(4) {
            0 if letters[place] != letters[place + 1] => letters.swap(place, place + 1),
            1 => {
                letters.remove(place);
            }
            2 => letters.insert(place, letters[place]),
            _ => {
                let other = (b'a' + self.below(26) as u8) as char;
                letters[place] = if letters[place] == other { 'e' } else { other };
            }
        }
        let word: String = letters.into_iter().collect();
        if word == all[at] {
            return None;
        }
        let text = all.iter().enumerate().map(|(n, &other)| if n == at { word.as_str() } else { other });
        Some(Query { class: 'd', text: text.collect::<Vec<_>>().join(" "), right: title.right.clone() })
    }
}
