//! Whole builds of handbooks of several sizes, each by the program itself in a process of its own.
//!
//! ```sh
//! cargo bench --bench scale                     10, 1,000 and 10,000 pages
//! cargo bench --bench scale -- 1000 100000      these sizes
//! ```
//!
//! For each size: a build with an empty cache, one with a full one, one of an unchanged site over the last one, and how the
//! figures grow from size to size: an exponent of 1 is as many times the work as there are pages. The handbooks get deeper as
//! they grow, and their sidebars longer; `cargo bench --bench weight` has that by parts.
//!
//! Budgets, on two cores of 2026: 100,000 pages in 90 s of CPU and 2.5 GB, exponents of at most 1.05, ten pages in 30 ms.

mod made;
mod measure;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// What a run took.
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    wall: f64,
    user: f64,
    system: f64,
    /// In MiB.
    memory: f64,
    /// In MB.
    markdown: f64,
    /// In MB.
    written: f64,
}

fn main() {
    let mut sizes: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![10, 1000, 10_000];
    }
    let work = Path::new(env!("CARGO_TARGET_TMPDIR")).join("scale");
    println!("{}\n", measure::machine::line());
    println!("| pages | Markdown | build | wall s | user s | system s | memory MiB | written MB |");
    println!("|---|---|---|---|---|---|---|---|");
    let mut warm: Vec<(usize, Cost)> = Vec::new();
    for n_pages in sizes {
        let folder = work.join(format!("{n_pages}"));
        let n_bytes = made::handbook(&folder, n_pages).expect("the handbook can be written");
        let cache = work.join("cache");
        let _ = fs::remove_dir_all(&cache);
        for kind in ["cold", "warm", "unchanged"] {
            let out = work.join(format!("{n_pages}-out"));
            if kind != "unchanged" {
                let _ = fs::remove_dir_all(&out);
            }
            let cost = Cost { markdown: n_bytes as f64 / 1e6, ..build(&folder, &out, &cache) };
            let Cost { wall, user, system, memory, markdown, written } = cost;
            println!(
                "| {n_pages} | {markdown:.1} MB | {kind} | {wall:.3} | {user:.2} | {system:.2} | {memory:.0} | {written:.1} |"
            );
            if kind == "warm" {
                warm.push((n_pages, cost));
            }
        }
        let _ = fs::remove_dir_all(work.join(format!("{n_pages}-out")));
    }
    // Below a thousand pages, starting the program is what is measured.
    warm.retain(|(n_pages, _)| *n_pages >= 1000);
    if let [(from, less), .., (to, more)] = warm[..] {
        let exponent = |of: fn(&Cost) -> f64| (of(&more) / of(&less)).ln() / (to as f64 / from as f64).ln();
        println!(
            "\na page is in {:.1} folders of {from} pages, and in {:.1} of {to}",
            made::depth(from),
            made::depth(to)
        );
        println!(
            "exponents from {from} to {to} pages, warm: Markdown {:.3}, user {:.2}, memory {:.2}, written {:.3}",
            exponent(|cost| cost.markdown),
            exponent(|cost| cost.user),
            exponent(|cost| cost.memory),
            exponent(|cost| cost.written)
        );
    }
}

/// Builds once and measures. On Linux the system says what it took; elsewhere only the time on the wall is known.
fn build(folder: &Path, out: &Path, cache: &Path) -> Cost {
    let before = measure::children();
    let start = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_handbook"));
    command.arg("build").arg(folder).arg("-q").arg("-o").arg(out).env("HANDBOOK_CACHE_DIR", cache);
    let mut child = command.stdout(Stdio::null()).spawn().expect("the program is there");
    let memory = watch_memory(child.id());
    let status = child.wait().expect("it runs");
    let wall = start.elapsed().as_secs_f64();
    assert!(status.success(), "the build failed");
    let after = measure::children();
    let written = size(out) as f64 / 1e6;
    let memory = memory.join().unwrap_or(0.0);
    Cost { wall, user: after.0 - before.0, system: after.1 - before.1, memory, written, ..Cost::default() }
}

/// The most memory that a process had, in MiB. The system tells it only while the process is there.
fn watch_memory(process: u32) -> std::thread::JoinHandle<f64> {
    std::thread::spawn(move || {
        let mut most: f64 = 0.0;
        while let Some(size) = measure::memory(&process.to_string(), "VmHWM:") {
            most = most.max(size);
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        most
    })
}

fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let of = |path: PathBuf| if path.is_dir() { size(&path) } else { fs::metadata(path).map_or(0, |data| data.len()) };
    entries.map(|entry| of(entry.path())).sum()
}
