//! `handbook search`: what a reader would find, at the command line.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::check::sorted;
use crate::cli::{ResultFormat, Search};
use crate::commands::report::{self, count};
use crate::commands::{Console, Outcome, has_folder};
use crate::project::{self, Overrides};
use crate::search::{self, Answer, Files, Index, Results};
use crate::site::Site;
use crate::source::{self, text};
use crate::update::{Changes, update};

/// Runs it.
pub fn run(arguments: &Search, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    if !has_folder(&arguments.root, console)? {
        return Ok(Outcome::WrongUsage);
    }
    let Some(queries) = queries(arguments, console)? else { return Ok(Outcome::WrongUsage) };
    let overrides = Overrides { drafts: arguments.drafts, ..Overrides::default() };
    let (project, problems) = project::read(&arguments.root, &overrides)?;
    let project = Arc::new(project);
    if problems.iter().any(project::is_in_settings) {
        report::print(&project, &sorted(problems), crate::cli::Format::Human, true, console)?;
        return Ok(Outcome::WrongUsage);
    }
    let site = update(&Site::empty(project.clone()), &project, problems, Changes::All);
    let index = Index::build(&site, None);
    let files = Files::open(|name| index.file(name)).context("read the index that was just made")?;
    let base = project.config.base_url.base_path();
    let search = |query: &String| search::search(&files, query, arguments.limit);
    if arguments.queries.is_some() {
        let lists: Vec<Value> = queries.par_iter().map(|query| list(&search(query), base)).collect();
        lists.iter().try_for_each(|list| writeln!(console.out, "{list}"))?;
        return Ok(Outcome::Fine);
    }
    for query in &queries {
        let results = search(query);
        match arguments.format {
            ResultFormat::Json => writeln!(console.out, "{}", list(&results, base))?,
            ResultFormat::Human => print(&results, query, base, console)?,
        }
    }
    Ok(Outcome::Fine)
}

/// What to look for. `None` when there is no such file, which has been said.
fn queries(arguments: &Search, console: &mut Console<'_>) -> anyhow::Result<Option<Vec<String>>> {
    let Some(file) = &arguments.queries else { return Ok(Some(vec![arguments.words.join(" ")])) };
    let text = if file == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).context("read standard input")?;
        text::decode(bytes).0
    } else {
        match source::any_text(file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                writeln!(console.err, "error: there is no file `{}`", file.display())?;
                return Ok(None);
            }
            Err(error) => return Err(error).with_context(|| format!("read `{}`", file.display())),
        }
    };
    Ok(Some(text.lines().map(str::to_string).collect()))
}

/// Results for programs: the best section of each page.
fn list(results: &Results, base: &str) -> Value {
    let of = |answer: &Answer| {
        let score = (answer.score * 1e4).round() / 1e4;
        json!({
            "url": format!("{base}{}", answer.url),
            "title": answer.title,
            "heading": answer.heading,
            "score": score,
        })
    };
    results.pages.iter().map(|page| of(&page.best)).collect()
}

/// Results for people.
fn print(results: &Results, query: &str, base: &str, console: &mut Console<'_>) -> anyhow::Result<()> {
    if let Some(suggestion) = &results.suggestion {
        writeln!(console.err, "`{}` is not there as typed; these are for `{suggestion}`", query.trim())?;
    }
    if results.pages.is_empty() {
        writeln!(console.err, "Nothing found for `{}`", query.trim())?;
    }
    for page in &results.pages {
        writeln!(console.out, "{}", page.best.title)?;
        for answer in std::iter::once(&page.best).chain(&page.more) {
            match answer.heading.as_str() {
                "" => writeln!(console.out, "    {base}{}", answer.url)?,
                heading => writeln!(console.out, "    {base}{}  {heading}", answer.url)?,
            }
        }
    }
    if results.n_pages > results.pages.len() {
        writeln!(console.err, "… the best {} of {}", results.pages.len(), count(results.n_pages, "page"))?;
    }
    Ok(())
}
