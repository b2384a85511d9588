//! The guide's table of what a page weighs, held to what a made handbook comes to.

#[path = "../benches/made/mod.rs"]
mod made;
#[path = "../benches/measure/weight.rs"]
mod weight;

use std::fs;
use std::path::Path;

use weight::Weight;

/// Which column of the table it is.
const COLUMN: &str = "Made, 1,000 pages";
const N_PAGES: usize = 1000;

#[test]
fn the_guide_says_what_the_parts_of_a_page_weigh() {
    let folder = tempfile::tempdir().unwrap();
    made::handbook(folder.path(), N_PAGES).unwrap();
    let weight = Weight::of(folder.path());
    let mut measured = weight.parts.clone();
    measured.extend([
        ("**HTML**", weight.html),
        ("HTML, compressed as web servers send it", weight.compressed),
        ("Markdown", weight.markdown),
    ]);
    let told = table();
    let names = |rows: &[(String, f64)]| {
        let mut names: Vec<String> = rows.iter().map(|(name, _)| name.clone()).collect();
        names.sort();
        names
    };
    let measured: Vec<(String, f64)> =
        measured.iter().map(|(name, bytes)| (name.to_string(), bytes / 1000.0)).collect();
    assert_eq!(names(&told), names(&measured), "the rows of the guide and those that are measured");
    for (name, kb) in measured {
        let said = told.iter().find(|(row, _)| *row == name).unwrap().1;
        // One figure behind the point, and a little room for the next word of the theme.
        let room = 0.06 + kb * 0.03;
        assert!(
            (said - kb).abs() <= room,
            "content/guide/size-and-speed.md says that `{name}` weighs {said} kB where it is {kb:.2}; \
             `cargo bench --bench weight` prints all of the table"
        );
    }
}

/// The parts add up: nothing of a page is left out or counted twice.
#[test]
fn the_parts_of_a_page_are_all_of_it() {
    let folder = tempfile::tempdir().unwrap();
    made::handbook(folder.path(), 50).unwrap();
    let weight = Weight::of(folder.path());
    let sum: f64 = weight.parts.iter().map(|(_, bytes)| bytes).sum();
    assert!((sum - weight.html).abs() < 1e-6, "{sum} and {}", weight.html);
    let empty: Vec<&str> = weight.parts.iter().filter(|(_, bytes)| *bytes == 0.0).map(|(name, _)| *name).collect();
    assert_eq!(empty, [""; 0], "the theme no longer begins a part with what the benchmark looks for");
}

/// The rows of the guide's table with the number of our column.
fn table() -> Vec<(String, f64)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/guide/size-and-speed.md");
    let text = fs::read_to_string(file).unwrap();
    let cells =
        |line: &str| -> Vec<String> { line.trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect() };
    let mut lines = text.lines().skip_while(|line| !line.starts_with("| Part of the page"));
    let column = cells(lines.next().unwrap()).iter().position(|cell| cell == COLUMN).unwrap();
    let rows = lines.skip(1).take_while(|line| line.starts_with('|')).map(cells);
    rows.map(|row| (row[0].clone(), row[column].parse().unwrap())).collect()
}
