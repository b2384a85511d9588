//! The list of what we made, kept inside the output folder.
//!
//! It is what lets us remove pages that vanished and never touch anything else, so a list that we do not fully
//! understand stops the build instead of being guessed at.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::output::path::{MANIFEST_NAME, OutputPath, folders};

/// The first line; the number grows when an older handbook could misread the rest.
const HEADER: &str = "handbook files ";
const VERSION: u32 = 1;

/// The paths that we made, sorted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Manifest {
    /// Every file but the list itself.
    pub paths: BTreeSet<OutputPath>,
}

impl Manifest {
    /// The list in the output folder `dir`, or `None` when there is none.
    pub fn read(dir: &Path) -> Result<Option<Manifest>> {
        let file = dir.join(MANIFEST_NAME);
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("read `{}`", file.display())),
        };
        let shown = file.display();
        match parse(&bytes) {
            Ok(manifest) => Ok(Some(manifest)),
            Err(Fault::Newer) => {
                bail!("`{shown}` was written by a newer handbook; use that one, or write to another folder with -o")
            }
            Err(Fault::Line(line)) => bail!(
                "`{shown}` is damaged at line {line}, so it cannot say which files are ours; \
                 delete or empty `{}` if nothing in it is yours, or write to another folder with -o",
                dir.display()
            ),
        }
    }

    /// The text that `read` understands: the same for the same paths, with a final newline.
    pub fn text(&self) -> String {
        let mut text = format!("{HEADER}{VERSION}\n");
        for path in &self.paths {
            text.push_str(path.as_str());
            text.push('\n');
        }
        text
    }

    /// Every folder that holds one of the paths.
    pub fn folders(&self) -> HashSet<&str> {
        folders_of(&self.paths)
    }
}

/// Every folder that holds one of `paths`.
pub fn folders_of<'a>(paths: impl IntoIterator<Item = &'a OutputPath>) -> HashSet<&'a str> {
    let mut all = HashSet::new();
    for path in paths {
        for folder in folders(path.as_str()) {
            // The folders above are known when this one is.
            if !all.insert(folder) {
                break;
            }
        }
    }
    all
}

enum Fault {
    Newer,
    /// Counted from 1.
    Line(usize),
}

fn parse(bytes: &[u8]) -> Result<Manifest, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let good = &bytes[..error.valid_up_to()];
        Fault::Line(good.iter().filter(|&&byte| byte == b'\n').count() + 1)
    })?;
    // `lines` also takes the `\r\n` that git may make of our list in a deployment branch.
    let mut lines = text.lines();
    let version = lines.next().and_then(|line| line.strip_prefix(HEADER)).and_then(|number| number.parse::<u32>().ok());
    match version {
        Some(VERSION) => {}
        Some(number) if number > VERSION => return Err(Fault::Newer),
        _ => return Err(Fault::Line(1)),
    }
    let mut paths = BTreeSet::new();
    for (at, line) in lines.enumerate() {
        let path = OutputPath::new(line).map_err(|_| Fault::Line(at + 2))?;
        if paths.last().is_some_and(|last| *last >= path) {
            return Err(Fault::Line(at + 2));
        }
        paths.insert(path);
    }
    if !text.ends_with('\n') {
        return Err(Fault::Line(text.lines().count()));
    }
    Ok(Manifest { paths })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Option<Manifest>> {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(MANIFEST_NAME), bytes).unwrap();
        Manifest::read(dir.path())
    }

    fn message(bytes: &[u8]) -> String {
        let error = read(bytes).unwrap_err().to_string();
        error.split_once(MANIFEST_NAME).unwrap().1.split(';').next().unwrap().to_string()
    }

    #[test]
    fn the_text_is_sorted_and_reads_back() {
        let paths = ["b/c.html", "a.txt", "ひと/index.html"].map(|text| OutputPath::new(text).unwrap());
        let manifest = Manifest { paths: paths.into_iter().collect() };
        assert_eq!(manifest.text(), "handbook files 1\na.txt\nb/c.html\nひと/index.html\n");
        assert_eq!(read(manifest.text().as_bytes()).unwrap(), Some(manifest));
    }

    #[test]
    fn line_ends_of_windows_are_understood() {
        assert_eq!(read(b"handbook files 1\r\na.txt\r\n").unwrap().unwrap().paths.len(), 1);
    }

    #[test]
    fn no_list_is_not_an_error() {
        assert_eq!(Manifest::read(tempfile::tempdir().unwrap().path()).unwrap(), None);
    }

    #[test]
    fn a_damaged_list_says_where() {
        for (bytes, line) in [
            (&b""[..], 1),
            (b"hello\n", 1),
            (b"handbook files x\n", 1),
            (b"handbook files 1\n../secret\n", 2),
            (b"handbook files 1\n/etc/passwd\n", 2),
            (b"handbook files 1\nb\na\n", 3),
            (b"handbook files 1\na\na\n", 3),
            (b"handbook files 1\na\nb", 3),
            (b"handbook files 1\na\n\xff\n", 3),
            (b"handbook files 1\n\0\0\0\0", 2),
        ] {
            let expected = format!("` is damaged at line {line}, so it cannot say which files are ours");
            assert_eq!(message(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn a_list_of_a_newer_version_is_left_alone() {
        assert_eq!(message(b"handbook files 2\nanything: at all\n"), "` was written by a newer handbook");
    }

    #[test]
    fn folders_are_named_once() {
        let paths = ["a/b/c", "a/b/d", "a/e", "f"].map(|text| OutputPath::new(text).unwrap());
        let mut folders: Vec<_> = folders_of(&paths).into_iter().collect();
        folders.sort_unstable();
        assert_eq!(folders, ["a", "a/b"]);
    }
}
