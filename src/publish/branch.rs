//! A folder as one commit on top of a branch of a remote.
//!
//! The commit is made with an index of its own, so that neither the working tree nor what is staged in it is touched, and
//! it is pushed by its hash, so that no branch of the repository here changes either.

use std::path::{Path, PathBuf};

use crate::git::{self, Git};

/// Where a site goes.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    /// The remote's name.
    pub remote: &'a str,
    /// The branch's name.
    pub branch: &'a str,
}

/// What was pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pushed {
    /// The branch is at this commit now.
    Commit(String),
    /// The branch had this site already.
    Nothing,
}

/// Why nothing should be published as things are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// There are changes that are in no commit: these files, at most a few.
    Dirty(Vec<String>),
    /// The branch that is checked out lacks this many commits of its upstream.
    Behind(usize, String),
    /// The branch here has commits that the remote's has not.
    Diverged(usize),
    /// What is on the branch is no website.
    Strange,
}

/// What makes it doubtful that the right thing would be published. Whatever `own` holds may have changed.
pub fn doubts(git: &Git, place: &Place<'_>, tip: Option<&str>, own: &[PathBuf]) -> anyhow::Result<Vec<Doubt>> {
    let mut doubts = Vec::new();
    let mut status = vec!["status".to_owned(), "--porcelain".to_owned(), "--".to_owned(), ".".to_owned()];
    let inside = own.iter().filter_map(|path| path.strip_prefix(&git.folder).ok());
    status.extend(inside.map(|path| format!(":(exclude,literal){}", path.display())));
    let changed: Vec<String> = git.tell(status)?.lines().map(|line| line.get(3..).unwrap_or(line).to_owned()).collect();
    if !changed.is_empty() {
        doubts.push(Doubt::Dirty(changed));
    }
    if let Some(upstream) = git.ask(["rev-parse", "--abbrev-ref", "--symbolic-full-name", "@{upstream}"])? {
        // Someone may have pushed since; where the remote cannot be asked, what is known of it has to do.
        let remote = upstream.split('/').next().unwrap_or(place.remote).to_owned();
        git.ask(["fetch", "--quiet", "--no-tags", &remote])?;
        let behind = git.tell(["rev-list", "--count", "HEAD..@{upstream}"])?.parse().unwrap_or(0);
        if behind > 0 {
            doubts.push(Doubt::Behind(behind, upstream));
        }
    }
    let local = format!("refs/heads/{}", place.branch);
    if git.ask(["rev-parse", "--verify", "--quiet", &local])?.is_some() {
        let mut range = vec!["rev-list".to_owned(), "--count".to_owned(), local];
        range.extend(tip.map(|tip| format!("^{tip}")));
        let own = git.tell(range)?.parse().unwrap_or(0);
        if own > 0 {
            doubts.push(Doubt::Diverged(own));
        }
    }
    if let Some(tip) = tip
        && !["index.html", ".nojekyll", "CNAME"].iter().any(|name| file(git, tip, name).is_some())
    {
        doubts.push(Doubt::Strange);
    }
    Ok(doubts)
}

/// The commit at which the remote's branch is, which is here then too.
pub fn tip(git: &Git, place: &Place<'_>) -> anyhow::Result<Option<String>> {
    let name = format!("refs/heads/{}", place.branch);
    let listed = git.tell(["ls-remote", place.remote, &name])?;
    let Some(hash) = listed.lines().find_map(|line| line.strip_suffix(&name)).map(|hash| hash.trim().to_owned()) else {
        return Ok(None);
    };
    // The whole branch: a part of it would make the repository here a shallow one.
    git.tell(["fetch", "--quiet", "--no-tags", place.remote, &name])?;
    Ok(Some(hash))
}

/// The text of a file of a commit.
pub fn file(git: &Git, commit: &str, path: &str) -> Option<String> {
    git.ask(["cat-file", "blob", &format!("{commit}:{path}")]).ok().flatten()
}

/// Commits a folder on top of `tip`, with these files of `tip` kept, and pushes it. `index` is a file that is not there.
pub fn push(git: &Git, place: &Place<'_>, tip: Option<&str>, site: &Site<'_>, message: &str) -> anyhow::Result<Pushed> {
    let git_folder = git.tell(["rev-parse", "--absolute-git-dir"])?;
    let with_index = |words: &[&str]| {
        let places = [format!("--git-dir={git_folder}"), format!("--work-tree={}", site.folder.display())];
        let mut command = git::command(site.folder, places);
        // Bytes are published as they are, whatever the settings here say of line ends and filters.
        command.args(["-c", "core.autocrlf=false", "-c", "core.safecrlf=false", "-c", "core.eol=lf"]);
        // And all of them, whatever part of the repository is checked out here.
        command.args(["-c", "core.attributesFile=", "-c", "core.sparseCheckout=false"]).env("GIT_ATTR_NOSYSTEM", "1");
        command.args(words).env("GIT_INDEX_FILE", site.index);
        command
    };
    git::run(with_index(&["add", "--all", "--force", "--", ".", &format!(":(exclude,literal){}", site.not)]))?;
    if let Some(tip) = tip {
        for path in site.kept {
            let entry = git.ask(["ls-tree", tip, "--", path])?.unwrap_or_default();
            let hash = entry.split([' ', '\t']).nth(2).unwrap_or_default().to_owned();
            if !hash.is_empty() {
                git::run(with_index(&["update-index", "--add", "--cacheinfo", &format!("100644,{hash},{path}")]))?;
            }
        }
    }
    let tree = git::run(with_index(&["write-tree"]))?;
    if let Some(tip) = tip
        && git.tell(["rev-parse", &format!("{tip}^{{tree}}")])? == tree
    {
        return Ok(Pushed::Nothing);
    }
    let mut commit = vec!["commit-tree", tree.as_str(), "-m", message];
    commit.extend(tip.iter().flat_map(|tip| ["-p", tip]));
    let commit = git.tell(commit)?;
    git.tell(["push", "--quiet", place.remote, &format!("{commit}:refs/heads/{}", place.branch)])?;
    Ok(Pushed::Commit(commit))
}

/// A finished site in a folder.
#[derive(Debug, Clone)]
pub struct Site<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// The file that git may use as its index.
    pub index: &'a Path,
    /// The file of the folder that is not published.
    pub not: &'a str,
    /// Files of the branch that stay although the site does not have them.
    pub kept: &'a [&'a str],
}
