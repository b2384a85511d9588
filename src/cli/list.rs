//! The arguments of `handbook list`.

use clap::Args;

use crate::cli::folder::Folder;

/// `handbook list`
#[derive(Debug, Args)]
pub struct List {
    /// Where the project is.
    #[command(flatten)]
    pub folder: Folder,
    /// Include pages that are marked as drafts
    #[arg(short = 'D', long)]
    pub drafts: bool,
    /// One JSON object for each page
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// A table with commas, for spreadsheets
    #[arg(long)]
    pub csv: bool,
}
