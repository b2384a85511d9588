//! Front-matter keys that are none of ours and look like one.

use strsim::osa_distance;

use super::fields::{FIELDS, field_of};
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::value::Entry;

/// Keys of other generators that are near to ours and mean something else.
const OTHERS: &[&str] = &["titles", "label", "labels", "version", "versions", "order_by", "data", "rate", "state"];

/// What is wrong with the keys of a page.
pub fn keys(text: &str, entries: &[Entry]) -> Vec<Diagnostic> {
    let unknown = entries.iter().filter(|entry| field_of(&entry.key.value).is_none());
    let report = |entry: &Entry| {
        let key = entry.key.value.as_str();
        let near = near(key)?;
        let message = format!("`{key}` is not a field that we know, so it does nothing");
        let mut problem = Diagnostic::new(Code::FrontMatterKey, message).at(entry.key.span);
        problem = problem.help(format!("did you mean `{near}`?"));
        let meaning = |name: &str| field_of(name).map(|field| field.name);
        let is_taken = entries.iter().any(|other| meaning(&other.key.value) == meaning(near));
        if !is_taken && text.get(entry.key.span.range()) == Some(key) {
            problem = problem.fix(Fix::replace(format!("write `{near}`"), entry.key.span, near));
        }
        Some(problem)
    };
    unknown.filter_map(report).collect()
}

/// The one name of ours that a key was meant to be.
fn near(key: &str) -> Option<&'static str> {
    let plain = |name: &str| name.to_lowercase().replace(['-', '_', ' '], "");
    let wanted = plain(key);
    let length = wanted.chars().count();
    if OTHERS.contains(&key) || length < 4 {
        return None;
    }
    let names = || FIELDS.iter().flat_map(|field| std::iter::once(&field.name).chain(field.synonyms));
    if let Some(same) = names().find(|name| plain(name) == wanted) {
        return Some(same);
    }
    let slips = match length {
        4 => return None,
        5..=7 => 1,
        _ => 2,
    };
    // Two letters that changed places, or one too many or too few; the first is rarely wrong.
    let is_near = |name: &&&str| {
        name.chars().next() == key.to_lowercase().chars().next() && osa_distance(&plain(name), &wanted) <= slips
    };
    let mut near: Vec<&'static str> = names().filter(is_near).copied().collect();
    near.sort_by_key(|name| osa_distance(&plain(name), &wanted));
    near.first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_names_are_told_from_those_of_others() {
        assert_eq!(near("decription"), Some("description"));
        assert_eq!(near("titel"), Some("title"));
        assert_eq!(near("Title"), Some("title"));
        assert_eq!(near("nav-title"), Some("nav_title"));
        assert_eq!(near("aliasses"), Some("aliases"));
        for other in [
            "type",
            "image",
            "author",
            "thumbnail",
            "menu",
            "state",
            "twitter_image",
            "note",
            "rate",
            "tableOfContents",
        ] {
            assert_eq!(near(other), None, "{other}");
        }
    }
}
