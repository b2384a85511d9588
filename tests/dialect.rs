//! Pairs of Markdown and the HTML that kramdown itself makes of it, with the options of our defaults and with others.
//!
//! The pairs were made by running kramdown 2.4.0 with its GFM parser 1.1.0 on texts written for these tests. Files hold
//! many pairs: a line `%%% markdown`, the text, a line `%%% html`, the HTML. The HTML is compared tag by tag and word by
//! word, because kramdown indents what we do not.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use handbook::markdown::kramdown::{Input, KramdownOptions};
use handbook::markdown::{self, Dialect, Options};

/// Where we differ on purpose, with the reason.
const DEVIATIONS: &[(&str, &str)] = &[];

#[test]
fn kramdown_pages_are_read_as_kramdown_reads_them() {
    let n_cases = check_pairs("kramdown", KramdownOptions::default());
    assert!(n_cases > 500, "only {n_cases} pairs were found");
}

#[test]
fn other_options_are_read_as_kramdown_reads_them() {
    let curled = ['‘', '’', '“', '”'];
    let input = KramdownOptions { input: Input::Kramdown, smart_quotes: curled, ..KramdownOptions::default() };
    assert!(check_pairs("kramdown-input", input) > 0);
    let quotes = KramdownOptions { smart_quotes: curled, ..KramdownOptions::default() };
    assert!(check_pairs("kramdown-curled", quotes) > 0);
    let wrapped = KramdownOptions { hard_wrap: true, ..KramdownOptions::default() };
    assert!(check_pairs("kramdown-wrapped", wrapped) > 0);
}

/// Compares all pairs of a folder; how many there are.
fn check_pairs(folder: &str, kramdown: KramdownOptions) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialect").join(folder);
    let options = Options { dialect: Dialect::Kramdown, kramdown, ..Options::default() };
    let mut n_cases = 0;
    let mut failures = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        for case in text.split("%%% markdown\n").skip(1) {
            let (source, expected) = case.split_once("%%% html\n").unwrap();
            n_cases += 1;
            if DEVIATIONS.iter().any(|(known, _)| *known == source) {
                continue;
            }
            let html = markdown::render(source, 0, &options).body.html;
            if tokens(expected) != tokens(&html) {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                failures.push(format!("{name}\n--- markdown\n{source}--- expected\n{expected}--- found\n{html}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {n_cases} differ\n{}", failures.len(), failures.join("\n"));
    n_cases
}

#[test]
fn every_span_lies_in_the_file_and_hostile_depth_costs_no_stack() {
    let options = Options { dialect: Dialect::Kramdown, ..Options::default() };
    let marks = [
        "> ", "- ", "1. ", "* ", "<div>", "<b>", "*a ", "[", "![", "`", "{:", "|", "[a](", ": ", "~~a ", "<x y=",
        "{:\\}x",
    ];
    for mark in marks {
        let text = mark.repeat(10_000) + "x\n";
        let document = markdown::render(&text, 0, &options);
        assert!(document.body.html.contains('x'), "{mark:?} lost its text");
        for span in document.diagnostics.iter().filter_map(|diagnostic| diagnostic.span) {
            assert!(text.get(span.range()).is_some(), "{mark:?}: {span:?}");
        }
    }
}

const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "iframe",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "video",
    "script",
    "style",
    "br",
];

/// The tags, with attributes and classes in order, and the words of some HTML.
fn tokens(html: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut text = String::new();
    let mut in_pre = false;
    let mut rest = html;
    while !rest.is_empty() {
        let is_tag =
            rest.starts_with('<') && rest[1..].starts_with(|c: char| c.is_alphabetic() || c == '/' || c == '!');
        let length = match (is_tag, rest.starts_with("<!--")) {
            (_, true) => rest.find("-->").map_or(rest.len(), |end| end + 3),
            (true, _) => tag_length(rest),
            _ => rest.char_indices().skip(1).find(|&(_, c)| c == '<').map_or(rest.len(), |(at, _)| at),
        };
        let (token, after) = rest.split_at(length);
        rest = after;
        if !is_tag {
            text.push_str(token);
            continue;
        }
        let name: String = token[1..]
            .trim_start_matches('/')
            .chars()
            .take_while(|c| c.is_alphanumeric() || "-_:.".contains(*c))
            .collect();
        let is_block = BLOCKS.contains(&name.as_str()) || token.starts_with("<!--");
        flush(&mut out, &mut text, is_block, in_pre);
        if name == "pre" {
            in_pre = !token.starts_with("</");
        }
        if token.starts_with("<!--") {
            continue;
        }
        out.push(if token.starts_with("</") { format!("</{name}>") } else { start_tag(token, &name) });
    }
    flush(&mut out, &mut text, true, in_pre);
    out
}

/// One past the `>` that ends a tag; quoted values may hold others.
fn tag_length(html: &str) -> usize {
    let mut quote = None;
    for (i, c) in html.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '"' => quote = Some(c),
            None if c == '>' => return i + 1,
            None => {}
        }
    }
    html.len()
}

fn start_tag(token: &str, name: &str) -> String {
    let mut attributes = BTreeMap::new();
    let mut rest = token[1 + name.len()..].trim_end_matches('>').trim_end_matches('/').trim();
    while let Some((key, after)) = rest.split_once("=\"") {
        let (value, after) = after.split_once('"').unwrap_or((after, ""));
        let mut value = decode(value);
        if key.trim() == "class" {
            let mut classes: Vec<&str> = value.split_whitespace().collect();
            classes.sort_unstable();
            classes.dedup();
            value = classes.join(" ");
        }
        if !(value.is_empty() && ["class", "id", "title"].contains(&key.trim())) {
            attributes.insert(key.trim().to_string(), value);
        }
        rest = after;
    }
    format!("<{name} {attributes:?} {rest}>")
}

/// Moves the text so far into words; white space next to a block does not count.
fn flush(out: &mut Vec<String>, text: &mut String, before_block: bool, in_pre: bool) {
    let raw = std::mem::take(text);
    if in_pre {
        return out.push(decode(&raw));
    }
    let after_block = out.last().is_none_or(|last| {
        let name: String = last.trim_start_matches(['<', '/']).chars().take_while(|c| c.is_alphanumeric()).collect();
        last.starts_with('<') && BLOCKS.contains(&name.as_str())
    });
    let is_space = |c: char| matches!(c, ' ' | '\n' | '\t' | '\r' | '\u{c}');
    let words: Vec<&str> = raw.split(is_space).filter(|word| !word.is_empty()).collect();
    if words.is_empty() && (before_block || after_block) || raw.is_empty() {
        return;
    }
    if raw.starts_with(is_space) && !after_block {
        out.push(" ".into());
    }
    out.extend(words.iter().map(|word| decode(word)));
    if raw.ends_with(is_space) && !before_block && !words.is_empty() {
        out.push(" ".into());
    }
}

fn decode(text: &str) -> String {
    text.replace("&#8617;", "↩")
        .replace("&#8901;", "⋅")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}
