//! What there is of each word: on how many pages, where, and the order of all words.
//!
//! Going through the words of all pages takes longest of what is done for the site as a whole. So when a page is replaced
//! by another, what is known of the others stays, and only the words of these two are looked at.

use std::sync::Arc;

use crate::search::analysis::PageWords;
use crate::search::index::Indexed;
use crate::search::vocabulary::Vocabulary;

/// So many pages may have been replaced before all words are listed anew.
const MOST_REPLACED: usize = 32;

/// Stands for a form that is not known yet.
pub const UNKNOWN: u32 = u32::MAX;

/// The words of all pages.
#[derive(Clone, Default)]
pub struct Inventory {
    vocabulary: Arc<Vocabulary>,
    /// By form: how many words of pages have it.
    n_words: Vec<u32>,
    /// By group: at least the number of passages that hold one of its words.
    n_postings: Vec<u32>,
    /// All groups that are there, by their first forms.
    pub order: Vec<u32>,
    sources: Arc<Sources>,
    /// Pages that are others now than `sources` says, rising.
    replaced: Vec<u32>,
}

/// Where the words of each group stand.
#[derive(Default)]
struct Sources {
    /// The first passage of each page.
    first: Vec<u32>,
    /// Where the postings of each group end.
    ends: Vec<u32>,
    /// Page by page; in a page those of one word behind those of the other.
    postings: Vec<u32>,
}

/// Where a group's words stand.
#[derive(Debug, Default)]
pub struct Postings {
    /// The passages, rising.
    pub passages: Vec<u32>,
    /// The places in each of them.
    pub masks: Vec<u8>,
    all: Vec<u32>,
}

impl Inventory {
    /// Whether all words are of one language, and these languages are the same one.
    pub fn is_only_of<'l>(&self, mut languages: impl Iterator<Item = &'l str>) -> bool {
        self.vocabulary.n_languages() == 1
            && languages.all(|language| self.vocabulary.known_language(language).is_some())
    }

    /// The form of each word of a page. `forms` are those that are known already, or [`UNKNOWN`].
    pub fn forms(&mut self, words: &PageWords, language: &str, mut forms: Vec<u32>) -> Vec<u32> {
        let unknown = |forms: &[u32]| (0..forms.len()).filter(|&word| forms[word] == UNKNOWN).collect::<Vec<usize>>();
        // Copied only when there is something new, as it is large.
        if Arc::get_mut(&mut self.vocabulary).is_none()
            && let Some(language) = self.vocabulary.known_language(language)
        {
            for word in unknown(&forms) {
                forms[word] = self.vocabulary.find(language, words.word(word)).unwrap_or(UNKNOWN);
            }
        }
        let unknown = unknown(&forms);
        if !unknown.is_empty() || self.vocabulary.known_language(language).is_none() {
            let vocabulary = Arc::make_mut(&mut self.vocabulary);
            let language = vocabulary.language(language);
            for word in unknown {
                forms[word] = vocabulary.form(language, words.word(word));
            }
        }
        forms
    }

    /// Goes through all pages; `first` are their first passages.
    pub fn list(&mut self, pages: &[Arc<Indexed>], first: &[u32]) {
        self.n_words.clear();
        self.n_postings.clear();
        self.grow();
        pages.iter().for_each(|page| self.count(page, u32::wrapping_add));
        self.order = self.sorted();
        self.sources = Arc::new(Sources::new(&self.vocabulary, &self.n_postings, pages, first));
        self.replaced.clear();
    }

    /// Replaces pages. `false` when that is too much of a change, and all pages have to be listed.
    pub fn replace(&mut self, before: &[Arc<Indexed>], pages: &[Arc<Indexed>]) -> bool {
        if before.len() != pages.len() || self.sources.ends.is_empty() {
            return false;
        }
        let changed = (0..pages.len()).filter(|&page| !Arc::ptr_eq(&pages[page], &before[page]));
        let changed: Vec<usize> = changed.take(MOST_REPLACED + 1).collect();
        self.replaced.extend(changed.iter().map(|&page| page as u32));
        self.replaced.sort_unstable();
        self.replaced.dedup();
        if self.replaced.len() > MOST_REPLACED {
            return false;
        }
        self.grow();
        let both = || changed.iter().flat_map(|&page| [&before[page], &pages[page]]);
        let forms = || both().flat_map(|page| page.words()).map(|(_, form)| form);
        let was_there: Vec<bool> = forms().map(|form| self.n_words[form as usize] > 0).collect();
        for &page in &changed {
            self.count(&pages[page], u32::wrapping_add);
            self.count(&before[page], u32::wrapping_sub);
        }
        // Groups that have got or lost a form stand elsewhere now.
        let moved = forms().zip(was_there).filter(|(form, was_there)| *was_there != (self.n_words[*form as usize] > 0));
        let mut moved: Vec<u32> = moved.map(|(form, _)| self.vocabulary.group(form)).collect();
        moved.sort_unstable();
        moved.dedup();
        if !moved.is_empty() {
            self.order.retain(|group| moved.binary_search(group).is_err());
        }
        for group in moved {
            let first = self.first(group);
            if !first.is_empty() {
                let place = self.order.partition_point(|other| self.first(*other) < first);
                self.order.insert(place, group);
            }
        }
        true
    }

    /// Makes room for all words.
    fn grow(&mut self) {
        self.n_words.resize(self.vocabulary.n_forms(), 0);
        self.n_postings.resize(self.vocabulary.n_groups(), 0);
    }

    fn count(&mut self, page: &Indexed, with: fn(u32, u32) -> u32) {
        for (word, form) in page.words() {
            let words = &mut self.n_words[form as usize];
            *words = with(*words, 1);
            let postings = &mut self.n_postings[self.vocabulary.group(form) as usize];
            *postings = with(*postings, page.words.postings(word).len() as u32);
        }
    }

    /// All groups that are there, by their first forms.
    fn sorted(&self) -> Vec<u32> {
        // Most differ in their first letters, which are quicker to compare as a number.
        let key = |text: &str| {
            let mut bytes = [0; 8];
            let n = text.len().min(8);
            bytes[..n].copy_from_slice(&text.as_bytes()[..n]);
            u64::from_be_bytes(bytes)
        };
        let groups = (0..self.vocabulary.n_groups() as u32).map(|group| (self.first(group), group));
        let mut groups: Vec<(u64, &str, u32)> =
            groups.filter(|(first, _)| !first.is_empty()).map(|(first, group)| (key(first), first, group)).collect();
        groups.sort_unstable();
        groups.into_iter().map(|(_, _, group)| group).collect()
    }

    /// The forms of a group that are there.
    pub fn forms_of(&self, group: u32) -> impl Iterator<Item = &str> {
        let is_there = |form: &u32| self.n_words[*form as usize] > 0;
        self.vocabulary.forms(group).filter(is_there).map(|form| self.vocabulary.text(form))
    }

    /// The first form of a group in the order of the alphabet; empty when no form is there.
    pub fn first(&self, group: u32) -> &str {
        self.forms_of(group).min().unwrap_or_default()
    }

    /// At least the number of passages that hold a word of a group.
    pub fn n_postings(&self, group: u32) -> u32 {
        self.n_postings[group as usize]
    }

    /// Where a group's words stand on pages whose first passages are these: passages in rising order, each with its mask.
    pub fn postings(&self, group: u32, pages: &[Arc<Indexed>], first: &[u32], out: &mut Postings) {
        let all = &mut out.all;
        all.clear();
        let listed = self.sources.of(group);
        if self.replaced.is_empty() {
            all.extend(listed);
        } else {
            // Pages after a replaced one may have moved.
            let before = &self.sources.first;
            for posting in listed {
                let page = before.partition_point(|first| *first <= posting >> 4) - 1;
                if self.replaced.binary_search(&(page as u32)).is_err() {
                    all.push(posting - (before[page] << 4) + (first[page] << 4));
                }
            }
        }
        for &page in &self.replaced {
            let (page, first) = (&pages[page as usize], first[page as usize]);
            for (word, _) in page.words().filter(|(_, form)| self.vocabulary.group(*form) == group) {
                all.extend(page.words.postings(word).iter().map(|posting| posting.on_site(first)));
            }
        }
        if !all.is_sorted() {
            all.sort_unstable();
        }
        out.passages.clear();
        out.masks.clear();
        for posting in all {
            let (passage, mask) = (*posting >> 4, (*posting & 15) as u8);
            match (out.passages.last(), out.masks.last_mut()) {
                (Some(&last), Some(last_mask)) if last == passage => *last_mask |= mask,
                _ => {
                    out.passages.push(passage);
                    out.masks.push(mask);
                }
            }
        }
    }
}

impl Sources {
    fn new(vocabulary: &Vocabulary, n_postings: &[u32], pages: &[Arc<Indexed>], first: &[u32]) -> Sources {
        let mut next: Vec<u32> = Vec::with_capacity(n_postings.len());
        let mut n = 0;
        for n_own in n_postings {
            next.push(n);
            n += n_own;
        }
        let mut postings = vec![0; n as usize];
        for (page, &first) in pages.iter().zip(first) {
            for (word, form) in page.words() {
                let next = &mut next[vocabulary.group(form) as usize];
                let own = page.words.postings(word);
                let places = &mut postings[*next as usize..*next as usize + own.len()];
                places.iter_mut().zip(own).for_each(|(place, posting)| *place = posting.on_site(first));
                *next += own.len() as u32;
            }
        }
        // Each group's postings end now where the next group's begin.
        Sources { first: first.to_vec(), ends: next, postings }
    }

    fn of(&self, group: u32) -> &[u32] {
        // A group that came later has none here.
        let end_of = |group: u32| self.ends.get(group as usize).map_or(self.postings.len(), |end| *end as usize);
        &self.postings[group.checked_sub(1).map_or(0, end_of)..end_of(group)]
    }
}
