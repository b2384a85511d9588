//! HTML that a browser makes far more of than was written, and that takes the longer the deeper it goes.
//!
//! A browser opens again in each paragraph what was left open in one before: three thousand elements that nobody closes and
//! three thousand paragraphs are nine million elements. And for most tags it looks through all elements that the tag stands
//! in. Whatever reads a page as a browser does has to be told beforehand that it would not end well. So here the page is read
//! tag by tag without keeping anything, and reading stops where it is too much.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, ExpandedName, LocalName, ParseOpts, QualName, local_name, ns, parse_fragment};

/// No more elements than this stand in each other. Browsers flatten what is deeper than 512.
const DEEPEST: usize = 256;

/// The elements that a browser makes, written out, are at most this many times as long as the HTML…
const MOST_TIMES: usize = 8;
/// …and so much more.
const MOST_MORE: usize = 20_000;
/// What one tag makes is at most what was made before, once more. So the more was made, the fewer tags are read before
/// looking again: as many as can make no more bytes than these.
const AT_ONCE: usize = 100_000_000;

/// Whether HTML is more than anything should read as a browser does.
pub fn is_tangled(html: &str) -> bool {
    let context = QualName::new(None, ns!(html), local_name!("div"));
    let counter = Counter { size: Cell::new(0), deepest: Cell::new(0) };
    let mut parser = parse_fragment(counter, ParseOpts::default(), context, Vec::new(), false);
    let most = MOST_TIMES * html.len() + MOST_MORE;
    let mut rest = html;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(piece_end(rest, AT_ONCE / (1 + parser.tokenizer.sink.sink.size.get())));
        parser.process(StrTendril::from_slice(piece));
        let counter = &parser.tokenizer.sink.sink;
        if counter.size.get() > most || counter.deepest.get() > DEEPEST {
            return true;
        }
        rest = after;
    }
    false
}

/// Where a piece of HTML ends that holds at most so many tags more than one.
fn piece_end(html: &str, n_more: usize) -> usize {
    // The first byte of a character of several is none that a tag begins with.
    memchr::memchr_iter(b'<', &html.as_bytes()[1..]).nth(n_more).map_or(html.len(), |at| at + 1)
}

/// An element: how deep it stands, and its name, which the parser asks for.
struct Element {
    name: QualName,
    depth: Cell<usize>,
}

/// Counts the elements that the parser makes.
struct Counter {
    size: Cell<usize>,
    deepest: Cell<usize>,
}

impl Counter {
    fn element(name: QualName) -> Rc<Element> {
        Rc::new(Element { name, depth: Cell::new(0) })
    }

    fn nothing() -> Rc<Element> {
        Counter::element(QualName::new(None, ns!(), LocalName::from("")))
    }

    fn put(&self, child: NodeOrText<Rc<Element>>, depth: usize) {
        if let NodeOrText::AppendNode(child) = child {
            child.depth.set(depth);
            self.deepest.set(self.deepest.get().max(depth));
        }
    }
}

impl TreeSink for Counter {
    type Handle = Rc<Element>;
    type Output = ();
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) {}

    fn get_document(&self) -> Rc<Element> {
        Counter::nothing()
    }

    fn elem_name<'a>(&'a self, target: &'a Rc<Element>) -> ExpandedName<'a> {
        target.name.expanded()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Rc<Element> {
        let attributes: usize = attributes.iter().map(|a| a.name.local.len() + a.value.len() + 4).sum();
        self.size.set(self.size.get() + 2 * name.local.len() + 5 + attributes);
        Counter::element(name)
    }

    fn append(&self, parent: &Rc<Element>, child: NodeOrText<Rc<Element>>) {
        self.put(child, parent.depth.get() + 1);
    }

    fn append_before_sibling(&self, sibling: &Rc<Element>, child: NodeOrText<Rc<Element>>) {
        self.put(child, sibling.depth.get());
    }

    fn append_based_on_parent_node(&self, _: &Rc<Element>, before: &Rc<Element>, child: NodeOrText<Rc<Element>>) {
        self.put(child, before.depth.get() + 1);
    }

    fn get_template_contents(&self, target: &Rc<Element>) -> Rc<Element> {
        target.clone()
    }

    fn same_node(&self, one: &Rc<Element>, other: &Rc<Element>) -> bool {
        Rc::ptr_eq(one, other)
    }

    fn create_comment(&self, _: StrTendril) -> Rc<Element> {
        Counter::nothing()
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Rc<Element> {
        Counter::nothing()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}
    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}
    fn set_quirks_mode(&self, _: QuirksMode) {}
    fn add_attrs_if_missing(&self, _: &Rc<Element>, _: Vec<Attribute>) {}
    fn remove_from_parent(&self, _: &Rc<Element>) {}
    fn reparent_children(&self, _: &Rc<Element>, _: &Rc<Element>) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_authors_forget_to_close_is_no_tangle() {
        assert!(!is_tangled(""));
        assert!(!is_tangled("é < <é"));
        assert!(!is_tangled(&"<p>a<li>b<td>c<br>".repeat(2_000)));
        assert!(!is_tangled(&format!("<p><b><i>a</p>{}", "<p>a</p>".repeat(2_000))));
        assert!(!is_tangled(&format!("{}a{}", "<div>".repeat(200), "</div>".repeat(200))));
        assert!(!is_tangled(&"<b><p>a</b></p>".repeat(2_000)));
    }

    #[test]
    fn what_grows_with_the_square_or_goes_deep_is_a_tangle() {
        let open: String = (0..1_000).map(|n| format!("<b title={n}>")).collect();
        assert!(is_tangled(&format!("<p>{open}</p>{}", "<p>a</p>".repeat(1_000))));
        assert!(is_tangled(&format!("<p><b title={}></p>{}", "a".repeat(20_000), "<p>a</p>".repeat(1_000))));
        assert!(is_tangled(&"<div>".repeat(300)));
        assert!(is_tangled(&"<table><td><b>".repeat(100)));
        // What closes is not always what closes as one reads it.
        let hidden: String = (0..1_000).map(|n| format!("<b title={n}><table><td></b></table>")).collect();
        assert!(is_tangled(&format!("<p>{hidden}</p>{}", "<p>a</p>".repeat(1_000))));
    }
}
