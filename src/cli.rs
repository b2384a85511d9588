//! The command line: what can be asked, in the words of `--help`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::markdown::Dialect;
use crate::project::base_url::BaseUrl;

/// The static site generator for company handbooks.
#[derive(Debug, Parser)]
#[command(
    name = "handbook",
    version,
    about = "Turns a folder of Markdown pages into a checked, themed handbook site",
    after_help = "\
Examples:
  handbook init my-handbook        a small handbook to start from
  handbook build                   the site in this folder, written to public/
  handbook build -b /base/ --strict

Exit status: 0 all is well, 1 problems in the site, 2 wrong usage or settings, 3 the machine failed.",
    disable_help_subcommand = true
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build the site into a folder
    ///
    /// Reads the Markdown pages of DIR, checks every link, and writes the site. Pages are found in the folder that
    /// `site.toml` names, else in `content`, `docs`, `handbook`, `source` or DIR itself. When anything is wrong enough
    /// to fail, nothing is written and the site of the last build stays as it was.
    #[command(visible_alias = "b")]
    Build(Build),
    /// Show the site in a browser while you write
    ///
    /// Answers at http://127.0.0.1:4000/ and watches the pages, the settings and the theme. A page that is open in a
    /// browser changes when its file is saved, and shows the file's problems. Nothing is written.
    #[command(visible_aliases = ["server", "dev"], after_help = "\
Examples:
  handbook serve --open              in the browser at once
  handbook serve my-handbook -p 8080
  handbook serve --poll 1000         for network folders, which do not tell of changes")]
    Serve(Serve),
    /// Start a handbook with a few good pages
    ///
    /// Writes settings and a small handbook about people, careers and policies into DIR. Files that are there already
    /// are never touched.
    Init(Init),
    /// Add a page
    ///
    /// Writes a page with front matter into the content folder, with a title made from its name. Never overwrites.
    #[command(after_help = "\
Examples:
  handbook new people/parental-leave       content/people/parental-leave.md
  handbook new people/                     content/people/_index.md, the section's own page")]
    New(New),
    /// Turn Markdown into HTML, without a site
    ///
    /// Writes the HTML fragment that the dialect gives for a file, exactly, with no theme and no link resolved. For
    /// editors, tests and comparisons. Front matter is left out.
    #[command(after_help = "\
Examples:
  handbook render page.md                                   one page to standard output
  handbook render --dialect kramdown - < page.md            standard input, read as kramdown
  handbook render --in content --out fragments              a folder of pages to a folder of fragments")]
    Render(Render),
}

/// `handbook build`
#[derive(Debug, Args)]
pub struct Build {
    /// The project's folder
    #[arg(value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// Write the site to this folder [default: what site.toml says, else public]
    #[arg(short, long, value_name = "DIR", visible_alias = "out-dir")]
    pub output: Option<PathBuf>,
    /// Where the site will be published: a URL, or a path such as /handbook/
    #[arg(short, long, value_name = "URL", value_parser = base_url)]
    pub base_url: Option<BaseUrl>,
    /// Include pages that are marked as drafts
    #[arg(short = 'D', long)]
    pub drafts: bool,
    /// Fail on warnings too
    #[arg(long)]
    pub strict: bool,
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

/// `handbook serve`
#[derive(Debug, Args)]
pub struct Serve {
    /// The project's folder
    #[arg(value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
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
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1")]
    pub host: String,
    /// Open the site in the browser
    #[arg(long)]
    pub open: bool,
    /// Leave the pages that are open in browsers alone
    #[arg(long)]
    pub no_reload: bool,
    /// Look for changes every MS milliseconds, for folders that do not tell of them
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(50..=60_000))]
    pub poll: Option<u64>,
    /// Where the site will be published: a URL, or a path such as /handbook/
    #[arg(short, long, value_name = "URL", value_parser = base_url)]
    pub base_url: Option<BaseUrl>,
    /// Include pages that are marked as drafts
    #[arg(short = 'D', long)]
    pub drafts: bool,
}

/// How problems are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// With the author's line and how to mend it
    Human,
    /// file:line:column: severity[code]: message
    Short,
    /// One JSON object a line
    Json,
    /// Annotations for GitHub Actions
    Github,
}

/// `handbook init`
#[derive(Debug, Args)]
pub struct Init {
    /// The folder to start in; made when it is not there
    #[arg(value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
}

/// `handbook render`
#[derive(Debug, Args)]
pub struct Render {
    /// The file to read; `-` or nothing is standard input
    #[arg(value_name = "FILE", conflicts_with = "input")]
    pub file: Option<PathBuf>,
    /// The dialect of the text
    ///
    /// `auto` takes the one that the page's front matter says, else kramdown for a page that holds kramdown's own
    /// syntax, else GFM.
    #[arg(long, value_enum, default_value_t = DialectName::Auto)]
    pub dialect: DialectName,
    /// Read all pages of this folder
    #[arg(long = "in", value_name = "DIR", requires = "output")]
    pub input: Option<PathBuf>,
    /// Write the fragments to this folder: `name.md` and `name.html.md` become `name.html`
    #[arg(long = "out", value_name = "DIR", requires = "input")]
    pub output: Option<PathBuf>,
}

impl Render {
    /// The dialect that was asked for.
    pub fn dialect(&self) -> Dialect {
        match self.dialect {
            DialectName::Auto => Dialect::Auto,
            DialectName::Gfm => Dialect::Gfm,
            DialectName::Kramdown => Dialect::Kramdown,
        }
    }
}

/// A dialect, as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DialectName {
    /// What the page says or shows
    Auto,
    /// GitHub Flavored Markdown
    Gfm,
    /// kramdown with GitHub's additions
    Kramdown,
}

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

fn base_url(text: &str) -> Result<BaseUrl, String> {
    BaseUrl::parse(text).map_err(|problem| format!("the base URL {}; {}", problem.message, problem.help))
}
