//! `handbook build`: the whole pipeline, then into place.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::cache::Store;
use crate::check;
use crate::cli::{Build, Format};
use crate::commands::report::{self, Asked, Counts, count};
use crate::commands::{Console, Outcome, baseline, has_folder, progress};
use crate::diagnostic::Diagnostic;
use crate::markdown::snippets::Snippets;
use crate::output::{self, Content, Output, OutputPath};
use crate::project::{self, Overrides, Project};
use crate::render::Engine;
use crate::search::{self, Index};
use crate::site::Site;
use crate::site::routes::Route;
use crate::update::{Changes, update};

/// Of more pages than this, the search is made when all are rendered: both take memory.
const MOST_AT_ONCE: usize = 20_000;

/// Runs it.
pub fn run(arguments: &Build, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let Made { site, problems, stages, written } = match make(arguments, console)? {
        Ok(made) => made,
        Err(outcome) => return Ok(outcome),
    };
    if !arguments.quiet {
        let output = shown_path(&site.project.folders.output);
        writeln!(console.err, "Built {} → {output}{}", summary(&site, &stages), counts(&problems))?;
    }
    if arguments.verbose {
        let output::Report { written, unchanged, removed, bytes_written } = written;
        let n_files = count(written + unchanged, "file");
        let bytes = report::thousands(bytes_written as usize);
        writeln!(
            console.err,
            "{n_files}: {written} written ({bytes} bytes), {unchanged} unchanged, {removed} removed"
        )?;
        stages.print(console.err)?;
    }
    // The program ends here. The system takes back all memory at once, which freeing it page by page does not.
    std::mem::forget(site);
    Ok(Outcome::Fine)
}

/// A site that was built.
pub struct Made {
    /// The site.
    pub site: Site,
    /// What was wrong, and has been printed.
    pub problems: Vec<Diagnostic>,
    /// How long it took.
    pub stages: Stages,
    /// What was done to the output folder.
    pub written: output::Report,
}

/// Builds the site into its folder and prints its problems. What is in the way of that has been said, and its outcome is
/// given.
pub fn make(arguments: &Build, console: &mut Console<'_>) -> anyhow::Result<Result<Made, Outcome>> {
    let mut stages = Stages::start();
    let overrides = Overrides {
        output: arguments.output.clone(),
        base_url: arguments.base_url.clone(),
        drafts: arguments.drafts,
        ..Overrides::default()
    };
    if !has_folder(arguments.folder.path(), console)? {
        return Ok(Err(Outcome::WrongUsage));
    }
    let (project, problems) = project::read(arguments.folder.path(), &overrides)?;
    let project = Arc::new(project);
    stages.end("settings and theme");
    if problems.iter().any(project::is_in_settings) {
        return fail(&project, check::sorted(problems), arguments, console, Outcome::WrongUsage).map(Err);
    }
    let store = Store::of(arguments.folder.path()).filter(|_| !arguments.no_cache);
    let snippets = Arc::new(store.as_ref().map_or_else(Snippets::default, Store::load));
    let before = Site { snippets, ..Site::empty(project.clone()) };
    let site = update(&before, &project, problems, Changes::All);
    stages.end("pages");
    if site.is_empty() {
        let content = project.folders.content.display();
        writeln!(console.err, "error: there are no Markdown pages in `{content}`")?;
        writeln!(console.err, "  = help: `handbook init` writes a few to start from")?;
        report::print(
            &project,
            &check::settled(&project, check::sorted(site.diagnostics().cloned().collect())),
            arguments.format,
            true,
            console,
        )?;
        return Ok(Err(Outcome::SiteProblems));
    }
    // Also when the build fails: the next one will be soon.
    if let (Some(store), Some(snippets)) = (store, site.new_snippets()) {
        store.save(&snippets);
    }
    let (engine, template_problems) = Engine::new(&site);
    let progress = console.is_terminal && !arguments.quiet && arguments.format == Format::Human;
    // What is in the way of writing is told after the problems of the site, which people can mend meanwhile.
    let edition = output::begin(&project.folders.output);
    let put = |output: Output| {
        if let Ok(edition) = &edition {
            edition.put(output);
        }
    };
    let at_once = site.pages.len() <= MOST_AT_ONCE;
    let of_routes = progress::watch(site.routes.entries.len(), progress, console, |n_done| {
        let render = || check::render_all(&engine, &site, &put, n_done);
        match at_once {
            // A part of the search cannot be divided, and would leave the other processors idle.
            true => rayon::join(render, || put_search(&site, &put)).0,
            false => render(),
        }
    })?;
    stages.end(if at_once { "rendering and search" } else { "rendering" });
    let site = match at_once {
        true => site,
        false => {
            // It makes room for the search, which reads the text and not the HTML.
            let site = site.without_html();
            put_search(&site, &put);
            stages.end("search");
            site
        }
    };
    let mut problems = check::gather(&site, template_problems, of_routes, &check::today());
    if let Some(file) = baseline::file(&project, None) {
        let Some(known) = baseline::read(&file, console)? else { return Ok(Err(Outcome::WrongUsage)) };
        problems = known.split(problems).new;
    }
    if Counts::of(&problems).fails(arguments.strict) {
        return fail(&project, problems, arguments, console, Outcome::SiteProblems).map(Err);
    }
    let written = edition?.finish()?;
    stages.end("writing");
    print_problems(&project, &problems, arguments, console)?;
    drop(before);
    // Freeing them piece by piece takes longer than the system needs to take back all memory at the end, which is near.
    std::mem::forget(engine);
    Ok(Ok(Made { site, problems, stages, written }))
}

/// Puts the files of the search, but for those whose place is taken by the owner's own.
fn put_search(site: &Site, put: &(dyn Fn(Output) + Sync)) {
    let index = Index::build(site, None);
    index.each_file(|name, bytes| {
        let url = search::file_url(name);
        let is_free = site.routes.at(&url).is_none();
        if let (true, Ok(path)) = (is_free, OutputPath::from_url(url.as_str())) {
            put(Output { path, content: Content::Bytes(bytes) });
        }
    });
    // As the site: the program ends soon.
    std::mem::forget(index);
}

/// Says what has to be mended, and that nothing was written.
fn fail(
    project: &Project,
    problems: Vec<Diagnostic>,
    arguments: &Build,
    console: &mut Console<'_>,
    outcome: Outcome,
) -> anyhow::Result<Outcome> {
    print_problems(project, &problems, arguments, console)?;
    let counts = Counts::of(&problems);
    let strict = if counts.errors == 0 { "; `--strict` makes warnings fail the build" } else { "" };
    writeln!(console.err, "Nothing was written: {}{strict}", counts.text())?;
    Ok(outcome)
}

fn print_problems(
    project: &Project,
    problems: &[Diagnostic],
    arguments: &Build,
    console: &mut Console<'_>,
) -> io::Result<()> {
    let &Build { format, strict, quiet, verbose, .. } = arguments;
    report::print_as_asked(project, problems, Asked { format, strict, quiet, verbose }, console)
}

/// What was built, and how long it took.
pub fn summary(site: &Site, stages: &Stages) -> String {
    let routes = &site.routes.entries;
    let n = |wanted: fn(&Route) -> bool| routes.iter().filter(|(_, route)| wanted(route)).count();
    let mut parts = vec![count(n(|route| matches!(route, Route::Page(_))), "page")];
    for (n, what) in [
        (n(|route| matches!(route, Route::Section(_))), "section list"),
        (n(|route| matches!(route, Route::Level(..))), "level"),
        (n(|route| matches!(route, Route::Redirect(_))), "redirect"),
    ] {
        if n > 0 {
            parts.push(count(n, what));
        }
    }
    // Nobody said so: what lies beside a folder that was found by its name is not part of the site.
    let project = &site.project;
    let from = match (&project.config.content, project.prefix.as_str()) {
        (Some(_), _) | (None, "" | "content") => String::new(),
        (None, folder) => format!(" from {folder}/"),
    };
    format!("{}{from} in {}", parts.join(", "), report::seconds(stages.total()))
}

/// How many problems there were, behind a comma.
pub fn counts(problems: &[Diagnostic]) -> String {
    let counts = Counts::of(problems).text();
    if counts.is_empty() { counts } else { format!(", {counts}") }
}

/// A folder as a person wrote it: relative to the current one when it is below.
fn shown_path(path: &Path) -> String {
    let current = std::env::current_dir().unwrap_or_default();
    let path = path.strip_prefix(&current).unwrap_or(path);
    format!("{}/", path.display().to_string().trim_end_matches('/'))
}

/// How long each stage took.
pub struct Stages {
    start: Instant,
    last: Instant,
    stages: Vec<(&'static str, Duration)>,
}

impl Stages {
    fn start() -> Stages {
        let now = Instant::now();
        Stages { start: now, last: now, stages: Vec::new() }
    }

    fn end(&mut self, name: &'static str) {
        let now = Instant::now();
        self.stages.push((name, now - self.last));
        self.last = now;
    }

    fn total(&self) -> Duration {
        self.last - self.start
    }

    fn print(&self, err: &mut dyn io::Write) -> io::Result<()> {
        for (name, time) in &self.stages {
            writeln!(err, "{:>10.1} ms  {name}", time.as_secs_f64() * 1000.0)?;
        }
        Ok(())
    }
}
