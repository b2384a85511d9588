//! The files that machines read: `sitemap.xml`, `robots.txt`, `CNAME`.

use std::ops::Range;

use crate::render::context::absolute;
use crate::site::Site;
use crate::site::routes::Route;
use crate::site::sitemap;
use crate::site::url::UrlPath;

/// Every page that may be indexed, with its date, or the list of the parts of that list when it is long. Format:
/// <https://www.sitemaps.org/protocol.html>.
///
/// The protocol wants full URLs; without `base_url` there are none, and paths stand in their place.
pub fn sitemap(site: &Site) -> String {
    let parts = parts(site);
    if parts.len() == 1 {
        return urls(site, parts[0].clone());
    }
    let mut out = String::from(BEGIN);
    out.push_str("<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for part in 0..parts.len() {
        out.push_str("<sitemap><loc>");
        push_url(site, &UrlPath::of_file(&sitemap::part_name(part)), &mut out);
        out.push_str("</loc></sitemap>\n");
    }
    out.push_str("</sitemapindex>\n");
    out
}

/// A part of the list, counted from 0.
pub fn sitemap_part(site: &Site, part: usize) -> String {
    urls(site, parts(site).get(part).cloned().unwrap_or_default())
}

const BEGIN: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// What can be in the list.
fn listed(site: &Site) -> impl Iterator<Item = &(UrlPath, Route)> {
    site.routes.entries.iter().filter(|(_, route)| sitemap::is_listed(*route))
}

fn parts(site: &Site) -> Vec<Range<usize>> {
    sitemap::parts(listed(site).map(|(url, _)| url), &site.project.config.base_url.full())
}

fn urls(site: &Site, part: Range<usize>) -> String {
    let mut out = String::from(BEGIN);
    out.push_str("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for (url, route) in listed(site).skip(part.start).take(part.len()) {
        let date = match route {
            Route::Page(page) => {
                let page = site.page(*page);
                if page.front.noindex {
                    continue;
                }
                site.updated(page).or(page.front.date.as_deref())
            }
            _ => None,
        };
        out.push_str("<url><loc>");
        push_url(site, url, &mut out);
        out.push_str("</loc>");
        if let Some(date) = date {
            out.push_str("<lastmod>");
            out.push_str(date);
            out.push_str("</lastmod>");
        }
        out.push_str("</url>\n");
    }
    out.push_str("</urlset>\n");
    out
}

fn push_url(site: &Site, url: &UrlPath, out: &mut String) {
    let href = site.href(url);
    let full = absolute(site, &href);
    let loc = if full.is_empty() { &href } else { &full };
    pulldown_cmark_escape::escape_html(out, loc).expect("writing to a string cannot fail");
}

/// Everybody may read everything; pages that ask not to be indexed say so themselves.
pub fn robots(site: &Site) -> String {
    let sitemap = absolute(site, &site.href(&UrlPath::of_file("sitemap.xml")));
    match sitemap.is_empty() {
        true => "User-agent: *\nAllow: /\n".to_string(),
        false => format!("User-agent: *\nAllow: /\nSitemap: {sitemap}\n"),
    }
}

/// The site's own domain, for GitHub Pages.
pub fn cname(site: &Site) -> String {
    site.project.config.cname.as_ref().map_or_else(String::new, |domain| format!("{domain}\n"))
}
