//! What the owner's settings for the theme become in templates.

use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::markdown::{self, Link, LinkKind, Options, icon};
use crate::project::look::Font;
use crate::render::fill;
use crate::site::Site;
use crate::site::link::{self, From};
use crate::site::page::Page;
use crate::site::url::UrlPath;
use crate::value::Spanned;

/// `site.look`: the options of the theme.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct LookContext {
    /// The address of the logo, or empty.
    pub logo: String,
    /// The address of the icon in browser tabs.
    pub favicon: String,
    /// Whether the typeface is the theme's own.
    pub font: bool,
    /// The end of every page, as HTML, or empty.
    pub footer: String,
    /// The owner's places elsewhere.
    pub social: Vec<SocialLink>,
    /// What everybody should know now, as HTML, or empty.
    pub announcement: String,
    /// The last day on which that is shown, `YYYY-MM-DD`, or empty.
    pub announcement_until: String,
}

/// A link to a place elsewhere.
#[derive(Debug, PartialEq, Serialize)]
pub struct SocialLink {
    /// Its name.
    pub title: String,
    /// Its address.
    pub url: String,
    /// A picture as HTML.
    pub icon: String,
}

impl LookContext {
    /// The site's look, and what is wrong with the links in it.
    pub fn new(site: &Site) -> (LookContext, Vec<Diagnostic>) {
        let look = &site.project.config.theme.look;
        let mut problems = Vec::new();
        let announcement = look.announcement.as_ref();
        let mut html = |text: Option<&Spanned<String>>| match text {
            Some(text) => html(site, text, &mut problems),
            None => String::new(),
        };
        let (footer, text) = (html(look.footer.as_ref()), html(announcement.map(|announcement| &announcement.text)));
        let favicon = look.favicon.clone().unwrap_or_else(|| Spanned::new("/favicon.svg".into(), Default::default()));
        let mut href = |link: &Spanned<String>, kind| href(site, link, kind, &mut problems);
        let context = LookContext {
            footer,
            announcement: text,
            announcement_until: announcement.and_then(|a| a.until.clone()).unwrap_or_default(),
            logo: look.logo.as_ref().map_or_else(String::new, |logo| href(logo, LinkKind::Image)),
            favicon: href(&favicon, LinkKind::Image),
            font: look.font == Font::Inter,
            social: look
                .social
                .iter()
                .map(|link| social(&link.title, &link.url.value, href(&link.url, LinkKind::Page)))
                .collect(),
        };
        (context, problems)
    }
}

/// Where a page's source can be edited, or empty.
pub fn edit_url(site: &Site, page: &Page) -> String {
    let Some(pattern) = &site.project.config.theme.look.edit_link else { return String::new() };
    let path = UrlPath::of_file(&site.project.file_name(&page.path)).href("");
    pattern.replace("{path}", path.trim_start_matches('/'))
}

/// Markdown of the settings as HTML. Its links are read from the site's root.
fn html(site: &Site, text: &Spanned<String>, problems: &mut Vec<Diagnostic>) -> String {
    // No text equals this title, so a first heading stays where it is.
    let document = markdown::read(&text.value, 0, Some("\0"), &Options::default());
    let root = UrlPath::root();
    let (html, found) = fill::body(site, From { url: &root, path: None, page: None }, None, &document);
    // The places are those of the value, and it may stand in the file with escapes.
    let whole = |problem: Diagnostic| Diagnostic { fix: None, ..site.project.in_settings(problem.at(text.span)) };
    problems.extend(found.into_iter().map(whole));
    html.trim_end().to_string()
}

/// Where a link of the settings leads. It is read from the site's root.
fn href(site: &Site, link: &Spanned<String>, kind: LinkKind, problems: &mut Vec<Diagnostic>) -> String {
    let root = UrlPath::root();
    let target = Link::of_value(&link.value, kind, link.span);
    let resolved = link::resolve(site, From { url: &root, path: None, page: None }, &target);
    problems.extend(resolved.problem.map(|problem| site.project.in_settings(problem)));
    resolved.href
}

fn social(title: &str, url: &str, href: String) -> SocialLink {
    let icon = icon::svg(icon::path(icon_name(url)).unwrap_or_default());
    SocialLink { title: title.to_string(), url: href, icon }
}

/// The icon for an address, by the host that it names.
fn icon_name(url: &str) -> &'static str {
    let known = [
        ("github", "brand-github"),
        ("gitlab", "brand-gitlab"),
        ("linkedin", "brand-linkedin"),
        ("youtube", "brand-youtube"),
        ("youtu.be", "brand-youtube"),
        ("slack", "brand-slack"),
        ("instagram", "brand-instagram"),
        ("facebook", "brand-facebook"),
        ("bsky", "brand-bluesky"),
        ("mastodon", "brand-mastodon"),
        ("twitter", "brand-x"),
        ("//x.com", "brand-x"),
        ("mailto:", "mail"),
        ("rss", "rss"),
        ("feed", "rss"),
    ];
    known.iter().find(|(part, _)| url.contains(part)).map_or("world", |(_, icon)| icon)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_of_a_host_is_there() {
        for url in [
            "https://github.com/a",
            "https://x.com/a",
            "mailto:a@example.com",
            "https://example.com",
            "https://bsky.app/a",
        ] {
            assert!(icon::path(icon_name(url)).is_some(), "{url}");
        }
    }
}
