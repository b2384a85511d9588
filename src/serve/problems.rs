//! What the browser shows of a page's problems.

use serde_json::{Value, json};

use crate::check::{self, OF_WHOLE};
use crate::diagnostic::{self, Code, Diagnostic, Severity};
use crate::project::Project;
use crate::project::check::Level;
use crate::render;
use crate::serve::generation::{Found, Generation};
use crate::site::routes::Route;
use crate::site::url::UrlPath;

/// More than this does not help anybody in a panel; the terminal has them all.
const MOST: usize = 30;

/// The problems that concern whoever reads this page: the site's own and the page's, the gravest first.
pub fn of_page(generation: &Generation, url: &UrlPath, found: &Found) -> Vec<Diagnostic> {
    let site = &generation.site;
    let mut problems = generation.problems.clone();
    if let Some(route) = site.routes.at(url) {
        let file = render::file_of(site, route);
        let of_file = |problem: &&Diagnostic| !file.is_empty() && problem.file == file;
        let of_site = site.unread.iter().chain(&site.routes.diagnostics).chain(&site.problems);
        problems.extend(of_site.filter(of_file).cloned());
        if let Route::Page(page) = route {
            problems.extend(site.page(page).diagnostics.iter().cloned());
            problems.extend(check::of_page(site, page));
            problems.extend(of_whole(generation).filter(of_file).cloned());
        }
    }
    if let Found::Page(page) = found {
        problems.extend(page.problems.iter().cloned());
    }
    let mut problems = check::settled(&site.project, problems);
    problems.retain(|problem| problem.severity != Severity::Note);
    problems.sort_by(|a, b| a.severity.cmp(&b.severity).then_with(|| a.sort_key().cmp(&b.sort_key())));
    problems.dedup();
    generation.known.split(problems).new
}

/// What shows only when all pages are looked at, if the owner wants to see any of it here.
fn of_whole(generation: &Generation) -> impl Iterator<Item = &Diagnostic> {
    let settings = &generation.site.project.config.check;
    let is_shown = |code: &&Code| matches!(settings.level(**code), Level::On(Severity::Error | Severity::Warning));
    let is_wanted = OF_WHOLE.iter().any(|code| is_shown(&code));
    let found = if is_wanted { generation.of_site() } else { &[] };
    found.iter().filter(|problem| OF_WHOLE.contains(&problem.code))
}

/// The problems as the panel wants them, with the author's lines.
pub fn to_json(project: &Project, problems: &[Diagnostic]) -> Value {
    let shown = &problems[..problems.len().min(MOST)];
    let items = shown.iter().map(|problem| {
        let place = place(project, problem);
        json!({
            "severity": problem.severity.name(),
            "code": problem.code.name(),
            "message": problem.message,
            "place": place,
            "text": text(project, std::slice::from_ref(problem)),
        })
    });
    json!({ "items": items.collect::<Vec<_>>(), "more": problems.len() - shown.len() })
}

/// The problems as the terminal would show them.
pub fn text(project: &Project, problems: &[Diagnostic]) -> String {
    let mut out = Vec::new();
    diagnostic::human(problems, &mut |file| project.text_of(file), false, &mut out)
        .expect("writing to memory cannot fail");
    String::from_utf8_lossy(&out).trim_end().to_string()
}

/// `file:line:column`, as far as it is known.
fn place(project: &Project, problem: &Diagnostic) -> String {
    let mut out = Vec::new();
    diagnostic::short(std::slice::from_ref(problem), &mut |file| project.text_of(file), &mut out)
        .expect("writing to memory cannot fail");
    let line = String::from_utf8_lossy(&out);
    let end = line.find(&format!(": {}[", problem.severity)).unwrap_or(0);
    line[..end].to_string()
}
