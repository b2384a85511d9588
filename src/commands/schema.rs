//! `handbook schema`: what editors need to know about `site.toml` and front matter.

use crate::cli::{Schema, SchemaOf};
use crate::commands::{Console, Outcome};
use crate::project::schema;

/// Runs it.
pub fn run(arguments: &Schema, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let schema = match arguments.of {
        SchemaOf::Site => schema::site(),
        SchemaOf::Page => schema::page(),
    };
    serde_json::to_writer_pretty(&mut *console.out, &schema)?;
    writeln!(console.out)?;
    Ok(Outcome::Fine)
}
