//! Reading content: which files there are, their text, and their front matter.

mod fence;
mod fields;
pub mod front_matter;
pub mod image;
mod misspelt;
mod orientation;
pub mod path;
pub mod period;
pub mod text;
pub mod walk;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use xxhash_rust::xxh3::xxh3_128;

pub use path::{Kind, SourcePath, composed, is_page_name, page_role};
pub use walk::{Entry, describe, is_built_site, is_left_out, name_folder_pages, special, walk};

use crate::diagnostic::{Code, Diagnostic};

/// No page that a person wrote comes near this.
pub const MOST_BYTES: u64 = 64 << 20;

/// What tells whether a file has changed. Equal hashes mean equal bytes; the other two only hint.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// Its size in bytes.
    pub size: u64,
    /// When it was changed, in nanoseconds since 1970.
    pub mtime_ns: i128,
    /// The hash of its bytes.
    pub hash: u128,
}

/// A page's text as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it is.
    pub path: SourcePath,
    /// What it was like when it was read.
    pub stamp: Stamp,
    /// Its text, without a byte-order mark.
    pub text: String,
}

/// Reads a page's text. `prefix` is the content folder's path in the project, for the diagnostics.
pub fn read(content: &Path, prefix: &str, path: &SourcePath) -> (Option<Source>, Vec<Diagnostic>) {
    let file = if prefix.is_empty() { path.to_string() } else { format!("{prefix}/{path}") };
    match bytes(&path.in_folder(content)) {
        Ok((bytes, mtime_ns)) => {
            let stamp = Stamp { size: bytes.len() as u64, mtime_ns, hash: xxh3_128(&bytes) };
            let (text, warning) = text::decode(bytes);
            let source = Source { path: path.clone(), stamp, text };
            (Some(source), warning.map(|warning| warning.in_file(file)).into_iter().collect())
        }
        Err(problem) => (None, vec![problem.in_file(file)]),
    }
}

/// Why a file that is published as it is cannot be read; `None` when it can.
pub fn unreadable(content: &Path, prefix: &str, path: &SourcePath) -> Option<Diagnostic> {
    let error = File::open(path.in_folder(content)).err()?;
    let file = if prefix.is_empty() { path.to_string() } else { format!("{prefix}/{path}") };
    Some(failed(error).in_file(file))
}

/// A file's text for showing parts of it, read in the same way as its spans were made.
pub fn text(file: &Path) -> Option<String> {
    bytes(file).ok().map(|(bytes, _)| text::decode(bytes).0)
}

/// The text of a file that a person named, wherever it is and however large.
pub fn any_text(file: &Path) -> io::Result<String> {
    std::fs::read(file).map(|bytes| text::decode(bytes).0)
}

/// The text that is in the bytes of a file.
pub fn text_of(bytes: Vec<u8>) -> String {
    text::decode(bytes).0
}

/// The bytes of a file that is to be changed.
pub fn any_bytes(file: &Path) -> io::Result<Vec<u8>> {
    std::fs::read(file)
}

fn failed(error: io::Error) -> Diagnostic {
    let (message, help) = match error.kind() {
        io::ErrorKind::NotFound => ("this file vanished while we read the folder".to_owned(), "build again"),
        io::ErrorKind::PermissionDenied => {
            ("we are not allowed to read this file".to_owned(), "change its permissions")
        }
        _ => (format!("this file cannot be read: {}", walk::describe(&error)), "check the disk"),
    };
    Diagnostic::new(Code::SourceUnreadable, message).help(help)
}

fn bytes(file: &Path) -> Result<(Vec<u8>, i128), Diagnostic> {
    // Asked before opening: opening a pipe waits for someone to write to it.
    let metadata = std::fs::metadata(file).map_err(failed)?;
    if let Some(what) = walk::special(metadata.file_type()) {
        return Err(Diagnostic::new(Code::SourceUnreadable, format!("this is {what}, not a file"))
            .help("move it out of the content folder"));
    }
    let too_large = || {
        let message = format!("this page has more than {} MiB, which is the most we read", MOST_BYTES >> 20);
        Diagnostic::new(Code::SourceUnreadable, message).help("split it into several pages")
    };
    if metadata.len() > MOST_BYTES {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(metadata.len() as usize + 1);
    File::open(file).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(too_large());
    }
    Ok((bytes, walk::mtime_ns(&metadata)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_with_its_stamp() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.md"), b"\xEF\xBB\xBFcaf\xE9").unwrap();
        let (source, diagnostics) = read(folder.path(), "content", &SourcePath::new("a.md").unwrap());
        let source = source.unwrap();
        assert_eq!((source.text.as_str(), source.stamp.size), ("caf\u{FFFD}", 7));
        assert_eq!(source.stamp.hash, xxh3_128(b"\xEF\xBB\xBFcaf\xE9"));
        assert_eq!((diagnostics.len(), diagnostics[0].file.as_str()), (1, "content/a.md"));
    }

    #[test]
    fn a_file_that_is_too_large_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = File::create(folder.path().join("a.md")).unwrap();
        file.set_len(MOST_BYTES + 1).unwrap();
        let (source, diagnostics) = read(folder.path(), "", &SourcePath::new("a.md").unwrap());
        assert_eq!(source, None);
        assert_eq!(diagnostics[0].message, "this page has more than 64 MiB, which is the most we read");
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("a.md");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
        let (source, diagnostics) = read(folder.path(), "", &SourcePath::new("a.md").unwrap());
        assert_eq!((source, diagnostics[0].message.as_str()), (None, "this is a pipe, not a file"));
        assert_eq!(text(&pipe), None);
    }
}
