//! The changes that bring lost addresses back, one for each file that has to change.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Edit, Fix};
use crate::edit::front_matter::{self, Additions};
use crate::edit::settings;
use crate::project::CONFIG_NAME;
use crate::site::url::in_settings;
use crate::site::{PageId, Site};

/// What is to be added to files, collected before any edit is made up: several lost addresses may need one list.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pages: BTreeMap<PageId, Additions>,
    redirects: BTreeMap<String, String>,
}

/// Where the way back of something lost is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// In the front matter of this page.
    Page(PageId),
    /// In `site.toml`.
    Settings,
}

impl Wanted {
    /// An address leads to this page from now on.
    pub(super) fn alias(&mut self, page: PageId, url: &str) {
        self.pages.entry(page).or_default().aliases.push(in_settings(url));
    }

    /// A former id on this page leads here.
    pub(super) fn anchor(&mut self, page: PageId, id: &str, to: &str) {
        let anchors = &mut self.pages.entry(page).or_default().anchors;
        // The same id may have been lost at two addresses of one page.
        if !anchors.iter().any(|(other, _)| other == id) {
            anchors.push((id.to_string(), to.to_string()));
        }
    }

    /// An address leads here.
    pub(super) fn redirect(&mut self, from: &str, to: &str) {
        self.redirects.insert(in_settings(from), to.to_string());
    }

    /// The fix for each place that one can be written to.
    pub(super) fn fixes(self, site: &Site, read: &mut dyn FnMut(&str) -> Option<String>) -> BTreeMap<Place, Arc<Fix>> {
        let mut fixes = BTreeMap::new();
        let in_file = |file: &str, edits: Vec<Edit>| {
            Arc::new(Fix {
                title: format!("keep former addresses alive in `{file}`"),
                edits: edits.into_iter().map(|edit| Edit { file: file.to_string(), ..edit }).collect(),
            })
        };
        for (page, additions) in self.pages {
            let file = site.project.file_name(&site.page(page).path);
            let edits = read(&file).and_then(|text| front_matter::add(&text, &additions));
            fixes.extend(edits.map(|edits| (Place::Page(page), in_file(&file, edits))));
        }
        if !self.redirects.is_empty() {
            let redirects: Vec<(String, String)> = self.redirects.into_iter().collect();
            let text = read(CONFIG_NAME).unwrap_or_default();
            let edits = settings::add_redirects(&text, &redirects);
            fixes.extend(edits.map(|edits| (Place::Settings, in_file(CONFIG_NAME, edits))));
        }
        fixes
    }
}
