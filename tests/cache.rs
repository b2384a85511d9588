//! What is kept between builds makes them faster and changes nothing else, whatever happens to it.

mod program;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use program::Handbook;

const CODE: &str = "# Code\n\n```rust\nfn main() { println!(\"<{}>\", 1); } // é\n```\n\n- in a list\n\n  ```yaml\n  key: [1, \"two\"]\n  ```\n\n\
                    ```klingon\nnuqneH\n```\n\n```text\nplain\n```\n\n```sql\nselect 'x' from t where n = 1;\n```\n";
const KRAMDOWN: &str =
    "---\ndialect: kramdown\n---\n\n~~~ ruby\nputs 'a' + :b.to_s # c\n~~~\n\n~~~ rust\nfn main() {}\n~~~\n";

fn handbook() -> Handbook {
    Handbook::new().file("content/_index.md", CODE).file("content/other.md", KRAMDOWN)
}

fn command(handbook: &Handbook, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_handbook"));
    command.arg("build").args(arguments.split_whitespace()).arg("-q").current_dir(handbook.folder.path());
    command.env("HANDBOOK_CACHE_DIR", handbook.path("cache"));
    command
}

/// Builds into a folder of its own and returns all that was written.
#[track_caller]
fn built(handbook: &Handbook, arguments: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let _ = fs::remove_dir_all(handbook.path("public"));
    assert!(command(handbook, arguments).status().unwrap().success());
    read(&handbook.path("public"))
}

fn read(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(read(&path)),
            false => drop(files.insert(path.clone(), fs::read(path).unwrap())),
        }
    }
    files
}

/// The one file that is kept.
#[track_caller]
fn pack(handbook: &Handbook) -> PathBuf {
    let files: Vec<PathBuf> = read(&handbook.path("cache")).into_keys().collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

#[test]
fn a_build_is_the_same_without_with_an_empty_and_with_a_full_cache() {
    let handbook = handbook();
    let without = built(&handbook, "--no-cache");
    assert!(!handbook.path("cache").exists());
    let page = String::from_utf8(without[&handbook.path("public/index.html")].clone()).unwrap();
    assert!(page.contains("<span class=\"k\">fn"), "{page}");
    assert_eq!(built(&handbook, ""), without);
    let kept = fs::read(pack(&handbook)).unwrap();
    assert_eq!(built(&handbook, ""), without);
    assert_eq!(fs::read(pack(&handbook)).unwrap(), kept, "nothing was new");
    let has = |needle: &str| kept.windows(needle.len()).any(|window| window == needle.as_bytes());
    assert!(!has("main") && !has("select"), "no text is kept");
}

#[test]
fn only_new_code_is_added() {
    let handbook = handbook();
    built(&handbook, "");
    let before = fs::read(pack(&handbook)).unwrap().len();
    let handbook = handbook.file("content/new.md", "```sh\nls -l | wc\n```\n");
    built(&handbook, "");
    let after = fs::read(pack(&handbook)).unwrap().len();
    assert!(before < after && after < before + 100, "{before} {after}");
}

#[test]
fn a_damaged_file_is_as_good_as_none_and_is_replaced() {
    let handbook = handbook();
    let expected = built(&handbook, "");
    let file = pack(&handbook);
    let kept = fs::read(&file).unwrap();
    let mut flipped = kept.clone();
    flipped[kept.len() / 2] ^= 0x55;
    for damaged in [&kept[..kept.len() / 2], b"", b"something else", &flipped, &[0xFF; 4096]] {
        fs::write(&file, damaged).unwrap();
        assert_eq!(built(&handbook, ""), expected);
        assert_eq!(fs::read(&file).unwrap(), kept);
    }
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert_eq!(built(&handbook, ""), expected);
}

#[test]
fn a_folder_that_cannot_be_used_is_no_reason_to_fail() {
    let handbook = handbook().file("cache", "a file, and no folder");
    assert_eq!(built(&handbook, ""), built(&handbook, "--no-cache"));
}

#[test]
fn builds_at_the_same_time_do_not_meet() {
    let handbook = handbook();
    let expected = built(&handbook, "--no-cache");
    let start = |n: usize| -> Child { command(&handbook, &format!("-o out-{n}")).spawn().unwrap() };
    let builds: Vec<Child> = (0..6).map(start).collect();
    for (n, mut build) in builds.into_iter().enumerate() {
        assert!(build.wait().unwrap().success());
        let out: Vec<Vec<u8>> = read(&handbook.path(&format!("out-{n}"))).into_values().collect();
        assert_eq!(out, expected.values().cloned().collect::<Vec<_>>());
    }
    // Whoever came last has left a whole one.
    let kept = fs::read(pack(&handbook)).unwrap();
    fs::remove_file(pack(&handbook)).unwrap();
    built(&handbook, "");
    assert_eq!(fs::read(pack(&handbook)).unwrap(), kept);
}
