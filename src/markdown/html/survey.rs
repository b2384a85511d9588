//! What the writer has to know of a whole page before it writes the first line.

use std::collections::HashMap;

use crate::markdown::Heading;
use crate::markdown::html::Style;
use crate::markdown::outline::{Ids, slug};
use crate::markdown::tree::{Kind, NodeId, Tree};

/// The plain text of a node and all below it.
pub fn plain_text(tree: &Tree<'_>, top: NodeId) -> String {
    let mut out = String::new();
    for id in tree.descendants(top) {
        match &tree.node(id).kind {
            Kind::Text(text) | Kind::Code(text) | Kind::Math(text) | Kind::MathBlock(text) => out.push_str(text),
            Kind::SoftBreak | Kind::HardBreak => out.push(' '),
            _ => {}
        }
    }
    out
}

/// The headings with their ids, and where each footnote's text is. `title` is a heading that is not in the tree.
pub(super) fn survey<'a>(
    tree: &'a Tree<'_>,
    title: Option<&Heading>,
    style: Style<'_>,
) -> (Vec<(NodeId, Heading)>, HashMap<&'a str, NodeId>) {
    let mut headings = Vec::new();
    let mut footnotes = HashMap::new();
    let mut ids = Ids::default();
    title.into_iter().for_each(|title| ids.take(&title.id));
    tree.descendants(Tree::ROOT).filter_map(|id| given_id(tree, id)).for_each(|id| ids.take(id));
    for id in tree.descendants(Tree::ROOT) {
        let node = tree.node(id);
        match &node.kind {
            Kind::Heading { level } => {
                let text = heading_text(tree, id);
                let given = given_id(tree, id);
                let anchor = match given {
                    // kramdown leaves a heading of punctuation alone without an id; a site gives it one.
                    Some("") if style.site => ids.unique("section".to_string()),
                    Some(given) => given.to_string(),
                    None if style.kramdown.is_some() => String::new(),
                    None => ids.unique(Some(slug(&text)).filter(|s| !s.is_empty()).unwrap_or("section".to_string())),
                };
                let listed = style.kramdown.is_none_or(|options| {
                    given.is_some() && options.toc_levels.get(usize::from(*level) - 1) == Some(&true)
                });
                let in_toc = listed && !node.has_class("no_toc");
                let is_hidden = |id: NodeId| {
                    let next = tree.node(id);
                    let classes = ["hidden-md", "hidden-lg"];
                    matches!(next.kind, Kind::Toc { .. }) && classes.iter().all(|class| next.has_class(class))
                };
                let heads_contents = node.next.is_some_and(is_hidden);
                let text = text.trim().to_string();
                headings.push((
                    id,
                    Heading {
                        level: *level,
                        id: anchor,
                        text,
                        in_toc,
                        heads_contents,
                        span: node.span,
                        ..Heading::default()
                    },
                ));
            }
            Kind::Footnote { name } => drop(footnotes.entry(&**name).or_insert(id)),
            _ => {}
        }
    }
    (headings, footnotes)
}

/// The id that an author, or a dialect, gave a node.
fn given_id<'a>(tree: &'a Tree<'_>, id: NodeId) -> Option<&'a str> {
    tree.node(id).attributes.as_ref()?.id.as_deref()
}

/// A heading's text as its id counts it: an image's alternative text is not part of it.
fn heading_text(tree: &Tree<'_>, heading: NodeId) -> String {
    let has_image = tree.descendants(heading).any(|id| matches!(tree.node(id).kind, Kind::Image { .. }));
    if !has_image {
        return plain_text(tree, heading);
    }
    let mut out = String::new();
    for child in tree.children(heading) {
        if !matches!(tree.node(child).kind, Kind::Image { .. }) {
            out.push_str(&heading_text(tree, child));
        }
    }
    out
}

/// The text of the first paragraph, for descriptions; cut after about 160 characters.
pub(super) fn excerpt(tree: &Tree<'_>) -> String {
    const LENGTH: usize = 161;
    let paragraphs = tree.children(Tree::ROOT).filter(|&id| tree.node(id).kind == Kind::Paragraph);
    let Some(text) = paragraphs.map(|id| plain_text(tree, id)).find(|text| !text.trim().is_empty()) else {
        return String::new();
    };
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, next)) = text.char_indices().nth(LENGTH) else {
        text.shrink_to_fit();
        return text;
    };
    // At a word's end, unless the script puts no spaces between words.
    let space = text[..end + next.len_utf8()].rfind(' ').filter(|&space| space > end / 2);
    format!("{}…", &text[..space.unwrap_or(end)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::gfm;

    #[test]
    fn an_excerpt_is_short_in_every_script() {
        let of = |text: &str| excerpt(&gfm::parse(text, 0, false, &[]).0);
        assert_eq!(of("# T\n\nA *short* text.\n\nMore."), "A short text.");
        assert_eq!(of(&"word ".repeat(100)), format!("{}word…", "word ".repeat(31)));
        assert_eq!(of(&"評価と昇進".repeat(100)), format!("{}評…", "評価と昇進".repeat(32)));
    }
}
