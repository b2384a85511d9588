//! Finds where a page's front matter begins and ends.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic, Span};

/// Beyond this it is data, not front matter, and reading it would make every build slow.
const MOST_BYTES: usize = 1 << 20;

/// What the front matter is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Between `---` lines.
    Yaml,
    /// Between `+++` lines.
    Toml,
}

/// A page's text, cut into front matter and body.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// The text between the fences, without them; `None` when the page has no front matter that can be read.
    pub matter: Option<(Format, Range<usize>)>,
    /// Where the body begins.
    pub body: usize,
    /// What is wrong with the fences.
    pub problem: Option<Diagnostic>,
}

/// Cuts a page's text into front matter and body.
///
/// A page has front matter when its first line with text is `---` or `+++`. As `---` is also a Markdown rule, what
/// follows has to look like front matter when it is not closed, or when an empty line comes before it.
pub fn split(text: &str) -> Split {
    // What editors and copying leave at the beginning of a file, and nobody can see.
    let start =
        text.len() - text.trim_start_matches(['\u{FEFF}', '\u{200B}', '\u{2060}', '\u{200E}', '\u{200F}']).len();
    let none = Split { matter: None, body: start, problem: None };
    let Some(opening) = lines(text, start).find(|line| !text[line.clone()].trim().is_empty()) else {
        return none;
    };
    let format = match fence(&text[opening.clone()]) {
        Some(Fence::Yaml) => Format::Yaml,
        Some(Fence::Toml) => Format::Toml,
        _ => return none,
    };
    let inner = opening.end;
    let first = lines(text, inner).find(|line| is_content(&text[line.clone()]));
    let looks_like_keys = first.clone().is_some_and(|line| is_key_line(&text[line], format));
    // Blank lines above or below the fence are a slip when keys follow, and a rule when prose does.
    let is_detached =
        opening.start > start || lines(text, inner).next().is_some_and(|line| text[line].trim().is_empty());
    let closing = lines(text, inner).find(|line| {
        let line = fence(&text[line.clone()]);
        line == Some(if format == Format::Yaml { Fence::Yaml } else { Fence::Toml })
            || (line == Some(Fence::Dots) && format == Format::Yaml)
    });
    let Some(closing) = closing else {
        return if looks_like_keys { unclosed(text, opening, format) } else { none };
    };
    let is_empty = first.is_none_or(|line| line.start >= closing.start);
    if is_detached && !looks_like_keys && !(is_empty && opening.start == start) {
        return none;
    }
    let matter = inner..closing.start;
    if matter.len() > MOST_BYTES {
        let message = format!("the front matter has {} KiB; {} KiB is the most", matter.len() >> 10, MOST_BYTES >> 10);
        let problem = Diagnostic::new(Code::FrontMatterSyntax, message)
            .at(span_of_text(text, &opening))
            .help("move the data to a file of its own, or close the front matter where it really ends");
        return Split { matter: None, body: closing.end, problem: Some(problem) };
    }
    Split { matter: Some((format, matter)), body: closing.end, problem: None }
}

/// Keys follow the opening fence, but no line closes them. The body begins where the keys seem to end.
fn unclosed(text: &str, opening: Range<usize>, format: Format) -> Split {
    let wanted = if format == Format::Yaml { "---" } else { "+++" };
    let mut help = format!("add a line with only `{wanted}` after the last key");
    let mut body = text.len();
    for line in lines(text, opening.end) {
        let trimmed = text[line.clone()].trim();
        if trimmed.is_empty() || trimmed.starts_with("# ") && is_blank_before(text, line.start) {
            body = line.start;
            break;
        }
        // An editor's autocorrection turns `---` into a long dash; too few or too many dashes are common too.
        if trimmed.chars().all(|c| matches!(c, '-' | '+' | '–' | '—' | '―' | '−')) {
            help = format!("the line `{trimmed}` has to be exactly `{wanted}`");
            body = line.end;
            break;
        }
    }
    let problem = Diagnostic::new(Code::FrontMatterSyntax, format!("the front matter has no closing `{wanted}` line"))
        .at(span_of_text(text, &opening))
        .help(help);
    Split { matter: None, body, problem: Some(problem) }
}

fn is_blank_before(text: &str, at: usize) -> bool {
    text[..at].trim_end_matches(['\n', '\r', ' ', '\t']).len() + 1 < at
}

/// A line that opens or closes front matter.
#[derive(PartialEq)]
enum Fence {
    Yaml,
    Toml,
    Dots,
}

fn fence(line: &str) -> Option<Fence> {
    match line.trim_end() {
        "---" => Some(Fence::Yaml),
        "+++" => Some(Fence::Toml),
        "..." => Some(Fence::Dots),
        _ => None,
    }
}

/// The lines from `start` on, each with its line break.
fn lines(text: &str, start: usize) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = start;
    std::iter::from_fn(move || {
        let begin = at;
        at = text[begin..].find('\n').map_or(text.len(), |length| begin + length + 1);
        (begin < at).then_some(begin..at)
    })
}

/// Neither blank nor a comment.
fn is_content(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

/// Whether the line looks like `key: value`, or `key = value` and `[table]` in TOML.
fn is_key_line(line: &str, format: Format) -> bool {
    let line = line.trim();
    let end =
        line.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.' | '"' | '\'')).unwrap_or(line.len());
    let rest = line[end..].trim_start_matches([' ', '\t']);
    match format {
        Format::Yaml if end == 0 => line.starts_with('{') && line.ends_with('}'),
        Format::Yaml => rest.starts_with(": ") || rest.starts_with(":\t") || rest == ":" || rest.starts_with(":\u{A0}"),
        Format::Toml => line.starts_with('[') || (end > 0 && rest.starts_with('=')),
    }
}

/// The span of a line without its line break.
fn span_of_text(text: &str, line: &Range<usize>) -> Span {
    Span::new(line.start, line.start + text[line.clone()].trim_end().len())
}
