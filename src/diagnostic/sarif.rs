//! Diagnostics as SARIF 2.1.0, the format of code scanning:
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use std::collections::{BTreeSet, HashMap};
use std::io;

use percent_encoding::utf8_percent_encode;
use serde_json::{Value, json};

use super::machine::fingerprint;
use super::position::Files;
use super::uri::PATH;
use super::{Code, Diagnostic, Severity};

/// What paths are relative to.
const ROOT: &str = "%SRCROOT%";

/// One log with one run. A result without a file is given that of the settings: code scanning refuses one that has none.
pub fn sarif(
    diagnostics: &[Diagnostic],
    read: &mut dyn FnMut(&str) -> Option<String>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let codes: BTreeSet<Code> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    let index: HashMap<Code, usize> = codes.iter().enumerate().map(|(index, code)| (*code, index)).collect();
    let rules: Vec<Value> = codes.iter().map(|code| rule(*code)).collect();
    let mut files = Files::new(diagnostics, read);
    let mut seen = HashMap::new();
    let results: Vec<Value> = diagnostics
        .iter()
        .map(|diagnostic| {
            let region = files.with_line(diagnostic, |line| {
                line.map(|line| {
                    let end = line.position.column + line.text[line.range].chars().count();
                    json!({
                        "startLine": line.position.line,
                        "startColumn": line.position.column,
                        "endColumn": end.max(line.position.column + 1),
                    })
                })
            });
            let mut location = json!({ "artifactLocation": { "uri": uri(&diagnostic.file), "uriBaseId": ROOT } });
            if let Some(region) = region {
                location["region"] = region;
            }
            let help = diagnostic.help.iter().map(|help| format!("\nHelp: {help}"));
            let text: String = std::iter::once(diagnostic.message.clone()).chain(help).collect();
            let fingerprint = fingerprint(diagnostic, &mut seen);
            json!({
                "ruleId": diagnostic.code.name(),
                "ruleIndex": index[&diagnostic.code],
                "level": level(diagnostic.severity),
                "message": { "text": text },
                "locations": [{ "physicalLocation": location }],
                // GitHub knows a finding again by the second one, and makes one of its own, of the line, where it is missing.
                "partialFingerprints": { "handbookFinding/v1": fingerprint, "primaryLocationLineHash": fingerprint },
            })
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "handbook",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_HOMEPAGE"),
                "rules": rules,
            } },
            "originalUriBaseIds": { ROOT: { "description": { "text": "The folder that the check was started in" } } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn rule(code: Code) -> Value {
    let about = code.about().trim();
    json!({
        "id": code.name(),
        "shortDescription": { "text": about },
        "helpUri": code.url(),
        "help": {
            "text": format!("What it means and how to mend it: {}", code.url()),
            "markdown": format!("[What it means and how to mend it]({})", code.url()),
        },
        "defaultConfiguration": { "level": level(code.severity()) },
    })
}

fn level(severity: Severity) -> &'static str {
    severity.name()
}

fn uri(file: &str) -> String {
    let file = if file.is_empty() { "site.toml" } else { file };
    utf8_percent_encode(file, PATH).to_string()
}
