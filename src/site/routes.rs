//! Which address leads to what. Reads addresses only, never bodies.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::project::{CONFIG_NAME, Project};
use crate::site::asset::{Asset, Origin};
use crate::site::nav::{NavId, NavTree};
use crate::site::page::Page;
use crate::site::url::UrlPath;
use crate::site::{AssetId, PageId, sitemap};
use crate::source::composed;

/// What the site publishes at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Route {
    /// A page of the content.
    Page(PageId),
    /// The list of what is in a folder that has no page of its own.
    Section(NavId),
    /// A file as it is.
    Asset(AssetId),
    /// A page that sends its readers on; an index of [`Routes::redirects`].
    Redirect(u32),
    /// The list of all pages from A to Z, which is also the search page.
    Search,
    /// The entries below a section, for the sidebars that leave them out.
    Branch(NavId),
    /// What a level of a page's matrices means; a number among all levels of the page.
    Level(PageId, u32),
    /// `404.html`.
    NotFound,
    /// `sitemap.xml`.
    Sitemap,
    /// A part of it, where there are too many pages for one file.
    SitemapPart(u32),
    /// `robots.txt`.
    Robots,
    /// `.nojekyll`, which keeps GitHub Pages from running Jekyll over the site.
    NoJekyll,
    /// `CNAME`, which tells GitHub Pages the site's own domain.
    Cname,
}

/// An address that leads elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// The old address.
    pub from: UrlPath,
    /// Where it leads, as it is written in the page: a path of the site or a full URL.
    pub to: String,
    /// The page that asked for it; `None` when `site.toml` does.
    pub page: Option<PageId>,
    /// Whether `to` is an alias's own page, and not an author's `redirect_to`.
    pub is_alias: bool,
    /// Where it was asked for.
    pub span: Span,
}

/// All addresses of the site.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Routes {
    /// Every address with what is there, sorted.
    pub entries: Vec<(UrlPath, Route)>,
    /// Every redirect.
    pub redirects: Vec<Redirect>,
    /// Addresses that were claimed twice, and other problems with them.
    pub diagnostics: Vec<Diagnostic>,
    by_url: HashMap<UrlPath, Route, RandomState>,
    /// Entries by the last part of their address in lower case, for suggestions.
    by_name: HashMap<String, Vec<u32>, RandomState>,
    /// Entries by the folder that they are in.
    by_folder: HashMap<String, Vec<u32>, RandomState>,
    /// Where drafts would be.
    drafts: HashSet<UrlPath, RandomState>,
}

/// Where the search page is, unless the owner has a page of that name.
pub const SEARCH: &str = "/search";
/// The folder of the files of the search, which are no routes: their names come from what is in them.
pub const SEARCH_FILES: &str = "/assets/search";
/// The folder of the files of [`Route::Branch`].
pub const BRANCHES: &str = "/assets/nav";

/// Where the entries below a section are: its own address, as a file in a folder of their own.
fn branch_url(section: &UrlPath) -> UrlPath {
    let path = section.as_str().trim_matches('/');
    UrlPath::of_file(&format!("{}/{path}.html", BRANCHES.trim_start_matches('/')))
}

/// Where the pages of a page's levels are: below it, as the links in its matrices say.
pub fn level_urls(page: &Page) -> impl Iterator<Item = UrlPath> + '_ {
    page.document.levels().filter_map(|level| UrlPath::resolve(&page.url, &format!("{}/", level.slug)))
}

impl Routes {
    /// What is published at an address.
    pub fn at(&self, url: &UrlPath) -> Option<Route> {
        self.by_url.get(url).copied()
    }

    /// The addresses whose last part is `name`, whatever its case.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &UrlPath> {
        self.by_name.get(&name.to_lowercase()).into_iter().flatten().map(|&entry| &self.entries[entry as usize].0)
    }

    /// The addresses directly in a folder, which is given with `/` at its end.
    pub fn in_folder(&self, folder: &str) -> impl Iterator<Item = &UrlPath> {
        self.by_folder.get(folder).into_iter().flatten().map(|&entry| &self.entries[entry as usize].0)
    }

    /// Whether a draft that is left out would be here.
    pub fn is_draft(&self, url: &UrlPath) -> bool {
        self.drafts.contains(url)
    }

    /// Gives every page, file, redirect and list its address. What was there first stays; the other is reported.
    pub fn build(project: &Project, pages: &[Arc<Page>], assets: &[Arc<Asset>], nav: &NavTree) -> Routes {
        let mut claims = Claims {
            project,
            pages,
            assets,
            by_url: HashMap::default(),
            redirects: Vec::new(),
            diagnostics: Vec::new(),
        };
        let published = |page: &Page| project.publishes(page.front.draft);
        for (index, page) in pages.iter().enumerate().filter(|(_, page)| published(page)) {
            if page.front.redirect_to.is_none() {
                claims.claim(page.url.clone(), Route::Page(PageId(index as u32)));
            }
        }
        for (index, asset) in assets.iter().enumerate() {
            claims.claim(asset.url.clone(), Route::Asset(AssetId(index as u32)));
        }
        for (index, page) in pages.iter().enumerate().filter(|(_, page)| published(page)) {
            claims.redirects(PageId(index as u32), page);
        }
        claims.settings();
        for (index, node) in nav.nodes.iter().enumerate() {
            if node.page.is_none() && !claims.by_url.contains_key(&node.url) {
                claims.by_url.insert(node.url.clone(), Route::Section(NavId(index as u32)));
            }
        }
        claims.by_url.entry(UrlPath::of_folder(SEARCH)).or_insert(Route::Search);
        for (index, node) in nav.nodes.iter().enumerate().skip(1).filter(|(_, node)| !node.children.is_empty()) {
            claims.by_url.entry(branch_url(&node.url)).or_insert(Route::Branch(NavId(index as u32)));
        }
        for (index, page) in pages.iter().enumerate().filter(|(_, page)| published(page)) {
            if page.front.redirect_to.is_none() {
                for (level, url) in level_urls(page).enumerate() {
                    claims.by_url.entry(url).or_insert(Route::Level(PageId(index as u32), level as u32));
                }
            }
        }
        let cname = project.config.cname.as_ref().map(|_| ("CNAME", Route::Cname));
        let own = [
            ("404.html", Route::NotFound),
            ("sitemap.xml", Route::Sitemap),
            ("robots.txt", Route::Robots),
            (".nojekyll", Route::NoJekyll),
        ];
        for (name, route) in own.into_iter().chain(cname) {
            claims.by_url.entry(UrlPath::of_file(name)).or_insert(route);
        }
        claims.sitemap();
        claims.case();
        claims.files_in_the_place_of_folders();
        let Claims { by_url, redirects, diagnostics, .. } = claims;
        let mut entries: Vec<(UrlPath, Route)> = by_url.iter().map(|(url, route)| (url.clone(), *route)).collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        let mut by_name: HashMap<String, Vec<u32>, RandomState> = HashMap::default();
        let mut by_folder: HashMap<String, Vec<u32>, RandomState> = HashMap::default();
        let nameable = entries.iter().enumerate().filter(|(_, (_, route))| !matches!(route, Route::Branch(_)));
        for (index, (url, _)) in nameable {
            by_name.entry(url.name().to_lowercase()).or_default().push(index as u32);
            if let Some(folder) = url.parent() {
                by_folder.entry(folder.as_str().to_string()).or_default().push(index as u32);
            }
        }
        let drafts = pages.iter().filter(|page| !published(page)).map(|page| page.url.clone()).collect();
        Routes { entries, redirects, diagnostics, by_url, by_name, by_folder, drafts }
    }
}

struct Claims<'a> {
    project: &'a Project,
    pages: &'a [Arc<Page>],
    assets: &'a [Arc<Asset>],
    by_url: HashMap<UrlPath, Route, RandomState>,
    redirects: Vec<Redirect>,
    diagnostics: Vec<Diagnostic>,
}

impl Claims<'_> {
    /// The parts of the list for search engines, when it has more than one.
    fn sitemap(&mut self) {
        let listed = self.by_url.iter().filter(|(_, route)| sitemap::is_listed(**route));
        let mut urls: Vec<&UrlPath> = listed.map(|(url, _)| url).collect();
        urls.sort_unstable();
        let n_parts = sitemap::parts(urls.into_iter(), &self.project.config.base_url.full()).len();
        for part in (0..n_parts).filter(|_| n_parts > 1) {
            let url = UrlPath::of_file(&sitemap::part_name(part));
            self.by_url.entry(url).or_insert(Route::SitemapPart(part as u32));
        }
    }

    fn claim(&mut self, url: UrlPath, route: Route) {
        let Some(&first) = self.by_url.get(&url) else {
            self.by_url.insert(url, route);
            return;
        };
        // A theme's file is there only as long as nobody brings a better one.
        if self.is_of_theme(route) {
            return;
        }
        if self.is_of_theme(first) {
            self.by_url.insert(url, route);
            return;
        }
        let message = format!("`{}` and `{}` both have the URL `{url}`", self.file(first), self.file(route));
        let help = match (first, route) {
            _ if self.file(first) != self.file(route) && composed(&self.file(first)) == composed(&self.file(route)) => {
                "their names look the same, and differ only in how the accents are put together: remove one of them"
            }
            (Route::Page(_), Route::Page(_)) => "rename one of them, or give it another `slug` or `url`",
            _ => "rename or move one of them",
        };
        self.diagnostics.push(Diagnostic::new(Code::UrlCollision, message).in_file(self.file(route)).help(help));
    }

    fn is_of_theme(&self, route: Route) -> bool {
        matches!(route, Route::Asset(id) if self.assets[id.0 as usize].origin == Origin::Theme)
    }

    /// What messages call the file behind a route.
    fn file(&self, route: Route) -> String {
        match route {
            Route::Page(id) => self.project.file_name(&self.pages[id.0 as usize].path),
            Route::Asset(id) => self.assets[id.0 as usize].file.clone(),
            Route::Redirect(index) => match self.redirects[index as usize].page {
                Some(page) => self.file(Route::Page(page)),
                None => CONFIG_NAME.to_string(),
            },
            _ => String::new(),
        }
    }

    fn redirects(&mut self, id: PageId, page: &Page) {
        let file = self.project.file_name(&page.path);
        if let Some(to) = &page.front.redirect_to {
            let redirect = Redirect {
                from: page.url.clone(),
                to: to.value.clone(),
                page: Some(id),
                is_alias: false,
                span: to.span,
            };
            self.redirect(redirect, &file);
        }
        for alias in &page.front.aliases {
            let Some(from) = self.old_address(&alias.value, "the alias", alias.span, &file) else { continue };
            if from == page.url {
                continue;
            }
            let to = page.url.as_str().to_string();
            self.redirect(Redirect { from, to, page: Some(id), is_alias: true, span: alias.span }, &file);
        }
    }

    /// The redirects of `site.toml`.
    fn settings(&mut self) {
        for setting in &self.project.config.redirects {
            let from = self.old_address(&setting.from.value, "the redirect", setting.from.span, CONFIG_NAME);
            let Some(from) = from else { continue };
            let (to, span) = (setting.to.value.clone(), setting.to.span);
            self.redirect(Redirect { from, to, page: None, is_alias: false, span }, CONFIG_NAME);
        }
    }

    /// The address that somebody wrote to lead on from.
    fn old_address(&mut self, written: &str, what: &str, span: Span, file: &str) -> Option<UrlPath> {
        let is_path = !written.contains("://") && !written.contains(['#', '?']);
        let Some(from) = UrlPath::resolve(&UrlPath::root(), written).filter(|_| is_path) else {
            let problem = format!("{what} `{written}` is not a path of this site");
            let problem = Diagnostic::new(Code::Alias, problem).in_file(file).at(span);
            self.diagnostics.push(problem.help("write the old path from the site's root, such as `/people/leave/`"));
            return None;
        };
        Some(from.without_index().as_written())
    }

    fn redirect(&mut self, redirect: Redirect, file: &str) {
        let taken = self.by_url.get(&redirect.from).copied().filter(|&route| !self.is_of_theme(route));
        if let Some(taken) = taken {
            let by = self.file(taken);
            let message = format!("`{}` cannot lead here: `{by}` is there already", redirect.from);
            let problem = Diagnostic::new(Code::Alias, message).in_file(file).at(redirect.span);
            self.diagnostics.push(problem.help("remove it here or there"));
            return;
        }
        self.by_url.insert(redirect.from.clone(), Route::Redirect(self.redirects.len() as u32));
        self.redirects.push(redirect);
    }

    /// Addresses that differ only by case are one file on many computers.
    fn case(&mut self) {
        let mut lower: HashMap<String, &UrlPath, RandomState> = HashMap::default();
        // A section's branch differs exactly when the section does.
        let own = self.by_url.iter().filter(|(_, route)| !matches!(route, Route::Branch(_)));
        let mut urls: Vec<&UrlPath> = own.map(|(url, _)| url).collect();
        urls.sort();
        let mut problems = Vec::new();
        for url in urls {
            match lower.entry(url.as_str().to_lowercase()) {
                Entry::Vacant(vacant) => drop(vacant.insert(url)),
                Entry::Occupied(occupied) => problems.push((*occupied.get(), url)),
            }
        }
        for (a, b) in problems {
            let (first, second) = (self.by_url[a], self.by_url[b]);
            let (first, second) = (self.file(first), self.file(second));
            let files = match (first.as_str(), second.as_str()) {
                ("", _) | (_, "") => String::new(),
                (first, second) if first == second => format!(", both of `{first}`"),
                (first, second) => format!(" (`{first}` and `{second}`)"),
            };
            let message = format!("`{a}` and `{b}` differ only by upper and lower case{files}");
            let problem = Diagnostic::new(Code::UrlCase, message).in_file(second);
            self.diagnostics.push(problem.help("rename one: many computers and servers take them for the same file"));
        }
    }

    /// `people` as a file leaves no room for `people/index.html`.
    fn files_in_the_place_of_folders(&mut self) {
        let mut urls: Vec<&UrlPath> = self.by_url.keys().collect();
        urls.sort();
        // Each folder with the first address in it.
        let mut folders: HashMap<&str, &UrlPath, RandomState> = HashMap::default();
        for url in &urls {
            let mut folder = url.folder();
            while let Some(name) = folder.strip_suffix('/').filter(|name| !name.is_empty()) {
                let Entry::Vacant(vacant) = folders.entry(name) else { break };
                vacant.insert(url);
                folder = &name[..name.rfind('/').map_or(0, |slash| slash + 1)];
            }
        }
        let clashes = urls.iter().filter_map(|url| Some((*url, *folders.get(url.as_str())?)));
        let problems: Vec<Diagnostic> = clashes
            .map(|(url, inside)| {
                let (file, other) = (self.file(self.by_url[url]), self.file(self.by_url[inside]));
                let of = |file: &str| if file.is_empty() { String::new() } else { format!(" (`{file}`)") };
                let message =
                    format!("`{url}`{} is a file, but `{inside}`{} needs a folder of that name", of(&file), of(&other));
                let problem = Diagnostic::new(Code::UrlCollision, message).help("rename one of them");
                problem.in_file(if other.is_empty() { file } else { other })
            })
            .collect();
        self.diagnostics.extend(problems);
    }
}
