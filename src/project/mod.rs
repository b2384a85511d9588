//! What the owner of the handbook has set: `site.toml`, the folders it names, and the theme.

pub mod base_url;
pub mod check;
pub mod colour;
mod compact;
pub mod config;
pub mod effective;
pub mod environment;
pub mod external;
pub mod folders;
pub mod keys;
pub mod look;
pub mod reading;
pub mod schema;
pub mod search;
pub mod security;
mod settings;
pub mod survey;
pub mod theme;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::history::{self, dates::Dates};
use crate::markdown::Options;
use crate::project::base_url::BaseUrl;
use crate::project::check::Level;
use crate::project::config::Config;
use crate::project::environment::Variable;
use crate::project::folders::Folders;
use crate::project::theme::Theme;
use crate::source::{self, SourcePath, special};

/// The name of the settings' file.
pub const CONFIG_NAME: &str = "site.toml";

/// The name of the file that remembers what was published.
pub const LEDGER_NAME: &str = "handbook.lock";

/// Settings, folders and theme.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// Where things are.
    pub folders: Folders,
    /// The settings, with the command line's over those of `site.toml`.
    pub config: Config,
    /// Templates and files of the theme.
    pub theme: Theme,
    /// The content folder's path in the project, empty for the project's root.
    pub prefix: String,
    /// What the environment sets over `site.toml`.
    pub variables: Vec<Variable>,
    /// The days of files' last changes, when they were asked for.
    pub dates: Dates,
}

/// What the command line sets over `site.toml`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overrides {
    /// Where the site is written, relative to the current folder.
    pub output: Option<PathBuf>,
    /// Where it will be published.
    pub base_url: Option<BaseUrl>,
    /// Whether drafts are part of it.
    pub drafts: bool,
    /// How much single codes matter.
    pub severities: Vec<(Code, Level)>,
}

/// Reads the project in the folder `root`. Problems with its files are diagnostics; that there is no such folder is
/// an error.
pub fn read(root: &Path, overrides: &Overrides) -> anyhow::Result<(Project, Vec<Diagnostic>)> {
    anyhow::ensure!(root.is_dir(), "there is no folder `{}`", root.display());
    let file = root.join(CONFIG_NAME);
    let variables = environment::variables();
    let (mut config, mut problems) = match fs::metadata(&file).and_then(|metadata| settings(&file, &metadata)) {
        Ok(Err(problem)) => (Config::default(), vec![problem]),
        Ok(Ok(bytes)) => match String::from_utf8(bytes) {
            // Without the mark, as the printers show the file: places must be those of the shown text.
            Ok(text) => config::read_with(text.strip_prefix('\u{FEFF}').unwrap_or(&text), &variables),
            Err(_) => {
                let problem = Diagnostic::new(Code::ConfigSyntax, "this file is not UTF-8, and TOML has to be");
                (Config::default(), vec![problem.help("save it as UTF-8 in your editor")])
            }
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound && file.is_symlink() => {
            let problem = Diagnostic::new(Code::SourceUnreadable, "this link leads to something that is not there");
            (Config::default(), vec![problem.help("remove or mend the link")])
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => config::read_with("", &variables),
        Err(error) => return Err(error).with_context(|| format!("read `{}`", file.display())),
    };
    if let Some(base_url) = &overrides.base_url {
        config.base_url = base_url.clone();
    }
    config.drafts |= overrides.drafts;
    config.check.levels.extend(overrides.severities.iter().copied());
    let (folders, found) = folders::resolve(root, &config, overrides.output.as_deref());
    problems.extend(found);
    let (theme, found) = theme::read(&folders.root, &config.theme.name);
    problems.extend(found);
    problems = problems.into_iter().map(|problem| environment::explained(problem, &variables)).collect();
    for problem in &mut problems {
        let is_of_command_line =
            problem.code == Code::ConfigValue && problem.span.is_none() && overrides.output.is_some();
        if problem.file.is_empty() && !is_of_command_line {
            problem.file = CONFIG_NAME.to_string();
        }
    }
    let prefix = folders.prefix();
    let dates = match config.history.dates {
        true => history::dates::dates(&folders.content),
        false => Dates::Unasked,
    };
    problems.extend(without_dates(&dates));
    Ok((Project { folders, config, theme, prefix, variables, dates }, problems))
}

/// Says so when dates were asked for and cannot be had.
fn without_dates(dates: &Dates) -> Option<Diagnostic> {
    let (message, help) = match dates {
        Dates::Known(_) | Dates::Unasked => return None,
        Dates::Unknown => (
            "pages have no dates from Git, as there is no repository here, or no `git`",
            "set `dates = false` under `[history]`, or build where the repository is",
        ),
        Dates::Shallow => (
            "pages have no dates from Git, as a part of the history is missing here",
            "fetch all of it: `git fetch --unshallow`, and in GitHub Actions `fetch-depth: 0`",
        ),
    };
    Some(Diagnostic::new(Code::HistoryMissing, message).in_file(CONFIG_NAME).help(help))
}

/// The bytes of the settings' file, or why it is none. Asked before opening: opening a pipe waits for someone to write.
fn settings(file: &Path, metadata: &fs::Metadata) -> io::Result<Result<Vec<u8>, Diagnostic>> {
    let what = if metadata.is_dir() { Some("a folder") } else { special(metadata.file_type()) };
    match what {
        Some(what) => {
            let problem = Diagnostic::new(Code::SourceUnreadable, format!("this is {what}, not a file"));
            Ok(Err(problem.help("move it elsewhere, or write the settings into a file of this name")))
        }
        None => fs::read(file).map(Ok),
    }
}

/// Whether a problem is in the settings: then there is no telling what the site should be.
pub fn is_in_settings(problem: &Diagnostic) -> bool {
    problem.severity == Severity::Error
        && (problem.file == CONFIG_NAME
            || matches!(problem.code, Code::ConfigSyntax | Code::ConfigKey | Code::ConfigValue))
}

impl Project {
    /// The list of known problems that the settings name.
    pub fn baseline(&self) -> Option<PathBuf> {
        self.config.check.baseline.as_ref().map(|file| self.folders.root.join(file))
    }

    /// What messages call a file of the content.
    pub fn file_name(&self, path: &SourcePath) -> String {
        match self.prefix.is_empty() {
            true => path.to_string(),
            false => format!("{}/{path}", self.prefix),
        }
    }

    /// The text of a file by the name that messages call it, for showing a part of it.
    pub fn text_of(&self, file: &str) -> Option<String> {
        let path = self.folders.root.join(file);
        let embedded = || {
            let mut templates = self.theme.templates.values();
            templates.find(|template| template.file == file).map(|template| template.text.to_string())
        };
        if path.is_file() { source::text(&path) } else { embedded() }
    }

    /// A problem with what the owner set, said of the file or of the variable of the environment that holds it.
    pub fn in_settings(&self, problem: Diagnostic) -> Diagnostic {
        environment::explained(problem.in_file(CONFIG_NAME), &self.variables)
    }

    /// What messages call the settings' file.
    pub fn config_name(&self) -> &'static str {
        CONFIG_NAME
    }

    /// Whether a page with this `draft` is part of the site.
    pub fn publishes(&self, draft: bool) -> bool {
        self.config.drafts || !draft
    }

    /// How pages are read.
    pub fn markdown_options(&self) -> Options {
        let markdown = &self.config.markdown;
        Options {
            dialect: markdown.dialect,
            section_nav: markdown.section_nav,
            math: markdown.math,
            highlight: markdown.highlight,
            kramdown: markdown.kramdown.options(),
            former_ids: Vec::new(),
            ask_for_frames: markdown.ask_for_frames,
            html: self.config.security.html,
            language: self.config.language.clone(),
            words: self.config.theme.look.words.clone(),
        }
    }

    /// The folders and files in the project's root that are no content even when the root is the content folder.
    pub fn not_content(&self) -> Vec<PathBuf> {
        let root = &self.folders.root;
        let own = ["templates", "themes", "static", CONFIG_NAME, LEDGER_NAME].into_iter().map(|name| root.join(name));
        let known_problems = self.config.check.baseline.iter().map(|file| root.join(file));
        own.chain([self.folders.output.clone()]).chain(known_problems).collect()
    }
}
