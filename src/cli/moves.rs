//! The arguments of `handbook mv` and `handbook rename-heading`.

use std::path::PathBuf;

use clap::Args;

/// `handbook mv`
#[derive(Debug, Args)]
pub struct Mv {
    /// The page, file or folder: its path, or an address such as /people/leave/
    #[arg(value_name = "OLD")]
    pub old: String,
    /// Where it goes: a path, a folder that is there, or an address
    #[arg(value_name = "NEW")]
    pub new: String,
    /// Only show what would be changed
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// The project's folder
    #[arg(short = 'C', long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
}

/// `handbook rename-heading`
#[derive(Debug, Args)]
pub struct RenameHeading {
    /// The page: its file, or an address such as /people/leave/
    #[arg(value_name = "PAGE")]
    pub page: String,
    /// The heading's id, as in its address: '#notice'
    #[arg(value_name = "ID")]
    pub id: String,
    /// Its new words
    #[arg(value_name = "TITLE")]
    pub title: String,
    /// Only show what would be changed
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// The project's folder
    #[arg(short = 'C', long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
}
