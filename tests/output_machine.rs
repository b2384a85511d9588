//! Publishing on machines that refuse: folders that are not ours to write, full disks, mount points.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use handbook::output::{Content, Output, OutputPath, publish};

/// What the process is to act out, and where. Each test starts this program again on a worse machine.
const ROLE: &str = "HANDBOOK_TEST_ROLE";
const DIR: &str = "HANDBOOK_TEST_DIR";
const NOBODY: u32 = 65_534;

#[test]
fn a_folder_whose_parent_is_not_ours_to_write_is_filled_in_place() {
    act("locked parent", &["env"]);
}

#[test]
fn a_folder_that_is_not_ours_to_write_is_an_error_that_says_so() {
    act("locked folder", &["env"]);
}

#[test]
fn what_belongs_to_another_user_stays_the_same_folder() {
    let root = tempfile::tempdir().unwrap();
    if fs::metadata(root.path()).unwrap().uid() != 0 {
        // Only root can give folders away.
        return;
    }
    for given_away in ["", "private"] {
        let dir = root.path().join(format!("public{given_away}"));
        write(&dir, &[("a.html", "a"), ("b.html", "b")]).unwrap();
        fs::create_dir(dir.join("private")).unwrap();
        let folder = dir.join(given_away);
        std::os::unix::fs::chown(&folder, Some(NOBODY), Some(NOBODY)).unwrap();
        let before = fs::metadata(&folder).unwrap();
        write(&dir, &[("a.html", "2"), ("c.html", "c")]).unwrap();
        expect(&dir, &[("a.html", "2"), ("c.html", "c")], &[]);
        let after = fs::metadata(&folder).unwrap();
        assert_eq!((after.ino(), after.uid()), (before.ino(), NOBODY));
    }
}

#[test]
fn a_full_disk_leaves_the_old_site_and_no_litter() {
    if can_mount() {
        act("full disk", &["unshare", "-rm", "sh", "-c", r#"mount -t tmpfs -o size=256k none "$0" && exec "$@""#, DIR]);
    }
    // Where no disk can be made to fill, the size of a file is limited.
    act("full disk", &["sh", "-c", r#"trap "" XFSZ; ulimit -f 64; exec "$@""#, DIR]);
}

#[test]
fn a_mount_point_is_filled_in_place() {
    if can_mount() {
        let tmpfs = r#"mkdir "$0/public" && mount -t tmpfs none "$0/public" && exec "$@""#;
        act("mount point", &["unshare", "-rm", "sh", "-c", tmpfs, DIR]);
        let bind = r#"mkdir "$0/public" && mount --bind "$0/public" "$0/public" && exec "$@""#;
        act("mount point", &["unshare", "-rm", "sh", "-c", bind, DIR]);
    }
}

#[test]
fn a_mount_point_inside_is_left_alone() {
    if can_mount() {
        act("mount inside", &["unshare", "-rm"]);
    }
}

/// Not a test of its own: the process that the others start.
#[test]
fn child() {
    let (Ok(role), Ok(dir)) = (env::var(ROLE), env::var(DIR)) else { return };
    let root = Path::new(&dir);
    match &role[..] {
        "locked parent" => locked_parent(root),
        "locked folder" => locked_folder(root),
        "full disk" => full_disk(root),
        "mount point" => mount_point(root),
        "mount inside" => mount_inside(root),
        _ => panic!("unknown role {role}"),
    }
    println!("{role} was acted out");
}

fn locked_parent(root: &Path) {
    let parent = root.join("parent");
    let dir = parent.join("public");
    write(&dir, &[("a.html", "a"), ("b/c.html", "c"), ("old.css", "css")]).unwrap();
    fs::write(dir.join("notes.txt"), "mine").unwrap();
    set_mode(&parent, 0o555);
    let inode = fs::metadata(&dir).unwrap().ino();
    let next = [("a.html", "a2"), ("b", "now a file"), ("d/e.html", "e")];
    for _ in 0..2 {
        write(&dir, &next).unwrap();
        expect(&dir, &next, &[("notes.txt", "mine")]);
    }
    assert_eq!(fs::metadata(&dir).unwrap().ino(), inode);
    let other = parent.join("other");
    assert_eq!(
        write(&other, &next).unwrap_err(),
        format!("create the folder `{}`: Permission denied (os error 13)", other.display())
    );
    set_mode(&parent, 0o755);
    assert_eq!(fs::read_dir(&parent).unwrap().count(), 1);
}

fn locked_folder(root: &Path) {
    let dir = root.join("public");
    let site = [("a.html", "a"), ("b/c.html", "c")];
    write(&dir, &site).unwrap();
    set_mode(&dir, 0o555);
    let next = [("a.html", "2"), ("b/c.html", "2")];
    assert_eq!(
        write(&dir, &next).unwrap_err(),
        format!("write to the folder `{}`: Permission denied (os error 13)", dir.display())
    );
    expect(&dir, &site, &[]);
    set_mode(&dir, 0o755);
    // A folder of ours deeper down may have any mode: the new site has its own.
    set_mode(&dir.join("b"), 0o555);
    write(&dir, &next).unwrap();
    expect(&dir, &next, &[]);
    assert_eq!(fs::read_dir(root).unwrap().count(), 1);
}

fn full_disk(root: &Path) {
    let dir = root.join("public");
    let site = [("a.html", "a"), ("b.html", "b")];
    write(&dir, &site).unwrap();
    let big = "x".repeat(1_000_000);
    let message = write(&dir, &[("a.html", "2"), ("big.html", &big), ("c.html", "c")]).unwrap_err();
    let place = root.join(".public.handbook/new/big.html");
    assert!(message.starts_with(&format!("write `{}`: ", place.display())), "{message}");
    expect(&dir, &site, &[]);
    // The same for a single file, which takes a shorter way.
    write(&dir, &[("a.html", "a"), ("b.html", &big)]).unwrap_err();
    expect(&dir, &site, &[]);
    assert_eq!(fs::read_dir(root).unwrap().count(), 1);
    write(&dir, &[("a.html", "2")]).unwrap();
    expect(&dir, &[("a.html", "2")], &[]);
}

fn mount_point(root: &Path) {
    let dir = root.join("public");
    let inode = fs::metadata(&dir).unwrap().ino();
    for site in [[("a.html", "a"), ("b/c.html", "c")], [("a.html", "2"), ("d/e.html", "e")]] {
        write(&dir, &site).unwrap();
        expect(&dir, &site, &[]);
    }
    assert_eq!(fs::metadata(&dir).unwrap().ino(), inode);
    assert_eq!(fs::read_dir(root).unwrap().count(), 1);
}

fn mount_inside(root: &Path) {
    let dir = root.join("public");
    write(&dir, &[("a.html", "a"), ("b.html", "b")]).unwrap();
    fs::create_dir(dir.join("media")).unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "none"]).arg(dir.join("media")).status().unwrap();
    assert!(mounted.success());
    fs::write(dir.join("media/film"), "long").unwrap();
    let inode = fs::metadata(dir.join("media/film")).unwrap().ino();
    let next = [("a.html", "2"), ("c.html", "c")];
    write(&dir, &next).unwrap();
    expect(&dir, &next, &[("media/film", "long")]);
    assert_eq!(fs::metadata(dir.join("media/film")).unwrap().ino(), inode);
    assert_eq!(fs::read_dir(root).unwrap().count(), 1);
}

/// Runs `role` in a process of its own, started through `command`, in which `DIR` stands for a new folder.
fn act(role: &str, command: &[&str]) {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("dir");
    fs::create_dir(&dir).unwrap();
    let command: Vec<PathBuf> = command.iter().map(|&arg| if arg == DIR { dir.clone() } else { arg.into() }).collect();
    // A copy, since the build folder may be in one that nobody else can look into. Another process makes it: a file that a
    // test of ours has open for writing while another one starts a process cannot be run.
    let program = root.path().join("program");
    assert!(Command::new("cp").arg(env::current_exe().unwrap()).arg(&program).status().unwrap().success());
    let mut process = Command::new(&command[0]);
    process.args(&command[1..]).arg(program).args(["--exact", "child", "--nocapture"]);
    process.env(ROLE, role).env(DIR, &dir);
    let is_root = fs::metadata(root.path()).unwrap().uid() == 0;
    if is_root && role.starts_with("locked") {
        // Modes mean nothing to root.
        process.uid(NOBODY).gid(NOBODY);
        std::os::unix::fs::chown(&dir, Some(NOBODY), Some(NOBODY)).unwrap();
        set_mode(root.path(), 0o755);
    }
    let output = process.output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(text.contains(&format!("{role} was acted out")), "{text}");
}

/// Whether this machine lets us mount in a namespace of our own.
fn can_mount() -> bool {
    let attempt = ["-rm", "sh", "-c", "mount -t tmpfs none /tmp"];
    Command::new("unshare").args(attempt).output().is_ok_and(|output| output.status.success())
}

fn write(dir: &Path, files: &[(&str, &str)]) -> Result<(), String> {
    let output = |(path, text): &(&str, &str)| Output {
        path: OutputPath::new(path).unwrap(),
        content: Content::Bytes(text.as_bytes().to_vec()),
    };
    publish(dir, files.iter().map(output).collect()).map(drop).map_err(|error| format!("{error:#}"))
}

/// The folder holds these files, our list, and nothing else.
fn expect(dir: &Path, ours: &[(&str, &str)], foreign: &[(&str, &str)]) {
    fn read(dir: &Path, below: &str, files: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(dir.join(below)).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{below}{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                read(dir, &format!("{path}/"), files);
            } else {
                files.insert(path, fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    let mut files = BTreeMap::new();
    read(dir, "", &mut files);
    assert!(files.remove(".handbook-files").is_some());
    let expected = ours.iter().chain(foreign).map(|(path, text)| (path.to_string(), text.to_string()));
    assert_eq!(files, expected.collect());
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}
