//! The same handbook gives the same bytes, whatever the number of threads, the machine's clock zone and language, the place of
//! the folder, or the order in which its files were made.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

type Tree = BTreeMap<String, Vec<u8>>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder.
fn files(folder: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false => drop(tree.insert(name(folder, &path), fs::read(&path).unwrap())),
            }
        }
    }
    tree
}

fn name(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/")
}

/// Our own handbook, and pages that give every kind of problem.
fn handbook() -> Tree {
    let own = files(&root().join("content")).into_iter().map(|(path, bytes)| (format!("content/{path}"), bytes));
    let mut tree: Tree = own.collect();
    tree.insert("site.toml".to_string(), fs::read(root().join("site.toml")).unwrap());
    for n in 0..20 {
        let text = format!(
            "---\ntitle: Page {n}\nlayout: nowhere-{}\naliases: [/same/, /old/{n}/]\nweight: {}\n---\n\
             [x](/nothing/{n}/) [y](page-{}.md#none) ![z](none.png) $\\nonsense$\n",
            n % 3,
            n % 2,
            19 - n
        );
        tree.insert(format!("content/many/page-{n}.md"), text.into_bytes());
    }
    tree
}

/// Writes a copy of the handbook; the last file first when `backwards`, and none at the time of another.
fn copy(folder: &Path, backwards: bool) {
    let tree = handbook();
    let mut paths: Vec<(&String, &Vec<u8>)> = tree.iter().collect();
    if backwards {
        paths.reverse();
    }
    for (n, (path, bytes)) in paths.into_iter().enumerate() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000 + n as u64 * 86_400);
        File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    }
}

/// Builds the handbook in `folder` with these variables set: the published files, and what was reported.
fn build(folder: &Path, variables: &[(&str, &str)]) -> (Tree, String) {
    build_by(Command::new(env!("CARGO_BIN_EXE_handbook")), folder, variables)
}

/// The same by a command that starts the program.
fn build_by(mut command: Command, folder: &Path, variables: &[(&str, &str)]) -> (Tree, String) {
    let output: PathBuf = folder.join("public");
    let _ = fs::remove_dir_all(&output);
    command.args(["build", "--format", "json"]).current_dir(folder).envs(variables.iter().copied());
    let ran = command.output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    (files(&output), String::from_utf8(ran.stdout).unwrap())
}

#[track_caller]
fn assert_same(a: &(Tree, String), b: &(Tree, String)) {
    assert!(a.0.len() > 50 && a.1.lines().count() > 50, "this handbook is too small to tell");
    assert_eq!(a.0.keys().collect::<Vec<_>>(), b.0.keys().collect::<Vec<_>>());
    let differing: Vec<&String> =
        a.0.iter().filter(|(path, bytes)| b.0[*path] != **bytes).map(|(path, _)| path).collect();
    assert_eq!(differing, [""; 0]);
    assert_eq!(a.1, b.1);
}

#[test]
fn one_thread_and_eight_give_the_same() {
    let folder = tempfile::tempdir().unwrap();
    copy(folder.path(), false);
    let one = build(folder.path(), &[("RAYON_NUM_THREADS", "1")]);
    assert_same(&one, &build(folder.path(), &[("RAYON_NUM_THREADS", "8")]));
}

#[test]
fn zone_and_language_of_the_machine_do_not_matter() {
    let folder = tempfile::tempdir().unwrap();
    copy(folder.path(), false);
    let here = build(folder.path(), &[("TZ", "UTC"), ("LANG", "C"), ("LC_ALL", "C")]);
    let there = [("TZ", "Pacific/Kiritimati"), ("LANG", "tr_TR.UTF-8"), ("LC_ALL", "tr_TR.UTF-8")];
    assert_same(&here, &build(folder.path(), &there));
}

#[test]
fn another_folder_made_in_another_order_gives_the_same() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    copy(one.path(), false);
    let deep = other.path().join("a folder/with a long name");
    copy(&deep, true);
    assert_same(&build(one.path(), &[]), &build(&deep, &[]));
}

#[test]
fn another_day_gives_the_same() {
    if Command::new("faketime").arg("--version").output().is_err() {
        eprintln!("skipped: there is no `faketime` here, which tells programs another time");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    copy(folder.path(), false);
    let (early, late) = ("2001-02-03 23:59:59", "2037-12-31 00:00:00");
    let command = |day: &str| {
        let mut command = Command::new("faketime");
        command.arg(day).arg(env!("CARGO_BIN_EXE_handbook"));
        command
    };
    let build = |day: &str| build_by(command(day), folder.path(), &[]);
    assert!(build(early).0 == build(late).0, "the published files differ");
    // The program does see another day: what is overdue is not the same.
    let check =
        |day: &str| command(day).args(["check", "--format", "json"]).current_dir(folder.path()).output().unwrap();
    assert!(check(early).stdout != check(late).stdout);
}
