//! A small handbook that is worth keeping: pages, all common settings, and what editors and Git need.

use include_dir::{Dir, include_dir};

use super::write;
use crate::cli::Init;
use crate::commands::Console;
use crate::project::{CONFIG_NAME, schema};
use crate::value::write::quoted;

static STARTER: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/commands/init/starter");
const SETTINGS: &str = include_str!("site.toml");
const GITIGNORE: &str = "# The built website, and what a build leaves while it runs.\n/public/\n/.public.handbook/\n";

/// Writes it. What is there already stays.
pub fn run(arguments: &Init, console: &mut Console<'_>) -> anyhow::Result<()> {
    let root = &arguments.root;
    let mut files = Vec::new();
    collect(&STARTER, &mut files);
    files.sort();
    for (path, bytes) in files {
        write(root, &path, bytes, console)?;
    }
    let settings = match &arguments.title {
        Some(title) => SETTINGS.replace("\"Our handbook\"", &quoted(title)),
        None => SETTINGS.to_owned(),
    };
    write(root, CONFIG_NAME, settings.as_bytes(), console)?;
    for (name, schema) in [("site", schema::site()), ("page", schema::page())] {
        let text = serde_json::to_string_pretty(&schema)? + "\n";
        write(root, &format!(".handbook/{name}.schema.json"), text.as_bytes(), console)?;
    }
    write(root, ".gitignore", GITIGNORE.as_bytes(), console)
}

fn collect(dir: &Dir<'static>, files: &mut Vec<(String, &'static [u8])>) {
    for file in dir.files() {
        files.push((file.path().to_string_lossy().replace('\\', "/"), file.contents()));
    }
    for below in dir.dirs() {
        collect(below, files);
    }
}
