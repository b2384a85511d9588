//! All pages from A to Z: what `search.html` shows, and what stands in for a search without a script.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::site::Site;
use crate::site::nav::{NavId, NavTree};

/// The pages whose titles begin with one letter.
#[derive(Debug, Serialize)]
pub struct IndexGroup {
    /// The letter; `#` for digits and signs.
    pub letter: String,
    /// The pages, by title.
    pub pages: Vec<IndexEntry>,
}

/// A page of the list.
#[derive(Debug, Serialize)]
pub struct IndexEntry {
    /// Its title.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// The title of the section that it is in, or empty at the top.
    pub section: String,
}

/// Every page that navigation shows, by the first letter of its title.
pub fn index(site: &Site) -> Vec<IndexGroup> {
    let nav = &site.nav;
    let mut groups: BTreeMap<(bool, String), Vec<(String, NavId)>> = BTreeMap::new();
    for &id in nav.order.iter().filter(|&&id| id != NavTree::ROOT) {
        let node = nav.node(id);
        let letter = letter(&node.title);
        // Signs come after the letters.
        groups.entry((letter == "#", letter)).or_default().push((node.title.to_lowercase(), id));
    }
    groups
        .into_iter()
        .map(|((_, letter), mut pages)| {
            pages.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| nav.node(a.1).url.cmp(&nav.node(b.1).url)));
            IndexGroup { letter, pages: pages.into_iter().map(|(_, id)| entry(site, id)).collect() }
        })
        .collect()
}

fn entry(site: &Site, id: NavId) -> IndexEntry {
    let node = site.nav.node(id);
    let section = node.parent.filter(|&parent| parent != NavTree::ROOT);
    IndexEntry {
        title: node.title.clone(),
        url: site.href(&node.url),
        section: section.map_or_else(String::new, |section| site.nav.node(section).title.clone()),
    }
}

/// The letter under which a title is looked up: accents do not count, and scripts without letters have one group.
fn letter(title: &str) -> String {
    let first = title.chars().find(|c| c.is_alphanumeric()).and_then(|c| c.to_uppercase().next());
    let plain = match first {
        Some('À'..='Å') => 'A',
        Some('Ç') => 'C',
        Some('È'..='Ë') => 'E',
        Some('Ì'..='Ï') => 'I',
        Some('Ñ') => 'N',
        Some('Ò'..='Ö' | 'Ø') => 'O',
        Some('Ù'..='Ü') => 'U',
        Some('Ý') => 'Y',
        // From here on come the scripts of China, Japan and Korea.
        Some('\u{2e80}'..) => return "文".to_string(),
        Some(c) if c.is_alphabetic() => c,
        _ => '#',
    };
    plain.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_found_where_readers_look() {
        let letters = ["people", "Étoile", "“Quoted”", "42 rules", "採用", "—", ""].map(letter);
        assert_eq!(letters, ["P", "E", "Q", "#", "文", "#", "#"]);
    }
}
