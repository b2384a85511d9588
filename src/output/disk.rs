//! What is still there after a power failure.

use std::fs::File;
use std::io::{Result, Write};
use std::path::Path;

/// Writes a file and waits until it is on the disk: after a power failure, its name would else be there without what it names.
pub fn fill(mut file: File, bytes: &[u8]) -> Result<()> {
    file.write_all(bytes)?;
    file.sync_all()
}

/// Waits until the names in a folder are on the disk, where a folder can be opened. Else a power failure brings back the
/// files of before, which are whole too.
pub fn keep_names(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}
