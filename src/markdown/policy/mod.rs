//! What becomes of the raw HTML of pages, and which addresses are let into them: the owner's `[security]`.
//!
//! Where authors are trusted, HTML is passed on as it is. Else it is shown as text, which is a change of the tree, or what
//! can do harm is taken out: of a page's finished HTML, by a library that reads it as a browser does, since nothing less
//! knows what a browser would make of it. The lists of what is let through are ours, so that an
//! author can be told.

mod apply;
mod clean;
mod plain;
mod tangle;

use crate::markdown::LinkKind;
pub use crate::markdown::policy::apply::{apply, untangle};
pub use crate::markdown::policy::clean::clean;

/// What becomes of raw HTML.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum HtmlPolicy {
    /// It is passed on as it is.
    #[default]
    Trusted,
    /// What can do harm is taken out.
    Sanitise,
    /// It is shown as text.
    Escape,
}

/// The schemes that the addresses of a page may have where its HTML is not trusted.
pub const SCHEMES: &[&str] = &[
    "http", "https", "mailto", "tel", "sms", "ftp", "ftps", "sftp", "irc", "ircs", "xmpp", "matrix", "sip", "sips",
    "geo", "webcal", "news", "nntp", "magnet", "slack", "msteams", "zoommtg", "skype", "facetime",
];

/// The scheme of an address as a browser reads it, which looks over blanks before it and line ends in it; in small
/// letters. `None` when it is relative.
fn scheme(address: &str) -> Option<String> {
    let start = address.trim_start_matches(|c: char| c <= ' ');
    let mut scheme = String::new();
    for c in start.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')) {
        match c {
            ':' if !scheme.is_empty() => return Some(scheme),
            'a'..='z' | 'A'..='Z' => scheme.push(c.to_ascii_lowercase()),
            '0'..='9' | '+' | '-' | '.' if !scheme.is_empty() => scheme.push(c),
            _ => return None,
        }
    }
    None
}

/// The scheme that keeps an address out of a page: one that runs code in the reader's browser, or that brings a whole page
/// along. Pictures in an address are pictures, where a picture is shown.
pub fn refused(address: &str, kind: LinkKind, policy: HtmlPolicy) -> Option<String> {
    let scheme = scheme(address)?;
    let is_harmful = match &*scheme {
        "javascript" | "vbscript" => true,
        "data" => !(kind == LinkKind::Image && is_picture(address)),
        scheme => policy != HtmlPolicy::Trusted && !SCHEMES.contains(&scheme),
    };
    is_harmful.then_some(scheme)
}

/// Whether what is in a `data:` address is a picture. Browsers run no script in one that is shown by `<img>`.
fn is_picture(address: &str) -> bool {
    let body = address.trim_start_matches(|c: char| c <= ' ').get("data:".len()..).unwrap_or_default();
    body.get(.."image/".len()).is_some_and(|kind| kind.eq_ignore_ascii_case("image/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_run_code_are_refused_however_they_are_written() {
        for address in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            " \u{1}javascript:alert(1)",
            "java\nscript\t:alert(1)",
            "vbscript:x",
            "data:text/html,<script>",
            "DATA:text/html;base64,AA",
        ] {
            assert!(refused(address, LinkKind::Page, HtmlPolicy::Trusted).is_some(), "{address:?}");
        }
        assert!(refused("data:image/svg+xml,x", LinkKind::Page, HtmlPolicy::Trusted).is_some());
        assert!(refused("data:text/html,x", LinkKind::Image, HtmlPolicy::Trusted).is_some());
    }

    #[test]
    fn other_addresses_stay() {
        for address in [
            "javascript",
            "a/javascript:x",
            "#javascript:",
            "?javascript:x",
            "javascript%3Ax",
            "mailto:a@b.c",
            "é:x",
            ":",
        ] {
            assert_eq!(refused(address, LinkKind::Page, HtmlPolicy::Sanitise), None, "{address:?}");
        }
        assert_eq!(refused("data:image/png;base64,AA", LinkKind::Image, HtmlPolicy::Sanitise), None);
        assert_eq!(refused("file:///etc/passwd", LinkKind::Page, HtmlPolicy::Trusted), None);
        assert_eq!(refused("file:///x", LinkKind::Page, HtmlPolicy::Sanitise).as_deref(), Some("file"));
    }
}
