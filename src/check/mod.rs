//! What is wrong with a site. The one place that says so: `build`, `check` and `serve` all ask here.
//!
//! Most problems are found on the way: by whoever reads a file, gives out addresses or fills in a link. Here they are
//! put together with what only shows when the whole site is looked at, and get the severity that the owner gave them.

pub mod baseline;
mod site;

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::diagnostic::{Code, Diagnostic};
use crate::output::Output;
use crate::project::Project;
use crate::render::{self, Engine};
use crate::site::Site;
use crate::site::routes::Route;
use crate::site::url::UrlPath;

pub use crate::check::site::{of_page, of_site};

/// What rendering a whole site gave.
#[derive(Debug, Default)]
pub struct Rendered {
    /// What is to be published.
    pub outputs: Vec<Output>,
    /// What is wrong with links and templates.
    pub problems: Vec<Diagnostic>,
}

/// Renders every address, in parallel, and counts them in `n_done`. Only with `keep` are the outputs kept: whoever just
/// wants to know what is wrong needs no memory for a whole site.
pub fn render_all(engine: &Engine, site: &Site, keep: bool, n_done: &AtomicUsize) -> Rendered {
    let render = |(url, route): &(UrlPath, Route)| {
        let (output, problems) = render::render(engine, site, url, *route);
        n_done.fetch_add(1, Ordering::Relaxed);
        (output.filter(|_| keep), problems)
    };
    let rendered: Vec<(Option<Output>, Vec<Diagnostic>)> = site.routes.entries.par_iter().map(render).collect();
    let mut all = Rendered::default();
    for (output, problems) in rendered {
        all.outputs.extend(output);
        all.problems.extend(problems);
    }
    all
}

/// Everything that is wrong, as the owner wants to be told, in order. `of_templates` and `of_routes` are what parsing the
/// templates and rendering the addresses gave; `today` is the day on which reviews are due.
pub fn gather(
    site: &Site,
    of_templates: Vec<Diagnostic>,
    of_routes: Vec<Diagnostic>,
    today: Option<&str>,
) -> Vec<Diagnostic> {
    let mut problems: Vec<Diagnostic> = site.diagnostics().cloned().collect();
    problems.extend(of_site(site, today));
    problems.extend(of_templates);
    problems.extend(of_routes);
    sorted(settled(&site.project, problems))
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
