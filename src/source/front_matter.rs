//! What a page says about itself above its text.
//!
//! One list, [`FIELDS`], holds every key that we know and the names that other generators use for it. All other keys
//! are kept for the templates.

use std::collections::{HashMap, HashSet};

use serde_json::Map;

pub use super::fence::{Format, Split, split};
pub use super::fields::{FIELDS, Field, field_of};

use super::misspelt;
use super::period::Period;
use crate::diagnostic::{Code, Diagnostic};
use crate::markdown::dialect::Dialect;
use crate::value::date;
use crate::value::reader::{NavLink, Reader};
use crate::value::{Entry, Node, Spanned, Value, shortened, toml, yaml};

/// A page's front matter. Everything is optional.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FrontMatter {
    /// Its title.
    pub title: Option<String>,
    /// A shorter title for the navigation.
    pub nav_title: Option<String>,
    /// One or two sentences for search engines and cards.
    pub description: Option<String>,
    /// The layout as the author wrote it; see [`layout_name`].
    pub layout: Option<Spanned<String>>,
    /// Its place among its siblings.
    pub weight: Option<f64>,
    /// What its URL ends with instead of the file's name: one part, without `/`.
    pub slug: Option<Spanned<String>>,
    /// Its whole path, beginning with `/`.
    pub url: Option<Spanned<String>>,
    /// Old paths that lead here, as they were written.
    pub aliases: Vec<Spanned<String>>,
    /// Former ids on it, each with where it leads now.
    pub anchors: Vec<FormerAnchor>,
    /// Where it sends its readers instead of showing text.
    pub redirect_to: Option<Spanned<String>>,
    /// Not to be published yet.
    pub draft: bool,
    /// When it was written, as `YYYY-MM-DD`.
    pub date: Option<String>,
    /// When it was last changed, as `YYYY-MM-DD`.
    pub updated: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Whether the theme shows a table of contents; `None` leaves it to the theme.
    pub toc: Option<bool>,
    /// Left out of the navigation.
    pub nav_hidden: bool,
    /// Not for search engines.
    pub noindex: bool,
    /// Not to be found by the site's own search.
    pub search_hidden: bool,
    /// How much more than other pages it counts in search: 1 is normal.
    pub search_boost: Option<f64>,
    /// Words by which search finds it besides those of its text.
    pub keywords: Vec<String>,
    /// Its language, when it is another than the site's.
    pub lang: Option<String>,
    /// Who looks after it.
    pub owners: Vec<String>,
    /// When somebody last made sure that it is right, as `YYYY-MM-DD`.
    pub reviewed: Option<String>,
    /// When somebody has to do so again, as `YYYY-MM-DD`.
    pub review_by: Option<String>,
    /// How long after the last time somebody has to do so again.
    pub review_every: Option<Period>,
    /// A document that may only be changed in an orderly way.
    pub controlled: bool,
    /// The nav bar of this page and all pages below it.
    pub section_nav: Vec<NavLink>,
    /// How its Markdown is to be read.
    pub dialect: Option<Dialect>,
    /// Every other key with its value, in the order of the file.
    pub extra: Map<String, serde_json::Value>,
}

/// An id that a page had, and what answers for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerAnchor {
    /// The former id, without `#`.
    pub id: Spanned<String>,
    /// Where it leads: `#id` on the page itself, or any other link.
    pub to: Spanned<String>,
}

/// The template that a layout names: its last path part, without suffixes.
pub fn layout_name(layout: &str) -> &str {
    let name = layout.rsplit(['/', '\\']).next().unwrap_or(layout);
    name.split('.').next().unwrap_or(name)
}

/// Reads a page's front matter. Gives also where the body begins. What cannot be read is left out.
pub fn read(text: &str) -> (FrontMatter, usize, Vec<Diagnostic>) {
    let split = split(text);
    let mut front = FrontMatter::default();
    let Some((format, matter)) = split.matter else {
        return (front, split.body, split.problem.into_iter().collect());
    };
    let code = Code::FrontMatterSyntax;
    let (entries, assign) = match format {
        Format::Yaml => match yaml::parse_table(text, matter.start, matter.end, code) {
            Ok(entries) => (entries, ": "),
            Err(problem) => return (front, split.body, vec![problem]),
        },
        Format::Toml => match toml::parse(text, matter.start, matter.end, code) {
            (entries, problems) if problems.is_empty() => (entries, " = "),
            (_, problems) => return (front, split.body, problems),
        },
    };
    let mut reader = Reader::new(Code::FrontMatterValue, assign);
    let mut duplicates = Vec::new();
    for entry in unique(&entries, &mut duplicates) {
        front.set(&mut reader, entry, &mut duplicates);
    }
    let mut diagnostics = reader.diagnostics;
    diagnostics.extend(misspelt::keys(text, &entries));
    diagnostics.append(&mut duplicates);
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    (front, split.body, diagnostics)
}

/// The entries that count, in order, with a warning for each that does not: of one key, or of two names for one
/// thing, the last counts. Lists with different names are joined instead.
fn unique<'e>(entries: &'e [Entry], duplicates: &mut Vec<Diagnostic>) -> Vec<&'e Entry> {
    let mut counting: Vec<Option<&Entry>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for entry in entries {
        warn_inside(&entry.value, duplicates);
        if entry.value.value == Value::Null {
            continue;
        }
        let name = entry.key.value.as_str();
        let meaning = match field_of(name) {
            Some(field) if !matches!(field.name, "tags" | "aliases" | "owners" | "keywords") => field.name,
            _ => name,
        };
        let before = places.insert(meaning, counting.len());
        if let Some(other) = before.and_then(|before| counting[before].take()) {
            let other = other.key.value.as_str();
            let message = match other == name {
                true => format!("`{}` is given twice", shortened(name)),
                false => format!("`{name}` means the same as `{other}`, which is given above"),
            };
            duplicates.push(twice(message, entry));
        }
        counting.push(Some(entry));
    }
    counting.into_iter().flatten().collect()
}

fn twice(message: String, entry: &Entry) -> Diagnostic {
    Diagnostic::new(Code::FrontMatterDuplicate, message).at(entry.key.span).help("keep one of the two; this one counts")
}

/// Warns about keys that are twice in one group.
fn warn_inside(node: &Node, duplicates: &mut Vec<Diagnostic>) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| warn_inside(item, duplicates)),
        Value::Table(entries) => {
            let mut seen = HashSet::new();
            for entry in entries {
                if !seen.insert(entry.key.value.as_str()) {
                    duplicates.push(twice(format!("`{}` is given twice", shortened(&entry.key.value)), entry));
                }
                warn_inside(&entry.value, duplicates);
            }
        }
        _ => {}
    }
}

impl FrontMatter {
    /// The day by which somebody has to look at the page again: as written, or counted from the last time.
    pub fn next_review(&self) -> Option<String> {
        let last = self.reviewed.as_ref().or(self.updated.as_ref()).or(self.date.as_ref());
        let counted = || self.review_every.zip(last).and_then(|(every, last)| every.after(last));
        self.review_by.clone().or_else(counted)
    }

    fn set(&mut self, reader: &mut Reader, entry: &Entry, duplicates: &mut Vec<Diagnostic>) {
        let (key, node) = (entry.key.value.as_str(), &entry.value);
        match field_of(key).map_or("", |field| field.name) {
            "title" => self.title = line(reader, key, node),
            "nav_title" => self.nav_title = line(reader, key, node),
            "description" => self.description = line(reader, key, node),
            "layout" => {
                self.layout = match node.value {
                    // How Middleman asks for no layout at all. That is a layout we do not have, not a wrong value.
                    Value::Flag(flag) => Some(Spanned::new(flag.to_string(), node.span)),
                    _ => filled(reader, key, node),
                }
            }
            "weight" => self.weight = reader.number(key, node),
            "slug" => self.slug = slug(reader, key, node),
            "url" => self.url = path(reader, key, node),
            "aliases" => self.aliases.extend(reader.texts(key, node)),
            "anchors" => self.anchors = anchors(reader, key, node),
            "redirect_to" => self.redirect_to = redirect(reader, key, node),
            "draft" => self.draft |= reader.flag(key, node).unwrap_or(false),
            "published" => self.draft |= !reader.flag(key, node).unwrap_or(true),
            "date" => self.date = day(reader, key, node),
            "updated" => self.updated = day(reader, key, node),
            "tags" => join(&mut self.tags, reader.texts(key, node)),
            "toc" => self.toc = reader.flag(key, node),
            "nav" => self.nav_hidden |= is_hidden(reader, key, node),
            "nav_exclude" => self.nav_hidden |= reader.flag(key, node).unwrap_or(false),
            "noindex" => self.noindex |= reader.flag(key, node).unwrap_or(false),
            "robots" => self.noindex |= reader.text(key, node).is_some_and(|robots| has_noindex(&robots.value)),
            "search" => self.search_hidden |= !reader.flag(key, node).unwrap_or(true),
            "exclude_search" => self.search_hidden |= reader.flag(key, node).unwrap_or(false),
            "search_boost" => self.search_boost = boost(reader, key, node),
            "keywords" => join(&mut self.keywords, reader.texts(key, node)),
            "lang" => self.lang = reader.language(key, node).map(|lang| lang.value),
            "owners" => join(&mut self.owners, reader.texts(key, node)),
            "reviewed" => self.reviewed = day(reader, key, node),
            "review_by" => self.review_by = day(reader, key, node),
            "review_every" => self.review_every = period(reader, key, node),
            "controlled" => self.controlled = reader.flag(key, node).unwrap_or(false),
            "section_nav" => self.section_nav = reader.links(key, node).unwrap_or_default(),
            "dialect" => self.dialect = reader.choice(key, node, Dialect::ALL),
            "extra" if matches!(node.value, Value::Table(_)) => {
                for entry in reader.table(key, node).unwrap_or_default() {
                    self.keep(&entry.key.value, &entry.value, duplicates);
                }
            }
            _ => self.keep(key, node, duplicates),
        }
    }

    /// Keeps a value for templates.
    fn keep(&mut self, key: &str, node: &Node, duplicates: &mut Vec<Diagnostic>) {
        if node.value == Value::Null {
            return;
        }
        if self.extra.insert(key.to_owned(), node.value.to_json()).is_some() && field_of(key).is_none() {
            let message = format!("`{key}` is given both inside and outside of `extra`");
            if !duplicates.iter().any(|duplicate| duplicate.message.contains(&format!("`{key}`"))) {
                let duplicate = Diagnostic::new(Code::FrontMatterDuplicate, message).at(node.span);
                duplicates.push(duplicate.help("keep one of the two; this one counts"));
            }
        }
    }
}

/// A text that is not empty.
fn filled(reader: &mut Reader, key: &str, node: &Node) -> Option<Spanned<String>> {
    reader.text(key, node).filter(|text| !text.value.is_empty())
}

/// A text on one line.
fn line(reader: &mut Reader, key: &str, node: &Node) -> Option<String> {
    let text = filled(reader, key, node)?.value;
    match text.contains(['\n', '\r', '\t']) {
        true => Some(text.split_whitespace().collect::<Vec<_>>().join(" ")),
        false => Some(text),
    }
}

fn join(list: &mut Vec<String>, more: Vec<Spanned<String>>) {
    for item in more {
        if !list.contains(&item.value) {
            list.push(item.value);
        }
    }
}

fn boost(reader: &mut Reader, key: &str, node: &Node) -> Option<f64> {
    let boost = reader.number(key, node)?;
    if !(0.1..=10.0).contains(&boost) {
        let help = reader.example(key, "2");
        reader.wrong(key, node, "a number from 0.1 to 10", help);
        return None;
    }
    Some(boost)
}

fn day(reader: &mut Reader, key: &str, node: &Node) -> Option<String> {
    let text = match &node.value {
        Value::Text(text) if text.trim().is_empty() => return None,
        Value::Null => return None,
        Value::Text(text) | Value::Date(text) | Value::Number { written: text, .. } => text,
        _ => {
            let help = reader.example(key, "2024-01-31");
            reader.wrong(key, node, "a date", help);
            return None;
        }
    };
    match date::day(text) {
        Ok(day) => Some(day),
        Err(problem) => {
            reader.report(node.span, format!("`{key}` {}", problem.message), problem.help);
            None
        }
    }
}

fn period(reader: &mut Reader, key: &str, node: &Node) -> Option<Period> {
    let text = filled(reader, key, node)?;
    let period = Period::parse(&text.value);
    if period.is_none() {
        let help = reader.example(key, "6 months");
        reader.report(node.span, format!("`{key}` must be a period, found `{}`", shortened(&text.value)), help);
    }
    period
}

fn slug(reader: &mut Reader, key: &str, node: &Node) -> Option<Spanned<String>> {
    let mut slug = filled(reader, key, node)?;
    slug.value = slug.value.trim_matches('/').to_owned();
    if slug.value.contains(['/', '\\', '?', '#']) || slug.value.is_empty() || slug.value.chars().all(|c| c == '.') {
        let help =
            "a slug is one part of the URL; write `url: /whole/path/` to set all of it".replace(": ", reader.assign);
        reader.report(node.span, format!("`{key}` cannot be `{}`", shortened(&slug.value)), help);
        return None;
    }
    Some(slug)
}

fn path(reader: &mut Reader, key: &str, node: &Node) -> Option<Spanned<String>> {
    let mut url = filled(reader, key, node)?;
    let written = shortened(&url.value);
    let problem = if url.value.contains("://") || url.value.starts_with("//") {
        Some(("must be a path on this site", "begin with `/`; to send readers to another site, use `redirect_to`"))
    } else if url.value.contains(['?', '#', '\\']) {
        Some(("holds a character that no page's path can have", "write a path such as `/people/leave/`"))
    } else if url.value.split('/').any(|part| part == ".." || part == ".") {
        Some(("must not hold `.` or `..` as a part", "write the whole path, such as `/people/leave/`"))
    } else if url.value.split('/').any(|part| part.starts_with(':')) {
        Some(("holds a placeholder that we do not fill in", "write the path itself, such as `/people/leave/`"))
    } else {
        None
    };
    if let Some((problem, help)) = problem {
        reader.report(node.span, format!("`{key}` {problem}, found `{written}`"), help);
        return None;
    }
    if !url.value.starts_with('/') {
        url.value.insert(0, '/');
    }
    Some(url)
}

/// An id is written with or without `#`; whatever holds `/` or `#` is a link.
fn anchors(reader: &mut Reader, key: &str, node: &Node) -> Vec<FormerAnchor> {
    let entries = reader.table(key, node).unwrap_or_default();
    let mut anchors = Vec::new();
    for entry in entries {
        let Some(mut to) = filled(reader, &format!("{key}.{}", entry.key.value), &entry.value) else { continue };
        if !to.value.contains(['/', '#']) {
            to.value.insert(0, '#');
        }
        let id = entry.key.value.trim().trim_start_matches('#').to_owned();
        anchors.push(FormerAnchor { id: Spanned::new(id, entry.key.span), to });
    }
    anchors
}

/// A target; jekyll-redirect-from writes it as a list of one.
fn redirect(reader: &mut Reader, key: &str, node: &Node) -> Option<Spanned<String>> {
    match &node.value {
        Value::List(items) if items.len() == 1 => filled(reader, key, &items[0]),
        _ => filled(reader, key, node),
    }
}

fn is_hidden(reader: &mut Reader, key: &str, node: &Node) -> bool {
    match &node.value {
        Value::Flag(flag) => !flag,
        _ => reader.choice(key, node, &[("hidden", true), ("false", true), ("true", false)]).unwrap_or(false),
    }
}

fn has_noindex(robots: &str) -> bool {
    robots.split([',', ' ']).any(|word| word.eq_ignore_ascii_case("noindex") || word.eq_ignore_ascii_case("none"))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    /// The fields that are set, the body, and what was wrong, each with the text it points at.
    fn check(text: &str, expect: Expect) {
        let (front, body, diagnostics) = read(text);
        let mut out = String::new();
        out.push_str(&set_fields(&front));
        out.push_str(&format!("body {:?}\n", &text[body..]));
        for d in &diagnostics {
            let at = d.span.map_or("", |span| &text[span.range()]);
            let help = d.help.as_deref().unwrap_or("");
            out.push_str(&format!("{} at `{}`\n  {}\n  {help}\n", d.code, at.escape_debug(), d.message));
        }
        expect.assert_eq(&out);
    }

    fn set_fields(front: &FrontMatter) -> String {
        let texts = |list: &[Spanned<String>]| list.iter().map(|text| text.value.clone()).collect::<Vec<_>>();
        let text = |text: &Option<Spanned<String>>| text.as_ref().map(|text| text.value.clone());
        let fields = [
            ("title", format!("{:?}", front.title)),
            ("nav_title", format!("{:?}", front.nav_title)),
            ("description", format!("{:?}", front.description)),
            ("layout", format!("{:?}", text(&front.layout))),
            ("weight", format!("{:?}", front.weight)),
            ("slug", format!("{:?}", text(&front.slug))),
            ("url", format!("{:?}", text(&front.url))),
            ("aliases", format!("{:?}", texts(&front.aliases))),
            ("anchors", format!("{:?}", front.anchors.iter().map(|a| (&a.id.value, &a.to.value)).collect::<Vec<_>>())),
            ("redirect_to", format!("{:?}", text(&front.redirect_to))),
            ("draft", format!("{:?}", front.draft)),
            ("date", format!("{:?}", front.date)),
            ("updated", format!("{:?}", front.updated)),
            ("tags", format!("{:?}", front.tags)),
            ("toc", format!("{:?}", front.toc)),
            ("nav_hidden", format!("{:?}", front.nav_hidden)),
            ("noindex", format!("{:?}", front.noindex)),
            ("lang", format!("{:?}", front.lang)),
            ("owners", format!("{:?}", front.owners)),
            (
                "section_nav",
                format!("{:?}", front.section_nav.iter().map(|l| (&l.title, &l.url.value)).collect::<Vec<_>>()),
            ),
            ("dialect", format!("{:?}", front.dialect)),
            ("extra", serde_json::Value::Object(front.extra.clone()).to_string()),
        ];
        let is_set = |value: &str| !matches!(value, "None" | "[]" | "false" | "{}");
        fields.iter().filter(|(_, value)| is_set(value)).map(|(name, value)| format!("{name} {value}\n")).collect()
    }

    #[test]
    fn former_anchors_are_ids_or_links() {
        check(
            "---\nanchors:\n  notice: leave\n  '#pay': '#salary'\n  2: /b/#two\n  x: [1]\n---\n",
            expect![[r##"
                anchors [("notice", "#leave"), ("pay", "#salary"), ("2", "/b/#two")]
                body ""
                front-matter-value at `[1]`
                  `anchors.x` must be text, found a list
                  write `x: "…"`
            "##]],
        );
    }

    #[test]
    fn yaml_fields() {
        check(
            "---\ntitle: People\nnav_title: \"P\"\ndescription: >\n  Who we are\n  and why.\nlayout: handbook-page.html.erb\nweight: 1.5\n\
             slug: people\nurl: people/all/\naliases: [/team/, old]\nredirect_to: https://example.com\ndraft: true\ndate: 2024-01-31\n\
             updated: 2024-02-01T10:00:00Z\ntags: [hr, 2024]\ntoc: false\nnav: hidden\nnoindex: true\nlang: de\nowners: [ana, Bo]\n\
             section_nav:\n  - {title: Hiring, url: /hiring/}\n  - title: Leave\n    url: /leave/\ndialect: kramdown\n---\n# People\n",
            expect![[r##"
                title Some("People")
                nav_title Some("P")
                description Some("Who we are and why.")
                layout Some("handbook-page.html.erb")
                weight Some(1.5)
                slug Some("people")
                url Some("/people/all/")
                aliases ["/team/", "old"]
                redirect_to Some("https://example.com")
                draft true
                date Some("2024-01-31")
                updated Some("2024-02-01")
                tags ["hr", "2024"]
                toc Some(false)
                nav_hidden true
                noindex true
                lang Some("de")
                owners ["ana", "Bo"]
                section_nav [("Hiring", "/hiring/"), ("Leave", "/leave/")]
                dialect Some(Kramdown)
                body "# People\n"
            "##]],
        );
    }

    #[test]
    fn toml_fields() {
        check(
            "+++\ntitle = \"People\"\nweight = 3\ndate = 2024-01-31\nupdated = 2024-02-01T10:00:00Z\ntags = [\"hr\"]\n\
             mine = 07:30:00\n[extra]\ntone = \"warm\"\n[[section_nav]]\ntitle = \"Hiring\"\nurl = \"/hiring/\"\n+++\nText\n",
            expect![[r#"
                title Some("People")
                weight Some(3.0)
                date Some("2024-01-31")
                updated Some("2024-02-01")
                tags ["hr"]
                section_nav [("Hiring", "/hiring/")]
                extra {"mine":"07:30:00","tone":"warm"}
                body "Text\n"
            "#]],
        );
    }

    #[test]
    fn synonyms_of_other_generators() {
        check(
            "---\nlinkTitle: P\ntemplate: doc\nnav_order: 2\npermalink: /people/\nredirect_from: /team/\npublished: false\n\
             last_modified_at: 2024-01-31 10:00:00 +0100\ncategories: hr\ntoc_hide: true\nrobots: noindex, nofollow\nhtml_lang: pt-BR\nowner: ana\n---\n",
            expect![[r#"
                nav_title Some("P")
                layout Some("doc")
                weight Some(2.0)
                url Some("/people/")
                aliases ["/team/"]
                draft true
                updated Some("2024-01-31")
                tags ["hr"]
                nav_hidden true
                noindex true
                lang Some("pt-BR")
                owners ["ana"]
                body ""
            "#]],
        );
        check(
            "---\nsidebar_label: P\norder: 1\nlastmod: 2024-01-31\ncategory: hr\nnav: false\n---\n",
            expect![[r#"
            nav_title Some("P")
            weight Some(1.0)
            updated Some("2024-01-31")
            tags ["hr"]
            nav_hidden true
            body ""
        "#]],
        );
        check(
            "---\nsidebar_position: 1\nnav_exclude: true\nrobots: index\nlayout: false\n---\n",
            expect![[r#"
            layout Some("false")
            weight Some(1.0)
            nav_hidden true
            body ""
        "#]],
        );
    }

    #[test]
    fn other_keys_are_kept_in_order_with_their_values() {
        check(
            "---\nzebra: 1\napple: {b: [1, 2.5, ~], a: 2024-01-31}\ntitle: T\nyes: no\nnothing:\n012: 007\nExtra: 1_000\n---\n",
            expect![[r#"
                title Some("T")
                extra {"zebra":1,"apple":{"b":[1,2.5,null],"a":"2024-01-31"},"yes":"no","012":"007","Extra":"1_000"}
                body ""
                front-matter-key at `Extra`
                  `Extra` is not a field that we know, so it does nothing
                  did you mean `extra`?
            "#]],
        );
    }

    #[test]
    fn numbers_are_texts_as_they_were_written() {
        check(
            "---\ntitle: 1.10\nslug: 007\ndescription: 2024-01-31\ntags: 2024\n---\n",
            expect![[r#"
            title Some("1.10")
            description Some("2024-01-31")
            slug Some("007")
            tags ["2024"]
            body ""
        "#]],
        );
    }

    #[test]
    fn empty_values_are_no_values() {
        check(
            "---\ntitle:\ndescription: \"\"\nweight: ~\ntags: []\ndate: null\naliases: [\"\", ~]\nsection_nav:\n---\nx",
            expect![[r#"
                body "x"
            "#]],
        );
    }

    #[test]
    fn odd_bytes_around_the_fences() {
        check(
            "\u{FEFF}---\r\ntitle: T\r\nweight: 2\r\n---\r\nBody\r\n",
            expect![[r#"
            title Some("T")
            weight Some(2.0)
            body "Body\r\n"
        "#]],
        );
        check(
            "--- \t\ntitle: T\n---  \nBody",
            expect![[r#"
            title Some("T")
            body "Body"
        "#]],
        );
        check(
            "---\ntitle: T\n...\nBody\n",
            expect![[r#"
            title Some("T")
            body "Body\n"
        "#]],
        );
        check(
            "---\n---\nBody\n",
            expect![[r#"
            body "Body\n"
        "#]],
        );
        check(
            "---\n---",
            expect![[r#"
            body ""
        "#]],
        );
        check(
            "---\n# nothing here\n\n---\nBody\n",
            expect![[r#"
            body "Body\n"
        "#]],
        );
        check(
            "---\ntitle: T\n---",
            expect![[r#"
            title Some("T")
            body ""
        "#]],
        );
        check(
            "\n\n---\ntitle: T\n---\nBody\n",
            expect![[r#"
            title Some("T")
            body "Body\n"
        "#]],
        );
        check(
            "---\n\ntitle: T\n\n---\nBody\n",
            expect![[r#"
            title Some("T")
            body "Body\n"
        "#]],
        );
        check(
            "+++\r\ntitle = \"T\"\r\n+++\r\nBody",
            expect![[r#"
            title Some("T")
            body "Body"
        "#]],
        );
        check(
            "---\n\u{200B}title\u{A0}: T\n---\nBody",
            expect![[r#"
            title Some("T")
            body "Body"
        "#]],
        );
        check(
            "",
            expect![[r#"
            body ""
        "#]],
        );
    }

    #[test]
    fn a_rule_is_no_front_matter() {
        check(
            "---\n\nText\n\n---\n\nMore\n",
            expect![[r#"
            body "---\n\nText\n\n---\n\nMore\n"
        "#]],
        );
        check(
            "---\n\nText\n",
            expect![[r#"
            body "---\n\nText\n"
        "#]],
        );
        check(
            "---\nText\n",
            expect![[r#"
            body "---\nText\n"
        "#]],
        );
        check(
            "----\ntitle: T\n----\n",
            expect![[r#"
            body "----\ntitle: T\n----\n"
        "#]],
        );
        check(
            "Text\n---\ntitle: T\n---\n",
            expect![[r#"
            body "Text\n---\ntitle: T\n---\n"
        "#]],
        );
        check(
            "\n---\n\n---\n",
            expect![[r#"
            body "\n---\n\n---\n"
        "#]],
        );
    }

    #[test]
    fn front_matter_that_is_not_closed() {
        check(
            "---\ntitle: T\nweight: 1\n\nBody\n",
            expect![[r#"
            body "\nBody\n"
            front-matter-syntax at `---`
              the front matter has no closing `---` line
              add a line with only `---` after the last key
        "#]],
        );
        check(
            "---\ntitle: T\n—\nBody\n",
            expect![[r#"
            body "Body\n"
            front-matter-syntax at `---`
              the front matter has no closing `---` line
              the line `—` has to be exactly `---`
        "#]],
        );
        check(
            "---\ntitle: T\n----\nBody\n",
            expect![[r#"
            body "Body\n"
            front-matter-syntax at `---`
              the front matter has no closing `---` line
              the line `----` has to be exactly `---`
        "#]],
        );
        check(
            "---\ntitle: T\n",
            expect![[r#"
            body ""
            front-matter-syntax at `---`
              the front matter has no closing `---` line
              add a line with only `---` after the last key
        "#]],
        );
        check(
            "+++\ntitle = \"T\"\n---\nBody\n",
            expect![[r#"
            body "Body\n"
            front-matter-syntax at `+++`
              the front matter has no closing `+++` line
              the line `---` has to be exactly `+++`
        "#]],
        );
    }

    #[test]
    fn wrong_types_tell_what_was_expected_and_found() {
        check(
            "---\ntitle: [People]\nnav_title: true\ndescription: {a: 1}\nweight: \"10\"\ndraft: yes\ntoc: 2\ntags: {a: b}\nowners: [ana, [bo]]\n\
             aliases: false\nnav: maybe\nlang: english\ndialect: gmf\nsection_nav: /hiring/\ndate: [2024]\n---\n",
            expect![[r#"
                owners ["ana"]
                body ""
                front-matter-value at `[People]`
                  `title` must be text, found a list
                  write `title: "People"`
                front-matter-value at `true`
                  `nav_title` must be text, found `true`
                  write `nav_title: "true"` if that word is meant
                front-matter-value at `{a: 1}`
                  `description` must be text, found a group of keys
                  write `description: "…"`
                front-matter-value at `\"10\"`
                  `weight` must be a number, found the text `10`
                  write `weight: 10`, without quotes
                front-matter-value at `yes`
                  `draft` must be `true` or `false`, found the text `yes`
                  write `draft: true`
                front-matter-value at `2`
                  `toc` must be `true` or `false`, found the number `2`
                  write `toc: true` or `toc: false`
                front-matter-value at `{a: b}`
                  `tags` must be text or a list of texts, found a group of keys
                  write `tags: ["one", "two"]`
                front-matter-value at `[bo]`
                  each item of `owners` must be text, found a list
                  write `owners: ["one", "two"]`, with quotes round each text
                front-matter-value at `false`
                  `aliases` must be text or a list of texts, found `false`
                  write `aliases: ["one", "two"]`
                front-matter-value at `maybe`
                  `nav` must be `hidden`, `false` or `true`, found the text `maybe`
                  write `nav: "hidden"`
                front-matter-value at `english`
                  `lang` must be the code of a language, found the text `english`
                  write a code such as `en`, `de`, `fr`, `ja` or `pt-BR`
                front-matter-value at `gmf`
                  `dialect` must be `auto`, `gfm` or `kramdown`, found the text `gmf`
                  did you mean `gfm`?
                front-matter-value at `/hiring/`
                  `section_nav` must be a list of links, found the text `/hiring/`
                  write `section_nav: [{title: "Hiring", url: "/hiring/"}]`
                front-matter-value at `[2024]`
                  `date` must be a date, found a list
                  write `date: 2024-01-31`
            "#]],
        );
        check(
            "+++\ntitle = true\nweight = \"heavy\"\ndraft = \"no\"\nsection_nav = [\"x\", {title = \"y\"}]\n+++\n",
            expect![[r#"
                body ""
                front-matter-value at `true`
                  `title` must be text, found `true`
                  write `title = "true"` if that word is meant
                front-matter-value at `\"heavy\"`
                  `weight` must be a number, found the text `heavy`
                  write a number, as in `weight = 10`
                front-matter-value at `\"no\"`
                  `draft` must be `true` or `false`, found the text `no`
                  write `draft = false`
                front-matter-value at `\"x\"`
                  each link of `section_nav` needs a title and a URL, found the text `x`
                  write `{ title = "Hiring", url = "/hiring/" }`
                front-matter-value at `{title = \"y\"}`
                  this link of `section_nav` has no `url`
                  write `{ title = "Hiring", url = "/hiring/" }`
            "#]],
        );
    }

    #[test]
    fn wrong_addresses_and_dates() {
        check(
            "---\nslug: a/b\nurl: https://example.com/x\ndate: 2024-02-30\nupdated: 31.01.2024\nlang: en_GB\n---\n",
            expect![[r#"
                body ""
                front-matter-value at `a/b`
                  `slug` cannot be `a/b`
                  a slug is one part of the URL; write `url: /whole/path/` to set all of it
                front-matter-value at `https://example.com/x`
                  `url` must be a path on this site, found `https://example.com/x`
                  begin with `/`; to send readers to another site, use `redirect_to`
                front-matter-value at `2024-02-30`
                  `date` names a day that does not exist: `2024-02-30`
                  February 2024 has 29 days
                front-matter-value at `31.01.2024`
                  `updated` is not a date that we can read: `31.01.2024`
                  write year, month and day, for example `2024-01-31`
                front-matter-value at `en_GB`
                  `lang` must be the code of a language, found the text `en_GB`
                  write `lang: "en-GB"`
            "#]],
        );
        check(
            "---\nslug: ..\npermalink: /:categories/:title/\ndate: 2024/1/5\nupdated: 2024\n---\n",
            expect![[r#"
            body ""
            front-matter-value at `..`
              `slug` cannot be `..`
              a slug is one part of the URL; write `url: /whole/path/` to set all of it
            front-matter-value at `/:categories/:title/`
              `permalink` holds a placeholder that we do not fill in, found `/:categories/:title/`
              write the path itself, such as `/people/leave/`
            front-matter-value at `2024/1/5`
              `date` is not a date that we can read: `2024/1/5`
              write `2024-01-05`
            front-matter-value at `2024`
              `updated` is not a date that we can read: `2024`
              write year, month and day, for example `2024-01-31`
        "#]],
        );
        check(
            "---\nurl: /a/../b\n---\n",
            expect![[r#"
            body ""
            front-matter-value at `/a/../b`
              `url` must not hold `.` or `..` as a part, found `/a/../b`
              write the whole path, such as `/people/leave/`
        "#]],
        );
        check(
            "---\nurl: /a?b\n---\n",
            expect![[r#"
            body ""
            front-matter-value at `/a?b`
              `url` holds a character that no page's path can have, found `/a?b`
              write a path such as `/people/leave/`
        "#]],
        );
    }

    #[test]
    fn of_two_values_for_one_thing_the_last_counts() {
        check(
            "---\ntitle: A\nlayout: x\ntitle: B\nweight: 1\nnav_order: 2\nmine: 1\nmine: 2\n---\n",
            expect![[r#"
            title Some("B")
            layout Some("x")
            weight Some(2.0)
            extra {"mine":2}
            body ""
            front-matter-duplicate at `title`
              `title` is given twice
              keep one of the two; this one counts
            front-matter-duplicate at `nav_order`
              `nav_order` means the same as `weight`, which is given above
              keep one of the two; this one counts
            front-matter-duplicate at `mine`
              `mine` is given twice
              keep one of the two; this one counts
        "#]],
        );
        check(
            "---\ntags: [a]\ncategories: [b, a]\naliases: /a/\nredirect_from: [/b/]\n---\n",
            expect![[r#"
            aliases ["/a/", "/b/"]
            tags ["a", "b"]
            body ""
        "#]],
        );
        check(
            "---\nmine: {a: 1, a: 2}\n---\n",
            expect![[r#"
            extra {"mine":{"a":2}}
            body ""
            front-matter-duplicate at `a`
              `a` is given twice
              keep one of the two; this one counts
        "#]],
        );
        check(
            "---\ntitle:\ntitle: B\n---\n",
            expect![[r#"
            title Some("B")
            body ""
        "#]],
        );
        check(
            "---\ntone: a\nextra: {tone: b}\n---\n",
            expect![[r#"
            extra {"tone":"b"}
            body ""
            front-matter-duplicate at `b`
              `tone` is given both inside and outside of `extra`
              keep one of the two; this one counts
        "#]],
        );
        check(
            "+++\ntitle = \"A\"\ntitle = \"B\"\n+++\n",
            expect![[r#"
            body ""
            front-matter-syntax at `title`
              the key `title` is already set above
              keep one of the two
        "#]],
        );
    }

    #[test]
    fn anchors_and_merges() {
        check(
            "---\nbase: &base {a: 1}\nmine:\n  <<: *base\n  b: 2\n---\n",
            expect![[r#"
            extra {"base":{"a":1},"mine":{"b":2,"a":1}}
            body ""
        "#]],
        );
    }

    #[test]
    fn yaml_that_is_no_table() {
        check(
            "---\n- a\n- b\n---\nBody\n",
            expect![[r#"
            body "Body\n"
            front-matter-syntax at `- a\n- b`
              front matter is lines of `key: value`, found a list
              write `title: Your title`; if these lines belong to the page, put an empty line after the first `---`
        "#]],
        );
        check(
            "---\njust text\n---\nBody\n",
            expect![[r#"
            body "Body\n"
            front-matter-syntax at `just text`
              front matter is lines of `key: value`, found the text `just text`
              write `title: Your title`; if these lines belong to the page, put an empty line after the first `---`
        "#]],
        );
        check(
            "---\ntitle:\u{A0}People\n---\nBody\n",
            expect![[r#"
            body "Body\n"
            front-matter-syntax at `:\u{a0}`
              the space after `title:` is not an ordinary one (U+00A0)
              write `title: People`
        "#]],
        );
    }

    #[test]
    fn yaml_syntax_errors_point_at_the_cause() {
        let cases = [
            "title: Foo: bar",
            "title: @ana",
            "title: `x`",
            "title: \"Foo",
            "title: 'Foo",
            "title: \"Foo\" bar",
            "a:\n\tb: 1",
            "tags: [a, b",
            "tags: {a: b",
            "tags: a]",
            "tags: ]",
            "title: [draft] People",
            "title: *star*",
            "title: &me",
            "title: - People",
            "title: {{ name }}",
            "title: \"a\\d\"",
            "title:Foo\nweight: 1",
            "title:\u{3000}Foo\nweight: 1",
            "title: Foo\n  weight: 1",
            " title: Foo\nweight: 1",
            "title: Foo\nbar\nweight: 1",
            "title: | x",
            "title: %x",
            "title: ,x",
            "title: \u{1}b",
            "title: !<",
            "title: \"Foo\nweight: 1",
            "? a\n: b\n? [x]\n: c",
            "title: x\n\ttitle: y",
            "%YAML 9\ntitle: x",
            "title: # x\n y: z\n- w",
        ];
        let mut out = String::new();
        for case in cases {
            let text = format!("---\n{case}\n---\n");
            let (_, _, diagnostics) = read(&text);
            out.push_str(&format!("{case:?}\n"));
            for d in diagnostics {
                let at = d.span.map_or("", |span| &text[span.range()]);
                out.push_str(&format!("    {} at {at:?}\n    {}\n", d.message, d.help.unwrap_or_default()));
            }
        }
        expect![[r#"
            "title: Foo: bar"
                this value holds `: `, which YAML takes for a new key at "Foo: bar"
                put it in quotes: `"Foo: bar"`
            "title: @ana"
                a value cannot begin with `@` at "@ana"
                put it in quotes: `"@ana"`
            "title: `x`"
                a value cannot begin with a backtick at "`x`"
                put it in quotes: "`x`"
            "title: \"Foo"
                this quote is never closed at "\"Foo"
                add the closing quote
            "title: 'Foo"
                this quote is never closed at "'Foo"
                add the closing quote
            "title: \"Foo\" bar"
                the value goes on after its closing quote at "bar"
                put the whole value in single quotes: `'"Foo" bar'`
            "a:\n\tb: 1"
                this line is indented with a tab, which YAML does not allow at "\t"
                use spaces
            "tags: [a, b"
                the `[` is not closed, or a comma is missing in it at "[a, b"
                add `]` where it ends; put a text that begins with `[` in quotes
            "tags: {a: b"
                the `{` is not closed, or a comma is missing in it at "{a: b"
                add `}` where it ends; put a text that begins with `{` in quotes
            "tags: a]"
            "tags: ]"
                this bracket closes nothing at "]"
                take it out, or put the whole value in quotes
            "title: [draft] People"
                a value that begins with `[` ends at its closing bracket, and this one goes on at "[draft] People"
                put it in quotes: `"[draft] People"`
            "title: *star*"
                a value that begins with `*` is a reference in YAML, and this one leads nowhere at "*star*"
                put it in quotes: `"*star*"`
            "title: &me"
            "title: - People"
                a list cannot begin on its key's line at "- People"
                begin the list on the next line, with `- ` before each item; put a single dash in quotes
            "title: {{ name }}"
                a value that begins with `{{` must stand in quotes at "{{ name }}"
                put it in quotes: `"{{ name }}"`
            "title: \"a\\d\""
                this text has a backslash that means nothing in YAML at "\"a\\d\""
                in double quotes write `\\` for a backslash, or use single quotes
            "title:Foo\nweight: 1"
                a space is missing after `title:` at ":Foo"
                write `title: Foo`
            "title:\u{3000}Foo\nweight: 1"
                the space after `title:` is not an ordinary one (U+3000) at ":\u{3000}"
                write `title: Foo`
            "title: Foo\n  weight: 1"
                this line is indented like part of the line above, which already has a value at "weight: 1"
                begin the key in the same column as the other keys, or put the text above in quotes
            " title: Foo\nweight: 1"
                this line does not line up with those above it at "weight: 1"
                begin all keys of a group, and all items of a list, in the same column
            "title: Foo\nbar\nweight: 1"
                this line is not `key: value` at "bar"
                write `key: value`, or indent the line so that it continues the value above it
            "title: | x"
                text cannot follow `|` on its line at "| x"
                put it in quotes: `"| x"`; or begin the text on the next line, indented
            "title: %x"
                a value cannot begin with `%` at "%x"
                put it in quotes: `"%x"`
            "title: ,x"
                a value cannot begin with `,` at ",x"
                put it in quotes: `",x"`
            "title: \u{1}b"
                there is an invisible control character (U+0001) here at "\u{1}"
                delete it; it may be easier to type the line again
            "title: !<"
                a value cannot begin with `!` at "!<"
                put it in quotes: `"!<"`
            "title: \"Foo\nweight: 1"
                this quote is never closed at "\"Foo"
                add the closing quote
            "? a\n: b\n? [x]\n: c"
                a list or a group cannot be a key at "[x]"
                a key is plain text; put a value that begins with `{` or `[` in quotes
            "title: x\n\ttitle: y"
                this line is indented with a tab, which YAML does not allow at "\t"
                use spaces
            "%YAML 9\ntitle: x"
                a value cannot begin with `%` at "%YAML 9"
                put it in quotes: `"%YAML 9"`
            "title: # x\n y: z\n- w"
                this line does not line up with those above it at "- w"
                begin all keys of a group, and all items of a list, in the same column
        "#]]
        .assert_eq(&out);
    }

    #[test]
    fn toml_syntax_errors_point_at_the_cause() {
        check(
            "+++\ntitle = People\nweight 3\n+++\n",
            expect![[r#"
                body ""
                front-matter-syntax at `People`
                  text must stand in quotes
                  write `"People"`
                front-matter-syntax at `3`
                  an `=` is missing before this
                  write `key = value`
            "#]],
        );
    }

    #[test]
    fn hostile_yaml_is_refused_quickly() {
        let laughs = (1..9).fold("a0: &a0 [x, x]\n".to_owned(), |text, i| {
            text + &format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 9].join(", "))
        });
        check(
            &format!("---\n{laughs}---\n"),
            expect![[r#"
                body ""
                front-matter-syntax at ``
                  this would become far too large
                  front matter is for a few settings; take out repeated `*name` references or move the data to a file
            "#]],
        );
        check(
            &format!("---\nx: {}\n---\n", "[".repeat(20_000)),
            expect![[r#"
                body ""
                front-matter-syntax at ``
                  this is nested too deeply
                  use fewer levels of lists and groups
            "#]],
        );
        check(
            &format!("---\nx: {}\n---\n", "- ".repeat(2_000)),
            expect![[r#"
            body ""
            front-matter-syntax at `- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -`
              a list cannot begin on its key's line
              begin the list on the next line, with `- ` before each item; put a single dash in quotes
        "#]],
        );
        check(
            "---\na: &a [*a]\n---\n",
            expect![[r#"
                body ""
                front-matter-syntax at `*a`
                  this value would hold itself
                  take the reference out, or put the text in quotes
            "#]],
        );
        let (_, _, diagnostics) = read(&format!("---\nx: \"{}\"\n---\nBody", "x".repeat(2 << 20)));
        assert_eq!(diagnostics.len(), 1);
        let (front, _, diagnostics) = read(&format!("---\nx: \"{}\"\n---\nBody", "x".repeat(1 << 19)));
        assert_eq!((front.extra.len(), diagnostics), (1, Vec::new()));
    }

    #[test]
    fn every_field_of_the_list_is_typed() {
        for name in FIELDS.iter().flat_map(|field| field.synonyms.iter().chain([&field.name])) {
            let (front, _, diagnostics) = read(&format!("---\n{name}: [[1]]\n---\n"));
            assert!(front.extra.is_empty() || *name == "extra", "{name} is kept as unknown");
            assert!(*name == "extra" || !diagnostics.is_empty(), "{name} takes any value");
        }
    }

    #[test]
    fn layouts_are_named_without_path_and_suffix() {
        assert_eq!(layout_name("layouts/handbook-page.html.erb"), "handbook-page");
        assert_eq!(layout_name("page"), "page");
        assert_eq!(layout_name(""), "");
    }
}
