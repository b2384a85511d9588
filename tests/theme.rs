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
const LEVEL: &str = "/example/people/levels/3-senior/";

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
fn what_comes_from_elsewhere_waits_for_a_click() {
    let Some(mut browser) = Browser::start() else { return };
    let site = site();
    let mut page = browser.page();
    let elsewhere = "performance.getEntriesByType('resource').filter(e => !e.name.startsWith(location.origin) && !/mermaid/.test(e.name)).map(e => e.name)";
    // A page of our own stands in for the video, so that nothing is asked of another computer here.
    let at_home = "document.querySelector('.embed').dataset.frame = '/guide/'";
    site.goto(&mut page, COMPONENTS);
    page.eval("document.querySelector('.embed').scrollIntoView()");
    assert_eq!(page.eval(elsewhere), json!([]));
    assert_eq!(page.eval("document.querySelectorAll('iframe[src^=http]').length"), 0);
    page.eval(at_home);
    page.click(".embed");
    page.wait_for("document.querySelector('iframe.embed')?.src.endsWith('/guide/')");
    assert_eq!(page.eval("document.querySelector('iframe.embed').title"), "Big Buck Bunny, a short film");
    assert_eq!(page.eval("document.activeElement.matches('iframe.embed')"), true);
    page.scripts(false);
    site.goto(&mut page, COMPONENTS);
    let link = "document.querySelector('.embed').href";
    assert_eq!(page.eval(link), "https://www.youtube.com/watch?v=aqz-KE-bpKQ");
}

#[test]
fn each_level_of_a_matrix_has_a_page_of_what_is_new() {
    let Some(mut browser) = Browser::start() else { return };
    let site = site();
    let mut page = browser.page();
    page.scripts(false);
    site.goto(&mut page, "/example/people/levels/");
    page.click(".matrix-box thead th:nth-child(4) a");
    page.wait_for(&format!("location.pathname === '{LEVEL}' && document.readyState === 'complete'"));
    assert_eq!(page.eval("document.querySelector('h1').textContent"), "3 Senior");
    let row = "document.querySelector('.level > div').innerText.replace(/\\s+/g, ' ')";
    assert_eq!(page.eval(row), "Scope a customer Before: a station");
    assert_eq!(page.eval("document.querySelector('.section-nav [aria-current]').textContent"), "3 Senior");
    assert_eq!(
        page.eval("document.querySelector('[rel=next]').getAttribute('href')"),
        "/example/people/levels/4-staff/"
    );
    site.goto(&mut page, "/example/people/levels/5-principal/");
    let headings = "[...document.querySelectorAll('.content h2')].map(e => e.textContent).join()";
    assert_eq!(page.eval(headings), "New at this level,As before");
    assert_eq!(page.eval("document.querySelectorAll('.level')[1].innerText.replace(/\\s+/g, ' ')"), "Usual time open");
}

#[test]
fn a_section_that_cannot_be_gathered_can_be_tried_again() {
    let Some(mut browser) = Browser::start() else { return };
    let site = site();
    let mut page = browser.page();
    site.goto(&mut page, "/example/");
    page.eval("window.print = () => { window.printed = true }");
    page.eval("window.fetch = async () => { throw new TypeError('offline') }");
    page.click("[data-print]");
    page.wait_for("window.printed");
    assert_eq!(page.eval("document.querySelector('[data-print]').disabled"), false);
    assert_eq!(page.eval("document.querySelector('.booklet')"), json!(null));
    // A page of an own layout, without a title and with an address that is none.
    page.eval(
        "window.printed = false; window.fetch = async () => new Response('<title>Own</title><main><div data-handbook-content>\
         <a href=\"http://[\">a</a><img src=\"http://[\"></div></main>')",
    );
    page.click("[data-print]");
    page.wait_for("window.printed");
    assert_eq!(page.eval("document.querySelector('.booklet h1').textContent"), "Own");
    assert_eq!(page.eval("document.querySelector('[data-print]').disabled"), false);
}

#[test]
fn a_section_is_printed_as_one_booklet() {
    let Some(mut browser) = Browser::start() else { return };
    let site = site();
    let mut page = browser.page();
    site.goto(&mut page, "/example/");
    page.eval("window.print = () => { window.printed = true }");
    page.click("[data-print]");
    page.wait_for("window.printed");
    let titles = "[...document.querySelectorAll('.booklet article h1')].map(e => e.textContent)";
    let titles: Vec<String> = serde_json::from_value(page.eval(titles)).expect("titles");
    assert_eq!(titles[..3], ["Worked example", "Field Engineering", "FE Career Development"]);
    assert!(titles.len() >= 12, "{titles:?}");
    // Links between its pages stay within it, and no id is there twice.
    let lost = "[...document.querySelectorAll('.booklet a[href^=\"#_page\"]')].filter(a => !document.getElementById(decodeURIComponent(a.hash.slice(1)))).map(a => a.hash)";
    assert_eq!(page.eval(lost), json!([]));
    let ids = "(ids => ids.length - new Set(ids).size)([...document.querySelectorAll('.booklet [id]')].map(e => e.id))";
    assert_eq!(page.eval(ids), 0);
    page.call("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    assert_eq!(page.eval("document.querySelector('main').checkVisibility()"), false);
    assert_eq!(page.eval("document.querySelector('.booklet article').checkVisibility()"), true);
    page.eval("dispatchEvent(new Event('afterprint'))");
    assert_eq!(page.eval("document.querySelector('.booklet')"), json!(null));
}

#[test]
fn the_theme_speaks_the_language_of_the_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    write("site.toml", "language = \"de\"\n[theme.words]\nsearch = \"Finden\"\n[theme.words.sv]\nsearch = \"Sök\"\n");
    let text = "date: 2026-03-05\n---\n> [!NOTE]\n> x\n\n## A\n\n## B\n";
    write("deutsch.md", &format!("---\n{text}"));
    write("hebrew.md", &format!("---\nlang: he\n{text}"));
    write("japanese.md", &format!("---\nlang: ja\n{text}"));
    write("swedish.md", &format!("---\nlang: sv\n{text}"));
    let output = folder.path().join("public");
    build(folder.path(), &output);
    let has = |page: &str, parts: &[&str]| {
        let html = std::fs::read_to_string(output.join(page).join("index.html")).expect("a page");
        for part in parts {
            assert!(html.contains(part), "{page} has no {part}");
        }
    };
    has("deutsch", &["<span>Finden</span>", ">Auf dieser Seite<", ">Hinweis</p>", ">5. März 2026</time>"]);
    has("hebrew", &["dir=\"rtl\"", "<span>חיפוש</span>", ">בדף הזה<", ">הערה</p>"]);
    has("japanese", &["<span>検索</span>", ">注記</p>", ">2026年3月5日</time>"]);
    has("swedish", &["<span>Sök</span>", ">Note</p>"]);
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
    let Some(axe) = std::env::var_os("AXE") else {
        eprintln!("skipped: name the file axe.min.js of the package axe-core in the variable AXE");
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
        for path in ["/", "/guide/", COMPONENTS, SEED, LEVEL, "/search/", "/not-there/"] {
            site.goto(&mut page, path);
            page.eval(&axe);
            for open in ["", "search", "menu"] {
                match open {
                    "search" => {
                        page.press("/");
                        page.wait_for("document.querySelector('#_search').open");
                    }
                    "menu" => drop(page.eval("document.querySelector('#_nav').showPopover()")),
                    _ => {}
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
