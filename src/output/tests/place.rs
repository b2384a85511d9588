//! How a site gets into its place: the whole old one or the whole new one, and unchanged files stay the same files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use super::{Case, WAYS, identity, outputs, report, tree};
use crate::output::edition::Edition;
use crate::output::path::MANIFEST_NAME;
use crate::output::work::Way;
use crate::output::{Content, Output, OutputPath, publish, publish_by};

#[test]
fn a_site_is_written_into_a_new_folder() {
    Case::each(|case| {
        let site = [("index.html", "home"), ("people/index.html", "people"), ("people/a/b/c.txt", "")];
        assert_eq!(case.publish(&site).unwrap(), report(3, 0, 0, 10));
        case.expect(&site, &[]);
    });
}

#[test]
fn folders_around_the_output_are_made() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("a/b/public/");
    publish(&dir, outputs(&[("index.html", "home")])).unwrap();
    assert_eq!(fs::read_to_string(dir.join("index.html")).unwrap(), "home");
    assert_eq!(fs::read_dir(root.path().join("a/b")).unwrap().count(), 1);
}

#[test]
fn nothing_is_published_before_all_has_come_and_nothing_is_left_of_what_was_given_up() {
    Case::each(|case| {
        drop(case.edition(&[("a.html", "a")]));
        assert_eq!(tree(case.root.path()), BTreeMap::new(), "{:?}", case.way);
        case.publish(&[("a.html", "a"), ("b.html", "b")]).unwrap();
        let edition = case.edition(&[("a.html", "a2"), ("c/d.html", "c")]);
        for (path, text) in [("a.html", "a"), ("b.html", "b")] {
            assert_eq!(fs::read_to_string(case.dir().join(path)).unwrap(), text);
        }
        assert!(!case.dir().join("c").exists());
        drop(edition);
        case.expect(&[("a.html", "a"), ("b.html", "b")], &[]);
    });
}

#[test]
fn folders_that_were_made_for_nothing_go_again() {
    let root = tempfile::tempdir().unwrap();
    for way in WAYS {
        let edition = Edition::begin(&root.path().join("a/b/public"), way, Duration::ZERO).unwrap();
        edition.put(outputs(&[("index.html", "home")]).remove(0));
        assert!(root.path().join("a/b").is_dir());
        drop(edition);
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0, "{way:?}");
    }
}

#[test]
fn an_empty_folder_and_an_empty_site_are_fine() {
    Case::each(|case| {
        fs::create_dir(case.dir()).unwrap();
        assert_eq!(case.publish(&[]).unwrap(), report(0, 0, 0, 0));
        case.expect(&[], &[]);
        case.publish(&[("a.html", "a")]).unwrap();
        case.expect(&[("a.html", "a")], &[]);
    });
}

#[test]
fn what_changed_is_written_and_what_vanished_is_removed_with_its_folders() {
    Case::each(|case| {
        case.publish(&[("a.html", "a"), ("b/index.html", "b"), ("c/d/e.html", "e"), ("c/f.html", "f")]).unwrap();
        let next = [("a.html", "a2"), ("b/index.html", "b"), ("c/f.html", "f"), ("g/h.html", "h")];
        assert_eq!(case.publish(&next).unwrap(), report(2, 2, 1, 3));
        case.expect(&next, &[]);
        assert_eq!(case.publish(&[]).unwrap(), report(0, 0, 4, 0));
        case.expect(&[], &[]);
    });
}

#[test]
fn unchanged_files_stay_the_same_files() {
    Case::each(|case| {
        case.publish(&[("a.html", "a"), ("b/c.html", "c"), ("d.html", "d")]).unwrap();
        let before = ["a.html", "b/c.html"].map(|path| identity(&case.dir().join(path)));
        case.publish(&[("a.html", "a"), ("b/c.html", "c"), ("e.html", "e"), ("f.html", "f")]).unwrap();
        assert_eq!(["a.html", "b/c.html"].map(|path| identity(&case.dir().join(path))), before);
    });
}

#[test]
fn nothing_is_touched_when_nothing_changed() {
    for way in [Way::Exchange, Way::TwoRenames] {
        let case = Case::new(way);
        let site = [("a.html", "a"), ("b/c.html", "c")];
        case.publish(&site).unwrap();
        let all = ["", "a.html", "b", "b/c.html", MANIFEST_NAME];
        let before = all.map(|path| identity(&case.dir().join(path)));
        assert_eq!(case.publish(&site).unwrap(), report(0, 2, 0, 0));
        assert_eq!(all.map(|path| identity(&case.dir().join(path))), before);
    }
}

#[test]
fn one_changed_file_is_renamed_into_a_folder_that_stays() {
    let case = Case::new(Way::Exchange);
    case.publish(&[("a.html", "a"), ("b/c.html", "c")]).unwrap();
    let all = ["", "a.html", "b", MANIFEST_NAME];
    let before = all.map(|path| identity(&case.dir().join(path)));
    let next = [("a.html", "a"), ("b/c.html", "changed")];
    assert_eq!(case.publish(&next).unwrap(), report(1, 1, 0, 7));
    case.expect(&next, &[]);
    let after = all.map(|path| identity(&case.dir().join(path)));
    assert_eq!(after.map(|(inode, _)| inode), before.map(|(inode, _)| inode));
    assert_eq!((after[1], after[3]), (before[1], before[3]));
}

#[test]
fn a_listed_file_that_someone_deleted_or_changed_is_mended() {
    Case::each(|case| {
        let site = [("a.html", "a"), ("b/c.html", "c"), ("d.html", "d")];
        case.publish(&site).unwrap();
        fs::remove_dir_all(case.dir().join("b")).unwrap();
        fs::write(case.dir().join("d.html"), "D").unwrap();
        assert_eq!(case.publish(&site).unwrap(), report(2, 1, 0, 2));
        case.expect(&site, &[]);
    });
}

#[test]
fn a_source_file_is_copied_and_compared() {
    Case::each(|case| {
        let sources = tempfile::tempdir().unwrap();
        let source = sources.path().join("photo");
        // More than one piece of the comparison, with the difference at the end.
        let (old, new) = ("x".repeat(100_000) + "a", "x".repeat(100_000) + "b");
        let photo = || {
            let asset = Output { path: OutputPath::new("p").unwrap(), content: Content::File(source.clone()) };
            let mut all = outputs(&[("a", "a"), ("b", "b")]);
            all.push(asset);
            publish_by(&case.dir(), all, case.way, Duration::ZERO)
        };
        fs::write(&source, &old).unwrap();
        assert_eq!(photo().unwrap(), report(3, 0, 0, 100_003));
        assert_eq!(photo().unwrap(), report(0, 3, 0, 0));
        fs::write(&source, &new).unwrap();
        assert_eq!(photo().unwrap(), report(1, 2, 0, 100_001));
        case.expect(&[("a", "a"), ("b", "b"), ("p", &new)], &[]);

        fs::remove_file(&source).unwrap();
        let error = photo().unwrap_err();
        assert_eq!(error.to_string(), format!("read `{}`", source.display()));
        case.expect(&[("a", "a"), ("b", "b"), ("p", &new)], &[]);
    });
}

#[cfg(unix)]
#[test]
fn a_read_only_source_does_not_make_a_read_only_copy() {
    use std::os::unix::fs::PermissionsExt;
    let case = Case::new(Way::Exchange);
    let source = case.root.path().join("source");
    fs::write(&source, "s").unwrap();
    fs::set_permissions(&source, fs::Permissions::from_mode(0o400)).unwrap();
    let copy = Output { path: OutputPath::new("copy").unwrap(), content: Content::File(source) };
    publish(&case.dir(), outputs(&[("plain", "")]).into_iter().chain([copy]).collect()).unwrap();
    let mode = |path: &str| fs::metadata(case.dir().join(path)).unwrap().permissions().mode();
    assert_eq!(mode("copy"), mode("plain"));
    assert_eq!(mode("copy") & 0o111, 0);
}

#[test]
fn a_file_may_become_a_folder_and_back() {
    Case::each(|case| {
        let (file, folder) = ([("a", "file"), ("z", "z")], [("a/b/c", "deep"), ("a/d", "d"), ("z", "z")]);
        for site in [&file[..], &folder, &file] {
            case.publish(site).unwrap();
            case.expect(site, &[]);
        }
    });
}

#[test]
fn a_name_may_change_its_case() {
    Case::each(|case| {
        for site in [[("People/index.html", "a"), ("x", "1")], [("people/index.html", "b"), ("x", "1")]] {
            case.publish(&site).unwrap();
            case.expect(&site, &[]);
        }
    });
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_to_the_folder_stays_a_link() {
    let case = Case::new(Way::Exchange);
    let link = case.root.path().join("link");
    std::os::unix::fs::symlink("public", &link).unwrap();
    let message = publish(&link, outputs(&[("a", "a")])).unwrap_err().to_string();
    assert_eq!(message, format!("find the output folder `{}`", link.display()));
    fs::create_dir(case.dir()).unwrap();
    for text in ["1", "2"] {
        // A `/` at the end must not hide that it is a link.
        for link in [&link, &link.join("")] {
            publish(link, outputs(&[("a", text), ("b", text)])).unwrap();
        }
    }
    assert_eq!(fs::read_link(&link).unwrap(), Path::new("public"));
    fs::remove_file(&link).unwrap();
    case.expect(&[("a", "2"), ("b", "2")], &[]);
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
#[test]
fn a_reader_finds_a_whole_page_at_every_moment() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let case = Case::new(Way::Exchange);
    case.publish(&[("index.html", "0")]).unwrap();
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                let page = fs::read_to_string(case.dir().join("index.html")).unwrap();
                assert!(!page.is_empty());
            }
        });
        // One file more or less each time, so that the whole folder is swapped.
        for round in 0..100 {
            let text = round.to_string();
            let files = [("index.html", &text[..]), ("more.html", "")];
            case.publish(&files[..1 + round % 2]).unwrap();
        }
        is_over.store(true, Ordering::Relaxed);
        reader.join().unwrap();
    });
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_threads() {
    let files: Vec<_> = (0..60).map(|n| (format!("{}/{n}.html", n % 7), "x".repeat(n * 100))).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (&path[..], &text[..])).collect();
    let trees = [1, 2, 5].map(|n_threads| {
        let case = Case::new(Way::Exchange);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        pool.install(|| case.publish(&files)).unwrap();
        tree(&case.dir())
    });
    assert_eq!(trees[0], trees[1]);
    assert_eq!(trees[0], trees[2]);
}
