//! Every key that `site.toml` can hold, as data: the reader refuses all others, and the guide's table is checked
//! against it.

/// A key of `site.toml`.
pub struct Key {
    /// Its name, with the tables it stands in: `markdown.math`.
    pub name: &'static str,
    /// What can be written.
    pub kind: &'static str,
    /// What it is when it is not written, in TOML; empty when there is nothing.
    pub default: &'static str,
    /// What it does.
    pub about: &'static str,
}

/// Every key, in the order of the guide.
pub const KEYS: &[Key] = &[
    key("title", "text", "", "the site's name; without it the title of its first page, else `Handbook`"),
    key("description", "text", "\"\"", "what the site is, for search engines"),
    key(
        "base_url",
        "URL or path",
        "\"\"",
        "where the site is published: `https://example.com/handbook/`, or only `/handbook/`",
    ),
    key("language", "language code", "\"en\"", "the language of its pages"),
    key(
        "content",
        "folder",
        "",
        "where the pages are; without it the first of `content`, `docs`, `handbook` and `source` that is there, else the folder of `site.toml`",
    ),
    key("output", "folder", "\"public\"", "where the site is written"),
    key("cname", "host name", "", "the domain, for the `CNAME` file of GitHub Pages"),
    key("theme", "text", "\"default\"", "the theme: `default`, or the name of a folder in `themes`"),
    key("theme.name", "text", "\"default\"", "the theme, when `theme` is written as a table"),
    key("theme.accent", "colour", "", "the colour of links, buttons and the current page"),
    key("theme.logo", "path or URL", "", "the image before the site's name"),
    key("theme.favicon", "path or URL", "", "the icon in browser tabs"),
    key("theme.font", "system or inter", "\"system\"", "the typeface: the reader's own, or Inter"),
    key("theme.code", "default, plain or vivid", "\"default\"", "the colours of code"),
    key("theme.footer", "Markdown", "", "what stands at the end of every page"),
    key("theme.edit_link", "URL", "", "the repository, or the address at which a page is edited, with `{path}`"),
    key("theme.edit_branch", "text", "\"main\"", "the branch that edits are made on"),
    key("theme.social", "list of links", "", "links to your places elsewhere"),
    key("theme.announcement.text", "Markdown", "", "what everybody should know now, above every page"),
    key("theme.announcement.until", "date", "", "the last day on which it is shown"),
    key("theme.words", "table", "{}", "words of the frame that you say otherwise, or in another language"),
    key("drafts", "true or false", "false", "whether drafts are part of the site"),
    key("nav.main", "list of links", "", "the links of the top bar; without it the top folders"),
    key(
        "nav.order",
        "list of paths",
        "[]",
        "pages and folders that come first in navigation, each among its neighbours",
    ),
    key("nav.section", "list of tables", "", "nav bars for parts of the site"),
    key("nav.section.url", "text", "", "the page that the nav bar is for, with all pages below it"),
    key("nav.section.links", "list of links", "", "the links of the nav bar"),
    key("markdown.dialect", "auto, gfm or kramdown", "\"auto\"", "how pages are to be read"),
    key(
        "markdown.toc_levels",
        "list of two whole numbers",
        "[2, 3]",
        "the first and last heading level in the theme's table of contents",
    ),
    key(
        "markdown.section_nav",
        "true or false",
        "true",
        "whether three or more bold links above the first heading become a nav bar",
    ),
    key("markdown.math", "true or false", "true", "whether `$…$` and `$$…$$` are formulas"),
    key("markdown.highlight", "true or false", "true", "whether code is coloured"),
    key(
        "markdown.mermaid",
        "URL or false",
        "\"https://cdn.jsdelivr.net/npm/mermaid@12.3.0/dist/mermaid.esm.min.mjs\"",
        "the script that draws Mermaid diagrams, loaded only on pages that have one; `false` shows their text",
    ),
    key("markdown.frames", "ask or load", "\"ask\"", "whether videos and other frames from elsewhere wait for a click"),
    key("markdown.kramdown.input", "GFM or kramdown", "\"GFM\"", "which flavour of kramdown"),
    key(
        "markdown.kramdown.hard_wrap",
        "true or false",
        "false",
        "whether each line break in a paragraph is one on the page",
    ),
    key(
        "markdown.kramdown.smart_quotes",
        "true, false or four entities",
        "false",
        "whether straight quotes become curly ones; or the four quotes, as in `\"laquo,raquo,lsaquo,rsaquo\"`",
    ),
    key(
        "markdown.kramdown.toc_levels",
        "list of whole numbers, or text",
        "[1, 2, 3, 4, 5, 6]",
        "the heading levels of `{:toc}`",
    ),
    key("markdown.kramdown.parse_block_html", "true or false", "false", "whether Markdown in HTML blocks is read"),
    key("markdown.kramdown.parse_span_html", "true or false", "true", "whether Markdown in inline HTML is read"),
    key("markdown.kramdown.auto_ids", "true or false", "true", "whether headings get ids"),
    key("markdown.kramdown.auto_id_prefix", "text", "\"\"", "what those ids begin with"),
    key("markdown.kramdown.auto_id_stripping", "true or false", "false", "whether markup is left out of those ids"),
    key("markdown.kramdown.header_offset", "whole number", "0", "what is added to each heading's level"),
    key("markdown.kramdown.footnote_nr", "whole number", "1", "the number of the first footnote"),
    key(
        "markdown.kramdown.entity_output",
        "as_char, as_input, numeric or symbolic",
        "\"as_char\"",
        "how entities are written",
    ),
    key("links.hosts", "list of text", "[]", "other hosts whose URLs are this site's own pages"),
    key("redirects", "table", "{}", "old paths, each with where it leads: a path of the site, or a full URL"),
    key("check.severity", "table", "{}", "for single codes: `error`, `warning`, `note` or `off`"),
    key("check.baseline", "file", "", "the list of known problems, which do not count"),
    key("check.page_size", "whole number", "200", "more kilobytes than this are a large page"),
    key("check.image_size", "whole number", "1000", "more kilobytes than this are a large image"),
    key("check.ignore", "list of text", "[]", "links that are not checked; `*` stands for anything"),
    key(
        "check.external.private",
        "list of text",
        "[]",
        "hosts that only your people can see, with all below them: links there are not checked",
    ),
    key("check.external.local", "true or false", "false", "whether hosts of your own network are asked"),
    key("check.external.anchors", "true or false", "false", "whether the heading behind the `#` must be there"),
    key("check.external.timeout", "whole number", "20", "the seconds that a server has for its answer"),
    key("check.external.at_once", "whole number", "16", "how many servers' answers are awaited at once"),
    key("check.external.per_second", "whole number", "4", "how often one host is asked in a second"),
    key(
        "check.external.retries",
        "whole number",
        "2",
        "how often a call is repeated that failed in a way that may pass",
    ),
    key(
        "check.external.wait",
        "whole number",
        "1000",
        "the milliseconds before that; before each further time twice as long",
    ),
    key("check.external.keep", "whole number", "7", "for how many days a link that works is not checked again"),
    key("check.external.keep_gone", "whole number", "1", "for how many days a dead link is not checked again"),
    key("search.synonyms", "list of lists of text", "[]", "words and phrases that search takes for the same"),
    key(
        "search.acronyms",
        "table",
        "{}",
        "short forms and what they stand for: `OKR = \"objectives and key results\"`",
    ),
    key("search.exclude", "list of paths", "[]", "folders whose pages search does not find"),
    key(
        "security.html",
        "trusted, sanitise or escape",
        "\"trusted\"",
        "what becomes of the HTML in pages: passed on as it is, rid of what can do harm, or shown as text",
    ),
    key(
        "security.urls",
        "safe or any",
        "\"safe\"",
        "whether addresses that begin with `javascript:`, `vbscript:` or `data:` are kept out of pages",
    ),
    key(
        "history.dates",
        "true or false",
        "false",
        "whether pages without a date have that of their last change in Git",
    ),
    key("extra", "table", "{}", "anything; templates read it as `site.extra`"),
];

const fn key(name: &'static str, kind: &'static str, default: &'static str, about: &'static str) -> Key {
    Key { name, kind, default, about }
}

/// What other generators call our keys.
const ELSEWHERE: &[(&str, &str)] = &[
    ("site_name", "title"),
    ("name", "title"),
    ("site_description", "description"),
    ("url", "base_url"),
    ("site_url", "base_url"),
    ("root_url", "base_url"),
    ("lang", "language"),
    ("default_language", "language"),
    ("languageCode", "language"),
    ("locale", "language"),
    ("src", "content"),
    ("source", "content"),
    ("docs_dir", "content"),
    ("content_dir", "content"),
    ("contentDir", "content"),
    ("destination", "output"),
    ("site_dir", "output"),
    ("output_dir", "output"),
    ("publishDir", "output"),
    ("build_dir", "output"),
    ("domain", "cname"),
    ("buildDrafts", "drafts"),
    ("show_drafts", "drafts"),
    ("menu", "nav"),
    ("navigation", "nav"),
    ("params", "extra"),
];

/// The names of the keys in a table, such as `markdown`; the empty name is the file itself.
pub fn names_in(table: &str) -> Vec<&'static str> {
    let mut names: Vec<&str> = Vec::new();
    for key in KEYS {
        let rest = match table {
            "" => Some(key.name),
            table => key.name.strip_prefix(table).and_then(|rest| rest.strip_prefix('.')),
        };
        let Some(name) = rest.and_then(|rest| rest.split('.').next()) else { continue };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// What an unknown key of a table was most likely meant to be.
pub fn advice(table: &str, name: &str) -> String {
    let names = names_in(table);
    let place = |key: &str| match key.rsplit_once('.') {
        Some((table, name)) => format!("`{name}` belongs under `[{table}]`"),
        None => format!("`{key}` belongs at the top of the file, above the first `[…]`"),
    };
    let elsewhere = ELSEWHERE.iter().find(|(other, _)| *other == name).map(|(_, ours)| *ours);
    if let Some(ours) = elsewhere.filter(|ours| names.contains(ours)) {
        return format!("did you mean `{ours}`?");
    }
    if let Some(near) = crate::value::reader::nearest(name, names.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    let is_list = table == "nav.section";
    if let Some(key) = KEYS.iter().find(|key| !is_list && key.name.rsplit('.').next() == Some(name)) {
        return place(key.name);
    }
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match table {
        "" => format!("the keys here are {}; values of your own go under `[extra]`", names.join(", ")),
        _ => format!("the keys here are {}", names.join(", ")),
    }
}
