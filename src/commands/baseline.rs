//! The list of known problems: found, read and written.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::check::baseline::Baseline;
use crate::commands::Console;
use crate::diagnostic::Diagnostic;
use crate::output::rewrite::{Rewrite, make_folder_for, rewrite};
use crate::project::Project;
use crate::source;

/// Where the list is: as asked, seen from the current folder, else as `site.toml` says.
pub fn file(project: &Project, asked: Option<&Path>) -> Option<PathBuf> {
    asked.map(Path::to_path_buf).or_else(|| project.baseline())
}

/// Reads the list. `None` when it cannot be used, and that has been said.
pub fn read(file: &Path, console: &mut Console<'_>) -> anyhow::Result<Option<Baseline>> {
    if !file.is_file() {
        writeln!(console.err, "error: there is no list of known problems `{}`", file.display())?;
        writeln!(console.err, "  = help: `handbook check --update-baseline` writes it")?;
        return Ok(None);
    }
    let text = source::any_text(file).with_context(|| format!("read `{}`", file.display()))?;
    match Baseline::read(&text) {
        Ok(baseline) => Ok(Some(baseline)),
        Err(line) => {
            writeln!(console.err, "error: `{}`, line {line}: this is no known problem", file.display())?;
            writeln!(console.err, "  = help: `handbook check --update-baseline` writes the file anew")?;
            Ok(None)
        }
    }
}

/// Writes the list of these problems, at once and as a whole.
pub fn write(project: &Project, file: &Path, problems: &[Diagnostic]) -> anyhow::Result<Baseline> {
    let baseline = Baseline::of(problems);
    make_folder_for(file)?;
    let before = match source::any_bytes(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        bytes => bytes.with_context(|| format!("read `{}`", file.display()))?,
    };
    let folder = file.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let after = baseline.text().into_bytes();
    rewrite(&[folder, &project.folders.root], &[Rewrite { file: file.to_path_buf(), before, after }])?;
    Ok(baseline)
}
