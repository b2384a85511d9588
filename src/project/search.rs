//! `[search]` of `site.toml`: what words mean here, and what is not to be found.

use super::settings::{paths, unknown};
use crate::value::reader::Reader;
use crate::value::{Node, Value};

/// What search is told.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SearchConfig {
    /// Groups of words and phrases that mean the same.
    pub synonyms: Vec<Vec<String>>,
    /// Paths from the site's root; no page below them is found.
    pub exclude: Vec<String>,
}

impl SearchConfig {
    pub(super) fn read(&mut self, reader: &mut Reader, node: &Node) {
        for entry in reader.table("search", node).unwrap_or_default() {
            match entry.key.value.as_str() {
                "synonyms" => self.synonyms.extend(synonyms(reader, &entry.value)),
                "acronyms" => self.synonyms.extend(acronyms(reader, &entry.value)),
                "exclude" => {
                    let paths = paths(reader, "search.exclude", &entry.value);
                    self.exclude = paths.into_iter().map(|path| path.value).collect();
                }
                _ => unknown(reader, "search", entry),
            }
        }
    }
}

fn synonyms(reader: &mut Reader, node: &Node) -> Vec<Vec<String>> {
    let key = "search.synonyms";
    let help = "write a list of lists: `synonyms = [[\"holiday\", \"vacation\", \"time off\"]]`";
    let Value::List(items) = &node.value else {
        reader.wrong(key, node, "a list of lists of words", help);
        return Vec::new();
    };
    let mut groups = Vec::new();
    for item in items {
        if !matches!(item.value, Value::List(_)) {
            reader.wrong(key, item, "a list of lists of words", help);
            continue;
        }
        let before = reader.diagnostics.len();
        let group: Vec<String> = reader.texts(key, item).into_iter().map(|text| text.value).collect();
        if group.len() < 2 && reader.diagnostics.len() == before {
            reader.report(item.span, "a group of synonyms needs at least two words", help);
            continue;
        }
        groups.push(group);
    }
    groups
}

/// Each acronym with what it stands for.
fn acronyms(reader: &mut Reader, node: &Node) -> Vec<Vec<String>> {
    let mut groups = Vec::new();
    for entry in reader.table("search.acronyms", node).unwrap_or_default() {
        let key = format!("search.acronyms.{}", entry.key.value);
        let meanings = reader.texts(&key, &entry.value);
        // What the meanings have in common is the acronym, not each other.
        groups.extend(meanings.into_iter().map(|meaning| vec![entry.key.value.clone(), meaning.value]));
    }
    groups
}
