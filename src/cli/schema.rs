//! The arguments of `handbook schema`.

use clap::{Args, ValueEnum};

/// `handbook schema`
#[derive(Debug, Args)]
pub struct Schema {
    /// What it describes
    #[arg(value_name = "WHAT", value_enum)]
    pub of: SchemaOf,
}

/// What has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// The settings: site.toml
    Site,
    /// The front matter of a page
    Page,
}
