//! Settings in the environment: `HANDBOOK_MARKDOWN__MATH=false` is `math = false` under `[markdown]`.
//!
//! They are laid over what `site.toml` holds before anything is read from either, so that the same words describe a
//! wrong value wherever it stands. A variable has no place in a file; its values carry a place behind the end of any.

use super::keys::KEYS;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::value::{Entry, Node, Spanned, Value, toml};

/// What the names of our variables begin with.
const PREFIX: &str = "HANDBOOK_";

/// Variables of that kind that set no key of `site.toml`. Each is explained in the guide.
pub const OTHERS: &[&str] = &["HANDBOOK_CACHE_DIR"];

/// Files are smaller than this, and there are fewer variables than what is left above it.
const FIRST_PLACE: u32 = u32::MAX - 10_000;

/// A variable of the environment that sets a key.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// Its whole name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Those of this process, in the order of their names.
pub fn variables() -> Vec<Variable> {
    let ours = std::env::vars_os().filter_map(|(name, text)| {
        let name = name.into_string().ok().filter(|name| name.starts_with(PREFIX))?;
        if OTHERS.contains(&name.as_str()) {
            return None;
        }
        Some(Variable { name, text: text.to_string_lossy().into_owned() })
    });
    let mut variables: Vec<Variable> = ours.collect();
    variables.sort_by(|a, b| a.name.cmp(&b.name));
    variables
}

/// The name of the variable that sets a key.
pub fn name_of(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_uppercase())
}

/// Lays the variables over the entries of `site.toml`.
pub fn lay_over(entries: &mut Vec<Entry>, variables: &[Variable]) {
    for (variable, place) in variables.iter().zip(FIRST_PLACE..) {
        let name = variable.name[PREFIX.len()..].to_lowercase();
        let keys: Vec<&str> = name.split("__").collect();
        let mut node = Spanned::new(value(&variable.text), Span::default());
        moved_to(&mut node, place);
        set(entries, &keys, node, Span { start: place, end: place });
    }
}

/// What the text of a variable means: TOML where it is, such as `false`, `3` or `["a", "b"]`, and else the text itself.
fn value(text: &str) -> Value {
    let line = format!("value = {text}\n");
    let (mut entries, problems) = toml::parse(&line, 0, line.len(), Code::ConfigSyntax);
    match (entries.pop(), problems.is_empty(), entries.is_empty()) {
        (Some(entry), true, true) if entry.key.value == "value" => entry.value.value,
        _ => Value::Text(text.to_owned()),
    }
}

fn moved_to(node: &mut Node, place: u32) {
    node.span = Span { start: place, end: place };
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| moved_to(item, place)),
        Value::Table(entries) => entries.iter_mut().for_each(|entry| {
            entry.key.span = Span { start: place, end: place };
            moved_to(&mut entry.value, place);
        }),
        _ => {}
    }
}

fn set(entries: &mut Vec<Entry>, keys: &[&str], node: Node, place: Span) {
    let [key, below @ ..] = keys else { return };
    let at = match entries.iter().position(|entry| entry.key.value == *key) {
        Some(at) => at,
        None => {
            let table = Spanned::new(Value::Table(Vec::new()), place);
            entries.push(Entry { key: Spanned::new((*key).to_owned(), place), value: table });
            entries.len() - 1
        }
    };
    let entry = &mut entries[at];
    if below.is_empty() {
        *entry = Entry { key: Spanned::new((*key).to_owned(), place), value: node };
        return;
    }
    // `theme = "plain"` and HANDBOOK_THEME__ACCENT: the name is one of the keys of the table.
    if let (Value::Text(_), "theme") = (&entry.value.value, *key) {
        let name = Entry { key: Spanned::new("name".to_owned(), entry.key.span), value: entry.value.clone() };
        entry.value.value = Value::Table(vec![name]);
    }
    match &mut entry.value.value {
        Value::Table(entries) => set(entries, below, node, place),
        // Something else stands there; that it is wrong is for the reader to say.
        _ => {
            entry.value = Spanned::new(Value::Table(Vec::new()), place);
            if let Value::Table(entries) = &mut entry.value.value {
                set(entries, below, node, place);
            }
        }
    }
}

/// The variable that a place belongs to.
pub fn at(span: Span, variables: &[Variable]) -> Option<&Variable> {
    variables.get(span.start.checked_sub(FIRST_PLACE)? as usize)
}

/// The problem, said of the variable where it is one's.
pub fn explained(mut problem: Diagnostic, variables: &[Variable]) -> Diagnostic {
    let Some(variable) = problem.span.and_then(|span| at(span, variables)) else { return problem };
    problem.span = None;
    problem.file = variable.name.clone();
    if problem.code != Code::ConfigKey {
        return problem;
    }
    let written = variable.name[PREFIX.len()..].to_lowercase();
    let meant = KEYS.iter().find(|key| key.name.replace('.', "_") == written.replace("__", "_"));
    match meant {
        Some(key) => problem.help(format!("write `{}`, with two underscores below a table", name_of(key.name))),
        None => problem,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::{Variable, explained, value};
    use crate::project::config;

    /// What a setting is, and what is wrong, when the environment says something about `site.toml` too.
    fn check(toml: &str, variables: &[(&str, &str)], of: impl Fn(&config::Config) -> String, expected: Expect) {
        let variable = |&(name, text): &(&str, &str)| Variable { name: name.to_owned(), text: text.to_owned() };
        let variables: Vec<Variable> = variables.iter().map(variable).collect();
        let (config, problems) = config::read_with(toml, &variables);
        let mut out = of(&config);
        for problem in problems.into_iter().map(|problem| explained(problem, &variables)) {
            let help = problem.help.unwrap_or_default();
            out.push_str(&format!("\n{}: {}\n  {help}", problem.file, problem.message));
        }
        expected.assert_eq(&out);
    }

    #[test]
    fn a_variable_counts_more_than_the_file() {
        let of = |config: &config::Config| {
            format!("{:?} {} {:?}", config.title, config.markdown.math, config.markdown.toc_levels)
        };
        check(
            "title = \"File\"\n[markdown]\nmath = true\ntoc_levels = [2, 4]\n",
            &[("HANDBOOK_TITLE", "Ours & yours"), ("HANDBOOK_MARKDOWN__MATH", "false")],
            of,
            expect![[r#"Some("Ours & yours") false (2, 4)"#]],
        );
    }

    #[test]
    fn the_rest_of_a_table_stays_as_the_file_has_it() {
        let of = |config: &config::Config| format!("{} {:?}", config.theme.name.value, config.theme.look.edit_link);
        check(
            "[theme]\nname = \"default\"\nedit_link = \"https://github.com/a/b\"\n",
            &[("HANDBOOK_THEME__EDIT_BRANCH", "trunk")],
            of,
            expect![[r#"default Some("https://github.com/a/b/edit/trunk/{path}")"#]],
        );
        check(
            "theme = \"plain\"\n",
            &[("HANDBOOK_THEME__ACCENT", "#2b40a4")],
            |config| format!("{} {}", config.theme.name.value, config.theme.look.accent.is_some()),
            expect!["plain true"],
        );
    }

    #[test]
    fn values_of_your_own_can_be_at_any_depth() {
        check(
            "[extra]\na = 1\n",
            &[("HANDBOOK_EXTRA__MAIL__PEOPLE", "p@example.com"), ("HANDBOOK_EXTRA__N", "3")],
            |config| serde_json::Value::Object(config.extra.clone()).to_string(),
            expect![[r#"{"a":1,"mail":{"people":"p@example.com"},"n":3}"#]],
        );
    }

    #[test]
    fn wrong_ones_are_named() {
        check(
            "",
            &[
                ("HANDBOOK_MARKDOWN_MATH", "false"),
                ("HANDBOOK_MARKDOWN__MATH", "maybe"),
                ("HANDBOOK_MARKDOWN__MATHS", "true"),
                ("HANDBOOK_TITEL", "x"),
            ],
            |_| String::new(),
            expect![[r#"

                HANDBOOK_MARKDOWN_MATH: there is no setting `markdown_math`
                  write `HANDBOOK_MARKDOWN__MATH`, with two underscores below a table
                HANDBOOK_MARKDOWN__MATH: `markdown.math` must be `true` or `false`, found the text `maybe`
                  write `math = true` or `math = false`
                HANDBOOK_MARKDOWN__MATHS: there is no setting `maths` in `[markdown]`
                  did you mean `math`?
                HANDBOOK_TITEL: there is no setting `titel`
                  did you mean `title`?"#]],
        );
    }

    #[test]
    fn text_need_not_be_quoted() {
        for (text, expected) in [
            ("/handbook/", "the text `/handbook/`"),
            ("#2b40a4", "the text `#2b40a4`"),
            ("\"quoted\"", "the text `quoted`"),
            ("", "empty text"),
            ("true", "`true`"),
            ("[1, 2]", "a list"),
            ("1\nb = 2", "the text `1\nb = 2`"),
        ] {
            assert_eq!(value(text).describe(), expected, "{text}");
        }
    }
}
