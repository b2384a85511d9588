//! One address to the bytes that are published there. Pure: reads the site, writes nothing.

pub mod context;
mod engine;
pub mod fill;
mod index;
mod kept;
mod level;
mod look;
mod machine_files;
mod moved;
mod nav_view;

use crate::diagnostic::{Code, Diagnostic};
use crate::output::{Content, Output, OutputPath};
use crate::render::context::{PageContext, RedirectContext};
pub use crate::render::engine::Engine;
use crate::site::asset::AssetBytes;
use crate::site::nav::{NavId, NavTree};
use crate::site::redirect;
use crate::site::routes::{Redirect, Route};
use crate::site::url::UrlPath;
use crate::site::{PageId, Site};

/// Renders what is published at `url`, with what is wrong with its links or its template. Without an output when it
/// cannot be rendered.
pub fn render(engine: &Engine, site: &Site, url: &UrlPath, route: Route) -> (Option<Output>, Vec<Diagnostic>) {
    let path = match OutputPath::from_url(url.as_str()) {
        Ok(path) => path,
        Err(bad) => {
            let problem = Diagnostic::new(Code::SourceName, format!("`{url}` cannot be published: {}", bad.reason));
            return (None, vec![problem.in_file(file_of(site, route)).help("rename the file or folder")]);
        }
    };
    let (content, problems) = content(engine, site, url, route);
    (content.map(|content| Output { path, content }), problems)
}

/// What is wrong with the links of what is published at a route, without rendering it.
pub fn link_problems(site: &Site, route: Route) -> Vec<Diagnostic> {
    match route {
        Route::Page(page) => fill::problems(site, page),
        Route::Redirect(index) => redirect_target(site, &site.routes.redirects[index as usize]).1,
        _ => Vec::new(),
    }
}

fn content(engine: &Engine, site: &Site, url: &UrlPath, route: Route) -> (Option<Content>, Vec<Diagnostic>) {
    let text = |text: String| (Some(Content::Bytes(text.into_bytes())), Vec::new());
    match route {
        Route::Page(page) => page_content(engine, site, page),
        Route::Section(nav) => section_content(engine, site, nav),
        Route::Asset(asset) => match &site.asset(asset).bytes {
            AssetBytes::File(file) => (Some(Content::File(file.clone())), Vec::new()),
            AssetBytes::Embedded(bytes) => (Some(Content::Bytes(bytes.to_vec())), Vec::new()),
            AssetBytes::Made(bytes) => (Some(Content::Bytes(bytes.to_vec())), Vec::new()),
        },
        Route::Redirect(index) => redirect_content(engine, site, &site.routes.redirects[index as usize]),
        Route::Search => finish(engine.search(site)),
        Route::Level(page, level) => finish(engine.level(site, page, level as usize, url)),
        Route::Branch(nav) => finish(engine.branch(site, nav)),
        Route::NotFound => finish(engine.not_found(site)),
        Route::Sitemap => text(machine_files::sitemap(site)),
        Route::SitemapPart(part) => text(machine_files::sitemap_part(site, part as usize)),
        Route::Robots => text(machine_files::robots(site)),
        Route::NoJekyll => text(String::new()),
        Route::Cname => text(machine_files::cname(site)),
    }
}

fn finish(rendered: Result<Vec<u8>, Diagnostic>) -> (Option<Content>, Vec<Diagnostic>) {
    match rendered {
        Ok(bytes) => (Some(Content::Bytes(bytes)), Vec::new()),
        Err(problem) => (None, vec![problem]),
    }
}

fn page_content(engine: &Engine, site: &Site, id: PageId) -> (Option<Content>, Vec<Diagnostic>) {
    let page = site.page(id);
    let (html, mut problems) = fill::fill(site, id);
    let nav = site.nav.of_page[id.0 as usize];
    let context = PageContext::of_page(site, id, html, engine.owners(page));
    let template = engine.template(page, &context.kind);
    let (content, failed) = finish(engine.page(site, &template, &context, nav, &page.url, &page.document.features));
    problems.extend(failed);
    (content, problems)
}

fn section_content(engine: &Engine, site: &Site, id: NavId) -> (Option<Content>, Vec<Diagnostic>) {
    let node = site.nav.node(id);
    let context = PageContext::of_folder(site, id);
    let template = if id == NavTree::ROOT { "home.html" } else { "section.html" };
    finish(engine.page(site, template, &context, Some(id), &node.url, &Default::default()))
}

fn redirect_content(engine: &Engine, site: &Site, redirect: &Redirect) -> (Option<Content>, Vec<Diagnostic>) {
    let (mut target, mut problems) = redirect_target(site, redirect);
    if target.is_empty() {
        // It was let into no page, and a page that sends its readers to itself never ends.
        target = site.href(&UrlPath::root());
    }
    let canonical = context::absolute(site, &target);
    let (content, failed) = finish(engine.redirect(&RedirectContext { target, canonical }));
    problems.extend(failed);
    (content, problems)
}

fn redirect_target(site: &Site, redirect: &Redirect) -> (String, Vec<Diagnostic>) {
    let resolved = redirect::end(site, redirect);
    let file = || redirect::file(site, redirect);
    (resolved.href, resolved.problem.into_iter().map(|problem| problem.in_file(file())).collect())
}

/// What messages call the file behind a route.
pub fn file_of(site: &Site, route: Route) -> String {
    match route {
        Route::Page(page) | Route::Level(page, _) => site.project.file_name(&site.page(page).path),
        Route::Asset(asset) => site.asset(asset).file.clone(),
        Route::Redirect(index) => redirect::file(site, &site.routes.redirects[index as usize]),
        _ => String::new(),
    }
}
