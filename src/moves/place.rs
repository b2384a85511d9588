//! What a person means by the old and the new place of something.

use crate::site::Site;
use crate::site::routes::Route;
use crate::site::url::UrlPath;
use crate::source::{Kind, SourcePath, is_left_out};

/// A file or a folder of the content that goes elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Move {
    /// Its path in the content folder.
    pub from: String,
    /// Its path afterwards.
    pub to: String,
    /// Whether it is a folder, with all that is in it.
    pub is_folder: bool,
}

/// Why a move cannot be made, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What is wrong.
    pub message: String,
    /// How to go on.
    pub help: String,
}

impl Move {
    /// Where a file of the content is afterwards; `None` when it stays.
    pub fn new_path(&self, path: &str) -> Option<String> {
        if !self.is_folder {
            return (path == self.from && !self.from.is_empty()).then(|| self.to.clone());
        }
        let below = path.strip_prefix(self.from.as_str())?.strip_prefix('/')?;
        Some(format!("{}/{below}", self.to))
    }

    /// The address afterwards of a file by the name that messages call it; `None` when it stays.
    pub fn new_file(&self, site: &Site, file: &str) -> Option<String> {
        let path = match site.project.prefix.as_str() {
            "" => file,
            prefix => file.strip_prefix(prefix)?.strip_prefix('/')?,
        };
        self.new_path(path).map(|path| UrlPath::of_file(&path).as_str().to_string())
    }
}

/// What is to be moved, and where to: files, folders and addresses are all understood. `exists` says what is at a path of
/// the content folder: `Some(true)` a folder, `Some(false)` a file.
pub fn resolve(site: &Site, old: &str, new: &str, exists: &dyn Fn(&str) -> Option<bool>) -> Result<Move, Refused> {
    let (from, is_folder) = old_place(site, old, exists)?;
    let to = new_place(site, new, &from, is_folder, exists)?;
    let refuse = |message: String, help: &str| Err(Refused { message, help: help.to_string() });
    if from == to {
        return refuse(format!("`{old}` is there already"), "name another place");
    }
    if exists(&to).is_some() && !to.eq_ignore_ascii_case(&from) {
        return refuse(
            format!("there is something at `{}` already", shown(site, &to)),
            "name a place that is free, or move that first",
        );
    }
    if is_folder && to.starts_with(&format!("{from}/")) {
        return refuse("a folder cannot be moved into itself".to_string(), "name a place outside of it");
    }
    match SourcePath::new(to.clone()) {
        Some(path) if !is_left_out(&path) => Ok(Move { from, to, is_folder }),
        Some(_) => refuse(
            format!("`{new}` would be no part of the site"),
            "names that begin with `.` or `_` are left out, and so is `node_modules`; choose another",
        ),
        None => refuse(
            format!("`{new}` is no place for a page"),
            "write it relative to the content folder, such as `people/leave`",
        ),
    }
}

/// A page by its file or address.
pub fn page(site: &Site, written: &str) -> Option<crate::site::PageId> {
    let path = inside(site, written);
    let by_file = || {
        [path.clone(), format!("{path}.md"), format!("{path}.html.md")].iter().find_map(|path| site.page_of_file(path))
    };
    let by_url = || match site.routes.at(&address(site, written)?.as_written()) {
        Some(Route::Page(page)) => Some(page),
        _ => None,
    };
    match written.starts_with('/') || written.contains("://") {
        true => by_url().or_else(by_file),
        false => by_file().or_else(by_url),
    }
}

fn old_place(site: &Site, old: &str, exists: &dyn Fn(&str) -> Option<bool>) -> Result<(String, bool), Refused> {
    let path = inside(site, old);
    let is_address = old.starts_with('/') || old.contains("://");
    if path.is_empty() && !is_address {
        return Err(whole());
    }
    // What is outside of the content is none of ours.
    let exists = |path: &str| exists(path).filter(|_| SourcePath::new(path).is_some());
    if let Some(is_folder) = exists(&path).filter(|_| !is_address) {
        return Ok((path, is_folder));
    }
    let leads_out = !is_address && path.split('/').any(|part| part == "..");
    let found = page(site, old).filter(|_| !leads_out).map(|page| site.page(page));
    let place = match found {
        // The address of a folder's page is that of the folder.
        Some(page) if page.kind == Kind::FolderPage && is_address => (page.path.folder().to_string(), true),
        Some(page) => (page.path.as_str().to_string(), false),
        None => match address(site, old).map(|url| url.as_str().trim_matches('/').to_string()) {
            Some(path) if !leads_out && exists(&path).is_some() => (path.clone(), exists(&path) == Some(true)),
            _ => {
                let message = format!("there is no page, file or folder `{old}`");
                let help = "write the path of a file, or the address of a page such as `/people/leave/`".to_string();
                return Err(Refused { message, help });
            }
        },
    };
    match place {
        (path, true) if path.is_empty() => Err(whole()),
        place => Ok(place),
    }
}

fn whole() -> Refused {
    Refused {
        message: "the content folder itself cannot be moved".to_string(),
        help: "rename the folder, and set `content` in `site.toml`".to_string(),
    }
}

fn new_place(
    site: &Site,
    new: &str,
    from: &str,
    is_folder: bool,
    exists: &dyn Fn(&str) -> Option<bool>,
) -> Result<String, Refused> {
    let name = from.rsplit('/').next().unwrap_or(from);
    let is_address = new.starts_with('/') || new.contains("://");
    let path = match is_address {
        true => match address(site, new) {
            Some(url) => url.as_str().trim_matches('/').to_string(),
            None => {
                let message = format!("`{new}` is no address of this site");
                return Err(Refused { message, help: "write a path such as `/people/leave/`".to_string() });
            }
        },
        false => inside(site, new),
    };
    // As with `mv`: what goes into a folder keeps its name.
    if !is_address && (new.ends_with('/') && !is_folder || exists(&path) == Some(true)) {
        return Ok(if path.is_empty() { name.to_string() } else { format!("{path}/{name}") });
    }
    if is_folder {
        return Ok(path);
    }
    let suffix = page_suffix(name);
    let has_suffix = !page_suffix(&path).is_empty() || suffix.is_empty();
    Ok(if has_suffix { path } else { format!("{path}{suffix}") })
}

/// `.html.md`, `.md` or another ending that makes a file a page.
fn page_suffix(name: &str) -> &str {
    let endings = [".html.md", ".html.markdown", ".md", ".markdown"];
    let ending =
        endings.iter().find(|ending| name.len() > ending.len() && name.to_ascii_lowercase().ends_with(**ending));
    ending.map_or("", |ending| &name[name.len() - ending.len()..])
}

/// A path as it is in the content folder: people type it with that folder in front, as the shell completes it.
fn inside(site: &Site, written: &str) -> String {
    let path = written.replace('\\', "/");
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let path = parts.join("/");
    let prefix = &site.project.prefix;
    let inside = path.strip_prefix(prefix.as_str()).filter(|_| !prefix.is_empty());
    match inside {
        Some("") => String::new(),
        Some(rest) => rest.strip_prefix('/').unwrap_or(&path).to_string(),
        None => path,
    }
}

/// An address of the site, written as a path or as a whole URL.
fn address(site: &Site, written: &str) -> Option<UrlPath> {
    let base = &site.project.config.base_url;
    let path = match written.split_once("://") {
        Some((_, rest)) => {
            let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let is_own = host == base.host() || site.project.config.links.hosts.iter().any(|own| own == host);
            let path = if host == base.host() { path.strip_prefix(base.base_path()).unwrap_or(path) } else { path };
            Some(format!("/{}", path.trim_start_matches('/'))).filter(|_| is_own)?
        }
        None => written.to_string(),
    };
    let path = path.split(['#', '?']).next().unwrap_or_default();
    UrlPath::resolve(&UrlPath::root(), path)
}

/// What messages call a path of the content folder.
pub fn shown(site: &Site, path: &str) -> String {
    match site.project.prefix.as_str() {
        "" => path.to_string(),
        prefix => format!("{prefix}/{path}"),
    }
}
