//! The settings of other generators, as far as they can be read without running them.

use crate::diagnostic::Code;
use crate::value::{Entry, Value, toml, yaml};

/// What a settings file holds, by the ending of its name. What cannot be read is empty.
pub fn read(file: &str, text: &str) -> Vec<Entry> {
    match file.rsplit('.').next() {
        Some("toml") => toml::parse(text, 0, text.len(), Code::ConfigSyntax).0,
        // JSON is YAML too.
        _ => {
            let text = without_tags(text);
            yaml::parse_table(&text, 0, text.len(), Code::ConfigSyntax).unwrap_or_default()
        }
    }
}

/// YAML without tags such as `!!python/name:…` and `!ENV`, which only their own program understands.
fn without_tags(text: &str) -> String {
    let line = |line: &str| match line.find(" !") {
        Some(at) if matches!(line[..at].trim_end().chars().next_back(), Some(':' | '-')) => {
            let rest = line[at + 1..].split_once(' ').map_or("", |(_, rest)| rest);
            format!("{} {rest}", &line[..at])
        }
        _ => line.to_owned(),
    };
    text.lines().map(|l| line(l) + "\n").collect()
}

/// The value at `a.b`.
pub fn at<'e>(entries: &'e [Entry], path: &str) -> Option<&'e Value> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let value = &entries.iter().rev().find(|entry| entry.key.value == first)?.value.value;
    match (rest, value) {
        (None, value) => Some(value),
        (Some(rest), Value::Table(entries)) => at(entries, rest),
        (Some(_), _) => None,
    }
}

/// The text at the first of these places that has one.
pub fn text(entries: &[Entry], paths: &[&str]) -> Option<String> {
    let text = |path: &&str| match at(entries, path)? {
        Value::Text(text) | Value::Number { written: text, .. } => Some(text.trim().to_owned()),
        _ => None,
    };
    paths.iter().find_map(text).filter(|text| !text.is_empty())
}

/// The pairs of text in the table at this place.
pub fn pairs(entries: &[Entry], path: &str) -> Vec<(String, String)> {
    let Some(Value::Table(entries)) = at(entries, path) else { return Vec::new() };
    let pair = |entry: &Entry| match &entry.value.value {
        Value::Text(to) => Some((entry.key.value.clone(), to.clone())),
        _ => None,
    };
    entries.iter().filter_map(pair).collect()
}

/// The text that a line such as `title: "Handbook",` or `set :title, "Handbook"` gives to a name, in a file that is a
/// program. The first one counts.
pub fn in_code(code: &str, name: &str) -> Option<String> {
    code.lines().filter(|line| !line.trim_start().starts_with(['#', '/', '*'])).find_map(|line| {
        let rest = line.trim_start();
        let rest = rest.strip_prefix("set ").unwrap_or(rest).trim_start_matches([':', '\'', '"']);
        let rest = rest.strip_prefix(name)?.trim_start_matches(['\'', '"']).trim_start();
        let rest = rest.strip_prefix([':', '=', ','])?.trim_start();
        quoted(rest)
    })
}

/// The text in quotes at the start of a line.
pub fn quoted(line: &str) -> Option<String> {
    let quote = line.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let (text, _) = line[1..].split_once(quote)?;
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{in_code, read, text};

    #[test]
    fn names_are_found_in_programs() {
        let code = "// title: 'no'\nconst config = {\n  title: 'Ours & yours',\n  url: \"https://example.com\",\n};\n";
        assert_eq!(in_code(code, "title").as_deref(), Some("Ours & yours"));
        assert_eq!(in_code(code, "url").as_deref(), Some("https://example.com"));
        assert_eq!(in_code("set :site_title, \"Ours\"\n", "site_title").as_deref(), Some("Ours"));
        assert_eq!(in_code("title = compute()\n", "title"), None);
    }

    #[test]
    fn tags_of_programs_do_not_hide_the_rest() {
        let entries = read(
            "mkdocs.yml",
            "site_name: Ours\nsite_url: !ENV [URL, 'x']\nx:\n  - emoji: !!python/name:material.x\n    y: 1\n",
        );
        assert_eq!(text(&entries, &["nothing", "site_name"]).as_deref(), Some("Ours"));
    }
}
