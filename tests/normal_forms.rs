//! Names whose accents are characters of their own, as archives from macOS have them, against links as people type them.
#![cfg(target_os = "linux")]

mod program;

use expect_test::expect;
use program::Handbook;

const APART: &str = "cafe\u{301}";
const WHOLE: &str = "caf\u{e9}";

#[test]
fn links_lead_to_files_in_either_form() {
    let mut links = String::from("# Start\n\n");
    for folder in [format!("{APART}s"), format!("{WHOLE}s")] {
        for end in [
            "/",
            "/_index.md",
            "/be\u{301}.md",
            "/b\u{e9}/",
            "/b\u{e9}.md#x",
            "/be\u{301}.png",
            "/b\u{e9}.png",
            "/b%C3%A9/",
            "/be%CC%81/",
        ] {
            links.push_str(&format!("[l](/{folder}{end}) [l]({folder}{end})\n"));
        }
    }
    for (file_folder, page, image) in
        [(APART, "be\u{301}", "b\u{e9}"), (WHOLE, "b\u{e9}", "be\u{301}"), (APART, "b\u{e9}", "b\u{e9}")]
    {
        let handbook = Handbook::new()
            .file("site.toml", format!("nav.main = [{{ title = \"N\", url = \"/{WHOLE}s/\" }}, {{ title = \"M\", url = \"/{APART}s/b\u{e9}/\" }}]\n[redirects]\n\"/{APART}/\" = \"/{WHOLE}s/\"\n"))
            .file("content/_index.md", &links)
            .file(&format!("content/{file_folder}s/_index.md"), format!("# Folder\n\n[b]({page}.md) [b](b\u{e9}.md) [b](be\u{301}/)\n"))
            .file(&format!("content/{file_folder}s/{page}.md"), "# Page\n\n## X\n")
            .file(&format!("content/{file_folder}s/{image}.png"), "png");
        let ran = handbook.run("check --format short --strict");
        assert_eq!((ran.status, &*ran.stdout), (Some(0), ""), "{file_folder:?} {page:?}: {}", ran.stderr);
        handbook.run("build --quiet").status(0);
        // Addresses have one form, whatever the files have.
        let files = handbook.files("public");
        for wanted in [
            format!("{WHOLE}s/index.html"),
            format!("{WHOLE}s/b\u{e9}/index.html"),
            format!("{WHOLE}s/b\u{e9}.png"),
            format!("{WHOLE}/index.html"),
        ] {
            assert!(files.contains(&wanted), "{wanted:?}: {files:?}");
        }
        let html = handbook.text("public/index.html");
        assert!(html.contains("href=\"/caf%C3%A9s/b%C3%A9/#x\"") && !html.contains("%CC%81"), "{html}");
        assert!(!handbook.text("public/sitemap.xml").contains("%CC%81"));
    }
}

#[test]
fn two_files_that_look_the_same_are_an_error() {
    let handbook = Handbook::new()
        .file("content/_index.md", "# Start\n")
        .file(&format!("content/{APART}.md"), "# One\n")
        .file(&format!("content/{WHOLE}.md"), "# Other\n")
        .file(&format!("content/{APART}.png"), "one")
        .file(&format!("content/{WHOLE}.png"), "other")
        .file(&format!("content/{APART}s/_index.md"), "# One\n")
        .file(&format!("content/{WHOLE}s/_index.md"), "# Other\n");
    let ran = handbook.run("build --format human --no-cache").status(1);
    let told: Vec<&str> = ran.stderr.lines().filter(|line| !line.is_empty()).collect();
    expect![[r#"
        error[url-collision]: `content/café.md` and `content/café.md` both have the URL `/café/`
        --> content/café.md
         = help: their names look the same, and differ only in how the accents are put together: remove one of them
        error[url-collision]: `content/café.png` and `content/café.png` both have the URL `/café.png`
        --> content/café.png
         = help: their names look the same, and differ only in how the accents are put together: remove one of them
        error[url-collision]: `content/cafés/_index.md` and `content/cafés/_index.md` both have the URL `/cafés/`
        --> content/cafés/_index.md
         = help: their names look the same, and differ only in how the accents are put together: remove one of them
        Nothing was written: 3 errors
    "#]]
    .assert_eq(&(told.join("\n") + "\n"));
    assert!(!handbook.has("public"));
}
