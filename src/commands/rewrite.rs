//! Edits to the author's files: read, shown, written. For every command that may change them.

use std::collections::HashMap;
use std::io;

use anyhow::Context;
use xxhash_rust::xxh3::xxh3_128;

use crate::commands::Console;
use crate::edit::{self, Changed, Plan, Refusal};
use crate::output::rewrite::{Rewrite, rewrite};
use crate::project::Project;
use crate::site::Site;
use crate::source;

/// A plan carried out in memory.
#[derive(Debug, Default)]
pub struct Made {
    /// The files with their edits made.
    pub changes: Vec<Changed>,
    /// The files that cannot be changed, and why.
    pub refused: Vec<(String, Refusal)>,
}

/// Makes the edits of a plan, in memory. A page that is another one on the disk than in `site`, for which the edits were
/// made up, is refused.
pub fn changes(site: &Site, plan: &Plan) -> anyhow::Result<Made> {
    let project = &site.project;
    let known: HashMap<String, u128> =
        site.pages.iter().map(|page| (project.file_name(&page.path), page.stamp.hash)).collect();
    let mut made = Made::default();
    for (file, edits) in &plan.files {
        let bytes = match source::any_bytes(&project.folders.root.join(file)) {
            // `site.toml` is optional, and may have to be made.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            bytes => bytes.with_context(|| format!("read `{file}`"))?,
        };
        let changed = match known.get(file).is_some_and(|hash| *hash != xxh3_128(&bytes)) {
            true => Err(Refusal::Changed),
            false => edit::changed(file, &bytes, edits),
        };
        match changed {
            Ok(changed) => made.changes.push(changed),
            Err(refusal) => made.refused.push((file.clone(), refusal)),
        }
    }
    Ok(made)
}

/// Shows the changes as a diff, on standard output.
pub fn show(changes: &[Changed], console: &mut Console<'_>) -> io::Result<()> {
    changes.iter().try_for_each(|changed| write!(console.out, "{}", edit::diff(changed)))
}

/// Writes the changes: all, or none.
pub fn write(project: &Project, changes: Vec<Changed>) -> anyhow::Result<()> {
    let root = &project.folders.root;
    let of = |Changed { file, before, after }: Changed| Rewrite { file: root.join(file), before, after };
    let changes: Vec<Rewrite> = changes.into_iter().map(of).collect();
    rewrite(&[root, &project.folders.content], &changes)
}
