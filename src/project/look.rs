//! How the site looks, as far as its owner sets it: the keys of `[theme]` besides the theme's name.

use std::sync::Arc;

use super::colour::{Colour, ENOUGH};
use super::settings::{filled, unknown};
use crate::diagnostic::{Code, Diagnostic};
use crate::value::date;
use crate::value::reader::{NavLink, Reader, nearest};
use crate::value::{Entry, Node, Spanned, Value, shortened};
use crate::words::{self, OwnWords};

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
    /// The words of the frame that the owner says otherwise.
    pub words: Arc<OwnWords>,
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
                "words" => self.words = Arc::new(own_words(reader, node)),
                _ => unknown(reader, "theme", entry),
            }
        }
        self.edit_link = repository.and_then(|url| edit_link(reader, &url, branch.as_deref().unwrap_or("main")));
        name
    }

    /// Says that the words without a language are in this one, the site's own.
    pub(super) fn words_of(&mut self, language: &str) {
        if let Some(words) = self.words.0.get("").cloned() {
            let own = Arc::make_mut(&mut self.words);
            own.0.remove("");
            let known = own.0.entry(language.to_string()).or_default();
            for (name, word) in words {
                known.entry(name).or_insert(word);
            }
        }
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

/// The words of `[theme.words]`, under the empty language, and of the tables in it, which are named for theirs.
fn own_words(reader: &mut Reader, node: &Node) -> OwnWords {
    let mut own = OwnWords::default();
    for entry in reader.table("theme.words", node).unwrap_or_default() {
        let name = entry.key.value.as_str();
        if let Value::Table(entries) = &entry.value.value {
            entries.iter().for_each(|entry| own_word(reader, &mut own, name, entry));
        } else {
            own_word(reader, &mut own, "", entry);
        }
    }
    own
}

fn own_word(reader: &mut Reader, own: &mut OwnWords, language: &str, entry: &Entry) {
    let name = entry.key.value.as_str();
    if !words::names().any(|known| known == name) {
        let message = format!("the theme has no word `{}`", shortened(name));
        let help = match nearest(name, words::names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "the guide's page on themes lists all of them".to_string(),
        };
        reader.diagnostics.push(Diagnostic::new(Code::ConfigKey, message).at(entry.key.span).help(help));
    } else if let Some(word) = filled(reader, &format!("theme.words.{name}"), &entry.value) {
        own.0.entry(language.to_string()).or_default().insert(name.to_string(), word);
    }
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

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::project::config;

    /// What is said about a table `[theme]`.
    fn check(theme: &str, expected: Expect) {
        let (_, problems) = config::read(&format!("[theme]\n{theme}"));
        let line = |problem: &crate::diagnostic::Diagnostic| {
            format!("{}: {}\n  {}\n", problem.code, problem.message, problem.help.as_deref().unwrap_or_default())
        };
        expected.assert_eq(&problems.iter().map(line).collect::<String>());
    }

    fn edit_link(theme: &str) -> Option<String> {
        config::read(&format!("[theme]\n{theme}")).0.theme.look.edit_link
    }

    #[test]
    fn an_accent_that_nobody_can_read_is_changed_and_reported() {
        check("accent = \"#2b40a4\"\n", expect![""]);
        check("accent = \"#a9b8ff\"\n", expect![""]);
        check(
            "accent = \"#fc6d26\"\n",
            expect![[r##"
            theme-accent: the accent colour `#fc6d26` has a contrast of 2.8:1 on white, so `#8c3002` is used in the light scheme and `#fdaa81` in the dark one
              all text has at least 7:1; write `accent = "#8c3002"` to have what you see
        "##]],
        );
    }

    #[test]
    fn wrong_values_are_explained() {
        check(
            "accent = \"orange\"\nlogo = \"logo.svg\"\nfont = \"intre\"\ncode = 1\nedit_link = \"https://git.example.com/a\"\nsocial = 1\nacent = \"#000\"\n[theme.announcement]\nuntil = \"soon\"\nuntl = 1\n",
            expect![[r##"
                config-value: `theme.accent` must be a colour, found `orange`
                  write `accent = "#2b40a4"`
                config-value: `theme.logo` must be an address that begins with `/` or `https://`, found the text `logo.svg`
                  put the file into `static` and write `"/logo.svg"`
                config-value: `theme.font` must be `system` or `inter`, found the text `intre`
                  did you mean `inter`?
                config-value: `theme.code` must be `default`, `plain` or `vivid`, found the number `1`
                  write `code = "default"`
                config-value: we do not know how `git.example.com` names the page on which a file is edited
                  write the whole address with `{path}` for the file: `"https://git.example.com/handbook/edit/main/{path}"`
                config-value: `theme.social` must be a list of links, found the number `1`
                  write `social = [{ title = "Hiring", url = "/hiring/" }]`
                config-key: there is no setting `acent` in `[theme]`
                  did you mean `accent`?
                config-value: `theme.announcement.until` is not a date that we can read: `soon`
                  write year, month and day, for example `2024-01-31`
                config-key: there is no setting `untl` in `[theme.announcement]`
                  did you mean `until`?
            "##]],
        );
    }

    #[test]
    fn repositories_are_understood_by_their_hosts() {
        let github = edit_link("edit_link = \"https://github.com/a/b.git\"\n");
        assert_eq!(github.as_deref(), Some("https://github.com/a/b/edit/main/{path}"));
        let gitlab = edit_link("edit_link = \"https://gitlab.example.com/a/b/\"\nedit_branch = \"trunk\"\n");
        assert_eq!(gitlab.as_deref(), Some("https://gitlab.example.com/a/b/-/edit/trunk/{path}"));
        let other = edit_link("edit_link = \"https://git.example.com/e/{path}?b=x\"\n");
        assert_eq!(other.as_deref(), Some("https://git.example.com/e/{path}?b=x"));
    }
}
