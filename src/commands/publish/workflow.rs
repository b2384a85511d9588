//! `handbook publish github-pages`: the workflow, written or brought up to date.

use std::path::{Path, PathBuf};

use crate::cli::GithubPages;
use crate::commands::{Console, Outcome};
use crate::git::Git;
use crate::output;
use crate::project::{self, Overrides, Project};
use crate::publish::address;
use crate::publish::workflow::{self, Wishes};
use crate::source;

/// Runs it.
pub fn run(arguments: &GithubPages, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let (project, _) = project::read(arguments.folder.path(), &Overrides::default())?;
    let mut place = Place::of(&project)?;
    let there = source::text(&place.file);
    // It is often run from a branch on which something new is tried; that is not what is to be published.
    if let Some(branch) = there.as_deref().filter(|text| workflow::is_untouched(text)).and_then(workflow::branch) {
        place.branch = branch;
    }
    // Whoever asked for it once need not ask again.
    let is_strict = there.as_deref().is_some_and(workflow::is_strict);
    let wishes = place.wishes(&project, arguments.strict || is_strict);
    if let Some(name) = wishes.expression() {
        writeln!(console.err, "error: GitHub would take `{name}` for an expression of its own")?;
        writeln!(console.err, "  = help: give it a name without `${{{{`")?;
        return Ok(Outcome::WrongUsage);
    }
    let text = workflow::text(&wishes);
    let shown = workflow::FILE;
    let is_there = there.is_some();
    match there {
        Some(there) if there == text => writeln!(console.err, "{shown} is as it should be")?,
        Some(there) if !workflow::is_untouched(&there) && !arguments.force => {
            writeln!(console.err, "error: `{shown}` was changed by hand, or is not ours, and was left as it is")?;
            writeln!(console.err, "  = help: `--force` writes it anew; `git diff` then shows what was yours")?;
            return Ok(Outcome::WrongUsage);
        }
        _ => {
            output::put(&place.file, text.as_bytes())?;
            writeln!(console.err, "{} {shown}", if is_there { "Brought up to date:" } else { "Wrote" })?;
        }
    }
    next(&project, &place, console)?;
    Ok(Outcome::Fine)
}

/// Where the workflow of a project goes, and what it has to know.
pub struct Place {
    /// The workflow's file.
    pub file: PathBuf,
    /// The project's folder in the repository, `.` when they are the same.
    pub folder: String,
    /// The branch that the remote shows first, else the one that is checked out.
    pub branch: String,
    /// The URL of the remote `origin`.
    pub remote: Option<String>,
}

impl Place {
    /// Finds it. A folder in no repository yet will be one's top.
    pub fn of(project: &Project) -> anyhow::Result<Place> {
        let root = &project.folders.root;
        // Without `git` there may be a repository all the same, by another program.
        let Some(git) = Git::find(root).ok().flatten() else {
            return Ok(Place {
                file: root.join(workflow::FILE),
                folder: ".".into(),
                branch: "main".into(),
                remote: None,
            });
        };
        let top = git.top()?;
        // Git's path has no links in it.
        let real = root.canonicalize().unwrap_or_else(|_| root.clone());
        let inside = real.strip_prefix(top.canonicalize().unwrap_or(top.clone())).unwrap_or(Path::new("")).to_owned();
        let inside = inside.to_string_lossy().replace('\\', "/");
        let branch = match git.first_branch("origin")? {
            Some(branch) => branch,
            None => git.branch()?.unwrap_or_else(|| "main".into()),
        };
        Ok(Place {
            file: top.join(workflow::FILE),
            folder: if inside.is_empty() { ".".into() } else { inside },
            branch,
            remote: git.remote("origin")?,
        })
    }

    /// What the workflow has to know.
    pub fn wishes(&self, project: &Project, strict: bool) -> Wishes {
        let output = project.folders.output.strip_prefix(&project.folders.root);
        let output = output.map_or_else(|_| "public".into(), |inside| inside.to_string_lossy().replace('\\', "/"));
        let output = if self.folder == "." { output } else { format!("{}/{output}", self.folder) };
        Wishes { branch: self.branch.clone(), folder: self.folder.clone(), output, strict }
    }
}

/// Says what to do with the workflow.
fn next(project: &Project, place: &Place, console: &mut Console<'_>) -> anyhow::Result<()> {
    let config = &project.config;
    let remote = place.remote.as_deref().unwrap_or_default();
    let url = address::of(&config.base_url, config.cname.as_deref(), None, remote);
    writeln!(console.err, "\nNext:")?;
    let settings =
        address::on_github(remote).map(|(owner, name)| format!("https://github.com/{owner}/{name}/settings/pages"));
    let settings = settings.unwrap_or_else(|| "the repository's settings at GitHub, Pages".to_owned());
    writeln!(console.err, "  1. once: choose GitHub Actions as the source in {settings}")?;
    writeln!(console.err, "  2. commit `{}`, and push `{}`", workflow::FILE, place.branch)?;
    if let Some(url) = url {
        writeln!(console.err, "The site will be at {} (from {})", url.url.full(), url.from)?;
    }
    Ok(())
}
