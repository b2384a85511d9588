//! Changes to the author's files, as plain values: put together, applied to text, shown as a diff. Pure; reads and
//! writes no file.
//!
//! ```text
//! Diagnostic::fix ─┐
//!                  ├─► Plan::add ─► Plan ─► changed(file, bytes, edits) ─► Changed ─┬─► diff  (`--dry-run`)
//! a command's own ─┘                                                                └─► output::rewrite
//! ```
//!
//! What is promised: outside of the edits every byte of a file stays, its line breaks, its byte-order mark, its encoding
//! and the lack of a last line break included. A fix is made whole or not at all. Of two fixes that want the same place
//! the first is made and the other is left, for the next run to see.
//!
//! Whoever finds a problem gives its [`Fix`](crate::diagnostic::Fix) spans in the decoded text, the same text that
//! [`Span`](crate::diagnostic::Span)s of diagnostics are in. A command then writes
//!
//! ```text
//! let mut plan = Plan::default();
//! for problem in &problems {
//!     if let Some(fix) = &problem.fix {
//!         plan.add(fix);              // false: it overlaps with another, and is left
//!     }
//! }
//! let made = commands::rewrite::changes(&site, &plan)?;            // reads the files
//! commands::rewrite::show(&made.changes, console)?;                     // with --dry-run
//! commands::rewrite::write(&site.project, made.changes)?;               // without
//! ```

mod apply;
mod diff;
mod encoding;
pub mod front_matter;
mod plan;
pub mod settings;
mod written;

pub use crate::edit::apply::{Changed, Refusal, apply, changed};
pub use crate::edit::diff::{diff, diff_of_move};
pub use crate::edit::encoding::{Encoding, Text};
pub use crate::edit::plan::Plan;

/// The line break that a text uses: that of its first line, `\n` when it has only one.
pub fn line_break(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_line_ends_as_the_others_do() {
        assert_eq!([line_break("a\r\nb\n"), line_break("a\nb\r\n"), line_break("a")], ["\r\n", "\n", "\n"]);
    }
}
