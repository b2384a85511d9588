//! Looks for problems behind the reader's back: the browser has the new page long before all links are checked.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use crate::check;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::project::check::Level;
use crate::render;
use crate::serve::generation::Generation;
use crate::site::routes::Route;
use crate::site::url::UrlPath;
use crate::site::{PageId, Site};

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    /// The state of the site that was checked.
    pub number: u64,
    /// How many errors the site has.
    pub errors: usize,
    /// How many warnings it has.
    pub warnings: usize,
    /// Those that the check before did not find.
    pub new: Vec<Diagnostic>,
    /// Those that the check before found and this one did not.
    pub mended: Vec<Diagnostic>,
}

/// Starts the thread that checks. Whoever drops the sender ends it.
pub fn start(tell: impl Fn(Checked) + Send + 'static) -> Sender<Arc<Generation>> {
    let (sender, generations) = channel();
    let run = move || {
        let mut checker = Checker { known: HashMap::new(), others: Vec::new(), before: None };
        let mut next = generations.recv().ok();
        while let Some(generation) = next {
            next = match checker.check(&generation, &generations) {
                Ok(checked) => {
                    tell(checked);
                    drop(generation);
                    generations.recv().ok()
                }
                Err(newer) => Some(newer),
            };
        }
    };
    // Without the thread nothing is checked, and everything else works.
    let _ = std::thread::Builder::new().name("check".to_string()).spawn(run);
    sender
}

struct Checker {
    /// The problems of every address, as of `before`.
    known: HashMap<UrlPath, Vec<Diagnostic>>,
    /// The problems that are no page's.
    others: Vec<Diagnostic>,
    /// The state of the site that all this is of.
    before: Option<Arc<Generation>>,
}

impl Checker {
    /// Checks a state of the site, unless a newer one comes along.
    fn check(
        &mut self,
        generation: &Arc<Generation>,
        generations: &Receiver<Arc<Generation>>,
    ) -> Result<Checked, Arc<Generation>> {
        let site = &generation.site;
        let scope = self.before.as_deref().map_or(Scope::All, |before| scope(before, generation));
        let mut checked = Vec::new();
        for (url, route, with_template) in addresses(site, &scope) {
            if let Some(newer) = generations.try_iter().last() {
                return Err(newer);
            }
            let found = match with_template {
                true => render::render(&generation.engine, site, url, route).1,
                false => {
                    let failed = self.known.get(url).into_iter().flatten().filter(|p| p.code == Code::Template);
                    [render::link_problems(site, route), failed.cloned().collect()].concat()
                }
            };
            checked.push((url.clone(), check::settled(&site.project, found)));
        }
        Ok(self.replace(generation, &scope, checked))
    }

    /// Takes what was found for what is known, and compares. Thousands of problems that stay are not touched.
    fn replace(
        &mut self,
        generation: &Arc<Generation>,
        scope: &Scope,
        checked: Vec<(UrlPath, Vec<Diagnostic>)>,
    ) -> Checked {
        let site = &generation.site;
        let own = |site: &Site, pages: Vec<PageId>| -> Vec<Diagnostic> {
            let of_pages = pages.iter().flat_map(|&id| site.page(id).diagnostics.clone());
            check::settled(&site.project, of_pages.collect())
        };
        let others =
            site.unread.iter().chain(&site.routes.diagnostics).chain(&site.problems).chain(&generation.problems);
        let others =
            others.cloned().chain(generation.engine.unknown_layouts(site)).chain(generation.of_site().iter().cloned());
        let others = check::settled(&site.project, others.collect());
        let mut old = std::mem::replace(&mut self.others, others.clone());
        let mut new = others;
        match &self.before {
            Some(before) => {
                old.extend(own(&before.site, changed_pages(site, &before.site)));
                new.extend(own(site, changed_pages(&before.site, site)));
            }
            None => new.extend(own(site, (0..site.pages.len() as u32).map(PageId).collect())),
        }
        if !matches!(scope, Scope::Pages(_)) {
            old.extend(std::mem::take(&mut self.known).into_values().flatten());
        }
        for (url, found) in checked {
            new.extend(found.iter().cloned());
            let before = match found.is_empty() {
                true => self.known.remove(&url),
                false => self.known.insert(url, found),
            };
            old.extend(before.into_iter().flatten());
        }
        self.before = Some(generation.clone());
        let settings = &site.project.config.check;
        let of_pages = site.pages.iter().flat_map(|page| &page.diagnostics);
        let level = |problem: &Diagnostic| match settings.levels.get(&problem.code) {
            Some(Level::On(severity)) => Some(*severity),
            Some(Level::Off) => None,
            None => problem.code.is_on().then_some(problem.severity),
        };
        let of_pages = of_pages.filter_map(|problem| Some((problem, level(problem)?)));
        let settled = self.others.iter().chain(self.known.values().flatten());
        let mut is_new = generation.known.teller();
        let all = settled.map(|problem| (problem, problem.severity)).chain(of_pages);
        let (errors, warnings) = count(all.filter(|(problem, _)| is_new(problem)));
        let (mut new, mut mended) = (minus(&new, &old), minus(&old, &new));
        new.retain(|problem| !generation.known.has(problem));
        mended.retain(|problem| !generation.known.has(problem));
        Checked { number: generation.number, errors, warnings, new, mended }
    }
}

/// The addresses to look at, and whether to run their templates too.
fn addresses<'a>(site: &'a Site, scope: &Scope) -> Vec<(&'a UrlPath, Route, bool)> {
    let is_asset = |route: &Route| matches!(route, Route::Asset(_));
    let all = site.routes.entries.iter().filter(|(_, route)| !is_asset(route));
    match scope {
        Scope::Pages(pages) => {
            let routes = pages.iter().map(|&page| (&site.page(page).url, Route::Page(page), true));
            routes.filter(|(url, route, _)| site.routes.at(url) == Some(*route)).collect()
        }
        Scope::Links(pages) => {
            let is_new = |route: &Route| matches!(route, Route::Page(page) if pages.contains(page));
            all.map(|(url, route)| (url, *route, is_new(route))).collect()
        }
        Scope::All => all.map(|(url, route)| (url, *route, true)).collect(),
    }
}

/// How many errors and warnings there are. A template that fails on every page is one error.
fn count<'a>(problems: impl Iterator<Item = (&'a Diagnostic, Severity)>) -> (usize, usize) {
    let (mut errors, mut warnings) = (0, 0);
    let mut templates = HashSet::new();
    for (problem, severity) in problems {
        if problem.code == Code::Template && !templates.insert((&problem.file, problem.span)) {
            continue;
        }
        match severity {
            Severity::Error => errors += 1,
            Severity::Warning => warnings += 1,
            Severity::Note => {}
        }
    }
    (errors, warnings)
}

/// What has to be checked again.
enum Scope {
    /// These pages, and nothing else.
    Pages(Vec<PageId>),
    /// These pages, and every other page's links.
    Links(Vec<PageId>),
    /// Everything, templates too.
    All,
}

fn scope(before: &Generation, after: &Generation) -> Scope {
    if !Arc::ptr_eq(&before.engine, &after.engine) {
        return Scope::All;
    }
    let changed = changed_pages(&before.site, &after.site);
    let same_anchors = |&id: &PageId| {
        let known = before.site.page_of_file(after.site.page(id).path.as_str());
        known.is_some_and(|known| before.site.page(known).document.anchors == after.site.page(id).document.anchors)
    };
    // The help of a dead link names titles and headings of other pages.
    let same_names = Arc::ptr_eq(&before.site.names, &after.site.names);
    match same_names && changed.iter().all(same_anchors) {
        true => Scope::Pages(changed),
        false => Scope::Links(changed),
    }
}

/// The pages of `after` that are not those of `before`.
pub fn changed_pages(before: &Site, after: &Site) -> Vec<PageId> {
    let mut old = before.pages.iter().peekable();
    let mut changed = Vec::new();
    for (index, page) in after.pages.iter().enumerate() {
        // Both lists are sorted by path.
        while old.next_if(|old| old.path < page.path).is_some() {}
        if old.next_if(|old| old.path == page.path).is_none_or(|old| !Arc::ptr_eq(old, page)) {
            changed.push(PageId(index as u32));
        }
    }
    changed
}

/// What is in `a` and not in `b`. Where in the file a problem is does not matter: a line above it may have come or gone.
fn minus(a: &[Diagnostic], b: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut counts: HashMap<(Code, &str, &str), usize> = HashMap::new();
    for problem in b {
        *counts.entry((problem.code, &problem.file, &problem.message)).or_default() += 1;
    }
    let mut rest: Vec<Diagnostic> = Vec::new();
    for problem in a {
        match counts.get_mut(&(problem.code, problem.file.as_str(), problem.message.as_str())) {
            Some(n) if *n > 0 => *n -= 1,
            _ => rest.push(problem.clone()),
        }
    }
    rest.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    rest
}
