//! What somebody who may write pages, but not the settings, can do to those who read them: nothing that the owner did not let
//! them. `[security]` of `site.toml`, addresses that run code, values of front matter in templates, and links out of the folder.

mod program;

use std::fs;

use expect_test::{Expect, expect};
use program::Handbook;

/// Breaks out of a text, of an attribute in quotes of either kind, of a script and of a comment, wherever it is not escaped.
const EVIL: &str = "x'\\\"></script>--><evil-tag evil=1 ' evil=\\\" evil=";

/// The start tags of HTML with their attributes' names, as a browser's tokenizer finds them; without those in comments.
fn tags(html: &str) -> Vec<(String, Vec<String>)> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/').unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = &rest[end..];
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if rest.is_empty() || rest.starts_with('>') {
                break;
            }
            let end =
                rest[1..].find(|c: char| c.is_ascii_whitespace() || "=>/".contains(c)).map_or(rest.len(), |at| at + 1);
            attributes.push(rest[..end].to_ascii_lowercase());
            rest = rest[end..].trim_start();
            let Some(value) = rest.strip_prefix('=') else { continue };
            let value = value.trim_start();
            rest = match value.chars().next().filter(|c| "\"'".contains(*c)) {
                Some(quote) => value[1..].split_once(quote).map_or("", |(_, after)| after),
                None => &value[value.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(value.len())..],
            };
        }
        if name == "script" || name == "style" {
            rest = rest.find(&format!("</{name}")).map_or("", |end| &rest[end..]);
        }
        tags.push((name, attributes));
    }
    tags
}

/// Fails when a page of the site holds a tag or an attribute that only [`EVIL`] names, or one that runs code.
fn assert_harmless(handbook: &Handbook) {
    let pages: Vec<String> = handbook.files("public").into_iter().filter(|file| file.ends_with("html")).collect();
    assert!(!pages.is_empty());
    for page in pages {
        let html = handbook.text(&format!("public/{page}"));
        for (tag, attributes) in tags(&html) {
            assert!(!tag.starts_with("evil"), "{page}: <{tag}>");
            for attribute in attributes {
                assert!(!attribute.starts_with("evil") && !attribute.starts_with("on"), "{page}: <{tag} {attribute}>");
            }
        }
    }
}

#[test]
fn no_value_reaches_a_page_unescaped() {
    let front = format!(
        "title: \"{EVIL}\"\nnav_title: \"{EVIL}\"\ndescription: \"{EVIL}\"\ntags: [\"{EVIL}\"]\nowner: \"{EVIL}\"\n\
         extra:\n  note: \"{EVIL}\"\n"
    );
    let plain = EVIL.replace("\\\"", "\"");
    let settings = format!(
        "title = \"{EVIL}\"\ndescription = \"{EVIL}\"\nbase_url = \"https://example.com/\"\n\
         nav.main = [{{ title = \"{EVIL}\", url = \"/a/\" }}]\n[theme]\nsocial = [{{ title = \"{EVIL}\", url = \"https://example.com/'></script><evil-tag\" }}]\n\
         announcement.text = \"Now\"\nannouncement.until = \"2099-01-01\"\n[theme.words]\nskip = \"{EVIL}\"\nmoved = \"{EVIL}\"\ncopy = \"{EVIL}\"\n\
         [redirects]\n\"/old/\" = \"https://example.com/'></script><evil-tag\"\n[extra]\nnote = \"{EVIL}\"\n"
    );
    // What Markdown lets through only as text: titles, alternative texts, languages of code, definitions, formulas.
    let body = format!(
        "## `{plain}`\n\n![\" evil=1](a.png '\" evil=1')\n\n[a](</b?\" evil=1> \"' evil=1\")\n\n```\"><evil-tag>\nx\n```\n\n\
         a[^\" evil=1]\n\n[^\" evil=1]: b\n\n$\\operatorname{{<evil-tag>}} < \\text{{<evil-tag>}}$\n\n\
         <https://example.com/\"evil=1>\n\n> [!NOTE]\n> x\n\n:::tip[\" evil=1]\ny\n:::\n"
    );
    let kramdown = format!(
        "---\n{front}---\n\n## A\n{{: evil}}\n\n*[x]: \" evil=1\n\nx ![\" evil=1](a.png \"' evil=1\")\n{{: title=\"' evil=1\"}}\n"
    );
    let handbook = Handbook::new()
        .file("site.toml", settings)
        .file("content/index.md", "# Start\n")
        .file("content/a.md", format!("---\n{front}aliases: [/elsewhere/]\nreview_by: 2020-01-01\n---\n\n{body}"))
        .file("content/b/c.md", format!("---\n{front}---\n\n# {plain}\n"))
        .file("content/k.md", kramdown);
    #[cfg(unix)]
    let handbook = handbook.file("content/d\" evil='/e'><evil-tag>.md", "Text\n");
    let ran = handbook.run("build --format short");
    assert_eq!(ran.status, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert_harmless(&handbook);
    let sitemap = handbook.text("public/sitemap.xml");
    assert!(!sitemap.contains("<evil") && sitemap.contains("<loc>https://example.com/a/</loc>"), "{sitemap}");
}

/// The lines of `--format short` that hold one of these codes.
fn told(handbook: &Handbook, codes: &[&str], expected: Expect) {
    let ran = handbook.run("build --format short").status(0);
    let lines = ran.stdout.lines().filter(|line| codes.iter().any(|code| line.contains(code)));
    expected.assert_eq(&lines.map(|line| format!("{line}\n")).collect::<String>());
}

#[test]
fn addresses_that_run_code_lead_nowhere_and_are_told() {
    let page = "---\nowner: javascript:alert(1)\nredirect_to: 'javascript:alert(1)'\n---\n";
    let text = "[a](javascript:alert(1)) [b](<java&#10;script:alert(1)>) [c](JAVASCRIPT:x) ![d](vbscript:x)\n\n\
                [e][e] <javascript:alert(1)>\n\n[e]: data:text/html;base64,AA\n\n\
                <a href=\" &#x6A;avascript:x\">f</a> <iframe src=\"data:text/html,x\"></iframe>\n\n\
                ![g](data:image/png;base64,iVBORw0KGgo=)\n\n[fine](#javascript:x)\n\n## javascript:x {#javascript:x}\n";
    let handbook = Handbook::new()
        .file(
            "site.toml",
            "nav.main = [{ title = \"N\", url = \"javascript:alert(1)\" }]\n[theme]\nfooter = \"[f](javascript:x)\"\n\
             social = [{ title = \"S\", url = \"javascript:alert(1)\" }]\n[redirects]\n\"/old/\" = \"javascript:alert(1)\"\n",
        )
        .file("content/index.md", "# Start\n")
        .file("content/gone.md", page)
        .file("content/gfm.md", text)
        .file("content/kramdown.md", format!("{text}\n[k](javascript:x){{: .k}}\n"));
    told(
        &handbook,
        &["link-script"],
        expect![[r#"
            content/gfm.md:1:1: warning[link-script]: this link leads nowhere, as an address that begins with `javascript:` is not let into a page
            content/gfm.md:1:26: warning[link-script]: this link leads nowhere, as an address that begins with `javascript:` is not let into a page
            content/gfm.md:1:58: warning[link-script]: this link leads nowhere, as an address that begins with `javascript:` is not let into a page
            content/gfm.md:1:76: warning[link-script]: this link leads nowhere, as an address that begins with `vbscript:` is not let into a page
            content/gfm.md:3:1: warning[link-script]: this link leads nowhere, as an address that begins with `data:` is not let into a page
            content/gfm.md:3:8: warning[link-script]: this link leads nowhere, as an address that begins with `javascript:` is not let into a page
            content/gfm.md:7:10: warning[link-script]: this link leads nowhere, as an address that begins with `javascript:` is not let into a page
            content/gfm.md:7:49: warning[link-script]: this link leads nowhere, as an address that begins with `data:` is not let into a page
            content/gone.md:3:14: warning[link-script]: this link leads nowhere, as an address that begins with `javascript:` is not let into a page
            content/kramdown.md:1:1: warning[link-script]: this link leads nowhere, as an address that begins with `javascript:` is not let into a page
            content/kramdown.md:1:26: warning[link-script]: this link leads nowhere, as an address that begins with `javascript:` is not let into a page
            content/kramdown.md:1:58: warning[link-script]: this link leads nowhere, as an address that begins with `javascript:` is not let into a page
            content/kramdown.md:1:76: warning[link-script]: this link leads nowhere, as an address that begins with `vbscript:` is not let into a page
            content/kramdown.md:3:1: warning[link-script]: this link leads nowhere, as an address that begins with `data:` is not let into a page
            content/kramdown.md:3:8: warning[link-script]: this link leads nowhere, as an address that begins with `javascript:` is not let into a page
            content/kramdown.md:7:10: warning[link-script]: this link leads nowhere, as an address that begins with `javascript:` is not let into a page
            content/kramdown.md:7:49: warning[link-script]: this link leads nowhere, as an address that begins with `data:` is not let into a page
            content/kramdown.md:15:1: warning[link-script]: this link leads nowhere, as an address that begins with `javascript:` is not let into a page
            site.toml:1:34: warning[link-script]: this link leads nowhere, as an address that begins with `javascript:` is not let into a page
            site.toml:3:10: warning[link-script]: this link leads nowhere, as an address that begins with `javascript:` is not let into a page
            site.toml:4:32: warning[link-script]: this link leads nowhere, as an address that begins with `javascript:` is not let into a page
            site.toml:6:11: warning[link-script]: this link leads nowhere, as an address that begins with `javascript:` is not let into a page
        "#]],
    );
    for file in handbook.files("public").iter().filter(|file| file.ends_with("html")) {
        let html = handbook.text(&format!("public/{file}")).replace("href=\"#javascript:x\"", "");
        for attribute in ["href", "src", "url", "data-frame"] {
            for scheme in ["javascript", "vbscript", "data:text"] {
                let written = html.to_ascii_lowercase();
                assert!(!written.contains(&format!("{attribute}=\"{scheme}")), "{file}: {attribute} {scheme}");
                assert!(!written.contains(&format!("{attribute}={scheme}")), "{file}: {attribute} {scheme}");
            }
        }
    }
    assert!(handbook.text("public/gfm/index.html").contains("src=\"data:image/png"));
    // Whoever comes to an old address is not sent to itself again and again.
    assert!(handbook.text("public/old/index.html").contains("url=/\""));
}

#[test]
fn the_owner_can_let_every_address_in() {
    let handbook = Handbook::new()
        .file("site.toml", "security.urls = \"any\"\n")
        .file("content/index.md", "[a](javascript:alert(1))\n");
    told(&handbook, &["link-script"], expect![[""]]);
    assert!(handbook.text("public/index.html").contains("href=\"javascript:alert(1)\""));
    let handbook = handbook.file("site.toml", "[security]\nurls = \"any\"\nhtml = \"escape\"\n");
    let ran = handbook.run("build --format short").status(2);
    expect![[r#"
        site.toml:2:8: error[config-value]: `security.urls` can be `any` only where `security.html` is `trusted`
    "#]]
    .assert_eq(&ran.stdout);
}

const HOSTILE: &str = "## Head <b onclick=x>bold</b> <script>evilhead()</script>\n\nText <script>evilinline()</script> <em>soft</em> \
                       <img src=x onerror=\"evilerror()\"> &amp; [l](javascript:x) [s](smb://x)\n\n\
                       <div onclick=\"x\" style=\"position:fixed;color:red\" id=\"_search\">\n<form action=\"javascript:x\"><button>Button</button></form>\n\
                       <svg><script>evilsvg()</script></svg>\n</div>\n\n<a class=\"embed\" data-frame=\"javascript:x\" href=\"/\">f</a>\n\n\
                       <div class=\"matrix\">\n\n| Area | One |\n|---|---|\n| Scope | <b onclick=x>cell</b> |\n\n</div>\n\n## Second\n\n\
                       <iframe src=\"https://example.com/v\"></iframe>\n\n`code` and <kbd>K</kbd>\n";

fn hostile(policy: &str) -> Handbook {
    let kramdown = format!(
        "---\ndialect: kramdown\n---\n\n{HOSTILE}\nParagraph\n{{: onclick=\"x\" .fine}}\n\n{{::nomarkdown}}<script>evilraw()</script>{{:/}}\n"
    );
    let handbook = Handbook::new()
        .file("site.toml", format!("security.html = \"{policy}\"\n"))
        .file("content/index.md", "# Start\n")
        .file("content/gfm.md", format!("---\ndialect: gfm\n---\n\n# G\n\n{HOSTILE}"))
        .file("content/kramdown.md", kramdown);
    handbook.run("build --quiet").status(0);
    handbook
}

/// The content of a page.
fn content(handbook: &Handbook, page: &str) -> String {
    let html = handbook.text(&format!("public/{page}/index.html"));
    let start = html.find("data-handbook-content>").unwrap();
    html[start..].split("</main>").next().unwrap().to_string()
}

#[test]
fn sanitised_pages_keep_what_is_harmless() {
    let handbook = hostile("sanitise");
    assert_harmless(&handbook);
    for page in ["gfm", "kramdown"] {
        let html = content(&handbook, page);
        for gone in [
            "evilinline",
            "evilerror",
            "evilsvg",
            "evilraw",
            "javascript:",
            "smb:",
            "position",
            "_search",
            "<form",
            "<button",
            "data-frame",
            "<script",
        ] {
            assert!(!html.contains(gone), "{page}: {gone}: {html}");
        }
        for kept in
            ["<b>bold</b>", "<em>soft</em>", "color:red", "<kbd>K</kbd>", "<b>cell</b>", "Button", "example.com/v"]
        {
            assert!(html.contains(kept), "{page}: {kept}: {html}");
        }
        let whole = handbook.text(&format!("public/{page}/index.html"));
        assert!(whole.contains("<b>bold</b>") && whole.contains("class=\"toc\""), "{page}");
    }
    assert!(handbook.text("public/gfm/one/index.html").contains("<b>cell</b>"));
}

#[test]
fn escaped_pages_show_html_as_text() {
    let handbook = hostile("escape");
    assert_harmless(&handbook);
    for page in ["gfm", "kramdown"] {
        let html = content(&handbook, page);
        assert!(html.contains("&lt;script&gt;evilinline()&lt;/script&gt;"), "{page}: {html}");
        assert!(html.contains("&lt;kbd&gt;K&lt;/kbd&gt;") && html.contains("<code>code</code>"), "{page}: {html}");
        for gone in ["<script", "<b>", "<kbd>", "href=\"javascript:", "<form", "<svg><"] {
            assert!(!html.contains(gone), "{page}: {gone}: {html}");
        }
        assert!(
            handbook.text(&format!("public/{page}/index.html")).contains("Head &lt;b onclick=x&gt;bold&lt;/b&gt;"),
            "{page}"
        );
    }
}

#[test]
fn trusted_pages_are_passed_on() {
    let html = content(&hostile("trusted"), "gfm");
    assert!(html.contains("<script>evilinline()</script>") && html.contains("<div onclick=\"x\""), "{html}");
}

#[test]
fn what_is_taken_out_is_told_at_its_place() {
    let handbook = Handbook::new()
        .file("site.toml", "security.html = \"sanitise\"\n")
        .file("content/index.md", "# A\n\n<b onclick=\"x\">b</b>\n\n<script>x</script>\n\n[s](smb://x)\n");
    told(
        &handbook,
        &["html-removed", "link-script"],
        expect![[r#"
        content/index.md:3:4: warning[html-removed]: the attribute `onclick` is taken out of this page
        content/index.md:5:1: warning[html-removed]: `<script>` is taken out of this page
        content/index.md:7:1: warning[link-script]: this link leads nowhere, as an address that begins with `smb:` is not let into a page
    "#]],
    );
    let handbook = handbook.file("site.toml", "[security]\nhtml = \"sanitize\"\nurl = \"any\"\n");
    expect![[r#"
        site.toml:2:8: error[config-value]: `security.html` must be `trusted`, `sanitise` or `escape`, found the text `sanitize`
        site.toml:3:1: error[config-key]: there is no setting `url` in `[security]`
    "#]].assert_eq(&handbook.run("build --format short").status(2).stdout);
}

#[test]
fn ten_thousand_elements_in_each_other_are_sanitised_too() {
    let handbook = Handbook::new()
        .file("site.toml", "security.html = \"sanitise\"\n")
        .file("content/index.md", format!("# A\n\n{}deep\n", "<div>".repeat(10_000)))
        .file("content/quotes.md", format!("{}deep\n", "> ".repeat(10_000)));
    handbook.run("build --quiet").status(0);
    assert!(content(&handbook, "quotes").contains("deep"));
}

#[cfg(unix)]
#[test]
fn nothing_outside_of_the_folder_is_published() {
    use std::os::unix::fs::symlink;

    let secret = tempfile::tempdir().unwrap();
    fs::write(secret.path().join("key.txt"), "the secret").unwrap();
    fs::write(secret.path().join("page.html"), "the secret").unwrap();
    let handbook = Handbook::new()
        .file(
            "content/index.md",
            "# Start\n\n[a](/../key.txt) [b](/%2e%2e/key.txt) ![c](..%2f..%2fkey.txt) [d](/key.txt)\n",
        )
        .file("content/t.md", "---\nlayout: own\n---\n")
        .file("templates/own.html", "{% include \"../../key.txt\" %}")
        .folder("static");
    symlink(secret.path(), handbook.path("content/folder")).unwrap();
    symlink(secret.path().join("key.txt"), handbook.path("content/key.txt")).unwrap();
    symlink(secret.path(), handbook.path("static/folder")).unwrap();
    symlink(secret.path().join("key.txt"), handbook.path("static/key.txt")).unwrap();
    symlink(secret.path().join("page.html"), handbook.path("templates/page.html")).unwrap();
    let ran = handbook.run("build --format short").status(1);
    expect![[r#"
        content/index.md:3:1: warning[link-outside]: `/../key.txt` leads out of the site
        content/index.md:3:18: warning[link-asset]: there is no file `/%2e%2e/key.txt`
        content/index.md:3:39: warning[link-outside]: `..%2f..%2fkey.txt` leads out of the site
        content/index.md:3:63: warning[link-asset]: there is no file `/key.txt`
        content/folder: error[source-unreadable]: this link leads out of the content folder
        content/key.txt: error[source-unreadable]: this link leads out of the content folder
        static/folder: error[source-unreadable]: this link leads out of the project's folder
        static/key.txt: error[source-unreadable]: this link leads out of the project's folder
        templates/own.html:1:12: error[template]: this template fails: unknown template `../../key.txt`
        templates/page.html: error[source-unreadable]: this link leads out of the project's folder
    "#]]
    .assert_eq(&ran.stdout);
    // As long as anything is published at all, it holds nothing of it.
    for link in ["content/folder", "content/key.txt", "static/folder", "static/key.txt", "templates/page.html"] {
        fs::remove_file(handbook.path(link)).unwrap();
    }
    let handbook = handbook.without("content/t.md").without("templates/own.html");
    handbook.run("build --quiet").status(0);
    let all: String = handbook
        .files("public")
        .iter()
        .map(|file| String::from_utf8_lossy(&fs::read(handbook.path(&format!("public/{file}"))).unwrap()).into_owned())
        .collect();
    assert!(!all.contains("the secret"));
}

/// Each limit as the program has it, and as the guide gives it.
#[test]
fn the_limits_of_the_guide_are_those_of_the_program() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = |file: &str| fs::read_to_string(root.join(file)).unwrap();
    let guide = text("content/guide/limits-and-trust.md");
    for (file, code, row) in [
        ("src/source/mod.rs", "const MOST_BYTES: u64 = 64 << 20;", "| a page's text | 64 MiB |"),
        ("src/source/fence.rs", "const MOST_BYTES: usize = 1 << 20;", "| a page's front matter | 1 MiB |"),
        ("src/source/walk.rs", "const MOST_FILES: usize = 1_000_000;", "| files in the content folder | 1,000,000 |"),
        ("src/source/walk.rs", "const DEEPEST: usize = 64;", "| folders in each other | 64 |"),
        ("src/markdown/container.rs", "const DEEPEST: usize = 32;", "| callouts in each other | 32 |"),
        ("src/markdown/math.rs", "const LONGEST: usize = 8 * 1024;", "| a formula | 8 KiB, with 100 braces"),
        ("src/markdown/math.rs", "const DEEPEST: usize = 100;", "| a formula | 8 KiB, with 100 braces"),
        (
            "src/site/sitemap.rs",
            "const MOST_URLS: usize = 50_000;",
            "| addresses in one file of the sitemap | 50,000 |",
        ),
        (
            "src/cache/mod.rs",
            "const LARGEST: u64 = 256 << 20;",
            "| what is kept between builds and between checks of other sites, of all your handbooks | 256 MiB |",
        ),
        (
            "src/markdown/policy/tangle.rs",
            "const DEEPEST: usize = 256;",
            "| elements of HTML in each other, where they are sanitised | 256 |",
        ),
    ] {
        assert!(text(file).contains(code), "{file} has another limit than {code}");
        assert!(guide.contains(row), "the guide lacks: {row}");
    }
}
