//! The search in a browser: what readers type, see, press and open. Without a Chromium the tests say so and pass.

#![cfg(unix)]

mod browser;
#[path = "../benches/made/mod.rs"]
mod made;
mod served;

use std::path::Path;
use std::process::Command;

use browser::server::Server;
use browser::{Browser, Page};
use serde_json::{Value, json};
use served::{Project, Served};
use tempfile::TempDir;

/// A small handbook with what searches trip over: words far down a page, the same heading twice, another script.
const PAGES: &[(&str, &str)] = &[
    ("_index.md", "---\ntitle: Handbook\n---\nHow we work at the harbour.\n"),
    ("people/_index.md", "---\ntitle: People\n---\nEverything about working here.\n"),
    (
        "people/time-off.md",
        "---\ntitle: Time off\ndescription: Holidays and other days away.\n---\nEveryone rests.\n\n## Asking for it\n\nWrite to your lead \
         two weeks before.\n\n## Illness\n\nGet well first. A certificate from a doctor is needed from the fourth day on, and the \
         office keeps it in a locked cabinet.\n\n- Call before nine.\n\n## Sabbatical\n\nAfter seven years, three months.\n",
    ),
    (
        "people/expenses.md",
        "---\ntitle: Expenses\n---\n## Travel\n\nTrains come before planes. Keep the receipt of each ticket.\n\n## Equipment\n\nA monitor \
         and a chair are paid for. See `expense-report --month` for the form.\n",
    ),
    ("engineering/_index.md", "---\ntitle: Engineering\n---\nBoats and code.\n"),
    (
        "engineering/on-call.md",
        "---\ntitle: On call\n---\n## Equipment\n\nA radio and a lamp.\n\n## Handing over\n\nTell the next colleague what happened in \
         the night. The monitor of the crane shows its log.\n",
    ),
    (
        "engineering/deploying.md",
        "---\ntitle: Deploying\n---\nEvery merge is deployed within an hour.\n\n## Rolling back\n\nPress the red lever.\n",
    ),
    (
        "drawing.md",
        "---\ntitle: Drawing\n---\nA walrus.\n\n<svg width=\"90\" height=\"20\"><text y=\"15\">walrus</text></svg>\n\n\
         <textarea>walrus</textarea>\n",
    ),
    (
        "odd.md",
        "---\ntitle: Odd anchors\n---\n## Discounts {#50%-off}\n\nHalf.\n\n## Ο ΛΟΓΟΣ ΜΑΣ\n\nText.\n\n## A B\u{301} C\n\nText.\n",
    ),
    ("ja.md", "---\ntitle: 評価制度\nlang: ja\n---\n## 昇進\n\n昇進は年に二回、四月と十月に決まります。\n"),
];

/// A handbook, built and served.
struct Site {
    server: Server,
    folder: TempDir,
    /// `/` or where else it is.
    base: String,
}

impl Site {
    fn new(base: &'static str) -> Site {
        Site::with(base, "")
    }

    fn with(base: &'static str, policy: &'static str) -> Site {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in PAGES {
            let file = folder.path().join("content").join(name);
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
            std::fs::write(file, text).expect("written");
        }
        std::fs::write(folder.path().join("site.toml"), "title = \"Handbook\"\n").expect("written");
        let output = folder.path().join("public");
        build(folder.path(), &output, base);
        let server = Server::start_with(&output, base, policy);
        Site { server, folder, base: base.to_string() }
    }

    fn goto(&self, page: &mut Page<'_>, path: &str) {
        page.goto(&format!("{}{}{path}", self.server.url, self.base));
    }

    /// The path of the page that is shown, below the base.
    fn at(&self, path: &str) -> String {
        format!("location.pathname === {} && document.readyState === 'complete'", json!(format!("{}{path}", self.base)))
    }
}

fn build(root: &Path, output: &Path, base: &str) {
    let done = Command::new(env!("CARGO_BIN_EXE_handbook"))
        .args(["build", "--base-url", base, "--output"])
        .arg(output)
        .arg(root)
        .output()
        .expect("the program runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// Opens the box with the key and waits until its script has come.
fn open(page: &mut Page<'_>) {
    page.press("/");
    page.wait_for("document.querySelector('#_search').open && document.querySelector('.within')");
}

fn write(page: &mut Page<'_>, words: &str) {
    page.eval("document.querySelector('#_search input').select()");
    page.write(words);
}

/// What the rows say, the selected one first.
const ROWS: &str = "[...document.querySelectorAll('#_hits [role=option]')].map(e => e.querySelector('b')?.textContent ?? e.textContent)";
const SELECTED: &str = "document.querySelector('#_hits [aria-selected=true] b')?.textContent";
const STATUS: &str = "document.querySelector('#_search [role=status]').textContent";
/// That the last answer is complete.
const DONE: &str = "document.querySelector('#_hits').ariaBusy === 'false'";

fn rows(page: &mut Page<'_>) -> Vec<String> {
    page.wait_for(DONE);
    page.eval(ROWS).as_array().into_iter().flatten().map(|row| row.as_str().unwrap_or_default().to_string()).collect()
}

#[test]
fn the_keyboard_opens_finds_follows_and_gets_back() {
    let Some(mut browser) = Browser::start() else { return };
    let site = Site::new("/");
    let mut page = browser.page();
    site.goto(&mut page, "people/");
    assert!(!site.server.asked().iter().any(|path| path.contains("search")), "nothing is fetched in advance");
    page.eval("document.querySelector('.theme').focus()");
    open(&mut page);
    assert_eq!(page.eval("document.activeElement.getAttribute('role')"), "combobox");
    write(&mut page, "equipment");
    page.wait_for(&format!("{STATUS} === '2 pages'"));
    assert_eq!(rows(&mut page), ["On call", "Equipment", "Expenses", "Equipment"]);
    assert_eq!(page.eval(SELECTED), "Equipment", "the row that answers best, not the page that it is on");
    let active =
        "document.getElementById(document.querySelector('#_search input').getAttribute('aria-activedescendant'))";
    assert_eq!(page.eval(&format!("{active}.getAttribute('href').split(':~:')[0]")), "/engineering/on-call/#equipment");
    page.press("ArrowDown");
    page.press("ArrowDown");
    assert_eq!(page.eval(&format!("{active}.getAttribute('href').split(':~:')[0]")), "/people/expenses/#equipment");
    page.press("ArrowDown");
    assert_eq!(page.eval(SELECTED), "On call", "the end leads to the start");
    page.press("ArrowUp");
    page.press("Escape");
    page.wait_for("!document.querySelector('#_search').open && document.activeElement.matches('.theme')");
    page.press_with("k", 2);
    page.wait_for("document.querySelector('#_search').open");
    assert_eq!(
        page.eval("getSelection().toString() || document.activeElement.value"),
        "equipment",
        "it is still there"
    );
    write(&mut page, "rolling back");
    page.wait_for(&format!("{SELECTED} === 'Rolling back' && {DONE}"));
    page.press("Enter");
    page.wait_for(&site.at("engineering/deploying/"));
    assert_eq!(page.eval("location.hash"), "#rolling-back");
}

#[test]
fn control_and_enter_open_another_tab() {
    let Some(mut browser) = Browser::start() else { return };
    let site = Site::new("/");
    let mut page = browser.page();
    site.goto(&mut page, "people/");
    open(&mut page);
    write(&mut page, "sabbatical");
    page.wait_for(&format!("{SELECTED} === 'Sabbatical'"));
    page.eval("window.open = url => { window.opened = url }");
    page.press_with("Enter", 2);
    page.wait_for("window.opened?.includes('/people/time-off/#sabbatical')");
    assert_eq!(page.eval("location.pathname"), "/people/");
    assert_eq!(page.eval("document.querySelector('#_search').open"), true);
}

#[test]
fn an_excerpt_shows_the_words_where_they_stand() {
    let Some(mut browser) = Browser::start() else { return };
    let site = Site::new("/");
    let mut page = browser.page();
    site.goto(&mut page, "");
    open(&mut page);
    write(&mut page, "is it the doctors certificate");
    let excerpt = "document.querySelector('#_hits .best .excerpt')";
    page.wait_for(&format!("{excerpt}?.textContent"));
    assert_eq!(page.eval(SELECTED), "Illness");
    let marks = page.eval(&format!("[...{excerpt}.querySelectorAll('mark')].map(e => e.textContent)"));
    assert_eq!(marks, json!(["certificate", "doctor"]), "other forms of the words too");
    page.eval("document.querySelector('#_hits .best').click()");
    page.wait_for(&site.at("people/time-off/"));
    // The address does not show the words that the browser marks.
    assert_eq!(page.eval("location.hash"), "#illness");
}

#[test]
fn a_result_far_below_its_heading_is_scrolled_to_and_marked() {
    let Some(mut browser) = Browser::start() else { return };
    let site = Site::new("/");
    let filler =
        |n: usize| format!("Nothing of interest stands in paragraph {n}, which is here to be scrolled past.\n\n");
    let some = |from: usize| (from..from + 60).map(filler).collect::<String>();
    let text =
        format!("---\ntitle: Rules\n---\n## Of the house\n\n{}The purple umbrella stays dry.\n\n{}", some(0), some(60));
    std::fs::write(site.folder.path().join("content/rules.md"), text).expect("written");
    build(site.folder.path(), &site.folder.path().join("public"), "/");
    let mut page = browser.page();
    page.prefer("light");
    site.goto(&mut page, "");
    open(&mut page);
    write(&mut page, "purple umbrella");
    page.wait_for("document.querySelector('#_hits .best .excerpt mark')");
    page.press("Enter");
    page.wait_for(&site.at("rules/"));
    let place = "[...document.querySelectorAll('.content p')].find(e => e.textContent.includes('umbrella')).getBoundingClientRect()";
    page.wait_for(&format!("(r => r.top > 0 && r.bottom < innerHeight)({place})"));
    let heading = "document.getElementById('of-the-house').getBoundingClientRect()";
    assert_eq!(page.eval(&format!("{heading}.bottom < 0")), true, "the heading is far above");
    // Which words a browser marks is to be seen in the picture alone.
    let picture = page.call("Page.captureScreenshot", json!({ "format": "png" }));
    let count = format!(
        "(async () => {{
            const picture = await createImageBitmap(await (await fetch('data:image/png;base64,{}')).blob());
            const room = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
            room.drawImage(picture, 0, 0);
            const {{ data }} = room.getImageData(0, 0, picture.width, picture.height);
            const {{ top, bottom }} = {place};
            const color = document.createElement('mark');
            document.body.append(color);
            const mark = getComputedStyle(color).backgroundColor.match(/\\d+/g).map(Number);
            let [inside, outside] = [0, 0];
            for (let at = 0; at < data.length; at += 4) {{
              if (!mark.every((value, part) => Math.abs(data[at + part] - value) < 3)) continue;
              const line = Math.floor(at / 4 / picture.width) * innerHeight / picture.height;
              if (line >= top && line <= bottom) inside++;
              else outside++;
            }}
            return [inside, outside];
          }})()",
        picture["data"].as_str().expect("a picture")
    );
    let marked = page.eval(&count);
    let [inside, outside] = [0, 1].map(|at| marked[at].as_u64().unwrap_or_default());
    assert!(inside > 500 && outside == 0, "{inside} points of the paragraph are marked, and {outside} elsewhere");
}

#[test]
fn a_browser_without_text_fragments_gets_its_marks_from_the_script() {
    let Some(mut browser) = Browser::start() else { return };
    let site = Site::new("/");
    let mut page = browser.page();
    let forget = json!({ "source": "delete Document.prototype.fragmentDirective" });
    page.call("Page.addScriptToEvaluateOnNewDocument", forget);
    site.goto(&mut page, "");
    open(&mut page);
    write(&mut page, "locked cabinet");
    page.wait_for("document.querySelector('#_hits .best .excerpt')?.textContent");
    page.press("Enter");
    page.wait_for("document.querySelectorAll('.content mark').length === 2");
    assert_eq!(
        page.eval("[...document.querySelectorAll('.content mark')].map(e => e.textContent).join()"),
        "locked,cabinet"
    );
    assert_eq!(page.eval("location.pathname + location.hash"), "/people/time-off/#illness");
    let shown =
        "(r => r.top > 0 && r.bottom < innerHeight)(document.querySelector('.content mark').getBoundingClientRect())";
    page.wait_for(shown);
}

#[test]
fn the_script_marks_words_of_the_text_alone_whatever_the_address_says() {
    let Some(mut browser) = Browser::start() else { return };
    let site = Site::new("/");
    let mut page = browser.page();
    let forget = json!({ "source": "delete Document.prototype.fragmentDirective" });
    page.call("Page.addScriptToEvaluateOnNewDocument", forget);
    // A `%` that is no escape must not end the script.
    site.goto(&mut page, "drawing/?find=walrus#100%");
    page.wait_for("document.querySelector('.content mark')");
    assert_eq!(page.eval("[...document.querySelectorAll('mark')].map(e => e.parentNode.localName).join()"), "p");
    assert_eq!(page.eval("document.querySelector('.content textarea').textContent"), "walrus");
}

#[test]
fn a_browser_that_cannot_unpack_the_index_gets_the_list_of_all_pages() {
    let Some(mut browser) = Browser::start() else { return };
    let site = Site::new("/");
    let mut page = browser.page();
    page.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": "delete window.DecompressionStream" }));
    site.goto(&mut page, "people/time-off/");
    page.press("/");
    assert_eq!(page.eval("document.querySelector('#_search').open"), false);
    page.eval("document.querySelector('.topbar a[data-search], a.find').click()");
    page.wait_for(&site.at("search/"));
    assert_eq!(page.eval("document.querySelector('#_search').open"), false);
    assert_eq!(page.eval("document.querySelectorAll('button[data-search]').length"), 0);
}

#[test]
fn words_with_a_mistake_are_taken_for_their_neighbours() {
    let Some(mut browser) = Browser::start() else { return };
    let site = Site::new("/");
    let mut page = browser.page();
    site.goto(&mut page, "");
    open(&mut page);
    write(&mut page, "sabatical ");
    page.wait_for("document.querySelector('#_hits .meant')");
    assert_eq!(page.eval("document.querySelector('#_hits .meant').textContent"), "Did you mean sabbatical ?");
    assert_eq!(page.eval(SELECTED), "Sabbatical");
    page.click("#_hits .meant");
    page.wait_for(&format!("!document.querySelector('#_hits .meant') && {SELECTED} === 'Sabbatical'"));
    assert_eq!(page.eval("document.querySelector('#_search input').value.trim()"), "sabbatical");
    write(&mut page, "sabatical certifcate ");
    page.wait_for("document.querySelector('#_hits .meant')?.textContent === 'Did you mean sabbatical certificate ?'");
    write(&mut page, "xylophone");
    page.wait_for("document.querySelector('#_hits .none')");
    assert_eq!(page.eval(STATUS), "Nothing found. Try fewer words, or other ones.");
    page.press("Enter");
    page.wait_for(&site.at("search/"));
}

#[test]
fn a_heading_without_an_id_leads_to_its_page() {
    let Some(mut browser) = Browser::start() else { return };
    let site = Site::new("/");
    let settings = "[markdown]\ndialect = \"kramdown\"\n[markdown.kramdown]\nauto_ids = false\n";
    std::fs::write(site.folder.path().join("site.toml"), settings).expect("written");
    build(site.folder.path(), &site.folder.path().join("public"), "/");
    let mut page = browser.page();
    site.goto(&mut page, "");
    open(&mut page);
    write(&mut page, "sabbatical");
    page.wait_for(&format!("{DONE} && {SELECTED} === 'Sabbatical'"));
    let script = "(async () => {
        const { engine, index, base } = document.querySelector('#_search').dataset;
        const opened = await (await import(engine)).Index.open(index, base);
        const { pages: [page] } = await opened.search('sabbatical');
        return (await opened.described(page)).sections[0].url;
      })()";
    assert_eq!(page.eval(script), "/people/time-off/");
}

#[test]
fn a_part_of_the_handbook_can_be_chosen() {
    let Some(mut browser) = Browser::start() else { return };
    let site = Site::new("/");
    let mut page = browser.page();
    site.goto(&mut page, "");
    open(&mut page);
    write(&mut page, "monitor");
    page.wait_for(&format!("{STATUS} === '2 pages'"));
    let names = "[...document.querySelectorAll('.within button')].map(e => e.textContent)";
    assert_eq!(page.eval(names), json!(["Everywhere", "Engineering 1", "People 1"]));
    page.click(".within button:nth-of-type(2)");
    page.wait_for(&format!("{STATUS} === '1 page'"));
    assert_eq!(rows(&mut page), ["On call", "Handing over"]);
    assert_eq!(page.eval("document.querySelector('.within [aria-pressed=true]').textContent"), "Engineering 1");
    assert_eq!(page.eval("document.activeElement.getAttribute('role')"), "combobox");
}

#[test]
fn all_works_below_a_folder_of_the_host() {
    let Some(mut browser) = Browser::start() else { return };
    let site = Site::new("/our/handbook/");
    let mut page = browser.page();
    site.goto(&mut page, "people/");
    open(&mut page);
    write(&mut page, "receipt");
    page.wait_for("document.querySelector('#_hits .best .excerpt mark')?.textContent === 'receipt'");
    page.press("Enter");
    page.wait_for(&site.at("people/expenses/"));
    let elsewhere: Vec<String> =
        site.server.asked().into_iter().filter(|path| !path.starts_with("/our/handbook/")).collect();
    assert!(elsewhere.iter().all(|path| path == "/favicon.ico"), "{elsewhere:?}");
}

/// Keeps answers back whose address has these letters, until `release()` is called.
fn hold(page: &mut Page<'_>, letters: &str) {
    page.eval(&format!(
        "(() => {{ const real = fetch; window.held = []; window.release = () => {{ held.forEach(go => go()); held = []; }};
         window.fetch = (url, more) => String(url).match({}) ? new Promise(done => held.push(() => done(real(url, more)))) : real(url, more) }})()",
        json!(letters)
    ));
}

#[test]
fn on_a_slow_line_titles_come_first_and_late_answers_change_nothing() {
    let Some(mut browser) = Browser::start() else { return };
    let site = Site::new("/");
    let mut page = browser.page();
    site.goto(&mut page, "");
    open(&mut page);
    hold(&mut page, "/t\\d+\\.bin");
    write(&mut page, "time");
    page.wait_for(&format!("{STATUS} === 'Searching …' && {SELECTED} === 'Time off'"));
    assert_eq!(page.eval("document.querySelector('#_hits').ariaBusy"), "true");
    // The answer to these words comes when others have been typed.
    page.eval("window.late = held; window.held = []");
    page.eval("document.querySelector('#_search input').value = ''; document.querySelector('#_search input').dispatchEvent(new Event('input'))");
    page.eval("late.forEach(go => go()); new Promise(done => setTimeout(done, 300))");
    assert_eq!(page.eval("document.querySelectorAll('#_hits [role=option]').length"), 0);
    write(&mut page, "lever");
    page.eval("release()");
    page.wait_for(&format!("{SELECTED} === 'Rolling back' && {DONE}"));
    assert_eq!(page.eval(STATUS), "1 page");
}

#[test]
fn what_was_used_once_works_without_a_connection() {
    let Some(mut browser) = Browser::start() else { return };
    let site = Site::new("/");
    let mut page = browser.page();
    site.goto(&mut page, "");
    open(&mut page);
    write(&mut page, "sabbatical");
    page.wait_for(&format!("{SELECTED} === 'Sabbatical' && document.querySelector('#_search').dataset.kept"));
    page.press("Escape");
    page.call("Network.enable", json!({}));
    let offline = json!({ "offline": true, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    page.call("Network.emulateNetworkConditions", offline);
    page.press_with("k", 2);
    write(&mut page, "lever");
    page.wait_for(&format!("{SELECTED} === 'Rolling back' && {DONE}"));
    write(&mut page, "評価");
    page.wait_for(&format!("{SELECTED} === '評価制度' && {DONE}"));
}

#[test]
fn a_lost_connection_is_told_and_titles_are_found() {
    let Some(mut browser) = Browser::start() else { return };
    let site = Site::new("/");
    let mut page = browser.page();
    site.goto(&mut page, "");
    page.eval("(() => { const real = fetch; window.fetch = (url, more) => /\\/[tn]\\d+\\.bin/.test(url) ? Promise.reject(new TypeError('offline')) : real(url, more) })()");
    open(&mut page);
    write(&mut page, "exp");
    page.wait_for(&format!("{STATUS} === 'No connection: these are titles alone.'"));
    assert_eq!(rows(&mut page), ["Expenses"]);
}

#[test]
fn a_site_that_was_published_anew_is_read_anew() {
    let Some(mut browser) = Browser::start() else { return };
    let site = Site::new("/");
    let mut page = browser.page();
    site.goto(&mut page, "");
    open(&mut page);
    write(&mut page, "lever");
    page.wait_for(&format!("{SELECTED} === 'Rolling back' && {DONE}"));
    let file = site.folder.path().join("content/engineering/deploying.md");
    std::fs::write(file, "---\ntitle: Deploying\n---\n## Undoing\n\nTurn the green wheel.\n").expect("written");
    build(site.folder.path(), &site.folder.path().join("public"), "/");
    page.press("Escape");
    open(&mut page);
    write(&mut page, "green wheel");
    page.wait_for(&format!("{SELECTED} === 'Undoing' && {DONE}"));
}

#[test]
fn recent_searches_stay_in_the_browser_and_can_be_forgotten() {
    let Some(mut browser) = Browser::start() else { return };
    let site = Site::new("/");
    let mut page = browser.page();
    site.goto(&mut page, "");
    for words in ["lever", "sabbatical"] {
        open(&mut page);
        write(&mut page, words);
        page.wait_for(&format!(
            "{SELECTED} && {DONE} && document.querySelector('#_search input').value === {}",
            json!(words)
        ));
        page.press("Enter");
        page.wait_for("document.readyState === 'complete' && !document.querySelector('#_search').open && location.pathname.length > 1");
    }
    site.goto(&mut page, "");
    open(&mut page);
    page.wait_for("document.querySelectorAll('#_hits .recent').length === 2");
    assert_eq!(rows(&mut page), ["sabbatical", "lever"]);
    page.press("ArrowDown");
    page.press("ArrowDown");
    page.press("Enter");
    page.wait_for(&format!("{SELECTED} === 'Rolling back' && {DONE}"));
    page.eval("document.querySelector('#_search input').value = ''; document.querySelector('#_search input').dispatchEvent(new Event('input'))");
    page.click(".forget");
    page.wait_for("!document.querySelector('#_hits .recent')");
    assert_eq!(page.eval("Object.keys(localStorage).join()"), "");
}

#[test]
fn an_input_method_is_left_in_peace() {
    let Some(mut browser) = Browser::start() else { return };
    let site = Site::new("/");
    let mut page = browser.page();
    site.goto(&mut page, "");
    open(&mut page);
    let compose = json!({ "text": "しょうしん", "selectionStart": 5, "selectionEnd": 5 });
    page.call("Input.imeSetComposition", compose);
    page.wait_for("document.querySelector('#_search input').value === 'しょうしん'");
    assert_eq!(page.eval("document.querySelector('#_hits').textContent"), "");
    page.write("昇進");
    page.wait_for(&format!("{SELECTED} === '昇進' && {DONE}"));
    page.wait_for("document.querySelector('#_hits .best .excerpt mark')?.textContent === '昇進'");
}

#[test]
fn small_screens_give_the_search_all_their_room() {
    let Some(mut browser) = Browser::start() else { return };
    let site = Site::new("/");
    let mut page = browser.page();
    page.resize(390, 844);
    site.goto(&mut page, "people/");
    page.click(".top .find");
    page.wait_for("document.querySelector('.within')");
    write(&mut page, "monitor");
    page.wait_for(&format!("{SELECTED} && {DONE}"));
    // A browser on a desk keeps room for its scroll bar.
    let fills = "(r => r.x === 0 && r.y === 0 && r.width >= innerWidth - 16 && r.height === innerHeight)";
    assert_eq!(page.eval(&format!("{fills}(document.querySelector('#_search').getBoundingClientRect())")), true);
    assert_eq!(page.eval("document.documentElement.scrollWidth <= innerWidth"), true);
    page.click("#_search .close");
    page.wait_for("!document.querySelector('#_search').open && document.activeElement.matches('.find')");
}

#[test]
fn a_strict_policy_of_the_host_is_no_hindrance() {
    let Some(mut browser) = Browser::start() else { return };
    let site = Site::with(
        "/",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:",
    );
    let mut page = browser.page();
    site.goto(&mut page, "people/");
    open(&mut page);
    write(&mut page, "receipt");
    page.wait_for("document.querySelector('#_hits .best .excerpt mark')?.textContent === 'receipt'");
}

#[test]
fn the_browser_and_the_program_give_the_same_answers() {
    let Some(mut browser) = Browser::start() else { return };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a folder");
    // Our own handbook, and pages in other scripts beside it.
    let content = folder.path().join("content");
    copy(&root.join("content"), &content);
    PAGES.iter().filter(|(name, _)| *name != "_index.md" && !name.starts_with("people/_")).for_each(|(name, text)| {
        let file = content.join("other").join(name);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        std::fs::write(file, text).expect("written");
    });
    let questions = std::fs::read_to_string(root.join("benches/search/handbook.txt")).expect("the questions");
    let mut queries: Vec<&str> = questions.lines().filter_map(|line| Some(line.split_once(" | ")?.0)).collect();
    queries.extend([
        "fr",
        "front mat",
        "table of contents",
        "the",
        "to be or not",
        "kramdwon",
        "promotoin",
        "navigaton bar ",
        "callouts' colours",
        "Größe",
        "昇進",
        "昇",
        "四月と十月",
        "評価 promotion",
        "link-anchor",
        "site.toml",
        "--base-url",
        "a b c d e f g h i j k l m n o p",
        "one's own domain",
        "GETTING STARTED",
        "x",
        "zzzzzz",
        "headings heading",
        "getting  started",
        "publishng on githb pages",
        "discounts",
        "λογος",
    ]);
    let n_answers = check_same(&mut browser, folder.path(), &queries);
    assert!(n_answers > 5 * queries.len(), "{n_answers} answers");
}

#[test]
fn they_do_so_on_many_pages_that_are_much_alike() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    made::handbook(folder.path(), 400).expect("the handbook can be written");
    let text: String = (0..400).step_by(9).map(|n| made::page(n, 400)).collect();
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(' ').collect()).collect();
    let long = lines.iter().filter(|words| words.len() > 8 && !words[0].is_empty());
    // Parts of sentences: whole, with the last word unfinished, with a letter too few, and with a gap.
    let mut queries: Vec<String> = Vec::new();
    for (n, words) in long.step_by(9).take(160).enumerate() {
        let part = &words[n % 4..n % 4 + 2 + n % 6];
        let query = part.join(" ");
        queries.push(match n % 4 {
            0 => query.chars().take(query.chars().count() - 2).collect(),
            1 => query.chars().enumerate().filter(|(at, _)| *at != query.chars().count() / 2).map(|(_, c)| c).collect(),
            2 => format!("{} {} ", part[0], part[part.len() - 1]),
            _ => query,
        });
    }
    let queries: Vec<&str> = queries.iter().map(String::as_str).collect();
    assert_eq!(queries.len(), 160);
    let n_answers = check_same(&mut browser, folder.path(), &queries);
    assert!(n_answers > 8 * queries.len(), "{n_answers} answers");
}

/// Asks the program and the browser, and gives how many answers there were.
fn check_same(browser: &mut Browser, folder: &Path, queries: &[&str]) -> usize {
    let output = folder.join("public");
    build(folder, &output, "/");
    let file = folder.join("queries.txt");
    std::fs::write(&file, queries.join("\n")).expect("written");
    let done = Command::new(env!("CARGO_BIN_EXE_handbook"))
        .args(["search", "--format", "json", "--root"])
        .arg(folder)
        .arg("--queries")
        .arg(&file)
        .output()
        .expect("the program runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let expected: Vec<Value> = String::from_utf8(done.stdout)
        .expect("text")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let server = Server::start(&output);
    let mut page = browser.page();
    page.goto(&format!("{}/", server.url));
    let script = "(async queries => {
        const { engine, index, base } = document.querySelector('#_search').dataset;
        const { Index } = await import(engine);
        const opened = await Index.open(index, base);
        const answers = [];
        for (const query of queries) {
          const { pages } = await opened.search(query);
          const shown = await Promise.all(pages.slice(0, 10).map(page => opened.described(page)));
          answers.push(shown.map(({ title, sections: [best] }) => ({ ...best, title })));
        }
        return answers;
      })";
    let answers = page.eval(&format!("{script}({})", json!(queries)));
    let answers = answers.as_array().expect("a list");
    assert_eq!((answers.len(), expected.len()), (queries.len(), queries.len()));
    for ((query, expected), answer) in queries.iter().zip(&expected).zip(answers) {
        let rows = |answer: &Value| -> Vec<String> {
            let rows = answer.as_array().into_iter().flatten();
            rows.map(|row| format!("{} {} {}", row["url"], row["title"], row["heading"])).collect()
        };
        assert_eq!(rows(answer), rows(expected), "{query}");
        let score = |row: &Value| row["score"].as_f64().unwrap_or_default();
        for (own, other) in answer.as_array().into_iter().flatten().zip(expected.as_array().into_iter().flatten()) {
            assert!((score(own) - score(other)).abs() < 0.0002, "{query}: {own} {other}");
        }
    }
    expected.iter().map(|answer| answer.as_array().map_or(0, Vec::len)).sum()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("made");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let to = to.join(path.file_name().expect("a name"));
        match path.is_dir() {
            true => copy(&path, &to),
            false => {
                std::fs::copy(&path, &to).expect("copied");
            }
        }
    }
}

#[test]
fn a_search_while_serving_knows_the_last_save() {
    let Some(mut browser) = Browser::start() else { return };
    let project = Project::new(&[
        ("content/_index.md", "# Home\n\nWelcome.\n"),
        ("content/leave.md", "# Leave\n\n## Asking\n\nWrite a letter.\n"),
    ]);
    let served = Served::start(project.folder.path(), &[]);
    let mut page = browser.page();
    page.goto(&served.url);
    page.wait_for("document.querySelector('script[data-handbook-ready]')");
    open(&mut page);
    write(&mut page, "letter");
    page.wait_for(&format!("{SELECTED} === 'Asking' && {DONE}"));
    project.write("content/leave.md", "# Leave\n\n## Asking\n\nSend a pigeon.\n");
    // The words are asked again until the save has arrived; nothing has to be loaded anew for that.
    page.wait_for(&format!(
        "(() => {{ const box = document.querySelector('#_search'); if ({SELECTED} === 'Asking' && box.querySelector('input').value === 'pigeon') return true;
          if ({DONE}) {{ box.querySelector('input').value = 'pigeon'; dispatchEvent(new Event('handbook-change')); }} return false; }})()"
    ));
}

#[test]
fn axe_finds_nothing_in_the_open_box() {
    let Some(axe) = std::env::var_os("AXE") else {
        eprintln!("skipped: name the file axe.min.js of the package axe-core in the variable AXE");
        return;
    };
    let Some(mut browser) = Browser::start() else { return };
    let axe = std::fs::read_to_string(axe).expect("axe-core");
    let site = Site::new("/");
    let mut page = browser.page();
    let mut found = Vec::new();
    for (width, scheme) in [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")] {
        page.resize(width, 900);
        page.prefer(scheme);
        site.goto(&mut page, "people/");
        page.eval(&axe);
        page.eval("localStorage['handbookSearches:/'] = JSON.stringify(['lever'])");
        open(&mut page);
        for words in ["", "monitor", "sabatical ", "xylophone"] {
            write(&mut page, words);
            page.wait_for(&format!("{DONE} && document.querySelector('#_search input').value === {}", json!(words)));
            page.wait_for("[...document.querySelectorAll('#_hits .best .excerpt')].every(e => e.textContent)");
            let run = "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
                .then(r => r.violations.map(v => v.id + ' ' + v.nodes.map(n => n.target.join(' ')).join(', ')))";
            for violation in page.eval(run).as_array().into_iter().flatten() {
                found.push(format!("{width} {scheme} {words}: {violation}"));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}
