//! `handbook render`: Markdown to HTML fragments, exactly as a dialect says, without theme or site.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;
use rayon::prelude::*;

use crate::cli::Render;
use crate::commands::{Console, Outcome, has_folder};
use crate::markdown::{self, Dialect, Options};
use crate::output;
use crate::source::{self, front_matter, text, walk};

/// Runs it.
pub fn run(arguments: &Render, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    match (&arguments.input, &arguments.output) {
        (Some(from), Some(to)) => tree(arguments.dialect(), from, to, console),
        _ => {
            let text = match arguments.file.as_deref() {
                None => stdin()?,
                Some(file) if file == Path::new("-") => stdin()?,
                Some(file) => match read(file)? {
                    Some(text) => text,
                    None => {
                        writeln!(console.err, "error: there is no file `{}`", file.display())?;
                        return Ok(Outcome::WrongUsage);
                    }
                },
            };
            console.out.write_all(fragment(&text, arguments.dialect()).as_bytes())?;
            Ok(Outcome::Fine)
        }
    }
}

fn tree(dialect: Dialect, from: &Path, to: &Path, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    if !has_folder(from, console)? {
        return Ok(Outcome::WrongUsage);
    }
    let (entries, _) = walk::walk(from, "", &[]);
    let pages: Vec<_> = entries.iter().filter(|entry| entry.path.file_name().ends_with(".md")).collect();
    pages.par_iter().try_for_each(|entry| {
        let Some(text) = read(&entry.path.in_folder(from))? else { return Ok(()) };
        output::put(&target(to, entry.path.as_str()), fragment(&text, dialect).as_bytes())
    })?;
    Ok(Outcome::Fine)
}

/// The place of a page's fragment: `name.md` and `name.html.md` become `name.html`.
fn target(to: &Path, page: &str) -> PathBuf {
    let name = page.strip_suffix(".md").unwrap_or(page);
    let name = name.strip_suffix(".html").unwrap_or(name);
    to.join(format!("{name}.html"))
}

/// A page's HTML. The front matter is no part of it.
fn fragment(text: &str, dialect: Dialect) -> String {
    let (front, body, _) = front_matter::read(text);
    let dialect = if dialect == Dialect::Auto { front.dialect.unwrap_or(dialect) } else { dialect };
    markdown::render(text, body, &Options { dialect, ..Options::default() }).body.html
}

/// A file's text; `None` when it is not there.
fn read(file: &Path) -> anyhow::Result<Option<String>> {
    match source::any_text(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("read `{}`", file.display())),
    }
}

fn stdin() -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).context("read standard input")?;
    Ok(text::decode(bytes).0)
}
