//! One publisher at a time for each output folder.
//!
//! The kernel lets go of the lock when a process dies, however it dies. The lock file goes away with its holder, so
//! whoever got a lock must make sure that the file it locked is still the one that others will find.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

const FILE_NAME: &str = "lock";
const PAUSE: Duration = Duration::from_millis(20);

/// A folder that only we work in; it goes away with this value when nothing is left in it.
#[derive(Debug)]
pub struct Lock {
    folder: PathBuf,
    // Held for its lock only.
    _file: File,
}

impl Lock {
    /// Makes `folder` if need be and locks it. `None` when another still holds it after `wait`.
    pub fn take(folder: &Path, wait: Duration) -> io::Result<Option<Lock>> {
        let start = Instant::now();
        loop {
            let lock = try_take(folder)?;
            if lock.is_some() || start.elapsed() >= wait {
                return Ok(lock);
            }
            thread::sleep(PAUSE);
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Where `is_at` cannot tell files apart, the lock file must stay, and the folder with it.
        if cfg!(unix) {
            let _ = fs::remove_file(self.folder.join(FILE_NAME));
            // Not removed when something is left in it, or when the next one has already put its lock there.
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

fn try_take(folder: &Path) -> io::Result<Option<Lock>> {
    match fs::create_dir(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let file = match File::options().write(true).create(true).truncate(false).open(folder.join(FILE_NAME)) {
        // The holder before us has just removed the folder.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    Ok(claim(folder, file))
}

/// Locks `file`, which was found as the lock file of `folder`.
fn claim(folder: &Path, file: File) -> Option<Lock> {
    // A file system without locks must not keep anyone from publishing.
    if let Err(TryLockError::WouldBlock) = file.try_lock() {
        return None;
    }
    is_at(&file, &folder.join(FILE_NAME)).then(|| Lock { folder: folder.to_path_buf(), _file: file })
}

/// Whether `path` still leads to `file`.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(ours), Ok(there)) => (ours.dev(), ours.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn a_second_holder_must_wait() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("work");
        let first = Lock::take(&folder, Duration::ZERO).unwrap();
        assert!(first.is_some());
        assert!(Lock::take(&folder, Duration::from_millis(30)).unwrap().is_none());
        drop(first);
        assert!(Lock::take(&folder, Duration::from_millis(200)).unwrap().is_some());
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_left_behind() {
        let dir = tempfile::tempdir().unwrap();
        drop(Lock::take(&dir.path().join("work"), Duration::ZERO).unwrap().unwrap());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_on_a_removed_file_does_not_count() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("work");
        // The second opens the file, and before it can lock it the first ends and a third begins.
        let first = Lock::take(&folder, Duration::ZERO).unwrap();
        let found = || File::options().write(true).open(folder.join(FILE_NAME)).unwrap();
        let (second, third) = (found(), found());
        drop(first);
        assert!(claim(&folder, second).is_none());
        let _first_again = Lock::take(&folder, Duration::ZERO).unwrap().unwrap();
        assert!(claim(&folder, third).is_none());
    }

    #[test]
    fn there_is_never_more_than_one_holder() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("work");
        let inside = AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..100 {
                        // Without the pause of `take`, to meet as often as possible.
                        if let Some(lock) = try_take(&folder).unwrap() {
                            assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                            thread::yield_now();
                            inside.fetch_sub(1, Ordering::SeqCst);
                            drop(lock);
                        }
                    }
                });
            }
        });
    }
}
