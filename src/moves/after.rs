//! The site as it will be, without touching a file.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::edit::apply;
use crate::moves::place::Move;
use crate::project::{CONFIG_NAME, Project, config};
use crate::render::link_problems;
use crate::site::asset::Asset;
use crate::site::page::{self, Page};
use crate::site::url::UrlPath;
use crate::site::{Files, Site, assemble};
use crate::source::{Entry, Kind, Source, SourcePath, Stamp, name_folder_pages};

/// The texts of files, each read once. Files are named as messages call them.
pub struct Texts<'a> {
    read: &'a mut dyn FnMut(&str) -> Option<String>,
    known: HashMap<String, Option<String>>,
}

impl<'a> Texts<'a> {
    /// Texts that `read` gives.
    pub fn new(read: &'a mut dyn FnMut(&str) -> Option<String>) -> Texts<'a> {
        Texts { read, known: HashMap::new() }
    }

    /// A file's text, if it can be read.
    pub fn get(&mut self, file: &str) -> Option<&str> {
        if !self.known.contains_key(file) {
            self.known.insert(file.to_string(), (self.read)(file));
        }
        self.known.get(file)?.as_deref()
    }
}

/// The site after a move and edits. Only pages that are moved or edited are read anew.
pub fn moved(site: &Site, moving: &Move, edits: &BTreeMap<String, Vec<Edit>>, texts: &mut Texts<'_>) -> Site {
    let project = &site.project;
    let new_path = |path: &SourcePath| moving.new_path(path.as_str()).and_then(SourcePath::new);
    let mut entries: Vec<Entry> =
        site.pages.iter().map(|page| entry(new_path(&page.path).unwrap_or_else(|| page.path.clone()))).collect();
    name_folder_pages(&mut entries);
    let mut changed: Vec<(usize, Source, Kind)> = Vec::new();
    for (n, (page, entry)) in site.pages.iter().zip(&entries).enumerate() {
        let file = project.file_name(&page.path);
        if entry.path == page.path && entry.kind == page.kind && !edits.contains_key(&file) {
            continue;
        }
        let Some(text) = texts.get(&file) else { continue };
        let text = edits.get(&file).and_then(|edits| apply(text, edits)).unwrap_or_else(|| text.to_string());
        changed.push((n, Source { path: entry.path.clone(), stamp: Stamp::default(), text }, entry.kind));
    }
    let new_project = match edits.get(CONFIG_NAME) {
        Some(edits) => Arc::new(with_settings(
            project,
            apply(texts.get(CONFIG_NAME).unwrap_or_default(), edits).unwrap_or_default(),
        )),
        None => project.clone(),
    };
    let options = new_project.markdown_options();
    let read = |(n, source, kind): &(usize, Source, Kind)| {
        let file = new_project.file_name(&source.path);
        (*n, Arc::new(page::read(source, *kind, &file, Vec::new(), &options, &site.snippets)))
    };
    let mut pages: Vec<Arc<Page>> = site.pages.clone();
    for (n, page) in changed.par_iter().map(read).collect::<Vec<_>>() {
        pages[n] = page;
    }
    pages.sort_by(|a, b| a.path.cmp(&b.path));
    let n_content_assets = site.n_content_assets;
    let mut assets = site.assets.clone();
    for asset in &mut assets[..n_content_assets] {
        let url = moving.new_file(site, &asset.file);
        if let Some(path) = url.and_then(|_| moving.new_path(in_content(project, &asset.file)?)) {
            let file = SourcePath::new(path.clone()).map(|path| project.file_name(&path));
            let file = file.unwrap_or_else(|| asset.file.clone());
            *asset = Arc::new(Asset { url: UrlPath::of_file(&path), file, ..Asset::clone(asset) });
        }
    }
    assets[..n_content_assets].sort_by(|a, b| a.file.cmp(&b.file));
    let files = Files { pages, assets, n_content_assets, unread: site.unread.clone() };
    let empty = Site { snippets: site.snippets.clone(), ..Site::empty(new_project.clone()) };
    assemble(new_project, files, &empty, Vec::new())
}

fn entry(path: SourcePath) -> Entry {
    Entry { path, kind: Kind::Page, size: 0, mtime_ns: 0 }
}

/// A file's path in the content folder, by the name that messages call it.
fn in_content<'f>(project: &Project, file: &'f str) -> Option<&'f str> {
    match project.prefix.as_str() {
        "" => Some(file),
        prefix => file.strip_prefix(prefix)?.strip_prefix('/'),
    }
}

/// The project with other settings. What the command line set over them stays.
fn with_settings(project: &Project, text: String) -> Project {
    let (mut config, _) = config::read_with(&text, &project.variables);
    config.base_url = project.config.base_url.clone();
    config.drafts = project.config.drafts;
    config.check = project.config.check.clone();
    Project { config, ..project.clone() }
}

/// The problems that the site after has and the site before had not. Names of files in messages may have changed, so it
/// is the number of each kind that tells.
pub fn new_problems(before: &Site, after: &Site) -> Vec<Diagnostic> {
    let (old, new) = (all_problems(before), all_problems(after));
    let count = |problems: &[Diagnostic]| {
        let mut counts: HashMap<Code, usize> = HashMap::new();
        problems.iter().for_each(|problem| *counts.entry(problem.code).or_default() += 1);
        counts
    };
    let (n_old, n_new) = (count(&old), count(&new));
    let known: HashSet<(Code, &str)> = old.iter().map(|problem| (problem.code, problem.message.as_str())).collect();
    let is_new = |problem: &&Diagnostic| {
        n_new.get(&problem.code) > n_old.get(&problem.code)
            && !known.contains(&(problem.code, problem.message.as_str()))
    };
    new.iter().filter(is_new).cloned().collect()
}

fn all_problems(site: &Site) -> Vec<Diagnostic> {
    let links = site.routes.entries.par_iter().flat_map_iter(|(_, route)| link_problems(site, *route));
    let mut problems: Vec<Diagnostic> = links.collect();
    problems.extend(site.diagnostics().cloned());
    problems
}
