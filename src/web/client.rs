//! Calls other sites. The only place that touches the network for links.

use std::io::Read;
use std::sync::OnceLock;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use ureq::config::Config;
use ureq::http::{HeaderMap, Response, Uri};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body};

use crate::markdown::raw_html;
use crate::web::local::{is_local, is_local_address};
use crate::web::{Call, Failure, Manners, Reply};

/// Who we are, so that whoever runs a server can see who calls and why.
const USER_AGENT: &str =
    concat!("handbook/", env!("CARGO_PKG_VERSION"), " (link check; +", env!("CARGO_PKG_HOMEPAGE"), ")");
/// Of a page, no more is read.
const MOST_BYTES: u64 = 8 << 20;
/// What an address in our own network is refused with.
const LOCAL: &str = "an address of our own network";

/// Who makes the calls. It keeps connections.
pub struct Client {
    manners: Manners,
    /// Trusts whom the system trusts.
    system: Agent,
    /// Trusts the list that is built in: for systems that have none.
    built_in: OnceLock<Agent>,
}

impl Client {
    /// One that has made no calls.
    pub fn new(manners: &Manners) -> Client {
        let system = agent(manners, RootCerts::PlatformVerifier);
        Client { manners: manners.clone(), system, built_in: OnceLock::new() }
    }

    /// Makes a call.
    pub fn call(&self, call: &Call) -> Result<Reply, Failure> {
        if !self.manners.local && is_local(call.address.name()) {
            return Err(Failure::Local);
        }
        let reply = match self.built_in.get() {
            Some(agent) => asked(agent, call),
            None => match asked(&self.system, call) {
                Err(error) if has_no_certificates(&error) => {
                    asked(self.built_in.get_or_init(|| agent(&self.manners, RootCerts::WebPki)), call)
                }
                reply => reply,
            },
        };
        reply.map_err(failure).and_then(|response| read(response, call))
    }
}

/// Whether the system has no list of those that are to be trusted.
fn has_no_certificates(error: &ureq::Error) -> bool {
    matches!(error, ureq::Error::Rustls(_)) && error.to_string().contains("No CA certificates")
}

fn agent(manners: &Manners, trusted: RootCerts) -> Agent {
    // How far a redirect leads, and for how long, is for `judge` to see.
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(manners.timeout))
        .user_agent(USER_AGENT)
        .accept("text/html, application/xhtml+xml, */*;q=0.8")
        .tls_config(TlsConfig::builder().root_certs(trusted).build())
        .build();
    Agent::with_parts(config, DefaultConnector::default(), Lookup { local: manners.local, ..Lookup::default() })
}

fn asked(agent: &Agent, call: &Call) -> Result<Response<Body>, ureq::Error> {
    let address = call.address.to_string();
    if call.get { agent.get(address).call() } else { agent.head(address).call() }
}

fn read(mut response: Response<Body>, call: &Call) -> Result<Reply, Failure> {
    let headers = response.headers();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let reply = Reply {
        status: response.status().as_u16(),
        // Not all write it in ASCII, as they should.
        location: headers.get("location").map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
        retry_after: text("retry-after").and_then(wait),
        ids: None,
    };
    let is_html = |headers: &HeaderMap| {
        let kind = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        kind.contains("html")
    };
    if !call.read || !response.status().is_success() || !is_html(headers) {
        return Ok(reply);
    }
    let mut bytes = Vec::new();
    let mut body = response.body_mut().as_reader().take(MOST_BYTES);
    match body.read_to_end(&mut bytes) {
        // What was cut off may have any id.
        Ok(n) if n as u64 == MOST_BYTES => Ok(reply),
        Ok(_) => Ok(Reply { ids: Some(ids(&String::from_utf8_lossy(&bytes))), ..reply }),
        Err(error) => Err(Failure::Broken(format!("its page broke off ({error})"))),
    }
}

/// How long somebody asks us to wait: in seconds, or until a time.
fn wait(text: &str) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let time = rfc2822::parse(text).ok()?.timestamp();
    Some(Duration::try_from(time.duration_since(Timestamp::now())).unwrap_or_default())
}

/// Every id of a page that a link can lead to.
fn ids(html: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut at = 0;
    while let Some((tag, next)) = raw_html::next_tag(html, at) {
        let is_link = html[tag.name.clone()].eq_ignore_ascii_case("a");
        for attribute in &tag.attributes {
            let name = &html[attribute.name.clone()];
            if name.eq_ignore_ascii_case("id") || is_link && name.eq_ignore_ascii_case("name") {
                ids.push(raw_html::unescape(&html[attribute.value.clone()]).into_owned());
            }
        }
        at = next;
    }
    ids
}

fn failure(error: ureq::Error) -> Failure {
    match error {
        ureq::Error::HostNotFound => Failure::NoHost,
        ureq::Error::Timeout(_) => Failure::TimedOut,
        ureq::Error::Rustls(error) => Failure::Unsafe(error.to_string()),
        ureq::Error::Tls(why) => Failure::Unsafe(why.to_string()),
        ureq::Error::Io(error) => match error.kind() {
            std::io::ErrorKind::PermissionDenied if error.to_string() == LOCAL => Failure::Local,
            std::io::ErrorKind::InvalidData => Failure::Unsafe(error.to_string()),
            std::io::ErrorKind::TimedOut | std::io::ErrorKind::WouldBlock => Failure::TimedOut,
            std::io::ErrorKind::ConnectionRefused => Failure::Broken("it refuses the connection".to_string()),
            std::io::ErrorKind::ConnectionReset
            | std::io::ErrorKind::ConnectionAborted
            | std::io::ErrorKind::BrokenPipe
            | std::io::ErrorKind::UnexpectedEof => Failure::Broken("it broke off the connection".to_string()),
            _ => Failure::Broken(format!("no connection ({error})")),
        },
        error => Failure::Broken(format!("what it answers is no HTTP ({error})")),
    }
}

/// Looks up hosts, and refuses addresses of our own network: a page must not be able to make a build server call those.
#[derive(Debug, Default)]
struct Lookup {
    system: DefaultResolver,
    local: bool,
}

impl Resolver for Lookup {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.system.resolve(uri, config, timeout).map_err(|error| match error {
            ureq::Error::Io(error) if is_unknown_name(&error.to_string()) => ureq::Error::HostNotFound,
            error => error,
        })?;
        // Whoever goes through a proxy of the own network looks up that.
        let is_proxy = config.proxy().is_some_and(|proxy| uri.host() == Some(proxy.host()));
        if !self.local && !is_proxy && found.iter().any(|address| is_local_address(address.ip())) {
            let refused = std::io::Error::new(std::io::ErrorKind::PermissionDenied, LOCAL);
            return Err(ureq::Error::Io(refused));
        }
        Ok(found)
    }
}

/// Whether the system says that there is no such host, and not that it could not find out. It has no other way to say so
/// than in words.
fn is_unknown_name(error: &str) -> bool {
    let words = [
        "Name or service not known",
        "No address associated with hostname",
        "nodename nor servname provided",
        "Name does not resolve",
        "No such host is known",
    ];
    words.iter().any(|words| error.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_browsers_find_them() {
        let html =
            r#"<h1 id="a&amp;b">x</h1><a name=c></a><p name="d"><!-- <i id="e"> --><script>"<i id='f'>"</script>"#;
        assert_eq!(ids(html), ["a&b", "c"]);
    }

    #[test]
    fn a_time_to_come_back_is_seconds_or_a_date() {
        assert_eq!(wait(" 120 "), Some(Duration::from_secs(120)));
        assert_eq!(wait("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        assert!(wait("Wed, 21 Oct 2099 07:28:00 GMT").is_some_and(|wait| wait > Duration::from_secs(86400)));
        assert_eq!(wait("soon"), None);
    }

    #[test]
    fn names_that_nobody_has_are_told_from_lookups_that_failed() {
        assert!(is_unknown_name("failed to lookup address information: Name or service not known"));
        assert!(!is_unknown_name("failed to lookup address information: Temporary failure in name resolution"));
    }
}
