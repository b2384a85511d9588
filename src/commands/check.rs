//! `handbook check`: what is wrong with the site, and nothing written.

use std::env;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;

use crate::cache::Store;
use crate::check;
use crate::cli::{Check, Format};
use crate::commands::report::{self, Asked, Counts, count};
use crate::commands::{Console, Outcome, baseline, external, fix, has_folder, ledger, progress};
use crate::diagnostic::{self, Diagnostic, Severity};
use crate::markdown::snippets::Snippets;
use crate::output;
use crate::project::check::Level;
use crate::project::{self, Overrides, Project};
use crate::render::Engine;
use crate::site::Site;
use crate::update::{Changes, update};

/// Runs it.
pub fn run(arguments: &Check, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let start = Instant::now();
    if !has_folder(arguments.folder.path(), console)? {
        return Ok(Outcome::WrongUsage);
    }
    let denied = arguments.deny.iter().map(|code| (*code, Level::On(Severity::Error)));
    let allowed = arguments.allow.iter().map(|code| (*code, Level::Off));
    let overrides = Overrides {
        output: None,
        base_url: arguments.base_url.clone(),
        drafts: arguments.drafts,
        severities: allowed.chain(denied).collect(),
    };
    let (project, problems) = project::read(arguments.folder.path(), &overrides)?;
    let project = Arc::new(project);
    if problems.iter().any(project::is_in_settings) {
        finish(&project, &check::sorted(problems), arguments, console)?;
        return Ok(Outcome::WrongUsage);
    }
    // Nothing is kept by a command that writes nothing, but what builds have kept makes it faster.
    let snippets = Arc::new(Store::of(arguments.folder.path()).map_or_else(Snippets::default, |store| store.load()));
    let shown = console.is_terminal && !arguments.quiet && asked(arguments).format == Format::Human;
    let mut look = Look { arguments, snippets, shown, elsewhere: external::Known::default() };
    let (mut site, mut known, mut problems) = look.at(&project, problems, console)?;
    if arguments.fix && fix::fix(&site, &problems, arguments.dry_run, arguments.quiet, console)? {
        // The settings may be among what was changed.
        let (project, found) = project::read(arguments.folder.path(), &overrides)?;
        (site, known, problems) = look.at(&Arc::new(project), found, console)?;
    }
    let list = baseline::file(&site.project, arguments.baseline.as_deref());
    let mut known_problems = String::new();
    match list {
        None if arguments.update_baseline => {
            writeln!(console.err, "error: where is the list of known problems to be?")?;
            writeln!(console.err, "  = help: add `--baseline FILE`, or set `baseline` under `[check]` in site.toml")?;
            return Ok(Outcome::WrongUsage);
        }
        None => {}
        Some(file) => {
            let baseline = match arguments.update_baseline {
                true => Some(baseline::write(&site.project, &file, &problems)?),
                false => baseline::read(&file, console)?,
            };
            let Some(baseline) = baseline else { return Ok(Outcome::WrongUsage) };
            let split = baseline.split(problems);
            problems = split.new;
            known_problems = told(&file, split.n_known, split.n_gone);
        }
    }
    let fails = Counts::of(&problems).fails(arguments.strict);
    finish(&site.project, &problems, arguments, console)?;
    let recorded = !arguments.record || ledger::record(&site, &known, arguments.quiet, console)?;
    if !arguments.quiet {
        let counts = match Counts::of(&problems).text() {
            text if text.is_empty() => "no problems".to_string(),
            text => text,
        };
        let notes = problems.iter().filter(|problem| problem.severity == Severity::Note).count();
        let notes = if notes > 0 { format!(", {}", count(notes, "note")) } else { String::new() };
        let strict = match fails && Counts::of(&problems).errors == 0 {
            true => "; `--strict` makes warnings count as errors",
            false => "",
        };
        let pages = count(site.pages.len(), "page");
        let time = report::seconds(start.elapsed());
        writeln!(console.err, "Checked {pages} in {time} and found {counts}{notes}{strict}{known_problems}")?;
    }
    Ok(if fails || !recorded { Outcome::SiteProblems } else { Outcome::Fine })
}

/// What is to be said of known problems.
fn told(list: &Path, n_known: usize, n_gone: usize) -> String {
    let list = list.display();
    let known = format!("; {} in `{list}` left out", count(n_known, "known problem"));
    match n_gone {
        0 => known,
        n => format!("{known}, {} of it mended: `--update-baseline` forgets them", report::thousands(n)),
    }
}

/// How the site is looked at, once or twice.
struct Look<'a> {
    arguments: &'a Check,
    snippets: Arc<Snippets>,
    shown: bool,
    elsewhere: external::Known,
}

impl Look<'_> {
    /// Everything that is wrong with the site now, with the site and what was published before.
    fn at(
        &mut self,
        project: &Arc<Project>,
        problems: Vec<Diagnostic>,
        console: &mut Console<'_>,
    ) -> anyhow::Result<(Site, ledger::Known, Vec<Diagnostic>)> {
        let before = Site { snippets: self.snippets.clone(), ..Site::empty(project.clone()) };
        let site = update(&before, project, problems, Changes::All);
        let (engine, of_templates) = Engine::new(&site);
        let mut found = progress::watch(site.routes.entries.len(), self.shown, console, |n_done| {
            check::render_all(&engine, &site, &drop, n_done)
        })?;
        let known = ledger::read(project)?;
        found.extend(ledger::problems(&site, &known));
        found.extend(external::problems(&site, &mut self.elsewhere, self.arguments, self.shown, console)?);
        let problems = check::gather(&site, of_templates, found, &today(self.arguments));
        Ok((site, known, problems))
    }
}

/// How the answer is wanted: in GitHub Actions as annotations, unless something else is asked for.
fn asked(arguments: &Check) -> Asked {
    let usual = if is_in_actions() { Format::Github } else { Format::Human };
    let &Check { strict, quiet, verbose, .. } = arguments;
    Asked { format: arguments.format.unwrap_or(usual), strict, quiet, verbose }
}

/// The day on which reviews are due: as asked, else that of the environment, for builds that can be repeated, else today.
fn today(arguments: &Check) -> String {
    arguments.today.clone().unwrap_or_else(check::today)
}

fn is_in_actions() -> bool {
    env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

/// Prints the problems, and adds them to the summary of the job that this runs in.
fn finish(
    project: &Project,
    problems: &[Diagnostic],
    arguments: &Check,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    report::print_as_asked(project, problems, asked(arguments), console)?;
    if let Some(file) = env::var_os("GITHUB_STEP_SUMMARY").filter(|file| is_in_actions() && !file.is_empty()) {
        let mut summary = Vec::new();
        diagnostic::summary(problems, &mut |file| project.text_of(file), &mut summary)?;
        output::append(Path::new(&file), &summary).context("write the job's summary")?;
    }
    Ok(())
}
