//! One page: what its own file says, and nothing else.

use crate::diagnostic::{Code, Diagnostic};
use crate::markdown::snippets::Snippets;
use crate::markdown::{self, Document, Options};
use crate::site::moved::{self, Moved};
use crate::site::url::UrlPath;
use crate::source::front_matter::{self, FrontMatter};
use crate::source::{Kind, Source, SourcePath, Stamp, page_role};

/// A page as its file makes it. Depends on that file's bytes and path and on the options alone, so that it can be kept
/// as long as they are the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Its file.
    pub path: SourcePath,
    /// Whether it stands for its folder.
    pub kind: Kind,
    /// The state of the file when it was read.
    pub stamp: Stamp,
    /// What it says about itself.
    pub front: FrontMatter,
    /// Its title: from the front matter, else from the first heading, else from the file's name.
    pub title: String,
    /// Where it will be published.
    pub url: UrlPath,
    /// Its text.
    pub document: Document,
    /// Sections that it had and that are elsewhere now.
    pub moved: Vec<Moved>,
    /// What was wrong in the file, with its name.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a page. `file` is what messages call its file; `problems` are those that reading the bytes gave. `known` is code
/// whose colours need not be worked out again, and changes nothing.
pub fn read(
    source: &Source,
    kind: Kind,
    file: &str,
    problems: Vec<Diagnostic>,
    options: &Options,
    known: &Snippets,
) -> Page {
    let (mut front, body, mut found) = front_matter::read(&source.text);
    let mut options = options.clone();
    options.dialect = front.dialect.unwrap_or(options.dialect);
    let former = moved::flattened(&front.anchors, &mut found);
    options.former_ids = moved::of_headings(&former);
    options.language = front.lang.clone().unwrap_or(options.language);
    let mut document = markdown::read_knowing(&source.text, body, front.title.as_deref(), &options, known);
    found.append(&mut document.diagnostics);
    let moved = moved::elsewhere(former, &mut document, &mut found);
    let url = url(&source.path, kind, &front, &mut found);
    // What wrong addresses show is nothing to go to, whether we write it or the owner does.
    if url.as_str() == "/404.html" {
        front.nav_hidden = true;
        front.noindex = true;
    }
    let title = title(&source.path, kind, &front, &document);
    let mut diagnostics = problems;
    diagnostics.extend(found.into_iter().map(|problem| problem.in_file(file)));
    Page { path: source.path.clone(), kind, stamp: source.stamp, front, title, url, document, moved, diagnostics }
}

fn url(path: &SourcePath, kind: Kind, front: &FrontMatter, problems: &mut Vec<Diagnostic>) -> UrlPath {
    let own = UrlPath::of_source(path, kind);
    if let Some(url) = &front.url {
        match UrlPath::resolve(&UrlPath::root(), &url.value) {
            Some(url) => return url.without_index().as_written(),
            None => problems.push(
                Diagnostic::new(Code::FrontMatterValue, format!("`url` leads out of the site: `{}`", url.value))
                    .at(url.span)
                    .help("write a path from the site's root, such as `/people/time-off/`"),
            ),
        }
    }
    match &front.slug {
        Some(slug) if own != UrlPath::root() => own.with_slug(&slug.value),
        _ => own,
    }
}

fn title(path: &SourcePath, kind: Kind, front: &FrontMatter, document: &Document) -> String {
    let heading = || document.title.as_ref().or(document.outline.first()).map(|heading| heading.text.clone());
    let given = front.title.clone().or_else(heading).filter(|title| !title.trim().is_empty());
    given.unwrap_or_else(|| {
        let (folders, name) = page_role(path, kind);
        name.or(folders.last().copied()).map_or_else(|| "Home".to_string(), title_from_name)
    })
}

/// A title from the name of a file or folder: `time-off` is `Time off`.
pub fn title_from_name(name: &str) -> String {
    let spaced = name.replace(['-', '_'], " ");
    let mut chars = spaced.trim().chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => name.to_string(),
    }
}
