//! Where in the source a link's destination stands, so that it can be changed and nothing else.
//!
//! Looked up only in the link's own text: whatever cannot be told apart there is left alone.

use crate::diagnostic::Span;

/// The exact place of `target` in the link at `span`. `None` when it is written in another way there, with escapes or
/// character references, or could be meant by several places.
pub fn find(text: &str, span: Span, target: &str) -> Option<Span> {
    let link = text.get(span.range())?;
    let start = span.start as usize;
    if target.is_empty() {
        return None;
    }
    if link == target {
        return Some(span);
    }
    let place = |at: usize| Span::new(at, at + target.len());
    let is_whole = |at: usize| {
        let before = link[..at].trim_end().trim_end_matches('<').trim_end();
        let opens = before.ends_with("](")
            || ["=\"", "='", "="].iter().any(|open| before.ends_with(open))
            || at == 1 && link.starts_with('<');
        let after = link[at + target.len()..].chars().next();
        opens && after.is_none_or(|c| c.is_whitespace() || matches!(c, ')' | '>' | '"' | '\''))
    };
    let mut found = link.match_indices(target).map(|(at, _)| at).filter(|&at| is_whole(at));
    match (found.next(), found.next()) {
        (Some(at), None) => Some(place(start + at)),
        (Some(_), Some(_)) => None,
        (None, _) => definition(text, link, target),
    }
}

/// The place of the destination in the definition that a link such as `[text][name]` refers to.
fn definition(text: &str, link: &str, target: &str) -> Option<Span> {
    let inside = link.trim_start_matches('!').strip_prefix('[')?.strip_suffix(']')?;
    let label = match inside.rsplit_once("][") {
        Some((label, "")) | Some((_, label)) => label,
        None => inside.strip_suffix("][").unwrap_or(inside),
    };
    let same =
        |a: &str, b: &str| a.split_whitespace().map(str::to_lowercase).eq(b.split_whitespace().map(str::to_lowercase));
    let mut found = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let begin = at;
        at += line.len();
        let Some((name, rest)) = line.trim_start().strip_prefix('[').and_then(|line| line.split_once("]:")) else {
            continue;
        };
        if !same(name, label) {
            continue;
        }
        let rest = rest.trim_start();
        let rest = rest.strip_prefix('<').unwrap_or(rest);
        let after = rest.strip_prefix(target)?;
        if found.is_some() || !(after.is_empty() || after.starts_with(|c: char| c.is_whitespace() || c == '>')) {
            return None;
        }
        let start = begin + line.len() - rest.len();
        found = Some(Span::new(start, start + target.len()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with the place in braces; `at` is the link.
    fn check(text: &str, at: &str, target: &str, expected: Option<&str>) {
        let start = text.find(at).unwrap();
        let found = find(text, Span::new(start, start + at.len()), target);
        let shown = found.map(|span| {
            format!("{}{{{}}}{}", &text[..span.range().start], &text[span.range()], &text[span.range().end..])
        });
        assert_eq!(shown.as_deref(), expected, "{text:?}");
    }

    #[test]
    fn a_destination_is_found_however_the_link_is_written() {
        check("a [b](/c/) d", "[b](/c/)", "/c/", Some("a [b]({/c/}) d"));
        check("[/c/](/c/ \"/c/\")", "[/c/](/c/ \"/c/\")", "/c/", Some("[/c/]({/c/} \"/c/\")"));
        check("![b]( <c d.png> 't')", "![b]( <c d.png> 't')", "c d.png", Some("![b]( <{c d.png}> 't')"));
        check("<https://e.org>", "<https://e.org>", "https://e.org", Some("<{https://e.org}>"));
        check("x www.e.org", "www.e.org", "www.e.org", Some("x {www.e.org}"));
        check("<a class=b href='/c/'>", "<a class=b href='/c/'>", "/c/", Some("<a class=b href='{/c/}'>"));
    }

    #[test]
    fn a_reference_leads_to_its_definition() {
        check("[b][n m]\n\n[N  M]: /c/ \"t\"\n", "[b][n m]", "/c/", Some("[b][n m]\n\n[N  M]: {/c/} \"t\"\n"));
        check("[n][]\n\n[n]: </c/>\n", "[n][]", "/c/", Some("[n][]\n\n[n]: <{/c/}>\n"));
        check("[n]\n\n [n]: /c/", "[n]", "/c/", Some("[n]\n\n [n]: {/c/}"));
        check("[n]\n\n[n]: /c/\n[n]: /c/\n", "[n]", "/c/", None);
    }

    #[test]
    fn what_is_not_certain_is_not_found() {
        check("[![a](/c/)](/c/)", "[![a](/c/)](/c/)", "/c/", None);
        check("[b](a&amp;b)", "[b](a&amp;b)", "a&b", None);
        check("[b](/c/d/)", "[b](/c/d/)", "/c/", None);
        check("[b]()", "[b]()", "", None);
    }
}
