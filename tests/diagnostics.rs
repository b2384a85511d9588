//! What people read when something is wrong: each file in `tests/diagnostics` with exactly what is printed for it beside
//! it, in a file of the same name that ends with `.stderr`. A `.md` is front matter, a `.toml` settings, a `.site` a
//! whole site. `UPDATE=1` writes them anew.

mod elsewhere;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use handbook::diagnostic::Code;
use handbook::{diagnostic, project, source};

use elsewhere::Elsewhere;

/// What stands in an example for the address of another site: as long as one of this machine.
const SITE: &str = "http://another.site.de";

/// The files of `tests/diagnostics` with one of these suffixes.
fn inputs(suffix: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let mut inputs: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    inputs.retain(|path| path.extension().is_some_and(|end| suffix.split('|').any(|suffix| end == suffix)));
    inputs.sort();
    assert!(!inputs.is_empty());
    inputs
}

#[test]
fn each_file_gets_its_messages() {
    let differing: Vec<String> = inputs("md|toml").iter().filter_map(|input| difference(input)).collect();
    assert!(differing.is_empty(), "{}\nUPDATE=1 accepts these", differing.join("\n"));
}

/// What is printed for the file, if it is not what is expected.
fn difference(input: &Path) -> Option<String> {
    let (text, encoding) = source::text::decode(fs::read(input).unwrap());
    let (mut diagnostics, name) = match input.extension().unwrap().to_str().unwrap() {
        "toml" => (project::config::read(&text).1, "site.toml".to_owned()),
        _ => (source::front_matter::read(&text).2, format!("content/{}", input.file_name().unwrap().to_str().unwrap())),
    };
    diagnostics.extend(encoding);
    diagnostics.iter_mut().for_each(|diagnostic| diagnostic.file.clone_from(&name));
    diagnostics.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    let mut printed = Vec::new();
    diagnostic::human(&diagnostics, &mut |_| Some(text.clone()), false, &mut printed).unwrap();
    compare(input, String::from_utf8(printed).unwrap())
}

/// What is printed, if it is not what stands beside the input.
fn compare(input: &Path, printed: String) -> Option<String> {
    let expected_file = input.with_extension(format!("{}.stderr", input.extension().unwrap().to_str().unwrap()));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&expected_file, &printed).unwrap();
    }
    let expected = fs::read_to_string(&expected_file).unwrap_or_default();
    (printed != expected).then(|| format!("--- {} gives\n{printed}", input.display()))
}

/// A small site in one file: `=== path` begins each of its files, `=== path -> target` is a symbolic link.
fn site(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for part in text.split("=== ").skip(1) {
        let (path, text) = part.split_once('\n').unwrap();
        let (path, target) = path.split_once(" -> ").map_or((path, None), |(path, target)| (path, Some(target)));
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        match target {
            #[cfg(unix)]
            Some(target) => std::os::unix::fs::symlink(target, file).unwrap(),
            #[cfg(not(unix))]
            Some(_) => {}
            None => fs::write(file, text).unwrap(),
        }
    }
    folder
}

/// Everything that is wrong with the site, as `handbook check` prints it.
fn checked(folder: &Path, external: bool) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_handbook"));
    command.args(["check", "-v", "--today", "2024-06-01", "--format", "human"]).current_dir(folder);
    if external {
        command.args(["--external", "--fresh"]).env("HANDBOOK_CACHE_DIR", folder.join("cache"));
        ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"].iter().for_each(|name| {
            command.env_remove(name);
        });
    }
    let printed = String::from_utf8(command.output().unwrap().stderr).unwrap();
    let (problems, _) = printed.rsplit_once("Checked ").unwrap();
    problems.to_string()
}

/// The other site of the examples.
fn answer(_method: &str, path: &str, _n: usize) -> String {
    match path {
        "/closed" => "403 Forbidden".into(),
        "/moved" => "301 Moved Permanently\nLocation: /here".into(),
        "/here" => "200 OK\nContent-Type: text/html\n\n<h2 id=\"there\">There</h2>".into(),
        _ => "404 Not Found".into(),
    }
}

/// What is printed for a site. Where it links to another one, that is there and is asked.
fn printed(input: &Path) -> String {
    let text = fs::read_to_string(input).unwrap();
    if !text.contains(SITE) {
        return checked(site(&text).path(), false);
    }
    let other = Elsewhere::start(answer);
    let printed = checked(site(&text.replace(SITE, &other.url)).path(), true);
    let (_asked, printed) = printed.split_once('\n').unwrap();
    printed.replace(&other.url, SITE)
}

#[test]
fn each_site_gets_its_messages() {
    let differing: Vec<String> = inputs("site").iter().filter_map(|input| compare(input, printed(input))).collect();
    assert!(differing.is_empty(), "{}\nUPDATE=1 accepts these", differing.join("\n"));
}

#[test]
fn every_code_has_an_example() {
    let printed: String = inputs("stderr").iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    let is_shown = |code: &&Code| printed.contains(&format!("[{code}]: "));
    let missing: Vec<&str> = Code::ALL.iter().filter(|code| !is_shown(code)).map(|code| code.name()).collect();
    assert!(missing.is_empty(), "no file of tests/diagnostics shows {missing:?}");
}
