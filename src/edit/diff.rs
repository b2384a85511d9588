//! A change as people and `patch` read it.

use similar::TextDiff;

use crate::edit::apply::Changed;
use crate::source::text::decode;

/// How many unchanged lines are shown around a change.
const CONTEXT: usize = 3;

/// The change as a unified diff with the names that `git` gives the two sides; empty when nothing changed.
pub fn diff(changed: &Changed) -> String {
    let (before, _) = decode(changed.before.clone());
    let (after, _) = decode(changed.after.clone());
    let diff = TextDiff::from_lines(before.as_str(), after.as_str());
    let header = (format!("a/{}", changed.file), format!("b/{}", changed.file));
    diff.unified_diff().context_radius(CONTEXT).header(&header.0, &header.1).to_string()
}

/// The move of a file, with its change if there is one, as `git apply` takes it. Without a new name it is the change alone.
pub fn diff_of_move(file: &str, new: Option<&str>, changed: Option<&Changed>) -> String {
    let Some(new) = new else { return changed.map(diff).unwrap_or_default() };
    let head = format!("diff --git a/{file} b/{new}\n");
    let names = format!("rename from {file}\nrename to {new}\n");
    let Some(changed) = changed else { return format!("{head}similarity index 100%\n{names}") };
    let lines = diff(changed).replacen(&format!("+++ b/{file}\n"), &format!("+++ b/{new}\n"), 1);
    head + &names + &lines
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(before: &str, after: &str, expected: Expect) {
        let changed = Changed { file: "a.md".into(), before: before.into(), after: after.into() };
        expected.assert_eq(&diff(&changed).replace('\r', "␍"));
    }

    #[test]
    fn changed_lines_stand_among_their_neighbours() {
        check(
            "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
            "1\n2\n3\n4\nfive\n6\n7\n8\n9\n",
            expect![[r#"
                --- a/a.md
                +++ b/a.md
                @@ -2,7 +2,7 @@
                 2
                 3
                 4
                -5
                +five
                 6
                 7
                 8
            "#]],
        );
    }

    #[test]
    fn a_missing_last_line_break_and_a_carriage_return_are_shown() {
        check(
            "a\r\nb",
            "a\r\nc",
            expect![[r#"
                --- a/a.md
                +++ b/a.md
                @@ -1,2 +1,2 @@
                 a␍
                -b
                \ No newline at end of file
                +c
                \ No newline at end of file
            "#]],
        );
        check("a\n", "a\n", expect![""]);
    }
}
