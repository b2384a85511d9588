//! The day on which each file was last changed.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use crate::history::said;

/// What the history says of the files below a folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Dates {
    /// Nobody asked.
    #[default]
    Unasked,
    /// There is no repository, or no `git`.
    Unknown,
    /// A part of the history is missing, so that the days would be wrong.
    Shallow,
    /// The day of each file's last change, by its path.
    Known(BTreeMap<String, String>),
}

/// Asks for the days of all files below a folder, in one pass over the history. A file that only changed its name did not
/// change.
pub fn dates(folder: &Path) -> Dates {
    match said(folder, ["rev-parse", "--is-shallow-repository"]).as_deref().map(str::trim) {
        Some("false") => {}
        Some(_) => return Dates::Shallow,
        None => return Dates::Unknown,
    }
    // The author's own day, which is the same in every clone.
    let log = ["log", "--format=%x01%as", "--name-status", "-z", "--find-renames", "--relative"];
    let listed = said(folder, log.into_iter().chain(["--no-show-signature", "--no-ext-diff", "--", "."]));
    listed.map_or(Dates::Unknown, |listed| Dates::Known(parse(&listed)))
}

fn parse(listed: &str) -> BTreeMap<String, String> {
    let mut dates: BTreeMap<String, String> = BTreeMap::new();
    // What a file is called now, by the name that it has at this point of the history.
    let mut now: HashMap<String, String> = HashMap::new();
    let mut day = "";
    let mut words = listed.split('\0').map(|word| word.trim_start_matches('\n'));
    while let Some(word) = words.next() {
        if let Some(date) = word.strip_prefix('\u{1}') {
            day = date.trim();
            continue;
        }
        if word.is_empty() {
            continue;
        }
        let Some(path) = words.next() else { break };
        let (path, is_change) = match word.strip_prefix('R') {
            Some(likeness) => {
                let Some(to) = words.next() else { continue };
                let present = now.remove(to).unwrap_or_else(|| to.to_string());
                now.insert(path.to_string(), present.clone());
                (present, likeness != "100")
            }
            None => (now.get(path).cloned().unwrap_or_else(|| path.to_string()), word != "D"),
        };
        if is_change {
            dates.entry(path).or_insert_with(|| day.to_string());
        }
    }
    dates
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(log: &str, expected: &[(&str, &str)]) {
        let dates = parse(&log.replace('|', "\0").replace('@', "\u{1}"));
        let dates: Vec<(&str, &str)> = dates.iter().map(|(path, day)| (path.as_str(), day.as_str())).collect();
        assert_eq!(dates, expected);
    }

    #[test]
    fn the_last_change_counts_under_every_name() {
        check(
            "@2024-05-05||M|a.md|@2024-04-04||R100|old.md|b.md|@2024-03-03||M|old.md|D|gone.md|@2024-02-02||A|a.md|R080|x.md|old.md|",
            &[("a.md", "2024-05-05"), ("b.md", "2024-03-03")],
        );
    }

    #[test]
    fn a_folder_without_a_repository_has_no_dates() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(dates(folder.path()), Dates::Unknown);
    }
}
