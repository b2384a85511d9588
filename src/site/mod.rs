//! The whole site as one value: pages, files, addresses, navigation. Pure; reads no file.

pub mod asset;
pub mod link;
pub mod menu;
pub mod moved;
mod names;
pub mod nav;
pub mod page;
pub mod redirect;
pub mod routes;
pub mod sitemap;
pub mod style;
mod suggest;
pub mod url;
mod written;

use std::sync::{Arc, OnceLock};

use crate::diagnostic::Diagnostic;
use crate::history::dates::Dates;
use crate::markdown::Body;
use crate::markdown::snippets::Snippets;
use crate::project::Project;
use crate::site::asset::Asset;
use crate::site::menu::Menus;
use crate::site::names::Names;
use crate::site::nav::NavTree;
use crate::site::page::Page;
use crate::site::routes::Routes;
use crate::site::url::UrlPath;
use crate::source::{SourcePath, composed, is_page_name};

/// A page's place in [`Site::pages`]. Valid only inside the `Site` that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageId(pub u32);

/// An asset's place in [`Site::assets`]. Valid only inside the `Site` that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AssetId(pub u32);

/// What the content and the theme's folders hold.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// Every page, drafts too, by the path of its file.
    pub pages: Vec<Arc<Page>>,
    /// Every file that is published as it is: those of the content by path, then those of the theme.
    pub assets: Vec<Arc<Asset>>,
    /// How many of the assets are the content's.
    pub n_content_assets: usize,
    /// What could not be read.
    pub unread: Vec<Diagnostic>,
}

/// Everything that rendering a page can need. The site before an edit is the cache for the site after it.
#[derive(Debug, Clone)]
pub struct Site {
    /// Settings and theme.
    pub project: Arc<Project>,
    /// Every page, drafts too, by the path of its file.
    pub pages: Vec<Arc<Page>>,
    /// Every file that is published as it is: those of the content by path, then those of the theme.
    pub assets: Vec<Arc<Asset>>,
    /// How many of the assets are the content's.
    pub n_content_assets: usize,
    /// What could not be read.
    pub unread: Vec<Diagnostic>,
    /// What is published where.
    pub routes: Arc<Routes>,
    /// The tree behind all navigation.
    pub nav: Arc<NavTree>,
    /// The bars that the owner wrote.
    pub menus: Menus,
    /// What is wrong with settings and with the bars.
    pub problems: Vec<Diagnostic>,
    /// What everything is called; made when it is first asked for.
    pub names: Arc<OnceLock<Names>>,
    /// Code whose colours were known before the pages were read. Changes nothing but the time that it takes.
    pub snippets: Arc<Snippets>,
}

/// Puts pages and files together. What `before` has is taken over where nothing that it depends on has changed.
///
/// `problems` are those of the project.
pub fn assemble(project: Arc<Project>, files: Files, before: &Site, problems: Vec<Diagnostic>) -> Site {
    let same_project = Arc::ptr_eq(&project, &before.project)
        || project.config == before.project.config && project.prefix == before.project.prefix;
    // A page that was taken over is the same one in memory: thousands are compared in microseconds.
    let same = |equal: fn(&Page, &Page) -> bool| {
        files.pages.len() == before.pages.len()
            && files.pages.iter().zip(&before.pages).all(|(a, b)| Arc::ptr_eq(a, b) || equal(a, b))
    };
    let same_addresses = same_project && same(same_address);
    let pairs = files.pages.iter().zip(&before.pages).enumerate();
    let renamed = pairs.filter(|(_, (a, b))| !Arc::ptr_eq(a, b) && !same_nav_fields(a, b));
    let nav = match same_addresses {
        true => match renamed.map(|(index, _)| PageId(index as u32)).collect::<Vec<_>>() {
            renamed if renamed.is_empty() => before.nav.clone(),
            renamed => Arc::new(before.nav.renamed(&files.pages, &renamed)),
        },
        false => Arc::new(NavTree::build(&files.pages, &menu::first(&project.config.nav), |page| {
            project.publishes(page.front.draft) && page.front.redirect_to.is_none()
        })),
    };
    let same_asset = |a: &Asset, b: &Asset| a.url == b.url && a.origin == b.origin && a.file == b.file;
    let same_assets = files.assets.len() == before.assets.len()
        && files.assets.iter().zip(&before.assets).all(|(a, b)| Arc::ptr_eq(a, b) || same_asset(a, b));
    let routes = match same_addresses && same_assets {
        true => before.routes.clone(),
        false => Arc::new(Routes::build(&project, &files.pages, &files.assets, &nav)),
    };
    let same_names = Arc::ptr_eq(&routes, &before.routes) && same(same_names);
    let names = if same_names { before.names.clone() } else { Arc::default() };
    let Files { pages, assets, n_content_assets, unread } = files;
    let menus = Menus::default();
    let snippets = before.snippets.clone();
    let mut site =
        Site { project, pages, assets, n_content_assets, unread, routes, nav, menus, problems, names, snippets };
    let (menus, nav_problems) = menu::build(&site);
    site.menus = menus;
    site.problems.extend(nav_problems);
    site
}

/// Whether two versions of a page claim the same addresses.
fn same_address(a: &Page, b: &Page) -> bool {
    a.path == b.path
        && a.kind == b.kind
        && a.url == b.url
        && a.front.draft == b.front.draft
        && a.front.aliases == b.front.aliases
        && a.front.redirect_to == b.front.redirect_to
        && a.document.levels().map(|level| &level.slug).eq(b.document.levels().map(|level| &level.slug))
}

/// Whether two versions of a page look the same in navigation.
fn same_nav_fields(a: &Page, b: &Page) -> bool {
    a.title == b.title
        && a.front.nav_title == b.front.nav_title
        && a.front.weight == b.front.weight
        && a.front.nav_hidden == b.front.nav_hidden
}

/// Whether two versions of a page are called the same, and so are their headings.
fn same_names(a: &Page, b: &Page) -> bool {
    let ids = |page: &Page| page.document.outline.iter().map(|heading| heading.id.clone()).collect::<Vec<_>>();
    a.title == b.title && ids(a) == ids(b)
}

impl Site {
    /// What everything is called.
    pub fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::of(self))
    }

    /// A site without pages, as the start of a full build.
    pub fn empty(project: Arc<Project>) -> Site {
        Site {
            project,
            pages: Vec::new(),
            assets: Vec::new(),
            n_content_assets: 0,
            unread: Vec::new(),
            routes: Arc::default(),
            nav: Arc::new(NavTree::build(&[], &[], |_| false)),
            menus: Menus::default(),
            problems: Vec::new(),
            names: Arc::default(),
            snippets: Arc::default(),
        }
    }

    /// What is known of code now, when that is more than before the pages were read.
    pub fn new_snippets(&self) -> Option<Snippets> {
        self.snippets.next(self.pages.iter().flat_map(|page| &page.document.snippets))
    }

    /// The page with this id.
    pub fn page(&self, id: PageId) -> &Page {
        &self.pages[id.0 as usize]
    }

    /// The page that a file of the content makes.
    pub fn page_of_file(&self, path: &str) -> Option<PageId> {
        self.pages.binary_search_by(|page| page.path.as_str().cmp(path)).ok().map(|index| PageId(index as u32))
    }

    /// The page of a file that an author names, who does not see how the letters of its name are put together.
    pub fn page_of_name(&self, path: &str) -> Option<PageId> {
        let is_same = |page: &Arc<Page>| composed(page.path.as_str()) == path;
        let other_form = || match path.is_ascii() || !is_page_name(path) {
            true => None,
            false => self.pages.iter().position(is_same).map(|index| PageId(index as u32)),
        };
        self.page_of_file(path).or_else(other_form)
    }

    /// The asset that a file of the content is.
    pub fn asset_of_file(&self, path: &SourcePath) -> Option<AssetId> {
        let assets = &self.assets[..self.n_content_assets];
        let file = self.project.file_name(path);
        let found = assets.binary_search_by(|asset| asset.file.cmp(&file));
        found.ok().map(|index| AssetId(index as u32))
    }

    /// Lets go of the HTML of pages that nobody else has, for whoever has rendered them all and goes on with what else is
    /// known of them. Rendered again, they would be empty.
    pub fn without_html(mut self) -> Site {
        for page in self.pages.iter_mut().filter_map(Arc::get_mut) {
            page.document.body = Body::default();
        }
        self
    }

    /// What is wrong with settings, files and addresses; what is wrong with links shows when pages are rendered.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        let pages = self.pages.iter().flat_map(|page| &page.diagnostics);
        self.unread.iter().chain(pages).chain(&self.routes.diagnostics).chain(&self.problems)
    }

    /// The asset with this id.
    pub fn asset(&self, id: AssetId) -> &Asset {
        &self.assets[id.0 as usize]
    }

    /// The day of a page's last change: as it says, or else as the repository does, if that was asked for.
    pub fn updated<'s>(&'s self, page: &'s Page) -> Option<&'s str> {
        let of_history = || match &self.project.dates {
            Dates::Known(days) => days.get(page.path.as_str()).map(String::as_str),
            _ => None,
        };
        page.front.updated.as_deref().or_else(of_history)
    }

    /// The site's name: as set, else the home page's title.
    pub fn title(&self) -> &str {
        let set = self.project.config.title.as_deref();
        let home = || self.nav.node(NavTree::ROOT).page.map(|page| self.page(page).title.as_str());
        set.or_else(home).unwrap_or("Handbook")
    }

    /// Whether there is nothing to publish.
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// The link under the base path to an address.
    pub fn href(&self, url: &UrlPath) -> String {
        url.href(self.project.config.base_url.base_path())
    }
}
