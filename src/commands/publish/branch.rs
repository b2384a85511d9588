//! `handbook publish github-pages --branch`: built here, and pushed as one commit.

use std::io;
use std::path::{Path, PathBuf};

use crate::check::{settled, sorted};
use crate::cli::{Format, GithubPages};
use crate::commands::build::{self, Made};
use crate::commands::report::{self, Counts, count};
use crate::commands::{Console, Outcome, ledger};
use crate::git::Git;
use crate::ledger::LEDGER_NAME;
use crate::output;
use crate::project::base_url::BaseUrl;
use crate::project::{self, Overrides, Project};
use crate::publish::address::{self, Address};
use crate::publish::branch::{self, Doubt, Place, Pushed, Site};

/// More changed files than this are only counted.
const MOST_NAMED: usize = 5;

/// Runs it.
pub fn run(arguments: &GithubPages, branch: &str, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let root = arguments.folder.path();
    let (project, problems) = project::read(root, &Overrides::default())?;
    let is_wrong = problems.iter().any(project::is_in_settings);
    let Some(git) = Git::find(&project.folders.root)? else {
        writeln!(console.err, "error: `{}` is in no Git repository", root.display())?;
        writeln!(console.err, "  = help: `git init`, commit your pages, and `git remote add origin URL`")?;
        return Ok(Outcome::WrongUsage);
    };
    let place = Place { remote: &arguments.remote, branch };
    let Some(url) = git.remote(place.remote)? else {
        writeln!(console.err, "error: there is no remote `{}`", place.remote)?;
        writeln!(console.err, "  = help: `git remote add {} URL`, with the address of the repository", place.remote)?;
        return Ok(Outcome::WrongUsage);
    };
    let remote = address::shown(&url);
    if git.branch()?.as_deref() == Some(branch) {
        writeln!(console.err, "error: `{branch}` is the branch with your pages, and the site would take their place")?;
        writeln!(console.err, "  = help: publish to another one, such as `--branch gh-pages`")?;
        return Ok(Outcome::WrongUsage);
    }
    let tip = branch::tip(&git, &place)?;
    let doubts = branch::doubts(&git, &place, tip.as_deref(), &own(&project))?;
    if !doubts.is_empty() && !arguments.force {
        doubts.iter().try_for_each(|doubt| say(doubt, &place, console.err))?;
        writeln!(console.err, "Nothing was published; `--force` does it nevertheless")?;
        return Ok(Outcome::WrongUsage);
    }
    let branch_cname = tip.as_ref().and_then(|tip| branch::file(&git, tip, "CNAME"));
    // Settings that cannot be read are the build's to complain of.
    let address = address(arguments, &project, branch_cname.as_deref(), &url);
    let Some(address) = address.or_else(|| is_wrong.then(unknown)) else {
        writeln!(console.err, "error: there is no telling at which address `{remote}` is shown")?;
        writeln!(console.err, "  = help: set `base_url` in site.toml, or give it with --base-url")?;
        return Ok(Outcome::WrongUsage);
    };
    let work = output::temporary("handbook-publish")?;
    let (folder, index) = (work.path().join("site"), work.path().join("index"));
    let made = build::make(&arguments.build(folder.clone(), address.url.clone()), console)?;
    let Made { site, problems, stages, .. } = match made {
        Ok(made) => made,
        Err(outcome) => return Ok(outcome),
    };
    let shown = match address.url.full() {
        path if path.is_empty() => address.url.base_path().to_owned(),
        full => full,
    };
    let known = ledger::read(&site.project)?;
    let lost = sorted(settled(&site.project, ledger::problems(&site, &known)));
    report::print(&site.project, &lost, Format::Human, false, console)?;
    if Counts::of(&lost).fails(arguments.strict) && !arguments.force {
        writeln!(
            console.err,
            "Nothing was published: addresses would be lost. `handbook check --fix` brings them back"
        )?;
        writeln!(console.err, "  = help: `--force` gives them up")?;
        return Ok(Outcome::SiteProblems);
    }
    let (built, counts) = (build::summary(&site, &stages), build::counts(&problems));
    writeln!(console.err, "Built {built} for {shown} (from {}){counts}", address.from)?;
    // A domain that was set at GitHub is in the branch alone.
    let kept: &[&str] = if folder.join("CNAME").exists() { &[] } else { &["CNAME"] };
    let message = match &arguments.message {
        Some(message) => message.clone(),
        None => format!("Publish the handbook as of {}", as_of(&git, &doubts)?),
    };
    let files = Site { folder: &folder, index: &index, not: output::MANIFEST_NAME, kept };
    if arguments.dry_run {
        let n = site.routes.entries.len();
        writeln!(console.err, "Would push {} to `{branch}` of {remote}; nothing was", count(n, "address"))?;
        return Ok(Outcome::Fine);
    }
    match branch::push(&git, &place, tip.as_deref(), &files, &message)? {
        Pushed::Nothing => writeln!(console.err, "`{branch}` of `{}` has this site already", place.remote)?,
        Pushed::Commit(commit) => {
            writeln!(console.err, "Pushed {} to `{branch}` of {remote}", &commit[..commit.len().min(10)])?;
        }
    }
    if !ledger::record(&site, &known, false, console)? {
        return Ok(Outcome::SiteProblems);
    }
    let lock = git.ask(["status", "--porcelain", "--", LEDGER_NAME])?;
    if lock.is_some_and(|lock| !lock.is_empty()) {
        writeln!(console.err, "Commit `{LEDGER_NAME}` with your next change: by it, the next publish knows them")?;
    }
    if tip.is_none() && address::on_github(&url).is_some() {
        writeln!(
            console.err,
            "Once: in the repository's settings, under Pages, choose the branch `{branch}` as the source"
        )?;
    }
    Ok(Outcome::Fine)
}

fn address(arguments: &GithubPages, project: &Project, branch_cname: Option<&str>, remote: &str) -> Option<Address> {
    let config = &project.config;
    if let Some(url) = &arguments.base_url {
        return Some(Address { url: url.clone(), from: "--base-url" });
    }
    let derived = address::of(&config.base_url, config.cname.as_deref(), branch_cname, remote);
    let path = || Address { url: config.base_url.clone(), from: "base_url" };
    derived.or_else(|| (config.base_url != BaseUrl::default()).then(path))
}

fn unknown() -> Address {
    Address { url: BaseUrl::default(), from: "nowhere" }
}

/// What this program writes itself, and is no change of anybody: the site's folder, and the ledger of the last publish.
fn own(project: &Project) -> [PathBuf; 2] {
    [project.folders.output.clone(), project.folders.root.join(LEDGER_NAME)]
}

/// The commit that the pages are of.
fn as_of(git: &Git, doubts: &[Doubt]) -> anyhow::Result<String> {
    let commit = git.ask(["log", "-1", "--format=%h %s"])?.unwrap_or_else(|| "no commit".into());
    let is_dirty = doubts.iter().any(|doubt| matches!(doubt, Doubt::Dirty(_)));
    Ok(if is_dirty { format!("{commit}, with changes") } else { commit })
}

fn say(doubt: &Doubt, place: &Place<'_>, err: &mut dyn io::Write) -> io::Result<()> {
    match doubt {
        Doubt::Dirty(files) => {
            let verb = if files.len() == 1 { "is" } else { "are" };
            writeln!(err, "error: {} {verb} in no commit as they are now", count(files.len(), "file"))?;
            for file in files.iter().take(MOST_NAMED) {
                writeln!(err, "  {}", Path::new(file).display())?;
            }
            if files.len() > MOST_NAMED {
                writeln!(err, "  … and {} more", files.len() - MOST_NAMED)?;
            }
            writeln!(err, "  = help: commit them, so that what is published is what is in the history")
        }
        Doubt::Behind(n, upstream) => {
            writeln!(err, "error: `{upstream}` has {} that you have not", count(*n, "commit"))?;
            writeln!(err, "  = help: `git pull`, so that nobody's pages vanish from the site")
        }
        Doubt::Strange => {
            writeln!(
                err,
                "error: what is on `{}` of `{}` is no website, and would be gone",
                place.branch, place.remote
            )?;
            writeln!(err, "  = help: publish to a branch of its own, such as `--branch gh-pages`")
        }
        Doubt::Diverged(n) => {
            let (branch, remote) = (place.branch, place.remote);
            writeln!(err, "error: your branch `{branch}` has {} that `{remote}` has not", count(*n, "commit"))?;
            writeln!(err, "  = help: push them, or delete the branch here with `git branch -D {branch}`")
        }
    }
}
