//! Diagnostics as a page of Markdown, for the summary of a job.

use std::collections::BTreeMap;
use std::io;

use super::position::Files;
use super::{Code, Diagnostic, Severity};

/// A summary is to be read: more than this is in the log.
const MOST_LISTED: usize = 100;

/// How many problems there are of each kind, and where the gravest are.
pub fn summary(
    diagnostics: &[Diagnostic],
    read: &mut dyn FnMut(&str) -> Option<String>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if diagnostics.is_empty() {
        return writeln!(out, "## Handbook check\n\nNo problems.");
    }
    let mut counts: BTreeMap<(Severity, Code), usize> = BTreeMap::new();
    diagnostics.iter().for_each(|problem| *counts.entry((problem.severity, problem.code)).or_default() += 1);
    writeln!(out, "## Handbook check\n\n| Severity | Code | Number |\n|---|---|--:|")?;
    for ((severity, code), n) in counts {
        writeln!(out, "| {severity} | [`{code}`]({}) | {n} |", code.url())?;
    }
    let mut gravest: Vec<&Diagnostic> =
        diagnostics.iter().filter(|problem| problem.severity != Severity::Note).collect();
    if gravest.is_empty() {
        return Ok(());
    }
    gravest.sort_by(|a, b| a.severity.cmp(&b.severity).then_with(|| a.sort_key().cmp(&b.sort_key())));
    let n_left = gravest.len().saturating_sub(MOST_LISTED);
    gravest.truncate(MOST_LISTED);
    let gravest: Vec<Diagnostic> = gravest.into_iter().cloned().collect();
    writeln!(out, "\n| Where | What | How to mend it |\n|---|---|---|")?;
    let mut files = Files::new(&gravest, read);
    for problem in &gravest {
        let line = files.with_line(problem, |line| line.map(|line| line.position.line));
        let place = match (problem.file.as_str(), line) {
            ("", _) => String::new(),
            (file, None) => file.to_string(),
            (file, Some(line)) => format!("{file}:{line}"),
        };
        let help = problem.help.as_deref().unwrap_or_default();
        writeln!(out, "| {} | {} (`{}`) | {} |", cell(&place), cell(&problem.message), problem.code, cell(help))?;
    }
    if n_left > 0 {
        writeln!(out, "\n… and {n_left} more, which are in the log.")?;
    }
    Ok(())
}

/// Text that cannot end its cell, and in which nothing is HTML.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace('\n', " ")
}
