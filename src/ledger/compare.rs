//! What was published and is gone, with the way back where it is known.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::ledger::fix::{Place, Wanted};
use crate::ledger::successor::{Candidates, Evidence};
use crate::ledger::{Address, Anchor, LEDGER_NAME, Ledger, What};
use crate::site::link::Target;
use crate::site::redirect;
use crate::site::routes::Route;
use crate::site::url::UrlPath;
use crate::site::{PageId, Site};

/// Something lost, before the edits that bring it back are made up.
struct Lost {
    message: String,
    span: Span,
    code: Code,
    help: String,
    place: Option<Place>,
}

/// Every address and anchor of the ledger that the site does not answer any more.
///
/// `renames` are former names of files, each with the next one, as far as a repository tells. `read` gives the text of
/// a file, to make up the change that brings an address back. It costs a look-up for each line when nothing is lost.
pub fn compare(
    site: &Site,
    ledger: &Ledger,
    renames: impl FnOnce() -> BTreeMap<String, String>,
    read: &mut dyn FnMut(&str) -> Option<String>,
) -> Vec<Diagnostic> {
    let mut addresses: Vec<(&str, &Address)> = Vec::new();
    let mut anchors: Vec<(&str, PageId, &str, &Anchor)> = Vec::new();
    let mut lists: Vec<(&str, &Address)> = Vec::new();
    for (url, address) in &ledger.addresses {
        match arrival(site, url) {
            Arrival::Nowhere => addresses.push((url, address)),
            Arrival::Page(page) => {
                let gone = address.anchors.iter().filter(|(id, _)| !has_anchor(site, page, id));
                anchors.extend(gone.map(|(id, anchor)| (url.as_str(), page, id.as_str(), anchor)));
            }
            // The list of a folder answers for its page. If that page is elsewhere now, readers are better off there.
            Arrival::List if matches!(address.what, What::Page { .. }) => lists.push((url, address)),
            Arrival::List | Arrival::Elsewhere => {}
        }
    }
    if addresses.is_empty() && anchors.is_empty() && lists.is_empty() {
        return Vec::new();
    }
    let renames = renames();
    let candidates = Candidates::new(site, ledger, &renames);
    let mut wanted = Wanted::default();
    let mut lost: Vec<Lost> = Vec::new();
    let moved: BTreeMap<&str, (PageId, Evidence)> = addresses
        .iter()
        .chain(&lists)
        .filter_map(|(url, address)| Some((*url, candidates.of_page(url, address)?)))
        .collect();
    lists.retain(|(url, _)| moved.contains_key(url));
    for (url, address) in addresses.into_iter().chain(lists) {
        lost.push(lost_address(site, &candidates, &moved, url, address, &mut wanted));
    }
    for (url, page, id, anchor) in anchors {
        lost.push(lost_anchor(site, &candidates, url, page, id, anchor, &mut wanted));
    }
    let fixes = wanted.fixes(site, read);
    let report = |lost: Lost| {
        let problem = Diagnostic::new(lost.code, lost.message).at(lost.span).help(lost.help).in_file(LEDGER_NAME);
        match lost.place.and_then(|place| fixes.get(&place)) {
            Some(fix) => problem.fix(fix.clone()),
            None => problem,
        }
    };
    lost.into_iter().map(report).collect()
}

/// Where a reader of a published address arrives.
enum Arrival {
    /// There is nothing.
    Nowhere,
    /// On this page, or on what was the same page.
    Page(PageId),
    /// On the list of what is in a folder.
    List,
    /// On something without anchors, or at a place that its author chose.
    Elsewhere,
}

fn arrival(site: &Site, url: &str) -> Arrival {
    let Some(url) = UrlPath::resolve(&UrlPath::root(), &url.replace('%', "%25")) else { return Arrival::Elsewhere };
    // What led to a file is a folder of its name now, which servers open.
    let folder = || site.routes.at(&url.as_page()).filter(|route| matches!(route, Route::Redirect(_)));
    match site.routes.at(&url).or_else(folder) {
        None => Arrival::Nowhere,
        Some(Route::Page(page)) => Arrival::Page(page),
        Some(Route::Section(_)) => Arrival::List,
        Some(Route::Redirect(index)) => {
            let redirect = &site.routes.redirects[index as usize];
            match redirect.page.filter(|_| redirect.is_alias) {
                Some(page) => Arrival::Page(page),
                None => match redirect::end(site, redirect).target {
                    Target::Missing => Arrival::Nowhere,
                    _ => Arrival::Elsewhere,
                },
            }
        }
        Some(_) => Arrival::Elsewhere,
    }
}

fn has_anchor(site: &Site, page: PageId, id: &str) -> bool {
    id.eq_ignore_ascii_case("top") || site.page(page).document.has_anchor(id)
}

fn lost_address(
    site: &Site,
    candidates: &Candidates<'_>,
    moved: &BTreeMap<&str, (PageId, Evidence)>,
    url: &str,
    address: &Address,
    wanted: &mut Wanted,
) -> Lost {
    let anchors = match address.anchors.len() {
        0 => String::new(),
        1 => " with one anchor".to_string(),
        n => format!(" with {n} anchors"),
    };
    let message = match arrival(site, url) {
        Arrival::List => format!("`{url}` was published as a page{anchors}, and is only the list of its folder now"),
        _ => format!("`{url}` was published{anchors}, and is gone"),
    };
    let of = |help: String, place| Lost {
        message: message.clone(),
        span: address.span,
        code: Code::AddressLost,
        help,
        place,
    };
    let file = |page| site.project.file_name(&site.page(page).path);
    let path = UrlPath::resolve(&UrlPath::root(), &url.replace('%', "%25"));
    if path.is_some_and(|path| site.routes.is_draft(&path)) {
        let help = "its page is a draft now; publish it, or name a page that answers for it under `[redirects]` in `site.toml`";
        return of(help.to_string(), None);
    }
    if let Some((page, evidence)) = moved.get(url).copied() {
        wanted.alias(page, url);
        for (id, anchor) in address.anchors.iter().filter(|(id, _)| !has_anchor(site, page, id)) {
            let to = match anchor_now(site, candidates, page, id, anchor) {
                Some((_, to)) => to,
                None => "top".to_string(),
            };
            wanted.anchor(page, id, &to);
        }
        let why = match evidence {
            Evidence::File => "is still its file, with another address",
            Evidence::Rename => "is its file, renamed",
            Evidence::Text => "has the same text",
            Evidence::Sections => "has most of its sections",
        };
        let help = format!("`{}` {why}; `handbook check --fix` adds the old address to its `aliases`", file(page));
        return of(help, Some(Place::Page(page)));
    }
    let target = match &address.what {
        What::File { .. } => candidates.of_file(url, address),
        What::List => list_now(site, moved, url),
        What::Redirect { to } => {
            let target = to.split('#').next().unwrap_or(to);
            let is_there = !target.starts_with('/') || !matches!(arrival(site, target), Arrival::Nowhere);
            is_there.then(|| to.clone())
        }
        _ => None,
    };
    if let Some(page) =
        target.as_deref().filter(|_| matches!(address.what, What::Redirect { .. })).and_then(|to| page_at(site, to))
    {
        wanted.alias(page, url);
        let help = format!("it led to `{}`; `handbook check --fix` adds it to the `aliases` of that page", file(page));
        return of(help, Some(Place::Page(page)));
    }
    if let Some(target) = target {
        wanted.redirect(url, &target);
        let help =
            format!("`{target}` took its place; `handbook check --fix` writes that under `[redirects]` in `site.toml`");
        return of(help, Some(Place::Settings));
    }
    let above = above(site, url);
    wanted.redirect(url, &above);
    let help = format!(
        "if a page took its place, add `{url}` to its `aliases`; `handbook check --fix` lets it lead to `{above}`; \
         to give the address up, delete this line"
    );
    of(help, Some(Place::Settings))
}

fn lost_anchor(
    site: &Site,
    candidates: &Candidates<'_>,
    url: &str,
    page: PageId,
    id: &str,
    anchor: &Anchor,
    wanted: &mut Wanted,
) -> Lost {
    let file = site.project.file_name(&site.page(page).path);
    let message = format!("`{url}#{id}` was published, and `{file}` has no such heading or anchor any more");
    let help = match anchor_now(site, candidates, page, id, anchor) {
        Some((other, to)) => {
            wanted.anchor(page, id, &to);
            match other == page {
                true => format!("`#{to}` is the same section; `handbook check --fix` lets the old id stand there too"),
                false => format!("the section is at `{to}` now; `handbook check --fix` lets the old id lead there"),
            }
        }
        None => {
            wanted.anchor(page, id, "top");
            format!(
                "if the section is elsewhere, write `{id}` and the place under `anchors` in the page's front matter; \
                 `handbook check --fix` lets it lead to the top of the page; to give it up, delete this line"
            )
        }
    };
    Lost { message, span: anchor.span, code: Code::AnchorLost, help, place: Some(Place::Page(page)) }
}

/// The page on which a section is now, and how the page where it was refers to it.
fn anchor_now(
    site: &Site,
    candidates: &Candidates<'_>,
    page: PageId,
    id: &str,
    anchor: &Anchor,
) -> Option<(PageId, String)> {
    if let Some((page, to)) = candidates.section(id, anchor.print, Some(page)) {
        return Some((page, to));
    }
    let (other, to) = candidates.section(id, anchor.print, None)?;
    Some((other, format!("{}#{to}", site.page(other).url)))
}

fn page_at(site: &Site, url: &str) -> Option<PageId> {
    match site.routes.at(&UrlPath::resolve(&UrlPath::root(), url)?) {
        Some(Route::Page(page)) => Some(page),
        _ => None,
    }
}

/// Where the list of a folder is now, if all pages below it went to one place.
fn list_now(site: &Site, moved: &BTreeMap<&str, (PageId, Evidence)>, url: &str) -> Option<String> {
    let below = moved.iter().filter(|(old, _)| old.starts_with(url));
    let mut places = below.filter_map(|(old, (page, _))| {
        let new = site.page(*page).url.as_str();
        new.strip_suffix(&old[url.len()..]).filter(|place| place.ends_with('/'))
    });
    let place = places.next()?;
    let is_there = |place: &str| !matches!(arrival(site, place), Arrival::Nowhere);
    (places.all(|other| other == place) && is_there(place)).then(|| place.to_string())
}

/// The nearest address above that is there.
fn above(site: &Site, url: &str) -> String {
    let parents = std::iter::successors(parent(url), |url| parent(url));
    let there = parents.into_iter().find(|url| !matches!(arrival(site, url), Arrival::Nowhere));
    there.unwrap_or("/").to_string()
}

fn parent(url: &str) -> Option<&str> {
    let path = url.trim_end_matches('/');
    path.rfind('/').map(|slash| &path[..slash + 1])
}
