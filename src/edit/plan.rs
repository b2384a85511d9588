//! Edits put together, by file.

use std::collections::BTreeMap;

use crate::diagnostic::{Edit, Fix};

/// The edits that are to be made. Those of one file do not overlap, and are in the order of their places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The edits of each file.
    pub files: BTreeMap<String, Vec<Edit>>,
}

impl Plan {
    /// Adds all edits of a fix, or none: `false` when one of them overlaps with an edit that is planned already. An edit
    /// that is planned already is not made twice. Insertions at one place are made in the order in which they come.
    pub fn add(&mut self, fix: &Fix) -> bool {
        let new: Vec<&Edit> = fix.edits.iter().filter(|edit| !self.has(edit)).collect();
        let among =
            |edits: &[&Edit], edit: &Edit| edits.iter().any(|other| other.file == edit.file && overlap(other, edit));
        let is_clear = |(n, edit): (usize, &&Edit)| {
            let planned = self.files.get(&edit.file).into_iter().flatten();
            !among(&new[..n], edit) && !planned.into_iter().any(|other| overlap(other, edit))
        };
        if !new.iter().enumerate().all(is_clear) {
            return false;
        }
        for edit in new {
            let edits = self.files.entry(edit.file.clone()).or_default();
            let at =
                edits.partition_point(|other| (other.span.start, other.span.end) <= (edit.span.start, edit.span.end));
            edits.insert(at, edit.clone());
        }
        true
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// How many edits there are.
    pub fn n_edits(&self) -> usize {
        self.files.values().map(Vec::len).sum()
    }

    fn has(&self, edit: &Edit) -> bool {
        self.files.get(&edit.file).is_some_and(|edits| edits.contains(edit))
    }
}

/// Whether two edits of one file want the same bytes. An insertion at the edge of another edit, or at the place of
/// another insertion, does not.
fn overlap(a: &Edit, b: &Edit) -> bool {
    a.span.start < b.span.end && b.span.start < a.span.end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;

    fn fix(edits: &[(usize, usize, &str)]) -> Fix {
        let edit = |&(start, end, text): &(usize, usize, &str)| Edit {
            file: "a.md".to_string(),
            span: Span::new(start, end),
            replacement: text.to_string(),
        };
        Fix { title: String::new(), edits: edits.iter().map(edit).collect() }
    }

    fn check(fixes: &[&[(usize, usize, &str)]], taken: &[bool], expected: &str) {
        let mut plan = Plan::default();
        let found: Vec<bool> = fixes.iter().map(|edits| plan.add(&fix(edits))).collect();
        let edits = plan.files.values().flatten();
        let edits: Vec<String> =
            edits.map(|edit| format!("{}-{} {}", edit.span.start, edit.span.end, edit.replacement)).collect();
        assert_eq!((found.as_slice(), edits.join(", ").as_str()), (taken, expected));
    }

    #[test]
    fn edits_are_made_in_the_order_of_their_places() {
        check(&[&[(5, 6, "b")], &[(1, 2, "a")]], &[true, true], "1-2 a, 5-6 b");
    }

    #[test]
    fn of_two_fixes_for_one_place_the_first_is_made() {
        check(&[&[(1, 5, "a")], &[(4, 6, "b"), (8, 9, "c")], &[(5, 6, "d")]], &[true, false, true], "1-5 a, 5-6 d");
        check(&[&[(1, 5, "a")], &[(3, 3, "b")]], &[true, false], "1-5 a");
        check(&[&[(3, 3, "b")], &[(1, 5, "a")]], &[true, false], "3-3 b");
    }

    #[test]
    fn equal_edits_are_made_once() {
        check(&[&[(1, 1, "a")], &[(1, 1, "a")]], &[true, true], "1-1 a");
    }

    #[test]
    fn insertions_at_one_place_and_beside_others_are_all_made() {
        check(
            &[&[(4, 5, "r")], &[(4, 4, "b")], &[(4, 4, "a")], &[(5, 5, "c")]],
            &[true; 4],
            "4-4 b, 4-4 a, 4-5 r, 5-5 c",
        );
    }

    #[test]
    fn a_fix_that_overlaps_with_itself_is_not_made() {
        check(&[&[(1, 5, "a"), (2, 3, "b")]], &[false], "");
    }
}
