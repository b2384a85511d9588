//! Whether raw HTML closes what it opens.
//!
//! For the dialect that passes HTML on as it is, in pieces: `<div>` and `</div>` are often two blocks with Markdown between
//! them. kramdown's own reader of HTML says the same of its pages.

use std::collections::HashMap;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::markdown::kramdown::tag_is_known;
use crate::markdown::raw_html;

/// Elements that need no end tag: <https://html.spec.whatwg.org/#optional-tags> and the void ones.
const NEED_NONE: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p",
    "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "rt", "rp",
    "html", "head", "body", "path", "circle", "rect", "line", "polygon", "polyline", "ellipse", "use", "stop",
];

/// The elements that are open, and what was wrong so far.
#[derive(Debug, Default)]
pub struct Balance {
    open: Vec<(String, Span)>,
    /// How many of each name, in small letters, are open.
    n_open: HashMap<String, usize>,
    problems: Vec<Diagnostic>,
}

impl Balance {
    /// Reads the next piece of a page's HTML.
    pub fn read(&mut self, html: &str, text: &str, span: Span) {
        let is_source = text.get(span.range()).is_some_and(|source| source.starts_with(html));
        let mut at = 0;
        while let Some(offset) = html[at..].find('<') {
            let start = at + offset;
            let rest = &html[start..];
            let place = |end: usize| match is_source {
                true => Span::new(span.start as usize + start, span.start as usize + end.min(html.len())),
                false => span,
            };
            if rest.starts_with("<!--") {
                at = start + rest.find("-->").map_or(rest.len(), |end| end + 3);
            } else if let Some(name) = rest.strip_prefix("</") {
                let length = name.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == ':')).unwrap_or(name.len());
                let end = start + rest.find('>').map_or(rest.len(), |end| end + 1);
                if length > 0 {
                    self.close(&name[..length], place(end));
                }
                at = end;
            } else if rest.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic) {
                let Some((tag, end)) = raw_html::next_tag(html, start) else { return };
                // A script's text is skipped, so that its end tag comes next.
                let own_end = html[start..end].find('>').map_or(end, |_| end);
                let name = &html[tag.name.clone()];
                let tag_end = tag.attributes.last().map_or(tag.name.end, |own| own.value.end);
                let is_empty = html[tag_end..].trim_start_matches(['"', '\'', ' ', '\n', '\r', '\t']).starts_with("/>");
                let small = name.to_ascii_lowercase();
                if !is_empty && !NEED_NONE.contains(&&*small) {
                    let shown = tag_end + html[tag_end..].find('>').map_or(html.len() - tag_end, |end| end + 1);
                    self.open.push((name.to_string(), place(shown)));
                    *self.n_open.entry(small).or_default() += 1;
                }
                // The scanner stops behind the `</` of a script's end tag.
                at = if html[..own_end].ends_with("</") { own_end - 2 } else { own_end };
            } else {
                at = start + 1;
            }
        }
    }

    fn close(&mut self, name: &str, span: Span) {
        let small = name.to_ascii_lowercase();
        // Only for what is open: an end tag that ends nothing would look at all that is.
        let is_open = self.n_open.get(&small).is_some_and(|&n| n > 0);
        let place =
            if is_open { self.open.iter().rposition(|(open, _)| open.eq_ignore_ascii_case(name)) } else { None };
        match place {
            Some(at) => {
                let closed: Vec<(String, Span)> = self.open.drain(at..).collect();
                for (name, _) in &closed {
                    if let Some(n) = self.n_open.get_mut(&name.to_ascii_lowercase()) {
                        *n -= 1;
                    }
                }
                self.problems.extend(closed.into_iter().skip(1).map(|(name, span)| unclosed(&name, span)));
            }
            None if NEED_NONE.contains(&&*small) => {}
            None => {
                let message = format!("`</{name}>` ends an element that does not begin");
                let problem = Diagnostic::new(Code::HtmlTag, message).at(span);
                self.problems.push(problem.help(format!("remove it, or write `<{name}>` where it should begin")));
            }
        }
    }

    /// What was wrong.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        let left = std::mem::take(&mut self.open);
        self.problems.extend(left.into_iter().map(|(name, span)| unclosed(&name, span)));
        self.problems
    }
}

fn unclosed(name: &str, span: Span) -> Diagnostic {
    if tag_is_known(&name.to_ascii_lowercase()) {
        let message = format!("`<{name}>` has no end tag, so it goes on to the end of what holds it");
        return Diagnostic::new(Code::HtmlTag, message).at(span).help(format!("close it with `</{name}>`"));
    }
    let message = format!("`<{name}>` is read as an HTML element, so readers do not see it");
    let help = format!("write `\\<{name}>` or `` `<{name}>` `` to show it");
    Diagnostic::new(Code::Placeholder, message).at(span).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pieces: &[&str], expected: &[&str]) {
        let mut balance = Balance::default();
        let text = pieces.concat();
        let mut start = 0;
        for piece in pieces {
            balance.read(piece, &text, Span::new(start, start + piece.len()));
            start += piece.len();
        }
        let found = balance.finish();
        let found: Vec<&str> = found.iter().map(|problem| &text[problem.span.unwrap().range()]).collect();
        assert_eq!(found, expected, "{pieces:?}");
    }

    #[test]
    fn elements_may_close_in_a_later_piece() {
        check(&["<div class=\"a\">\n", "</div>\n"], &[]);
        check(&["<DIV>", "<br>", "<img src=a>", "<p>", "<li>", "</div>"], &[]);
        check(&["<svg><path d=\"\"/></svg>", "<my-box />", "<a name=\"x\"/>"], &[]);
    }

    #[test]
    fn what_is_open_or_closes_nothing_is_found() {
        check(&["<div>\n", "<b>", "</div>"], &["<b>"]);
        check(&["<details open>"], &["<details open>"]);
        check(&["a</span>", "</p>"], &["</span>"]);
        check(&["<NAME>"], &["<NAME>"]);
    }

    #[test]
    fn names_count_in_any_case_and_once() {
        check(&["<DIV><b></div>", "</B>", "<B></b></DIV>"], &["<b>", "</B>", "</DIV>"]);
        // Looking at all that is open for each end tag would take minutes.
        let text = "<div>".repeat(100_000) + &"</b>".repeat(100_000);
        let mut balance = Balance::default();
        balance.read(&text, &text, Span::new(0, text.len()));
        assert_eq!(balance.finish().len(), 200_000);
    }

    #[test]
    fn comments_and_scripts_are_no_elements() {
        check(&["<!-- <div> -->", "<script>if (a < b) '<div>'</script>", "<style>a>b{}</style>"], &[]);
    }

    #[test]
    fn broken_html_ends() {
        for html in ["<", "</", "<a", "<a href=\"", "<!--", "</>", "<script>", "<a b='", "</ü>"] {
            let mut balance = Balance::default();
            balance.read(html, html, Span::new(0, html.len()));
            balance.finish();
        }
    }
}
