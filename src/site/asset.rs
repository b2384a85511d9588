//! Files that are published as they are.

use std::path::PathBuf;
use std::sync::Arc;

use crate::site::url::UrlPath;
use crate::source::Stamp;

/// A file that is published as it is: an image beside a page, a file of `static`, a theme's style sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Asset {
    /// Where it will be published.
    pub url: UrlPath,
    /// Where its bytes are.
    pub bytes: AssetBytes,
    /// What messages call its file.
    pub file: String,
    /// Who put it there.
    pub origin: Origin,
    /// Width and height in pixels, when it is an image that says so.
    pub size: Option<(u32, u32)>,
    /// Changes when its bytes do; 0 for files that no address needs to tell apart.
    pub version: u32,
    /// The state of its file when it was found; its bytes are not read for this, so there is no hash.
    pub stamp: Stamp,
}

/// Where an asset's bytes are.
#[derive(Debug, Clone, PartialEq)]
pub enum AssetBytes {
    /// In a file, by its whole path.
    File(PathBuf),
    /// In this program.
    Embedded(&'static [u8]),
    /// Here.
    Made(Arc<[u8]>),
}

/// Who put an asset there. A theme's file gives way to one of the owner's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A file of the content or of the project's `static`.
    Project,
    /// A file of the theme.
    Theme,
}

/// What pages are made of and what readers never open by itself. All other files are documents.
const PARTS: [&str; 28] = [
    "avif", "bmp", "css", "eot", "gif", "ico", "jpeg", "jpg", "js", "map", "mjs", "mov", "mp3", "mp4", "ogg", "otf",
    "png", "scss", "svg", "tif", "tiff", "ttf", "wasm", "wav", "webm", "webp", "woff", "woff2",
];

impl Asset {
    /// Whether it is a file that readers open, and not a part of a page.
    pub fn is_document(&self) -> bool {
        let extension = self.url.name().rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
        self.origin == Origin::Project && !PARTS.contains(&extension.as_str()) && !extension.is_empty()
    }
}
