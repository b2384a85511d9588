//! What lies in an output folder, parted into what we made and what we did not.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

use crate::output::manifest::Manifest;
use crate::output::path::{MANIFEST_NAME, OutputPath, WORK_NAME};

/// What a name in a folder stands for. Symbolic links are never followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A folder.
    Folder,
    /// A regular file.
    File,
    /// A symbolic link, a socket and the like: never made by us.
    Other,
}

/// An output folder's contents without our own list and work folder.
#[derive(Debug, Default)]
pub struct Survey {
    /// The list of what we made, if there is one.
    pub manifest: Option<Manifest>,
    /// The listed files that are there.
    pub ours: HashSet<OutputPath>,
    /// Everything else but the folders that hold listed files, sorted: a folder comes before what it holds.
    pub foreign: BTreeMap<PathBuf, Kind>,
}

/// Looks through `dir`, which may not exist yet.
pub fn survey(dir: &Path) -> Result<Survey> {
    let manifest = Manifest::read(dir)?;
    let mut found = match entries(dir, Path::new("")) {
        Ok(entries) => entries.into_iter().collect::<HashMap<_, _>>(),
        Err(error) if error.kind() == ErrorKind::NotFound => HashMap::new(),
        Err(error) => return Err(error).with_context(|| format!("read the folder `{}`", dir.display())),
    };
    let mut ours = HashSet::new();
    for path in manifest.iter().flat_map(|manifest| &manifest.paths) {
        if found.get(path.as_path()) == Some(&Kind::File) {
            found.remove(path.as_path());
            ours.insert(path.clone());
        }
    }
    for folder in manifest.iter().flat_map(|manifest| manifest.folders()) {
        if found.get(Path::new(folder)) == Some(&Kind::Folder) {
            found.remove(Path::new(folder));
        }
    }
    Ok(Survey { manifest, ours, foreign: found.into_iter().collect() })
}

/// Refuses a folder that holds anything but has no list: it is not ours to fill.
///
/// What git and macOS put into a folder by themselves does not count, so that a fresh work tree of a deployment branch
/// can be built into. (It is kept like every foreign file.)
pub fn refuse_strangers(dir: &Path) -> Result<()> {
    let reading = || format!("read the folder `{}`", dir.display());
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(reading),
    };
    let mut stranger: Option<String> = None;
    for entry in entries {
        let name = entry.with_context(reading)?.file_name();
        if name == MANIFEST_NAME {
            return Ok(());
        }
        let name = name.to_string_lossy().into_owned();
        if ![".git", ".gitignore", ".gitkeep", ".DS_Store", WORK_NAME].contains(&name.as_str()) {
            // The first by name, so that the message does not depend on the file system's order.
            stranger = stranger.into_iter().chain([name]).min();
        }
    }
    match stranger {
        None => Ok(()),
        Some(name) => bail!(
            "the output folder `{}` holds files that handbook did not make, such as `{name}`; \
             empty it, or write to another folder with -o",
            dir.display()
        ),
    }
}

/// Everything in `dir` and below, by its path relative to the top.
fn entries(dir: &Path, below: &Path) -> io::Result<Vec<(PathBuf, Kind)>> {
    let is_top = below == Path::new("");
    let mut all = Vec::new();
    let mut folders = Vec::new();
    for entry in fs::read_dir(dir.join(below))? {
        let entry = entry?;
        let name = entry.file_name();
        if is_top && is_own(&name) {
            continue;
        }
        let file_type = entry.file_type()?;
        let path = below.join(name);
        if file_type.is_dir() {
            folders.push(path.clone());
            all.push((path, Kind::Folder));
        } else {
            all.push((path, if file_type.is_file() { Kind::File } else { Kind::Other }));
        }
    }
    let deeper: Vec<_> = folders.par_iter().map(|folder| entries(dir, folder)).collect::<io::Result<_>>()?;
    all.extend(deeper.into_iter().flatten());
    Ok(all)
}

fn is_own(name: &OsStr) -> bool {
    name == MANIFEST_NAME || name == WORK_NAME
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ours_is_what_is_listed_and_still_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        for file in ["a/b.html", "a/mine/c.txt", "d.html", "notes.txt", ".handbook-work/new/x"] {
            fs::create_dir_all(dir.join(file).parent().unwrap()).unwrap();
            fs::write(dir.join(file), "").unwrap();
        }
        fs::create_dir_all(dir.join("turned-into-a-folder")).unwrap();
        fs::create_dir_all(dir.join("gone")).unwrap();
        fs::write(
            dir.join(MANIFEST_NAME),
            "handbook files 1\na/b.html\nd.html\ngone/index.html\nturned-into-a-folder\n",
        )
        .unwrap();

        let survey = survey(dir).unwrap();

        let mut ours: Vec<_> = survey.ours.iter().map(OutputPath::as_str).collect();
        ours.sort_unstable();
        assert_eq!(ours, ["a/b.html", "d.html"]);
        let foreign: Vec<_> = survey.foreign.iter().map(|(path, kind)| (path.to_str().unwrap(), *kind)).collect();
        assert_eq!(
            foreign,
            [
                ("a/mine", Kind::Folder),
                ("a/mine/c.txt", Kind::File),
                ("notes.txt", Kind::File),
                ("turned-into-a-folder", Kind::Folder),
            ]
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_listed_path_that_became_a_symbolic_link_is_foreign() {
        let dir = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/", dir.path().join("a")).unwrap();
        fs::write(dir.path().join(MANIFEST_NAME), "handbook files 1\na\n").unwrap();
        let survey = survey(dir.path()).unwrap();
        assert_eq!(survey.foreign.into_iter().collect::<Vec<_>>(), [(PathBuf::from("a"), Kind::Other)]);
        assert!(survey.ours.is_empty());
    }

    #[test]
    fn only_an_unlisted_folder_with_contents_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        refuse_strangers(&dir.join("missing")).unwrap();
        refuse_strangers(dir).unwrap();
        fs::create_dir(dir.join(".git")).unwrap();
        refuse_strangers(dir).unwrap();
        fs::write(dir.join("thesis.txt"), "").unwrap();
        fs::write(dir.join("letter.txt"), "").unwrap();
        assert_eq!(
            refuse_strangers(dir).unwrap_err().to_string(),
            format!(
                "the output folder `{}` holds files that handbook did not make, such as `letter.txt`; \
                 empty it, or write to another folder with -o",
                dir.display()
            )
        );
        fs::write(dir.join(MANIFEST_NAME), "").unwrap();
        refuse_strangers(dir).unwrap();
    }
}
