//! The links of `site.toml`.

use crate::diagnostic::{Edit, Span};
use crate::markdown::{self, Link, LinkKind, Options};
use crate::moves::Planned;
use crate::moves::after::Texts;
use crate::moves::relink::{Shift, Spot, anew, in_text};
use crate::project::CONFIG_NAME;
use crate::site::Site;
use crate::site::link::From;
use crate::site::url::UrlPath;
use crate::value::Spanned;

/// Writes anew what leads elsewhere after the move: bars, pictures, Markdown, and where redirects lead.
pub(super) fn relink(before: &Site, after: &Site, shift: &Shift<'_>, texts: &mut Texts<'_>, planned: &mut Planned) {
    let root = UrlPath::root();
    let from = From { url: &root, path: None, page: None };
    let spot = Spot { before: from, after: from };
    let config = &before.project.config;
    let parts = config.nav.sections.iter().map(|section| &section.url);
    let redirects = config.redirects.iter().map(|redirect| &redirect.to);
    let pages = parts.chain(&config.nav.order).chain(redirects).map(|value| (value, LinkKind::Page));
    for (value, kind) in config.linked().chain(pages) {
        let link = link(value, kind);
        if let Some(target) = anew(before, after, shift, spot, &link) {
            planned.rewrite(CONFIG_NAME, &link, &target, texts, in_value);
        }
    }
    for value in config.texts() {
        for link in markdown::read(&value.value, 0, None, &Options::default()).links {
            if let Some(target) = anew(before, after, shift, spot, &link) {
                let start = texts.get(CONFIG_NAME).and_then(|text| start_of(text, value));
                // Where the value is written with escapes, its place as a whole is all that can be named.
                let span = start.map_or(value.span, |start| {
                    Span::new(start + link.span.start as usize, start + link.span.end as usize)
                });
                planned.rewrite(CONFIG_NAME, &Link { span, ..link }, &target, texts, in_text);
            }
        }
    }
}

/// A link that is the whole of a value.
pub(super) fn link(value: &Spanned<String>, kind: LinkKind) -> Link {
    Link { target: value.value.clone(), kind, span: value.span, destination: None }
}

/// Where a text begins in the file, if it is written as it is read.
fn start_of(text: &str, value: &Spanned<String>) -> Option<usize> {
    let start = value.span.start as usize;
    text.get(value.span.range())?.find(&value.value).map(|at| start + at)
}

/// The edit that changes a value of YAML or TOML and leaves its quotes.
pub(super) fn in_value(text: &str, link: &Link, target: &str) -> Option<Edit> {
    let source = text.get(link.span.range())?;
    let written = link.target.trim();
    let is_plain = !target.contains(['"', '\'', '\\', '\n']) && !target.contains(": ") && !target.contains(" #");
    // A fragment may stand without its `#`.
    let (written, target) = match (source.find(written), written.strip_prefix('#'), target.strip_prefix('#')) {
        (None, Some(written), Some(target)) => (written, target),
        _ => (written, target),
    };
    let at = source.find(written).filter(|_| is_plain)?;
    let around = (source[..at].trim(), source[at + written.len()..].trim());
    let is_whole = matches!(around, ("", "") | ("\"", "\"") | ("'", "'"));
    let replacement = format!("{}{target}{}", &source[..at], &source[at + written.len()..]);
    is_whole.then_some(Edit { file: String::new(), span: link.span, replacement })
}
