//! The links of `site.toml`.

use crate::diagnostic::Edit;
use crate::markdown::{Link, LinkKind};
use crate::moves::Planned;
use crate::moves::after::Texts;
use crate::moves::relink::{Shift, Spot, anew};
use crate::project::CONFIG_NAME;
use crate::site::Site;
use crate::site::link::From;
use crate::site::url::UrlPath;
use crate::value::Spanned;

/// Writes anew what leads elsewhere after the move: bars, and where redirects lead.
pub(super) fn relink(before: &Site, after: &Site, shift: &Shift<'_>, texts: &mut Texts<'_>, planned: &mut Planned) {
    let root = UrlPath::root();
    let from = From { url: &root, path: None, page: None };
    let spot = Spot { before: from, after: from };
    let config = &before.project.config;
    let main = config.nav.main.iter().flatten().map(|link| &link.url);
    let bars = config
        .nav
        .sections
        .iter()
        .flat_map(|bar| std::iter::once(&bar.url).chain(bar.links.iter().map(|link| &link.url)));
    let order = &config.nav.order;
    let redirects = config.redirects.iter().map(|redirect| &redirect.to);
    for value in main.chain(order).chain(bars).chain(redirects) {
        let Spanned { value, span } = value.clone();
        let link = Link { target: value, kind: LinkKind::Page, span, destination: None };
        if let Some(target) = anew(before, after, shift, spot, &link) {
            planned.rewrite(CONFIG_NAME, &link, &target, texts, in_value);
        }
    }
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
