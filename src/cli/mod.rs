//! The command line: what can be asked, in the words of `--help`. Each command has a file of its own.

mod build;
mod check;
mod completions;
mod config;
mod folder;
mod init;
mod list;
mod moves;
mod new;
mod publish;
mod render;
mod schema;
mod search;
mod serve;

use clap::{Parser, Subcommand, ValueEnum};

pub use crate::cli::build::Build;
pub use crate::cli::check::Check;
pub use crate::cli::completions::{Completions, ManPage, ManPages, manual};
pub use crate::cli::config::Config;
pub use crate::cli::init::Init;
pub use crate::cli::list::List;
pub use crate::cli::moves::{Mv, RenameHeading};
pub use crate::cli::new::New;
pub use crate::cli::publish::{GithubPages, Publish, PublishTo};
pub use crate::cli::render::{DialectName, Render};
pub use crate::cli::schema::{Schema, SchemaOf};
pub use crate::cli::search::{ResultFormat, Search};
pub use crate::cli::serve::Serve;
use crate::diagnostic::Code;
use crate::project;
use crate::project::base_url::BaseUrl;
use crate::value::date;

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
    /// Find what is wrong with the site, and write nothing
    ///
    /// Looks for everything that `build` looks for: dead links and anchors, missing images, wrong settings, and what
    /// makes pages hard to read. `[check]` in `site.toml` says how much each kind of problem matters.
    #[command(
        visible_alias = "c",
        after_help = "\
Examples:
  handbook check                        what is wrong, with how to mend it
  handbook check --strict               fail on warnings too, as before a merge
  handbook check --deny link-anchor     dead anchors are errors, whatever site.toml says
  handbook check --format sarif > handbook.sarif

Exit status: 0 all is well, 1 problems in the site, 2 wrong usage or settings, 3 the machine failed."
    )]
    Check(Check),
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
    /// Move a page, file or folder, with every link to it
    ///
    /// Writes anew all links that would break, in pages, front matter and `site.toml`, and lets the old addresses lead to
    /// the new ones. In a Git repository the move is one for Git too. Nothing is changed unless all of it can be.
    #[command(after_help = "\
Examples:
  handbook mv people/leave.md people/time-off.md
  handbook mv /people/leave/ /people/time-off/     the same, by its addresses
  handbook mv people company/people                a folder with all that is in it
  handbook mv leave.md people/ --dry-run           only show the changes")]
    Mv(Mv),
    /// Give a heading other words, and keep every link to it
    ///
    /// The heading's id changes with its words. All links to it are written anew, and the old id still leads there.
    #[command(after_help = "\
Examples:
  handbook rename-heading people/leave.md '#notice' 'How to tell us'
  handbook rename-heading /people/leave/ '#notice' 'How to tell us' --dry-run")]
    RenameHeading(RenameHeading),
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
    /// Search the handbook
    ///
    /// Finds what the search of the published site finds, in the same order: the pages that answer best, each with the
    /// headings under which the words stand. Nothing is written, and no built site is needed.
    #[command(after_help = "\
Examples:
  handbook search parental leave
  handbook search --root my-handbook --format json expenses
  handbook search --queries questions.txt > answers.jsonl")]
    Search(Search),
    /// Publish the site
    ///
    /// Derives the address from the settings or the remote, and shows it.
    #[command(visible_alias = "deploy")]
    Publish(Publish),
    /// List all pages, with address, length and dates
    ///
    /// One line a page, in the order of their files. `--json` and `--csv` say more: file, dates, review, owners, tags.
    #[command(after_help = "\
Examples:
  handbook list                            for people
  handbook list --csv > pages.csv          for a spreadsheet
  handbook list --json | jq -r 'select(.words < 50) | .file'")]
    List(List),
    /// Show every setting and where its value comes from
    ///
    /// A value comes from the environment, or else from site.toml, or else it is the default. What is printed is TOML.
    Config(Config),
    /// Print a JSON Schema, for editors
    ///
    /// With the schema, an editor offers the keys and their values, and marks wrong ones.
    Schema(Schema),
    /// Print a script that completes commands in a shell
    #[command(
        visible_alias = "completion",
        after_help = "\
Examples:
  handbook completions bash > ~/.local/share/bash-completion/completions/handbook
  handbook completions fish > ~/.config/fish/completions/handbook.fish"
    )]
    Completions(Completions),
    /// Print the manual page, or write all of them
    Man(ManPages),
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
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// XML of tests, for build servers
    Junit,
    /// A code quality report for GitLab
    Gitlab,
}

impl Format {
    /// Whether it is for programs that look for files from where this one was started.
    pub fn names_files_from_here(self) -> bool {
        matches!(self, Format::Github | Format::Sarif | Format::Junit | Format::Gitlab)
    }
}

fn base_url(text: &str) -> Result<BaseUrl, String> {
    BaseUrl::parse(text).map_err(|problem| format!("the base URL {}; {}", problem.message, problem.help))
}

fn day(text: &str) -> Result<String, String> {
    date::day(text).map_err(|problem| format!("it {}; {}", problem.message, problem.help))
}

fn code(text: &str) -> Result<Code, String> {
    project::check::code(text).map_err(|problem| format!("{}; {}", problem.message, problem.help))
}
