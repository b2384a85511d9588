//! A handbook in a Git repository, and the bare one that it is pushed to, which its remote's name takes for GitHub.

#![allow(dead_code, reason = "each test binary uses its own part")]

use std::path::{Path, PathBuf};
use std::process::Command;

use super::program::{Handbook, Ran};

/// Nothing of whoever runs the tests.
const OWN: &[(&str, &str)] =
    &[("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_TERMINAL_PROMPT", "0")];

/// A handbook with a remote.
pub struct Repository {
    pub handbook: Handbook,
    pub bare: tempfile::TempDir,
}

impl Repository {
    /// Commits everything in the folder and gives it a remote, `git@github.com:ida/repo.git` by name.
    pub fn of(handbook: Handbook) -> Repository {
        let bare = tempfile::tempdir().unwrap();
        git(bare.path(), &["init", "--quiet", "--bare", "--initial-branch=main"]);
        let repository = Repository { handbook, bare };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.git(&["config", "user.name", "Ida"]);
        repository.git(&["config", "user.email", "ida@example.com"]);
        repository.git(&["config", "commit.gpgsign", "false"]);
        let to = format!("url.{}.insteadOf", repository.bare.path().display());
        repository.git(&["config", &to, "git@github.com:ida/repo.git"]);
        repository.git(&["remote", "add", "origin", "git@github.com:ida/repo.git"]);
        repository.commit("Begin");
        repository.git(&["push", "--quiet", "--set-upstream", "origin", "main"]);
        repository
    }

    pub fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    /// What git says in the handbook's folder.
    pub fn git(&self, arguments: &[&str]) -> String {
        git(self.handbook.folder.path(), arguments)
    }

    /// Runs the program.
    pub fn run(&self, arguments: &str) -> Ran {
        self.handbook.run_with(arguments, OWN)
    }

    /// A clean clone of a branch.
    pub fn clone(&self, branch: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let bare = self.bare.path().to_str().unwrap();
        git(folder.path(), &["clone", "--quiet", "--branch", branch, bare, "site"]);
        let site = folder.path().join("site");
        (folder, site)
    }

    /// The messages of a branch's commits, newest first.
    pub fn messages(&self, branch: &str) -> Vec<String> {
        git(self.bare.path(), &["log", "--format=%s", branch]).lines().map(str::to_string).collect()
    }
}

/// What git says.
pub fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .envs(OWN.iter().copied())
        .env_remove("GIT_DIR")
        .output()
        .expect("git is installed");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
