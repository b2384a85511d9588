//! Bare URLs and e-mail addresses in text become links, by the rules of GFM's extended autolinks.
//!
//! Source: <https://github.github.com/gfm/#autolinks-extension->.

use std::borrow::Cow;

use crate::diagnostic::Span;
use crate::markdown::tree::{Kind, NodeId, Tree};

/// What can stand behind a URL's domain.
const DELIMITERS: [char; 4] = ['/', '?', '#', ':'];
/// No domain has more characters: RFC 1035, section 2.3.4.
const LONGEST_DOMAIN: usize = 255;

/// Turns the bare URLs in a page's text into links, except inside links and images.
pub fn link_bare_urls(tree: &mut Tree<'_>) {
    let mut at = tree.node(Tree::ROOT).first;
    while let Some(id) = at {
        // The next node is taken first: splitting a text node puts new nodes before it and may take it out.
        let node = tree.node(id);
        let enters = !matches!(node.kind, Kind::Link { .. } | Kind::Image { .. });
        let next = if enters && node.first.is_some() { node.first } else { after(tree, id) };
        if let Kind::Text(text) = &node.kind
            && may_hold_url(text)
        {
            split(tree, id);
        }
        at = next;
    }
}

/// The node after `id` and all below it.
fn after(tree: &Tree<'_>, id: NodeId) -> Option<NodeId> {
    let mut at = id;
    loop {
        if let Some(next) = tree.node(at).next {
            return Some(next);
        }
        at = tree.node(at).parent?;
    }
}

fn may_hold_url(text: &str) -> bool {
    // Most texts are short, and have none of these.
    let bytes = text.as_bytes();
    let is_sign = |at: usize| match bytes[at] {
        b'@' => true,
        b':' => bytes[at..].starts_with(b"://"),
        b'w' => bytes[at..].starts_with(b"www."),
        _ => false,
    };
    (0..bytes.len()).any(is_sign)
}

fn split(tree: &mut Tree<'_>, id: NodeId) {
    let Kind::Text(text) = &tree.node(id).kind else { return };
    let text = text.clone();
    let span = tree.node(id).span;
    let is_source = span.range().len() == text.len();
    let mut done = 0;
    let mut from = 0;
    while let Some((start, end, prefix)) = find(&text, from) {
        from = end;
        // Where the text is not the source letter by letter, a link's place is the whole text's.
        let place = |a: usize, b: usize| match is_source {
            true => Span { start: span.start + a as u32, end: span.start + b as u32 },
            false => span,
        };
        if done < start {
            let before = tree.create(Kind::Text(slice(&text, done, start)), place(done, start));
            tree.insert_before(id, before);
        }
        let url = &text[start..end];
        let target = Cow::Owned(format!("{prefix}{url}"));
        let link = tree.create(Kind::Link { target, title: "".into() }, place(start, end));
        tree.insert_before(id, link);
        tree.push(link, Kind::Text(slice(&text, start, end)), place(start, end));
        done = end;
    }
    if done == 0 {
        return;
    }
    if done == text.len() {
        return tree.detach(id);
    }
    let rest = slice(&text, done, text.len());
    let node = tree.node_mut(id);
    node.kind = Kind::Text(rest);
    if is_source {
        node.span.start += done as u32;
    }
}

fn slice<'t>(text: &Cow<'t, str>, start: usize, end: usize) -> Cow<'t, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[start..end]),
        Cow::Owned(text) => Cow::Owned(text[start..end].to_string()),
    }
}

/// The first URL or address at or after `from`: start, end, and what its target needs in front.
fn find(text: &str, from: usize) -> Option<(usize, usize, &'static str)> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        let rest = &text[at..];
        let offset = rest.find(['h', 'H', 'w', 'W', '@', 'f', 'F'])?;
        let start = at + offset;
        let candidate = &text[start..];
        let found = match bytes[start] {
            b'@' => email(text, start, from),
            _ if !begins_word(text, start) => None,
            b'w' | b'W' => has_prefix(candidate, "www.").then(|| web(text, start, 0, "http://")).flatten(),
            _ => ["https://", "http://", "ftp://"]
                .into_iter()
                .find(|scheme| has_prefix(candidate, scheme))
                .and_then(|scheme| web(text, start, scheme.len(), "")),
        };
        if found.is_some() {
            return found;
        }
        at = start + 1;
    }
    None
}

fn has_prefix(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

/// GFM allows a link at a line's start, after white space and after `*`, `_`, `~`, `(`; other languages write without
/// spaces, so any character that is not alphanumeric in ASCII may stand before it.
fn begins_word(text: &str, start: usize) -> bool {
    !text[..start].ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '@' | ':'))
}

fn web(text: &str, start: usize, scheme: usize, prefix: &'static str) -> Option<(usize, usize, &'static str)> {
    let rest = &text[start..];
    let is_stop = |c: char| c.is_whitespace() || c == '<' || is_cjk_stop(c);
    let domain = |after_scheme: &str| valid_domain(after_scheme, prefix.is_empty());
    // Without white space the text may be long, and each place where only a domain would fail must not read all of it.
    let near = rest.char_indices().take(scheme + LONGEST_DOMAIN).find(|&(_, c)| is_stop(c));
    if near.is_none() && rest.len() > scheme + LONGEST_DOMAIN {
        let delimiter = rest[scheme..].char_indices().take(LONGEST_DOMAIN).find(|&(_, c)| DELIMITERS.contains(&c));
        delimiter.filter(|&(at, _)| domain(&rest[scheme..scheme + at]))?;
    }
    let end = rest.find(is_stop).unwrap_or(rest.len());
    let end = trim_end(&rest[..end]);
    let after_scheme = rest.get(scheme..end)?;
    let n_domain = after_scheme.find(DELIMITERS).unwrap_or(after_scheme.len());
    domain(&after_scheme[..n_domain]).then_some((start, start + end, prefix))
}

/// Punctuation of scripts that put no space after a URL.
fn is_cjk_stop(c: char) -> bool {
    matches!(c, '、' | '。' | '」' | '』' | '（' | '）' | '，' | '；' | '：' | '】' | '　')
}

fn valid_domain(domain: &str, localhost: bool) -> bool {
    let parts: Vec<&str> = domain.split('.').collect();
    let allowed = |part: &&str| {
        !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_') // GFM's characters
    };
    let no_underscore_at_the_end = parts.iter().rev().take(2).all(|part| !part.contains('_'));
    parts.iter().all(allowed) && no_underscore_at_the_end && (parts.len() > 1 || localhost && domain == "localhost")
}

/// Leaves out punctuation that ends the sentence and not the URL, a closing parenthesis without its opening one, and
/// what looks like an entity.
fn trim_end(url: &str) -> usize {
    let mut end = url.len();
    let mut unopened = url.matches(')').count().saturating_sub(url.matches('(').count());
    while let Some(last) = url[..end].chars().next_back() {
        match last {
            '?' | '!' | '.' | ',' | ':' | '*' | '_' | '~' | '\'' | '"' => end -= 1,
            ')' if unopened > 0 => {
                unopened -= 1;
                end -= 1;
            }
            ';' => {
                let name = url[..end - 1].trim_end_matches(|c: char| c.is_ascii_alphanumeric());
                let is_entity = name.ends_with('&') && name.len() + 1 < end;
                end = if is_entity { name.len() - 1 } else { end - 1 };
            }
            _ => break,
        }
    }
    end
}

fn email(text: &str, at: usize, from: usize) -> Option<(usize, usize, &'static str)> {
    let local = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
    let before = &text[from..at];
    let start = at - before.chars().rev().take_while(|&c| local(c)).map(char::len_utf8).sum::<usize>();
    let rest = &text[at + 1..];
    let domain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let end = rest.find(|c: char| !domain(c)).unwrap_or(rest.len());
    let host = rest[..end].trim_end_matches('.');
    let fine = start < at
        && host.contains('.')
        && !host.starts_with('.')
        && !host.contains("..")
        && !host.ends_with(['-', '_'])
        && !rest[end..].starts_with('/');
    fine.then_some((start, at + 1 + host.len(), "mailto:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut tree = Tree::new();
        let p = tree.push(Tree::ROOT, Kind::Paragraph, Span::default());
        tree.push(p, Kind::Text(Cow::Borrowed(text)), Span::new(0, text.len()));
        link_bare_urls(&mut tree);
        let found: Vec<String> = tree
            .descendants(p)
            .filter_map(|id| match &tree.node(id).kind {
                Kind::Link { target, .. } => Some(target.to_string()),
                _ => None,
            })
            .collect();
        assert_eq!(found, expected, "in {text:?}");
        let whole: String = tree
            .descendants(p)
            .filter_map(|id| match &tree.node(id).kind {
                Kind::Text(text) => Some(text.to_string()),
                _ => None,
            })
            .collect();
        assert_eq!(whole, text, "the text itself is untouched");
    }

    #[test]
    fn urls_end_before_the_sentence_does() {
        check("See https://example.com/a_b?x=1.", &["https://example.com/a_b?x=1"]);
        check("(see https://example.com/a_(b))", &["https://example.com/a_(b)"]);
        check("www.example.com, and http://localhost:8000/x!", &["http://www.example.com", "http://localhost:8000/x"]);
        check("https://example.com/?a&hearts;", &["https://example.com/?a"]);
        check(
            "https://example.com/?a&b;;), FTP://example.com/(a)).",
            &["https://example.com/?a", "FTP://example.com/(a)"],
        );
    }

    #[test]
    fn long_texts_without_spaces_cost_no_more_than_others() {
        let n = 30_000;
        let url = "https://example.com/";
        check(&format!("{url}{}", ")".repeat(n)), &[url]);
        check(&format!("{url}{}", ";".repeat(n)), &[url]);
        check(&"(http://-".repeat(n), &[]);
        check(&"www._".repeat(n), &[]);
        check(&"(www.a.b".repeat(n), &["http://www.a.b"]);
        check(&"(www.a)/".repeat(n), &[]);
    }

    #[test]
    fn addresses_become_mailto_links() {
        check("write to people.ops+x@example.com.", &["mailto:people.ops+x@example.com"]);
        check("@handle and a@b are not addresses", &[]);
    }

    #[test]
    fn words_that_only_look_alike_stay_text() {
        check("https:// and http://- and xhttps://example.com", &[]);
        check("www. is no host", &[]);
    }

    #[test]
    fn japanese_text_may_touch_a_url() {
        check("詳細はhttps://example.com/a。次", &["https://example.com/a"]);
    }
}
