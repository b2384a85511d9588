//! What is wrong with a piece of YAML, in words that an editor of a handbook understands.
//!
//! A YAML parser says which of its rules failed; people need to know which character to change. So the parser's
//! message is only a hint, and the text around the place decides.

use std::ops::Range;

use super::shortened;

/// A syntax error in words, with its place in the YAML text.
pub(super) struct Explanation {
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Explanation {
    fn new(range: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Explanation {
        Explanation { range, message: message.into(), help: Some(help.into()) }
    }

    pub(super) fn nested(at: usize) -> Explanation {
        Explanation::new(at..at, "this is nested too deeply", "use fewer levels of lists and groups")
    }

    pub(super) fn too_much(at: usize) -> Explanation {
        let help =
            "front matter is for a few settings; take out repeated `*name` references or move the data to a file";
        Explanation::new(at..at, "this would become far too large", help)
    }

    pub(super) fn recursive(text: &str, at: usize) -> Explanation {
        let length = text[at..].find(|c: char| !c.is_alphanumeric() && c != '*').unwrap_or(text.len() - at);
        let help = "take the reference out, or put the text in quotes";
        Explanation::new(at..at + length, "this value would hold itself", help)
    }
}

/// Whether nothing of the character can be seen.
pub(super) fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}' | '\u{202A}'..='\u{202E}')
}

/// Puts the parser's message about the byte `at` into words.
pub(super) fn explain(text: &str, at: usize, message: &str) -> Explanation {
    let here = Line::at(text, at);
    let at = at.min(here.end);
    let rest = &text[at..here.end];
    if let Some(explanation) = colon_without_space(text, &here).or_else(|| tab(text, &here, message)) {
        return explanation;
    }
    if message.contains("recursion limit") {
        return Explanation::nested(at);
    }
    if here.text.contains("{{") && message.contains("string scalar") {
        let value = here.value();
        let help = in_quotes(&text[value.clone()]);
        return Explanation::new(value, "a value that begins with `{{` must stand in quotes", help);
    }
    if message.contains("mapping values are not allowed") || message.contains("illegal placement of ':'") {
        return stray_colon(text, at, &here);
    }
    if let Some(found) = message.strip_prefix("unexpected character: `") {
        return match rest.chars().next() {
            Some(c) if c.is_control() => Explanation::new(
                at..at + c.len_utf8(),
                format!("there is an invisible control character (U+{:04X}) here", c as u32),
                "delete it; it may be easier to type the line again",
            ),
            Some(_) => cannot_begin(at, rest),
            None => Explanation::new(at..at, format!("unexpected character `{}`", found.trim_end_matches('\'')), ""),
        };
    }
    if message.contains("unclosed quote")
        || message.contains("multiline quoted")
        || message.contains("document indicator")
    {
        return Explanation::new(at..at + rest.trim_end().len(), "this quote is never closed", "add the closing quote");
    }
    if message.contains("invalid trailing content after") {
        let value = here.value();
        let help = match text[value.clone()].contains('\'') {
            false => format!("put the whole value in single quotes: `'{}'`", shortened(&text[value.clone()])),
            true => "put the whole value in double quotes, with `\\\"` for each double quote inside".to_owned(),
        };
        return Explanation::new(at..here.end_of_text(), "the value goes on after its closing quote", help);
    }
    if message.contains("unknown escape") || message.contains("hexadecimal") || message.contains("surrogate") {
        let help = "in double quotes write `\\\\` for a backslash, or use single quotes";
        return Explanation::new(at..here.end_of_text(), "this text has a backslash that means nothing in YAML", help);
    }
    if rest.starts_with('!') || message.contains("tag") || message.contains("directive") {
        return cannot_begin(at, rest);
    }
    if message.contains("anchor") || message.contains("alias") {
        return reference(text, at, &here);
    }
    if message.contains("block sequence entries") || message.contains("'-' must be followed") {
        let help = "begin the list on the next line, with `- ` before each item; put a single dash in quotes";
        return Explanation::new(at..here.end_of_text(), "a list cannot begin on its key's line", help);
    }
    if let Some(explanation) = bracket(text, at, message) {
        return explanation;
    }
    if message.contains("simple key expected ':'") || message.contains("simple key is no longer valid") {
        let help = "write `key: value`, or indent the line so that it continues the value above it";
        return Explanation::new(at..here.end_of_text(), "this line is not `key: value`", help);
    }
    let value = &text[here.value()];
    if value.starts_with(['[', '{']) && message.contains("expected key") {
        let message =
            format!("a value that begins with `{}` ends at its closing bracket, and this one goes on", &value[..1]);
        return Explanation::new(here.value(), message, in_quotes(value));
    }
    if message.contains("null into string") {
        return Explanation::new(at..here.end_of_text(), "a key is missing before `:`", "write `key: value`");
    }
    if message.contains("comments must be separated") {
        let help = format!("put a space before the `#` of a comment, or {}", in_quotes(value));
        return Explanation::new(at..here.end_of_text(), "a `#` cannot follow the value like this", help);
    }
    if message.contains("merge value") {
        let help = "write `<<: *name`, where `&name` stands before another group of keys";
        return Explanation::new(here.range_of_text(), "`<<` takes a group of keys", help);
    }
    if message.contains("after document end") {
        return Explanation::new(here.range_of_text(), "`...` must stand on a line of its own", "begin a new line");
    }
    if message.contains("BOM") {
        let help = "delete it; it may be easier to type the line again";
        return Explanation::new(here.range_of_text(), "there is an invisible byte-order mark (U+FEFF) here", help);
    }
    if message.contains("tab") {
        return Explanation::new(
            here.range_of_text(),
            "a tab in this line stands where YAML takes only spaces",
            "use spaces",
        );
    }
    let is_misplaced = ["document start", "expected key", "indentation", "indented", "'-' indicator"];
    if is_misplaced.iter().any(|words| message.contains(words)) {
        let help = "begin all keys of a group, and all items of a list, in the same column";
        return Explanation::new(here.range_of_text(), "this line does not line up with those above it", help);
    }
    if message.contains("block scalar") && rest.starts_with(['|', '>']) {
        let help = format!("{}; or begin the text on the next line, indented", in_quotes(rest));
        return Explanation::new(
            at..here.end_of_text(),
            format!("text cannot follow `{}` on its line", &rest[..1]),
            help,
        );
    }
    if message.contains("string scalar") {
        let help = "a key is plain text; put a value that begins with `{` or `[` in quotes";
        return Explanation::new(at..here.end_of_text(), "a list or a group cannot be a key", help);
    }
    if message.contains("mapping keys are not allowed") {
        return Explanation::new(at..here.end_of_text(), "a value cannot begin with `? `", "put it in quotes");
    }
    if rest.starts_with([',', '}', ']']) {
        return cannot_begin(at, rest);
    }
    Explanation { range: at..here.end_of_text().max(at), message: format!("this is not YAML: {message}"), help: None }
}

/// Why YAML that holds no keys at all was surely meant to hold some, if so.
pub(super) fn missing_keys(text: &str, at: usize) -> Option<Explanation> {
    colon_without_space(text, &Line::at(text, at))
}

/// A line of the text, without its line break.
struct Line<'a> {
    start: usize,
    end: usize,
    text: &'a str,
}

impl<'a> Line<'a> {
    /// The line that holds the byte, or the last one with text when the place is behind the end.
    fn at(text: &'a str, at: usize) -> Line<'a> {
        let at = if text[at..].trim().is_empty() && text[..at].ends_with('\n') { text.trim_end().len() } else { at };
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[at..].find(['\n', '\r']).map_or(text.len(), |length| at + length);
        Line { start, end, text: &text[start..end] }
    }

    /// The nearest line above that is not empty.
    fn above(&self, text: &'a str) -> Option<Line<'a>> {
        let before = text[..self.start].trim_end();
        (!before.is_empty())
            .then(|| Line::at(text, before.len() - before.chars().next_back().map_or(0, char::len_utf8)))
    }

    fn end_of_text(&self) -> usize {
        self.start + self.text.trim_end().len()
    }

    fn range_of_text(&self) -> Range<usize> {
        self.end_of_text().min(self.start + self.indent())..self.end_of_text()
    }

    fn indent(&self) -> usize {
        self.text.len() - self.text.trim_start().len()
    }

    /// Where the value after the line's first `: ` stands; the whole text where there is none.
    fn value(&self) -> Range<usize> {
        match self.text.find(": ") {
            Some(colon) => {
                let after = &self.text[colon + 1..];
                let start = self.start + colon + 1 + after.len() - after.trim_start().len();
                start.min(self.end_of_text())..self.end_of_text()
            }
            None => self.range_of_text(),
        }
    }

    /// The line's key, when it has the look of `key:`.
    fn key(&self) -> Option<&'a str> {
        let text = self.text.trim_start().trim_start_matches("- ");
        let key = &text[..text.find(':')?];
        (!key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\'')))
            .then_some(key)
    }
}

/// `title:Foo`, or an invisible or wide space after the colon: here or on the line above, where it often shows only
/// at the next key.
fn colon_without_space(text: &str, here: &Line<'_>) -> Option<Explanation> {
    [Some(Line { ..*here }), here.above(text)].into_iter().flatten().find_map(|line| {
        let key = line.key()?;
        let colon = line.start + line.text.find(':')?;
        let value = &text[colon + 1..line.end];
        let first = value.chars().next().filter(|c| !matches!(c, ' ' | '\t'))?;
        let mended = value.trim_matches(|c: char| c.is_whitespace() || is_zero_width(c));
        let help = format!("write `{key}: {}`", shortened(mended));
        let range = colon..colon + 1 + first.len_utf8();
        if first.is_whitespace() || is_zero_width(first) {
            let message = format!("the space after `{key}:` is not an ordinary one (U+{:04X})", first as u32);
            return Some(Explanation::new(range, message, help));
        }
        // A URL or a time is a value like any other.
        if value.starts_with("//") || first.is_ascii_digit() {
            return None;
        }
        Some(Explanation::new(colon..line.end_of_text(), format!("a space is missing after `{key}:`"), help))
    })
}

/// A tab before a line's text, which the parser can also report at the line above.
fn tab(text: &str, here: &Line<'_>, message: &str) -> Option<Explanation> {
    let below = text[here.end..].find('\n').map(|newline| Line::at(text, here.end + newline + 1));
    [Some(Line { ..*here }), below].into_iter().flatten().filter(|_| message.contains("tab")).find_map(|line| {
        let indent = &line.text[..line.indent()];
        let range = line.start + indent.find('\t')?..line.start + indent.len();
        Some(Explanation::new(range, "this line is indented with a tab, which YAML does not allow", "use spaces"))
    })
}

/// A second `: ` on one line, or a key below a value.
fn stray_colon(text: &str, at: usize, here: &Line<'_>) -> Explanation {
    if let Some(explanation) = bracket(text, at, "") {
        return explanation;
    }
    let value = here.value();
    if at > value.start {
        let help = in_quotes(&text[value.clone()]);
        return Explanation::new(value, "this value holds `: `, which YAML takes for a new key", help);
    }
    let message = "this line is indented like part of the line above, which already has a value";
    let help = "begin the key in the same column as the other keys, or put the text above in quotes";
    Explanation::new(here.range_of_text(), message, help)
}

/// `*name` without `&name`, and texts that merely begin with one of the two characters.
fn reference(text: &str, at: usize, here: &Line<'_>) -> Explanation {
    let value = &text[at..here.end_of_text().max(at)];
    let mark = if value.starts_with('&') { '&' } else { '*' };
    let help = in_quotes(value);
    let message = format!("a value that begins with `{mark}` is a reference in YAML, and this one leads nowhere");
    Explanation::new(at..at + value.len(), message, help)
}

/// A `[` or `{` that is not closed before the place.
fn bracket(text: &str, at: usize, message: &str) -> Option<Explanation> {
    let mut open = Vec::new();
    let mut quote = None;
    let mut previous = ' ';
    for (i, c) in text[..at].char_indices() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if !previous.is_alphanumeric() => quote = Some(c),
            (None, '[' | '{') if !previous.is_alphanumeric() => open.push((i, c)),
            (None, ']' | '}') => drop(open.pop()),
            _ => {}
        }
        previous = c;
    }
    let first = text[at..].chars().next();
    if open.is_empty() && matches!(first, Some('[' | '{')) && message.contains("unclosed") {
        open.push((at, first.unwrap_or('[')));
    }
    match open.last() {
        Some(&(start, bracket)) => {
            let closing = if bracket == '[' { ']' } else { '}' };
            let help = format!("add `{closing}` where it ends; put a text that begins with `{bracket}` in quotes");
            let message = format!("the `{bracket}` is not closed, or a comma is missing in it");
            Some(Explanation::new(start..Line::at(text, start).end_of_text(), message, help))
        }
        None if message.contains("bracket") => {
            let end = Line::at(text, at).end_of_text().max(at);
            let help = "take it out, or put the whole value in quotes";
            // The parser counts lines otherwise where one ends in a bare carriage return: any character may stand here.
            let length = text[at..].chars().next().map_or(0, char::len_utf8);
            Some(Explanation::new(at..end.min(at + length), "this bracket closes nothing", help))
        }
        None => None,
    }
}

/// A value with a character at its beginning that means something else in YAML.
fn cannot_begin(at: usize, rest: &str) -> Explanation {
    let message = match rest.chars().next() {
        Some('`') => "a value cannot begin with a backtick".to_owned(),
        first => format!("a value cannot begin with `{}`", first.unwrap_or(' ')),
    };
    Explanation::new(at..at + rest.trim_end().len(), message, in_quotes(rest))
}

/// Advice to quote a value, with the quotes that suit it.
fn in_quotes(value: &str) -> String {
    let value = shortened(value.trim());
    let quoted = match (value.contains('"'), value.contains('\'')) {
        (true, false) => format!("'{value}'"),
        (true, true) => format!("\"{}\"", value.replace('"', "\\\"")),
        (false, _) => format!("\"{value}\""),
    };
    match quoted.contains('`') {
        true => format!("put it in quotes: {quoted}"),
        false => format!("put it in quotes: `{quoted}`"),
    }
}
