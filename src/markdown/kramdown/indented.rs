//! Indented code.

use crate::markdown::kramdown::blocks::blank_end;
use crate::markdown::kramdown::chars::{is_space, line_end, skip_blanks};
use crate::markdown::kramdown::line;
use crate::markdown::kramdown::needle::Misses;

/// One past the indented code that begins here, which may be nothing.
pub fn code_end(text: &str, at: usize, misses: &mut Misses) -> usize {
    let bytes = text.as_bytes();
    let mut end = at;
    loop {
        let mut next = blank_end(bytes, end);
        let mut found = false;
        while next < bytes.len() && line::indent_end(bytes, next).is_some() && has_text(bytes, next) {
            next = line_end(bytes, next);
            found = true;
        }
        if !found {
            return end;
        }
        // Text at the margin goes on with the last line of code.
        while next < bytes.len() && has_text(bytes, next) && !line::ends_lazily(text, next, misses) {
            next = line_end(bytes, next);
        }
        end = next;
    }
}

/// Whether text follows the blanks and tabs that a line begins with; other white space is none.
fn has_text(bytes: &[u8], at: usize) -> bool {
    bytes.get(skip_blanks(bytes, at)).is_some_and(|&b| !is_space(b))
}

/// The lines of indented code without their margin.
pub fn code_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let bytes = line.as_bytes();
        match line::indent_end(bytes, 0) {
            Some(margin) => out.push_str(&line[margin..]),
            None => {
                let begins = bytes.get(line::margin(bytes, 0)).is_some_and(|&b| !is_space(b));
                if begins && out.ends_with('\n') {
                    out.pop();
                    out.push(' ');
                }
                out.push_str(line);
            }
        }
    }
    out
}
