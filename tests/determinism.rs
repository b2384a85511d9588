//! The same handbook gives the same bytes, whatever the number of threads, the machine's day, clock zone and language, the
//! place of the folder, or the order in which the file system lists its files. That the day and the order are others is
//! seen before it counts.

use std::collections::BTreeMap;
use std::ffi::OsString;
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
    let settings = fs::read_to_string(root().join("site.toml")).unwrap() + "\n[history]\ndates = true\n";
    tree.insert("site.toml".to_string(), settings.into_bytes());
    for n in 0..20 {
        let text = format!(
            "---\ntitle: Page {n}\nlayout: nowhere-{}\naliases: [/same/, /old/{n}/]\nweight: {}\n---\n\
             [x](/nothing/{n}/) [y](page-{}.md#none) ![z](none.png) $\\nonsense$\n",
            n % 3,
            n % 2,
            19 - n
        );
        tree.insert(format!("content/many/page-{n}.md"), text.into_bytes());
        tree.insert(format!("static/file-{n}.txt"), vec![b'a' + n]);
        tree.insert(format!("templates/own-{n}.html"), b"{% extends \"page.html\" %}".to_vec());
    }
    tree
}

/// Writes a copy of the handbook into a repository of its own; the last file first when `backwards`, and none at the time of
/// another.
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
    git(folder, &["init", "--quiet"], "");
    // It is another day then on one side of the world and on the other.
    for (path, day) in [("content/many", "2026-02-03T23:30:00-1100"), (".", "2026-03-04T00:30:00+1300")] {
        git(folder, &["add", path], "");
        git(folder, &["commit", "--quiet", "--message", path], day);
    }
}

fn git(folder: &Path, words: &[&str], day: &str) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=A", "-c", "user.email=a@example.com"]).args(words).current_dir(folder);
    let output = command.env("GIT_AUTHOR_DATE", day).env("GIT_COMMITTER_DATE", day).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The names of a folder's files in the order in which the file system lists them.
fn listed(folder: &Path) -> Vec<OsString> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect()
}

/// A command that starts the program on another day. `None`, and it is said, where there is nothing to do that with.
fn on_day(day: &str) -> Option<Command> {
    let mut command = Command::new("faketime");
    if command.arg("--version").output().is_err() {
        eprintln!("skipped: there is no `faketime` here, which tells programs another time");
        return None;
    }
    let mut command = Command::new("faketime");
    command.arg(day).arg(env!("CARGO_BIN_EXE_handbook"));
    Some(command)
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
    command.env("HANDBOOK_CACHE_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache"));
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
fn another_folder_gives_the_same() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    copy(one.path(), false);
    let deep = other.path().join("a folder/with a long name");
    copy(&deep, true);
    assert_same(&build(one.path(), &[]), &build(&deep, &[]));
}

/// Some file systems list files as they were made, others by what their names come to. Where there is one of the first kind,
/// its order is turned round; it is also compared with that of the other.
#[test]
fn another_order_of_the_files_gives_the_same() {
    let memory = Path::new("/dev/shm");
    let in_memory = || tempfile::tempdir_in(memory).ok();
    let (Some(one), Some(other)) = (in_memory(), in_memory()) else {
        eprintln!("skipped: there is no file system here that lists files as they were made");
        return;
    };
    let third = tempfile::tempdir().unwrap();
    for (folder, backwards) in [(&one, false), (&other, true), (&third, false)] {
        copy(folder.path(), backwards);
    }
    for folder in ["content", "content/many", "static", "templates"] {
        let (here, there) = (listed(&one.path().join(folder)), listed(&other.path().join(folder)));
        assert!(here.len() > 3 && here != there, "`{folder}` is listed in the same order");
    }
    let first = build(one.path(), &[]);
    assert_same(&first, &build(other.path(), &[]));
    assert_same(&first, &build(third.path(), &[]));
}

#[test]
fn another_day_gives_the_same() {
    let (early, late) = ("2001-02-03 23:59:59", "2037-12-31 00:00:00");
    if on_day(early).is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    copy(folder.path(), false);
    let build = |day: &str| build_by(on_day(day).unwrap(), folder.path(), &[]);
    assert!(build(early).0 == build(late).0, "the published files differ");
    // The program does see another day: what is overdue is not the same.
    let check = |day: &str| {
        let mut command = on_day(day).unwrap();
        command.args(["check", "--format", "json"]).current_dir(folder.path()).output().unwrap()
    };
    assert!(check(early).stdout != check(late).stdout);
}

/// Nothing of the first machine is as on the second.
#[test]
fn another_machine_gives_the_same() {
    let one = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    copy(one.path(), false);
    let deep = other.path().join("elsewhere");
    copy(&deep, true);
    let command = on_day("2037-12-31 00:00:00").unwrap_or_else(|| Command::new(env!("CARGO_BIN_EXE_handbook")));
    let here = build(one.path(), &[("RAYON_NUM_THREADS", "1"), ("TZ", "UTC"), ("LANG", "C"), ("LC_ALL", "C")]);
    let far =
        [("RAYON_NUM_THREADS", "8"), ("TZ", "Pacific/Kiritimati"), ("LANG", "tr_TR.UTF-8"), ("LC_ALL", "tr_TR.UTF-8")];
    let there = build_by(command, &deep, &far);
    assert!(here.0 == there.0, "the published files differ");
    let page = String::from_utf8(here.0["many/page-3/index.html"].clone()).unwrap();
    assert!(page.contains("2026-02-03"), "the day of the last change is the author's");
}
