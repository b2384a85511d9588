//! Moving files so that the repository knows.

use std::path::Path;

use crate::history::git;

/// Moves a file or folder with `git mv`, which records it. `false`, with nothing moved, where that cannot be: no `git`,
/// no repository, or a file that it does not know.
pub fn moved(folder: &Path, from: &Path, to: &Path) -> bool {
    let arguments = ["mv".as_ref(), "--".as_ref(), from.as_os_str(), to.as_os_str()];
    git(folder, arguments).is_some_and(|output| output.status.success())
}
