//! What is in the folder and is not ours stays, and is never written over.

use std::fs;
use std::time::{Duration, SystemTime};

use super::{Case, identity, report, tree};
use crate::output::Content;
use crate::output::edition::Edition;
use crate::output::path::MANIFEST_NAME;
use crate::output::plan::plan;
use crate::output::stage::replace_each;
use crate::output::work::Way;

/// Where `A` and `a` are one file, the file that is there has a name that no lookup by our names finds.
#[test]
fn a_file_that_was_not_found_under_its_name_is_never_replaced() {
    Case::each(|case| {
        // Written only now, it is not found.
        let Edition { dir, work, found, state, .. } = case.edition(&[("a.html", "new")]);
        case.write("a.html", "known here by another name");
        let plan = plan(&dir, found, state.into_inner().unwrap().files).unwrap();
        let error = replace_each(&dir, &work, plan).unwrap_err();
        assert!(error.to_string().contains("it is there under a name with other case"), "{error}");
        assert_eq!(tree(&case.dir())["a.html"], "known here by another name");
        Content::Bytes(Vec::new()).write(&case.dir().join("a.html")).unwrap_err();
    });
}

#[test]
fn foreign_files_survive() {
    Case::each(|case| {
        case.publish(&[("a.html", "a"), ("b/c.html", "c"), ("d/e.html", "e")]).unwrap();
        let foreign = [(".git/config", "git"), ("b/notes.txt", "mine"), ("d/deep/er/x", "x"), ("empty/", "")];
        for (path, text) in &foreign[..3] {
            case.write(path, text);
        }
        fs::create_dir(case.dir().join("empty")).unwrap();
        let before = foreign.map(|(path, _)| identity(&case.dir().join(path)).0);
        // `b` and `d` vanish as folders of ours, and stay as folders of what else is in them.
        let next = [("a.html", "a2"), ("f.html", "f")];
        assert_eq!(case.publish(&next).unwrap(), report(2, 0, 2, 3));
        case.expect(&next, &foreign);
        let after = foreign.map(|(path, _)| identity(&case.dir().join(path)).0);
        assert_eq!(after[..3], before[..3]);
    });
}

#[cfg(unix)]
#[test]
fn foreign_links_and_modes_survive() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    Case::each(|case| {
        case.publish(&[("a.html", "a"), ("b.html", "b")]).unwrap();
        case.write("private/key", "secret");
        symlink("../elsewhere", case.dir().join("link")).unwrap();
        symlink("private", case.dir().join("folder-link")).unwrap();
        let set = |path: &str, mode| fs::set_permissions(case.dir().join(path), fs::Permissions::from_mode(mode));
        set("private", 0o500).unwrap();
        set("", 0o750).unwrap();
        let next = [("a.html", "a2"), ("b.html", "b2")];
        case.publish(&next).unwrap();
        let mode = |path: &str| fs::metadata(case.dir().join(path)).unwrap().permissions().mode() & 0o7777;
        assert_eq!((mode("private"), mode("")), (0o500, 0o750));
        let links = [("link", "-> ../elsewhere"), ("folder-link", "-> private"), ("private/key", "secret")];
        case.expect(&next, &links);
        set("private", 0o700).unwrap();
    });
}

#[test]
fn a_foreign_file_in_the_way_is_named_and_nothing_is_written() {
    Case::each(|case| {
        case.publish(&[("a.html", "a"), ("b/c.html", "c")]).unwrap();
        case.write("new.html", "mine");
        case.write("b/mine.txt", "mine");
        case.write("folder/mine.txt", "mine");
        let in_the_way = |path: &str| {
            format!(
                "`public/{path}` is in the way: handbook did not make it, and the site needs its place; \
                 move it away, or write to another folder with -o"
            )
        };
        // The same bytes make no difference: it would be ours to delete one day.
        assert_eq!(case.refuse(&[("a.html", "2"), ("new.html", "mine")]), in_the_way("new.html"));
        assert_eq!(case.refuse(&[("a.html", "2"), ("new.html/x", "")]), in_the_way("new.html"));
        assert_eq!(case.refuse(&[("a.html", "2"), ("b", "")]), in_the_way("b/mine.txt"));
        assert_eq!(case.refuse(&[("a.html", "2"), ("folder", "")]), in_the_way("folder"));
    });
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_foreign_link() {
    Case::each(|case| {
        let elsewhere = tempfile::tempdir().unwrap();
        case.publish(&[("a.html", "a")]).unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), case.dir().join("link")).unwrap();
        assert!(case.refuse(&[("a.html", "2"), ("link/x", "")]).starts_with("`public/link` is in the way"));
        // Nor is a file of ours that was made a link to something else.
        fs::write(elsewhere.path().join("file"), "theirs").unwrap();
        fs::remove_file(case.dir().join("a.html")).unwrap();
        std::os::unix::fs::symlink(elsewhere.path().join("file"), case.dir().join("a.html")).unwrap();
        assert!(case.refuse(&[("a.html", "2")]).starts_with("`public/a.html` is in the way"));
        assert_eq!(tree(elsewhere.path()).into_iter().collect::<Vec<_>>(), [("file".into(), "theirs".into())]);
    });
}

/// A foreign file that came or changed after it was carried over must not go away with the old folder.
#[test]
fn foreign_files_that_change_during_the_swap_are_brought_over() {
    let case = Case::new(Way::Exchange);
    let site = [("a.html", "a")];
    case.publish(&site).unwrap();
    case.write("same.txt", "same");
    case.write("newer.txt", "stale");
    case.write("older.txt", "fresh");
    let left = case.root.path().join(".public.handbook/swap");
    fs::create_dir_all(left.join("came")).unwrap();
    for (path, text) in [(MANIFEST_NAME, "handbook files 1\nours.html\n"), ("ours.html", ""), ("came/x.txt", "x")] {
        fs::write(left.join(path), text).unwrap();
    }
    fs::hard_link(case.dir().join("same.txt"), left.join("same.txt")).unwrap();
    let second = Duration::from_secs(1);
    for (path, text, time) in
        [("newer.txt", "fresh", SystemTime::now() + second), ("older.txt", "stale", SystemTime::now() - second)]
    {
        fs::write(left.join(path), text).unwrap();
        fs::File::options().write(true).open(left.join(path)).unwrap().set_modified(time).unwrap();
    }
    case.publish(&site).unwrap();
    let foreign = [("same.txt", "same"), ("newer.txt", "fresh"), ("older.txt", "fresh"), ("came/x.txt", "x")];
    case.expect(&site, &foreign);
}

#[test]
fn a_foreign_file_that_came_in_the_way_during_the_swap_is_kept_aside() {
    let case = Case::new(Way::Exchange);
    case.publish(&[("a.html", "a")]).unwrap();
    let left = case.root.path().join(".public.handbook/swap");
    fs::create_dir_all(&left).unwrap();
    fs::write(left.join("a.html"), "mine").unwrap();
    for _ in 0..2 {
        let message = case.refuse(&[("a.html", "a")]);
        assert!(message.contains("it is kept as `.public.handbook/swap/a.html`"), "{message}");
    }
    fs::rename(left.join("a.html"), case.root.path().join("mine")).unwrap();
    case.publish(&[("a.html", "a")]).unwrap();
    fs::remove_file(case.root.path().join("mine")).unwrap();
    case.expect(&[("a.html", "a")], &[]);
}
