//! Diagnostics for people: the message, the place with the author's line, and how to mend it.

use std::io;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::position::{Files, SpannedLine};
use super::{Diagnostic, Severity};

/// How much of a very long line is shown before and behind its span.
const CONTEXT: usize = 40;
/// How much of a very long span is shown.
const MOST_MARKED: usize = 80;

/// Prints each diagnostic in the style of the Rust compiler, with an empty line behind it.
///
/// `read` gives a file's text, in which the spans are. A file that cannot be read any more loses its line, nothing else.
pub fn human(
    diagnostics: &[Diagnostic],
    read: &mut dyn FnMut(&str) -> Option<String>,
    colour: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    // Wide enough that only we cut lines: a character can be two columns wide.
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(4 * CONTEXT + 2 * MOST_MARKED + 40);
    let mut files = Files::new(diagnostics, read);
    diagnostics.iter().try_for_each(|diagnostic| {
        let text = files.with_line(diagnostic, |line| render(&renderer, diagnostic, line));
        writeln!(out, "{text}\n")
    })
}

fn render(renderer: &Renderer, diagnostic: &Diagnostic, line: Option<SpannedLine<'_>>) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.name());
    // Without styles, the renderer leaves the link out.
    let title = title.id_url(diagnostic.code.url());
    let mut group = annotate_snippets::Group::with_title(title);
    if !diagnostic.file.is_empty() {
        let origin = Origin::path(diagnostic.file.as_str());
        group = group.element(match &line {
            Some(line) => origin.line(line.position.line).char_column(line.position.column),
            None => origin,
        });
    }
    if let Some(line) = &line {
        let (text, range) = window(line);
        let snippet = Snippet::source(text).line_start(line.position.line);
        group = group.element(snippet.annotation(AnnotationKind::Primary.span(range)));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let text = renderer.render(&[group]);
    // The renderer takes a snippet without a path for that of another file and says so with an empty `:::` line. But
    // only a place of our own, given before the snippet, has the right column where the line is cut.
    let is_mark = |line: &str| {
        line.contains(":::")
            && line.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | ':' | '[' | 'm' | '\u{1b}'))
    };
    let lines: Vec<&str> = text.lines().filter(|line| !is_mark(line)).collect();
    lines.join("\n")
}

/// The line and its span, cut to what a person can take in. Nothing that follows has to handle a line of megabytes.
fn window(line: &SpannedLine<'_>) -> (String, std::ops::Range<usize>) {
    let before = tail(&line.text[..line.range.start], CONTEXT);
    let marked = head(&line.text[line.range.clone()], MOST_MARKED);
    let after = if marked.len() < line.range.len() { "" } else { head(&line.text[line.range.end..], CONTEXT) };
    let is_cut_before = before.len() < line.range.start;
    let is_cut_after = before.len() + marked.len() + after.len() < line.text.len() - (line.range.start - before.len());
    let mut text = String::from(if is_cut_before { "…" } else { "" });
    text.push_str(before);
    let start = text.len();
    text.push_str(marked);
    let end = text.len();
    text.push_str(after);
    if is_cut_after {
        text.push('…');
    }
    (text, start..end)
}

fn head(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(end, _)| &text[..end])
}

fn tail(text: &str, most: usize) -> &str {
    text.char_indices().rev().nth(most - 1).map_or(text, |(start, _)| &text[start..])
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::diagnostic::{Code, Span};

    fn shown(diagnostics: &[Diagnostic], text: Option<&str>, colour: bool) -> String {
        let mut out = Vec::new();
        human(diagnostics, &mut |_| text.map(str::to_owned), colour, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn check(text: &str, start: usize, end: usize, expect: Expect) {
        let diagnostic =
            Diagnostic::new(Code::LinkAnchor, "no heading `#x`").in_file("content/a.md").at(Span::new(start, end));
        let shown = shown(&[diagnostic.help("a similar heading is `#y`")], Some(text), false);
        expect.assert_eq(&shown.replace('\u{200B}', "<zero>").replace('\u{301}', "<accent>"));
    }

    #[test]
    fn the_span_is_marked_in_its_line() {
        check(
            "one\ntwo [x](#x) three\nfour\n",
            8,
            15,
            expect![[r#"
                warning[link-anchor]: no heading `#x`
                 --> content/a.md:2:5
                  |
                2 | two [x](#x) three
                  |     ^^^^^^^
                  |
                  = help: a similar heading is `#y`

            "#]],
        );
        check(
            "one\r\ntwo #x\r\n",
            9,
            11,
            expect![[r#"
                warning[link-anchor]: no heading `#x`
                 --> content/a.md:2:5
                  |
                2 | two #x
                  |     ^^
                  |
                  = help: a similar heading is `#y`

            "#]],
        );
    }

    #[test]
    fn tabs_wide_and_invisible_characters_keep_the_marks_in_place() {
        check(
            "\ta\t#x",
            3,
            5,
            expect![[r#"
                warning[link-anchor]: no heading `#x`
                 --> content/a.md:1:4
                  |
                1 |     a    #x
                  |          ^^
                  |
                  = help: a similar heading is `#y`

            "#]],
        );
        check(
            "日本語 #x 日本語",
            10,
            12,
            expect![[r#"
                warning[link-anchor]: no heading `#x`
                 --> content/a.md:1:5
                  |
                1 | 日本語 #x 日本語
                  |        ^^
                  |
                  = help: a similar heading is `#y`

            "#]],
        );
        check(
            "a\u{200B}\u{301}b #x",
            8,
            10,
            expect![[r#"
                warning[link-anchor]: no heading `#x`
                 --> content/a.md:1:6
                  |
                1 | a<zero><accent>b #x
                  |    ^^
                  |
                  = help: a similar heading is `#y`

            "#]],
        );
        check(
            "a\u{200B}b",
            1,
            4,
            expect![[r#"
                warning[link-anchor]: no heading `#x`
                 --> content/a.md:1:2
                  |
                1 | a<zero>b
                  |  ^
                  |
                  = help: a similar heading is `#y`

            "#]],
        );
        check(
            "a\u{1b}[31mred",
            1,
            2,
            expect![[r#"
                warning[link-anchor]: no heading `#x`
                 --> content/a.md:1:2
                  |
                1 | a␛[31mred
                  |  ^
                  |
                  = help: a similar heading is `#y`

            "#]],
        );
        check(
            "👩‍👩‍👧 #x",
            19,
            21,
            expect![[r#"
                warning[link-anchor]: no heading `#x`
                 --> content/a.md:1:7
                  |
                1 | 👩👩👧 #x
                  |        ^^
                  |
                  = help: a similar heading is `#y`

            "#]],
        );
    }

    #[test]
    fn containers_of_other_dialects_are_shown() {
        check(
            "::: note #x\n",
            9,
            11,
            expect![[r#"
            warning[link-anchor]: no heading `#x`
             --> content/a.md:1:10
              |
            1 | ::: note #x
              |          ^^
              |
              = help: a similar heading is `#y`

        "#]],
        );
        check(
            "::: \n",
            0,
            3,
            expect![[r#"
            warning[link-anchor]: no heading `#x`
             --> content/a.md:1:1
              |
            1 | ::: 
              | ^^^
              |
              = help: a similar heading is `#y`

        "#]],
        );
    }

    #[test]
    fn spans_that_cannot_be_shown_are_moved() {
        check(
            "ab\ncd",
            100,
            200,
            expect![[r#"
                warning[link-anchor]: no heading `#x`
                 --> content/a.md:2:3
                  |
                2 | cd
                  |   ^
                  |
                  = help: a similar heading is `#y`

            "#]],
        );
        check(
            "",
            0,
            0,
            expect![[r#"
                warning[link-anchor]: no heading `#x`
                 --> content/a.md:1:1
                  |
                1 |
                  | ^
                  |
                  = help: a similar heading is `#y`

            "#]],
        );
        check(
            "ab\ncd\nef",
            1,
            8,
            expect![[r#"
                warning[link-anchor]: no heading `#x`
                 --> content/a.md:1:2
                  |
                1 | ab
                  |  ^
                  |
                  = help: a similar heading is `#y`

            "#]],
        );
        check(
            "日",
            1,
            2,
            expect![[r#"
                warning[link-anchor]: no heading `#x`
                 --> content/a.md:1:1
                  |
                1 | 日
                  | ^
                  |
                  = help: a similar heading is `#y`

            "#]],
        );
        check(
            "ab\n",
            2,
            3,
            expect![[r#"
                warning[link-anchor]: no heading `#x`
                 --> content/a.md:1:3
                  |
                1 | ab
                  |   ^
                  |
                  = help: a similar heading is `#y`

            "#]],
        );
    }

    #[test]
    fn long_lines_are_cut_around_the_span() {
        let long = format!("{}#x{}", "before ".repeat(1000), " after".repeat(1000));
        check(
            &long,
            7000,
            7002,
            expect![[r#"
                warning[link-anchor]: no heading `#x`
                 --> content/a.md:1:7001
                  |
                1 | …fore before before before before before #x after after after after after after aft…
                  |                                          ^^
                  |
                  = help: a similar heading is `#y`

            "#]],
        );
        check(
            &"x".repeat(100_000),
            50_000,
            90_000,
            expect![[r#"
                warning[link-anchor]: no heading `#x`
                 --> content/a.md:1:50001
                  |
                1 | …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
                  |                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                  |
                  = help: a similar heading is `#y`

            "#]],
        );
    }

    #[test]
    fn without_file_or_place_there_is_no_line() {
        let whole = Diagnostic::new(Code::NavPage, "nothing here");
        let file = Diagnostic::new(Code::SourceName, "bad name").in_file("content/a.md").help("rename it");
        let gone = file.clone().at(Span::new(3, 4));
        expect![[r#"
            warning[nav-page]: nothing here

            error[source-name]: bad name
            --> content/a.md
             = help: rename it

            error[source-name]: bad name
            --> content/a.md
             = help: rename it

        "#]]
        .assert_eq(&shown(&[whole, file, gone], None, false));
    }

    #[test]
    fn colours_are_escape_sequences() {
        let diagnostic = Diagnostic::new(Code::Math, "no `\u{1b}[0m`").in_file("a.md").at(Span::new(0, 1));
        expect![[r#"\u{1b}[1m\u{1b}[33mwarning[\u{1b}]8;;https://example.github.io/handbook/guide/messages/math/\u{1b}\\math\u{1b}]8;;\u{1b}\\]\u{1b}[0m\u{1b}[1m: no ` [0m`\u{1b}[0m\n \u{1b}[1m\u{1b}[94m--> \u{1b}[0ma.md:1:1\n  \u{1b}[1m\u{1b}[94m|\u{1b}[0m\n\u{1b}[1m\u{1b}[94m1\u{1b}[0m \u{1b}[1m\u{1b}[94m|\u{1b}[0m x\n  \u{1b}[1m\u{1b}[94m|\u{1b}[0m \u{1b}[1m\u{1b}[33m^\u{1b}[0m\n\n"#]].assert_eq(&shown(&[diagnostic], Some("x"), true).escape_debug().to_string());
    }

    #[test]
    fn each_file_is_read_once() {
        let of = |i: usize| Diagnostic::new(Code::Math, "x").in_file(format!("{}.md", i % 600)).at(Span::new(i, i + 1));
        let diagnostics: Vec<Diagnostic> = (0..3000).map(of).collect();
        let mut n_reads = 0;
        let mut read = |_: &str| {
            n_reads += 1;
            Some("line of text\n".repeat(500))
        };
        human(&diagnostics, &mut read, false, &mut io::sink()).unwrap();
        assert_eq!(n_reads, 600);
    }
}
