//! What makes a page hard to read or to find, as far as its tree shows: skipped heading levels, images that say nothing to
//! those who cannot see them, links without a text, unfinished text, HTML that is not closed.

use memchr::memmem;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::markdown::balance::Balance;
use crate::markdown::damage;
use crate::markdown::tree::{Kind, NodeId, Tree};

/// Words for what is still to be written; the last is found in any case.
const UNFINISHED: &[&str] = &["TODO", "TBD", "FIXME", "orem ipsum"];

/// Looks through a page's tree. `balance` is for dialects that pass HTML on as it is, which nobody has looked at yet.
pub fn problems(tree: &Tree<'_>, text: &str, body_start: usize, balance: bool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut level = 1;
    let mut html = Balance::default();
    for id in tree.descendants(Tree::ROOT) {
        let node = tree.node(id);
        match &node.kind {
            Kind::Heading { level: next } => {
                if *next > level + 1 {
                    let message = format!("a heading of level {next} follows one of level {level}");
                    let help = format!("write `{}`, or change the headings above", "#".repeat(usize::from(level) + 1));
                    found.push(Diagnostic::new(Code::HeadingLevel, message).at(first_line(text, node.span)).help(help));
                }
                level = *next;
            }
            Kind::Image { .. } if tree.children(id).next().is_none() => {
                let message = "this image has no text for those who cannot see it";
                let help = "say what it shows: `![Who reports to whom](…)`; an image that only decorates is `<img alt=\"\" …>`";
                let has_alt =
                    node.attributes.as_ref().is_some_and(|own| own.others.iter().any(|(name, _)| name == "alt"));
                if !has_alt {
                    found.push(Diagnostic::new(Code::ImageAlt, message).at(node.span).help(help));
                }
            }
            Kind::Link { target, .. } if !target.is_empty() && is_bare(tree, id) => found.push(bare(node.span)),
            Kind::Element { tag, .. } if tag == "img" => {
                let others = node.attributes.as_ref().map(|own| &own.others[..]).unwrap_or_default();
                if !others.iter().any(|(name, _)| name == "alt") {
                    found.push(no_alt(node.span));
                }
            }
            Kind::Element { tag, .. } if tag == "a" => {
                let others = node.attributes.as_ref().map(|own| &own.others[..]).unwrap_or_default();
                let is_link = others.iter().any(|(name, value)| name == "href" && !value.is_empty());
                if is_link && is_bare(tree, id) && !others.iter().any(|(name, _)| name == "aria-label") {
                    found.push(bare(node.span));
                }
            }
            Kind::HtmlBlock(raw) | Kind::Html(raw) => {
                images(raw, text, node.span, &mut found);
                if balance {
                    html.read(raw, text, node.span);
                }
            }
            _ => {}
        }
    }
    found.extend(html.finish());
    let mut words = damage::problems(text);
    unfinished(text, body_start, &mut words);
    if !words.is_empty() {
        let is_code = |id: &NodeId| matches!(tree.node(*id).kind, Kind::Code(_) | Kind::CodeBlock { .. });
        let mut code: Vec<Span> = tree.descendants(Tree::ROOT).filter(is_code).map(|id| tree.node(id).span).collect();
        code.sort_by_key(|code| code.start);
        // No code is in other code.
        let is_in = |hit: Span| {
            let before = code.partition_point(|code| code.start <= hit.start);
            before.checked_sub(1).is_some_and(|last| hit.end <= code[last].end)
        };
        words.retain(|problem| problem.code == Code::ControlCharacter || !problem.span.is_some_and(is_in));
    }
    found.extend(words);
    found
}

fn no_alt(span: Span) -> Diagnostic {
    let problem = Diagnostic::new(Code::ImageAlt, "this image has no text for those who cannot see it");
    problem
        .at(span)
        .help("say what it shows, as in `alt=\"Who reports to whom\"`; `alt=\"\"` says that it only decorates")
}

fn bare(span: Span) -> Diagnostic {
    let problem = Diagnostic::new(Code::LinkText, "this link has no text, so nobody can see or choose it");
    problem.at(span).help("write the text between the brackets, or remove the link")
}

/// Whether nothing is shown for a node: no text, no image, no HTML that may be either.
fn is_bare(tree: &Tree<'_>, top: NodeId) -> bool {
    let shows = |id: NodeId| match &tree.node(id).kind {
        Kind::Text(text) | Kind::Code(text) => !text.trim().is_empty(),
        Kind::Image { .. } | Kind::Html(_) | Kind::HtmlBlock(_) | Kind::Math(_) | Kind::FootnoteReference(_) => true,
        Kind::Element { tag, .. } => matches!(&**tag, "img" | "i" | "svg" | "span" | "video" | "iframe" | "button"),
        _ => false,
    };
    !tree.descendants(top).skip(1).any(shows)
}

/// The images of raw HTML that have no `alt` at all.
fn images(html: &str, text: &str, span: Span, found: &mut Vec<Diagnostic>) {
    use crate::markdown::raw_html::next_tag;
    // Most HTML holds none.
    if !(html.contains("<img") || html.contains("<IMG")) {
        return;
    }
    let is_source = text.get(span.range()).is_some_and(|source| source.starts_with(html));
    let mut at = 0;
    while let Some((tag, next)) = next_tag(html, at) {
        at = next;
        let has_alt = tag.attributes.iter().any(|own| html[own.name.clone()].eq_ignore_ascii_case("alt"));
        if !html[tag.name.clone()].eq_ignore_ascii_case("img") || has_alt {
            continue;
        }
        let start = span.start as usize;
        let place = if is_source { Span::new(start + tag.name.start - 1, start + next) } else { span };
        found.push(no_alt(place));
    }
}

/// Text that its author still meant to write.
fn unfinished(text: &str, body_start: usize, found: &mut Vec<Diagnostic>) {
    let body = &text.as_bytes()[body_start..];
    let mut hits = Vec::new();
    for word in UNFINISHED {
        for at in memmem::find_iter(body, word) {
            let start = body_start + at;
            let before = text[..start].chars().next_back();
            let after = text[start + word.len()..].chars().next();
            let is_part =
                |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '#' | '/' | '='));
            match *word {
                "orem ipsum" if matches!(before, Some('l' | 'L')) => {
                    hits.push(Span::new(start - 1, start + word.len()))
                }
                "orem ipsum" => {}
                _ if is_part(before) || is_part(after) => {}
                _ => hits.push(Span::new(start, start + word.len())),
            }
        }
    }
    hits.sort();
    for hit in hits {
        let message = format!("`{}` stands for text that is still to be written", &text[hit.range()]);
        let problem = Diagnostic::new(Code::Unfinished, message).at(hit);
        found.push(problem.help("write it, or take it out until it is written"));
    }
}

/// The first line of a place.
fn first_line(text: &str, span: Span) -> Span {
    let shown = text.get(span.range()).unwrap_or_default();
    let length = shown.find(['\n', '\r']).unwrap_or(shown.len());
    Span::new(span.start as usize, span.start as usize + length)
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Code;
    use crate::markdown::{Options, read};

    #[test]
    fn words_in_code_are_not_unfinished() {
        // Comparing each word with all code would take minutes.
        let text = "`TODO` TODO\n".repeat(20_000);
        let page = read(&text, 0, None, &Options::default());
        let found = page.diagnostics.iter().filter(|problem| problem.code == Code::Unfinished);
        assert!(found.filter_map(|problem| problem.span).map(|span| span.start).eq((0..20_000).map(|n| n * 12 + 7)));
    }
}
