//! A page's view of the tree: what lies above it, beside that, and directly below it; never the whole tree, or the
//! site's bytes would grow with the square of its pages.

use std::ops::Range;

use serde::Serialize;

use crate::render::kept::{Kept, Shelf};
use crate::site::menu::MenuItem;
use crate::site::nav::{NavId, NavTree};
use crate::site::routes::level_urls;
use crate::site::url::UrlPath;
use crate::site::{PageId, Site};

/// Of more pages than this beside each other, a sidebar shows those around the reader's: it would be no help, and the
/// site's bytes would grow with the square of the folder.
const MOST_NEIGHBOURS: usize = 60;
/// Search engines show no longer descriptions.
const MOST_LISTED: usize = 160;
/// More sections than this do not fit into the top bar.
const MOST_MAIN: usize = 6;

/// The sidebar shows no more levels than these, the lowest: templates nest for each, and their engine stops at twenty.
const MOST_LEVELS: usize = 12;

/// `nav`: the page's view of the site.
#[derive(Debug, Default, Serialize)]
pub struct NavContext {
    /// The top bar.
    pub main: Vec<NavLink>,
    /// The tree: what lies above the page, beside that, and directly below the page.
    pub sidebar: Vec<NavEntry>,
    /// The way from the home page, without the page itself.
    pub crumbs: Vec<NavLink>,
    /// The page before in reading order.
    pub previous: Option<NavLink>,
    /// The page after in reading order.
    pub next: Option<NavLink>,
    /// What is in a section.
    pub children: Vec<NavCard>,
    /// The section's nav bar as set in front matter or settings.
    pub section: Vec<NavLink>,
}

/// A link of a bar.
#[derive(Debug, Serialize)]
pub struct NavLink {
    /// What it shows.
    pub title: String,
    /// Where it leads.
    pub url: String,
    /// Whether it is this page.
    pub current: bool,
    /// Whether this page is it or in it.
    pub active: bool,
}

/// A node of the tree.
#[derive(Debug, Serialize)]
pub struct NavItem {
    /// What it shows.
    pub title: String,
    /// Where it leads.
    pub url: String,
    /// Whether it is this page.
    pub current: bool,
    /// Whether this page is it or in it.
    pub active: bool,
    /// Whether anything is in it.
    pub has_children: bool,
    /// What is in it, as far as this page shows it.
    pub children: Vec<NavEntry>,
}

/// A node of the tree: those on the way to the page are its own, all others are the same on every page.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum NavEntry {
    /// The page itself, and what it is in.
    Open(NavItem),
    /// A [`NavItem`] that is neither.
    Closed(Kept),
}

/// A page in its section's list.
#[derive(Debug, Serialize)]
pub struct NavCard {
    /// Its title.
    pub title: String,
    /// Where it leads.
    pub url: String,
    /// Its description, or empty.
    pub description: String,
}

impl NavContext {
    /// The view from the page of a page's level: one step below that page, between the other levels.
    pub fn of_level(site: &Site, shelf: &Shelf, id: PageId, n: usize) -> NavContext {
        let page = site.page(id);
        let mut nav = NavContext::new(site, shelf, site.nav.of_page[id.0 as usize], &page.url);
        let link = |title: &str, url: &UrlPath, current| NavLink {
            title: title.to_string(),
            url: site.href(url),
            current,
            active: current,
        };
        let level = |n: usize| {
            let name = &page.document.levels().nth(n)?.name;
            Some(link(name, &level_urls(page).nth(n)?, false))
        };
        nav.crumbs.push(link(page.front.nav_title.as_ref().unwrap_or(&page.title), &page.url, false));
        nav.previous = n.checked_sub(1).and_then(level);
        nav.next = level(n + 1);
        let urls: Vec<UrlPath> = level_urls(page).collect();
        nav.section = page
            .document
            .levels()
            .zip(&urls)
            .enumerate()
            .map(|(i, (level, url))| link(&level.name, url, i == n))
            .collect();
        nav.children.clear();
        nav.sidebar.iter_mut().for_each(leave);
        nav
    }

    /// The view from an address whose node is `current`; `None` for pages that are not in the tree. `shelf` is of this
    /// site's tree.
    pub fn new(site: &Site, shelf: &Shelf, current: Option<NavId>, url: &UrlPath) -> NavContext {
        let view = View { site, shelf, current, path: current.map(|id| site.nav.path(id)).unwrap_or_default() };
        let page = current.and_then(|id| site.nav.node(id).page);
        let (previous, next) = current.map(|id| site.nav.neighbours(id)).unwrap_or_default();
        let n_crumbs = view.path.len().saturating_sub(1);
        NavContext {
            main: match &site.menus.main {
                Some(items) => view.menu(items, page),
                None => view.sections(),
            },
            sidebar: view.items(view.top()),
            crumbs: view.path[..n_crumbs].iter().map(|&id| view.link(id)).collect(),
            previous: previous.map(|id| view.link(id)),
            next: next.map(|id| view.link(id)),
            children: current.map(|id| view.cards(id)).unwrap_or_default(),
            section: view.menu(site.menus.bar(url), page),
        }
    }
}

/// What a page is about that has no text: what is in its section, by title.
pub fn listing(site: &Site, id: NavId) -> String {
    let mut text = String::new();
    for &child in site.nav.visible(id) {
        let title = &site.nav.node(child).title;
        if text.len() + title.len() > MOST_LISTED {
            break;
        }
        text.push_str(if text.is_empty() { "" } else { ", " });
        text.push_str(title);
    }
    text
}

/// Marks the current entry as one that this page is below.
fn leave(entry: &mut NavEntry) {
    if let NavEntry::Open(item) = entry {
        item.current = false;
        item.children.iter_mut().for_each(leave);
    }
}

/// What is in a section, one step deep, as it stands in the sidebar of a page that is elsewhere.
pub fn branch(site: &Site, shelf: &Shelf, id: NavId) -> Vec<NavEntry> {
    View { site, shelf, current: None, path: Vec::new() }.items(id)
}

/// Which of `n` neighbours a page shows: all of a few, else those around its own place, or the first ones.
fn window(n: usize, here: Option<usize>) -> Range<usize> {
    if n <= MOST_NEIGHBOURS {
        return 0..n;
    }
    let start = here.unwrap_or(0).saturating_sub(MOST_NEIGHBOURS / 2).min(n - MOST_NEIGHBOURS);
    start..start + MOST_NEIGHBOURS
}

struct View<'a> {
    site: &'a Site,
    shelf: &'a Shelf,
    current: Option<NavId>,
    /// From the home page down to the current node.
    path: Vec<NavId>,
}

impl View<'_> {
    /// What the sidebar begins below: the home page, unless that is too far above.
    fn top(&self) -> NavId {
        self.path.get(self.path.len().saturating_sub(MOST_LEVELS)).copied().unwrap_or(NavTree::ROOT)
    }

    fn link(&self, id: NavId) -> NavLink {
        let node = self.site.nav.node(id);
        NavLink {
            // A home page that nobody wrote is called what the site is.
            title: if id == NavTree::ROOT && node.page.is_none() {
                self.site.title().to_string()
            } else {
                node.title.clone()
            },
            url: self.site.href(&node.url),
            current: self.current == Some(id),
            active: self.path.contains(&id),
        }
    }

    fn items(&self, parent: NavId) -> Vec<NavEntry> {
        let nav = &self.site.nav;
        let visible = nav.visible(parent);
        let below = self.path.iter().map(|&id| nav.node(id)).find(|node| node.parent == Some(parent));
        let here = below.filter(|node| !node.hidden).map(|node| node.place);
        let item = |&id: &NavId| {
            let make = || {
                let NavLink { title, url, current, active } = self.link(id);
                let children = if active { self.items(id) } else { Vec::new() };
                NavItem { title, url, current, active, has_children: !nav.visible(id).is_empty(), children }
            };
            match self.path.contains(&id) {
                true => NavEntry::Open(make()),
                false => NavEntry::Closed(self.shelf.get(id.0 as usize, make)),
            }
        };
        let mut items: Vec<NavEntry> = visible[window(visible.len(), here)].iter().map(item).collect();
        // The section's own page lists them all.
        if items.len() < visible.len() && self.current != Some(parent) {
            let NavLink { url, .. } = self.link(parent);
            let config = &self.site.project.config;
            let title = config.theme.look.words.get(&config.language, "all_pages");
            let title = title.replace("{n}", &visible.len().to_string());
            items.push(NavEntry::Open(NavItem {
                title,
                url,
                current: false,
                active: false,
                has_children: false,
                children: Vec::new(),
            }));
        }
        items
    }

    /// The top folders, as the main bar.
    fn sections(&self) -> Vec<NavLink> {
        self.site.nav.sections.iter().take(MOST_MAIN).map(|&id| self.link(id)).collect()
    }

    fn menu(&self, items: &[MenuItem], page: Option<PageId>) -> Vec<NavLink> {
        let node = |item: &MenuItem| item.page.and_then(|page| self.site.nav.of_page[page.0 as usize]);
        let is_above = |item: &MenuItem| node(item).is_some_and(|id| id != NavTree::ROOT && self.path.contains(&id));
        let link = |item: &MenuItem| NavLink {
            title: item.title.clone(),
            url: item.href.clone(),
            current: item.page.is_some() && item.page == page,
            active: is_above(item),
        };
        items.iter().map(link).collect()
    }

    /// What is in a section. A home that has no text and one section only shows what is in that.
    fn cards(&self, id: NavId) -> Vec<NavCard> {
        let nav = &self.site.nav;
        let mut children: Vec<NavId> = nav.visible(id).to_vec();
        if let [only] = children[..]
            && id == NavTree::ROOT
            && nav.node(id).page.is_none()
        {
            children = [only].into_iter().chain(nav.visible(only).iter().copied()).collect();
        }
        children.into_iter().map(|child| self.card(child)).collect()
    }

    fn card(&self, id: NavId) -> NavCard {
        let NavLink { title, url, .. } = self.link(id);
        let page = self.site.nav.node(id).page.map(|page| self.site.page(page));
        let description = page.and_then(|page| page.front.description.clone()).unwrap_or_default();
        NavCard { title, url, description }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_neighbours_those_around_the_page_are_shown() {
        assert_eq!(window(5, Some(3)), 0..5);
        assert_eq!(window(1000, None), 0..60);
        assert_eq!(window(1000, Some(500)), 470..530);
        assert_eq!(window(1000, Some(999)), 940..1000);
    }
}
