//! Words that mean the same: where one of them stands, the index has the others too.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_64;

use crate::search::words::tokens;

/// Groups of phrases with the same meaning, by the first word of each.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Synonyms {
    /// Each phrase with the others of its group.
    phrases: Vec<(Vec<String>, Vec<Vec<String>>)>,
    by_first: HashMap<String, Vec<usize>>,
    /// Changes with what they are.
    pub hash: u64,
}

impl Synonyms {
    /// From groups of phrases as their owner wrote them.
    pub fn new(groups: &[Vec<String>]) -> Synonyms {
        let mut synonyms = Synonyms { hash: xxh3_64(format!("{groups:?}").as_bytes()), ..Synonyms::default() };
        for group in groups {
            let words = |phrase: &String| tokens(phrase).into_iter().map(|token| token.form).collect();
            let phrases: Vec<Vec<String>> =
                group.iter().map(words).filter(|words: &Vec<_>| !words.is_empty()).collect();
            for (index, phrase) in phrases.iter().enumerate() {
                let others = phrases.iter().enumerate().filter(|(other, _)| *other != index);
                let others: Vec<Vec<String>> = others.map(|(_, phrase)| phrase.clone()).collect();
                synonyms.by_first.entry(phrase[0].clone()).or_default().push(synonyms.phrases.len());
                synonyms.phrases.push((phrase.clone(), others));
            }
        }
        synonyms
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.phrases.is_empty()
    }

    /// What is to be added to a row of words, each with its place.
    pub fn of<'a>(&'a self, words: &[String]) -> Vec<(u32, &'a str)> {
        let mut found = Vec::new();
        for at in 0..words.len() {
            let word = words[at].as_str();
            let firsts = [Some(word), word.strip_suffix('s')].into_iter().flatten();
            for &index in firsts.filter_map(|first| self.by_first.get(first)).flatten() {
                let (phrase, others) = &self.phrases[index];
                let rest = &words[at..];
                if rest.len() < phrase.len() || !phrase.iter().zip(rest).all(|(own, word)| is_same(own, word)) {
                    continue;
                }
                for other in others {
                    found.extend(other.iter().enumerate().map(|(i, word)| (at as u32 + i as u32, word.as_str())));
                }
            }
        }
        found
    }
}

/// A plural is the same: `OKRs`.
fn is_same(own: &str, word: &str) -> bool {
    word == own || word.strip_suffix('s') == Some(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_phrase_brings_the_others() {
        let groups =
            [vec!["PTO".to_string(), "time off".to_string()], vec!["OKR".to_string(), "objectives".to_string()]];
        let synonyms = Synonyms::new(&groups);
        let check = |text: &str, expected: &[(u32, &str)]| {
            let words: Vec<String> = text.split(' ').map(str::to_string).collect();
            assert_eq!(synonyms.of(&words), expected, "{text}");
        };
        check("my time off now", &[(1, "pto")]);
        check("ptos", &[(0, "time"), (1, "off")]);
        check("time", &[]);
        check("okrs and objectives", &[(0, "objectives"), (2, "okr")]);
    }
}
