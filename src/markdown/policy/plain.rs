//! Finished HTML that is let through anyway, told apart without reading it as a browser does.
//!
//! Most pages hold nothing but what Markdown makes, and reading all of them as a browser does takes longer than making them. A
//! browser makes elements of start tags only. So HTML whose tags are all written in the one plain way that nobody can read
//! differently, are all let through with all of their attributes, and are all closed in order, needs no cleaning. Whatever is
//! written in any other way is no plain HTML, however harmless: that is for the library to say.

use crate::markdown::policy::clean::{MATH, is_known, is_known_attribute, is_let_in, is_style_let_in};

/// No more elements than this stand in each other in plain HTML.
const DEEPEST: usize = 200;

/// Elements that hold nothing, and that nobody closes.
const VOID: &[&str] = &["br", "col", "hr", "img", "input", "source", "track", "wbr"];

/// Parts of formulas in which a browser reads HTML again.
const MATH_OF_TEXT: &[&str] = &["mi", "mn", "mo", "mtext"];

/// Whether HTML is plain and holds nothing that has to be taken out.
pub fn is_plain(html: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        rest = &rest[at + 1..];
        if let Some(end) = rest.strip_prefix('/') {
            let (name, after) = name(end);
            let Some(after) = after.strip_prefix('>').filter(|_| open.pop() == Some(name)) else { return false };
            rest = after;
            continue;
        }
        if let Some(comment) = rest.strip_prefix("!--") {
            let Some(after) = after_comment(comment) else { return false };
            rest = after;
            continue;
        }
        let (name, after) = name(rest);
        if !is_known(name) {
            return false;
        }
        let Some((closes, after)) = attributes(name, after) else { return false };
        rest = after;
        if VOID.contains(&name) {
            continue;
        }
        match closes {
            // Only in formulas and pictures does the slash close an element.
            true if is_foreign(&open) && (MATH.contains(&name) || name == "path") => {}
            true => return false,
            false => open.push(name),
        }
        if open.len() > DEEPEST {
            return false;
        }
    }
    open.is_empty()
}

/// What comes after a comment that nobody takes to end earlier or later than it does.
fn after_comment(comment: &str) -> Option<&str> {
    let (text, after) = comment.split_once("--")?;
    let is_plain = !text.starts_with(['>', '-']) && !text.ends_with(['<', '!', '-']) && !text.contains("<!");
    after.strip_prefix('>').filter(|_| is_plain)
}

/// Whether what stands inside these elements is read as a formula or a picture.
fn is_foreign(open: &[&str]) -> bool {
    open.last().is_some_and(|last| *last == "svg" || MATH.contains(last) && !MATH_OF_TEXT.contains(last))
}

/// Reads the attributes of a start tag and its end: whether it has a slash, and what comes after.
fn attributes<'h>(tag: &str, mut rest: &'h str) -> Option<(bool, &'h str)> {
    loop {
        let spaced = rest.trim_start_matches([' ', '\n']);
        if let Some(after) = spaced.strip_prefix('>') {
            return Some((false, after));
        }
        if let Some(after) = spaced.strip_prefix("/>") {
            return Some((true, after));
        }
        if spaced.len() == rest.len() {
            return None;
        }
        let end = spaced.bytes().position(|b| !b.is_ascii_alphanumeric() && b != b'-')?;
        let (name, after) = spaced.split_at(end);
        let (value, after) = match after.strip_prefix("=\"") {
            Some(value) => value.split_once('"')?,
            None => ("", after),
        };
        if name.is_empty() || !is_plain_attribute(tag, name, value) {
            return None;
        }
        rest = after;
    }
}

/// Whether an attribute is let through as it is written.
fn is_plain_attribute(tag: &str, name: &str, value: &str) -> bool {
    let is_spelt_out = match name {
        // These are read by people.
        "alt" | "title" | "class" | "abbr" | "summary" | "label" => true,
        _ if name.starts_with("aria-") => true,
        // Neither is part of a scheme.
        "href" | "src" | "cite" => value.split('&').skip(1).all(|r| r.starts_with("amp;") || r.starts_with("#39;")),
        _ => !value.contains('&'),
    };
    is_spelt_out
        && is_known_attribute(tag, name)
        && match name {
            "style" => is_style_let_in(value),
            _ => is_let_in(tag, name, value),
        }
}

/// The name of an element, and what comes after. A name that is not in small letters is none.
fn name(html: &str) -> (&str, &str) {
    let end = html.bytes().position(|b| !b.is_ascii_lowercase() && !b.is_ascii_digit()).unwrap_or(html.len());
    html.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_markdown_makes_is_plain() {
        for html in [
            "",
            "a & b &lt;script&gt; > c",
            "<h2 id=\"a\">b<a class=\"anchor\" href=\"#a\" aria-hidden=\"true\" tabindex=\"-1\"></a></h2>\n<p>a<br />\nb</p>",
            "<td style=\"text-align: center\">a</td>",
            "<a href=\"/x?a&amp;b#c&#39;d\" title=\"&lt;&quot;>\">a</a><img src=\"/a.png\" alt=\"\" />",
            "<input type=\"checkbox\" disabled checked=\"\" />",
            "<math><mrow><mspace width=\"1em\" /><mtext>a</mtext></mrow></math>",
            "<svg viewBox=\"0 0 1 1\"><path d=\"M0\"/></svg>",
            "<p>a<!-- <script> b -->c</p><!---->",
            "<a class=\"embed\" href=\"https://e.org\" style=\"aspect-ratio:560/315\">a</a>",
        ] {
            assert!(is_plain(html), "{html}");
        }
    }

    #[test]
    fn what_can_be_read_in_another_way_or_does_harm_is_not_plain() {
        for html in [
            "<script>a</script>",
            "<p onclick=\"x\">a</p>",
            "<p",
            "<",
            "a < b",
            "<p>",
            "</p>",
            "<b><i></b></i>",
            "<p></p >",
            "<!--> a -->",
            "<!---> a -->",
            "<!-- a --!> b -->",
            "<!-- a -- b -->",
            "<!-- a <!-- b -->",
            "<!-- a --->",
            "<!-- a",
            "<! a >",
            "<?a?>",
            "<![CDATA[<p>]]>",
            "<P></P>",
            "<p/><p />",
            "<p/ class=\"a\"></p>",
            "<p class='a'></p>",
            "<p class=a></p>",
            "<p class=\"a\"title=\"b\"></p>",
            "<p class = \"a\"></p>",
            "<p class=\"a></p>",
            "<p style=\"position:fixed\"></p>",
            "<p id=\"_search\"></p>",
            "<p id=\"&#95;search\"></p>",
            "<a href=\"javascript:x\"></a>",
            "<a href=\"&#106;avascript:x\"></a>",
            "<a href=\"javascript&colon;x\"></a>",
            "<a href=\"java\nscript:x\"></a>",
            "<a data-frame=\"//e.org\"></a>",
            "<math><mtext><mspace /></mtext></math>",
            "<mspace />",
            "<input type=\"image\" />",
        ] {
            assert!(!is_plain(html), "{html}");
        }
        assert!(!is_plain(&("<b>".repeat(DEEPEST + 1) + &"</b>".repeat(DEEPEST + 1))));
    }
}
