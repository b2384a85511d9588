//! `handbook completions` and `handbook man`: the command line, for shells and for `man`.

use crate::cli::{Completions, ManPages, manual};
use crate::commands::{Console, Outcome};
use crate::output;

/// Prints the script for a shell.
pub fn run(arguments: &Completions, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    console.out.write_all(&arguments.script())?;
    Ok(Outcome::Fine)
}

/// Prints the manual's first page, or writes all of them.
pub fn manual_pages(arguments: &ManPages, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let pages = manual()?;
    let Some(folder) = &arguments.out else {
        console.out.write_all(&pages[0].1)?;
        return Ok(Outcome::Fine);
    };
    for (name, text) in &pages {
        output::put(&folder.join(name), text)?;
    }
    writeln!(console.err, "Wrote {} pages → {}/", pages.len(), folder.display())?;
    Ok(Outcome::Fine)
}
