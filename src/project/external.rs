//! How links to other sites are checked: the keys of `[check.external]`.

use super::config::put;
use super::settings::unknown;
use crate::value::Node;
use crate::value::reader::Reader;

/// How links to other sites are checked, for those who ask for that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalConfig {
    /// Hosts that only the owner's people can see, each with all below it. In small letters.
    pub private: Vec<String>,
    /// Whether hosts of the own network are asked.
    pub local: bool,
    /// Whether the heading or anchor behind a `#` must be there.
    pub anchors: bool,
    /// How many seconds a server has for its answer.
    pub timeout: u64,
    /// How many calls there are at once.
    pub at_once: u64,
    /// How many calls a second one host gets.
    pub per_second: u64,
    /// How often a call is repeated that failed in a way that may pass.
    pub retries: u64,
    /// How many milliseconds pass before the first of these.
    pub wait: u64,
    /// For how many days it is believed that something is there.
    pub keep: u64,
    /// For how many days it is believed that something is gone.
    pub keep_gone: u64,
}

impl Default for ExternalConfig {
    fn default() -> ExternalConfig {
        ExternalConfig {
            private: Vec::new(),
            local: false,
            anchors: false,
            timeout: 20,
            at_once: 16,
            per_second: 4,
            retries: 2,
            wait: 1000,
            keep: 7,
            keep_gone: 1,
        }
    }
}

impl ExternalConfig {
    /// Whether a host is one that only the owner's people can see.
    pub fn is_private(&self, host: &str) -> bool {
        let is_below =
            |name: &String| host.strip_suffix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        self.private.iter().any(is_below)
    }

    pub(super) fn read(&mut self, reader: &mut Reader, node: &Node) {
        for entry in reader.table("check.external", node).unwrap_or_default() {
            let key = format!("check.external.{}", entry.key.value);
            let mut whole = |setting: &mut u64, least: i64, most: i64| {
                put(setting, reader.whole(&key, &entry.value, least, most).map(|n| n as u64));
            };
            match entry.key.value.as_str() {
                "private" => {
                    let hosts = reader.texts(&key, &entry.value);
                    self.private = hosts.iter().map(|host| host_of(&host.value)).collect();
                }
                "local" => put(&mut self.local, reader.flag(&key, &entry.value)),
                "anchors" => put(&mut self.anchors, reader.flag(&key, &entry.value)),
                "timeout" => whole(&mut self.timeout, 1, 600),
                "at_once" => whole(&mut self.at_once, 1, 256),
                "per_second" => whole(&mut self.per_second, 1, 1000),
                "retries" => whole(&mut self.retries, 0, 10),
                "wait" => whole(&mut self.wait, 1, 60_000),
                "keep" => whole(&mut self.keep, 0, 365),
                "keep_gone" => whole(&mut self.keep_gone, 0, 365),
                _ => unknown(reader, "check.external", entry),
            }
        }
    }
}

/// A host, however it was written: `https://wiki.example.com/`, `*.example.com`.
fn host_of(written: &str) -> String {
    let host = written.split_once("://").map_or(written, |(_, host)| host);
    let host = host.split(['/', '?', '#']).next().unwrap_or(host);
    let host = host.rsplit_once(':').map_or(host, |(name, port)| match port.parse::<u16>() {
        Ok(_) => name,
        Err(_) => host,
    });
    host.trim_start_matches("*.").trim_matches('.').to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_host_covers_all_below_it() {
        for written in ["corp.example", "*.corp.example", "https://Corp.Example:8443/x", ".corp.example"] {
            let config = ExternalConfig { private: vec![host_of(written)], ..ExternalConfig::default() };
            assert!(config.is_private("corp.example") && config.is_private("wiki.corp.example"), "{written}");
            assert!(!config.is_private("mycorp.example") && !config.is_private("example"), "{written}");
        }
        let config = ExternalConfig { private: vec![host_of("")], ..ExternalConfig::default() };
        assert!(!config.is_private("corp.example"));
    }
}
