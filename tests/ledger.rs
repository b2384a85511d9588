//! What was published stays, or is given up on purpose: `handbook.lock`, and what `check` makes of it.

mod program;

use std::fs;

use expect_test::{Expect, expect};
use program::Handbook;

const LEAVE: &str = "---\ntitle: Leave\n---\n\nEverybody has thirty days of leave in a year, and takes at least twenty of them.\n\n\
## Notice\n\nTell your lead two weeks before you go, and put the days into the calendar of the team.\n\n\
## Sick leave\n\nCall in the morning. From the third day on we need a note from your doctor, as the law has it.\n";

fn handbook() -> Handbook {
    let handbook = Handbook::new()
        .file("content/_index.md", "---\ntitle: Home\n---\nWelcome.\n")
        .file("content/people/_index.md", "---\ntitle: People\n---\nAll about people and how we work together.\n")
        .file("content/people/leave.md", LEAVE)
        .file("content/people/pay.md", "---\ntitle: Pay\n---\n\nYou are paid on the last working day of each month.\n")
        .file("content/files/policy.pdf", "PDF");
    handbook.run("check --record -q").status(0);
    handbook
}

/// What `check` says of what is lost, and what the built site is afterwards: `--fix` brings everything back, and a second
/// run has nothing to say.
fn check(handbook: Handbook, said: Expect, changed: Expect) {
    handbook.run("check --format short").status(1).stdout(said);
    let preview = handbook.run("check --fix --dry-run --format short --quiet").stdout;
    let diff: String = preview.split_inclusive('\n').filter(|line| !line.starts_with("handbook.lock:")).collect();
    changed.assert_eq(&diff);
    handbook.run("check --fix -q").status(0);
    handbook.run("check --format short -q").status(0).stdout(expect![""]);
    handbook.run("build -q").status(0);
    // Every address of the ledger is a file of the site.
    let ledger = handbook.text("handbook.lock");
    for address in
        ledger.lines().filter(|line| line.starts_with('/')).map(|line| line.split([' ', '#']).next().unwrap())
    {
        let is_there = handbook.has(&format!("public{address}index.html"))
            || handbook.has(&format!("public{address}"))
            || handbook.has(&format!("public{address}/index.html"));
        assert!(is_there, "{address} is gone");
    }
}

#[test]
fn a_record_is_sorted_and_says_what_is_there() {
    let handbook = handbook();
    expect![[r#"
        # The addresses that this handbook has published, and the anchors on them. Keep this file together with the pages.
        # `handbook check` fails when one of them is lost. To give one up for good, delete its line.
        # Written by `handbook check --record` and `handbook publish`; every line stands alone, so in a merge keep both sides.
        # Form 1.
        / page 4e5af5f1a4ebe74b content/_index.md
        /files/policy.pdf file 3 content/files/policy.pdf
        /people/ page 51834113c4090d19 content/people/_index.md
        /people/leave/ page f226cb0b83926565 content/people/leave.md
        /people/leave/#notice c2a6785bc2b244ae
        /people/leave/#sick-leave e826178b07a2e163
        /people/pay/ page c7a352ff8fdf740f content/people/pay.md
    "#]].assert_eq(&handbook.text("handbook.lock"));
    handbook.run("check").status(0);
    handbook.run("check --record").status(0).stderr(expect![[r#"
        Recorded 5 addresses and 2 anchors in handbook.lock, none of them new
        Checked 4 pages in [TIME] and found no problems
    "#]]);
}

#[test]
fn neither_build_nor_check_writes_it() {
    let handbook = Handbook::new().file("content/a.md", "A");
    handbook.run("build").status(0);
    handbook.run("check").status(0);
    assert!(!handbook.has("handbook.lock"));
}

#[test]
fn a_small_edit_changes_no_line() {
    let handbook = handbook();
    let before = handbook.text("handbook.lock");
    let handbook = handbook.file("content/people/leave.md", LEAVE.replace("two weeks", "three weeks"));
    handbook.run("check --record -q").status(0);
    assert_eq!(handbook.text("handbook.lock"), before);
}

#[test]
fn a_renamed_page_keeps_its_address() {
    let handbook = handbook().without("content/people/leave.md").file("content/people/time-off.md", LEAVE);
    check(
        handbook,
        expect![[r#"
        handbook.lock:8:1: error[address-lost]: `/people/leave/` was published with 2 anchors, and is gone
    "#]],
        expect![[r#"
        --- a/content/people/time-off.md
        +++ b/content/people/time-off.md
        @@ -1,5 +1,7 @@
         ---
         title: Leave
        +aliases:
        +  - /people/leave/
         ---

         Everybody has thirty days of leave in a year, and takes at least twenty of them.
    "#]],
    );
}

#[test]
fn a_reworded_heading_keeps_its_address() {
    let handbook = handbook().file("content/people/leave.md", LEAVE.replace("## Notice", "## How to tell us"));
    check(
        handbook,
        expect![[r#"
        handbook.lock:9:1: error[anchor-lost]: `/people/leave/#notice` was published, and `content/people/leave.md` has no such heading or anchor any more
    "#]],
        expect![[r#"
        --- a/content/people/leave.md
        +++ b/content/people/leave.md
        @@ -1,5 +1,7 @@
         ---
         title: Leave
        +anchors:
        +  notice: how-to-tell-us
         ---

         Everybody has thirty days of leave in a year, and takes at least twenty of them.
    "#]],
    );
}

#[test]
fn a_deleted_page_leads_to_the_one_above() {
    let handbook = handbook().without("content/people/leave.md");
    check(
        handbook,
        expect![[r#"
        handbook.lock:8:1: error[address-lost]: `/people/leave/` was published with 2 anchors, and is gone
    "#]],
        expect![[r#"
            --- a/site.toml
            +++ b/site.toml
            @@ -0,0 +1,2 @@
            +[redirects]
            +"/people/leave/" = "/people/"
        "#]],
    );
}

#[test]
fn a_moved_folder_keeps_its_addresses() {
    let handbook = handbook();
    fs::create_dir(handbook.path("content/company")).unwrap();
    fs::rename(handbook.path("content/people"), handbook.path("content/company/team")).unwrap();
    fs::rename(handbook.path("content/files"), handbook.path("content/documents")).unwrap();
    check(
        handbook,
        expect![[r#"
        handbook.lock:6:1: error[address-lost]: `/files/policy.pdf` was published, and is gone
        handbook.lock:7:1: error[address-lost]: `/people/` was published, and is gone
        handbook.lock:8:1: error[address-lost]: `/people/leave/` was published with 2 anchors, and is gone
        handbook.lock:11:1: error[address-lost]: `/people/pay/` was published, and is gone
    "#]],
        expect![[r#"
            --- a/content/company/team/_index.md
            +++ b/content/company/team/_index.md
            @@ -1,4 +1,6 @@
             ---
             title: People
            +aliases:
            +  - /people/
             ---
             All about people and how we work together.
            --- a/content/company/team/leave.md
            +++ b/content/company/team/leave.md
            @@ -1,5 +1,7 @@
             ---
             title: Leave
            +aliases:
            +  - /people/leave/
             ---

             Everybody has thirty days of leave in a year, and takes at least twenty of them.
            --- a/content/company/team/pay.md
            +++ b/content/company/team/pay.md
            @@ -1,5 +1,7 @@
             ---
             title: Pay
            +aliases:
            +  - /people/pay/
             ---

             You are paid on the last working day of each month.
            --- a/site.toml
            +++ b/site.toml
            @@ -0,0 +1,2 @@
            +[redirects]
            +"/files/policy.pdf" = "/documents/policy.pdf"
        "#]],
    );
}

#[test]
fn a_folder_s_page_that_moved_is_better_than_the_folder_s_list() {
    let handbook = handbook();
    fs::rename(handbook.path("content/people/_index.md"), handbook.path("content/about-people.md")).unwrap();
    check(
        handbook,
        expect![[r#"
        handbook.lock:7:1: error[address-lost]: `/people/` was published as a page, and is only the list of its folder now
    "#]],
        expect![[r#"
        --- a/content/about-people.md
        +++ b/content/about-people.md
        @@ -1,4 +1,6 @@
         ---
         title: People
        +aliases:
        +  - /people/
         ---
         All about people and how we work together.
    "#]],
    );
    // When it is gone for good, the list answers.
    let handbook = self::handbook().without("content/people/_index.md");
    handbook.run("check -q").status(0);
}

#[test]
fn a_changed_slug_keeps_the_address() {
    let handbook =
        handbook().file("content/people/leave.md", LEAVE.replace("title: Leave\n", "title: Leave\nslug: holidays\n"));
    check(
        handbook,
        expect![[r#"
        handbook.lock:8:1: error[address-lost]: `/people/leave/` was published with 2 anchors, and is gone
    "#]],
        expect![[r#"
        --- a/content/people/leave.md
        +++ b/content/people/leave.md
        @@ -1,6 +1,8 @@
         ---
         title: Leave
         slug: holidays
        +aliases:
        +  - /people/leave/
         ---

         Everybody has thirty days of leave in a year, and takes at least twenty of them.
    "#]],
    );
}

#[test]
fn a_page_that_was_split_leads_to_its_parts() {
    let (leave, sick) = LEAVE.split_at(LEAVE.find("## Sick leave").unwrap());
    let handbook = handbook()
        .file("content/people/leave.md", leave)
        .file("content/people/sick-leave.md", format!("---\ntitle: Being ill\n---\n\n{sick}"));
    check(
        handbook,
        expect![[r#"
        handbook.lock:10:1: error[anchor-lost]: `/people/leave/#sick-leave` was published, and `content/people/leave.md` has no such heading or anchor any more
    "#]],
        expect![[r#"
        --- a/content/people/leave.md
        +++ b/content/people/leave.md
        @@ -1,5 +1,7 @@
         ---
         title: Leave
        +anchors:
        +  sick-leave: /people/sick-leave/#sick-leave
         ---

         Everybody has thirty days of leave in a year, and takes at least twenty of them.
    "#]],
    );
}

#[test]
fn a_section_that_is_gone_leads_to_the_top() {
    let handbook = handbook().file("content/people/leave.md", LEAVE.split("## Sick").next().unwrap());
    check(
        handbook,
        expect![[r#"
        handbook.lock:10:1: error[anchor-lost]: `/people/leave/#sick-leave` was published, and `content/people/leave.md` has no such heading or anchor any more
    "#]],
        expect![[r#"
        --- a/content/people/leave.md
        +++ b/content/people/leave.md
        @@ -1,5 +1,7 @@
         ---
         title: Leave
        +anchors:
        +  sick-leave: top
         ---

         Everybody has thirty days of leave in a year, and takes at least twenty of them.
    "#]],
    );
}

#[test]
fn a_removed_alias_is_a_lost_address() {
    let handbook =
        handbook().file("content/people/leave.md", LEAVE.replace("title: Leave\n", "title: Leave\naliases: [/old/]\n"));
    handbook.run("check --record -q").status(0);
    check(
        handbook.file("content/people/leave.md", LEAVE),
        expect![[r#"
        handbook.lock:7:1: error[address-lost]: `/old/` was published, and is gone
    "#]],
        expect![[r#"
            --- a/content/people/leave.md
            +++ b/content/people/leave.md
            @@ -1,5 +1,7 @@
             ---
             title: Leave
            +aliases:
            +  - /old/
             ---

             Everybody has thirty days of leave in a year, and takes at least twenty of them.
        "#]],
    );
}

#[test]
fn the_files_are_replaced_and_not_written_over() {
    let handbook = handbook().file("known.txt", "old\n").file("content/bad.md", "[x](nowhere.md)\n");
    let files = ["handbook.lock", "known.txt"];
    let before = files.map(|file| {
        // Whoever has the old file open, or is killed here, has it as a whole.
        fs::hard_link(handbook.path(file), handbook.path(&format!("{file}.old"))).unwrap();
        handbook.text(file)
    });
    handbook.run("check --record --baseline known.txt --update-baseline -q");
    for (file, before) in files.iter().zip(before) {
        assert_ne!(handbook.text(file), before, "{file}");
        assert_eq!(handbook.text(&format!("{file}.old")), before, "{file}");
    }
}

#[test]
fn renames_in_a_circle_lead_to_the_name_that_is_there() {
    let handbook = handbook();
    let git = |words: &str| {
        let mut command = std::process::Command::new("git");
        command.args(["-c", "user.name=A", "-c", "user.email=a@example.com"]).args(words.split(' '));
        assert!(command.current_dir(handbook.folder.path()).output().unwrap().status.success(), "{words}");
    };
    let (pay, salary) = ("content/people/pay.md", "content/people/salary.md");
    git("init -q");
    git("add -A");
    git("commit -qm one");
    for (from, to) in [(pay, salary), (salary, pay), (pay, salary)] {
        git(&format!("mv {from} {to}"));
        git("commit -qm next");
    }
    fs::write(handbook.path(salary), "---\ntitle: Money\n---\nWe changed everything.\n").unwrap();
    handbook.run("check --fix -q").status(0);
    assert!(handbook.text(salary).contains("  - /people/pay/\n"), "{}", handbook.text(salary));
}

#[test]
fn renames_are_read_from_the_repository() {
    let handbook = handbook();
    let git = |words: &str| {
        let mut command = std::process::Command::new("git");
        command.args(["-c", "user.name=A", "-c", "user.email=a@example.com"]).args(words.split(' '));
        assert!(command.current_dir(handbook.folder.path()).output().unwrap().status.success(), "{words}");
    };
    git("init -q");
    git("add -A");
    git("commit -qm one");
    git("mv content/people/pay.md content/people/salary.md");
    git("commit -qm two");
    git("mv content/people/salary.md content/money.md");
    git("commit -qm three");
    // And only then the text became another one.
    fs::write(handbook.path("content/money.md"), "---\ntitle: Money\n---\nWe changed everything.\n").unwrap();
    check(
        handbook,
        expect![[r#"
        handbook.lock:11:1: error[address-lost]: `/people/pay/` was published, and is gone
    "#]],
        expect![[r#"
            --- a/content/money.md
            +++ b/content/money.md
            @@ -1,4 +1,6 @@
             ---
             title: Money
            +aliases:
            +  - /people/pay/
             ---
             We changed everything.
        "#]],
    );
}

#[test]
fn an_address_is_given_up_by_deleting_its_line() {
    let handbook = handbook().without("content/people/leave.md");
    let ledger = handbook.text("handbook.lock");
    let kept: String = ledger.split_inclusive('\n').filter(|line| !line.starts_with("/people/leave/")).collect();
    handbook.file("handbook.lock", kept).run("check -q").status(0);
}

#[test]
fn a_record_forgets_nothing() {
    let handbook = handbook().without("content/people/leave.md");
    handbook.run("check --record --format short").status(1);
    assert!(handbook.text("handbook.lock").contains("/people/leave/#notice "));
}

#[test]
fn an_unfinished_merge_is_read_and_mended() {
    let handbook = handbook();
    let text =
        handbook.text("handbook.lock").replace("/people/leave/#notice", "<<<<<<< HEAD\n=======\n/people/leave/#notice");
    let handbook = handbook.file("handbook.lock", text.replace("/people/pay/ ", ">>>>>>> other\n/people/pay/ "));
    handbook.run("check --format short").status(1).stdout(expect![[r#"
        handbook.lock:9:1: error[ledger-syntax]: this file holds the marks of a merge that was not finished; both sides were read
    "#]]);
    handbook.run("check --record -q").status(1);
    handbook.run("check -q").status(0);
}

#[test]
fn what_cannot_be_read_is_not_written_over() {
    let handbook = handbook().file("handbook.lock", "# Form 9.\n/x/ portal 5\n");
    handbook.run("check --record").status(1).stderr(expect![[r#"
        error[ledger-syntax]: this file has form 9, and we know only form 1
         --> handbook.lock:1:1
          |
        1 | # Form 9.
          | ^^^^^^^^^
          |
          = help: use the version of handbook that wrote it, or a newer one

        error[ledger-syntax]: this is no line of the ledger
         --> handbook.lock:2:1
          |
        2 | /x/ portal 5
          | ^^^^^^^^^^^^
          |
          = help: restore the line from the history of the file, or delete it

        error: `handbook.lock` holds lines that cannot be read, so nothing was recorded
          = help: mend or delete them first
        Checked 4 pages in [TIME] and found 2 errors
    "#]]);
    assert_eq!(handbook.text("handbook.lock"), "# Form 9.\n/x/ portal 5\n");
}
