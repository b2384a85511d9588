//! What is wrong with a site. The one place that says so: `build`, `check` and `serve` all ask here.
//!
//! Most problems are found on the way: by whoever reads a file, gives out addresses or fills in a link. Here they are
//! put together with what only shows when the whole site is looked at, and get the severity that the owner gave them.

pub mod baseline;
pub mod external;
mod site;

use std::env;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use rayon::prelude::*;

use crate::check::baseline::Baseline;
use crate::diagnostic::{Code, Diagnostic};
use crate::output::Output;
use crate::project::Project;
use crate::render::{self, Engine};
use crate::site::Site;
use crate::site::routes::Route;
use crate::site::url::UrlPath;
use crate::source;
use crate::value::date;

pub use crate::check::site::{OF_WHOLE, of_page, of_site};

/// Renders every address, in parallel, hands each output to `take` as soon as it is there, and counts them in `n_done`.
/// Says what is wrong with links and templates. No more outputs are in memory than are rendered at the same time, unless
/// `take` keeps them.
pub fn render_all(
    engine: &Engine,
    site: &Site,
    take: &(dyn Fn(Output) + Sync),
    n_done: &AtomicUsize,
) -> Vec<Diagnostic> {
    let render = |(url, route): &(UrlPath, Route)| {
        let (output, problems) = render::render(engine, site, url, *route);
        output.into_iter().for_each(take);
        n_done.fetch_add(1, Ordering::Relaxed);
        problems
    };
    let found: Vec<Vec<Diagnostic>> = site.routes.entries.par_iter().map(render).collect();
    found.into_iter().flatten().collect()
}

/// Everything that is wrong, as the owner wants to be told, in order. `of_templates` and `of_routes` are what parsing the
/// templates and rendering the addresses gave; `today` is the day on which reviews are due.
pub fn gather(site: &Site, of_templates: Vec<Diagnostic>, of_routes: Vec<Diagnostic>, today: &str) -> Vec<Diagnostic> {
    let mut problems: Vec<Diagnostic> = site.diagnostics().cloned().collect();
    problems.extend(of_site(site, today));
    problems.extend(of_templates);
    problems.extend(of_routes);
    sorted(settled(&site.project, problems))
}

/// The day on which reviews are due: that of the environment, for what can be repeated, else today.
pub fn today() -> String {
    let given = || env::var("SOURCE_DATE_EPOCH").ok()?.parse().ok();
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs() as i64);
    date::of_seconds(given().unwrap_or_else(now))
}

/// The known problems that the settings name a list of. Without such a list, or when it cannot be read, none is known.
pub fn known(project: &Project) -> Baseline {
    let text = project.baseline().and_then(|file| source::any_text(&file).ok()).unwrap_or_default();
    Baseline::read(&text).unwrap_or_default()
}

/// The problems with the severities that the owner gave them, without those that are switched off.
pub fn settled(project: &Project, problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    problems.into_iter().filter_map(|problem| project.config.check.settled(problem)).collect()
}

/// Problems in their order, the worst last, each once. A template that fails on every page fails once.
pub fn sorted(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    problems.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.sort_key().cmp(&b.sort_key())));
    problems.dedup_by(|b, a| {
        a == b || a.code == Code::Template && (&a.file, a.span) == (&b.file, b.span) && b.code == a.code
    });
    problems
}
