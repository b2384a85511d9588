//! What a site publishes, written into the ledger.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::diagnostic::Span;
use crate::ledger::fingerprint::Prints;
use crate::ledger::{Address, Anchor, Ledger, Print, What};
use crate::markdown::Document;
use crate::site::Site;
use crate::site::redirect;
use crate::site::routes::Route;

/// A fingerprint is written anew only when the text is farther than this from the one that was recorded.
const NEARLY_THE_SAME: u32 = 6;

/// The ledger with all that the site publishes now. What was published before stays: only people give an address up.
pub fn record(site: &Site, before: &Ledger) -> Ledger {
    let entries = &site.routes.entries;
    let recorded: Vec<Option<(String, Address)>> = entries
        .par_iter()
        .map(|(url, route)| Some((url.as_str().to_string(), address(site, url.as_str(), *route, before)?)))
        .collect();
    let mut ledger = before.clone();
    ledger.addresses.extend(recorded.into_iter().flatten());
    ledger
}

fn address(site: &Site, url: &str, route: Route, before: &Ledger) -> Option<Address> {
    let known = before.addresses.get(url);
    let mut anchors = known.map(|known| known.anchors.clone()).unwrap_or_default();
    let what = match route {
        Route::Page(id) => {
            let page = site.page(id);
            let prints = Prints::of(&page.document);
            let file = site.project.file_name(&page.path);
            let old = known.and_then(|known| match &known.what {
                What::Page { print, .. } => *print,
                _ => None,
            });
            add_anchors(&mut anchors, &page.document, &prints);
            What::Page { print: kept(old, prints.page), file }
        }
        Route::Section(_) => What::List,
        Route::Asset(id) => {
            let asset = site.asset(id);
            if !asset.is_document() {
                return None;
            }
            What::File { size: asset.stamp.size, file: asset.file.clone() }
        }
        Route::Redirect(index) => {
            let end = redirect::end(site, &site.routes.redirects[index as usize]);
            What::Redirect { to: redirect::address(site, &end) }
        }
        _ => return None,
    };
    Some(Address { what, anchors, span: Span::default() })
}

fn add_anchors(anchors: &mut BTreeMap<String, Anchor>, document: &Document, prints: &Prints) {
    let sections: BTreeMap<&str, Print> = prints.sections.iter().map(|(id, print)| (id.as_str(), *print)).collect();
    for id in document.anchors.iter().filter(|id| is_lasting(id)) {
        let old = anchors.get(id).and_then(|anchor| anchor.print);
        let print = kept(old, sections.get(id.as_str()).copied());
        anchors.insert(id.clone(), Anchor { print, span: Span::default() });
    }
}

fn kept(old: Option<Print>, new: Option<Print>) -> Option<Print> {
    match (old, new) {
        (Some(old), Some(new)) if old.distance(new) <= NEARLY_THE_SAME => Some(old),
        // The section of a former id stands below another one now.
        (old, None) => old,
        (_, new) => new,
    }
}

/// Whether people link to an anchor: not those that footnotes and tables of contents make for themselves.
pub(super) fn is_lasting(id: &str) -> bool {
    !(id.is_empty() || id.starts_with("fn:") || id.starts_with("fnref:") || id.starts_with("markdown-toc"))
}
