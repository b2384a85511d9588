//! `handbook publish github-pages`: what it pushes, what it writes, and what it refuses.

#![cfg(unix)]

mod program;
mod published;

use expect_test::expect;
use program::Handbook;
use published::{Repository, git};

const PUBLISH: &str = "publish github-pages --branch gh-pages";

fn handbook() -> Handbook {
    Handbook::new()
        .file(".gitignore", "/public/\n")
        .file("content/_index.md", "# Home\n\nSee [leave](leave.md).\n")
        .file("content/leave.md", "# Leave\n\nTake it.\n")
        .file("content/_notes.md", "Not a page.\n")
}

#[test]
fn a_branch_gets_one_commit_with_the_site_and_nothing_here_is_touched() {
    let repository = Repository::of(handbook().file("untouched.txt", "as it is\n"));
    // But for the ledger, which remembers what was published.
    let state = || {
        let index = std::fs::read(repository.handbook.path(".git/index")).unwrap();
        (
            repository.git(&["status", "--porcelain", "--", ".", ":(exclude)handbook.lock"]),
            repository.git(&["rev-parse", "HEAD"]),
            repository.git(&["branch"]),
            index,
        )
    };
    let before = state();
    repository.run(PUBLISH).status(0);
    assert_eq!(state(), before);
    assert!(!repository.handbook.path("public").exists());
    let (_folder, site) = repository.clone("gh-pages");
    let home = std::fs::read_to_string(site.join("index.html")).unwrap();
    assert!(home.contains("href=\"/repo/leave/\"") && home.contains("https://ida.github.io/repo/"), "{home}");
    assert!(
        site.join(".nojekyll").exists()
            && !site.join(".handbook-files").exists()
            && !site.join("untouched.txt").exists()
    );
}

#[test]
fn what_is_done_is_said() {
    let repository = Repository::of(handbook());
    let ran = repository.run(PUBLISH).status(0);
    let said = ran.stderr.replace(repository.bare.path().to_str().unwrap(), "[REMOTE]");
    let commit = git(repository.bare.path(), &["rev-parse", "gh-pages"]);
    expect![[r#"
        Built 2 pages in [TIME] for https://ida.github.io/repo/ (from the remote)
        Pushed [COMMIT] to `gh-pages` of git@github.com:ida/repo.git
        Recorded 2 addresses and 2 anchors in handbook.lock, 2 addresses and 2 anchors of them new
        Commit `handbook.lock` with your next change: by it, the next publish knows them
        Once: in the repository's settings, under Pages, choose the branch `gh-pages` as the source
    "#]]
    .assert_eq(&said.replace(&commit[..10], "[COMMIT]"));
    assert_eq!(repository.messages("gh-pages").len(), 1);
    assert!(repository.messages("gh-pages")[0].ends_with(" Begin"));
}

#[test]
fn the_next_commit_stands_on_the_one_before() {
    let repository = Repository::of(handbook());
    repository.run(PUBLISH).status(0);
    let again = repository.run(PUBLISH).status(0);
    assert!(again.stderr.contains("`gh-pages` of `origin` has this site already\n"), "{}", again.stderr);
    std::fs::write(repository.handbook.path("content/leave.md"), "# Leave\n\nTake more.\n").unwrap();
    repository.commit("More leave");
    repository.run(&format!("{PUBLISH} --message Hello")).status(0);
    assert_eq!(repository.messages("gh-pages").len(), 2);
    assert_eq!(repository.messages("gh-pages")[0], "Hello");
}

#[test]
fn what_was_published_is_remembered_and_not_lost() {
    let repository = Repository::of(handbook());
    repository.run(PUBLISH).status(0);
    assert!(repository.handbook.text("handbook.lock").contains("/leave/"));
    // The ledger that was just written is no change that somebody forgot.
    repository.run(PUBLISH).status(0);
    repository.git(&["rm", "--quiet", "--force", "content/leave.md"]);
    std::fs::write(repository.handbook.path("content/_index.md"), "# Home\n").unwrap();
    repository.commit("No leave");
    let ran = repository.run(PUBLISH).status(1);
    assert!(ran.stderr.contains("\nNothing was published: addresses would be lost."), "{}", ran.stderr);
    assert_eq!(repository.messages("gh-pages").len(), 1);
    repository.run(&format!("{PUBLISH} --force")).status(0);
    assert_eq!(repository.messages("gh-pages").len(), 2);
}

#[test]
fn the_severities_of_check_count_here_too() {
    let repository = Repository::of(handbook().file("site.toml", "[check.severity]\naddress-lost = \"off\"\n"));
    repository.run(PUBLISH).status(0);
    repository.git(&["rm", "--quiet", "--force", "content/leave.md"]);
    std::fs::write(repository.handbook.path("content/_index.md"), "# Home\n").unwrap();
    repository.commit("No leave");
    repository.run(PUBLISH).status(0);
    assert_eq!(repository.messages("gh-pages").len(), 2);
}

#[test]
fn what_is_checked_out_here_does_not_change_what_is_published() {
    let repository = Repository::of(handbook());
    repository.git(&["config", "core.sparseCheckout", "true"]);
    std::fs::create_dir_all(repository.handbook.path(".git/info")).unwrap();
    std::fs::write(repository.handbook.path(".git/info/sparse-checkout"), "/content/\n").unwrap();
    repository.run(PUBLISH).status(0);
    let (_folder, site) = repository.clone("gh-pages");
    assert!(site.join("index.html").exists() && site.join("leave/index.html").exists());
}

#[test]
fn that_git_is_missing_is_said() {
    let repository = Repository::of(handbook());
    let ran = repository.handbook.run_with(PUBLISH, &[("PATH", "/nowhere")]).status(3);
    assert!(ran.stderr.contains("there is no `git` on this computer"), "{}", ran.stderr);
}

#[test]
fn a_new_workflow_publishes_the_first_branch_of_the_remote() {
    let repository = Repository::of(handbook());
    repository.git(&["remote", "set-head", "origin", "main"]);
    repository.git(&["checkout", "-q", "-b", "try"]);
    repository.run("publish github-pages").status(0);
    assert!(repository.handbook.text(".github/workflows/handbook.yml").contains("branches: [\"main\"]"));
}

#[test]
fn a_dry_run_pushes_nothing() {
    let repository = Repository::of(handbook());
    let ran = repository.run(&format!("{PUBLISH} --dry-run")).status(0);
    assert!(ran.stderr.contains("Would push "), "{}", ran.stderr);
    assert_eq!(git(repository.bare.path(), &["branch", "--list", "gh-pages"]), "");
}

#[test]
fn changes_that_are_in_no_commit_are_refused_unless_told() {
    let repository = Repository::of(handbook());
    std::fs::write(repository.handbook.path("content/new.md"), "# New\n").unwrap();
    std::fs::write(repository.handbook.path("content/leave.md"), "# Leave!\n").unwrap();
    repository.run(PUBLISH).status(2).stderr(expect![[r#"
        error: 2 files are in no commit as they are now
          content/leave.md
          content/new.md
          = help: commit them, so that what is published is what is in the history
        Nothing was published; `--force` does it nevertheless
    "#]]);
    repository.run(&format!("{PUBLISH} --force")).status(0);
    assert!(repository.messages("gh-pages")[0].ends_with(" Begin, with changes"));
}

#[test]
fn the_output_folder_is_no_change() {
    let repository = Repository::of(handbook().without(".gitignore"));
    repository.run("build").status(0);
    repository.run(PUBLISH).status(0);
}

#[test]
fn pages_older_than_the_remote_s_are_refused() {
    let repository = Repository::of(handbook());
    let (_folder, other) = repository.clone("main");
    std::fs::write(other.join("content/new.md"), "# New\n").unwrap();
    git(&other, &["add", "--all"]);
    git(&other, &["-c", "user.name=O", "-c", "user.email=o@example.com", "commit", "--quiet", "-m", "New"]);
    git(&other, &["push", "--quiet"]);
    repository.run(PUBLISH).status(2).stderr(expect![[r#"
        error: `origin/main` has 1 commit that you have not
          = help: `git pull`, so that nobody's pages vanish from the site
        Nothing was published; `--force` does it nevertheless
    "#]]);
}

#[test]
fn a_branch_of_one_s_own_with_other_commits_is_refused() {
    let repository = Repository::of(handbook());
    repository.run(PUBLISH).status(0);
    repository.git(&["branch", "gh-pages", "main"]);
    repository.run(PUBLISH).status(2).stderr(expect![[r#"
        error: your branch `gh-pages` has 1 commit that `origin` has not
          = help: push them, or delete the branch here with `git branch -D gh-pages`
        Nothing was published; `--force` does it nevertheless
    "#]]);
}

#[test]
fn the_branch_of_the_pages_is_refused() {
    let repository = Repository::of(handbook());
    repository.run("publish github-pages --branch main").status(2).stderr(expect![[r#"
        error: `main` is the branch with your pages, and the site would take their place
          = help: publish to another one, such as `--branch gh-pages`
    "#]]);
}

#[test]
fn a_branch_that_holds_no_website_is_refused() {
    let repository = Repository::of(handbook());
    repository.git(&["push", "--quiet", "origin", "main:sources"]);
    repository.run("publish github-pages --branch sources").status(2).stderr(expect![[r#"
        error: what is on `sources` of `origin` is no website, and would be gone
          = help: publish to a branch of its own, such as `--branch gh-pages`
        Nothing was published; `--force` does it nevertheless
    "#]]);
}

#[test]
fn an_error_in_the_site_publishes_nothing() {
    let repository = Repository::of(handbook().file("content/bad.md", "---\nweight: ten\n---\n"));
    repository.run(PUBLISH).status(1);
    assert_eq!(git(repository.bare.path(), &["branch", "--list", "gh-pages"]), "");
}

#[test]
fn the_domain_of_the_branch_is_kept_and_used() {
    let repository = Repository::of(handbook());
    repository.run(PUBLISH).status(0);
    let (_folder, site) = repository.clone("gh-pages");
    std::fs::write(site.join("CNAME"), "handbook.example.com\n").unwrap();
    git(&site, &["add", "--all"]);
    git(&site, &["-c", "user.name=G", "-c", "user.email=g@example.com", "commit", "--quiet", "-m", "Create CNAME"]);
    git(&site, &["push", "--quiet"]);
    let ran = repository.run(PUBLISH).status(0);
    assert!(
        ran.stderr.contains(" for https://handbook.example.com/ (from the file CNAME of the branch)\n"),
        "{}",
        ran.stderr
    );
    let (_folder, site) = repository.clone("gh-pages");
    assert_eq!(std::fs::read_to_string(site.join("CNAME")).unwrap(), "handbook.example.com\n");
    assert!(std::fs::read_to_string(site.join("index.html")).unwrap().contains("href=\"/leave/\""));
}

#[test]
fn an_address_that_cannot_be_derived_has_to_be_given() {
    let repository = Repository::of(handbook());
    repository.git(&["remote", "set-url", "origin", repository.bare.path().to_str().unwrap()]);
    let ran = repository.run(PUBLISH).status(2);
    assert!(ran.stderr.starts_with("error: there is no telling at which address `"), "{}", ran.stderr);
    let ran = repository.run(&format!("{PUBLISH} --base-url /repo/")).status(0);
    assert!(ran.stderr.contains(" for /repo/ (from --base-url)\n"), "{}", ran.stderr);
}

#[test]
fn a_folder_of_a_repository_is_published_alone() {
    let repository =
        Repository::of(Handbook::new().file("other/a.md", "# Other\n").file("hb/content/_index.md", "# Home\n"));
    std::fs::write(repository.handbook.path("other/b.md"), "not in a commit").unwrap();
    repository.run(&format!("{PUBLISH} hb")).status(0);
    let (_folder, site) = repository.clone("gh-pages");
    assert!(site.join("index.html").exists() && !site.join("hb").exists());
    repository.run("publish github-pages hb").status(0);
    let workflow = repository.handbook.text(".github/workflows/handbook.yml");
    assert!(workflow.contains("folder: \"hb\"") && workflow.contains("path: \"hb/public\""), "{workflow}");
}

#[test]
fn without_a_repository_or_a_remote_there_is_nothing_to_push_to() {
    let handbook = handbook();
    handbook.run(PUBLISH).status(2).stderr(expect![[r#"
        error: `.` is in no Git repository
          = help: `git init`, commit your pages, and `git remote add origin URL`
    "#]]);
    let repository = Repository::of(handbook);
    repository.run(&format!("{PUBLISH} --remote upstream")).status(2).stderr(expect![[r#"
        error: there is no remote `upstream`
          = help: `git remote add upstream URL`, with the address of the repository
    "#]]);
}

#[test]
fn the_workflow_is_written_once_and_left_alone_when_it_was_changed() {
    let repository = Repository::of(handbook());
    repository.run("publish github-pages").status(0).stderr(expect![[r#"
        Wrote .github/workflows/handbook.yml

        Next:
          1. once: choose GitHub Actions as the source in https://github.com/ida/repo/settings/pages
          2. commit `.github/workflows/handbook.yml`, and push `main`
        The site will be at https://ida.github.io/repo/ (from the remote)
    "#]]);
    let again = repository.run("publish github-pages").status(0);
    assert!(again.stderr.starts_with(".github/workflows/handbook.yml is as it should be\n"), "{}", again.stderr);
    // From another branch, it is still the first one that is published.
    repository.git(&["checkout", "-q", "-b", "try"]);
    let elsewhere = repository.run("publish github-pages").status(0);
    assert!(
        elsewhere.stderr.starts_with(".github/workflows/handbook.yml is as it should be\n"),
        "{}",
        elsewhere.stderr
    );
    let strict = repository.run("publish github-pages --strict").status(0);
    assert!(strict.stderr.starts_with("Brought up to date: "), "{}", strict.stderr);
    let still = repository.run("publish github-pages").status(0);
    assert!(still.stderr.starts_with(".github/workflows/handbook.yml is as it should be\n"), "{}", still.stderr);
    let file = repository.handbook.path(".github/workflows/handbook.yml");
    let changed = std::fs::read_to_string(&file).unwrap().replace("timeout-minutes: 15", "timeout-minutes: 5");
    std::fs::write(&file, &changed).unwrap();
    repository.run("publish github-pages").status(2).stderr(expect![[r#"
        error: `.github/workflows/handbook.yml` was changed by hand, or is not ours, and was left as it is
          = help: `--force` writes it anew; `git diff` then shows what was yours
    "#]]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), changed);
    repository.run("publish github-pages --force").status(0);
    assert_ne!(std::fs::read_to_string(&file).unwrap(), changed);
}
