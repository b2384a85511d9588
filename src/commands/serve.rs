//! `handbook serve`: the site in the browser while it is written.

use std::io;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use crate::cache::Store;
use crate::check;
use crate::cli::Serve;
use crate::commands::report::{Counts, count};
use crate::commands::{Console, Outcome};
use crate::diagnostic::{self, Severity};
use crate::markdown::snippets::Snippets;
use crate::project::{self, Overrides};
use crate::serve::check::Checked;
use crate::serve::{DEFAULT_PORT, Event, Options, Rebuilt, Server};

/// More files than this are only counted.
const MOST_NAMED: usize = 2;
/// More problems than this are only counted.
const MOST_SHOWN: usize = 10;

/// Runs it, until somebody asks it to stop.
pub fn run(arguments: &Serve, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    if !arguments.folder.path().is_dir() {
        writeln!(console.err, "error: there is no folder `{}`", arguments.folder.path().display())?;
        return Ok(Outcome::WrongUsage);
    }
    let options = Options {
        root: arguments.folder.path().to_owned(),
        overrides: Overrides { base_url: arguments.base_url.clone(), drafts: arguments.drafts, ..Overrides::default() },
        host: arguments.host.clone(),
        port: arguments.port,
        watch: !arguments.no_watch,
        reload: !arguments.no_reload,
        poll: arguments.poll.map(Duration::from_millis),
    };
    let (project, problems) = project::read(&options.root, &options.overrides)?;
    if problems.iter().any(project::is_in_settings) {
        let mut read = |file: &str| project.text_of(file);
        diagnostic::human(&check::sorted(problems), &mut read, console.colour, console.err)?;
        return Ok(Outcome::WrongUsage);
    }
    let store = Store::of(&options.root).filter(|_| !arguments.no_cache);
    let known = Arc::new(store.as_ref().map_or_else(Snippets::default, Store::load));
    let mut server = Server::start(options, project, problems, known.clone())?;
    greet(arguments, &server, console)?;
    // After the greeting: people wait for that, and for nothing here.
    let now = &server.site().snippets;
    if let Some(store) = store.filter(|_| !Arc::ptr_eq(now, &known)) {
        store.save(now);
    }
    let mut known = None;
    loop {
        match server.wait() {
            Event::Rebuilt(rebuilt) => writeln!(console.err, "{}", line(&rebuilt, known))?,
            Event::Checked(checked) => {
                let counts = Counts { errors: checked.errors, warnings: checked.warnings };
                tell(&server, &checked, counts, known.is_none(), console)?;
                known = Some(counts);
            }
            Event::Polling { reason, advice } => {
                writeln!(console.err, "warning: the system cannot watch the files: {reason}")?;
                writeln!(console.err, "  = note: looking for changes every second instead, which costs more")?;
                if let Some(advice) = advice {
                    writeln!(console.err, "  = help: {advice}")?;
                }
            }
            Event::Stopped => break,
        }
        console.err.flush()?;
    }
    writeln!(console.err, "Stopped")?;
    Ok(Outcome::Fine)
}

fn greet(arguments: &Serve, server: &Server, console: &mut Console<'_>) -> anyhow::Result<()> {
    let url = server.url();
    let port = server.address.port();
    if arguments.port.is_none() && port != DEFAULT_PORT {
        writeln!(console.err, "Port {DEFAULT_PORT} is in use, so this is port {port}")?;
    }
    let site = server.site();
    if site.is_empty() {
        let content = site.project.folders.content.display();
        writeln!(console.err, "warning: there are no Markdown pages in `{content}` yet")?;
    }
    writeln!(console.err, "Serving {} at {url}", count(site.pages.len(), "page"))?;
    let content = match site.project.prefix.as_str() {
        "" => "the pages".to_string(),
        prefix => format!("`{prefix}/`"),
    };
    let what = format!("{content}, the settings and the theme");
    match (server.polls(), server.is_told()) {
        (Some(time), _) => writeln!(console.err, "Looking at {what} every {} ms; Ctrl-C stops", time.as_millis())?,
        (None, true) => writeln!(console.err, "Watching {what}; Ctrl-C stops")?,
        (None, false) => writeln!(console.err, "Changes are not watched; Ctrl-C stops")?,
    }
    if !server.address.ip().is_loopback() {
        writeln!(console.err, "warning: everybody who can reach this machine can read the site, drafts and all")?;
        writeln!(console.err, "  = help: without `--host` only this machine can")?;
    }
    console.err.flush()?;
    if arguments.open && !open(&url) {
        writeln!(console.err, "warning: no browser could be opened; go to {url}")?;
    }
    Ok(())
}

/// One line for one change: what, how much work it was, and how the site is.
fn line(rebuilt: &Rebuilt, known: Option<Counts>) -> String {
    let mut parts = Vec::new();
    if rebuilt.project {
        parts.push("settings or theme".to_string());
    }
    for (files, verb) in [(&rebuilt.changed, ""), (&rebuilt.removed, " removed")] {
        match files.len() {
            0 => {}
            1..=MOST_NAMED => parts.push(format!("{}{verb}", files.join(", "))),
            n => parts.push(format!("{}{verb}", count(n, "file"))),
        }
    }
    if parts.is_empty() {
        parts.push("the list of problems".to_string());
    }
    let time = rebuilt.time.as_secs_f64() * 1000.0;
    let parsed = count(rebuilt.n_parsed, "page");
    let nav = if rebuilt.nav_rebuilt { ", navigation rebuilt" } else { "" };
    let problems = match known.map(Counts::text) {
        Some(text) if !text.is_empty() => format!(", {text}"),
        _ => String::new(),
    };
    format!("{}: {parsed} parsed{nav} in {time:.1} ms{problems}", parts.join(", "))
}

/// What is new and what is mended. The first time, only how much there is.
fn tell(
    server: &Server,
    checked: &Checked,
    counts: Counts,
    is_first: bool,
    console: &mut Console<'_>,
) -> io::Result<()> {
    if is_first {
        return match counts.text().as_str() {
            "" => writeln!(console.err, "All links lead somewhere"),
            counts => writeln!(console.err, "{counts}; each shows on its page, and `handbook build` lists them"),
        };
    }
    let project = &server.site().project;
    let new: Vec<_> = checked.new.iter().filter(|problem| problem.severity != Severity::Note).cloned().collect();
    let new = check::sorted(new);
    let mut short = Vec::new();
    diagnostic::short(&new[..new.len().min(MOST_SHOWN)], &mut |file| project.text_of(file), &mut short)?;
    for problem in String::from_utf8_lossy(&short).lines() {
        writeln!(console.err, "  new: {problem}")?;
    }
    if new.len() > MOST_SHOWN {
        writeln!(console.err, "  new: and {} more", new.len() - MOST_SHOWN)?;
    }
    let mended: Vec<_> = checked.mended.iter().filter(|problem| problem.severity != Severity::Note).collect();
    for problem in mended.iter().take(MOST_SHOWN) {
        writeln!(console.err, "  mended: {}: {}", problem.file, problem.message)?;
    }
    if mended.len() > MOST_SHOWN {
        writeln!(console.err, "  mended: and {} more", mended.len() - MOST_SHOWN)?;
    }
    Ok(())
}

/// Opens the browser. Whether it shows anything is not known here.
fn open(url: &str) -> bool {
    let (program, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("rundll32", &["url.dll,FileProtocolHandler"]),
        _ => ("xdg-open", &[]),
    };
    let mut command = Command::new(program);
    command.args(arguments).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().is_ok()
}
