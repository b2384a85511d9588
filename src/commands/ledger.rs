//! The ledger's file: read, compared with the site, written. For every command that checks or publishes.

use std::io;

use anyhow::Context;

use crate::commands::Console;
use crate::commands::report::{count, thousands};
use crate::diagnostic::{Code, Diagnostic};
use crate::history::renames::renames;
use crate::ledger::{self, LEDGER_NAME, Ledger};
use crate::output::rewrite::{Rewrite, rewrite};
use crate::project::Project;
use crate::site::Site;
use crate::source;

/// The ledger as its file has it.
#[derive(Debug, Default)]
pub struct Known {
    /// What was published.
    pub ledger: Ledger,
    /// What is wrong with the file.
    pub problems: Vec<Diagnostic>,
    /// What is in it; `None` when there is no such file.
    bytes: Option<Vec<u8>>,
}

/// Reads the ledger of a project. That there is none is no problem: then nothing is known to be published.
pub fn read(project: &Project) -> anyhow::Result<Known> {
    let file = project.folders.root.join(LEDGER_NAME);
    let bytes = match source::any_bytes(&file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Known::default()),
        Err(error) => return Err(error).with_context(|| format!("read `{}`", file.display())),
    };
    let (ledger, problems) = ledger::read(&source::text_of(bytes.clone()));
    Ok(Known { ledger, problems, bytes: Some(bytes) })
}

/// What is wrong with the file, and what was published and is gone.
pub fn problems(site: &Site, known: &Known) -> Vec<Diagnostic> {
    let project = &site.project;
    let renames = || renames(&project.folders.root);
    let lost = ledger::compare(site, &known.ledger, renames, &mut |file| project.text_of(file));
    known.problems.iter().cloned().chain(lost).collect()
}

/// Writes what the site publishes into the ledger, and says so. `false` when that would lose what cannot be read.
pub fn record(site: &Site, known: &Known, quiet: bool, console: &mut Console<'_>) -> anyhow::Result<bool> {
    // The marks of a merge are no loss: both sides were read.
    let is_unreadable = |problem: &&Diagnostic| problem.code == Code::LedgerSyntax && problem.fix.is_none();
    if known.problems.iter().any(|problem| is_unreadable(&problem)) {
        writeln!(console.err, "error: `{LEDGER_NAME}` holds lines that cannot be read, so nothing was recorded")?;
        writeln!(console.err, "  = help: mend or delete them first")?;
        return Ok(false);
    }
    let ledger = ledger::record(site, &known.ledger);
    let root = &site.project.folders.root;
    let before = known.bytes.clone().unwrap_or_default();
    let after = ledger::write(&ledger).into_bytes();
    // What others have recorded meanwhile is not lost: then nothing is written.
    rewrite(&[root], &[Rewrite { file: root.join(LEDGER_NAME), before, after }])?;
    if !quiet {
        let ((addresses, anchors), before) = (ledger.counts(), known.ledger.counts());
        let new = match (addresses - before.0, anchors - before.1) {
            (0, 0) => "none of them new".to_string(),
            (addresses, anchors) => {
                format!("{} and {} of them new", addresses_text(addresses), count(anchors, "anchor"))
            }
        };
        let (addresses, anchors) = (addresses_text(addresses), count(anchors, "anchor"));
        writeln!(console.err, "Recorded {addresses} and {anchors} in {LEDGER_NAME}, {new}")?;
    }
    Ok(true)
}

/// `1 address`, `2 addresses`.
fn addresses_text(n: usize) -> String {
    if n == 1 { "1 address".to_string() } else { format!("{} addresses", thousands(n)) }
}
