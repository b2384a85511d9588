//! The arguments of `handbook serve`.

use clap::Args;

use crate::cli::base_url;
use crate::cli::folder::Folder;
use crate::project::base_url::BaseUrl;

/// `handbook serve`
#[derive(Debug, Args)]
pub struct Serve {
    /// Where the project is.
    #[command(flatten)]
    pub folder: Folder,
    /// Watch the files and show what changes; this is what happens anyway
    #[arg(short, long, overrides_with = "no_watch")]
    pub watch: bool,
    /// Show the site as it is now, and do not watch
    #[arg(long, overrides_with = "watch")]
    pub no_watch: bool,
    /// The port [default: 4000, or the next free one]
    #[arg(short, long, value_name = "PORT")]
    pub port: Option<u16>,
    /// The address to listen on; 0.0.0.0 lets everybody in the network read the site
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1", aliases = ["bind", "interface"])]
    pub host: String,
    /// Open the site in the browser
    #[arg(long, alias = "openBrowser", short_alias = 'O')]
    pub open: bool,
    /// Leave the pages that are open in browsers alone
    #[arg(long)]
    pub no_reload: bool,
    /// Look for changes every MS milliseconds, for folders that do not tell of them
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(50..=60_000))]
    pub poll: Option<u64>,
    /// Work everything out anew, and keep nothing for the next time
    #[arg(long)]
    pub no_cache: bool,
    /// Where the site will be published: a URL, or a path such as /handbook/
    #[arg(short, long, value_name = "URL", value_parser = base_url, aliases = ["baseURL", "base"], short_alias = 'u')]
    pub base_url: Option<BaseUrl>,
    /// Include pages that are marked as drafts
    #[arg(short = 'D', long)]
    pub drafts: bool,
}
