//! A page's text without markup, in the parts that its headings make: what search reads.

use std::ops::Range;

use crate::markdown::raw_html;
use crate::markdown::tree::{Kind, NodeId, Tree};

/// What stands between two headings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// Its text, blocks on lines of their own.
    pub text: String,
    /// The parts of the text that are code, in order.
    pub code: Vec<Range<u32>>,
}

impl Section {
    /// Begins a new line unless one has just begun.
    fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// Gives back what was reserved and not needed: it is kept for as long as the site is.
    fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.code.shrink_to_fit();
    }

    fn push_code(&mut self, code: &str) {
        let start = self.text.len() as u32;
        self.text.push_str(code);
        self.code.push(start..self.text.len() as u32);
    }
}

/// The sections of a tree: what stands above the first heading, then one for each heading in reading order. What a
/// heading itself says is in none of them.
pub fn sections(tree: &Tree<'_>) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    let mut at = Tree::ROOT;
    loop {
        let node = tree.node(at);
        let mut skip = false;
        let n_sections = sections.len();
        let section = &mut sections[n_sections - 1];
        match &node.kind {
            Kind::Heading { .. } => {
                section.shrink();
                sections.push(Section::default());
                skip = true;
            }
            // A bar of links says nothing of its page.
            Kind::SectionNav | Kind::MathBlock(_) => skip = true,
            Kind::Text(text) => section.text.push_str(text),
            Kind::Code(code) => section.push_code(code),
            Kind::CodeBlock { text, .. } => {
                section.end_line();
                section.push_code(text);
                section.end_line();
            }
            Kind::HtmlBlock(html) => {
                section.end_line();
                raw_html::push_text(&mut section.text, html);
                section.end_line();
            }
            Kind::SoftBreak | Kind::HardBreak => section.text.push(' '),
            Kind::Html(_) if node.next.is_none() || is_break(&node.kind) => section.text.push(' '),
            Kind::Emphasis | Kind::Strong | Kind::Strikethrough | Kind::Link { .. } | Kind::Html(_) => {}
            Kind::Math(_) | Kind::FootnoteReference(_) => section.text.push(' '),
            Kind::Element { block: false, .. } => {}
            _ => section.end_line(),
        }
        match following(tree, at, skip) {
            Some(next) => at = next,
            None => {
                sections.last_mut().into_iter().for_each(Section::shrink);
                sections.shrink_to_fit();
                return sections;
            }
        }
    }
}

fn is_break(kind: &Kind<'_>) -> bool {
    matches!(kind, Kind::Html(html) if html.get(..3).is_some_and(|tag| tag.eq_ignore_ascii_case("<br")))
}

/// The next node in reading order, below this one unless that is to be skipped.
fn following(tree: &Tree<'_>, id: NodeId, skip: bool) -> Option<NodeId> {
    if let Some(first) = tree.node(id).first.filter(|_| !skip) {
        return Some(first);
    }
    let up = std::iter::successors(Some(id), |&id| tree.node(id).parent);
    up.filter_map(|id| tree.node(id).next).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::gfm;
    use expect_test::{Expect, expect};

    fn check(markdown: &str, expected: Expect) {
        let mut out = String::new();
        for section in sections(&gfm::parse(markdown, 0, true, &[]).0) {
            out.push_str("---\n");
            out.push_str(&section.text);
            for code in &section.code {
                out.push_str(&format!("[{}]", &section.text[code.start as usize..code.end as usize]));
            }
        }
        expected.assert_eq(&out);
    }

    #[test]
    fn headings_part_the_text() {
        check(
            "Lead *in*\nto it.\n\n## One `x`\n\n- a [b](c.md)\n- d\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n### Two\n",
            expect![[r#"
                ---
                Lead in to it.---
                a b
                d
                A
                B
                1
                2---
            "#]],
        );
    }

    #[test]
    fn code_is_marked_and_html_loses_its_tags() {
        check(
            "Call `getName()` now<br>then\n\n```sh\nls\n```\n\n<div class=\"x\"><p>Tom &amp; Ann</p><script>no()</script></div>\n",
            expect![[r#"
                ---
                Call getName() now then
                ls
                  Tom & Ann    
                [getName()][ls
                ]"#]],
        );
    }
}
