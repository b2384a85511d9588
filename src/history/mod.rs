//! What the repository knows about the pages, asked of `git` by its command line. Everything here is optional: without
//! `git`, without a repository, or with a shallow clone there is less to tell, and never something wrong.
//!
//! [`moves`] alone changes something, with `git mv`. Commits and pushes are the room `publish`'s.

pub mod dates;
pub mod moves;
pub mod renames;

use std::ffi::OsStr;
use std::path::Path;
use std::process::Output;

/// Runs `git` in a folder. `None` when there is no `git`.
fn git<I: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = I>) -> Option<Output> {
    crate::git::command(folder, arguments).output().ok()
}

/// What `git` says when all went well.
fn said<I: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = I>) -> Option<String> {
    let output = git(folder, arguments)?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
