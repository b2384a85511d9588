//! A page's tree as the policy wants it: HTML that becomes text, and a word about what will be taken out.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::markdown::policy::HtmlPolicy;
use crate::markdown::policy::clean::{is_known, is_known_attribute};
use crate::markdown::policy::plain::is_plain;
use crate::markdown::policy::tangle::is_tangled;
use crate::markdown::raw_html;
use crate::markdown::tree::{Kind, NodeId, Tree};

/// Does to the tree what the policy asks for, and says what readers will not get.
pub fn apply(tree: &mut Tree<'_>, text: &str, policy: HtmlPolicy) -> Vec<Diagnostic> {
    match policy {
        HtmlPolicy::Trusted => Vec::new(),
        HtmlPolicy::Sanitise => removed(tree, text),
        HtmlPolicy::Escape => {
            escape(tree, text);
            Vec::new()
        }
    }
}

/// Turns the raw HTML of a page into text when nothing should read what became of it as a browser does, and says so.
pub fn untangle(tree: &mut Tree<'_>, text: &str, html: &str) -> Option<Diagnostic> {
    let is_html =
        |id: &NodeId| matches!(tree.node(*id).kind, Kind::HtmlBlock(_) | Kind::Html(_) | Kind::Element { .. });
    let first = tree.descendants(Tree::ROOT).find(is_html);
    // Of what Markdown makes there is nothing to turn into text.
    let place = first_tag(text, tree.node(first?).span);
    if is_plain(html) || !is_tangled(html) {
        return None;
    }
    escape(tree, text);
    let message = "the HTML of this page is shown as text, as far more of it is opened than is closed";
    let problem = Diagnostic::new(Code::HtmlRemoved, message).help("close each element where it ends");
    Some(problem.at(place))
}

/// What is going to be taken out, each at its place.
fn removed(tree: &Tree<'_>, text: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for id in tree.descendants(Tree::ROOT) {
        let node = tree.node(id);
        match &node.kind {
            Kind::HtmlBlock(html) | Kind::Html(html) => {
                let is_source = text.get(node.span.range()).is_some_and(|source| source.starts_with(&**html));
                let mut at = 0;
                while let Some((tag, next)) = raw_html::next_tag(html, at) {
                    at = next;
                    let place = |range: Range<usize>| match is_source {
                        true => Span::new(node.span.start as usize + range.start, node.span.start as usize + range.end),
                        false => node.span,
                    };
                    let name = html[tag.name.clone()].to_ascii_lowercase();
                    let span = place(tag.name.start - 1..tag.name.end);
                    if !is_known(&name) {
                        found.push(element_removed(&name, span));
                        continue;
                    }
                    for attribute in tag.attributes {
                        let attribute_name = html[attribute.name.clone()].to_ascii_lowercase();
                        if !is_known_attribute(&name, &attribute_name) {
                            found.push(attribute_removed(&attribute_name, place(attribute.name)));
                        }
                    }
                }
            }
            Kind::Element { tag, .. } if !is_known(&tag.to_ascii_lowercase()) => {
                found.push(element_removed(tag, first_tag(text, node.span)));
            }
            kind => {
                let tag = match kind {
                    Kind::Element { tag, .. } => tag,
                    Kind::Image { .. } => "img",
                    Kind::Link { .. } => "a",
                    Kind::Table => "table",
                    Kind::List { start: Some(_) } => "ol",
                    Kind::Cell { .. } => "td",
                    _ => "",
                };
                let attributes = node.attributes.as_deref().map_or(&[][..], |attributes| &attributes.others);
                let unknown =
                    attributes.iter().filter(|(name, _)| !is_known_attribute(tag, &name.to_ascii_lowercase()));
                found.extend(unknown.map(|(name, _)| attribute_removed(name, first_tag(text, node.span))));
            }
        }
    }
    found
}

/// The place of the tag that begins at a node's place; that of the node when there is none.
fn first_tag(text: &str, span: Span) -> Span {
    match text
        .get(span.range())
        .filter(|source| source.starts_with('<'))
        .and_then(|source| raw_html::next_tag(source, 0))
    {
        Some((tag, _)) if tag.name.start == 1 => Span::new(span.start as usize, span.start as usize + tag.name.end),
        _ => span,
    }
}

fn element_removed(tag: &str, span: Span) -> Diagnostic {
    let message = format!("`<{tag}>` is taken out of this page");
    Diagnostic::new(Code::HtmlRemoved, message).at(span).help(REMOVED_HELP)
}

fn attribute_removed(name: &str, span: Span) -> Diagnostic {
    let message = format!("the attribute `{name}` is taken out of this page");
    Diagnostic::new(Code::HtmlRemoved, message).at(span).help(REMOVED_HELP)
}

const REMOVED_HELP: &str = "remove it, or ask who looks after `site.toml`: `html = \"sanitise\"` under `[security]` \
                            lets only harmless HTML through";

/// Turns raw HTML into text.
fn escape(tree: &mut Tree<'_>, text: &str) {
    let nodes: Vec<NodeId> = tree.descendants(Tree::ROOT).collect();
    for id in nodes {
        let span = tree.node(id).span;
        match &mut tree.node_mut(id).kind {
            // Ours, of a callout.
            Kind::HtmlBlock(html) if is_details(html) => {}
            Kind::HtmlBlock(html) => {
                let html = std::mem::take(html).trim_end().to_string();
                tree.node_mut(id).kind = Kind::Paragraph;
                tree.push(id, Kind::Text(html.into()), span);
            }
            // A character reference is a character.
            Kind::Html(html) if html.starts_with('&') && !html.contains('<') => {}
            Kind::Html(html) => {
                let html = std::mem::take(html);
                tree.node_mut(id).kind = Kind::Text(html);
            }
            Kind::Element { .. }
                if text.get(span.range()).is_some_and(|source| source.trim_start().starts_with('<')) =>
            {
                escape_element(tree, text, id);
            }
            _ => {}
        }
    }
}

/// The tags that a callout `:::details` is written with.
fn is_details(html: &str) -> bool {
    let html = html.trim();
    let title = html.strip_prefix("<details>").and_then(|rest| rest.trim_start().strip_prefix("<summary>"));
    html == "</details>" || title.and_then(|title| title.strip_suffix("</summary>")).is_some_and(|t| !t.contains('<'))
}

/// Puts an element's tags before and after what is in it, as text, and takes it away.
fn escape_element(tree: &mut Tree<'_>, text: &str, id: NodeId) {
    let node = tree.node(id);
    let Kind::Element { tag, block, void } = &node.kind else { return };
    let (span, block) = (node.span, *block);
    let source = text[span.range()].trim_start();
    let opening = match raw_html::next_tag(source, 0) {
        Some((tag, _)) => source[..tag_end(source, &tag)].to_string(),
        None => format!("<{tag}>"),
    };
    let closing = (!void).then(|| format!("</{tag}>"));
    let put = |tree: &mut Tree<'_>, tag: String| {
        let text = tree.create(Kind::Text(tag.into()), span);
        match block {
            true => {
                let paragraph = tree.create(Kind::Paragraph, span);
                tree.append(paragraph, text);
                tree.insert_before(id, paragraph);
            }
            false => tree.insert_before(id, text),
        }
    };
    put(tree, opening);
    while let Some(child) = tree.node(id).first {
        tree.detach(child);
        tree.insert_before(id, child);
    }
    if let Some(closing) = closing {
        put(tree, closing);
    }
    tree.detach(id);
}

/// One past the `>` of a tag at the start of `source`.
fn tag_end(source: &str, tag: &raw_html::RawTag) -> usize {
    let last = tag.attributes.last().map_or(tag.name.end, |a| a.value.end.max(a.name.end));
    source[last..].find('>').map_or(source.len(), |end| last + end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Dialect, Options, read};
    use expect_test::{Expect, expect};

    fn check_page(dialect: Dialect, html: HtmlPolicy, markdown: &str, expected: Expect) {
        let options = Options { dialect, html, ..Options::default() };
        let document = read(markdown, 0, Some("T"), &options);
        let problems = document.diagnostics.iter().map(|problem| {
            let place = problem.span.map_or("", |span| &markdown[span.range()]);
            format!("{}: {} at `{}`\n", problem.code, problem.message, place.escape_debug())
        });
        expected.assert_eq(&(document.body.html.clone() + &problems.collect::<String>()));
    }

    const HOSTILE: &str = "## A <b onclick=x>b</b>\n\nText <script>alert(1)</script> &amp; <span>c</span>\n\n\
                           <div onclick=\"x\">\n<script>alert(2)</script>\n</div>\n";

    #[test]
    fn html_is_shown_as_text_in_both_dialects() {
        check_page(
            Dialect::Gfm,
            HtmlPolicy::Escape,
            HOSTILE,
            expect![[r##"
            <h2 id="a-b-onclickxbb">A &lt;b onclick=x&gt;b&lt;/b&gt;<a class="anchor" href="#a-b-onclickxbb" aria-hidden="true" tabindex="-1"></a></h2>
            <p>Text &lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;span&gt;c&lt;/span&gt;</p>
            <p>&lt;div onclick="x"&gt;
            &lt;script&gt;alert(2)&lt;/script&gt;
            &lt;/div&gt;</p>
        "##]],
        );
        check_page(
            Dialect::Kramdown,
            HtmlPolicy::Escape,
            HOSTILE,
            expect![[r##"
            <h2 id="a-b">A &lt;b onclick=x&gt;b&lt;/b&gt;<a class="anchor" href="#a-b" aria-hidden="true" tabindex="-1"></a></h2>
            <p>Text &lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;span&gt;c&lt;/span&gt;</p>
            <p>&lt;div onclick="x"&gt;</p>

            &lt;script&gt;alert(2)&lt;/script&gt;
            <p>&lt;/div&gt;</p>
        "##]],
        );
    }

    #[test]
    fn what_will_be_taken_out_is_told_in_both_dialects() {
        check_page(
            Dialect::Gfm,
            HtmlPolicy::Sanitise,
            HOSTILE,
            expect![[r##"
            <h2 id="a-b">A <b onclick=x>b</b><a class="anchor" href="#a-b" aria-hidden="true" tabindex="-1"></a></h2>
            <p>Text <script>alert(1)</script> &amp; <span>c</span></p>
            <div onclick="x">
            <script>alert(2)</script>
            </div>
            html-removed: the attribute `onclick` is taken out of this page at `onclick`
            html-removed: `<script>` is taken out of this page at `<script`
            html-removed: the attribute `onclick` is taken out of this page at `onclick`
            html-removed: `<script>` is taken out of this page at `<script`
        "##]],
        );
        check_page(
            Dialect::Kramdown,
            HtmlPolicy::Sanitise,
            HOSTILE,
            expect![[r##"
            <h2 id="a-b">A <b onclick="x">b</b><a class="anchor" href="#a-b" aria-hidden="true" tabindex="-1"></a></h2>
            <p>Text <script>alert(1)</script> &amp; <span>c</span></p>
            <div onclick="x">
            <script>alert(2)</script>
            </div>
            html-removed: the attribute `onclick` is taken out of this page at `<b`
            html-removed: `<script>` is taken out of this page at `<script`
            html-removed: the attribute `onclick` is taken out of this page at `<div`
            html-removed: `<script>` is taken out of this page at `<script`
        "##]],
        );
        check_page(
            Dialect::Kramdown,
            HtmlPolicy::Sanitise,
            "a\n{: onclick=\"x\" .b}\n",
            expect![[r#"
            <p class="b" onclick="x">a</p>
            html-removed: the attribute `onclick` is taken out of this page at `a`
        "#]],
        );
    }

    #[test]
    fn callouts_are_no_html_of_an_author() {
        check_page(
            Dialect::Gfm,
            HtmlPolicy::Escape,
            ":::details More <b>\ntext\n:::\n",
            expect![[r#"
            <details>
            <summary>More &lt;b&gt;</summary>
            <p>text</p>
            </details>
        "#]],
        );
    }

    #[test]
    fn html_that_opens_more_than_it_closes_by_far_is_shown_as_text() {
        let open: String = (0..400).map(|n| format!("<b title={n}>")).collect();
        let page = format!("A\n\n<p>{open}</p>\n\n{}", "<p>x</p>\n".repeat(400));
        for dialect in [Dialect::Gfm, Dialect::Kramdown] {
            let options = Options { dialect, html: HtmlPolicy::Sanitise, ..Options::default() };
            let document = read(&page, 0, Some("T"), &options);
            assert!(document.body.html.contains("<p>A</p>"), "{dialect:?}");
            assert!(!document.body.html.contains("<b"), "{dialect:?}");
            let problem = document.diagnostics.last().unwrap();
            assert_eq!(
                problem.message,
                "the HTML of this page is shown as text, as far more of it is opened than is closed"
            );
            assert_eq!(&page[problem.span.unwrap().range()], "<p", "{dialect:?}");
        }
    }
}
