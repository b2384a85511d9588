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

/// The files of a plan with their edits made, in memory, and those that cannot be changed with the reason. A page that
/// is another one on the disk than in `site`, for which the edits were made, is among the latter.
pub fn changes(site: &Site, plan: &Plan) -> anyhow::Result<(Vec<Changed>, Vec<(String, Refusal)>)> {
    let project = &site.project;
    let known: HashMap<String, u128> =
        site.pages.iter().map(|page| (project.file_name(&page.path), page.stamp.hash)).collect();
    let (mut changes, mut refused) = (Vec::new(), Vec::new());
    for (file, edits) in &plan.files {
        let bytes = source::any_bytes(&project.folders.root.join(file)).with_context(|| format!("read `{file}`"))?;
        let changed = match known.get(file).is_some_and(|hash| *hash != xxh3_128(&bytes)) {
            true => Err(Refusal::Changed),
            false => edit::changed(file, &bytes, edits),
        };
        match changed {
            Ok(changed) => changes.push(changed),
            Err(refusal) => refused.push((file.clone(), refusal)),
        }
    }
    Ok((changes, refused))
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
