//! What templates receive: plain values, made for one page. The guide's page on themes documents every field.
//!
//! Templates get no functions that reach into the site, so that what a page shows can always be known from here.

use serde::Serialize;
use serde_json::Map;

use crate::diagnostic::Diagnostic;
use crate::markdown::{Features, Heading};
use crate::render::fill::by_policy;
use crate::render::look::{LookContext, edit_url};
use crate::render::nav_view::listing;
use crate::site::nav::{NavId, NavTree};
use crate::site::routes::{BRANCHES, Route, SEARCH, SEARCH_FILES};
use crate::site::style::FONT;
use crate::site::url::UrlPath;
use crate::site::{PageId, Site};
use crate::source::Kind;

/// Languages that are written from right to left, by their ISO 639 codes.
const RIGHT_TO_LEFT: &[&str] = &["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

/// `site`: the same on every page.
#[derive(Debug, PartialEq, Serialize)]
pub struct SiteContext {
    /// The site's name.
    pub title: String,
    /// What it is.
    pub description: String,
    /// Its language.
    pub language: String,
    /// `https://host/base/`, or empty.
    pub base_url: String,
    /// `/` or `/base/`.
    pub base_path: String,
    /// The link to the home page.
    pub home_url: String,
    /// The link to the search page, which lists all pages from A to Z.
    pub search_url: String,
    /// The folder of the search's files, which a script reads when somebody searches.
    pub search_index_url: String,
    /// The folder of the files with the branches that sidebars leave out.
    pub branches_url: String,
    /// The options of the theme.
    pub look: LookContext,
    /// `[extra]` of `site.toml`.
    pub extra: Map<String, serde_json::Value>,
}

/// `page`: the page itself.
#[derive(Debug, Default, Serialize)]
pub struct PageContext {
    /// Its title.
    pub title: String,
    /// The id of its title, when its text began with it.
    pub title_id: String,
    /// What navigation calls it.
    pub nav_title: String,
    /// Its description, or empty.
    pub description: String,
    /// Its description, else how its text begins, else what is in its section; for search engines.
    pub summary: String,
    /// The link to it.
    pub url: String,
    /// Its full URL, or empty when the site's is not known.
    pub canonical: String,
    /// `home`, `section`, `page`, `level`, `search` or `404`.
    pub kind: String,
    /// Its language.
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: String,
    /// Its text as HTML.
    pub content: String,
    /// Its headings, nested, within the levels of `markdown.toc_levels`; empty when the page wants none.
    pub toc: Vec<TocEntry>,
    /// Whether its text shows a table of contents itself.
    pub toc_in_body: bool,
    /// When it was written, `YYYY-MM-DD`, or empty.
    pub date: String,
    /// When it was changed last, `YYYY-MM-DD`, or empty.
    pub updated: String,
    /// Who looks after it.
    pub owners: Vec<Owner>,
    /// When somebody last made sure that it is right, `YYYY-MM-DD`, or empty.
    pub reviewed: String,
    /// When somebody has to do so again, `YYYY-MM-DD`, or empty.
    pub review_by: String,
    /// Whether it may not be changed just so.
    pub controlled: bool,
    /// Where its source can be edited, or empty.
    pub edit_url: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// Whether it is a draft.
    pub draft: bool,
    /// Whether search engines should leave it out.
    pub noindex: bool,
    /// The keys of its front matter that we do not know.
    pub extra: Map<String, serde_json::Value>,
    /// Its file in the content folder, or empty.
    pub source: String,
    /// Its layout as the author wrote it, or empty.
    pub layout: String,
}

/// An entry of `page.owners`.
#[derive(Debug, Clone, Serialize)]
pub struct Owner {
    /// What the front matter calls them.
    pub name: String,
    /// The page of that title, or where else they can be reached; empty when we do not know.
    pub url: String,
}

/// A heading of `page.toc`.
#[derive(Debug, Serialize)]
pub struct TocEntry {
    /// 1 to 6.
    pub level: u8,
    /// Its id.
    pub id: String,
    /// Its HTML without links.
    pub title_html: String,
    /// The headings below it.
    pub children: Vec<TocEntry>,
}

/// `features`: what the page needs.
#[derive(Debug, Default, Serialize)]
pub struct FeaturesContext {
    /// It has Mermaid diagrams, and a script that draws them is set.
    pub mermaid: bool,
    /// The URL of that script.
    pub mermaid_src: String,
    /// It has formulas.
    pub math: bool,
    /// It has highlighted code.
    pub code: bool,
}

/// `assets`: the theme's own files, each with a part in its address that changes when the file does.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct AssetsContext {
    /// `assets/theme.css`.
    pub css: String,
    /// `assets/theme.js`.
    pub js: String,
    /// `assets/search.css`.
    pub search_css: String,
    /// `assets/print.js`.
    pub print: String,
    /// `assets/mermaid.js`.
    pub mermaid: String,
    /// `assets/search.js`, which fills the search's box.
    pub search: String,
    /// `assets/search-index.js`, which reads the search's index.
    pub search_index: String,
    /// `assets/inter.woff2`, which is there when the theme's own typeface is wanted.
    pub font: String,
}

/// What `redirect.html` receives besides `site`.
#[derive(Debug, Serialize)]
pub struct RedirectContext {
    /// Where it leads.
    pub target: String,
    /// The same as a full URL, or empty.
    pub canonical: String,
}

impl SiteContext {
    /// The site's values, and what is wrong with the links in its settings.
    pub fn new(site: &Site) -> (SiteContext, Vec<Diagnostic>) {
        let config = &site.project.config;
        let (look, problems) = LookContext::new(site);
        let context = SiteContext {
            search_url: site.href(&UrlPath::of_folder(SEARCH)),
            search_index_url: site.href(&UrlPath::of_folder(SEARCH_FILES)),
            branches_url: site.href(&UrlPath::of_folder(BRANCHES)),
            look,
            title: site.title().to_string(),
            description: config.description.clone(),
            language: config.language.clone(),
            base_url: config.base_url.full(),
            base_path: config.base_url.base_path().to_string(),
            home_url: site.href(&UrlPath::root()),
            extra: config.extra.clone(),
        };
        (context, problems)
    }
}

impl AssetsContext {
    /// The theme's files.
    pub fn new(site: &Site) -> AssetsContext {
        let href = |path: &str| {
            let url = UrlPath::of_file(path);
            let version = match site.routes.at(&url) {
                Some(Route::Asset(asset)) => site.asset(asset).version,
                _ => 0,
            };
            format!("{}?v={version:08x}", site.href(&url))
        };
        AssetsContext {
            css: href("assets/theme.css"),
            js: href("assets/theme.js"),
            search_css: href("assets/search.css"),
            print: href("assets/print.js"),
            mermaid: href("assets/mermaid.js"),
            search: href("assets/search.js"),
            search_index: href("assets/search-index.js"),
            font: href(FONT),
        }
    }
}

impl FeaturesContext {
    /// A page's needs.
    pub fn new(site: &Site, features: &Features) -> FeaturesContext {
        let script = site.project.config.markdown.mermaid.as_deref().filter(|_| features.mermaid);
        // A path of the site is read from its root, like every link in settings.
        let src = script.map(|script| match script.starts_with('/') && !script.starts_with("//") {
            true => format!("{}{script}", site.project.config.base_url.base_path().trim_end_matches('/')),
            false => script.to_string(),
        });
        FeaturesContext {
            mermaid: src.is_some(),
            mermaid_src: src.unwrap_or_default(),
            math: features.math,
            code: features.code,
        }
    }
}

impl PageContext {
    /// The values of a page whose text is `content`.
    pub fn of_page(site: &Site, id: PageId, content: String, owners: Vec<Owner>) -> PageContext {
        let page = site.page(id);
        let front = &page.front;
        let node = site.nav.of_page[id.0 as usize];
        let has_children = node.is_some_and(|node| !site.nav.node(node).children.is_empty());
        let kind = match (page.url == UrlPath::root(), page.kind == Kind::FolderPage || has_children) {
            (true, _) => "home",
            (false, true) => "section",
            (false, false) => "page",
        };
        let (first, last) = site.project.config.markdown.toc_levels;
        let shown =
            |heading: &&Heading| heading.in_toc && !heading.heads_contents && (first..=last).contains(&heading.level);
        let toc = match front.toc {
            Some(false) => Vec::new(),
            _ => nest(site, &page.document.outline.iter().filter(shown).collect::<Vec<_>>()),
        };
        let url = site.href(&page.url);
        let description = front.description.as_deref().unwrap_or_default().trim().to_string();
        let listing = node.map(|node| listing(site, node)).unwrap_or_default();
        let summary = [&description, &page.document.excerpt, &listing, &page.title];
        let summary = summary.into_iter().find(|text| !text.is_empty()).cloned().unwrap_or_default();
        PageContext {
            title: page.title.clone(),
            title_id: page.document.title.as_ref().map_or_else(String::new, |title| title.id.clone()),
            nav_title: front.nav_title.clone().unwrap_or_else(|| page.title.clone()),
            summary,
            description,
            canonical: absolute(site, &url),
            url,
            kind: kind.to_string(),
            content,
            toc,
            toc_in_body: page.document.features.toc,
            date: front.date.clone().unwrap_or_default(),
            updated: site.updated(page).unwrap_or_default().to_string(),
            owners,
            reviewed: front.reviewed.clone().unwrap_or_default(),
            review_by: front.next_review().unwrap_or_default(),
            controlled: front.controlled,
            edit_url: edit_url(site, page),
            tags: front.tags.clone(),
            draft: front.draft,
            noindex: front.noindex,
            extra: front.extra.clone(),
            source: page.path.to_string(),
            layout: front.layout.as_ref().map_or_else(String::new, |layout| layout.value.clone()),
            ..PageContext::titled(site, "", front.lang.as_deref())
        }
    }

    /// The values of a folder that has no page of its own.
    pub fn of_folder(site: &Site, id: NavId) -> PageContext {
        let node = site.nav.node(id);
        let url = site.href(&node.url);
        let is_home = id == NavTree::ROOT;
        let title = if is_home { site.title() } else { &node.title };
        let description = if is_home { site.project.config.description.clone() } else { String::new() };
        PageContext {
            summary: if description.is_empty() { listing(site, id) } else { description.clone() },
            description,
            canonical: absolute(site, &url),
            url,
            kind: if is_home { "home" } else { "section" }.to_string(),
            ..PageContext::titled(site, title, None)
        }
    }

    /// The values of the page of a page's level.
    pub fn of_level(site: &Site, id: PageId, n: usize, url: &UrlPath) -> PageContext {
        let page = site.page(id);
        let title = page.document.levels().nth(n).map_or("", |level| &level.name);
        let url = site.href(url);
        PageContext {
            description: page.title.clone(),
            summary: format!("{}: {title}", page.title),
            canonical: absolute(site, &url),
            url,
            kind: "level".to_string(),
            draft: page.front.draft,
            noindex: page.front.noindex,
            source: page.path.to_string(),
            ..PageContext::titled(site, title, page.front.lang.as_deref())
        }
    }

    /// The values of `404.html`.
    pub fn not_found(site: &Site) -> PageContext {
        let title = word(site, "not_found_title");
        PageContext { kind: "404".to_string(), noindex: true, ..PageContext::titled(site, title, None) }
    }

    /// The values of `search.html`.
    pub fn search(site: &Site) -> PageContext {
        let url = site.href(&UrlPath::of_folder(SEARCH));
        PageContext {
            kind: "search".to_string(),
            summary: format!("{}: A–Z", site.title()),
            canonical: absolute(site, &url),
            url,
            ..PageContext::titled(site, word(site, "search"), None)
        }
    }

    fn titled(site: &Site, title: &str, lang: Option<&str>) -> PageContext {
        let lang = lang.unwrap_or(&site.project.config.language).to_string();
        let primary = lang.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let dir = if RIGHT_TO_LEFT.contains(&primary.as_str()) { "rtl" } else { "ltr" };
        PageContext {
            title: title.to_string(),
            nav_title: title.to_string(),
            lang,
            dir: dir.to_string(),
            ..PageContext::default()
        }
    }
}

/// A word of the frame in the site's own language.
pub(super) fn word<'s>(site: &'s Site, name: &'static str) -> &'s str {
    let config = &site.project.config;
    config.theme.look.words.get(&config.language, name)
}

/// The headings as a tree: each holds the deeper ones that follow it.
fn nest(site: &Site, headings: &[&Heading]) -> Vec<TocEntry> {
    let mut entries = Vec::new();
    let mut rest = headings;
    while let Some((first, after)) = rest.split_first() {
        let n_below = after.iter().take_while(|heading| heading.level > first.level).count();
        let (below, others) = after.split_at(n_below);
        entries.push(TocEntry {
            level: first.level,
            id: first.id.clone(),
            title_html: by_policy(site, first.html.clone()),
            children: nest(site, below),
        });
        rest = others;
    }
    entries
}

/// A link of the site as a full URL; empty when the site's own is not known.
pub fn absolute(site: &Site, href: &str) -> String {
    let origin = site.project.config.base_url.origin();
    match (origin.is_empty(), href.starts_with('/') && !href.starts_with("//")) {
        (true, true) => String::new(),
        (_, false) => href.to_string(),
        (false, true) => format!("{origin}{href}"),
    }
}
