//! The ids of headings.

use std::collections::HashMap;

use crate::markdown::kramdown::chars::is_word;
use crate::markdown::kramdown::options::Settings;
use crate::markdown::tree::{Kind, NodeId, Tree};

/// Gives headings their ids. kramdown has two rules, each with its own count of repeats.
#[derive(Debug, Default)]
pub struct HeadingIds {
    gfm: HashMap<String, usize>,
    plain: HashMap<String, usize>,
    input_is_gfm: bool,
}

impl HeadingIds {
    /// For a page with these options.
    pub fn new(settings: &Settings) -> HeadingIds {
        HeadingIds { input_is_gfm: settings.gfm, ..HeadingIds::default() }
    }

    /// The next id: of a heading whose text is `raw` in the page. GFM's rule does not reach into HTML.
    pub fn id(&mut self, tree: &Tree<'_>, heading: NodeId, raw: &str, settings: &Settings, in_html: bool) -> String {
        let options = &settings.options;
        let gfm = self.input_is_gfm && !in_html;
        let text = if options.auto_id_stripping { text_of(tree, heading, self.input_is_gfm) } else { raw.to_string() };
        let mut id = if gfm { gfm_id(&text) } else { plain_id(&text) };
        if id.is_empty() && !gfm {
            id = "section".to_string();
        }
        let used = if gfm { &mut self.gfm } else { &mut self.plain };
        let count = used.entry(id.clone()).and_modify(|count| *count += 1).or_insert(0);
        if *count > 0 {
            id = format!("{id}-{count}");
        }
        format!("{}{id}", options.auto_id_prefix)
    }
}

/// A heading's text as its id counts it: without images and tags, and unless `has_code` without code and formulas.
fn text_of(tree: &Tree<'_>, heading: NodeId, has_code: bool) -> String {
    let mut out = String::new();
    let mut at = tree.node(heading).first;
    while let Some(id) = at {
        let node = tree.node(id);
        let mut inside = node.first;
        match &node.kind {
            Kind::Text(text) => out.push_str(text),
            Kind::Code(text) | Kind::Math(text) if has_code => out.push_str(text),
            // A character reference in HTML counts as it is written; comments do not count.
            Kind::Html(html) if html.starts_with('&') => out.push_str(html),
            Kind::Image { .. } => inside = None,
            _ => {}
        }
        at = inside.or_else(|| next_outside(tree, id, heading));
    }
    out
}

fn next_outside(tree: &Tree<'_>, mut id: NodeId, top: NodeId) -> Option<NodeId> {
    while id != top {
        if let Some(next) = tree.node(id).next {
            return Some(next);
        }
        id = tree.node(id).parent?;
    }
    None
}

/// Lower case, punctuation gone, blanks to `-`.
fn gfm_id(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' | '\t' | '-' => out.push('-'),
            'a'..='z' | '0'..='9' | '_' => out.push(c),
            'A'..='Z' => out.push(c.to_ascii_lowercase()),
            _ if c.is_ascii() => {}
            _ => out.extend(c.to_lowercase().filter(|&c| is_word(c))),
        }
    }
    out
}

/// kramdown's older rule: ASCII letters, digits and `-`, beginning with a letter on every line.
pub fn plain_id(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut begins = true;
    for c in text.chars() {
        begins = begins && !c.is_ascii_alphabetic();
        if begins {
            continue;
        }
        match c {
            ' ' | '-' => out.push('-'),
            _ if c.is_ascii_alphanumeric() => out.push(c.to_ascii_lowercase()),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_rules_differ() {
        assert_eq!(gfm_id("1. Ünï_code -- x"), "1-ünï_code----x");
        assert_eq!(plain_id("1. Ünï_code -- x"), "ncode----x");
    }
}
