//! The links that the owner wrote into settings and front matter: the main bar and the nav bars of sections.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::markdown::{Link, LinkKind};
use crate::project::config::NavConfig;
use crate::site::link::{self, From, Target};
use crate::site::page::Page;
use crate::site::url::UrlPath;
use crate::site::{PageId, Site};
use crate::value::Spanned;
use crate::value::reader::NavLink;

/// A link of a bar.
#[derive(Debug, Clone, PartialEq)]
pub struct MenuItem {
    /// What it shows.
    pub title: String,
    /// Where it leads, not yet escaped for HTML.
    pub href: String,
    /// The page that it leads to, if it is one of the site's and the link is to the page as a whole.
    pub page: Option<PageId>,
}

/// The nav bar of a part of the site.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// The page that it is for, with all below it.
    pub url: UrlPath,
    /// Its links.
    pub items: Vec<MenuItem>,
}

/// All bars that the owner wrote.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Menus {
    /// The main bar; `None` takes it from the tree.
    pub main: Option<Vec<MenuItem>>,
    /// The sections' bars.
    pub bars: Vec<Bar>,
}

impl Menus {
    /// The bar for a page: of the nearest part of the site that has one.
    pub fn bar(&self, url: &UrlPath) -> &[MenuItem] {
        let fitting = self.bars.iter().filter(|bar| url.as_str().starts_with(bar.url.as_str()));
        fitting.max_by_key(|bar| bar.url.as_str().len()).map_or(&[], |bar| &bar.items)
    }
}

/// The addresses that come first among their siblings.
pub fn first(config: &NavConfig) -> Vec<UrlPath> {
    config.order.iter().filter_map(|path| page_url(&path.value)).collect()
}

/// The address of a page as the settings write it.
fn page_url(path: &str) -> Option<UrlPath> {
    UrlPath::resolve(&UrlPath::root(), path).map(|url| url.as_written())
}

/// Finds where all links of all bars lead.
pub fn build(site: &Site) -> (Menus, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let config = &site.project.config.nav;
    let file = site.project.config_name();
    let mut items = |links: &[NavLink], from: From<'_>, file: &str| -> Vec<MenuItem> {
        links.iter().map(|link| item(site, link, from, file, &mut problems)).collect()
    };
    let root = UrlPath::root();
    let settings = From { url: &root, path: None, page: None };
    let main = config.main.as_ref().map(|links| items(links, settings, file));
    let mut bars: Vec<Bar> = Vec::new();
    for section in &config.sections {
        let url = page_url(&section.url.value).unwrap_or_else(UrlPath::root);
        bars.push(Bar { url, items: items(&section.links, settings, file) });
    }
    let is_published = |page: &Page| site.project.publishes(page.front.draft);
    for (index, page) in site.pages.iter().enumerate().filter(|(_, page)| is_published(page)) {
        if page.front.section_nav.is_empty() {
            continue;
        }
        let from = From { url: &page.url, path: Some(&page.path), page: Some(PageId(index as u32)) };
        let items = items(&page.front.section_nav, from, &site.project.file_name(&page.path));
        bars.push(Bar { url: page.url.clone(), items });
    }
    let is_unknown = |path: &&Spanned<String>| page_url(&path.value).is_none_or(|url| site.routes.at(&url).is_none());
    let sections = config.sections.iter().map(|section| &section.url);
    let unknown = sections.filter(is_unknown).map(|path| no_page(&path.value, path.span, file, None));
    let unplaced = config.order.iter().filter(|path| is_unknown(path)).map(|path| {
        let message = format!("the order of pages names `{}`, and there is no such page", path.value);
        let found = link::resolve(site, settings, &Link::of_value(&path.value, LinkKind::Page, path.span));
        let help = found.problem.and_then(|problem| problem.help);
        Diagnostic { help, ..Diagnostic::new(Code::NavPage, message).in_file(file).at(path.span) }
    });
    let unused: Vec<Diagnostic> = unknown.chain(unplaced).collect();
    problems.extend(unused);
    let in_settings =
        |problem: Diagnostic| if problem.file == file { site.project.in_settings(problem) } else { problem };
    let problems = problems.into_iter().map(in_settings).collect();
    (Menus { main, bars }, problems)
}

fn item(site: &Site, link: &NavLink, from: From<'_>, file: &str, problems: &mut Vec<Diagnostic>) -> MenuItem {
    let target = Link::of_value(&link.url.value, LinkKind::Page, link.url.span);
    let resolved = link::resolve(site, from, &target);
    if let Some(problem) = resolved.problem {
        problems.push(match problem.code {
            Code::LinkAnchor | Code::LinkScript => problem.in_file(file),
            _ => no_page(&link.url.value, link.url.span, file, problem.help),
        });
    }
    // A link to one place of a page is not the page: only one link of a bar can be the current one.
    let page = match resolved.target {
        Target::Page(page) if !target.target.contains('#') => Some(page),
        _ => None,
    };
    // `#leave` means the page that it is written in, also on the pages below.
    let of_page = if resolved.href.starts_with(['#', '?']) { site.href(from.url) } else { String::new() };
    MenuItem { title: link.title.clone(), href: of_page + &resolved.href, page }
}

fn no_page(url: &str, span: Span, file: &str, help: Option<String>) -> Diagnostic {
    let message = format!("the nav bar names `{url}`, and there is no such page");
    Diagnostic { help, ..Diagnostic::new(Code::NavPage, message).in_file(file).at(span) }
}
