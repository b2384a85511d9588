//! The one HTML writer: a tree of either dialect to a document.
//!
//! Two styles: a *fragment* is exactly what the dialect says; a *site* page has, besides, holes for its links, lazy
//! images, scrolling tables, anchors at its headings, highlighted code and formulas as MathML.
//! It walks the tree without recursion, so depth costs no stack.

mod block;
mod component;
mod css;
mod footnote;
mod frame;
mod link;
mod survey;

use std::collections::HashMap;

use crate::markdown::html::link::keeps_its_tag;
use crate::markdown::html::survey::{excerpt, survey};
use crate::markdown::kramdown::KramdownOptions;
use crate::markdown::outline::Ids;
use crate::markdown::snippets::Snippets;
use crate::markdown::tree::{Attributes, Kind, NodeId, Tree};
use crate::markdown::{Document, Heading};
use crate::words::OwnWords;

pub use crate::markdown::html::survey::plain_text;

/// How a tree is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style<'o> {
    /// For a page of a site; otherwise a bare fragment.
    pub site: bool,
    /// Colour code by its language, with what is known of it. Only with `site`.
    pub highlight: Option<&'o Snippets>,
    /// The options of a kramdown page: its headings have their ids already, or shall have none.
    pub kramdown: Option<&'o KramdownOptions>,
    /// Former ids of headings, each with the present one.
    pub former_ids: &'o [(String, String)],
    /// The owner's words and the page's language. English without it.
    pub words: Option<(&'o OwnWords, &'o str)>,
    /// Whether what comes from elsewhere in a frame waits until the reader asks for it. Only with `site`.
    pub ask_for_frames: bool,
    /// Whether the page then shows it in the place of the link.
    pub frames_in_place: bool,
}

/// Writes a page's tree. `title` is the page's own heading, when that was taken out of the tree.
pub fn write(tree: &Tree<'_>, text: &str, title: Option<Heading>, style: Style<'_>) -> Document {
    let (outline, footnotes) = survey(tree, title.as_ref(), style);
    let mut writer = Writer::new(tree, text, style);
    writer.footnotes = footnotes;
    writer.out.reserve(text.len() + text.len() / 4);
    let outline: Vec<(NodeId, Heading)> = outline
        .into_iter()
        .map(|(id, heading)| {
            let html = contents_entry(tree, text, id, style);
            (id, Heading { html, ..heading })
        })
        .collect();
    writer.ids = outline.iter().map(|(node, heading)| (*node, heading.id.clone())).collect();
    writer.document.outline = outline.into_iter().map(|(_, heading)| heading).collect();
    if let Some(title) = &title {
        // The theme writes the title, right above the text.
        writer.former_ids_of(&title.id);
    }
    writer.below(Tree::ROOT);
    writer.place_footnotes();
    let mut document = writer.document;
    // A site keeps these for as long as it is there.
    writer.out.shrink_to_fit();
    document.body.html = writer.out;
    document.title = title;
    let headings = document.outline.iter().chain(&document.title);
    document.anchors.extend(headings.map(|heading| heading.id.clone()));
    document.anchors.sort_unstable();
    document.anchors.dedup();
    document.excerpt = excerpt(tree);
    document.shrink();
    document
}

/// A heading's inline HTML for tables of contents: no links, footnotes, ids or pictures, which would be there twice.
/// kramdown itself leaves only links and footnotes out, so its fragments do the same.
fn contents_entry(tree: &Tree<'_>, text: &str, heading: NodeId, style: Style<'_>) -> String {
    let mut writer = Writer::new(tree, text, Style { site: false, highlight: None, ..style });
    writer.contents_entry = true;
    writer.plain_entry = style.site || style.kramdown.is_none();
    writer.below(heading);
    // kramdown keeps the blank before a footnote that is left out.
    let blanks = |c: char| writer.plain_entry && c.is_ascii_whitespace();
    writer.out.trim_matches(blanks).to_string()
}

struct Writer<'a, 't> {
    tree: &'a Tree<'t>,
    text: &'a str,
    style: Style<'a>,
    /// Writing an entry of a table of contents.
    contents_entry: bool,
    /// That entry has neither ids nor pictures.
    plain_entry: bool,
    out: String,
    document: Document,
    ids: HashMap<NodeId, String>,
    footnotes: HashMap<&'a str, NodeId>,
    /// The footnotes that were referred to, in order, and how often.
    cited: Vec<(NodeId, &'a str, usize)>,
    /// Where in that list each of them is.
    cited_at: HashMap<NodeId, usize>,
    /// Where in the HTML the footnotes go, when not at its end.
    footnotes_at: Option<usize>,
    /// The paragraph that gets the links back to the text, for which footnote, and how many.
    backlinks: Option<(NodeId, usize, usize)>,
    /// Inside a section's nav bar.
    in_nav: bool,
    /// Inside a matrix of levels.
    in_matrix: bool,
    /// Where the text of the matrix's cell that is open begins.
    cell_start: u32,
    level_slugs: Ids,
    n_headings: usize,
    n_tocs: usize,
    /// How many boxes of a kind came below a heading of this text.
    n_labels: HashMap<String, usize>,
}

impl<'a, 't> Writer<'a, 't> {
    fn new(tree: &'a Tree<'t>, text: &'a str, style: Style<'a>) -> Self {
        Writer {
            tree,
            text,
            style,
            contents_entry: false,
            plain_entry: false,
            out: String::new(),
            document: Document::default(),
            ids: HashMap::new(),
            footnotes: HashMap::new(),
            cited: Vec::new(),
            cited_at: HashMap::new(),
            footnotes_at: None,
            backlinks: None,
            in_nav: false,
            in_matrix: false,
            cell_start: 0,
            level_slugs: Ids::default(),
            n_headings: 0,
            n_tocs: 0,
            n_labels: HashMap::new(),
        }
    }

    /// Writes all that is below a node, not its own tags.
    fn below(&mut self, top: NodeId) {
        let tree = self.tree;
        let Some(mut at) = tree.node(top).first else { return };
        loop {
            if self.enter(at)
                && let Some(first) = tree.node(at).first
            {
                at = first;
                continue;
            }
            loop {
                self.exit(at);
                if let Some(next) = tree.node(at).next {
                    at = next;
                    break;
                }
                match tree.node(at).parent {
                    Some(parent) if parent != top => at = parent,
                    _ => return,
                }
            }
        }
    }

    /// Writes what stands before a node's children. `false` when they are written already or not at all.
    fn enter(&mut self, id: NodeId) -> bool {
        let tree = self.tree;
        let node = tree.node(id);
        match &node.kind {
            Kind::Document => {}
            Kind::Paragraph => self.open(id, "p"),
            Kind::Heading { level } => self.heading(id, *level),
            Kind::BlockQuote => self.open_block(id, "blockquote"),
            Kind::Alert(kind) => self.alert(id, *kind),
            Kind::CalloutTitle => self.out.push_str("<p class=\"callout-title\">"),
            Kind::List { start } => self.list(id, *start),
            Kind::Item { task } => self.item(id, *task),
            Kind::Toc { ordered } => self.toc(id, *ordered),
            Kind::CodeBlock { lang, text } => self.code_block(id, lang, text),
            Kind::MathBlock(latex) => self.math(id, latex, true),
            Kind::Math(latex) => self.math(id, latex, false),
            Kind::HtmlBlock(html) => {
                self.raw_html(html, node.span);
                self.end_line();
            }
            Kind::Html(css) if self.is_in_style(id) => self.style_text(css, node.span),
            Kind::Html(html) => self.inline_html(html, node.span),
            Kind::Element { tag, .. } if self.plain_entry && !keeps_its_tag(tag) => {}
            Kind::Element { tag, .. } if tag == "iframe" && self.asks_for(id) => {
                self.frame_element(id);
                return false;
            }
            Kind::Element { tag, block, .. } => self.element(id, tag, *block),
            Kind::SectionNav => {
                self.in_nav = true;
                self.end_line();
                self.out.push_str("<nav class=\"section-nav\"");
                self.attribute("aria-label", self.word("section"));
                self.out.push_str("><ul>\n");
            }
            Kind::Rule => {
                self.open(id, "hr");
                self.end_line();
            }
            Kind::Table => self.table(id),
            Kind::TableHead => self.open_block(id, "thead"),
            Kind::TableBody => self.open_block(id, "tbody"),
            Kind::TableFoot => self.open_block(id, "tfoot"),
            Kind::Row => self.open_block(id, "tr"),
            Kind::Cell { header, align } => self.cell(id, *header, *align),
            Kind::DefinitionList => self.open_block(id, "dl"),
            Kind::Term => self.open(id, "dt"),
            Kind::Definition => self.open(id, "dd"),
            // Written at the end of the page.
            Kind::Footnote { .. } => return false,
            Kind::Footnotes => {
                self.end_line();
                self.footnotes_at.get_or_insert(self.out.len());
                return false;
            }
            Kind::Text(text) => self.escape_text(text),
            Kind::Code(code) => {
                self.open(id, "code");
                self.escape_text(code);
                self.out.push_str("</code>");
            }
            Kind::Emphasis => self.open(id, "em"),
            Kind::Strong => self.open(id, "strong"),
            Kind::Strikethrough => self.open(id, "del"),
            Kind::Link { target, title } => self.link(id, target, title),
            Kind::Image { target, title } => {
                self.image(id, target, title);
                return false;
            }
            Kind::FootnoteReference(name) => self.footnote_reference(id, name),
            Kind::SoftBreak => self.out.push('\n'),
            Kind::HardBreak => self.out.push_str("<br />\n"),
        }
        true
    }

    /// Writes what stands after a node's children.
    fn exit(&mut self, id: NodeId) {
        let tree = self.tree;
        let node = tree.node(id);
        match &node.kind {
            Kind::Paragraph => {
                if self.backlinks.is_some_and(|(paragraph, ..)| paragraph == id) {
                    self.write_backlinks();
                }
                self.close_line("p");
            }
            Kind::CalloutTitle => self.close_line("p"),
            Kind::Heading { level } => self.end_heading(id, *level),
            Kind::BlockQuote => self.close_block("blockquote"),
            Kind::Alert(_) => self.close_block("aside"),
            Kind::List { start } => self.close_block(if start.is_some() { "ol" } else { "ul" }),
            Kind::Item { .. } => self.close_line("li"),
            Kind::Element { tag, .. } if self.plain_entry && !keeps_its_tag(tag) => {}
            // It is a link, and written already.
            Kind::Element { tag, block: true, .. } if tag == "iframe" && self.asks_for(id) => self.end_line(),
            Kind::Element { tag, .. } if tag == "iframe" && self.asks_for(id) => {}
            Kind::Element { void: true, block, .. } if *block => self.end_line(),
            Kind::Element { void: true, .. } => {}
            Kind::Element { tag, block: true, .. } => self.close_line(tag),
            Kind::Element { tag, .. } => self.close(tag),
            Kind::SectionNav => {
                self.in_nav = false;
                self.out.push_str("</ul></nav>\n");
            }
            Kind::Table => {
                self.close_block("table");
                if self.style.site {
                    self.out.push_str(if self.in_matrix { "</div>\n</div>\n" } else { "</div>\n" });
                    self.in_matrix = false;
                }
            }
            Kind::TableHead => self.close_block("thead"),
            Kind::TableBody => self.close_block("tbody"),
            Kind::TableFoot => self.close_block("tfoot"),
            Kind::Row => self.close_block("tr"),
            Kind::Cell { header, .. } => {
                self.end_of_level(id, *header);
                self.close_line(if *header || self.is_row_head(id) { "th" } else { "td" });
            }
            Kind::DefinitionList => self.close_block("dl"),
            Kind::Term => self.close_line("dt"),
            Kind::Definition => self.close_line("dd"),
            Kind::Emphasis => self.close("em"),
            Kind::Strong => self.close("strong"),
            Kind::Strikethrough => self.close("del"),
            Kind::Link { .. } if !self.contents_entry => self.close("a"),
            _ => {}
        }
    }

    fn open(&mut self, id: NodeId, tag: &str) {
        self.out.push('<');
        self.out.push_str(tag);
        self.attributes(id, &[]);
        self.out.push('>');
    }

    fn open_block(&mut self, id: NodeId, tag: &str) {
        self.end_line();
        self.open(id, tag);
        self.out.push('\n');
    }

    fn close(&mut self, tag: &str) {
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
    }

    fn close_line(&mut self, tag: &str) {
        self.close(tag);
        self.out.push('\n');
    }

    fn close_block(&mut self, tag: &str) {
        self.end_line();
        self.close_line(tag);
    }

    /// Begins a new line unless one has just begun.
    fn end_line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn escape_text(&mut self, text: &str) {
        pulldown_cmark_escape::escape_html_body_text(&mut self.out, text).expect("writing to a string cannot fail");
    }

    fn escape_attribute(&mut self, value: &str) {
        pulldown_cmark_escape::escape_html(&mut self.out, value).expect("writing to a string cannot fail");
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.escape_attribute(value);
        self.out.push('"');
    }

    /// Writes a node's attributes, with `classes` of the writer's own before the author's.
    fn attributes(&mut self, id: NodeId, classes: &[&str]) {
        let tree = self.tree;
        let node = tree.node(id);
        let none = Attributes::default();
        let attributes = node.attributes.as_deref().unwrap_or(&none);
        if let Some(anchor) = &attributes.id
            && !self.plain_entry
            && !anchor.is_empty()
            && !matches!(node.kind, Kind::Heading { .. })
        {
            self.attribute("id", anchor);
            self.document.anchors.push(anchor.to_string());
        }
        if !classes.is_empty() || !attributes.classes.is_empty() {
            self.out.push_str(" class=\"");
            let own = attributes.classes.iter().map(|class| &**class);
            let ours = classes.iter().copied().filter(|class| !node.has_class(class));
            let own = ours.chain(own);
            for (i, class) in own.enumerate() {
                if i > 0 {
                    self.out.push(' ');
                }
                self.escape_attribute(class);
            }
            self.out.push('"');
            attributes.classes.iter().for_each(|class| self.note_class(class));
        }
        let Kind::Element { tag, .. } = &node.kind else {
            for (name, value) in &attributes.others {
                self.attribute(name, value);
            }
            return;
        };
        for (name, value) in &attributes.others {
            self.element_attribute(tag, name, value, node.span);
        }
    }
}
