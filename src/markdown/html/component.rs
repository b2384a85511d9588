//! What a class of the author's asks for: icons, a matrix of levels whose columns can be compared, cards of people;
//! and the classes that need a style sheet of their own.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::markdown::html::Writer;
use crate::markdown::html::survey::plain_text;
use crate::markdown::icon;
use crate::markdown::outline::slug;
use crate::markdown::raw_html;
use crate::markdown::tree::{Kind, NodeId};
use crate::markdown::{Level, Matrix, MatrixRow};
use crate::words::OwnWords;

/// Nobody has said anything else.
static ENGLISH: OwnWords = OwnWords(BTreeMap::new());

impl<'a> Writer<'a, '_> {
    /// A word of the theme's in the language of the page.
    pub(super) fn word(&self, name: &'static str) -> &'a str {
        match self.style.words {
            Some((words, language)) => words.get(language, name),
            None => ENGLISH.get("en", name),
        }
    }

    /// Notes a class that an author wrote, for the style sheets that the site will need.
    pub(super) fn note_class(&mut self, class: &str) {
        self.document.features.compat |= is_compat(class);
    }

    /// The picture for an element whose classes name one, such as `fas fa-users`.
    pub(super) fn icon<'c>(&mut self, tag: &str, classes: impl Iterator<Item = &'c str>, span: Span) -> String {
        if !self.style.site || !matches!(tag, "i" | "span") {
            return String::new();
        }
        let Some(name) = icon::name_in(classes) else { return String::new() };
        if let Some(path) = icon::path(name) {
            return icon::svg(path);
        }
        let problem = Diagnostic::new(Code::IconUnknown, format!("there is no icon `fa-{name}`, so none is shown"));
        let help = "choose another, or remove the element; the guide's page on components lists the icons there are";
        self.document.diagnostics.push(problem.at(span).help(help));
        String::new()
    }

    /// Whether a node is meant to be this component: by its own class, or by that of an element around it. An HTML
    /// block is no parent in the tree, so it counts when it opens right before.
    pub(super) fn is_component(&self, id: NodeId, class: &str) -> bool {
        let node = self.tree.node(id);
        let around = node.parent.map(|parent| self.tree.node(parent));
        let before = node.previous.map(|previous| &self.tree.node(previous).kind);
        node.has_class(class)
            || around.is_some_and(|parent| matches!(parent.kind, Kind::Element { .. }) && parent.has_class(class))
            || matches!(before, Some(Kind::HtmlBlock(html)) if ends_in_element(html, class))
    }

    fn begin_matrix(&mut self, names: &[String]) {
        let level = |name: &String| {
            let name = name.trim().to_string();
            let slug = Some(slug(&name)).filter(|slug| !slug.is_empty()).unwrap_or("level".to_string());
            Level { slug: self.level_slugs.unique(slug), name }
        };
        let levels = names.iter().map(level).collect();
        self.document.matrices.push(Matrix { levels, rows: Vec::new() });
    }

    /// Notes where a matrix's cell begins. The head of a column leads to its level's own page.
    pub(super) fn start_of_level(&mut self, cell: NodeId, header: bool) {
        if !self.in_matrix {
            return;
        }
        if let Some(slug) = self.level_of_head(cell, header).map(|level| level.slug.clone()) {
            self.out.push_str("<a href=\"");
            self.escape_attribute(&slug);
            self.out.push_str("/\">");
        }
        self.cell_start = self.out.len() as u32;
    }

    /// Notes what a matrix's cell says.
    pub(super) fn end_of_level(&mut self, cell: NodeId, header: bool) {
        if !self.in_matrix {
            return;
        }
        let text = self.cell_start..self.out.len() as u32;
        if self.level_of_head(cell, header).is_some() {
            self.close("a");
        }
        let is_first = self.tree.node(cell).previous.is_none();
        let Some(matrix) = self.document.matrices.last_mut().filter(|_| !header) else { return };
        match matrix.rows.last_mut() {
            Some(row) if !is_first => row.cells.push(text),
            _ => matrix.rows.push(MatrixRow { name: text, cells: Vec::new() }),
        }
    }

    /// The level that a cell of the head names, unless its text has links of its own.
    fn level_of_head(&self, cell: NodeId, header: bool) -> Option<&Level> {
        let tree = self.tree;
        let is_link = |id| matches!(tree.node(id).kind, Kind::Link { .. } | Kind::FootnoteReference(_) | Kind::Html(_));
        let before = |id: &NodeId| tree.node(*id).previous;
        let column = std::iter::successors(before(&cell), before).count().checked_sub(1).filter(|_| header)?;
        let level = self.document.matrices.last()?.levels.get(column)?;
        (!tree.descendants(cell).any(is_link)).then_some(level)
    }

    /// The boxes that choose which levels a matrix shows. They need no script: the style sheet reads their state.
    pub(super) fn compare_boxes(&mut self, table: NodeId) {
        let tree = self.tree;
        let head = tree.children(table).find(|&part| tree.node(part).kind == Kind::TableHead);
        let Some(row) = head.and_then(|head| tree.node(head).first) else { return };
        let levels: Vec<String> = tree.children(row).skip(1).map(|cell| plain_text(tree, cell)).collect();
        self.begin_matrix(&levels);
        self.out.push_str("<fieldset class=\"compare\"><legend>");
        self.escape_text(self.word("compare"));
        self.out.push_str("</legend>\n");
        for level in levels {
            self.out.push_str("<label><input type=\"checkbox\" checked=\"checked\" /> ");
            self.escape_text(level.trim());
            self.out.push_str("</label>\n");
        }
        self.out.push_str("</fieldset>\n");
    }

    /// Whether a cell names its row in a matrix.
    pub(super) fn is_row_head(&self, cell: NodeId) -> bool {
        let node = self.tree.node(cell);
        let part = node.parent.and_then(|row| self.tree.node(row).parent);
        self.in_matrix
            && node.previous.is_none()
            && part.is_some_and(|part| self.tree.node(part).kind == Kind::TableBody)
    }

    /// Stands in for the photo of a person who has none.
    pub(super) fn initials(&mut self, item: NodeId) {
        let tree = self.tree;
        let is = |wanted: fn(&Kind<'_>) -> bool| tree.descendants(item).find(|&id| wanted(&tree.node(id).kind));
        if is(|kind| matches!(kind, Kind::Image { .. })).is_some() {
            return;
        }
        let name = is(|kind| matches!(kind, Kind::Strong)).or_else(|| is(|kind| matches!(kind, Kind::Link { .. })));
        let Some(name) = name.map(|name| plain_text(tree, name)) else { return };
        let words: Vec<&str> = name.split_whitespace().collect();
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
        let ends = if words.len() > 1 { vec![first, last] } else { vec![first] };
        let initials: String = ends.iter().filter_map(|word| word.chars().next()).collect();
        self.out.push_str("<span class=\"initials\" aria-hidden=\"true\">");
        self.escape_text(&initials);
        self.out.push_str("</span>");
    }

    /// A name that no other box of the page has: the kind, a number from the second on, and the heading above.
    pub(super) fn label(&mut self, kind: &str) -> String {
        let heading = self.n_headings.checked_sub(1).and_then(|index| self.document.outline.get(index));
        let section = heading.map_or(String::new(), |heading| format!(": {}", heading.text));
        let n = self.n_labels.entry(format!("{kind}{section}")).or_default();
        *n += 1;
        let number = if *n > 1 { format!(" {n}") } else { String::new() };
        format!("{kind}{number}{}", section.trim_end_matches(": "))
    }
}

/// Whether HTML ends inside an element of this class that it opened.
fn ends_in_element(html: &str, class: &str) -> bool {
    let mut at = 0;
    let mut found = false;
    while let Some((tag, next)) = raw_html::next_tag(html, at) {
        let value = tag.attributes.iter().find(|a| html[a.name.clone()].eq_ignore_ascii_case("class"));
        found = value.is_some_and(|a| html[a.value.clone()].split_whitespace().any(|c| c == class));
        at = next;
    }
    found && !html[at..].contains("</")
}

/// The classes of the layer `compat`, which is part of a site's style sheet only when one of its pages uses one.
fn is_compat(class: &str) -> bool {
    let families = ["alert", "panel", "btn", "tg-", "col-", "margin-", "image-width"];
    let names = [
        "hidden-md",
        "hidden-lg",
        "flex-row",
        "video_container",
        "dashboard-embed",
        "gitlab-purple",
        "color-orange",
        "colour",
        "note",
        "text-center",
        "text-justify",
        "center",
        "left",
        "right",
        "wrap-text",
        "toc-list-icons",
        "shadow",
        "medium",
        "small",
        "row",
        "tg",
    ];
    names.contains(&class) || families.iter().any(|family| class.starts_with(family))
}
