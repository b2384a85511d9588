//! Hosts that are not on the Internet: those of our own network, and names that are there for examples.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Names that nobody can have: <https://www.rfc-editor.org/rfc/rfc2606>, <https://www.rfc-editor.org/rfc/rfc6761>.
const FOR_EXAMPLES: &[&str] = &["example", "test", "invalid", "example.com", "example.net", "example.org"];
/// Names that have a meaning in one's own network only.
const OF_NETWORKS: &[&str] = &["localhost", "local", "internal", "home.arpa", "lan", "intranet", "corp", "home"];

/// Whether a host's name is kept for examples.
pub fn is_for_examples(host: &str) -> bool {
    FOR_EXAMPLES.iter().any(|name| is_below(host, name))
}

/// Whether a host is one of our own network, as far as its name tells.
pub fn is_local(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    match bare.parse::<IpAddr>() {
        Ok(address) => is_local_address(address),
        Err(_) => !host.contains('.') || OF_NETWORKS.iter().any(|name| is_below(host, name)),
    }
}

/// Whether a name is this one or below it.
pub fn is_below(host: &str, name: &str) -> bool {
    host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Whether an address cannot be reached from everywhere.
pub fn is_local_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_local_v4(v4),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_local_v4(v4),
            None => is_local_v6(v6),
        },
    }
}

fn is_local_v4(v4: Ipv4Addr) -> bool {
    // Between providers and their customers: <https://www.rfc-editor.org/rfc/rfc6598>.
    let is_shared = v4.octets()[0] == 100 && (64..128).contains(&v4.octets()[1]);
    let is_this_network = v4.octets()[0] == 0;
    v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_broadcast()
        || v4.is_multicast()
        || is_this_network
        || is_shared
}

fn is_local_v6(v6: Ipv6Addr) -> bool {
    v6.is_loopback() || v6.is_unspecified() || v6.is_multicast() || v6.is_unique_local() || v6.is_unicast_link_local()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_ones_own_network_are_known_by_their_names() {
        for host in [
            "localhost",
            "a.localhost",
            "wiki",
            "printer.local",
            "10.1.2.3",
            "192.168.0.1",
            "172.16.5.4",
            "127.0.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "[::1]",
            "[fd00::1]",
            "[fe80::1]",
            "[::ffff:10.0.0.1]",
        ] {
            assert!(is_local(host), "{host}");
        }
        for host in ["gitlab.com", "8.8.8.8", "[2606:4700::1111]", "mylocal.org", "172.32.0.1", "100.128.0.1"] {
            assert!(!is_local(host), "{host}");
        }
    }

    #[test]
    fn names_for_examples_are_nobodys() {
        for (host, expected) in
            [("example.com", true), ("www.example.org", true), ("a.test", true), ("myexample.com", false)]
        {
            assert_eq!(is_for_examples(host), expected, "{host}");
        }
    }
}
