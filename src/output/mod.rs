//! The only room that writes files: brings a folder from one site to the next. Files of the author's that are there are
//! changed by [`rewrite`] alone. Beside it, `cache` keeps a folder of its own, and `git` moves files for `history` and
//! commits for `publish`.
//!
//! What is promised, and tested by killing it:
//!
//! - **The whole old site or the whole new one.** The new site is built in a hidden folder beside the old one, with
//!   unchanged files linked from there, and the two folders change names in one step. Where a file system cannot
//!   exchange folders, two renames do it, and a publish killed between them is finished by the next one. A single
//!   changed file is renamed into its place; when nothing changed, nothing is touched.
//! - **Only what we made.** A list in the folder names our files. A folder with contents and without a list is
//!   refused, a foreign file in the place of one of ours is an error, and every other foreign file stays.
//!
//! The promise is weaker where the output folder itself cannot be renamed: a mount point, a parent that is not ours to
//! write to, another owner, foreign files that cannot be hard-linked. There each file is replaced in one step, in an
//! order that never shows a page without what it needs, and a kill can leave some files new and some old until the
//! next publish. Two more things to know about the swap: whoever holds the old folder open (a bind mount of it into a
//! container, a shell inside of it) keeps seeing the old one, so mount its parent; and only the mode of the folder is
//! carried over, not its extended attributes.
//!
//! Files are not flushed to the disk before the swap: it takes as long as the publish itself, and far longer when other
//! programs have much to write. A loss of power, which a kill is not, can therefore leave files without contents. The
//! next publish mends that, as it compares bytes and trusts nothing else; if the list itself is damaged, it says so.

mod content;
mod disk;
mod edition;
mod foreign;
mod lock;
mod manifest;
mod path;
mod plan;
pub mod rewrite;
mod stage;
mod survey;
mod work;

#[cfg(test)]
mod tests;

use std::fs;
use std::io::ErrorKind;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

pub use crate::output::content::Content;
pub use crate::output::edition::Edition;
pub use crate::output::path::{BadPath, MANIFEST_NAME, OutputPath};
use crate::output::work::Way;

/// How long another publish into the same folder may take before we give up.
const WAIT: Duration = Duration::from_secs(5);

/// One file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Where it goes.
    pub path: OutputPath,
    /// What is in it.
    pub content: Content,
}

/// What a publish did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// Files that are new or have other bytes than before.
    pub written: usize,
    /// Files that were left as they are.
    pub unchanged: usize,
    /// Files that are gone.
    pub removed: usize,
    /// The bytes of the files written.
    pub bytes_written: u64,
}

/// Begins to make the folder `dir` hold exactly the files that are put into the edition, and what was in it that is not
/// ours.
pub fn begin(dir: &Path) -> Result<Edition> {
    Edition::begin(dir, Way::STRONGEST, WAIT)
}

/// Makes the folder `dir` hold exactly `outputs`, and what was in it that is not ours.
pub fn publish(dir: &Path, outputs: Vec<Output>) -> Result<Report> {
    publish_by(dir, outputs, Way::STRONGEST, WAIT)
}

/// Makes a new file, with the folders above it. `false`, and nothing is touched, when something is there already.
pub fn create(file: &Path, bytes: &[u8]) -> Result<bool> {
    create_folder_of(file)?;
    let mut open = match fs::OpenOptions::new().write(true).create_new(true).open(file) {
        Ok(open) => open,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
        Err(error) => return Err(error).with_context(|| format!("create `{}`", file.display())),
    };
    open.write_all(bytes).with_context(|| format!("write `{}`", file.display()))?;
    Ok(true)
}

/// Writes a file that a person named, with the folders above it, over what is there.
pub fn put(file: &Path, bytes: &[u8]) -> Result<()> {
    create_folder_of(file)?;
    fs::write(file, bytes).with_context(|| format!("write `{}`", file.display()))
}

/// Adds to the end of a file, which is made when it is not there.
pub fn append(file: &Path, bytes: &[u8]) -> Result<()> {
    let mut open = fs::OpenOptions::new().create(true).append(true).open(file);
    let written = open.as_mut().map_err(|error| std::io::Error::new(error.kind(), error.to_string()));
    written.and_then(|open| open.write_all(bytes)).with_context(|| format!("write `{}`", file.display()))
}

/// An empty folder for work that nobody shall see, gone when the value is dropped.
pub fn temporary(name: &str) -> Result<tempfile::TempDir> {
    tempfile::Builder::new().prefix(&format!("{name}-")).tempdir().context("make a temporary folder")
}

fn create_folder_of(file: &Path) -> Result<()> {
    let Some(folder) = file.parent() else { return Ok(()) };
    fs::create_dir_all(folder).with_context(|| format!("create the folder `{}`", folder.display()))
}

fn publish_by(dir: &Path, outputs: Vec<Output>, strongest: Way, wait: Duration) -> Result<Report> {
    let edition = Edition::begin(dir, strongest, wait)?;
    outputs.into_par_iter().for_each(|output| edition.put(output));
    edition.finish()
}

/// The folder that `dir` means: with a name of its own, and not a symbolic link, so that it can be renamed. With it come
/// those of it and the folders above that are not there, the inner ones first.
fn real_folder(dir: &Path) -> Result<(PathBuf, Vec<PathBuf>)> {
    // Without a `/` at the end, with which a link would look like the folder behind it.
    let mut dir: PathBuf = if dir == Path::new("") { ".".into() } else { dir.components().collect() };
    let finding = |dir: &Path| format!("find the output folder `{}`", dir.display());
    let is_there = match fs::symlink_metadata(&dir) {
        Ok(data) => {
            if data.is_symlink() || dir.file_name().is_none() {
                dir = fs::canonicalize(&dir).with_context(|| finding(&dir))?;
            }
            true
        }
        Err(error) if error.kind() == ErrorKind::NotFound => false,
        Err(error) => return Err(error).with_context(|| finding(&dir)),
    };
    if is_there && !dir.is_dir() {
        bail!("the output folder `{}` is a file; remove it, or write to another folder with -o", dir.display());
    }
    let is_missing = |folder: &&Path| *folder != Path::new("") && !folder.exists();
    let missing = dir.ancestors().take_while(is_missing).map(Path::to_path_buf).collect();
    Ok((dir, missing))
}
