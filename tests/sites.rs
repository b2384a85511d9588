//! Small sites, one for each thing that a site can be about: the folder `tests/sites/NAME` is built, and everything that is
//! published must be what `expected` in it holds, no more and no less. `messages.txt` holds what is reported, as
//! `--format short` prints it. `UPDATE=1` writes both anew.
//!
//! A site whose `site.toml` says `theme = "plain"` uses the theme in `tests/sites/themes`, which prints values instead of a design. The style
//! sheets, scripts and icons of the default theme are published with every site and left out of all comparisons.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use handbook::cli::{Cli, Command};
use handbook::commands::{self, Console};

#[test]
fn each_site_comes_out_as_expected() {
    let sites = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites");
    let folders = fs::read_dir(&sites).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = folders.filter(|path| path.is_dir() && !path.ends_with("themes")).collect();
    folders.sort();
    assert!(!folders.is_empty());
    let differing: Vec<String> = folders.iter().flat_map(|folder| differences(&sites, folder)).collect();
    assert!(differing.is_empty(), "{}\nUPDATE=1 accepts these", differing.join("\n"));
}

type Tree = BTreeMap<String, Vec<u8>>;

/// What a site's build gives that is not expected, and what is expected and not there.
fn differences(sites: &Path, site: &Path) -> Vec<String> {
    let (published, messages) = build(sites, site);
    let (expected, told) = (site.join("expected"), site.join("messages.txt"));
    if std::env::var_os("UPDATE").is_some() {
        let _ = fs::remove_dir_all(&expected);
        write(&expected, &published);
        match messages.is_empty() {
            true => drop(fs::remove_file(&told)),
            false => fs::write(&told, &messages).unwrap(),
        }
        return Vec::new();
    }
    let mut wanted = files(&expected);
    let mut actual = published;
    wanted.insert("messages".to_string(), fs::read(&told).unwrap_or_default());
    actual.insert("messages".to_string(), messages.into_bytes());
    let names: std::collections::BTreeSet<&String> = wanted.keys().chain(actual.keys()).collect();
    let name = site.file_name().unwrap().to_string_lossy();
    let difference = |file: &&String| match (wanted.get(*file), actual.get(*file)) {
        (Some(wanted), Some(actual)) if wanted == actual => None,
        (Some(_), None) => Some(format!("{name}: `{file}` is expected and was not published")),
        (None, _) => Some(format!("{name}: `{file}` was published and is not expected")),
        (Some(wanted), Some(actual)) => Some(format!("{name}: `{file}` differs\n{}", first_difference(wanted, actual))),
    };
    names.iter().filter_map(difference).collect()
}

fn first_difference(wanted: &[u8], actual: &[u8]) -> String {
    let (wanted, actual) = (String::from_utf8_lossy(wanted), String::from_utf8_lossy(actual));
    let n_same = wanted.lines().zip(actual.lines()).take_while(|(a, b)| a == b).count();
    let from = |text: &str| text.lines().skip(n_same).take(5).collect::<Vec<_>>().join("\n  ");
    format!(" from line {} on, expected\n  {}\n and got\n  {}", n_same + 1, from(&wanted), from(&actual))
}

/// Builds a copy of the site: its published files, and what was reported.
fn build(sites: &Path, site: &Path) -> (Tree, String) {
    let folder = tempfile::tempdir().unwrap();
    let is_input = |path: &str| !path.starts_with("expected/") && path != "messages.txt";
    let input: Tree = files(site).into_iter().filter(|(path, _)| is_input(path)).collect();
    write(folder.path(), &input);
    write(&folder.path().join("themes"), &files(&sites.join("themes")));
    let output = folder.path().join("public");
    let arguments = Cli::parse_from([
        "handbook".as_ref(),
        "build".as_ref(),
        folder.path().as_os_str(),
        "--output".as_ref(),
        output.as_os_str(),
        "--format=short".as_ref(),
    ]);
    let Command::Build(arguments) = arguments.command else { unreachable!() };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut console = Console { out: &mut out, err: &mut err, colour: false, is_terminal: false };
    commands::build::run(&arguments, &mut console).unwrap();
    let theme = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/static"));
    // The search page is the theme's too: `tests/theme.rs` looks at it. What the search reads is looked at by `tests/search.rs`.
    let of_search = |path: &str| path == "search/index.html" || path.starts_with("assets/search/");
    let of_theme = |path: &str| theme.contains_key(path) || of_search(path);
    let overrides = |path: &str| input.keys().any(|file| file.ends_with(&format!("/{path}")));
    let mut published = files(&output);
    published.retain(|path, _| overrides(path) || !of_theme(path) && !path.starts_with(".handbook"));
    for (path, bytes) in published.iter_mut().filter(|(path, _)| path.ends_with(".html")) {
        *bytes = without_versions(std::str::from_utf8(bytes).unwrap_or_else(|_| panic!("`{path}` is UTF-8")));
    }
    (published, String::from_utf8(out).unwrap())
}

/// The theme's files have a hash in their address. It changes whenever somebody works on their looks, which is none of our
/// business here.
fn without_versions(html: &str) -> Vec<u8> {
    let mut parts = html.split("?v=");
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let n_digits = part.bytes().take_while(u8::is_ascii_hexdigit).count();
        out.push_str("?v=…");
        out.push_str(&part[n_digits..]);
    }
    out.into_bytes()
}

/// All files below a folder by their path.
fn files(folder: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                tree.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    tree
}

fn write(folder: &Path, tree: &Tree) {
    for (path, bytes) in tree {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}
