//! `handbook render`: Markdown to HTML fragments, exactly as a dialect says, without theme or site.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;
use rayon::prelude::*;

use crate::check;
use crate::cli::{Format, Render};
use crate::commands::report;
use crate::commands::{Console, Outcome, has_folder};
use crate::markdown::kramdown::KramdownOptions;
use crate::markdown::{self, Dialect, Options};
use crate::output;
use crate::project::{self, Overrides};
use crate::source::{self, front_matter, text, walk};

/// Runs it.
pub fn run(arguments: &Render, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let kramdown = match &arguments.site {
        None => KramdownOptions::default(),
        Some(root) => match options_of(root, console)? {
            Some(options) => options,
            None => return Ok(Outcome::WrongUsage),
        },
    };
    let options = Options { dialect: arguments.dialect(), kramdown, ..Options::default() };
    match (&arguments.input, &arguments.output) {
        (Some(from), Some(to)) => tree(&options, from, to, console),
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
            console.out.write_all(fragment(&text, &options).as_bytes())?;
            Ok(Outcome::Fine)
        }
    }
}

fn tree(options: &Options, from: &Path, to: &Path, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    if !has_folder(from, console)? {
        return Ok(Outcome::WrongUsage);
    }
    let (entries, _) = walk::walk(from, "", &[]);
    let pages: Vec<_> = entries.iter().filter(|entry| entry.path.file_name().ends_with(".md")).collect();
    pages.par_iter().try_for_each(|entry| {
        let Some(text) = read(&entry.path.in_folder(from))? else { return Ok(()) };
        output::put(&target(to, entry.path.as_str()), fragment(&text, options).as_bytes())
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
fn fragment(text: &str, options: &Options) -> String {
    let (front, body, _) = front_matter::read(text);
    let dialect = match options.dialect {
        Dialect::Auto => front.dialect.unwrap_or(Dialect::Auto),
        asked_for => asked_for,
    };
    markdown::render(text, body, &Options { dialect, ..options.clone() }).body.html
}

/// The options that a handbook sets for its kramdown pages. `None` when its settings are wrong, which has been said.
fn options_of(root: &Path, console: &mut Console<'_>) -> anyhow::Result<Option<KramdownOptions>> {
    if !has_folder(root, console)? {
        return Ok(None);
    }
    let (project, problems) = project::read(root, &Overrides::default())?;
    let problems: Vec<_> = problems.into_iter().filter(project::is_in_settings).collect();
    if problems.is_empty() {
        return Ok(Some(project.markdown_options().kramdown));
    }
    report::print(&project, &check::sorted(problems), Format::Human, true, console)?;
    Ok(None)
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
