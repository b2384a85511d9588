//! Every link that would lead elsewhere after a move, written anew.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use crate::diagnostic::{Code, Diagnostic, Edit, Fix, Span};
use crate::markdown::destination::{self, Form};
use crate::markdown::{Link, LinkKind};
use crate::moves::Planned;
use crate::moves::after::Texts;
use crate::moves::place::Move;
use crate::moves::respell::{Place, spellings};
use crate::moves::settings;
use crate::site::link::{From, Resolved, Target, resolve_once};
use crate::site::url::UrlPath;
use crate::site::{PageId, Site};

/// What is somewhere else afterwards.
pub(super) struct Shift<'a> {
    /// Files and folders.
    pub moving: &'a Move,
    /// Headings with another id, by the file of their page before.
    pub ids: BTreeMap<String, BTreeMap<String, String>>,
}

/// Where a link stands.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    pub before: From<'a>,
    pub after: From<'a>,
}

/// The edits of all links that lead elsewhere in `after` than in `before`.
pub(super) fn relink(before: &Site, after: &Site, shift: &Shift<'_>, texts: &mut Texts<'_>) -> Planned {
    let mut planned = Planned::default();
    for (n, page) in before.pages.iter().enumerate() {
        let id = PageId(n as u32);
        let new_path = shift.moving.new_path(page.path.as_str()).unwrap_or_else(|| page.path.as_str().to_string());
        let Some(new_id) = after.page_of_file(&new_path) else { continue };
        let new_page = after.page(new_id);
        let spot = Spot {
            before: From { url: &page.url, path: Some(&page.path), page: Some(id) },
            after: From { url: &new_page.url, path: Some(&new_page.path), page: Some(new_id) },
        };
        let file = before.project.file_name(&page.path);
        for link in &page.document.links {
            if let Some(target) = anew(before, after, shift, spot, link) {
                planned.rewrite(&file, link, &target, texts, in_text);
            }
        }
        let front = &page.front;
        let nav = front.section_nav.iter().map(|link| &link.url);
        let written = front.redirect_to.iter().chain(front.anchors.iter().map(|anchor| &anchor.to)).chain(nav);
        for value in written {
            let link = Link { target: value.value.clone(), kind: LinkKind::Page, span: value.span, destination: None };
            if let Some(target) = anew(before, after, shift, spot, &link) {
                planned.rewrite(&file, &link, &target, texts, settings::in_value);
            }
        }
    }
    settings::relink(before, after, shift, texts, &mut planned);
    planned
}

/// What a link has to say so that it leads to the same place. `None` when it need not change.
pub(super) fn anew(before: &Site, after: &Site, shift: &Shift<'_>, spot: Spot<'_>, link: &Link) -> Option<String> {
    let old = resolve_once(before, spot.before, link);
    let wanted = landing(before, &old, Some(shift.moving))?;
    let written = link.target.trim();
    let (path, tail) = written.split_at(written.find(['?', '#']).unwrap_or(written.len()));
    let tail = new_tail(before, shift, &old, tail);
    let leads_there = |target: &str| {
        let resolved = resolve_once(after, spot.after, &Link { target: target.to_string(), ..link.clone() });
        let is_through = resolved.through.is_some() && old.through.is_none();
        !is_through && landing(after, &resolved, None).as_ref() == Some(&wanted)
    };
    let same = format!("{path}{tail}");
    if leads_there(&same) {
        return (same != written).then_some(same);
    }
    let (url, file) = match &wanted {
        Landing::Page(file) => {
            let page = after.page(after.page_of_file(file)?);
            (page.url.clone(), file.as_str())
        }
        Landing::File(_, url) | Landing::Other(url) => (url.clone(), ""),
    };
    let from = Place { url: spot.after.url, file: spot.after.path.map_or("", |path| path.as_str()) };
    let ways = spellings(path, from, Place { url: &url, file }, after.project.config.base_url.base_path());
    ways.into_iter().map(|way| way + &tail).find(|way| leads_there(way))
}

/// What a link leads to, so that it can be known again in the other site.
#[derive(Debug, PartialEq, Eq)]
enum Landing {
    /// The page of this file of the content.
    Page(String),
    /// This file, at this address.
    File(String, UrlPath),
    /// What has no file.
    Other(UrlPath),
}

/// Where a link leads; with `moving`, where that is after the move. `None` for what is none of the site's.
fn landing(site: &Site, resolved: &Resolved, moving: Option<&Move>) -> Option<Landing> {
    let new = |path: &str| moving.and_then(|moving| moving.new_path(path)).unwrap_or_else(|| path.to_string());
    match resolved.target {
        Target::Page(page) => Some(Landing::Page(new(site.page(page).path.as_str()))),
        Target::Asset(asset) => {
            let asset = site.asset(asset);
            let moved = moving.and_then(|moving| Some((moving, moving.new_file(site, &asset.file)?)));
            Some(match moved {
                Some((moving, url)) => {
                    let prefix = &site.project.prefix;
                    let inside =
                        asset.file.strip_prefix(prefix.as_str()).unwrap_or(&asset.file).trim_start_matches('/');
                    let file = moving.new_path(inside)?;
                    let file = if prefix.is_empty() { file } else { format!("{prefix}/{file}") };
                    Landing::File(file, UrlPath::resolve(&UrlPath::root(), &url.replace('%', "%25"))?)
                }
                None => Landing::File(asset.file.clone(), asset.url.clone()),
            })
        }
        Target::Redirect(index) => Some(Landing::Other(site.routes.redirects[index as usize].from.clone())),
        Target::Other => {
            let href = resolved.href.split(['#', '?']).next().unwrap_or_default();
            let base = site.project.config.base_url.base_path().trim_end_matches('/');
            let url = UrlPath::resolve(&UrlPath::root(), href.strip_prefix(base).unwrap_or(href))?;
            let folder = url.as_str().trim_matches('/');
            let moved = moving.filter(|moving| moving.is_folder).and_then(|moving| match folder == moving.from {
                true => Some(moving.to.clone()),
                false => moving.new_path(folder),
            });
            Some(Landing::Other(moved.map_or(url, |folder| UrlPath::of_folder(&format!("/{folder}")))))
        }
        Target::External | Target::Missing => None,
    }
}

/// The query and fragment, with the id that a heading has now.
fn new_tail(site: &Site, shift: &Shift<'_>, old: &Resolved, tail: &str) -> String {
    let Target::Page(page) = old.target else { return tail.to_string() };
    let Some(ids) = shift.ids.get(site.page(page).path.as_str()) else { return tail.to_string() };
    let Some((query, id)) = tail.split_once('#') else { return tail.to_string() };
    let decoded = percent_decode_str(id).decode_utf8_lossy();
    match ids.get(decoded.as_ref()) {
        Some(new) => format!("{query}#{new}"),
        None => tail.to_string(),
    }
}

/// The edit that gives a link of a text another destination.
pub(super) fn in_text(text: &str, link: &Link, target: &str) -> Option<Edit> {
    let place = destination::place(text, link.span, &link.target)?;
    let is_wide = place.form == Form::Bare && target.is_empty();
    let replacement = destination::write(target, place.form).filter(|_| !is_wide)?;
    Some(Edit { file: String::new(), span: place.span, replacement })
}

impl Planned {
    /// Writes a link anew, or says that this has to be done by hand.
    pub(super) fn rewrite(
        &mut self,
        file: &str,
        link: &Link,
        target: &str,
        texts: &mut Texts<'_>,
        edit: fn(&str, &Link, &str) -> Option<Edit>,
    ) {
        let made = texts.get(file).and_then(|text| edit(text, link, target));
        let made = made.is_some_and(|edit| {
            let edit = Edit { file: file.to_string(), ..edit };
            self.plan.add(&Fix { title: String::new(), edits: vec![edit] })
        });
        match made {
            true => self.n_links += 1,
            false => self.problems.push(by_hand(file, link.span, &link.target, target)),
        }
    }
}

fn by_hand(file: &str, span: Span, written: &str, target: &str) -> Diagnostic {
    let message = format!("the link to `{written}` cannot be written anew without risk");
    let problem = Diagnostic::new(Code::LinkPage, message).at(span).in_file(file);
    problem.help(format!("write it in a plain way first, or write `{target}` afterwards"))
}
