//! What is let through, and a page's finished HTML without the rest.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use foldhash::fast::RandomState;

use crate::markdown::LinkKind;
use crate::markdown::policy::plain::is_plain;
use crate::markdown::policy::tangle::is_tangled;
use crate::markdown::policy::{HtmlPolicy, SCHEMES, refused};
use crate::markdown::raw_html;

/// HTML elements that are let through with attributes of their own.
const WITH_ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href", "name", "rel", "target", "hreflang", "download", "data-frame"]),
    ("audio", &["src", "controls", "loop", "muted", "preload"]),
    ("blockquote", &["cite"]),
    ("col", &["span", "align", "width"]),
    ("colgroup", &["span", "align", "width"]),
    ("del", &["cite", "datetime"]),
    ("details", &["open", "name"]),
    ("img", &["src", "srcset", "sizes", "alt", "width", "height", "loading", "decoding", "align", "border"]),
    ("input", &["type", "checked", "disabled"]),
    ("ins", &["cite", "datetime"]),
    ("li", &["value"]),
    ("ol", &["start", "reversed", "type"]),
    ("path", &["d"]),
    ("pre", &["data-lang"]),
    ("q", &["cite"]),
    ("source", &["src", "srcset", "sizes", "media", "type"]),
    ("svg", &["viewbox", "viewBox"]),
    ("table", &["align", "border", "cellpadding", "cellspacing", "summary", "width"]),
    ("td", &["align", "colspan", "headers", "rowspan", "valign", "width"]),
    ("tfoot", &["align"]),
    ("th", &["abbr", "align", "colspan", "headers", "rowspan", "scope", "valign", "width"]),
    ("thead", &["align"]),
    ("time", &["datetime"]),
    ("tr", &["align", "valign"]),
    ("track", &["src", "kind", "label", "srclang", "default"]),
    ("ul", &["type"]),
    ("video", &["src", "poster", "controls", "loop", "muted", "preload", "width", "height", "playsinline"]),
];

/// HTML elements that are let through with the attributes of all.
const PLAIN: &[&str] = &[
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "big",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "dd",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "i",
    "kbd",
    "label",
    "legend",
    "mark",
    "nav",
    "p",
    "picture",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "tbody",
    "tt",
    "u",
    "var",
    "wbr",
];

/// The elements of formulas.
pub(super) const MATH: &[&str] = &[
    "math",
    "merror",
    "mfrac",
    "mi",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mroot",
    "mrow",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
];

/// The attributes of formulas.
const MATH_ATTRIBUTES: &[&str] = &[
    "accent",
    "accentunder",
    "columnalign",
    "columnlines",
    "columnspacing",
    "columnspan",
    "depth",
    "display",
    "displaystyle",
    "fence",
    "form",
    "height",
    "largeop",
    "linethickness",
    "lspace",
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "rowlines",
    "rowspacing",
    "rowspan",
    "rspace",
    "scriptlevel",
    "separator",
    "stretchy",
    "symmetric",
    "voffset",
    "width",
];

/// Attributes that any element may have.
const GENERIC: &[&str] = &["class", "dir", "hidden", "id", "lang", "role", "style", "tabindex", "title"];

/// The properties that a `style` may set: none that moves a thing over others or loads something.
const STYLES: &[&str] = &[
    "aspect-ratio",
    "background-color",
    "border",
    "border-collapse",
    "border-color",
    "border-radius",
    "border-style",
    "border-width",
    "clear",
    "color",
    "display",
    "float",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "text-align",
    "text-decoration",
    "text-indent",
    "text-transform",
    "vertical-align",
    "white-space",
    "width",
    "word-break",
];

/// A page's finished HTML without what can do harm. What is too tangled to be read is text.
pub fn clean(html: &str) -> Cow<'_, str> {
    if is_plain(html) {
        return Cow::Borrowed(html);
    }
    if is_tangled(html) {
        let mut text = String::new();
        pulldown_cmark_escape::escape_html_body_text(&mut text, html).expect("writing to a string cannot fail");
        return Cow::Owned(format!("<p>{text}</p>"));
    }
    Cow::Owned(CLEANER.clean(html).to_string())
}

/// A constant that no `const` can make.
static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let set = |names: &[&'static str]| names.iter().copied().collect::<HashSet<&'static str>>();
    let own = WITH_ATTRIBUTES.iter().map(|(tag, attributes)| (*tag, set(attributes)));
    let math = MATH.iter().map(|tag| (*tag, set(MATH_ATTRIBUTES)));
    let attributes: HashMap<_, _> = own.chain(math).collect();
    let tags = attributes.keys().copied().chain(PLAIN.iter().copied()).collect();
    let mut cleaner = Builder::empty();
    cleaner
        .tags(tags)
        .tag_attributes(attributes)
        .generic_attributes(set(GENERIC))
        .generic_attribute_prefixes(set(&["aria-"]))
        .clean_content_tags(set(&["script", "style"]))
        .url_schemes(set(SCHEMES).into_iter().chain(["data"]).collect())
        .url_relative(UrlRelative::PassThrough)
        .filter_style_properties(set(STYLES))
        .link_rel(None)
        .strip_comments(true)
        .attribute_filter(|tag, name, value| is_let_in(tag, name, value).then_some(Cow::Borrowed(value)));
    cleaner
});

/// Whether an attribute that an element may have may have this value.
pub(super) fn is_let_in(tag: &str, name: &str, value: &str) -> bool {
    let is_in = |kind| refused(value, kind, HtmlPolicy::Sanitise).is_none();
    match (tag, name) {
        ("img", "src") | ("video", "poster") => is_in(LinkKind::Image),
        (_, "srcset") => raw_html::candidates(value)
            .into_iter()
            .all(|(url, _)| refused(url, LinkKind::Image, HtmlPolicy::Sanitise).is_none()),
        (_, "href" | "src" | "cite") => is_in(LinkKind::Page),
        // What a script of the theme would put on the page: nobody asked for a frame from elsewhere.
        (_, "data-frame") => false,
        ("input", "type") => value.eq_ignore_ascii_case("checkbox"),
        ("a", "target") => value == "_blank",
        // These are the theme's own, and its scripts look for them.
        (_, "id" | "name") => !value.starts_with('_'),
        _ => true,
    }
}

/// Whether a style holds nothing but what is let through, in the plainest of ways.
pub(super) fn is_style_let_in(style: &str) -> bool {
    style.split(';').filter(|part| !part.trim().is_empty()).all(|part| {
        let Some((property, value)) = part.split_once(':') else { return false };
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b" .,%#/-".contains(&b);
        STYLES.contains(&property.trim()) && value.bytes().all(is_plain)
    })
}

/// The elements that are let through, each with the attributes of its own: looking through the lists for every tag of a
/// handbook would take longer than all else that is asked here.
static KNOWN: LazyLock<HashMap<&'static str, &'static [&'static str], RandomState>> = LazyLock::new(|| {
    let plain = PLAIN.iter().map(|tag| (*tag, &[][..]));
    let math = MATH.iter().map(|tag| (*tag, MATH_ATTRIBUTES));
    plain.chain(math).chain(WITH_ATTRIBUTES.iter().copied()).collect()
});

/// Whether an element is let through.
pub(super) fn is_known(tag: &str) -> bool {
    KNOWN.contains_key(tag)
}

/// Whether an attribute is let through on an element that is.
pub(super) fn is_known_attribute(tag: &str, name: &str) -> bool {
    GENERIC.contains(&name)
        || name.starts_with("aria-")
        || KNOWN.get(tag).is_some_and(|attributes| attributes.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Options, read};

    fn check(html: &str, expected: &str) {
        assert_eq!(clean(html), expected);
    }

    #[test]
    fn an_element_is_in_one_list_only() {
        assert_eq!(KNOWN.len(), PLAIN.len() + MATH.len() + WITH_ATTRIBUTES.len());
    }

    #[test]
    fn scripts_and_what_calls_them_are_taken_out() {
        check("<p onclick=x>a<script>b</script><b>c</b></p>", "<p>a<b>c</b></p>");
        check(
            "<svg onload=x><path d=\"M0\"/><animate href=\"javascript:x\"/></svg>",
            "<svg><path d=\"M0\"></path></svg>",
        );
        check("<a href=\"java&#10;script:x\">a</a><img src=x onerror=y>", "<a>a</a><img src=\"x\">");
        check("<iframe srcdoc=x></iframe><form action=x><button>b</button></form>", "b");
        check("<math><mi xlink:href=\"javascript:x\">a</mi></math>", "<math><mi>a</mi></math>");
        check(
            "<math><mtext><table><mglyph><style><img src=x onerror=y>",
            "<math><mtext><table></table></mtext></math>",
        );
        check("<p style=\"position:fixed;color:red;background:url(x)\">a</p>", "<p style=\"color:red\">a</p>");
        check("<a id=_search name=_x data-frame=\"//e.org\" target=top>a</a>", "<a>a</a>");
        check("<img srcset=\"a.png 1x, javascript:x 2x\"><input type=image src=x>", "<img><input>");
        check("<!-- a --><base href=//e.org><link rel=stylesheet href=x><meta http-equiv=refresh>", "");
    }

    #[test]
    fn what_our_own_pages_hold_is_let_through() {
        let page = "# T\n\n## A `b` $x^2$\n\n- [x] a\n\n| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n```rust\nfn a() {}\n```\n\n\
                    ![a](b.png)\n\n> [!NOTE]\n> c[^1]\n\n[^1]: d\n\n<i class=\"fas fa-users\"></i>\n\n$$\n\\frac{1}{2} \
                    \\begin{matrix}a&b\\end{matrix}\n$$\n\n[TOC]\n\n<div class=\"matrix\">\n\n| A | B |\n|---|---|\n| c | d |\n\n</div>\n\n\
                    :::details More\ntext\n:::\n";
        let document = read(page, 0, None, &Options::default());
        // The library writes no slashes and other quotes, and nothing else differs.
        let html = document.body.html.replace(" />", ">");
        let tags = |html: &str| {
            let mut tags = Vec::new();
            let mut at = 0;
            while let Some((tag, next)) = raw_html::next_tag(html, at) {
                let attributes = tag.attributes.iter().map(|a| {
                    (html[a.name.clone()].to_string(), html[a.value.clone()].replace(": ", ":").replace(";", ""))
                });
                tags.push((html[tag.name.clone()].to_string(), attributes.collect::<Vec<_>>()));
                at = next;
            }
            tags
        };
        assert_eq!(tags(&clean(&html)), tags(&html));
    }
}
