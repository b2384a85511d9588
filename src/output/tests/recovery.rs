//! Publishes that were killed, and several at the same time.

use std::fs;
use std::time::Duration;

use super::{Case, outputs, report, tree};
use crate::output::lock::Lock;
use crate::output::path::MANIFEST_NAME;
use crate::output::publish_by;
use crate::output::work::Way;

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
