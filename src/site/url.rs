//! Addresses inside the site.

use std::fmt;

use percent_encoding::{AsciiSet, percent_decode_str, utf8_percent_encode};

use crate::diagnostic::uri;
use crate::source::{Kind, SourcePath, composed, page_role};

/// An address in the site, decoded, from its root: `/people/` for a page, `/logo.svg` for a file.
///
/// Always begins with `/`, has no empty, `.` or `..` part, and neither query nor fragment, and its letters are in one piece
/// however the file's name has them. The base path that the site
/// is published under is no part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UrlPath(String);

/// What must be escaped in a path, also where it stands in an attribute of HTML.
const PATH: &AsciiSet = &uri::PATH.add(b'\'');

impl UrlPath {
    /// The site's root.
    pub fn root() -> UrlPath {
        UrlPath("/".to_string())
    }

    /// The address of the page that a source file makes, from its own place alone: a folder's page has the folder's
    /// address, every other page one of its own that ends with `/`. Spaces become `-`.
    pub fn of_source(path: &SourcePath, kind: Kind) -> UrlPath {
        let (folders, name) = page_role(path, kind);
        let mut url = String::from("/");
        for part in folders.iter().copied().chain(name) {
            url.extend(composed(part).chars().map(|c| if c.is_whitespace() { '-' } else { c }));
            url.push('/');
        }
        UrlPath(url)
    }

    /// The address of a folder of the content, given as `/a/b`.
    pub fn of_folder(key: &str) -> UrlPath {
        UrlPath(format!("{}/", composed(key).replace(char::is_whitespace, "-")))
    }

    /// The address of a file that is published as it is. An `index.html` is the page of its folder.
    pub fn of_file(path: &str) -> UrlPath {
        UrlPath(format!("/{}", composed(path))).without_index()
    }

    /// The address that `path`, percent-encoded or not, means when it is read from the folder `from`. `None` when it
    /// leads out of the site or cannot be an address.
    pub fn resolve(from: &UrlPath, path: &str) -> Option<UrlPath> {
        let decoded = percent_decode_str(path).decode_utf8().ok()?;
        let decoded = composed(&decoded);
        if decoded.contains('\0') {
            return None;
        }
        let folder = if decoded.starts_with('/') { "" } else { from.folder().trim_end_matches('/') };
        let mut url = String::with_capacity(folder.len() + decoded.len() + 2);
        url.push_str(folder);
        for part in decoded.split('/') {
            match part {
                "" | "." => {}
                ".." => url.truncate(url.rfind('/')?),
                _ => {
                    url.push('/');
                    url.push_str(part);
                }
            }
        }
        let is_folder = matches!(decoded.rsplit('/').next(), Some("" | "." | ".."));
        if is_folder || url.is_empty() {
            url.push('/');
        }
        Some(UrlPath(url))
    }

    /// The same with another last part.
    pub fn with_slug(&self, slug: &str) -> UrlPath {
        self.parent().unwrap_or_else(UrlPath::root).with_name(slug)
    }

    /// The same with `/` at its end.
    pub fn as_page(&self) -> UrlPath {
        match self.is_page() {
            true => self.clone(),
            false => UrlPath(format!("{}/", self.0)),
        }
    }

    /// A page's own address as an author wrote it: `/old/page.html` is a file's, everything else gets `/` at its end.
    pub fn as_written(&self) -> UrlPath {
        match self.0.ends_with(".html") || self.0.ends_with(".htm") {
            true => self.clone(),
            false => self.as_page(),
        }
    }

    /// The same without `/` at its end.
    pub fn as_file(&self) -> UrlPath {
        match self.0.strip_suffix('/') {
            Some(path) if !path.is_empty() => UrlPath(path.to_string()),
            _ => self.clone(),
        }
    }

    /// The folder's address for its `index.html`: servers answer both with one file.
    pub fn without_index(self) -> UrlPath {
        match self.name() == "index.html" && !self.is_page() {
            true => UrlPath(self.folder().to_string()),
            false => self,
        }
    }

    /// The page of this name in the folder.
    pub fn with_name(&self, name: &str) -> UrlPath {
        UrlPath(format!("{}{}/", self.folder(), composed(name)))
    }

    /// The address, decoded.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a page's address: it ends with `/`.
    pub fn is_page(&self) -> bool {
        self.0.ends_with('/')
    }

    /// The folder that it is in, or is, with `/` at its end.
    pub fn folder(&self) -> &str {
        &self.0[..self.0.rfind('/').map_or(0, |slash| slash + 1)]
    }

    /// Its last part.
    pub fn name(&self) -> &str {
        let path = self.0.strip_suffix('/').unwrap_or(&self.0);
        &path[path.rfind('/').map_or(0, |slash| slash + 1)..]
    }

    /// The folder above; `None` above the root.
    pub fn parent(&self) -> Option<UrlPath> {
        let path = self.0.strip_suffix('/').unwrap_or(&self.0);
        let slash = path.rfind('/')?;
        Some(UrlPath(path[..=slash].to_string()))
    }

    /// As a link under the base path, percent-encoded.
    pub fn href(&self, base_path: &str) -> String {
        let mut href = base_path.strip_suffix('/').unwrap_or(base_path).to_string();
        href.extend(utf8_percent_encode(&self.0, PATH));
        href
    }
}

impl fmt::Display for UrlPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An address as settings and front matter have it: what stands for itself there is percent-encoded.
pub fn in_settings(url: &str) -> String {
    url.replace('%', "%25").replace('#', "%23").replace('?', "%3F")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(path: &str, kind: Kind, url: &str) {
        let path = SourcePath::new(path).unwrap();
        assert_eq!(UrlPath::of_source(&path, kind).as_str(), url);
    }

    #[test]
    fn pages_get_pretty_addresses() {
        page("_index.md", Kind::FolderPage, "/");
        page("people/index.html.md", Kind::FolderPage, "/people/");
        page("people/time off.md", Kind::Page, "/people/time-off/");
        page("people/README.md", Kind::FolderPage, "/people/");
        page("a/b.html.md", Kind::Page, "/a/b/");
    }

    fn resolved(from: &str, path: &str) -> Option<String> {
        UrlPath::resolve(&UrlPath(from.to_string()), path).map(|url| url.0)
    }

    #[test]
    fn relative_paths_are_read_from_the_folder() {
        assert_eq!(resolved("/a/b/", "../c/").as_deref(), Some("/a/c/"));
        assert_eq!(resolved("/a/b/", "c.png").as_deref(), Some("/a/b/c.png"));
        assert_eq!(resolved("/a/b", "c%20d").as_deref(), Some("/a/c d"));
        assert_eq!(resolved("/a/", "/x//./y/").as_deref(), Some("/x/y/"));
        assert_eq!(resolved("/a/", "..").as_deref(), Some("/"));
        assert_eq!(resolved("/a/", "../../x"), None);
    }

    #[test]
    fn links_are_encoded_under_the_base_path() {
        assert_eq!(UrlPath("/a b/é?/".to_string()).href("/base/"), "/base/a%20b/%C3%A9%3F/");
        assert_eq!(UrlPath::root().href("/"), "/");
        assert_eq!(UrlPath::root().href("/base/"), "/base/");
    }

    #[test]
    fn a_parent_is_the_folder_above() {
        let url = UrlPath("/a/b/".to_string());
        assert_eq!((url.name(), url.folder(), url.parent().unwrap().as_str()), ("b", "/a/b/", "/a/"));
        assert_eq!(UrlPath::root().parent(), None);
    }
}
