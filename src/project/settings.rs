//! What single settings of `site.toml` can be.

use super::base_url::BaseUrl;
use super::config::NavSection;
use super::{folders, keys};
use crate::diagnostic::{Code, Diagnostic};
use crate::value::reader::Reader;
use crate::value::{Entry, Node, Spanned, Value, shortened};

/// The names of the entities that leave quotes as they were typed.
pub(super) const STRAIGHT: [&str; 4] = ["apos", "apos", "quot", "quot"];
const CURLY: [&str; 4] = ["lsquo", "rsquo", "ldquo", "rdquo"];

/// Reports a key that no table of ours has.
pub(super) fn unknown(reader: &mut Reader, table: &str, entry: &Entry) {
    let name = shortened(&entry.key.value);
    let message = match table {
        "" => format!("there is no setting `{name}`"),
        table => format!("there is no setting `{name}` in `[{table}]`"),
    };
    let help = keys::advice(table, &entry.key.value);
    reader.diagnostics.push(Diagnostic::new(Code::ConfigKey, message).at(entry.key.span).help(help));
}

pub(super) fn filled(reader: &mut Reader, key: &str, node: &Node) -> Option<String> {
    reader.text(key, node).map(|text| text.value).filter(|text| !text.is_empty())
}

pub(super) fn base_url(reader: &mut Reader, key: &str, node: &Node) -> Option<BaseUrl> {
    let text = reader.text(key, node)?;
    BaseUrl::parse(&text.value)
        .map_err(|problem| reader.report(node.span, format!("`{key}` {}", problem.message), problem.help))
        .ok()
}

pub(super) fn content(reader: &mut Reader, key: &str, node: &Node) -> Option<Spanned<String>> {
    let text = reader.text(key, node)?;
    match folders::inside(&text.value) {
        Ok(folder) => Some(Spanned::new(folder, node.span)),
        Err(why) => {
            let message = format!("`{key}` must be a folder of the project, and `{}` {why}", shortened(&text.value));
            reader.report(node.span, message, "write it relative to `site.toml`: `content = \"content\"`");
            None
        }
    }
}

pub(super) fn output(reader: &mut Reader, key: &str, node: &Node) -> Option<Spanned<String>> {
    let text = reader.text(key, node)?;
    if folders::inside(&text.value).as_deref() == Ok("") {
        let message = format!("`{key}` cannot be the folder of the project itself");
        reader.report(node.span, message, "write a folder of its own: `output = \"public\"`");
        return None;
    }
    Some(text)
}

pub(super) fn theme_name(reader: &mut Reader, key: &str, node: &Node) -> Option<Spanned<String>> {
    let name = reader.text(key, node)?;
    if name.value.is_empty() || name.value.contains(['/', '\\']) || name.value.starts_with('.') {
        let help = "write the name of a folder in `themes`, without any path";
        reader.report(node.span, format!("`{key}` cannot be `{}`", shortened(&name.value)), help);
        return None;
    }
    Some(name)
}

pub(super) fn cname(reader: &mut Reader, key: &str, node: &Node) -> Option<String> {
    let text = filled(reader, key, node)?;
    let host = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
    let host = host.split(['/', '?', '#', ':']).next().unwrap_or("").trim_end_matches('.').to_lowercase();
    let is_host = host.len() <= 253
        && host.contains('.')
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        });
    if is_host && text.eq_ignore_ascii_case(&host) {
        return Some(host);
    }
    let help = match (is_host, text.is_ascii()) {
        (true, _) => reader.example(key, &format!("\"{host}\"")),
        (false, false) => "write its ASCII form, which begins with `xn--`; your registrar shows it".to_owned(),
        (false, true) => reader.example(key, "\"handbook.example.com\""),
    };
    reader.report(node.span, format!("`{key}` must be a host name alone, found `{}`", shortened(&text)), help);
    None
}

pub(super) fn mermaid(reader: &mut Reader, key: &str, node: &Node) -> Option<Option<String>> {
    match &node.value {
        Value::Flag(false) => return Some(None),
        Value::Text(url) if url.starts_with("https://") || url.starts_with("http://") || url.starts_with('/') => {
            return Some(Some(url.clone()));
        }
        Value::Text(url) if url.is_empty() => return Some(None),
        _ => {}
    }
    let help = "write a URL that begins with `https://` or `/`; `mermaid = false` shows diagrams as text";
    reader.wrong(key, node, "the URL of a script, or `false`", help);
    None
}

pub(super) fn own_host(reader: &mut Reader, text: &Spanned<String>) -> Option<String> {
    let host = text.value.split_once("://").map_or(text.value.as_str(), |(_, rest)| rest);
    let host = host.trim_end_matches('/').to_lowercase();
    if host.is_empty() || host.chars().any(|c| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':'))) {
        let message = format!("`{}` in `links.hosts` is not a host", shortened(&text.value));
        reader.report(text.span, message, "write host names alone: `hosts = [\"about.example.com\"]`");
        return None;
    }
    Some(host)
}

/// A list of paths from the site's root.
pub(super) fn paths(reader: &mut Reader, key: &str, node: &Node) -> Vec<Spanned<String>> {
    let mut paths = reader.texts(key, node);
    paths.retain(|path| {
        let is_path = path.value.starts_with('/') && !path.value.starts_with("//");
        if !is_path {
            let message = format!("`{}` in `{key}` is not a path from the site's root", shortened(&path.value));
            let name = key.rsplit('.').next().unwrap_or_default();
            let meant = shortened(path.value.trim_start_matches('/'));
            reader.report(path.span, message, format!("begin it with `/`: `{name} = [\"/{meant}\"]`"));
        }
        is_path
    });
    paths
}

pub(super) fn sections(reader: &mut Reader, node: &Node) -> Vec<NavSection> {
    let help = "write `[[nav.section]]` on a line of its own, and `url` and `links` below it";
    let Value::List(items) = &node.value else {
        reader.wrong("nav.section", node, "a list of tables", help);
        return Vec::new();
    };
    let mut sections = Vec::new();
    for item in items {
        let Value::Table(entries) = &item.value else {
            reader.wrong("nav.section", item, "a list of tables", help);
            continue;
        };
        let (mut url, mut links) = (None, None);
        let before = reader.diagnostics.len();
        for entry in entries {
            match entry.key.value.as_str() {
                "url" => url = section_url(reader, &entry.value),
                "links" => links = reader.links("nav.section.links", &entry.value),
                _ => unknown(reader, "nav.section", entry),
            }
        }
        let missing = match (&url, &links) {
            (None, None) => "neither `url` nor `links`",
            (None, _) => "no `url`",
            _ => "no `links`",
        };
        if reader.diagnostics.len() == before && (url.is_none() || links.is_none()) {
            reader.report(item.span, format!("this `[[nav.section]]` has {missing}"), help);
        }
        sections.extend(url.zip(links).map(|(url, links)| NavSection { url, links }));
    }
    sections
}

pub(super) fn section_url(reader: &mut Reader, node: &Node) -> Option<Spanned<String>> {
    let key = "nav.section.url";
    let url = reader.text(key, node)?;
    if !url.value.starts_with('/') || url.value.starts_with("//") {
        let help = reader.example(key, &format!("\"/{}/\"", shortened(url.value.trim_matches('/'))));
        reader.wrong(key, node, "a path on this site that begins with `/`", help);
        return None;
    }
    Some(url)
}

pub(super) fn toc_levels(reader: &mut Reader, key: &str, node: &Node) -> Option<(u8, u8)> {
    let help = "write the first and the last level: `toc_levels = [2, 3]`";
    if let Value::List(items) = &node.value
        && let [first, last] = items.as_slice()
        && let (Some(first), Some(last)) = (level(first), level(last))
        && first <= last
    {
        return Some((first, last));
    }
    reader.wrong(key, node, "a list of two heading levels from 1 to 6", help);
    return None;

    fn level(node: &Node) -> Option<u8> {
        match &node.value {
            Value::Number { number, .. } => number.as_u64().filter(|n| (1..=6).contains(n)).map(|n| n as u8),
            _ => None,
        }
    }
}

/// kramdown takes `"1..6"`, `"2,3"` and lists.
pub(super) fn kramdown_levels(reader: &mut Reader, key: &str, node: &Node) -> Option<Vec<u8>> {
    let level = |text: &str| text.trim().parse::<u8>().ok().filter(|level| (1..=6).contains(level));
    let levels: Option<Vec<u8>> = match &node.value {
        Value::Text(text) => match text.split_once("..") {
            Some((first, last)) => level(first).zip(level(last)).map(|(first, last)| (first..=last).collect()),
            None => text.split(',').map(level).collect(),
        },
        Value::List(items) => items
            .iter()
            .map(|item| match &item.value {
                Value::Number { written, .. } => level(written),
                _ => None,
            })
            .collect(),
        _ => None,
    };
    if levels.is_none() {
        reader.wrong(key, node, "a list of heading levels from 1 to 6", "write `toc_levels = [1, 2, 3]`");
    }
    levels
}

pub(super) fn smart_quotes(reader: &mut Reader, key: &str, node: &Node) -> Option<[String; 4]> {
    let names: Vec<String> = match &node.value {
        Value::Flag(true) => return Some(CURLY.map(str::to_owned)),
        Value::Flag(false) => return Some(STRAIGHT.map(str::to_owned)),
        Value::Text(text) => text.split(',').map(|name| name.trim().to_owned()).collect(),
        Value::List(_) => reader.texts(key, node).into_iter().map(|name| name.value).collect(),
        _ => Vec::new(),
    };
    let are_names = names.iter().all(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric()));
    match <[String; 4]>::try_from(names) {
        Ok(names) if are_names => Some(names),
        _ => {
            let help = "write `smart_quotes = true`, or four names as in `\"laquo,raquo,lsaquo,rsaquo\"`";
            reader.wrong(key, node, "`true`, `false` or the names of four entities", help);
            None
        }
    }
}
