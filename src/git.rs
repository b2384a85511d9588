//! Running `git` by its command line, and what it says.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

/// A repository on this machine.
#[derive(Debug, Clone)]
pub struct Git {
    /// A folder in its working tree.
    pub folder: PathBuf,
}

impl Git {
    /// The repository that a folder is in. `None` when it is in none; that there is no `git` is an error.
    pub fn find(folder: &Path) -> anyhow::Result<Option<Git>> {
        let git = Git { folder: folder.to_owned() };
        let is_inside = git.ask(["rev-parse", "--is-inside-work-tree"])?;
        Ok((is_inside.as_deref() == Some("true")).then_some(git))
    }

    /// The top folder of its working tree.
    pub fn top(&self) -> anyhow::Result<PathBuf> {
        Ok(PathBuf::from(self.tell(["rev-parse", "--show-toplevel"])?))
    }

    /// The branch that is checked out; `None` between branches.
    pub fn branch(&self) -> anyhow::Result<Option<String>> {
        self.ask(["symbolic-ref", "--quiet", "--short", "HEAD"])
    }

    /// The branch that a remote shows first, as far as that is known here.
    pub fn first_branch(&self, remote: &str) -> anyhow::Result<Option<String>> {
        let name = self.ask(["symbolic-ref", "--quiet", &format!("refs/remotes/{remote}/HEAD")])?;
        Ok(name.and_then(|name| Some(name.strip_prefix(&format!("refs/remotes/{remote}/"))?.to_owned())))
    }

    /// The URL of a remote, as it is written in the settings.
    pub fn remote(&self, name: &str) -> anyhow::Result<Option<String>> {
        self.ask(["config", "--get", &format!("remote.{name}.url")])
    }

    /// What a command says, without the line break at its end; `None` when it fails.
    pub fn ask<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> anyhow::Result<Option<String>> {
        let output = self.command(arguments).output().map_err(explained)?;
        let text = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
        Ok(output.status.success().then_some(text))
    }

    /// What a command says. That it fails is an error, with what it complains of.
    pub fn tell<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> anyhow::Result<String> {
        run(self.command(arguments))
    }

    /// A command in this repository.
    pub fn command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        command(&self.folder, arguments)
    }
}

/// A command in a folder that asks nobody for anything but a password it cannot do without.
pub fn command<A: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new("git");
    // Nothing that the repository's own settings could run, files by their names in whatever letters, and no word in
    // another language.
    command.args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "--no-pager", "-C"]).arg(folder);
    command.args(arguments).env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").stdin(Stdio::null());
    command
}

/// Runs a command and gives what it says.
pub fn run(mut command: Command) -> anyhow::Result<String> {
    // Not the places and settings that stand before what is asked.
    let asked = command.get_args().skip_while(|word| *word != "-C").skip(2);
    let words = asked.map(|word| word.to_string_lossy().into_owned());
    let words: Vec<String> = words.skip_while(|word| word.starts_with('-') || word.contains(['/', '='])).collect();
    let output = command.output().map_err(explained)?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        bail!("`git {}` failed:\n{complaint}", words.join(" "));
    }
    String::from_utf8(output.stdout).map(|text| text.trim_end().to_owned()).context("read what git says")
}

fn explained(error: io::Error) -> anyhow::Error {
    match error.kind() {
        io::ErrorKind::NotFound => anyhow::anyhow!("there is no `git` on this computer; install it, and try again"),
        _ => anyhow::Error::new(error).context("run git"),
    }
}
