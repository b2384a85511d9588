//! `handbook init`: settings and a workflow for pages that are there, or a small handbook to start from.

mod adopt;
mod starter;

use std::path::Path;

use crate::cli::Init;
use crate::commands::publish::workflow::Place;
use crate::commands::{Console, Outcome};
use crate::project::survey::{self, Found};
use crate::project::{self, CONFIG_NAME, Overrides};
use crate::publish::{address, workflow};
use crate::{output, publish};

/// Runs it.
pub fn run(arguments: &Init, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let root = &arguments.root;
    if root.exists() && !root.is_dir() {
        writeln!(console.err, "error: `{}` is a file", root.display())?;
        return Ok(Outcome::WrongUsage);
    }
    let found = if root.is_dir() { survey::look(root) } else { None };
    match &found {
        Some(found) => adopt::run(arguments, found, console)?,
        None => starter::run(arguments, console)?,
    }
    write_workflow(root, found.as_ref(), console)?;
    next(root, found.as_ref(), console)?;
    Ok(Outcome::Fine)
}

/// Writes a file that is not there, and says which of the two it was.
fn write(root: &Path, path: &str, bytes: &[u8], console: &mut Console<'_>) -> anyhow::Result<()> {
    // Without a `./` that nobody wrote.
    let target = if root == Path::new(".") { path.into() } else { root.join(path) };
    match output::create(&target, bytes)? {
        true => writeln!(console.err, "Wrote {}", target.display())?,
        false => writeln!(console.err, "Left {} as it is", target.display())?,
    }
    Ok(())
}

/// The workflow, unless the repository is at home where it would do nothing.
fn write_workflow(root: &Path, found: Option<&Found>, console: &mut Console<'_>) -> anyhow::Result<()> {
    let (project, _) = project::read(root, &Overrides::default())?;
    let place = Place::of(&project)?;
    let host = place.remote.as_deref().and_then(address::parts).map_or("", |(host, _)| host);
    if !host.is_empty() && !host.contains("github") {
        writeln!(console.err, "No workflow was written: `origin` is at {host}, and it would be for GitHub")?;
        return Ok(());
    }
    // Pages from elsewhere have links that lead nowhere: they may be mended later.
    let wishes = place.wishes(&project, found.is_none());
    if let Some(name) = wishes.expression() {
        writeln!(console.err, "No workflow was written: GitHub would take `{name}` for an expression of its own")?;
        return Ok(());
    }
    let text = workflow::text(&wishes);
    match output::create(&place.file, text.as_bytes())? {
        true => writeln!(console.err, "Wrote {}", shown(root, &place.file))?,
        false => writeln!(console.err, "Left {} as it is", shown(root, &place.file))?,
    }
    Ok(())
}

/// A file as a person would write it, seen from the folder that they named.
fn shown(root: &Path, file: &Path) -> String {
    let real = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let absolute = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
    let inside = [real, absolute].iter().find_map(|root| file.strip_prefix(root).ok().map(Path::to_owned));
    match inside {
        Some(inside) if root == Path::new(".") => inside.display().to_string(),
        Some(inside) => root.join(inside).display().to_string(),
        None => file.display().to_string(),
    }
}

fn next(root: &Path, found: Option<&Found>, console: &mut Console<'_>) -> anyhow::Result<()> {
    let folder = if root == Path::new(".") { String::new() } else { format!(" {}", root.display()) };
    let pages = match found {
        None => "look at it, and make the pages in `content` yours".to_owned(),
        Some(_) => format!("look at it; {CONFIG_NAME} has the settings"),
    };
    let width = "handbook publish github-pages".len() + folder.len();
    writeln!(console.err, "\nNext:")?;
    for (command, what) in [
        (format!("handbook serve{folder} --open"), pages),
        (format!("handbook publish github-pages{folder}"), "what is left to do to publish it".to_owned()),
    ] {
        writeln!(console.err, "  {command:<width$}  {what}")?;
    }
    if let Some(guide) = found.and_then(|found| found.generator.guide()) {
        let name = found.map_or("", |found| found.generator.name());
        writeln!(
            console.err,
            "What {name} has, and what it is called here: {}/blob/main/content/guide/{guide}.md",
            publish::REPOSITORY
        )?;
    }
    Ok(())
}
