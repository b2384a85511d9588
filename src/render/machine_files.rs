//! The files that machines read: `sitemap.xml`, `robots.txt`, `CNAME`.

use crate::render::context::absolute;
use crate::site::Site;
use crate::site::routes::Route;
use crate::site::url::UrlPath;

/// Every page that may be indexed, with its date. Format: <https://www.sitemaps.org/protocol.html>.
///
/// The protocol wants full URLs; without `base_url` there are none, and paths stand in their place.
pub fn sitemap(site: &Site) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for (url, route) in &site.routes.entries {
        let date = match route {
            Route::Page(page) => {
                let page = site.page(*page);
                if page.front.noindex {
                    continue;
                }
                site.updated(page).or(page.front.date.as_deref())
            }
            Route::Section(_) => None,
            _ => continue,
        };
        let href = site.href(url);
        let full = absolute(site, &href);
        out.push_str("<url><loc>");
        let loc = if full.is_empty() { &href } else { &full };
        pulldown_cmark_escape::escape_html(&mut out, loc).expect("writing to a string cannot fail");
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
