//! What a file of the site holds, compared with what is there and written.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// What an output holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The bytes of this file, which is copied and never held in memory as a whole.
    File(PathBuf),
}

impl Content {
    /// Writes a file that does not exist yet, with the folders above it, and says how many bytes it has.
    ///
    /// An existing one is an error: on a file system without case it is another output, and must not be lost.
    pub(super) fn write(&self, to: &Path) -> Result<u64> {
        let writing = || format!("write `{}`", to.display());
        let mut file = create(to).with_context(writing)?;
        match self {
            Content::Bytes(bytes) => {
                file.write_all(bytes).with_context(writing)?;
                Ok(bytes.len() as u64)
            }
            Content::File(source) => {
                let mut source_file = File::open(source).with_context(|| format!("read `{}`", source.display()))?;
                let copying = || format!("copy `{}` to `{}`", source.display(), to.display());
                // Not `fs::copy`: it would take over the source's mode, read-only and all.
                io::copy(&mut source_file, &mut file).with_context(copying)
            }
        }
    }

    /// Whether the file at `there` has exactly these bytes. One that cannot be read does not: it is replaced.
    pub(super) fn is_at(&self, there: &Path) -> Result<bool> {
        let Ok(mut old) = File::open(there) else { return Ok(false) };
        let Ok(n_old) = old.metadata().map(|data| data.len()) else { return Ok(false) };
        match self {
            Content::Bytes(bytes) => {
                Ok(n_old == bytes.len() as u64 && is_equal(&mut &bytes[..], &mut old).unwrap_or(false))
            }
            Content::File(source) => {
                let reading = || format!("read `{}`", source.display());
                let mut new = File::open(source).with_context(reading)?;
                if n_old != new.metadata().with_context(reading)?.len() {
                    return Ok(false);
                }
                // Whichever of the two fails, copying it anew is right and says so if the source is to blame.
                Ok(is_equal(&mut new, &mut old).unwrap_or(false))
            }
        }
    }
}

/// A new file. A page is most often the first in its folder; the folder of any other file is most often there already, so that
/// asking first would only take time.
fn create(to: &Path) -> io::Result<File> {
    if let (true, Some(folder)) = (to.ends_with("index.html"), to.parent()) {
        // What goes wrong shows below.
        let _ = fs::create_dir(folder);
    }
    let create = || File::options().write(true).create_new(true).open(to);
    match (create(), to.parent()) {
        (Err(error), Some(folder)) if error.kind() == ErrorKind::NotFound => {
            fs::create_dir_all(folder)?;
            create()
        }
        (created, _) => created,
    }
}

/// Compares two readers of equal length piece by piece, so that big files need little memory.
fn is_equal(new: &mut impl Read, old: &mut impl Read) -> io::Result<bool> {
    const PIECE: usize = 64 * 1024;
    let (mut ours, mut theirs) = (Vec::with_capacity(PIECE), Vec::with_capacity(PIECE));
    loop {
        ours.clear();
        theirs.clear();
        new.by_ref().take(PIECE as u64).read_to_end(&mut ours)?;
        old.by_ref().take(PIECE as u64).read_to_end(&mut theirs)?;
        if ours != theirs {
            return Ok(false);
        }
        if ours.is_empty() {
            return Ok(true);
        }
    }
}
