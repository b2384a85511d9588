//! The commands: thin glue between the command line and the pipeline, one file each. Files are written by `output`, and
//! `git` is run by `history` and `publish`.

mod baseline;
pub mod build;
pub mod check;
pub mod completions;
pub mod config;
mod external;
mod fix;
pub mod init;
mod ledger;
pub mod list;
pub mod mv;
pub mod new;
mod progress;
pub mod publish;
mod relocation;
pub mod rename_heading;
pub mod render;
mod report;
pub mod rewrite;
pub mod schema;
pub mod search;
pub mod serve;

use std::io::{self, Write};
use std::path::Path;

/// Where a command's words go.
pub struct Console<'a> {
    /// Standard output: what other programs read.
    pub out: &'a mut dyn Write,
    /// Standard error: what people read.
    pub err: &'a mut dyn Write,
    /// Whether people's output is coloured.
    pub colour: bool,
    /// Whether a person watches.
    pub is_terminal: bool,
}

/// Whether the project's folder is there. If not, that has been said.
fn has_folder(root: &Path, console: &mut Console<'_>) -> io::Result<bool> {
    let is_there = root.is_dir();
    if !is_there {
        writeln!(console.err, "error: there is no folder `{}`", root.display())?;
    }
    Ok(is_there)
}

/// How a command ended. That the machine failed is an error and not one of these, until `main` turns it into a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All is well.
    Fine,
    /// Something in the site has to be mended first.
    SiteProblems,
    /// The command line or `site.toml` is wrong.
    WrongUsage,
    /// Disk, network or permissions.
    MachineFailed,
}

impl Outcome {
    /// The process's exit status.
    pub fn exit_status(self) -> u8 {
        match self {
            Outcome::Fine => 0,
            Outcome::SiteProblems => 1,
            Outcome::WrongUsage => 2,
            Outcome::MachineFailed => 3,
        }
    }
}
