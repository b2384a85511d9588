//! The arguments of `handbook search`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// `handbook search`
#[derive(Debug, Args)]
pub struct Search {
    /// What to look for
    #[arg(value_name = "WORDS", required_unless_present = "queries", conflicts_with = "queries")]
    pub words: Vec<String>,
    /// The folder of the handbook, which holds its pages and `site.toml`
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// How results are printed
    #[arg(long, value_enum, default_value_t = ResultFormat::Human)]
    pub format: ResultFormat,
    /// How many pages are printed at most
    #[arg(short = 'n', long, value_name = "NUMBER", default_value_t = 10)]
    pub limit: usize,
    /// Answer each line of this file, `-` for standard input, with a list of results in JSON on a line of its own
    #[arg(long, value_name = "FILE")]
    pub queries: Option<PathBuf>,
    /// Search drafts too
    #[arg(short = 'D', long)]
    pub drafts: bool,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ResultFormat {
    /// For people
    Human,
    /// A list of objects with `url`, `title`, `heading` and `score`, best first
    Json,
}
