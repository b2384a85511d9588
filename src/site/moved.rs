//! Sections that a page had and that are elsewhere now, so that links to them still arrive.
//!
//! A page names them in its front matter under `anchors`. A former id of one of the page's own headings stands at that
//! heading. Every other one is the id of a note at the end of the page, which is shown only to those who followed a link
//! to it, and leads on.

use std::collections::HashMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::markdown::{Document, Link, LinkKind};
use crate::source::front_matter::FormerAnchor;

/// A section that is elsewhere now.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// The id that it had on this page.
    pub id: String,
    /// Where it is.
    pub link: Link,
}

/// The former anchors of a page, each with where it leads in the end: one may lead to another.
pub fn flattened(anchors: &[FormerAnchor], problems: &mut Vec<Diagnostic>) -> Vec<FormerAnchor> {
    let by_id: HashMap<&str, &FormerAnchor> = anchors.iter().map(|anchor| (anchor.id.value.as_str(), anchor)).collect();
    let next = |anchor: &&FormerAnchor| anchor.to.value.strip_prefix('#').and_then(|id| by_id.get(id)).copied();
    let mut flat = Vec::with_capacity(anchors.len());
    for anchor in anchors {
        let end = std::iter::successors(Some(anchor), next).take(anchors.len() + 1).enumerate().last();
        match end {
            Some((n, end)) if n < anchors.len() => {
                flat.push(FormerAnchor { id: anchor.id.clone(), to: end.to.clone() });
            }
            _ => problems.push(
                Diagnostic::new(Code::Alias, format!("the former anchor `#{}` leads in a circle", anchor.id.value))
                    .at(anchor.to.span)
                    .help("let it lead to a heading that is there"),
            ),
        }
    }
    flat
}

/// The ids that stand at the page's own headings, if these are there: each with the present one.
pub fn of_headings(anchors: &[FormerAnchor]) -> Vec<(String, String)> {
    let of_page = anchors.iter().filter_map(|anchor| Some((&anchor.id.value, anchor.to.value.strip_prefix('#')?)));
    of_page.map(|(id, to)| (id.clone(), to.to_string())).collect()
}

/// The sections that are elsewhere: their ids become anchors of the document.
pub fn elsewhere(anchors: Vec<FormerAnchor>, document: &mut Document, problems: &mut Vec<Diagnostic>) -> Vec<Moved> {
    let mut moved: Vec<Moved> = Vec::new();
    for FormerAnchor { id, to } in anchors {
        if document.former_ids.contains(&id.value) {
            continue;
        }
        if document.has_anchor(&id.value) {
            let message =
                format!("`#{}` is a heading or anchor of this page, so that this entry does nothing", id.value);
            problems.push(Diagnostic::new(Code::Alias, message).at(id.span).help("remove the entry"));
            continue;
        }
        moved.push(Moved { id: id.value, link: Link::of_value(&to.value, LinkKind::Page, to.span) });
    }
    document.anchors.extend(moved.iter().map(|moved| moved.id.clone()));
    document.anchors.sort_unstable();
    document.anchors.dedup();
    moved
}
