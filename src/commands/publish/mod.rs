//! `handbook publish`: to where people read it.

mod branch;
pub mod workflow;

use crate::cli::{Publish, PublishTo};
use crate::commands::{Console, Outcome, has_folder};

/// Runs it.
pub fn run(arguments: &Publish, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let PublishTo::GithubPages(arguments) = &arguments.to;
    if !has_folder(arguments.folder.path(), console)? {
        return Ok(Outcome::WrongUsage);
    }
    match &arguments.branch {
        Some(branch) => branch::run(arguments, branch, console),
        None => workflow::run(arguments, console),
    }
}
