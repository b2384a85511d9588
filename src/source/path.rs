//! Where a file of the content is, and what its name makes of it.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// A file's path relative to the content folder: parts with `/` between them, none empty, none `.` or `..`, and no
/// control character anywhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourcePath(String);

impl SourcePath {
    /// The path, if it is one.
    pub fn new(path: impl Into<String>) -> Option<SourcePath> {
        let path = path.into();
        let is_path = path.split('/').all(|part| !matches!(part, "" | "." | "..")) && !path.chars().any(is_forbidden);
        is_path.then_some(SourcePath(path))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file on disk.
    pub fn in_folder(&self, content: &Path) -> PathBuf {
        self.0.split('/').fold(content.to_owned(), |path, part| path.join(part))
    }

    /// The file's name, without its folders.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The folder's path, empty for the content folder itself.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

impl fmt::Display for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Characters that no file of a site can have in its name: they cannot stand in a URL, or would confuse a terminal.
pub(super) fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFD}')
}

/// A name with its letters in one piece: `é` is one character, and not `e` with an accent after it. Archives from macOS have it the
/// other way, and who types a link cannot see the difference.
pub fn composed(name: &str) -> Cow<'_, str> {
    match name.is_ascii() || is_nfc(name) {
        true => Cow::Borrowed(name),
        false => Cow::Owned(name.nfc().collect()),
    }
}

/// What a file is for the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A page that stands for its folder.
    FolderPage,
    /// Any other page.
    Page,
    /// A file that is copied.
    Asset,
}

/// How strongly a file's name says that it is its folder's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    /// `_index.md`, `index.md`, `index.html.md`: always.
    Index,
    /// `README.md`: where no index is there.
    Readme,
}

/// The folders above a page, and its own name; `None` as the name when it is its folder's page.
///
/// `name.md`, `name.markdown` and `name.html.md` all have the name `name`.
pub fn page_role(path: &SourcePath, kind: Kind) -> (Vec<&str>, Option<&str>) {
    let folder = path.folder();
    let folders = if folder.is_empty() { Vec::new() } else { folder.split('/').collect() };
    let name = stem(path.file_name()).unwrap_or(path.file_name());
    (folders, (kind != Kind::FolderPage).then_some(name))
}

/// The name without its suffix, if the file is a page.
pub(super) fn stem(file_name: &str) -> Option<&str> {
    let name = [".md", ".markdown"].iter().find_map(|suffix| strip_suffix(file_name, suffix))?;
    let name = strip_suffix(name, ".html").unwrap_or(name);
    (!name.is_empty()).then_some(name)
}

/// Whether a file of this path is a page.
pub fn is_page_name(path: &str) -> bool {
    stem(path.rsplit('/').next().unwrap_or(path)).is_some()
}

/// Whether the file wants to be its folder's page.
pub(super) fn claim(file_name: &str) -> Option<Claim> {
    match stem(file_name)? {
        "_index" | "index" => Some(Claim::Index),
        name if name.eq_ignore_ascii_case("readme") => Some(Claim::Readme),
        _ => None,
    }
}

/// Without the suffix, whatever its case.
fn strip_suffix<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(suffix.len())?;
    (text.is_char_boundary(at) && text[at..].eq_ignore_ascii_case(suffix)).then(|| &text[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_no_empty_dot_or_control_parts() {
        for path in ["", "/a", "a//b", "a/", "./a", "a/../b", "a\nb", "a\u{202E}b"] {
            assert_eq!(SourcePath::new(path), None, "{path:?}");
        }
        assert_eq!(SourcePath::new("a/b c/ü.md").unwrap().folder(), "a/b c");
    }

    #[test]
    fn a_page_is_named_without_its_suffixes() {
        let role = |path: &str, kind| {
            let path = SourcePath::new(path).unwrap();
            let (folders, name) = page_role(&path, kind);
            format!("{} {name:?}", folders.join(">"))
        };
        assert_eq!(role("people/leave.md", Kind::Page), "people Some(\"leave\")");
        assert_eq!(role("a/b/time.off.html.md", Kind::Page), "a>b Some(\"time.off\")");
        assert_eq!(role("X.Markdown", Kind::Page), " Some(\"X\")");
        assert_eq!(role("a/README.md", Kind::Page), "a Some(\"README\")");
        assert_eq!(role("a/README.md", Kind::FolderPage), "a None");
        assert_eq!(role("index.html.md", Kind::FolderPage), " None");
    }

    #[test]
    fn names_tell_what_a_file_is() {
        let claims = |name| (stem(name).is_some(), claim(name));
        assert_eq!(claims("_index.md"), (true, Some(Claim::Index)));
        assert_eq!(claims("index.html.md"), (true, Some(Claim::Index)));
        assert_eq!(claims("readme.markdown"), (true, Some(Claim::Readme)));
        assert_eq!(claims("leave.md"), (true, None));
        assert_eq!(claims("leave.mdx"), (false, None));
        assert_eq!(claims("md"), (false, None));
        assert_eq!(claims("ü.MD"), (true, None));
    }
}
