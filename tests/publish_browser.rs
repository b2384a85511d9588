//! From nothing to a handbook online: `init`, `git init`, `publish --branch`, and then what a reader's browser finds where
//! GitHub Pages would show it. Skipped, with the reason printed, where there is no Chromium.

#![cfg(unix)]

mod browser;
mod program;
mod published;

use std::collections::BTreeSet;

use browser::server::Server;
use browser::{Browser, Page};
use program::Handbook;
use published::Repository;

/// Every address that the page in the browser names, absolute.
const ADDRESSES: &str = "[...document.querySelectorAll('[href], [src], [srcset], [action]')].flatMap(e => [\
    e.href?.baseVal ?? e.href, e.src, e.action, ...(e.srcset ?? '').split(',').map(s => s.trim().split(' ')[0])\
    ]).filter(u => typeof u == 'string' && u).map(u => new URL(u, document.baseURI).href)";

fn addresses(page: &mut Page<'_>) -> Vec<String> {
    let found = page.eval(ADDRESSES);
    found.as_array().unwrap().iter().map(|url| url.as_str().unwrap().to_string()).collect()
}

#[test]
fn a_handbook_from_nothing_is_whole_where_github_shows_it() {
    let handbook = Handbook::new();
    handbook.run("init").status(0);
    let leave = handbook.text("content/people/time-off.md").replacen("---\n", "---\naliases: [/old/leave/]\n", 1);
    let repository = Repository::of(handbook.file("content/people/time-off.md", leave));
    repository.run("publish github-pages --branch gh-pages --strict").status(0);
    let (_folder, site) = repository.clone("gh-pages");

    let Some(mut browser) = Browser::start() else { return };
    let server = Server::start_under(&site, "/repo/");
    let base = format!("{}/repo/", server.url);
    let mut page = browser.page();

    let (mut open, mut seen) = (vec![base.clone()], BTreeSet::new());
    while let Some(url) = open.pop() {
        if !seen.insert(url.clone()) {
            continue;
        }
        page.goto(&url);
        for found in addresses(&mut page) {
            let found = found.split('#').next().unwrap().to_string();
            match found.strip_prefix(&server.url) {
                Some(path) => assert!(path.starts_with("/repo/"), "{url} leads out of the base path: {found}"),
                // Canonical addresses, and links that authors wrote.
                None => {
                    let is_own = found.starts_with("https://ida.github.io/") || found.contains("127.0.0.1");
                    assert!(!is_own || found.starts_with("https://ida.github.io/repo/"), "{url}: {found}");
                }
            }
            if found.starts_with(&base) && found.ends_with('/') {
                open.push(found);
            }
        }
    }
    assert!(seen.len() == 10, "other pages were found: {seen:#?}");
    let failed: Vec<_> = server.answered().into_iter().filter(|(_, status)| *status >= 400).collect();
    assert_eq!(failed, [], "these requests failed");

    // An address that never was.
    page.goto(&format!("{base}no/such/page"));
    let has_style =
        "getComputedStyle(document.body).getPropertyValue('font-family') != '' && document.styleSheets.length > 0";
    assert_eq!(page.eval(has_style), true);
    assert!(addresses(&mut page).iter().any(|url| url == &base), "the way home");
    let answered = server.answered();
    let failed: Vec<_> = answered.iter().filter(|(_, status)| *status >= 400).collect();
    assert_eq!(failed, [&("/repo/no/such/page".to_string(), 404)]);

    // One that was, and one without its last sign.
    page.goto(&format!("{base}old/leave/#how-to-ask"));
    page.wait_for("location.pathname == '/repo/people/time-off/' && location.hash == '#how-to-ask'");
    page.goto(&format!("{base}people"));
    page.wait_for("location.pathname == '/repo/people/'");
}
