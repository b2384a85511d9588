//! Each stage of a build by itself, on one thread, on a made handbook of 1,000 pages.
//!
//! `cargo bench --bench stages` prints the fastest of several rounds: what else the machine does only ever slows.

mod made;

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use handbook::markdown::snippets::Snippets;
use handbook::markdown::{self, Dialect, Options};
use handbook::output::{self, Output};
use handbook::project::{self, Overrides};
use handbook::render::{self, Engine};
use handbook::site::Site;
use handbook::site::nav::NavTree;
use handbook::site::routes::{Route, Routes};
use handbook::source::front_matter;
use handbook::update::{Changes, update};

const N_PAGES: usize = 1000;
const ROUNDS: usize = 7;

fn main() {
    let work = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stages");
    let folder = work.join("handbook");
    made::handbook(&folder, N_PAGES).expect("the handbook can be written");
    let texts: Vec<String> = (0..N_PAGES).map(|n| made::page(n, N_PAGES)).collect();
    let n_bytes = texts.iter().map(String::len).sum();
    println!("{N_PAGES} pages, {n_bytes} bytes of Markdown, one thread\n");
    println!("| stage | ms | µs a page | MB/s of Markdown |\n|---|---|---|---|");
    let row = |name: &str, work: &mut dyn FnMut()| print(name, n_bytes, fastest(work));

    let bodies: Vec<usize> = texts.iter().map(|text| front_matter::read(text).1).collect();
    row("front matter", &mut || texts.iter().for_each(|text| drop(black_box(front_matter::read(text)))));
    let read = |dialect, highlight, known: &Snippets| {
        let options = Options { dialect, highlight, ..Options::default() };
        for (text, body) in texts.iter().zip(&bodies) {
            black_box(markdown::read_knowing(text, *body, Some("Title"), &options, known));
        }
    };
    let none = Snippets::default();
    row("GitHub's Markdown, no colours", &mut || read(Dialect::Gfm, false, &none));
    row("kramdown, no colours", &mut || read(Dialect::Kramdown, false, &none));
    row("GitHub's Markdown, colours worked out", &mut || read(Dialect::Gfm, true, &none));

    let (project, problems) = project::read(&folder, &Overrides::default()).expect("it is there");
    let project = Arc::new(project);
    let empty = Site::empty(project.clone());
    let site = update(&empty, &project, problems.clone(), Changes::All);
    let known = site.new_snippets().expect("there is code");
    row("GitHub's Markdown, colours known", &mut || read(Dialect::Gfm, true, &known));
    let known = Arc::new(known);
    let before = Site { snippets: known, ..empty.clone() };
    row("files to site", &mut || drop(black_box(update(&before, &project, problems.clone(), Changes::All))));
    let publishes = |page: &handbook::site::page::Page| project.publishes(page.front.draft);
    row("navigation", &mut || drop(black_box(NavTree::build(&site.pages, &[], publishes))));
    row("addresses", &mut || drop(black_box(Routes::build(&project, &site.pages, &site.assets, &site.nav))));
    row("links", &mut || {
        site.routes.entries.iter().for_each(|(_, route)| drop(black_box(render::link_problems(&site, *route))));
    });
    let (engine, _) = Engine::new(&site);
    let rendered = |wanted: fn(&Route) -> bool| -> Vec<Output> {
        let entries = site.routes.entries.iter().filter(|(_, route)| wanted(route));
        entries.filter_map(|(url, route)| render::render(&engine, &site, url, *route).0).collect()
    };
    row("pages rendered", &mut || drop(black_box(rendered(|route| matches!(route, Route::Page(_))))));
    row("the other files rendered", &mut || drop(black_box(rendered(|route| !matches!(route, Route::Page(_))))));
    let outputs = rendered(|_| true);
    let out = work.join("out");
    row("written", &mut || {
        let _ = fs::remove_dir_all(&out);
        output::publish(&out, outputs.clone()).expect("it can be written");
    });
    row("written when nothing changed", &mut || {
        output::publish(&out, outputs.clone()).expect("it can be written");
    });
}

fn fastest(work: &mut dyn FnMut()) -> Duration {
    let time = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..ROUNDS).map(|_| time(work)).min().unwrap_or_default()
}

fn print(name: &str, n_bytes: usize, time: Duration) {
    let seconds = time.as_secs_f64();
    let per_page = seconds * 1e6 / N_PAGES as f64;
    println!("| {name} | {:.1} | {per_page:.1} | {:.0} |", seconds * 1e3, n_bytes as f64 / 1e6 / seconds);
}
