//! The arguments of `handbook render`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::markdown::Dialect;

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
    /// Read kramdown with the options that `site.toml` in this folder sets
    #[arg(long, value_name = "DIR")]
    pub site: Option<PathBuf>,
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
