//! Arguments in, exit status out.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use clap::Parser;

use handbook::cli::{Cli, Command};
use handbook::commands::{self, Console, Outcome};

fn main() -> ExitCode {
    let cli = Cli::parse();
    // Where `CI` is set nobody watches a line that is written over, whatever the terminal says.
    let is_terminal = io::stderr().is_terminal() && std::env::var_os("CI").is_none_or(|ci| ci.is_empty());
    let colour = AutoStream::choice(&io::stderr()) != ColorChoice::Never;
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut err = io::LineWriter::new(io::stderr());
    let mut console = Console { out: &mut out, err: &mut err, colour, is_terminal };
    let outcome = match &cli.command {
        Command::Build(arguments) => commands::build::run(arguments, &mut console),
        Command::Check(arguments) => commands::check::run(arguments, &mut console),
        Command::Serve(arguments) => commands::serve::run(arguments, &mut console),
        Command::Init(arguments) => commands::init::run(arguments, &mut console),
        Command::New(arguments) => commands::new::run(arguments, &mut console),
        Command::Mv(arguments) => commands::mv::run(arguments, &mut console),
        Command::RenameHeading(arguments) => commands::rename_heading::run(arguments, &mut console),
        Command::Render(arguments) => commands::render::run(arguments, &mut console),
        Command::Publish(arguments) => commands::publish::run(arguments, &mut console),
        Command::List(arguments) => commands::list::run(arguments, &mut console),
        Command::Config(arguments) => commands::config::run(arguments, &mut console),
        Command::Schema(arguments) => commands::schema::run(arguments, &mut console),
        Command::Completions(arguments) => commands::completions::run(arguments, &mut console),
        Command::Man(arguments) => commands::completions::manual_pages(arguments, &mut console),
        Command::Search(arguments) => commands::search::run(arguments, &mut console),
    };
    let outcome = outcome.and_then(|outcome| {
        console.out.flush()?;
        Ok(outcome)
    });
    match outcome {
        Ok(outcome) => ExitCode::from(outcome.exit_status()),
        // Whoever read our output has heard enough: `handbook build | head` is no failure.
        Err(error) if is_broken_pipe(&error) => ExitCode::from(Outcome::Fine.exit_status()),
        Err(error) => {
            // Standard error is all that is left to complain to.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::from(Outcome::MachineFailed.exit_status())
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
