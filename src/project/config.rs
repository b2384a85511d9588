//! `site.toml`: text to typed settings.
//!
//! Reading never stops at the first problem, and a setting that cannot be read keeps its default, so that whoever
//! edits the file sees everything at once.

use serde_json::Map;

use super::base_url::BaseUrl;
use super::check::CheckConfig;
use super::environment::{self, Variable};
use super::look::Look;
use super::reading::MarkdownConfig;
use super::search::SearchConfig;
use super::security::SecurityConfig;
use super::settings::{base_url, cname, content, filled, output, own_host, paths, sections, theme_name, unknown};
use crate::diagnostic::{Code, Diagnostic};
use crate::markdown::LinkKind;
use crate::value::reader::{NavLink, Reader};
use crate::value::{Entry, Node, Spanned, Value, toml};

/// The settings of a site. `Config::default()` is what a site without `site.toml` has.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The site's name; without it that of its first page is used.
    pub title: Option<String>,
    /// What the site is.
    pub description: String,
    /// Where it is published.
    pub base_url: BaseUrl,
    /// The language of its pages.
    pub language: String,
    /// The folder of the pages, relative to the project, `/` between its parts and none at the end; empty for the
    /// project's root. `None` leaves it to [`super::folders::resolve`].
    pub content: Option<Spanned<String>>,
    /// The folder that the site is written to, relative to the project or absolute.
    pub output: Spanned<String>,
    /// The domain for the `CNAME` file.
    pub cname: Option<String>,
    /// The theme.
    pub theme: ThemeConfig,
    /// Whether drafts are part of the site.
    pub drafts: bool,
    /// The nav bars.
    pub nav: NavConfig,
    /// How pages are read.
    pub markdown: MarkdownConfig,
    /// How links are resolved.
    pub links: LinksConfig,
    /// What search is told.
    pub search: SearchConfig,
    /// What pages may hold.
    pub security: SecurityConfig,
    /// Addresses that lead elsewhere.
    pub redirects: Vec<RedirectConfig>,
    /// What is checked, and how much it matters.
    pub check: CheckConfig,
    /// What is taken from the repository.
    pub history: HistoryConfig,
    /// Anything else for templates.
    pub extra: Map<String, serde_json::Value>,
}

/// The theme.
#[derive(Debug, Clone, PartialEq)]
pub struct ThemeConfig {
    /// `default`, or the name of a folder in `themes`.
    pub name: Spanned<String>,
    /// Its options.
    pub look: Look,
}

/// The nav bars.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NavConfig {
    /// The links of the top bar; `None` takes the top folders.
    pub main: Option<Vec<NavLink>>,
    /// Paths from the site's root: these pages and folders come first, each among its siblings, in this order.
    pub order: Vec<Spanned<String>>,
    /// Nav bars for parts of the site.
    pub sections: Vec<NavSection>,
}

/// A nav bar for a part of the site.
#[derive(Debug, Clone, PartialEq)]
pub struct NavSection {
    /// The page that it is for, with all pages below it.
    pub url: Spanned<String>,
    /// Its links.
    pub links: Vec<NavLink>,
}

/// What is taken from the repository.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HistoryConfig {
    /// Whether pages that do not say when they were last changed have the day of their last commit.
    pub dates: bool,
}

/// An address that leads elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct RedirectConfig {
    /// The path that it leads on from.
    pub from: Spanned<String>,
    /// Where it leads: a path of this site, or a full URL.
    pub to: Spanned<String>,
}

/// How links are resolved.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LinksConfig {
    /// Other hosts whose URLs are this site's own pages: lower case, no scheme, no slash.
    pub hosts: Vec<String>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            title: None,
            description: String::new(),
            base_url: BaseUrl::default(),
            language: "en".to_owned(),
            content: None,
            output: Spanned { value: "public".to_owned(), ..Spanned::default() },
            cname: None,
            theme: ThemeConfig {
                name: Spanned { value: "default".to_owned(), ..Spanned::default() },
                look: Look::default(),
            },
            drafts: false,
            nav: NavConfig::default(),
            markdown: MarkdownConfig::default(),
            links: LinksConfig::default(),
            search: SearchConfig::default(),
            security: SecurityConfig::default(),
            redirects: Vec::new(),
            history: HistoryConfig::default(),
            check: CheckConfig::default(),
            extra: Map::new(),
        }
    }
}

/// Reads `site.toml`.
pub fn read(text: &str) -> (Config, Vec<Diagnostic>) {
    read_with(text, &[])
}

/// Reads `site.toml` with what the environment says over it.
pub fn read_with(text: &str, variables: &[Variable]) -> (Config, Vec<Diagnostic>) {
    let (mut entries, syntax) = entries(text);
    environment::lay_over(&mut entries, variables);
    let mut reader = Reader::new(Code::ConfigValue, " = ");
    let mut config = Config::default();
    for entry in &entries {
        config.set(&mut reader, entry);
    }
    config.theme.look.words_of(&config.language);
    // What stands around a syntax error is guesswork; complaining about the guesses would only distract.
    let mut diagnostics = if syntax.is_empty() { reader.diagnostics } else { syntax };
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    (config, diagnostics)
}

/// What `site.toml` holds, as far as it is TOML.
pub(super) fn entries(text: &str) -> (Vec<Entry>, Vec<Diagnostic>) {
    let start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    toml::parse(text, start, text.len(), Code::ConfigSyntax)
}

impl Config {
    /// Each link that is a value and leads somewhere as it stands, but for redirects: of bars, of the theme.
    pub fn linked(&self) -> impl Iterator<Item = (&Spanned<String>, LinkKind)> {
        let look = &self.theme.look;
        let sections = self.nav.sections.iter().flat_map(|section| &section.links);
        let bars = self.nav.main.iter().flatten().chain(sections).chain(&look.social);
        let images = look.logo.iter().chain(&look.favicon).map(|image| (image, LinkKind::Image));
        bars.map(|link| (&link.url, LinkKind::Page)).chain(images)
    }

    /// Each value that is Markdown, which may hold links.
    pub fn texts(&self) -> impl Iterator<Item = &Spanned<String>> {
        let look = &self.theme.look;
        look.footer.iter().chain(look.announcement.iter().map(|announcement| &announcement.text))
    }

    fn set(&mut self, reader: &mut Reader, entry: &Entry) {
        let (key, node) = (entry.key.value.as_str(), &entry.value);
        match key {
            "title" => self.title = filled(reader, key, node),
            "description" => put(&mut self.description, reader.text(key, node).map(|text| text.value)),
            "base_url" => put(&mut self.base_url, base_url(reader, key, node)),
            "language" => put(&mut self.language, reader.language(key, node).map(|language| language.value)),
            "content" => self.content = content(reader, key, node),
            "output" => put(&mut self.output, output(reader, key, node)),
            "cname" => self.cname = cname(reader, key, node),
            "theme" => self.theme(reader, node),
            "drafts" => put(&mut self.drafts, reader.flag(key, node)),
            "nav" => self.nav(reader, node),
            "markdown" => self.markdown.read(reader, node),
            "links" => self.links(reader, node),
            "search" => self.search.read(reader, node),
            "security" => self.security.read(reader, node),
            "redirects" => {
                for entry in reader.table(key, node).unwrap_or_default() {
                    let to = reader.text(&format!("{key}.{}", entry.key.value), &entry.value);
                    let to = to.filter(|to| !to.value.is_empty());
                    self.redirects.extend(to.map(|to| RedirectConfig { from: entry.key.clone(), to }));
                }
            }
            "check" => self.check.read(reader, node),
            "history" => {
                for entry in reader.table(key, node).unwrap_or_default() {
                    match entry.key.value.as_str() {
                        "dates" => put(&mut self.history.dates, reader.flag("history.dates", &entry.value)),
                        _ => unknown(reader, "history", entry),
                    }
                }
            }
            "extra" => {
                for entry in reader.table(key, node).unwrap_or_default() {
                    self.extra.insert(entry.key.value.clone(), entry.value.value.to_json());
                }
            }
            _ => unknown(reader, "", entry),
        }
    }

    fn theme(&mut self, reader: &mut Reader, node: &Node) {
        let name = match &node.value {
            Value::Table(entries) => {
                let name = self.theme.look.read(reader, entries);
                name.and_then(|node| theme_name(reader, "theme.name", node))
            }
            _ => theme_name(reader, "theme", node),
        };
        put(&mut self.theme.name, name);
    }

    fn nav(&mut self, reader: &mut Reader, node: &Node) {
        for entry in reader.table("nav", node).unwrap_or_default() {
            match entry.key.value.as_str() {
                "main" => self.nav.main = reader.links("nav.main", &entry.value),
                "order" => self.nav.order = paths(reader, "nav.order", &entry.value),
                "section" => self.nav.sections = sections(reader, &entry.value),
                _ => unknown(reader, "nav", entry),
            }
        }
    }

    fn links(&mut self, reader: &mut Reader, node: &Node) {
        for entry in reader.table("links", node).unwrap_or_default() {
            match entry.key.value.as_str() {
                "hosts" => {
                    let hosts = reader.texts("links.hosts", &entry.value);
                    self.links.hosts = hosts.iter().filter_map(|text| own_host(reader, text)).collect();
                }
                _ => unknown(reader, "links", entry),
            }
        }
    }
}

/// Sets what was read, and keeps the default otherwise.
pub(super) fn put<T>(setting: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *setting = value;
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::project::keys;

    /// What was wrong, each with the text it points at.
    fn check(text: &str, expect: Expect) {
        let (_, diagnostics) = read(text);
        let lines: Vec<String> = diagnostics
            .iter()
            .map(|d| {
                let at = d.span.map_or("", |span| &text[span.range()]);
                let help = d.help.as_deref().unwrap_or("");
                format!("{} at `{}`\n  {}\n  {help}\n", d.code, at.escape_debug(), d.message)
            })
            .collect();
        expect.assert_eq(&lines.concat());
    }

    fn check_value<T: std::fmt::Debug>(text: &str, of: impl Fn(&Config) -> T, expect: Expect) {
        let (config, diagnostics) = read(text);
        assert_eq!(diagnostics, [], "{text}");
        expect.assert_eq(&format!("{:?}", of(&config)));
    }

    #[test]
    fn an_empty_file_is_the_default() {
        assert_eq!(read(""), (Config::default(), Vec::new()));
        assert_eq!(read("\u{FEFF}# only a comment\r\n"), (Config::default(), Vec::new()));
    }

    #[test]
    fn every_key_of_the_list_is_read() {
        for key in keys::KEYS {
            let toml = format!("{} = 1\n", key.name);
            let (_, diagnostics) = read(&toml);
            assert!(diagnostics.iter().all(|d| d.code != Code::ConfigKey), "{} is refused: {diagnostics:?}", key.name);
        }
    }

    #[test]
    fn every_default_of_the_list_is_the_default() {
        for key in keys::KEYS.iter().filter(|key| !key.default.is_empty()) {
            let (config, diagnostics) = read(&format!("{} = {}\n", key.name, key.default));
            assert_eq!(diagnostics, [], "{}", key.name);
            let mut expected = Config::default();
            expected.output.span = config.output.span;
            expected.theme.name.span = config.theme.name.span;
            assert_eq!(config, expected, "{}", key.name);
        }
    }

    #[test]
    fn settings_are_normalised() {
        let of = |config: &Config| {
            (config.base_url.full(), config.cname.clone(), config.links.hosts.clone(), config.content.clone())
        };
        check_value(
            "base_url = \"HTTPS://Example.com/hb\"\ncname = \"Handbook.Example.com\"\ncontent = \"./docs/en/\"\n\
             links.hosts = [\"https://About.GitLab.com/\", \"localhost:8000\"]\n",
            of,
            expect![[
                r#"("https://example.com/hb/", Some("handbook.example.com"), ["about.gitlab.com", "localhost:8000"], Some(Spanned { value: "docs/en", span: Span { start: 77, end: 89 } }))"#
            ]],
        );
    }

    #[test]
    fn nav_bars_are_read() {
        check_value(
            "[nav]\nmain = [{ title = \"People\", url = \"/people/\" }]\n\
             [[nav.section]]\nurl = \"/people/\"\nlinks = [{ title = \"Hiring\", url = \"/people/hiring/\" }]\n",
            |config| config.nav.clone(),
            expect![[
                r#"NavConfig { main: Some([NavLink { title: "People", url: Spanned { value: "/people/", span: Span { start: 40, end: 50 } } }]), order: [], sections: [NavSection { url: Spanned { value: "/people/", span: Span { start: 76, end: 86 } }, links: [NavLink { title: "Hiring", url: Spanned { value: "/people/hiring/", span: Span { start: 122, end: 139 } } }] }] }"#
            ]],
        );
    }

    #[test]
    fn kramdown_options_are_read() {
        check_value(
            "[markdown.kramdown]\ninput = \"kramdown\"\nsmart_quotes = \"laquo, raquo, lsaquo, rsaquo\"\ntoc_levels = \"2..4\"\nheader_offset = -1\n",
            |config| config.markdown.kramdown.clone(),
            expect![[
                r#"KramdownConfig { gfm: false, hard_wrap: false, smart_quotes: ["laquo", "raquo", "lsaquo", "rsaquo"], toc_levels: [2, 3, 4], parse_block_html: false, parse_span_html: true, auto_ids: true, auto_id_prefix: "", auto_id_stripping: false, header_offset: -1, footnote_nr: 1, entity_output: AsChar }"#
            ]],
        );
    }

    #[test]
    fn extra_keeps_order_and_dates() {
        check_value(
            "[extra]\nzebra = 2024-01-31\napple = [1, { b = 2.5 }]\n",
            |config| serde_json::Value::Object(config.extra.clone()).to_string(),
            expect![[r#""{\"zebra\":\"2024-01-31\",\"apple\":[1,{\"b\":2.5}]}""#]],
        );
    }

    #[test]
    fn unknown_keys_get_the_nearest_one_or_the_list() {
        check(
            "titel = \"x\"\nbaseurl = \"/\"\nsite_name = \"x\"\ntoc_levels = [2, 3]\nzzz = 1\n\
             [markdown]\nmaths = true\nhard_wrap = true\ntitle = \"x\"\nqqqq = 1\n[theme]\nnmae = \"x\"\n[naw]\nx = 1\n",
            expect![[r#"
                config-key at `titel`
                  there is no setting `titel`
                  did you mean `title`?
                config-key at `baseurl`
                  there is no setting `baseurl`
                  did you mean `base_url`?
                config-key at `site_name`
                  there is no setting `site_name`
                  did you mean `title`?
                config-key at `toc_levels`
                  there is no setting `toc_levels`
                  `toc_levels` belongs under `[markdown]`
                config-key at `zzz`
                  there is no setting `zzz`
                  the keys here are `title`, `description`, `base_url`, `language`, `content`, `output`, `cname`, `theme`, `drafts`, `nav`, `markdown`, `links`, `redirects`, `check`, `search`, `security`, `history`, `extra`; values of your own go under `[extra]`
                config-key at `maths`
                  there is no setting `maths` in `[markdown]`
                  did you mean `math`?
                config-key at `hard_wrap`
                  there is no setting `hard_wrap` in `[markdown]`
                  `hard_wrap` belongs under `[markdown.kramdown]`
                config-key at `title`
                  there is no setting `title` in `[markdown]`
                  `title` belongs at the top of the file, above the first `[…]`
                config-key at `qqqq`
                  there is no setting `qqqq` in `[markdown]`
                  the keys here are `dialect`, `toc_levels`, `section_nav`, `math`, `highlight`, `mermaid`, `frames`, `kramdown`
                config-key at `nmae`
                  there is no setting `nmae` in `[theme]`
                  did you mean `name`?
                config-key at `naw`
                  there is no setting `naw`
                  did you mean `nav`?
            "#]],
        );
    }

    #[test]
    fn wrong_types_tell_what_was_expected_and_found() {
        check(
            "title = [\"a\"]\ndescription = true\nlanguage = \"en_US\"\ndrafts = \"yes\"\nnav = \"x\"\ntheme = 3.5\noutput = {}\n\
             [markdown]\ndialect = \"markdown\"\ntoc_levels = [3, 2]\nmath = 1\nmermaid = \"mermaid.js\"\n\
             [markdown.kramdown]\ntoc_levels = \"0..9\"\nsmart_quotes = \"a,b\"\nheader_offset = 9\n[links]\nhosts = [1, \"a b\", true]\n",
            expect![[r#"
                config-value at `[\"a\"]`
                  `title` must be text, found a list
                  write `title = "a"`
                config-value at `true`
                  `description` must be text, found `true`
                  write `description = "true"` if that word is meant
                config-value at `\"en_US\"`
                  `language` must be the code of a language, found the text `en_US`
                  write `language = "en-US"`
                config-value at `\"yes\"`
                  `drafts` must be `true` or `false`, found the text `yes`
                  write `drafts = true`
                config-value at `\"x\"`
                  `nav` must be a group of keys, found the text `x`
                  write `[nav]` on a line of its own and its keys below it
                config-value at `{}`
                  `output` must be text, found a group of keys
                  write `output = "…"`
                config-value at `\"markdown\"`
                  `markdown.dialect` must be `auto`, `gfm` or `kramdown`, found the text `markdown`
                  write `dialect = "auto"`
                config-value at `[3, 2]`
                  `markdown.toc_levels` must be a list of two heading levels from 1 to 6, found a list
                  write the first and the last level: `toc_levels = [2, 3]`
                config-value at `1`
                  `markdown.math` must be `true` or `false`, found the number `1`
                  write `math = true`
                config-value at `\"mermaid.js\"`
                  `markdown.mermaid` must be the URL of a script, or `false`, found the text `mermaid.js`
                  write a URL that begins with `https://` or `/`; `mermaid = false` shows diagrams as text
                config-value at `\"0..9\"`
                  `markdown.kramdown.toc_levels` must be a list of heading levels from 1 to 6, found the text `0..9`
                  write `toc_levels = [1, 2, 3]`
                config-value at `\"a,b\"`
                  `markdown.kramdown.smart_quotes` must be `true`, `false` or the names of four entities, found the text `a,b`
                  write `smart_quotes = true`, or four names as in `"laquo,raquo,lsaquo,rsaquo"`
                config-value at `9`
                  `markdown.kramdown.header_offset` must be a whole number from -5 to 5, found the number `9`
                  write `header_offset = 1`
                config-value at `\"a b\"`
                  `a b` in `links.hosts` is not a host
                  write host names alone: `hosts = ["about.example.com"]`
                config-value at `true`
                  each item of `links.hosts` must be text, found `true`
                  write `hosts = ["one", "two"]`, with quotes round each text
            "#]],
        );
    }

    #[test]
    fn toc_levels_must_be_two_levels() {
        for value in ["[2]", "[0, 3]", "[2, 3, 4]", "\"2..3\"", "[\"2\", 3]"] {
            assert_eq!(read(&format!("markdown.toc_levels = {value}\n")).1.len(), 1, "{value}");
        }
    }

    #[test]
    fn addresses_are_checked() {
        check(
            "base_url = \"example.com\"\ncname = \"https://handbook.example.com/\"\nlanguage = \"english\"\n\
             content = \"../docs\"\noutput = \"./\"\n",
            expect![[r#"
                config-value at `\"example.com\"`
                  `base_url` must begin with `https://`, `http://` or `/`
                  write `https://example.com`, or a path that begins with `/`
                config-value at `\"https://handbook.example.com/\"`
                  `cname` must be a host name alone, found `https://handbook.example.com/`
                  write `cname = "handbook.example.com"`
                config-value at `\"english\"`
                  `language` must be the code of a language, found the text `english`
                  write a code such as `en`, `de`, `fr`, `ja` or `pt-BR`
                config-value at `\"../docs\"`
                  `content` must be a folder of the project, and `../docs` leads out of it
                  write it relative to `site.toml`: `content = "content"`
                config-value at `\"./\"`
                  `output` cannot be the folder of the project itself
                  write a folder of its own: `output = "public"`
            "#]],
        );
        check(
            "cname = \"handbook\"\ncontent = \"/srv/docs\"\n",
            expect![[r#"
            config-value at `\"handbook\"`
              `cname` must be a host name alone, found `handbook`
              write `cname = "handbook.example.com"`
            config-value at `\"/srv/docs\"`
              `content` must be a folder of the project, and `/srv/docs` is not relative to it
              write it relative to `site.toml`: `content = "content"`
        "#]],
        );
        check(
            "cname = \"händbuch.example\"\ncontent = 'C:\\docs'\n",
            expect![[r#"
            config-value at `\"händbuch.example\"`
              `cname` must be a host name alone, found `händbuch.example`
              write its ASCII form, which begins with `xn--`; your registrar shows it
            config-value at `\'C:\\docs\'`
              `content` must be a folder of the project, and `C:\docs` is not relative to it
              write it relative to `site.toml`: `content = "content"`
        "#]],
        );
    }

    #[test]
    fn links_need_a_title_and_a_url() {
        check(
            "[nav]\nmain = [\"People\", { title = \"People\" }, { titel = \"P\", url = \"/p/\" }, { title = \"X\", url = \"www.example.com\" }, { title = \"Y\", url = \"/a b/\" }, {}]\n\
             [[nav.section]]\nurl = \"people\"\n[[nav.section]]\nlinks = []\n",
            expect![[r#"
                config-value at `\"People\"`
                  each link of `nav.main` needs a title and a URL, found the text `People`
                  write `{ title = "Hiring", url = "/hiring/" }`
                config-value at `{ title = \"People\" }`
                  this link of `nav.main` has no `url`
                  write `{ title = "Hiring", url = "/hiring/" }`
                config-key at `titel`
                  a link of `nav.main` has no key `titel`
                  did you mean `title`?
                config-value at `\"www.example.com\"`
                  the URL `www.example.com` does not say whether it is a page or another site
                  write `https://www.example.com`, or begin a page of this site with `/`
                config-value at `\"/a b/\"`
                  the URL `/a b/` holds a space
                  write `%20` for each space
                config-value at `{}`
                  this link of `nav.main` has neither `title` nor `url`
                  write `{ title = "Hiring", url = "/hiring/" }`
                config-value at `\"people\"`
                  `nav.section.url` must be a path on this site that begins with `/`, found the text `people`
                  write `url = "/people/"`
                config-value at `[[nav.section]]`
                  this `[[nav.section]]` has no `url`
                  write `[[nav.section]]` on a line of its own, and `url` and `links` below it
            "#]],
        );
        check(
            "nav.main = \"/people/\"\nnav.section = 1\n",
            expect![[r#"
            config-value at `\"/people/\"`
              `nav.main` must be a list of links, found the text `/people/`
              write `main = [{ title = "Hiring", url = "/hiring/" }]`
            config-value at `1`
              `nav.section` must be a list of tables, found the number `1`
              write `[[nav.section]]` on a line of its own, and `url` and `links` below it
        "#]],
        );
    }

    #[test]
    fn syntax_errors_point_at_the_place() {
        check(
            "title = Handbook\n",
            expect![[r#"
            config-syntax at `Handbook`
              text must stand in quotes
              write `"Handbook"`
        "#]],
        );
        check(
            "title = \"Handbook\n[nav]\n",
            expect![[r#"
                config-syntax at `\"Handbook`
                  this text is never closed
                  add `"` at its end
            "#]],
        );
        check(
            "title \"Handbook\"\ndrafts =\n",
            expect![[r#"
                config-syntax at `\"Handbook\"`
                  an `=` is missing before this
                  write `key = value`
            "#]],
        );
        check(
            "title = \"a\"\ntitle = \"b\"\n",
            expect![[r#"
            config-syntax at `title`
              the key `title` is already set above
              keep one of the two
        "#]],
        );
        check(
            "[nav\nmain = []\n",
            expect![[r#"
                config-syntax at `[nav`
                  this heading is never closed
                  write `[name]` or `[[name]]` on a line of its own
            "#]],
        );
        check(
            "[nav]\nmain = [{ title = \"x\" url = \"y\" }\n",
            expect![[r#"
                config-syntax at `url = \"y\" }`
                  a comma is missing before this
                  part the items with `,`
            "#]],
        );
        check(
            "title: Handbook\n",
            expect![[r#"
                config-syntax at `:`
                  a colon cannot follow a key here
                  write `key = value`
            "#]],
        );
        check(
            "title = 'a'b\n",
            expect![[r#"
                config-syntax at `b`
                  something stands behind the value
                  begin a new line for each key
            "#]],
        );
        check(
            "x = 012\ny = \"\\q\"\n= 1\n",
            expect![[r#"
                config-syntax at `0`
                  a number cannot begin with `0`
                  leave the zero out, or put the number in quotes
                config-syntax at ``
                  this text has a backslash that means nothing in TOML
                  write `\\` for a backslash, or put the text in single quotes
                config-syntax at `= 1`
                  a key is missing before `=`
                  write `key = value`
            "#]],
        );
        check(
            &format!("x = {}", "[".repeat(500)),
            expect![[r#"
                config-syntax at `[`
                  this is nested too deeply
                  use fewer levels of lists and groups
            "#]],
        );
    }
}
