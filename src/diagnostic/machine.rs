//! Diagnostics for other programs: one line each.

use std::collections::HashMap;
use std::io;

use xxhash_rust::xxh3::Xxh3;

use super::position::{Files, Position};
use super::{Diagnostic, Severity};

/// `file:line:col: severity[code]: message`, as editors and terminals know it.
pub fn short(
    diagnostics: &[Diagnostic],
    read: &mut dyn FnMut(&str) -> Option<String>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    each(diagnostics, read, |diagnostic, position| {
        let place = match (diagnostic.file.as_str(), position) {
            ("", _) => String::new(),
            (file, None) => format!("{}: ", file),
            (file, Some(at)) => format!("{}:{}:{}: ", file, at.line, at.column),
        };
        writeln!(out, "{place}{}[{}]: {}", diagnostic.severity, diagnostic.code, diagnostic.message)
    })
}

/// One JSON object a line, always with the same keys; `null` where there is nothing.
pub fn json(
    diagnostics: &[Diagnostic],
    read: &mut dyn FnMut(&str) -> Option<String>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    each(diagnostics, read, |diagnostic, position| {
        let object = serde_json::json!({
            "severity": diagnostic.severity.name(),
            "code": diagnostic.code.name(),
            "path": (!diagnostic.file.is_empty()).then_some(&diagnostic.file),
            "line": position.map(|at| at.line),
            "column": position.map(|at| at.column),
            "message": diagnostic.message,
            "help": diagnostic.help,
            "url": diagnostic.code.url(),
        });
        writeln!(out, "{object}")
    })
}

/// Commands for GitHub Actions, which shows them beside the changed lines.
pub fn github(
    diagnostics: &[Diagnostic],
    read: &mut dyn FnMut(&str) -> Option<String>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    each(diagnostics, read, |diagnostic, position| {
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let mut properties = Vec::new();
        if !diagnostic.file.is_empty() {
            properties.push(format!("file={}", escaped(&diagnostic.file, true)));
        }
        if let Some(at) = position {
            properties.push(format!("line={},col={}", at.line, at.column));
        }
        properties.push(format!("title={}", diagnostic.code));
        let help = diagnostic.help.iter().map(|help| format!("%0A{}", escaped(help, false)));
        let text: String = std::iter::once(escaped(&diagnostic.message, false)).chain(help).collect();
        writeln!(out, "::{command} {}::{text}", properties.join(","))
    })
}

/// A name for a problem that stays when lines come or go above it. `seen` counts those that are alike.
pub(super) fn fingerprint<'a>(
    diagnostic: &'a Diagnostic,
    seen: &mut HashMap<(&'a str, &'a str, &'a str), usize>,
) -> String {
    let parts = (diagnostic.code.name(), diagnostic.file.as_str(), diagnostic.message.as_str());
    let n = seen.entry(parts).or_default();
    *n += 1;
    let mut hash = Xxh3::new();
    for part in [parts.0, parts.1, parts.2, &n.to_string()] {
        hash.update(part.as_bytes());
        hash.update(&[0]);
    }
    format!("{:032x}", hash.digest128())
}

fn each(
    diagnostics: &[Diagnostic],
    read: &mut dyn FnMut(&str) -> Option<String>,
    mut print: impl FnMut(&Diagnostic, Option<Position>) -> io::Result<()>,
) -> io::Result<()> {
    let mut files = Files::new(diagnostics, read);
    diagnostics.iter().try_for_each(|diagnostic| {
        let position = files.with_line(diagnostic, |line| line.map(|line| line.position));
        print(diagnostic, position)
    })
}

/// The escapes of GitHub's commands: in a property, two more characters have a meaning.
fn escaped(text: &str, is_property: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            ':' if is_property => out.push_str("%3A"),
            ',' if is_property => out.push_str("%2C"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::diagnostic::{Code, Span};

    type Printer = fn(&[Diagnostic], &mut dyn FnMut(&str) -> Option<String>, &mut dyn io::Write) -> io::Result<()>;

    fn check(printer: Printer, expect: Expect) {
        let diagnostics = [
            Diagnostic::new(Code::LinkPage, "no page `b.md`")
                .in_file("content/a.md")
                .at(Span::new(8, 9))
                .help("100% sure:\nadd it"),
            Diagnostic::new(Code::UrlCollision, "two\r\nlines \"quoted\"").in_file("content/x,y:z.md"),
            Diagnostic::new(Code::Template, "gone").in_file("content/missing.md").at(Span::new(1, 2)),
            Diagnostic { severity: Severity::Note, ..Diagnostic::new(Code::NavPage, "the whole site: 100%") },
        ];
        let mut out = Vec::new();
        let mut read = |file: &str| (file == "content/a.md").then(|| "日本\n\tx\n".to_owned());
        printer(&diagnostics, &mut read, &mut out).unwrap();
        expect.assert_eq(&String::from_utf8(out).unwrap());
    }

    #[test]
    fn short_lines() {
        check(
            short,
            expect![[r#"
            content/a.md:2:2: warning[link-page]: no page `b.md`
            content/x,y:z.md: error[url-collision]: two  lines "quoted"
            content/missing.md: error[template]: gone
            note[nav-page]: the whole site: 100%
        "#]],
        );
    }

    #[test]
    fn json_lines() {
        check(
            json,
            expect![[r#"
                {"severity":"warning","code":"link-page","path":"content/a.md","line":2,"column":2,"message":"no page `b.md`","help":"100% sure: add it","url":"https://example.github.io/handbook/guide/messages/link-page/"}
                {"severity":"error","code":"url-collision","path":"content/x,y:z.md","line":null,"column":null,"message":"two  lines \"quoted\"","help":null,"url":"https://example.github.io/handbook/guide/messages/url-collision/"}
                {"severity":"error","code":"template","path":"content/missing.md","line":null,"column":null,"message":"gone","help":null,"url":"https://example.github.io/handbook/guide/messages/template/"}
                {"severity":"note","code":"nav-page","path":null,"line":null,"column":null,"message":"the whole site: 100%","help":null,"url":"https://example.github.io/handbook/guide/messages/nav-page/"}
            "#]],
        );
    }

    #[test]
    fn github_commands() {
        check(
            github,
            expect![[r#"
                ::warning file=content/a.md,line=2,col=2,title=link-page::no page `b.md`%0A100%25 sure: add it
                ::error file=content/x%2Cy%3Az.md,title=url-collision::two  lines "quoted"
                ::error file=content/missing.md,title=template::gone
                ::notice title=nav-page::the whole site: 100%25
            "#]],
        );
    }
}
