//! `[security]` of `site.toml`: what pages may hold, when not all who write them are trusted.

use super::config::put;
use super::settings::unknown;
use crate::markdown::LinkKind;
use crate::markdown::policy::{self, HtmlPolicy};
use crate::value::Node;
use crate::value::reader::Reader;

/// What pages may hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SecurityConfig {
    /// What becomes of raw HTML.
    pub html: HtmlPolicy,
    /// Whether every address is let in, also one that runs code. Only where HTML is trusted.
    pub any_url: bool,
}

impl SecurityConfig {
    pub(super) fn read(&mut self, reader: &mut Reader, node: &Node) {
        let mut any_at = None;
        for entry in reader.table("security", node).unwrap_or_default() {
            let (key, node) = (format!("security.{}", entry.key.value), &entry.value);
            match entry.key.value.as_str() {
                "html" => {
                    let choices = [
                        ("trusted", HtmlPolicy::Trusted),
                        ("sanitise", HtmlPolicy::Sanitise),
                        ("escape", HtmlPolicy::Escape),
                    ];
                    put(&mut self.html, reader.choice(&key, node, &choices));
                }
                "urls" => {
                    put(&mut self.any_url, reader.choice(&key, node, &[("safe", false), ("any", true)]));
                    any_at = Some(node.span);
                }
                _ => unknown(reader, "security", entry),
            }
        }
        if let Some(span) = any_at.filter(|_| self.any_url && self.html != HtmlPolicy::Trusted) {
            let message = "`security.urls` can be `any` only where `security.html` is `trusted`";
            reader.report(span, message, "remove one of the two: links that run code are what the other keeps out");
        }
    }

    /// The scheme that keeps an address out of pages.
    pub fn refused(&self, address: &str, kind: LinkKind) -> Option<String> {
        policy::refused(address, kind, self.html).filter(|_| !(self.any_url && self.html == HtmlPolicy::Trusted))
    }
}
