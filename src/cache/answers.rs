//! What other sites answered, as the text that `web` makes of it.

use std::fs;
use std::path::{Path, PathBuf};

use super::{LARGEST, place, write_whole};

/// Where the answers about one site's links are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerStore {
    file: PathBuf,
}

impl AnswerStore {
    /// That of the project in a folder. `None` when there is no place for it.
    pub fn of(root: &Path) -> Option<AnswerStore> {
        place(root, "answers", "txt").map(|file| AnswerStore { file })
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
        let _ = write_whole(&self.file, text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
