//! Brings a plan about: as a whole new folder that is swapped in, or file by file.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

use crate::output::Content;
use crate::output::disk::fill;
use crate::output::foreign;
use crate::output::manifest::Manifest;
use crate::output::path::{MANIFEST_NAME, OutputPath};
use crate::output::plan::{Plan, make_folders};
use crate::output::work::{Work, rename};

/// Completes the new site beside the old one and changes their places.
///
/// Until the swap nothing in `dir` is touched. Files that stay are the same files in both folders.
pub fn replace_whole(dir: &Path, work: &Work, plan: Plan) -> Result<()> {
    let new = work.new_site();
    if foreign::carry(dir, &new, &plan.foreign).is_err() {
        // What was carried goes away with the work folder.
        return replace_each(dir, work, plan);
    }
    write_manifest(&new, &plan.after)?;
    make_folders(&new, plan.folders_to_keep())?;
    plan.keep.par_iter().try_for_each(|path| keep(&dir.join(path.as_path()), &new.join(path.as_path())))?;
    foreign::carry_modes(dir, &new, &plan.foreign)?;
    work.swap(dir)
}

/// Replaces file by file.
///
/// Everything is written beside its place already, so that a full disk is met before anything has changed. A kill
/// between the renames leaves some files new and some old, but none half-written, and no page without what it needs:
/// new files come first, then styles and scripts, then the pages that use them, then removals. The list names old
/// and new files meanwhile, so that the next publish knows all of them as ours.
pub fn replace_each(dir: &Path, work: &Work, plan: Plan) -> Result<()> {
    let new = work.new_site();
    let early: BTreeSet<OutputPath> = plan.in_the_way().into_iter().cloned().collect();
    let mut order: Vec<(bool, bool, OutputPath)> = plan
        .write
        .iter()
        .map(|write| (write.replaces, write.path.as_str().ends_with(".html"), write.path.clone()))
        .collect();
    order.sort_unstable();
    refuse_other_case(dir, &plan, &early)?;
    let is_listed = plan.before.is_some();
    let before = plan.before.unwrap_or_default();
    let both = Manifest { paths: before.paths.union(&plan.after.paths).cloned().collect() };

    if both != before || !is_listed {
        place_manifest(dir, &new, &both)?;
    }
    remove(dir, &early)?;
    if !early.is_empty() {
        remove_empty(dir, &before, &plan.after);
    }
    let wanted: BTreeSet<&str> = order.iter().flat_map(|(_, _, path)| path.folders()).collect();
    make_folders(dir, wanted)?;
    for (_, _, path) in &order {
        rename(&new.join(path.as_path()), &dir.join(path.as_path()))?;
    }
    remove(dir, plan.remove.iter().filter(|path| !early.contains(*path)))?;
    remove_empty(dir, &before, &plan.after);
    if both != plan.after {
        place_manifest(dir, &new, &plan.after)?;
    }
    Ok(())
}

/// Gives an unchanged file its place in the new folder.
fn keep(old: &Path, new: &Path) -> Result<()> {
    if fs::hard_link(old, new).is_ok() {
        return Ok(());
    }
    // This file system has no hard links; at least its time stays.
    Content::File(old.to_path_buf()).write(new)?;
    let time = fs::metadata(old).and_then(|data| data.modified());
    let stamped = time.and_then(|time| fs::File::options().write(true).open(new)?.set_modified(time));
    stamped.with_context(|| format!("copy the time of `{}`", old.display()))
}

/// Writes the list and waits until it is on the disk: of all files this is the one that the next build cannot do without
/// after a power failure. What is missing or cut off of the others it sees and writes again.
fn write_manifest(root: &Path, manifest: &Manifest) -> Result<()> {
    let file = root.join(MANIFEST_NAME);
    let written = File::create(&file).and_then(|open| fill(open, manifest.text().as_bytes()));
    written.with_context(|| format!("write `{}`", file.display()))
}

fn place_manifest(dir: &Path, new: &Path, manifest: &Manifest) -> Result<()> {
    write_manifest(new, manifest)?;
    rename(&new.join(MANIFEST_NAME), &dir.join(MANIFEST_NAME))
}

/// Where names that differ only by case are one file, a new file could replace one that was looked up under another
/// name. A whole new folder cannot run into that, as nothing in it is ever replaced.
fn refuse_other_case(dir: &Path, plan: &Plan, early: &BTreeSet<OutputPath>) -> Result<()> {
    let leaving: BTreeSet<String> = early.iter().map(|path| path.as_str().to_lowercase()).collect();
    for write in plan.write.iter().filter(|write| !write.replaces) {
        let file = dir.join(write.path.as_path());
        let is_there = fs::symlink_metadata(&file).is_ok_and(|data| !data.is_dir());
        if is_there && !leaving.contains(&write.path.as_str().to_lowercase()) {
            bail!(
                "`{}` is in the way: it is there under a name with other case, and the site needs its place; \
                 move it away, or write to another folder with -o",
                file.display()
            );
        }
    }
    Ok(())
}

fn remove<'a>(dir: &Path, paths: impl IntoIterator<Item = &'a OutputPath>) -> Result<()> {
    for path in paths {
        let file = dir.join(path.as_path());
        match fs::remove_file(&file) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            removed => removed.with_context(|| format!("remove `{}`", file.display()))?,
        }
    }
    Ok(())
}

/// Removes the folders that held files of ours and hold nothing now.
fn remove_empty(dir: &Path, before: &Manifest, after: &Manifest) {
    let wanted = after.folders();
    let mut folders: Vec<_> = before.folders().into_iter().filter(|folder| !wanted.contains(folder)).collect();
    folders.sort_unstable();
    for folder in folders.into_iter().rev() {
        // One with anything in it refuses to go, and that is right.
        let _ = fs::remove_dir(dir.join(folder));
    }
}
