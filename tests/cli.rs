//! The program as people and scripts use it: what it prints where, its exit status, and what it leaves on the disk.

mod program;

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use expect_test::{Expect, expect};

use program::{Handbook, Ran};

/// A handbook of two pages without a problem.
fn good() -> Handbook {
    Handbook::new().file("content/_index.md", "# Home\n").file("content/leave.md", "# Leave\n\nTwenty days.\n")
}

/// One with a link that leads nowhere.
fn with_a_warning() -> Handbook {
    good().file("content/_index.md", "# Home\n\nSee [leave](/leeve/).\n")
}

/// One whose front matter cannot be read.
fn with_an_error() -> Handbook {
    good().file("content/_index.md", "---\ntitle: [Home\n---\nText.\n")
}

// --- What is printed, and the exit status ---

#[test]
fn a_build_ends_with_a_summary() {
    good().run("build").status(0).stdout(expect![[""]]).stderr(expect![[r#"
        Built 2 pages in [TIME] → public/
    "#]]);
}

#[test]
fn the_summary_counts_what_is_not_a_page_too() {
    let handbook = good().file("content/people/pay.md", "---\naliases: [/pay/, /money/]\n---\n");
    handbook.run("build").status(0).stderr(expect![[r#"
        Built 3 pages, 1 section list, 2 redirects in [TIME] → public/
    "#]]);
}

#[test]
fn a_warning_is_printed_and_lets_the_build_pass() {
    let handbook = with_a_warning();
    handbook.run("build").status(0).stdout(expect![[""]]).stderr(expect![[r#"
        warning[link-page]: there is no page `/leeve/`
         --> content/_index.md:3:5
          |
        3 | See [leave](/leeve/).
          |     ^^^^^^^^^^^^^^^^
          |
          = help: did you mean `/leave/`?

        Built 2 pages in [TIME] → public/, 1 warning
    "#]]);
    assert!(handbook.has("public/index.html"));
}

#[test]
fn strict_fails_on_a_warning_and_writes_nothing() {
    let handbook = with_a_warning();
    handbook.run("build --strict").status(1).stderr(expect![[r#"
        warning[link-page]: there is no page `/leeve/`
         --> content/_index.md:3:5
          |
        3 | See [leave](/leeve/).
          |     ^^^^^^^^^^^^^^^^
          |
          = help: did you mean `/leave/`?

        Nothing was written: 1 warning; `--strict` makes warnings fail the build
    "#]]);
    assert!(!handbook.has("public"));
}

#[test]
fn a_build_that_fails_leaves_the_site_that_is_there_and_no_folder_that_was_not_there() {
    let handbook = good();
    handbook.run("build").status(0);
    let before = fs::read(handbook.path("public/index.html")).unwrap();
    let handbook = handbook.file("content/_index.md", "# Home\n\nOther words, and [leave](/leeve/).\n");
    let handbook = handbook.file("content/new.md", "# New\n");
    handbook.run("build --strict").status(1);
    assert_eq!(fs::read(handbook.path("public/index.html")).unwrap(), before);
    assert!(!handbook.has("public/new/index.html"));
    handbook.run("build --strict -o far/away/public").status(1);
    assert!(!handbook.has("far"));
    assert!(!handbook.has(".public.handbook"));
}

#[test]
fn problems_of_the_site_are_told_before_what_is_in_the_way_of_writing_it() {
    let handbook = with_an_error().file("public/mine.txt", "");
    handbook.run("build").status(1).stderr(expect![[r#"
        error[front-matter-syntax]: the `[` is not closed, or a comma is missing in it
         --> content/_index.md:2:8
          |
        2 | title: [Home
          |        ^^^^^
          |
          = help: add `]` where it ends; put a text that begins with `[` in quotes

        Nothing was written: 1 error
    "#]]);
    let handbook = handbook.file("content/_index.md", "# Home\n");
    let ran = handbook.run("build");
    assert!(ran.stderr.contains("holds files that handbook did not make, such as `mine.txt`"), "{}", ran.stderr);
}

#[test]
fn strict_passes_without_warnings() {
    good().run("build --strict").status(0);
}

#[test]
fn an_error_fails_the_build_and_writes_nothing() {
    let handbook = with_an_error();
    handbook.run("build").status(1).stdout(expect![[""]]).stderr(expect![[r#"
        error[front-matter-syntax]: the `[` is not closed, or a comma is missing in it
         --> content/_index.md:2:8
          |
        2 | title: [Home
          |        ^^^^^
          |
          = help: add `]` where it ends; put a text that begins with `[` in quotes

        Nothing was written: 1 error
    "#]]);
    assert!(!handbook.has("public"));
}

#[test]
fn an_unknown_setting_is_a_usage_error_with_the_nearest_name() {
    let handbook = good().file("site.toml", "titel = \"Handbook\"\n");
    handbook.run("build").status(2).stderr(expect![[r#"
        error[config-key]: there is no setting `titel`
         --> site.toml:1:1
          |
        1 | titel = "Handbook"
          | ^^^^^
          |
          = help: did you mean `title`?

        Nothing was written: 1 error
    "#]]);
    assert!(!handbook.has("public"));
}

#[test]
fn an_unknown_option_is_a_usage_error() {
    good().run("build --stricct").status(2).stdout(expect![[""]]).stderr(expect![[r#"
        error: unexpected argument '--stricct' found

          tip: a similar argument exists: '--strict'

        Usage: handbook build --strict [DIR]

        For more information, try '--help'.
    "#]]);
}

#[test]
fn a_base_url_that_is_none_is_a_usage_error() {
    good().run("build -b handbook.example").status(2).stderr(expect![[r#"
        error: invalid value 'handbook.example' for '--base-url <URL>': the base URL must begin with `https://`, `http://` or `/`; write `https://handbook.example`, or a path that begins with `/`

        For more information, try '--help'.
    "#]]);
}

#[test]
fn quiet_and_verbose_exclude_each_other() {
    good().run("build -q -v").status(2);
}

#[test]
fn no_command_prints_the_help_and_is_a_usage_error() {
    let ran = Handbook::new().run("");
    assert_eq!(ran.status, Some(2));
    assert!(ran.stderr.contains("Usage: handbook <COMMAND>"), "{}", ran.stderr);
}

#[test]
fn a_folder_that_is_not_there_is_a_usage_error() {
    Handbook::new().run("build nowhere").status(2).stderr(expect![[r#"
        error: there is no folder `nowhere`
    "#]]);
}

#[test]
fn a_folder_without_pages_fails_with_a_way_on() {
    let handbook = Handbook::new().folder("content");
    handbook.run("build").status(1).stderr(expect![[r#"
        error: there are no Markdown pages in `[DIR]/content`
          = help: `handbook init` writes a few to start from
    "#]]);
    assert!(!handbook.has("public"));
}

#[test]
fn an_output_that_is_a_file_is_the_machine_s_fault() {
    good().file("public", "a file").run("build").status(3).stderr(expect![[r#"
        error: the output folder `[DIR]/public` is a file; remove it, or write to another folder with -o
    "#]]);
}

#[test]
fn quiet_prints_nothing_when_the_build_passes() {
    with_a_warning().run("build -q").status(0).stdout(expect![[""]]).stderr(expect![[""]]);
}

#[test]
fn quiet_prints_what_makes_the_build_fail() {
    with_a_warning().run("build -q --strict").status(1).stderr(expect![[r#"
        warning[link-page]: there is no page `/leeve/`
         --> content/_index.md:3:5
          |
        3 | See [leave](/leeve/).
          |     ^^^^^^^^^^^^^^^^
          |
          = help: did you mean `/leave/`?

        Nothing was written: 1 warning; `--strict` makes warnings fail the build
    "#]]);
}

#[test]
fn quiet_leaves_out_warnings_when_an_error_makes_the_build_fail() {
    let handbook = with_an_error().file("content/leave.md", "[x](/x/)\n");
    let ran = handbook.run("build -q").status(1);
    assert!(ran.stderr.contains("error[front-matter-syntax]") && !ran.stderr.contains("warning["), "{}", ran.stderr);
}

#[test]
fn verbose_shows_files_and_the_time_of_each_stage() {
    let handbook = Handbook::new().file("content/_index.md", "# Home\n");
    let ran = handbook.run("build -v").status(0);
    let mut lines = ran.stderr.lines();
    assert!(lines.next().is_some_and(|line| line.starts_with("Built 1 page in ")), "{}", ran.stderr);
    assert!(lines.next().is_some_and(|line| line.contains(" written (") && line.ends_with("0 unchanged, 0 removed")));
    let stages: Vec<&str> = lines.filter_map(|line| line.split(" ms  ").nth(1).or(line.split("  ").last())).collect();
    assert_eq!(stages, ["settings and theme", "pages", "rendering and search", "writing"], "{}", ran.stderr);
}

#[test]
fn an_error_is_shown_however_many_warnings_there_are() {
    let handbook = Handbook::new()
        .file("content/a.md", "[gone](gone.md)\n\n".repeat(45))
        .file("content/b.md", "---\nlayout: gone\n---\n")
        .file("content/c.md", "---\nweight: ten\n---\n");
    let failed = handbook.run("build").status(1);
    assert!(failed.stderr.contains("error[front-matter-value]"), "{}", failed.stderr);
    assert!(failed.stderr.contains("… and 7 more"), "{}", failed.stderr);
    assert!(!failed.stderr.contains("note["), "{}", failed.stderr);
}

#[test]
fn more_than_forty_problems_are_counted_unless_all_are_asked_for() {
    let handbook = Handbook::new().file("content/_index.md", "[x](/x/)\n".repeat(45));
    let n_shown = |ran: &Ran| ran.stderr.matches("warning[link-page]").count();
    let few = handbook.run("build").status(0);
    assert_eq!(n_shown(&few), 40);
    assert!(few.stderr.contains("… and 5 more; `-v` shows all, `--format short` one a line\n\n      45  link-page\n"));
    assert_eq!(n_shown(&handbook.run("build -v").status(0)), 45);
}

#[test]
fn the_same_problem_is_said_once() {
    let handbook =
        good().file("templates/page.html", "{{ page.nothing }}").file("content/b.md", "").file("content/c.md", "");
    let ran = handbook.run("build --format short").status(1);
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stdout);
}

/// What cannot be opened without waiting, or is not there, is named and not passed over.
#[cfg(unix)]
#[test]
fn settings_templates_and_static_files_that_are_no_files_are_reported() {
    let handbook = good().folder("templates").folder("static").file("content/_index.md", "# Home\n");
    let pipe = |path: &str| {
        rustix::fs::mkfifoat(rustix::fs::CWD, handbook.path(path), rustix::fs::Mode::RUSR).unwrap();
    };
    pipe("templates/page.html");
    pipe("static/logo.png");
    std::os::unix::fs::symlink("gone.css", handbook.path("static/a.css")).unwrap();
    handbook.run("build --format short").status(1).stdout(expect![[r#"
        static/a.css: error[source-unreadable]: this cannot be read: no such file or directory
        static/logo.png: error[source-unreadable]: this is a pipe, not a file
        templates/page.html: error[source-unreadable]: this is a pipe, not a file
    "#]]);
    pipe("site.toml");
    handbook.run("build --format short").status(2).stdout(expect![[r#"
        site.toml: error[source-unreadable]: this is a pipe, not a file
        static/a.css: error[source-unreadable]: this cannot be read: no such file or directory
        static/logo.png: error[source-unreadable]: this is a pipe, not a file
        templates/page.html: error[source-unreadable]: this is a pipe, not a file
    "#]]);
    fs::remove_file(handbook.path("site.toml")).unwrap();
    std::os::unix::fs::symlink("gone.toml", handbook.path("site.toml")).unwrap();
    handbook.run("build --format short").status(2).stdout(expect![[r#"
        site.toml: error[source-unreadable]: this link leads to something that is not there
        static/a.css: error[source-unreadable]: this cannot be read: no such file or directory
        static/logo.png: error[source-unreadable]: this is a pipe, not a file
        templates/page.html: error[source-unreadable]: this is a pipe, not a file
    "#]]);
    fs::remove_file(handbook.path("site.toml")).unwrap();
    fs::create_dir(handbook.path("site.toml")).unwrap();
    handbook.run("build --format short").status(2).stdout(expect![[r#"
        site.toml: error[source-unreadable]: this is a folder, not a file
        static/a.css: error[source-unreadable]: this cannot be read: no such file or directory
        static/logo.png: error[source-unreadable]: this is a pipe, not a file
        templates/page.html: error[source-unreadable]: this is a pipe, not a file
    "#]]);
}

/// A site that an earlier build wrote, to another folder of the project.
#[test]
fn a_site_that_was_written_inside_the_handbook_is_no_part_of_it() {
    let handbook = Handbook::new().file("index.md", "# Home\n").file("static/a.txt", "").file("templates/x.txt", "");
    handbook.run("build -o public").status(0);
    let files = handbook.files("public");
    for folder in ["old", "a/older", "static/oldest", "templates/first"] {
        handbook.run(&format!("build -o {folder}")).status(0);
    }
    handbook.run("build --format short").status(0).stdout(expect![[""]]);
    assert_eq!(handbook.files("public"), files);
}

#[test]
fn the_site_is_not_written_over_what_it_is_made_from() {
    let handbook = good().folder("static");
    let refused = |folder: &str| handbook.run(&format!("build -o {folder}")).status(2).stderr;
    let whose = |stderr: String| stderr.lines().next().unwrap().to_string();
    expect![[r#"
        error[config-value]: the output folder `content` is the folder of the content, which writing the site would harm
        error[config-value]: the output folder `static` is the folder of the static files, which writing the site would harm
        error[config-value]: the output folder `templates` is the folder of the templates, which writing the site would harm
        error[config-value]: the output folder `themes` is the folder of the themes, which writing the site would harm
        error[config-value]: the output folder `.` is the folder of the project, which writing the site would harm"#]].assert_eq(&["content", "static", "templates", "themes", "."].map(refused).map(whose).join("\n"));
}

/// As Jekyll has it.
#[test]
fn a_page_can_take_the_place_of_the_page_for_wrong_addresses() {
    let handbook = good().file("content/404.md", "---\npermalink: /404.html\n---\n# Lost\n");
    handbook.run("build").status(0);
    let text = |file: &str| fs::read_to_string(handbook.path(file)).unwrap();
    assert!(text("public/404.html").contains(">Lost</h1>"));
    assert!(!text("public/index.html").contains("404.html"), "it is in the navigation");
    assert!(!text("public/sitemap.xml").contains("404.html"));
}

#[test]
fn folders_can_lie_as_deep_as_they_are_read() {
    let folders: String = (0..60).map(|level| format!("{level}/")).collect();
    let handbook = good().file(&format!("content/{folders}deep.md"), "Deep down\n");
    handbook.run("build").status(0);
    let page = handbook.text(&format!("public/{folders}deep/index.html"));
    assert!(page.contains("aria-current=\"page\">Deep</a>"), "{page}");
    assert!(page.contains("href=\"/0/\""), "the way from the top is not whole: {page}");
}

#[test]
fn what_the_theme_is_set_to_show_must_be_there() {
    let settings = "[theme]\nlogo = \"/logo.png\"\nfavicon = \"/leave.svg\"\n\
        social = [{ title = \"Chat\", url = \"/chat/\" }, { title = \"Leave\", url = \"/leave/\" }]\n";
    let handbook = good().file("site.toml", settings);
    handbook.run("build --format short").status(0).stdout(expect![[r#"
        site.toml:2:8: warning[link-asset]: there is no image `/logo.png`
        site.toml:3:11: warning[link-asset]: there is no image `/leave.svg`
        site.toml:4:35: warning[link-page]: there is no page `/chat/`
    "#]]);
    let page = handbook.file("static/logo.png", "").run("build -b /b/ --format short").status(0);
    page.stdout(expect![[r#"
        site.toml:3:11: warning[link-asset]: there is no image `/leave.svg`
        site.toml:4:35: warning[link-page]: there is no page `/chat/`
    "#]]);
}

// --- Forms of output ---

#[test]
fn short_prints_a_line_for_each_problem_on_standard_output() {
    with_a_warning()
        .run("build --format short")
        .status(0)
        .stdout(expect![[r#"
        content/_index.md:3:5: warning[link-page]: there is no page `/leeve/`
    "#]])
        .stderr(expect![[r#"
        Built 2 pages in [TIME] → public/, 1 warning
    "#]]);
}

#[test]
fn json_prints_an_object_for_each_problem_on_standard_output() {
    with_a_warning().run("build --format json").status(0).stdout(expect![[r#"
        {"severity":"warning","code":"link-page","path":"content/_index.md","line":3,"column":5,"message":"there is no page `/leeve/`","help":"did you mean `/leave/`?","url":"https://example.github.io/handbook/guide/messages/link-page/"}
    "#]]);
}

#[test]
fn json_is_empty_when_nothing_is_wrong() {
    good().run("build --format=json -q").status(0).stdout(expect![[""]]).stderr(expect![[""]]);
}

#[test]
fn github_prints_annotations_on_standard_output() {
    with_a_warning().run("build --format github").status(0).stdout(expect![[r#"
        ::warning file=content/_index.md,line=3,col=5,title=link-page::there is no page `/leeve/`%0Adid you mean `/leave/`?
    "#]]);
}

#[test]
fn every_form_tells_of_wrong_settings_too() {
    let handbook = good().file("site.toml", "title = 1\n[links]\nhost = []\n");
    handbook
        .run("build --format short")
        .status(2)
        .stdout(expect![[r#"
        site.toml:3:1: error[config-key]: there is no setting `host` in `[links]`
    "#]])
        .stderr(expect![[r#"
        Nothing was written: 1 error
    "#]]);
}

// --- Options that change the site ---

#[test]
fn without_settings_the_usual_folders_are_looked_for() {
    for folder in ["content", "docs", "handbook", "source"] {
        let handbook =
            Handbook::new().file(&format!("{folder}/page.md"), "# Page\n").file("elsewhere.md", "# Elsewhere\n");
        handbook.run("build").status(0);
        let pages = [
            ".nojekyll",
            "404.html",
            "index.html",
            "page/index.html",
            "robots.txt",
            "search/index.html",
            "sitemap.xml",
        ];
        assert_eq!(published(&handbook, "public"), pages, "{folder}");
    }
}

#[test]
fn without_such_a_folder_the_project_itself_is_the_content() {
    let handbook = Handbook::new()
        .file("README.md", "# Home\n")
        .file("people/leave.md", "# Leave\n")
        .file("site.toml", "")
        .file("templates/extra.html", "")
        .file("static/plan.txt", "");
    handbook.run("build").status(0);
    handbook.run("build").status(0);
    let mut pages = [
        ".nojekyll",
        "404.html",
        "assets/nav/people.html",
        "index.html",
        "people/index.html",
        "people/leave/index.html",
        "plan.txt",
    ]
    .to_vec();
    pages.extend(["robots.txt", "search/index.html", "sitemap.xml"]);
    assert_eq!(published(&handbook, "public"), pages);
}

/// What is in the output folder besides the list of our files.
fn published(handbook: &Handbook, output: &str) -> Vec<String> {
    let mut files = handbook.files(output);
    files.retain(|file| !file.starts_with(".handbook"));
    files
}

#[test]
fn output_is_written_where_the_command_says() {
    let handbook = good().file("site.toml", "output = \"elsewhere\"\n");
    for option in ["-o here", "--output here", "--out-dir=here"] {
        let _ = fs::remove_dir_all(handbook.path("here"));
        handbook.run(&format!("build {option}")).status(0);
        assert!(handbook.has("here/leave/index.html") && !handbook.has("elsewhere"), "{option}");
    }
}

#[test]
fn output_is_relative_to_the_current_folder_and_settings_to_the_project() {
    let handbook = Handbook::new()
        .file("books/one/content/_index.md", "# Home\n")
        .file("books/one/site.toml", "output = \"site\"\n");
    handbook.run("build books/one").status(0).stderr(expect![[r#"
        Built 1 page in [TIME] → books/one/site/
    "#]]);
    assert!(handbook.has("books/one/site/index.html"));
    handbook.run("build books/one -o site").status(0);
    assert!(handbook.has("site/index.html"));
}

#[test]
fn an_output_folder_around_the_content_is_refused() {
    good().run("build -o .").status(2).stderr(expect![[r#"
        error[config-value]: the output folder `.` is the folder of the project, which writing the site would harm
         |
         = help: choose a folder of its own, such as `public`

        Nothing was written: 1 error
    "#]]);
}

#[test]
fn the_base_url_of_the_command_counts_more_than_that_of_the_settings() {
    let handbook = good().file("site.toml", "base_url = \"/settings/\"\n");
    for (option, link) in
        [("", "/settings/leave/"), ("-b /base", "/base/leave/"), ("--base-url https://h.example/x/", "/x/leave/")]
    {
        handbook.run(&format!("build {option}")).status(0);
        assert!(handbook.text("public/index.html").contains(&format!("href=\"{link}\"")), "{option}");
    }
}

#[test]
fn drafts_are_built_when_asked_for() {
    let handbook = good().file("content/draft.md", "---\ndraft: true\n---\n");
    handbook.run("build").status(0);
    assert!(!handbook.has("public/draft/index.html"));
    for option in ["--drafts", "-D"] {
        handbook.run(&format!("build {option}")).status(0);
        assert!(handbook.has("public/draft/index.html"), "{option}");
    }
}

// --- Problems that concern several files ---

#[test]
fn two_pages_with_one_url_are_reported_with_both_files() {
    let handbook = good().file("content/leave/index.md", "# Leave again\n");
    handbook.run("build").status(1).stderr(expect![[r#"
        error[url-collision]: `content/leave.md` and `content/leave/index.md` both have the URL `/leave/`
        --> content/leave/index.md
         = help: rename one of them, or give it another `slug` or `url`

        Nothing was written: 1 error
    "#]]);
}

#[test]
fn urls_that_differ_by_case_are_reported_with_both_files() {
    let handbook =
        good().file("content/people/leave.md", "").file("content/other.md", "---\nurl: /people/Leave/\n---\n");
    handbook.run("build").status(0).stderr(expect![[r#"
        warning[url-case]: `/people/Leave/` and `/people/leave/` differ only by upper and lower case (`content/other.md` and `content/people/leave.md`)
        --> content/people/leave.md
         = help: rename one: many computers and servers take them for the same file

        Built 4 pages, 1 section list in [TIME] → public/, 1 warning
    "#]]);
}

#[test]
fn an_alias_where_a_page_is_is_reported_with_both_files() {
    let handbook = good().file("content/b.md", "---\naliases: [/leave/]\n---\n");
    handbook.run("build").status(0).stderr(expect![[r#"
        warning[alias]: `/leave/` cannot lead here: `content/leave.md` is there already
         --> content/b.md:2:11
          |
        2 | aliases: [/leave/]
          |           ^^^^^^^
          |
          = help: remove it here or there

        Built 3 pages in [TIME] → public/, 1 warning
    "#]]);
}

#[test]
fn a_file_in_the_place_of_a_folder_is_reported() {
    let handbook = good().file("static/leave", "a file");
    handbook.run("build").status(1).stderr(expect![[r#"
        error[url-collision]: `/leave` (`static/leave`) is a file, but `/leave/` (`content/leave.md`) needs a folder of that name
        --> content/leave.md
         = help: rename one of them

        Nothing was written: 1 error
    "#]]);
}

#[test]
fn a_broken_template_is_shown_at_its_line_with_the_page() {
    let handbook = good().file("templates/page.html", "<h1>\n{{ page.nothing.at_all }}\n</h1>\n");
    handbook.run("build").status(1).stderr(expect![[r#"
        error[template]: this template fails on the page `content/leave.md`: field `nothing` is not defined. Available fields: canonical, content, controlled, date, description, dir, draft, edit_url, extra, kind, lang, layout, nav_title, noindex, owners, review_by, reviewed, source, summary, tags, title, title_id, toc, toc_in_body, updated, url
         --> templates/page.html:2:9
          |
        2 | {{ page.nothing.at_all }}
          |         ^^^^^^^

        Nothing was written: 1 error
    "#]]);
}

#[test]
fn a_broken_template_is_shown_with_the_address_where_there_is_no_page() {
    let handbook = good().file("templates/section.html", "{{ nothing }}\n").file("content/people/pay.md", "");
    handbook.run("build").status(1).stderr(expect![[r#"
        error[template]: this template fails at `/people/`: variable `nothing` is not defined. Available variables: assets, features, nav, page, site, words
         --> templates/section.html:1:4
          |
        1 | {{ nothing }}
          |    ^^^^^^^

        Nothing was written: 1 error
    "#]]);
}

#[test]
fn unknown_names_in_templates_are_all_shown_at_their_lines() {
    let handbook = good()
        .file("templates/page.html", "あ {{ page.title | nope }}\n{% include \"gone.html\" %}{{ <gone /> }}\n")
        .file("templates/section.html", "{{ gone() }}");
    handbook.run("build --format short").status(1).stdout(expect![[r#"
        templates/page.html:1:19: error[template]: this template fails: unknown filter `nope`
        templates/page.html:2:12: error[template]: this template fails: unknown template `gone.html`
        templates/page.html:2:29: error[template]: this template fails: unknown component `gone`
        templates/section.html:1:4: error[template]: this template fails: unknown function `gone`
    "#]]);
}

#[test]
fn a_template_that_does_not_parse_is_shown_at_its_line() {
    let handbook = good().file("templates/page.html", "<h1>\n{% if %}\n</h1>\n");
    handbook.run("build").status(1).stderr(expect![[r#"
        error[template]: this template fails: found `%}` but expected one of: integer, float, string, bool, ident, `-`, `not`, `<`, `{`, `[` or `(`
         --> templates/page.html:2:7
          |
        2 | {% if %}
          |       ^^

        Nothing was written: 1 error
    "#]]);
}

#[test]
fn a_parent_that_is_not_there_is_named() {
    let handbook = good().file("templates/page.html", "{% extends \"nothing.html\" %}\n");
    handbook.run("build").status(1).stderr(expect![[r#"
        error[template]: this template extends `nothing.html`, which is not there
        --> templates/page.html

        Nothing was written: 1 error
    "#]]);
}

#[test]
fn an_unknown_theme_is_named_with_those_that_are_there() {
    let handbook = good().file("site.toml", "theme = \"dark\"\n").file("themes/light/static/a.css", "");
    handbook.run("build").status(2).stderr(expect![[r#"
        error[config-value]: there is no theme `dark`: the folder `themes/dark` is not there
         --> site.toml:1:9
          |
        1 | theme = "dark"
          |         ^^^^^^
          |
          = help: the themes here are `light`, `default`

        Nothing was written: 1 error
    "#]]);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_reported_and_the_others_are_read() {
    use std::os::unix::fs::PermissionsExt;
    let handbook = with_a_warning();
    let file = handbook.path("content/leave.md");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    // Who may read everything cannot see this.
    if File::open(&file).is_ok() {
        return;
    }
    handbook.run("build --format short").status(1).stdout(expect![[r#"
        content/_index.md:3:5: warning[link-page]: there is no page `/leeve/`
        content/leave.md: error[source-unreadable]: we are not allowed to read this file
    "#]]);
}

// --- What is on the disk ---

#[test]
fn a_foreign_folder_with_files_is_refused() {
    let handbook = good().file("public/thesis.txt", "the only copy");
    handbook.run("build").status(3).stderr(expect![[r#"
        error: the output folder `[DIR]/public` holds files that handbook did not make, such as `thesis.txt`; empty it, or write to another folder with -o
    "#]]);
    assert_eq!(handbook.files("public"), ["thesis.txt"]);
}

#[test]
fn an_empty_folder_is_taken() {
    good().folder("public").run("build").status(0);
}

#[test]
fn a_failed_build_leaves_the_old_site() {
    let handbook = good();
    handbook.run("build").status(0);
    let old = handbook.text("public/leave/index.html");
    let handbook = handbook.file("content/leave.md", "---\ntitle: [\n---\nNew text.\n").file("content/new.md", "");
    handbook.run("build").status(1);
    assert_eq!(handbook.text("public/leave/index.html"), old);
    assert!(!handbook.has("public/new"));
}

#[test]
fn pages_that_vanished_are_removed_with_their_folders() {
    let handbook = good().file("content/people/pay.md", "# Pay\n");
    handbook.run("build").status(0);
    assert!(handbook.has("public/people/pay/index.html"));
    let handbook = handbook.without("content/people/pay.md");
    handbook.run("build").status(0);
    assert!(!handbook.has("public/people") && handbook.has("public/leave/index.html"));
}

#[test]
fn files_that_others_put_there_stay() {
    let handbook = good();
    handbook.run("build").status(0);
    let handbook = handbook.file("public/leave/notes.txt", "mine").without("content/leave.md");
    handbook.run("build").status(0);
    assert_eq!(handbook.text("public/leave/notes.txt"), "mine");
    assert!(!handbook.has("public/leave/index.html"));
}

#[test]
fn unchanged_files_are_not_touched() {
    let handbook = good();
    handbook.run("build").status(0);
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let times = ["public/leave/index.html", "public/404.html", "public/assets/theme.css"];
    for file in times {
        File::options().write(true).open(handbook.path(file)).unwrap().set_modified(long_ago).unwrap();
    }
    let handbook = handbook.file("content/leave.md", "# Leave\n\nThirty days.\n");
    handbook.run("build").status(0);
    let is_old = |file: &str| handbook.path(file).metadata().unwrap().modified().unwrap() == long_ago;
    assert_eq!(times.map(is_old), [false, true, true]);
}

// --- init and new ---

#[test]
fn init_writes_a_handbook_that_builds_without_a_warning() {
    let handbook = Handbook::new();
    handbook.run("init").status(0).stdout(expect![[""]]).stderr(expect![[r#"
        Wrote content/_index.md
        Wrote content/career/_index.md
        Wrote content/career/levels.md
        Wrote content/career/promotion.md
        Wrote content/people/_index.md
        Wrote content/people/onboarding.md
        Wrote content/people/time-off.md
        Wrote content/policies/_index.md
        Wrote content/policies/expenses.md
        Wrote site.toml
        Wrote .handbook/site.schema.json
        Wrote .handbook/page.schema.json
        Wrote .gitignore
        Wrote .github/workflows/handbook.yml

        Next:
          handbook serve --open          look at it, and make the pages in `content` yours
          handbook publish github-pages  what is left to do to publish it
    "#]]);
    handbook.run("build --strict").status(0);
}

#[test]
fn init_makes_its_folder() {
    let handbook = Handbook::new();
    handbook.run("init books/mine").status(0);
    handbook.run("build books/mine --strict").status(0);
}

#[test]
fn init_never_overwrites() {
    let handbook = Handbook::new().file("site.toml", "title = \"Mine\"\n").file("content/_index.md", "# Mine\n");
    let ran = handbook.run("init").status(0);
    assert!(ran.stderr.contains("Left site.toml as it is\n"), "{}", ran.stderr);
    assert_eq!(handbook.text("site.toml"), "title = \"Mine\"\n");
    assert_eq!(handbook.text("content/_index.md"), "# Mine\n");
    let again = handbook.run("init").status(0);
    assert!(!again.stderr.contains("Wrote"), "{}", again.stderr);
}

/// Makes a page and tells what was said and what is in it.
fn new(arguments: &str, file: &str, expected: Expect) {
    let handbook = good();
    let ran = handbook.run(&format!("new {arguments}")).status(0);
    expected.assert_eq(&format!("{}{}", ran.stderr, handbook.text(file)));
    handbook.run("build --strict").status(0);
}

#[test]
fn new_writes_a_page_with_a_title_made_from_its_name() {
    new(
        "people/parental-leave",
        "content/people/parental-leave.md",
        expect![[r#"
        Wrote content/people/parental-leave.md
        ---
        title: "Parental leave"
        description: ""
        ---

        Write here.
    "#]],
    );
}

#[test]
fn new_takes_the_file_s_name_too() {
    new(
        "./content/people/pay.md",
        "content/people/pay.md",
        expect![[r#"
        Wrote content/people/pay.md
        ---
        title: "Pay"
        description: ""
        ---

        Write here.
    "#]],
    );
}

#[test]
fn new_makes_a_folder_s_page() {
    new(
        "people/",
        "content/people/_index.md",
        expect![[r#"
        Wrote content/people/_index.md
        ---
        title: "People"
        description: ""
        ---

        Write here.
    "#]],
    );
}

#[test]
fn new_takes_a_title() {
    new(
        "pay --title=Salaries",
        "content/pay.md",
        expect![[r#"
        Wrote content/pay.md
        ---
        title: "Salaries"
        description: ""
        ---

        Write here.
    "#]],
    );
}

#[test]
fn new_works_from_elsewhere() {
    let handbook = Handbook::new().file("books/docs/_index.md", "# Home\n");
    handbook.run("new pay -C books").status(0).stderr(expect![[r#"
        Wrote docs/pay.md
    "#]]);
    assert!(handbook.has("books/docs/pay.md"));
}

#[test]
fn new_never_overwrites() {
    let handbook = good();
    handbook.run("new leave").status(2).stderr(expect![[r#"
        error: `content/leave.md` is there already, and was left as it is
    "#]]);
    assert_eq!(handbook.text("content/leave.md"), "# Leave\n\nTwenty days.\n");
}

#[test]
fn new_stays_in_the_content_folder() {
    let handbook = good();
    for path in ["../outside", "/absolute", "a/../../b"] {
        assert_eq!(handbook.run(&format!("new {path}")).status, Some(2), "{path}");
    }
    handbook.run("new ../outside").stderr(expect![[r#"
        error: `../outside` is no place for a page
          = help: write it relative to the content folder, such as `people/parental-leave`
    "#]]);
    assert_eq!(handbook.files(""), ["content/_index.md", "content/leave.md"]);
}

#[test]
fn new_writes_no_page_that_a_build_would_leave_out() {
    let handbook = good();
    let files = handbook.files("content");
    let refused = ["new .", "new .plan", "new _draft", "new a/_b/c", "new node_modules/a"];
    expect![[r#"
        error: `.` would be no part of the site
          = help: names that begin with `.` or `_` are left out, and so is `node_modules`; choose another
        error: `.plan` would be no part of the site
          = help: names that begin with `.` or `_` are left out, and so is `node_modules`; choose another
        error: `_draft` would be no part of the site
          = help: names that begin with `.` or `_` are left out, and so is `node_modules`; choose another
        error: `a/_b/c` would be no part of the site
          = help: names that begin with `.` or `_` are left out, and so is `node_modules`; choose another
        error: `node_modules/a` would be no part of the site
          = help: names that begin with `.` or `_` are left out, and so is `node_modules`; choose another
    "#]]
    .assert_eq(&refused.map(|words| handbook.run(words).status(2).stderr).concat());
    assert_eq!(handbook.files("content"), files);
    Handbook::new().folder("content").run("new content/").status(0).stderr(expect![[r#"
        Wrote content/_index.md
    "#]]);
}

#[test]
fn new_knows_both_endings_of_a_page() {
    let handbook = good();
    handbook.run("new sick.markdown").status(0);
    assert_eq!(handbook.files("content"), ["_index.md", "leave.md", "sick.markdown"]);
}

#[test]
fn new_needs_a_folder() {
    Handbook::new().run("new a -C nowhere").status(2).stderr(expect![[r#"
        error: there is no folder `nowhere`
    "#]]);
}

// --- Help ---

#[test]
fn the_version_is_that_of_the_package() {
    Handbook::new().run("--version").status(0).stdout(expect![["handbook 0.1.0\n"]]);
}

#[test]
fn help_of_the_program() {
    Handbook::new().run("--help").status(0).stdout(expect![[r#"
        Turns a folder of Markdown pages into a checked, themed handbook site

        Usage: handbook <COMMAND>

        Commands:
          build           Build the site into a folder [alias: b]
          check           Find what is wrong with the site, and write nothing [alias: c]
          serve           Show the site in a browser while you write [aliases: server, dev]
          init            Start a handbook with a few good pages
          new             Add a page
          mv              Move a page, file or folder, with every link to it
          rename-heading  Give a heading other words, and keep every link to it
          render          Turn Markdown into HTML, without a site
          search          Search the handbook
          publish         Publish the site [alias: deploy]
          list            List all pages, with address, length and dates
          config          Show every setting and where its value comes from
          schema          Print a JSON Schema, for editors
          completions     Print a script that completes commands in a shell [alias: completion]
          man             Print the manual page, or write all of them

        Options:
          -h, --help     Print help
          -V, --version  Print version

        Examples:
          handbook init my-handbook        a small handbook to start from
          handbook build                   the site in this folder, written to public/
          handbook build -b /base/ --strict

        Exit status: 0 all is well, 1 problems in the site, 2 wrong usage or settings, 3 the machine failed.
    "#]]);
}

#[test]
fn help_of_build() {
    Handbook::new().run("build --help").status(0).stdout(expect![[r#"
        Build the site into a folder

        Reads the Markdown pages of DIR, checks every link, and writes the site. Pages are found in the
        folder that `site.toml` names, else in `content`, `docs`, `handbook`, `source` or DIR itself. When
        anything is wrong enough to fail, nothing is written and the site of the last build stays as it was.

        Usage: handbook build [OPTIONS] [DIR]

        Arguments:
          [DIR]
                  The project's folder

                  [default: .]

        Options:
          -o, --output <DIR>
                  Write the site to this folder [default: what site.toml says, else public]

                  [alias: --out-dir]

          -b, --base-url <URL>
                  Where the site will be published: a URL, or a path such as /handbook/

          -D, --drafts
                  Include pages that are marked as drafts

              --strict
                  Fail on warnings too

              --no-cache
                  Work everything out anew, and keep nothing for the next time

              --format <FORMAT>
                  How problems are printed

                  `human` goes to the terminal's error output; the others go to standard output, one problem
                  a line.

                  Possible values:
                  - human:  With the author's line and how to mend it
                  - short:  file:line:column: severity[code]: message
                  - json:   One JSON object a line
                  - github: Annotations for GitHub Actions
                  - sarif:  SARIF 2.1.0, for code scanning
                  - junit:  XML of tests, for build servers
                  - gitlab: A code quality report for GitLab

                  [default: human]

          -q, --quiet
                  Say nothing but errors

          -v, --verbose
                  Show every problem, and how long each stage took

          -h, --help
                  Print help (see a summary with '-h')
    "#]]);
}

#[test]
fn help_of_init() {
    Handbook::new().run("init --help").status(0).stdout(expect![[r#"
        Start a handbook with a few good pages

        Writes settings and a small handbook about people, careers and policies into DIR. Files that are
        there already are never touched.

        Usage: handbook init [OPTIONS] [DIR]

        Arguments:
          [DIR]
                  The folder to start in; made when it is not there

                  [default: .]

        Options:
          -t, --title <TITLE>
                  The site's name [default: what is found, else Our handbook]

          -h, --help
                  Print help (see a summary with '-h')
    "#]]);
}

#[test]
fn help_of_new() {
    Handbook::new().run("new --help").status(0).stdout(expect![[r#"
        Add a page

        Writes a page with front matter into the content folder, with a title made from its name. Never
        overwrites.

        Usage: handbook new [OPTIONS] <PATH>

        Arguments:
          <PATH>
                  The page's place in the content folder, such as people/parental-leave

        Options:
          -t, --title <TITLE>
                  The page's title [default: made from its name]

          -C, --root <DIR>
                  The project's folder

                  [default: .]

          -h, --help
                  Print help (see a summary with '-h')

        Examples:
          handbook new people/parental-leave       content/people/parental-leave.md
          handbook new people/                     content/people/_index.md, the section's own page
    "#]]);
}

#[test]
fn help_of_render() {
    Handbook::new().run("render --help").status(0).stdout(expect![[r#"
        Turn Markdown into HTML, without a site

        Writes the HTML fragment that the dialect gives for a file, exactly, with no theme and no link
        resolved. For editors, tests and comparisons. Front matter is left out.

        Usage: handbook render [OPTIONS] [FILE]

        Arguments:
          [FILE]
                  The file to read; `-` or nothing is standard input

        Options:
              --dialect <DIALECT>
                  The dialect of the text

                  `auto` takes the one that the page's front matter says, else kramdown for a page that
                  holds kramdown's own syntax, else GFM.

                  Possible values:
                  - auto:     What the page says or shows
                  - gfm:      GitHub Flavored Markdown
                  - kramdown: kramdown with GitHub's additions

                  [default: auto]

              --site <DIR>
                  Read kramdown with the options that `site.toml` in this folder sets

              --in <DIR>
                  Read all pages of this folder

              --out <DIR>
                  Write the fragments to this folder: `name.md` and `name.html.md` become `name.html`

          -h, --help
                  Print help (see a summary with '-h')

        Examples:
          handbook render page.md                                   one page to standard output
          handbook render --dialect kramdown - < page.md            standard input, read as kramdown
          handbook render --in content --out fragments              a folder of pages to a folder of
          fragments
    "#]]);
}

// --- render ---

#[test]
fn render_prints_the_html_of_a_file_without_its_front_matter() {
    let handbook = Handbook::new().file("a.md", "---\ntitle: A\n---\n# A *b*\n\n[b](b.md)\n");
    handbook
        .run("render a.md")
        .status(0)
        .stdout(expect![[r#"
        <h1 id="a-b">A <em>b</em></h1>
        <p><a href="b.md">b</a></p>
    "#]])
        .stderr(expect![[""]]);
}

#[test]
fn render_turns_a_folder_of_pages_into_a_folder_of_fragments() {
    let handbook = Handbook::new().file("in/a.md", "A").file("in/b/c.html.md", "C").file("in/plan.txt", "");
    handbook.run("render --in in --out out").status(0).stdout(expect![[""]]).stderr(expect![[""]]);
    assert_eq!(handbook.files("out"), ["a.html", "b/c.html"]);
    assert_eq!(handbook.text("out/b/c.html"), "<p>C</p>\n");
}

#[test]
fn render_reads_kramdown_with_the_options_of_a_site() {
    let handbook = Handbook::new()
        .file("site.toml", "[markdown.kramdown]\nhard_wrap = true\nsmart_quotes = true\n")
        .file("a.md", "a\n\"b\"\n{: .c}\n");
    handbook.run("render a.md").status(0).stdout(expect![[r#"
        <p class="c">a
        "b"</p>
    "#]]);
    handbook.run("render --site . a.md").status(0).stdout(expect![[r#"
        <p class="c">a<br />
        “b”</p>
    "#]]);
}

#[test]
fn render_refuses_settings_that_are_wrong() {
    let handbook = Handbook::new().file("site.toml", "[markdown.kramdown]\nhard_wrap = 1\n").file("a.md", "a\n");
    handbook.run("render --site . a.md").status(2).stdout(expect![[""]]).stderr(expect![[r#"
        error[config-value]: `markdown.kramdown.hard_wrap` must be `true` or `false`, found the number `1`
         --> site.toml:2:13
          |
        2 | hard_wrap = 1
          |             ^
          |
          = help: write `hard_wrap = true`

    "#]]);
    handbook.run("render --site nowhere a.md").status(2).stderr(expect![[r#"
        error: there is no folder `nowhere`
    "#]]);
}

#[test]
fn render_needs_a_file_that_is_there() {
    Handbook::new().run("render nothing.md").status(2).stderr(expect![[r#"
        error: there is no file `nothing.md`
    "#]]);
}
