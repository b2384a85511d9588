//! Where the destination of a link stands in the source, so that it can be changed and nothing else.
//!
//! A link's span is mostly that of the whole link: parsers do not say where in it the destination is. It is looked for
//! here in all the ways that links are written, and taken only if what stands there means the link's target.

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostic::Span;
use crate::markdown::raw_html::{candidates, next_tag, unescape};

/// A destination in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Destination {
    /// Its place, without what is around it.
    pub span: Span,
    /// How it is written, which says how another one has to be written in its place.
    pub form: Form,
}

/// The ways to write a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `[text](destination)` and `[label]: destination`.
    Bare,
    /// `[text](<destination>)` and `[label]: <destination>`.
    Angle,
    /// `<https://…>`, or the bare URL.
    Autolink,
    /// The value of an HTML attribute.
    Attribute,
}

/// The exact place of `target` in the link at `span`, wherever the link's kind has it. `None` when that is not certain.
pub fn find(text: &str, span: Span, target: &str) -> Option<Span> {
    place(text, span, target).map(|destination| destination.span)
}

/// The same with how it is written.
pub fn place(text: &str, span: Span, target: &str) -> Option<Destination> {
    let start = span.start as usize;
    let source = text.get(span.range())?;
    let target = target.trim();
    if target.is_empty() {
        return None;
    }
    let in_source = |(range, form): (Range<usize>, Form)| Destination {
        span: Span::new(start + range.start, start + range.end),
        form,
    };
    let attribute =
        || Some((trimmed(source), Form::Attribute)).filter(|(range, _)| unescape(&source[range.clone()]) == target);
    let found = match source.as_bytes().first() {
        Some(b'<') => autolink(source, target).or_else(|| in_tags(source, target)),
        Some(b'[' | b'!') => inline(source, target),
        _ => None,
    };
    let found = found.or_else(attribute).or_else(|| srcset(source, target)).or_else(|| in_tags(source, target));
    found.map(in_source).or_else(|| definition(text, source, target))
}

/// A destination as it has to be written in this form. `None` when it cannot be written so.
pub fn write(target: &str, form: Form) -> Option<String> {
    if target.contains(|c: char| c.is_control()) {
        return None;
    }
    match form {
        Form::Bare if target.is_empty() => None,
        Form::Bare => {
            let mut out = String::with_capacity(target.len());
            for c in target.chars() {
                match c {
                    ' ' => out.push_str("%20"),
                    '(' => out.push_str("%28"),
                    ')' => out.push_str("%29"),
                    '<' => out.push_str("%3C"),
                    '>' => out.push_str("%3E"),
                    '\\' => out.push_str("%5C"),
                    c => out.push(c),
                }
            }
            Some(out)
        }
        Form::Angle => (!target.contains(['<', '>'])).then(|| target.to_string()),
        Form::Autolink => (target.contains("://") && !target.contains(['<', '>', ' '])).then(|| target.to_string()),
        Form::Attribute => {
            let escaped = target.replace('&', "&amp;").replace('"', "%22").replace('\'', "%27");
            Some(escaped.replace('<', "%3C").replace('>', "%3E").replace(' ', "%20"))
        }
    }
}

fn trimmed(source: &str) -> Range<usize> {
    let start = source.len() - source.trim_start().len();
    start..start + source.trim().len()
}

/// `[text](destination "title")`, from the last possible place: the text may hold other links.
fn inline(source: &str, target: &str) -> Option<(Range<usize>, Form)> {
    // Nearly all end with the destination as it is, which is found without looking for the last place.
    if let Some(before) = source.strip_suffix(')').and_then(|rest| rest.strip_suffix(target))
        && before.ends_with("](")
        && !target.contains("](")
        && let Some(found) = at_destination(source, before.len())
        && &source[found.0.clone()] == target
    {
        return Some(found);
    }
    source
        .rmatch_indices("](")
        .find_map(|(at, _)| at_destination(source, at + 2).filter(|found| means(source, found, target)))
}

/// What stands where a destination begins, after blanks.
fn at_destination(source: &str, from: usize) -> Option<(Range<usize>, Form)> {
    let rest = &source[from..];
    let start = from + (rest.len() - rest.trim_start().len());
    let rest = &source[start..];
    if let Some(inside) = rest.strip_prefix('<') {
        let end = inside.find(['>', '\n'])?;
        return inside[end..].starts_with('>').then_some((start + 1..start + 1 + end, Form::Angle));
    }
    let (mut level, mut escaped) = (0, false);
    let end = rest.char_indices().find(|(_, c)| {
        let was_escaped = std::mem::take(&mut escaped);
        match c {
            '\\' => escaped = !was_escaped,
            '(' if !was_escaped => level += 1,
            ')' if !was_escaped => level -= 1,
            _ => {}
        }
        level < 0 || c.is_whitespace() || c.is_control()
    });
    Some((start..start + end.map_or(rest.len(), |(end, _)| end), Form::Bare))
}

fn means(source: &str, (range, _): &(Range<usize>, Form), target: &str) -> bool {
    let written = &source[range.clone()];
    written == target || unescape(&without_escapes(written)) == target
}

/// The text without the backslashes before punctuation.
fn without_escapes(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_escape = c == '\\' && chars.peek().is_some_and(char::is_ascii_punctuation);
        out.extend(if is_escape { chars.next() } else { Some(c) });
    }
    out.into()
}

/// `<https://…>`
fn autolink(source: &str, target: &str) -> Option<(Range<usize>, Form)> {
    let inside = source.strip_prefix('<')?.strip_suffix('>')?;
    (inside == target).then_some((1..1 + inside.len(), Form::Autolink))
}

/// An attribute of the tags in the source.
fn in_tags(source: &str, target: &str) -> Option<(Range<usize>, Form)> {
    let mut at = 0;
    while let Some((tag, next)) = next_tag(source, at) {
        at = next;
        for attribute in tag.attributes {
            let value = &source[attribute.value.clone()];
            if ["href", "src", "poster", "data"]
                .iter()
                .any(|name| source[attribute.name.clone()].eq_ignore_ascii_case(name))
            {
                let inner = trimmed(value);
                if unescape(&value[inner.clone()]) == target {
                    let start = attribute.value.start;
                    return Some((start + inner.start..start + inner.end, Form::Attribute));
                }
            } else if source[attribute.name.clone()].eq_ignore_ascii_case("srcset")
                && let Some((range, form)) = srcset(value, target)
            {
                let start = attribute.value.start;
                return Some((start + range.start..start + range.end, form));
            }
        }
    }
    None
}

/// One of the addresses of a `srcset`.
fn srcset(source: &str, target: &str) -> Option<(Range<usize>, Form)> {
    let found = candidates(source).into_iter().find(|(url, _)| unescape(url) == target)?.0;
    // The candidate is a part of the source.
    let start = found.as_ptr() as usize - source.as_ptr() as usize;
    Some((start..start + found.len(), Form::Attribute))
}

/// The definition that a reference such as `[text][label]` means.
fn definition(text: &str, source: &str, target: &str) -> Option<Destination> {
    let label = label(source)?;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        // In a list or a quote it stands further in.
        let inner = line.trim_start_matches([' ', '\t', '>']);
        let Some(rest) = inner.strip_prefix('[') else { continue };
        let Some(end) = rest.find("]:") else { continue };
        if normal(&rest[..end]) != label {
            continue;
        }
        let from = start + (line.len() - inner.len()) + 1 + end + 2;
        let found = at_destination(text, from).filter(|found| means(text, found, target));
        if let Some((range, form)) = found {
            return Some(Destination { span: Span::new(range.start, range.end), form });
        }
    }
    None
}

/// The label of a reference: `[text][label]`, `[label][]` or `[label]`.
fn label(source: &str) -> Option<String> {
    let inside = source.strip_prefix('!').unwrap_or(source).trim_end().strip_suffix(']')?;
    let label = match inside.strip_suffix('[') {
        Some(before) => before.trim_end().strip_suffix(']')?.strip_prefix('[')?,
        None => match inside.rfind("][").or_else(|| inside.rfind("] [")) {
            Some(at) => &inside[at + inside[at..].find('[')? + 1..],
            None => inside.strip_prefix('[')?,
        },
    };
    Some(normal(label))
}

/// Labels are equal whatever their case and blanks.
fn normal(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Dialect, Link, Options, read};

    /// Every link of the text whose destination is found, as `form place`, in both dialects.
    fn check(text: &str, expected: &[&str]) {
        for dialect in [Dialect::Gfm, Dialect::Kramdown] {
            let document = read(text, 0, None, &Options { dialect, ..Options::default() });
            let show = |link: &Link| match place(text, link.span, &link.target) {
                Some(Destination { span, form }) => format!("{form:?} {}", &text[span.range()]),
                None => format!("not found: {}", link.target),
            };
            let found: Vec<String> = document.links.iter().map(show).collect();
            assert_eq!(found, expected, "{dialect:?}: {text:?}");
        }
    }

    #[test]
    fn inline_destinations_are_found() {
        check("See [a](b.md \"t\") and [`x](y)`](../c.md#d).", &["Bare b.md", "Bare ../c.md#d"]);
        check("[![alt](i.png)](p.md)", &["Bare p.md", "Bare i.png"]);
        check("[a](<b c.md>) ![i](a%20b.png)", &["Angle b c.md", "Bare a%20b.png"]);
        check("[a](x_(y).md)", &["Bare x_(y).md"]);
    }

    #[test]
    fn references_lead_to_their_definitions() {
        check("[A b][X  y], [x Y][] and [x y]\n\n[x y]: /to/ \"Title\"\n", &["Bare /to/"; 3]);
        check("![p][i]\n\n[i]: <a.png>\n", &["Angle a.png"]);
    }

    #[test]
    fn attributes_of_raw_html_are_found() {
        check("<a href=\"/q?a&amp;b\">x</a> <img src='p.png'>\n", &["Attribute /q?a&amp;b", "Attribute p.png"]);
        check("<div><a href=\"x.md\">x</a></div>\n", &["Attribute x.md"]);
        check(
            "<img src=\"a.png\" srcset=\"b.png 1x, c.png 2x\">\n",
            &["Attribute a.png", "Attribute b.png", "Attribute c.png"],
        );
    }

    #[test]
    fn autolinks_are_found() {
        check("<https://example.com/a>", &["Autolink https://example.com/a"]);
    }

    #[test]
    fn a_destination_is_written_so_that_it_is_read_again() {
        assert_eq!(write("a b(c).md", Form::Bare).as_deref(), Some("a%20b%28c%29.md"));
        assert_eq!(write("a b.md", Form::Angle).as_deref(), Some("a b.md"));
        assert_eq!(write("/a?b&c", Form::Attribute).as_deref(), Some("/a?b&amp;c"));
        assert_eq!(write("a.md", Form::Autolink), None);
    }

    /// The text with the place in braces; `at` is the link.
    fn check_place(text: &str, at: &str, target: &str, expected: Option<&str>) {
        let start = text.find(at).unwrap();
        let found = find(text, Span::new(start, start + at.len()), target);
        let shown = found.map(|span| {
            format!("{}{{{}}}{}", &text[..span.range().start], &text[span.range()], &text[span.range().end..])
        });
        assert_eq!(shown.as_deref(), expected, "{text:?}");
    }

    #[test]
    fn a_destination_is_found_however_the_link_is_written() {
        check_place("a [b](/c/) d", "[b](/c/)", "/c/", Some("a [b]({/c/}) d"));
        check_place("[/c/](/c/ \"/c/\")", "[/c/](/c/ \"/c/\")", "/c/", Some("[/c/]({/c/} \"/c/\")"));
        check_place("![b]( <c d.png> 't')", "![b]( <c d.png> 't')", "c d.png", Some("![b]( <{c d.png}> 't')"));
        check_place("<https://e.org>", "<https://e.org>", "https://e.org", Some("<{https://e.org}>"));
        check_place("x www.e.org", "www.e.org", "www.e.org", Some("x {www.e.org}"));
        check_place("<a class=b href='/c/'>", "<a class=b href='/c/'>", "/c/", Some("<a class=b href='{/c/}'>"));
    }

    #[test]
    fn a_reference_leads_to_its_definition() {
        check_place("[b][n m]\n\n[N  M]: /c/ \"t\"\n", "[b][n m]", "/c/", Some("[b][n m]\n\n[N  M]: {/c/} \"t\"\n"));
        check_place("[n][]\n\n[n]: </c/>\n", "[n][]", "/c/", Some("[n][]\n\n[n]: <{/c/}>\n"));
        check_place("[n]\n\n [n]: /c/", "[n]", "/c/", Some("[n]\n\n [n]: {/c/}"));
        check_place("[n]\n\n[n]: /c/\n[n]: /c/\n", "[n]", "/c/", Some("[n]\n\n[n]: {/c/}\n[n]: /c/\n"));
    }

    #[test]
    fn what_is_not_certain_is_not_found() {
        check_place("[![a](/c/)](/c/)", "[![a](/c/)](/c/)", "/c/", Some("[![a](/c/)]({/c/})"));
        check_place("[b](a&amp;b)", "[b](a&amp;b)", "a&b", Some("[b]({a&amp;b})"));
        check_place("[b](/c/d/)", "[b](/c/d/)", "/c/", None);
        check_place("[b]()", "[b]()", "", None);
    }
}
