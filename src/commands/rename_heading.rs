//! `handbook rename-heading`: a heading with other words, and every link to it.

use crate::cli::RenameHeading;
use crate::commands::relocation::{Opened, open, refuse, reported, summary};
use crate::commands::{Console, Outcome, rewrite};
use crate::moves::after::Texts;
use crate::moves::heading::reword;
use crate::moves::place::{self, Refused};

/// Runs it.
pub fn run(arguments: &RenameHeading, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let site = match open(&arguments.root, console)? {
        Opened::Site(site) => site,
        Opened::Not(outcome) => return Ok(outcome),
    };
    let Some(page) = place::page(&site, &arguments.page) else {
        let message = format!("there is no page `{}`", arguments.page);
        let help = "write the path of its file, or its address such as `/people/leave/`".to_string();
        return refuse(&Refused { message, help }, console);
    };
    let id = arguments.id.trim_start_matches('#');
    let mut read = |file: &str| site.project.text_of(file);
    let planned = match reword(&site, page, id, &arguments.title, &mut Texts::new(&mut read)) {
        Ok(planned) => planned,
        Err(refused) => return refuse(&refused, console),
    };
    let Some(changes) = reported(&site, &planned, console)? else { return Ok(Outcome::SiteProblems) };
    if arguments.dry_run {
        rewrite::show(&changes, console)?;
        return Ok(Outcome::Fine);
    }
    let n_files = changes.len();
    rewrite::write(&site.project, changes)?;
    summary(&format!("Reworded `#{id}`"), &planned, n_files, console)?;
    Ok(Outcome::Fine)
}
