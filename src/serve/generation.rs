//! One state of the site, ready to answer: pages are rendered when they are asked for, and kept until the next state.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use hyper::body::Bytes;
use xxhash_rust::xxh3::xxh3_64;

use crate::check;
use crate::check::baseline::Baseline;
use crate::diagnostic::Diagnostic;
use crate::output::Content;
use crate::render::{self, Engine};
use crate::search::{self, Index};
use crate::site::Site;
use crate::site::asset::{Asset, AssetBytes};
use crate::site::routes::Route;
use crate::site::url::UrlPath;

/// More bytes of pages than this are not kept: whoever fetches a whole site must not fill the memory.
const MOST_KEPT: usize = 64 << 20;

/// The site between two edits.
pub struct Generation {
    /// Counts from 1.
    pub number: u64,
    /// Pages, files and addresses.
    pub site: Site,
    /// The theme's templates.
    pub engine: Arc<Engine>,
    /// What is wrong with the templates as such, and with settings that are not in use because they cannot be read.
    pub problems: Vec<Diagnostic>,
    /// Of these, those that came with the templates and stay for as long as they do.
    engine_problems: Vec<Diagnostic>,
    /// Files that were published before with other bytes, each with the generation that changed them.
    pub changed_files: Vec<(u64, UrlPath)>,
    /// The problems that are known and do not count.
    pub known: Baseline,
    /// What shows only when all pages are looked at; made by whoever wants it first.
    of_site: OnceLock<Vec<Diagnostic>>,
    rendered: Mutex<Kept>,
    last_good: Arc<Mutex<Kept>>,
    /// Made when somebody searches, from the last one that was.
    index: OnceLock<Arc<Index>>,
    index_before: Option<Arc<Index>>,
}

/// A page as it is now.
#[derive(Debug)]
pub struct Rendered {
    /// Its bytes; `None` when its template fails.
    pub bytes: Option<Bytes>,
    /// The hash of the bytes, or `failed`.
    pub tag: String,
    /// What is wrong with its links and its template.
    pub problems: Vec<Diagnostic>,
}

/// What is at an address.
#[derive(Debug, Clone)]
pub enum Found {
    /// A page, or a file that we make.
    Page(Arc<Rendered>),
    /// A file of the owner or of the theme.
    File(PathBuf),
    /// A file in this program.
    Embedded(&'static [u8]),
    /// The same with `/` at its end.
    Slash,
    /// Nothing.
    Missing,
}

#[derive(Default)]
struct Kept {
    pages: HashMap<UrlPath, Arc<Rendered>>,
    n_bytes: usize,
}

impl Kept {
    fn insert(&mut self, url: &UrlPath, page: &Arc<Rendered>) {
        let size = |page: &Rendered| page.bytes.as_ref().map_or(0, Bytes::len) + 256;
        if self.n_bytes > MOST_KEPT {
            *self = Kept::default();
        }
        self.n_bytes += size(page);
        if let Some(before) = self.pages.insert(url.clone(), page.clone()) {
            self.n_bytes -= size(&before);
        }
    }
}

impl Generation {
    /// The first state.
    pub fn first(site: Site) -> Generation {
        let (engine, problems) = Engine::parse(&site);
        Generation {
            number: 1,
            known: check::known(&site.project),
            of_site: OnceLock::new(),
            site,
            engine: Arc::new(engine),
            problems: problems.clone(),
            engine_problems: problems,
            changed_files: Vec::new(),
            rendered: Mutex::default(),
            last_good: Arc::default(),
            index: OnceLock::new(),
            index_before: None,
        }
    }

    /// The state after this one. `settings` are problems of settings that cannot be used, so that the ones before are.
    pub fn next(&self, site: Site, settings: Vec<Diagnostic>) -> Generation {
        let number = self.number + 1;
        let (engine, engine_problems) = match self.engine.fits(&site) {
            true => (self.engine.clone(), self.engine_problems.clone()),
            false => {
                let (engine, problems) = Engine::parse(&site);
                (Arc::new(engine), problems)
            }
        };
        // Browsers that were away for longer ask for everything again anyway.
        let recent = self.changed_files.iter().filter(|(at, _)| at + 100 > number).cloned();
        let changed_files = recent.chain(changed_files(&self.site, &site).map(|url| (number, url))).collect();
        let problems = [settings, engine_problems.clone()].concat();
        Generation {
            number,
            known: check::known(&site.project),
            of_site: OnceLock::new(),
            site,
            engine,
            problems,
            engine_problems,
            changed_files,
            rendered: Mutex::default(),
            last_good: self.last_good.clone(),
            index: OnceLock::new(),
            index_before: self.index.get().or(self.index_before.as_ref()).cloned(),
        }
    }

    /// What shows only when all pages are looked at.
    pub fn of_site(&self) -> &[Diagnostic] {
        self.of_site.get_or_init(|| check::of_site(&self.site, &check::today()))
    }

    /// What is at an address, found as GitHub Pages does.
    pub fn find(&self, url: &UrlPath) -> Found {
        let routes = &self.site.routes;
        if let Some(route) = routes.at(url) {
            return self.found(url, route);
        }
        if url.name() == "index.html"
            && !url.is_page()
            && let Some(page) = url.parent()
            && let Some(route) = routes.at(&page)
        {
            return self.found(&page, route);
        }
        if url.is_page() {
            return Found::Missing;
        }
        if let Some(name) = search::file_name(url) {
            return self.search_file(url, name).map_or(Found::Missing, Found::Page);
        }
        let html = UrlPath::of_file(&format!("{}.html", &url.as_str()[1..]));
        match routes.at(&html) {
            Some(route) => self.found(&html, route),
            None if routes.at(&url.as_page()).is_some() => Found::Slash,
            None => Found::Missing,
        }
    }

    /// What search knows of the site as it is now.
    pub fn index(&self) -> &Index {
        self.index.get_or_init(|| Arc::new(Index::build(&self.site, self.index_before.as_deref())))
    }

    fn search_file(&self, url: &UrlPath, name: &str) -> Option<Arc<Rendered>> {
        if let Some(file) = lock(&self.rendered).pages.get(url) {
            return Some(file.clone());
        }
        let bytes = Bytes::from(self.index().file(name)?);
        let tag = format!("{:016x}", xxh3_64(&bytes));
        let file = Arc::new(Rendered { bytes: Some(bytes), tag, problems: Vec::new() });
        lock(&self.rendered).insert(url, &file);
        Some(file)
    }

    /// The page for addresses at which nothing is.
    pub fn not_found(&self) -> Arc<Rendered> {
        self.rendered(&UrlPath::of_file("404.html"), Route::NotFound)
    }

    /// The last bytes of a page that were good, for as long as its template fails.
    pub fn last_good(&self, url: &UrlPath) -> Option<Arc<Rendered>> {
        lock(&self.last_good).pages.get(url).cloned()
    }

    fn found(&self, url: &UrlPath, route: Route) -> Found {
        match route {
            Route::Asset(asset) => match &self.site.asset(asset).bytes {
                AssetBytes::File(file) => Found::File(file.clone()),
                AssetBytes::Embedded(bytes) => Found::Embedded(bytes),
                AssetBytes::Made(_) => Found::Page(self.rendered(url, route)),
            },
            route => Found::Page(self.rendered(url, route)),
        }
    }

    fn rendered(&self, url: &UrlPath, route: Route) -> Arc<Rendered> {
        if let Some(page) = lock(&self.rendered).pages.get(url) {
            return page.clone();
        }
        // Rendered without the lock: two browsers may do it twice, but none waits for another one's page.
        let (output, problems) = render::render(&self.engine, &self.site, url, route);
        let bytes = output.and_then(|output| match output.content {
            Content::Bytes(bytes) => Some(Bytes::from(bytes)),
            Content::File(_) => None,
        });
        let tag = bytes.as_ref().map_or_else(|| "failed".to_string(), |bytes| format!("{:016x}", xxh3_64(bytes)));
        let page = Arc::new(Rendered { bytes, tag, problems });
        lock(&self.rendered).insert(url, &page);
        if page.bytes.is_some() {
            lock(&self.last_good).insert(url, &page);
        }
        page
    }
}

/// The files of both sites whose bytes may differ.
fn changed_files<'a>(before: &'a Site, after: &'a Site) -> impl Iterator<Item = UrlPath> + 'a {
    let is_same = |a: &Arc<Asset>, b: &Arc<Asset>| Arc::ptr_eq(a, b) || a == b;
    let is_one_list = before.assets.len() == after.assets.len();
    let known: Option<HashMap<&str, &Arc<Asset>>> =
        (!is_one_list).then(|| before.assets.iter().map(|asset| (asset.file.as_str(), asset)).collect());
    let changed = after.assets.iter().enumerate().filter(move |(index, asset)| match &known {
        None => !is_same(&before.assets[*index], asset),
        Some(known) => known.get(asset.file.as_str()).is_some_and(|before| !is_same(before, asset)),
    });
    changed.map(|(_, asset)| asset.url.clone())
}

/// What a panicking thread has left behind is still a map of pages.
fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
