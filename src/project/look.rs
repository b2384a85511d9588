//! How the site looks, as far as its owner sets it: the keys of `[theme]` besides the theme's name.

use super::colour::{Colour, ENOUGH};
use super::settings::{filled, unknown};
use crate::diagnostic::{Code, Diagnostic};
use crate::value::date;
use crate::value::reader::{NavLink, Reader};
use crate::value::{Entry, Node, Spanned, Value, shortened};

/// The look of a site.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Look {
    /// The colour of links, buttons and the current page.
    pub accent: Option<Colour>,
    /// The image before the site's name: a path of the site or a URL.
    pub logo: Option<Spanned<String>>,
    /// The icon in browser tabs: a path of the site or a URL.
    pub favicon: Option<Spanned<String>>,
    /// The typeface.
    pub font: Font,
    /// The colours of code.
    pub code: CodeColours,
    /// Markdown at the end of every page.
    pub footer: Option<Spanned<String>>,
    /// Where a page's source can be edited: a URL with `{path}`.
    pub edit_link: Option<String>,
    /// Links to the owner's places elsewhere.
    pub social: Vec<NavLink>,
    /// What everybody should know now, above every page.
    pub announcement: Option<Announcement>,
}

/// What everybody should know now.
#[derive(Debug, Clone, PartialEq)]
pub struct Announcement {
    /// Markdown.
    pub text: Spanned<String>,
    /// The last day on which it is shown, `YYYY-MM-DD`. Browsers decide, since a built page does not know the day.
    pub until: Option<String>,
}

/// The typeface.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Font {
    /// The reader's own.
    #[default]
    System,
    /// Inter, which is part of the theme.
    Inter,
}

/// The colours of code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CodeColours {
    /// Calm hues, one for each kind of word.
    #[default]
    Default,
    /// Ink only: keywords are bold, comments slanted.
    Plain,
    /// Strong hues.
    Vivid,
}

impl Look {
    /// Reads the entries of the table `[theme]`, but for the name, which is given back.
    pub(super) fn read<'n>(&mut self, reader: &mut Reader, entries: &'n [Entry]) -> Option<&'n Node> {
        let mut name = None;
        let mut repository = None;
        let mut branch = None;
        for entry in entries {
            let (key, node) = (format!("theme.{}", entry.key.value), &entry.value);
            match entry.key.value.as_str() {
                "name" => name = Some(node),
                "accent" => self.accent = accent(reader, &key, node),
                "logo" => self.logo = address(reader, &key, node),
                "favicon" => self.favicon = address(reader, &key, node),
                "font" => self.font = reader.choice(&key, node, FONTS).unwrap_or_default(),
                "code" => self.code = reader.choice(&key, node, CODE_COLOURS).unwrap_or_default(),
                "footer" => self.footer = reader.text(&key, node).filter(|text| !text.value.is_empty()),
                "edit_link" => repository = address(reader, &key, node),
                "edit_branch" => branch = filled(reader, &key, node),
                "social" => self.social = reader.links(&key, node).unwrap_or_default(),
                "announcement" => self.announcement = announcement(reader, node),
                _ => unknown(reader, "theme", entry),
            }
        }
        self.edit_link = repository.and_then(|url| edit_link(reader, &url, branch.as_deref().unwrap_or("main")));
        name
    }
}

const FONTS: &[(&str, Font)] = &[("system", Font::System), ("inter", Font::Inter)];
const CODE_COLOURS: &[(&str, CodeColours)] =
    &[("default", CodeColours::Default), ("plain", CodeColours::Plain), ("vivid", CodeColours::Vivid)];

fn accent(reader: &mut Reader, key: &str, node: &Node) -> Option<Colour> {
    let written = filled(reader, key, node)?;
    let Some(colour) = Colour::parse(&written) else {
        let help = reader.example(key, "\"#2b40a4\"");
        reader.report(node.span, format!("`{key}` must be a colour, found `{}`", shortened(&written)), help);
        return None;
    };
    let (light, dark) = (colour.light_shades().ink, colour.dark_shades().ink);
    if light != colour && dark != colour {
        let contrast = (colour.contrast(Colour::from(0xffffff)) * 10.0).floor() / 10.0;
        let message = format!(
            "the accent colour `{}` has a contrast of {contrast}:1 on white, so `{}` is used in the light scheme and `{}` in the dark one",
            colour.hex(),
            light.hex(),
            dark.hex(),
        );
        let help =
            format!("all text has at least {ENOUGH}:1; write `accent = \"{}\"` to have what you see", light.hex());
        reader.diagnostics.push(Diagnostic::new(Code::ThemeAccent, message).at(node.span).help(help));
    }
    Some(colour)
}

/// A path of the site, which begins with `/`, or a URL.
fn address(reader: &mut Reader, key: &str, node: &Node) -> Option<Spanned<String>> {
    let text = filled(reader, key, node)?;
    if text.starts_with('/') || text.starts_with("https://") || text.starts_with("http://") {
        return Some(Spanned::new(text, node.span));
    }
    let help = match key {
        "theme.edit_link" => "write the repository's URL, such as `https://github.com/example/handbook`".to_string(),
        _ => format!("put the file into `static` and write `\"/{}\"`", shortened(text.trim_start_matches("./"))),
    };
    reader.wrong(key, node, "an address that begins with `/` or `https://`", help);
    None
}

/// The URL at which a page's source can be edited. Hosts of repositories have their own ways to write it.
fn edit_link(reader: &mut Reader, url: &Spanned<String>, branch: &str) -> Option<String> {
    if url.value.contains("{path}") {
        return Some(url.value.clone());
    }
    let repository = url.value.trim_end_matches('/').trim_end_matches(".git");
    let host = repository.split('/').nth(2).unwrap_or_default();
    let way =
        [("gitlab", "-/edit"), ("github", "edit"), ("codeberg", "_edit"), ("gitea", "_edit"), ("forgejo", "_edit")];
    if let Some((_, way)) = way.iter().find(|(name, _)| host.contains(name)) {
        return Some(format!("{repository}/{way}/{branch}/{{path}}"));
    }
    let message = format!("we do not know how `{}` names the page on which a file is edited", shortened(host));
    let help =
        "write the whole address with `{path}` for the file: `\"https://git.example.com/handbook/edit/main/{path}\"`";
    reader.report(url.span, message, help);
    None
}

fn announcement(reader: &mut Reader, node: &Node) -> Option<Announcement> {
    let (mut text, mut until) = (None, None);
    for entry in reader.table("theme.announcement", node)? {
        let (key, node) = (format!("theme.announcement.{}", entry.key.value), &entry.value);
        match entry.key.value.as_str() {
            "text" => text = reader.text(&key, node).filter(|text| !text.value.is_empty()),
            "until" => until = day(reader, &key, node),
            _ => unknown(reader, "theme.announcement", entry),
        }
    }
    text.map(|text| Announcement { text, until })
}

fn day(reader: &mut Reader, key: &str, node: &Node) -> Option<String> {
    let (Value::Text(text) | Value::Date(text)) = &node.value else {
        let help = reader.example(key, "2026-12-31");
        reader.wrong(key, node, "a date", help);
        return None;
    };
    let problem = match date::day(text) {
        Ok(day) => return Some(day),
        Err(problem) => problem,
    };
    reader.report(node.span, format!("`{key}` {}", problem.message), problem.help);
    None
}
