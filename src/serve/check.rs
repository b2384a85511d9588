//! Looks for problems behind the reader's back: the browser has the new page long before all links are checked.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use crate::diagnostic::{Code, Diagnostic};
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
    /// All problems of the site.
    pub problems: Vec<Diagnostic>,
    /// Those that the check before did not find.
    pub new: Vec<Diagnostic>,
    /// Those that the check before found and this one did not.
    pub mended: Vec<Diagnostic>,
}

/// Starts the thread that checks. Whoever drops the sender ends it.
pub fn start(tell: impl Fn(Checked) + Send + 'static) -> Sender<Arc<Generation>> {
    let (sender, generations) = channel();
    let run = move || {
        let mut checker = Checker { known: HashMap::new(), before: None, problems: Vec::new() };
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
    /// What the known problems are of; `None` while they are not complete.
    before: Option<Arc<Generation>>,
    /// All problems that were told.
    problems: Vec<Diagnostic>,
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
        let wanted: Vec<(&UrlPath, Route, bool)> = match &scope {
            Scope::Pages(pages) => {
                let routes = pages.iter().map(|&page| (&site.page(page).url, Route::Page(page), true));
                routes.filter(|(url, route, _)| site.routes.at(url) == Some(*route)).collect()
            }
            Scope::Links(pages) => {
                let is_new = |route: &Route| matches!(route, Route::Page(page) if pages.contains(page));
                site.routes.entries.iter().map(|(url, route)| (url, *route, is_new(route))).collect()
            }
            Scope::All => site.routes.entries.iter().map(|(url, route)| (url, *route, true)).collect(),
        };
        let mut checked = Vec::with_capacity(wanted.len());
        for (url, route, with_template) in wanted {
            if let Some(newer) = generations.try_iter().last() {
                return Err(newer);
            }
            let found = match with_template {
                true if matches!(route, Route::Asset(_)) => Vec::new(),
                true => render::render(&generation.engine, site, url, route).1,
                false => {
                    let failed = self.known.get(url).into_iter().flatten().filter(|p| p.code == Code::Template);
                    [render::link_problems(site, route), failed.cloned().collect()].concat()
                }
            };
            checked.push((url, found));
        }
        if !matches!(scope, Scope::Pages(_)) {
            self.known.clear();
        }
        for (url, found) in checked {
            match found.is_empty() {
                true => drop(self.known.remove(url)),
                false => drop(self.known.insert(url.clone(), found)),
            }
        }
        let of_pages = self.known.values().flatten();
        let mut problems: Vec<Diagnostic> =
            site.diagnostics().chain(&generation.problems).chain(of_pages).cloned().collect();
        problems.extend(generation.engine.unknown_layouts(site));
        problems.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        problems.dedup();
        let (new, mended) = difference(&self.problems, &problems);
        self.problems = problems.clone();
        self.before = Some(generation.clone());
        Ok(Checked { number: generation.number, problems, new, mended })
    }
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
    match Arc::ptr_eq(&before.site.routes, &after.site.routes) && changed.iter().all(same_anchors) {
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

/// What came and what went. Where in the file a problem is does not matter: a line above it may have come or gone.
fn difference(before: &[Diagnostic], after: &[Diagnostic]) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
    let key = |problem: &Diagnostic| (problem.code, problem.file.clone(), problem.message.clone());
    let minus = |a: &[Diagnostic], b: &[Diagnostic]| {
        let mut counts: HashMap<_, usize> = HashMap::new();
        b.iter().for_each(|problem| *counts.entry(key(problem)).or_default() += 1);
        let is_new = |problem: &&Diagnostic| match counts.get_mut(&key(problem)) {
            Some(n) if *n > 0 => {
                *n -= 1;
                false
            }
            _ => true,
        };
        a.iter().filter(is_new).cloned().collect()
    };
    (minus(after, before), minus(before, after))
}
