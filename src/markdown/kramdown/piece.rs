//! Text with the margins of its lines cut off that still knows where each byte came from.
//!
//! kramdown reads a quote or a list item by cutting the margin off its lines and starting afresh on what is left. We do
//! the same, and keep beside the cut text a map back to the file, so that every span, link and message points at the
//! author's own line and column, and text can be borrowed from the file instead of copied.

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostic::Span;

/// A text made of runs of the file and, rarely, of characters that the file does not have.
#[derive(Debug, Clone)]
pub struct Piece<'t> {
    /// The whole file.
    source: &'t str,
    /// The text itself.
    pub text: Cow<'t, str>,
    /// Where its runs come from, in order; the first begins at 0.
    runs: Vec<Run>,
}

#[derive(Debug, Clone, Copy)]
struct Run {
    /// Where the run begins in the text.
    at: u32,
    /// Where it begins in the file, or next to what it stands when it is not in the file.
    source: u32,
    /// Whether the file has it.
    real: bool,
}

impl<'t> Piece<'t> {
    /// The rest of a file from `start` on, with line ends as `\n` and one at the end.
    pub fn whole(source: &'t str, start: usize) -> Piece<'t> {
        let body = &source[start..];
        if !body.contains('\r') && body.ends_with('\n') {
            let runs = vec![Run { at: 0, source: start as u32, real: true }];
            return Piece { source, text: Cow::Borrowed(body), runs };
        }
        let mut piece = Piece::empty(source);
        let mut at = start;
        for (offset, _) in body.match_indices('\r') {
            let offset = start + offset;
            piece.push_real(at..offset);
            at = offset + 1;
            if !source[at..].starts_with('\n') {
                piece.push_made("\n", offset);
            }
        }
        piece.push_real(at..source.len());
        if !piece.text.ends_with('\n') {
            piece.push_made("\n", source.len());
        }
        piece
    }

    /// A piece without text yet, to push onto.
    pub fn empty(source: &'t str) -> Piece<'t> {
        Piece { source, text: Cow::Owned(String::new()), runs: Vec::new() }
    }

    /// Makes room, so that a line's text is copied once.
    pub fn reserve(&mut self, length: usize) {
        self.text.to_mut().reserve_exact(length);
    }

    /// Adds a range of another piece, with its places.
    pub fn push(&mut self, from: &Piece<'_>, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let mut index = from.run_at(range.start);
        let mut at = range.start;
        while at < range.end {
            let run = from.runs[index];
            let end = from.runs.get(index + 1).map_or(from.text.len(), |next| next.at as usize).min(range.end);
            let offset = if run.real { at as u32 - run.at } else { 0 };
            self.push_run(&from.text[at..end], run.source + offset, run.real);
            at = end;
            index += 1;
        }
    }

    /// Adds text that the file does not have, standing at this place of the file.
    pub fn push_made(&mut self, text: &str, source: usize) {
        if !text.is_empty() {
            self.push_run(text, source as u32, false);
        }
    }

    fn push_real(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            let source = self.source;
            self.push_run(&source[range.clone()], range.start as u32, true);
        }
    }

    fn push_run(&mut self, text: &str, source: u32, real: bool) {
        let at = self.text.len() as u32;
        let continues =
            self.runs.last().is_some_and(|last| real && last.real && last.source + (at - last.at) == source);
        if !continues {
            self.runs.push(Run { at, source, real });
        }
        self.text.to_mut().push_str(text);
    }

    fn run_at(&self, at: usize) -> usize {
        if self.runs.len() == 1 {
            return 0;
        }
        self.runs.partition_point(|run| run.at as usize <= at).saturating_sub(1)
    }

    /// Where a byte of the text stands in the file.
    pub fn source_at(&self, at: usize) -> usize {
        let Some(run) = self.runs.get(self.run_at(at)) else { return 0 };
        if run.real { run.source as usize + (at - run.at as usize) } else { run.source as usize }
    }

    /// Where a range of the text stands in the file, from its first byte to its last.
    pub fn span(&self, range: Range<usize>) -> Span {
        let start = self.source_at(range.start);
        if range.is_empty() {
            return Span::new(start, start);
        }
        let last = range.end - 1;
        let run = self.runs[self.run_at(last)];
        let end = if run.real { run.source as usize + (last - run.at as usize) + 1 } else { run.source as usize };
        Span::new(start, end.max(start))
    }

    /// A range of the text, borrowed from the file when it stands there in one run.
    pub fn cow(&self, range: Range<usize>) -> Cow<'t, str> {
        if range.is_empty() {
            return Cow::Borrowed("");
        }
        let index = self.run_at(range.start);
        let run = self.runs[index];
        let end = self.runs.get(index + 1).map_or(self.text.len(), |next| next.at as usize);
        if run.real && range.end <= end {
            let start = run.source as usize + (range.start - run.at as usize);
            return Cow::Borrowed(&self.source[start..start + range.len()]);
        }
        Cow::Owned(self.text[range].to_string())
    }

    /// The runs of a range, each as long as it can be borrowed.
    pub fn parts(&self, range: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut at = range.start;
        let mut index = if range.is_empty() { 0 } else { self.run_at(range.start) };
        std::iter::from_fn(move || {
            if at >= range.end {
                return None;
            }
            let end = self.runs.get(index + 1).map_or(self.text.len(), |next| next.at as usize).min(range.end);
            let part = at..end;
            at = end;
            index += 1;
            Some(part)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_text_points_at_its_place_and_borrows_from_the_file() {
        let source = "--\n> ab\n> cd";
        let whole = Piece::whole(source, 3);
        assert_eq!(&*whole.text, "> ab\n> cd\n");
        let mut cut = Piece::empty(source);
        cut.push(&whole, 2..5);
        cut.push(&whole, 7..10);
        assert_eq!(&*cut.text, "ab\ncd\n");
        assert_eq!(cut.source_at(3), 10);
        assert_eq!(cut.span(0..2), Span::new(5, 7));
        assert_eq!(cut.span(3..5), Span::new(10, 12));
        assert!(matches!(cut.cow(3..5), Cow::Borrowed("cd")));
        assert_eq!(cut.cow(0..5), "ab\ncd");
    }

    #[test]
    fn carriage_returns_become_line_ends() {
        let piece = Piece::whole("a\r\nb\rc", 0);
        assert_eq!(&*piece.text, "a\nb\nc\n");
        assert_eq!(piece.source_at(2), 3);
        assert_eq!(piece.source_at(4), 5);
    }
}
