//! Finds the section's nav bar that editors write as a line of bold links.
//!
//! Real handbooks repeat a paragraph such as `[**People**](/people/) - [**Hiring**](/hiring/) - …` at the top of each
//! page of a section. Read as navigation it gets a landmark, marks the current page and can be styled.

use crate::markdown::tree::{Kind, NodeId, Tree};

/// Fewer links than this are a sentence, not a nav bar.
const FEWEST: usize = 3;

/// Turns the first paragraph of three or more bold links, parted by `-`, `·` or `|` and before the first section that
/// a table of contents would list, into a [`Kind::SectionNav`].
pub fn mark(tree: &mut Tree<'_>) {
    let mut at = tree.node(Tree::ROOT).first;
    while let Some(id) = at {
        let node = tree.node(id);
        match node.kind {
            Kind::Heading { .. } if !node.has_class("no_toc") => return,
            Kind::Paragraph => {
                if let Some(links) = bold_links(tree, id) {
                    return replace(tree, id, &links);
                }
            }
            // kramdown reads links parted by `|` as a table of one row.
            Kind::Table => {
                if let Some(links) = one_row_of_links(tree, id) {
                    return replace(tree, id, &links);
                }
            }
            _ => {}
        }
        at = node.next;
    }
}

/// The bold links that a block consists of.
fn bold_links(tree: &Tree<'_>, block: NodeId) -> Option<Vec<NodeId>> {
    let mut links = Vec::new();
    for id in tree.children(block) {
        match &tree.node(id).kind {
            Kind::SoftBreak | Kind::HardBreak => {}
            Kind::Text(text) if text.trim().is_empty() || is_separator(text.trim()) => {}
            _ => links.push(bold_link(tree, id)?),
        }
    }
    (links.len() >= FEWEST).then_some(links)
}

fn is_separator(text: &str) -> bool {
    matches!(text, "-" | "–" | "—" | "·" | "•" | "|")
}

/// The link of `[**text**](target)` or `**[text](target)**`.
fn bold_link(tree: &Tree<'_>, id: NodeId) -> Option<NodeId> {
    let only_child = tree.node(id).first.filter(|&child| tree.node(child).next.is_none())?;
    match (&tree.node(id).kind, &tree.node(only_child).kind) {
        (Kind::Link { .. }, Kind::Strong) => Some(id),
        (Kind::Strong, Kind::Link { .. }) => Some(only_child),
        _ => None,
    }
}

fn one_row_of_links(tree: &Tree<'_>, table: NodeId) -> Option<Vec<NodeId>> {
    let only = |id: NodeId| tree.node(id).first.filter(|&child| tree.node(child).next.is_none());
    let row = only(only(table)?)?;
    let mut links = Vec::new();
    for cell in tree.children(row) {
        let mut filled = tree.children(cell).filter(|&id| !is_blank(tree, id));
        links.push(bold_link(tree, filled.next()?)?);
        if filled.next().is_some() {
            return None;
        }
    }
    (links.len() >= FEWEST).then_some(links)
}

fn is_blank(tree: &Tree<'_>, id: NodeId) -> bool {
    matches!(&tree.node(id).kind, Kind::Text(text) if text.trim().is_empty())
}

fn replace(tree: &mut Tree<'_>, block: NodeId, links: &[NodeId]) {
    for &link in links {
        tree.detach(link);
        // The bar's own style says what bold said.
        if let Some(strong) = tree.node(link).first.filter(|&child| tree.node(child).kind == Kind::Strong) {
            while let Some(child) = tree.node(strong).first {
                tree.detach(child);
                tree.insert_before(strong, child);
            }
            tree.detach(strong);
        }
    }
    while let Some(rest) = tree.node(block).first {
        tree.detach(rest);
    }
    tree.node_mut(block).kind = Kind::SectionNav;
    for &link in links {
        let span = tree.node(link).span;
        let item = tree.push(block, Kind::Item { task: None }, span);
        tree.append(item, link);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::gfm;

    fn check(markdown: &str, n_links: usize) {
        let mut tree = gfm::parse(markdown, 0, false, &[]).0;
        mark(&mut tree);
        let bar = tree.children(Tree::ROOT).find(|&id| tree.node(id).kind == Kind::SectionNav);
        let found = bar.map_or(0, |bar| tree.children(bar).count());
        assert_eq!(found, n_links, "in {markdown:?}");
    }

    #[test]
    fn three_bold_links_make_a_bar() {
        check("[**A**](/a/) - [**B**](/b/) - [**C**](/c/)", 3);
        check("**[A](/a/)** · **[B](/b/)** | [**C**](/c/)", 3);
        check("[**A**](/a/)\n[**B**](/b/)\n[**C**](/c/)\n[**D**](/d/)\n\n# T", 4);
    }

    #[test]
    fn other_paragraphs_stay() {
        check("[**A**](/a/) - [**B**](/b/)", 0);
        check("[A](/a/) - [B](/b/) - [C](/c/)", 0);
        check("See [**A**](/a/) - [**B**](/b/) - [**C**](/c/)", 0);
        check("# First section\n\n[**A**](/a/) - [**B**](/b/) - [**C**](/c/)", 0);
    }
}
