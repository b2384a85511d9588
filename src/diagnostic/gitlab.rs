//! Diagnostics as GitLab's code quality report: <https://docs.gitlab.com/ci/testing/code_quality/>.

use std::collections::HashMap;
use std::io;

use serde_json::{Value, json};

use super::machine::fingerprint;
use super::position::Files;
use super::{Diagnostic, Severity};

/// One list. GitLab knows a problem again by its fingerprint, which a line that comes or goes above it leaves alone.
pub fn gitlab(
    diagnostics: &[Diagnostic],
    read: &mut dyn FnMut(&str) -> Option<String>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut files = Files::new(diagnostics, read);
    let mut seen = HashMap::new();
    let issues: Vec<Value> = diagnostics
        .iter()
        .map(|diagnostic| {
            let line = files.with_line(diagnostic, |line| line.map(|line| line.position.line));
            let severity = match diagnostic.severity {
                Severity::Error => "critical",
                Severity::Warning => "major",
                Severity::Note => "info",
            };
            let help = diagnostic.help.iter().map(|help| format!("; {help}"));
            let text: String = std::iter::once(diagnostic.message.clone()).chain(help).collect();
            let path = if diagnostic.file.is_empty() { "site.toml" } else { &diagnostic.file };
            json!({
                "description": text,
                "check_name": diagnostic.code.name(),
                "fingerprint": fingerprint(diagnostic, &mut seen),
                "severity": severity,
                "location": { "path": path, "lines": { "begin": line.unwrap_or(1) } },
            })
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)
}
