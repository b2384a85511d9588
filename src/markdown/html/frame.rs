//! Frames: what comes from elsewhere, such as a video, is a link until the reader asks for it.
//!
//! So no page tells another company who reads it, and a page with ten videos is as quick as one without. The link is
//! all there is without a script and on paper.

use std::ops::Range;

use crate::diagnostic::Span;
use crate::markdown::LinkKind;
use crate::markdown::html::Writer;
use crate::markdown::raw_html::{self, RawTag};
use crate::markdown::tree::{Kind, NodeId, Tree};

/// A frame as its author wrote it.
struct Frame<'h> {
    address: &'h str,
    title: &'h str,
    width: &'h str,
    height: &'h str,
}

impl Writer<'_, '_> {
    /// What a frame lacks: a name for those who do not see it, and patience.
    pub(super) fn frame_attributes(&mut self, address: &str, has_title: bool, has_loading: bool) {
        if !has_title {
            let host =
                address.split_once("//").map_or("", |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or(""));
            let kind = if host.is_empty() { self.word("frame") } else { host.trim_start_matches("www.") };
            let title = self.label(kind);
            self.attribute("title", &title);
        }
        if !has_loading {
            self.out.push_str(" loading=\"lazy\"");
        }
    }

    /// Gives a raw frame what it lacks.
    pub(super) fn frame(&mut self, html: &str, tag: &RawTag, address: Range<usize>) {
        let has = |name: &str| tag.attributes.iter().any(|a| html[a.name.clone()].eq_ignore_ascii_case(name));
        self.frame_attributes(&html[address], has("title"), has("loading"));
    }

    /// A link in place of a raw frame: where the frame ends, or `None` when it stays a frame. `written` is how much of
    /// the HTML has been written, and `last` where its last frame ends, once that was needed.
    pub(super) fn raw_frame(
        &mut self,
        html: &str,
        tag: &RawTag,
        (written, last): (&mut usize, &mut Option<usize>),
        span: Span,
    ) -> Option<usize> {
        let value = |name: &str| {
            let attribute = tag.attributes.iter().find(|a| html[a.name.clone()].eq_ignore_ascii_case(name));
            attribute.map_or("", |attribute| &html[attribute.value.clone()])
        };
        let address = raw_html::unescape(value("src")).into_owned();
        if !self.style.ask_for_frames || !is_elsewhere(&address) {
            return None;
        }
        // Each of many frames that never end would look through all the rest for its end.
        if *last.get_or_insert_with(|| last_end(html)) < tag.name.end {
            return None;
        }
        let rest = &html[tag.name.end..];
        let close = rest.match_indices("</").map(|(at, _)| at).find(|&at| ends_frame(rest, at))?;
        let end = close + rest[close..].find('>')? + 1 + tag.name.end;
        self.out.push_str(&html[*written..tag.name.start - 1]);
        let title = raw_html::unescape(value("title")).into_owned();
        let frame = Frame { address: &address, title: &title, width: value("width"), height: value("height") };
        self.frame_link(&frame, span);
        *written = end;
        Some(end)
    }

    /// Whether a frame of the tree becomes a link.
    pub(super) fn asks_for(&self, id: NodeId) -> bool {
        self.style.site && self.style.ask_for_frames && is_elsewhere(frame_value(self.tree, id, "src"))
    }

    /// A link in place of a frame of the tree.
    pub(super) fn frame_element(&mut self, id: NodeId) {
        let node = self.tree.node(id);
        let span = node.span;
        if matches!(node.kind, Kind::Element { block: true, .. }) {
            self.end_line();
        }
        let tree = self.tree;
        let value = |name: &str| frame_value(tree, id, name);
        let frame =
            Frame { address: value("src"), title: value("title"), width: value("width"), height: value("height") };
        self.frame_link(&frame, span);
    }

    fn frame_link(&mut self, frame: &Frame<'_>, span: Span) {
        let (page, player) = addresses(frame.address.trim());
        let host = host(&page).trim_start_matches("www.");
        let show = self.word("show_frame").replace("{host}", host);
        let note = self.word("frame_note");
        self.out.push_str("<a class=\"embed\" href=\"");
        self.hole_for(&page, LinkKind::Page, span);
        self.out.push('"');
        // Of those who are not trusted it stays a link.
        if self.style.frames_in_place {
            self.attribute("data-frame", &player);
        }
        if let Some(shape) = shape(frame) {
            self.attribute("style", &shape);
        }
        self.out.push_str("><strong>");
        let (title, below) = match frame.title.trim() {
            "" => (show.as_str(), note.to_string()),
            title => (title, format!("{show}. {note}")),
        };
        self.escape_text(title);
        self.out.push_str("</strong> <small>");
        self.escape_text(&below);
        self.out.push_str("</small></a>");
    }
}

fn frame_value<'a>(tree: &'a Tree<'_>, id: NodeId, name: &str) -> &'a str {
    let attributes = tree.node(id).attributes.as_deref();
    let others = attributes.map_or(&[][..], |attributes| &attributes.others);
    others.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

/// Where the last end tag of a frame is, or 0.
fn last_end(html: &str) -> usize {
    html.rmatch_indices("</").map(|(at, _)| at).find(|&at| ends_frame(html, at)).unwrap_or(0)
}

/// Whether the end tag here is that of a frame.
fn ends_frame(html: &str, at: usize) -> bool {
    html.as_bytes()[at + 2..].get(..6).is_some_and(|name| name.eq_ignore_ascii_case(b"iframe"))
}

fn is_elsewhere(address: &str) -> bool {
    ["https://", "http://", "//"].iter().any(|start| address.trim_start().starts_with(start))
}

fn host(address: &str) -> &str {
    address.split_once("//").map_or("", |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or(""))
}

/// Where a reader goes without a frame, and what goes into the frame: of YouTube what sets no cookies before a video
/// plays.
fn addresses(address: &str) -> (String, String) {
    let address = match address.strip_prefix("//") {
        Some(rest) => format!("https://{rest}"),
        None => address.to_string(),
    };
    let (path, query) = address.split_once('?').unwrap_or((&address, ""));
    let of_query = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let host = host(&address).trim_start_matches("www.");
    match host {
        "youtube.com" | "youtube-nocookie.com" if path.contains("/embed/") => {
            let page = match (last, of_query("list")) {
                ("videoseries", Some(list)) => format!("https://www.youtube.com/playlist?list={list}"),
                (video, _) => match of_query("start") {
                    Some(start) => format!("https://www.youtube.com/watch?v={video}&t={start}"),
                    None => format!("https://www.youtube.com/watch?v={video}"),
                },
            };
            (page, address.replacen(host, "youtube-nocookie.com", 1))
        }
        "player.vimeo.com" => (format!("https://vimeo.com/{last}"), address),
        _ => (address.clone(), address),
    }
}

/// As wide and high in proportion as the frame, when that is known in pixels; else the style sheet decides.
fn shape(frame: &Frame<'_>) -> Option<String> {
    let pixels = |size: &str| size.trim().trim_end_matches("px").parse::<u32>().ok().filter(|&size| size > 0);
    match (pixels(frame.width), pixels(frame.height)) {
        (Some(width), Some(height)) => Some(format!("aspect-ratio:{width}/{height}")),
        (None, Some(height)) => Some(format!("aspect-ratio:auto;height:{height}px")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_frames_take_no_longer_than_their_length() {
        // Reading all that follows for each would take minutes.
        let frame = "<iframe src=\"https://a.example/\">é";
        for (end, n) in [("</IFrame>", 20_000), ("</b>", 0)] {
            let text = format!("<div>\n{}</div>\n", format!("{frame}{end}\n").repeat(20_000));
            let html = crate::markdown::read(&text, 0, None, &crate::markdown::Options::default()).body.html;
            assert_eq!(html.matches("class=\"embed\"").count(), n, "{end}");
        }
    }

    #[test]
    fn a_video_has_a_page_and_a_player() {
        let check = |address: &str, page: &str, player: &str| {
            assert_eq!(addresses(address), (page.to_string(), player.to_string()));
        };
        check(
            "https://www.youtube.com/embed/abc?start=7",
            "https://www.youtube.com/watch?v=abc&t=7",
            "https://www.youtube-nocookie.com/embed/abc?start=7",
        );
        check(
            "//www.youtube.com/embed/videoseries?list=PL1",
            "https://www.youtube.com/playlist?list=PL1",
            "https://www.youtube-nocookie.com/embed/videoseries?list=PL1",
        );
        check("https://player.vimeo.com/video/12?h=a", "https://vimeo.com/12", "https://player.vimeo.com/video/12?h=a");
        check("http://example.com/a?b", "http://example.com/a?b", "http://example.com/a?b");
    }
}
