//! The tree of sections and pages that every navigation is a view of.
//!
//! Reads paths, titles, weights and addresses only. If this module ever read a body, editing text would rebuild the
//! tree.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use crate::site::PageId;
use crate::site::page::{Page, title_from_name};
use crate::site::url::UrlPath;
use crate::source::page_role;

/// Every section and page, from the home page down.
#[derive(Debug, Clone, PartialEq)]
pub struct NavTree {
    /// The nodes; the first is the home page.
    pub nodes: Vec<NavNode>,
    /// Each page's node, by page.
    pub of_page: Vec<Option<NavId>>,
    /// The visible nodes in reading order.
    pub order: Vec<NavId>,
    /// The visible children of the home page that have any themselves.
    pub sections: Vec<NavId>,
}

/// A node's place in the tree. Valid only inside the `Site` that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NavId(pub u32);

/// A section or page in the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct NavNode {
    /// What navigation calls it.
    pub title: String,
    /// Where it leads.
    pub url: UrlPath,
    /// Its page; a folder without a page of its own has none and gets a list of what is in it.
    pub page: Option<PageId>,
    /// Its place in the settings' list, which counts before all else.
    pub rank: Option<u32>,
    /// Its place among its siblings; those without come last.
    pub weight: Option<f64>,
    /// Left out of every list.
    pub hidden: bool,
    /// The section that it is in.
    pub parent: Option<NavId>,
    /// What is in it: by rank, then by weight, then by title.
    pub children: Vec<NavId>,
    /// Those of them that lists show. Each page asks for those beside it, so that looking for them again would take a time
    /// that grows with the square of a folder.
    pub visible: Vec<NavId>,
    /// Its place among the visible children of its parent, when it is one.
    pub place: usize,
    /// Its place in [`NavTree::order`].
    pub position: Option<u32>,
}

impl NavTree {
    /// The home page's node.
    pub const ROOT: NavId = NavId(0);

    /// Places every page by its folder. Pages for which `shown` is false have no place. Those at the addresses of `first`
    /// come before their siblings, in that order.
    pub fn build(pages: &[Arc<Page>], first: &[UrlPath], shown: impl Fn(&Page) -> bool) -> NavTree {
        let mut builder =
            Builder { nodes: vec![folder_node("Home", UrlPath::root(), None)], by_folder: HashMap::new() };
        builder.by_folder.insert(String::new(), NavTree::ROOT);
        let mut of_page = vec![None; pages.len()];
        for (index, page) in pages.iter().enumerate().filter(|(_, page)| shown(page)) {
            let (folders, name) = page_role(&page.path, page.kind);
            let parts: Vec<&str> = folders.iter().copied().chain(name).collect();
            let id = builder.node(&parts);
            let node = &mut builder.nodes[id.0 as usize];
            // Two files for one place (`people.md` and `people/index.md`) are reported as a collision of addresses.
            if node.page.is_some() {
                continue;
            }
            node.page = Some(PageId(index as u32));
            node.url = page.url.clone();
            node.set_fields(page);
            of_page[index] = Some(id);
        }
        let mut tree = NavTree { nodes: builder.nodes, of_page, order: Vec::new(), sections: Vec::new() };
        tree.rank(first);
        tree.sort();
        tree.number();
        tree
    }

    /// The same tree with the titles, weights and visibility of these pages, which are those of before with `changed`
    /// among them. Only their siblings are sorted again.
    pub fn renamed(&self, pages: &[Arc<Page>], changed: &[PageId]) -> NavTree {
        let mut tree = self.clone();
        for &page in changed {
            let Some(id) = self.of_page[page.0 as usize] else { continue };
            tree.nodes[id.0 as usize].set_fields(&pages[page.0 as usize]);
            if let Some(parent) = self.node(id).parent {
                tree.sort_children(parent);
            }
        }
        tree.number();
        tree
    }

    /// The node with this id.
    pub fn node(&self, id: NavId) -> &NavNode {
        &self.nodes[id.0 as usize]
    }

    /// How many nodes there are; their ids are the numbers below that.
    pub fn n_nodes(&self) -> usize {
        self.nodes.len()
    }

    /// The nodes from the home page down to `id`, both included.
    pub fn path(&self, id: NavId) -> Vec<NavId> {
        let mut path: Vec<NavId> = std::iter::successors(Some(id), |&id| self.node(id).parent).collect();
        path.reverse();
        path
    }

    /// The children of a node that lists show.
    pub fn visible(&self, id: NavId) -> &[NavId] {
        &self.node(id).visible
    }

    /// The node before and after in reading order.
    pub fn neighbours(&self, id: NavId) -> (Option<NavId>, Option<NavId>) {
        let Some(position) = self.node(id).position else { return (None, None) };
        let position = position as usize;
        let before = position.checked_sub(1).and_then(|before| self.order.get(before));
        (before.copied(), self.order.get(position + 1).copied())
    }

    /// A folder that is not named comes where the first page in it does.
    fn rank(&mut self, first: &[UrlPath]) {
        if first.is_empty() {
            return;
        }
        let ids = self.nodes.iter().enumerate().map(|(index, node)| (node.url.clone(), NavId(index as u32)));
        let at: HashMap<UrlPath, NavId> = ids.collect();
        for (rank, url) in first.iter().enumerate() {
            let mut next = at.get(url).copied();
            while let Some(id) = next {
                let node = &mut self.nodes[id.0 as usize];
                node.rank.get_or_insert(rank as u32);
                next = node.parent;
            }
        }
    }

    fn sort(&mut self) {
        (0..self.nodes.len() as u32).for_each(|index| self.sort_children(NavId(index)));
    }

    fn sort_children(&mut self, id: NavId) {
        let mut children = std::mem::take(&mut self.nodes[id.0 as usize].children);
        // By id at last, so that the order never depends on the one before.
        children.sort_by(|&a, &b| compare(self.node(a), self.node(b)).then(a.cmp(&b)));
        let visible: Vec<NavId> = children.iter().copied().filter(|&child| !self.node(child).hidden).collect();
        for (place, child) in visible.iter().enumerate() {
            self.nodes[child.0 as usize].place = place;
        }
        let node = &mut self.nodes[id.0 as usize];
        (node.children, node.visible) = (children, visible);
    }

    fn number(&mut self) {
        self.order.clear();
        self.nodes.iter_mut().for_each(|node| node.position = None);
        let mut open = vec![NavTree::ROOT];
        while let Some(id) = open.pop() {
            self.nodes[id.0 as usize].position = Some(self.order.len() as u32);
            self.order.push(id);
            open.extend(self.visible(id).iter().rev());
        }
        let sections = self.visible(NavTree::ROOT).iter().copied().filter(|&id| !self.visible(id).is_empty());
        self.sections = sections.collect();
    }
}

impl NavNode {
    fn set_fields(&mut self, page: &Page) {
        self.title = page.front.nav_title.clone().unwrap_or_else(|| page.title.clone());
        self.weight = page.front.weight;
        self.hidden = page.front.nav_hidden;
    }
}

struct Builder {
    nodes: Vec<NavNode>,
    by_folder: HashMap<String, NavId>,
}

impl Builder {
    /// The node at this place; it and the folders above it are made when they are not there yet.
    fn node(&mut self, parts: &[&str]) -> NavId {
        let mut id = NavTree::ROOT;
        let mut key = String::new();
        for part in parts {
            key.push('/');
            key.push_str(part);
            if let Some(&known) = self.by_folder.get(&key) {
                id = known;
                continue;
            }
            let parent = id;
            id = NavId(self.nodes.len() as u32);
            let url = UrlPath::of_folder(&key);
            self.nodes.push(folder_node(&title_from_name(part), url, Some(parent)));
            self.nodes[parent.0 as usize].children.push(id);
            self.by_folder.insert(key.clone(), id);
        }
        id
    }
}

fn folder_node(title: &str, url: UrlPath, parent: Option<NavId>) -> NavNode {
    NavNode {
        title: title.to_string(),
        url,
        page: None,
        rank: None,
        weight: None,
        hidden: false,
        parent,
        children: Vec::new(),
        visible: Vec::new(),
        place: 0,
        position: None,
    }
}

/// By rank, then by weight, those without last; then by title as people sort, `Level 2` before `Level 10`; then by address.
fn compare(a: &NavNode, b: &NavNode) -> Ordering {
    let ranks = without_last(a.rank, b.rank, u32::cmp);
    let weights = || without_last(a.weight, b.weight, f64::total_cmp);
    ranks.then_with(weights).then_with(|| natural(&a.title, &b.title)).then_with(|| a.url.cmp(&b.url))
}

fn without_last<T>(a: Option<T>, b: Option<T>, compare: impl Fn(&T, &T) -> Ordering) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => compare(&a, &b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// Compares without regard to case, and numbers by their value.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (Some(x), Some(y)) = (a.chars().next(), b.chars().next()) else { return a.len().cmp(&b.len()) };
        if x.is_ascii_digit() && y.is_ascii_digit() {
            let (m, n) = (digits(a), digits(b));
            let (p, q) = (a[..m].trim_start_matches('0'), b[..n].trim_start_matches('0'));
            let order = p.len().cmp(&q.len()).then_with(|| p.cmp(q));
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (&a[m..], &b[n..]);
            continue;
        }
        let order = x.to_lowercase().cmp(y.to_lowercase());
        if order != Ordering::Equal {
            return order;
        }
        (a, b) = (&a[x.len_utf8()..], &b[y.len_utf8()..]);
    }
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_sort_as_people_sort() {
        let mut titles = ["level 10", "Level 2", "apple", "Zebra", "level 2b", "Level"];
        titles.sort_by(|a, b| natural(a, b));
        assert_eq!(titles, ["apple", "Level", "Level 2", "level 2b", "level 10", "Zebra"]);
    }
}
