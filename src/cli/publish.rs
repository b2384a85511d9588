//! The arguments of `handbook publish`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::folder::Folder;
use crate::cli::{Build, base_url};
use crate::project::base_url::BaseUrl;

/// `handbook publish`
#[derive(Debug, Args)]
pub struct Publish {
    /// Where to.
    #[command(subcommand)]
    pub to: PublishTo,
}

/// The places that a handbook can be published at.
#[derive(Debug, Subcommand)]
pub enum PublishTo {
    /// GitHub Pages: by a workflow, or with --branch by a branch
    ///
    /// Without --branch, it writes .github/workflows/handbook.yml or brings it up to date. With it, the site is built into a
    /// temporary folder and pushed as one commit on top of the branch; neither your files nor your branches are touched.
    #[command(after_help = "\
Examples:
  handbook publish github-pages                        write the workflow; GitHub does the rest on each push
  handbook publish github-pages --branch gh-pages      build here, and push the site to that branch
  handbook publish github-pages --branch gh-pages --dry-run")]
    GithubPages(GithubPages),
}

/// `handbook publish github-pages`
#[derive(Debug, Args)]
pub struct GithubPages {
    /// Where the project is.
    #[command(flatten)]
    pub folder: Folder,
    /// Push the site to this branch, instead of writing a workflow
    #[arg(long, value_name = "BRANCH")]
    pub branch: Option<String>,
    /// The remote to push to
    #[arg(long, value_name = "REMOTE", default_value = "origin", requires = "branch")]
    pub remote: String,
    /// Where the site will be published [default: what site.toml says, else what GitHub makes of the remote's name]
    #[arg(short, long, value_name = "URL", value_parser = base_url, aliases = ["baseURL", "base"], short_alias = 'u', requires = "branch")]
    pub base_url: Option<BaseUrl>,
    /// The commit's message
    #[arg(short, long, value_name = "TEXT", requires = "branch")]
    pub message: Option<String>,
    /// Say what would be done, and push nothing
    #[arg(long, requires = "branch")]
    pub dry_run: bool,
    /// Fail on warnings too
    #[arg(long)]
    pub strict: bool,
    /// Publish what is in no commit yet or older than the remote, or write over a workflow that was changed
    #[arg(long)]
    pub force: bool,
}

impl GithubPages {
    /// The arguments of a build into this folder.
    pub fn build(&self, output: PathBuf, base_url: BaseUrl) -> Build {
        Build {
            folder: self.folder.clone(),
            output: Some(output),
            base_url: Some(base_url),
            strict: self.strict,
            ..Build::unasked()
        }
    }
}
