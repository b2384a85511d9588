//! Does the search find what people look for, and does it find it better than Pagefind does on the same pages?
//!
//! `cargo bench --bench search_relevance -- FOLDER [--questions FILE] [--most N] [--seed N] [--classes LETTERS] [--misses]`
//!
//! FOLDER is a project like that of `handbook build`; without it, our own handbook. The site is built, and from its pages
//! come the queries: (a) titles, (b) headings, (c) extracts of three or four words, (d) titles with one typing error, each
//! kind at most N times, drawn with a fixed seed; (e) are the questions of FILE. Pagefind's figures are there when it is
//! installed: `PAGEFIND` names the command, which otherwise is `python3 -m pagefind`. Both answer in the same run, and the
//! same rules say what is right:
//!
//! - A title that several pages have is answered by any of them, and so is a heading, or the words of an extract.
//! - A page is found at the rank that it has among the pages. The right part of it is found when it is also among the
//!   three parts that are shown below the page. A heading that answers a question does so with the parts below it.

#[path = "../tests/browser/mod.rs"]
mod browser;
#[path = "search/queries.rs"]
mod queries;
#[path = "search/report.rs"]
mod report;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use browser::server::Server;
use browser::{Browser, Page};
use handbook::project::{self, Overrides};
use handbook::search::{self, Answer, Files, Index};
use handbook::site::Site;
use handbook::update::{Changes, update};
use queries::{Query, SitePage};
use serde_json::{Value, json};

/// How many pages of an answer are looked at.
const SHOWN: usize = 10;
/// How many parts of a page are shown with it.
const PARTS: usize = 3;

/// A page that was found, and the parts of it that are shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its path.
    pub url: String,
    /// Ids of headings; empty for the page's beginning.
    pub parts: Vec<String>,
}

struct Arguments {
    root: PathBuf,
    questions: Option<PathBuf>,
    most: usize,
    seed: u64,
    classes: String,
    misses: bool,
}

fn main() {
    let arguments = arguments();
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let site = folder.path().join("site");
    build(&arguments.root, &site);
    let server = Server::start(&site);
    let pages = read(&mut browser.page(), &server, &site);
    let mut all = queries::generated(&pages, arguments.most, arguments.seed);
    all.extend(arguments.questions.iter().flat_map(|file| queries::questions(file, &pages)));
    all.retain(|query| arguments.classes.contains(query.class));
    println!("{} pages, {} queries from {}", pages.len(), all.len(), arguments.root.display());
    let ours = ours(&arguments.root, &all);
    let theirs = pagefind(&mut browser, &pages, &all, &site, &folder.path().join("pagefind"));
    report::table(&all, &ours, theirs.as_deref());
    if arguments.misses {
        report::misses(&all, &ours, theirs.as_deref());
    }
}

fn arguments() -> Arguments {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = Some(root.join("benches/search/handbook.txt"));
    let mut read = Arguments {
        root: root.to_path_buf(),
        questions: own.clone(),
        most: 400,
        seed: 1,
        classes: "abcde".to_string(),
        misses: false,
    };
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    while let Some(word) = words.next() {
        let mut value = || words.next().unwrap_or_else(|| panic!("{word} needs a value"));
        match word.as_str() {
            "--questions" => read.questions = Some(value().into()),
            "--most" => read.most = value().parse().expect("--most needs a number"),
            "--seed" => read.seed = value().parse().expect("--seed needs a number"),
            "--classes" => read.classes = value(),
            "--misses" => read.misses = true,
            folder => {
                read.root = folder.into();
                read.questions = read.questions.filter(|file| Some(file) != own.as_ref());
            }
        }
    }
    read
}

fn build(root: &Path, output: &Path) {
    run(Command::new(env!("CARGO_BIN_EXE_handbook"))
        .args(["build", "--quiet", "--base-url", "/", "--output"])
        .arg(output)
        .arg(root));
}

/// What a command printed. It ends the measurement when it fails.
fn run(command: &mut Command) -> String {
    let done = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("text")
}

/// The paths of all pages of a built site, sorted.
fn addresses(site: &Path) -> Vec<String> {
    let (mut open, mut found) = (vec![site.to_path_buf()], BTreeSet::new());
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the site") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.ends_with("index.html") {
                let folder = path.parent().and_then(|folder| folder.strip_prefix(site).ok()).expect("below the site");
                let parts = folder.iter().map(|part| part.to_str().expect("text"));
                found.insert(parts.fold("/".to_string(), |url, part| format!("{url}{part}/")));
            }
        }
    }
    found.into_iter().collect()
}

/// What a browser sees of the pages: neither search engine's reading of them.
const READ: &str = r##"async urls => {
  const clean = text => text.replace(/\s+/g, ' ').trim();
  const blocks = 'p, li, td, dd, dt, figcaption, summary';
  return Promise.all(urls.map(async url => {
    const page = new DOMParser().parseFromString(await (await fetch(encodeURI(url))).text(), 'text/html');
    const content = page.querySelector('[data-handbook-content]');
    if (!content) return null;
    for (const list of content.querySelectorAll('#markdown-toc')) list.remove();
    for (const code of content.querySelectorAll('pre, script, style, .katex, math')) code.remove();
    const title = clean(page.querySelector('h1')?.textContent ?? '');
    const parts = [{ id: '', heading: title, texts: [] }];
    for (const part of content.querySelectorAll(`h1, h2, h3, h4, h5, h6, ${blocks}`)) {
      if (/^H\d$/.test(part.tagName)) {
        if (part.id) parts.push({ id: part.id, level: +part.tagName[1], heading: clean(part.textContent), texts: [] });
      } else if (!part.querySelector(blocks)) {
        parts.at(-1).texts.push(clean(part.textContent));
      }
    }
    return { url, lang: page.documentElement.lang, parts };
  }));
}"##;

fn read(page: &mut Page<'_>, server: &Server, site: &Path) -> Vec<SitePage> {
    page.goto(&server.url);
    let mut pages = Vec::new();
    for some in addresses(site).chunks(50) {
        let read = page.eval(&format!("({READ})({})", json!(some)));
        pages.extend(read.as_array().into_iter().flatten().filter_map(queries::page));
    }
    pages
}

/// What `handbook search` finds, and the box of the theme with it.
fn ours(root: &Path, queries: &[Query]) -> Vec<Vec<Found>> {
    let (project, problems) = project::read(root, &Overrides::default()).expect("settings");
    let project = Arc::new(project);
    let site = update(&Site::empty(project.clone()), &project, problems, Changes::All);
    let index = Index::build(&site, None);
    let files = Files::open(|name| index.file(name)).expect("an index");
    let place = |answer: &Answer| parts(&format!("/{}", answer.url));
    let found = |page: &search::Found| {
        let (url, first) = place(&page.best);
        let more = page.more.iter().map(|answer| place(answer).1);
        Found { url, parts: [first].into_iter().chain(more).take(PARTS).collect() }
    };
    queries.iter().map(|query| search::search(&files, &query.text, SHOWN).pages.iter().map(found).collect()).collect()
}

/// The path of an address, and the id that it leads to.
fn parts(url: &str) -> (String, String) {
    let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (path, id) = url.split_once('#').unwrap_or((url, ""));
    (decode(path), decode(id))
}

/// As Pagefind's own box shows them: of a page's parts those in which most words were found.
const ASK_PAGEFIND: &str = r#"async (queries, shown, parts) => {
  const engine = window.engine ??= await import('/pagefind/pagefind.js');
  const answers = [];
  for (const query of queries) {
    const { results } = await engine.search(query);
    const pages = await Promise.all(results.slice(0, shown).map(result => result.data()));
    answers.push(pages.map(page => ({
      url: page.url,
      parts: page.sub_results.toSorted((a, b) => b.locations.length - a.locations.length).slice(0, parts).map(part => part.url),
    })));
  }
  return answers;
}"#;

/// The answers of Pagefind, or nothing when it is not installed. It gets the pages alone, without what is not text.
fn pagefind(
    browser: &mut Browser,
    pages: &[SitePage],
    queries: &[Query],
    site: &Path,
    copy: &Path,
) -> Option<Vec<Vec<Found>>> {
    for page in pages {
        let file =
            page.url.split('/').filter(|part| !part.is_empty()).fold(PathBuf::new(), |path, part| path.join(part));
        let file = file.join("index.html");
        fs::create_dir_all(copy.join(&file).parent().expect("a folder")).expect("made");
        fs::copy(site.join(&file), copy.join(&file)).expect("copied");
    }
    let command = std::env::var("PAGEFIND").unwrap_or_else(|_| "python3 -m pagefind".to_string());
    let mut words = command.split_whitespace();
    let mut command = Command::new(words.next()?);
    command.args(words).args([
        "--root-selector",
        "main",
        "--exclude-selectors",
        ".toc, .children, .page-foot, .crumbs",
    ]);
    // All pages in one index, also when some are in another language.
    let language = pages.first().map_or("en", |page| page.language.as_str());
    command.args(["--force-language", language, "--quiet", "--site"]).arg(copy);
    match command.output() {
        Ok(done) if done.status.success() => {}
        other => {
            println!("without Pagefind, which does not run: {other:?}");
            return None;
        }
    }
    let server = Server::start(copy);
    let mut page = browser.page();
    page.goto(&server.url);
    let mut answers = Vec::new();
    for some in queries.chunks(25) {
        let texts: Vec<&str> = some.iter().map(|query| query.text.as_str()).collect();
        let read = page.eval(&format!("({ASK_PAGEFIND})({}, {SHOWN}, {PARTS})", json!(texts)));
        answers.extend(read.as_array().into_iter().flatten().map(|answer| {
            let pages = answer.as_array().into_iter().flatten();
            let text = |value: &Value| parts(value.as_str().unwrap_or_default());
            let ids = |page: &Value| page["parts"].as_array().into_iter().flatten().map(|part| text(part).1).collect();
            pages.map(|page| Found { url: text(&page["url"]).0, parts: ids(page) }).collect()
        }));
    }
    Some(answers)
}
