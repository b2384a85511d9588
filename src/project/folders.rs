//! Where a project's content is and where its site goes.

use std::path::{Component, Path, PathBuf};

use super::config::Config;
use crate::diagnostic::{Code, Diagnostic};

/// The folders that a build reads and writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// The project's folder.
    pub root: PathBuf,
    /// The folder of the pages: the root, or a folder in it.
    pub content: PathBuf,
    /// The folder that the site is written to.
    pub output: PathBuf,
}

/// Where content is looked for when `site.toml` does not say.
pub const USUAL: &[&str] = &["content", "docs", "handbook", "source"];

/// The folders of the project at `root`. `output` is what the command line says, if anything; it is relative to
/// the current folder, while that of the settings is relative to the project.
pub fn resolve(root: &Path, config: &Config, output: Option<&Path>) -> (Folders, Vec<Diagnostic>) {
    let root = std::path::absolute(root).map_or_else(|_| root.to_owned(), |root| plain(&root));
    let mut diagnostics = Vec::new();
    let content = match &config.content {
        Some(folder) => {
            let path = root.join(&folder.value);
            if !path.is_dir() {
                let message = format!("there is no folder `{}`, which `content` names", folder.value);
                let there: Vec<String> = subfolders(&root).iter().map(|name| format!("`{name}`")).collect();
                let help = match there.is_empty() {
                    true => "create it, and put the pages there".to_owned(),
                    false => format!("create it, or name one that is there: {}", there.join(", ")),
                };
                diagnostics.push(Diagnostic::new(Code::ConfigValue, message).at(folder.span).help(help));
            }
            path
        }
        None => USUAL.iter().map(|name| root.join(name)).find(|path| path.is_dir()).unwrap_or_else(|| root.clone()),
    };
    let output_path = match output {
        Some(output) => std::path::absolute(output).map_or_else(|_| output.to_owned(), |output| plain(&output)),
        None => plain(&root.join(&config.output.value)),
    };
    let clash = [(&root, "the project"), (&content, "the content")].into_iter().find_map(|(folder, name)| {
        let is_same = output_path == *folder;
        let verb = if is_same { "is the folder of" } else { "contains the folder of" };
        (is_same || folder.starts_with(&output_path)).then(|| format!("{verb} {name}"))
    });
    if let Some(clash) = clash {
        let message =
            format!("the output folder `{}` {clash}, which writing the site would harm", output_path.display());
        let mut problem =
            Diagnostic::new(Code::ConfigValue, message).help("choose a folder of its own, such as `public`");
        if output.is_none() && config.output.span != Default::default() {
            problem = problem.at(config.output.span);
        }
        diagnostics.push(problem);
    }
    (Folders { root, content, output: output_path }, diagnostics)
}

/// A folder of the project as it was written, without `.` and with `/` between its parts. Fails with words that fit
/// behind the folder's name when it is not in the project.
pub fn inside(folder: &str) -> Result<String, &'static str> {
    let folder = folder.trim().replace('\\', "/");
    let has_drive = folder.as_bytes().get(1) == Some(&b':') && folder.as_bytes()[0].is_ascii_alphabetic();
    if folder.starts_with('/') || folder.starts_with('~') || has_drive {
        return Err("is not relative to it");
    }
    if folder.chars().any(char::is_control) {
        return Err("holds a character that no folder's name can have");
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or("leads out of it")?;
            }
            part => parts.push(part),
        }
    }
    Ok(parts.join("/"))
}

/// The path without `.` and `..`, without asking the disk: the output folder need not be there yet.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

/// The names of a folder's folders that could hold content, sorted.
fn subfolders(root: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(root) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| {
            !name.starts_with(['.', '_'])
                && !matches!(name.as_str(), "themes" | "templates" | "static" | "public" | "node_modules" | "target")
        })
        .collect();
    names.sort();
    names.truncate(8);
    names
}
