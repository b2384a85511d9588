//! Fills the holes of a page's HTML: addresses, image sizes, the mark of the current page.

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::markdown::{Body, Document, Fill, Hole, HtmlPolicy, Link, policy};
use crate::render::moved;
use crate::site::link::{self, From, Resolved, Target};
use crate::site::{PageId, Site};

/// The page's HTML with all holes filled, and what is wrong with its links.
pub fn fill(site: &Site, id: PageId) -> (String, Vec<Diagnostic>) {
    let page = site.page(id);
    let from = From { url: &page.url, path: Some(&page.path), page: Some(id) };
    let (html, mut problems) = body(site, from, Some(id), &page.document);
    let mut html = by_policy(site, html);
    problems.extend(moved::notes(site, id, &mut html));
    let file = site.project.file_name(&page.path);
    (html, problems.into_iter().map(|problem| problem.in_file(&file)).collect())
}

/// A part of a page's HTML with its holes filled. What is wrong with its links is told where the whole page is filled.
pub fn part(site: &Site, id: PageId, part: Range<u32>) -> String {
    let page = site.page(id);
    let from = From { url: &page.url, path: Some(&page.path), page: Some(id) };
    let body = &page.document.body;
    let holes = body.holes.iter().filter(|hole| part.contains(&hole.at));
    let holes = holes.map(|hole| Hole { at: hole.at - part.start, ..*hole }).collect();
    let html = body.html[part.start as usize..part.end as usize].to_string();
    by_policy(site, fill_body(site, from, Some(id), &Body { html, holes }, &page.document.links).0)
}

/// HTML of an author as the owner lets it into pages.
pub fn by_policy(site: &Site, html: String) -> String {
    match site.project.config.security.html {
        HtmlPolicy::Trusted => html,
        HtmlPolicy::Sanitise | HtmlPolicy::Escape => policy::clean(&html).into_owned(),
    }
}

/// A document's HTML with all holes filled, as it reads at `from`, and what is wrong with its links, without a file.
pub fn body(site: &Site, from: From<'_>, page: Option<PageId>, document: &Document) -> (String, Vec<Diagnostic>) {
    fill_body(site, from, page, &document.body, &document.links)
}

fn fill_body(
    site: &Site,
    from: From<'_>,
    page: Option<PageId>,
    body: &Body,
    links: &[Link],
) -> (String, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let mut html = String::with_capacity(body.html.len() + body.holes.len() * 32);
    let mut written = 0;
    // The holes of one link stand next to each other.
    let mut last: Option<(u32, Resolved)> = None;
    for hole in &body.holes {
        html.push_str(&body.html[written..hole.at as usize]);
        written = hole.at as usize;
        if last.as_ref().is_none_or(|(link, _)| *link != hole.link) {
            let mut resolved = link::resolve(site, from, &links[hole.link as usize]);
            problems.extend(resolved.problem.take());
            last = Some((hole.link, resolved));
        }
        let Some((_, resolved)) = &last else { continue };
        match hole.fill {
            Fill::Url => escape(&mut html, &resolved.href),
            Fill::ImageSize => image_size(site, resolved.target, &mut html),
            Fill::Current => {
                let is_this = page.is_some_and(|page| resolved.target == Target::Page(page));
                if is_this && !resolved.href.contains('#') {
                    html.push_str(" aria-current=\"page\"");
                }
            }
        }
    }
    html.push_str(&body.html[written..]);
    (html, problems)
}

/// What is wrong with the page's links, without its HTML.
pub fn problems(site: &Site, id: PageId) -> Vec<Diagnostic> {
    let page = site.page(id);
    let from = From { url: &page.url, path: Some(&page.path), page: Some(id) };
    let mut links: Vec<u32> = page.document.body.holes.iter().map(|hole| hole.link).collect();
    links.dedup();
    let problems = links.into_iter().filter_map(|link| {
        let link = &page.document.links[link as usize];
        link::resolve(site, from, link).problem
    });
    let problems = problems.chain(moved::problems(site, id));
    problems.map(|problem| problem.in_file(site.project.file_name(&page.path))).collect()
}

fn image_size(site: &Site, target: Target, html: &mut String) {
    if let Target::Asset(asset) = target
        && let Some((width, height)) = site.asset(asset).size
    {
        html.push_str(&format!(" width=\"{width}\" height=\"{height}\""));
    }
}

/// For an attribute in quotes of either kind. Characters that no URL has are percent-encoded, as in CommonMark.
pub(super) fn escape(html: &mut String, href: &str) {
    // Nearly none needs any of it.
    let is_plain = |byte: u8| !matches!(byte, b'&' | b'"' | b'\'' | b'<' | b'>' | b' ' | b'\n' | b'\t' | b'\r');
    if href.bytes().all(is_plain) {
        return html.push_str(href);
    }
    for c in href.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '"' => html.push_str("%22"),
            '\'' => html.push_str("&#39;"),
            '<' => html.push_str("%3C"),
            '>' => html.push_str("%3E"),
            ' ' => html.push_str("%20"),
            '\n' | '\t' | '\r' => {}
            _ => html.push(c),
        }
    }
}
