//! Pages, files, folders and headings that go elsewhere, with every link to them.

mod program;

use std::process::Command;

use expect_test::{Expect, expect};
use program::Handbook;

fn handbook() -> Handbook {
    Handbook::new()
        .file(
            "site.toml",
            "# Ours\nbase_url = \"https://h.org/hb/\"\nnav.main = [{ title = \"Leave\", url = \"/people/leave/#notice\" }]\n\n\
             [[nav.section]]\nurl = \"/people/\"\nlinks = [{ title = 'Leave', url = 'people/leave.md' }]\n\n\
             [redirects]\n\"/holidays/\" = \"/people/leave/\" # since 2020\n",
        )
        .file(
            "content/_index.md",
            "# Home\n\n[a](people/leave.md \"t\") [b](/people/leave#notice) [c](https://h.org/hb/people/leave/?q=1) [d][r] [e](/people/leave.html)\n\
             [f](people/) ![g](people/img/a.png)\n\n<a href='/hb/people/leave/'>h</a> `[x](people/leave.md)`\n\n[r]: <people/leave.md#notice>\n",
        )
        .file("content/people/_index.md", "---\ntitle: People\n---\n[leave](leave.md) [pay](pay/)\n")
        .file(
            "content/people/leave.md",
            "---\ntitle: Leave # here\naliases: [/old/]\n---\n\nSee [pay](pay.md), [up](../), [me](#notice), ![a](img/a.png).\n\n## Notice\n\nText.\n",
        )
        .file("content/people/pay.md", "---\ntitle: Pay\nanchors:\n  x: leave.md#notice\n---\n\n[l](../leave/#notice)\n")
        .file("content/people/img/a.png", "png")
        .file("content/people/form.pdf", "pdf")
}

/// Runs it, and shows what it said and how the files differ; afterwards there is nothing wrong with the site.
fn check(handbook: &Handbook, words: &[&str], expected: Expect) {
    handbook.run("build --strict -q -o before").status(0);
    let preview = handbook.run_words(&[words, &["--dry-run"]].concat()).status(0);
    let ran = handbook.run_words(words).status(0);
    expected.assert_eq(&format!("{}{}", preview.stdout, ran.stderr));
    handbook.run("build --strict -q -o after").status(0);
    // What was there is still there, but for pictures, which are parts of pages.
    for file in handbook.files("before").iter().filter(|file| !file.ends_with(".png") && !file.starts_with("assets/")) {
        let is_there = handbook.has(&format!("after/{file}")) || handbook.has(&format!("after/{file}/index.html"));
        assert!(is_there, "{file} is gone");
    }
}

#[test]
fn a_page_takes_all_links_along() {
    check(
        &handbook(),
        &["mv", "content/people/leave.md", "content/time-off.md"],
        expect![[r#"
        --- a/content/_index.md
        +++ b/content/_index.md
        @@ -1,8 +1,8 @@
         # Home

        -[a](people/leave.md "t") [b](/people/leave#notice) [c](https://h.org/hb/people/leave/?q=1) [d][r] [e](/people/leave.html)
        +[a](time-off.md "t") [b](/time-off#notice) [c](https://h.org/hb/time-off/?q=1) [d][r] [e](/time-off.html)
         [f](people/) ![g](people/img/a.png)

        -<a href='/hb/people/leave/'>h</a> `[x](people/leave.md)`
        +<a href='/hb/time-off/'>h</a> `[x](people/leave.md)`

        -[r]: <people/leave.md#notice>
        +[r]: <time-off.md#notice>
        --- a/content/people/_index.md
        +++ b/content/people/_index.md
        @@ -1,4 +1,4 @@
         ---
         title: People
         ---
        -[leave](leave.md) [pay](pay/)
        +[leave](../time-off.md) [pay](pay/)
        diff --git a/content/people/leave.md b/content/time-off.md
        rename from content/people/leave.md
        rename to content/time-off.md
        --- a/content/people/leave.md
        +++ b/content/time-off.md
        @@ -1,9 +1,9 @@
         ---
         title: Leave # here
        -aliases: [/old/]
        +aliases: [/old/, /people/leave/]
         ---

        -See [pay](pay.md), [up](../), [me](#notice), ![a](img/a.png).
        +See [pay](people/pay.md), [up](../people/), [me](#notice), ![a](people/img/a.png).

         ## Notice

        --- a/content/people/pay.md
        +++ b/content/people/pay.md
        @@ -1,7 +1,7 @@
         ---
         title: Pay
         anchors:
        -  x: leave.md#notice
        +  x: ../time-off.md#notice
         ---

        -[l](../leave/#notice)
        +[l](../../time-off/#notice)
        --- a/site.toml
        +++ b/site.toml
        @@ -1,10 +1,10 @@
         # Ours
         base_url = "https://h.org/hb/"
        -nav.main = [{ title = "Leave", url = "/people/leave/#notice" }]
        +nav.main = [{ title = "Leave", url = "/time-off/#notice" }]

         [[nav.section]]
         url = "/people/"
        -links = [{ title = 'Leave', url = 'people/leave.md' }]
        +links = [{ title = 'Leave', url = 'time-off.md' }]

         [redirects]
        -"/holidays/" = "/people/leave/" # since 2020
        +"/holidays/" = "/time-off/" # since 2020
        Moved content/people/leave.md to content/time-off.md: 15 links written anew, 1 former address leads on (5 files changed)
    "#]],
    );
}

#[test]
fn a_folder_takes_its_files_along() {
    check(
        &handbook(),
        &["mv", "people", "company/team"],
        expect![[r#"
        --- a/content/_index.md
        +++ b/content/_index.md
        @@ -1,8 +1,8 @@
         # Home

        -[a](people/leave.md "t") [b](/people/leave#notice) [c](https://h.org/hb/people/leave/?q=1) [d][r] [e](/people/leave.html)
        -[f](people/) ![g](people/img/a.png)
        +[a](company/team/leave.md "t") [b](/company/team/leave#notice) [c](https://h.org/hb/company/team/leave/?q=1) [d][r] [e](/company/team/leave.html)
        +[f](company/team/) ![g](company/team/img/a.png)

        -<a href='/hb/people/leave/'>h</a> `[x](people/leave.md)`
        +<a href='/hb/company/team/leave/'>h</a> `[x](people/leave.md)`

        -[r]: <people/leave.md#notice>
        +[r]: <company/team/leave.md#notice>
        diff --git a/content/people/_index.md b/content/company/team/_index.md
        rename from content/people/_index.md
        rename to content/company/team/_index.md
        --- a/content/people/_index.md
        +++ b/content/company/team/_index.md
        @@ -1,4 +1,6 @@
         ---
         title: People
        +aliases:
        +  - /people/
         ---
         [leave](leave.md) [pay](pay/)
        diff --git a/content/people/form.pdf b/content/company/team/form.pdf
        similarity index 100%
        rename from content/people/form.pdf
        rename to content/company/team/form.pdf
        diff --git a/content/people/img/a.png b/content/company/team/img/a.png
        similarity index 100%
        rename from content/people/img/a.png
        rename to content/company/team/img/a.png
        diff --git a/content/people/leave.md b/content/company/team/leave.md
        rename from content/people/leave.md
        rename to content/company/team/leave.md
        --- a/content/people/leave.md
        +++ b/content/company/team/leave.md
        @@ -1,6 +1,6 @@
         ---
         title: Leave # here
        -aliases: [/old/]
        +aliases: [/old/, /people/leave/]
         ---

         See [pay](pay.md), [up](../), [me](#notice), ![a](img/a.png).
        diff --git a/content/people/pay.md b/content/company/team/pay.md
        rename from content/people/pay.md
        rename to content/company/team/pay.md
        --- a/content/people/pay.md
        +++ b/content/company/team/pay.md
        @@ -2,6 +2,8 @@
         title: Pay
         anchors:
           x: leave.md#notice
        +aliases:
        +  - /people/pay/
         ---

         [l](../leave/#notice)
        --- a/site.toml
        +++ b/site.toml
        @@ -1,10 +1,11 @@
         # Ours
         base_url = "https://h.org/hb/"
        -nav.main = [{ title = "Leave", url = "/people/leave/#notice" }]
        +nav.main = [{ title = "Leave", url = "/company/team/leave/#notice" }]

         [[nav.section]]
        -url = "/people/"
        -links = [{ title = 'Leave', url = 'people/leave.md' }]
        +url = "/company/team/"
        +links = [{ title = 'Leave', url = 'company/team/leave.md' }]

         [redirects]
        -"/holidays/" = "/people/leave/" # since 2020
        +"/holidays/" = "/company/team/leave/" # since 2020
        +"/people/form.pdf" = "/company/team/form.pdf"
        Moved content/people to content/company/team: 12 links written anew, 4 former addresses lead on (5 files changed)
    "#]],
    );
}

#[test]
fn addresses_name_pages_and_folders() {
    check(
        &handbook(),
        &["mv", "/people/leave/", "/people/time-off/"],
        expect![[r#"
        --- a/content/_index.md
        +++ b/content/_index.md
        @@ -1,8 +1,8 @@
         # Home

        -[a](people/leave.md "t") [b](/people/leave#notice) [c](https://h.org/hb/people/leave/?q=1) [d][r] [e](/people/leave.html)
        +[a](people/time-off.md "t") [b](/people/time-off#notice) [c](https://h.org/hb/people/time-off/?q=1) [d][r] [e](/people/time-off.html)
         [f](people/) ![g](people/img/a.png)

        -<a href='/hb/people/leave/'>h</a> `[x](people/leave.md)`
        +<a href='/hb/people/time-off/'>h</a> `[x](people/leave.md)`

        -[r]: <people/leave.md#notice>
        +[r]: <people/time-off.md#notice>
        --- a/content/people/_index.md
        +++ b/content/people/_index.md
        @@ -1,4 +1,4 @@
         ---
         title: People
         ---
        -[leave](leave.md) [pay](pay/)
        +[leave](time-off.md) [pay](pay/)
        diff --git a/content/people/leave.md b/content/people/time-off.md
        rename from content/people/leave.md
        rename to content/people/time-off.md
        --- a/content/people/leave.md
        +++ b/content/people/time-off.md
        @@ -1,6 +1,6 @@
         ---
         title: Leave # here
        -aliases: [/old/]
        +aliases: [/old/, /people/leave/]
         ---

         See [pay](pay.md), [up](../), [me](#notice), ![a](img/a.png).
        --- a/content/people/pay.md
        +++ b/content/people/pay.md
        @@ -1,7 +1,7 @@
         ---
         title: Pay
         anchors:
        -  x: leave.md#notice
        +  x: time-off.md#notice
         ---

        -[l](../leave/#notice)
        +[l](../time-off/#notice)
        --- a/site.toml
        +++ b/site.toml
        @@ -1,10 +1,10 @@
         # Ours
         base_url = "https://h.org/hb/"
        -nav.main = [{ title = "Leave", url = "/people/leave/#notice" }]
        +nav.main = [{ title = "Leave", url = "/people/time-off/#notice" }]

         [[nav.section]]
         url = "/people/"
        -links = [{ title = 'Leave', url = 'people/leave.md' }]
        +links = [{ title = 'Leave', url = 'people/time-off.md' }]

         [redirects]
        -"/holidays/" = "/people/leave/" # since 2020
        +"/holidays/" = "/people/time-off/" # since 2020
        Moved content/people/leave.md to content/people/time-off.md: 12 links written anew, 1 former address leads on (5 files changed)
    "#]],
    );
    let handbook = handbook();
    handbook.run("mv /people/ /team/").status(0);
    assert!(handbook.has("content/team/_index.md") && handbook.has("content/team/form.pdf"));
}

#[test]
fn a_heading_gets_other_words() {
    check(
        &handbook(),
        &["rename-heading", "people/leave.md", "#notice", "How to *tell* us"],
        expect![[r#"
        --- a/content/_index.md
        +++ b/content/_index.md
        @@ -1,8 +1,8 @@
         # Home

        -[a](people/leave.md "t") [b](/people/leave#notice) [c](https://h.org/hb/people/leave/?q=1) [d][r] [e](/people/leave.html)
        +[a](people/leave.md "t") [b](/people/leave#how-to-tell-us) [c](https://h.org/hb/people/leave/?q=1) [d][r] [e](/people/leave.html)
         [f](people/) ![g](people/img/a.png)

         <a href='/hb/people/leave/'>h</a> `[x](people/leave.md)`

        -[r]: <people/leave.md#notice>
        +[r]: <people/leave.md#how-to-tell-us>
        --- a/content/people/leave.md
        +++ b/content/people/leave.md
        @@ -1,10 +1,12 @@
         ---
         title: Leave # here
         aliases: [/old/]
        +anchors:
        +  notice: how-to-tell-us
         ---

        -See [pay](pay.md), [up](../), [me](#notice), ![a](img/a.png).
        +See [pay](pay.md), [up](../), [me](#how-to-tell-us), ![a](img/a.png).

        -## Notice
        +## How to *tell* us

         Text.
        --- a/content/people/pay.md
        +++ b/content/people/pay.md
        @@ -1,7 +1,7 @@
         ---
         title: Pay
         anchors:
        -  x: leave.md#notice
        +  x: leave.md#how-to-tell-us
         ---

        -[l](../leave/#notice)
        +[l](../leave/#how-to-tell-us)
        --- a/site.toml
        +++ b/site.toml
        @@ -1,6 +1,6 @@
         # Ours
         base_url = "https://h.org/hb/"
        -nav.main = [{ title = "Leave", url = "/people/leave/#notice" }]
        +nav.main = [{ title = "Leave", url = "/people/leave/#how-to-tell-us" }]

         [[nav.section]]
         url = "/people/"
        Reworded `#notice`: 6 links written anew, 1 former address leads on (4 files changed)
    "#]],
    );
}

#[test]
fn headings_are_found_however_they_are_written() {
    let text = "# T\n\n## A ##\n\nB\n---\n\n## C {#see}\n\n## C# \n\n## A\n\nA\n=\n";
    let handbook = Handbook::new().file("content/a.md", text);
    let reword = |id: &str, title: &str| handbook.run_words(&["rename-heading", "a", id, title]);
    reword("a", "Ä").status(0);
    reword("b", "Bee").status(0);
    reword("#see", "Sea").status(0);
    reword("c", "D").status(0);
    expect![[r#"
        ---
        anchors:
          a: ä
          b: bee
          c: d
        ---

        # T

        ## Ä ##

        Bee
        ---

        ## Sea {#see}

        ## D 

        ## A {#a-1}

        A {#a-2}
        =
    "#]]
    .assert_eq(&handbook.text("content/a.md"));
}

#[test]
fn what_cannot_be_reworded_is_refused() {
    let handbook = Handbook::new().file("content/a.md", "# T\n\n## A\n\n<h2 id=\"raw\">Raw</h2>\n");
    let mut said = String::new();
    let handbook = handbook.file("content/empty.md", "# T\n\n##   \n\n## \n\nText\n");
    for words in [
        ["empty", "section", "X"],
        ["a", "t", "X"],
        ["a", "b", "X"],
        ["b", "a", "X"],
        ["a", "a", " "],
        ["a", "a", "X\n## Y"],
    ] {
        said += &handbook.run_words(&[&["rename-heading"], &words[..]].concat()).status(2).stderr;
    }
    expect![[r#"
        error: the heading `#section` is not written as a Markdown heading
          = help: change it in the file, and run `handbook check --fix`
        error: `#t` is the title of the page
          = help: change it in the file: nobody links to a title's id
        error: `content/a.md` has no heading `#b`
          = help: its headings are `#a`
        error: there is no page `b`
          = help: write the path of its file, or its address such as `/people/leave/`
        error: a heading is one line of text
          = help: write the new words in quotes
        error: a heading is one line of text
          = help: write the new words in quotes
    "#]]
    .assert_eq(&said);
}

#[test]
fn what_cannot_be_moved_is_refused() {
    let handbook = handbook();
    let mut said = String::new();
    for words in [
        "nope x",
        "people people/x",
        "people/leave.md people/pay.md",
        "people/leave.md .hidden",
        "people/leave.md people/leave",
        "content x",
        "/ /x/",
        "people ../x",
        "../themes x",
        "people/../people/leave.md x",
    ] {
        said += &handbook.run(&format!("mv {words}")).status(2).stderr;
    }
    expect![[r#"
        error: there is no page, file or folder `nope`
          = help: write the path of a file, or the address of a page such as `/people/leave/`
        error: a folder cannot be moved into itself
          = help: name a place outside of it
        error: there is something at `content/people/pay.md` already
          = help: name a place that is free, or move that first
        error: `.hidden` would be no part of the site
          = help: names that begin with `.` or `_` are left out, and so is `node_modules`; choose another
        error: `people/leave.md` is there already
          = help: name another place
        error: the content folder itself cannot be moved
          = help: rename the folder, and set `content` in `site.toml`
        error: the content folder itself cannot be moved
          = help: rename the folder, and set `content` in `site.toml`
        error: `../x` is no place for a page
          = help: write it relative to the content folder, such as `people/leave`
        error: there is no page, file or folder `../themes`
          = help: write the path of a file, or the address of a page such as `/people/leave/`
        error: there is no page, file or folder `people/../people/leave.md`
          = help: write the path of a file, or the address of a page such as `/people/leave/`
    "#]]
    .assert_eq(&said);
}

#[test]
fn a_path_may_be_written_with_more_than_it_needs() {
    for path in ["people//leave.md", "people/./leave.md", "./content//people/leave.md"] {
        let handbook = handbook();
        handbook.run_words(&["mv", path, "time//off.md"]).status(0);
        assert!(handbook.text("content/_index.md").contains("[a](time/off.md"), "{path}");
        handbook.run("build --strict -q").status(0);
    }
}

#[cfg(unix)]
#[test]
fn what_is_there_already_is_not_written_over() {
    let handbook = Handbook::new().file("content/_index.md", "# Home\n").file("content/a.pdf", "PDF");
    // Nothing is behind the link, and yet it is something.
    std::os::unix::fs::symlink("nowhere", handbook.path("content/b.pdf")).unwrap();
    handbook.run("mv a.pdf b.pdf").status(3).stderr(expect![[r#"
        error: there is something at `[DIR]/content/b.pdf` already, and nothing was moved; move that first
    "#]]);
    assert!(handbook.has("content/a.pdf") && handbook.path("content/b.pdf").is_symlink());
}

#[test]
fn a_move_that_would_break_something_is_not_made() {
    let handbook = Handbook::new()
        .file("content/a.md", "---\nslug: x\n---\nA")
        .file("content/b/x.md", "B")
        .file("content/c.md", "<a href=\"/b/x/\">x</a>");
    handbook.run("mv a.md b/").status(1).stderr(expect![[r#"
        error[url-collision]: `content/b/a.md` and `content/b/x.md` both have the URL `/b/x/`
        --> content/b/x.md
         = help: rename one of them, or give it another `slug` or `url`

        Nothing was changed: this would leave 1 problem
    "#]]);
    assert!(handbook.has("content/a.md"));
}

#[test]
fn a_repository_knows_of_the_move() {
    let handbook = handbook();
    let git = |words: &str| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=A", "-c", "user.email=a@example.com"]).args(words.split(' '));
        let output = command.current_dir(handbook.folder.path()).output().unwrap();
        assert!(output.status.success(), "{words}");
        String::from_utf8(output.stdout).unwrap()
    };
    git("init -q");
    git("add -A");
    git("commit -qm one");
    let diff = handbook.run("mv people/leave.md people/time-off.md --dry-run").status(0).stdout;
    handbook.run("mv people/leave.md people/time-off.md").status(0);
    expect![[r#"
         M content/_index.md
         M content/people/_index.md
         M content/people/pay.md
        RM content/people/leave.md -> content/people/time-off.md
         M site.toml
    "#]]
    .assert_eq(&git("status --short"));
    let moved = handbook.text("content/people/time-off.md");
    git("reset -q --hard");
    // The preview is a patch.
    let handbook = handbook.file("patch", diff);
    let mut command = Command::new("git");
    let output = command.args(["apply", "patch"]).current_dir(handbook.folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(handbook.text("content/people/time-off.md"), moved);
}

#[test]
fn a_page_can_come_back() {
    let handbook =
        Handbook::new().file("content/a.md", "---\ntitle: A\n---\n").file("content/_index.md", "[a](a.md)\n");
    handbook.run("mv a.md b.md").status(0);
    handbook.run("mv b.md a.md").status(0);
    handbook.run("build --strict -q").status(0);
    expect![[r#"
        ---
        title: A
        aliases:
          - /b/
        ---
    "#]]
    .assert_eq(&handbook.text("content/a.md"));
    expect![[r#"
        [a](a.md)
    "#]]
    .assert_eq(&handbook.text("content/_index.md"));
}

#[cfg(unix)]
#[test]
fn when_writing_fails_nothing_has_moved() {
    use std::os::unix::fs::PermissionsExt;
    let handbook = handbook();
    let file = handbook.path("content/_index.md");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o444)).unwrap();
    handbook.run("mv people company").status(3).stderr(expect![[r#"
        error: `[DIR]/content/_index.md` may not be written to, and nothing was changed; change its permissions first
    "#]]);
    assert!(handbook.has("content/people/leave.md") && !handbook.has("content/company/leave.md"));
    handbook.run("mv people some/where/company").status(3);
    assert!(handbook.has("content/people/leave.md") && !handbook.has("content/some"));
}

#[test]
fn the_order_of_pages_takes_the_new_path() {
    let handbook = handbook().file(
        "site.toml",
        "base_url = \"https://h.org/hb/\"\n[nav]\norder = [\n  \"/people/pay/\",\n  \"/people/leave\",\n]\n",
    );
    handbook.run("mv content/people/leave.md content/people/time-off.md").status(0);
    handbook.run("mv content/people/pay.md content/salaries.md").status(0);
    let settings = handbook.text("site.toml");
    assert!(settings.contains("\"/salaries/\",\n  \"/people/time-off\",\n"), "{settings}");
    handbook.run("build --strict").status(0);
}

#[test]
fn the_theme_s_links_in_the_settings_are_taken_along() {
    let settings = "base_url = \"https://h.org/hb/\"\n[theme]\nlogo = \"/people/img/a.png\"\nfavicon = '/people/img/a.png'\n\
                    footer = \"See [leave](/people/leave/#notice) and [us](https://h.org/).\"\n\
                    social = [{ title = \"Leave\", url = \"/people/leave/\" }]\n\n\
                    [theme.announcement]\ntext = \"\"\"\nNew: [leave](/people/leave/).\n\"\"\"\n";
    let handbook = handbook().file("site.toml", settings);
    check(
        &handbook,
        &["mv", "people", "company"],
        expect![[r#"
        --- a/content/_index.md
        +++ b/content/_index.md
        @@ -1,8 +1,8 @@
         # Home

        -[a](people/leave.md "t") [b](/people/leave#notice) [c](https://h.org/hb/people/leave/?q=1) [d][r] [e](/people/leave.html)
        -[f](people/) ![g](people/img/a.png)
        +[a](company/leave.md "t") [b](/company/leave#notice) [c](https://h.org/hb/company/leave/?q=1) [d][r] [e](/company/leave.html)
        +[f](company/) ![g](company/img/a.png)

        -<a href='/hb/people/leave/'>h</a> `[x](people/leave.md)`
        +<a href='/hb/company/leave/'>h</a> `[x](people/leave.md)`

        -[r]: <people/leave.md#notice>
        +[r]: <company/leave.md#notice>
        diff --git a/content/people/_index.md b/content/company/_index.md
        rename from content/people/_index.md
        rename to content/company/_index.md
        --- a/content/people/_index.md
        +++ b/content/company/_index.md
        @@ -1,4 +1,6 @@
         ---
         title: People
        +aliases:
        +  - /people/
         ---
         [leave](leave.md) [pay](pay/)
        diff --git a/content/people/form.pdf b/content/company/form.pdf
        similarity index 100%
        rename from content/people/form.pdf
        rename to content/company/form.pdf
        diff --git a/content/people/img/a.png b/content/company/img/a.png
        similarity index 100%
        rename from content/people/img/a.png
        rename to content/company/img/a.png
        diff --git a/content/people/leave.md b/content/company/leave.md
        rename from content/people/leave.md
        rename to content/company/leave.md
        --- a/content/people/leave.md
        +++ b/content/company/leave.md
        @@ -1,6 +1,6 @@
         ---
         title: Leave # here
        -aliases: [/old/]
        +aliases: [/old/, /people/leave/]
         ---

         See [pay](pay.md), [up](../), [me](#notice), ![a](img/a.png).
        diff --git a/content/people/pay.md b/content/company/pay.md
        rename from content/people/pay.md
        rename to content/company/pay.md
        --- a/content/people/pay.md
        +++ b/content/company/pay.md
        @@ -2,6 +2,8 @@
         title: Pay
         anchors:
           x: leave.md#notice
        +aliases:
        +  - /people/pay/
         ---

         [l](../leave/#notice)
        --- a/site.toml
        +++ b/site.toml
        @@ -1,11 +1,14 @@
         base_url = "https://h.org/hb/"
         [theme]
        -logo = "/people/img/a.png"
        -favicon = '/people/img/a.png'
        -footer = "See [leave](/people/leave/#notice) and [us](https://h.org/)."
        -social = [{ title = "Leave", url = "/people/leave/" }]
        +logo = "/company/img/a.png"
        +favicon = '/company/img/a.png'
        +footer = "See [leave](/company/leave/#notice) and [us](https://h.org/)."
        +social = [{ title = "Leave", url = "/company/leave/" }]

         [theme.announcement]
         text = """
        -New: [leave](/people/leave/).
        +New: [leave](/company/leave/).
         """
        +
        +[redirects]
        +"/people/form.pdf" = "/company/form.pdf"
        Moved content/people to content/company: 13 links written anew, 4 former addresses lead on (5 files changed)
    "#]],
    );
}

#[test]
fn a_link_of_the_settings_that_is_written_with_escapes_is_left_to_its_owner() {
    let settings = "[theme]\nfooter = \"\\u0041 [leave](/people/leave/)\"\n";
    let handbook = handbook().file("site.toml", settings);
    handbook.run("mv people/leave.md time-off.md").status(1).stderr(expect![[r#"
        warning[link-page]: the link to `/people/leave/` cannot be written anew without risk
         --> site.toml:2:10
          |
        2 | footer = "\u0041 [leave](/people/leave/)"
          |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: write it in a plain way first, or write `/time-off/` afterwards

        Nothing was changed: this would leave 1 problem
    "#]]);
}
