//! Renders a site and tells a person how far it is when that takes longer than a moment.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use crate::check;
use crate::commands::Console;
use crate::diagnostic::Diagnostic;
use crate::output::Output;
use crate::render::Engine;
use crate::site::Site;

/// Renders every address, and hands each output to `take`. Says what is wrong with links and templates.
pub fn render_all(
    engine: &Engine,
    site: &Site,
    take: &(dyn Fn(Output) + Sync),
    shown: bool,
    console: &mut Console<'_>,
) -> io::Result<Vec<Diagnostic>> {
    let n_done = AtomicUsize::new(0);
    if !shown {
        return Ok(check::render_all(engine, site, take, &n_done));
    }
    std::thread::scope(|scope| {
        let (done, finished) = mpsc::channel();
        let counter = &n_done;
        let work = scope.spawn(move || {
            let rendered = check::render_all(engine, site, take, counter);
            // The receiver is there until this is received.
            let _ = done.send(());
            rendered
        });
        let mut shown = false;
        while finished.recv_timeout(Duration::from_millis(300)).is_err() && !work.is_finished() {
            write!(console.err, "\r{} of {} rendered", n_done.load(Ordering::Relaxed), site.routes.entries.len())?;
            console.err.flush()?;
            shown = true;
        }
        if shown {
            write!(console.err, "\r\x1b[K")?;
        }
        work.join().map_err(|_| io::Error::other("rendering stopped in the middle"))
    })
}
