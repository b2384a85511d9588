//! `handbook mv`: a page, file or folder elsewhere, with every link to it.

use std::path::{Path, PathBuf};

use crate::cli::Mv;
use crate::commands::relocation::{Opened, open, refuse, reported, summary};
use crate::commands::{Console, Outcome, rewrite};
use crate::edit::{Changed, diff_of_move};
use crate::history;
use crate::moves::after::Texts;
use crate::moves::move_files;
use crate::moves::place::{Move, resolve, shown};
use crate::output;
use crate::site::Site;

/// Runs it.
pub fn run(arguments: &Mv, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let site = match open(&arguments.root, console)? {
        Opened::Site(site) => site,
        Opened::Not(outcome) => return Ok(outcome),
    };
    let content = &site.project.folders.content;
    let exists = |path: &str| {
        let file = content.join(path);
        file.exists().then(|| file.is_dir())
    };
    let moving = match resolve(&site, &arguments.old, &arguments.new, &exists) {
        Ok(moving) => moving,
        Err(refused) => return refuse(&refused, console),
    };
    let planned = move_files(&site, &moving, &mut Texts::new(&mut |file| site.project.text_of(file)));
    let Some(changes) = reported(&site, &planned, console)? else { return Ok(Outcome::SiteProblems) };
    if arguments.dry_run {
        return show(&site, &moving, changes, console);
    }
    carry_out(&site, &moving, changes.clone())?;
    let (from, to) = (shown(&site, &moving.from), shown(&site, &moving.to));
    summary(&format!("Moved {from} to {to}"), &planned, changes.len(), console)?;
    Ok(Outcome::Fine)
}

/// The move and its edits, as a diff that `git apply` takes.
fn show(site: &Site, moving: &Move, changes: Vec<Changed>, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let project = &site.project;
    let pages = site.pages.iter().map(|page| project.file_name(&page.path));
    let assets = site.assets[..site.n_content_assets].iter().map(|asset| asset.file.clone());
    let mut files: Vec<String> = pages.chain(assets).filter(|file| new_name(site, moving, file).is_some()).collect();
    files.extend(changes.iter().map(|changed| changed.file.clone()));
    files.sort();
    files.dedup();
    for file in files {
        let changed = changes.iter().find(|changed| changed.file == file);
        write!(console.out, "{}", diff_of_move(&file, new_name(site, moving, &file).as_deref(), changed))?;
    }
    Ok(Outcome::Fine)
}

/// What messages call a file after the move; `None` when it stays.
fn new_name(site: &Site, moving: &Move, file: &str) -> Option<String> {
    let prefix = site.project.prefix.as_str();
    let path = if prefix.is_empty() { file } else { file.strip_prefix(prefix)?.strip_prefix('/')? };
    moving.new_path(path).map(|path| shown(site, &path))
}

/// Moves, then writes; when that fails, all is moved back.
fn carry_out(site: &Site, moving: &Move, changes: Vec<Changed>) -> anyhow::Result<()> {
    let content = &site.project.folders.content;
    let (from, to) = (content.join(&moving.from), content.join(&moving.to));
    let root = &site.project.folders.root;
    let made = go(root, &from, &to)?;
    let renamed = |changed: Changed| Changed {
        file: new_name(site, moving, &changed.file).unwrap_or_else(|| changed.file.clone()),
        ..changed
    };
    let Err(error) = rewrite::write(&site.project, changes.into_iter().map(renamed).collect()) else { return Ok(()) };
    match go(root, &to, &from) {
        Ok(_) => {
            output::rewrite::remove_empty(&made);
            Err(error)
        }
        Err(other) => {
            let place = to.display();
            Err(error.context(format!("what was moved is at `{place}`, as it cannot be moved back ({other:#})")))
        }
    }
}

/// With the repository's knowledge where there is one, and else just so. Says which folders were made for it.
fn go(root: &Path, from: &Path, to: &Path) -> anyhow::Result<Vec<PathBuf>> {
    output::rewrite::expect_free(from, to)?;
    let made = output::rewrite::make_folder_for(to)?;
    if !history::moves::moved(root, from, to) {
        output::rewrite::relocate(from, to).inspect_err(|_| output::rewrite::remove_empty(&made))?;
    }
    Ok(made)
}
