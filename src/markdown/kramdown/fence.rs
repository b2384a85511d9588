//! Fenced code.

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use crate::markdown::kramdown::block::BlockKind;
use crate::markdown::kramdown::blocks::{Blocks, Cursor, Frame};
use crate::markdown::kramdown::chars::{is_space, line_end, rest_is_blank, skip_space, trim_end};
use crate::markdown::kramdown::line;

impl<'t> Blocks<'t> {
    pub(super) fn fence(&mut self, cursor: &mut Cursor<'t>, frame: &mut Frame<'t>) -> bool {
        let piece = Rc::clone(&cursor.piece);
        let text: &str = &piece.text;
        let bytes = text.as_bytes();
        let gfm = self.settings.gfm;
        let start = if gfm { line::margin(bytes, cursor.at) } else { cursor.at };
        let length = bytes[start..].iter().take_while(|&&b| b == b'~' || gfm && b == b'`').count();
        let next = line_end(bytes, start);
        let info = start + length..trim_end(bytes, start + length, next);
        let word = skip_space(bytes, info.start).min(info.end)..info.end;
        if bytes[word.clone()].iter().any(|&b| is_space(b)) {
            return false;
        }
        // A fence that only a shorter one closes is read as that one, and the rest of it as the language.
        let shortest = if word.start == info.start { 3 } else { length };
        let fence = Fence { bytes, run: start..start + length, margin: gfm, shortest };
        let Some((run, close)) = fence.close(next, &mut cursor.fences) else { return false };
        let word = word.start - (length - run)..word.end;
        let end = line_end(bytes, close);
        let block = self.push(frame, BlockKind::Code(piece.cow(next..close)), piece.span(start..end));
        let lang = language(&text[word.clone()]);
        if !lang.is_empty() {
            let class = Cow::Owned(format!("language-{lang}"));
            self.arena[block].attributes.get_or_insert_default().add_class(class);
        }
        cursor.at = end;
        true
    }
}

/// A language's name, without the options that may follow a `?`.
fn language(word: &str) -> &str {
    match word.char_indices().skip(1).find(|&(_, c)| c == '?') {
        Some((end, _)) => &word[..end],
        None => word,
    }
}

/// A fence whose closing line is searched for.
struct Fence<'a> {
    bytes: &'a [u8],
    /// Its marks.
    run: Range<usize>,
    /// Whether the closing line may have a margin.
    margin: bool,
    /// How short it may be read when nothing closes it as it is.
    shortest: usize,
}

impl Fence<'_> {
    /// How many of the marks count, and where the line begins that closes them.
    fn close(&self, from: usize, known: &mut [Option<usize>; 2]) -> Option<(usize, usize)> {
        let length = self.run.len();
        let last = self.bytes[self.run.end - 1];
        let uniform = self.bytes[self.run.clone()].iter().all(|&b| b == last);
        let slot = usize::from(last == b'~');
        if uniform && known[slot].is_some_and(|longest| longest < self.shortest) {
            return None;
        }
        let mut longest = 0;
        let mut at = from;
        while at < self.bytes.len() {
            let found = self.closes(at, last, uniform);
            if found >= length {
                return Some((length, at));
            }
            longest = longest.max(found);
            at = line_end(self.bytes, at);
        }
        if !uniform {
            return None;
        }
        known[slot] = Some(longest);
        if longest < self.shortest || longest == 0 {
            return None;
        }
        let shorter = Fence {
            run: self.run.start..self.run.start + longest,
            bytes: self.bytes,
            margin: self.margin,
            shortest: self.shortest,
        };
        shorter.close(from, &mut [None; 2])
    }

    /// How long a fence this line closes when it has nothing else; 0 when it closes none.
    fn closes(&self, line: usize, last: u8, uniform: bool) -> usize {
        let start = if self.margin { line::margin(self.bytes, line) } else { line };
        let rest = &self.bytes[start..];
        let fixed = if uniform { 0 } else { self.run.len() };
        if !uniform && !rest.starts_with(&self.bytes[self.run.clone()]) {
            return 0;
        }
        let length = fixed + rest[fixed..].iter().take_while(|&&b| b == last).count();
        if length >= 3 && rest_is_blank(self.bytes, start + length) { length } else { 0 }
    }
}
