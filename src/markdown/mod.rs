//! One file's Markdown to a document: HTML with holes where links go, outline, anchors, links and plain text.
//!
//! Pure: it knows no site, no project and no file system. Each dialect parses into the same [`tree::Tree`], and one
//! writer turns that tree into HTML, so that everything after parsing exists once.

pub mod dialect;
pub mod tree;

use crate::diagnostic::{Diagnostic, Span};

/// What a page's Markdown turned into. Links are resolved later, when every page is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// The HTML.
    pub body: Body,
    /// The headings, in order.
    pub outline: Vec<Heading>,
    /// Every id that a link can lead to, headings' included, sorted.
    pub anchors: Vec<String>,
    /// Every link and image, in order, as the author wrote it.
    pub links: Vec<Link>,
    /// The text without markup, for excerpts and search.
    pub text: String,
    /// What the theme has to bring for this page.
    pub features: Features,
    /// What was wrong, without a file name.
    pub diagnostics: Vec<Diagnostic>,
}

/// HTML with holes where links go.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Body {
    /// The HTML, with nothing at the holes.
    pub html: String,
    /// Where something goes that depends on the rest of the site, in order.
    pub holes: Vec<Hole>,
}

/// A place in a body's HTML that is filled when the page is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hole {
    /// Byte offset in `Body::html`.
    pub at: u32,
    /// Index in `Document::links`.
    pub link: u32,
    /// What goes there.
    pub fill: Fill,
}

/// What goes into a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// The resolved URL, escaped for an attribute.
    Url,
    /// ` width="…" height="…"` of the image, or nothing.
    ImageSize,
    /// ` aria-current="page"` when the link leads to the page that holds it, or nothing.
    Current,
}

/// A heading of the outline.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its id in the HTML.
    pub id: String,
    /// Its inline HTML without links, for a table of contents.
    pub html: String,
    /// Its plain text.
    pub text: String,
    /// Whether tables of contents show it.
    pub in_toc: bool,
    /// Where it stands in the file.
    pub span: Span,
}

/// A link as the author wrote it.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The destination, unescaped, as it stands in the source.
    pub target: String,
    /// What it is for.
    pub kind: LinkKind,
    /// Where its destination, or the whole link, stands in the file.
    pub span: Span,
}

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// Followed by a reader.
    Page,
    /// Shown as an image.
    Image,
    /// Loaded by the page in another way: a video, a frame, a script.
    Embed,
}

/// What the theme has to bring for a page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Features {
    /// It holds a Mermaid diagram.
    pub mermaid: bool,
    /// It holds a formula.
    pub math: bool,
    /// It holds highlighted code.
    pub code: bool,
}
