//! The words that the theme itself writes, such as *On this page*, in the languages that it knows.
//!
//! Each language is a text file beside this one, so that whoever speaks another can add it without any Rust. The owner
//! of a site can say every word otherwise.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// The languages, by their ISO 639 codes. English comes first: it has every word.
const LANGUAGES: &[(&str, &str)] = &[
    ("en", include_str!("en.txt")),
    ("ar", include_str!("ar.txt")),
    ("de", include_str!("de.txt")),
    ("es", include_str!("es.txt")),
    ("fr", include_str!("fr.txt")),
    ("he", include_str!("he.txt")),
    ("it", include_str!("it.txt")),
    ("ja", include_str!("ja.txt")),
    ("nl", include_str!("nl.txt")),
    ("pt", include_str!("pt.txt")),
    ("zh", include_str!("zh.txt")),
];

/// What the owner of a site says otherwise: for each language, words by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct OwnWords(pub BTreeMap<String, BTreeMap<String, String>>);

impl OwnWords {
    /// A word for a page in this language: the owner's, else the theme's, else the English one.
    pub fn get<'s>(&'s self, language: &str, name: &'s str) -> &'s str {
        let own = |code: &str| self.0.get(code).and_then(|words| words.get(name)).map(String::as_str);
        let own = own(language).or_else(|| own(primary(language)));
        own.or_else(|| built_in(primary(language), name)).or_else(|| built_in("en", name)).unwrap_or(name)
    }

    /// Every word for pages in this language, by its name.
    pub fn all(&self, language: &str) -> BTreeMap<&str, &str> {
        let own = [primary(language), language].into_iter().filter_map(|code| self.0.get(code)).flatten();
        let mut words: BTreeMap<&str, &str> = pairs("en").chain(pairs(primary(language))).collect();
        words.extend(own.map(|(name, word)| (name.as_str(), word.as_str())));
        words
    }
}

/// The name of every word.
pub fn names() -> impl Iterator<Item = &'static str> {
    pairs("en").map(|(name, _)| name)
}

/// The language of a tag: that of `pt-BR` is `pt`.
fn primary(language: &str) -> &str {
    language.split(['-', '_']).next().unwrap_or_default()
}

fn built_in(language: &str, name: &str) -> Option<&'static str> {
    // Each language is read once, when its first word is asked for: pages ask for thousands.
    static READ: [OnceLock<HashMap<&str, &str>>; LANGUAGES.len()] = [const { OnceLock::new() }; LANGUAGES.len()];
    let words = READ[index(language)?].get_or_init(|| pairs(language).collect());
    words.get(name).copied()
}

fn pairs(language: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let text = index(language).map_or("", |index| LANGUAGES[index].1);
    text.lines().filter_map(|line| line.split_once(" = "))
}

fn index(language: &str) -> Option<usize> {
    LANGUAGES.iter().position(|(code, _)| code.eq_ignore_ascii_case(language))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_language_has_every_word_and_no_other() {
        let english: BTreeSet<&str> = names().collect();
        for (code, text) in LANGUAGES {
            let own: Vec<&str> = pairs(code).map(|(name, _)| name).collect();
            assert_eq!(own.iter().copied().collect::<BTreeSet<_>>(), english, "in {code}");
            assert_eq!(own.len(), english.len(), "a word twice in {code}");
            assert_eq!(own.len(), text.lines().filter(|line| !line.starts_with('#')).count(), "a stray line in {code}");
        }
    }

    #[test]
    fn what_is_filled_in_is_in_every_translation() {
        let holes = |word: &str| word.split('{').skip(1).filter_map(|rest| rest.split('}').next()).count();
        for (code, _) in LANGUAGES {
            for (name, word) in pairs(code) {
                assert_eq!(holes(word), holes(built_in("en", name).unwrap()), "`{name}` in {code}");
            }
            assert_eq!(built_in(code, "months").unwrap().split(", ").count(), 12, "months in {code}");
        }
    }

    #[test]
    fn the_owner_s_word_counts_most_and_english_stands_in() {
        let german = BTreeMap::from([("search".to_string(), "Finden".to_string())]);
        let swedish = BTreeMap::from([("search".to_string(), "Sök".to_string())]);
        let own = OwnWords(BTreeMap::from([("de".to_string(), german), ("sv".to_string(), swedish)]));
        let words = ["de", "de-AT", "sv", "fr-CA", "EN", "xx"].map(|language| own.get(language, "search"));
        assert_eq!(words, ["Finden", "Finden", "Sök", "Rechercher", "Search", "Search"]);
        assert_eq!(own.get("sv", "close"), "Close");
        assert_eq!(own.all("de-AT")["search"], "Finden");
        assert_eq!(own.all("de-AT")["close"], "Schließen");
    }
}
