//! Diagnostics as JUnit's XML, which nearly every build server shows as tests.

use std::io;

use super::position::Files;
use super::{Diagnostic, Severity};

/// One test case for each problem; notes are cases that pass, and so is the whole when there is nothing to report.
pub fn junit(
    diagnostics: &[Diagnostic],
    read: &mut dyn FnMut(&str) -> Option<String>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let n_failed = diagnostics.iter().filter(|diagnostic| diagnostic.severity != Severity::Note).count();
    let n = diagnostics.len().max(1);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"handbook check\" tests=\"{n}\" failures=\"{n_failed}\">")?;
    writeln!(out, "  <testsuite name=\"handbook check\" tests=\"{n}\" failures=\"{n_failed}\">")?;
    if diagnostics.is_empty() {
        writeln!(out, "    <testcase classname=\"handbook\" name=\"no problems\"/>")?;
    }
    let mut files = Files::new(diagnostics, read);
    for diagnostic in diagnostics {
        let at = files.with_line(diagnostic, |line| line.map(|line| line.position));
        let file = if diagnostic.file.is_empty() { "site.toml" } else { diagnostic.file.as_str() };
        let place = match at {
            Some(at) => format!("{file}:{}:{}", at.line, at.column),
            None => file.to_string(),
        };
        let message = escaped(&diagnostic.message);
        let help = diagnostic.help.iter().map(|help| format!("\nhelp: {}", escaped(help)));
        let text: String = std::iter::once(format!("{}: {message}", escaped(&place))).chain(help).collect();
        let code = diagnostic.code;
        let line = at.map(|at| format!(" line=\"{}\"", at.line)).unwrap_or_default();
        let (place, file) = (escaped(&place), escaped(file));
        write!(out, "    <testcase classname=\"{code}\" name=\"{place}: {message}\" file=\"{file}\"{line}>")?;
        match diagnostic.severity {
            Severity::Note => writeln!(out, "<system-out>{text}</system-out></testcase>")?,
            severity => {
                writeln!(out, "<failure type=\"{severity}[{code}]\" message=\"{message}\">{text}</failure></testcase>")?
            }
        }
    }
    writeln!(out, "  </testsuite>\n</testsuites>")
}

/// Text for XML, without the characters that XML cannot hold at all: <https://www.w3.org/TR/xml/#charsets>.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            c if c.is_control() && !matches!(c, '\n' | '\t') => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}
