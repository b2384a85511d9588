//! A link to a new place, in the manner in which the author wrote the old one.

use crate::site::url::UrlPath;

/// A place that a link leads to.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Its address.
    pub url: &'a UrlPath,
    /// Its file in the content folder; empty when it has none.
    pub file: &'a str,
}

/// The ways to write a link to `to`, the likeliest first. `written` is the old link without query and fragment, `from`
/// the page that it is on.
pub fn spellings(written: &str, from: Place<'_>, to: Place<'_>, base_path: &str) -> Vec<String> {
    let (host, path) = host_and_path(written);
    let url = encoded(to.url.as_str());
    let names_page_file = [".md", ".markdown"].iter().any(|ending| path.to_ascii_lowercase().ends_with(ending));
    let file = Some(encoded(to.file)).filter(|file| names_page_file && !file.is_empty());
    let styled = in_style(path, &url);
    let mut all: Vec<String> = Vec::new();
    if !host.is_empty() || path.starts_with('/') {
        let base = base_path.trim_end_matches('/');
        let bases = if !base.is_empty() && path.starts_with(base_path) { [base, ""] } else { ["", base] };
        for base in bases {
            all.extend(file.iter().map(|file| format!("{host}{base}/{file}")));
            all.extend([format!("{host}{base}{styled}"), format!("{host}{base}{url}")]);
        }
        return all;
    }
    let dot = |path: String| match written.starts_with("./") && !path.starts_with('.') {
        true => format!("./{path}"),
        false => path,
    };
    let (from_file, from_url) = (format!("/{}", encoded(from.file)), encoded(from.url.as_str()));
    all.extend(file.iter().map(|file| dot(relative(&from_file, &format!("/{file}")))));
    let by_file = || dot(relative(&from_file, &styled));
    let by_url = || dot(relative(&from_url, &styled));
    // What names a file is read from the file's folder, all else as the browser reads it.
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.') && !matches!(name, "." | ".."));
    all.extend(if is_file { [by_file(), by_url()] } else { [by_url(), by_file()] });
    all.extend([styled, url]);
    all
}

/// `https://host` and the path behind it; no host for what is only a path.
fn host_and_path(written: &str) -> (&str, &str) {
    let after = match written.find("//") {
        Some(0) => 2,
        Some(at) if written[..at].ends_with(':') => at + 2,
        _ => return ("", written),
    };
    let slash = written[after..].find('/').map_or(written.len(), |slash| after + slash);
    written.split_at(slash)
}

/// The address with the ending that the author gave the old one.
fn in_style(path: &str, url: &str) -> String {
    let Some(bare) = url.strip_suffix('/') else { return url.to_string() };
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some(("index", ending @ ("html" | "htm"))) => format!("{url}index.{ending}"),
        Some((_, ending @ ("html" | "htm"))) if !bare.is_empty() => format!("{bare}.{ending}"),
        _ if name.is_empty() || matches!(name, "." | "..") || bare.is_empty() => url.to_string(),
        _ => bare.to_string(),
    }
}

/// The path of one address as seen from another.
fn relative(from: &str, to: &str) -> String {
    let folders: Vec<&str> = from.split('/').collect();
    let folders = &folders[..folders.len() - 1];
    let parts: Vec<&str> = to.split('/').collect();
    let shared = folders.iter().zip(&parts[..parts.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", folders.len() - shared);
    let path = up.chain(parts[shared..].iter().copied()).collect::<Vec<_>>().join("/");
    match path.is_empty() {
        true => "./".to_string(),
        false => path,
    }
}

/// With what has a meaning of its own in a link percent-encoded. Letters of every script stay readable.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            ' ' | '%' | '#' | '?' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' | '[' | ']' | '\'' | '('
            | ')' => {
                out.push_str(&format!("%{:02X}", c as u32));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &str, from: (&str, &str), to: (&str, &str), expected: &str) {
        let url = |path: &str| UrlPath::resolve(&UrlPath::root(), path).unwrap();
        let (from_url, to_url) = (url(from.0), url(to.0));
        let from = Place { url: &from_url, file: from.1 };
        let to = Place { url: &to_url, file: to.1 };
        assert_eq!(spellings(written, from, to, "/base/")[0], expected, "{written}");
    }

    #[test]
    fn links_keep_their_manner() {
        let (from, to) = (("/people/leave/", "people/leave.md"), ("/pay/raise/", "pay/raise.md"));
        check("time-off.md", from, to, "../pay/raise.md");
        check("./time-off.md", from, ("/people/x/", "people/x.md"), "./x.md");
        check("/people/time-off.md", from, to, "/pay/raise.md");
        check("../time-off/", from, to, "../../pay/raise/");
        check("../time-off", from, to, "../../pay/raise");
        check("/people/time-off/", from, to, "/pay/raise/");
        check("/people/time-off", from, to, "/pay/raise");
        check("/people/time-off.html", from, to, "/pay/raise.html");
        check("/people/time-off/index.html", from, to, "/pay/raise/index.html");
        check("/base/people/time-off/", from, to, "/base/pay/raise/");
        check("https://e.org/people/time-off/", from, to, "https://e.org/pay/raise/");
        check("//e.org/base/people/time-off", from, to, "//e.org/base/pay/raise");
        check("a b.png", from, ("/img/a b.png", ""), "../img/a%20b.png");
        check("../", ("/people/leave/", "people/leave.md"), ("/", "_index.md"), "../../");
    }
}
