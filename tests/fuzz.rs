//! The fuzzers' targets, run on their seeds and on changed seeds. Where there is no fuzzer, this is what finds out that
//! something panics, never ends or grows without limit; where there is one, its findings become seeds.

#[path = "../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use handbook::markdown::{self, Dialect, Options};

/// Changed seeds for each target; `HANDBOOK_FUZZ_ROUNDS` sets another number.
const ROUNDS: usize = 300;

/// What changes put in: marks of all the formats, and bytes that mean nothing in any.
const PIECES: &[&[u8]] = &[
    b"\n",
    b"\n\n",
    b"    ",
    b"\t",
    b"---\n",
    b"+++\n",
    b"# ",
    b"> ",
    b"- ",
    b"1. ",
    b"|",
    b"|-|-|\n",
    b"```\n",
    b"~~~\n",
    b"$$",
    b"`",
    b"*",
    b"_",
    b"[",
    b"](",
    b")",
    b"![",
    b"[^a]",
    b"[^a]: ",
    b"[a]: /b\n",
    b"*[a]: b\n",
    b"{:",
    b"{: .a #b}",
    b"{::options ",
    b"{:/}",
    b"}",
    b"{:toc}",
    b"<div>",
    b"</div>",
    b"<b",
    b">",
    b"<!--",
    b"-->",
    b"<?",
    b"&amp;",
    b"&#x1F600;",
    b"\\",
    b"\"",
    b"'",
    b": ",
    b"^\n",
    b"=",
    b"..",
    b"/",
    b"//",
    b"%2e",
    b"%00",
    b"?",
    b"#",
    b"http://",
    b"javascript:",
    b"mailto:",
    b"@",
    b"[x]\n",
    b"[[x]]\n",
    b"a = ",
    b"true",
    b"-1e9",
    b"2024-02-30",
    b"&a ",
    b"*a",
    b"!t ",
    b"\0",
    b"\xFF",
    b"\xC3",
    "\u{FEFF}".as_bytes(),
    "\u{202E}".as_bytes(),
    "\u{A0}".as_bytes(),
    "日本".as_bytes(),
    "e\u{301}".as_bytes(),
    b"\r\n",
    b"\r",
    b"bytes=",
    b"-",
    b",",
    b"99999999999999999999",
    b"[::1]",
    b":80",
    b"localhost",
];

/// A small generator with a fixed seed: a failure must be the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.max(1) as u64) as usize
    }

    /// A seed with some of it taken out, repeated, moved in from another, or with marks put in.
    fn changed(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = seeds[self.below(seeds.len())].clone();
        for _ in 0..1 + self.below(8) {
            let at = self.below(bytes.len() + 1);
            let end = (at + self.below(16)).min(bytes.len());
            match self.below(8) {
                0 => drop(bytes.drain(at..end)),
                1..=3 => drop(bytes.splice(at..at, PIECES[self.below(PIECES.len())].iter().copied())),
                4 => {
                    let other = &seeds[self.below(seeds.len())];
                    let from = self.below(other.len() + 1);
                    let to = (from + self.below(60)).min(other.len());
                    drop(bytes.splice(at..at, other[from..to].iter().copied()));
                }
                5 => {
                    let again = bytes[at..end].repeat(1 + self.below(40));
                    drop(bytes.splice(at..at, again));
                }
                6 => bytes.insert(at, self.below(256) as u8),
                _ => bytes.truncate(at),
            }
        }
        bytes
    }
}

fn seeds(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|file| (file.clone(), fs::read(file).unwrap())).collect()
}

#[track_caller]
fn run(name: &str, target: fn(&[u8]), data: &[u8], origin: &str) {
    let result = catch_unwind(AssertUnwindSafe(|| target(data)));
    assert!(result.is_ok(), "`{name}` fails on {origin}; save this as a seed:\n\"{}\"", data.escape_ascii());
}

#[test]
fn every_target_keeps_its_promises_on_its_seeds() {
    for &(name, target) in targets::ALL {
        let seeds = seeds(name);
        assert!(seeds.len() >= 3, "`{name}` has {} seeds", seeds.len());
        for (file, data) in &seeds {
            run(name, target, data, &file.display().to_string());
            // What is cut off is the most common of all damage.
            for end in (0..data.len()).step_by(1 + data.len() / 40) {
                run(name, target, &data[..end], &format!("the first {end} bytes of {}", file.display()));
            }
        }
    }
}

#[test]
fn every_target_keeps_its_promises_on_changed_seeds() {
    let rounds = std::env::var("HANDBOOK_FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    for (index, &(name, target)) in targets::ALL.iter().enumerate() {
        let mut random = Random(0x9E37_79B9_7F4A_7C15 + index as u64);
        let seeds: Vec<Vec<u8>> = seeds(name).into_iter().map(|(_, data)| data).collect();
        for round in 0..rounds {
            run(name, target, &random.changed(&seeds), &format!("round {round}"));
        }
    }
}

/// A page of about 300 KB must not become one of gigabytes.
#[track_caller]
fn check_growth(text: &str, dialect: Dialect) {
    let options = Options { dialect, ..Options::default() };
    let document = markdown::render(text, 0, &options);
    let most = targets::MOST_TIMES * text.len() + targets::MOST_MORE;
    assert!(document.body.html.len() <= most, "{} bytes become {}", text.len(), document.body.html.len());
    assert!(document.body.html.contains("last"), "the end of the page is lost");
}

#[test]
fn an_address_that_is_used_again_and_again_is_not_repeated_without_limit() {
    let address = "/x".repeat(50_000);
    for dialect in [Dialect::Kramdown, Dialect::Gfm] {
        check_growth(&format!("{}\n\n[a]: {address}\n\nlast\n", "[a] ".repeat(50_000)), dialect);
        check_growth(&format!("{}\n\n[^a]: {address}\n\nlast\n", "[^a] ".repeat(20_000)), dialect);
    }
}

#[test]
fn a_meaning_that_is_used_again_and_again_is_not_repeated_without_limit() {
    let meaning = "x ".repeat(50_000);
    check_growth(&format!("{}\n\n*[A]: {meaning}\n\nlast\n", "A b ".repeat(50_000)), Dialect::Kramdown);
}

#[test]
fn attributes_that_name_each_other_are_not_repeated_without_limit() {
    let value = "x".repeat(50_000);
    check_growth(&format!("{{:a: k=\"{value}\"}}\n{}\nlast\n", "b\n{:a}\n\n".repeat(30_000)), Dialect::Kramdown);
    let chain: String = (0..9).map(|n| format!("{{:r{n}: {}}}\n", format!("r{} ", n + 1).repeat(30))).collect();
    check_growth(&format!("{chain}{{:r9: k=\"v\"}}\n\nb\n{{:r0}}\n\nlast\n"), Dialect::Kramdown);
    let many: String = (0..60_000).map(|n| format!(" .c{n}")).collect();
    check_growth(&format!("b\n{{:{many}}}\n\nlast\n"), Dialect::Kramdown);
}

#[test]
fn the_cells_that_rows_lack_are_not_made_without_limit() {
    let wide = "|a".repeat(60_000);
    let rows = "|b\n".repeat(40_000);
    check_growth(&format!("{wide}\n{rows}\nlast\n"), Dialect::Kramdown);
    let rule = "|-".repeat(60_000);
    check_growth(&format!("{wide}|\n{rule}|\n{rows}\nlast\n"), Dialect::Gfm);
}

#[test]
fn a_long_prefix_is_not_put_before_every_heading() {
    let prefix = "x".repeat(50_000);
    check_growth(
        &format!("{{::options auto_id_prefix=\"{prefix}\" /}}\n\n{}\nlast\n", "# a\n\n".repeat(30_000)),
        Dialect::Kramdown,
    );
}

#[test]
fn cleaning_repeats_no_open_elements_without_limit() {
    // A browser opens them again in each paragraph.
    let open: String = (0..3_000).map(|n| format!("<b title={n}>")).collect();
    let hostile = format!("<p>{open}</p>{}", "<p>x</p>".repeat(3_000));
    let cleaned = markdown::policy::clean(&hostile);
    let most = targets::MOST_TIMES * hostile.len() + targets::MOST_MORE;
    assert!(cleaned.len() <= most, "{} bytes become {}", hostile.len(), cleaned.len());
}
