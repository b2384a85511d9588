//! Addresses of other sites: what a link says, as it is asked for.

use std::fmt;

use url::Url;

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
        let link = link.trim();
        let url = match link.starts_with("//") {
            true => Url::parse(&format!("https:{link}")),
            false => Url::parse(link),
        };
        let url = url.ok()?;
        Some((Address::of(&url)?, url.fragment().map(str::to_string)))
    }

    fn of(url: &Url) -> Option<Address> {
        let is_safe = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let host = format!("{}{port}", url.host_str()?);
        Some(Address { host, is_safe, target: format!("{}{query}", url.path()) })
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
        Address::of(&Url::parse(&self.to_string()).ok()?.join(location).ok()?)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_safe { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.host, self.target)
    }
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
            ("https://münchen。de/", "https://xn--mnchen-3ya.de/"),
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
