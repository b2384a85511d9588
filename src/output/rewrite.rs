//! Changes the author's own files: all of them, or none.
//!
//! Every file is first written beside its place and flushed to the disk, then all are compared with what they were when
//! the change was made up, and only then each is renamed into its place, in one step. When that fails in the middle,
//! what was done is undone. A link is followed, and stays one: the file that it leads to changes, if that is inside of
//! the folders that the caller names. Permissions are kept, and a file that may not be written to is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

use crate::output::disk::{fill, keep_names};

/// One file to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// Where it is.
    pub file: PathBuf,
    /// What was in it when the change was made up; nothing when it was not there.
    pub before: Vec<u8>,
    /// What is to be in it.
    pub after: Vec<u8>,
}

/// Changes these files, which all are in one of `roots`.
pub fn rewrite(roots: &[&Path], changes: &[Rewrite]) -> Result<()> {
    let roots: Vec<PathBuf> = roots.iter().filter_map(|root| fs::canonicalize(root).ok()).collect();
    let mut real: BTreeMap<PathBuf, &Rewrite> = BTreeMap::new();
    for change in changes.iter().filter(|change| change.before != change.after) {
        let shown = change.file.display();
        let file = real_file(change).with_context(|| format!("find `{shown}`"))?;
        if !roots.iter().any(|root| file.starts_with(root)) {
            bail!("`{shown}` is a link out of the project, and nothing was changed; change `{}` there", file.display());
        }
        // Two names of one file may have the same change, and no other.
        if real.insert(file, change).is_some_and(|other| other.after != change.after) {
            bail!("`{shown}` is a link to a file that is to be changed in another way too, and nothing was changed");
        }
    }
    let staged: Vec<Staged<'_>> =
        real.into_par_iter().map(|(file, change)| Staged::write(file, change)).collect::<Result<_>>()?;
    for Staged { file, change, is_new, .. } in &staged {
        let now = match fs::read(file) {
            Err(error) if *is_new && error.kind() == ErrorKind::NotFound => Vec::new(),
            now => now.with_context(|| format!("read `{}`", change.file.display()))?,
        };
        if now != change.before {
            let file = change.file.display();
            bail!("`{file}` was changed by somebody else meanwhile, and nothing was changed; run the command again");
        }
    }
    for (n, one) in staged.iter().enumerate() {
        if let Err(error) = fs::rename(&one.temporary, &one.file) {
            let undone = staged[..n].iter().try_for_each(Staged::undo);
            let state = if undone.is_ok() { "nothing was changed" } else { "some files were changed" };
            return Err(error).with_context(|| format!("write `{}`; {state}", one.change.file.display()));
        }
    }
    let folders: BTreeSet<&Path> = staged.iter().filter_map(|one| one.file.parent()).collect();
    folders.into_iter().for_each(keep_names);
    Ok(())
}

/// Makes the folder that a file or folder is to be in, and says which were not there yet, the innermost first.
pub fn make_folder_for(to: &Path) -> Result<Vec<PathBuf>> {
    let Some(folder) = to.parent() else { return Ok(Vec::new()) };
    let is_new = |folder: &&Path| *folder != Path::new("") && !folder.exists();
    let new = folder.ancestors().take_while(is_new).map(Path::to_path_buf).collect();
    fs::create_dir_all(folder).with_context(|| format!("create the folder `{}`", folder.display()))?;
    Ok(new)
}

/// Removes folders again, those that are empty.
pub fn remove_empty(folders: &[PathBuf]) {
    for folder in folders {
        // Who has put something in meanwhile keeps it.
        let _ = fs::remove_dir(folder);
    }
}

/// Fails when there is something at a place, other than what is to go there: `leave.md` may become `Leave.md` where
/// those are two names of one file.
pub fn expect_free(from: &Path, to: &Path) -> Result<()> {
    let is_same = || Ok::<bool, std::io::Error>(fs::canonicalize(from)? == fs::canonicalize(to)?);
    if fs::symlink_metadata(to).is_ok() && !is_same().unwrap_or(false) {
        bail!("there is something at `{}` already, and nothing was moved; move that first", to.display());
    }
    Ok(())
}

/// Moves a file or folder to a place that is free.
pub fn relocate(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).with_context(|| format!("move `{}` to `{}`", from.display(), to.display()))
}

/// The file itself, behind all links. One that is to be made is not there yet.
fn real_file(change: &Rewrite) -> std::io::Result<PathBuf> {
    match fs::canonicalize(&change.file) {
        Err(error) if error.kind() == ErrorKind::NotFound && change.before.is_empty() => {
            let name = change.file.file_name().ok_or(error)?;
            let folder = change.file.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
            Ok(fs::canonicalize(folder)?.join(name))
        }
        found => found,
    }
}

/// A file that lies ready beside its place. Removed again unless it was renamed.
struct Staged<'a> {
    temporary: PathBuf,
    file: PathBuf,
    change: &'a Rewrite,
    is_new: bool,
}

impl Drop for Staged<'_> {
    fn drop(&mut self) {
        // Gone when it was renamed.
        let _ = fs::remove_file(&self.temporary);
    }
}

impl Staged<'_> {
    fn write(file: PathBuf, change: &Rewrite) -> Result<Staged<'_>> {
        let shown = change.file.display();
        let context = || format!("write `{shown}`; nothing was changed");
        let metadata = match fs::metadata(&file) {
            Err(error) if error.kind() == ErrorKind::NotFound && change.before.is_empty() => None,
            metadata => Some(metadata.with_context(context)?),
        };
        if metadata.as_ref().is_some_and(|metadata| metadata.permissions().readonly()) {
            bail!("`{shown}` may not be written to, and nothing was changed; change its permissions first");
        }
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let temporary = file.with_file_name(format!(".{name}.{}.handbook", std::process::id()));
        let open = match fs::OpenOptions::new().write(true).create_new(true).open(&temporary) {
            // Left by one that was killed, and by chance had our number.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                fs::remove_file(&temporary).with_context(context)?;
                fs::OpenOptions::new().write(true).create_new(true).open(&temporary).with_context(context)?
            }
            open => open.with_context(context)?,
        };
        let staged = Staged { temporary, file, change, is_new: metadata.is_none() };
        if let Some(metadata) = metadata {
            keep_rights(&staged.temporary, &metadata).with_context(context)?;
        }
        fill(open, &change.after).with_context(context)?;
        Ok(staged)
    }

    /// Puts back what was there before the rename, as carefully as that was replaced.
    fn undo(&self) -> std::io::Result<()> {
        if self.is_new {
            return fs::remove_file(&self.file);
        }
        let open = fs::File::create(&self.temporary)?;
        keep_rights(&self.temporary, &fs::metadata(&self.file)?)?;
        fill(open, &self.change.before)?;
        fs::rename(&self.temporary, &self.file)
    }
}

/// Gives a file the permissions of the one that it replaces, and its owner as far as we may.
fn keep_rights(file: &Path, like: &fs::Metadata) -> std::io::Result<()> {
    fs::set_permissions(file, like.permissions())?;
    keep_owner(file, like);
    Ok(())
}

/// Gives a file the owner and group of the one that it replaces, as far as we may.
#[cfg(unix)]
fn keep_owner(file: &Path, like: &fs::Metadata) {
    use std::os::unix::fs::{MetadataExt, chown};
    if fs::metadata(file).is_ok_and(|own| (own.uid(), own.gid()) != (like.uid(), like.gid())) {
        // Whoever may not do that has at least the contents and permissions.
        let _ = chown(file, Some(like.uid()), Some(like.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &Path, _: &fs::Metadata) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(folder: &Path, name: &str, before: &str, after: &str) -> Rewrite {
        Rewrite { file: folder.join(name), before: before.into(), after: after.into() }
    }

    /// A folder with these files, which hold their own names.
    fn folder(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        names.iter().for_each(|name| fs::write(folder.path().join(name), name).unwrap());
        folder
    }

    fn contents(folder: &Path) -> String {
        let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let show = |file: &PathBuf| {
            format!("{}={}", file.file_name().unwrap().to_str().unwrap(), fs::read_to_string(file).unwrap())
        };
        files.iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn all_files_are_changed() {
        let folder = folder(&["a", "b", "c"]);
        let path = folder.path();
        rewrite(&[path], &[change(path, "a", "a", "A"), change(path, "b", "b", "B"), change(path, "c", "c", "c")])
            .unwrap();
        assert_eq!(contents(path), "a=A b=B c=c");
        rewrite(&[path], &[change(path, "d", "", "D")]).unwrap();
        assert_eq!(contents(path), "a=A b=B c=c d=D");
    }

    #[test]
    fn nothing_is_changed_when_one_file_is_another_by_now() {
        let folder = folder(&["a", "b"]);
        let path = folder.path();
        let error = rewrite(&[path], &[change(path, "a", "a", "A"), change(path, "b", "x", "B")]).unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("was changed by somebody else meanwhile, and nothing was changed; run the command again"),
            "{error}"
        );
        assert_eq!(contents(path), "a=a b=b");
    }

    #[test]
    fn a_file_that_is_gone_stops_all() {
        let folder = folder(&["a"]);
        let path = folder.path();
        assert!(rewrite(&[path], &[change(path, "a", "a", "A"), change(path, "b", "b", "B")]).is_err());
        assert_eq!(contents(path), "a=a");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_stay_and_a_file_that_is_only_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = folder(&["a", "b"]);
        let path = folder.path();
        fs::set_permissions(path.join("a"), fs::Permissions::from_mode(0o754)).unwrap();
        rewrite(&[path], &[change(path, "a", "a", "A")]).unwrap();
        assert_eq!(fs::metadata(path.join("a")).unwrap().permissions().mode() & 0o777, 0o754);
        fs::set_permissions(path.join("b"), fs::Permissions::from_mode(0o444)).unwrap();
        let error = rewrite(&[path], &[change(path, "b", "b", "B")]).unwrap_err().to_string();
        assert!(error.contains("may not be written to"), "{error}");
        assert_eq!(contents(path), "a=A b=b");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_one_and_is_followed_only_inside() {
        let (outside, folder) = (folder(&["far"]), folder(&["a"]));
        let path = folder.path();
        std::os::unix::fs::symlink("a", path.join("near")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("far"), path.join("out")).unwrap();
        // Both names of one file, with one change.
        rewrite(&[path], &[change(path, "near", "a", "A"), change(path, "a", "a", "A")]).unwrap();
        assert!(path.join("near").is_symlink());
        assert_eq!(contents(path), "a=A near=A out=far");
        let error = rewrite(&[path], &[change(path, "out", "far", "x"), change(path, "a", "A", "x")]).unwrap_err();
        assert!(error.to_string().contains("is a link out of the project"), "{error}");
        assert_eq!(contents(path), "a=A near=A out=far");
    }
}
