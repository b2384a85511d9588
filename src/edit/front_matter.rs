//! Additions to a page's front matter that keep its layout, its comments and its order.
//!
//! Whatever the author's way of writing lists and groups is, the result is read again before it is taken: it must say
//! what it said, and what was added, and leave the page's text as it was. Otherwise there is no edit.

use crate::diagnostic::{Code, Edit, Span};
use crate::edit::apply::apply;
use crate::edit::line_break;
use crate::edit::written::{Notation, after_line, column, insert};
use crate::source::front_matter::{self, Format, FrontMatter, field_of, split};
use crate::value::{Entry, Value, toml, yaml};

/// What a page's front matter is to say besides what it says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Additions {
    /// Former addresses.
    pub aliases: Vec<String>,
    /// Former ids, each with where it leads. One that is there is changed.
    pub anchors: Vec<(String, String)>,
}

/// The edits, without a file. `None` when there is no safe way to make them; none when all is there already.
pub fn add(text: &str, additions: &Additions) -> Option<Vec<Edit>> {
    let (front, ..) = front_matter::read(text);
    let mut missing = additions.clone();
    missing.aliases.retain(|alias| !front.aliases.iter().any(|other| other.value == *alias));
    missing
        .anchors
        .retain(|(id, to)| !front.anchors.iter().any(|other| other.id.value == *id && same_link(&other.to.value, to)));
    let edits = edits(text, &missing)?;
    is_right(text, &edits, &missing).then_some(edits)
}

fn edits(text: &str, missing: &Additions) -> Option<Vec<Edit>> {
    if missing == &Additions::default() {
        return Some(Vec::new());
    }
    let split = split(text);
    let new_line = line_break(text);
    let (notation, matter) = match split.matter {
        None if split.problem.is_some() => return None,
        None => {
            let keys = new_keys(missing, Notation::Yaml, new_line);
            return Some(vec![insert(split.body, format!("---{new_line}{keys}---{new_line}{new_line}"))]);
        }
        Some((Format::Yaml, matter)) => (Notation::Yaml, matter),
        Some((Format::Toml, matter)) => (Notation::Toml, matter),
    };
    let code = Code::FrontMatterSyntax;
    let entries = match notation {
        Notation::Yaml => yaml::parse_table(text, matter.start, matter.end, code).ok()?,
        Notation::Toml => toml::parse(text, matter.start, matter.end, code).0,
    };
    let of = |name: &str| {
        entries.iter().rev().find(|entry| field_of(&entry.key.value).is_some_and(|field| field.name == name))
    };
    let mut new = Additions::default();
    let mut edits = Vec::new();
    match of("aliases") {
        _ if missing.aliases.is_empty() => {}
        Some(entry) => edits.push(to_list(text, entry, &missing.aliases, notation)?),
        None => new.aliases.clone_from(&missing.aliases),
    }
    match of("anchors") {
        _ if missing.anchors.is_empty() => {}
        Some(entry) => edits.extend(to_group(text, entry, &missing.anchors, notation)?),
        None => new.anchors.clone_from(&missing.anchors),
    }
    // In TOML, what stands below a line in brackets belongs to it.
    let is_in_value = |at: usize| {
        let values = entries.iter().filter(|entry| entry.key.span < entry.value.span).map(|entry| entry.value.span);
        values.into_iter().any(|span| span.range().contains(&at))
    };
    let lines = text[matter.clone()].split_inclusive('\n').scan(matter.start, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    });
    let header = || lines.clone().find(|(at, line)| line.trim_start().starts_with('[') && !is_in_value(*at));
    let top = match notation {
        Notation::Toml => header().map_or(matter.end, |(at, _)| at),
        Notation::Yaml => matter.end,
    };
    if !new.aliases.is_empty() {
        let aliases = Additions { aliases: std::mem::take(&mut new.aliases), ..Additions::default() };
        edits.push(insert(top, new_keys(&aliases, notation, new_line)));
    }
    if !new.anchors.is_empty() {
        edits.push(insert(matter.end, new_keys(&new, notation, new_line)));
    }
    edits.sort_by_key(|edit| edit.span);
    Some(edits)
}

/// The lines of keys that are not there yet.
fn new_keys(new: &Additions, notation: Notation, new_line: &str) -> String {
    let mut out = String::new();
    match notation {
        Notation::Yaml => {
            if !new.aliases.is_empty() {
                out.push_str(&format!("aliases:{new_line}"));
                new.aliases.iter().for_each(|alias| out.push_str(&format!("  - {}{new_line}", notation.text(alias))));
            }
            if !new.anchors.is_empty() {
                out.push_str(&format!("anchors:{new_line}"));
                new.anchors.iter().for_each(|(id, to)| {
                    out.push_str(&format!("  {}: {}{new_line}", notation.text(id), notation.text(to)));
                });
            }
        }
        Notation::Toml => {
            if !new.aliases.is_empty() {
                let aliases: Vec<String> = new.aliases.iter().map(|alias| notation.text(alias)).collect();
                out.push_str(&format!("aliases = [{}]{new_line}", aliases.join(", ")));
            }
            if !new.anchors.is_empty() {
                out.push_str(&format!("[anchors]{new_line}"));
                new.anchors.iter().for_each(|(id, to)| {
                    out.push_str(&format!("{} = {}{new_line}", notation.text(id), notation.text(to)));
                });
            }
        }
    }
    out
}

/// The items added to a list, or to the one text that stands in place of a list.
fn to_list(text: &str, entry: &Entry, items: &[String], notation: Notation) -> Option<Edit> {
    let written: Vec<String> = items.iter().map(|item| notation.text(item)).collect();
    let span = entry.value.span;
    match &entry.value.value {
        Value::Table(_) => None,
        Value::List(items) if text[span.range()].starts_with('[') => {
            Some(in_brackets(span, items.last().map(|item| item.span), &written.join(", ")))
        }
        Value::List(items) => {
            let line = after_line(text, items.last()?.span.end as usize);
            // The column of the hyphen.
            let indent = column(text, items.last()?.span.start as usize);
            let new_line = line_break(text);
            Some(insert(line, written.iter().map(|item| format!("{indent}- {item}{new_line}")).collect::<String>()))
        }
        Value::Null => {
            let new_line = line_break(text);
            let line = after_line(text, entry.key.span.end as usize);
            Some(insert(line, written.iter().map(|item| format!("  - {item}{new_line}")).collect::<String>()))
        }
        _ => {
            let replacement = format!("[{}, {}]", &text[span.range()], written.join(", "));
            Some(Edit { file: String::new(), span, replacement })
        }
    }
}

/// The keys added to a group, or changed in it.
fn to_group(text: &str, entry: &Entry, pairs: &[(String, String)], notation: Notation) -> Option<Vec<Edit>> {
    let span = entry.value.span;
    let children: &[Entry] = match &entry.value.value {
        Value::Table(children) => children,
        Value::Null => &[],
        _ => return None,
    };
    let mut edits = Vec::new();
    let mut new = Vec::new();
    for (id, to) in pairs {
        let known = children.iter().find(|child| child.key.value.trim().trim_start_matches('#') == id);
        match known {
            Some(child) => {
                edits.push(Edit { file: String::new(), span: child.value.span, replacement: notation.text(to) })
            }
            None => new.push(format!("{}{}{}", notation.text(id), notation.assign(), notation.text(to))),
        }
    }
    let new_line = line_break(text);
    match (children.last(), text[span.range()].starts_with('{')) {
        _ if new.is_empty() => {}
        (last, true) => edits.push(in_brackets(span, last.map(|last| last.value.span), &new.join(", "))),
        (Some(last), _) => {
            let indent = column(text, last.key.span.start as usize);
            let lines: String = new.iter().map(|line| format!("{indent}{line}{new_line}")).collect();
            edits.push(insert(after_line(text, last.value.span.end as usize), lines));
        }
        (None, _) => {
            let indent = if notation == Notation::Yaml { "  " } else { "" };
            let lines: String = new.iter().map(|line| format!("{indent}{line}{new_line}")).collect();
            edits.push(insert(after_line(text, entry.key.span.end as usize), lines));
        }
    }
    Some(edits)
}

/// More items behind the last one in brackets.
fn in_brackets(opening: Span, last: Option<Span>, items: &str) -> Edit {
    match last {
        Some(last) => insert(last.end as usize, format!(", {items}")),
        None => insert(opening.start as usize + 1, items),
    }
}

/// Whether the page says what it said, and what was added.
fn is_right(text: &str, edits: &[Edit], added: &Additions) -> bool {
    let Some(after) = apply(text, edits) else { return false };
    let (before, body, problems) = front_matter::read(text);
    let (front, new_body, new_problems) = front_matter::read(&after);
    let has_aliases = added.aliases.iter().all(|alias| front.aliases.iter().any(|other| other.value == *alias));
    let keeps_aliases = before.aliases.iter().all(|alias| front.aliases.iter().any(|other| other.value == alias.value));
    let has_anchors = added
        .anchors
        .iter()
        .all(|(id, to)| front.anchors.iter().any(|anchor| anchor.id.value == *id && same_link(&anchor.to.value, to)));
    let n_new =
        added.anchors.iter().filter(|(id, _)| !before.anchors.iter().any(|anchor| anchor.id.value == *id)).count();
    let keeps_anchors = front.anchors.len() == before.anchors.len() + n_new;
    let same_body = text[body..].trim_start_matches(['\r', '\n']) == after[new_body..].trim_start_matches(['\r', '\n']);
    has_aliases
        && keeps_aliases
        && has_anchors
        && keeps_anchors
        && same_body
        && problems.len() == new_problems.len()
        && plain(before) == plain(front)
}

/// `notice` and `#notice` are the same place of the page.
fn same_link(a: &str, b: &str) -> bool {
    a.trim_start_matches('#') == b.trim_start_matches('#')
}

/// The front matter without what may be added, and without places.
fn plain(mut front: FrontMatter) -> FrontMatter {
    front.aliases.clear();
    front.anchors.clear();
    for text in [&mut front.layout, &mut front.slug, &mut front.url, &mut front.redirect_to].into_iter().flatten() {
        text.span = Span::default();
    }
    front.section_nav.iter_mut().for_each(|link| link.url.span = Span::default());
    front
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, aliases: &[&str], anchors: &[(&str, &str)], expected: &str) {
        let additions = Additions {
            aliases: aliases.iter().map(|alias| alias.to_string()).collect(),
            anchors: anchors.iter().map(|(id, to)| (id.to_string(), to.to_string())).collect(),
        };
        let edits = add(text, &additions).unwrap_or_else(|| panic!("no way into {text:?}"));
        let after = apply(text, &edits).unwrap();
        assert_eq!(after, expected);
        // Said twice is said once.
        assert_eq!(add(&after, &additions), Some(Vec::new()), "{after:?}");
    }

    #[test]
    fn a_page_without_front_matter_gets_one() {
        check("# A\r\n", &["/a/"], &[], "---\r\naliases:\r\n  - /a/\r\n---\r\n\r\n# A\r\n");
        check("", &[], &[("a", "b")], "---\nanchors:\n  a: b\n---\n\n");
    }

    #[test]
    fn new_keys_stand_at_the_end() {
        check(
            "---\ntitle: A # the first\n\n# note\n---\nx",
            &["/a/", "/b c/"],
            &[("2", "#x y")],
            "---\ntitle: A # the first\n\n# note\naliases:\n  - /a/\n  - \"/b c/\"\nanchors:\n  \"2\": \"#x y\"\n---\nx",
        );
        check(
            "+++\ntitle = \"A\"\n[extra]\nb = 1\n+++\nx",
            &["/a/"],
            &[("o", "n")],
            "+++\ntitle = \"A\"\naliases = [\"/a/\"]\n[extra]\nb = 1\n[anchors]\n\"o\" = \"n\"\n+++\nx",
        );
        check("+++\nt = [\n  [1],\n]\n+++\n", &["/a/"], &[], "+++\nt = [\n  [1],\n]\naliases = [\"/a/\"]\n+++\n");
    }

    #[test]
    fn lists_keep_their_form() {
        check(
            "---\naliases:\n- /x/ # old\nb: 1\n---\n",
            &["/a/"],
            &[],
            "---\naliases:\n- /x/ # old\n- /a/\nb: 1\n---\n",
        );
        check("---\naliases:\n    - '/x/'\n---\n", &["/a/"], &[], "---\naliases:\n    - '/x/'\n    - /a/\n---\n");
        check("---\naliases: [ /x/ ]\n---\n", &["/a/"], &[], "---\naliases: [ /x/, /a/ ]\n---\n");
        check("---\naliases: []\n---\n", &["/a/", "/b/"], &[], "---\naliases: [/a/, /b/]\n---\n");
        check("---\nredirect_from: /x/\n---\n", &["/a/"], &[], "---\nredirect_from: [/x/, /a/]\n---\n");
        check("---\naliases:\nb: 1\n---\n", &["/a/"], &[], "---\naliases:\n  - /a/\nb: 1\n---\n");
        check(
            "+++\naliases = [\n  \"/x/\", # one\n]\n+++\n",
            &["/a/"],
            &[],
            "+++\naliases = [\n  \"/x/\", \"/a/\", # one\n]\n+++\n",
        );
        check("+++\naliases = \"/x/\"\n+++\n", &["/a/"], &[], "+++\naliases = [\"/x/\", \"/a/\"]\n+++\n");
    }

    #[test]
    fn groups_keep_their_form() {
        let block = "---\nanchors:\n    o: new # why\nb: 1\n---\n";
        check(block, &[], &[("p", "new")], "---\nanchors:\n    o: new # why\n    p: new\nb: 1\n---\n");
        check("---\nanchors: {o: n}\n---\n", &[], &[("p", "/x/#n")], "---\nanchors: {o: n, p: /x/#n}\n---\n");
        check("---\nanchors: {}\n---\n", &[], &[("p", "new")], "---\nanchors: {p: new}\n---\n");
        check("---\nanchors:\n  '#o': n\n---\n", &[], &[("o", "m")], "---\nanchors:\n  '#o': m\n---\n");
        let table = "+++\n[anchors]\no = \"n\"\n[b]\nc = 1\n+++\n";
        check(table, &[], &[("p", "n")], "+++\n[anchors]\no = \"n\"\n\"p\" = \"n\"\n[b]\nc = 1\n+++\n");
    }

    #[test]
    fn what_cannot_be_kept_is_not_touched() {
        let additions = Additions { aliases: vec!["/a/".to_string()], ..Additions::default() };
        assert_eq!(add("---\ntitle: [\n---\n", &additions), None);
        assert_eq!(add("---\ntitle: A\n\ntext\n", &additions), None);
        assert_eq!(add("---\naliases: {a: b}\n---\n", &additions), None);
        assert_eq!(add("---\n{title: A}\n---\n", &additions), None);
    }
}
