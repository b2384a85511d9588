//! The address at which GitHub Pages shows what is in a repository.

use crate::project::base_url::BaseUrl;

/// An address, and what it was derived from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Where the site will be.
    pub url: BaseUrl,
    /// Why, in words that fit behind "from".
    pub from: &'static str,
}

/// The address of a site. In this order: the domain that is set, what `base_url` says with its host, the domain of the
/// branch as it is, and what GitHub makes of the remote's name.
pub fn of(base_url: &BaseUrl, cname: Option<&str>, branch_cname: Option<&str>, remote: &str) -> Option<Address> {
    if !base_url.origin().is_empty() {
        return Some(Address { url: base_url.clone(), from: "base_url" });
    }
    let host = |host: &str| BaseUrl::parse(&format!("https://{}/", host.trim())).ok();
    if let Some(url) = cname.and_then(host) {
        return Some(Address { url, from: "cname" });
    }
    if let Some(url) = branch_cname.and_then(host) {
        return Some(Address { url, from: "the file CNAME of the branch" });
    }
    let url = of_remote(remote).and_then(|url| BaseUrl::parse(&url).ok());
    url.map(|url| Address { url, from: "the remote" })
}

/// `git@github.com:user/repo.git` is shown at `https://user.github.io/repo/`, and a user's own site at its top.
pub fn of_remote(remote: &str) -> Option<String> {
    let (owner, name) = on_github(remote)?;
    let host = format!("{}.github.io", owner.to_lowercase());
    match name.to_lowercase() == host {
        true => Some(format!("https://{host}/")),
        false => Some(format!("https://{host}/{name}/")),
    }
}

/// The owner and the name of a repository at GitHub.
pub fn on_github(remote: &str) -> Option<(&str, &str)> {
    let (host, path) = parts(remote)?;
    if !matches!(host, "github.com" | "www.github.com" | "ssh.github.com") {
        return None;
    }
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let (owner, name) = path.split_once('/')?;
    let is_name = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    (is_name(owner) && is_name(name)).then_some((owner, name))
}

/// Host and path of a remote: a URL, or `user@host:path`.
pub fn parts(remote: &str) -> Option<(&str, &str)> {
    let (host, path) = match remote.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?,
        None => remote.split_once(':')?,
    };
    let host = host.rsplit('@').next().unwrap_or(host);
    let host = host.split(':').next().unwrap_or(host);
    Some((host, path))
}

/// A remote as it can be shown to everybody: without the password that some URLs hold.
pub fn shown(remote: &str) -> String {
    let Some((scheme, rest)) = remote.split_once("://") else { return remote.to_owned() };
    let end = rest.find('/').unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        Some(at) if scheme.starts_with("http") => format!("{scheme}://{}", &rest[at + 1..]),
        _ => remote.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{of, of_remote, shown};
    use crate::project::base_url::BaseUrl;

    #[test]
    fn remotes_become_addresses() {
        for (remote, expected) in [
            ("git@github.com:Ida/handbook.git", "https://ida.github.io/handbook/"),
            ("https://github.com/ida/Handbook", "https://ida.github.io/Handbook/"),
            ("https://token@github.com/ida/handbook.git/", "https://ida.github.io/handbook/"),
            ("ssh://git@ssh.github.com:443/ida/hand.book.git", "https://ida.github.io/hand.book/"),
            ("git@github.com:Ida/ida.github.io.git", "https://ida.github.io/"),
            ("https://gitlab.com/ida/handbook.git", "none"),
            ("/srv/git/handbook.git", "none"),
            ("C:\\git\\handbook", "none"),
            ("git@github.com:ida", "none"),
            ("git@github.com:ida/a b", "none"),
        ] {
            assert_eq!(of_remote(remote).unwrap_or("none".to_owned()), expected, "{remote}");
        }
    }

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(shown("https://ida:secret@github.com/ida/hb.git"), "https://github.com/ida/hb.git");
        for remote in
            ["git@github.com:ida/hb.git", "ssh://git@github.com/ida/hb", "https://github.com/a/b@c", "/srv/a@b"]
        {
            assert_eq!(shown(remote), remote);
        }
    }

    #[test]
    fn what_is_set_counts_more_than_what_is_derived() {
        let url = |text: &str| BaseUrl::parse(text).unwrap();
        let remote = "git@github.com:ida/handbook.git";
        let full = |base_url: &str, cname, branch| {
            of(&url(base_url), cname, branch, remote).map(|found| (found.url.full(), found.from)).unwrap()
        };
        assert_eq!(full("https://e.org/x/", Some("d.org"), None), ("https://e.org/x/".to_owned(), "base_url"));
        assert_eq!(full("/x/", Some("d.org"), Some("b.org")), ("https://d.org/".to_owned(), "cname"));
        let from = "the file CNAME of the branch";
        assert_eq!(full("", None, Some("b.org\n")), ("https://b.org/".to_owned(), from));
        assert_eq!(full("", None, None), ("https://ida.github.io/handbook/".to_owned(), "the remote"));
    }
}
