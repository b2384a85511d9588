//! The pipeline, on one screen.
//!
//! Files → sources → pages → site. A build begins with [`Site::empty`]; whoever watches hands in the site before the
//! edit, which is the cache: a page whose file and options are the same is taken over as it is. Nothing here knows
//! which command called it.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::project::theme::{StaticBytes, StaticFile};
use crate::site::asset::{Asset, AssetBytes, Origin};
use crate::site::page::{self, Page};
use crate::site::url::UrlPath;
use crate::site::{Files, Site, assemble, style};
use crate::source::walk::{self, Look};
use crate::source::{self, Entry, Kind, SourcePath, Stamp, image};

/// Which files may have changed. May only be too large.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changes {
    /// Any: always right.
    All,
    /// These files of the content and no others; each may have been changed, added or removed. What they are is found
    /// out here, and more is read than these when they turn out to be new or gone.
    Paths(BTreeSet<SourcePath>),
}

/// Brings the site up to date. `Site::empty()` as `before` makes this a full build. `problems` are those of the project.
pub fn update(before: &Site, project: &Arc<Project>, problems: Vec<Diagnostic>, changes: Changes) -> Site {
    let patched = match &changes {
        Changes::Paths(paths) if Arc::ptr_eq(project, &before.project) => patch(before, paths),
        _ => None,
    };
    let files = patched.unwrap_or_else(|| read_all(before, project));
    assemble(project.clone(), files, before, problems)
}

/// The files of `before` with these looked at again. `None` when the list of files is another one now, or when it is
/// not certain that it is the same.
fn patch(before: &Site, paths: &BTreeSet<SourcePath>) -> Option<Files> {
    let project = &before.project;
    let mut files = Files {
        pages: before.pages.clone(),
        assets: before.assets.clone(),
        n_content_assets: before.n_content_assets,
        unread: before.unread.clone(),
    };
    let mut same_style = true;
    for path in paths {
        let file = path.in_folder(&project.folders.content);
        let known = before.page_of_file(path.as_str());
        let asset = before.asset_of_file(path);
        match (known, asset, walk::look(&file)) {
            (Some(id), _, Look::File(..)) => {
                let page = &mut files.pages[id.0 as usize];
                let (read, found) = read_page(Some(page), before, project, true, path, page.kind);
                // What cannot be read is reported in the order of the files, which only the walk knows.
                *page = read.filter(|_| found.is_empty())?;
                same_style &= page.document.features.compat == before.page(id).document.features.compat;
            }
            (None, Some(id), Look::File(size, mtime_ns))
                if source::unreadable(&project.folders.content, &project.prefix, path).is_none() =>
            {
                let entry = Entry { path: path.clone(), kind: Kind::Asset, size, mtime_ns };
                files.assets[id.0 as usize] = Arc::new(asset_of(project, &entry));
            }
            // Made and gone again between two looks, as editors do with their test files.
            (None, None, Look::Nothing) => {}
            _ => return None,
        }
    }
    if !same_style {
        // The style sheet is the last of the assets.
        *files.assets.last_mut()? = Arc::new(style::sheet(project, &files.pages));
    }
    Some(files)
}

/// All files, each one's page or asset taken over from `before` when nothing that it depends on has changed.
fn read_all(before: &Site, project: &Arc<Project>) -> Files {
    let (entries, mut unread) = source::walk(&project.folders.content, &project.prefix, &project.not_content());
    let same_place = before.project.folders.content == project.folders.content;
    let same_options = same_place && before.project.markdown_options() == project.markdown_options();
    let (files, assets): (Vec<&Entry>, Vec<&Entry>) = entries.iter().partition(|entry| entry.kind != Kind::Asset);
    let read = |entry: &&Entry| {
        let known = before.page_of_file(entry.path.as_str()).map(|id| &before.pages[id.0 as usize]);
        match known.filter(|page| same_options && page.kind == entry.kind) {
            Some(page)
                if (page.stamp.size, page.stamp.mtime_ns) == (entry.size, entry.mtime_ns)
                    && !walk::is_recent(entry.mtime_ns) =>
            {
                (Some(page.clone()), Vec::new())
            }
            known => read_page(known, before, project, same_options, &entry.path, entry.kind),
        }
    };
    let read: Vec<(Option<Arc<Page>>, Vec<Diagnostic>)> = files.par_iter().map(read).collect();
    let mut pages = Vec::with_capacity(read.len());
    for (page, found) in read {
        pages.extend(page);
        unread.extend(found);
    }
    let known: HashMap<&str, &Arc<Asset>> = before.assets.iter().map(|asset| (asset.file.as_str(), asset)).collect();
    let look_at = |entry: &&Entry| {
        let known = known.get(project.file_name(&entry.path).as_str()).filter(|asset| {
            same_place
                && asset.origin == Origin::Project
                && (asset.stamp.size, asset.stamp.mtime_ns) == (entry.size, entry.mtime_ns)
                && !walk::is_recent(entry.mtime_ns)
                && matches!(&asset.bytes, AssetBytes::File(file) if file.starts_with(&project.folders.content))
        });
        known.map_or_else(|| Arc::new(asset_of(project, entry)), |&asset| asset.clone())
    };
    // A file that may not be read is a problem of that file; met while the site is written, it would stop everything.
    let closed = assets
        .par_iter()
        .filter_map(|entry| source::unreadable(&project.folders.content, &project.prefix, &entry.path));
    unread.par_extend(closed);
    let mut assets: Vec<Arc<Asset>> = assets.par_iter().map(look_at).collect();
    let n_content_assets = assets.len();
    let published = project.theme.files.iter().filter(|(path, _)| style::is_published(project, path));
    assets.extend(published.map(|(path, file)| Arc::new(theme_asset(path, file))));
    assets.push(Arc::new(style::sheet(project, &pages)));
    Files { pages, assets, n_content_assets, unread }
}

/// The page of a file: `known` when its bytes are the same.
fn read_page(
    known: Option<&Arc<Page>>,
    before: &Site,
    project: &Project,
    same_options: bool,
    path: &SourcePath,
    kind: Kind,
) -> (Option<Arc<Page>>, Vec<Diagnostic>) {
    let (source, found) = source::read(&project.folders.content, &project.prefix, path);
    let Some(source) = source else { return (None, found) };
    if let Some(page) = known
        && same_options
        && page.stamp.hash == source.stamp.hash
    {
        return (Some(page.clone()), Vec::new());
    }
    let file = project.file_name(path);
    let page = page::read(&source, kind, &file, found, &project.markdown_options(), &before.snippets);
    (Some(Arc::new(page)), Vec::new())
}

fn asset_of(project: &Project, entry: &Entry) -> Asset {
    let path = entry.path.in_folder(&project.folders.content);
    Asset {
        url: UrlPath::of_file(entry.path.as_str()),
        size: image::size(&path),
        bytes: AssetBytes::File(path),
        file: project.file_name(&entry.path),
        origin: Origin::Project,
        version: 0,
        stamp: Stamp { size: entry.size, mtime_ns: entry.mtime_ns, hash: 0 },
    }
}

fn theme_asset(path: &str, file: &StaticFile) -> Asset {
    let (bytes, size) = match &file.bytes {
        StaticBytes::File(file) => (AssetBytes::File(file.clone()), image::size(Path::new(file))),
        StaticBytes::Embedded(bytes) => (AssetBytes::Embedded(bytes), None),
        StaticBytes::Made(bytes) => (AssetBytes::Made(bytes.clone()), None),
    };
    let stamp = match &bytes {
        AssetBytes::File(file) => walk::stamp(file),
        AssetBytes::Embedded(bytes) => Stamp { size: bytes.len() as u64, ..Stamp::default() },
        AssetBytes::Made(bytes) => Stamp { size: bytes.len() as u64, ..Stamp::default() },
    };
    let origin = if file.of_project { Origin::Project } else { Origin::Theme };
    Asset { url: UrlPath::of_file(path), bytes, file: file.file.clone(), origin, size, version: file.version, stamp }
}
