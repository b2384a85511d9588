//! Additions to `site.toml` that keep its layout, its comments and its order.

use crate::diagnostic::{Code, Edit};
use crate::edit::apply::apply;
use crate::edit::line_break;
use crate::edit::written::{Notation, after_line, column, insert};
use crate::value::{Entry, Value, toml};

/// Redirects added under `[redirects]`, each an old path and where it leads; one that is there is changed. The edits are
/// without a file. `None` when there is no safe way to make them.
pub fn add_redirects(text: &str, redirects: &[(String, String)]) -> Option<Vec<Edit>> {
    let edits = edits(text, redirects)?;
    let after = apply(text, &edits)?;
    let (entries, problems) = toml::parse(&after, 0, after.len(), Code::ConfigSyntax);
    let is_there = |(from, to): &(String, String)| {
        let mut of = table(&entries).unwrap_or_default().iter().filter(|entry| entry.key.value == *from);
        of.any(|entry| entry.value.value == Value::Text(to.clone()))
    };
    (problems.is_empty() && redirects.iter().all(is_there)).then_some(edits)
}

fn table(entries: &[Entry]) -> Option<&[Entry]> {
    let entry = entries.iter().find(|entry| entry.key.value == "redirects")?;
    match &entry.value.value {
        Value::Table(table) => Some(table),
        _ => None,
    }
}

fn edits(text: &str, redirects: &[(String, String)]) -> Option<Vec<Edit>> {
    let (entries, problems) = toml::parse(text, 0, text.len(), Code::ConfigSyntax);
    if !problems.is_empty() {
        return None;
    }
    let new_line = line_break(text);
    let known = table(&entries).unwrap_or_default();
    let (mut edits, mut new) = (Vec::new(), Vec::new());
    for (from, to) in redirects {
        let (quoted_from, quoted_to) = (Notation::Toml.text(from), Notation::Toml.text(to));
        match known.iter().find(|entry| entry.key.value == *from) {
            Some(entry) if entry.value.value == Value::Text(to.clone()) => {}
            Some(entry) => edits.push(Edit { file: String::new(), span: entry.value.span, replacement: quoted_to }),
            None => new.push(format!("{quoted_from} = {quoted_to}{new_line}")),
        }
    }
    let lines = |indent: &str| new.iter().map(|line| format!("{indent}{line}")).collect::<String>();
    let entry = entries.iter().find(|entry| entry.key.value == "redirects");
    match (entry, known.last()) {
        _ if new.is_empty() => {}
        (_, Some(last)) => {
            let at = after_line(text, last.value.span.end as usize);
            let start = if text[..at].ends_with('\n') { "" } else { new_line };
            edits.push(insert(at, format!("{start}{}", lines(column(text, last.key.span.start as usize)))));
        }
        (Some(entry), None) => edits.push(insert(after_line(text, entry.key.span.end as usize), lines(""))),
        (None, None) => {
            let before = match text {
                "" => "",
                text if text.ends_with('\n') => new_line,
                _ => &new_line.repeat(2),
            };
            edits.push(insert(text.len(), format!("{before}[redirects]{new_line}{}", lines(""))));
        }
    }
    edits.sort_by_key(|edit| edit.span);
    Some(edits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, redirects: &[(&str, &str)], expected: &str) {
        let redirects: Vec<(String, String)> =
            redirects.iter().map(|(from, to)| (from.to_string(), to.to_string())).collect();
        let edits = add_redirects(text, &redirects).unwrap_or_else(|| panic!("no way into {text:?}"));
        let after = apply(text, &edits).unwrap();
        assert_eq!(after, expected);
        assert_eq!(add_redirects(&after, &redirects), Some(Vec::new()));
    }

    #[test]
    fn a_table_is_made_or_extended() {
        check("", &[("/a/", "/b/")], "[redirects]\n\"/a/\" = \"/b/\"\n");
        check("title = \"A\"", &[("/a/", "/b/")], "title = \"A\"\n\n[redirects]\n\"/a/\" = \"/b/\"\n");
        check(
            "[redirects]\r\n\"/x/\" = \"/y/\" # why\r\n\r\n[extra]\r\n",
            &[("/a/", "/b/"), ("/x/", "/z/")],
            "[redirects]\r\n\"/x/\" = \"/z/\" # why\r\n\"/a/\" = \"/b/\"\r\n\r\n[extra]\r\n",
        );
        check("[redirects]\n# none yet\n", &[("/a/", "/b/")], "[redirects]\n\"/a/\" = \"/b/\"\n# none yet\n");
        check(
            "[redirects]\n\"/x/\" = \"/y/\"",
            &[("/a/", "/b/")],
            "[redirects]\n\"/x/\" = \"/y/\"\n\"/a/\" = \"/b/\"\n",
        );
    }

    #[test]
    fn what_cannot_be_kept_is_not_touched() {
        let redirects = [("/a/".to_string(), "/b/".to_string())];
        assert_eq!(add_redirects("title = \n", &redirects), None);
        assert_eq!(add_redirects("redirects = { \"/x/\" = \"/y/\" }\n", &redirects), None);
    }
}
