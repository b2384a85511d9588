//! The name of the dialect that a page is written in.

/// How a page's Markdown is to be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// As kramdown where the page holds kramdown's own syntax, as GFM everywhere else.
    #[default]
    Auto,
    /// GitHub Flavored Markdown with our extensions.
    Gfm,
    /// kramdown.
    Kramdown,
}

impl Dialect {
    /// Every dialect with the name that settings and front matter use.
    pub const ALL: &'static [(&'static str, Dialect)] =
        &[("auto", Dialect::Auto), ("gfm", Dialect::Gfm), ("kramdown", Dialect::Kramdown)];
}
