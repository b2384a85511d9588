//! What the search's index costs to make, and how large it is.
//!
//! `cargo bench --bench search_index -- [FOLDER] [--rounds N]`
//!
//! FOLDER is a project like that of `handbook build`; without it, our own handbook. The pages are read once; then the index
//! and all its files are made again and again on one thread. The least time of CPU counts, as what else the machine does
//! only ever adds to it. The most memory is that of the first round, above what the pages themselves take.
//!
//! The text that the index is compared with is what it indexes: titles, headings, descriptions and the plain text of all
//! sections, without markup, as UTF-8.
//!
//! Where `PAGEFIND` names its command, Pagefind indexes the same pages, built, in the same run, told to keep to one thread
//! as well. Its program also starts, and reads the files of the pages, which ours has in memory already: so the row
//! `handbook build` gives what our whole program takes to make the site from its sources, search and all.

mod measure;

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use handbook::project::{self, Overrides};
use handbook::search::Index;
use handbook::site::Site;
use handbook::update::{Changes, update};

fn main() {
    let (root, n_rounds) = arguments();
    let (project, problems) = project::read(&root, &Overrides::default()).expect("settings");
    let project = Arc::new(project);
    let site = update(&Site::empty(project.clone()), &project, problems, Changes::All);
    println!("{}\n", measure::machine::line());
    measure::on_one_thread(|| ours(&site, n_rounds));
    let folder = tempfile::tempdir().expect("a folder");
    let built = folder.path().join("site");
    println!("\n| program | CPU s | memory MiB | files | bytes |\n|---|---|---|---|---|");
    let mut build = Command::new(env!("CARGO_BIN_EXE_handbook"));
    build.args(["build", "--quiet", "--output"]).arg(&built).arg(&root);
    // The first build fills the cache of coloured code.
    run(&mut build);
    row("handbook build", run(&mut build), &built.join("assets/search"));
    pagefind(&built);
}

fn arguments() -> (PathBuf, usize) {
    let (mut root, mut n_rounds) = (PathBuf::from(env!("CARGO_MANIFEST_DIR")), 7);
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    while let Some(word) = words.next() {
        match word.as_str() {
            "--rounds" => n_rounds = words.next().and_then(|n| n.parse().ok()).expect("--rounds needs a number"),
            folder => root = folder.into(),
        }
    }
    (root, n_rounds)
}

fn ours(site: &Site, n_rounds: usize) {
    let resting = memory("VmRSS:");
    // Forgets the most memory so far.
    let is_known = fs::write("/proc/self/clear_refs", "5").is_ok();
    let index = Index::build(site, None);
    let files = index.all_files();
    let most = memory("VmHWM:") - resting;
    let text: usize = index.pages.iter().map(|page| text(page)).sum();
    let n_bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    let n_pages = index.pages.len();
    println!("{n_pages} pages with {:.2} MB of text, one thread\n", text as f64 / 1e6);
    println!("| step | ms | ms a page |\n|---|---|---|");
    let print = |name: &str, seconds: f64| {
        println!("| {name} | {:.2} | {:.4} |", seconds * 1e3, seconds * 1e3 / n_pages as f64);
    };
    let build = fastest(n_rounds, &mut || drop(black_box(Index::build(site, None))));
    print("words of all pages, put together", build);
    let write = fastest(n_rounds, &mut || drop(black_box(index.all_files())));
    print("files", write);
    print("both", build + write);
    print("nothing changed", fastest(n_rounds, &mut || drop(black_box(Index::build(site, Some(&index))))));
    let edited = edited(site);
    print("one page replaced", fastest(n_rounds, &mut || drop(black_box(Index::build(&edited, Some(&index))))));
    let after = Index::build(&edited, Some(&index));
    let first = after.files().into_iter().filter(|name| !name.contains("/n") && !name.contains("/t"));
    let first: Vec<String> = first.collect();
    let all = || first.iter().for_each(|name| drop(black_box(after.file(name))));
    print("the files of a first key after that", fastest(n_rounds, &mut || all()));
    let share = n_bytes as f64 / text as f64 * 100.0;
    println!("\n{} files, {:.2} MB, {share:.1} % of the text", files.len(), n_bytes as f64 / 1e6);
    if is_known {
        println!("{most:.1} MiB of memory at most, {:.1} times the text", most * (1 << 20) as f64 / text as f64);
    }
}

/// The same site with a word more on the page in the middle.
fn edited(site: &Site) -> Site {
    let mut site = site.clone();
    let middle = site.pages.len() / 2;
    let mut page = (*site.pages[middle]).clone();
    page.document.sections.iter_mut().for_each(|section| section.text.push_str(" unheardof"));
    site.pages[middle] = Arc::new(page);
    site
}

/// The bytes of a page's text.
fn text(page: &handbook::search::index::Indexed) -> usize {
    let headings: usize = page.headings().iter().map(|heading| heading.text.len()).sum();
    let own = page.page.as_ref().map_or(0, |page| {
        let sections: usize = page.document.sections.iter().map(|section| section.text.len()).sum();
        sections + page.front.description.as_ref().map_or(0, String::len)
    });
    page.title.len() + headings + own
}

fn fastest(n_rounds: usize, work: &mut dyn FnMut()) -> f64 {
    measure::fastest(n_rounds, work).as_secs_f64()
}

/// A line of what the system says about the memory of this process, in MiB.
fn memory(name: &str) -> f64 {
    measure::memory("self", name).unwrap_or(0.0)
}

/// What a command took: seconds of CPU, MiB of memory.
fn run(command: &mut Command) -> (f64, f64) {
    let before = children();
    let mut child = command.stdout(Stdio::null()).spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let id = child.id();
    let watch = std::thread::spawn(move || {
        let mut most: f64 = 0.0;
        while let Some(size) = family(id) {
            most = most.max(size);
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        most
    });
    let status = child.wait().expect("it runs");
    assert!(status.success(), "{command:?} failed");
    (children() - before, watch.join().unwrap_or(0.0))
}

/// The most memory that a process and those that it started had, in MiB. `None` when it has ended.
fn family(id: u32) -> Option<f64> {
    let own = measure::memory(&id.to_string(), "VmHWM:")?;
    let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
    Some(own + children.split_whitespace().filter_map(|child| family(child.parse().ok()?)).sum::<f64>())
}

/// The seconds of the processor that all processes took that we started and that have ended.
fn children() -> f64 {
    let (user, system) = measure::children();
    user + system
}

/// The same on the pages of the built site.
fn pagefind(site: &Path) {
    let Ok(command) = std::env::var("PAGEFIND") else {
        println!("\nwithout Pagefind: name its command in `PAGEFIND`");
        return;
    };
    let mut words = command.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or("pagefind"));
    command.args(words).args(["--root-selector", "main", "--exclude-selectors"]);
    command.args([".toc, .children, .page-foot, .crumbs", "--quiet", "--site"]).arg(site);
    command.env("RAYON_NUM_THREADS", "1").env("TOKIO_WORKER_THREADS", "1");
    row("Pagefind", run(&mut command), &site.join("pagefind"));
}

fn row(name: &str, (cpu, memory): (f64, f64), folder: &Path) {
    let (n_files, n_bytes) = size(folder);
    println!("| {name} | {cpu:.2} | {memory:.0} | {n_files} | {n_bytes} |");
}

/// How many files are in a folder, and their bytes.
fn size(folder: &Path) -> (usize, u64) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let of = |path: PathBuf| match path.is_dir() {
        true => size(&path),
        false => (1, fs::metadata(path).map_or(0, |data| data.len())),
    };
    entries.map(of).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
}
