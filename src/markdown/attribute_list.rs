//! Attribute lists: what stands between `{:` and `}`.
//!
//! The grammar is kramdown's: `#id`, `.class`, `key="value"` or `key='value'`, and bare words, which are references.
//! See <https://kramdown.gettalong.org/syntax.html#attribute-list-definitions>.

use std::borrow::Cow;

use crate::markdown::tree::Attributes;

/// Reads the inside of an attribute list. `None` when it holds something else than attributes.
///
/// References (bare words) make it `None` too: dialects that know them look for them before.
pub fn parse<'a>(list: &str) -> Option<Attributes<'a>> {
    let mut attributes = Attributes::default();
    let mut rest = list.trim_start();
    while !rest.is_empty() {
        let first = rest.chars().next()?;
        match first {
            '#' | '.' => {
                let end = rest[1..].find([' ', '\t', '.', '#']).map_or(rest.len(), |i| i + 1);
                let name = &rest[1..end];
                if name.is_empty() {
                    return None;
                }
                match first {
                    '#' => attributes.id = Some(Cow::Owned(name.to_string())),
                    _ => attributes.add_class(name.to_string()),
                }
                rest = &rest[end..];
            }
            _ => {
                let (key, after) = rest.split_once('=')?;
                let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
                let (value, after) = match quote {
                    Some(quote) => after[1..].split_once(quote)?,
                    None => after.split_at(after.find([' ', '\t']).unwrap_or(after.len())),
                };
                if key.is_empty() || key.contains(|c: char| c.is_whitespace() || "\"'<>/{}".contains(c)) {
                    return None;
                }
                match key {
                    "id" => attributes.id = Some(Cow::Owned(value.to_string())),
                    "class" => value.split_whitespace().for_each(|class| attributes.add_class(class.to_string())),
                    _ => attributes.set(key.to_string(), value.to_string()),
                }
                rest = after;
            }
        }
        rest = rest.trim_start();
    }
    Some(attributes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(list: &str, expected: &str) {
        let found = parse(list).map(|a| format!("{:?} {:?} {:?}", a.id.as_deref(), a.classes, a.others));
        assert_eq!(found.as_deref().unwrap_or("none"), expected);
    }

    #[test]
    fn ids_classes_and_values_are_read_in_any_order() {
        check("#a .b .c k=\"v w\"", r#"Some("a") ["b", "c"] [("k", "v w")]"#);
        check(".b.c#a", r#"Some("a") ["b", "c"] []"#);
        check("k='v' class=\"x y\"", r#"None ["x", "y"] [("k", "v")]"#);
    }

    #[test]
    fn anything_else_is_no_attribute_list() {
        check("just words", "none");
        check(".", "none");
        check("k=\"open", "none");
    }
}
