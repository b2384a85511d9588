//! Everything with an address: links, images, and the raw HTML that may hold either.

use crate::diagnostic::Span;
use crate::markdown::destination;
use crate::markdown::html::Writer;
use crate::markdown::html::survey::plain_text;
use crate::markdown::raw_html::{self, RawTag};
use crate::markdown::tree::NodeId;
use crate::markdown::{Fill, Hole, Link, LinkKind};

impl Writer<'_, '_> {
    /// An attribute of an HTML element: one that holds an address becomes a hole.
    pub(super) fn element_attribute(&mut self, tag: &str, name: &str, value: &str, span: Span) {
        if name == "style" && self.style.site {
            self.out.push_str(" style=\"");
            self.css(value, None, span, |writer, text| writer.escape_attribute(text));
            return self.out.push('"');
        }
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
        match name {
            "srcset" => self.candidates(value, kind, span),
            _ => self.hole_for(value, kind, span),
        }
        self.out.push('"');
    }

    /// Makes a link and leaves a hole for its URL.
    pub(super) fn hole_for(&mut self, target: &str, kind: LinkKind, span: Span) {
        let destination = destination::find(self.text, span, target);
        self.document.links.push(Link { target: target.to_string(), kind, span, destination });
        self.hole(Fill::Url);
    }

    /// Leaves a hole that belongs to the last link.
    fn hole(&mut self, fill: Fill) {
        let link = self.document.links.len().saturating_sub(1) as u32;
        self.document.body.holes.push(Hole { at: self.out.len() as u32, link, fill });
    }

    pub(super) fn link(&mut self, id: NodeId, target: &str, title: &str) {
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

    pub(super) fn image(&mut self, id: NodeId, target: &str, title: &str) {
        if self.plain_entry {
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
        } else if self.style.kramdown.is_some() {
            // kramdown leaves an address as it is.
            self.escape_attribute(target);
        } else {
            pulldown_cmark_escape::escape_href(&mut self.out, target).expect("writing to a string cannot fail");
        }
    }

    /// HTML inside a line. A table of contents takes over none of it but what formats text.
    pub(super) fn inline_html(&mut self, html: &str, span: Span) {
        if self.plain_entry {
            let name = html.trim_start_matches(['<', '/']);
            let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
            let is_text = html.starts_with('&');
            if !is_text && !keeps_its_tag(name) || html.contains(" id=") {
                return;
            }
        }
        self.raw_html(html, span);
    }

    /// HTML as it is, but for its addresses, which become holes, and its images, which load lazily.
    pub(super) fn raw_html(&mut self, html: &str, span: Span) {
        let mut written = 0;
        let mut last_frame = None;
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
            if name == "iframe"
                && let Some(end) = self.raw_frame(html, &tag, (&mut written, &mut last_frame), span)
            {
                at = end;
                continue;
            }
            for attribute in &tag.attributes {
                let attribute_name = html[attribute.name.clone()].to_ascii_lowercase();
                if attribute_name == "style" && attribute.quoted {
                    self.raw_css(html, &mut written, attribute.value.clone(), span, is_source);
                    continue;
                }
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
                if attribute_name == "src" && matches!(&*name, "img" | "iframe") {
                    // Behind the value's own closing quote.
                    written = (written + usize::from(attribute.quoted)).min(html.len());
                    self.out.push_str(&html[attribute.value.end..written]);
                    match &*name {
                        "img" => self.lazy(html, &tag),
                        _ => self.frame(html, &tag, attribute.value.clone()),
                    }
                }
            }
            if name == "style" {
                let after = tag.attributes.last().map_or(tag.name.end, |a| a.value.end);
                let start = html[after..at].find('>').map_or(at, |end| after + end + 1);
                self.raw_css(html, &mut written, start..at, span, is_source);
            }
            let classes = tag.attributes.iter().find(|a| html[a.name.clone()].eq_ignore_ascii_case("class"));
            let Some(classes) = classes.map(|classes| &html[classes.value.clone()]) else { continue };
            classes.split_whitespace().for_each(|class| self.note_class(class));
            let icon = self.icon(&name, classes.split_whitespace(), span);
            if !icon.is_empty() && html[..at].ends_with('>') {
                self.out.push_str(&html[written..at]);
                written = at;
                self.out.push_str(&icon);
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
        match name {
            "srcset" => self.candidates(value, kind, span),
            _ => self.hole_for(raw_html::unescape(value).trim(), kind, span),
        }
    }

    /// The several addresses of a `srcset`.
    fn candidates(&mut self, value: &str, kind: LinkKind, span: Span) {
        for (i, (url, size)) in raw_html::candidates(value).into_iter().enumerate() {
            if i > 0 {
                self.out.push_str(", ");
            }
            self.hole_for(&raw_html::unescape(url), kind, span);
            if !size.is_empty() {
                self.out.push(' ');
                self.out.push_str(size);
            }
        }
    }

    /// Gives a raw image what it lacks: its size, so that the page does not jump, and lazy loading. Its `src` is the
    /// last link.
    fn lazy(&mut self, html: &str, tag: &RawTag) {
        let has = |name: &str| tag.attributes.iter().any(|a| html[a.name.clone()].eq_ignore_ascii_case(name));
        if !["width", "height", "style", "class"].into_iter().any(has) {
            self.hole(Fill::ImageSize);
        }
        if !has("loading") {
            self.out.push_str(" loading=\"lazy\"");
        }
    }
}

/// Whether an element in a heading is one in a table of contents too: those that format text.
pub(super) fn keeps_its_tag(name: &str) -> bool {
    ["b", "i", "em", "strong", "code", "kbd", "sub", "sup", "span", "s", "u", "small", "mark"].contains(&name)
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
