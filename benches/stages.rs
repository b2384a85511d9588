//! Each stage of a build by itself, on one thread, on a made handbook of 1,000 pages.
//!
//! `cargo bench --bench stages` prints the least time of the processor of several rounds, the system's part included:
//! what else the machine does only ever adds to it. Waiting for a disk does not count.

mod made;
mod measure;

use std::cell::RefCell;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use handbook::markdown::snippets::Snippets;
use handbook::markdown::{self, Dialect, Options};
use handbook::output::{self, Content, Output, OutputPath};
use handbook::project::{self, Overrides};
use handbook::render::{self, Engine};
use handbook::search::{self, Index};
use handbook::site::Site;
use handbook::site::nav::NavTree;
use handbook::site::page::Page;
use handbook::site::routes::{Route, Routes};
use handbook::source::front_matter;
use handbook::update::{Changes, update};
use measure::{fastest, fastest_after};

const N_PAGES: usize = 1000;
const ROUNDS: usize = 7;

fn main() {
    let work = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stages");
    let folder = work.join("handbook");
    made::handbook(&folder, N_PAGES).expect("the handbook can be written");
    let texts: Vec<String> = (0..N_PAGES).map(|n| made::page(n, N_PAGES)).collect();
    println!("{}", measure::machine::line());
    let table = Table { n_bytes: texts.iter().map(String::len).sum() };
    println!("{N_PAGES} pages, {} bytes of Markdown, one thread\n", table.n_bytes);
    println!("| stage | ms | µs a page | MB/s of Markdown |\n|---|--:|--:|--:|");
    measure::on_one_thread(|| {
        files(&table, &texts);
        site(&table, &folder, &work.join("out"));
    });
}

/// What is done to each file by itself.
fn files(table: &Table, texts: &[String]) {
    let bodies: Vec<usize> = texts.iter().map(|text| front_matter::read(text).1).collect();
    table.row("front matter", &mut || texts.iter().for_each(|text| drop(black_box(front_matter::read(text)))));
    let read = |dialect, highlight, known: &Snippets, each: &mut dyn FnMut(markdown::Document)| {
        let options = Options { dialect, highlight, ..Options::default() };
        for (text, body) in texts.iter().zip(&bodies) {
            each(markdown::read_knowing(text, *body, Some("Title"), &options, known));
        }
    };
    let none = Snippets::default();
    let time = |dialect, highlight, known: &Snippets| {
        fastest(ROUNDS, &mut || read(dialect, highlight, known, &mut |document| drop(black_box(document))))
    };
    let plain = time(Dialect::Gfm, false, &none);
    table.print("GitHub's Markdown, without colours", plain);
    table.print("kramdown, without colours", time(Dialect::Kramdown, false, &none));
    table.print("colours of code, worked out, by themselves", time(Dialect::Gfm, true, &none).saturating_sub(plain));
    let mut snippets = Vec::new();
    read(Dialect::Gfm, true, &none, &mut |document| snippets.extend(document.snippets));
    let known = none.next(snippets.iter()).expect("there is code");
    table.print("GitHub's Markdown, colours known from before", time(Dialect::Gfm, true, &known));
}

/// What is done to the site as a whole, and to each address.
fn site(table: &Table, folder: &Path, out: &Path) {
    let (project, problems) = project::read(folder, &Overrides::default()).expect("it is there");
    let project = Arc::new(project);
    let empty = Site::empty(project.clone());
    let site = update(&empty, &project, problems.clone(), Changes::All);
    let known = Arc::new(site.new_snippets().expect("there is code"));
    let before = Site { snippets: known, ..empty };
    table.row("files to site, with all of the above", &mut || {
        drop(black_box(update(&before, &project, problems.clone(), Changes::All)));
    });
    let publishes = |page: &Page| project.publishes(page.front.draft);
    table.row("navigation", &mut || drop(black_box(NavTree::build(&site.pages, &[], publishes))));
    table.row("addresses", &mut || drop(black_box(Routes::build(&project, &site.pages, &site.assets, &site.nav))));
    table.row("links", &mut || {
        site.routes.entries.iter().for_each(|(_, route)| drop(black_box(render::link_problems(&site, *route))));
    });
    let (engine, _) = Engine::new(&site);
    let rendered = |wanted: fn(&Route) -> bool| -> Vec<Output> {
        let entries = site.routes.entries.iter().filter(|(_, route)| wanted(route));
        entries.filter_map(|(url, route)| render::render(&engine, &site, url, *route).0).collect()
    };
    table.row("pages rendered, links filled in", &mut || {
        drop(black_box(rendered(|route| matches!(route, Route::Page(_)))));
    });
    table.row("the other files rendered", &mut || {
        drop(black_box(rendered(|route| !matches!(route, Route::Page(_)))));
    });
    table.row("search", &mut || drop(black_box(Index::build(&site, None).all_files())));
    let mut outputs = rendered(|_| true);
    outputs.extend(Index::build(&site, None).all_files().into_iter().map(|(name, bytes)| {
        let path = OutputPath::from_url(search::file_url(&name).as_str()).expect("an address of our own");
        Output { path, content: Content::Bytes(bytes) }
    }));
    // Copies are made before the time counts.
    let next = RefCell::new(Vec::new());
    let write = &mut || {
        output::publish(out, next.take()).expect("it can be written");
    };
    let clear = &mut || {
        let _ = fs::remove_dir_all(out);
        next.replace(outputs.clone());
    };
    table.print("written", fastest_after(ROUNDS, clear, write));
    table.print(
        "written when nothing changed",
        fastest_after(ROUNDS, &mut || drop(next.replace(outputs.clone())), write),
    );
    let _ = fs::remove_dir_all(out);
}

struct Table {
    /// Of Markdown.
    n_bytes: usize,
}

impl Table {
    fn row(&self, name: &str, work: &mut dyn FnMut()) {
        self.print(name, fastest(ROUNDS, work));
    }

    fn print(&self, name: &str, time: Duration) {
        let seconds = time.as_secs_f64();
        let (ms, per_page) = (seconds * 1e3, seconds * 1e6 / N_PAGES as f64);
        println!("| {name} | {ms:.1} | {per_page:.1} | {:.0} |", self.n_bytes as f64 / 1e6 / seconds);
    }
}
