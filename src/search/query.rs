//! What a reader typed to the words of the index that it may mean.

use std::collections::BTreeSet;

use crate::search::reader::Files;
use crate::search::words::{Token, is_unspaced, tokens};

/// Words of a query beyond this many are not looked at.
const MOST_TOKENS: usize = 32;
/// How many groups a word with a mistake may stand for.
const MOST_GUESSES: usize = 4;

/// A query in the words of the index.
#[derive(Debug, Default)]
pub struct Query {
    /// The words that count, each with what it may mean.
    pub slots: Vec<Slot>,
    /// How many words were typed.
    pub n_tokens: u32,
    /// What was typed, folded, when it is a single word.
    pub single: Option<String>,
    /// The query in the words that were found, when some were not there as typed.
    pub suggestion: Option<String>,
}

/// A word of a query.
#[derive(Debug, Default)]
pub struct Slot {
    /// Its place in the query.
    pub at: u32,
    /// The passages that hold what it may mean, rising.
    pub hits: Vec<Hit>,
    /// How much it tells.
    pub idf: f64,
    /// Whether it says little, such as `how`.
    pub is_stop: bool,
}

/// A passage that holds a word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// The passage.
    pub passage: u32,
    /// The word's places in it.
    pub mask: u8,
    /// How well what stands there fits what was typed.
    pub weight: f64,
}

/// A group that a word may mean: its file, its place there, and how well it fits.
type Meaning = (usize, usize, f64);

/// Reads a query.
pub fn read(files: &Files<'_>, text: &str) -> Query {
    let mut tokens = tokens(text);
    tokens.truncate(MOST_TOKENS);
    let n_tokens = tokens.len() as u32;
    let is_open = !text.ends_with(char::is_whitespace);
    let last = tokens.last().map(|token| token.at);
    let is_stop = |form: &str| files.manifest.stop.iter().any(|stop| stop == form);
    let is_light = |form: &str| is_stop(form) || common_shard(files, form).is_some();
    let params = &files.manifest.params;
    let n_heavy = tokens.iter().filter(|token| !is_light(&token.form)).count();
    let leaves_out = tokens.len() > params.short_query && n_heavy >= params.rare_enough;
    let single = (tokens.len() == 1).then(|| tokens[0].form.clone());
    let mut query = Query { n_tokens, single, ..Query::default() };
    let mut is_corrected = false;
    let mut words: Vec<String> = Vec::new();
    for token in &tokens {
        let common = common_shard(files, &token.form);
        if leaves_out && is_light(&token.form) {
            words.push(token.form.clone());
            continue;
        }
        let (meanings, correction) = match common {
            Some(shard) => (exact(files, shard, &token.form), None),
            None => meanings(files, token, is_open && last == Some(token.at)),
        };
        is_corrected |= correction.is_some();
        words.push(correction.unwrap_or_else(|| token.form.clone()));
        query.slots.push(Slot { is_stop: is_stop(&token.form), ..slot(files, token.at, &meanings) });
    }
    if query.slots.iter().any(|slot| !slot.is_stop) {
        query.slots.iter_mut().filter(|slot| slot.is_stop).for_each(|slot| slot.idf *= params.stop);
    }
    query.suggestion = is_corrected.then(|| words.join(" "));
    query
}

/// What a word may mean, and the word that is there instead of one that is not.
fn meanings(files: &Files<'_>, token: &Token, is_beginning: bool) -> (Vec<Meaning>, Option<String>) {
    let params = &files.manifest.params;
    let Some(own) = own_shard(files, &token.form) else { return (Vec::new(), None) };
    let mut found = exact(files, shard_of(files, &token.form).unwrap_or(own), &token.form);
    let n_chars = token.form.chars().count();
    if is_beginning && (n_chars >= params.prefix_from || token.form.starts_with(is_unspaced)) {
        let known = found.first().copied();
        let beginnings = beginnings(files, own, &token.form).into_iter();
        found.extend(beginnings.filter(|(shard, group, _)| {
            known.is_none_or(|(known_shard, known_group, _)| (known_shard, known_group) != (*shard, *group))
        }));
    }
    if !found.is_empty() {
        return (found, None);
    }
    if n_chars >= params.ending_from {
        found = endings(files, own, &token.form);
    }
    let mut correction = None;
    if n_chars >= params.typo_from {
        let most = if n_chars < params.typo2_from { 1 } else { 2 };
        let guesses;
        (guesses, correction) = typos(files, own, &token.form, if found.is_empty() { most } else { 1 });
        for guess in guesses {
            if !found.iter().any(|known| (known.0, known.1) == (guess.0, guess.1)) {
                found.push(guess);
            }
        }
    }
    (found, correction)
}

/// The file that holds a word, if any does.
fn shard_of(files: &Files<'_>, form: &str) -> Option<usize> {
    let elsewhere = || files.manifest.elsewhere.iter().find(|(word, _)| word == form).map(|(_, shard)| *shard);
    common_shard(files, form).or_else(elsewhere).or_else(|| own_shard(files, form))
}

/// The file that holds a common word.
fn common_shard(files: &Files<'_>, form: &str) -> Option<usize> {
    let common = files.manifest.common.iter().position(|forms| forms.iter().any(|known| known == form));
    common.map(|shard| files.manifest.terms.len() + shard)
}

/// The file in whose range of the alphabet a word falls.
fn own_shard(files: &Files<'_>, form: &str) -> Option<usize> {
    let terms = &files.manifest.terms;
    let after = terms.partition_point(|first| first.as_str() <= form);
    (!terms.is_empty()).then(|| after.saturating_sub(1))
}

fn exact(files: &Files<'_>, shard: usize, form: &str) -> Vec<Meaning> {
    let groups = &files.terms(shard).groups;
    let found = groups.iter().position(|group| group.forms.iter().any(|own| own == form));
    found.map(|group| (shard, group, 1.0)).into_iter().collect()
}

/// The groups of words that begin so.
fn beginnings(files: &Files<'_>, own: usize, form: &str) -> Vec<Meaning> {
    let manifest = &files.manifest;
    let more = manifest.terms.iter().skip(own + 1).take_while(|first| first.starts_with(form)).count();
    let mut found = Vec::new();
    for shard in own..own + (1 + more).min(manifest.params.prefix_shards) {
        for (at, group) in files.terms(shard).groups.iter().enumerate() {
            if group.forms.iter().any(|own| own.starts_with(form)) {
                found.push((shard, at, manifest.params.prefix));
            }
        }
    }
    found.truncate(manifest.params.prefix_groups);
    found
}

/// The groups whose words differ in the last letters alone.
fn endings(files: &Files<'_>, own: usize, form: &str) -> Vec<Meaning> {
    let length = form.chars().count();
    let least = (length - 3).max(4);
    let common = |other: &str| {
        let common = form.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
        (common >= least && other.chars().count() <= common + 3).then_some(common)
    };
    let groups = files.terms(own).groups.iter().enumerate();
    let scored: Vec<(usize, usize)> =
        groups.filter_map(|(at, group)| Some((at, group.forms.iter().filter_map(|own| common(own)).max()?))).collect();
    let best = scored.iter().map(|(_, common)| *common).max();
    let nearest = scored.into_iter().filter(|(_, common)| Some(*common) == best).take(MOST_GUESSES);
    nearest.map(|(group, _)| (own, group, files.manifest.params.ending)).collect()
}

/// The groups of the words that are nearest, and the nearest word.
fn typos(files: &Files<'_>, own: usize, form: &str, most: usize) -> (Vec<Meaning>, Option<String>) {
    let params = &files.manifest.params;
    let letters: Vec<char> = form.chars().collect();
    let own_forms = files.terms(own).groups.iter().flat_map(|group| group.forms.iter().cloned());
    let titles = files.head.pages.iter().flat_map(|page| tokens(&page.title)).map(|token| token.form);
    let titles: BTreeSet<String> = titles.collect();
    let near: Vec<(usize, String)> = own_forms
        .chain(titles)
        .filter_map(|other| Some((distance(&letters, &other.chars().collect::<Vec<char>>(), most)?, other)))
        .collect();
    let Some(least) = near.iter().map(|(distance, _)| *distance).min() else { return (Vec::new(), None) };
    let weight = if least <= 1 { params.typo1 } else { params.typo2 };
    let mut found: Vec<Meaning> = Vec::new();
    let mut correction = None;
    for (_, other) in near.iter().filter(|(distance, _)| *distance == least) {
        for (shard, group, _) in exact(files, shard_of(files, other).unwrap_or(own), other) {
            correction.get_or_insert_with(|| other.clone());
            if found.len() < MOST_GUESSES && !found.iter().any(|known| (known.0, known.1) == (shard, group)) {
                found.push((shard, group, weight));
            }
        }
    }
    (found, correction)
}

/// How many letters are wrong, missing, too many or exchanged with their neighbour. `None` when more than `most`.
fn distance(a: &[char], b: &[char], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        if row.iter().min().is_some_and(|least| *least > most) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    Some(last[b.len()]).filter(|distance| *distance <= most)
}

/// The passages of a slot: where several groups are in one, the one that fits best counts.
fn slot(files: &Files<'_>, at: u32, meanings: &[Meaning]) -> Slot {
    let mut hits: Vec<Hit> = Vec::new();
    for &(shard, group, weight) in meanings {
        let group = &files.terms(shard).groups[group];
        hits.extend(group.passages.iter().zip(&group.masks).map(|(&passage, &mask)| Hit { passage, mask, weight }));
    }
    if meanings.len() > 1 {
        hits.sort_by(|a, b| a.passage.cmp(&b.passage).then(b.weight.total_cmp(&a.weight)));
        hits.dedup_by(|next, kept| {
            let is_same = next.passage == kept.passage;
            if is_same && next.weight == kept.weight {
                kept.mask |= next.mask;
            }
            is_same
        });
    }
    let (n, all) = (hits.len() as f64, f64::from(files.manifest.n_passages));
    Slot { at, hits, idf: (1.0 + (all - n + 0.5) / (n + 0.5)).ln(), is_stop: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swapped_missing_or_wrong_letter_is_one_mistake() {
        let check = |a: &str, b: &str, most| {
            distance(&a.chars().collect::<Vec<char>>(), &b.chars().collect::<Vec<char>>(), most)
        };
        assert_eq!(check("leave", "laeve", 1), Some(1));
        assert_eq!(check("leave", "leav", 1), Some(1));
        assert_eq!(check("leave", "leavee", 1), Some(1));
        assert_eq!(check("leave", "lease", 1), Some(1));
        assert_eq!(check("leave", "lives", 1), None);
        assert_eq!(check("promotion", "pormotino", 2), Some(2));
        assert_eq!(check("", "", 0), Some(0));
    }
}
