//! The templates. Tera lives here and in `kept`, and nowhere else.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use tera::{Context, ErrorKind, Tera};

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::markdown::Features;
use crate::project::Project;
use crate::project::theme::Theme;
use crate::render::context::{AssetsContext, FeaturesContext, Owner, PageContext, RedirectContext, SiteContext};
use crate::render::index::index;
use crate::render::kept::Shelf;
use crate::render::level::LevelContext;
use crate::render::nav_view::{self, NavContext};
use crate::site::nav::{NavId, NavTree};
use crate::site::page::Page;
use crate::site::routes::SEARCH;
use crate::site::url::UrlPath;
use crate::site::{PageId, Site};
use crate::source::SourcePath;
use crate::source::front_matter::layout_name;

/// Templates that are parts or have a purpose of their own: no page's layout.
const NO_LAYOUT: &[&str] = &["base", "404", "redirect", "search", "branch", "level"];

/// The theme's templates, ready to render.
pub struct Engine {
    tera: Tera,
    /// What messages call each template's file.
    files: BTreeMap<String, String>,
    /// What is wrong with a template so that none can be used.
    broken: Option<Diagnostic>,
    /// The pages of those who own pages, by their name.
    owners: HashMap<String, String>,
    /// Of what it was made: templates get these values on every page. The last is what is wrong with them.
    made_of: (Arc<Project>, SiteContext, AssetsContext, Vec<Diagnostic>),
    /// The tree that menus show, and its entries as templates get them.
    nav: (Arc<NavTree>, Shelf),
}

impl Engine {
    /// Reads the templates of a site's theme. When one does not parse, that is the diagnostic, and nothing can be
    /// rendered. Layouts that pages ask for and the theme does not have are reported too.
    pub fn new(site: &Site) -> (Engine, Vec<Diagnostic>) {
        let (engine, mut problems) = Engine::parse(site);
        problems.extend(engine.unknown_layouts(site));
        (engine, problems)
    }

    /// Reads the templates of a site's theme; the diagnostic is the one that does not parse.
    pub fn parse(site: &Site) -> (Engine, Vec<Diagnostic>) {
        let templates = &site.project.theme.templates;
        let files = templates.iter().map(|(name, template)| (name.clone(), template.file.clone())).collect();
        let (context, found) = SiteContext::new(site);
        let made_of = (site.project.clone(), context, AssetsContext::new(site), found.clone());
        let nav = (site.nav.clone(), Shelf::new(site.nav.n_nodes()));
        let mut engine = Engine { tera: Tera::new(), files, broken: None, owners: owner_pages(site), made_of, nav };
        // Components and parents may be anywhere, so all templates are added at once.
        let texts = templates.iter().map(|(name, template)| (name.as_str(), &*template.text));
        let mut problems = match engine.tera.add_raw_templates(texts) {
            Ok(()) => Vec::new(),
            Err(error) => match unknown_names(&error.kind().to_string(), &site.project.theme) {
                found if found.is_empty() => vec![engine.problem(&error, "")],
                found => found,
            },
        };
        engine.broken = problems.first().cloned();
        problems.extend(found);
        let global = engine.tera.global_context();
        global.insert("site", &engine.made_of.1);
        global.insert("assets", &engine.made_of.2);
        let config = &site.project.config;
        global.insert("words", &config.theme.look.words.all(&config.language));
        (engine, problems)
    }

    /// Whether it would be the same, and as much would be wrong, if it were made of this site.
    pub fn fits(&self, site: &Site) -> bool {
        let (project, context, assets, problems) = &self.made_of;
        let is_same = || {
            let (now, found) = SiteContext::new(site);
            *context == now && *problems == found
        };
        Arc::ptr_eq(project, &site.project)
            && Arc::ptr_eq(&self.nav.0, &site.nav)
            && *assets == AssetsContext::new(site)
            && is_same()
            && self.owners == owner_pages(site)
    }

    /// The template for a page: the layout that it asks for, when the theme has it, else the one of its kind.
    pub fn template(&self, page: &Page, kind: &str) -> String {
        let layout = page.front.layout.as_ref().map(|layout| layout_name(&layout.value));
        match layout.filter(|name| self.has_layout(name)) {
            Some(name) => format!("{name}.html"),
            None => format!("{kind}.html"),
        }
    }

    /// Renders a page with a template of this name.
    pub fn page(
        &self,
        site: &Site,
        template: &str,
        page: &PageContext,
        nav: Option<NavId>,
        url: &UrlPath,
        features: &Features,
    ) -> Result<Vec<u8>, Diagnostic> {
        let place = match SourcePath::new(page.source.as_str()) {
            Some(source) => format!(" on the page `{}`", site.project.file_name(&source)),
            None => format!(" at `{url}`"),
        };
        self.render(template, &self.context(site, page, nav, url, features), &place)
    }

    /// Renders the search page.
    pub fn search(&self, site: &Site) -> Result<Vec<u8>, Diagnostic> {
        let url = UrlPath::of_folder(SEARCH);
        let mut context = self.context(site, &PageContext::search(site), None, &url, &Features::default());
        context.insert("index", &index(site));
        self.render("search.html", &context, &format!(" at `{url}`"))
    }

    /// Renders the page of a level.
    pub fn level(&self, site: &Site, page: PageId, n: usize, url: &UrlPath) -> Result<Vec<u8>, Diagnostic> {
        let nav = site.nav.of_page[page.0 as usize];
        let mut context =
            self.context(site, &PageContext::of_level(site, page, n, url), nav, url, &Features::default());
        context.insert("nav", &NavContext::of_level(site, &self.nav.1, page, n));
        context.insert("level", &LevelContext::new(site, page, n));
        self.render("level.html", &context, &format!(" at `{url}`"))
    }

    /// Renders what is in a section, for sidebars that do not hold it.
    pub fn branch(&self, site: &Site, id: NavId) -> Result<Vec<u8>, Diagnostic> {
        let mut context = Context::new();
        context.insert("items", &nav_view::branch(site, &self.nav.1, id));
        self.render("branch.html", &context, &format!(" for the branch of `{}`", site.nav.node(id).url))
    }

    /// Those who look after a page, with the pages that tell who they are.
    pub fn owners(&self, page: &Page) -> Vec<Owner> {
        let owner = |name: &String| {
            let url = match self.owners.get(name) {
                Some(url) => url.clone(),
                None if name.starts_with("https://") || name.starts_with("http://") => name.clone(),
                None if is_mail_address(name) => format!("mailto:{name}"),
                None => String::new(),
            };
            Owner { name: name.clone(), url }
        };
        page.front.owners.iter().map(owner).collect()
    }

    /// Renders `404.html`.
    pub fn not_found(&self, site: &Site) -> Result<Vec<u8>, Diagnostic> {
        let page = PageContext::not_found(site);
        self.page(site, "404.html", &page, None, &UrlPath::of_file("404.html"), &Features::default())
    }

    /// Renders a page that sends its readers on.
    pub fn redirect(&self, redirect: &RedirectContext) -> Result<Vec<u8>, Diagnostic> {
        let mut context = Context::new();
        context.insert("target", &redirect.target);
        context.insert("canonical", &redirect.canonical);
        self.render("redirect.html", &context, "")
    }

    /// What every template of a page receives.
    fn context(
        &self,
        site: &Site,
        page: &PageContext,
        nav: Option<NavId>,
        url: &UrlPath,
        features: &Features,
    ) -> Context {
        debug_assert!(Arc::ptr_eq(&self.nav.0, &site.nav), "the engine fits the site");
        let mut context = Context::new();
        context.insert("page", page);
        let config = &site.project.config;
        if page.lang != config.language {
            context.insert("words", &config.theme.look.words.all(&page.lang));
        }
        context.insert("nav", &NavContext::new(site, &self.nav.1, nav, url));
        context.insert("features", &FeaturesContext::new(site, features));
        context
    }

    fn render(&self, template: &str, context: &Context, place: &str) -> Result<Vec<u8>, Diagnostic> {
        // Otherwise the engine would complain that it has no templates at all.
        if let Some(problem) = &self.broken {
            return Err(problem.clone());
        }
        let mut out = Vec::with_capacity(16 * 1024);
        match self.tera.render_to(template, context, &mut out) {
            Ok(()) => Ok(out),
            Err(error) => Err(self.problem(&error, place)),
        }
    }

    fn has_layout(&self, name: &str) -> bool {
        !NO_LAYOUT.contains(&name) && !name.contains('/') && self.files.contains_key(&format!("{name}.html"))
    }

    /// Layouts that pages ask for and the theme does not have: one note for each, at the first page that asks.
    pub fn unknown_layouts(&self, site: &Site) -> Vec<Diagnostic> {
        let mut unknown: BTreeMap<&str, (Diagnostic, usize)> = BTreeMap::new();
        for page in &site.pages {
            let Some(layout) = &page.front.layout else { continue };
            let name = layout_name(&layout.value);
            if self.has_layout(name) {
                continue;
            }
            let first = || {
                let message = format!("the theme has no layout `{name}`; the page template is used instead");
                let file = site.project.file_name(&page.path);
                (Diagnostic::new(Code::LayoutUnknown, message).in_file(file).at(layout.span), 0)
            };
            unknown.entry(name).or_insert_with(first).1 += 1;
        }
        let advice = |(name, (problem, n)): (&str, (Diagnostic, usize))| {
            let others = match n {
                1 => String::new(),
                2 => "one other page asks for it too; ".to_string(),
                n => format!("{} other pages ask for it too; ", n - 1),
            };
            problem.help(format!("{others}to give it a look of its own, add `templates/{name}.html`"))
        };
        unknown.into_iter().map(advice).collect()
    }

    /// What is wrong with a template, at its own line, and the page or address on which it failed.
    fn problem(&self, error: &tera::Error, on: &str) -> Diagnostic {
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                let range = report.span().range.clone();
                let message = format!("this template fails{on}: {}", sentence(report.message()));
                let problem = Diagnostic::new(Code::Template, message).at(Span::new(range.start, range.end));
                problem.in_file(self.file(report.filename()))
            }
            ErrorKind::TemplateNotFound(name) => {
                let message = format!("there is no template `{name}`{on}");
                Diagnostic::new(Code::Template, message).help(format!("the theme has {}", self.names()))
            }
            ErrorKind::MissingParent { current, parent } => {
                let message = format!("this template extends `{parent}`, which is not there");
                Diagnostic::new(Code::Template, message).in_file(self.file(current))
            }
            ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => {
                Diagnostic::new(Code::Template, "this template leads back to itself").in_file(self.file(tpl))
            }
            other => {
                let message = format!("the templates fail{on}: {}", sentence(&other.to_string()));
                Diagnostic::new(Code::Template, message)
            }
        }
    }

    fn file(&self, template: &str) -> String {
        self.files.get(template).cloned().unwrap_or_else(|| template.to_string())
    }

    fn names(&self) -> String {
        let names: BTreeSet<String> = self.files.keys().map(|name| format!("`{name}`")).collect();
        names.into_iter().collect::<Vec<_>>().join(", ")
    }
}

/// The links to the pages whose titles are the names of owners. Of two such pages, the first counts.
fn owner_pages(site: &Site) -> HashMap<String, String> {
    let names: HashSet<&str> =
        site.pages.iter().flat_map(|page| page.front.owners.iter().map(String::as_str)).collect();
    let published = site.pages.iter().filter(|page| site.project.publishes(page.front.draft));
    let mut pages = HashMap::new();
    for page in published.filter(|page| names.contains(page.title.as_str())) {
        pages.entry(page.title.clone()).or_insert_with(|| site.href(&page.url));
    }
    pages
}

fn is_mail_address(name: &str) -> bool {
    name.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.')) && !name.contains(' ')
}

/// The names that templates use and nobody defines. The template engine tells of these only in a text for people, of all
/// at once: the message, on the next line the place, and below the template's line a mark as wide as the name.
fn unknown_names(text: &str, theme: &Theme) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(message) = line.strip_prefix("error: ") else { continue };
        let place = lines.next().and_then(|line| line.trim_start().strip_prefix("--> "));
        let mut parts = place.unwrap_or_default().rsplitn(3, ':');
        let (column, line) = (parts.next().and_then(number), parts.next().and_then(number));
        let template = parts.next().and_then(|name| theme.templates.get(name));
        let (Some(column), Some(line), Some(template)) = (column, line, template) else { continue };
        let width = lines.by_ref().take(3).last().map_or(0, |mark| mark.matches('^').count());
        let start = template.text.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
        let at =
            |n: usize| template.text[start..].char_indices().nth(n).map_or(template.text.len(), |(at, _)| start + at);
        let message = format!("this template fails: {}", sentence(message));
        let problem = Diagnostic::new(Code::Template, message).in_file(template.file.as_str());
        problems.push(problem.at(Span::new(at(column - 1), at(column - 1 + width))));
    }
    problems
}

/// A line's or column's number: from 1.
fn number(text: &str) -> Option<usize> {
    text.parse().ok().filter(|number| *number > 0)
}

/// Another program's message in the shape of ours: one line, lower case at its start, no full stop.
fn sentence(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default().trim().trim_end_matches('.');
    let mut chars = line.chars();
    let second_is_upper = line.chars().nth(1).is_some_and(char::is_uppercase);
    match chars.next() {
        Some(first) if !second_is_upper => first.to_lowercase().chain(chars).collect(),
        _ => line.to_string(),
    }
}
