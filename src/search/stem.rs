//! Endings that do not count, by the language of the page.

use snowball_stemmers_rs::{Algorithm, Stemmer};

/// A language's way of taking endings off; the languages of one `Stems` are numbered.
#[derive(Debug, Clone, Default)]
pub struct Stems {
    languages: Vec<(String, Option<Algorithm>)>,
}

/// A language in a [`Stems`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Language(u16);

impl Language {
    /// Its number, from 0 on.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl Stems {
    /// The language with this code, such as `de` or `pt-BR`.
    pub fn language(&mut self, code: &str) -> Language {
        self.known(code).unwrap_or_else(|| {
            let code = plain(code);
            let algorithm = algorithm(&code);
            self.languages.push((code, algorithm));
            Language(self.languages.len() as u16 - 1)
        })
    }

    /// The same, if it has a number already.
    pub fn known(&self, code: &str) -> Option<Language> {
        let code = plain(code);
        self.languages.iter().position(|(known, _)| *known == code).map(|index| Language(index as u16))
    }

    /// A word in lower case without its ending.
    pub fn stem(&self, language: Language, word: &str) -> String {
        match self.languages[language.index()].1 {
            // What has a digit is a name or a number.
            Some(algorithm) if !word.bytes().any(|byte| byte.is_ascii_digit()) => {
                Stemmer::create(algorithm).stem(word).into_owned()
            }
            _ => word.to_string(),
        }
    }
}

/// The code of a language without its country.
fn plain(code: &str) -> String {
    code.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

/// The algorithm of a language by its ISO 639 code.
fn algorithm(code: &str) -> Option<Algorithm> {
    Some(match code {
        "ar" => Algorithm::Arabic,
        "ca" => Algorithm::Catalan,
        "cs" => Algorithm::Czech,
        "da" => Algorithm::Danish,
        "nl" => Algorithm::Dutch,
        // Pages in a language written without spaces hold English words, and no other.
        "en" | "ja" | "zh" | "ko" | "th" | "lo" | "km" | "my" => Algorithm::English,
        "et" => Algorithm::Estonian,
        "eu" => Algorithm::Basque,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "de" => Algorithm::German,
        "el" => Algorithm::Greek,
        "hi" => Algorithm::Hindi,
        "hu" => Algorithm::Hungarian,
        "hy" => Algorithm::Armenian,
        "id" => Algorithm::Indonesian,
        "ga" => Algorithm::Irish,
        "it" => Algorithm::Italian,
        "lt" => Algorithm::Lithuanian,
        "ne" => Algorithm::Nepali,
        "no" | "nb" | "nn" => Algorithm::Norwegian,
        "fa" => Algorithm::Persian,
        "pl" => Algorithm::Polish,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "sr" => Algorithm::Serbian,
        "es" => Algorithm::Spanish,
        "sv" => Algorithm::Swedish,
        "ta" => Algorithm::Tamil,
        "tr" => Algorithm::Turkish,
        "uk" => Algorithm::Ukrainian,
        "yi" => Algorithm::Yiddish,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_go_by_language() {
        let mut stems = Stems::default();
        let mut check = |code: &str, words: &[&str]| {
            let language = stems.language(code);
            let found: Vec<String> = words.iter().map(|word| stems.stem(language, word)).collect();
            found.join(" ")
        };
        assert_eq!(check("en", &["promotions", "promoted", "policies", "2fas"]), "promot promot polici 2fas");
        assert_eq!(check("de-AT", &["urlaube", "häuser"]), "urlaub haus");
        assert_eq!(check("ja", &["評価", "teams"]), "評価 team");
        assert_eq!(check("xx", &["teams"]), "teams");
    }
}
