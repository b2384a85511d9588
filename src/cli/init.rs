//! The arguments of `handbook init`.

use std::path::PathBuf;

use clap::Args;

/// `handbook init`
#[derive(Debug, Args)]
pub struct Init {
    /// The folder to start in; made when it is not there
    #[arg(value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// The site's name [default: what is found, else Our handbook]
    #[arg(short, long)]
    pub title: Option<String>,
}
