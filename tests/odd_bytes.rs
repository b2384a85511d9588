//! Files as editors and other systems leave them behind. Each gets the right page or a message with its place, and none is
//! dropped. They are written here and not as files, because the bytes that matter would not survive an editor.

use std::sync::Arc;

use expect_test::{Expect, expect};
use handbook::diagnostic;
use handbook::project::{self, Overrides};
use handbook::site::Site;
use handbook::source;
use handbook::update::{Changes, update};

/// The title and text of a page with these bytes, and what is reported about it.
#[track_caller]
fn check(bytes: impl AsRef<[u8]>, expected: Expect) {
    let folder = tempfile::tempdir().unwrap();
    let content = folder.path().join("content");
    std::fs::create_dir(&content).unwrap();
    std::fs::write(content.join("page.md"), bytes).unwrap();
    let (project, problems) = project::read(folder.path(), &Overrides::default()).unwrap();
    let project = Arc::new(project);
    let site = update(&Site::empty(project.clone()), &project, problems, Changes::All);
    let page = &site.pages[0];
    let mut told = Vec::new();
    let mut read = |file: &str| source::text(&folder.path().join(file));
    diagnostic::short(&site.diagnostics().cloned().collect::<Vec<_>>(), &mut read, &mut told).unwrap();
    let told = String::from_utf8(told).unwrap();
    expected.assert_eq(&visible(&format!("{}\n{}{told}", page.title, page.document.body.html)));
}

/// The text with everything that nobody can see as `{200B}`.
fn visible(text: &str) -> String {
    let is_visible = |c: char| c.is_alphanumeric() || c.is_ascii_punctuation() || matches!(c, ' ' | '\n' | '\u{FFFD}');
    text.chars().map(|c| if is_visible(c) { c.to_string() } else { format!("{{{:04X}}}", c as u32) }).collect()
}

#[test]
fn crlf() {
    check(
        "---\r\ntitle: Leave\r\ndescription: >-\r\n  Two\r\n  lines\r\n---\r\n\r\n## Days\r\n\r\nOne\r\ntwo\r\n",
        expect![[r##"
            Leave
            <h2 id="days">Days<a class="anchor" href="#days" aria-hidden="true" tabindex="-1"></a></h2>
            <p>One
            two</p>
        "##]],
    );
}

#[test]
fn a_byte_order_mark() {
    check(
        "\u{FEFF}---\ntitle: Leave\n---\nText.\n",
        expect![[r#"
        Leave
        <p>Text.</p>
    "#]],
    );
}

#[test]
fn a_byte_order_mark_before_a_heading() {
    check(
        "\u{FEFF}# Leave\n",
        expect![[r#"
        Leave
    "#]],
    );
}

#[test]
fn no_newline_at_the_end() {
    check(
        "---\ntitle: Leave\n---\n- one\n- two",
        expect![[r#"
        Leave
        <ul>
        <li>one</li>
        <li>two</li>
        </ul>
    "#]],
    );
}

#[test]
fn front_matter_alone_without_newline_at_the_end() {
    check(
        "---\ntitle: Leave\n---",
        expect![[r#"
        Leave
    "#]],
    );
}

#[test]
fn tabs_in_lists_and_code() {
    check(
        "-\tone\n\t-\ttwo\n\n\tcode\n",
        expect![[r#"
        Page
        <ul>
        <li>
        <p>one</p>
        <ul>
        <li>two</li>
        </ul>
        <p>code</p>
        </li>
        </ul>
    "#]],
    );
}

#[test]
fn a_tab_in_front_matter() {
    check(
        "---\ntitle: Leave\n\tweight: 1\n---\nText.\n",
        expect![[r#"
        Page
        <p>Text.</p>
        content/page.md:3:1: error[front-matter-syntax]: this line is indented with a tab, which YAML does not allow
    "#]],
    );
}

#[test]
fn blanks_behind_the_fences_of_front_matter() {
    check(
        "--- \ntitle: Leave\n---\t\nText.\n",
        expect![[r#"
        Leave
        <p>Text.</p>
    "#]],
    );
}

#[test]
fn blank_lines_before_front_matter() {
    check(
        "\n\n---\ntitle: Leave\n---\nText.\n",
        expect![[r#"
        Leave
        <p>Text.</p>
    "#]],
    );
}

#[test]
fn a_no_break_space_in_a_text() {
    check(
        "# Leave\u{A0}days\n\nTen\u{A0}days\n",
        expect![[r#"
            Leave{00A0}days
            <p>Ten{00A0}days</p>
        "#]],
    );
}

#[test]
fn a_no_break_space_in_front_matter() {
    check(
        "---\ntitle:\u{A0}Leave\n---\nText.\n",
        expect![[r#"
        Page
        <p>Text.</p>
        content/page.md:2:6: error[front-matter-syntax]: the space after `title:` is not an ordinary one (U+00A0)
    "#]],
    );
}

#[test]
fn a_no_break_space_behind_a_heading_s_signs() {
    check(
        "##\u{A0}Days\n",
        expect![[r#"
            Page
            <p>##{00A0}Days</p>
        "#]],
    );
}

#[test]
fn zero_width_characters() {
    check(
        "# Le\u{200B}ave\n\n[x](#lea\u{200B}ve)\n\nA\u{200D}B\u{2060}C\u{AD}D\n",
        expect![[r#"
            Le{200B}ave
            <p><a href="">x</a></p>
            <p>A{200D}B{2060}C{00AD}D</p>
        "#]],
    );
}

#[test]
fn a_zero_width_space_before_front_matter() {
    check(
        "\u{200B}---\ntitle: Leave\n---\nText.\n",
        expect![[r#"
            Leave
            <p>Text.</p>
        "#]],
    );
}

#[test]
fn bytes_that_are_not_utf8() {
    check(
        b"# Caf\xE9\n\nText \xFF\xFE.\n",
        expect![[r#"
        Caf�
        <p>Text ��.</p>
        content/page.md:1:6: warning[encoding]: this file is not UTF-8: 3 bytes cannot be read, the first one here
    "#]],
    );
}

#[test]
fn utf16() {
    let text = "\u{FEFF}# Leave\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(
        bytes,
        expect![[r#"
        Leave
        content/page.md: warning[encoding]: this file is UTF-16, not UTF-8
    "#]],
    );
}

#[test]
fn a_null() {
    check(
        "# Leave\0\n\nText.\n",
        expect![[r#"
        Leave�
        <p>Text.</p>
        content/page.md:1:8: warning[encoding]: this file holds 1 NUL byte, which no text has
    "#]],
    );
}

#[test]
fn only_carriage_returns() {
    check(
        "# Leave\r\rText.\r",
        expect![[r#"
        Leave
        <p>Text.</p>
    "#]],
    );
}

#[test]
fn a_key_twice() {
    check(
        "---\ntitle: First\nweight: 1\ntitle: Last\nnav_order: 2\n---\nText.\n",
        expect![[r#"
        Last
        <p>Text.</p>
        content/page.md:4:1: warning[front-matter-duplicate]: `title` is given twice
        content/page.md:5:1: warning[front-matter-duplicate]: `nav_order` means the same as `weight`, which is given above
    "#]],
    );
}

#[test]
fn front_matter_that_is_not_closed() {
    check(
        "---\ntitle: Leave\n\nText.\n",
        expect![[r#"
        Page
        <p>Text.</p>
        content/page.md:1:1: error[front-matter-syntax]: the front matter has no closing `---` line
    "#]],
    );
}

#[test]
fn front_matter_that_is_empty() {
    check(
        "---\n---\n# Leave\n",
        expect![[r#"
        Leave
    "#]],
    );
}

#[test]
fn nothing_but_blanks() {
    check(
        " \n\t\n\u{A0}\n",
        expect![[r#"
            Page
            <p>{00A0}</p>
        "#]],
    );
}

#[test]
fn characters_that_turn_the_text_round() {
    check(
        "# Leave\n\n\u{202E}txet\u{202C}\n",
        expect![[r#"
        Leave
        <p>{202E}txet{202C}</p>
    "#]],
    );
}
