//! Mistakes in an address that show in the way it is written, whatever the site holds.

use strsim::osa_distance;

/// A mistake, and what was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong.
    pub message: String,
    /// The whole address as it was meant.
    pub meant: String,
}

/// Schemes that are right as they are, though some differ from `http` by a letter or two.
const SCHEMES: &[&str] = &[
    "http",
    "https",
    "mailto",
    "tel",
    "sms",
    "ftp",
    "ftps",
    "sftp",
    "file",
    "data",
    "blob",
    "javascript",
    "ws",
    "wss",
    "irc",
    "ircs",
    "git",
    "ssh",
    "slack",
    "zoommtg",
    "webcal",
    "xmpp",
    "matrix",
    "sip",
    "sips",
    "facetime",
    "skype",
    "msteams",
    "vscode",
    "obsidian",
    "notion",
    "geo",
    "magnet",
    "urn",
    "news",
    "nntp",
    "feed",
    "about",
    "chrome",
];

/// What is wrong with the scheme, or with the lack of one before another site's address.
pub fn scheme(written: &str) -> Option<Mistake> {
    // Most links are paths of the site.
    if !written.contains(':') && !written.contains("//") {
        return None;
    }
    let lower = written.to_ascii_lowercase();
    for twice in ["http://", "https://"] {
        let Some(rest) = lower.strip_prefix(twice) else { continue };
        let again = ["http://", "https://", "http//", "https//"].into_iter().find(|again| rest.starts_with(again));
        let again = again.or_else(|| ["http:/", "https:/"].into_iter().find(|again| rest.starts_with(again)));
        if let Some(again) = again {
            let scheme = again.split([':', '/']).next().unwrap_or_default();
            let rest = &written[twice.len() + again.len()..];
            return Some(mistake("the address begins twice".to_string(), format!("{scheme}://{rest}")));
        }
    }
    let (scheme, rest) = match written.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (scheme, rest),
        _ => {
            // `https//host` lost its colon.
            let (scheme, rest) = lower.split_once("//")?;
            let meant = if rest.is_empty() { None } else { near_http(scheme) };
            let rest = &written[scheme.len() + 2..];
            let message = format!("`{scheme}//` lacks its colon, so this is read as a path of this site");
            return Some(mistake(message, format!("{}://{rest}", meant?)));
        }
    };
    let known = scheme.to_ascii_lowercase();
    if matches!(&*known, "http" | "https") {
        let slashes = rest.bytes().take_while(|&byte| byte == b'/').count();
        let host = &rest[slashes..];
        if slashes == 2 || !host.split(['/', '?', '#']).next().unwrap_or_default().contains('.') {
            return None;
        }
        let message = format!("there must be two slashes behind `{scheme}:`");
        return Some(mistake(message, format!("{known}://{host}")));
    }
    if SCHEMES.contains(&&*known) {
        return None;
    }
    let host = rest.strip_prefix("//")?;
    let meant = near_http(&known)?;
    Some(mistake(format!("`{scheme}:` is no scheme that browsers know"), format!("{meant}://{host}")))
}

/// What a path of this site that does not exist was most likely meant to be: another site, or an address for mail.
pub fn host(written: &str) -> Option<Mistake> {
    let first = written.split(['/', '?', '#']).next()?;
    if let Some((name, host)) = first.split_once('@')
        && !name.is_empty()
        && first.len() == written.len()
        && is_host(host)
    {
        return Some(mistake("an address for mail begins with `mailto:`".to_string(), format!("mailto:{written}")));
    }
    let is_one = is_host(first) && first.is_ascii();
    let message = "another site's address begins with `https://`; without it, it is a path of this site".to_string();
    is_one.then(|| mistake(message, format!("https://{written}")))
}

fn mistake(message: String, meant: String) -> Mistake {
    Mistake { message, meant }
}

/// The scheme that was meant by a word like it.
fn near_http(word: &str) -> Option<&'static str> {
    match word {
        "http" => Some("http"),
        "https" => Some("https"),
        _ if word.len() < 3 => None,
        // An `s` at the end is never there by chance.
        _ if word.ends_with('s') && osa_distance(word, "https") <= 2 => Some("https"),
        _ if osa_distance(word, "http") == 1 => Some("http"),
        _ => None,
    }
}

/// Whether a word is surely a host's name: files end in other ways.
fn is_host(text: &str) -> bool {
    const ENDS: &[&str] = &[
        "com", "org", "net", "io", "dev", "eu", "de", "uk", "edu", "gov", "co", "app", "ai", "fr", "nl", "jp", "ch",
        "info",
    ];
    let mut labels = text.rsplit('.');
    let end = labels.next().unwrap_or_default().to_ascii_lowercase();
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && !label.starts_with('-')
    };
    let rest: Vec<&str> = labels.collect();
    let is_named = !rest.is_empty() && rest.iter().all(|label| is_label(label));
    is_named && (ENDS.contains(&&*end) || text.starts_with("www.") && is_label(&end))
}

/// Whether this is a URL's scheme and not the beginning of a relative path: RFC 3986, section 3.1.
pub fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &str, expected: Option<&str>) {
        assert_eq!(scheme(written).map(|mistake| mistake.meant).as_deref(), expected, "{written}");
    }

    #[test]
    fn a_scheme_with_a_slip_is_noticed() {
        check("htts://example.com/a", Some("https://example.com/a"));
        check("htp://example.com", Some("http://example.com"));
        check("hhttps://example.com", Some("https://example.com"));
        check("ttps://example.com", Some("https://example.com"));
        check("https//example.com", Some("https://example.com"));
        check("http:/example.com/a", Some("http://example.com/a"));
        check("https:///example.com", Some("https://example.com"));
        check("https://https://example.com", Some("https://example.com"));
        check("http://https//example.com", Some("https://example.com"));
    }

    #[test]
    fn schemes_that_are_right_stay() {
        for written in [
            "https://example.com",
            "HTTP://example.com",
            "mailto:a@example.com",
            "tel:+1",
            "slack://channel?id=1",
            "steam://run/1",
            "//example.com/a",
            "a//b",
            "/a:b",
            "https:",
            "https://web.archive.org/web/https://example.com",
        ] {
            check(written, None);
        }
    }

    #[test]
    fn a_bare_host_is_told_from_a_file() {
        let meant = |written| host(written).map(|mistake| mistake.meant);
        assert_eq!(meant("www.example.com/a").as_deref(), Some("https://www.example.com/a"));
        assert_eq!(meant("docs.example.com").as_deref(), Some("https://docs.example.com"));
        assert_eq!(meant("ada@example.com").as_deref(), Some("mailto:ada@example.com"));
        for written in ["leave.md", "a/b.com", "report.pdf", "./example.com", "..", "a@b/c", "com", ".com"] {
            assert_eq!(meant(written), None, "{written}");
        }
    }
}
