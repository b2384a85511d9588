//! The default theme in a browser: what readers can do with keyboard and pointer, without scripts, and on paper.
//!
//! The pages are those of our own handbook. Without a Chromium the tests say so and pass.

mod browser;

use std::path::Path;
use std::process::Command;

use browser::server::Server;
use browser::{Browser, Page};
use serde_json::json;
use tempfile::TempDir;

/// Our own handbook, built and served.
struct Site {
    server: Server,
    _folder: TempDir,
}

fn site() -> Site {
    let folder = tempfile::tempdir().expect("a folder");
    let root = env!("CARGO_MANIFEST_DIR");
    build(Path::new(root), folder.path());
    Site { server: Server::start(folder.path()), _folder: folder }
}

fn build(root: &Path, output: &Path) {
    let done = Command::new(env!("CARGO_BIN_EXE_handbook"))
        .args(["build", "--base-url", "/", "--output"])
        .arg(output)
        .arg(root)
        .output()
        .expect("the program runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

impl Site {
    fn goto(&self, page: &mut Page<'_>, path: &str) {
        page.goto(&format!("{}{path}", self.server.url));
    }
}

const SEED: &str = "/example/field-engineering/career-development/";
const COMPONENTS: &str = "/guide/components/";

/// What has the focus, as a few words.
const FOCUS: &str = "(e => e.id || e.getAttribute('aria-label') || e.textContent.trim())(document.activeElement)";

#[test]
fn the_keyboard_reaches_everything_in_the_order_of_the_page() {
    let Some(mut browser) = Browser::start() else { return };
    let site = site();
    let mut page = browser.page();
    site.goto(&mut page, SEED);
    let mut stops = Vec::new();
    for _ in 0..12 {
        page.press("Tab");
        stops.push(page.eval(FOCUS).as_str().unwrap_or_default().to_string());
        let has_ring = page.eval(
            "document.activeElement.matches(':focus-visible') && getComputedStyle(document.activeElement).outlineStyle",
        );
        assert_eq!(has_ring, "solid", "{stops:?}");
    }
    let expected = [
        "Skip to content",
        "handbook",
        "Guide",
        "Example",
        "Search",
        "Colour theme: automatic",
        "Guide",
        "Pages below: Guide",
    ];
    assert_eq!(stops[..expected.len()], expected);

    site.goto(&mut page, SEED);
    page.press("Tab");
    page.press("Enter");
    page.wait_for("document.activeElement.id === '_main'");
}

#[test]
fn branches_open_from_files_that_are_fetched_once() {
    let Some(mut browser) = Browser::start() else { return };
    let site = site();
    let mut page = browser.page();
    site.goto(&mut page, COMPONENTS);
    site.server.asked();
    let fetched = |site: &Site| {
        let asked = site.server.asked().into_iter();
        asked.filter(|path| !path.starts_with("/favicon")).collect::<Vec<_>>()
    };
    let example = "document.querySelector('.side [aria-label=\"Pages below: Example\"]')";
    assert_eq!(page.eval(&format!("{example}.ariaExpanded")), "false");
    page.click(".side [aria-label='Pages below: Example']");
    page.wait_for(&format!("{example}.ariaExpanded === 'true'"));
    assert_eq!(fetched(&site), ["/assets/nav/example.html"]);
    page.click(".side [aria-label='Pages below: Field Engineering']");
    page.wait_for("[...document.querySelectorAll('.side a')].some(a => a.textContent === 'Test Tank')");
    page.click(".side [aria-label='Pages below: Example']");
    page.wait_for(&format!("{example}.ariaExpanded === 'false' && !{example}.nextElementSibling.checkVisibility()"));
    page.click(".side [aria-label='Pages below: Example']");
    page.wait_for(&format!("{example}.ariaExpanded === 'true'"));
    assert_eq!(fetched(&site), ["/assets/nav/example/field-engineering.html"]);
}

#[test]
fn the_search_box_finds_titles_and_gives_the_focus_back() {
    let Some(mut browser) = Browser::start() else { return };
    let site = site();
    let mut page = browser.page();
    site.goto(&mut page, COMPONENTS);
    assert!(!site.server.asked().iter().any(|path| path.starts_with("/search")), "nothing is fetched in advance");
    page.eval("document.querySelector('.theme').focus()");
    page.press("/");
    page.wait_for("document.querySelector('#_search').open");
    assert_eq!(page.eval("document.activeElement.getAttribute('role')"), "combobox");
    page.write("front mat");
    page.wait_for("document.querySelector('#_hits [aria-selected=true]')?.textContent.startsWith('Front matter')");
    page.press("Escape");
    page.press("Escape");
    page.wait_for("!document.querySelector('#_search').open && document.activeElement.matches('.theme')");
    page.press_with("k", 2);
    page.wait_for("document.querySelector('#_search').open");
    page.write("career");
    page.wait_for("document.querySelectorAll('#_hits [role=option]').length >= 2");
    page.press("ArrowDown");
    page.wait_for("document.querySelector('[aria-activedescendant=_hit1]')");
    page.press("Enter");
    page.wait_for(&format!("location.pathname === '{SEED}' && document.readyState === 'complete'"));
}

#[test]
fn the_list_of_contents_follows_the_reader() {
    let Some(mut browser) = Browser::start() else { return };
    let site = site();
    let mut page = browser.page();
    site.goto(&mut page, COMPONENTS);
    page.eval("document.querySelector('#people').scrollIntoView()");
    page.wait_for("document.querySelector('.toc [aria-current=location]')?.textContent === 'People'");
    page.resize(390, 844);
    site.goto(&mut page, COMPONENTS);
    assert_eq!(page.eval("document.querySelector('.toc').open"), false);
    page.click(".toc summary");
    page.wait_for("document.querySelector('.toc').open");
    page.click(".toc a[href='#tables']");
    page.wait_for("!document.querySelector('.toc').open && location.hash === '#tables'");
    let below = "document.querySelector('#tables').getBoundingClientRect().top >= document.querySelector('.toc').getBoundingClientRect().bottom";
    page.wait_for(below);
}

#[test]
fn the_menu_of_small_screens_works_with_and_without_scripts() {
    let Some(mut browser) = Browser::start() else { return };
    let site = site();
    let mut page = browser.page();
    page.resize(390, 844);
    for scripts in [true, false] {
        page.scripts(scripts);
        site.goto(&mut page, SEED);
        assert_eq!(page.eval("document.querySelector('#_nav').checkVisibility()"), false);
        page.click(".menu");
        assert_eq!(page.eval("document.querySelector('#_nav').matches(':popover-open')"), true);
        assert_eq!(page.eval("getComputedStyle(document.querySelector('.side [aria-current=page]')).display"), "flex");
        page.press("Escape");
        assert_eq!(page.eval("document.querySelector('#_nav').checkVisibility()"), false);
        assert_eq!(page.eval("document.activeElement.matches('.menu')"), true, "the focus goes back");
    }
}

#[test]
fn the_reader_chooses_the_colours() {
    let Some(mut browser) = Browser::start() else { return };
    let site = site();
    let mut page = browser.page();
    let paper = "getComputedStyle(document.body).backgroundColor";
    let (light, dark) = ("rgb(255, 255, 255)", "rgb(19, 20, 25)");
    site.goto(&mut page, SEED);
    assert_eq!(page.eval(paper), light);
    page.prefer("dark");
    assert_eq!(page.eval(paper), dark);
    page.click(".theme");
    assert_eq!(page.eval(paper), light);
    site.goto(&mut page, COMPONENTS);
    assert_eq!(page.eval(paper), light, "the choice is kept");
    page.click(".theme");
    page.prefer("light");
    assert_eq!(page.eval(paper), dark);
    page.click(".theme");
    assert_eq!(page.eval(paper), light);
    page.prefer("dark");
    assert_eq!(page.eval(paper), dark, "automatic again");
}

#[test]
fn everything_that_reads_works_without_scripts() {
    let Some(mut browser) = Browser::start() else { return };
    let site = site();
    let mut page = browser.page();
    page.scripts(false);
    site.goto(&mut page, COMPONENTS);
    let shown = |page: &mut Page<'_>, selector: &str| {
        page.eval(&format!("document.querySelector({})?.checkVisibility() ?? null", json!(selector)))
    };
    assert_eq!(shown(&mut page, ".toc a[href='#tables']"), true, "the list of contents is open");
    assert_eq!(shown(&mut page, ".theme"), false, "what needs a script is not there");
    assert_eq!(shown(&mut page, ".side a.more"), true);
    assert_eq!(shown(&mut page, ".callout-title"), true);
    page.prefer("dark");
    assert_eq!(page.eval("getComputedStyle(document.body).backgroundColor"), "rgb(19, 20, 25)");

    // The levels of a matrix are compared by boxes that only the style sheet reads.
    let columns = "[...document.querySelectorAll('.matrix-box thead th')].filter(e => e.checkVisibility()).length";
    assert_eq!(page.eval(columns), 5);
    page.click(".compare label:nth-of-type(1)");
    page.click(".compare label:nth-of-type(3)");
    assert_eq!(page.eval(columns), 3);

    page.click(".find");
    page.wait_for("location.pathname === '/search/' && document.readyState === 'complete'");
    assert_eq!(shown(&mut page, "#_index a[href='/guide/components/']"), true);
}

#[test]
fn a_page_that_is_not_there_names_the_nearest_that_are() {
    let Some(mut browser) = Browser::start() else { return };
    let site = site();
    let mut page = browser.page();
    site.goto(&mut page, "/example/people/nobody/");
    page.wait_for("!document.querySelector('.near').hidden");
    assert_eq!(page.eval("[...document.querySelectorAll('.near a')].map(a => a.textContent).join()"), "People,Example");
    assert_eq!(page.eval("document.querySelector('[data-path]').textContent"), "/example/people/nobody/");
}

#[test]
fn dates_are_compared_in_the_browser() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    write("late.md", "---\ntitle: Late\nreview_by: 2001-01-31\n---\nText\n");
    write("fine.md", "---\ntitle: Fine\nreviewed: 9000-01-31\nreview_every: 1 month\n---\nText\n");
    write("site.toml", "[theme.announcement]\ntext = \"Over\"\nuntil = 2001-01-01\n");
    let output = folder.path().join("public");
    build(folder.path(), &output);
    let server = Server::start(&output);
    let mut page = browser.page();
    page.goto(&format!("{}/late/", server.url));
    assert_eq!(
        page.eval("document.querySelector('.overdue').textContent.trim()"),
        "Review overdue since31 January 2001"
    );
    assert_eq!(page.eval("document.querySelector('.announcement').checkVisibility()"), false);
    page.goto(&format!("{}/fine/", server.url));
    assert_eq!(page.eval("document.querySelector('[data-due]').textContent.trim()"), "Next review28 February 9000");
    assert_eq!(page.eval("document.querySelector('.overdue')"), json!(null));
}

#[test]
fn paper_shows_the_text_and_where_it_is_from() {
    let Some(mut browser) = Browser::start() else { return };
    let site = site();
    let mut page = browser.page();
    page.prefer("dark");
    site.goto(&mut page, COMPONENTS);
    assert!(page.pdf().starts_with(b"%PDF"));
    page.call("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    let shown = |page: &mut Page<'_>, selector: &str| {
        page.eval(&format!("document.querySelector({}).checkVisibility()", json!(selector)))
    };
    for hidden in [".top", ".side", ".toc", ".pager", ".site-foot", ".compare"] {
        assert_eq!(shown(&mut page, hidden), false, "{hidden}");
    }
    assert_eq!(shown(&mut page, "details p"), true, "closed details open on paper");
    assert_eq!(shown(&mut page, ".meta"), true);
    assert_eq!(page.eval("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)");
}

#[test]
fn axe_finds_nothing() {
    let Some(axe) = std::env::var_os("HANDBOOK_AXE") else {
        eprintln!("skipped: name the file axe.min.js of the package axe-core in the variable HANDBOOK_AXE");
        return;
    };
    let Some(mut browser) = Browser::start() else { return };
    let axe = std::fs::read_to_string(axe).expect("axe-core");
    let site = site();
    let mut page = browser.page();
    let mut found = Vec::new();
    for (width, scheme) in [(1440, "light"), (1440, "dark"), (390, "light")] {
        page.resize(width, 900);
        page.prefer(scheme);
        for path in ["/", "/guide/", COMPONENTS, SEED, "/search/", "/not-there/"] {
            site.goto(&mut page, path);
            page.eval(&axe);
            for open in
                ["", "document.querySelector('#_search').showModal()", "document.querySelector('#_nav').showPopover()"]
            {
                if !open.is_empty() {
                    page.eval(open);
                }
                let run = "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
                    .then(r => r.violations.map(v => v.id + ' ' + v.nodes.map(n => n.target.join(' ')).join(', ')))";
                let violations = page.eval(run);
                for violation in violations.as_array().into_iter().flatten() {
                    found.push(format!("{path} {width} {scheme} {open}: {violation}"));
                }
                page.eval("document.querySelector('#_search').close()");
                if width > 900 && open.contains("search") {
                    break; // there is no menu on wide screens
                }
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}
