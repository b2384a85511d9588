//! Edits as editors and version control make them, seen by the real watcher: in the end the site is that of a cold build.

#![cfg(unix)]

mod served;

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use handbook::diagnostic::Diagnostic;
use handbook::output::Content;
use handbook::project::{self, Overrides};
use handbook::render::{self, Engine};
use handbook::serve::{Event, Options, Server};
use handbook::site::Site;
use handbook::update::{Changes, update};
use served::{PATIENCE, Project};

/// Everything that a site publishes and reports.
fn rendered(site: &Site) -> (BTreeMap<String, Vec<u8>>, Vec<Diagnostic>) {
    let (engine, problems) = Engine::new(site);
    let mut diagnostics: Vec<Diagnostic> = site.diagnostics().cloned().collect();
    diagnostics.extend(problems);
    let mut outputs = BTreeMap::new();
    for (url, route) in &site.routes.entries {
        let (output, problems) = render::render(&engine, site, url, *route);
        diagnostics.extend(problems);
        let bytes = output.map(|output| match output.content {
            Content::Bytes(bytes) => bytes,
            Content::File(file) => fs::read(file).unwrap_or_default(),
        });
        outputs.insert(url.to_string(), bytes.unwrap_or_default());
    }
    (outputs, diagnostics)
}

struct Watched {
    project: Project,
    server: Server,
    /// How many pages were parsed, and how often the navigation was built, since it was asked last.
    n_parsed: usize,
    n_navs: usize,
}

impl Watched {
    fn new(files: &[(&str, &str)]) -> Watched {
        Watched::with(files, None)
    }

    fn with(files: &[(&str, &str)], poll: Option<Duration>) -> Watched {
        let project = Project::new(files);
        let options = Options {
            root: project.folder.path().to_owned(),
            overrides: Overrides::default(),
            host: "127.0.0.1".to_string(),
            port: Some(0),
            watch: true,
            reload: true,
            poll,
        };
        let (read, problems) = project::read(&options.root, &options.overrides).unwrap();
        let server = Server::start(options, read, problems, Arc::default()).unwrap();
        Watched { project, server, n_parsed: 0, n_navs: 0 }
    }

    fn cold(&self) -> Site {
        let (project, problems) = project::read(self.project.folder.path(), &Overrides::default()).unwrap();
        let project = Arc::new(project);
        update(&Site::empty(project.clone()), &project, problems, Changes::All)
    }

    /// Waits until the served site is that of a cold build.
    #[track_caller]
    fn settles(&mut self) {
        let end = Instant::now() + PATIENCE;
        let cold = rendered(&self.cold());
        while rendered(self.server.site()) != cold {
            assert!(Instant::now() < end, "the edit was missed: {:#?}", rendered(self.server.site()).1);
            self.step(Duration::from_millis(200));
        }
    }

    fn step(&mut self, most: Duration) -> bool {
        match self.server.wait_at_most(most) {
            Some(Event::Rebuilt(rebuilt)) => {
                self.n_parsed += rebuilt.n_parsed;
                self.n_navs += usize::from(rebuilt.nav_rebuilt);
                true
            }
            event => event.is_some(),
        }
    }
}

const FILES: &[(&str, &str)] = &[
    ("content/_index.md", "# Home\n\n[leave](people/leave.md#one)\n"),
    ("content/people/_index.md", "# People\n"),
    ("content/people/leave.md", "# Leave\n\n## One\n"),
    ("content/people/pay.md", "# Pay\n"),
    ("content/people/map.txt", "map"),
];
const LEAVE: &str = "content/people/leave.md";

#[test]
fn a_text_that_is_saved_in_place_parses_one_page_and_builds_no_navigation() {
    let mut watched = Watched::new(FILES);
    for n in 0..5 {
        (watched.n_parsed, watched.n_navs) = (0, 0);
        watched.project.write(LEAVE, &format!("# Leave\n\n## One\n\nVersion {n}.\n"));
        watched.settles();
        assert_eq!((watched.n_parsed, watched.n_navs), (1, 0));
    }
}

#[test]
fn a_file_that_another_is_renamed_over_is_seen() {
    let mut watched = Watched::new(FILES);
    for (n, temporary) in
        [".leave.md.swp", "leave.md~", "4913", "leave.md___jb_tmp___", "#leave.md#"].iter().enumerate()
    {
        let temporary = format!("content/people/{temporary}");
        watched.project.write(&temporary, &format!("# Leave\n\nVersion {n}.\n"));
        fs::rename(watched.project.path(&temporary), watched.project.path(LEAVE)).unwrap();
        watched.settles();
    }
}

#[test]
fn a_file_that_is_moved_away_and_written_again_is_never_gone() {
    let mut watched = Watched::new(FILES);
    // As Vim does with `backupcopy=no`.
    fs::rename(watched.project.path(LEAVE), watched.project.path("content/people/leave.md~")).unwrap();
    watched.project.write(LEAVE, "# Leave\n\nAnother.\n");
    watched.project.remove("content/people/leave.md~");
    watched.settles();
    assert_eq!(watched.server.site().pages.len(), 4);
}

#[test]
fn folders_that_come_and_go_are_watched() {
    let mut watched = Watched::new(FILES);
    let path = |name: &str| watched.project.path(name);
    let (people, team) = (path("content/people"), path("content/team"));
    fs::rename(&people, &team).unwrap();
    watched.settles();
    watched.project.write("content/team/leave.md", "# Leave\n\nIn the moved folder.\n");
    watched.settles();
    fs::remove_dir_all(&team).unwrap();
    watched.settles();
    watched.project.write("content/team/deep/er/new.md", "# New\n");
    watched.settles();
    watched.project.write("content/team/deep/er/new.md", "# New\n\nIn the folder of the same name.\n");
    watched.settles();
}

#[test]
fn a_thousand_files_at_once_are_seen() {
    let mut watched = Watched::new(FILES);
    for n in 0..1000 {
        watched.project.write(&format!("content/many/{}/page-{n}.md", n % 20), &format!("# Page {n}\n"));
    }
    watched.settles();
    for n in 0..1000 {
        let path = format!("content/many/{}/page-{n}.md", n % 20);
        if n % 3 == 0 { watched.project.remove(&path) } else { watched.project.write(&path, &format!("# Other {n}\n")) }
    }
    watched.settles();
}

#[test]
fn settings_templates_and_files_of_the_theme_are_watched() {
    let mut watched = Watched::new(FILES);
    for (path, text) in [
        ("site.toml", "title = \"Name\"\n"),
        ("templates/page.html", "{{ page.title }}\n"),
        ("templates/page.html", "{{ page.title }}!\n"),
        ("static/deep/a.txt", "a"),
        ("static/deep/a.txt", "other"),
        ("themes/own/templates/page.html", "own"),
        ("site.toml", "theme = \"own\"\n[markdown]\nmath = false\n"),
        ("themes/own/static/b.css", "b {}"),
        ("content/people/map.txt", "another map"),
    ] {
        watched.project.write(path, text);
        watched.settles();
    }
    watched.project.remove("templates/page.html");
    watched.settles();
    fs::remove_dir_all(watched.project.path("static")).unwrap();
    watched.settles();
}

#[test]
fn settings_that_cannot_be_read_leave_the_site_as_it_is_until_they_are_mended() {
    let mut watched = Watched::new(FILES);
    watched.project.write("site.toml", "title = \"Name\"\n");
    watched.settles();
    watched.project.write("site.toml", "title = \n");
    while !watched.step(PATIENCE) {}
    watched.project.write(LEAVE, "# Leave\n\nMeanwhile.\n");
    let is_there = |site: &Site| site.pages.iter().any(|page| page.document.body.html.contains("Meanwhile"));
    let end = Instant::now() + PATIENCE;
    while !is_there(watched.server.site()) && Instant::now() < end {
        watched.step(Duration::from_millis(200));
    }
    assert_eq!((is_there(watched.server.site()), watched.server.site().title()), (true, "Name"));
    watched.project.write("site.toml", "title = \"Mended\"\n");
    watched.settles();
}

#[test]
fn a_page_behind_a_link_changes_with_its_file() {
    let mut watched = Watched::new(FILES);
    std::os::unix::fs::symlink("leave.md", watched.project.path("content/people/holidays.md")).unwrap();
    std::os::unix::fs::symlink("people", watched.project.path("content/team")).unwrap();
    watched.settles();
    watched.project.write(LEAVE, "# Leave\n\nSeen in three places.\n");
    watched.settles();
}

#[test]
fn another_content_folder_is_found() {
    let mut watched = Watched::new(&[("docs/_index.md", "# Docs\n")]);
    watched.settles();
    watched.project.write("content/_index.md", "# Content\n");
    watched.settles();
    fs::rename(watched.project.path("content"), watched.project.path("other")).unwrap();
    watched.settles();
}

#[test]
fn folders_without_events_are_looked_at_from_time_to_time() {
    let mut watched = Watched::with(FILES, Some(Duration::from_millis(50)));
    for (path, text) in
        [(LEAVE, "# Leave\n\nOther.\n"), ("content/new/page.md", "# New\n"), ("site.toml", "title = \"T\"\n")]
    {
        watched.project.write(path, text);
        watched.settles();
    }
    watched.project.remove("content/new/page.md");
    watched.settles();
}

#[test]
fn after_random_edits_without_a_pause_nothing_is_missed() {
    let mut watched = Watched::new(FILES);
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut below = |most: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % most
    };
    let fronts =
        ["", "---\ntitle: One\n---\n", "---\nweight: 2\n---\n", "---\ntitle: [\n---\n", "---\ndraft: true\n---\n"];
    for round in 0..40 {
        for n in 0..1 + below(8) {
            let folder = ["people", "people/deep", "team"][below(3) as usize];
            let path = format!("content/{folder}/{}.md", ["leave", "pay", "index", "x"][below(4) as usize]);
            match below(9) {
                0 if watched.project.path(&path).is_file() => watched.project.remove(&path),
                1 => drop(fs::remove_dir_all(watched.project.path(&format!("content/{folder}")))),
                2 => {
                    let [from, to] = ["people", "team"].map(|name| watched.project.path(&format!("content/{name}")));
                    let _ = if below(2) == 0 { fs::rename(from, to) } else { fs::rename(to, from) };
                }
                3 => watched.project.write("site.toml", &format!("title = \"T{n}\"\n")),
                4 => watched.project.write("static/a.txt", &format!("{round} {n}")),
                _ => {
                    let front = fronts[below(5) as usize];
                    watched
                        .project
                        .write(&path, &format!("{front}# Page\n\n[x](/people/x/#two) {round} {n}\n\n## Two\n"));
                }
            }
            if below(4) == 0 {
                watched.step(Duration::from_millis(below(12)));
            }
        }
        watched.settles();
    }
}
