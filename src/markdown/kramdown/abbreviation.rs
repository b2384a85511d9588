//! Puts `<abbr>` around abbreviations.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use crate::markdown::kramdown::blocks::Blocks;
use crate::markdown::kramdown::chars::is_ascii_word;
use crate::markdown::kramdown::growth::Growth;
use crate::markdown::kramdown::notes::Marked;
use crate::markdown::tree::{Attributes, Kind, NodeId, Tree};

/// What a page abbreviates.
pub struct Abbreviations<'t> {
    known: HashMap<String, Attributes<'t>>,
    /// The lengths of the names, the longest first, so that it wins over one that it begins with.
    lengths: Vec<usize>,
}

impl<'t> Abbreviations<'t> {
    /// The abbreviations that a page defines; `None` when there is none.
    pub fn new(blocks: &Blocks<'t>) -> Option<Abbreviations<'t>> {
        if blocks.abbreviations.is_empty() {
            return None;
        }
        let mut known = HashMap::new();
        for (name, (meaning, block)) in &blocks.abbreviations {
            let mut attributes = Attributes::default();
            if let Some(list) = &blocks.arena[*block].list {
                list.apply(&mut attributes, &blocks.definitions);
            }
            if !meaning.is_empty() {
                attributes.set("title", meaning.clone());
            }
            known.insert(name.clone(), attributes);
        }
        let mut lengths: Vec<usize> = known.keys().map(String::len).collect();
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        lengths.dedup();
        Some(Abbreviations { known, lengths })
    }

    /// The next abbreviation that stands as a word of its own: where, and its attributes.
    fn find(&self, text: &str, from: usize) -> Option<(Range<usize>, &Attributes<'t>)> {
        let bytes = text.as_bytes();
        (from..text.len()).find_map(|at| {
            if !text.is_char_boundary(at) || at > 0 && is_ascii_word(bytes[at - 1]) {
                return None;
            }
            let (end, attributes) = self.lengths.iter().find_map(|length| {
                let name = text.get(at..at + length)?;
                self.known.get(name).map(|attributes| (at + length, attributes))
            })?;
            (!bytes.get(end).copied().is_some_and(is_ascii_word)).then_some((at..end, attributes))
        })
    }
}

/// Marks the abbreviations in all text of a node, of those that follow it, and below them.
pub fn replace<'t>(
    tree: &mut Tree<'t>,
    first: Option<NodeId>,
    abbreviations: &Abbreviations<'t>,
    raw: &Marked,
    source: &str,
    growth: &Growth,
) {
    let mut at = first;
    // What follows the open elements, and whether their text is not read as Markdown.
    let mut open = Vec::new();
    let mut in_raw = false;
    loop {
        let Some(id) = at else {
            match open.pop() {
                Some((next, outside)) => {
                    at = next;
                    in_raw = outside;
                    continue;
                }
                None => return,
            }
        };
        let node = tree.node(id);
        let next = node.next;
        match &node.kind {
            Kind::Text(_) if in_raw => at = next,
            Kind::Text(text) => {
                // A text may be in several nodes.
                let mut whole = text.clone();
                let mut last = id;
                while is_as_written(tree, last, source)
                    && let Some(after) = tree.node(last).next
                    && is_as_written(tree, after, source)
                    && let Kind::Text(more) = &tree.node(after).kind
                {
                    whole.to_mut().push_str(more);
                    last = after;
                }
                let next = tree.node(last).next;
                if abbreviations.find(&whole, 0).is_some() {
                    split(tree, id, last, whole, abbreviations, growth);
                }
                at = next;
            }
            Kind::Image { .. } => at = next,
            _ => {
                open.push((next, in_raw));
                in_raw = raw.contains(id);
                at = node.first;
            }
        }
    }
}

/// Whether a text says what stands in the file, and was not made from a character reference or a symbol. Those part
/// words as elements do.
fn is_as_written(tree: &Tree<'_>, id: NodeId, source: &str) -> bool {
    let node = tree.node(id);
    let Kind::Text(text) = &node.kind else { return false };
    let written = source.get(node.span.range()).unwrap_or("");
    **text == *written || written.strip_prefix('\\') == Some(text)
}

fn split<'t>(
    tree: &mut Tree<'t>,
    first: NodeId,
    last: NodeId,
    text: Cow<'t, str>,
    abbreviations: &Abbreviations<'t>,
    growth: &Growth,
) {
    let span = tree.node(first).span;
    let mut from = 0;
    while let Some((place, attributes)) = abbreviations.find(&text, from)
        && growth.take(attributes.size())
    {
        if from < place.start {
            let before = tree.create(Kind::Text(Cow::Owned(text[from..place.start].to_string())), span);
            tree.insert_before(first, before);
        }
        let kind = Kind::Element { tag: Cow::Borrowed("abbr"), block: false, void: false };
        let element = tree.create(kind, span);
        tree.node_mut(element).attributes = Some(Box::new(attributes.clone()));
        tree.insert_before(first, element);
        from = place.end;
        tree.push(element, Kind::Text(Cow::Owned(text[place].to_string())), span);
    }
    while tree.node(first).next.is_some() && first != last {
        let Some(next) = tree.node(first).next else { break };
        tree.detach(next);
        if next == last {
            break;
        }
    }
    tree.node_mut(first).kind = Kind::Text(Cow::Owned(text[from..].to_string()));
}
