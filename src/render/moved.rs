//! The notes at the end of a page about sections that are elsewhere now.

use crate::diagnostic::Diagnostic;
use crate::render::context::word;
use crate::render::fill::escape;
use crate::site::link::{self, From, Target};
use crate::site::page::Page;
use crate::site::{PageId, Site};

/// Leads on whoever followed a link to a note. Readers without scripts see the note, and a link in it.
const SCRIPT: &str = "<script>(f=>{f();addEventListener(\"hashchange\",f)})(()=>{let h=location.hash.slice(1);\
                      try{h=decodeURIComponent(h)}catch{}let n=document.getElementById(h),\
                      a=n&&n.matches(\".moved\")&&n.querySelector(\"a\");a&&location.replace(a.href)})</script>\n";

/// The notes of a page, and what is wrong with them, without a file.
pub fn notes(site: &Site, id: PageId, html: &mut String) -> Vec<Diagnostic> {
    let page = site.page(id);
    if page.moved.is_empty() {
        return Vec::new();
    }
    let from = From { url: &page.url, path: Some(&page.path), page: Some(id) };
    let words = word(site, "moved_section");
    let mut problems = Vec::new();
    for moved in &page.moved {
        let resolved = link::resolve(site, from, &moved.link);
        html.push_str("<p class=\"moved\" id=\"");
        escape_text(html, &moved.id);
        html.push_str("\">");
        escape_text(html, words);
        html.push_str(" <a href=\"");
        escape(html, &resolved.href);
        html.push_str("\">");
        let title = match resolved.target {
            Target::Page(target) => title(site.page(target), &resolved.href, target == id),
            _ => moved.link.target.clone(),
        };
        escape_text(html, &title);
        html.push_str("</a></p>\n");
        problems.extend(resolved.problem);
    }
    html.push_str(SCRIPT);
    problems
}

/// What is wrong with the links of a page's notes, without a file.
pub fn problems(site: &Site, id: PageId) -> impl Iterator<Item = Diagnostic> {
    let page = site.page(id);
    let from = From { url: &page.url, path: Some(&page.path), page: Some(id) };
    page.moved.iter().filter_map(move |moved| link::resolve(site, from, &moved.link).problem)
}

/// What a link to a place of a page says: the page's title, the heading's text, or both.
fn title(page: &Page, href: &str, is_same: bool) -> String {
    let id = href.split_once('#').map_or("", |(_, id)| id);
    let heading = page.document.outline.iter().find(|heading| !id.is_empty() && heading.id == id);
    match heading {
        Some(heading) if is_same => heading.text.clone(),
        Some(heading) => format!("{}: {}", page.title, heading.text),
        None => page.title.clone(),
    }
}

fn escape_text(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            _ => html.push(c),
        }
    }
}
