//! What publishing has to do once all files have come: what stays, what is put into its place, what goes. Writes nothing.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::output::edition::Placed;
use crate::output::manifest::{Manifest, folders_of};
use crate::output::path::{OutputPath, folders};
use crate::output::survey::{Kind, Survey};

/// The difference between the site that is there and the one that is wanted.
#[derive(Debug)]
pub struct Plan {
    /// Ours, with the same bytes as before.
    pub keep: Vec<OutputPath>,
    /// New or changed.
    pub write: Vec<Write>,
    /// Ours, there, and no longer wanted.
    pub remove: Vec<OutputPath>,
    /// Not ours; stays whatever happens.
    pub foreign: BTreeMap<PathBuf, Kind>,
    /// The list that is there.
    pub before: Option<Manifest>,
    /// The list that is wanted.
    pub after: Manifest,
}

/// One file that is written, beside its place.
#[derive(Debug)]
pub struct Write {
    /// Where.
    pub path: OutputPath,
    /// Whether a file of ours is there already.
    pub replaces: bool,
}

impl Plan {
    /// Whether the folder is already as wanted.
    pub fn is_done(&self) -> bool {
        self.write.is_empty() && self.before.as_ref() == Some(&self.after)
    }

    /// Whether renaming one file is the whole difference.
    pub fn is_one_rename(&self) -> bool {
        matches!(&self.write[..], [only] if only.replaces) && self.before.as_ref() == Some(&self.after)
    }
}

/// What is to be done so that `dir`, with what was found in it, holds exactly the files that came.
pub fn plan(dir: &Path, found: Survey, files: BTreeMap<OutputPath, Placed>) -> Result<Plan> {
    let Survey { manifest: before, ours, foreign } = found;
    let after = listed(&files)?;
    refuse_foreign_in_the_way(dir, &after, &foreign)?;
    let remove = ours.iter().filter(|path| !after.paths.contains(*path)).cloned().collect();
    let mut plan = Plan { keep: Vec::new(), write: Vec::new(), remove, foreign, before, after };
    for (path, placed) in files {
        match placed {
            Placed::Kept => plan.keep.push(path),
            Placed::Written => plan.write.push(Write { replaces: ours.contains(&path), path }),
        }
    }
    Ok(plan)
}

/// The list of the files that came.
fn listed(files: &BTreeMap<OutputPath, Placed>) -> Result<Manifest> {
    let after = Manifest { paths: files.keys().cloned().collect() };
    if let Some(path) = after.folders().into_iter().filter(|folder| after.paths.contains(*folder)).min() {
        bail!("`{path}` is to be both a file and a folder with files in it");
    }
    Ok(after)
}

/// Nothing that we did not make may stand where a file or folder of ours goes.
fn refuse_foreign_in_the_way(dir: &Path, after: &Manifest, foreign: &BTreeMap<PathBuf, Kind>) -> Result<()> {
    let shared = after.folders();
    let is_in_the_way = |path: &Path, kind: Kind| {
        // A file of ours needs its place for itself; a folder of ours may be shared, but it must be a folder.
        let is_where_a_file_goes = path.ancestors().filter_map(Path::to_str).any(|path| after.paths.contains(path));
        let is_where_a_folder_goes = kind != Kind::Folder && path.to_str().is_some_and(|path| shared.contains(path));
        is_where_a_file_goes || is_where_a_folder_goes
    };
    match foreign.iter().find(|(path, kind)| is_in_the_way(path, **kind)) {
        None => Ok(()),
        Some((path, _)) => bail!(
            "`{}` is in the way: handbook did not make it, and the site needs its place; \
             move it away, or write to another folder with -o",
            dir.join(path).display()
        ),
    }
}

impl Plan {
    /// Every folder that the files need which stay, the outer ones first. Those of the others are there.
    pub fn folders_to_keep(&self) -> Vec<&str> {
        outer_first(folders_of(&self.keep))
    }

    /// The files to remove before anything is put into its place, because they stand where a new file or its folder
    /// goes: `a` for `a/b`, `a/b` for `a`, and `A` for `a`, which is the same file on some systems.
    pub fn in_the_way(&self) -> Vec<&OutputPath> {
        let wanted: HashSet<String> = self.write.iter().map(|write| write.path.as_str().to_lowercase()).collect();
        let around: HashSet<&str> = wanted.iter().flat_map(|path| folders(path)).collect();
        let is_in_the_way = |path: &&OutputPath| {
            let path = path.as_str().to_lowercase();
            wanted.contains(&path) || around.contains(&path[..]) || folders(&path).any(|folder| wanted.contains(folder))
        };
        self.remove.iter().filter(is_in_the_way).collect()
    }
}

fn outer_first(folders: HashSet<&str>) -> Vec<&str> {
    let mut folders: Vec<_> = folders.into_iter().collect();
    // A folder's name is a prefix of those in it, so it sorts before them.
    folders.sort_unstable();
    folders
}

/// Makes each of `folders` below `root`; they must come outer first.
pub fn make_folders<'a>(root: &Path, folders: impl IntoIterator<Item = &'a str>) -> Result<()> {
    for folder in folders {
        let folder = root.join(folder);
        match fs::create_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => made.with_context(|| format!("create the folder `{}`", folder.display()))?,
        }
    }
    Ok(())
}
