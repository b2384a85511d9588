//! The elements that a browser would make of a page's HTML, by the parser of the standard, and what is wrong with them.
//!
//! It shares no code and no list with what cleans pages: what is let through there by mistake is found here.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::LazyLock;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{Attribute, ExpandedName, LocalName, ParseOpts, QualName, local_name, ns, parse_fragment};
use url::Url;

/// Elements that run, load, send or lay something over the page, or whose text is read in another way.
const HARMFUL: &[&str] = &[
    "script",
    "style",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "base",
    "meta",
    "link",
    "form",
    "button",
    "textarea",
    "select",
    "option",
    "template",
    "noscript",
    "noembed",
    "noframes",
    "xmp",
    "plaintext",
    "title",
    "foreignobject",
    "desc",
    "animate",
    "animatetransform",
    "animatemotion",
    "set",
    "use",
    "image",
    "annotation-xml",
    "mglyph",
    "malignmark",
    "portal",
    "dialog",
    "slot",
];

/// Attributes that hold an address.
const ADDRESSES: &[&str] =
    &["href", "src", "poster", "cite", "action", "formaction", "data", "background", "longdesc", "ping", "manifest"];

/// What is wrong with HTML that should be harmless, wherever in a page it stands.
pub fn harm(html: &str) -> Option<String> {
    [true, false].into_iter().find_map(|scripting_enabled| {
        let tree_builder = TreeBuilderOpts { scripting_enabled, ..TreeBuilderOpts::default() };
        let options = ParseOpts { tree_builder, ..ParseOpts::default() };
        let context = QualName::new(None, ns!(html), local_name!("div"));
        let sink = Elements { seen: RefCell::default() };
        let elements = parse_fragment(sink, options, context, Vec::new(), scripting_enabled).one(html);
        elements.iter().find_map(|element| wrong(&element.0.local, &element.1))
    })
}

fn wrong(element: &str, attributes: &[Attribute]) -> Option<String> {
    let name = element.to_ascii_lowercase();
    if HARMFUL.contains(&&*name) {
        return Some(format!("<{name}>"));
    }
    attributes.iter().find_map(|attribute| {
        let value: &str = &attribute.value;
        let key = attribute.name.local.to_lowercase();
        let is_wrong = match &*key {
            key if key.starts_with("on") => true,
            "srcdoc" | "data-frame" | "nonce" | "is" | "slot" | "http-equiv" | "autofocus" | "popover" => true,
            "style" => is_style_harmful(value),
            "type" if name == "input" => !value.eq_ignore_ascii_case("checkbox"),
            "id" | "name" => value.starts_with('_'),
            "srcset" => pictures(value).any(|address| !is_address_harmless(address, true)),
            key if ADDRESSES.contains(&key) => {
                let is_picture = matches!((&*name, key), ("img", "src") | ("video", "poster"));
                !is_address_harmless(value, is_picture)
            }
            _ => false,
        };
        is_wrong.then(|| format!("<{name} {key}={value:?}>"))
    })
}

/// The addresses of a `srcset`: each ends with white space or, before other white space, with a comma, and what says when to
/// take it ends with a comma outside of brackets.
fn pictures(value: &str) -> impl Iterator<Item = &str> {
    let mut rest = value;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return None;
        }
        let (address, after) = rest.split_at(rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len()));
        let mut depth = 0;
        let end = after.find(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')' && depth > 0);
            c == ',' && depth == 0
        });
        rest = if address.ends_with(',') { after } else { &after[end.unwrap_or(after.len())..] };
        Some(address.trim_end_matches(','))
    })
}

/// Whether a style has a property that loads something or takes a thing out of its place. What another property cannot
/// mean, such as a picture as the colour of text, browsers leave out.
fn is_style_harmful(style: &str) -> bool {
    const HARMLESS: &[&str] =
        &["border", "color", "display", "float", "font", "height", "letter", "line", "margin", "max"];
    const HARMLESS_TOO: &[&str] = &["min", "padding", "text", "vertical", "white", "width", "word", "clear", "aspect"];
    declarations(style).into_iter().any(|declaration| {
        let property = declaration.split(':').next().unwrap_or_default().trim().to_ascii_lowercase();
        let first = property.split('-').next().unwrap_or_default();
        let is_harmless = HARMLESS.contains(&first) || HARMLESS_TOO.contains(&first) || property == "background-color";
        !property.is_empty() && (!is_harmless || property.starts_with("border-image"))
    })
}

/// The declarations of a style. What stands in quotes or brackets ends none.
fn declarations(style: &str) -> Vec<&str> {
    let (mut start, mut quote, mut depth, mut escaped) = (0, None, 0, false);
    let mut found = Vec::new();
    for (at, c) in style.char_indices() {
        match (escaped, quote) {
            (true, _) => escaped = false,
            _ if c == '\\' => escaped = true,
            (_, Some(open)) => quote = quote.filter(|_| c != open && c != '\n'),
            _ if c == '"' || c == '\'' => quote = Some(c),
            _ if "([{".contains(c) => depth += 1,
            _ if ")]}".contains(c) && depth > 0 => depth -= 1,
            _ if c == ';' && depth == 0 => {
                found.push(&style[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&style[start..]);
    found
}

/// Whether an address, as a browser reads it on a page of a site, neither runs code nor brings a page along.
pub fn is_address_harmless(address: &str, is_picture: bool) -> bool {
    match BASE.join(address) {
        Ok(url) => match url.scheme() {
            "javascript" | "vbscript" | "file" | "blob" | "filesystem" | "view-source" | "about" => false,
            "data" => is_picture && url.path().to_ascii_lowercase().starts_with("image/"),
            _ => true,
        },
        // It leads nowhere.
        Err(_) => true,
    }
}

/// The scheme of an address as a browser reads it; `None` when it leads nowhere.
pub fn scheme(address: &str) -> Option<String> {
    BASE.join(address).ok().map(|url| url.scheme().to_string())
}

static BASE: LazyLock<Url> = LazyLock::new(|| Url::parse("https://example.com/base/").expect("an address"));

/// An element with its attributes.
type Element = (QualName, Vec<Attribute>);

/// Notes every element that the parser makes. The tree itself is of no interest.
struct Elements {
    seen: RefCell<Vec<Rc<Element>>>,
}

impl Elements {
    fn nothing() -> Rc<Element> {
        Rc::new((QualName::new(None, ns!(), LocalName::from("")), Vec::new()))
    }
}

impl TreeSink for Elements {
    type Handle = Rc<Element>;
    type Output = Vec<Rc<Element>>;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Self::Output {
        self.seen.into_inner()
    }

    fn get_document(&self) -> Self::Handle {
        Elements::nothing()
    }

    fn elem_name<'a>(&'a self, target: &'a Self::Handle) -> ExpandedName<'a> {
        target.0.expanded()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Self::Handle {
        let element = Rc::new((name, attributes));
        self.seen.borrow_mut().push(element.clone());
        element
    }

    fn create_comment(&self, _: StrTendril) -> Self::Handle {
        Elements::nothing()
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Self::Handle {
        Elements::nothing()
    }

    fn get_template_contents(&self, target: &Self::Handle) -> Self::Handle {
        target.clone()
    }

    fn same_node(&self, one: &Self::Handle, other: &Self::Handle) -> bool {
        Rc::ptr_eq(one, other)
    }

    fn add_attrs_if_missing(&self, target: &Self::Handle, attributes: Vec<Attribute>) {
        self.seen.borrow_mut().push(Rc::new((target.0.clone(), attributes)));
    }

    fn parse_error(&self, _: Cow<'static, str>) {}
    fn append(&self, _: &Self::Handle, _: NodeOrText<Self::Handle>) {}
    fn append_based_on_parent_node(&self, _: &Self::Handle, _: &Self::Handle, _: NodeOrText<Self::Handle>) {}
    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}
    fn set_quirks_mode(&self, _: QuirksMode) {}
    fn append_before_sibling(&self, _: &Self::Handle, _: NodeOrText<Self::Handle>) {}
    fn remove_from_parent(&self, _: &Self::Handle) {}
    fn reparent_children(&self, _: &Self::Handle, _: &Self::Handle) {}
}
