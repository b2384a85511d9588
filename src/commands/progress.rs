//! Tells a person how far the rendering of a site is when that takes longer than a moment.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use crate::commands::Console;

/// Does `work`, which counts in the number that it gets how many of `n` addresses are rendered.
pub fn watch<T: Send>(
    n: usize,
    shown: bool,
    console: &mut Console<'_>,
    work: impl FnOnce(&AtomicUsize) -> T + Send,
) -> io::Result<T> {
    let n_done = AtomicUsize::new(0);
    if !shown {
        return Ok(work(&n_done));
    }
    std::thread::scope(|scope| {
        let (done, finished) = mpsc::channel();
        let counter = &n_done;
        let work = scope.spawn(move || {
            let made = work(counter);
            // The receiver is there until this is received.
            let _ = done.send(());
            made
        });
        let mut shown = false;
        while finished.recv_timeout(Duration::from_millis(300)).is_err() && !work.is_finished() {
            write!(console.err, "\r{} of {n} rendered", n_done.load(Ordering::Relaxed))?;
            console.err.flush()?;
            shown = true;
        }
        if shown {
            write!(console.err, "\r\x1b[K")?;
        }
        work.join().map_err(|_| io::Error::other("rendering stopped in the middle"))
    })
}
