//! The addresses in styles that pages bring: `url(…)` in a `<style>` element or a `style` attribute.

use std::ops::Range;

use crate::diagnostic::Span;
use crate::markdown::LinkKind;
use crate::markdown::html::Writer;
use crate::markdown::tree::{Kind, NodeId};

impl Writer<'_, '_> {
    /// Whether a text is that of a `<style>` element.
    pub(super) fn is_in_style(&self, id: NodeId) -> bool {
        let parent = self.tree.node(id).parent.filter(|_| self.style.site);
        parent.is_some_and(|parent| matches!(&self.tree.node(parent).kind, Kind::Element { tag, .. } if tag == "style"))
    }

    /// The text of a `<style>` element.
    pub(super) fn style_text(&mut self, css: &str, span: Span) {
        let is_source = self.text.get(span.range()).is_some_and(|source| source == css);
        self.css(css, is_source.then_some(span.start as usize), span, |writer, text| writer.out.push_str(text));
    }

    /// A style in raw HTML, of which all up to `written` has been written.
    pub(super) fn raw_css(
        &mut self,
        html: &str,
        written: &mut usize,
        place: Range<usize>,
        span: Span,
        is_source: bool,
    ) {
        self.out.push_str(&html[*written..place.start]);
        *written = place.end;
        let start = is_source.then_some(span.start as usize + place.start);
        self.css(&html[place], start, span, |writer, text| writer.out.push_str(text));
    }

    /// A style, with holes for its addresses. `push` writes what is between them. `start` is where it begins in the
    /// source, if it is the source letter by letter; else a link's place is all of `span`.
    pub(super) fn css(&mut self, css: &str, start: Option<usize>, span: Span, push: fn(&mut Self, &str)) {
        let mut written = 0;
        for url in urls(css) {
            push(self, &css[written..url.start]);
            written = url.end;
            let place = start.map_or(span, |start| Span::new(start + url.start, start + url.end));
            self.hole_for(&css[url], LinkKind::Image, place);
        }
        push(self, &css[written..]);
    }
}

/// The places of the addresses, without quotes. Left out are those of parts of the page, data, and what would have to be
/// written in another way in a style than in an attribute.
/// Source: <https://drafts.csswg.org/css-values/#urls>.
fn urls(css: &str) -> Vec<Range<usize>> {
    let mut urls = Vec::new();
    let mut at = 0;
    while let Some(offset) = memchr::memchr3(b'/', b'u', b'U', &css.as_bytes()[at..]) {
        let rest = &css[at + offset..];
        at += offset + 1;
        if rest.starts_with("/*") {
            at += rest[1..].find("*/").map_or(rest.len() - 1, |end| end + 2);
        } else if rest.get(..4).is_some_and(|name| name.eq_ignore_ascii_case("url(")) {
            at += 3;
            let blanks = css[at..].len() - css[at..].trim_start().len();
            let quote = css[at + blanks..].chars().next().filter(|c| matches!(c, '"' | '\''));
            let start = at + blanks + quote.map_or(0, char::len_utf8);
            let end = match quote {
                Some(quote) => css[start..].find(quote),
                None => css[start..].find(|c: char| c == ')' || c.is_whitespace()),
            };
            let Some(end) = end.map(|end| start + end) else { return urls };
            at = end;
            let url = &css[start..end];
            let is_closed = css[end + quote.map_or(0, char::len_utf8)..].trim_start().starts_with(')');
            let is_plain = !url.contains(['&', '\\', '<', '"', '\'', '(', '\n']);
            let is_other = url.is_empty() || url.starts_with('#') || url.starts_with("data:");
            if is_closed && is_plain && !is_other {
                urls.push(start..end);
            }
        }
    }
    urls
}

#[cfg(test)]
mod tests {
    use super::urls;

    fn check(css: &str, expected: &[&str]) {
        let found: Vec<&str> = urls(css).into_iter().map(|url| &css[url]).collect();
        assert_eq!(found, expected, "{css}");
    }

    #[test]
    fn addresses_are_found_with_and_without_quotes() {
        check("a{background:url(/a.png) no-repeat}b{src:URL( 'b c.woff' )}", &["/a.png", "b c.woff"]);
        check("/* url(x) */ url(\"y\")", &["y"]);
        check("ü url(ä) /", &["ä"]);
    }

    #[test]
    fn what_is_no_file_is_left_alone() {
        check("url(#g) url(data:image/png;base64,AA) url() url('') url(a\\)b) url(a&amp;b)", &[]);
        check("url( /* url('a", &[]);
        check("url(", &[]);
    }
}
