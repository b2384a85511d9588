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

impl Folders {
    /// The content folder's path in the project with `/` between its parts; empty when it is the project itself.
    pub fn prefix(&self) -> String {
        let inside = self.content.strip_prefix(&self.root).unwrap_or(Path::new(""));
        inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    }
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
    // Links can make one folder look like two.
    let real = |path: &PathBuf| path.canonicalize().unwrap_or_else(|_| path.clone());
    let inputs = [
        (root.clone(), "the project"),
        (content.clone(), "the content"),
        (root.join("static"), "the static files"),
        (root.join("templates"), "the templates"),
        (root.join("themes"), "the themes"),
    ];
    let clash = inputs.into_iter().find_map(|(folder, name)| {
        let (folder, output) = (real(&folder), real(&output_path));
        let verb = if folder == output { "is the folder of" } else { "contains the folder of" };
        folder.starts_with(&output).then(|| format!("{verb} {name}"))
    });
    if let Some(clash) = clash {
        let written = output.map_or(config.output.value.clone(), |output| output.display().to_string());
        let message = format!("the output folder `{written}` {clash}, which writing the site would harm");
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

#[cfg(test)]
mod tests {
    use std::fs;

    use expect_test::{Expect, expect};

    use super::*;
    use crate::project::config;

    /// The folders of a project with these folders in it, as seen from it, then what was wrong.
    fn check(there: &[&str], toml: &str, output: Option<&str>, expect: Expect) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("project");
        fs::create_dir(&root).unwrap();
        there.iter().for_each(|name| fs::create_dir_all(root.join(name)).unwrap());
        let (config, diagnostics) = config::read(toml);
        assert_eq!(diagnostics, []);
        let (folders, diagnostics) = resolve(&root, &config, output.map(|output| root.join(output)).as_deref());
        let shown = |path: &Path| path.display().to_string().replace(&folder.path().display().to_string(), "…");
        let mut out = format!("content {} ({:?})\n", shown(&folders.content), folders.prefix());
        out.push_str(&format!("output {}\n", shown(&folders.output)));
        for d in diagnostics {
            let message = d.message.replace(&folder.path().display().to_string(), "…");
            let at = d.span.map_or("", |span| &toml[span.range()]);
            out.push_str(&format!("{message} at {at:?} ({})\n", d.help.unwrap_or_default()));
        }
        expect.assert_eq(&out);
    }

    #[test]
    fn content_is_the_first_usual_folder_or_the_root() {
        check(
            &[],
            "",
            None,
            expect![[r#"
            content …/project ("")
            output …/project/public
        "#]],
        );
        check(
            &["source", "docs"],
            "",
            None,
            expect![[r#"
            content …/project/docs ("docs")
            output …/project/public
        "#]],
        );
        check(
            &["docs", "pages/en"],
            "content = \"./pages/en/\"",
            None,
            expect![[r#"
            content …/project/pages/en ("pages/en")
            output …/project/public
        "#]],
        );
    }

    #[test]
    fn a_content_folder_that_is_not_there_is_reported() {
        check(
            &["docs", "pages", "themes"],
            "content = \"page\"",
            None,
            expect![[r#"
            content …/project/page ("page")
            output …/project/public
            there is no folder `page`, which `content` names at "\"page\"" (create it, or name one that is there: `docs`, `pages`)
        "#]],
        );
        check(
            &[],
            "content = \"page\"",
            None,
            expect![[r#"
            content …/project/page ("page")
            output …/project/public
            there is no folder `page`, which `content` names at "\"page\"" (create it, and put the pages there)
        "#]],
        );
    }

    #[test]
    fn the_output_can_be_anywhere_but_in_the_way() {
        check(
            &["content"],
            "output = \"../site\"",
            None,
            expect![[r#"
            content …/project/content ("content")
            output …/site
        "#]],
        );
        check(
            &["content"],
            "output = \"docs\"",
            Some("dist"),
            expect![[r#"
            content …/project/content ("content")
            output …/project/dist
        "#]],
        );
        check(
            &["content"],
            "output = \"..\"",
            None,
            expect![[r#"
                content …/project/content ("content")
                output …
                the output folder `..` contains the folder of the project, which writing the site would harm at "\"..\"" (choose a folder of its own, such as `public`)
            "#]],
        );
        check(
            &["content/en"],
            "content = \"content/en\"\noutput = \"content\"",
            None,
            expect![[r#"
                content …/project/content/en ("content/en")
                output …/project/content
                the output folder `content` contains the folder of the content, which writing the site would harm at "\"content\"" (choose a folder of its own, such as `public`)
            "#]],
        );
        check(
            &["content"],
            "",
            Some("."),
            expect![[r#"
                content …/project/content ("content")
                output …/project
                the output folder `…/project/.` is the folder of the project, which writing the site would harm at "" (choose a folder of its own, such as `public`)
            "#]],
        );
        check(
            &[],
            "output = \"public\"",
            None,
            expect![[r#"
            content …/project ("")
            output …/project/public
        "#]],
        );
    }
}
