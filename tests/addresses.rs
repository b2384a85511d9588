//! Where pages and files are published, and where links to them lead, on sites of a few lines.

use std::fs;
use std::path::Path;

use clap::Parser;
use expect_test::{Expect, expect};
use handbook::cli::{Cli, Command};
use handbook::commands::{self, Console};

/// Builds a site of these files. Expected is what is reported, then every page with its text.
fn check(files: &[(&str, &str)], expected: Expect) {
    let folder = tempfile::tempdir().unwrap();
    let templates =
        ["home", "section", "page", "404"].map(|name| (format!("templates/{name}.html"), "{{ page.content | safe }}"));
    let redirect = ("templates/redirect.html".to_string(), "to {{ target | safe }} {{ canonical | safe }}\n");
    let files = files.iter().map(|(path, text)| (path.to_string(), *text));
    for (path, text) in templates.into_iter().chain([redirect]).chain(files) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut messages = Vec::new();
    let (mut err, root) = (Vec::new(), folder.path().to_str().unwrap());
    let cli = Cli::try_parse_from(["handbook", "build", root, "--format", "short", "--quiet"]).unwrap();
    let Command::Build(arguments) = &cli.command else { unreachable!("`build` was asked for") };
    let mut console = Console { out: &mut messages, err: &mut err, colour: false, is_terminal: false };
    let outcome = commands::build::run(arguments, &mut console);
    let mut shown = String::from_utf8(messages).unwrap();
    if let Err(error) = outcome {
        shown.push_str(&format!("stopped: {error:#}\n"));
    }
    pages(&folder.path().join("public"), "", &mut shown);
    expected.assert_eq(&shown);
}

fn pages(folder: &Path, name: &str, shown: &mut String) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let name = format!("{name}/{}", path.file_name().unwrap().to_str().unwrap());
        // The theme's own pages are none of the content's addresses.
        if name == "/404.html" || name == "/search" {
            continue;
        }
        if name == "/assets" {
            continue;
        }
        if path.is_dir() {
            pages(&path, &name, shown);
        } else if name.ends_with(".html") {
            let text = fs::read_to_string(&path).unwrap();
            shown.push_str(&format!("{name}: {}\n", text.trim_end()));
        }
    }
}

#[test]
fn an_index_html_is_its_folder_s_page() {
    check(
        &[("content/index.md", "[a](demo/) [b](/demo) [c](demo/index.html)\n"), ("content/demo/index.html", "Demo")],
        expect![[r#"
            /demo/index.html: Demo
            /index.html: <p><a href="/demo/">a</a> <a href="/demo/">b</a> <a href="/demo/">c</a></p>
        "#]],
    );
    check(
        &[("content/index.md", "Home\n"), ("content/demo/index.html", "Demo"), ("content/demo.md", "Page")],
        expect![[r#"
            content/demo/index.html: error[url-collision]: `content/demo.md` and `content/demo/index.html` both have the URL `/demo/`
        "#]],
    );
    check(
        &[("content/index.md", "Home\n"), ("content/demo/index.html", "Demo"), ("content/demo/page.md", "Page")],
        expect![[r#"
            /demo/index.html: Demo
            /demo/page/index.html: <p>Page</p>
            /index.html: <p>Home</p>
        "#]],
    );
}

#[test]
fn a_path_that_ends_with_index_html_is_the_folder_s() {
    check(
        &[
            ("content/index.md", "[a](/b/index.html)\n"),
            ("content/a.md", "---\nurl: /b/index.html\naliases: [/b/index.html, /old/index.html]\n---\nA"),
        ],
        expect![[r#"
            /b/index.html: <p>A</p>
            /index.html: <p><a href="/b/">a</a></p>
            /old/index.html: to /b/
        "#]],
    );
}

#[test]
fn a_host_is_one_with_its_port() {
    let links = "[a](http://localhost:8080/x/) [b](http://localhost/x/) [c](http://localhost:9090/x/)\n";
    check(
        &[("site.toml", "base_url = \"http://localhost:8080/\"\n"), ("content/index.md", links)],
        expect![[r#"
        content/index.md:1:1: warning[link-page]: there is no page `/x/`
        /index.html: <p><a href="http://localhost:8080/x/">a</a> <a href="http://localhost/x/">b</a> <a href="http://localhost:9090/x/">c</a></p>
    "#]],
    );
    let links = "[a](https://e.org/x/) [b](https://E.org:443/x/) [c](//e.org/x/) [d](https://e.org:8443/x/)\n";
    check(
        &[("site.toml", "base_url = \"https://e.org\"\n"), ("content/index.md", links)],
        expect![[r#"
        content/index.md:1:1: warning[link-page]: there is no page `/x/`
        content/index.md:1:23: warning[link-page]: there is no page `/x/`
        content/index.md:1:49: warning[link-page]: there is no page `/x/`
        /index.html: <p><a href="https://e.org/x/">a</a> <a href="https://E.org:443/x/">b</a> <a href="//e.org/x/">c</a> <a href="https://e.org:8443/x/">d</a></p>
    "#]],
    );
}

#[test]
fn a_page_can_be_set_to_end_with_html() {
    check(
        &[
            ("content/index.md", "[a](/about.html) [b](about.md) [c](/about)"),
            ("content/about.md", "---\nurl: /about.html\naliases: /about.html\n---\n[a](a/b.md) [index](.)"),
            ("content/a/b.md", "---\nurl: /a/b.htm\n---\n[c](c.md) [about](../about.html)"),
            ("content/a/c.md", "[b](b.md) [b](../b.htm)"),
        ],
        expect![[r#"
            content/index.md:1:32: warning[link-page]: there is no page `/about`
            /a/c/index.html: <p><a href="/a/b.htm">b</a> <a href="/a/b.htm">b</a></p>
            /a/index.html: 
            /about.html: <p><a href="/a/b.htm">a</a> <a href="/">index</a></p>
            /index.html: <p><a href="/about.html">a</a> <a href="/about.html">b</a> <a href="/about">c</a></p>
        "#]],
    );
}

#[test]
fn a_file_in_the_place_of_a_folder_is_named_with_both_files() {
    check(
        &[
            ("content/a.md", "---\naliases: [/sitemap.xml/, /b.html/]\n---\n"),
            ("content/b.md", "---\nurl: /c/b.html\naliases: /b.html\n---\n"),
            ("content/d.md", "---\nurl: /c/b.html/d/\n---\n"),
            ("content/e", ""),
            ("content/e.md", ""),
        ],
        expect![[r#"
            content/a.md: error[url-collision]: `/b.html` (`content/b.md`) is a file, but `/b.html/` (`content/a.md`) needs a folder of that name
            content/a.md: error[url-collision]: `/sitemap.xml` is a file, but `/sitemap.xml/` (`content/a.md`) needs a folder of that name
            content/d.md: error[url-collision]: `/c/b.html` (`content/b.md`) is a file, but `/c/b.html/d/` (`content/d.md`) needs a folder of that name
            content/e.md: error[url-collision]: `/e` (`content/e`) is a file, but `/e/` (`content/e.md`) needs a folder of that name
        "#]],
    );
}

#[test]
fn a_list_of_pages_has_no_headings_to_link_to() {
    check(
        &[("content/index.md", "[a](/a/#b) [b](a/#b) [c](/a/#) [d](/a/#top) [e](/a/?q#x)"), ("content/a/b.md", "")],
        expect![[r#"
            content/index.md:1:1: warning[link-anchor]: `/a/` is a list of pages, and has no heading or anchor `#b`
            content/index.md:1:12: warning[link-anchor]: `/a/` is a list of pages, and has no heading or anchor `#b`
            content/index.md:1:45: warning[link-anchor]: `/a/` is a list of pages, and has no heading or anchor `#x`
            /a/b/index.html: 
            /a/index.html: 
            /index.html: <p><a href="/a/#b">a</a> <a href="/a/#b">b</a> <a href="/a/#">c</a> <a href="/a/#top">d</a> <a href="/a/?q#x">e</a></p>
        "#]],
    );
}

#[test]
fn a_dot_is_the_page_s_own_folder() {
    check(
        &[("content/index.md", "Home"), ("content/a.md", "[a](.) [b](./) [c](..) [d](../)")],
        expect![[r#"
        /a/index.html: <p><a href="/a/">a</a> <a href="/a/">b</a> <a href="/">c</a> <a href="/">d</a></p>
        /index.html: <p>Home</p>
    "#]],
    );
}

#[test]
fn a_broken_link_stays_under_the_base_path() {
    let links = "[a](/x/) [b](/base/x/) [c](/x/?to=https://e.org) [d](https://h.org/base/x/) [e](//h.org/base/x/)\n";
    check(
        &[("site.toml", "base_url = \"https://h.org/base/\"\n"), ("content/index.md", links)],
        expect![[r#"
        content/index.md:1:1: warning[link-page]: there is no page `/x/`
        content/index.md:1:10: warning[link-page]: there is no page `/base/x/`
        content/index.md:1:24: warning[link-page]: there is no page `/x/`
        content/index.md:1:50: warning[link-page]: there is no page `/x/`
        content/index.md:1:77: warning[link-page]: there is no page `/x/`
        /index.html: <p><a href="/base/x/">a</a> <a href="/base/x/">b</a> <a href="/base/x/?to=https://e.org">c</a> <a href="https://h.org/base/x/">d</a> <a href="//h.org/base/x/">e</a></p>
    "#]],
    );
}

#[test]
fn redirects_lead_to_other_sites_and_are_reported_in_a_circle() {
    check(
        &[
            ("site.toml", "base_url = \"https://h.org/base/\"\n"),
            ("content/index.md", "Home"),
            ("content/a.md", "---\nredirect_to: //e.org/x\n---\n"),
            ("content/b.md", "---\nredirect_to: /b/\n---\n"),
            ("content/c.md", "---\nredirect_to: d.md\n---\n"),
            ("content/d.md", "---\nredirect_to: c.md\n---\n"),
        ],
        expect![[r#"
            content/b.md:2:14: warning[link-page]: this redirect leads in a circle, so that no page is ever shown
            content/c.md:2:14: warning[link-page]: this redirect leads in a circle, so that no page is ever shown
            content/d.md:2:14: warning[link-page]: this redirect leads in a circle, so that no page is ever shown
            /a/index.html: to //e.org/x //e.org/x
            /b/index.html: to /base/b/ https://h.org/base/b/
            /c/index.html: to /base/d/ https://h.org/base/d/
            /d/index.html: to /base/c/ https://h.org/base/c/
            /index.html: <p>Home</p>
        "#]],
    );
}

#[test]
fn a_section_s_bar_holds_for_the_pages_below_and_not_while_it_is_a_draft() {
    let page = "{% for link in nav.section %}{{ link.title }} {{ link.url | safe }} {% endfor %}";
    check(
        &[
            ("content/people/_index.md", "---\nsection_nav: [{title: A, url: '#a'}]\n---\n## A\n"),
            ("content/people/leave.md", "Leave"),
            (
                "content/draft.md",
                "---\ndraft: true\nurl: /people/leave/\nsection_nav: [{title: B, url: /nope/}]\n---\n",
            ),
            ("templates/page.html", page),
        ],
        expect![[r##"
            /index.html: 
            /people/index.html: <h2 id="a">A<a class="anchor" href="#a" aria-hidden="true" tabindex="-1"></a></h2>
            /people/leave/index.html: A /people/#a
        "##]],
    );
}

#[test]
fn redirects_of_the_settings_are_straightened() {
    check(
        &[
            (
                "site.toml",
                "base_url = \"/b/\"\n[redirects]\n\"/old/\" = \"/a/#x\"\n\"/older\" = \"/old/\"\n\"/f.pdf\" = \"https://e.org/f\"\n\
                 \"/x/\" = \"/y/\"\n\"/y/\" = \"/x/\"\n\"/n/\" = \"/nope/\"\n\"/a/\" = \"/old/\"\n\"https://e.org/\" = \"/a/\"\n",
            ),
            ("content/index.md", "[a](/old/)"),
            ("content/a.md", "---\naliases: [/oldest/]\n---\n## X\n"),
        ],
        expect![[r##"
            content/index.md:1:1: note[link-redirect]: `/old/` has moved to `/a/#x`
            site.toml:4:12: warning[redirect-chain]: this redirect leads to another one, and in the end to `/a/#x`
            site.toml:6:9: warning[link-page]: this redirect leads in a circle, so that no page is ever shown
            site.toml:7:9: warning[link-page]: this redirect leads in a circle, so that no page is ever shown
            site.toml:8:9: warning[link-page]: there is no page `/nope/`
            site.toml:9:9: warning[alias]: `/a/` cannot lead here: `content/a.md` is there already
            site.toml:10:1: warning[alias]: the redirect `https://e.org/` is not a path of this site
            /a/index.html: <h2 id="x">X<a class="anchor" href="#x" aria-hidden="true" tabindex="-1"></a></h2>
            /f.pdf/index.html: to https://e.org/f https://e.org/f
            /index.html: <p><a href="/b/old/">a</a></p>
            /n/index.html: to /b/nope/
            /old/index.html: to /b/a/#x
            /older/index.html: to /b/a/#x
            /oldest/index.html: to /b/a/
            /x/index.html: to /b/y/
            /y/index.html: to /b/x/
        "##]],
    );
}

#[test]
fn former_anchors_land_at_headings_and_elsewhere() {
    check(
        &[
            ("content/index.md", "[a](/a/#old) [b](a.md#gone) [c](a.md#far) [d](a.md#dead)"),
            (
                "content/a.md",
                "---\nanchors:\n  older: old\n  old: new\n  gone: top\n  far: b.md#there\n  dead: nope\n  same: same\n  new: x\n  c: d\n  d: c\n---\n## New\n",
            ),
            ("content/b.md", "---\ntitle: B & b\n---\n## There\n"),
        ],
        expect![[r##"
            content/a.md:7:9: warning[link-anchor]: this page has no heading or anchor `#nope`
            content/a.md:8:9: warning[alias]: the former anchor `#same` leads in a circle
            content/a.md:9:3: warning[alias]: `#new` is a heading or anchor of this page, so that this entry does nothing
            content/a.md:9:8: warning[link-anchor]: this page has no heading or anchor `#x`
            content/a.md:10:6: warning[alias]: the former anchor `#c` leads in a circle
            content/a.md:11:6: warning[alias]: the former anchor `#d` leads in a circle
            /a/index.html: <h2 id="new">New<a class="anchor" href="#new" aria-hidden="true" tabindex="-1"></a></h2>
            <p class="moved" id="older">This section has moved to <a href="#x">New</a></p>
            <p class="moved" id="old">This section has moved to <a href="#x">New</a></p>
            <p class="moved" id="gone">This section has moved to <a href="#top">New</a></p>
            <p class="moved" id="far">This section has moved to <a href="/b/#there">B &amp; b: There</a></p>
            <p class="moved" id="dead">This section has moved to <a href="#nope">New</a></p>
            <script>(f=>{f();addEventListener("hashchange",f)})(()=>{let h=location.hash.slice(1);try{h=decodeURIComponent(h)}catch{}let n=document.getElementById(h),a=n&&n.matches(".moved")&&n.querySelector("a");a&&location.replace(a.href)})</script>
            /b/index.html: <h2 id="there">There<a class="anchor" href="#there" aria-hidden="true" tabindex="-1"></a></h2>
            /index.html: <p><a href="/a/#old">a</a> <a href="/a/#gone">b</a> <a href="/a/#far">c</a> <a href="/a/#dead">d</a></p>
        "##]],
    );
}

#[test]
fn files_of_styles_are_found_like_any_other() {
    check(
        &[
            ("site.toml", "base_url = \"https://h.org/hb/\"\n"),
            ("content/_index.md", "# Home\n"),
            ("content/a.png", "png"),
            (
                "content/gfm.md",
                "<style>\n.a { background: url(/a.png) }\n.b { background: url(\"/no.png\") }\n</style>\n\n<p style=\"background:url('/a.png')\" id=\"b\">x</p>\n",
            ),
            (
                "content/kramdown.md",
                "{:.a}\nText\n\n<style>\n.a { background: url(/a.png) }\n.b { background: url(/no.png) }\n</style>\n\n<p style=\"background:url('/a.png')\">x</p>\n",
            ),
        ],
        expect![[r#"
            content/gfm.md:3:23: warning[link-asset]: there is no image `/no.png`
            content/kramdown.md:6:22: warning[link-asset]: there is no image `/no.png`
            /gfm/index.html: <style>
            .a { background: url(/hb/a.png) }
            .b { background: url("/hb/no.png") }
            </style>
            <p style="background:url('/hb/a.png')" id="b">x</p>
            /index.html: 
            /kramdown/index.html: <p class="a">Text</p>
            <style>
            .a { background: url(/hb/a.png) }
            .b { background: url(/hb/no.png) }
            </style>
            <p style="background:url(&#39;/hb/a.png&#39;)">x</p>
        "#]],
    );
}
