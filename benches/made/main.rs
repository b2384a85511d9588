//! Makes a handbook to try things on: `cargo bench --bench made -- PAGES FOLDER`.

#[path = "../measure/machine.rs"]
mod machine;
#[path = "mod.rs"]
mod made;

use std::path::Path;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [n_pages, folder] = &arguments[..] else {
        println!("say how many pages, and where: cargo bench --bench made -- 1000 /tmp/handbook");
        return;
    };
    let n_pages = n_pages.parse().expect("the first word is the number of pages");
    println!("{}", machine::line());
    let n_bytes = made::handbook(Path::new(folder), n_pages).expect("the handbook can be written");
    println!("{n_pages} pages with {:.1} MB of Markdown in {folder}", n_bytes as f64 / 1e6);
}
