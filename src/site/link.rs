//! Where a link leads, however it is written. The one function that rendering, menus and checks call.

use std::borrow::Cow;
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::markdown::{Link, LinkKind};
use crate::site::routes::{Redirect, Route};
use crate::site::url::UrlPath;
use crate::site::written::{self, Mistake};
use crate::site::{AssetId, PageId, Site};
use crate::site::{redirect, suggest};
use crate::source::SourcePath;

/// What a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A page.
    Page(PageId),
    /// A file.
    Asset(AssetId),
    /// A page that sends its readers on where its author says; an index of the site's redirects.
    Redirect(u32),
    /// Something else in the site: a list of pages, the 404 page.
    Other,
    /// Another site, or an address that is no page, such as `mailto:`.
    External,
    /// Nothing.
    Missing,
}

/// A link with its end found.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// What to write into `href` or `src`, not yet escaped for HTML.
    pub href: String,
    /// What is there.
    pub target: Target,
    /// The redirect that it goes through, as an index of the site's redirects.
    pub through: Option<u32>,
    /// What is wrong with it, without a file.
    pub problem: Option<Diagnostic>,
}

/// The place that a link is written in.
#[derive(Debug, Clone, Copy)]
pub struct From<'a> {
    /// The address of the page.
    pub url: &'a UrlPath,
    /// Its file; `None` for settings.
    pub path: Option<&'a SourcePath>,
    /// The page itself, whose anchors `#…` means.
    pub page: Option<PageId>,
}

/// Finds where a link leads.
pub fn resolve(site: &Site, from: From<'_>, link: &Link) -> Resolved {
    let mut resolved = resolve_once(site, from, link);
    if let (Some(through), None) = (resolved.through, &resolved.problem) {
        resolved.problem = moved(site, &site.routes.redirects[through as usize], link);
    }
    resolved.problem.take_if(|_| site.project.config.check.ignores(link.target.trim()));
    // What would be wrong in another way is not mended.
    if let Some(problem) = &mut resolved.problem {
        problem.fix.take_if(|fix| fix.edits.iter().any(|edit| !is_right(site, from, link, &edit.replacement)));
    }
    resolved
}

/// Whether nothing would be wrong with the link if it led to `target`.
fn is_right(site: &Site, from: From<'_>, link: &Link, target: &str) -> bool {
    let mended = Link { target: target.to_string(), ..link.clone() };
    resolve_once(site, from, &mended).problem.is_none()
}

/// The same without a word about redirects, for those who follow them one by one.
pub fn resolve_once(site: &Site, from: From<'_>, link: &Link) -> Resolved {
    let written = link.target.trim();
    if written.is_empty() {
        return broken(link, String::new(), Code::LinkEmpty, "this link leads nowhere".into(), None);
    }
    let security = &site.project.config.security;
    if let Some(scheme) = security.refused(written, link.kind) {
        let message =
            format!("this link leads nowhere, as an address that begins with `{scheme}:` is not let into a page");
        let help = "link to a page or a file; `urls` and `html` under `[security]` in `site.toml` say what is let in";
        return broken(link, String::new(), Code::LinkScript, message, Some(help.to_string()));
    }
    if let Some(mistake) = written::scheme(written) {
        return mistaken(link, written, mistake);
    }
    let (address, fragment) = match written.split_once('#') {
        Some((address, fragment)) => (address, Some(fragment)),
        None => (written, None),
    };
    let (path, query) = match address.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (address, None),
    };
    let path = match own_path(site, path) {
        Address::Elsewhere => return whole(written, Target::External),
        Address::Path(path) => path,
    };
    let tail = Tail { query, fragment };
    if path.is_empty() {
        return match from.page {
            Some(page) if query.is_none() => to_page(site, page, link, tail, true),
            _ => whole(written, Target::Other),
        };
    }
    match find(site, from, &path, link.kind) {
        Some((url, route)) => reached(site, &url, route, link, tail),
        None => missing(site, from, &path, written, link),
    }
}

/// The link as it is written.
fn whole(written: &str, target: Target) -> Resolved {
    Resolved { href: written.to_string(), target, through: None, problem: None }
}

/// What stands behind a link's path.
#[derive(Clone, Copy)]
struct Tail<'a> {
    query: Option<&'a str>,
    fragment: Option<&'a str>,
}

impl<'a> Tail<'a> {
    /// The id that the fragment means. What follows `:~:` is for the browser alone.
    fn id(self) -> Option<Cow<'a, str>> {
        let fragment = self.fragment?;
        let id = fragment.split(":~:").next().unwrap_or(fragment);
        percent_decode_str(id).decode_utf8().ok()
    }

    fn push_to(self, href: &mut String) {
        if let Some(query) = self.query {
            href.push('?');
            href.push_str(query);
        }
        if let Some(fragment) = self.fragment {
            href.push('#');
            href.push_str(fragment);
        }
    }
}

enum Address<'a> {
    Elsewhere,
    Path(Cow<'a, str>),
}

/// The path of a link in this site: full URLs of its own hosts are paths too.
fn own_path<'a>(site: &Site, path: &'a str) -> Address<'a> {
    let base = &site.project.config.base_url;
    let (default_port, rest) = match path.split_once(':') {
        _ if path.starts_with("//") => ("", &path[2..]),
        Some((scheme, rest)) if written::is_scheme(scheme) => {
            let rest = rest.trim_start_matches('/');
            match scheme.to_ascii_lowercase().as_str() {
                "http" => (":80", rest),
                "https" => (":443", rest),
                _ => return Address::Elsewhere,
            }
        }
        _ => return Address::Path(path.into()),
    };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.strip_suffix(default_port).unwrap_or(host).to_ascii_lowercase();
    let path = if path.is_empty() { "/" } else { path };
    if !base.host().is_empty() && host == base.host() {
        let base_path = base.base_path();
        let inside = match path.strip_prefix(base_path) {
            Some(inside) => format!("/{inside}"),
            None if path == base_path.trim_end_matches('/') => "/".to_string(),
            // Another site of the same host.
            None => return Address::Elsewhere,
        };
        return Address::Path(inside.into());
    }
    match site.project.config.links.hosts.contains(&host) {
        true => Address::Path(path.into()),
        false => Address::Elsewhere,
    }
}

/// What is at a path, tried in the ways that authors write it: as the address of a page or file, and relative to the
/// file as well as to the address of the page.
fn find(site: &Site, from: From<'_>, path: &str, kind: LinkKind) -> Option<(UrlPath, Route)> {
    if path.starts_with('/') {
        let url = UrlPath::resolve(&UrlPath::root(), path)?;
        let base_path = site.project.config.base_url.base_path();
        return at(site, &url).or_else(|| {
            // Written with the base path that the site is published under.
            let inside = path.strip_prefix(base_path).filter(|_| base_path != "/")?;
            at(site, &UrlPath::resolve(&UrlPath::root(), inside)?)
        });
    }
    let folder = from.path.map_or_else(UrlPath::root, |path| UrlPath::of_file(path.as_str()));
    let by_file = || UrlPath::resolve(&folder, path).and_then(|url| at(site, &url));
    let by_url = || UrlPath::resolve(from.url, path).and_then(|url| at(site, &url));
    // A file's name means the file; everything else is read as the browser reads it.
    let last = path.rsplit('/').next().unwrap_or(path);
    let names_a_file = kind != LinkKind::Page || last.contains('.');
    match names_a_file && !matches!(last, "." | "..") {
        true => by_file().or_else(by_url),
        false => by_url().or_else(by_file),
    }
}

/// What is published at an address, also when it is written as its file, its `index.html` or without its last `/`.
fn at(site: &Site, url: &UrlPath) -> Option<(UrlPath, Route)> {
    if let Some(route) = site.routes.at(url) {
        return Some((url.clone(), route));
    }
    if let Some(page) = site.page_of_name(url.as_str().trim_start_matches('/')) {
        let url = site.pages[page.0 as usize].url.clone();
        return site.routes.at(&url).map(|route| (url, route));
    }
    let name = url.name();
    let page = match name.strip_suffix(".html").or_else(|| name.strip_suffix(".htm")) {
        Some("index") => url.parent()?,
        Some(stem) => url.parent()?.with_name(stem),
        None if url.is_page() => return site.routes.at(&url.as_file()).map(|route| (url.as_file(), route)),
        None => url.as_page(),
    };
    site.routes.at(&page).map(|route| (page, route))
}

fn reached(site: &Site, url: &UrlPath, route: Route, link: &Link, tail: Tail<'_>) -> Resolved {
    match route {
        Route::Page(page) => to_page(site, page, link, tail, false),
        Route::Redirect(index) => {
            let redirect = &site.routes.redirects[index as usize];
            match redirect.page.filter(|_| redirect.is_alias) {
                Some(page) => Resolved { through: Some(index), ..to_page(site, page, link, tail, false) },
                None => Resolved { through: Some(index), ..internal(site, url, Target::Redirect(index), tail) },
            }
        }
        Route::Asset(asset) => internal(site, url, Target::Asset(asset), tail),
        Route::Section(_) => {
            let mut resolved = internal(site, url, Target::Other, tail);
            if let Some(fragment) = tail.id().filter(|id| !is_top(id)) {
                let message = format!("`{url}` is a list of pages, and has no heading or anchor `#{fragment}`");
                let help = "give the folder a page of its own, `_index.md`, or link to a page".to_string();
                resolved.problem = Some(problem(link, Code::LinkAnchor, message, Some(help)));
            }
            resolved
        }
        _ => internal(site, url, Target::Other, tail),
    }
}

fn internal(site: &Site, url: &UrlPath, target: Target, tail: Tail<'_>) -> Resolved {
    let mut href = url.href(site.project.config.base_url.base_path());
    tail.push_to(&mut href);
    Resolved { href, target, through: None, problem: None }
}

fn to_page(site: &Site, id: PageId, link: &Link, tail: Tail<'_>, same_page: bool) -> Resolved {
    let page = &site.pages[id.0 as usize];
    let href = match same_page {
        true => String::new(),
        false => page.url.href(site.project.config.base_url.base_path()),
    };
    let mut resolved = Resolved { href, target: Target::Page(id), through: None, problem: None };
    tail.push_to(&mut resolved.href);
    if let Some(fragment) = tail.id()
        && !(is_top(&fragment) || page.document.has_anchor(&fragment))
    {
        let place = if same_page { "this page".to_string() } else { format!("`{}`", page.path.as_str()) };
        let message = format!("{place} has no heading or anchor `#{fragment}`");
        let advice = suggest::anchor(site, page, &fragment);
        let help = advice.as_ref().map(|advice| advice.help.clone());
        let mut found = problem(link, Code::LinkAnchor, message, help);
        if let Some(sure) = advice.and_then(|advice| advice.sure) {
            let address = link.target.split('#').next().unwrap_or_default();
            found.fix = fix(link, &format!("{address}#{sure}"));
        }
        resolved.problem = Some(found);
    }
    resolved
}

/// `#` and `#top` are the top of every page: <https://html.spec.whatwg.org/#scrolling-to-a-fragment>.
fn is_top(id: &str) -> bool {
    id.is_empty() || id.eq_ignore_ascii_case("top")
}

fn missing(site: &Site, from: From<'_>, path: &str, written: &str, link: &Link) -> Resolved {
    let base_path = site.project.config.base_url.base_path();
    let is_path_of_site = written.starts_with('/') && !written.starts_with("//") && !path.starts_with(base_path);
    // Full URLs stay what they are: whatever is there may still be.
    let href =
        if is_path_of_site { format!("{}{written}", base_path.trim_end_matches('/')) } else { written.to_string() };
    if let Some(mistake) = written::host(written) {
        return mistaken(link, written, mistake);
    }
    let (code, thing) = match link.kind {
        LinkKind::Page if looks_like_a_file(path) => (Code::LinkAsset, "file"),
        LinkKind::Page => (Code::LinkPage, "page"),
        LinkKind::Image => (Code::LinkAsset, "image"),
        LinkKind::Embed => (Code::LinkAsset, "file"),
    };
    if leads_to_draft(site, from, path) {
        let message = format!("the page `{path}` is a draft, and drafts are left out");
        let help = "build with `--drafts`, or take `draft` out of its front matter".to_string();
        return broken(link, href, Code::LinkDraft, message, Some(help));
    }
    if leads_out(from, path) {
        let message = format!("`{path}` leads out of the site");
        let help = "count the `..`, or write the path from the site's first page: `/people/`".to_string();
        return broken(link, href, Code::LinkOutside, message, Some(help));
    }
    if let Some(right) = suggest::other_case(site, from, path) {
        let message = format!("`{path}` is `{right}` here, and capital and small letters differ on the web");
        let mut found = broken(link, href, Code::LinkCase, message, Some(format!("write `{right}`")));
        let meant = link.target.replacen(path, &right, 1);
        found.problem.iter_mut().for_each(|problem| problem.fix = fix(link, &meant));
        return found;
    }
    let advice = suggest::address(site, from, path, link.kind);
    let help = advice.as_ref().map(|advice| advice.help.clone());
    let mut found = broken(link, href, code, format!("there is no {thing} `{path}`"), help);
    if let Some(sure) = advice.and_then(|advice| advice.sure) {
        let meant = link.target.replacen(path, &sure, 1);
        found.problem.iter_mut().for_each(|problem| problem.fix = fix(link, &meant));
    }
    found
}

/// What to say of an address that is written wrong.
fn mistaken(link: &Link, written: &str, mistake: Mistake) -> Resolved {
    let help = Some(format!("did you mean `{}`?", mistake.meant));
    let mut found = broken(link, written.to_string(), Code::LinkScheme, mistake.message, help);
    found.problem.iter_mut().for_each(|problem| problem.fix = fix(link, &mistake.meant));
    found
}

/// What to say of a link that goes through a redirect.
fn moved(site: &Site, through: &Redirect, link: &Link) -> Option<Diagnostic> {
    let end = redirect::end(site, through);
    if end.problem.as_ref().is_some_and(|problem| problem.code != Code::RedirectChain) {
        return None;
    }
    let address = redirect::address(site, &end);
    let tail = link.target.find(['#', '?']).map_or("", |at| &link.target[at..]);
    let help = Some(format!("write `{address}{tail}`, so that readers need not be sent on"));
    let mut found = problem(link, Code::LinkRedirect, format!("`{}` has moved to `{address}`", through.from), help);
    if tail.is_empty() || !address.contains(['#', '?']) {
        found.fix = fix(link, &format!("{address}{tail}"));
    }
    Some(found)
}

/// The change of a link's destination, when that can be told in the file and the new one needs no escapes there.
pub fn fix(link: &Link, meant: &str) -> Option<Arc<Fix>> {
    let is_plain = !meant.contains(|c: char| c.is_whitespace() || c.is_control() || "<>()[]\"'`\\&".contains(c));
    let place = link.destination.filter(|_| is_plain && meant != link.target)?;
    Some(Arc::new(Fix::replace(format!("link to `{meant}`"), place, meant)))
}

/// Whether a path climbs above the site's first page, whatever it is read from.
fn leads_out(from: From<'_>, path: &str) -> bool {
    let folder = from.path.map_or_else(UrlPath::root, |path| UrlPath::of_file(path.as_str()));
    path.contains("..") && UrlPath::resolve(from.url, path).is_none() && UrlPath::resolve(&folder, path).is_none()
}

/// Whether a draft that is left out would be there, whether its address is written or its file.
fn leads_to_draft(site: &Site, from: From<'_>, path: &str) -> bool {
    let folder = from.path.map_or_else(UrlPath::root, |path| UrlPath::of_file(path.as_str()));
    let file = UrlPath::resolve(&folder, path);
    let page = file.and_then(|file| site.page_of_name(file.as_str().trim_start_matches('/')));
    let address = page.map(|page| site.page(page).url.clone()).or_else(|| UrlPath::resolve(from.url, path));
    address.is_some_and(|url| site.routes.is_draft(&url.as_written()))
}

/// A last part with an extension that is not a page's.
fn looks_like_a_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    (2..=5).contains(&extension.len())
        && extension.chars().all(|c| c.is_ascii_alphanumeric())
        && extension.chars().any(|c| c.is_ascii_alphabetic())
        && !["md", "html", "htm", "markdown"].contains(&extension)
}

fn broken(link: &Link, href: String, code: Code, message: String, help: Option<String>) -> Resolved {
    Resolved { href, target: Target::Missing, through: None, problem: Some(problem(link, code, message, help)) }
}

fn problem(link: &Link, code: Code, message: String, help: Option<String>) -> Diagnostic {
    Diagnostic { help, ..Diagnostic::new(code, message).at(link.span) }
}
