//! What is asked of another site, and what came of it.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;

use crate::web::address::Address;

/// Whether something is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What.
    pub address: Address,
    /// The ids that are wanted on its page.
    pub ids: BTreeSet<String>,
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Whether it is there.
    pub verdict: Verdict,
    /// Where it has moved for good.
    pub moved_to: Option<String>,
    /// For the ids that were wanted, whether the page has them. One that cannot be told is missing.
    pub ids: BTreeMap<String, bool>,
}

/// Whether something is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Fine,
    /// It is not, and its server says so: in words.
    Gone(String),
    /// Its host's name is not known to anybody.
    NoHost,
    /// That cannot be told, since it could not be reached or nobody is let in: in words.
    Unreachable(String),
    /// It is in our own network, which is not asked.
    Local,
}

impl Answer {
    /// An answer that says nothing else.
    pub fn of(verdict: Verdict) -> Answer {
        Answer { verdict, moved_to: None, ids: BTreeMap::new() }
    }
}

/// The id that a fragment means. `None` for what is no id of a page: the top, a text to be marked, a page of a PDF, a line
/// of code, and the addresses that programs in the browser make up.
pub fn wanted_id(fragment: &str) -> Option<String> {
    let fragment = fragment.split(":~:").next().unwrap_or(fragment);
    let id = percent_decode_str(fragment).decode_utf8().ok()?.into_owned();
    let is_line = id.strip_prefix('L').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let is_made_up = id.contains(['/', '=', '?', '&', '|']) || id.starts_with('!');
    (!id.is_empty() && !id.eq_ignore_ascii_case("top") && !is_line && !is_made_up).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::wanted_id;

    #[test]
    fn fragments_that_are_no_ids_are_left_alone() {
        for (fragment, id) in [
            ("leave", Some("leave")),
            ("%C3%BCber", Some("über")),
            ("leave:~:text=days", Some("leave")),
            (":~:text=days", None),
            ("L12-L20", None),
            ("List", Some("List")),
            ("page=3", None),
            ("/route", None),
            ("!route", None),
            ("top", None),
            ("", None),
        ] {
            assert_eq!(wanted_id(fragment).as_deref(), id, "{fragment}");
        }
    }
}
