//! What is kept from one run to the next, in the user's cache folder: the colours of code, which take most of a build's
//! time, and what other sites answered.
//!
//! Nothing here is needed. A file that is missing, cut off, changed or made by another version is as good as none, and what
//! cannot be written is not written. Files come into being whole, by a rename, so that builds at the same time do not meet.

mod answers;

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use xxhash_rust::xxh3::xxh3_64;

use crate::markdown::snippets::Snippets;

pub use crate::cache::answers::AnswerStore;

/// Sets the folder, instead of the system's.
pub const VARIABLE: &str = "HANDBOOK_CACHE_DIR";
/// All files together get no larger than this, in bytes: those that were not used for the longest time go first.
const LARGEST: u64 = 256 << 20;
/// A file that somebody began to write this long ago will never be finished.
const ABANDONED: Duration = Duration::from_secs(3600);
/// A file's time is that of its last use, about.
const USED: Duration = Duration::from_secs(12 * 3600);
/// What is kept, as its files' names begin, and how they end.
const KINDS: [(&str, &str); 2] = [CODE, ANSWERS];
const CODE: (&str, &str) = ("code", "pack");
const ANSWERS: (&str, &str) = ("answers", "txt");
const UNFINISHED: &str = "tmp";

/// Where the colours of one site's code are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    file: PathBuf,
}

impl Store {
    /// That of the project in a folder. `None` when there is no place for it.
    pub fn of(root: &Path) -> Option<Store> {
        place(root, CODE).map(|file| Store { file })
    }

    /// What is kept.
    pub fn load(&self) -> Snippets {
        let is_file = |metadata: &fs::Metadata| metadata.is_file() && metadata.len() <= LARGEST;
        let Some(metadata) = fs::metadata(&self.file).ok().filter(is_file) else { return Snippets::default() };
        let known = fs::read(&self.file).ok().and_then(Snippets::from_bytes).unwrap_or_default();
        if !known.is_empty() && metadata.modified().is_ok_and(|time| age(time) > USED) {
            let now = |file: fs::File| file.set_modified(SystemTime::now());
            // Then it counts as older than it is, which is all.
            let _ = fs::File::options().append(true).open(&self.file).and_then(now);
        }
        known
    }

    /// Keeps this from now on. `false` when it cannot be kept, which makes the next build slower and nothing else.
    pub fn save(&self, snippets: &Snippets) -> bool {
        let is_kept = write_whole(&self.file, snippets.as_bytes()).is_ok();
        if is_kept {
            make_room(&self.file);
        }
        is_kept
    }
}

/// Removes what was not used for the longest time, of all that is kept beside this file, and what nobody finished.
fn make_room(own: &Path) {
    let mut kept: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
    for entry in own.parent().and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        let ours = KINDS.iter().find(|(what, _)| name.to_string_lossy().starts_with(&format!("{what}-")));
        let Some((_, whole)) = ours else { continue };
        let Some(metadata) = entry.metadata().ok().filter(fs::Metadata::is_file) else { continue };
        let time = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        match path.extension().and_then(|ending| ending.to_str()) {
            Some(UNFINISHED) if age(time) > ABANDONED => drop(fs::remove_file(&path)),
            Some(ending) if ending == *whole && path != own => kept.push((time, metadata.len(), path)),
            _ => {}
        }
    }
    kept.sort_by(|a, b| b.cmp(a));
    let mut n_bytes = fs::metadata(own).map_or(0, |metadata| metadata.len());
    for (_, length, path) in kept {
        n_bytes += length;
        if n_bytes > LARGEST {
            let _ = fs::remove_file(path);
        }
    }
}

/// The file in which something of the project in a folder is kept. `None` when there is no place for it.
fn place(root: &Path, (what, ending): (&str, &str)) -> Option<PathBuf> {
    let folder = folder(|name| std::env::var_os(name), std::env::consts::OS)?;
    let root = root.canonicalize().ok()?;
    Some(folder.join(format!("{what}-{:016x}.{ending}", xxh3_64(root.as_os_str().as_encoded_bytes()))))
}

/// Writes a file that is there whole or not at all.
fn write_whole(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = file.with_extension(format!("{}.{UNFINISHED}", std::process::id()));
    let folder = file.parent().unwrap_or(Path::new("."));
    let written = fs::create_dir_all(folder)
        .and_then(|()| fs::write(&unfinished, bytes))
        .and_then(|()| fs::rename(&unfinished, file));
    if written.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    written
}

/// How long ago a file was used. What lies ahead of the clock was used just now.
fn age(time: SystemTime) -> Duration {
    time.elapsed().unwrap_or_default()
}

/// The folder for what programs keep, as each system has it.
fn folder(variable: impl Fn(&str) -> Option<OsString>, system: &str) -> Option<PathBuf> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(own) = set(VARIABLE) {
        return Some(own);
    }
    let absolute = |name: &str| set(name).filter(|path| path.is_absolute());
    match system {
        "windows" => Some(absolute("LOCALAPPDATA")?.join("handbook").join("cache")),
        "macos" => Some(absolute("HOME")?.join("Library/Caches/handbook")),
        // The standard has it that a relative path counts as none.
        _ => {
            let folder = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")));
            Some(folder?.join("handbook"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::snippets::Snippet;

    /// Makes a file of so many bytes that was last used so many hours ago.
    pub fn make(folder: &Path, name: &str, n_bytes: u64, hours: u64) {
        let file = fs::File::create(folder.join(name)).unwrap();
        file.set_len(n_bytes).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(hours * 3600)).unwrap();
    }

    /// The names of what is in a folder, sorted.
    pub fn names(folder: &Path) -> Vec<std::ffi::OsString> {
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    }

    fn of(variables: &[(&str, &str)], system: &str) -> Option<PathBuf> {
        let value = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
        folder(value, system)
    }

    #[test]
    fn each_system_has_its_place() {
        let home = ("HOME", "/home/me");
        assert_eq!(of(&[home], "linux"), Some("/home/me/.cache/handbook".into()));
        assert_eq!(of(&[home, ("XDG_CACHE_HOME", "/c")], "linux"), Some("/c/handbook".into()));
        assert_eq!(of(&[home, ("XDG_CACHE_HOME", "c")], "linux"), Some("/home/me/.cache/handbook".into()));
        assert_eq!(of(&[home, ("XDG_CACHE_HOME", "/c")], "macos"), Some("/home/me/Library/Caches/handbook".into()));
        assert_eq!(of(&[home, (VARIABLE, "own")], "linux"), Some("own".into()));
        assert_eq!(of(&[], "linux"), None);
    }

    fn known(n_bytes: usize) -> Snippets {
        let snippet = Snippet { key: 1, fresh: Some(vec![1; n_bytes].into()) };
        Snippets::default().next([snippet].iter()).unwrap()
    }

    #[test]
    fn what_is_saved_is_loaded() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store { file: folder.path().join("deep/code-1.pack") };
        assert_eq!(store.load(), Snippets::default());
        assert!(store.save(&known(10)));
        assert_eq!(store.load(), known(10));
        let names: Vec<_> = fs::read_dir(folder.path().join("deep")).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["code-1.pack"]);
    }

    #[test]
    fn a_broken_file_is_as_good_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store { file: folder.path().join("code-1.pack") };
        store.save(&known(10));
        let bytes = fs::read(&store.file).unwrap();
        for broken in [&bytes[..bytes.len() / 2], b"", b"text"] {
            fs::write(&store.file, broken).unwrap();
            assert_eq!(store.load(), Snippets::default());
        }
        assert!(store.save(&known(10)));
        assert_eq!(store.load(), known(10));
    }

    #[test]
    fn what_cannot_be_kept_is_not() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        assert!(!Store { file: folder.path().join("file/code-1.pack") }.save(&known(1)));
    }

    #[test]
    fn the_oldest_make_room_and_other_files_stay() {
        let folder = tempfile::tempdir().unwrap();
        let make = |name: &str, n_bytes: u64, hours: u64| make(folder.path(), name, n_bytes, hours);
        make("code-old.pack", LARGEST / 2, 30);
        make("code-new.pack", LARGEST / 2, 10);
        make("code-1.77.tmp", 5, 3);
        make("code-1.78.tmp", 5, 0);
        make("answers-1.77.tmp", 5, 3);
        make("answers-old.txt", LARGEST / 8, 40);
        make("answers-new.txt", LARGEST / 8, 20);
        make("other.txt", LARGEST, 50);
        let store = Store { file: folder.path().join("code-1.pack") };
        assert!(store.save(&known(10)));
        assert_eq!(
            names(folder.path()),
            ["answers-new.txt", "code-1.78.tmp", "code-1.pack", "code-new.pack", "other.txt"]
        );
    }
}
