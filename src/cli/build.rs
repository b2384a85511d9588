//! The arguments of `handbook build`.

use std::path::PathBuf;

use clap::{Args, FromArgMatches};

use crate::cli::folder::Folder;
use crate::cli::{Format, base_url};
use crate::project::base_url::BaseUrl;

/// `handbook build`
#[derive(Debug, Args)]
pub struct Build {
    /// Where the project is.
    #[command(flatten)]
    pub folder: Folder,
    /// Write the site to this folder [default: what site.toml says, else public]
    #[arg(short, long, value_name = "DIR", visible_alias = "out-dir", aliases = ["destination", "dest-dir", "output-dir"], short_alias = 'd')]
    pub output: Option<PathBuf>,
    /// Where the site will be published: a URL, or a path such as /handbook/
    #[arg(short, long, value_name = "URL", value_parser = base_url, aliases = ["baseURL", "base"], short_alias = 'u')]
    pub base_url: Option<BaseUrl>,
    /// Include pages that are marked as drafts
    #[arg(short = 'D', long)]
    pub drafts: bool,
    /// Fail on warnings too
    #[arg(long)]
    pub strict: bool,
    /// Work everything out anew, and keep nothing for the next time
    #[arg(long)]
    pub no_cache: bool,
    /// How problems are printed
    ///
    /// `human` goes to the terminal's error output; the others go to standard output, one problem a line.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Say nothing but errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Show every problem, and how long each stage took
    #[arg(short, long)]
    pub verbose: bool,
}

impl Build {
    /// What it is when nothing is asked for.
    pub fn unasked() -> Build {
        let command = Build::augment_args(clap::Command::new("build"));
        Build::from_arg_matches(&command.get_matches_from(["build"])).expect("every argument has a default")
    }
}
