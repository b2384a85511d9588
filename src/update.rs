//! The pipeline, on one screen.
//!
//! Files → sources → pages → site. A build begins with [`Site::empty`]; whoever watches hands in the site before the
//! edit, which is the cache: a page whose file and options are the same is taken over as it is. Nothing here knows
//! which command called it.

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::project::theme::{StaticBytes, StaticFile};
use crate::site::asset::{Asset, AssetBytes, Origin};
use crate::site::page::{self, Page};
use crate::site::url::UrlPath;
use crate::site::{Site, assemble, style};
use crate::source::{self, Entry, Kind, image};

/// Which files may have changed. May only be too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changes {
    /// Any: always right.
    All,
}

/// Brings the site up to date. `Site::empty()` as `before` makes this a full build. `problems` are those of the project.
pub fn update(before: &Site, project: &Arc<Project>, problems: Vec<Diagnostic>, changes: Changes) -> Site {
    let Changes::All = changes;
    let mut problems = problems;
    let (entries, found) = source::walk(&project.folders.content, &project.prefix, &project.not_content());
    problems.extend(found);
    // Another content folder has other files, and messages name them.
    let same_options =
        before.project.markdown_options() == project.markdown_options() && before.project.prefix == project.prefix;
    let (files, assets): (Vec<&Entry>, Vec<&Entry>) = entries.iter().partition(|entry| entry.kind != Kind::Asset);
    let read: Vec<(Option<Arc<Page>>, Vec<Diagnostic>)> =
        files.into_par_iter().map(|entry| read_page(before, project, same_options, entry)).collect();
    let mut pages = Vec::with_capacity(read.len());
    for (page, found) in read {
        pages.extend(page);
        problems.extend(found);
    }
    let mut assets: Vec<Arc<Asset>> = assets.into_par_iter().map(|entry| Arc::new(asset(project, entry))).collect();
    let published = project.theme.files.iter().filter(|(path, _)| style::is_published(project, path));
    assets.extend(published.map(|(path, file)| Arc::new(theme_asset(path, file))));
    assets.push(Arc::new(style::sheet(project, &pages)));
    assemble(project.clone(), pages, assets, before, problems)
}

/// The page of a file: the one before when nothing that it depends on has changed.
fn read_page(
    before: &Site,
    project: &Project,
    same_options: bool,
    entry: &Entry,
) -> (Option<Arc<Page>>, Vec<Diagnostic>) {
    let known = before.page_of_file(entry.path.as_str()).map(|id| &before.pages[id.0 as usize]);
    if let Some(page) = known
        && same_options
        && page.kind == entry.kind
        && (page.stamp.size, page.stamp.mtime_ns) == (entry.size, entry.mtime_ns)
    {
        return (Some(page.clone()), Vec::new());
    }
    let (source, found) = source::read(&project.folders.content, &project.prefix, &entry.path);
    let Some(source) = source else { return (None, found) };
    let file = project.file_name(&entry.path);
    (Some(Arc::new(page::read(&source, entry.kind, &file, found, &project.markdown_options()))), Vec::new())
}

fn asset(project: &Project, entry: &Entry) -> Asset {
    let path = entry.path.in_folder(&project.folders.content);
    Asset {
        url: UrlPath::of_file(entry.path.as_str()),
        size: image::size(&path),
        bytes: AssetBytes::File(path),
        file: project.file_name(&entry.path),
        origin: Origin::Project,
        version: 0,
    }
}

fn theme_asset(path: &str, file: &StaticFile) -> Asset {
    let (bytes, size) = match &file.bytes {
        StaticBytes::File(file) => (AssetBytes::File(file.clone()), image::size(Path::new(file))),
        StaticBytes::Embedded(bytes) => (AssetBytes::Embedded(bytes), None),
        StaticBytes::Made(bytes) => (AssetBytes::Made(bytes.clone()), None),
    };
    let origin = if file.of_project { Origin::Project } else { Origin::Theme };
    Asset { url: UrlPath::of_file(path), bytes, file: file.file.clone(), origin, size, version: file.version }
}
