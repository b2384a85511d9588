//! Every setting with the value that counts, and where it comes from.

use super::config;
use super::environment::{self, Variable};
use super::keys::KEYS;
use super::{CONFIG_NAME, Project};
use crate::source;
use crate::value::{Entry, Node, Value};

/// A setting.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Its key, with the tables it stands in.
    pub key: String,
    /// Its value; nothing when there is none.
    pub value: Option<Value>,
    /// Where that comes from.
    pub origin: Origin,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// The folder was found by its name.
    Found,
    /// This line of `site.toml`.
    File(usize),
    /// This variable of the environment.
    Variable(String),
}

impl Project {
    /// Every setting that there is, in the order of the guide. Values are as they were written.
    pub fn settings(&self) -> Vec<Setting> {
        let text = source::text(&self.folders.root.join(CONFIG_NAME)).unwrap_or_default();
        let mut settings = settings(&text, &self.variables);
        let content = settings.iter_mut().find(|setting| setting.key == "content" && setting.value.is_none());
        if let Some(content) = content {
            let folder = if self.prefix.is_empty() { ".".to_owned() } else { self.prefix.clone() };
            (content.value, content.origin) = (Some(Value::Text(folder)), Origin::Found);
        }
        settings
    }
}

fn settings(text: &str, variables: &[Variable]) -> Vec<Setting> {
    let (mut entries, _) = config::entries(text);
    environment::lay_over(&mut entries, variables);
    let origin = |node: &Node| match environment::at(node.span, variables) {
        Some(variable) => Origin::Variable(variable.name.clone()),
        None => Origin::File(line_of(text, node)),
    };
    let mut settings = Vec::new();
    for key in KEYS {
        // The tables of a list are shown with the list.
        let below_list = |list: &super::keys::Key| list.kind == "list of tables" && is_below(key.name, list.name);
        if KEYS.iter().any(below_list) {
            continue;
        }
        // The theme's name has two keys; the longer one can stand beside those of its look.
        let written = match key.name {
            "theme" => continue,
            "theme.name" => {
                found(&entries, key.name).or_else(|| found(&entries, "theme").filter(|node| !is_table(node)))
            }
            name => found(&entries, name),
        };
        match written {
            Some(node) if key.kind == "table" => leaves(key.name, node, &mut |name, node| {
                let (value, origin) = (Some(node.value.clone()), origin(node));
                settings.push(Setting { key: name.to_owned(), value, origin });
            }),
            Some(node) => {
                let (value, origin) = (Some(node.value.clone()), origin(node));
                settings.push(Setting { key: key.name.to_owned(), value, origin });
            }
            None if key.kind == "table" => {}
            None => {
                let value = default(key.default);
                settings.push(Setting { key: key.name.to_owned(), value, origin: Origin::Default });
            }
        }
    }
    settings
}

/// Whether a key stands in this table.
fn is_below(key: &str, table: &str) -> bool {
    key.strip_prefix(table).is_some_and(|rest| rest.starts_with('.'))
}

/// The value that is written for a key.
fn found<'e>(entries: &'e [Entry], key: &str) -> Option<&'e Node> {
    let (first, rest) = key.split_once('.').map_or((key, None), |(first, rest)| (first, Some(rest)));
    let node = &entries.iter().find(|entry| entry.key.value == first)?.value;
    match (rest, &node.value) {
        (None, _) => Some(node),
        (Some(rest), Value::Table(entries)) => found(entries, rest),
        (Some(_), _) => None,
    }
}

fn is_table(node: &Node) -> bool {
    matches!(node.value, Value::Table(_))
}

/// Every value in a table that is no table itself, with its key.
fn leaves(key: &str, node: &Node, each: &mut dyn FnMut(&str, &Node)) {
    match &node.value {
        Value::Table(entries) if !entries.is_empty() => {
            for entry in entries {
                leaves(&format!("{key}.{}", crate::value::write::key(&entry.key.value)), &entry.value, each);
            }
        }
        _ => each(key, node),
    }
}

fn default(text: &str) -> Option<Value> {
    if text.is_empty() {
        return None;
    }
    let (mut entries, _) = config::entries(&format!("value = {text}\n"));
    entries.pop().map(|entry| entry.value.value)
}

fn line_of(text: &str, node: &Node) -> usize {
    let start = (node.span.start as usize).min(text.len());
    text.as_bytes()[..start].iter().filter(|&&b| b == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::{Origin, settings};
    use crate::project::environment::Variable;
    use crate::project::keys::KEYS;
    use crate::value::write;

    fn shown(toml: &str, variables: &[(&str, &str)]) -> String {
        let variable = |&(name, text): &(&str, &str)| Variable { name: name.to_owned(), text: text.to_owned() };
        let variables: Vec<Variable> = variables.iter().map(variable).collect();
        let set = settings(toml, &variables).into_iter().filter(|setting| setting.origin != Origin::Default);
        set.map(|setting| {
            let value = setting.value.as_ref().map(write::toml).unwrap_or_default();
            format!("{} = {value} {:?}\n", setting.key, setting.origin)
        })
        .collect()
    }

    #[test]
    fn each_value_says_where_it_comes_from() {
        let toml = "title = \"A\"\n\n[theme]\naccent = \"#2b40a4\"\n[markdown.kramdown]\nhard_wrap = true\n\
                    [[nav.section]]\nurl = \"/a/\"\nlinks = []\n[extra]\n\"a b\" = { c = 1 }\n";
        expect![[r##"
            title = "B" Variable("HANDBOOK_TITLE")
            theme.accent = "#2b40a4" File(4)
            nav.section = [{ url = "/a/", links = [] }] File(7)
            markdown.kramdown.hard_wrap = true File(6)
            extra."a b".c = 1 File(11)
            extra.d = 2 Variable("HANDBOOK_EXTRA__D")
        "##]]
        .assert_eq(&shown(toml, &[("HANDBOOK_EXTRA__D", "2"), ("HANDBOOK_TITLE", "B")]));
    }

    #[test]
    fn every_key_is_there() {
        let shown = settings("", &[]);
        for key in KEYS.iter().filter(|key| !key.name.starts_with("nav.section.") && key.kind != "table") {
            let is_shown = shown.iter().any(|setting| setting.key == key.name);
            assert!(is_shown || key.name == "theme", "{}", key.name);
        }
    }
}
