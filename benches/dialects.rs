//! Compares reading and writing kramdown pages with plain pulldown-cmark on the same text, on one thread.
//!
//! `cargo bench --bench dialects -- FOLDER` takes all `.md` files below FOLDER; without it, the tests' own pairs.

mod measure;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use handbook::markdown::{self, Dialect, Options};

const ROUNDS: usize = 40;

fn main() {
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/dialect/kramdown");
    let mut files = Vec::new();
    collect(Path::new(folder.as_deref().unwrap_or(default)), &mut files);
    let pages: Vec<String> = files.iter().filter_map(|file| fs::read_to_string(file).ok()).collect();
    let n_bytes: usize = pages.iter().map(String::len).sum();
    let options = Options { dialect: Dialect::Kramdown, ..Options::default() };
    let mut plain = Duration::MAX;
    let mut fragment = Duration::MAX;
    // By turns, so that what else the machine does falls on both; the fastest round counts, as noise only ever slows.
    for _ in 0..ROUNDS {
        plain = plain.min(time(|| pages.iter().map(|page| pulldown(page)).sum()));
        fragment =
            fragment.min(time(|| pages.iter().map(|page| markdown::render(page, 0, &options).body.html.len()).sum()));
    }
    println!("{}", measure::machine::line());
    println!("{} pages, {n_bytes} bytes", pages.len());
    println!("pulldown-cmark      {plain:>10.2?}");
    println!("kramdown fragments  {fragment:>10.2?}  {:.2} times", fragment.as_secs_f64() / plain.as_secs_f64());
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(path) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "md" || extension == "txt") {
            files.push(path);
        }
    }
}

/// What pulldown-cmark's own writer does, with the extensions that GFM needs.
fn pulldown(text: &str) -> usize {
    use pulldown_cmark::{Options, Parser, html};
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    let mut out = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut out, Parser::new_ext(text, options));
    out.len()
}

fn time(work: impl Fn() -> usize) -> Duration {
    measure::fastest(1, &mut || {
        std::hint::black_box(work());
    })
}
