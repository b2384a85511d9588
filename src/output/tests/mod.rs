//! What publishing promises, in each of its ways. Killing it is tested in `tests/output_kill.rs`.

mod foreign;
mod place;
mod recovery;
mod refusal;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Result;
use tempfile::TempDir;

use crate::output::edition::Edition;
use crate::output::path::MANIFEST_NAME;
use crate::output::work::Way;
use crate::output::{Content, Output, OutputPath, Report, publish_by};

const WAYS: [Way; 3] = [Way::Exchange, Way::TwoRenames, Way::InPlace];

/// An output folder `site/public` in a folder of its own.
struct Case {
    root: TempDir,
    way: Way,
}

impl Case {
    fn new(way: Way) -> Case {
        Case { root: tempfile::tempdir().unwrap(), way }
    }

    fn each(test: impl Fn(Case)) {
        WAYS.into_iter().for_each(|way| test(Case::new(way)));
    }

    fn dir(&self) -> PathBuf {
        self.root.path().join("public")
    }

    fn publish(&self, files: &[(&str, &str)]) -> Result<Report> {
        publish_by(&self.dir(), outputs(files), self.way, Duration::ZERO)
    }

    /// An edition that these files came to and that is not finished.
    fn edition(&self, files: &[(&str, &str)]) -> Edition {
        let edition = Edition::begin(&self.dir(), self.way, Duration::ZERO).unwrap();
        outputs(files).into_iter().for_each(|output| edition.put(output));
        edition
    }

    /// The message of a publish that must fail and leave everything as it was.
    fn refuse(&self, files: &[(&str, &str)]) -> String {
        let before = tree(self.root.path());
        let error = self.publish(files).unwrap_err();
        assert_eq!(tree(self.root.path()), before, "{:?}", self.way);
        format!("{error:#}").replace(&format!("{}/", self.root.path().display()), "")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.dir().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The folder holds these, our list and nothing else; and nothing lies beside it.
    fn expect(&self, ours: &[(&str, &str)], foreign: &[(&str, &str)]) {
        let mut expected: BTreeMap<String, String> =
            ours.iter().chain(foreign).map(|(path, text)| (path.to_string(), text.to_string())).collect();
        let mut paths: Vec<_> = ours.iter().map(|(path, _)| *path).filter(|path| !path.ends_with('/')).collect();
        paths.sort_unstable();
        let list = paths.iter().fold("handbook files 1\n".to_string(), |list, path| list + path + "\n");
        expected.insert(MANIFEST_NAME.to_string(), list);
        for path in expected.keys().cloned().collect::<Vec<_>>() {
            for (at, _) in path.trim_end_matches('/').match_indices('/') {
                expected.insert(path[..=at].to_string(), String::new());
            }
        }
        assert_eq!(tree(&self.dir()), expected, "{:?}", self.way);
        assert_eq!(fs::read_dir(self.root.path()).unwrap().count(), 1, "{:?}", self.way);
    }
}

fn outputs(files: &[(&str, &str)]) -> Vec<Output> {
    let output = |(path, text): &(&str, &str)| Output {
        path: OutputPath::new(path).unwrap(),
        content: Content::Bytes(text.as_bytes().to_vec()),
    };
    files.iter().map(output).collect()
}

/// Every file below `root` with its text, links as `-> target`, folders with a `/` at their end.
fn tree(root: &Path) -> BTreeMap<String, String> {
    fn walk(root: &Path, below: &str, all: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(root.join(below)).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{below}{}", entry.file_name().to_str().unwrap());
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                let path = path + "/";
                walk(root, &path, all);
                all.insert(path, String::new());
            } else if kind.is_symlink() {
                all.insert(path, format!("-> {}", fs::read_link(entry.path()).unwrap().display()));
            } else {
                all.insert(path, String::from_utf8_lossy(&fs::read(entry.path()).unwrap()).into_owned());
            }
        }
    }
    let mut all = BTreeMap::new();
    walk(root, "", &mut all);
    all
}

fn report(written: usize, unchanged: usize, removed: usize, bytes_written: u64) -> Report {
    Report { written, unchanged, removed, bytes_written }
}

/// What must not change for a file that is left alone: on Unix also which file it is.
fn identity(path: &Path) -> (u64, SystemTime) {
    let data = fs::symlink_metadata(path).unwrap();
    #[cfg(unix)]
    let inode = std::os::unix::fs::MetadataExt::ino(&data);
    #[cfg(not(unix))]
    let inode = 0;
    (inode, data.modified().unwrap())
}
