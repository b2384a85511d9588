//! Bytes to lines and columns, only for printing.

use std::collections::HashMap;
use std::ops::Range;

use super::{Diagnostic, Span};

/// A place as people count: both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

/// A file's text with the places where its lines begin.
pub(super) struct Lines {
    text: String,
    starts: Vec<usize>,
}

/// The line that a span begins on.
pub(super) struct SpannedLine<'a> {
    /// Where the span begins.
    pub(super) position: Position,
    /// The line, without its line break.
    pub(super) text: &'a str,
    /// The part of the line that the span covers.
    pub(super) range: Range<usize>,
}

impl Lines {
    pub(super) fn new(text: String) -> Lines {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(breaks).collect();
        Lines { text, starts }
    }

    /// The line on which a span begins.
    pub(super) fn line(&self, span: Span) -> SpannedLine<'_> {
        let Range { start, end } = span.within(&self.text);
        let line = self.starts.partition_point(|begin| *begin <= start) - 1;
        let begin = self.starts[line];
        let stop = self.starts.get(line + 1).map_or(self.text.len(), |next| next - 1);
        let text = &self.text[begin..stop];
        let text = text.strip_suffix('\r').unwrap_or(text);
        let from = (start - begin).min(text.len());
        let to = (end - begin).min(text.len()).max(from);
        let column = text[..from].chars().count() + 1;
        SpannedLine { position: Position { line: line + 1, column }, text, range: from..to }
    }
}

/// The texts of the files that diagnostics are about: each is asked for once, and forgotten after its last use.
pub(super) struct Files<'a> {
    read: &'a mut dyn FnMut(&str) -> Option<String>,
    uses: HashMap<&'a str, usize>,
    lines: HashMap<&'a str, Option<Lines>>,
}

impl<'a> Files<'a> {
    pub(super) fn new(diagnostics: &'a [Diagnostic], read: &'a mut dyn FnMut(&str) -> Option<String>) -> Files<'a> {
        let mut uses = HashMap::new();
        for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.span.is_some()) {
            *uses.entry(diagnostic.file.as_str()).or_default() += 1;
        }
        Files { read, uses, lines: HashMap::new() }
    }

    /// Calls `print` with the line of the diagnostic, if it has a place in a file that can be read.
    pub(super) fn with_line<T>(
        &mut self,
        diagnostic: &'a Diagnostic,
        print: impl FnOnce(Option<SpannedLine<'_>>) -> T,
    ) -> T {
        let file = diagnostic.file.as_str();
        let Some(span) = diagnostic.span.filter(|_| !file.is_empty()) else { return print(None) };
        let lines = self.lines.entry(file).or_insert_with(|| (self.read)(file).map(Lines::new));
        let result = print(lines.as_ref().map(|lines| lines.line(span)));
        let uses = self.uses.entry(file).or_insert(1);
        *uses -= 1;
        if *uses == 0 {
            self.lines.remove(file);
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, start: usize, end: usize, expected: (usize, usize, &str)) {
        let lines = Lines::new(text.to_owned());
        let line = lines.line(Span::new(start, end));
        assert_eq!((line.position.line, line.position.column, &line.text[line.range.clone()]), expected, "{text:?}");
    }

    #[test]
    fn lines_and_columns_count_from_one_in_characters() {
        check("ab\ncd\n", 0, 1, (1, 1, "a"));
        check("ab\ncd\n", 4, 5, (2, 2, "d"));
        check("ü日x", 5, 6, (1, 3, "x"));
        check("\tx", 1, 2, (1, 2, "x"));
    }

    #[test]
    fn a_span_over_several_lines_ends_with_the_first() {
        check("ab\r\ncd\r\n", 1, 8, (1, 2, "b"));
        check("ab\r\ncd", 2, 5, (1, 3, ""));
    }

    #[test]
    fn what_is_out_of_range_is_moved_into_it() {
        check("ab", 7, 9, (1, 3, ""));
        check("ab\n", 3, 3, (2, 1, ""));
        check("", 0, 5, (1, 1, ""));
        check("日", 1, 2, (1, 1, ""));
        check("abc", 2, 1, (1, 3, ""));
    }
}
