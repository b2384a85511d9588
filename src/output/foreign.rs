//! Keeps what we did not make through a swap of the whole folder.
//!
//! Foreign files are hard-linked into the new folder before the swap, so they are there at every moment. Whatever
//! changed in the old folder meanwhile is brought over after the swap, before anything of it is deleted.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

use crate::output::manifest::Manifest;
use crate::output::survey::{Kind, survey};

/// Puts the foreign things of `dir` at the same places below `new`.
///
/// Files are never copied for this: a copy would lose its owner and attributes, and would not see a program that is
/// just writing to the original. Where linking is refused, or a folder is another's, the caller must leave all where
/// it is.
pub fn carry(dir: &Path, new: &Path, foreign: &BTreeMap<PathBuf, Kind>) -> io::Result<()> {
    for (path, kind) in foreign {
        let folder = if *kind == Kind::Folder { Some(path.as_path()) } else { path.parent() };
        fs::create_dir_all(new.join(folder.unwrap_or(Path::new(""))))?;
        if *kind == Kind::Folder && !has_same_owner(&dir.join(path), &new.join(path))? {
            return Err(ErrorKind::PermissionDenied.into());
        }
    }
    foreign.par_iter().try_for_each(|(path, kind)| match kind {
        Kind::Folder => Ok(()),
        Kind::File => fs::hard_link(dir.join(path), new.join(path)),
        Kind::Other => link_other(&dir.join(path), &new.join(path)),
    })
}

/// Gives `new` and its foreign folders the modes that they have in `dir`. Done last, as a mode may forbid to write.
pub fn carry_modes(dir: &Path, new: &Path, foreign: &BTreeMap<PathBuf, Kind>) -> Result<()> {
    let folders = foreign.iter().filter(|(_, kind)| **kind == Kind::Folder).map(|(path, _)| path.as_path());
    // The inner ones first, for the same reason.
    for folder in folders.rev().chain([Path::new("")]) {
        let (old, new) = (dir.join(folder), new.join(folder));
        let setting = || format!("set the mode of `{}`", new.display());
        let mode = match fs::metadata(&old) {
            Ok(data) => data.permissions(),
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(setting),
        };
        if fs::metadata(&new).with_context(setting)?.permissions() != mode {
            fs::set_permissions(&new, mode).with_context(setting)?;
        }
    }
    Ok(())
}

/// Moves foreign things from `left`, which was the output folder and is to be deleted, to `dir`, which is it now,
/// unless they are there already. Of two versions the newer one stays.
pub fn bring_back(left: &Path, dir: &Path) -> Result<()> {
    let ours = Manifest::read(dir)?.unwrap_or_default();
    for (path, kind) in survey(left)?.foreign {
        let (from, to) = (left.join(&path), dir.join(&path));
        let moving = || format!("move `{}` to `{}`", from.display(), to.display());
        let is_ours = path.to_str().is_some_and(|path| ours.paths.contains(path));
        match fs::symlink_metadata(&to) {
            Err(error) if error.kind() == ErrorKind::NotFound => match kind {
                Kind::Folder => fs::create_dir_all(&to).with_context(moving)?,
                _ => {
                    fs::create_dir_all(to.parent().unwrap_or(dir)).with_context(moving)?;
                    fs::rename(&from, &to).with_context(moving)?;
                }
            },
            Err(error) => return Err(error).with_context(moving),
            Ok(there) if there.is_dir() && kind == Kind::Folder => {}
            Ok(there) if there.is_dir() || kind == Kind::Folder || is_ours => bail!(
                "`{}` came into the output folder while it was being replaced, where the site needs its place; \
                 it is kept as `{}`: move it away from there, then build again",
                to.display(),
                from.display()
            ),
            Ok(there) => {
                let here = fs::symlink_metadata(&from).with_context(moving)?;
                if !is_same_file(&here, &there) && here.modified().ok() > there.modified().ok() {
                    fs::rename(&from, &to).with_context(moving)?;
                }
            }
        }
    }
    Ok(())
}

#[cfg(unix)]
fn link_other(from: &Path, to: &Path) -> io::Result<()> {
    if fs::symlink_metadata(from)?.is_symlink() {
        // Not every system can hard-link a symbolic link.
        return std::os::unix::fs::symlink(fs::read_link(from)?, to);
    }
    fs::hard_link(from, to)
}

#[cfg(not(unix))]
fn link_other(from: &Path, to: &Path) -> io::Result<()> {
    fs::hard_link(from, to)
}

#[cfg(unix)]
fn has_same_owner(one: &Path, other: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let (one, other) = (fs::metadata(one)?, fs::metadata(other)?);
    Ok((one.uid(), one.gid()) == (other.uid(), other.gid()))
}

#[cfg(not(unix))]
fn has_same_owner(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(true)
}

#[cfg(unix)]
fn is_same_file(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same_file(one: &Metadata, other: &Metadata) -> bool {
    one.len() == other.len() && one.modified().ok() == other.modified().ok()
}
