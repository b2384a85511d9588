//! The words of all pages: how the index writes each, and which of them belong together.
//!
//! Only grows: what no page holds any more is left out by whoever lists what is there. So the numbers that pages keep
//! stay true from one state of the site to the next.

use crate::search::lexicon::Lexicon;
use crate::search::stem::{Language, Stems};
use crate::search::words::fold;

/// All words, by number.
#[derive(Clone, Default)]
pub struct Vocabulary {
    stems: Stems,
    /// The words of each language.
    languages: Vec<Words>,
    /// Words as the index writes them.
    forms: Lexicon,
    /// Of each form, its group and the next form of the group.
    places: Vec<(u32, u32)>,
    /// The stems; their numbers are those of the groups.
    groups: Lexicon,
    /// The first form of each group.
    first: Vec<u32>,
}

/// The words of a language, as pages have them, and the form of each.
#[derive(Clone, Default)]
struct Words {
    words: Lexicon,
    forms: Vec<u32>,
}

/// Words of a group have at least so many letters in common at their beginning.
const BEGINNING: usize = 2;

/// Behind the last form of a group.
const NONE: u32 = u32::MAX;

impl Vocabulary {
    /// The language with this code.
    pub fn language(&mut self, code: &str) -> Language {
        let language = self.stems.language(code);
        if self.languages.len() <= language.index() {
            self.languages.resize_with(language.index() + 1, Words::default);
        }
        language
    }

    /// The language with this code, if a word of it is there.
    pub fn known_language(&self, code: &str) -> Option<Language> {
        self.stems.known(code)
    }

    /// How many languages there are.
    pub fn n_languages(&self) -> usize {
        self.languages.len()
    }

    /// The form of a word, if the word is there.
    pub fn find(&self, language: Language, word: &str) -> Option<u32> {
        let words = &self.languages[language.index()];
        words.words.find(word).map(|number| words.forms[number as usize])
    }

    /// The form of a word, which is added unless it is there.
    pub fn form(&mut self, language: Language, word: &str) -> u32 {
        let words = &mut self.languages[language.index()];
        let number = words.words.number(word) as usize;
        if let Some(&form) = words.forms.get(number) {
            return form;
        }
        let form = self.add(language, word);
        self.languages[language.index()].forms.push(form);
        form
    }

    fn add(&mut self, language: Language, word: &str) -> u32 {
        let text = fold(word);
        let form = self.forms.number(&text);
        if (form as usize) < self.places.len() {
            return form;
        }
        let stem = fold(&self.stems.stem(language, word));
        // A group is in one file, with all words between its own: `die` and `dying` would hold much of the letter D together.
        let begins = |text: &str| text.chars().take(BEGINNING).collect::<String>();
        let group = self.groups.number(if begins(&stem) == begins(&text) { &stem } else { &text });
        if self.first.len() <= group as usize {
            self.first.push(NONE);
        }
        self.places.push((group, std::mem::replace(&mut self.first[group as usize], form)));
        form
    }

    /// How many forms there are.
    pub fn n_forms(&self) -> usize {
        self.places.len()
    }

    /// How many groups there are.
    pub fn n_groups(&self) -> usize {
        self.first.len()
    }

    /// The group of a form.
    #[inline]
    pub fn group(&self, form: u32) -> u32 {
        self.places[form as usize].0
    }

    /// A form as the index writes it.
    pub fn text(&self, form: u32) -> &str {
        self.forms.get(form)
    }

    /// The forms of a group.
    pub fn forms(&self, group: u32) -> impl Iterator<Item = u32> {
        let some = |form: u32| (form != NONE).then_some(form);
        std::iter::successors(some(self.first[group as usize]), move |&form| some(self.places[form as usize].1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_stem_are_a_group() {
        let mut vocabulary = Vocabulary::default();
        let english = vocabulary.language("en-GB");
        let german = vocabulary.language("de");
        let forms: Vec<u32> =
            ["team", "teams", "café", "cafe", "team"].iter().map(|word| vocabulary.form(english, word)).collect();
        assert_eq!(forms, [0, 1, 2, 2, 0]);
        assert_eq!(vocabulary.form(german, "teams"), 1, "as the index writes it, a word has one form");
        assert_eq!((vocabulary.group(0), vocabulary.group(1), vocabulary.group(2)), (0, 0, 1));
        assert_eq!(vocabulary.forms(0).map(|form| vocabulary.text(form)).collect::<Vec<_>>(), ["teams", "team"]);
        assert_eq!((vocabulary.find(english, "teams"), vocabulary.find(german, "cafe")), (Some(1), None));
        let (die, dying) = (vocabulary.form(english, "die"), vocabulary.form(english, "dying"));
        assert_ne!(vocabulary.group(die), vocabulary.group(dying), "too far from each other");
        assert_eq!((vocabulary.n_languages(), vocabulary.n_forms(), vocabulary.n_groups()), (2, 5, 4));
    }
}
