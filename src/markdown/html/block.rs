//! Blocks that need more than a pair of tags.

use crate::diagnostic::{Code, Diagnostic};
use crate::markdown::Heading;
use crate::markdown::highlight::highlight;
use crate::markdown::html::Writer;
use crate::markdown::html::survey::plain_text;
use crate::markdown::math::mathml;
use crate::markdown::outline::write_toc;
use crate::markdown::tree::{AlertKind, Align, Kind, NodeId};

impl Writer<'_, '_> {
    pub(super) fn heading(&mut self, id: NodeId, level: u8) {
        let level = self.written_level(level);
        self.end_line();
        self.out.push_str("<h");
        self.out.push((b'0' + level) as char);
        if let Some(anchor) = self.ids.get(&id).filter(|id| !id.is_empty()).cloned() {
            self.attribute("id", &anchor);
        }
        self.attributes(id, &[]);
        self.out.push('>');
        if let Some(anchor) = self.ids.get(&id).filter(|_| !self.style.former_ids.is_empty()).cloned() {
            self.former_ids_of(&anchor);
        }
        self.n_headings += 1;
    }

    /// Lets links to the former ids of a heading land at it.
    pub(super) fn former_ids_of(&mut self, anchor: &str) {
        for (former, _) in self.style.former_ids.iter().filter(|(_, present)| present == anchor) {
            let is_taken = self.document.outline.iter().any(|heading| heading.id == *former);
            if !is_taken && !self.document.former_ids.contains(former) {
                self.out.push_str("<a");
                self.attribute("id", former);
                self.out.push_str("></a>");
                self.document.anchors.push(former.clone());
                self.document.former_ids.push(former.clone());
            }
        }
    }

    pub(super) fn end_heading(&mut self, id: NodeId, level: u8) {
        let level = self.written_level(level);
        if self.style.site
            && let Some(anchor) = self.ids.get(&id).filter(|id| !id.is_empty()).cloned()
        {
            self.out.push_str("<a class=\"anchor\" href=\"#");
            self.escape_attribute(&anchor);
            self.out.push_str("\" aria-hidden=\"true\" tabindex=\"-1\"></a>");
        }
        self.out.push_str("</h");
        self.out.push((b'0' + level) as char);
        self.out.push_str(">\n");
    }

    /// kramdown can write all headings deeper than they are in the text.
    fn written_level(&self, level: u8) -> u8 {
        let offset = self.style.kramdown.map_or(0, |options| options.header_offset);
        (level as i8 + offset).clamp(1, 6) as u8
    }

    pub(super) fn alert(&mut self, id: NodeId, kind: AlertKind) {
        let class = kind.name();
        let title = self.word(class);
        let tree = self.tree;
        let own = tree.node(id).first.filter(|&first| tree.node(first).kind == Kind::CalloutTitle);
        self.end_line();
        self.out.push_str("<aside");
        self.attributes(id, &["callout", class]);
        self.out.push_str(" role=\"note\"");
        if let Some(own) = own {
            let label = format!("{title}: {}", plain_text(tree, own));
            self.attribute("aria-label", &label);
            self.out.push_str(">\n");
            return;
        }
        self.attribute("aria-label", title);
        self.out.push_str(">\n<p class=\"callout-title\">");
        self.escape_text(title);
        self.out.push_str("</p>\n");
    }

    pub(super) fn list(&mut self, id: NodeId, start: Option<u64>) {
        let tree = self.tree;
        let has_task = tree.children(id).any(|item| matches!(tree.node(item).kind, Kind::Item { task: Some(_) }));
        self.end_line();
        self.out.push_str(if start.is_some() { "<ol" } else { "<ul" });
        if let Some(start) = start.filter(|&start| start != 1) {
            self.attribute("start", &start.to_string());
        }
        let is_people = self.style.site && !tree.node(id).has_class("people") && self.is_component(id, "people");
        let classes: &[&str] = match (has_task, is_people) {
            (true, _) => &["task-list"],
            (_, true) => &["people"],
            _ => &[],
        };
        self.attributes(id, classes);
        self.out.push_str(">\n");
    }

    pub(super) fn item(&mut self, id: NodeId, task: Option<bool>) {
        self.out.push_str("<li");
        self.attributes(id, if task.is_some() { &["task-list-item"] } else { &[] });
        self.out.push('>');
        let list = self.tree.node(id).parent;
        if self.style.site && list.is_some_and(|list| self.is_component(list, "people")) {
            self.initials(id);
        }
        if let Some(checked) = task {
            self.out.push_str("<input type=\"checkbox\" class=\"task-list-item-checkbox\" disabled=\"disabled\"");
            if checked {
                self.out.push_str(" checked=\"checked\"");
            }
            if self.style.site {
                let name = self.word(if checked { "done" } else { "to_do" });
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
                | K::MathBlock(_)
                | K::Rule
                | K::DefinitionList
                | K::Element { block: true, .. }
        )
    }

    pub(super) fn toc(&mut self, id: NodeId, ordered: bool) {
        let mut attributes = String::new();
        std::mem::swap(&mut self.out, &mut attributes);
        let given = self.tree.node(id).attributes.as_ref().is_some_and(|attributes| attributes.id.is_some());
        if !given && self.n_tocs == 0 {
            self.attribute("id", "markdown-toc");
        }
        self.attributes(id, &[]);
        std::mem::swap(&mut self.out, &mut attributes);
        self.n_tocs += 1;
        self.document.features.toc = true;
        let headings: Vec<&Heading> = self.document.outline.iter().filter(|heading| heading.in_toc).collect();
        if !headings.is_empty() && !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        let id = self.tree.node(id).attributes.as_ref().and_then(|attributes| attributes.id.as_deref());
        // kramdown gives the entries of all lists the same ids.
        let prefix = match id {
            Some(id) => id.to_string(),
            None if self.n_tocs > 1 && self.style.site => format!("markdown-toc-{}", self.n_tocs),
            None => "markdown-toc".to_string(),
        };
        write_toc(&mut self.out, &headings, ordered, &prefix, &attributes);
    }

    pub(super) fn code_block(&mut self, id: NodeId, lang: &str, code: &str) {
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
        let coloured = match self.style.highlight {
            Some(known) => highlight(&mut self.out, lang, code, known),
            None => Err(None),
        };
        match &coloured {
            Ok(_) => self.document.features.code = true,
            Err(_) => self.escape_text(code),
        }
        self.document.snippets.extend(coloured.map_or_else(|plain| plain, Some));
        self.out.push_str("</code></pre>\n");
    }

    pub(super) fn math(&mut self, id: NodeId, latex: &str, block: bool) {
        if !self.style.site {
            let has_attributes = self.tree.node(id).attributes.as_ref().is_some_and(|own| **own != Default::default());
            let (open, close) = match (block, has_attributes) {
                (true, _) => ("\\[", "\\]"),
                (false, true) => ("$", "$"),
                (false, false) => ("\\(", "\\)"),
            };
            let tag = if block { "div" } else { "span" };
            if block {
                self.end_line();
            }
            if has_attributes {
                self.open(id, tag);
                self.out.push_str(open);
                self.escape_text(latex);
                self.out.push_str(close);
                self.close(tag);
            } else {
                self.out.push_str(open);
                self.escape_text(latex);
                self.out.push_str(close);
            }
            if block {
                self.out.push('\n');
            }
            return;
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

    pub(super) fn element(&mut self, id: NodeId, tag: &str, block: bool) {
        if block {
            self.end_line();
        }
        self.out.push('<');
        self.out.push_str(tag);
        self.attributes(id, &[]);
        let tree = self.tree;
        let node = tree.node(id);
        let others = node.attributes.as_ref().map_or(&[][..], |attributes| &attributes.others);
        let value = |name: &str| others.iter().find(|(n, _)| n == name).map(|(_, value)| &**value);
        if tag == "iframe" && self.style.site {
            let address = value("src").unwrap_or_default();
            self.frame_attributes(address, value("title").is_some(), value("loading").is_some());
        }
        let void = matches!(node.kind, Kind::Element { void: true, .. });
        self.out.push_str(if void { " />" } else { ">" });
        let classes = node.attributes.as_ref().map_or(&[][..], |attributes| &attributes.classes);
        let icon = self.icon(tag, classes.iter().map(|class| &**class), node.span);
        self.out.push_str(&icon);
        if block && self.tree.node(id).first.is_some_and(|first| self.is_block(first)) {
            self.out.push('\n');
        }
    }

    pub(super) fn table(&mut self, id: NodeId) {
        self.end_line();
        if self.style.site {
            self.in_matrix = self.is_component(id, "matrix");
            if self.in_matrix {
                self.out.push_str("<div class=\"matrix-box\">\n");
                self.compare_boxes(id);
            }
            // Groups need names that differ.
            let label = self.label(self.word("table"));
            self.out.push_str("<div class=\"table-wrap\" role=\"group\" tabindex=\"0\"");
            self.attribute("aria-label", &label);
            self.out.push_str(">\n");
        }
        self.open(id, "table");
        self.out.push('\n');
    }

    pub(super) fn cell(&mut self, id: NodeId, header: bool, align: Align) {
        let heads_row = self.is_row_head(id);
        self.out.push_str(if header || heads_row { "<th" } else { "<td" });
        if self.style.site && (header || heads_row) {
            self.out.push_str(if heads_row { " scope=\"row\"" } else { " scope=\"col\"" });
        }
        match align {
            Align::None => {}
            Align::Left => self.out.push_str(" style=\"text-align: left\""),
            Align::Center => self.out.push_str(" style=\"text-align: center\""),
            Align::Right => self.out.push_str(" style=\"text-align: right\""),
        }
        self.attributes(id, &[]);
        self.out.push('>');
        self.start_of_level(id, header);
    }
}
