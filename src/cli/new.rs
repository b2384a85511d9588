//! The arguments of `handbook new`.

use std::path::PathBuf;

use clap::Args;

/// `handbook new`
#[derive(Debug, Args)]
pub struct New {
    /// The page's place in the content folder, such as people/parental-leave
    #[arg(value_name = "PATH")]
    pub path: String,
    /// The page's title [default: made from its name]
    #[arg(short, long)]
    pub title: Option<String>,
    /// The project's folder
    #[arg(short = 'C', long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
}
