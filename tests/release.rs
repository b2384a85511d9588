//! What stands around the program: the script that installs it, the action, the workflows and the scripts of a release. Their shell steps are
//! run here as they are written there.

#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use handbook::diagnostic::Code;
use handbook::value::{Value, yaml};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const PROGRAM: &str = env!("CARGO_BIN_EXE_handbook");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// The kind of this computer, as the script finds it.
fn target() -> String {
    let machine = if cfg!(target_arch = "aarch64") { "aarch64" } else { "x86_64" };
    let system = if cfg!(target_os = "macos") { "apple-darwin" } else { "unknown-linux-musl" };
    format!("{machine}-{system}")
}

/// A folder with the files of a release for this computer.
fn release() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let packed =
        Command::new(root().join(".ci/package")).arg(target()).arg(PROGRAM).arg(folder.path()).output().unwrap();
    assert!(packed.status.success(), "{}", said(&packed));
    folder
}

fn install(release: &Path, to: &Path) -> Output {
    let from = format!("file://{}", release.display());
    let mut command = Command::new("sh");
    command.arg(root().join("install.sh")).args(["--from", &from, "--to"]).arg(to);
    command.env("SHELL", "/bin/bash").output().unwrap()
}

fn has_curl() -> bool {
    let has = Command::new("curl").arg("--version").output().is_ok();
    if !has {
        eprintln!("skipped: there is no curl here");
    }
    has
}

#[test]
fn what_is_packed_can_be_installed() {
    if !has_curl() {
        return;
    }
    let (release, to) = (release(), tempfile::tempdir().unwrap());
    let installed = install(release.path(), &to.path().join("bin"));
    assert!(installed.status.success(), "{}", said(&installed));
    assert!(said(&installed).contains(&format!("Installed handbook {VERSION} into ")), "{}", said(&installed));
    assert!(said(&installed).contains("/bin:$PATH\"' >> ~/."), "{}", said(&installed));
    let ran = Command::new(to.path().join("bin/handbook")).arg("--version").output().unwrap();
    assert_eq!(said(&ran), format!("handbook {VERSION}\n"));
    // A folder seen from here is named as a whole, as the line for the shell needs it.
    let from = format!("file://{}", release.path().display());
    let mut command = Command::new("sh");
    command.arg(root().join("install.sh")).args(["--from", &from, "--to", "near"]).current_dir(to.path());
    assert!(said(&command.output().unwrap()).contains("/near:$PATH\"' >> ~/."));
    assert!(to.path().join("near/handbook").exists());
    // Again, over the one that is there.
    assert!(install(release.path(), &to.path().join("bin")).status.success());
    assert_eq!(fs::read_dir(to.path().join("bin")).unwrap().count(), 1);
}

#[test]
fn what_was_changed_on_its_way_is_not_installed() {
    if !has_curl() {
        return;
    }
    let (release, to) = (release(), tempfile::tempdir().unwrap());
    let archive = release.path().join(format!("handbook-{}.tar.gz", target()));
    let mut bytes = fs::read(&archive).unwrap();
    bytes.push(0);
    fs::write(&archive, bytes).unwrap();
    let refused = install(release.path(), to.path());
    assert!(!refused.status.success());
    assert!(said(&refused).contains("error: what was fetched is not what was released"), "{}", said(&refused));
    assert_eq!(fs::read_dir(to.path()).unwrap().count(), 0);
    fs::remove_file(&archive).unwrap();
    assert!(said(&install(release.path(), to.path())).contains("error: it cannot be fetched"));
}

#[test]
fn a_script_that_was_cut_off_does_nothing() {
    let script = text("install.sh");
    for end in [script.len() / 2, script.rfind("say \"Installed").unwrap(), script.rfind("main \"$@\"").unwrap()] {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", &script[..end], "sh", "--from", "file:///nowhere", "--to"]).arg(folder.path().join("bin"));
        let cut = said(&command.output().unwrap());
        assert!(!cut.contains("Fetching") && fs::read_dir(folder.path()).unwrap().count() == 0, "{cut}");
    }
}

#[test]
fn the_script_says_what_it_does_not_understand() {
    let script = |words: &[&str]| Command::new("sh").arg(root().join("install.sh")).args(words).output().unwrap();
    assert!(script(&["--help"]).status.success());
    assert!(said(&script(&["--to"])).contains("error: --to needs a value behind it"));
    assert!(said(&script(&["--here"])).contains("error: `--here` is no option"));
}

#[test]
fn the_licences_of_all_that_a_release_is_made_of_are_written() {
    let mut command = Command::new(root().join(".ci/licences"));
    let written = command.arg("x86_64-unknown-linux-gnu").output().unwrap();
    let licences = String::from_utf8_lossy(&written.stdout);
    assert!(written.status.success(), "{}", said(&written));
    for part in [
        "tera 2",
        "ammonia 4",
        "onig_sys 69",
        "Oniguruma LICENSE",
        "the typeface Inter",
        "SIL OPEN FONT LICENSE",
        "the icons of Tabler",
        "syntaxes/01_Packages/Rust/LICENSE.txt",
        "Mozilla Public License",
    ] {
        assert!(licences.contains(part), "{part} is missing");
    }
    assert!(text(".github/workflows/release.yml").contains(".ci/licences \"$TARGET\" >THIRD-PARTY-LICENSES.txt"));
    assert!(text(".gitignore").contains("THIRD-PARTY-LICENSES.txt"));
}

#[test]
fn an_archive_has_what_a_release_needs() {
    let release = release();
    let archive = release.path().join(format!("handbook-{}.tar.gz", target()));
    let listed = Command::new("tar").arg("-tzf").arg(&archive).output().unwrap();
    let names = said(&listed);
    for file in
        ["handbook", "LICENSE-MIT", "LICENSE-APACHE", "README.md", "man/handbook-build.1", "completions/handbook.fish"]
    {
        assert!(names.contains(&format!("handbook-{}/{file}\n", target())), "{file} is not in\n{names}");
    }
    let sum = fs::read_to_string(format!("{}.sha256", archive.display())).unwrap();
    assert!(sum.ends_with(&format!("  handbook-{}.tar.gz\n", target())) && sum.find(' ') == Some(64), "{sum}");
}

/// The shell steps of the action: their names and commands.
fn steps() -> Vec<(String, String)> {
    let text = text("action.yml");
    let node = yaml::parse(&text, 0, text.len(), Code::ConfigSyntax).expect("action.yml is YAML");
    let get = |value: &Value, key: &str| match value {
        Value::Table(entries) => {
            entries.iter().find(|entry| entry.key.value == key).map(|entry| entry.value.value.clone())
        }
        _ => None,
    };
    let Some(Value::List(steps)) = get(&node.value, "runs").and_then(|runs| get(&runs, "steps")) else {
        panic!("no steps")
    };
    let step = |step: &Value| match (get(step, "name"), get(step, "run")) {
        (Some(Value::Text(name)), Some(Value::Text(run))) => Some((name, run)),
        _ => None,
    };
    steps.iter().filter_map(|node| step(&node.value)).collect()
}

/// Runs a step of the action as GitHub does.
fn step(name: &str, folder: &Path, variables: &[(&str, &str)]) -> Output {
    let steps = steps();
    let (_, run) = steps.iter().find(|(known, _)| known == name).expect("a step of this name");
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", run]).current_dir(folder);
    command.env("HANDBOOK_CACHE_DIR", folder.join("cache")).envs(variables.iter().copied()).output().unwrap()
}

#[test]
fn the_action_checks_and_builds() {
    let folder = tempfile::tempdir().unwrap();
    let write = |file: &str, text: &str| {
        let file = folder.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    write("hb/content/_index.md", "---\ntitle: Home\ndescription: All of it.\n---\n\n[Nowhere](nowhere.md)\n");
    let plain = [
        ("PROGRAM", PROGRAM),
        ("FOLDER", "hb"),
        ("BASE_URL", "https://ida.github.io/repo"),
        ("STRICT", "false"),
        ("OUTPUT", ""),
    ];
    let checked = step("Check", folder.path(), &plain);
    assert!(checked.status.success(), "{}", said(&checked));
    assert!(said(&checked).contains("::warning file="), "{}", said(&checked));
    let built = step("Build", folder.path(), &plain);
    assert!(built.status.success() && said(&built).starts_with("Built 1 page"), "{}", said(&built));
    let home = fs::read_to_string(folder.path().join("hb/public/index.html")).unwrap();
    assert!(home.contains("https://ida.github.io/repo/"), "{home}");

    let strict = plain.map(|(name, value)| if name == "STRICT" { (name, "true") } else { (name, value) });
    assert_eq!(step("Check", folder.path(), &strict).status.code(), Some(1));
    write("hb/content/_index.md", "---\nweight: ten\n---\n");
    let failed = step("Build", folder.path(), &plain);
    assert_eq!(failed.status.code(), Some(1));
    assert!(said(&failed).contains("`weight` must be a number"), "{}", said(&failed));
}

#[test]
fn the_action_installs_its_own_version() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("output");
    let here = root().to_str().unwrap();
    let run = |wanted| {
        step(
            "Find the version",
            folder.path(),
            &[("WANTED", wanted), ("HERE", here), ("GITHUB_OUTPUT", file.to_str().unwrap())],
        )
    };
    assert!(run("").status.success() && run("1.2.3").status.success());
    assert_eq!(fs::read_to_string(&file).unwrap(), format!("version={VERSION}\nversion=1.2.3\n"));
}

#[test]
fn the_notes_of_a_release_come_from_the_changelog() {
    let notes = |version: &str| Command::new(root().join(".ci/release-notes")).arg(version).output().unwrap();
    assert!(said(&notes("999.0.0")).contains("the tag is for 999.0.0"));
    let own = notes(VERSION);
    let has_section = text("CHANGELOG.md").contains(&format!("\n## {VERSION}"));
    assert_eq!(own.status.success(), has_section, "{}", said(&own));
}

#[test]
fn every_action_is_pinned_to_a_commit_with_its_version_beside_it() {
    let mut n_actions = 0;
    for file in
        ["action.yml", ".github/workflows/handbook.yml", ".github/workflows/release.yml", "src/publish/workflow.yml"]
    {
        for line in text(file).lines().filter(|line| line.contains("uses: ") && line.contains('@')) {
            let (_, rest) = line.split_once('@').unwrap();
            let (hash, version) = rest.split_once(" # v").unwrap_or_else(|| panic!("{file}: {line}"));
            assert!(hash.len() == 40 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{file}: {line}");
            assert_eq!(version.split('.').count(), 3, "{file}: {line}");
            n_actions += 1;
        }
    }
    assert!(n_actions > 10);
}

#[test]
fn the_same_action_has_the_same_commit_everywhere() {
    let mut known = std::collections::HashMap::new();
    for file in
        ["action.yml", ".github/workflows/handbook.yml", ".github/workflows/release.yml", "src/publish/workflow.yml"]
    {
        for line in
            text(file).lines().filter_map(|line| line.split_once("uses: actions/")).map(|(_, rest)| rest.to_string())
        {
            let (name, pin) = line.split_once('@').unwrap();
            let before = known.insert(name.to_string(), pin.to_string());
            assert!(before.is_none_or(|before| before == pin), "{file}: {line}");
        }
    }
}

#[test]
fn one_repository_and_one_version_are_named() {
    let repository = env!("CARGO_PKG_REPOSITORY");
    let action = format!("uses: {}@v{VERSION}", repository.trim_start_matches("https://github.com/"));
    assert!(text("install.sh").contains(&format!("releases={repository}/releases\n")));
    for file in ["README.md", "content/guide/publishing.md", "content/guide/continuous-integration.md"] {
        assert!(text(file).contains(&action), "{file} does not have `{action}`");
    }
    for file in ["README.md", "site.toml", "content/guide/getting-started.md"] {
        let path = repository.trim_start_matches("https://");
        let raw = path.replace("github.com", "raw.githubusercontent.com");
        assert!(text(file).contains(path) || text(file).contains(&raw), "{file} does not name {repository}");
    }
}
