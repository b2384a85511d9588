//! The addresses that were once published, so that losing one is a decision and never an accident.
//!
//! `handbook.lock` stands beside `site.toml`: one line for each address, and one for each anchor on it. It is written by
//! who publishes and by `check --record`, never by `build` or `serve`. A record adds what is new and forgets nothing:
//! an address is given up by deleting its line, which everybody sees in the history of the file.
//!
//! ```text
//! /people/leave/ page 9f2c41d07be31a55 content/people/leave.md
//! /people/leave/#notice 5be1c2d9a0031f02
//! /people/ list
//! /files/policy.pdf file 48213 content/files/policy.pdf
//! /people/holidays/ redirect /people/leave/
//! ```
//!
//! Every line says one thing by itself, and lines are sorted, so that two branches merge without a conflict wherever
//! they did not touch the same page; and whoever merges may simply keep both sides. The sixteen digits are a
//! [fingerprint](fingerprint) of the text: it tells that a page was moved, or a heading reworded, without any history.
//! It stays as it was first written while the text is nearly the same, so that mending a comma changes no line.

pub mod compare;
pub mod fingerprint;
mod fix;
mod record;
mod successor;
mod text;

use std::collections::BTreeMap;

pub use crate::ledger::compare::compare;
pub use crate::ledger::fingerprint::Print;
pub use crate::ledger::record::record;
pub use crate::ledger::text::{read, write};

use crate::diagnostic::Span;

pub use crate::project::LEDGER_NAME;

/// Every address that was published.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger {
    /// What was at each, by its path.
    pub addresses: BTreeMap<String, Address>,
}

/// An address that was published.
#[derive(Debug, Clone, PartialEq)]
pub struct Address {
    /// What was there.
    pub what: What,
    /// The anchors on it.
    pub anchors: BTreeMap<String, Anchor>,
    /// Its place in the ledger's file.
    pub span: Span,
}

/// What was published at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A page.
    Page {
        /// The fingerprint of its text; `None` when it had none.
        print: Option<Print>,
        /// The file that made it, from the project's folder.
        file: String,
    },
    /// The list of what is in a folder without a page of its own.
    List,
    /// A document that readers open, such as a PDF.
    File {
        /// Its size in bytes.
        size: u64,
        /// The file, from the project's folder.
        file: String,
    },
    /// An address that led on.
    Redirect {
        /// Where.
        to: String,
    },
    /// Known only by its anchors.
    Unknown,
}

/// An anchor that was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The fingerprint of the section that it begins, when it was a heading's.
    pub print: Option<Print>,
    /// Its place in the ledger's file.
    pub span: Span,
}

impl Ledger {
    /// How many addresses and how many anchors there are.
    pub fn counts(&self) -> (usize, usize) {
        (self.addresses.len(), self.addresses.values().map(|address| address.anchors.len()).sum())
    }
}
