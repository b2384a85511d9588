//! The address under which the site is published.

/// The site's address: an origin, which can be unknown, and a path that begins and ends with `/`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BaseUrl {
    origin: String,
    path: String,
}

/// Why a text is no base URL, and what to write instead.
#[derive(Debug, PartialEq, Eq)]
pub struct BaseUrlProblem {
    /// Fits behind "`base_url` ".
    pub message: String,
    /// How to mend it.
    pub help: String,
}

impl Default for BaseUrl {
    fn default() -> BaseUrl {
        BaseUrl { origin: String::new(), path: "/".to_owned() }
    }
}

impl BaseUrl {
    /// Reads `https://host/path/`, or a bare path such as `/handbook/` when the host is not known. Nothing at all is
    /// the root of an unknown host.
    pub fn parse(text: &str) -> Result<BaseUrl, BaseUrlProblem> {
        let text = text.trim();
        let (origin, path) = if text.is_empty() {
            ("", "/")
        } else if text.starts_with("//") {
            return Err(problem("has no `https:` before `//`", format!("write `https:{text}`")));
        } else if text.starts_with('/') {
            ("", text)
        } else {
            let Some((scheme, rest)) = text.split_once("://") else {
                let help = format!("write `https://{text}`, or a path that begins with `/`");
                return Err(problem("must begin with `https://`, `http://` or `/`", help));
            };
            if !["http", "https"].iter().any(|known| known.eq_ignore_ascii_case(scheme)) {
                let help = format!("write `https://{rest}`");
                return Err(problem(&format!("must begin with `https://` or `http://`, not `{scheme}://`"), help));
            }
            let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            check_host(&rest[..end])?;
            text.split_at(scheme.len() + 3 + end)
        };
        if let Some(c) = path.chars().find(|c| matches!(c, '?' | '#' | '\\' | '"' | '<' | '>') || c.is_control()) {
            let help = "write the address of the site's first page without anything behind it";
            return Err(problem(&format!("must not hold `{}`", c.escape_debug()), help));
        }
        let mut parts = Vec::new();
        for part in path.split('/').filter(|part| !part.is_empty()) {
            if part == "." || part == ".." {
                return Err(problem("must not hold `.` or `..` as a part of its path", "write the whole path"));
            }
            parts.push(encoded(part));
        }
        let path = if parts.is_empty() { "/".to_owned() } else { format!("/{}/", parts.join("/")) };
        Ok(BaseUrl { origin: origin.to_lowercase(), path })
    }

    /// `https://host`, without a slash at its end; empty when the host is not known.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The path under which the site lies, with a slash at both ends.
    pub fn base_path(&self) -> &str {
        &self.path
    }

    /// The whole URL with a slash at its end; empty when the host is not known.
    pub fn full(&self) -> String {
        if self.origin.is_empty() { String::new() } else { format!("{}{}", self.origin, self.path) }
    }

    /// The host, with its port unless that is the scheme's own; empty when it is not known.
    pub fn host(&self) -> &str {
        match self.origin.split_once("://") {
            Some(("http", host)) => host.strip_suffix(":80").unwrap_or(host),
            Some((_, host)) => host.strip_suffix(":443").unwrap_or(host),
            None => "",
        }
    }
}

fn problem(message: &str, help: impl Into<String>) -> BaseUrlProblem {
    BaseUrlProblem { message: message.to_owned(), help: help.into() }
}

fn check_host(host: &str) -> Result<(), BaseUrlProblem> {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !host.ends_with(']') => (name, Some(port)),
        _ => (host, None),
    };
    if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return Err(problem("has a port that is not a number up to 65535", "write it like `http://localhost:8080/`"));
    }
    let is_address = name.starts_with('[') && name.ends_with(']');
    let is_name = !name.is_empty()
        && !name.starts_with(['.', '-'])
        && !name.contains("..")
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    match is_name || is_address {
        true => Ok(()),
        false if name.contains('@') => Err(problem("must not hold a user name", "leave out everything up to the `@`")),
        false => Err(problem(
            &format!("has no valid host: `{}`", crate::value::shortened(name)),
            "write it like `https://handbook.example.com/`",
        )),
    }
}

/// The part with everything percent-encoded that a URL cannot hold as it is.
fn encoded(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    for c in part.chars() {
        match c {
            c if c.is_ascii_graphic() => out.push(c),
            c => c.encode_utf8(&mut [0; 4]).bytes().for_each(|b| out.push_str(&format!("%{b:02X}"))),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::BaseUrl;

    fn check(texts: &[&str], expect: Expect) {
        let lines: Vec<String> = texts
            .iter()
            .map(|text| match BaseUrl::parse(text) {
                Ok(url) => format!("{text} -> {:?} {} host {:?}\n", url.full(), url.base_path(), url.host()),
                Err(problem) => format!("{text}: {} ({})\n", problem.message, problem.help),
            })
            .collect();
        expect.assert_eq(&lines.concat());
    }

    #[test]
    fn urls_and_bare_paths_end_with_one_slash() {
        check(
            &[
                "",
                "https://Example.com",
                "HTTPS://example.com/Handbook",
                "http://localhost:8080/a//b/",
                "https://example.com:443/",
                "/base",
                "/",
                " https://example.com/über uns/ ",
                "http://[::1]:8080/",
            ],
            expect![[r#"
                 -> "" / host ""
                https://Example.com -> "https://example.com/" / host "example.com"
                HTTPS://example.com/Handbook -> "https://example.com/Handbook/" /Handbook/ host "example.com"
                http://localhost:8080/a//b/ -> "http://localhost:8080/a/b/" /a/b/ host "localhost:8080"
                https://example.com:443/ -> "https://example.com:443/" / host "example.com"
                /base -> "" /base/ host ""
                / -> "" / host ""
                 https://example.com/über uns/  -> "https://example.com/%C3%BCber%20uns/" /%C3%BCber%20uns/ host "example.com"
                http://[::1]:8080/ -> "http://[::1]:8080/" / host "[::1]:8080"
            "#]],
        );
    }

    #[test]
    fn everything_else_is_refused_with_advice() {
        check(
            &[
                "example.com/handbook",
                "//example.com/",
                "ftp://example.com",
                "https://",
                "https:///x",
                "https://exa mple.com",
                "https://me@example.com",
                "https://example.com:http/",
                "https://example.com/?a=b",
                "https://example.com/#top",
                "/a/../b/",
                "base/",
            ],
            expect![[r#"
                example.com/handbook: must begin with `https://`, `http://` or `/` (write `https://example.com/handbook`, or a path that begins with `/`)
                //example.com/: has no `https:` before `//` (write `https://example.com/`)
                ftp://example.com: must begin with `https://` or `http://`, not `ftp://` (write `https://example.com`)
                https://: has no valid host: `` (write it like `https://handbook.example.com/`)
                https:///x: has no valid host: `` (write it like `https://handbook.example.com/`)
                https://exa mple.com: has no valid host: `exa mple.com` (write it like `https://handbook.example.com/`)
                https://me@example.com: must not hold a user name (leave out everything up to the `@`)
                https://example.com:http/: has a port that is not a number up to 65535 (write it like `http://localhost:8080/`)
                https://example.com/?a=b: must not hold `?` (write the address of the site's first page without anything behind it)
                https://example.com/#top: must not hold `#` (write the address of the site's first page without anything behind it)
                /a/../b/: must not hold `.` or `..` as a part of its path (write the whole path)
                base/: must begin with `https://`, `http://` or `/` (write `https://base/`, or a path that begins with `/`)
            "#]],
        );
    }
}
