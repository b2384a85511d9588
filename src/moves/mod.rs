//! Moving pages, files and folders, and rewording headings, so that every link still arrives. Pure: the whole change is
//! made up and tried in memory, and nothing is written before it is known to be right.
//!
//! ```text
//! place::resolve ─► Move ─┐
//!                         ├─► after::moved ─► the site after, not mended ─► relink ─► edits ─► after::edited ─► the
//! heading::reword ────────┘                                                                    site after ─► new problems
//! ```
//!
//! What has to change is not guessed from the look of links. Each link is resolved in the site before and in the site
//! after; where the two differ it is written anew in the author's own manner, and that is resolved again. In the end the
//! mended site is compared with the one before: a move that would leave a new problem behind is not made.

pub mod after;
pub mod heading;
pub mod place;
mod relink;
mod respell;
mod settings;

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::edit::Plan;
use crate::edit::front_matter::{self, Additions};
use crate::edit::settings::add_redirects;
use crate::markdown::LinkKind;
use crate::moves::after::Texts;
use crate::moves::place::Move;
use crate::moves::relink::{Shift, relink};
use crate::project::CONFIG_NAME;
use crate::site::Site;
use crate::site::routes::Route;
use crate::site::url::{UrlPath, in_settings};

/// A change that was made up and tried.
#[derive(Debug, Default)]
pub struct Planned {
    /// The edits, in the files as they are named before the move.
    pub plan: Plan,
    /// How many links are written anew.
    pub n_links: usize,
    /// How many former addresses lead on from now on.
    pub n_redirects: usize,
    /// What stands in the way, or would be wrong afterwards.
    pub problems: Vec<Diagnostic>,
}

/// The edits that a move needs.
pub fn move_files(site: &Site, moving: &Move, texts: &mut Texts<'_>) -> Planned {
    let moved = after::moved(site, moving, &BTreeMap::new(), texts);
    let shift = Shift { moving, ids: BTreeMap::new() };
    let mut planned = relink(site, &moved, &shift, texts);
    let mut redirects = Vec::new();
    for page in &site.pages {
        let Some(new) = moving.new_path(page.path.as_str()) else { continue };
        let Some(new_page) = moved.page_of_file(&new).map(|id| moved.page(id)) else { continue };
        if new_page.url == page.url || !site.project.publishes(page.front.draft) {
            continue;
        }
        let file = site.project.file_name(&page.path);
        let aliases = vec![in_settings(page.url.as_str())];
        // A page that comes back leads its readers on from where it was, and no longer from where it is.
        let own = page.front.aliases.iter().find(|alias| alias.value == in_settings(new_page.url.as_str()));
        let edits = texts.get(&file).and_then(|text| match own {
            Some(own) => {
                settings::in_value(text, &settings::link(own, LinkKind::Page), &aliases[0]).map(|edit| vec![edit])
            }
            None => front_matter::add(text, &Additions { aliases, ..Default::default() }),
        });
        match edits {
            Some(edits) => planned.add(&file, edits),
            None => redirects.push((in_settings(page.url.as_str()), new_page.url.as_str().to_string())),
        }
        planned.n_redirects += 1;
    }
    for (url, route) in &site.routes.entries {
        let is_gone = || moved.routes.at(url).is_none();
        let target = match route {
            Route::Section(_) if is_gone() => Some(section_after(&moved, moving, url)),
            Route::Asset(id) if site.asset(*id).is_document() && is_gone() => {
                moving.new_file(site, &site.asset(*id).file)
            }
            _ => None,
        };
        redirects.extend(target.map(|target| (in_settings(url.as_str()), target)));
    }
    if !redirects.is_empty() {
        planned.n_redirects += redirects.iter().filter(|(from, _)| !from.is_empty()).count();
        let edits = add_redirects(texts.get(CONFIG_NAME).unwrap_or_default(), &redirects);
        planned.add(CONFIG_NAME, edits.unwrap_or_default());
    }
    planned.try_out(site, moving, texts);
    planned
}

/// Where the list of a folder is after the move, or else the nearest address above that is there.
fn section_after(moved: &Site, moving: &Move, url: &UrlPath) -> String {
    let folder = |path: &str| UrlPath::of_folder(&format!("/{path}"));
    let below = url.as_str().strip_prefix(folder(&moving.from).as_str());
    let new = below.and_then(|below| UrlPath::resolve(&folder(&moving.to), &format!("./{below}")));
    let there = new.filter(|url| moved.routes.at(url).is_some());
    let above = || std::iter::successors(url.parent(), UrlPath::parent).find(|url| moved.routes.at(url).is_some());
    there.or_else(above).unwrap_or_else(UrlPath::root).as_str().to_string()
}

impl Planned {
    fn add(&mut self, file: &str, edits: Vec<crate::diagnostic::Edit>) {
        for edit in edits {
            let edit = crate::diagnostic::Edit { file: file.to_string(), ..edit };
            self.plan.add(&crate::diagnostic::Fix { title: String::new(), edits: vec![edit] });
        }
    }

    /// Compares the site after all edits with the one before.
    fn try_out(&mut self, site: &Site, moving: &Move, texts: &mut Texts<'_>) {
        let after = after::moved(site, moving, &self.plan.files, texts);
        self.problems.extend(after::new_problems(site, &after));
    }
}
