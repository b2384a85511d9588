//! What is refused, in which words, and that nothing has changed then.

use std::fs;

use super::Case;
use crate::output::path::MANIFEST_NAME;

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
