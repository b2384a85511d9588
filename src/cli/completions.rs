//! What other programs need to know about the command line: shells to complete it, `man` to show it.

use std::io;
use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::cli::Cli;

/// `handbook completions`
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: Shell,
}

impl Completions {
    /// The script that makes the shell complete what is typed behind `handbook`.
    pub fn script(&self) -> Vec<u8> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "handbook", &mut script);
        script
    }
}

/// `handbook man`
#[derive(Debug, Args)]
pub struct ManPages {
    /// Write one page for the program and one for each command into this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// A manual page: the name of its file, and its text.
pub type ManPage = (String, Vec<u8>);

/// The manual: the page of the program, then one for each command.
pub fn manual() -> io::Result<Vec<ManPage>> {
    let mut program = Cli::command();
    program.build();
    let mut pages = vec![page(program.clone())?];
    for command in program.get_subcommands().filter(|command| !command.is_hide_set()) {
        pages.push(page(command.clone())?);
    }
    Ok(pages)
}

fn page(command: clap::Command) -> io::Result<ManPage> {
    let name = command.get_display_name().unwrap_or(command.get_name()).to_owned();
    let command = command.version(env!("CARGO_PKG_VERSION"));
    let mut text = Vec::new();
    Man::new(command).render(&mut text)?;
    Ok((format!("{name}.1"), text))
}
