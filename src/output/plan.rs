//! What publishing has to do, found by comparing the outputs with what is there. Writes nothing.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

use crate::output::manifest::{Manifest, folders_of};
use crate::output::path::{OutputPath, folders};
use crate::output::survey::{Kind, Survey};
use crate::output::{Content, Output};

/// The difference between the site that is there and the one that is wanted.
#[derive(Debug)]
pub struct Plan {
    /// Ours, with the same bytes as before. Their contents are dropped already.
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

/// One file to write.
#[derive(Debug)]
pub struct Write {
    /// Where.
    pub path: OutputPath,
    /// What.
    pub content: Content,
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

/// Compares `outputs`, which are `after`, with `dir` and what was found in it.
pub fn plan(dir: &Path, found: Survey, outputs: Vec<Output>, after: Manifest) -> Result<Plan> {
    let Survey { manifest: before, ours, foreign } = found;
    refuse_foreign_in_the_way(dir, &after, &foreign)?;
    let remove = ours.iter().filter(|path| !after.paths.contains(*path)).cloned().collect();
    let compared: Vec<Result<Write, OutputPath>> = outputs
        .into_par_iter()
        .map(|Output { path, content }| {
            let replaces = ours.contains(&path);
            if replaces && is_same(&content, &dir.join(path.as_path()))? {
                Ok(Err(path))
            } else {
                Ok(Ok(Write { path, content, replaces }))
            }
        })
        .collect::<Result<_>>()?;
    let mut plan = Plan { keep: Vec::new(), write: Vec::new(), remove, foreign, before, after };
    for one in compared {
        match one {
            Ok(write) => plan.write.push(write),
            Err(path) => plan.keep.push(path),
        }
    }
    Ok(plan)
}

/// The list of `outputs`, each of which must have a place of its own.
pub fn listed(outputs: &[Output]) -> Result<Manifest> {
    let mut after = Manifest::default();
    for output in outputs {
        if !after.paths.insert(output.path.clone()) {
            bail!("two outputs are to be written to `{}`", output.path);
        }
    }
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

/// Whether the file at `there` has exactly these bytes. One that cannot be read does not: it is replaced.
fn is_same(content: &Content, there: &Path) -> Result<bool> {
    let Ok(mut old) = File::open(there) else { return Ok(false) };
    let Ok(n_old) = old.metadata().map(|data| data.len()) else { return Ok(false) };
    match content {
        Content::Bytes(bytes) => {
            Ok(n_old == bytes.len() as u64 && is_equal(&mut &bytes[..], &mut old).unwrap_or(false))
        }
        Content::File(source) => {
            let reading = || format!("read `{}`", source.display());
            let mut new = File::open(source).with_context(reading)?;
            if n_old != new.metadata().with_context(reading)?.len() {
                return Ok(false);
            }
            // Whichever of the two fails, copying it anew is right and says so if the source is to blame.
            Ok(is_equal(&mut new, &mut old).unwrap_or(false))
        }
    }
}

/// Compares two readers of equal length piece by piece, so that big files need little memory.
fn is_equal(new: &mut impl Read, old: &mut impl Read) -> io::Result<bool> {
    const PIECE: usize = 64 * 1024;
    let (mut ours, mut theirs) = (Vec::with_capacity(PIECE), Vec::with_capacity(PIECE));
    loop {
        ours.clear();
        theirs.clear();
        new.by_ref().take(PIECE as u64).read_to_end(&mut ours)?;
        old.by_ref().take(PIECE as u64).read_to_end(&mut theirs)?;
        if ours != theirs {
            return Ok(false);
        }
        if ours.is_empty() {
            return Ok(true);
        }
    }
}

impl Plan {
    /// Every folder that the wanted site's files need, the outer ones first.
    pub fn folders(&self) -> Vec<&str> {
        outer_first(self.after.folders())
    }

    /// Every folder that the files to write need, the outer ones first.
    pub fn folders_to_write(&self) -> Vec<&str> {
        outer_first(folders_of(self.write.iter().map(|write| &write.path)))
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

impl Content {
    /// Writes a file that does not exist yet, and says how many bytes it has.
    ///
    /// An existing one is an error: on a file system without case it is another output, and must not be lost.
    pub(super) fn write(&self, to: &Path) -> Result<u64> {
        let writing = || format!("write `{}`", to.display());
        let mut file = File::options().write(true).create_new(true).open(to).with_context(writing)?;
        match self {
            Content::Bytes(bytes) => {
                io::Write::write_all(&mut file, bytes).with_context(writing)?;
                Ok(bytes.len() as u64)
            }
            Content::File(source) => {
                let mut source_file = File::open(source).with_context(|| format!("read `{}`", source.display()))?;
                let copying = || format!("copy `{}` to `{}`", source.display(), to.display());
                // Not `fs::copy`: it would take over the source's mode, read-only and all.
                io::copy(&mut source_file, &mut file).with_context(copying)
            }
        }
    }
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
