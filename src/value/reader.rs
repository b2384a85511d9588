//! Takes typed values out of what the author wrote, and says what is wrong with those that do not fit.

use super::{Entry, Node, Spanned, Value, shortened};
use crate::diagnostic::{Code, Diagnostic, Span};

/// A link of a nav bar.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct NavLink {
    /// What it shows.
    pub title: String,
    /// Where it leads: a page of this site, or a full URL.
    pub url: Spanned<String>,
}

/// Collects what is wrong with the values of one file. Each method gives the value when it fits; a value that was
/// left empty is as good as no key at all and gives nothing, without a word.
pub struct Reader {
    /// The code of the problems it reports.
    pub code: Code,
    /// What stands between key and value in this file: `: ` or ` = `.
    pub assign: &'static str,
    /// What was wrong.
    pub diagnostics: Vec<Diagnostic>,
}

impl Reader {
    /// A reader that has found nothing yet.
    pub fn new(code: Code, assign: &'static str) -> Reader {
        Reader { code, assign, diagnostics: Vec::new() }
    }

    /// Reports a problem at a place.
    pub fn report(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(self.code, message).at(span).help(help));
    }

    /// Reports that a value is not what the key takes.
    pub fn wrong(&mut self, key: &str, node: &Node, expected: &str, help: impl Into<String>) {
        self.report(node.span, format!("`{key}` must be {expected}, found {}", node.value.describe()), help);
    }

    /// `key: value` in the file's own notation.
    pub fn example(&self, key: &str, value: &str) -> String {
        let key = key.rsplit('.').next().unwrap_or(key);
        format!("write `{key}{}{}`", self.assign, value)
    }

    /// A text; a number or date counts as the text that it was written as.
    pub fn text(&mut self, key: &str, node: &Node) -> Option<Spanned<String>> {
        let text = match &node.value {
            Value::Null => return None,
            Value::Text(text) | Value::Date(text) | Value::Number { written: text, .. } => text.trim(),
            Value::Flag(flag) => {
                let help = self.example(key, &format!("\"{flag}\""));
                self.wrong(key, node, "text", format!("{help} if that word is meant"));
                return None;
            }
            Value::List(items) => {
                let help = match items.first().map(|item| &item.value) {
                    Some(Value::Text(first)) => self.example(key, &format!("\"{}\"", shortened(first))),
                    _ => self.example(key, "\"…\""),
                };
                self.wrong(key, node, "text", help);
                return None;
            }
            Value::Table(_) => {
                let help = self.example(key, "\"…\"");
                self.wrong(key, node, "text", help);
                return None;
            }
        };
        Some(Spanned::new(text.to_owned(), node.span))
    }

    /// `true` or `false`.
    pub fn flag(&mut self, key: &str, node: &Node) -> Option<bool> {
        let meant = match &node.value {
            Value::Null => return None,
            Value::Flag(flag) => return Some(*flag),
            Value::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "yes" | "on" | "y" | "true" => Some(true),
                "no" | "off" | "n" | "false" => Some(false),
                _ => None,
            },
            Value::Number { written, .. } if written == "1" => Some(true),
            Value::Number { written, .. } if written == "0" => Some(false),
            _ => None,
        };
        let help = match meant {
            Some(meant) => {
                let is_quoted = matches!(&node.value, Value::Text(text) if *text == meant.to_string());
                self.example(key, &meant.to_string()) + if is_quoted { ", without quotes" } else { "" }
            }
            None => format!("{} or `{}{}false`", self.example(key, "true"), last_part(key), self.assign),
        };
        self.wrong(key, node, "`true` or `false`", help);
        None
    }

    /// A number, whole or not.
    pub fn number(&mut self, key: &str, node: &Node) -> Option<f64> {
        match &node.value {
            Value::Null => return None,
            Value::Number { number, .. } => match number.as_f64() {
                Some(number) if number.is_finite() => return Some(number),
                _ => {}
            },
            _ => {}
        }
        let help = match &node.value {
            Value::Text(text) if text.trim().parse::<f64>().is_ok_and(f64::is_finite) => {
                format!("{}, without quotes", self.example(key, text.trim()))
            }
            _ => format!("write a number, as in `{}{}10`", last_part(key), self.assign),
        };
        self.wrong(key, node, "a number", help);
        None
    }

    /// A whole number between two bounds.
    pub fn whole(&mut self, key: &str, node: &Node, least: i64, most: i64) -> Option<i64> {
        match &node.value {
            Value::Null => return None,
            Value::Number { number, .. } => match number.as_i64() {
                Some(number) if (least..=most).contains(&number) => return Some(number),
                _ => {}
            },
            _ => {}
        }
        let help = self.example(key, &least.max(1.min(most)).to_string());
        self.wrong(key, node, &format!("a whole number from {least} to {most}"), help);
        None
    }

    /// One text, or a list of texts. Empty ones are left out.
    pub fn texts(&mut self, key: &str, node: &Node) -> Vec<Spanned<String>> {
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            Value::Flag(_) | Value::Table(_) => {
                let help = self.example(key, "[\"one\", \"two\"]");
                self.wrong(key, node, "text or a list of texts", help);
                return Vec::new();
            }
            _ => std::slice::from_ref(node),
        };
        let mut texts = Vec::new();
        for item in items {
            match &item.value {
                Value::List(_) | Value::Table(_) | Value::Flag(_) => {
                    let help = format!("{}, with quotes round each text", self.example(key, "[\"one\", \"two\"]"));
                    let message = format!("each item of `{key}` must be text, found {}", item.value.describe());
                    self.report(item.span, message, help);
                }
                _ => texts.extend(self.text(key, item).filter(|text| !text.value.is_empty())),
            }
        }
        texts
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&mut self, key: &str, node: &Node, choices: &[(&str, T)]) -> Option<T> {
        let names: Vec<String> = choices.iter().map(|(name, _)| format!("`{name}`")).collect();
        let expected = match names.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
            None => String::new(),
        };
        let written = match &node.value {
            Value::Null => return None,
            Value::Text(text) => text.trim(),
            _ => "",
        };
        if let Some((_, choice)) = choices.iter().find(|(name, _)| name.eq_ignore_ascii_case(written)) {
            return Some(*choice);
        }
        let is_typo = |near: &&str| near.to_lowercase().chars().next() == written.to_lowercase().chars().next();
        let near = nearest(written, choices.iter().map(|(name, _)| *name));
        let help = match near.filter(is_typo) {
            Some(near) => format!("did you mean `{near}`?"),
            None => self.example(key, &format!("\"{}\"", choices.first().map_or("", |(name, _)| name))),
        };
        self.wrong(key, node, &expected, help);
        None
    }

    /// A group of keys.
    pub fn table<'n>(&mut self, key: &str, node: &'n Node) -> Option<&'n [Entry]> {
        match &node.value {
            Value::Null => None,
            Value::Table(entries) => Some(entries),
            _ => {
                let help = match self.assign {
                    ": " => format!("write `{key}:` and its keys below it, indented by two spaces"),
                    _ => format!("write `[{key}]` on a line of its own and its keys below it"),
                };
                self.wrong(key, node, "a group of keys", help);
                None
            }
        }
    }

    /// A list of links, each with `title` and `url`.
    pub fn links(&mut self, key: &str, node: &Node) -> Option<Vec<NavLink>> {
        let example = match self.assign {
            ": " => "{title: \"Hiring\", url: \"/hiring/\"}",
            _ => "{ title = \"Hiring\", url = \"/hiring/\" }",
        };
        let items = match &node.value {
            Value::Null => return None,
            Value::List(items) => items,
            _ => {
                let help = self.example(key, &format!("[{example}]"));
                self.wrong(key, node, "a list of links", help);
                return None;
            }
        };
        let mut links = Vec::new();
        for item in items {
            let Value::Table(entries) = &item.value else {
                let message = format!("each link of `{key}` needs a title and a URL, found {}", item.value.describe());
                self.report(item.span, message, format!("write `{example}`"));
                continue;
            };
            links.extend(self.link(key, item.span, entries, example));
        }
        Some(links)
    }

    fn link(&mut self, key: &str, span: Span, entries: &[Entry], example: &str) -> Option<NavLink> {
        let (mut title, mut url) = (None, None);
        let before = self.diagnostics.len();
        for entry in entries {
            match entry.key.value.as_str() {
                "title" => title = self.text("title", &entry.value),
                "url" => url = self.text("url", &entry.value).and_then(|url| self.nav_url(url)),
                name => {
                    let message = format!("a link of `{key}` has no key `{name}`");
                    let help = match nearest(name, ["title", "url"]) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "its keys are `title` and `url`".to_owned(),
                    };
                    // Settings tell unknown keys from wrong values.
                    let code = if self.code == Code::ConfigValue { Code::ConfigKey } else { self.code };
                    self.diagnostics.push(Diagnostic::new(code, message).at(entry.key.span).help(help));
                }
            }
        }
        let title = title.filter(|title| !title.value.is_empty());
        let missing = match (&title, &url) {
            (None, None) => "neither `title` nor `url`",
            (None, _) => "no `title`",
            _ => "no `url`",
        };
        // What has just been reported need not be missed as well.
        if self.diagnostics.len() == before && (title.is_none() || url.is_none()) {
            self.report(span, format!("this link of `{key}` has {missing}"), format!("write `{example}`"));
        }
        Some(NavLink { title: title?.value, url: url? })
    }

    /// A link's target: a path of this site, or a full URL.
    fn nav_url(&mut self, url: Spanned<String>) -> Option<Spanned<String>> {
        let text = url.value.as_str();
        if text.is_empty() {
            return None;
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            let help = "write `%20` for each space";
            self.report(url.span, format!("the URL `{}` holds a space", shortened(text)), help);
            return None;
        }
        if !text.contains(':')
            && !text.starts_with(['/', '#', '.'])
            && text.split('/').next().is_some_and(looks_like_host)
        {
            let help = format!("write `https://{text}`, or begin a page of this site with `/`");
            self.report(
                url.span,
                format!("the URL `{}` does not say whether it is a page or another site", text),
                help,
            );
            return None;
        }
        Some(url)
    }

    /// A language tag such as `en` or `pt-BR`.
    pub fn language(&mut self, key: &str, node: &Node) -> Option<Spanned<String>> {
        let text = self.text(key, node)?;
        let mut parts = text.value.split('-');
        let is_tag = parts
            .next()
            .is_some_and(|first| (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic()))
            && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
        if is_tag {
            return Some(text);
        }
        let help = match text.value.split_once('_') {
            Some((language, region)) if !language.is_empty() && !region.is_empty() => {
                self.example(key, &format!("\"{}-{}\"", language, region.split('.').next().unwrap_or("")))
            }
            _ => "write a code such as `en`, `de`, `fr`, `ja` or `pt-BR`".to_owned(),
        };
        self.wrong(key, node, "the code of a language", help);
        None
    }
}

/// The known name that a mistyped one was most likely meant to be.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |name: &str| name.to_lowercase().replace(['-', '_', ' '], "");
    let name = plain(name);
    let slips = match name.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    };
    known
        .into_iter()
        .map(|candidate| (plain(candidate), candidate))
        .map(|(plain, candidate)| (strsim::osa_distance(&name, &plain), strsim::jaro_winkler(&name, &plain), candidate))
        .filter(|(distance, similarity, _)| *distance <= slips || *similarity > 0.87)
        .min_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)))
        .map(|(_, _, candidate)| candidate)
}

fn looks_like_host(text: &str) -> bool {
    text.starts_with("www.")
        || text.rsplit_once('.').is_some_and(|(name, end)| {
            !name.is_empty() && matches!(end, "com" | "org" | "net" | "io" | "dev" | "eu" | "de" | "uk" | "edu" | "gov")
        })
}

fn last_part(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}
