//! Addresses of other sites: what a link says, as it is asked for.

use std::fmt;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

use crate::web::punycode;

/// What browsers write as `%…` in a path or query: <https://url.spec.whatwg.org/#query-percent-encode-set>.
const ESCAPED: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'{').add(b'}').add(b'|').add(b'^').add(b'#');

/// An address that can be asked for: no fragment, no name and password, everything in ASCII.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The host, with its port unless that is the usual one. In small letters.
    pub host: String,
    /// Whether it is `https`.
    pub is_safe: bool,
    /// The path and the query, from the first `/`.
    pub target: String,
}

impl Address {
    /// The address of a link and its fragment. `None` when it is none of the web, or none at all.
    pub fn parse(link: &str) -> Option<(Address, Option<String>)> {
        // Browsers take line breaks and tabs out.
        let link: String = link.trim().chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
        let (is_safe, rest) = match link.split_once(':') {
            _ if link.starts_with("//") => (true, link.as_str()),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (true, rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (false, rest),
            _ => return None,
        };
        let rest = rest.trim_start_matches(['/', '\\']);
        let (rest, fragment) = match rest.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment.to_string())),
            None => (rest, None),
        };
        let (authority, target) = rest.split_at(rest.find(['/', '?', '\\']).unwrap_or(rest.len()));
        let host = authority.rsplit('@').next().unwrap_or(authority);
        Some((Address { host: host_of(host, is_safe)?, is_safe, target: target_of(target) }, fragment))
    }

    /// The host without its port.
    pub fn name(&self) -> &str {
        match self.host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
            _ => &self.host,
        }
    }

    /// Where a redirect from here leads. `None` when that is no address of the web.
    pub fn join(&self, location: &str) -> Option<Address> {
        let location = location.trim();
        let location = location.split('#').next().unwrap_or(location);
        let scheme = location.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| is_scheme(scheme));
        if scheme.is_some() {
            return Address::parse(location).map(|(address, _)| address);
        }
        if location.starts_with("//") {
            let scheme = if self.is_safe { "https:" } else { "http:" };
            return Address::parse(&format!("{scheme}{location}")).map(|(address, _)| address);
        }
        let path = self.target.split('?').next().unwrap_or(&self.target);
        let target = match location.chars().next() {
            None => self.target.clone(),
            Some('/') => location.to_string(),
            Some('?') => format!("{path}{location}"),
            Some(_) => format!("{}{location}", &path[..path.rfind('/').map_or(0, |at| at + 1)]),
        };
        Some(Address { target: target_of(&target), ..self.clone() })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_safe { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.host, self.target)
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

fn host_of(written: &str, is_safe: bool) -> Option<String> {
    let written = written.nfc().collect::<String>().to_lowercase();
    let (name, port) = match written.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => (name, port),
        _ => (written.as_str(), ""),
    };
    let is_six = name.starts_with('[') && name.ends_with(']');
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | '。') || !c.is_ascii();
    let is_name = match is_six {
        true => name[1..name.len() - 1].bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.')),
        false => name.chars().all(is_plain) && name.chars().any(char::is_alphanumeric),
    };
    if !is_name || port.parse::<u16>().is_err() && !port.is_empty() {
        return None;
    }
    let name = if is_six { name.to_string() } else { punycode::host(name)? };
    let usual = if is_safe { "443" } else { "80" };
    Some(if port.is_empty() || port == usual { name } else { format!("{name}:{port}") })
}

/// A path and a query as they are sent: without `.` and `..`, beginning with `/`.
fn target_of(written: &str) -> String {
    let (path, query) = match written.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (written, None),
    };
    let mut parts: Vec<&str> = Vec::new();
    let path = path.replace('\\', "/");
    let mut all = path.strip_prefix('/').unwrap_or(&path).split('/').peekable();
    while let Some(part) = all.next() {
        let is_last = all.peek().is_none();
        match part {
            "." | ".." => {
                if part == ".." {
                    parts.pop();
                }
                if is_last {
                    parts.push("");
                }
            }
            part => parts.push(part),
        }
    }
    let mut target = format!("/{}", utf8_percent_encode(&parts.join("/"), ESCAPED));
    if let Some(query) = query {
        target.push('?');
        target.extend(utf8_percent_encode(query, ESCAPED));
    }
    target
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(link: &str) -> String {
        match Address::parse(link) {
            Some((address, None)) => address.to_string(),
            Some((address, Some(fragment))) => format!("{address} #{fragment}"),
            None => String::new(),
        }
    }

    #[test]
    fn links_are_read_as_browsers_do() {
        for (link, expected) in [
            ("https://Example.COM", "https://example.com/"),
            ("HTTP://example.com:80/a?b=c#d", "http://example.com/a?b=c #d"),
            ("https://example.com:8443/", "https://example.com:8443/"),
            ("//example.com/a", "https://example.com/a"),
            ("https://me:secret@example.com/", "https://example.com/"),
            ("https://example.com/über uns?q=<a>", "https://example.com/%C3%BCber%20uns?q=%3Ca%3E"),
            ("https://example.com/a%20b", "https://example.com/a%20b"),
            ("https://example.com/a/../b/./c/..", "https://example.com/b/"),
            ("https://example.com/../../x", "https://example.com/x"),
            ("https://example.com?q=1", "https://example.com/?q=1"),
            ("https:\\\\example.com\\a", "https://example.com/a"),
            ("https://Bücher.example/", "https://xn--bcher-kva.example/"),
            ("http://[::1]:8080/", "http://[::1]:8080/"),
            ("https://exa\nmple.com/", "https://example.com/"),
            ("mailto:a@example.com", ""),
            ("https://", ""),
            ("https:///", ""),
            ("https://a b/", ""),
            ("https://example.com:99999/", ""),
            ("/a", ""),
        ] {
            assert_eq!(parsed(link), expected, "{link}");
        }
    }

    #[test]
    fn redirects_lead_on_from_where_they_are() {
        let (from, _) = Address::parse("http://example.com/a/b?c=d").unwrap();
        for (location, expected) in [
            ("https://other.example/x#y", Some("https://other.example/x")),
            ("//other.example", Some("http://other.example/")),
            ("/x", Some("http://example.com/x")),
            ("x", Some("http://example.com/a/x")),
            ("../x", Some("http://example.com/x")),
            ("?x", Some("http://example.com/a/b?x")),
            ("", Some("http://example.com/a/b?c=d")),
            ("mailto:a@example.com", None),
        ] {
            assert_eq!(from.join(location).map(|address| address.to_string()).as_deref(), expected, "{location}");
        }
    }

    #[test]
    fn a_name_has_no_port() {
        for (link, name) in
            [("http://a.example:81/", "a.example"), ("http://[::1]:81/", "[::1]"), ("http://[::1]/", "[::1]")]
        {
            assert_eq!(Address::parse(link).unwrap().0.name(), name);
        }
    }
}
