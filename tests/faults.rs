//! What goes wrong around the program: files that cannot be read or that are none, folders without end, clocks that are
//! wrong, readers who go away, and two of us at once. Each ends, says what is the matter, and loses nothing.
#![cfg(unix)]

mod program;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use expect_test::expect;
use handbook::output::Content;
use handbook::project::{self, Overrides};
use handbook::render::{self, Engine};
use handbook::site::Site;
use handbook::site::url::UrlPath;
use handbook::source;
use handbook::update::{Changes, update};
use program::Handbook;

const NOBODY: u32 = 65_534;

#[test]
fn files_that_may_not_be_read_are_all_told_before_anything_is_written() {
    let handbook = Handbook::new()
        .file("content/index.md", "# Start\n")
        .file("content/a.png", "a")
        .file("content/b.pdf", "b")
        .file("content/c.md", "# C\n");
    for file in ["content/a.png", "content/b.pdf", "content/c.md"] {
        fs::set_permissions(handbook.path(file), fs::Permissions::from_mode(0o0)).unwrap();
    }
    // A copy, since the build folder may be in one that nobody else can look into. Another process makes it: a file that a
    // test of ours has open for writing while another one starts a process cannot be run.
    let program = handbook.path("handbook");
    assert!(Command::new("cp").arg(env!("CARGO_BIN_EXE_handbook")).arg(&program).status().unwrap().success());
    let mut command = Command::new(program);
    command.args(["check", "--format", "short"]).current_dir(handbook.folder.path());
    if fs::metadata(handbook.folder.path()).unwrap().uid() == 0 {
        // Modes mean nothing to root.
        command.uid(NOBODY).gid(NOBODY).env("HOME", handbook.folder.path());
        fs::set_permissions(handbook.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let ran = command.output().unwrap();
    let told = String::from_utf8(ran.stdout).unwrap();
    let told: BTreeSet<&str> = told.lines().filter(|line| line.contains("source-unreadable")).collect();
    let expected = ["content/a.png", "content/b.pdf", "content/c.md"]
        .map(|file| format!("{file}: error[source-unreadable]: we are not allowed to read this file"));
    assert_eq!(told, expected.iter().map(String::as_str).collect(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert_eq!(ran.status.code(), Some(1));
}

#[test]
fn what_is_no_file_is_told_and_not_waited_for() {
    let handbook = Handbook::new().file("content/index.md", "# Start\n").folder("content/a/b");
    let content = handbook.path("content");
    rustix::fs::mkfifoat(rustix::fs::CWD, content.join("pipe.md"), rustix::fs::Mode::RWXU).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, content.join("pipe.png"), rustix::fs::Mode::RWXU).unwrap();
    symlink("/dev/zero", content.join("endless.md")).unwrap();
    symlink("../..", content.join("a/b/up")).unwrap();
    File::create(content.join("huge.md")).unwrap().set_len(1 << 30).unwrap();
    symlink("itself.md", content.join("itself.md")).unwrap();
    symlink("b", content.join("a/circle")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(content.join("socket.md")).unwrap();
    let ran = handbook.run("build --format short").status(1);
    let mut told: Vec<&str> = ran.stdout.lines().filter(|line| line.contains("source-unreadable")).collect();
    told.sort_unstable();
    expect![[r#"
        content/a/b/up: error[source-unreadable]: this link leads back to the content folder
        content/a/circle/up: error[source-unreadable]: this link leads back to the content folder
        content/endless.md: error[source-unreadable]: this link leads out of the content folder
        content/huge.md: error[source-unreadable]: this page has more than 64 MiB, which is the most we read
        content/itself.md: error[source-unreadable]: this link leads to itself
        content/pipe.md: error[source-unreadable]: this is a pipe, not a file
        content/pipe.png: error[source-unreadable]: this is a pipe, not a file
        content/socket.md: error[source-unreadable]: this is a socket, not a file"#]]
    .assert_eq(&told.join("\n"));
    assert!(!handbook.has("public"));
}

#[test]
fn a_thousand_folders_in_each_other_are_told_and_not_followed() {
    let handbook = Handbook::new().file("content/index.md", "# Start\n");
    let deepest = handbook.path("content").join("d/".repeat(1000));
    fs::create_dir_all(&deepest).unwrap();
    fs::write(deepest.join("lost.md"), "# Lost\n").unwrap();
    let ran = handbook.run("build --format short").status(1);
    let told: Vec<&str> = ran.stdout.lines().filter(|line| line.contains("source-unreadable")).collect();
    assert_eq!(told.len(), 1, "{}", ran.stdout);
    assert!(told[0].ends_with("error[source-unreadable]: this folder is too deep to be read"), "{}", told[0]);
}

#[test]
fn a_hundred_thousand_files_in_a_folder_are_all_found() {
    const COUNT: usize = 100_000;
    let memory = Path::new("/dev/shm");
    let folder = match memory.is_dir() {
        true => tempfile::tempdir_in(memory).unwrap(),
        false => tempfile::tempdir().unwrap(),
    };
    for n in 0..COUNT {
        File::create(folder.path().join(format!("{n}.txt"))).unwrap();
    }
    let (entries, problems) = source::walk(folder.path(), "content", &[]);
    assert_eq!((entries.len(), problems.len()), (COUNT, 0));
    assert!(entries.is_sorted_by(|a, b| a.path < b.path));
}

/// What a build of a folder takes that has so many pages.
struct Flat {
    n_pages: u64,
    n_bytes: u64,
    seconds: f64,
}

fn built_flat(n_pages: u64) -> Flat {
    let memory = Path::new("/dev/shm");
    let folder = match memory.is_dir() {
        true => tempfile::tempdir_in(memory).unwrap(),
        false => tempfile::tempdir().unwrap(),
    };
    let content = folder.path().join("content/all");
    fs::create_dir_all(&content).unwrap();
    for n in 0..n_pages {
        let text = format!("# Page {n}\n\n## What\n\nSee [another](page-{:06}.md).\n", n * 7919 % n_pages);
        fs::write(content.join(format!("page-{n:06}.md")), text).unwrap();
    }
    let before = children();
    let mut command = Command::new(env!("CARGO_BIN_EXE_handbook"));
    let status = command.args(["build", "--quiet", "--no-cache"]).current_dir(folder.path()).status().unwrap();
    assert!(status.success());
    let seconds = children() - before;
    let public = folder.path().join("public/all");
    let mut n_bytes = 0;
    for n in 0..n_pages {
        n_bytes += fs::metadata(public.join(format!("page-{n:06}/index.html"))).unwrap().len();
    }
    Flat { n_pages, n_bytes, seconds }
}

/// The seconds of CPU that all processes took that we started and that have ended; none where the system does not tell.
fn children() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    // A clock tick is a hundredth of a second wherever Linux runs.
    let seconds = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0) / 100.0;
    seconds(13) + seconds(14)
}

/// `FAULTS_PAGES` sets another number of pages, such as 100,000.
#[test]
fn a_folder_of_many_pages_takes_as_much_more_as_it_has_pages() {
    let most = std::env::var("FAULTS_PAGES").ok().and_then(|n| n.parse().ok()).unwrap_or(1_200);
    let (few, many) = (built_flat(most / 4), built_flat(most));
    for Flat { n_pages, n_bytes, seconds } in [&few, &many] {
        println!("{n_pages} pages in one folder: {seconds:.2} s of CPU, {:.1} MB of pages", *n_bytes as f64 / 1e6);
    }
    // A page that named all others would be four times as long.
    let per_page = |flat: &Flat| flat.n_bytes as f64 / flat.n_pages as f64;
    assert!(per_page(&many) <= 1.1 * per_page(&few), "{} and {} bytes a page", per_page(&few), per_page(&many));
    // With few pages, starting the program is most of it.
    if most >= 20_000 {
        assert!(many.seconds <= 8.0 * few.seconds, "{} and {} seconds", few.seconds, many.seconds);
    }
}

#[test]
fn more_pages_than_a_sitemap_may_have_are_listed_in_several() {
    const COUNT: usize = 50_005;
    let memory = Path::new("/dev/shm");
    let folder = match memory.is_dir() {
        true => tempfile::tempdir_in(memory).unwrap(),
        false => tempfile::tempdir().unwrap(),
    };
    fs::create_dir(folder.path().join("content")).unwrap();
    fs::write(folder.path().join("site.toml"), "base_url = \"https://example.com/\"\n").unwrap();
    for n in 0..COUNT {
        fs::write(folder.path().join(format!("content/{n:05}.md")), "").unwrap();
    }
    let (project, _) = project::read(folder.path(), &Overrides::default()).unwrap();
    let project = Arc::new(project);
    let site = update(&Site::empty(project.clone()), &project, Vec::new(), Changes::All);
    let (engine, _) = Engine::new(&site);
    let text = |path: &str| {
        let url = UrlPath::of_file(path);
        let output = render::render(&engine, &site, &url, site.routes.at(&url).unwrap()).0.unwrap();
        let Content::Bytes(bytes) = output.content else { panic!("{path} is a file") };
        String::from_utf8(bytes).unwrap()
    };
    expect![[r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
        <sitemap><loc>https://example.com/sitemap-1.xml</loc></sitemap>
        <sitemap><loc>https://example.com/sitemap-2.xml</loc></sitemap>
        </sitemapindex>
    "#]]
    .assert_eq(&text("sitemap.xml"));
    let (first, second) = (text("sitemap-1.xml"), text("sitemap-2.xml"));
    // The home page is one of them.
    assert_eq!((first.matches("<loc>").count(), second.matches("<loc>").count()), (50_000, COUNT + 1 - 50_000));
    assert!(second.contains("<loc>https://example.com/50004/</loc>") && !first.contains("/50004/"));
}

#[test]
fn devices_are_told() {
    use rustix::fs::{CWD, FileType, Mode, makedev, mknodat};

    let handbook = Handbook::new().file("content/index.md", "# Start\n");
    let made = mknodat(CWD, handbook.path("content/zero.md"), FileType::CharacterDevice, Mode::RWXU, makedev(1, 5));
    if let Err(error) = made {
        eprintln!("skipped: no device can be made here: {error}");
        return;
    }
    let ran = handbook.run("build --format short").status(1);
    expect![["content/zero.md: error[source-unreadable]: this is a device, not a file\n"]].assert_eq(&ran.stdout);
}

#[test]
fn names_that_are_odd_become_addresses() {
    let handbook = Handbook::new()
        .file("content/index.md", "# Start\n")
        .file("content/quote \"'` & <b>.md", "# Quotes\n")
        .file("content/CON.md", "# Reserved by Windows\n")
        .file("content/aux.png", "Reserved too")
        .file("content/Cafe\u{301}.md", "# Decomposed\n")
        .file("content/%2e%2e.md", "# Encoded\n");
    let ran = handbook.run("build --format short");
    expect![[r#"
        %2e%2e/index.html
        .handbook-files
        .nojekyll
        404.html
        CON/index.html
        Café/index.html
        aux.png
        index.html
        quote-"'`-&-<b>/index.html
        robots.txt
        search/index.html
        sitemap.xml"#]]
    .assert_eq(&format!("{}{}", ran.stdout, handbook.files("public").join("\n")));
}

#[test]
fn names_that_cannot_be_addresses_are_told() {
    let longest = "n".repeat(252);
    let handbook = Handbook::new()
        .file("content/index.md", "# Start\n")
        .file("content/new\nline.md", "# Line\n")
        .file("content/a\\b.md", "# Backslash\n")
        .file(&format!("content/{longest}.md"), "# Long\n")
        .file(&format!("content/{}.md", "é".repeat(126)), "# Long in bytes\n");
    let ran = handbook.run("build --format short");
    expect![[r#"
        Some(1)
        content/a\b.md: error[source-name]: `/a\b/` cannot be published: it has a backslash
        content/new�line.md: error[source-name]: the name of this file or of its folder holds an invisible character
        Nothing was written: 2 errors
    "#]]
    .assert_eq(&format!("{:?}\n{}{}", ran.status, ran.stdout, ran.stderr).replace(&longest, "[LONG]"));
}

/// The texts of a site's pages after an update.
fn texts(site: &Site) -> Vec<String> {
    site.pages.iter().map(|page| page.document.body.html.trim().to_string()).collect()
}

#[test]
fn a_clock_that_was_set_back_hides_no_edit() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("content/index.md");
    fs::create_dir(folder.path().join("content")).unwrap();
    let (project, _) = project::read(folder.path(), &Overrides::default()).unwrap();
    let project = Arc::new(project);
    let hour = Duration::from_secs(3600);
    // All edits have the same length and the same time, so that nothing but the bytes tells them apart.
    for time in [UNIX_EPOCH, SystemTime::now() + hour] {
        let mut site = Site::empty(project.clone());
        for text in ["one", "two"] {
            fs::write(&page, text).unwrap();
            File::options().write(true).open(&page).unwrap().set_modified(time).unwrap();
            site = update(&site, &project, Vec::new(), Changes::All);
            assert_eq!(texts(&site), [format!("<p>{text}</p>")], "{time:?}");
        }
    }
}

#[test]
fn readers_who_go_away_are_no_failure() {
    let links: String = (0..3000).map(|n| format!("[gone](gone-{n}.md)\n\n")).collect();
    let handbook = Handbook::new().file("content/index.md", links);
    let mut command = Command::new(env!("CARGO_BIN_EXE_handbook"));
    command.args(["build", "--format", "short"]).current_dir(handbook.folder.path());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{told}");
    assert_eq!(told, "");
}

#[test]
fn two_builds_into_one_folder_leave_the_site_of_one_of_them() {
    let mut handbook = Handbook::new();
    for site in ["a", "b"] {
        handbook = handbook.file(&format!("{site}/content/index.md"), format!("# Site {site}\n"));
        for n in 0..20 {
            handbook = handbook.file(&format!("{site}/content/{site}{n}.md"), format!("# Page {n}\n"));
        }
    }
    for _ in 0..4 {
        let build = |site: &str| handbook.run(&format!("build {site} -o public --quiet"));
        std::thread::scope(|scope| {
            let both = [scope.spawn(|| build("a")), scope.spawn(|| build("b"))];
            for ran in both {
                ran.join().unwrap().status(0);
            }
        });
        let site = if handbook.text("public/index.html").contains("Site a") { "a" } else { "b" };
        let pages: BTreeSet<String> = handbook
            .files("public")
            .into_iter()
            .filter(|file| file.starts_with(['a', 'b']) && file.ends_with("/index.html"))
            .collect();
        assert_eq!(pages, (0..20).map(|n| format!("{site}{n}/index.html")).collect());
    }
}
