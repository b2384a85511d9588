//! A change to the author's files that mends a problem, as a value.
//!
//! A stage that finds a problem and knows the one right answer puts it on the diagnostic: nobody knows better, and
//! nobody else has to find it out again. Nothing is changed by that. `build` and `serve` never look at it; the commands
//! that were asked to change files collect the fixes, and the room `edit` puts them together.

use crate::diagnostic::Span;

/// One change to one file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Edit {
    /// The file, named as [`Diagnostic::file`](crate::diagnostic::Diagnostic::file) is; empty until
    /// [`in_file`](crate::diagnostic::Diagnostic::in_file) fills it in.
    pub file: String,
    /// What is replaced, in bytes of the file's text as it was read: decoded, and without a byte-order mark. Empty for
    /// an insertion.
    pub span: Span,
    /// What stands there instead.
    pub replacement: String,
}

/// What mends a problem: all of these edits, or none.
///
/// Several problems may have one and the same fix, such as three lost addresses that one change to a front matter brings
/// back. Equal edits are made once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Fix {
    /// What it does, as an order: "link to `time-off.md`".
    pub title: String,
    /// The edits, which do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// The fix that replaces one place in the file of the problem.
    pub fn replace(title: impl Into<String>, span: Span, replacement: impl Into<String>) -> Fix {
        Fix { title: title.into(), edits: vec![Edit { file: String::new(), span, replacement: replacement.into() }] }
    }
}
