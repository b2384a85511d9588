//! Makes the tree from the blocks, and reads their text.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::markdown::kramdown::abbreviation::{self, Abbreviations};
use crate::markdown::kramdown::attributes::AttributeList;
use crate::markdown::kramdown::block::{BlockId, BlockKind};
use crate::markdown::kramdown::blocks::Blocks;
use crate::markdown::kramdown::ids::HeadingIds;
use crate::markdown::kramdown::inline::{self, Before};
use crate::markdown::kramdown::notes::Notes;
use crate::markdown::kramdown::span_html::push_html_text;
use crate::markdown::kramdown::tag::{self, Model};
use crate::markdown::tree::{Align, Attributes, Kind, NodeId, Tree};

/// Builds the tree of a page.
pub struct Builder<'t> {
    /// The blocks, and what the page defines.
    pub blocks: Blocks<'t>,
    /// The tree so far.
    pub tree: Tree<'t>,
    notes: Notes<'t>,
    ids: HeadingIds,
    abbreviations: Option<Abbreviations<'t>>,
    has_toc: bool,
    has_footnotes: bool,
}

/// A block that still has to be built.
#[derive(Clone, Copy)]
struct Task {
    block: BlockId,
    parent: NodeId,
    /// Whether HTML holds it, which is written without line ends of ours.
    in_raw: bool,
    /// Whether it stands in any HTML element or footnote: headings there get ids by an older rule.
    in_html: bool,
    /// Whether nothing follows it in what holds it.
    is_last: bool,
}

impl<'t> Builder<'t> {
    /// Builds all of a page.
    pub fn build(blocks: Blocks<'t>) -> Builder<'t> {
        let ids = HeadingIds::new(&blocks.settings);
        let abbreviations = Abbreviations::new(&blocks);
        let mut builder = Builder {
            blocks,
            tree: Tree::new(),
            notes: Notes::default(),
            ids,
            abbreviations,
            has_toc: false,
            has_footnotes: false,
        };
        builder.tree.nodes.reserve(builder.blocks.source.len() / 32);
        builder.below(0, Tree::ROOT, false);
        // A footnote's text may refer to further ones.
        let mut built: HashSet<String> = HashSet::new();
        while let Some(name) = builder.notes.footnotes.pop() {
            let Some(&(block, _)) = builder.blocks.footnotes.get(&name) else { continue };
            if !built.insert(name.clone()) {
                continue;
            }
            let kind = Kind::Footnote { name: Cow::Owned(name) };
            let node = builder.tree.push(Tree::ROOT, kind, builder.blocks.arena[block].span);
            builder.below(block, node, true);
        }
        let notes = std::mem::take(&mut builder.notes);
        let of_definitions = builder.blocks.problems_of_definitions(&notes.links);
        builder.blocks.diagnostics.extend(notes.diagnostics);
        builder.blocks.diagnostics.extend(of_definitions);
        builder
    }

    /// Builds the children of a block, and all below them, without recursion.
    fn below(&mut self, top: BlockId, parent: NodeId, in_html: bool) {
        let mut tasks: Vec<Task> = Vec::new();
        self.add_tasks(&mut tasks, Task { block: top, parent, in_raw: false, in_html, is_last: false });
        while let Some(task) = tasks.pop() {
            if let Some(inside) = self.block(task) {
                self.add_tasks(&mut tasks, inside);
            }
        }
    }

    fn add_tasks(&mut self, tasks: &mut Vec<Task>, inside: Task) {
        let children = std::mem::take(&mut self.blocks.arena[inside.block].children);
        let last = children.iter().rposition(|&id| !matches!(self.blocks.arena[id].kind, BlockKind::End(_)));
        let all = children.iter().enumerate().rev();
        tasks.extend(all.map(|(index, &block)| Task { block, is_last: Some(index) == last, ..inside }));
    }

    /// Builds one block. Returns where its children go, when it has any that are still to be built.
    fn block(&mut self, task: Task) -> Option<Task> {
        let Task { block, parent, in_raw, .. } = task;
        let span = self.blocks.arena[block].span;
        let kind = std::mem::replace(&mut self.blocks.arena[block].kind, BlockKind::Container);
        let inside = |parent: NodeId| Some(Task { parent, ..task });
        match kind {
            BlockKind::Container | BlockKind::Blank { .. } | BlockKind::End(_) => None,
            BlockKind::Paragraph { transparent } => {
                self.paragraph(block, parent, transparent, task.in_html);
                None
            }
            BlockKind::Heading { level } => {
                self.heading(block, parent, level, task.in_html);
                None
            }
            BlockKind::Quote => inside(self.push(block, parent, Kind::BlockQuote)),
            BlockKind::Code(text) => {
                self.code(block, parent, text);
                None
            }
            BlockKind::List { ordered } => {
                let is_toc = self.list_of(block).is_some_and(|list| list.refers_to("toc"));
                if is_toc && !self.has_toc {
                    self.has_toc = true;
                    self.push(block, parent, Kind::Toc { ordered });
                    return None;
                }
                let is_place = self.list_of(block).is_some_and(|list| list.refers_to("footnotes"));
                if is_place && !self.has_footnotes {
                    self.has_footnotes = true;
                    self.tree.push(parent, Kind::Footnotes, span);
                    return None;
                }
                inside(self.push(block, parent, Kind::List { start: ordered.then_some(1) }))
            }
            BlockKind::Item => inside(self.push(block, parent, Kind::Item { task: None })),
            BlockKind::Definitions => {
                self.name_terms(block);
                inside(self.push(block, parent, Kind::DefinitionList))
            }
            BlockKind::Term => {
                let node = self.push(block, parent, Kind::Term);
                self.leaf(block, node, task.in_html, true);
                None
            }
            BlockKind::Definition { .. } => inside(self.push(block, parent, Kind::Definition)),
            BlockKind::Rule => {
                self.push(block, parent, Kind::Rule);
                None
            }
            BlockKind::Table(align) => {
                self.table(block, parent, &align, task.in_html);
                None
            }
            BlockKind::Head | BlockKind::Body | BlockKind::Foot | BlockKind::Row | BlockKind::Cell => None,
            BlockKind::Html { tag, model, closed } => {
                let void = closed && (model == Model::Raw || tag::is_void(&tag));
                let node = self.push(block, parent, Kind::Element { tag, block: !in_raw, void });
                let children = &self.blocks.arena[block].children;
                let is_blank = |&id: &BlockId| matches!(self.blocks.arena[id].kind, BlockKind::Blank { .. });
                let shows_nothing =
                    |id: &BlockId| is_blank(id) || matches!(self.blocks.arena[*id].kind, BlockKind::End(_));
                if model == Model::Block && children.iter().any(is_blank) && children.iter().all(shows_nothing) {
                    self.tree.push(node, Kind::Text(Cow::Borrowed("\n")), span);
                }
                Some(Task { block, parent: node, in_raw: model == Model::Raw, in_html: true, is_last: false })
            }
            BlockKind::Raw(html) => {
                let is_inside = in_raw || matches!(self.tree.node(parent).kind, Kind::Element { block: false, .. });
                let kind = if is_inside { Kind::Html(html) } else { Kind::HtmlBlock(html) };
                self.tree.push(parent, kind, span);
                None
            }
            BlockKind::HtmlText => {
                if let Some(leaf) = &self.blocks.arena[block].leaf {
                    let (piece, range) = leaf.parts();
                    push_html_text(&mut self.tree, piece, range, parent);
                }
                None
            }
            BlockKind::Text => {
                self.leaf(block, parent, task.in_html, task.is_last);
                None
            }
            BlockKind::Math(latex) => {
                self.push(block, parent, Kind::MathBlock(latex));
                None
            }
        }
    }

    /// Makes a block's node with its attributes.
    pub(super) fn push(&mut self, block: BlockId, parent: NodeId, kind: Kind<'t>) -> NodeId {
        let node = self.tree.push(parent, kind, self.blocks.arena[block].span);
        self.tree.node_mut(node).attributes = self.attributes(block);
        node
    }

    fn list_of(&self, block: BlockId) -> Option<&AttributeList<'t>> {
        self.blocks.arena[block].list.as_deref()
    }

    /// A block's own attributes, and those of its attribute list.
    fn attributes(&mut self, block: BlockId) -> Option<Box<Attributes<'t>>> {
        let mut own = self.blocks.arena[block].attributes.take();
        if let Some(list) = &self.blocks.arena[block].list {
            list.apply(own.get_or_insert_default(), &self.blocks.definitions);
        }
        own
    }

    /// Reads a block's text into a node; `is_last` when nothing is going to follow it there.
    fn leaf(&mut self, block: BlockId, node: NodeId, in_html: bool, is_last: bool) {
        let Some(leaf) = &self.blocks.arena[block].leaf else { return };
        let (piece, range) = leaf.parts();
        let before = Before {
            follows_box: self.blocks.arena[block].task.is_some(),
            is_box: matches!(self.tree.node(node).kind, Kind::Item { task: Some(_) }),
            in_html,
        };
        let last = self.tree.node(node).last;
        inline::read(piece, range, node, &mut self.tree, &self.blocks, &mut self.notes, before);
        if is_last {
            self.drop_last_break(node);
        }
        if let Some(abbreviations) = &self.abbreviations {
            // What was there before has been looked at already.
            let first = last.map_or(self.tree.node(node).first, |last| self.tree.node(last).next);
            abbreviation::replace(
                &mut self.tree,
                first,
                abbreviations,
                &self.notes.raw,
                self.blocks.source,
                &self.blocks.definitions.growth,
            );
        }
        for (name, value, span) in std::mem::take(&mut self.notes.options) {
            self.blocks.set_option(&name, &value, span);
        }
    }

    /// A break that a backslash or the mere end of a line makes is none at a block's end, even when something stood
    /// behind it that shows nothing.
    fn drop_last_break(&mut self, node: NodeId) {
        let Some(last) = self.tree.node(node).last.filter(|_| node != Tree::ROOT && self.blocks.settings.gfm) else {
            return;
        };
        let written = self.blocks.source.get(self.tree.node(last).span.range()).unwrap_or("");
        let is_of_two = written.starts_with("  ") || written.starts_with("\\\\");
        if self.tree.node(last).kind == Kind::HardBreak && !is_of_two {
            self.tree.node_mut(last).kind = Kind::Text(Cow::Borrowed("\n"));
        }
    }

    fn paragraph(&mut self, block: BlockId, parent: NodeId, transparent: bool, in_html: bool) {
        let node = if transparent { parent } else { self.push(block, parent, Kind::Paragraph) };
        if let Some(checked) = self.blocks.arena[block].task {
            self.box_of(block, parent, node, checked);
        }
        self.leaf(block, node, in_html, true);
        let only = self.tree.node(node).first.filter(|&first| self.tree.node(first).next.is_none());
        let is_image = |&node: &NodeId| matches!(self.tree.node(node).kind, Kind::Image { .. });
        let image = only.filter(|image| !transparent && self.notes.standalone.contains(*image));
        if let Some(image) = image.filter(is_image) {
            self.figure(node, image);
        }
    }

    /// The box that a task begins with.
    fn box_of(&mut self, block: BlockId, item: NodeId, node: NodeId, checked: bool) {
        // An attribute list right after the box is the box's own.
        let has_list = self.blocks.arena[block].leaf.as_ref().is_some_and(|leaf| leaf.text().starts_with("{:"));
        if node == item
            && !has_list
            && let Kind::Item { task } = &mut self.tree.node_mut(item).kind
        {
            *task = Some(checked);
            return;
        }
        let kind = Kind::Element { tag: "input".into(), block: false, void: true };
        let input = self.tree.push(node, kind, self.blocks.arena[block].span);
        let attributes = self.tree.attributes_mut(input);
        attributes.set("type", "checkbox");
        attributes.add_class("task-list-item-checkbox");
        attributes.set("disabled", "disabled");
        if checked {
            attributes.set("checked", "checked");
        }
    }

    /// Makes a paragraph that is one image a figure, with the image's text as its caption.
    fn figure(&mut self, paragraph: NodeId, image: NodeId) {
        let tag = |tag: &'static str, block| Kind::Element { tag: tag.into(), block, void: false };
        self.tree.node_mut(paragraph).kind = tag("figure", true);
        if let Some(mut own) = self.tree.node_mut(image).attributes.take() {
            let figure = self.tree.attributes_mut(paragraph);
            if figure.classes.is_empty() {
                figure.classes = std::mem::take(&mut own.classes);
            }
            if figure.id.is_none() {
                figure.id = own.id.take();
            }
            self.tree.node_mut(image).attributes = Some(own);
        }
        let span = self.tree.node(image).span;
        let caption = self.tree.push(paragraph, tag("figcaption", true), span);
        let texts: Vec<Cow<'t, str>> = self
            .tree
            .children(image)
            .filter_map(|id| match &self.tree.node(id).kind {
                Kind::Text(text) => Some(text.clone()),
                _ => None,
            })
            .collect();
        for text in texts {
            self.tree.push(caption, Kind::Text(text), span);
        }
    }

    fn heading(&mut self, block: BlockId, parent: NodeId, level: u8, in_html: bool) {
        let node = self.push(block, parent, Kind::Heading { level });
        self.leaf(block, node, in_html, true);
        let options = &self.blocks.settings.options;
        let has_id = self.tree.node(node).attributes.as_ref().is_some_and(|attributes| attributes.id.is_some());
        if has_id || !options.auto_ids {
            return;
        }
        let raw = self.blocks.arena[block].leaf.as_ref().map_or("", |leaf| leaf.text());
        let id = self.ids.id(&self.tree, node, raw, &self.blocks.settings, in_html);
        self.tree.attributes_mut(node).id = Some(Cow::Owned(id));
    }

    fn code(&mut self, block: BlockId, parent: NodeId, text: Cow<'t, str>) {
        let text = if text.ends_with('\n') { text } else { Cow::Owned(format!("{text}\n")) };
        let shows_space = self
            .list_of(block)
            .is_some_and(|list| list.attributes.classes.iter().any(|class| class == "show-whitespaces"));
        if shows_space {
            return self.code_with_space(block, parent, &text);
        }
        let node = self.push(block, parent, Kind::CodeBlock { lang: Cow::Borrowed(""), text });
        let Some(attributes) = &mut self.tree.node_mut(node).attributes else { return };
        let Some(index) = attributes.classes.iter().position(|class| class.starts_with("language-")) else { return };
        let class = attributes.classes.remove(index);
        let name = match class {
            Cow::Borrowed(class) => Cow::Borrowed(&class["language-".len()..]),
            Cow::Owned(class) => Cow::Owned(class["language-".len()..].to_string()),
        };
        if let Kind::CodeBlock { lang, .. } = &mut self.tree.node_mut(node).kind {
            *lang = name;
        }
    }

    /// Gives the terms of a definition list ids, when its attribute list asks for that with `auto_ids`.
    fn name_terms(&mut self, block: BlockId) {
        let prefix = self
            .list_of(block)
            .and_then(|list| list.refs.iter().find_map(|name| name.strip_prefix("auto_ids").map(str::to_string)));
        let Some(prefix) = prefix else { return };
        let prefix = prefix.strip_prefix('-').unwrap_or("").to_string();
        for index in 0..self.blocks.arena[block].children.len() {
            let term = &mut self.blocks.arena[self.blocks.arena[block].children[index]].clone();
            if term.kind != BlockKind::Term {
                continue;
            }
            let text = term.leaf.as_ref().map_or("", |leaf| leaf.text());
            let id = format!("{prefix}{}", crate::markdown::kramdown::ids::plain_id(text));
            let child = self.blocks.arena[block].children[index];
            let attributes = self.blocks.arena[child].attributes.get_or_insert_default();
            if attributes.id.is_none() {
                attributes.id = Some(Cow::Owned(id));
            }
        }
    }

    fn table(&mut self, block: BlockId, parent: NodeId, align: &[Align], in_html: bool) {
        let table = self.push(block, parent, Kind::Table);
        for group in std::mem::take(&mut self.blocks.arena[block].children) {
            let kind = match self.blocks.arena[group].kind {
                BlockKind::Head => Kind::TableHead,
                BlockKind::Foot => Kind::TableFoot,
                _ => Kind::TableBody,
            };
            let header = kind == Kind::TableHead;
            let group_node = self.push(group, table, kind);
            for row in std::mem::take(&mut self.blocks.arena[group].children) {
                let row_node = self.push(row, group_node, Kind::Row);
                let cells = std::mem::take(&mut self.blocks.arena[row].children);
                for (cell, &align) in cells.into_iter().zip(align) {
                    let node = self.push(cell, row_node, Kind::Cell { header, align });
                    self.leaf(cell, node, in_html, true);
                    let shows_nothing = |id| matches!(&self.tree.node(id).kind, Kind::Html(html) if html.is_empty());
                    if self.tree.children(node).all(shows_nothing) {
                        // An empty cell keeps its height.
                        let span = self.blocks.arena[cell].span;
                        self.tree.push(node, Kind::Text(Cow::Borrowed("\u{a0}")), span);
                    }
                }
            }
        }
    }
}
