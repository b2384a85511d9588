//! The arguments of `handbook config`.

use clap::Args;

use crate::cli::folder::Folder;

/// `handbook config`
#[derive(Debug, Args)]
pub struct Config {
    /// Where the project is.
    #[command(flatten)]
    pub folder: Folder,
    /// One JSON object for each setting
    #[arg(long)]
    pub json: bool,
}
