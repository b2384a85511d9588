//! `handbook init`: a small handbook to start from.

use include_dir::{Dir, include_dir};

use crate::cli::Init;
use crate::commands::{Console, Outcome};
use crate::output;

static STARTER: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/commands/init/starter");

/// Runs it.
pub fn run(arguments: &Init, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let mut files = Vec::new();
    collect(&STARTER, &mut files);
    files.sort();
    let mut n_written = 0;
    for (path, bytes) in files {
        // Without a `./` that nobody wrote.
        let target = if arguments.root.as_os_str() == "." { path.into() } else { arguments.root.join(&path) };
        match output::create(&target, bytes)? {
            true => {
                n_written += 1;
                writeln!(console.err, "Wrote {}", target.display())?;
            }
            false => writeln!(console.err, "Left {} as it is", target.display())?,
        }
    }
    if n_written > 0 {
        let folder = match arguments.root.as_os_str() == "." {
            true => String::new(),
            false => format!(" {}", arguments.root.display()),
        };
        writeln!(
            console.err,
            "\nNext: `handbook build{folder}`, then open the pages in `content` and make them yours."
        )?;
    }
    Ok(Outcome::Fine)
}

fn collect(dir: &Dir<'static>, files: &mut Vec<(String, &'static [u8])>) {
    for file in dir.files() {
        files.push((file.path().to_string_lossy().replace('\\', "/"), file.contents()));
    }
    for below in dir.dirs() {
        collect(below, files);
    }
}
