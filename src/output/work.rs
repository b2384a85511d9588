//! The hidden folder that a publish works in, the lock in it, and the recovery of what a killed one left there.
//!
//! For `site/public` it is `site/.public.handbook`: on the same file system, so that renaming works, and outside of
//! the folder, so that the folder can be swapped as a whole. It is gone when a publish ends. In it are
//!
//! - `lock`, held as long as we work;
//! - `new`, being built: worthless when its builder is dead;
//! - `swap`, the complete new folder, and after the swap the complete old one;
//! - `old`, the old folder in the moment between two renames, where folders cannot be exchanged;
//! - `trash`, the old folder, being deleted.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use rayon::prelude::*;

use crate::output::foreign;
use crate::output::lock::Lock;
use crate::output::path::WORK_NAME;

/// How the new site gets into its place, the strongest promise first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// The new folder and the old one change names in one step.
    Exchange,
    /// The old folder is renamed away and the new one into its place.
    TwoRenames,
    /// Each file is replaced in one step, the folder stays.
    InPlace,
}

impl Way {
    /// The strongest that this system knows. Whether a file system does is found out by trying.
    pub const STRONGEST: Way = if cfg!(any(target_os = "linux", target_os = "android", target_vendor = "apple")) {
        Way::Exchange
    } else {
        Way::TwoRenames
    };
}

/// The work folder, ours alone until this is dropped.
#[derive(Debug)]
pub struct Work {
    /// The strongest way that this output folder allows.
    pub way: Way,
    root: PathBuf,
    // After `root` is cleaned, by `Drop`.
    _lock: Lock,
}

impl Work {
    /// Locks the output folder `dir`, and finishes or undoes what a killed publish left.
    pub fn open(dir: &Path, strongest: Way, wait: Duration) -> Result<Work> {
        if strongest != Way::InPlace
            && let Some(work) = Work::beside(dir, strongest, wait)?
        {
            return Ok(work);
        }
        fs::create_dir_all(dir).with_context(|| format!("create the folder `{}`", dir.display()))?;
        let root = dir.join(WORK_NAME);
        let lock = Lock::take(&root, wait).with_context(|| format!("write to the folder `{}`", dir.display()))?;
        let work = Work { way: Way::InPlace, root, _lock: lock.with_context(|| busy(dir))? };
        work.clear()?;
        Ok(work)
    }

    /// The work folder beside `dir`, or `None` when `dir` cannot be swapped.
    fn beside(dir: &Path, strongest: Way, wait: Duration) -> Result<Option<Work>> {
        let Some(name) = dir.file_name() else { return Ok(None) };
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(".handbook");
        let root = dir.with_file_name(hidden);
        // Any error means that the folder around is not ours to write to, so `dir` cannot be renamed.
        let Ok(lock) = Lock::take(&root, wait) else { return Ok(None) };
        let work = Work { way: strongest, root, _lock: lock.with_context(|| busy(dir))? };
        work.recover(dir)?;
        if dir.join(WORK_NAME).exists() {
            // Left by a publish when `dir` could not be swapped; opening cleans it.
            drop(Work::open(dir, Way::InPlace, wait)?);
        }
        let can_swap = work.can_swap(dir).with_context(|| format!("write to `{}`", work.root.display()))?;
        Ok(can_swap.then_some(work))
    }

    /// The place of the site that is being built.
    pub fn new_site(&self) -> PathBuf {
        self.root.join("new")
    }

    /// Moves the complete new site from `new_site` into its place, and deletes the old one.
    pub fn swap(&self, dir: &Path) -> Result<()> {
        let swap = self.root.join("swap");
        rename(&self.new_site(), &swap)?;
        if !exists(dir) {
            return rename(&swap, dir);
        }
        if self.way != Way::Exchange || exchange(&swap, dir).is_err() {
            let old = self.root.join("old");
            rename(dir, &old)?;
            if let Err(error) = rename(&swap, dir) {
                // The next publish tries again if this fails too.
                let _ = fs::rename(&old, dir);
                return Err(error);
            }
            rename(&old, &swap)?;
        }
        self.retire(&swap, dir)
    }

    /// Deletes `left`, which was the output folder, after everything foreign in it is safe in `dir`.
    fn retire(&self, left: &Path, dir: &Path) -> Result<()> {
        foreign::bring_back(left, dir)?;
        let trash = self.root.join("trash");
        rename(left, &trash)?;
        // The site is in place: what cannot be deleted now is tried again by the next publish.
        let _ = remove_all(&trash);
        Ok(())
    }

    fn recover(&self, dir: &Path) -> Result<()> {
        self.clear()?;
        let (old, swap) = (self.root.join("old"), self.root.join("swap"));
        for left in [&old, &swap] {
            if !exists(dir) && exists(left) {
                rename(left, dir)?;
            }
        }
        for left in [&old, &swap] {
            if exists(left) {
                self.retire(left, dir)?;
            }
        }
        Ok(())
    }

    /// Deletes what is of no use to anyone.
    fn clear(&self) -> Result<()> {
        for name in ["new", "trash"] {
            let folder = self.root.join(name);
            remove_all(&folder).with_context(|| format!("remove `{}`", folder.display()))?;
        }
        Ok(())
    }

    /// Whether `dir` could change places with a folder in here.
    ///
    /// Asked before anything is written: it is not so for mount points, in folders that are not ours, and on some
    /// layered file systems. A folder of another owner is not swapped either, as the new one would be ours.
    #[cfg(unix)]
    fn can_swap(&self, dir: &Path) -> io::Result<bool> {
        use std::os::unix::fs::MetadataExt;
        let Ok(data) = fs::metadata(dir) else { return Ok(true) };
        let probe = self.new_site();
        fs::create_dir(&probe)?;
        fs::write(probe.join("full"), "")?;
        let ours = fs::metadata(&probe)?;
        // A folder never replaces one with files in it, so this fails; what matters is whether only for that reason.
        let refused = fs::rename(dir, &probe);
        let is_movable = match &refused {
            Ok(()) => {
                fs::rename(&probe, dir)?;
                false
            }
            Err(error) => matches!(error.kind(), ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists),
        };
        remove_all(&probe)?;
        Ok(is_movable && (data.uid(), data.gid()) == (ours.uid(), ours.gid()))
    }

    #[cfg(not(unix))]
    fn can_swap(&self, _: &Path) -> io::Result<bool> {
        Ok(true)
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let _ = self.clear();
    }
}

fn busy(dir: &Path) -> String {
    format!(
        "another handbook is writing to `{}`; wait for it to end, or write to another folder with -o",
        dir.display()
    )
}

fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

pub(super) fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).with_context(|| format!("rename `{}` to `{}`", from.display(), to.display()))
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// Deletes a folder and all in it, if it is there.
fn remove_all(folder: &Path) -> io::Result<()> {
    match remove_in_parallel(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            make_writable(folder)?;
            remove_in_parallel(folder)
        }
        removed => removed,
    }
}

/// Half of the time of a publish in which much changes goes into this, so it is worth all cores.
fn remove_in_parallel(folder: &Path) -> io::Result<()> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders.push(entry.path());
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    folders.par_iter().try_for_each(|folder| remove_in_parallel(folder))?;
    fs::remove_dir(folder)
}

/// Lets us delete what is in `folder` and below, whatever modes the folders have.
fn make_writable(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            make_writable(&entry.path())?;
        }
    }
    Ok(())
}
