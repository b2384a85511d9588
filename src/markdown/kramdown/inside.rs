//! What surrounds a place in the text while its inline markup is read.

/// What surrounds a place in the text, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct Inside(pub(super) u8);

impl Inside {
    pub const EMPHASIS: Inside = Inside(1);
    pub const STRONG: Inside = Inside(2);
    pub const LINK: Inside = Inside(4);
    /// HTML whose content is not read as Markdown.
    pub const RAW: Inside = Inside(8);
    /// Any HTML.
    pub const HTML: Inside = Inside(16);
    /// A mark that may turn out to have no partner.
    pub const TRIAL: Inside = Inside(32);
    /// Only code and HTML count: a table's lines are looked at before they are known to be a table.
    pub const TABLE: Inside = Inside(64);

    pub fn has(self, other: Inside) -> bool {
        self.0 & other.0 != 0
    }

    pub fn with(self, other: Inside) -> Inside {
        Inside(self.0 | other.0)
    }

    pub fn without(self, other: Inside) -> Inside {
        Inside(self.0 & !other.0)
    }
}
