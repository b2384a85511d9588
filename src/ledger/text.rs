//! The ledger as the text of its file.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use crate::diagnostic::{Code, Diagnostic, Edit, Fix, Span};
use crate::ledger::{Address, Anchor, LEDGER_NAME, Ledger, Print, What};

/// The form of the file. A program that knows only a lower one must not guess.
const FORM: u32 = 1;

const HEAD: &str = "\
# The addresses that this handbook has published, and the anchors on them. Keep this file together with the pages.
# `handbook check` fails when one of them is lost. To give one up for good, delete its line.
# Written by `handbook check --record` and `handbook publish`; every line stands alone, so in a merge keep both sides.
# Form 1.
";

/// The marks that `git` puts around what two branches changed.
const MARKS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// Reads the ledger. What is no line of it is reported and left out.
pub fn read(text: &str) -> (Ledger, Vec<Diagnostic>) {
    let mut ledger = Ledger::default();
    let mut problems = Vec::new();
    let mut marks: Vec<Span> = Vec::new();
    // Between these marks stands what both branches had before: whoever deleted a line there meant it.
    let mut in_base = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let (start, written) = (at, line.trim_end());
        at += line.len();
        let span = Span::new(start, start + written.len());
        if let Some(mark) = MARKS.iter().find(|mark| written.starts_with(**mark)) {
            marks.push(Span::new(start, at));
            in_base = *mark == "|||||||";
        } else if in_base {
            marks.push(Span::new(start, at));
        } else if let Some(comment) = written.strip_prefix('#') {
            problems.extend(newer(comment, span));
        } else if !written.trim().is_empty() && ledger.take(written, span).is_none() {
            let problem = Diagnostic::new(Code::LedgerSyntax, "this is no line of the ledger").at(span);
            problems.push(problem.help("restore the line from the history of the file, or delete it"));
        }
    }
    if let Some(first) = marks.first() {
        let message = "this file holds the marks of a merge that was not finished; both sides were read";
        let edits = marks.iter().map(|&span| Edit { file: String::new(), span, replacement: String::new() });
        let fix = Fix { title: "keep the lines of both sides".to_string(), edits: edits.collect() };
        let problem = Diagnostic::new(Code::LedgerSyntax, message).at(Span { end: first.start + 7, ..*first }).fix(fix);
        problems.push(problem.help("delete the marks and keep the lines of both sides, or run `handbook check --fix`"));
    }
    problems.sort_by_key(|problem| problem.span);
    (ledger, problems.into_iter().map(|problem| problem.in_file(LEDGER_NAME)).collect())
}

fn newer(comment: &str, span: Span) -> Option<Diagnostic> {
    let form: u32 = comment.trim().strip_prefix("Form ")?.trim_end_matches('.').parse().ok()?;
    let message = format!("this file has form {form}, and we know only form {FORM}");
    let problem = || Diagnostic::new(Code::LedgerSyntax, message).at(span);
    (form > FORM).then(|| problem().help("use the version of handbook that wrote it, or a newer one"))
}

impl Ledger {
    /// Takes in a line. `None` when it is none.
    fn take(&mut self, line: &str, span: Span) -> Option<()> {
        let (place, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (path, id) = match place.split_once('#') {
            Some((path, id)) => (path, Some(id)),
            None => (place, None),
        };
        if !path.starts_with('/') {
            return None;
        }
        // The part of the line that names the place, for messages.
        let span = Span::new(span.start as usize, span.start as usize + place.len());
        if let Some(id) = id {
            let print = match rest {
                "" => None,
                print => Some(Print::parse(print)?),
            };
            let id = decoded(id)?;
            self.address(path, span)?.anchors.insert(id, Anchor { print, span });
            return Some(());
        }
        let mut words = rest.splitn(3, ' ');
        let what = match (words.next()?, words.next(), words.next()) {
            ("page", Some("-"), Some(file)) => What::Page { print: None, file: file.to_string() },
            ("page", Some(print), Some(file)) => {
                What::Page { print: Some(Print::parse(print)?), file: file.to_string() }
            }
            ("list", None, None) => What::List,
            ("file", Some(size), Some(file)) => What::File { size: size.parse().ok()?, file: file.to_string() },
            ("redirect", Some(to), None) => What::Redirect { to: decoded(to)? },
            _ => return None,
        };
        let address = self.address(path, span)?;
        (address.what, address.span) = (what, span);
        Some(())
    }

    fn address(&mut self, path: &str, span: Span) -> Option<&mut Address> {
        let new = || Address { what: What::Unknown, anchors: BTreeMap::new(), span };
        Some(self.addresses.entry(decoded(path)?).or_insert_with(new))
    }
}

/// The text of the ledger's file: the same for the same ledger.
pub fn write(ledger: &Ledger) -> String {
    let mut lines = Vec::new();
    for (path, address) in &ledger.addresses {
        let path = encoded(path);
        let what = match &address.what {
            What::Page { print: Some(print), file } => format!("page {print} {file}"),
            What::Page { print: None, file } => format!("page - {file}"),
            What::List => "list".to_string(),
            What::File { size, file } => format!("file {size} {file}"),
            What::Redirect { to } => format!("redirect {}", encoded(to)),
            What::Unknown => String::new(),
        };
        if !what.is_empty() {
            lines.push(format!("{path} {what}\n"));
        }
        for (id, anchor) in &address.anchors {
            let id = encoded(id);
            lines.push(match anchor.print {
                Some(print) => format!("{path}#{id} {print}\n"),
                None => format!("{path}#{id}\n"),
            });
        }
    }
    lines.sort_unstable();
    HEAD.chars().chain(lines.iter().flat_map(|line| line.chars())).collect()
}

/// With what would end a word of a line, or break it, percent-encoded. Letters of every script stay readable.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' | '#' => out.push_str(&format!("%{:02X}", c as u32)),
            c if c.is_whitespace() || c.is_control() => {
                let mut bytes = [0; 4];
                c.encode_utf8(&mut bytes).bytes().for_each(|byte| out.push_str(&format!("%{byte:02X}")));
            }
            c => out.push(c),
        }
    }
    out
}

fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(|text| text.into_owned())
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    /// What is read, written again, and what was wrong.
    fn check(text: &str, expected: Expect) {
        let (ledger, problems) = read(text);
        let mut out = write(&ledger).strip_prefix(HEAD).unwrap().to_string();
        for problem in &problems {
            let at = problem.span.map_or("", |span| &text[span.range()]);
            out.push_str(&format!(
                "{}: {} at `{at}`\n  {}\n",
                problem.severity,
                problem.message,
                problem.help.as_deref().unwrap_or("")
            ));
        }
        expected.assert_eq(&out);
        assert_eq!(write(&read(&write(&ledger)).0), write(&ledger));
    }

    #[test]
    fn lines_are_sorted_and_each_stands_alone() {
        check(
            "/b/#x 00000000000000ff\n/b/ page 0123456789abcdef content/b c.md\n/a/ list\r\n# Form 1.\n\n/b/#%23y%20z\n/f.pdf file 12 f.pdf\n/o/ redirect /b/\n/c/ page - c.md\n/d/#only\n",
            expect![[r#"
                /a/ list
                /b/ page 0123456789abcdef content/b c.md
                /b/#%23y%20z
                /b/#x 00000000000000ff
                /c/ page - c.md
                /d/#only
                /f.pdf file 12 f.pdf
                /o/ redirect /b/
            "#]],
        );
    }

    #[test]
    fn what_is_no_line_is_reported() {
        check(
            "/a/ page x a.md\nb list\n/c/\n/d/#e 12\n# Form 2.\n",
            expect![[r#"
                error: this is no line of the ledger at `/a/ page x a.md`
                  restore the line from the history of the file, or delete it
                error: this is no line of the ledger at `b list`
                  restore the line from the history of the file, or delete it
                error: this is no line of the ledger at `/c/`
                  restore the line from the history of the file, or delete it
                error: this is no line of the ledger at `/d/#e 12`
                  restore the line from the history of the file, or delete it
                error: this file has form 2, and we know only form 1 at `# Form 2.`
                  use the version of handbook that wrote it, or a newer one
            "#]],
        );
    }

    #[test]
    fn an_unfinished_merge_keeps_both_sides() {
        let text =
            "/a/ list\n<<<<<<< HEAD\n/b/ list\n||||||| base\n/c/ list\n=======\n/d/ list\n>>>>>>> other\n/e/ list\n";
        check(
            text,
            expect![[r#"
                /a/ list
                /b/ list
                /d/ list
                /e/ list
                error: this file holds the marks of a merge that was not finished; both sides were read at `<<<<<<<`
                  delete the marks and keep the lines of both sides, or run `handbook check --fix`
            "#]],
        );
        let fix = read(text).1.remove(0).fix.unwrap();
        assert_eq!(crate::edit::apply(text, &fix.edits).unwrap(), "/a/ list\n/b/ list\n/d/ list\n/e/ list\n");
    }
}
