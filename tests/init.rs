//! What `handbook init` finds in folders of pages that were written for other generators, and what it writes.

mod program;

use expect_test::{Expect, expect};
use program::Handbook;

/// What is said of a folder, up to what to do next; and the settings that were written, without comments.
fn check(handbook: &Handbook, said: Expect, written: Expect) {
    let ran = handbook.run("init").status(0);
    said.assert_eq(ran.stderr.split("\nNext:").next().unwrap());
    let text = handbook.text("site.toml");
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    // Nothing but the settings and the workflow is written, so editors read the schema from our own handbook.
    assert!(text.starts_with("#:schema https://") && !handbook.has(".handbook"), "{text}");
    written.assert_eq(&lines.map(|line| format!("{line}\n")).collect::<String>());
    // The settings are right: nothing in them is an error, and every link of the menu leads somewhere.
    let built = handbook.run("build --format short").status(0);
    let of_settings: Vec<&str> = built.stdout.lines().filter(|line| line.starts_with("site.toml")).collect();
    assert!(of_settings.is_empty(), "{of_settings:#?}");
}

#[test]
fn an_empty_folder_gets_a_handbook() {
    let handbook = Handbook::new();
    handbook.run("init --title Ours").status(0).stderr(expect![[r#"
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
    assert!(handbook.text("site.toml").contains("\ntitle = \"Ours\"\n"));
    let published = handbook.run("publish github-pages").status(0);
    assert!(
        published.stderr.starts_with(".github/workflows/handbook.yml is as it should be\n"),
        "{}",
        published.stderr
    );
    handbook.run("build --strict").status(0);
}

#[test]
fn a_repository_with_a_readme_alone_gets_a_handbook_too() {
    let handbook = Handbook::new().file("README.md", "# Repository\n").file("LICENSE.md", "MIT\n");
    let ran = handbook.run("init").status(0);
    assert!(ran.stderr.contains("Wrote content/_index.md\n"), "{}", ran.stderr);
}

#[test]
fn a_folder_docs_stays_the_folder_of_the_pages() {
    let handbook = Handbook::new().file("docs/index.md", "# Our docs\n").file("docs/a.md", "# A\n");
    check(
        &handbook,
        expect![[r#"
            Found 2 pages in docs/: plain Markdown
              Markdown       GitHub's
              title          Our docs (from index.md)
              address        not said; `handbook publish` derives it
              navigation     the tree of folders
              old addresses  none
            Wrote site.toml
            Wrote .github/workflows/handbook.yml
        "#]],
        expect![[r#"
            title = "Our docs"
            content = "docs"
            [theme]
            [nav]
            [markdown]
            [links]
        "#]],
    );
    assert!(!handbook.path("content").exists());
}

#[test]
fn every_common_key_is_shown() {
    let handbook = Handbook::new();
    handbook.run("init").status(0);
    let text = handbook.text("site.toml");
    let keys = [
        "title",
        "description",
        "base_url",
        "cname",
        "language",
        "content",
        "output",
        "drafts",
        "accent",
        "logo",
        "font",
        "code",
        "footer",
        "edit_link",
        "edit_branch",
        "social",
        "[theme.announcement]",
        "[nav]",
        "main",
        "dialect",
        "toc_levels",
        "section_nav",
        "math",
        "highlight",
        "hosts",
        "[extra]",
    ];
    for key in keys {
        let is_shown = |line: &str| line.trim_start_matches("# ").starts_with(key);
        assert!(text.lines().any(is_shown), "site.toml does not show `{key}`");
    }
    // And each of them is right when its mark is taken away.
    let all: String = text
        .lines()
        .map(|line| {
            let is_key = line.starts_with("# [")
                || line.strip_prefix("# ").is_some_and(|line| line.split(' ').nth(1) == Some("="));
            format!("{}\n", if is_key { &line[2..] } else { line })
        })
        .collect();
    let (_, problems) = handbook::project::config::read(&all);
    assert_eq!(problems, [], "{all}");
}

#[test]
fn jekyll() {
    let handbook = Handbook::new()
        .file(
            "_config.yml",
            "title: Our handbook\nurl: https://example.com\nbaseurl: /hb\nlang: en_GB\nrepository: ours/handbook\n",
        )
        .file("_data/navigation.yml", "main:\n  - title: People\n    url: /people/\n  - title: Gone\n    url: /gone/\n")
        .file("index.md", "---\ntitle: Home\n---\n\nHello {{ site.title }} {% include x.html %}\n")
        .file("people.md", "---\nredirect_from: /staff/\n---\n# People\n{: .no_toc}\n");
    check(
        &handbook,
        expect![[r#"
            Found 2 pages in this folder: Jekyll, by `_config.yml`
              Markdown       kramdown, as Jekyll reads it; 1 page shows it
              title          Our handbook (from _config.yml)
              language       en_GB
              address        https://example.com/hb (from _config.yml)
              navigation     1 link for the top bar (from _data/navigation.yml)
              old addresses  1 in the pages' front matter, understood as they are
              templates      1 page holds code for Jekyll, such as `{{…}}`; it is not run
            Wrote site.toml
            Wrote .github/workflows/handbook.yml
        "#]],
        expect![[r#"
            title = "Our handbook"
            base_url = "https://example.com/hb"
            language = "en-GB"
            content = "."
            [theme]
            edit_link = "https://github.com/ours/handbook"
            [nav]
            main = [
              { title = "People", url = "/people/" },
            ]
            [markdown]
            dialect = "kramdown"
            [links]
        "#]],
    );
}

#[test]
fn middleman() {
    let handbook = Handbook::new()
        .file("config.rb", "set :site_title, \"Ours\"\nactivate :directory_indexes\nredirect \"old.html\", to: \"/people/\"\n")
        .file("data/redirects.yml", "- sources: ['/a/', '/b/']\n  target: /people/\n  comp_op: '='\n- sources: '^/x'\n  target: /y/\n  comp_op: '~'\n")
        .file("source/index.html.md", "# Home\n")
        .file("source/people/index.html.md", "# People\n{:.no_toc}\n");
    check(
        &handbook,
        expect![[r#"
            Found 2 pages in source/: Middleman, by `config.rb`
              Markdown       kramdown, as Middleman reads it; 1 page shows it
              title          Ours (from config.rb)
              address        not said; `handbook publish` derives it
              navigation     the tree of folders
              old addresses  3 (from config.rb and data/redirects.yml)
            Wrote site.toml
            Wrote .github/workflows/handbook.yml
        "#]],
        expect![[r#"
        title = "Ours"
        content = "source"
        [theme]
        [nav]
        [markdown]
        dialect = "kramdown"
        [links]
        [redirects]
        "/old.html" = "/people/"
        "/a/" = "/people/"
        "/b/" = "/people/"
    "#]],
    );
}

#[test]
fn hugo() {
    let handbook = Handbook::new()
        .file("hugo.toml", "baseURL = \"https://example.com/\"\ntitle = \"Ours\"\nlanguageCode = \"de\"\n[[menu.main]]\nname = \"People\"\nurl = \"/people/\"\n")
        .file("content/_index.md", "+++\ntitle = \"Home\"\n+++\n")
        .file("content/people/_index.md", "---\naliases: [/staff/, /crew/]\n---\n{{< note >}}x{{< /note >}}\n");
    check(
        &handbook,
        expect![[r#"
            Found 2 pages in content/: Hugo, by `hugo.toml`
              Markdown       GitHub's
              title          Ours (from hugo.toml)
              language       de
              address        https://example.com/ (from hugo.toml)
              navigation     1 link for the top bar (from hugo.toml)
              old addresses  2 in the pages' front matter, understood as they are
              templates      1 page holds code for Hugo, such as `{{…}}`; it is not run
            Wrote site.toml
            Wrote .github/workflows/handbook.yml
        "#]],
        expect![[r#"
        title = "Ours"
        base_url = "https://example.com/"
        language = "de"
        content = "content"
        [theme]
        [nav]
        main = [
          { title = "People", url = "/people/" },
        ]
        [markdown]
        [links]
    "#]],
    );
}

#[test]
fn mkdocs() {
    let settings = "site_name: Ours\nsite_url: https://example.com/hb/\nrepo_url: https://github.com/ours/hb\n\
                    theme:\n  name: material\n  language: fr\nmarkdown_extensions:\n  - x:\n      emoji: !!python/name:a.b.c\n\
                    plugins:\n  - search\n  - redirects:\n      redirect_maps:\n        old/page.md: people/leave.md\n\
                    nav:\n  - Home: index.md\n  - People:\n      - people/pay.md\n      - Leave: people/leave.md\n  - Code: code/index.md\n";
    let handbook = Handbook::new()
        .file("mkdocs.yml", settings)
        .file("docs/index.md", "# Home\n")
        .file("docs/code/index.md", "# Code\n")
        .file("docs/people/leave.md", "# Leave\n")
        .file("docs/people/pay.md", "# Pay\n");
    check(
        &handbook,
        expect![[r#"
            Found 4 pages in docs/: MkDocs, by `mkdocs.yml`
              Markdown       GitHub's
              title          Ours (from mkdocs.yml)
              language       fr
              address        https://example.com/hb/ (from mkdocs.yml)
              navigation     3 links for the top bar; the order of 3 pages (from mkdocs.yml)
              old addresses  1 (from mkdocs.yml)
            Wrote site.toml
            Wrote .github/workflows/handbook.yml
        "#]],
        expect![[r#"
            title = "Ours"
            base_url = "https://example.com/hb/"
            language = "fr"
            content = "docs"
            [theme]
            edit_link = "https://github.com/ours/hb"
            [nav]
            main = [
              { title = "Home", url = "/" },
              { title = "People", url = "/people/pay/" },
              { title = "Code", url = "/code/" },
            ]
            order = [
              "/people/pay/",
              "/people/leave/",
              "/code/",
            ]
            [markdown]
            [links]
            [redirects]
            "/old/page/" = "/people/leave/"
        "#]],
    );
    // Previous and next follow the menu, not the alphabet.
    for pair in ["people/", "people/pay/", "people/leave/", "code/"].windows(2) {
        let page = handbook.text(&format!("public/{}index.html", pair[0]));
        assert!(page.contains(&format!("rel=\"next\" href=\"/hb/{}\"", pair[1])), "{pair:?}");
    }
}

#[test]
fn mdbook() {
    let handbook = Handbook::new()
        .file("book.toml", "[book]\ntitle = \"Ours\"\nlanguage = \"en\"\n[output.html]\nsite-url = \"/hb/\"\n[output.html.redirect]\n\"/old.html\" = \"/leave/\"\n")
        .file("src/SUMMARY.md", "# Summary\n\n[Intro](intro.md)\n\n- [Leave](leave.md)\n  - [Sick](sick.md)\n")
        .file("src/intro.md", "# Intro\n")
        .file("src/leave.md", "# Leave\n")
        .file("src/sick.md", "# Sick\n");
    check(
        &handbook,
        expect![[r#"
            Found 4 pages in src/: mdBook, by `book.toml`
              Markdown       GitHub's
              title          Ours (from book.toml)
              language       en
              address        /hb/ (from book.toml)
              navigation     2 links for the top bar; the order of 3 pages (from src/SUMMARY.md)
              old addresses  1 (from book.toml)
            Wrote site.toml
            Wrote .github/workflows/handbook.yml
        "#]],
        expect![[r#"
            title = "Ours"
            base_url = "/hb/"
            language = "en"
            content = "src"
            [theme]
            [nav]
            main = [
              { title = "Intro", url = "/intro/" },
              { title = "Leave", url = "/leave/" },
            ]
            order = [
              "/intro/",
              "/leave/",
              "/sick/",
            ]
            [markdown]
            [links]
            [redirects]
            "/old.html" = "/leave/"
        "#]],
    );
}

#[test]
fn gitbook() {
    let handbook = Handbook::new()
        .file(".gitbook.yaml", "root: ./pages/\nredirects:\n  previous/page: new-folder/page.md\n")
        .file("pages/SUMMARY.md", "* [Ours](README.md)\n* [Page](new-folder/page.md)\n")
        .file("pages/README.md", "# Ours\n")
        .file("pages/new-folder/page.md", "# Page\n\n{% hint style=\"info\" %}\nx\n{% endhint %}\n");
    check(
        &handbook,
        expect![[r#"
            Found 3 pages in pages/: GitBook, by `.gitbook.yaml`
              Markdown       GitHub's
              title          Ours (from README.md)
              address        not said; `handbook publish` derives it
              navigation     2 links for the top bar (from pages/SUMMARY.md)
              old addresses  1 (from .gitbook.yaml)
              templates      1 page holds code for GitBook, such as `{{…}}`; it is not run
            Wrote site.toml
            Wrote .github/workflows/handbook.yml
        "#]],
        expect![[r#"
        title = "Ours"
        content = "pages"
        [theme]
        [nav]
        main = [
          { title = "Ours", url = "/" },
          { title = "Page", url = "/new-folder/page/" },
        ]
        [markdown]
        [links]
        [redirects]
        "/previous/page" = "/new-folder/page/"
    "#]],
    );
}

#[test]
fn docusaurus() {
    let handbook = Handbook::new()
        .file("docusaurus.config.js", "module.exports = {\n  title: 'Ours',\n  tagline: 'How we work',\n  url: 'https://example.com',\n  baseUrl: '/hb/',\n};\n")
        .file("docs/intro.md", "---\nsidebar_position: 1\n---\n# Intro\n");
    check(
        &handbook,
        expect![[r#"
        Found 1 page in docs/: Docusaurus, by `docusaurus.config.js`
          Markdown       GitHub's
          title          Ours (from docusaurus.config.js)
          address        https://example.com/hb/ (from docusaurus.config.js)
          navigation     the tree of folders
          old addresses  none
        Wrote site.toml
        Wrote .github/workflows/handbook.yml
    "#]],
        expect![[r#"
        title = "Ours"
        description = "How we work"
        base_url = "https://example.com/hb/"
        content = "docs"
        [theme]
        [nav]
        [markdown]
        [links]
    "#]],
    );
}

#[test]
fn plain_markdown_with_a_domain() {
    let handbook =
        Handbook::new().file("CNAME", "handbook.example.com\n").file("index.md", "# Ours\n").file("a/b.md", "# B\n");
    check(
        &handbook,
        expect![[r#"
        Found 2 pages in this folder: plain Markdown
          Markdown       GitHub's
          title          Ours (from index.md)
          address        https://handbook.example.com/ (from CNAME)
          navigation     the tree of folders
          old addresses  none
        Wrote site.toml
        Wrote .github/workflows/handbook.yml
    "#]],
        expect![[r#"
        title = "Ours"
        base_url = "https://handbook.example.com/"
        cname = "handbook.example.com"
        content = "."
        [theme]
        [nav]
        [markdown]
        [links]
    "#]],
    );
}

#[test]
fn pages_for_middleman_are_known_by_their_names() {
    let handbook = Handbook::new()
        .file("content/handbook/index.html.md", "# H\n")
        .file("content/handbook/a/index.html.md", "# A\n{:.no_toc}\n");
    check(
        &handbook,
        expect![[r#"
            Found 2 pages in content/: Middleman, by pages named `….html.md`
              Markdown       kramdown, as Middleman reads it; 1 page shows it
              title          H (from handbook/index.html.md)
              address        not said; `handbook publish` derives it
              navigation     the tree of folders
              old addresses  none
            Wrote site.toml
            Wrote .github/workflows/handbook.yml
        "#]],
        expect![[r#"
            title = "H"
            content = "content"
            [theme]
            [nav]
            [markdown]
            dialect = "kramdown"
            [links]
        "#]],
    );
}

#[test]
fn a_language_that_its_script_tells_is_found() {
    let handbook = Handbook::new()
        .file("content/handbook/_index.md", "---\ntitle: ハンドブック\n---\n\nこれはハンドブックです。\n")
        .file("content/handbook/values.md", "# 価値観\n\n私たちの[価値観](https://example.com/)について。\n");
    check(
        &handbook,
        expect![[r#"
        Found 2 pages in content/: plain Markdown
          Markdown       GitHub's
          title          ハンドブック (from handbook/_index.md)
          language       ja
          address        not said; `handbook publish` derives it
          navigation     the tree of folders
          old addresses  none
        Wrote site.toml
        Wrote .github/workflows/handbook.yml
    "#]],
        expect![[r#"
        title = "ハンドブック"
        language = "ja"
        content = "content"
        [theme]
        [nav]
        [markdown]
        [links]
    "#]],
    );
}

#[test]
fn what_is_there_stays() {
    let handbook = Handbook::new().file("docs/a.md", "# A\n").file("site.toml", "title = \"Mine\"\n");
    let ran = handbook.run("init").status(0);
    assert!(ran.stderr.contains("Left site.toml as it is\nWrote .github/workflows/handbook.yml\n"), "{}", ran.stderr);
    assert_eq!(handbook.text("site.toml"), "title = \"Mine\"\n");
    let again = handbook.run("init").status(0);
    assert!(!again.stderr.contains("Wrote"), "{}", again.stderr);
}

#[test]
fn settings_that_cannot_be_read_say_nothing() {
    let handbook = Handbook::new()
        .file("mkdocs.yml", "site_name: [\n: : :\n\0")
        .file("docs/a.md", "# A\n")
        .file("CNAME", "two words\n");
    handbook.run("init").status(0);
    handbook.run("build").status(0);
}
