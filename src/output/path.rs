//! Where one output goes, below the output folder.
//!
//! A path comes from authors' file names, slugs and permalinks, so this is the gate that keeps every write inside
//! the output folder, and every name writable on the machine at hand.

use std::borrow::Borrow;
use std::fmt;
use std::path::Path;

/// The name of the list of what we made, at the top of the output folder.
pub const MANIFEST_NAME: &str = ".handbook-files";

/// The name of the work folder inside an output folder that cannot be swapped as a whole.
pub const WORK_NAME: &str = ".handbook-work";

/// The longest part that the usual file systems take, in bytes.
const LONGEST_PART: usize = 255;

/// A file's place below the output folder: relative, parts joined by `/`, none of them empty, `.` or `..`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutputPath(String);

/// Why a text cannot be a path in the output folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadPath {
    /// The text as it was given.
    pub path: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl OutputPath {
    /// The path that `text` spells, such as `people/index.html`.
    ///
    /// Names that only Windows refuses (`aux.html`, `a:b`, a final dot) are refused on Windows alone: a site built
    /// elsewhere is served from elsewhere, and a page must not fail for a machine that never sees it. The backslash is
    /// refused everywhere, because browsers read it as `/` and the file would be out of reach.
    pub fn new(text: &str) -> Result<OutputPath, BadPath> {
        match fault(text) {
            Some(reason) => Err(BadPath { path: text.to_string(), reason }),
            None => Ok(OutputPath(text.to_string())),
        }
    }

    /// The file that answers for a decoded URL path: `/people/` is `people/index.html`, `/a.txt` is `a.txt`.
    pub fn from_url(url: &str) -> Result<OutputPath, BadPath> {
        let path = url.strip_prefix('/').unwrap_or(url);
        let file = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_string() };
        OutputPath::new(&file).map_err(|bad| BadPath { path: url.to_string(), ..bad })
    }

    /// The text, with `/` between the parts.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same as a relative path of this machine.
    pub fn as_path(&self) -> &Path {
        Path::new(&self.0)
    }

    /// The folders that hold it, the nearest first: `a/b` and `a` for `a/b/c.html`.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        folders(&self.0)
    }
}

/// The folders that hold the relative path `text`, the nearest first.
pub(super) fn folders(text: &str) -> impl Iterator<Item = &str> {
    text.rmatch_indices('/').map(|(at, _)| &text[..at])
}

impl Borrow<str> for OutputPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OutputPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for BadPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` cannot be a path in the output folder: {}", self.path.escape_debug(), self.reason)
    }
}

impl std::error::Error for BadPath {}

fn fault(text: &str) -> Option<&'static str> {
    if text.starts_with('/') {
        return Some("it must not begin with `/`");
    }
    let first = text.split('/').next().unwrap_or(text);
    // Compared without case, for the file systems that do so.
    if [MANIFEST_NAME, WORK_NAME].iter().any(|name| first.eq_ignore_ascii_case(name)) {
        return Some("that name is kept for the list of written files");
    }
    text.split('/').find_map(|part| part_fault(part).or_else(|| windows_fault(part).filter(|_| cfg!(windows))))
}

fn part_fault(part: &str) -> Option<&'static str> {
    match part {
        "" => Some("a part of it is empty"),
        "." | ".." => Some("a part of it is `.` or `..`"),
        _ if part.len() > LONGEST_PART => Some("a part of it is longer than 255 bytes"),
        _ if part.contains('\\') => Some("it has a backslash"),
        _ if part.contains(char::is_control) => Some("it has a control character"),
        _ => None,
    }
}

/// What Windows has against a name. Tested everywhere, asked on Windows only.
fn windows_fault(part: &str) -> Option<&'static str> {
    let stem = part.split('.').next().unwrap_or(part).trim_end();
    let is_device =
        ["con", "prn", "aux", "nul", "conin$", "conout$"].iter().any(|name| stem.eq_ignore_ascii_case(name))
            || stem.char_indices().nth(3).is_some_and(|(at, digit)| {
                let port = &stem[..at];
                (port.eq_ignore_ascii_case("com") || port.eq_ignore_ascii_case("lpt"))
                    && matches!(digit, '1'..='9' | '¹' | '²' | '³')
                    && stem[at..].chars().count() == 1
            });
    if is_device {
        Some("Windows keeps that name for a device")
    } else if part.contains(['<', '>', ':', '"', '|', '?', '*']) {
        Some("Windows allows none of `<>:\"|?*` in names")
    } else if part.ends_with(['.', ' ']) {
        Some("Windows drops a dot or space at a name's end")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> &'static str {
        OutputPath::new(text).map_or_else(|bad| bad.reason, |_| "fine")
    }

    #[test]
    fn a_relative_path_is_kept_as_it_is() {
        for text in ["index.html", "people/time off/index.html", "ひと/index.html", ".nojekyll", "a..b/...c", "-"] {
            assert_eq!(OutputPath::new(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn nothing_leads_out_of_the_folder() {
        assert_eq!(reason("../a"), "a part of it is `.` or `..`");
        assert_eq!(reason("a/../../b"), "a part of it is `.` or `..`");
        assert_eq!(reason("a/.."), "a part of it is `.` or `..`");
        assert_eq!(reason("./a"), "a part of it is `.` or `..`");
        assert_eq!(reason("/etc/passwd"), "it must not begin with `/`");
        assert_eq!(reason("a\\..\\b"), "it has a backslash");
    }

    #[test]
    fn empty_parts_are_refused() {
        for text in ["", "a//b", "a/"] {
            assert_eq!(reason(text), "a part of it is empty", "{text}");
        }
    }

    #[test]
    fn control_characters_are_refused() {
        for text in ["a\0b", "a\nb", "a\u{7f}", "a\u{85}b"] {
            assert_eq!(reason(text), "it has a control character", "{text:?}");
        }
    }

    #[test]
    fn a_part_may_have_255_bytes() {
        assert_eq!(reason(&"a".repeat(255)), "fine");
        assert_eq!(reason(&"a".repeat(256)), "a part of it is longer than 255 bytes");
        assert_eq!(reason(&format!("b/{}", "ä".repeat(128))), "a part of it is longer than 255 bytes");
    }

    #[test]
    fn our_own_names_are_refused_at_the_top_only() {
        for text in [".handbook-files", ".Handbook-Files", ".handbook-work/a", ".handbook-files/a"] {
            assert_eq!(reason(text), "that name is kept for the list of written files");
        }
        assert_eq!(reason("a/.handbook-files"), "fine");
    }

    #[test]
    fn a_url_names_its_file() {
        for (url, file) in [
            ("/", "index.html"),
            ("", "index.html"),
            ("/people/", "people/index.html"),
            ("/people/time off/", "people/time off/index.html"),
            ("/a.txt", "a.txt"),
            ("/404.html", "404.html"),
            ("/people", "people"),
        ] {
            assert_eq!(OutputPath::from_url(url).unwrap().as_str(), file);
        }
        for url in ["//", "//host/", "/a//b/", "/../", "/a/../b"] {
            assert!(OutputPath::from_url(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_message_says_which_path_and_why() {
        assert_eq!(
            OutputPath::from_url("/a\tb/").unwrap_err().to_string(),
            r"`/a\tb/` cannot be a path in the output folder: it has a control character"
        );
    }

    #[test]
    fn folders_come_nearest_first() {
        assert_eq!(OutputPath::new("a/b/c.html").unwrap().folders().collect::<Vec<_>>(), ["a/b", "a"]);
        assert_eq!(OutputPath::new("c.html").unwrap().folders().count(), 0);
    }

    #[test]
    fn names_that_windows_refuses_are_known() {
        for part in ["con", "CON.html", "Aux.tar.gz", "nul .txt", "com1", "LPT9.x", "com¹", "a:b", "a?", "a.", "a "] {
            assert!(windows_fault(part).is_some(), "{part}");
        }
        for part in ["console", "com", "com0", "com10", "community", "lpt.html", ".con", "a b.html", "日本"] {
            assert_eq!(windows_fault(part), None, "{part}");
        }
    }
}
