//! What other sites answered, as the text that `web` makes of it.

use std::fs;
use std::path::{Path, PathBuf};

use super::{ANSWERS, LARGEST, make_room, place, write_whole};

/// Where the answers about one site's links are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerStore {
    file: PathBuf,
}

impl AnswerStore {
    /// That of the project in a folder. `None` when there is no place for it.
    pub fn of(root: &Path) -> Option<AnswerStore> {
        place(root, ANSWERS).map(|file| AnswerStore { file })
    }

    /// What is kept. Whoever reads it has to bear with anything.
    pub fn load(&self) -> String {
        let is_file = |metadata: &fs::Metadata| metadata.is_file() && metadata.len() <= LARGEST;
        let is_there = fs::metadata(&self.file).is_ok_and(|metadata| is_file(&metadata));
        let bytes = if is_there { fs::read(&self.file).unwrap_or_default() } else { Vec::new() };
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Keeps this from now on. What cannot be kept is asked again.
    pub fn save(&self, text: &str) {
        // More than this would never be read.
        if text.len() as u64 <= LARGEST && write_whole(&self.file, text.as_bytes()).is_ok() {
            make_room(&self.file);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::tests::{make, names};

    #[test]
    fn answers_are_kept_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let store = AnswerStore { file: folder.path().join("deep/answers-1.txt") };
        assert_eq!(store.load(), "");
        store.save("one\n");
        assert_eq!(store.load(), "one\n");
        fs::write(&store.file, b"\xFF\n").unwrap();
        assert_eq!(store.load(), "\u{FFFD}\n");
        assert_eq!(fs::read_dir(folder.path().join("deep")).unwrap().count(), 1);
        fs::write(folder.path().join("file"), "").unwrap();
        AnswerStore { file: folder.path().join("file/answers-1.txt") }.save("lost");
    }

    #[test]
    fn answers_count_towards_what_is_kept_and_the_oldest_make_room() {
        let folder = tempfile::tempdir().unwrap();
        let make = |name: &str, n_bytes: u64, hours: u64| make(folder.path(), name, n_bytes, hours);
        make("answers-old.txt", LARGEST / 2, 30);
        make("code-new.pack", LARGEST / 2, 10);
        make("code-older.pack", LARGEST / 4, 20);
        make("answers-2.txt", LARGEST / 4, 0);
        AnswerStore { file: folder.path().join("answers-1.txt") }.save("one\n");
        assert_eq!(names(folder.path()), ["answers-1.txt", "answers-2.txt", "code-new.pack"]);
    }

    #[test]
    fn more_answers_than_would_be_read_are_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let store = AnswerStore { file: folder.path().join("answers-1.txt") };
        store.save("one\n");
        store.save(&" ".repeat(LARGEST as usize + 1));
        assert_eq!(store.load(), "one\n");
    }
}
