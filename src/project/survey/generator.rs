//! Which generator a folder was made for, by the files that only it has, and what its settings say.

use std::path::Path;

use super::menu::{self, Menu};
use super::{Found, first_file, settings, text};
use crate::diagnostic::Code;
use crate::value::{Entry, Value, yaml};

/// A generator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Generator {
    /// None that we know.
    #[default]
    Plain,
    /// Jekyll, and what is built on it.
    Jekyll,
    /// Middleman.
    Middleman,
    /// Hugo.
    Hugo,
    /// MkDocs, with Material or not.
    MkDocs,
    /// mdBook.
    MdBook,
    /// GitBook.
    GitBook,
    /// Docusaurus.
    Docusaurus,
}

impl Generator {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Generator::Plain => "plain Markdown",
            Generator::Jekyll => "Jekyll",
            Generator::Middleman => "Middleman",
            Generator::Hugo => "Hugo",
            Generator::MkDocs => "MkDocs",
            Generator::MdBook => "mdBook",
            Generator::GitBook => "GitBook",
            Generator::Docusaurus => "Docusaurus",
        }
    }

    /// Whether its Markdown is kramdown, on pages that do not show it too.
    pub fn is_kramdown(self) -> bool {
        matches!(self, Generator::Jekyll | Generator::Middleman)
    }

    /// The page of the guide for those who come from it.
    pub fn guide(self) -> Option<&'static str> {
        match self {
            Generator::Jekyll => Some("coming-from/jekyll"),
            Generator::Middleman => Some("coming-from/middleman"),
            Generator::Hugo => Some("coming-from/hugo"),
            Generator::MkDocs => Some("coming-from/mkdocs"),
            Generator::MdBook => Some("coming-from/mdbook"),
            Generator::Plain | Generator::GitBook | Generator::Docusaurus => None,
        }
    }
}

/// Finds the generator, and fills in what its settings say.
pub fn find(root: &Path, found: &mut Found) {
    let looks = [mkdocs, mdbook, docusaurus, middleman, jekyll, hugo, gitbook];
    let _ = looks.iter().any(|look| look(root, found).is_some());
}

/// A file of settings: its name, its text, and what is in it.
fn settings_file(root: &Path, files: &[&'static str]) -> Option<(&'static str, Vec<Entry>)> {
    let file = first_file(root, files)?;
    let entries = settings::read(file, &text(root, file)?);
    Some((file, entries))
}

fn set(found: &mut Found, generator: Generator, evidence: &str) {
    found.generator = generator;
    found.evidence = format!("`{evidence}`");
}

fn named(text: Option<String>, file: &str) -> Option<(String, String)> {
    text.map(|text| (text, file.to_owned()))
}

fn summary(root: &Path, folder: &str, name: &str) -> Option<Menu> {
    let file = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    Some(menu::of_summary(&file, &text(root, &file)?))
}

/// A folder as it was written, without what leads nowhere.
fn folder(text: &str) -> String {
    text.trim_start_matches("./").trim_matches('/').trim_start_matches('.').to_owned()
}

fn mkdocs(root: &Path, found: &mut Found) -> Option<()> {
    let (file, entries) = settings_file(root, &["mkdocs.yml", "mkdocs.yaml"])?;
    set(found, Generator::MkDocs, file);
    found.title = named(settings::text(&entries, &["site_name"]), file);
    found.description = settings::text(&entries, &["site_description"]);
    found.base_url = named(settings::text(&entries, &["site_url"]), file);
    found.repository = settings::text(&entries, &["repo_url"]);
    found.language = settings::text(&entries, &["theme.language", "theme.locale"]);
    found.content = folder(&settings::text(&entries, &["docs_dir"]).unwrap_or_else(|| "docs".to_owned()));
    found.menu = menu::of_mkdocs(file, &entries);
    if let Some(Value::List(plugins)) = settings::at(&entries, "plugins") {
        for plugin in plugins {
            if let Value::Table(plugin) = &plugin.value {
                found.redirects.extend(settings::pairs(plugin, "redirects.redirect_maps"));
            }
        }
    }
    by_file(found, file);
    Some(())
}

/// Redirects that are written as the files of pages.
fn by_file(found: &mut Found, file: &str) {
    let redirects = std::mem::take(&mut found.redirects);
    found.redirects = redirects.into_iter().map(|(from, to)| (menu::address(&from), menu::address(&to))).collect();
    found.redirects_from = file.to_owned();
}

fn mdbook(root: &Path, found: &mut Found) -> Option<()> {
    let (file, entries) = settings_file(root, &["book.toml"])?;
    set(found, Generator::MdBook, file);
    found.title = named(settings::text(&entries, &["book.title"]), file);
    found.description = settings::text(&entries, &["book.description"]);
    found.language = settings::text(&entries, &["book.language"]);
    found.base_url = named(settings::text(&entries, &["output.html.site-url"]), file);
    found.repository = settings::text(&entries, &["output.html.git-repository-url"]);
    found.content = folder(&settings::text(&entries, &["book.src"]).unwrap_or_else(|| "src".to_owned()));
    found.menu = summary(root, &found.content, "SUMMARY.md");
    found.redirects = settings::pairs(&entries, "output.html.redirect");
    found.redirects_from = file.to_owned();
    Some(())
}

fn docusaurus(root: &Path, found: &mut Found) -> Option<()> {
    let file = first_file(
        root,
        &["docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs", "docusaurus.config.cjs"],
    )?;
    let code = text(root, file)?;
    set(found, Generator::Docusaurus, file);
    found.title = named(settings::in_code(&code, "title"), file);
    found.description = settings::in_code(&code, "tagline");
    found.language = settings::in_code(&code, "defaultLocale");
    let path = settings::in_code(&code, "baseUrl").unwrap_or_else(|| "/".to_owned());
    found.base_url =
        named(settings::in_code(&code, "url").map(|url| url.trim_end_matches('/').to_owned() + &path), file);
    found.content = "docs".to_owned();
    Some(())
}

fn middleman(root: &Path, found: &mut Found) -> Option<()> {
    let code = text(root, "config.rb")?;
    let source = settings::in_code(&code, "source").unwrap_or_else(|| "source".to_owned());
    let is_middleman = root.join(&source).is_dir() || code.contains("activate :");
    if !is_middleman {
        return None;
    }
    set(found, Generator::Middleman, "config.rb");
    let from = |names: &[&str]| names.iter().find_map(|name| settings::in_code(&code, name));
    found.title = named(from(&["site_title", "site_name", "title"]), "config.rb");
    found.base_url = named(from(&["site_url", "base_url", "url_root", "host"]), "config.rb");
    if let Some((file, entries)) = settings_file(root, &["data/site.yml", "data/site.yaml"]) {
        found.title = found.title.take().or(named(settings::text(&entries, &["title", "name"]), file));
        found.description = settings::text(&entries, &["description"]);
        found.base_url = found.base_url.take().or(named(settings::text(&entries, &["url", "base_url"]), file));
    }
    found.content = folder(&source);
    data_menu(root, found, &["data/navigation.yml", "data/nav.yml"]);
    found.redirects = code.lines().filter_map(redirect_in_code).collect();
    found.redirects_from = "config.rb".to_owned();
    let file = "data/redirects.yml";
    if let Some(list) = text(root, file) {
        let more = redirects_in_data(&list);
        if !more.is_empty() {
            let is_alone = found.redirects.is_empty();
            found.redirects.extend(more);
            found.redirects_from = if is_alone { file.to_owned() } else { format!("config.rb and {file}") };
        }
    }
    Some(())
}

/// `redirect "old/index.html", to: "/new/"`
fn redirect_in_code(line: &str) -> Option<(String, String)> {
    let rest = line.trim_start().strip_prefix("redirect")?.trim_start_matches(['(', ' ']);
    let from = settings::quoted(rest)?;
    let to = rest[from.len() + 2..].split_once("to:").or_else(|| rest.split_once("=>"))?.1.trim_start();
    let from = format!("/{}", from.trim_start_matches('/').trim_end_matches("index.html"));
    Some((from, settings::quoted(to)?))
}

/// A list of `sources` with a `target`, as GitLab's handbook had it. Patterns are left out.
fn redirects_in_data(list: &str) -> Vec<(String, String)> {
    let Ok(node) = yaml::parse(list, 0, list.len(), Code::ConfigSyntax) else { return Vec::new() };
    let Value::List(items) = node.value else { return Vec::new() };
    let mut redirects = Vec::new();
    for item in &items {
        let Value::Table(entries) = &item.value else { continue };
        let is_exact = settings::text(entries, &["comp_op"]).is_none_or(|op| op == "=");
        let target = settings::text(entries, &["target", "to"]).filter(|_| is_exact);
        let (Some(target), Some(sources)) = (target, settings::at(entries, "sources")) else { continue };
        let sources = match sources {
            Value::List(sources) => sources.iter().map(|source| &source.value).collect(),
            one => vec![one],
        };
        for source in sources {
            if let Value::Text(source) = source {
                redirects.push((source.clone(), target.clone()));
            }
        }
    }
    redirects
}

fn jekyll(root: &Path, found: &mut Found) -> Option<()> {
    let (file, entries) = settings_file(root, &["_config.yml", "_config.yaml"])?;
    set(found, Generator::Jekyll, file);
    found.title = named(settings::text(&entries, &["title", "name"]), file);
    found.description = settings::text(&entries, &["description"]);
    found.language = settings::text(&entries, &["lang", "locale"]);
    let path = settings::text(&entries, &["baseurl"]).unwrap_or_default();
    let url = settings::text(&entries, &["url"]).map(|url| url.trim_end_matches('/').to_owned());
    found.base_url = named(url.map(|url| url + &path).or(Some(path).filter(|path| !path.is_empty())), file);
    found.content = folder(&settings::text(&entries, &["source"]).unwrap_or_default());
    let repository = settings::text(&entries, &["repository"]);
    found.repository =
        repository.map(|name| if name.contains("://") { name } else { format!("https://github.com/{name}") });
    data_menu(root, found, &["_data/navigation.yml", "_data/navigation.yaml", "_data/nav.yml"]);
    Some(())
}

fn data_menu(root: &Path, found: &mut Found, files: &[&'static str]) {
    let Some(file) = first_file(root, files) else { return };
    let Some(text) = text(root, file) else { return };
    if let Ok(node) = yaml::parse(&text, 0, text.len(), Code::ConfigSyntax) {
        found.menu = Some(menu::of_data(file, &node.value));
    }
}

fn hugo(root: &Path, found: &mut Found) -> Option<()> {
    let sure = ["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"];
    let perhaps = [
        "config/_default/hugo.toml",
        "config/_default/hugo.yaml",
        "config/_default/config.toml",
        "config/_default/config.yaml",
        "config.toml",
        "config.yaml",
        "config.yml",
        "config.json",
    ];
    let (file, entries) = settings_file(root, &sure).or_else(|| {
        let (file, entries) = settings_file(root, &perhaps)?;
        // Other programs have a config.toml too.
        let is_hugo = entries.iter().any(|entry| {
            ["baseurl", "languagecode", "contentdir", "defaultcontentlanguage"]
                .contains(&entry.key.value.to_lowercase().as_str())
        });
        is_hugo.then_some((file, entries))
    })?;
    set(found, Generator::Hugo, file);
    found.title = named(settings::text(&entries, &["title"]), file);
    found.description = settings::text(&entries, &["params.description"]);
    let language = settings::text(&entries, &["defaultContentLanguage", "languageCode", "locale"]);
    found.base_url = named(settings::text(&entries, &["baseURL", "baseurl", "baseUrl"]), file);
    found.repository = settings::text(&entries, &["params.github_repo", "params.repo_url"]);
    let content = settings::text(&entries, &["contentDir", "contentdir"]).unwrap_or_else(|| "content".to_owned());
    let of_language = language.as_ref().map(|language| format!("{content}/{language}"));
    // Docsy and others have a folder for each language.
    found.content = folder(&of_language.filter(|folder| root.join(folder).is_dir()).unwrap_or(content));
    found.language = language;
    let menus = [settings::at(&entries, "menu.main"), settings::at(&entries, "menus.main")];
    found.menu = menus.into_iter().flatten().next().map(|menu| menu::of_data(file, menu));
    Some(())
}

fn gitbook(root: &Path, found: &mut Found) -> Option<()> {
    let settings = settings_file(root, &[".gitbook.yaml", ".gitbook.yml"]);
    let (file, entries) = match settings {
        Some(settings) => settings,
        None => (first_file(root, &["SUMMARY.md"])?, Vec::new()),
    };
    set(found, Generator::GitBook, file);
    found.content = folder(&settings::text(&entries, &["root"]).unwrap_or_default());
    let summary_name = settings::text(&entries, &["structure.summary"]).unwrap_or_else(|| "SUMMARY.md".to_owned());
    found.menu = summary(root, &found.content, summary_name.trim_start_matches("./"));
    found.redirects = settings::pairs(&entries, "redirects");
    by_file(found, file);
    Some(())
}
