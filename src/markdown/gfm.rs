//! GitHub Flavored Markdown to a tree, from pulldown-cmark's events.
//!
//! What pulldown-cmark leaves out is added here: bare URLs become links, `{#id .class}` ends a heading, a paragraph
//! that is nothing but `[[_TOC_]]`, `[[TOC]]` or `[TOC]` asks for the table of contents.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::{
    Alignment, BlockQuoteKind, BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd,
};

use crate::diagnostic::{Diagnostic, Span};
use crate::markdown::attribute_list;
use crate::markdown::autolink;
use crate::markdown::definition;
use crate::markdown::tree::{AlertKind, Align, Kind, Node, NodeId, Tree};

/// Parses the Markdown that begins at `body_start` of a file's text. Spans count from the start of the file.
///
/// `titled` are the places of the callouts that begin with their title.
///
/// Also says what is wrong with the definitions of links.
pub fn parse<'t>(text: &'t str, body_start: usize, math: bool, titled: &[u32]) -> (Tree<'t>, Vec<Diagnostic>) {
    let mut builder =
        Builder { text, tree: Tree::new(), open: vec![Tree::ROOT], columns: Vec::new(), column: 0, html: None };
    let body = &text[body_start..];
    let at = |range: Range<usize>| Span::new(range.start + body_start, range.end + body_start);
    let (mut problems, mut problems_of_footnotes) = (Vec::new(), Vec::new());
    // Called for everything in brackets that is no link.
    let mut no_link = |link: BrokenLink<'t>| -> Option<(CowStr<'t>, CowStr<'t>)> {
        problems.extend(broken(body, &link, at(link.span.clone())));
        None
    };
    let mut events = Parser::new_with_broken_link_callback(body, options(math), Some(&mut no_link)).into_offset_iter();
    let mut used: HashSet<usize> = HashSet::new();
    while let Some((event, range)) = events.next() {
        if let Event::Start(Tag::Link { link_type, id, .. } | Tag::Image { link_type, id, .. }) = &event
            && matches!(link_type, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut)
        {
            used.extend(events.reference_definitions().get(id).map(|definition| definition.span.start));
        }
        if let Event::Text(_) = event {
            problems_of_footnotes
                .extend(footnote(body, range.start).map(|(name, found)| definition::missing_footnote(name, at(found))));
        }
        builder.event(event, at(range));
    }
    let unused = events.reference_definitions().iter().filter(|(_, definition)| !used.contains(&definition.span.start));
    let mut unused: Vec<Diagnostic> =
        unused.filter_map(|(name, found)| definition::unused(name, &found.dest, at(found.span.clone()))).collect();
    drop(events);
    problems.append(&mut unused);
    problems.append(&mut problems_of_footnotes);
    problems.sort_by_key(|problem| problem.span);
    let mut tree = builder.tree;
    if !titled.is_empty() {
        mark_titles(&mut tree, titled);
    }
    autolink::link_bare_urls(&mut tree);
    (tree, problems)
}

/// What is wrong with brackets that are no link, if they were certainly meant as one: `[text][name]` or `[name][]`.
fn broken(body: &str, link: &BrokenLink<'_>, span: Span) -> Option<Diagnostic> {
    let name = link.reference.as_ref();
    let is_name = !name.trim().is_empty() && name.len() < 100 && !name.contains(['\n', '[', '`', '^']);
    // `matrix[i][j]` is code that nobody marked as such.
    let is_in_word = body[..link.span.start].ends_with(|c: char| c.is_alphanumeric() || c == ']' || c == '_');
    let is_meant = matches!(link.link_type, LinkType::Reference | LinkType::Collapsed);
    (is_name && is_meant && !is_in_word).then(|| definition::missing(name, span))
}

/// The name and place of the reference to a footnote that text begins with: one that was defined would be no text.
fn footnote(body: &str, start: usize) -> Option<(&str, Range<usize>)> {
    let rest = body[start..].strip_prefix("[^")?;
    let name = &rest[..rest.find([']', '[', '\n'])?];
    let is_name = !name.is_empty() && !name.contains(char::is_whitespace) && rest[name.len()..].starts_with(']');
    let is_escaped = body[..start].ends_with('\\');
    (is_name && !is_escaped).then(|| (name, start..start + name.len() + 3))
}

/// Says which paragraphs are the titles of callouts.
fn mark_titles(tree: &mut Tree<'_>, titled: &[u32]) {
    let is_titled = |id: &NodeId| {
        let node = tree.node(*id);
        matches!(node.kind, Kind::Alert(_)) && titled.contains(&node.span.start)
    };
    let titles: Vec<NodeId> =
        tree.descendants(Tree::ROOT).filter(is_titled).filter_map(|id| tree.node(id).first).collect();
    for title in titles {
        if tree.node(title).kind == Kind::Paragraph {
            tree.node_mut(title).kind = Kind::CalloutTitle;
        }
    }
}

fn options(math: bool) -> Options {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST;
    options.set(Options::ENABLE_MATH, math);
    options
}

struct Builder<'t> {
    text: &'t str,
    tree: Tree<'t>,
    /// The open nodes, from the document to the innermost.
    open: Vec<NodeId>,
    /// The alignments of the table that is open.
    columns: Vec<Alignment>,
    /// The next cell's column.
    column: usize,
    /// The HTML block that is open; its lines come one by one.
    html: Option<NodeId>,
}

impl<'t> Builder<'t> {
    fn event(&mut self, event: Event<'t>, span: Span) {
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.string(text, span),
            Event::Code(code) => drop(self.add(Kind::Code(cow(code)), span)),
            Event::InlineMath(latex) => self.inline_math(latex, span),
            Event::DisplayMath(latex) => drop(self.add(Kind::MathBlock(cow(latex)), span)),
            Event::Html(html) => match self.html {
                Some(block) => self.extend_raw(block, html, span),
                None => drop(self.add(Kind::HtmlBlock(cow(html)), span)),
            },
            Event::InlineHtml(html) => drop(self.add(Kind::Html(cow(html)), span)),
            Event::FootnoteReference(name) => drop(self.add(Kind::FootnoteReference(cow(name)), span)),
            Event::SoftBreak => drop(self.add(Kind::SoftBreak, span)),
            Event::HardBreak => drop(self.add(Kind::HardBreak, span)),
            Event::Rule => drop(self.add(Kind::Rule, span)),
            Event::TaskListMarker(checked) => self.task(checked),
        }
    }

    fn start(&mut self, tag: Tag<'t>, span: Span) {
        let kind = match tag {
            Tag::Paragraph => Kind::Paragraph,
            Tag::Heading { level, .. } => Kind::Heading { level: level as u8 },
            Tag::BlockQuote(Some(kind)) => Kind::Alert(alert(kind)),
            Tag::BlockQuote(None) => Kind::BlockQuote,
            Tag::CodeBlock(CodeBlockKind::Indented) => Kind::CodeBlock { lang: "".into(), text: "".into() },
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => Kind::CodeBlock { lang: first_word(info), text: "".into() },
            Tag::HtmlBlock => Kind::HtmlBlock("".into()),
            Tag::List(start) => Kind::List { start },
            Tag::Item => Kind::Item { task: None },
            Tag::FootnoteDefinition(name) => Kind::Footnote { name: cow(name) },
            Tag::DefinitionList => Kind::DefinitionList,
            Tag::DefinitionListTitle => Kind::Term,
            Tag::DefinitionListDefinition => Kind::Definition,
            Tag::Table(columns) => {
                self.columns = columns;
                Kind::Table
            }
            Tag::TableHead => return self.open_row(Kind::TableHead, span),
            Tag::TableRow => return self.open_row(Kind::TableBody, span),
            Tag::TableCell => self.cell(),
            Tag::Emphasis => Kind::Emphasis,
            Tag::Strong => Kind::Strong,
            Tag::Strikethrough => Kind::Strikethrough,
            Tag::Link { link_type, dest_url, title, .. } => {
                let mut target = cow(dest_url);
                if link_type == pulldown_cmark::LinkType::Email {
                    target = Cow::Owned(format!("mailto:{target}"));
                }
                Kind::Link { target, title: cow(title) }
            }
            Tag::Image { dest_url, title, .. } => Kind::Image { target: cow(dest_url), title: cow(title) },
            // These are not switched on, so they cannot come; their content is kept all the same.
            Tag::Superscript | Tag::Subscript | Tag::MetadataBlock(_) => Kind::Paragraph,
        };
        let id = self.add(kind, span);
        if let Kind::HtmlBlock(_) = self.tree.node(id).kind {
            self.html = Some(id);
        }
        self.open.push(id);
    }

    fn end(&mut self, tag: TagEnd) {
        let Some(id) = self.open.pop() else { return };
        match tag {
            TagEnd::HtmlBlock => self.html = None,
            // A row stands in a head or body that was opened with it.
            TagEnd::TableHead | TagEnd::TableRow => drop(self.open.pop()),
            TagEnd::Heading(_) => self.heading_attributes(id),
            TagEnd::Paragraph => self.toc_marker(id),
            _ => {}
        }
    }

    fn innermost(&self) -> NodeId {
        self.open.last().copied().unwrap_or(Tree::ROOT)
    }

    fn add(&mut self, kind: Kind<'t>, span: Span) -> NodeId {
        let parent = self.innermost();
        self.tree.push(parent, kind, span)
    }

    fn string(&mut self, string: CowStr<'t>, span: Span) {
        let parent = self.innermost();
        if let Kind::CodeBlock { .. } = self.tree.node(parent).kind {
            return self.extend_raw(parent, string, span);
        }
        // pulldown-cmark cuts text wherever a delimiter might have been; one run of text is one node here.
        if let Some(last) = self.tree.node(parent).last
            && let Node { kind: Kind::Text(before), span: place, .. } = self.tree.node_mut(last)
            && place.end == span.start
        {
            place.end = span.end;
            let source = &self.text[place.range()];
            match *before {
                // The text before is compared by its place: comparing it letter by letter costs more each time.
                Cow::Borrowed(known)
                    if known.as_ptr() == source.as_ptr()
                        && source.len() == known.len() + string.len()
                        && source.ends_with(&*string) =>
                {
                    *before = Cow::Borrowed(source);
                }
                _ => before.to_mut().push_str(&string),
            }
            return;
        }
        self.add(Kind::Text(cow(string)), span);
    }

    /// Adds a line to a code or HTML block; borrows from the source as long as the block's lines touch each other.
    fn extend_raw(&mut self, block: NodeId, line: CowStr<'t>, span: Span) {
        let source = self.text;
        let node = self.tree.node_mut(block);
        let (Kind::CodeBlock { text, .. } | Kind::HtmlBlock(text)) = &mut node.kind else { return };
        if text.is_empty() {
            *text = cow(line);
            return;
        }
        if let Cow::Borrowed(before) = *text {
            let end = span.end as usize;
            let start = end.wrapping_sub(before.len() + line.len());
            if let Some(joined) = source.get(start..end)
                && joined.as_ptr() == before.as_ptr()
                && joined.ends_with(&*line)
            {
                *text = Cow::Borrowed(joined);
                return;
            }
        }
        text.to_mut().push_str(&line);
    }

    fn open_row(&mut self, part: Kind<'t>, span: Span) {
        let table = self.innermost();
        let last = self.tree.node(table).last;
        let part = match last {
            Some(last) if self.tree.node(last).kind == part => last,
            _ => self.tree.push(table, part, span),
        };
        self.open.push(part);
        let row = self.add(Kind::Row, span);
        self.open.push(row);
        self.column = 0;
    }

    fn cell(&mut self) -> Kind<'t> {
        let align = match self.columns.get(self.column) {
            Some(Alignment::Left) => Align::Left,
            Some(Alignment::Center) => Align::Center,
            Some(Alignment::Right) => Align::Right,
            Some(Alignment::None) | None => Align::None,
        };
        self.column += 1;
        let part = self.open.len().checked_sub(2).map(|i| self.open[i]);
        let header = part.is_some_and(|part| self.tree.node(part).kind == Kind::TableHead);
        Kind::Cell { header, align }
    }

    fn task(&mut self, checked: bool) {
        for &id in self.open.iter().rev() {
            if let Kind::Item { task } = &mut self.tree.node_mut(id).kind {
                *task = Some(checked);
                return;
            }
        }
    }

    /// `$5 to $10` is money: a formula whose closing `$` stands before a digit stays text, as in Pandoc's rule.
    fn inline_math(&mut self, latex: CowStr<'t>, span: Span) {
        let before_digit = self.text[span.end as usize..].starts_with(|c: char| c.is_ascii_digit());
        if before_digit {
            self.string(CowStr::Borrowed(&self.text[span.range()]), span);
        } else {
            self.add(Kind::Math(cow(latex)), span);
        }
    }

    /// Takes `{#id .class key="value"}` or `{: …}` off the end of a heading.
    fn heading_attributes(&mut self, heading: NodeId) {
        let Some(last) = self.tree.node(heading).last else { return };
        let Kind::Text(text) = &self.tree.node(last).kind else { return };
        let trimmed = text.trim_end();
        if !trimmed.ends_with('}') {
            return;
        }
        let Some(start) = trimmed.rfind('{') else { return };
        let list = trimmed[start + 1..trimmed.len() - 1].to_string();
        let list = list.strip_prefix(':').unwrap_or(&list).trim();
        if !list.starts_with(['#', '.']) {
            return;
        }
        let Some(attributes) = attribute_list::parse(list) else { return };
        let kept = trimmed[..start].trim_end();
        if kept.is_empty() && self.tree.node(heading).first == Some(last) {
            return;
        }
        let kept: Cow<'t, str> = match text {
            Cow::Borrowed(text) => Cow::Borrowed(&text[..kept.len()]),
            Cow::Owned(_) => Cow::Owned(kept.to_string()),
        };
        self.tree.node_mut(last).kind = Kind::Text(kept);
        self.tree.attributes_mut(heading).merge(attributes);
    }

    fn toc_marker(&mut self, paragraph: NodeId) {
        let node = self.tree.node(paragraph);
        let source = self.text[node.span.range()].trim();
        // A link definition named `toc` would have made it a link. `_TOC_` is read as emphasis.
        let is_link = self.tree.children(paragraph).any(|id| matches!(self.tree.node(id).kind, Kind::Link { .. }));
        if is_link || !["[[_TOC_]]", "[[TOC]]", "[TOC]", "[[toc]]", "[toc]"].contains(&source) {
            return;
        }
        while let Some(child) = self.tree.node(paragraph).first {
            self.tree.detach(child);
        }
        self.tree.node_mut(paragraph).kind = Kind::Toc { ordered: false };
        self.leave_out_the_heading_above(paragraph);
    }

    /// A heading whose only content is the table of contents would list itself.
    fn leave_out_the_heading_above(&mut self, toc: NodeId) {
        if let Some(previous) = self.tree.node(toc).previous
            && let Kind::Heading { .. } = self.tree.node(previous).kind
        {
            self.tree.attributes_mut(previous).add_class("no_toc");
        }
    }
}

fn cow(text: CowStr<'_>) -> Cow<'_, str> {
    match text {
        CowStr::Borrowed(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.into_string()),
    }
}

fn first_word(info: CowStr<'_>) -> Cow<'_, str> {
    let end = |info: &str| info.find([' ', '\t', ',', '{']).unwrap_or(info.len());
    match info {
        CowStr::Borrowed(info) => Cow::Borrowed(&info[..end(info)]),
        other => Cow::Owned(other[..end(&other)].to_string()),
    }
}

fn alert(kind: BlockQuoteKind) -> AlertKind {
    match kind {
        BlockQuoteKind::Note => AlertKind::Note,
        BlockQuoteKind::Tip => AlertKind::Tip,
        BlockQuoteKind::Important => AlertKind::Important,
        BlockQuoteKind::Warning => AlertKind::Warning,
        BlockQuoteKind::Caution => AlertKind::Caution,
    }
}
