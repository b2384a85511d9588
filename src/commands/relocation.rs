//! What `mv` and `rename-heading` have in common.

use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::cli::Format;
use crate::commands::report::{self, count};
use crate::commands::{Console, Outcome, has_folder, rewrite};
use crate::edit::Changed;
use crate::moves::Planned;
use crate::moves::place::Refused;
use crate::project::{self, Overrides};
use crate::site::Site;
use crate::update::{Changes, update};

/// The site that a command works on, or how the command ended without one.
pub enum Opened {
    /// The site.
    Site(Box<Site>),
    /// What is wrong has been said.
    Not(Outcome),
}

/// Reads the site in a folder.
pub fn open(root: &Path, console: &mut Console<'_>) -> anyhow::Result<Opened> {
    if !has_folder(root, console)? {
        return Ok(Opened::Not(Outcome::WrongUsage));
    }
    let (project, problems) = project::read(root, &Overrides::default())?;
    let project = Arc::new(project);
    if problems.iter().any(project::is_in_settings) {
        report::print(&project, &problems, Format::Human, true, console)?;
        return Ok(Opened::Not(Outcome::WrongUsage));
    }
    let site = update(&Site::empty(project.clone()), &project, problems, Changes::All);
    Ok(Opened::Site(Box::new(site)))
}

/// Says why nothing is done.
pub fn refuse(refused: &Refused, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    writeln!(console.err, "error: {}", refused.message)?;
    writeln!(console.err, "  = help: {}", refused.help)?;
    Ok(Outcome::WrongUsage)
}

/// The changed files, unless something stands in the way: then that has been said, and nothing was changed.
pub fn reported(site: &Site, planned: &Planned, console: &mut Console<'_>) -> anyhow::Result<Option<Vec<Changed>>> {
    if !planned.problems.is_empty() {
        report::print(&site.project, &planned.problems, Format::Human, false, console)?;
        writeln!(console.err, "Nothing was changed: this would leave {}", count(planned.problems.len(), "problem"))?;
        return Ok(None);
    }
    let rewrite::Made { changes, refused } = rewrite::changes(site, &planned.plan)?;
    for (file, refusal) in &refused {
        writeln!(console.err, "error: `{file}` cannot be changed: {}", refusal.reason())?;
    }
    if !refused.is_empty() {
        writeln!(console.err, "Nothing was changed")?;
        return Ok(None);
    }
    Ok(Some(changes))
}

/// Says what was done.
pub fn summary(done: &str, planned: &Planned, n_files: usize, console: &mut Console<'_>) -> io::Result<()> {
    let links = match planned.n_links {
        0 => "no link had to change".to_string(),
        n => format!("{} written anew", count(n, "link")),
    };
    let redirects = match planned.n_redirects {
        0 => String::new(),
        1 => ", 1 former address leads on".to_string(),
        n => format!(", {} former addresses lead on", report::thousands(n)),
    };
    let files = if n_files == 0 { String::new() } else { format!(" ({} changed)", count(n_files, "file")) };
    writeln!(console.err, "{done}: {links}{redirects}{files}")
}
