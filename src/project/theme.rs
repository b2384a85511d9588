//! The theme, in three layers: the project's own files, the named theme's, the default theme's. The first layer that
//! has a file wins, file by file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use walkdir::WalkDir;

use crate::diagnostic::{Code, Diagnostic};
use crate::project::compact;
use crate::source::describe;
use crate::source::is_built_site;
use crate::source::special;
use crate::value::Spanned;

/// The name of the theme inside the binary.
pub const DEFAULT: &str = "default";

/// The files that the site's one style sheet is made of, in its order: the frame, the text, the classes of other
/// handbooks, and whatever the owner adds.
pub const STYLE_SHEETS: [&str; 4] =
    ["assets/theme.css", "assets/content.css", "assets/compat.css", "assets/custom.css"];

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/themes/default");

/// Templates and files of all layers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Theme {
    /// The templates by name, such as `page.html` or `partials/head.html`.
    pub templates: BTreeMap<String, Template>,
    /// The files that are published as they are, by path.
    pub files: BTreeMap<String, StaticFile>,
}

/// A template's text.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// What messages call its file.
    pub file: String,
    /// Its text.
    pub text: Arc<str>,
}

/// A file that is published as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct StaticFile {
    /// What messages call it.
    pub file: String,
    /// Where its bytes are.
    pub bytes: StaticBytes,
    /// Whether it is the project's own and not a theme's.
    pub of_project: bool,
    /// The hash of its bytes, for style sheets and scripts, whose addresses change with it; else 0.
    pub version: u32,
}

/// Where a static file's bytes are.
#[derive(Debug, Clone, PartialEq)]
pub enum StaticBytes {
    /// In a file.
    File(PathBuf),
    /// In this program.
    Embedded(&'static [u8]),
    /// Here.
    Made(Arc<[u8]>),
}

/// Reads the layers of the project at `root`. A theme that is not there is an error; the default theme is used then.
pub fn read(root: &Path, name: &Spanned<String>) -> (Theme, Vec<Diagnostic>) {
    let mut theme = Theme::default();
    let mut problems = Vec::new();
    embedded(&EMBEDDED, &mut theme);
    let own = root.join("themes").join(&name.value);
    if own.is_dir() {
        // A folder of the built-in theme's name holds its files, which keep to the rules of `compact`.
        let whose = if name.value == DEFAULT { Whose::Ours } else { Whose::Theme };
        layer(root, &own, whose, &mut theme, &mut problems);
    } else if name.value != DEFAULT {
        let message = format!("there is no theme `{}`: the folder `themes/{0}` is not there", name.value);
        let names = names(&root.join("themes"));
        let help = match names.is_empty() {
            true => format!("create the folder, or write `theme = \"{DEFAULT}\"`"),
            false => format!("the themes here are {}", names.join(", ")),
        };
        problems.push(Diagnostic::new(Code::ConfigValue, message).at(name.span).help(help));
    }
    layer(root, root, Whose::Project, &mut theme, &mut problems);
    (theme, problems)
}

fn names(themes: &Path) -> Vec<String> {
    let folders = WalkDir::new(themes).min_depth(1).max_depth(1).sort_by_file_name().into_iter().flatten();
    let folders = folders.filter(|entry| entry.file_type().is_dir());
    folders.map(|entry| format!("`{}`", entry.file_name().to_string_lossy())).chain([format!("`{DEFAULT}`")]).collect()
}

fn embedded(dir: &Dir<'static>, theme: &mut Theme) {
    for file in dir.files() {
        let Some(path) = file.path().to_str() else { continue };
        let path = path.replace('\\', "/");
        let name = format!("themes/{DEFAULT}/{path}");
        if let Some(template) = path.strip_prefix("templates/")
            && let Some(text) = file.contents_utf8()
        {
            theme.templates.insert(template.to_string(), Template { file: name, text: text.into() });
        } else if let Some(path) = path.strip_prefix("static/") {
            let bytes = match file.contents_utf8() {
                Some(text) if is_versioned(path) => StaticBytes::Made(compacted(path, text).into()),
                _ => StaticBytes::Embedded(file.contents()),
            };
            let version = match &bytes {
                StaticBytes::Made(bytes) => version(path, bytes),
                _ => version(path, file.contents()),
            };
            theme.files.insert(path.to_string(), StaticFile { file: name, bytes, of_project: false, version });
        }
    }
    for below in dir.dirs() {
        embedded(below, theme);
    }
}

/// Whose files a layer holds.
#[derive(Clone, Copy, PartialEq)]
enum Whose {
    Ours,
    Theme,
    Project,
}

fn compacted(path: &str, text: &str) -> Vec<u8> {
    let small = if path.ends_with(".css") { compact::style(text) } else { compact::script(text) };
    small.into_bytes()
}

/// Lays the `templates` and `static` folders of `folder` over what is there.
fn layer(root: &Path, folder: &Path, whose: Whose, theme: &mut Theme, problems: &mut Vec<Diagnostic>) {
    for (path, file, name) in files(root, &folder.join("templates"), problems) {
        match std::fs::read(&file).map(String::from_utf8) {
            Ok(Ok(text)) => drop(theme.templates.insert(path, Template { file: name, text: text.into() })),
            Ok(Err(_)) => problems.push(Diagnostic::new(Code::Template, "this template is not UTF-8").in_file(name)),
            Err(error) => problems.push(unreadable(&name, &describe(&error))),
        }
    }
    for (path, file, name) in files(root, &folder.join("static"), problems) {
        let read = is_versioned(&path).then(|| std::fs::read(&file).ok()).flatten();
        let read = match read.map(String::from_utf8) {
            Some(Ok(text)) if whose == Whose::Ours => Some(compacted(&path, &text)),
            Some(Ok(text)) => Some(text.into_bytes()),
            Some(Err(error)) => Some(error.into_bytes()),
            None => None,
        };
        let version = read.as_ref().map_or(0, |bytes| version(&path, bytes));
        let bytes = match read {
            Some(bytes) if whose == Whose::Ours || STYLE_SHEETS.contains(&path.as_str()) => {
                StaticBytes::Made(bytes.into())
            }
            _ => StaticBytes::File(file),
        };
        let of_project = whose == Whose::Project;
        theme.files.insert(path, StaticFile { file: name, bytes, of_project, version });
    }
}

/// The files below a folder: path in it, path on disk, name for messages. Names that begin with `.` are left out,
/// except `.well-known`, which has to be published, and so are sites that earlier builds wrote.
fn files(root: &Path, folder: &Path, problems: &mut Vec<Diagnostic>) -> Vec<(String, PathBuf, String)> {
    if !folder.is_dir() {
        return Vec::new();
    }
    let name = |path: &Path| path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
    let real = root.canonicalize().ok();
    let is_inside = |path: &Path| match (path.canonicalize(), &real) {
        (Ok(target), Some(real)) => target.starts_with(real),
        // What is wrong with it is told where it is read.
        _ => true,
    };
    if !is_inside(folder) {
        problems.push(leads_out(name(folder)));
        return Vec::new();
    }
    let mut found = Vec::new();
    let is_shown = |name: &std::ffi::OsStr| !name.as_encoded_bytes().starts_with(b".") || name == ".well-known";
    let mut entries = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let file = error.path().map_or_else(|| name(folder), name);
                let why = error.io_error().map_or_else(|| "it leads in a circle".to_string(), describe);
                problems.push(unreadable(&file, &why));
                continue;
            }
        };
        let is_wanted = entry.depth() == 0 || is_shown(entry.file_name()) && !is_built_site(&entry);
        let is_out = is_wanted && entry.path_is_symlink() && !is_inside(entry.path());
        if is_out {
            problems.push(leads_out(name(entry.path())));
        }
        if is_out || !is_wanted {
            // Links are judged before anything below them is read.
            if entry.file_type().is_dir() {
                entries.skip_current_dir();
            }
            continue;
        }
        if let Some(what) = special(entry.file_type()) {
            let problem = Diagnostic::new(Code::SourceUnreadable, format!("this is {what}, not a file"));
            problems.push(problem.in_file(name(entry.path())).help("move it elsewhere"));
            continue;
        }
        if !entry.file_type().is_file() {
            continue;
        }
        let path = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        match path.to_str() {
            Some(path) => found.push((path.replace('\\', "/"), entry.path().to_owned(), name(entry.path()))),
            None => problems.push(
                Diagnostic::new(Code::SourceName, "this file's name is not Unicode, so it cannot be a URL")
                    .in_file(name(entry.path()))
                    .help("rename it"),
            ),
        }
    }
    found
}

fn is_versioned(path: &str) -> bool {
    path.ends_with(".css") || path.ends_with(".js") || path.ends_with(".woff2")
}

/// What an address of a style sheet or script carries, so that browsers notice when the file is another.
pub fn version(path: &str, bytes: &[u8]) -> u32 {
    if is_versioned(path) { xxhash_rust::xxh3::xxh3_64(bytes) as u32 } else { 0 }
}

fn leads_out(file: String) -> Diagnostic {
    Diagnostic::new(Code::SourceUnreadable, "this link leads out of the project's folder")
        .in_file(file)
        .help("put a copy of what it leads to here: whatever is in this folder is published or is part of every page")
}

fn unreadable(file: &str, error: &str) -> Diagnostic {
    Diagnostic::new(Code::SourceUnreadable, format!("this cannot be read: {error}"))
        .in_file(file)
        .help("check that it is there and that you may read it")
}
