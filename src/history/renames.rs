//! Which files were renamed.

use std::collections::BTreeMap;
use std::path::Path;

use crate::history::said;

/// More history than this is not looked at: it takes seconds, and the latest tells most.
const MOST_COMMITS: &str = "--max-count=20000";

/// Former names of files below a folder, each with the next one, as far as the history goes. Empty without a repository.
pub fn renames(folder: &Path) -> BTreeMap<String, String> {
    let kind = ["--diff-filter=R", "--find-renames", "--name-status", "-z", "--relative", "--no-ext-diff"];
    let uncommitted = said(folder, ["diff"].into_iter().chain(kind).chain(["HEAD"]));
    let committed = said(folder, ["log", "--format=", MOST_COMMITS, "--no-show-signature"].into_iter().chain(kind));
    let mut renames = BTreeMap::new();
    // The latest come first, and count.
    for listed in uncommitted.into_iter().chain(committed) {
        let mut words = listed.split('\0').map(|word| word.trim_start_matches('\n'));
        while let Some(status) = words.next() {
            if status.starts_with('R')
                && let (Some(from), Some(to)) = (words.next(), words.next())
            {
                renames.entry(from.to_string()).or_insert(to.to_string());
            }
        }
    }
    renames
}
