//! The project's folder, as every command that reads one takes it.

use std::path::{Path, PathBuf};

use clap::Args;

/// The project's folder: the word behind the command, or the option that other generators have for it.
#[derive(Debug, Clone, Args)]
pub struct Folder {
    /// The project's folder
    #[arg(value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// The project's folder, as Hugo and Zola name it
    #[arg(short = 's', long, value_name = "DIR", alias = "root", hide = true, conflicts_with = "root")]
    source: Option<PathBuf>,
}

impl Folder {
    /// The folder.
    pub fn path(&self) -> &Path {
        self.source.as_deref().unwrap_or(&self.root)
    }
}
