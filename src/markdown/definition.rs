//! What is wrong with the definitions of links, in both dialects: those that are missing and those that nobody uses.

use crate::diagnostic::{Code, Diagnostic, Severity, Span};

/// A link that names a definition which is not there.
pub fn missing(name: &str, span: Span) -> Diagnostic {
    let problem = Diagnostic::new(Code::LinkDefinition, format!("there is no link `[{name}]`")).at(span);
    problem.help(format!("define it with `[{name}]: address` on a line of its own"))
}

/// A reference to a footnote that is not there.
pub fn missing_footnote(name: &str, span: Span) -> Diagnostic {
    let problem = Diagnostic::new(Code::LinkDefinition, format!("there is no footnote `{name}`")).at(span);
    problem.help(format!("define it with `[^{name}]: text`"))
}

/// A definition that no link uses. Nothing when it is a comment, for which there is no other way to write one.
pub fn unused(name: &str, target: &str, span: Span) -> Option<Diagnostic> {
    let is_comment = matches!(target, "" | "#") || !name.contains(char::is_alphanumeric);
    if is_comment {
        return None;
    }
    let problem = Diagnostic::new(Code::LinkDefinition, format!("`[{name}]` is defined, and no link uses it"));
    let problem = problem.at(span).help("remove the line, or correct the name in the link that is to use it");
    Some(Diagnostic { severity: Severity::Note, ..problem })
}
