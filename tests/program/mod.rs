//! The program run in a folder of its own, and what it said and left there.

#![allow(dead_code, reason = "each test binary uses its own part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use expect_test::Expect;

/// A folder in which the program is run.
pub struct Handbook {
    pub folder: tempfile::TempDir,
}

impl Handbook {
    pub fn new() -> Handbook {
        Handbook { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn file(self, path: &str, text: impl AsRef<[u8]>) -> Handbook {
        let file = self.path(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
        self
    }

    pub fn folder(self, path: &str) -> Handbook {
        fs::create_dir_all(self.path(path)).unwrap();
        self
    }

    pub fn without(self, path: &str) -> Handbook {
        fs::remove_file(self.path(path)).unwrap();
        self
    }

    /// Runs the program with these words.
    pub fn run(&self, arguments: &str) -> Ran {
        self.run_with(arguments, &[])
    }

    /// Runs the program with these words, which may hold blanks.
    pub fn run_words(&self, arguments: &[&str]) -> Ran {
        self.ran(arguments, &[])
    }

    /// Runs the program with these words and environment variables.
    pub fn run_with(&self, arguments: &str, variables: &[(&str, &str)]) -> Ran {
        self.ran(&arguments.split_whitespace().collect::<Vec<_>>(), variables)
    }

    fn ran(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_handbook"));
        command.args(arguments).current_dir(self.folder.path());
        command.env("HANDBOOK_CACHE_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache"));
        for name in [
            "NO_COLOR",
            "CLICOLOR",
            "CLICOLOR_FORCE",
            "COLUMNS",
            "CI",
            "GIT_DIR",
            "GITHUB_ACTIONS",
            "GITHUB_STEP_SUMMARY",
        ] {
            command.env_remove(name);
        }
        command.envs(variables.iter().copied());
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| self.plain(&String::from_utf8(bytes).unwrap());
        Ran { status: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Without what differs from run to run, the folder and the time, and without blanks at the ends of lines.
    pub fn plain(&self, text: &str) -> String {
        let real = self.folder.path().canonicalize().unwrap();
        let text = text.replace(real.to_str().unwrap(), "[DIR]");
        let text = text.replace(self.folder.path().to_str().unwrap(), "[DIR]");
        let text = without_times(&text);
        text.split_inclusive('\n')
            .map(|line| line.trim_end().to_string() + if line.ends_with('\n') { "\n" } else { "" })
            .collect()
    }

    /// The files of a folder, sorted, without those of the default theme and of the search.
    pub fn files(&self, folder: &str) -> Vec<String> {
        let root = self.path(folder);
        let (mut open, mut files) = (vec![root.clone()], Vec::new());
        while let Some(next) = open.pop() {
            for entry in fs::read_dir(next).into_iter().flatten() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => open.push(path),
                    false => files.push(path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/")),
                }
            }
        }
        let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/static");
        files.retain(|file| !theme.join(file).is_file() && !file.starts_with("assets/search/"));
        files.sort();
        files
    }

    pub fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub fn has(&self, path: &str) -> bool {
        self.path(path).exists()
    }
}

fn without_times(text: &str) -> String {
    let mut out = String::new();
    let mut words = text.split_inclusive(' ').peekable();
    while let Some(word) = words.next() {
        let is_unit = words.peek().is_some_and(|next| ["ms ", "s "].contains(next));
        let number = word.trim_end();
        match is_unit && number.parse::<f64>().is_ok() {
            true => {
                words.next();
                out.push_str("[TIME] ");
            }
            false => out.push_str(word),
        }
    }
    out
}

/// What a run did.
pub struct Ran {
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// It ended with this status.
    #[track_caller]
    pub fn status(self, status: i32) -> Ran {
        assert_eq!(self.status, Some(status), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub fn stdout(self, expected: Expect) -> Ran {
        expected.assert_eq(&self.stdout);
        self
    }

    #[track_caller]
    pub fn stderr(self, expected: Expect) -> Ran {
        expected.assert_eq(&self.stderr);
        self
    }
}
