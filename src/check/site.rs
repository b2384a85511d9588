//! What shows only when the whole site is looked at, and what is so cheap to see that nobody needs to remember it.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::project::check::Level;
use crate::site::asset::Asset;
use crate::site::link::{self, From, Target};
use crate::site::nav::NavTree;
use crate::site::page::Page;
use crate::site::routes::Route;
use crate::site::{PageId, Site};
use crate::source::image;

/// What shows only when all pages are looked at, or the day.
pub const OF_WHOLE: &[Code] = &[Code::TitleDuplicate, Code::PageOrphan, Code::ImageLarge, Code::ReviewDue];

/// What is wrong with the site as a whole. `today` is the day on which reviews are due.
pub fn of_site(site: &Site, today: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (id, page) in published(site) {
        found.extend(of_page(site, id));
        found.extend(review(site, page, today));
    }
    let is_on = |code: Code| site.project.config.check.level(code) != Level::Off;
    if is_on(Code::TitleDuplicate) {
        found.extend(duplicate_titles(site));
    }
    if is_on(Code::PageOrphan) {
        found.extend(orphans(site));
    }
    if is_on(Code::ImageLarge) {
        found.extend(large_images(site));
    }
    found
}

/// What is wrong with one page and is not read from its text.
pub fn of_page(site: &Site, id: PageId) -> Vec<Diagnostic> {
    let page = site.page(id);
    let settings = &site.project.config.check;
    let mut found = Vec::new();
    let mut report = |code: Code, message: String, help: &str| {
        if settings.level(code) != Level::Off {
            let problem = Diagnostic::new(code, message).in_file(site.project.file_name(&page.path));
            found.push(problem.help(help));
        }
    };
    let has_heading = page.document.title.is_some() || !page.document.outline.is_empty();
    if page.front.title.is_none() && !has_heading {
        let message = format!("this page has no title, so it is called `{}` after its file", page.title);
        report(Code::TitleMissing, message, "write `title: …` above the text, or begin with a heading: `# …`");
    }
    if page.front.description.is_none() {
        let message = "this page has no description, so search engines show the beginning of its text".to_string();
        report(Code::DescriptionMissing, message, "write `description: …` above the text, one or two sentences");
    }
    if page.stamp.size > settings.page_size * 1000 {
        let message = format!("this page has {} kB of text, more than {}", page.stamp.size / 1000, settings.page_size);
        report(Code::PageLarge, message, "split it into several; `page_size` under `[check]` sets the limit");
    }
    found
}

/// The pages that readers can come to.
fn published(site: &Site) -> impl Iterator<Item = (PageId, &Page)> {
    let pages = site.pages.iter().enumerate().map(|(index, page)| (PageId(index as u32), page.as_ref()));
    pages.filter(|(id, page)| site.routes.at(&page.url) == Some(Route::Page(*id)) && page.url.as_str() != "/404.html")
}

fn review(site: &Site, page: &Page, today: &str) -> Option<Diagnostic> {
    // Days are written as they sort.
    let due = page.front.next_review().filter(|due| due.as_str() < today)?;
    let whose = match page.front.owners.join(", ") {
        owners if owners.is_empty() => String::new(),
        owners => format!(" by {owners}"),
    };
    let problem = Diagnostic::new(Code::ReviewDue, format!("this page was to be reviewed{whose} by {due}"));
    let problem = problem.in_file(site.project.file_name(&page.path));
    Some(problem.help(format!("make sure that it is right, and write `reviewed: {today}`")))
}

fn duplicate_titles(site: &Site) -> Vec<Diagnostic> {
    let mut by_title: BTreeMap<&str, Vec<&Page>> = BTreeMap::new();
    for (_, page) in published(site) {
        by_title.entry(page.title.trim()).or_default().push(page);
    }
    let several = by_title.into_iter().filter(|(_, pages)| pages.len() > 1);
    let report = |(title, pages): (&str, Vec<&Page>)| -> Vec<Diagnostic> {
        let first = site.project.file_name(&pages[0].path);
        let rest = pages[1..].iter().map(|page| {
            let message = format!("`{title}` is the title of `{first}` too, so that search results look the same");
            let problem = Diagnostic::new(Code::TitleDuplicate, message).in_file(site.project.file_name(&page.path));
            problem.help("say in the title what is different")
        });
        rest.collect()
    };
    several.flat_map(report).collect()
}

/// Pages that no list shows and no link leads to.
fn orphans(site: &Site) -> Vec<Diagnostic> {
    let is_listed = |id: PageId| {
        site.nav.of_page[id.0 as usize].is_some_and(|nav| nav == NavTree::ROOT || site.nav.node(nav).position.is_some())
    };
    let mut alone: HashSet<PageId> = published(site).map(|(id, _)| id).filter(|&id| !is_listed(id)).collect();
    if alone.is_empty() {
        return Vec::new();
    }
    for item in site.menus.main.iter().flatten().chain(site.menus.bars.iter().flat_map(|bar| &bar.items)) {
        if let Some(page) = item.page {
            alone.remove(&page);
        }
    }
    for (id, page) in published(site) {
        if alone.is_empty() {
            break;
        }
        let from = From { url: &page.url, path: Some(&page.path), page: Some(id) };
        for link in &page.document.links {
            if let Target::Page(to) = link::resolve_once(site, from, link).target
                && to != id
            {
                alone.remove(&to);
            }
        }
    }
    let mut alone: Vec<PageId> = alone.into_iter().collect();
    alone.sort();
    let report = |id: PageId| {
        let problem = Diagnostic::new(Code::PageOrphan, "no page links here, and the navigation leaves it out");
        let problem = problem.in_file(site.project.file_name(&site.page(id).path));
        problem.help("link to it, show it in the navigation, or make it a draft")
    };
    alone.into_iter().map(report).collect()
}

fn large_images(site: &Site) -> Vec<Diagnostic> {
    let limit = site.project.config.check.image_size;
    let images = site.assets[..site.n_content_assets].iter();
    let large = images.filter(|asset| asset.stamp.size > limit * 1000 && image::is_name_of_one(asset.url.as_str()));
    let report = |asset: &Arc<Asset>| {
        let pixels = asset.size.map(|(width, height)| format!(" ({width} × {height} pixels)")).unwrap_or_default();
        let message = format!("this image has {} kB{pixels}, more than {limit}", asset.stamp.size / 1000);
        let problem = Diagnostic::new(Code::ImageLarge, message).in_file(asset.file.clone());
        problem.help("save it smaller, or as WebP; `image_size` under `[check]` sets the limit")
    };
    large.map(report).collect()
}
