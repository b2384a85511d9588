//! Settings for pages that are there: what was found, said and written down.

use std::io;

use super::write;
use crate::cli::Init;
use crate::commands::Console;
use crate::commands::report::{count, thousands};
use crate::project::CONFIG_NAME;
use crate::project::base_url::BaseUrl;
use crate::project::folders::USUAL;
use crate::project::survey::{Found, Generator, Menu};
use crate::publish::HOMEPAGE;
use crate::value::write::quoted;

/// A menu with more entries than this is no top bar.
const MOST_IN_BAR: usize = 8;

/// Says what was found, and writes the settings.
pub fn run(arguments: &Init, found: &Found, console: &mut Console<'_>) -> anyhow::Result<()> {
    say(found, console.err)?;
    let title = arguments.title.clone().or_else(|| found.title.as_ref().map(|(title, _)| title.clone()));
    write(&arguments.root, CONFIG_NAME, settings(found, title.as_deref()).as_bytes(), console)
}

fn say(found: &Found, err: &mut dyn io::Write) -> io::Result<()> {
    let place = if found.content.is_empty() { "this folder".to_owned() } else { format!("{}/", found.content) };
    let evidence = if found.evidence.is_empty() { String::new() } else { format!(", by {}", found.evidence) };
    writeln!(err, "Found {} in {place}: {}{evidence}", count(found.n_pages, "page"), found.generator.name())?;
    let mut line = |name: &str, text: String| writeln!(err, "  {name:<14} {text}");
    line("Markdown", dialect(found))?;
    if let Some((title, from)) = &found.title {
        line("title", format!("{title} (from {from})"))?;
    }
    if let Some(language) = &found.language {
        line("language", language.clone())?;
    }
    match &found.base_url {
        Some((url, from)) => line("address", format!("{url} (from {from})"))?,
        None => line("address", "not said; `handbook publish` derives it".into())?,
    }
    match &found.menu {
        Some(menu) => {
            let bar = match menu.links.len() {
                n if n <= MOST_IN_BAR => format!("{} for the top bar", count(n, "link")),
                n => format!("{} links, too many for a top bar: it shows the folders", thousands(n)),
            };
            let order = match ordered(menu).len() {
                0 => String::new(),
                n => format!("; the order of {}", count(n, "page")),
            };
            line("navigation", format!("{bar}{order} (from {})", menu.file))?;
        }
        None => line("navigation", "the tree of folders".into())?,
    }
    let n_redirects = found.redirects.len();
    let redirects = match (n_redirects, found.n_aliases) {
        (0, 0) => "none".to_owned(),
        (0, n) => format!("{} in the pages' front matter, understood as they are", thousands(n)),
        (n, 0) => format!("{} (from {})", thousands(n), found.redirects_from),
        (n, m) => format!("{} (from {}), and {} in front matter", thousands(n), found.redirects_from, thousands(m)),
    };
    line("old addresses", redirects)?;
    if found.n_templates > 0 {
        let verb = if found.n_templates == 1 { "holds" } else { "hold" };
        let n = count(found.n_templates, "page");
        line("templates", format!("{n} {verb} code for {}, such as `{{{{…}}}}`; it is not run", owner(found)))?;
    }
    Ok(())
}

fn owner(found: &Found) -> &'static str {
    if found.generator == Generator::Plain { "another program" } else { found.generator.name() }
}

fn dialect(found: &Found) -> String {
    let n = count(found.n_kramdown, "page");
    let show = if found.n_kramdown == 1 { "shows" } else { "show" };
    match (found.generator.is_kramdown(), found.n_kramdown) {
        (true, _) => format!("kramdown, as {} reads it; {n} {show} it", found.generator.name()),
        (false, 0) => "GitHub's".to_owned(),
        (false, _) => format!("GitHub's, and kramdown on the {n} that {show} it"),
    }
}

/// The text of `site.toml`.
fn settings(found: &Found, title: Option<&str>) -> String {
    // Beside pages that are there no file is written for editors: ours says the same.
    let mut out = format!("#:schema {HOMEPAGE}guide/site.schema.json\n");
    out.push_str("# The settings of this handbook, as `handbook init` found them. All of them are optional.\n\n");
    let mut put = |key: &str, value: Option<&str>, example: &str| match value {
        Some(value) => out.push_str(&format!("{key} = {}\n", quoted(value))),
        None => out.push_str(&format!("# {key} = {}\n", quoted(example))),
    };
    put("title", title, "Handbook");
    put("description", found.description.as_deref(), "How we work, and what you can count on.");
    let base_url = found.base_url.as_ref().map(|(url, _)| url.as_str()).filter(|url| BaseUrl::parse(url).is_ok());
    put("base_url", base_url, "https://handbook.example.com/");
    put("cname", found.cname.as_deref(), "handbook.example.com");
    put("language", language(found).as_deref(), "en");
    // What is found by its name anyway need not be said, unless another folder's name would count first.
    let content = if found.content.is_empty() { "." } else { &found.content };
    put("content", Some(content), USUAL[0]);
    put("output", None, "public");
    let accent = "\n[theme]\n# accent = \"#2b40a4\"\n# logo = \"/logo.svg\"\n# footer = \"© Example Ltd.\"\n";
    out.push_str(accent);
    match found.repository.as_deref().filter(|url| url.contains("github") || url.contains("gitlab")) {
        Some(url) => out.push_str(&format!("edit_link = {}\n", quoted(url))),
        None => out.push_str("# edit_link = \"https://github.com/example/handbook\"\n"),
    }
    out.push_str("\n[nav]\n");
    match &found.menu {
        Some(menu) if menu.links.len() <= MOST_IN_BAR => {
            out.push_str("main = [\n");
            for (title, url) in &menu.links {
                out.push_str(&format!("  {{ title = {}, url = {} }},\n", quoted(title), quoted(url)));
            }
            out.push_str("]\n");
        }
        _ => out.push_str("# main = [{ title = \"People\", url = \"/people/\" }]\n"),
    }
    if let Some(order) = found.menu.as_ref().map(ordered).filter(|order| !order.is_empty()) {
        out.push_str("# These come before the others of their folder, in this order.\norder = [\n");
        order.iter().for_each(|url| out.push_str(&format!("  {},\n", quoted(url))));
        out.push_str("]\n");
    }
    out.push_str("\n[markdown]\n");
    out.push_str(match (found.generator.is_kramdown(), found.n_kramdown) {
        (true, _) => "dialect = \"kramdown\"\n",
        (false, _) => "# dialect = \"auto\"\n",
    });
    out.push_str("# toc_levels = [2, 3]\n\n[links]\n");
    out.push_str("# Other hosts whose URLs are pages of this handbook.\n# hosts = [\"www.example.com\"]\n");
    if !found.redirects.is_empty() {
        out.push_str(&format!("\n# Old addresses, from {}.\n[redirects]\n", found.redirects_from));
        for (from, to) in &found.redirects {
            out.push_str(&format!("{} = {}\n", quoted(from), quoted(to)));
        }
    }
    out
}

/// The pages that a menu puts in order: there must be two of them.
fn ordered(menu: &Menu) -> &[String] {
    if menu.order.len() < 2 { &[] } else { &menu.order }
}

/// The language's code as the web writes it: `pt_BR` is `pt-BR`.
fn language(found: &Found) -> Option<String> {
    let code = found.language.as_ref()?.replace('_', "-");
    let is_code =
        code.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
            && code.split('-').next().is_some_and(|first| (2..=3).contains(&first.len()));
    is_code.then_some(code)
}
