//! The one HTML writer: a tree of either dialect to a document.
//!
//! Two styles: a *fragment* is exactly what the dialect says; a *site* page has, besides, holes for its links, lazy
//! images, scrolling tables, anchors at its headings, highlighted code and formulas as MathML.
//! It walks the tree without recursion, so depth costs no stack.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::markdown::highlight::highlight;
use crate::markdown::math::mathml;
use crate::markdown::outline::{Ids, slug, write_toc};
use crate::markdown::raw_html::{self, RawTag};
use crate::markdown::tree::{AlertKind, Align, Attributes, Kind, NodeId, Tree};
use crate::markdown::{Document, Fill, Heading, Hole, Link, LinkKind};

/// How a tree is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// For a page of a site; otherwise a bare fragment.
    pub site: bool,
    /// Colour code by its language. Only with `site`.
    pub highlight: bool,
}

/// Writes a page's tree.
pub fn write(tree: &Tree<'_>, text: &str, style: Style) -> Document {
    let (outline, footnotes) = survey(tree);
    let mut writer = Writer::new(tree, text, style);
    writer.footnotes = footnotes;
    writer.out.reserve(text.len() + text.len() / 4);
    let outline: Vec<(NodeId, Heading)> = outline
        .into_iter()
        .map(|(id, heading)| {
            let html = contents_entry(tree, text, id);
            (id, Heading { html, ..heading })
        })
        .collect();
    writer.ids = outline.iter().map(|(node, heading)| (*node, heading.id.clone())).collect();
    writer.document.outline = outline.into_iter().map(|(_, heading)| heading).collect();
    writer.below(Tree::ROOT);
    writer.write_footnotes();
    let mut document = writer.document;
    document.body.html = writer.out;
    document.anchors.extend(document.outline.iter().map(|heading| heading.id.clone()));
    document.anchors.sort_unstable();
    document.anchors.dedup();
    document.excerpt = excerpt(tree);
    document
}

/// The plain text of a node and all below it.
pub fn plain_text(tree: &Tree<'_>, top: NodeId) -> String {
    let mut out = String::new();
    for id in tree.descendants(top) {
        match &tree.node(id).kind {
            Kind::Text(text) | Kind::Code(text) | Kind::Math(text) | Kind::MathBlock(text) => out.push_str(text),
            Kind::SoftBreak | Kind::HardBreak => out.push(' '),
            _ => {}
        }
    }
    out
}

/// The headings with their ids, and where each footnote's text is.
fn survey<'a>(tree: &'a Tree<'_>) -> (Vec<(NodeId, Heading)>, HashMap<&'a str, NodeId>) {
    let mut headings = Vec::new();
    let mut footnotes = HashMap::new();
    let mut ids = Ids::default();
    for id in tree.descendants(Tree::ROOT) {
        let node = tree.node(id);
        match &node.kind {
            Kind::Heading { level } => {
                let text = heading_text(tree, id);
                let given = node.attributes.as_ref().and_then(|attributes| attributes.id.as_deref());
                let anchor = match given {
                    Some(given) => given.to_string(),
                    None => ids.unique(Some(slug(&text)).filter(|s| !s.is_empty()).unwrap_or("section".to_string())),
                };
                let in_toc = !node.has_class("no_toc");
                let text = text.trim().to_string();
                headings.push((
                    id,
                    Heading { level: *level, id: anchor, html: String::new(), text, in_toc, span: node.span },
                ));
            }
            Kind::Footnote { name } => drop(footnotes.entry(&**name).or_insert(id)),
            _ => {}
        }
    }
    (headings, footnotes)
}

/// A heading's text as its id counts it: an image's alternative text is not part of it.
fn heading_text(tree: &Tree<'_>, heading: NodeId) -> String {
    let has_image = tree.descendants(heading).any(|id| matches!(tree.node(id).kind, Kind::Image { .. }));
    if !has_image {
        return plain_text(tree, heading);
    }
    let mut out = String::new();
    for child in tree.children(heading) {
        if !matches!(tree.node(child).kind, Kind::Image { .. }) {
            out.push_str(&heading_text(tree, child));
        }
    }
    out
}

/// The text of the first paragraph, for descriptions; cut at a word after about 160 characters.
fn excerpt(tree: &Tree<'_>) -> String {
    const LENGTH: usize = 160;
    let paragraphs = tree.children(Tree::ROOT).filter(|&id| tree.node(id).kind == Kind::Paragraph);
    let Some(text) = paragraphs.map(|id| plain_text(tree, id)).find(|text| !text.trim().is_empty()) else {
        return String::new();
    };
    let mut out = String::new();
    for word in text.split_whitespace() {
        if out.chars().count() + word.chars().count() > LENGTH && !out.is_empty() {
            out.push('…');
            return out;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// A heading's inline HTML for tables of contents: no links, footnotes, ids or pictures, which would be there twice.
fn contents_entry(tree: &Tree<'_>, text: &str, heading: NodeId) -> String {
    let mut writer = Writer::new(tree, text, Style { site: false, highlight: false });
    writer.contents_entry = true;
    writer.below(heading);
    writer.out.trim().to_string()
}

struct Writer<'a, 't> {
    tree: &'a Tree<'t>,
    text: &'a str,
    style: Style,
    /// Writing an entry of a table of contents.
    contents_entry: bool,
    out: String,
    document: Document,
    ids: HashMap<NodeId, String>,
    footnotes: HashMap<&'a str, NodeId>,
    /// The footnotes that were referred to, in order, and how often.
    cited: Vec<(NodeId, &'a str, usize)>,
    /// The paragraph that gets the links back to the text, and for which footnote.
    backlinks: Option<(NodeId, usize)>,
    /// Inside a section's nav bar.
    in_nav: bool,
    /// The text of the heading above, and how many tables came since.
    section: (usize, usize),
    n_headings: usize,
    toc_written: bool,
    labels: HashSet<String>,
}

impl<'a, 't> Writer<'a, 't> {
    fn new(tree: &'a Tree<'t>, text: &'a str, style: Style) -> Self {
        Writer {
            tree,
            text,
            style,
            contents_entry: false,
            out: String::new(),
            document: Document::default(),
            ids: HashMap::new(),
            footnotes: HashMap::new(),
            cited: Vec::new(),
            backlinks: None,
            in_nav: false,
            section: (0, 0),
            n_headings: 0,
            toc_written: false,
            labels: HashSet::new(),
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
            Kind::Html(html) => self.inline_html(html, node.span),
            Kind::Element { tag, block, .. } => self.element(id, tag, *block),
            Kind::SectionNav => {
                self.in_nav = true;
                self.end_line();
                self.out.push_str("<nav class=\"section-nav\" aria-label=\"Section\"><ul>\n");
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
                if self.backlinks.is_some_and(|(paragraph, _)| paragraph == id) {
                    self.write_backlinks();
                }
                self.close_line("p");
            }
            Kind::Heading { level } => self.end_heading(id, *level),
            Kind::BlockQuote => self.close_block("blockquote"),
            Kind::Alert(_) => self.close_block("aside"),
            Kind::List { start } => self.close_block(if start.is_some() { "ol" } else { "ul" }),
            Kind::Item { .. } => self.close_line("li"),
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
                    self.out.push_str("</div>\n");
                }
            }
            Kind::TableHead => self.close_block("thead"),
            Kind::TableBody => self.close_block("tbody"),
            Kind::TableFoot => self.close_block("tfoot"),
            Kind::Row => self.close_block("tr"),
            Kind::Cell { header, .. } => self.close_line(if *header { "th" } else { "td" }),
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
            && !self.contents_entry
            && !matches!(node.kind, Kind::Heading { .. })
        {
            self.attribute("id", anchor);
            self.document.anchors.push(anchor.to_string());
        }
        if !classes.is_empty() || !attributes.classes.is_empty() {
            self.out.push_str(" class=\"");
            let own = classes.iter().copied().chain(attributes.classes.iter().map(|class| &**class));
            for (i, class) in own.enumerate() {
                if i > 0 {
                    self.out.push(' ');
                }
                self.escape_attribute(class);
            }
            self.out.push('"');
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

    /// An attribute of an HTML element: one that holds an address becomes a hole.
    fn element_attribute(&mut self, tag: &str, name: &str, value: &str, span: Span) {
        let kind = address(tag, name).filter(|_| self.style.site);
        let Some(kind) = kind else {
            if name == "name" && tag == "a" {
                self.document.anchors.push(value.to_string());
            }
            return self.attribute(name, value);
        };
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.hole_for(value, kind, span);
        self.out.push('"');
    }

    /// Makes a link and leaves a hole for its URL.
    fn hole_for(&mut self, target: &str, kind: LinkKind, span: Span) {
        self.document.links.push(Link { target: target.to_string(), kind, span });
        self.hole(Fill::Url);
    }

    /// Leaves a hole that belongs to the last link.
    fn hole(&mut self, fill: Fill) {
        let link = self.document.links.len().saturating_sub(1) as u32;
        self.document.body.holes.push(Hole { at: self.out.len() as u32, link, fill });
    }

    fn heading(&mut self, id: NodeId, level: u8) {
        self.end_line();
        self.out.push_str("<h");
        self.out.push((b'0' + level) as char);
        if let Some(anchor) = self.ids.get(&id).cloned() {
            self.attribute("id", &anchor);
        }
        self.attributes(id, &[]);
        self.out.push('>');
        self.n_headings += 1;
        self.section = (self.n_headings, 0);
    }

    fn end_heading(&mut self, id: NodeId, level: u8) {
        if self.style.site
            && let Some(anchor) = self.ids.get(&id).cloned()
        {
            self.out.push_str("<a class=\"anchor\" href=\"#");
            self.escape_attribute(&anchor);
            self.out.push_str("\" aria-hidden=\"true\" tabindex=\"-1\"></a>");
        }
        self.out.push_str("</h");
        self.out.push((b'0' + level) as char);
        self.out.push_str(">\n");
    }

    fn alert(&mut self, id: NodeId, kind: AlertKind) {
        let (class, title) = match kind {
            AlertKind::Note => ("note", "Note"),
            AlertKind::Tip => ("tip", "Tip"),
            AlertKind::Important => ("important", "Important"),
            AlertKind::Warning => ("warning", "Warning"),
            AlertKind::Caution => ("caution", "Caution"),
        };
        self.end_line();
        self.out.push_str("<aside");
        self.attributes(id, &["callout", class]);
        self.out.push_str(" aria-label=\"");
        self.out.push_str(title);
        self.out.push_str("\">\n<p class=\"callout-title\">");
        self.out.push_str(title);
        self.out.push_str("</p>\n");
    }

    fn list(&mut self, id: NodeId, start: Option<u64>) {
        let tree = self.tree;
        let has_task = tree.children(id).any(|item| matches!(tree.node(item).kind, Kind::Item { task: Some(_) }));
        self.end_line();
        self.out.push_str(if start.is_some() { "<ol" } else { "<ul" });
        if let Some(start) = start.filter(|&start| start != 1) {
            self.attribute("start", &start.to_string());
        }
        self.attributes(id, if has_task { &["task-list"] } else { &[] });
        self.out.push_str(">\n");
    }

    fn item(&mut self, id: NodeId, task: Option<bool>) {
        self.out.push_str("<li");
        self.attributes(id, if task.is_some() { &["task-list-item"] } else { &[] });
        self.out.push('>');
        if let Some(checked) = task {
            self.out.push_str("<input type=\"checkbox\" class=\"task-list-item-checkbox\" disabled=\"disabled\"");
            if checked {
                self.out.push_str(" checked=\"checked\"");
            }
            if self.style.site {
                let name = if checked { "Done" } else { "To do" };
                self.attribute("aria-label", name);
            }
            self.out.push_str(" />");
        }
        if self.tree.node(id).first.is_some_and(|first| self.is_block(first)) {
            self.out.push('\n');
        }
    }

    fn is_block(&self, id: NodeId) -> bool {
        use Kind as K;
        matches!(
            self.tree.node(id).kind,
            K::Paragraph
                | K::Heading { .. }
                | K::BlockQuote
                | K::Alert(_)
                | K::List { .. }
                | K::CodeBlock { .. }
                | K::Table
                | K::HtmlBlock(_)
                | K::Rule
                | K::DefinitionList
                | K::Element { block: true, .. }
        )
    }

    fn toc(&mut self, id: NodeId, ordered: bool) {
        let mut attributes = String::new();
        std::mem::swap(&mut self.out, &mut attributes);
        let given = self.tree.node(id).attributes.as_ref().is_some_and(|attributes| attributes.id.is_some());
        if !given && !self.toc_written {
            self.attribute("id", "markdown-toc");
        }
        self.attributes(id, &[]);
        std::mem::swap(&mut self.out, &mut attributes);
        self.toc_written = true;
        let headings: Vec<&Heading> = self.document.outline.iter().filter(|heading| heading.in_toc).collect();
        if !headings.is_empty() && !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        write_toc(&mut self.out, &headings, ordered, &attributes);
    }

    fn code_block(&mut self, id: NodeId, lang: &str, code: &str) {
        self.end_line();
        if lang == "mermaid" && self.style.site {
            self.document.features.mermaid = true;
            self.out.push_str("<pre");
            self.attributes(id, &["mermaid"]);
            self.out.push('>');
            self.escape_text(code);
            self.out.push_str("</pre>\n");
            return;
        }
        if lang == "math" && self.style.site {
            self.math(id, code, true);
            return self.end_line();
        }
        self.out.push_str("<pre");
        self.attributes(id, if self.style.site { &["code"] } else { &[] });
        if self.style.site {
            if !lang.is_empty() {
                self.attribute("data-lang", lang);
            }
            // A box that scrolls must be reachable by keyboard.
            self.out.push_str(" tabindex=\"0\"");
        }
        self.out.push_str("><code");
        if !lang.is_empty() {
            self.out.push_str(" class=\"language-");
            self.escape_attribute(lang);
            self.out.push('"');
        }
        self.out.push('>');
        if self.style.highlight && highlight(&mut self.out, lang, code) {
            self.document.features.code = true;
        } else {
            self.escape_text(code);
        }
        self.out.push_str("</code></pre>\n");
    }

    fn math(&mut self, id: NodeId, latex: &str, block: bool) {
        if !self.style.site {
            let (open, close) = if block { ("\\[", "\\]") } else { ("\\(", "\\)") };
            self.out.push_str(open);
            self.escape_text(latex);
            return self.out.push_str(close);
        }
        match mathml(latex, block) {
            Ok(html) => {
                self.document.features.math = true;
                self.out.push_str(&html);
            }
            Err(problem) => {
                let message = format!("this formula cannot be set: {problem}");
                let span = self.tree.node(id).span;
                self.document.diagnostics.push(
                    Diagnostic::new(Code::Math, message)
                        .at(span)
                        .help("check the spelling of its commands; write a dollar sign that is no formula as `\\$`"),
                );
                self.out.push_str("<code class=\"math\">");
                self.escape_text(latex);
                self.out.push_str("</code>");
            }
        }
    }

    /// HTML inside a line. A table of contents takes over none of it but what formats text.
    fn inline_html(&mut self, html: &str, span: Span) {
        let kept = ["b", "i", "em", "strong", "code", "kbd", "sub", "sup", "span", "s", "u", "small", "mark"];
        if self.contents_entry {
            let name = html.trim_start_matches(['<', '/']);
            let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
            if !kept.contains(&name) || html.contains(" id=") {
                return;
            }
        }
        self.raw_html(html, span);
    }

    /// HTML as it is, but for its addresses, which become holes, and its images, which load lazily.
    fn raw_html(&mut self, html: &str, span: Span) {
        let mut written = 0;
        let mut at = 0;
        // Where the text is not the source letter by letter, a link's place is the whole block's.
        let is_source = self.text.get(span.range()).is_some_and(|source| source.starts_with(html));
        while let Some((tag, next)) = raw_html::next_tag(html, at) {
            at = next;
            let name = html[tag.name.clone()].to_ascii_lowercase();
            self.note_anchors(html, &tag, &name);
            if !self.style.site {
                continue;
            }
            for attribute in &tag.attributes {
                let attribute_name = html[attribute.name.clone()].to_ascii_lowercase();
                let Some(kind) = address(&name, &attribute_name) else { continue };
                if attribute.value.is_empty() && !attribute.quoted {
                    continue;
                }
                let start = attribute.value.start;
                self.out.push_str(&html[written..start]);
                written = attribute.value.end;
                let place = match is_source {
                    true => Span::new(span.start as usize + start, span.start as usize + attribute.value.end),
                    false => span,
                };
                // An unquoted value could not hold every URL that it may resolve to.
                let quote = if attribute.quoted { "" } else { "\"" };
                self.out.push_str(quote);
                self.addresses(&html[attribute.value.clone()], &attribute_name, kind, place);
                self.out.push_str(quote);
            }
            if name == "img" {
                self.lazy(html, &tag, &mut written);
            }
        }
        self.out.push_str(&html[written..]);
    }

    fn note_anchors(&mut self, html: &str, tag: &RawTag, name: &str) {
        for attribute in &tag.attributes {
            let attribute_name = &html[attribute.name.clone()];
            let is_anchor =
                attribute_name.eq_ignore_ascii_case("id") || name == "a" && attribute_name.eq_ignore_ascii_case("name");
            if is_anchor && !attribute.value.is_empty() {
                self.document.anchors.push(raw_html::unescape(&html[attribute.value.clone()]).into_owned());
            }
        }
    }

    /// One address, or the several of a `srcset`.
    fn addresses(&mut self, value: &str, name: &str, kind: LinkKind, span: Span) {
        if name != "srcset" {
            return self.hole_for(raw_html::unescape(value).trim(), kind, span);
        }
        for (i, candidate) in value.split(',').enumerate() {
            if i > 0 {
                self.out.push_str(", ");
            }
            let candidate = candidate.trim();
            let (url, size) = candidate.split_once(char::is_whitespace).unwrap_or((candidate, ""));
            self.hole_for(&raw_html::unescape(url), kind, span);
            if !size.is_empty() {
                self.out.push(' ');
                self.out.push_str(size);
            }
        }
    }

    /// Gives a raw image what it lacks: its size, so that the page does not jump, and lazy loading.
    fn lazy(&mut self, html: &str, tag: &RawTag, written: &mut usize) {
        let has = |name: &str| tag.attributes.iter().any(|a| html[a.name.clone()].eq_ignore_ascii_case(name));
        if !has("src") {
            return;
        }
        // After the last attribute, whose closing quote is still to be written.
        let last = &tag.attributes[tag.attributes.len() - 1];
        let end = last.value.end.max(last.name.end) + usize::from(last.quoted);
        let end = end.min(html.len());
        self.out.push_str(&html[*written..end]);
        *written = end;
        if !["width", "height", "style", "class"].into_iter().any(has) {
            self.hole(Fill::ImageSize);
        }
        if !has("loading") {
            self.out.push_str(" loading=\"lazy\"");
        }
    }

    fn element(&mut self, id: NodeId, tag: &str, block: bool) {
        if block {
            self.end_line();
        }
        self.out.push('<');
        self.out.push_str(tag);
        self.attributes(id, &[]);
        let void = matches!(self.tree.node(id).kind, Kind::Element { void: true, .. });
        self.out.push_str(if void { " />" } else { ">" });
        if block && self.tree.node(id).first.is_some_and(|first| self.is_block(first)) {
            self.out.push('\n');
        }
    }

    fn table(&mut self, id: NodeId) {
        self.end_line();
        if self.style.site {
            let label = self.table_label();
            self.out.push_str("<div class=\"table-wrap\" role=\"region\" tabindex=\"0\"");
            self.attribute("aria-label", &label);
            self.out.push_str(">\n");
        }
        self.open(id, "table");
        self.out.push('\n');
    }

    /// Regions need names that differ: the heading above, and a number from the second table on.
    fn table_label(&mut self) -> String {
        let (heading, tables) = self.section;
        self.section = (heading, tables + 1);
        let section = heading.checked_sub(1).and_then(|index| self.document.outline.get(index));
        let section = section.map_or("", |heading| &heading.text);
        let mut label = if section.is_empty() { "Table".to_string() } else { format!("Table: {section}") };
        let mut n = 1;
        while !self.labels.insert(label.clone()) {
            n += 1;
            label = match section {
                "" => format!("Table {n}"),
                section => format!("Table {n}: {section}"),
            };
        }
        label
    }

    fn cell(&mut self, id: NodeId, header: bool, align: Align) {
        self.out.push_str(if header { "<th" } else { "<td" });
        match align {
            Align::None => {}
            Align::Left => self.out.push_str(" style=\"text-align: left\""),
            Align::Center => self.out.push_str(" style=\"text-align: center\""),
            Align::Right => self.out.push_str(" style=\"text-align: right\""),
        }
        self.attributes(id, &[]);
        self.out.push('>');
    }

    fn link(&mut self, id: NodeId, target: &str, title: &str) {
        if self.contents_entry {
            return;
        }
        self.out.push_str("<a href=\"");
        self.url(target, LinkKind::Page, self.tree.node(id).span);
        self.out.push('"');
        if self.in_nav && self.style.site {
            self.hole(Fill::Current);
        }
        if !title.is_empty() {
            self.attribute("title", title);
        }
        self.attributes(id, &[]);
        self.out.push('>');
    }

    fn image(&mut self, id: NodeId, target: &str, title: &str) {
        if self.contents_entry {
            return;
        }
        let node = self.tree.node(id);
        self.out.push_str("<img src=\"");
        self.url(target, LinkKind::Image, node.span);
        self.out.push('"');
        let alt = plain_text(self.tree, id);
        self.attribute("alt", &alt);
        if !title.is_empty() {
            self.attribute("title", title);
        }
        if self.style.site {
            let others = node.attributes.as_ref().map(|attributes| &attributes.others[..]).unwrap_or_default();
            let has = |name: &str| others.iter().any(|(n, _)| n == name);
            if !has("width") && !has("height") {
                self.hole(Fill::ImageSize);
            }
            if !has("loading") {
                self.out.push_str(" loading=\"lazy\"");
            }
            self.out.push_str(" decoding=\"async\"");
        }
        self.attributes(id, &[]);
        self.out.push_str(" />");
    }

    fn url(&mut self, target: &str, kind: LinkKind, span: Span) {
        if self.style.site {
            self.hole_for(target, kind, span);
        } else {
            pulldown_cmark_escape::escape_href(&mut self.out, target).expect("writing to a string cannot fail");
        }
    }

    fn footnote_reference(&mut self, id: NodeId, name: &str) {
        if self.contents_entry {
            return;
        }
        let Some((&name, &definition)) = self.footnotes.get_key_value(name) else {
            let span = self.tree.node(id).span;
            let source = self.text.get(span.range()).unwrap_or(name).to_string();
            return self.escape_text(&source);
        };
        let index = self.cited.iter().position(|(footnote, ..)| *footnote == definition).unwrap_or_else(|| {
            self.cited.push((definition, name, 0));
            self.cited.len() - 1
        });
        let repeat = self.cited[index].2;
        self.cited[index].2 += 1;
        self.out.push_str("<sup id=\"");
        let anchor = reference_id(name, repeat);
        self.escape_attribute(&anchor);
        self.document.anchors.push(anchor);
        self.out.push_str("\"><a href=\"#fn:");
        self.escape_attribute(name);
        self.out.push_str("\" class=\"footnote\" rel=\"footnote\" role=\"doc-noteref\">");
        self.out.push_str(&(index + 1).to_string());
        self.out.push_str("</a></sup>");
    }

    /// The footnotes that the text refers to. Their own text may refer to more.
    fn write_footnotes(&mut self) {
        if self.cited.is_empty() {
            return;
        }
        self.end_line();
        self.out.push_str("<div class=\"footnotes\" role=\"doc-endnotes\">\n<ol>\n");
        let mut index = 0;
        while let Some(&(definition, name, _)) = self.cited.get(index) {
            self.out.push_str("<li id=\"fn:");
            self.escape_attribute(name);
            self.document.anchors.push(format!("fn:{name}"));
            self.out.push_str("\">\n");
            let last = self.tree.node(definition).last;
            let paragraph = last.filter(|&last| self.tree.node(last).kind == Kind::Paragraph);
            self.backlinks = paragraph.map(|paragraph| (paragraph, index));
            self.below(definition);
            if paragraph.is_none() {
                self.backlinks = Some((definition, index));
                self.out.push_str("<p>");
                self.write_backlinks();
                self.out.push_str("</p>\n");
            }
            self.out.push_str("</li>\n");
            index += 1;
        }
        self.out.push_str("</ol>\n</div>\n");
    }

    fn write_backlinks(&mut self) {
        let Some((_, index)) = self.backlinks.take() else { return };
        let (_, name, n_references) = self.cited[index];
        for repeat in 0..n_references {
            self.out.push_str(" <a href=\"#");
            self.escape_attribute(&reference_id(name, repeat));
            self.out.push_str("\" class=\"reversefootnote\" role=\"doc-backlink\">↩");
            if repeat > 0 {
                self.out.push_str("<sup>");
                self.out.push_str(&(repeat + 1).to_string());
                self.out.push_str("</sup>");
            }
            self.out.push_str("</a>");
        }
    }
}

fn reference_id(name: &str, repeat: usize) -> String {
    match repeat {
        0 => format!("fnref:{name}"),
        n => format!("fnref:{name}:{n}"),
    }
}

/// What an HTML attribute's address is for; `None` when the attribute holds none.
fn address(tag: &str, attribute: &str) -> Option<LinkKind> {
    match (tag, attribute) {
        ("a" | "area", "href") => Some(LinkKind::Page),
        ("img", "src" | "srcset") | ("source", "srcset") | ("video", "poster") => Some(LinkKind::Image),
        ("audio" | "embed" | "iframe" | "input" | "script" | "source" | "track" | "video", "src")
        | ("link", "href")
        | ("object", "data") => Some(LinkKind::Embed),
        _ => None,
    }
}
