//! What the owner wants to be told: the keys of `[check]`.

use std::collections::BTreeMap;

use super::config::put;
use super::external::ExternalConfig;
use super::settings::{filled, unknown};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::value::reader::{Reader, nearest};
use crate::value::{Entry, Node, shortened};

/// How much a problem matters to the owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// It is reported with this severity.
    On(Severity),
    /// It is not reported.
    Off,
}

/// What can be written, for settings and for messages.
pub const LEVELS: &[(&str, Level)] = &[
    ("error", Level::On(Severity::Error)),
    ("warning", Level::On(Severity::Warning)),
    ("note", Level::On(Severity::Note)),
    ("off", Level::Off),
];

/// What is checked, and how much it matters.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckConfig {
    /// How much single codes matter, where that is not what it usually is.
    pub levels: BTreeMap<Code, Level>,
    /// Patterns of links that are not checked.
    pub ignore: Vec<String>,
    /// The list of known problems, relative to the project.
    pub baseline: Option<String>,
    /// More kilobytes than this are a large page.
    pub page_size: u64,
    /// More kilobytes than this are a large image.
    pub image_size: u64,
    /// How links to other sites are checked.
    pub external: ExternalConfig,
}

impl Default for CheckConfig {
    fn default() -> CheckConfig {
        CheckConfig {
            levels: BTreeMap::new(),
            ignore: Vec::new(),
            baseline: None,
            page_size: 200,
            image_size: 1000,
            external: ExternalConfig::default(),
        }
    }
}

impl CheckConfig {
    /// How much a problem of this kind matters.
    pub fn level(&self, code: Code) -> Level {
        match self.levels.get(&code) {
            Some(level) => *level,
            None if code.is_on() => Level::On(code.severity()),
            None => Level::Off,
        }
    }

    /// The problem as it is reported. One whose severity was chosen where it was found keeps that, unless the owner says
    /// otherwise.
    pub fn settled(&self, mut problem: Diagnostic) -> Option<Diagnostic> {
        match self.levels.get(&problem.code) {
            Some(Level::On(severity)) => problem.severity = *severity,
            Some(Level::Off) => return None,
            None if !problem.code.is_on() => return None,
            None => {}
        }
        Some(problem)
    }

    /// Whether links like this one are not checked.
    pub fn ignores(&self, link: &str) -> bool {
        self.ignore.iter().any(|pattern| matches(pattern, link))
    }

    pub(super) fn read(&mut self, reader: &mut Reader, node: &Node) {
        for entry in reader.table("check", node).unwrap_or_default() {
            match entry.key.value.as_str() {
                "severity" => {
                    for entry in reader.table("check.severity", &entry.value).unwrap_or_default() {
                        self.read_level(reader, entry);
                    }
                }
                "ignore" => {
                    let patterns = reader.texts("check.ignore", &entry.value);
                    self.ignore = patterns.into_iter().map(|pattern| pattern.value).collect();
                }
                "baseline" => self.baseline = filled(reader, "check.baseline", &entry.value),
                "page_size" => put(&mut self.page_size, kilobytes(reader, "check.page_size", &entry.value)),
                "image_size" => put(&mut self.image_size, kilobytes(reader, "check.image_size", &entry.value)),
                "external" => self.external.read(reader, &entry.value),
                _ => unknown(reader, "check", entry),
            }
        }
    }

    fn read_level(&mut self, reader: &mut Reader, entry: &Entry) {
        let name = entry.key.value.as_str();
        match code(name) {
            Ok(code) => {
                let level = reader.choice(&format!("check.severity.{name}"), &entry.value, LEVELS);
                let mut set = self.levels.get(&code).copied();
                put(&mut set, level.map(Some));
                self.levels.extend(set.map(|level| (code, level)));
            }
            Err(why) => {
                let (message, help) = (why.message, why.help);
                reader.diagnostics.push(Diagnostic::new(Code::ConfigKey, message).at(entry.key.span).help(help));
            }
        }
    }
}

fn kilobytes(reader: &mut Reader, key: &str, node: &Node) -> Option<u64> {
    reader.whole(key, node, 1, 1_000_000).map(|n| n as u64)
}

/// Why a name is not that of a code whose severity can be set.
#[derive(Debug, PartialEq, Eq)]
pub struct BadCode {
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

/// The code of this name, if its severity can be set: what is wrong with the settings themselves always stops everything.
pub fn code(name: &str) -> Result<Code, BadCode> {
    match Code::named(name) {
        Some(Code::ConfigSyntax | Code::ConfigKey | Code::ConfigValue) => {
            let message = format!("`{name}` is always an error");
            Err(BadCode {
                message,
                help: "mend `site.toml`; nobody knows what a site with wrong settings should be".into(),
            })
        }
        Some(code) => Ok(code),
        None => {
            let message = format!("there is no code `{}`", shortened(name));
            let help = match nearest(name, Code::ALL.iter().map(|code| code.name())) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "the code is what stands in brackets in a message, such as `link-page`".to_string(),
            };
            Err(BadCode { message, help })
        }
    }
}

/// Whether the whole text is like the pattern, in which `*` stands for anything, also for nothing.
pub fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text, expected) in [
            ("/jobs/*", "/jobs/", true),
            ("/jobs/*", "/jobs/apply/", true),
            ("/jobs/*", "/job/", false),
            ("https://*.example.com/*", "https://a.b.example.com/x", true),
            ("https://*.example.com/*", "https://example.org/x", false),
            ("/a", "/a", true),
            ("/a", "/ab", false),
            ("*a*b", "xaxb", true),
            ("*a*b", "xbxa", false),
            ("*", "", true),
            ("a*a", "a", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_code_that_is_none_gets_the_nearest() {
        assert_eq!(code("link-anchors").unwrap_err().help, "did you mean `link-anchor`?");
        assert_eq!(code("config-key").unwrap_err().message, "`config-key` is always an error");
        assert_eq!(code("link-page"), Ok(Code::LinkPage));
    }
}
