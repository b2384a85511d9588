//! What the bytes of a site are for: each part of a page, and the other files.
//!
//! ```sh
//! cargo bench --bench weight                 our own handbook, and made ones of 1,000 and 10,000 pages
//! cargo bench --bench weight -- FOLDER…      these projects
//! ```
//!
//! Prints kB per page, which are 1,000 bytes. A test holds the table in the guide to the made handbook of 1,000 pages.

mod made;
#[path = "measure/weight.rs"]
mod weight;

use std::path::{Path, PathBuf};

use weight::Weight;

fn main() {
    let mut folders: Vec<PathBuf> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").map(PathBuf::from).collect();
    if folders.is_empty() {
        folders.push(env!("CARGO_MANIFEST_DIR").into());
        for n_pages in [1000, 10_000] {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("scale/{n_pages}"));
            made::handbook(&folder, n_pages).expect("the handbook can be written");
            folders.push(folder);
        }
    }
    let weights: Vec<Weight> = folders.iter().map(|folder| Weight::of(folder)).collect();
    let row = |name: &str, of: &dyn Fn(&Weight) -> String| {
        let cells: Vec<String> = weights.iter().map(of).collect();
        println!("| {name} | {} |", cells.join(" | "));
    };
    let kb = |bytes: f64| format!("{:.2}", bytes / 1000.0);
    row("kB per page", &|_| String::new());
    println!("|---|{}", "--:|".repeat(weights.len()));
    row("Pages", &|weight| weight.n_pages.to_string());
    row("Folders that a page is in", &|weight| format!("{:.2}", weight.depth));
    row("Markdown", &|weight| kb(weight.markdown));
    row("**HTML**", &|weight| kb(weight.html));
    row("HTML, compressed as web servers send it", &|weight| kb(weight.compressed));
    for (at, (name, _)) in weights[0].parts.iter().enumerate() {
        row(name, &|weight| kb(weight.parts[at].1));
    }
    row("**Other files**", &|weight| kb(weight.others.iter().map(|(_, bytes)| bytes).sum()));
    for (at, (name, _)) in weights[0].others.iter().enumerate() {
        row(name, &|weight| kb(weight.others[at].1));
    }
}
