//! What a command says about the problems it found.

use std::collections::BTreeMap;
use std::env;
use std::io;
use std::time::Duration;

use crate::cli::Format;
use crate::commands::Console;
use crate::diagnostic::{self, Code, Diagnostic, Severity};
use crate::project::Project;

/// More problems than this are only counted, unless all are asked for: nobody reads three thousand at a terminal.
const MOST_SHOWN: usize = 40;

/// How many problems there are of each severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
}

impl Counts {
    /// Counts them.
    pub fn of(problems: &[Diagnostic]) -> Counts {
        let count = |severity| problems.iter().filter(|problem| problem.severity == severity).count();
        Counts { errors: count(Severity::Error), warnings: count(Severity::Warning) }
    }

    /// Whether a build must not go on.
    pub fn fails(self, strict: bool) -> bool {
        self.errors > 0 || strict && self.warnings > 0
    }

    /// `1 error, 3 warnings`; empty when there are none.
    pub fn text(self) -> String {
        let parts = [(self.errors, "error"), (self.warnings, "warning")];
        let parts = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| count(*n, what));
        parts.collect::<Vec<_>>().join(", ")
    }
}

/// `1 page`, `2 pages`.
pub fn count(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{} {what}s", thousands(n)) }
}

/// `12,345`
pub fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A time for people.
pub fn seconds(time: Duration) -> String {
    match time.as_millis() {
        0..1000 => format!("{} ms", time.as_millis().max(1)),
        _ => format!("{:.2} s", time.as_secs_f64()),
    }
}

/// Prints problems as asked; with `quiet`, people see only those that make the command fail.
pub fn print_as_asked(
    project: &Project,
    problems: &[Diagnostic],
    asked: Asked,
    console: &mut Console<'_>,
) -> io::Result<()> {
    if asked.quiet && asked.format == Format::Human {
        let fails = |problem: &&Diagnostic| Counts::of(std::slice::from_ref(*problem)).fails(asked.strict);
        let failing: Vec<Diagnostic> = problems.iter().filter(fails).cloned().collect();
        return print(project, &failing, asked.format, asked.verbose, console);
    }
    print(project, problems, asked.format, asked.verbose, console)
}

/// How somebody wants to be told.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// How problems are printed.
    pub format: Format,
    /// Whether warnings make the command fail.
    pub strict: bool,
    /// Whether only what makes it fail is to be seen.
    pub quiet: bool,
    /// Whether everything is to be seen.
    pub verbose: bool,
}

/// Prints problems as asked: for people on standard error, for programs on standard output.
pub fn print(
    project: &Project,
    problems: &[Diagnostic],
    format: Format,
    all: bool,
    console: &mut Console<'_>,
) -> io::Result<()> {
    if let Some(prefix) = from_here(project).filter(|_| format.names_files_from_here()) {
        let problems: Vec<Diagnostic> = problems.iter().map(|problem| seen_from(problem, &prefix, format)).collect();
        let mut read = |file: &str| project.text_of(file.strip_prefix(&prefix)?);
        return print_as(&problems, format, all, &mut read, console);
    }
    print_as(problems, format, all, &mut |file| project.text_of(file), console)
}

/// The path of the project from where the program was started, with a `/` at its end; `None` when it was started there.
fn from_here(project: &Project) -> Option<String> {
    let (root, here) = (project.folders.root.canonicalize().ok()?, env::current_dir().ok()?.canonicalize().ok()?);
    let parts: Vec<String> =
        root.strip_prefix(here).ok()?.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    (!parts.is_empty()).then(|| parts.join("/") + "/")
}

/// The problem with its file as others find it.
fn seen_from(problem: &Diagnostic, prefix: &str, format: Format) -> Diagnostic {
    let file = match problem.file.as_str() {
        // An annotation needs no file. Where something has to be named, it is the settings.
        "" if format == Format::Github => String::new(),
        "" => format!("{prefix}site.toml"),
        // A variable of the environment is no file.
        file if file.starts_with("HANDBOOK_") => file.to_string(),
        file => format!("{prefix}{file}"),
    };
    Diagnostic { file, ..problem.clone() }
}

fn print_as(
    problems: &[Diagnostic],
    format: Format,
    all: bool,
    read: &mut dyn FnMut(&str) -> Option<String>,
    console: &mut Console<'_>,
) -> io::Result<()> {
    match format {
        Format::Short => diagnostic::short(problems, read, console.out),
        Format::Json => diagnostic::json(problems, read, console.out),
        Format::Github => diagnostic::github(problems, read, console.out),
        Format::Sarif => diagnostic::sarif(problems, read, console.out),
        Format::Junit => diagnostic::junit(problems, read, console.out),
        Format::Gitlab => diagnostic::gitlab(problems, read, console.out),
        Format::Human => {
            let shown = if all { problems.len() } else { problems.len().min(MOST_SHOWN) };
            // The worst are last, where a person looks first.
            diagnostic::human(&problems[problems.len() - shown..], read, console.colour, console.err)?;
            if console.is_terminal && shown > 0 {
                writeln!(console.err, "Each word in brackets is explained at {}\n", diagnostic::MESSAGES)?;
            }
            if shown < problems.len() {
                writeln!(
                    console.err,
                    "… and {} more; `-v` shows all, `--format short` one a line\n",
                    thousands(problems.len() - shown)
                )?;
                for (code, n) in by_code(problems) {
                    writeln!(console.err, "{:>8}  {code}", thousands(n))?;
                }
                writeln!(console.err)?;
            }
            Ok(())
        }
    }
}

fn by_code(problems: &[Diagnostic]) -> Vec<(Code, usize)> {
    let mut counts: BTreeMap<Code, usize> = BTreeMap::new();
    problems.iter().for_each(|problem| *counts.entry(problem.code).or_default() += 1);
    let mut counts: Vec<(Code, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    counts
}
