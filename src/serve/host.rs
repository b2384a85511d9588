//! Which names a request may call the server by.
//!
//! A page of another site can make the name of its own server mean this machine, and would then read the handbook as
//! its own ("DNS rebinding"). It cannot make a browser send another name than its own, so that names that are not ours
//! are refused. Addresses are no names: nobody but their owner can be reached by them.

use std::net::{IpAddr, Ipv6Addr};

/// The names that this server answers to.
#[derive(Debug, Clone)]
pub struct Hosts {
    /// What `--host` says.
    pub given: String,
    /// Whether only this machine can reach it.
    pub is_loopback: bool,
}

impl Hosts {
    /// Whether a request with this `Host` is for us.
    pub fn allow(&self, host: &str) -> bool {
        let name = without_port(host).trim_end_matches('.').to_ascii_lowercase();
        let address = name.parse::<IpAddr>().ok().or_else(|| {
            let inner = name.strip_prefix('[')?.strip_suffix(']')?;
            inner.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
        });
        match address {
            Some(address) => !self.is_loopback || address.to_canonical().is_loopback() || name == self.given,
            None => name == "localhost" || name.ends_with(".localhost") || name == self.given.to_ascii_lowercase(),
        }
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port))
            if port.bytes().all(|byte| byte.is_ascii_digit()) && (!name.contains(':') || name.ends_with(']')) =>
        {
            name
        }
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(is_loopback: bool, given: &str, host: &str) -> bool {
        Hosts { given: given.to_string(), is_loopback }.allow(host)
    }

    #[test]
    fn this_machine_s_own_names_are_allowed() {
        for host in ["localhost", "LOCALHOST:4000", "127.0.0.1:4000", "[::1]:4000", "127.8.9.1", "docs.localhost"] {
            assert!(check(true, "127.0.0.1", host), "{host}");
        }
    }

    #[test]
    fn other_names_are_refused() {
        for host in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "",
            "192.0.2.1",
            "evil:80",
            "localhost:80.evil.example",
        ] {
            assert!(!check(true, "127.0.0.1", host), "{host}");
        }
    }

    #[test]
    fn an_open_server_answers_to_addresses_and_to_its_given_name() {
        assert!(check(false, "0.0.0.0", "192.168.1.7:4000"));
        assert!(!check(false, "0.0.0.0", "evil.example"));
        assert!(check(false, "Wiki.local", "wiki.local:4000"));
    }
}
