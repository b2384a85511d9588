//! Whoever watches a folder brings the site up to date from the one before. Whatever was edited in between, that must give
//! exactly what a cold build gives, and it must not read again what did not change.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use handbook::diagnostic::Diagnostic;
use handbook::output::Content;
use handbook::project::{self, Overrides};
use handbook::render::{self, Engine};
use handbook::search::{self, Index};
use handbook::site::Site;
use handbook::site::page::Page;
use handbook::source::SourcePath;
use handbook::update::{Changes, update};

/// A project in a folder of its own, whose files are always seen to have changed.
struct Handbook {
    folder: tempfile::TempDir,
    clock: u64,
    /// What was touched since the last look at it, as a watcher would tell.
    touched: Vec<String>,
}

impl Handbook {
    fn new(files: &[(&str, &str)]) -> Handbook {
        let mut handbook = Handbook { folder: tempfile::tempdir().unwrap(), clock: 0, touched: Vec::new() };
        files.iter().for_each(|(path, text)| handbook.write(path, text));
        handbook
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file at a time that no file was written at before: two edits within a tick of a real clock look like one.
    fn write(&mut self, path: &str, text: &str) {
        self.touched.push(path.to_string());
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        self.clock += 1;
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + self.clock);
        File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    }

    fn remove(&mut self, path: &str) {
        self.touched.push(path.to_string());
        fs::remove_file(self.path(path)).unwrap();
    }

    fn rename(&mut self, from: &str, to: &str) {
        self.touched.extend([from.to_string(), to.to_string()]);
        let to = self.path(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::rename(self.path(from), to).unwrap();
    }

    /// The site as it is now, built on the one before.
    fn update(&self, before: &Site) -> Site {
        let (project, problems) = project::read(self.folder.path(), &Overrides::default()).unwrap();
        update(before, &Arc::new(project), problems, Changes::All)
    }

    /// The site as it is now, built on the one before, by looking at what was touched and nothing else.
    fn update_touched(&mut self, before: &Site) -> Site {
        let touched = std::mem::take(&mut self.touched);
        let in_content = |path: &String| SourcePath::new(path.strip_prefix("content/")?);
        match touched.iter().map(in_content).collect() {
            Some(paths) if before.project.prefix == "content" => {
                let problems = project::read(self.folder.path(), &Overrides::default()).unwrap().1;
                update(before, &before.project, problems, Changes::Paths(paths))
            }
            _ => self.update(before),
        }
    }

    /// The site as it is now, built from nothing.
    fn cold(&self) -> Site {
        let (project, problems) = project::read(self.folder.path(), &Overrides::default()).unwrap();
        let project = Arc::new(project);
        update(&Site::empty(project.clone()), &project, problems, Changes::All)
    }
}

/// What is published at each address, and every problem.
type Rendered = (BTreeMap<String, Vec<u8>>, Vec<Diagnostic>);

/// Everything that a site publishes and reports, with templates that were read for it.
fn rendered(site: &Site) -> Rendered {
    let (engine, problems) = Engine::parse(site);
    rendered_with(&engine, &problems, site)
}

/// Everything that a site publishes and reports. `template_problems` are those that reading the templates gave.
fn rendered_with(engine: &Engine, template_problems: &[Diagnostic], site: &Site) -> Rendered {
    let mut diagnostics = site.diagnostics().cloned().collect::<Vec<_>>();
    diagnostics.extend(template_problems.iter().cloned());
    diagnostics.extend(engine.unknown_layouts(site));
    let mut outputs = BTreeMap::new();
    for (url, route) in &site.routes.entries {
        let (output, problems) = render::render(engine, site, url, *route);
        diagnostics.extend(problems);
        let bytes = output.map(|output| match output.content {
            Content::Bytes(bytes) => bytes,
            Content::File(file) => fs::read(&file).unwrap_or_else(|_| panic!("{url}: no {file:?}")),
        });
        outputs.insert(url.to_string(), bytes.unwrap_or_default());
    }
    let search = Index::build(site, None).all_files();
    outputs.extend(search.into_iter().map(|(name, bytes)| (search::file_url(&name).to_string(), bytes)));
    (outputs, diagnostics)
}

#[track_caller]
fn assert_same((warm, warm_problems): Rendered, (cold, cold_problems): Rendered, edits: &[String]) {
    let history = || edits.join("\n");
    let addresses = |outputs: &BTreeMap<String, Vec<u8>>| outputs.keys().cloned().collect::<Vec<_>>();
    assert_eq!(addresses(&warm), addresses(&cold), "after\n{}", history());
    for (url, bytes) in &cold {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(text(&warm[url]), text(bytes), "at {url} after\n{}", history());
    }
    assert_eq!(warm_problems, cold_problems, "after\n{}", history());
}

// --- Random edits ---

/// A small generator with a fixed seed: a failure must be the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.max(1) as u64) as usize
    }

    fn of<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len())]
    }
}

/// Few names, so that edits meet: the same address twice, a folder beside its page, links that come and go.
const PAGES: &[&str] = &[
    "_index.md",
    "index.md",
    "a.md",
    "b.md",
    "A.md",
    "people.md",
    "people/_index.md",
    "people/README.md",
    "people/leave.md",
    "people/level 2.md",
    "people/deep/x.md",
    "people/deep/y.md",
    "other/z.html.md",
];
const FILES: &[&str] = &[
    "content/plan.txt",
    "content/people/plan.txt",
    "content/assets/theme.css",
    "static/plan.txt",
    "static/assets/theme.css",
    "static/a",
    "content/old/index.html",
];
const FRONT: &[&str] = &[
    "title: Leave",
    "title: Level 10",
    "title: \"Level 2\"",
    "nav_title: Short",
    "weight: 1",
    "weight: 2.5",
    "weight: ten",
    "draft: true",
    "aliases: /old/",
    "aliases: [/old/, /people/]",
    "redirect_to: /a/",
    "redirect_to: people/leave.md",
    "nav: false",
    "slug: other",
    "url: /people/",
    "url: /../x/",
    "layout: nowhere",
    "layout: home",
    "description: Words",
    "section_nav: [{ title: A, url: /a/ }, { title: X, url: /people/deep/x/#one }]",
    "title: [broken",
    "noindex: true",
    "toc: false",
    "date: 2026-01-02",
    "country: Norway",
    "lang: ar",
    "dialect: kramdown",
];
const BODY: &[&str] = &[
    "# Leave",
    "## One",
    "## Two {#two}",
    "Text.",
    "[a](/a/) and [b](b.md#one)",
    "[leave](people/leave.md#two)",
    "[up](../)",
    "![image](plan.txt)",
    "[**A**](/a/) - [**B**](/b/) - [**X**](/people/deep/x/)",
    "[old](/old/#two)",
    "[[_TOC_]]",
    "[file](plan.txt)",
    "$x$",
    "{:toc}",
    "[draft](/people/level-2/)",
];
const SETTINGS: &[&str] = &[
    "title = \"Handbook\"\n",
    "base_url = \"/base/\"\n",
    "base_url = \"https://x.example/\"\ncname = \"x.example\"\n",
    "drafts = true\n",
    "language = \"he\"\n",
    "[markdown]\nsection_nav = false\n",
    "[markdown]\nmath = false\ntoc_levels = [1, 4]\n",
    "[markdown]\ndialect = \"kramdown\"\n",
    "[nav]\nmain = [{ title = \"A\", url = \"/a/\" }]\n",
    "[links]\nhosts = [\"x.example\"]\n",
    "[theme]\nfooter = \"[leave](/people/leave/#two)\"\nlogo = \"/plan.txt\"\n",
    "[theme.announcement]\ntext = \"Read [this](/a/)\"\n",
];

const TEMPLATES: &[(&str, &str)] = &[
    ("page.html", "{{ page.title }} {{ page.content | safe }}\n"),
    ("page.html", "{{ site.title }}: {{ page.title }}\n"),
    ("page.html", "{{ page.nothing.at.all }}\n"),
    ("section.html", "{% if page.title %}\n"),
    ("section.html", "{{ page.title }} of {{ site.title }}\n"),
    ("404.html", "Nothing in {{ site.title }}\n"),
    ("partials/extra.html", "Extra\n"),
];

/// A page, line by line.
#[derive(Debug, Clone, Default)]
struct Draft {
    front: Vec<&'static str>,
    body: Vec<&'static str>,
}

impl Draft {
    fn random(random: &mut Random) -> Draft {
        let front = (0..random.below(4)).map(|_| random.of(FRONT)).collect();
        let body = (0..random.below(4)).map(|_| random.of(BODY)).collect();
        Draft { front, body }
    }

    fn text(&self) -> String {
        let front =
            if self.front.is_empty() { String::new() } else { format!("---\n{}\n---\n", self.front.join("\n")) };
        format!("{front}{}\n", self.body.join("\n\n"))
    }

    /// Changes one line of the text or of the front matter.
    fn edit(&mut self, random: &mut Random) {
        let (lines, words) = match random.below(2) {
            0 => (&mut self.front, FRONT),
            _ => (&mut self.body, BODY),
        };
        match (random.below(3), lines.len()) {
            (0, 1..) => drop(lines.remove(random.below(lines.len()))),
            (1, 1..) => {
                let at = random.below(lines.len());
                lines[at] = random.of(words);
            }
            _ => lines.insert(random.below(lines.len() + 1), random.of(words)),
        }
    }
}

/// What is in the project, so that edits can be made and taken back.
struct Editor {
    random: Random,
    handbook: Handbook,
    content: &'static str,
    pages: BTreeMap<String, Draft>,
    /// The version before of the page that was edited last.
    undo: Option<(String, Option<Draft>)>,
    /// All pages as they were some time ago, as a commit of version control keeps them.
    commit: BTreeMap<String, Draft>,
    edits: Vec<String>,
}

const SHOW: &str = "[extra]\nshow = [\"page\", \"toc\", \"nav\", \"features\"]\n";

impl Editor {
    fn new(seed: u64) -> Editor {
        let mut handbook = Handbook::new(&[("site.toml", SHOW)]);
        let plain = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites/themes/plain/templates");
        for entry in fs::read_dir(plain).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("templates/{}", path.file_name().unwrap().to_str().unwrap());
            handbook.write(&name, &fs::read_to_string(path).unwrap());
        }
        let random = Random(0x9E37_79B9_7F4A_7C15 ^ (seed << 32));
        let (pages, edits) = (BTreeMap::new(), Vec::new());
        let commit = BTreeMap::new();
        let mut editor = Editor { random, handbook, content: "content", pages, undo: None, commit, edits };
        for _ in 0..6 {
            let page = editor.random.of(PAGES).to_string();
            let draft = Draft::random(&mut editor.random);
            editor.put(page, Some(draft));
        }
        editor
    }

    fn put(&mut self, page: String, draft: Option<Draft>) {
        let path = format!("{}/{page}", self.content);
        let before = match draft {
            Some(draft) => {
                self.handbook.write(&path, &draft.text());
                self.edits.push(format!("write {path}: {:?}", draft.text()));
                self.pages.insert(page.clone(), draft)
            }
            None => {
                let before = self.pages.remove(&page);
                if before.is_some() {
                    self.handbook.remove(&path);
                    self.edits.push(format!("remove {path}"));
                }
                before
            }
        };
        self.undo = Some((page, before));
    }

    fn some_page(&mut self) -> Option<String> {
        let n = self.random.below(self.pages.len());
        self.pages.keys().nth(n).cloned()
    }

    fn edit(&mut self) {
        let kind = self.random.below(27);
        match (kind, self.some_page()) {
            (0..=8, Some(page)) => {
                let mut draft = self.pages[&page].clone();
                draft.edit(&mut self.random);
                self.put(page, Some(draft));
            }
            (9..=10, Some(page)) => self.put(page, None),
            (11..=12, Some(from)) => {
                let to = self.random.of(PAGES).to_string();
                if self.pages.contains_key(&to) {
                    return;
                }
                self.handbook.rename(&format!("{}/{from}", self.content), &format!("{}/{to}", self.content));
                self.edits.push(format!("rename {from} to {to}"));
                let draft = self.pages.remove(&from).unwrap_or_default();
                self.pages.insert(to, draft);
                self.undo = None;
            }
            (13, _) => {
                if let Some((page, draft)) = self.undo.take() {
                    self.put(page, draft);
                }
            }
            (14..=15, _) => {
                let file = self.random.of(FILES).replacen("content", self.content, 1);
                let is_there = self.handbook.path(&file).is_file();
                self.edits.push(format!("{} {file}", if is_there { "remove" } else { "write" }));
                match is_there {
                    true => self.handbook.remove(&file),
                    false => self.handbook.write(&file, &format!("{}", self.random.below(3))),
                }
            }
            (16, _) => {
                let settings = self.random.of(SETTINGS);
                self.handbook.write("site.toml", &format!("{settings}{SHOW}"));
                self.edits.push(format!("settings {settings:?}"));
            }
            (17, _) => {
                let to = if self.content == "content" { "docs" } else { "content" };
                if self.handbook.path(self.content).is_dir() {
                    self.handbook.rename(self.content, to);
                    self.edits.push(format!("rename {} to {to}", self.content));
                    self.content = to;
                }
            }
            (20..=21, _) => {
                let (name, text) = TEMPLATES[self.random.below(TEMPLATES.len())];
                let file = format!("templates/{name}");
                self.edits.push(format!("template {name}: {text:?}"));
                match self.handbook.path(&file).is_file() && self.random.below(3) == 0 {
                    true => self.handbook.remove(&file),
                    false => self.handbook.write(&file, text),
                }
            }
            (22..=23, _) => self.move_folder(),
            (24, _) => self.commit = self.pages.clone(),
            (25, _) => {
                // `git checkout`: many files at once.
                let commit = self.commit.clone();
                let gone: Vec<String> = self.pages.keys().filter(|page| !commit.contains_key(*page)).cloned().collect();
                gone.into_iter().for_each(|page| self.put(page, None));
                commit.into_iter().for_each(|(page, draft)| self.put(page, Some(draft)));
            }
            (26, Some(page)) => {
                let mut draft = self.pages[&page].clone();
                let broken = draft.front.iter().position(|line| line.contains('['));
                match broken {
                    Some(at) => drop(draft.front.remove(at)),
                    None => draft.front.push("title: [broken"),
                }
                self.put(page, Some(draft));
            }
            _ => {
                let page = self.random.of(PAGES).to_string();
                let draft = Draft::random(&mut self.random);
                self.put(page, Some(draft));
            }
        }
    }

    /// Moves a folder with all that is in it to where nothing is yet.
    fn move_folder(&mut self) {
        let (from, to) = (self.random.of(FOLDERS), self.random.of(FOLDERS));
        let place = |folder: &str| format!("{}/{folder}", self.content);
        let (old, new) = (place(from), place(to));
        if to.starts_with(from) || !self.handbook.path(&old).is_dir() || self.handbook.path(&new).exists() {
            return;
        }
        self.handbook.rename(&old, &new);
        self.edits.push(format!("move {old} to {new}"));
        let moved = |page: String| match page.strip_prefix(from).filter(|rest| rest.starts_with('/')) {
            Some(rest) => format!("{to}{rest}"),
            None => page,
        };
        self.pages = std::mem::take(&mut self.pages).into_iter().map(|(page, draft)| (moved(page), draft)).collect();
        self.undo = None;
        // The watcher cannot name what was in it.
        self.handbook.touched.push(String::new());
    }
}

/// Where the pages of a folder may be moved to and from.
const FOLDERS: &[&str] = &["people", "people/deep", "other", "other/people", "team"];

/// Whether exactly the work was done that the differences between the two sites ask for.
#[track_caller]
fn assert_work(before: &Site, after: &Site, edits: &[String]) {
    let is_same_project = before.project.folders.content == after.project.folders.content
        && before.project.prefix == after.project.prefix
        && before.project.config == after.project.config;
    let is_same_reading = before.project.folders.content == after.project.folders.content
        && before.project.markdown_options() == after.project.markdown_options();
    let history = || edits.join("\n");
    for page in &after.pages {
        let known = before.page_of_file(page.path.as_str()).map(|id| &before.pages[id.0 as usize]);
        let is_same_file =
            known.is_some_and(|old| (old.stamp.hash, old.kind) == (page.stamp.hash, page.kind) && is_same_reading);
        let is_kept = known.is_some_and(|old| Arc::ptr_eq(old, page));
        assert_eq!(is_kept, is_same_file, "whether {:?} is kept after\n{}", page.path, history());
    }
    let all = |equal: fn(&Page, &Page) -> bool| {
        before.pages.len() == after.pages.len() && before.pages.iter().zip(&after.pages).all(|(a, b)| equal(a, b))
    };
    let same_addresses = is_same_project
        && all(|a, b| {
            let address = |page: &Page| (page.path.clone(), page.kind, page.url.clone(), page.front.draft);
            let redirects = |page: &Page| (page.front.aliases.clone(), page.front.redirect_to.clone());
            address(a) == address(b) && redirects(a) == redirects(b)
        });
    let same_nav = all(|a, b| {
        let fields =
            |page: &Page| (page.title.clone(), page.front.nav_title.clone(), page.front.weight, page.front.nav_hidden);
        fields(a) == fields(b)
    });
    let places =
        |site: &Site| -> Vec<_> { site.assets.iter().map(|asset| (asset.url.clone(), asset.origin)).collect() };
    let keeps_routes = same_addresses && places(before) == places(after);
    assert_eq!(Arc::ptr_eq(&before.routes, &after.routes), keeps_routes, "the routes after\n{}", history());
    let keeps_nav = same_addresses && same_nav;
    assert_eq!(Arc::ptr_eq(&before.nav, &after.nav), keeps_nav, "the navigation after\n{}", history());
}

#[test]
fn after_any_edits_the_site_is_that_of_a_cold_build() {
    for seed in 1..=16 {
        let mut editor = Editor::new(seed);
        let mut site = editor.handbook.cold();
        // The server keeps these for as long as they fit.
        let mut templates = Engine::parse(&site);
        for _ in 0..40 {
            // Sometimes several edits come at once.
            for _ in 0..1 + editor.random.below(3) / 2 {
                editor.edit();
            }
            let before = site;
            site = match editor.random.below(3) {
                0 => editor.handbook.update(&before),
                _ => editor.handbook.update_touched(&before),
            };
            editor.handbook.touched.clear();
            assert_work(&before, &site, &editor.edits);
            if !templates.0.fits(&site) {
                templates = Engine::parse(&site);
            }
            let warm = rendered_with(&templates.0, &templates.1, &site);
            assert_same(warm, rendered(&editor.handbook.cold()), &editor.edits);
        }
    }
}

// --- What is kept ---

fn small() -> (Handbook, Site) {
    let handbook = Handbook::new(&[
        ("content/_index.md", "# Home\n"),
        ("content/people/_index.md", "# People\n"),
        ("content/people/leave.md", "---\ntitle: Leave\n---\nText.\n"),
        ("content/people/pay.md", "# Pay\n"),
        ("content/map.txt", "map"),
    ]);
    let site = handbook.cold();
    (handbook, site)
}

/// The files of the pages that were read again.
fn read_again<'a>(before: &Site, after: &'a Site) -> Vec<&'a str> {
    let is_kept = |page: &Arc<_>| before.pages.iter().any(|old| Arc::ptr_eq(old, page));
    after.pages.iter().filter(|page| !is_kept(page)).map(|page| page.path.as_str()).collect()
}

/// After writing one file: the pages that were read again, and whether routes and navigation were kept.
#[track_caller]
fn check(path: &str, text: &str, again: &[&str], keeps_routes: bool, keeps_nav: bool) {
    let (mut handbook, before) = small();
    handbook.touched.clear();
    handbook.write(path, text);
    for after in [handbook.update(&before), handbook.update_touched(&before)] {
        assert_eq!(read_again(&before, &after), again);
        assert_eq!(Arc::ptr_eq(&before.routes, &after.routes), keeps_routes, "whether the routes are kept");
        assert_eq!(Arc::ptr_eq(&before.nav, &after.nav), keeps_nav, "whether the navigation is kept");
        assert_same(rendered(&after), rendered(&handbook.cold()), &[]);
    }
}

const LEAVE: &str = "content/people/leave.md";

#[test]
fn an_edit_of_a_text_reads_one_page_and_keeps_routes_and_navigation() {
    check(LEAVE, "---\ntitle: Leave\n---\nOther text, [pay](pay.md).\n", &["people/leave.md"], true, true);
}

#[test]
fn another_title_rebuilds_the_navigation_only() {
    check(LEAVE, "---\ntitle: Holidays\n---\nText.\n", &["people/leave.md"], true, false);
}

#[test]
fn another_weight_rebuilds_the_navigation_only() {
    check(LEAVE, "---\ntitle: Leave\nweight: 1\n---\nText.\n", &["people/leave.md"], true, false);
}

#[test]
fn another_alias_rebuilds_the_routes() {
    check(LEAVE, "---\ntitle: Leave\naliases: /old/\n---\nText.\n", &["people/leave.md"], false, false);
}

#[test]
fn a_new_page_is_the_only_one_that_is_read() {
    check("content/people/new.md", "# New\n", &["people/new.md"], false, false);
}

#[test]
fn other_bytes_of_a_file_read_no_page() {
    check("content/map.txt", "another map", &[], true, true);
}

#[test]
fn a_new_file_rebuilds_the_routes_only() {
    check("content/new.txt", "", &[], false, true);
}

#[test]
fn other_options_of_markdown_read_every_page() {
    let all = ["_index.md", "people/_index.md", "people/leave.md", "people/pay.md"];
    check("site.toml", "[markdown]\nmath = false\n", &all, false, false);
}

#[test]
fn settings_that_concern_no_page_read_none() {
    check("site.toml", "title = \"Name\"\n", &[], false, false);
}

#[test]
fn a_changed_template_reads_nothing() {
    check("templates/page.html", "{{ page.title }}\n", &[], true, true);
}

#[test]
fn nothing_is_rebuilt_when_nothing_changed() {
    let (handbook, before) = small();
    let after = handbook.update(&before);
    assert_eq!(read_again(&before, &after), [""; 0]);
    assert!(Arc::ptr_eq(&before.routes, &after.routes) && Arc::ptr_eq(&before.nav, &after.nav));
}

#[test]
fn a_touched_page_is_the_only_file_that_is_looked_at() {
    let (mut handbook, before) = small();
    handbook.write("content/people/pay.md", "# Pay\n\nMore.\n");
    handbook.touched.clear();
    handbook.write("content/people/leave.md", "Other.\n");
    let after = handbook.update_touched(&before);
    // The other one waits until somebody tells of it.
    assert_eq!(read_again(&before, &after), ["people/leave.md"]);
    assert_eq!(read_again(&after, &handbook.update(&after)), ["people/pay.md"]);
}

#[test]
fn a_page_that_was_saved_unchanged_is_not_parsed() {
    let (mut handbook, before) = small();
    handbook.write("content/people/pay.md", "# Pay\n");
    for after in [handbook.update(&before), handbook.update_touched(&before)] {
        assert_eq!(read_again(&before, &after), [""; 0]);
    }
}

#[test]
fn two_edits_within_a_tick_of_the_clock_are_both_seen() {
    let (handbook, _) = small();
    let file = handbook.path("content/people/pay.md");
    fs::write(&file, "# Pay\n\n1\n").unwrap();
    let time = fs::metadata(&file).unwrap().modified().unwrap();
    let before = handbook.cold();
    fs::write(&file, "# Pay\n\n2\n").unwrap();
    File::options().write(true).open(&file).unwrap().set_modified(time).unwrap();
    assert_eq!(read_again(&before, &handbook.update(&before)), ["people/pay.md"]);
}
