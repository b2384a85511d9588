//! What a folder holds before it has a `site.toml`: pages, the generator that they were written for, and what its own
//! settings say.
//!
//! Everything is a guess that a person is told of, so nothing here is a diagnostic: a file that cannot be read says
//! nothing.

mod generator;
mod menu;
mod settings;

use std::collections::HashSet;
use std::fs;
use std::path::Path;

pub use self::generator::Generator;
pub use self::menu::Menu;

use super::folders;
use crate::markdown::kramdown::is_kramdown;
use crate::source::front_matter::{self, FrontMatter};
use crate::source::{self, Kind, SourcePath};

/// Files in a repository that are about the repository: they alone are no handbook.
const OF_REPOSITORY: &[&str] = &[
    "readme.md",
    "changelog.md",
    "contributing.md",
    "code_of_conduct.md",
    "security.md",
    "license.md",
    "support.md",
    "pull_request_template.md",
];

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// What the pages were written for.
    pub generator: Generator,
    /// The file, or the kind of file, that says so.
    pub evidence: String,
    /// The folder of the pages, with `/` between its parts; empty for the folder itself.
    pub content: String,
    /// How many pages there are.
    pub n_pages: usize,
    /// How many of them hold kramdown's own syntax.
    pub n_kramdown: usize,
    /// How many hold templates of their generator, such as `{{< note >}}`, which are no Markdown.
    pub n_templates: usize,
    /// How many addresses the pages' front matter gives up.
    pub n_aliases: usize,
    /// The site's name, and the file that says so.
    pub title: Option<(String, String)>,
    /// What it is.
    pub description: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// Where it is published, and the file that says so.
    pub base_url: Option<(String, String)>,
    /// Where its source is.
    pub repository: Option<String>,
    /// The domain of GitHub Pages.
    pub cname: Option<String>,
    /// Its menu.
    pub menu: Option<Menu>,
    /// Old addresses and where they lead.
    pub redirects: Vec<(String, String)>,
    /// The file with those.
    pub redirects_from: String,
}

/// Looks at a folder. `None` when there are no pages in it but those about a repository.
pub fn look(root: &Path) -> Option<Found> {
    let mut found = Found::default();
    generator::find(root, &mut found);
    if found.generator == Generator::Plain || !has_pages(root, &found.content) {
        found.content = folders_with_pages(root).into_iter().next()?;
    }
    pages(root, &mut found);
    if found.n_pages == 0 {
        return None;
    }
    let file = ["CNAME", "static/CNAME", "docs/CNAME", "source/CNAME", "public/CNAME"];
    let cname = file.iter().find_map(|file| Some((text(root, file)?.trim().to_owned(), (*file).to_owned())));
    if let Some((host, file)) = cname.filter(|(host, _)| host.contains('.') && !host.contains(char::is_whitespace)) {
        found.base_url.get_or_insert_with(|| (format!("https://{host}/"), file));
        found.cname = Some(host);
    }
    found.menu = found.menu.take().filter(|menu| !menu.links.is_empty());
    Some(found)
}

/// The usual folders that hold pages, then the project's own.
fn folders_with_pages(root: &Path) -> Vec<String> {
    let mut folders: Vec<String> = folders::USUAL.iter().map(|name| (*name).to_owned()).collect();
    folders.push("src".to_owned());
    folders.push(String::new());
    folders.retain(|folder| has_pages(root, folder));
    folders
}

fn has_pages(root: &Path, folder: &str) -> bool {
    page_files(root, folder).iter().any(|path| !folder.is_empty() || !is_of_repository(path))
}

fn is_of_repository(path: &SourcePath) -> bool {
    let name = path.as_str().to_lowercase();
    OF_REPOSITORY.contains(&name.as_str())
}

fn page_files(root: &Path, folder: &str) -> Vec<SourcePath> {
    let content = root.join(folder);
    if !content.is_dir() {
        return Vec::new();
    }
    let skip = ["templates", "themes", "static", "public", "target", "vendor"].map(|name| root.join(name));
    let (entries, _) = source::walk(&content, folder, &skip);
    entries.into_iter().filter(|entry| entry.kind != Kind::Asset).map(|entry| entry.path).collect()
}

/// Reads all pages once.
fn pages(root: &Path, found: &mut Found) {
    let content = root.join(&found.content);
    let paths = page_files(root, &found.content);
    found.n_pages = paths.len();
    let (mut n_double_names, mut n_shortcodes) = (0, 0);
    // The page of the highest folder: that of the site, or of the only folder in it.
    let mut home: Option<(usize, Option<String>, String)> = None;
    let mut scripts = Scripts::default();
    let mut addresses = HashSet::from([String::new()]);
    for path in &paths {
        let Some(text) = source::text(&path.in_folder(&content)) else { continue };
        let (front, body, _) = front_matter::read(&text);
        let body_text = &text[body..];
        found.n_kramdown += usize::from(is_kramdown(body_text));
        let has_shortcode = body_text.contains("{{<") || body_text.contains("{{%");
        n_shortcodes += usize::from(has_shortcode);
        let has_template = has_shortcode || body_text.contains("{% ") || body_text.contains("<%=");
        found.n_templates += usize::from(has_template);
        found.n_aliases += front.aliases.len();
        let address = front.url.as_ref().map_or_else(|| menu::address(path.as_str()), |url| url.value.clone());
        // A folder has a page too, whether somebody wrote it or not.
        let mut address = menu::plain_address(&address);
        while !address.is_empty() && addresses.insert(address.to_owned()) {
            address = address.rsplit_once('/').map_or("", |(folder, _)| folder);
        }
        n_double_names += usize::from(path.file_name().to_lowercase().ends_with(".html.md"));
        scripts.count(body_text);
        let depth = path.as_str().split('/').count();
        let is_higher = home.as_ref().is_none_or(|(known, ..)| depth < *known);
        if is_higher && source::page_role(path, Kind::Page).1.is_some_and(is_index) {
            home = Some((depth, title_of(&front, body_text), path.to_string()));
        }
    }
    if let Some(menu) = &mut found.menu {
        let is_page = |url: &str| addresses.contains(menu::plain_address(url));
        menu.links.retain(|(_, url)| url.contains(':') || is_page(url));
        let mut placed = HashSet::from(["/".to_owned()]);
        menu.order.retain(|url| is_page(url) && placed.insert(url.clone()));
    }
    if found.generator == Generator::Plain {
        let by_names = [
            (Generator::Middleman, n_double_names, "pages named `….html.md`"),
            (Generator::Hugo, n_shortcodes, "pages with shortcodes"),
        ];
        if let Some((generator, _, evidence)) = by_names.into_iter().find(|(_, n, _)| n * 10 > found.n_pages) {
            found.generator = generator;
            found.evidence = evidence.to_owned();
        }
    }
    if found.title.is_none() {
        found.title = home.filter(|(depth, ..)| *depth <= 2).and_then(|(_, title, file)| Some((title?, file)));
    }
    if found.language.is_none() {
        found.language = scripts.language().map(str::to_owned);
    }
}

/// How many characters of a text are of which script, as far as a script tells the language.
#[derive(Debug, Default)]
struct Scripts {
    n_kana: usize,
    n_hangul: usize,
    n_letters: usize,
}

impl Scripts {
    fn count(&mut self, text: &str) {
        for c in text.chars().filter(|c| c.is_alphabetic()) {
            self.n_letters += 1;
            self.n_kana += usize::from(matches!(c, '\u{3041}'..='\u{30FA}'));
            self.n_hangul += usize::from(matches!(c, '\u{AC00}'..='\u{D7A3}'));
        }
    }

    /// The language, when there can be no doubt: addresses and names in other letters are in all texts.
    fn language(&self) -> Option<&'static str> {
        match self.n_letters / 5 {
            enough if self.n_kana > enough => Some("ja"),
            enough if self.n_hangul > enough => Some("ko"),
            _ => None,
        }
    }
}

fn is_index(name: &str) -> bool {
    matches!(name, "_index" | "index") || name.eq_ignore_ascii_case("readme")
}

fn title_of(front: &FrontMatter, body: &str) -> Option<String> {
    let heading = || body.lines().find_map(|line| line.strip_prefix("# ")).map(|line| line.trim().to_owned());
    front.title.clone().or_else(heading).filter(|title| !title.is_empty())
}

/// The text of a file of the folder, if it is there.
fn text(root: &Path, file: &str) -> Option<String> {
    let path = root.join(file);
    path.is_file().then(|| source::text(&path))?
}

/// The first of these files that is there.
fn first_file<'f>(root: &Path, files: &[&'f str]) -> Option<&'f str> {
    files.iter().copied().find(|file| fs::metadata(root.join(file)).is_ok_and(|metadata| metadata.is_file()))
}
