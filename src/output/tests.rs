//! What publishing promises, in each of its ways. Killing it is tested in `tests/output_kill.rs`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Result;
use tempfile::TempDir;

use crate::output::edition::Edition;
use crate::output::lock::Lock;
use crate::output::path::MANIFEST_NAME;
use crate::output::plan::plan;
use crate::output::stage::replace_each;
use crate::output::work::Way;
use crate::output::{Content, Output, OutputPath, Report, publish, publish_by};

const WAYS: [Way; 3] = [Way::Exchange, Way::TwoRenames, Way::InPlace];

/// An output folder `site/public` in a folder of its own.
struct Case {
    root: TempDir,
    way: Way,
}

impl Case {
    fn new(way: Way) -> Case {
        Case { root: tempfile::tempdir().unwrap(), way }
    }

    fn each(test: impl Fn(Case)) {
        WAYS.into_iter().for_each(|way| test(Case::new(way)));
    }

    fn dir(&self) -> PathBuf {
        self.root.path().join("public")
    }

    fn publish(&self, files: &[(&str, &str)]) -> Result<Report> {
        publish_by(&self.dir(), outputs(files), self.way, Duration::ZERO)
    }

    /// An edition that these files came to and that is not finished.
    fn edition(&self, files: &[(&str, &str)]) -> Edition {
        let edition = Edition::begin(&self.dir(), self.way, Duration::ZERO).unwrap();
        outputs(files).into_iter().for_each(|output| edition.put(output));
        edition
    }

    /// The message of a publish that must fail and leave everything as it was.
    fn refuse(&self, files: &[(&str, &str)]) -> String {
        let before = tree(self.root.path());
        let error = self.publish(files).unwrap_err();
        assert_eq!(tree(self.root.path()), before, "{:?}", self.way);
        format!("{error:#}").replace(&format!("{}/", self.root.path().display()), "")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.dir().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The folder holds these, our list and nothing else; and nothing lies beside it.
    fn expect(&self, ours: &[(&str, &str)], foreign: &[(&str, &str)]) {
        let mut expected: BTreeMap<String, String> =
            ours.iter().chain(foreign).map(|(path, text)| (path.to_string(), text.to_string())).collect();
        let mut paths: Vec<_> = ours.iter().map(|(path, _)| *path).filter(|path| !path.ends_with('/')).collect();
        paths.sort_unstable();
        let list = paths.iter().fold("handbook files 1\n".to_string(), |list, path| list + path + "\n");
        expected.insert(MANIFEST_NAME.to_string(), list);
        for path in expected.keys().cloned().collect::<Vec<_>>() {
            for (at, _) in path.trim_end_matches('/').match_indices('/') {
                expected.insert(path[..=at].to_string(), String::new());
            }
        }
        assert_eq!(tree(&self.dir()), expected, "{:?}", self.way);
        assert_eq!(fs::read_dir(self.root.path()).unwrap().count(), 1, "{:?}", self.way);
    }
}

fn outputs(files: &[(&str, &str)]) -> Vec<Output> {
    let output = |(path, text): &(&str, &str)| Output {
        path: OutputPath::new(path).unwrap(),
        content: Content::Bytes(text.as_bytes().to_vec()),
    };
    files.iter().map(output).collect()
}

/// Every file below `root` with its text, links as `-> target`, folders with a `/` at their end.
fn tree(root: &Path) -> BTreeMap<String, String> {
    fn walk(root: &Path, below: &str, all: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(root.join(below)).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{below}{}", entry.file_name().to_str().unwrap());
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                let path = path + "/";
                walk(root, &path, all);
                all.insert(path, String::new());
            } else if kind.is_symlink() {
                all.insert(path, format!("-> {}", fs::read_link(entry.path()).unwrap().display()));
            } else {
                all.insert(path, String::from_utf8_lossy(&fs::read(entry.path()).unwrap()).into_owned());
            }
        }
    }
    let mut all = BTreeMap::new();
    walk(root, "", &mut all);
    all
}

fn report(written: usize, unchanged: usize, removed: usize, bytes_written: u64) -> Report {
    Report { written, unchanged, removed, bytes_written }
}

/// What must not change for a file that is left alone: on Unix also which file it is.
fn identity(path: &Path) -> (u64, SystemTime) {
    let data = fs::symlink_metadata(path).unwrap();
    #[cfg(unix)]
    let inode = std::os::unix::fs::MetadataExt::ino(&data);
    #[cfg(not(unix))]
    let inode = 0;
    (inode, data.modified().unwrap())
}

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

#[test]
fn an_in_place_publish_that_stopped_half_way_knows_what_it_made() {
    let case = Case::new(Way::InPlace);
    case.publish(&[("a.html", "a"), ("gone.html", "g"), ("z.css", "z")]).unwrap();
    let next = [("z.css", "z2"), ("a.html", "a2"), ("new.html", "n")];
    {
        let edition = case.edition(&next);
        // New files come first, then what pages need, so this stops before the last one.
        fs::remove_file(case.dir().join("a.html")).unwrap();
        fs::create_dir(case.dir().join("a.html")).unwrap();
        edition.finish().unwrap_err();
    }
    let files = tree(&case.dir());
    assert_eq!([&files["new.html"], &files["z.css"], &files["gone.html"]], ["n", "z2", "g"]);
    assert_eq!(files[MANIFEST_NAME], "handbook files 1\na.html\ngone.html\nnew.html\nz.css\n");
    fs::remove_dir(case.dir().join("a.html")).unwrap();
    case.publish(&next).unwrap();
    case.expect(&next, &[]);
}

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

#[test]
fn a_folder_with_files_and_without_a_list_is_refused() {
    Case::each(|case| {
        case.write("thesis.txt", "years of work");
        assert_eq!(
            case.refuse(&[("a.html", "a")]),
            "the output folder `public` holds files that handbook did not make, such as `thesis.txt`; \
             empty it, or write to another folder with -o"
        );
    });
}

#[test]
fn a_fresh_work_tree_of_git_can_be_built_into() {
    Case::each(|case| {
        case.write(".git", "gitdir: elsewhere");
        case.publish(&[("a.html", "a")]).unwrap();
        case.expect(&[("a.html", "a")], &[(".git", "gitdir: elsewhere")]);
    });
}

#[test]
fn a_damaged_or_newer_list_is_refused() {
    Case::each(|case| {
        case.publish(&[("a.html", "a")]).unwrap();
        case.write(MANIFEST_NAME, "handbook files 1\na.ht");
        assert_eq!(
            case.refuse(&[("a.html", "a2")]),
            "`public/.handbook-files` is damaged at line 2, so it cannot say which files are ours; \
             delete or empty `public` if nothing in it is yours, or write to another folder with -o"
        );
        case.write(MANIFEST_NAME, "handbook files 7\n");
        assert_eq!(
            case.refuse(&[("a.html", "a2")]),
            "`public/.handbook-files` was written by a newer handbook; \
             use that one, or write to another folder with -o"
        );
    });
}

#[test]
fn an_output_folder_that_is_a_file_is_refused() {
    Case::each(|case| {
        fs::write(case.dir(), "a file").unwrap();
        assert_eq!(
            case.refuse(&[("a.html", "a")]),
            "the output folder `public` is a file; remove it, or write to another folder with -o"
        );
    });
}

#[test]
fn outputs_that_exclude_each_other_are_refused() {
    Case::each(|case| {
        assert_eq!(case.refuse(&[("a", "1"), ("a", "2")]), "two outputs are to be written to `a`");
        assert_eq!(
            case.refuse(&[("a/b", "1"), ("a/b/c/d", "2")]),
            "`a/b` is to be both a file and a folder with files in it"
        );
    });
}

#[test]
fn a_second_publish_at_the_same_time_is_refused_after_a_while() {
    Case::each(|case| {
        case.publish(&[("a.html", "a")]).unwrap();
        let work = match case.way {
            Way::InPlace => case.dir().join(".handbook-work"),
            _ => case.root.path().join(".public.handbook"),
        };
        let lock = Lock::take(&work, Duration::ZERO).unwrap().unwrap();
        assert_eq!(
            case.refuse(&[("a.html", "a2")]),
            "another handbook is writing to `public`; wait for it to end, or write to another folder with -o"
        );
        drop(lock);
        case.publish(&[("a.html", "a2")]).unwrap();
        case.expect(&[("a.html", "a2")], &[]);
    });
}

#[test]
fn publishes_at_the_same_time_leave_one_of_the_sites() {
    Case::each(|case| {
        let sites: Vec<Vec<(String, String)>> =
            (0..4).map(|site| (0..20).map(|file| (format!("{site}/{file}"), site.to_string())).collect()).collect();
        std::thread::scope(|scope| {
            for site in &sites {
                scope.spawn(|| {
                    let files: Vec<_> = site.iter().map(|(path, text)| (&path[..], &text[..])).collect();
                    publish_by(&case.dir(), outputs(&files), case.way, Duration::from_secs(20)).unwrap();
                });
            }
        });
        let winner = sites.iter().find(|site| case.dir().join(&site[0].0).exists()).unwrap();
        let files: Vec<_> = winner.iter().map(|(path, text)| (&path[..], &text[..])).collect();
        case.expect(&files, &[]);
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

/// The states that a killed publish can leave beside the folder, made by hand.
#[test]
fn what_a_killed_publish_left_is_finished_or_undone() {
    let (a, b) = ([("a.html", "a"), ("x.html", "1")], [("b.html", "b"), ("x.html", "2")]);
    let foreign = [("notes.txt", "mine")];
    for way in [Way::Exchange, Way::TwoRenames] {
        let case = Case::new(way);
        let work = case.root.path().join(".public.handbook");
        let dir = case.dir();
        let reset = || {
            case.publish(&a).unwrap();
            case.write("notes.txt", "mine");
            // A second, whole site with the foreign file linked into it.
            let other = Case::new(way);
            other.publish(&b).unwrap();
            fs::create_dir_all(&work).unwrap();
            fs::write(work.join("lock"), "").unwrap();
            fs::rename(other.dir(), work.join("swap")).unwrap();
            fs::hard_link(dir.join("notes.txt"), work.join("swap/notes.txt")).unwrap();
        };
        let check = || {
            case.publish(&a).unwrap();
            case.expect(&a, &foreign);
        };

        // Killed while it built the new site.
        reset();
        fs::rename(work.join("swap"), work.join("new")).unwrap();
        fs::write(work.join("new/stray.txt"), "").unwrap();
        check();
        // Killed before or after the exchange.
        reset();
        check();
        // Killed between the two renames.
        reset();
        fs::rename(&dir, work.join("old")).unwrap();
        check();
        // The same, and someone deleted the new site: the old one comes back, as nothing of it is written again.
        reset();
        fs::rename(&dir, work.join("old")).unwrap();
        fs::remove_dir_all(work.join("swap")).unwrap();
        assert_eq!(case.publish(&a).unwrap(), report(0, 2, 0, 0));
        case.expect(&a, &foreign);
        // Killed after them.
        reset();
        fs::rename(&dir, work.join("old")).unwrap();
        fs::rename(work.join("swap"), &dir).unwrap();
        check();
        // Killed while it deleted the old site.
        reset();
        fs::rename(work.join("swap"), work.join("trash")).unwrap();
        fs::remove_file(work.join("trash/b.html")).unwrap();
        check();
        // Killed at the end of the first publish: a whole site, but not in its place yet.
        reset();
        fs::remove_dir_all(&dir).unwrap();
        check();
    }
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

#[test]
fn leftovers_of_an_in_place_publish_are_cleaned_by_a_swap() {
    let case = Case::new(Way::Exchange);
    case.publish(&[("a", "a"), ("b", "b")]).unwrap();
    case.write(".handbook-work/new/half", "ha");
    case.write(".handbook-work/lock", "");
    // Even when nothing else is to be done.
    case.publish(&[("a", "a"), ("b", "b")]).unwrap();
    case.expect(&[("a", "a"), ("b", "b")], &[]);
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
