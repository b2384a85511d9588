//! The arguments of `handbook check`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::folder::Folder;
use crate::cli::{Format, base_url, code, day};
use crate::diagnostic::Code;
use crate::project::base_url::BaseUrl;

/// `handbook check`
#[derive(Debug, Args)]
pub struct Check {
    /// Where the project is.
    #[command(flatten)]
    pub folder: Folder,
    /// Where the site will be published: a URL, or a path such as /handbook/
    #[arg(short, long, value_name = "URL", value_parser = base_url, aliases = ["baseURL", "base"], short_alias = 'u')]
    pub base_url: Option<BaseUrl>,
    /// Include pages that are marked as drafts
    #[arg(short = 'D', long)]
    pub drafts: bool,
    /// Mend what has exactly one right answer
    ///
    /// Only the places in question change. What is left is reported.
    #[arg(long)]
    pub fix: bool,
    /// With --fix: only show what would be changed
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
    /// Write the addresses and anchors that the site has now into handbook.lock
    ///
    /// Nothing is forgotten by that: what was published before stays there, and its loss is still reported.
    #[arg(long, conflicts_with = "drafts")]
    pub record: bool,
    /// Ask other sites, too, whether the links to them still work
    ///
    /// Answers are kept for some days, so that the next time is quick. `[check.external]` in site.toml says who is asked
    /// and how.
    #[arg(long)]
    pub external: bool,
    /// With --external: ask about all links anew, also those that worked lately
    #[arg(long, requires = "external")]
    pub fresh: bool,
    /// With --external: ask nobody, and report what is known from before
    #[arg(long, requires = "external", conflicts_with = "fresh")]
    pub offline: bool,
    /// Leave out the problems that are listed in this file [default: what site.toml says]
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write all problems of now into that file, so that only new ones count from then on
    #[arg(long, conflicts_with = "dry_run")]
    pub update_baseline: bool,
    /// Fail on warnings too
    #[arg(long)]
    pub strict: bool,
    /// Report this kind of problem as an error
    #[arg(long, value_name = "CODE", value_parser = code)]
    pub deny: Vec<Code>,
    /// Do not report this kind of problem
    #[arg(long, value_name = "CODE", value_parser = code)]
    pub allow: Vec<Code>,
    /// The day on which reviews are due [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub today: Option<String>,
    /// How problems are printed [default: human, in GitHub Actions github]
    ///
    /// `human` goes to the terminal's error output; the others go to standard output.
    #[arg(long, value_enum, hide_default_value = true)]
    pub format: Option<Format>,
    /// Say nothing but errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Show every problem
    #[arg(short, long)]
    pub verbose: bool,
}
