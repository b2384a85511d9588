//! What pages take from the repository that they are in.

mod program;

use std::path::Path;
use std::process::Command;

use expect_test::expect;
use program::Handbook;

fn git(folder: &Path, words: &str, day: &str) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=A", "-c", "user.email=a@example.com"]).args(words.split(' ')).current_dir(folder);
    // In the evening of the author's day, which is the next one elsewhere.
    command
        .env("GIT_AUTHOR_DATE", format!("{day}T23:30:00-0800"))
        .env("GIT_COMMITTER_DATE", format!("{day}T23:30:00-0800"));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Three days of a handbook that is a part of a repository.
fn repository() -> Handbook {
    let handbook = Handbook::new()
        .file("docs/site.toml", "[history]\ndates = true\n")
        .file("docs/templates/page.html", "{{ page.title }} {{ page.updated }}\n")
        .file("docs/content/a.md", "A")
        .file("docs/content/b.md", "---\nupdated: 2020-02-02\n---\nB")
        .file("docs/content/c.md", "Something that stays the same.\n");
    git(handbook.folder.path(), "init -q", "2024-01-01");
    git(handbook.folder.path(), "add -A", "2024-01-01");
    git(handbook.folder.path(), "commit -qm one", "2024-01-01");
    let handbook = handbook.file("docs/content/a.md", "A and more");
    git(handbook.folder.path(), "commit -qam two", "2024-02-02");
    git(handbook.folder.path(), "mv docs/content/c.md docs/content/d.md", "2024-03-03");
    git(handbook.folder.path(), "commit -qm three", "2024-03-03");
    handbook.file("docs/content/new.md", "New")
}

#[test]
fn pages_have_the_day_of_their_last_change() {
    let handbook = repository();
    handbook.run("build docs --strict -q").status(0);
    let pages: String =
        ["a", "b", "d", "new"].map(|page| handbook.text(&format!("docs/public/{page}/index.html"))).concat();
    expect![[r#"
        A 2024-02-02
        B 2020-02-02
        D 2024-01-01
        New 
    "#]]
    .assert_eq(&pages);
    assert_eq!(handbook.text("docs/public/sitemap.xml").matches("<lastmod>2024-02-02</lastmod>").count(), 1);
}

#[test]
fn a_part_of_the_history_is_worse_than_none() {
    let handbook = repository();
    let clone = tempfile::tempdir().unwrap();
    let from = format!("clone -q --depth 1 file://{} here", handbook.folder.path().display());
    git(clone.path(), &from, "2024-04-04");
    let there = clone.path().join("here/docs");
    let ran = handbook.run_words(&["build", there.to_str().unwrap(), "--format", "short", "-q"]);
    ran.status(0).stdout(expect![[r#"
        site.toml: note[history-missing]: pages have no dates from Git, as a part of the history is missing here
    "#]]);
    assert_eq!(std::fs::read_to_string(there.join("public/a/index.html")).unwrap(), "A \n");
}

#[test]
fn nobody_asks_a_repository_unless_told_to() {
    let handbook = repository().file("docs/site.toml", "");
    handbook.run("build docs -q").status(0);
    assert_eq!(handbook.text("docs/public/a/index.html"), "A \n");
}
