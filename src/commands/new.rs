//! `handbook new`: a page with front matter, in its place.

use anyhow::Context;

use crate::cli::New;
use crate::commands::{Console, Outcome, has_folder};
use crate::output;
use crate::project::{self, Overrides};
use crate::site::page::title_from_name;
use crate::source::{self, Kind, SourcePath, page_role};

/// Runs it.
pub fn run(arguments: &New, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    if !has_folder(&arguments.root, console)? {
        return Ok(Outcome::WrongUsage);
    }
    let (project, _) = project::read(&arguments.root, &Overrides::default())?;
    let written = arguments.path.replace('\\', "/");
    let inside = written.strip_prefix("./").unwrap_or(&written);
    // Typed with the content folder in front, as the shell completes it.
    let inside = match project.prefix.is_empty() {
        true => inside,
        false => inside.strip_prefix(&format!("{}/", project.prefix)).unwrap_or(inside),
    };
    let file = match inside.strip_suffix('/') {
        Some(folder) => format!("{folder}/_index.md"),
        // The content folder itself.
        None if inside.is_empty() && written.ends_with('/') => "_index.md".to_string(),
        None if inside.ends_with(".md") || inside.ends_with(".markdown") => inside.to_string(),
        None => format!("{inside}.md"),
    };
    let Some(path) = SourcePath::new(file) else {
        writeln!(console.err, "error: `{}` is no place for a page", arguments.path)?;
        writeln!(console.err, "  = help: write it relative to the content folder, such as `people/parental-leave`")?;
        return Ok(Outcome::WrongUsage);
    };
    if source::is_left_out(&path) {
        writeln!(console.err, "error: `{}` would be no part of the site", arguments.path)?;
        writeln!(
            console.err,
            "  = help: names that begin with `.` or `_` are left out, and so is `node_modules`; choose another"
        )?;
        return Ok(Outcome::WrongUsage);
    }
    let (_, name) = page_role(&path, Kind::Page);
    let name = match name.unwrap_or_default() {
        "_index" | "index" => path.folder().rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("Handbook"),
        name => name,
    };
    let title = arguments.title.clone().unwrap_or_else(|| title_from_name(name));
    // JSON's strings are YAML's too, whatever is in the title.
    let quoted = serde_json::to_string(&title).context("write the title")?;
    let text = format!("---\ntitle: {quoted}\ndescription: \"\"\n---\n\nWrite here.\n");
    let target = path.in_folder(&project.folders.content);
    let shown = project.file_name(&path);
    match output::create(&target, text.as_bytes())? {
        true => {
            writeln!(console.err, "Wrote {shown}")?;
            Ok(Outcome::Fine)
        }
        false => {
            writeln!(console.err, "error: `{shown}` is there already, and was left as it is")?;
            Ok(Outcome::WrongUsage)
        }
    }
}
