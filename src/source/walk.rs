//! Finds the files of the content folder.
//!
//! Every file that is not hidden is either listed or reported; nothing is dropped without a word.

use std::collections::HashSet;
use std::fs::{FileType, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use walkdir::{DirEntry, WalkDir};

use super::Stamp;
use super::path::{Claim, Kind, SourcePath, claim, is_forbidden, stem};
use crate::diagnostic::{Code, Diagnostic};

/// Links between folders can make few files into endlessly many paths.
const MOST_FILES: usize = 1_000_000;
const DEEPEST: usize = 64;

/// A file of the content folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it is.
    pub path: SourcePath,
    /// What it is.
    pub kind: Kind,
    /// Its size in bytes.
    pub size: u64,
    /// When it was changed, in nanoseconds since 1970; 0 when the system does not know.
    pub mtime_ns: i128,
}

/// Lists the files in the folder `content`, sorted by path, with what could not be read.
///
/// Left out are names that begin with `.` or `_`, except a folder's page `_index.md`; `node_modules`; the sites that
/// earlier builds wrote; what editors put beside a file while it is open; and everything in `skip`. `prefix` is the
/// folder's path in the project, for the diagnostics.
pub fn walk(content: &Path, prefix: &str, skip: &[PathBuf]) -> (Vec<Entry>, Vec<Diagnostic>) {
    let mut walk = Walk { content, prefix, real: content.canonicalize().ok(), diagnostics: Vec::new() };
    let mut entries = Vec::new();
    let skip: HashSet<&Path> = skip.iter().map(PathBuf::as_path).collect();
    let is_wanted = |entry: &DirEntry| {
        entry.depth() == 0 || !(is_hidden(entry) || skip.contains(entry.path()) || is_built_site(entry))
    };
    let mut files = WalkDir::new(content).follow_links(true).max_depth(DEEPEST).sort_by_file_name().into_iter();
    loop {
        // Links are judged before anything below them is read.
        let found = match files.next() {
            None => break,
            Some(Err(error)) => {
                let is_skipped = error.path().is_some_and(|path| is_hidden_path(content, path) || skip.contains(path));
                if !is_skipped {
                    walk.failed(&error);
                }
                continue;
            }
            Some(Ok(found)) => found,
        };
        let is_folder = found.file_type().is_dir();
        if !is_wanted(&found) || (found.path_is_symlink() && found.depth() > 0 && walk.leads_out(&found)) {
            if is_folder {
                files.skip_current_dir();
            }
            continue;
        }
        if is_folder {
            if found.depth() == DEEPEST {
                walk.report(
                    Code::SourceUnreadable,
                    found.path(),
                    "this folder is too deep to be read",
                    "keep fewer than 64 folders within each other, and look for links that go in circles",
                );
            }
            continue;
        }
        entries.extend(walk.entry(&found));
        if entries.len() > MOST_FILES {
            walk.report(
                Code::SourceUnreadable,
                content,
                format!("there are more than {MOST_FILES} files"),
                "look for links between folders that multiply them",
            );
            break;
        }
    }
    name_folder_pages(&mut entries);
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    (entries, walk.diagnostics)
}

/// Of the pages that could stand for a folder, an index does, and a `README.md` only without one.
pub fn name_folder_pages(entries: &mut [Entry]) {
    let with_index: HashSet<String> = entries
        .iter()
        .filter(|entry| claim(entry.path.file_name()) == Some(Claim::Index))
        .map(|entry| entry.path.folder().to_owned())
        .collect();
    for entry in entries.iter_mut() {
        entry.kind = match claim(entry.path.file_name()) {
            Some(Claim::Index) => Kind::FolderPage,
            Some(Claim::Readme) if !with_index.contains(entry.path.folder()) => Kind::FolderPage,
            _ => entry.kind,
        };
    }
}

struct Walk<'a> {
    content: &'a Path,
    prefix: &'a str,
    real: Option<PathBuf>,
    diagnostics: Vec<Diagnostic>,
}

impl Walk<'_> {
    fn entry(&mut self, found: &DirEntry) -> Option<Entry> {
        if let Some(what) = special(found.file_type()) {
            self.report(
                Code::SourceUnreadable,
                found.path(),
                format!("this is {what}, not a file"),
                "move it out of the content folder",
            );
            return None;
        }
        let metadata = match found.metadata() {
            Ok(metadata) => metadata,
            Err(error) => {
                self.failed(&error);
                return None;
            }
        };
        let path = self.source_path(found.path())?;
        let kind = if stem(path.file_name()).is_some() { Kind::Page } else { Kind::Asset };
        Some(Entry { path, kind, size: metadata.len(), mtime_ns: mtime_ns(&metadata) })
    }

    /// The path as we write it, unless the name cannot become a URL.
    fn source_path(&mut self, path: &Path) -> Option<SourcePath> {
        let relative = path.strip_prefix(self.content).ok()?;
        let mut parts = Vec::new();
        for part in relative.components() {
            let Some(part) = part.as_os_str().to_str() else {
                self.report(
                    Code::SourceName,
                    path,
                    "the name of this file or of its folder is not UTF-8",
                    "rename it; plain letters, digits and `-` are safe",
                );
                return None;
            };
            parts.push(part);
        }
        let source_path = SourcePath::new(parts.join("/"));
        if source_path.is_none() {
            self.report(
                Code::SourceName,
                path,
                "the name of this file or of its folder holds an invisible character",
                "rename it; plain letters, digits and `-` are safe",
            );
        }
        source_path
    }

    /// Whether a link's target is outside of the content folder, which is reported.
    fn leads_out(&mut self, found: &DirEntry) -> bool {
        let target = found.path().canonicalize();
        let is_inside = match (&target, &self.real) {
            (Ok(target), Some(real)) => target.starts_with(real),
            _ => false,
        };
        if !is_inside {
            self.report(
                Code::SourceUnreadable,
                found.path(),
                "this link leads out of the content folder",
                "put a copy of the file here, or move the original into the content folder",
            );
        }
        !is_inside
    }

    fn failed(&mut self, error: &walkdir::Error) {
        let path = error.path().unwrap_or(self.content).to_owned();
        let (message, help) = match error.loop_ancestor() {
            Some(ancestor) if ancestor == self.content => {
                ("this link leads back to the content folder".to_owned(), "remove the link")
            }
            Some(ancestor) => {
                let ancestor = self.relative(ancestor);
                (format!("this link leads back to `{ancestor}`, which it is in itself"), "remove the link")
            }
            None => {
                let kind = error.io_error().map_or(io::ErrorKind::Other, io::Error::kind);
                match kind {
                    io::ErrorKind::NotFound if path.is_symlink() => {
                        let target = std::fs::read_link(&path).unwrap_or_default();
                        let target = visible(&target.to_string_lossy());
                        (format!("this link leads to `{target}`, which is not there"), "remove or mend the link")
                    }
                    io::ErrorKind::NotFound => ("this is not there".to_owned(), "create it"),
                    io::ErrorKind::PermissionDenied => {
                        ("we are not allowed to read this".to_owned(), "change its permissions")
                    }
                    _ if is_link_cycle(&path) => ("this link leads to itself".to_owned(), "remove the link"),
                    _ => {
                        let why = error.io_error().map_or_else(|| error.to_string(), describe);
                        (format!("this cannot be read: {why}"), "check the disk and the file's permissions")
                    }
                }
            }
        };
        self.report(Code::SourceUnreadable, &path, message, help);
    }

    fn report(&mut self, code: Code, path: &Path, message: impl Into<String>, help: &str) {
        let diagnostic = Diagnostic::new(code, message).in_file(self.relative(path)).help(help);
        self.diagnostics.push(diagnostic);
    }

    /// The path in the project, fit to be printed.
    fn relative(&self, path: &Path) -> String {
        let inside = path.strip_prefix(self.content).unwrap_or(path);
        let mut parts: Vec<String> = if self.prefix.is_empty() { Vec::new() } else { vec![self.prefix.to_owned()] };
        parts.extend(inside.components().map(|part| visible(&part.as_os_str().to_string_lossy())));
        if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
    }
}

/// The system's reason, without its number.
pub fn describe(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}

fn is_link_cycle(path: &Path) -> bool {
    path.is_symlink() && !path.exists()
}

fn visible(name: &str) -> String {
    name.chars().map(|c| if is_forbidden(c) { '\u{FFFD}' } else { c }).collect()
}

/// Whether a build of ours wrote this folder, perhaps before the output was set to another: `output` leaves its list of
/// written files in it. Taken for content, each site would contain those before it.
pub fn is_built_site(entry: &DirEntry) -> bool {
    entry.file_type().is_dir() && entry.path().join(".handbook-files").is_file()
}

fn is_hidden(entry: &DirEntry) -> bool {
    is_hidden_name(&entry.file_name().to_string_lossy())
}

/// Whether a file or folder of this name is no content.
pub fn is_hidden_name(name: &str) -> bool {
    match name.as_bytes() {
        [b'.', ..] => true,
        [b'_', ..] => claim(name).is_none(),
        // Emacs, Vim and many others; the last two are of JetBrains' editors.
        [b'#', .., b'#'] | [.., b'~'] => true,
        _ => name == "node_modules" || name.ends_with("___jb_tmp___") || name.ends_with("___jb_old___"),
    }
}

/// Whether the content folder's walk passes over a file because of its name or that of a folder it is in.
pub fn is_left_out(path: &SourcePath) -> bool {
    path.as_str().split('/').any(is_hidden_name)
}

fn is_hidden_path(content: &Path, path: &Path) -> bool {
    let inside = path.strip_prefix(content).unwrap_or(Path::new(""));
    inside.components().any(|part| is_hidden_name(&part.as_os_str().to_string_lossy()))
}

/// What the thing is, when it is neither file nor folder. Opening one of these could wait forever.
#[cfg(unix)]
pub fn special(kind: FileType) -> Option<&'static str> {
    use std::os::unix::fs::FileTypeExt;
    match kind {
        kind if kind.is_fifo() => Some("a pipe"),
        kind if kind.is_socket() => Some("a socket"),
        kind if kind.is_block_device() || kind.is_char_device() => Some("a device"),
        _ => None,
    }
}

/// What the thing is, when it is neither file nor folder.
#[cfg(not(unix))]
pub fn special(kind: FileType) -> Option<&'static str> {
    (!kind.is_file() && !kind.is_dir()).then_some("something special")
}

/// What is at a path: a file by itself, nothing, or something that needs a closer look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// A file of this size, changed at this time.
    File(u64, i128),
    /// Nothing.
    Nothing,
    /// A folder, a link, or something that we may not look at.
    Other,
}

/// Looks at a path, and not at what a link there leads to.
pub fn look(path: &Path) -> Look {
    match path.symlink_metadata() {
        Ok(metadata) if metadata.is_file() => Look::File(metadata.len(), mtime_ns(&metadata)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Look::Nothing,
        _ => Look::Other,
    }
}

/// The state of a file that is not read.
pub fn stamp(path: &Path) -> Stamp {
    let metadata = path.metadata();
    metadata.map_or_else(|_| Stamp::default(), |data| Stamp { size: data.len(), mtime_ns: mtime_ns(&data), hash: 0 })
}

/// Whether a file that was changed at this time may have changed again without a sign of it: clocks of file systems
/// stand still for some milliseconds, and some for two seconds. Nothing is known of a file from the future, nor of one
/// from 1970 or before, which is what systems and archives without a time say.
pub fn is_recent(mtime_ns: i128) -> bool {
    const RECENT: Duration = Duration::from_secs(5);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    mtime_ns <= 0 || mtime_ns >= now.saturating_sub(RECENT).as_nanos() as i128
}

/// When the file was changed, in nanoseconds since 1970.
pub(super) fn mtime_ns(metadata: &Metadata) -> i128 {
    match metadata.modified().map(|time| time.duration_since(UNIX_EPOCH)) {
        Ok(Ok(after)) => after.as_nanos() as i128,
        Ok(Err(before)) => -(before.duration().as_nanos() as i128),
        Err(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use expect_test::{Expect, expect};

    use super::*;

    /// Walks a folder that `make` has filled; gives the files with their kinds, then what was reported.
    fn check(make: impl FnOnce(&Path), skip: &[&str], expect: Expect) {
        let folder = tempfile::tempdir().unwrap();
        make(folder.path());
        let skip: Vec<PathBuf> = skip.iter().map(|name| folder.path().join(name)).collect();
        let (entries, diagnostics) = walk(folder.path(), "content", &skip);
        let mut out = String::new();
        for entry in entries {
            out.push_str(&format!("{:?} {} ({} bytes)\n", entry.kind, entry.path, entry.size));
        }
        for d in diagnostics {
            out.push_str(&format!("{} {}: {} ({})\n", d.code, d.file, d.message, d.help.unwrap_or_default()));
        }
        expect.assert_eq(&out);
    }

    fn write(folder: &Path, files: &[&str]) {
        for file in files {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
    }

    #[test]
    fn times_that_say_nothing_are_not_trusted() {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as i128;
        let hour = 3_600_000_000_000;
        assert!(is_recent(now) && is_recent(now + hour) && is_recent(0) && is_recent(-hour));
        assert!(!is_recent(now - hour));
    }

    #[test]
    fn files_come_sorted_with_their_kinds() {
        check(
            |folder| {
                write(folder, &["b.md", "a/x.png", "a/_index.md", "a/z.html.md", "index.md", "a-b.markdown", "Ü.md"])
            },
            &[],
            expect![[r#"
                Page a-b.markdown (12 bytes)
                FolderPage a/_index.md (11 bytes)
                Asset a/x.png (7 bytes)
                Page a/z.html.md (11 bytes)
                Page b.md (4 bytes)
                FolderPage index.md (8 bytes)
                Page Ü.md (5 bytes)
            "#]],
        );
    }

    #[test]
    fn a_readme_stands_for_its_folder_where_no_index_does() {
        check(
            |folder| {
                write(
                    folder,
                    &["README.md", "a/readme.md", "a/_index.md", "b/README.md", "b/index.html.md", "c/Readme.markdown"],
                )
            },
            &[],
            expect![[r#"
                FolderPage README.md (9 bytes)
                FolderPage a/_index.md (11 bytes)
                Page a/readme.md (11 bytes)
                Page b/README.md (11 bytes)
                FolderPage b/index.html.md (15 bytes)
                FolderPage c/Readme.markdown (17 bytes)
            "#]],
        );
    }

    #[test]
    fn hidden_and_skipped_files_are_left_out() {
        check(
            |folder| {
                write(
                    folder,
                    &[
                        ".git/x.md",
                        "_drafts/x.md",
                        "_note.md",
                        ".hidden.md",
                        "node_modules/x/README.md",
                        "a/_index.md",
                        "public/x.md",
                        "themes/t/x.md",
                        "site.toml",
                        "sub/public/x.md",
                        "sub/.DS_Store",
                    ],
                )
            },
            &["public", "themes", "site.toml"],
            expect![[r#"
                FolderPage a/_index.md (11 bytes)
                Page sub/public/x.md (15 bytes)
            "#]],
        );
    }

    #[test]
    fn a_missing_folder_is_reported() {
        check(
            |folder| fs::remove_dir(folder).unwrap(),
            &[],
            expect![[r#"
            source-unreadable content: this is not there (create it)
        "#]],
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_inside_only() {
        use std::os::unix::fs::symlink;
        let outside = tempfile::tempdir().unwrap();
        write(outside.path(), &["secret.md", "sub/x.md"]);
        check(
            |folder| {
                write(folder, &["a/x.md", "b/y.md"]);
                symlink("../a/x.md", folder.join("b/linked.md")).unwrap();
                symlink("a", folder.join("copy")).unwrap();
                symlink("..", folder.join("a/up")).unwrap();
                symlink(".", folder.join("b/same")).unwrap();
                symlink("self.md", folder.join("self.md")).unwrap();
                symlink("nowhere.md", folder.join("broken.md")).unwrap();
                symlink(outside.path().join("secret.md"), folder.join("secret.md")).unwrap();
                symlink(outside.path(), folder.join("outside")).unwrap();
                symlink("nowhere", folder.join(".hidden")).unwrap();
            },
            &[],
            expect![[r#"
                Page a/x.md (6 bytes)
                Page b/linked.md (6 bytes)
                Page b/y.md (6 bytes)
                Page copy/x.md (6 bytes)
                source-unreadable content/a/up: this link leads back to the content folder (remove the link)
                source-unreadable content/b/same: this link leads back to `content/b`, which it is in itself (remove the link)
                source-unreadable content/broken.md: this link leads to `nowhere.md`, which is not there (remove or mend the link)
                source-unreadable content/copy/up: this link leads back to the content folder (remove the link)
                source-unreadable content/outside: this link leads out of the content folder (put a copy of the file here, or move the original into the content folder)
                source-unreadable content/secret.md: this link leads out of the content folder (put a copy of the file here, or move the original into the content folder)
                source-unreadable content/self.md: this link leads to itself (remove the link)
            "#]],
        );
    }

    #[cfg(unix)]
    #[test]
    fn pipes_and_sockets_are_not_opened() {
        check(
            |folder| {
                write(folder, &["a.md"]);
                rustix::fs::mkfifoat(rustix::fs::CWD, folder.join("pipe.md"), rustix::fs::Mode::RUSR).unwrap();
                std::os::unix::net::UnixListener::bind(folder.join("socket")).unwrap();
            },
            &[],
            expect![[r#"
                Page a.md (4 bytes)
                source-unreadable content/pipe.md: this is a pipe, not a file (move it out of the content folder)
                source-unreadable content/socket: this is a socket, not a file (move it out of the content folder)
            "#]],
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_cannot_become_urls_are_reported() {
        use std::os::unix::ffi::OsStrExt;
        check(
            |folder| {
                write(folder, &["ok.md", "line\nbreak.md", "esc\u{1b}[31m/x.md", "rtl\u{202E}dm.md"]);
                fs::write(folder.join(std::ffi::OsStr::from_bytes(b"caf\xE9.md")), "x").unwrap();
            },
            &[],
            expect![[r#"
                Page ok.md (5 bytes)
                source-name content/caf�.md: the name of this file or of its folder is not UTF-8 (rename it; plain letters, digits and `-` are safe)
                source-name content/esc�[31m/x.md: the name of this file or of its folder holds an invisible character (rename it; plain letters, digits and `-` are safe)
                source-name content/line�break.md: the name of this file or of its folder holds an invisible character (rename it; plain letters, digits and `-` are safe)
                source-name content/rtl�dm.md: the name of this file or of its folder holds an invisible character (rename it; plain letters, digits and `-` are safe)
            "#]],
        );
    }
}
