//! Footnotes: the references in the text, and the notes at the end of the page, in the shape that kramdown writes.

use std::borrow::Cow;

use crate::markdown::Hole;
use crate::markdown::html::Writer;
use crate::markdown::tree::{Kind, NodeId};

impl Writer<'_, '_> {
    pub(super) fn footnote_reference(&mut self, id: NodeId, name: &str) {
        if self.contents_entry {
            return;
        }
        let Some((&name, &definition)) = self.footnotes.get_key_value(name) else {
            let span = self.tree.node(id).span;
            let source = self.text.get(span.range()).unwrap_or(name).to_string();
            return self.escape_text(&source);
        };
        let index = *self.cited_at.entry(definition).or_insert(self.cited.len());
        if index == self.cited.len() {
            self.cited.push((definition, name, 0));
        }
        let number = self.style.kramdown.map_or(1, |options| options.footnote_nr as usize) + index;
        let exact = self.is_kramdown_fragment();
        let repeat = self.cited[index].2;
        self.cited[index].2 += 1;
        self.out.push_str("<sup id=\"");
        let anchor = reference_id(name, repeat);
        self.escape_attribute(&anchor);
        self.document.anchors.push(anchor);
        self.out.push_str(if exact { "\" role=\"doc-noteref\"><a href=\"#fn:" } else { "\"><a href=\"#fn:" });
        self.escape_attribute(&id_part(name));
        self.out.push_str("\" class=\"footnote\" rel=\"footnote\"");
        self.out.push_str(if exact { ">" } else { " role=\"doc-noteref\">" });
        self.out.push_str(&number.to_string());
        self.out.push_str("</a></sup>");
    }

    /// Writes the footnotes at the end, or where the page wants them.
    pub(super) fn place_footnotes(&mut self) {
        let Some(place) = self.footnotes_at else { return self.write_footnotes() };
        let page = std::mem::take(&mut self.out);
        let mut holes = std::mem::take(&mut self.document.body.holes);
        self.write_footnotes();
        let notes = std::mem::replace(&mut self.out, page);
        let after = holes.partition_point(|hole| (hole.at as usize) < place);
        for hole in &mut holes[after..] {
            hole.at += notes.len() as u32;
        }
        let cells = self.document.matrices.iter_mut().flat_map(|matrix| &mut matrix.rows);
        for part in cells.flat_map(|row| row.cells.iter_mut().chain([&mut row.name])) {
            if part.start as usize >= place {
                *part = part.start + notes.len() as u32..part.end + notes.len() as u32;
            }
        }
        let inside = self.document.body.holes.drain(..).map(|hole| Hole { at: hole.at + place as u32, ..hole });
        holes.splice(after..after, inside);
        self.document.body.holes = holes;
        self.out.insert_str(place, &notes);
    }

    /// The footnotes that the text refers to. Their own text may refer to more.
    pub(super) fn write_footnotes(&mut self) {
        if self.cited.is_empty() {
            return;
        }
        self.end_line();
        self.out.push_str("<div class=\"footnotes\" role=\"doc-endnotes\">\n<ol");
        if let Some(first) = self.style.kramdown.map(|options| options.footnote_nr).filter(|&first| first != 1) {
            self.attribute("start", &first.to_string());
        }
        self.out.push_str(">\n");
        let mut index = 0;
        while let Some(&(definition, name, n_references)) = self.cited.get(index) {
            self.out.push_str("<li id=\"fn:");
            let id = id_part(name);
            self.escape_attribute(&id);
            self.document.anchors.push(format!("fn:{id}"));
            self.out.push_str(if self.is_kramdown_fragment() { "\" role=\"doc-endnote\">\n" } else { "\">\n" });
            let last = self.tree.node(definition).last;
            let paragraph = last.filter(|&last| self.tree.node(last).kind == Kind::Paragraph);
            self.backlinks = paragraph.map(|paragraph| (paragraph, index, n_references));
            self.below(definition);
            if paragraph.is_none() {
                self.backlinks = Some((definition, index, n_references));
                self.out.push_str("<p>");
                self.write_backlinks();
                self.out.push_str("</p>\n");
            }
            self.out.push_str("</li>\n");
            index += 1;
        }
        self.out.push_str("</ol>\n</div>\n");
    }

    pub(super) fn write_backlinks(&mut self) {
        let Some((node, index, n_references)) = self.backlinks.take() else { return };
        let (_, name, _) = self.cited[index];
        let arrow = self.style.kramdown.map_or("↩", |options| &options.footnote_backlink);
        if arrow.is_empty() {
            return;
        }
        let space = if self.is_kramdown_fragment() { "\u{a0}" } else { " " };
        let ends_paragraph = self.tree.node(node).kind == Kind::Paragraph;
        for repeat in 0..n_references {
            if ends_paragraph || repeat > 0 {
                self.out.push_str(space);
            }
            self.out.push_str("<a href=\"#");
            self.escape_attribute(&reference_id(name, repeat));
            self.out.push_str("\" class=\"reversefootnote\" role=\"doc-backlink\">");
            self.escape_text(arrow);
            if repeat > 0 {
                self.out.push_str("<sup>");
                self.out.push_str(&(repeat + 1).to_string());
                self.out.push_str("</sup>");
            }
            self.out.push_str("</a>");
        }
    }

    /// kramdown puts the roles elsewhere than assistive technology looks for them; only its fragments do so.
    fn is_kramdown_fragment(&self) -> bool {
        self.style.kramdown.is_some() && !self.style.site
    }
}

/// A name as a part of an id, which must not hold white space.
fn id_part(name: &str) -> Cow<'_, str> {
    match name.contains(char::is_whitespace) {
        true => Cow::Owned(name.replace(char::is_whitespace, "-")),
        false => Cow::Borrowed(name),
    }
}

fn reference_id(name: &str, repeat: usize) -> String {
    let name = id_part(name);
    match repeat {
        0 => format!("fnref:{name}"),
        n => format!("fnref:{name}:{n}"),
    }
}
