//! Holds the rooms of `ARCHITECTURE.md`: who may import whom, who reads, writes and prints, and how long a file may be. Each rule fails
//! with the lines that break it.
//!
//! It looks at the text of the code, line by line, and not at what the compiler makes of it. A file's tests, which stand at its
//! end, may do what they like.

use std::fs;
use std::path::{Path, PathBuf};

/// Each room and what it may import, from the lowest to the highest. A path allows all that begins with it.
const ROOMS: &[(&str, &[&str])] = &[
    ("diagnostic", &[]),
    ("value", &["diagnostic"]),
    ("git", &[]),
    ("history", &["git"]),
    ("words", &[]),
    ("markdown", &["diagnostic", "words"]),
    ("output", &[]),
    ("cache", &["markdown::snippets"]),
    ("source", &["diagnostic", "value", "markdown::dialect"]),
    ("edit", &["diagnostic", "value", "source"]),
    ("project", &["diagnostic", "history", "value", "words", "markdown", "source"]),
    ("site", &["diagnostic", "history", "value", "markdown", "source", "project"]),
    ("ledger", &["diagnostic", "markdown", "source", "edit", "project", "site"]),
    ("render", &["diagnostic", "value", "markdown", "source", "project", "site", "output"]),
    ("moves", &["diagnostic", "value", "markdown", "source", "edit", "project", "site", "render"]),
    ("search", &["markdown::outline", "markdown::Heading", "site"]),
    ("update", &["diagnostic", "value", "markdown", "source", "project", "site"]),
    ("web", &["markdown::raw_html"]),
    ("check", &["diagnostic", "value", "markdown", "source", "project", "site", "render", "output", "web"]),
    ("publish", &["git", "project"]),
    (
        "serve",
        &["diagnostic", "markdown", "source", "project", "site", "render", "search", "update", "output", "check"],
    ),
    ("cli", &["project", "markdown::Dialect", "diagnostic::Code", "value::date"]),
    (
        "commands",
        &[
            "diagnostic",
            "value",
            "markdown",
            "source",
            "edit",
            "git",
            "history",
            "ledger",
            "moves",
            "project",
            "site",
            "render",
            "update",
            "output",
            "check",
            "serve",
            "publish",
            "search",
            "web",
            "cli",
            "cache",
        ],
    ),
    ("lib", &[]),
    ("main", &["commands", "cli"]),
];

/// Crates that are at home in one room only.
const HOMES: &[(&str, &[&str])] = &[
    ("tera", &["render"]),
    ("pulldown_cmark", &["markdown"]),
    ("ammonia", &["markdown"]),
    ("html5ever", &["markdown"]),
    ("pulldown_latex", &["markdown"]),
    ("syntect", &["markdown"]),
    ("two_face", &["markdown"]),
    ("serde_saphyr", &["value"]),
    ("toml", &["value"]),
    ("annotate_snippets", &["diagnostic"]),
    ("imagesize", &["source"]),
    ("snowball_stemmers_rs", &["search"]),
    ("adler2", &["search"]),
    ("flate2", &["search"]),
    ("foldhash", &["markdown", "site"]),
    ("hashbrown", &["search"]),
    ("unicode_normalization", &["search", "source"]),
    ("url", &["web"]),
    ("ureq", &["web"]),
    ("rustix", &["output"]),
    ("tempfile", &["output"]),
    ("similar", &["edit"]),
    ("notify", &["serve"]),
    ("hyper", &["serve"]),
    ("hyper_util", &["serve"]),
    ("tokio", &["serve"]),
    ("clap", &["cli", "main"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("anstream", &["main"]),
];

/// The rooms that may touch files. `serve` watches them, and sends those that are published as they are.
const WITH_FILES: &[&str] = &["source", "project", "output", "serve", "cache"];

const MOST_LINES: usize = 400;

/// A file of `src`, without its tests.
struct File {
    path: String,
    /// The lines of code, comments left out, from line 1.
    lines: Vec<String>,
}

impl File {
    /// The top module that the file belongs to.
    fn room(&self) -> &str {
        let inside = self.path.strip_prefix("src/").unwrap();
        inside.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// How many `super`s lead from the file's module to the crate's root.
    fn depth(&self) -> usize {
        let n_parts = self.path.split('/').count() - 1;
        if self.path.ends_with("/mod.rs") { n_parts - 1 } else { n_parts }
    }

    /// `file:line` and the line, wherever it holds one of these.
    fn with(&self, needles: &[&str]) -> Vec<String> {
        let hits = self.lines.iter().enumerate().filter(|(_, line)| needles.iter().any(|needle| line.contains(needle)));
        hits.map(|(n, line)| self.at(n, line.trim())).collect()
    }

    fn at(&self, n: usize, what: &str) -> String {
        format!("{}:{}: {what}", self.path, n + 1)
    }

    /// Every path of our own that the file names, as `room::rest`, with its line.
    fn imports(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for (n, line) in self.lines.iter().enumerate() {
            // A binary sees its library as another crate.
            let roots = [("crate::", 0), ("handbook::", 0), ("super::", self.depth())];
            for (root, n_supers) in roots {
                for (at, _) in line.match_indices(root) {
                    let before = line[..at].chars().next_back();
                    if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '/' || c == '`') {
                        continue;
                    }
                    let mut rest = &line[at + root.len()..];
                    let mut n_up = usize::from(n_supers > 0);
                    while let Some(further) = rest.strip_prefix("super::") {
                        (rest, n_up) = (further, n_up + 1);
                    }
                    if n_up < n_supers {
                        continue;
                    }
                    match rest.strip_prefix('{') {
                        // A group may go on in the lines below.
                        Some(_) => found.extend(self.group(n).into_iter().map(|path| (n, path))),
                        None => found.push((n, path(rest))),
                    }
                }
            }
        }
        found
    }

    /// The paths of a `use crate::{…}` that begins in this line.
    fn group(&self, n: usize) -> Vec<String> {
        let text = self.lines[n..].join(" ");
        let text = &text[text.find("::{").unwrap() + 3..];
        let (mut paths, mut level, mut start) = (Vec::new(), 0, 0);
        for (at, c) in text.char_indices() {
            match c {
                '{' => level += 1,
                ',' | '}' if level == 0 => {
                    paths.push(path(text[start..at].trim()));
                    start = at + 1;
                }
                _ => {}
            }
            if c == '}' {
                level -= 1;
            }
            if level < 0 {
                break;
            }
        }
        paths.retain(|path| !path.is_empty());
        paths
    }
}

/// The path at the beginning of a text: names with `::` between them.
fn path(text: &str) -> String {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len());
    text[..end].trim_end_matches(':').to_string()
}

/// The code of a line: without what follows `//`, and nothing of a line that holds only words.
fn code(line: &str) -> String {
    match line.trim_start().starts_with("//") {
        true => String::new(),
        false => line.split(" // ").next().unwrap_or_default().to_string(),
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder, sorted.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

/// Every file of `src` that is not a test.
fn files() -> Vec<File> {
    let inside = |path: &Path| path.strip_prefix(root().join("src")).unwrap().to_path_buf();
    let is_test = |path: &Path| inside(path).iter().any(|part| part == "tests" || part == "tests.rs");
    let is_code = |path: &PathBuf| path.extension().is_some_and(|end| end == "rs") && !is_test(path);
    let paths = below(&root().join("src")).into_iter().filter(is_code);
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        // `#[cfg(test)] mod tests;` stands above the code and has its tests elsewhere.
        let tests = lines.windows(2).position(|pair| pair[0] == "#[cfg(test)]" && pair[1].ends_with('{'));
        lines.truncate(tests.unwrap_or(lines.len()));
        let path = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
        File { path, lines: lines.into_iter().map(code).collect() }
    };
    let files: Vec<File> = paths.map(read).collect();
    assert!(!files.is_empty());
    files
}

fn none(broken: Vec<String>, rule: &str) {
    assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
}

#[test]
fn imports_run_one_way() {
    let mut broken = Vec::new();
    for file in files() {
        let room = file.room();
        let allowed = ROOMS.iter().find(|(name, _)| *name == room);
        let allowed = allowed.unwrap_or_else(|| panic!("{}: `{room}` is no room of the table", file.path)).1;
        for (n, path) in file.imports() {
            let is_within = |place: &&str| path == **place || path.starts_with(&format!("{place}::"));
            if !is_within(&room) && !allowed.iter().any(is_within) {
                broken.push(file.at(n, &format!("`{room}` may not use `{path}`")));
            }
        }
    }
    none(broken, "imports run from commands down to diagnostic, see ARCHITECTURE.md");
}

#[test]
fn each_crate_has_one_home() {
    let mut broken = Vec::new();
    for file in files() {
        for (name, rooms) in HOMES.iter().filter(|(_, rooms)| !rooms.contains(&file.room())) {
            let names_it = |line: &String| {
                line.match_indices(&format!("{name}::")).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    // Our own modules may have a crate's name: `value::toml`.
                    !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
                        && !file.lines.iter().any(|line| line.starts_with("use crate::") && line.contains(name))
                })
            };
            for (n, _) in file.lines.iter().enumerate().filter(|(_, line)| names_it(line)) {
                broken.push(file.at(n, &format!("`{name}` is at home in {rooms:?}")));
            }
        }
    }
    none(broken, "a crate is used in one room");
}

#[test]
fn only_source_project_and_output_touch_files() {
    let touches = ["std::fs", "fs::read", "fs::metadata", "File::open", "OpenOptions", "WalkDir"];
    let mut broken = Vec::new();
    for file in files().iter().filter(|file| !WITH_FILES.contains(&file.room())) {
        broken.extend(file.with(&touches));
    }
    none(broken, "only these rooms read or write files: source, project, output");
}

#[test]
fn only_output_writes_files() {
    let writes = ["fs::write", "fs::create", "fs::remove", "fs::rename", "fs::copy", "File::create", "OpenOptions"];
    let files = files();
    let others = files.iter().filter(|file| !["output", "cache"].contains(&file.room()));
    none(others.flat_map(|file| file.with(&writes)).collect(), "only `output` writes files, and `cache` its own");
}

#[test]
fn only_main_and_diagnostic_print() {
    let prints = ["println!", "eprintln!", "print!(", "eprint!(", "io::stdout", "io::stderr"];
    let files = files();
    let others = files.iter().filter(|file| !["main", "diagnostic"].contains(&file.room()));
    none(others.flat_map(|file| file.with(&prints)).collect(), "only `main` and `diagnostic` print");
}

#[test]
fn nothing_is_left_unfinished() {
    let unfinished = [".unwrap()", "todo!", "unimplemented!", "dbg!", "unsafe "];
    none(files().iter().flat_map(|file| file.with(&unfinished)).collect(), "these belong in tests, or nowhere");
}

#[test]
fn imports_are_spelled_out() {
    none(files().iter().flat_map(|file| file.with(&["use super::*", "use crate::*"])).collect(), "name what you use");
}

#[test]
fn no_file_is_about_too_much() {
    let too_long = files().into_iter().filter(|file| file.lines.len() > MOST_LINES);
    let too_long = too_long.map(|file| format!("{} has {} lines", file.path, file.lines.len())).collect();
    none(too_long, "a file is about one noun and has at most 400 lines before its tests");
}

#[test]
fn every_file_says_what_it_is_for() {
    let files = below(&root().join("src")).into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs"));
    let is_silent = |path: &PathBuf| !fs::read_to_string(path).unwrap().starts_with("//! ");
    none(files.filter(is_silent).map(|path| path.display().to_string()).collect(), "a module begins with `//!`");
}

#[test]
fn every_file_of_the_theme_is_text() {
    let is_font = |path: &Path| path.extension().is_some_and(|extension| extension == "woff2");
    let is_binary = |path: &PathBuf| !is_font(path) && String::from_utf8(fs::read(path).unwrap()).is_err();
    let files = below(&root().join("themes")).into_iter();
    none(
        files.filter(is_binary).map(|path| path.display().to_string()).collect(),
        "the theme's files but its fonts are UTF-8",
    );
}
