//! Code in which blanks and tabs are shown, as the class `show-whitespaces` asks for.

use std::borrow::Cow;

use crate::markdown::kramdown::block::BlockId;
use crate::markdown::kramdown::build::Builder;
use crate::markdown::tree::{Kind, NodeId};

impl<'t> Builder<'t> {
    /// Code whose blanks and tabs can be seen: each in an element of its own.
    pub(super) fn code_with_space(&mut self, block: BlockId, parent: NodeId, text: &str) {
        let tag = |tag: &'static str, block| Kind::Element { tag: Cow::Borrowed(tag), block, void: false };
        let span = self.blocks.arena[block].span;
        let pre = self.push(block, parent, tag("pre", true));
        let code = self.tree.push(pre, tag("code", false), span);
        let is_space = |c: char| c == ' ' || c == '\t';
        for line in text.split_inclusive('\n') {
            let whole = line.trim_end_matches('\n');
            let start = whole.len() - whole.trim_start_matches(is_space).len();
            let end = whole.trim_end_matches(is_space).len();
            for (at, c) in line.char_indices() {
                if !is_space(c) {
                    self.tree.push(code, Kind::Text(Cow::Owned(c.to_string())), span);
                    continue;
                }
                let place = if at < start {
                    "-l"
                } else if at >= end {
                    "-r"
                } else {
                    ""
                };
                let (name, shown) = if c == '\t' { ("ws-tab", "\t") } else { ("ws-space", "⋅") };
                let mark = self.tree.push(code, tag("span", false), span);
                self.tree.attributes_mut(mark).add_class(format!("{name}{place}"));
                self.tree.push(mark, Kind::Text(Cow::Borrowed(shown)), span);
            }
        }
    }
}
