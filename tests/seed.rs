//! The page that this program was begun for: kramdown with a bar of links, a marker for a table of contents, attribute lists and
//! nested lists. Its twin in our own handbook has every construct of it; `tests/sites/seed-twin` holds its exact HTML, and this
//! what must be true of it in any theme.

use std::fs;
use std::path::Path;
use std::process::Command;

const TWIN: &str = "example/field-engineering/career-development";

/// Builds the project in `folder` and gives the twin's page, and its element with the text.
fn built(folder: &Path, arguments: &[&str]) -> (String, String) {
    let output = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_handbook"));
    command.arg("build").arg(folder).args(arguments).arg("-o").arg(output.path().join("public"));
    let ran = command.output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let html = fs::read_to_string(output.path().join("public").join(TWIN).join("index.html")).unwrap();
    let (_, text) = html.split_once(" data-handbook-content>").expect("the element with the text");
    let text = text.split_once("\n</div>\n").expect("its end").0.to_string();
    (html, text)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// With the pages around it and the settings of our own handbook, under a base path.
fn under_base() -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(root().join("site.toml"), folder.path().join("site.toml")).unwrap();
    for section in ["", "/field-engineering", "/people"] {
        let section = format!("content/example{section}");
        fs::create_dir_all(folder.path().join(&section)).unwrap();
        for entry in fs::read_dir(root().join(&section)).unwrap().map(|entry| entry.unwrap()) {
            if entry.path().is_file() {
                fs::copy(entry.path(), folder.path().join(&section).join(entry.file_name())).unwrap();
            }
        }
    }
    built(folder.path(), &["--base-url", "/base/"])
}

/// What stands between two texts.
fn between<'a>(html: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = html.split_once(start).unwrap_or_else(|| panic!("there is no `{start}`"));
    rest.split_once(end).unwrap_or_else(|| panic!("there is no `{end}`")).0
}

#[test]
fn title_and_lead_come_from_the_front_matter() {
    let (html, _) = under_base();
    assert_eq!(between(&html, "<h1>", "</h1>"), "FE Career Development");
    let lead =
        "Field Engineers at Quillfathom grow either as specialists or by leading others, and may change their minds";
    assert_eq!(between(&html, "<p class=\"lead\">", "</p>"), lead);
}

#[test]
fn the_bar_has_seven_links_and_marks_this_page() {
    let (_, text) = under_base();
    let bar = between(&text, "<nav class=\"section-nav\"", "</nav>");
    assert_eq!(bar.matches("<a href=\"/base/example/").count(), 7, "{bar}");
    let current =
        "<a href=\"/base/example/field-engineering/career-development/\" aria-current=\"page\">Career Development</a>";
    assert!(bar.contains(current) && bar.matches("aria-current").count() == 1, "{bar}");
}

#[test]
fn the_marker_becomes_a_table_of_contents_without_its_own_heading() {
    let (_, text) = under_base();
    let toc = between(&text, "<ul id=\"markdown-toc\"", "<nav");
    let titles = ["Career Development", "Career Paths", "Promotion Process", "Associate Field Engineering Programme"];
    for title in titles {
        assert!(toc.contains(&format!(">{title}</a>")), "{toc}");
    }
    assert!(!toc.contains("On this page") && !text.contains("TOC"), "{toc}");
}

#[test]
fn every_entry_of_the_contents_leads_to_a_heading() {
    let (_, text) = under_base();
    let toc = between(&text, "<ul id=\"markdown-toc\"", "<nav");
    let ids: Vec<&str> = toc.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(ids.len(), 6, "{toc}");
    ids.iter().for_each(|id| assert_eq!(text.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}"));
}

#[test]
fn bullets_are_nested_in_the_numbered_list() {
    let (_, text) = under_base();
    let list = between(&text, "<ol>", "</ol>");
    assert_eq!(list.matches("<ul>").count(), 1, "{list}");
    assert_eq!(list.matches("<li>").count(), 8, "{list}");
}

#[test]
fn every_link_of_the_site_is_under_the_base_path() {
    let (html, text) = under_base();
    for part in html.split("href=\"").skip(1) {
        let href = part.split('"').next().unwrap();
        let outside = ["#", "https://en.wikipedia.org/", "https://github.com/example/"];
        let is_fine = href.starts_with("/base/") || outside.iter().any(|start| href.starts_with(start));
        assert!(is_fine, "{href}");
    }
    assert!(text.contains("href=\"/base/example/people/levels/#leads\""));
}

#[test]
fn no_kramdown_is_left() {
    let (html, text) = under_base();
    assert!(!html.contains("{:"));
    assert!(!text.contains("**") && !text.contains("]("));
}

#[test]
fn alone_and_without_settings_it_comes_out_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join(format!("{TWIN}.md"));
    fs::create_dir_all(page.parent().unwrap()).unwrap();
    fs::copy(root().join(format!("content/{TWIN}.md")), page).unwrap();
    let (html, text) = built(folder.path(), &[]);
    assert_eq!(between(&html, "<h1>", "</h1>"), "FE Career Development");
    // The pages that it links to are not there. Everything else is.
    let (_, whole) = under_base();
    assert_eq!(without_addresses(&text), without_addresses(&whole));
}

/// The HTML with nothing in place of the addresses that links lead to.
fn without_addresses(html: &str) -> String {
    let mut parts = html.split("href=\"");
    let first = parts.next().unwrap_or_default();
    let rest = parts.filter_map(|part| part.split_once('"')).map(|(_, rest)| rest);
    std::iter::once(first).chain(rest).collect()
}
