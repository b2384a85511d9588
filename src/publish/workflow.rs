//! The workflow that publishes a handbook on GitHub Pages.
//!
//! Its first line holds a hash of the rest. So a later version can tell whether somebody has changed it, and bring up to
//! date only what nobody has.

use xxhash_rust::xxh3::xxh3_64;

use crate::publish::REPOSITORY;

/// Where it lies in a repository.
pub const FILE: &str = ".github/workflows/handbook.yml";

const TEXT: &str = include_str!("workflow.yml");
const MARK: &str = "# Written by `handbook publish github-pages`. Change it as you like: then it is left alone. ";

/// What the workflow has to know of a handbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wishes {
    /// The branch that is published.
    pub branch: String,
    /// The project's folder in the repository; `.` when it is the repository.
    pub folder: String,
    /// The output folder in the repository.
    pub output: String,
    /// Whether warnings stop it.
    pub strict: bool,
}

impl Wishes {
    /// The name that would be taken for an expression of GitHub's, wherever it stands.
    pub fn expression(&self) -> Option<&str> {
        [&self.branch, &self.folder, &self.output].into_iter().find(|name| name.contains("${{")).map(String::as_str)
    }
}

/// The workflow's text.
pub fn text(wishes: &Wishes) -> String {
    let action = REPOSITORY.trim_start_matches("https://github.com/");
    let body = TEXT
        .replace("{strict}", if wishes.strict { "true" } else { "false" })
        .replace("{action}", &format!("{action}@v{}", env!("CARGO_PKG_VERSION")))
        .replace("{folder:yaml}", &quoted(&wishes.folder))
        .replace("{output:yaml}", &quoted(&wishes.output))
        .replace("{branch:yaml}", &quoted(&pattern(&wishes.branch)))
        .replace("{branch:expression}", &wishes.branch.replace('\'', "''"))
        .replace("{branch}", &wishes.branch);
    format!("{MARK}{}\n{body}", mark(&body))
}

/// Whether a workflow is as some version of this program wrote it.
pub fn is_untouched(text: &str) -> bool {
    let text = text.replace("\r\n", "\n");
    let Some((first, body)) = text.split_once('\n') else { return false };
    first.strip_prefix(MARK).is_some_and(|hash| hash == mark(body))
}

/// The branch that a workflow publishes, if it is one that we wrote.
pub fn branch(text: &str) -> Option<String> {
    let listed = text.lines().find_map(|line| line.trim().strip_prefix("branches: "))?;
    serde_json::from_str::<[String; 1]>(listed).ok().map(|[pattern]| pattern.replace('\\', ""))
}

/// A branch's name as a pattern that nothing else fits. Of the signs that have a meaning in patterns, Git allows these two
/// in names. Source: the cheat sheet of filters in GitHub's reference of workflows.
fn pattern(branch: &str) -> String {
    branch.replace('+', "\\+").replace('!', "\\!")
}

/// Text in quotes; what JSON makes of it, YAML reads.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Whether warnings stop a workflow.
pub fn is_strict(text: &str) -> bool {
    text.lines().any(|line| line.trim() == "strict: true")
}

fn mark(body: &str) -> String {
    format!("({:016x})", xxh3_64(body.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{Wishes, branch, is_untouched, text};

    #[test]
    fn a_changed_workflow_is_told_from_an_old_one() {
        let wishes = Wishes { branch: "main".into(), folder: ".".into(), output: "public".into(), strict: true };
        let text = text(&wishes);
        assert!(is_untouched(&text) && is_untouched(&text.replace('\n', "\r\n")));
        assert!(!is_untouched(&text.replace("[\"main\"]", "[\"trunk\"]")));
        assert!(!is_untouched("name: Other\n") && !is_untouched(""));
        let places = ["branch", "folder", "output", "strict", "action"]
            .map(|name| [format!("{{{name}}}"), format!("{{{name}:")]);
        assert!(!places.iter().flatten().any(|place| text.contains(place)), "{text}");
    }

    #[test]
    fn names_are_quoted() {
        let wishes =
            Wishes { branch: "ida's".into(), folder: "a \"b\" \\c".into(), output: "x/public".into(), strict: true };
        let text = text(&wishes);
        for part in
            ["branches: [\"ida's\"]", "== 'refs/heads/ida''s'", "folder: \"a \\\"b\\\" \\\\c\"", "path: \"x/public\""]
        {
            assert!(text.contains(part), "{part}\n{text}");
        }
        assert_eq!(branch(&text).as_deref(), Some("ida's"));
        let other = super::text(&Wishes { branch: "c++!".into(), ..wishes.clone() });
        assert!(other.contains(r#"branches: ["c\\+\\+\\!"]"#) && other.contains("== 'refs/heads/c++!'"), "{other}");
        assert_eq!(branch(&other).as_deref(), Some("c++!"));
        assert_eq!(wishes.expression(), None);
        assert_eq!(Wishes { folder: "a${{ b }}".into(), ..wishes }.expression(), Some("a${{ b }}"));
    }

    #[test]
    fn every_action_is_pinned_to_a_commit_with_its_version_beside_it() {
        let wishes = Wishes { branch: "main".into(), folder: ".".into(), output: "public".into(), strict: true };
        for line in text(&wishes).lines().filter(|line| line.contains("uses: actions/")) {
            let (_, rest) = line.split_once('@').unwrap();
            let (hash, version) = rest.split_once(" # v").unwrap();
            assert!(hash.len() == 40 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{line}");
            assert_eq!(version.split('.').count(), 3, "{line}");
        }
    }
}
