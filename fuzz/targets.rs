//! What is fuzzed, each a function that takes any bytes and panics when a promise is broken.
//!
//! The fuzzers in `fuzz_targets/` call these functions, and so does `tests/fuzz.rs`, which runs them on the seeds and on
//! changed seeds without a fuzzer.

mod seen;

use std::sync::{Arc, LazyLock};

use handbook::diagnostic::{Diagnostic, Span};
use handbook::markdown::policy::{self, HtmlPolicy};
use handbook::markdown::{self, Dialect, Document, Link, LinkKind, Options};
use handbook::project::base_url::BaseUrl;
use handbook::project::{self, Overrides};
use handbook::render::fill;
use handbook::site::link::{self, From, Target};
use handbook::site::url::UrlPath;
use handbook::site::{PageId, Site};
use handbook::source::front_matter;
use handbook::update::{Changes, update};

/// A page's HTML is at most this many times as long as its text…
pub const MOST_TIMES: usize = 200;
/// …and so much more.
pub const MOST_MORE: usize = 20_000;

/// What is done with any bytes.
pub type Check = fn(&[u8]);

/// All targets by name.
pub const ALL: &[(&str, Check)] = &[
    ("front_matter", front_matter),
    ("gfm", gfm),
    ("kramdown", kramdown),
    ("config", config),
    ("attribute_lists", attribute_lists),
    ("links", links),
    ("requests", requests),
    ("policy", policy),
];

/// Front matter in YAML and TOML.
pub fn front_matter(data: &[u8]) {
    let (text, encoding) = handbook::source::text::decode(data.to_vec());
    let (_, body, mut diagnostics) = front_matter::read(&text);
    assert!(text.is_char_boundary(body), "the body begins inside a character");
    diagnostics.extend(encoding);
    check_places(&text, &diagnostics);
}

/// Pages in GitHub's dialect.
pub fn gfm(data: &[u8]) {
    page(&String::from_utf8_lossy(data), Dialect::Gfm);
}

/// Pages in kramdown.
pub fn kramdown(data: &[u8]) {
    page(&String::from_utf8_lossy(data), Dialect::Kramdown);
}

/// `site.toml`.
pub fn config(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    check_places(&text, &project::config::read(&text).1);
}

/// Attribute lists, in all places that they may stand in.
pub fn attribute_lists(data: &[u8]) {
    let list = String::from_utf8_lossy(data);
    for text in [
        format!("a [b](c){{:{list}}} *d*{{:{list}}}\n{{:{list}}}\n"),
        format!("{{:r:{list}}}\n{{:s: r {list}}}\n\na\n{{:s}}\n\n- {{:{list}}} b\n\n{{::options {list} /}}\n\n# c\n"),
    ] {
        page(&text, Dialect::Kramdown);
    }
    page(&format!("# a {{{list}}}\n\n![b](c.png){{{list}}}\n\n| d |\n|---|\n\n{{{list}}}\n"), Dialect::Gfm);
}

/// Addresses: the site's own, and where links lead.
pub fn links(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for line in text.lines() {
        if let Ok(base) = BaseUrl::parse(line) {
            let path = base.base_path();
            assert!(path.starts_with('/') && path.ends_with('/'), "{line:?} gives the base path {path:?}");
            // Without an origin there is no full address.
            if !base.origin().is_empty() {
                assert_eq!(
                    BaseUrl::parse(&base.full()),
                    Ok(base.clone()),
                    "{line:?} is another address when read again"
                );
            }
        }
        if let Some(url) = UrlPath::resolve(&UrlPath::root(), line) {
            check_url(&url, line);
        }
        let Some(page) = SITE.page_of_file("people/index.md") else { unreachable!("the site has this page") };
        let from = From {
            url: &SITE.pages[page.0 as usize].url,
            path: Some(&SITE.pages[page.0 as usize].path),
            page: Some(page),
        };
        for kind in [LinkKind::Page, LinkKind::Image, LinkKind::Embed] {
            let resolved = link::resolve(&SITE, from, &Link::of_value(line, kind, Span::new(0, line.len())));
            if matches!(resolved.target, Target::Page(_) | Target::Asset(_) | Target::Other) {
                let is_ours = ["/base/", "#", "?"].iter().any(|start| resolved.href.starts_with(start));
                assert!(is_ours || resolved.href.is_empty(), "{line:?} gives {:?}", resolved.href);
            }
        }
    }
}

/// What browsers ask the dev server for: path, host and range, a line each.
pub fn requests(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for line in text.lines() {
        if let Some(url) = handbook::serve::address(line) {
            check_url(&url, line);
            assert!(!url.as_str().contains(['\\', '\0']), "{line:?} gives {url:?}");
        }
        let hosts = handbook::serve::Hosts { given: "127.0.0.1".to_string(), is_loopback: true };
        assert!(!hosts.allow(&format!("{line}.example")), "{line:?} opens the server to other sites");
        for size in [0, 1, 1000] {
            match handbook::serve::part(Some(line), size) {
                handbook::serve::Part::Bytes(first, last) => {
                    assert!(first <= last && last < size, "{line:?} of {size}")
                }
                handbook::serve::Part::Whole | handbook::serve::Part::Unsatisfiable => {}
            }
        }
    }
}

/// Pages and addresses of those who are not trusted.
pub fn policy(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    check_harmless(&text, &policy::clean(&text));
    // One of four at a time, by nothing that means anything.
    let (html, site) = match data.len() % 2 {
        0 => (HtmlPolicy::Sanitise, &*SANITISING),
        _ => (HtmlPolicy::Escape, &*ESCAPING),
    };
    let dialect = if (data.len() / 2).is_multiple_of(2) { Dialect::Gfm } else { Dialect::Kramdown };
    let from = From { url: &site.pages[0].url, path: Some(&site.pages[0].path), page: Some(PageId(0)) };
    let document = markdown::read(&text, 0, None, &Options { dialect, html, ..Options::default() });
    check_document(&text, &document);
    let (filled, _) = fill::body(site, from, from.page, &document);
    check_harmless(&filled, &fill::by_policy(site, filled.clone()));
    for line in text.lines().take(5) {
        for kind in [LinkKind::Page, LinkKind::Image, LinkKind::Embed] {
            for site in [&*SITE, &*SANITISING] {
                let from = From { url: &site.pages[0].url, path: None, page: None };
                let resolved = link::resolve(site, from, &Link::of_value(line, kind, Span::new(0, line.len())));
                let is_trusted = site.project.config.security.html == HtmlPolicy::Trusted;
                let is_harmless = match seen::scheme(&resolved.href).as_deref() {
                    Some("javascript" | "vbscript" | "data") | None => {
                        seen::is_address_harmless(&resolved.href, kind == LinkKind::Image)
                    }
                    Some(scheme) => is_trusted || policy::SCHEMES.contains(&scheme),
                };
                assert!(is_harmless, "{line:?} leads to {:?}", resolved.href);
            }
        }
    }
}

/// What came out of cleaning does nothing in a browser, and neither is there more of it than a page may hold.
fn check_harmless(html: &str, cleaned: &str) {
    assert_eq!(seen::harm(cleaned), None, "{cleaned:?} is what is left");
    let most = MOST_TIMES * html.len() + MOST_MORE;
    assert!(cleaned.len() <= most, "{} bytes become {}", html.len(), cleaned.len());
}

static SITE: LazyLock<Site> = LazyLock::new(|| site("trusted"));
static SANITISING: LazyLock<Site> = LazyLock::new(|| site("sanitise"));
static ESCAPING: LazyLock<Site> = LazyLock::new(|| site("escape"));

/// A small site below a base path: a page, a folder's page and an asset.
fn site(html: &str) -> Site {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let put = |path: &str, text: &str| {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("create a folder");
        std::fs::write(file, text).expect("write a file");
    };
    let settings = "base_url = \"https://example.com/base/\"\n[links]\nhosts = [\"old.example\"]\n[security]\n";
    put("site.toml", &format!("{settings}html = \"{html}\"\n"));
    put("content/index.md", "# Start\n\n## Part\n");
    put("content/people/index.md", "# People\n\n## Time off\n");
    put("content/people/time off.md", "# Time off\n");
    put("content/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    let (project, problems) = project::read(folder.path(), &Overrides::default()).expect("the folder is there");
    let project = Arc::new(project);
    update(&Site::empty(project.clone()), &project, problems, Changes::All)
}

/// An address leads neither out of the site nor, as browsers read it, to another one.
fn check_url(url: &UrlPath, written: &str) {
    let path = url.as_str();
    assert!(path.starts_with('/'), "{written:?} gives {path:?}");
    assert!(!path.split('/').any(|part| part == "." || part == ".."), "{written:?} gives {path:?}");
    let href = url.href("/base/");
    let is_odd = |c: char| c == '\\' || c == '"' || c.is_whitespace() || c.is_control();
    assert!(href.starts_with("/base/") && !href.contains(is_odd), "{written:?} gives {href:?}");
}

/// Reads a page as a site does and as `render` does.
fn page(text: &str, dialect: Dialect) {
    let options = Options { dialect, ..Options::default() };
    for document in [markdown::render(text, 0, &options), markdown::read(text, 0, None, &options)] {
        check_document(text, &document);
    }
}

fn check_document(text: &str, document: &Document) {
    check_places(text, &document.diagnostics);
    let most = MOST_TIMES * text.len() + MOST_MORE;
    let length = document.body.html.len();
    assert!(length <= most, "{} bytes become {length}", text.len());
    assert!(
        document.diagnostics.len() <= text.len() + 10,
        "{} bytes, {} messages",
        text.len(),
        document.diagnostics.len()
    );
    for hole in &document.body.holes {
        assert!(document.body.html.is_char_boundary(hole.at as usize), "a link's place is inside a character");
    }
}

/// Every place that is reported can be shown, and no message is unbounded or holds what a terminal would act on.
fn check_places(text: &str, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        let span = diagnostic.span.map(|span| text.get(span.range()));
        assert_ne!(span, Some(None), "{diagnostic:?}");
        let words = format!("{}{}", diagnostic.message, diagnostic.help.as_deref().unwrap_or(""));
        assert!(!words.contains(|c: char| c.is_control()), "{diagnostic:?}");
    }
}
